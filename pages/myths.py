"""Myth lab: seventeen beliefs, seventeen experiments."""

from mssp_sim.ui import frame, myths, session

session.current(frame.draw)
myths.page()
