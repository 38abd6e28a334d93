"""When money moves and how much each way: golden figures, and a mirror that is one."""

import re

import numpy as np
import pytest
from hypothesis import given, settings

from mssp_sim import Scenario, simulate
from mssp_sim.figures import money
from mssp_sim.parameters import LEVELS, TRACKS
from mssp_sim.screens.corridor import words as corridor
from mssp_sim.screens.corridor.pictures import Overlay, contracts, minimum_by_size, reach_of
from mssp_sim.studies import stakes as studied
from mssp_sim.studies.payoff_curve import grid, window
from tests.app.test_pages import BASES, of_year
from tests.strategies import scenarios

SLIP = studied.stakes(simulate(Scenario()))


def test_the_slip_has_a_cushion_of_1_1_points_and_6_3_million():
    minimum, cushion, earn, owe = corridor.four_tiles(SLIP)
    assert (minimum.label, minimum.shown) == ("Minimum to get paid", "2.0%")
    # 3.1% - 2.0% = 1.1 points; 0.011 x 572,000,000 = 6,292,000
    assert (cushion.label, cushion.shown) == ("Cushion", "1.1 points")
    assert cushion.note == "$6.3M of spending"
    assert earn.shown == "$57.2M"  # 10% of 572,000,000
    assert owe.shown == "$22.9M"  # 4% of 572,000,000, under 8% of revenue at 45% of spending
    assert corridor.headline(SLIP).startswith("You are paid as long as you save 2.0%:")


def test_overspending_4_percent_owes_6_9_on_e_and_10_0_on_enhanced():
    found = studied.stakes(simulate(Scenario(cost_reduction=-0.04)))
    assert found["E"].payment == pytest.approx(-6_864_000)  # 0.04 x 572,000,000 x 0.30
    assert found["ENHANCED"].payment == pytest.approx(-10_010_000)  # x (1 - 0.75 x 0.75)
    assert corridor.overlay_title(found, "ENHANCED") == (
        "At 4.0% overspent E owes $6.9M, ENHANCED owes $10.0M"
    )


@pytest.mark.parametrize(
    ("level", "earned"), [("A", 6_951_000), ("E", 8_688_680), ("ENHANCED", 13_033_020)]
)
def test_the_good_year_under_other_contracts(level, earned):
    found = studied.stakes(simulate(Scenario(quality_score=0.82)))
    assert found[level].payment == pytest.approx(earned, abs=500)


def test_a_and_b_owe_nothing_at_the_mirror_image_and_say_so():
    for level in ("A", "B"):
        assert SLIP[level].mirror == 0
        assert SLIP[level].most_owed == 0
    rows = {row["Contract"]: row for row in corridor.rows(SLIP)}
    assert rows["A, if new to risk"]["If 3.1% overspent"] == "nothing, one-sided"
    assert "A is one-sided: flat at zero on the left" in corridor.overlay_words(SLIP, "A")


def test_a_low_revenue_aco_can_owe_less():
    found = studied.stakes(simulate(Scenario(participant_revenue_share=0.10)))
    # 8% of revenue of 10% of spending that is 1.6 times the target
    assert found.own.most_owed == pytest.approx(0.08 * 0.10 * 1.6 * 572_000_000)
    assert corridor.four_tiles(found)[3].note == "8% of revenue"


def test_the_limit_of_this_years_spending_stands_beside_the_most_there_is():
    said = corridor.most_owed_words(SLIP)
    # 8% x 45% x what was spent, 572,000,000 x (1 - 3.1%) = 554,268,000: 19,953,648
    assert "$20.0M" in said
    assert "$22.9M" in said
    (figure,) = corridor.limit_figures(SLIP)
    assert figure.how()[-1].amount == pytest.approx(19_953_648)
    enhanced = studied.stakes(simulate(Scenario(level="ENHANCED")))
    assert not corridor.most_owed_words(enhanced)


def test_where_the_guardrail_raises_the_target_the_limit_rises_with_it():
    slow = simulate(Scenario(level="ENHANCED", prospective_trend=0.02))
    found = studied.stakes(slow)
    two_way_total = float(slow.target.two_way_benchmark) * float(slow.person_years)
    assert float(slow.benchmark_total) < two_way_total
    assert float(slow.loss_recoupment_limit) == pytest.approx(0.15 * float(slow.benchmark_total))
    assert found.own.most_owed == pytest.approx(0.15 * two_way_total)
    said = corridor.most_owed_words(found)
    assert "15% of it" in said
    assert "(the guardrail)" in said
    assert said.index(money(float(slow.loss_recoupment_limit))) < said.index(
        money(found.own.most_owed)
    )


