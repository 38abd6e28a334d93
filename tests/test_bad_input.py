"""Bad input: one clear refusal that names every fault, its value and what is allowed."""

import datetime as dt
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssp_sim import Scenario, ScenarioError, simulate
from mssp_sim.parameters import CONTRACTS, last_listed_year
from mssp_sim.scenario import agreement_starts, performance_years, quantities
from tests.strategies import contracts

NUMBERS = [
    name for name, words in quantities().items() if not words.trailing and words.kind not in
    ("date", "choice", "switch")
]  # fmt: skip
TABLES = [name for name, words in quantities().items() if words.trailing]
SWITCHES = [name for name, words in quantities().items() if words.kind == "switch"]
OPTIONAL = [name for name, words in quantities().items() if words.optional]
EVERY = list(quantities())


def refused(**given_fields):
    """Return the faults of a scenario that must be refused, after looking at the sentence."""
    with pytest.raises(ScenarioError) as caught:
        Scenario(**given_fields)
    sentence = str(caught.value)
    assert sentence.startswith("This scenario cannot be settled: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200 * (1 + len(caught.value.faults))
    for fault in caught.value.faults.values():
        assert fault in sentence
    return caught.value.faults


def refused_alone(name, value):
    faults = refused(**{name: value})
    assert set(faults) == {name}
    fault = faults[name]
    assert fault.startswith(name)
    assert re.search(r"it is |it goes from |a table ends in |shares sum to 1", fault)
    return fault


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_is_none_or_out_of_range_is_refused(name, value):
    assert f"{value:g}" in refused_alone(name, value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -1.0, 1e9])
@pytest.mark.parametrize("name", TABLES)
def test_one_bad_cell_of_a_table_is_refused(name, value):
    reference = getattr(Scenario(), name)
    if reference is None:
        reference = np.broadcast_to(0.05, quantities()[name].trailing)
    table = np.array(reference)
    table[..., 2] = value
    if np.isnan(value) and quantities()[name].for_all_types:  # the field for all types holds
        assert np.isnan(getattr(Scenario(**{name: table}), name)[2])
        return
    assert f"{value:.12g}" in refused_alone(name, table)


@pytest.mark.parametrize("name", ["expenditure", "national_expenditure", "risk_score"])
def test_a_benchmark_of_zero_is_refused(name):
    assert "is 0; it is above 0" in refused_alone(name, np.zeros((3, 4)))


def test_a_calibration_to_nothing_is_refused():
    refused_alone("benchmark_calibration", 0.0)


@pytest.mark.parametrize("value", ["lots", "", "0.5", b"0.5", {}, {"a": 1}, object(), 1j, int])
@pytest.mark.parametrize("name", EVERY)
def test_what_is_no_number_is_refused(name, value):
    refused_alone(name, value)


@pytest.mark.parametrize("digits", [30, 400])
@pytest.mark.parametrize("name", EVERY)
def test_a_huge_whole_number_is_refused(name, digits):
    refused_alone(name, 10**digits)
    refused_alone(name, -(10**digits))


def test_a_whole_number_too_long_to_print_is_refused():
    for name in EVERY:
        refused_alone(name, 10**5_000)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in OPTIONAL])
def test_none_is_refused_where_it_means_nothing(name):
    assert "None" in refused_alone(name, None)


@pytest.mark.parametrize("name", OPTIONAL)
def test_none_is_accepted_where_it_means_something(name):
    assert np.isfinite(simulate(Scenario(**{name: None})).payment)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_are_no_numbers(name, value):
    refused_alone(name, value)


@pytest.mark.parametrize(
    "value", ["F", "e", "TRACK 1", "A ", "", 1, ["A", "G"], [["A"], ["B", "C"]]]
)
def test_an_unknown_level_is_refused(value):
    assert "A, B, C, D, E, ENHANCED" in refused_alone("level", value)


@pytest.mark.parametrize("value", [0.03, 0.0051, 2.0, -0.01, "by size", True, [0.02, 0.03]])
def test_a_minimum_that_nobody_can_elect_is_refused(value):
    assert "0, 0.005, 0.01, 0.015, 0.02 or 'size'" in refused_alone("minimum_election", value)


@pytest.mark.parametrize("value", ["yes", 1, 0, 2, None, [True, "no"], [[True], [True, False]]])
@pytest.mark.parametrize("name", [name for name in SWITCHES if name not in OPTIONAL])
def test_a_switch_is_true_or_false(name, value):
    assert "True or False" in refused_alone(name, value)


DAYS = [dt.date(2021, 1, 1), dt.date(2025, 7, 1), dt.date(2012, 1, 1), dt.date(2028, 1, 1)]


@pytest.mark.parametrize("value", [*DAYS, np.array(DAYS, "datetime64[D]"), 2025, "soon"])
def test_a_day_on_which_no_agreement_starts_is_refused(value):
    fault = refused_alone("agreement_start", value)
    assert f"January 1 of 2013 to 2020 or of 2022 to {last_listed_year()}" in fault
    assert "2012-04-01, 2012-07-01 or 2019-07-01" in fault


def test_the_days_a_refusal_names_are_the_days_there_are():
    januaries = [dt.date(y, 1, 1) for y in (*range(2013, 2021), *range(2022, 2027))]
    others = [dt.date(2012, 4, 1), dt.date(2012, 7, 1), dt.date(2019, 7, 1)]
    assert agreement_starts() == tuple(sorted(januaries + others))


