"""The Executive view in a visitor's words: how to get there, its figures, a click on its map."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import settle


def go(page: Page) -> None:
    """Go to the Executive view by the navigation, in one click, and wait for its map."""
    page.get_by_role("link", name="Executive view", exact=True).click()
    expect(page.get_by_test_id("stMetric")).to_have_count(3, timeout=60_000)
    expect(chart(page).locator("svg").first).to_be_visible(timeout=60_000)
    settle(page)


def chart(page: Page) -> Locator:
    """Return the trade-off map."""
    return page.get_by_test_id("stVegaLiteChart")


def figures(page: Page) -> list[str]:
    """Return the values of the three tiles."""
    return [text.split("\n\n")[1] for text in page.get_by_test_id("stMetric").all_inner_texts()]


def text(page: Page) -> str:
    """Return all there is to read beside the levers, a line each."""
    return page.get_by_test_id("stMain").inner_text()


def click_map(page: Page, across: float, up: float) -> None:
    """Click a place of the map: parts of its width and height, from the left and the foot."""
    area = chart(page).locator("svg .background").first.bounding_box()
    page.mouse.click(area["x"] + across * area["width"], area["y"] + (1 - up) * area["height"])
    settle(page)


def bottom(page: Page) -> float:
    """Return how far down the page reaches, in pixels of the window."""
    return page.get_by_test_id("stMain").evaluate(
        "main => Math.max(...[...main.querySelectorAll('.stElementContainer')]"
        ".map(element => element.getBoundingClientRect().bottom))"
    )
