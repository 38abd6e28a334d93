"""What moved the money: fair to every order, complete to the cent, honest about what is tied."""

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.figures import apportioned, rounded
from mssp_sim.studies.levers import group
from mssp_sim.studies.moved import MOST_EXACT, Change, Moved, moved, shapley
from tests.strategies import floats, scenarios

GOOD = Scenario(quality_score=0.82)
CHANGES = {
    "cost_reduction": 0.036,
    "quality_score": 0.70,
    "regional_growth": 0.044,
    "level": "ENHANCED",
    "market_share": 0.3,
    "risk_growth": -0.01,
}
MANY = CHANGES | {
    "national_growth": 0.05, "own_growth": 0.052, "prospective_trend": 0.049,
    "regional_level": 0.02, "participant_revenue_share": 0.3, "assigned_beneficiaries": 50_000.0,
}  # fmt: skip


def over_every_order(before, changes):
    """Return the mean of what each change adds when it comes, one order after the other."""
    gained = dict.fromkeys(changes, 0.0)
    orders = list(itertools.permutations(changes))
    for order in orders:
        now = before
        for name in order:
            then = replace(now, **{name: changes[name]})
            gained[name] += simulate(then).payment - simulate(now).payment
            now = then
    return {name: total / len(orders) for name, total in gained.items()}


def by_field(what):
    return {name: change.dollars for change in what.changes for name in change.fields}


def test_the_slip_moved_by_cost_and_quality_worked_by_hand():
    # Cost 3.1% to 4.0% is 0.9% of 572,000,000 = 5,148,000 saved more: x 50% x 98% = 2,522,520
    # at full quality, x 37.5% x 98% = 1,891,890 at 75.0; quality 82 to 75 takes 12.5% x 98% of
    # 17,732,000 = 2,172,170 before the cut and of 22,880,000 = 2,802,800 after it.
    found = by_field(moved(GOOD, Scenario(cost_reduction=0.04)))
    assert found["cost_reduction"] == pytest.approx((2_522_520 + 1_891_890) / 2)
    assert found["quality_score"] == pytest.approx(-(2_172_170 + 2_802_800) / 2)


@pytest.mark.parametrize("count", [2, 3, pytest.param(4, marks=pytest.mark.long),
                                   pytest.param(5, marks=pytest.mark.long),
                                   pytest.param(6, marks=pytest.mark.long)])  # fmt: skip
def test_the_shares_are_the_mean_over_every_order(count):
    changes = dict(list(CHANGES.items())[:count])
    expected = over_every_order(GOOD, changes)
    assert by_field(moved(GOOD, replace(GOOD, **changes))) == pytest.approx(expected, abs=1e-3)


games = st.integers(1, 6).flatmap(
    lambda n: st.lists(floats(-1e8, 1e8), min_size=2**n, max_size=2**n)
)


@given(games)
def test_the_shares_of_any_game_sum_to_what_all_players_gain(worth):
    worth = np.array(worth)
    assert shapley(worth).sum() == pytest.approx(worth[-1] - worth[0], abs=1e-4)


@given(games, st.data())
def test_a_player_who_adds_nothing_gets_nothing(worth, data):
    worth = np.array(worth)
    player = data.draw(st.integers(0, len(worth).bit_length() - 2))
    coalition = np.arange(len(worth))
    assert shapley(worth[coalition & ~(1 << player)])[player] == 0


@given(games, st.data())
def test_players_who_swap_places_swap_shares(worth, data):
    worth = np.array(worth)
    count = len(worth).bit_length() - 1
    one, other = (data.draw(st.integers(0, count - 1)) for _ in range(2))
    at = np.arange(len(worth))
    bits = (at >> one & 1) ^ (at >> other & 1)
    swapped = shapley(worth[at ^ (bits << one) ^ (bits << other) if one != other else at])
    expected = shapley(worth)
    expected[[one, other]] = expected[[other, one]]
    assert swapped == pytest.approx(expected, abs=1e-4)


