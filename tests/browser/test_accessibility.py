"""Nobody is left out: axe-core and names on every page, no need of eyes, colour or mouse."""

from itertools import combinations

import numpy as np
import pytest
from playwright.sync_api import expect

from mssp_sim.app import frame
from tests.browser import screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

PAGES = [name for pages in frame.PAGES.values() for name in pages if frame.page_file(name).exists()]
LOOKS = ("light", "dark")
STATES = {
    "saving": "",
    "loss": "?cut=-8&contract=ENHANCED",
    "zero": "?cut=1.9",
    "at the limit": "?cut=12&quality=100&contract=ENHANCED",
    "few people": "?people=4000",
    "curtain": "?curtain=yes",
    "a bad link": "?cut=lots&year=1999&colour=blue&tables=eJw",
    "an old contract": "?start=2016-01-01&year=2018&contract=1",
}
NOT_OURS = {
    "empty-table-header": "the corner of Streamlit's own table of data",
    "presentation-role-conflict": "Streamlit's own file uploader",
}
"""What best practice finds inside Streamlit's own elements; docs/accessibility.md says more."""

PHONE = {"width": 390, "height": 844}
TWICE_AS_LARGE = {"width": 683, "height": 384}
NARROWEST = {"width": 320, "height": 640}
SET_WIDE = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
"""WCAG 1.4.12: the spacings that a reader may set."""
STOPS = 60
COVERED = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const box = e.getBoundingClientRect(), parts = [0.1, 0.5, 0.9];
    const own = t => t && (t.contains(e) || e.contains(t));
    const at = (x, y) => document.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
    return parts.some(x => parts.some(y => own(at(x, y)))) ? '' : e.outerHTML.slice(0, 160);
}"""
"""What has the focus, if no part of it can be seen; empty where one can."""
BACKGROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def address_of(page):
    return "" if page == "simulator" else page


def nothing_is_found(page):
    wcag, practice = screen_access.findings(page)
    assert wcag == []
    assert [said for said in practice if said.partition(":")[0] not in NOT_OURS] == []
    assert screen_access.written_names(page) == []


def nothing_is_found_in_either_look(browser, address):
    """Look for faults in a light page, then in the same page made dark."""
    with screen_access.window(browser, address, color_scheme="light") as page:
        nothing_is_found(page)
        before = page.evaluate(BACKGROUND)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"before => {BACKGROUND} !== before", arg=before)
        screen_access.wait_for_page(page)
        nothing_is_found(page)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_any_page(browser, server, name):
    nothing_is_found_in_either_look(browser, f"{server}/{address_of(name)}")


@pytest.mark.parametrize("state", [state for state in STATES if state != "saving"])
def test_axe_finds_nothing_in_any_state(browser, server, state):
    nothing_is_found_in_either_look(browser, f"{server}/{STATES[state]}")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_what_folds_out(browser, server, look):
    with screen_access.window(browser, server, color_scheme=look) as page:
        for fold in ("more_around", "more_signed", "how"):
            screen.press(page, fold)
            nothing_is_found(page)
            page.keyboard.press("Escape")
        page.get_by_text("Show the arithmetic").click()
        page.get_by_text("Show the data behind the pictures").click()
        screen.settle(page)
        nothing_is_found(page)


def test_a_bad_move_is_explained_where_axe_can_read_it(browser, server):
    with screen_access.window(browser, f"{server}/?share=40&others=60") as page:
        screen.lever(page, "Market share").focus()
        page.keyboard.press("ArrowRight")
        screen.settle(page)
        expect(page.get_by_text("The last valid value is kept")).to_be_visible()
        nothing_is_found(page)


def test_tasks_1_and_3_are_answered_with_the_pictures_hidden(browser, server):
    with screen_access.window(browser, server) as page:
        page.add_style_tag(content="[data-testid=stVegaLiteChart] { display: none !important }")
        text = page.get_by_test_id("stMain").inner_text()
        for answer in ("$6.5M", "missed the full quality standard by 1.7 points", "$2.2M"):
            assert answer in text
        assert "Paid as long as you save 2.0%: a cushion of 1.1 points, $6.3M." in text


def test_every_picture_is_described_and_the_description_follows_the_levers(browser, server):
    with screen_access.window(browser, server) as page:
        before = screen_access.descriptions(page)
        assert len(before) == 2
        assert all(len(said) > 40 for said in before)
        assert "$6.5M" in " ".join(before)
        screen.move(page, "Quality score", "End")
        after = screen_access.descriptions(page)
        assert after != before
        assert "$8.7M" in " ".join(after)


# How a colour comes to three kinds of eyes (Machado and others 2009), on linear light, and to a
# printer without colour.
EYES = {
    "every colour": np.eye(3),
    "no red": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "no green": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                          [-0.011820, 0.042940, 0.968881]]),
    "no blue": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                         [0.004733, 0.691367, 0.303900]]),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}  # fmt: skip
TOLD_APART = 6.0
"""Difference in CIELAB (1976): 2.3 is just seen side by side."""
EDGE = 3
"""Pixels at the rim of a bar that may hold its outline."""
HATCHING = 4
"""What a step between neighbouring pixels counts for: hatching is seen before a tone is."""

BARS = {
    "saving": {"You earn": "earned", "Lost to quality": "left", "Medicare's part": "Medicare's"},
    "loss": {"You owe": "owed"},
}


def lightness_and_hue(light):
    """Return linear sRGB as CIELAB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    part = light @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def seen(pixels, eye):
    """Return what an eye makes of pixels, each as CIELAB."""
    part = pixels.astype(float) / 255
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return lightness_and_hue(np.clip(light @ EYES[eye].T, 0, 1))


