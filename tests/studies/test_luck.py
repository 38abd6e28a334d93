"""Luck: the measured spread, the chances in closed form, and the drawn years."""

import math
import statistics
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.parameters import LEVELS
from mssp_sim.screens.luck import words
from mssp_sim.studies.luck import (
    DRAWS,
    Chances,
    Doubt,
    DoubtError,
    chances,
    implied_spread,
    odds,
    of_a_hundred,
    outlook,
    percentiles,
    read_doubt,
    write_doubt,
    year_spread,
)

SURE = Doubt(0.0, 0.0, 0.0)


def tail(z):
    """Return the part of a normal curve above z."""
    return math.erfc(z / math.sqrt(2)) / 2


def test_the_spread_by_size_is_the_measured_one_and_flat_outside():
    sizes = np.array([100, 4_000, 6_200, 8_700, 12_200, 17_300, 31_600, 80_000, 500_000])
    points = [3.25, 3.25, 3.18, 2.33, 2.26, 2.05, 1.63, 1.06, 1.06]
    assert (year_spread(sizes) * 100).tolist() == pytest.approx(points)


def test_the_spread_that_the_minimum_by_size_implies_by_hand():
    # 3.9% is 1.28155 deviations at 5,000 (1 in 10), 2.5% 1.64485 at 20,000 (1 in 20), 2.2%
    # 2.32635 at 50,000 (1 in 100); at 60,000 the last by the root of 50,000/60,000.
    known = {5_000: 3.04319, 20_000: 1.51989, 50_000: 0.94569, 60_000: 0.86329}
    for people, points in known.items():
        assert float(implied_spread(people)) * 100 == pytest.approx(points, abs=2e-5)
    # between two sizes, straight in both logarithms: the root of 5,000 x 20,000 has their mean
    middle = math.sqrt(3.04319 * 1.51989)
    assert float(implied_spread(10_000)) * 100 == pytest.approx(middle, abs=2e-5)
    assert float(implied_spread(1_250)) * 100 == pytest.approx(2 * 3.04319, abs=5e-5)


def test_the_minimum_by_size_is_passed_by_chance_as_rarely_as_it_was_set_to_be():
    for people, unlikely in ((5_000.0, 0.10), (20_000.0, 0.05), (50_000.0, 0.01)):
        here = Scenario(level="A", assigned_beneficiaries=people)
        found = chances(here, 0.0, float(implied_spread(people)))
        assert found.paid == pytest.approx(unlikely, abs=1e-9)


def test_at_60_000_people_the_measured_spread_is_1_4_times_the_implied_one_and_both_are_said():
    found = odds(simulate(Scenario(assigned_beneficiaries=60_000)))
    # 1.63 - 0.57 x ln(60,000/31,600) / ln(80,000/31,600) = 1.2365; 1.2365 / 0.8633 = 1.432
    assert found.spread / found.implied == pytest.approx(1.432, abs=1e-3)
    said = words.two_spreads(found)
    assert "implies 0.86 points" in said
    assert "1.4 times that" in said
    # 2.0 / 0.8633 = 2.317 deviations: 1.0%, and 2.0 / 1.2365 = 1.617: 5.3%
    assert "would pay in 1 year of 100" in said
    assert found.without_implied.paid == pytest.approx(0.0103, abs=2e-4)
    assert found.without.paid == pytest.approx(0.0529, abs=2e-4)


@settings(max_examples=40)
@given(people=st.floats(1_000, 500_000))
def test_the_measured_spread_is_the_upper_bound_of_the_two_from_5_000_people_on(people):
    measured, implied = float(year_spread(people)), float(implied_spread(people))
    assert implied > 0
    assert measured > implied or people < 5_000


def test_the_reference_aco_by_luck():
    # 1.63 - 0.57 x ln(45,000/31,600) / ln(80,000/31,600) = 1.413
    assert float(year_spread(45_000)) * 100 == pytest.approx(1.413, abs=5e-4)
    # no true savings clears 2.0%: above 2.0/1.413 = 1.4154 of a normal curve, 7.8%
    assert chances(Scenario(), 0.0).paid == pytest.approx(0.078, abs=5e-4)
    assert chances(Scenario(), 0.0).owing == pytest.approx(0.078, abs=5e-4)
    # a true 3.1% misses: below -1.1/1.413 = -0.7785, 21.8%
    assert 1 - chances(Scenario(), 0.031).paid == pytest.approx(0.218, abs=5e-4)


@settings(max_examples=40)
@given(
    level=st.sampled_from(LEVELS),
    people=st.floats(1_000, 200_000),
    rate=st.floats(-0.08, 0.08),
    election=st.sampled_from([0.0, 0.01, 0.02]),
)
def test_chances_are_the_normal_tails_beyond_the_two_minimums(level, people, rate, election):
    here = Scenario(level=level, assigned_beneficiaries=people, minimum_election=election)
    minimum = float(simulate(here).minimum_savings_rate)
    spread = float(year_spread(people))
    found = chances(here, rate)
    assert found.paid == pytest.approx(tail((minimum - rate) / spread), abs=1e-9)
    owing = tail((minimum + rate) / spread) if level not in "AB" else 0.0
    assert found.owing == pytest.approx(owing, abs=1e-9)
    assert found.paid + found.nothing + found.owing == pytest.approx(1.0)


