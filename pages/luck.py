"""Luck: how much of it is chance."""

from mssp_sim.ui import frame, luck, session

session.current(frame.draw)
luck.page(*session.results())
