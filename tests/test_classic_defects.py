"""The six mistakes that calculators of this program make: none of them is made here."""

import datetime as dt

import numpy as np
import pytest

from mssp_sim import LEVELS, Scenario, simulate
from mssp_sim.simulation import payoff

GOOD_YEAR = Scenario(quality_score=0.82)
CENT = 0.005


def dollars(expected):
    return pytest.approx(expected, abs=CENT)


def test_savings_are_shared_from_the_first_dollar_not_only_above_the_minimum():
    # 17,732,000 x 0.50 x 0.98; above the minimum alone it would be 3,083,080.
    assert simulate(GOOD_YEAR).shared_savings == dollars(8_688_680)
    just_cleared = simulate(Scenario(quality_score=0.82, cost_reduction=0.02))
    assert just_cleared.shared_savings == dollars(5_605_600)


def test_the_payment_limit_comes_after_sharing_and_sequestration():
    # 137,280,000 x 0.49 = 67,267,200, stopped at 57,200,000. Limited before sharing, the savings
    # of 57,200,000 would pay 28,028,000; limited before sequestration, 56,056,000.
    large = simulate(Scenario(quality_score=0.82, cost_reduction=0.24))
    assert large.shared_savings == dollars(57_200_000)
    assert large.above_limit == dollars(10_067_200)
    # 85,800,000 x 0.49 = 42,042,000 is under the limit although the savings are over it.
    between = simulate(Scenario(quality_score=0.82, cost_reduction=0.15))
    assert between.shared_savings == dollars(42_042_000)


def test_quality_is_not_a_plain_multiplier_everywhere():
    scores = np.array([0.7670, 0.82, 0.91, 1.0])
    once_the_standard_is_met = simulate(Scenario(quality_score=scores))
    assert once_the_standard_is_met.shared_savings == dollars(np.full(4, 8_688_680))
    in_2022 = Scenario(
        quality_score=0.70, performance_year=2022, agreement_start=dt.date(2022, 1, 1)
    )
    assert simulate(in_2022).shared_savings == 0, "2021 and 2022 were all or nothing"
    losses = simulate(Scenario(cost_reduction=-0.03, quality_score=scores))
    assert losses.shared_losses == dollars(np.full(4, 5_148_000))


def test_small_losses_are_not_charged_there_is_a_minimum_loss_rate():
    owed = payoff(Scenario(), np.array([-0.0001, -0.010, -0.019, -0.020])).shared_losses
    assert owed == dollars(np.array([0, 0, 0, 3_432_000]))


def test_there_are_no_quality_ladders_the_share_moves_with_every_point():
    hundredths = np.arange(0.0, 0.7669, 0.0001)
    rates = simulate(Scenario(quality_score=hundredths)).final_sharing_rate
    assert rates == pytest.approx(0.50 * hundredths), "on a line up to the standard"
    above = simulate(Scenario(quality_score=np.arange(0.7670, 1.0, 0.0001)))
    assert set(above.final_sharing_rate) == {0.50}, "one jump, then flat"


@pytest.mark.parametrize("level", LEVELS)
def test_the_minimum_by_size_runs_along_straight_lines_inside_its_bands(level):
    people = np.array([5_000, 5_333, 5_999, 12_000, 24_494, 45_000])
    by_size = Scenario(level=level, minimum_election="size", assigned_beneficiaries=people)
    expected = [0.039, 0.038, 0.036, 0.03 - 0.003 * 2_000 / 4_999, 0.02455059, 0.02249992]
    assert simulate(by_size).minimum_savings_rate == pytest.approx(expected, abs=1e-7)
