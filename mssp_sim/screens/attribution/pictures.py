"""A list that moves: where its people went, where the effect fell, what moved the settlement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt

from mssp_sim.charts.marks import MARKS, beside_bars, owed_hatch, sheet, steps, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.figure import Figure

Kind = Literal["yours", "gone", "joined", "new"]

BARS_START, BARS_END, PIXELS_WIDE = 17.0, 86.0, 520
LABEL, BAR, GAP, FRAME = 20, 28, 14, 12
"""Pixels of a line of text over or under a bar, of a bar, between two bars, and of the frame."""

CAUSES_HEIGHT, CAUSES_ROWS, CAUSES_WIDE = 276, 7, 345
CAUSES_LABELS_END, CAUSES_START, CAUSES_END = 45.0, 47.0, 80.0
CENT = 0.005
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
    ]
    return framed(layers, height + FRAME)


def causes(parts: Sequence[Figure], theme: Theme, description: str) -> Picture:
    """Return the way from one settlement to another: bars left of zero are money owed.

    Parameters
    ----------
    parts : the first and the last are settlements, those between what moved one to the other
    """
    return Picture(
        spec=_causes_spec(theme),
        datasets={"marks": arrow(_causes_marks(parts), MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Part": part.label,
                "As shown": part.shown,
                "Dollars": round(part.amount, 2),
            }
            for part in parts
        ),
    )


def _causes_marks(parts: Sequence[Figure]) -> list[Row]:
    spans, end = [], parts[0].amount
    for part in parts:
        if part.look == "total":
            spans.append((0.0, part.amount))
        else:
            spans.append((end, end + part.amount))
            end += part.amount
    low, high = (pick(0.0, *(x for span in spans for x in span)) for pick in (min, max))
    to_x = (CAUSES_END - CAUSES_START) / ((high - low) or 1.0)
    zero = CAUSES_START - low * to_x
    rows: list[Row] = [{"role": "zero", "x": zero, "x2": zero, "y": 0.0, "y2": CAUSES_ROWS}]
    for number, (part, (start, stop)) in enumerate(zip(parts, spans, strict=True)):
        middle, total = number + 0.5, part.look == "total"
        top, bottom = middle - 0.29, middle + 0.29
        left, right = sorted((zero + start * to_x, zero + stop * to_x))
        look = _look(part, first=number == 0)
        if abs(stop - start) >= CENT:
            rows.append({
                "role": "bar", "look": look, "x": left, "x2": right, "y": top, "y2": bottom,
            })  # fmt: skip
        if look in ("loss", "owed") and right - left > NARROWEST:
            pitch = 6 if look == "loss" else 10
            steps = (pitch * 100 / CAUSES_WIDE, pitch * CAUSES_ROWS / CAUSES_HEIGHT)
            box = (left, right, top, bottom)
            rows += hatch(box, steps, f"{look}-hatch", lean=-1 if look == "loss" else 1)
        if number + 1 < len(parts):
            at = zero + stop * to_x
            rows.append({"role": "connector", "x": at, "x2": at, "y": top, "y2": bottom + 0.71})
        zeroed = not total and part.shown == "$0.0M"
        rows += [
            text("label-bold" if total else "label", CAUSES_LABELS_END, middle, part.label),
            text(
                "value-bold" if total else "value-zero" if zeroed else "value",
                right + 1.6, middle, part.shown,
            ),
        ]  # fmt: skip
    return rows


def _look(part: Figure, *, first: bool) -> str:
    if part.look == "total":
        return "before" if first else "earned" if part.amount >= 0 else "owed"
    return "gain" if part.amount > 0 else "loss"


@cache
def _causes_spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, CAUSES_ROWS)
    fills = {
        "before": ink.background, "gain": ink.line, "loss": ink.background, "earned": ink.earned,
        "owed": ink.owed,
    }  # fmt: skip
    outlines = fills | {"before": ink.text, "gain": ink.text, "loss": ink.text}
    layers = [
        marks_of("zero").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        *steps(ink, fills, outlines, span),
        marks_of("loss-hatch").mark_rule(color=ink.text, opacity=0.55).encode(**span),
        owed_hatch(ink, span),
        marks_of("text")
        .mark_text(fontSize=alt.ExprRef(expr="width < 330 ? 12 : 13.5"), **beside_bars(ink))
        .encode(**at, text="text:N"),
    ]
    return framed(layers, CAUSES_HEIGHT)
