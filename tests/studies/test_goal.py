"""Goal seek, moves and the trade-off map: what they promise is what the engine pays."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.scenario import quantities
from mssp_sim.studies.goal import frontier, seek
from mssp_sim.studies.levers import places, value
from mssp_sim.studies.moves import moves
from mssp_sim.studies.tradeoff import cost_reduction_for, tradeoff
from tests.strategies import scenarios

SLIP = Scenario()
SAME_PLACE = 1e-12
"""A lever knows no two places nearer than this: 1.25e-215 of quality is its place 0."""
levers = st.sampled_from(["cost_reduction", "quality_score"])
parts = st.floats(-0.2, 1.3)


def paid(scenario, **fields):
    return simulate(replace(scenario, **fields)).payment


def one_step_nearer(scenario, lever, to):
    now = value(scenario, lever)
    low, high = sorted((now, to))
    between = places(scenario, lever, low, high)
    inside = between[(between > low + SAME_PLACE) & (between < high - SAME_PLACE)]
    if not len(inside):
        return now
    return inside[-1] if to > now else inside[0]


@settings(max_examples=25)
@given(scenarios(), levers, parts)
def test_the_answer_earns_the_goal_and_one_step_less_does_not(scenario, lever, part):
    most = seek(scenario, lever, np.inf).most
    now = simulate(scenario).payment
    goal = now + part * (most - now) + 1
    answer = seek(scenario, lever, goal)
    if answer.to is None:
        assert answer.most == pytest.approx(paid(scenario, **{lever: answer.best}))
        assert answer.most < goal
        low, high = quantities()[lever].allowed
        for guess in np.linspace(low, high, 41):
            assert paid(scenario, **{lever: round(guess, 3)}) <= answer.most + 1e-3
        return
    assert paid(scenario, **{lever: answer.to}) == pytest.approx(answer.payment)
    assert answer.payment >= goal
    if abs(answer.to - value(scenario, lever)) > SAME_PLACE:
        assert paid(scenario, **{lever: one_step_nearer(scenario, lever, answer.to)}) < goal


def test_the_full_check_by_quality_by_cost_and_beyond_what_the_contract_pays():
    assert seek(SLIP, "quality_score", 8_688_680 - 1).to == 0.767
    # 8,688,680 / (572,000,000 x 37.5% x 98%) = 4.133%: 4.2% on the lever
    assert seek(SLIP, "cost_reduction", 8_688_680 - 1).to == 0.042
    beyond = seek(SLIP, "cost_reduction", 60e6)
    assert beyond.to is None
    assert beyond.most == pytest.approx(57_200_000)
    assert frontier(SLIP, 60e6).most == pytest.approx(57_200_000)
    assert not frontier(SLIP, 60e6).reachable


@settings(max_examples=6)
@given(scenarios(), st.floats(0.1, 0.9))
def test_along_the_frontier_each_cut_earns_the_goal_and_a_smaller_one_does_not(scenario, part):
    goal = part * frontier(scenario, 1.0).most + 1
    found = frontier(scenario, goal)
    for score, cut in list(zip(found.quality_score, found.cost_reduction, strict=True))[::25]:
        if np.isnan(cut):
            assert paid(scenario, quality_score=score, cost_reduction=0.6) < goal + 1
        else:
            assert paid(scenario, quality_score=score, cost_reduction=cut) >= goal - 1e-3


def test_two_quality_points_are_worth_more_than_half_a_point_of_cost():
    this_year = {tuple(move.fields): move for move in moves(simulate(SLIP)).this_year}
    quality, cost = this_year["quality_score",], this_year["cost_reduction",]
    assert quality.fields == {"quality_score": 0.767}
    assert quality.worth == pytest.approx(2_172_170)
    # 0.5% x 572,000,000 x 37.5% x 98%
    assert cost.worth == pytest.approx(1_051_050)


@settings(max_examples=10)
@given(scenarios())
def test_every_move_is_worth_what_it_says_and_every_election_has_its_mirror(scenario):
    result = simulate(scenario)
    found = moves(result)
    for move in (*found.this_year, *found.next_election):
        assert move.worth == pytest.approx(paid(scenario, **move.fields) - result.payment, abs=1e-3)
    assert all(move.worth > 0 and not move.mirror for move in found.this_year)
    assert all(set(m.fields) <= {"level", "minimum_election"} for m in found.next_election)
    worths = [move.worth for move in found.next_election]
    assert worths == sorted(worths, reverse=True)


def test_the_mirror_of_enhanced_is_what_it_would_owe_more():
    best = moves(simulate(Scenario(cost_reduction=-0.04))).next_election
    enhanced = next(move for move in best if move.fields == {"level": "ENHANCED"})
    # Overspent 4%: 10,010,000 against 6,864,000; saved 4% at 75.0: x 56.25% against x 37.5%.
    assert enhanced.worth == pytest.approx(6_864_000 - 10_010_000)
    assert enhanced.mirror == pytest.approx(572_000_000 * 0.04 * (0.5625 - 0.375) * 0.98)


def test_the_map_says_what_the_engine_pays_and_its_standard_is_upright():
    found = tradeoff(SLIP)
    for rate, score in ((0.031, 0.75), (0.031, 0.82), (0.019, 0.9), (-0.04, 0.5), (0.02, 0.6)):
        cut = cost_reduction_for(SLIP, rate)
        assert cut == pytest.approx(rate)
        assert found.at(rate, score) == pytest.approx(
            paid(SLIP, cost_reduction=cut, quality_score=score)
        )
    under, on = np.flatnonzero(np.abs(found.quality_score - 0.767) < 1e-5)
    assert found.at(0.031, 0.767) - found.payment[under].max() != 0
    band = int(np.flatnonzero(found.bands == 8e6)[0])
    # 8,000,000 / (572,000,000 x 50% x 98%) = 2.854%; x 38.35% instead: 3.722%
    assert found.threshold[band, on] == pytest.approx(0.028543, abs=1e-5)
    assert found.threshold[band, under] == pytest.approx(0.037213, abs=1e-5)


@settings(max_examples=10)
@given(scenarios())
def test_any_scenario_has_a_map_that_holds_it(scenario):
    found = tradeoff(scenario)
    rate, _, payment = found.here
    assert payment == pytest.approx(simulate(scenario).payment, rel=1e-6, abs=1)
    assert found.savings_rate[0] <= rate <= found.savings_rate[-1]
    assert found.payment.shape == (len(found.quality_score), len(found.savings_rate))
    assert np.all(np.isfinite(found.payment))
    assert 0 not in found.bands
