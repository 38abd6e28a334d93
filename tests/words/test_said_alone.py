"""Sentences that no drawn page shows: of a live room, of a refused link, of a figure's steps."""

import itertools

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.attribution import Churn
from mssp_sim.cms_files.reports.expected import capped
from mssp_sim.naming import table_change
from mssp_sim.screens.attribution import words as attribution
from mssp_sim.screens.corridor import words as corridor
from mssp_sim.screens.election import words as election
from mssp_sim.screens.five_years import words as five_years
from mssp_sim.screens.join import words as join
from mssp_sim.screens.luck import words as luck
from mssp_sim.screens.quality import words as quality
from mssp_sim.screens.rule_changes import words as rule_changes
from mssp_sim.screens.this_year import words as this_year
from mssp_sim.screens.wall import words as wall
from mssp_sim.studies.fair_shares import pool, shared
from mssp_sim.studies.moved import Moved
from mssp_sim.studies.program_cost import read_cost
from mssp_sim.studies.quality_scores import study
from mssp_sim.studies.renewal import Way
from mssp_sim.studies.stakes import stakes
from mssp_sim.words import compare, my_aco, next_steps, outcome, practices, renewal, rooms, rulebook
from tests.approval import approved
from tests.studies.test_fair_shares import RESULT, some

TEST = "tests/words/test_said_alone.py"
OPTIONS = ("The benchmark", "The minimum", "Quality")
UNITS = ("dollars", "percent", "points", "number")
STATES = {
    "opening": {}, "owing": {"level": "ENHANCED", "cost_reduction": -0.04},
    "overspent": {"cost_reduction": -0.01}, "one-sided": {"level": "A", "cost_reduction": -0.03},
    "in the corridor": {"cost_reduction": 0.01}, "no quality": {"quality_score": 0.2},
    "the best": {"quality_score": 0.95, "cost_reduction": 0.08},
}  # fmt: skip
CASES = {
    rooms.letter: [(n,) for n in range(8)],
    rooms.amount: list(itertools.product((0.0312, 1.5, 6.5e6, -2.5e6), UNITS)),
    rooms.counted: [(0, "seat", "seats"), (1, "seat", "seats"), (2, "seat", "seats")],
    rooms.believed: list(itertools.product(("The minimum.", "Quality"), ("", "It means this."),
                                           ("", "Small savings pay.", "All pay"))),
    rooms.spread: [(0.5, (0.25, 0.75), unit) for unit in UNITS],
    rooms.met: [(0, 0), (0, 3), (1, 3), (3, 3)],
    join.seat: [(7, ""), (7, "North"), (1, "7")],
    join.voted: [(0,), (2,)],
    join.right_answer: [(OPTIONS, right, own) for right in (0, 2) for own in (None, 0, 2)],
    join.beside_the_truth: [(truth, own, unit) for unit in UNITS
                            for truth, own in ((0.5, None), (0.5, 0.5), (0.5, 0.7), (0.5, 0.2))],
    join.got: [(6.5e6,), (0.0,), (-1.0e6,)],
    join.met_or_missed: list(itertools.product((None, True, False), ((), ("earn 1",)))),
    join.place: [(-0.021, 0.75), (0.0, 0.75), (0.031, 0.9)],
    join.tokens: [(0, 10), (10, 10), (6, 10)],
    wall.joined: [("BK4-T9XW", n) for n in (0, 1, 2)],
    wall.answered: [(0, 12), (9, 12), (13, 12)],
    wall.it_is: [(0.5, unit) for unit in UNITS],
    wall.shock: list(itertools.product((-0.007, 0.0, 0.007), (-0.04, 0.0, 0.04))),
    wall.frontier: [(None,), (9e6,)],
    attribution.make_room: [(Churn(leave=0.1, join=0.1, dropped=0.05),)],
    attribution.link_refused: [("leave is 2",)],
    attribution.cannot_settle: [("nobody is left",)],
    election.unreadable: [("cost is x",)],
    five_years.unreadable: [("cut is x",)],
    luck.unreadable: [("trend is x",)],
    rule_changes.unreadable: [("new is x",)],
    this_year.unreadable: [("q is 9",)],
    this_year.closed_note: [(2024,)],
    five_years.kind_of: [(read_cost(text),) for text in
                         ("", "advance:1", "prepaid:2", "aip:28,10000,8", "person:5")],
    my_aco.loaded_how: [(0, ""), (1, ""), (2, "Its calibration holds the rest.")],
    compare.describe: [(("the baseline", "now"), Moved(6.5e6, 6.5e6, ()), ())],
    capped: [(0.0,), (0.0312,), (-0.2,)],
    renewal.renewal_figures: [(Way(2027, 2029, 1e6, low, high), trend)
                              for low, high in ((None, None), (None, 2e6), (-1e6, None))
                              for trend in (None, 0.05)],
    rulebook._by_contract: [({"1": 0.5, "1+": 0.5, "2": 0.6, "3": 0.75}, "fraction"),
                            ({"A": 0.4, "B": 0.4, "E": 0.5}, "fraction")],
    outcome.of_simulator: [("You earn $6.5M",), ("",), ("A",)],
    next_steps.not_a_number: [("Quality score", "0.0", "100.0", "75.0")],
    next_steps.region_against_nation: [
        (Scenario(national_growth=0.04, regional_growth=region),)
        for region in (0.04, 0.0412, 0.06, 0.01, 0.0401, 0.0400001, 0.04000001)
    ],
}  # fmt: skip


