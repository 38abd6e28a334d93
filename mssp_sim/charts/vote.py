"""The room's vote: a bar for each answer, the right one marked only when it may be known."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa

from mssp_sim.charts.ink import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of

ROW, MOST = 44, 4
"""Pixels of a bar with its room, and how many answers a question may have."""

BARS_START, BARS_END = 6.0, 88.0
MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float32(), "x2": pa.float32(),
    "y": pa.float32(), "y2": pa.float32(), "text": pa.string(),
}  # fmt: skip


def vote(
    letters: Sequence[str], counts: Sequence[int], right: int | None, theme: Theme, description: str
) -> Picture:
    """Return the counts as bars.

    Parameters
    ----------
    letters : of the answers, one for each count
    right : which answer is right; None while that is hidden
    """
    most = max(*counts, 1)
    marks: list[Row] = []
    for number, (letter, count) in enumerate(zip(letters, counts, strict=True)):
        top, look = number * ROW + 7.0, "right" if number == right else "plain"
        end = BARS_START + (BARS_END - BARS_START) * count / most
        box = {"x": BARS_START, "x2": end, "y": top, "y2": top + ROW - 14}
        marks.append({"role": "bar", "look": look, **box})
        middle = number * ROW + ROW / 2
        mark = f"{count} · right" if number == right else str(count)
        marks.append({"role": "text", "look": look, "x": 0.5, "y": middle, "text": letter})
        marks.append({"role": "text", "look": look, "x": end + 1, "y": middle, "text": mark})
    return Picture(
        spec=_spec(theme),
        datasets={"marks": arrow(marks, MARKS)},
        description=description,
        table=lambda: tuple(
            {"Answer": letter, "Votes": str(count)}
            for letter, count in zip(letters, counts, strict=True)
        ),
    )


@cache
def _spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    x = alt.X("x:Q").scale(domain=[0, 100], nice=False).axis(None)
    y = alt.Y("y:Q").scale(domain=[0, ROW * MOST], reverse=True, nice=False).axis(None)
    layers = [
        marks_of("bar")
        .mark_rect(fill=by_look(plain=ink.line, right=ink.text), stroke=ink.text, strokeWidth=1)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        marks_of("text")
        .mark_text(align="left", baseline="middle", fontSize=18, fontWeight="bold", fill=ink.text)
        .encode(x=x, y=y, text="text:N"),
    ]
    return framed(layers, ROW * MOST)
