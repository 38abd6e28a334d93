"""Trainer desk: a scenario for the room, its question, the vote, and the answer when it is time."""

from mssp_sim.app import frame, session
from mssp_sim.screens.trainer import page

session.current(frame.draw)
page.draw(*session.results())
