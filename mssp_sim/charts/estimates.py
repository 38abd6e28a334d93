"""What a room estimated: a dot for each seat on one axis, the middle half, median and truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import numpy as np

from mssp_sim.charts.marks import TWIN_MARKS, Looks, labels, sheet, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of

HEIGHT = 190
LEFT, RIGHT, FLOOR, CEILING = 3.0, 97.0, 20.0, 62.0
COLUMNS, STACK = 46, 7.0
"""Places across the axis at which dots pile up, and the height of one dot in its pile."""
TRUTH, MEDIAN = 92.0, 78.0
NEAR_AN_END = 15.0
"""Part of a hundred of the width within which a label hangs on its end."""
TICKS = 4
FEWEST = 3
"""Estimates that a median is said of."""

LOOKS: Looks = {
    "tick": ("quiet", "center", "normal"),
    "tick-left": ("quiet", "left", "normal"), "tick-right": ("quiet", "right", "normal"),
    "truth": ("text", "center", "bold"),
    "truth-left": ("text", "left", "bold"), "truth-right": ("text", "right", "bold"),
    "median": ("quiet", "center", "normal"),
    "median-left": ("quiet", "left", "normal"), "median-right": ("quiet", "right", "normal"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimated:
    """The estimates of a room, in the unit of their axis.

    ``own`` is the estimate of the seat that looks, None on the wall.
    """

    values: Sequence[float]
    ends: tuple[float, float]
    truth: float
    shown: Callable[[float], str]
    own: float | None = None


def estimates(found: Estimated, theme: Theme, description: str) -> Picture:
    """Return the estimates on their axis with the truth; only after Reveal."""
    return Picture(
        spec=_built(theme),
        datasets={"marks": arrow(_marks(found), TWIN_MARKS)},
        description=description,
        table=lambda: tuple({"Estimate": found.shown(value)} for value in sorted(found.values)),
    )


def _marks(found: Estimated) -> list[Row]:
    low, high = found.ends

    def x(value: float) -> float:
        part = (value - low) / (high - low) if high > low else 0.5
        return LEFT + min(max(part, 0.0), 1.0) * (RIGHT - LEFT)

    rows: list[Row] = [_line("axis", "", LEFT, RIGHT, FLOOR, FLOOR)]
    for number in range(TICKS + 1):
        value = low + (high - low) * number / TICKS
        rows.append(text(_at_an_end("tick", x(value)), x(value), FLOOR - 10, found.shown(value)))
    values = np.sort(np.asarray(found.values, dtype=float))
    if values.size >= FEWEST:
        first, middle, third = (float(v) for v in np.quantile(values, (0.25, 0.5, 0.75)))
        rows.append(_line("band", "", x(first), x(third), FLOOR, CEILING))
        rows.append(_line("median", "", x(middle), x(middle), FLOOR, MEDIAN - 6))
        said = f"median {found.shown(middle)}"
        side = "right" if found.truth >= middle else "left"  # away from the rule of the truth
        side = side if NEAR_AN_END < x(middle) < 100 - NEAR_AN_END else ""
        look = f"median-{side}" if side else _at_an_end("median", x(middle))
        rows.append(text(look, x(middle), MEDIAN, said))
    rows += _dots(found, [x(value) for value in values], values.tolist())
    rows.append(_line("truth", "", x(found.truth), x(found.truth), FLOOR, TRUTH - 6))
    said = f"it is {found.shown(found.truth)}"
    rows.append(text(_at_an_end("truth", x(found.truth)), x(found.truth), TRUTH, said))
    return rows


def _dots(found: Estimated, places: Sequence[float], values: Sequence[float]) -> list[Row]:
    """Return a dot for each estimate, piled up where several stand at one place."""
    apart = (RIGHT - LEFT) / COLUMNS
    columns = [round(place / apart) for place in places]
    most = max((columns.count(column) for column in columns), default=1)
    step = min(STACK, (CEILING - FLOOR - 4) / most)
    piled: dict[int, int] = {}
    rows: list[Row] = []
    mine = found.own is not None
    for column, value in zip(columns, values, strict=True):
        nth = piled[column] = piled.get(column, -1) + 1
        own = mine and value == found.own
        mine = mine and not own
        rows.append({
            "role": "dot", "look": "own" if own else "seat",
            "x": min(max(column * apart, LEFT), RIGHT), "y": FLOOR + 4 + nth * step,
            "text": f"{'you: ' if own else ''}{found.shown(float(value))}",
        })  # fmt: skip
    return rows


def _at_an_end(look: str, x: float) -> str:
    return f"{look}-left" if x < NEAR_AN_END else f"{look}-right" if x > 100 - NEAR_AN_END else look


def _line(role: str, look: str, x: float, x2: float, y: float, y2: float) -> Row:
    return {"role": role, "look": look, "x": x, "x2": x2, "y": y, "y2": y2}


@cache
def _built(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, 100, downwards=False)
    layers = [
        marks_of("band").mark_rect(color=ink.medicare, opacity=0.22).encode(**span),
        marks_of("axis").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        marks_of("median")
        .mark_rule(color=ink.quiet, strokeWidth=2, strokeDash=[5, 3])
        .encode(**span),
        marks_of("truth").mark_rule(color=ink.text, strokeWidth=2.5).encode(**span),
        marks_of("dot")
        .mark_point(
            opacity=1,
            strokeWidth=1.25,
            size=by_look(seat=70, own=150),
            fill=by_look(seat=ink.earned, own=ink.left),
            stroke=by_look(seat=ink.background, own=ink.text),
            tooltip=alt.ExprRef(expr="datum.text"),
        )
        .encode(**at),
        *labels(LOOKS, ink, at, narrow=0),
    ]
    return framed(layers, HEIGHT)
