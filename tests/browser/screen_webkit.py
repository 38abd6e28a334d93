"""The screen in a visitor's words, for WebKit, whose driver is another one."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

PATIENCE = 60.0
STILL, POLL = 4, 0.15
SOUGHT = r"""
    const [selector, words] = arguments;
    const roots = [document], found = [];
    const line = e => (e.innerText || '').trim().split('\n')[0];
    while (roots.length) {
        const root = roots.pop();
        for (const e of root.querySelectorAll('*')) {
            if (e.shadowRoot) roots.push(e.shadowRoot);
            if (e.matches(selector) && (!words || line(e) === words)) found.push(e);
        }
    }
    return found;
"""
"""Elements by selector and first line, in live levers too: each is a document of its own."""

LOOK = """
    const main = document.querySelector('[data-testid=stMain]');
    const app = document.querySelector('[data-testid=stApp]');
    return [location.href, main ? main.innerText : '',
            app ? app.getAttribute('data-test-script-state') : ''];
"""
NOT_DRAWN = """
    return [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
        .filter(e => e.getClientRects().length && !e.querySelector('svg, canvas')).length;
"""
"""Pictures that are in sight and have nothing in them; this WebKit has no ``checkVisibility``."""


def find(page: WebKitGTK, selector: str, words: str = "") -> WebElement:
    """Return the first element of a selector with these words, as soon as there is one."""
    return until(lambda: next(iter(page.execute_script(SOUGHT, selector, words)), None))


def until(seen: Callable[[], Any]) -> Any:
    """Return what is seen, as soon as something is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := seen():
            return found
        time.sleep(POLL)
    raise AssertionError("It never came.")


def settle(page: WebKitGTK) -> None:
    """Wait until the script has run, the pictures are drawn and the screen stands still."""
    before, same = None, 0
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(POLL)
        now = page.execute_script(LOOK)
        same = same + 1 if now == before and now[2] == "notRunning" else 0
        if same >= STILL and not page.execute_script(NOT_DRAWN):
            return
        before = now
    raise AssertionError("The screen never came to rest.")


def text(page: WebKitGTK) -> str:
    """Return all there is to read on the page itself."""
    main = "[data-testid=stMain]"
    return str(still_there(lambda: page.find_element(By.CSS_SELECTOR, main).text))


def sentence(page: WebKitGTK) -> str:
    """Return the outcome sentence."""
    return str(still_there(lambda: find(page, "h3").text))


def lever(page: WebKitGTK, label: str) -> WebElement:
    """Return the handle of a live lever."""
    return find(page, f'input[type=range][aria-label="{label}"]')


def value(page: WebKitGTK, label: str) -> str:
    """Return what a lever says it stands at."""
    return str(still_there(lambda: lever(page, label).get_attribute("aria-valuetext")))


def still_there(look: Callable[[], Any]) -> Any:
    """Return what is read off an element; one that a run replaced meanwhile is looked for anew."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return look()
        except StaleElementReferenceException:
            if time.monotonic() > end:
                raise


TRACK = """
    const [input, track] = [arguments[0], arguments[0].parentElement];
    const [of, on] = [input, track].map((part) => part.getBoundingClientRect());
    return [track, of.width, (of.left + of.right - on.left - on.right) / 2];
"""
"""What takes the pointer of a lever, how wide the handle's way is, and how far aside its middle."""


def drag(page: WebKitGTK, label: str, part: float, to: float) -> None:
    """Drag a lever's handle from one part of its track to another."""
    # The handle itself takes no pointer, so that a swipe over it scrolls: its track does.
    handle, width, aside = still_there(lambda: page.execute_script(TRACK, lever(page, label)))
    start, end = (round((where - 0.5) * (width - 12) + aside) for where in (part, to))
    act = ActionChains(page, duration=50)
    act.move_to_element_with_offset(handle, start, 0).click_and_hold()
    for step in range(1, 9):
        act.move_to_element_with_offset(handle, start + round((end - start) * step / 8), 0)
    act.release().perform()
    settle(page)


def press_key(page: WebKitGTK, label: str, key: str = Keys.END) -> None:
    """Press a key on a lever."""
    still_there(lambda: lever(page, label).send_keys(key))
    settle(page)


def press(page: WebKitGTK, words: str) -> None:
    """Press the button with these words."""
    still_there(lambda: find(page, "button", words).click())
    settle(page)


def go_to(page: WebKitGTK, section: str, title: str) -> None:
    """Go to a page by the navigation."""
    if section:
        still_there(lambda: find(page, "button[aria-haspopup=menu]", section).click())
    still_there(lambda: find(page, "a[data-testid=stTopNavLink], [role=menuitem]", title).click())


def downloaded(folder: Path, name: str) -> Path:
    """Return a file that was asked for, once it is whole."""
    file = folder / name

    def whole() -> bool:
        size = file.stat().st_size if file.exists() else 0
        time.sleep(POLL)
        return size > 0 and file.stat().st_size == size

    until(whole)
    return file
