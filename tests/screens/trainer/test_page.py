"""Check yourself and the Trainer desk without a browser: answers, curtain, lock, challenge."""

import re
import time

import pytest

from mssp_sim import simulate
from mssp_sim.app import clock, curtain, frame, session, show
from mssp_sim.learning import opening_states
from mssp_sim.learning.check import RESULT, Sitting, question_order
from mssp_sim.learning.trainer import challenge, deck, filled
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.screens.check import page as check
from mssp_sim.words.outcome import money
from tests import voice
from tests.screens.story.test_learn_pages import opened, pictures, press, words

DESK = [name for pages in frame.PAGES.values() for name in pages if name not in frame.SHOWS_NO_DESK]
TOLD = ("$6.5M", "$8.7M", "$2.2M", "$17.7M", "37.5%", "12.5 points", "6,516,510")


def everything(app):
    """Return every text of the screen, the levers and their notes too."""
    found = [text.value for text in app.markdown] + [str(m.value) for m in app.metric]
    found += [f"{w.label} {getattr(w, 'help', '')}" for w in (*app.slider, *app.toggle)]
    found += [f"{b.label} {b.help}" for b in app.button]
    found += [chart.proto.alt for chart in app.get("vega_lite_chart")]
    found += [str(table.value) for table in app.dataframe]
    return voice.unescaped("\n".join(found))


def choose(app, key, value):
    widgets = (*app.button_group, *app.selectbox)
    next(w for w in widgets if w.key == key).set_value(value).run()
    assert not app.exception, (key, app.exception)


def test_a_wrong_and_a_right_answer_both_explain_themselves():
    app = opened("check", quiz="7")
    asked = Sitting.read("7").asked(0)
    wrong = next(n for n in range(3) if n != asked.question.right)
    for number, answer in ((0, wrong), (1, Sitting.read("7").asked(1).question.right)):
        question = Sitting.read("7").asked(number).question
        assert show.escaped(question.why) not in words(app)
        app.radio(key=f"quiz_answer_7_{number}").set_value(answer).run()
        press(app, "quiz_place")
        said = words(app)
        assert show.escaped(question.why) in said
        idea = question.ideas[answer]
        assert ("lies a common belief" in said) == bool(idea)
        assert show.escaped(idea) in said
        assert ("Yes, it is **" in said) == (answer == question.right)
        press(app, "quiz_next")


def test_going_back_and_forth_loses_nothing_and_the_result_names_the_beliefs():
    sitting = Sitting.read("7")
    for n in question_order():
        sitting = sitting.going_to(n).answering((sitting.asked(n).question.right + 1) % 3)
    app = opened("check", quiz=sitting.going_to(7).written())
    marks = sitting.progress.marks
    press(app, "quiz_back")
    press(app, "quiz_back")
    press(app, "quiz_next")
    app.switch_page("pages/glossary.py").run()
    app.switch_page("pages/check.py").run()
    choose(app, "quiz_step_7_6", RESULT)
    assert app.query_params["quiz"] == f"7~8.{marks}"
    assert f"### 0 of {len(question_order())}" in words(app)
    assert "quiz=8r" in app.main.code[0].value
    press(app, "quiz_later")
    assert app.query_params["quiz"] == "8r~0"
    assert "a week later" in words(app)


@pytest.mark.long
@pytest.mark.parametrize("number", question_order())
def test_before_the_answer_the_picture_does_not_hold_it(number):
    app = opened("check", quiz=f"7~{number}")
    rows, alt = pictures(app)
    asked = Sitting.read("7").asked(number)
    assert not rows["curve"]
    assert not rows["hover"]
    assert "hidden until you give yours" in alt
    paid = float(asked.now.result.payment)
    if paid != asked.before.result.payment or asked.now is asked.before:
        seen = alt + str([row.get("text") for name in rows for row in rows[name]])
        assert money(abs(paid)) not in seen or not paid


@pytest.mark.long
@pytest.mark.parametrize("text", ["", "x", "0", "7~11", "7~8", "999r~8.aaaaaaaa", "~"])
def test_any_text_in_the_link_opens_the_questions(text):
    assert not opened("check", quiz=text).exception


@pytest.mark.long
def test_an_idea_leads_to_its_lesson():
    wrong = (Sitting.read("7").asked(2).question.right + 1) % 3
    app = opened("check", quiz=f"7~8.__{'abc'[wrong]}")
    app.button(key="quiz_read_slip").click().run()
    assert app.query_params["story"] == "4"
    assert "step 4 of 11" in words(app)


