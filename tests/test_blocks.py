"""A large batch is settled in blocks; where the blocks end must not show."""

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.simulation import NUMBERS, ROWS_AT_ONCE, settle

ROWS = 2 * ROWS_AT_ONCE + 17
EDGES = (0, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS - 1)


@pytest.mark.parametrize("minimum", [(0.02, 0.0), (0.0, 0.02)])
def test_a_guardrail_in_one_block_only_reaches_its_own_rows(minimum):
    elections = np.full(ROWS, minimum[1])
    elections[:ROWS_AT_ONCE] = minimum[0]
    plain = Scenario(cost_reduction=-0.01, prospective_trend=0.04)
    batch = simulate(
        Scenario(cost_reduction=-0.01, prospective_trend=0.04, minimum_election=elections)
    )
    assert len(set(batch.state)) == 2
    for row in EDGES:
        alone = simulate(
            Scenario(
                cost_reduction=plain.cost_reduction,
                prospective_trend=plain.prospective_trend,
                minimum_election=float(elections[row]),
            )
        )
        for name in NUMBERS:
            assert getattr(batch, name)[row] == getattr(alone, name), (row, name)


def test_known_totals_are_settled_in_blocks_too():
    benchmark = np.linspace(1e8, 9e8, ROWS)
    spent = benchmark * np.linspace(0.9, 1.1, ROWS)
    rules = rules_in_force(2025)
    together = settle(Scenario(), rules, benchmark_total=benchmark, expenditure_total=spent)
    for row in EDGES:
        alone = settle(
            Scenario(), rules, benchmark_total=benchmark[row], expenditure_total=spent[row]
        )
        assert together.payment[row] == alone.payment
        assert together.state[row] == alone.state


def test_fields_of_different_shapes_are_settled_together():
    scores = np.linspace(0, 1, 7)[None, :]
    met = np.array([[True], [False]])
    together = simulate(Scenario(quality_score=scores, alternative_standard_met=met))
    assert together.payment.shape == together.benchmark_total.shape == (2, 7)
    for row, column in ((0, 5), (1, 5), (1, 6)):
        alone = simulate(
            Scenario(
                quality_score=float(scores[0, column]),
                alternative_standard_met=bool(met[row, 0]),
            )
        )
        assert together.payment[row, column] == alone.payment
        assert together[row, column].state == alone.state
