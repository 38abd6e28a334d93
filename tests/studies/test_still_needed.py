"""What must still happen: a cut made from a month on brings the year exactly where it says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario
from mssp_sim.studies.still_needed import effective_months, needed, rate_that_pays
from mssp_sim.studies.this_year import projected
from mssp_sim.studies.year_inputs import SoFar


def year(rate, quarter=2, scenario=None, **more):
    told = SoFar(
        quarter=quarter, people=45_000, spending_per_person=13_000 * (1 - rate),
        target_per_person=13_000.0, quality=more.pop("quality", 0.82),
        basis="year_so_far_annualized",
    )  # fmt: skip
    return projected(told, scenario or Scenario(**more), late_bills=0.0)


def after(found, cut, effective):
    """Return the year with a cut of the spending of some months of full effect."""
    so_far = found.so_far
    spent = so_far.spending_per_person * (1 - cut * effective / 12)
    return projected(replace(so_far, spending_per_person=spent), found.scenario, 0.0)


def test_the_months_of_full_effect_by_hand():
    assert effective_months(7, 0) == 6
    assert effective_months(7, 3) == 4.5  # half of the first three months, all of the next three
    assert effective_months(10, 3) == 1.5
    assert effective_months(10, 6) == pytest.approx(0.75)  # reaches half of its effect: 3 x 1/4
    assert effective_months(12, 12) == pytest.approx(1 / 24)


def test_the_cut_by_hand():
    # saved 1.0%, minimum 2.0%: 1% of the target is missing; from July six months at once:
    # 0.01 / (0.99 / 12 x 6) = 2.0202%; from October half as many months: twice that
    found = needed(year(0.01), 0.0)
    assert [need.month for need in found] == [7, 8, 9, 10, 11, 12]
    assert found[0].minimum == pytest.approx(0.01 / (0.99 * 6 / 12))
    assert found[3].minimum == pytest.approx(2 * found[0].minimum)
    assert found[0].goal is None
    assert found[0].no_debt is None


@settings(max_examples=30, deadline=None)
@given(
    rate=st.floats(-0.06, 0.06),
    quarter=st.sampled_from([1, 2, 3]),
    work=st.sampled_from([0.0, 1.0, 3.0, 6.0]),
    goal=st.floats(1e6, 2e7),
    level=st.sampled_from(["A", "E", "ENHANCED"]),
    quality=st.sampled_from([0.7, 0.82]),
)
def test_the_cut_that_is_named_reaches_what_it_is_for_and_one_a_little_smaller_does_not(
    rate, quarter, work, goal, level, quality
):
    found = year(rate, quarter, level=level, quality=quality)
    for need in needed(found, work, goal):
        if need.minimum is not None:
            assert (
                float(after(found, need.minimum + 1e-9, need.effective_months).result.payment) > 0
            )
            if need.minimum > 0:
                less = after(found, need.minimum - 1e-5, need.effective_months)
                assert float(less.result.payment) <= 0
        if need.goal is not None:
            there = after(found, need.goal, need.effective_months)
            assert float(there.result.payment) >= goal - 1
            short = after(found, need.goal - 1e-5, need.effective_months)
            assert float(short.result.payment) < goal + 1
        if need.no_debt is not None:
            there = after(found, need.no_debt + 1e-5, need.effective_months)
            assert float(there.result.payment) == 0


@settings(max_examples=40)
@given(rate=st.floats(-0.05, 0.018), work=st.floats(0, 12), quarter=st.sampled_from([1, 2, 3]))
def test_each_month_of_delay_asks_for_more(rate, work, quarter):
    cuts = [need.minimum for need in needed(year(rate, quarter), work)]
    assert cuts == sorted(cuts)


def test_after_the_year_no_month_is_left_and_without_quality_nothing_helps():
    assert needed(year(0.01, 4), 3.0) == ()
    nothing = year(0.01, alternative_standard_met=False, quality=0.5)
    assert all(need.minimum is None and need.goal is None for need in needed(nothing, 3.0, 1e6))


def test_a_sum_beyond_the_limit_is_never_reached_and_one_at_the_minimum_is_at_it():
    found = year(0.01)
    assert rate_that_pays(found, 58e6) is None  # the limit: 10% of 572,000,000
    assert rate_that_pays(found, 1e6) == pytest.approx(0.02, abs=1e-8)
    assert rate_that_pays(found, 8_624_000) == pytest.approx(0.4 / 13, abs=1e-8)
