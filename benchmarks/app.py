"""Measure the app as a user meets it: drags in a real browser, bytes on the wire, server time.

Run ``uv run python benchmarks/app.py``; it starts its own server and needs a Chromium.
"""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DRAGS, SECONDS, MOVES, KEYS = 5, 2.0, 120, 20
RELEASES, OPENINGS = 40, 5
QUIET_MS = 600
LEVER, FROM, TO, LOW, HIGH = "Cost reduction", 2.4, 5.6, -8.0, 12.0

# What a user sees change: the tiles, and where the dots and lines of the pictures are.
WATCH = """() => {
  window.seen = [];
  window.updates = [];
  const look = () => {
    const tiles = [...document.querySelectorAll('[data-testid=stMetricValue]')];
    const marks = [...document.querySelectorAll('[data-testid=stVegaLiteChart] path')];
    const told = tiles.map(e => e.textContent).join('|');
    const drawn = marks.map(e => (e.getAttribute('transform') || '') + (e.getAttribute('d') || ''));
    if (told !== window.told) { window.told = told; window.updates.push(performance.now()); }
    const now = told + drawn.join('');
    if (now !== window.last) { window.last = now; window.seen.push(performance.now()); }
    requestAnimationFrame(look);
  };
  look();
}"""
HIDE = {
    "three pictures (tiles, curve, bridge)": "",
    "two (tiles, curve)": "[data-testid=stVegaLiteChart] >> nth=1",
    "one (tiles)": "[data-testid=stVegaLiteChart]",
}


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run the app on a free port and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true",
        "--server.address=127.0.0.1", f"--server.port={port}",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def drag(page: Page) -> dict[str, float]:
    """Drag the lever once with the mouse and return what was seen."""
    slider = page.locator(f'input[aria-label="{LEVER}"]')
    box: Any = slider.bounding_box()
    row, width = box["y"] + box["height"] / 2, box["width"] - 12

    def at(value: float) -> float:
        return float(box["x"] + 6 + width * (value - LOW) / (HIGH - LOW))

    now = float(slider.input_value())
    start, end = (FROM, TO) if abs(now - FROM) < abs(now - TO) else (TO, FROM)
    page.mouse.move(at(now), row)
    page.mouse.down()
    page.mouse.move(at(start), row)
    page.wait_for_timeout(600)
    page.evaluate("window.seen = []; window.updates = []")
    begun = time.perf_counter()
    for move in range(1, MOVES + 1):
        page.mouse.move(at(start + (end - start) * move / MOVES), row)
        time.sleep(max(0.0, begun + SECONDS * move / MOVES - time.perf_counter()))
    ended = page.evaluate("performance.now()")
    page.mouse.up()
    page.wait_for_timeout(1500)
    seen = page.evaluate("window.seen")
    during = [moment for moment in page.evaluate("window.updates") if moment <= ended]
    return {
        "updates a second": len(during) / SECONDS,
        "last movement to final picture, ms": max(seen[-1] - ended, 0.0) if seen else float("nan"),
    }


def spread(times: list[float]) -> str:
    """Return the least and the most, in brackets."""
    return f"({min(times):.1f}–{max(times):.1f})"


def keys(page: Page) -> float:
    """Return the milliseconds from an arrow key to the painted picture, the median."""
    slider = page.locator(f'input[aria-label="{LEVER}"]')
    slider.focus()
    times = []
    for _ in range(KEYS):
        page.evaluate("window.seen = []")
        pressed = page.evaluate("performance.now()")
        slider.press("ArrowRight")
        page.wait_for_function("window.seen.length > 0")
        times.append(page.evaluate("window.seen[0]") - pressed)
        page.wait_for_timeout(150)
    return statistics.median(times)


