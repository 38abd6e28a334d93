"""What the readers of CMS's files say, read whole: each faulty cell, each note, each field."""

import random

import numpy as np
import pandas as pd
import pytest

from mssp_sim.cms_files import ResultsFileError, load, read
from mssp_sim.cms_files._checks import _Checks
from mssp_sim.cms_files._columns import Columns, expect_results
from mssp_sim.cms_files._table import open_table
from mssp_sim.cms_files.counties import read_people, read_spending, region
from mssp_sim.cms_files.reports import (
    ReportError,
    by_aco,
    expected,
    read_report,
    reader,
    settle_report,
)
from mssp_sim.tables import Book, open_workbook
from mssp_sim.tables.whole import SizeLimits
from tests.approval import approved, told
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books
from tests.cms_files import synthetic
from tests.cms_files.test_counties import named, pbaco, people, spending

TEST = "tests/cms_files/test_approved.py"
SIZE = 15
FAULTS = ("", "x", "-5", "7", "0.55%")
MORE = {
    "Current_Start_Date": ("31/12/2019", "1/1/2031", "2019-07-01", "1/1/2011"),
    "Current_Track": ("B", "basic level c", "Track 1+", "EN"), "QualScore": ("P4R", "0", "101"),
    "N_AB": ("1e12", "0", "12.5"), "ACO_ID": ("A1001", "A1"), "ABtotExp": ("0", "1e12"),
    "ACO_Name": ("x" * 300, "x" * 301), "MinSavPerc": ("0", "150%", "0.02"),
    "Rev_Exp_Cat": ("LOW-revenue", "high"), "Met_QPS": ("yes", "0", "2"),
    "FinalShareRate": ("0", "150%"), "DisAdj": ("-7",), "Risk_Model": ("one-sided", "three"),
    "Agreement_Period_Num": ("0", "9", "10"),
}  # fmt: skip
BY_TYPE = ("Per_Capita_Exp_ALL_DIS_BY2", "CMS_HCC_RiskScore_AGDU_PY", "N_AB_Year_ESRD_PY",
           "Per_Capita_Exp_ALL_AGND_PY")  # fmt: skip


def opened(cells, year, name="results.csv"):
    try:
        return read(named(synthetic.to_bytes(cells, year=year), name))
    except ResultsFileError as fault:
        return f"! {fault} [{fault.value} | {fault.expected}]"


def differing(found, usual):
    """Return what a file says otherwise than the usual one: its message, or cells and notes."""
    if isinstance(found, str):
        return found
    parts = []
    for column in usual.columns:
        pairs = zip(found[column], usual[column], strict=True)
        parts += [
            f"{column}[{at}] {one}"
            for at, (one, other) in enumerate(pairs)
            if not (one == other or (pd.isna(one) and pd.isna(other)))
        ]
    notes = [note for note in found.attrs["notes"] if note not in usual.attrs["notes"]]
    return f"{'; '.join([*parts[:6], *notes]) or 'as before'}"


PARTS = 9
"""Parts in which cells and lines are tried, so that each is quick."""


