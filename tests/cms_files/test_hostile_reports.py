"""Whatever is dropped as a report: a right answer or one sentence; people's data leave nothing.

Every hostility takes a generator, the name of a file and what it holds.
"""

# ruff: noqa: ARG001

import gzip
import importlib
import io
import logging
import random
import re
import time
import zipfile

import pytest

from mssp_sim.__main__ import main
from mssp_sim.cms_files.reports import (
    PeoplesDataError,
    ReportError,
    by_aco,
    expected,
    read_report,
    settle_report,
)
from mssp_sim.cms_files.reports._sheet import unmarked
from mssp_sim.tables import TableError
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books

ALL, EVERYDAY = 200, 60
YEAR = made.Year()
FILES = made.delivery(YEAR)
NAMES = list(FILES)
SETTLED, _ = books.case(4)
TARGET = 13_488.813046989544
"""What the files come to as they are: 2/3 and 1/3 of growth on the benchmark by type."""

SLOWEST = 5
PEOPLE = ("1EG4TE5MK73", "1eg4-te5-mk73", "9XY8W76VU54", "2A00A00AA00", "(7C45-D67-EF89)",
          "1EG4 TE5 MK73", "１EG4TE5MK73", "1EG4\N{EN DASH}TE5\N{EN DASH}MK73",
          "1EG4\N{ZERO WIDTH SPACE}TE5MK73")  # fmt: skip
HEADINGS = ("MBI", "BENE_MBI_ID", "Medicare Beneficiary Identifier", "HICN", "HIC Number",
            "Beneficiary ID", "Date of Birth", "Birth Date", "BENE_1ST_NAME",
            "Beneficiary Last Name",
            "DOB", "Current MBI", "Date of Death")  # fmt: skip


def identifier(rng):
    letters, digits = "ACDEFGHJKMNPQRTUVWXY", "0123456789"
    shape = "9aedaedaadd"
    pick = {"9": digits[1:], "a": letters, "e": letters + digits, "d": digits}
    made_up = "".join(rng.choice(pick[place]) for place in shape)
    if rng.random() < 0.3:
        made_up = f"{made_up[:4]}-{made_up[4:7]}-{made_up[7:]}"
    return made_up.lower() if rng.random() < 0.3 else made_up


