"""The room on one page: each round with what was asked, what the room said, and its picture."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mssp_sim.charts.theme import INK, Picture
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import line
from mssp_sim.exports.one_page import one_page

PAPER = (612.0, 792.0)
"""US Letter, upright, in points."""

MARGIN = 44.0
PIXELS = 640
"""How wide the app would draw a picture."""

PART_OF_WIDTH = 0.62
INKS = INK["light"]


@dataclass(frozen=True, slots=True)
class Section:
    """One round on the sheet: its heading, its sentences, and its picture if it has one."""

    title: str
    said: Sequence[str]
    picture: Picture | None = None


def room_sheet(
    title: str, said: str, sections: Sequence[Section], *, day: dt.date | None = None
) -> bytes:
    """Return a room as a PDF of one page.

    Parameters
    ----------
    said : the sentence under the title
    sections : one a round, in their order; each picture is of the light theme
    day : the date on it, today if None

    Source: ours
    """
    flow = [line(title, 14, INKS.text, bold=True, lead=18), line(said, 8.5, INKS.quiet)]
    for section in sections:
        flow.append(line(section.title, 10, INKS.text, bold=True, spaceBefore=8, spaceAfter=2))
        flow += [line(words, 8, INKS.quiet, spaceAfter=2) for words in section.said]
        if section.picture is not None:
            wide = (PAPER[0] - 2 * MARGIN) * PART_OF_WIDTH
            flow.append(pictures.on_paper(section.picture, PIXELS, wide, hAlign="LEFT"))
    return one_page(title, flow, PAPER, MARGIN, day)
