"""What a room could see of a page, and how a trainer uses it; only this file knows the marks."""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from tests.browser import screen

DRAWN = "[data-testid=stVegaLiteChart], canvas, svg.marks, [data-testid=stMetric]"
HOVERED = ("Reveal", "Cost reduction", "Quality score", "Back to start", "Pin")
OPENS = 350
"""Milliseconds in which what is clicked has begun to open."""

ATTRIBUTES = """() => [...document.querySelectorAll('*')].map(e =>
    [...e.attributes].map(a => a.value).join(' ') + (e.shadowRoot ? e.shadowRoot.innerHTML : '')
).join('\\n')"""


def opened(visit, address: str, **size) -> Page:
    """Open a page in a private window and wait until it stands still."""
    page = visit("", **size)
    page.goto(f"{page.url.split('?')[0]}{address}")
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible(timeout=60_000)
    screen.settle(page)
    return page


def held(page: Page) -> str:
    """Return all a room could see: source, attributes, tooltips, shadow roots, title, address."""
    parts = [page.content(), page.evaluate(ATTRIBUTES), page.title(), page.url]
    for label in HOVERED:
        for spot in page.get_by_text(label, exact=True).all()[:1]:
            box = spot.bounding_box()
            if box and box["x"] >= 0:  # a folded rail lies outside
                page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
                page.wait_for_timeout(300)
                parts.append(page.content())
    return "\n".join(parts)


OPENERS = "[data-testid=stExpander] summary, [data-testid=stTab], [data-testid=stPopover] button"


def each_opened(page: Page, *, rail: bool) -> Iterator[tuple[str, str]]:
    """Yield what each tab, fold and popover is called, and all that the page holds with it open.

    Parameters
    ----------
    rail : those beside the page too, which are the same on every page
    """
    openers = (page if rail else main(page)).locator(OPENERS)
    for at in range(openers.count()):
        opener = openers.nth(at)
        if not opener.is_visible():
            continue
        label = opener.inner_text()
        opener.evaluate("at => at.click()")  # a folded rail lies outside the window
        expect(page.locator(screen.SETTLED)).to_have_count(1)
        page.wait_for_timeout(OPENS)
        expect(page.locator(screen.SETTLED)).to_have_count(1)
        yield label, "\n".join([page.content(), page.evaluate(ATTRIBUTES), page.url])
        page.keyboard.press("Escape")


def drawn(page: Page) -> int:
    """Return how many pictures and tiles are on the page."""
    return page.locator(DRAWN).count()


def files(page: Page) -> int:
    """Return how many files the page offers."""
    return page.get_by_test_id("stDownloadButton").count()


def go(page: Page, section: str, title: str) -> None:
    """Go to a page through the navigation: two clicks, or one for a page without a section."""
    if section:
        page.get_by_text(section, exact=True).first.click()
        page.get_by_role("menuitem", name=title).click()
    else:
        page.get_by_role("link", name=title, exact=True).first.click()
    screen.settle(page)


def deal(page: Page, title: str) -> None:
    """Put a card of the deck on the desk: one click."""
    page.locator(".st-key-trainer_card").get_by_text(title, exact=True).click()
    screen.settle(page)


def reveal(page: Page) -> None:
    """Take the curtain away."""
    page.get_by_role("button", name="Reveal").click()
    screen.settle(page)


def count_votes(page: Page, counts: tuple[int, ...]) -> None:
    """Type the room's votes, from A on."""
    for letter, count in zip("ABCD", counts, strict=False):
        field = page.get_by_role("spinbutton", name=letter, exact=True)
        field.fill(str(count))
        field.press("Enter")
        screen.settle(page)


def link_of_the_room(page: Page) -> str:
    """Return the link the trainer gives out."""
    page.get_by_text("The links for the room").click()
    screen.settle(page)
    return page.get_by_test_id("stCode").first.inner_text().strip()


def answer(page: Page, number: int) -> None:
    """Choose an answer, counted from 0, and give it."""
    page.get_by_test_id("stRadio").locator("label").filter(has_text=f"{'ABC'[number]} ·").click()
    screen.settle(page)
    screen.press(page, "quiz_place")


def words(page: Page) -> str:
    """Return the text of the page itself, in one line."""
    return " ".join(main(page).inner_text().split())


def main(page: Page) -> Locator:
    """Return the page without the levers."""
    return page.get_by_test_id("stMain")
