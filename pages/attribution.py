"""Attribution: whom you are responsible for, and what happens if the list moves."""

from mssp_sim.app import frame, session
from mssp_sim.screens.attribution import page

session.current(frame.draw)
page.draw(*session.results())
