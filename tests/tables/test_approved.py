"""The door for tables: each sentence it ends in, each limit on both sides, each note."""

import datetime as dt
import gzip
import io
import json
import zipfile

import openpyxl
import pytest

from mssp_sim.tables import (
    SizeLimits,
    TableError,
    clip,
    open_rows,
    open_stream,
    open_workbook,
    workbook,
)
from mssp_sim.tables import content as held
from mssp_sim.tables import stream as streams
from mssp_sim.tables.cells import LONGEST_NUMBER, day, day_first, number
from mssp_sim.tables.error import LONGEST
from mssp_sim.tables.layout import ROWS_ABOVE, best, is_remark, is_total, layout
from mssp_sim.tables.whole import HEAD, name_of
from tests.approval import approved

TEST = "tests/tables/test_approved.py"
LIMITS = SizeLimits(1_000_000, 50, 9)
KNOWN = frozenset("abcdefghijkl")


def score(cells):
    return len(KNOWN.intersection(cell.strip() for cell in cells))


def book(sheets, **properties):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = properties.get(name, "visible")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


PLAIN = book({"S": [["a", "b"], [1, 2.5], [True, dt.date(2025, 1, 2)]]})


def with_part(name, content):
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


FILES = {
    "plain": b"a,b\n1,2\n",
    "semicolons": b"a;b\n1;2\n",
    "tabs": b"a\tb\n1\t2\n",
    "bars": b"a|b\n1|2\n",
    "said": b"sep=;\na;b\n1;2\n",
    "said otherwise": b"sep=#\na#b\n1#2\n",
    "title": b"T\n\na,b\n1,2\n",
    "utf-16": "a,b\né,2\n".encode("utf-16"),
    "windows": "a,b\né,2\n".encode("cp1252"),
    "marked": "\ufeffa,b\né,2\n".encode(),
    "undefined": b"a,b\n\x81\xff,2\n",
    "zero": b"a,b\n\x00,2\n",
    "control": b"a,b\n\x07,2\n",
    "empty": b"",
    "blank": b" \n \n",
    "web": b" <!DOCTYPE html>",
    "quote": b'a,b\n1,2\n"3,4\n',
    "quote first": b'"a,b\n1,2\n',
    "wide": b"a,b,c,d,e,f,g,h,i,j\n1\n",
    "as wide": b"a,b,c,d,e,f,g,h,i\n1\n",
    "long": b"a,b\n" + b"1,2\n" * 50,
    "as long": b"a,b\n" + b"1,2\n" * 49,
    "nobody": b"x,y\n1,2\n",
    "on its side": b"".join(b"%c,1\n" % letter for letter in b"abcdefgh"),
    "not on its side": b"".join(b"%c,1\n" % letter for letter in b"abcdefg"),
    "on its side, bars": b"".join(b"%c|1|2\n" % letter for letter in b"hgfedcba"),
    "json": b'[{"a": 1, "b": null}, {"b": 2.50, "c": true}]',
    "json damaged": b'[{"a": 1}',
    "json one": b'{"a": 1}',
    "json empty": b"[]",
    "json deep": b'[{"a": [1]}]',
    "json words": b'["a"]',
    "gzip": gzip.compress(b"a,b\n1,2\n"),
    "gzip cut": gzip.compress(b"a,b\n1,2\n")[:-9],
    "gzip twice": gzip.compress(gzip.compress(b"a")),
    "gzip swells": gzip.compress(b"a" * 1_000_001),
    "gzip just": gzip.compress(b"a,b\n" + b" " * 999_990),
    "zip": packed(t_dot_csv=b"a,b\n1,2\n"),
    "zip of two": packed(t=b"a", u=b"b"),
    "zip of none": packed(),
    "zip cut": packed(t=b"a,b\n1,2\n")[:-9],
    "zip of zip": packed(t=packed(u=b"a")),
    "zip of mac": packed(t=b"a,b\n1,2\n", __MACOSX__t=b"x"),
    "zip swells": packed(t=b"a" * 1_000_001),
    "other book": packed(xl__workbook_dot_bin=b"x"),
    "open document": packed(content_dot_xml=b"x"),
    "zip of book": packed(t=PLAIN),
    "large": b"a,b\n" + b"1" * 1_000_000,
    "book": PLAIN,
    "book of titles": book({"A": [["note"]], "B": [["t"], [], ["a", "b"], [1, 2]]}),
    "two tables": book({"A": [["a"]], "B": [["b"]], "C": [["c"]]}),
    "empty book": book({"A": []}),
    "hidden": book({"A": [["x"]], "B": [["a", "b"], [1, 2]]}, B="hidden"),
    "formula": book({"A": [["a", "b"], ["=1+1", 2]]}),
    "macros": with_part("xl/vbaProject.bin", "x"),
    "macro sheet": with_part("xl/macrosheets/sheet1.xml", "x"),
    "links": with_part("xl/externalLinks/externalLink1.xml", "x"),
    "comment": with_part("xl/sharedStrings.xml.bak", "<!-- x -->"),
    "entity": with_part("xl/worksheets/sheet2.xml", "<!ENTITY x>"),
    "far": book({"A": [["a"], *[[]] * 3]}),
    **{kind: start + b"rest" for start, kind in held.NO_TABLE.items()},
}


