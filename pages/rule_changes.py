"""Rule changes: what another rulebook does to this scenario, and to every ACO of a year."""

from mssp_sim.app import frame, session
from mssp_sim.screens.rule_changes import page

session.current(frame.draw)
page.draw(*session.results())
