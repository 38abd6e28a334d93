"""Quality: what a quality point is worth."""

from mssp_sim.ui import frame, quality, session

session.current(frame.draw)
quality.page(*session.results())
