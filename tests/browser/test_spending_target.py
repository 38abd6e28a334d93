"""Task 11 in a browser: a larger market share can hurt, then help; and a cell is typed."""

import pytest
from playwright.sync_api import expect

from tests.browser import screen, screen_target

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def page(visit):
    opened = visit()
    screen_target.open_page(opened)
    return opened


def test_task_11_a_larger_share_hurts_then_helps(page):
    expect(page.get_by_text("A larger share raises your target")).to_be_visible()
    first, last = screen_target.share_line(page)
    assert last > first
    screen.move(page, "Regional trend", 6)
    expect(page.get_by_text("A larger share makes no difference")).to_be_visible()
    first, last = screen_target.share_line(page)
    assert first == pytest.approx(last, abs=0.5)
    screen.move(page, "Regional trend", "End")
    expect(page.get_by_text("A larger share lowers your target")).to_be_visible()
    expect(page.get_by_text("Your region grows faster")).to_be_visible()
    first, last = screen_target.share_line(page)
    assert last < first - 10
    screen.move(page, "Regional trend", "Home")
    expect(page.get_by_text("A larger share raises your target")).to_be_visible()
    expect(page.get_by_text("Your region grows slower")).to_be_visible()
    first, last = screen_target.share_line(page)
    assert last > first + 10


def test_a_typed_cell_is_settled_nonsense_is_explained_and_undo_takes_it_back(page):
    before = screen.sentence(page)
    screen_target.type_in_the_last_cell(page, "12500")
    settled = screen.sentence(page)
    assert settled != before
    screen_target.type_in_the_last_cell(page, "-5")
    expect(page.get_by_text("Aged/non-dual 2024 is −$5")).to_be_visible()
    assert screen.sentence(page) == settled
    screen.press(page, "discard_expenditure")
    expect(page.get_by_text("Aged/non-dual 2024 is −$5")).to_have_count(0)
    screen.press(page, "undo")
    assert screen.sentence(page) == before
