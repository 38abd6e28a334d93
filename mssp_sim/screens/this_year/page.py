"""The parts of the page This year: fan, what must still happen, what is known, booking, cash."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from mssp_sim import measures
from mssp_sim.app import downloads, frame, my_aco, session, show
from mssp_sim.exports.this_year import Part, YearOnPaper, brief, slide
from mssp_sim.exports.workbook import QuarterOnPaper, workbook
from mssp_sim.figures import MILLION, minimum_rate, percent, score
from mssp_sim.measures import PointsError
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.screens.this_year import (
    cash_section,
    figures,
    reports_section,
    settled_section,
    words,
)
from mssp_sim.screens.this_year import pictures as charts
from mssp_sim.screens.this_year.shown import Shown, drawn_as
from mssp_sim.studies.luck import of_a_hundred
from mssp_sim.studies.still_needed import Needed, needed
from mssp_sim.studies.this_year import (
    Booking,
    FanPoint,
    Outlook,
    Projection,
    booking,
    fan,
    invented,
    open_spreads,
    outlook,
    projected,
    typed,
    year_parts,
)
from mssp_sim.studies.year_inputs import (
    BASES,
    QUARTERS,
    SoFar,
    ThisYearError,
    Watched,
    read_watched,
    write_watched,
)

PLACE, POINTS = "this_year", "points"
KNOWN = "year_drawn"
OF_MONEY = ("quarter", "people", "spent", "target", "quality", "basis", "late_bills",
            "late_spread", "off", "seed")  # fmt: skip
"""What the drawn years go by; the rest of the page's levers draws nothing anew."""

SAID = {
    "people": "Assigned people",
    "spent": "Spending per person-year, $",
    "target": "Target per person-year, $",
    "quality": "Quality score so far",
}
REPORT_WIDE = 460
"""Pixels of what a report says, two fields beside each other; a phone takes what it has."""

MORE_EARNED = 1.0
"""Millions over the projected payment that a sum to reach begins with, at least."""


class _Drawn(NamedTuple):
    """What a report is heading for, drawn anew only when something of it is new."""

    scenario: Scenario
    watched: Watched
    projection: Projection
    years: Outlook
    points: tuple[FanPoint, ...]
    reports: "Report"
    booked: dict[float, Booking]


@dataclass(frozen=True, slots=True)
class Report:
    """The reports that the page stands on, by quarter, and whether they are invented."""

    by_quarter: Mapping[int, SoFar]
    is_invented: bool


def draw(result: Result, baseline: Result) -> None:
    """Put the page of the year that runs on the screen: what is coming, or what was settled."""
    reports_section.follow_undo()
    settled = settled_section.here(result.scenario)
    if settled is not None:
        settled_section.headline(settled, result)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            reports_section.draw()
            tools = st.container(horizontal=True, gap="small", width="content")
        settled_section.draw(settled, result, baseline, tools)
        return
    watched, fault = _watched()
    found = _drawn(result.scenario, watched)
    projection, years = found.projection, found.years
    reports = found.reports
    booked = found.booked[watched.book]
    headline = _headline(found, fault)
    tools, note = _report(watched, projection, reports)
    four = figures.tiles(projection, years, booked, watched)
    show.tiles(four)
    show.register(*figures.other_chances(projection, years, watched))
    show.register(figures.every_step(projection))
    at_line = _at_the_line(projection, watched)
    fan_place, needed_place = st.columns([3, 2], gap="medium")
    with fan_place:
        the_fan = _fan(found)
    with needed_place:
        the_need = _needed(found, watched, at_line)
    _chance(projection, watched)
    _known(result, watched, projection)
    quality_place, booking_place = st.columns([2, 3], gap="medium")
    with quality_place:
        _quality(projection, watched, at_line)
    with booking_place:
        to_book = _booking(projection, booked, watched)
    the_cash = cash_section.draw(projection, watched)
    pictures = (
        ("savings rate by quarter", the_fan.picture),
        ("cut still needed", the_need.picture),
        ("cash by month", the_cash.picture),
    )
    opened = reports_section.opened(watched)
    if opened is not None:
        reports_section.lines()
    leaflet = YearOnPaper(
        headline, four, (the_fan.part, the_need.part, the_cash.part, to_book),
        (note, words.HOW_DIVIDED, words.QUALITY_STANDS),
    )  # fmt: skip
    sheet = QuarterOnPaper(headline, projection, booked)
    if opened is not None:
        sheet = replace(sheet, steps=opened.steps, election=opened.election)
    made: dict[str, Callable[..., bytes]] = {
        "Brief": partial(brief, leaflet),
        "Slide": partial(slide, leaflet),
        "Workbook": partial(workbook, result, baseline, assumed=my_aco.assumed(), this_year=sheet),
    }
    with tools:
        of_page = {label: (make, *downloads.USUAL[label]) for label, make in made.items()}
        downloads.popover(result, baseline, *pictures, of_page=of_page)
    show.data(*pictures, key="this_year_data")
    show.not_advice()


