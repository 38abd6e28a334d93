"""A room: opened by a trainer, joined by seats, gone after 24 hours.

A code is 7 of 27 signs: 27^7 = 10,460,353,203. A process answers 10 wrong codes a second at
most, 864,000 a day, whoever asks. So who guesses all day at that rate finds a given room with
one chance in 12,000, and any of 50 rooms with one in 240; and all that a code opens is a seat.
The trainer's key and the tokens of the seats are 32 random bytes each: not guessable at any rate.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mssp_sim.rooms.answers import ALPHABET, CODE_LENGTH, NO_ROOM, is_code, read_code, read_name
from mssp_sim.rooms.error import NotFoundError, TooManyError
from mssp_sim.rooms.limits import (
    LONGEST_MESSAGE,
    ROOMS_A_SERVER,
    SEATS_A_ROOM,
    SECONDS_OPEN,
)
from mssp_sim.rooms.store import Rows, Store

T = TypeVar("T")

SECONDS_TO_SWEEP = 60.0
NO_SEAT = "This seat is of no room that is open; join again with the code on the wall."
NOT_THE_TRAINER = "Only the trainer's own link can do this."
ROOM_FULL = f"This room has its {SEATS_A_ROOM} seats; share a phone with a neighbor."
SERVER_FULL = f"This server has its {ROOMS_A_SERVER} rooms; try again when one is over."
ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Opened:
    """A room that was just opened; the key is in the trainer's link and nowhere else."""

    code: str
    key: str
    expires: float


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat that was just taken; the token is in the phone's own link and nowhere else."""

    code: str
    token: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Room:
    """What is kept of a room, beside its seats and rounds; times are seconds since 1970."""

    code: str
    seed: int
    opened: float
    expires: float
    names_shown: bool
    round: int
    seats: int
    version: int


