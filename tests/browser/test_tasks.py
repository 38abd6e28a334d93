"""Tasks a first-time visitor can do in a fresh private window of 1366 by 768, without help."""

import re

import pytest

from tests.browser import screen

pytestmark = pytest.mark.browser


def test_task_1_what_the_aco_earns_and_why_not_more_is_there_to_read(visit):
    page = visit()
    assert screen.sentence(page) == (
        "You beat the target by 3.1% but missed the full quality standard by 1.7 points, "
        "so your share fell from 50.0% to 37.5%."
    )
    assert screen.tiles(page) == [
        ("You earn shared savings", "$6.5M", "$2.2M below baseline"),
        ("Left on the table", "$2.2M", "all lost to quality"),
        ("Saved gross savings", "$17.7M", "3.1%, clears 2.0%"),
        ("Your share sharing rate", "37.5%", "12.5 points lower"),
    ]


def test_task_2_one_move_of_quality_shows_what_full_quality_pays(visit):
    page = visit()
    assert "$8.7M at full quality" in page.locator("body").inner_text()
    screen.move(page, "Quality score", "End")
    assert "met the full quality standard" in screen.sentence(page)
    assert "$8.7M" in screen.sentence(page)
    # 17,732,000 x 50% x 98% = 8,688,680
    earn, left, *_ = screen.tiles(page)
    assert earn[1] == "$8.7M"
    assert left[1:] == ("$0.0M", "nothing left")


def test_task_2_the_gain_of_full_quality_is_in_words(visit):
    page = visit()
    screen.press(page, "pin")
    screen.move(page, "Quality score", "End")
    # 8,688,680 - 6,516,510 = 2,172,170
    assert screen.tiles(page)[0][2] == "$2.2M above baseline"
    assert "Quality 75.0 → 100.0: +$2.2M" in screen.changes(page)


def test_task_3_how_far_savings_can_fall_is_read_from_the_page(visit):
    page = visit()
    own, minimum = re.fullmatch(r"(\d\.\d)%, clears (\d\.\d)%", screen.tiles(page)[2][2]).groups()
    assert minimum == "2.0"
    assert float(own) - float(minimum) == pytest.approx(1.1)
    # 572,000,000 x 2.0% x 37.5% x 98% = 4,204,200
    assert "+$4.2M the momentyou clear 2.0%" in screen.pictures(page).first.text_content()


def test_task_3_at_the_minimum_the_check_is_there_and_below_it_is_gone(visit):
    page = visit()
    screen.move(page, "Cost reduction", 2.0)
    assert screen.values(page)[0] == "$4.2M"
    screen.move(page, "Cost reduction", "ArrowLeft")
    assert screen.values(page)[0] == "$0.0M"
    # 572,000,000 x 1.9% = 10,868,000
    assert screen.sentence(page) == (
        "You saved $10.9M (1.9%), less than the 2.0% minimum. No money changes hands."
    )


def test_task_7_the_address_opens_the_same_four_tiles_for_a_colleague(visit):
    mine = visit()
    screen.move(mine, "Cost reduction", 3.4)
    screen.move(mine, "Risk growth", "ArrowRight")
    screen.choose_contract(mine, "D")
    theirs = visit("?" + screen.address(mine))
    assert screen.everything(theirs) == screen.everything(mine)


def test_task_7_the_address_carries_a_pinned_baseline(visit):
    mine = visit()
    screen.move(mine, "Cost reduction", 4.2)
    screen.press(mine, "pin")
    screen.move(mine, "Quality score", "End")
    screen.move(mine, "Regional trend", "ArrowLeft")
    theirs = visit("?" + screen.address(mine))
    assert screen.tiles(theirs) == screen.tiles(mine)
    assert screen.everything(theirs)[3] == screen.everything(mine)[3]
    assert theirs.locator(".st-key-link_notice").count() == 0


def test_task_12_back_to_the_start_and_undo_that(visit):
    page = visit()
    start = screen.everything(page)
    screen.move(page, "Cost reduction", "Home")
    screen.move(page, "Quality score", "End")
    screen.move(page, "Market share", "End")
    screen.choose_contract(page, "ENH")
    screen.press(page, "pin")
    screen.move(page, "Risk growth", "ArrowRight")
    mess = screen.everything(page)
    assert mess != start
    screen.press(page, "start")
    assert screen.everything(page) == start
    screen.press(page, "undo")
    assert screen.everything(page) == mess
    screen.press(page, "redo")
    assert screen.everything(page) == start
