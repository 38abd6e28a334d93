"""Sentences of states that few scenarios reach, and of exact ties."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mssp_sim import Scenario, State, link, rules_in_force, simulate
from mssp_sim.cms_files.reports import by_aco, expected, settle_report
from mssp_sim.exports.workbook.steps import paragraph
from mssp_sim.scenario import quantities
from mssp_sim.screens.attribution import words as attribution
from mssp_sim.screens.quality import words as quality
from mssp_sim.screens.spending_target import words as spending_target
from mssp_sim.screens.this_year import figures as this_year_figures
from mssp_sim.screens.this_year import words as this_year
from mssp_sim.studies.fair_shares import pool, shared
from mssp_sim.studies.luck import year_spread
from mssp_sim.studies.rule_changes import Rulebook, compare_rules
from mssp_sim.studies.uncertain import moved
from mssp_sim.words import cms_reports, compare, next_steps
from mssp_sim.words import rule_changes as rule_words
from mssp_sim.words.practices import practice_rows
from tests.approval import approved
from tests.cms_files.test_lines_missing_approved import delivered, reported, settled_book
from tests.studies.test_fair_shares import RESULT, some

TEST = "tests/words/test_rare_sentences.py"


@pytest.mark.parametrize(
    ("update", "said"),
    [(0.0, "no growth"), (1e-12, "no growth"), (0.02, "2.0% growth"),
     (-0.02, "2.0% less for falling costs")],
)  # fmt: skip
def test_growth_is_none_or_up_or_down(update, said):
    assert spending_target.plain_change(update) == said


@pytest.mark.parametrize(
    ("trend", "more", "said"),
    [(0.01, 1, "raises your target"), (0.01, -1, "lowers your target"),
     (-0.01, -1, "raises your target"), (0.0, 1, "makes no difference")],
)  # fmt: skip
def test_a_larger_share_helps_or_hurts_or_neither(trend, more, said):
    found = SimpleNamespace(trend=trend, more=more)
    assert spending_target.share_title(found) == f"A larger share {said}"


@pytest.mark.parametrize(
    ("constrained", "safe", "sure"),
    [(0, "nothing is safe to book.", "no sum is 90% sure"),
     (1_500_000, "$1.5M is safe to book.", "90% sure"),
     (3_000, "<$0.1M is safe to book.", "90% sure")],
)  # fmt: skip
def test_what_is_safe_to_book_is_a_sum_or_nothing(constrained, safe, sure):
    booked = SimpleNamespace(constrained=constrained, expected=1e6, likely=2e6)
    said = this_year.booking_amounts(booked)
    assert said.endswith(f"; {safe}")
    assert said.startswith("Expected value $1.0M, most likely amount $2.0M; ")
    assert this_year_figures._how_sure(booked, SimpleNamespace(book=0.9)).startswith(sure)


def needs(*cuts):
    return [SimpleNamespace(month=at, minimum=cut) for at, cut in cuts]


def test_a_cut_is_beyond_reach_only_past_it():
    watched = SimpleNamespace(reach=0.03)

    def said(*cuts):
        return this_year._row(needs(*cuts), "minimum", "clear the minimum", watched)

    assert said((4, 0.02)) == "To clear the minimum it takes 2.0% less from April on."
    assert said((4, 0.02), (5, 0.03)).endswith("from April on, 3.0% from May.")
    assert "more than the 3.0% taken as possible" in said((4, 0.02), (5, 0.03), (6, 0.04))
    assert "; from June 4.0%" in said((4, 0.02), (5, 0.03), (6, 0.04))
    assert "more than" in said((4, 0.031))
    assert "more than" not in said((4, 0.03))


def test_the_parts_of_the_variance_add_up_to_all_of_it():
    whole = float(year_spread(45_000))
    year = {"own": 0.6 * whole, "region": 0.0, "nation": 0.0, "risk": 0.8 * whole}
    projection = SimpleNamespace(so_far=SimpleNamespace(people=45_000, quarter=2))
    found = this_year_figures.parts(projection, dict.fromkeys((*year, "late"), 0.01), year)
    said = " ".join(step.numbers for figure in found for step in figure.how())
    assert "36.0% of it" in said
    assert "64.0% of it" in said


def test_owing_turns_into_earning_and_back():
    earns, owes = Scenario(level="ENHANCED"), Scenario(level="ENHANCED", cost_reduction=-0.05)
    one, other = simulate(earns), simulate(owes)
    assert "You owe" in attribution._money(one, other)
    assert " instead of earning $" in attribution._money(one, other)
    assert "You earn" in attribution._money(other, one)
    assert " instead of owing $" in attribution._money(other, one)


def test_a_switch_leads_to_yes_or_no():
    switch = "alternative_standard_met"
    assert next_steps._to(SimpleNamespace(lever=switch, to=True)) == "if so"
    assert next_steps._to(SimpleNamespace(lever=switch, to=False)) == "if not"
    assert next_steps._to(SimpleNamespace(lever="minimum_election", to="size")) == "size"
    assert next_steps._to(SimpleNamespace(lever="minimum_election", to=0.015)) == "1.5"
    assert next_steps._to(SimpleNamespace(lever="level", to="ENHANCED")) == "ENH"
    assert next_steps._to(SimpleNamespace(lever="level", to="E")) == "E"


@pytest.mark.parametrize(
    ("dollars", "owing"), [(-0.004, False), (-3_000, True), (-20_000, True), (3_000, False)]
)
def test_who_owes_nothing_that_is_shown_owes_nothing(dollars, owing):
    assert compare.paid(dollars).startswith("owes") == owing


def test_shares_that_are_drawn_say_how_far_they_may_be_off():
    found = shared(RESULT, some(14, 1), orders=40)
    assert not found.exact
    rows = practice_rows(found, pool(found, 1_000_000))
    for row, error, practice in zip(rows, found.error, found.practices, strict=True):
        assert (" ± " in row["Fair share"]) == bool(error and practice.inside)


@pytest.mark.parametrize(
    ("share", "title"),
    [((0.3, 0.4, 0.5, 0.5), "Your share climbs slowly, jumps at the standard, then stops"),
     ((0.0, 0.0, 0.5, 0.5), "Below the standard you keep nothing, at it the full share")],
)  # fmt: skip
def test_a_ladder_of_two_steps_climbs_too(share, title):
    score = np.array([0.4, 0.5, 0.8, 0.9])
    found = SimpleNamespace(
        stepped=True, share=np.array(share), score=score, standard=0.767, step=lambda _: 0.1
    )
    assert quality.share_title(found) == title


def test_a_function_that_names_no_paragraph_has_none():
    assert paragraph(lambda: None) == ""
    assert paragraph("425.605(a)") == "425.605(a)"


def test_what_the_command_says_of_a_quarter_and_of_a_settlement_is_approved():
    reports = [reported(book) for book in delivered().values()]
    year = expected(by_aco(reports)[0])
    quarter = cms_reports.of_quarter(year, simulate(year.scenario))
    settled = cms_reports.of_settlement(settle_report(reported(settled_book())))
    files = [cms_reports.of_file(report) for report in reports]
    counts = f"{quarter.lines} {quarter.differences}, {settled.lines} {settled.differences}"
    lines = [*files, quarter.text, settled.text, counts]
    approved("reports_by_command", "\n".join(lines), TEST, figures=True)


def test_the_usual_weight_moves_a_year_of_2024_and_no_other():
    median = Scenario(performance_year=2024, agreement_start=dt.date(2024, 1, 1), level="E",
                      agreement_period=1, prospective_trend=0.09)  # fmt: skip
    rules = rules_in_force(2024, dt.date(2024, 1, 1))
    paid = [
        float(simulate(median, replace(rules, prospective_trend_weight=weight)).payment)
        for weight in (rules.prospective_trend_weight, 1 / 3)
    ]
    assert moved("sixth_of_2024", median) == pytest.approx(abs(paid[0] - paid[1]))
    assert moved("sixth_of_2024", median) > 0
    assert moved("sixth_of_2024", Scenario()) == 0


@pytest.mark.parametrize(
    ("cut", "lines"),
    [(0.031, "savings"), (-0.05, "losses"), (0.01, "savings"), (0.0, "savings"), (-0.01, "losses")],
)
def test_a_forecast_shows_the_lines_of_its_side(cut, lines):
    result = simulate(Scenario(cost_reduction=cut))
    projection = SimpleNamespace(result=result, savings_rate=float(result.savings_rate))
    keys = {step.key for step in this_year_figures._settled(projection)}
    assert bool(keys & set(this_year_figures.OF_LOSSES)) == (lines == "losses")
    assert bool(keys & set(this_year_figures.OF_SAVINGS)) == (lines == "savings")


@pytest.mark.parametrize(
    ("dollars", "said"),
    [((), "."), ((0.0,), "."), ((0.004, -0.004), "."),
     ((3e6, -3e6), "; what one change gave, another took."),
     ((0.01,), "; what one change gave, another took.")],
)  # fmt: skip
def test_alike_in_the_end_is_told_apart_from_nothing_moved(dollars, said):
    columns = [SimpleNamespace(spoken=name, payment=6.5e6) for name in ("the slip", "now")]
    moved_by = SimpleNamespace(changes=[SimpleNamespace(dollars=each) for each in dollars])
    assert compare.headline(columns[:1], columns[1], moved_by) == (
        f"Now and the slip come to the same: $6.5M{said}"
    )


def test_rules_that_move_nothing_are_told_so():
    # 5% of 572,000,000 is 28,600,000; half of it × a score of 0.75 × 0.98 is 10,510,500.
    for cut, amount in ((0.01, "$0"), (0.05, "$10,510,500")):
        found = compare_rules(Scenario(cost_reduction=cut), Rulebook(), Rulebook())
        assert rule_words.report(found, ["E"], 0).splitlines() == [
            f"Payment under the rules of today: {amount}",
            f"Payment under the other rules: {amount}",
            "Difference: $0",
            "Nothing moves: the other values begin later than these years and agreement starts, "
            "or none of them decides here.",
        ]


def test_a_table_that_changed_fits_where_there_is_little_room():
    for name, words in quantities().items():
        if words.kind == "table":
            part = SimpleNamespace(why="", fields=(name,))
            _, short = compare._names(part, Scenario(), Scenario())
            assert short == words.label[:18]
    assert link._kept("expenditure", Scenario()) == "edited"
    assert link._kept("quality_score", Scenario()) == "75.0"


@pytest.mark.parametrize(
    ("state", "rate", "two_sided", "said"),
    [(State.NEITHER_STANDARD, 0.03, True, "for neither quality standard is met"),
     (State.UNDER_THE_MINIMUM, 0.0196, True, "saved 1.96% against a minimum of 2.00%"),
     (State.UNDER_THE_MINIMUM, 0.01, True, "saved 1.0% against a minimum of 2.0%"),
     (State.UNDER_THE_MINIMUM, 0.0, True, "saved 0.0% against a minimum of 2.0%"),
     (State.OVERSPENT_INSIDE_THE_ZONE, -0.0196, True, "overspent 1.96% against a minimum of 2.00%"),
     (State.OVERSPENT_ONE_SIDED, -0.0196, False,
      "overspent 1.96% under a contract that owes nothing"),
     (State.FULL, 0.02, True, "saved 2.0%"), (State.FULL, 0.0204, True, "saved 2.04%")],
)  # fmt: skip
def test_why_no_money_moves_is_said_with_the_digits_it_needs(state, rate, two_sided, said):
    result = SimpleNamespace(state=state, minimum_savings_rate=0.02, two_sided=two_sided)
    projection = SimpleNamespace(result=result, savings_rate=rate)
    assert this_year.why_nothing(projection) == said
