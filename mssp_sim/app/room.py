"""What the pages of a live room share: whether rooms are on, where a room is named, who waits."""

import os

import streamlit as st

from mssp_sim.app import show

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


def on() -> bool:
    """Return whether whoever runs the app has turned live rooms on."""
    return bool(os.environ.get(SETTING))


def runs(address: str) -> bool:
    """Return whether this is the trainer's page of a room: the desk's address with its key."""
    return on() and address == "trainer" and ROOM in st.query_params and KEY in st.query_params


def off() -> None:
    """Say that rooms are off, and what to do."""
    show.sentence(OFF, owed=False)
    show.quiet(TURNED_ON)
    st.page_link(DESK, label="Go to the Trainer desk", width="content")
