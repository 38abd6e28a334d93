"""The ends of what a scenario may hold: every figure stays a number, no limit is negative."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import LEVELS, Scenario, simulate
from mssp_sim.result import NUMBERS
from mssp_sim.scenario import quantities
from mssp_sim.simulation import payoff
from tests import random_scenarios

OVERSPENT = Scenario(
    level="ENHANCED", agreement_start=dt.date(2022, 1, 1), performance_year=2026, own_growth=0.10,
    regional_growth=-0.02, national_growth=-0.02, risk_growth=-0.06, cost_reduction=-0.08,
)  # fmt: skip
LIMITS = ("loss_recoupment_limit", "performance_payment_limit", "shared_savings", "shared_losses")
WIDE = (
    "cost_reduction", "national_growth", "regional_growth", "own_growth", "prospective_trend",
    "risk_growth", "demographic_growth", "regional_risk_growth", "regional_demographic_growth",
    "real_illness_share", "regional_level", "market_share_by3", "prior_savings_per_person",
    "underserved_share", "dually_eligible_share_by3", "participant_revenue_share",
    "disaster_share", "other_acos_reduction", "performance_year_months", "benchmark_calibration",
    "person_years_ratio", "cost_per_person",
)  # fmt: skip


def numbers(result):
    return {name: np.asarray(getattr(result, name), float) for name in (*NUMBERS, *LIMITS)}


def is_sound(result, about):
    for name, found in numbers(result).items():
        assert np.isfinite(found).all(), (name, about)
        if name in LIMITS:
            assert (found >= 0).all(), (name, about)
            assert not np.signbit(found).any(), f"{name} is a negative nought: {about}"


@pytest.mark.parametrize("level", LEVELS)
def test_spending_past_twice_the_target_and_its_mirror_have_limits(level):
    scenario = replace(OVERSPENT, level=level)
    is_sound(simulate(scenario), level)
    rates = np.array([-3.0, -1.62, -1.0, 0.0, 1.0, 1.62, 3.0])
    found = payoff(scenario, rates)
    is_sound(found, level)
    share = {"ENHANCED": 0.15, "C": 0.01, "D": 0.02, "E": 0.04}.get(level, 0.0)
    total = np.broadcast_to(found.benchmark_total, rates.shape)[0]
    assert found.shared_losses[0] == pytest.approx(share * total)


@pytest.mark.parametrize("seed", range(400))
def test_no_figure_is_infinite_and_no_limit_negative_over_the_whole_allowed_range(seed):
    random = np.random.default_rng(seed)
    fields = random_scenarios.fields(random)
    for name in WIDE:
        low, high = quantities()[name].allowed
        fields[name] = random.uniform(low, high, 50)
    fields["performance_year_months"] = np.round(fields["performance_year_months"])
    is_sound(simulate(Scenario(**fields)), seed)


def test_nothing_owed_is_a_plain_nought():
    for fields in ({}, {"cost_reduction": 0.0}, {"level": "A", "cost_reduction": -0.05}):
        assert not np.signbit(simulate(Scenario(**fields)).shared_losses)
