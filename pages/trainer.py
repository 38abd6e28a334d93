"""Trainer desk: a scenario for the room, its question, the vote, and the answer when it is time."""

from mssp_sim.ui import frame, session, trainer

session.current(frame.draw)
trainer.page(session.results()[0])
