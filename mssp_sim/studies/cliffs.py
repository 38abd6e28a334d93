"""What comes next: the next step of each lever, and the nearest place where the payment turns.

Over 500 lines: one search, from coarse steps to a thousandth of a step, and the signature it reads.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from mssp_sim.figures import SMALLEST_SHOWN
from mssp_sim.parameters import LEVELS, TRACKS, Rules
from mssp_sim.quantity import BY_SIZE, YOURS, number
from mssp_sim.result import STATES, Result, State
from mssp_sim.rules.benchmark import BY3
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target
from mssp_sim.studies.levers import RULEBOOK, ends, group, places, value, variants
from mssp_sim.studies.no_effect import RISK, Why, why
from mssp_sim.target import Target, regional_weights, updated_target
from mssp_sim.tolerances import NOISE, PART_OF_AMOUNT, PART_OF_STEP, PER_PERSON, SAME_RATE
from mssp_sim.units import Array

MAIN = ("cost_reduction", "quality_score", "market_share", "regional_growth", "risk_growth")
"""The levers that are always seen."""

NEAR: Mapping[str, float] = {"quality_score": 0.05, "cost_reduction": 0.005}
NEAR_OTHERS = 0.01
"""How far from a lever's value a cliff is near, as a fraction."""

PARTS, FEW_PARTS = 32, 12
"""Each step is split into this many parts, closely or not; the part with the cliff once more."""

LONG, COARSE = 60, 36
"""A reach of more places is long; it is first looked at in about so many."""

STEPS_REFINED = 6
"""Steps with a cliff that are refined for each lever and direction, the nearest first."""

BOTH_ENDS = 2
SMALLEST_JUMP = 1.0
SMALLEST_BEND = 0.002
"""A cliff is a jump of more than these dollars, or a slope that changes by more than this part."""

