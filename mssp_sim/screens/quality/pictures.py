"""The quality ladder, and under it what each point is worth: two pictures on one axis of scores."""

import itertools
import math
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import (
    TWIN_MARKS,
    Looks,
    axis_labels,
    axis_title,
    labels,
    left_on_the_table,
    shown_millions,
    text,
    touched,
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
    by_look,
    fitted,
    framed,
    marks_of,
)
from mssp_sim.figures import money, percent, points, score, whole_dollars
from mssp_sim.result import Result
from mssp_sim.screens.quality.words import Ladders, shown_score, tower, worth
from mssp_sim.studies.quality_scores import Study, banded
from mssp_sim.tolerances import CENT
from mssp_sim.units import Array
from mssp_sim.words.outcome import owes

LADDER_HEIGHT, BARS_HEIGHT = 248, 160
PIXELS_WIDE = 850
AXIS = 46
"""Pixels both pictures keep for the labels on the left, so that their scores line up."""

LAST = 104.0
"""Where the axis of scores ends: a little room after 100."""

HEADROOM = 1.2
ROOM_FOR_A_LABEL = 18
NARROW = 480
"""Pixels of the ladders under which their labels show their short twins."""
"""Points of score that a label over a run of bars needs."""

ROOM_FOR_TWO_LINES = 22
"""Points from the standard to the end that its label needs in the narrowest picture."""

LINES = {"look": pa.string(), "x": pa.float32(), "y": pa.float32(), "n": pa.int32()}
HOVER = {"x": pa.float32(), "y": pa.float32(), "paid": pa.float32()}


def ladder(
    study: Study,
    baseline: Result,
    which: Ladders,
    theme: Theme,
    description: str,
    *,
    labelled: bool = True,
) -> Picture:
    """Return the ladder: the share of savings kept, or of losses owed, at every score.

    Parameters
    ----------
    baseline : drawn hollow where it has the same contract and standard
    labelled : write the scores under it; not where the bars below do
    """
    values = study.share if which == "share" else study.loss_rate
    top = _top(study, which)
    whole = np.isin(study.score, np.round(np.arange(101) / 100, 2))
    hover = [
        {"x": x * 100, "y": y * 100, "paid": paid / 1e6}
        for x, y, paid in zip(
            study.score[whole], values[whole], study.payment_at_points, strict=True
        )
    ]
    return Picture(
        spec=fitted(_ladder(theme, which, labelled=labelled), y=((0, top), None)),
        datasets={
            "lines": arrow(_lines(study, values, which), LINES),
            "marks": arrow(_marks(study, values, baseline, which, top), TWIN_MARKS),
            "hover": arrow(hover, HOVER),
        },
        description=description,
        table=lambda: tuple(
            {
                "Score": score(x / 100, 0),
                "Your share" if which == "share" else "Share of losses": percent(y / 100, 2),
                "You get": money(paid * 1e6),
            }
            for x, y, paid in ((row["x"], row["y"], row["paid"]) for row in hover)
        ),
    )


def value_of_points(study: Study, theme: Theme, description: str) -> Picture:
    """Return a bar for each point: what it adds to the one before."""
    values = study.value_of_points / 1e6
    top = _even_top(float(np.max(values)) * HEADROOM)
    return Picture(
        spec=fitted(_bars_of_points(theme), y=((0, top), None)),
        datasets={"marks": arrow(_bars(study, values, top), TWIN_MARKS)},
        description=description,
        table=lambda: tuple(
            {"From": str(point), "To": str(point + 1), "Worth": whole_dollars(value * 1e6)}
            for point, value in enumerate(values)
        ),
    )


def _top(study: Study, which: Ladders) -> float:
    """Return the upper end of the axis in percent: fixed for a contract, with room for bands."""
    highest = study.full_share if which == "share" else float(np.max(study.loss_rate))
    return max(round(highest * 10 * HEADROOM), 1) * 10.0


def _even_top(wanted: float) -> float:
    """Return the nearest even number of millions above what has to fit."""
    if wanted < CENT:
        return 1.0
    unit = 10 ** math.floor(math.log10(wanted))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return float(next(unit * step for step in steps if unit * step >= wanted))


