"""The payoff curve of a lesson: as much of it as may be known, the question, and the bet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import MARKS, TWIN_MARKS
from mssp_sim.charts.payoff import CURVE, LABEL_ROOM, LABELS, payoff, scale
from mssp_sim.charts.placing import LabelSheet, Spot
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look
from mssp_sim.figures import money, percent
from mssp_sim.studies.payoff_curve import Curve

PIXELS_WIDE, PIXELS_HIGH = 560, 310
AWAY = 26
"""Pixels from a mark to its label."""

JUMP_WIDTH = 150
AROUND = (
    ("bet", -26, 40), ("bet", -26, 16), ("bet", -26, -28), ("beside", 26, -28), ("beside", 26, 30),
    ("beside", 18, 0), ("bet", -18, 0), ("bet", -26, 64), ("bet", -60, 40), ("bet", -60, -40),
    ("beside", 26, 60), ("bet", -26, -60),
)  # fmt: skip
"""Places of the bet's label about its mark, in pixels; the first that is free is taken."""

HOVER = {"x": pa.float32(), "y": pa.float32(), "full": pa.float32()}
NOT_YET = ("here", "jump", "edge")
"""Labels that wait for the reveal."""

ZONE = ("zone", "hatch", "minimum")


@dataclass(frozen=True, slots=True)
class Extra:
    """What a lesson draws over the curve, in fractions of the target and dollars.

    ``ask`` is where the question mark stands; ``bet`` and ``spots`` are places with their labels.
    """

    ask: float | None = None
    bet: tuple[float, float, str] | None = None
    spots: tuple[tuple[float, float, str], ...] = ()


def whole(curve: Curve, theme: Theme, description: str, extra: Extra) -> Picture:
    """Return the payoff curve as on the Simulator, with the bet on it."""
    drawn = payoff(curve, theme, description)
    if extra.bet is not None:
        marks = [row for row in _rows(drawn, "marks") if not _under(row, extra.bet, curve)]
        drawn = _with_rows(drawn, marks)
    return _with(drawn, curve, theme, extra)


def _under(row: Row, bet: tuple[float, float, str], curve: Curve) -> bool:
    """Return whether the label of a jump would lie under the bet."""
    if row["look"] != "jump":
        return False
    per_x, per_y = _pixel(curve)
    away = bet[0] * 100 - row["x"]
    level = abs(row["y"] - bet[1] / 1e6) < AWAY * per_y
    return bool(level and 0 <= away < JUMP_WIDTH * per_x)


def asked(curve: Curve, theme: Theme, description: str, extra: Extra, label: str) -> Picture:
    """Return the curve of what is known before the bet, and a question mark.

    Parameters
    ----------
    curve : of the scenario before, held against itself
    label : what its dot is called
    """
    known = payoff(curve, theme, description)
    rows = [row for row in _rows(known, "marks") if not _of_now(row)]
    words = f"{label} {money(curve.here[1])}"
    rows += [
        row | {"text": words, "short": words}
        for row in _rows(known, "marks")
        if row["role"] == "text" and str(row["look"]).startswith("here")
    ]
    return _with(_with_rows(known, rows), curve, theme, extra)


def _of_now(row: Row) -> bool:
    """Return whether a mark says where the ACO stands now."""
    if row["role"] == "dot":
        return bool(row["look"] != "baseline")
    return bool(row["role"] == "text" and str(row["look"]).startswith(NOT_YET))


def partly(curve: Curve, theme: Theme, description: str, extra: Extra, *, zone: bool) -> Picture:
    """Return the axes alone, or with the zone where nothing is paid: no amount is in it."""
    full = payoff(curve, theme, description)
    marks = [row for row in _rows(full, "marks") if zone and _of_zone(row)]
    line = [row for row in _rows(full, "curve") if zone and row["tone"] == "zone"]
    table: tuple[Row, ...] = tuple(
        {"Saved or overspent": percent(row["x"] / 100), "You get": money(0.0)} for row in line
    ) or tuple(
        {"Saved or overspent": percent(rate), "What": words} for rate, _, words in extra.spots
    )
    known = replace(
        full,
        datasets={
            "curve": arrow(line, CURVE),
            "marks": arrow(marks, TWIN_MARKS),
            "hover": arrow([], HOVER),
        },
        table=lambda: table or ({"Saved or overspent": "", "You get": "not told yet"},),
    )
    return _with(known, curve, theme, extra)


def _of_zone(row: Row) -> bool:
    return row["role"] in ZONE or (row["role"] == "text" and row["look"] == "zone")


def _rows(picture: Picture, name: str) -> list[Row]:
    with pa.ipc.open_stream(picture.datasets[name]) as stream:
        rows: list[Row] = stream.read_all().to_pylist()
    return rows


def _with_rows(picture: Picture, rows: Sequence[Row]) -> Picture:
    return replace(picture, datasets={**picture.datasets, "marks": arrow(rows, TWIN_MARKS)})


