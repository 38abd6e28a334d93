"""The dollar bridge: where the savings went, row by row."""

from dataclasses import replace

from mssp_sim.figure import Figure, of_result
from mssp_sim.figures import (
    SMALLEST_SHOWN,
    millions,
    money,
    percent,
    rest_in_millions,
    rounded,
)
from mssp_sim.result import Result, State
from mssp_sim.words.outcome import lost_as_shown, owes, why_rounded

TAKES_THE_ROUNDING = " so that the rows add up as shown"
"""Why Medicare's part may be shown otherwise than it rounds."""


def bridge_rows(result: Result) -> tuple[Figure, ...]:
    """Return the rows of the dollar bridge; the parts add up as shown.

    Medicare's part takes the rounding, so that the other rows keep theirs.
    """
    return _overspent(result) if result.gross_savings < 0 else _saved(result)


def _overspent(r: Result) -> tuple[Figure, ...]:
    carried = rest_in_millions(-r.gross_savings, r.shared_losses)
    shown = f"−${carried:,}M" if carried else ""
    if not carried or -r.gross_savings < SMALLEST_SHOWN:
        shown = _left(-r.gross_savings - r.shared_losses, -r.gross_savings)
    overspent = of_result(r, "gross_savings", "Overspent", money(-r.gross_savings), look="total")
    carries = of_result(
        r, "medicare_part", "Medicare carries", shown, look="medicare",
        why_rounded=TAKES_THE_ROUNDING,
    )  # fmt: skip
    return (
        replace(overspent, amount=-r.gross_savings),
        replace(carries, amount=-r.gross_savings - r.shared_losses),
        of_result(r, "shared_losses", "You owe", money(r.shared_losses), look="owed"),
    )


def _saved(r: Result) -> tuple[Figure, ...]:
    cut = r.sequestration / (r.gross_savings * r.final_sharing_rate) if r.sequestration else 0.0
    sequestration = f"Sequestration {percent(cut, 0)}" if cut else "Sequestration"
    lost = lost_as_shown(r)
    others = tuple(
        of_result(
            r,
            key,
            label,
            _taken(lost.get(key, getattr(r, key))),
            look=look,
            why_rounded=why_rounded(money(lost[key]), getattr(r, key)) if key in lost else "",
        )
        for key, label, look in (
            ("lost_at_the_minimum", "Lost at the minimum", "lost"),
            ("lost_to_quality", "Lost to quality", "lost"),
            ("above_limit", "Above the limit", "small"),
            ("sequestration", sequestration, "small"),
        )
    )
    rest = rest_in_millions(
        r.gross_savings,
        r.shared_savings,
        *(lost.get(figure.key, figure.amount) for figure in others),
    )
    shown = f"{'−' if rest > 0 else '+'}${abs(rest):,}M" if rest else ""
    if not rest or r.gross_savings < SMALLEST_SHOWN:
        shown = _left(r.medicare_part, r.gross_savings)
    return (
        of_result(r, "gross_savings", "Saved", money(r.gross_savings), look="total"),
        of_result(
            r, "medicare_part", "Medicare's part", shown, look="medicare",
            why_rounded=TAKES_THE_ROUNDING,
        ),
        *others,
        of_result(r, "shared_savings", "You earn", money(r.shared_savings), look="earned"),
    )  # fmt: skip


def _left(dollars: float, whole: float) -> str:
    """Return the part that is left when the others already add up to the whole as shown."""
    if whole < SMALLEST_SHOWN or not millions(dollars):
        return _taken(dollars)
    return money(-SMALLEST_SHOWN / 2)


def _taken(dollars: float) -> str:
    """Return a part that is taken away; one too small to show is little, not nothing."""
    if millions(dollars):
        return f"−${millions(dollars):,}M"
    return money(-abs(dollars))


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
        carried = rest_in_millions(-r.gross_savings, r.shared_losses)
        by_medicare = f"${carried:,}M"
        if not carried or -r.gross_savings < SMALLEST_SHOWN:
            by_medicare = money(-r.gross_savings - r.shared_losses)
        note = f"{money(r.shared_losses)} from you + {by_medicare} carried by Medicare."
        if rounded(r.avoidable_by_quality, 2) > 0:
            note += f" Better quality would have avoided {money(r.avoidable_by_quality)}."
        return note
    rest = millions(r.gross_savings) - millions(r.shared_savings)
    to_medicare = f"${rest:,}M"
    if not rest or r.gross_savings < SMALLEST_SHOWN:
        to_medicare = money(r.gross_savings - r.shared_savings)
    saved = f"{money(r.gross_savings)} saved"
    return f"{money(r.shared_savings)} to you + {to_medicare} to Medicare = {saved}."
