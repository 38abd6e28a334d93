"""What a hostile phone sends is refused with a sentence, and nobody else notices."""

import json
import random

import pytest

from mssp_sim.rooms import room, rounds
from mssp_sim.rooms.answers import CODE_LENGTH, read_name
from mssp_sim.rooms.error import AnswerError, NotFoundError, RoomError, TooManyError
from mssp_sim.rooms.limits import (
    LONGEST_NAME,
    MESSAGES_AT_ONCE,
    ROOMS_A_SERVER,
    ROUNDS_A_ROOM,
    SEATS_A_ROOM,
    SECONDS_OPEN,
    WRONG_CODES_AT_ONCE,
)
from mssp_sim.rooms.questions import (
    MOST_TEAMS,
    Autumns,
    Decide,
    Estimate,
    QuestionError,
    Vote,
    estimate_of,
    team_challenge,
    vote_on,
)
from mssp_sim.rooms.views import for_phone, for_wall
from mssp_sim.scenario import Scenario
from tests.rooms.conftest import rows_of

QUESTIONS = (
    vote_on("slip"), estimate_of("slip"), team_challenge(),
    Autumns(words="Five autumns", start=Scenario()),
)  # fmt: skip
SCRIPT = "<script>alert(1)</script>"
VALUES = (
    "null", "true", "false", '""', '"2"', "[]", "[2]", "{}", "-1", "4", "99", "11", "2.5", "1e999",
    "-1e999", "NaN", "Infinity", "-Infinity", "9" * 900, "-" + "9" * 900, "1e308", "-1e308",
    json.dumps(SCRIPT), '{"right": 2}',
    '{"round": 1, "state": "revealed"}', '{"cost_reduction": "2"}',
    '{"cost_reduction": null}', '{"cost_reduction": true}', '{"cost_reduction": [0.03]}',
    '{"cost_reduction": 5}', '{"cost_reduction": -1e308}', '{"quality_score": 1.01}',
    '{"level": "Z"}', '{"level": "' + "E" * 400 + '"}', '{"level": 5}', '{"level": "\\ud800"}',
    '{"\\ud800": 1}', '{"minimum_election": 0.0199}', '{"minimum_election": true}',
    '{"alternative_standard_met": 1}', '{"alternative_standard_met": "yes"}',
    '{"expenditure": [[1,2,3,4]]}', '{"market_share": 0.5}', '{"__class__": "x"}',
    '{"performance_year": 1900}', '{"cost_reduction": 0.03, "cost_reduction ": 0.03}',
    "[[[[[[[[[[1]]]]]]]]]]", '{"":""}', '"' + "x" * 5_000_000 + '"',
    *map(json.dumps, ("{" * 300, "'; DROP TABLE rooms; --", "\x00", "\ud800", "0x2", "(2)")),
)  # fmt: skip


def one_sentence(fault):
    text = str(fault)
    assert text.endswith("."), text
    assert "\n" not in text
    assert len(text) < 160
    assert not any(sign in text for sign in "<>{}[]*`\x00")
    return text


def test_five_hundred_hostile_messages_change_nothing(store, clock):
    made = room.open_room(store)
    ann, mallory = room.join(store, made.code, "Ann"), room.join(store, made.code, "M")
    refused, good = 0, {0: 2, 1: 1e6, 2: {"cost_reduction": 0.03}, 3: 4}
    for place, question in enumerate(QUESTIONS):
        number = rounds.start_round(store, made.code, made.key, question)
        year = int(isinstance(question, Autumns))
        rounds.answer(store, made.code, ann.token, number, year, good[place])
        before, seen = rows_of(store), for_phone(store, made.code, ann.token)
        sent = [(text, number, year) for text in VALUES]
        sent += [(json.dumps(good[place]), other, when) for other, when in (
            (0, year), (number + 1, year), (number - 1, year), (number, year + 1), ("1", year),
            (None, None), (10**400, year), (number, -1),
        )]  # fmt: skip
        for text, other, when in sent:
            clock.now += 1
            try:
                rounds.answer(store, made.code, mallory.token, other, when, json.loads(text))
            except RoomError as fault:
                one_sentence(fault)
                refused += 1
                continue
            # what is an answer after all is one of the sender's own row, and of nothing else
            assert (place, text) in ALLOWED, (question.kind, text)
            store.write(lambda rows: rows.do("DELETE FROM answers WHERE seat = 2"))
        after = rows_of(store)
        before["rooms"] = after["rooms"]  # the number that grows with each change
        assert after == before
        assert for_phone(store, made.code, ann.token).answer == seen.answer
        assert for_wall(store, made.code).asked.state == "collecting"
    tokens = [mallory.token[:-1], mallory.token + "x", "", "\x00", "\ud800", "x" * 10_000, None, 7,
              made.key[:-1], made.code, "' OR 1=1 --", ["x"]]  # fmt: skip
    codes = [
        "",
        "\x00",
        "\ud800" * 7,
        "A" * 7,
        None,
        7,
        "x" * 10_000,
        "' OR '1'='1",
        made.code[:-1],
    ]
    before = rows_of(store)
    for n in range(500 - refused):
        clock.now += 1
        token = tokens[n % len(tokens)]
        with pytest.raises(NotFoundError) as fault:
            rounds.answer(store, made.code, token, 4, 1, 2)
        one_sentence(fault.value)
        with pytest.raises(NotFoundError):
            rounds.answer(store, codes[n % len(codes)], ann.token, 4, 1, 2)
        with pytest.raises(NotFoundError):
            for_phone(store, made.code, token)
        for stop in (rounds.lock, rounds.reveal, room.close_room, rounds.next_year):
            with pytest.raises(NotFoundError):
                stop(store, made.code, token)
    assert rows_of(store) == before
    assert refused > 200


