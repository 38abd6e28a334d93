"""The brief: what a chief financial officer is left with, on one page."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mssp_sim.aco import NOTHING_ASSUMED, Assumed
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.leaflet import BY_TYPE_HEAD, TONES, Leaflet
from mssp_sim.exports.typeface import BOLD, PLAIN, markup, register
from mssp_sim.figure import Figure
from mssp_sim.result import Result
from mssp_sim.words.bridge import bridge_description, bridge_title
from mssp_sim.words.curve import curve_description, curve_title

PAPER = (792.0, 612.0)
"""US Letter, lying, in points."""

MARGIN, GAP = 34.0, 8.0
SCALE = 0.69
"""Points on paper for a pixel of the screen: labels of 13 pixels are 9 points high."""

WITHOUT_TABLES, WITH_TABLES = (0.22, 0.22, 0.24, 0.32), (0.18, 0.20, 0.21, 0.41)
"""What each column takes of the width, without and with tables under the last."""

CURVE, BRIDGE = 622, 396
"""How wide the app would draw the pictures, in pixels."""

INKS = INK["light"]


def brief(
    result: Result,
    baseline: Result,
    *,
    name: str = "",
    day: dt.date | None = None,
    assumed: Assumed = NOTHING_ASSUMED,
) -> bytes:
    """Return one settlement as a PDF of one page.

    Parameters
    ----------
    result, baseline : each of one scenario, as ``simulate`` gives it
    name : what the reader calls it; always text, whatever is in it
    day : the date on it, today if None
    assumed : what no file tells of a loaded ACO: its inputs are marked

    Raises
    ------
    ValueError
        For a batch of scenarios.

    Source: ours; the sentence, figures and pictures are the app's
    """
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415  (only who exports needs it)

    leaflet = Leaflet(result, baseline, name, day or dt.date.today(), assumed)
    register()
    file = BytesIO()
    canvas = Canvas(file, pagesize=PAPER, pageCompression=1)
    canvas.setTitle(leaflet.title)
    canvas.setSubject(leaflet.sentence)
    canvas.setCreator("Shared savings simulator")
    page = _Page(canvas)
    page.block(line(leaflet.title, 9, INKS.quiet, bold=True), 13)
    page.block(line(leaflet.sentence, 14, INKS.text, bold=True, lead=18), 38)
    if assumed.said:
        page.block(line(assumed.said, 7.5, INKS.quiet), 11)
    page.tiles(leaflet.tiles)
    page.pictures(leaflet)
    page.columns(leaflet)
    page.foot(leaflet.stamp)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


class _Page:
    """The page, filled from the top."""

    def __init__(self, canvas: Any) -> None:  # noqa: ANN401  (reportlab ships no types)
        self.canvas = canvas
        self.top = PAPER[1] - MARGIN
        self.left, self.width = MARGIN, PAPER[0] - 2 * MARGIN

    def box(self, x: float, width: float, height: float, *flow: Any, top: float = 0) -> None:  # noqa: ANN401
        """Put paragraphs into a box, smaller if they do not fit."""
        from reportlab.platypus import Frame, KeepInFrame  # noqa: PLC0415

        bottom = (top or self.top) - height
        fitted = KeepInFrame(width, height, list(flow), mode="shrink")
        Frame(x, bottom, width, height, 0, 0, 0, 0).addFromList([fitted], self.canvas)

    def block(self, paragraph: Any, height: float) -> None:  # noqa: ANN401
        self.box(self.left, self.width, height, paragraph)
        self.top -= height + GAP / 2

    def tiles(self, tiles: Sequence[Figure]) -> None:
        height, wide = 52.0, (self.width - (len(tiles) - 1) * GAP) / len(tiles)
        for number, tile in enumerate(tiles):
            x, tone = self.left + number * (wide + GAP), TONES[tile.tone]
            self.canvas.setStrokeColor(INKS.line)
            self.canvas.setFillColor(INKS.background)
            self.canvas.roundRect(x, self.top - height, wide, height, 3, fill=1)
            term = f" ({tile.term})" if tile.term else ""
            note = TONES[tile.note_tone] if tile.note_tone != "plain" else INKS.quiet
            self.box(
                x + 8, wide - 16, height - 8,
                line(tile.label + term, 7.5, INKS.quiet),
                line(tile.shown, 15, tone, bold=True, lead=19),
                line(tile.note, 7.5, note),
                top=self.top - 5,
            )  # fmt: skip
        self.top -= height + GAP

    def pictures(self, leaflet: Leaflet) -> None:
        from reportlab.lib.utils import ImageReader  # noqa: PLC0415

        r = leaflet.result
        both = (
            (leaflet.curve, CURVE, curve_title, curve_description),
            (leaflet.bridge, BRIDGE, bridge_title, bridge_description),
        )
        left, deepest = self.left, 0.0
        for draw, pixels, title, words in both:
            image, wide = pictures.png(draw(), pixels), pixels * SCALE
            size = pictures.size_of(image)
            high = wide * size.height / size.width
            self.box(left, wide, 14, line(title(r), 9, INKS.text, bold=True))
            self.canvas.drawImage(
                ImageReader(BytesIO(image)), left, self.top - 14 - high, wide, high
            )
            self.box(left, wide, 22, line(words(r), 7, INKS.quiet), top=self.top - 16 - high)
            deepest = max(deepest, 16 + high + 22)
            left += wide + (self.width - (CURVE + BRIDGE) * SCALE)
        self.top -= deepest + GAP / 2

    def columns(self, leaflet: Leaflet) -> None:
        """Put the assumptions and the changes side by side."""
        heads = {**leaflet.assumptions, "What changed against the baseline": leaflet.changes}
        height = self.top - MARGIN - 14
        shares = WITH_TABLES if leaflet.tables else WITHOUT_TABLES
        x = self.left
        for share, (head, rows) in zip(shares, heads.items(), strict=True):
            wide = share * self.width
            lines = [line(head, 8, INKS.text, bold=True)]
            lines += [_row(label, value) for label, value in rows]
            if head not in leaflet.assumptions and leaflet.tables:
                lines += [line(BY_TYPE_HEAD, 7, INKS.text, bold=True, spaceBefore=5)]
                lines += [_row(label, value, 6.4) for label, value in leaflet.tables]
            self.box(x, wide - GAP * 1.5, height, *lines)
            x += wide

    def foot(self, stamp: str) -> None:
        self.box(self.left, self.width, 10, line(stamp, 7, INKS.quiet), top=MARGIN + 6)


def line(
    text: str, size: float, colour: str, *, bold: bool = False, lead: float = 0, **style: float
) -> Any:  # noqa: ANN401
    """Return a paragraph of plain text; ``style`` is more of reportlab's."""
    return paragraph(markup(text), size, colour, bold=bold, lead=lead, **style)


def _row(label: str, value: str, size: float = 7.7) -> Any:  # noqa: ANN401
    words = f'{markup(label)} <font name="{BOLD}">{markup(value)}</font>'
    return paragraph(words, size, INKS.text)


def paragraph(
    marked: str, size: float, colour: str, *, bold: bool = False, lead: float = 0, **style: float
) -> Any:  # noqa: ANN401
    """Return a paragraph of text with reportlab's marks in it."""
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    painted = ParagraphStyle(
        "line",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=lead or size * 1.32,
        textColor=colour,
        splitLongWords=1,
        **style,
    )
    return Paragraph(marked, painted)
