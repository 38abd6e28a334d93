"""The payoff curve: what the same ACO would get at every savings rate."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mssp_sim.parameters import LEVELS, last_published_year, rules_in_force
from mssp_sim.result import Result, State
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import payoff
from mssp_sim.target import Target
from mssp_sim.tolerances import BESIDE
from mssp_sim.units import Array

STEP = 0.001
"""Savings rates between two hover points."""

NEAREST, WIDER = (-0.05, 0.06), (-0.10, 0.14)


@dataclass(frozen=True, slots=True)
class Curve:
    """What the picture shows; rates are fractions of the target, payments dollars.

    ``most_earned`` and ``most_owed`` are what BASIC E, or ENHANCED where more than its share is
    kept, settles at the ends: they set the axis, which stays while quality and cost move.
    """

    savings_rate: Array
    payment: Array
    payment_at_full_quality: Array
    here: tuple[float, float]
    baseline: tuple[float, float]
    forgone: float
    lost_at: Literal["quality", "minimum"]
    minimum_savings_rate: float
    minimum_loss_rate: float | None
    final_sharing_rate: float
    sharing_rate: float
    benchmark_total: float
    reach: tuple[float, float]
    most_earned: float
    most_owed: float
    limits: tuple[tuple[float, float], ...] = ()


def window(*savings_rates: float) -> tuple[float, float]:
    """Return the range of savings rates to draw: the nearest that holds all of these.

    Examples
    --------
    >>> window(0.031, 0.031), window(0.09), window(0.031, 0.204, -0.133)
    ((-0.05, 0.06), (-0.1, 0.14), (-0.2, 0.25))
    """
    for low, high in (NEAREST, WIDER):
        if all(low <= rate <= high for rate in savings_rates):
            return low, high
    far = 0.05
    low = math.floor(min(*savings_rates, WIDER[0]) * 1.15 / far) * far
    high = math.ceil(max(*savings_rates, WIDER[1]) * 1.05 / far) * far
    return round(low, 2), round(high, 2)


def grid(reach: tuple[float, float], *cliffs: float) -> Array:
    """Return savings rates to settle: even steps, and both sides of every cliff."""
    low, high = reach
    step = STEP * max(1, math.ceil((high - low) / 0.4))
    even = np.round(np.arange(round(low / step), round(high / step) + 1) * step, 6)
    sides = [rate + side for rate in cliffs for side in (-BESIDE, 0.0, BESIDE)]
    return np.unique(np.concatenate([even, [x for x in sides if low <= x <= high]]))


def curve(result: Result, baseline: Result, *, limits: bool = False) -> Curve:
    """Return the figures of the payoff curve.

    Parameters
    ----------
    limits : widen the curve until both limits are on it

    Source: ours; each point is settled by the rule
    """
    s = result.scenario
    here = (_drawn_rate(result), float(result.payment))
    edges = _limits(result, both=limits)
    shown = [rate for rate, _ in edges] if limits else []
    reach = window(here[0], baseline.savings_rate, *shown)
    two_sided = result.two_sided
    cliffs = (result.minimum_savings_rate, -result.minimum_loss_rate)
    rates = grid(reach, *cliffs)
    most_earned, most_owed = _at_the_ends(reach, float(result.sharing_rate))
    own, full = np.asarray(_at_both_qualities(s, rates, result.target).payment)
    share = (
        result.final_sharing_rate
        if result.state != State.HALF_RATE
        else result.final_sharing_rate * 2
    )
    return Curve(
        savings_rate=rates,
        payment=own,
        payment_at_full_quality=full,
        here=here,
        baseline=(float(baseline.savings_rate), float(baseline.payment)),
        forgone=float(result.left_on_the_table),
        lost_at="minimum" if result.lost_at_the_minimum > result.lost_to_quality else "quality",
        minimum_savings_rate=float(result.minimum_savings_rate),
        minimum_loss_rate=float(result.minimum_loss_rate) if two_sided else None,
        final_sharing_rate=float(share),
        sharing_rate=float(result.sharing_rate),
        benchmark_total=float(result.benchmark_total),
        reach=reach,
        most_earned=most_earned * float(result.benchmark_total),
        most_owed=most_owed * float(result.benchmark_total),
        limits=tuple(edges),
    )


def _at_the_ends(reach: tuple[float, float], sharing_rate: float) -> tuple[float, float]:
    """Return what is earned and owed at most within reach, as fractions of the target."""
    rules = rules_in_force(last_published_year())
    at = LEVELS.index("E")
    if sharing_rate > rules.sharing_rate[at]:
        at = LEVELS.index("ENHANCED")
    low, high = reach
    earned = min(high * rules.sharing_rate[at], rules.performance_payment_limit[at])
    owed = min(-low * rules.shared_loss_rate_ceiling[at], rules.loss_recoupment_limit_benchmark[at])
    return float(earned), float(owed)


def _at_both_qualities(scenario: Scenario, rates: Array, target: Target) -> Result:
    """Return the settlement at every rate in two rows: the scenario's quality, and full quality."""
    met, score = scenario.quality_standard_met, scenario.quality_score
    both = replace(
        scenario,
        quality_standard_met=np.array([[np.nan if met is None else float(met)], [1.0]]),
        quality_score=np.array([[score], [1.0]]),
    )
    return payoff(both, rates, target)


def _drawn_rate(result: Result) -> float:
    """Return the savings rate against the target before any guardrail: where the curve is drawn."""
    if not result.guardrail:
        return float(result.savings_rate)
    return 1 - float(result.expenditure_total / (result.target.benchmark * result.person_years))


def _limits(result: Result, *, both: bool) -> list[tuple[float, float]]:
    """Return where the limits bind: savings rate, and dollars (owed ones negative).

    The payment limit at the full share; with ``both`` also the loss limit, which moves with
    spending where revenue sets it and is looked for on the curve.
    """
    kept = result.sharing_rate * (1 - result.rules.sequestration_rate)
    limit = result.performance_payment_limit
    found = [(float(limit / result.benchmark_total / kept), float(limit))]
    if both and result.two_sided:
        low, high = -0.6, 0.0
        for _ in range(2):
            rates = np.linspace(high, low, 601)
            losses = payoff(result.scenario, rates)
            capped = np.flatnonzero(losses.state == State.OVERSPENT_AT_THE_LOSS_LIMIT)
            if not len(capped):
                return found
            high, low = rates[capped[0] - 1], rates[capped[0]]
        found.append((float(low), float(losses.payment[capped[0]])))
    return found
