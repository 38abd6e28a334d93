"""Single steps of the rule, worked by hand at the places where a slip would hide."""

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.rules import benchmark, settlement
from mssp_sim.simulation import payoff, settle

MIX = np.array([0.0, 0.0, 0.2, 0.8])


@pytest.mark.parametrize(
    ("amount", "share", "dollars", "forgiven"),
    [
        (100.0, 0.0, 30.0, 30.0),  # dollars alone
        (100.0, 0.1, 30.0, 40.0),  # 100 x 0.1 + 30
        (100.0, 0.0, 130.0, 100.0),  # never more than the loss
        (0.4, 1.0, 0.0, 0.4),  # all of a small loss
        (0.0, 0.5, 30.0, 0.0),  # nothing to forgive
        (-1.0, 0.0, 1.0, 0.0),  # no loss at all
        (100.0, 0.0, 0.0, 0.0),
    ],
)
def test_what_a_disaster_forgives(amount, share, dollars, forgiven):
    assert settlement.forgiven(amount, share, dollars) == pytest.approx(forgiven, abs=1e-12)


def test_a_disaster_forgives_by_its_share_where_no_dollars_are_given():
    assert settlement.forgiven(100.0, 0.25) == 25.0


@pytest.mark.parametrize(
    ("risk", "kept"),
    [(1.05, 0.75), (0.70, 1.0), (1.80, 0.0), (2.50, 0.0)],
    # 1 - (0.2 dual + 1.05 - 1) = 0.75; below nothing all is kept; 0.2 + 0.8 = 1 and more: none
)
def test_how_far_a_negative_adjustment_is_softened(risk, kept):
    spent = np.array([90_000.0, 12_000, 19_000, 11_000])
    offset = benchmark.offset_to_negative_adjustment(0.2, np.full(4, risk), spent, MIX)
    softened = benchmark.soften_negative_adjustment(np.full(4, -80.0), offset)
    assert softened == pytest.approx(np.full(4, -80.0 * kept), abs=1e-9)


def test_a_small_positive_adjustment_is_not_softened():
    softened = benchmark.soften_negative_adjustment(np.array([0.5, -80, 0, 1]), 0.25)
    assert softened == pytest.approx([0.5, -60.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("amounts", "which"),
    [
        ((0.5, 0.2, 0.1), benchmark.REGIONAL),
        ((0.2, 0.5, 0.1), benchmark.PRIOR_SAVINGS),
        ((0.1, 0.2, 0.5), benchmark.POPULATION),
        ((-3.0, 0.0, 0.0), benchmark.NONE),
        ((0.3, 0.1 + 0.2, 0.0), benchmark.REGIONAL),
        ((0.0, 80.0, 80.0 * (1 + 0.9e-9)), benchmark.PRIOR_SAVINGS),
        ((80.0, 0.0, 80.0 * (1 + 1.2e-9)), benchmark.POPULATION),
        ((1e9, 1e9 + 0.9, 0.0), benchmark.REGIONAL),
    ],
)
def test_the_one_adjustment_that_applies(amounts, which):
    found = benchmark.highest_adjustment(*amounts)
    assert found.dtype.kind == "i"
    assert found == which


def test_one_row_of_a_batch_is_the_settlement_alone():
    scores = np.array([0.75, 0.82])
    batch = simulate(Scenario(quality_score=scores))
    for row, score in enumerate(scores):
        one, alone = batch[row], simulate(Scenario(quality_score=float(score)))
        assert one.scenario == alone.scenario
        assert one.payment == alone.payment
        assert isinstance(one.standard_met, bool)
    wide = simulate(Scenario(quality_score=scores[None, :], level=np.array([["E"], ["A"]])))
    assert wide[1, 0].scenario.level == "A"
    assert wide[1, 0].scenario.quality_score == 0.75


def test_claims_of_a_large_batch_are_claims():
    rows = 70_000
    batch = simulate(
        Scenario(
            quality_score=np.linspace(0, 1, rows),
            participant_revenue_share=np.linspace(0.1, 1, rows),
            reporting_incentive_met=np.arange(rows) % 2 == 0,
            agreement_period=1 + np.arange(rows) % 2,
            level=np.where(np.arange(rows) % 3 == 0, "A", "E"),
            prospective_trend=np.linspace(0.0, 0.06, rows),
            cost_reduction=-0.01,
            minimum_election=0.0,
        )
    )
    for name in ("standard_met", "deemed", "two_sided", "low_revenue", "guardrail"):
        claims = getattr(batch, name)
        assert claims.dtype == np.bool_, name
        assert 0 < claims.sum() < rows, name


def test_a_settlement_knows_its_scenario():
    scenario = Scenario(level="ENHANCED")
    known = {"benchmark_total": 572e6, "expenditure_total": 554.268e6}
    result = settle(scenario, rules_in_force(2025), **known)
    assert result.scenario is scenario
    assert result.person_years == 44_000


def test_the_payoff_curve_minds_the_guardrail():
    # The prospective trend is 2 points below the region's, so the guardrail lifts the target of
    # whoever overspends past the minimum: two-way 1.051, three-way (1.031 + 2 x 1.051) / 3.
    scenario = Scenario(prospective_trend=0.031)
    at = payoff(scenario, np.array([-0.03, 0.031]))
    assert list(at.guardrail) == [True, False]
    assert at.benchmark_total[0] == pytest.approx(572e6)
