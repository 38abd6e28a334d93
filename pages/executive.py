"""Executive view: one screen for a meeting."""

from mssp_sim.app import frame, session
from mssp_sim.screens.executive import page

session.current(frame.draw)
page.draw(*session.results())