def test_each_sentence_alone_is_approved():
    lines = [
        f"{said.__module__.removeprefix('mssp_sim.')}.{said.__name__}{_told(given)}: "
        f"{_read(said(*given))!r}"
        for said, cases in CASES.items()
        for given in cases
    ]
    lines += [f"too_many_dropped: {attribution.too_many_dropped(dropped=0.12, leave=0.1)}"]
    lines += [f"NOBODY, NO_LINK, SCAN: {rooms.NOBODY} {wall.NO_LINK} {wall.SCAN} {join.MAY_CHANGE}"]
    approved("said_alone", "\n".join(lines), TEST, figures=True)


def _read(found):
    return found if isinstance(found, str | tuple | list) else list(found)


def _told(given):
    return tuple(f"{one.level}" if isinstance(one, Scenario) else one for one in given)


@pytest.mark.parametrize("state", STATES)
def test_figures_of_headlines_say_how_they_come_about(state):
    result = simulate(Scenario(**STATES[state]))
    figures = [
        *corridor.figures_of_headline(stakes(result)),
        *quality.figures_of_headline(study(result)),
    ]
    lines = [outcome.contract_line(result), outcome.lever_against_outcome(result)]
    for figure in figures:
        lines.append(f"{figure.key} · {figure.label} · {figure.shown} · {figure.amount:,.4f}")
        lines += [f"  {step.name} = {step.words} = {step.numbers} = {step.value}"
                  for step in figure.how()[-2:]]  # fmt: skip
    approved(f"headlines_{state.replace(' ', '_')}", "\n".join(lines), TEST, figures=True)


def test_what_everyone_else_has_is_written_with_the_largest_error():
    exact, drawn = shared(RESULT, some(3, 1)), shared(RESULT, some(14, 1), orders=40)
    for found in (exact, drawn):
        said = practices.rest(found, pool(found, 1_000_000))
        assert said.startswith("Together $")
        assert (f"at most ${max(found.error):,.0f}." in said) == (not found.exact)
        assert "The pool is $1,000,000.00; its parts add up to the cent." in said


def test_a_change_of_a_table_counts_the_cells_after_the_first():
    spent = Scenario().expenditure.copy()
    spent[2, 3] += 100
    one = table_change("expenditure", Scenario(expenditure=spent), Scenario())
    spent[2, 1] += 100
    two = table_change("expenditure", Scenario(expenditure=spent), Scenario())
    assert one.endswith("→ $" + f"{spent[2, 3]:,.0f}")
    assert two.endswith("→ $" + f"{spent[2, 1]:,.0f} and 1 more")
    assert table_change("expenditure", Scenario(), Scenario()) == "Spending per person-year"
