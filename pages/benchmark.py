"""Spending target: where the benchmark comes from."""

from mssp_sim.ui import benchmark, frame, session

session.current(frame.draw)
benchmark.page(*session.results())
