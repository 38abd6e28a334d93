"""The app inside another page: a frame of it works like the app alone."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.browser import screen
from tests.conftest import LOCAL

pytestmark = [pytest.mark.browser, pytest.mark.long]

HOST = '<h1>Our board book</h1><iframe src="{}" style="width:1300px;height:720px"></iframe>'


def test_embedded_the_app_moves_and_keeps_that_it_is_embedded(visit):
    page = visit("?embed=true&cut=4")
    screen.move(page, "Quality score", "End")
    assert set(screen.address(page).split("&")) >= {"embed=true", "cut=4", "quality=100"}
    assert screen.values(page)[0] == "$11.2M"  # 572,000,000 x 4% x 50% x 98% = 11,211,200
    assert page.locator(".st-key-link_notice").count() == 0


@pytest.fixture
def board_book(tmp_path):
    """Return the address of another site, which serves what is in a folder."""
    serve = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer((LOCAL, 0), serve) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://{LOCAL}:{site.server_port}/"
        site.shutdown()


def test_the_app_opens_in_a_frame_of_another_site(browser, server, board_book, tmp_path):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    (tmp_path / "index.html").write_text(HOST.format(f"{server}/?embed=true"))
    page.goto(board_book)
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=3)).to_contain_text(
        "You beat the target by 3.1%", timeout=60_000
    )
    expect(inside.get_by_test_id("stMetricValue").first).to_have_text("$6.5M")
    expect(inside.get_by_test_id("stVegaLiteChart").locator("svg").first).to_be_visible()
    context.close()


def test_in_a_frame_of_another_site_a_file_is_opened_in_a_tab(
    browser, server, board_book, tmp_path
):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    (tmp_path / "index.html").write_text(HOST.format(f"{server}/?embed=true&cut=4"))
    page.goto(board_book.replace(LOCAL, "localhost"))  # another site: the cookie is withheld
    inside = page.frame_locator("iframe")
    inside.get_by_role("button", name="Take it with you").press("Enter", timeout=60_000)
    expect(inside.get_by_text("keeps back the cookie that guards uploads")).to_be_visible()
    expect(inside.get_by_test_id("stFileUploader")).to_have_count(0)
    with context.expect_page() as opened:
        inside.get_by_role("link", name="Open in a tab of its own").press("Enter")
    tab = opened.value
    screen.wait_for_pictures(tab)
    assert "cut=4" in screen.address(tab)
    assert "embed" not in screen.address(tab)
    tab.get_by_role("button", name="Take it with you").press("Enter")
    expect(tab.get_by_test_id("stFileUploader")).to_be_visible()
    context.close()
