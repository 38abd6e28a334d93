"""A rehearsal: simulated seats that answer by themselves, so that a wall can be seen at home."""

import random

from mssp_sim.rooms.answers import TOKENS, Value, read_answer
from mssp_sim.rooms.error import AnswerError
from mssp_sim.rooms.questions import Autumns, Decide, Estimate, Lever, Question, Vote, levers
from mssp_sim.rooms.room import Room, join, locked_by_trainer
from mssp_sim.rooms.rounds import Round, current, given_answers, keep
from mssp_sim.rooms.store import Rows, Store

SEATS = 30
SECONDS_TO_ANSWER = 20.0
"""Every simulated seat has answered so long after a question is asked, the first at once."""

RIGHT, STAY = 0.45, 0.5
"""The chance that a simulated seat knows the answer of a vote, or leaves a choice as it is."""


def rehearse(store: Store, code: str, key: str, seats: int = SEATS) -> int:
    """Put simulated seats into a room and return how many there are now; never more than asked.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    TooManyError
        Where the room has not so many seats left.
    """

    def count(rows: Rows) -> int:
        locked_by_trainer(rows, code, key, store.clock())
        (found,) = rows.one(
            "SELECT count(*) FROM seats WHERE room = ? AND simulated = 1", code
        ) or (0,)  # fmt: skip
        return int(found)

    there = store.write(count)
    for number in range(there + 1, seats + 1):
        join(store, code, f"Guest {number}", simulated=True)
    return max(there, seats)


def answer_simulated(store: Store, code: str, key: str) -> int:
    """Let the simulated seats answer whose time has come, and return how many did.

    The wall of a rehearsal calls this whenever it is drawn; it does nothing once all answered.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    """

    def due(rows: Rows, room: Room, here: Round) -> list[int]:
        given = given_answers(rows, room, here.number).get(here.year, {})
        seats = [
            number
            for (number,) in rows.all(
                "SELECT number FROM seats WHERE room = ? AND simulated = 1 ORDER BY number", code
            )
        ]
        passed = store.clock() - here.opened
        ready = len(seats) * min(1.0, passed / SECONDS_TO_ANSWER)
        return [number for place, number in enumerate(seats) if place <= ready and
                number not in given]  # fmt: skip

    def work(rows: Rows) -> int:
        now = store.clock()
        room = locked_by_trainer(rows, code, key, now)
        here = current(rows, room, now)
        if here is None or here.state != "collecting":
            return 0
        waiting = due(rows, room, here)
        for number in waiting:
            draw = random.Random(f"rehearsal {room.seed} {here.number} {here.year} {number}")
            keep(rows, room, here, number, simulated_answer(here.question, draw), now)
        return len(waiting)

    return store.write(work)


def simulated_answer(question: Question, draw: random.Random) -> Value:
    """Return an answer that a person could give, by chance.

    Source: ours
    """
    if isinstance(question, Vote):
        if draw.random() < RIGHT:
            return question.right
        return draw.randrange(len(question.options))
    if isinstance(question, Estimate):
        reach = question.high - question.low
        return min(max(draw.gauss(question.truth, reach / 6), question.low), question.high)
    if isinstance(question, Autumns):
        return min(max(round(draw.gauss(6, 2)), 0), TOKENS)
    return _decision(question, draw)


def _decision(question: Decide, draw: random.Random) -> Value:
    decided = {lever.field: _place(lever, draw) for lever in levers(question)}
    try:
        return read_answer(question, decided)
    except AnswerError:  # levers that cannot stand so together: one alone always can
        first = levers(question)[0]
        return {first.field: decided[first.field]}


def _place(lever: Lever, draw: random.Random) -> float | str | bool:
    if lever.choices:
        stay = lever.start is not None and draw.random() < STAY
        return lever.start if stay else draw.choice(lever.choices)  # type: ignore[return-value]
    start = lever.start if isinstance(lever.start, int | float) else (lever.low + lever.high) / 2
    wanted = draw.gauss(float(start), (lever.high - lever.low) / 8)
    steps = round(min(max(wanted, lever.low), lever.high) / lever.step)
    return min(max(round(steps * lever.step, 12), lever.low), lever.high)
