"""The year in pictures: the fan of savings rates, the cut still needed, the cash by month."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import (
    TWIN_MARKS,
    ZONE_IN_ITALICS,
    Looks,
    even_step,
    labels,
    owed_hatch,
    sheet,
    touched,
)
from mssp_sim.charts.marks import text as label
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.figures import percent
from mssp_sim.quarter import MONTHS_A_QUARTER
from mssp_sim.studies.this_year import FanPoint

HEIGHT = 268
PIXELS_WIDE = 560
LEFT, RIGHT = 9.0, 97.0
LAST = 85.0
"""Of 100: where the fan's columns end; what is written at the minimum stands beyond."""

LOW, HIGH = 13.0, 93.0
NAMES = 4.0
"""Of 100: the plot's ends, and where the names of its columns stand."""

STOPS = 5
TICKS = 5
BAR = 0.3
BOUND = 0.13
"""Half the width of the bar at the settlement, in columns."""

BREAKS = (3.5, 6.0)
"""Of 100: how far under its top the two cuts of a broken bar stand."""

SHOWN_REACH = 2.2
"""Times the cut held possible that the tallest bar is drawn."""

MANY, TWO_DIGITS = 6, 0.1
"""Months from which on a cut of so much has no room for a digit after the point."""

MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Flow:
    """The cash of one month: its name, dollars in or out, the sum so far, what is said.

    ``settlement`` is what of it the settlement moves.
    """

    name: str
    dollars: float
    so_far: float
    said: str
    settlement: float


