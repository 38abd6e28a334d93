"""The settlement where a dollar decides, and with what CMS says beside the scenario."""

import datetime as dt

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.simulation import State, settle

RULES = rules_in_force(2025)
FROM_THE_FIRST = {"minimum_election": 0.0, "quality_score": 0.9}


def settled(benchmark, spent, *, rules=RULES, known=None, **fields):
    return settle(
        Scenario(**fields), rules, benchmark_total=benchmark, expenditure_total=spent,
        **known or {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("level", "saved", "state"),
    [
        ("E", 1.0, State.FULL),
        ("E", 0.5, State.ON_TARGET),
        ("E", 0.0, State.ON_TARGET),
        ("E", -0.5, State.OVERSPENT_TWO_SIDED),
        ("A", 0.5, State.ON_TARGET),
        ("A", 0.0, State.ON_TARGET),
        ("A", -0.5, State.ON_TARGET),
        ("A", -1.0, State.OVERSPENT_ONE_SIDED),
    ],
)
def test_a_dollar_from_the_target(level, saved, state):
    found = settled(1_000.0, 1_000.0 - saved, level=level, **FROM_THE_FIRST)
    assert found.state == state


def test_a_dollar_over_target_inside_the_zone_is_overspending_less_is_none():
    states = [settled(1_000.0, 1_000.0 + over).state for over in (1.0, 0.99)]
    assert states == [State.OVERSPENT_INSIDE_THE_ZONE, State.ON_TARGET]


def test_half_a_dollar_counts_from_the_first_dollar_both_ways():
    saved = settled(1_000.0, 999.5, **FROM_THE_FIRST)
    # 0.5 x 50% x 98%
    assert (saved.shared_savings, saved.shared_losses) == (pytest.approx(0.245), 0)
    over = settled(1_000.0, 1_000.5, **FROM_THE_FIRST)
    # 0.5 x 30%
    assert (over.shared_savings, over.shared_losses) == (0, pytest.approx(0.15))


def test_half_a_dollar_saved_of_a_billion_is_no_loss_though_the_tolerance_reaches_it():
    found = settled(1e9, 1e9 - 0.5, **FROM_THE_FIRST)
    assert (found.shared_losses, found.state) == (0, State.ON_TARGET)


def test_half_a_dollar_saved_by_a_small_low_revenue_aco_is_shared_by_half():
    found = settled(
        1_000.0, 999.5, level="A", participant_revenue_share=0.2, quality_score=0.9,
        assigned_beneficiaries=6_000,
    )  # fmt: skip
    # under the minimum: half of 40%, 0.5 x 20% x 98%; under a dollar it is still "on target"
    assert found.state == State.ON_TARGET
    assert found.shared_savings == pytest.approx(0.098)


def test_half_a_dollar_above_the_limit_is_above_it():
    # limit 10% of 1,000 = 100; 205.102 x 50% x 98% = 100.5
    found = settled(1_000.0, 1_000.0 - 100.5 / 0.49, **FROM_THE_FIRST)
    assert found.state == State.AT_THE_PAYMENT_LIMIT
    assert found.above_limit == pytest.approx(0.5)


def test_the_noise_of_binary_arithmetic_is_no_saving():
    assert settled(0.3, 0.1 + 0.2, **FROM_THE_FIRST).gross_savings == 0


def test_no_revenue_leaves_the_limit_on_the_target_where_revenue_sets_none():
    found = settled(1_000.0, 2_000.0, level="ENHANCED", participant_revenue_share=0.0)
    assert found.loss_recoupment_limit == pytest.approx(150)


def test_what_cms_says_of_the_guardrail_stands():
    found = settled(1_000.0, 950.0, known={"guardrail": np.True_}, **FROM_THE_FIRST)
    assert (found.state, found.payment, found.gross_savings) == (State.GUARDRAIL, 0, 50)
    plain = settled(1_000.0, 950.0, known={"guardrail": np.False_}, **FROM_THE_FIRST)
    # 50 x 50% x 98%
    assert plain.payment == pytest.approx(24.5)


def test_a_disaster_that_cms_puts_in_dollars_is_taken_off():
    known = {"disaster_adjustment": 3.0}
    found = settled(1_000.0, 1_050.0, known=known)
    # 50 x 30% = 15, less 3
    assert (found.forgiven, found.shared_losses) == (pytest.approx(3), pytest.approx(12))
    high = settled(1_000.0, 1_050.0, known=known, level="ENHANCED", quality_score=0.6)
    # owed 50 x 55% - 3 = 24.5; at the floor 50 x 40% - 3 = 17
    assert high.shared_losses == pytest.approx(24.5)
    assert high.avoidable_by_quality == pytest.approx(7.5)


def test_revenue_in_dollars_comes_before_the_share_of_spending():
    found = settled(1_000.0, 1_200.0, known={"participant_revenue": 100.0})
    # 8% of 100
    assert found.loss_recoupment_limit == found.shared_losses == pytest.approx(8)


def test_a_half_year_counts_half_the_person_years():
    found = simulate(
        Scenario(
            performance_year=2019, agreement_start=dt.date(2019, 7, 1), level="E",
            assigned_beneficiaries=45_000,
        )
    )  # fmt: skip
    assert found.person_years == pytest.approx(22_000)
    assert simulate(Scenario()).person_years == pytest.approx(44_000)
    assert found.benchmark_total == pytest.approx(found.benchmark * 22_000)


def test_a_population_share_exactly_at_the_threshold_counts():
    threshold = RULES.population_adjustment_threshold
    assert simulate(Scenario(underserved_share=threshold)).target.adjustments.population_adjustment


FIRST_HALF_YEAR = {"agreement_start": dt.date(2019, 7, 1), "performance_year": 2019}
OF_2012 = {"agreement_start": dt.date(2012, 4, 1), "performance_year": 2013}


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        (FIRST_HALF_YEAR | {"level": "E", "agreement_period": 1}, True),
        (FIRST_HALF_YEAR | {"level": "E", "agreement_period": 2}, False),
        (FIRST_HALF_YEAR | {"level": "E", "agreement_period": 1, "performance_year": 2020}, False),
        (OF_2012 | {"level": "1", "agreement_period": 1}, True),
        (OF_2012 | {"level": "1"}, True),
        (OF_2012 | {"level": "1", "agreement_period": 1, "performance_year": 2014}, False),
    ],
)
def test_reporting_is_enough_in_the_first_performance_year_of_a_first_agreement(given, enough):
    missed = {"quality_score": 0.25, "at_risk_population_met": False}
    found = simulate(Scenario(cost_reduction=0.05, **missed, **given))
    assert found.deemed == enough
    assert found.final_sharing_rate == (0.5 if enough else 0)


