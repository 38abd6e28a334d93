"""What is at stake: every contract on one result, on the same miss the other side, and by size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.naming import alone
from mssp_sim.parameters import LEVELS, TRACKS
from mssp_sim.result import Result
from mssp_sim.rules import corridor
from mssp_sim.scenario import FIRST_LEVELS, Scenario
from mssp_sim.simulation import elected_minimum, payoff
from mssp_sim.units import Array, Fraction

FARTHEST = 0.6

"""How far spending can go either way: the widest cost reduction a scenario may hold."""

FACING = {"ENHANCED": "E", "3": "1"}

"""The contract to compare with at first, where it is not the one with the largest share."""


@dataclass(frozen=True, slots=True)
class AtStake:
    """One contract on this spending: dollars now, at the mirror image, and at the far ends."""

    level: str
    two_sided: bool
    minimum: float
    payment: float
    mirror: float
    most_earned: float
    most_owed: float

    @property
    def name(self) -> str:
        """The contract's name."""
        return alone(self.level)


@dataclass(frozen=True, slots=True)
class Stakes:
    """Every contract the agreement could have, on one result and its mirror image.

    ``savings_rate`` is against the target before any guardrail, as curves are drawn.
    """

    result: Result
    savings_rate: float
    contracts: tuple[AtStake, ...]

    @property
    def own(self) -> AtStake:
        """The contract of the scenario."""
        return self[str(self.result.scenario.level)]

    def __getitem__(self, level: str) -> AtStake:
        return next(row for row in self.contracts if row.level == level)


def contracts_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the contracts an agreement of this start can have.

    Source: 42 CFR 425.600(a)

    Examples
    --------
    >>> contracts_of(Scenario())
    ('A', 'B', 'C', 'D', 'E', 'ENHANCED')
    """
    return LEVELS if scenario.agreement_start >= FIRST_LEVELS else TRACKS


def facing(scenario: Scenario, wanted: str | None) -> str:
    """Return the contract to compare with the scenario's: the wanted one, if it can be.

    Examples
    --------
    >>> facing(Scenario(), None), facing(Scenario(), "B"), facing(Scenario(), "E")
    ('ENHANCED', 'B', 'ENHANCED')
    """
    others = [level for level in contracts_of(scenario) if level != scenario.level]
    if wanted in others:
        return str(wanted)
    return FACING.get(str(scenario.level), others[-1])


def stakes(result: Result) -> Stakes:
    """Return what is at stake under each contract, in two calls of the engine.

    Source: ours; the limits are those of 42 CFR 425.605(d)(1), 425.610(e)(2), (g)

    Examples
    --------
    >>> from mssp_sim.simulation import simulate
    >>> found = stakes(simulate(Scenario()))
    >>> [round(x) for x in (found.own.payment, found.own.mirror, found.own.most_owed)]
    [6516510, -5319600, 22880000]
    """
    s = result.scenario
    target = result.target
    rate = 1 - float(result.expenditure_total / (target.benchmark * result.person_years))
    levels = contracts_of(s)
    each = replace(s, level=np.array(levels)[:, None])
    found = payoff(each, np.array([rate, -rate, -FARTHEST]), target)
    best = payoff(
        replace(each, quality_score=1.0, quality_standard_met=True), np.array([FARTHEST]), target
    )
    payment = np.broadcast_to(found.payment, (len(levels), 3))
    minimum = np.broadcast_to(found.minimum_savings_rate, (len(levels), 1))
    two_sided = np.broadcast_to(found.two_sided, (len(levels), 1))
    return Stakes(
        result=result,
        savings_rate=rate,
        contracts=tuple(
            AtStake(
                level=level,
                two_sided=bool(two_sided[n, 0]),
                minimum=float(minimum[n, 0]),
                payment=float(payment[n, 0]),
                mirror=float(payment[n, 1]),
                most_earned=float(best.payment[n, 0]),
                most_owed=-float(payment[n, 2]),
            )
            for n, level in enumerate(levels)
        ),
    )


def curves(result: Result, levels: Sequence[str], savings_rate: Array) -> Array:
    """Return the payment of each contract, a row each, along savings rates: one engine call.

    Source: ours
    """
    each = replace(result.scenario, level=np.array(levels)[:, None])
    target = result.target
    found = payoff(each, savings_rate, target)
    return np.broadcast_to(found.payment, (len(levels), len(savings_rate)))


def mirrored(scenario: Scenario, savings_rate: float) -> float | None:
    """Return the cost reduction that puts spending as far on the other side of its target.

    None where no scenario may hold it, or where the target itself moves with the reduction.

    Source: ours

    Examples
    --------
    >>> round(mirrored(Scenario(), 0.031), 6)
    -0.031
    """
    spending = (1 - float(scenario.cost_reduction)) / (1 - savings_rate) * (1 + savings_rate)
    fits = abs(1 - spending) <= FARTHEST and not scenario.own_effect
    return 1 - spending if fits else None


def cushion(found: Stakes) -> float:
    """Return how far the savings rate is from the nearest edge of the zone, a fraction."""
    own, rate = found.own, found.savings_rate
    edge = -own.minimum if rate < 0 and own.two_sided else own.minimum
    return abs(rate - edge)


@dataclass(frozen=True, slots=True)
class BySize:
    """The minimum at every size: by the table, and yours."""

    people: Array
    by_table: Fraction
    yours: Fraction
    own_people: float
    own_minimum: float
    chosen: bool


def minimum_by_size(result: Result, reach: tuple[float, float]) -> BySize:
    """Return the minimum along sizes, evenly on a scale of ratios, at each bend of the table.

    Source: 42 CFR 425.605(b)(1)-(2)
    """
    rules, s = result.rules, result.scenario
    schedule = rules.minimum_savings_rate
    smallest = rules.people_for_chosen_minimum
    bends = [at for at in (*schedule.at, smallest - 1) if reach[0] <= at <= reach[1]]
    people = np.unique(np.concatenate([np.geomspace(*reach, 90), bends]))
    elected = float(elected_minimum(s, rules))
    chosen = not np.isnan(elected)
    by_table, yours = (
        corridor.minimum_savings_rate(people, rate, result.two_sided, smallest, schedule)
        for rate in (np.nan, elected)
    )
    return BySize(
        people,
        by_table,
        yours,
        float(s.assigned_beneficiaries),
        float(result.minimum_savings_rate),
        chosen and bool(result.two_sided) and float(s.assigned_beneficiaries) >= smallest,
    )
