"""Rules and sources: every value of the rule, how it is known, and what is left out."""

from mssp_sim.ui import frame, rules, session

session.current(frame.draw)
rules.page(session.results()[0])
