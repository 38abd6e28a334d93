"""The rounds of a room: asked, locked, revealed by the trainer alone; and the answers to them."""

from dataclasses import dataclass
from typing import Literal

from mssp_sim.rooms import answers
from mssp_sim.rooms.error import AnswerError, RoomError, TooManyError
from mssp_sim.rooms.limits import ROUNDS_A_ROOM
from mssp_sim.rooms.questions import YEARS, Autumns, Question, read, write
from mssp_sim.rooms.room import Room, locked, locked_by_trainer, speaks
from mssp_sim.rooms.store import Rows, Store

State = Literal["collecting", "locked", "revealed"]
"""A round collects answers until its timer ends or the trainer locks it; then Reveal."""

LONGEST_TIMER = 60 * 60.0
NO_ROUND = "No question is open; the next one comes in a moment."
CLOSED = "Answers to this question are no longer taken; what you sent before counts."
OTHER_ROUND = "The room has moved on to another question; answer that one."
ROOM_DONE = f"A room has at most {ROUNDS_A_ROOM} rounds; open another room."


@dataclass(frozen=True, slots=True)
class Round:
    """One round as it stands.

    ``year`` counts five autumns from 1 and is 0 for other kinds; ``opened`` is when the question,
    or its year, was asked.
    """

    number: int
    question: Question
    state: State
    year: int
    opened: float
    ends: float | None

    @property
    def under_curtain(self) -> bool:
        """Whether no figure of the answer may be seen."""
        return self.state != "revealed"

    def seconds_left(self, now: float) -> float | None:
        """Return how long answers are still taken; None without a timer, and when it is over."""
        if self.ends is None or self.state != "collecting":
            return None
        return max(0.0, self.ends - now)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An answer that is kept: it outlives whatever happens to the process that took it."""

    round: int
    year: int
    value: answers.Value


def start_round(
    store: Store, code: str, key: str, question: Question, seconds: float | None = None
) -> int:
    """Ask the next question and return the number of its round; the one before is over.

    Parameters
    ----------
    seconds : how long answers are taken, up to an hour; until the trainer locks if None

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    TooManyError
        Where the room has had all its rounds.
    """
    text, now = write(question), store.clock()
    ends = _ends(now, seconds)

    def work(rows: Rows) -> int:
        room = locked_by_trainer(rows, code, key, now)
        if room.round >= ROUNDS_A_ROOM:
            raise TooManyError(ROOM_DONE)
        number = room.round + 1
        rows.do(
            "INSERT INTO rounds (room, number, question, state, year, opened, ends) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            code, number, text, "collecting", int(isinstance(question, Autumns)), now, ends,
        )  # fmt: skip
        rows.do("UPDATE rooms SET round = ? WHERE code = ?", number, code)
        return number

    return store.write(work)


def lock(store: Store, code: str, key: str) -> None:
    """Take no more answers to the question on the wall; locking twice is locking once.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    RoomError
        Where no question is open.
    """
    _change(store, code, key, "locked")


def reveal(store: Store, code: str, key: str) -> None:
    """Lift the curtain of the question on the wall; whatever was answered counts.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    RoomError
        Where no question is open.
    """
    _change(store, code, key, "revealed")


def next_year(store: Store, code: str, key: str, seconds: float | None = None) -> int:
    """Begin the next of five autumns, once the year before is revealed, and return its number.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    RoomError
        Where the round is no five autumns, its year is not revealed, or was the last.
    """
    now = store.clock()
    ends = _ends(now, seconds)

    def work(rows: Rows) -> int:
        room = locked_by_trainer(rows, code, key, now)
        here = current(rows, room, now)
        if here is None or not isinstance(here.question, Autumns):
            raise RoomError("Only five autumns have a next year.")
        if here.under_curtain:
            raise RoomError("Reveal this year first.")
        if here.year >= YEARS:
            raise RoomError("This was the last of the five autumns.")
        rows.do(
            "UPDATE rounds SET state = ?, year = ?, opened = ?, ends = ? "
            "WHERE room = ? AND number = ?",
            "collecting", here.year + 1, now, ends, code, here.number,
        )  # fmt: skip
        return here.year + 1

    return store.write(work)


def _ends(now: float, seconds: float | None) -> float | None:
    return None if seconds is None else now + min(max(seconds, 1.0), LONGEST_TIMER)


def _change(store: Store, code: str, key: str, state: State) -> None:
    def work(rows: Rows) -> None:
        room = locked_by_trainer(rows, code, key, store.clock())
        here = current(rows, room, store.clock())
        if here is None:
            raise RoomError(NO_ROUND)
        if here.state != "revealed":
            rows.do(
                "UPDATE rounds SET state = ? WHERE room = ? AND number = ?",
                state, code, here.number,
            )  # fmt: skip

    store.write(work)


def answer(store: Store, code: str, token: str, number: int, year: int, given: object) -> Confirmed:
    """Keep a seat's answer to the question on the wall; the last one before the lock counts.

    Parameters
    ----------
    number, year : the round and the year that the phone shows, so that no answer goes astray
    given : whatever the phone sent

    Returns
    -------
    The answer as it is kept: whoever has this has it for good.

    Raises
    ------
    AnswerError
        Where it is no answer, comes too late, or is to another question.
    NotFoundError
        Where the token is of no seat of the room.
    TooManyError
        Where the phone sends too often.
    StoreError
        Where the store cannot keep it now: it is not confirmed, and can be sent again.
    """
    own = speaks(store, code, token)

    def work(rows: Rows) -> Confirmed:
        now = store.clock()
        room = locked(rows, code, now)
        here = current(rows, room, now)
        if here is None:
            raise AnswerError(NO_ROUND)
        if (here.number, here.year) != (number, year):
            raise AnswerError(OTHER_ROUND)
        if here.state != "collecting":
            raise AnswerError(CLOSED)
        value = answers.read_answer(here.question, given)
        keep(rows, room, here, own, value, now)
        return Confirmed(here.number, here.year, value)

    return store.write(work)


def keep(
    rows: Rows, room: Room, here: Round, number: int, value: answers.Value, now: float
) -> None:
    """Put the answer of a seat in its row: one a round, and one a year in five autumns."""
    rows.do(
        "INSERT INTO answers (room, round, year, seat, value, given) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (room, round, year, seat) DO UPDATE SET value = excluded.value, "
        "given = excluded.given",
        room.code, here.number, here.year, number, answers.written(value), now,
    )  # fmt: skip


def current(rows: Rows, room: Room, now: float) -> Round | None:
    """Return the round on the wall; None before the first. Its timer locks it by itself."""
    return of_number(rows, room, room.round, now)


def of_number(rows: Rows, room: Room, number: int, now: float) -> Round | None:
    """Return a round of a room by its number."""
    found = rows.one(
        "SELECT number, question, state, year, opened, ends FROM rounds "
        "WHERE room = ? AND number = ?",
        room.code, number,
    )  # fmt: skip
    if found is None:
        return None
    number, text, state, year, opened, ends = found
    over = state == "collecting" and ends is not None and ends <= now
    return Round(number, read(text), "locked" if over else state, year, opened, ends)


@dataclass(frozen=True, slots=True)
class Revealed:
    """A round whose curtain is lifted: its question, the last year of five autumns, the answers.

    ``answers`` are by year, then by seat; ``year`` is 0 for what is no five autumns.
    """

    number: int
    question: Question
    year: int
    answers: dict[int, dict[int, answers.Value]]


def revealed(rows: Rows, room: Room) -> tuple[Revealed, ...]:
    """Return the revealed rounds of a room, the first one first."""
    found = rows.all(
        "SELECT number, question, year FROM rounds WHERE room = ? AND state = ? ORDER BY number",
        room.code, "revealed",
    )  # fmt: skip
    return tuple(
        Revealed(number, read(text), year, given_answers(rows, room, number))
        for number, text, year in found
    )


def given_answers(rows: Rows, room: Room, number: int) -> dict[int, dict[int, answers.Value]]:
    """Return the answers of a round: by year, then by seat."""
    found: dict[int, dict[int, answers.Value]] = {}
    for year, own, text in rows.all(
        "SELECT year, seat, value FROM answers WHERE room = ? AND round = ? ORDER BY year, seat",
        room.code, number,
    ):  # fmt: skip
        found.setdefault(year, {})[own] = answers.kept(text)
    return found


def own_answer(rows: Rows, room: Room, here: Round, number: int) -> answers.Value | None:
    """Return the answer of one seat to the question on the wall; None where it has given none."""
    found = rows.one(
        "SELECT value FROM answers WHERE room = ? AND round = ? AND year = ? AND seat = ?",
        room.code, here.number, here.year, number,
    )  # fmt: skip
    return None if found is None else answers.kept(found[0])
