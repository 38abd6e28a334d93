"""Compare: up to three scenarios side by side, and what moved the money between two of them."""

from mssp_sim.ui import compare, frame, session

session.current(frame.draw)
compare.page(*session.results())
