"""The trade-off map: savings and quality to dollars, one area a band, the cliffs crisp.

Over 500 lines: one picture, from its bands to its labels.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import (
    SAVED_OR_OVERSPENT,
    ZONE_IN_ITALICS,
    axis_labels,
    axis_title,
    savings_rates,
    shown_millions,
    text,
)
from mssp_sim.charts.theme import (
    ANYWHERE,
    INK,
    Ink,
    Picture,
    Row,
    Theme,
    arrow,
    arrow_columns,
    by_look,
    fitted,
    framed,
    hatch,
    marks_of,
)
from mssp_sim.figures import money, needed_digits, percent, score
from mssp_sim.studies.tradeoff import Tradeoff
from mssp_sim.tolerances import ON_AXIS
from mssp_sim.units import Array

HEIGHT = 440
PIXELS_WIDE, PIXELS_HIGH = 650, 372
MOST_TICKS = 8
SPOTS_WIDE, SPOTS_HIGH = 28, 30
"""How finely a click tells places apart."""

LABEL = 118
"""Pixels that the label of a dot takes."""

NARROWEST = 20
"""Pixels under which a band has no label."""

BESIDE_THE_STANDARD = 4
"""Points within which the standard takes the place of a mark on the axis."""

Side = Literal["earned", "owed"]
Place = tuple[float, float]

CHOICE = "chosen"
"""The selection of the spot that was clicked."""

EARNED = {
    "light": ("#BBD9EC", "#93C3E0", "#66A9D2", "#2878AD", "#00629A", "#004A75"),
    "dark": ("#0B3550", "#00507D", "#1F6FA3", "#56A0CF", "#8FC3E3", "#C4E0F1"),
}
OWED = {
    "light": ("#F6CDB4", "#EDB08B", "#E59A6D", "#DD7A3B", "#D55E00", "#A84A00"),
    "dark": ("#4A2410", "#703512", "#964815", "#C4612A", "#F0803C", "#FFB487"),
}
"""Bands of dollars, the one next to zero first."""

COLOURS = 6
FLIP = 3
"""The first band whose labels need the other ink."""

AREAS = {"y": pa.float64(), "x": pa.float64(), "x2": pa.float64(), "band": pa.string()}
MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float64(), "y": pa.float64(),
    "x2": pa.float64(), "y2": pa.float64(), "text": pa.string(), "short": pa.string(),
    "room": pa.float64(), "need": pa.float64(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Band:
    """One band of dollars: from where on, at each score, so much at least is earned or owed.

    ``nth`` counts outward from zero; ``dollars`` is where the band begins, never negative, and
    ``edge`` the savings rate at which it does, NaN where that is not on the map.
    """

    side: Side
    nth: int
    dollars: float
    edge: Array

    @property
    def look(self) -> str:
        """Its colour: the outermost ones share the last."""
        return f"{self.side}{min(self.nth, COLOURS - 1)}"


def bands(found: Tradeoff) -> tuple[Band, ...]:
    """Return the bands of what is earned and of what is owed, each outward from zero."""
    edges = dict(zip(found.bands.tolist(), found.threshold, strict=True))
    starts = {
        "earned": _start(found.savings_rate, found.payment),
        "owed": -_start(-found.savings_rate[::-1], -found.payment[:, ::-1]),
    }
    out: dict[Side, list[float]] = {
        "earned": [band for band in edges if band > 0],
        "owed": sorted((band for band in edges if band < 0), reverse=True),
    }
    return tuple(
        Band(side, nth, abs(band), edges[band] if nth else starts[side])
        for side, every in out.items()
        for nth, band in enumerate([0.0, *every])
    )


def _start(rates: Array, payment: Array) -> Array:
    """Return the rate at which each row begins to pay: at a cliff, or where its line leaves 0."""
    paid = payment > 1
    at = np.argmax(paid, axis=1)
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, len(rates) - 1)
    rows = np.arange(len(payment))
    rise = payment[rows, after] - payment[rows, at]
    climbed = payment[rows, at] * (rates[after] - rates[at])
    run = np.divide(climbed, rise, out=np.zeros(len(rows)), where=rise > 0)
    found = np.clip(rates[at] - run, rates[before], rates[at])
    return np.where(paid.any(axis=1), found, np.nan)


def tradeoff(
    found: Tradeoff,
    baseline: tuple[float, float, float] | None,
    theme: Theme,
    description: str,
    *,
    turn: int = 0,
) -> Picture:
    """Return the map.

    Parameters
    ----------
    found : rates, scores and what they pay
    baseline : its savings rate, score and payment in dollars; None if it is where the dot is
    description : the sentences read to who cannot see it
    turn : counts the clicks taken, so that the same spot can be clicked again
    """
    sheet = MapScale(found, bands(found))
    near = [at for at in range(0, 101, 10) if abs(at - sheet.standard) < BESIDE_THE_STANDARD]
    hidden = near[0] if near and sheet.standard >= sheet.bottom else None
    return Picture(
        spec=_spec(theme, sheet.low, sheet.high, sheet.bottom, hidden),
        datasets={
            "areas": arrow(_areas(sheet), AREAS),
            "marks": arrow(_marks(sheet, baseline), MARKS),
            "spots": arrow_columns(_spots(found, turn)),
        },
        description=description,
        table=lambda: _table(found),
    )


@dataclass(frozen=True, slots=True)
class MapScale:
    """The map on paper: rates and scores in percent, and how much of them a pixel is."""

    found: Tradeoff
    bands: tuple[Band, ...]

    @property
    def low(self) -> float:
        """The lowest savings rate."""
        return round(float(self.found.savings_rate[0]) * 100, 6)

    @property
    def high(self) -> float:
        """The highest savings rate."""
        return round(float(self.found.savings_rate[-1]) * 100, 6)

    @property
    def bottom(self) -> float:
        """The lowest score."""
        return round(float(self.found.quality_score[0]) * 100, 6)

    @property
    def standard(self) -> float:
        """The score of the full quality standard."""
        return self.found.standard * 100

    @property
    def per_x(self) -> float:
        """Percent a pixel, about."""
        return (self.high - self.low) / PIXELS_WIDE

    @property
    def per_y(self) -> float:
        """Points a pixel, about."""
        return (100 - self.bottom) / PIXELS_HIGH

    def edge(self, band: Band) -> Array:
        """Return where a band begins at each score; the end of the map where it is not on it."""
        end = self.high if band.side == "earned" else self.low
        return np.where(np.isnan(band.edge), end, band.edge * 100)

    def row(self, at: float) -> int:
        """Return the row of a score."""
        return int(np.argmin(np.abs(self.found.quality_score * 100 - at)))

    def zero(self, at: float) -> tuple[float, float]:
        """Return the ends of the region without money at a score."""
        first = {band.side: band for band in self.bands if band.nth == 0}
        row = self.row(at)
        return float(self.edge(first["owed"])[row]), float(self.edge(first["earned"])[row])


def _areas(sheet: MapScale) -> list[Row]:
    """Return each band out to the end of the map: the next one covers what is its own.

    So no seam shows between two bands.
    """
    scores = (sheet.found.quality_score * 100).tolist()
    rows: list[Row] = []
    for band in sheet.bands:
        end, edge = sheet.high if band.side == "earned" else sheet.low, sheet.edge(band)
        if np.any(edge != end):
            rows += [
                {"y": y, "x": x, "x2": end, "band": band.look}
                for y, x in zip(scores, edge.tolist(), strict=True)
            ]
    return rows


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map and what it comes to; rate and score in percent."""

    name: str
    x: float
    y: float
    dollars: float


