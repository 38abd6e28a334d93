"""Workbooks that other people made: values alone come through the door."""

import datetime as dt
import io
import re
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from mssp_sim.batch import PortfolioError, rejects_of, settle
from mssp_sim.batch.columns import cells
from mssp_sim.tables import TableError, workbook
from mssp_sim.tables.workbook import sheets

SHEET = "xl/worksheets/sheet1.xml"


def book(fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        fill(made, made.add_worksheet())
    return out.getvalue()


def rows(content):
    notes = []
    ((_, found),) = sheets(content, "b.xlsx", notes)
    return found, notes


def patched(content, change):
    """Return the workbook with the parts that ``change`` gives: a name and its bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, part in (parts | change(parts)).items():
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def plain(_, sheet):
    sheet.write_row(0, 0, ["name", "quality_score"])
    sheet.write_row(1, 0, ["Ärzte", 0.82])


def test_numbers_dates_and_texts_are_read_as_they_are_stored():
    def fill(made, sheet):
        day = made.add_format({"num_format": "m/d/yyyy"})
        dressed = made.add_format({"num_format": '_($* #,##0_);_($* (#,##0);_($* "-"_)'})
        sheet.write_datetime(1, 0, dt.datetime(2025, 1, 1), day)
        sheet.write_number(1, 1, -1234.5, dressed)
        sheet.write_boolean(1, 2, 1)
        sheet.write_string(1, 3, "0012")
        sheet.write_number(1, 4, 2025)

    found, _ = rows(book(fill))
    assert found == [[""] * 5, ["2025-01-01", "-1234.5", "TRUE", "0012", "2025"]]


def test_a_blank_row_keeps_its_place():
    def fill(made, sheet):
        plain(made, sheet)
        sheet.write(4, 1, 0.9)

    found, _ = rows(book(fill))
    assert [row[1] for row in found] == ["quality_score", "0.82", "", "", "0.9"]


def test_the_stored_value_of_a_formula_is_read_and_said():
    def fill(made, sheet):
        plain(made, sheet)
        sheet.write_formula(2, 1, "=B2+0.01", None, 0.83)
        sheet.write_formula(2, 0, '=A2&"!"', None, "Ärzte!")

    found, notes = rows(book(fill))
    assert found[2] == ["Ärzte!", "0.83"]
    assert notes == ["2 cells hold formulas; the values stored with them are read."]


def test_a_formula_without_a_stored_value_is_named_with_its_cell():
    def fill(made, sheet):
        plain(made, sheet)
        sheet.write_formula(2, 1, "=B2+0.01", None, 0.83)

    def without(parts):
        return {SHEET: re.sub(rb"(</f>)<v>0.83</v>", rb"\1", parts[SHEET])}

    with pytest.raises(TableError, match="cell B3 holds a formula without a stored value"):
        rows(patched(book(fill), without))


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "holds macros"),
        ("xl/macrosheets/sheet1.xml", "holds macros"),
        ("xl/externalLinks/externalLink1.xml", "takes values from another one"),
    ],
)
def test_macros_and_links_are_refused(part, said):
    with pytest.raises(TableError, match=said):
        rows(patched(book(plain), lambda _: {part: b"x"}))


def test_entities_are_refused():
    def declare(parts):
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        return {SHEET: parts[SHEET].replace(b"<worksheet", bomb + b"<worksheet", 1)}

    with pytest.raises(TableError, match="damaged"):
        rows(patched(book(plain), declare))


def test_an_archive_that_swells_is_refused():
    def swell(parts):
        return {SHEET: parts[SHEET].replace(b"</worksheet>", b" " * 60_000_000 + b"</worksheet>")}

    content = patched(book(plain), swell)
    assert len(content) < 200_000
    with pytest.raises(TableError, match="unpacks to more than 50 MB"):
        rows(content)


def test_an_archive_that_lies_about_its_size_is_refused():
    content = bytearray(patched(book(plain), lambda parts: {SHEET: parts[SHEET] + b" " * 9_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        told = archive.getinfo(SHEET).file_size
    at = content.find(told.to_bytes(4, "little"))
    while at >= 0:
        content[at : at + 4] = (100).to_bytes(4, "little")
        at = content.find(told.to_bytes(4, "little"))
    with pytest.raises(TableError, match="damaged"):
        rows(bytes(content))


def test_a_cell_far_from_the_table_is_refused():
    def far(made, sheet):
        plain(made, sheet)
        sheet.write(1_048_575, 16_383, 1)

    with pytest.raises(TableError, match="spans 1,048,576 rows and 16,384 columns"):
        rows(book(far))


def test_one_long_text_in_many_cells_is_refused(monkeypatch):
    def fill(_, sheet):
        for row in range(1_000):
            sheet.write(row, 0, "x" * 1_000)

    monkeypatch.setattr(workbook, "MOST_UNPACKED", 400_000)
    with pytest.raises(TableError, match="the texts of this workbook"):
        rows(book(fill))


@pytest.mark.parametrize(
    ("part", "said"),
    [(SHEET, "syntax error: tag not closed"), ("xl/workbook.xml", "Cannot detect file format")],
)
def test_a_part_that_is_no_xml_is_told_with_what_the_reader_says(part, said):
    content = patched(book(plain), lambda parts: {part: parts[part][:-9] + b"<x"})
    with pytest.raises(TableError, match=rf"damaged \({said}.*\)\.$"):
        rows(content)


@pytest.mark.parametrize("size", [0, 10, 500, 2_000])
def test_a_workbook_cut_short_is_called_damaged(size):
    content = book(plain)
    with pytest.raises(TableError, match="this Excel workbook is damaged or cut short"):
        rows(content[:size])


def test_the_sheet_with_the_headings_is_taken_and_two_are_asked_about(tmp_path):
    path, out = tmp_path / "p.xlsx", tmp_path / "out.csv"

    def notes_first(made, sheet):
        sheet.write(0, 0, "Made by hand")
        plain(made, made.add_worksheet("Data"))
        plain(made, made.add_worksheet("Hidden"))
        made.get_worksheet_by_name("Hidden").hide()

    path.write_bytes(book(notes_first))
    assert settle(path, out).rows == 1

    def two(made, sheet):
        plain(made, sheet)
        plain(made, made.add_worksheet("More"))

    path.write_bytes(book(two))
    with pytest.raises(PortfolioError, match="sheets Sheet1 and More both hold a table"):
        settle(path, out)


def test_lines_of_a_workbook_are_the_rows_of_its_sheet(tmp_path):
    path, out = tmp_path / "p.xlsx", tmp_path / "out.csv"

    def fill(made, sheet):
        plain(made, sheet)
        sheet.write_row(3, 0, ["two\nlines", 82])

    path.write_bytes(book(fill))
    tally = settle(path, out)
    assert (tally.rows, tally.blank, tally.rejects) == (1, 1, 1)
    assert "4,quality_score is 82; it goes from 0 to 1" in rejects_of(out).read_text("utf-8-sig")


def test_a_sheet_of_very_many_cells_is_refused_before_it_is_looked_at():
    def many(parts):
        cells = b'<row r="3">' + b'<c r="A3"/>' * 4_000_000 + b"</row></sheetData>"
        return {SHEET: parts[SHEET].replace(b"</sheetData>", cells)}

    content = patched(book(plain), many)
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(TableError, match="more than 1,500,000 cells"):
        rows(content)
    seconds, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 3
    assert most < 120_000_000


def test_a_portfolio_of_five_thousand_rows_opens_soon(tmp_path):
    heads = list(cells())

    def fill(_, sheet):
        sheet.write_row(0, 0, ["name", *heads])
        for row in range(1, 5_001):
            sheet.write(row, 0, f"ACO {row}")
            sheet.write(row, 1 + heads.index("cost_reduction"), row / 100_000)
            sheet.write(row, 1 + heads.index("quality_score"), 0.82)

    (tmp_path / "p.xlsx").write_bytes(book(fill))
    start = time.process_time()
    tally = settle(tmp_path / "p.xlsx", tmp_path / "out.csv")
    assert tally.rows == 5_000
    assert time.process_time() - start < 4