def _with(picture: Picture, curve: Curve, theme: Theme, extra: Extra) -> Picture:
    low = curve.reach[0] * 100
    bottom, top = scale(curve)
    per_x, per_y = _pixel(curve)
    rows: list[Row] = []
    if extra.ask is not None:
        x = extra.ask * 100
        end = curve.here[1] / 1e6 or top * 0.8
        rows.append({"role": "rule", "x": x, "x2": x, "y": 0.0, "y2": end})
        rows.append({"role": "text", "look": "ask", "x": x, "y": end / 2, "text": "?"})
    for number, (rate, dollars, words) in enumerate(extra.spots):
        x, y = rate * 100, dollars / 1e6
        rows.append({"role": "mark", "look": "spot", "x": x, "y": y})
        up = y + (AWAY + 20 * number) * per_y
        rows.append({"role": "text", "look": "spot", "x": x, "y": up, "text": words})
    if extra.bet is not None:
        rate, dollars, words = extra.bet
        x, y = rate * 100, min(max(dollars / 1e6, bottom), top)
        px, py = (x - low) / per_x, (y - bottom) / per_y
        chosen = _sheet(picture, curve, (px, py)).put(
            Spot(look, px + dx, py + dy, (words,)) for look, dx, dy in AROUND
        )
        to_x, to_y = low + chosen.x * per_x, bottom + chosen.y * per_y
        end = to_y - 9 * per_y * np.sign(chosen.y - py)
        rows.append({"role": "leader", "x": x, "x2": to_x, "y": y, "y2": end})
        rows.append({"role": "mark", "look": "bet", "x": x, "y": y})
        rows.append({"role": "text", "look": chosen.look, "x": to_x, "y": to_y, "text": words})
    return replace(
        picture,
        spec={**picture.spec, "layer": [*picture.spec["layer"], *_layers(theme)]},
        datasets={**picture.datasets, "bets": arrow(rows, MARKS)},
    )


def _sheet(picture: Picture, curve: Curve, bet: tuple[float, float]) -> LabelSheet:
    """Return the picture with all that a bet's label has to keep clear of."""
    low, (bottom, _), (per_x, per_y) = curve.reach[0] * 100, scale(curve), _pixel(curve)
    ends = {look: (end, weight == "bold") for look, (_, end, weight) in LABELS.items()}
    sheet = LabelSheet(
        PIXELS_WIDE, PIXELS_HIGH, ends | {"bet": ("right", False), "beside": ("left", False)}
    )
    sheet.dot(*bet, 9)
    for tone in ("owed", "quiet", "zone", "earned"):
        line = [row for row in _rows(picture, "curve") if row["tone"] == tone]
        x, y = (np.array([row[axis] for row in line], float) for axis in ("x", "y"))
        sheet.line((x - low) / per_x, (y - bottom) / per_y)
    for row in _rows(picture, "marks"):
        px, py = ((row[axis] or 0.0) for axis in ("x", "y"))
        px, py = (px - low) / per_x, (py - bottom) / per_y
        if row["role"] == "dot":
            sheet.dot(px, py, 9)
        elif row["role"] == "text":
            sheet.boxes.append(sheet.box(Spot(row["look"], px, py, row["text"].split("\n"))))
        elif row["role"] == "minimum":
            sheet.line(np.array([px, px]), np.array([0.0, PIXELS_HIGH]))
    return sheet


def _pixel(curve: Curve) -> tuple[float, float]:
    """Return what a pixel is worth: percent of the target, millions of dollars."""
    low, high = (end * 100 for end in curve.reach)
    bottom, top = scale(curve)
    return (high - low) * (1 + LABEL_ROOM) / PIXELS_WIDE, (top - bottom) / PIXELS_HIGH


@cache
def _layers(theme: Theme) -> tuple[dict[str, Any], ...]:
    """Build what is drawn over the curve: no figure of a scenario is in it."""
    ink = INK[theme]
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    span = at | {"x2": "x2:Q", "y2": "y2:Q"}
    ends = by_look(bet="right", beside="left", spot="center", ask="center")
    text: dict[str, Any] = {
        "align": ends,
        "baseline": "middle",
        "fontSize": by_look(bet=13.5, beside=13.5, spot=13.5, ask=30),
        "fontWeight": by_look(bet="normal", beside="normal", spot="bold", ask="bold"),
    }
    ground = {"fill": ink.background, "stroke": ink.background, "strokeWidth": 5}
    layers = [
        _of("rule").mark_rule(color=ink.quiet, strokeWidth=1.5, strokeDash=[3, 3]).encode(**span),
        _of("leader").mark_rule(color=ink.text, strokeWidth=1).encode(**span),
        _of("mark")
        .mark_point(
            filled=True,
            opacity=1,
            strokeWidth=2,
            size=by_look(bet=110, spot=110),
            shape=by_look(bet="diamond", spot="circle"),
            fill=by_look(bet=ink.background, spot=ink.text),
            stroke=by_look(bet=ink.text, spot=ink.background),
        )
        .encode(**at),
        _of("text").mark_text(**text, strokeJoin="round", **ground).encode(**at, text="text:N"),
        _of("text").mark_text(**text, fill=ink.text).encode(**at, text="text:N"),
    ]
    built: list[dict[str, Any]] = alt.layer(*layers).to_dict()["layer"]
    return tuple(built)


def _of(role: str) -> Any:  # noqa: ANN401  (Altair's chains are untyped)
    bets = alt.Chart(alt.NamedData(name="bets"))
    return bets.transform_filter(f"datum.role === '{role}'")
