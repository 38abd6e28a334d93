"""From the historical to the updated benchmark: bars that go on from each other."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import TWIN_MARKS, beside_bars, sheet, steps, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, framed, marks_of
from mssp_sim.figures import whole_dollars
from mssp_sim.screens.real_acos import causes_words as words

ROW_HEIGHT = 30
LABELS_END, BARS_START, BARS_END = 33.0, 35.0, 84.0
HALF = 0.31


def ladder(causes: Sequence[words.Cause], theme: Theme, description: str) -> Picture:
    """Return one horizontal bar a cause."""
    return Picture(
        spec=_spec(theme, len(causes)),
        datasets={"marks": arrow(_marks(causes), TWIN_MARKS)},
        description=description,
        table=lambda: words.rows(causes),
    )


def spans(causes: Sequence[words.Cause]) -> list[tuple[float, float]]:
    """Return where each bar begins and ends in dollars; totals begin at nothing."""
    found, end = [], 0.0
    for one in causes:
        start, end = (0.0, one.dollars) if one.look == "total" else (end, end + one.dollars)
        found.append((start, end))
    return found


def _floor(ends: Sequence[float]) -> float:
    low, high = min(ends), max(ends)
    span = max(high - low, 0.03 * high)
    step = 10 ** math.floor(math.log10(span))
    return float(max(0.0, math.floor((low - 0.3 * span) / step) * step))


def _marks(causes: Sequence[words.Cause]) -> list[Row]:
    bars = spans(causes)
    ends = [end for _, end in bars]
    bottom = _floor(ends)
    to_x = (BARS_END - BARS_START) / ((max(ends) - bottom) or 1.0)
    rows: list[Row] = []
    for number, (one, (start, stop)) in enumerate(zip(causes, bars, strict=True)):
        middle = number + 0.5
        low, high = sorted(BARS_START + max(end - bottom, 0.0) * to_x for end in (start, stop))
        look = "down" if one.look == "part" and one.dollars < 0 else one.look
        y = {"y": middle - HALF, "y2": middle + HALF}
        rows.append({"role": "bar", "look": look, "x": low, "x2": high} | y)
        bold = "-bold" if one.look == "total" else ""
        rows += [
            text(f"label{bold}", LABELS_END, middle, one.label, one.short),
            text(f"value{bold}", high + 1.4, middle, one.shown),
        ]
        if number + 2 < len(causes):  # the last is no cause
            at = BARS_START + max(stop - bottom, 0.0) * to_x
            rows.append({"role": "connector", "x": at, "x2": at, "y": middle + HALF,
                         "y2": middle + 1 - HALF})  # fmt: skip
    if bottom > 0:
        words_under = f"bars begin at {whole_dollars(bottom)}"
        rows.append(text("note", BARS_START, len(causes) + 0.35, words_under))
    return rows


@cache
def _spec(theme: Theme, rows: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, rows + 0.7)
    fills = {"total": ink.background, "part": ink.medicare, "down": ink.text}
    outlines = fills | {"total": ink.text}
    layers = [
        *steps(ink, fills, outlines, span),
        marks_of("text")
        .mark_text(
            text=alt.ExprRef(expr="width < 400 ? datum.short : datum.text"),
            fontSize=alt.ExprRef(expr="datum.look === 'note' || width < 330 ? 12 : 14"),
            fontStyle=alt.ExprRef(expr="datum.look === 'note' ? 'italic' : 'normal'"),
            **beside_bars(ink, note=ink.quiet),
        )
        .encode(**at),
    ]
    return framed(layers, ROW_HEIGHT * rows + 22)
