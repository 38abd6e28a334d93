"""What stands beside the name of a loaded ACO: what CMS settled, and what had to be assumed."""

from collections.abc import Collection, Sequence

from mssp_sim.aco import Aco
from mssp_sim.figure import Figure
from mssp_sim.figures import (
    MINUS,
    SMALLEST_SHOWN,
    change,
    money,
    percent,
    plain,
    whole_dollars,
)
from mssp_sim.trace import Step
from mssp_sim.trace import ours as ours_

OWN_FILE = "From a file of your own."
SOURCE = "CMS, Performance Year Financial and Quality Results"
MOST_SHARES = (0.02, 0.45)
"""The middle nine of ten market shares of 333 ACOs, of people aged without Medicaid."""

A_CENT, BY_WHOLE_DOLLARS, BY_DIGITS = 0.005, 1.5, 1e-4
"""How far apart two figures are by the digits that CMS prints: dollars, dollars, a part."""


def published(aco: Aco, payment: float, ours: float) -> Figure:
    """Return what CMS published for the ACO-year, and how far the settlement here is from it.

    Parameters
    ----------
    payment : dollars, as CMS published them
    ours : what the ACO is paid here as it was loaded, dollars

    Examples
    --------
    >>> found = published(Aco("A1001", 2024, "Lake Care"), -1_250_000.0, -1_250_012.4)
    >>> found.shown, [step.value for step in found.how()]
    ('−$1,250,000', ['−$1,250,012.40', '−$12.40', '−$1,250,000'])
    >>> found.how()[1].words[:39]
    'the settlement here − what CMS publishe'
    """
    shown = whole_dollars(payment)
    apart = ours - payment
    here = ours_(
        "Settled here",
        "the ACO as it was loaded, by the rules here",
        "the steps are under the payment",
        cents(ours),
        ours,
    )
    distance = ours_(
        "Apart",
        "the settlement here − what CMS published",
        f"{cents(ours)} − {cents(payment)}: {_why_apart(apart, payment)}",
        cents(apart),
        apart,
    )
    step = Step(
        key="published",
        name="CMS published",
        words="earned shared savings or owed losses",
        numbers=f"{aco.aco_id}, performance year {aco.year}",
        value=shown,
        amount=payment,
        section=SOURCE,
        years="",
        known="CMS's results file",
        checked=True,
    )
    return Figure(
        key=step.key, label=step.name, shown=shown, how=lambda: (here, distance, step),
        amount=payment,
    )  # fmt: skip


def _why_apart(apart: float, payment: float) -> str:
    if abs(apart) < A_CENT:
        return "the same to the cent"
    if abs(apart) <= BY_WHOLE_DOLLARS:
        return "CMS prints target, spending and payment in whole dollars"
    if abs(apart) <= BY_DIGITS * abs(payment):
        return "CMS prints the score and its rates with four digits"
    return "CMS took less than the rule: it held losses to revenue, which no file tells"


def cents(dollars: float) -> str:
    """Return dollars and cents.

    Examples
    --------
    >>> cents(-1_250_012.4)
    '−$1,250,012.40'
    """
    shown = plain(abs(dollars), 2)
    minus = MINUS if dollars < 0 and shown.strip("0.,") else ""
    return f"{minus}${shown}"


def settled(payment: float, *, held: bool = False) -> str:
    """Return what CMS settled, in words.

    Parameters
    ----------
    payment : dollars
    held : what was owed was held to the participants' revenue

    Examples
    --------
    >>> settled(107_895_330.0), settled(-1_250_000.0), settled(0.0)
    ('CMS paid it $107,895,330.', 'It owed CMS $1,250,000.', 'CMS paid it nothing.')
    >>> settled(-1_250_000.0, held=True)
    'It owed CMS $1,250,000, held to the revenue of its participants, which no file tells.'
    """
    if payment > 0:
        return f"CMS paid it {whole_dollars(payment)}."
    why = ", held to the revenue of its participants, which no file tells" if held else ""
    owed = f"It owed CMS {whole_dollars(-payment)}{why}."
    return owed if payment < 0 else "CMS paid it nothing."


