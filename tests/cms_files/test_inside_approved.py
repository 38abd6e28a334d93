"""What is told of real ACOs and of files of people, read whole: every field, every sentence."""

import io
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim.cms_files import ResultsFileError, finding, history, load, read
from mssp_sim.cms_files import published as inside
from mssp_sim.cms_files._columns import expect_results
from mssp_sim.cms_files.assumed import share_range, still_assumed
from mssp_sim.cms_files.causes import causes
from mssp_sim.cms_files.loading import NotLoadableError, load_all, medians
from mssp_sim.cms_files.own_years import own_years
from mssp_sim.cms_files.peer_group import CRITERIA, peers_of, standings, worth_of_one_percent
from mssp_sim.cms_files.peer_group import told as criteria_told
from mssp_sim.cms_files.peers import MEASURES, peers, years
from mssp_sim.cms_files.reports import ReportError, _people
from mssp_sim.cms_files.reproduction import counted, each_settled, reproduce
from mssp_sim.cms_files.taking_part import taking_part
from tests.approval import approved, told
from tests.cms_files import synthetic
from tests.cms_files.test_counties import named
from tests.cms_files.test_lines_missing_approved import reported, settled_book

TEST = "tests/cms_files/test_inside_approved.py"
ACO, OTHER = "A1001", "A5321"


def synthetic_frame(year, size=30):
    return read(named(synthetic.to_bytes(synthetic.cells(year, size), year=year), "f.csv"))


def columns(frame, rows=12):
    """Return each column of a table with its first values."""
    return [
        f"{column}: {' '.join(_one(value) for value in frame[column].iloc[:rows])}"
        for column in frame.columns
    ]


def _one(value):
    return f"{value:,.6f}" if isinstance(value, float) else str(value).replace(" ", "_")


def test_what_is_settled_again_beside_cms_is_approved():
    lines = []
    for year in (2022, 2024):
        frame = synthetic_frame(year)
        again = reproduce(frame)
        lines += [f"== {year}", *columns(again, 30), *told(counted(frame), "counted")]
        for rows, result in each_settled(frame):
            lines.append(f"{len(np.atleast_1d(rows))} settled, {np.shape(result.payment)}")
        lines += ["left", *columns(history.left(frame), 15)]
        lines += ["nation", *columns(history.nation(history.left(frame)), 9)]
    real = inside.results()
    for year in (2013, 2016, 2018, 2019, 2021, 2023):
        again = reproduce(real[real["performance_year"] == year].iloc[:25].reset_index(drop=True))
        lines += [f"== real {year}", *columns(again, 25)]
    approved("reproduced", "\n".join(lines), TEST, figures=True)


def test_what_is_told_of_an_aco_is_approved():
    lines = []
    for aco in (ACO, OTHER, "A9999"):
        lines += told(own_years(aco), aco)
        lines += columns(history.years_of(aco)[["aco_id", "performance_year"]], 12)
    lines += told(taking_part(), "part") + told(finding.last_year(), "last")
    for measure in MEASURES:
        for year in years(measure)[-2:]:
            held = peers(measure, year)
            ends = (held.values[0] - 1, held.values[0], held.values[-1], held.values[-1] + 1)
            lines += told([held.rank(value) for value in ends], f"{measure} {year}")
    real = inside.results()
    chosen = finding.choices()[ACO]
    lines += told(chosen, "choice")
    for year in chosen.years[-2:]:
        lines += told(finding.loaded(ACO, year), f"loaded {year}")
        lines += told(finding.settled_here(ACO, year), "settled")
        lines += told(finding.held_to_revenue(ACO, year), "revenue")
    lines += told(finding.paid_by_cms(ACO), "paid")
    lines += told(finding.scenarios(ACO, chosen.years), "scenarios")
    with pytest.raises(KeyError):
        finding.loaded(ACO, 1999)
    real = inside.results(None)
    frame = real[real["performance_year"] == 2024].reset_index(drop=True)
    at = int(np.flatnonzero(frame["aco_id"] == ACO)[0])
    row = frame.iloc[at]
    lines += told(causes(row), "causes") + told(criteria_told(row), "criteria")
    for some in (CRITERIA, list(CRITERIA)[:2], ()):
        group = peers_of(frame, at, tuple(some))
        lines += [f"{len(group)} {ACO in set(group['aco_id'])}", *told(standings(row, group), "of")]
    lines += told(worth_of_one_percent(row), "worth")
    found = load(row)
    lines += told(share_range(found.scenario), "range")
    lines += told(share_range(found.scenario, (0.05, 0.5)), "range")
    lines += told(still_assumed(found, found.scenario), "assumed")
    moved = found.scenario.with_columns({"market_share": 0.1234})
    lines += told(still_assumed(found, moved), "assumed")
    lines += told(medians(2024), "medians") + told(medians(2099) == medians(2024), "latest")
    for text in ("palm", "A1001", "  ", "zzzz", "health", "a10"):
        lines += told(inside.search(text, 4), text)
    approved("of_an_aco", "\n".join(lines), TEST, figures=True)


