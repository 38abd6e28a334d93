"""The timer of a session, in a corner of every page: its end stands in the link."""

import time
from pathlib import Path
from typing import Any

import streamlit as st

from mssp_sim.app import session

PLACE = "until"
LONGEST = 3 * 60 * 60
"""Seconds: a link that counts longer, or is over for so long, counts nothing."""

MOST_DIGITS = 12
OVER_FOR = 120
"""Seconds after its end in which the corner still says that the time is over."""

_FOLDER = Path(__file__).parent


def _component() -> Any:  # noqa: ANN401  (Streamlit's renderer)
    html, css, js = (
        (_FOLDER / f"clock.{kind}").read_text("utf-8") for kind in ("html", "css", "js")
    )
    return st.components.v2.component("clock", html=html, css=css, js=js)


_mount = _component()


def ends() -> int | None:
    """Return when the timer ends, in seconds of the epoch; None where none runs."""
    return ends_at(session.place(PLACE) or "", time.time())


def ends_at(text: str, now: float) -> int | None:
    """Return the end that a text of a link says; None for one that cannot be meant.

    Examples
    --------
    >>> ends_at("1700000060", 1700000000), ends_at("soon", 0.0), ends_at("1800000000", 1700000000)
    (1700000060, None, None)
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        return None
    return int(text) if abs(int(text) - now) < LONGEST else None


def start(minutes: int) -> None:
    """Let the timer run."""
    session.put(PLACE, str(round(time.time() + 60 * minutes)))


def stop() -> None:
    """Stop the timer."""
    session.put(PLACE, None)


def draw() -> None:
    """Put the time that is left into the corner of the page, if a timer runs."""
    end = ends()
    if end is None or end + OVER_FOR < time.time():
        return
    corner(end - time.time())


def corner(left: float) -> None:
    """Put so many seconds into the corner of the page, where they count down by themselves."""
    _mount(key="clock", data={"left": left}, height=1)
