"""The dollar bridge: what was saved, who took which part of it, and what arrives."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa

from mssp_sim.charts.ink import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.explanation import Part

HEIGHT = 356
ROWS = 7
LABELS_END, BARS_START, BARS_END = 35.0, 37.0, 80.0
PIXELS_WIDE = 340
MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float32(), "x2": pa.float32(),
    "y": pa.float32(), "y2": pa.float32(), "text": pa.string(),
}  # fmt: skip


def bridge(parts: Sequence[Part], theme: Theme, description: str) -> Picture:
    """Return the bridge: horizontal bars, each from where the one above it ended."""
    return Picture(
        spec=_spec(theme),
        datasets={"marks": arrow(_marks(parts), MARKS)},
        description=description,
        table=lambda: tuple({"Part": part.label, "Dollars": part.shown} for part in parts),
    )


def _marks(parts: Sequence[Part]) -> list[Row]:
    largest = max(abs(part.dollars) for part in parts) or 1.0
    to_x = (BARS_END - BARS_START) / largest
    rows: list[Row] = []
    end = parts[0].dollars
    for number, part in enumerate(parts):
        middle = number + 0.5
        top, bottom = middle - 0.31, middle + 0.31
        final = part.kind in ("total", "earned", "owed")
        start, stop = (0.0, part.dollars) if final else (end - part.dollars, end)
        low, high = sorted((BARS_START + start * to_x, BARS_START + stop * to_x))
        if high > low:
            rows.append(
                {"role": "bar", "look": part.kind, "x": low, "x2": high, "y": top, "y2": bottom}
            )
        if part.kind in ("medicare", "owed") and high - low > 0.5:  # noqa: PLR2004
            pitch = 6 if part.kind == "medicare" else 10
            steps = (pitch * 100 / PIXELS_WIDE, pitch * ROWS / HEIGHT)
            lean = -1 if part.kind == "medicare" else 1
            rows += hatch((low, high, top, bottom), steps, f"{part.kind}-hatch", lean=lean)
        if not final:
            end -= part.dollars
        if number + 1 < len(parts):
            at = BARS_START + (parts[0].dollars if number == 0 else end) * to_x
            rows.append({"role": "connector", "x": at, "x2": at, "y": top, "y2": bottom + 0.76})
        bold = final
        zero = part.shown == "$0.0M" and not final
        rows.append(
            {
                "role": "text",
                "look": "label-bold" if bold else "label",
                "x": LABELS_END,
                "y": middle,
                "text": part.label,
            }
        )
        value = "value-bold" if bold else "value-zero" if zero else "value"
        rows.append(
            {"role": "text", "look": value, "x": high + 1.6, "y": middle, "text": part.shown}
        )
    return rows


@cache
def _spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    x = alt.X("x:Q").scale(domain=[0, 100], nice=False).axis(None)
    y = alt.Y("y:Q").scale(domain=[0, ROWS], reverse=True, nice=False).axis(None)
    span = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    size = alt.ExprRef(expr="width < 330 ? 12 : 14")
    fills = {
        "total": ink.background,
        "medicare": ink.medicare_fill,
        "lost": ink.left,
        "small": ink.medicare,
        "earned": ink.earned,
        "owed": ink.owed,
    }
    outlines = fills | {"total": ink.text, "medicare": ink.medicare, "lost": ink.left_outline}
    inks = {
        "label": ink.quiet,
        "label-bold": ink.text,
        "value": ink.text,
        "value-zero": ink.quiet,
        "value-bold": ink.text,
    }
    layers = [
        marks_of("connector").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        marks_of("bar")
        .mark_rect(fill=by_look(**fills), stroke=by_look(**outlines), strokeWidth=1.25)
        .encode(**span),
        marks_of("medicare-hatch").mark_rule(color=ink.medicare, opacity=0.55).encode(**span),
        marks_of("owed-hatch")
        .mark_rule(color=ink.background, opacity=0.5, strokeWidth=2)
        .encode(**span),
        marks_of("text")
        .mark_text(
            baseline="middle",
            fontSize=size,
            fill=by_look(**inks),
            align=alt.ExprRef(expr="slice(datum.look, 0, 5) === 'label' ? 'right' : 'left'"),
            fontWeight=alt.ExprRef(expr="slice(datum.look, -4) === 'bold' ? 'bold' : 'normal'"),
        )
        .encode(x=x, y=y, text="text:N"),
    ]
    return framed(layers, HEIGHT)