def _lines(study: Study, values: Array, which: Ladders) -> list[Row]:
    rows = [
        {"look": "own", "x": x * 100, "y": y * 100, "n": n}
        for n, (x, y) in enumerate(zip(study.score, values, strict=True))
    ]
    other = study.share_otherwise
    if which == "share" and np.max(np.abs(other - study.share)) > 0:
        below = np.flatnonzero(other != study.share)
        rows += [
            {"look": "other", "x": study.score[n] * 100, "y": other[n] * 100, "n": int(n)}
            for n in range(below[0], below[-1] + 1)
        ]
    return rows


def _marks(study: Study, values: Array, baseline: Result, which: Ladders, top: float) -> list[Row]:
    per_x, per_y = LAST / PIXELS_WIDE, top / (LADDER_HEIGHT - 34)
    rows = _bands(study, top, per_y) if banded(study.result) and which == "share" else []
    if study.stepped:
        rows.append({"role": "standard", "x": study.standard * 100})
        rows += _step_label(study, values, which, per_x, per_y)
    if which == "share":
        rows += _share_labels(study, per_y)
        rows += _bracket(study, per_x)
    own = study.at(values, study.own) * 100
    if baseline.scenario.level == study.result.scenario.level and _same_line(study, baseline):
        at = float(baseline.scenario.quality_score)
        rate = baseline.final_sharing_rate if which == "share" else baseline.shared_loss_rate
        rows.append({"role": "dot", "look": "baseline", "x": at * 100, "y": float(rate) * 100})
    now = "owing" if which == "loss" and owes(study.result) else "own"
    rows.append({"role": "dot", "look": now, "x": study.own * 100, "y": own})
    return rows


def _same_line(study: Study, baseline: Result) -> bool:
    """Return whether the baseline's point lies on this ladder."""
    at = study.at(study.share, float(baseline.scenario.quality_score))
    return abs(at - float(baseline.final_sharing_rate)) < BESIDE_THE_LINE


BESIDE_THE_LINE = 0.006


def _bands(study: Study, top: float, per_y: float) -> list[Row]:
    """Return the display bands as faint columns, every other one filled, each with its name."""
    edges = np.flatnonzero(np.diff(study.band))
    starts = [0.0, *(float(study.score[edge + 1]) * 100 for edge in edges)]
    ends = [*starts[1:], 100.0]
    numbers = [int(study.band[0]), *(int(study.band[edge + 1]) for edge in edges)]
    rows: list[Row] = []
    for number, start, end in zip(numbers, starts, ends, strict=True):
        if number % 2 == 0 and number:
            rows.append({"role": "band", "x": start, "x2": end, "y": 0.0, "y2": top})
        name = f"band {number}" if end - start > 8 else str(number)  # noqa: PLR2004
        short = str(number) if end - start > 2 else " "  # noqa: PLR2004
        rows.append(text("band", (start + end) / 2, top - 9 * per_y, name, short))
    return rows


def _step_label(
    study: Study, values: Array, which: Ladders, per_x: float, per_y: float
) -> list[Row]:
    """Return the label at the standard: how high the step is, and what it is worth."""
    line = study.standard * 100
    step = study.step(values)
    lines = [f"full standard {shown_score(study.standard)}"]
    short = f"line {shown_score(study.standard)}"
    if abs(step) > CENT / 100:
        lines.append(f"{'+' if step > 0 else '−'}{points(step)} of {_what(which)}")
        lines.append("in one step")
    y = float(np.max(values)) * 100 * (0.32 if which == "share" else 0.24)
    free_above = study.at(values, study.standard) * 100 - y > 36 * per_y
    room = LAST - line > 22 and (free_above or line < 22)  # noqa: PLR2004
    x = line + 9 * per_x if room else line - 9 * per_x
    look = "note-left" if room else "note-right"
    return [text(look, x, y, "\n".join(lines), short)]


def _what(which: Ladders) -> str:
    return "share" if which == "share" else "the loss rate"