def assumed(
    fields: Collection[str],
    share: float,
    *,
    trend_known: bool,
    between: tuple[float, float] | None = None,
) -> str:
    """Return what no file tells of a loaded ACO, in a few words; empty where all has been set.

    Parameters
    ----------
    fields : names of the fields that are still as they were assumed
    share : the market share, a fraction
    trend_known : whether the one trend of nation and region together is CMS's
    between : the least and the most that the reader's county files leave of it; None without

    Examples
    --------
    >>> assumed(("market_share", "regional_growth"), 0.1, trend_known=True)
    'Assumed: market share 10.0% (2% to 45% at most ACOs), growth of region against nation.'
    >>> assumed(("market_share",), 0.1, trend_known=True, between=(0.031, 0.034))
    'Assumed: market share 10.0% (3.1% to 3.4% by your county files).'
    >>> assumed((), 0.1, trend_known=True)
    ''
    """
    growth = "growth of region against nation" if trend_known else "growth of region and nation"
    low, high = (percent(end, _digits(between or MOST_SHARES)) for end in between or MOST_SHARES)
    span = low if low == high else f"{low} to {high}"
    whose = "at most ACOs" if between is None else "by your county files"
    parts = {
        "market_share": f"market share {percent(share)} ({span} {whose})",
        "regional_growth": growth,
        "regional_level": "the region's costs",
        "participant_revenue_share": "revenue",
    }
    named = [words for name, words in parts.items() if name in fields]
    return f"Assumed: {', '.join(named)}." if named else ""


def _digits(ends: Sequence[float]) -> int:
    """Return the digits that two ends of a range are written with: none where both are whole."""
    return int(any(percent(end, 1) != percent(round(end, 2), 1) for end in ends))


def market_share(
    shares: Sequence[float], payments: Sequence[float], faster: Sequence[float]
) -> str:
    """Return what an assumed market share would make of the payment over its range.

    Parameters
    ----------
    shares : fractions: the low end, as assumed, the high end
    payments : dollars paid at each
    faster : what one more point of regional growth a year would change each by

    Examples
    --------
    >>> market_share((0.02, 0.1, 0.45), (5e6, 5e6, 5e6), (9e5, 8e5, 5e5))[:78]
    'Market share is assumed at 10.0%: from 2% to 45% the year would pay the same, '
    >>> market_share((0.02, 0.1, 0.45), (4e6, 5e6, 9e6), (0.0, 0.0, 0.0))
    'Market share is assumed at 10.0%: at 2% the year would pay $4.0M, at 45% $9.0M.'
    """
    ends = (shares[0], shares[-1])
    low, high = (percent(end, _digits(ends)) for end in ends)
    start = f"Market share is assumed at {percent(shares[1])}"
    if max(payments) - min(payments) >= SMALLEST_SHOWN:
        first, last = money(payments[0]), money(payments[-1])
        return f"{start}: at {low} the year would pay {first}, at {high} {last}."
    same = (
        f"{start}: from {low} to {high} the year would pay the same, for region and nation are "
        "taken to grow alike."
    )
    if max(map(abs, faster)) < SMALLEST_SHOWN:
        return same
    return (
        f"{same} With a region one point faster a year it would change by {change(faster[0])} at "
        f"{low}, {change(faster[-1])} at {high}."
    )


def loaded_how(filled: int, calibration: str, *, on_the_floor: bool = False) -> str:
    """Return how an ACO became a scenario.

    Parameters
    ----------
    filled : small cells that CMS hides and that were filled
    calibration : what the calibration of its target holds, empty where it hides nothing
    on_the_floor : its score is the year's floor for disasters

    Examples
    --------
    >>> loaded_how(2, "")[-40:]
    '2 small cells that CMS hides are filled.'
    """
    parts = [
        "Its cost reduction is its savings rate: without it, spending would have met the target.",
        "What is assumed is in no results file.",
    ]
    if filled:
        hidden = "1 small cell that CMS hides is" if filled == 1 else (
            f"{filled} small cells that CMS hides are"
        )  # fmt: skip
        parts.append(f"{hidden} filled.")
    if on_the_floor:
        parts.append(
            "Its score stands exactly on the year's floor for disasters: it is taken as lifted to "
            "it, so that a lower score would not count."
        )
    return " ".join(filter(None, (*parts, calibration)))
