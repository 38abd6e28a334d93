"""Real ACOs: CMS's settlements beside ours, and where you stand."""

from mssp_sim.app import frame, session
from mssp_sim.screens.real_acos import page

session.current(frame.draw)
page.draw(*session.results())
