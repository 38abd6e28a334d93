"""Check yourself: eight questions, two of them in new situations, and a link for a week later."""

from mssp_sim.ui import check, frame, session

session.current(frame.draw)
check.page()
