"""Large type for a room: the page grows, words and pictures alike; the levers stay as they are."""

import streamlit as st

LARGE = "large_type"
ZOOM = "<style>[data-testid=stMainBlockContainer] { zoom: 1.35; }</style>"


def on() -> bool:
    """Return whether the page is drawn large."""
    return bool(st.session_state.get(LARGE, False))


def turn(*, on: bool) -> None:
    """Draw the pages of this session large, or as usual."""
    st.session_state[LARGE] = on


def draw() -> None:
    """Make the page large if that is wanted."""
    if on():
        st.html(ZOOM)
