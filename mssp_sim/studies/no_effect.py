"""Why a lever does nothing: the reason, where its whole reach moves no dollar."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from mssp_sim.quantity import OUTSIDE
from mssp_sim.result import State
from mssp_sim.scenario import Scenario
from mssp_sim.studies.levers import group
from mssp_sim.target import Growth
from mssp_sim.tolerances import PART_OF_AMOUNT, SAME_RATE
from mssp_sim.units import Array

Why = Literal[
    "region and nation grow alike", "already over the cap", "it does not reach your target",
    "one-sided", "under the minimum", "no money moves in the zone", "no quality standard is met",
    "at the payment limit", "at the loss limit", "the guardrail holds", "every minimum is cleared",
    "past every minimum", "met by reporting", "CMS has decided",
    "losses count whatever the quality", "the disaster floor holds",
    "the full standard is met", "it moves nothing here",
]  # fmt: skip

RISK = ("risk_growth", "demographic_growth")
"""Levers of growth of risk scores: the cap holds both down."""

QUALITY = ("quality_score", "quality_performance_standard", "alternative_standard_met")

BESIDE_THE_TARGET = ("own_growth", "real_illness_share", "quality_performance_standard",
                     "disaster_share")  # fmt: skip
"""What happens to an ACO and moves its money otherwise than through the target."""

_BY_STATE: Mapping[State, Why] = {
    State.GUARDRAIL: "the guardrail holds",
    State.OVERSPENT_AT_THE_LOSS_LIMIT: "at the loss limit",
    State.OVERSPENT_ONE_SIDED: "one-sided",
    State.OVERSPENT_INSIDE_THE_ZONE: "no money moves in the zone",
    State.ON_TARGET: "no money moves in the zone",
    State.UNDER_THE_MINIMUM: "under the minimum",
    State.NEITHER_STANDARD: "no quality standard is met",
    State.AT_THE_PAYMENT_LIMIT: "at the payment limit",
}


def why(
    scenario: Scenario, field: str, state: State, benchmark: Array, growth: Growth, *, deemed: bool
) -> Why:
    """Return why a lever moves nothing, of one whose whole reach does not.

    Parameters
    ----------
    state, deemed : what the scenario comes to, and whether it is deemed to meet the standard
    benchmark : the target a person-year along the lever's reach
    growth : of the scenario, in the first row

    Source: ours

    Examples
    --------
    >>> from mssp_sim import simulate
    >>> alike = simulate(Scenario(national_growth=0.05, regional_growth=0.05))
    >>> still, growth = np.full(3, 13_000.0), alike.target.growth
    >>> why(alike.scenario, "market_share", alike.state, still, growth, deemed=False)
    'region and nation grow alike'
    """
    by_target = group(field) == OUTSIDE and field not in BESIDE_THE_TARGET
    if by_target and np.ptp(benchmark) <= PART_OF_AMOUNT * abs(float(benchmark[0])):
        return _of_the_target(field, growth)
    if state in _BY_STATE:
        return _BY_STATE[state]
    if field in QUALITY:
        return _of_quality(scenario, field, state, deemed=deemed)
    if field == "minimum_election":
        paid = state in (State.PARTIAL, State.FULL)
        return "every minimum is cleared" if paid else "past every minimum"
    return "it moves nothing here"


def _of_the_target(field: str, growth: Growth) -> Why:
    if field in RISK:
        return "already over the cap"
    apart = np.abs(np.asarray(growth.national_ratio) - growth.regional_ratio)
    first = apart.reshape(-1, apart.shape[-1])[0]
    if field == "market_share" and np.all(first < SAME_RATE):
        return "region and nation grow alike"
    return "it does not reach your target"


def _of_quality(scenario: Scenario, field: str, state: State, *, deemed: bool) -> Why:
    if state == State.OVERSPENT_TWO_SIDED:
        return "losses count whatever the quality"
    if field == "alternative_standard_met" and state == State.FULL:
        return "the full standard is met"
    if scenario.quality_standard_met is not None:
        return "CMS has decided"
    if deemed:
        return "met by reporting"
    lifted = scenario.in_disaster_area and field == "quality_score"
    return "the disaster floor holds" if lifted else "it moves nothing here"
