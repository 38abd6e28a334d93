"""What leaves the program, word for word, as it was approved; figures are masked.

Rewrite the approved texts where a change is meant, then read the difference before it goes in:

    APPROVE=1 uv run pytest -n 0 -m '' tests/exports/test_approved.py

It is never set in CI: there, a text that is not yet approved is a failure.
"""

import datetime as dt
import io
import json
from dataclasses import replace
from functools import cache, partial

import numpy as np
import openpyxl
import pytest
from pptx import Presentation

from mssp_sim import Scenario, State, charts, simulate
from mssp_sim.aco import Aco, Assumed
from mssp_sim.exports import election as election_exports
from mssp_sim.exports import handout, pictures, room_sheet, scenario_file, this_year
from mssp_sim.exports.brief import brief
from mssp_sim.exports.leaflet import Leaflet
from mssp_sim.exports.rule_changes import brief as rule_brief
from mssp_sim.exports.session_slides import session_slides
from mssp_sim.exports.slide import notes, slide
from mssp_sim.exports.typeface import SIGNS
from mssp_sim.exports.workbook import QuarterOnPaper, workbook
from mssp_sim.provisions import read
from mssp_sim.quantity import agreement_years
from mssp_sim.studies import practices
from mssp_sim.studies.election import election
from mssp_sim.studies.fair_shares import SPLITS, pool, shared
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.studies.renewal import Signed, drawn, over_the_agreement, turning_trend, ways, window
from mssp_sim.studies.repayment import election_rules
from mssp_sim.studies.rule_changes import Rulebook, both, compare_rules, settled_both
from mssp_sim.studies.rulebooks import NO_FILE, Book, Choice
from mssp_sim.studies.rules_on_many import ComparedAco, LeftOut, compare_many
from mssp_sim.studies.this_year import booking, invented, outlook, projected
from mssp_sim.studies.true_results import Setting
from mssp_sim.studies.year_inputs import Watched
from mssp_sim.trace import trace
from mssp_sim.words import rule_changes as own_words
from mssp_sim.words import rules_on_many as all_words
from mssp_sim.words.bridge import bridge_description, bridge_rows
from mssp_sim.words.curve import curve_description
from mssp_sim.words.election import Found
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests import random_scenarios
from tests.exports.as_text import approve, csv_lines, json_lines, masked, pdf, pptx, undrawn, xlsx
from tests.exports.cases import BASELINE, CASES, CROWDED, HOSTILE
from tests.exports.test_quarter_sheet import YEAR, exported, report
from tests.test_provisions import toml

DAY = dt.date(2026, 1, 15)
SAID = Assumed(("market_share", "expenditure", "quality_score"), "Assumed: the market share.")
BY_TYPE = replace(
    CROWDED, market_share_by_type=np.array([0.1, 0.2, np.nan, 0.3]),
    regional_growth_by_type=np.array([0.01, 0.02, 0.03, 0.04]),
)  # fmt: skip
ENHANCED = Scenario(level="ENHANCED", cost_reduction=0.05, quality_score=0.9)
ON_TARGET = Scenario(cost_reduction=0.0)
FILLED = replace(random_scenarios.by_chance_by_type(3), regional_expenditure=np.array([
    [91_000.0, 13_000.0, 17_000.0, 11_000.0], [92_000.0, 13_500.0, 17_500.0, 11_500.0],
    [93_000.0, 14_000.0, 18_000.0, 12_000.0],
]))  # fmt: skip


# Brief and slide of a settlement.

LEAFLETS = {
    "partial": (CASES[State.PARTIAL], BASELINE, {"name": "North Star"}),
    "crowded": (BY_TYPE, BASELINE, {"name": HOSTILE, "assumed": SAID}),
    "owing": (CASES[State.OVERSPENT_TWO_SIDED], ENHANCED, {}),
    "at_the_limit": (CASES[State.AT_THE_PAYMENT_LIMIT], ON_TARGET, {}),
    "unchanged": (ENHANCED, ENHANCED, {"assumed": replace(SAID, said="")}),
    "on_target": (ON_TARGET, CASES[State.UNDER_THE_MINIMUM], {}),
}


def made(make, case):
    now, before, told = LEAFLETS[case]
    return partial(make, simulate(now), simulate(before), day=DAY, **told)


@pytest.mark.parametrize("case", LEAFLETS)
def test_briefs(case):
    approve(f"brief_{case}", pdf(made(brief, case)))


