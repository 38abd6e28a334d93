"""A finger on a phone: what it must not set off."""

import pytest
from playwright.sync_api import expect

from tests.browser import screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ZOOMS_UNDER = 16
"""Pixels of a field's letters, under which Safari on a phone zooms in and stays."""
LETTERS = """page => [...page.querySelectorAll('input, textarea, select')]
    .filter(e => !['range', 'checkbox', 'radio', 'file'].includes(e.type) && e.checkVisibility())
    .map(e => [e.getAttribute('aria-label'), parseFloat(getComputedStyle(e).fontSize)])"""


def fields(page):
    return page.locator("body").evaluate(LETTERS)


@pytest.mark.parametrize("name", ["real_acos", "trainer", "rules", "glossary"])
def test_no_field_of_a_page_makes_a_phone_zoom_in(browser, server, name):
    with screen_access.window(browser, f"{server}/{name}", **PHONE) as page:
        found = fields(page)
    assert found
    assert [field for field in found if field[1] < ZOOMS_UNDER] == []


def test_no_field_that_folds_out_makes_a_phone_zoom_in(browser, server):
    with screen_access.window(browser, server, **PHONE) as page:
        for fold in ("Find your ACO", "Take it with you"):
            page.get_by_role("button", name=fold).click()
            expect(page.get_by_test_id("stPopoverBody").locator("input").first).to_be_visible()
            screen.settle(page)
            found = fields(page)
            assert found
            assert [field for field in found if field[1] < ZOOMS_UNDER] == []
            page.keyboard.press("Escape")


def test_a_field_of_a_wide_screen_stays_as_it_is(browser, server):
    with screen_access.window(browser, f"{server}/rules") as page:
        assert {size for _, size in fields(page)} == {13.125}
