"""A portfolio and a results file in every form a spreadsheet gives them: the same answers."""

import csv
import gzip
import io
import json

import pytest
from pandas.testing import assert_frame_equal

from mssp_sim.__main__ import main
from mssp_sim.batch import rejects_of, settle, template
from mssp_sim.batch.columns import cells
from mssp_sim.cms_files import ResultsFileError, SeveralYearsError, read
from mssp_sim.tables import TableError
from mssp_sim.tables.content import rows_of_json
from tests.cms_files import synthetic
from tests.cms_files.published import YEARS, results_file
from tests.tables.dressings import dressings, text, workbook
from tests.voice import nonsense, shouted

DOLLARS = ("expenditure", "national_expenditure", "cost_per_person", "prior_savings_per_person")


def portfolio():
    """Return the template, with a name that has accents, a loss and a refused row."""
    rows = list(csv.reader(template().splitlines()))
    at = rows[0].index
    for change in (
        {"name": "Clínica São João"},
        {"name": "Ärzte, „Nord“", "cost_reduction": "-0.02", "level": "ENHANCED"},
        {"name": "Too good", "quality_score": "1.2"},
    ):
        row = list(rows[1])
        for column, cell in change.items():
            row[at(column)] = cell
        rows.append(row)
    return [rows[0], *rows[2:]]


def portfolio_forms():
    rates = [name for name, cell in cells().items() if cell.may_be_percent]
    dollars = [name for name, cell in cells().items() if cell.field in DOLLARS]
    rates.remove("minimum_election")
    return dressings(portfolio(), ["agreement_start"], rates, dollars)


def results_forms():
    columns = synthetic.cells(2024, 20)
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    rates = ("Sav_rate", "MinSavPerc", "QualScore", "FinalShareRate")
    dollars = ("BnchmkMinExp", "GenSaveLoss", "EarnSaveLoss", "ABtotBnchmk", "ABtotExp")
    with_sign = dressings(rows, ["Current_Start_Date"], [], dollars)
    for name in rates:
        at = rows[0].index(name)
        signed = [rows[0]] + [[*row[:at], f"{row[at]}%", *row[at + 1 :]] for row in rows[1:]]
        with_sign[f"80% in {name}"] = dressings(signed, [], [], [])["comma"]
    return with_sign


PORTFOLIOS, RESULTS = portfolio_forms(), results_forms()


def settled(content, tmp_path):
    path, out = tmp_path / "portfolio", tmp_path / "out.csv"
    path.write_bytes(content)
    tally = settle(path, out)
    refused = rejects_of(out).read_text(encoding="utf-8-sig")
    return tally, out.read_bytes(), list(csv.reader(io.StringIO(refused)))


@pytest.mark.parametrize("form", PORTFOLIOS)
def test_a_portfolio_gives_the_same_bytes_in_every_form(form, tmp_path):
    _, wanted, rejects = settled(PORTFOLIOS["comma"], tmp_path)
    tally, found, refused = settled(PORTFOLIOS[form], tmp_path)
    assert found == wanted
    assert "Clínica São João" in found.decode()
    assert [row[:2] for row in refused] == [row[:2] for row in rejects]
    assert (tally.rows, tally.rejects) == (2, 1)
    assert tally.skipped == (form == "title and total")


@pytest.mark.parametrize("form", RESULTS)
def test_a_results_file_gives_the_same_table_in_every_form(form):
    wanted = read(io.BytesIO(RESULTS["comma"]))
    found = read(io.BytesIO(RESULTS[form]))
    assert_frame_equal(found, wanted)
    assert (found["payment"] < 0).any()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("semicolon", "separated by a semicolon"),
        ("tab", "separated by a tab"),
        ("pipe", "separated by a vertical bar"),
        ("cp1252", "not in UTF-8; letters with accents in names may be wrong"),
        ("title and total", "holds the headings"),
    ],
)
def test_what_was_taken_off_a_file_is_said(form, said, tmp_path):
    assert said in " ".join(read(io.BytesIO(RESULTS[form])).attrs["notes"])
    tally, _, _ = settled(PORTFOLIOS[form], tmp_path)
    assert said in " ".join(tally.notes)


def test_a_total_and_a_footnote_below_a_results_file_are_said_and_left_out():
    columns = synthetic.cells(2024, 20)
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    note = ["* fewer than eleven people", *[""] * (len(columns) - 1)]
    blank_id = ["", "TOTAL", *rows[1][2:]]
    found = read(io.BytesIO(synthetic.to_bytes([*rows, blank_id, note, note[:1]])))
    assert_frame_equal(found, read(io.BytesIO(synthetic.to_bytes(rows))))
    assert found.attrs["notes"][:3] == (
        "Row 22 is a total, not an ACO; it is left out.",
        "Row 23 is a note, not an ACO; it is left out.",
        "Row 24 is a note, not an ACO; it is left out.",
    )


