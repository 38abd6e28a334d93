"""The story walked from its first step to its last, and every card of the myth lab."""

import re
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim.app import session, show
from mssp_sim.learning import States, myths, presets, story, story_order

APP = Path(__file__).parents[3] / "app.py"
STATES = States()
STEPS = [step.filled(STATES) for step in story()]
CARDS = [card.filled(STATES) for card in myths()]
ORDER = story_order()
LAST = ORDER[-1]


def opened(page, **query):
    app = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return app.switch_page(f"pages/{page}.py").run()


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception, (key, app.exception)


def words(app):
    """Return every text in the page itself."""
    return "\n".join(
        [text.value for text in app.main.markdown]
        + [f"{r.label} {' '.join(r.options)}" for r in app.main.radio]
    )


def pictures(app):
    """Return the rows of every dataset of the picture, and what is read for it."""
    (chart,) = app.main.get("vega_lite_chart")
    proto = chart.proto
    rows = {}
    for dataset in proto.datasets:
        with pa.ipc.open_stream(dataset.data.data) as stream:
            rows[dataset.name] = stream.read_all().to_pylist()
    return rows, proto.alt


def test_the_story_is_walked_from_the_first_step_to_the_last():
    app = opened("story")
    desk = app.session_state[session.HISTORY]
    for position, at in enumerate(ORDER):
        step, said = STEPS[at], words(app)
        assert f"### {show.escaped(step.title)}" in said, step.name
        assert f"step {position} of {len(ORDER) - 1}" in said
        if at != LAST:
            assert show.escaped(step.meaning) not in said, step.name
            app.radio(key=f"story_bet_{at}").set_value(0).run()
            press(app, f"story_place_{at}")
            if step.lever:
                press(app, f"story_reveal_{at}")
            assert show.escaped(step.meaning) in words(app), step.name
            press(app, "story_next")
    said = words(app)
    assert show.escaped(STEPS[LAST].headline) in said
    assert "your first bet" in str(pictures(app)[0]["bets"])
    assert app.query_params["story"] == "10.aAAAAAAAAA_A"
    assert app.session_state[session.HISTORY] == desk


@pytest.mark.parametrize(
    "at", [pytest.param(n, marks=() if n == 3 else pytest.mark.long) for n in ORDER[1:-1]]
)
def test_before_the_bet_nothing_of_the_answer_is_in_the_picture(at):
    step = story()[at]
    before, now = STATES[step.before].result, STATES[step.now].result
    rows, alt = pictures(opened("story", story=str(at)))
    drawn = [row for dataset in rows.values() for row in dataset]
    told = (before.payment, before.payment + before.left_on_the_table)
    if not any(now.payment == pytest.approx(dollars) for dollars in told):
        heights = [
            row[axis]
            for row in drawn
            for axis in ("y", "y2", "full")
            if row.get("x") == pytest.approx(float(now.savings_rate) * 100) and row.get(axis)
        ]
        assert not [y for y in heights if y == pytest.approx(float(now.payment) / 1e6, abs=1e-3)]
    said = alt + str([row.get("text") for row in drawn])
    for figure in re.findall(r"\$[\d,.]+M", STEPS[at].headline):
        assert figure not in said or figure in STEPS[at].text, (figure, said)
    assert "hidden until you bet" in alt


def test_the_slip_starts_with_its_answer_hidden_everywhere():
    app = opened("story", story="4")
    rows, alt = pictures(app)
    body = "\n".join(text.value for text in app.main.markdown) + alt + str(rows)
    for told in ("6.5M", "left on the table", "37.5", "6.51651"):
        assert told not in body, told
    assert not [row for row in rows["curve"] if row["y"] == pytest.approx(6.516510, abs=0.01)]


@pytest.mark.long
def test_skipping_reveals_and_jumping_leaves_the_bets():
    app = opened("story", story="4.__b")
    press(app, "story_skip_4")
    assert show.escaped(STEPS[4].meaning) in words(app)
    app.segmented_control(key="story_step_4").set_value(2).run()
    assert app.query_params["story"] == "2.__b_s"
    assert app.radio(key="story_answered_2").value == 1
    assert app.radio(key="story_answered_2").disabled


@pytest.mark.long
def test_the_lever_is_the_only_way_to_the_answer_but_one_and_it_is_live():
    app = opened("story", story="5._____a")
    assert show.escaped(STEPS[5].meaning) not in words(app)
    app.slider(key="story_lever_5").set_value(76.6).run()
    assert show.escaped(STEPS[5].meaning) not in words(app)
    assert "you earn $6.7M" in str(pictures(app)[0]["marks"])
    app.slider(key="story_lever_5").set_value(76.7).run()
    assert show.escaped(STEPS[5].meaning) in words(app)
    assert "you earn $8.7M" in str(pictures(app)[0]["marks"])