def _marks(sheet: MapScale, baseline: tuple[float, float, float] | None) -> list[Row]:
    found, low, high, bottom = sheet.found, sheet.low, sheet.high, sheet.bottom
    pitch = (8 * sheet.per_x, 8 * sheet.per_y)
    rows: list[Row] = list(hatch((low, high, bottom, 100.0), pitch, "hatch"))
    edges = {found.minimum_savings_rate * 100}
    if found.minimum_loss_rate is not None:
        edges.add(-found.minimum_loss_rate * 100)
    rows += [{"role": "minimum", "x": edge} for edge in sorted(edges) if low < edge < high]
    placed = [("baseline", baseline)] if baseline else []
    dots = [
        Dot(name, rate * 100, own * 100, dollars)
        for name, (rate, own, dollars) in [*placed, ("now", found.here)]
        if low <= rate * 100 <= high and own * 100 >= bottom - ON_AXIS
    ]
    labels = _dot_labels(sheet, dots)
    taken = [*((dot.x, dot.y) for dot in dots), *((row["x"], row["y"]) for row in labels)]
    rows += _standard(sheet, taken)
    rows += _band_labels(sheet, taken)
    rows += _zone_label(sheet, taken)
    rows += labels
    return rows + [{"role": "dot", "look": dot.name, "x": dot.x, "y": dot.y} for dot in dots]


