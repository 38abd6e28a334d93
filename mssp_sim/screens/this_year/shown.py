"""A picture of the page, and the part of the brief that it stands for."""

from collections.abc import Callable
from typing import NamedTuple

from mssp_sim.app import show
from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.exports.this_year import Part


class Shown(NamedTuple):
    """What was drawn on the page, and what a brief takes of it."""

    picture: Picture
    part: Part


def drawn_as(title: str, said: str, draw: Callable[[Theme], Picture]) -> Shown:
    """Return a picture in the reader's theme, with what draws it again on paper."""
    return Shown(draw(show.theme()), Part(title, said, draw))
