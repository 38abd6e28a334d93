"""Two rulebooks on many ACOs: each is compared or named, and the groups hold all of them."""

import datetime as dt

import pytest

from mssp_sim import Scenario
from mssp_sim.studies.rule_changes import Rulebook, compare_rules
from mssp_sim.studies.rules_on_many import SIZES, ComparedAco, LeftOut, compare_many, size_group

OLD, NEW = (Rulebook(agreement_start=dt.date(year, 1, 1)) for year in (2023, 2024))
TRACK = Scenario(agreement_start=dt.date(2018, 1, 1), performance_year=2018, level="1")
DEAR = Scenario(regional_level=-0.1, quality_score=0.9)


def acos(*scenarios):
    return [ComparedAco(f"A{at}", f"ACO {at}", scenario) for at, scenario in enumerate(scenarios)]


def test_an_aco_of_another_contract_is_named_and_the_others_are_compared():
    gone = [LeftOut("A9", "Nine", "A row lacks something.")]
    many = compare_many(2018, acos(DEAR, TRACK, Scenario()), gone, OLD, NEW)
    assert [aco.aco_id for aco in many.acos] == ["A0", "A2"]
    assert [one.aco_id for one in many.foreign] == ["A1"]
    assert many.foreign[0].why == "One of the two rulebooks has no contract 1."
    assert many.all_of_the_year == 4
    for row, aco in enumerate(many.acos):
        alone = compare_rules(aco.scenario, OLD, NEW)
        assert many.found.change[row] == pytest.approx(alone.change)
    assert many.found.change[0] > 1e6


@pytest.mark.parametrize("scenarios", [(), (TRACK,), (TRACK, TRACK)])
def test_with_nobody_left_there_is_no_comparison(scenarios):
    many = compare_many(2018, acos(*scenarios), (), OLD, NEW)
    assert many.found is None
    assert many.all_of_the_year == len(scenarios)


def test_one_aco_alone_is_compared_too():
    many = compare_many(2024, acos(DEAR), (), OLD, NEW)
    assert float(many.found.change) == pytest.approx(compare_rules(DEAR, OLD, NEW).change)


def test_sizes_change_group_at_their_ends():
    assert [size_group(size) for size in (1, 4_999.5)] == ["under 5,000"] * 2
    for low in SIZES:
        assert size_group(low) != size_group(low - 0.5)
    assert len({size_group(size) for size in (0, *SIZES)}) == len(SIZES) + 1
