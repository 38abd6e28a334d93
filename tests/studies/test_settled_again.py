"""What the studies say, settled again another way: the plain rule, one scenario at a time."""

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.parameters import CONTRACTS, LEVELS, rules_in_force
from mssp_sim.scenario import FIRST_LEVELS, quantities
from mssp_sim.simulation import (
    payoff,
    settle,
    settled_person_years,
    spending,
    updated_target,
)
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.goal import frontier
from mssp_sim.studies.luck import DRAWS, Doubt, _dice, chances, outlook, year_spread
from mssp_sim.studies.moves import moves
from mssp_sim.studies.next_contract import may_sign
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.studies.program_cost import ProgramCost, net
from mssp_sim.studies.stakes import stakes
from mssp_sim.studies.tradeoff import tradeoff
from tests import random_scenarios

OLD = {"agreement_start": dt.date(2016, 1, 1), "performance_year": 2018}
GUARDED = Scenario(cost_reduction=-0.03, prospective_trend=0.02)
"""Losses that the prospective trend alone brought: the guardrail sets them aside."""

LOWER = dict(enumerate((0.35, 0.50, 0.50, 0.50), 1))
HIGHER = dict(enumerate((0.15, 0.25, 0.35, 0.50), 1))
"""Weight of the regional adjustment by agreement period: 42 CFR 425.601(f), 425.656."""


def on(level, **fields):
    """Return a scenario of any contract, in a year that has it."""
    return Scenario(level=level, **({} if level in LEVELS else OLD), **fields)


def by_chance(count):
    return [
        Scenario(**random_scenarios.fields(np.random.default_rng(seed))) for seed in range(count)
    ]


def paid(scenario):
    return float(simulate(scenario).payment)


# The next agreement.


