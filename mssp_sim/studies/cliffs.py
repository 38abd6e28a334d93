"""What comes next: the next step of each lever, and the nearest place where the payment turns."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from mssp_sim.parameters import LEVELS, TRACKS, Rules
from mssp_sim.quantity import BY_SIZE
from mssp_sim.result import STATES, Result, State
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target
from mssp_sim.studies.levers import RULEBOOK, ends, places, value, variants
from mssp_sim.target import Target, regional_weights, updated_target
from mssp_sim.tolerances import NOISE, PART_OF_AMOUNT, PART_OF_STEP, PER_PERSON, SAME_RATE
from mssp_sim.units import Array

MAIN = ("cost_reduction", "quality_score", "market_share", "regional_growth", "risk_growth")
"""The levers that are always seen."""

NEAR: Mapping[str, float] = {"quality_score": 0.05, "cost_reduction": 0.005}
NEAR_OTHERS = 0.01
"""How far from a lever's value a cliff is near, as a fraction."""

PARTS = 32
"""Each step is split into this many parts; the part with the cliff is split once more."""

STEPS_REFINED = 6
"""Steps with a cliff that are refined for each lever and direction, the nearest first."""

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
    """The next place of a lever's slider, and what going there is worth in dollars.

    ``to`` is a value of the field, in core units.
    """

    lever: str
    to: Any
    worth: float


@dataclass(frozen=True, slots=True)
class Cliff:
    """The nearest place, one way along one lever, where the payment jumps or its slope changes.

    ``at`` is the last value found on this side, in core units, to a thousandth of a step;
    ``first`` the slider's first place on the other side. ``worth`` is what moving to ``first``
    changes in the payment, ``jump`` what changes at the place itself, both in dollars.
    """

    lever: str
    upward: bool
    at: float
    first: float
    worth: float
    jump: float
    what: What

    def away(self, scenario: Scenario) -> float:
        """Return how far the lever can still go on this side, in core units."""
        return abs(self.at - value(scenario, self.lever))

    def move(self, scenario: Scenario) -> float:
        """Return how far the slider must go to be on the other side, in core units."""
        return abs(self.first - value(scenario, self.lever))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of one scenario: a step and at most two cliffs for each lever."""

    payment: float
    steps: Mapping[str, NextPlace]
    cliffs: tuple[Cliff, ...]

    def lead(self, scenario: Scenario) -> Cliff | None:
        """Return the cliff worth most among those near; None if none is near."""
        return max(self.near(scenario), key=lambda cliff: abs(cliff.worth), default=None)

    def near(self, scenario: Scenario, lever: str = "") -> tuple[Cliff, ...]:
        """Return the cliffs that are near, of one lever or of all."""
        return tuple(
            cliff
            for cliff in self.cliffs
            if lever in ("", cliff.lever)
            and cliff.away(scenario) <= NEAR.get(cliff.lever, NEAR_OTHERS) + SAME_RATE
        )

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
) -> Ahead:
    """Return what lies ahead of one scenario.

    A cliff is found on the engine, not from a list of thresholds: a step of the slider on which
    the state, or a flag of what is met or capped, changes; looked into twice, and kept only if
    the payment there jumps or bends.

    Parameters
    ----------
    windows : for each lever searched for cliffs, between which values
    step_of : fields whose next step is valued

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
    nexts = {field: _next(scenario, field) for field in step_of}
    nexts = {field: to for field, to in nexts.items() if to is not None}
    asked: list[tuple[str, Any]] = [("cost_reduction", [scenario.cost_reduction])]
    asked += [(field, [to]) for field, to in nexts.items()] + list(grids.items())
    payment, signature = _looked_at(variants(scenario, asked, accepted=True))
    now = float(payment[0])
    steps = {
        field: NextPlace(field, to, float(payment[row]) - now)
        for row, (field, to) in enumerate(nexts.items(), start=1)
    }
    turning: list[_Turn] = []
    start = 1 + len(nexts)
    for lever, grid in grids.items():
        rows = slice(start, start + len(grid))
        turning += _turns(scenario, lever, grid, payment[rows], signature[rows])
        start += len(grid)
    return Ahead(now, steps, _nearest(_looked_into(scenario, turning), now))


def everywhere(scenario: Scenario, levers: Iterable[str] = MAIN) -> Ahead:
    """Return the nearest cliffs of levers over the whole reach of their sliders.

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


def _next(scenario: Scenario, field: str) -> Any:  # noqa: ANN401  (a value of the field)
    """Return a field's next value: a step up, or down from its upper end; None without room."""
    now, words = getattr(scenario, field), quantities()[field]
    if words.kind == "switch":
        return None if field in RULEBOOK else not now  # another rulebook is no next step
    if words.kind == "choice":
        return _next_choice(scenario, field)
    low, high = ends(scenario, field)
    if words.whole:
        return now + 1 if now + 1 <= high else now - 1
    step, room = words.step, PART_OF_STEP
    above = round((math.floor(now / step + room) + 1) * step, 12)
    if above <= high + room * step:
        return min(above, high)
    below = round((math.ceil(now / step - room) - 1) * step, 12)
    return max(below, low) if below >= low - room * step else None


def _next_choice(scenario: Scenario, field: str) -> Any:  # noqa: ANN401
    """Return the contract after this one, the minimum under this one; before it at the end."""
    order: Sequence[Any] = LEVELS if scenario.level in LEVELS else TRACKS
    if field == "minimum_election":
        order = (BY_SIZE, *sorted(scenario.rules.minimum_rate_choices, reverse=True))
    at = order.index(getattr(scenario, field))
    return order[at + 1] if at + 1 < len(order) else order[at - 1]


