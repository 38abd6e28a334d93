"""The Corridor page in figures and sentences: when money moves, and how much each way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.explanation import Tile, owes
from mssp_sim.figures import (
    change,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
)
from mssp_sim.parameters import LEVELS, TRACKS
from mssp_sim.rules import corridor
from mssp_sim.scenario import FIRST_LEVELS, Scenario
from mssp_sim.simulation import Result, State, elected_minimum, payoff
from mssp_sim.units import Array, Fraction

FARTHEST = 0.6
"""How far spending can go either way: the widest cost reduction a scenario may hold."""

BY_NAME = {**{level: level for level in LEVELS}, **{track: f"Track {track}" for track in TRACKS}}
FACING = {"ENHANCED": "E", "3": "1"}
"""What a contract is held against at first, where it is not the boldest one."""


@dataclass(frozen=True, slots=True)
class AtStake:
    """One contract on this spending: dollars now, at the mirror image, and at the far ends."""

    level: str
    two_sided: bool
    minimum: float
    payment: float
    mirror: float
    most_earned: float
    most_owed: float

    @property
    def name(self) -> str:
        """The contract's name."""
        return BY_NAME[self.level]


@dataclass(frozen=True, slots=True)
class Stakes:
    """Every contract the agreement could have, on one result and its mirror image.

    ``savings_rate`` is against the target before any guardrail, as curves are drawn.
    """

    result: Result
    savings_rate: float
    contracts: tuple[AtStake, ...]

    @property
    def own(self) -> AtStake:
        """The contract of the scenario."""
        return self[str(self.result.scenario.level)]

    def __getitem__(self, level: str) -> AtStake:
        return next(row for row in self.contracts if row.level == level)


