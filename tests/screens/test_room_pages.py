"""The pages of a live room without a browser: rooms off, hostile names, keys, and what is told."""

import io
import sqlite3
import sys
from dataclasses import replace

import numpy as np
import pypdf
import pytest

from mssp_sim import Scenario
from mssp_sim.app import frame, room, room_shown
from mssp_sim.exports.room_sheet import Section, room_sheet
from mssp_sim.rooms import rehearsal, rounds
from mssp_sim.rooms import room as rooms
from mssp_sim.rooms.frontier import frontier
from mssp_sim.rooms.limits import WRONG_CODES_AT_ONCE
from mssp_sim.rooms.questions import Autumns, estimate_of, team_challenge, vote_on
from mssp_sim.rooms.record import record
from mssp_sim.rooms.store import BUSY
from mssp_sim.rooms.views import for_phone
from mssp_sim.simulation import payoff
from mssp_sim.target import updated_target
from mssp_sim.words.rooms import amount
from tests.screens.story.test_learn_pages import opened, words

NAMES = (
    "**Ann**", "<b>Ann</b>", ":material/home: A", "[a](javascript:x)", "$x^2$",
    "\u202eAnn", "`Ann`", "😀",
)  # fmt: skip


def said(app):
    return words(app).replace("\\", "")


@pytest.mark.parametrize("page", frame.OF_A_ROOM)
def test_with_rooms_off_a_page_of_a_room_says_so_and_what_to_do(page, monkeypatch):
    monkeypatch.delenv(room.SETTING, raising=False)
    app = opened(page, room="ABC-123", seat="x")
    assert not app.exception
    assert room.OFF in said(app)
    assert room.SETTING in said(app)
    assert not app.sidebar.slider


def test_with_rooms_off_the_desk_offers_none_and_a_key_opens_nothing(monkeypatch):
    monkeypatch.delenv(room.SETTING, raising=False)
    app = opened("trainer", room="ABC-123", key="x")
    assert any(pill.key == "trainer_card" for pill in app.button_group)
    app.session_state["trainer_room"] = True
    app.run()
    assert "Live rooms are off" in said(app)
    assert not [button for button in app.button if button.key == "room_open"]


def enter(app, name):
    """Type a name and tap Join."""
    app.text_input(key="join_name").set_value(name)
    return app.button(key="join_go").click().run()


def test_hostile_names_are_refused_with_a_sentence_and_a_name_is_shown_as_text(store):
    made = rooms.open_room(store)
    app = opened("join", room=made.code)
    for name in NAMES:
        enter(app, name)
        assert not app.exception, name
        assert "A name " in said(app), name
    enter(app, "Ana-Lucía")
    assert "Seat 1, Ana-Lucía" in said(app)
    assert made.key not in said(app)


def test_a_phone_finds_itself_by_its_link_and_a_wrong_one_is_told_so(store):
    made = rooms.open_room(store)
    seat = rooms.join(store, made.code, "Ben")
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    rounds.answer(store, made.code, seat.token, 1, 0, 2)
    app = opened("join", room=made.code, seat=seat.token)
    assert "C is in." in said(app)
    assert "Seat 1, Ben" in said(app)
    assert vote_on("slip").why not in said(app)
    wrong = opened("join", room=made.code, seat=seat.token + "x")
    assert "join again" in said(wrong)
    assert "Ben" not in said(wrong)
    nobody = opened("trainer", room=made.code, key="x")
    assert rooms.NOT_THE_TRAINER in said(nobody)
    assert not [button for button in nobody.button if button.key == "room_reveal"]


