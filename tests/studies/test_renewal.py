"""Renewal: the years of Five years found again, what early renewal moves, and where it turns."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.election import Choice
from mssp_sim.studies.renewal import (
    Ledger,
    RenewalError,
    Signed,
    Way,
    course,
    drawn,
    gain,
    horizon,
    nearest_turn,
    over_the_agreement,
    turning_trend,
    ways,
    window,
)
from mssp_sim.studies.repayment import Repayment
from mssp_sim.studies.true_results import Setting
from tests import random_scenarios

E_2 = Signed("E", 0.02)


def random_scenario(seed):
    found = random_scenarios.fields(np.random.default_rng(seed))
    return Scenario(**{
        **found, "guardrail_applied": None, "months_in_program": None, "ended_by_cms": False,
        "assume_last_published": True,
    })  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_staying_pays_what_five_years_pays_and_is_rebased_alike(seed):
    scenario = random_scenario(seed)
    five = agreement(scenario)
    found = course(Ledger(scenario, {}), None, E_2, horizon(scenario))
    after = [year.year for year in five.years if year.year > int(scenario.performance_year)]
    known = dict(zip(found.years, found.payment, strict=True))
    wanted = {year.year: float(year.result.payment) for year in five.years}
    assert [float(known[year]) for year in after] == pytest.approx([wanted[y] for y in after])
    if scenario.own_effect:
        return  # Five years counts the own effect in the region before it rebases on it; so do we
    (first,) = [r for r in found.results if r.scenario.performance_year == found.starts[0]]
    mix = np.asarray(first.scenario.person_year_share)
    target = float(np.vecdot(first.target.adjusted_benchmark, mix))
    assert target == pytest.approx(five.rebased.benchmark, rel=1e-9)


def test_a_renewal_by_hand():
    # Everything grows 5.1% and nothing was cut: the history of any three years, brought to the
    # last of them, is that year's spending. With no region and no earlier savings to add, a new
    # target is the spending itself, whenever it begins: nothing is saved, nothing is paid.
    flat = Scenario(cost_reduction=0.0, national_growth=0.051, regional_growth=0.051)
    assert float(gain(flat, 2027, E_2)) == pytest.approx(0, abs=1)
    # 3.1% cut. From 2026 on 75.0 is past the standard of 73.85: each year to 2029 saves 3.1% of
    # 572,000,000 x 1.051^n and pays 50% x 98% of it: 8,688,680 x 1.051^n. A target rebased on
    # years with the cut has it taken out but for half the mean savings (prior savings
    # adjustment): renewed for 2026 on 2023 to 2025, only 2025 has the cut, a third of 3.1%.
    cut = replace(flat, cost_reduction=0.031)
    stays = course(Ledger(cut, {}), None, E_2, 2029)
    assert stays.payment == pytest.approx([8_688_680 * 1.051**n for n in range(1, 5)], rel=1e-9)
    early = course(Ledger(cut, {}), 2026, E_2, 2026)
    # benchmark 13,000 x (1 - 3.1%/3) = 12,865.6667; prior savings 50% x 403 / 3 = 67.1667;
    # target 12,932.8333 x 1.051; spending 13,000 x 0.969 x 1.051
    saved = (12_932.833333 - 12_597) * 1.051 * 44_000
    assert float(early.results[0].gross_savings) == pytest.approx(saved, rel=1e-6)
    assert float(early.payment[0]) == pytest.approx(saved * 0.5 * 0.98, rel=1e-6)


def test_years_before_the_agreement_count_with_the_savings_that_are_said_of_them():
    # renewed for 2026: 2023 and 2024 saved what is said; half of that is in the target of 2025
    # and grows with it, 300 x 1.051 = 315.30, beside the 403 of 13,000 that are cut
    said = Scenario(prior_savings_per_person=600.0)
    early = course(Ledger(said, {}), 2026, E_2, 2026)
    kept = float(np.mean(early.results[0].scenario.prior_savings_per_person))
    assert kept == pytest.approx((600 + 600 + 718.30) / 3, rel=1e-6)


def test_the_own_effect_is_in_the_region_once():
    # the cut is in the region's level by BY3 already: its growth after that is its own
    own = Scenario(own_effect=True, market_share=0.5)
    early = course(Ledger(own, {}), 2027, E_2, 2027)
    (result,) = [r for r in early.results if r.scenario.performance_year == 2027]
    assert result.target.growth.regional_ratio == pytest.approx(1.05)


def test_spending_of_a_year_is_the_same_on_every_way():
    scenario = random_scenario(3)
    last = horizon(scenario)
    ledger = Ledger(scenario, {})
    early = course(ledger, window(scenario)[0], E_2, last)
    stays = course(ledger, None, E_2, last)
    for one, other in zip(early.results, stays.results, strict=True):
        assert float(one.expenditure_total) == pytest.approx(float(other.expenditure_total))


def test_what_phases_in_moves_on_and_risk_growth_starts_anew():
    scenario = Scenario(risk_growth=0.02, agreement_period=1)
    early = course(Ledger(scenario, {}), 2027, E_2, 2034)
    assert early.starts == (2027, 2032)
    by_year = dict(zip(early.years, early.results, strict=True))
    assert by_year[2026].scenario.agreement_period == 1
    assert by_year[2027].scenario.agreement_period == 2
    assert by_year[2032].scenario.agreement_period == 3
    assert by_year[2026].target.risk_ratio[0] == pytest.approx(1.02**2)
    assert by_year[2027].target.risk_ratio[0] == pytest.approx(1.02)


def test_the_glide_path_is_climbed_in_the_new_agreement():
    found = course(Ledger(Scenario(), {}), 2026, Signed("C", 0.02), 2030)
    assert [r.scenario.level for r in found.results] == ["C", "D", "E", "E", "E"]


def test_the_choices_over_an_agreement_are_what_each_pays_alone():
    mechanism = Repayment(1, 1, 1, 12, 1)
    two = [
        Choice(level, minimum, 0, *(0.0,) * 6, 0.0, 0.0, 0.0, two_sided=True, mechanism=mechanism)
        for level, minimum in (("C", 0.02), ("ENHANCED", "size"))
    ]
    found = over_the_agreement(Scenario(), two)
    for each, total in zip(two, found, strict=True):
        alone = course(Ledger(Scenario(), {}), 2026, Signed(each.level, each.election), 2030)
        assert total == pytest.approx(float(np.sum(alone.payment)))


def test_ways_are_the_years_left_of_the_agreement():
    assert window(Scenario()) == (2026, 2027, 2028, 2029)
    assert window(Scenario(performance_year=2025, agreement_start=dt.date(2021 + 1, 1, 1))) == (
        2026,
    )
    old = Scenario(agreement_start=dt.date(2018, 1, 1), performance_year=2018, level="1")
    assert window(old) == ()
    with pytest.raises(RenewalError):
        course(Ledger(old, {}), None, E_2, 2020)
    for way in ways(Scenario(), E_2):
        assert way.gain == pytest.approx(float(gain(Scenario(), way.year, E_2)))


def test_without_doubt_eight_of_ten_are_the_mean_and_with_doubt_they_are_around_it():
    scenario, way = Scenario(cost_reduction=0.06), Way(2027, 2034, 0.0)
    way = replace(way, gain=float(gain(scenario, 2027, E_2)))
    wide = drawn(scenario, way, E_2, Setting())
    assert wide.low < way.gain < wide.high
    again = drawn(scenario, way, E_2, Setting())
    assert (again.low, again.high) == (wide.low, wide.high)


def test_the_nearest_turn_is_the_nearest():
    places = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert nearest_turn(places, np.array([-1, 1, 1, 1, -1.0]), 2.0) == 1.0
    assert nearest_turn(places, np.array([1, 1, 1, 1, -1.0]), 2.0) == 5.0
    assert nearest_turn(places, np.array([1.0] * 5), 2.0) is None


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 300))]
)
def test_renewal_turns_where_a_grid_search_finds_it(seed):
    """The sign is settled alone, step by step: here, at the turn, before it, and on the way."""
    scenario = replace(random_scenario(seed), regional_growth_by_type=None)
    if not window(scenario):  # its agreement ends with this year: look at it a year before
        scenario = replace(scenario, performance_year=int(scenario.performance_year) - 1)
    start, signed = window(scenario)[-1], Signed("ENHANCED", 0.01)
    own, turn = float(scenario.regional_growth), turning_trend(scenario, start, signed)

    def pays(trend):
        return float(gain(replace(scenario, regional_growth=float(trend)), start, signed)) > 0

    here = pays(own)
    if turn is None:
        assert {pays(trend) for trend in np.linspace(-0.02, 0.10, 5)} == {here}
        return
    assert pays(turn) != here
    step = 0.001 if turn < own else -0.001
    between = np.round(np.linspace(turn + step, own, 4), 3)
    inside = [t for t in between if min(own, turn) < t < max(own, turn) and t != round(turn, 3)]
    assert all(pays(trend) == here for trend in inside)
