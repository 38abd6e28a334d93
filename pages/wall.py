"""The wall of a room: who is in, who has answered, and after Reveal what they said."""

from mssp_sim.app import frame, session
from mssp_sim.screens.wall import page

session.within(frame.draw)
page.draw()
