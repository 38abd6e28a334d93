"""The oracle against cases worked by hand from the text of 42 CFR Part 425."""

import datetime as dt
import math

import pytest

from mssp_sim import Scenario
from mssp_sim.scenario import quantities
from tests import oracle
from tests.test_against_oracle import plain

STARTS_2023, STARTS_2024, STARTS_2025 = (dt.date(year, 1, 1) for year in (2023, 2024, 2025))
NEW_FIELDS = {
    "dually_eligible_share_by3": None,
    "regional_risk_growth": 0.0,
    "regional_demographic_growth": 0.0,
    "months_in_program": None,
    "ended_by_cms": False,
    "in_disaster_area": False,
    "patient_experience_met": True,
    "care_coordination_met": True,
    "preventive_health_met": True,
    "at_risk_population_met": True,
}


def scenario(**changes):
    reference = Scenario()
    fields = {name: plain(getattr(reference, name)) for name in quantities()}
    return fields | NEW_FIELDS | changes


# A first agreement, lists by type: ESRD, disabled, aged/dual, aged/non-dual.
FIRST_EXPENDITURE = [
    [78_000, 10_400, 16_000, 9_700],
    [81_000, 10_900, 16_800, 10_300],
    [86_000, 11_500, 17_800, 11_000],
]
FIRST_RISK = [[1.00, 1.01, 0.99, 1.02], [0.99, 1.00, 0.99, 1.01], [0.98, 0.99, 1.00, 1.00]]
FIRST_RISK_PY = [0.97, 1.00, 1.05, 1.01]
FIRST_NATIONAL = [
    [80_000, 10_800, 16_600, 10_200],
    [84_000, 11_300, 17_400, 10_800],
    [88_000, 12_000, 18_500, 11_600],
]
FIRST_NATIONAL_PY = [97_000, 13_900, 21_200, 13_700]
FIRST_REGIONAL = [
    [79_000, 10_900, 16_900, 10_500],
    [82_500, 11_500, 17_600, 11_100],
    [87_000, 12_100, 18_700, 11_900],
]
FIRST_REGIONAL_PY = [95_000, 13_800, 21_300, 13_900]
FIRST_SHARE_BY3, FIRST_SHARE_PY = [0.004, 0.076, 0.056, 0.864], [0.004, 0.073, 0.055, 0.868]
FIRST_MARKET_BY3, FIRST_MARKET_PY = [0.10, 0.12, 0.09, 0.15], [0.11, 0.13, 0.10, 0.16]
FIRST_PROSPECTIVE = [1.085, 1.10, 1.10, 1.10]


def first_historical():
    return oracle.historical_by_type(
        FIRST_EXPENDITURE,
        FIRST_RISK,
        FIRST_NATIONAL,
        oracle.regional_history_ratios(FIRST_REGIONAL),
        FIRST_MARKET_BY3,
        first_agreement=True,
    )


def first_adjusted(negative_cap, offset):
    historical = first_historical()
    difference = [FIRST_REGIONAL[2][t] * FIRST_RISK[2][t] - historical[t] for t in oracle.TYPES]
    adjustment = oracle.regional_adjustment_by_type(
        difference, FIRST_NATIONAL[2], FIRST_SHARE_BY3, 1, negative_cap, offset
    )
    return [historical[t] + adjustment[t] for t in oracle.TYPES], adjustment


def first_two_way():
    return [
        oracle.two_way(
            FIRST_NATIONAL_PY[t] / FIRST_NATIONAL[2][t],
            FIRST_REGIONAL_PY[t] / FIRST_REGIONAL[2][t],
            FIRST_MARKET_PY[t],
        )
        for t in oracle.TYPES
    ]


def first_offset():
    return oracle.negative_offset(0.056, FIRST_EXPENDITURE[2], FIRST_SHARE_BY3, FIRST_RISK[2])


RISK_RATIO = [FIRST_RISK_PY[t] / FIRST_RISK[2][t] for t in oracle.TYPES]


def test_the_first_fixture_until_2023():
    assert first_historical() == pytest.approx(
        [85_367.0588, 11_441.7580, 17_878.8734, 10_959.1596], abs=5e-5
    )
    adjusted, adjustment = first_adjusted(0.05, 0.0)
    assert adjustment == pytest.approx([-37.4706, 188.0347, 287.3943, 329.2941], abs=5e-5)
    assert first_two_way() == pytest.approx([1.093089, 1.142815, 1.139728, 1.170142], abs=5e-7)
    factors = oracle.risk_factors_per_type(RISK_RATIO)
    assert oracle.updated_per_person(
        adjusted, factors, first_two_way(), FIRST_SHARE_PY
    ) == pytest.approx(14_102.3699, abs=5e-5)


