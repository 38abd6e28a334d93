"""CMS's own reports, opened on the page: the year on the desk, or a settlement line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from mssp_sim.app import session, show, uploads
from mssp_sim.app.history import Moment
from mssp_sim.cms_files.reports import (
    STLMT,
    Expected,
    Report,
    ReportError,
    SettledReport,
    by_aco,
    expected,
    latest,
    read_report,
    settle_report,
)
from mssp_sim.scenario import Scenario, ScenarioError
from mssp_sim.screens.this_year import reports_words as words
from mssp_sim.studies.year_inputs import ThisYearError, Watched, read_watched, write_watched

PLACE = "this_year"
FOUND, TURN, FILES = "year_reports_found", "year_reports_turn", "year_reports"
MOST_MEGABYTES = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What the files came to; the files themselves are let go as soon as they are read."""

    said: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    title: str = ""


def draw() -> None:
    """Put the place for CMS's reports on the page."""
    place = st.popover(words.OPEN, key="year_files", on_change="rerun", width="content")
    if not place.open:
        return
    with place, st.container(width=420, gap="xsmall"):
        st.html(show.ROOMY)
        if session.may_move() is not None:
            show.quiet(session.held_back())
            return
        uploads.uploader(
            words.DROP, type=["xlsx"], accept_multiple_files=True, on_change=_opened,
            key=f"{FILES}_{st.session_state.get(TURN, 0)}", max_upload_size=MOST_MEGABYTES,
            help=words.WHICH,
        )  # fmt: skip
        found: Found = st.session_state.get(FOUND, Found())
        if found.wrong:
            st.error("  \n".join(map(show.escaped, found.wrong)))
        if found.said:
            st.info("  \n".join(map(show.escaped, found.said)))


def lines() -> None:
    """Put what was read beside ours, line by line, at the foot of the page."""
    found: Found = st.session_state.get(FOUND, Found())
    if found.rows:
        with st.expander(found.title, key="year_lines"):
            st.dataframe(list(found.rows), hide_index=True, width="stretch")


def _opened() -> None:
    """Put what was dropped on the desk: one entry of undo; a bad file changes nothing."""
    turn = st.session_state.get(TURN, 0)
    files: Sequence[Any] = st.session_state.get(f"{FILES}_{turn}") or ()
    if not files:
        return
    st.session_state[TURN] = turn + 1  # a new box: nothing of the files is kept
    reports: list[Report] = []
    wrong: list[str] = []
    for file in files:
        try:
            reports.append(read_report(file))
        except ReportError as refused:
            wrong.append(str(refused))
    found = Found(wrong=tuple(wrong))
    if reports and not wrong:
        try:
            found = _on_the_desk(reports)
        except (ReportError, ScenarioError, ThisYearError) as refused:
            found = Found(wrong=(str(refused),))
    st.session_state[FOUND] = found


def _on_the_desk(reports: Sequence[Report]) -> Found:
    acos = by_aco(reports)
    if len(acos) > 1:
        return Found(wrong=(words.several(acos),))
    settlements = [report for report in reports if report.kind == STLMT]
    if settlements:
        settled = settle_report(latest(settlements))
        _take(settled.scenario)
        session.put(PLACE, None)
        return _of_settlement(settled)
    year = expected(acos[0])
    so_far = year.year_so_far
    watched = replace(
        _now(), quarter=so_far.quarter, people=so_far.people, basis=so_far.basis,
        spent=round(so_far.spending_per_person, 2), target=round(so_far.target_per_person, 2),
    )  # fmt: skip
    _take(year.scenario)
    session.put(PLACE, write_watched(watched))
    return _of_quarter(year)


def _now() -> Watched:
    try:
        return read_watched(session.place(PLACE))
    except ThisYearError:
        return Watched()


def _take(scenario: Scenario) -> None:
    now = session.history().now
    session.commit(Moment(scenario, scenario, now.kept), whole=True)


def _of_quarter(year: Expected) -> Found:
    return Found(words.of_quarter(year), rows=words.step_rows(year), title=words.steps_title(year))


def _of_settlement(settled: SettledReport) -> Found:
    rows, title = words.line_rows(settled), words.lines_title(settled)
    return Found(words.of_settlement(settled), rows=rows, title=title)
