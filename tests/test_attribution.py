"""A list that moves: nobody and no dollar is lost, and standing still changes nothing."""

import dataclasses
import math
import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.attribution import (
    STILL,
    Cause,
    Churn,
    ChurnError,
    Flow,
    follow,
    inputs,
    moved,
    read,
    settle_the_list,
    written,
)
from mssp_sim.figures import millions
from mssp_sim.parameters import LEVELS
from mssp_sim.quantity import ScenarioError
from mssp_sim.screens.attribution import figures, words
from tests.strategies import floats, lever, scenarios

CENT = 0.005
SLIP = Scenario()
ALIKE = {"national_growth": 0.051, "regional_growth": 0.051}
"""Trends with which the market share of the list that moved makes no difference."""
SHARES = ("leave", "join", "dropped", "new_clinicians", "relative_cost")
FEW = settings(max_examples=15)


@st.composite
def churns(draw, **fixed):
    """Return movements over the reach of the page's levers."""
    found = {name: draw(floats(*inputs()[name].slider)) for name in SHARES}
    found |= {"prospective": draw(st.booleans())} | fixed
    found["dropped"] = min(found["dropped"], found["leave"])
    return Churn(**found)


def people(low=100.0, high=150_000.0):
    return floats(low, high)


LEVERS = ("cost_reduction", "market_share", "national_growth", "regional_growth", "risk_growth")


@st.composite
def acos(draw, **fixed):
    """Return the reference ACO under other levers and contracts: quicker than any scenario."""
    found = {name: draw(lever(name)) for name in LEVERS} | {
        "assigned_beneficiaries": draw(st.one_of(st.just(5_100.0), people())),
        "level": draw(st.sampled_from(LEVELS)),
        "minimum_election": draw(st.sampled_from([0.0, 0.02, "size"])),
        "own_effect": draw(st.booleans()),
    }
    return replace(SLIP, **(found | fixed))


def every_scenario(**fixed):
    """Mark a law to be held against any scenario of any year too, where there is time."""
    return pytest.mark.parametrize(
        "any_scenario",
        [
            pytest.param(acos(**fixed), id="levers"),
            pytest.param(scenarios(**fixed), id="all", marks=pytest.mark.long),
        ],
    )


def settled(scenario, churn):
    found = None
    with suppress(ScenarioError):
        found = settle_the_list(simulate(scenario), churn)
    assume(found is not None)
    return found


# The reference ACO by hand. 45,000 people; 44,000 person-years at $13,000 expected: $572,000,000;
# 3.1% of it is the effect made, $17,732,000.
#   counted 45,000 × (1 − 0.051) = 42,705; joined 45,000 × 0.04 = 1,800
#   final 44,505 / 0.97 = 45,881.443299; new 3% of it, 1,376.443299
#   effect paid for 17,732,000 × 42,705 / 45,000 = 16,827,668; elsewhere 904,332
#   cut (42,705 × 0.031 − 0.05 × 1,376.443299) / 45,881.443299 = 1,255.032835 / 45,881.443299
#   saved 1,255.032835 people's cost of $12,711.1111 = 15,952,861.81; × 0.375 × 0.98 = 5,862,676.71
#   the share 10.1958763% weighs the nation more: 2/3 × 0.001958763 × (1.06 − 1.05) × 12,369.1722 =
#   $0.161519 a person-year more target; × 44,862.966667 × 0.3675 = 2,662.97; in all 5,865,339.68
HAND = {
    "january": 45_000, "counted": 42_705, "joined": 1_800, "final": 45_881.443299,
    "new": 1_376.443299, "gone": 2_295, "expected": 572_000_000, "effect_made": 17_732_000,
    "effect_paid_for": 16_827_668, "effect_elsewhere": 904_332, "cost_reduction": 0.027353822,
    "market_share": 0.101958763,
}  # fmt: skip


@pytest.mark.parametrize("name", HAND)
def test_the_reference_list_is_as_by_hand(name):
    flow = follow(simulate(SLIP), Churn())
    assert float(getattr(flow, name)) == pytest.approx(HAND[name], rel=2e-8)


