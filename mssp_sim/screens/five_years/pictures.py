"""An agreement year by year: targets and spending with what rebasing takes; dollars a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from mssp_sim.charts.marks import (
    TWIN_MARKS,
    Looks,
    by_looks,
    halo,
    owed_hatch,
    sheet,
    text,
    touched,
)
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of

HEIGHT = 256
LOW, HIGH = 30.0, 83.0
BARS_LOW, BARS_HIGH = 22.0, 79.0
"""Where the lowest and the highest figure are drawn, of 100 from the bottom."""

LIFT, WORD_LIFT = 6.5, 12.5
"""How far from its dot a figure stands, and the word over or under the first one."""

MANY = 6
"""Years from which on a column has no room for two words."""

NAMES, UNDER_NAMES, TOP = 9.0, 2.0, 97.0
FLAT = 1.0
"""Dollars per person under which all figures are drawn as one level."""

LABEL_GAP = 7.0
"""Of 100: the least between two labels beside each other."""

PIXELS_WIDE = 520


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year: name, dollars per person of target and spending, and both as shown.

    ``short`` is the name where there is little room.
    """

    name: str
    under: str
    target: float
    spent: float
    target_shown: str
    spent_shown: str
    assumed: bool
    short: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The next target, dollars per person: with the cut, without it, and the spending under it."""

    name: str
    target: float
    without_cut: float
    spent: float
    target_shown: str
    without_shown: str


@dataclass(frozen=True, slots=True)
class Paid:
    """One year's dollars, the baseline's, and what is left after program cost where it is known."""

    name: str
    under: str
    dollars: float
    shown: str
    baseline: float | None
    baseline_shown: str
    net: float | None
    net_shown: str
    assumed: bool
    short: str = ""


def course(
    years: Sequence[YearLine],
    following: Next | None,
    assumed: str,
    theme: Theme,
    description: str,
    rows: Sequence[Row],
) -> Picture:
    """Return targets and spending per person, and what the next target loses.

    Parameters
    ----------
    years : one a performance year
    following : None where it is not modeled
    assumed : what is written over the years whose rules are assumed
    rows : the same as a table
    """
    slots = len(years) + (following is not None)
    return Picture(
        spec=_spec(theme, slots),
        datasets={"marks": arrow(_course(years, following, assumed), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(rows),
    )


def dollars(
    years: Sequence[Paid],
    assumed: str,
    theme: Theme,
    description: str,
) -> Picture:
    """Return the dollars of each year as bars, the baseline as hollow dots."""
    return Picture(
        spec=_spec(theme, len(years)),
        datasets={"marks": arrow(_dollars(years, assumed), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {"Year": year.name, "Dollars": year.shown, "Baseline": year.baseline_shown}
            | ({} if year.net is None else {"Net of program cost": year.net_shown})
            for year in years
        ),
    )


def _assumed(flags: Sequence[bool], words: str) -> list[Row]:
    """Return the band behind the years whose rules are assumed."""
    if not any(flags):
        return []
    first = flags.index(True)
    band = {"role": "band", "x": float(first), "x2": float(len(flags)), "y": 0.0, "y2": 100.0}
    at = max(first, 1) + 0.08
    return [band, text("note", at, TOP, words, words.partition(":")[0])]


def _course(years: Sequence[YearLine], following: Next | None, assumed: str) -> list[Row]:
    figures = [figure for year in years for figure in (year.target, year.spent)]
    if following:
        figures += [following.target, following.without_cut, following.spent]
    low, high = min(figures), max(figures)
    unit = (HIGH - LOW) / max(high - low, FLAT)

    def y(figure: float) -> float:
        return LOW + (figure - low) * unit if high - low > FLAT else (LOW + HIGH) / 2

    rows = _assumed([year.assumed for year in years], assumed)
    for number, year in enumerate(years):
        x = number + 0.5
        for look, figure in (("target", year.target), ("spent", year.spent)):
            rows.append({"role": "line", "look": look, "x": x, "y": y(figure)})
            rows.append({"role": "point", "look": look, "x": x, "y": y(figure)})
        over = year.spent > year.target
        for look, figure, shown, up in (
            ("target", year.target, year.target_shown, not over),
            ("spent", year.spent, year.spent_shown, over),
        ):
            away = 1 if up else -1
            hangs = f"{look}-{'left' if up == _rises(years, number, look) else 'right'}"
            rows.append(text(hangs, x, y(figure) + away * LIFT, shown))
            if not number:
                rows.append(text(hangs, x, y(figure) + away * WORD_LIFT, look))
        rows.append(text("name", x, NAMES, year.name, year.short or year.name))
        short = year.under.rpartition(" ")[2]
        crowded = number and len(years) >= MANY  # the first year says what the others show
        rows.append(text("under", x, UNDER_NAMES, short if crowded else year.under, short))
        said = f"target {year.target_shown} a person, spent {year.spent_shown}"
        rows.append(_told(number, f"{year.name}: {said}"))
    if following:
        rows += _next(following, len(years), y(years[-1].target), y)
    return rows


def _rises(years: Sequence[YearLine], number: int, look: str) -> bool:
    """Return whether the line of target or spending rises about a year."""
    before, after = (
        years[at] for at in (max(number - 1, 0), min(number + 1, len(years) - 1))
    )  # fmt: skip
    return bool(getattr(after, look) >= getattr(before, look))


def _next(following: Next, slot: int, before: float, y: Any) -> list[Row]:  # noqa: ANN401
    """Return the next target: what it loses is Medicare's, so it is hatched."""
    left, right = slot + 0.16, slot + 0.34
    without, target, spent = (
        y(figure) for figure in (following.without_cut, following.target, following.spent)
    )
    bottom, top = sorted((target, without))
    rows: list[Row] = [
        {"role": "border", "x": float(slot), "x2": float(slot), "y": 0.0, "y2": 100.0},
        {"role": "guide", "x": slot - 0.5, "x2": left, "y": before, "y2": without},
        {"role": "room", "look": "room", "x": left, "x2": right, "y": spent, "y2": target},
        {"role": "room", "look": "taken", "x": left, "x2": right, "y": bottom, "y2": top},
    ]
    if top - bottom > 1:
        step = (6 * (slot + 1) / PIXELS_WIDE, 6 * 100 / HEIGHT)
        rows += hatch((left, right, bottom, top), step, "hatch")
    upper = without if target < without else target
    lower = min(target, without)
    if upper - lower < LABEL_GAP:
        middle = (upper + lower) / 2
        upper, lower = middle + LABEL_GAP / 2, middle - LABEL_GAP / 2
    at_target, at_without = (lower, upper) if target <= without else (upper, lower)
    x = slot + 0.40
    if abs(target - without) > 0.1:  # noqa: PLR2004  (of 100: too near to tell apart)
        rows.append(text("without", x, at_without, following.without_shown))
    rows.append(text("next", x, at_target, following.target_shown))
    rows.append(text("name", slot + 0.5, NAMES, following.name))
    rows.append(text("under", slot + 0.5, UNDER_NAMES, "set anew"))
    said = f"the next target {following.target_shown} a person"
    said += f", {following.without_shown} without your cut"
    rows.append(_told(slot, f"{following.name}: {said}"))
    return rows


