"""Trainer desk: a scenario for the room, its question, the vote, and the answer when it is time."""

from mssp_sim.app import frame, room, session
from mssp_sim.screens.trainer import page

session.within(frame.draw)
if room.runs("trainer"):
    page.run_room()
else:
    page.draw(*session.results())