@pytest.mark.parametrize("regional_period", [None, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("period", [1, 2, 5])
def test_the_next_agreement_is_one_period_on_for_the_history_and_for_the_region(
    period, regional_period
):
    for level, weights in ((0.1, LOWER), (-0.3, HIGHER)):
        here = Scenario(
            agreement_period=period, regional_adjustment_period=regional_period,
            regional_level=level, cost_reduction=0.05,
        )  # fmt: skip
        rebased = agreement(here).rebased
        after = (regional_period or period) + 1
        assert (rebased.region > rebased.historical_benchmark) == (level > 0)
        assert rebased.regional_adjustment_weight == weights[min(after, 4)]
        assert rebased.benchmark == pytest.approx(rebased.historical_benchmark + rebased.adjustment)


def test_from_the_second_agreement_on_the_three_years_weigh_the_same():
    # Own spending grows by 10% a year and nothing brings it forward: the years tell apart.
    first, later = (
        agreement(Scenario(agreement_period=n, own_growth=0.1)).rebased.historical_benchmark
        for n in (1, 3)
    )
    assert first == pytest.approx(later)


# The contracts that owe nothing.


@pytest.mark.parametrize("level", CONTRACTS)
@pytest.mark.parametrize("cut", [0.031, 0.01, -0.01, -0.08])
def test_a_one_sided_contract_has_no_minimum_loss_rate_and_owes_nothing_anywhere(level, cut):
    here = on(level, cost_reduction=cut)
    result = simulate(here)
    owes = bool(result.two_sided)
    assert owes == (level not in ("A", "B", "1"))
    drawn, line, stake = tradeoff(here), curve(result, result), stakes(result).own
    for picture in (drawn, line):
        assert (picture.minimum_loss_rate is not None) == owes
        assert bool(np.any(picture.payment < 0)) == owes
        if owes:
            assert picture.minimum_loss_rate == float(result.minimum_savings_rate)
        assert picture.minimum_savings_rate == float(result.minimum_savings_rate)
    assert stake.two_sided == owes
    assert (stake.most_owed > 0) == owes
    assert (float(chances(here, -0.01).owing) > 0) == owes
    assert bool(np.any(drawn.bands < 0)) == owes


# Moves and goals.


@pytest.mark.parametrize(
    "here", [GUARDED, Scenario(), Scenario(cost_reduction=-0.04), *by_chance(25)]
)
def test_each_move_is_worth_what_settling_it_brings(here):
    result = simulate(here)
    found = moves(result)
    now = float(result.payment)
    for move in found.this_year:
        assert move.worth == pytest.approx(paid(replace(here, **move.fields)) - now, abs=0.01)
    rate = 1 - float(result.expenditure_total / (result.target.benchmark * result.person_years))
    mirror = float(payoff(here, -rate).payment)
    offered = {}
    for move in found.next_election:
        other = replace(here, **move.fields)
        offered[tuple(move.fields.items())] = move
        assert move.worth == pytest.approx(paid(other) - now, abs=0.01)
        assert move.mirror == pytest.approx(float(payoff(other, -rate).payment) - mirror, abs=0.01)
    for level in LEVELS:  # whatever pays otherwise, and may be signed, is offered
        other = replace(here, level=level)
        differs = (
            abs(paid(other) - now) > 1 or abs(float(payoff(other, -rate).payment) - mirror) > 1
        )
        assert ((("level", level),) in offered) == (
            differs and level != here.level and level in may_sign(result)
        )


def test_those_moves_meet_the_guardrail():
    assert simulate(GUARDED).guardrail
    assert moves(simulate(GUARDED)).next_election


OWN_STANDARDS = [None, 0.4321, 0.767, 0.9]


@pytest.mark.parametrize("standard", OWN_STANDARDS)
@pytest.mark.parametrize("goal", [2_000_000, 8_688_600, 15_000_000])
def test_each_place_of_a_frontier_earns_the_goal_and_one_step_less_does_not(standard, goal):
    here = Scenario(quality_performance_standard=standard, quality_score=0.7512)
    found = frontier(here, goal)
    standard = float(simulate(here).quality_performance_standard)
    assert {standard, 0.7512} <= set(found.quality_score.tolist())
    reached = ~np.isnan(found.cost_reduction)
    scores, cuts = found.quality_score[reached], found.cost_reduction[reached]
    step = quantities()["cost_reduction"].step
    for cut, earns in ((cuts, True), (cuts - step, False)):
        at = simulate(replace(here, quality_score=scores, cost_reduction=cut)).payment
        assert np.all((at >= goal) == earns)
    # The standard stands among the scores, so that its step is drawn where it is.
    at, under = (found.cost_reduction[found.quality_score == x] for x in (standard, 0.0))
    assert at.size == 1
    assert not under <= at  # dearer, or NaN


# Program cost.


def test_an_advance_is_recouped_from_what_was_earned_whatever_was_owed_before():
    cuts = (-0.06, 0.01, 0.031, 0.06)
    settled = {cut: simulate(Scenario(cost_reduction=cut)) for cut in cuts}
    cost = ProgramCost(per_person=70, advance=9_000_000)
    for order in itertools.product(cuts, repeat=3):
        results = [settled[cut] for cut in order]
        after = net(results, cost)
        left = cost.advance
        for at, result in enumerate(results):
            taken = min(left, float(result.shared_savings))
            left -= taken
            payment = float(result.shared_savings) - float(result.shared_losses)
            advanced = cost.advance if at == 0 else 0.0
            assert after.recouped[at] == pytest.approx(taken), order
            assert after.payment[at] == pytest.approx(payment)
            assert after.advanced[at] == advanced
            assert after.cost[at] == pytest.approx(70 * 45_000)
            assert after.net[at] == pytest.approx(payment + advanced - taken - 70 * 45_000)
        assert after.outstanding == pytest.approx(left)
        sums = np.cumsum(after.net)
        pays = [at for at in range(3) if np.all(sums[at:] >= 0)]
        assert after.pays_from == (pays[0] if pays else None)


def test_a_settlement_of_half_a_year_bears_half_of_the_cost():
    halves = {"performance_year": 2019, "agreement_start": dt.date(2019, 7, 1)}
    whole, half = (
        simulate(Scenario(**halves, performance_year_months=months)) for months in (12, 6)
    )
    cost = ProgramCost(per_person=70)
    each = 70 * float(whole.scenario.assigned_beneficiaries)
    assert net([whole, half], cost).cost == pytest.approx([each, each / 2])


# Luck.


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({}, Doubt()),
        ({"level": "ENHANCED", "regional_growth": 0.03}, Doubt(0.03, 0.0, 0.1)),
        ({"cost_reduction": -0.02, "prospective_trend": 0.03}, Doubt(0.01, 0.02, 0.0)),
        ({"level": "A", "market_share": 0.9}, Doubt(0.02, 0.01, 0.05)),
    ],
)
def test_a_drawn_year_is_the_scenario_with_its_strays_settled(fields, doubt):
    here = Scenario(**fields)
    chance, trend, risk, quality = (dice[:500] for dice in _dice())
    low, high = quantities()["quality_score"].allowed
    years = replace(
        here,
        national_growth=here.national_growth + doubt.trend * trend,
        regional_growth=here.regional_growth + doubt.trend * trend,
        risk_growth=here.risk_growth + doubt.risk * risk,
        quality_score=np.clip(here.quality_score + doubt.quality * quality, low, high),
    )
    rules = here.rules
    target, people = updated_target(years, rules), settled_person_years(years)
    total = target.benchmark * people
    settled = settle(
        years, rules, benchmark_total=total,
        expenditure_total=spending(years, target) * people
        - chance * float(year_spread(here.assigned_beneficiaries)) * total,
        two_way_total=target.two_way_benchmark * people,
    )  # fmt: skip
    found = outlook(here, doubt)
    assert found.payment.shape == (DRAWS,)
    assert found.payment[:500] == pytest.approx(np.asarray(settled.payment), abs=0.01)
    assert float(found.chances.paid) == pytest.approx(np.mean(found.payment > 0))
    assert float(found.chances.owing) == pytest.approx(np.mean(found.payment < 0))
    assert float(found.chances.nothing) == pytest.approx(np.mean(found.payment == 0))


