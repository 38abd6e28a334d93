"""What moved the money: from one payment to another, a bar for each change, in three groups."""

from collections.abc import Sequence
from typing import NamedTuple

from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.charts.waterfall import Bar, Frame, Hatch, Look, reached, waterfall

FRAME = Frame(
    looks={
        "total": Look("background", "text"),
        "gained": Look("earned", "earned"),
        "lost": Look("background", "quiet", Hatch("text", 0.55)),
    },
    labels_end=37.0, bars_start=38.5, bars_end=86.0, row=31, wide=880, narrow=560,
    size="width < 560 && slice(datum.look, 0, 5) === 'label' ? 12 : 13.5",
)  # fmt: skip


class Moving(NamedTuple):
    """One row: an end (``look`` total), a change (``look`` change), or a group's name."""

    label: str
    short: str
    dollars: float
    shown: str
    look: str


def moved(rows: Sequence[Moving], theme: Theme, description: str) -> Picture:
    """Return the bridge: ends outlined, gains filled, what was lost hatched in ink.

    Parameters
    ----------
    rows : the first end, the groups with their changes, the last end
    """
    spans = reached([row.dollars for row in rows], [row.look == "total" for row in rows])
    return waterfall(
        [_bar(row, *span) for row, span in zip(rows, spans, strict=True)],
        FRAME,
        theme,
        description,
        lambda: tuple(
            {"What": row.label, "Dollars": row.shown, "To the cent": round(row.dollars, 2)}
            for row in rows
            if row.look != "group"
        ),
    )


def _bar(row: Moving, start: float, stop: float) -> Bar:
    total = row.look == "total"
    return Bar(
        row.label, row.shown, start, stop,
        "total" if total else "gained" if row.dollars >= 0 else "lost",
        stop, short=row.short, bold=total, height=0.0 if row.look == "group" else 22 / FRAME.row,
    )  # fmt: skip
