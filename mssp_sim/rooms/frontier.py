"""The frontier of a decision on the trade-off map: from where on its goal's dollars are paid."""

import numpy as np

from mssp_sim.rooms.questions import Decide
from mssp_sim.rooms.settled import map_of
from mssp_sim.tolerances import HALF_CENT
from mssp_sim.units import Fraction

ANYTHING = 1.0
"""Dollars, where a decision has no goal: the frontier is where anything is paid."""


def frontier(question: Decide) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return the smallest savings rate at each score that pays what the goal asks, upwards.

    Under the contract that the round starts from; a score at which no rate of the map pays as
    much has no place on it.

    Returns
    -------
    Savings rates, between the places of the map, and scores.

    Source: ours; each place of the map is settled by the rule

    Examples
    --------
    >>> from mssp_sim.rooms.questions import team_challenge
    >>> found = frontier(team_challenge())
    >>> [round(rate, 4) for rate, score in (found[0], found[-1])]
    [0.0783, 0.0321]
    """
    found = map_of(question)
    wanted = question.goal.earn - HALF_CENT if question.goal else ANYTHING
    paid = found.payment >= wanted
    rows = np.flatnonzero(paid.any(axis=1))
    after = np.argmax(paid[rows], axis=1)
    before = np.maximum(after - 1, 0)
    low, high = found.payment[rows, before], found.payment[rows, after]
    part = np.divide(wanted - low, high - low, out=np.ones_like(low), where=high > low)
    start = found.savings_rate[before]
    rates = start + np.clip(part, 0, 1) * (found.savings_rate[after] - start)
    return tuple(zip(rates.tolist(), found.quality_score[rows].tolist(), strict=True))
