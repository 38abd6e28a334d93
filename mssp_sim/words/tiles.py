"""The four figures on top of a result."""

from functools import partial

from mssp_sim.figure import Figure, Tone, of_result
from mssp_sim.figures import (
    as_shown,
    millions,
    money,
    more_as_shown,
    percent,
    points,
    rounded,
)
from mssp_sim.result import Result
from mssp_sim.tolerances import SAME_RATE
from mssp_sim.words.outcome import against_minimum, lost_as_shown, owes, why_rounded


def four_tiles(result: Result, baseline: Result) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top, each with a note against the baseline or the rule."""
    return (
        earned_tile(result, baseline),
        left_tile(result),
        _saved_tile(result),
        _share_tile(result, baseline),
    )


def earned_tile(r: Result, baseline: Result) -> Figure:
    """Return what the ACO earns or owes, with its note against the baseline."""
    tone: Tone = "owed" if owes(r) else "earned"
    note = against_baseline(as_shown(r.payment, baseline.payment))
    if owes(r):
        key, label, term, dollars = "shared_losses", "You owe", "shared losses", r.shared_losses
    else:
        key, label, term, dollars = "shared_savings", "You earn", "shared savings", r.shared_savings
    return of_result(r, key, label, money(dollars), term=term, note=note, tone=tone, note_tone=tone)


def against_baseline(difference: float) -> str:
    """Return a difference from the baseline in words, 20 characters at most for common sizes."""
    if rounded(difference, 2) == 0:
        return "same as baseline"
    return f"{money(abs(difference))} {'above' if difference > 0 else 'below'} baseline"


def left_tile(r: Result) -> Figure:
    """Return what is left on the table, with what it was lost to."""
    at_minimum, to_quality = map(millions, lost_as_shown(r).values())
    shown = money(more_as_shown(r.left_on_the_table, r.shared_savings))
    left = partial(
        of_result, r, "left_on_the_table", "Left on the table", shown,
        why_rounded=why_rounded(shown, r.left_on_the_table),
    )  # fmt: skip
    if rounded(r.left_on_the_table, 2) == 0:
        if r.payment > 0:
            return left(note="nothing left")
        return left(note="no payment to lose" if r.gross_savings > 0 else "no savings to share")
    if not to_quality:
        note = "lost at the minimum"
    elif not at_minimum:
        note = "all lost to quality"
    else:
        note = f"${to_quality}M to quality"
    return left(note=note, note_tone="left")


def _saved_tile(r: Result) -> Figure:
    if r.gross_savings < 0:
        own, minimum = against_minimum(r, -r.savings_rate)
        past = -r.savings_rate - r.minimum_savings_rate
        where = "reaches" if abs(past) <= SAME_RATE else "past" if past > 0 else "inside"
        note = f"{own}, {where} {minimum}" if r.two_sided else f"{own}, one-sided"
        shown, term = money(-r.gross_savings), "gross losses"
        return of_result(r, "gross_savings", "Overspent", shown, term=term, note=note)
    own, minimum = against_minimum(r, r.savings_rate)
    cleared = r.savings_rate >= r.minimum_savings_rate - SAME_RATE
    note = f"{own}, {'clears' if cleared else 'under'} {minimum}"
    shown, term = money(r.gross_savings), "gross savings"
    return of_result(r, "gross_savings", "Saved", shown, term=term, note=note)


def _share_tile(r: Result, baseline: Result) -> Figure:
    if owes(r) or (r.gross_savings < 0 and r.two_sided):
        rules, at = r.rules, r.scenario.level_number
        moves = rules.shared_loss_rate_floor[at] != rules.shared_loss_rate_ceiling[at]
        note = "moves with quality" if moves else "whatever the quality"
        return of_result(
            r, "shared_loss_rate", "Your share of losses", percent(r.shared_loss_rate),
            term="loss rate", note=note,
        )  # fmt: skip
    difference = r.final_sharing_rate - baseline.final_sharing_rate
    note = "same as baseline"
    if abs(difference) >= 0.0005:  # noqa: PLR2004
        note = f"{points(difference)} {'higher' if difference > 0 else 'lower'}"
    return of_result(
        r, "final_sharing_rate", "Your share", percent(r.final_sharing_rate),
        term="sharing rate", note=note,
    )  # fmt: skip
