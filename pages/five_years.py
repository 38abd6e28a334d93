"""Five years: what happens over the whole agreement, and at rebasing."""

from mssp_sim.app import frame, session
from mssp_sim.screens.five_years import page

session.current(frame.draw)
page.draw(*session.results())