def told_by(open_it):
    try:
        return open_it()
    except TableError as fault:
        return f"! {fault} {fault.file} {fault.row} {fault.column} {fault.value} {fault.expected}"


def rows_of(content, name="file.x"):
    def run():
        source = io.BytesIO(content)
        source.name = name
        rows = open_rows(source, score, LIMITS)
        records = list(rows.records)
        first = [(at, [cell[:60] for cell in row[:9]]) for at, row in records[:3]]
        headings = [heading[:60] for heading in rows.headings]
        return f"{rows.file} {headings} {first} {len(records)} {rows.notes}"

    return told_by(run)


def test_each_form_of_a_file_ends_in_rows_or_a_sentence(tmp_path):
    told = []
    for name, content in FILES.items():
        told.append(f"== {name}\nrows: {rows_of(content)}")
        path = tmp_path / "file.x"
        path.write_bytes(content)

        def streamed(path=path):
            with open_stream(path, score) as stream:
                records = stream.block(9)
                return (f"{[h[:60] for h in stream.headings]} {stream.known} {stream.separator!r} "
                        f"{[record and record[:60] for record in records[:3]]} "
                        f"{stream.size() > 0} {stream.notes}")  # fmt: skip

        def booked(content=content):
            seen = []
            source = io.BytesIO(content)
            source.name = "dir/book.xlsx"
            try:
                found = open_workbook(source, LIMITS, seen.append)
            except TableError as fault:
                return f"! {fault} looked at {[clip(text) for text in seen]}"
            sheets = {sheet: rows[:6] for sheet, rows in found.sheets.items()}
            return f"{found.file} {sheets} {found.hidden} {found.notes}"

        told += [f"stream: {told_by(streamed)}", f"book: {booked()}"]
    for source in (io.StringIO("a,b\n1,2\n"), io.StringIO(" "), io.StringIO("<html>"),
                   tmp_path / "none.csv", tmp_path):  # fmt: skip
        said = told_by(lambda source=source: str(open_rows(source, score, LIMITS).headings))
        told.append(said)
    said = told_by(lambda: str(open_workbook(io.StringIO("a"), LIMITS)))
    told.append(f"{said} {name_of(io.BytesIO())!r} {name_of('x/y.csv')}")
    approved("tables", "\n".join(told).replace(str(tmp_path), "FOLDER"), TEST)


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1])
def test_what_a_sentence_repeats_is_clipped_past_its_length(length):
    found = clip("x" * length)
    assert found == ("x" * length if length <= LONGEST else "x" * (LONGEST - 1) + "…")
    assert len(found) == min(length, LONGEST)
    assert clip("a\n\tb \u200b c") == "a b c"
    assert clip(" " * 999 + "ab") == "a"


NUMBERS = [
    "1", "-1", "+1.", ".5", "1.5e3", "1e1234", "1,234", "1,23", "12,345.67", "(1)",
    "($1)", "$(1)",
    "($(1))", "-(1)", "-$-1", "$-1", "- 1", "\N{MINUS SIGN}1", "1%", "$1%", "(1%)", " $ -   ",
    " - ",
    " -  ", "-", "$ -", " $ -0", "1 000", "0,000", "1e3%", "", " ", "x", "0x1", "1_0", "(1", "1)",
]  # fmt: skip
DAYS = [
    "2025-01-31", "2025-13-01", "1/31/2025", "31/1/2025", "1/1/25", "1/1/99", "1/1/100", "1/1/025",
    "1/1/25 0:00", "1/1/2025 12:30:15.5 PM", "2025-01-01T00:00", "45658", "45658.0", "45658.5",
    "04565", "4565", "1-Jan-25", "1 January 2025", "January 1, 2025", "Jan. 1 2025", "Ju 1 2025",
    "Jun 1 2025", "Sept 1 2025", "September 31, 2025", "may 2, 2025", "Foo 1 2025", "2025", "",
    "31.12.2025", "12/12/2025", "13/12/2025", "13/13/2025", "1.2.25", "32.1.2025", "1.2/2025",
]  # fmt: skip


