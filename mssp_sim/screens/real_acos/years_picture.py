"""One ACO's years in one picture: target, spending, savings, payment, quality, contract."""

from collections.abc import Sequence
from functools import cache
from math import isnan
from typing import Any

import altair as alt

from mssp_sim.charts.marks import (
    TWIN_MARKS,
    Looks,
    labels,
    owed_hatch,
    sheet,
    text,
    touched,
)
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, hatch, marks_of
from mssp_sim.cms_files.own_years import OwnYear
from mssp_sim.figures import money, plain, score
from mssp_sim.naming import alone, on_button
from mssp_sim.screens.real_acos import words

HEIGHT = 470
"""Pixels; places down the sheet are pixels too."""

DOLLARS, SAVED, QUALITY = (34.0, 146.0), (190.0, 262.0), (338.0, 388.0)
"""Top and bottom of the three bands."""

HEADS = ((10.0, "dollars"), (172.0, "saved"), (322.0, "quality"), (424.0, "contract"))
PAID, WHY, SCORES, CONTRACT, YEAR = 280.0, 297.0, 402.0, 438.0, 460.0
SLOT = (0.14, 0.86)
"""Where the mark of a year begins and ends, of its slot."""

BAR = (0.26, 0.74)
LABEL = 12.0
"""Pixels between a mark and its label."""

ONE_SIDED = ("1", "A", "B")
STEP = 7
PIXELS_WIDE = 900
TOLD = ("Target per person", "Spent per person", "Saved", "Quality", "Paid")
"""What the pointer is told of a year, by its heads in the table."""

MANY = 8
"""Years from which on a narrow picture shows every other target."""


