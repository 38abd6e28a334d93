"""Attribution: whom you are responsible for, and what happens if the list moves."""

from mssp_sim.ui import attribution, frame, session

session.current(frame.draw)
attribution.page(*session.results())