def _dot_labels(sheet: MapScale, dots: Sequence[Dot]) -> list[Row]:
    """Return the labels of the dots, in the region without money, each with a leader."""
    rows: list[Row] = []
    beside, apart = 11 * sheet.per_x, 10 * sheet.per_y
    close = len(dots) > 1 and abs(dots[0].y - dots[1].y) < 2 * apart
    for dot in dots:
        y = dot.y
        if close:
            y += apart if dot is max(dots, key=lambda one: one.y) else -apart
        y = min(max(y, sheet.bottom + apart), 100 - apart)
        left, right = sheet.zero(dot.y)
        words = f"owes {money(-dot.dollars)}" if dot.dollars < 0 else money(dot.dollars)
        named = f"{dot.name} {words}"
        inside, roomy = left <= dot.x <= right, right - left > LABEL * sheet.per_x
        if roomy and not inside:
            earns = dot.x > right
            x = right - beside if earns else left + beside
            tip = 4 * sheet.per_x if earns else -4 * sheet.per_x
            rows.append({"role": "leader", "x": x + tip, "x2": dot.x, "y": y, "y2": dot.y})
            rows.append(text("dot-right" if earns else "dot-left", x, y, named, words))
            continue
        end = right if roomy else sheet.high
        free = dot.x + LABEL * sheet.per_x < end
        x, kind = (dot.x + beside if free else dot.x - beside), "dot" if inside else "plate"
        rows.append(text(f"{kind}-{'left' if free else 'right'}", x, y, named, words))
    return rows


def _standard(sheet: MapScale, taken: Sequence[Place]) -> list[Row]:
    """Return the line of the standard, its score beside the axis, its name where there is room."""
    at = sheet.standard
    if at < sheet.bottom:
        return []
    shown = score(sheet.found.standard)
    rows = [{"role": "standard", "y": at}, text("axis", sheet.low - 7 * sheet.per_x, at, shown)]
    left, right = sheet.zero(at)
    y = at + 9 * sheet.per_y
    if right - left > LABEL * sheet.per_x and not _near(taken, y, 16 * sheet.per_y):
        name = text("standard", left + 5 * sheet.per_x, y, "full quality standard", "standard")
        rows.append(name)
    return rows


def _near(taken: Sequence[Place], y: float, far: float) -> bool:
    return any(abs(y - other) < far for _, other in taken)


def _zone_label(sheet: MapScale, taken: Sequence[Place]) -> list[Row]:
    """Return the name of the region without money, at a height where no dot is."""
    for part in (0.3, 0.14, 0.8):
        y = sheet.bottom + (100 - sheet.bottom) * part
        left, right = sheet.zero(y)
        right = min(right, max(sheet.found.minimum_savings_rate * 100, left))
        if right > left and not _near(taken, y, 30 * sheet.per_y):
            label = text("zone", (left + right) / 2, y, "no money\nchanges hands")
            return [{**label, "room": (right - left) / (sheet.high - sheet.low), "need": 100.0}]
    return []


