"""Pictures of a lesson's own lever: one line over its reach, and the steps to a target."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import TWIN_MARKS, Looks, axis_labels, axis_title, labels, text
from mssp_sim.charts.theme import (
    ANYWHERE,
    INK,
    Picture,
    Row,
    Theme,
    arrow,
    by_look,
    fitted,
    framed,
    marks_of,
)
from mssp_sim.charts.waterfall import Bar, Frame, Hatch, Look, reached, waterfall
from mssp_sim.naming import begun
from mssp_sim.units import Array

HEIGHT = 330
ROOM, ACROSS = 0.16, 0.03
"""Parts of the drawn range kept free over and under the line, and at its sides."""
LEAST_SPAN = 0.4
"""The least range in points or millions: noise must not look like a slope."""
Unit = Literal["percent", "score", "millions"]

LINE = {"x": pa.float32(), "y": pa.float32(), "look": pa.string()}
LABELS: Looks = {
    f"{tone}-{hangs}": (color, end, weight)
    for tone, color, weight in (("plain", "text", "bold"), ("quiet", "quiet", "normal"))
    for hangs, end in (("left", "left"), ("right", "right"))
} | {"ask": ("text", "center", "bold")}


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the line with its label."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line over a lever and what stands on it; fractions and dollars.

    ``levels`` and ``walls`` are named lines across and upright; ``ask`` is where the question mark
    stands; ``here`` is None as long as nothing but ``before`` may be known.
    """

    x: Array
    y: Array
    x_name: str
    y_name: str
    units: tuple[Unit, Unit]
    before: Point
    here: Point | None
    ask: float
    levels: tuple[tuple[str, float], ...] = ()
    walls: tuple[tuple[str, float], ...] = ()
    diagonal: bool = False


def by_lever(drawn: Drawn, theme: Theme, description: str) -> Picture:
    """Return the line over the lever; before the bet the place of the answer alone."""
    x, y = drawn.x * _scale(drawn.units[0]), drawn.y * _scale(drawn.units[1])
    low, high = _ends(drawn, y)
    left, right = float(x[0]), float(x[-1])
    side = (right - left) * ACROSS
    spec = fitted(
        _spec(theme, drawn.x_name, *drawn.units),
        x=((left - side, right + side), None),
        y=((low, high), None),
    )
    return Picture(
        spec=spec,
        datasets={
            "line": arrow(_line(drawn, x, y, high), LINE),
            "marks": arrow(_marks(drawn, (left, right), (low, high)), TWIN_MARKS),
        },
        description=description,
        table=lambda: _table(drawn),
    )


def _scale(unit: Unit) -> float:
    return 1e-6 if unit == "millions" else 100.0


def _ends(drawn: Drawn, y: Array) -> tuple[float, float]:
    """Return the range to draw; the same before the answer and after."""
    by = _scale(drawn.units[1])
    points = [drawn.before.y * by, *([drawn.here.y * by] if drawn.here else [])]
    every = [*y, *points, *(at * by for _, at in drawn.levels)]
    low, high = float(min(every)), float(max(every))
    missing = max(LEAST_SPAN - (high - low), 0.0) / 2
    room = max(high - low, LEAST_SPAN) * ROOM
    return low - missing - room, high + missing + room


def _line(drawn: Drawn, x: Array, y: Array, high: float) -> list[Row]:
    if drawn.here is None:
        return []
    rows = [{"x": float(a), "y": float(b), "look": "solid"} for a, b in zip(x, y, strict=True)]
    if drawn.diagonal:
        rows += [{"x": float(a), "y": float(a), "look": "dashed"} for a in x if 0 <= a <= high]
    return rows


def _marks(drawn: Drawn, across: tuple[float, float], ends: tuple[float, float]) -> list[Row]:
    x_by, y_by = (_scale(unit) for unit in drawn.units)
    (left, right), (low, high) = across, ends
    step = (high - low) * 0.055
    rows: list[Row] = []
    for words, at in drawn.levels if drawn.here else ():
        rows.append({"role": "level", "x": left, "x2": right, "y": at * y_by, "y2": at * y_by})
        rows.append(text("quiet-right", right, at * y_by + step, words))
    for words, at in drawn.walls:
        rows.append({"role": "wall", "x": at * x_by, "x2": at * x_by, "y": low, "y2": high})
        rows.append(text("quiet-right", at * x_by - (right - left) * 0.01, high - step, words))
    points = [("hollow", drawn.before)]
    if drawn.here is not None:
        points.append(("full", drawn.here))
    close = drawn.here is not None and np.isclose(drawn.here.x, drawn.before.x)
    for look, point in points[1:] if close else points:
        x, y = point.x * x_by, point.y * y_by
        rows.append({"role": "dot", "look": look, "x": x, "y": y})
        end = "left" if x < (left + right) / 2 else "right"
        up = step if look == "hollow" else -step
        tone = "quiet" if look == "hollow" and drawn.here else "plain"
        rows.append(text(f"{tone}-{end}", x, y + up, point.label))
    if drawn.here is None:
        x = drawn.ask * x_by
        rows.append({"role": "asked", "x": x, "x2": x, "y": low, "y2": high})
        rows.append(text("ask", x, (low + high) / 2, "?"))
    return rows


