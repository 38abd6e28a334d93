"""What a lesson's own lever does over its whole reach: share paid, trend, risk, target, dollars."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from mssp_sim.attribution import inputs
from mssp_sim.figures import money, percent, score, whole_dollars
from mssp_sim.learning.content import Lesson
from mssp_sim.learning.states import SettledState, States
from mssp_sim.naming import begun, value_as_shown
from mssp_sim.quantity import Quantity
from mssp_sim.result import Result
from mssp_sim.scenario import quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies import target_split
from mssp_sim.target import years_from_by3
from mssp_sim.tolerances import BESIDE, HALF_CENT, LAST_DIGIT
from mssp_sim.units import Array

Unit = Literal["percent", "score", "millions"]
PLACES = 121
SIDES = (-BESIDE, 0.0)
"""On either side of a line across, so that the step is drawn upright."""

SHORT: Mapping[str, str] = {
    "leave": "People who leave",
    "new_clinicians": "Patients of new clinicians",
}
"""What a movement of the list is called where no list stands beside its lever."""


@dataclass(frozen=True, slots=True)
class LeverLine:
    """One line over a lever: ``x`` and ``y`` of one length, fractions or dollars.

    ``before``, ``here`` and ``end`` are points: where the lesson begins, where the lever is, and
    where the lesson ends. ``levels`` and ``walls`` are named lines across and upright. ``diagonal``
    is drawn where all of the lever would count.
    """

    lever: Quantity
    name: str
    unit: Unit
    x: Array
    y: Array
    before: tuple[float, float]
    here: tuple[float, float]
    end: tuple[float, float]
    levels: tuple[tuple[str, float], ...] = ()
    walls: tuple[tuple[str, float], ...] = ()
    diagonal: bool = False

    def told(self, value: float) -> str:
        """Return an amount of the line as the screen shows it."""
        return money(value) if self.unit == "millions" else percent(value)

    def lever_at(self, value: float) -> str:
        """Return a place on the lever as the screen shows it."""
        if self.lever.kind != "score":
            return percent(value)
        return score(value, 1 if abs(value * 1000 - round(value * 1000)) < LAST_DIGIT else 2)

    @property
    def title(self) -> str:
        """What the picture shows, in a line."""
        return f"{self.lever.label} {self.lever_at(self.here[0])}: {self.words(self.here[1])}"

    def words(self, value: float) -> str:
        """Return an amount of the line with its name."""
        return f"{self.name} {self.told(value)}"

    @property
    def description(self) -> str:
        """What the line looks like, for who cannot see it."""
        ends = [
            f"{self.told(float(self.y[n]))} at {self.lever_at(float(self.x[n]))}" for n in (0, -1)
        ]
        marks = [f"{words} at {self.told(at)}" for words, at in self.levels]
        marks += [f"{words} at {self.lever_at(at)}" for words, at in self.walls]
        named = f" Marked: {'; '.join(marks)}." if marks else ""
        name = begun(self.name)
        return f"{name} against {self.lever.label.lower()}: from {ends[0]} to {ends[1]}.{named}"


def lever_words(lever: str) -> Quantity:
    """Return what a lever of a lesson is called and how far it reaches."""
    if lever in inputs():
        return replace(inputs()[lever], label=SHORT.get(lever, inputs()[lever].label))
    return quantities()[lever]


def lever_shown(lever: str, state: SettledState) -> str:
    """Return where a lever stands as the screen shows it."""
    if lever in inputs():
        return percent(float(state.value(lever)))
    return value_as_shown(lever, state.base)


def lever_line(
    states: States,
    lesson: Lesson,
    moves: Mapping[str, Any],
    reach: tuple[float, float] | None = None,
) -> LeverLine:
    """Return the line of a lesson that shows its lever and neither curve nor steps.

    Parameters
    ----------
    moves : the levers that the reader has moved, that of the lesson among them
    reach : the ends of the lever; its own if not given

    Source: ours; each point is a settlement

    Examples
    --------
    >>> from mssp_sim.learning import myths, opening_states
    >>> cards = {card.name: card for card in myths()}
    >>> line = lever_line(opening_states(), cards["small-slip"], {"quality_score": 0.75})
    >>> line.title, line.walls[0][0]
    ('Quality score 75.0: share of savings paid 37.5%', 'full standard')
    """
    lever = lesson.lever
    before, end = states[lesson.before], states[lesson.now]
    here = states.varied(lesson.now, **moves)
    low, high = reach or lever_words(lever).slider
    own = (float(state.value(lever)) for state in (before, here, end))
    at = np.unique([*np.linspace(low, high, PLACES), *own])
    three = (before, here, end)
    if lesson.shows == "paid":
        swept = states.varied(lesson.now, **{**moves, lever: at}).result.payment
        ends = [state.result.payment for state in three]
        return _line(lesson, ("payment", "millions"), at, swept, three, ends)
    return _LINES[lesson.shows](lesson, at, three)


Three = tuple[SettledState, SettledState, SettledState]


def _ladder(lesson: Lesson, at: Array, three: Three) -> LeverLine:
    here = three[1]
    standard = float(here.result.quality_performance_standard)
    at = np.unique([*at, *(standard + side for side in SIDES)])
    owed = bool(here.result.gross_savings < 0)
    swept = simulate(replace(here.result.scenario, quality_score=at))

    def rate(result: Result) -> Array:
        return np.asarray(result.shared_loss_rate if owed else result.final_sharing_rate)

    # The standard decides what is shared of a saving; of a loss the score alone does.
    walls = () if owed else (("full standard", standard),)
    name = "share of the loss owed" if owed else "share of savings paid"
    return _line(lesson, (name, "percent"), at, rate(swept), three, [rate(s.result) for s in three],
                 walls=walls)  # fmt: skip


def _blend(lesson: Lesson, at: Array, three: Three) -> LeverLine:
    def growth(state: SettledState, shares: Array) -> Array:
        return target_split.by_share(state.result, shares).growth

    s = three[1].result.scenario
    years = years_from_by3(s)
    levels = tuple(
        (name, (1 + float(rate)) ** years - 1)
        for name, rate in (("region", s.regional_growth), ("nation", s.national_growth))
    )
    ends = [growth(st, np.array([st.value(lesson.lever)]))[0] for st in three]
    name: tuple[str, Unit] = ("growth of the target", "percent")
    return _line(lesson, name, at, growth(three[1], at), three, ends, levels=levels)


def _cap(lesson: Lesson, at: Array, three: Three) -> LeverLine:
    def counted(state: SettledState, rates: Array) -> Array:
        return target_split.by_risk(state.result, rates).counted

    here = three[1]
    cap = target_split.split(here.result).risk_bound
    at = np.unique([*at, (1 + cap) ** (1 / years_from_by3(here.result.scenario)) - 1])
    ends = [counted(st, np.array([st.value(lesson.lever)]))[0] for st in three]
    name: tuple[str, Unit] = ("growth that counts", "percent")
    return _line(lesson, name, at, counted(here, at), three, ends, levels=(("cap", cap),),
                 diagonal=True)  # fmt: skip


def _line(
    lesson: Lesson,
    named: tuple[str, Unit],
    at: Array,
    values: Array,
    three: Three,
    ends: list[Any],
    **more: Any,  # noqa: ANN401
) -> LeverLine:
    before, here, end = (
        (float(state.value(lesson.lever)), float(y)) for state, y in zip(three, ends, strict=True)
    )
    values = np.broadcast_to(np.asarray(values, float), at.shape)
    return LeverLine(lever_words(lesson.lever), *named, at, values, before, here, end, **more)


_LINES = {"ladder": _ladder, "blend": _blend, "cap": _cap}


@dataclass(frozen=True, slots=True)
class TargetStep:
    """A step to a spending target: dollars per person; ``total`` begins anew from nothing."""

    label: str
    dollars: float
    total: bool = False
    counts: bool = True

    @property
    def shown(self) -> str:
        """The dollars as the screen shows them."""
        sign = "" if self.total or self.dollars < 0 else "+"
        return sign + whole_dollars(self.dollars)


def target_steps(result: Result) -> tuple[TargetStep, ...]:
    """Return the steps to the target of one settlement: history, region, trends, risk.

    Source: ours; each step is a difference of what 42 CFR 425.601 and 425.652 compute

    Examples
    --------
    >>> from mssp_sim import Scenario
    >>> [step.label for step in target_steps(simulate(Scenario()))][:2]
    ['Three years of history', 'Compared with the region']
    """
    parts = target_split.split(result)
    kept = parts.adjustment_not_counted
    steps = [
        TargetStep("Three years of history", parts.history, total=True),
        TargetStep("Compared with the region", parts.adjustment),
        *([TargetStep("Not counted", kept, counts=False)] if abs(kept) >= HALF_CENT else []),
        TargetStep("Growth of the nation", parts.national),
        TargetStep("Growth of the region", parts.regional + parts.other_acos + parts.own_effect),
        TargetStep("Trend fixed in advance", parts.prospective),
        TargetStep("Risk and mix", parts.risk + parts.mix + parts.calibration),
        TargetStep("Target per person", parts.target, total=True),
    ]
    always = ("Compared with the region",)
    return tuple(s for s in steps if abs(s.dollars) >= HALF_CENT or s.label in always)
