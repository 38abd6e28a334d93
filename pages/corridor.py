"""Corridor and contract: when money moves, and how much is at stake each way."""

from mssp_sim.ui import corridor, frame, session

session.current(frame.draw)
corridor.page(*session.results())
