"""The choices of an election: what each pays on average, against its worst year of twenty."""

import json
import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np

from mssp_sim.charts.marks import TWIN_MARKS, Looks, even_step, labels, sheet, text
from mssp_sim.charts.placing import LabelSheet, Spot
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of
from mssp_sim.figures import minimum_rate, money, percent
from mssp_sim.naming import alone
from mssp_sim.studies.election import Choice, Election
from mssp_sim.tolerances import ON_AXIS
from mssp_sim.words.election import FEW, Found, describe, short

HEIGHT = 300
PIXELS_WIDE = 560
LEFT, RIGHT, FLOOR, CEILING = 10.0, 97.0, 16.0, 92.0
TICKS = 5
ROOM = 0.08
"""Part of the reach that is left free on each side."""

UPWARDS = "↑ expected payment, a year"
NEAR = 8.0
"""Pixels within which dots of several contracts have one name."""
BESIDE = {"picked": 15, "other": 11}
"""Pixels from the middle of a dot to its name, however wide the picture is drawn."""

Place = Callable[[float], float]
LOOKS: Looks = {
    "picked": ("text", "left", "bold"), "picked-left": ("text", "right", "bold"),
    "other": ("quiet", "left", "normal"), "other-left": ("quiet", "right", "normal"),
    "tick": ("quiet", "center", "normal"), "tick-left": ("quiet", "right", "normal"),
    "axis": ("quiet", "left", "normal"), "axis-right": ("quiet", "right", "normal"),
}  # fmt: skip


def frontier(found: Found, theme: Theme) -> Picture:
    """Return every choice as a dot: the dominated ones faint, the frontier as a line."""
    return Picture(
        spec=_spec(theme),
        datasets={"marks": arrow(_marks(found), TWIN_MARKS)},
        description=describe(found),
        table=lambda: tuple(
            {
                "Choice": short(choice),
                "Expected": money(choice.expected),
                "Worst year in 20": money(choice.worst),
                "Owes": percent(choice.chance_of_owing),
            }
            for choice in found.election.choices
        ),
    )


def _ends(values: list[float]) -> tuple[float, float]:
    low, high = min(*values, 0.0), max(*values, 0.0)
    reach = max(high - low, 1.0)
    return low - reach * ROOM, high + reach * ROOM


def _marks(found: Found) -> list[Row]:
    election = found.election
    choices, picked = election.choices, election.picked
    low, high = _ends([choice.worst for choice in choices])
    under, over = _ends([choice.expected for choice in choices])

    def x(dollars: float) -> float:
        return LEFT + (dollars - low) / (high - low) * (RIGHT - LEFT)

    def y(dollars: float) -> float:
        return FLOOR + (dollars - under) / (over - under) * (CEILING - FLOOR)

    rows: list[Row] = []
    for across, (start, end) in ((True, (low, high)), (False, (under, over))):
        step = even_step(max((end - start) / TICKS, ON_AXIS), (1, 2, 2.5, 5, 10))
        for number in range(math.ceil(start / step), math.floor(end / step) + 1):
            dollars = number * step
            look = "zero" if number == 0 else "even"
            if across:
                place = x(dollars)
                rows.append(_line("grid", look, (place, FLOOR), (place, CEILING)))
                rows.append(text("tick", place, FLOOR - 5, money(dollars)))
            else:
                place = y(dollars)
                rows.append(_line("grid", look, (LEFT, place), (RIGHT, place)))
                rows.append(text("tick-left", LEFT - 0.8, place, money(dollars)))
    rows.append(text("axis", LEFT, CEILING + 5, UPWARDS))
    rows.append(text("axis-right", RIGHT, 4, "worst year in 20: this or less →"))
    for one, other in pairwise(election.frontier):
        rows.append(_line("frontier", "", (x(one.worst), y(one.expected)),
                          (x(other.worst), y(other.expected))))  # fmt: skip
    for choice in choices:
        look = "picked" if choice is picked else "kept" if choice in election.kept else "dominated"
        shape = "enhanced" if choice.level == "ENHANCED" else "basic"
        said = (
            f"{short(choice)}: {money(choice.expected)} expected, worst year in 20 "
            f"{money(choice.worst)}, owes in {percent(choice.chance_of_owing)} of years"
        )
        spot: Row = {"x": x(choice.worst), "y": y(choice.expected)}
        rows.append({"role": f"dot-{shape}", "look": look, "text": said, **spot})
    return rows + _names(election, x, y)