def hashed(secret: str) -> str:
    """Return what is kept of a key or a token: it says nothing of the secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def shown_code(code: str) -> str:
    """Return a code as a person reads it.

    Examples
    --------
    >>> shown_code("BK4T9XW")
    'BK4-T9XW'
    """
    return f"{code[:3]}-{code[3:]}"


def open_room(store: Store) -> Opened:
    """Open a room for 24 hours; rooms whose time is over are deleted first.

    Raises
    ------
    TooManyError
        Where the server has all its rooms.
    StoreError
        Where the store cannot be written.
    """
    key, seed = secrets.token_urlsafe(32), secrets.randbits(62)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    now = store.clock()

    def work(rows: Rows) -> Opened:
        _delete_expired(rows, now)
        (count,) = rows.one("SELECT count(*) FROM rooms") or (0,)
        if count >= ROOMS_A_SERVER:
            raise TooManyError(SERVER_FULL)
        rows.do(
            "INSERT INTO rooms (code, key_hash, seed, opened, expires) VALUES (?, ?, ?, ?, ?)",
            code, hashed(key), seed, now, now + SECONDS_OPEN,
        )  # fmt: skip
        return Opened(code, key, now + SECONDS_OPEN)

    return store.write(work)


def close_room(store: Store, code: str, key: str) -> None:
    """Delete a room with all its rows, before its time is over.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    """

    def work(rows: Rows) -> None:
        locked_by_trainer(rows, code, key, store.clock())
        _delete(rows, code)

    store.write(work)


def join(store: Store, code: str, name: str = "", *, simulated: bool = False) -> Seat:
    """Take a seat in a room, at any time of a round.

    Raises
    ------
    NotFoundError
        Where no room has the code.
    AnswerError
        Where the name holds what a name does not.
    TooManyError
        Where the room is full, or too many join or guess at this moment.
    """
    limits = store.limits
    limits.wrong_codes.check(ANYBODY)
    try:
        wanted = read_code(code)
        kept_name, token = read_name(name), secrets.token_urlsafe(32)
        find(store, wanted)
    except NotFoundError:
        limits.wrong_codes.take(ANYBODY)
        raise
    if not simulated:
        limits.joins.take(wanted)

    def work(rows: Rows) -> Seat:
        room = locked(rows, wanted, store.clock())
        if room.seats >= SEATS_A_ROOM:
            raise TooManyError(ROOM_FULL)
        number = room.seats + 1
        rows.do(
            "INSERT INTO seats (room, number, token_hash, name, joined, simulated) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            wanted, number, hashed(token), kept_name, store.clock(), int(simulated),
        )  # fmt: skip
        rows.do("UPDATE rooms SET seats = ? WHERE code = ?", number, wanted)
        return Seat(wanted, token, number, kept_name)

    return store.write(work)


def leave(store: Store, code: str, token: str) -> None:
    """Leave a room: the seat is not counted while it is away, and its answers stay.

    Raises
    ------
    NotFoundError
        Where the token is of no seat of the room.
    """
    _set_away(store, code, token, away=True)


def come_back(store: Store, code: str, token: str) -> None:
    """Take one's own seat again, by its link.

    Raises
    ------
    NotFoundError
        Where the token is of no seat of the room.
    """
    _set_away(store, code, token, away=False)


def _set_away(store: Store, code: str, token: str, *, away: bool) -> None:
    number = speaks(store, code, token)

    def work(rows: Rows) -> None:
        locked(rows, code, store.clock())
        rows.do("UPDATE seats SET away = ? WHERE room = ? AND number = ?", int(away), code, number)

    store.write(work)


def speaks(store: Store, code: str, token: str) -> int:
    """Count one message of a seat, and return the seat's number.

    A stranger is told so by a read: no writer waits, and no seat's count is touched.

    Raises
    ------
    NotFoundError
        Where the token is of no seat of the room.
    TooManyError
        Where the seat sends too often.
    """
    number, _ = look(store, code, lambda rows, room: seat(rows, room, token))
    store.limits.messages.take(f"{code}.{number}")
    return number


def show_names(store: Store, code: str, key: str, *, shown: bool) -> None:
    """Say whether the wall may name seats after Reveal; it does not unless told.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    """

    def work(rows: Rows) -> None:
        locked_by_trainer(rows, code, key, store.clock())
        rows.do("UPDATE rooms SET names_shown = ? WHERE code = ?", int(shown), code)

    store.write(work)


def find(store: Store, code: str) -> Room:
    """Return a room that is open.

    Raises
    ------
    NotFoundError
        Where there is none of this code.
    """
    return look(store, code, lambda _, room: room)


def look(store: Store, code: str, work: Callable[[Rows, Room], T]) -> T:
    """Return what a function finds in a room that is open, all of one moment.

    Rooms whose time is over are deleted on the way, at most once a minute.

    Raises
    ------
    NotFoundError
        Where no room of this code is open.
    StoreError
        Where the store cannot be read now.
    """
    now = store.clock()
    if not now < store.swept + SECONDS_TO_SWEEP:
        store.swept = now
        if store.read(lambda rows: rows.one("SELECT code FROM rooms WHERE expires <= ?", now)):
            store.write(lambda rows: _delete_expired(rows, now))
    return store.read(lambda rows: work(rows, opened_room(rows, code, now)))


def look_as_trainer(store: Store, code: str, key: str, work: Callable[[Rows, Room], T]) -> T:
    """Return what a function finds in a room for its trainer alone, as ``look`` does.

    Raises
    ------
    NotFoundError
        Where no room of this code is open, or the key is not its.
    StoreError
        Where the store cannot be read now.
    """

    def of_the_trainer(rows: Rows, room: Room) -> T:
        check_key(rows, code, key)
        return work(rows, room)

    return look(store, code, of_the_trainer)


_COLUMNS = "code, seed, opened, expires, names_shown, round, seats, version"


def _row(rows: Rows, code: str) -> Room | None:
    if not is_code(code):
        return None
    found = rows.one(f"SELECT {_COLUMNS} FROM rooms WHERE code = ?", code)
    if found is None:
        return None
    code, seed, opened, expires, names_shown, number, seats, changes = found
    return Room(code, int(seed), opened, expires, bool(names_shown), number, seats, int(changes))


def opened_room(rows: Rows, code: str, now: float) -> Room:
    """Return a room that is open, within a transaction.

    Raises
    ------
    NotFoundError
        Where there is none of this code.
    """
    found = _row(rows, code)
    if found is None or found.expires <= now:
        raise NotFoundError(NO_ROOM)
    return found


def locked(rows: Rows, code: str, now: float) -> Room:
    """Return a room for a change: others wait until this one is kept, and see a new version.

    Raises
    ------
    NotFoundError
        Where no room of this code is open.
    """
    if not is_code(code):
        raise NotFoundError(NO_ROOM)
    rows.do("UPDATE rooms SET version = version + 1 WHERE code = ?", code)
    return opened_room(rows, code, now)


def locked_by_trainer(rows: Rows, code: str, key: str, now: float) -> Room:
    """Return a room for a change that is the trainer's alone.

    Raises
    ------
    NotFoundError
        Where no room of this code is open, or the key is not its.
    """
    found = locked(rows, code, now)
    check_key(rows, code, key)
    return found


def check_key(rows: Rows, code: str, key: str) -> None:
    """Refuse whoever is not the room's trainer.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    """
    (kept,) = rows.one("SELECT key_hash FROM rooms WHERE code = ?", code) or ("",)
    good = isinstance(key, str) and len(key) <= LONGEST_MESSAGE
    if not good or not secrets.compare_digest(kept, hashed(key)):
        raise NotFoundError(NOT_THE_TRAINER)


def seat(rows: Rows, room: Room, token: str) -> tuple[int, str]:
    """Return number and name of the seat a token is of.

    Raises
    ------
    NotFoundError
        Where it is of no seat of the room.
    """
    found = None
    if isinstance(token, str) and len(token) <= LONGEST_MESSAGE:
        found = rows.one(
            "SELECT number, name FROM seats WHERE token_hash = ? AND room = ?",
            hashed(token), room.code,
        )  # fmt: skip
    if found is None:
        raise NotFoundError(NO_SEAT)
    return int(found[0]), str(found[1])


def _delete_expired(rows: Rows, now: float) -> None:
    for (code,) in rows.all("SELECT code FROM rooms WHERE expires <= ?", now):
        _delete(rows, code)


def _delete(rows: Rows, code: str) -> None:
    for table in ("answers", "rounds", "seats"):
        rows.do(f"DELETE FROM {table} WHERE room = ?", code)
    rows.do("DELETE FROM rooms WHERE code = ?", code)
