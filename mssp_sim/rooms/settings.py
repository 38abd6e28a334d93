"""Whether there are rooms, and where they are kept: the variable ``MSSP_ROOMS``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from mssp_sim.rooms.error import SettingError

VARIABLE = "MSSP_ROOMS"
FILE, SERVER = "sqlite:///", "postgresql://"
FORMS = f"{FILE}rooms.db or {SERVER}user:password@host/database"


@dataclass(frozen=True, slots=True)
class Address:
    """Where rooms are kept: the path of a file, or the address of a PostgreSQL database."""

    kind: Literal["sqlite", "postgresql"]
    where: str

    def __repr__(self) -> str:
        """Return the kind alone: an address may hold a password."""
        return f"Address({self.kind})"


def address(environment: Mapping[str, str] = os.environ) -> Address | None:
    """Return where rooms are kept; None where there are none, which is the default.

    Raises
    ------
    SettingError
        Says what the variable may hold; never repeats a password.

    Source: ours

    Examples
    --------
    >>> address({}) is None
    True
    >>> address({"MSSP_ROOMS": "sqlite:///rooms.db"}).where
    'rooms.db'
    >>> address({"MSSP_ROOMS": "on"})
    Traceback (most recent call last):
    ...
    mssp_sim.rooms.error.SettingError: MSSP_ROOMS is no address of a store; it is \
sqlite:///rooms.db or postgresql://user:password@host/database, or not set.
    """
    text = environment.get(VARIABLE, "").strip()
    if not text:
        return None
    if text.startswith(FILE):
        return _file(unquote(text.removeprefix(FILE)))
    if text.startswith((SERVER, "postgres://")):
        return _server(text)
    raise SettingError(f"{VARIABLE} is no address of a store; it is {FORMS}, or not set.")


def _file(path: str) -> Address:
    if not path or path.endswith("/") or "\0" in path or "?" in path or path == ":memory:":
        raise SettingError(
            f"{VARIABLE} names no file; write {FILE}rooms.db, or {FILE}/var/rooms.db."
        )
    if not Path(path).absolute().parent.is_dir():
        raise SettingError(f"{VARIABLE} names a file in a folder that is not there; make it first.")
    return Address("sqlite", path)


def _server(text: str) -> Address:
    try:
        parts = urlsplit(text)
        named = bool(parts.path.strip("/")) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named:
        raise SettingError(
            f"{VARIABLE} names no database; write {SERVER}user:password@host/database."
        )
    return Address("postgresql", text)
