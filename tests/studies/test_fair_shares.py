"""Practices: one in and out by hand, fair shares that add up, a pool to the cent, nonsense told."""

import io
import math
import time
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.studies.fair_shares import (
    _without_rest,
    combined,
    drawn_shares,
    exact_shares,
    pool,
    shared,
)
from mssp_sim.studies.practices import (
    EXAMPLE,
    Practice,
    PracticeError,
    Row,
    checked,
    read_practices,
    read_row,
    read_table,
    template,
    write_practices,
    written,
)
from mssp_sim.tables import TableError

RESULT = simulate(Scenario())


def some(count, seed=1, people=1_200.0):
    random = np.random.default_rng(seed)
    return tuple(
        Practice(f"P{n}", float(random.integers(200, people)), random.uniform(0.85, 1.2),
                 random.uniform(0.9, 1.1), random.uniform(0.5, 0.95), None,
                 random.uniform(-0.02, 0.08))
        for n in range(count)
    )  # fmt: skip


def test_a_row_without_its_cells_says_which_is_missing():
    nothing = read_row(3, {})
    assert nothing == Row(3, None, "People is empty; it is a number from 1 to 2,000,000", {})
    given = {"people": "1000", "cost": "100", "risk": "100", "inside": "yes"}
    assert read_row(3, given).practice.name == "Practice 3"
    assert read_row(3, {"people": "1000"}).practice == Practice("Practice 3", 1_000.0)
    assert read_row(3, given | {"inside": "No"}).practice.inside is False
    assert read_row(3, given | {"inside": "perhaps"}).fault == (
        "In the ACO is perhaps; it is yes or no"
    )


def test_all_as_they_are_pay_what_is_paid_and_nobody_else_does():
    practices = (*some(2), replace(some(1, seed=5)[0], inside=False))
    full = np.array([[1, 1, 0], [1, 1, 0], [1, 1, 1], [1, 0, 0], [0, 0, 0]], bool)
    rest = np.array([True, False, True, True, True])
    told = _without_rest(RESULT.scenario, practices, full, rest, 123.0)
    assert (told == 123.0).tolist() == [True, False, False, False, False]


def test_one_practice_out_and_in_again_by_hand():
    # 4,500 of 45,000 people with a score of 93 leave: 40,500 stay, 39,600 person-years. Score
    # (45,000 x 75 - 4,500 x 93) / 40,500 = 73.0; share of the region 9%, so the two-way blend
    # is 0.09 x 1.06 + 0.91 x 1.05 = 1.0509 and with a third of 1.051 1.0509333. Target
    # 12,369.17222 x 1.0509333 x 39,600 = 514,767,349; spending 13,000 x 0.969 x 39,600 =
    # 498,841,200; savings 15,926,149 (3.09%), paid at 50% x 0.73 less 2%: 5,696,784.
    practice = Practice("Lake Care", 4_500.0, quality=0.93)
    found = shared(RESULT, [practice])
    assert found.otherwise[0] == pytest.approx(5_696_784, abs=3)
    assert found.payment - found.otherwise[0] == pytest.approx(819_726, abs=3)
    assert found.people == (40_500,)
    # the same as a candidate beside an ACO without it
    without = simulate(combined(Scenario(), [practice], np.array([[False]])).rows(0))
    scenario = Scenario(
        assigned_beneficiaries=40_500.0, quality_score=0.73, market_share=0.09
    )  # fmt: skip
    assert float(without.payment) == pytest.approx(float(simulate(scenario).payment))


def test_a_practice_that_costs_more_than_its_people_are_ill_lowers_the_target():
    dear = Practice("Dear", 5_000.0, cost=1.2, risk=1.0, inside=False)
    ill = replace(dear, risk=1.2)
    one, two = (combined(Scenario(), [each], np.array([[True]])) for each in (dear, ill))
    assert one.regional_level[0] == pytest.approx(50_000 / 51_000 - 1)
    assert two.regional_level[0] == pytest.approx(0)
    # the region's advantage shrinks with the dear one; a net negative would count for nothing
    below = simulate(Scenario(regional_level=0.1))
    both = [shared(below, [each]).target[0] for each in (dear, ill)]
    assert both[0] < both[1]


def test_a_candidate_who_stays_out_changes_nothing():
    out = (Practice("Out", 5_000.0, 1.2, 1.1, 0.9, 0.02, 0.05, inside=False),)
    found = combined(Scenario(), out, np.array([[False]]))
    assert float(found.assigned_beneficiaries[0]) == 45_000
    assert float(simulate(found).payment[0]) == float(RESULT.payment)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 12))
def test_dropping_a_practice_and_adding_it_back_gives_the_same_bytes(seed, count):
    practices = some(count, seed)
    full, less = np.ones((1, count), bool), np.ones((1, count), bool)
    less[0, seed % count] = False
    first = combined(Scenario(), practices, full)
    combined(Scenario(), practices, less)
    again = combined(Scenario(), practices, full)
    for name in ("expenditure", "risk_score", "quality_score", "cost_reduction", "market_share",
                 "assigned_beneficiaries", "regional_level"):  # fmt: skip
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()
        own = np.asarray(getattr(Scenario(), name), float)
        assert np.array_equal(np.asarray(getattr(first, name))[0], own), name
    assert float(simulate(first).payment[0]) == float(RESULT.payment)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 14))