def test_the_mirror_image_is_the_same_distance_on_the_other_side():
    cut = studied.mirrored(Scenario(), 0.031)
    settled = simulate(Scenario(cost_reduction=cut))
    assert settled.savings_rate == pytest.approx(-0.031)
    assert settled.payment == pytest.approx(SLIP.own.mirror)


@settings(max_examples=12)
@given(scenarios())
def test_every_scenario_has_its_row_and_its_sentences(scenario):
    result = simulate(scenario)
    found = studied.stakes(result)
    size = 1e-9 * result.benchmark_total + 0.01
    assert found.own.payment == pytest.approx(result.payment, abs=size)
    assert [row.level for row in found.contracts] == list(studied.contracts_of(scenario))
    other = studied.facing(scenario, None)
    assert other != scenario.level
    told = [
        corridor.headline(found), corridor.overlay_title(found, other),
        corridor.overlay_words(found, other), corridor.table_title(found),
        corridor.not_here(scenario),
        *(text for tile in corridor.four_tiles(found) for text in (tile.shown, tile.note)),
        *(cell for row in corridor.rows(found) for cell in row.values()),
    ]  # fmt: skip
    assert all(told)
    assert not re.search(r"\b(nan|inf|None)\b|-\$|−\$0\.0M", " ".join(told)), told


@settings(max_examples=12)
@given(scenarios())
def test_nobody_earns_or_owes_more_than_the_far_ends_say(scenario):
    result = simulate(scenario)
    found = studied.stakes(result)
    rates = np.linspace(-studied.FARTHEST, studied.FARTHEST, 41)
    levels = [row.level for row in found.contracts]
    paid = studied.curves(result, levels, rates)
    size = 1e-9 * result.benchmark_total + 0.01
    for row, line in zip(found.contracts, paid, strict=True):
        assert line.max() <= row.most_earned + size
        if not result.scenario.own_effect:
            assert -line.min() <= row.most_owed + size


@pytest.mark.long
@pytest.mark.parametrize("base", BASES)
def test_every_contract_and_year_draws_its_pictures(base):
    result = simulate(Scenario(**BASES[base]))
    found = studied.stakes(result)
    other = studied.facing(result.scenario, None)
    reach = window(found.savings_rate, -found.savings_rate)
    rates = grid(reach, found.own.minimum, -found.own.minimum)
    lines = studied.curves(result, [found.own.level, other], rates)
    picture = contracts(Overlay(found, other, rates, lines, reach), "light", "words")
    assert len(picture.table()) > 100
    sizes = studied.minimum_by_size(result, reach_of(result.scenario.assigned_beneficiaries))
    assert len(minimum_by_size(sizes, "dark", "words").table()) >= 90


def test_the_minimum_by_size_falls_and_a_choice_holds_from_5_000_people():
    sizes = studied.minimum_by_size(SLIP.result, (1_000.0, 150_000.0))
    assert np.all(np.diff(sizes.by_table) <= 1e-12)
    small = sizes.people < 5_000
    np.testing.assert_allclose(sizes.yours[small], sizes.by_table[small])
    np.testing.assert_allclose(sizes.yours[~small], 0.02)
    assert corridor.size_title(SLIP.result, sizes) == "You chose 2.0%; your size would give 2.25%"


def test_contracts_the_agreement_cannot_have_are_said():
    old = Scenario(**of_year(2018, "1"))
    assert studied.contracts_of(Scenario()) == LEVELS
    assert studied.contracts_of(old) == TRACKS
    assert "Tracks 1, 1+, 2 and 3 are not offered" in corridor.not_here(Scenario())
    assert "Levels A to E and ENHANCED are not offered" in corridor.not_here(old)


@pytest.mark.parametrize(
    ("level", "wanted", "shown"),
    [("E", None, "ENHANCED"), ("E", "E", "ENHANCED"), ("E", "1", "ENHANCED"), ("ENHANCED", "", "E"),
     ("E", "A", "A")],
)  # fmt: skip
def test_a_contract_is_never_held_against_itself_or_one_it_cannot_be(level, wanted, shown):
    assert studied.facing(Scenario(level=level), wanted) == shown