@pytest.mark.parametrize(
    ("with_offset", "two_way_total", "three_way_total"),
    [(False, 14_125.1449, 13_866.7189), (True, 14_125.1538, 13_866.7277)],
)
def test_the_first_fixture_from_2024(with_offset, two_way_total, three_way_total):
    offset = first_offset() if with_offset else 0.0
    adjusted, adjustment = first_adjusted(0.015, offset)
    if with_offset:
        assert offset == pytest.approx(0.054667, abs=5e-7)
        assert adjustment[0] == pytest.approx(-35.4222, abs=5e-5)
    factors = oracle.risk_factors_aggregate(RISK_RATIO, adjusted, FIRST_SHARE_PY, 1.005)
    three_way = [
        oracle.three_way(ratio, prospective, 1 / 3)
        for ratio, prospective in zip(first_two_way(), FIRST_PROSPECTIVE, strict=True)
    ]
    totals = [
        oracle.updated_per_person(adjusted, factors, update, FIRST_SHARE_PY)
        for update in (first_two_way(), three_way)
    ]
    # The worked totals add rounded amounts: the last digit may be one off.
    assert totals == pytest.approx([two_way_total, three_way_total], abs=1e-4)


SECOND_EXPENDITURE = [90_000, 12_000, 19_000, 11_000]
SECOND_SHARE = [0.02, 0.12, 0.16, 0.70]
SECOND_RISK = [1.10, 1.15, 1.20, 1.00]
SECOND_NATIONAL = [100_000, 14_000, 20_000, 12_000]


def test_the_offset_weighs_risk_by_spending():
    offset = oracle.negative_offset(0.24, SECOND_EXPENDITURE, SECOND_SHARE, SECOND_RISK)
    assert -100 * (1 - offset) == pytest.approx(-68.8183, abs=5e-5)


@pytest.mark.parametrize(("dual", "risk", "offset"), [(0.1, 0.8, 0.0), (0.6, 1.5, 1.0)])
def test_the_offset_stays_between_none_and_all(dual, risk, offset):
    assert oracle.negative_offset(dual, SECOND_EXPENDITURE, SECOND_SHARE, [risk] * 4) == offset


@pytest.mark.parametrize(
    ("prior_savings", "regional_net", "share", "population"),
    [
        (300, -20, 0.40, 185.60),
        (100, -20, 0.40, 265.60),
        (0, -20, 0.40, 305.60),
        (100, -20, 0.15, 99.60),
        (100, -20, 0.1499, 0.0),
        (0, 200, 0.40, 225.60),
        (764 * 0.4 / 1.4, -20, 0.40, 764 * 0.4 / 1.4),
    ],
)
def test_the_population_adjustment_by_hand(prior_savings, regional_net, share, population):
    mean_national = oracle.weighted(SECOND_NATIONAL, SECOND_SHARE)
    assert mean_national == pytest.approx(15_280)
    assert oracle.population_adjustment(
        STARTS_2025, share, mean_national, regional_net, prior_savings
    ) == pytest.approx(population, abs=1e-9)


def test_the_regional_adjustment_stands_where_its_excess_is_taken_off():
    population = oracle.population_adjustment(STARTS_2025, 0.40, 12_000, 200.0, 0.0)
    assert population == pytest.approx(160)
    regional = [200.0] * 4
    assert oracle.applied_adjustment(regional, 0.0, population, SECOND_SHARE) is regional


def test_no_population_adjustment_before_2025():
    assert oracle.population_adjustment(STARTS_2024, 0.40, 12_000, 0.0, 0.0) == 0


@pytest.mark.parametrize(
    ("regional_net", "prior_savings", "population", "flat"),
    [
        (-20, 300, 185.60, 300),
        (-20, 100, 265.60, 265.60),
        (-20, 0, 0, 0),
        (100, 100 * (1 + 1e-12), 0, None),
        (100, 100 * (1 + 1e-8), 0, 100 * (1 + 1e-8)),
        (0, 100, 100 * (1 + 1e-12), 100),
        (100, 100, 100 * (1 + 1e-12), None),
    ],
)
def test_the_highest_applies_and_the_earlier_wins_a_tie(
    regional_net, prior_savings, population, flat
):
    quarter = [0.25] * 4
    by_type = [regional_net + swing for swing in (-8, -4, 4, 8)]
    applied = oracle.applied_adjustment(by_type, prior_savings, population, quarter)
    assert applied == (by_type if flat is None else [flat] * 4)


# Weights .10/.15/.15/.60 as benchmark times person-years, with equal benchmarks: G = 1.0495,
# c0 = 1.01 + .03 = 1.04, cap = 1.04 + share x .0095 (1.042375 at a share of .25).
GROWTH = [1.06, 1.05, 1.08, 1.04]
WEIGHTS = [0.10, 0.15, 0.15, 0.60]