def _line(role: str, look: str, start: tuple[float, float], end: tuple[float, float]) -> Row:
    return {"role": role, "look": look, "x": start[0], "x2": end[0], "y": start[1], "y2": end[1]}


def _names(election: Election, x: Place, y: Place) -> list[Row]:
    """Return the names of what is worth a look and of the best of each contract, clear of dots."""
    wide, high = PIXELS_WIDE / 100, HEIGHT / 100
    ends = {look: (end, weight == "bold") for look, (_, end, weight) in LOOKS.items()}
    page = LabelSheet(PIXELS_WIDE, HEIGHT, ends)
    for choice in election.choices:
        page.dot(x(choice.worst) * wide, y(choice.expected) * high, 6)
    page.put([Spot("axis", LEFT * wide, (CEILING + 5) * high, [UPWARDS])])
    line = election.frontier
    page.line(np.array([x(each.worst) * wide for each in line]),
              np.array([y(each.expected) * high for each in line]))  # fmt: skip
    named: list[list[Choice]] = []

    def apart(one: Choice, other: Choice) -> float:
        across, up = x(one.worst) - x(other.worst), y(one.expected) - y(other.expected)
        return math.hypot(across * wide, up * high)

    best = [
        max((c for c in election.choices if c.level == level), key=lambda c: c.expected)
        for level in dict.fromkeys(choice.level for choice in election.choices)
    ]
    kept = election.kept if len(election.kept) <= FEW else ()
    for choice in dict.fromkeys((election.picked, *kept, *best, *line[:1])):
        near = next((each for each in named if apart(each[0], choice) < NEAR), None)
        if near is None:
            named.append([choice])
        else:
            near.append(choice)
    rows = []
    for together in named:
        first = together[0]
        look = "picked" if first is election.picked else "other"
        at_x, at_y = x(first.worst) * wide, y(first.expected) * high
        before = [alone(choice.level) for choice in together[:-1] if choice.level != first.level]
        before = [alone(first.level), *before][: len(together) - 1]
        words, brief = short(together[-1]), _brief(together[-1])
        if before and look == "other":
            words, brief = (f"{', '.join(before)}, {said}" for said in (words, brief))
        elif look == "picked":
            words, brief = short(first), _brief(first)
            under = [c for c in together[1:] if c.level == first.level and c in kept]
            if under:
                words = f"{words} and {', '.join(minimum_rate(c.minimum) for c in under)}"
        elif election.dominated(first):
            words, brief = f"{words}, beaten", f"{brief}, beaten"
        spots = [
            Spot(f"{look}{side}", at_x + sign * BESIDE[look], at_y + up, [words])
            for up in (0, 16, -16, 30, -30)
            for side, sign in (("", 1), ("-left", -1))
        ]
        found = page.put(spots)
        rows.append(text(found.look, found.x / wide, found.y / high, words, brief))
    return rows


def _brief(choice: Choice) -> str:
    name = "ENH" if choice.level == "ENHANCED" else alone(choice.level)
    return f"{name} {minimum_rate(choice.minimum)}"


@cache
def _spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, 100, downwards=False)
    fills = by_look(picked=ink.earned, kept=ink.earned, dominated=ink.background)
    strokes = by_look(picked=ink.text, kept=ink.earned, dominated=ink.medicare)
    sizes = by_look(picked=190, kept=80, dominated=60)
    layers = [
        marks_of("grid")
        .mark_rule(color=by_look(zero=ink.line, even=ink.grid), strokeWidth=1)
        .encode(**span),
        marks_of("frontier")
        .mark_rule(color=ink.earned, strokeWidth=2, strokeDash=[5, 3])
        .encode(**span),
    ]
    for role, shape in (("dot-basic", "circle"), ("dot-enhanced", "diamond")):
        layers.append(
            marks_of(role)
            .mark_point(
                opacity=by_look(picked=1, kept=1, dominated=0.55),
                strokeWidth=by_look(picked=2.5, kept=1, dominated=1.25),
                shape=shape,
                size=sizes,
                fill=fills,
                stroke=strokes,
                tooltip=alt.ExprRef(expr="datum.text"),
            )
            .encode(**at)
        )
    away = {
        f"{look}{side}": sign * far
        for look, far in BESIDE.items()
        for side, sign in (("", 1), ("-left", -1))
    }
    pushed = f"({json.dumps(away)}[datum.look] || 0) * (1 - width / {PIXELS_WIDE})"
    layers += labels(LOOKS, ink, at, narrow=420, dx=alt.ExprRef(expr=pushed))
    return framed(layers, HEIGHT)
