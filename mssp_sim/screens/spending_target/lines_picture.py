"""Lines that show what one lever does to the target: share, risk, the effect on one's region."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import Looks, axis_labels, axis_title, labels, text
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of
from mssp_sim.figures import change, percent
from mssp_sim.naming import begun
from mssp_sim.tolerances import ON_PAPER
from mssp_sim.units import Array

HEIGHT = 200
ROOM = 0.22
"""Part of the drawn range kept free above and below a line, for its labels."""
LEAST_SPAN = 0.4
"""The least range of a picture, in points or millions: noise must not look like a slope."""

STRIPES = 24
LIFTED = 0.05
"""Points by which a market share lifts the region's cap before both caps are named."""

Unit = Literal["percent", "millions"]
LINE = {"x": pa.float32(), "y": pa.float32(), "look": pa.string()}
MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float32(), "y": pa.float32(),
    "y2": pa.float32(), "text": pa.string(), "short": pa.string(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A label: where it is, its lines of text, the end it hangs on."""

    x: float
    y: float
    text: str
    hangs: Literal["left", "right", "middle"] = "left"
    quiet: bool = False


def share(
    shares: Array,
    growth: Array,
    here: tuple[float, float],
    theme: Theme,
    description: str,
    *,
    without: Array | None = None,
) -> Picture:
    """Return the target's trend against market share.

    Parameters
    ----------
    shares, growth : fractions of one length
    here : market share and trend now
    without : the trend without the ACO's own effect, where that is counted
    """
    lines = {"solid": (shares * 100, growth * 100)}
    if without is not None:
        lines["dashed"] = (shares * 100, without * 100)
    low, high = _ends(*(y for _, y in lines.values()))
    x, y = here[0] * 100, here[1] * 100
    before, after = np.interp([here[0] - 0.05, here[0] + 0.05], shares, growth)
    rises = float(after) > float(before)
    left = x < float(shares[-1]) * 50
    up = (high - low) * (0.1 if rises != left else -0.1)
    notes = [_beside(x, y, f"you: {percent(here[1], 2)}", float(shares[-1]) * 100, up)]
    if without is not None:
        notes.append(Note(90, float(without[-1]) * 100, "without your effect", "right", quiet=True))
    return _picture(
        lines,
        notes,
        [(x, y)],
        theme,
        description,
        ends=(low, high),
        key=("market share", "Growth of the target", "percent"),
        table=lambda: tuple(
            {"Market share": percent(float(a), 0), "Growth of the target": percent(float(b), 3)}
            for a, b in zip(shares, growth, strict=True)
        ),
    )


def risk(
    growth: Array,
    counted: Array,
    here: tuple[float, float],
    bound: float,
    theme: Theme,
    description: str,
) -> Picture:
    """Return what counts of risk growth: a diagonal that turns flat at the cap, and no floor.

    Parameters
    ----------
    growth, counted : risk growth since benchmark year 3 and what counts, fractions, rising
    bound : the cap, a fraction
    """
    x, y = growth * 100, counted * 100
    over = x > y + ON_PAPER
    low, high = _reach(x, y)
    stripes = _stripes(x, y, max(float(x[over][0]), bound * 100)) if over.any() else []
    right = float(x[-1])
    notes = [
        Note(right, bound * 100 - (high - low) * 0.07, f"cap {percent(bound)}", "right"),
        Note(right * 0.7, high - (high - low) * 0.06, "does not count", "right", quiet=True),
        Note(float(x[0]) * 0.55, low * 0.75, "no floor:\nfalls in full", "left", quiet=True),
    ]
    return _picture(
        {"solid": (x, y), "dashed": (x[x >= 0], x[x >= 0])},
        notes,
        [(here[0] * 100, here[1] * 100)],
        theme,
        description,
        ends=(low, high),
        key=("risk growth since the last benchmark year", "Counts", "percent"),
        extra=stripes,
        table=lambda: tuple(
            {"Risk growth": percent(float(a), 2), "Counts": percent(float(b), 2)}
            for a, b in zip(growth, counted, strict=True)
        ),
    )


def _reach(x: Array, y: Array) -> tuple[float, float]:
    """Return the ends of the axis of what counts, with the diagonal on it."""
    return min(float(y[0]), -1.0), max(float(x[-1]), float(y[-1]), 1.0)


def _stripes(x: Array, y: Array, first: float) -> list[Row]:
    """Return the strokes between what counts and the diagonal, from a place on."""
    at = np.linspace(first, float(x[-1]), STRIPES)
    return [
        {"role": "stripe", "x": float(a), "y": float(b), "y2": float(a)}
        for a, b in zip(at, np.interp(at, x, y), strict=True)
    ]


def region_risk(
    growth: Array,
    divided_out: Array,
    here: tuple[float, float],
    caps: tuple[float, float],
    theme: Theme,
    description: str,
) -> Picture:
    """Return the region's risk growth and what is divided out of it: past the cap it goes back.

    Parameters
    ----------
    growth, divided_out : the region's risk growth since benchmark year 3 and the part that its
        spending growth is divided by, fractions, rising
    here : both of the scenario
    caps : the cap before the market share lifts it, and here
    """
    x, y = growth * 100, divided_out * 100
    own_cap, cap = caps[0] * 100, caps[1] * 100
    left, right = float(x[0]), float(x[-1])
    low, high = _reach(x, y)
    stripes = _stripes(x, y, max(left, own_cap)) if right > own_cap else []
    notes = [
        Note(right, float(y[-1]) - (high - low) * 0.09, f"cap {percent(caps[1])}", "right"),
        Note(right * 0.7, high - (high - low) * 0.06, "given back", "right", quiet=True),
        Note(left * 0.55, low * 0.75, "divided out\nin full", "left", quiet=True),
    ]
    if cap - own_cap > LIFTED:
        bend = Note(own_cap, own_cap, f"from {percent(caps[0])}", "right", quiet=True)
        notes.append(replace(bend, y=own_cap + (high - low) * 0.06))
    return _picture(
        {"solid": (x, y), "dashed": (x[x >= 0], x[x >= 0])},
        notes,
        [(here[0] * 100, here[1] * 100)],
        theme,
        description,
        ends=(low, high),
        key=("region's risk growth since the last benchmark year", "Divided out", "percent"),
        extra=stripes,
        table=lambda: tuple(
            {
                "Region's risk growth": percent(float(a), 2),
                "Divided out": percent(float(b), 2),
                "Given back": percent((1 + float(a)) / (1 + float(b)) - 1, 2),
            }
            for a, b in zip(growth, divided_out, strict=True)
        ),
    )


def drag(
    shares: Array,
    dollars: Array,
    here: tuple[float, float],
    theme: Theme,
    description: str,
    *,
    counted: bool,
) -> Picture:
    """Return what the ACO's own savings take off its target, by market share.

    Parameters
    ----------
    shares : fractions
    dollars : totals, negative where the target falls
    counted : is it part of the present target?
    """
    x, y = shares * 100, dollars / 1e6
    low, high = _ends(y, np.zeros(1))
    at = int(np.argmax(np.abs(y)))
    up = -1 if y[at] <= 0 else 1
    most = "worst" if up < 0 else "most"
    step = (high - low) * 0.09
    notes = [
        Note(
            float(x[at]), float(y[at]) + up * step,
            f"{most} near {percent(float(shares[at]), 0)}: {change(float(dollars[at]))}",
            "middle", quiet=True,
        ),
        _beside(
            here[0] * 100, here[1] / 1e6, f"you: {change(here[1])}", float(x[-1]), step * -up
        ),
    ]  # fmt: skip
    return _picture(
        {"solid" if counted else "dashed": (x, y)},
        notes,
        [(here[0] * 100, here[1] / 1e6)],
        theme,
        description,
        ends=(low, high),
        key=("market share", "Change of the target", "millions"),
        table=lambda: tuple(
            {"Market share": percent(float(a), 0), "Change of the target": change(float(b))}
            for a, b in zip(shares, dollars, strict=True)
        ),
    )


def _ends(*lines: Array) -> tuple[float, float]:
    """Return the range to draw: all of the lines with room for labels."""
    low, high = min(float(y.min()) for y in lines), max(float(y.max()) for y in lines)
    missing = max(LEAST_SPAN - (high - low), 0.0) / 2
    room = max(high - low, LEAST_SPAN) * ROOM
    return low - missing - room, high + missing + room


def _beside(x: float, y: float, text: str, right: float, up: float) -> Note:
    """Return the label of a dot, on the side of the picture that has room."""
    return Note(x, y + up, text, "left" if x < right / 2 else "right")


def _picture(
    lines: dict[str, tuple[Array, Array]],
    notes: Sequence[Note],
    dots: Sequence[tuple[float, float]],
    theme: Theme,
    description: str,
    *,
    ends: tuple[float, float],
    key: tuple[str, str, Unit],
    table: Callable[[], tuple[Row, ...]],
    extra: Sequence[Row] = (),
) -> Picture:
    points: list[Row] = [
        {"x": float(a), "y": float(b), "look": look}
        for look, (xs, ys) in lines.items()
        for a, b in zip(xs, ys, strict=True)
    ]
    first = points[0]["x"]
    marks: list[Row] = [{"role": "end", "x": first, "y": end} for end in ends]
    marks += extra
    marks += [{"role": "dot", "x": x, "y": y} for x, y in dots]
    marks += [
        text(f"{'quiet' if note.quiet else 'plain'}-{note.hangs}", note.x, note.y, note.text)
        for note in notes
    ]
    return Picture(
        spec=_spec(theme, *key, next(iter(lines))),
        datasets={"line": arrow(points, LINE), "marks": arrow(marks, MARKS)},
        description=description,
        table=table,
    )


@cache
def _spec(theme: Theme, x_title: str, y_title: str, unit: Unit, told: str) -> dict[str, Any]:
    """Build the specification; the pointer is told of the line that looks as ``told``."""
    ink = INK[theme]
    x = alt.X("x:Q", title=None).scale(nice=False, zero=False).axis(
        grid=False,
        tickCount=6,
        labelExpr="(datum.value < 0 ? '−' : '') + abs(datum.value) + '%'",
        **axis_title(ink, x_title),
        **axis_labels(ink),
    )  # fmt: skip
    shown = "format(abs(datum.value), ',.1f')"
    minus = "(datum.value < 0 ? '−' : '')"
    label = {
        "percent": f"{minus} + {shown} + '%'",
        "millions": f"{minus} + '$' + {shown} + (datum.value === 0 ? '' : 'M')",
    }[unit]
    y = alt.Y("y:Q", title=None).scale(nice=False, zero=False).axis(
        gridColor=ink.grid, tickCount=4, labelExpr=label, minExtent=44, **axis_labels(ink)
    )  # fmt: skip
    at = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    lines = alt.Chart(alt.NamedData(name="line"))
    layers = [
        marks_of("end").mark_point(opacity=0, size=1).encode(x=x, y=y),
        marks_of("stripe")
        .mark_rule(color=ink.medicare, opacity=0.5, strokeWidth=1)
        .encode(**at, y2="y2:Q"),
        lines.transform_filter("datum.look === 'dashed'")
        .mark_line(color=ink.quiet, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(**at, order="x:Q"),
        lines.transform_filter("datum.look === 'solid'")
        .mark_line(color=ink.text, strokeWidth=3, strokeJoin="round")
        .encode(**at, order="x:Q"),
        marks_of("dot")
        .mark_point(
            filled=True, opacity=1, size=170, fill=ink.text, stroke=ink.background, strokeWidth=2
        )
        .encode(**at),
        *labels(
            LABELS,
            ink,
            narrow=300,
            fontSize=13.5,
            dx=by_look(**{look: AWAY[look.partition("-")[2]] for look in LABELS}),
        ),
        lines.transform_filter(f"datum.look === '{told}'")
        .transform_calculate(
            At="(datum.x < 0 ? '−' : '') + format(abs(datum.x), '.1f') + '%'",
            Line=label.replace("datum.value", "datum.y").replace(".1f", ".2f"),
        )
        .mark_rule(opacity=0, strokeWidth=alt.ExprRef(expr="width / 24"))
        .encode(
            x="x:Q",
            tooltip=[
                alt.Tooltip("At:N", title=begun(x_title)),
                alt.Tooltip("Line:N", title=y_title),
            ],
        ),
    ]
    return framed(layers, HEIGHT)


HANGS = {"left": "left", "right": "right", "middle": "center"}
AWAY = {"left": 6, "right": -6, "middle": 0}
"""Pixels from a place to the label that hangs on it."""

LABELS: Looks = {
    f"{tone}-{hangs}": (colour, end, weight)
    for tone, colour, weight in (("plain", "text", "bold"), ("quiet", "quiet", "normal"))
    for hangs, end in HANGS.items()
}