def test_the_reference_settlement_is_as_by_hand():
    found = settle_the_list(simulate(SLIP), Churn())
    assert found.after.payment == pytest.approx(5_865_339.68, abs=0.01)
    assert found.causes[Cause.MARKET_SHARE] > 0
    found = settle_the_list(simulate(replace(SLIP, **ALIKE)), Churn())
    assert found.before.payment == pytest.approx(6_516_510, abs=CENT)
    assert found.after.payment == pytest.approx(5_862_676.71, abs=0.01)
    assert found.after.person_years == pytest.approx(45_881.443299 * 44 / 45)
    # Above the minimum in every order: an effect that went is its share of the payment, 0.3675.
    assert found.causes[Cause.ELSEWHERE] == pytest.approx(-904_332 * 0.3675, rel=1e-9)
    assert found.causes[Cause.MINIMUM] == pytest.approx(0, abs=CENT)
    assert found.causes[Cause.MARKET_SHARE] == pytest.approx(0, abs=CENT)


def test_a_list_fixed_before_the_year_only_shrinks_by_the_rule():
    # 45,000 × 0.98 = 44,100 stay, nobody joins; the effect on 900 of 45,000 is 354,640.
    flow = follow(simulate(SLIP), Churn(prospective=True, new_clinicians=0.0))
    assert (flow.counted, flow.joined, flow.final) == (44_100, 0, 44_100)
    assert flow.effect_elsewhere == pytest.approx(354_640)


def test_a_list_that_shrinks_across_5_000_meets_the_table_by_size():
    # 5,200 × (1 − 0.10) = 4,680: 5.0 − 1.1 × 1,680 / 1,999 = 4.0755% instead of the 2.0% chosen.
    churn = Churn(leave=0.10, join=0, new_clinicians=0)
    found = settle_the_list(simulate(replace(SLIP, assigned_beneficiaries=5_200)), churn)
    assert found.after.minimum_savings_rate == pytest.approx(0.05 - 0.011 * 1_680 / 1_999)
    assert found.before.minimum_savings_rate == 0.02
    assert found.before.payment > 0
    assert found.after.payment == 0
    assert found.causes[Cause.MINIMUM] < 0


@FEW
@given(churns(), people(), floats(-0.6, 0.6))
def test_nobody_is_lost(churn, january, cut):
    scenario = replace(SLIP, assigned_beneficiaries=january, cost_reduction=cut)
    flow = follow(simulate(scenario), churn)
    assert flow.counted + flow.gone == pytest.approx(flow.january, rel=1e-12)
    assert flow.counted + flow.joined + flow.new == pytest.approx(flow.final, rel=1e-12)
    assert 0 <= flow.counted <= january
    assert min(flow.joined, flow.new, flow.gone) >= 0


@every_scenario()
@FEW
@given(st.data())
def test_no_dollar_of_effect_is_lost(any_scenario, data):
    churn, scenario = data.draw(churns()), data.draw(any_scenario)
    result = simulate(scenario)
    flow = follow(result, churn)
    made = flow.effect_paid_for + flow.effect_elsewhere
    assert made == pytest.approx(flow.effect_made, rel=1e-9, abs=1e-6)
    assert flow.expected - flow.effect_made == pytest.approx(result.expenditure_total, rel=1e-9)


@every_scenario()
@FEW
@given(st.data())
def test_the_final_list_costs_what_its_people_cost(any_scenario, data):
    churn, scenario = data.draw(churns()), data.draw(any_scenario)
    flow = follow(simulate(scenario), churn)
    each = flow.expected / flow.january
    people_cost = flow.counted * (1 - scenario.cost_reduction) + flow.joined
    people_cost += churn.relative_cost * flow.new
    found = settled(scenario, churn)
    assert found.after.expenditure_total == pytest.approx(each * people_cost, rel=1e-9)


@every_scenario()
@FEW
@given(st.data())
def test_a_list_that_stands_still_changes_nothing_to_the_cent(any_scenario, data):
    churn, scenario = data.draw(churns(**STILL)), data.draw(any_scenario)
    result = simulate(scenario)
    found = settle_the_list(result, churn)
    for name in ("payment", "benchmark_total", "expenditure_total", "minimum_savings_rate"):
        assert getattr(found.after, name) == getattr(result, name), name
    assert moved(scenario, follow(result, churn)) == scenario
    assert all(abs(dollars) < CENT for dollars in found.causes.values())


@every_scenario()
@FEW
@given(st.data())
def test_the_causes_add_to_the_difference_to_the_cent(any_scenario, data):
    churn, scenario = data.draw(churns()), data.draw(any_scenario)
    found = settled(scenario, churn)
    difference = found.after.payment - found.before.payment
    assert sum(found.causes.values()) == pytest.approx(difference, abs=CENT)