def _dollars(years: Sequence[Paid], assumed: str) -> list[Row]:
    figures = [0.0]
    for year in years:
        figures += [f for f in (year.dollars, year.baseline, year.net) if f is not None]
    low, high = min(figures), max(figures)
    unit = (BARS_HIGH - BARS_LOW) / ((high - low) or 1.0)

    def y(figure: float) -> float:
        return BARS_LOW + (figure - low) * unit

    rows = _assumed([year.assumed for year in years], assumed)
    rows.append({"role": "zero", "y": y(0.0)})
    for number, year in enumerate(years):
        x = number + 0.5
        owed = year.dollars < 0
        bottom, top = sorted((y(0.0), y(year.dollars)))
        if top > bottom:
            look = "owed" if owed else "earned"
            box = {"x": x - 0.3, "x2": x + 0.3, "y": bottom, "y2": top}
            rows.append({"role": "room", "look": look, **box})
            if owed:
                step = (10 * len(years) / 340, 10 * 100 / HEIGHT)
                rows += hatch((x - 0.3, x + 0.3, bottom, top), step, "owed-hatch")
        above = top
        if year.baseline is not None:
            dot = y(year.baseline)
            rows.append({"role": "point", "look": "baseline", "x": x, "y": dot})
            above = dot + 1.5 if top - 2 < dot < top + 10 else top
        if year.net is not None:
            rows.append({"role": "net", "x": x - 0.38, "x2": x + 0.38, "y": y(year.net)})
        rows.append(text("paid", x, above + 5, year.shown))
        rows.append(text("name", x, NAMES, year.name, year.short or year.name))
        rows.append(text("under", x, UNDER_NAMES, year.under))
        said = f"{year.name}: {year.shown}, baseline {year.baseline_shown}"
        net = "" if year.net is None else f", net of program cost {year.net_shown}"
        rows.append(_told(number, said + net))
    return rows


