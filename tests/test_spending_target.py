"""The Spending target page's reckoning: parts that add up, share, risk, own effect, the tables."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from mssp_sim import Scenario, simulate
from mssp_sim.figures import MINUS
from mssp_sim.screens.spending_target import by_type, words
from mssp_sim.simulation import updated_target
from mssp_sim.studies.target_split import (
    by_risk,
    by_share,
    own_drag,
    split,
    with_own_effect,
)
from mssp_sim.target import market_share, market_share_in_all
from mssp_sim.units import TYPES
from tests import random_scenarios
from tests.strategies import scenarios

OF_2023 = {"performance_year": 2023, "agreement_start": dt.date(2023, 1, 1)}
SHARES = np.round(np.arange(0.01, 0.905, 0.01), 2)
SUM = (
    "history", "adjustment", "mix", "national", "regional", "other_acos", "own_effect",
    "prospective", "risk", "calibration",
)  # fmt: skip


def dollars(text):
    return int(text.replace("$", "").replace(",", "").replace("+", "").replace(MINUS, "-"))


def target_of(scenario):
    return updated_target(scenario, scenario.rules)


@settings(max_examples=40)
@given(scenarios())
def test_the_parts_add_up_to_the_target_that_was_settled_and_as_shown(scenario):
    result = simulate(scenario)
    parts = split(result)
    assert parts.target == pytest.approx(float(result.benchmark), rel=1e-9)
    assert sum(getattr(parts, name) for name in SUM) == pytest.approx(parts.target, rel=1e-9)
    blended = sum(w * y for w, y in zip(parts.weights, parts.by_year, strict=True))
    assert blended == pytest.approx(parts.history, rel=1e-9)
    assert sum(part.part for part in words.blend(parts)) == pytest.approx(parts.update, abs=1e-9)
    rows = words.pieces(parts, scenario)
    added = sum(dollars(row.shown) for row in rows if row.look == "part")
    first, last = (dollars(row.shown) for row in rows if row.look == "total")
    assert first + added == last
    assert len({row.label for row in rows}) == len(rows)
    said = " ".join([words.headline(parts), words.steps_description(parts)])
    assert not re.search(rf"\bnan\b|{MINUS}\$0\b", said)


def test_the_reference_target_by_hand():
    # 12,369.17 x (2/3 x 10% = 6.67%) x 6.0% = 49.48; x 60% x 5.0% = 371.08; x 1/3 x 5.1% = 210.28
    parts = split(simulate(Scenario()))
    assert parts.national == pytest.approx(12_369.17 * 0.060 / 15, abs=0.01)
    assert parts.regional == pytest.approx(12_369.17 * 0.60 * 0.050, abs=0.01)
    assert parts.prospective == pytest.approx(12_369.17 * 0.051 / 3, abs=0.01)
    assert parts.known_afterwards == pytest.approx(13_000 - 12_369.17 - 210.28, abs=0.01)


def test_under_the_guardrail_the_parts_leave_the_prospective_trend_out():
    result = simulate(Scenario(cost_reduction=-0.04, prospective_trend=0.01))
    assert result.guardrail
    parts = split(result)
    assert parts.prospective == 0
    assert parts.target == pytest.approx(result.benchmark)


# Acceptance 1: the share line.


@pytest.mark.parametrize("regime", [{}, OF_2023], ids=["three-way", "two-way"])
@pytest.mark.parametrize(
    ("region", "nation", "slope", "title"),
    [
        (0.06, 0.04, -1, "A larger share lowers your target"),
        (0.04, 0.06, 1, "A larger share raises your target"),
        (0.05, 0.05, 0, "A larger share makes no difference"),
    ],
)
def test_a_larger_share_hurts_where_the_region_grows_faster(regime, region, nation, slope, title):
    scenario = Scenario(regional_growth=region, national_growth=nation, **regime)
    swept = by_share(simulate(scenario), SHARES)
    steps = np.diff(swept.growth)
    assert np.all(np.sign(np.where(np.abs(steps) < 1e-12, 0, steps)) == slope)
    # each point of share moves a point of weight, two thirds of it with the prospective third
    weight = 1.0 if regime else 2 / 3
    assert steps == pytest.approx(np.full(len(steps), 0.01 * weight * (nation - region)))
    assert words.share_title(words.lean(swept, 0.10)) == title


def test_at_the_end_of_the_scale_fewer_points_tell_the_same_slope():
    result = simulate(Scenario(regional_growth=0.06, national_growth=0.04, market_share=0.88))
    lean = words.lean(by_share(result, SHARES), 0.88)
    assert (lean.more, lean.trend > 0) == (-0.1, True)
    assert words.share_title(lean) == "A larger share lowers your target"


def test_with_its_own_effect_even_equal_trends_make_share_matter():
    alike = Scenario(own_effect=True, other_acos_share=0.2)
    swept = by_share(simulate(alike), SHARES)
    assert words.share_title(words.lean(swept, 0.10)) == "A larger share lowers your target"
    assert words.share_title(words.lean(swept, 0.65)) == "A larger share raises your target"
    assert swept.at.max() == 0.80


# Acceptance 2: risk, rules.md 4.3.


@pytest.mark.parametrize(
    ("growth", "counted"),
    [(-0.06, -0.06), (-0.03, -0.03), (0.02, 0.02), (0.03, 0.03), (0.05, 0.03)],
)
def test_until_2023_risk_growth_counts_to_three_percent_and_has_no_floor(growth, counted):
    swept = by_risk(simulate(Scenario(**OF_2023)), np.array([growth]))
    assert swept.growth == pytest.approx([growth])
    assert swept.counted == pytest.approx([counted])


def test_risk_growth_beyond_the_cap_changes_nothing():
    for regime in ({}, OF_2023):
        at, beyond = (simulate(Scenario(risk_growth=g, **regime)) for g in (0.03, 0.08))
        assert beyond.benchmark == pytest.approx(at.benchmark)
        parts = split(beyond)
        # 12,369.17 x (8% - 3%) = 618.46
        assert parts.risk_not_counted == pytest.approx(12_369.17 * 0.05, abs=0.01)
        assert words.risk_title(parts) == "Of 8.0% risk growth, 3.0% counts"


def test_until_2023_each_type_is_capped_alone_from_2024_all_together():
    # ESRD grows 20%, 0.4% of people but 91,542 / 12,251 of the cost: in all well under 3%.
    scores = np.array([1.20, 1.0, 1.0, 1.0])
    alone = split(simulate(Scenario(risk_score_performance_year=scores, **OF_2023)))
    in_all = split(simulate(Scenario(risk_score_performance_year=scores)))
    weight = 0.004 * 91_542 / (0.004 * 91_542 + 0.073 * 11_930 + 0.055 * 18_220 + 0.868 * 11_552)
    assert in_all.risk_growth == pytest.approx(0.20 * weight)
    assert in_all.risk_counted == pytest.approx(0.20 * weight)
    assert alone.risk_counted == pytest.approx(0.03 * weight)


def test_from_2024_demographic_growth_widens_the_bound():
    result = simulate(Scenario(demographic_growth=0.01))
    swept = by_risk(result, np.array([-0.05, 0.04, 0.045]))
    assert swept.counted == pytest.approx([-0.05, 0.04, 0.04])
    said = words.risk_description(split(result), result.scenario, in_all=True)
    assert "The cap is 4.0% since 2024; tested over all four types" in said
    assert "3.0% and +1.0% demographic growth" in said


def test_falling_risk_is_said_to_have_no_floor():
    parts = split(simulate(Scenario(risk_growth=-0.03)))
    assert words.risk_title(parts) == "Falling risk lowers your target by 3.0%: no floor"
    assert "Falling scores are not held: $371 per person" in words.risk_description(
        parts, Scenario(risk_growth=-0.03), in_all=True
    )


# Acceptance 3: the own effect.


@pytest.mark.parametrize(("regime", "kept"), [({}, 2 / 3), (OF_2023, 1.0)])
def test_the_drag_is_share_times_the_rest_times_the_cut_and_worst_at_half(regime, kept):
    scenario = Scenario(cost_reduction=0.04, **regime)
    drag = own_drag(simulate(scenario), SHARES)
    # history x region's growth x (1 - s) x s x c, two thirds of it with the prospective third
    by_hand = 12_369.17 * 1.05 * (1 - SHARES) * SHARES * 0.04 * kept
    assert -drag == pytest.approx(by_hand, rel=1e-6)
    assert SHARES[np.argmin(drag)] == 0.50
    assert drag[SHARES == 0.3] == pytest.approx(drag[SHARES == 0.7])


@settings(max_examples=20)
@given(scenarios(regional_level=0.0, tables=False))
def test_the_drag_is_what_counting_oneself_takes_off_the_target(scenario):
    result = simulate(replace(scenario, own_effect=True))
    if simulate(replace(scenario, own_effect=False)).guardrail == result.guardrail:
        drag = own_drag(result, np.array([scenario.market_share]))
        difference = with_own_effect(result, counted=True) - with_own_effect(result, counted=False)
        assert drag == pytest.approx([difference], abs=1e-6)
        assert split(result).own_effect == pytest.approx(difference, abs=1e-6)


def test_the_drag_is_said_in_dollars():
    parts, s = split(simulate(Scenario())), Scenario()
    # 12,369.17 x 1.051 x 0.9 x 0.1 x 0.031 x 2/3 = 24.18 a person, x 44,000 = 1.06M; at half 2.96M
    drag, worst = own_drag(simulate(s), np.array([0.1, 0.5]))
    said = words.drag_description(drag, worst, parts, s, adjustment=0.0)
    assert words.drag_title(drag, counted=False) == (
        "Your savings would take $24 per person off your target"
    )
    assert f"{MINUS}$1.1M in all" in said
    assert f"Worst at half the region: {MINUS}$3.0M." in said


def test_a_large_aco_sees_little_of_the_regional_adjustment():
    dearer = Scenario(regional_level=0.05, market_share=0.6, own_effect=True)
    parts = split(simulate(dearer))
    # 12,369.17 x 5% x (1 - 60%) = 247.38; half of it counts
    assert parts.regional_difference == pytest.approx(247.38, abs=0.01)
    assert parts.adjustment == pytest.approx(123.69, abs=0.01)


# The adjustment and its caps.


def test_a_capped_adjustment_shows_what_does_not_count():
    parts = split(simulate(Scenario(regional_level=0.2)))
    # 50% x 12,369.17 x 20% = 1,236.92 asked; target 13,762.5 / 1.051 - 12,369.17 = 725.5 counts
    assert parts.adjustment + parts.adjustment_not_counted == pytest.approx(1_236.92, abs=0.01)
    assert parts.adjustment == pytest.approx(13_762.5 / 1.051 - 12_369.17, abs=0.5)
    assert "the caps hold it at" in words.adjustment_note(parts)


def test_a_reduction_in_sum_does_not_count_from_2024_but_did_before():
    cheaper = {"regional_level": -0.10}
    now, before = (split(simulate(Scenario(**cheaper, **more))) for more in ({}, OF_2023))
    assert (now.adjustment, before.adjustment) == (0, pytest.approx(-12_369.17 * 0.025, abs=0.01))
    assert now.adjustment_not_counted == pytest.approx(-12_369.17 * 0.025, abs=0.01)
    assert "set to $0" in words.adjustment_note(now)


# Acceptance 6: the tables by type.


@pytest.fixture
def sheets():
    return by_type.sheets(Scenario(), target_of(Scenario()))


@pytest.mark.parametrize(
    ("name", "row", "column", "typed", "field"),
    [
        ("expenditure", 3, "2024", 12_000.0, ("expenditure", (2, 3), 12_000.0)),
        ("risk_score", 1, "2022", 0.95, ("risk_score", (0, 1), 0.95)),
        ("risk_score", 1, "2025", 1.05, ("risk_score_performance_year", (1,), 1.05)),
        ("national_expenditure", 0, "2023", 99_000.0, ("national_expenditure", (1, 0), 99_000.0)),
        ("regional_expenditure", 2, "2024", 20_000.0, ("regional_expenditure", (2, 2), 20_000.0)),
        ("market_share_by_type", 3, "Regional trend", 4.0, ("regional_growth_by_type", (3,), 0.04)),
        ("market_share_by_type", 0, "National trend", 9.0, ("national_growth_by_type", (0,), 0.09)),
    ],
)
def test_an_edit_settles_with_the_full_engine(sheets, name, row, column, typed, field):
    sheet, edits = sheets[name], {row: {column: typed}}
    assert by_type.fault(name, sheet, edits, Scenario()) == ""
    edited = replace(Scenario(), **by_type.fields(name, sheet.edited(edits)))
    wanted, cell, value = field
    assert getattr(edited, wanted)[cell] == value
    assert simulate(edited).benchmark != pytest.approx(simulate(Scenario()).benchmark, abs=0.01)


def test_the_tables_as_they_stand_change_no_target(sheets):
    for name, sheet in sheets.items():
        same = replace(Scenario(), **by_type.fields(name, sheet.values))
        assert simulate(same).benchmark == pytest.approx(13_000, abs=1e-6), name


def test_the_tables_of_a_moved_cost_and_region_change_no_target_either():
    moved = Scenario(cost_per_person=15_000.0, regional_level=0.08, agreement_period=1)
    before = simulate(moved).benchmark
    for name, sheet in by_type.sheets(moved, target_of(moved)).items():
        same = replace(moved, **by_type.fields(name, sheet.values))
        assert simulate(same).benchmark == pytest.approx(before), name


def test_a_typed_spending_stays_as_typed_where_a_lever_had_scaled_the_table():
    moved = Scenario(cost_per_person=15_000.0)
    sheet = by_type.sheets(moved, target_of(moved))["expenditure"]
    typed = sheet.edited({3: {"2024": 20_000.0}})
    edited = replace(moved, **by_type.fields("expenditure", typed))
    assert target_of(edited).expenditure_history[2, 3] == 20_000
    assert edited.cost_per_person is None


def test_two_cells_of_the_mix_count_together(sheets):
    sheet, edits = sheets["person_year_share_by3"], {0: {"2025": 1.4}, 3: {"2025": 85.8}}
    assert by_type.fault("person_year_share_by3", sheet, edits, Scenario()) == ""
    parts = by_type.fields("person_year_share_by3", sheet.edited(edits))
    assert parts["person_year_share"] == pytest.approx([0.014, 0.073, 0.055, 0.858])


@pytest.mark.parametrize(
    ("name", "edits", "said"),
    [
        ("expenditure", {0: {"2024": -5}},
         "Spending per person-year, ESRD 2024 is −$5; it is above $0 and at most $10,000,000."),
        ("expenditure", {1: {"2022": None}},
         "Spending per person-year, Disabled 2022 is empty; "
         "it is above $0 and at most $10,000,000."),
        ("risk_score", {2: {"2025": 0}},
         "Risk score, Aged/dual 2025 is 0; it is above 0 and at most 20."),
        ("person_year_share_by3", {3: {"2025": 87.8}},
         "The mix of 2025 sums to 101.00%; the four shares sum to 100%: "
         "change another by −1.00 points."),
        ("market_share_by_type", {0: {"Market share": 101}},
         "Shares and growth by type, ESRD Market share is 101.0%; it goes from 0.0% to 100.0%."),
        ("market_share_by_type", {2: {"National trend": 31}},
         "Shares and growth by type, Aged/dual National trend is 31.0%; "
         "it goes from −20.0% to 30.0%."),
        ("person_year_share_by3", {0: {"2024": -1}},
         "Mix of people, ESRD 2024 is −1.0%; it goes from 0.0% to 100.0%."),
    ],
)  # fmt: skip
def test_nonsense_is_named_by_its_cell(sheets, name, edits, said):
    assert by_type.fault(name, sheets[name], edits, Scenario()) == said


def test_an_emptied_cell_of_shares_and_growth_follows_the_lever_again():
    scenario = Scenario(market_share_by_type=[0.2, 0.3, 0.4, 0.5])
    sheet = by_type.sheets(scenario, target_of(scenario))["market_share_by_type"]
    edits = {0: {"Market share": None}}
    assert by_type.fault("market_share_by_type", sheet, edits, scenario) == ""
    edited = replace(scenario, **by_type.fields("market_share_by_type", sheet.edited(edits)))
    assert market_share(edited).tolist() == [0.1, 0.3, 0.4, 0.5]


@pytest.mark.parametrize("seed", range(60))
def test_the_parts_of_a_target_whose_types_differ_add_up_and_are_weight_times_trend(seed):
    result = simulate(random_scenarios.by_chance_by_type(seed))
    parts = split(result)
    assert sum(getattr(parts, name) for name in SUM) == pytest.approx(
        float(result.benchmark), rel=1e-9
    )
    assert parts.target == pytest.approx(float(result.benchmark), rel=1e-9)
    blended = sum(w * t for w, t in zip(parts.trend_weights, parts.trends, strict=True))
    assert blended == pytest.approx(parts.update, abs=1e-9)
    assert sum(parts.trend_weights) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(0, 60, 5))
def test_the_swept_share_goes_through_the_scenario_whose_types_differ(seed):
    result = simulate(random_scenarios.by_chance_by_type(seed))
    share = float(market_share_in_all(result.scenario))
    swept = by_share(result, np.array([share]))
    assert swept.target == pytest.approx([float(result.benchmark)], rel=1e-9)
    assert swept.growth == pytest.approx([split(result).update], abs=1e-9)


def test_what_a_type_cuts_from_its_own_growth_is_what_counting_it_takes():
    tables = {"market_share_by_type": [0.05, 0.1, 0.2, 0.4], "regional_growth_by_type": GROWN}
    s = Scenario(own_effect=True, cost_reduction=0.04, **tables)
    counted, left_out = simulate(s).benchmark, simulate(replace(s, own_effect=False)).benchmark
    drag = own_drag(simulate(s), np.array([float(market_share_in_all(s))]))
    assert drag == pytest.approx([counted - left_out], rel=1e-9)


GROWN = [0.02, 0.03, 0.05, 0.06]


def test_the_steps_by_type_weigh_to_the_target():
    scenario = Scenario(regional_level=0.03, risk_growth=0.01)
    result = simulate(scenario)
    rows = {row["Step"]: row for row in by_type.steps(result)}
    by_hand = sum(
        dollars(rows["Target"][name]) * share
        for name, share in zip(TYPES, scenario.person_year_share, strict=True)
    )
    assert by_hand == pytest.approx(result.benchmark, abs=1)
