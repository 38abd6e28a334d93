"""An ACO among its peers: a strip a measure, a dot an ACO, named when it is touched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pyarrow as pa

from mssp_sim.charts.marks import sheet
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, by_look, framed, marks_of
from mssp_sim.units import Array

ROW_HEIGHT = 46
NARROW = 520
LEFT, RIGHT = 1.5, 98.5
SPREAD = (2.5, 97.5)
"""Percentiles of the peers that a strip spans; who lies beyond stands at its end."""

PATTERN = (0, 2, -1, 1, -2)
STEP = 0.045
"""Dots beside each other stand at different heights, so that more of them are seen."""

MANY = 60
"""Peers from which their dots are smaller and let more shine through."""

MARKS = {
    "role": pa.string(), "look": pa.string(), "x": pa.float32(), "x2": pa.float32(),
    "y": pa.float32(),
    "text": pa.string(), "short": pa.string(), "name": pa.string(), "shown": pa.string(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strip:
    """One measure: words over it, the ACO's value, and those of its peers."""

    label: str
    short: str
    value: float
    shown: str
    values: Array
    middle: float
    texts: Sequence[str]


def strips(
    own: str,
    names: Sequence[str],
    measures: Sequence[Strip],
    theme: Theme,
    description: str,
    table: Callable[[], tuple[Row, ...]],
) -> Picture:
    """Return one strip a measure, the ACO's own dot on it.

    Parameters
    ----------
    own : the ACO's name
    names : of the peers, in the order of each strip's values
    """
    rows = [row for number, one in enumerate(measures) for row in _strip(number, one, own, names)]
    return Picture(
        spec=_spec(theme, len(measures)),
        datasets={"marks": arrow(rows, MARKS)},
        description=description,
        table=table,
    )


def _strip(number: int, strip: Strip, own: str, names: Sequence[str]) -> list[Row]:
    known = np.flatnonzero(~np.isnan(strip.values))
    low, high = np.percentile(strip.values[known], SPREAD)
    low, high = min(low, strip.value), max(high, strip.value)
    width = (high - low) or 1.0

    def across(value: float) -> float:
        return float(LEFT + (RIGHT - LEFT) * np.clip((value - low) / width, 0, 1))

    y = number + 0.66
    rows: list[Row] = [
        {"role": "text", "x": 0.0, "y": number + 0.2, "text": strip.label, "short": strip.short},
        {"role": "line", "x": LEFT, "x2": RIGHT, "y": y},
    ]
    order = known[np.argsort(strip.values[known], kind="stable")]
    rows += [
        {
            "role": "peer",
            "look": "many" if len(order) > MANY else "few",
            "x": across(strip.values[at]),
            "y": y + STEP * PATTERN[turn % len(PATTERN)],
            "name": names[at],
            "shown": strip.texts[at],
        }
        for turn, at in enumerate(order)
    ]
    rows.append({"role": "middle", "x": across(strip.middle), "y": y})
    rows.append(
        {"role": "own", "x": across(strip.value), "y": y, "name": own, "shown": strip.shown}
    )
    return rows


@cache
def _spec(theme: Theme, rows: int) -> dict[str, Any]:
    ink = INK[theme]
    at, _ = sheet(100, rows)
    touched = [alt.Tooltip("name:N", title="ACO"), alt.Tooltip("shown:N", title="Value")]
    layers = [
        marks_of("line").mark_rule(color=ink.line).encode(**at, x2="x2:Q"),
        marks_of("peer")
        .mark_circle(
            size=by_look(few=60, many=34), color=ink.medicare, opacity=by_look(few=0.7, many=0.45)
        )
        .encode(**at, tooltip=touched),
        marks_of("middle").mark_tick(size=24, thickness=2, color=ink.text).encode(**at),
        marks_of("own")
        .mark_point(
            filled=True, opacity=1, size=150, fill=ink.earned, stroke=ink.background, strokeWidth=2
        )
        .encode(**at, tooltip=touched),
        marks_of("text")
        .mark_text(
            align="left",
            baseline="middle",
            fontSize=13.5,
            fill=ink.text,
            text=alt.ExprRef(expr=f"width < {NARROW} ? datum.short : datum.text"),
        )
        .encode(**at),
    ]
    return framed(layers, ROW_HEIGHT * rows + 8)