def _table(drawn: Drawn) -> tuple[Row, ...]:
    heads = tuple(map(begun, (drawn.x_name, drawn.y_name)))
    if drawn.here is None:
        return ({heads[0]: _told(drawn.before.x, drawn.units[0]), heads[1]: drawn.before.label},)
    step = max(1, len(drawn.x) // 40)
    return tuple(
        {heads[0]: _told(float(a), drawn.units[0]), heads[1]: _told(float(b), drawn.units[1])}
        for a, b in zip(drawn.x[::step], drawn.y[::step], strict=True)
    )


def _told(value: float, unit: Unit) -> str:
    number = value * _scale(unit)
    minus, shown = "−" if round(number, 2) < 0 else "", f"{abs(number):,.2f}"
    return {
        "percent": f"{minus}{shown}%",
        "score": f"{minus}{shown}",
        "millions": f"{minus}${shown}M",
    }[unit]


@cache
def _spec(theme: Theme, x_name: str, x_unit: Unit, y_unit: Unit) -> dict[str, Any]:
    ink = INK[theme]
    x = alt.X("x:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        grid=False, tickCount=6, labelExpr=_ticks(x_unit), **axis_title(ink, x_name),
        **axis_labels(ink),
    )  # fmt: skip
    y = alt.Y("y:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        gridColor=ink.grid, tickCount=5, labelExpr=_ticks(y_unit), minExtent=44,
        **axis_labels(ink),
    )  # fmt: skip
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    span = at | {"x2": "x2:Q", "y2": "y2:Q"}
    lines = alt.Chart(alt.NamedData(name="line"))
    rule = {"color": ink.quiet, "strokeWidth": 1.25}
    layers = [
        marks_of("wall")
        .mark_rule(**rule, strokeDash=[5, 4])
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        marks_of("level").mark_rule(**rule, strokeDash=[2, 4]).encode(**span),
        marks_of("asked").mark_rule(**rule, strokeDash=[3, 3]).encode(**span),
        lines.transform_filter("datum.look === 'dashed'")
        .mark_line(color=ink.quiet, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(**at, order="x:Q"),
        lines.transform_filter("datum.look === 'solid'")
        .mark_line(color=ink.text, strokeWidth=3, strokeJoin="round")
        .encode(**at, order="x:Q"),
        marks_of("dot")
        .mark_point(
            filled=True,
            opacity=1,
            size=170,
            strokeWidth=2,
            fill=by_look(hollow=ink.background, full=ink.text),
            stroke=by_look(hollow=ink.text, full=ink.background),
        )
        .encode(**at),
        *labels(
            LABELS,
            ink,
            narrow=300,
            fontSize=by_look(**dict.fromkeys(LABELS, 13.5) | {"ask": 30}),
        ),
    ]
    return framed(layers, HEIGHT)


def _ticks(unit: Unit) -> str:
    minus, number = "(datum.value < 0 ? '−' : '')", "format(abs(datum.value), ',~r')"
    return {
        "percent": f"{minus} + {number} + '%'",
        "score": f"{minus} + {number}",
        "millions": f"{minus} + '$' + {number} + (datum.value === 0 ? '' : 'M')",
    }[unit]


STEPS = Frame(
    looks={
        "total": Look("background", "text"),
        "part": Look("medicare", "medicare"),
        "down": Look("text", "text"),
        "not_counted": Look("background", "medicare", Hatch("medicare", 0.7)),
    },
    labels_end=38.0, bars_start=40.0, bars_end=86.0, row=40, wide=527, below=22,
    size="width < 330 ? 12 : 14",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step to a target, dollars per person."""

    label: str
    shown: str
    dollars: float
    total: bool
    counts: bool


def target_steps(steps: Sequence[Step], theme: Theme, description: str) -> Picture:
    """Return the steps: horizontal bars, each from where the one above it ended."""
    counted = reached([s.dollars if s.counts else 0.0 for s in steps], [s.total for s in steps])
    bars = []
    for step, (start, stop) in zip(steps, counted, strict=True):
        look = "total" if step.total else "down" if stop < start else "part"
        end = stop if step.counts else start + step.dollars
        bars.append(
            Bar(step.label, step.shown, start, end, look if step.counts else "not_counted", stop,
                bold=step.total)
        )  # fmt: skip
    return waterfall(
        bars,
        STEPS,
        theme,
        description,
        lambda: tuple(
            {
                "Step": step.label,
                "Per person": step.shown,
                "Dollars per person": round(step.dollars, 2),
                "Counts": "yes" if step.counts else "no",
            }
            for step in steps
        ),
        broken=True,
    )
