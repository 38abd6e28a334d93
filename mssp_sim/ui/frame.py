"""The frame around every page: title, navigation, the levers, then the page."""

from pathlib import Path

import streamlit as st

from mssp_sim.ui import levers, session, show

ROOT = Path(__file__).parents[2]
LOGOS = Path(__file__).parent / "logo"
RAIL_WIDTH = 312


def draw() -> None:
    """Draw the frame and run the page that was asked for."""
    st.set_page_config(
        page_title="Shared savings simulator",
        page_icon=str(LOGOS / "icon.svg"),
        layout="wide",
        initial_sidebar_state=RAIL_WIDTH,
    )
    session.open_session()
    page = st.navigation(
        {
            "": [st.Page(ROOT / "pages" / "simulator.py", title="Simulator", default=True)],
            "Decide": [st.Page(ROOT / "pages" / "real_acos.py", title="Real ACOs")],
        },
        position="top",
    )
    st.logo(str(LOGOS / f"{show.theme()}.svg"), size="medium", icon_image=str(LOGOS / "icon.svg"))
    levers.rail(*session.results())
    session.write_link()
    session.begin_frame()
    page.run()
    session.end_frame()
