"""What is taken away of a room: each revealed round, its answers and what they came to."""

from collections.abc import Mapping
from dataclasses import dataclass

from mssp_sim.rooms.answers import Value
from mssp_sim.rooms.questions import Autumns, Question
from mssp_sim.rooms.room import Room, look_as_trainer
from mssp_sim.rooms.rounds import Revealed, revealed
from mssp_sim.rooms.store import Rows, Store
from mssp_sim.rooms.views import Shown, names, on_the_wall, season_of


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
        named = names(rows, room)
        told = (
            Recorded(one.number, one.question, one.answers, _shown(rows, room, one, named))
            for one in revealed(rows, room)
        )
        return Record(code, room.seats, named, tuple(told))

    return look_as_trainer(store, code, key, work)


def _shown(rows: Rows, room: Room, one: Revealed, named: Mapping[int, str]) -> Shown:
    if isinstance(one.question, Autumns):
        return Shown(season=season_of(rows, room, one.number, one.question, one.year))
    return on_the_wall(one.question, one.answers.get(0, {}), named)
