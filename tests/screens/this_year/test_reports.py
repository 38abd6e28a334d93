"""CMS's reports dropped on the page: the year on the desk, a settlement beside ours, refusals."""

import pytest

from mssp_sim import simulate
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
    assert "invented" not in all_said(app).split("Opened")[0]


def test_a_settlement_is_compared_line_by_line_and_loads():
    a, _ = books.case(4)
    name, content = books.stlmt(a)
    app = dropped({name: content})
    settled = settle_report(read_report(made.opened(content, name)))
    assert f"{len(settled.lines)} lines of CMS beside ours, no differ" in all_said(app)
    assert float(simulate(settled.scenario).payment) == pytest.approx(float(settled.result.payment))
    assert len(app.dataframe[-1].value) == len(settled.lines)


def test_a_file_with_peoples_data_is_refused_and_nothing_of_it_is_shown(delivery):
    name, content = next(iter(delivery.items()))
    spoilt = made.written({"List": [["Beneficiary MBI"], [PEOPLE]]})
    app = dropped({name: content, "list.xlsx": spoilt})
    assert "list.xlsx" in all_said(app)
    assert PEOPLE not in str(app.session_state) + all_said(app)
    assert not app.dataframe