What = Literal[
    "minimum to get paid", "minimum before you owe", "full quality standard", "payment limit",
    "loss limit", "cap on risk growth", "spending target", "guardrail", "half-rate path",
    "quality", "your share of losses", "adjustment of the target",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NextPlace:
    """The next value of a field, and what going there is worth in dollars.

    ``to`` is a value of the field, in core units. Of a choice it is the next one that is worth
    something, if any is.
    """

    lever: str
    to: Any
    worth: float


@dataclass(frozen=True, slots=True)
class Cliff:
    """A place, one way along one lever, where the payment jumps or its slope changes.

    ``at`` is the last value found on this side, in core units, to a thousandth of a step;
    ``first`` the slider's first place on the other side. ``worth`` is what moving to ``first``
    changes in the payment, ``jump`` what changes at the place itself, both in dollars. ``stops``
    says that the payment, which moves on this side, moves no more on the other.
    """

    lever: str
    upward: bool
    at: float
    first: float
    worth: float
    jump: float
    what: What
    stops: bool = False

    def away(self, scenario: Scenario) -> float:
        """Return how far the lever can still go on this side, in core units."""
        return abs(self.at - value(scenario, self.lever))

    def move(self, scenario: Scenario) -> float:
        """Return how far the slider must go to be on the other side, in core units."""
        return abs(self.first - value(scenario, self.lever))

    def near(self, scenario: Scenario) -> bool:
        """Return whether a small move of the lever reaches it."""
        return self.away(scenario) <= NEAR.get(self.lever, NEAR_OTHERS) + SAME_RATE

    def counts(self, scenario: Scenario) -> bool:
        """Return whether it is worth a word.

        A jump, or a place where what is gained ends, that the screen shows; not where an ordinary
        step of the lever leads, and never as advice to grow risk.
        """
        if abs(self.worth) < SMALLEST_SHOWN or (self.worth > 0 and self.upward and self.risky):
            return False
        if abs(self.jump) >= SMALLEST_SHOWN:
            return self.jump * self.worth > 0
        step = quantities()[self.lever].step
        return self.stops and self.worth > 0 and self.move(scenario) > step * (1 + PART_OF_STEP)

    @property
    def risky(self) -> bool:
        """Whether the lever is growth of risk scores."""
        return self.lever in RISK


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of one scenario.

    ``steps`` are the next values of fields, ``cliffs`` the nearest place each way of each lever
    where the payment turns, ``counting`` the nearest each way that counts, and ``still`` says of
    each lever whose whole reach moves nothing why that is.
    """

    payment: float
    steps: Mapping[str, NextPlace]
    cliffs: tuple[Cliff, ...]
    counting: tuple[Cliff, ...] = ()
    still: Mapping[str, Why] = field(default_factory=dict)

    def lead(self, scenario: Scenario) -> Cliff | None:
        """Return the cliff to name first; None if none counts.

        One's own levers come before the others, from nothing the way up before the way down, jumps
        before places where growth stops, near ones before far ones, then what is worth most.
        """
        return min(self.counting, key=partial(self._rank, scenario), default=None)

    def next_of(self, scenario: Scenario, lever: str) -> Cliff | None:
        """Return the cliff to name first of one lever; None if none counts."""
        own = (cliff for cliff in self.counting if cliff.lever == lever)
        return min(own, key=partial(self._rank, scenario), default=None)

    def _rank(self, scenario: Scenario, cliff: Cliff) -> tuple[bool, bool, bool, bool, float]:
        others = group(cliff.lever) != YOURS
        down = self.payment < SMALLEST_JUMP and cliff.worth < 0
        slope = abs(cliff.jump) < SMALLEST_SHOWN
        return (others, down, slope, not cliff.near(scenario), -abs(cliff.worth))

    def cliff(self, lever: str, *, upward: bool) -> Cliff | None:
        """Return the nearest cliff one way along a lever."""
        found = (c for c in self.cliffs if c.lever == lever and c.upward == upward)
        return next(found, None)


def near(scenario: Scenario, lever: str) -> tuple[float, float]:
    """Return between which values of a lever a cliff counts as near.

    Source: ours

    Examples
    --------
    >>> near(Scenario(), "quality_score")
    (0.7, 0.8)
    """
    low, high = ends(scenario, lever)
    now, reach = value(scenario, lever), NEAR.get(lever, NEAR_OTHERS)
    return max(low, round(now - reach, 12)), min(high, round(now + reach, 12))


def ahead(
    scenario: Scenario,
    windows: Mapping[str, tuple[float, float]],
    step_of: Iterable[str] = (),
    *,
    closely: bool = True,
) -> Ahead:
    """Return what lies ahead of one scenario.

    A cliff is found on the engine, not from a list of thresholds: a step of the slider on which
    the state, or a flag of what is met or capped, changes; looked into twice, and kept only if
    the payment there jumps or bends. A long reach is first looked at in coarse steps.

    Parameters
    ----------
    windows : for each lever searched for cliffs, between which values
    step_of : fields whose next value is valued
    closely : place each cliff to a thousandth of a step; else to a few hundredths

    Source: ours

    Examples
    --------
    >>> s = Scenario()
    >>> found = ahead(s, {"quality_score": near(s, "quality_score")}, ["cost_reduction"])
    >>> found.lead(s).first, round(found.lead(s).worth)
    (0.767, 2172170)
    >>> found.steps["cost_reduction"].to, round(found.steps["cost_reduction"].worth)
    (0.032, 210210)
    """
    grids = {lever: places(scenario, lever, *window) for lever, window in windows.items()}
    coarse = {
        lever: _coarse(grid, value(scenario, lever), NEAR.get(lever, NEAR_OTHERS))
        for lever, grid in grids.items()
    }
    nexts = {name: _next(scenario, name) for name in step_of}
    nexts = {name: values for name, values in nexts.items() if values}
    asked: list[tuple[str, Any]] = [("cost_reduction", [scenario.cost_reduction])]
    asked += [*nexts.items(), *coarse.items()]
    looked = _looked_at(variants(scenario, asked, accepted=True))
    now, start = float(looked.payment[0]), 1
    steps: dict[str, NextPlace] = {}
    still: dict[str, Why] = {}
    turning: list[_Turn] = []
    for name, values in nexts.items():
        rows = slice(start, start + len(values))
        steps[name] = _step(name, values, looked.payment[rows] - now)
        if _moves_nothing(name, values, looked.payment[rows], now):
            still[name] = _why(scenario, name, looked, rows)
        start += len(values)
    for lever, grid in coarse.items():
        rows = slice(start, start + len(grid))
        turning += _turns(scenario, lever, grid, looked.payment[rows], looked.signature[rows])
        if np.ptp(looked.payment[rows]) < SMALLEST_JUMP and _whole(scenario, lever, grid):
            still[lever] = _why(scenario, lever, looked, rows)
        start += len(grid)
    found = _looked_into(scenario, turning, grids, closely=closely)
    found = [replace(cliff, worth=cliff.worth - now) for cliff in found]
    counting = [cliff for cliff in found if cliff.counts(scenario)]
    return Ahead(now, steps, _nearest(found), _nearest(counting), still)


def everywhere(scenario: Scenario, levers: Iterable[str] = MAIN) -> Ahead:
    """Return the cliffs of levers over the whole reach of their sliders.

    Source: ours
    """
    return ahead(scenario, {lever: ends(scenario, lever) for lever in levers})


@dataclass(frozen=True, slots=True)
class _Turn:
    """A step of a slider on which something changes: from its near end to its far end."""

    lever: str
    near: float
    far: float
    payment: float


def _coarse(grid: Array, now: float, reach: float) -> Array:
    """Return fewer places of a long grid: all within a reach of the lever's own, and its ends."""
    if len(grid) <= LONG:
        return grid
    some = grid[:: math.ceil(len(grid) / COARSE)]
    return np.unique([*some, grid[-1], *grid[np.abs(grid - now) <= reach + NOISE]])


def _next(scenario: Scenario, field: str) -> list[Any]:
    """Return a field's next value: a step up, or down from its upper end; none without room.

    Of a choice all others, the next one first.
    """
    now, words = getattr(scenario, field), quantities()[field]
    if words.kind == "switch":
        return [] if field in RULEBOOK else [not now]  # another rulebook is no next step
    if words.kind == "choice":
        return _next_choices(scenario, field)
    low, high = ends(scenario, field)
    if words.whole:
        return [now + 1 if now + 1 <= high else now - 1]
    step, room = words.step, PART_OF_STEP
    above = round((math.floor(now / step + room) + 1) * step, 12)
    if above <= high + room * step:
        return [min(above, high)]
    below = round((math.ceil(now / step - room) - 1) * step, 12)
    return [max(below, low)] if below >= low - room * step else []


def _next_choices(scenario: Scenario, field: str) -> list[Any]:
    """Return the contracts after this one, the minimums under this one; those before it last."""
    order: Sequence[Any] = LEVELS if scenario.level in LEVELS else TRACKS
    if field == "minimum_election":
        order = (BY_SIZE, *sorted(scenario.rules.minimum_rate_choices, reverse=True))
    at = order.index(getattr(scenario, field))
    return [*order[at + 1 :], *order[:at][::-1]]


def _step(field: str, values: Sequence[Any], worth: Array) -> NextPlace:
    """Return the first value that is worth what the screen shows, else the first."""
    shows = np.flatnonzero(np.abs(worth) >= SMALLEST_SHOWN)
    at = int(shows[0]) if len(shows) else 0
    return NextPlace(field, values[at], float(worth[at]))


def _moves_nothing(field: str, values: Sequence[Any], payment: Array, now: float) -> bool:
    """Return whether no other value of a choice or a switch moves the payment."""
    if quantities()[field].kind not in ("choice", "switch"):
        return False
    return len(values) > 0 and bool(np.all(np.abs(payment - now) < SMALLEST_JUMP))


def _whole(scenario: Scenario, lever: str, grid: Array) -> bool:
    """Return whether a grid goes over the whole reach of a lever."""
    low, high = ends(scenario, lever)
    step = quantities()[lever].step
    return bool(grid[0] <= low + step and grid[-1] >= high - step)


@dataclass(frozen=True, slots=True)
class _Looked:
    """Rows that were settled: payment, a signature of all that is met or capped, what is behind."""

    payment: Array
    signature: Array
    result: Result
    target: Target


def _looked_at(rows: Scenario) -> _Looked:
    """Return the payment of each row, and a number that changes when anything is met or capped."""
    rules = rows.rules
    target = updated_target(rows, rules)
    result = settle_target(rows, rules, target)

    return _Looked(
        np.broadcast_to(result.payment, rows.shape),
        np.broadcast_to(_signature(result, target, rules), rows.shape),
        result,
        target,
    )


def _why(scenario: Scenario, field: str, looked: _Looked, rows: slice) -> Why:
    """Return why the whole reach of a lever moves nothing; the first row is the scenario itself."""
    result, shape = looked.result, looked.payment.shape
    return why(
        scenario,
        field,
        STATES[np.broadcast_to(result.state_number, shape)[0]],
        np.broadcast_to(looked.target.benchmark, shape)[rows],
        looked.target.growth,
        deemed=bool(np.broadcast_to(result.deemed, shape)[0]),
    )


def _signature(result: Result, target: Target, rules: Rules) -> Array:
    """Return state and flags packed into one number, a bit or more for each."""
    s, adjustments = result.scenario, target.adjustments
    owed = result.shared_losses + result.forgiven + result.spared_by_leaving
    below, above = regional_weights(s, rules)
    wanted = np.asarray(below)[..., None] * adjustments.regional_difference
    given = adjustments.regional_adjustment
    offered = np.asarray(s.prior_savings_per_person) * rules.prior_savings_share
    rate, at = result.shared_loss_rate, s.level_number
    on_target = rules.loss_recoupment_limit_benchmark[at] * result.benchmark_total
    packed: Array = np.asarray(result.state_number).astype(np.int64) << _STATE_AT
    for bit, flag in (
        (_MET, result.standard_met),
        (_OWES, owed > 0),
        (_ON_REVENUE, result.loss_recoupment_limit < on_target * (1 - NOISE)),
        (_PAYMENT_LIMIT, result.above_limit > 0),
        (_LOSS_LIMIT, (owed > 0) & (owed >= result.loss_recoupment_limit * (1 - PART_OF_AMOUNT))),
        (_LOWEST_RATE, rate <= rules.shared_loss_rate_floor[at] + NOISE),
        (_HIGHEST_RATE, rate >= rules.shared_loss_rate_ceiling[at] - NOISE),
        (_SCORE_FLOOR, result.score_of_year > number(s.quality_score) + NOISE),
        (_PRIOR_CAP, offered > adjustments.prior_savings_adjustment + PER_PERSON),
    ):
        packed = packed + np.asarray(flag) * bit
    risk_capped = target.risk_ratio > target.risk_factor + NOISE
    region_capped = (wanted > 0) & (wanted > given + PER_PERSON)
    packed = packed + risk_capped @ (_RISK_CAP * _TYPES) + region_capped @ (_REGION_CAP * _TYPES)
    lowest = rules.regional_adjustment_negative_cap * np.asarray(s.national_expenditure)[BY3]
    floored = np.asarray(above)[..., None] * adjustments.regional_difference < -lowest - PER_PERSON
    packed = packed + floored @ (_REGION_FLOOR * _TYPES)
    given_back = np.asarray(target.growth.regional_risk_factor) > 1 + NOISE
    if given_back.shape[-1] == len(_TYPES):
        packed = packed + given_back @ (_GIVEN_BACK * _TYPES)
    return np.asarray(packed + np.asarray(adjustments.kind) * _KIND)


_RISK_CAP, _REGION_CAP, _KIND, _PRIOR_CAP = 1, 1 << 4, 1 << 8, 1 << 10
_MET, _PAYMENT_LIMIT, _LOSS_LIMIT, _LOWEST_RATE, _HIGHEST_RATE = (1 << n for n in range(11, 16))
_OWES, _ON_REVENUE, _GIVEN_BACK, _REGION_FLOOR = 1 << 16, 1 << 17, 1 << 18, 1 << 22
_SCORE_FLOOR = 1 << 26
_STATE_AT = 27
_TYPES = 1 << np.arange(4)
"""Where a signature holds each flag: a bit, one for each enrollment type, or two for a kind."""


def _turns(
    scenario: Scenario, lever: str, grid: Array, payment: Array, signature: Array
) -> list[_Turn]:
    """Return the steps that turn where the payment moves, nearest first each way."""
    here = int(np.argmin(np.abs(grid - value(scenario, lever))))
    moves = np.abs(np.diff(payment)) > SMALLEST_JUMP
    around = moves.copy()
    around[1:] |= moves[:-1]
    around[:-1] |= moves[1:]
    changes = np.flatnonzero((signature[1:] != signature[:-1]) & around)
    up = [(step, step + 1) for step in changes if step >= here][:STEPS_REFINED]
    down = [(step + 1, step) for step in changes[::-1] if step < here][:STEPS_REFINED]
    return [
        _Turn(lever, float(grid[a]), float(grid[b]), float(payment[b])) for a, b in (*up, *down)
    ]


def _between(turn: _Turn, grid: Array) -> Array:
    """Return the places of a slider in a step, from its near end to its far end."""
    low, high = sorted((turn.near, turn.far))
    places_inside = grid[(grid >= low - NOISE) & (grid <= high + NOISE)]
    return places_inside if turn.far > turn.near else places_inside[::-1]


def _by_step(
    scenario: Scenario, turning: Sequence[_Turn], grids: Mapping[str, Array]
) -> list[_Turn]:
    """Return the steps of the slider that turn inside coarse steps that do."""
    inside = [(turn, _between(turn, grids[turn.lever])) for turn in turning]
    coarse = [(turn, grid) for turn, grid in inside if len(grid) > BOTH_ENDS]
    looked = iter(_rows(scenario, coarse))
    found: list[_Turn] = []
    for turn, grid in inside:
        if len(grid) <= BOTH_ENDS:
            found.append(turn)
            continue
        payment, signature = next(looked)
        found += [
            _Turn(turn.lever, float(grid[at]), float(grid[at + 1]), float(payment[at + 1]))
            for at in np.flatnonzero(signature[1:] != signature[:-1])
        ]
    return found


def _looked_into(
    scenario: Scenario, turning: Sequence[_Turn], grids: Mapping[str, Array], *, closely: bool
) -> list[Cliff]:
    """Return the cliffs inside the steps that turn, nearest first each way.

    A coarse step is looked into at the places of its slider, a step of the slider at its parts.
    """
    if closely:
        turning = _by_step(scenario, turning, grids)
    count = PARTS if closely else FEW_PARTS
    parts = np.linspace(0, 1, count + 1)
    first: list[tuple[_Turn, Array]] = []
    for turn in turning:
        inside = _between(turn, grids[turn.lever])
        within = turn.near + (turn.far - turn.near) * parts
        first.append((turn, inside if len(inside) > BOTH_ENDS else within))
    finer: list[tuple[_Turn, Array]] = []
    for (turn, grid), (payment, signature) in zip(first, _rows(scenario, first), strict=True):
        coarse = len(_between(turn, grids[turn.lever])) > BOTH_ENDS
        for part in np.flatnonzero(signature[1:] != signature[:-1]):
            near_end, far_end = float(grid[part]), float(grid[part + 1])
            step = _Turn(turn.lever, near_end, far_end, float(payment[part + 1]))
            finer.append((step if coarse else turn, _around(turn.lever, near_end, far_end, count)))
    return [place.cliff() for place in _placed(scenario, finer)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Two neighboring values between which the payment turns, with what is there on both sides."""

    turn: _Turn
    at: float
    jump: float
    signature: Array
    stops: bool

    def cliff(self) -> Cliff:
        """Return it as a cliff, still worth what is paid at its first place."""
        return Cliff(
            lever=self.turn.lever,
            upward=self.turn.far > self.turn.near,
            at=self.at,
            first=self.turn.far,
            worth=self.turn.payment,
            jump=self.jump,
            what=_what(int(self.signature[0]), int(self.signature[1])),
            stops=self.stops,
        )


def _around(lever: str, near_end: float, far_end: float, parts: int) -> Array:
    """Return the parts of a step, and a place on either side of it, for the slope there."""
    width = far_end - near_end
    margin = 4 * width / parts
    inside = near_end + width * np.linspace(0, 1, parts + 1)
    grid: Array = np.array([near_end - margin, *inside, far_end + margin])
    return np.clip(grid, *quantities()[lever].allowed, out=grid)


def _placed(scenario: Scenario, asked: Sequence[tuple[_Turn, Array]]) -> list[_Place]:
    """Return where on each grid the payment jumps, or else first bends; if it does."""
    found: list[_Place] = []
    for (turn, grid), (payment, signature) in zip(asked, _rows(scenario, asked), strict=True):
        chosen: tuple[int, bool] | None = None
        for part in np.flatnonzero(signature[1:-2] != signature[2:-1]) + 1:
            jumps, bends = _jumps_or_bends(grid, payment, int(part))
            if jumps or (bends and chosen is None):
                chosen = int(part), jumps
            if jumps:
                break
        if chosen:
            at, jumps = chosen
            both = slice(at, at + 2)
            jump = float(payment[at + 1] - payment[at]) if jumps else 0.0
            stops = _stops(grid, payment, at)
            found.append(_Place(turn, float(grid[at]), jump, signature[both], stops))
    return found


def _rows(
    scenario: Scenario, asked: Sequence[tuple[_Turn, Array]]
) -> Iterable[tuple[Array, Array]]:
    """Return payment and signature along each grid, all of them in one batch."""
    if not asked:
        return
    grids = [(turn.lever, grid) for turn, grid in asked]
    looked = _looked_at(variants(scenario, grids, accepted=True))
    start = 0
    for _, grid in asked:
        rows = slice(start, start + len(grid))
        yield looked.payment[rows], looked.signature[rows]
        start += len(grid)


def _jumps_or_bends(grid: Array, payment: Array, part: int) -> tuple[bool, bool]:
    """Return whether the payment jumps between a place of a grid and the next, and bends there."""
    run = np.array([grid[part] - grid[0], grid[-1] - grid[part + 1]])
    rise = np.array([payment[part] - payment[0], payment[-1] - payment[part + 1]])
    slopes = rise[run != 0] / run[run != 0]  # at an end of what is allowed there is one only
    steepest = float(np.max(np.abs(slopes)))
    width = abs(grid[part + 1] - grid[part])
    jumps = abs(payment[part + 1] - payment[part]) > 1.5 * steepest * width + SMALLEST_JUMP
    return bool(jumps), bool(np.ptp(slopes) > SMALLEST_BEND * steepest + SMALLEST_JUMP)


def _stops(grid: Array, payment: Array, part: int) -> bool:
    """Return whether the payment moves before a place of a grid and no more after it."""
    before = abs(payment[part] - payment[0]) / max(abs(grid[part] - grid[0]), NOISE)
    after = abs(payment[-1] - payment[part + 1]) / max(abs(grid[-1] - grid[part + 1]), NOISE)
    return bool(before > SMALLEST_JUMP and after < SMALLEST_BEND * before)


def _nearest(found: Sequence[Cliff]) -> tuple[Cliff, ...]:
    """Return the first cliff of each lever each way."""
    first: dict[tuple[str, bool], Cliff] = {}
    for cliff in found:
        first.setdefault((cliff.lever, cliff.upward), cliff)
    return tuple(first.values())


_CHARGED = (State.OVERSPENT_AT_THE_LOSS_LIMIT, State.OVERSPENT_TWO_SIDED)
_CLEARED = (State.NEITHER_STANDARD, State.AT_THE_PAYMENT_LIMIT, State.PARTIAL, State.FULL)


def _what(one: int, other: int) -> What:
    """Return what is crossed between two signatures."""
    states = {STATES[one >> _STATE_AT], STATES[other >> _STATE_AT]}
    if len(states) == 1:
        return _what_flag(one ^ other)
    if State.GUARDRAIL in states:
        return "guardrail"
    if len(states & set(_CHARGED)) == 1:
        return "minimum before you owe"
    if len(states & set(_CLEARED)) == 1:
        return "minimum to get paid"
    if State.OVERSPENT_AT_THE_LOSS_LIMIT in states:
        return "loss limit"
    if State.AT_THE_PAYMENT_LIMIT in states:
        return "payment limit"
    if states == {State.HALF_RATE, State.UNDER_THE_MINIMUM}:
        return "half-rate path"
    if (one ^ other) & _MET:
        return "full quality standard"
    return "quality" if State.NEITHER_STANDARD in states else "spending target"


def _what_flag(differ: int) -> What:
    """Return what is met or capped on one side only, the state being the same."""
    if differ & _MET:
        return "full quality standard"
    if differ & _PAYMENT_LIMIT:
        return "payment limit"
    if differ & _OWES:
        return "minimum before you owe"
    if differ & (_LOSS_LIMIT | _ON_REVENUE):
        return "loss limit"
    if differ & _SCORE_FLOOR:
        return "quality"
    if differ & (_LOWEST_RATE | _HIGHEST_RATE):
        return "your share of losses"
    return "cap on risk growth" if differ & 0b1111 * _RISK_CAP else "adjustment of the target"