def test_what_cannot_be_loaded_says_why():
    frame = synthetic_frame(2024, 15)
    every = [c for c in frame.columns if c.startswith("expenditure_") and "_by" in c]
    lines = []
    for names in (every, every[:1], every[:4], ["minimum_savings_rate"], ["quality_score"],
                  ["agreement_start"], ["assigned_beneficiaries", "benchmark"],
                  ["risk_score_esrd_by1"], ["person_years_esrd_by3"],
                  [c for c in frame.columns if "person_years_" in c],
                  ["benchmark", "historical_benchmark"], ["agreement_period"],
                  [c for c in frame.columns if "risk_score" in c]):  # fmt: skip
        row = frame.iloc[2].copy()
        row[names] = np.nan
        for make in (load, causes):
            try:
                lines += [line[:180] for line in told(make(row), f"{make.__name__} {names[:3]}")]
            except (NotLoadableError, ValueError, TypeError) as fault:
                lines.append(f"{make.__name__} {names[:3]}: ! {fault}")
    broken = frame.copy()
    broken.loc[[1, 3], every] = np.nan
    loaded, refused = load_all(broken)
    lines += [f"{len(loaded)} loaded", *refused]
    approved("not_loaded", "\n".join(lines), TEST, figures=True)


def test_headings_that_are_none_of_ours_are_told():
    lines = []
    cells = synthetic.cells(2024, 12)
    names = list(cells)
    for headings in ([], ["", "a"], names[:3], ["x" * 99, "b", "c", "d"], names,
                     ["Rndrng_NPI", "Rndrng_Prvdr_Last_Org_Name"], ["ACO_ID", "Par_LBN", "x"],
                     ["County", "Per_Capita_Exp"], ["aco_id", "measure"]):  # fmt: skip
        try:
            expect_results(headings, "f.csv")
            lines.append(f"{headings[:2]}: read")
        except ResultsFileError as fault:
            lines.append(str(fault))
    for name in ("N_AB", "Current_Track", "ACO_ID"):
        for other in (name, name.lower().replace("_", " ")):
            rows = [[*names, other], *([*row, row[names.index(name)]] for row in
                                       zip(*cells.values(), strict=True))]  # fmt: skip
            for change in (False, True):
                if change:
                    rows[3][-1] = "7"
                try:
                    found = read(io.BytesIO(synthetic.to_bytes(rows)))
                    lines.append(f"{name} {other} {change}: {len(found)}")
                except ResultsFileError as fault:
                    lines.append(f"{name} {other} {change}: {fault}")
    for gone in (("N_AB", "N_AB_Year_PY"), ("Met_QPS", "FinalShareRate"), ("EarnSaveLoss",),
                 ("Current_Track",), ("QualScore",), ("MinSavPerc", "ABtotExp")):  # fmt: skip
        some = {name: column for name, column in cells.items() if name not in gone}
        try:
            lines.append(f"{gone}: {len(read(io.BytesIO(synthetic.to_bytes(some))))}")
        except ResultsFileError as fault:
            lines.append(f"{gone}: {fault}")
    approved("headings", "\n".join(lines), TEST)


PEOPLE = "1EG4TE5MK73"