@pytest.mark.parametrize("year", [2022, 2024])
def test_what_a_results_file_holds_is_approved(year):
    usual = opened(synthetic.cells(year, SIZE), year)
    lines = [*usual.attrs["notes"], *told({c: list(usual[c][:6]) for c in usual.columns}, "usual")]
    approved(f"results_{year}", "\n".join(lines), TEST, figures=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_each_faulty_cell_of_a_results_file_comes_to_is_approved(part):
    cells, lines = synthetic.cells(2024, SIZE), []
    usual = opened(cells, 2024)
    for heading in list(cells)[part::PARTS]:
        if heading.count("_") > 3 and heading not in BY_TYPE:
            continue
        gone = {name: column for name, column in cells.items() if name != heading}
        lines.append(f"without {heading}: {differing(opened(gone, 2024), usual)}")
        for fault in (*FAULTS, *MORE.get(heading, ())):
            column = [*cells[heading][:2], fault, *cells[heading][3:]]
            said = differing(opened(cells | {heading: column}, 2024), usual)
            lines.append(f"{heading} {fault!r}: {said}")
    approved(f"faulty_cells_{part}", "\n".join(lines), TEST, figures=True)


def test_figures_that_contradict_each_other_are_approved():
    """Each settlement figure is moved by a little and by much, in three rows."""
    year, lines = 2024, []
    cells = synthetic.cells(year, SIZE)
    usual = opened(cells, year)
    moved = ("N_AB", "N_AB_Year_PY", "ABtotBnchmk", "ABtotExp", "UpdatedBnchmk", "BnchmkMinExp",
             "GenSaveLoss", "EarnSaveLoss", "DisAdj", *BY_TYPE)  # fmt: skip
    for heading in moved:
        for row, by in ((0, 1.02), (1, 0.5), (2, 3.0), (4, -1.0), (4, 1.5)):
            text = cells[heading][row]
            if text.replace("-", "").replace(".", "").isdigit():
                new = f"{float(text) * by:.0f}"
                column = [*cells[heading][:row], new, *cells[heading][row + 1 :]]
                said = differing(opened(cells | {heading: column}, year), usual)
                lines.append(f"{heading}[{row}] × {by}: {said}")
    for heading, row, text in (
        ("Met_QPS", 0, "0"), ("Current_Track", 2, "A"), ("Risk_Model", 0, "Two-Sided"),
        ("FinalShareRate", 0, "45.00"), ("FinalShareRate", 0, "20.00"), ("MinSavPerc", 0, "9.00"),
        ("ACO_ID", 1, cells["ACO_ID"][0]), ("Sav_rate", 0, "1.00"), ("DisAdj", 0, "5"),
    ):  # fmt: skip
        column = [*cells[heading][:row], text, *cells[heading][row + 1 :]]
        said = differing(opened(cells | {heading: column}, year), usual)
        lines.append(f"{heading}[{row}] {text}: {said}")
    for name in ("PY 2023 results.csv", "2024.csv", "a 2023 2024.csv", "x" * 90 + ".csv"):
        lines.append(f"{name}: {differing(opened(cells, year, name), usual)}")  # noqa: PERF401
    for wanted in (None, 2022, 2019):
        rows = synthetic.stacked((2022, 2023), 12)
        try:
            found = read(named(synthetic.to_bytes(rows), "both.csv"), year=wanted)
            lines.append(f"{wanted}: {len(found)} {found.attrs['notes']}")
        except ResultsFileError as fault:
            lines.append(f"{wanted}: {fault} {getattr(fault, 'years', '')}")
    approved("contradictions", "\n".join(lines), TEST, figures=True)


def test_what_a_row_is_loaded_as_is_approved():
    lines = []
    for year in (2022, 2024):
        frame = opened(synthetic.cells(year, SIZE), year)
        for at in range(0, SIZE, 2):
            lines += told(load(frame.iloc[at]), f"{year} {at}")
    approved("loaded", "\n".join(lines), TEST, figures=True)


COUNTY = [("spending", f"c_{row}_{column}", text) for row, column, text in (
    (0, 0, "x"), (1, 2, ""), (2, 11, "*"), (0, 8, "0"), (1, 1, "0"), (0, 3, "-5"),
)]  # fmt: skip


def test_what_county_files_come_to_is_approved():
    lines, row = [], pbaco()
    usual = read_spending(spending()), read_people(people())

    for _, cell, text in COUNTY:
        found = region(row, read_spending(spending(**{cell: text})), usual[1])
        lines += told(found, f"{cell} {text}")
    for hidden in (((0, 0),), ((0, 1), (1, 1), (2, 1)), tuple((n, 3) for n in range(3))):
        lines += told(region(row, usual[0], read_people(people(hidden=hidden))), f"hidden {hidden}")
    faulty = {
        "year": lambda: region(row, read_spending(spending(2017)), usual[1]),
        "old": lambda: region(row, read_spending(spending(2017)), read_people(people(2017))),
        "kind": lambda: region(
            row, read_spending(spending(name="calendar.csv")),
            read_people(people(name="Offset.csv")),
        ),
        "offset": lambda: region(
            row, read_spending(spending(name="offset.csv")), read_people(people(name="offset.csv"))
        ),
        "calendar": lambda: region(
            row, read_spending(spending(name="calendar.csv")),
            read_people(people(name="calendar.csv")),
        ),
        "nobody": lambda: region(row, usual[0], read_people(people(aco="A0000"))),
        "swapped": lambda: read_spending(people()),
        "swapped back": lambda: read_people(spending()),
        "codes": lambda: read_people(named(b"Year,ACO_ID,State_ID,County_ID,AB_Psn_Yrs_ESRD,"
                                           b"AB_Psn_Yrs_DIS,AB_Psn_Yrs_AGDU,AB_Psn_Yrs_AGND\n"
                                           b"2018,A1,x,1,1,1,1,1\n", "f.csv")),
        "no row": lambda: read_people(named(b"Year,ACO_ID,State_ID,County_ID,AB_Psn_Yrs_ESRD,"
                                            b"AB_Psn_Yrs_DIS,AB_Psn_Yrs_AGDU,AB_Psn_Yrs_AGND\n",
                                            "f.csv")),
        "text": lambda: read_people(named(b"", "f.csv")),
        "no ids": lambda: read_people(named(b"Year,AB_Psn_Yrs_ESRD,AB_Psn_Yrs_DIS,AB_Psn_Yrs_AGDU,"
                                            b"AB_Psn_Yrs_AGND\n2018,1,1,1,1\n", "f.csv")),
    }  # fmt: skip
    for name, fault in faulty.items():
        try:
            lines += told(fault(), name)
        except ResultsFileError as refused:
            lines.append(f"{name}: ! {refused}")
    approved("counties", "\n".join(lines), TEST, figures=True)


LIMITS = SizeLimits(20_000_000, 9, 9)
YEAR = made.Year()


def book_of(content, name):
    return open_workbook(named(content, name), LIMITS)


def reported(book):
    """Read a workbook that is held already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "open_workbook", lambda *_: book)
        return read_report("held")


def with_row(book, sheet, at, row):
    rows = list(book.sheets[sheet])
    rows[at] = row
    return Book(book.file, {**book.sheets, sheet: rows}, book.hidden, list(book.notes))


def with_cell(book, sheet, row, column, text):
    cells = list(book.sheets[sheet][row])
    cells[column] = text
    return with_row(book, sheet, row, cells)


def filled(book):
    """Return the place of each filled cell."""
    return [
        (sheet, r, c)
        for sheet, rows in book.sheets.items()
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if cell.strip()
    ]


def summary(report):
    return {
        "what": report.what, "aco": f"{report.aco_id} {report.aco_name}", "level": report.level,
        "by3": report.benchmark_year_3, "start": report.agreement_start,
        "periods": [report.period("agreement", "period"), report.period("x")],
        "missing": list(report.missing), "notes": list(report.notes),
        "labels": len(report.labels), "values": len(report.values),
        "of": [f"{v.sheet} {v.cell} {v.code} {v.section} | {v.label} | {v.type} | {v.column} | "
               f"{v.text} | {v.number}" for v in report.values[::9]],
    }  # fmt: skip


def outcome(reports):
    """Return what reports come to: their settlement, or the sentence."""
    lines = []
    try:
        lines += told(expected(by_aco(reports)[0]), "expected")
    except (ReportError, IndexError) as refused:
        lines.append(f"! {refused}")
    return lines


def test_what_reports_say_and_come_to_is_approved():
    lines = []
    files = {name: book_of(content, name) for name, content in made.delivery(YEAR).items()}
    reports = {name: reported(book) for name, book in files.items()}
    for report in reports.values():
        lines += told(summary(report), "report")
    usual = outcome(list(reports.values()))
    lines += ["== in all", *usual]
    for name in reports:
        others = [report for other, report in reports.items() if other != name]
        lines += [f"== without {name}", *otherwise(outcome(others), usual)]
    rng = random.Random(5)
    for name, book in files.items():
        places = filled(book)
        for sheet, r, c in rng.sample(places, min(len(places), 26)):
            text = rng.choice(["lots", "", "-1", "1e14", "0.5%", "7"])
            try:
                report = reported(with_cell(book, sheet, r, c, text))
                some = [report, *(one for other, one in reports.items() if other != name)]
                said = otherwise(outcome(some), usual)
                said += [f"{note}" for note in report.notes if note not in reports[name].notes]
                said += [f"missing {one}" for one in report.missing]
            except ReportError as refused:
                said = [f"! {refused}"]
            was = book.sheets[sheet][r][c][:30]
            lines += [f"-- {name[-40:]} {sheet} {r} {c} {was!r} → {text!r}", *said[:5]]
    approved("reports", "\n".join(lines), TEST, figures=True)


def otherwise(found, usual):
    """Return the lines that differ; figures that move with one another stay out."""
    known = set(usual)
    return [line for line in found if line not in known][:12]


def settled_book():
    name, content = books.stlmt(books.case(4)[0])
    return book_of(content, name)


def test_what_a_settlement_report_says_and_comes_to_is_approved():
    report = reported(settled_book())
    lines = told(summary(report), "report") + told(settle_report(report), "settled")
    approved("settlement_report", "\n".join(lines), TEST, figures=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_each_faulty_line_of_a_settlement_report_comes_to_is_approved(part):
    book, lines = settled_book(), []
    usual = told(settle_report(reported(book)), "settled")
    rng = random.Random(part)
    firsts = [(sheet, r, next(c for c, cell in enumerate(row) if c and cell.strip()))
              for sheet, rows in book.sheets.items() for r, row in enumerate(rows)
              if any(cell.strip() for cell in row[1:])]  # fmt: skip
    for sheet, r, c in [*firsts[part :: 4 * PARTS], *rng.sample(filled(book), 2)]:
        for text in ("", rng.choice(["lots", "-1", "1e14", "0.5%", "7", "12.5", "No"])):
            try:
                report = reported(with_cell(book, sheet, r, c, text))
                said = otherwise(told(settle_report(report), "settled"), usual)
            except ReportError as refused:
                said = [f"! {refused}"]
            was = book.sheets[sheet][r][c][:30]
            lines += [f"-- {sheet} {r} {c} {was!r} → {text!r}", *said[:5]]
    approved(f"settlement_faults_{part}", "\n".join(lines), TEST, figures=True)


CHECKS = ("identity", "totals", "sizes", "difference", "level", "generated", "payment", "disaster",
          "types")  # fmt: skip
MOVED = (
    "assigned_beneficiaries", "person_years", "benchmark", "benchmark_total", "expenditure_total",
    "gross_savings", "savings_rate", "minimum_savings_rate", "generated", "payment",
    "sharing_rate", "final_sharing_rate", "disaster_adjustment", "person_years_esrd_py",
    "expenditure_disabled_py",
)  # fmt: skip
SWITCHED = ("quality_standard_met", "alternative_standard_met", "guardrail", "reduced_sharing",
            "half_year")  # fmt: skip


@pytest.mark.parametrize("word", [*MOVED, *SWITCHED])
def test_each_check_of_a_settlement_is_tried_on_both_sides(word):
    cells = synthetic.cells(2024, SIZE)
    usual = opened(cells, 2024)
    table = open_table(named(synthetic.to_bytes(cells), "f.csv"), expect_results, len)
    columns, lines = Columns(table), []
    for at in (0, 1, 2, 4, 5, 9):
        now = usual[word].iloc[at]
        if word in SWITCHED:
            values = (not now,)
        else:
            near = (now * 1.0005, now * 1.2, now * 0.7 - 1, now + 1, now + 2.0, now - 2.01)
            values = (*near, -now, 0.0, 1.0)
        for value in values:
            frame = usual.copy()
            frame[word] = frame[word].astype(object if word in SWITCHED else float)
            frame.loc[at, word] = value
            if word in SWITCHED:
                frame[word] = frame[word].astype(bool)
            checks = _Checks(frame, columns)
            for name in CHECKS:
                try:
                    with np.errstate(invalid="ignore", divide="ignore"):
                        getattr(checks, name)()
                except ResultsFileError as fault:
                    lines.append(f"{at} {value} {name}: {fault} {fault.value}")
    approved(f"checks_{word}", "\n".join(lines), TEST, figures=True)
