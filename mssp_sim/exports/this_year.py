"""The year that runs as a brief and a slide: where it heads, what it still takes, the books."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from mssp_sim.aco import typed
from mssp_sim.charts.theme import INK, Picture, Theme
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import line
from mssp_sim.exports.one_page import one_page, stamp
from mssp_sim.exports.slide import TYPEFACE
from mssp_sim.figure import Figure

PAPER = (792.0, 612.0)
"""US Letter, lying, in points."""

MARGIN, GAP = 34.0, 10.0
WIDE = PAPER[0] - 2 * MARGIN
PIXELS, ON_SLIDE = 620, 640
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
    from reportlab.platypus import Image  # noqa: PLC0415

    cell = [line(part.title, 10, INKS.text, bold=True, spaceAfter=2)]
    if part.draw is not None:
        image = pictures.png(part.draw("light"), PIXELS)
        size, wide = pictures.size_of(image), WIDE / 2 - GAP
        cell.append(Image(BytesIO(image), wide, wide * size.height / size.width))
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
    from pptx import Presentation  # noqa: PLC0415  (only who exports needs it)
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415
    from pptx.util import Inches, Pt  # noqa: PLC0415

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.title = title(name)
    deck.core_properties.author = "Shared savings simulator"
    page = deck.slides.add_slide(deck.slide_layouts[5])
    head = page.shapes.title
    head.left, head.top, head.width, head.height = map(Inches, (0.5, 0.45, 12.3, 1.0))
    head.text_frame.word_wrap = True
    head.text_frame.text = year.headline
    first_line = head.text_frame.paragraphs[0]
    first_line.font.size, first_line.font.bold, first_line.font.name = Pt(24), True, TYPEFACE
    first_line.alignment = PP_ALIGN.LEFT

    def box(
        places: tuple[float, float, float, float], texts: Sequence[tuple[str, int, bool]]
    ) -> None:
        frame = page.shapes.add_textbox(*map(Inches, places)).text_frame
        frame.word_wrap = True
        for number, (text, size, bold) in enumerate(texts):
            paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
            paragraph.text = text
            paragraph.font.size, paragraph.font.bold = Pt(size), bold
            paragraph.font.name = TYPEFACE

    box((0.5, 0.15, 12.3, 0.3), [(title(name), 12, False)])
    each = 12.3 / len(year.tiles)
    for at, tile in enumerate(year.tiles):
        box((0.5 + at * each, 1.5, each, 1.0),
            [(tile.label, 12, False), (tile.shown, 24, True), (tile.note, 11, False)])  # fmt: skip
    first, *others = year.parts
    box((0.5, 2.65, 7.1, 0.6), [(first.title, 13, True)])
    if first.draw is not None:
        picture = first.draw("light")
        drawn = page.shapes.add_picture(
            BytesIO(pictures.png(picture, ON_SLIDE)), Inches(0.5), Inches(3.25), width=Inches(6.9)
        )
        drawn.name = "Fan"
        drawn._element.nvPicPr.cNvPr.set("descr", picture.description)
    said = [text for part in others for text in ((part.title, 13, True), (part.said, 11, False))]
    box((7.9, 2.65, 4.9, 4.0), said)
    box((0.5, 7.05, 12.3, 0.3), [(stamp(day), 10, False)])
    page.notes_slide.notes_text_frame.text = _notes(year)
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


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
