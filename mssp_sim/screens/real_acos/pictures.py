"""Where you stand: your place among real ACOs, one band a measure, on one scale of ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import MARKS, axis_labels, axis_title, text, touched
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of

ROW_HEIGHT = 52
ENDS = ((5.0, 95.0), (25.0, 75.0))
"""The ranks the light and the dark band span."""


@dataclass(frozen=True, slots=True)
class Place:
    """One measure: its label, the rank of your value (a fraction), your value and the middle."""

    label: str
    rank: float
    value: str
    middle: str


def peers(places: Sequence[Place], theme: Theme, description: str) -> Picture:
    """Return one band a measure with your dot on it."""
    return Picture(
        spec=_spec(theme, len(places)),
        datasets={"marks": arrow(_marks(places), MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Measure": place.label,
                "You": place.value,
                "Half of ACOs below": place.middle,
                "You are above": f"{place.rank:.0%}",
            }
            for place in places
        ),
    )


def _marks(places: Sequence[Place]) -> list[Row]:
    rows: list[Row] = []
    for number, place in enumerate(places):
        y = number + 0.62
        for look, (low, high) in zip(("light", "dark"), ENDS, strict=True):
            rows.append({"role": "band", "look": look, "x": low, "x2": high, "y": y})
        rows.append({"role": "middle", "x": 50.0, "y": y})
        rows.append({"role": "dot", "x": place.rank * 100, "y": y})
        words = f"{place.label}: {place.value} (half are below {place.middle})"
        rows.append(text("label", 5.0, number + 0.2, words))
        said = f"{place.label}: {place.value}, above {place.rank:.0%} of real ACOs"
        rows.append({"role": "told", "y": float(number), "y2": number + 1.0, "text": said})
    return rows


@cache
def _spec(theme: Theme, rows: int) -> dict[str, Any]:
    ink = INK[theme]
    x = alt.X("x:Q", title=None).scale(domain=[0, 100], nice=False).axis(
        grid=False,
        values=[5, 25, 50, 75, 95],
        **axis_labels(ink),
        labelExpr="datum.value + '%'",
        **axis_title(ink, "share of real ACOs below"),
    )  # fmt: skip
    y = alt.Y("y:Q").scale(domain=[0, rows], reverse=True, nice=False).axis(None)
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    layers = [
        marks_of("band")
        .mark_bar(size=12, fill=by_look(light=ink.medicare_fill, dark=ink.line))
        .encode(x=x, y=y, x2="x2:Q"),
        marks_of("middle").mark_tick(size=20, thickness=2, color=ink.quiet).encode(**at),
        marks_of("dot")
        .mark_point(
            filled=True, opacity=1, size=170, fill=ink.earned, stroke=ink.background, strokeWidth=2
        )
        .encode(**at),
        marks_of("text")
        .mark_text(align="left", baseline="middle", fontSize=13.5, fill=ink.text)
        .encode(**at, text="text:N"),
        touched(marks_of("told"), x=alt.value(0), x2=alt.value("width"), y=alt.Y("y:Q"), y2="y2:Q"),
    ]
    return framed(layers, ROW_HEIGHT * rows + 40)
