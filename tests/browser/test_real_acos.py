"""Real ACOs in a browser: open CMS's file, see its figure and ours, load one, undo."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import screen
from tests.cms_files.published import results_file

pytestmark = [pytest.mark.browser, pytest.mark.long]


def open_page(page):
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("Real ACOs", exact=True).click()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    screen.settle(page)


@pytest.mark.cms_files
def test_open_a_file_pick_an_aco_load_it_and_undo(visit):
    page = visit()
    before = screen.everything(page)
    open_page(page)
    page.set_input_files("input[type=file]", results_file(2021))
    expect(page.get_by_text("472 of 475 ACOs of 2021 within 0.01% of CMS")).to_be_visible()
    assert screen.address(page) == before[-1]
    page.get_by_label("Pick an ACO").click()
    page.keyboard.type("Palm Beach Accountable")
    page.keyboard.press("Enter")
    screen.settle(page)
    figures = page.get_by_test_id("stMetricValue").all_inner_texts()
    assert figures[:2] == ["$61,910,047", "$61,910,047"]
    page.get_by_role("button", name="Load into the simulator").click()
    screen.settle(page)
    page.get_by_role("link", name="Simulator", exact=True).click()
    screen.wait_for_pictures(page)
    assert screen.values(page)[0] == "$61.9M"
    assert "Nothing changed" in screen.changes(page)
    screen.press(page, "undo")
    assert screen.everything(page) == before


def test_the_levers_keep_their_values_across_pages(visit):
    page = visit("?cut=4.2&quality=80&contract=ENHANCED")
    before = screen.everything(page)
    open_page(page)
    assert screen.lever(page, "Cost reduction").get_attribute("aria-valuetext") == "4.2%"
    screen.move(page, "Quality score", "ArrowRight")
    page.get_by_role("link", name="Simulator", exact=True).click()
    screen.wait_for_pictures(page)
    assert screen.lever(page, "Quality score").get_attribute("aria-valuetext") == "80.1"
    screen.press(page, "undo")
    assert screen.everything(page) == before


def test_a_wrong_file_gets_one_sentence(visit, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("<html><body>=cmd()</body></html>")
    page = visit()
    open_page(page)
    page.set_input_files("input[type=file]", wrong)
    screen.settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "wrong.csv" in page.get_by_test_id("stMain").inner_text()


def test_without_a_file_the_results_inside_are_settled_and_one_is_found_by_its_name(visit):
    page = visit()
    before = screen.everything(page)
    open_page(page)
    expect(page.get_by_text("476 of 476 ACOs of 2024 within 0.01% of CMS")).to_be_visible()
    text = page.get_by_test_id("stMain").inner_text()
    assert "3.1% is better than 38% of ACOs in 2024." in text
    assert "data.cms.gov" in text
    page.get_by_role("button", name=re.compile("Find your ACO")).click()
    expect(page.get_by_label("Type a name or an identifier")).to_be_focused()
    page.keyboard.type("PBACO Holding")
    page.keyboard.press("Enter")
    expect(page.get_by_text("paid in all 12 years")).to_be_visible()
    screen.settle(page)
    published, ours = page.get_by_test_id("stMetricValue").all_inner_texts()[:2]
    assert published == ours == "$107,895,330"
    page.get_by_role("link", name="Simulator", exact=True).click()
    screen.wait_for_pictures(page)
    assert "Nothing changed" in screen.changes(page)
    screen.press(page, "undo")
    assert screen.everything(page) == before


def test_what_all_left_is_told_at_once_and_a_peer_is_named_when_it_is_touched(visit):
    page = visit()
    open_page(page)
    board = "13 of 476 ACOs left $19.2M on the table through quality"
    expect(page.get_by_text(board).first).to_be_visible()
    page.get_by_role("button", name=re.compile("Find your ACO")).click()
    expect(page.get_by_label("Type a name or an identifier")).to_be_focused()
    page.keyboard.type("palm be")
    page.get_by_role("option").first.click()
    expect(page.get_by_text("One percent of skilled nursing spending is $507,153")).to_be_visible()
    expect(page.get_by_text("Not known from CMS’s file")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    strips = screen.pictures(page).and_(page.locator("[aria-label*='of its peers']"))
    strips.scroll_into_view_if_needed()
    screen.settle(page)
    area = strips.bounding_box()
    for down in range(9):  # the ends of the strips hold the peers beyond them
        page.mouse.move(
            area["x"] + 0.985 * (area["width"] - 2), area["y"] + 4 + (down + 0.66) * 46, steps=2
        )
        named = page.locator("#vg-tooltip-element.visible")
        if named.count():
            break
    expect(named).to_contain_text("ACO")
    expect(named).to_contain_text("Value")
