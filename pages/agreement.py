"""Five years: what happens over the whole agreement, and at rebasing."""

from mssp_sim.ui import agreement, frame, session

session.current(frame.draw)
agreement.page(*session.results())
