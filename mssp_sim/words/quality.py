"""The Quality page in figures and sentences: the ladder, what each point is worth, the years."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mssp_sim.explanation import Tile, contract, owes, tiles
from mssp_sim.figures import (
    SMALLEST_SHOWN,
    change,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
    whole_dollars,
)
from mssp_sim.parameters import parameters
from mssp_sim.quantity import PERFORMANCE_YEARS
from mssp_sim.simulation import Result, State, first_performance_year, simulate
from mssp_sim.units import Array, Claim, Dollars, Fraction

BESIDE = 1e-6
"""How far below the standard its other side is settled."""

GOOD, EXCELLENT = 0.60, 0.80
"""Scores at which our display bands change; CMS defines none."""

TOWERS = 3.0
"""Times its neighbours that one point must be worth to stand out."""

CENT = 0.01
Ladders = Literal["share", "loss"]


@dataclass(frozen=True, slots=True)
class Study:
    """One result at every quality score, all else equal: arrays along ``score``.

    ``share_otherwise`` is the share with the partial standard the other way round,
    ``payment_at_points`` what is paid (negative: owed) at 0, 1, ... 100 points.
    """

    result: Result
    score: Array
    share: Fraction
    share_otherwise: Fraction
    loss_rate: Fraction
    payment: Dollars
    payment_at_points: Dollars
    band: Array

    @property
    def own(self) -> float:
        """The score of the scenario."""
        return float(self.result.scenario.quality_score)

    @property
    def standard(self) -> float:
        """The full quality standard."""
        return float(self.result.quality_performance_standard)

    @property
    def value_of_points(self) -> Dollars:
        """Dollars that each point adds to the one before: from 0 to 1 first."""
        return np.diff(self.payment_at_points)

    @property
    def moves(self) -> bool:
        """Whether any score changes what is paid or owed."""
        return bool(np.ptp(self.payment) >= CENT)

    @property
    def gain(self) -> float:
        """What the best score would add to the payment."""
        return float(np.max(self.payment) - self.result.payment)

    @property
    def best_score(self) -> float:
        """The lowest score that pays as much as any."""
        return float(self.score[np.argmax(self.payment >= np.max(self.payment) - CENT)])

    @property
    def full_share(self) -> float:
        """The contract's largest share, halved on the half-rate path."""
        half = self.result.state == State.HALF_RATE
        rules, at = self.result.rules, self.result.scenario.level_number
        return float(self.result.sharing_rate * (rules.half_rate[at] if half else 1))

    def at(self, values: Array, quality_score: float) -> float:
        """Return one of the arrays at a score."""
        return float(values[np.argmin(np.abs(self.score - quality_score))])

    def step(self, values: Array) -> float:
        """Return how much one of the arrays changes in the step at the standard."""
        return self.at(values, self.standard) - self.at(values, self.standard - BESIDE)

    @property
    def stepped(self) -> bool:
        """Whether the score alone decides if the full standard is met."""
        r = self.result
        return r.scenario.quality_standard_met is None and not r.deemed


def study(result: Result) -> Study:
    """Return a result at every quality score, in one call of the engine.

    Source: ours

    Examples
    --------
    >>> from mssp_sim.scenario import Scenario
    >>> found = study(simulate(Scenario()))
    >>> round(found.gain), found.best_score
    (2172170, 0.767)
    """
    s = result.scenario
    standard = float(result.quality_performance_standard)
    even = np.round(np.arange(101) / 100, 2)
    sides = [standard - BESIDE, standard, float(s.quality_score)]
    scores = np.unique(np.clip(np.concatenate([even, sides]), 0, 1))
    partial = np.array([[bool(s.alternative_standard_met)], [not s.alternative_standard_met]])
    both, partial = np.broadcast_arrays(scores, partial)
    swept = simulate(replace(s, quality_score=both, alternative_standard_met=partial))
    return Study(
        result=result,
        score=scores,
        share=swept.final_sharing_rate[0],
        share_otherwise=swept.final_sharing_rate[1],
        loss_rate=swept.shared_loss_rate[0],
        payment=swept.payment[0],
        payment_at_points=swept.payment[0][np.isin(scores, even)],
        band=band(scores, swept.standard_met[0], partial_standard(result)),
    )


