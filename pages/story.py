"""The 45,000-life story: eleven steps, each a bet, one lever, and what it shows."""

from mssp_sim.app import frame, session
from mssp_sim.screens.story import page

session.current(frame.draw)
page.draw()