def _headline(found: _Drawn, fault: str) -> str:
    """Put on top where the year is heading, and what to know of it first."""
    projection, is_invented = found.projection, found.reports.is_invented
    closed = _closed(projection.scenario) if is_invented else None
    said = words.fate(projection, found.years, is_invented=is_invented, closed=closed)
    show.sentence(said, owed=float(projection.result.payment) < 0)
    if closed is not None:
        show.quiet(words.closed_note(closed))
    if fault:
        show.quiet(words.unreadable(fault))
    return said


def _closed(scenario: Scenario) -> int | None:
    """Return the year of the ACO on the desk that CMS has settled; None for a year to come."""
    aco, year = session.aco(), int(scenario.performance_year)
    return year if aco is not None and aco.year == year else None


def _watched() -> tuple[Watched, str]:
    """Return what is typed and chosen in this session, and why something else is shown."""
    try:
        return read_watched(session.place(PLACE)), ""
    except ThisYearError as fault:
        return Watched(), str(fault)


def _reports(scenario: Scenario, watched: Watched) -> Report:
    """Return the reports that the page stands on: the one place where they come in."""
    given = [name for name in words.TYPED if getattr(watched, name) is not None]
    if given:
        return Report({watched.quarter: typed(scenario, watched)}, is_invented=False)
    told = {q: invented(scenario, q, watched) for q in QUARTERS if q <= watched.quarter}
    return Report(told, is_invented=True)


def _drawn(scenario: Scenario, watched: Watched) -> _Drawn:
    kept: _Drawn | None = st.session_state.get(KNOWN)
    same = kept is not None and kept.scenario is scenario and all(
        getattr(kept.watched, name) == getattr(watched, name) for name in OF_MONEY
    )  # fmt: skip
    if kept is None or not same:
        reports = _reports(scenario, watched)
        by_quarter = reports.by_quarter
        projection = projected(by_quarter[max(by_quarter)], scenario, watched.late_bills)
        years = outlook(projection, watched)
        points = fan(by_quarter, scenario, watched, years)
        kept = _Drawn(scenario, watched, projection, years, points, reports, {})
        st.session_state[KNOWN] = kept
    if watched.book not in kept.booked:
        kept.booked[watched.book] = booking(kept.projection, kept.years, watched.book)
    return kept


