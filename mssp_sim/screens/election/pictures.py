"""A hundred years under the choice that is picked."""

from functools import cache
from typing import Any

from mssp_sim.charts.marks import TWIN_MARKS, Looks, labels, sheet, text, years
from mssp_sim.charts.theme import INK, Picture, Row, Theme, arrow, framed

HEIGHT = 150
ACROSS, DOWN = 20, 5
LOOKS: Looks = {"counts": ("quiet", "left", "normal")}


def hundred(counts: tuple[int, int, int], said: str, theme: Theme, description: str) -> Picture:
    """Return a hundred little years: paid, without money, owing.

    Parameters
    ----------
    counts : how many of each
    said : the counts in words
    """
    paid, nothing, owing = counts
    looks = ["paid"] * paid + ["nothing"] * nothing + ["owing"] * owing
    rows: list[Row] = []
    for number, look in enumerate(looks):
        down, across = divmod(number, ACROSS)
        rows.append({"role": "year", "look": look, "x": across + 0.5, "y": down + 0.6})
    rows.append(text("counts", 0.1, DOWN + 0.9, said))
    return Picture(
        spec=_spec(theme),
        datasets={"marks": arrow(rows, TWIN_MARKS)},
        description=description,
        table=lambda: (
            {"Years of 100 paid": str(paid), "Without money": str(nothing), "Owing": str(owing)},
        ),
    )


@cache
def _spec(theme: Theme) -> dict[str, Any]:
    ink = INK[theme]
    at, _ = sheet(ACROSS, DOWN + 1.4)
    room = f"min(width / {ACROSS}, height / {DOWN + 1.4})"
    layers = [
        years(ink, room).encode(**at),
        *labels(LOOKS, ink, at),
    ]
    return framed(layers, HEIGHT)
