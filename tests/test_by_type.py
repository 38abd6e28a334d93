"""Shares and growth by enrollment type, wherever a scenario goes: studies, files, portfolios."""

from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, attribution, simulate
from mssp_sim.exports.scenario_file import opened, save
from mssp_sim.scenario import changed, quantities
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.luck import Doubt, _dice, outlook
from mssp_sim.studies.moved import moved
from mssp_sim.studies.rule_changes import stack
from tests import random_scenarios

TABLES = tuple(name for name, words in quantities().items() if words.for_all_types)
GROWN = (0.02, 0.03, 0.05, 0.06)
SHARES = (0.05, 0.10, 0.20, 0.40)


def alike(scenario):
    """Return the same scenario with every plain field written into its table."""
    return replace(scenario, **{
        name: np.full(4, getattr(scenario, quantities()[name].for_all_types)) for name in TABLES
    })  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_a_table_that_says_the_same_for_every_type_settles_as_the_plain_field(seed):
    scenario = Scenario(**random_scenarios.fields(np.random.default_rng(seed)))
    plain, tables = simulate(scenario), simulate(alike(scenario))
    slack = 1e-9 * float(plain.benchmark_total)
    assert tables.payment == pytest.approx(float(plain.payment), abs=slack)
    assert tables.benchmark == pytest.approx(float(plain.benchmark), rel=1e-12)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_moves_what_its_field_moves_and_only_the_type_it_names(name):
    # A first agreement of 2025 whose region is past its cap, so that all seven count.
    nation = np.outer([1.0, 1.1, 1.3], np.full(4, 10_000.0))
    here = Scenario(
        regional_growth=0.03, national_growth=0.20, market_share=0.2, market_share_by3=0.2,
        agreement_period=1, regional_risk_growth=0.06, national_expenditure=nation,
    )  # fmt: skip
    field = quantities()[name].for_all_types
    at = getattr(here, field) + 0.01
    last = simulate(replace(here, **{name: [None, None, None, at]}))
    every, none = simulate(replace(here, **{field: at})), simulate(here)
    moves = "expenditure_total" if field == "own_growth" else "benchmark_total"
    found, whole, before = (float(getattr(r, moves)) for r in (last, every, none))
    assert abs(found - before) > 1_000
    assert 0.5 < (found - before) / (whole - before) < 1.0  # the aged without Medicaid alone


def test_every_field_for_all_types_has_no_slider_of_its_own_beside_a_table():
    assert len(TABLES) == 7
    for name in TABLES:
        field = quantities()[quantities()[name].for_all_types]
        assert quantities()[name].allowed == field.allowed
        assert name == f"{quantities()[name].for_all_types}_by_type"


@pytest.mark.parametrize("seed", range(12))
def test_a_scenario_file_keeps_every_cell_and_every_gap(seed):
    scenario = random_scenarios.by_chance_by_type(seed)
    assert changed(opened(save(scenario)).scenario, scenario) == ()


@pytest.mark.parametrize("seed", range(6))
def test_what_moved_the_money_adds_up_where_one_scenario_has_tables_and_the_other_none(seed):
    here = Scenario()
    there = replace(here, market_share_by_type=SHARES, regional_growth_by_type=GROWN,
                    quality_score=0.8 + seed / 100)  # fmt: skip
    what = moved(here, there)
    assert sum(change.dollars for change in what.changes) == pytest.approx(
        float(simulate(there).payment) - float(simulate(here).payment), abs=0.01
    )
    assert {field for change in what.changes for field in change.fields} == {
        "market_share_by_type", "regional_growth_by_type", "quality_score"
    }  # fmt: skip
    back = moved(there, here)
    assert back.after == pytest.approx(what.before)


def test_scenarios_with_and_without_tables_stack_as_one_batch():
    scenarios = [Scenario(), Scenario(own_growth_by_type=GROWN), Scenario(own_growth=0.04)]
    found = simulate(stack(scenarios)).expenditure_total
    assert found == pytest.approx([float(simulate(s).expenditure_total) for s in scenarios])


def test_the_years_drawn_stray_around_growth_by_type_as_they_do_around_the_plain_one():
    doubt = Doubt(trend=0.02, risk=0.0, quality=0.0)
    plain, tables = Scenario(), alike(Scenario())
    assert outlook(tables, doubt).mean == pytest.approx(outlook(plain, doubt).mean, rel=1e-9)
    assert np.std(outlook(tables, doubt).payment) > 1.2 * np.std(
        outlook(tables, Doubt(0.0, 0.0, 0.0)).payment
    )
    assert len(_dice()) == 4


def test_the_next_agreement_is_rebased_type_by_type():
    plain, tables = agreement(Scenario()).rebased, agreement(alike(Scenario())).rebased
    assert tables.benchmark == pytest.approx(plain.benchmark, rel=1e-12)
    # The growth of the types alone: 44,000 person-years at 2028's own spending by type.
    apart = agreement(Scenario(own_growth_by_type=GROWN)).rebased
    s = Scenario()
    by_type = np.asarray(s.expenditure)[2] * (1 + np.array(GROWN)) ** 5
    assert apart.expected == pytest.approx(float(by_type @ s.person_year_share), rel=1e-9)


def test_a_list_that_moves_takes_the_shares_by_type_along():
    s = Scenario(market_share=0.1, market_share_by_type=SHARES, other_acos_share=0.5)
    flow = attribution.follow(simulate(s), attribution.Churn(new_clinicians=0.2))
    after = attribution.moved(s, flow)
    times = float(flow.market_share) / 0.1
    assert times > 1.1
    wanted = np.minimum(np.array(SHARES) * times, 0.5)
    assert after.market_share_by_type == pytest.approx(wanted)
    settled = attribution.settle_the_list(simulate(s), attribution.Churn(new_clinicians=0.2))
    added = sum(float(part) for part in settled.causes.values())
    assert added == pytest.approx(float(settled.after.payment - settled.before.payment), abs=0.01)