def test_fair_shares_add_up_to_the_payment_exactly_and_the_pool_to_the_cent(seed, count):
    found = shared(RESULT, some(count, seed), orders=40)
    assert math.fsum([*found.fair, found.rest]) == pytest.approx(found.payment, abs=1e-7)
    assert found.exact == (count + 1 <= 10)
    split = pool(found, found.payment)
    for parts in split.by_key.values():
        assert sum(parts) == split.amount == Decimal(f"{found.payment:.2f}")
        assert all(part >= 0 and part == part.quantize(Decimal("0.01")) for part in parts)


def test_exact_shares_are_the_mean_over_every_order():
    worth = np.random.default_rng(3).normal(size=16)
    worth[0] = 0

    def value(coalitions):
        return worth[coalitions @ (1 << np.arange(4))]

    wanted = np.zeros(4)
    for order in permutations(range(4)):
        there = 0
        for player in order:
            wanted[player] += (worth[there | 1 << player] - worth[there]) / 24
            there |= 1 << player
    assert exact_shares(value, 4) == pytest.approx(wanted)
    drawn, error = drawn_shares(value, 4, 4_000)
    assert np.all(np.abs(drawn - wanted) < 5 * error + 1e-9)
    assert drawn.sum() == pytest.approx(worth[15])


def test_members_who_are_alike_have_the_same_share_and_one_who_adds_nothing_none():
    two = (Practice("One", 3_000.0), Practice("Two", 3_000.0), Practice("Out", 9.0, inside=False))
    found = shared(RESULT, two)
    assert found.fair[0] == pytest.approx(found.fair[1], rel=1e-9)
    assert found.fair[2] == 0


def test_drawn_shares_are_the_exact_ones_within_their_error(monkeypatch):
    practices = some(8)
    exact = shared(RESULT, practices)
    monkeypatch.setattr("mssp_sim.studies.fair_shares.EXACT_TO", 2)
    drawn = shared(RESULT, practices)
    assert exact.exact
    assert not drawn.exact
    for one, two, error in zip(exact.fair, drawn.fair, drawn.error, strict=True):
        assert abs(one - two) < 5 * error


def test_everyone_may_stand_in_the_table_or_nobody():
    nobody = shared(RESULT, ())
    assert (nobody.fair, nobody.rest) == ((), pytest.approx(float(RESULT.payment)))
    whole = (Practice("One", 30_000.0), Practice("Two", 15_000.0))
    found = shared(RESULT, whole)
    assert found.rest == 0
    assert sum(found.fair) == pytest.approx(float(RESULT.payment))
    alone = shared(RESULT, (Practice("All", 45_000.0),))
    assert alone.otherwise == (0.0,)
    assert alone.fair == (pytest.approx(float(RESULT.payment)),)


@pytest.mark.long
def test_thirty_practices_take_at_most_200_ms():
    practices, times = some(30), []
    for _ in range(5):
        start = time.process_time()
        shared(RESULT, practices)
        times.append(time.process_time() - start)
    assert min(times) <= 0.2


def test_a_pool_of_nothing_is_nothing_and_a_negative_share_takes_none():
    found = shared(RESULT, EXAMPLE)
    split = pool(found, -5.0)
    assert split.amount == 0
    assert min(found.fair) < 0
    assert pool(found, 100.0).by_key["fair"][2] == 0


# The table.


def test_the_template_is_read_as_it_was_written():
    rows = read_table(io.BytesIO(template()))
    assert tuple(row.practice for row in rows) == EXAMPLE
    assert not any(row.fault for row in checked(Scenario(), rows))


NONSENSE = [
    ({"people": ""}, "People is empty; it is a number from 1 to 2,000,000"),
    ({"people": "=cmd()"}, "People is =cmd(); it is a number from 1 to 2,000,000"),
    ({"people": "900", "cost": "9"}, "Cost against the ACO is 9; it is a number from 20 to 500"),
    ({"people": "900", "quality": "101"}, "Quality score is 101; it is a number from 0 to 100"),
    ({"people": "900", "inside": "maybe"}, "In the ACO is maybe; it is yes or no"),
]


@pytest.mark.parametrize(("told", "fault"), NONSENSE)
def test_nonsense_is_explained_beside_the_row(told, fault):
    assert read_row(7, told) == Row(7, None, fault)


def test_rows_that_do_not_fit_together_say_so():
    rows = (
        Row(2, Practice("Lake Care", 40_000.0)),
        Row(3, Practice("lake care", 10.0)),
        Row(4, Practice("Hill", 6_000.0)),
        Row(5, Practice("Far", 90_000.0, inside=False)),
    )
    faults = [row.fault for row in checked(Scenario(), rows)]
    assert faults[0] == faults[3] == ""
    assert faults[1] == "lake care stands twice; a practice has one row"
    assert "come to 46,000, more than the ACO's 45,000" in faults[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Practice;People\n", "no practice"),
        ("Practice,Cost against the ACO %\nA,3\n", "no column People"),
    ],
)
def test_a_table_that_is_none_says_why(text, said):
    with pytest.raises((PracticeError, TableError), match=said):
        read_table(io.BytesIO(text.encode()))


def test_a_formula_in_a_name_is_text_in_the_table_that_is_taken_away():
    assert b"'=1+1" in written([Practice("=1+1", 9.0)])


def test_a_link_holds_practices_without_their_names():
    text = write_practices(EXAMPLE)
    found = read_practices(text)
    assert [p.people for p in found] == [p.people for p in EXAMPLE]
    assert [replace(p, name="") for p in found] == [replace(p, name="") for p in EXAMPLE]
    assert write_practices(some(40)) is None
    with pytest.raises(PracticeError, match="practice 1"):
        read_practices("1,2")
