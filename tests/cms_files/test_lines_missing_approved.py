"""What CMS's reports come to where a line is empty, nothing or called otherwise, read whole."""

from dataclasses import replace

import pytest

from mssp_sim.cms_files.reports import ReportError, settle_report
from mssp_sim.tables import Book
from tests.approval import approved, told
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books
from tests.cms_files.test_approved import (
    YEAR,
    book_of,
    otherwise,
    outcome,
    reported,
    settled_book,
    with_row,
)

TEST = "tests/cms_files/test_lines_missing_approved.py"
KINDS = ("BNMRK", "AEXPU", "QEXPU")
WAYS = {
    "empty": lambda row: [row[0], *("" for _ in row[1:])],
    "nothing": lambda row: [row[0], *("0" if cell.strip() else "" for cell in row[1:])],
    "renamed": lambda row: ["something else", *row[1:]],
}


def delivered(year=YEAR, dress=None):
    """Return the files of a quarter by kind."""
    files = [book_of(content, name) for name, content in made.delivery(year, dress).items()]
    return dict(zip(KINDS, files, strict=True))


def rows_of(book):
    return [
        (sheet, at, row)
        for sheet, rows in book.sheets.items()
        for at, row in enumerate(rows)
        if row and row[0].strip() and any(cell.strip() for cell in row[1:])
    ]


def said_of(books, usual):
    """Return what differs, notes and missing lines first; or the sentence."""
    try:
        reports = [reported(book) for book in books]
    except ReportError as refused:
        return [f"! {refused}"]
    told_first = [line for report in reports for line in (*report.notes, *report.missing)]
    return [*told_first, *otherwise(outcome(reports), usual)][:7]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_line_of_a_quarters_reports_that_is_not_there_is_approved(kind, way):
    files, lines = delivered(), []
    usual = outcome([reported(book) for book in files.values()])
    for sheet, at, row in rows_of(files[kind]):
        changed = with_row(files[kind], sheet, at, WAYS[way](row))
        others = [book for other, book in files.items() if other != kind]
        lines += [f"-- {sheet} {row[0]}", *said_of([changed, *others], usual)]
    approved(f"lines_{kind.lower()}_{way}", "\n".join(lines), TEST, figures=True)


FEW = [1e-9, 1.0, 1.0, 1.0]
YEARS = {
    "a sixth year": replace(YEAR, agreement_year=6),
    "a seventh year": replace(YEAR, agreement_year=7),
    "before the trend": replace(YEAR, performance_year=2023),
    "nobody": replace(YEAR, people=0),
    "nobody with ESRD": replace(YEAR, n=[0.0, *YEAR.n[1:]], n_total=sum(YEAR.n[1:])),
    "hardly a person-year": replace(YEAR, n=[1e-12] * 4, n_total=0.0),
    "no total": replace(YEAR, n_total=0.0),
    "another total": replace(YEAR, n_total=50_000.0),
    "a total that is nearly theirs": replace(YEAR, n_total=sum(YEAR.n) + 1),
    "months so far": replace(YEAR, n=[x / 2 for x in YEAR.n], n_total=sum(YEAR.n) / 2),
    "few person-years": replace(YEAR, n=FEW, n_total=3.0),
    "many person-years": replace(YEAR, people=30_000),
    "weight of nothing": replace(YEAR, g=[0.0] * 4),
    "weights past 1": replace(YEAR, g=[1.2] * 4),
    "a doubled type": replace(YEAR, spent=[x * 9 for x in YEAR.spent]),
    "spending of nothing": replace(YEAR, q=0.0),
    "level A": replace(YEAR, level="BASIC Level A"),
    "no level": replace(YEAR, level=""),
    **{f"minimum {said}": replace(YEAR, minimum=said)
       for said in ("0.5%", "2", "0.02", "0.015", "0.9%", "10%", "Variable", "None")},
    **{f"period {said}": replace(YEAR, period=said) for said in ("3", "Fourth", "", "Ninth")},
    **{f"Q{n}": replace(YEAR, quarter=n) for n in (1, 3, 4)},
}  # fmt: skip


def test_what_each_kind_of_year_comes_to_is_approved():
    lines = []
    usual = outcome([reported(book) for book in delivered().values()])
    for name, year in YEARS.items():
        lines += [f"-- {name}", *said_of(delivered(year).values(), usual)]
    approved("kinds_of_year", "\n".join(lines), TEST, figures=True)


def named(book, file):
    return Book(file, book.sheets, book.hidden, list(book.notes))


def without(book, *sheets):
    left = {name: rows for name, rows in book.sheets.items() if name not in sheets}
    return Book(book.file, left, book.hidden, list(book.notes))


