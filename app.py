"""Start here: ``streamlit run app.py``."""

import streamlit as st

from mssp_sim.ui import frame, start, turns

if __name__ == "__main__":  # the script of a session
    with turns.turn():
        frame.draw()
else:  # the server, before anybody comes
    start.prepare()
    app = st.App(__file__, lifespan=start.lifespan, on_script_error=start.apologise)
