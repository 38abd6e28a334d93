"""Turning: the cost reductions at which another contract, or another minimum, is worth most."""

from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.studies.election import by_contract, choices_of, payments
from mssp_sim.studies.luck import year_spread
from mssp_sim.studies.repayment import repayment
from mssp_sim.studies.true_results import Setting, TrueResults, targets, with_chance
from mssp_sim.tolerances import PART_OF_STEP
from mssp_sim.units import Array

DRAWS = 1_000
"""Draws at each step of the lever, of the same dice as everywhere."""

LEVER = "cost_reduction"
CENTS = 2


@dataclass(frozen=True, slots=True)
class SavingsTurn:
    """The nearest step of the lever at which something else is worth most, and what that is."""

    at: float
    level: str
    election: float | str


@dataclass(frozen=True, slots=True)
class Turning:
    """What is worth most at each step of the lever, and the nearest turns; None where none is."""

    steps: Array
    best: tuple[tuple[str, float | str], ...]
    contract: SavingsTurn | None
    minimum: SavingsTurn | None


def steps_of(scenario: Scenario) -> Array:
    """Return every place of the lever of the cost reduction, with the scenario's own.

    Source: ours
    """
    declared = quantities()[LEVER]
    low, high = declared.slider
    count = round((high - low) / declared.step)
    places = np.round(low + declared.step * np.arange(count + 1), 9)
    own = float(scenario.cost_reduction)
    apart = np.min(np.abs(places - own)) > declared.step * PART_OF_STEP
    return np.sort(np.append(places, own)) if apart else places


def _results(scenario: Scenario, setting: Setting, cuts: Array, draws: int) -> list[TrueResults]:
    """Return the distribution at each cost reduction; the target is new with one's own effect."""
    spread = float(year_spread(scenario.assigned_beneficiaries))
    own = float(scenario.cost_reduction)
    once = None if scenario.own_effect else targets(scenario, setting, draws)
    found = []
    for cut in cuts:
        row = scenario.with_columns({LEVER: float(cut)})
        drawn = (
            targets(row, setting, draws)
            if once is None
            else once._replace(expenditure_total=once.expenditure_total * (1 - cut) / (1 - own))
        )
        found.append(with_chance(row, setting, drawn, spread))
    return found


def best_at(
    result: Result, setting: Setting, cuts: Array, draws: int
) -> tuple[tuple[str, float | str], ...]:
    """Return the contract and minimum worth most at each of some cost reductions.

    Source: ours
    """
    scenario, rules = result.scenario, result.rules
    known = _results(scenario, setting, cuts, draws)
    score = [np.broadcast_to(each.quality_score, draws) for each in known]
    together = replace(
        known[0],
        benchmark_total=np.concatenate([each.benchmark_total for each in known]),
        two_way_total=np.concatenate([each.two_way_total for each in known]),
        expenditure_total=np.concatenate([each.expenditure_total for each in known]),
        quality_score=np.concatenate(score),
    )
    spent = np.array([np.mean(each.expenditure_total) for each in known])
    chosen, worth = [], []
    for level, elections in by_contract(choices_of(result)).items():
        drawn = payments(scenario, rules, level, elections, together)
        drawn = drawn.reshape(len(elections), len(cuts), draws)
        owed = -np.sum(np.minimum(drawn, 0.0), axis=-1) / draws
        paid = np.sum(np.maximum(drawn, 0.0), axis=-1) / draws
        cost = np.array([repayment(scenario, each, level).a_year(setting.cost) for each in spent])
        worth.append(paid - setting.hurts * owed - cost)
        chosen += [(level, each) for each in elections]
    # Of choices that are worth the same the first counts, as everywhere.
    best = np.argmax(np.round(np.concatenate(worth), CENTS), axis=0)
    return tuple(chosen[at] for at in best)


def turning(result: Result, setting: Setting, *, draws: int = DRAWS) -> Turning:
    """Return where the best contract and the best minimum turn on the lever of the cost reduction.

    Every step of the lever is settled; of several turns the nearest to the scenario's own counts.

    Parameters
    ----------
    result : a single one

    Source: ours
    """
    scenario = result.scenario
    own, steps = float(scenario.cost_reduction), steps_of(scenario)
    best = best_at(result, setting, steps, draws)
    here = best[int(np.argmin(np.abs(steps - own)))]

    def nearest(part: int) -> SavingsTurn | None:
        others = [at for at, each in enumerate(best) if each[part] != here[part]]
        if not others:
            return None
        at = min(others, key=lambda place: abs(float(steps[place]) - own))
        return SavingsTurn(float(steps[at]), *best[at])

    return Turning(steps, best, nearest(0), nearest(1))
