"""Between a visitor and the server: what is cut or blocked ends in a sentence, or in nothing."""

import pytest
from playwright.sync_api import expect

from mssp_sim.app.waiting import SENTENCE
from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

WITHOUT_SOCKETS = {
    "cut by a proxy": """
        window.WebSocket = class extends EventTarget {
            constructor() {
                super(); this.readyState = 3;
                setTimeout(() => this.onclose && this.onclose(new CloseEvent('close')), 50);
            }
            send() {} close() {}
        };""",
    "held back by a proxy": """
        window.WebSocket = class extends EventTarget {
            constructor() { super(); this.readyState = 0; }
            send() {} close() {}
        };""",
}
WITHOUT_STORES = """
    const get = () => { throw new DOMException('no', 'SecurityError'); };
    for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, {get});
    Object.defineProperty(document, 'cookie', {get: () => '', set() {}});"""
LATER = """
    document.querySelector('#waiting').getAnimations().forEach((one) => one.finish())"""


@pytest.fixture
def blank(browser):
    """Return what opens a window with a script that runs before the page's own."""
    opened = []

    def window(script):
        opened.append(browser.new_context())
        page = opened[-1].new_page()
        page.add_init_script(script)
        return page

    yield window
    for context in opened:
        context.close()


@pytest.mark.parametrize("how", WITHOUT_SOCKETS)
def test_where_no_websocket_comes_through_there_is_a_sentence(blank, server, how):
    page = blank(WITHOUT_SOCKETS[how])
    page.goto(server)
    page.get_by_test_id("stAppSkeleton").first.wait_for(state="attached")
    said = page.get_by_text(SENTENCE)
    expect(said).to_be_hidden()
    page.evaluate(LATER)
    expect(said).to_be_visible()


def test_with_cookies_and_storage_blocked_the_app_works_and_says_nothing_of_waiting(blank, server):
    page = blank(WITHOUT_STORES)
    page.goto(f"{server}/?cut=4")
    screen.wait_for_pictures(page)
    page.evaluate(LATER)
    expect(page.get_by_text(SENTENCE)).to_be_hidden()
    assert screen.tiles(page)[2][1:] == ("$22.9M", "4.0%, clears 2.0%")
    screen.move(page, "Cost reduction", "ArrowRight")
    assert screen.tiles(page)[2][2].startswith("4.1%")