def contracts_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the contracts an agreement of this start can have.

    Source: 42 CFR 425.600(a)

    Examples
    --------
    >>> contracts_of(Scenario())
    ('A', 'B', 'C', 'D', 'E', 'ENHANCED')
    """
    return LEVELS if scenario.agreement_start >= FIRST_LEVELS else TRACKS


def facing(scenario: Scenario, wanted: str | None) -> str:
    """Return the contract to hold against the scenario's: the wanted one, if it can be.

    Examples
    --------
    >>> facing(Scenario(), None), facing(Scenario(), "B"), facing(Scenario(), "E")
    ('ENHANCED', 'B', 'ENHANCED')
    """
    others = [level for level in contracts_of(scenario) if level != scenario.level]
    if wanted in others:
        return str(wanted)
    return FACING.get(str(scenario.level), others[-1])


def stakes(result: Result) -> Stakes:
    """Return what is at stake under each contract, in two calls of the engine.

    Source: ours; the limits are those of 42 CFR 425.605(d)(1), 425.610(e)(2), (g)

    Examples
    --------
    >>> from mssp_sim.simulation import simulate
    >>> found = stakes(simulate(Scenario()))
    >>> [round(x) for x in (found.own.payment, found.own.mirror, found.own.most_owed)]
    [6516510, -5319600, 22880000]
    """
    s = result.scenario
    target = result.target
    rate = 1 - float(result.expenditure_total / (target.benchmark * result.person_years))
    levels = contracts_of(s)
    each = replace(s, level=np.array(levels)[:, None])
    found = payoff(each, np.array([rate, -rate, -FARTHEST]), target)
    best = payoff(
        replace(each, quality_score=1.0, quality_standard_met=True), np.array([FARTHEST]), target
    )
    payment = np.broadcast_to(found.payment, (len(levels), 3))
    minimum = np.broadcast_to(found.minimum_savings_rate, (len(levels), 1))
    two_sided = np.broadcast_to(found.two_sided, (len(levels), 1))
    return Stakes(
        result=result,
        savings_rate=rate,
        contracts=tuple(
            AtStake(
                level=level,
                two_sided=bool(two_sided[n, 0]),
                minimum=float(minimum[n, 0]),
                payment=float(payment[n, 0]),
                mirror=float(payment[n, 1]),
                most_earned=float(best.payment[n, 0]),
                most_owed=-float(payment[n, 2]),
            )
            for n, level in enumerate(levels)
        ),
    )


def curves(result: Result, levels: Sequence[str], savings_rate: Array) -> Array:
    """Return the payment of each contract, a row each, along savings rates: one engine call.

    Source: ours
    """
    each = replace(result.scenario, level=np.array(levels)[:, None])
    target = result.target
    found = payoff(each, savings_rate, target)
    return np.broadcast_to(found.payment, (len(levels), len(savings_rate)))


def mirrored(scenario: Scenario, savings_rate: float) -> float | None:
    """Return the cost reduction that puts spending as far on the other side of its target.

    None where no scenario may hold it, or where the target itself moves with the reduction.

    Source: ours

    Examples
    --------
    >>> round(mirrored(Scenario(), 0.031), 6)
    -0.031
    """
    spending = (1 - float(scenario.cost_reduction)) / (1 - savings_rate) * (1 + savings_rate)
    fits = abs(1 - spending) <= FARTHEST and not scenario.own_effect
    return 1 - spending if fits else None


def headline(found: Stakes) -> str:
    """Return when money moves and how much is at stake each way, in one or two sentences."""
    r, own = found.result, found.own
    if r.state == State.GUARDRAIL:
        return f"The guardrail set the prospective trend aside: {_does(own, r.payment)}."
    if owes(r) or (r.two_sided and own.payment < 0):
        return (
            f"You are {_apart(found)} past the minimum: {_does(own, own.payment)}. {_mirror(found)}"
        )
    if r.state == State.ON_TARGET:
        starts = minimum_rate(own.minimum)
        return f"Spending met the target: no money moves until you save {starts}."
    if r.gross_savings < 0:
        if not r.two_sided:
            return f"{own.name} is one-sided: you owe nothing. {_mirror(found)}"
        if own.minimum > -found.savings_rate:
            return (
                f"You are inside the no-money zone, {_apart(found)} or "
                f"{cushion_in_dollars(found)} from owing. {_mirror(found)}"
            )
        return f"You overspent and owe nothing: the loss is forgiven. {_mirror(found)}"
    if r.state == State.HALF_RATE:
        return (
            f"Half your share is paid under the {minimum_rate(own.minimum)} minimum; "
            f"{_apart(found)} more, {cushion_in_dollars(found)}, and the whole of it is."
        )
    if r.state == State.UNDER_THE_MINIMUM:
        return (
            f"You are {_apart(found)} or {cushion_in_dollars(found)} short of the "
            f"{minimum_rate(own.minimum)} minimum, so nothing is paid. {_mirror(found)}"
        )
    if own.payment < 1:
        return (
            f"You clear the {minimum_rate(own.minimum)} minimum, but without a quality "
            f"standard nothing is paid. {_mirror(found)}"
        )
    if own.minimum == 0:
        return (
            f"With a 0% minimum the first dollar saved counts: you earn {money(own.payment)}. "
            f"{_mirror(found)}"
        )
    return (
        f"The check holds down to {minimum_rate(own.minimum)} saved: a cushion of "
        f"{_apart(found)}, {cushion_in_dollars(found)}. {_mirror(found)}"
    )


def _mirror(found: Stakes) -> str:
    own, rate = found.own, found.savings_rate
    other = percent(abs(rate))
    if rate > 0:
        return f"Overspend by the same {other} and {_does(own, own.mirror)}."
    return f"Save the same {other} and {_does(own, own.mirror)}."


def _does(row: AtStake, payment: float) -> str:
    """Return what a contract makes of a result, in a few words."""
    if rounded(payment, 2) > 0:
        return f"{row.name} pays {money(payment)}"
    if rounded(payment, 2) < 0:
        return f"you owe {money(-payment)}"
    if not row.two_sided:
        return f"you owe nothing: {row.name} is one-sided"
    return "no money moves"


def _apart(found: Stakes) -> str:
    """Return how far spending is from the nearest edge of the zone, in points."""
    gap, finer = (
        cushion(found),
        len(minimum_rate(found.own.minimum)) - len(minimum_rate(0.0)),
    )
    return points(gap, needed_digits(score, gap, 0.0, 1 + min(finer, 1)))


def cushion_in_dollars(found: Stakes) -> str:
    """Return the same distance in dollars of spending, as shown."""
    return money(cushion(found) * float(found.result.benchmark_total))


def cushion(found: Stakes) -> float:
    """Return how far the savings rate is from the nearest edge of the zone, a fraction."""
    own, rate = found.own, found.savings_rate
    edge = -own.minimum if rate < 0 and own.two_sided else own.minimum
    return abs(rate - edge)


def four_tiles(found: Stakes) -> tuple[Tile, Tile, Tile, Tile]:
    """Return minimum, cushion, most you could earn, most you could owe."""
    r, own = found.result, found.own
    total = float(r.benchmark_total)
    rules, at = r.rules, r.scenario.level_number
    note = f"{money(own.minimum * total)} of target" if own.minimum else "from the first dollar"
    earn = f"{percent(float(rules.performance_payment_limit[at]), 0)} of target"
    return (
        Tile("Minimum to get paid", "MSR", minimum_rate(own.minimum), note),
        _cushion(found),
        Tile("Most you could earn", "limit", money(own.most_earned), earn),
        Tile("Most you could owe", "limit", money(own.most_owed), _most_owed(found)),
    )


def cushion_label(found: Stakes) -> str:
    """Return what the distance to the nearest edge of the zone is called here."""
    r, own, rate = found.result, found.own, found.savings_rate
    if rate < 0 and own.two_sided:
        return "Past the minimum" if -rate >= own.minimum - 1e-9 else "Room before you owe"
    return "Cushion" if rate >= own.minimum - 1e-9 and r.gross_savings > 0 else "To the minimum"


def _cushion(found: Stakes) -> Tile:
    return Tile(cushion_label(found), "", _apart(found), f"{cushion_in_dollars(found)} of spending")


def _most_owed(found: Stakes) -> str:
    r = found.result
    if not r.two_sided:
        return "one-sided: nothing"
    rules, at = r.rules, r.scenario.level_number
    of_target = float(rules.loss_recoupment_limit_benchmark[at])
    if r.scenario.disaster_share:
        return "after forgiveness"
    if found.own.most_owed >= of_target * float(r.benchmark_total) * (1 - 1e-6):
        return f"{percent(of_target, 0)} of target"
    return f"{percent(float(rules.loss_recoupment_limit_revenue[at]), 0)} of revenue"


def overlay_title(found: Stakes, other: str) -> str:
    """Return the finding of the two curves."""
    own, facing_it = found.own, found[other]
    saved = found.savings_rate > 0
    if abs(own.payment - facing_it.payment) < 1:
        both = f"{own.name} and {facing_it.name} both"
        if abs(own.payment) < 1:
            return f"On this result {both} {'pay' if saved else 'charge'} nothing"
        verb = "earn" if own.payment > 0 else "owe"
        return f"On this result {both} {verb} {money(abs(own.payment))}"
    first, second = (_short(row, row.payment, saved=saved) for row in (own, facing_it))
    return f"On this result: {first}, {second}"


def _short(row: AtStake, payment: float, *, saved: bool) -> str:
    if rounded(payment, 2) < 0:
        return f"{row.name} owes {money(-payment)}"
    if rounded(payment, 2) > 0:
        return f"{row.name} earns {money(payment)}"
    return f"{row.name} {'earns' if saved else 'owes'} nothing"


def overlay_words(found: Stakes, other: str) -> str:
    """Return the two curves in sentences: now, at the mirror image, and which half is flat."""
    own, facing_it, rate = found.own, found[other], found.savings_rate
    sides = ("saved", "overspent") if rate >= 0 else ("overspent", "saved")
    size = percent(abs(rate))
    now, then = (
        f"at {size} {side} {_short(own, a, saved=side == sides[rate < 0])} and "
        f"{_short(facing_it, b, saved=side == sides[rate < 0])}"
        for side, a, b in (
            (sides[0], own.payment, facing_it.payment),
            (sides[1], own.mirror, facing_it.mirror),
        )
    )
    flat = [row.name for row in (own, facing_it) if not row.two_sided]
    one_sided = ""
    if flat:
        verb = "is" if len(flat) == 1 else "are"
        one_sided = f" {' and '.join(flat)} {verb} one-sided: flat at zero on the left."
    return f"{now[0].upper()}{now[1:]}; {then}.{one_sided}"


def rows(found: Stakes) -> list[dict[str, str]]:
    """Return all contracts at the present result and at its mirror image, as a table."""
    size = percent(abs(found.savings_rate))
    sides = ("saved", "overspent") if found.savings_rate >= 0 else ("overspent", "saved")
    own = found.own
    return [
        {
            "Contract": f"{row.name} (yours)" if row is own else row.name,
            "Minimum": minimum_rate(row.minimum),
            f"{size} {sides[0]} (now)": in_table(row, row.payment),
            f"{size} {sides[1]} (mirror)": in_table(row, row.mirror),
            "Now, against yours": "–" if row is own else change(row.payment - own.payment),
            "Mirror, against yours": "–" if row is own else change(row.mirror - own.mirror),
            "Most you could earn": money(row.most_earned),
            "Most you could owe": money(row.most_owed) if row.two_sided else "one-sided",
        }
        for row in found.contracts
    ]


def in_table(row: AtStake, payment: float) -> str:
    """Return a payment in a cell: what is earned, or what is owed."""
    if rounded(payment, 2) < 0:
        return f"owes {money(-payment)}"
    if rounded(payment, 2) > 0:
        return f"earns {money(payment)}"
    return "nothing" if row.two_sided else "nothing, one-sided"


def table_title(found: Stakes) -> str:
    """Return the finding of the table: which contract is best each way."""
    best = max(found.contracts, key=lambda row: row.payment)
    worst = min(found.contracts, key=lambda row: row.mirror)
    if found.savings_rate < 0:
        best = max(found.contracts, key=lambda row: row.mirror)
        worst = min(found.contracts, key=lambda row: row.payment)
    swing = (
        (best.payment, worst.mirror) if found.savings_rate >= 0 else (best.mirror, worst.payment)
    )
    if rounded(swing[0], 2) <= 0 and rounded(swing[1], 2) >= 0:
        return "Under every contract this result and its mirror image move no money"
    earns = f"{best.name} earns most, {money(swing[0])}" * (rounded(swing[0], 2) > 0)
    owing = f"owes most, {money(-swing[1])}" * (rounded(swing[1], 2) < 0)
    if earns and owing:
        whose = "it also" if best is worst else worst.name
        return f"{earns}; the same distance overspent {whose} {owing}"
    return earns or f"{worst.name} {owing}"


def not_here(scenario: Scenario) -> str:
    """Return which contracts this agreement cannot have, and why.

    Source: 42 CFR 425.600(a)

    Examples
    --------
    >>> not_here(Scenario())[:66]
    'Tracks 1, 1+, 2 and 3 are not offered: they belong to agreements t'
    """
    day = f"{FIRST_LEVELS.day} {FIRST_LEVELS:%B %Y}"
    if contracts_of(scenario) == LEVELS:
        return (
            f"Tracks 1, 1+, 2 and 3 are not offered: they belong to agreements that began before "
            f"{day}. A and B are for ACOs new to risk; an ACO with experience has E or ENHANCED."
        )
    return (
        f"Levels A to E and ENHANCED are not offered: they belong to agreements that begin on "
        f"{day} or later. Track 1+ began in 2018 and Track 3 in 2016; they are settled here in "
        "any year of an old agreement."
    )


@dataclass(frozen=True, slots=True)
class BySize:
    """The minimum at every size: by the table, and yours."""

    people: Array
    by_table: Fraction
    yours: Fraction
    own_people: float
    own_minimum: float
    chosen: bool


def minimum_by_size(result: Result, reach: tuple[float, float]) -> BySize:
    """Return the minimum along sizes, evenly on a scale of ratios, at each bend of the table.

    Source: 42 CFR 425.605(b)(1)-(2)
    """
    rules, s = result.rules, result.scenario
    schedule = rules.minimum_savings_rate
    smallest = rules.people_for_chosen_minimum
    bends = [at for at in (*schedule.at, smallest - 1) if reach[0] <= at <= reach[1]]
    people = np.unique(np.concatenate([np.geomspace(*reach, 90), bends]))
    elected = float(elected_minimum(s, rules))
    chosen = not np.isnan(elected)
    by_table, yours = (
        corridor.minimum_savings_rate(people, rate, result.two_sided, smallest, schedule)
        for rate in (np.nan, elected)
    )
    return BySize(
        people,
        by_table,
        yours,
        float(s.assigned_beneficiaries),
        float(result.minimum_savings_rate),
        chosen and bool(result.two_sided) and float(s.assigned_beneficiaries) >= smallest,
    )


def size_title(result: Result, sizes: BySize) -> str:
    """Return the finding of the minimum by size."""
    by_table = float(np.interp(sizes.own_people, sizes.people, sizes.by_table))
    yours = minimum_rate(sizes.own_minimum)
    if sizes.chosen:
        if abs(by_table - sizes.own_minimum) < 1e-6:  # noqa: PLR2004
            return f"You chose {yours}, the same as your size gives"
        return f"You chose {yours}; your size would give {minimum_rate(by_table)}"
    smallest = result.rules.people_for_chosen_minimum
    if result.two_sided and sizes.own_people < smallest:
        return f"Under {plain(smallest, 0)} people your size decides: {yours}"
    return f"Your size gives {yours}"


def size_words(result: Result, sizes: BySize) -> str:
    """Return the minimum by size in a sentence."""
    people = plain(sizes.own_people, 0)
    where = f"At {people} people your minimum is {minimum_rate(sizes.own_minimum)}"
    falls = "the larger the ACO, the less of its savings can be luck, and the lower the table"
    if not result.two_sided:
        return f"{where}; {falls}. One-sided contracts cannot choose."
    if sizes.chosen:
        return f"{where}, by choice; {falls}."
    return f"{where}, by size; {falls}."
