"""Contrast themes take backgrounds and shadows away: what is chosen, where a lever stands."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser import engines, screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

ENGINES = (engines.CHROMIUM, engines.FIREFOX)
APART = 60
"""How far two colors are apart that nobody takes for one another, of 441 from black to white."""
THUMB, RING = 12, 6
"""Pixels: a thumb's width, and how far around it the ring of what has the focus is looked for."""


@pytest.fixture(
    scope="module",
    params=[(engine, look) for engine in ENGINES for look in ("light", "dark")],
    ids=" ".join,
)
def page(request, server):
    engine, look = request.param
    if engine == engines.FIREFOX:
        playwright = request.getfixturevalue("playwright")
        browser, asked = engines.firefox(playwright, look=look, forced=True), {}
    else:
        browser = request.getfixturevalue("browser")
        asked = {"color_scheme": look, "forced_colors": "active"}
    with screen_access.window(browser, server, **asked) as page:
        yield page
    if engine == engines.FIREFOX:
        browser.close()


def pixels(page, box):
    """Return the colors inside a box (left, top, width, height), one row a pixel."""
    left, top, width, height = box
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    cut = image.crop((round(left), round(top), round(left + width), round(top + height)))
    return np.asarray(cut).reshape(-1, 3).astype(float)


def inside(locator, margin=0):
    box = locator.bounding_box()
    return (
        box["x"] + margin,
        box["y"] + margin,
        box["width"] - 2 * margin,
        box["height"] - 2 * margin,
    )


def commonest(colors):
    found, times = np.unique(colors, axis=0, return_counts=True)
    return found[times.argmax()]


def apart(one, other):
    return float(np.linalg.norm(one - other))


def ground(page):
    return commonest(pixels(page, inside(page.get_by_test_id("stSidebar"))))


def slide(page, name):
    """Return where a live lever's track lies: left, top, width, and where its thumb stands."""
    box = screen.lever(page, name, live=True).bounding_box()
    part = screen.lever(page, name, live=True).evaluate("e => (e.value - e.min) / (e.max - e.min)")
    left, width = box["x"] + 6, box["width"] - 12
    return left, box["y"] + box["height"] / 2, width, left + part * width


def test_the_colors_are_forced(page):
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")


@pytest.mark.parametrize("name", screen.ALWAYS_SEEN)
def test_a_lever_has_a_track_and_a_thumb(page, name):
    left, middle, width, at = slide(page, name)
    rest = (at + THUMB, left + width - at - 2 * THUMB)
    paper = ground(page)
    line = pixels(page, (rest[0], middle - 4, rest[1], 8))
    assert (np.linalg.norm(line - paper, axis=1) > APART).sum() > 2 * rest[1] - 4
    thumb = commonest(pixels(page, (at - 3, middle - 3, 6, 6)))
    assert apart(thumb, paper) > APART
    assert apart(thumb, commonest(pixels(page, (rest[0], middle - 1, rest[1], 2)))) > APART


def test_a_lever_that_has_the_focus_has_a_ring(page):
    _, middle, _, at = slide(page, "Quality score")
    beside = (at - THUMB / 2 - RING, middle - THUMB - RING / 2, THUMB + 2 * RING, THUMB)
    before = pixels(page, beside)
    screen.lever(page, "Quality score", live=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    screen.settle(page)
    after = pixels(page, beside)
    changed = np.linalg.norm(after - before, axis=1) > APART
    assert changed.sum() > 2 * THUMB  # the upper half of a ring three pixels thick


@pytest.mark.parametrize("control", ["lever_level", "lever_minimum_election"])
def test_what_is_chosen_is_marked(page, control):
    choices = page.locator(f".st-key-{control}").get_by_role("radio")
    fills = {
        (choice.get_attribute("aria-checked"), tuple(commonest(pixels(page, inside(choice, 3)))))
        for choice in choices.all()
    }
    (chosen,) = (np.array(fill) for checked, fill in fills if checked == "true")
    (other,) = (np.array(fill) for checked, fill in fills if checked == "false")
    assert apart(chosen, other) > APART


def test_a_switch_is_seen_and_tells_on_from_off(page):
    switch = page.locator(".st-key-lever_alternative_standard_met").get_by_test_id("stCheckbox")
    box = switch.bounding_box()
    track = (box["x"], box["y"], 32, box["height"])
    on = pixels(page, track)
    switch.locator("label").click()
    screen.settle(page)
    page.mouse.move(700, 20)
    off = pixels(page, track)
    switch.locator("label").click()
    screen.settle(page)
    paper = ground(page)
    for state in (on, off):
        assert (np.linalg.norm(state - paper, axis=1) > APART).sum() > 30
    assert (np.linalg.norm(on - off, axis=1) > APART).sum() > 100


def test_a_slider_of_streamlit_has_a_track_and_a_thumb(page, server):
    page.goto(f"{server}/attribution")
    screen_access.wait_for_page(page)
    handle = page.get_by_test_id("stSlider").first.locator("[role=group]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    seen = pixels(page, (box["x"], box["y"], box["width"], box["height"]))
    paper = commonest(seen)
    drawn = seen[np.linalg.norm(seen - paper, axis=1) > APART]
    track = commonest(drawn)
    thumb = drawn[np.linalg.norm(drawn - track, axis=1) > APART]
    page.goto(server)
    screen_access.wait_for_page(page)
    assert len(drawn) > box["width"]
    assert len(thumb) > THUMB
