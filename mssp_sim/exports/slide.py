"""The slide: one, with words and table that can be edited, and the arithmetic in its notes."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mssp_sim.aco import NOTHING_ASSUMED, Assumed
from mssp_sim.charts.theme import INK, Picture
from mssp_sim.exports import pictures
from mssp_sim.exports.leaflet import BY_TYPE_HEAD, TONES, Leaflet
from mssp_sim.figure import Figure
from mssp_sim.figures import whole_dollars
from mssp_sim.result import Result
from mssp_sim.trace import Step, trace
from mssp_sim.words.bridge import bridge_title
from mssp_sim.words.curve import curve_title

WIDE, HIGH = 13.333, 7.5
"""Inches of a slide of today's shape."""

MARGIN, GAP = 0.5, 0.2
CURVE = 640
"""How wide the app would draw the payoff curve, in pixels."""

CURVE_WIDTH = 7.4
TYPEFACE = "Arial"
"""Has the letters of the pictures' typeface, and is on every machine that opens a slide."""

MOST_CHANGES = 3
TITLES = {24: 118, 20: 142, 16: 265, 14: 400, 12: 1_000}
"""The size of the sentence in points, with the letters that fit its place."""

INKS = INK["light"]
FILLS = {"total": INKS.background, "earned": INKS.earned, "owed": "#A84A00", "lost": "#FBE9C2"}
ON_DARK = ("earned", "owed")


def slide(
    result: Result,
    baseline: Result,
    *,
    name: str = "",
    day: dt.date | None = None,
    assumed: Assumed = NOTHING_ASSUMED,
) -> bytes:
    """Return one settlement as a PPTX file of one slide.

    Parameters
    ----------
    result, baseline : each of one scenario, as ``simulate`` gives it
    name : what the reader calls it; always text, whatever is in it
    day : the date on it, today if None
    assumed : what no file tells of a loaded ACO: said at the foot, marked in the notes

    Raises
    ------
    ValueError
        For a batch of scenarios.

    Source: ours; the notes name the paragraph of each step
    """
    leaflet = Leaflet(result, baseline, name, day or dt.date.today(), assumed)
    deck = empty_deck(leaflet.title)
    page = empty_slide(deck)
    title_of(page, leaflet.sentence)
    width = WIDE - 2 * MARGIN
    text_box(page, (MARGIN, 0.18, width, 0.3), [(leaflet.title, 12, INKS.quiet, False)])
    put_tiles(page, leaflet.tiles)
    title = curve_title(leaflet.result)
    text_box(page, (MARGIN, 2.8, CURVE_WIDTH, 0.35), [(title, 14, INKS.text, True)])
    put_picture(page, leaflet.curve(), CURVE, "Payoff curve", (MARGIN, 3.16, CURVE_WIDTH - 0.5))
    _table(page, leaflet)
    foot = [(text, 10, INKS.quiet, False) for text in (assumed.said, leaflet.stamp) if text]
    text_box(page, (MARGIN, HIGH - 0.25 - 0.17 * len(foot), width, 0.3), foot)
    page.notes_slide.notes_text_frame.text = notes(leaflet)
    return saved(deck)


def empty_deck(title: str) -> Any:  # noqa: ANN401  (python-pptx ships no types)
    """Return a deck without slides, of today's shape."""
    from pptx import Presentation  # noqa: PLC0415  (only who exports needs it)
    from pptx.util import Inches  # noqa: PLC0415

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    deck.core_properties.title = title
    deck.core_properties.author = "Shared savings simulator"
    return deck


def empty_slide(deck: Any) -> Any:  # noqa: ANN401
    """Add a slide that has a title and nothing else; return it."""
    title_only = deck.slide_layouts[5]
    return deck.slides.add_slide(title_only)


def saved(deck: Any) -> bytes:  # noqa: ANN401
    """Return a deck as a PPTX file."""
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def notes(leaflet: Leaflet) -> str:
    """Return the arithmetic line by line, from the spending target to the dollars."""
    result = leaflet.result
    key = "shared_losses" if result.gross_savings < 0 else "shared_savings"
    steps = trace(result).how(key)
    lines = [leaflet.sentence, "", "The arithmetic, step by step:", *map(_step, steps)]
    lines += ["", "Where every dollar went:"]
    lines += [f"{part.label}: {whole_dollars(part.amount)}" for part in leaflet.parts]
    lines += ["", "What changed against the baseline:"]
    lines += [" ".join(filter(None, change)) for change in leaflet.changes]
    for head, rows in leaflet.assumptions.items():
        lines += ["", f"{head}: " + "; ".join(f"{label} {value}" for label, value in rows)]
    if leaflet.tables:
        told = "; ".join(f"{label} {value}" for label, value in leaflet.tables)
        lines += ["", f"{BY_TYPE_HEAD}: {told}"]
    said = filter(None, (leaflet.assumed.said, leaflet.stamp))
    return "\n".join([*lines, "", *said])


def _step(step: Step) -> str:
    return f"{step.name}: {step.words} = {step.numbers} = {step.value} ({step.section})"