@every_scenario(minimum_election=0.02)
@FEW
@given(st.data())
def test_a_settlement_grows_with_its_people_while_the_minimum_stays(any_scenario, data):
    """What lets the size of the list be told from the minimum by size."""
    scenario, times = data.draw(any_scenario), data.draw(floats(0.3, 3.0))
    few = simulate(replace(scenario, assigned_beneficiaries=60_000))
    many = simulate(replace(scenario, assigned_beneficiaries=60_000 * times))
    assume(few.minimum_savings_rate == many.minimum_savings_rate)
    assert many.payment == pytest.approx(few.payment * times, rel=1e-9, abs=CENT)


def by_every_order(scenario, churn):
    """Return the causes the slow way: all 120 orders, one settlement at a time."""
    result = simulate(scenario)
    flow = follow(result, churn)
    known = {}

    def payment(happened):
        if happened not in known:
            base = flow.counted + flow.joined if Cause.LIST_SIZE in happened else flow.january
            new = Cause.NEW_CLINICIANS in happened
            people = base / (1 - churn.new_clinicians) if new else base
            managed = flow.counted if Cause.ELSEWHERE in happened else flow.january
            cut = scenario.cost_reduction * managed / people
            cut -= (churn.relative_cost - 1) * churn.new_clinicians * new
            heads = flow.final if Cause.MINIMUM in happened else flow.january
            share = flow.market_share if Cause.MARKET_SHARE in happened else scenario.market_share
            row = replace(
                scenario, assigned_beneficiaries=heads, market_share=share, cost_reduction=cut
            )
            known[happened] = simulate(row).payment * people / heads
        return known[happened]

    totals = dict.fromkeys(Cause, 0.0)
    for order in permutations(Cause):
        happened = frozenset()
        for cause in order:
            totals[cause] += payment(happened | {cause}) - payment(happened)
            happened |= {cause}
    return {cause: total / math.factorial(len(Cause)) for cause, total in totals.items()}


@pytest.mark.parametrize(
    "scenario",
    [
        replace(SLIP, regional_growth=0.06, national_growth=0.04),
        replace(SLIP, assigned_beneficiaries=5_300, minimum_election=0.01),
        replace(SLIP, cost_reduction=-0.04, level="ENHANCED", own_effect=True),
    ],
    ids=["trend", "near 5,000", "owed"],
)
def test_each_cause_is_its_average_over_every_order(scenario):
    churn = Churn(leave=0.2, join=0.05, new_clinicians=0.05, relative_cost=1.1)
    expected = by_every_order(scenario, churn)
    assert settle_the_list(simulate(scenario), churn).causes == pytest.approx(expected, abs=CENT)


def test_a_larger_share_of_a_faster_growing_nation_moves_the_target():
    fast_region = replace(SLIP, regional_growth=0.06, national_growth=0.04)
    growing = Churn(leave=0, dropped=0, join=0.3, new_clinicians=0)
    causes = settle_the_list(simulate(fast_region), growing).causes
    assert causes[Cause.MARKET_SHARE] < 0


def test_market_share_stops_at_what_other_acos_leave():
    crowded = replace(SLIP, market_share=0.6, other_acos_share=0.3)
    flow = follow(simulate(crowded), Churn(leave=0, dropped=0, join=0.3))
    assert flow.market_share == pytest.approx(0.7)
    alone = replace(SLIP, market_share=0.9)
    assert follow(simulate(alone), Churn(leave=0, dropped=0, join=0.3)).market_share == 1


def test_arrays_give_what_their_elements_give():
    leaves, sizes = np.array([0.02, 0.1, 0.3]), np.array([[5_100.0], [45_000.0]])
    scenario = replace(SLIP, assigned_beneficiaries=sizes)
    many = settle_the_list(simulate(scenario), Churn(leave=leaves))
    flow = follow(simulate(scenario), Churn(leave=leaves))
    assert many.after.payment.shape == (2, 3)
    for row, size in enumerate(sizes[:, 0]):
        for column, leave in enumerate(leaves):
            alone_in = simulate(replace(SLIP, assigned_beneficiaries=float(size)))
            one = settle_the_list(alone_in, Churn(leave=float(leave)))
            assert many.after.payment[row, column] == pytest.approx(one.after.payment)
            for cause in Cause:
                assert many.causes[cause][row, column] == pytest.approx(one.causes[cause], abs=CENT)
            final = follow(alone_in, Churn(leave=float(leave))).final
            assert flow.final[row, column] == pytest.approx(final)


