"""What a page is to somebody who cannot see it, or not all of it, in a visitor's words."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser import screen
from tests.conftest import ELSEWHERE, FORBIDDEN, watch

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()
CONTROLS = (
    "button", "radio", "radiogroup", "checkbox", "switch", "tab", "DisclosureTriangle", "slider",
    "spinbutton", "textbox", "searchbox", "combobox", "link", "menuitem",
)  # fmt: skip
"""Roles, as Chromium calls them, that somebody asks for by name."""
WRITTEN = re.compile(r"\*\*|[\[\]\\_`]|:material|\bicon$")


@contextmanager
def window(browser: Browser, address: str, broken: list | None = None, **look) -> Iterator[Page]:
    """Open an address in a private window of its own and wait until all is drawn.

    At the end nothing may have been asked of another site, or forbidden by the page's policy.

    Parameters
    ----------
    broken : collects that, and the page's errors, instead
    """
    look = {"viewport": {"width": 1366, "height": 768}, **look}
    context = browser.new_context(**look)
    page = context.new_page()
    page.set_default_timeout(30_000)
    noted: list[str] = [] if broken is None else broken
    watch(page, "/".join(address.split("/", 3)[:3]), noted)
    try:
        page.goto(address)
        wait_for_page(page)
        yield page
        if broken is None:
            assert not [line for line in noted if FORBIDDEN in line or line.startswith(ELSEWHERE)]
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


def written_names(page: Page) -> list[str]:
    """Return the names of controls that nobody would say: with Markdown, or of an icon, or none.

    They are read where a screen reader reads them, in the tree of the browser, not in the page.
    """
    tree = page.context.new_cdp_session(page)
    nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
    tree.detach()
    names = [
        str(node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and node.get("role", {}).get("value") in CONTROLS
    ]
    assert names
    return sorted({name for name in names if not name.strip() or WRITTEN.search(name)})


def descriptions(page: Page) -> list[str]:
    """Return what a screen reader says of each picture."""
    drawn = page.locator("[data-testid=stVegaLiteChart][role=graphics-document]")
    return [str(picture.get_attribute("aria-label")) for picture in drawn.all()]


def bars(page: Page, names: Sequence[str]) -> dict[str, Any]:
    """Return the pixels of bars of the dollar bridge, by the label that stands beside them."""
    places = screen.pictures(page).nth(1).evaluate(BARS_BESIDE, list(names))
    image = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    found = {}
    for name, (left, top, right, bottom) in zip(names, places, strict=True):
        rows, columns = slice(int(top), int(bottom) + 1), slice(int(left), int(right) + 1)
        found[name] = image[rows, columns]
    return found


def ground(page: Page) -> Any:
    """Return the colour on which everything is drawn."""
    box = screen.pictures(page).nth(1).bounding_box()
    assert box is not None
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return np.array(image.getpixel((int(box["x"]) + 2, int(box["y"]) + 2)))


BARS_BESIDE = """(chart, names) => {
    const boxes = [...chart.querySelectorAll('.mark-rect path')]
        .filter(e => getComputedStyle(e).opacity > 0)
        .map(e => e.getBoundingClientRect()).filter(b => b.width > 8);
    const texts = [...chart.querySelectorAll('text')];
    return names.map(name => {
        const at = texts.find(t => t.textContent === name).getBoundingClientRect();
        const middle = at.y + at.height / 2;
        const box = boxes.filter(b => b.top < middle && middle < b.bottom)
            .sort((a, b) => b.width - a.width)[0];
        return [box.left, box.top, box.right, box.bottom];
    });
}"""


def said(page: Page) -> list[str]:
    """Return every word of the page itself; what a picture writes is in its description too."""
    texts = page.get_by_test_id("stMain").evaluate(
        """main => [...main.querySelectorAll('p, h1, h2, h3, h4, h5, li, td, th, label')]
            .filter(e => !e.closest('[data-testid=stVegaLiteChart]') && e.checkVisibility())
            .map(e => e.innerText).join(' ')"""
    )
    return sorted(set(re.findall(r"[\w$%.,−+]+", texts)))


def cut_off(page: Page) -> list[str]:
    """Return every text that is cut off by the box it stands in, or stands outside the window."""
    found: list[str] = page.get_by_test_id("stMain").evaluate(CUT_OFF)
    return found


CUT_OFF = """main => {
    const faults = [];
    const toBeHeard = e =>
        e && (getComputedStyle(e).clipPath === 'inset(50%)' || toBeHeard(e.parentElement));
    for (const e of main.querySelectorAll('p, h1, h2, h3, h4, h5, label, button, li')) {
        if (!e.innerText || !e.innerText.trim() || !e.checkVisibility()) continue;
        if (e.closest('[data-testid=stDataFrame], table, [role=dialog]')) continue;
        const box = e.getBoundingClientRect();
        if (box.width === 0 || toBeHeard(e)) continue;
        let around = e.parentElement;
        while (around && !/auto|scroll/.test(getComputedStyle(around).overflowX))
            around = around.parentElement;
        if (around && around !== main && around.clientWidth < innerWidth &&
            around.scrollWidth > around.clientWidth) continue;
        const hides = getComputedStyle(e).overflowX === 'hidden';
        if (box.right > innerWidth + 1 || (hides && e.scrollWidth > e.clientWidth + 1))
            faults.push(e.innerText.slice(0, 60));
    }
    return faults;
}"""


def moving(page: Page) -> list[str]:
    """Return what is moving on the page, if only for a moment."""
    found: list[str] = page.evaluate(
        """() => document.getAnimations()
            .filter(a => a.effect.getComputedTiming().duration > 1 && a.playState === 'running')
            .map(a => a.animationName || a.transitionProperty)"""
    )
    return found