ALLOWED = {
    (1, "-1"), (1, "4"), (1, "99"), (1, "11"), (1, "2.5"), (3, "4"),
}  # fmt: skip
"""Hostile texts that are numbers on the axis of an estimate, or tokens."""


def hostile_names():
    made = [
        SCRIPT, "<b>Ann</b>", "&lt;", "**Ann**", "_Ann_", "`Ann`", "# Ann", "[Ann](javascript:x)",
        "![x](http://x)", ":material/home:", ":smile:", "$x^2$", "~~Ann~~", "> Ann", "- Ann",
        "1. Ann", "| Ann |", "Ann\nBen", "Ann\tBen", "\x00", "Ann\x00", "\x1b[31m", "\u202eAnn",
        "An\u200bn", "\ufeffAnn", "\u2066Ann", "\U0001f600", "Ann \U0001f600", "\ud800", "A" * 25,
        "A" * 5_000_000, "A" + "\u0301\u0302\u0303\u0304", "\u0301Ann", "=cmd()", "+1", "@Ann",
        "' OR 1=1", "Ann;", "Ann|Ben", "{{Ann}}", "{Ann}", "%s", "..", ".", "-", "'", "5",
        "\u00a0Ann",
        "Ann\u2028Ben", "Ann\u00adBen", "\uffff", "\U000e0041", "A/B", "A\\B",
        'A"B', "A?", "A!", "A,B",
        b"Ann", 5, ["Ann"], {"a": 1}, True, 1.5,
    ]  # fmt: skip
    draw = random.Random(24)
    signs = '<>*_`#[]()!:$~|&{}=+@;%\\/"?^\u202e\u200b\U0001f600\x00\x07'
    while len(made) < 200:
        letters = [draw.choice("abcÄß李") for _ in range(draw.randrange(1, 12))]
        letters.insert(draw.randrange(len(letters) + 1), draw.choice(signs))
        made.append("".join(letters))
    return made


def test_two_hundred_hostile_names_are_refused_with_a_sentence(store, clock):
    made = room.open_room(store)
    room.join(store, made.code, "Ann")
    before = rows_of(store)
    names = hostile_names()
    assert len(names) == 200
    for name in names:
        clock.now += 1
        with pytest.raises(AnswerError) as fault:
            room.join(store, made.code, name)
        one_sentence(fault.value)
    assert rows_of(store) == before


@pytest.mark.parametrize(
    "name", ["Ann", "Ana-Lucía", "Jean Luc", "O'Neil", "D’Arcy", "李雷", "Ольга", "J. R.", "नीता",
             "Bo 2", "A" * LONGEST_NAME]
)  # fmt: skip
def test_names_of_people_are_kept_as_they_are(name):
    assert read_name(f" {name} ") == name


def test_a_phone_that_speaks_too_fast_is_told_and_nobody_else(store, clock):
    made = room.open_room(store)
    fast, slow = room.join(store, made.code), room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    for _ in range(MESSAGES_AT_ONCE):
        rounds.answer(store, made.code, fast.token, 1, 0, 1)
    with pytest.raises(TooManyError, match="too fast") as fault:
        rounds.answer(store, made.code, fast.token, 1, 0, 2)
    one_sentence(fault.value)
    assert rounds.answer(store, made.code, slow.token, 1, 0, 2).value == 2
    clock.now += 1
    assert rounds.answer(store, made.code, fast.token, 1, 0, 2).value == 2


