"""The steps to the spending target: three years of history, then every cause, then the target."""

from collections.abc import Sequence

from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.charts.waterfall import Bar, Frame, Hatch, Look, waterfall
from mssp_sim.screens.spending_target.words import Piece

FRAME = Frame(
    looks={
        "year": Look("medicare_fill", "medicare"),
        "total": Look("background", "text"),
        "part": Look("medicare", "medicare"),
        "down": Look("text", "text"),
        "not_counted": Look("background", "medicare", Hatch("medicare", 0.7)),
    },
    labels_end=37.0, bars_start=39.0, bars_end=86.0, row=30, wide=527, below=22, narrow=400,
    size="width < 330 ? 12 : 14",
)  # fmt: skip


def target_steps(pieces: Sequence[Piece], theme: Theme, description: str) -> Picture:
    """Return the steps: horizontal bars, each from where the one above it ended."""
    bars = [_bar(piece, span) for piece, span in zip(pieces, spans(pieces), strict=True)]
    return waterfall(
        bars,
        FRAME,
        theme,
        description,
        lambda: tuple(
            {
                "Part": piece.label,
                "Per person": piece.shown,
                "Dollars per person": round(piece.dollars, 2),
                "Counts": "no" if piece.look == "not_counted" else "yes",
            }
            for piece in pieces
        ),
        broken=True,
    )


def _bar(piece: Piece, span: tuple[float, float]) -> Bar:
    start, stop = span
    year = piece.look == "year"
    reached = start if piece.look == "not_counted" else stop
    return Bar(
        piece.label, piece.shown, start, stop,
        "down" if piece.look == "part" and stop < start else piece.look,
        None if year else reached,
        short=piece.short,
        bold=piece.look == "total",
        height=0.62 * (0.35 + 0.65 * piece.thickness if year else 1.0),
    )  # fmt: skip


def spans(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """Return where each bar begins and ends, in dollars; amounts begin at nothing.

    Examples
    --------
    >>> rows = [Piece("history", "", "", 100.0, "", "total"), Piece("a", "", "", 5.0, "", "part"),
    ...         Piece("b", "", "", -2.0, "", "part")]
    >>> spans(rows)
    [(0.0, 100.0), (100.0, 105.0), (105.0, 103.0)]
    """
    found, end = [], 0.0
    for piece in pieces:
        if piece.look in ("year", "total"):
            found.append((0.0, piece.dollars))
            end = piece.dollars
        else:
            found.append((end, end + piece.dollars))
            end += piece.dollars if piece.look == "part" else 0.0
    return found
