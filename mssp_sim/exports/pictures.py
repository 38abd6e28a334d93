"""A picture of the app as a file: the same chart, on white, with every colour written out."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow as pa

from mssp_sim.charts.theme import INK, Picture, Theme

FONT = "Liberation Sans"
"""Comes with the library that draws, so that a picture is the same on every machine."""

PADDING = {"left": 8, "top": 8, "right": 16, "bottom": 8}
"""Pixels around a picture; what measures its texts finds bold ones narrower than they are drawn."""


def png(picture: Picture, width: int, *, scale: float = 2.4, theme: Theme = "light") -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    width : in pixels of the screen, as the app would draw it
    scale : pixels of the file for each of them
    theme : the one the picture was built for

    Source: ours
    """
    import vl_convert  # noqa: PLC0415  (only who exports needs it)

    found: bytes = vl_convert.vegalite_to_png(drawable(picture, width, theme), scale=scale)
    return found


def svg(picture: Picture, width: int, *, theme: Theme = "light") -> bytes:
    """Return a picture as SVG.

    Parameters
    ----------
    width : in pixels, as the app would draw it
    theme : the one the picture was built for

    Source: ours
    """
    import vl_convert  # noqa: PLC0415  (only who exports needs it)

    found: str = vl_convert.vegalite_to_svg(drawable(picture, width, theme))
    return found.encode()


def drawable(picture: Picture, width: int, theme: Theme = "light") -> dict[str, Any]:
    """Return a picture as one specification that needs no browser, theme or other data."""
    ink = INK[theme]
    plain = json.dumps(picture.spec).replace("currentColor", ink.text)
    spec: dict[str, Any] = json.loads(plain)
    spec |= {
        "width": width,
        "background": ink.background,
        "padding": PADDING,
        "datasets": {name: _rows(stream) for name, stream in picture.datasets.items()},
    }
    spec["config"] = {"font": FONT} | spec.get("config", {})
    return spec


def on_paper(picture: Picture, pixels: int, wide: float, **more: str) -> Any:  # noqa: ANN401  (reportlab ships no types)
    """Return a picture as reportlab's, so many points wide; its height follows."""
    from reportlab.platypus import Image  # noqa: PLC0415  (only who exports needs it)

    image = png(picture, pixels)
    size = size_of(image)
    return Image(BytesIO(image), wide, wide * size.height / size.width, **more)


@dataclass(frozen=True, slots=True)
class Size:
    """The pixels of a PNG."""

    width: int
    height: int


def size_of(image: bytes) -> Size:
    """Return how large a PNG is."""
    return Size(int.from_bytes(image[16:20]), int.from_bytes(image[20:24]))


def _rows(stream: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.ipc.open_stream(stream).read_all().to_pylist()
    return rows
