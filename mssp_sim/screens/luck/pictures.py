"""Chance in pictures: two hundreds of little years, and the dollars of 100,000 drawn ones."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import numpy as np

from mssp_sim.charts.marks import (
    TWIN_MARKS,
    Looks,
    by_looks,
    even_step,
    sheet,
    text,
    touched,
    years,
)
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.studies.luck import percentiles
from mssp_sim.tolerances import ON_AXIS
from mssp_sim.units import Array

HEIGHT = 268
SIDE = 10
SECOND = 12.0
"""Where the second hundred begins, in columns."""

ACROSS, DOWN = 22.0, 12.6
BINS, TICKS = 36, 5
WITHIN = 99.5
"""Percent of the paid and of the owing years on the dollar axis; the end bars hold the rest."""

LEFT, RIGHT, FLOOR, CEILING = 3.0, 97.0, 14.0, 86.0
LEAST = 0.05
"""Years of a hundred under which a bar has no digit to show."""

PIXELS_WIDE = 340
WORDS_WIDE = 24
"""Hundredths of the picture that the words beside a bar take."""


@dataclass(frozen=True, slots=True)
class Hundred:
    """A hundred years: how many are paid, end without money and owe; names and counts."""

    name: str
    short: str
    paid: int
    nothing: int
    owing: int
    counts: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The dollars of many years, and this scenario's own without doubt."""

    payment: Array
    here: float
    here_shown: str
    nothing_shown: str
    money: Callable[[float], str]


def hundreds(two: Sequence[Hundred], theme: Theme, description: str) -> Picture:
    """Return two squares of a hundred years each."""
    return Picture(
        spec=_years_spec(theme),
        datasets={"marks": arrow(_years(two), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "ACO": each.name,
                "Years of 100 paid": str(each.paid),
                "Years of 100 without money": str(each.nothing),
                "Years of 100 owing": str(each.owing),
            }
            for each in two
        ),
    )


