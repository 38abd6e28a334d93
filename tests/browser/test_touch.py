"""A finger on the levers of a phone: a swipe scrolls, only a tap or a hold of the thumb moves."""

import pytest

from tests.browser import screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PLACES = (0.05, 0.3, 0.55, 0.8, None)
"""Parts of a track on which a swipe begins; None is the thumb."""


@pytest.fixture
def page(browser, server):
    with screen_access.window(browser, server, **PHONE) as opened:
        opened.get_by_role("button", name="Change the levers").tap()
        opened.wait_for_timeout(800)
        yield opened


def finger(page, start, *moves):
    """Put a finger down, move it by so many pixels in each step, and lift it."""
    send = page.context.new_cdp_session(page).send
    x, y = start
    send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for across, down in moves:
        x, y = x + across, y + down
        send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(8)
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def place(page, label, part):
    """Return a place on the track of a lever, scrolled to the middle of the screen."""
    lever = screen.lever(page, label)
    lever.evaluate("e => e.parentElement.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(20)
    box = lever.bounding_box()
    if part is None:
        low, high, now = (
            float(lever.evaluate(f"e => e.{name}")) for name in ("min", "max", "value")
        )
        part = (now - low) / (high - low)
    return box["x"] + 6 + (box["width"] - 12) * part, box["y"] + box["height"] / 2


def levers(page):
    return [
        screen.lever(page, label).get_attribute("aria-valuetext") for label in screen.ALWAYS_SEEN
    ]


def test_no_swipe_that_begins_on_a_track_moves_a_lever(page):
    before, address = levers(page), page.url
    for label in screen.ALWAYS_SEEN:
        for number, part in enumerate(PLACES):
            up = 1 if number % 2 else -1
            finger(page, place(page, label, part), *[(2, 26 * up)] * 6)
            assert levers(page) == before, (label, part)
        far = PLACES[0] if label != "Market share" else PLACES[3]
        finger(page, place(page, label, far), *[(9, 1)] * 9)
        assert levers(page) == before, label
    screen.settle(page)
    assert (levers(page), page.url) == (before, address)


def test_a_tap_and_a_held_thumb_move_a_lever(page):
    finger(page, place(page, "Cost reduction", 0.75))
    screen.settle(page)
    assert levers(page)[0] == "7.0%"
    finger(page, place(page, "Quality score", None), *[(5, 0)] * 8)
    screen.settle(page)
    moved = levers(page)[1]
    assert 85 < float(moved) < 95
    assert f"quality={float(moved):g}" in screen.address(page)
    page.go_back()
    screen.settle(page)
    assert levers(page)[:2] == ["7.0%", "75.0"]


def test_the_line_of_a_phone_says_what_the_levers_do(page):
    line = page.locator(".st-key-window .figures")
    assert line.inner_text() == "You earn $6.5M · Lost $2.2M"
    nav = page.get_by_test_id("stSidebarNav").bounding_box()
    assert screen.lever(page, "Cost reduction").bounding_box()["y"] < 200 < nav["y"]
    assert page.evaluate(screen.FOCUSED) == "Cost reduction"
    page.keyboard.press("ArrowRight")
    screen.settle(page)
    # $6,726,720 earned and $2,242,240 left make $8,968,960: $6.7M and what is left make $9.0M.
    assert line.inner_text() == "You earn $6.7M · Lost $2.3M"


def test_play_with_it_opens_the_levers(browser, server):
    with screen_access.window(browser, server, **PHONE) as page:
        page.get_by_role("button", name="Play with it").tap()
        page.wait_for_timeout(800)
        screen.settle(page)
        assert page.evaluate(screen.FOCUSED) == "Cost reduction"
        assert screen.lever(page, "Cost reduction").bounding_box()["x"] >= 0


def test_nothing_jumps_when_the_first_lever_moves_and_no_swipe_moves_a_rarer_one(browser, server):
    with screen_access.window(browser, server, **PHONE) as page:
        page.get_by_role("button", name="Change the levers").tap()
        page.wait_for_timeout(800)
        before = page.evaluate(PLACES_OF_PARTS)
        page.keyboard.press("ArrowRight")
        screen.settle(page)
        assert page.evaluate(PLACES_OF_PARTS) == before
        screen.button(page, "more_around").first.tap()
        screen.settle(page)
        rarer = screen.lever(page, "Regional cost level against yours")
        now = rarer.get_attribute("aria-valuetext")
        for part in (0.1, 0.4, None, 0.8):
            finger(page, place(page, "Regional cost level against yours", part), *[(3, -24)] * 5)
        screen.settle(page)
        assert rarer.get_attribute("aria-valuetext") == now
        assert "cap on the regional adjustment" in rarer.get_attribute("aria-description")


def test_a_swipe_over_a_slider_of_a_page_scrolls_and_a_tap_or_its_thumb_moves_it(browser, server):
    with screen_access.window(browser, f"{server}/luck", **PHONE) as page:
        slider = page.get_by_test_id("stMain").get_by_test_id("stSlider").first
        now = slider.locator("input[type=range]").input_value
        track, thumb = slider.locator(TRACK).last, slider.locator(THUMB).last
        opened = now()
        for number, part in enumerate(PLACES):
            up = 1 if number % 2 else -1
            finger(page, middle(track if part else thumb, part or 0.5), *[(2, 26 * up)] * 6)
            assert now() == opened, part
        finger(page, middle(track, 0.8), *[(9, 1)] * 9)
        assert now() == opened
        finger(page, middle(track, 0.6))
        screen.settle(page)
        tapped = now()
        assert float(tapped) > float(opened)
        finger(page, middle(thumb, 0.5), *[(5, 0)] * 10)
        screen.settle(page)
        assert float(now()) > float(tapped)


def middle(part, across):
    """Return a place on something, scrolled to the middle of the screen."""
    part.evaluate("e => e.scrollIntoView({block: 'center'})")
    box = part.bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] / 2


TRACK, THUMB = "[role=group] > [data-orientation]", "div:has(> div > input[type=range])"
PLACES_OF_PARTS = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const parts = 'h3, [data-testid=stMetric], .stVegaLiteChart, .st-key-arithmetic';
    return [...main.querySelectorAll(parts)].map(e =>
        Math.round(e.getBoundingClientRect().top + main.scrollTop));
}"""
"""Where the page's parts stand, however far it is scrolled."""
