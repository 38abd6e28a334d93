"""Rule changes in a browser: two clicks to 2027, a file dropped, brief and CSV taken, a link."""

import csv

import pypdf
import pytest
from playwright.sync_api import expect

from mssp_sim.provisions import PROPOSED
from mssp_sim.studies.rulebooks import SHIPPED
from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

LONGEST = 120_000
"""Milliseconds that a busy machine may take to load the ACOs of a year, once."""

MINE = """
title = "Sixty for E"
[[changes]]
parameter = "sharing_rate"
provision = "E keeps 60%"
by_level = { E = 0.60 }
"""


def open_page(page):
    """Open the page from the navigation: two clicks."""
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("menuitem", name="Rule changes", exact=True).click()
    all_is_there(page)


def all_is_there(page):
    expect(screen.button(page, "rule_changes_csv")).to_be_visible(timeout=LONGEST)
    screen.settle(page)


def drop(page, path):
    page.get_by_role("button", name="Provision file").click()
    page.set_input_files("input[type=file]", path)
    screen.settle(page)


def test_task_18_what_do_the_rules_of_2027_do_to_us(visit):
    page = visit()
    open_page(page)
    assert screen.sentence(page) == (
        "Under the rules of 2027 you would earn $8.7M, as under the rules of 2026."
    )
    said = page.get_by_test_id("stMain").inner_text()
    assert (
        "2027's quality performance standard is not published yet; that of 2026 is assumed." in said
    )
    assert "CMS-1848-P (proposed, not in force) would add $1.7M" in said
    page.get_by_role("radio", name="Proposed for 2027: CMS-1848-P").click()
    screen.settle(page)
    assert screen.values(page)[:3] == ["$8.7M", "$10.4M", "+$1.7M"]
    assert "(proposed, not in force) you would earn $10.4M" in screen.sentence(page)
    other = visit(f"rule_changes?{screen.address(page)}")
    all_is_there(other)
    assert screen.sentence(other) == screen.sentence(page)
    assert screen.tiles(other) == screen.tiles(page)


def test_a_file_is_dropped_taken_along_and_removed_again(visit, tmp_path):
    wrong, mine = tmp_path / "wrong.toml", tmp_path / "mine.toml"
    wrong.write_text("title = <script>")
    mine.write_text(MINE)
    page = visit()
    open_page(page)
    before = screen.sentence(page)
    drop(page, wrong)
    expect(page.get_by_text("The file cannot be read as TOML")).to_be_visible()
    page.keyboard.press("Escape")
    assert screen.sentence(page) == before
    drop(page, mine)
    page.keyboard.press("Escape")
    screen.settle(page)
    assert screen.sentence(page) == (
        "Under Sixty for E (proposed, not in force) you would earn $7.8M, $1.3M more than under "
        "the rules in force: all of it from “E keeps 60%” (proposed)."
    )
    assert all(PROPOSED in tile[0] for tile in screen.tiles(page)[1:])
    with page.expect_download() as taken:
        screen.button(page, "rule_changes_brief").click()
    (only,) = pypdf.PdfReader(taken.value.path()).pages
    assert "E keeps 60% (proposed)" in " ".join(only.extract_text().split())
    with page.expect_download() as taken:
        screen.button(page, "rule_changes_csv").click()
    rows = list(csv.DictReader(taken.value.path().read_text("utf-8-sig").splitlines()))
    assert len(rows) == 476
    assert all(PROPOSED in row["rules_after"] for row in rows)
    screen.press(page, "rule_changes_how")
    expect(page.get_by_text("How is it worked out?")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Provision file").click()
    screen.press(page, "provisions_remove")
    assert screen.sentence(page) == before


def test_the_shipped_file_is_its_own_example(visit):
    page = visit()
    open_page(page)
    page.get_by_role("button", name="Provision file").click()
    with page.expect_download() as taken:
        screen.button(page, "example_cms_1848_p").click()
    assert taken.value.path().read_bytes() == (SHIPPED / "cms_1848_p.toml").read_bytes()


@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_reaches_past_the_screen(visit, width):
    page = visit("rule_changes?rulebooks=own.2019-07-01~own.2024-01-01~none~2024", width=width)
    all_is_there(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for tile in page.get_by_test_id("stMetricValue").all():
        assert tile.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
