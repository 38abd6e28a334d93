"""Start here: ``streamlit run app.py``."""

from mssp_sim.ui import frame

frame.draw()
