"""A year on a line, from top to bottom: what happens when, and from where no day is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa

from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, framed, marks_of

ROW_HEIGHT = 43
LINE, GAP, NARROW = 24.0, 1.8, 850
"""The line's place on a scale of 100, the room on either side, the width for brief words."""

MARKS = {
    "role": pa.string(), "x": pa.float32(), "y": pa.float32(), "y2": pa.float32(),
    "text": pa.string(), "brief": pa.string(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """One point on the line: when and what, in full and in brief, in a zone of the year."""

    zone: str
    when: str
    what: str
    brief_when: str
    brief_what: str
    modeled: str


def year_line(
    stops: Sequence[Stop], within: str, fixed_until: int, theme: Theme, description: str
) -> Picture:
    """Return the line; the zone ``within`` is tinted, the line is dashed after ``fixed_until``."""
    return Picture(
        spec=_spec(theme, len(stops)),
        datasets={"marks": arrow(_marks(stops, within, fixed_until), MARKS)},
        description=description,
        table=lambda: tuple(
            {"When": stop.when, "What happens": stop.what, "Modeled here": stop.modeled}
            for stop in stops
        ),
    )


def _marks(stops: Sequence[Stop], within: str, fixed_until: int) -> list[Row]:
    inside = [number for number, stop in enumerate(stops) if stop.zone == within]
    turn, end = fixed_until + 0.5, len(stops) - 0.5
    rows: list[Row] = [
        {"role": "zone", "y": min(inside) + 0.0, "y2": max(inside) + 1.0},
        {"role": "line", "x": LINE, "y": 0.5, "y2": turn},
        {"role": "open", "x": LINE, "y": turn, "y2": end},
    ]
    for number, stop in enumerate(stops):
        y = number + 0.5
        rows += [
            {"role": "dot", "x": LINE, "y": y},
            {"role": "when", "x": LINE - GAP, "y": y, "text": stop.when, "brief": stop.brief_when},
            {"role": "what", "x": LINE + GAP, "y": y, "text": stop.what, "brief": stop.brief_what},
            {"role": "where", "x": 99.0, "y": y, "text": stop.modeled, "brief": ""},
        ]
    return rows


@cache
def _spec(theme: Theme, rows: int) -> dict[str, Any]:
    ink = INK[theme]
    x = alt.X("x:Q").scale(domain=[0, 100], nice=False).axis(None)
    y = alt.Y("y:Q").scale(domain=[0, rows], reverse=True, nice=False).axis(None)
    words = alt.ExprRef(expr=f"width < {NARROW} ? datum.brief : datum.text")
    size = alt.ExprRef(expr=f"width < {NARROW} ? 12.5 : 13.5")
    nudge = alt.ExprRef(expr=f"width < {NARROW} && indexof(datum.brief, '\\n') > 0 ? -8 : 0")
    text = {"fontSize": size, "baseline": "middle", "lineBreak": "\n", "text": words}
    layers = [
        marks_of("zone").mark_rect(fill=ink.grid).encode(y=y, y2="y2:Q"),
        marks_of("line").mark_rule(stroke=ink.quiet, strokeWidth=2).encode(x=x, y=y, y2="y2:Q"),
        marks_of("open")
        .mark_rule(stroke=ink.quiet, strokeWidth=2, strokeDash=[3, 4])
        .encode(x=x, y=y, y2="y2:Q"),
        marks_of("dot")
        .mark_point(
            filled=True, opacity=1, size=90, fill=ink.text, stroke=ink.background, strokeWidth=2
        )
        .encode(x=x, y=y),
        marks_of("when")
        .mark_text(align="right", fontWeight=600, fill=ink.text, **text)
        .encode(x=x, y=y),
        marks_of("what").mark_text(align="left", fill=ink.text, dy=nudge, **text).encode(x=x, y=y),
        marks_of("where").mark_text(align="right", fill=ink.quiet, **text).encode(x=x, y=y),
    ]
    return framed(layers, ROW_HEIGHT * rows)
