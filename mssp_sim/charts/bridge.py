"""The dollar bridge: what was saved, who took which part of it, and what arrives."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa

from mssp_sim.charts.ink import INK, Picture, Row, Theme, arrow, framed, hatch, marks_of
from mssp_sim.explanation import Part

HEIGHT = 356
ROWS = 7
LABELS_END, BARS_START, BARS_END = 35.0, 37.0, 80.0
PIXELS_WIDE = 340
MARKS = {
    "role": pa.string(), "x": pa.float64(), "x2": pa.float64(), "y": pa.float64(),
    "y2": pa.float64(), "text": pa.string(),
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
            rows.append({"role": part.kind, "x": low, "x2": high, "y": top, "y2": bottom})
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
                "role": "label-bold" if bold else "label",
                "x": LABELS_END,
                "y": middle,
                "text": part.label,
            }
        )
        value = "value-bold" if bold else "value-zero" if zero else "value"
        rows.append({"role": value, "x": high + 1.6, "y": middle, "text": part.shown})
    return rows


@cache
def _spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    x = alt.X("x:Q").scale(domain=[0, 100], nice=False).axis(None)
    y = alt.Y("y:Q").scale(domain=[0, ROWS], reverse=True, nice=False).axis(None)
    span = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    size = alt.ExprRef(expr="width < 330 ? 12 : 14")
    bars: dict[str, dict[str, Any]] = {
        "total": {"fill": ink.background, "stroke": ink.text, "strokeWidth": 1.5},
        "medicare": {"fill": ink.medicare_fill, "stroke": ink.medicare, "strokeWidth": 1},
        "lost": {"fill": ink.left, "stroke": ink.left_outline, "strokeWidth": 1},
        "small": {"fill": ink.medicare, "stroke": ink.medicare, "strokeWidth": 1},
        "earned": {"fill": ink.earned, "stroke": ink.earned, "strokeWidth": 1},
        "owed": {"fill": ink.owed, "stroke": ink.owed, "strokeWidth": 1},
    }
    layers = [marks_of("connector").mark_rule(color=ink.line, strokeWidth=1).encode(**span)]
    layers += [marks_of(kind).mark_rect(**look).encode(**span) for kind, look in bars.items()]
    layers.append(
        marks_of("medicare-hatch").mark_rule(color=ink.medicare, opacity=0.55).encode(**span)
    )
    layers.append(
        marks_of("owed-hatch")
        .mark_rule(color=ink.background, opacity=0.5, strokeWidth=2)
        .encode(**span)
    )
    texts: dict[str, dict[str, Any]] = {
        "label": {"align": "right", "color": ink.quiet},
        "label-bold": {"align": "right", "color": ink.text, "fontWeight": "bold"},
        "value": {"align": "left", "color": ink.text},
        "value-zero": {"align": "left", "color": ink.quiet},
        "value-bold": {"align": "left", "color": ink.text, "fontWeight": "bold"},
    }
    layers += [
        marks_of(role)
        .mark_text(baseline="middle", fontSize=size, **look)
        .encode(x=x, y=y, text="text:N")
        for role, look in texts.items()
    ]
    return framed(layers, HEIGHT)
