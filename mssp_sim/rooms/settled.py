"""Every seat's decision settled in one array call, and the one payoff curve they stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mssp_sim.result import Result
from mssp_sim.rooms.answers import Value
from mssp_sim.rooms.questions import Decide, settled_start
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import simulate
from mssp_sim.studies.levers import as_column, in_a_column
from mssp_sim.studies.payoff_curve import Curve, curve
from mssp_sim.studies.tradeoff import Tradeoff, tradeoff
from mssp_sim.units import Array


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """What the decisions of a round come to: one row a seat, in the order of ``seats``.

    ``met`` is whether the goal and every condition hold; without a goal, whether it earns.
    """

    seats: tuple[int, ...]
    result: Result
    met: Array

    @property
    def savings_rate(self) -> Array:
        """Fractions of each seat's target."""
        return np.atleast_1d(self.result.savings_rate)

    @property
    def quality_score(self) -> Array:
        """Fractions."""
        score = np.asarray(self.result.scenario.quality_score)
        return np.broadcast_to(score, (len(self.seats),))

    @property
    def payment(self) -> Array:
        """Dollars paid, or negative owed."""
        return np.atleast_1d(self.result.payment)


def settle_decisions(question: Decide, given: Mapping[int, Value]) -> Decisions | None:
    """Settle the decisions of a round in one array call; None where there are none.

    Parameters
    ----------
    question : what was asked
    given : decisions by seat, as ``answers.read_answer`` returned them

    Source: ours; each row is settled by the rule

    Examples
    --------
    >>> asked = Decide(words="?", start=Scenario(), free=("cost_reduction", "quality_score"))
    >>> found = settle_decisions(asked, {1: {"cost_reduction": 0.03}, 4: {"quality_score": 0.82}})
    >>> found.seats, found.payment.round()
    ((1, 4), array([6306300., 8688680.]))
    """
    if not given:
        return None
    seats = tuple(sorted(given))
    result = simulate(_batch(question.start, question.free, [given[seat] for seat in seats]))
    goal = question.goal
    met = np.asarray(result.payment) > 0 if goal is None else goal.met(result)
    return Decisions(seats, result, np.broadcast_to(met, (len(seats),)))


def _batch(start: Scenario, free: tuple[str, ...], decided: list[Any]) -> Scenario:
    """Return one row a decision; each was accepted alone when it was sent."""
    columns = {
        field: as_column(
            [in_a_column(field, one.get(field, getattr(start, field))) for one in decided]
        )
        for field in free
    }
    return start.with_columns(columns)


def curve_of(question: Decide) -> Curve:
    """Return the payoff curve of the scenario a decision starts from, for all the dots."""
    return _curve(question.start)


def map_of(question: Decide) -> Tradeoff:
    """Return the trade-off map of the scenario a decision starts from, for all the dots."""
    return _map(question.start)


@lru_cache(maxsize=16)
def _curve(start: Scenario) -> Curve:
    result = settled_start(start)
    return curve(result, result)


@lru_cache(maxsize=16)
def _map(start: Scenario) -> Tradeoff:
    return tradeoff(start)