def repacked(content, change=None, more=None):
    """Return a workbook with parts changed, by name, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(
        out, "w", zipfile.ZIP_DEFLATED
    ) as after:  # fmt: skip
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, change(name, part) if change else part)
        for name, part in (more or {}).items():
            after.writestr(name, part)
    return out.getvalue()


def outcome(content, name):
    """Return the report, or the sentence; everything else is an error of the test."""
    began = time.perf_counter()
    found = None
    try:
        found = read_report(made.opened(content, name))
    except ReportError as error:
        found = error
    if isinstance(found, ReportError):
        sentence = str(found)
        assert sentence.endswith(".")
        assert sentence.isprintable()
        assert 15 < len(sentence) < 400, sentence
        assert found.__cause__ is None
        assert found.__context__ is None, "the error drags what it was raised from along"
    assert time.perf_counter() - began < SLOWEST
    return found


def right_or_refused(content, name, at):
    """Return whether the file took part in the right answer; a wrong one is an error."""
    found = outcome(content, name)
    if isinstance(found, ReportError):
        return False
    others = [read_report(made.opened(FILES[n], n)) for n in NAMES if n != at]
    try:
        (aco,) = by_aco([found, *others])
        answer = expected(aco)
    except ReportError:
        return False
    assert float(answer.steps.target_per_person) == pytest.approx(TARGET, rel=1e-12)
    return True


def person_in_a_cell(rng, name, content):
    who = identifier(rng) if rng.random() < 0.5 else rng.choice(PEOPLE)
    sheets = {"Big": [["", *[f"c{n}" for n in range(99)]],
                      *([f"row {n}", *[float(n)] * 99] for n in range(99))]}  # fmt: skip
    sheets["Big"][rng.randrange(1, 100)][rng.randrange(100)] = rng.choice(["", "id ", "x: "]) + who
    hidden = ("Big",) if rng.random() < 0.5 else ()
    sheets = {"First": [["Title"], ["", "A", "B"], ["row", 1.0, 2.0]], **sheets}
    error = outcome(made.written(sheets, hidden=hidden), name)
    assert isinstance(error, PeoplesDataError)
    bare = re.sub(r"[^A-Z0-9]", "", who.upper())
    assert bare not in re.sub(r"[^A-Z0-9]", "", str(error).upper())


def list_of_people(rng, name, content):
    heading = rng.choice(HEADINGS)
    cells = [heading, "County", "Months"]
    rng.shuffle(cells)
    rows = [["Assignment list"], [], cells, ["Jane Roe", "Lake", 12.0]]
    error = outcome(made.written({rng.choice(["Table 1", "List", "Cover"]): rows}), name)
    assert isinstance(error, PeoplesDataError)
    assert "Jane" not in str(error)


def text_with_people(rng, name, content):
    who = identifier(rng)
    text = f"{'7' * 30}{who}{'3' * 30}\n".encode()
    text = rng.choice([text, gzip.compress(text), text.decode().encode("utf-16"),
                       f"MBI,name\n{who},Jane Roe\n".encode()])  # fmt: skip
    error = outcome(text, rng.choice([name, "list.csv", "P.A9001.ACO.CCLF8.D250101.T1"]))
    assert isinstance(error, PeoplesDataError)
    assert who not in str(error)


def named_for_people(rng, name, content):
    kind = rng.choice(["CCLF1", "CCLF8", "BEUR", "AASR", "BAIP", "QALR"])
    assert isinstance(outcome(content, f"P.A9001.ACO.{kind}.D250101.T0.xlsx"), PeoplesDataError)
    who = identifier(rng)
    found = outcome(content[:-200], f"{who}.xlsx")
    assert who not in str(found)


def formula(rng, name, content):
    def put(stored):
        def change(part, text):
            if not part.startswith("xl/worksheets/"):
                return text
            cell = b'<c r="A90"><f>1+1</f>' + stored + b"</c>"
            return text.replace(b"</sheetData>", b'<row r="90">' + cell + b"</row></sheetData>")

        return change  # fmt: skip

    assert right_or_refused(repacked(content, put(b"<v>2</v>")), name, name)
    assert not right_or_refused(repacked(content, put(b"")), name, name)


def macro(rng, name, content):
    found = outcome(repacked(content, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), name)
    assert "macros" in str(found)
    found = outcome(repacked(content, more={"xl/externalLinks/externalLink1.xml": b"<x/>"}), name)
    assert "another" in str(found)


def bomb(rng, name, content):
    size = rng.choice([60, 90]) * 1_000_000
    parts = {"xl/worksheets/sheet99.xml": b"<c/>" * (size // 4)}
    assert "50 MB" in str(outcome(repacked(content, more=parts), name))


def huge(rng, name, content):
    assert "20 MB" in str(outcome(content + b"\x00" * 50_000_000, name))


def sheets_swapped(rng, name, content):
    def change(part, text):
        if part != "xl/workbook.xml":
            return text
        names = re.findall(rb'sheet name="([^"]+)"', text)
        one, other = rng.sample(names, 2)
        return (text.replace(b'"' + one + b'"', b'"@@"').replace(b'"' + other + b'"',
                b'"' + one + b'"').replace(b'"@@"', b'"' + other + b'"'))  # fmt: skip

    right_or_refused(repacked(content, change), name, name)


def _with_a_number(content, rng, put):
    """Return the workbook with one number of a table written otherwise."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [p for p in archive.namelist() if p.startswith("xl/worksheets/")]
    chosen = rng.choice(parts)

    def change(part, text):
        if part != chosen:
            return text
        cells = list(re.finditer(rb'<c r="([B-Z]\d+)"(?: s="\d+")?><v>[^<]*</v></c>', text))
        if not cells:
            return text
        cell = rng.choice(cells)
        return text[: cell.start()] + put(cell[1]) + text[cell.end() :]

    return repacked(content, change)


def words_for_a_number(rng, name, content):
    word = rng.choice([b"many", b"12,3x", b"#REF!", b"=cmd()", b"1_000", b"12 thousand"])
    spoilt = _with_a_number(content, rng, lambda at: b'<c r="' + at + b'" t="inlineStr"><is><t>'
                            + word + b"</t></is></c>")  # fmt: skip
    right_or_refused(spoilt, name, name)


def out_of_this_world(rng, name, content):
    value = rng.choice([b"1E+308", b"-1E+308", b"1e15", b"NaN", b"INF"])
    spoilt = _with_a_number(
        content, rng, lambda at: b'<c r="' + at + b'"><v>' + value + b"</v></c>"
    )
    right_or_refused(spoilt, name, name)