def test_nation_and_region_stray_together():
    alike = {"national_growth": 0.04, "regional_growth": 0.04}
    few, many = (
        outlook(Scenario(market_share=share, **alike), Doubt(0.03, 0.0, 0.0)).payment
        for share in (0.0, 1.0)
    )
    assert few == pytest.approx(many, abs=0.01)


# The payoff curve.


@pytest.mark.parametrize("here", by_chance(15))
@pytest.mark.parametrize("before", [0.05, 0.0, -0.01, -0.05])
def test_both_dots_of_the_curve_are_their_settlements(here, before):
    result, baseline = simulate(here), simulate(Scenario(cost_reduction=before))
    line = curve(result, baseline)
    assert line.baseline == (float(baseline.savings_rate), float(baseline.payment))
    assert line.here[1] == float(result.payment)
    on_it = float(payoff(here, line.here[0]).payment)
    assert on_it == pytest.approx(float(result.payment), abs=max(1, 1e-6 * abs(on_it)))
    assert line.forgone == float(result.left_on_the_table)
    if abs(result.lost_at_the_minimum - result.lost_to_quality) > 1:
        at_minimum = result.lost_at_the_minimum > result.lost_to_quality
        assert line.lost_at == ("minimum" if at_minimum else "quality")
    full = replace(here, quality_score=1.0, quality_standard_met=True)
    rates = line.savings_rate[::40]
    assert line.payment[::40] == pytest.approx(np.asarray(payoff(here, rates).payment), abs=0.01)
    at_full = np.asarray(payoff(full, rates).payment)
    assert line.payment_at_full_quality[::40] == pytest.approx(at_full, abs=0.01)


def test_the_scenarios_here_are_of_today_s_contracts():
    assert all(s.agreement_start >= FIRST_LEVELS for s in by_chance(25))
    assert rules_in_force(2025).prospective_trend_guardrail