def _band_labels(sheet: MapScale, taken: Sequence[Place]) -> list[Row]:
    """Return the dollars at which each band begins, at the top and, if it bends, at the foot."""
    rows: list[Row] = []
    heights = (100 - 14 * sheet.per_y, sheet.bottom + 16 * sheet.per_y)
    for band, after in itertools.zip_longest(sheet.bands, sheet.bands[1:]):
        if band.nth == 0:
            continue
        owed = band.side == "owed"
        begins = sheet.edge(band)
        ends = np.full_like(begins, sheet.low if owed else sheet.high)
        if after is not None and after.side == band.side:
            ends = sheet.edge(after)
        words = f"{'owe ' if owed else ''}${band.dollars / 1e6:,g}M"
        shown: float | None = None
        for y in heights:
            row = sheet.row(y)
            edge, gap = float(begins[row]), abs(float(ends[row] - begins[row]))
            x = edge + (-5 if owed else 5) * sheet.per_x
            bent = shown is None or abs(edge - shown) > NARROWEST * sheet.per_x
            if gap < NARROWEST * sheet.per_x or not bent:
                continue
            if any(
                abs(x - a) < 40 * sheet.per_x and abs(y - b) < 16 * sheet.per_y for a, b in taken
            ):
                continue
            room = {"room": gap / (sheet.high - sheet.low), "need": 7.0 * len(words) + 6}
            rows.append(text(band.look, x, y, words) | room)
            shown = edge
    return rows


def _spots(found: Tradeoff, turn: int) -> dict[str, Array]:
    """Return the places that can be clicked: they tile the map."""
    rates, scores = found.savings_rate, found.quality_score
    every = np.linspace(rates[0], rates[-1], SPOTS_WIDE + 1)
    level = np.linspace(scores[0], 1.0, SPOTS_HIGH + 1)
    columns = np.argmin(np.abs(rates[:, None] - every), axis=0)
    lines = np.argmin(np.abs(scores[:, None] - level), axis=0)
    x, y = np.meshgrid(np.round(rates[columns] * 100, 3), np.round(scores[lines] * 100, 3))
    wide, tall = (every[1] - every[0]) * 50, (level[1] - level[0]) * 50
    columns_of = {
        "x": x, "x0": np.maximum(x - wide, x.min()), "x1": np.minimum(x + wide, x.max()),
        "y": y, "y0": np.maximum(y - tall, y.min()), "y1": np.minimum(y + tall, y.max()),
        "paid": found.payment[np.ix_(lines, columns)] / 1e6, "turn": np.full(x.shape, turn),
    }  # fmt: skip
    return {name: values.ravel() for name, values in columns_of.items()}


def _table(found: Tradeoff) -> tuple[Row, ...]:
    """Return the map as rows of scores and columns of rates, the dot's own among both."""
    rate, own, _ = found.here
    low, high = float(found.savings_rate[0]), float(found.savings_rate[-1])
    step = 0.01 * max(1, round((high - low) / 0.16))
    rates = np.unique(np.round([*np.arange(low, high + step / 2, step), rate], 6))
    tens = np.arange(found.quality_score[0], 1.001, 0.1)
    scores = np.unique(np.round([*tens, found.standard, own], 6))
    return tuple(
        {
            "Quality score": score(at, needed_digits(score, at, round(at, 3))),
            **{
                f"{'Overspent' if x < 0 else 'Saved'} {percent(abs(x))}": money(found.at(x, at))
                for x in rates.tolist()
            },
        }
        for at in scores[::-1].tolist()
    )


