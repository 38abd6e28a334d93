"""Five years: worked by hand, the ratchet of rebasing, and what never moves."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.parameters import LEVELS
from mssp_sim.rules import benchmark
from mssp_sim.screens.five_years.words import notes
from mssp_sim.studies.agreement import (
    PlanError,
    YearPlan,
    agreement,
    levels,
    read_plan,
    with_cell,
    write_plan,
    years,
)

CENT = 0.005
STILL = {
    "national_growth": 0.0, "regional_growth": 0.0, "own_growth": 0.0, "prospective_trend": 0.0,
}  # fmt: skip
ALIKE = {"national_growth": 0.051, "regional_growth": 0.051}
"""The opening ACO where nation and region grow as it does: what is worked by hand below."""


def spent(year):
    return year.result.expenditure_total / year.result.person_years


def test_the_reference_aco_keeps_half_of_what_it_saves_at_rebasing():
    five = agreement(Scenario(quality_score=0.82, **ALIKE))
    rebased = five.rebased
    # 13,000 x 1.051^4 = 15,861.86; 50% x 3.1% of it = 245.86
    assert rebased.expected == pytest.approx(15_861.86, abs=CENT)
    assert rebased.regional_adjustment == pytest.approx(245.86, abs=CENT)
    # 50% x 3.1% x (15,861.86 + 15,092.16 + 14,359.81) / 3 = 234.12
    assert rebased.prior_savings_adjustment == pytest.approx(234.12, abs=CENT)
    assert rebased.kind == benchmark.REGIONAL
    # 15,861.86 x 96.9% + 245.86 = 15,616.00
    assert rebased.benchmark == pytest.approx(15_616.00, abs=CENT)
    assert rebased.taken_back == pytest.approx(0.5, abs=5e-5)
    assert rebased.start == dt.date(2030, 1, 1)
    # 601,172,000 x 0.031 x 0.50 x 0.98
    assert float(five.years[1].result.payment) == pytest.approx(9_131_803, abs=0.5)


ONE_TYPE = (0.0, 0.0, 0.0, 1.0)


def alike(amount):
    """Return three benchmark years that grew by 5% to an amount, the same for every type."""
    return [[amount / 1.05**back] * 4 for back in (2, 1, 0)]


BY_HAND = Scenario(
    agreement_period=1,
    assigned_beneficiaries=10_000,
    person_years_ratio=1.0,
    expenditure=alike(10_000.0),
    national_expenditure=alike(10_584.0),
    regional_expenditure=alike(10_400.0),
    person_year_share=ONE_TYPE,
    person_year_share_by3=ONE_TYPE,
    cost_reduction=0.04,
    quality_score=0.82,
    market_share=0.25,
    national_growth=0.04,
    regional_growth=0.06,
    own_growth=0.05,
    prospective_trend=0.05,
)


def test_five_years_and_the_next_target_worked_by_hand():
    """One enrollment type, risk 1.0 throughout; history 10,000, region 10,400, nation 10,584."""
    five = agreement(BY_HAND)
    # First agreement, cheaper than the region: 10,000 + 35% x 400 = 10,140.
    # Update in year k: (1.05^k + 2 x (0.25 x 1.04^k + 0.75 x 1.06^k)) / 3
    #   = 1.0533333, 1.1095667, 1.1688603, 1.2313837, 1.2973155
    targets = [10_680.80, 11_251.01, 11_852.24, 12_486.23, 13_154.78]
    assert [float(year.result.benchmark) for year in five.years] == [
        pytest.approx(target, abs=CENT) for target in targets
    ]
    # 10,000 x 1.05^k x 0.96
    spending = [10_080.00, 10_584.00, 11_113.20, 11_668.86, 12_252.30]
    assert [spent(year) for year in five.years] == [
        pytest.approx(amount, abs=CENT) for amount in spending
    ]
    # (10,680.80 - 10,080.00) x 10,000 x 50% x 98% = 2,943,920
    assert float(five.years[0].result.payment) == pytest.approx(2_943_920, abs=0.5)

    rebased = five.rebased
    # To 2029 money: 0.25 x 1.04^2 + 0.75 x 1.06^2 = 1.1131; 0.25 x 1.04 + 0.75 x 1.06 = 1.055
    # (11,113.20 x 1.1131 + 11,668.86 x 1.055 + 12,252.303) / 3 = 36,933.0532 / 3 = 12,311.0177
    assert rebased.historical_benchmark == pytest.approx(12_311.0177, abs=CENT)
    # Region 10,400 x 1.06^5 = 13,917.5460; second agreement 50% x 1,606.5283 = 803.2641,
    # over the cap 5% x 10,584 x 1.04^5 = 5% x 12,877.0543 = 643.8527
    assert rebased.regional_adjustment == pytest.approx(643.8527, abs=CENT)
    # 50% x (739.0438 + 817.3703 + 902.4758) / 3 = 409.8150
    assert rebased.prior_savings_adjustment == pytest.approx(409.8150, abs=CENT)
    assert rebased.kind == benchmark.REGIONAL
    assert rebased.benchmark == pytest.approx(12_954.8704, abs=CENT)
    # Without the cut: history 12,311.0177 / 0.96 = 12,823.9768, adjustment under the cap
    # 50% x (13,917.5460 - 12,823.9768) = 546.7846; together 13,370.7614
    assert rebased.benchmark_without_cut == pytest.approx(13_370.7614, abs=CENT)
    # (13,370.7614 - 12,954.8704) / (4% x 12,762.8156) = 415.8910 / 510.5126 = 81.465%
    assert rebased.taken_back == pytest.approx(0.81465, abs=5e-6)


@settings(max_examples=25)
@given(
    level=st.sampled_from(LEVELS),
    market_share=st.floats(0.01, 0.9),
    people=st.floats(5_000, 100_000),
    quality=st.floats(0, 1),
)
def test_with_no_growth_and_no_cut_nothing_ever_moves(level, market_share, people, quality):
    still = Scenario(
        level=level, market_share=market_share, assigned_beneficiaries=people,
        quality_score=quality, cost_reduction=0.0, **STILL,
    )  # fmt: skip
    five = agreement(still)
    first = float(five.years[0].result.benchmark)
    for year in five.years:
        assert float(year.result.benchmark) == pytest.approx(first, rel=1e-12)
        assert spent(year) == pytest.approx(first, rel=1e-12)
        assert float(year.result.payment) == 0.0
    assert five.rebased.benchmark == pytest.approx(first, rel=1e-12)
    assert five.rebased.adjustment == pytest.approx(0.0, abs=1e-6)
    assert five.rebased.taken_back is None


@settings(max_examples=15)
@given(cut=st.floats(0.002, 0.10), share=st.floats(0.05, 0.9))
def test_without_a_cap_half_of_a_constant_cut_comes_back_whatever_the_share(cut, share):
    rebased = agreement(Scenario(cost_reduction=cut, market_share=share, **STILL)).rebased
    # Regional 50% x cut; prior savings 50% x cut as well when nothing grows; cap 5% of nation.
    assert rebased.taken_back == pytest.approx(0.5, abs=1e-9)


def test_known_years_are_the_settlement_of_the_simulator():
    base = Scenario(level="B", agreement_start=dt.date(2022, 1, 1), performance_year=2024)
    for year in agreement(base).years:
        alone = simulate(replace(base, performance_year=year.year, level=year.level))
        assert float(year.result.payment) == float(alone.payment)
        assert float(year.result.benchmark) == float(alone.benchmark)
        assert not year.assumed


def test_years_after_the_last_known_rules_carry_them_and_say_so():
    five = agreement(Scenario())
    assert [year.assumed for year in five.years] == [False, False, True, True, True]
    standards = [float(year.result.quality_performance_standard) for year in five.years]
    assert standards == [0.767, 0.7385, 0.7385, 0.7385, 0.7385]


def test_the_cap_on_risk_growth_is_cumulative():
    five = agreement(Scenario(risk_growth=0.02))
    assert [round(year.risk_factor, 6) for year in five.years] == [1.02, 1.03, 1.03, 1.03, 1.03]
    assert five.years[4].risk_ratio == pytest.approx(1.02**5)


@pytest.mark.parametrize(
    ("fields", "plan", "path"),
    [
        ({"level": "A"}, YearPlan(), "ABCDE"),
        ({"level": "C", "performance_year": 2026}, YearPlan(), "BCDEE"),
        ({"level": "A"}, YearPlan(levels="stay"), "AAAAA"),
        ({"level": "E"}, YearPlan(), "EEEEE"),
        ({"level": "E"}, YearPlan(levels="D"), "DEEEE"),
        ({"level": "A", "agreement_start": dt.date(2019, 7, 1), "performance_year": 2019},
         YearPlan(), "ABCDEE"),
        ({"level": "1", "agreement_start": dt.date(2013, 1, 1), "performance_year": 2014},
         YearPlan(), "111"),
    ],
)  # fmt: skip
def test_levels_move_on_the_glide_path(fields, plan, path):
    assert levels(Scenario(**fields), plan) == tuple(path)


def test_enhanced_stays():
    assert set(levels(Scenario(level="ENHANCED"), YearPlan())) == {"ENHANCED"}


def test_level_c_cannot_be_held():
    with pytest.raises(PlanError, match="an ACO in C moves up every year; only A, B, E"):
        agreement(Scenario(level="C"), YearPlan(levels="stay"))


def test_agreements_before_july_2019_have_years_but_no_next_target():
    old = Scenario(level="1", agreement_start=dt.date(2014, 1, 1), performance_year=2014)
    five = agreement(old)
    assert [year.year for year in five.years] == [2014, 2015, 2016]
    assert five.rebased is None


def test_a_program_that_takes_time_saves_less_at_first():
    cuts = [year.cost_reduction for year in agreement(Scenario(), YearPlan(slow=True)).years]
    assert cuts == pytest.approx([0.031 / 3, 0.062 / 3, 0.031, 0.031, 0.031])


def test_cells_are_kept_only_where_they_differ_and_travel_as_text():
    here = Scenario()
    plan = with_cell(YearPlan(slow=True, levels="B"), here, "cut", 0, 0.02)
    plan = with_cell(plan, here, "quality", 4, 0.9)
    assert write_plan(plan) == "slow;from:B;cut:2,,,,;quality:,,,,90"
    assert read_plan(write_plan(plan)) == plan
    back = with_cell(with_cell(plan, here, "cut", 0, 0.031 / 3), here, "quality", 4, None)
    assert write_plan(back) == "slow;from:B"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fast", "fast is not part of a plan"),
        ("from:Z", "from:Z is no level to begin on; it is one of A, B, C, D, E or stay"),
        ("cut:1,x,,,", "cut of year 2 is x; it is a number"),
        ("cut:1,nan,,,", "cut of year 2 is nan; it goes from -60 to 60"),
        ("quality:,,,,101", "quality of year 5 is 101; it goes from 0 to 100"),
        ("cut:1,1,1,1,1,1,1", "cut has 7 years; an agreement has at most 6"),
    ],
)
def test_a_hostile_plan_is_refused_with_what_is_allowed(text, said):
    with pytest.raises(PlanError, match=said):
        read_plan(text)


def test_a_plan_fits_an_agreement_of_another_length():
    assert read_plan("cut:1,2,3,4,5,6", 5).cost_reduction == (0.01, 0.02, 0.03, 0.04, 0.05)
    assert read_plan("cut:1,2", 3).cost_reduction == (0.01, 0.02, None)


def test_an_agreement_of_july_2019_has_six_years_and_is_rebased_on_the_last_three():
    long = Scenario(agreement_start=dt.date(2019, 7, 1), performance_year=2019)
    assert years(long) == (2019, 2020, 2021, 2022, 2023, 2024)
    assert agreement(long).rebased.rebased_on == (2022, 2023, 2024)


@pytest.mark.parametrize(
    "fields", [{"months_in_program": 9.0}, {"months_in_program": 4.0, "ended_by_cms": True}]
)
def test_who_leaves_does_so_in_the_year_of_the_scenario_alone(fields):
    stays = Scenario(cost_reduction=-0.08, performance_year=2026)
    five = agreement(replace(stays, **fields)).years
    as_before = agreement(stays).years
    ended = [bool(year.result.in_program_to_the_end) for year in five]
    assert ended == [True, False, True, True, True]
    for year, before in zip(five, as_before, strict=True):
        same = float(year.result.payment) == float(before.result.payment)
        assert same == (year.year != 2026)
    assert notes(agreement(replace(stays, **fields)))[0] == (
        "You leave in 2026: the other years are as if you stayed."
    )
    assert "leave" not in " ".join(notes(agreement(stays)))
