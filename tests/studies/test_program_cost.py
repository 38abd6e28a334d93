"""Program cost: what is left after the program is paid for and the advance is back."""

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.studies import program_cost
from mssp_sim.studies.advances import Investment
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.program_cost import (
    ProgramCost,
    ProgramCostError,
    break_even,
    net,
    read_cost,
    spending_cut,
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


def test_who_leaves_pays_back_what_is_left_of_an_advance_by_the_rule():
    # Year 1: 10,000 x 28 x 4 + 250,000 = 1,370,000 advanced, nothing earned; year 2: 1,120,000
    # more. It leaves at the end of June of year 2: 2,490,000 are due (425.630(g)(4)).
    path = {"level": "A", "agreement_period": 1, "cost_reduction": 0.01}
    stays = simulate(Scenario(**path))
    leaves = simulate(Scenario(**path, months_in_program=6))
    cost = ProgramCost(investment=Investment(28.0, 10_000, 8))
    after = net([stays, leaves], cost)
    assert after.advanced.tolist() == pytest.approx([1_370_000, 1_120_000])
    assert (after.recouped.tolist(), after.left_in, after.outstanding) == ([0, 0], 1, 0)
    assert after.repaid.tolist() == pytest.approx([0, 2_490_000])
    assert after.net.tolist() == pytest.approx([1_370_000, 1_120_000 - 2_490_000])
    # What a year took back is not due again: 8,000,000 of 1,370,000 + 1,120,000 are enough.
    earns = simulate(Scenario(**path | {"cost_reduction": 0.04, "quality_score": 0.82}))
    assert net([earns, leaves], cost).repaid.tolist() == pytest.approx([0, 1_120_000])
    # Nor is what was paid back taken from a later year: there 1,120,000 of its own are.
    assert net([leaves, earns], cost).recouped.tolist() == pytest.approx([0, 1_120_000])
    # Prepaid alike (425.640(g)(4)); an amount that is only known is carried on.
    renewed = {"agreement_start": dt.date(2026, 1, 1), "performance_year": 2026,
               "cost_reduction": 0.01}  # fmt: skip
    gone = simulate(Scenario(**renewed, months_in_program=6))
    prepaid = net([gone], ProgramCost(prepaid=405.0))
    assert prepaid.repaid.tolist() == pytest.approx(prepaid.advanced.tolist())
    assert net([gone], ProgramCost(advance=5e5)).outstanding == 500_000


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


HALF_THE_REGION = replace(
    GOOD, own_effect=True, market_share=0.5, national_growth=0.051, regional_growth=0.051
)
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
    def paid(_, __, cuts):
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
        ("aip:46", "amount a quarter is 46; it goes from 0 to 45"),
        ("aip:28,10001", "people is 10001; it goes from 0 to 10,000"),
        ("aip:,,9", "quarters is 9; it goes from 0 to 8"),
        ("aip:,,2.5", "quarters is 2.5; it is a whole number"),
        ("aip:,,nan", "quarters is nan; it is a whole number"),
        ("aip:1,2,3,4", "aip has 4 numbers; it has at most 3"),
        ("prepaid:-5", "prepaid is -5; it goes from 0 to 50,000"),
        ("own:101", "own_revenue is 1.01; it goes from 0 to 1"),
        ("own:30,-1", "own_margin is -0.01; it goes from 0 to 1"),
        ("own:a", "own is a; it is numbers with commas between"),
        ("aip:;prepaid:300", "a program cost has one advance"),
        ("advance:5;aip:", "a program cost has one advance"),
    ],
)
def test_a_hostile_cost_is_refused_with_what_is_allowed(text, said):
    with pytest.raises(ProgramCostError, match=said):
        read_cost(text)


ADVANCES = [
    {}, {"advance": 1e6}, {"prepaid": 405.25}, {"prepaid": 0.0}, {"investment": Investment()},
    {"investment": Investment(33.6, 8_000, 3)}, {"investment": Investment(quarters=0)},
    {"investment": Investment(people=9_999)},
]  # fmt: skip
OWN = [{}, {"own_revenue": 0.3}, {"own_revenue": 0.125, "own_margin": 0.4}]


@pytest.mark.parametrize("per_person", [0.0, 95.5])
@pytest.mark.parametrize(("advance", "own"), list(itertools.product(ADVANCES, OWN)))
def test_a_cost_travels_as_text(per_person, advance, own):
    cost = ProgramCost(per_person, **advance, **own)
    text = write_cost(cost)
    assert read_cost(text) == cost
    assert (text is None) == (cost == ProgramCost())


# Advances by the rule.