def test_what_cells_say_is_approved():
    # Whole figures: what a cell says is no rule that a year may change.
    told = [f"{text!r} {number(text)}" for text in NUMBERS]
    told += [f"{text!r} {day(text)} {day_first(text)}" for text in DAYS]
    letters = str.maketrans("0123456789", "abcdefghij")
    approved("cells", "\n".join(told).translate(letters), TEST)
    for length, read in ((LONGEST_NUMBER, True), (LONGEST_NUMBER + 1, False)):
        assert (number("1" * length) is not None) == read
        assert (number(" " * (2 * LONGEST_NUMBER - 1) + "1") is not None) is True
        assert number(" " * (2 * LONGEST_NUMBER) + "1") is None


@pytest.mark.parametrize(
    ("row", "width", "total", "remark"),
    [(["Total", "1"], 2, True, False), (["", "sums"], 2, True, False),
     (["Totals:"], 1, True, False),
     (["Sub-total (all)", ""], 2, True, True), (["Total Care", ""], 2, False, True),
     (["Total Care"], 1, False, False), (["*", ""], 2, False, True), (["A1", ""], 2, False, False),
     (["a b", "c d"], 3, False, False), (["", ""], 2, False, False), ([], 0, False, False),
     (["* a"], 2, False, True), (["Total (" + "x" * 60 + ")"], 2, True, True),
     (["Total (" + "x" * 61 + ")"], 2, False, True)],
)  # fmt: skip
def test_what_stands_below_a_table_is_no_row(row, width, total, remark):
    assert (is_total(row), is_remark(row, width)) == (total, remark)


def test_headings_are_looked_for_among_the_first_rows():
    for above in (0, 1, ROWS_ABOVE - 1, ROWS_ABOVE):
        rows = [["note"]] * above + [["a", "b"], ["1", "2"]]
        found = best(rows, score)
        known = above < ROWS_ABOVE
        assert (found.at, found.known) == ((above, 2) if known else (0, 0))
        text = layout("\n".join(",".join(row) for row in rows), score)
        assert (text.at, text.known, text.separator) == (found.at, found.known, ",")
    assert best([[], ["", " "], [" x ", "y"]], score)[1:] == (2, ["x", "y"], 0)
    assert best([["a"], ["a", "b"], ["b", "a"]], score).at == 1  # the first of equals
    assert best([], score)[1:] == (0, [], 0)
    assert layout("", score) == (",", 0, [], 0)
    assert layout("a,b;c\n", score)[0] == ","
    assert layout("a;b,c;d\n", score)[0] == ";"


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_line_is_held_up_to_its_length(tmp_path, extra):
    path = tmp_path / "f.csv"
    long = b"x" * (streams.LONGEST_LINE + extra - 1) + b"\n"
    path.write_bytes(b"a,b\n" + long + b"1,2\n")
    with open_stream(path, score) as stream:
        assert stream.block(5) == [long if extra <= 0 else None, b"1,2\n"]
        assert stream.size() == 4 + len(long) + 4
        assert stream.block(5) == []


@pytest.mark.parametrize(
    ("text", "records"),
    [(b'"1\n2",3\n4,5\n', [b'"1\n2",3\n', b"4,5\n"]), (b'"1,3\n4,5\n', [b'"1,3\n', b"4,5\n"]),
     (b'1"\n2"\n', [b'1"\n', b'2"\n']), (b'1,"2\n"\n3\n', [b'1,"2\n"\n', b"3\n"]),
     (b'"1""2",3\n', [b'"1""2",3\n']), (b'"1"x,"\n3\n', [b'"1"x,"\n', b"3\n"]),
     (b'"1","2"\n3', [b'"1","2"\n', b"3"]), (b'"a","b\n', [b'"a","b\n'])],
)  # fmt: skip
def test_a_record_goes_on_over_lines_inside_quotes(tmp_path, text, records):
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n" + text)
    for most in (1, 2, 9):
        with open_stream(path, score) as stream:
            found = []
            while some := stream.block(most):
                assert len(some) <= most
                found += some
        assert found == records


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_quoted_record_is_held_up_to_its_length(tmp_path, monkeypatch, extra):
    monkeypatch.setattr(streams, "LONGEST_RECORD", 20)
    path = tmp_path / "f.csv"
    inside = b'"' + b"x" * 9 + b"\n" + b"y" * (5 + extra) + b'",\n'
    path.write_bytes(b"a,b\n" + inside)
    with open_stream(path, score) as stream:
        assert len(stream.block(9)) == (1 if len(inside) <= 20 else 2)


