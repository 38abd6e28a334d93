"""Check yourself: eight questions, two of them in new situations, and a link for a week later."""

from mssp_sim.app import frame, session
from mssp_sim.screens.check import page

session.current(frame.draw)
page.draw()
