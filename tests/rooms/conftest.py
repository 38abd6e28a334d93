"""What the tests of rooms share: a clock that moves, SQLite in a file, their own PostgreSQL."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from mssp_sim.rooms.settings import address
from mssp_sim.rooms.store import Store
from tests.conftest import IN_CI

NO_POSTGRESQL = (
    "These tests start a PostgreSQL of their own and find no initdb and pg_ctl, on the PATH or in "
    "/usr/lib/postgresql; on Debian and Ubuntu: sudo apt install postgresql."
)
TABLES = ("answers", "rounds", "seats", "rooms")


class Clock:
    """Seconds since 1970 that pass when a test says so."""

    def __init__(self, now=1_800_000_000.0):
        self.now = now

    def __call__(self):
        """Return the time."""
        return self.now


class PostgreSQL:
    """A server on a socket in a folder of its own, that can be stopped and started again."""

    def __init__(self, programs: Path):
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._user = None
        if os.geteuid() == 0:  # it refuses to run as root
            names = {known.pw_name for known in pwd.getpwall()}
            self._user = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-D", self._data, "-U", "rooms", "-A", "trust", "--no-sync")
        self.start()
        self.url = f"postgresql:///postgres?host={self.folder}&user=rooms"

    @property
    def _data(self):
        return str(self.folder / "data")

    def start(self):
        """Start the server."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", options,
                  "start")  # fmt: skip

    def stop(self):
        """Stop it at once, as a machine that loses its power."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def remove(self):
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program, *given):
        command = [str(self._programs / program), *given]
        if self._user:
            command = ["runuser", "-u", self._user, "--", *command]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


def programs():
    """Return the folder of PostgreSQL's programs, the newest version's where there are several."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in found if (one / "pg_ctl").exists()), None)


@pytest.fixture(scope="session")
def postgresql():
    """Return a PostgreSQL server; without its programs skip, but never in CI."""
    found = programs()
    if found is None:
        (pytest.fail if IN_CI else pytest.skip)(NO_POSTGRESQL)
    server = PostgreSQL(found)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, tmp_path):
    """Return what ``MSSP_ROOMS`` holds, for each kind of store."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rooms.db'}"
        return
    server = request.getfixturevalue("postgresql")
    yield server.url
    import psycopg  # noqa: PLC0415

    with psycopg.connect(server.url) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    """Return a store in a file, by a clock that the test moves."""
    found = Store(address({"MSSP_ROOMS": f"sqlite:///{tmp_path / 'rooms.db'}"}), clock)
    yield found
    found.close()


def rows_of(found: Store):
    """Return every row of every table: what a store holds, to the last byte of a value."""
    return {
        table: found.read(lambda rows, t=table: sorted(rows.all(f"SELECT * FROM {t}"), key=repr))
        for table in TABLES
    }
