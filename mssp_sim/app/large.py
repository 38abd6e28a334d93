"""Large type for a room: the words of the page grow; levers and pictures stay as they are."""

import streamlit as st

LARGE = "large_type"
TIMES = 1.25
ZOOM = (
    f"<style>[data-testid=stMainBlockContainer] {{ zoom: {TIMES}; }} "
    f"[data-testid=stVegaLiteChart] {{ zoom: {1 / TIMES:.4f}; }}</style>"
)
"""A picture measures its room in pixels of the screen, so it is left out of the growth."""


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
