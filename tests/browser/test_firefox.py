"""Every page in Firefox, taken from the navigation, in both looks."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from mssp_sim.app import frame
from tests.browser import engines, screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]


def brightness(page):
    """Return how bright the ground of the page is: the commonest color, from 0 to 255."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("L")
    return int(np.bincount(np.asarray(image).ravel()).argmax())


def go_to(page, section, title):
    if section:
        page.get_by_role("button", name=section, exact=True).click()
        page.get_by_role("menuitem", name=title, exact=True).click()
    else:
        page.get_by_role("link", name=title, exact=True).click()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_is_drawn(playwright, server, look):
    browser, broken, seen = engines.firefox(playwright, look=look), [], []
    with screen_access.window(browser, server, broken) as page:
        for section, pages in reversed(frame.PAGES.items()):
            for name, title in pages.items():
                if name in frame.OF_A_ROOM:  # not listed where rooms are off
                    page.goto(f"{server}/{name}")
                else:
                    go_to(page, section, title)
                address = f"/{'' if name == 'simulator' else name}"
                page.wait_for_url(lambda url, end=address: url.partition("?")[0].endswith(end))
                expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
                screen.settle(page)
                for picture in screen.pictures(page).all():
                    if picture.is_visible():
                        expect(picture.locator("svg, canvas").first).to_be_attached()
                assert (brightness(page) > 127) == (look == "light"), title
                assert screen_access.cut_off(page) == [], title
                if look == "dark":
                    assert screen_access.findings(page)[0] == [], title
                broken += page.get_by_test_id("stException").all_inner_texts()
                seen.append(name)
    browser.close()
    assert broken == []
    assert sorted(seen) == sorted(name for pages in frame.PAGES.values() for name in pages)
