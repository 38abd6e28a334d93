"""Take it with you in a visitor's words: open it, download, share, open a file."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import screen

SLOW = 120_000
"""Milliseconds: the first file waits for the libraries that make it."""


def open_popover(page: Page, words: str) -> None:
    """Click a small popover under the pictures: one click."""
    page.get_by_role("button", name=re.compile(rf"^{re.escape(words)}")).click()
    screen.settle(page)


def download(page: Page, label: str, folder: Path) -> Path:
    """Click a download and wait for the file: one click."""
    with page.expect_download(timeout=SLOW) as coming:
        page.get_by_role("button", name=label, exact=True).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def name_it(page: Page, name: str) -> None:
    """Type a name for what is downloaded."""
    field = page.get_by_role("textbox", name="Name on it")
    field.fill(name)
    field.press("Enter")
    screen.settle(page)


def link(page: Page) -> str:
    """Return the link that is offered to share."""
    return page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text().strip()


def open_file(page: Page, file: Path) -> str:
    """Open a scenario file and return what is said about it."""
    body = page.get_by_test_id("stPopoverBody")
    body.locator("input[type=file]").set_input_files(file)
    said = body.get_by_test_id("stAlert")
    expect(said).to_be_visible(timeout=SLOW)
    screen.settle(page)
    return said.inner_text()


def proof(page: Page) -> list[str]:
    """Return the lines of the explanation that is open."""
    body = page.get_by_test_id("stPopoverBody")
    return [*body.get_by_role("listitem").all_inner_texts(), body.inner_text()]
