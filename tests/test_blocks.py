"""A large batch is settled in blocks; where the blocks end must not show."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.batching import ROWS_AT_ONCE
from mssp_sim.simulation import NUMBERS, settle

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
        for name in NUMBERS:
            whole = np.broadcast_to(getattr(together, name), ROWS)
            assert whole[row] == getattr(alone, name), (row, name)


def test_a_target_set_aside_in_a_later_block_leaves_what_was_handed_in_as_it_was():
    benchmark = np.full(ROWS, 1_000.0)
    spent = np.where(np.arange(ROWS) < ROWS_AT_ONCE, 990.0, 1_050.0)
    together = settle(
        Scenario(), rules_in_force(2025), benchmark_total=benchmark, expenditure_total=spent,
        two_way_total=np.full(ROWS, 1_020.0),
    )  # fmt: skip
    assert set(benchmark) == {1_000.0}
    expected = np.where(spent > 1_000, 1_020.0, 1_000.0)
    np.testing.assert_array_equal(together.benchmark_total, expected)
    np.testing.assert_array_equal(together.gross_savings, expected - spent)
    np.testing.assert_array_equal(together.guardrail, spent > 1_000)


@pytest.mark.parametrize("shape", [(2, ROWS_AT_ONCE), (ROWS_AT_ONCE,), (4, 3)])
def test_totals_of_any_shape_keep_it(shape):
    spent = np.linspace(900.0, 1_100.0, int(np.prod(shape))).reshape(shape)
    together = settle(
        Scenario(), rules_in_force(2025), benchmark_total=1_000.0, expenditure_total=spent
    )
    assert np.shape(together.payment) == np.shape(together.state) == shape
    np.testing.assert_allclose(together.gross_savings, 1_000.0 - spent)


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


YEARS = np.array([2022, 2023, 2024, 2025, 2023, 2025, 2025])
STARTS = np.array(
    ["2022-01-01", "2022-01-01", "2024-01-01", "2024-01-01", "2023-01-01", "2025-01-01",
     "2023-01-01"],
    "datetime64[D]",
)  # fmt: skip


def same(together, alone, row):
    for name in NUMBERS:
        assert getattr(together, name)[row] == getattr(alone, name), (row, name)


def test_years_and_starts_are_settled_by_the_rules_of_each():
    cuts = np.linspace(0.01, 0.06, len(YEARS))
    weather = {"prospective_trend": 0.04}  # counts in agreements from 2024 only
    together = simulate(
        Scenario(performance_year=YEARS, agreement_start=STARTS, cost_reduction=cuts, **weather)
    )
    assert len(set(together.quality_performance_standard)) == 4
    for row, (year, start, cut) in enumerate(zip(YEARS, STARTS, cuts, strict=True)):
        alone = simulate(
            Scenario(
                performance_year=int(year), agreement_start=start.item(),
                cost_reduction=float(cut), **weather,
            )
        )  # fmt: skip
        same(together, alone, row)


@pytest.mark.parametrize("varied", ["performance_year", "agreement_start"])
def test_years_alone_or_starts_alone_may_vary(varied):
    values = {"performance_year": YEARS[1:3] + 1, "agreement_start": STARTS[[1, 4]]}[varied]
    fixed = {"performance_year": 2024, "agreement_start": dt.date(2022, 1, 1)}
    together = simulate(Scenario(**fixed | {varied: values}))
    for row, value in enumerate(values.tolist()):
        same(together, simulate(Scenario(**fixed | {varied: value})), row)


def test_years_that_vary_along_one_axis_keep_the_shape_of_the_batch():
    scores = np.array([[0.7, 0.8, 0.9]])
    together = simulate(
        Scenario(
            performance_year=YEARS[:2, None], agreement_start=dt.date(2022, 1, 1),
            quality_score=scores,
        )
    )  # fmt: skip
    assert together.payment.shape == together.deemed.shape == (2, 3)
    for row, column in np.ndindex(2, 3):
        alone = simulate(
            Scenario(
                performance_year=int(YEARS[row]), agreement_start=dt.date(2022, 1, 1),
                quality_score=float(scores[0, column]),
            )
        )  # fmt: skip
        assert together.payment[row, column] == alone.payment


def test_rules_that_are_given_are_used_for_every_row():
    without_cut = replace(rules_in_force(2025), sequestration_rate=0.0)
    paid = simulate(Scenario(quality_score=np.array([0.75, 0.82])), without_cut).shared_savings
    # 17,732,000 x 37.5% and x 50%, nothing cut off
    assert paid == pytest.approx([6_649_500, 8_866_000])
    assert simulate(Scenario(), without_cut).sequestration == 0
