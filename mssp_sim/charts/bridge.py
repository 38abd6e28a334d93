"""The dollar bridge: what was saved, who took which part of it, and what arrives."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import MARKS, beside_bars, owed_hatch, sheet, steps, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, framed, hatch, marks_of
from mssp_sim.figure import Figure

HEIGHT = 356
ROWS = 7
LABELS_END, BARS_START, BARS_END = 35.0, 37.0, 80.0
PIXELS_WIDE = 340


def bridge(parts: Sequence[Figure], theme: Theme, description: str) -> Picture:
    """Return the bridge: horizontal bars, each from where the one above it ended."""
    return Picture(
        spec=_built(theme),
        datasets={"marks": arrow(_marks(parts), MARKS)},
        description=description,
        table=lambda: tuple({"Part": part.label, "Dollars": part.shown} for part in parts),
    )


def _marks(parts: Sequence[Figure]) -> list[Row]:
    largest = max(abs(part.amount) for part in parts) or 1.0
    to_x = (BARS_END - BARS_START) / largest
    rows: list[Row] = []
    end = parts[0].amount
    for number, part in enumerate(parts):
        middle = number + 0.5
        top, bottom = middle - 0.31, middle + 0.31
        final = part.look in ("total", "earned", "owed")
        start, stop = (0.0, part.amount) if final else (end - part.amount, end)
        low, high = sorted((BARS_START + start * to_x, BARS_START + stop * to_x))
        if high > low:
            rows.append(
                {"role": "bar", "look": part.look, "x": low, "x2": high, "y": top, "y2": bottom}
            )
        if part.look in ("medicare", "owed") and high - low > 0.5:  # noqa: PLR2004
            pitch = 6 if part.look == "medicare" else 10
            steps = (pitch * 100 / PIXELS_WIDE, pitch * ROWS / HEIGHT)
            lean = -1 if part.look == "medicare" else 1
            rows += hatch((low, high, top, bottom), steps, f"{part.look}-hatch", lean=lean)
        if not final:
            end -= part.amount
        if number + 1 < len(parts):
            at = BARS_START + (parts[0].amount if number == 0 else end) * to_x
            rows.append({"role": "connector", "x": at, "x2": at, "y": top, "y2": bottom + 0.76})
        zero = part.shown == "$0.0M"
        rows += [
            text("label-bold" if final else "label", LABELS_END, middle, part.label),
            text(
                "value-bold" if final else "value-zero" if zero else "value",
                high + 1.6, middle, part.shown,
            ),
        ]  # fmt: skip
    return rows


@cache
def _built(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, ROWS)
    fills = {
        "total": ink.background,
        "medicare": ink.medicare_fill,
        "lost": ink.left,
        "small": ink.medicare,
        "earned": ink.earned,
        "owed": ink.owed,
    }
    outlines = fills | {"total": ink.text, "medicare": ink.medicare, "lost": ink.left_outline}
    layers = [
        *steps(ink, fills, outlines, span),
        marks_of("medicare-hatch").mark_rule(color=ink.medicare, opacity=0.55).encode(**span),
        owed_hatch(ink, span),
        marks_of("text")
        .mark_text(fontSize=alt.ExprRef(expr="width < 330 ? 12 : 14"), **beside_bars(ink))
        .encode(**at, text="text:N"),
    ]
    return framed(layers, HEIGHT)