def _spec(
    theme: Theme, low: float, high: float, bottom: float, hidden: int | None
) -> dict[str, Any]:
    steps = (step * 10**power for power in range(9) for step in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= MOST_TICKS)
    first = -int(-low // step) * step if low < 0 else 0
    tens = [at for at in range(round(bottom), 101, 10) if at != hidden]
    return fitted(
        _built(theme),
        x=((low, high), range(first, int(high) + 1, step)),
        y=((bottom, 100), tens),
    )


@cache
def _built(theme: Theme) -> dict[str, Any]:
    """Build the specification: no figure of a scenario is in it."""
    ink = INK[theme]
    x = savings_rates(ink)
    y = alt.Y("y:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        grid=False,
        **axis_labels(ink),
        values=[],
        **axis_title(ink, "quality score"),
        minExtent=32,
    )  # fmt: skip
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    looks = [f"{kind}{n}" for kind in ("earned", "owed") for n in range(COLOURS)]
    colours = alt.Color("band:N").scale(
        domain=looks, range=[*EARNED[theme], *OWED[theme]]
    ).legend(None)  # fmt: skip
    choice = alt.selection_point(
        name=CHOICE, fields=["x", "y", "turn"], on="click", toggle=False, clear=False, empty=False
    )
    layers = [
        marks_of("hatch")
        .mark_rule(color=ink.medicare, opacity=0.38, strokeWidth=1)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        alt.Chart(alt.NamedData(name="areas"))
        .mark_area(orient="horizontal", opacity=1)
        .encode(**at, x2="x2:Q", color=colours),
        marks_of("minimum")
        .mark_rule(color=ink.text, strokeWidth=1.25, strokeDash=[2, 3])
        .encode(x="x:Q"),
        marks_of("standard")
        .mark_rule(color=ink.text, strokeWidth=1.25, strokeDash=[2, 3])
        .encode(y="y:Q"),
        marks_of("leader")
        .mark_rule(color=ink.text, strokeWidth=1)
        .encode(**at, x2="x2:Q", y2="y2:Q"),
        marks_of("dot")
        .mark_point(
            filled=True,
            opacity=1,
            strokeWidth=2,
            fill=by_look(baseline=ink.background, now=ink.text),
            stroke=by_look(baseline=ink.text, now=ink.background),
            size=by_look(baseline=110, now=190),
        )
        .encode(**at),
        *(marks_of("text").mark_text(**style).encode(**at) for style in _texts(theme, ink)),
        alt.Chart(alt.NamedData(name="spots"))
        .transform_calculate(
            At=SAVED_OR_OVERSPENT,
            Quality="format(datum.y, '.1f')",
            **{"You get": shown_millions("paid")},
        )
        .mark_rect(opacity=0, cursor="pointer")
        .encode(
            x="x0:Q", x2="x1:Q", y="y0:Q", y2="y1:Q", tooltip=["At:N", "Quality:N", "You get:N"]
        )
        .add_params(choice),
    ]  # fmt: skip
    return framed(layers, HEIGHT)


LABELS: dict[str, tuple[str, str]] = {
    "axis": ("right", "bold"),
    "standard": ("left", "normal"),
    "zone": ("center", "normal"),
    "dot-right": ("right", "bold"),
    "dot-left": ("left", "bold"),
    "plate-right": ("right", "bold"),
    "plate-left": ("left", "bold"),
    **{f"earned{n}": ("left", "bold") for n in range(COLOURS)},
    **{f"owed{n}": ("right", "bold") for n in range(COLOURS)},
}
"""Each label's end and weight."""


def _texts(theme: Theme, ink: Ink) -> list[dict[str, Any]]:
    """Return the looks of a label and of the halo under it; on a band there is no halo."""
    base: dict[str, Any] = {
        "text": alt.ExprRef(expr="width < 400 ? datum.short : datum.text"),
        "baseline": "middle",
        "lineBreak": "\n",
        "fontSize": alt.ExprRef(expr="datum.look === 'zone' ? 14 : 13"),
        "lineHeight": 16,
        "align": by_look(**{look: end for look, (end, _) in LABELS.items()}),
        "fontWeight": by_look(**{look: weight for look, (_, weight) in LABELS.items()}),
        "fontStyle": ZONE_IN_ITALICS,
    }
    fits = "!isValid(datum.room) || width * datum.room >= datum.need"
    on_a_band = "test(/^(earned|owed)/, datum.look)"
    halo = {
        "stroke": ink.background,
        "strokeWidth": alt.ExprRef(expr="test(/^plate/, datum.look) ? 12 : 5"),
        "strokeJoin": "round",
        "fill": ink.background,
        "opacity": alt.ExprRef(expr=f"{on_a_band} || !({fits}) ? 0 : 1"),
    }
    flipped = INK["dark" if theme == "light" else "light"].text
    plain = dict.fromkeys(LABELS, ink.text) | {"standard": ink.quiet, "zone": ink.quiet}
    plain |= {f"{kind}{n}": flipped for kind in ("earned", "owed") for n in range(FLIP, COLOURS)}
    shown = {"fill": by_look(**plain), "opacity": alt.ExprRef(expr=f"({fits}) ? 1 : 0")}
    return [base | halo, base | shown]
