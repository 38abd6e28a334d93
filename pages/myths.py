"""Myth lab: seventeen beliefs, seventeen experiments."""

from mssp_sim.app import frame, session
from mssp_sim.screens.myths import page

session.current(frame.draw)
page.draw()