def _share_labels(study: Study, per_y: float) -> list[Row]:
    rows: list[Row] = []
    line = study.standard * 100
    above = study.share[study.score >= study.standard]
    if study.stepped and len(above) > 1 and np.ptp(above) <= 0 and LAST - line > 18:  # noqa: PLR2004
        words = f"flat: {math.ceil(line - CENT / 100)} pays\nthe same as 100"
        if 100 - line < ROOM_FOR_TWO_LINES:
            words = "flat"
        y = float(above[0]) * 100 - 18 * per_y
        rows.append(text("note-end", 100.0, y, words, "flat"))
    differs = np.flatnonzero(study.share_otherwise != study.share)
    if len(differs):
        own_partial = bool(study.result.scenario.alternative_standard_met)
        along = 0.5 if own_partial else 0.9 if study.own < 0.6 else 0.35  # noqa: PLR2004
        middle = float(study.score[differs[int(len(differs) * along)]]) * 100
        other = "neither standard met: 0%" if own_partial else "with the partial standard"
        y = 15 * per_y if own_partial else middle * study.full_share + 16 * per_y
        look = "note-middle" if own_partial else "note-right"
        rows.append(text(look, middle, y, other))
    return rows


def _bracket(study: Study, per_x: float) -> list[Row]:
    """Return what is left on the table to quality as a dimension line beside the dot."""
    lost = float(study.result.lost_to_quality)
    if lost < 1:
        return []
    share, full = float(study.result.final_sharing_rate) * 100, study.full_share * 100
    room = study.own * 100 > 26  # noqa: PLR2004
    x = study.own * 100 + (-62 if room else 34) * per_x
    right = max(study.own * 100, study.standard * 100) if study.stepped else study.own * 100
    guides = [
        {"role": "guide", "x": x - 8 * per_x, "x2": end, "y": y, "y2": y}
        for y, end in ((share, study.own * 100), (full, max(right, x)))
    ]
    words = f"left on the table\n{money(lost)}"
    return [
        *guides,
        {"role": "bracket", "x": x, "y": share, "y2": full},
        text(
            "left-end" if room else "left-start",
            x + (-11 if room else 11) * per_x,
            (share + full) / 2,
            words,
            money(lost),
        ),
    ]


def _bars(study: Study, values: Array, top: float) -> list[Row]:
    per_y = top / (BARS_HEIGHT - 52)
    look = "owed" if owes(study.result) else "earned"
    rows: list[Row] = [
        {
            "role": "bar", "look": look,
            "x": n + 0.15, "x2": n + 0.85, "y": 0.0, "y2": float(value),
            "text": f"From {n} to {n + 1}: +{worth(float(value) * 1e6)}",
        }
        for n, value in enumerate(values)
        if value > 0
    ]  # fmt: skip
    rows.append({"role": "here", "x": study.own * 100})
    highest = tower(study)
    if highest is not None:
        high = float(values[highest])
        room = highest > ROOM_FOR_A_LABEL
        own = study.own * 100
        beside = own if highest - 8 < own <= highest + 1 else highest
        worth_it = f"+{worth(high * 1e6)}"
        rows.append(
            text(
                "tower-end" if room else "tower-start",
                beside - 0.5 if room else highest + 1.4,
                min(high, top - 12 * per_y) - 10 * per_y,
                f"{highest} → {highest + 1}\n{worth_it}",
                worth_it,
            )
        )
    runs = _runs(values, highest)
    for start, end in runs:
        if end - start < ROOM_FOR_A_LABEL and len(runs) > 1:
            continue
        each = float(values[start]) * 1e6
        words = f"each point {worth(each)}" if each >= 1 else "nothing more" if start else "nothing"
        if not study.moves:
            words = "no point moves money on this result"
        y = float(values[start]) + 14 * per_y
        rows.append(text("note-left", start + 0.8, y, words, worth(each)))
    return rows


def _runs(values: Array, tower: int | None) -> list[tuple[int, int]]:
    """Return the stretches of points worth the same, the tower apart: first and one past last."""
    same = np.abs(np.diff(values)) * 1e6 < 1
    edges = [0, *(int(n) + 1 for n in np.flatnonzero(~same)), len(values)]
    spans = itertools.pairwise(edges)
    return [(start, end) for start, end in spans if start != tower and end - start > 1]