def _report(watched: Watched, projection: Projection, reports: Report) -> tuple[Any, str]:
    """Put the report on the page: its quarter, what it says, where that comes from."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        session.offer("year_quarter", watched.quarter)
        st.segmented_control(
            "Latest report", QUARTERS, key="year_quarter",
            format_func="Q{}".format, label_visibility="collapsed", on_change=_taken,
            args=(watched, "year_quarter", lambda quarter: {"quarter": int(quarter)}),
            required=True,
        )  # fmt: skip
        _typed_figures(watched, projection)
        reports_section.draw()
        tools = st.container(horizontal=True, gap="small", width="content")
    given = [words.TYPED[name] for name in words.TYPED if getattr(watched, name) is not None]
    note = words.report_note(
        watched, is_invented=reports.is_invented, names=given,
        of_cms=reports_section.opened(watched) is not None,
    )  # fmt: skip
    show.quiet(note)
    return tools, note


def _typed_figures(watched: Watched, projection: Projection) -> None:
    place = st.popover("What your report says", key="year_report", on_change="rerun",
                       width="content")  # fmt: skip
    if not place.open:
        return
    so_far = projection.so_far
    shown = {
        "people": (float(so_far.people), 1.0, 2e6, 100.0, 1.0),
        "spent": (round(float(so_far.spending_per_person), 2), 1e3, 2e5, 10.0, 1.0),
        "target": (round(float(so_far.target_per_person), 2), 1e3, 2e5, 10.0, 1.0),
        "quality": (float(so_far.quality) * 100, 0.0, 100.0, 1.0, 100.0),
    }
    with place, st.container(gap="xsmall", width=REPORT_WIDE):
        st.html(show.ROOMY)
        two = st.columns(2, gap="small")
        for at, (name, (value, low, high, step, scale)) in enumerate(shown.items()):
            with two[at % 2]:
                _number(
                    SAID[name], f"year_{name}", value, (low, high), step, watched,
                    partial(_scaled, name, scale),
                    help_=HELP[name],
                )  # fmt: skip
        session.offer("year_basis", watched.basis)
        st.selectbox(
            "Spending and target are of", list(BASES.values()), key="year_basis",
            help=HELP["basis"],
            format_func=words.BASIS_NAMES.__getitem__, on_change=_taken,
            args=(watched, "year_basis", lambda basis: {"basis": basis}),
        )  # fmt: skip
        late, doubt = st.columns(2, gap="small")
        with late:
            _number("Late bills to come, %", "year_late", watched.late_bills * 100, (0.0, 20.0),
                    0.1, watched, partial(_scaled, "late_bills", 100.0),
                    help_=HELP["late"])  # fmt: skip
        with doubt:
            _number("They vary by, points", "year_doubt", watched.late_spread * 100,
                    (0.0, 10.0), 0.1, watched, partial(_scaled, "late_spread", 100.0),
                    help_=HELP["doubt"])  # fmt: skip
        st.button("Back to the invented report", key="year_untyped", type="tertiary",
                  on_click=_put, args=(replace(watched, people=None, spent=None, target=None,
                                               quality=None),))  # fmt: skip


HELP = {
    "people": "As your latest quarterly report lists them.",
    "spent": "Your own per capita spending, all types, as the report has it.",
    "target": "CMS's estimate of the updated benchmark per person: before risk and quality.",
    "quality": "From 0 to 100, as far as you know it now.",
    "basis": "Reports and assignment methods differ; CMS's quarterly figures often cover the last "
    "twelve months.",
    "doubt": "One standard deviation for a whole year of reports: our assumption.",
    "late": "By how much the reported spending still grows. CMS itself adds 1.3% three months "
    "after the year; for a report with less run-out give more: that is yours to say.",
}


def _number(
    label: str, key: str, value: float, ends: tuple[float, float], step: float,
    watched: Watched, put: Callable[[float], Mapping[str, Any]], help_: str | None = None,
) -> None:  # fmt: skip
    session.offer(key, round(min(max(value, ends[0]), ends[1]), 4))
    st.number_input(
        label, ends[0], ends[1], step=step, format="%0.9g", key=key, help=help_,
        on_change=_taken, args=(watched, key, put),
    )  # fmt: skip


def _scaled(name: str, scale: float, given: float) -> dict[str, float]:
    return {name: round(float(given) / scale, 12)}


def _taken(watched: Watched, key: str, put: Callable[[Any], Mapping[str, Any]]) -> None:
    """Keep what a widget was put to; an emptied one changes nothing."""
    given = session.taken(key)
    if given is not None:
        _put(replace(watched, **put(given)))


def _put(watched: Watched) -> None:
    session.put(PLACE, write_watched(watched))


def _fan(found: _Drawn) -> Shown:
    result, points = found.projection.result, found.points
    minimum, two_sided = float(result.minimum_savings_rate), bool(result.two_sided)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        title = words.fan_title(points, minimum)
        show.title(title)
        show.how(key="year_how")
    said = words.fan_description(points, minimum, two_sided=two_sided)
    labels = (f"minimum {minimum_rate(minimum)}", "no money moves")
    shown = drawn_as(title, words.FAN_READS, lambda theme: charts.fan(
        points, minimum, labels, theme, said, two_sided=two_sided))  # fmt: skip
    show.picture(shown.picture, key="year_fan")
    show.register(*figures.of_fan(points, minimum))
    show.quiet(words.FAN_READS)
    return shown


def _needed(found: _Drawn, watched: Watched, at_line: float | None) -> Shown:
    projection = found.projection
    goal = _goal(projection, watched)
    needs = needed(projection, watched.work, goal)
    minimum = float(projection.result.minimum_savings_rate)
    title = words.needed_title(needs, minimum, goal, watched.reach)
    show.title(title)
    paid, *_ = of_a_hundred(found.years.chances)
    said = words.needed_words(
        needs, projection, goal, watched, unpaid=100 - paid,
        by_quality=words.by_quality(projection, at_line),
    )  # fmt: skip
    aim = words.aim_of(needs)
    asked = [_asked(need, aim, minimum, goal) for need in needs if aim]
    if any(month.cut > charts.SHOWN_REACH * watched.reach for month in asked):
        said = f"{said} {words.BROKEN}"
    rows = words.needed_rows(needs, goal) or [{"Begun in": "no month is left"}]
    shown = drawn_as(title, said, lambda theme: charts.needed(
        asked, watched.reach, f"possible: {percent(watched.reach)}", theme, said, rows,
    ))  # fmt: skip
    if aim:
        show.picture(shown.picture, key="year_needed")
    else:
        shown = Shown(shown.picture, Part(title, said))
    show.register(*figures.of_needs(needs, projection, goal))
    st.markdown(f":small[{show.escaped(said)}]")
    _of_needed(watched, goal)
    return shown


def _asked(need: Needed, aim: str, minimum: float, goal: float) -> charts.Asked:
    """Return the cut that the year's next aim asks for from one month on."""
    name, much = words.month_name(need.month), float(getattr(need, aim))
    said = f"Begun in {name}: {words.cut(much)} less to {words.act_of(aim, minimum, goal)}"
    return charts.Asked(name, name[:3], much, said)


