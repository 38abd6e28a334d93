"""Large type for a room: words, levers and pictures grow, so that the last row reads them."""

import streamlit as st

LARGE = "large_type"
WORDS, LEVERS, PICTURES = 1.75, 1.3, 2.0
"""How many times larger each is drawn: text of 14 pixels, and labels of 12, come to 24."""

CHART = "[data-testid=stVegaLiteChart]"
ZOOM = f"""<style>
[data-testid=stMainBlockContainer] {{ zoom: {WORDS}; padding-left: 1rem; padding-right: 1rem; }}
[data-testid=stSidebar] {{ zoom: {LEVERS}; }}
[data-testid=stHorizontalBlock]:has({CHART}) {{ flex-wrap: wrap; }}
[data-testid=stColumn]:has({CHART}) {{ flex: 1 1 100%; min-width: 100%; }}
{CHART} {{
  zoom: {1 / WORDS:.5f};
  width: {100 / PICTURES:g}% !important;
  height: auto !important;
  overflow: visible;
  pointer-events: none;
}}
{CHART} svg, {CHART} canvas {{ zoom: {PICTURES:g}; max-width: none; }}
[data-testid=stGrid]:has([data-testid=stMetric]) {{ grid-template-columns: 1fr 1fr !important; }}
[data-testid=stMetric] * {{
  font-size: max(1em, 14px) !important;
  white-space: normal !important;
  overflow: visible !important;
}}
</style>"""
"""A picture measures its room in pixels of the screen and is drawn in its own, so it gets half the
room and is drawn twice as large; what it says under the pointer would then stand elsewhere."""


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
