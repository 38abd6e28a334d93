"""Rooms are kept: through a killed process, a locked, full or missing store, on both databases."""

import json
import shutil
import sqlite3
import subprocess
import sys

import pytest

from mssp_sim.rooms import room, rounds, views
from mssp_sim.rooms.answers import kept
from mssp_sim.rooms.error import SettingError, StoreError
from mssp_sim.rooms.questions import team_challenge, vote_on
from mssp_sim.rooms.settings import address
from mssp_sim.rooms.store import BUSY, FULL, GONE, Store
from tests.conftest import ROOT
from tests.rooms.conftest import rows_of

pytestmark = pytest.mark.xdist_group("postgresql")

PHONES = """
import json, sys
from mssp_sim.rooms import room, rounds
from mssp_sim.rooms.settings import address
from mssp_sim.rooms.store import Store

where, code = sys.argv[1:]
store = Store(address({"MSSP_ROOMS": where}))
place = 0
while True:
    place += 1
    taken = room.join(store, code, "Ann")
    print(json.dumps(["seat", taken.token, taken.number]), flush=True)
    sent = {"cost_reduction": place / 10_000}
    done = rounds.answer(store, code, taken.token, 1, 0, sent)
    print(json.dumps(["answer", taken.token, done.value]), flush=True)
"""


def opened(where):
    return Store(address({"MSSP_ROOMS": where}))


