"""The commands on CMS's reports: what they print, what they write, and several deliveries."""

import csv
import re

import pytest

from mssp_sim.__main__ import main
from mssp_sim.cms_files.reports import by_aco, expected, read_report
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books


@pytest.fixture
def folder(tmp_path):
    for name, content in made.delivery(made.Year()).items():
        (tmp_path / name).write_bytes(content)
    within = tmp_path / "another"
    within.mkdir()
    for name, content in made.delivery(made.Year(aco="A9002", name="=Lake", q=13_480.0)).items():
        (within / name).write_bytes(content)
    return tmp_path


def test_report_prints_every_step_and_ends_with_its_count(folder, capsys):
    assert main(["report", *map(str, sorted(folder.glob("*.xlsx")))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines if re.match(r"[A-W]   \w", line)] == list(
        "ABCDEFGHIJKLMNOPQRSTUVW"
    )
    assert lines[-1] == "39 lines, 0 differences"
    # 45,000 people: (13,488.81 - 12,980.38) x 44,000 x 50% x 75% x 98%
    assert any("Payment at the figures so far" in x and "8,221,443.22" in x for x in lines)


def test_report_prints_a_settlement_beside_ours_and_names_what_differs(tmp_path, capsys):
    a, _ = books.case(4)
    earned = books.lines(a)["T3.Y"][4]
    changed = {"T3.Y": [None] * 4 + [earned + 100]}
    for change, ending, code in (({}, "286 lines, 0 differences", 0),
                                 (changed, "286 lines, 1 differences", 1)):  # fmt: skip
        name, content = books.stlmt(a, change=change)
        (tmp_path / name).write_bytes(content)
        assert main(["report", str(tmp_path / name)]) == code
        said = capsys.readouterr().out
        assert said.splitlines()[-1] == ending
        assert ("here the two part" in said) == bool(change)


def test_forecast_has_a_row_an_aco_however_the_files_lie(folder, capsys):
    out = folder / "out.csv"
    for left_alone in ("~$open in Excel.xlsx", ".hidden.xlsx", "notes.txt"):
        (folder / left_alone).write_bytes(b"no workbook")
    assert main(["forecast", str(folder), "-o", str(out)]) == 0
    with out.open(newline="", encoding="utf-8-sig") as file:
        rows = {row["aco_id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["A9001", "A9002"]
    assert float(rows["A9001"]["payment"]) == 8_221_443.22
    assert (rows["A9002"]["payment"], rows["A9002"]["aco_name"]) == ("0.00", "'=Lake")
    assert "6 workbooks" in capsys.readouterr().out
    assert main(["forecast", str(folder / "none"), "-o", str(out)]) == 2


def test_of_several_deliveries_the_latest_is_used_and_said_and_a_stamp_without_a_day_never_is():
    year = made.Year()
    early = made.Year(l=[x * 0.88 for x in year.l])
    undated = made.Year(l=[x * 2 for x in year.l])
    files = [
        *made.delivery(year).items(),
        made.bnmrk(early, made.Dress(final=False, stamp="D250315.T0900000")),
        made.bnmrk(undated, made.Dress(stamp="D259999.T9999999")),
    ]
    (aco,) = by_aco([read_report(made.opened(content, name)) for name, content in files])
    assert len(aco.reports) == 5
    found = expected(aco)
    assert found.steps.value("L") == pytest.approx(year.l)
    (note,) = (note for note in found.notes if "deliveries" in note)
    assert "Of 3 deliveries of BNMRK 2025" in note
    assert "October 15, 2025" in note
    assert "D259999" in note