def test_a_card_is_on_the_desk_as_one_entry_with_its_answer_hidden():
    app = opened("trainer", cut="4.2")
    before = app.session_state[session.HISTORY].now
    choose(app, "trainer_card", "weather")
    now = app.session_state[session.HISTORY].now
    states = opening_states()
    assert (now.scenario, now.baseline) == (states["weather"].scenario, states["good"].scenario)
    card = filled(deck()["weather"])
    assert show.escaped(card.question) in words(app)
    assert show.escaped(card.why) not in words(app)
    press(app, "reveal")
    assert show.escaped(card.why) in words(app)
    press(app, "undo")
    assert app.session_state[session.HISTORY].now == before


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n == "simulator" else pytest.mark.long) for n in DESK]
)
def test_behind_the_curtain_no_page_shows_a_figure_of_the_desk(name):
    app = opened(name, curtain="on", preset="slip")
    assert not app.exception
    assert not app.main.get("vega_lite_chart")
    assert not app.metric
    assert not app.get("download_button")
    for told in TOLD:
        assert told not in everything(app), told
    assert not re.search(r"\$[\d,.]+M", everything(app))
    press(app, "reveal")
    assert len(everything(app)) > 800


def test_the_trainer_desk_shows_no_figure_before_reveal():
    app = opened("trainer", curtain="on", preset="slip", vote="3,9,5,1")
    for told in TOLD:
        assert told not in everything(app), told
    assert "right" not in pictures(app)[1]
    press(app, "reveal")
    assert "$6.5M arrives" in everything(app)
    votes, answer = (chart.proto.alt for chart in app.main.get("vega_lite_chart"))
    assert votes == "18 voted: A 3, B 9, C 5, D 1. C is right."
    assert answer.startswith("You beat the target by 3.1%"), (
        "question, vote, answer and picture stand together"
    )
    assert show.escaped(filled(deck()["slip"]).question) in words(app)


def test_the_room_can_be_shown_alone_without_deck_levers_tools_and_notes():
    app = opened("trainer", curtain="on", preset="slip", vote="3,9,5,1")
    app.session_state["trainer_notes"] = "do not show this"
    app.session_state["trainer_notes_open"] = True
    app.run()
    assert "do not show this" in [area.value for area in app.text_area]
    press(app, "trainer_alone")
    assert app.query_params["audience"] == "screen"
    assert not (*app.text_area, *app.slider, *app.number_input, *app.toggle, *app.selectbox)
    assert not app.get("download_button")
    assert show.escaped(filled(deck()["slip"]).question) in words(app)
    press(app, "reveal")
    said = everything(app)
    assert "$6.5M arrives" in said
    assert deck()["slip"].debrief not in said
    press(app, "trainer_back")
    assert app.slider
    assert "audience" not in app.query_params


def test_a_trainee_has_the_question_and_no_reveal_anywhere():
    for name in ("simulator", "rules", "trainer"):
        app = opened(name, curtain="on", preset="slip", audience="trainee")
        if name == "rules":
            app.session_state["rules_tabs"] = "Your settlement step by step"
            app.run()
        assert "Reveal" not in [button.label for button in app.button], name
        assert not app.get("download_button"), name
    assert curtain.WAIT in everything(app)
    app = opened("simulator", preset="slip", audience="trainee")
    assert "$6.5M" in everything(app)


def test_the_challenge_and_its_conditions_stand_on_every_page_of_a_trainee():
    free = ",".join(challenge().free)
    for name in ("simulator", "quality", "executive"):
        app = opened(name, preset="challenge", audience="trainee", locked=free)
        said = "\n".join(text.value for text in app.main.markdown)
        assert show.escaped(challenge().words) in said, name
        desk = app.session_state[session.HISTORY].now.scenario
        for condition in challenge().checks(simulate(desk)):
            assert show.escaped(condition.words) in said, (name, condition)
    app = opened("quality", preset="challenge", audience="trainee", locked=free, curtain="on")
    for words_of in challenge().conditions:
        assert show.escaped(words_of) in "\n".join(text.value for text in app.main.markdown)


def test_a_button_that_the_lock_holds_back_says_so_on_the_page():
    app = opened("executive", locked="market_share", cut="2.0")
    before = app.session_state[session.HISTORY]
    app.button(key="start").click().run()
    assert app.session_state[session.HISTORY] is before
    said = "\n".join(text.value for text in app.main.markdown)
    assert "Nothing was changed" in said
    assert "Cost reduction" in said
    app.run()
    assert "Nothing was changed" not in "\n".join(text.value for text in app.main.markdown)


def test_what_the_lock_would_hold_back_is_off_and_says_so_before_the_click():
    app = opened("executive", locked="quality_score")
    tries = {button.help: button for button in app.button if button.label == "Try it"}
    held = [said for said in tries if said.startswith("Trainer’s lock: ")]
    assert held
    assert any("Cost reduction" in said for said in held)
    assert {said for said, button in tries.items() if button.disabled} == set(held)
    offered = app.button_group(key="executive_presets").options
    assert offered == ["The slip", "The good year"]
    said = "\n".join(text.value for text in app.main.markdown)
    assert "Presets that move a locked lever wait for your trainer." in said
    free = opened("executive")
    assert not any(button.disabled for button in free.button if button.label == "Try it")
    assert len(free.button_group(key="executive_presets").options) == 6


