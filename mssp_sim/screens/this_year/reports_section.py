"""CMS's own reports, opened on the page: the year on the desk, or a settlement line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from mssp_sim.app import session, show, uploads
from mssp_sim.app.history import Moment
from mssp_sim.cms_files.reports import (
    STLMT,
    AcoReports,
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
from mssp_sim.quarter import QuarterSteps
from mssp_sim.scenario import Scenario, ScenarioError
from mssp_sim.screens.this_year import reports_words as words
from mssp_sim.screens.this_year import settled_section
from mssp_sim.screens.this_year.forecast_words import Forecast
from mssp_sim.screens.this_year.settled_section import Settlement
from mssp_sim.studies.forecast_causes import causes, final_end, forecast_end
from mssp_sim.studies.this_year import Projection, projected, typed
from mssp_sim.studies.year_inputs import ThisYearError, Watched, read_watched, write_watched

PLACE = "this_year"
FOUND, TURN, FILES = "year_reports_found", "year_reports_turn", "year_reports"
OPENED, MOVED = "year_opened", "year_moved"
DRAWN = "year_drawn"
"""Where the page keeps what it drew last."""

MOST_MEGABYTES = 50
ONE_SIDED = ("A", "B")


@dataclass(frozen=True, slots=True)
class Found:
    """What the files came to; the files themselves are let go as soon as they are read."""

    said: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Opened:
    """A quarter's reports that were opened: CMS's steps, the minimum chosen, what the page took."""

    aco_id: str
    year: int
    steps: QuarterSteps
    election: float | None
    watched: Watched


@dataclass(frozen=True, slots=True)
class _Moved:
    """What opening reports put in the place of what: desk and figures of the page, both ways."""

    before: Scenario
    before_place: str | None
    after: Scenario
    after_place: str | None


def follow_undo() -> None:
    """Let the page's figures follow when opened reports are undone on the desk, or redone."""
    kept: _Moved | None = st.session_state.get(MOVED)
    if kept is None or kept.before_place == kept.after_place:
        return
    now, place = session.scenario(), session.place(PLACE)
    if place == kept.after_place and now is not kept.after and now == kept.before:
        session.put(PLACE, kept.before_place)
    elif place == kept.before_place and now is not kept.before and now == kept.after:
        session.put(PLACE, kept.after_place)


def opened(watched: Watched) -> Opened | None:
    """Return the reports that the page's figures are of; None where others were typed since."""
    found: Opened | None = st.session_state.get(OPENED)
    if found is None:
        return None
    same = all(
        getattr(found.watched, name) == getattr(watched, name)
        for name in ("quarter", "people", "spent", "target")
    )
    return found if same else None


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
    st.session_state.pop(FOUND, None)
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
        forecast = _forecast(acos[0], settled)
        _take(settled.scenario, None)
        st.session_state[settled_section.KNOWN] = _settlement(settled, forecast)
        return Found(words.of_settlement(settled))
    year = expected(acos[0])
    watched = _watched(year)
    _take(year.scenario, write_watched(watched))
    election = year.scenario.minimum_election
    st.session_state[OPENED] = Opened(
        year.aco.aco_id, year.year_so_far.performance_year, year.steps,
        None if isinstance(election, str) or year.scenario.level in ONE_SIDED else float(election),
        watched,
    )  # fmt: skip
    return Found(words.of_quarter(year), rows=words.step_rows(year), title=words.steps_title(year))


def _watched(year: Expected) -> Watched:
    so_far = year.year_so_far
    return replace(
        _now(), quarter=so_far.quarter, people=so_far.people, basis=so_far.basis,
        spent=round(so_far.spending_per_person, 2), target=round(so_far.target_per_person, 2),
    )  # fmt: skip


def _forecast(aco: AcoReports, settled: SettledReport) -> Forecast | None:
    """Return the settled year's forecast: of reports dropped with it, or of the page before."""
    projection: Projection | None = None
    if aco.quarterly is not None and aco.benchmark is not None:
        year = expected(aco)
        if year.year_so_far.performance_year == settled.report.year:
            watched = _watched(year)
            told = typed(year.scenario, watched)
            projection = projected(told, year.scenario, watched.late_bills)
    else:
        drawn, before = st.session_state.get(DRAWN), opened(_now())
        ours = (settled.report.aco_id, settled.report.year)
        if drawn is not None and before is not None and (before.aco_id, before.year) == ours:
            projection = drawn.projection
    if projection is None:
        return None
    return Forecast(projection.so_far.quarter, projection, forecast_end(projection))


def _settlement(settled: SettledReport, forecast: Forecast | None) -> Settlement:
    moved = None
    if forecast is not None:
        final, before = final_end(settled.result), forecast.projection.scenario
        moved = causes(settled.scenario, forecast.end, final, before)
    return Settlement(settled.scenario, settled.report.year, settled.lines, forecast, moved)


def _now() -> Watched:
    try:
        return read_watched(session.place(PLACE))
    except ThisYearError:
        return Watched()


def _take(scenario: Scenario, place: str | None) -> None:
    """Put a scenario and the page's figures on the desk: one entry of undo."""
    now, before = session.history().now, session.place(PLACE)
    session.commit(Moment(scenario, scenario, now.kept), whole=True)
    session.put(PLACE, place)
    st.session_state[MOVED] = _Moved(now.scenario, before, scenario, place)
