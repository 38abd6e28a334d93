"""Executive view: one screen for a meeting."""

from mssp_sim.ui import executive, frame, session

session.current(frame.draw)
executive.page(*session.results())
