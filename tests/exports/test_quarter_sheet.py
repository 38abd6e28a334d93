"""The sheet Quarter: steps A to W as live formulas, by the reckoner and by LibreOffice."""

import dataclasses
import io
import random

import numpy as np
import openpyxl
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.cms_files.reports import by_aco, expected, read_report
from mssp_sim.exports.workbook import QuarterOnPaper, workbook
from mssp_sim.exports.workbook.sheet import camel
from mssp_sim.quarter import STEPS, QuarterByType, steps
from mssp_sim.studies.this_year import booking, invented, outlook, projected
from mssp_sim.studies.year_inputs import Watched
from tests.cms_files import report_workbooks as made
from tests.exports.reckoner import Reckoner
from tests.exports.test_workbook import cells_of, saved, with_wrong_values

GIVEN = "ABDEGHJLN"
INPUTS = {step.letter: step.field for step in STEPS if step.letter in GIVEN + "QS"}
YEAR = made.Year(minimum="2.0%")


def report(year):
    (aco,) = by_aco([read_report(made.opened(c, n)) for n, c in made.delivery(year).items()])
    return expected(aco)


def exported(year=YEAR):
    found, watched = report(year), Watched()
    projection = projected(invented(found.scenario, 2, watched), found.scenario)
    booked = booking(projection, outlook(projection, watched), 0.8)
    paper = QuarterOnPaper("At Q2 you are heading for $1.", projection, booked, found.steps, 0.02)
    return projection, workbook(simulate(found.scenario), this_year=paper)


def name(field):
    return f"Quarter{camel(field)}"


def others():
    """Return quarters to type in with their minimum: the hand case, a small ACO, one by size."""
    four = lambda first, second, rest=1.0: np.array([first, second, rest, rest])  # noqa: E731
    by_hand = QuarterByType(
        performance_year=2025, quarter=2, agreement_year=1,
        national_by3=four(100, 400), national_now=four(125, 440),
        regional_by3=four(200, 50), regional_now=four(220, 45),
        national_weight=four(0.25, 0.5), regional_weight=four(0.75, 0.5, 0.0),
        prospective_ratio=four(1.0625, 1.25), historical_benchmark=four(1_000, 2_000, 0.0),
        person_years=four(30, 50, 0.0), person_years_total=200,
        spending_per_person=480.0, people=210,
    )  # fmt: skip
    small = report(dataclasses.replace(YEAR, people=4_200)).steps.quarter
    whole = dataclasses.replace(made.invented(random.Random(3)), people=45_000,
                                performance_year=2025, agreement_year=1)  # fmt: skip
    large = report(whole).steps.quarter
    exactly = dataclasses.replace(small, people=45_000.0, spending_per_person=(
        0.98 * float(steps(small).target_per_person)
    ))  # fmt: skip
    return [(by_hand, None), (small, 0.02), (large, None), (exactly, 0.02)]


def values_of(quarter, election):
    """Return the cells of a quarter by their names."""
    found = {
        name(field): np.atleast_1d(getattr(quarter, field)).tolist() for field in INPUTS.values()
    }
    return found | {
        "QuarterPersonYearsTotal": [float(quarter.person_years_total)],
        "QuarterMinimumElection": ["by size" if election is None else election],
    }


def agrees(read, quarter, election):
    wanted = steps(quarter, "size" if election is None else election)
    for step in STEPS:
        ours = wanted.value(step.letter)
        held = read(name(step.field))
        if step.unit == "yes":
            ours = np.where(ours, "yes", "no")
        if step.unit in ("yes", "text"):
            assert held == [str(ours)], step.letter
        else:
            assert held == pytest.approx(np.atleast_1d(ours).tolist(), rel=1e-12), step.letter


def test_each_quarter_typed_into_the_sheet_comes_to_the_steps_of_the_engine():
    projection, content = exported()
    book = Reckoner(openpyxl.load_workbook(io.BytesIO(content)))

    def read(named):
        return [book.at(place) for place in book.names[named]]

    assert read("QuarterTargetInAll")[0] == pytest.approx(
        float(report(YEAR).steps.target_per_person)
        * projection.target_ratio * projection.risk * projection.person_years
    )  # fmt: skip
    agrees(read, report(YEAR).steps.quarter, 0.02)
    for quarter, election in others():
        for named, values in values_of(quarter, election).items():
            book.typed(named, values)
        agrees(read, quarter, election)


def test_without_reports_the_sheet_begins_with_the_target_and_holds_the_page():
    projection = projected(invented(Scenario(), 2, Watched()), Scenario())
    booked = booking(projection, outlook(projection, Watched()), 0.8)
    content = workbook(simulate(Scenario()),
                       this_year=QuarterOnPaper("At Q2", projection, booked))  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    letters = [row[0].value for row in book["Quarter"].iter_rows(min_row=6) if row[0].value]
    assert [x for x in letters if len(x) == 1] == list("PQRSTUVW")
    (rate,) = cells_of(book, "QuarterSavingsRateSettled")
    assert rate.value == pytest.approx(projection.savings_rate, abs=1e-12)
    shown = [cell.value for row in book["Quarter"].iter_rows() for cell in row]
    assert booked.constrained in shown
    assert float(projection.result.payment) in shown


@pytest.mark.long
def test_libreoffice_reckons_the_sheet_anew_as_the_engine_does(recalculated, tmp_path):
    _, content = exported()
    paths, wanted = [], [(report(YEAR).steps.quarter, 0.02), *others()]
    for at, (quarter, election) in enumerate(wanted):
        book = openpyxl.load_workbook(io.BytesIO(with_wrong_values(content)))
        for named, values in values_of(quarter, election).items():
            for cell, value in zip(cells_of(book, named), values, strict=True):
                cell.value = value
        paths.append(tmp_path / f"quarter{at}.xlsx")
        paths[-1].write_bytes(saved(book))
    for path, (quarter, election) in zip(recalculated(paths), wanted, strict=True):
        book = openpyxl.load_workbook(path, data_only=True)
        agrees(lambda named, book=book: [c.value for c in cells_of(book, named)],
               quarter, election)  # fmt: skip