def outlook(spread: Spread, theme: Theme, description: str) -> Picture:
    """Return how the dollars of many years are spread; years without money stand apart."""
    bars = _bars(spread.payment)
    return Picture(
        spec=_spread_spec(theme),
        datasets={"marks": arrow(_spread(spread, bars), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {"From": spread.money(low), "To": spread.money(high), "Years of 100": f"{share:.1f}"}
            for low, high, share in bars
        ),
    )


def _years(two: Sequence[Hundred]) -> list[Row]:
    rows: list[Row] = []
    for start, each in zip((0.0, SECOND), two, strict=True):
        looks = ["paid"] * each.paid + ["nothing"] * each.nothing + ["owing"] * each.owing
        rows.append(text("name", start + 0.1, 0.5, each.name, each.short))
        for number, look in enumerate(looks):
            down, across = divmod(number, SIDE)
            rows.append({"role": "year", "look": look, "x": start + across + 0.5, "y": down + 1.7})
        rows.append(text("counts", start + 0.1, SIDE + 2.0, each.counts))
    return rows


def _bars(payment: Array) -> list[tuple[float, float, float]]:
    """Return dollars from, dollars to and years of 100; no money is a bar of its own."""
    moved = payment[payment != 0]
    none = 100 * (1 - len(moved) / len(payment))
    if not len(moved):
        return [(0.0, 0.0, 100.0)]
    owed, paid = moved[moved < 0], moved[moved > 0]
    (low,) = percentiles(owed, [100 - WITHIN]) if len(owed) else (0.0,)
    (high,) = percentiles(paid, [WITHIN]) if len(paid) else (0.0,)
    step = _even((high - low) / BINS)
    first, last = math.floor(low / step), math.ceil(high / step)
    edges = np.arange(first, last + 1) * step
    bins = np.clip(np.floor(moved / step).astype(int) - first, 0, last - first - 1)
    share = np.bincount(bins, minlength=last - first)  # even bins need no search
    bars = [
        (float(a), float(b), 100 * float(n) / len(payment))
        for a, b, n in zip(edges[:-1], edges[1:], share, strict=True)
    ]
    return sorted([*bars, (0.0, 0.0, none)])


def _even(rough: float) -> float:
    return even_step(max(rough, ON_AXIS), (1, 2, 2.5, 5, 10))


def _spread(spread: Spread, bars: Sequence[tuple[float, float, float]]) -> list[Row]:
    low, high = bars[0][0], bars[-1][1]
    width = max(high - low, 1.0)
    most = max(share for *_, share in bars)

    def x(dollars: float) -> float:
        return LEFT + (dollars - low) / width * (RIGHT - LEFT) if high > low else 50.0

    def y(share: float) -> float:
        return FLOOR + share / most * (CEILING - FLOOR)

    half = (RIGHT - LEFT) / max(len(bars), 12) / 2
    here = min(max(x(spread.here), LEFT), RIGHT)
    rows: list[Row] = []
    for start, end, share in bars:
        if not share:
            continue
        none = start == end
        look = "nothing" if none else "paid" if end > 0 else "owing"
        left, right = (x(0) - half, x(0) + half) if none else (x(start), x(end))
        box = {"x": left, "x2": right, "y": FLOOR, "y2": y(share)}
        said = "no money" if none else f"{spread.money(start)} to {spread.money(end)}"
        said += f": {share:.1f} of 100 years" if share >= LEAST else ": fewer than 0.1 of 100 years"
        rows.append({"role": "bar", "look": look, "text": said, **box})
        if none:
            pitch = (6 * 100 / PIXELS_WIDE, 6 * 100 / HEIGHT)
            rows += hatch((left, right, FLOOR, y(share)), pitch, "hatch")
            place = x(0) + half + 1.5
            in_the_way = place < here < place + WORDS_WIDE
            look = "beside" if place < 60 and not in_the_way else "beside-left"  # noqa: PLR2004
            place = place if look == "beside" else x(0) - half - 1.5
            rows.append(text(look, place, max(y(share) - 3, FLOOR + 6), spread.nothing_shown))
    rows.append({"role": "here", "x": here, "x2": here, "y": FLOOR, "y2": CEILING + 5})
    look = "here" if here < 55 else "here-left"  # noqa: PLR2004
    rows.append(text(look, here + (1 if look == "here" else -1), CEILING + 8, spread.here_shown))
    step = _even(width / TICKS)
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        rows.append(text("tick", x(number * step), FLOOR - 6, spread.money(number * step)))
    return rows


def _words(theme: Theme, looks: Looks, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the style of labels, with more or other properties."""
    return {
        "text": alt.ExprRef(expr="width < 400 ? datum.short : datum.text"),
        "baseline": "middle",
        "fontSize": 13,
        **by_looks(looks, INK[theme]),
        **more,
    }


@cache
def _years_spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, _ = sheet(ACROSS, DOWN)
    room = f"min(width / {ACROSS}, height / {DOWN})"
    looks = {"name": ("text", "left", "bold"), "counts": ("quiet", "left", "normal")}
    size = alt.ExprRef(expr="width < 400 ? 11.5 : 13.5")
    layers = [
        years(ink, room).encode(**at),
        marks_of("text").mark_text(**_words(theme, looks, fontSize=size)).encode(**at),
    ]
    return framed(layers, HEIGHT)


@cache
def _spread_spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, 100, downwards=False)
    fills = {"paid": ink.earned, "nothing": ink.medicare_fill, "owing": ink.owed}
    strokes = {"paid": ink.background, "nothing": ink.medicare, "owing": ink.background}
    looks = {
        "beside": ("text", "left", "normal"),
        "beside-left": ("text", "right", "normal"),
        "here": ("text", "left", "bold"),
        "here-left": ("text", "right", "bold"),
        "tick": ("quiet", "center", "normal"),
    }
    floor = alt.Chart(alt.InlineData(values=[{"y": FLOOR}]))
    layers = [
        floor.mark_rule(color=ink.line).encode(y=at["y"]),
        marks_of("bar")
        .mark_rect(fill=by_look(**fills), stroke=by_look(**strokes), strokeWidth=1)
        .encode(**span),
        marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.55).encode(**span),
        marks_of("here")
        .mark_rule(color=ink.text, strokeWidth=1.25, strokeDash=[2, 3])
        .encode(**span),
        *(
            marks_of("text").mark_text(**_words(theme, looks, **halo)).encode(**at)
            for halo in ({"stroke": ink.background, "strokeWidth": 4}, {})
        ),
        touched(
            marks_of("bar"), x=span["x"], x2=span["x2"], y=alt.value(0), y2=alt.value("height")
        ),
    ]
    return framed(layers, HEIGHT)