@pytest.mark.parametrize("start", agreement_starts())
@pytest.mark.parametrize("level", CONTRACTS)
def test_a_contract_of_the_other_kind_of_agreement_is_refused(level, start):
    fields = {"agreement_start": start, "performance_year": performance_years(start)[0]}
    if level in contracts(start):
        assert np.isfinite(simulate(Scenario(level=level, **fields)).payment)
        return
    faults = refused(level=level, **fields)
    assert faults == {
        "level": f"level is {level}; an agreement that starts on {start} has one of "
        + ", ".join(contracts(start))
    }


def test_one_foreign_contract_in_a_batch_is_found():
    starts = np.array(["2018-01-01", "2022-01-01", "2022-01-01"], "datetime64[D]")
    fields = {"agreement_start": starts, "performance_year": np.array([2018, 2023, 2023])}
    assert simulate(Scenario(level=np.array(["1+", "B", "E"]), **fields)).payment.shape == (3,)
    faults = refused(level=np.array(["1+", "B", "2"]), **fields)
    assert faults["level"].startswith("level is 2; an agreement that starts on 2022-01-01")


def test_a_control_character_in_a_value_is_not_printed():
    assert refused_alone("level", "E\x1f").startswith("level is E?; it is one of")


@pytest.mark.parametrize(
    ("start", "year"),
    [
        (dt.date(2026, 1, 1), 2025),
        (dt.date(2025, 1, 1), 2024),
        (dt.date(2020, 1, 1), 2025),
        (dt.date(2019, 7, 1), 2026),
        (dt.date(2025, 1, 1), np.array([2025, 2024])),
    ],
)
def test_a_year_outside_the_agreement_is_refused(start, year):
    fault = refused(agreement_start=start, performance_year=year)["performance_year"]
    assert f"an agreement that starts on {start}" in fault
    assert str(np.min(year) if start.year == 2025 else year) in fault


def test_half_a_year_and_half_an_agreement_are_refused():
    assert "whole" in refused_alone("performance_year", 2025.5)
    assert "whole" in refused_alone("agreement_period", 1.5)


@pytest.mark.parametrize("shape", [(), (3,), (4, 3), (2, 4), (3, 5), (4, 4)])
@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_wrong_shape_is_refused(name, shape):
    axes = quantities()[name].trailing
    if shape[-len(axes) :] == axes:
        shape = (*shape, 1)
    refused_alone(name, np.full(shape, 0.25))


def test_an_empty_batch_is_settled_to_nothing():
    assert simulate(Scenario(quality_score=[])).payment.shape == (0,)


def test_a_ragged_table_is_refused():
    refused_alone("expenditure", [[1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4]])


def test_shares_that_do_not_sum_to_one_are_refused():
    fault = refused_alone("person_year_share", (0.1, 0.1, 0.1, 0.1))
    assert "sums to 0.4" in fault
    assert "sum to 1" in fault


def test_two_acos_cannot_have_more_than_the_whole_market():
    fault = refused(market_share=0.7, other_acos_share=0.4)["other_acos_share"]
    assert "110.0%" in fault
    assert "at most 100%" in fault


def test_arrays_that_do_not_fit_together_are_refused():
    fault = refused(quality_score=np.zeros(2), cost_reduction=np.zeros(3))["shape"]
    assert "quality_score" in fault
    assert "cost_reduction" in fault


def test_one_bad_row_of_many_is_refused_by_its_value():
    scores = np.full(1_000, 0.8)
    scores[567] = 1.75
    fault = refused_alone("quality_score", scores)
    assert "is 1.75; " in fault
    assert fault.endswith("it goes from 0 to 1")


def test_every_fault_is_named_at_once():
    faults = refused(
        quality_score=1.2, level="F", market_share=-0.1, agreement_start="soon",
        own_effect="yes", expenditure=np.zeros((3, 4)), minimum_election=0.03,
    )  # fmt: skip
    assert list(faults) == [
        "agreement_start", "level", "minimum_election", "expenditure", "quality_score",
        "market_share", "own_effect",
    ]  # fmt: skip


def test_an_unknown_field_is_refused_by_its_name():
    with pytest.raises(TypeError, match="qualty_score"):
        Scenario(qualty_score=0.8)


def test_the_ends_of_every_range_are_accepted_and_a_hair_beyond_is_not():
    for name in NUMBERS:
        words = quantities()[name]
        if words.kind == "year":
            continue
        alone = {"market_share": 0.0} if name == "other_acos_share" else {}
        for end, beyond in zip(words.allowed, (-1, 1), strict=True):
            assert np.isfinite(simulate(Scenario(**alone, **{name: end})).payment), name
            refused_alone(name, end + beyond * 1e-9 * max(1, abs(end)))


def test_a_table_given_to_a_scenario_cannot_be_changed_behind_its_back():
    table = np.array(Scenario().expenditure)
    scenario = Scenario(expenditure=table)
    before = simulate(scenario).payment
    table *= 2
    assert simulate(scenario).payment == before
    with pytest.raises(ValueError, match="read-only"):
        scenario.expenditure[0, 0] = 1.0


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(EVERY), anything, min_size=1, max_size=4))
def test_anything_at_all_is_settled_or_refused(fields):
    try:
        scenario = Scenario(**fields)
    except ScenarioError as fault:
        assert fault.faults  # noqa: PT017
        return
    if np.prod(scenario.shape) > 0:
        assert np.all(np.isfinite(simulate(scenario).payment))