def test_one_aco_may_stand_on_its_side():
    columns = synthetic.cells(2024, 1)
    upright = read(io.BytesIO(synthetic.to_bytes(columns)))
    turned = [["Name", "Value"], *([name, cell] for name, (cell,) in columns.items())]
    found = read(io.BytesIO(synthetic.to_bytes(turned)))
    assert_frame_equal(found, upright)
    assert "stands on its side" in found.attrs["notes"][0]


def test_an_index_column_does_not_matter():
    columns = synthetic.cells(2024, 20)
    indexed = {"": [str(n) for n in range(20)]} | columns
    wanted = read(io.BytesIO(synthetic.to_bytes(columns)))
    assert_frame_equal(read(io.BytesIO(synthetic.to_bytes(indexed))), wanted)


STACKED = (2022, 2023, 2024)


def test_several_years_stacked_are_a_choice():
    content = synthetic.to_bytes(synthetic.stacked(STACKED))
    with pytest.raises(SeveralYearsError, match="2022, 2023 and 2024; choose one") as several:
        read(io.BytesIO(content))
    assert several.value.years == STACKED
    for year in STACKED:
        found = read(io.BytesIO(content), year=year)
        assert_frame_equal(found, read(io.BytesIO(synthetic.written(year, 20).getvalue())))
    with pytest.raises(ResultsFileError, match="it holds no row of 2021"):
        read(io.BytesIO(content), year=2021)


def test_the_command_settles_every_year_of_a_file(tmp_path, capsys):
    path = tmp_path / "stacked.csv"
    path.write_bytes(synthetic.to_bytes(synthetic.stacked(STACKED, 60)))
    assert main(["reproduce", str(path)]) == 0
    assert capsys.readouterr().out.endswith("180 of 180 within 0.01%\n")


def test_stacked_years_may_be_told_in_a_name_of_cms_and_stand_in_any_order():
    rows = synthetic.stacked(STACKED)
    rows[0][0] = "Performance_Year"
    rows[1:] = [[f"PY{row[0]}", *row[1:]] for row in reversed(rows[1:])]
    with pytest.raises(SeveralYearsError):
        read(io.BytesIO(synthetic.to_bytes(rows)))
    found = read(io.BytesIO(synthetic.to_bytes(rows)), year=2023)
    assert found["aco_id"].tolist() == synthetic.acos(2023, 20)["aco_id"].tolist()[::-1]


def test_stacked_years_without_their_year_are_refused_with_what_is_missing():
    rows = [row[1:] for row in synthetic.stacked(STACKED)]
    with pytest.raises(ResultsFileError, match="a column Year where years are stacked"):
        read(io.BytesIO(synthetic.to_bytes(rows)))


@pytest.mark.parametrize("year", [None, 2024])
def test_a_file_of_one_year_with_its_column_needs_no_choice(year):
    wanted = read(io.BytesIO(synthetic.written(2024, 20).getvalue()))
    found = read(io.BytesIO(synthetic.to_bytes(synthetic.stacked([2024]))), year=year)
    assert_frame_equal(found, wanted)


def test_cms_s_own_years_stacked_give_each_its_own_rows():
    years = (2021, 2022, 2023)
    records = []
    for year in years:
        text_of_file = results_file(year).read_text("utf-8-sig")
        own = csv.DictReader(io.StringIO(text_of_file, newline=""))
        records += [{"Year": str(year)} | record for record in own]
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [names, *([record.get(name, "") for name in names] for record in records)]
    for year in years:
        found = read(io.BytesIO(synthetic.to_bytes(rows)), year=year)
        wanted = read(results_file(year))
        assert_frame_equal(found, wanted)


def test_a_decimal_comma_is_named_as_one(tmp_path):
    _, _, rejects = settled("name;quality_score\nÄrzte;0,82\n".encode("cp1252"), tmp_path)
    assert rejects[1][1].endswith("; write 0.82, with a point")


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("quality_score", "80,5 %", "; write 80.5%, with a point"),
        ("agreement_start", "01.02.2025", "write 2025-02-01"),
        ("agreement_start", "31/12/2025", "write 2025-12-31"),
        ("agreement_start", "31.02.2025", ""),
    ],
)
def test_a_date_or_a_number_of_another_country_is_named_as_one(tmp_path, column, cell, said):
    _, _, rejects = settled(f"name;{column}\nA;{cell}\n".encode(), tmp_path)
    assert rejects[1][1].endswith(said)
    assert ("other countries" in rejects[1][1]) == (column != "quality_score" and bool(said))


def test_a_month_in_words_is_a_date(tmp_path):
    text = "name;agreement_start\nA;1-Jan-25\nB;2025-01-01\nC;January 1, 2025\nD;1-Foo-25\n"
    _, out, rejects = settled(text.encode(), tmp_path)
    rows = list(csv.reader(io.StringIO(out.decode("utf-8-sig"))))[1:]
    assert [row[1] for row in rows] == ["A", "B", "C"]
    assert len({tuple(row[2:]) for row in rows}) == 1
    assert len(rejects) == 2


def test_a_damaged_line_of_utf_8_is_not_taken_for_windows(tmp_path):
    content = "name,quality_score\nÄrzte,0.82\n".encode() + b"Caf\xe9,0.82\n"
    tally, _, rejects = settled(content, tmp_path)
    assert (tally.rows, tally.rejects) == (1, 1)
    assert rejects[1][1] == "the line is not UTF-8 text; save the file as CSV UTF-8"


