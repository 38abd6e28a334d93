"""The payoff curve: you are here, the zone without money, the cliffs, and what is left.

Over 500 lines: one picture, built once from its layers; each is read beside the ones it overlies.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import (
    SAVED_OR_OVERSPENT,
    TWIN_MARKS,
    ZONE_IN_ITALICS,
    Looks,
    by_tone,
    even_step,
    labels,
    left_on_the_table,
    millions,
    no_money_zone,
    savings_rates,
    shown_millions,
    upright,
)
from mssp_sim.charts.placing import LabelSheet, Spot
from mssp_sim.charts.theme import (
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
from mssp_sim.figures import change, minimum_rate, money, percent
from mssp_sim.studies.payoff_curve import NEAREST, STEP, Curve
from mssp_sim.tolerances import BESIDE, ON_AXIS, ON_PAPER, SAME_RATE
from mssp_sim.units import Array

HEIGHT = 360

LABEL_ROOM = 2 / 11
"""Part of the drawn range kept free on the right for the labels of the lines."""

AT_AN_END, FOR_A_LIMIT = 0.02, 0.09
"""What the axis leaves past the most that is earned or owed: a part of it; past a limit, which
needs room for its words, a part of both together."""

MOST_TICKS = 8
PIXELS_WIDE, PIXELS_HIGH = 470, 310
APART = 20.0
"""Pixels from its dot from which on a label needs a line to it."""
EDGE = 9.0
"""Pixels from the edge at which a dot stands whose amount lies beyond it."""

NARROW = 84
"""Pixels under which the middle of the picture has no room for labels."""
NARROW_PICTURE = 465
"""Pixels of the picture under which its labels show their short twins."""

CURVE = {"x": pa.float32(), "y": pa.float32(), "tone": pa.string()}


def payoff(curve: Curve, theme: Theme, description: str) -> Picture:
    """Return the payoff curve.

    Parameters
    ----------
    curve : arrays of one length and the figures drawn on it
    description : the sentences read to who cannot see it
    """
    low, high = curve.reach
    bottom, top = scale(curve)
    right = high + (high - low) * LABEL_ROOM
    spec = _spec(theme, round(low * 100), round(right * 100, 2), bottom, top)
    return Picture(
        spec=spec,
        datasets={
            "curve": arrow(_lines(curve), CURVE),
            "marks": arrow(_marks(curve, bottom, top, right), TWIN_MARKS),
            "hover": _hover(curve),
        },
        description=description,
        table=lambda: _table(curve),
    )


def scale(curve: Curve) -> tuple[float, float]:
    """Return the ends of the dollar axis in millions: fixed while quality and cost move.

    It follows the size of the target and the kind of contract only, in even steps.
    """
    best, worst = curve.most_earned / 1e6, curve.most_owed / 1e6
    step = even_step((best + worst) / 14)
    low, high = curve.reach
    room_for_words = (best + worst) * FOR_A_LIMIT
    held = [dollars for rate, dollars in curve.limits if low <= rate <= high]
    over, under = (
        room_for_words if any(sign * dollars > 0 for dollars in held) else end * AT_AN_END
        for sign, end in ((1, best), (-1, worst))
    )
    return -math.ceil((worst + under) / step) * step, math.ceil((best + over) / step) * step


def _lines(curve: Curve) -> list[Row]:
    """Return the line in its limbs; a limb in use has its colour, the others stay grey."""
    x, y = curve.savings_rate * 100, curve.payment / 1e6
    owing = curve.here[1] < 0
    paid = y > 0
    owed = y < 0
    rows: list[Row] = []
    tones = (("owed" if owing else "quiet", owed), ("zone", ~paid & ~owed), ("earned", paid))
    for tone, chosen in tones:
        rows += [{"x": a, "y": b, "tone": tone} for a, b in _corners(x[chosen], y[chosen])]
    zone = x[~paid & ~owed]
    if len(zone):
        for tone, chosen, end in ((tones[0][0], owed, zone[0]), ("earned", paid, zone[-1])):
            if np.any(chosen):
                at = int(np.argmin(np.abs(x - end) + np.where(chosen, 0, 1e9)))
                rows.append({"x": float(x[at]), "y": 0.0, "tone": tone})
                rows.append({"x": float(x[at]), "y": float(y[at]), "tone": tone})
    return rows


def _corners(x: Array, y: Array) -> list[tuple[float, float]]:
    """Return only the points where a line of straight pieces bends."""
    if len(x) < 3:  # noqa: PLR2004
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    slope = np.diff(y) / np.diff(x)
    bends = np.abs(np.diff(slope)) > 1e-6 * np.max(np.abs(slope) + 1e-12)
    keep = np.concatenate([[True], bends, [True]])
    return [(float(a), float(b)) for a, b in zip(x[keep], y[keep], strict=True)]


def _marks(curve: Curve, bottom: float, top: float, right: float) -> list[Row]:
    low, high = (end * 100 for end in curve.reach)
    minimum = curve.minimum_savings_rate * 100
    start = low if curve.minimum_loss_rate is None else -curve.minimum_loss_rate * 100
    room = _Room(
        curve, low, bottom, (right * 100 - low) / PIXELS_WIDE, (top - bottom) / PIXELS_HIGH
    )
    per_x, per_y = room.per_x, room.per_y
    rows: list[Row] = []
    inside = max(start, low)
    if minimum > inside:
        rows.append({"role": "zone", "x": inside, "x2": min(minimum, high), "y": bottom, "y2": top})
        rows += hatch((inside, min(minimum, high), bottom, top), (8 * per_x, 8 * per_y), "hatch")
        if (min(minimum, high) - inside) / per_x > NARROW:
            words = ("no-money zone",)
            rows.append(room.label([("zone", (inside + minimum) / 2, top - 14 * per_y, words)]))
    rules = [
        x
        for x in {minimum, start}
        if low < x < high and not (curve.minimum_loss_rate is None and x == start)
    ]
    rows += [{"role": "minimum", "x": x} for x in rules]
    room.keep_clear_of(rules, top)
    rows += _full_line(curve)
    rows += _ends(curve, top - bottom, room)
    rows += _bracket(curve, minimum, room)
    here, baseline = curve.here, curve.baseline
    now = "owing" if here[1] < 0 else "earning" if here[1] > 0 else "nothing"
    beyond = room.beyond(baseline[1] / 1e6)
    dots = [(beyond or "baseline", baseline), (now, here)][baseline == here :]
    rows += [
        {"role": "dot", "look": look, "x": rate * 100, "y": room.held(dollars / 1e6)}
        for look, (rate, dollars) in dots
    ]
    rows.append(_here_label(curve, room))
    if baseline != here:
        rows += _baseline_label(curve, room)
    if NEAREST[1] * 100 / per_x > NARROW:
        rows += _jumps(curve, room)
    rows += _limit_notes(curve, right * 100, room)
    return [row for row in rows if low - ON_PAPER <= row["x"] <= right * 100 + ON_PAPER]


Place = tuple[str, float, float, tuple[str, ...]]
"""A place for a label in units of the axes: look, x, y, lines."""


class _Room:
    """The picture in pixels: where its labels have room, and how much a pixel is on its axes."""

    def __init__(self, curve: Curve, low: float, bottom: float, per_x: float, per_y: float) -> None:
        self.low, self.bottom, self.per_x, self.per_y = low, bottom, per_x, per_y
        ends = {look: (end, weight == "bold") for look, (_, end, weight) in LABELS.items()}
        self.sheet = LabelSheet(PIXELS_WIDE, PIXELS_HIGH, ends)
        for payment in (curve.payment, curve.payment_at_full_quality):
            self.sheet.line(*self.at(curve.savings_rate * 100, payment / 1e6))
        for (rate, dollars), radius in ((curve.here, 9.0), (curve.baseline, 7.0)):
            self.sheet.dot(*self.at(rate * 100, self.held(dollars / 1e6)), radius)

    def beyond(self, y: float) -> str:
        """Return on which side of the picture an amount lies outside, empty where it is in it."""
        height = self.at(0.0, y)[1]
        return "below" if height < -ON_PAPER else "above" if height > PIXELS_HIGH + ON_PAPER else ""

    def held(self, y: float) -> float:
        """Return where an amount is drawn: one outside the picture stands at its edge."""
        if not self.beyond(y):
            return y
        height = self.at(0.0, y)[1]
        inside = min(max(height, EDGE), PIXELS_HIGH - EDGE)
        return float(self.bottom + inside * self.per_y)

    def at(self, x: Any, y: Any) -> tuple[Any, Any]:  # noqa: ANN401  (numbers or arrays of them)
        """Return a place in pixels."""
        return (x - self.low) / self.per_x, (y - self.bottom) / self.per_y

    def keep_clear_of(self, rules: Sequence[float], top: float) -> None:
        """Note upright lines from the bottom to the top."""
        for x in rules:
            self.sheet.line(*self.at(np.array([x, x]), np.array([self.bottom, top])))

    def label(self, places: Sequence[Place], short: str = "") -> Row:
        """Return the label where it is in nothing's way, the first places before the last."""
        spots = [Spot(look, *self.at(x, y), words) for look, x, y, words in places]
        look, x, y, words = places[spots.index(self.sheet.put(spots))]
        text = "\n".join(words)
        return {"role": "text", "look": look, "x": x, "y": y, "text": text, "short": short or text}


