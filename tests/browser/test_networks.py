"""Between a visitor and the server: what is cut or blocked ends in a sentence, or in nothing."""

from functools import partial

import pytest
from playwright.sync_api import expect

from mssp_sim import Scenario
from mssp_sim.app.uploads import REFUSED
from mssp_sim.app.waiting import SENTENCE
from mssp_sim.exports.scenario_file import save
from tests.browser import screen, screen_take

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


def answer_with(status, route):
    route.fulfill(status=status)


def test_a_file_that_is_refused_on_its_way_gets_a_sentence_and_may_be_tried_again(visit, tmp_path):
    page = visit()
    before = screen.tiles(page)
    said, files = page.get_by_text(REFUSED), [tmp_path / f"{name}.json" for name in "abcd"]
    for file in files:
        file.write_bytes(save(Scenario(quality_score=0.9)))
    screen_take.open_popover(page, "Take it with you")
    body = page.get_by_test_id("stPopoverBody")
    for status, file in zip((500, 502, 413), files, strict=False):
        page.route("**/upload_file/**", partial(answer_with, status))
        expect(said).to_be_hidden()
        body.locator("input[type=file]").set_input_files(file)
        expect(said).to_be_visible()
        body.get_by_role("button", name=f"Remove {file.name}").click()
    page.unroute("**/upload_file/**")
    assert screen.tiles(page) == before
    assert "Opened" in screen_take.open_file(page, files[-1])
    expect(said).to_be_hidden()