@settings(max_examples=15)
@given(scenarios(), scenarios())
def test_between_any_two_scenarios_the_bars_sum_to_the_difference_to_the_cent(before, after):
    what = moved(before, after)
    assert what.before == pytest.approx(simulate(before).payment)
    assert what.after == pytest.approx(simulate(after).payment)
    assert sum(what.in_cents()) == rounded(what.after, 2) - rounded(what.before, 2)
    assert len(what.changes) <= MOST_EXACT
    fields = [name for change in what.changes for name in change.fields]
    assert len(fields) == len(set(fields))


def test_a_change_that_moves_nothing_has_no_bar_of_its_own_dollars():
    what = moved(GOOD, replace(GOOD, quality_score=0.9, cost_reduction=0.04))
    assert by_field(what)["quality_score"] == 0
    assert str(what.in_cents()[1]) == "0.00"


@pytest.mark.parametrize(
    ("before", "after", "total"),
    [(0.004, 1.0, "1.00"), (0.0, 1.004, "1.00"), (0.006, 1.0, "0.99"), (1.006, 0.004, "-1.01")],
)
def test_cents_are_those_of_the_two_payments_each_rounded(before, after, total):
    what = Moved(before, after, (Change(("level",), "contract", after - before),))
    assert [str(cents) for cents in what.in_cents()] == [total]


def test_the_same_scenario_twice_moved_nothing():
    assert moved(GOOD, GOOD).changes == ()


def test_years_and_periods_are_one_rulebook_and_contract_and_minimum_are_one():
    after = replace(
        GOOD,
        performance_year=2023,
        agreement_start=dt.date(2023, 1, 1),
        agreement_period=1,
        level="ENHANCED",
        minimum_election=0.0,
    )
    found = {change.why: change.fields for change in moved(GOOD, after).changes}
    assert set(found["rulebook"]) == {"performance_year", "agreement_start", "agreement_period"}
    assert found["contract"] == ("level", "minimum_election")


def test_a_contract_of_another_time_moves_together_with_its_agreement():
    before = Scenario(performance_year=2018, agreement_start=dt.date(2018, 1, 1), level="3")
    (change,) = (c for c in moved(before, GOOD).changes if c.why == "only together")
    assert set(change.fields) == {"performance_year", "agreement_start", "level"}


def test_two_shares_that_would_overfill_the_region_move_together():
    before = Scenario(market_share=0.9, other_acos_share=0.1)
    what = moved(before, Scenario(market_share=0.1, other_acos_share=0.9))
    assert [(c.fields, c.why) for c in what.changes] == [
        (("market_share", "other_acos_share"), "only together")
    ]
    apart = moved(Scenario(), Scenario(market_share=0.2, other_acos_share=0.3))
    assert [c.why for c in apart.changes] == ["", ""]


def test_a_table_that_only_one_side_has_is_one_change():
    regional = np.asarray(GOOD.national_expenditure) * 1.1
    after = replace(GOOD, regional_expenditure=regional, cost_reduction=0.04, level="D")
    expected = over_every_order(
        GOOD, {"regional_expenditure": regional, "cost_reduction": 0.04, "level": "D"}
    )
    assert by_field(moved(GOOD, after)) == pytest.approx(expected, abs=1e-3)


def test_beyond_twelve_the_largest_group_moves_together_and_says_so():
    after = replace(GOOD, **MANY)
    assert len(moved(GOOD, after).changes) == MOST_EXACT
    more = moved(GOOD, replace(after, disaster_share=0.1))
    (together,) = (change for change in more.changes if change.why == "many")
    assert {group(name) for name in together.fields} == {"outside your control"}
    assert sum(more.in_cents()) == rounded(more.after, 2) - rounded(more.before, 2)


def test_every_field_has_a_group_and_the_rail_agrees_on_what_you_sign():
    assert group("minimum_election") == group("performance_year") == "your contract"
    assert group("alternative_standard_met") == "your actions"
    assert group("market_share") == group("national_expenditure") == "outside your control"


@given(st.lists(floats(-1e6, 1e6), min_size=1, max_size=8))
def test_rounded_parts_sum_to_the_rounded_total_and_nothing_stays_nothing(parts):
    total = rounded(sum(parts), 1)
    shown = apportioned(parts, total, Decimal("0.1"))
    if any(rounded(part, 4) for part in parts):
        assert sum(shown) == total
    for part, rounding in zip(parts, shown, strict=True):
        assert abs(float(rounding) - part) < 0.2
        assert rounded(part, 4) or not rounding
