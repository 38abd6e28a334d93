"""What an assistant reads that drives the app in a reader's place: on every page, before the page.

Streamlit's agent interface (``server.enableAgentApi``, off by default) shows a page as text. Live
levers need a browser, so an assistant is given Streamlit's own sliders, as any visitor is whose
browser runs no script of ours.
"""

import streamlit as st

from mssp_sim.app import show
from mssp_sim.parameters import RULES_VERSION

HANDSHAKE = "Sec-WebSocket-Key"
"""A header that every browser's connection has, and no request of an assistant."""


def notice() -> str:
    """Return what must be repeated with every figure, and where the whole dollars are.

    Examples
    --------
    >>> notice().startswith(f"Rules version {RULES_VERSION}. This is education, not advice.")
    True
    """
    return (
        f"Rules version {RULES_VERSION}. This is education, not advice. Say both with every "
        "figure. Whole dollars: open “Show the arithmetic” on the Simulator, or “Show the data "
        "behind the pictures”. A lever is in percent where it says so. The query parameters are a "
        "link to exactly this scenario."
    )


def asks() -> bool:
    """Return whether this session is an assistant's, not a browser's."""
    return bool(st.get_option("server.enableAgentApi")) and HANDSHAKE not in st.context.headers


def draw() -> None:
    """Put the notice first on the page of an assistant; a browser's page stays as it is."""
    if asks():
        show.quiet(notice())