def look_of(bar, ground, eye):
    """Return the middle tone of a bar, its hatching, and how far its outline stands out."""
    tones, base = seen(bar, eye), seen(ground, eye)[0]
    inside = tones[EDGE:-EDGE, EDGE:-EDGE]
    middle = np.median(inside.reshape(-1, 3), axis=0)
    hatching = float(np.abs(np.diff(inside[..., 0], axis=1)).mean())
    # A bar without an outline fades into the ground: no tone beyond that of either.
    rim = np.concatenate([tones[:EDGE], tones[-EDGE:]])[:, EDGE:-EDGE, 0]
    across = np.median(rim, axis=1)
    low, high = sorted((middle[0], base[0]))
    above, below = max(across.max() - high, 0.0), max(low - across.min(), 0.0)
    return middle, hatching, float(max(above, below))


@pytest.mark.parametrize("look", LOOKS)
def test_colour_is_not_needed_to_tell_the_parts_of_the_bridge_apart(browser, server, look):
    bars = {}
    for state, names in BARS.items():
        address = f"{server}/{STATES[state]}"
        with screen_access.window(browser, address, color_scheme=look) as page:
            found = screen_access.bars(page, list(names))
            bars |= {meaning: found[name] for name, meaning in names.items()}
            ground = np.array([screen_access.ground(page)])
            bars["ground"] = np.tile(ground, (20, 20, 1))
    apart = {
        (eye, one, other): difference(*(look_of(bars[bar], ground, eye) for bar in (one, other)))
        for eye in EYES
        for one, other in combinations(bars, 2)
    }
    assert {case: by for case, by in apart.items() if by < TOLD_APART} == {}


def difference(one, other):
    """Return how far two looks are apart: by tone, hatching or outline, whichever tells most."""
    (tone, hatching, outline), (tone2, hatching2, outline2) = one, other
    return max(
        float(np.linalg.norm(tone - tone2)),
        HATCHING * abs(hatching - hatching2),
        abs(outline - outline2),
    )


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_lost_on_a_phone_or_at_twice_the_size(browser, server, name):
    with screen_access.window(browser, f"{server}/{address_of(name)}") as page:
        all_said = screen_access.said(page)
        for size in (TWICE_AS_LARGE, PHONE):
            page.set_viewport_size(size)
            screen.settle(page)
            assert page.evaluate(SIDEWAYS) <= 0
            assert screen_access.cut_off(page) == []
            assert screen_access.said(page) == all_said


@pytest.mark.parametrize("name", ["simulator", "election"])
def test_nothing_is_lost_at_320_pixels_or_with_text_set_wide(browser, server, name):
    with screen_access.window(browser, f"{server}/{address_of(name)}") as page:
        all_said = screen_access.said(page)
        page.set_viewport_size(NARROWEST)
        screen.settle(page)
        assert page.evaluate(SIDEWAYS) <= 0
        assert screen_access.cut_off(page) == []
        assert screen_access.said(page) == all_said
        page.set_viewport_size({"width": 1366, "height": 768})
        page.add_style_tag(content=SET_WIDE)
        screen.settle(page)
        assert screen_access.cut_off(page) == []
        assert screen_access.said(page) == all_said


def test_what_has_the_focus_is_not_wholly_covered(browser, server):
    with screen_access.window(browser, server) as page:
        covered, seen = [], 0
        for _ in range(STOPS):
            page.keyboard.press("Tab")
            found = page.evaluate(COVERED)
            seen += found is not None
            covered += [found] if found else []
        assert covered == []
        assert seen > STOPS / 2


def test_nothing_moves_for_who_wants_no_motion(browser, server):
    with screen_access.window(browser, server, reduced_motion="reduce") as page:
        screen.move(page, "Quality score", "End")
        assert screen_access.moving(page) == []
