"""The dollar bridge: what was saved, who took which part of it, and what arrives."""

from collections.abc import Sequence

from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.charts.waterfall import OWED, Bar, Frame, Hatch, Look, waterfall
from mssp_sim.figure import Figure

FINAL = ("total", "earned", "owed")
"""Looks of bars that begin at nothing; all others are taken from what is left."""

FRAME = Frame(
    looks={
        "total": Look("background", "text"),
        "medicare": Look("medicare_fill", "medicare", Hatch("medicare", 0.55)),
        "lost": Look("left", "left_outline"),
        "small": Look("medicare", "medicare"),
        "earned": Look("earned", "earned"),
        "owed": OWED,
    },
    labels_end=35.0, bars_start=37.0, bars_end=80.0, row=356 / 7, least=356, wide=340,
)  # fmt: skip


def bridge(parts: Sequence[Figure], theme: Theme, description: str) -> Picture:
    """Return the bridge: what Medicare keeps and what is lost is taken from the right."""
    return waterfall(
        _bars(parts),
        FRAME,
        theme,
        description,
        lambda: tuple(
            {
                "Part": part.label,
                "Dollars": part.shown,
                "To the cent": round(part.amount if part.look in FINAL else 0.0 - part.amount, 2),
            }
            for part in parts
        ),
    )


def _bars(parts: Sequence[Figure]) -> list[Bar]:
    bars: list[Bar] = []
    left = parts[0].amount
    for part in parts:
        final = part.look in FINAL
        start, stop = (0.0, part.amount) if final else (left - part.amount, left)
        left = left if final else start
        bars.append(Bar(part.label, part.shown, start, stop, part.look, left, bold=final))
    return bars