def band(quality_score: Fraction, met: Claim, partial: Claim) -> Array:
    """Return the display band, 0 to 4.

    Source: ours, a reading aid; CMS defines no bands and pays on the exact score

    Examples
    --------
    >>> int(band(0.75, False, True)), int(band(0.84, True, True)), int(band(0.75, False, False))
    (2, 4, 0)
    """
    missed = np.where(partial, np.where(np.greater_equal(quality_score, GOOD), 2, 1), 0)
    return np.where(met, np.where(np.greater_equal(quality_score, EXCELLENT), 4, 3), missed)


def partial_standard(result: Result) -> bool:
    """Return whether the partial standard is met, in a year that has one."""
    met = bool(result.scenario.alternative_standard_met)
    return met and result.rules.alternative_standard_pays


def banded(result: Result) -> bool:
    """Return whether the bands say anything: until 2020 the score scaled every payment."""
    return not result.rules.score_scales_the_full_share


def ladder_at_stake(result: Result) -> Ladders:
    """Return which ladder the money stands on now: the share kept, or the share owed."""
    return "loss" if loss_rate_moves(result) and result.gross_savings < 0 else "share"


def loss_rate_moves(result: Result) -> bool:
    """Return whether the contract's loss rate goes by quality."""
    rules, at = result.rules, result.scenario.level_number
    return bool(rules.shared_loss_rate_floor[at] < rules.shared_loss_rate_ceiling[at])


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
    each = f"each point is worth {worth(_next_point(found))}"
    if r.rules.score_scales_the_full_share:
        scales = "Up to 2020 the score scales the share"
        return f"{scales}: {each}, and a score of 100 pays {money(found.gain)} more."
    return f"CMS says you missed the full standard: your share goes by the score, and {each}."


def _short(found: Study, short: float) -> str:
    step = found.at(found.payment, found.standard) - float(found.result.payment)
    above = float(np.max(found.payment)) - found.at(found.payment, found.standard)
    digits = needed_digits(score, found.own, found.standard)
    sentence = (
        f"You are {points(short, digits)} short of the full quality standard: reaching it is "
        f"worth {money(step)}"
    )
    if above < CENT:
        return f"{sentence}, and the points above it nothing."
    return f"{sentence}, and the points above it {money(above)} more."


def _at_the_top(found: Study) -> str:
    spare = found.own - found.standard
    if not found.stepped or spare < -CENT:
        return "The payment is as high as it goes: more quality pays nothing."
    drop = float(found.result.payment) - found.at(found.payment, found.standard - BESIDE)
    digits = needed_digits(score, found.own, found.standard)
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
        f"and saves {money(found.gain)}."
    )


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
        if not owes(r):
            return f"The loss is forgiven for the disaster: {NO_SCORE}."
        if loss_rate_moves(r):
            return f"The limit stops the charge at {money(r.shared_losses)}: {NO_SCORE}."
        rate = percent(r.shared_loss_rate)
        return f"{whose} charges {rate} of a loss whatever the quality: {NO_SCORE}."
    if r.scenario.quality_standard_met is not None:
        verdict = "is met" if r.standard_met else "is missed, and the partial one too"
        return f"CMS says the full quality standard {verdict}: {NO_SCORE}."
    if bool(first_performance_year(r.scenario)):
        return f"In the first year of a first agreement reporting is enough: {NO_SCORE}."
    if r.deemed:
        return f"The reporting incentive meets the quality standard: {NO_SCORE}."
    return f"On this result {NO_SCORE}."


_STILL = {
    State.GUARDRAIL: "The guardrail set the prospective trend aside",
    State.ON_TARGET: "Spending met the target to the dollar",
    State.OVERSPENT_INSIDE_THE_ZONE: "Spending is inside the no-money zone",
}


def four_tiles(found: Study, baseline: Result) -> tuple[Tile, Tile, Tile, Tile]:
    """Return the four figures on top: share, left on the table, distance, band."""
    _, left, _, _ = tiles(found.result, baseline)
    first = _loss_tile(found) if ladder_at_stake(found.result) == "loss" else _share_tile(found)
    return first, left, _standard_tile(found), _band_tile(found)


def _share_tile(found: Study) -> Tile:
    share = float(found.result.final_sharing_rate)
    below = found.full_share - share
    note = f"{points(below)} below full" if rounded(below * 100, 1) else "the full share"
    return Tile("Your share", "sharing rate", percent(share), note)


