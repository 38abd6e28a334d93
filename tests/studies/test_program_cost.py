"""Program cost: what is left after the program is paid for and the advance is back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.studies import program_cost
from mssp_sim.studies.program_cost import (
    ProgramCost,
    ProgramCostError,
    break_even,
    net,
    read_cost,
    write_cost,
)

GOOD = Scenario(quality_score=0.82)


def test_an_advance_is_taken_back_from_what_is_earned_and_never_from_the_settlement():
    unpaid, good = simulate(replace(GOOD, cost_reduction=0.01)), simulate(GOOD)
    after = net([unpaid, good, good], ProgramCost(per_person=100, advance=10_000_000))
    # Nothing earned, then 8,688,680, then what is still missing of the 10,000,000.
    assert after.recouped.tolist() == pytest.approx([0, 8_688_680, 1_311_320], abs=0.5)
    assert after.payment.tolist() == pytest.approx([0, 8_688_680, 8_688_680], abs=0.5)
    # 45,000 x 100 = 4,500,000 a year; 10,000,000 - 4,500,000 = 5,500,000 in the first
    assert after.net.tolist() == pytest.approx([5_500_000, -4_500_000, 2_877_360], abs=0.5)
    assert after.outstanding == 0.0
    assert after.pays_from == 0


def test_what_no_saving_covers_stays_outstanding():
    unpaid = simulate(replace(GOOD, cost_reduction=0.01))
    after = net([unpaid], ProgramCost(advance=250_000))
    assert after.outstanding == 250_000
    assert float(unpaid.shared_savings) == 0.0


def test_losses_repay_no_advance():
    owing = simulate(replace(GOOD, cost_reduction=-0.03))
    after = net([owing], ProgramCost(advance=250_000))
    assert after.recouped.tolist() == [0.0]
    assert after.payment.tolist() == pytest.approx([-5_148_000], abs=0.5)


@settings(max_examples=20)
@given(per_person=st.floats(1, 400), quality=st.sampled_from([0.4, 0.75, 0.82]))
def test_at_the_break_even_the_payment_covers_the_cost_and_just_below_it_does_not(
    per_person, quality
):
    here = Scenario(quality_score=quality)
    cost = ProgramCost(per_person)
    even = break_even(here, cost)
    wanted = per_person * 45_000
    if even is None:
        most = simulate(replace(here, cost_reduction=np.linspace(0, 0.6, 61))).payment.max()
        assert most < wanted
        return
    at, below = simulate(replace(here, cost_reduction=np.array([even, even - 1e-4]))).payment
    assert at >= wanted - 1e-3
    assert below < wanted


def test_the_break_even_stands_at_the_cliff_where_the_cost_is_small():
    # At 2.0% saved 5,605,600 arrive, far more than 45,000 x 10 = 450,000.
    assert break_even(GOOD, ProgramCost(10)) == pytest.approx(0.02, abs=1e-6)


HALF_THE_REGION = replace(GOOD, own_effect=True, market_share=0.5)
"""Its own cut slows its region: past the payment limit every further cut pays less."""


def reached(here, per_person, cuts):
    wanted = per_person * 45_000
    return simulate(replace(here, cost_reduction=cuts)).payment >= wanted - 1e-3


@pytest.mark.parametrize("per_person", [1_145, 1_180, 1_221, 1_221.11])
def test_a_cost_that_is_reached_inside_the_range_and_not_at_its_end_has_its_least_cut(per_person):
    # Paid 23.6% in: 54,950,133 (1,221.11 a person); at the end, 60% cut, 51,480,000 (1,144).
    assert reached(HALF_THE_REGION, per_person, np.array([0.6])).tolist() == [False]
    even = break_even(HALF_THE_REGION, ProgramCost(per_person))
    cuts = np.array([even - 1e-4, even])
    assert reached(HALF_THE_REGION, per_person, cuts).tolist() == [False, True]
    every = np.linspace(0, 0.6, 60_001)
    assert even == pytest.approx(every[reached(HALF_THE_REGION, per_person, every)][0], abs=1e-5)


def test_a_cost_above_the_most_that_any_cut_is_paid_has_no_break_even():
    assert break_even(HALF_THE_REGION, ProgramCost(1_280)) is None


def test_of_several_places_where_the_cost_is_reached_the_least_counts(monkeypatch):
    def paid(_, cuts):
        return np.where((cuts > 0.1) & (cuts < 0.12) | (cuts > 0.4), 1e9, 0.0)

    monkeypatch.setattr(program_cost, "_paid", paid)
    assert break_even(GOOD, ProgramCost(100)) == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("person:-1", "per_person is -1; it goes from 0 to 10,000"),
        ("person:nan", "per_person is nan; it goes from 0"),
        ("gift:1", "gift:1 is not part of a program cost"),
        ("advance:x", "advance is x; it is a number of dollars"),
    ],
)
def test_a_hostile_cost_is_refused_with_what_is_allowed(text, said):
    with pytest.raises(ProgramCostError, match=said):
        read_cost(text)


def test_a_cost_travels_as_text():
    assert read_cost(write_cost(ProgramCost(95.5, 1e6))) == ProgramCost(95.5, 1e6)
    assert write_cost(ProgramCost()) is None
