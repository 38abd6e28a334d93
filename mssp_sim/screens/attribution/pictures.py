"""A list that moves: where its people went, where the effect fell, what moved the settlement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt

from mssp_sim.charts.marks import MARKS, sheet, text, touched, whole_row
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.charts.waterfall import OWED, Bar, Frame, Hatch, Look, reached, waterfall
from mssp_sim.figure import Figure

Kind = Literal["yours", "gone", "joined", "new"]

BARS_START, BARS_END, PIXELS_WIDE = 17.0, 86.0, 520
LABEL, BAR, GAP, FRAME = 20, 28, 14, 12
"""Pixels of a line of text over or under a bar, of a bar, between two bars, and of the frame."""

NARROWEST = 0.4
"""Parts of a hundred of the width under which a bar has no room for hatching."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of pieces that stand side by side, with its words.

    ``name`` stands left of it, ``total`` right of it, ``inside`` in its first piece; ``over`` and
    ``under`` end where the bar ends. ``pieces`` are a kind and an amount, in one unit a picture.
    """

    name: str
    total: str
    pieces: tuple[tuple[Kind, float], ...]
    inside: str
    over: str = ""
    under: str = ""


def stacks(bars: Sequence[Stack], rows: Sequence[Row], theme: Theme, description: str) -> Picture:
    """Return bars under each other on one scale; ``rows`` are the table behind them."""
    return Picture(
        spec=_stacks_spec(theme, _stacks_height(bars)),
        datasets={"marks": arrow(_stacks_marks(bars), MARKS)},
        description=description,
        table=lambda: tuple(rows),
    )


def _stacks_height(bars: Sequence[Stack]) -> int:
    """Return the pixels the bars take, with a line under the last one where it may have one."""
    return len(bars) * BAR + (len(bars) - 1) * GAP + LABEL * (2 if len(bars) > 1 else 1)


def _stacks_marks(bars: Sequence[Stack]) -> list[Row]:
    longest = max(sum(amount for _, amount in bar.pieces) for bar in bars) or 1.0
    to_x = (BARS_END - BARS_START) / longest
    rows: list[Row] = []
    for number, bar in enumerate(bars):
        top = LABEL + number * (BAR + GAP)
        bottom, middle, end = top + BAR, top + BAR / 2, BARS_START
        for kind, amount in bar.pieces:
            start, end = end, end + amount * to_x
            if end > start:
                span = {"x": start, "x2": end, "y": top, "y2": bottom}
                rows.append({"role": "bar", "look": kind, **span})
            if kind == "gone" and end - start > NARROWEST:
                box = (start, end, float(top), float(bottom))
                rows += hatch(box, (600 / PIXELS_WIDE, 6.0), "hatch")
        texts = (
            text("name", BARS_START - 1.5, middle, bar.name),
            text("total", end + 1.5, middle, bar.total),
            text("inside", BARS_START + 1.5, middle, bar.inside),
            text("beside", end, top - 10, bar.over),
            text("beside", end, bottom + 11, bar.under),
        )
        said = (f"{bar.name}: {bar.total}", bar.inside, bar.over, bar.under)
        place = {"y": float(top), "y2": float(bottom)}
        rows.append({"role": "told", "text": " · ".join(filter(None, said)), **place})
        # A text outside the frame would shrink the picture, even an empty one.
        rows += [row for row in texts if row["text"]]
    return rows


@cache
def _stacks_spec(theme: Theme, height: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, height)
    fills = by_look(yours=ink.medicare_fill, gone=ink.background, joined=ink.line, new=ink.medicare)
    texts: dict[str, Any] = {
        "baseline": "middle",
        "fontSize": alt.ExprRef(expr="width < 400 ? 12 : 13.5"),
        "align": by_look(name="right", total="left", inside="left", beside="right"),
        "fontWeight": by_look(name="normal", total="bold", inside="normal", beside="normal"),
    }
    inks = by_look(name=ink.quiet, total=ink.text, inside=ink.text, beside=ink.text)
    halo = {"stroke": ink.medicare_fill, "strokeWidth": 4, "strokeJoin": "round"}
    layers = [
        marks_of("bar").mark_rect(fill=fills, stroke=ink.quiet, strokeWidth=1).encode(**span),
        marks_of("hatch").mark_rule(color=ink.quiet, opacity=0.7).encode(**span),
        marks_of("text")
        .transform_filter("datum.look === 'inside'")
        .mark_text(**texts, **halo, fill=ink.medicare_fill)
        .encode(**at, text="text:N"),
        marks_of("text").mark_text(**texts, fill=inks).encode(**at, text="text:N"),
        touched(marks_of("told"), **whole_row(span)),
    ]
    return framed(layers, height + FRAME)


CAUSES = Frame(
    looks={
        "before": Look("background", "text"),
        "gain": Look("line", "text"),
        "loss": Look("background", "text", Hatch("text", 0.55)),
        "earned": Look("earned", "earned"),
        "owed": OWED,
    },
    labels_end=45.0, bars_start=47.0, bars_end=80.0, row=276 / 7, least=276, wide=345,
    size="width < 330 ? 12 : 13.5",
)  # fmt: skip


def causes(parts: Sequence[Figure], theme: Theme, description: str) -> Picture:
    """Return the way from one settlement to another: bars left of zero are money owed.

    Parameters
    ----------
    parts : the first and the last are settlements, those between what moved one to the other
    """
    totals = [part.look == "total" for part in parts]
    spans = reached([part.amount for part in parts], totals)
    bars = [
        Bar(part.label, part.shown, *span, _look(part, first=part is parts[0]), span[1],
            bold=total, height=0.58)
        for part, span, total in zip(parts, spans, totals, strict=True)
    ]  # fmt: skip
    return waterfall(
        bars,
        CAUSES,
        theme,
        description,
        lambda: tuple(
            {"Part": part.label, "As shown": part.shown, "Dollars": round(part.amount, 2)}
            for part in parts
        ),
    )


def _look(part: Figure, *, first: bool) -> str:
    if part.look == "total":
        return "before" if first else "earned" if part.amount >= 0 else "owed"
    return "gain" if part.amount > 0 else "loss"