def test_who_guesses_codes_is_held_up_and_nobody_who_is_in_a_room(store, monkeypatch):
    made = rooms.open_room(store)
    seat = rooms.join(store, made.code)
    wall = opened("wall", room=made.code)
    monkeypatch.setattr(store.limits.wrong_codes, "_clock", lambda: 0.0)
    for _ in range(WRONG_CODES_AT_ONCE):
        store.limits.wrong_codes.take(rooms.ANYBODY)
    for page, query in (("wall", {}), ("join", {"seat": "x"}), ("trainer", {"key": "x"})):
        assert "Too many wrong codes" in said(opened(page, room=made.code, **query)), page
    assert "1 seat is in" in said(wall.run())
    assert "You are in" in said(opened("join", room=made.code, seat=seat.token))
    assert "Next question" in said(opened("trainer", room=made.code, key=made.key))


def test_where_the_store_is_gone_each_page_says_so_in_one_sentence(store, monkeypatch, tmp_path):
    made = rooms.open_room(store)
    monkeypatch.setenv(room.SETTING, f"sqlite:///{tmp_path}/none/rooms.db")
    for page, query in (("wall", {}), ("join", {"seat": "x"}), ("trainer", {"key": "x"})):
        app = opened(page, room=made.code, **query)
        assert not app.exception
        assert "a folder that is not there" in said(app)


