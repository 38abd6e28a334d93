"""Quality: what a quality point is worth."""

from mssp_sim.app import frame, session
from mssp_sim.screens.quality import page

session.current(frame.draw)
page.draw(*session.results())
