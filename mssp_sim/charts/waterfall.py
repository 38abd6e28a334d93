"""The waterfall: horizontal bars, each from where the one above it ended, with their words."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import altair as alt

from mssp_sim.charts.marks import TWIN_MARKS, beside_bars, sheet, text, touched, whole_row
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.figures import whole_dollars

ROOM_FOR_HATCHING = 0.4
"""Hundredths of the width that a bar needs for hatching."""

BESIDE = 5.4
"""Pixels between a bar and its number."""


LEAST_SPAN = 0.03
"""Part of the largest amount that the bars span at least, so that a small step stays small."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a bar from ``start`` to ``stop``, or the name of a group where it has no height.

    Parameters
    ----------
    label, short, shown : the words left of the bar, their short form, and the number beside it
    start, stop : in one unit a picture
    look : a key of the painting
    reached : where the next bar begins; None draws no line to it
    bold : the row of a total
    height : of the bar, as a fraction of a row; 0 makes a strip with a group's name
    """

    label: str
    shown: str
    start: float
    stop: float
    look: str
    reached: float | None
    short: str = ""
    bold: bool = False
    height: float = 0.62


@dataclass(frozen=True, slots=True)
class Hatch:
    """Strokes over a bar: their distance in pixels, the way they lean, and their ink."""

    colour: str
    opacity: float
    pitch: int = 6
    lean: int = -1
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """How bars of one kind are painted, in names of the theme's colors."""

    fill: str
    outline: str
    hatch: Hatch | None = None


OWED = Look("owed", "owed", Hatch("background", 0.5, pitch=10, lean=1, width=2))
"""Money that the ACO owes, told without its color by wide strokes."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What stays of a waterfall while its numbers move; made once, in the module of its picture.

    Parameters
    ----------
    looks : the painting of each look
    labels_end, bars_start, bars_end : hundredths of the width
    row, strip : pixels of a row with a bar, and of one with a group's name
    wide : pixels of the usual width, by which strokes keep their slope
    below : pixels under the last row
    least : pixels of a picture that stays as high when it has fewer rows
    narrow : pixels of the width under which labels show their short forms
    size : of the letters, as an expression of Vega
    """

    looks: Mapping[str, Look]
    labels_end: float
    bars_start: float
    bars_end: float
    row: float
    wide: int
    strip: float = 21.0
    below: float = 0.0
    least: float = 0.0
    narrow: int = 0
    size: str = "width < 330 ? 12 : 14"

    def height(self, bar: Bar) -> float:
        """Return the pixels of a row."""
        return self.row if bar.height else self.strip


def reached(amounts: Sequence[float], totals: Sequence[bool]) -> list[tuple[float, float]]:
    """Return where each bar begins and ends: a total from nothing, a change from the bar above.

    Examples
    --------
    >>> reached([5.0, -2.0, 3.0], [True, False, True])
    [(0.0, 5.0), (5.0, 3.0), (0.0, 3.0)]
    """
    found, end = [], 0.0
    for amount, total in zip(amounts, totals, strict=True):
        found.append((0.0, amount) if total else (end, end + amount))
        end = found[-1][1]
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


def waterfall(
    bars: Sequence[Bar],
    frame: Frame,
    theme: Theme,
    description: str,
    table: Callable[[], tuple[Row, ...]],
    *,
    broken: bool = False,
) -> Picture:
    """Return bars one under the other on one scale, with the line of nothing where one is below it.

    Parameters
    ----------
    broken : the scale begins close under the bars where all of it is above nothing; totals then
        have a break, and what the scale begins at stands under the last bar
    """
    return Picture(
        spec=_spec(theme, frame, max(sum(map(frame.height, bars)) + frame.below, frame.least)),
        datasets={"marks": arrow(_marks(bars, frame, broken=broken), TWIN_MARKS)},
        description=description,
        table=table,
    )


