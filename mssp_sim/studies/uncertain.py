"""What is not certain in the rule as it stands here, and what it moves in dollars."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from mssp_sim.parameters import CONTRACTS, Rules, last_published_year
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import simulate
from mssp_sim.tolerances import BESIDE
from mssp_sim.units import Dollars

SOURCE = Path(__file__).with_suffix(".toml")
USUAL_TREND_WEIGHT = 1 / 3
NOT_CERTAIN = ("secondary", "recalled")


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One thing that is not certain: its name, a sentence, and dollars moved on two scenarios."""

    name: str
    title: str
    words: str
    opening: float
    median: float


@cache
def median_aco() -> Scenario:
    """Return a scenario made of the medians of CMS's results file of 2024.

    Source: ours; the medians and their file are named in uncertain.toml

    Examples
    --------
    >>> median_aco().assigned_beneficiaries
    13151.0
    """
    return Scenario(**_content()["median_aco"]["scenario"])


@cache
def uncertain() -> tuple[Uncertain, ...]:
    """Return what is not certain, with the dollars that each moves, from the engine.

    Source: ours

    Examples
    --------
    >>> [item.name for item in uncertain()]
    ['quality_standards', 'sixth_of_2024', 'small_entrants', 'track_1_plus']
    """
    return tuple(
        Uncertain(
            name,
            item["title"].format(last=last_published_year()),
            item["words"],
            opening=moved(name, Scenario()),
            median=moved(name, median_aco()),
        )
        for name, item in _content()["uncertain"].items()
    )


def moved(name: str, scenario: Scenario) -> float:
    """Return by how many dollars a settlement moves where an uncertain value is another.

    Zero where the value has no part in the settlement of the scenario's year and contract.

    Source: ours
    """
    return float(MOVES[name](scenario, scenario.rules))


def _between(scenario: Scenario, one: Rules, other: Rules) -> Dollars:
    first, second = (simulate(scenario, rules).payment for rules in (one, other))
    return np.abs(np.subtract(first, second))


def _standard_on_the_other_side(scenario: Scenario, rules: Rules) -> Dollars:
    """Return what is between the score just reaching the standard and just missing it."""
    if _certain(rules, "quality_performance_standard"):
        return 0.0
    score = float(np.asarray(scenario.quality_score))
    reached = replace(rules, quality_performance_standard=score)
    missed = replace(rules, quality_performance_standard=np.nextafter(score, 2.0) + BESIDE)
    return _between(scenario, reached, missed)


def _usual_weight(scenario: Scenario, rules: Rules) -> Dollars:
    """Return what the usual weight of the prospective trend would move."""
    if _certain(rules, "prospective_trend_weight"):
        return 0.0
    return _between(scenario, rules, replace(rules, prospective_trend_weight=USUAL_TREND_WEIGHT))


def _small_entrant(scenario: Scenario, rules: Rules) -> Dollars:
    """Return the whole settlement of an ACO that would come under the unknown limits."""
    year, start, _ = scenario.years_and_starts().pop()
    small = (
        float(np.asarray(scenario.assigned_beneficiaries)) < rules.minimum_assigned_beneficiaries
    )
    if not small or min(year, start.year) < int(
        _content()["uncertain"]["small_entrants"]["first_year"]
    ):
        return 0.0
    return np.abs(simulate(scenario, rules).payment)


def _without_limits(scenario: Scenario, rules: Rules) -> Dollars:
    """Return what the recalled limits of Track 1+ hold back."""
    if _certain(rules, "loss_recoupment_limit_revenue") or scenario.level != "1+":
        return 0.0
    free = np.array(CONTRACTS) == "1+"
    changed = replace(
        rules,
        loss_recoupment_limit_benchmark=np.where(
            free, np.inf, rules.loss_recoupment_limit_benchmark
        ),
        loss_recoupment_limit_revenue=np.where(free, np.inf, rules.loss_recoupment_limit_revenue),
        performance_payment_limit=np.where(free, np.inf, rules.performance_payment_limit),
    )
    return _between(scenario, rules, changed)


def _certain(rules: Rules, name: str) -> bool:
    return rules.source[name].citation.known_by not in NOT_CERTAIN


MOVES: Mapping[str, Callable[[Scenario, Rules], Dollars]] = {
    "quality_standards": _standard_on_the_other_side,
    "sixth_of_2024": _usual_weight,
    "small_entrants": _small_entrant,
    "track_1_plus": _without_limits,
}


@cache
def _content() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(SOURCE.read_text("utf-8"))
