"""Workbooks that other people made: values alone come through the door."""

import datetime as dt
import io
import re
import subprocess
import sys
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from mssp_sim.batch import PortfolioError, rejects_of, settle
from mssp_sim.batch.columns import cells
from mssp_sim.tables import TableError, workbook
from mssp_sim.tables.content import decoded, refuse_no_text, unpacked
from mssp_sim.tables.workbook import sheets
from mssp_sim.tables.workbook_parts import bytes_shown, contents
from tests.conftest import ROOT

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

    monkeypatch.setattr(workbook, "MOST_TEXTS", 1_000_000)
    assert len(rows(book(fill))[0]) == 1_000
    monkeypatch.setattr(workbook, "MOST_TEXTS", 999_999)
    with pytest.raises(TableError, match="the texts of this workbook"):
        rows(book(fill))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_part_that_is_no_xml_is_named(part):
    content = patched(book(plain), lambda parts: {part: parts[part][:-9] + b"<x"})
    with pytest.raises(TableError, match=rf"damaged \(in {part}\)\.$"):
        rows(content)


def test_what_the_reader_says_is_told():
    content = patched(
        book(plain), lambda parts: {SHEET: re.sub(rb'(t="s"><v>)[0-9]+', rb"\g<1>77", parts[SHEET])}
    )
    with pytest.raises(TableError, match=r"damaged \(Cell string index.*\)\.$"):
        rows(content)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/sharedStrings.xml", b'uniqueCount="', b'uniqueCount="429496729'),
        ("xl/sharedStrings.xml", b'uniqueCount="', b'uniqueCount="&#57;99999999'),
        ("xl/sharedStrings.xml", b' count="', b" count='4294967295' x=\""),
        (SHEET, b'r="B2"', b'r="B99999999999999999999"'),
        (SHEET, b'r="B2"', b'r="BBBBBBBB2"'),
        (SHEET, b'r="B2"', b'r="B0"'),
        (SHEET, b'r="B2"', b'r="B-2"'),
        (SHEET, b'<row r="2"', b'<row r="99999999999999999999"'),
        (SHEET, b'<row r="2"', b'<row r="B2"'),
    ],
)
def test_what_would_make_the_reader_set_all_memory_aside_is_refused(part, old, new):
    def change(parts):
        assert old in parts[part]
        return {part: parts[part].replace(old, new, 1)}

    with pytest.raises(TableError, match=rf"damaged \(in {part}\)|rows and .* columns; delete"):
        rows(patched(book(plain), change))


def far(parts):
    return parts[SHEET].replace(b'r="B2"', b'r="XFD1048576"')


@pytest.mark.parametrize("place", ["sharedStrings.xml", "styles.xml", "worksheets/../styles.xml"])
def test_a_part_that_is_a_sheet_besides_is_looked_at_as_one(place):
    def change(parts):
        rels = parts["xl/_rels/workbook.xml.rels"]
        both = far(parts).replace(
            b"</worksheet>", b"<sst></sst><styleSheet></styleSheet></worksheet>"
        )
        return {
            "xl/" + place.rpartition("/")[2]: both,
            "xl/_rels/workbook.xml.rels": rels.replace(b'"' + place.encode(), b'"x').replace(
                b"worksheets/sheet1.xml", place.encode()
            ),
        }

    with pytest.raises(TableError, match="spans 1,048,576 rows and 16,384 columns"):
        rows(patched(book(plain), change))


@pytest.mark.parametrize("name", ["xl/Worksheets/sheet1.xml", "xl/sharedstrings.xml"])
def test_two_parts_of_one_name_are_damage(name):
    with pytest.raises(TableError, match="damaged or cut short"):
        rows(patched(book(plain), lambda parts: {name: parts[SHEET]}))


@pytest.mark.parametrize("day", [b"-1e300", b"-1e20"])
def test_a_day_past_all_calendars_is_damage_and_no_panic(day):
    def fill(made, sheet):
        sheet.write_datetime(
            0, 0, dt.datetime(2025, 1, 1), made.add_format({"num_format": "d/m/y"})
        )

    content = patched(book(fill), lambda parts: {SHEET: parts[SHEET].replace(b"45658", day)})
    with pytest.raises(TableError, match=r"damaged \(.*\)\.$"):
        rows(content)


