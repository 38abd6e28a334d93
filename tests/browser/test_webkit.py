"""A walk of every page in WebKit: draw, drag, keys, download, upload, link."""

import pypdf
import pytest

from mssp_sim import Scenario
from mssp_sim.app import frame
from mssp_sim.app.start import BROKEN
from mssp_sim.exports.scenario_file import save
from tests.browser import engines, screen_webkit

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def opened(downloads):
    with engines.webkit(downloads) as page:
        yield page


@pytest.fixture
def page(opened, server):
    """Return the app as one finds it: a new visit, in the window that is open."""
    opened.get(server)
    screen_webkit.lever(opened, "Cost reduction")
    screen_webkit.settle(opened)
    return opened


def test_every_page_is_drawn(page, server):
    seen = []
    for section, pages in reversed(frame.PAGES.items()):
        for name, title in pages.items():
            if name in frame.OF_A_ROOM:  # not listed where rooms are off
                page.get(f"{server}/{name}")
            else:
                screen_webkit.go_to(page, section, title)
            end = f"/{'' if name == 'simulator' else name}"
            screen_webkit.until(lambda end=end: page.current_url.partition("?")[0].endswith(end))
            screen_webkit.settle(page)
            assert screen_webkit.find(page, "[data-testid=stMain] :is(h1, h2, h3)"), title
            said = screen_webkit.text(page)
            assert len(said) > 200, title
            assert BROKEN not in said, title
            assert not page.execute_script(screen_webkit.SOUGHT, "[data-testid=stException]", "")
            seen.append(name)
    assert sorted(seen) == sorted(name for pages in frame.PAGES.values() for name in pages)


def test_a_lever_moves_by_keys_and_by_drag_and_the_link_opens_what_it_shows(page):
    screen_webkit.press_key(page, "Quality score")
    assert screen_webkit.value(page, "Quality score") == "100.0"
    assert "quality=100" in page.current_url
    screen_webkit.drag(page, "Cost reduction", (3.1 + 8) / 20, (5 + 8) / 20)
    cut = screen_webkit.value(page, "Cost reduction")
    assert float(cut.rstrip("%")) == pytest.approx(5, abs=0.2)
    said = screen_webkit.sentence(page)
    assert said.startswith(f"You beat the target by {cut} and met the full quality standard")
    page.get(page.current_url)
    assert screen_webkit.value(page, "Cost reduction") == cut
    screen_webkit.settle(page)
    assert screen_webkit.sentence(page) == said


def test_a_brief_is_downloaded_and_a_scenario_file_opened(page, downloads, tmp_path):
    screen_webkit.press(page, "Take it with you")
    screen_webkit.find(page, "input[aria-label='Name on it']").send_keys("Lakeside ACO")
    screen_webkit.find(page, "[data-testid=stDownloadButton] button", "Brief").click()
    (only,) = pypdf.PdfReader(screen_webkit.downloaded(downloads, "brief.pdf")).pages
    assert "Lakeside ACO" in only.extract_text()
    assert screen_webkit.sentence(page) in " ".join(only.extract_text().split())
    file = tmp_path / "theirs.json"
    file.write_bytes(save(Scenario(quality_score=0.9), name="Lake Care"))
    screen_webkit.find(page, "[data-testid=stPopoverBody] input[type=file]").send_keys(str(file))
    screen_webkit.until(lambda: "quality=90" in page.current_url)
    screen_webkit.settle(page)
    assert screen_webkit.value(page, "Quality score") == "90.0"