@pytest.mark.parametrize("case", LEAFLETS)
def test_slides(case):
    with undrawn():
        content = made(slide, case)()
    approve(f"slide_{case}", pptx(content))


def test_the_notes_of_a_result_on_target_go_to_what_is_earned():
    on_target = simulate(ON_TARGET)
    assert float(on_target.gross_savings) == 0
    last = trace(on_target).how("shared_savings")[-1]
    assert f"\n{last.name}: " in notes(Leaflet(on_target, on_target, "", DAY))


def test_a_slide_counts_the_changes_that_only_its_notes_hold():
    now, before, _ = LEAFLETS["crowded"]
    changes = Leaflet(simulate(now), simulate(before), "", DAY).changes
    with undrawn():
        (page,) = Presentation(io.BytesIO(made(slide, "crowded")())).slides
    texts = "\n".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)
    listed = [words for words, worth in changes if f"{words} {worth}" in texts]
    assert len(listed) == 4
    assert f"and {len(changes) - len(listed)} more, in the notes" in texts


# The workbook of a settlement, and the sheet of the year that runs.


@cache
def whole_workbook():
    return xlsx(
        workbook(simulate(CASES[State.PARTIAL]), simulate(BASELINE), name="Lake", assumed=SAID)
    )


def test_the_workbook_of_a_settlement():
    approve("workbook", whole_workbook())


def test_the_workbook_of_another_settlement_differs_in_its_inputs_alone():
    approve("workbook_filled", xlsx(workbook(simulate(FILLED))), beside=whole_workbook())


def only_quarter(content):
    lines = xlsx(content)
    names = [line for line in lines[:400] if line.startswith("name Quarter")]
    return [lines[1], *names, *lines[lines.index("=== Quarter") :]]


def test_the_sheet_of_a_quarter_with_reports():
    approve("workbook_quarter", only_quarter(exported()[1]))


@cache
def half_a_year():
    projection = projected(invented(Scenario(), 2, Watched()), Scenario())
    return projection, booking(projection, outlook(projection, Watched()), 0.8)


def test_the_sheet_of_a_quarter_without_reports_or_before_the_prospective_trend():
    projection, booked = half_a_year()
    paper = QuarterOnPaper("At Q2", projection, booked)
    content = workbook(simulate(Scenario()), this_year=paper)
    approve("workbook_quarter_typed", only_quarter(content))
    found = report(YEAR).steps
    before = replace(found, quarter=replace(found.quarter, performance_year=2023, agreement_year=1))
    content = workbook(simulate(Scenario()), this_year=replace(paper, steps=before))
    approve("workbook_quarter_before_2024", only_quarter(content),
            beside=only_quarter(exported()[1]))  # fmt: skip


