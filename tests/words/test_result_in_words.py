"""The words of the result: the sentences of the specification, near thresholds, in every state."""

import datetime as dt

import numpy as np
import pytest

from mssp_sim import Scenario, State, simulate
from mssp_sim.naming import change_in_words, in_labels, value_as_shown
from mssp_sim.scenario import quantities
from mssp_sim.simulation import payoff
from mssp_sim.words.bridge import bridge_description, bridge_rows, bridge_title
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import lever_against_outcome, outcome, read_out
from mssp_sim.words.tiles import against_baseline, four_tiles

GOOD = simulate(Scenario(quality_score=0.82))
EARLY = {"performance_year": 2023, "agreement_start": dt.date(2023, 1, 1)}
OF_2018 = {"performance_year": 2018, "agreement_start": dt.date(2018, 1, 1), "level": "3"}
LOW = {"participant_revenue_share": 0.30}

CASES = {
    "partial": (
        {},
        State.PARTIAL,
        "You beat the target by 3.1% but missed the full quality standard by 1.7 points, "
        "so your share fell from 50.0% to 37.5%.",
    ),
    "full": (
        {"quality_score": 0.82},
        State.FULL,
        "You beat the target by 3.1% and met the full quality standard: you keep 50.0% of $17.7M; "
        "after sequestration that is $8.7M.",
    ),
    "first year": (
        {"agreement_period": 1},
        State.FULL,
        "You beat the target by 3.1% and, in the first year of a first agreement, reporting "
        "quality is enough: you keep 50.0% of $17.7M; after sequestration that is $8.7M.",
    ),
    "reporting incentive": (
        {"reporting_incentive_met": True},
        State.FULL,
        "You beat the target by 3.1% and the reporting incentive meets the quality standard: "
        "you keep 50.0% of $17.7M; after sequestration that is $8.7M.",
    ),
    "2020, the score scales the share": (
        {"performance_year": 2020, "agreement_start": dt.date(2020, 1, 1)},
        State.FULL,
        "You beat the target by 3.1% and your quality score of 75.0 scales your share: you keep "
        "37.5% of $17.7M, which is $6.6M.",
    ),
    "neither standard": (
        {"alternative_standard_met": False},
        State.NEITHER_STANDARD,
        "You saved $17.7M and earn nothing: neither quality standard was met.",
    ),
    "payment limit": (
        {"quality_score": 0.82, "cost_reduction": 0.24},
        State.AT_THE_PAYMENT_LIMIT,
        "You beat the target by 24.0% and met the full quality standard; the limit of 10% of "
        "target stops it at $57.2M.",
    ),
    "under the minimum": (
        {"cost_reduction": 0.019},
        State.UNDER_THE_MINIMUM,
        "You saved $10.9M (1.9%), less than the 2.0% minimum. No money changes hands.",
    ),
    "a hair under the minimum": (
        {"cost_reduction": 0.0198},
        State.UNDER_THE_MINIMUM,
        "You saved $11.3M (1.98%), less than the 2.00% minimum. No money changes hands.",
    ),
    "half rate": (
        {"cost_reduction": 0.01, "quality_score": 0.82, **LOW},
        State.HALF_RATE,
        "You saved $5.7M (1.0%), less than the 2.0% minimum; as a low-revenue ACO you still keep "
        "half your share, 25.0%: $1.4M.",
    ),
    "on target": (
        {"cost_reduction": 0.0},
        State.ON_TARGET,
        "Your spending met the target to the dollar. No money changes hands.",
    ),
    "inside the zone": (
        {"cost_reduction": -0.01},
        State.OVERSPENT_INSIDE_THE_ZONE,
        "You overspent by $5.7M (1.0%), less than the 2.0% at which losses count. "
        "No money changes hands.",
    ),
    "two-sided": (
        {"cost_reduction": -0.03},
        State.OVERSPENT_TWO_SIDED,
        "You overspent by 3.0%. From 2.0% on the charge counts from the first dollar: "
        "you owe $5.1M.",
    ),
    "two-sided, a disaster": (
        {"cost_reduction": -0.03, "disaster_share": 0.5},
        State.OVERSPENT_TWO_SIDED,
        "You overspent by 3.0%. From 2.0% on the charge counts from the first dollar: "
        "you owe $2.6M after $2.6M forgiven for the disaster.",
    ),
    "loss limit": (
        {"cost_reduction": -0.16},
        State.OVERSPENT_AT_THE_LOSS_LIMIT,
        "You overspent by 16.0%; the limit of 4% of target stops the charge at $22.9M: "
        "you owe $22.9M.",
    ),
    "loss limit on revenue": (
        {"cost_reduction": -0.16, **LOW},
        State.OVERSPENT_AT_THE_LOSS_LIMIT,
        "You overspent by 16.0%; the limit of 8% of your participants' revenue stops the charge "
        "at $15.9M: you owe $15.9M.",
    ),
    "one-sided": (
        {"cost_reduction": -0.06, "level": "A"},
        State.OVERSPENT_ONE_SIDED,
        "You overspent by $34.3M (6.0%). Contract A is one-sided: you owe nothing.",
    ),
    "left in September": (
        {"months_in_program": 9},
        State.LEFT_EARLY,
        "You saved $17.7M, but left before the year ended: no savings are shared.",
    ),
    "ended by CMS": (
        {"ended_by_cms": True},
        State.LEFT_EARLY,
        "You saved $17.7M, but CMS ended the agreement during the year: no savings are shared.",
    ),
    "left in September with a loss": (
        {"cost_reduction": -0.05, "months_in_program": 9},
        State.OVERSPENT_TWO_SIDED,
        "You overspent by 5.0%. From 2.0% on the charge counts from the first dollar: "
        "$8.6M for the whole year; for 9 of 12 months you owe $6.4M.",
    ),
    "left in June with a loss": (
        {"cost_reduction": -0.05, "months_in_program": 6},
        State.OVERSPENT_TWO_SIDED,
        "You overspent by 5.0%. From 2.0% on the charge counts from the first dollar: "
        "$8.6M for the whole year, but you left so early that you owe nothing.",
    ),
    "in a disaster area of 2018": (
        {"quality_score": 0.5, "in_disaster_area": True, **OF_2018},
        State.FULL,
        "You beat the target by 3.1% and your quality score of 92.7 scales your share: you keep "
        "69.5% of $17.7M; after sequestration that is $12.1M.",
    ),
    "a domain missed": (
        {"at_risk_population_met": False, **OF_2018},
        State.NEITHER_STANDARD,
        "You saved $17.7M and earn nothing: in one of the four quality domains no measure "
        "reached its minimum.",
    ),
    "guardrail": (
        {"cost_reduction": 0.005, "prospective_trend": -0.05},
        State.GUARDRAIL,
        "The prospective trend alone would have cost you. Recalculated without it, you saved "
        "$2.9M: you owe nothing and earn nothing.",
    ),
    "guardrail, still a loss": (
        {"cost_reduction": -0.03, "prospective_trend": 0.0},
        State.GUARDRAIL,
        "The prospective trend alone would have cost you. Recalculated without it, you still "
        "overspent by 3.0%: you owe $5.1M.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_says_what_happened(case):
    fields, state, sentence = CASES[case]
    result = simulate(Scenario(**fields))
    assert result.state == state
    assert outcome(result) == sentence


def test_there_is_a_sentence_for_every_state():
    assert {state for _, state, _ in CASES.values()} == set(State)


def test_an_aco_under_five_thousand_people_gets_a_second_sentence():
    sentence = outcome(simulate(Scenario(assigned_beneficiaries=4_999)))
    assert "With 4,999 people you are under the program's minimum of 5,000" in sentence
    assert "under the program" not in outcome(simulate(Scenario(assigned_beneficiaries=5_000)))


@pytest.mark.parametrize("short", [0.0001, 0.00001, 0.000002])
def test_a_near_miss_of_quality_shows_enough_digits(short):
    sentence = outcome(simulate(Scenario(quality_score=0.767 - short)))
    assert " by 0.0 points" not in sentence
    assert f" by {short * 100:.5f}".rstrip("0") in sentence


@pytest.mark.parametrize("rate", [0.02 - 1e-5, 0.02 - 1e-6, 0.02 - 3e-8])
def test_a_near_miss_of_the_minimum_never_looks_like_a_hit(rate):
    result = payoff(Scenario(), rate)
    own, minimum = outcome(result).split("(")[1].split("%")[0], "2.0"
    assert result.state == State.UNDER_THE_MINIMUM
    assert float(own) < float(minimum)


def test_the_four_tiles_of_the_slip_year():
    shown = [(t.label, t.shown, t.note) for t in four_tiles(simulate(Scenario()), GOOD)]
    assert shown == [
        ("You earn", "$6.5M", "$2.2M below baseline"),
        ("Left on the table", "$2.2M", "all lost to quality"),
        ("Saved", "$17.7M", "3.1%, clears 2.0%"),
        ("Your share", "37.5%", "12.5 points lower"),
    ]


def test_the_four_tiles_of_a_loss():
    shown = [
        (t.label, t.shown, t.tone)
        for t in four_tiles(simulate(Scenario(cost_reduction=-0.03)), GOOD)
    ]
    assert shown == [
        ("You owe", "$5.1M", "owed"),
        ("Left on the table", "$0.0M", "plain"),
        ("Overspent", "$17.2M", "plain"),
        ("Your share of losses", "30.0%", "plain"),
    ]


def test_a_difference_from_the_baseline_is_in_words():
    assert against_baseline(0.001) == "same as baseline"
    assert against_baseline(-2_172_170) == "$2.2M below baseline"
    assert against_baseline(1_000) == "<$0.1M above baseline"


def test_the_bridge_of_the_slip_year_as_shown():
    assert [(part.label, part.shown) for part in bridge_rows(simulate(Scenario()))] == [
        ("Saved", "$17.7M"),
        ("Medicare's part", "−$8.9M"),
        ("Lost at the minimum", "$0.0M"),
        ("Lost to quality", "−$2.2M"),
        ("Above the limit", "$0.0M"),
        ("Sequestration 2%", "−$0.1M"),
        ("You earn", "$6.5M"),
    ]


def test_medicare_takes_the_rounding_of_the_bridge():
    good = {part.label: part.shown for part in bridge_rows(GOOD)}
    assert good["Medicare's part"] == "−$8.8M", "17.7 − 8.7 − 0.2, though it is 8,866,000"


def test_titles_and_descriptions_of_the_pictures():
    slip = simulate(Scenario())
    assert bridge_title(slip) == "Of $17.7M saved, $6.5M reaches you"
    assert bridge_description(slip) == "$6.5M to you + $11.2M to Medicare = $17.7M saved."
    assert curve_title(slip) == "1.7 quality points short costs $2.2M"
    assert curve_description(slip) == (
        "Saving 3.1% pays $6.5M at quality 75.0 and $8.7M at full quality (dashed). "
        "Paid as long as you save 2.0%: a cushion of 1.1 points, $6.3M."
    )
    loss = simulate(Scenario(cost_reduction=-0.03))
    assert curve_title(loss) == "1.0 point past the cliff: you owe $5.1M"


@pytest.mark.parametrize("dollars", [1, 40_000, 60_000, 99_999])
@pytest.mark.parametrize("sign", [1, -1])
def test_small_amounts_never_show_a_negative_nothing(dollars, sign):
    r = payoff(Scenario(minimum_election=0.0), sign * dollars / 572e6)
    words = [outcome(r), bridge_title(r), bridge_description(r), curve_title(r)]
    words += [part.shown for part in bridge_rows(r)] + [tile.shown for tile in four_tiles(r, GOOD)]
    assert not [text for text in words if "−$0.0M" in text]


def test_a_lever_is_not_an_outcome():
    assert lever_against_outcome(simulate(Scenario())) == ""
    moved = lever_against_outcome(simulate(Scenario(regional_growth=0.03)))
    assert moved == "You cut 3.1%; against the new target that is 1.98%."


def test_what_changed_is_told_as_the_story():
    assert change_in_words("quality_score", Scenario(), GOOD.scenario) == "Quality 82.0 → 75.0"
    edited = Scenario(risk_score=np.full((3, 4), 1.1))
    assert change_in_words("risk_score", edited, Scenario()).endswith(
        " BY1 ESRD 1.000 → 1.100 and 11 more"
    )
    assert read_out(simulate(Scenario()), GOOD) == ("You earn $6.5M", "−$2.2M against baseline")
    assert read_out(GOOD, GOOD) == ("You earn $8.7M", "same as baseline")


@pytest.mark.parametrize("name", list(quantities()))
def test_every_field_can_be_shown(name):
    text = value_as_shown(name, Scenario())
    assert text
    assert text.isprintable()


def test_faults_are_told_in_the_labels_of_the_screen():
    for name, words in quantities().items():
        assert in_labels(f"{name} is wrong") == f"{words.label} is wrong"
