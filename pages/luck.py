"""Luck: how much of it is chance."""

from mssp_sim.app import frame, session
from mssp_sim.screens.luck import page

session.current(frame.draw)
page.draw(*session.results())
