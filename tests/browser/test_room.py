"""Thirteen widths of every page: nothing is cut off, over another text, or too wide."""

import pytest

from mssp_sim.app.frame import PAGES
from tests.browser import screen_access, screen_room

pytestmark = [pytest.mark.browser, pytest.mark.long]

WIDTHS = (2560, 1440, 1280, 1100, 1024, 900, 834, 768, 700, 640, 540, 430, 390)
ZOOMED = {"width": 683, "height": 384}
"""What a laptop's window is at a zoom of 200%, in the pixels of its page."""

DRAWN = 300
"""Milliseconds in which a page has drawn itself anew for another width."""


def test_every_page_has_room_in_thirteen_widths(browser, server):
    found = []
    with screen_access.window(browser, server) as page:
        for name in (name for pages in PAGES.values() for name in pages):
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.goto(f"{server}/{name}")
            screen_access.wait_for_page(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_timeout(DRAWN)
                found += [(name, width, fault) for fault in screen_room.without_room(page)]
            page.set_viewport_size(ZOOMED)
            page.wait_for_timeout(DRAWN)
            found += [(name, "zoomed", fault) for fault in screen_room.without_room(page)]
    assert found == []
