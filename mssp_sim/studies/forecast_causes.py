"""Forecast against final: what moved the payment between two settlements of one year, by cause."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Literal

import numpy as np

from mssp_sim.figures import apportioned, rounded
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import settle
from mssp_sim.studies.moved import CENT, shapley
from mssp_sim.studies.this_year import Projection
from mssp_sim.target import own_growth, updated_target
from mssp_sim.units import Array, Dollars, Fraction, Persons, Ratio

Cause = Literal["target", "own spending", "risk", "mix", "quality", "people", "contract"]
CAUSES: tuple[Cause, ...] = (
    "target", "own spending", "risk", "mix", "quality", "people", "contract",
)  # fmt: skip
"""What the payment goes by; ``contract`` is what no quarterly report tells and is no other's.

Contract, revenue, disasters and leaving early are what limits go by. Without it the two ends would
not be the payments that a reader saw, and the difference would be a rest without a name.
"""

OF_QUALITY = (
    "quality_performance_standard", "quality_standard_met", "alternative_standard_met",
    "reporting_incentive_met", "in_disaster_area", "patient_experience_met",
    "care_coordination_met", "preventive_health_met", "at_risk_population_met",
)  # fmt: skip
"""Fields that move with the quality score."""


@dataclass(frozen=True, eq=False, kw_only=True)
class YearEnd:
    """What a settlement of the year goes by, forecast or final.

    ``target`` and ``spending`` are dollars per person-year, the target before the risk step;
    ``risk`` is what counts of risk growth, ``mix`` the shares of person-years: each by enrollment
    type (..., type), or of one type with a mix of 1. ``two_way`` is the target without the
    prospective trend as a ratio to the target.
    """

    target: Dollars
    spending: Dollars
    risk: Ratio
    mix: Fraction
    quality: Fraction
    people: Persons
    person_years: Persons
    two_way: Ratio = 1.0


def forecast_end(projection: Projection) -> YearEnd:
    """Return what a projected year ends on, by enrollment type.

    The scenario says how target and spending divide by type; their totals are the projection's.

    Source: ours
    """
    of_target, of_spending, _ = _by_type(projection.scenario)
    so_far, mix = projection.so_far, np.asarray(projection.scenario.person_year_share)
    target = so_far.target_per_person * projection.target_ratio
    spent = so_far.spending_per_person * projection.own_ratio
    return YearEnd(
        target=of_target * target / np.vecdot(of_target, mix),
        spending=of_spending * spent / np.vecdot(of_spending, mix),
        risk=np.full(of_target.shape, projection.risk),
        mix=mix,
        quality=so_far.quality,
        people=so_far.people,
        person_years=projection.person_years,
        two_way=projection.two_way_total / projection.benchmark_total,
    )


def final_end(result: Result) -> YearEnd:
    """Return what a settled year ended on, by enrollment type.

    Parameters
    ----------
    result : of a single scenario that holds its year by type

    Source: ours
    """
    scenario, mix = result.scenario, np.asarray(result.scenario.person_year_share)
    of_target, of_spending, risk = _by_type(scenario)
    years = float(result.person_years)
    total, spent = float(result.target.benchmark), float(result.expenditure_total) / years
    return YearEnd(
        target=of_target * total / np.vecdot(of_target * risk, mix),
        spending=of_spending * spent / np.vecdot(of_spending, mix),
        risk=risk,
        mix=mix,
        quality=float(scenario.quality_score),
        people=float(scenario.assigned_beneficiaries),
        person_years=years,
        two_way=float(result.target.two_way_benchmark) / total,
    )


def _by_type(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Return target before risk, spending and counted risk of a scenario by enrollment type."""
    target = updated_target(scenario, scenario.rules)
    adjusted = np.asarray(target.adjusted_benchmark)
    spent, _ = own_growth(scenario, np.asarray(target.expenditure_history)[benchmark.BY3])
    return (
        np.asarray(adjusted * target.growth.update_factor),
        np.asarray(spent, float),
        np.asarray(np.broadcast_to(target.risk_factor, adjusted.shape), float),
    )