def test_a_stop_by_hand_is_no_damage(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(workbook, "_text", stopped)
    with pytest.raises(KeyboardInterrupt):
        rows(book(plain))


ATTRIBUTES = b"<a " + b" ".join(b'a%d=""' % n for n in range(2_000)) + b"/>"


@pytest.mark.parametrize("many", [b"<a/>" * 2_000, ATTRIBUTES], ids=["tags", "attributes"])
def test_a_part_of_very_many_tags_or_attributes_is_refused(monkeypatch, many):
    def change(parts):
        end = b"</styleSheet>"
        return {"xl/styles.xml": parts["xl/styles.xml"].replace(end, many + end)}

    content = patched(book(plain), change)
    assert rows(content)[0] == rows(book(plain))[0]
    monkeypatch.setattr(workbook, "MOST_TAGS", 1_500)
    with pytest.raises(TableError, match=r"damaged \(in xl/styles.xml\)"):
        rows(content)


def named(parts, count):
    """Return the list of sheets with one sheet listed so many times."""
    one = b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>'
    many = b"".join(one % (n, n) for n in range(1, count + 1))
    return re.sub(rb"<sheet .*?/>", many, parts["xl/workbook.xml"])


def test_cells_without_a_place_span_as_many_as_they_are():
    wide = b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>"
    long = b"<row><c><v>1</v></c></row>" * 16_000

    def bare(parts):
        head, tail = parts[SHEET].split(b"<sheetData>")[0], parts[SHEET].split(b"</sheetData>")[1]
        return {SHEET: head + b"<sheetData>" + wide + long + b"</sheetData>" + tail}

    content = patched(book(plain), bare)
    assert len(content) < 10_000
    with pytest.raises(TableError, match="spans 16,001 rows and 16,000 columns"):
        rows(content)


def test_one_part_shown_as_two_sheets_is_damage():
    with pytest.raises(TableError, match=r"damaged \(in xl/workbook.xml\)"):
        rows(patched(book(plain), lambda parts: {"xl/workbook.xml": named(parts, 2)}))
    assert rows(patched(book(plain), lambda parts: {"xl/workbook.xml": named(parts, 1)}))


@pytest.mark.parametrize(
    "target",
    ["worksheets/sheet1.xml", "/xl/Worksheets/Sheet1.xml", "xl/worksheets/sheet1.xml",
     "\\xl\\worksheets\\sheet1.xml"],
)  # fmt: skip
def test_two_targets_of_one_part_are_damage(target):
    rels = "xl/_rels/workbook.xml.rels"
    again = f'<Relationship Id="rId99" Type="t" Target="{target}"/></Relationships>'.encode()
    with pytest.raises(TableError, match=r"damaged \(in xl/_rels/workbook.xml.rels\)"):
        rows(patched(book(plain), lambda parts: {
            rels: parts[rels].replace(b"</Relationships>", again)}))  # fmt: skip


def test_the_sheets_of_a_workbook_have_a_table_s_cells_together(monkeypatch):
    def two(made, sheet):
        plain(made, sheet)
        plain(made, made.add_worksheet())

    cells = 2 * sum(len(row) for row in rows(book(plain))[0])
    monkeypatch.setattr(workbook, "MOST_CELLS", cells)
    assert len(list(sheets(book(two), "b.xlsx", []))) == 2
    monkeypatch.setattr(workbook, "MOST_CELLS", cells - 1)
    with pytest.raises(TableError, match="the sheets of this workbook have more than"):
        list(sheets(book(two), "b.xlsx", []))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"1", 7), (b"0", 9), (b"2", 9), (b"01", 7), (b"+1", 9), (b" 1", 9), (b"1_0", 9), (b"", 9),
        (b"&#49;", 7), (b"<y>1</y>", 9), (b"1<y/>", 9), (b"1<y>0</y>", 9), (b"-1", 9),
        ("\u0661".encode(), 9),
    ],
)  # fmt: skip
def test_an_index_in_another_form_counts_as_the_longest_text(value, shown):
    sheet = b'<row><x.y:c xmlns:x.y="z" t="s"><v>' + value + b"</v></x.y:c><c><v>0</v></c></row>"
    assert bytes_shown(sheet, (9, 7)) == shown


@pytest.mark.parametrize("empty", [b"<si/>", b"<si><t/></si>"])
def test_where_a_shared_text_is_empty_each_cell_counts_as_the_longest(monkeypatch, empty):
    def fill(_, sheet):
        for row in range(100):
            sheet.write(row, 0, "x" * (1_000 if row == 0 else 1))

    shared = "xl/sharedStrings.xml"
    content = patched(book(fill), lambda parts: {
        shared: parts[shared].replace(b"</sst>", empty + b"</sst>")})  # fmt: skip
    monkeypatch.setattr(workbook, "MOST_TEXTS", 50_000)
    assert len(rows(book(fill))[0]) == 100
    with pytest.raises(TableError, match="the texts of this workbook"):
        rows(content)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b"</styleSheet>", b"<numFmts><numFmt numFmtId='164' formatCode='"
         + b"[" * 1_001 + b"'/></numFmts></styleSheet>"),
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 100_001 + b"</cellXfs>"),
        (SHEET, b"<sheetData>", b"<?x?><sheetData>"),
        ("xl/sharedStrings.xml", b"<si>", b"<si><si/>"),
    ],
    ids=["format", "formats", "instruction", "text in a text"],
)  # fmt: skip
def test_what_no_workbook_has_is_damage(part, old, new):
    def change(parts):
        assert old in parts[part]
        return {part: parts[part].replace(old, new, 1)}

    with pytest.raises(TableError, match=rf"damaged \(in {part}\)"):
        rows(patched(book(plain), change))


