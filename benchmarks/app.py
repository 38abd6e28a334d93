"""Measure the app as a user meets it: drags in a real browser, bytes on the wire, server time.

Run ``uv run python benchmarks/app.py``; it starts its own server and needs a Chromium.
"""

import contextlib
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

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DRAGS, SECONDS, MOVES, KEYS = 5, 2.0, 120, 20
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


def main() -> None:
    """Print the table of drags and the bytes of one update."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit("A Chromium is needed; on Debian: apt-get install chromium")
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
                span = f"{min(values):.1f}–{max(values):.1f}"
                print(f"  {figure}: median {statistics.median(values):.1f}  ({span})")
            if not hidden:
                received.clear()
                print(f"  arrow key to painted picture, ms: median {keys(page):.0f}")
                each, messages = sum(received) / KEYS, len(received) / KEYS
                print(f"  bytes of one update: {each:,.0f} in {messages:.0f} messages")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
