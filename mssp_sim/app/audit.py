"""Who opened which page, brought what kind of file and took which: a line each, where asked for.

Nothing is written unless ``MSSP_AUDIT`` names a place. A line never holds what a file is called or
what is in it; a scenario only where ``MSSP_AUDIT_SCENARIOS`` says so.
"""

import datetime as dt
import hmac
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mssp_sim.app import room

AUDIT = "MSSP_AUDIT"
"""``stderr``, or the file that lines are added to; nothing by default."""

SCENARIOS = "MSSP_AUDIT_SCENARIOS"
"""Set to 1 where the line of a page may hold its link, and so its scenario."""

USER_HEADER = "MSSP_USER_HEADER"
"""The header in which a proxy that signs people in names them, such as X-Forwarded-User."""

PROXY_SECRET = "MSSP_PROXY_SECRET"
"""What the proxy sends as X-Proxy-Secret: without it no name is believed."""

SECRET_HEADER = "X-Proxy-Secret"
LONGEST_USER = 128
STDERR = "stderr"

_LAST = "audit_page"
_writing = Lock()
_log = logging.getLogger(__name__)


class SettingError(ValueError):
    """A setting that would believe anybody, in one sentence."""


def on() -> bool:
    """Return whether lines are wanted."""
    return bool(os.environ.get(AUDIT))


def checked(environ: Mapping[str, str]) -> None:
    """Refuse to start where a name would be believed from whoever sends it.

    Raises
    ------
    SettingError : a header is named and no secret
    """
    if environ.get(USER_HEADER) and not environ.get(PROXY_SECRET):
        raise SettingError(
            f"{USER_HEADER} is {environ[USER_HEADER]!r}, but {PROXY_SECRET} is not set, so anybody "
            f"could name themselves; give the app and its proxy one secret, which the proxy sends "
            f"as {SECRET_HEADER}"
        )


def user_of(headers: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    """Return who a trusted proxy says is there; None for everybody else.

    Parameters
    ----------
    headers : of the request, found whatever their case
    """
    named, secret = environ.get(USER_HEADER), environ.get(PROXY_SECRET)
    told = headers.get(SECRET_HEADER) or ""
    if not named or not secret or not hmac.compare_digest(told.encode(), secret.encode()):
        return None
    user = "".join(sign for sign in headers.get(named) or "" if sign.isprintable())
    return user[:LONGEST_USER] or None


def note(event: str, headers: Mapping[str, str], **more: object) -> None:
    """Write one line; a line that cannot be written goes to the log and breaks nothing."""
    line = {
        "time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "user": user_of(headers, os.environ),
        "event": event,
        **more,
    }
    text = json.dumps(line, ensure_ascii=True) + "\n"
    place = os.environ[AUDIT]
    try:
        with _writing:
            if place == STDERR:
                sys.stderr.write(text)
                sys.stderr.flush()
            else:
                with open(place, "a", encoding="ascii") as file:  # noqa: PTH123  (a name as it is set)
                    file.write(text)
    except OSError as fault:
        _log.warning("A line of the audit could not be written to %s: %s", place, fault)


def page(address: str) -> None:
    """Note that a visitor came to a page; a move on it is no event."""
    if not on() or st.session_state.get(_LAST) == address:
        return
    st.session_state[_LAST] = address
    secret = (room.ROOM, room.SEAT, room.KEY)  # who reads them could speak for a seat, or trainer
    query = {name: said for name, said in st.query_params.items() if name not in secret}
    more = {"link": urlencode(query)} if os.environ.get(SCENARIOS) == "1" else {}
    note("page", _headers(), page=address or "simulator", **more)


def brought(key: str, then: Callable[..., None] | None, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
    """Note each file that was dropped, and go on with what the page does then."""
    held = st.session_state.get(key)
    for file in held if isinstance(held, list) else [held] if held else []:
        kind = PurePosixPath(file.name).suffix.lower()[:10]
        note("upload", _headers(), page=_here(), kind=kind, bytes=file.size)
    if then is not None:
        then(*args, **kwargs)


def _here() -> str:
    return st.session_state.get(_LAST) or "simulator"


def _headers() -> Mapping[str, str]:
    return Headers(dict(st.context.headers))


class Exports:
    """ASGI middleware: notes each file that is taken away, by its kind."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or "/media/" not in scope["path"] or not on():
            await self.app(scope, receive, send)
            return

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:  # noqa: PLR2004
                kind = PurePosixPath(scope["path"]).suffix.lower()[:10]
                note("export", Headers(scope=scope), kind=kind)
            await send(message)

        await self.app(scope, receive, noted)