def test_a_part_may_begin_with_the_mark_of_utf_8():
    marked = patched(book(plain), lambda parts: {n: b"\xef\xbb\xbf" + p for n, p in parts.items()})
    assert rows(marked)[0] == rows(book(plain))[0]


@pytest.mark.parametrize(
    ("places", "reach"),
    [
        (["A1"], (1, 1)), (["z9"], (9, 26)), (["AA3", ""], (3, 28)), (["ZZ5", "aaa6"], (6, 703)),
        (["XFD1048576"], (1_048_576, 16_384)), (["C1", "A1", "A1"], (1, 3)), ([], (1, 1)),
        (["A1", "A1", "A1", "A1"], (1, 4)), (["", "", "B7"], (7, 3)), (["A"], None),
        (["AAAA1"], None), (["A12345678"], None), (["A1 "], None), (["1A"], None), (["1"], None),
    ],
)  # fmt: skip
def test_a_span_is_as_far_as_the_farthest_cell(places, reach):
    cells = "".join(f'<c r="{place}"/>' if place else "<c/>" for place in places)
    found = contents(f"<sheetData><row>{cells}</row></sheetData>".encode())
    assert (found and (found.rows, found.columns)) == reach


def headers(content):
    """Return where the archive tells of its parts: in front of each, and at its end."""
    for mark, size in ((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)):
        for found in re.finditer(re.escape(mark), content):
            yield from range(found.start(), min(found.start() + size + 30, len(content)))


def answer(content):
    try:
        inside = unpacked(content, "f", 10**7)
        if inside.startswith(b"PK"):
            return rows(inside)[0]
        refuse_no_text(decoded(inside, "f", []), "f")
        return inside
    except TableError as error:
        return error


@pytest.mark.parametrize("kind", ["workbook", "table"])
def test_wherever_an_archive_lies_it_ends_in_the_same_rows_or_one_sentence(kind):
    if kind == "workbook":
        content = patched(book(plain), lambda _: {})
        right = rows(content)[0]
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", right := b"a,b\n1,2\n" * 30)
        content = out.getvalue()
    tried = refused = 0
    for place in headers(content):
        for byte in () if place < 2 else {0, 1, 8, 14, 0x7F, 0x80, 0xFF, content[place] ^ 0x10}:
            changed = content[:place] + bytes([byte]) + content[place + 1 :]
            tried += 1
            found = answer(changed)
            refused += isinstance(found, TableError)
            assert found == right or re.fullmatch(".{15,200}[.]", str(found)), (place, byte, found)
    assert 0.2 < refused / tried < 0.9
    assert tried > (5_000 if kind == "workbook" else 900)


@pytest.mark.parametrize("seed", range(4))
def test_no_spoilt_part_ends_the_process(seed):
    command = [sys.executable, "-m", "tests.tables.spoilt_parts", str(seed), "2000"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[:2_000]
    read, refused = map(int, ended.stdout.split())
    assert min(read, refused) > 200


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_nobody_needs_is_refused(packing):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    with pytest.raises(TableError, match="packed in an unusual way; unpack it first"):
        unpacked(out.getvalue(), "f", 10**7)


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


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!"])
def test_an_error_of_excel_stays_what_it_says_and_its_row_is_refused(tmp_path, error):
    def fill(_, sheet):
        sheet.write_row(0, 0, ["name", "quality_score"])
        sheet.write_row(1, 0, ["Lake", 0.8])
        sheet.write(2, 0, "River")
        sheet.write_formula(2, 1, "=1/0", None, error)

    content = book(fill)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b't="e"' in archive.read(SHEET)
    assert rows(content)[0][2] == ["River", error]
    path, out = tmp_path / "p.xlsx", tmp_path / "out.csv"
    path.write_bytes(content)
    done = settle(path, out)
    assert (done.rows, done.rejects) == (1, 1)
    assert error in rejects_of(out).read_text("utf-8-sig")


def test_half_a_letter_in_json_is_a_question_mark(tmp_path):
    path, out = tmp_path / "p.json", tmp_path / "out.csv"
    path.write_text('[{"name": "\\ud800x", "quality_score": 0.8}]')
    assert settle(path, out).rows == 1
    assert "?x" in out.read_text("utf-8-sig")