def test_a_first_half_year_on_enhanced_owes_the_lowest_share_of_its_losses():
    found = simulate(Scenario(
        **FIRST_HALF_YEAR, level="ENHANCED", agreement_period=1, quality_score=0.5,
        cost_reduction=-0.05,
    ))  # fmt: skip
    assert found.shared_loss_rate == pytest.approx(0.40)  # 1 - 0.75 x 100 %, at least 40 %


@pytest.mark.parametrize(
    ("met", "share", "loss"), [(None, 0.6, 0.4), (True, 0.6, 0.4), (False, 0.0, 0.6)]
)
def test_in_2013_a_share_of_track_2_leaves_the_rest_as_its_loss_rate(met, share, loss):
    found = simulate(Scenario(
        agreement_start=dt.date(2013, 1, 1), performance_year=2013, level="2",
        quality_score=0.75, quality_standard_met=met, cost_reduction=-0.05,
    ))  # fmt: skip
    assert found.final_sharing_rate == pytest.approx(share)
    assert found.shared_loss_rate == pytest.approx(loss)  # 1 - final share, between 40 and 60 %


@pytest.mark.parametrize(
    ("said", "cut", "state", "paid"),
    [
        (None, 0.05, "full", True),
        (True, 0.05, "guardrail", False),
        (False, -0.05, "overspent_two_sided", False),
        (True, -0.05, "guardrail", False),
    ],
)
def test_what_cms_says_of_the_guardrail_is_settled(said, cut, state, paid):
    found = simulate(Scenario(quality_score=0.9, cost_reduction=cut, guardrail_applied=said))
    assert found.state == state
    assert (found.shared_savings > 0) == paid
    assert found.guardrail == (said is True)
    assert (found.shared_losses > 0) == (cut < 0)


def test_agreements_before_2024_have_no_guardrail_whatever_is_said():
    start = np.datetime64("2023-01-01").item()
    found = simulate(Scenario(performance_year=2023, agreement_start=start, guardrail_applied=True))
    assert not found.guardrail


@pytest.mark.parametrize("cut", [0.5, 0.3, 0.05, 0.001, -0.001, -0.05, -0.3, -0.6])
@pytest.mark.parametrize("level", ["A", "C", "E", "ENHANCED"])
def test_a_half_year_is_half_of_twelve_months_settled_and_limited(level, cut):
    # 425.609: the limits are those of twelve months, then one half of the amount.
    fields = {
        "performance_year": 2019, "agreement_start": dt.date(2019, 7, 1), "level": level,
        "cost_reduction": cut, "quality_score": 0.9, "participant_revenue_share": 0.3,
        "disaster_share": 0.2,
    }  # fmt: skip
    half = simulate(Scenario(**fields))
    whole = simulate(Scenario(performance_year_months=12, **fields))
    for name in (
        "shared_savings", "shared_losses", "performance_payment_limit", "loss_recoupment_limit",
        "benchmark_total", "above_limit", "forgiven",
    ):  # fmt: skip
        assert getattr(half, name) == pytest.approx(getattr(whole, name) / 2, abs=0.005), name
    assert half.state == whole.state