def _goal(projection: Projection, watched: Watched) -> float:
    """Return the sum asked for: the reader's, or the next round one above the projection."""
    if watched.goal is not None:
        return float(watched.goal)
    now = max(float(projection.result.payment), 0.0) / MILLION
    return float(np.ceil(now + MORE_EARNED)) * MILLION


def _of_needed(watched: Watched, goal: float) -> None:
    work, sum_, reach = st.columns([4, 3, 4], gap="small", vertical_alignment="bottom")
    with work:
        session.offer("year_work", float(watched.work))
        st.slider(
            "Months to work", 0.0, 12.0, step=0.5, format="%.1f",
            key="year_work", help="Months over which what you begin grows to its full effect.",
            on_change=_taken, args=(watched, "year_work", partial(_scaled, "work", 1.0)),
        )  # fmt: skip
    with sum_:
        _number("To earn, $M", "year_goal", goal / MILLION, (0.0, 1000.0), 0.5, watched,
                partial(_scaled, "goal", 1 / MILLION))  # fmt: skip
    with reach:
        _number("Possible, %", "year_reach", watched.reach * 100, (0.5, 60.0), 0.5, watched,
                partial(_scaled, "reach", 100.0),
                help_="The largest cut of a month's spending that you think possible; it opens on "
                "5%, our assumption.")  # fmt: skip