def test_where_somebody_locks_the_file_a_vote_is_refused_and_the_page_stays(
    store, monkeypatch, tmp_path
):
    monkeypatch.setattr("mssp_sim.rooms.store.SECONDS_TO_WAIT", 0.05)
    made = rooms.open_room(store)
    seat = rooms.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    app = opened("join", room=made.code, seat=seat.token)
    store.close()  # what is opened now waits no longer than the test
    other = sqlite3.connect(tmp_path / "rooms.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    votes = [button.key for button in app.button if button.key.startswith("vote_")]
    app.button(key=votes[2]).click().run()
    assert BUSY in said(app)
    assert "C is in." not in said(app)
    other.execute("ROLLBACK")
    other.close()
    app.button(key=votes[2]).click().run()
    assert BUSY not in said(app)
    assert "C is in." in said(app)


def test_a_trainer_makes_an_estimate_and_a_decision_on_the_spot(store):
    made = rooms.open_room(store)
    seat = rooms.join(store, made.code)
    desk = opened("trainer", room=made.code, key=made.key)
    desk.button_group(key="room_kind").set_value("My own question").run()
    desk.button_group(key="room_own_kind").set_value("An estimate").run()
    desk.button(key="room_ask").click().run()
    assert "The question is empty." in said(desk)
    desk.text_input(key="room_own").set_value("What share is theirs?").run()
    desk.selectbox(key="room_own_number").set_value("final_sharing_rate").run()
    desk.button(key="room_ask").click().run()
    assert "Only you see this: 37.5%" in said(desk)
    asked = for_phone(store, made.code, seat.token).asked
    assert (asked.kind, asked.axis, asked.unit) == ("estimate", (0.0, 1.0), "percent")
    assert asked.words.endswith("contract E. What share is theirs?")
    desk.button_group(key="room_own_kind").set_value("A decision").run()
    desk.text_input(key="room_own").set_value("Earn more.")
    desk.multiselect(key="room_own_free").set_value(["quality_score", "level"])
    desk.number_input(key="room_own_goal").set_value(8.0).run()
    desk.button(key="room_ask").click().run()
    asked = for_phone(store, made.code, seat.token).asked
    assert [lever.field for lever in asked.levers] == ["quality_score", "level"]
    assert (asked.words, asked.conditions) == ("Earn more.", ("Earn at least $8.0M",))
    assert not desk.exception


def test_five_autumns_are_played_to_their_end_on_a_phone_and_on_the_wall(store):
    made = rooms.open_room(store)
    seat = rooms.join(store, made.code)
    rooms.join(store, made.code)  # and never answers: the computer plays
    asked = Autumns(words="Where do your tokens go?", start=Scenario())
    rounds.start_round(store, made.code, made.key, asked)
    phone = opened("join", room=made.code, seat=seat.token)
    wall = opened("wall", room=made.code)
    for year in range(1, 6):
        if year > 1:
            rounds.next_year(store, made.code, made.key)
            phone.run()
        assert f"Autumn {year} of 5" in said(wall.run())
        phone.slider[0].set_value(2 * year - 1).run()
        phone.button(key=f"send_{made.code}_1_{year}").click().run()
        assert "It is in." in said(phone)
        rounds.reveal(store, made.code, made.key)
        assert "So far" in said(phone.run())
    played = for_phone(store, made.code, seat.token).played
    assert played.own.tokens == (1, 3, 5, 7, 9)
    so_far = [amount(float(x), "dollars") for x in (played.own.result, played.own.choice)]
    assert f"So far {so_far[0]}: choice {so_far[1]}" in said(phone)
    told = said(wall.run())
    assert "2 teams over 5 years" in told
    assert f"| Team 1 | {so_far[0]} | {so_far[1]} |" in told
    assert not phone.exception
    assert not wall.exception


def test_a_rehearsed_room_is_taken_away_as_rows_pictures_and_one_page(store):
    made = rooms.open_room(store)
    rehearsal.rehearse(store, made.code, made.key, 5)
    now = store.clock
    for question in (vote_on("slip"), estimate_of("slip"), team_challenge()):
        store.clock = now
        rounds.start_round(store, made.code, made.key, question)
        store.clock = lambda: now() + rehearsal.SECONDS_TO_ANSWER
        rehearsal.answer_simulated(store, made.code, made.key)
        rounds.reveal(store, made.code, made.key)
    store.clock = now
    found = record(store, made.code, made.key)
    rows = room_shown.rows(found)
    assert len(rows) == 15
    assert {row["Seat"] for row in rows} == {f"Seat {n}" for n in range(1, 6)}
    drawn = [(one, *room_shown.pictures(one.question, one.shown, "light")) for one in found.rounds]
    assert [len(pictures) - 1 for pictures in drawn] == [1, 1, 2]
    sections = [
        Section(one.question.words, (room_shown.summary(one.question, one.shown),), first[1])
        for one, first, *_ in drawn
    ]
    (sheet,) = pypdf.PdfReader(io.BytesIO(room_sheet("Room", "5 seats took part.", sections))).pages
    paper = " ".join(sheet.extract_text().split())
    assert "5 voted" in paper
    assert "It is $6.5M. Median" in paper
    app = opened("trainer", room=made.code, key=made.key)
    for fold in ("room_debrief", "room_files", "room_guide"):
        app.session_state[fold] = True
    app.run()
    assert not app.exception
    assert "the median seat got" in said(app)
    assert "If the Wi-Fi fails" in said(app)


def test_at_the_frontier_the_goal_is_met_and_a_step_before_it_is_missed():
    asked = team_challenge()
    at = [(rate, score) for rate, score in frontier(asked) if 0.7 < score < 0.9]
    rates, scores = np.array(at).T
    target = updated_target(asked.start, asked.start.rules)
    for rate, met in ((rates, True), (rates - 0.0001, False)):
        paid = payoff(replace(asked.start, quality_score=scores), rate, target).payment
        assert ((paid >= asked.goal.earn - 1) == met).all()


def test_a_page_without_rooms_imports_none(monkeypatch):
    monkeypatch.delenv(room.SETTING, raising=False)
    for name in [name for name in sys.modules if name.startswith("mssp_sim.screens.trainer")]:
        monkeypatch.delitem(sys.modules, name)
    opened("trainer")
    assert "mssp_sim.screens.trainer.room_section" not in sys.modules


@pytest.mark.usefixtures("store")
def test_join_is_listed_only_where_rooms_are_on(monkeypatch):
    listed = {name for pages in frame.PAGES.values() for name in pages if frame.listed(name)}
    assert "join" in listed
    assert "wall" not in listed
    monkeypatch.delenv(room.SETTING)
    assert not frame.listed("join")