def test_a_damaged_line_far_down_a_long_file_is_one_too(tmp_path):
    content = "name,quality_score\nÄrzte,0.82\n".encode() + b"Lake Care,82\n" * 100_000
    tally, _, rejects = settled(content + b"Caf\xe9,0.82\n", tmp_path)
    assert (tally.rows, tally.rejects) == (1, 100_001)
    assert rejects[-1][1] == "the line is not UTF-8 text; save the file as CSV UTF-8"


def test_rates_that_excel_divided_by_a_hundred_once_too_often_are_named():
    # The file of 2013 prints 0.0234% for 0.0234; a workbook then holds 0.000234.
    columns = synthetic.cells(2025, 20)
    name = next(name for name in columns if name.lower() == "minsavperc")
    columns[name] = [str(float(cell) / 100) for cell in columns[name]]
    with pytest.raises(ResultsFileError, match="expected a minimum savings rate"):
        read(io.BytesIO(synthetic.to_bytes(columns)))


@pytest.mark.parametrize("year", YEARS)
def test_cms_s_own_files_are_the_same_in_other_forms(year):
    file = results_file(year)
    wanted = read(file)
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    forms = {
        ";": text(rows, ";"), "utf-16": text(rows, "\t", "\r\n", "utf-16"),
        "empty columns": text([[*row, "", ""] for row in rows]),
    }  # fmt: skip
    if year > 2013:  # see the rates above
        forms["xlsx"] = workbook(rows)
    for form, content in forms.items():
        again = io.BytesIO(content)
        again.name = file.name
        assert_frame_equal(read(again), wanted, obj=form)


def test_numbers_of_json_stay_as_they_are_written():
    written = '[{"a": -0, "b": 1.50, "c": NaN}, {"a": 12345678901234567890, "b": null, "c": true}]'
    rows = [["a", "b", "c"], ["-0", "1.50", "NaN"], ["12345678901234567890", "", "True"]]
    assert rows_of_json(written, "f") == rows


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body>Sign in</body></html>", "a web page"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook, or one with a password"),
        (b"PK\x03\x04broken", "a ZIP archive, perhaps an Excel workbook, that is damaged"),
        (b"\x1f\x8b\x08broken", "a gzip archive that is damaged"),
        (b"RDX3\nX\n", "an R file"),
        (b'{"a": 1}', "JSON, but not a list of records"),
        (b"[[[", "JSON that is damaged"),
        (b"[" * 100_000, "JSON that is damaged"),
        (b'[{"a": [1]}]', "JSON, but not a list of records"),
        (
            json.dumps([{f"a{n}": 1} for n in range(60_000)]).encode(),
            "JSON of 60,000 records that name 60,000 columns, few of them in each",
        ),
        (b"n\x00a\x00m\x00e\x00", "not a text file"),
        (
            gzip.compress(
                gzip.compress(b"name,level", mtime=0), mtime=0
            ),  # the same in every process
            "an archive in an archive",
        ),
    ],
)
def test_a_file_that_is_no_portfolio_is_called_what_it_is(content, said, tmp_path):
    with pytest.raises(ValueError, match=said) as refused:
        settled(content, tmp_path)
    assert shouted(str(refused.value)) <= {"CSV", "JSON", "PDF", "XLSX", "ZIP"}
    assert not nonsense(str(refused.value))
    assert [path.name for path in tmp_path.iterdir()] == ["portfolio"]


def test_empty_cells_behind_some_rows_only_do_not_matter(tmp_path):
    columns = synthetic.cells(2024, 20)
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    wanted = read(io.BytesIO(text(rows)))
    longer = [rows[0], [*rows[1], "", " "], *rows[2:]]
    shorter = [[*rows[0], "", ""], *rows[1:]]
    for changed in (longer, shorter):
        assert_frame_equal(read(io.BytesIO(text(changed))), wanted)
    filled = [rows[0], [*rows[1], "", "7"], *rows[2:]]
    with pytest.raises(ResultsFileError, match="cells where the headings have"):
        read(io.BytesIO(text(filled)))
    tally, _, rejects = settled(b"name,level\nLake,E,,\nBay,E,7\n", tmp_path)
    assert (tally.rows, tally.rejects) == (1, 1)
    assert rejects[1][1] == "the row has 3 cells and the header 2"


def test_a_json_table_may_lack_four_cells_of_five_and_a_small_one_more():
    records = [{f"a{n % 5}": "x" * 40, f"b{n % 7}": 1} for n in range(20_000)]
    rows = rows_of_json(json.dumps(records), "f")
    assert (len(rows), len(rows[0])) == (20_001, 12)
    small = [{f"a{n}": n} for n in range(300)]
    assert len(rows_of_json(json.dumps(small), "f")) == 301
    with pytest.raises(TableError, match="of 400 records that name 400 columns"):
        rows_of_json(json.dumps([{f"a{n}": n} for n in range(400)]), "f")
