"""The story and the myth lab in a visitor's words; only this file knows their marks."""

from playwright.sync_api import Page, expect

from tests.browser import screen

MOST_TABS = 60


def open_story(visit, query="", **size):
    """Open the story in a private window."""
    page = visit_page(visit, f"story{query}", **size)
    expect(page.get_by_role("heading", level=3)).to_have_count(1)
    return page


def visit_page(visit, address, **size):
    """Open a page of lessons: it has one picture, where the Simulator has two."""
    page = visit("", **size)
    page.goto(f"{page.url.split('?')[0]}{address}")
    wait_for_picture(page)
    return page


def wait_for_picture(page: Page) -> None:
    """Wait until the picture is drawn and nothing moves."""
    drawn = screen.pictures(page).first.locator("svg, canvas").first
    expect(drawn).to_be_visible(timeout=60_000)
    screen.settle(page)


def press_by_keyboard(page: Page, label: str) -> None:
    """Walk to a button with the Tab key and press it with Enter."""
    tab_to(page, label)
    page.keyboard.press("Enter")
    screen.settle(page)


def choose_by_keyboard(page: Page) -> None:
    """Walk to the bet with the Tab key and choose its first answer."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'radio'") and page.evaluate(
            "document.activeElement.closest('[data-testid=stRadio]') !== null"
        ):
            page.keyboard.press("Space")
            screen.settle(page)
            return
    raise AssertionError("the Tab key does not reach the bet")


def tab_to(page: Page, label: str) -> None:
    """Walk on with the Tab key until something whose label begins like this has the focus."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(screen.FOCUSED).strip("* \n"))
        if seen[-1].startswith(label):
            return
    raise AssertionError(f"The Tab key does not reach {label}, only {seen}")


def everything(page: Page) -> str:
    """Return all the page holds: text, attributes, tooltips, descriptions, address."""
    page.mouse.move(950, 300)
    page.wait_for_timeout(400)
    return page.content() + page.url


def story_of(page: Page) -> str:
    """Return what the link says of the story."""
    return page.evaluate("new URLSearchParams(location.search).get('story')")