def renamed(rng, name, content):
    other = rng.choice([*(n for n in NAMES if n != name), "report (2).xlsx", "Book1.xlsx",
                        name.replace("A9001", "A1234")])  # fmt: skip
    found = outcome(content, other)
    assert not isinstance(found, ReportError), found
    assert found.kind in name
    assert found.aco_id == "A9001"
    assert right_or_refused(content, other, name) or "BNMRK" not in name


def cut(rng, name, content):
    assert isinstance(outcome(content[: rng.randrange(len(content) - 30)], name), ReportError)


def spoilt_bytes(rng, name, content):
    spoilt = bytearray(content)
    for _ in range(rng.randint(1, 40)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    right_or_refused(bytes(spoilt), name, name)


def something_else(rng, name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each in FILES:
            archive.writestr(each, FILES[each])
    other = rng.choice([b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0 old", b"a,b\n1,2\n", b"\x00" * 99,
                        out.getvalue(), gzip.compress(b"a" * 60_000_000), b"<html></html>",
                        made.written({"Sheet1": [["a", "b"], ["c", 1.0]]}),
                        made.written({"Table 1": [[]]})])  # fmt: skip
    assert isinstance(outcome(other, name), ReportError)


def markup(rng, name, content):
    text = rng.choice(["<script>alert(1)</script>", "=HYPERLINK(1)", "$x^2$ :material/home:"])
    year = made.Year(name=text)
    _, dressed = made.bnmrk(year)
    found = outcome(dressed, text + ".xlsx")
    assert found.aco_name == text


HOSTILE = (person_in_a_cell, list_of_people, text_with_people, named_for_people, formula, macro,
           bomb, huge, sheets_swapped, words_for_a_number, out_of_this_world, renamed, cut,
           spoilt_bytes, something_else, markup, person_in_a_cell, words_for_a_number,
           sheets_swapped, spoilt_bytes)  # fmt: skip


@pytest.mark.parametrize(
    "seed",
    [pytest.param(s, marks=[] if s < EVERYDAY else pytest.mark.long) for s in range(ALL)],
)
def test_a_hostile_file_gives_a_right_answer_or_one_sentence(seed, capsys, caplog):
    rng = random.Random(seed)
    name = NAMES[rng.randrange(len(NAMES))]
    with caplog.at_level(logging.DEBUG):
        HOSTILE[seed % len(HOSTILE)](rng, name, FILES[name])
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


def test_one_person_among_ten_thousand_cells_appears_nowhere(tmp_path, capsys):
    who = "1EG4TE5MK73"
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    rows = [["", *["x"] * 100], *([f"row {n}", *[float(n)] * 100] for n in range(100))]
    rows[57][43] = who
    (tmp_path / "P.A9002.ACO.QEXPU.2025Q1.xlsx").write_bytes(made.written({"Table 1": rows}))
    out = tmp_path / "out.csv"
    assert main(["forecast", str(tmp_path), "-o", str(out)]) == 1
    assert main(["report", *map(str, sorted(tmp_path.glob("*.xlsx")))]) == 1
    said = capsys.readouterr()
    assert "may hold people's data" in said.err
    for text in (said.out, said.err, out.read_text("utf-8-sig")):
        assert who not in text


@pytest.mark.parametrize("seed", range(8))
def test_a_settlement_with_a_damaged_number_never_settles_quietly_to_another_sum(seed):
    rng = random.Random(seed)
    name, content = books.stlmt(SETTLED)
    spoilt = _with_a_number(content, rng, lambda at: b'<c r="' + at + b'"><v>123.25</v></c>')
    try:
        found = settle_report(read_report(made.opened(spoilt, name)))
    except ReportError:
        return
    wanted = books.lines(SETTLED)["T3.Y"][4]
    assert found.differences or float(found.result.payment) == pytest.approx(wanted, abs=0.005)


def test_a_fault_of_a_workbook_keeps_its_row_and_column(monkeypatch):
    reader = importlib.import_module("mssp_sim.cms_files.reports.reader")

    def broken(*_):
        raise TableError("it is no number", file="BNMRK.xlsx", row=7, column="C")

    monkeypatch.setattr(reader, "open_workbook", broken)
    with pytest.raises(ReportError) as caught:
        read_report(io.BytesIO(b""))
    assert str(caught.value) == "BNMRK.xlsx, row 7, column C: it is no number."
    assert (caught.value.row, caught.value.column) == (7, "C")


def test_a_label_of_footnotes_without_end_takes_no_time():
    began = time.perf_counter()
    assert unmarked("Benchmark [1] [2, 3]") == "Benchmark"
    assert unmarked("[1]" * 20_000 + "y").endswith("[1]y")
    assert time.perf_counter() - began < SLOWEST
