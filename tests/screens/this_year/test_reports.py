"""CMS's reports dropped on the page: the year on the desk, a settlement beside ours, refusals."""

import re

import pytest

from mssp_sim import Scenario
from mssp_sim.app import session
from mssp_sim.cms_files.reports import by_aco, expected, read_report, settle_report
from mssp_sim.figures import money
from mssp_sim.studies.this_year import projected, typed
from mssp_sim.studies.year_inputs import Watched
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books
from tests.screens.this_year.test_page import opened as page_of

PEOPLE = "1EG4-TE5-MK73"


def dropped(files):
    app = page_of()
    app.session_state["year_files"] = True
    app.run()
    return drop(app, files)


def drop(app, files):
    (place,) = app.get("file_uploader")
    place.set_value(
        [(name, content, "application/octet-stream") for name, content in files.items()]
    )
    app.run()
    assert not app.exception
    return app


def all_said(app):
    return " ".join(each.value for kind in ("error", "info", "caption", "markdown")
                    for each in app.get(kind))  # fmt: skip


@pytest.fixture(scope="module")
def delivery():
    return made.delivery(made.Year())


def test_four_reports_stand_on_the_desk_with_nothing_assumed_that_they_say(delivery):
    app = dropped(delivery)
    reports = [made.opened(content, name) for name, content in delivery.items()]
    year = expected(by_aco(map(read_report, reports))[0])
    told = year.year_so_far
    watched = Watched(quarter=told.quarter, people=told.people, basis=told.basis,
                      spent=round(told.spending_per_person, 2),
                      target=round(told.target_per_person, 2))  # fmt: skip
    heading = projected(typed(year.scenario, watched), year.scenario, watched.late_bills)
    assert money(float(heading.result.payment)) in app.metric[0].value.replace("\\", "")
    assert f"Q{told.quarter} of {told.performance_year} stands on the desk" in all_said(app)
    assert "As CMS's reports say" in all_said(app)
    assert len(app.dataframe) == 1
    app.button(key="undo").click().run()
    assert "of an invented year" in all_said(app)
    assert not app.dataframe
    app.button(key="redo").click().run()
    assert "As CMS's reports say" in all_said(app)


def test_a_settlement_is_compared_line_by_line_and_loads():
    a, _ = books.case(4)
    name, content = books.stlmt(a)
    app = dropped({name: content})
    settled = settle_report(read_report(made.opened(content, name)))
    assert f"{len(settled.lines)} lines of CMS beside ours, no differ" in all_said(app)
    earned = money(float(settled.result.payment))
    ends = f"2022 is settled: you earned {earned}; all {len(settled.lines)} lines"
    assert ends in all_said(app).replace("\\", "")
    assert sum(len(table.value) for table in app.dataframe) == len(settled.lines)
    assert session_of(app).now.scenario == settled.scenario
    app.button(key="undo").click().run()
    assert session_of(app).now.scenario == Scenario()
    assert not app.dataframe
    assert "heading for" in all_said(app)


def session_of(app):
    return app.session_state[session.HISTORY]


def quarter_before(a):
    """Return the second quarter's files of a year that is settled later."""
    return made.delivery(made.Year(
        aco=a.aco, performance_year=2022, agreement_year=2022 - a.start.year + (a.start.month == 1),
        level=f"BASIC Level {a.level}", people=a.people, n_total=a.person_years,
        n=[m * a.person_years for m in a.mix], spent=[0.99 * x for x in a.spent],
        q=0.99 * sum(x * m for x, m in zip(a.spent, a.mix, strict=True)),
        l=[x * 1.02 for x in a.spent],
    ))  # fmt: skip


@pytest.mark.parametrize("together", [True, False])
def test_forecast_and_settlement_of_one_year_part_by_causes_that_add_up(together):
    a, _ = books.case(4)
    name, content = books.stlmt(a)
    files = quarter_before(a)
    app = dropped(files | {name: content} if together else files)
    if not together:
        forecast = re.search(r"\$[\d.]+M", app.metric[0].value)[0]
        drop(app, {name: content})
    said = all_said(app).replace("\\", "")
    assert "in the settlement" in said
    if not together:
        assert f"From {forecast} at Q2" in said
    found = app.session_state["year_settled"]
    assert sum(found.causes.moved.values()) == found.causes.final - found.causes.forecast != 0
    assert float(found.causes.forecast) == pytest.approx(
        float(found.forecast.projection.result.payment), abs=0.006
    )
    assert float(found.causes.final) == pytest.approx(books.lines(a)["T3.Y"][4], abs=0.006)
    assert all("Forecast at Q2" in table.value.columns for table in app.dataframe[-4:])
    (t3,) = (table.value for table in app.dataframe if "GG" in set(table.value["Line"]))
    spent = t3[t3["Line"] == "G"]["Forecast at Q2"].item()
    assert spent == f"{found.forecast.projection.expenditure_total:,.2f}"


def test_a_file_with_peoples_data_is_refused_and_nothing_of_it_is_shown(delivery):
    name, content = next(iter(delivery.items()))
    spoilt = made.written({"List": [["Beneficiary MBI"], [PEOPLE]]})
    app = dropped({name: content, "list.xlsx": spoilt})
    assert "list.xlsx" in all_said(app)
    assert PEOPLE not in str(app.session_state) + all_said(app)
    assert not app.dataframe