def test_a_clock_that_is_set_back_keeps_no_limit_shut(store, clock):
    made = room.open_room(store)
    fast = room.join(store, made.code)
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    for _ in range(MESSAGES_AT_ONCE):
        rounds.answer(store, made.code, fast.token, 1, 0, 1)
    clock.now -= 3_600
    with pytest.raises(TooManyError):
        rounds.answer(store, made.code, fast.token, 1, 0, 2)
    clock.now += 1
    assert rounds.answer(store, made.code, fast.token, 1, 0, 2).value == 2


def guessed_wrong(store) -> bool:
    """Return that a wrong code was answered; too many are not."""
    with pytest.raises(NotFoundError):
        room.join(store, "2" * CODE_LENGTH)
    return True


def test_codes_cannot_be_guessed_in_a_day_at_the_allowed_rate(store, clock):
    made = room.open_room(store)
    tried = [guessed_wrong(store) for _ in range(WRONG_CODES_AT_ONCE)]
    with pytest.raises(TooManyError, match="wrong codes") as fault:
        room.join(store, "2" * CODE_LENGTH)
    one_sentence(fault.value)
    assert all(tried)
    clock.now += 1
    assert room.join(store, made.code.lower()).number == 1
    assert 27**CODE_LENGTH / (ROOMS_A_SERVER * 10 * SECONDS_OPEN) > 200


def test_seats_rooms_and_rounds_are_limited_with_a_sentence_each(store):
    made = room.open_room(store)
    store.write(lambda rows: rows.do("UPDATE rooms SET seats = ?, round = ?",
                                     SEATS_A_ROOM, ROUNDS_A_ROOM))  # fmt: skip
    asks = [
        lambda: room.join(store, made.code),
        lambda: rounds.start_round(store, made.code, made.key, vote_on("slip")),
    ]
    for _ in range(ROOMS_A_SERVER - 1):
        room.open_room(store)
    asks.append(lambda: room.open_room(store))
    for ask in asks:
        with pytest.raises(TooManyError) as fault:
            ask()
        one_sentence(fault.value)


def test_a_room_is_over_after_a_day_and_its_rows_are_gone(store, clock):
    made = room.open_room(store)
    mine = room.join(store, made.code, "Ann")
    rounds.start_round(store, made.code, made.key, vote_on("slip"))
    rounds.answer(store, made.code, mine.token, 1, 0, 2)
    clock.now += SECONDS_OPEN - 1
    later = room.open_room(store)
    assert for_phone(store, made.code, mine.token).answer == 2
    clock.now += 1
    for ask in (
        lambda: for_phone(store, made.code, mine.token),
        lambda: for_wall(store, made.code),
        lambda: room.join(store, made.code),
        lambda: rounds.answer(store, made.code, mine.token, 1, 0, 1),
        lambda: rounds.reveal(store, made.code, made.key),
    ):
        with pytest.raises(NotFoundError):
            ask()
    clock.now += 60
    for_wall(store, later.code)  # whoever reads sweeps
    left = rows_of(store)
    assert [row[0] for row in left.pop("rooms")] == [later.code]
    assert not any(left.values())
    clock.now += SECONDS_OPEN
    newest = room.open_room(store)
    assert [row[0] for row in rows_of(store)["rooms"]] == [newest.code]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Vote(words="", options=("a", "b"), right=0),
        lambda: Vote(words="?" * 301, options=("a", "b"), right=0),
        lambda: Vote(words="?", options=("a",), right=0),
        lambda: Vote(words="?", options=("a", " "), right=0),
        lambda: Vote(words="?", options=("a", "b"), right=2),
        lambda: Estimate(words="?", low=1.0, high=0.0, truth=0.5),
        lambda: Estimate(words="?", low=0.0, high=1.0, truth=2.0),
        lambda: Estimate(words="?", low=0.0, high=float("inf"), truth=2.0),
        lambda: Estimate(words="?", low=0.0, high=1.0, truth=0.5, unit="euros"),
        lambda: Decide(words="?", start=Scenario(), free=()),
        lambda: Decide(words="?", start=Scenario(), free=("expenditure",)),
        lambda: Decide(words="?", start=Scenario(), free=("quality_score", "quality_score")),
        lambda: Decide(words="?", start=Scenario(quality_score=[0.7, 0.8]), free=("level",)),
        lambda: Autumns(words="?", start=Scenario(), teams=MOST_TEAMS + 1),
        lambda: vote_on("no such card"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_sentence(make):
    with pytest.raises(QuestionError) as fault:
        make()
    one_sentence(fault.value)
