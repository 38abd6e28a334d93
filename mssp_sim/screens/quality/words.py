"""The Quality page in figures and sentences: the ladder, what each point is worth, the years."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np

from mssp_sim.figure import Figure, of_result
from mssp_sim.figures import (
    SMALLEST_SHOWN,
    apart_digits,
    minimum_rate,
    money,
    more_as_shown,
    needed_digits,
    percent,
    points,
    rounded,
    score,
    whole_dollars,
)
from mssp_sim.naming import contract
from mssp_sim.result import Result, State, first_performance_year
from mssp_sim.studies.levers import settled_with
from mssp_sim.studies.quality_scores import (
    EXCELLENT,
    GOOD,
    Study,
    YearsStandard,
    band,
    banded,
    loss_rate_moves,
    partial_standard,
)
from mssp_sim.tolerances import BESIDE, CENT
from mssp_sim.trace import Step, ours, trace
from mssp_sim.words.outcome import figures_of_sentence, owes, why_rounded
from mssp_sim.words.tiles import four_tiles as tiles_of_a_result

TOWERS = 3.0
"""Times its neighbours that one point must be worth to stand out."""

Ladders = Literal["share", "loss"]


def ladder_at_stake(result: Result) -> Ladders:
    """Return which ladder the money stands on now: the share kept, or the share owed."""
    return "loss" if loss_rate_moves(result) and result.gross_savings < 0 else "share"


def worth(dollars: float) -> str:
    """Return what a point is worth: in millions, or to the dollar where that would hide it.

    Examples
    --------
    >>> worth(2_085_283), worth(86_886.8), worth(0)
    ('$2.1M', '$86,887', '$0')
    """
    return money(dollars) if abs(dollars) >= SMALLEST_SHOWN else whole_dollars(dollars)


def shown_score(value: float) -> str:
    """Return a score with the digits it needs.

    Examples
    --------
    >>> shown_score(0.75), shown_score(0.767), shown_score(0.7705)
    ('75.0', '76.7', '77.05')
    """
    return score(value, 1 if abs(rounded(value * 1000, 6) % 1) == 0 else 2)


def headline(found: Study) -> str:
    """Return what a quality point is worth here, in one sentence."""
    r = found.result
    if not found.moves:
        return _nothing_moves(found)
    if owes(r):
        return _on_losses(found)
    if found.gain < CENT:
        return _at_the_top(found)
    short = found.standard - found.own
    if found.stepped and short > 0:
        return _short(found, short)
    each = f"each point is worth {worth(float(found.value_of_points[next_point(found)]))}"
    if r.rules.score_scales_the_full_share:
        scales = "Up to 2020 the score scales the share"
        return f"{scales}: {each}, and a score of 100 pays {_gained(found)} more."
    return f"CMS says you missed the full standard: your share goes by the score, and {each}."


def _short(found: Study, short: float) -> str:
    step = found.at(found.payment, found.standard) - float(found.result.payment)
    above = float(np.max(found.payment)) - found.at(found.payment, found.standard)
    digits = apart_digits(score, found.own, found.standard)
    sentence = (
        f"You are {points(short, digits)} short of the full quality standard: reaching it is "
        f"worth {money(more_as_shown(step, float(found.result.payment)))}"
    )
    if above < CENT:
        return f"{sentence}, and the points above it nothing."
    return f"{sentence}, and the points above it {money(above)} more."


def _at_the_top(found: Study) -> str:
    spare = found.own - found.standard
    if not found.stepped or spare < -CENT:
        return "The payment is as high as it goes: more quality pays nothing."
    drop = float(found.result.payment) - found.at(found.payment, found.standard - BESIDE)
    digits = apart_digits(score, found.own, found.standard)
    room = f"with {points(spare, digits)} to spare" if spare > BESIDE else "to the point"
    if drop < CENT:
        return f"The full quality standard is met {room}: more quality pays nothing."
    return (
        f"The full quality standard is met {room}: more quality pays nothing, "
        f"falling below it costs {money(drop)} at once."
    )


def _on_losses(found: Study) -> str:
    r = found.result
    if found.gain < CENT:
        return (
            f"You owe the lowest rate there is, {percent(r.shared_loss_rate)} of the loss: "
            "more quality saves nothing, much less of it costs."
        )
    best = found.at(found.loss_rate, found.best_score)
    return (
        f"At {shown_score(found.own)} you owe {percent(r.shared_loss_rate)} of the loss; "
        f"a score of {shown_score(found.best_score)} lowers that to {percent(best)} "
        f"and saves {_gained(found)}."
    )


def _gained(found: Study) -> str:
    return money(more_as_shown(found.gain, float(found.result.payment)))


NO_SCORE = "no quality score moves money"


def _nothing_moves(found: Study) -> str:
    r = found.result
    if r.state in _STILL:
        return f"{_STILL[r.state]}: {NO_SCORE}."
    if r.state == State.UNDER_THE_MINIMUM:
        digits = needed_digits(percent, r.savings_rate, r.minimum_savings_rate)
        own, minimum = percent(r.savings_rate, digits), minimum_rate(r.minimum_savings_rate, digits)
        return f"Savings of {own} are under the {minimum} minimum: {NO_SCORE}."
    whose = contract(r.scenario.level)
    if r.gross_savings < 0:
        if not r.two_sided:
            return f"{whose} is one-sided and you overspent: {NO_SCORE}."
        if rounded(r.spared_by_leaving, 2) > 0 and not owes(r):
            return f"You left so early that no loss is owed: {NO_SCORE}."
        if not owes(r):
            forgiven = rounded(r.forgiven, 2) > 0
            why = "The loss is forgiven for the disaster" if forgiven else _STILL[State.ON_TARGET]
            return f"{why}: {NO_SCORE}."
        if loss_rate_moves(r):
            return f"The limit stops the charge at {money(r.shared_losses)}: {NO_SCORE}."
        rate = percent(r.shared_loss_rate)
        return f"{whose} charges {rate} of a loss whatever the quality: {NO_SCORE}."
    if r.scenario.quality_standard_met is not None:
        verdict = "is met" if r.standard_met else "is missed, and the partial one too"
        return f"CMS says the full quality standard {verdict}: {NO_SCORE}."
    if found.floored:
        return f"In a disaster area your score is not under the full standard: {NO_SCORE}."
    if not r.domains_met:
        return f"In one of the four domains no measure reached its minimum: {NO_SCORE}."
    if bool(first_performance_year(r.scenario)):
        return f"In the first year of a first agreement reporting is enough: {NO_SCORE}."
    if r.deemed:
        return f"The reporting incentive meets the quality standard: {NO_SCORE}."
    return f"On this result {NO_SCORE}."


_STILL = {
    State.GUARDRAIL: "The guardrail set the prospective trend aside",
    State.ON_TARGET: "Spending met the target to the dollar",
    State.LEFT_EARLY: "Out of the program before the year ended",
    State.OVERSPENT_INSIDE_THE_ZONE: "Spending is inside the no-money zone",
}


def four_tiles(found: Study, baseline: Result) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top: share, left on the table, distance, band."""
    _, left, *_ = tiles_of_a_result(found.result, baseline)
    first = _loss_tile(found) if ladder_at_stake(found.result) == "loss" else _share_tile(found)
    return first, left, _standard_tile(found), _band_tile(found)


