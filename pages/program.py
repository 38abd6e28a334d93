"""The program on one page: what it is, who can join, what is known when."""

from mssp_sim.ui import frame, program, session

session.current(frame.draw)
program.page(session.results()[0])
