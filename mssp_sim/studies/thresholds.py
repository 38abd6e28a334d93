"""Thresholds on a lever: where the quality standard stands, or a cap begins to hold."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mssp_sim.result import Result
from mssp_sim.studies.levers import ends, places
from mssp_sim.target import Target, risk_factor, updated_target
from mssp_sim.tolerances import NOISE
from mssp_sim.units import Array

PARTS = 100
"""Each step with the beginning of a cap is looked at in so many parts."""

What = Literal["full quality standard", "cap on risk growth", "cap on the regional adjustment"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A place on a lever, in core units, and what stands there."""

    at: float
    what: What


def thresholds(result: Result, lever: str) -> tuple[Threshold, ...]:
    """Return what stands on a lever's reach, by the rules of the scenario's year and agreement.

    A cap is found on the engine: the last place from zero on which it holds no type of people back.

    Source: ours

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> result = simulate(Scenario())
    >>> [round(each.at, 4) for each in thresholds(result, "quality_score")]
    [0.767]
    >>> thresholds(result, "market_share")
    ()
    """
    if lever == "quality_score":
        standard = float(result.quality_performance_standard)
        low, high = ends(result.scenario, lever)
        if not low < standard < high:
            return ()
        return (Threshold(standard, "full quality standard"),)
    if lever == "risk_growth":
        return _caps(result, lever, "cap on risk growth")
    if lever == "regional_level":
        return _caps(result, lever, "cap on the regional adjustment")
    return ()


def _caps(result: Result, lever: str, what: What) -> tuple[Threshold, ...]:
    """Return each way from zero where the cap begins to hold, to a hundredth of a step."""
    s, found = result.scenario, []
    whole = places(s, lever, *ends(s, lever))
    for side in (whole[whole <= 0][::-1], whole[whole >= 0]):
        held = _held(result, lever, side)
        if len(side) < 2 or held[0] or not held.any():  # noqa: PLR2004
            continue
        first = int(np.argmax(held))
        closely = np.linspace(side[first - 1], side[first], PARTS + 1)
        free = closely[~_held(result, lever, closely)]
        at = float(free[-1]) if len(free) else float(side[first - 1])
        found.append(Threshold(round(at, 12), what))
    return tuple(found)


def _held(result: Result, lever: str, at: Array) -> Array:
    """Return where on a lever the cap holds some type of people."""
    rules, rows = result.rules, result.scenario.with_columns({lever: at})
    if lever == "risk_growth":  # what stands before the risk factor does not move with it
        ratio, factor = risk_factor(rows, rules, result.target.adjusted_benchmark)
        held: Array = np.any(factor < ratio - NOISE, axis=-1)
        return held
    return _past_regional_cap(updated_target(rows, rules))


def _past_regional_cap(target: Target) -> Array:
    """Return where an adjustment has stopped growing: not the way to nothing, nor nothing."""
    added = target.adjustments.regional_adjustment
    still = np.abs(np.diff(added, axis=0)) <= NOISE
    beside = np.zeros_like(added, bool)
    beside[1:] |= still
    beside[:-1] |= still
    held: Array = np.any(beside & (np.abs(added) > NOISE), axis=-1)
    return held