def _share_tile(found: Study) -> Figure:
    share = float(found.result.final_sharing_rate)
    below = found.full_share - share
    note = f"{points(below)} below full" if rounded(below * 100, 1) else "the full share"
    return of_result(
        found.result, "final_sharing_rate", "Your share", percent(share),
        term="sharing rate", note=note,
    )  # fmt: skip


def _loss_tile(found: Study) -> Figure:
    rate = float(found.result.shared_loss_rate)
    lowest = float(np.min(found.loss_rate))
    note = f"{points(rate - lowest)} above lowest" if rate - lowest > CENT / 100 else "the lowest"
    return of_result(
        found.result, "shared_loss_rate", "Your share of losses", percent(rate),
        term="loss rate", note=note,
    )  # fmt: skip


def _standard_tile(found: Study) -> Figure:
    r = found.result
    label, own, line = "To the full standard", found.own, found.standard
    if not found.stepped:
        label, shown = "Full standard", "met" if r.standard_met else "missed"
        note = "by the disaster's floor" if found.floored else "by the four domains"
        note = "by reporting" if r.deemed else note
        if r.scenario.quality_standard_met is not None:
            note = "as CMS says"
    else:
        digits = apart_digits(score, own, line)
        shown = points(abs(line - own), digits)
        note = f"{score(own, digits)} → {shown_score(line)} in {r.scenario.performance_year}"
        if r.standard_met:
            label, note = "Above the standard", f"{score(own, digits)}, line {shown_score(line)}"
    how = partial(_to_the_standard, found, shown)
    return Figure(
        key="quality_gap", label=label, shown=shown, how=how, note=note, amount=line - own
    )


