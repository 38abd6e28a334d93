"""A live room in the words of who is in it; only this file knows the marks of its pages."""

import re
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Page, expect

from tests.browser import screen

PATIENCE = 30_000
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector('[data-testid=stMain]'), 4);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const of = node.parentElement, svg = of.closest('svg');
    if (!node.data.trim() || of.closest('style') || !of.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(of).fontSize);
    const times = svg ? svg.getBoundingClientRect().width / svg.getAttribute('width')
                      : of.currentCSSZoom;
    found.push([node.data.trim(), times * size]);
  }
  return found;
}"""
"""Every text of the wall with the pixels it has on the screen."""


def open_room(page: Page, home: str) -> tuple[str, str]:
    """Open a room on the Trainer desk; return its code and the trainer's key."""
    page.goto(f"{home}/trainer")
    page.get_by_text("Open a room", exact=True).first.click(timeout=60_000)
    page.locator(".st-key-room_open button").click()
    page.wait_for_url("**key=*")
    expect(page.get_by_text("Next question")).to_be_visible(timeout=PATIENCE)
    query = parse_qs(urlsplit(page.url).query)
    return query["room"][0], query["key"][0]


def ask(page: Page, kind: str) -> None:
    """Ask the next question of a kind, as the trainer."""
    pill = page.locator(".st-key-room_kind").get_by_text(kind, exact=True)
    chosen = page.locator(".st-key-room_kind [aria-checked=true]")
    if chosen.inner_text() != kind:
        pill.click()
        page.wait_for_timeout(1_500)  # what the kind needs is drawn anew
    expect(chosen).to_have_text(kind)
    before = page.locator(".st-key-room_now").count() and now(page)
    page.locator(".st-key-room_ask button").click()
    expect(page.locator(".st-key-room_now")).not_to_contain_text(before or "nothing")
    expect(page.locator(".st-key-room_reveal button")).to_be_visible(timeout=PATIENCE)


def now(page: Page) -> str:
    """Return the question that the trainer sees as the one that is open."""
    return page.locator(".st-key-room_now").inner_text().splitlines()[0]


def press(page: Page, key: str) -> None:
    """Press one of the trainer's buttons."""
    page.locator(f".st-key-{key} button").click()


def enter(page: Page, home: str, code: str, name: str = "") -> str:
    """Join by the link of the QR code: one step to open it, one to tap; return the seat's link."""
    page.goto(f"{home}/join?room={code}")
    button = page.get_by_role("button", name="Join", exact=True)
    expect(button).to_be_visible(timeout=60_000)
    if name:
        page.get_by_label("First name").fill(name)
    tap(page, button)
    expect(page.get_by_text(re.compile(r"^Seat \d+"))).to_be_visible(timeout=PATIENCE)
    page.wait_for_url("**seat=*")
    return page.url


def tap(page: Page, button) -> None:
    """Tap with a finger where there is one."""
    touches = page.evaluate("() => navigator.maxTouchPoints > 0")
    button.tap() if touches else button.click()


def vote(page: Page, option: int) -> None:
    """Tap an answer and wait until it is kept."""
    buttons = page.locator("[class*=st-key-vote_] button")
    expect(buttons.nth(option)).to_be_visible(timeout=PATIENCE)
    tap(page, buttons.nth(option))
    says(page, f"{'ABCD'[option]} is in.")


def vote_after_a_break(page: Page, option: int) -> None:
    """Tap an answer once the page is connected again; what it said first may get lost on the way.

    The guide to deployment says so too.
    """
    kept = page.get_by_text(f"{'ABCD'[option]} is in.")
    expect(page.locator(CONNECTED)).to_be_attached(timeout=PATIENCE)
    for _ in range(3):
        tap(page, page.locator("[class*=st-key-vote_] button").nth(option))
        with suppress(Error):
            return kept.wait_for(timeout=6_000)
    raise AssertionError("No answer is kept after the break.")


def slide(page: Page, steps: int, which: int = 0) -> None:
    """Move a slider by steps."""
    handle = page.locator("input[type=range]").nth(which)
    expect(handle).to_be_visible(timeout=PATIENCE)
    handle.focus()
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")


def send(page: Page) -> None:
    """Send what the page shows and wait until it is kept."""
    button = page.get_by_role("button", name="Send", exact=True)
    expect(button).to_be_enabled(timeout=PATIENCE)
    tap(page, button)
    says(page, "It is in.")


def says(page: Page, words: str) -> None:
    """Wait until the page says something."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


def answered(page: Page, many: int, of: int) -> None:
    """Wait until the wall counts so many answers."""
    says(page, f"{many} of {of} answered")


def drawn(page: Page, many: int) -> None:
    """Wait until so many pictures are on the page."""
    expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(many, timeout=PATIENCE)


def lowest(page: Page) -> float:
    """Return where the lowest picture ends, in pixels of the window."""
    return page.evaluate("""() => Math.max(...[...document.querySelectorAll(
      '[data-testid=stVegaLiteChart] svg')].map(one => one.getBoundingClientRect().bottom))""")


def small(page: Page, least: float) -> list:
    """Return every text that is too small for the last row."""
    return screen.too_small(page, SMALL, least)


def listen(page: Page) -> list[bytes]:
    """Return what the page will have received over its websocket, message by message."""
    heard: list[bytes] = []

    def keep(message):
        heard.append(message if isinstance(message, bytes) else message.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return heard