def _loss_tile(found: Study) -> Tile:
    rate = float(found.result.shared_loss_rate)
    lowest = float(np.min(found.loss_rate))
    note = f"{points(rate - lowest)} above lowest" if rate - lowest > CENT / 100 else "the lowest"
    return Tile("Your share of losses", "loss rate", percent(rate), note)


def _standard_tile(found: Study) -> Tile:
    r = found.result
    label, own, line = "To the full standard", found.own, found.standard
    if not found.stepped:
        note = "as CMS says" if r.scenario.quality_standard_met is not None else "by reporting"
        return Tile("Full standard", "", "met" if r.standard_met else "missed", note)
    digits = needed_digits(score, own, line)
    year = r.scenario.performance_year
    if r.standard_met:
        note = f"{score(own, digits)}, line {shown_score(line)}"
        return Tile("Above the standard", "", points(own - line, digits), note)
    note = f"{score(own, digits)} → {shown_score(line)} in {year}"
    return Tile(label, "", points(line - own, digits), note)


def _band_tile(found: Study) -> Tile:
    r = found.result
    if not banded(r):
        return Tile("One more point", "", worth(_next_point(found)), "the score scales")
    number = int(band(found.own, r.standard_met, partial_standard(r)))
    notes = ("neither standard met", "partial standard met", "partial standard met")
    note = "full standard met" if r.standard_met else notes[number]
    return Tile("Your band", "ours", f"{number} of 4", note)


def _next_point(found: Study) -> float:
    """Return what the next point up is worth; the last one where there is none above."""
    return float(found.value_of_points[min(int(found.own * 100 + BESIDE), 99)])


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
    named = f"The point from {highest} to {highest + 1} is worth {worth(values[highest])}"
    above = values[highest + 1 :]
    if len(above) and np.max(above) < 1:
        return f"{named}; the {len(above)} above it nothing"
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
    return f"From 0 to 100 the payment changes by {money(total)}: {paid} points add up to it."


@dataclass(frozen=True, slots=True)
class YearsStandard:
    """The full standard of one year, or of years that share it, tried on this result."""

    years: str
    standard: float
    known: str
    payment: float


def standards(result: Result) -> tuple[YearsStandard, ...]:
    """Return what this result would pay under the standard of each year, all else equal.

    Source: 42 CFR 425.512(a)

    Examples
    --------
    >>> from mssp_sim.scenario import Scenario
    >>> [(row.years, row.standard) for row in standards(simulate(Scenario()))][-2:]
    [('2025', 0.767), ('2026', 0.7385)]
    """
    versions = parameters()["quality_performance_standard"].versions
    firsts = [version.applies_from["performance_year"].year for version in versions]
    lasts = [*(first - 1 for first in firsts[1:]), PERFORMANCE_YEARS[1]]
    values = [float(v.value) for v in versions if isinstance(v.value, float)]
    tried = simulate(replace(result.scenario, quality_performance_standard=np.array(values)))
    return tuple(
        YearsStandard(
            years=str(first) if first == last else f"{first}–{last}",
            standard=value,
            known=version.citation.known,
            payment=float(paid),
        )
        for first, last, value, version, paid in zip(
            firsts, lasts, values, versions, tried.payment, strict=True
        )
    )


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


def measure_words(made: float, most: float, gain: float, found: Study) -> str:
    """Return in score and dollars what a measure's point is worth, and what reaches the line.

    Parameters
    ----------
    made : the score of the measures
    most : points that could be earned on all of them
    gain : dollars that one point more on one measure adds
    """
    moves = f"One point more on one measure moves the score by {points(1 / most)}"
    paid = (
        f"what you owe by {change(-gain)}"
        if owes(found.result)
        else f"the payment by {change(gain)}"
    )
    if rounded(gain, 2) == 0:
        paid = "no money"
    short = (found.standard - made) * most
    if not found.stepped or short <= 0:
        return f"{moves} and {paid}."
    needed = plain(math.ceil(short * 100 - CENT) / 100, 2)
    worth_it = found.at(found.payment, found.standard) - float(
        np.interp(made, found.score, found.payment)
    )
    return (
        f"{moves} and {paid}; {needed} points more in all reach the full standard: "
        f"{change(worth_it)}."
    )
