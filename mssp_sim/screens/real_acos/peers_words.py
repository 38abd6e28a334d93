"""Peers in words: who they are, the ACO's place among them, and what one percent is worth."""

from collections.abc import Sequence
from math import isnan

import numpy as np

from mssp_sim.cms_files.peer_group import MEASURES, SERVICES, Standing, Worth
from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import change, money, percent, plain, score, whole_dollars

FEW = 10
"""Peers under which a place among them says little."""

NOT_ADJUSTED = (
    "Spending is dollars a person and year, not adjusted for how sick people are. "
    "A dot is an ACO; touch it for its name."
)


def shown(measure: str, value: float) -> str:
    """Return a value as its measure is shown.

    Examples
    --------
    >>> shown("savings_rate", 0.031), shown("quality_score", 0.8), shown("spending_hospice", 258.2)
    ('3.1%', '80.0', '$258')
    """
    if measure == "savings_rate":
        return percent(value)
    return score(value) if measure == "quality_score" else whole_dollars(value)


def who(count: int, criteria: Sequence[str], year: int) -> str:
    """Return whom the ACO is compared with.

    Examples
    --------
    >>> who(87, ["Same contract", "Half to twice its size"], 2024)
    '87 peers in 2024: same contract, half to twice its size.'
    >>> who(475, [], 2024)
    '475 peers in 2024: all other ACOs.'
    """
    by = ", ".join(name[:1].lower() + name[1:] for name in criteria) or "all other ACOs"
    few = " So few say little: take a condition off." if count < FEW else ""
    return f"{count:,} peer{'' if count == 1 else 's'} in {year}: {by}.{few}"


def place(standing: Standing) -> str:
    """Return one place in words: a savings rate or score is above, spending is below others.

    Examples
    --------
    >>> import numpy as np
    >>> place(Standing("spending_hospice", 200.0, np.array([100.0, 300, 400]), 300.0, 1 / 3))
    'Hospice $200, less than 67% of peers (middle $300)'
    """
    value, middle = (
        shown(standing.measure, standing.value),
        shown(standing.measure, standing.middle),
    )
    return f"{MEASURES[standing.measure]} {value}, {_than(standing)} (middle {middle})"


def _than(standing: Standing) -> str:
    spending = standing.measure.startswith("spending_")
    share = _less(standing) if spending else standing.below
    good, bad = ("less", "more") if spending else ("better", "lower")
    if share in (0, 1):
        return f"{good if share else bad} than every peer"
    return f"{good} than {percent(share, 0)} of peers"


def _less(standing: Standing) -> float:
    known = standing.values[~np.isnan(standing.values)]
    return float(np.mean(known > standing.value))


def short_place(standing: Standing) -> str:
    """Return one place as a narrow picture has room for it."""
    value, middle = (
        shown(standing.measure, standing.value),
        shown(standing.measure, standing.middle),
    )
    return f"{MEASURES[standing.measure]} {value} (middle {middle})"


def finding(name: str, standings: Sequence[Standing]) -> str:
    """Return the finding over the picture: the savings rate and the service furthest off."""
    rate = next((one for one in standings if one.measure == "savings_rate"), None)
    spending = [one for one in standings if one.measure.startswith("spending_") and one.middle > 0]
    parts = []
    if rate:
        share = "all" if rate.below == 1 else percent(rate.below, 0)
        above = f"saves more than {share} of its peers"
        parts.append(above if rate.below else "saves less than every peer")
    if spending:
        dearest = max(spending, key=lambda one: one.value / one.middle)
        over = dearest.value / dearest.middle - 1
        if over > 0:
            service = MEASURES[dearest.measure].lower()
            parts.append(f"spends {percent(over, 0)} more than their middle on {service}")
    return f"{name} {' and '.join(parts)}" if parts else f"{name} among its peers"


def worth_sentence(worths: Sequence[Worth], service: str = "skilled_nursing") -> str:
    """Return what one percent of a service's spending is worth.

    Examples
    --------
    >>> worth_sentence([Worth("skilled_nursing", 420_000.0, 308_700.0)])
    'One percent of skilled nursing spending is $420,000; it would have been worth $308,700 to it.'
    >>> worth_sentence([])
    ''
    """
    found = next((one for one in worths if one.service == service), None)
    if found is None:
        return ""
    what = f"One percent of {SERVICES[service].lower()} spending is {whole_dollars(found.saved)}"
    if abs(found.worth) < 1:
        return f"{what}; it would have been worth nothing to it that year."
    return f"{what}; it would have been worth {whole_dollars(found.worth)} to it."


def worth_rows(worths: Sequence[Worth]) -> tuple[dict[str, str], ...]:
    """Return what one percent of each service is worth as a table."""
    return tuple(
        {
            "One percent of": SERVICES[one.service],
            "Dollars": whole_dollars(one.saved),
            "Worth to the ACO": whole_dollars(one.worth),
        }
        for one in worths
    )


def figures(standings: Sequence[Standing], worths: Sequence[Worth]) -> tuple[Figure, ...]:
    """Return the places and the worths as figures that answer how."""
    places = [
        illustrated(
            f"place_{one.measure}", f"Peers below it: {MEASURES[one.measure]}",
            percent(one.below, 0), "peers with a lower value ÷ peers whose value is told",
            f"{shown(one.measure, one.value)} among "
            f"{plain(int((~np.isnan(one.values)).sum()), 0)} peers", one.below,
        )
        for one in standings
    ]  # fmt: skip
    return (*places, *(
        illustrated(
            f"worth_{one.service}", f"1% of {SERVICES[one.service].lower()} spending",
            change(one.worth), "payment with 1% less spent on it − payment",
            f"{money(one.saved)} less spent", one.worth,
        )
        for one in worths
    ))  # fmt: skip


def peer_rows(
    names: Sequence[str], standings: Sequence[Standing], own: str
) -> tuple[dict[str, str], ...]:
    """Return the data behind the picture: the ACO first, then its peers, a column a measure."""
    first = {"ACO": own} | {
        MEASURES[one.measure]: shown(one.measure, one.value) for one in standings
    }
    columns = [
        (MEASURES[one.measure], [shown_or_blank(one.measure, value) for value in one.values])
        for one in standings
    ]
    rest = (
        {"ACO": name} | {label: cells[at] for label, cells in columns}
        for at, name in enumerate(names)
    )
    return (first, *rest)


def shown_or_blank(measure: str, value: float) -> str:
    """Return a value as it is shown; nothing where it is not told."""
    return "" if isnan(value) else shown(measure, value)
