"""From a fresh start to one's own ACO: two clicks and a few letters, by touch and by keyboard."""

import re

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser import screen, screen_take

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"width": 390, "height": 844}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 11; Pixel 5) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36"
)
"""A phone's browser by its name: on it alone the menu closes after a page is chosen."""
CUT_OFF = """() => [...document.querySelectorAll('[data-testid=stMain] *')]
    .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
        && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
        && getComputedStyle(e).textOverflow === 'ellipsis')
    .map(e => e.textContent)"""
"""Texts that are shown in part."""


def find(page):
    return page.get_by_role("button", name=re.compile("Find your ACO"))


def named(page):
    return page.locator(".st-key-my_aco").get_by_role("button")


def shows_palm_beach(page):
    screen.wait_for_pictures(page)
    assert screen.values(page)[0] == "$107.9M"
    assert "PBACO Holding, 2024" in named(page).inner_text()
    expect(page.get_by_text("CMS paid it $107,895,330.")).to_be_visible()
    assert "Nothing changed" in screen.changes(page)


def test_two_clicks_and_a_few_letters_then_every_page_and_the_brief_carry_the_name(visit, tmp_path):
    page = visit()
    before = screen.everything(page)
    find(page).click()
    expect(page.get_by_label("Type a name or an identifier")).to_be_focused()
    page.keyboard.type("palm be")
    page.get_by_role("option").first.click()
    shows_palm_beach(page)
    screen_take.open_popover(page, "How?")
    assert "You earn: $107,895,330, shown as $107.9M" in screen_take.proof(page)[-1]
    page.keyboard.press("Escape")
    address = screen.address(page)
    assert "aco=A1001.2024" in address
    for name in ("Executive view", "Five years"):
        if name == "Five years":
            page.get_by_role("button", name="Decide").click()
        page.get_by_text(name, exact=True).first.click()
        screen.settle(page)
        assert "PBACO Holding, 2024" in named(page).inner_text()
    page.get_by_role("link", name="Simulator", exact=True).click()
    shows_palm_beach(page)
    screen_take.open_popover(page, "Take it with you")
    file = screen_take.download(page, "Brief", tmp_path)
    (only,) = pypdf.PdfReader(file).pages
    text = " ".join(only.extract_text().split())
    assert "Medicare shared savings: PBACO Holding, LLC, 2024" in text
    assert "$107.9M" in text
    page.keyboard.press("Escape")
    shows_palm_beach(visit(f"?{address}"))
    screen.press(page, "undo")
    assert screen.everything(page) == before


def test_the_keyboard_alone_finds_it_and_leaves_it(visit):
    page = visit()
    before = screen.everything(page)[:-1]
    find(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Type a name or an identifier")).to_be_focused()
    page.keyboard.type("a1001")
    page.keyboard.press("Enter")
    shows_palm_beach(page)
    named(page).focus()
    page.keyboard.press("Enter")
    screen.settle(page)
    screen.tab_to(page, "Leave it: back to the start")
    page.keyboard.press("Enter")
    screen.wait_for_pictures(page)
    expect(find(page)).to_be_visible()
    assert screen.everything(page)[:-1] == before


def go_by_touch(page, name):
    """Choose a page in a phone's menu, and see that it fits and carries the name."""
    page.get_by_test_id("stExpandSidebarButton").tap()
    more = page.get_by_test_id("stSidebarNavViewButton")
    expect(more).to_be_visible()
    if name == "Five years" and "more" in more.inner_text():
        more.tap()
    page.get_by_role("link", name=name, exact=True).tap()
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    screen.settle(page)
    fits(page)
    assert "PBACO Holding, 2024" in named(page).inner_text()


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(CUT_OFF) == []


def test_on_a_phone_by_touch(browser, server, tmp_path):
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, user_agent=ANDROID
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(server)
    screen.wait_for_pictures(page)
    find(page).tap()
    expect(page.get_by_label("Type a name or an identifier")).to_be_focused()
    page.keyboard.type("palm be")
    page.get_by_role("option").first.tap()
    screen.wait_for_pictures(page)
    assert "PBACO Holding, 2024" in named(page).inner_text()
    fits(page)
    tiles = page.get_by_test_id("stMetric")
    for element in (named(page), page.get_by_role("heading", level=3), tiles.nth(0), tiles.nth(1)):
        box = element.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"]
    go_by_touch(page, "Executive view")
    assert "$107.9M" in page.get_by_test_id("stMetric").first.inner_text()
    go_by_touch(page, "Five years")
    assert "2020 to 2023 are as CMS settled them" in page.get_by_test_id("stMain").inner_text()
    go_by_touch(page, "Simulator")
    page.get_by_role("button", name="Take it with you").tap()
    (only,) = pypdf.PdfReader(screen_take.download(page, "Brief", tmp_path)).pages
    text = " ".join(only.extract_text().split())
    assert "Medicare shared savings: PBACO Holding, LLC, 2024" in text
    assert "Assumed: market share 10.0%" in text
    page.goto(f"{server}/real_acos?aco=A1001.2024")
    expect(page.get_by_text("paid in all 12 years")).to_be_visible()
    screen.settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
