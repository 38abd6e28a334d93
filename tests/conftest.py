"""What the tests share: how long Hypothesis looks, AppTest's one quirk, a server, a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]
IN_CI = bool(os.environ.get("CI"))

hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, max_examples=400)
hypothesis.settings.load_profile("ci" if IN_CI else "default")

LOCAL = "127.0.0.1"
SECONDS_TO_START = 60
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    f"These tests need one of {', '.join(BROWSERS)} on the PATH; "
    "on Debian and Ubuntu: sudo apt install chromium."
)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _the_frame_runs_in_app_test():
    """Let AppTest run ``app.py``, not a page alone, on every run.

    AppTest takes a folder named ``pages/`` for the old kind of app, anew before each run; a
    server does so only until the first ``st.navigation``.
    """
    from streamlit.runtime.pages_manager import PagesManager  # noqa: PLC0415

    begin = PagesManager.__init__

    def begin_with_navigation(self, *args, **kwargs):
        PagesManager.uses_pages_directory = False
        begin(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PagesManager, "__init__", begin_with_navigation)
        yield


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """Return the address of the app, served in its own process to all tests."""
    with _served(tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture
def fresh_server(tmp_path) -> Iterator[str]:
    """Return the address of an app that nobody has opened yet."""
    with _served(tmp_path / "log") as address:
        yield address


ELSEWHERE, FORBIDDEN = "asked another site", "Content Security Policy"
TELL_WHAT_IS_FORBIDDEN = f"""
    addEventListener("securitypolicyviolation", (e) =>
        console.error("{FORBIDDEN}", e.effectiveDirective, e.blockedURI))
"""
"""Each engine has words of its own for its console; the event is the same in all."""


@contextmanager
def _served(log: Path, *options: str) -> Iterator[str]:
    address = f"http://{LOCAL}:{_free_port()}"
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py",
        f"--server.address={LOCAL}", f"--server.port={address.rpartition(':')[2]}",
        "--server.headless=true", "--server.fileWatcherType=none", *options,
    ]  # fmt: skip
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait_until_healthy(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return probe.getsockname()[1]


def _wait_until_healthy(
    address: str, process: subprocess.Popen, log: Path, seconds: float = SECONDS_TO_START
) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with direct.open(f"{address}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"The app did not start at {address}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def playwright():
    """Return what starts browsers: one a process, for two cannot run beside each other."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(request):
    """Return a Chromium, or the engine a test names; without it skip, but never in CI."""
    from tests.browser import engines  # noqa: PLC0415

    if getattr(request, "param", engines.CHROMIUM) == engines.FIREFOX:
        opened = engines.firefox(request.getfixturevalue("playwright"))
    else:
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        if found is None:
            (pytest.fail if IN_CI else pytest.skip)(NO_BROWSER)
        playwright = request.getfixturevalue("playwright")
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
    yield opened
    opened.close()


def watch(page, home, broken):
    """Note a page's errors, what it asks of another site, and what its policy forbids."""

    def asked(request):
        if not request.url.startswith((home, "data:", "blob:", "about:")):
            broken.append(f"{ELSEWHERE}: {request.url}")

    def said(message):
        if FORBIDDEN in message.text:
            broken.append(message.text)

    page.add_init_script(TELL_WHAT_IS_FORBIDDEN)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("request", asked)
    page.on("console", said)


@pytest.fixture
def visit(browser, request):
    """Return what opens the app in a private window of its own and waits for the pictures.

    At the end no window may have shown an exception, of Python or of the browser, asked another
    site for anything, or tried what the app's own Content-Security-Policy forbids.
    """
    from mssp_sim.app.start import BROKEN  # noqa: PLC0415
    from tests.browser import screen  # noqa: PLC0415

    opened, broken = [], []

    def open_window(query="", *, width=1366, height=768, at=None):
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.set_default_timeout(30_000)
        home = at or request.getfixturevalue("server")
        watch(page, home, broken)
        opened.append(page)
        page.goto(f"{home}/{query}")
        screen.wait_for_pictures(page)
        return page

    yield open_window
    for page in opened:
        broken += page.get_by_test_id("stException").all_inner_texts()
        broken += page.get_by_text(BROKEN).all_inner_texts()
    for page in opened:
        page.context.close()
    assert not broken
