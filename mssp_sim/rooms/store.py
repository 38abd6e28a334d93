"""Where rooms are kept: SQLite in a file, or PostgreSQL where several replicas share a room.

A store answers reads from one consistent view and makes writes whole or not at all. What a
driver raises ends in one ``StoreError``; the next call opens a new connection, so that a room
goes on when its store is back.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from mssp_sim.rooms.error import SettingError, StoreError
from mssp_sim.rooms.limits import Limits
from mssp_sim.rooms.settings import Address

T = TypeVar("T")

MOST_CONNECTIONS = 8
SECONDS_TO_WAIT = 2.0
"""How long a call waits for a store that somebody else writes to."""
SECONDS_BETWEEN = 0.002

KEPT = "Nothing that was confirmed is lost."
BUSY = f"The room's store is busy; try again in a moment. {KEPT}"
FULL = f"The room's store is full, so this was not kept; tell the trainer. {KEPT}"
GONE = f"The room's store cannot be reached; try again in a moment. {KEPT}"
NO_DRIVER = (
    "MSSP_ROOMS names a PostgreSQL database, and psycopg is not installed: install "
    "mssp-sim[postgres]."
)

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS rooms (
        code TEXT PRIMARY KEY, key_hash TEXT NOT NULL, seed BIGINT NOT NULL,
        opened DOUBLE PRECISION NOT NULL, expires DOUBLE PRECISION NOT NULL,
        names_shown INTEGER NOT NULL DEFAULT 0, round INTEGER NOT NULL DEFAULT 0,
        seats INTEGER NOT NULL DEFAULT 0, version BIGINT NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS seats (
        room TEXT NOT NULL, number INTEGER NOT NULL, token_hash TEXT NOT NULL,
        name TEXT NOT NULL, joined DOUBLE PRECISION NOT NULL, away INTEGER NOT NULL DEFAULT 0,
        simulated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (room, number))""",
    "CREATE UNIQUE INDEX IF NOT EXISTS seats_by_token ON seats (token_hash)",
    """CREATE TABLE IF NOT EXISTS rounds (
        room TEXT NOT NULL, number INTEGER NOT NULL, question TEXT NOT NULL,
        state TEXT NOT NULL, year INTEGER NOT NULL DEFAULT 0, opened DOUBLE PRECISION NOT NULL,
        ends DOUBLE PRECISION, PRIMARY KEY (room, number))""",
    """CREATE TABLE IF NOT EXISTS answers (
        room TEXT NOT NULL, round INTEGER NOT NULL, year INTEGER NOT NULL,
        seat INTEGER NOT NULL, value TEXT NOT NULL, given DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (room, round, year, seat))""",
)


class _Connection(Protocol):
    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Any: ...  # noqa: ANN401

    def close(self) -> None: ...


class Rows:
    """The rows of a store within one transaction; values stand at the question marks."""

    def __init__(self, connection: _Connection, mark: str) -> None:
        self._connection, self._mark = connection, mark

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        found = self._connection.execute(sql.replace("?", self._mark), values).fetchall()
        return [tuple(row) for row in found]

    def one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        return next(iter(self.all(sql, *values)), None)

    def do(self, sql: str, *values: object) -> int:
        """Change rows; return how many."""
        return int(self._connection.execute(sql.replace("?", self._mark), values).rowcount)