def fan(
    points: Sequence[FanPoint],
    minimum: float,
    names: tuple[str, str],
    theme: Theme,
    description: str,
    *,
    two_sided: bool,
) -> Picture:
    """Return the projected savings rate by quarter, its bands, the no-money zone behind.

    The bands run to the latest report; a bar at the settlement is where the year may still end.

    Parameters
    ----------
    minimum : to be paid; of a two-sided contract, to owe too
    names : what is written at the minimum and in the zone
    """
    rows = _fan(points, minimum, names, two_sided=two_sided)
    return Picture(
        spec=_fan_spec(theme),
        datasets={"marks": arrow(rows, TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {
                "Report": f"Q{point.quarter}",
                "Reported": "yes" if point.reported else "not yet",
                "Savings rate": percent(point.rate),
                "10 of 100 end below": percent(point.wide[0]),
                "25 of 100 end below": percent(point.narrow[0]),
                "25 of 100 end above": percent(point.narrow[1]),
                "10 of 100 end above": percent(point.wide[1]),
            }
            for point in points
        ),
    )


def _scale(low: float, high: float) -> Callable[[float], float]:
    """Return the height of a figure, of 100 from the bottom."""
    unit = (HIGH - LOW) / max(high - low, 1e-6)
    return lambda figure: LOW + (min(max(figure, low), high) - low) * unit


def _fan(
    points: Sequence[FanPoint], minimum: float, names: tuple[str, str], *, two_sided: bool
) -> list[Row]:
    ends = [end for point in points for end in point.wide]
    margin = max((max(ends) - min(ends)) * 0.16, 0.002)
    low, high = min(*ends, 0.0) - margin, max(*ends, minimum) + margin
    y = _scale(low, high)

    def x(stop: float) -> float:
        return LEFT + (stop - 0.5) / STOPS * (LAST - LEFT)

    bottom = max(-minimum, low) if two_sided else low
    box = {"x": LEFT, "x2": RIGHT, "y": y(bottom), "y2": y(minimum)}
    rows: list[Row] = [{"role": "zone", **box}]
    if y(minimum) - y(bottom) > 1:
        pitch = (8 * 100 / PIXELS_WIDE, 8 * 100 / HEIGHT)
        rows += hatch((LEFT, RIGHT, y(bottom), y(minimum)), pitch, "hatch")
    rows.append({"role": "minimum", "x": LEFT, "x2": RIGHT, "y": y(minimum)})
    rows += _rate_ticks(low, high, y)
    end = points[-1].rate
    latest = max(point.quarter for point in points if point.reported)
    report = next(point for point in points if point.quarter == latest)
    for look in ("wide", "narrow"):
        for point in points:
            under, over = getattr(point, look)
            here = {"x": x(point.quarter), "y": y(under), "y2": y(over)}
            if point.quarter <= latest:
                rows.append({"role": look, **here})
            if look == "wide" and point.quarter >= latest:
                rows.append({"role": "later", **here})
        under, over = getattr(report, look)
        bar = {"x": x(STOPS - BOUND), "x2": x(STOPS + BOUND), "y": y(under), "y2": y(over)}
        rows.append({"role": f"bar-{look}", **bar})
    rows.append({"role": "later", "x": x(STOPS), "y": y(end), "y2": y(end)})
    for point in points:
        look = "reported" if point.reported else "ahead"
        here = {"x": x(point.quarter), "y": y(point.rate)}
        if point.quarter <= latest:
            rows.append({"role": "past", **here})
        if point.quarter >= latest:
            rows.append({"role": "coming", **here})
        rows.append({"role": "point", "look": look, **here})
        rows.append(_band_told(point, x))
        rows.append(label("name", x(point.quarter), NAMES, f"Q{point.quarter}"))
    last = {"x": x(STOPS), "y": y(end)}
    rows += [{"role": "coming", **last}, {"role": "point", "look": "settled", **last}]
    rows.append(label("name", x(STOPS), NAMES, "settlement", "end"))
    rows.append(label("here", x(latest), y(report.rate) + 7, percent(report.rate)))
    for rate, away in zip(report.wide, (-5, 5), strict=True):
        rows.append(label("end", x(STOPS), y(rate) + away, percent(rate)))
    at_minimum, in_zone = names
    rows.append(label("minimum", RIGHT, y(minimum) - 4, at_minimum, at_minimum.split(" ")[-1]))
    if y(minimum) - y(bottom) > 16:  # noqa: PLR2004  (room for two lines)
        rows.append(label("zone", RIGHT, y(bottom) + 4, in_zone, in_zone.partition(" moves")[0]))
    return rows


def _band_told(point: FanPoint, x: Callable[[float], float]) -> Row:
    wide = " to ".join(percent(end) for end in point.wide)
    said = f"Q{point.quarter}: {percent(point.rate)}, 80 of 100 years end between {wide}"
    half = (RIGHT - LEFT) / STOPS / 2
    place = {"x": x(point.quarter) - half, "x2": x(point.quarter) + half, "y": 0.0, "y2": 100.0}
    return {"role": "told", "text": said, **place}


def _rate_ticks(low: float, high: float, y: Callable[[float], float]) -> list[Row]:
    step = even_step(max((high - low) * 100 / TICKS, 1e-3)) / 100
    rows: list[Row] = []
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        at = y(number * step)
        rows.append({"role": "grid", "x": LEFT, "x2": RIGHT, "y": at})
        rows.append(label("tick", LEFT - 1, at, percent(number * step, 0 if step >= 0.01 else 1)))  # noqa: PLR2004
    return rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What a cut begun in one month comes to: the month's name, full and short, and the cut."""

    name: str
    short: str
    cut: float
    said: str


def needed(
    months: Sequence[Asked],
    reach: float,
    reach_shown: str,
    theme: Theme,
    description: str,
    rows: Sequence[Row],
) -> Picture:
    """Return the cut that each month of delay asks for, against what is held possible.

    Parameters
    ----------
    reach, reach_shown : the cut held possible, and what is written at it
    rows : the same as a table
    """
    return Picture(
        spec=_bars_spec(theme, max(len(months), 1)),
        datasets={"marks": arrow(_needed(months, reach, reach_shown), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(rows),
    )


def _needed(months: Sequence[Asked], reach: float, reach_shown: str) -> list[Row]:
    most = SHOWN_REACH * reach
    y = _scale(0.0, most)
    rows: list[Row] = [{"role": "zero", "y": y(0.0)}]
    for number, month in enumerate(months):
        middle, top = number + 0.5, y(month.cut)
        box = {"x": middle - BAR, "x2": middle + BAR, "y": y(0.0), "y2": top}
        rows.append({"role": "bar", "look": "within" if month.cut <= reach else "beyond", **box})
        if month.cut > most:
            rows += [
                {"role": "break", "x": middle - 1.3 * BAR, "x2": middle + 1.3 * BAR,
                 "y": top - under - 1.5, "y2": top - under + 1.5}
                for under in BREAKS
            ]  # fmt: skip
        crowded = len(months) > MANY and month.cut >= TWO_DIGITS
        shown = percent(month.cut, 0 if crowded else 1) if month.cut < 1 else ">100%"
        rows.append(label("much", middle, top + 4, shown))
        rows.append(label("month", middle, NAMES, month.short))
        span = {"x": float(number), "x2": number + 1.0, "y": 0.0, "y2": 100.0}
        rows.append({"role": "told", "text": month.said, **span})
    if months:
        rows.append({"role": "reach", "x": 0.0, "x2": float(len(months)), "y": y(reach)})
        rows.append(label("reach", 0.04, y(reach) + 4, reach_shown))
    return rows


def cash(
    flows: Sequence[Flow], theme: Theme, description: str, rows: Sequence[Row], shown: str
) -> Picture:
    """Return dollars in and out month by month, and what they have come to so far.

    Parameters
    ----------
    rows : the same as a table
    shown : the sum at the end
    """
    return Picture(
        spec=_cash_spec(theme),
        datasets={"marks": arrow(_cash(flows, shown), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(rows),
    )


def _cash(flows: Sequence[Flow], shown: str) -> list[Row]:
    figures = [0.0, *(flow.dollars for flow in flows), *(flow.so_far for flow in flows)]
    y = _scale(min(figures), max(*figures, min(figures) + 1.0))
    wide = MOST_MONTHS / len(flows)
    rows: list[Row] = [{"role": "zero", "y": y(0.0)}]
    for number, flow in enumerate(flows):
        middle = (number + 0.5) * wide
        if flow.dollars:
            low, high = sorted((y(0.0), y(flow.dollars)))
            box = {"x": middle - 0.33 * wide, "x2": middle + 0.33 * wide, "y": low, "y2": high}
            look = "other"
            if flow.settlement:
                look = "earned" if flow.settlement > 0 else "owed"
            rows.append({"role": "bar", "look": look, **box})
            if look == "owed":
                pitch = (10 * MOST_MONTHS / PIXELS_WIDE, 10 * 100 / HEIGHT)
                rows += hatch((box["x"], box["x2"], low, high), pitch, "owed-hatch")
        rows.append({"role": "sum", "x": middle, "y": y(flow.so_far)})
        span = {"x": number * wide, "x2": (number + 1) * wide, "y": 0.0, "y2": 100.0}
        rows.append({"role": "told", "text": flow.said, **span})
        to_come = len(flows) - 1 - number
        if not to_come or (number % MONTHS_A_QUARTER == 0 and to_come >= MONTHS_A_QUARTER):
            month, _, year = flow.name.partition(" ")
            at = middle if to_come else middle - 0.4 * wide
            rows.append(label("month", at, NAMES, f"{month[:3]} {year[2:]}", month[:1]))
    last = flows[-1].so_far
    up = 6 if y(last) < HIGH - 4 else -6
    rows.append(label("sum", MOST_MONTHS - 0.4 * wide, y(last) + up, shown))
    return rows


FAN_LOOKS: Looks = {
    "name": ("text", "center", "normal"),
    "tick": ("quiet", "right", "normal"),
    "here": ("earned_text", "center", "bold"),
    "end": ("text", "center", "bold"),
    "minimum": ("quiet", "right", "bold"),
    "zone": ("quiet", "right", "normal"),
}
BAR_LOOKS: Looks = {
    "month": ("text", "center", "normal"),
    "much": ("text", "center", "bold"),
    "reach": ("text", "left", "normal"),
    "sum": ("text", "right", "bold"),
}


LETTERS: dict[str, Any] = {
    "fontSize": alt.ExprRef(expr="width < 400 ? 12 : 13"),
    "fontStyle": ZONE_IN_ITALICS,
}


@cache
def _fan_spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(100, 100, downwards=False)
    flat = {"x": at["x"], "x2": "x2:Q", "y": at["y"]}
    area = {"x": at["x"], "y": at["y"], "y2": "y2:Q"}
    dots = {"reported": ink.earned, "ahead": ink.background, "settled": ink.background}
    layers = [
        marks_of("grid").mark_rule(color=ink.grid).encode(**flat),
        marks_of("zone").mark_rect(fill=ink.medicare, opacity=0.09).encode(**span),
        marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.38).encode(**span),
        marks_of("minimum")
        .mark_rule(color=ink.quiet, strokeWidth=1.25, strokeDash=[4, 3])
        .encode(**flat),
        marks_of("wide").mark_area(color=ink.earned, opacity=0.16).encode(**area),
        marks_of("narrow").mark_area(color=ink.earned, opacity=0.24).encode(**area),
        marks_of("later").mark_area(color=ink.earned, opacity=0.06).encode(**area),
        *(
            marks_of("later")
            .mark_line(color=ink.earned, strokeWidth=1, strokeDash=[1, 3])
            .encode(x=at["x"], y=alt.Y(f"{edge}:Q").scale(domain=[0, 100], nice=False).axis(None))
            for edge in ("y", "y2")
        ),
        marks_of("bar-wide").mark_rect(color=ink.earned, opacity=0.3).encode(**span),
        marks_of("bar-narrow").mark_rect(color=ink.earned, opacity=0.55).encode(**span),
        marks_of("coming")
        .mark_line(color=ink.earned, strokeWidth=2, strokeDash=[3, 3])
        .encode(**at),
        marks_of("past").mark_line(color=ink.earned, strokeWidth=2.5).encode(**at),
        marks_of("point")
        .mark_point(
            opacity=1,
            filled=True,
            strokeWidth=2,
            size=by_look(reported=95, ahead=60, settled=95),
            fill=by_look(**dots),
            stroke=by_look(reported=ink.background, ahead=ink.earned, settled=ink.earned),
        )
        .encode(**at),
        *labels(FAN_LOOKS, ink, at, **LETTERS),
        touched(marks_of("told"), **span),
    ]
    return framed(layers, HEIGHT)


@cache
def _bars_spec(theme: Theme, slots: int) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(slots, 100, downwards=False)
    fills = {"within": ink.earned, "beyond": ink.medicare_fill}
    outlines = {"within": ink.earned, "beyond": ink.medicare}
    layers = [
        marks_of("zero").mark_rule(color=ink.line).encode(y=at["y"]),
        marks_of("bar")
        .mark_rect(fill=by_look(**fills), stroke=by_look(**outlines), strokeWidth=1.25)
        .encode(**span),
        marks_of("break").mark_rule(color=ink.background, strokeWidth=3).encode(**span),
        marks_of("reach")
        .mark_rule(color=ink.text, strokeWidth=1.25, strokeDash=[4, 3])
        .encode(x=at["x"], x2="x2:Q", y=at["y"]),
        *labels(BAR_LOOKS, ink, at, **LETTERS),
        touched(marks_of("told"), **span),
    ]
    return framed(layers, HEIGHT)


@cache
def _cash_spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, span = sheet(MOST_MONTHS, 100, downwards=False)
    fills = {"earned": ink.earned, "owed": ink.owed, "other": ink.medicare_fill}
    outlines = fills | {"other": ink.medicare}
    layers = [
        marks_of("zero").mark_rule(color=ink.line).encode(y=at["y"]),
        marks_of("bar")
        .mark_rect(fill=by_look(**fills), stroke=by_look(**outlines), strokeWidth=1)
        .encode(**span),
        owed_hatch(ink, span),
        marks_of("sum")
        .mark_line(color=ink.text, strokeWidth=2, interpolate="step-after")
        .encode(**at),
        *labels(BAR_LOOKS, ink, at, **LETTERS),
        touched(marks_of("told"), **span),
    ]
    return framed(layers, HEIGHT)
