"""The Executive view in a browser: task 4, one screen, a click on the map."""

import re

import pytest

from tests.browser import screen, screen_executive

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_task_4_two_quality_points_are_worth_more_than_half_a_point_of_cost(visit):
    page = visit(width=1366, height=768)
    screen_executive.go(page)  # one click; the answer is there to read
    lines = screen_executive.text(page)
    # 17,732,000 x (50% - 37.5%) x 98%; 572,000,000 x 0.5% x 37.5% x 98%
    assert re.search(r"\+\$2\.2M\s+Raise quality 1\.7 points", lines)
    assert re.search(r"\+\$1\.1M\s+Cut cost 0\.5 points more", lines)
    screen.press(page, "try_now_1")
    assert screen_executive.figures(page) == ["$8.7M", "$0.0M", "$17.7M"]


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1440, 900)])
@pytest.mark.parametrize("query", ["", "?cut=-4&contract=ENHANCED", "?cut=24", "?min=0&cut=1"])
def test_it_fits_one_screen(visit, width, height, query):
    page = visit(query, width=width, height=height)
    screen_executive.go(page)
    assert screen_executive.bottom(page) <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_shows_the_result_first_and_never_scrolls_sideways(visit):
    page = visit(width=390, height=844)
    page.goto(page.url.replace("/?", "/executive?"))
    page.get_by_test_id("stMetric").nth(2).wait_for()
    screen.settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_test_id("stMetric").nth(1).bounding_box()["y"] < 400


def test_a_click_on_the_map_sets_both_levers_again_and_again(visit):
    page = visit()
    screen_executive.go(page)
    before = screen.address(page)
    # 10/14 of the way from -6% to 8% is 4%; 42/60 of the way from 40 to 100 is 82.
    screen_executive.click_map(page, 10 / 14, 42 / 60)
    clicked = screen.address(page)
    assert "cut=4&" in clicked
    assert clicked.endswith("quality=82")
    # 572,000,000 x 4% x 50% x 98% = 11,211,200
    assert screen_executive.figures(page)[0] == "$11.2M"
    screen.press(page, "executive_undo")
    assert screen.address(page) == before
    screen_executive.click_map(page, 10 / 14, 42 / 60)
    assert screen.address(page) == clicked