def _band_tile(found: Study) -> Figure:
    r = found.result
    if not banded(r):
        point = next_point(found)
        value = float(found.value_of_points[point])
        return Figure(
            key="next_point", label="One more point", shown=worth(value), note="the score scales",
            how=partial(_one_point, found, point), amount=value,
        )  # fmt: skip
    number = int(band(found.own, r.standard_met, partial_standard(r)))
    notes = ("neither standard met", "partial standard met", "partial standard met")
    note = "full standard met" if r.standard_met else notes[number]
    shown = f"{number} of 4"
    return Figure(
        key="band", label="Your band", term="of the score", shown=shown, note=note, amount=number,
        how=partial(_display_band, found, shown),
    )  # fmt: skip


def next_point(found: Study) -> int:
    """Return the score from which the next point is counted; the last one has none above it."""
    return min(int(found.own * 100 + BESIDE), 99)


def figures_of_headline(found: Study) -> tuple[Figure, ...]:
    """Return the numbers of the headline and of the titles that stand on no tile."""
    r = found.result
    figures = [
        *figures_of_sentence(r),
        of_result(r, "payment", "Paid to you, less owed", money(r.payment)),
        of_result(r, "shared_loss_rate", "Your share of losses, now", percent(r.shared_loss_rate)),
    ]
    if found.moves:
        shown = money(more_as_shown(found.gain, float(r.payment)))
        figures.append(
            Figure(key="gain", label="The best score, against now", shown=shown,
                   how=partial(_gain, found), amount=found.gain,
                   why_rounded=why_rounded(shown, found.gain))
        )  # fmt: skip
    highest = tower(found)
    if highest is not None:
        value = float(found.value_of_points[highest])
        figures.append(
            Figure(key="tower", label=f"The step from {highest} to {highest + 1}",
                   shown=worth(value), how=partial(_one_point, found, highest), amount=value)
        )  # fmt: skip
    return tuple(figures)


def figures_of_standards(result: Result, rows: Sequence[YearsStandard]) -> tuple[Figure, ...]:
    """Return what this result would pay under the standard of each year."""
    return tuple(
        Figure(key=f"standard_of_{row.years}", label=f"Under the standard of {row.years}",
               shown=money(row.payment), how=partial(_under, result, row), amount=row.payment)
        for row in rows
    )  # fmt: skip


def _under(result: Result, row: YearsStandard) -> tuple[Step, ...]:
    tried = settled_with(result, quality_performance_standard=row.standard)
    return trace(tried).how("payment")