def test_an_array_of_sizes_has_the_chances_of_each():
    sizes = np.array([5_000.0, 9_000.0, 45_000.0])
    found = chances(Scenario(level="A", assigned_beneficiaries=sizes), 0.031)
    for at, people in enumerate(sizes):
        alone = chances(Scenario(level="A", assigned_beneficiaries=people), 0.031)
        assert found.paid[at] == pytest.approx(float(alone.paid))


DEALS = {
    "E": Scenario(),
    "one-sided": Scenario(level="A", assigned_beneficiaries=9_000),
    "ENHANCED, no minimum": Scenario(level="ENHANCED", minimum_election=0.0, cost_reduction=0.0),
    "half a share under the minimum": Scenario(participant_revenue_share=0.2),
    "neither standard": Scenario(alternative_standard_met=False),
    "guardrail": Scenario(cost_reduction=-0.03, prospective_trend=0.02),
    "loss limit": Scenario(cost_reduction=-0.12, participant_revenue_share=0.06),
}


@pytest.mark.parametrize("deal", DEALS.values(), ids=DEALS)
def test_drawn_years_without_doubt_agree_with_the_closed_form(deal):
    drawn = outlook(deal, SURE).chances
    exact = chances(deal, float(simulate(deal).savings_rate))
    if bool(simulate(deal).guardrail):  # the true rate is against the target before it
        exact = chances(deal, true_rate_before_the_guardrail(deal))
    for name in ("paid", "nothing", "owing"):
        share = float(getattr(exact, name))
        within = 5 * math.sqrt(max(share * (1 - share), 1e-6) / DRAWS)
        assert float(getattr(drawn, name)) == pytest.approx(share, abs=within), name


def true_rate_before_the_guardrail(deal):
    result = simulate(deal)
    never = simulate(replace(deal, cost_reduction=0.0))  # a gain: no guardrail, the same target
    assert not never.guardrail
    return 1 - float(result.expenditure_total / never.benchmark_total)


def test_a_year_without_any_chance_left_pays_what_the_settlement_pays():
    sure = outlook(Scenario(assigned_beneficiaries=2_000_000), SURE)
    assert percentiles(sure.payment, [50])[0] == pytest.approx(
        float(simulate(Scenario(assigned_beneficiaries=2_000_000)).payment), rel=0.01
    )


def test_the_same_scenario_draws_the_same_years():
    once, again = (outlook(Scenario(), Doubt()).payment for _ in range(2))
    assert np.array_equal(once, again)


def test_the_dice_are_common_so_that_more_quality_never_pays_less_in_any_year():
    low, high = (outlook(Scenario(quality_score=q), Doubt()).payment for q in (0.70, 0.80))
    assert np.all(high >= low - 1e-6)


def test_doubt_spreads_the_dollars():
    sure, unsure = (outlook(Scenario(), doubt) for doubt in (SURE, Doubt(trend=0.03)))
    assert percentiles(unsure.payment, [95]) > percentiles(sure.payment, [95])
    assert percentiles(unsure.payment, [5]) <= percentiles(sure.payment, [5])


@settings(max_examples=40)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_hundred_years_are_always_a_hundred(paid, rest):
    owing = (1 - paid) * rest
    whole = of_a_hundred(Chances(paid, 1 - paid - owing, owing))
    assert sum(whole) == 100
    assert all(abs(n - 100 * p) <= 1 for n, p in zip(whole, (paid, 1 - paid - owing, owing),
                                                     strict=True))  # fmt: skip


def test_a_hundred_thousand_years_through_the_whole_rule_take_under_200_ms():
    outlook(Scenario(), Doubt())
    taken = []
    for _ in range(3):
        began = time.process_time()
        outlook(Scenario(), Doubt())
        taken.append(time.process_time() - began)
    assert statistics.median(taken) < 0.2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("luck:1", "luck:1 is no doubt; the doubts are trend, risk, quality"),
        ("trend:x", "trend is x; it is a number of points"),
        ("trend:nan", "trend is nan; it goes from 0 to 5 points"),
        ("quality:21", "quality is 21; it goes from 0 to 20 points"),
    ],
)
def test_a_hostile_doubt_is_refused_with_what_is_allowed(text, said):
    with pytest.raises(DoubtError, match=said):
        read_doubt(text)


def test_doubt_travels_as_text():
    assert read_doubt(write_doubt(Doubt(0.02, 0.005, 0.0))) == Doubt(0.02, 0.005, 0.0)
    assert write_doubt(Doubt()) is None
