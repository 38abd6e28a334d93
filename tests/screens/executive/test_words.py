"""What the Executive view says: the map's finding, the moves, what a goal would take."""

import datetime as dt

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.screens.executive import words
from mssp_sim.studies.goal import frontier, seek
from mssp_sim.studies.moves import moves
from mssp_sim.studies.tradeoff import tradeoff
from mssp_sim.words.tradeoff import map_title, map_words

SLIP = Scenario()
OLDER = {"performance_year": 2016, "agreement_start": dt.date(2016, 1, 1)}


def lines(**fields):
    result = simulate(Scenario(**fields))
    found = moves(result)
    both = words.this_year(found, result), words.next_election(found, result)
    return [[(line.shown, line.title, line.note) for line in each] for each in both]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({}, "Two cliffs: 2.0% saved starts the payment, 76.7 quality makes it full"),
        (
            {"level": "A"},
            "Two cliffs: 2.25% saved starts the payment, 76.7 quality makes it full",
        ),
        (
            # 12.2% at 500 people, 8.7% at 999: 12.2 − 3.5 x 400 / 499 = 9.39
            {"assigned_beneficiaries": 900, "cost_reduction": 0.05},
            "Two cliffs: 9.39% saved starts the payment, 76.7 quality makes it full",
        ),
        ({"minimum_election": 0.0}, "One cliff: every saving pays, 76.7 quality makes it full"),
        (
            {"alternative_standard_met": False},
            "Two cliffs: it takes 2.0% saved and 76.7 quality to be paid",
        ),
        (
            {"alternative_standard_met": False, "minimum_election": 0.0},
            "One cliff: 76.7 quality starts the payment",
        ),
        ({"quality_standard_met": True}, "One cliff: 2.0% saved starts the payment"),
        (
            {"quality_standard_met": False, "alternative_standard_met": False},
            "No saving and no score is paid under these terms",
        ),
        (
            {"level": "B", "participant_revenue_share": 0.3},
            "Two cliffs: 2.25% saved doubles the payment, 76.7 quality makes it full",
        ),
    ],
)
def test_the_map_names_the_cliffs_it_has(fields, title):
    assert map_title(tradeoff(Scenario(**fields))) == title


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "At 3.1% saved and quality 75.0 you earn $6.5M; at 76.7 it would be $8.7M."),
        ({"quality_score": 0.82}, "At 3.1% saved and quality 82.0 you earn $8.7M."),
        ({"cost_reduction": 0.01}, "At 1.0% saved and quality 75.0 no money changes hands."),
        ({"cost_reduction": -0.04}, "At 4.0% overspent and quality 75.0 you owe $6.9M."),
        (
            # 572,000,000 x 4% x (1 - 75% x 76.7%) = 9,718,280
            {"cost_reduction": -0.04, "level": "ENHANCED"},
            "At 4.0% overspent and quality 75.0 you owe $10.0M; at 76.7 you would owe $9.7M.",
        ),
    ],
)
def test_under_the_map_stands_where_you_are_and_what_quality_would_do(fields, said):
    scenario = Scenario(**fields)
    text = map_words(tradeoff(scenario), simulate(scenario))
    assert text == f"{said} Click or tap the map to set both."


def test_the_slip_has_three_moves_this_year_and_an_election_with_its_mirror():
    this_year, next_election = lines()
    assert this_year == [
        (
            "+$3.6M",
            "Both together",
            "Quality 75.0 → 76.7 and cost reduction 3.1% → 3.6%; each makes the other worth more",
        ),
        ("+$2.2M", "Raise quality 1.7 points", "Quality 75.0 → 76.7, the full standard"),
        ("+$1.1M", "Cut cost 0.5 points more", "Cost reduction 3.1% → 3.6%"),
    ]
    # An ACO on E is experienced with risk: of an agreement from 2026 it may sign E or ENHANCED.
    # 17,732,000 x (56.25% - 37.5%) x 98% = 3,258,255; mirror: 17,732,000 x (43.75% - 30%)
    assert next_election == [
        ("+$3.3M", "Sign ENHANCED", "on the same overspending it owes $2.4M more"),
    ]


def test_an_overspender_reads_the_mirror_as_savings():
    _, next_election = lines(cost_reduction=-0.04)
    assert ("−$3.1M", "Sign ENHANCED", "on the same savings it earns $4.2M more") in next_election


def test_minimums_that_come_to_the_same_are_one_line():
    this_year, next_election = lines(cost_reduction=0.01)
    assert this_year == []
    assert next_election == [
        (
            "+$2.1M",
            "Choose a minimum of 0.0%, 0.5% or 1.0%",
            "on the same overspending it owes $1.7M more",
        )
    ]


@pytest.mark.parametrize("fields", [OLDER | {"level": "2"}, OLDER | {"level": "1"}])
def test_an_older_agreement_is_offered_the_tracks_of_its_time(fields):
    _, next_election = lines(**fields)
    titles = [title for _, title, _ in next_election]
    assert titles
    assert all(not title.startswith(("Sign A", "Sign E")) for title in titles)


def test_a_goal_by_one_lever_or_by_both_or_not_at_all():
    result = simulate(SLIP)
    goal = words.least(8.7e6)
    assert words.one_lever(seek(SLIP, "quality_score", goal), result) == (
        "Quality alone: 76.7 instead of 75.0, which comes to $8.7M."
    )
    # 8,650,000 / (572,000,000 x 37.5% x 98%) = 4.115%: 4.2% on the lever, 8,828,820
    assert words.one_lever(seek(SLIP, "cost_reduction", goal), result) == (
        "Cost alone: 4.2% instead of 3.1%, which comes to $8.8M."
    )
    assert words.one_lever(seek(SLIP, "quality_score", 9e6), result) == (
        "Quality alone: it cannot. The most is $8.7M, at 76.7."
    )
    # 9,450,000 / (572,000,000 x 50% x 98%) = 3.372%: 3.4%
    both = words.together(frontier(SLIP, words.least(9.5e6)), result)
    assert both == {"quality_score": 0.767, "cost_reduction": 0.034}
    assert words.together(frontier(SLIP, 60e6), result) == {}
    assert words.never(frontier(SLIP, 60e6).most) == (
        "Not with this contract: the most it can pay is $57.2M."
    )


@pytest.mark.parametrize(
    ("fields", "goal"),
    [({}, 8.7e6), ({"quality_score": 0.82}, 9.7e6), ({"cost_reduction": -0.04}, 1e6)],
)
def test_the_first_goal_is_the_full_check_or_a_million_more(fields, goal):
    assert words.first_goal(simulate(Scenario(**fields))) == pytest.approx(goal)


def test_a_raise_that_stops_just_short_of_the_standard_says_so():
    result = simulate(Scenario(quality_score=0.712))
    lines = words.this_year(moves(result), result)
    alone = next(line for line in lines if line.title == "Raise quality 5.0 points")
    assert alone.note == ("Quality 71.2 → 76.2; 0.5 points more reach the full standard: +$2.5M")
    far = simulate(Scenario(quality_score=0.70))
    assert not any("more reach" in line.note for line in words.this_year(moves(far), far))