def test_each_figure_of_a_quarter_stands_beside_its_label():
    projection, booked = half_a_year()
    content = workbook(
        simulate(Scenario()), this_year=QuarterOnPaper("", projection, booked, election=0.02)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Quarter"]
    shown = {row[1].value: row[6].value for row in sheet.iter_rows(min_row=6)}
    so_far, ends = projection.so_far, projection.result
    wanted = {
        "Target per person (sum of O x M)": so_far.target_per_person,
        "Spending per person": so_far.spending_per_person,
        "Assigned people": so_far.people,
        "The target grows until the settlement by": projection.target_ratio,
        "Your spending grows until then by": projection.own_ratio,
        "Risk growth that counts": projection.risk,
        "Person-years of the year": projection.person_years,
        "Savings rate the year is heading for": projection.savings_rate,
        "Against the minimum": ends.minimum_savings_rate,
        "Payment the year is heading for": ends.payment,
        "Expected value": booked.expected,
        "Most likely amount": booked.likely,
        "Constrained amount to book": booked.constrained,
    }
    for name, amount in wanted.items():
        assert shown[name] == pytest.approx(float(amount), rel=1e-9), name


# The election.

MANY = tuple(
    practices.Practice(
        f"{'=' * (n == 0)}Practice {'ABCDEFGHIJ'[n]}",
        900.0 + 400 * n,
        quality=0.7 + n / 50,
        inside=n != 2,
    )
    for n in range(10)
)


@cache
def found_of(now, of_practices=MANY):
    result = simulate(now)
    chosen = election(result, Setting(hurts=1.6))
    signed = Signed(chosen.picked.level, chosen.picked.election)
    found = Found(
        result=result, election=chosen, ways=ways(now, signed) if window(now) else (),
        ends=int(agreement_years(now.agreement_start)[-1]),
        sources=dict(election_rules(dt.date(now.performance_year + 1, 1, 1)).source),
        over=over_the_agreement(now, chosen.choices),
    )  # fmt: skip
    if found.way is not None:
        futures = drawn(now, found.way, signed, chosen.setting)
        found = replace(found, futures=futures,
                        renewal=(futures, turning_trend(now, found.way.year, signed)))  # fmt: skip
    if of_practices:
        each = shared(result, of_practices, orders=50)
        found = replace(found, practices=(each, pool(each, each.payment * 0.5)))
    return found


LAST_YEAR = Scenario(level="ENHANCED", performance_year=2026, agreement_start=dt.date(2022, 1, 1))
ELECTIONS = {
    "whole": ((Scenario(),), {"name": "Palm\nBeach", "assumed": "Assumed: the market share."}),
    "last_year": ((LAST_YEAR, ()), {}),
}


@pytest.mark.parametrize("case", ELECTIONS)
def test_the_election_as_brief_slide_and_workbook(case):
    given, told = ELECTIONS[case]
    found = found_of(*given)
    approve(f"election_brief_{case}", pdf(partial(election_exports.brief, found, day=DAY, **told)))
    with undrawn():
        content = election_exports.slide(found, day=DAY, **told)
    approve(f"election_slide_{case}", pptx(content))
    content = election_exports.workbook(found, day=DAY, **told)
    approve(f"election_workbook_{case}", xlsx(content))


def test_each_figure_of_the_election_stands_under_its_heading():
    found = found_of(Scenario())
    content = io.BytesIO(election_exports.workbook(found, day=DAY))
    book = openpyxl.load_workbook(content, data_only=True)
    sheet = book["Election"]
    assert (sheet["B2"].value, sheet["B3"].value) == (1.6, found.election.setting.cost)
    columns = {head.value: head.column for head in sheet[5]}
    for row, choice in enumerate(found.election.choices, 6):
        wanted = {
            "Minimum": choice.minimum, "Paid": choice.paid, "Owed": choice.owed,
            "Expected": choice.expected, "One in ten below": choice.low,
            "One in ten above": choice.high, "Worst year in 20": choice.worst,
            "Owes": choice.chance_of_owing, "No money": choice.chance_of_nothing,
            "Most owed": choice.most_owed, "Worth": choice.worth(found.election.setting),
            "Mechanism this year": (
                choice.mechanism.amount if choice.mechanism.before_year == 1 else 0.0
            ),
        }  # fmt: skip
        read = {name: sheet.cell(row, columns[name]).value for name in wanted}
        assert read == pytest.approx(wanted)
    (looked_at, _), early = found.renewal, book["Renewal"]
    for row, way in enumerate(found.ways, 2):
        low, high = (looked_at.low, looked_at.high) if way.year == looked_at.year else (None, None)
        year, gain, *spread = [cell.value for cell in early[row]]
        assert (year, gain) == pytest.approx((way.year, way.gain))
        assert spread == ([None] * 2 if low is None else pytest.approx([low, high]))
    each, split = found.practices
    sheet = book["Practices"]
    members = [practice for practice in each.practices if practice.inside]
    for row, (practice, otherwise, fair) in enumerate(
        zip(each.practices, each.otherwise, each.fair, strict=True), 2
    ):
        parts = [fair, *(float(split.by_key[key][members.index(practice)]) for key in SPLITS)] if (
            practice.inside
        ) else [None] * 4  # fmt: skip
        read = [cell.value for cell in sheet[row]]
        inside = "yes" if practice.inside else "no"
        assert read[:3] == [practice.name, inside, practice.people]
        assert read[3:5] == pytest.approx([otherwise, otherwise - each.payment])
        assert read[5:] == (parts if None in parts else pytest.approx(parts))
    assert [sheet.cell(row, 6).value for row in (12, 13)] == pytest.approx(
        [each.rest, each.payment]
    )


# Rule changes.

FILE = read(toml('parameter = "sharing_rate"\nprovision = "E keeps 60%"\nby_level = { E = 0.60 }',
                 title="Sixty, for a test"))  # fmt: skip
EARLY, LATE = Book(None, dt.date(2019, 7, 1)), Book(2027, dt.date(2025, 1, 1))


def rules_compared(proposed):
    names = own_words.names(Choice(EARLY, LATE, "mine" if proposed else NO_FILE, 2024), proposed)
    old = Rulebook(agreement_start=EARLY.agreement_start)
    new = Rulebook(performance_year=LATE.performance_year, agreement_start=LATE.agreement_start,
                   assume_last=True, provisions=proposed)  # fmt: skip
    now = replace(BY_TYPE, level="E", quality_score=0.82, cost_reduction=0.03)
    own = own_words.Own(names, compare_rules(now, old, new), *settled_both(now, old, new),
                        both(now, old, new))  # fmt: skip
    acos = [ComparedAco("A1001", "=Lake", Scenario()), ComparedAco("A1002", "Hill", ENHANCED),
            ComparedAco("A1003", "Small", Scenario(assigned_beneficiaries=4_000.0))]  # fmt: skip
    many = compare_many(2024, acos, [LeftOut("A1004", "Far", "It has no spending.")], old, new)
    return own, many, names, proposed


@pytest.mark.parametrize("case", ["proposed", "published"])
def test_the_brief_and_the_table_of_rule_changes(case):
    own, many, names, proposed = rules_compared(FILE if case == "proposed" else None)
    approve(f"rule_changes_{case}", pdf(partial(rule_brief, own, many, names, proposed, day=DAY)))
    if case == "proposed":
        alone = partial(rule_brief, None, None, names, proposed, day=DAY)
        approve("rule_changes_of_no_scenario", pdf(alone))
        approve("rule_changes_acos", csv_lines(all_words.table(many, names).encode()))


# The year that runs, a room, a session.


def a_year():
    now, before = simulate(ENHANCED), simulate(BASELINE)
    draw = lambda theme: charts.payoff(curve(now, before), theme, "The fan.")  # noqa: E731
    parts = (
        this_year.Part("First, with a fan", "What it says.", draw),
        this_year.Part("Second, in words", "What the second says."),
        this_year.Part("Third, with a picture", "What the third says.", draw),
    )
    return this_year.YearOnPaper(
        "At Q2 it heads for $1.2M.", four_tiles(now, before), parts, ("It rests on this.", "And."),
    )  # fmt: skip


def test_the_year_that_runs_as_brief_and_slide():
    approve("year_brief", pdf(partial(this_year.brief, a_year(), name="Lake\nCare", day=DAY)))
    whole = replace(a_year(), parts=a_year().parts[1:])
    approve("year_brief_without_a_name", pdf(partial(this_year.brief, whole, day=DAY)))
    with undrawn():
        first = this_year.slide(a_year(), name="Lake", day=DAY)
        second = this_year.slide(whole, day=DAY)
    approve("year_slide", pptx(first))
    approve("year_slide_without_a_name", pptx(second), beside=pptx(first))


def test_the_sheet_of_a_room():
    now = simulate(Scenario())
    picture = charts.bridge(bridge_rows(now), "light", bridge_description(now))
    sections = [
        room_sheet.Section("1. What is paid?", ("Three said A.", "Two said B."), picture),
        room_sheet.Section("2. And then?", ("Nobody said.",)),
    ]
    approve("room_sheet", pdf(partial(room_sheet.room_sheet, "Room Q", "5 seats took part.",
                                      sections, day=DAY)))  # fmt: skip


@pytest.mark.parametrize("minutes", [90, 30, 60])
def test_the_slides_and_the_guide_of_a_session(minutes):
    with undrawn():
        lines = pptx(session_slides(minutes))
        beside = pptx(session_slides(90)) if minutes != 90 else None
    approve(f"session_slides_{minutes}", lines, beside=beside)
    guide = pdf(partial(handout.guide, minutes))
    others = pdf(partial(handout.guide, 90)) if minutes != 90 else None
    approve(f"guide_{minutes}", guide, beside=others)


def test_what_a_trainer_gives_out():
    linked = pdf(partial(handout.handout, "https://example.org/?x=1"))
    approve("handout", linked)
    approve("handout_without_a_link", pdf(handout.handout), beside=linked)
    approve("answers", pdf(handout.answers))


# The scenario file, and the sentences it is refused with.


def changed_file(**changes):
    content = json.loads(scenario_file.save(Scenario()))
    return json.dumps(content | changes).encode()


def of_fields(**changes):
    return changed_file(scenario=json.loads(scenario_file.save(Scenario()))["scenario"] | changes)


REFUSED = {
    "too large": b" " * (scenario_file.LARGEST + 1),
    "twice": b'{"schema": 1, "schema": 2}',
    "no json": b"[",
    "another file": b"[]",
    "no schema": changed_file(schema=True),
    "schema below none": changed_file(schema=-1),
    "newer schema": changed_file(schema=9),
    "unknown part": changed_file(more=1, b=2, c=3),
    "unknown parts": changed_file(more=1, b=2, c=3, d=4),
    "no scenario": changed_file(scenario=[]),
    "no baseline": changed_file(baseline=1),
    "letters": changed_file(kept={"D": {}}),
    "kept": changed_file(kept={"B": 1}),
    "unknown field": of_fields(a_field=1),
    "a fault": of_fields(quality_score=1.2),
    "many faults": of_fields(
        quality_score=1.2,
        market_share=3,
        level="Z",
        risk_growth="x",
        national_growth=9,
        regional_growth=9,
    ),
    "one value": of_fields(quality_score=[0.1]),
    "a table": of_fields(expenditure=1.0),
    "ragged": of_fields(expenditure=[[1.0], [1.0, 2.0]]),
    "a date": of_fields(agreement_start="today"),
    "aco": changed_file(aco={"id": "A1001"}),
    "aco's id": changed_file(aco={"id": "x", "year": 2024, "name": "x"}),
    "assumed": changed_file(aco={"id": "A1001", "year": 2024, "name": "x", "assumed": ["x"]}),
}


def test_what_a_scenario_file_holds():
    told = {
        "whole": scenario_file.save(
            BY_TYPE, Scenario(), {"B": ENHANCED}, name="Lake\nCare", assumed=SAID,
            aco=Aco("A1001", 2024, "Lake & Care"),
        ),
        "alone": scenario_file.save(Scenario(), aco=Aco("A1001", 2024, "Lake & Care")),
    }  # fmt: skip
    lines = {name: json_lines(content) for name, content in told.items()}
    approve("scenario_file", lines["whole"])
    approve("scenario_file_alone", lines["alone"], beside=lines["whole"])


def test_what_a_scenario_file_is_refused_with_or_opened_with():
    lines = []
    for name, data in REFUSED.items():
        with pytest.raises(scenario_file.ScenarioFileError) as refused:
            scenario_file.opened(data)
        lines.append(f"{name}: {masked(str(refused.value))}")
    for name, older in {
        "older rules": {"rules_version": 2},
        "no rules": {"rules_version": True},
        "fields left out": {"rules_version": 2, "scenario": {}, "kept": {"A": {"level": "A"}}},
        "older schema": {"schema": 0, "more": 1},
        "older fields": {"schema": 0, "scenario": {"a": 1, "b": 2, "c": 3, "d": 4}},
    }.items():
        lines += [f"{name}: {masked(said)}" for said in
                  scenario_file.opened(changed_file(**older)).notices]  # fmt: skip
    approve("scenario_file_sentences", lines)


def test_what_cannot_be_taken_away_is_refused_in_a_sentence():
    batch = Scenario(quality_score=np.array([0.1, 0.2]))
    lines = [SIGNS]
    for make in (
        lambda: workbook(simulate(batch)),
        lambda: Leaflet(simulate(batch), simulate(BASELINE), "", DAY),
        lambda: scenario_file.save(batch),
    ):
        with pytest.raises(ValueError, match="scenario") as refused:
            make()
        lines.append(masked(str(refused.value)))
    approve("sentences", lines)


def test_the_table_of_practices():
    lines = csv_lines(practices.template())
    lines += csv_lines(practices.written([practices.Practice("=Lake, Care", 900.5, 0.96)]))
    approve("practices", lines)


def test_a_picture_as_a_file_is_light_or_dark_as_a_whole():
    now = simulate(Scenario())
    words = f"{outcome(now)} {curve_description(now)}"
    lines = []
    for theme in ("light", "dark"):
        picture = charts.payoff(curve(now, now), theme, words)
        spec = pictures.drawable(picture, 640, theme)
        assert spec["datasets"].keys() == picture.datasets.keys()
        assert "currentColor" not in json.dumps(spec["layer"])
        assert all(spec["datasets"].values())
        kept = {key: value for key, value in spec.items() if key not in ("datasets", "layer")}
        lines += [theme, *json.dumps(kept, indent=1, sort_keys=True).split("\n")]
    approve("picture", lines)