def years_picture(years: Sequence[OwnYear], theme: Theme, description: str) -> Picture:
    """Return a column a year: dollars per person, what was saved, what was paid, quality."""
    return Picture(
        spec=_spec(theme, len(years)),
        datasets={"marks": arrow(_marks(years), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(words.year_in_words(year) for year in years),
    )


def _marks(years: Sequence[OwnYear]) -> list[Row]:
    rows = [text("head", 0.0, y, words.HEADS[head], words.HEADS_SHORT[head]) for y, head in HEADS]
    dollars = [f for year in years for f in (year.benchmark, year.spending) if not isnan(f)]
    low, high = min(dollars, default=0.0), max(dollars, default=1.0)
    rates = [abs(year.savings_rate) for year in years]
    widest = max([*rates, *(year.minimum_savings_rate for year in years), 0.01])
    zero = sum(SAVED) / 2
    if all(year.savings_rate >= 0 for year in years):
        zero = SAVED[1]
    rows.append({"role": "zero", "x": 0.0, "x2": float(len(years)), "y": zero})
    for number, year in enumerate(years):
        if year.rebased:
            rows.append({"role": "new", "x": float(number), "y": DOLLARS[0] - 10, "y2": YEAR})
            rows.append(text("new", number + 0.03, DOLLARS[0] - 8, "new agreement", "new"))
        rows += _dollars(number, year, low, high, crowded=len(years) >= MANY)
        rows += _saved(number, year, zero, (zero - SAVED[0]) / widest)
        rows += _paid(number, year, aside=len(years) >= MANY and number % 2 == 1)
        rows += _quality(number, year)
        rows.append(text("plain", number + 0.5, CONTRACT, alone(year.level), _short(year.level)))
        name = f"{year.year}{'*' if year.by_name else ''}"
        rows.append(text("year", number + 0.5, YEAR, name, f"’{name[2:]}"))
        cells = words.year_in_words(year)
        said = ", ".join([cells["Year"], *(f"{head.lower()} {cells[head]}" for head in TOLD)])
        place = {"x": float(number), "x2": number + 1.0, "y": 0.0, "y2": float(HEIGHT)}
        rows.append({"role": "told", "text": said, **place})
    return rows


def _short(level: str) -> str:
    return on_button(level).removeprefix("Track ")


def _dollars(number: int, year: OwnYear, low: float, high: float, *, crowded: bool) -> list[Row]:
    """Return target and spending of a year, and between them what was saved or overspent."""
    if isnan(year.benchmark):
        return [text("quiet", number + 0.5, sum(DOLLARS) / 2, words.NOT_TOLD, "–")]
    top, bottom = DOLLARS[0] + 2 * LABEL, DOLLARS[1] - LABEL
    unit = (bottom - top) / max(high - low, 1.0)
    target, spent = (bottom - (f - low) * unit for f in (year.benchmark, year.spending))
    left, right = (number + end for end in SLOT)
    over = year.spending > year.benchmark
    look = "over" if over else "under"
    away = -LABEL if not over else LABEL
    told = not crowded or number % 2 == 0
    return [
        {"role": "link", "look": look, "x": number + 0.5, "y": target, "y2": spent},
        {"role": "target", "x": left, "x2": right, "y": target},
        {"role": "dot", "look": "spent", "x": number + 0.5, "y": spent},
        text("target", number + 0.5, target + away, plain(year.benchmark, 0),
             _thousands(year.benchmark) if told else " "),
        text("spent", number + 0.5, spent - away, plain(year.spending, 0),
             _thousands(year.spending) if told else " "),
    ]  # fmt: skip


def _thousands(dollars: float) -> str:
    return f"{plain(dollars / 1000, 1)}k"


def _saved(number: int, year: OwnYear, zero: float, unit: float) -> list[Row]:
    """Return the bar of the savings rate, and the minimum that it had to clear."""
    end = zero - year.savings_rate * unit
    box = (number + BAR[0], number + BAR[1], *sorted((zero, end)))
    look = year.outcome if year.outcome in ("paid", "owed") else "unpaid"
    rows: list[Row] = [
        {"role": "bar", "look": look, "x": box[0], "x2": box[1], "y": box[2], "y2": box[3]}
    ]
    if year.outcome == "owed":
        rows += hatch(box, (STEP * 12 / PIXELS_WIDE, STEP), "owed-hatch")
    minimum = zero - year.minimum_savings_rate * unit
    across = {"role": "minimum", "x": number + SLOT[0], "x2": number + SLOT[1]}
    rows.append(across | {"y": minimum})
    if year.savings_rate < 0 and year.level not in ONE_SIDED:
        rows.append(across | {"y": 2 * zero - minimum})  # as much before it owes
    return rows


def _paid(number: int, year: OwnYear, *, aside: bool) -> list[Row]:
    """Return what was paid and why no more; ``aside`` keeps the words of neighbors apart."""
    look = {"paid": "paid", "owed": "owed"}.get(year.outcome, "plain")
    dollars = money(year.payment)
    short = dollars.replace("$", "").removesuffix("M")
    rows = [text(look, number + 0.5, PAID, dollars, "0" if not year.payment else short)]
    why = words.WHY[year.outcome]
    if why:
        rows.append(
            text("quiet", number + 0.5, WHY + aside * LABEL, why, words.WHY_SHORT[year.outcome])
        )
    return rows


def _quality(number: int, year: OwnYear) -> list[Row]:
    """Return the score as a dot against the line of its year."""
    unit = QUALITY[1] - QUALITY[0]
    line = QUALITY[1] - year.quality_standard * unit
    left, right = (number + end for end in SLOT)
    rows: list[Row] = [{"role": "minimum", "x": left, "x2": right, "y": line}]
    if isnan(year.quality_score):
        return [*rows, text("quiet", number + 0.5, SCORES, words.NOT_TOLD, "–")]
    place = QUALITY[1] - year.quality_score * unit
    shown = score(year.quality_score)
    return [
        *rows,
        {"role": "dot", "look": year.standard_met, "x": number + 0.5, "y": place},
        text("plain", number + 0.5, SCORES, shown, plain(year.quality_score * 100, 0)),
    ]


LABELS: Looks = {
    "head": ("quiet", "left", "normal"),
    "new": ("quiet", "left", "normal"),
    "target": ("text", "center", "bold"),
    "spent": ("quiet", "center", "normal"),
    "plain": ("text", "center", "normal"),
    "quiet": ("quiet", "center", "normal"),
    "paid": ("earned_text", "center", "bold"),
    "owed": ("owed", "center", "bold"),
    "year": ("text", "center", "bold"),
}


@cache
def _spec(theme: Theme, slots: int) -> dict[str, Any]:
    """Build the specification: places are computed in Python."""
    ink = INK[theme]
    at, span = sheet(slots, HEIGHT)
    across = {**at, "x2": "x2:Q"}
    dots = {
        "spent": ink.medicare,
        "full": ink.earned,
        "partial": ink.left,
        "none": ink.background,
    }
    edges = dots | {"partial": ink.left_outline, "none": ink.owed}
    fills = {"paid": ink.earned, "owed": ink.owed, "unpaid": ink.medicare_fill}
    layers = [
        marks_of("zero").mark_rule(color=ink.line).encode(**across),
        marks_of("new")
        .mark_rule(color=ink.quiet, strokeWidth=1, strokeDash=[2, 3])
        .encode(**at, y2="y2:Q"),
        marks_of("bar")
        .mark_rect(
            fill=by_look(**fills),
            stroke=by_look(**fills | {"unpaid": ink.medicare}),
            strokeWidth=1.25,
        )
        .encode(**span),
        owed_hatch(ink, span),
        marks_of("link")
        .mark_rule(strokeWidth=7, opacity=0.45, color=by_look(under=ink.earned, over=ink.owed))
        .encode(**at, y2="y2:Q"),
        marks_of("target").mark_rule(color=ink.text, strokeWidth=3).encode(**across),
        marks_of("minimum")
        .mark_rule(color=ink.text, strokeWidth=1.5, strokeDash=[4, 2])
        .encode(**across),
        marks_of("dot")
        .mark_point(
            opacity=1, filled=True, size=80, strokeWidth=2,
            fill=by_look(**dots), stroke=by_look(**edges),
        )
        .encode(**at),
        *labels(
            LABELS,
            ink,
            at,
            narrow=620,
            fontSize=alt.ExprRef(expr="datum.look === 'head' ? 12.5 : width < 620 ? 11 : 12.5"),
            fontStyle=alt.ExprRef(expr="datum.look === 'new' ? 'italic' : 'normal'"),
        ),
        touched(marks_of("told"), **span),
    ]  # fmt: skip
    return framed(layers, HEIGHT)
