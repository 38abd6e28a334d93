"""Measure what CMS's results inside cost: the first page with and without them, and memory.

Run ``uv run python -m benchmarks.cms_inside``; it starts its own servers and needs a Chromium.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from mssp_sim.cms_files.published import FILE

ROOT = Path(__file__).parents[1]
OPENINGS = 7
PORT = 8_731
MB = 2**20
PROCESS = """
import re, sys
def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
import altair, pandas, pyarrow, streamlit
from mssp_sim import Scenario, simulate
from mssp_sim.cms_files import finding, history, own_years
from mssp_sim.screens.simulator import page
simulate(Scenario())
before = resident()
finding.choices()
found = resident()
finding.loaded("A1001", 2024)
loaded = resident()
for year in range(2014, 2025):
    finding.loaded("A1001", year)
print(before, found - before, loaded - before, resident() - before)
"""
"""Megabytes before, after the names are read, after one ACO-year, after eleven of them."""


@contextmanager
def checkout(*, with_results: bool) -> Iterator[Path]:
    """Yield a copy of the app, with CMS's results inside or without them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("mssp_sim", "pages", ".streamlit"):
            shutil.copytree(ROOT / part, folder / part)
        shutil.copy(ROOT / "app.py", folder)
        if not with_results:
            (folder / FILE.relative_to(ROOT)).unlink()
        yield folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address of a server that runs in a folder."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(PORT)]
    quiet = subprocess.DEVNULL
    env = os.environ | {"PYTHONPATH": str(folder), "STREAMLIT_SERVER_HEADLESS": "true"}
    server = subprocess.Popen(command, cwd=folder, env=env, stdout=quiet, stderr=quiet)
    try:
        time.sleep(8)
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.terminate()
        server.wait()


def opening(browser: Browser, address: str) -> float:
    """Return the seconds from asking for the first page to its second picture."""
    page = browser.new_page()
    start = time.perf_counter()
    page.goto(address)
    drawn = page.get_by_test_id("stVegaLiteChart").nth(1).locator("svg, canvas").first
    expect(drawn).to_be_visible(timeout=60_000)
    taken = time.perf_counter() - start
    page.close()
    return taken


def main() -> None:
    """Print the size of the file, the memory it takes, and the first page with and without it."""
    print(f"file {FILE.stat().st_size / MB:.2f} MB")
    for _ in range(3):
        told = subprocess.run(
            [sys.executable, "-c", PROCESS], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()[-4:]
        before, found, one, twelve = map(float, told)
        print(
            f"memory before {before:.0f} MB; names {found:+.1f}, one ACO-year {one:+.1f}, "
            f"eleven {twelve:+.1f}"
        )
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"))
        for _ in range(2):
            for with_results in (True, False):
                with checkout(with_results=with_results) as folder, served(folder) as address:
                    first, *times = (opening(browser, address) for _ in range(OPENINGS + 1))
                    print(
                        f"{'with' if with_results else 'without'} results: first visitor "
                        f"{first:.2f} s, then median {statistics.median(times):.2f} "
                        f"({min(times):.2f} to {max(times):.2f})"
                    )
        browser.close()


if __name__ == "__main__":
    main()
