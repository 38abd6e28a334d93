"""The screen in a visitor's words: how to read it, and how to move a lever.

Only this file knows the marks of the page; the tests know labels, figures and addresses.
"""

import re
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.sync_api import Error, Locator, Page, expect

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
PROBED = 5_000
STILL = 4
POLL = 120
MOST_TABS = 80
MONEY_OR_RATE = re.compile(r"(\$[\d,]+\.\dM|<\$0\.1M|\d+\.\d%)")


def wait_for_pictures(page: Page) -> None:
    """Wait until both pictures are drawn and nothing moves."""
    for number in (0, 1):
        expect(pictures(page).nth(number).locator("svg, canvas").first).to_be_visible(
            timeout=60_000
        )
    with suppress(Error):  # a browser that cannot run live levers keeps the native ones
        lever(page, ALWAYS_SEEN[0], live=True).wait_for(timeout=PROBED)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the script has run and the screen stands still."""
    before, same = None, 0
    for _ in range(400):
        page.wait_for_timeout(POLL)
        now = (page.url, page.locator("body").inner_text(), page.locator(SETTLED).count())
        same = same + 1 if now == before and now[2] else 0
        if same == STILL:
            return
        before = now
    raise AssertionError("The screen never came to rest.")


def too_small(page: Page, sizes: str, least: float) -> list:
    """Return the texts still too small after ten seconds: a picture is drawn again once it fits.

    Parameters
    ----------
    sizes : a script that gives each text with its pixels
    """
    for _ in range(40):
        found = [each for each in page.evaluate(sizes) if each[1] < least - 0.01]
        if not found:
            break
        page.wait_for_timeout(250)
    return found


def sentence(page: Page) -> str:
    """Return the outcome sentence; there is exactly one."""
    heads = page.get_by_role("heading", level=3)
    expect(heads).to_have_count(1)
    return heads.inner_text()


def tiles(page: Page) -> list[tuple[str, ...]]:
    """Return the four tiles: label with field term, value, note."""
    found = page.get_by_test_id("stMetric")
    expect(found).to_have_count(4)
    return [tuple(filter(None, text.split("\n"))) for text in found.all_inner_texts()]


def values(page: Page) -> list[str]:
    """Return the figures on the four tiles."""
    return [value for _, value, _ in tiles(page)]


def pictures(page: Page) -> Locator:
    """Return the payoff curve and the dollar bridge."""
    return page.get_by_test_id("stVegaLiteChart")


def changes(page: Page) -> str:
    """Return the line that says what changed."""
    return page.locator(".st-key-changed").inner_text()


def address(page: Page) -> str:
    """Return the part of the address that is the scenario."""
    return urlsplit(page.url).query


def everything(page: Page) -> tuple[str, list[tuple[str, ...]], dict[str, str], str, str]:
    """Return all a visitor would compare: sentence, tiles, levers, changes, address.

    What the last move did is left out: it tells of the way, not of the place.
    """
    levers = {name: lever(page, name).get_attribute("aria-valuetext") for name in ALWAYS_SEEN}
    levers["Contract"] = chosen_contract(page)
    changed = re.sub(r"(\n\n)?east Your move [^\n]*", "", changes(page))
    return sentence(page), tiles(page), levers, changed, address(page)


ALWAYS_SEEN = ("Cost reduction", "Quality score", "Market share", "Regional trend", "Risk growth")


def lever(page: Page, label: str, *, live: bool = False) -> Locator:
    """Return the handle of a slider: the browser's own or, if need be, only a live one."""
    own = ":not([data-testid=stSlider] *)" if live else ""
    return page.locator(f'input[type=range][aria-label="{label}"]{own}')


def move(page: Page, label: str, to: str | float) -> None:
    """Move a lever by one key (``"End"``, ``"ArrowRight"``), or type its exact value."""
    if isinstance(to, str):
        lever(page, label).focus()
        page.keyboard.press(to)
    else:
        button(page, "more_around").first.click()
        field = page.get_by_role("spinbutton", name=re.compile(rf"^{label}(, %)?$"))
        field.fill(f"{to:g}")
        field.press("Enter")
        settle(page)
        page.keyboard.press("Escape")
        expect(field).to_have_count(0)
    settle(page)


def choose_contract(page: Page, level: str) -> None:
    """Choose a contract."""
    page.locator(".st-key-lever_level").get_by_role("radio", name=level, exact=True).click()
    settle(page)


def chosen_contract(page: Page) -> str:
    """Return the contract that is chosen."""
    return page.locator(".st-key-lever_level").locator("[aria-checked=true]").inner_text()


def press(page: Page, key: str) -> None:
    """Click a button by its key in the code: its words may be an icon."""
    button(page, key).click()
    settle(page)


def button(page: Page, key: str) -> Locator:
    """Return a button; a tooltip gives it a hidden twin, which has no role."""
    return page.locator(f".st-key-{key}").get_by_role("button")


def reset(page: Page, label: str) -> None:
    """Press the mark that puts one lever back to the baseline."""
    page.get_by_role("button", name=re.compile(rf"^Reset {label} to the baseline")).click()
    settle(page)


def tab_to(page: Page, label: str) -> None:
    """Walk on with the Tab key until something with this label has the focus."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED).strip("* \n"))
        if seen[-1] == label:
            return
    raise AssertionError(f"The Tab key does not reach {label}, only {seen}")


FOCUSED = """() => {
    let at = document.activeElement;
    while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
    return at.getAttribute('aria-label') || (at.innerText || '').slice(0, 40);
}"""
