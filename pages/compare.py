"""Compare: up to three scenarios side by side, and what moved the money between two of them."""

from mssp_sim.app import frame, session
from mssp_sim.screens.compare import page

session.current(frame.draw)
page.draw(*session.results())