HIGHER = (20, 36, -24, 52, 68, 84, 100)
"""Pixels over the line of no dollars at which the label of a cliff is tried; under it is room."""
LOWER = (0, -16, -32, -48, -64, 40)
"""The same from where the label of the other cliff stands at first."""


def _jumps(curve: Curve, room: _Room) -> list[Row]:
    """Return the labels of the two cliffs, with what each is worth."""
    rows: list[Row] = []
    x, y, per_x, per_y = curve.savings_rate, curve.payment, room.per_x, room.per_y
    minimum = curve.minimum_savings_rate
    after = np.flatnonzero(x >= minimum - SAME_RATE)
    before = np.flatnonzero(x < minimum - BESIDE / 10)
    if len(after) and len(before) and minimum > 0:
        jump = float(y[after[0]] - y[before[-1]])
        if jump > 0 and x[after[0]] - minimum < STEP:
            words = (f"{change(jump)} the moment", f"you clear {minimum_rate(minimum)}")
            narrow = (change(jump), "the moment you", f"clear {minimum_rate(minimum)}")
            places = [
                (look, minimum * 100 + aside * per_x, (up + more) * per_y, said)
                for look, aside, more, said in (
                    ("jump", 6, 0, words), ("jump-left", -6, 16, narrow),
                )
                for up in HIGHER
            ]  # fmt: skip
            rows.append(room.label(places, short=change(jump)))
    if curve.minimum_loss_rate is not None and curve.minimum_loss_rate > 0:
        edge = -curve.minimum_loss_rate
        past = np.flatnonzero(x <= edge + SAME_RATE)
        if len(past) and edge - x[past[-1]] < STEP and y[past[-1]] < 0:
            drop = float(y[past[-1]])
            words = (f"{money(drop)} the moment you", f"overspend {minimum_rate(-edge)}")
            at = edge * 100 + 6 * per_x
            first = max(drop / 1e6 - 10 * per_y, room.bottom + 44 * per_y)
            first = min(first, -24 * per_y)
            places = [("jump", at, first + up * per_y, words) for up in LOWER]
            rows.append(room.label(places, short=money(drop)))
    return rows


