"""The 45,000-life story: eleven steps, each a bet, one lever, and what it shows."""

from mssp_sim.ui import frame, session, story

session.current(frame.draw)
story.page()
