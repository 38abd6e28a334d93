"""Glossary: every word of the app, with the field's name for it."""

from mssp_sim.ui import frame, glossary, session

session.current(frame.draw)
glossary.page()
