"""Real ACOs: CMS's settlements beside ours, and where you stand."""

from mssp_sim.ui import frame, real_acos, session

session.current(frame.draw)
real_acos.page(*session.results())