def _x(ink: Ink, *, labelled: bool) -> alt.X:
    return alt.X("x:Q", title=None).scale(domain=[0, LAST], nice=False).axis(
        grid=False,
        labels=labelled,
        **axis_labels(ink),
        values=[0, 20, 40, 60, 80, 100],
        **axis_title(ink, "quality score" if labelled else None),
    )  # fmt: skip


def _y(ink: Ink, label: str, ticks: int) -> alt.Y:
    return alt.Y("y:Q", title=None).scale(domain=ANYWHERE, nice=False).axis(
        gridColor=ink.grid,
        **axis_labels(ink),
        tickCount=ticks,
        labelExpr=label,
        minExtent=AXIS,
        maxExtent=AXIS,
    )  # fmt: skip


@cache
def _ladder(theme: Theme, which: Ladders, *, labelled: bool) -> dict[str, Any]:
    """Build the specification of a ladder: no figure of a scenario is in it."""
    ink = INK[theme]
    x = _x(ink, labelled=labelled)
    y = _y(ink, "datum.value + '%'", 6)
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    lines = alt.Chart(alt.NamedData(name="lines"))
    own = ink.earned if which == "share" else ink.text
    layers = [
        marks_of("band").mark_rect(color=ink.medicare, opacity=0.08).encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q"
        ),
        lines.transform_filter("datum.look === 'other'")
        .mark_line(color=ink.quiet, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(**at, order="n:Q"),
        marks_of("standard")
        .mark_rule(color=ink.quiet, strokeWidth=1.25, strokeDash=[2, 3])
        .encode(x="x:Q"),
        lines.transform_filter("datum.look === 'own'")
        .mark_line(color=own, strokeWidth=3, strokeJoin="round")
        .encode(**at, order="n:Q"),
        *left_on_the_table(ink),
        marks_of("dot")
        .mark_point(
            filled=True,
            opacity=1,
            strokeWidth=2,
            fill=by_look(baseline=ink.background, own=own, owing=ink.owed),
            stroke=by_look(baseline=own, own=ink.background, owing=ink.background),
            size=by_look(baseline=110, own=190, owing=190),
            shape=by_look(baseline="circle", own="circle", owing="triangle-down"),
        )
        .encode(**at),
        *labels(ENDS, ink, narrow=NARROW),
        upright(
            alt.Chart(alt.NamedData(name="hover")).transform_calculate(
                Score="format(datum.x, '.0f')",
                Share="format(datum.y, '.1f') + '%'",
                **{"You get": shown_millions("paid")},
            ),
            1,
            ["Score:N", "Share:N", "You get:N"],
        ),
    ]  # fmt: skip
    return framed(layers, LADDER_HEIGHT)


@cache
def _bars_of_points(theme: Theme) -> dict[str, Any]:
    """Build the specification of the bars: no figure of a scenario is in it."""
    ink = INK[theme]
    money_label = "'$' + format(datum.value, ',~r') + (datum.value === 0 ? '' : 'M')"
    x, y = _x(ink, labelled=True), _y(ink, money_label, 3)
    layers = [
        marks_of("bar")
        .mark_rect(fill=by_look(earned=ink.earned, owed=ink.owed))
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        marks_of("here").mark_rule(color=ink.quiet, strokeWidth=1.25, strokeDash=[2, 3]).encode(
            x="x:Q"
        ),
        *labels(ENDS, ink),
        touched(
            marks_of("bar"), x="x:Q", x2="x2:Q", y=alt.value(0), y2=alt.value("height")
        ),
    ]  # fmt: skip
    return framed(layers, BARS_HEIGHT)


ENDS: Looks = {
    "band": ("quiet", "center", "normal"),
    "note-left": ("text", "left", "normal"),
    "note-right": ("text", "right", "normal"),
    "note-end": ("text", "right", "normal"),
    "note-middle": ("text", "center", "normal"),
    "left-end": ("text", "right", "bold"),
    "left-start": ("text", "left", "bold"),
    "tower-end": ("text", "right", "bold"),
    "tower-start": ("text", "left", "bold"),
}