def test_question_levers_and_answer_agree_or_say_that_they_do_not():
    app = opened("trainer", curtain="on", preset="slip")
    assert "moved since" not in everything(app)
    app.slider(key="lever_quality_score").set_value(50.0).run()
    assert "The levers have moved since: Quality 75.0" in everything(app)
    simulator = opened("simulator", curtain="on", preset="slip", quality="50")
    assert "The levers have moved since: Quality 75.0" in everything(simulator)
    press(app, "reveal")
    said = everything(app)
    assert "Question and answer are about the card as it was dealt" in said
    assert "As the levers stand now" in said
    press(app, "card_back")
    assert "moved since" not in everything(app)
    assert app.session_state[session.HISTORY].now.scenario.quality_score == 0.75


def test_the_timer_is_on_every_page_and_survives_a_reload():
    app = opened("trainer")
    press(app, "trainer_start")
    until = app.query_params["until"]
    assert 170 < int(until) - time.time() < 181
    for name in ("simulator", "glossary", "story"):
        again = opened(name, until=until)
        assert "clock" in [part.proto.component_name for part in again.get("bidi_component")], name
    for gone in ("0", "x", str(int(until) + 10**6), "9" * 30):
        assert clock.ends_at(gone, time.time()) is None
    press(app, "trainer_stop")
    assert "until" not in app.query_params


def test_only_the_chosen_levers_move():
    app = opened("simulator", locked="cost_reduction,quality_score", share="30")
    assert not app.slider(key="lever_cost_reduction").disabled
    assert app.slider(key="lever_market_share").disabled
    assert session.LOCKED in app.slider(key="lever_market_share").label
    held = app.session_state[session.HISTORY]
    press(app, "start")
    assert app.session_state[session.HISTORY] is held
    assert "Market share" in app.toast[0].value
    app.slider(key="lever_cost_reduction").set_value(4.0).run()
    assert app.session_state[session.HISTORY].now.scenario.cost_reduction == 0.04


@pytest.mark.long
@pytest.mark.parametrize("text", ["x", "~", "none", "cost_reduction,x"])
def test_a_lock_that_names_no_lever_locks_nothing(text):
    app = opened("simulator", locked=text)
    locked = app.slider(key="lever_market_share").disabled
    assert locked == (text in ("none", "cost_reduction,x"))


def test_the_challenge_locks_the_weather_and_checks_live():
    app = opened("trainer")
    press(app, "trainer_challenge")
    assert app.slider(key="lever_regional_growth").disabled
    assert "Challenge, 3 of 4" in everything(app)
    app.slider(key="lever_quality_score").set_value(80.0).run()
    app.slider(key="lever_cost_reduction").set_value(3.3).run()
    assert "Challenge: solved" in everything(app)
    assert challenge().free == tuple(app.query_params["locked"].split(","))


@pytest.mark.long
def test_a_new_group_starts_afresh_and_that_can_be_undone():
    app = opened("trainer", cut="4.2")
    choose(app, "trainer_belief", "small-slip")
    app.number_input(key="trainer_vote_0").set_value(7).run()
    mess, link = app.session_state[session.HISTORY].now, dict(app.query_params)
    press(app, "trainer_reset")
    assert dict(app.query_params) == {"v": str(RULES_VERSION)}
    assert app.session_state[session.HISTORY].now == session.opening()
    press(app, "trainer_unreset")
    assert app.session_state[session.HISTORY].now == mess
    assert dict(app.query_params) == link


@pytest.mark.long
def test_the_tools_of_the_trainer():
    app = opened("trainer")
    app.toggle(key="trainer_lock").set_value(True).run()
    assert app.query_params["locked"].startswith("cost_reduction")
    app.multiselect(key="trainer_free").set_value(["level"]).run()
    assert app.query_params["locked"] == "level"
    app.toggle(key="trainer_large").set_value(True).run()
    assert app.session_state["large_type"]
    assert not app.exception


def test_the_addresses_of_a_class_hold_the_questions_and_no_answer(monkeypatch):
    monkeypatch.setattr(
        check.st, "context", type("C", (), {"url": "http://here/check?quiz=7~1.ab"})
    )
    assert check.address("7") == "http://here/check?quiz=7"


def test_a_missed_question_is_asked_once_more_at_once_and_the_result_says_so():
    sitting = Sitting.read("7")
    wrong = (sitting.asked(0).question.right + 1) % 3
    app = opened("check", quiz=f"7~0.{'abc'[wrong]}")
    once_more = sitting.asked_once_more(0).question
    assert show.escaped(once_more.question) in words(app)
    app.radio(key="quiz_answer_again_7_0").set_value(once_more.right).run()
    press(app, "quiz_place_again")
    assert show.escaped(once_more.why) in words(app)
    assert app.query_params["quiz"] == f"7~0.{'abc'[wrong]}~0.{'abc'[once_more.right]}"
    choose(app, "quiz_step_7_0", RESULT)
    assert "| right |" in words(app)
    right = Sitting.read("7").asked(0).question.right
    assert "Once more" not in words(opened("check", quiz=f"7~0.{'abc'[right]}"))