@dataclass(frozen=True, slots=True)
class Causes:
    """The payments of forecast and final, and what each cause moved between them: cents."""

    forecast: Decimal
    final: Decimal
    moved: Mapping[Cause, Decimal]


def causes(
    scenario: Scenario, forecast: YearEnd, final: YearEnd, before: Scenario | None = None
) -> Causes:
    """Return what moved the payment from a forecast to the final settlement.

    A cause is worth its mean over every order in which the causes may come (the Shapley value):
    none comes first, and they sum to the difference to the cent.

    Parameters
    ----------
    scenario : contract and all else that the final settlement goes by; a single one
    before : the same of the forecast; None where both share it

    Source: ours

    Examples
    --------
    >>> before = YearEnd(target=13_000, spending=12_600, risk=1.0, mix=1.0, quality=0.82,
    ...                  people=45_000, person_years=44_000)
    >>> after = YearEnd(target=12_900, spending=12_600, risk=1.0, mix=1.0, quality=0.75,
    ...                 people=45_000, person_years=44_000)
    >>> found = causes(Scenario(), before, after)
    >>> {name: str(dollars) for name, dollars in found.moved.items() if dollars}
    {'target': '-1886500.00', 'quality': '-1886500.00'}
    >>> sum(found.moved.values()) == found.final - found.forecast
    True
    """
    taken = np.array(list(product((False, True), repeat=len(CAUSES))))[:, ::-1]
    worth = _payments((before or scenario, scenario), forecast, final, taken)
    total = rounded(worth[-1], 2) - rounded(worth[0], 2)
    shares = apportioned([float(share) for share in shapley(worth)], total, CENT)
    moved = dict(zip(CAUSES, shares, strict=True))
    return Causes(rounded(worth[0], 2), rounded(worth[-1], 2), moved)


def _payments(
    scenarios: tuple[Scenario, Scenario], forecast: YearEnd, final: YearEnd, taken: Array
) -> Array:
    """Return the payment with each set of causes as in the final settlement."""
    by = dict(zip(CAUSES, taken.T, strict=True))
    worth = np.empty(len(taken))
    for contract, quality in product((False, True), repeat=2):
        rows = (by["contract"] == contract) & (by["quality"] == quality)
        base, of_quality = scenarios[contract], scenarios[quality]
        settled = replace(
            base,
            **{name: getattr(of_quality, name) for name in OF_QUALITY},
            quality_score=float(final.quality if quality else forecast.quality),
        )
        chosen = {cause: which[rows] for cause, which in by.items()}
        worth[rows] = _settled(settled, forecast, final, chosen)
    return worth


def _settled(
    scenario: Scenario, forecast: YearEnd, final: YearEnd, by: Mapping[Cause, Array]
) -> Array:
    def chosen(cause: Cause, name: str) -> Array:
        before, after = (np.asarray(getattr(end, name), float) for end in (forecast, final))
        return np.where(by[cause], after, before)

    def by_type(cause: Cause, name: str) -> Array:
        before, after = (np.atleast_1d(getattr(end, name)) for end in (forecast, final))
        return np.where(by[cause][:, None], after, before)

    mix, years = by_type("mix", "mix"), chosen("people", "person_years")
    target = by_type("target", "target") * by_type("risk", "risk")
    total = np.sum(target * mix, axis=-1) * years
    spent = np.sum(by_type("own spending", "spending") * mix, axis=-1) * years
    result = settle(
        replace(scenario, assigned_beneficiaries=chosen("people", "people")),
        scenario.rules,
        benchmark_total=total,
        expenditure_total=spent,
        two_way_total=total * chosen("target", "two_way"),
    )
    return np.asarray(result.payment)
