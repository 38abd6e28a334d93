"""The year that runs, from CMS's own reports: drop, read, decide, book; then the settlement."""

import re

import openpyxl
import pytest

from tests.browser import screen, screen_take, screen_this_year
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books

pytestmark = [pytest.mark.browser, pytest.mark.long]
BY_MONTH = re.compile(r"it takes ([\d.]+)% less from July")


def test_task_20_from_four_reports_to_the_books_and_then_to_the_settlement(visit, tmp_path):
    page = visit()
    screen_this_year.go_to(page)
    year = made.Year(minimum="2.0%")
    other = made.Year(agreement_year=2)  # its AEXPU is that of benchmark year 2
    four = made.delivery(year) | dict([made.aexpu(other)])
    assert len(four) == 4
    said = screen_this_year.drop(page, four, tmp_path / "quarter")
    assert "Q2 of 2025 stands on the desk" in said
    headline = screen.sentence(page)
    assert re.match(r"At Q2 you are heading for (\$[\d.]+M|no money)", headline), headline

    before = BY_MONTH.findall(screen_this_year.said(page))
    screen_this_year.slide_to(page, "year_work", 4)
    after = BY_MONTH.findall(screen_this_year.said(page))
    assert [float(a) > float(b) for a, b in zip(after, before, strict=True)] == [True] * len(before)
    assert before
    assert screen.sentence(page) == headline
    booked = re.search(r"What to book: (\$[\d.]+M) is 80% sure",
                       screen_this_year.said(page))  # fmt: skip
    assert booked

    screen_take.open_popover(page, "Take it with you")
    file = screen_take.download(page, "Workbook", tmp_path)
    page.keyboard.press("Escape")
    sheet = openpyxl.load_workbook(file, data_only=True)["Quarter"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=5)}
    assert sheet["A3"].value == headline
    assert [row[0].value for row in rows.values() if len(row[0].value or "") == 1][:3] == [*"ABC"]
    constrained = rows["Constrained amount to book"][6].value
    assert f"${constrained / 1e6:.1f}M" == booked[1]

    name, content = books.stlmt(books.case(4)[0])
    said = screen_this_year.drop(page, {name: content}, tmp_path / "settled")
    assert "lines of CMS beside ours, no differ" in said
    assert re.match(r"2022 is settled: .*; all \d+ lines of CMS's report agree with ours", (
        screen.sentence(page)))  # fmt: skip
    screen.press(page, "undo")
    assert screen.sentence(page) == headline
