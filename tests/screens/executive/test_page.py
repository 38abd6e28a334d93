"""The Executive view without a browser: it speaks in every state, and its moves are one entry."""

import datetime as dt
import re

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, simulate
from mssp_sim.app import session
from mssp_sim.app.history import History, Moment
from mssp_sim.learning.states import opening_states
from mssp_sim.screens.executive import words
from mssp_sim.words.outcome import outcome
from tests import voice
from tests.app.test_pages import APP

NOT_A_FIGURE = re.compile(r"\b(nan|inf|None)\b|−\\?\$0\.0M")
SCENARIOS = {
    "slip": {},
    "A, overspent": {"level": "A", "cost_reduction": -0.03},
    "ENHANCED, owing": {"level": "ENHANCED", "cost_reduction": -0.06},
    "C, loss limit": {"level": "C", "cost_reduction": -0.16},
    "payment limit": {"cost_reduction": 0.24, "quality_score": 0.9},
    "under the minimum": {"cost_reduction": 0.01},
    "on target": {"cost_reduction": 0.0},
    "no minimum": {"minimum_election": 0.0, "cost_reduction": -0.005},
    "neither standard": {"alternative_standard_met": False},
    "low revenue, half the share": {"level": "B", "participant_revenue_share": 0.3,
                                    "cost_reduction": 0.01},
    "very small": {"assigned_beneficiaries": 900},
    "very low score": {"quality_score": 0.0},
    "nothing to improve": {"cost_reduction": 0.6, "quality_score": 1.0},
    "guardrail": {"prospective_trend": 0.02, "cost_reduction": -0.02},
    "track 3 of 2016": {"agreement_start": dt.date(2016, 1, 1), "performance_year": 2017,
                        "level": "3"},
    "first year": {"agreement_period": 1},
}  # fmt: skip
EVERY_DAY = ("slip", "A, overspent")


def opened(*popovers, **fields):
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    start = Moment(Scenario(**fields), session.opening().baseline)
    app.session_state[session.HISTORY] = History(start)
    for popover in popovers:
        app.session_state[popover] = True
    return app.switch_page("pages/executive.py").run()


def said(app):
    assert not app.exception, app.exception
    return " ".join(voice.as_read(element.value) for element in app.main.markdown)


def desk(app):
    return app.session_state[session.HISTORY].now.scenario


def entries(app):
    return len(app.session_state[session.HISTORY].past)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in EVERY_DAY else pytest.mark.long) for n in SCENARIOS]
)
def test_it_says_one_sentence_three_figures_and_both_lists(name):
    app = opened("goal_open", **SCENARIOS[name])
    text = said(app)
    result = simulate(desk(app))
    heads = [e.value for e in app.main.markdown if e.value.startswith("### ")]
    assert [voice.as_read(head) for head in heads] == [f"### {outcome(result)}"]
    assert len(app.metric) == 3
    assert "This year" in text
    assert "When you next choose a contract" in text
    figures = [text, *(f"{tile.value} {tile.delta}" for tile in app.metric)]
    assert not any(NOT_A_FIGURE.search(figure) for figure in figures)


@pytest.mark.parametrize("key", ["try_now_0", "try_now_1", "try_later_0"])
def test_a_move_does_what_it_says_as_one_entry_that_undo_takes_back(key):
    app = opened()
    worth = {"try_now_0": 3_573_570, "try_now_1": 2_172_170, "try_later_0": 3_258_255}[key]
    app.button(key=key).click().run()
    assert not app.exception
    assert simulate(desk(app)).payment - simulate(Scenario()).payment == pytest.approx(worth)
    assert entries(app) == 1
    app.button(key="executive_undo").click().run()
    assert desk(app) == Scenario()


def test_a_contract_that_pays_less_is_no_move_but_can_be_looked_at():
    """ENHANCED has the largest share: another contract takes from this result."""
    losing = {"level": "ENHANCED", "cost_reduction": 0.06, "quality_score": 0.85}
    app = opened(**losing)
    assert words.NO_GAIN in said(app)
    before = simulate(desk(app)).payment
    app.button(key="try_later_0").click().run()
    assert desk(app).level == "E"
    assert simulate(desk(app)).payment < before
    assert words.NO_GAIN not in said(opened())


def test_a_preset_puts_its_scenario_on_the_desk_and_keeps_the_baseline():
    app = opened(cost_reduction=0.01)
    assert app.button_group(key="executive_presets").value is None
    app.button_group(key="executive_presets").set_value("overspent").run()
    assert desk(app) == opening_states()["overspent"].scenario
    assert app.session_state[session.HISTORY].now.baseline == session.opening().baseline
    assert entries(app) == 1
    assert "you owe" in said(app)


def test_a_goal_within_reach_is_one_click_away_and_one_beyond_is_called_so():
    app = opened("goal_open")
    assert app.number_input(key="goal").value == 8.7
    assert "Quality alone: 76.7 instead of 75.0, which comes to $8.7M." in said(app)
    app.number_input(key="goal").set_value(60.0).run()
    assert "Not with this contract: the most it can pay is $57.2M." in said(app)
    assert not [button for button in app.button if (button.key or "").startswith("use_")]
    app.number_input(key="goal").set_value(9.5).run()
    app.button(key="use_both").click().run()
    now = desk(app)
    assert (now.quality_score, now.cost_reduction) == (0.767, 0.034)
    assert entries(app) == 1
    assert "As it is, you earn $9.5M." in said(app)


def click(*spots):
    """Run a click on the map in a session of its own; return its history."""

    def script(spots):
        from mssp_sim.app import session, tradeoff  # noqa: PLC0415

        session.open_session()
        for spot in spots:
            tradeoff.clicked({"selection": {"chosen": spot}})

    app = AppTest.from_function(script, args=(spots,)).run()
    assert not app.exception, app.exception
    return app.session_state[session.HISTORY]


def test_a_click_on_the_map_sets_both_levers_as_one_entry():
    history = click([{"x": 4.0, "y": 82.0, "turn": 0}])
    now = history.now.scenario
    assert (now.cost_reduction, now.quality_score) == (0.04, 0.82)
    assert history.now.baseline == session.opening().baseline
    assert len(history.past) == 1


def test_a_click_off_the_map_or_one_that_makes_no_sense_changes_nothing():
    for spots in ([], [{}], [{"x": float("nan"), "y": 80.0}], [{"x": 4.0, "y": 1e9}]):
        assert click(spots).now.scenario == Scenario()


def test_the_simulator_holds_the_map_under_its_fold():
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert "Click or tap the map" not in said(app)
    app.session_state["tradeoff_map"] = True
    assert "Click or tap the map" in said(app.run())