def _chance(projection: Projection, watched: Watched) -> None:
    """Put what is left to chance on the page, each part with its switch."""
    people = projection.so_far.people
    spreads = open_spreads(people, watched.quarter, watched)
    show.register(*figures.parts(projection, spreads, year_parts(people)))
    session.offer("year_parts", words.parts_on(watched))
    st.pills(
        "Left to chance: switch a part off", list(words.PART_NAMES), selection_mode="multi",
        format_func=lambda part: words.part_pill(part, spreads, watched),
        key="year_parts", on_change=_taken, args=(watched, "year_parts", _switched_off),
    )  # fmt: skip
    show.quiet(f"{words.HOW_DIVIDED} {words.beside_other_pages(projection)}")


def _switched_off(kept: Sequence[str]) -> dict[str, frozenset[str]]:
    return {"off": frozenset(part for part in words.PART_NAMES if part not in kept)}


def _known(result: Result, watched: Watched, projection: Projection) -> None:
    show.title(words.known_title(watched.quarter))
    spreads = open_spreads(projection.so_far.people, watched.quarter, watched)
    show.table(words.known_rows(result, watched, spreads))
    st.page_link(
        frame.page_file("program"), label=":small[The whole year on a line]",
        icon=":material/arrow_forward:",
    )  # fmt: skip


def _at_the_line(projection: Projection, watched: Watched) -> float | None:
    """Return what the projected year pays at the full standard; None where it is met."""
    result = projection.result
    if bool(result.standard_met):
        return None
    better = replace(projection.so_far, quality=float(result.quality_performance_standard))
    return float(projected(better, projection.scenario, watched.late_bills).result.payment)


def _quality(projection: Projection, watched: Watched, at_line: float | None) -> None:
    """Put the quality so far on the page: typed, or as the measures make it."""
    result = projection.result
    show.title(f"Quality so far: {score(float(projection.so_far.quality))}")
    st.markdown(show.escaped(words.quality_words(projection, at_line)))
    if at_line is not None:
        show.register(figures.at_the_line(projection, at_line))
    made = _from_measures(result)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(
            frame.page_file("quality"), label=":small[Build the score]",
            icon=":material/arrow_forward:",
        )  # fmt: skip
        if made is not None:
            st.button(
                f"Use the score of your measures: {score(made)}", key="year_measures",
                type="tertiary", disabled=abs(made - float(projection.so_far.quality)) < 1e-9,  # noqa: PLR2004
                on_click=_put, args=(replace(watched, quality=made),),
            )  # fmt: skip
    show.quiet(words.QUALITY_STANDS)


def _from_measures(result: Result) -> float | None:
    """Return the score that the measure builder's points make; None where none were given."""
    text = session.place(POINTS)
    chosen = measures.measure_set(int(result.scenario.performance_year))
    if text is None or chosen is None:
        return None
    try:
        return round(float(measures.composite_score(measures.read(text, chosen))), 6)
    except PointsError:
        return None


def _booking(projection: Projection, booked: Booking, watched: Watched) -> Part:
    title = words.booking_title(booked, watched)
    show.title(title)
    places = st.grid(3, min_column_width=show.NARROWEST_TILE)
    for tile in figures.of_booking(projection, booked, watched):
        show.tile(tile, places, with_term=False)
    session.offer("year_book", float(watched.book * 100))
    st.slider(
        "Chance of not being reversed, %", 50.0, 99.0, step=1.0,
        format="%.0f", key="year_book", on_change=_taken,
        args=(watched, "year_book", partial(_scaled, "book", 100.0)),
    )  # fmt: skip
    said = words.booking_words(watched)
    show.quiet(said)
    return Part(title, f"{words.booking_amounts(booked)} {said}")