class Store:
    """Rooms in one place, for every thread of a process; nothing is opened before the first call.

    Parameters
    ----------
    address : where the rooms are
    clock : seconds since 1970; every replica's is the same to a second
    """

    def __init__(self, address: Address, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.limits = Limits(clock)
        self.swept = float("-inf")
        self._driver = _SQLite(address) if address.kind == "sqlite" else _PostgreSQL(address)
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()
        self._room_for = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._prepared = False

    def read(self, work: Callable[[Rows], T]) -> T:
        """Return what a function finds; all its questions see the same moment.

        Raises
        ------
        StoreError
            Where the store cannot be read now.
        """
        return self._within(self._driver.begin_reading, work)

    def write(self, work: Callable[[Rows], T]) -> T:
        """Return what a function finds and keep all that it changed, once this returns.

        Where the function raises, nothing is changed. It may be run twice.

        Raises
        ------
        StoreError
            Where the store cannot be written now.
        """
        with self._driver.one_writer():
            return self._within(self._driver.begin_writing, work)

    def close(self) -> None:
        """Close every connection that is not in use; the next call opens one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            with suppress(Exception):
                connection.close()

    def _within(self, begin: str, work: Callable[[Rows], T]) -> T:
        if not self._room_for.acquire(timeout=SECONDS_TO_WAIT):
            raise StoreError(BUSY)
        try:
            known = self._borrowed()
            if known is not None:
                try:
                    self._driver.begin(known, begin)
                except self._driver.errors as fault:  # one that broke while it lay idle
                    self._drop(known)
                    known = None
                    if (said := self._driver.said(fault)) == BUSY:
                        raise StoreError(said) from fault
            return self._run(known, begin, work)
        finally:
            self._room_for.release()

    def _run(self, known: _Connection | None, begin: str, work: Callable[[Rows], T]) -> T:
        connection = known
        try:
            if connection is None:
                connection = self._driver.connect()
                self._prepare(connection)
                self._driver.begin(connection, begin)
            found = work(Rows(connection, self._driver.mark))
            connection.execute("COMMIT")
        except self._driver.errors as fault:
            if connection is not None:
                self._drop(connection)
            self.close()
            raise StoreError(self._driver.said(fault)) from fault
        except BaseException:
            if connection is not None:
                self._undo(connection)
            raise
        self._give_back(connection)
        return found

    def _undo(self, connection: _Connection) -> None:
        try:
            connection.execute("ROLLBACK")
        except self._driver.errors:
            self._drop(connection)
        else:
            self._give_back(connection)

    def _prepare(self, connection: _Connection) -> None:
        if not self._prepared:
            self._driver.prepare(connection)
            self._prepared = True

    def _borrowed(self) -> _Connection | None:
        try:
            same = self._driver.still_there()
        except OSError as fault:
            raise StoreError(GONE) from fault
        if not same:
            self.close()
            self._prepared = False
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: _Connection) -> None:
        with self._lock:
            self._idle.append(connection)

    def _drop(self, connection: _Connection) -> None:
        with suppress(Exception):
            connection.close()


class _OneWriter:
    """Writers of this process in turn: SQLite lets one write, and makes the others sleep."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=SECONDS_TO_WAIT):
            raise StoreError(BUSY)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class _SQLite:
    mark = "?"
    errors = (sqlite3.Error, OSError)
    begin_reading = "BEGIN"
    begin_writing = "BEGIN IMMEDIATE"

    def __init__(self, address: Address) -> None:
        self._path = Path(address.where).absolute()
        self._writer = _OneWriter()
        self._file: tuple[int, int] | None = None

    def connect(self) -> _Connection:
        connection = sqlite3.connect(
            self._path, timeout=SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # outlives a killed process
        connection.execute("PRAGMA secure_delete = ON")  # rows of a room that is over are gone
        self._file = self._on_disk()
        return connection

    def prepare(self, connection: _Connection) -> None:
        connection.execute(self.begin_writing)
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("COMMIT")

    def begin(self, connection: _Connection, begin: str) -> None:
        """Begin a transaction; a writer asks again every two milliseconds while another writes.

        SQLite itself waits longer each time, up to a tenth of a second, and so the process that
        writes most would keep the others out.
        """
        if begin == self.begin_reading:
            connection.execute(begin)
            return
        end = time.monotonic() + SECONDS_TO_WAIT
        connection.execute("PRAGMA busy_timeout = 0")
        while True:
            try:
                connection.execute(begin)
            except sqlite3.OperationalError as fault:
                if self.said(fault) != BUSY or time.monotonic() > end:
                    raise
                time.sleep(SECONDS_BETWEEN)
            else:
                break
        connection.execute(f"PRAGMA busy_timeout = {round(SECONDS_TO_WAIT * 1000)}")

    def one_writer(self) -> _OneWriter:
        return self._writer

    def still_there(self) -> bool:
        """Return whether the file is the one that is open; one that was moved away is missed."""
        return self._file is None or self._on_disk() == self._file

    def _on_disk(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def said(self, fault: Exception) -> str:
        text = str(fault)
        if "full" in text:
            return FULL
        return BUSY if "locked" in text or "busy" in text else GONE


class _PostgreSQL:
    mark = "%s"
    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing = "BEGIN"

    def __init__(self, address: Address) -> None:
        try:
            import psycopg  # noqa: PLC0415  (an extra; only where the setting names it)
        except ImportError as fault:
            raise SettingError(NO_DRIVER) from fault
        self._psycopg = psycopg
        self._where = address.where
        self.errors: tuple[type[Exception], ...] = (psycopg.Error, OSError)

    def connect(self) -> _Connection:
        wait = int(SECONDS_TO_WAIT * 1000)
        connection: _Connection = self._psycopg.connect(
            self._where,
            autocommit=True,
            connect_timeout=int(SECONDS_TO_WAIT),
            options=f"-c lock_timeout={wait} -c statement_timeout={2 * wait}",
        )
        return connection

    def prepare(self, connection: _Connection) -> None:
        connection.execute(self.begin_writing)
        connection.execute("SELECT pg_advisory_xact_lock(425)")  # replicas that start together
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("COMMIT")

    def begin(self, connection: _Connection, begin: str) -> None:
        connection.execute(begin)

    def one_writer(self) -> Any:  # noqa: ANN401
        return nullcontext()

    def still_there(self) -> bool:
        return True

    def said(self, fault: Exception) -> str:
        if isinstance(fault, self._psycopg.errors.DiskFull):
            return FULL
        busy = self._psycopg.errors.LockNotAvailable, self._psycopg.errors.QueryCanceled
        return BUSY if isinstance(fault, busy) else GONE


@lru_cache(maxsize=4)
def store_at(address: Address) -> Store:
    """Return the one store of this process at an address."""
    return Store(address)
