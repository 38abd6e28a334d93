"""The four figures on top of a result."""

from dataclasses import dataclass
from typing import Literal

from mssp_sim.figures import (
    millions,
    money,
    percent,
    points,
    rounded,
)
from mssp_sim.naming import rules_of
from mssp_sim.simulation import Result, State
from mssp_sim.words.outcome import against_minimum, owes

Tone = Literal["earned", "owed", "left", "plain"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four figures on top: label, field term, value, a note in a few words."""

    label: str
    term: str
    value: str
    note: str
    tone: Tone = "plain"
    note_tone: Tone = "plain"


def four_tiles(result: Result, baseline: Result) -> tuple[Tile, Tile, Tile, Tile]:
    """Return the four figures on top, each with a note against the baseline or the rule."""
    return (
        _earn_tile(result, baseline),
        _left_tile(result),
        _saved_tile(result),
        _share_tile(result, baseline),
    )


def _earn_tile(r: Result, baseline: Result) -> Tile:
    tone: Tone = "owed" if owes(r) else "earned"
    note = against_baseline(r.payment - baseline.payment)
    if owes(r):
        return Tile("You owe", "shared losses", money(r.shared_losses), note, tone, tone)
    return Tile("You earn", "shared savings", money(r.shared_savings), note, tone, tone)


def against_baseline(difference: float) -> str:
    """Return a difference from the baseline in words, 20 characters at most for common sizes."""
    if rounded(difference, 2) == 0:
        return "same as baseline"
    return f"{money(abs(difference))} {'above' if difference > 0 else 'below'} baseline"


def _left_tile(r: Result) -> Tile:
    at_minimum, to_quality = millions(r.lost_at_the_minimum), millions(r.lost_to_quality)
    value = money(r.left_on_the_table)
    if rounded(r.left_on_the_table, 2) == 0:
        nothing = "nothing left" if r.payment > 0 else "no payment to lose"
        return Tile("Left on the table", "", value, nothing)
    if not to_quality:
        note = "lost at the minimum"
    elif not at_minimum:
        note = "all lost to quality"
    else:
        note = f"${to_quality}M to quality"
    return Tile("Left on the table", "", value, note, "plain", "left")


def _saved_tile(r: Result) -> Tile:
    if r.gross_savings < 0:
        own, minimum = against_minimum(r, -r.savings_rate)
        inside = r.state == State.OVERSPENT_INSIDE_THE_ZONE
        note = (
            f"{own}, {'inside' if inside else 'past'} {minimum}"
            if r.two_sided
            else f"{own}, one-sided"
        )
        return Tile("Overspent", "gross losses", money(-r.gross_savings), note)
    own, minimum = against_minimum(r, r.savings_rate)
    cleared = r.savings_rate >= r.minimum_savings_rate - 1e-9
    note = f"{own}, {'clears' if cleared else 'under'} {minimum}"
    return Tile("Saved", "gross savings", money(r.gross_savings), note)


def _share_tile(r: Result, baseline: Result) -> Tile:
    if owes(r) or (r.gross_savings < 0 and r.two_sided):
        rules, at = rules_of(r), r.scenario.level_number
        moves = rules.shared_loss_rate_floor[at] != rules.shared_loss_rate_ceiling[at]
        note = "moves with quality" if moves else "whatever the quality"
        return Tile("Your share of losses", "loss rate", percent(r.shared_loss_rate), note)
    difference = r.final_sharing_rate - baseline.final_sharing_rate
    note = "same as baseline"
    if abs(difference) >= 0.0005:  # noqa: PLR2004
        note = f"{points(difference)} {'higher' if difference > 0 else 'lower'}"
    return Tile("Your share", "sharing rate", percent(r.final_sharing_rate), note)