def _to_the_standard(study: Study, shown: str) -> tuple[Step, ...]:
    steps = trace(study.result).how("standard_met")
    if not study.stepped:
        return (*steps, ours("Full standard", "met or missed, whatever the score", "", shown))
    low, high = sorted((study.own, study.standard))
    numbers = f"{score(high, 2)} − {score(low, 2)}"
    return (*steps, ours("Distance to the standard", "score against standard", numbers, shown))


def _display_band(study: Study, shown: str) -> tuple[Step, ...]:
    words = (
        f"0: neither standard; 1 and 2: partial standard, under {score(GOOD, 0)} and from "
        f"it on; 3 and 4: full standard, under {score(EXCELLENT, 0)} and from it on"
    )
    steps = trace(study.result).how("standard_met")
    return (*steps, ours("Display band", words, f"score {shown_score(study.own)}", shown))


def _one_point(study: Study, start: int) -> tuple[Step, ...]:
    before, after = (float(study.payment_at_points[point]) for point in (start, start + 1))
    return (difference(f"From {start} to {start + 1} points", after, before),)


def _gain(study: Study) -> tuple[Step, ...]:
    best = float(np.max(study.payment))
    now = trace(study.result).how("payment")
    name = f"A score of {shown_score(study.best_score)}, against now"
    return (*now, difference(name, best, float(study.result.payment)))


def difference(name: str, after: float, before: float) -> Step:
    """Return the step that takes one payment from another."""
    numbers = f"{whole_dollars(after)} − ({whole_dollars(before)})"
    if before >= 0:
        numbers = f"{whole_dollars(after)} − {whole_dollars(before)}"
    words = "payment then − payment before, all else equal"
    return ours(name, words, numbers, whole_dollars(after - before), after - before)


def share_title(found: Study) -> str:
    """Return the finding of the ladder."""
    if not found.stepped and np.ptp(found.share) <= 0:
        return f"Your share is {percent(float(found.share[-1]))} at any score"
    below = found.share[found.score < found.standard]
    climbs = len(below) > 1 and np.ptp(below) > 0
    jump = found.stepped and found.step(found.share) > CENT / 10
    top = found.share[found.score >= found.standard]
    stops = not len(top) or np.ptp(top) <= 0
    if climbs and jump:
        return "Your share climbs slowly, jumps at the standard, then stops"
    if jump and stops:
        return "Below the standard you keep nothing, at it the full share"
    if jump:
        return "Your share starts at the standard and goes by the score"
    return "Your share goes by the score"


def loss_title(found: Study) -> str:
    """Return the finding of the loss ladder."""
    worst, best = float(np.max(found.loss_rate)), float(np.min(found.loss_rate))
    whose = contract(found.result.scenario.level)
    if worst == best:
        return f"{whose} charges {percent(worst, 0)} of a loss at any score"
    at = float(found.score[np.argmin(found.loss_rate)])
    return (
        f"{whose}: of a loss you owe {percent(worst, 0)} at worst, "
        f"{percent(best, 0)} from {shown_score(at)} on"
    )


def tower(found: Study) -> int | None:
    """Return the point that towers over the others, by the score it starts from."""
    values = found.value_of_points
    highest = int(np.argmax(values))
    others = np.delete(values, highest)
    if values[highest] < 1 or values[highest] < TOWERS * float(np.max(others)):
        return None
    return highest


def points_title(found: Study) -> str:
    """Return the finding of the bars."""
    values = found.value_of_points
    if not found.moves:
        return "What each point is worth: nothing on this result"
    highest = tower(found)
    if highest is None:
        most = float(np.max(values))
        paid = values[values >= 1]
        if len(paid) and np.ptp(paid) < 1:
            which = "Every point is" if len(paid) == len(values) else f"{len(paid)} points are"
            return f"{which} worth {worth(most)}{'' if len(paid) == len(values) else ' each'}"
        return f"Points are worth up to {worth(most)} each"
    named = f"The step from {highest} to {highest + 1} is worth {worth(values[highest])}"
    above = values[highest + 1 :]
    if len(above) and np.max(above) < 1:
        return f"{named}; the {len(above)} points above it nothing"
    return named