def title_of(page: Any, sentence: str) -> None:  # noqa: ANN401  (python-pptx ships no types)
    """Put the sentence of a slide into its title."""
    from pptx.enum.text import MSO_ANCHOR  # noqa: PLC0415
    from pptx.util import Inches  # noqa: PLC0415

    shape = page.shapes.title
    shape.left, shape.top = Inches(MARGIN), Inches(0.5)
    shape.width, shape.height = Inches(WIDE - 2 * MARGIN), Inches(1.0)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    size = next(points for points, longest in TITLES.items() if len(sentence) <= longest)
    write_lines(shape.text_frame, [(sentence, size, INKS.text, True)])


def put_tiles(page: Any, tiles: Sequence[Figure]) -> None:  # noqa: ANN401
    """Put figures in a row under the sentence of a slide."""
    wide = (WIDE - 2 * MARGIN - (len(tiles) - 1) * GAP) / len(tiles)
    for number, tile in enumerate(tiles):
        term = f" ({tile.term})" if tile.term else ""
        note = TONES[tile.note_tone] if tile.note_tone != "plain" else INKS.quiet
        lines = [
            (tile.label + term, 12, INKS.quiet, False),
            (tile.shown, 28, TONES[tile.tone], True),
            (tile.note, 12, note, False),
        ]
        shape = text_box(page, (MARGIN + number * (wide + GAP), 1.55, wide, 1.15), lines)
        shape.line.color.rgb = _rgb(INKS.line)


def put_picture(
    page: Any,  # noqa: ANN401
    picture: Picture,
    pixels: int,
    name: str,
    place: tuple[float, float, float],
) -> None:
    """Put a picture with its description on a slide.

    Parameters
    ----------
    pixels : how wide the app would draw it
    place : left, top and width in inches; its height follows from its width
    """
    from pptx.util import Inches  # noqa: PLC0415

    left, top, wide = map(Inches, place)
    drawn = page.shapes.add_picture(BytesIO(pictures.png(picture, pixels)), left, top, width=wide)
    drawn.name = name
    drawn._element.nvPicPr.cNvPr.set("descr", picture.description)


def _table(page: Any, leaflet: Leaflet) -> None:  # noqa: ANN401
    from pptx.util import Inches, Pt  # noqa: PLC0415

    left, wide = MARGIN + CURVE_WIDTH, WIDE - 2 * MARGIN - CURVE_WIDTH
    title = bridge_title(leaflet.result)
    text_box(page, (left, 2.8, wide, 0.35), [(title, 14, INKS.text, True)])
    parts = leaflet.parts
    frame = page.shapes.add_table(
        len(parts), 2, Inches(left + 0.08), Inches(3.2), Inches(wide - 0.08), Inches(0.3)
    )
    frame.name = "Dollar bridge"
    table = frame.table
    table.first_row = table.horz_banding = False
    table.columns[0].width = Inches(wide - 1.5)
    table.columns[1].width = Inches(1.42)
    for row, part in zip(table.rows, parts, strict=True):
        row.height = Inches(0.34)
        for cell, text in zip(row.cells, (part.label, part.shown), strict=True):
            _cell(cell, text, part)
            cell.margin_top = cell.margin_bottom = Pt(3)
    lines = [("What changed against the baseline", 12, INKS.text, True)]
    lines += [(f"{words} {worth}", 11, INKS.text, False) for words, worth in _few(leaflet.changes)]
    top = 3.2 + 0.34 * len(parts) + 0.12
    text_box(page, (left, top, wide, 0.1 + 0.2 * len(lines)), lines)


def _few(changes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first that fit; the notes hold them all."""
    if len(changes) <= MOST_CHANGES + 1:
        return list(changes)
    rest = len(changes) - 1 - MOST_CHANGES
    return [*changes[:MOST_CHANGES], (f"and {rest} more, in the notes", ""), changes[-1]]


def _cell(cell: Any, text: str, part: Figure) -> None:  # noqa: ANN401
    strong = part.look in ("total", "earned", "owed")
    empty = part.shown == "$0.0M"
    fill = INKS.background if empty else FILLS.get(part.look, INKS.background)
    colour = INKS.background if part.look in ON_DARK and not empty else INKS.text
    table_cell(cell, text, (14, colour, strong), right=text == part.shown, fill=fill)


def table_cell(
    cell: Any,  # noqa: ANN401
    text: str,
    look: tuple[float, str, bool],
    *,
    right: bool,
    fill: str = INKS.background,
) -> None:
    """Write a cell of a table; ``look`` is size in points, color, and whether it is bold."""
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415

    write_lines(cell.text_frame, [(text, *look)])
    if right:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(fill)


Line = tuple[str, float, str, bool]
"""Text, its size in points, its colour, whether it is bold."""


def text_box(page: Any, place: tuple[float, float, float, float], lines: Sequence[Line]) -> Any:  # noqa: ANN401
    """Put lines of text on a slide; ``place`` is left, top, width, height in inches."""
    from pptx.util import Inches  # noqa: PLC0415

    shape = page.shapes.add_textbox(*map(Inches, place))
    write_lines(shape.text_frame, lines)
    return shape


def write_lines(frame: Any, lines: Sequence[Line]) -> None:  # noqa: ANN401
    """Write lines into a shape's frame, each with its size, color and weight."""
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415
    from pptx.util import Pt  # noqa: PLC0415

    frame.word_wrap = True
    for number, (text, size, colour, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, TYPEFACE
        run.font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:  # noqa: ANN401
    from pptx.dml.color import RGBColor  # noqa: PLC0415

    return RGBColor(*bytes.fromhex(colour.removeprefix("#")))  # type: ignore[no-untyped-call]
