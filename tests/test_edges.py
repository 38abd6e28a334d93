"""The ends of what a scenario may hold: every figure stays a number, no limit is negative."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields as fields_of
from dataclasses import is_dataclass, replace

import numpy as np
import pytest

from mssp_sim import LEVELS, Scenario, attribution, simulate
from mssp_sim.result import NUMBERS
from mssp_sim.scenario import FIRST_LEVELS, ScenarioError, quantities
from mssp_sim.simulation import payoff
from mssp_sim.studies import (
    advances,
    agreement,
    cliffs,
    goal,
    luck,
    moved,
    moves,
    next_contract,
    payoff_curve,
    program_cost,
    quality_scores,
    rule_changes,
    stakes,
    target_split,
    tradeoff,
    uncertain,
)
from mssp_sim.trace import trace
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests import random_scenarios, whole_range

OVERSPENT = Scenario(
    level="ENHANCED", agreement_start=dt.date(2022, 1, 1), performance_year=2026, own_growth=0.10,
    regional_growth=-0.02, national_growth=-0.02, risk_growth=-0.06, cost_reduction=-0.08,
)  # fmt: skip
LIMITS = ("loss_recoupment_limit", "performance_payment_limit", "shared_savings", "shared_losses")
WIDE = (
    "cost_reduction", "national_growth", "regional_growth", "own_growth", "prospective_trend",
    "risk_growth", "demographic_growth", "regional_risk_growth", "regional_demographic_growth",
    "real_illness_share", "regional_level", "market_share_by3", "prior_savings_per_person",
    "underserved_share", "dually_eligible_share_by3", "participant_revenue_share",
    "disaster_share", "other_acos_reduction", "performance_year_months", "benchmark_calibration",
    "person_years_ratio", "cost_per_person",
)  # fmt: skip


def numbers(result):
    return {name: np.asarray(getattr(result, name), float) for name in (*NUMBERS, *LIMITS)}


def is_sound(result, about):
    for name, found in numbers(result).items():
        assert np.isfinite(found).all(), (name, about)
        if name in LIMITS:
            assert (found >= 0).all(), (name, about)
            assert not np.signbit(found).any(), f"{name} is a negative nought: {about}"


@pytest.mark.parametrize("level", LEVELS)
def test_spending_past_twice_the_target_and_its_mirror_have_limits(level):
    scenario = replace(OVERSPENT, level=level)
    is_sound(simulate(scenario), level)
    rates = np.array([-3.0, -1.62, -1.0, 0.0, 1.0, 1.62, 3.0])
    found = payoff(scenario, rates)
    is_sound(found, level)
    share = {"ENHANCED": 0.15, "C": 0.01, "D": 0.02, "E": 0.04}.get(level, 0.0)
    total = np.broadcast_to(found.benchmark_total, rates.shape)[0]
    assert found.shared_losses[0] == pytest.approx(share * total)


@pytest.mark.parametrize("seed", range(400))
def test_no_figure_is_infinite_and_no_limit_negative_over_the_whole_allowed_range(seed):
    random = np.random.default_rng(seed)
    fields = random_scenarios.fields(random)
    for name in WIDE:
        low, high = quantities()[name].allowed
        fields[name] = random.uniform(low, high, 50)
    fields["performance_year_months"] = np.round(fields["performance_year_months"])
    is_sound(simulate(Scenario(**fields)), seed)


def test_nothing_owed_is_a_plain_nought():
    for fields in ({}, {"cost_reduction": 0.0}, {"level": "A", "cost_reduction": -0.05}):
        assert not np.signbit(simulate(Scenario(**fields)).shared_losses)


# Acceptance: 50,000 scenarios over the whole allowed range of every field.

ROWS, BATCHES, TRACED, STUDIED, STUDIED_HEAVILY = 200, 250, 1_000, 1_000, 20
DERIVED = ("savings_rate", "benchmark", "payment", "medicare_part", "left_on_the_table")
NONE_THERE = {"tradeoff.threshold", "frontier.cost_reduction"}
"""Fields in which no number is documented: no rate on the map is paid a band; no cut earns it."""


def lists(result):
    """Return the moved lists settled; nothing where the list grows past what may be settled."""
    try:
        return attribution.settle_the_list(result, attribution.Churn())
    except ScenarioError:
        return ()


SHARES = np.array([0.1, 0.5])
GOAL = 1e6
STUDIES = {
    "split": target_split.split,
    "by_type": target_split.by_type,
    "by_share": lambda result: target_split.by_share(result, SHARES),
    "by_risk": lambda result: target_split.by_risk(result, np.array([-0.2, 0.2])),
    "own_drag": lambda result: target_split.own_drag(result, SHARES),
    "agreement": lambda result: agreement.agreement(result.scenario),
    "cliffs": lambda result: cliffs.everywhere(result.scenario),
    "seek": lambda result: goal.seek(result.scenario, "quality_score", GOAL),
    "frontier": lambda result: goal.frontier(result.scenario, GOAL),
    "odds": luck.odds,
    "outlook": lambda result: luck.outlook(result.scenario, luck.Doubt()),
    "moves": moves.moves,
    "moved": lambda result: moved.moved(Scenario(), result.scenario),
    "curve": lambda result: payoff_curve.curve(result, result),
    "net": lambda result: program_cost.net([result], program_cost.ProgramCost(50, GOAL)),
    "break_even": lambda result: program_cost.break_even(
        result.scenario, program_cost.ProgramCost(50)
    ),
    "quality": quality_scores.study,
    "standards": quality_scores.standards,
    "stakes": stakes.stakes,
    "minimum_by_size": lambda result: stakes.minimum_by_size(result, (1_000, 150_000)),
    "tradeoff": lambda result: tradeoff.tradeoff(result.scenario),
    "follow": lambda result: attribution.follow(result, attribution.Churn()),
    "settled_lists": lists,
    "region_risk": target_split.region_risk,
    "by_region_risk": lambda result: target_split.by_region_risk(result, np.array([-0.2, 0.2])),
    "unusual": lambda result: next_contract.unusual(result.scenario),
    "next_contract": next_contract.may_sign,
    "usual_amount": lambda result: advances.usual_amount(
        result.scenario, advances.newest_rules(), 5_000
    ),
    "uncertain": lambda result: {
        name: uncertain.moved(name, result.scenario) for name in uncertain.MOVES
    },
}
HEAVY = ("outlook", "frontier", "moved")
"""Studies that take 10 to 30 ms each; together with the others they would take an hour."""

BOOKS = {
    True: [rule_changes.Rulebook(agreement_start=dt.date(year, 1, 1)) for year in (2023, 2024)],
    False: [rule_changes.Rulebook(agreement_start=dt.date(year, 1, 1)) for year in (2015, 2018)],
}
"""Two rulebooks of today's contracts, two of the tracks before."""