def _full_line(curve: Curve) -> list[Row]:
    full, own = curve.payment_at_full_quality, curve.payment
    earns = full > 0
    if not np.any(earns) or np.max(np.abs(full - own)) < 1:
        return []
    points = _corners(curve.savings_rate[earns] * 100, full[earns] / 1e6)
    first = points[0]
    return [{"role": "full", "x": x, "y": y} for x, y in [(first[0], 0.0), *points]]


def _ends(curve: Curve, span: float, room: _Room) -> list[Row]:
    """Return the labels at the ends of the lines: one if they coincide or nearly do."""
    apart = 34 * span / PIXELS_HIGH
    own, full = curve.payment[-1] / 1e6, curve.payment_at_full_quality[-1] / 1e6
    x = curve.reach[1] * 100 + 3 * room.per_x
    if full <= 0 and own <= 0:
        return []
    own_share, full_share = (
        percent(rate) for rate in (curve.final_sharing_rate, curve.sharing_rate)
    )
    words = ("full quality", f"{full_share} share")
    if full - own < ON_AXIS:
        return [room.label([("end-own", x, own, words)], short=full_share)]
    rows = [room.label([("end-full", x, max(full, own + apart), words)], short=full_share)]
    crowded = curve.here[0] > curve.reach[1] * (1 - LABEL_ROOM) + curve.reach[0] * LABEL_ROOM
    if own > 0 and not crowded:
        words = ("yours", f"{own_share} share")
        rows.append(room.label([("end-own", x, min(own, full - apart), words)], short=own_share))
    return rows


