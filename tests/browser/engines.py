"""Engines besides Chromium: how each is found and started, and what its driver cannot do.

Firefox is driven by Playwright over WebDriver BiDi, WebKit by Selenium over WebDriver. What no
driver can do there, and so no test: touch in either; in Firefox the Tab key round the end of the
page, and typing after a download, which takes the focus from the window for good; in WebKit a
window narrower than 447 px, private windows, and the errors of the page. WebKitGTK is not Safari,
and Debian's Firefox is its long-term version.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from playwright.sync_api import Browser, Playwright

from tests.conftest import IN_CI

if TYPE_CHECKING:
    from selenium.webdriver import WebKitGTK

CHROMIUM, FIREFOX = "chromium", "firefox"
FIREFOXES = ("firefox-esr", "firefox")
NO_FIREFOX = (
    "These tests need firefox-esr or firefox on the PATH; on Debian: "
    "sudo apt install --no-install-recommends firefox-esr."
)
WEBKIT_DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
MINI_BROWSERS = ("/usr/lib/*/webkit*gtk-*/MiniBrowser", "/usr/libexec/webkit*gtk-*/MiniBrowser")
NO_WEBKIT = (
    f"These tests need {WEBKIT_DRIVER}, MiniBrowser and {SCREEN}; on Debian and Ubuntu: "
    "sudo apt install --no-install-recommends webkit2gtk-driver xvfb."
)
DARK = "layout.css.prefers-color-scheme.content-override"
CONTRAST_THEME = {"ui.useAccessibilityTheme": 1, "browser.display.document_color_use": 2}
"""Preferences of Firefox: it takes no look of a window from its driver."""

SIZE = (1366, 768)


def is_missing(words: str) -> NoReturn:
    """Skip, with how to get what is missing; in CI fail."""
    (pytest.fail if IN_CI else pytest.skip)(words)


def firefox(playwright: Playwright, *, look: str = "light", forced: bool = False) -> Browser:
    """Return a Firefox of one look, ``"light"`` or ``"dark"``, its own colors forced or not."""
    found = next(filter(None, map(shutil.which, FIREFOXES)), None)
    if found is None:
        is_missing(NO_FIREFOX)
    return playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=found,
        firefox_user_prefs={DARK: 0 if look == "dark" else 1} | (CONTRAST_THEME if forced else {}),
    )


@contextmanager
def webkit(downloads: Path) -> Iterator["WebKitGTK"]:
    """Open a WebKit on a screen that nobody sees; what it downloads lands in a folder."""
    from selenium import webdriver  # noqa: PLC0415

    driver, screen = shutil.which(WEBKIT_DRIVER), shutil.which(SCREEN)
    browsers = [path for kind in MINI_BROWSERS for path in Path("/").glob(kind[1:])]
    if not (driver and screen and browsers):
        is_missing(NO_WEBKIT)
    with _screen(screen) as display:
        options = webdriver.WebKitGTKOptions()
        options.binary_location = str(max(browsers))
        options.add_argument("--automation")
        home = {"DISPLAY": display, "GDK_BACKEND": "x11", "HOME": str(downloads)}
        service = webdriver.WebKitGTKService(driver, env={**os.environ, **home})
        driven = webdriver.WebKitGTK(options=options, service=service)
        try:
            driven.set_window_size(*SIZE)
            yield driven
        finally:
            driven.quit()


@contextmanager
def _screen(server: str) -> Iterator[str]:
    """Start a screen in memory and give its name."""
    size = "{}x{}x24".format(*SIZE)
    command = [server, "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as process:
        assert process.stdout is not None
        try:
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()