def every_number(value, path) -> Iterator[tuple[str, np.ndarray]]:
    """Yield all numbers of a study, a result or a target, with the path to them."""
    if isinstance(value, int | float | np.number):
        yield path, np.asarray(value, float)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fi":
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from every_number(part, f"{path}.{key}")
    elif isinstance(value, tuple | list):
        for part in value:
            yield from every_number(part, path)
    elif is_dataclass(value) and not isinstance(value, Scenario):
        for part in fields_of(value):
            yield from every_number(getattr(value, part.name), f"{path}.{part.name}")


def all_are_numbers(value, name, about):
    for path, found in every_number(value, name):
        assert path in NONE_THERE or np.isfinite(found).all(), (path, about)


def test_the_whole_range_is_drawn_to_its_ends_and_each_optional_field_is_left_out_at_times():
    drawn = [whole_range.batch(seed, ROWS) for seed in range(12)]
    for name, words in quantities().items():
        if words.kind in ("choice", "date", "switch", "year") or name == "other_acos_share":
            continue
        held = [np.asarray(getattr(s, name), float) for s in drawn if s.batch(name)]
        values = np.concatenate([part.ravel() for part in held])
        values = values[~np.isnan(values)]
        low, high = words.allowed
        assert values.min() <= low + 0.05 * (high - low), name
        assert values.max() >= high - 0.05 * (high - low), name
        if words.optional:
            gaps = any(np.isnan(part).any() for part in held) or len(held) < len(drawn)
            assert gaps, name


@pytest.mark.long
@pytest.mark.parametrize("seed", range(BATCHES))
def test_no_field_of_result_or_target_is_infinite_and_no_limit_negative(seed):
    """Settle 250 batches of 200: 50,000 scenarios."""
    result = simulate(whole_range.batch(seed, ROWS))
    is_sound(result, seed)
    all_are_numbers(result, "result", seed)
    all_are_numbers({name: getattr(result, name) for name in DERIVED}, "result", seed)
    all_are_numbers(result.target, "target", seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
def test_no_line_of_the_trace_and_no_tile_is_infinite(seed):
    """Write 50 times 1,000 settlements line by line: 50,000 scenarios."""
    opening = simulate(Scenario())
    for row, scenario in enumerate(whole_range.singles(seed, TRACED)):
        result = simulate(scenario)
        about = (seed, row)
        is_sound(result, about)
        all_are_numbers({s.key: s.amount for s in trace(result).steps()}, "trace", about)
        all_are_numbers([tile.amount for tile in four_tiles(result, opening)], "tile", about)
        assert "nan" not in outcome(result), about


@pytest.mark.long
@pytest.mark.parametrize("seed", range(BATCHES))
def test_no_share_of_a_change_of_rules_is_infinite(seed):
    """Compare two rulebooks for 250 batches of 200: 50,000 scenarios."""
    scenarios = whole_range.batch(seed, ROWS)
    books = BOOKS[scenarios.agreement_start >= FIRST_LEVELS]
    all_are_numbers(rule_changes.compare_rules(scenarios, *books), "rule_changes", seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
def test_no_study_is_infinite(seed):
    """Study 50 times 1,000 settlements every way: 50,000 scenarios, 1,000 of them heavily."""
    for row, scenario in enumerate(whole_range.singles(1_000 + seed, STUDIED)):
        result = simulate(scenario)
        for name, study in STUDIES.items():
            if name not in HEAVY or row < STUDIED_HEAVILY:
                all_are_numbers(study(result), name, (seed, row, name))


def test_the_map_has_bands_however_many_dollars_a_settlement_moves():
    nation = np.full((3, 4), 1e7)
    nation[0] = 1e-3
    vast = Scenario(
        expenditure=np.full((3, 4), 1e7), national_expenditure=nation, market_share_by3=1.0,
        cost_reduction=0.5, benchmark_calibration=20.0, assigned_beneficiaries=2e6,
    )  # fmt: skip
    assert float(simulate(vast).benchmark_total) > 1e20
    found = tradeoff.tradeoff(vast)
    assert len(found.bands) > 1
    assert np.isfinite(found.bands).all()
