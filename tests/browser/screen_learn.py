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


def tab_to_the_bet(page: Page) -> None:
    """Walk to the bet with the Tab key."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if focused(page).startswith("radio") and page.evaluate(
            "document.activeElement.closest('[data-testid=stRadio]') !== null"
        ):
            return
    raise AssertionError("the Tab key does not reach the bet")


def focused(page: Page) -> str:
    """Return what has the focus: its kind and its words."""
    return page.evaluate(FOCUSED)


FOCUSED = """() => {
  let one = document.activeElement;
  while (one && one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
  const kind = one.getAttribute("role") || one.type || one.tagName;
  return `${kind === "submit" ? "button" : kind} ${one.innerText || one.ariaLabel || ""}`.trim();
}"""
TOUCHED = """() => {
  const found = {};
  const page = document.querySelector("[data-testid=stMain]");
  for (const one of page.querySelectorAll(
    "[data-testid=stRadio] label:has(input), [data-testid=stButtonGroup] button, .stButton button"
  )) {
    const { width, height } = one.getBoundingClientRect();
    if (height) found[one.innerText] = Math.min(width, height);
  }
  return found;
}"""
"""The smaller side of each answer, step and button, by its words."""

NAMED_BY_DESCRIPTION = """(words) => [...document.querySelectorAll("button")].filter(
  (one) => one.checkVisibility() && (one.ariaLabel || "").includes(words)
).length"""
"""How many buttons that can be reached carry a picture's description."""


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
