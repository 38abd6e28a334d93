"""Settlements known from outside, by hand or from CMS: data in ``golden/``, compared here."""

import datetime as dt
import tomllib
from pathlib import Path

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.rules import benchmark
from mssp_sim.simulation import settle

GOLDEN = Path(__file__).parent / "golden"
FILES = ("reference_aco", "one_lever", "opening_levers", "identity", "minimum_by_size")
QUALITY = {"slip": 0.75, "good": 0.82}
CENT, RATE = 0.005, 1e-12


def cases(*files):
    return [
        pytest.param(case, id=f"{file}: {case['name']}")
        for file in files
        for case in tomllib.loads((GOLDEN / f"{file}.toml").read_text("utf-8"))["case"]
    ]


def printed(text):
    """Return a printed number and half a unit of its last digit."""
    digits = len(text.partition(".")[2])
    return pytest.approx(float(text), abs=0.5000001 * 10**-digits, rel=0)


def check(case, result):
    for name, expected in case.get("expect", {}).items():
        found = getattr(result, name)
        if isinstance(expected, str | bool):
            assert found == expected, name
        else:
            within = RATE if name.endswith("_rate") else CENT
            assert found == pytest.approx(expected, abs=within, rel=0), name
    for unit, size in (("millions", 1e-6), ("percent", 100), ("dollars", 1)):
        for name, text in case.get(unit, {}).items():
            assert getattr(result, name) * size == printed(text), name
    accounted = (
        result.shared_savings - result.shared_losses + result.sequestration + result.above_limit
        + result.lost_at_the_minimum + result.lost_to_quality + result.medicare_part
    )  # fmt: skip
    assert accounted == pytest.approx(result.gross_savings, abs=CENT)


@pytest.mark.parametrize("case", cases(*FILES))
def test_the_engine_gives_the_figure_worked_by_hand(case):
    quality = QUALITY[case.get("base", "good")]
    check(case, simulate(Scenario(**({"quality_score": quality} | case["given"]))))


@pytest.mark.parametrize("case", cases("cms_examples"))
def test_the_settlement_gives_what_cms_worked_out(case):
    scenario = Scenario(**case["given"])
    totals = {name: case[name] for name in ("benchmark_total", "expenditure_total")}
    check(case, settle(scenario, scenario.rules, **totals))


def test_every_case_shows_its_arithmetic():
    for case in cases(*FILES, "cms_examples"):
        (content,) = case.values
        assert content["source"]
        assert set(content) & {"expect", "millions", "percent", "dollars"}


def test_the_hard_way_costs_six_million_more():
    slip, hard = simulate(Scenario()), simulate(Scenario(cost_reduction=0.031 * 0.5 / 0.375))
    assert (hard.gross_savings - slip.gross_savings) / 1e6 == printed("5.91")


def test_the_reference_aco_is_the_one_described():
    aco = Scenario()
    spending = np.array(aco.expenditure)
    assert spending[2] / spending[2, 3] == pytest.approx(
        np.array([91_542, 11_930, 18_220, 11_552]) / 11_552
    )
    assert spending[2] @ np.array(aco.person_year_share_by3) == printed("12369.17")
    assert spending[1:] / spending[:-1] == pytest.approx(np.full((2, 4), 1.051))
    assert np.round(aco.national_expenditure[2]).tolist() == [104_459, 15_431, 23_997, 13_417]
    assert np.array(aco.national_expenditure)[1:] / np.array(aco.national_expenditure)[
        :-1
    ] == pytest.approx(np.full((2, 4), 1.051))
    assert aco.agreement_start == dt.date(2025, 1, 1)


FIXTURE = tomllib.loads((GOLDEN / "benchmark_by_type.toml").read_text("utf-8"))


