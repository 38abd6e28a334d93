"""Practices in a browser: the template there and back, nonsense beside its row, keyboard, 390."""

import csv
import io
import re
from decimal import Decimal

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser import screen, screen_take

pytestmark = [pytest.mark.browser, pytest.mark.long]

SECTION = "keyboard_arrow_right\n\nAdd or drop a prac"
"""What the Tab key tells of a fold: the name of its mark, and as much of its own as fits."""

OPENED = "election?practices=4500,100,100,93,,,1;6000,120,100,,,,1"


def rows(page):
    """Return the table of what each practice is: its rows as texts by heading."""
    table = page.locator("table").filter(has_text="Fair share")
    heads = table.locator("th").all_inner_texts()
    return [
        dict(zip(heads, row.locator("td").all_inner_texts(), strict=True))
        for row in table.locator("tbody tr").all()
    ]


def test_a_table_of_practices_by_keyboard_there_and_back_with_nonsense_told(visit, tmp_path):
    page = visit(OPENED)
    page.get_by_test_id("stMain").focus()
    screen.tab_to(page, SECTION)
    page.keyboard.press("Enter")
    expect(page.locator("table").filter(has_text="Fair share")).to_be_visible()
    screen.settle(page)
    found = {row["Practice"]: row for row in rows(page)}
    # by hand: tests/studies/test_fair_shares.py
    assert found["Practice 1"]["Dropped or added"] == "without it $5.7M"
    assert found["Practice 1"]["That moves"] == "−$0.8M"
    said = page.locator("p", has_text="The pool is").inner_text()
    amount = Decimal(re.search(r"The pool is \$([\d,.]+\d)", said)[1].replace(",", ""))
    for key in ("Pool by people", "By fair share", "Half and half"):
        parts = [Decimal(row[key].lstrip("$").replace(",", "")) for row in rows(page)]
        assert sum(parts) == amount
    fair = [float(re.sub(r"[$M]", "", row["Fair share"]).replace("−", "-")) for row in rows(page)]
    rest = float(re.search(r"a share of \+\$([\d.]+)M", said)[1])
    payment = float(re.search(r"Together \$([\d.]+)M", said)[1])
    assert sum(fair) + rest == pytest.approx(payment, abs=0.16)  # four roundings of 0.05

    screen.tab_to(page, "Template (CSV)")
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    template = tmp_path / "template.csv"
    coming.value.save_as(template)
    table = list(csv.reader(io.StringIO(template.read_text("utf-8-sig"))))
    table[1][1], table[3][2], table[4][0] = "many", "9", "Harbor Internal Medicine"
    wrong = tmp_path / "wrong.csv"
    with wrong.open("w", newline="") as file:
        csv.writer(file).writerows(table)
    screen.tab_to(page, "Open a table\n\nexpand_more")
    page.keyboard.press("Enter")
    screen.settle(page)
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.get_by_text("Row 1: People is many; it is a number from 1 to")).to_be_visible()
    screen.settle(page)
    main = page.get_by_test_id("stMain").inner_text()
    assert "Row 3: Cost against the ACO is 9; it is a number from 20 to 500." in main
    assert "Row 4: Harbor Internal Medicine stands twice; a practice has one row." in main
    assert [row["Practice"] for row in rows(page)] == ["Harbor Internal Medicine"]
    expect(page.get_by_test_id("stException")).to_have_count(0)

    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    screen.settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    screen_take.open_popover(page, "Take it with you")
    brief = screen_take.download(page, "Brief", tmp_path)
    (only,) = pypdf.PdfReader(brief).pages
    assert "Harbor Internal Medicine" in only.extract_text()
