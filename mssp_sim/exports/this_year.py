"""The year that runs as a brief and a slide: where it heads, what it still takes, the books."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mssp_sim.aco import typed
from mssp_sim.charts.theme import INK, Picture, Theme
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import line
from mssp_sim.exports.one_page import one_page, stamp
from mssp_sim.exports.slide import MARGIN as SLIDE_MARGIN
from mssp_sim.exports.slide import WIDE as SLIDE_WIDE
from mssp_sim.exports.slide import (
    empty_deck,
    empty_slide,
    put_picture,
    put_tiles,
    saved,
    text_box,
    title_of,
)
from mssp_sim.figure import Figure

PAPER = (792.0, 612.0)
"""US Letter, lying, in points."""

MARGIN, GAP = 34.0, 10.0
WIDE = PAPER[0] - 2 * MARGIN
PIXELS, ON_SLIDE = 620, 640
FAN_WIDE = 6.9
"""Inches of the picture on the slide."""

TITLE = "Medicare shared savings: this year"
INKS = INK["light"]


@dataclass(frozen=True)
class Part:
    """One finding of the page: its heading, its sentences, its picture as the app draws it."""

    title: str
    said: str
    draw: Callable[[Theme], Picture] | None = None


@dataclass(frozen=True)
class YearOnPaper:
    """The page of the year that runs: its sentence, its figures, its findings, what it rests on."""

    headline: str
    tiles: Sequence[Figure]
    parts: Sequence[Part]
    rests_on: Sequence[str]


def title(name: str) -> str:
    """Return what it is, and whose."""
    whose = typed(name)
    return f"{TITLE}: {whose}" if whose else TITLE


def brief(year: YearOnPaper, *, name: str = "", day: dt.date | None = None) -> bytes:
    """Return the year as a PDF of one page.

    Parameters
    ----------
    name : what the reader calls it; always text, whatever is in it
    day : the date on it, today if None

    Source: ours; the sentences, figures and pictures are the app's
    """
    from mssp_sim.exports.typeface import register  # noqa: PLC0415

    register()
    flow = [
        line(title(name), 9, INKS.quiet, bold=True),
        line(year.headline, 15, INKS.text, bold=True, lead=19, spaceAfter=4),
        _tiles(year.tiles),
        *_in_pairs([_part(part) for part in year.parts]),
        *(line(said, 7, INKS.quiet, spaceBefore=2) for said in year.rests_on),
    ]
    return one_page(title(name), flow, PAPER, MARGIN, day)


def _tiles(tiles: Sequence[Figure]) -> Any:  # noqa: ANN401  (reportlab ships no types)
    cells = [
        [
            line(tile.label, 7.5, INKS.quiet),
            line(tile.shown, 15, INKS.text, bold=True, lead=19),
            line(tile.note, 7.5, INKS.quiet),
        ]
        for tile in tiles
    ]
    return _table([cells])


def _part(part: Part) -> list[Any]:
    cell = [line(part.title, 10, INKS.text, bold=True, spaceAfter=2)]
    if part.draw is not None:
        cell.append(pictures.on_paper(part.draw("light"), PIXELS, WIDE / 2 - GAP))
    cell.append(line(part.said, 7.5, INKS.text))
    return cell


def _in_pairs(cells: Sequence[list[Any]]) -> list[Any]:
    padded = [*cells, *([[]] * (len(cells) % 2))]
    return [_table([list(padded[at : at + 2])]) for at in range(0, len(padded), 2)]


def _table(rows: Sequence[Sequence[Any]]) -> Any:  # noqa: ANN401
    from reportlab.platypus import Table, TableStyle  # noqa: PLC0415

    table = Table(
        rows, colWidths=[WIDE / len(rows[0])] * len(rows[0]), spaceBefore=4, hAlign="LEFT"
    )
    table.setStyle(
        TableStyle([
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), GAP),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ])
    )  # fmt: skip
    return table


def slide(year: YearOnPaper, *, name: str = "", day: dt.date | None = None) -> bytes:
    """Return the year as a PPTX file of one slide, with every finding in its notes.

    Parameters
    ----------
    name : what the reader calls it; always text, whatever is in it
    day : the date on it, today if None

    Source: ours; the notes say how each figure is worked out
    """
    deck = empty_deck(title(name))
    page = empty_slide(deck)
    title_of(page, year.headline)
    wide = SLIDE_WIDE - 2 * SLIDE_MARGIN
    text_box(page, (SLIDE_MARGIN, 0.18, wide, 0.3), [(title(name), 12, INKS.quiet, False)])
    put_tiles(page, year.tiles)
    first, *others = year.parts
    text_box(page, (SLIDE_MARGIN, 2.8, FAN_WIDE, 0.6), [(first.title, 13, INKS.text, True)])
    if first.draw is not None:
        put_picture(page, first.draw("light"), ON_SLIDE, "Fan", (SLIDE_MARGIN, 3.45, FAN_WIDE))
    beside = SLIDE_MARGIN + FAN_WIDE + 0.3
    said = [
        line_of
        for part in others
        for line_of in ((part.title, 13, INKS.text, True), (part.said, 11, INKS.text, False))
    ]
    text_box(page, (beside, 2.8, SLIDE_WIDE - SLIDE_MARGIN - beside, 4.0), said)
    text_box(page, (SLIDE_MARGIN, 7.05, wide, 0.3), [(stamp(day), 10, INKS.quiet, False)])
    page.notes_slide.notes_text_frame.text = _notes(year)
    return saved(deck)


def _notes(year: YearOnPaper) -> str:
    lines = [year.headline]
    for tile in year.tiles:
        lines += ["", f"{tile.label}: {tile.shown}"]
        lines += [
            f"{step.name}: {step.words} = {step.numbers} = {step.value}" for step in tile.how()
        ]
    for part in year.parts:
        lines += ["", part.title, part.said]
    return "\n".join([*lines, "", *year.rests_on])
