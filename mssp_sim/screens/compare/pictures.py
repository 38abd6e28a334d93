"""Small payoff curves side by side, all on one scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import (
    MILLION_TICKS,
    PERCENT_TICKS,
    SAVED_OR_OVERSPENT,
    axis_labels,
    even_step,
    shown_millions,
    upright,
)
from mssp_sim.charts.theme import (
    ANYWHERE,
    INK,
    Picture,
    Row,
    Theme,
    arrow,
    by_look,
    fitted,
    framed,
    hatch,
    marks_of,
)
from mssp_sim.figures import money, percent
from mssp_sim.studies.payoff_curve import STEP
from mssp_sim.tolerances import ON_AXIS
from mssp_sim.units import Array

HEIGHT = 168
PIXELS_WIDE, PIXELS_HIGH = 240, 130
MOST_TICKS = 6
LINE = {"x": pa.float32(), "y": pa.float32(), "tone": pa.string()}
MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float32(), "x2": pa.float32(),
    "y": pa.float32(), "y2": pa.float32(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mini:
    """One small curve; rates are fractions of the target, payments dollars.

    ``here`` is this scenario, ``first`` the one it is held against; None for the first itself.
    """

    savings_rate: Array
    payment: Array
    payment_at_full_quality: Array
    here: tuple[float, float]
    first: tuple[float, float] | None
    minimum_savings_rate: float
    minimum_loss_rate: float | None


def minis(curves: Sequence[Mini], theme: Theme, descriptions: Sequence[str]) -> tuple[Picture, ...]:
    """Return the small pictures, on one scale that holds them all.

    Parameters
    ----------
    curves : all over the same savings rates
    """
    low, high = float(curves[0].savings_rate[0]) * 100, float(curves[0].savings_rate[-1]) * 100
    bottom, top = _scale(curves)
    spec = _spec(theme, round(low), round(high), bottom, top)
    return tuple(
        Picture(
            spec=spec,
            datasets={
                "line": arrow(_lines(curve), LINE),
                "marks": arrow(_marks(curve, low, high, bottom, top), MARKS),
            },
            description=words,
            table=partial(_table, curve),
        )
        for curve, words in zip(curves, descriptions, strict=True)
    )


def _scale(curves: Sequence[Mini]) -> tuple[float, float]:
    """Return the ends of the dollar axis in millions, in even steps."""
    most = max(float(np.max(c.payment_at_full_quality)) for c in curves) / 1e6
    most = max(most, *(float(np.max(c.payment)) / 1e6 for c in curves))
    least = min(float(np.min(c.payment)) for c in curves) / 1e6
    half = even_step(max(most - least, ON_AXIS) / 5) / 2
    return math.floor(least / half) * half, max(math.ceil(most / half), 1) * half


def _lines(curve: Mini) -> list[Row]:
    x, y = curve.savings_rate * 100, curve.payment / 1e6
    owing = curve.here[1] < 0
    full = curve.payment_at_full_quality / 1e6
    rows = [{"x": float(a), "y": float(b), "tone": "all"} for a, b in zip(x, y, strict=True)]
    paid, owed = y > 0, y < 0
    for tone, chosen in (("earned", paid), ("owed", owed if owing else owed & False)):
        rows += _limb(x, y, chosen, tone)
    if np.max(np.abs(full - np.maximum(y, 0)) * (full > 0)) > ON_AXIS:
        rows += _limb(x, full, full > 0, "full")
    return rows


def _limb(x: Array, y: Array, chosen: Array, tone: str) -> list[Row]:
    """Return a limb of the line, down to zero at the end where it jumps."""
    at = np.flatnonzero(chosen)
    if not len(at):
        return []
    rows = [{"x": float(x[i]), "y": float(y[i]), "tone": tone} for i in at]
    inner = at[-1] if tone == "owed" else at[0]
    foot = {"x": float(x[inner]), "y": 0.0, "tone": tone}
    return [*rows, foot] if tone == "owed" else [foot, *rows]


def _marks(curve: Mini, low: float, high: float, bottom: float, top: float) -> list[Row]:
    minimum = min(curve.minimum_savings_rate * 100, high)
    start = low if curve.minimum_loss_rate is None else -curve.minimum_loss_rate * 100
    start = max(start, low)
    rows: list[Row] = []
    if minimum > start:
        rows.append({"role": "zone", "x": start, "x2": minimum, "y": bottom, "y2": top})
        pitch = (8 * (high - low) / PIXELS_WIDE, 8 * (top - bottom) / PIXELS_HIGH)
        rows += hatch((start, minimum, bottom, top), pitch, "hatch")
    dots = [("first", curve.first), ("owing" if curve.here[1] < 0 else "now", curve.here)]
    rows += [
        {"role": "dot", "look": look, "x": place[0] * 100, "y": place[1] / 1e6}
        for look, place in dots
        if place is not None
    ]
    return rows


def _table(curve: Mini) -> tuple[Row, ...]:
    steps = curve.savings_rate * 200
    even = np.abs(steps - np.round(steps)) < ON_AXIS
    return tuple(
        {"Saved or overspent": percent(float(rate)), "You get": money(float(own)),
         "At full quality": money(float(full))}
        for rate, own, full in zip(
            curve.savings_rate[even], curve.payment[even],
            curve.payment_at_full_quality[even], strict=True,
        )
    )  # fmt: skip


def _spec(theme: Theme, low: float, high: float, bottom: float, top: float) -> dict[str, Any]:
    step = max(1, even_step((high - low) / MOST_TICKS))
    ticks = [v for v in range(math.ceil(low), math.floor(high) + 1) if v % step == 0]
    return fitted(_built(theme), x=((low, high), ticks), y=((bottom, top), None))


@cache
def _built(theme: Theme) -> dict[str, Any]:
    """Build the specification: no figure of a scenario is in it."""
    ink = INK[theme]
    x = alt.X("x:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        grid=False, values=[], **axis_labels(ink, 12), labelExpr=PERCENT_TICKS
    )  # fmt: skip
    y = alt.Y("y:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        gridColor=ink.grid, tickCount=5, **axis_labels(ink, 12), minExtent=44, maxExtent=44,
        labelExpr=MILLION_TICKS,
    )  # fmt: skip
    at = {"x": x, "y": y}
    span = at | {"x2": "x2:Q", "y2": "y2:Q"}
    looks = {"all": ink.quiet, "earned": ink.earned, "owed": ink.owed, "full": ink.earned}

    def line(tone: str, **style: Any) -> Any:  # noqa: ANN401
        return (
            alt.Chart(alt.NamedData(name="line"))
            .transform_filter(f"datum.tone === '{tone}'")
            .mark_line(color=looks[tone], strokeJoin="round", **style)
            .encode(**at, order=alt.Order("x:Q"))
        )

    zero = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=ink.line).encode(y="y:Q")
    layers = [
        marks_of("zone").mark_rect(color=ink.medicare, opacity=0.07).encode(**span),
        marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.38, strokeWidth=1).encode(**span),
        zero,
        line("full", strokeWidth=1.25, strokeDash=[5, 4]),
        line("all", strokeWidth=2),
        line("earned", strokeWidth=2.5),
        line("owed", strokeWidth=2.5),
        marks_of("dot")
        .mark_point(
            filled=True,
            opacity=1,
            strokeWidth=2,
            fill=by_look(first=ink.background, now=ink.earned, owing=ink.owed),
            stroke=by_look(first=ink.earned, now=ink.background, owing=ink.background),
            size=by_look(first=80, now=130, owing=130),
            shape=by_look(first="circle", now="circle", owing="triangle-down"),
        )
        .encode(**at),
        upright(
            alt.Chart(alt.NamedData(name="line"))
            .transform_filter("datum.tone === 'all'")
            .transform_calculate(At=SAVED_OR_OVERSPENT, **{"You get": shown_millions("y")}),
            STEP * 100,
            ["At:N", "You get:N"],
        ),
    ]
    return framed(layers, HEIGHT)