def releases(page: Page) -> list[float]:
    """Return the milliseconds from letting the lever go to the last thing that is painted."""
    slider = page.locator(f'input[aria-label="{LEVER}"]')
    times = []
    for turn in range(RELEASES):
        box: Any = slider.bounding_box()
        value = LOW + (HIGH - LOW) * (0.4 + 0.3 * ((turn * 0.382) % 1))
        at = box["x"] + 6 + (box["width"] - 12) * (value - LOW) / (HIGH - LOW)
        page.mouse.move(at, box["y"] + box["height"] / 2)
        page.evaluate("window.seen = []")
        page.mouse.down()
        page.mouse.up()
        let_go = page.evaluate("performance.now()")
        page.wait_for_timeout(QUIET_MS)
        seen = page.evaluate("window.seen")
        times.append(max(seen[-1] - let_go, 0.0) if seen else float("inf"))
    return sorted(times)


def switches(page: Page) -> float:
    """Return the milliseconds from a click in the navigation to the painted page, the median."""
    times = []
    for _ in range(OPENINGS):
        page.get_by_role("button", name="Explore").click()
        page.wait_for_timeout(QUIET_MS)
        begun = time.perf_counter()
        page.get_by_text("Corridor and contract", exact=True).click()
        page.get_by_text("Minimum to get paid", exact=False).first.wait_for()
        page.locator("[data-testid=stVegaLiteChart] svg").nth(1).wait_for()
        times.append((time.perf_counter() - begun) * 1e3)
        page.get_by_role("link", name="Simulator", exact=True).click()
        page.get_by_text("You earn", exact=False).first.wait_for()
        page.wait_for_timeout(2 * QUIET_MS)
    return statistics.median(times)


def openings(browser: Browser) -> tuple[list[float], list[float]]:
    """Return seconds to the first page: of a server nobody has opened, and of the next visitor."""
    first, second = [], []
    for _ in range(OPENINGS):
        with server() as address:
            for kind in (first, second):
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                page = context.new_page()
                begun = time.perf_counter()
                page.goto(address)
                page.locator("[data-testid=stMetricValue]").nth(3).wait_for()
                page.locator("[data-testid=stVegaLiteChart] svg").nth(1).wait_for()
                kind.append(time.perf_counter() - begun)
                context.close()
    return first, second


def main() -> None:
    """Print the table of drags, releases, page switches, first pages, and bytes of an update."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit("A Chromium is needed; on Debian: apt-get install chromium")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with server() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable, args=list(FLAGS))
        received: list[int] = []
        for name, hidden in HIDE.items():
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.on("websocket", lambda s: s.on("framereceived", lambda f: received.append(len(f))))
            page.goto(address)
            page.locator(f'input[aria-label="{LEVER}"]').wait_for()
            page.wait_for_timeout(1500)
            if hidden:
                css = "[data-testid=stColumn]:has(> * [data-testid=stVegaLiteChart])"
                last = ":last-child" if ">>" in hidden else ""
                page.add_style_tag(content=f"{css}{last} {{ display: none !important; }}")
            page.evaluate(WATCH)
            drags = [drag(page) for _ in range(DRAGS)]
            print(name)
            for figure in drags[0]:
                values = [one[figure] for one in drags]
                print(f"  {figure}: median {statistics.median(values):.1f}  {spread(values)}")
            if not hidden:
                received.clear()
                print(f"  arrow key to painted picture, ms: median {keys(page):.0f}")
                each, messages = sum(received) / KEYS, len(received) / KEYS
                print(f"  bytes of one update: {each:,.0f} in {messages:.0f} messages")
                let_go = releases(page)
                middle, p95 = statistics.median(let_go), let_go[int(0.95 * len(let_go))]
                print(f"  let go to painted, ms: median {middle:.0f}, p95 {p95:.0f}")
                print(f"  to another page, ms: median {switches(page):.0f}")
            page.close()
        for name, times in zip(("a cold server", "one in use"), openings(browser), strict=True):
            print(
                f"first page of {name}, s: median {statistics.median(times):.1f}  {spread(times)}"
            )
        browser.close()


if __name__ == "__main__":
    main()
