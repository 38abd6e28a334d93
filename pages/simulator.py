"""Simulator: what the ACO earns, and what it leaves."""

from mssp_sim.ui import frame, session, simulator

session.current(frame.draw)
simulator.page(*session.results())
