"""Program, Rules and Glossary open, answer a search, and keep the scenario."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, simulate
from mssp_sim.app import session
from mssp_sim.learning.program import program
from mssp_sim.parameters import advance_parameters, election_parameters, parameters
from mssp_sim.screens.glossary import page as glossary
from mssp_sim.screens.rules import page as rules
from mssp_sim.screens.rules.limits import limits
from mssp_sim.words.rulebook import value_in_words

APP = Path(__file__).parents[3] / "app.py"
SAID = program(simulate(Scenario()))
LINES = [*SAID.moments, *(line for lines in SAID.sections.values() for line in lines)]
MODELED_ON = sorted({line.page for line in LINES} - {""})


def opened(page, **query):
    app = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run().switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def words(app):
    return [text.value.replace("\\", "") for text in app.markdown]


def headline(app):
    (said,) = [text for text in words(app) if text.startswith("### ")]
    return said.removeprefix("### ")


def test_rules_show_values_and_filter_them_and_say_what_is_left_out():
    app = opened("rules", year="2025", cut="4.2")
    assert headline(app).startswith(f"{len(parameters())} values of the rule settle your 2025")
    table, in_advance, elected = [text for text in words(app) if text.startswith("| Rule |")]
    assert any(rules.ADVANCES in text for text in words(app))
    for name, parameter in advance_parameters().items():
        for version in parameter.versions:
            assert value_in_words(version.value, parameter.unit) in in_advance, name
            assert all(f"“{quote}”" in in_advance for quote in version.citation.quotes), name
    for name, parameter in election_parameters().items():
        for version in parameter.versions:
            assert value_in_words(version.value, parameter.unit) in elected, name
    assert elected.count("**yours**") == len(election_parameters())
    # In 2025 an agreement of 2025 has the payments for new ACOs, and no prepaid savings yet.
    assert [row for row in in_advance.splitlines() if "**$250,000** · **yours**" in row]
    assert in_advance.count("**yours**") == len(advance_parameters())
    app.text_input(key=rules.SEARCH).set_value("guardrail").run()
    (fewer,) = [text for text in words(app) if text.startswith("| Rule |")]
    assert 0 < fewer.count("\n") < table.count("\n")
    app.text_input(key=rules.SEARCH).set_value("xyzzy").run()
    assert any("No value matches" in text for text in words(app))
    app.session_state["rules_tabs"] = rules.TABS[2]
    app.run()
    assert any(limits().not_modeled[0] in text for text in words(app))
    assert app.session_state[session.HISTORY].now.scenario.cost_reduction == 0.042


def test_rules_show_every_step_and_end_with_what_is_paid():
    app = opened("rules")
    app.session_state["rules_tabs"] = rules.TABS[1]
    app.run()
    assert not app.exception
    (steps,) = [text for text in words(app) if text.startswith("| Step |")]
    assert "$6,516,510" in steps.splitlines()[-1]


def test_the_glossary_finds_a_word_and_says_when_there_is_none():
    app = opened("glossary")
    assert headline(app).endswith("each with its plain name and the field’s.")
    app.text_input(key=glossary.SEARCH).set_value("ACPT").run()
    (table,) = [text for text in words(app) if text.startswith("| Word |")]
    assert "Prospective trend" in table
    app.text_input(key=glossary.SEARCH).set_value("xyzzy $ [a](b)").run()
    assert headline(app).startswith("No word mentions “xyzzy $ [a](b)”")


def test_the_program_speaks_of_the_year_of_the_levers():
    app = opened("program", year="2024", start="2024-01-01")
    assert headline(app).startswith("You work through 2024 without knowing your target: 16.7%")


@pytest.mark.long
@pytest.mark.parametrize("page", MODELED_ON)
def test_every_link_of_the_program_opens_with_the_scenario_kept(page):
    app = opened("program", cut="4.2", quality="80")
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    now = app.session_state[session.HISTORY].now.scenario
    assert (now.cost_reduction, now.quality_score) == (0.042, 0.8)
