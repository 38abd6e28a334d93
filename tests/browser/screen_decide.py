"""The pages under Decide in a visitor's words."""

import itertools
import re

from playwright.sync_api import Page, expect

from tests.browser.screen import settle

SIGNED = re.compile(r"^([+−]?)\$([\d.]+)M$")


def go_to_compare(page: Page) -> None:
    """Open Compare from the navigation: two clicks."""
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("menuitem", name="Compare", exact=True).click()
    expect(page.get_by_text("What moved the money")).to_be_visible(timeout=60_000)
    settle(page)


def what_moved(page: Page) -> dict[str, float]:
    """Return the bars of what moved the money, in millions, as shown."""
    texts = page.get_by_test_id("stVegaLiteChart").last.locator("svg text").all_text_contents()
    found: dict[str, float] = {}
    for label, value in itertools.pairwise(texts):
        signed = SIGNED.match(value)
        if signed and not SIGNED.match(label):
            found[label] = float(signed[2]) * (-1 if signed[1] == "−" else 1)
    return found


def columns(page: Page) -> list[str]:
    """Return the head of each column: its name, its payment and its difference."""
    heads = page.locator("[data-testid=stColumn] p:has(strong)").all_inner_texts()
    return [text for text in heads if "$" in text]