def _looked_at(rows: Scenario) -> tuple[Array, Array]:
    """Return the payment of each row, and a number that changes when anything is met or capped."""
    rules = rows.rules
    target = updated_target(rows, rules)
    result = settle_target(rows, rules, target)
    payment = np.broadcast_to(result.payment, rows.shape)
    return payment, np.broadcast_to(_signature(result, target, rules), rows.shape)


def _signature(result: Result, target: Target, rules: Rules) -> Array:
    """Return state and flags packed into one number, a bit or more for each."""
    s, adjustments = result.scenario, target.adjustments
    owed = result.shared_losses + result.forgiven + result.spared_by_leaving
    below, _ = regional_weights(s, rules)
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
        (_PRIOR_CAP, offered > adjustments.prior_savings_adjustment + PER_PERSON),
    ):
        packed = packed + np.asarray(flag) * bit
    risk_capped = target.risk_ratio > target.risk_factor + NOISE
    region_capped = (wanted > 0) & (wanted > given + PER_PERSON)
    packed = packed + risk_capped @ (_RISK_CAP * _TYPES) + region_capped @ (_REGION_CAP * _TYPES)
    return np.asarray(packed + np.asarray(adjustments.kind) * _KIND)


_RISK_CAP, _REGION_CAP, _KIND, _PRIOR_CAP = 1, 1 << 4, 1 << 8, 1 << 10
_MET, _PAYMENT_LIMIT, _LOSS_LIMIT, _LOWEST_RATE, _HIGHEST_RATE = (1 << n for n in range(11, 16))
_OWES, _ON_REVENUE, _STATE_AT = 1 << 16, 1 << 17, 18
_TYPES = 1 << np.arange(4)
"""Where a signature holds each flag: a bit, one for each enrollment type, or two for a kind."""


def _turns(
    scenario: Scenario, lever: str, grid: Array, payment: Array, signature: Array
) -> list[_Turn]:
    """Return the steps that turn, nearest first each way, from the lever's value outwards."""
    here = int(np.argmin(np.abs(grid - value(scenario, lever))))
    changes = np.flatnonzero(signature[1:] != signature[:-1])
    up = [(step, step + 1) for step in changes if step >= here][:STEPS_REFINED]
    down = [(step + 1, step) for step in changes[::-1] if step < here][:STEPS_REFINED]
    return [
        _Turn(lever, float(grid[a]), float(grid[b]), float(payment[b])) for a, b in (*up, *down)
    ]


def _looked_into(scenario: Scenario, turning: Sequence[_Turn]) -> list[Cliff]:
    """Return the cliffs inside the steps that turn, nearest first each way."""
    parts = np.linspace(0, 1, PARTS + 1)
    coarse = [(turn, turn.near + (turn.far - turn.near) * parts) for turn in turning]
    finer: list[tuple[_Turn, Array]] = []
    for (turn, grid), (_, signature) in zip(coarse, _rows(scenario, coarse), strict=True):
        for part in np.flatnonzero(signature[1:] != signature[:-1]):
            near_end, width = grid[part], grid[part + 1] - grid[part]
            inside = near_end + width * parts
            margin = 4 * width / PARTS  # for the slope on either side
            around = np.array([near_end - margin, *inside, near_end + width + margin])
            finer.append((turn, np.clip(around, *quantities()[turn.lever].allowed)))
    found = []
    for (turn, grid), (payment, signature) in zip(finer, _rows(scenario, finer), strict=True):
        for part in np.flatnonzero(signature[1:-2] != signature[2:-1])[:1] + 1:
            if not _matters(grid, payment, int(part)):
                continue
            found.append(
                (turn, float(grid[part]), payment[part : part + 2], signature[part : part + 2])
            )
    return [
        Cliff(
            lever=turn.lever,
            upward=turn.far > turn.near,
            at=at,
            first=turn.far,
            worth=turn.payment,
            jump=float(payment[1] - payment[0]),
            what=_what(int(signature[0]), int(signature[1])),
        )
        for turn, at, payment, signature in found
    ]


def _rows(
    scenario: Scenario, asked: Sequence[tuple[_Turn, Array]]
) -> Iterable[tuple[Array, Array]]:
    """Return payment and signature along each grid, all of them in one batch."""
    if not asked:
        return
    grids = [(turn.lever, grid) for turn, grid in asked]
    payment, signature = _looked_at(variants(scenario, grids, accepted=True))
    start = 0
    for _, grid in asked:
        rows = slice(start, start + len(grid))
        yield payment[rows], signature[rows]
        start += len(grid)


def _matters(grid: Array, payment: Array, part: int) -> bool:
    """Return whether the payment jumps or bends between a place of a grid and the next."""
    run = np.array([grid[part] - grid[0], grid[-1] - grid[part + 1]])
    rise = np.array([payment[part] - payment[0], payment[-1] - payment[part + 1]])
    slopes = rise[run != 0] / run[run != 0]  # at an end of what is allowed there is one only
    steepest = float(np.max(np.abs(slopes)))
    width = abs(grid[part + 1] - grid[part])
    jumps = abs(payment[part + 1] - payment[part]) > 1.5 * steepest * width + SMALLEST_JUMP
    return bool(jumps or np.ptp(slopes) > SMALLEST_BEND * steepest + SMALLEST_JUMP)


def _nearest(found: Sequence[Cliff], now: float) -> tuple[Cliff, ...]:
    """Return the first cliff of each lever each way, worth what it changes from now."""
    first: dict[tuple[str, bool], Cliff] = {}
    for cliff in found:
        first.setdefault((cliff.lever, cliff.upward), replace(cliff, worth=cliff.worth - now))
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
    if differ & (_LOWEST_RATE | _HIGHEST_RATE):
        return "your share of losses"
    return "cap on risk growth" if differ & 0b1111 * _RISK_CAP else "adjustment of the target"
