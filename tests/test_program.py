"""The program on one page: no figure of the rule is typed, and every link leads to a page."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from mssp_sim import Result, Scenario, rules_in_force, simulate
from mssp_sim.app import frame
from mssp_sim.learning import program as lesson
from mssp_sim.learning.program import program
from mssp_sim.screens.program.pictures import Stop, year_line

OPENING = simulate(Scenario())
SAID = program(OPENING)
LINES = [line for lines in SAID.sections.values() for line in lines]
SOURCE = lesson.SOURCE.read_text("utf-8")
YEARS = [(2025, "2025-01-01", "E"), (2022, "2022-01-01", "A"), (2018, "2018-01-01", "2")]


def texts(said):
    yield said.headline
    yield said.description
    for moment in said.moments:
        yield from (moment.when, moment.what, moment.brief_when, moment.brief_what)
    for lines in said.sections.values():
        yield from (line.text for line in lines)


def test_no_dollar_and_no_percent_figure_is_typed():
    assert not re.search(r"\$ ?\d|\d ?%|\d percent|\d,\d{3}|20\d\d", SOURCE)


@pytest.mark.parametrize(("year", "start", "level"), YEARS)
def test_every_text_is_filled_in_whatever_the_year(year, start, level):
    start = dt.date.fromisoformat(start)
    said = program(simulate(Scenario(performance_year=year, agreement_start=start, level=level)))
    for text in texts(said):
        assert text
        assert not re.search(r"[{}]|\bnan\b|None", text)
    assert f"December 31, {year}" in said.description
    assert f"without knowing your target: {'33.3%' if year == 2025 else 'none'}" in said.headline


def test_a_changed_parameter_changes_the_text(monkeypatch):
    rules = rules_in_force(2025)
    source = dict(rules.source)
    source["sharing_rate"] = replace(source["sharing_rate"], value={"A": 0.41, "ENHANCED": 0.76})
    monkeypatch.setattr(Result, "rules", property(lambda _: replace(rules, source=source)))
    assert any("at most 41% to 76%" in text for text in texts(program(OPENING)))


def test_the_figures_are_those_of_the_rule_in_force():
    said = " ".join(texts(SAID))
    assert "at most 40% to 75%, by contract" in said
    assert "At least 5,000 people" in said
    assert "An agreement of 5 performance years" in said


@pytest.mark.parametrize("line", [*SAID.moments, *LINES])
def test_a_line_is_modeled_on_a_page_that_exists_or_not_at_all(line):
    if line.page:
        assert line.page in {name for pages in frame.PAGES.values() for name in pages}
        assert frame.page_file(line.page).exists()


def test_the_contracts_stand_side_by_side():
    assert [row["Contract"] for row in SAID.contracts] == ["A", "B", "C", "D", "E", "ENHANCED"]
    # 42 CFR 425.605(d)(1), 425.610(d)-(g)
    assert [row["Share of savings, up to"] for row in SAID.contracts] == [
        "40%", "40%", "50%", "50%", "50%", "75%",
    ]  # fmt: skip
    assert (
        SAID.contracts[0]["Share of losses owed"] == SAID.contracts[0]["Owes at most"] == "nothing"
    )
    assert SAID.contracts[4]["Owes at most"] == "8% of revenue or 4% of the target"
    assert SAID.contracts[5]["Share of losses owed"] == "40% to 75%, by quality"
    assert SAID.contracts[5]["Owes at most"] == "15% of the target"


def test_an_agreement_says_how_far_its_ends_lie_apart():
    said = " ".join(texts(SAID))
    assert "5 performance years; before 2020 it was 3." in said
    assert "The last performance year comes 7 years after the first benchmark year" in said


def test_both_kinds_of_line_are_there_and_the_questions_of_the_page_are_answered():
    assert {bool(line.page) for line in LINES} == {True, False}
    assert all(moment.page for moment in SAID.moments)
    said = " ".join(texts(SAID))
    for fact in (
        "Original Medicare", "Any doctor", "Medicare Savings Programs", "legal entity",
        "governing body", "compliance", "Public reporting", "One program at a time",
        "Advance investment payments", "Prepaid shared savings", "Within 90 days", "voluntary",
        "since 2010 (section 3022 of the Affordable Care Act)", "from volume to value",
        "Better care, not less care", "evidence-based medicine", "One owner", "watch the year",
        "Coding keeps a target as well as raising it", "Which practices to include", "one culture",
    ):  # fmt: skip
        assert fact in said


def test_brief_words_fit_a_phone():
    for moment in SAID.moments:
        assert len(moment.brief_when) <= 11
        lines = moment.brief_what.split("\n")
        assert len(lines) <= 2
        assert max(map(len, lines)) <= 34


def test_the_line_has_a_row_a_moment_in_picture_and_table():
    stops = [Stop(m.zone, m.when, m.what, m.brief_when, m.brief_what, "x") for m in SAID.moments]
    picture = year_line(stops, "year", 4, "light", SAID.description)
    assert [row["When"] for row in picture.table()] == [moment.when for moment in SAID.moments]
    assert all(moment.what in picture.description for moment in SAID.moments)
    assert picture.spec == year_line(stops, "year", 2, "light", "other").spec
