"""The steps to the spending target: three years of history, then every cause, then the target."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import TWIN_MARKS, beside_bars, sheet, steps, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, framed, hatch, marks_of
from mssp_sim.figures import whole_dollars
from mssp_sim.screens.spending_target.words import Piece

ROW_HEIGHT = 30
LABELS_END, BARS_START, BARS_END = 37.0, 39.0, 86.0
PIXELS_WIDE = 527
LEAST_SPAN = 0.03
"""Part of the largest amount that the bars span at least, so that a small step stays small."""


def target_steps(pieces: Sequence[Piece], theme: Theme, description: str) -> Picture:
    """Return the steps: horizontal bars, each from where the one above it ended."""
    return Picture(
        spec=_spec(theme, len(pieces)),
        datasets={"marks": arrow(_marks(pieces), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Part": piece.label,
                "Per person": piece.shown,
                "Dollars per person": round(piece.dollars, 2),
                "Counts": "no" if piece.look == "not_counted" else "yes",
            }
            for piece in pieces
        ),
    )


def spans(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """Return where each bar begins and ends, in dollars; amounts begin at nothing.

    Examples
    --------
    >>> rows = [Piece("history", "", "", 100.0, "", "total"), Piece("a", "", "", 5.0, "", "part"),
    ...         Piece("b", "", "", -2.0, "", "part")]
    >>> spans(rows)
    [(0.0, 100.0), (100.0, 105.0), (105.0, 103.0)]
    """
    found, end = [], 0.0
    for piece in pieces:
        if piece.look in ("year", "total"):
            found.append((0.0, piece.dollars))
            end = piece.dollars
        else:
            found.append((end, end + piece.dollars))
            end += piece.dollars if piece.look == "part" else 0.0
    return found


def floor(ends: Sequence[float]) -> float:
    """Return the dollars at which the bars begin: even, and below everything that is drawn.

    Examples
    --------
    >>> floor([12_369.17, 13_000.0]), floor([0.0, 100.0])
    (12000.0, 0.0)
    """
    low, high = min(ends), max(ends)
    span = max(high - low, high * LEAST_SPAN)
    step = 10 ** math.floor(math.log10(span)) if span > 0 else 1.0
    return float(max(0.0, math.floor((low - 0.5 * span) / step) * step))


def _marks(pieces: Sequence[Piece]) -> list[Row]:
    bars = spans(pieces)
    ends = [end for piece, bar in zip(pieces, bars, strict=True) for end in _drawn(piece, bar)]
    bottom, top = floor(ends), max(ends)
    to_x = (BARS_END - BARS_START) / ((top - bottom) or 1.0)

    def x_of(dollars: float) -> float:
        return BARS_START + max(dollars - bottom, 0.0) * to_x

    rows: list[Row] = []
    for number, (piece, (start, stop)) in enumerate(zip(pieces, bars, strict=True)):
        middle, half = number + 0.5, 0.31
        if piece.look == "year":
            half *= 0.35 + 0.65 * piece.thickness
        y, y2 = middle - half, middle + half
        low, high = sorted((x_of(start), x_of(stop)))
        look = "down" if piece.look == "part" and stop < start else piece.look
        if high > low:
            rows.append({"role": "bar", "look": look, "x": low, "x2": high, "y": y, "y2": y2})
        if piece.look == "not_counted" and high - low > 0.3:  # noqa: PLR2004
            pitch = (6 * 100 / PIXELS_WIDE, 6 / ROW_HEIGHT)
            rows += hatch((low, high, y, y2), pitch, "hatch", lean=-1)
        if piece.look in ("year", "total") and bottom > 0:
            rows += [
                {"role": "break", "x": BARS_START + at, "x2": BARS_START + at + 0.9,
                 "y": y2 + 0.06, "y2": y - 0.06}
                for at in (1.6, 3.0)
            ]  # fmt: skip
        if number + 1 < len(pieces) and piece.look != "year":
            stop_at = start if piece.look == "not_counted" else stop
            at = x_of(stop_at)
            rows.append({"role": "connector", "x": at, "x2": at, "y": middle + half, "y2": y2 + 1})
        bold, nothing = piece.look == "total", piece.shown == "$0"
        label = "label-bold" if bold else "label"
        value = "value-bold" if bold else "value-zero" if nothing else "value"
        rows += [
            text(label, LABELS_END, middle, piece.label, piece.short),
            text(value, high + 1.4, middle, piece.shown),
        ]
    if bottom > 0:
        words = f"bars begin at {whole_dollars(bottom)}"
        rows.append(text("note", BARS_START, len(pieces) + 0.35, words))
    return rows


def _drawn(piece: Piece, bar: tuple[float, float]) -> tuple[float, ...]:
    """Return the ends of a bar that have to be on the picture."""
    return bar[1:] if piece.look in ("year", "total") else bar


@cache
def _spec(theme: Theme, rows: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, rows + 0.7)
    fills = {
        "year": ink.medicare_fill,
        "total": ink.background,
        "part": ink.medicare,
        "down": ink.text,
        "not_counted": ink.background,
    }
    outlines = fills | {"year": ink.medicare, "total": ink.text, "not_counted": ink.medicare}
    layers = [
        *steps(ink, fills, outlines, span),
        marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.7).encode(**span),
        marks_of("break").mark_rule(color=ink.background, strokeWidth=3).encode(**span),
        marks_of("text")
        .mark_text(
            text=alt.ExprRef(expr="width < 400 ? datum.short : datum.text"),
            fontSize=alt.ExprRef(expr="datum.look === 'note' ? 12 : width < 330 ? 12 : 14"),
            fontStyle=alt.ExprRef(expr="datum.look === 'note' ? 'italic' : 'normal'"),
            **beside_bars(ink, note=ink.quiet),
        )
        .encode(**at),
    ]
    return framed(layers, ROW_HEIGHT * rows + 22)
