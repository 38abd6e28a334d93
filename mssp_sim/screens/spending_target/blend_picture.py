"""The blended trend: one bar of weights, and below it weight times trend for each part."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import MARKS, sheet, text, touched
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.figures import percent
from mssp_sim.screens.spending_target.words import Weighed, percent_change

HEIGHT = 156
PIXELS_WIDE = 430
LOOKS = ("first", "second", "third")
LINES = 5


def blend(parts: Sequence[Weighed], theme: Theme, description: str) -> Picture:
    """Return the weights as one bar, and the arithmetic under it."""
    return Picture(
        spec=_built(theme),
        datasets={"marks": arrow(_marks(parts), MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Trend": part.name,
                "Weight": percent(part.weight, 2),
                "Growth": percent(part.trend, 2),
                "Weight × growth": percent(part.part, 2),
            }
            for part in parts
        ),
    )


def _marks(parts: Sequence[Weighed]) -> list[Row]:
    rows: list[Row] = []
    start = 0.0
    for number, (part, look) in enumerate(zip(parts, LOOKS, strict=True)):
        end = start + part.weight * 100
        y = number + 1.5
        boxes = [(start, end, 0.1, 0.9)] if end > start else []
        boxes.append((0.0, 3.2, y - 0.24, y + 0.24))
        said = f"{part.name}: weight {percent(part.weight)}, growth {percent(part.trend)}"
        for low, high, top, bottom in boxes:
            box = {"x": low, "x2": high, "y": top, "y2": bottom}
            rows.append({"role": "bar", "look": look, "text": said, **box})
            if look == LOOKS[-1]:
                pitch = (6 * 100 / PIXELS_WIDE, 6 * LINES / HEIGHT)
                rows += hatch((low, high, top, bottom), pitch, "hatch", lean=-1)
        product = f"{percent(part.weight)} × {percent(part.trend)}"
        rows += [
            text("name", 5.0, y, part.name),
            text("sum", 72.0, y, product),
            text("value", 92.0, y, percent_change(part.part)),
        ]
        start = end
    y = len(parts) + 1.5
    rows += [
        {"role": "line", "x": 5.0, "x2": 92.0, "y": y - 0.5, "y2": y - 0.5},
        text("total", 5.0, y, "Growth of the target"),
        text("value-total", 92.0, y, percent_change(sum(part.part for part in parts))),
    ]
    return rows


@cache
def _built(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, LINES)
    fills = dict(zip(LOOKS, (ink.text, ink.medicare, ink.background), strict=True))
    outlines = dict(zip(LOOKS, (ink.text, ink.medicare, ink.medicare), strict=True))
    layers = [
        marks_of("bar")
        .mark_rect(fill=by_look(**fills), stroke=by_look(**outlines), strokeWidth=1)
        .encode(**span),
        marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.6).encode(**span),
        marks_of("line").mark_rule(color=ink.line).encode(**span),
        marks_of("text")
        .mark_text(
            baseline="middle",
            fontSize=alt.ExprRef(expr="width < 330 ? 12 : 14"),
            fill=ink.text,
            align=alt.ExprRef(
                expr="datum.look === 'name' || datum.look === 'total' ? 'left' : 'right'"
            ),
            fontWeight=alt.ExprRef(
                expr="datum.look === 'total' || datum.look === 'value-total' ? 'bold' : 'normal'"
            ),
        )
        .encode(**at, text="text:N"),
        touched(marks_of("bar"), **span),
    ]
    return framed(layers, HEIGHT)
