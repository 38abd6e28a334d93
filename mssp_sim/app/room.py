"""What the pages of a live room share: whether rooms are on, their links, and how a page waits."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import streamlit as st

from mssp_sim.app import clock, show

if TYPE_CHECKING:  # with rooms off nothing of them is imported
    from mssp_sim.rooms.store import Store

SETTING = "MSSP_ROOMS"
ROOM, SEAT, KEY = "room", "seat", "key"
"""Words of a link to a room: its code, the token of one seat, the key of the trainer."""

OFF = "Live rooms are off on this server."
TURNED_ON = (
    f"The person who runs the app turns them on with the setting {SETTING}, such as "
    f"{SETTING}=sqlite:///rooms.db; the guide to deployment says what is then kept, and for how "
    "long. Until then everything goes on with raised hands: the Trainer desk has cards, curtain "
    "and a vote that is typed in."
)
DESK = "pages/trainer.py"
ALONE = """<style>
[data-testid=stHeader], [data-testid=stSidebar] { display: none; }
[data-testid=stMainBlockContainer] { padding-top: 0.75rem; }
</style>"""
"""A page of a room has no way to the other pages in sight."""

KNOWN = "rooms_known"
TOO_SOON = 0.5
"""Part of the time between two looks, before which a browser that has the page does not ask."""

Moment = tuple[object, ...]
T = TypeVar("T")


def on() -> bool:
    """Return whether whoever runs the app has turned live rooms on."""
    return bool(os.environ.get(SETTING, "").strip())


def runs(address: str) -> bool:
    """Return whether this is the trainer's page of a room: the desk's address with its key."""
    return address == "trainer" and on() and ROOM in st.query_params and KEY in st.query_params


def off() -> None:
    """Say that rooms are off, and what to do."""
    show.sentence(OFF, owed=False)
    show.quiet(TURNED_ON)
    st.page_link(DESK, label="Go to the Trainer desk", width="content")


def store() -> "Store":
    """Return the store of this server.

    Raises
    ------
    RoomError
        Where the setting names none that can be used, in one sentence.
    """
    from mssp_sim.rooms.settings import address  # noqa: PLC0415
    from mssp_sim.rooms.store import store_at  # noqa: PLC0415

    where = address()
    assert where is not None  # no page asks where rooms are off
    return store_at(where)


def moment(store: "Store", code: str) -> Moment:
    """Return where a room is: its version, the number of its round, the state, the year.

    The version grows with every answer; a phone waits for the rest alone.
    """
    from mssp_sim.rooms.room import Room, look  # noqa: PLC0415
    from mssp_sim.rooms.rounds import current  # noqa: PLC0415
    from mssp_sim.rooms.store import Rows  # noqa: PLC0415

    def work(rows: Rows, room: Room) -> Moment:
        here = current(rows, room, store.clock())
        return (room.version, *((here.number, here.state, here.year) if here else (0, "", 0)))

    return look(store, code, work)


def found(store: "Store", code: str, work: Callable[[], T], *, by_code: bool = False) -> T:
    """Return what a page finds in a room; who guesses codes is answered at the allowed rate only.

    Parameters
    ----------
    by_code : nothing but the code is asked for; a token or a key cannot be guessed at any rate,
        so that whoever holds one is not held up by who guesses

    Raises
    ------
    RoomError
        Where there is nothing to find, in one sentence.
    """
    from mssp_sim.rooms.error import NotFoundError  # noqa: PLC0415
    from mssp_sim.rooms.room import ANYBODY  # noqa: PLC0415

    known: set[str] = st.session_state.setdefault(KNOWN, set())
    if by_code and code not in known:
        store.limits.wrong_codes.check(ANYBODY)
    try:
        view = work()
    except NotFoundError:
        known.discard(code)
        store.limits.wrong_codes.take(ANYBODY)
        raise
    known.add(code)
    return view


def watch(look: Callable[[], Moment], drawn: Moment, every: float) -> None:
    """Draw the page again once what it shows is no longer so.

    Only this question is asked again and again; nothing of the page is drawn with it, so that no
    finger on a lever is disturbed and many phones wait on one process. A look that comes too soon
    crossed the page on its way, and Streamlit may then have thrown away what was drawn (ADR 0046).

    Parameters
    ----------
    look : where the room is now; a store that cannot be read is a moment of its own
    drawn : where it was when the page was drawn
    every : seconds
    """
    from mssp_sim.rooms.error import RoomError  # noqa: PLC0415

    began: list[float] = []

    def waiting() -> None:
        if not began:
            began.append(time.monotonic())
            return
        if time.monotonic() - began[0] < every * TOO_SOON:
            st.rerun()
        try:
            now = look()
        except RoomError as fault:
            now = (str(fault),)
        if now != drawn:
            st.rerun()

    st.fragment(waiting, run_every=every)()


def timer(left: float | None) -> None:
    """Put the time that is left for an answer into the corner."""
    if left is not None:
        clock.corner(left)


def link(page: str, **query: str) -> str:
    """Return the address of a page of a room, as the browser reached this one."""
    here = (st.context.url or "").partition("?")[0]
    for name in ("trainer", "join", "wall"):
        here = here.removesuffix(name)
    return f"{here}{page}?{urlencode(query)}"
