"""The page This year in a visitor's words: open it, drop reports, move what is the year's own."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import screen

SLOW = 60_000


def go_to(page: Page) -> None:
    """Open This year from the navigation: two clicks."""
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("menuitem", name="This year", exact=True).click()
    expect(screen.button(page, "year_files")).to_be_visible(timeout=SLOW)
    screen.settle(page)


def drop(page: Page, files: Mapping[str, bytes], folder: Path) -> str:
    """Drop reports together and return what is said of them; the page is left to be read."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    screen.button(page, "year_files").click()
    body = page.get_by_test_id("stPopoverBody")
    body.locator("input[type=file]").set_input_files([folder / name for name in files])
    said = body.get_by_test_id("stAlert")
    expect(said.filter(has_text="stands on the desk")).to_be_visible(timeout=SLOW)
    screen.settle(page)
    text = said.inner_text()
    page.keyboard.press("Escape")
    expect(body).to_have_count(0)
    return text


def slide_to(page: Page, key: str, presses: int) -> None:
    """Move a slider of the page by arrow keys, back where they are negative."""
    handle = page.locator(f".st-key-{key} input[type=range], .st-key-{key} [role=slider]").first
    handle.focus()
    for _ in range(abs(presses)):
        page.keyboard.press("ArrowRight" if presses > 0 else "ArrowLeft")
    screen.settle(page)


def said(page: Page) -> str:
    """Return all the page says, beside the levers."""
    return page.get_by_test_id("stMain").inner_text()
