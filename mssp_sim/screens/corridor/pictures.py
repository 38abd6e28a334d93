"""Two contracts on one picture, and the minimum to get paid against the size of the ACO."""

import itertools
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import (
    SAVED_OR_OVERSPENT,
    TWIN_MARKS,
    Looks,
    axis_labels,
    axis_title,
    by_tone,
    even_step,
    labels,
    millions,
    no_money_zone,
    savings_rates,
    shown_millions,
    text,
    upright,
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
from mssp_sim.figures import money, percent, plain
from mssp_sim.naming import on_button
from mssp_sim.studies.stakes import AtStake, BySize, Stakes
from mssp_sim.units import Array

HEIGHT = 340
PIXELS_WIDE, PIXELS_HIGH = 470, 290
LABEL_ROOM = 2 / 11
MOST_TICKS, STEPS = 7, (1, 2, 4, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
"""Part of the drawn range kept free on the right for the names of the contracts."""

LETTER = 7.5
"""Pixels a letter of a label takes."""

LINE_APART = 18
"""Pixels between two labels at the ends of the lines, or between one of them and a dot's."""

NARROWEST = 0.6
"""A narrow picture's width of ``PIXELS_WIDE``: there labels show their short twins."""

CAPTION_ROOM = 44 / PIXELS_HIGH
"""Part of the height kept free over the dots, for their labels and the captions over those."""

CAPTIONS_APART = 56 / NARROWEST
"""Pixels between the two captions under which the second has a line of its own."""

STEP = 0.001
CHOICE_STARTS = 5_000.0
SIZES = (1_000.0, 150_000.0)
ALL_SIZES = (100.0, 2_000_000.0)
LINES = {
    "whose": pa.string(), "tone": pa.string(), "part": pa.string(), "x": pa.float32(),
    "y": pa.float32(), "n": pa.int32(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two contracts along savings rates: yours first, then the one it is compared with."""

    stakes: Stakes
    other: str
    savings_rate: Array
    payments: Array
    reach: tuple[float, float]

    @property
    def both(self) -> tuple[AtStake, AtStake]:
        """The two contracts, yours first."""
        return self.stakes.own, self.stakes[self.other]


def contracts(overlay: Overlay, theme: Theme, description: str) -> Picture:
    """Return the payoff curves of two contracts, with this result and its other side."""
    low, high = (end * 100 for end in overlay.reach)
    right = high + (high - low) * LABEL_ROOM
    bottom, top = _scale(overlay)
    even = np.abs(overlay.savings_rate / STEP - np.round(overlay.savings_rate / STEP)) < STEP
    x, (own, other) = overlay.savings_rate[even], overlay.payments[:, even]
    names = [row.name for row in overlay.both]
    return Picture(
        spec=_spec(theme, round(low), round(right, 2), bottom, top),
        datasets={
            "lines": arrow(_lines(overlay), LINES),
            "marks": arrow(_marks(overlay, bottom, top, right), TWIN_MARKS),
            "hover": arrow_columns({"x": x * 100, "y": own / 1e6, "other": other / 1e6}),
        },
        description=description,
        table=lambda: tuple(
            {
                "Saved or overspent": percent(rate),
                names[0]: money(a),
                names[1]: money(b),
                f"{names[0]}, dollars": round(float(a), 2),
                f"{names[1]}, dollars": round(float(b), 2),
            }
            for rate, a, b in zip(x, own, other, strict=True)
        ),
    )


def _scale(overlay: Overlay) -> tuple[float, float]:
    """Return the ends of the dollar axis in millions, in even steps."""
    best = max(float(np.max(overlay.payments)) / 1e6, 0.0)
    worst = max(-float(np.min(overlay.payments)) / 1e6, 0.0)
    step = even_step(max(best + worst, 0.01) / 12)
    low = -max(math.ceil(worst * 1.06 / step), 2) * step
    dots = [dollars for row in overlay.both for dollars in (row.payment, row.mirror)]
    over_dots = (max(dots) / 1e6 - CAPTION_ROOM * low) / (1 - CAPTION_ROOM)
    high = max(math.ceil(best * 1.1 / step), math.ceil(over_dots / step), 2) * step
    return round(low, 6), round(high, 6)


def _lines(overlay: Overlay) -> list[Row]:
    x = overlay.savings_rate * 100
    rows: list[Row] = []
    for whose, y in zip(("own", "other"), overlay.payments / 1e6, strict=True):
        sign = np.sign(np.round(y, 9))
        starts = [0, *(np.flatnonzero(np.diff(sign)) + 1), len(x)]
        for start, end in itertools.pairwise(starts):
            line = [(float(x[n]), float(y[n])) for n in range(start, end)]
            side = float(sign[start])
            if side and start:
                line.insert(0, (line[0][0], 0.0))
            if side and end < len(x):
                line.append((line[-1][0], 0.0))
            tone = _tone(overlay, side) if whose == "own" else "other"
            part = f"{whose}{start}"
            rows += [
                {"whose": whose, "tone": tone, "part": part, "x": a, "y": b, "n": n}
                for n, (a, b) in enumerate(line)
            ]
    return rows


def _tone(overlay: Overlay, side: float) -> str:
    """Return the colour of a limb of your line: the owed one only while you owe."""
    if side > 0:
        return "earned"
    if side < 0:
        return "owed" if overlay.stakes.own.payment < 0 else "quiet"
    return "zone"


def _marks(overlay: Overlay, bottom: float, top: float, right: float) -> list[Row]:
    own, other = overlay.both
    low, high = (end * 100 for end in overlay.reach)
    per_x, per_y = (right - low) / PIXELS_WIDE, (top - bottom) / PIXELS_HIGH
    start = -own.minimum * 100 if own.two_sided else low
    end = min(own.minimum * 100, high)
    rows: list[Row] = []
    if end > max(start, low):
        box = (max(start, low), end, bottom, top)
        rows.append({"role": "zone", "x": box[0], "x2": end, "y": bottom, "y2": top})
        rows += hatch(box, (8 * per_x, 8 * per_y), "hatch")
    for row in (own, other):
        edges = (row.minimum * 100, -row.minimum * 100) if row.two_sided else (row.minimum * 100,)
        look = "own" if row is own else "other"
        rows += [{"role": "minimum", "look": look, "x": x} for x in edges if low < x < high]
    rows += _one_sided(overlay, low, per_x, per_y)
    ends = _ends(overlay, high + 6 * per_x, per_y)
    rows += ends
    rate = overlay.stakes.savings_rate * 100
    points = (
        ("now", rate, own.payment, other.payment),
        ("mirror", -rate, own.mirror, other.mirror),
    )
    for when, x, mine, theirs in points[: 1 if abs(rate) < STEP else 2]:
        if low <= x <= high:
            rows.append({"role": "here", "look": when, "x": x})
            rows.append({"role": "dot", "look": f"other-{when}", "x": x, "y": theirs / 1e6})
            look = _now_look(mine) if when == "now" else "mirror"
            rows.append({"role": "dot", "look": look, "x": x, "y": mine / 1e6})
            room = (x - low) / per_x
            for label in _dollars(x, mine, theirs, per_x, per_y, room, (own.name, other.name)):
                rows.append(_under_the_ends(label, ends, per_x, per_y))
    rows.append(text("caption", max(rate, low), top - 9 * per_y, "now"))
    if abs(rate) >= STEP:
        near = 2 * abs(rate) < CAPTIONS_APART * per_x
        line = top - (9 + LINE_APART * near) * per_y
        other_way = "if overspent" if rate > 0 else "if saved"
        rows.append(text("caption", min(max(-rate, low), high), line, other_way))
    return rows


def _under_the_ends(label: Row, ends: list[Row], per_x: float, per_y: float) -> Row:
    """Return a dot's label moved down where it would run into the name of a line."""
    if not str(label["look"]).endswith("-right"):
        return label
    letters = max(len(str(label["text"])), len(str(label["short"])) / NARROWEST)
    reaches, apart, y = label["x"] + LETTER * letters * per_x, LINE_APART * per_y, label["y"]
    for end in sorted(ends, key=lambda row: -row["y"]):
        if end["x"] < reaches and abs(end["y"] - y) < apart:
            y = end["y"] - apart
    return label | {"y": y}


def _now_look(payment: float) -> str:
    return "earning" if payment > 0 else "owing" if payment < 0 else "nothing"


def _one_sided(overlay: Overlay, low: float, per_x: float, per_y: float) -> list[Row]:
    flat = [row.name for row in overlay.both if not row.two_sided]
    if not flat:
        return []
    words = f"{' and '.join(flat)}: one-sided, flat at zero"
    return [text("note", low + 4 * per_x, 12 * per_y, words, f"{' and '.join(flat)}: one-sided")]


def _ends(overlay: Overlay, x: float, per_y: float) -> list[Row]:
    """Return the names at the ends of the two lines, one if they end together."""
    own, other = (float(line[-1]) / 1e6 for line in overlay.payments)
    names = [row.name for row in overlay.both]
    if abs(own - other) < per_y:
        return [text("end-own", x, own, "both")]
    if abs(own - other) < LINE_APART * per_y:
        middle, half = (own + other) / 2, LINE_APART / 2 * per_y
        own, other = (
            (middle + half, middle - half) if own > other else (middle - half, middle + half)
        )
    return [
        text("end-own", x, own, names[0], on_button(names[0])),
        text("end-other", x, other, names[1], on_button(names[1])),
    ]


def _dollars(
    x: float,
    mine: float,
    theirs: float,
    per_x: float,
    per_y: float,
    room: float,
    names: tuple[str, str],
) -> list[Row]:
    """Return what each contract makes of one spending: the upper on the left, the lower right.

    ``room`` is what the axis leaves on the left, in pixels.
    """
    if abs(mine - theirs) / 1e6 < per_y:
        if abs(mine) < 1:
            return []
        return [text("dollars-right", x + 11 * per_x, mine / 1e6 - 11 * per_y, money(mine))]
    pairs = sorted(((mine, "own", names[0]), (theirs, "other", names[1])), reverse=True)
    rows = []
    for side, (dollars, whose, name) in zip(("left", "right"), pairs, strict=True):
        if abs(dollars) < 1:
            continue
        shift = -1 if side == "left" else 1
        words, short = f"{name} {money(dollars)}", money(dollars)
        at, y = x + shift * 10 * per_x, dollars / 1e6 - shift * 10 * per_y
        if side == "left" and room < LETTER * len(words) + 10:
            words, side, at, y = short, "above", x, dollars / 1e6 + 18 * per_y  # noqa: PLW2901
        rows.append(text(f"{whose}-{side}", at, y, words, short))
    return rows


def _spec(theme: Theme, low: float, right: float, bottom: float, top: float) -> dict[str, Any]:
    room = LABEL_ROOM / (1 + LABEL_ROOM)
    last = low + (right - low) * (1 - room)
    step = next(each for each in STEPS if (last - low) / each <= MOST_TICKS)
    first = math.ceil(low / step) * step
    ticks = range(first, math.floor(last) + 1, step)
    return fitted(_built(theme), x=((low, right), ticks), y=((bottom, top), None))


@cache
def _built(theme: Theme) -> dict[str, Any]:
    """Build the specification: no figure of a scenario is in it."""
    ink = INK[theme]
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    lines = alt.Chart(alt.NamedData(name="lines"))
    layers = [
        *no_money_zone(ink, savings_rates(ink), millions(ink)),
        marks_of("minimum")
        .mark_rule(
            color=ink.quiet, strokeWidth=1.25, strokeDash=[2, 3],
            opacity=by_look(own=1.0, other=0.5),
        )
        .encode(x="x:Q"),
        marks_of("here")
        .mark_rule(color=ink.text, strokeWidth=1, opacity=by_look(now=0.55, mirror=0.25))
        .encode(x="x:Q"),
        lines.transform_filter("datum.whose === 'other'")
        .mark_line(color=ink.text, strokeWidth=1.75, strokeDash=[7, 3], strokeJoin="round")
        .encode(**at, detail="part:N", order="n:Q"),
        lines.transform_filter("datum.whose === 'own'")
        .mark_line(strokeWidth=3, strokeJoin="round")
        .encode(**at, color=by_tone(ink), detail="part:N", order="n:Q"),
        marks_of("dot")
        .mark_point(filled=True, opacity=1, strokeWidth=2, **_dots(ink))
        .encode(**at),
        *labels(ENDS, ink, narrow=NARROW_OVERLAY),
        upright(
            alt.Chart(alt.NamedData(name="hover")).transform_calculate(
                At=SAVED_OR_OVERSPENT,
                **{"Your contract": shown_millions("y"), "The other": shown_millions("other")},
            ),
            STEP * 100,
            ["At:N", "Your contract:N", "The other:N"],
        ),
    ]  # fmt: skip
    return framed(layers, HEIGHT)


def _dots(ink: Ink) -> dict[str, Any]:
    """Return the looks of the dots: yours filled, the other hollow and square, mirrors small."""
    ground = ink.background
    return {
        "fill": by_look(**{
            "earning": ink.earned, "nothing": ink.text, "owing": ink.owed, "mirror": ink.medicare,
            "other-now": ground, "other-mirror": ground,
        }),
        "stroke": by_look(**{
            "earning": ground, "nothing": ground, "owing": ground, "mirror": ground,
            "other-now": ink.text, "other-mirror": ink.text,
        }),
        "size": by_look(**{
            "earning": 190, "nothing": 190, "owing": 190, "mirror": 110,
            "other-now": 90, "other-mirror": 60,
        }),
        "shape": by_look(**{
            "earning": "circle", "nothing": "circle", "owing": "triangle-down",
            "mirror": "circle", "other-now": "square", "other-mirror": "square",
        }),
    }  # fmt: skip


ENDS: Looks = {
    "caption": ("quiet", "center", "normal"),
    "note": ("text", "left", "normal"),
    "end-own": ("earned_text", "left", "bold"),
    "end-other": ("text", "left", "normal"),
    "own-left": ("text", "right", "bold"),
    "own-right": ("text", "left", "bold"),
    "own-above": ("text", "center", "bold"),
    "other-above": ("text", "center", "normal"),
    "other-left": ("text", "right", "normal"),
    "other-right": ("text", "left", "normal"),
    "dollars-right": ("text", "left", "bold"),
    "size": ("quiet", "left", "normal"),
    "you": ("text", "left", "bold"),
    "you-left": ("text", "right", "bold"),
}
NARROW, NARROW_OVERLAY = 300, 420
"""Pixels under which the labels show their short twins."""


def reach_of(people: float) -> tuple[float, float]:
    """Return the sizes to draw: the lever's reach, or all there can be.

    Examples
    --------
    >>> reach_of(45_000), reach_of(300_000)
    ((1000.0, 150000.0), (100.0, 2000000.0))
    """
    return SIZES if SIZES[0] <= people <= SIZES[1] else ALL_SIZES


def minimum_by_size(sizes: BySize, theme: Theme, description: str) -> Picture:
    """Return the minimum to get paid against the number of people, with you on it."""
    low, high = reach_of(sizes.own_people)
    people = max(sizes.own_people, low)
    highest = 13.0 if low < SIZES[0] else 10.0
    lines = [
        {"whose": whose, "tone": "", "part": whose, "x": x, "y": y * 100, "n": n}
        for whose, line in (("table", sizes.by_table), ("yours", sizes.yours))
        for n, (x, y) in enumerate(zip(sizes.people, line, strict=True))
    ]
    right = people > math.sqrt(low * high) * 2
    you = f"you: {percent(sizes.own_minimum, 2)}\nat {plain(sizes.own_people, 0)}"
    shift = 1 / 1.12 if right else 1.12
    line = highest / 12
    own = sizes.own_minimum * 100
    below = right and own > 2.4 * line
    beside = own - 1.5 * line if below else max(own, _table_at(sizes, people) * 100) + 1.7 * line
    look = "you-left" if right else "you"
    named = low * (1.7 if low == SIZES[0] else 17)
    over = 0.4
    if sizes.chosen and low == SIZES[0]:  # where the two lines part
        named, over = CHOICE_STARTS, 1.1
    marks = [
        text("size", named * 1.1, _table_at(sizes, named) * 100 + line * over, "by size"),
        {"role": "dot", "look": "nothing", "x": people, "y": own},
        text(look, people * shift, beside, you),
    ]
    known = tuple(
        {"People": plain(x, 0), "By size": percent(a, 2), "Yours": percent(b, 2)}
        for x, a, b in zip(sizes.people, sizes.by_table, sizes.yours, strict=True)
    )
    return Picture(
        spec=_size_spec(theme, low, high, highest),
        datasets={"lines": arrow(lines, LINES), "marks": arrow(marks, TWIN_MARKS)},
        description=description,
        table=lambda: known,
    )


def _table_at(sizes: BySize, people: float) -> float:
    return float(np.interp(people, sizes.people, sizes.by_table))


def _size_spec(theme: Theme, low: float, high: float, top: float) -> dict[str, Any]:
    ticks = [1_000, 5_000, 20_000, 60_000, 150_000]
    if high > SIZES[1]:
        ticks = [100, 1_000, 10_000, 100_000, 1_000_000]
    return fitted(_built_by_size(theme), x=((low, high), ticks), y=((0, top), None))


@cache
def _built_by_size(theme: Theme) -> dict[str, Any]:
    """Build the specification: no figure of a scenario is in it."""
    ink = INK[theme]
    x = alt.X("x:Q", title=None).scale(type="log", domain=ANYWHERE, nice=False).axis(
        grid=False,
        values=[],
        **axis_labels(ink),
        labelExpr="datum.value >= 1e6 ? datum.value / 1e6 + 'M' : "
        "datum.value >= 1000 ? datum.value / 1000 + 'k' : datum.value",
        **axis_title(ink, "assigned people"),
    )  # fmt: skip
    y = alt.Y("y:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        gridColor=ink.grid, **axis_labels(ink), tickCount=6, labelExpr="datum.value + '%'"
    )  # fmt: skip
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    lines = alt.Chart(alt.NamedData(name="lines"))
    layers = [
        lines.transform_filter("datum.whose === 'table'")
        .mark_line(color=ink.medicare, strokeWidth=1.75, strokeDash=[6, 4])
        .encode(x=x, y=y, order="n:Q"),
        lines.transform_filter("datum.whose === 'yours'")
        .mark_line(color=ink.text, strokeWidth=2.5, strokeJoin="round")
        .encode(**at, order="n:Q"),
        marks_of("dot")
        .mark_point(filled=True, opacity=1, size=190, strokeWidth=2,
                    fill=ink.text, stroke=ink.background)
        .encode(**at),
        *labels(ENDS, ink, narrow=NARROW),
        lines.transform_filter("datum.whose === 'yours'")
        .transform_calculate(
            People="format(datum.x, ',.0f')", Minimum="format(datum.y, '.2f') + '%'"
        )
        .mark_point(size=160, opacity=0)
        .encode(**at, tooltip=["People:N", "Minimum:N"]),
    ]  # fmt: skip
    return framed(layers, HEIGHT)
