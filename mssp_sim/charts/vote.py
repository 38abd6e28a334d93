"""The room's vote: a bar for each answer, the right one marked only when it may be known."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from mssp_sim.charts.marks import MARKS, sheet, text, touched, whole_row
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of

ROW, MOST = 44, 4
"""Pixels of a bar with its room, and how many answers a question may have."""

BARS_START, BARS_END = 6.0, 88.0


def vote(
    letters: Sequence[str],
    counts: Sequence[int],
    right: int | None,
    theme: Theme,
    description: str,
    *,
    longest: float = BARS_END,
) -> Picture:
    """Return the counts as bars.

    Parameters
    ----------
    letters : of the answers, one for each count
    right : which answer is right; None while that is hidden
    longest : where the longest bar ends, of a hundred: a narrow picture needs room for its words
    """
    most = max(*counts, 1)
    marks: list[Row] = []
    for number, (letter, count) in enumerate(zip(letters, counts, strict=True)):
        top, look = number * ROW + 7.0, "right" if number == right else "plain"
        end = BARS_START + (longest - BARS_START) * count / most
        box = {"x": BARS_START, "x2": end, "y": top, "y2": top + ROW - 14}
        said = f"{letter}: {count} {'vote' if count == 1 else 'votes'}"
        marks.append({"role": "bar", "look": look, "text": said, **box})
        middle = number * ROW + ROW / 2
        mark = f"{count} · right" if number == right else str(count)
        marks.append(text(look, 0.5, middle, letter))
        marks.append(text(look, end + 1, middle, mark))
    return Picture(
        spec=_built(theme),
        datasets={"marks": arrow(marks, MARKS)},
        description=description,
        table=lambda: tuple(
            {"Answer": letter, "Votes": str(count)}
            for letter, count in zip(letters, counts, strict=True)
        ),
    )


@cache
def _built(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, ROW * MOST)
    layers = [
        marks_of("bar")
        .mark_rect(fill=by_look(plain=ink.line, right=ink.text), stroke=ink.text, strokeWidth=1)
        .encode(**span),
        marks_of("text")
        .mark_text(align="left", baseline="middle", fontSize=18, fontWeight="bold", fill=ink.text)
        .encode(**at, text="text:N"),
        touched(marks_of("bar"), **whole_row(span)),
    ]
    return framed(layers, ROW * MOST)