@pytest.mark.parametrize(
    ("market_share", "factors"),
    [
        (0.25, [1.06 / 1.042375, 1.05 / 1.042375, 1.08 / 1.042375, 1]),
        (0.0, [1.06 / 1.04, 1.05 / 1.04, 1.08 / 1.04, 1]),
        (1.0, [1, 1, 1, 1]),
    ],
)
def test_the_regional_risk_factors_by_hand(market_share, factors):
    found = oracle.regional_risk_factors(
        GROWTH, [1.01] * 4, [10_000] * 4, WEIGHTS, [market_share] * 4
    )
    assert found == pytest.approx(factors, rel=1e-12)


def test_regional_growth_is_weighted_by_dollars_and_market_share_by_people():
    # Dollars .75 and .25 of the whole, people .25 and .75: G = .75 x 1.10 + .25 x 1.02 = 1.08,
    # share = .25 x .80 + .75 x .40 = .50, cap = 1.03 + .50 x .05 = 1.055.
    found = oracle.regional_risk_factors(
        [1.10, 1, 1, 1.02], [1.0] * 4, [9_000, 1, 1, 1_000], [0.25, 0, 0, 0.75], [0.8, 0, 0, 0.4]
    )
    assert found == pytest.approx([1.10 / 1.055, 1, 1, 1])


def test_a_region_within_its_cap_is_left_alone_even_where_one_type_grows_more():
    assert oracle.regional_risk_factors(
        [1.20, 1, 1, 1], [1.0] * 4, [1] * 4, [0.1, 0.1, 0.1, 0.7], [0.1] * 4
    ) == [1.0, 1.0, 1.0, 1.0]


def regional_growth_lift(start, year):
    plain_total, raised_total = (
        oracle.benchmark_totals(fields, fields["expenditure"])
        for fields in (
            scenario(agreement_start=start, performance_year=year, market_share=0.2, **growths)
            for growths in (
                {},
                {"regional_risk_growth": 0.05, "regional_demographic_growth": 0.01},
            )
        )
    )
    return [after / before for before, after in zip(plain_total, raised_total, strict=True)]


def test_regional_risk_growth_lifts_the_regional_part_of_the_blend():
    # BY3 is 2024: two years. G = 1.05^2 = 1.1025; c0 = 1.01^2 + .03 = 1.0501;
    # cap = 1.0501 + .2 x .0524 = 1.06058; factor 1.1025 / 1.06058 = 1.0395255.
    fields = scenario()
    regional = (1 + fields["regional_growth"]) ** 2
    national = (1 + fields["national_growth"]) ** 2
    prospective = (1 + fields["prospective_trend"]) ** 2
    before = 0.2 * national + 0.8 * regional
    after = 0.2 * national + 0.8 * regional * 1.1025 / 1.06058
    expected = [
        (prospective + 2 * after) / (prospective + 2 * before),
        after / before,
    ]
    assert fields["other_acos_share"] * fields["other_acos_reduction"] == 0
    assert not fields["own_effect"]
    assert regional_growth_lift(STARTS_2025, 2026) == pytest.approx(expected, rel=1e-12)


def test_regional_risk_growth_does_nothing_before_2024():
    assert regional_growth_lift(STARTS_2023, 2024) == [1, 1]


def test_the_dual_share_is_the_aged_dual_share_unless_given():
    mix = [0.1, 0.2, 0.3, 0.4]
    assert oracle.dual_share_by3(scenario(person_year_share_by3=mix)) == 0.3
    given = scenario(person_year_share_by3=mix, dually_eligible_share_by3=0.45)
    assert oracle.dual_share_by3(given) == 0.45


@pytest.mark.parametrize(
    ("level", "start", "year", "people", "election", "minimum"),
    [
        ("E", dt.date(2019, 7, 1), 2019, 4_999.0, 0.01, 0.039),
        ("ENHANCED", dt.date(2022, 1, 1), 2023, 4_999.0, 0.0, 0.039),
        ("E", dt.date(2022, 1, 1), 2023, 5_000.0, 0.01, 0.01),
        ("3", dt.date(2018, 1, 1), 2019, 4_999.0, 0.01, 0.01),
        ("3", dt.date(2018, 1, 1), 2020, 4_999.0, 0.01, 0.039),
        ("3", dt.date(2016, 1, 1), 2018, 4_999.0, "size", 0.039),
        ("2", dt.date(2015, 1, 1), 2016, 45_000.0, 0.005, 0.02),
        ("2", dt.date(2012, 4, 1), 2013, 4_999.0, "size", 0.02),
        ("2", dt.date(2016, 1, 1), 2016, 45_000.0, 0.005, 0.005),
        ("2", dt.date(2016, 1, 1), 2018, 4_999.0, 0.005, 0.005),
    ],
)
def test_the_minimum_by_hand(level, start, year, people, election, minimum):
    fields = scenario(
        level=level,
        agreement_start=start,
        performance_year=year,
        assigned_beneficiaries=people,
        minimum_election=election,
    )
    assert math.isclose(oracle.minimum_rate(fields), minimum)