def _bracket(curve: Curve, minimum: float, room: _Room) -> list[Row]:
    """Return what is left on the table as a dimension line left of the dot."""
    if curve.forgone < 1:
        return []
    now, paid = curve.here[0] * 100, max(curve.here[1], 0.0) / 1e6
    full = paid + curve.forgone / 1e6
    per_x, per_y = room.per_x, room.per_y
    if curve.lost_at == "minimum":
        x = now - 15 * per_x
        guides: list[Row] = []
    else:
        x = now * (paid / full) - 0.3 if full else now
        if abs(x - minimum) < 16 * per_x:
            x = minimum - 16 * per_x
        guides = [{"role": "guide", "x": x, "x2": now, "y": y, "y2": y} for y in (paid, full)]
    room.sheet.line(*room.at(np.array([x, x]), np.array([paid, full])))
    words = ("left on the table", money(curve.forgone))
    under = (paid - at * per_y for at in (8, 24, 40, 56))
    heights = ((paid + full) / 2, full + 14 * per_y, full + 30 * per_y, *under)
    left = room.label([
        ("left", x - aside * per_x, y, words) for aside in (11, 40) for y in heights
    ])  # fmt: skip
    return [*guides, {"role": "bracket", "x": x, "y": paid, "y2": full}, left]


def _here_label(curve: Curve, room: _Room) -> Row:
    x, y = curve.here[0] * 100, room.held(curve.here[1] / 1e6)
    short = f"owe {money(-curve.here[1])}" if curve.here[1] < 0 else f"earn {money(curve.here[1])}"
    words = (f"you {short}",)
    down = (-12, -28, -44) if y > 0 else (-16, -32, -48) if y < 0 else (-28, -44)
    up = (14, 30, 46, 62)
    beside = [("here", 12, at) for at in (*down, *up)]
    beside += [("here-left", -12, at) for at in (*up, *down)]
    if y < 0:
        beside += [("here", 2 - room.at(x, y)[0], at) for at in (20, 36)]  # from the left edge
        beside += [("here", to, at) for at in (4, 20) for to in (30, 48, 66)]
    elif y == 0:
        beside += [("here-middle", 0, at) for at in (-28, 20)]
    places = [(look, x + to * room.per_x, y + at * room.per_y, words) for look, to, at in beside]
    return room.label(places, short=short)


def _baseline_label(curve: Curve, room: _Room) -> list[Row]:
    """Return what the hollow dot is called, beside it; farther away, with a line to it."""
    x, y = curve.baseline[0] * 100, room.held(curve.baseline[1] / 1e6)
    paid = money(curve.baseline[1])
    first = [("base", 11, -14), ("base-left", -11, 14), ("base-left", -44, 14)]
    sides = (("base", 11), ("base-left", -11), ("base-left", -44), ("base", 44))
    heights: tuple[int, ...] = (14, -14, 0, 30, -30)
    words: tuple[str, ...] = (f"baseline {paid}",)
    if beyond := room.beyond(curve.baseline[1] / 1e6):
        words = (*words, f"{beyond} this scale")
        first, heights = [], (0, -14, -30, -46) if beyond == "above" else (16, 30, 46)
    beside = first + [(look, to, at) for at in heights for look, to in sides]
    places = [(look, x + to * room.per_x, y + at * room.per_y, words) for look, to, at in beside]
    label = room.label(places)
    if abs(label["x"] - x) < APART * room.per_x:
        return [label]
    return [{"role": "leader", "x": label["x"], "x2": x, "y": label["y"], "y2": y}, label]


def _limit_notes(curve: Curve, right: float, room: _Room) -> list[Row]:
    """Return the limits where they bind, or the first at the edge if it lies beyond."""
    rows = []
    per_x, per_y = room.per_x, room.per_y
    for rate, dollars in curve.limits:
        words = (f"limit {money(dollars)} at {percent(rate)}",)
        x, y = rate * 100, dollars / 1e6
        if curve.reach[0] <= rate <= curve.reach[1]:
            spots = [("edge", -8, 14), ("edge", -26, -8), ("edge-left", 8, -16), ("edge", -8, 30)]
            spots += [("edge-left", 8, 14), ("edge", -42, -24), ("edge", -58, -40)]
            if dollars < 0:
                spots = [("edge-left", 8, at) for at in (-14, 16, 32, -30)]
            places = [(look, x + to * per_x, y + at * per_y, words) for look, to, at in spots]
            rows.append(room.label(places))
        elif rate > curve.reach[1]:
            words = (f"limit {money(dollars)} at {percent(rate * _slower(curve))} →",)
            heights = (10, 26, 42)
            rows.append(
                room.label([("edge", right, room.bottom + at * per_y, words) for at in heights])
            )
    return rows


def _slower(curve: Curve) -> float:
    """Return how much more it takes on the own line than on the full one to reach the limit."""
    own, full = curve.final_sharing_rate, curve.sharing_rate
    return full / own if 0 < own < full else 1.0


def _even(curve: Curve) -> Array:
    """Return which rates are even steps, not the sides of a cliff."""
    steps = curve.savings_rate / STEP
    return np.abs(steps - np.round(steps)) < 1e-6  # noqa: PLR2004