@pytest.mark.parametrize(
    ("refuse", "what", "seen"),
    [
        (lambda: _people.refuse_by_name("P.A1.ACO.CCLF8.D25.T0"), "its name is that of", True),
        (lambda: _people.refuse_by_name("BNMRK"), "", False),
        (lambda: _people.refuse_by_name(f"QALR {PEOPLE}.xlsx"), "its name is that of", True),
        (lambda: _people.refuse_text(f"a,{PEOPLE}\n", "f.csv"), "a value of the shape", True),
        (lambda: _people.refuse_text(f"xx{PEOPLE}xx", "f.csv"), "a value of the shape", True),
        (lambda: _people.refuse_text("a,MBI\n1,2\n", "f.csv"), "a column of a list", True),
        (lambda: _people.refuse_text("t\nu\na|DOB\n", "f.csv"), "a column of a list", True),
        (lambda: _people.refuse_text("t\nu\nv\na|DOB\n", "f.csv"), "", False),
        (lambda: _people.refuse_text(" " * 4_000 + ",MBI", "f.csv"), "", False),
        (lambda: _people.refuse_rows([["a", "", PEOPLE]], "f.csv"), "a value of the shape", True),
        (lambda: _people.refuse_rows([["1EG4", "TE5", "MK73"]], "f"), "a value of the shape", True),
        (lambda: _people.refuse_rows([["x"], ["", "Birth Date"]], "f"), "a column of a list", True),
        (lambda: _people.refuse_rows([["MBI", "x" * 61]], "f.csv"), "", False),
        (lambda: _people.refuse_rows([["MBI", "x" * 60]], "f.csv"), "a column of a list", True),
        (lambda: _people.refuse_rows([["1EG4TE5MK", "1"], []], "f.csv"), "", False),
    ],
)
def test_people_are_known_at_sight_and_nothing_of_them_is_told(refuse, what, seen):
    if not seen:
        refuse()
        return
    with pytest.raises(ReportError) as refused:
        refuse()
    said = str(refused.value)
    assert f"this file may hold people's data ({what}" in said
    assert said.endswith("; it was not read and nothing of it is kept.")
    assert PEOPLE not in said
    name = refused.value.file
    assert name in ("f.csv", "f", "P.A1.ACO.CCLF8.D25.T0", "a file")
    assert said.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("heading", "of_people"),
    [(word, True) for word in (
        "MBI", "MBIs", "Current MBI", "Bene_MBI", "Beneficiary's HICN", "hic_num", "BENE HIC NUM",
        "Patient's MRN", "Patient’s name", "Member’s ID", "Date of birth", "BIRTH-DT", "Birth day",
        "Member ID", "patient_identifier",
        "Bene 1st Name", "Beneficiary Last Name", "Medicare Beneficiary Identifier (MBI)",
        "Health insurance claim number", "Death Date", "date of death", "Person SSN", " DOB. ",
        "Previous Medicare beneficiary identifier", "the social security number",
    )] + [(word, False) for word in (
        "", "--", "Mbiq", "Name", "ACO name", "First name", "Birth rate", "Deaths", "Person years",
        "Beneficiaries", "Member months", "ID", "Medicare", "MBI of the year",
    )],
)  # fmt: skip
def test_a_heading_of_people_is_known_however_it_is_written(heading, of_people):
    assert _people._is_heading(heading) == of_people
    assert not _people._is_heading(heading + " " * _people.LONGEST_HEADING)


@pytest.mark.parametrize("form", ["{}", "{} agreement period", "{} agreement"])
@pytest.mark.parametrize(
    ("words", "period"),
    [(("First", "1st", "1"), 1), (("second", "2nd", "2"), 2), (("Third", "3rd", "3"), 3),
     (("FOURTH", "4th", "4"), 4), (("fifth", "5th", "5"), 5), (("sixth", "6th", "15", ""), 0)],
)  # fmt: skip
def test_an_agreement_period_is_read_as_word_or_number(words, period, form):
    report = reported(settled_book())
    for word in words:
        said = {"agreement period": form.format(word), "agreement period start": "1st"}
        assert replace(report, parameters=said).period("period", without="start") == period