BAD = {
    "leave": (1.2, "leave is 1.2; it goes from 0 to 0.9"),
    "join": (-0.1, "join is -0.1; it goes from 0 to 1"),
    "new_clinicians": (0.6, "new_clinicians is 0.6; it goes from 0 to 0.5"),
    "relative_cost": (math.nan, "relative_cost is nan; it goes from 0.5 to 2"),
    "prospective": ("maybe", "prospective is maybe; it is True or False"),
    "dropped": (0.06, "dropped is 0.06; it is at most leave, 0.051"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_one_clear_sentence(name):
    value, said = BAD[name]
    with pytest.raises(ChurnError, match="This movement of the list cannot be: ") as refused:
        Churn(**{name: value})
    assert refused.value.faults == {name: said}


def test_all_faults_are_named_at_once_and_arrays_that_do_not_fit():
    with pytest.raises(ChurnError) as refused:
        Churn(leave=2, join="many")
    assert set(refused.value.faults) == {"leave", "join"}
    with pytest.raises(ChurnError, match="the arrays do not fit together"):
        Churn(leave=np.array([0.1, 0.2]), join=np.array([0.1, 0.2, 0.3]))


def test_a_list_no_scenario_can_hold_is_refused_with_the_scenarios_sentence():
    with pytest.raises(ScenarioError, match="assigned_beneficiaries is"):
        settle_the_list(simulate(replace(SLIP, assigned_beneficiaries=1)), Churn(join=0))


@FEW
@given(churns())
def test_a_movement_survives_its_text(churn):
    there_and_back = read(written(churn))
    assert len(written(churn)) <= 60
    for name in SHARES:
        assert getattr(there_and_back, name) == pytest.approx(getattr(churn, name), abs=1e-8)
    assert there_and_back.prospective == churn.prospective


HOSTILE = (
    "", ",", "5.1", "5.1,4,2,3,105", "5.1,4,2,3,105,later", "nan,4,2,3,105,after",
    "1e9,4,2,3,105,after", "-5,4,2,3,105,after", "5.1,4,2,3,105,after,", "5.1;4;2;3;105;after",
    "500,4,2,3,105,after", "1,4,2,3,105,after", "٥,4,2,3,105,after", "5.1,4,2,3,105,after\n",
    "9" * 5_000, "5.1,4,2,3,0,after", "5.1,4,2,99,105,before", "<script>,4,2,3,105,after",
    "5.1,4,2,3,999,after",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_a_hostile_text_is_refused_in_one_sentence(text):
    with pytest.raises(ChurnError) as refused:
        read(text)
    assert len(str(refused.value)) < 300


@FEW
@given(st.text(max_size=80))
def test_any_text_is_a_movement_or_refused(text):
    with suppress(ChurnError):
        assert written(read(text)).count(",") == 5


# Sentences.

LEFT = "2,295 people you managed were not yours at the end"
ELSEWHERE = "of effect went elsewhere."
STATES = {
    "less": ({}, {}, f"{LEFT}: $0.9M {ELSEWHERE} You earn $5.9M instead of $6.5M."),
    "before the year": (
        {},
        {"prospective": True, "new_clinicians": 0},
        f"900 people you managed were dropped from the list: $0.4M {ELSEWHERE} "
        "You earn $6.4M instead of $6.5M.",
    ),
    "still": (
        {},
        STILL,
        "The list does not move: 45,000 people all year, and all $17.7M of effect counts. "
        "It changes no dollar: you earn $6.5M.",
    ),
    "more": (
        ALIKE,
        {"leave": 0, "dropped": 0, "join": 0.1, "new_clinicians": 0},
        "Everyone you managed was still yours at the end, and all $17.7M of effect counts; "
        "4,500 people you did not manage stood beside them. It changes no dollar: you earn $6.5M.",
    ),
    "no effect": (
        {"cost_reduction": 0},
        {},
        f"{LEFT}; with no cost reduction, no effect went with them. "
        "No money changes hands, with this movement or without it.",
    ),
    "owes less": (
        {"cost_reduction": -0.04},
        {"new_clinicians": 0},
        f"{LEFT}: $1.2M of the extra cost went elsewhere with them. "
        "You owe $6.5M instead of $6.9M.",
    ),
    "under the minimum": (
        {"cost_reduction": 0.021},
        {},
        f"{LEFT}: $0.6M {ELSEWHERE} You earn nothing instead of $4.4M: "
        "1.8% saved is less than the 2.0% minimum.",
    ),
    "too few": (
        {"assigned_beneficiaries": 5_050},
        {"new_clinicians": 0},
        f"258 people you managed were not yours at the end: $0.1M {ELSEWHERE} "
        "You earn nothing instead of $0.7M: 3.0% saved is less than the 3.90% minimum. "
        "4,994 people are fewer than the program's 5,000.",
    ),
    "over the target": (
        {"cost_reduction": 0.03, "level": "A"},
        {"new_clinicians": 0.1, "relative_cost": 1.3},
        f"{LEFT}: $0.9M {ELSEWHERE} You earn nothing instead of $5.0M: "
        "spending is over the target now.",
    ),
    "earns, then owes": (
        ALIKE | {"minimum_election": 0.0, "cost_reduction": 0.01},
        {"new_clinicians": 0.2, "relative_cost": 1.2},
        f"{LEFT}: $0.3M {ELSEWHERE} You owe $6.9M instead of earning $2.1M.",
    ),
    "owes, then nothing": (
        {"cost_reduction": -0.021},
        {"leave": 0.1, "join": 0.2, "new_clinicians": 0},
        "4,500 people you managed were not yours at the end: $1.2M of the extra cost went "
        "elsewhere with them. You owe nothing instead of $3.6M: 1.7% over the target is less "
        "than the 2.0% at which losses count.",
    ),
    "from nothing": (
        {"cost_reduction": 0.019},
        {"leave": 0, "dropped": 0, "join": 0, "new_clinicians": 0.05, "relative_cost": 0.9},
        "Everyone you managed was still yours at the end, and all $10.9M of effect counts; "
        "2,368 people you did not manage stood beside them. You earn $5.1M instead of nothing.",
    ),
    "a little": (
        ALIKE,
        {"leave": 0.001, "dropped": 0, "join": 0, "new_clinicians": 0},
        f"45 people you managed were not yours at the end: <$0.1M {ELSEWHERE} "
        "You still earn $6.5M, $6,517 less.",
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_its_sentence(name):
    fields, movement, expected = STATES[name]
    churn = Churn(**movement)
    found = settle_the_list(simulate(replace(SLIP, **fields)), churn)
    headline = words.headline(follow(found.before, churn), prospective=churn.prospective)
    assert f"{headline} {words.settlement(found.before, found.after)}" == expected


@every_scenario()
@FEW
@given(st.data())
def test_every_settlement_has_words_without_nonsense(any_scenario, data):
    churn, scenario = data.draw(churns()), data.draw(any_scenario)
    found = settled(scenario, churn)
    flow = follow(found.before, churn)
    shown = words.heads(flow)
    movement = figures.Movement(found.before, churn, flow, shown, words.effects(flow))
    said = " ".join([
        words.headline(flow, prospective=churn.prospective),
        words.settlement(found.before, found.after),
        words.bridge_title(found), words.bridge_description(found), words.flow_title(shown),
        words.flow_description(shown, flow, churn), words.effect_title(flow),
        words.effect_description(flow), words.below_the_minimum(found.after),
        *(text for tile in figures.tiles(movement, found) for text in (tile.shown, tile.note)),
        *(text for row in words.both_lists(found) for text in row.values()),
    ])  # fmt: skip
    assert not re.search(r"\b(nan|inf|None)\b|−\$0\.0M|-\d", said), said
    assert said.count("..") == 0


@FEW
@given(churns(), people())
def test_people_add_up_as_shown(churn, january):
    flow = follow(simulate(replace(SLIP, assigned_beneficiaries=january)), churn)
    shown = {name: int(text.replace(",", "")) for name, text in words.heads(flow).items()}
    assert shown["counted"] + shown["gone"] == shown["january"]
    assert shown["counted"] + shown["joined"] + shown["new"] == shown["final"]
    for name, count in shown.items():
        assert abs(count - float(getattr(flow, name))) <= 1, name


@every_scenario()
@FEW
@given(st.data())
def test_the_bridge_adds_up_as_shown(any_scenario, data):
    churn, scenario = data.draw(churns()), data.draw(any_scenario)
    found = settled(scenario, churn)
    first, *between, last = figures.bridge(found)
    plain = str.maketrans("−", "-", "$M,")
    tenths = [Decimal(p.shown.translate(plain)) for p in between if "<" not in p.shown]
    assert sum(tenths) == millions(last.amount) - millions(first.amount)
    assert [part.amount for part in between] == pytest.approx(list(found.causes.values()))


def test_every_field_of_a_flow_is_named_by_hand():
    fields = {field.name for field in dataclasses.fields(Flow)}
    assert fields <= set(HAND)
