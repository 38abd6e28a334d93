"""What is taken away of a room: each revealed round, its answers and what they came to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mssp_sim.rooms.answers import Value
from mssp_sim.rooms.autumns import season, shocks
from mssp_sim.rooms.questions import YEARS, Autumns, Question, read
from mssp_sim.rooms.room import Room, check_key, look
from mssp_sim.rooms.rounds import given_answers
from mssp_sim.rooms.store import Rows, Store
from mssp_sim.rooms.views import Shown, on_the_wall


@dataclass(frozen=True, slots=True)
class Recorded:
    """One round that is revealed; ``answers`` are by year (0 but in five autumns), then by seat."""

    number: int
    question: Question
    answers: Mapping[int, Mapping[int, Value]]
    shown: Shown


@dataclass(frozen=True, slots=True)
class Record:
    """A room as it is taken away; ``names`` are by seat, and empty unless they are shown."""

    code: str
    seats: int
    names: Mapping[int, str]
    rounds: tuple[Recorded, ...]


def record(store: Store, code: str, key: str) -> Record:
    """Return what is taken away of a room.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    StoreError
        Where the store cannot be read now.
    """

    def work(rows: Rows, room: Room) -> Record:
        check_key(rows, code, key)
        named: dict[int, str] = {}
        if room.names_shown:
            found = rows.all("SELECT number, name FROM seats WHERE room = ?", code)
            named = {number: name or f"Seat {number}" for number, name in found}
        told = rows.all(
            "SELECT number, question, year FROM rounds WHERE room = ? AND state = ? "
            "ORDER BY number",
            code, "revealed",
        )  # fmt: skip
        rounds = []
        for number, text, year in told:
            question, given = read(text), given_answers(rows, room, number)
            shown = _shown(room, number, question, given, year, named)
            rounds.append(Recorded(number, question, given, shown))
        return Record(code, room.seats, named, tuple(rounds))

    return look(store, code, work)


def _shown(
    room: Room,
    number: int,
    question: Question,
    given: Mapping[int, Mapping[int, Value]],
    year: int,
    named: Mapping[int, str],
) -> Shown:
    if not isinstance(question, Autumns):
        return on_the_wall(question, given.get(0, {}), named)
    drawn = shocks(room.seed, number, float(np.asarray(question.start.assigned_beneficiaries)))
    playing = sorted(set[int]().union(*given.values()))
    return Shown(season=season(question, drawn, playing, given, min(year, YEARS)))
