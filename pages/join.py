"""Join a room: one phone is one seat, with its question, its levers and its answer."""

from mssp_sim.app import frame, session
from mssp_sim.screens.join import page

session.within(frame.draw)
page.draw()