def test_what_names_and_covers_say_is_approved():
    files, lines = delivered(), []
    usual = outcome([reported(book) for book in files.values()])
    for kind, book in files.items():
        others = [one for other, one in files.items() if other != kind]
        stamp = book.file.rpartition(".D")[2]
        for file in (
            "report.xlsx", f"P.A9002.ACO.{kind}.D{stamp}", f"P.A9001.ACO.{kind}.D259999.xlsx",
            f"P.A9001.ACO.AEXPU.Y2020.D{stamp}", f"P.A9001.ACO.QEXPU.2024Q3.D{stamp}",
            f"P.A9001.ACO.BNMRK.D{stamp}", f"P.A9001.ACO.STLMT.Y2022.D{stamp}",
        ):  # fmt: skip
            for dropped in ((), ("Cover",), ("Cover", "Parameters")):
                changed = without(named(book, file), *dropped)
                lines += [
                    f"-- {kind} {file} without {dropped}",
                    *said_of([changed, *others], usual),
                ]
        tables = [name for name in book.sheets if name.startswith("Table")]
        for table in tables:
            found = said_of([without(book, table), *others], usual)
            lines += [f"-- {kind} without {table}", *found]
    approved("names_and_covers", "\n".join(lines), TEST, figures=True)


def test_a_quarter_that_only_the_columns_tell_is_approved():
    lines = []
    for quarter in (1, 2, 3, 4):
        book = delivered(replace(YEAR, quarter=quarter))["QEXPU"]
        sheets = {
            name: [[cell.replace(f"Quarter {quarter}, ", "") for cell in row] for row in rows]
            for name, rows in book.sheets.items()
        }
        for file in ("report.xlsx", "P.A9001.ACO.QEXPU.D251015.T1200000.xlsx"):
            for rows in sheets.values():
                for row in rows:
                    row[:] = [cell.replace("Quarterly report, 2025", "Performance Year 2025")
                              for cell in row]  # fmt: skip
            try:
                report = reported(Book(file, sheets, {}, []))
                lines.append(f"{file}: {report.what} {report.year} {report.quarter} {report.notes}")
            except ReportError as refused:
                lines.append(f"{file}: ! {refused}")
    approved("quarters_by_column", "\n".join(lines), TEST, figures=True)


def test_the_prospective_trend_of_an_earlier_delivery_is_approved():
    """June's benchmark has it, March's does not; another agreement's is not taken."""
    march = made.Dress(final=False, stamp="D260315.T1200000")
    june = made.Dress(stamp="D250615.T1200000")
    files, lines = delivered(), []
    usual = outcome([reported(book) for book in files.values()])
    late = book_of(*made.bnmrk(YEAR, march)[::-1])
    others = [files["AEXPU"], files["QEXPU"]]
    for name, benchmarks in {
        "March alone": [late],
        "June and then March": [book_of(*made.bnmrk(YEAR, june)[::-1]), late],
        "another agreement": [
            book_of(*made.bnmrk(replace(YEAR, performance_year=2024), june)[::-1]), late,
        ],
    }.items():  # fmt: skip
        lines += [f"-- {name}", *said_of([*benchmarks, *others], usual)]
    approved("trend_of_an_earlier_delivery", "\n".join(lines), TEST, figures=True)


@pytest.mark.parametrize("way", WAYS)
def test_a_line_of_a_settlement_report_that_is_not_there_is_approved(way):
    book, lines = settled_book(), []
    usual = told(settle_report(reported(book)), "settled")
    for sheet, at, row in rows_of(book)[:: 1 if way == "empty" else 3]:
        try:
            report = reported(with_row(book, sheet, at, WAYS[way](row)))
            said = [*report.notes, *otherwise(told(settle_report(report), "settled"), usual)]
        except ReportError as refused:
            said = [f"! {refused}"]
        lines += [f"-- {sheet} {row[0]}", *said[:4]]
    approved(f"settlement_lines_{way}", "\n".join(lines), TEST, figures=True)


def test_what_a_settlement_reports_cover_and_parameters_say_is_approved():
    _, lines = settled_book(), []
    for seed in (4, 5, 10):
        book = settled_book() if seed == 4 else book_of(*books.stlmt(books.case(seed)[0])[::-1])
        usual = told(settle_report(reported(book)), "settled")
        for sheet in ("Cover", "Parameters"):
            for at, row in enumerate(book.sheets[sheet]):
                for old, new in (
                    ("2022", "2024"), ("2022", "2019"), ("January", "July"), ("20", "19"),
                    ("BASIC", "ENHANCED"), ("Level", ""), ("First", "Second"), ("Second", "Ninth"),
                ):  # fmt: skip
                    changed = [cell.replace(old, new) for cell in row]
                    if changed == row:
                        continue
                    try:
                        report = reported(with_row(book, sheet, at, changed))
                        said = otherwise(told(settle_report(report), "settled"), usual)
                        said = [*report.notes, *said]
                    except ReportError as refused:
                        said = [f"! {refused}"]
                    lines += [f"-- {seed} {sheet} {changed}", *said[:5]]
    approved("settlement_covers", "\n".join(lines), TEST, figures=True)


@pytest.mark.parametrize(
    ("name", "label"),
    [("score", "[R] Quality Score"), ("minimum", "[L] Minimum Savings Rate")],
)
def test_a_score_and_a_minimum_in_points_settle_alike(name, label):
    book = settled_book()
    ((sheet, at, row),) = [found for found in rows_of(book) if found[2][0] == label]
    report, cells = reported(book), [row[0], f"{100 * float(row[1])!r}", *row[2:]]
    points = reported(with_row(book, sheet, at, cells))
    assert points.number(name) == pytest.approx(100 * report.number(name))
    one, other = (settle_report(each).scenario for each in (report, points))
    assert other == replace(one, quality_score=other.quality_score)
    assert other.quality_score == pytest.approx(one.quality_score)
