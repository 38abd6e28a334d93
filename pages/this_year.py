"""The year that runs: from CMS's reports to the settlement that is coming."""

from mssp_sim.app import frame, session
from mssp_sim.screens.this_year import page

session.current(frame.draw)
page.draw(*session.results())
