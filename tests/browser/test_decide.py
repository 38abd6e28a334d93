"""Tasks 3 to 6 of a first-time visitor: how far, which move, which contract, what did it."""

import pytest

from tests.browser import screen, screen_decide

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_task_3_the_cushion_is_there_to_read_and_the_next_cliff_beside_what_changed(visit):
    page = visit()
    said = page.locator("body").inner_text()
    # 3.1% - 2.0% = 1.1 points of 572,000,000 = 6,292,000
    assert "a cushion of 1.1 points, $6.3M" in said
    assert "Next cliff 1.7 points more quality: +$2.2M" in screen.changes(page).replace("\n", " ")
    place = page.get_by_text("Next cliff").bounding_box()
    assert place["y"] + place["height"] <= 768


def test_task_3_in_the_good_year_the_next_cliff_is_where_the_check_disappears(visit):
    page = visit("?quality=82")
    assert "Next cliff 1.2 points less cost reduction: −$8.7M" in screen.changes(page)


def test_task_4_each_lever_says_what_it_is_worth(visit):
    page = visit()
    quality = screen.lever(page, "Quality score", live=True).get_attribute("aria-description")
    assert quality == "1.7 points more: +$2.2M; full quality standard at 76.7"
    cost = screen.lever(page, "Cost reduction", live=True).get_attribute("aria-description")
    # 1.9% saved is under the minimum of 2.0%
    assert cost == "1.2 points less: −$6.5M"
    share = screen.lever(page, "Market share", live=True).get_attribute("aria-description")
    assert share == "the nation grows 1.0 points faster"


def test_task_4_two_quality_points_or_half_a_point_of_cost(visit):
    page = visit()
    screen.press(page, "pin")
    screen.move(page, "Quality score", 77)
    assert screen.tiles(page)[0][2] == "$2.2M above baseline"
    screen.press(page, "undo")
    screen.move(page, "Cost reduction", 3.6)
    # 0.5% x 572,000,000 x 37.5% x 98% = 1,051,050
    assert screen.tiles(page)[0][2] == "$1.1M above baseline"


def test_task_5_e_against_enhanced_when_you_overspend(visit):
    page = visit()
    screen_decide.go_to_compare(page)
    screen.press(page, "compare_contracts")
    assert screen.sentence(page) == (
        "Contract ENHANCED owes $3.1M more than contract E: all of it from your contract."
    )
    heads = screen_decide.columns(page)
    assert heads[0].startswith("Contract E owes $6.9M")
    assert heads[1].startswith("Contract ENHANCED owes $10.0M −$3.1M")


def test_task_6_pinned_then_region_and_quality_moved_the_bars_add_up(visit):
    page = visit()
    screen.press(page, "pin")
    screen.move(page, "Regional trend", 4)
    screen.move(page, "Quality score", "End")
    screen_decide.go_to_compare(page)
    bars = screen_decide.what_moved(page)
    before, after = bars.pop("Baseline"), bars.pop("Now")
    assert set(bars) == {"Quality score 75.0 → 100.0", "Regional trend 5.0% → 4.0%"}
    assert sum(bars.values()) == pytest.approx(after - before)
    assert before == 6.5


def test_scenarios_put_aside_survive_pages_and_travel_in_the_link(visit):
    page = visit()
    screen_decide.go_to_compare(page)
    screen.press(page, "compare_story")
    heads = screen_decide.columns(page)
    assert [head.split(" $")[0] for head in heads] == ["Good year", "Slip year"]
    page.get_by_role("link", name="Simulator", exact=True).first.click()
    screen.settle(page)
    assert "a=" in screen.address(page)
    screen_decide.go_to_compare(page)
    assert screen_decide.columns(page) == heads
    other = visit(f"compare?{screen.address(page)}")
    assert screen_decide.columns(other) == heads
    screen.press(other, "drop_B")
    assert screen_decide.columns(other) != heads
    screen.press(other, "undo")
    assert screen_decide.columns(other) == heads
