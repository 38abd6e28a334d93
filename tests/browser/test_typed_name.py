"""What is typed is in the file, though nobody waited; the file stays though others move on."""

import re
import urllib.request

import pypdf
import pytest

from tests.browser import screen, screen_take

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize("pause", [0, 100, 250], ids="{} ms".format)
def test_a_name_typed_just_before_the_click_is_in_the_file(visit, tmp_path, pause):
    page = visit()
    screen_take.open_popover(page, "Take it with you")
    for name in ("Lakeside ACO", "Hillside ACO"):
        field = page.get_by_role("textbox", name="Name on it")
        field.fill("")
        field.press_sequentially(name)
        page.wait_for_timeout(pause)
        (only,) = pypdf.PdfReader(screen_take.download(page, "Brief", tmp_path)).pages
        assert name in only.extract_text()


def test_a_lever_typed_just_before_the_click_is_in_the_brief_of_rule_changes(visit, tmp_path):
    page = visit("?quality=76")
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("menuitem", name="Rule changes", exact=True).click()
    brief = page.get_by_role("button", name="Brief (PDF)", exact=True)
    brief.wait_for(timeout=60_000)
    screen.settle(page)
    screen.button(page, "more_around").first.click()
    page.get_by_role("spinbutton", name=re.compile("^Quality score")).fill("85")
    with page.expect_download(timeout=screen_take.SLOW) as coming:
        brief.click()
    coming.value.save_as(tmp_path / "brief.pdf")
    (only,) = pypdf.PdfReader(tmp_path / "brief.pdf").pages
    assert screen.address(page).find("quality=85") > 0
    screen.settle(page)
    assert screen.sentence(page) in " ".join(only.extract_text().split())


def test_a_file_is_there_to_fetch_after_other_visitors_have_moved_on(visit):
    page, other = visit(), visit()
    screen_take.open_popover(page, "Take it with you")
    with page.expect_download(timeout=screen_take.SLOW) as coming:
        page.get_by_role("button", name="Brief", exact=True).click()
    for _ in range(3):
        screen.move(other, "Quality score", "ArrowRight")
    with urllib.request.urlopen(coming.value.url, timeout=10) as answer:
        assert answer.read().startswith(b"%PDF")
