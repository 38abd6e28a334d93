"""The trade-off: savings and quality to dollars, in bands with crisp cliffs."""

import math
from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import payoff
from mssp_sim.studies.levers import places, variants
from mssp_sim.target import spending, updated_target
from mssp_sim.tolerances import BESIDE, PART_OF_STEP
from mssp_sim.units import Array

REACH, SCORES = (-0.06, 0.08), (0.40, 1.0)
"""Savings rates and scores on the map, unless the scenario lies beyond."""

MARGIN, PAST = 0.005, 0.02
FAR = 0.2
RATE_STEP, SCORE_STEP, MOST_STEPS = 0.001, 0.01, 400
BANDS = 6
"""About so many bands of dollars."""


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """Dollars over savings rate and quality score.

    ``payment`` has a row for each score and a column for each rate. ``bands`` are round dollars,
    owed ones negative, none of them zero. ``threshold`` has a row for each band and a column for
    each score: the smallest rate that is paid the band's dollars (or, for a negative band, the
    largest that owes as much), NaN where none on the map is. The standard stands twice
    among the scores, just under it and on it, so that its cliff is upright. Rates and scores are
    fractions.
    """

    savings_rate: Array
    quality_score: Array
    payment: Array
    bands: Array
    threshold: Array
    standard: float
    minimum_savings_rate: float
    minimum_loss_rate: float | None
    here: tuple[float, float, float]

    def at(self, savings_rate: float, quality_score: float) -> float:
        """Return the dollars of the place on the map nearest to a rate and a score."""
        row = int(np.argmin(np.abs(self.quality_score - quality_score)))
        return float(self.payment[row, int(np.argmin(np.abs(self.savings_rate - savings_rate)))])


def tradeoff(scenario: Scenario) -> Tradeoff:
    """Return the map of one scenario: its own target, other savings and other scores.

    Source: ours

    Examples
    --------
    >>> found = tradeoff(Scenario())
    >>> round(found.at(0.031, 0.75)), round(found.at(0.031, 0.82)), round(found.at(-0.04, 0.9))
    (6516510, 8688680, -6864000)
    >>> (found.bands / 1e6).tolist()
    [-8.0, -4.0, 4.0, 8.0, 12.0, 16.0, 20.0]
    """
    target = updated_target(scenario, scenario.rules)
    here = 1 - float(spending(scenario, target) / target.benchmark)
    now = payoff(scenario, here, target)
    minimum, two_sided = float(now.minimum_savings_rate), bool(now.two_sided)
    standard, own = float(now.quality_performance_standard), float(scenario.quality_score)
    rates = _rates(_reach(here, minimum, two_sided=two_sided), here, minimum)
    scores = _scores(standard, own)
    every = np.broadcast_to(scores[:, None], (len(scores), len(rates)))
    payment = np.asarray(payoff(replace(scenario, quality_score=every), rates, target).payment)
    bands = _bands(payment)
    return Tradeoff(
        savings_rate=rates,
        quality_score=scores,
        payment=payment,
        bands=bands,
        threshold=np.array([_threshold(rates, payment, float(band)) for band in bands]),
        standard=standard,
        minimum_savings_rate=minimum,
        minimum_loss_rate=minimum if two_sided else None,
        here=(here, own, float(now.payment)),
    )


def _reach(here: float, minimum: float, *, two_sided: bool) -> tuple[float, float]:
    """Return the ends of the map: round, past the minimums and past the scenario."""
    low, high = REACH
    sides = (minimum + PAST, -minimum - PAST if two_sided else low)
    for edge in (*sides, here - MARGIN, here + MARGIN):
        step = 0.02 if abs(edge) < FAR else 0.1
        low = min(low, round(math.floor(edge / step + PART_OF_STEP) * step, 9))
        high = max(high, round(math.ceil(edge / step - PART_OF_STEP) * step, 9))
    return low, high


def _rates(reach: tuple[float, float], here: float, minimum: float) -> Array:
    """Return even savings rates, the scenario's own, and both sides of the minimums."""
    low, high = reach
    step = RATE_STEP * max(1, math.ceil((high - low) / RATE_STEP / MOST_STEPS))
    even = np.append(np.arange(low, high - step / 2, step), high)
    sides = [edge + side for edge in (minimum, -minimum) for side in (-BESIDE, 0.0, BESIDE)]
    return np.unique(np.round([*even, here, *(x for x in sides if low <= x <= high)], 9))


def _scores(standard: float, own: float) -> Array:
    """Return even scores, the scenario's own, and the standard from under it and on it."""
    low = min(SCORES[0], math.floor(own * 10) / 10)
    even = np.arange(round(low / SCORE_STEP), round(SCORES[1] / SCORE_STEP) + 1) * SCORE_STEP
    sides = [x for x in (standard - BESIDE, standard) if low <= x <= SCORES[1]]
    return np.unique(np.round([*even, own, *sides], 9))


def _bands(payment: Array) -> Array:
    """Return round dollars, about ``BANDS`` of them above zero and as far apart below it."""
    most, least = float(payment.max()), float(payment.min())
    rough = max(most, -least, 1.0) / BANDS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1, 2, 4, 5, 10) if unit * m >= rough)
    above = np.arange(1, math.ceil(most / step)) * step
    below = np.arange(-math.floor(-least / step), 0) * step
    return np.concatenate([below, above]).astype(np.float64)


def _threshold(rates: Array, payment: Array, band: float) -> Array:
    """Return the savings rate at which each row passes a band, between the rates looked at."""
    if band < 0:
        return -_threshold(-rates[::-1], -payment[:, ::-1], -band)
    reached = payment >= band
    after = np.argmax(reached, axis=1)
    before = np.maximum(after - 1, 0)
    rows = np.arange(len(payment))
    low, high = payment[rows, before], payment[rows, after]
    part = np.divide(band - low, high - low, out=np.ones_like(low), where=high > low)
    at = rates[before] + np.clip(part, 0, 1) * (rates[after] - rates[before])
    return np.where(reached.any(axis=1), at, np.nan)


def cost_reduction_for(scenario: Scenario, savings_rate: float) -> float:
    """Return the cost reduction, on a step of its lever, that comes nearest to a savings rate.

    Source: ours

    Examples
    --------
    >>> cost_reduction_for(Scenario(), 0.04), cost_reduction_for(Scenario(), -0.04)
    (0.04, -0.04)
    """
    cuts = places(scenario, "cost_reduction", *quantities()["cost_reduction"].allowed)
    rows = variants(scenario, [("cost_reduction", cuts)])
    target = updated_target(rows, scenario.rules)
    rates = 1 - np.asarray(spending(rows, target) / target.benchmark)
    return float(cuts[np.argmin(np.abs(rates - savings_rate))])