def _told(slot: int, words: str) -> Row:
    """Return what the pointer is told anywhere over a year."""
    place = {"x": float(slot), "x2": slot + 1.0, "y": 0.0, "y2": 100.0}
    return {"role": "told", "text": words, **place}


@cache
def _spec(theme: Theme, slots: int) -> dict[str, Any]:
    """Build the specification of both pictures: places are computed in Python."""
    ink = INK[theme]
    at, span = sheet(slots, 100, downwards=False)
    fills = {
        "taken": ink.medicare_fill,
        "room": ink.background,
        "earned": ink.earned,
        "owed": ink.owed,
    }
    outlines = fills | {"taken": ink.medicare, "room": ink.line}
    layers = [
        marks_of("band").mark_rect(fill=ink.medicare, opacity=0.07).encode(**span),
        marks_of("border").mark_rule(color=ink.line, strokeWidth=1).encode(**span),
        marks_of("zero").mark_rule(color=ink.line).encode(y=at["y"]),
        marks_of("guide")
        .mark_rule(color=ink.quiet, strokeWidth=1, strokeDash=[2, 3])
        .encode(**span),
        marks_of("room")
        .mark_rect(fill=by_look(**fills), stroke=by_look(**outlines), strokeWidth=1.25)
        .encode(**span),
        marks_of("hatch").mark_rule(color=ink.medicare, opacity=0.55).encode(**span),
        owed_hatch(ink, span),
        marks_of("line")
        .mark_line(strokeWidth=2.5)
        .encode(
            **at,
            detail="look:N",
            color=alt.Color("look:N")
            .scale(domain=["target", "spent"], range=[ink.text, ink.medicare])
            .legend(None),
        ),
        marks_of("net").mark_rule(color=ink.text, strokeWidth=3).encode(**at, x2="x2:Q"),
        marks_of("point")
        .mark_point(
            opacity=1,
            filled=True,
            strokeWidth=2,
            size=by_look(target=90, spent=90, baseline=80),
            fill=by_look(target=ink.text, spent=ink.medicare, baseline=ink.background),
            stroke=by_look(target=ink.background, spent=ink.background, baseline=ink.quiet),
        )
        .encode(**at),
        *(marks_of("text").mark_text(**style).encode(**at) for style in _texts(theme)),
        touched(marks_of("told"), **span),
    ]
    return framed(layers, HEIGHT)


LABELS: Looks = {
    **{f"target-{side}": ("text", "center", "bold") for side in ("left", "right")},
    **{f"spent-{side}": ("quiet", "center", "normal") for side in ("left", "right")},
    "paid": ("text", "center", "bold"),
    "name": ("text", "center", "normal"),
    "under": ("quiet", "center", "normal"),
    "note": ("quiet", "left", "normal"),
    "next": ("text", "left", "bold"),
    "without": ("quiet", "left", "normal"),
}

BESIDE = {
    f"{look}-{side}": pixels
    for look in ("target", "spent")
    for side, pixels in (("left", -9), ("right", 9))
}
"""Pixels by which a label steps aside for a line that rises or falls."""

OVER_LINES = (*BESIDE, "paid", "without", "next")
"""Labels with the ground behind them."""


def _texts(theme: Theme) -> list[dict[str, Any]]:
    ink = INK[theme]
    base: dict[str, Any] = {
        "text": alt.ExprRef(expr="width < 400 ? datum.short : datum.text"),
        "baseline": "middle",
        "fontSize": alt.ExprRef(expr="width < 400 ? 12 : 13.5"),
        "fontStyle": alt.ExprRef(expr="datum.look === 'note' ? 'italic' : 'normal'"),
        "dx": by_look(**{look: BESIDE.get(look, 0) for look in LABELS}),
        **by_looks(LABELS, ink),
    }
    behind = by_look(**{look: 0.85 * (look in OVER_LINES) for look in LABELS})
    return [base | halo(ink) | {"opacity": behind}, base]
