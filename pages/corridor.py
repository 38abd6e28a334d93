"""Corridor and contract: when money moves, and how much is at stake each way."""

from mssp_sim.app import frame, session
from mssp_sim.screens.corridor import page

session.current(frame.draw)
page.draw(*session.results())
