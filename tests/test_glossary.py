"""The glossary has every word, once, in plain sentences, and no figure of the rule."""

import re

import pytest

from mssp_sim.app import frame
from mssp_sim.glossary import meaning, search, words
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.words.bridge import bridge_rows
from mssp_sim.words.tiles import four_tiles

WORDS = tuple(words().values())
PLACES = {name for pages in frame.PAGES.values() for name in pages} | {"levers"}
PRODUCT = (
    ("Spending target", "Updated benchmark"), ("What you spent", "Expenditures"),
    ("Saved", "Gross savings"), ("Overspent", "Gross losses"),
    ("Minimum to get paid", "Minimum savings rate (MSR)"),
    ("Minimum before you owe", "Minimum loss rate (MLR)"), ("No-money zone", "MSR/MLR corridor"),
    ("Your share", "Final sharing rate"), ("You earn", "Shared savings"),
    ("You owe", "Shared losses"), ("Left on the table", "Forgone payment at the same spending"),
    ("Full quality standard", "Quality performance standard"),
    ("Partial standard met", "Alternative quality performance standard"),
    ("Contract", "Track and level"),
)  # fmt: skip
OF_THE_FIELD = (
    "MSR", "MLR", "ACPT", "BY3", "PY", "TIN", "CAHPS", "APP Plus", "MIPS", "HCC", "ESRD", "EUC",
    "AIP", "MSSP", "CMS", "sequestration", "guardrail", "rebasing", "ratchet", "plurality",
    "prospective assignment", "retrospective", "voluntary alignment", "glide path", "churn",
    "truncation", "dual", "assignable", "fee-for-service", "low revenue", "first-dollar",
)  # fmt: skip


def test_every_field_of_the_scenario_is_in_the_glossary_under_the_label_of_its_lever():
    assert {name: words()[name].label for name in quantities()} == {
        name: quantity.label for name, quantity in quantities().items()
    }


@pytest.mark.parametrize(("label", "term"), PRODUCT)
def test_the_plain_label_and_the_field_term_stand_together(label, term):
    assert (label, term) in {(word.label, word.term) for word in WORDS}


@pytest.mark.parametrize("name", OF_THE_FIELD)
def test_a_word_of_the_field_is_found(name):
    assert any(name.casefold() in text.casefold() for word in search(name)
               for text in (word.label, word.term, *word.also))  # fmt: skip


@pytest.mark.parametrize("cut", [0.031, 0.019, -0.03])
def test_what_tiles_and_bridge_call_a_figure_is_in_the_glossary(cut):
    result = simulate(Scenario(cost_reduction=cut))
    names = tuple(name for word in WORDS for name in (word.label, *word.also))
    shown = [part.label for part in (*four_tiles(result, result), *bridge_rows(result))]
    assert not [label for label in shown if not label.startswith(names)]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.key)
def test_a_word_is_explained_in_a_few_plain_sentences_without_a_figure_of_the_rule(word):
    assert word.meaning == meaning(word.key)
    assert word.meaning[0].isupper() or word.meaning[0].isdigit()
    assert word.meaning.endswith(".")
    assert len(re.findall(r"[.:;] |\.$", word.meaning)) <= 4
    assert len(word.meaning.split()) <= 50
    assert not re.search(r"\$\d|\d%|\d percent|\d\.\d", word.meaning)
    assert word.term
    assert word.where
    assert set(word.where) <= PLACES


def test_a_search_finds_the_other_names_too_and_nothing_finds_everything():
    assert "prior_savings_adjustment" in {word.key for word in search("Prior SAVINGS")}
    assert len(search("")) == len(WORDS)
    assert search("no such word") == ()
