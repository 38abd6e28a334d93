"""What is seen without scrolling, on a laptop and on a phone."""

import pytest

from tests.browser import screen

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1366, 768
PHONE = 390
SIDEWAYS = "document.documentElement.scrollWidth"
ON_TOP = """element => {
    const box = element.getBoundingClientRect();
    const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return element.contains(found);
}"""


def test_the_first_paint_needs_no_scrolling(visit):
    page = visit(width=WIDTH, height=HEIGHT)
    seen = {
        "sentence": page.get_by_role("heading", level=3),
        **{f"tile {n + 1}": page.get_by_test_id("stMetric").nth(n) for n in range(4)},
        "payoff curve": screen.pictures(page).nth(0),
        "dollar bridge": screen.pictures(page).nth(1),
    }
    for name, element in seen.items():
        box = element.bounding_box()
        assert box["width"] > 0, name
        assert box["height"] > 0, name
        assert box["x"] >= 0, name
        assert box["y"] >= 0, name
        assert box["x"] + box["width"] <= WIDTH, name
        assert box["y"] + box["height"] <= HEIGHT, name
        assert element.evaluate(ON_TOP), f"something lies over the {name}"


def test_every_always_seen_lever_is_on_the_first_screen(visit):
    page = visit(width=WIDTH, height=HEIGHT)
    places = [screen.lever(page, name).bounding_box()["y"] for name in screen.ALWAYS_SEEN]
    places.append(screen.button(page, "pin").bounding_box()["y"])
    assert places == sorted(places)
    assert places[-1] < HEIGHT


@pytest.mark.parametrize("query", ["", "?cut=-8&contract=ENHANCED", "?cut=1.9", "?people=4000"])
def test_a_phone_shows_the_result_without_scrolling_sideways(visit, query):
    page = visit(query, width=PHONE, height=844)
    assert page.evaluate(SIDEWAYS) <= PHONE
    tiles = page.get_by_test_id("stMetric")
    for element in (page.get_by_role("heading", level=3), tiles.nth(0), tiles.nth(1)):
        box = element.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE
        assert element.evaluate(ON_TOP)
        assert element.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("name", ["How?", "Take it with you", "3 changes"])
def test_what_opens_at_the_foot_of_the_first_screen_is_no_strip(visit, name):
    page = visit("?cut=3&quality=76.7&share=11")
    page.get_by_text(name, exact=True).first.click()
    screen.settle(page)
    body = page.get_by_test_id("stPopoverBody")
    assert body.bounding_box()["height"] > 190
    assert body.bounding_box()["y"] >= 0
    assert not body.evaluate("e => e.scrollHeight > e.clientHeight + 2")