def _marks(bars: Sequence[Bar], frame: Frame, *, broken: bool) -> list[Row]:
    ends = [end for bar in bars for end in (bar.start, bar.stop)]
    begins_at = floor([end for end in ends if end]) if broken else 0.0
    low, high = begins_at or min(ends), max(ends)
    to_x = (frame.bars_end - frame.bars_start) / ((high - low) or 1.0)

    def at(amount: float) -> float:
        return frame.bars_start + max(amount - low, 0.0) * to_x

    tops = [0.0, *accumulate(frame.height(bar) / frame.row for bar in bars)]
    rows: list[Row] = []
    if low < 0:
        rows.append({"role": "zero", "x": at(0), "x2": at(0), "y": 0.0, "y2": tops[-1]})
    line: tuple[float, float] | None = None  # from the bar above: its place and its upper end
    for bar, (top, end) in zip(bars, pairwise(tops), strict=True):
        middle = (top + end) / 2
        if not bar.height:
            rows += [
                {"role": "strip", "x": 0.0, "x2": 100.0, "y": top, "y2": end},
                text("group", 0.8, middle, bar.label),
            ]
            continue
        if line is not None:
            rows.append(
                {"role": "connector", "x": line[0], "x2": line[0], "y": line[1], "y2": middle}
            )
        upper, lower = middle - bar.height / 2, middle + bar.height / 2
        left, right = sorted((at(bar.start), at(bar.stop)))
        rows += _painted(bar, frame, (left, right, upper, lower))
        if begins_at and not bar.start:
            rows += [
                {"role": "break", "x": frame.bars_start + gap, "x2": frame.bars_start + gap + 0.9,
                 "y": lower + 0.06, "y2": upper - 0.06}
                for gap in (1.6, 3.0)
            ]  # fmt: skip
        line = None if bar.reached is None else (at(bar.reached), upper)
        rows += _words(bar, frame, right, middle)
    if begins_at:
        note = f"bars begin at {whole_dollars(begins_at)}"
        rows.append(text("note", frame.bars_start, tops[-1] + 0.35, note))
    return rows


def _painted(bar: Bar, frame: Frame, box: tuple[float, float, float, float]) -> list[Row]:
    left, right, upper, lower = box
    if right <= left:
        return []
    span = {"x": left, "x2": right, "y": upper, "y2": lower}
    said = f"{bar.label}: {bar.shown}"
    rows: list[Row] = [{"role": "bar", "look": bar.look, "text": said, **span}]
    strokes = frame.looks[bar.look].hatch
    if strokes and right - left > ROOM_FOR_HATCHING:
        pitch = (strokes.pitch * 100 / frame.wide, strokes.pitch / frame.row)
        drawn = hatch(box, pitch, "hatch", lean=strokes.lean)
        rows += [stroke | {"look": bar.look} for stroke in drawn]
    return rows


def _words(bar: Bar, frame: Frame, right: float, middle: float) -> list[Row]:
    nothing = bar.shown in ("$0", "$0.0M")
    value = "value-bold" if bar.bold else "value-zero" if nothing else "value"
    label = "label-bold" if bar.bold else "label"
    return [
        text(label, frame.labels_end, middle, bar.label, bar.short),
        text(value, right + BESIDE * 100 / frame.wide, middle, bar.shown),
    ]


@cache
def _spec(theme: Theme, frame: Frame, pixels: float) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, pixels / frame.row)
    looks = frame.looks
    hatches = {name: look.hatch for name, look in looks.items() if look.hatch}
    paint = {name: getattr(ink, look.fill) for name, look in looks.items()}
    outlines = {name: getattr(ink, look.outline) for name, look in looks.items()}
    layers = [
        marks_of("strip").mark_rect(color=ink.grid).encode(**span),
        marks_of("zero").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        marks_of("connector").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        marks_of("bar")
        .mark_rect(fill=by_look(**paint), stroke=by_look(**outlines), strokeWidth=1.25)
        .encode(**span),
        marks_of("hatch")
        .mark_rule(
            stroke=by_look(
                **{name: getattr(ink, strokes.colour) for name, strokes in hatches.items()}
            ),
            opacity=by_look(**{name: strokes.opacity for name, strokes in hatches.items()}),
            strokeWidth=by_look(**{name: strokes.width for name, strokes in hatches.items()}),
        )
        .encode(**span),
        marks_of("break").mark_rule(color=ink.background, strokeWidth=3).encode(**span),
        marks_of("text")
        .mark_text(
            text=alt.ExprRef(expr=f"width < {frame.narrow} ? datum.short : datum.text"),
            fontSize=alt.ExprRef(expr=f"datum.look === 'note' ? 12 : {frame.size}"),
            fontStyle=by_look(note="italic", group="italic"),
            **beside_bars(ink, note=ink.quiet, group=ink.quiet),
        )
        .encode(**at),
        touched(marks_of("bar"), **whole_row(span)),
    ]
    return framed(layers, round(pixels))