def by_type_and_in_total(*, offset):
    """Take the made-up ACO through the steps of the benchmark under both regimes."""
    given = {name: np.array(value, float) for name, value in FIXTURE["given"].items()}
    early = rules_in_force(2023, dt.date(2023, 1, 1))
    late = rules_in_force(2025, dt.date(2024, 1, 1))
    mix_by3, mix = given["person_year_share_by3"], given["person_year_share"]
    national, regional, by3 = given["national"], given["regional"], given["risk_score"][2]
    trend = benchmark.blend(
        given["market_share_by3"], national[2] / national, regional[2] / regional
    )
    historical = benchmark.historical_benchmark(
        given["expenditure"], given["risk_score"], trend, early.benchmark_year_weights["first"]
    )
    difference = regional[2] * by3 - historical
    weights = early.regional_adjustment_weight
    adjustment = benchmark.regional_adjustment(
        difference,
        mix_by3,
        national[2],
        (weights["lower_spending"][0], weights["higher_spending"][0]),
        (early.regional_adjustment_positive_cap, early.regional_adjustment_negative_cap),
    )
    if offset:
        spared = benchmark.offset_to_negative_adjustment(
            mix_by3[2], by3, given["expenditure"][2], mix_by3
        )
        adjustment = benchmark.soften_negative_adjustment(adjustment, spared)
    adjusted = historical + adjustment
    ratio = given["risk_score_performance_year"] / by3
    capped = benchmark.risk_factor_by_type(ratio, early.risk_growth_cap)
    dollars = adjusted * mix * given["person_years"]
    in_all = benchmark.risk_factor_in_all(
        ratio, given["demographic_ratio"], dollars, late.risk_growth_cap
    )
    two_way = benchmark.blend(
        given["market_share"],
        given["national_performance_year"] / national[2],
        given["regional_performance_year"] / regional[2],
    )
    three_way = benchmark.three_way_blend(
        two_way, given["prospective_ratio"], late.prospective_trend_weight
    )
    return {
        "historical_benchmark": historical,
        "regional_difference": difference,
        "regional_adjustment": adjustment,
        "adjusted_benchmark": adjusted,
        "risk_factor_by_type": capped,
        "two_way_update": two_way,
        "updated_by_type": adjusted * capped * two_way,
        "three_way_update": three_way,
    }, {
        "esrd_adjustment": adjustment[0],
        "before_adjustment": historical @ mix_by3,
        "historical_with_adjustment": adjusted @ mix_by3,
        "updated_2019_to_2023": benchmark.updated_benchmark(adjusted, capped, two_way, mix),
        "risk_in_all": ratio @ dollars / dollars.sum(),
        "two_way_from_2024": benchmark.updated_benchmark(adjusted, in_all, two_way, mix),
        "three_way_from_2024": benchmark.updated_benchmark(adjusted, in_all, three_way, mix),
    }


SECOND = tomllib.loads((GOLDEN / "second_fixture.toml").read_text("utf-8"))
APPLIES = ("none", "regional", "prior savings", "population")


def test_the_offset_weighs_risk_by_dollars_and_counts_every_dual():
    given = {name: np.array(value, float) for name, value in SECOND["given"].items()}
    found = benchmark.offset_to_negative_adjustment(
        given["dual_share"], given["risk_score_by3"], given["expenditure_by3"],
        given["person_year_share_by3"],
    )  # fmt: skip
    assert found == printed(SECOND["offset"]["offset"])
    softened = benchmark.soften_negative_adjustment(np.full(4, -100.0), found)
    assert softened[0] == printed(SECOND["offset"]["a_type_of_minus_100"])


@pytest.mark.parametrize(
    ("share", "name"), [(0.25, "at_a_quarter_of_the_market"), (1.0, "at_the_whole_market")]
)
def test_the_region_is_given_back_its_risk_growth_past_the_cap(share, name):
    given = SECOND["region"]
    rules = rules_in_force(2025, dt.date(2024, 1, 1))
    found = benchmark.regional_risk_factor(
        *(np.array(given[word]) for word in ("risk", "demographic", "weight")),
        share,
        rules.risk_growth_cap,
    )
    assert [factor == printed(text) for factor, text in zip(found, given[name], strict=True)] == (
        [True] * 4
    )


@pytest.mark.parametrize("case", SECOND["population"], ids=lambda case: case["name"])
def test_the_population_adjustment_is_less_the_higher_of_the_other_two(case):
    rules, given = rules_in_force(2025, dt.date(2025, 1, 1)), case["given"]
    found = benchmark.population_adjustment(
        person_year_share_by3=np.array(SECOND["given"]["person_year_share_by3"]),
        national_by3=np.array(SECOND["given"]["national_by3"], float),
        population_adjustment_cap=rules.population_adjustment_cap,
        population_adjustment_threshold=rules.population_adjustment_threshold,
        **given,
    )
    assert found == printed(case["amount"])
    kind = benchmark.highest_adjustment(given["net_regional"], given["prior_savings"], found)
    assert APPLIES[int(kind)] == case["applies"]


@pytest.mark.parametrize("name", FIXTURE["by_type"])
def test_a_step_of_the_benchmark_by_type(name):
    by_type, _ = by_type_and_in_total(offset=False)
    for found, text in zip(by_type[name], FIXTURE["by_type"][name], strict=True):
        assert found == printed(text)


@pytest.mark.parametrize("name", FIXTURE["total"])
def test_a_total_of_the_benchmark(name):
    _, total = by_type_and_in_total(offset=False)
    assert total[name] == printed(FIXTURE["total"][name])


@pytest.mark.parametrize("name", FIXTURE["with_offset"])
def test_a_total_of_the_benchmark_with_the_offset_to_negative_amounts(name):
    _, total = by_type_and_in_total(offset=True)
    assert total[name] == printed(FIXTURE["with_offset"][name])
