"""Simulator: what do I earn, and what am I leaving?"""

from mssp_sim.ui import frame, session, simulator

session.current(frame.draw)
simulator.page(*session.results())
