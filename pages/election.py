"""Election: which contract, which minimum, now or later."""

from mssp_sim.app import frame, session
from mssp_sim.screens.election import page

session.current(frame.draw)
page.draw(*session.results())
