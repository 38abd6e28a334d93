"""What all pictures share: colours by theme, the hatch, data as Arrow bytes, a fixed frame.

Colours of text on a page stand in ``.streamlit/config.toml``.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import pandas as pd  # noqa: F401  (whole before two sessions build charts at once)
import pyarrow as pa

from mssp_sim.units import Array

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of one theme; each has one meaning."""

    earned: str
    earned_text: str
    owed: str
    left: str
    left_outline: str
    medicare: str
    medicare_fill: str
    text: str
    quiet: str
    grid: str
    line: str
    background: str


INK: Mapping[Theme, Ink] = {
    "light": Ink(
        earned="#0072B2", earned_text="#00629A", owed="#D55E00", left="#E69F00",
        left_outline="#7A5200", medicare="#8A8F98", medicare_fill="#E7E9EC", text="#1B2430",
        quiet="#59616C", grid="#EDF0F3", line="#B9C0C9", background="#FFFFFF",
    ),
    "dark": Ink(
        earned="#56B4E9", earned_text="#7CC6F0", owed="#F0803C", left="#E69F00",
        left_outline="#FFD27A", medicare="#8A8F98", medicare_fill="#2A313B", text="#E8ECF1",
        quiet="#A9B2BD", grid="#262E38", line="#4A5563", background="#12161C",
    ),
}  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart ready to draw: a specification that stays, data that changes, words for both."""

    spec: Mapping[str, Any]
    datasets: Mapping[str, bytes]
    description: str
    table: Callable[[], tuple[Row, ...]]


def arrow(rows: Sequence[Row], columns: Mapping[str, pa.DataType]) -> bytes:
    """Return rows as an Arrow stream with fixed columns, so that an empty list keeps its shape."""
    schema = pa.schema(list(columns.items()))
    table = pa.Table.from_pylist(list(rows), schema=schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def arrow_columns(columns: Mapping[str, Array]) -> bytes:
    """Return columns of numbers as an Arrow stream, in the width a screen needs."""
    table = pa.table({name: pa.array(v, pa.float32()) for name, v in columns.items()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def framed(layers: Iterable[alt.Chart], height: int) -> dict[str, Any]:
    """Return layers as one specification with the frame of the house."""
    chart = (
        alt.layer(*layers)
        .properties(
            height=height,
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            padding={"left": 0, "top": 4, "right": 2, "bottom": 8},
        )
        .configure_view(stroke=None)
        .configure_axis(domain=False, ticks=False)
        # The picture is described as a whole: a mark has no name, and where it says nothing under
        # the pointer, Streamlit would show its row of data.
        .configure_mark(aria=False, tooltip=None)
    )
    spec: dict[str, Any] = chart.to_dict()
    spec.pop("datasets", None)
    return spec


ANYWHERE = [0, 1]
"""The ends of an axis until ``fitted`` sets them."""


def fitted(
    spec: dict[str, Any], **axes: tuple[Sequence[float], Sequence[float] | None]
) -> dict[str, Any]:
    """Return a specification with other axes; all the rest of it is shared with the first.

    Altair takes a sixth of a second to build one, in which a server answers nobody: an axis that
    steps on must not ask for it again.

    Parameters
    ----------
    axes : by channel, the ends and the ticks; None leaves the ticks to the picture
    """
    return spec | {"layer": [_fitted(layer, axes) for layer in spec["layer"]]}


def _fitted(layer: dict[str, Any], axes: Mapping[str, Any]) -> dict[str, Any]:
    moved: dict[str, Any] = {}
    for channel, (ends, ticks) in axes.items():
        known = layer["encoding"].get(channel, {})
        if "domain" not in known.get("scale", {}):
            continue
        moved[channel] = known | {"scale": known["scale"] | {"domain": list(ends)}}
        if ticks is not None:
            moved[channel]["axis"] = known["axis"] | {"values": list(ticks)}
    return layer | {"encoding": layer["encoding"] | moved} if moved else layer


@lru_cache(maxsize=256)
def hatch(
    box: tuple[float, float, float, float],
    pitch: tuple[float, float],
    role: str,
    *,
    lean: int = 1,
) -> tuple[Row, ...]:
    """Return slanted strokes clipped to a box, in data units; ``pitch`` is one step in x and y."""
    x0, x1, y0, y1 = box
    dx, dy = pitch
    width, height = (x1 - x0) / dx, (y1 - y0) / dy
    rows, corner = [], -height
    while corner < width:
        low, high = max(0.0, -corner), min(height, width - corner)
        if high > low:
            start, end = (low, high) if lean > 0 else (height - low, height - high)
            rows.append({
                "role": role,
                "x": x0 + (corner + low) * dx, "x2": x0 + (corner + high) * dx,
                "y": y0 + start * dy, "y2": y0 + end * dy,
            })  # fmt: skip
        corner += 1
    return tuple(rows)


def marks_of(role: str) -> Any:  # noqa: ANN401  (Altair's chains are untyped)
    """Return a chart of one role of the shared marks."""
    marks = alt.Chart(alt.NamedData(name="marks"))
    return marks.transform_filter(f"datum.role === '{role}'")


def by_look(**values: str | float) -> alt.ExprRef:
    """Return a property that goes by the look of a row: one layer serves many looks."""
    return alt.ExprRef(expr=f"({json.dumps(values)})[datum.look]")