def _hover(curve: Curve) -> bytes:
    chosen = _even(curve)
    columns = {
        "x": curve.savings_rate[chosen] * 100,
        "y": curve.payment[chosen] / 1e6,
        "full": curve.payment_at_full_quality[chosen] / 1e6,
    }
    return arrow_columns(columns)


def _table(curve: Curve) -> tuple[Row, ...]:
    chosen = _even(curve)
    rows = zip(
        curve.savings_rate[chosen],
        curve.payment[chosen],
        curve.payment_at_full_quality[chosen],
        strict=True,
    )
    return tuple(
        {
            "Saved or overspent": percent(rate),
            "You get": money(own),
            "At full quality": money(full),
            "You get, dollars": round(float(own), 2),
            "At full quality, dollars": round(float(full), 2),
        }
        for rate, own, full in rows
    )


def _spec(theme: Theme, low: float, right: float, bottom: float, top: float) -> dict[str, Any]:
    ticks = [v for v in range(math.ceil(low), int(right) + 1) if _ticked(v, low, right)]
    return fitted(_built(theme), x=((low, right), ticks), y=((bottom, top), None))


@cache
def _built(theme: Theme) -> dict[str, Any]:
    """Build the specification: no figure of a scenario is in it."""
    ink = INK[theme]
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    layers = [
        *no_money_zone(ink, savings_rates(ink), millions(ink)),
        marks_of("minimum")
        .mark_rule(color=ink.quiet, strokeWidth=1.25, strokeDash=[2, 3])
        .encode(x="x:Q"),
        marks_of("full")
        .mark_line(color=ink.earned, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(**at, order="y:Q"),
        alt.Chart(alt.NamedData(name="curve"))
        .mark_line(strokeWidth=3, strokeJoin="round")
        .encode(**at, color=by_tone(ink), order="x:Q"),
        *left_on_the_table(ink),
        marks_of("leader")
        .mark_rule(color=ink.quiet, strokeWidth=1)
        .encode(**at, x2="x2:Q", y2="y2:Q"),
        marks_of("dot")
        .mark_point(filled=True, opacity=1, strokeWidth=2, **_dots(ink))
        .encode(**at),
        *labels(LABELS, ink, narrow=NARROW_PICTURE, fontSize=13.5, fontStyle=ZONE_IN_ITALICS),
        upright(
            alt.Chart(alt.NamedData(name="hover")).transform_calculate(
                At=SAVED_OR_OVERSPENT,
                **{"You get": shown_millions("y"), "Full quality": shown_millions("full")},
            ),
            STEP * 100,
            ["At:N", "You get:N", "Full quality:N"],
        ),
    ]
    return framed(layers, HEIGHT)


def _dots(ink: Ink) -> dict[str, Any]:
    """Return the looks of the two dots: the baseline is hollow, what is owed points down."""
    return {
        "fill": by_look(
            baseline=ink.background, above=ink.background, below=ink.background,
            earning=ink.earned, nothing=ink.text, owing=ink.owed,
        ),
        "stroke": by_look(
            baseline=ink.earned, above=ink.earned, below=ink.earned,
            earning=ink.background, nothing=ink.background, owing=ink.background,
        ),
        "size": by_look(baseline=110, above=110, below=110, earning=190, nothing=190, owing=190),
        "shape": by_look(
            baseline="circle", above="triangle-up", below="triangle-down",
            earning="circle", nothing="circle", owing="triangle-down",
        ),
    }  # fmt: skip


LABELS: Looks = {
    "zone": ("quiet", "center", "normal"),
    "jump": ("text", "left", "normal"),
    "jump-left": ("text", "right", "normal"),
    "left": ("text", "right", "bold"),
    "here": ("text", "left", "bold"),
    "here-left": ("text", "right", "bold"),
    "here-middle": ("text", "center", "bold"),
    "base": ("quiet", "left", "normal"),
    "base-left": ("quiet", "right", "normal"),
    "end-own": ("earned_text", "left", "bold"),
    "end-full": ("earned_text", "left", "normal"),
    "edge": ("quiet", "right", "normal"),
    "edge-left": ("quiet", "left", "normal"),
}


def _ticked(value: int, low: float, right: float) -> bool:
    """Return whether a whole percent has a tick: eight at most, none in the labels' room."""
    steps = (step * 10**power for power in range(9) for step in (2, 4))
    step = next(step for step in steps if (right - low) / step <= MOST_TICKS)
    end = low + (right - low) * (1 - LABEL_ROOM / (1 + LABEL_ROOM))
    return value % step == 0 and value <= end + 0.5