def test_a_process_killed_in_mid_round_loses_nothing_that_it_confirmed(where):
    """Two processes share a room; one dies at once."""
    other = opened(where)
    made = room.open_room(other)
    assert rounds.start_round(other, made.code, made.key, team_challenge()) == 1
    mine = room.join(other, made.code, "Bo")
    said = []
    with subprocess.Popen(
        [sys.executable, "-c", PHONES, where, made.code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout:
            said.append(json.loads(line))
            if len(said) % 7 == 0:  # the other replica goes on meanwhile
                rounds.answer(other, made.code, mine.token, 1, 0, {"quality_score": 0.8})
                other.limits = type(other.limits)(other.clock)
            if len(said) >= 41:
                break
        process.kill()
        said += [json.loads(line) for line in process.stdout if line.endswith("\n")]

    wall = views.for_wall(other, made.code)
    assert wall.asked.number == 1
    assert wall.asked.state == "collecting"
    answers = {token: value for what, token, value in said if what == "answer"}
    seats = {token: number for what, token, number in said if what == "seat"}
    assert len(answers) >= 20
    for token, number in seats.items():
        phone = views.for_phone(other, made.code, token)
        assert phone.seat == number
        if token in answers:
            assert phone.answer == answers[token]
    assert wall.seats_in in (len(seats) + 1, len(seats) + 2)  # one may be kept and not yet said
    one = next(iter(seats))
    assert rounds.answer(other, made.code, one, 1, 0, {"level": "B"}).value == {"level": "B"}
    rounds.reveal(other, made.code, made.key)
    assert len(views.for_wall(other, made.code).shown.dots) == wall.answers_in
    other.close()


def test_a_room_of_one_process_is_the_room_of_another(where):
    one, two = opened(where), opened(where)
    made = room.open_room(one)
    first, second = room.join(one, made.code, "Ann"), room.join(two, made.code, "Ben")
    assert (first.number, second.number) == (1, 2)
    rounds.start_round(two, made.code, made.key, vote_on("slip"))
    before = room.find(one, made.code).version
    rounds.answer(two, made.code, first.token, 1, 0, 2)
    rounds.answer(one, made.code, first.token, 1, 0, 1)
    assert room.find(two, made.code).version == before + 2
    assert views.for_phone(two, made.code, first.token).answer == 1
    assert views.for_wall(one, made.code).answers_in == 1
    room.close_room(one, made.code, made.key)
    assert not any(rows_of(two).values())
    one.close()
    two.close()


def test_a_database_that_goes_and_comes_back(postgresql):
    store = opened(postgresql.url)
    made = room.open_room(store)
    mine = room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    rounds.answer(store, made.code, mine.token, 1, 0, 2)
    postgresql.stop()
    try:
        for ask in (
            lambda: views.for_wall(store, made.code),
            lambda: views.for_phone(store, made.code, mine.token),
            lambda: rounds.answer(store, made.code, mine.token, 1, 0, 1),
        ):
            with pytest.raises(StoreError) as refused:
                ask()
            assert str(refused.value) == GONE
    finally:
        postgresql.start()
    assert views.for_phone(store, made.code, mine.token).answer == 2
    assert rounds.answer(store, made.code, mine.token, 1, 0, 0).value == 0
    room.close_room(store, made.code, made.key)
    store.close()


def test_a_connection_that_broke_while_it_lay_idle_is_not_noticed(postgresql):
    store = opened(postgresql.url)
    made = room.open_room(store)
    postgresql.stop()
    postgresql.start()
    assert views.for_wall(store, made.code).seats_in == 0
    room.close_room(store, made.code, made.key)
    store.close()


def test_a_store_that_somebody_else_locks_says_so_and_goes_on(store, tmp_path, monkeypatch):
    monkeypatch.setattr("mssp_sim.rooms.store.SECONDS_TO_WAIT", 0.05)
    made = room.open_room(store)
    mine = room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    store.close()  # what is opened now waits no longer than the test
    other = sqlite3.connect(tmp_path / "rooms.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as refused:
        rounds.answer(store, made.code, mine.token, 1, 0, 2)
    assert str(refused.value) == BUSY
    assert views.for_wall(store, made.code).answers_in == 0  # who only reads does not wait
    other.execute("ROLLBACK")
    other.close()
    assert rounds.answer(store, made.code, mine.token, 1, 0, 2).value == 2


def fill(store, code):
    for _ in range(200):
        room.join(store, code, "Ann", simulated=True)


def test_a_full_disk_keeps_what_was_confirmed_and_the_room_goes_on(store):
    made = room.open_room(store)
    mine = room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    rounds.answer(store, made.code, mine.token, 1, 0, 2)
    pages = store.read(lambda rows: rows.one("PRAGMA page_count"))[0]
    store.read(lambda rows: rows.one(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreError) as refused:
        fill(store, made.code)
    assert str(refused.value) == FULL
    assert views.for_phone(store, made.code, mine.token).answer == 2
    assert rounds.answer(store, made.code, mine.token, 1, 0, 1).value == 1


def test_a_file_that_is_gone_and_comes_back(tmp_path, clock):
    (tmp_path / "here").mkdir()
    store = Store(address({"MSSP_ROOMS": f"sqlite:///{tmp_path}/here/rooms.db"}), clock)
    made = room.open_room(store)
    mine = room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    shutil.move(tmp_path / "here", tmp_path / "away")
    for ask in (
        lambda: views.for_wall(store, made.code),
        lambda: rounds.answer(store, made.code, mine.token, 1, 0, 2),
    ):
        with pytest.raises(StoreError) as refused:
            ask()
        assert str(refused.value) == GONE
    shutil.move(tmp_path / "away", tmp_path / "here")
    assert rounds.answer(store, made.code, mine.token, 1, 0, 2).value == 2
    store.close()


def test_what_cannot_be_written_whole_is_not_written(store):
    made = room.open_room(store)
    before = rows_of(store)

    def work(rows):
        rows.do("UPDATE rooms SET version = 99")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(work)
    assert rows_of(store) == before
    assert room.find(store, made.code).version == 0


def test_no_key_and_no_token_is_in_the_store(store):
    made = room.open_room(store)
    mine = room.join(store, made.code, "Ann")
    text = repr(rows_of(store))
    assert made.code in text
    assert made.key not in text
    assert mine.token not in text


def test_a_scenario_and_an_answer_come_back_as_they_went(store):
    made = room.open_room(store)
    mine = room.join(store, made.code)
    asked = team_challenge()
    rounds.start_round(store, made.code, made.key, asked)
    rounds.answer(store, made.code, mine.token, 1, 0, {"minimum_election": "size", "level": "A"})
    assert views.for_trainer(store, made.code, made.key).question == asked
    (text,) = store.read(lambda rows: rows.one("SELECT value FROM answers"))
    assert kept(text) == {"minimum_election": "size", "level": "A"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yes", "no address"),
        ("mysql://host/rooms", "no address"),
        ("sqlite://rooms.db", "no address"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///nowhere/at/all/rooms.db", "not there"),
        ("postgresql://rooms:secret@host", "names no database"),
        ("postgresql://rooms:secret@host:port/rooms", "names no database"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence_without_a_password(text, says):
    with pytest.raises(SettingError, match=says) as refused:
        address({"MSSP_ROOMS": text})
    assert "secret" not in str(refused.value)
    assert str(refused.value).count(".") <= 3


def test_an_address_does_not_print_its_password():
    assert "secret" not in repr(address({"MSSP_ROOMS": "postgresql://rooms:secret@host/rooms"}))
