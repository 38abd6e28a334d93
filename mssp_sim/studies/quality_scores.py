"""One result at every quality score, and under the full standard of every year."""

from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.parameters import parameters
from mssp_sim.quantity import PERFORMANCE_YEARS
from mssp_sim.result import Result, State
from mssp_sim.simulation import simulate
from mssp_sim.tolerances import BESIDE, CENT
from mssp_sim.units import Array, Claim, Dollars, Fraction

GOOD, EXCELLENT = 0.60, 0.80
"""Scores at which our display bands change; CMS defines none."""


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
        """Return the value of an array at the score nearest to this one."""
        return float(values[np.argmin(np.abs(self.score - quality_score))])

    def step(self, values: Array) -> float:
        """Return how much one of the arrays changes in the step at the standard."""
        return self.at(values, self.standard) - self.at(values, self.standard - BESIDE)

    @property
    def stepped(self) -> bool:
        """Whether the score alone decides if the full standard is met."""
        r = self.result
        return r.scenario.quality_standard_met is None and not (
            r.deemed or self.by_domains or self.floored
        )

    @property
    def by_domains(self) -> bool:
        """Whether the four domains decide, and no score."""
        return self.result.rules.domain_minimums_count and not self.standard

    @property
    def floored(self) -> bool:
        """Whether a disaster area's floor, which meets the standard, is under the score."""
        floor = self.result.rules.disaster_quality_floor
        hit = bool(self.result.scenario.in_disaster_area) and floor > 0
        return hit and floor >= self.standard


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


def loss_rate_moves(result: Result) -> bool:
    """Return whether the contract's loss rate goes by quality."""
    rules, at = result.rules, result.scenario.level_number
    return bool(rules.shared_loss_rate_floor[at] < rules.shared_loss_rate_ceiling[at])


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
    versions = [
        version
        for version in parameters()["quality_performance_standard"].versions
        if version.citation.known_by != "does not apply"
    ]
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
