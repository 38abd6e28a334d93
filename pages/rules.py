"""Rules and sources: every value of the rule, how it is known, and what is left out."""

from mssp_sim.app import frame, session
from mssp_sim.screens.rules import page

session.current(frame.draw)
page.draw(session.results()[0])
