"""The start of the server: what its first visitor would wait for is done before it answers."""

import asyncio
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit.web.server import server_util

from mssp_sim import charts, explanation
from mssp_sim.charts.ink import INK
from mssp_sim.charts.payoff_figures import curve
from mssp_sim.simulation import simulate
from mssp_sim.ui import session, simulator  # noqa: F401  (a page, with all that it imports)


def prepare() -> None:
    """Build the pictures the app opens on: a specification takes longer than a whole visit."""
    opening = session.opening()
    result, baseline = simulate(opening.scenario), simulate(opening.baseline)
    for theme in INK:
        charts.payoff(curve(result, baseline, limits=False), theme, "")
        charts.bridge(explanation.bridge(result), theme, "")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Show the app to who sits at the machine, which Streamlit leaves to us for an ``App``."""
    if not st.get_option("server.headless"):
        asyncio.get_running_loop().call_soon(webbrowser.open, server_util.get_url("localhost"))
    yield