def test_an_investment_is_paid_recouped_and_carried_beyond_the_agreement():
    # 28 x 10,000 = 280,000 a quarter: 1,370,000 and 1,120,000. Nothing is earned at a cut of 1%.
    first = simulate(replace(GOOD, cost_reduction=0.01))
    after = net([first] * 5, ProgramCost(investment=Investment(28.0)))
    assert after.advanced.tolist() == pytest.approx([1_370_000, 1_120_000, 0, 0, 0])
    assert after.recouped.tolist() == [0] * 5
    assert after.repaid.tolist() == [0] * 5
    assert after.outstanding == pytest.approx(2_490_000)
    assert float(np.sum(after.net)) == pytest.approx(2_490_000)
    # 8,688,680 earned in the first year takes its own 1,370,000 back, the second the rest.
    after = net([simulate(GOOD)] * 2, ProgramCost(investment=Investment(28.0)))
    assert after.recouped.tolist() == pytest.approx([1_370_000, 1_120_000])
    assert after.outstanding == pytest.approx(0)
    assert after.net.tolist() == pytest.approx([8_688_680, 8_688_680], abs=0.5)


def test_prepaid_savings_that_are_not_earned_are_due_when_the_agreement_ends():
    start = {"agreement_start": dt.date(2026, 1, 1), "performance_year": 2026}
    years = [y.result for y in agreement(Scenario(cost_reduction=0.01, **start)).years]
    cost = ProgramCost(prepaid=405.0)
    after = net(years, cost)
    # 135 x 44,000 = 5,940,000 a year; nothing is earned
    assert float(np.sum(years[0].shared_savings)) == 0
    assert after.advanced.tolist() == pytest.approx([5_940_000] * 5)
    due = float(np.sum(after.advanced) - np.sum(after.recouped))
    assert after.repaid.tolist() == pytest.approx([0, 0, 0, 0, due])
    assert due > 0
    assert after.outstanding == 0
    assert float(np.sum(after.net)) == pytest.approx(float(np.sum(after.payment)))
    short = net(years[:3], cost)
    assert short.repaid.tolist() == [0, 0, 0]
    assert short.outstanding == pytest.approx(3 * 5_940_000)


# What the cut takes from the ACO's own revenue.


def test_what_is_cut_comes_off_the_own_revenue_by_share_and_margin():
    # 572,000,000 expected, of which 3.1% = 17,732,000 is cut; 30% of it is the ACO's own, and
    # 60% of that is lost in the end: 3,191,760.
    year = simulate(GOOD)
    after = net([year, year], ProgramCost(own_revenue=0.3, own_margin=0.6))
    assert after.forgone.tolist() == pytest.approx([3_191_760] * 2, abs=0.5)
    assert after.net.tolist() == pytest.approx([8_688_680 - 3_191_760] * 2, abs=0.5)
    all_of_it = net([year], ProgramCost(own_revenue=0.3))
    assert all_of_it.forgone[0] == pytest.approx(5_319_600, abs=0.5)


def test_without_a_share_nothing_is_forgone_and_a_rise_of_spending_brings_revenue():
    assert net([simulate(GOOD)], ProgramCost(per_person=10)).forgone.tolist() == [0]
    more = simulate(replace(GOOD, cost_reduction=-0.02))
    assert float(spending_cut(more)) == pytest.approx(-11_440_000)
    after = net([more], ProgramCost(own_revenue=0.25))
    assert after.forgone[0] == pytest.approx(-2_860_000)
    assert after.net[0] == pytest.approx(float(more.payment) + 2_860_000)


def test_the_spending_cut_is_what_the_same_year_would_have_spent_without_it():
    cuts = np.array([-0.3, -0.02, 0.0, 0.031, 0.5])
    found = spending_cut(simulate(replace(GOOD, cost_reduction=cuts)))
    without = float(simulate(replace(GOOD, cost_reduction=0.0)).expenditure_total)
    spent = simulate(replace(GOOD, cost_reduction=cuts)).expenditure_total
    assert found == pytest.approx(without - spent, abs=1e-6)


def test_the_break_even_is_found_where_a_larger_cut_pays_less():
    # At 2.0% saved 5,605,600 arrive, 572,000,000 x .02 x .95 = 10,868,000 are forgone at a whole
    # margin: no cut pays. At a margin of half 5,434,000 are: 171,600 remain for 135,000 of cost.
    assert break_even(GOOD, ProgramCost(1.0, own_revenue=0.95)) is None
    even = break_even(GOOD, ProgramCost(3.0, own_revenue=0.95, own_margin=0.5))
    assert even == pytest.approx(0.02, abs=1e-6)


def test_a_break_even_in_the_middle_is_found_though_the_largest_cut_does_not_pay():
    # The payment stops at 10% of the target, what is forgone goes on: at 60% cut 57,200,000
    # arrive and 343,200,000 x .3 = 102,960,000 are forgone.
    cost = ProgramCost(50.0, own_revenue=0.3)
    most = simulate(replace(GOOD, cost_reduction=0.6))
    assert float(most.payment - net([most], cost).forgone[0]) < 50 * 45_000
    even = break_even(GOOD, cost)
    # (.49 - .3) x 572,000,000 x cut = 2,250,000 at a cut of 2.0703%
    assert even == pytest.approx(2_250_000 / (0.19 * 572_000_000), abs=1e-6)