def ladder_words(found: Study, which: Ladders) -> str:
    """Return the ladder in a sentence: where you are, what is next."""
    r = found.result
    here = f"At a score of {shown_score(found.own)}"
    if which == "loss":
        where = f"{here} you would owe {percent(float(r.shared_loss_rate))} of a loss"
        if owes(r):
            where = f"{here} you owe {percent(float(r.shared_loss_rate))} of the loss"
        lowest = float(np.min(found.loss_rate))
        return f"{where}; it never falls below {percent(lowest)}."
    where = f"{here} you keep {percent(float(r.final_sharing_rate))} of savings"
    if not found.stepped:
        return f"{where}; no line of the score has to be reached."
    line = shown_score(found.standard)
    if r.standard_met:
        return f"{where}; below {line} it would be {_just_below(found)}."
    then = percent(found.at(found.share, found.standard))
    return f"{where}; at {line} it jumps to {then}."


def _just_below(found: Study) -> str:
    return percent(found.at(found.share, max(found.standard - BESIDE, 0.0)))


def points_words(found: Study) -> str:
    """Return the bars in a sentence; they add up to what lies between 0 and 100."""
    total = float(found.payment_at_points[-1] - found.payment_at_points[0])
    if not found.moves:
        return "Every bar is zero: on this result no point moves money."
    paid = int(np.sum(found.value_of_points >= 1))
    if paid == 1:
        return f"From 0 to 100 the payment changes by {money(total)}, all of it in one point."
    return (
        f"From 0 to 100 the payment changes by {money(total)}: {paid} points bring it."
        + _to_or_from_the_standard(found)
    )


def _to_or_from_the_standard(found: Study) -> str:
    """Say what the jump is from where you are, beside what it is between two whole scores."""
    if tower(found) is None or not found.stepped or owes(found.result):
        return ""
    line, own = shown_score(found.standard), float(found.result.payment)
    drop = found.at(found.payment, found.standard) - found.at(
        found.payment, found.standard - BESIDE
    )
    if found.own < found.standard:
        step = money(more_as_shown(found.at(found.payment, found.standard) - own, own))
        return (
            f" From your {shown_score(found.own)} to {line} it is {step}: {money(drop)} by the "
            "jump itself, the rest by the slow climb to it."
        )
    return f" The jump itself, at {line}, is {money(drop)}."


def standard_rows(rows: Sequence[YearsStandard], quality_score: float) -> list[dict[str, str]]:
    """Return the years as a table in words, the latest first."""
    return [
        {
            "Year": row.years,
            "Full standard": score(row.standard, 2),
            f"Your {shown_score(quality_score)}": f"{score(row.standard - quality_score, 2)} short"
            if _misses(row, quality_score)
            else "meets it",
            "You would get, or owe (−)": money(row.payment),
        }
        for row in reversed(rows)
    ]


def _misses(row: YearsStandard, quality_score: float) -> bool:
    return quality_score < row.standard - CENT * BESIDE


def standards_title(rows: Sequence[YearsStandard], quality_score: float) -> str:
    """Return the finding of the years."""
    missed = [row.years for row in rows if _misses(row, quality_score)]
    own = shown_score(quality_score)
    if not missed:
        return f"The line moves each year: {own} meets it in all of them"
    if len(missed) == len(rows):
        return f"The line moves each year: {own} misses it in all of them"
    listed = " and ".join(filter(None, (", ".join(missed[:-1]), missed[-1])))
    return f"The line moves each year: {own} misses it in {listed}"


def standards_known(rows: Sequence[YearsStandard]) -> str:
    """Return how the standards are known, and what trying them here means."""
    known = dict.fromkeys(row.known for row in reversed(rows))
    parts = (f"{', '.join(row.years for row in rows if row.known == how)}: {how}" for how in known)
    return f"Each line is tried on this result, all else equal. {'; '.join(parts)}."
