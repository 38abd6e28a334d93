"""Spending target: where the benchmark comes from."""

from mssp_sim.app import frame, session
from mssp_sim.screens.spending_target import page

session.current(frame.draw)
page.draw(*session.results())
