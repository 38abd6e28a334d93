"""The start of the server: what its first visitor would wait for is done before it answers."""

import asyncio
import gc
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit import cli_util, config, net_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server import server_util

from mssp_sim import charts
from mssp_sim.app import asked_files, session
from mssp_sim.charts.theme import INK
from mssp_sim.simulation import simulate
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.bridge import bridge_rows

SOCKET = "unix:"
BROKEN = (
    "Something broke here, and the fault is ours; the log of the server has it. Nothing of yours "
    "is lost: the address holds your scenario, and Undo takes your last step back."
)
TOO_LARGE = (
    "The server has too little memory left for this. Nothing of yours is lost: the address holds "
    "your scenario. Try a smaller file, or try again later."
)
IN_MEMORY = 0
"""The size beyond which a file on its way up is put on the disk: none."""


def prepare() -> None:
    """Build the pictures the app opens on, which takes longer than a visit; set Streamlit right."""
    asked_files.keep_for_a_while()
    MultiPartParser.spool_max_size = IN_MEMORY
    net_util.get_external_ip = _unknown
    PagesManager.uses_pages_directory = False  # else the first deep link is looked up as a file
    opening = session.opening()
    result, baseline = simulate(opening.scenario), simulate(opening.baseline)
    for theme in INK:
        charts.payoff(curve(result, baseline, limits=False), theme, "")
        charts.bridge(bridge_rows(result), theme, "")
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again: what is left over goes sooner


def _unknown() -> str | None:
    """Return no address: Streamlit would ask a site of Amazon for the one this server has outside.

    It does so, while every visitor waits, for each websocket of another site that it is about
    to refuse, and at a headless start, where ``logger.hideWelcomeMessage`` spares it. Who wants
    another site let in names it in ``server.corsAllowedOrigins``.
    """
    return None


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Say where the app is, and show it to who sits at the machine; Streamlit leaves that to us."""
    where = address()
    if where:
        print(f"The simulator is at {where}", flush=True)
    if where and not st.get_option("server.headless"):
        loop = asyncio.get_running_loop()  # a browser in the terminal would hold the server up
        loop.run_in_executor(None, cli_util.open_browser, where)
    yield


def apologise(fault: Exception) -> bool:
    """Say calmly that something broke or was too large; return whether that is all to show."""
    if st.get_option("client.showErrorDetails") == "full":
        return False
    if isinstance(fault, MemoryError):  # what was half made would stay until the next run
        traceback.clear_frames(fault.__traceback__)
        st.error(TOO_LARGE)
    else:
        st.error(BROKEN)
    return True


def address() -> str:
    """Return what a browser here should open, as for a plain script; empty for a socket."""
    host = "localhost"
    if config.is_manually_set("browser.serverAddress"):
        host = st.get_option("browser.serverAddress")
    elif config.is_manually_set("server.address"):
        host = server_util.get_display_address(st.get_option("server.address"))
    return "" if host.startswith(SOCKET) else server_util.get_url(host)