@pytest.mark.long
def test_the_story_survives_other_pages_and_leaves_the_desk_alone():
    app = opened("story", story="4.____B", cut="4.2")
    before = app.session_state[session.HISTORY]
    app.slider(key="story_lever_4").set_value(60.0).run()
    app.switch_page("pages/simulator.py").run()
    app.switch_page("pages/story.py").run()
    assert app.slider(key="story_lever_4").value == 60.0
    assert app.query_params["story"] == "4.____B"
    assert app.session_state[session.HISTORY] == before


@pytest.mark.long
def test_use_this_in_the_simulator_is_one_entry_that_can_be_undone():
    app = opened("story", story="7._______A", cut="4.2")
    mine = app.session_state[session.HISTORY].now
    press(app, "story_use_7")
    now = app.session_state[session.HISTORY].now
    assert now.scenario == STATES["weather"].scenario
    assert now.baseline == STATES["good"].scenario
    press(app, "undo")
    assert app.session_state[session.HISTORY].now == mine


@pytest.mark.long
@pytest.mark.parametrize("text", ["99", "4.zzz", "~", "0", "10.sssssssssss"])
def test_any_text_in_the_link_opens_the_story(text):
    for page in ("story", "myths"):
        app = opened(page, story=text, myth=text)
        assert not app.exception


@pytest.mark.long
def test_recall_questions_explain_right_and_wrong_answers():
    app = opened("story", story="10")
    app.radio(key="story_recall_0").set_value(0).run()
    assert show.escaped("The answer: not at all. Under") in words(app)
    app.radio(key="story_recall_0").set_value(1).run()
    assert show.escaped("Yes. Under the minimum no money moves.") in words(app)


@pytest.mark.parametrize(
    "at",
    [pytest.param(n, marks=() if n == 1 else pytest.mark.long) for n in range(len(CARDS))],
)
def test_a_card_is_bet_on_tried_in_two_clicks_and_explained(at):
    card, raw = CARDS[at], myths()[at]
    app = opened("myths", myth=str(at))
    assert f"### {show.escaped('“' + card.title + '”')}" in words(app)
    rows, alt = pictures(app)
    assert not rows.get("curve" if raw.shows == "curve" else "line")
    assert not rows.get("hover")
    assert "hidden until you bet" in alt
    assert show.escaped(card.saw) not in words(app)
    app.radio(key=f"myth_bet_{at}").set_value(1).run()
    press(app, f"myth_place_{at}")
    press(app, f"myth_click0_{at}")
    assert show.escaped(card.saw) not in words(app)
    press(app, f"myth_click1_{at}")
    for text in (card.saw, card.rule, card.partly):
        assert show.escaped(text) in words(app)
    lever = next(w for w in (*app.slider, *app.button_group) if w.key == f"myth_lever_{at}")
    shown = STATES[raw.now].value(raw.lever)
    assert lever.value in (
        shown,
        pytest.approx(shown * 100) if not isinstance(shown, str) else shown,
    )
    assert bool([t for t in app.toggle if t.key == "only_above"]) == card.only_above


@pytest.mark.long
def test_the_belief_is_shown_only_while_its_switch_is_on():
    app = opened("myths", myth="1._B")
    assert "not the rule:" not in str(pictures(app)[0]["bets"])
    app.toggle(key="only_above").set_value(True).run()
    assert "not the rule: $3.1M" in str(pictures(app)[0]["bets"])
    assert "By the belief, not the rule" in words(app)


def test_a_preset_never_tells_an_answer_in_its_title():
    for preset in presets().values():
        assert not re.search(r"[$%]|\d", preset.title), preset.name


def test_the_wrong_answer_of_the_reader_is_answered_in_story_and_lab():
    for page, place, lesson in (("story", "story", STEPS[4]), ("myths", "myth", CARDS[19])):
        number = "4" if page == "story" else "19"
        for option in range(len(lesson.options)):
            marks = "_" * int(number) + "ABCD"[option]
            said = words(opened(page, **{place: f"{number}.{marks}"}))
            for n, other in enumerate(lesson.options):
                assert (show.escaped(other.reply) in said) == (n == option) or not other.reply
            assert ("and you are right" in said) == (option == lesson.right)


def test_after_the_bet_nothing_is_said_to_be_hidden():
    for marks in ("a", "s"):
        app = opened("story", story=f"0.{marks}")
        assert "hidden" not in words(app) + pictures(app)[1]


def test_a_free_move_breaks_what_was_revealed_and_is_put_back():
    app = opened("story", story="3.___B")
    assert show.escaped("find a case in which this is not so") in words(app)
    next(w for w in app.button_group if w.key == "story_free_3").set_value("quality_score").run()
    app.slider(key="story_free_quality_score_3").set_value(60.0).run()
    assert "you earn $5.2M" in str(pictures(app)[0]["marks"])  # 17,732,000 x 50% x 60% x 98%
    press(app, "story_free_back_3")
    assert "you earn $8.7M" in str(pictures(app)[0]["marks"])
    assert not [b for b in opened("story", story="3.___b").button_group if "free" in b.key]


def test_the_end_leads_to_the_readers_own_aco():
    app = opened("story", story="10")
    press(app, "story_own")
    assert app.main.get("file_uploader")