def test_the_limits_of_a_workbook_on_both_sides(monkeypatch):
    told = []
    sheet = book({"A": [["a", "b"], *[[1, 2]] * 4]})
    texts = book({"A": [["a", "b"], *[["long text here", "another"]] * 4]})
    for name, limits in (("MOST_CELLS", (9, 10, 11)), ("MOST_PARTS", (5, 60)),
                         ("MOST_UNPACKED", (30, 60, 500, 100_000))):  # fmt: skip
        for limit in limits:
            for content in (sheet, texts, book({"A": [["a"], [None] * 3 + ["x"]]})):
                with monkeypatch.context() as patch:
                    patch.setattr(workbook, name, limit)
                    told.append(f"{name} {limit}: {rows_of(content)}")
    approved("workbook_limits", "\n".join(told), TEST)
    strings = b'<c r="B7" t="str"><f>1</f></c><c r="C8"><f>1</f><v>2</v></c><c><f/></c>'
    with pytest.raises(TableError, match=r"cell \? holds a formula"):
        workbook._formulas(strings, "f")
    assert workbook._formulas(strings[:-13], "f") == 2
    with pytest.raises(TableError, match=r"^f: cell D9 holds a formula without a stored value"):
        workbook._formulas(b'<c r="D9"><f>1</f></c>', "f")
    cells = (True, 1.0, 1e15, 999_999_999_999_999.0, 0.1, "x", dt.datetime(2025, 1, 2),
             dt.datetime(2025, 1, 2, 3, 4), dt.date(2025, 1, 2), dt.time(1, 2))  # fmt: skip
    assert [workbook._text(cell) for cell in cells] == [
        "TRUE", "1", "1000000000000000.0", "999999999999999", "0.1", "x", "2025-01-02",
        "2025-01-02T03:04:00", "2025-01-02", "01:02:00",
    ]  # fmt: skip


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_bytes_are_taken_up_to_the_limit(extra):
    size = 60
    content = b"a,b\n" + b"1" * (size - 4 + extra)
    limits = SizeLimits(size, 9, 9)
    for form in (content, gzip.compress(content), packed(t=content)):
        found = told_by(lambda form=form: open_rows(io.BytesIO(form), score, SizeLimits(
            max(size, len(form)) if form is not content else size, 9, 9)).headings)  # fmt: skip
        if form is content:
            assert (found == ["a", "b"]) == (extra <= 0)
    text = told_by(lambda: open_rows(io.StringIO(content.decode()), score, limits).headings)
    assert (text == ["a", "b"]) == (extra <= 0)
    for pack in (gzip.compress(content), packed(t=content)):
        inside = told_by(lambda pack=pack: held.unpacked(pack, "f", size))
        assert (inside == content) == (extra <= 0)
    assert held.unpacked(b"plain", "f", 1) == b"plain"


def test_an_archive_said_to_be_large_is_told_in_millions(monkeypatch, tmp_path):
    path = tmp_path / "f.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 9))
    for most in (len(path.read_bytes()) - 1, len(path.read_bytes())):
        monkeypatch.setattr(streams, "MOST_HELD", most)

        def run():
            with open_stream(path, score) as stream:
                return stream.headings

        said = told_by(run)
        small = most == len(path.read_bytes()) and most >= 36
        assert (said == ["a", "b"]) == small or said.startswith("! f.gz: this")
    rows = [["a", "b"], ["x,y", 'q"']]
    assert held.as_utf8(rows) == b'a,b\n"x,y","q"""\n'
    assert held.is_json(" \n\ufeff[")
    assert not held.is_json("a[")
    assert held.is_json(" " * 1_999 + "{")
    assert not held.is_json(" " * 2_000 + "{")
    assert json.loads("[]") == []
    assert HEAD == 1 << 17
