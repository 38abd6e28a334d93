"""Scenarios by chance: over every contract, regime and year, and often exactly on a threshold."""

import datetime as dt
from typing import Any

import numpy as np

from mssp_sim.parameters import LEVELS, rules_in_force
from mssp_sim.scenario import (
    FIRST_LEVELS,
    Scenario,
    agreement_starts,
    performance_years,
    quantities,
)

FIRST_YEAR = 2020
"""The oracle knows the contracts of today, in whole years."""

LEFT_TO_ALL = 1 / 8
"""Part of the cells of a table by type that the field for all types holds."""

LEVERS = (
    "cost_reduction", "market_share", "market_share_by3", "national_growth", "regional_growth",
    "own_growth", "prospective_trend", "risk_growth", "demographic_growth", "real_illness_share",
    "regional_level", "underserved_share", "participant_revenue_share", "disaster_share",
    "other_acos_reduction", "prior_savings_per_person",
)  # fmt: skip


DOMAINS = (
    "patient_experience_met", "care_coordination_met", "preventive_health_met",
    "at_risk_population_met",
)  # fmt: skip


def fields(random: np.random.Generator) -> dict[str, Any]:
    """Return the fields of one scenario: about half of them away from the reference ACO's."""
    starts = [day for day in agreement_starts() if day >= FIRST_LEVELS]
    start: dt.date = random.choice(np.array(starts, object))
    year = int(random.choice([year for year in performance_years(start) if year >= FIRST_YEAR]))
    standard = rules_in_force(year, start).quality_performance_standard
    plain = Scenario()
    found: dict[str, Any] = {name: getattr(plain, name) for name in quantities()}
    found |= {
        "agreement_start": start,
        "performance_year": year,
        "agreement_period": int(random.integers(1, 6)),
        "regional_adjustment_period": [None, int(random.integers(1, 6))][random.integers(2)],
        "level": str(random.choice(LEVELS)),
        "minimum_election": ["size", 0.0, 0.005, 0.01, 0.015, 0.02][random.integers(6)],
        "assigned_beneficiaries": _pick(
            random, 45_000.0, 5_000.0, 4_999.0, 60_000.0, float(random.integers(1, 150_000))
        ),
        "cost_per_person": [None, float(random.uniform(6_000, 25_000))][random.integers(2)],
        "quality_score": _pick(
            random, standard, max(standard - 0.0001, 0.0), 0.75, random.uniform(0, 1)
        ),
        "quality_performance_standard": [None, None, float(random.uniform(0.3, 1))][
            random.integers(3)
        ],
        "quality_standard_met": [None, None, None, True, False][random.integers(5)],
        "alternative_standard_met": bool(random.integers(2)),
        "reporting_incentive_met": bool(random.integers(4) == 0),
        "own_effect": bool(random.integers(4) == 0),
        "benchmark_calibration": _pick(random, 1.0, 1.0, random.uniform(0.9, 1.1)),
    }
    for name in LEVERS:
        if random.integers(2):
            low, high = quantities()[name].slider
            found[name] = float(random.uniform(low, high))
    if random.integers(3) == 0:
        found["cost_reduction"] = _pick(random, 0.02, -0.02, 0.01, 0.0, -0.01, 0.3, -0.3)
    if random.integers(3) == 0:
        found["participant_revenue_share"] = _pick(random, 0.35, 0.3499, 0.1)
    found["other_acos_share"] = float(random.uniform(0, 1 - found["market_share"]))
    if random.integers(2):
        found |= _history(random, found)
    for name in ("regional_risk_growth", "regional_demographic_growth"):
        if random.integers(2):
            found[name] = float(random.uniform(*quantities()[name].slider))
    found["guardrail_applied"] = [None, None, None, True, False][random.integers(5)]
    found["dually_eligible_share_by3"] = [None, float(random.uniform(0, 0.6))][random.integers(2)]
    found["months_in_program"] = [None, None, None, float(random.integers(1, 13))][
        random.integers(4)
    ]
    found["ended_by_cms"] = bool(random.integers(8) == 0)
    found["in_disaster_area"] = bool(random.integers(6) == 0)
    for name in DOMAINS:
        found[name] = bool(random.integers(8) > 0)
    found["experienced_with_risk"] = [None, True, False][random.integers(3)]
    found["glide_path_agreements_used"] = [None, float(random.integers(0, 6))][random.integers(2)]
    found["assume_last_published"] = found["agreement_period"] % 2 == 0
    return found


def _history(random: np.random.Generator, found: dict[str, Any]) -> dict[str, Any]:
    noise = lambda shape, size: random.uniform(1 - size, 1 + size, shape)  # noqa: E731
    mix = random.dirichlet([1, 7, 6, 86])
    later = mix * noise(4, 0.1)
    national = np.array(found["national_expenditure"]) * noise((3, 4), 0.1)
    return {
        "expenditure": np.array(found["expenditure"]) * noise((3, 4), 0.2),
        "risk_score": noise((3, 4), 0.1),
        "risk_score_performance_year": noise(4, 0.1),
        "person_year_share_by3": mix,
        "person_year_share": later / later.sum(),
        "national_expenditure": national,
        "regional_expenditure": [None, national * noise((3, 4), 0.2)][random.integers(2)],
        "person_years_ratio": float(random.uniform(0.9, 1)),
    }


def _pick(random: np.random.Generator, *choices: float) -> float:
    return float(choices[random.integers(len(choices))])


def by_chance_by_type(seed: int) -> Scenario:
    """Return a scenario whose shares and growth differ by enrollment type."""
    random = np.random.default_rng(seed)
    found = fields(random)
    return Scenario(**found | by_type(random, found))


def by_type(random: np.random.Generator, found: dict[str, Any]) -> dict[str, Any]:
    """Return tables by enrollment type for the fields of one scenario; none for about half.

    The oracle does not know them. One cell in eight is left to the field for all types.
    """
    tables: dict[str, Any] = {}
    for name, words in quantities().items():
        if not words.for_all_types:
            continue
        if random.integers(2):
            tables[name] = None
            continue
        low, high = quantities()[words.for_all_types].slider
        if name == "market_share_by_type":
            high = 1 - found["other_acos_share"]
        values = random.uniform(min(low, high), high, 4)
        values[random.random(4) < LEFT_TO_ALL] = np.nan
        tables[name] = None if np.isnan(values).all() else values
    return tables
