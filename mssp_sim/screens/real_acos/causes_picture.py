"""From the historical to the updated benchmark: bars that go on from each other."""

from collections.abc import Sequence

from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.charts.waterfall import Bar, Frame, Look, reached, waterfall
from mssp_sim.screens.real_acos import causes_words as words

FRAME = Frame(
    looks={
        "total": Look("background", "text"),
        "part": Look("medicare", "medicare"),
        "down": Look("text", "text"),
    },
    labels_end=33.0, bars_start=35.0, bars_end=84.0, row=30, wide=527, below=22, narrow=400,
)  # fmt: skip


def ladder(causes: Sequence[words.ShownCause], theme: Theme, description: str) -> Picture:
    """Return one horizontal bar a cause."""
    bars = [
        Bar(one.label, one.shown, start, stop,
            "down" if one.look == "part" and one.dollars < 0 else one.look,
            stop if number + 2 < len(causes) else None,  # the last is no cause
            short=one.short, bold=one.look == "total")
        for number, (one, (start, stop)) in enumerate(zip(causes, spans(causes), strict=True))
    ]  # fmt: skip
    return waterfall(
        bars,
        FRAME,
        theme,
        description,
        lambda: words.rows(causes),
        broken=True,
    )


def spans(causes: Sequence[words.ShownCause]) -> list[tuple[float, float]]:
    """Return where each bar begins and ends in dollars; totals begin at nothing."""
    return reached([one.dollars for one in causes], [one.look == "total" for one in causes])
