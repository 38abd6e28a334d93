"""The dollar bridge: where the savings went, row by row."""

from dataclasses import dataclass
from typing import Literal

from mssp_sim.figures import (
    millions,
    money,
    percent,
    rounded,
)
from mssp_sim.simulation import Result, State
from mssp_sim.words.outcome import owes

TAKES_THE_ROUNDING = " so that the rows add up as shown"
"""Why Medicare's part may be shown otherwise than it rounds."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the dollar bridge: ``kind`` is what the bar looks like."""

    label: str
    dollars: float
    shown: str
    kind: Literal["total", "medicare", "lost", "small", "earned", "owed"]


def bridge_rows(result: Result) -> tuple[Part, ...]:
    """Return the rows of the dollar bridge; the parts add up as shown.

    Medicare's part takes the rounding, so that the other rows keep theirs.
    """
    r = result
    if r.gross_savings < 0:
        carried = millions(-r.gross_savings) - millions(r.shared_losses)
        return (
            Part("Overspent", -r.gross_savings, money(-r.gross_savings), "total"),
            Part(
                "Medicare carries",
                -r.gross_savings - r.shared_losses,
                f"−${carried:,}M" if carried else "$0.0M",
                "medicare",
            ),
            Part("You owe", r.shared_losses, money(r.shared_losses), "owed"),
        )
    cut = r.sequestration / (r.gross_savings * r.final_sharing_rate) if r.sequestration else 0.0
    others = (
        Part("Lost at the minimum", r.lost_at_the_minimum, _taken(r.lost_at_the_minimum), "lost"),
        Part("Lost to quality", r.lost_to_quality, _taken(r.lost_to_quality), "lost"),
        Part("Above the limit", r.above_limit, _taken(r.above_limit), "small"),
        Part(
            f"Sequestration {percent(cut, 0)}" if cut else "Sequestration",
            r.sequestration,
            _taken(r.sequestration),
            "small",
        ),
    )
    rest = millions(r.gross_savings) - millions(r.shared_savings)
    rest -= sum(millions(part.dollars) for part in others)
    shown = "$0.0M" if rest == 0 else f"{'−' if rest > 0 else '+'}${abs(rest):,}M"
    return (
        Part("Saved", r.gross_savings, money(r.gross_savings), "total"),
        Part("Medicare's part", r.medicare_part, shown, "medicare"),
        *others,
        Part("You earn", r.shared_savings, money(r.shared_savings), "earned"),
    )


def _taken(dollars: float) -> str:
    return "$0.0M" if millions(dollars) == 0 else f"−${millions(dollars):,}M"


def field_of(label: str) -> str:
    """Return which quantity a tile or a row of the bridge shows.

    Examples
    --------
    >>> field_of("You earn"), field_of("Sequestration 2%")
    ('shared_savings', 'sequestration')
    """
    return _FIELDS["Sequestration" if label.startswith("Sequestration") else label]


_FIELDS = {
    "You earn": "shared_savings",
    "You owe": "shared_losses",
    "Left on the table": "left_on_the_table",
    "Saved": "gross_savings",
    "Overspent": "gross_savings",
    "Your share": "final_sharing_rate",
    "Your share of losses": "shared_loss_rate",
    "Medicare's part": "medicare_part",
    "Medicare carries": "medicare_part",
    "Lost at the minimum": "lost_at_the_minimum",
    "Lost to quality": "lost_to_quality",
    "Above the limit": "above_limit",
    "Sequestration": "sequestration",
}


def bridge_title(result: Result) -> str:
    """Return the finding of the bridge."""
    if result.gross_savings < 0:
        if not owes(result):
            return f"Of {money(-result.gross_savings)} overspent, you owe nothing"
        return f"Of {money(-result.gross_savings)} overspent, you owe {money(result.shared_losses)}"
    if result.state == State.ON_TARGET:
        return "Nothing saved, nothing to share"
    if rounded(result.shared_savings, 2) == 0:
        return f"Of {money(result.gross_savings)} saved, nothing reaches you"
    return f"Of {money(result.gross_savings)} saved, {money(result.shared_savings)} reaches you"


def bridge_description(result: Result) -> str:
    """Return the bridge in one sentence, as shown."""
    r = result
    if r.gross_savings < 0:
        carried = millions(-r.gross_savings) - millions(r.shared_losses)
        note = f"{money(r.shared_losses)} from you + ${carried:,}M carried by Medicare."
        if rounded(r.avoidable_by_quality, 2) > 0:
            note += f" Better quality would have avoided {money(r.avoidable_by_quality)}."
        return note
    rest = millions(r.gross_savings) - millions(r.shared_savings)
    saved = f"{money(r.gross_savings)} saved"
    return f"{money(r.shared_savings)} to you + ${rest:,}M to Medicare = {saved}."
