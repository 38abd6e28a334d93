"""The workbook's formulas, reckoned from their text in every run, are the engine to the cent."""

import io

import openpyxl
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.exports.workbook import workbook
from mssp_sim.exports.workbook.checks import ANSWERS, FIGURES
from mssp_sim.exports.workbook.inputs import cell_value, name_of, rows_of
from mssp_sim.exports.workbook.sheet import camel
from mssp_sim.scenario import quantities
from tests.exports.reckoner import Reckoner, formulas_hold
from tests.exports.test_workbook import (
    CENT,
    FAULT_WORDS,
    FAULTY,
    SCENARIOS,
)

EXPORTED = Scenario(level="ENHANCED", cost_reduction=-0.04)
WRITTEN = (EXPORTED, SCENARIOS[38])
"""Two whose own values are read as well: what is owed today, and an old track."""


def opened(content, *, values=False):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


@pytest.fixture(scope="module")
def exported():
    return Reckoner(opened(workbook(simulate(EXPORTED))))


def type_in(book, scenario):
    for field, words in quantities().items():
        value = getattr(scenario, field)
        if not words.trailing:
            written = cell_value(field, value)
            book.typed(name_of(field), [None if written == "" else written])
            continue
        for line, amounts in enumerate(rows_of(words, value)):
            name = name_of(field, line if len(words.trailing) > 1 else None)
            book.typed(name, [None if amount == "" else amount for amount in amounts])


def agrees(book, result):
    for field, (_, kind) in FIGURES.items():
        if field != "benchmark":
            nearest = 1e-9 if kind == "percent" else CENT
            found = book.named(camel(field))
            assert abs(found - float(getattr(result, field))) < nearest, (field, found)
    for field in ANSWERS:
        assert book.named(camel(field)) == ("yes" if getattr(result, field) else "no"), field
    assert book.named("State") == result.state.value.replace("_", " ")
    assert book.named("IdentityHolds") == "yes"
    assert not book.named("InputsFault")


def test_inputs_typed_into_the_file_settle_as_the_engine_does(exported):
    at_the_standard = Scenario(quality_score=0.767), Scenario(quality_score=0.7669999)
    for scenario in (*SCENARIOS[::2], *at_the_standard):
        type_in(exported, scenario)
        agrees(exported, simulate(scenario))
        marks = [exported.at(place) for place in exported.names["InputMarks"]]
        assert "not allowed" not in marks
    type_in(exported, EXPORTED)
    assert exported.named("InputsChanged") == exported.named("Differing") == 0


@pytest.mark.parametrize("scenario", WRITTEN, ids=range(len(WRITTEN)))
def test_each_formula_comes_to_the_value_it_carries(scenario):
    result, baseline = simulate(scenario), simulate(Scenario(quality_score=0.82))
    content = workbook(result, baseline)
    agrees(Reckoner(opened(content)), result)
    assert formulas_hold(content)


@pytest.mark.parametrize("fault", FAULTY)
def test_inputs_that_cannot_be_settled_give_a_sentence_and_no_dollars(exported, fault):
    type_in(exported, EXPORTED)
    for name, value in FAULTY[fault].items():
        _, *others = exported.names[name]
        exported.typed(name, [value, *(exported.at(place) for place in others)])
    assert FAULT_WORDS[fault] in exported.named("InputsFault")
    assert exported.named("SharedSavings") == "#N/A"
    type_in(exported, EXPORTED)
