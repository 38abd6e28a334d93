"""Spending target in a visitor's words: its pictures and its tables."""

import re

from playwright.sync_api import Page, expect

from tests.browser import screen

SHARE = 1
"""The place of the share picture among the pictures of the page."""


def open_page(page: Page) -> None:
    """Go to Spending target: two clicks."""
    page.get_by_role("button", name="Explore").click()
    page.get_by_text("Spending target", exact=True).click()
    headline = page.get_by_role("heading", level=3, name="Your target is")
    expect(headline).to_be_visible(timeout=60_000)
    screen.wait_for_pictures(page)


def share_line(page: Page) -> tuple[float, float]:
    """Return how high the line of the share picture begins and ends, in pixels, upward."""
    line = screen.pictures(page).nth(SHARE).locator(".mark-line path").last
    expect(line).to_be_attached()
    points = re.findall(r"[-\d.]+,([-\d.]+)", line.get_attribute("d") or "")
    return -float(points[0]), -float(points[-1])


def type_in_the_last_cell(page: Page, text: str) -> None:
    """Type into the lower right cell of the first table by type."""
    folded = page.get_by_text("By enrollment type: edit the tables")
    table = page.get_by_test_id("stDataFrame").first
    if table.count() == 0:
        folded.click()
        screen.settle(page)
    table.scroll_into_view_if_needed()
    screen.settle(page)
    box = table.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] - 30, box["y"] + box["height"] - 15)
    cell = page.locator("#portal input")
    cell.fill(text)
    cell.press("Enter")
    expect(cell).to_have_count(0)
    screen.settle(page)
