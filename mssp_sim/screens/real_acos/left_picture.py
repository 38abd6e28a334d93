"""What all ACOs left, a bar a year: through quality, and at the minimum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import TWIN_MARKS, sheet, text, touched, whole_row
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of

ROW_HEIGHT = 25
FIRST, LAST, WORDS = 9.0, 66.0, 1.5
"""Of 100 across: where the bars begin, where the longest ends, the gap before its words."""

HALF = 0.33
NARROW = 560


@dataclass(frozen=True, slots=True)
class Left:
    """One year: dollars left through quality and at the minimum, and both as shown."""

    year: int
    quality: float
    minimum: float
    words: str
    short: str


def board(
    years: Sequence[Left],
    chosen: int,
    theme: Theme,
    description: str,
    table: Callable[[], tuple[Row, ...]],
) -> Picture:
    """Return one bar a year, the chosen year in bold."""
    return Picture(
        spec=_spec(theme, len(years)),
        datasets={"marks": arrow(_marks(years, chosen), TWIN_MARKS)},
        description=description,
        table=table,
    )


def _marks(years: Sequence[Left], chosen: int) -> list[Row]:
    most = max((each.quality + each.minimum for each in years), default=0.0) or 1.0
    scale = (LAST - FIRST) / most
    rows: list[Row] = []
    for number, each in enumerate(years):
        middle, look = number + 0.5, "chosen" if each.year == chosen else "year"
        between = FIRST + each.quality * scale
        end = between + each.minimum * scale
        top = {"y": middle - HALF, "y2": middle + HALF}
        told = {"text": f"{each.year}, left: {each.words}"} | top
        rows.append({"role": "bar", "look": "quality", "x": FIRST, "x2": between} | told)
        rows.append({"role": "bar", "look": "minimum", "x": between, "x2": end} | top)
        rows.append(text(look, FIRST - 1.5, middle, str(each.year), f"’{each.year % 100:02d}"))
        rows.append(text(f"{look}-value", end + WORDS, middle, each.words, each.short))
    return rows


@cache
def _spec(theme: Theme, rows: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, rows)
    style = {
        "baseline": "middle",
        "fontSize": 13,
        "text": alt.ExprRef(expr=f"width < {NARROW} ? datum.short : datum.text"),
        "align": by_look(**{"year": "right", "chosen": "right",
                            "year-value": "left", "chosen-value": "left"}),
        "fontWeight": alt.ExprRef(expr="slice(datum.look, 0, 6) === 'chosen' ? 'bold' : 'normal'"),
        "fill": by_look(**{"year": ink.quiet, "chosen": ink.text,
                           "year-value": ink.quiet, "chosen-value": ink.text}),
    }  # fmt: skip
    layers = [
        marks_of("bar")
        .mark_rect(
            fill=by_look(quality=ink.left, minimum=ink.medicare_fill),
            stroke=by_look(quality=ink.left_outline, minimum=ink.medicare),
            strokeWidth=1,
        )
        .encode(**span),
        marks_of("text").mark_text(**style).encode(**at),
        touched(marks_of("bar").transform_filter("datum.look === 'quality'"), **whole_row(span)),
    ]
    return framed(layers, ROW_HEIGHT * rows + 8)
