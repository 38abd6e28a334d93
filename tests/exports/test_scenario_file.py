"""A scenario file: an exact round trip, and one clear sentence for whatever else comes in."""

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given, settings

from mssp_sim import Scenario
from mssp_sim.aco import Aco
from mssp_sim.exports import scenario_file
from mssp_sim.exports.scenario_file import ScenarioFileError, opened, save
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.scenario import quantities
from tests.strategies import scenarios

NO_FILE = "not a scenario file"


def edited(**changes):
    """Return a file with other values in its scenario."""
    content = json.loads(save(Scenario()))
    content["scenario"] |= changes
    return json.dumps(content).encode()


def refusal(data):
    """Return the sentence a file is refused with; there is exactly one."""
    with pytest.raises(ScenarioFileError) as refused:
        opened(data)
    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 400
    return said


@settings(max_examples=40)
@given(scenarios(), scenarios())
def test_what_is_saved_is_what_is_opened(scenario, other):
    found = opened(save(scenario, other, {"B": other}, name="Lake Care"))
    assert found.scenario == scenario
    assert found.baseline == other
    assert found.kept == {"B": other}
    assert (found.name, found.notices) == ("Lake Care", ())
    assert save(found.scenario, found.baseline, found.kept, name=found.name) == save(
        scenario, other, {"B": other}, name="Lake Care"
    )


def test_every_field_is_written_so_that_no_default_of_a_later_day_moves_it():
    assert set(json.loads(save(Scenario()))["scenario"]) == set(quantities())


def test_a_file_without_baseline_and_sets_opens():
    found = opened(save(Scenario(level="A")))
    assert (found.baseline, dict(found.kept)) == (None, {})


def test_a_file_of_older_rules_opens_with_a_notice(monkeypatch):
    data = save(Scenario(quality_score=0.8))
    monkeypatch.setattr(scenario_file, "RULES_VERSION", RULES_VERSION + 1)
    found = opened(data)
    assert found.scenario.quality_score == 0.8
    assert "figures may differ" in found.notices[0]


def test_a_file_of_older_rules_that_leaves_trends_out_takes_those_of_today_and_says_so():
    content = json.loads(save(Scenario(quality_score=0.8))) | {"rules_version": 2}
    (notice,) = opened(json.dumps(content).encode()).notices
    assert "What it does not name" not in notice
    del content["scenario"]["national_growth"]
    found = opened(json.dumps(content).encode())
    assert found.scenario.national_growth == 0.06
    (notice,) = found.notices
    assert "is as the app opens today: National trend 6.0%. See" in notice


def test_a_file_of_an_older_schema_opens_with_a_notice(monkeypatch):
    content = json.loads(save(Scenario(quality_score=0.8)))
    content["scenario"]["a_field_of_old"] = 1
    del content["scenario"]["market_share"]
    monkeypatch.setattr(scenario_file, "SCHEMA", scenario_file.SCHEMA + 1)
    found = opened(json.dumps(content).encode())
    assert found.scenario == Scenario(quality_score=0.8)
    assert f"schema version {scenario_file.SCHEMA - 1}" in found.notices[0]
    assert "a_field_of_old" in found.notices[1]


