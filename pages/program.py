"""The program on one page: what it is, who can join, what is known when."""

from mssp_sim.app import frame, session
from mssp_sim.screens.program import page

session.current(frame.draw)
page.draw(session.results()[0])
