"""What a page is to somebody who cannot see it, or not all of it, in a visitor's words."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser import screen

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WITHOUT_PICTURES = ("program", "rules", "glossary", "trainer")
AXE = Axe()


@contextmanager
def window(browser: Browser, address: str, **look) -> Iterator[Page]:
    """Open an address in a private window of its own and wait until all is drawn."""
    look = {"viewport": {"width": 1366, "height": 768}, **look}
    context = browser.new_context(**look)
    page = context.new_page()
    page.set_default_timeout(30_000)
    try:
        page.goto(address)
        wait_for_page(page)
        yield page
    finally:
        context.close()


def wait_for_page(page: Page) -> None:
    """Wait until a page, with pictures or without, is drawn and nothing moves."""
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible(timeout=60_000)
    with suppress(Error):
        screen.lever(page, screen.ALWAYS_SEEN[0], live=True).wait_for(timeout=2_000)
    screen.settle(page)
    for picture in screen.pictures(page).all():
        if picture.is_visible():
            expect(picture.locator("svg, canvas").first).to_be_attached(timeout=60_000)
    screen.settle(page)


def findings(page: Page) -> tuple[list[str], list[str]]:
    """Return what axe-core says against a page: by WCAG 2.2 A and AA, and by best practice."""
    found = AXE.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    wcag, practice = [], []
    for fault in found["violations"]:
        where = practice if "best-practice" in fault["tags"] else wcag
        for node in fault["nodes"]:
            why = node["failureSummary"].splitlines()[1].strip()
            where.append(f"{fault['id']}: {node['html'][:160]} ({why[:200]})")
    return wcag, practice
