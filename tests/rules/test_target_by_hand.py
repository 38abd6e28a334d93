"""Every step of the spending target by hand: what a reader is shown on the way to it."""

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.rules import benchmark

MIX = np.array([0.004, 0.073, 0.055, 0.868])
BY_TYPE = np.array([91_542, 11_930, 18_220, 11_552])
HISTORY = BY_TYPE * (13_000 / 1.051) / (MIX @ BY_TYPE)
OLD = {
    "performance_year": 2023,
    "agreement_start": np.datetime64("2023-01-01").item(),
    "agreement_period": 2,
}


def target(**fields):
    return simulate(Scenario(**fields)).target


def test_history_is_brought_to_the_last_benchmark_year():
    found = target()
    # nation and region both grew 5.1% a year, two years and one year to go
    assert found.trend_to_by3 == pytest.approx(np.tile([[1.051**2], [1.051], [1.0]], 4))
    assert found.historical_benchmark == pytest.approx(HISTORY)
    assert found.expenditure_history[2] == pytest.approx(HISTORY)
    assert found.adjusted_benchmark == pytest.approx(HISTORY)


def test_growth_compounds_and_blends():
    growth = target(national_growth=0.04, regional_growth=0.06, prospective_trend=0.05).growth
    assert growth.national_ratio == pytest.approx([1.04])
    assert growth.regional_ratio == pytest.approx([1.06])
    assert growth.prospective_ratio == pytest.approx([1.05])
    assert growth.two_way_update == pytest.approx([0.1 * 1.04 + 0.9 * 1.06])
    assert growth.update_factor == pytest.approx([1.05 / 3 + 2 / 3 * 1.058])


def test_a_dearer_region_adds_half_the_difference_and_is_the_one_that_applies():
    found = target(regional_level=0.1).adjustments
    assert found.regional_difference == pytest.approx(0.1 * HISTORY)
    assert found.regional_adjustment == pytest.approx(0.05 * HISTORY)
    assert found.net_regional_adjustment == pytest.approx(0.05 * 13_000 / 1.051)
    assert (found.prior_savings_adjustment, found.population_adjustment) == (0, 0)
    assert found.kind == benchmark.REGIONAL
    assert found.adjustment == pytest.approx(0.05 * HISTORY)


def test_a_cheaper_region_takes_nothing_since_2024():
    found = target(regional_level=-0.1)
    assert found.adjustments.regional_difference == pytest.approx(-0.1 * HISTORY)
    assert found.adjustments.regional_adjustment == pytest.approx(np.zeros(4))
    assert found.adjustments.net_regional_adjustment == 0
    assert found.adjustments.kind == benchmark.NONE
    assert found.adjusted_benchmark == pytest.approx(HISTORY)


@pytest.mark.parametrize(
    ("dual", "left"),
    # the cap: 1.5% of 15,431.06 is 231.47; less 5.5% (the aged with Medicaid alone), 30%, 100%
    [(None, -218.74), (0.30, -162.03), (np.array([0.30, np.nan]), [-162.03, -218.74]), (1.0, 0.0)],
)
def test_a_type_dearer_than_its_region_loses_less_the_more_people_have_medicaid(dual, left):
    region = HISTORY * np.array([1.05, 0.8, 1.05, 1.05])
    growth = 1.051 ** np.array([[-2.0], [-1.0], [0.0]])
    found = target(regional_expenditure=region * growth, dually_eligible_share_by3=dual)
    assert found.adjustments.regional_adjustment[..., 1] == pytest.approx(left, abs=0.005)
    assert found.adjustments.kind == pytest.approx(benchmark.REGIONAL)


def test_a_cheaper_region_takes_a_quarter_before():
    # 425.601: weight 25% in the second period of an ACO above its region
    found = target(regional_level=-0.1, **OLD).adjustments
    assert found.regional_adjustment == pytest.approx(-0.025 * HISTORY)
    assert found.net_regional_adjustment == pytest.approx(-0.025 * 13_000 / 1.051)
    assert found.kind == benchmark.REGIONAL
    assert found.adjustment == pytest.approx(-0.025 * HISTORY)


def test_a_small_gain_from_the_region_stays_a_gain():
    # 0.1 dollar a person: the sign decides, not the size
    level = 0.2 / (13_000 / 1.051)
    found = target(regional_level=level).adjustments
    assert found.net_regional_adjustment == pytest.approx(0.1)
    assert found.adjustment == pytest.approx(0.5 * level * HISTORY)


def test_earlier_savings_count_half_and_earlier_losses_nothing():
    found = target(prior_savings_per_person=300).adjustments
    assert found.prior_savings_adjustment == pytest.approx(150)
    assert found.kind == benchmark.PRIOR_SAVINGS
    assert found.adjustment == pytest.approx(np.full(4, 150))
    assert target(prior_savings_per_person=-300).adjustments.prior_savings_adjustment == 0


def test_people_with_low_incomes_add_to_the_target():
    national = np.array([104_459, 15_431, 23_997, 13_417])
    found = target(underserved_share=0.2).adjustments
    # the cap of 5% of national spending, times the share, from 15% on
    assert found.population_adjustment == pytest.approx(0.05 * 0.2 * (MIX @ national), rel=1e-4)
    assert found.kind == benchmark.POPULATION


def test_risk_growth_over_the_cap_does_not_count():
    found = target(risk_growth=0.05)
    assert found.risk_ratio == pytest.approx(np.full(4, 1.05))
    assert found.risk_factor == pytest.approx(np.full(4, 1.03))


def test_a_cost_per_person_that_is_given_scales_history_one_that_is_not_leaves_it():
    found = simulate(Scenario(cost_per_person=np.array([np.nan, 2 * 13_000 / 1.051]))).target
    assert found.expenditure_history[0, 2] == pytest.approx(HISTORY)
    assert found.expenditure_history[1, 2] == pytest.approx(2 * HISTORY)
