"""Simulator: what the ACO earns, and what it leaves."""

from mssp_sim.app import frame, session
from mssp_sim.screens.simulator import page

session.current(frame.draw)
page.draw(*session.results())
