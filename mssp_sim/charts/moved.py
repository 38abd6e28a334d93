"""What moved the money: from one payment to another, a bar for each change, in three groups."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import altair as alt

from mssp_sim.charts.marks import TWIN_MARKS, sheet, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of

BAR_ROW, STRIP_ROW = 31, 21
"""Pixels of a row with a bar, and of the strip over a group."""

LABELS_END, BARS_START, BARS_END = 37.0, 38.5, 86.0
PIXELS_WIDE = 880


class Moving(NamedTuple):
    """One row: an end (``look`` total), a change (``look`` change), or a group's name."""

    label: str
    short: str
    dollars: float
    shown: str
    look: str


def moved(rows: Sequence[Moving], theme: Theme, description: str) -> Picture:
    """Return the bridge: ends outlined, gains filled, what was lost hatched in ink.

    Parameters
    ----------
    rows : the first end, the groups with their changes, the last end
    """
    return Picture(
        spec=_spec(theme, sum(map(_height, rows))),
        datasets={"marks": arrow(_marks(rows), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {"What": row.label, "Dollars": row.shown, "To the cent": f"{row.dollars:.2f}"}
            for row in rows
            if row.look != "group"
        ),
    )


def _height(row: Moving) -> int:
    return STRIP_ROW if row.look == "group" else BAR_ROW


def _marks(rows: Sequence[Moving]) -> list[Row]:
    reached, places = 0.0, [0.0]
    spans: list[tuple[float, float]] = []
    for row in rows:
        if row.look == "total":
            spans.append((0.0, row.dollars))
            reached = row.dollars
        else:
            spans.append((reached, reached + row.dollars))
            reached += row.dollars if row.look == "change" else 0.0
        places += spans[-1]
    low, high = min(places), max(places)
    to_x = (BARS_END - BARS_START) / ((high - low) or 1.0)

    def at(dollars: float) -> float:
        return BARS_START + (dollars - low) * to_x

    marks: list[Row] = []
    if low < 0:
        whole = sum(map(_height, rows))
        marks.append({"role": "zero", "x": at(0), "x2": at(0), "y": 0.0, "y2": float(whole)})
    top, open_end = 0.0, None
    for row, span in zip(rows, spans, strict=True):
        height = _height(row)
        middle = top + height / 2
        if row.look == "group":
            marks.append({"role": "strip", "x": 0.0, "x2": 100.0, "y": top, "y2": top + height})
            marks.append(text("group", 0.8, middle, row.label))
        else:
            marks += _bar(row, (at(span[0]), at(span[1])), middle)
            if open_end is not None:
                marks.append({
                    "role": "connector", "x": at(span[0] if row.look == "change" else span[1]),
                    "x2": at(span[0] if row.look == "change" else span[1]),
                    "y": open_end, "y2": middle - 11,
                })  # fmt: skip
            open_end = middle + 11
        top += height
    return marks


def _bar(row: Moving, span: tuple[float, float], middle: float) -> list[Row]:
    left, right = sorted(span)
    top, bottom = middle - 11, middle + 11
    kind = "total" if row.look == "total" else "gained" if row.dollars >= 0 else "lost"
    marks: list[Row] = []
    if right - left > 0.02:  # noqa: PLR2004
        box = {"x": left, "x2": right, "y": top, "y2": bottom}
        marks.append({"role": "bar", "look": kind, **box})
        if kind == "lost":
            pitch = (6 * 100 / PIXELS_WIDE, 6.0)
            marks += hatch((left, right, top, bottom), pitch, "hatch", lean=-1)
    weight = "bold" if kind == "total" else "plain"
    zero = row.look == "change" and row.shown == "$0.0M"
    marks.append(text(f"label-{weight}", LABELS_END, middle, row.label, row.short))
    look = "value-zero" if zero else "value-bold"
    marks.append(text(look, right + 0.8, middle, row.shown))
    return marks


@cache
def _spec(theme: Theme, height: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, height)
    label = "slice(datum.look, 0, 5) === 'label'"
    layers = [
        marks_of("strip").mark_rect(color=ink.grid).encode(**span),
        marks_of("zero").mark_rule(color=ink.line, strokeDash=[2, 3]).encode(**span),
        marks_of("connector").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        marks_of("bar")
        .mark_rect(
            fill=by_look(total=ink.background, gained=ink.earned, lost=ink.background),
            stroke=by_look(total=ink.text, gained=ink.earned, lost=ink.quiet),
            strokeWidth=1.25,
        )
        .encode(**span),
        marks_of("hatch").mark_rule(color=ink.text, opacity=0.55).encode(**span),
        marks_of("text")
        .mark_text(
            baseline="middle",
            text=alt.ExprRef(expr="width < 560 ? datum.short : datum.text"),
            fontSize=alt.ExprRef(expr=f"width < 560 && {label} ? 12 : 13.5"),
            align=alt.ExprRef(expr=f"{label} ? 'right' : 'left'"),
            fontStyle=alt.ExprRef(expr="datum.look === 'group' ? 'italic' : 'normal'"),
            fontWeight=alt.ExprRef(expr="slice(datum.look, -4) === 'bold' ? 'bold' : 'normal'"),
            fill=by_look(**{
                "group": ink.quiet, "label-bold": ink.text, "label-plain": ink.text,
                "value-bold": ink.text, "value-zero": ink.quiet,
            }),
        )
        .encode(**at),
    ]  # fmt: skip
    return framed(layers, height)
