"""Glossary: every word of the app, with the field's name for it."""

from mssp_sim.app import frame, session
from mssp_sim.screens.glossary import page

session.current(frame.draw)
page.draw()
