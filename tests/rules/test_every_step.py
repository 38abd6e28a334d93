"""Laws that every step of the rule obeys, present and future: found by looking, not listed."""

import importlib
import inspect
import pkgutil
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import rules
from tests.strategies import BY_WORD, ROWS, TABLES, several

STEPS = [
    function
    for module in pkgutil.iter_modules(rules.__path__, "mssp_sim.rules.")
    for _, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction)
    if function.__module__ == module.name and not function.__name__.startswith("_")
]
SOURCE = re.compile(
    r"^Source: (42 CFR 425\.\d|ours\b|outside 42 CFR Part 425; CMS\b)", re.MULTILINE
)
BINARY_NOISE = 1e-13

every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)


def words_of(step):
    return list(inspect.signature(step).parameters)


def test_there_are_steps():
    assert len(STEPS) >= 20


@every_step
def test_arguments_are_words_of_the_glossary(step):
    assert set(words_of(step)) <= set(BY_WORD) | set(TABLES)


def test_every_word_of_the_glossary_is_used():
    used = {word for step in STEPS for word in words_of(step)}
    assert used == set(BY_WORD) | set(TABLES)


@every_step
def test_the_docstring_names_its_source_and_runs_an_example(step):
    text = inspect.getdoc(step)
    assert SOURCE.search(text)
    assert ">>> " in text


@every_step
def test_the_first_line_says_what_it_returns(step):
    first = inspect.getdoc(step).splitlines()[0]
    assert first.startswith("Return ")
    assert first.endswith((".", "?"))


@every_step
def test_arguments_and_result_are_annotated(step):
    annotations = inspect.get_annotations(step)
    assert set(annotations) == {*words_of(step), "return"}


@every_step
@settings(max_examples=30)
@given(data=st.data())
def test_an_array_gives_what_its_elements_give(step, data):
    words = words_of(step)
    columns = {word: data.draw(several(word), label=word) for word in words if word in BY_WORD}
    tables = {word: TABLES[word] for word in words if word in TABLES}
    for column in columns.values():
        column.setflags(write=False)
    together = step(**columns, **tables)
    assert np.shape(together)[:1] == (ROWS,)
    for row in range(ROWS):
        alone = step(**{word: column[row] for word, column in columns.items()}, **tables)
        np.testing.assert_allclose(
            np.asarray(alone, float), np.asarray(together[row], float), rtol=BINARY_NOISE
        )
    assert np.all(np.isfinite(np.asarray(together, float)))
