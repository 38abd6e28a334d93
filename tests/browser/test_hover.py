"""What a picture says under the pointer: words and rounded figures, never its own row of data."""

import re

import pytest
from playwright.sync_api import expect

from mssp_sim.app import frame
from tests.browser import screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

PAGES = [name for pages in frame.PAGES.values() for name in pages if frame.page_file(name).exists()]
STATES = {
    "real_acos": "aco=A1001.2024",
    "rule_changes": "rulebooks=own.2019-07-01~own.2024-01-01~none~2024",
}
"""What a page needs to be told before it has all its pictures."""

PRESSED = {"compare": "compare_story"}
"""The button that puts scenarios side by side."""

SILENT = ("program", "story", "myths", "check")
"""Pages whose pictures say all in their own words, or nothing before the bet."""

UNROUNDED = re.compile(r"\d\.\d{3,}|\de[+-]\d|NaN|undefined|null|\[object")
KINDS = """picture => {
    const box = picture.getBoundingClientRect(), places = [];
    for (const group of picture.querySelectorAll('svg g.role-mark')) {
        const marks = [...group.children].filter(mark => mark.getBoundingClientRect);
        for (const mark of new Set([marks[0], marks[marks.length >> 1], marks.at(-1)])) {
            if (!mark) continue;
            const of = mark.getBoundingClientRect();
            let at = {x: of.x + of.width / 2, y: of.y + of.height / 2};
            if (/mark-(line|area)/.test(group.getAttribute('class')) && mark.getTotalLength) {
                const half = mark.getPointAtLength(mark.getTotalLength() / 2);
                at = half.matrixTransform(mark.getScreenCTM());
            }
            places.push([group.getAttribute('class'), at.x - box.x, at.y - box.y]);
        }
    }
    for (const across of [0.2, 0.4, 0.6, 0.8])
        for (const down of [0.25, 0.5, 0.75])
            places.push(['anywhere', box.width * across, box.height * down]);
    return places.filter(([, x, y]) => x > 0 && y > 0 && x < box.width && y < box.height);
}"""
SAID = """() => {
    const tip = document.querySelector('#vg-tooltip-element.visible');
    if (!tip) return null;
    return {keys: [...tip.querySelectorAll('td.key')].map(key => key.innerText.trim()),
            text: tip.innerText.trim()};
}"""


def said_of(page, picture):
    """Return what one mark of each kind of a picture says, and a dozen places anywhere in it."""
    picture.scroll_into_view_if_needed()
    found = {}
    for kind, x, y in picture.evaluate(KINDS):
        box = picture.bounding_box()
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(20)
        told = page.evaluate(SAID)
        if told:
            found.setdefault(told["text"], (kind, told["keys"]))
    page.mouse.move(1, 1)
    return found


def is_plain(text, keys):
    """Check that a tooltip has words for its labels and rounded figures for its values."""
    assert not UNROUNDED.search(text), text
    for key in keys:
        assert re.match(r"[A-Z]\w+", key), (key, text)
    if not keys:
        assert re.search(r"[A-Za-z]{3}|\d{4}:", text), text


@pytest.mark.parametrize("name", PAGES)
def test_every_mark_speaks_in_words_and_money_or_not_at_all(browser, server, name):
    address = f"{server}/{'' if name == 'simulator' else name}?{STATES.get(name, '')}"
    high = {"viewport": {"width": 1366, "height": 1000}}
    with screen_access.window(browser, address, **high) as page:
        if name in PRESSED:
            screen.press(page, PRESSED[name])
            screen_access.wait_for_page(page)
        for picture in [each for each in screen.pictures(page).all() if each.is_visible()]:
            said = said_of(page, picture)
            for text, (_, keys) in said.items():
                is_plain(text, keys)
            assert said or name in SILENT


def test_no_button_turns_a_picture_into_its_marks(browser, server):
    with screen_access.window(browser, server) as page:
        for picture in screen.pictures(page).all():
            picture.hover()
            expect(page.get_by_role("button", name="Download as PNG").first).to_be_visible()
            expect(page.get_by_role("button", name=re.compile("^Show data"))).to_have_count(0)
