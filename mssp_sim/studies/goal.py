"""What it would take to earn so much: on one lever, or on cost and quality together."""

from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.quantity import Quantity
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target, simulate
from mssp_sim.studies.levers import SHARES, ends, places, room, value, variants
from mssp_sim.target import settled_person_years, spending, updated_target
from mssp_sim.tolerances import SAME_DOLLARS
from mssp_sim.units import Array, Fraction

MOST_PLACES = 5_000
"""Places of a lever looked at; beyond that its slider's ends are kept to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one lever can do for a goal.

    ``to`` is the place nearest to where the lever is that earns the goal, in core units, or
    None if no place does; ``payment`` is what is paid there, or else the most the lever can be
    paid, which is at ``best``. Dollars.
    """

    lever: str
    goal: float
    to: float | None
    payment: float
    best: float
    most: float


@dataclass(frozen=True, slots=True)
class Frontier:
    """The smallest cost reduction that earns a goal at each quality score; NaN where none does.

    ``most`` is the most this contract can pay with any cost reduction and any score, dollars.
    """

    goal: float
    quality_score: Fraction
    cost_reduction: Fraction
    most: float

    @property
    def reachable(self) -> bool:
        """Whether any score and any cost reduction earn the goal."""
        return bool(np.any(~np.isnan(self.cost_reduction)))


def seek(scenario: Scenario, lever: str, goal: float) -> Answer:
    """Return how far one lever must go to earn a goal, everything else as it is.

    The lever may go as far as the rule lets it, past the ends of its slider. One step nearer
    to where it is now does not earn the goal.

    Parameters
    ----------
    goal : dollars of payment

    Source: ours

    Examples
    --------
    >>> answer = seek(Scenario(), "quality_score", 8_000_000)
    >>> answer.to, round(answer.payment)
    (0.767, 8688680)
    >>> answer = seek(Scenario(), "quality_score", 9_000_000)
    >>> answer.to, round(answer.most), answer.best
    (None, 8688680, 0.767)
    """
    grid = _as_far_as_allowed(scenario, lever)
    payment = np.asarray(simulate(variants(scenario, [(lever, grid)])).payment)
    now = value(scenario, lever)
    away = np.abs(grid - (grid[0] if np.isnan(now) else now))
    peak = payment >= payment.max() - SAME_DOLLARS
    best = int(np.argmin(np.where(peak, away, np.inf)))
    earns = payment >= goal
    there = int(np.argmin(np.where(earns, away, np.inf))) if earns.any() else best
    return Answer(
        lever=lever,
        goal=goal,
        to=float(grid[there]) if earns.any() else None,
        payment=float(payment[there]),
        best=float(grid[best]),
        most=float(payment[best]),
    )


def frontier(scenario: Scenario, goal: float) -> Frontier:
    """Return the smallest cost reduction that earns a goal, for each whole quality score.

    The scenario's own score and the standard are among the scores.

    Parameters
    ----------
    goal : dollars of payment

    Source: ours

    Examples
    --------
    >>> found = frontier(Scenario(), 8_688_680)
    >>> at = dict(zip(found.quality_score.tolist(), found.cost_reduction.tolist()))
    >>> at[0.75], at[0.767], round(found.most)
    (0.042, 0.031, 57200000)
    """
    rules = scenario.rules
    own = scenario.quality_performance_standard
    standard = rules.quality_performance_standard if own is None else own
    scores = np.unique([*np.arange(101) / 100, scenario.quality_score, standard])
    cuts = _as_far_as_allowed(scenario, "cost_reduction")
    # The target knows nothing of quality: computed once for each cut, settled at every score.
    rows = variants(scenario, [("cost_reduction", cuts)])
    target = updated_target(rows, rules)
    spent = spending(rows, target) * settled_person_years(rows)
    every = np.broadcast_to(scores[:, None], (len(scores), len(cuts)))
    settled = settle_target(replace(scenario, quality_score=every), rules, target, spent)
    payment = np.asarray(settled.payment)
    earns = payment >= goal
    first = np.argmax(earns, axis=1)
    return Frontier(
        goal=goal,
        quality_score=scores,
        cost_reduction=np.where(earns.any(axis=1), cuts[first], np.nan),
        most=float(payment.max()),
    )


def _as_far_as_allowed(scenario: Scenario, lever: str) -> Array:
    """Return every place of a lever, to the ends of the rule where these are not too many."""
    words: Quantity = quantities()[lever]
    low, high = words.allowed
    if lever in SHARES:
        high = min(high, room(scenario, lever))
    if not (high - low) / words.step <= MOST_PLACES:
        low, high = ends(scenario, lever)
    return places(scenario, lever, low, high)