def test_a_file_of_a_newer_schema_asks_for_a_newer_app():
    content = json.loads(save(Scenario())) | {"schema": scenario_file.SCHEMA + 1}
    assert "update this one" in refusal(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cannot be read as JSON"),
        (b"[" * 900_000, "cannot be read as JSON"),
        (b'{"a":' * 100_000, "cannot be read as JSON"),
        (b"\xff\xfe\x00\x01", "cannot be read as JSON"),
        (b" " * 10_000_000, "10,000,000 bytes"),
        (b"[]", NO_FILE),
        (b"{}", NO_FILE),
        (b'{"format": ["deep"]}', NO_FILE),
        (b'{"format": "shared savings scenario"}', "no schema version"),
        (b'{"format": "shared savings scenario", "schema": true}', "no schema version"),
        (b'{"format": "shared savings scenario", "schema": 1}', "no fields for the scenario"),
        (b'{"schema": 1, "schema": 2}', "names schema twice"),
        (b'{"schema": ' + b"9" * 5_000 + b"}", "cannot be read as JSON"),
    ],
)
def test_what_is_no_scenario_file_gets_one_clear_sentence(data, said):
    assert said in refusal(data)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("quality_score", 1.2, "In the scenario of this file Quality score is 1.2; it goes from"),
        ("quality_score", 10**400, "a whole number of 1329 bits"),
        ("quality_score", "=1+1", "it is a number"),
        ("quality_score", None, "it is a number"),
        ("quality_score", True, "it is a number"),
        ("quality_score", [0.75, 0.8], "Quality score in this file is not one value"),
        ("quality_score", {"deep": {}}, "it is a number"),
        ("expenditure", [[1.0] * 4] * 2, "is not a table of (3, 4)"),
        ("expenditure", [[1.0], [1.0, 2.0]], "is not a table of (3, 4)"),
        ("expenditure", [["a"] * 4] * 3, "Spending per person-year"),
        ("agreement_start", "today", "not a date like 2025-01-01"),
        ("agreement_start", "2025-02-30", "not a date like 2025-01-01"),
        ("performance_year", 2024, "Performance year is 2024; an agreement that starts on"),
        ("level", "Z", "it is one of A, B, C"),
        ("__class__", 1, "fields this app does not know: __class__"),
    ],
)
def test_a_value_that_cannot_be_is_named(field, value, said):
    assert said in refusal(edited(**{field: value}))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_as_a_number_is_refused(constant):
    text = (
        save(Scenario()).decode().replace('"quality_score": 0.75', f'"quality_score": {constant}')
    )
    assert "cannot be read as JSON" in refusal(text.encode())


def test_a_number_too_large_for_a_number_is_refused():
    text = save(Scenario()).decode().replace('"quality_score": 0.75', '"quality_score": 1e999')
    assert "Quality score is inf" in refusal(text.encode())


def test_thousands_of_unknown_fields_are_counted_not_listed():
    said = refusal(edited(**{f"field_{n}": n for n in range(5_000)}))
    assert "and 4,997 more" in said


def test_sets_under_other_letters_are_refused():
    content = json.loads(save(Scenario())) | {"kept": {"D": {}}}
    assert "letters A, B, C" in refusal(json.dumps(content).encode())
    content["kept"] = [1]
    assert "letters A, B, C" in refusal(json.dumps(content).encode())


def test_a_batch_is_no_scenario_file():
    with pytest.raises(ValueError, match="batch of"):
        save(Scenario(quality_score=np.array([0.1, 0.2])))


def test_a_name_is_one_plain_line():
    found = opened(save(Scenario(), name="Lake\n\x00 Care" + "!" * 500))
    assert found.name.startswith("Lake Care!")
    assert len(found.name) == 80


def with_aco(aco):
    return json.dumps(json.loads(save(Scenario())) | {"aco": aco}).encode()


def test_the_aco_it_was_loaded_from_travels():
    aco = Aco("A1001", 2024, "Lake & <b>Care</b> =1+1")
    assert opened(save(Scenario(), aco=aco)).aco == aco
    assert opened(save(Scenario())).aco is None
    assert "aco" not in json.loads(save(Scenario()))


@pytest.mark.parametrize(
    ("aco", "said"),
    [
        ([], "not given by id, year, name"),
        ({"id": "A1001", "year": 2024}, "not given by id, year, name"),
        ({"id": "A1001", "year": 2024, "name": "x", "more": 1}, "not given by id, year, name"),
        ({"id": "=cmd()", "year": 2024, "name": "x"}, "is not the identifier of an ACO"),
        ({"id": 7, "year": 2024, "name": "x"}, "is not the identifier of an ACO"),
        ({"id": "A1001", "year": 1999, "name": "x"}, "is not a year from 2013"),
        ({"id": "A1001", "year": True, "name": "x"}, "is not a year from 2013"),
        ({"id": "A1001", "year": 2024.0, "name": "x"}, "is not a year from 2013"),
        ({"id": "A1001", "year": 2024, "name": ""}, "is not a name of one line"),
        ({"id": "A1001", "year": 2024, "name": "a\u202eb\n"}, "is not a name of one line"),
        ({"id": "A1001", "year": 2024, "name": "x" * 5_000}, "is not a name of one line"),
        ({"id": "A1001", "year": 2024, "name": {"deep": []}}, "is not a name of one line"),
    ],
)
def test_an_aco_that_cannot_be_one_is_refused_with_a_sentence(aco, said):
    assert said in refusal(with_aco(aco))


def test_dates_come_back_as_dates():
    start = dt.date(2019, 7, 1)
    scenario = Scenario(agreement_start=start, performance_year=2020, agreement_period=1)
    assert opened(save(scenario)).scenario.agreement_start == start
