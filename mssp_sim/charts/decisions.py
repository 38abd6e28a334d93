"""What a room decided: each seat's ACO as a dot on one payoff curve, by whether it met the goal."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pyarrow as pa

from mssp_sim.charts.marks import TWIN_MARKS, Looks, even_step, labels, sheet, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of
from mssp_sim.figures import money, percent
from mssp_sim.tolerances import ON_AXIS
from mssp_sim.units import Array

HEIGHT = 230
LEFT, RIGHT, FLOOR, CEILING = 9.0, 97.0, 16.0, 92.0
TICKS_ACROSS, TICKS_UP = 5, 4
ROOM = 0.08
"""Part of the reach that is left free on each side."""
LOOKS: Looks = {
    "tick": ("quiet", "center", "normal"), "tick-left": ("quiet", "right", "normal"),
    "axis": ("quiet", "left", "normal"), "axis-right": ("quiet", "right", "normal"),
    "own": ("text", "left", "bold"), "own-left": ("text", "right", "bold"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dot:
    """The ACO of one seat: its savings rate as a fraction, its payment in dollars.

    ``met`` says whether it met the goal, None where the round has none; ``name`` is what the
    pointer is told, and what stands beside the dot of who looks.
    """

    savings_rate: float
    payment: float
    met: bool | None = None
    name: str = ""
    own: bool = False


def decisions(
    savings_rate: Array, payment: Array, dots: Sequence[Dot], theme: Theme, description: str
) -> Picture:
    """Return the dots on one curve.

    Parameters
    ----------
    savings_rate, payment : arrays of one length: what the curve pays, in fractions and dollars
    """
    return Picture(
        spec=_built(theme),
        datasets={"marks": arrow(_marks(savings_rate, payment, dots), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Seat": dot.name or "–",
                "Saved or overspent": percent(dot.savings_rate),
                "You get": money(dot.payment),
                "Goal": "–" if dot.met is None else "met" if dot.met else "missed",
            }
            for dot in dots
        ),
    )


def _marks(savings_rate: Array, payment: Array, dots: Sequence[Dot]) -> list[Row]:
    low = min(float(savings_rate[0]), *(dot.savings_rate for dot in dots), 0.0)
    high = max(float(savings_rate[-1]), *(dot.savings_rate for dot in dots), 0.0)
    least = min(float(payment.min()), *(dot.payment for dot in dots), 0.0)
    most = max(float(payment.max()), *(dot.payment for dot in dots), 0.0)
    free = max(most - least, 1.0) * ROOM
    under, over = least - free, most + free

    def x(rate: float) -> float:
        return LEFT + (rate - low) / (high - low) * (RIGHT - LEFT)

    def y(dollars: float) -> float:
        return FLOOR + (dollars - under) / (over - under) * (CEILING - FLOOR)

    rows = _grid(low, high, under, over, x, y)
    rows.append(text("axis", LEFT, CEILING + 5, "↑ you get, a year"))
    rows.append(text("axis-right", RIGHT, 3, "share of the spending target saved →"))
    rows += [
        {"role": "curve", "look": "", "x": x(float(rate)), "y": y(float(dollars))}
        for rate, dollars in zip(savings_rate, payment, strict=True)
    ]
    for dot in sorted(dots, key=lambda dot: dot.own):
        place = {"x": x(dot.savings_rate), "y": y(dot.payment)}
        look = "own" if dot.own else "plain" if dot.met is None else "met" if dot.met else "missed"
        said = f"{dot.name or 'a seat'}: {percent(dot.savings_rate)} saved, {money(dot.payment)}"
        rows.append({"role": "dot", "look": look, "text": said, **place})
        if dot.own:
            side, away = ("own-left", -1.8) if place["x"] > LEFT + RIGHT * 0.6 else ("own", 1.8)
            rows.append(text(side, place["x"] + away, place["y"] + 4, f"you {money(dot.payment)}"))
    return rows


def _grid(low: float, high: float, under: float, over: float, x: Any, y: Any) -> list[Row]:  # noqa: ANN401
    rows: list[Row] = []
    step = even_step(max((high - low) / TICKS_ACROSS, ON_AXIS))
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        rate = number * step
        rows.append(text("tick", x(rate), FLOOR - 6, percent(rate, 0 if step >= 0.01 else 1)))  # noqa: PLR2004
    step = even_step(max((over - under) / TICKS_UP, ON_AXIS), (1, 2, 2.5, 5, 10))
    for number in range(math.ceil(under / step), math.floor(over / step) + 1):
        at, look = y(number * step), "zero" if number == 0 else "even"
        rows.append({"role": "grid", "look": look, "x": LEFT, "x2": RIGHT, "y": at, "y2": at})
        rows.append(text("tick-left", LEFT - 0.8, at, money(number * step)))
    return rows


@cache
def _built(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, 100, downwards=False)
    layers = [
        marks_of("grid")
        .mark_rule(color=by_look(zero=ink.line, even=ink.grid), strokeWidth=1)
        .encode(**span),
        marks_of("curve")
        .mark_line(strokeWidth=3, color=ink.medicare, strokeJoin="round")
        .encode(**at, order="x:Q"),
        marks_of("dot")
        .mark_point(
            opacity=0.9,
            strokeWidth=by_look(plain=1.25, met=1.25, missed=2, own=2.5),
            shape=by_look(plain="circle", met="circle", missed="diamond", own="circle"),
            size=by_look(plain=90, met=100, missed=80, own=190),
            fill=by_look(plain=ink.earned, met=ink.earned, missed=ink.background, own=ink.left),
            stroke=by_look(plain=ink.background, met=ink.background, missed=ink.owed, own=ink.text),
            tooltip=alt.ExprRef(expr="datum.text"),
        )
        .encode(**at),
        *labels(LOOKS, ink, at, narrow=0),
    ]
    return framed(layers, HEIGHT)


SEATS = {"role": pa.string(), "look": pa.string(), "x": pa.float32(), "y": pa.float32()}


def on_the_map(
    drawn: Picture,
    places: Sequence[tuple[Dot, float]],
    frontier: Sequence[tuple[float, float]],
    theme: Theme,
) -> Picture:
    """Return a trade-off map with a dot for each seat, and the frontier as a line.

    The map's own dot, which would pass for a seat, is left away with its label.

    Parameters
    ----------
    drawn : the map, as ``charts.tradeoff`` draws it
    places : each dot with its quality score, a fraction
    frontier : savings rates and scores, fractions, upwards
    """
    rows: list[Row] = [
        {"role": "frontier", "look": "", "x": rate * 100, "y": score * 100}
        for rate, score in frontier
    ]
    rows += [
        {
            "role": "seat", "x": dot.savings_rate * 100, "y": score * 100,
            "look": "own" if dot.own else "missed" if dot.met is False else "met",
        }
        for dot, score in sorted(places, key=lambda place: place[0].own)
    ]  # fmt: skip
    return Picture(
        spec={**drawn.spec, "layer": [*_without_dot(drawn.spec["layer"]), *_over_the_map(theme)]},
        datasets={**drawn.datasets, "seats": arrow(rows, SEATS)},
        description=drawn.description,
        table=drawn.table,
    )


def _without_dot(layers: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for layer in layers:
        kept = [step.get("filter", "") for step in layer.get("transform", ())]
        if any(f"'{role}'" in step for step in kept for role in ("dot", "leader")):
            continue
        if any("'text'" in step for step in kept):
            no_label = {"filter": "indexof(datum.look, '-') < 0"}
            yield {**layer, "transform": [*layer["transform"], no_label]}
        else:
            yield layer


@cache
def _over_the_map(theme: Theme) -> tuple[dict[str, Any], ...]:
    """Return the layers of the seats and of the frontier."""
    ink = INK[theme]
    seats = alt.Chart(alt.NamedData(name="seats"))
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    line = (
        seats.transform_filter("datum.role === 'frontier'")
        .mark_line(color=ink.text, strokeWidth=2.5, strokeDash=[6, 3])
        .encode(**at, order="y:Q")
    )
    dots = (
        seats.transform_filter("datum.role === 'seat'")
        .mark_point(
            opacity=1,
            strokeWidth=1.5,
            size=by_look(met=90, missed=70, own=190),
            shape=by_look(met="circle", missed="diamond", own="circle"),
            fill=by_look(met=ink.text, missed=ink.background, own=ink.left),
            stroke=by_look(met=ink.background, missed=ink.text, own=ink.text),
        )
        .encode(**at)
    )
    return tuple(layer.to_dict() for layer in (line, dots))
