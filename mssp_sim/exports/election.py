"""The election as a brief, a slide and a workbook: what to sign and when, and every choice."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mssp_sim.charts.frontier import frontier
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import line
from mssp_sim.exports.one_page import one_page, stamp
from mssp_sim.words import election as words
from mssp_sim.words.election import Found

PAPER = (792.0, 612.0)
"""US Letter, lying, in points."""

MARGIN = 34.0
WIDE = PAPER[0] - 2 * MARGIN
PIXELS = 640
PICTURE = 0.6
"""The picture's part of the width."""

TITLE = "Medicare shared savings: the next election"
INKS = INK["light"]


def brief(found: Found, *, day: dt.date | None = None) -> bytes:
    """Return the election as a PDF of one page.

    Parameters
    ----------
    day : the date on it, today if None

    Source: ours; the sentences, figures and pictures are the app's
    """
    return one_page(TITLE, _flow(found), PAPER, MARGIN, day)


def _flow(found: Found) -> list[Any]:
    from reportlab.platypus import Image  # noqa: PLC0415

    image = pictures.png(frontier(found, "light"), PIXELS)
    size = pictures.size_of(image)
    wide = WIDE * PICTURE
    return [
        line(TITLE, 9, INKS.quiet, bold=True),
        line(words.headline(found), 14, INKS.text, bold=True, lead=18, spaceAfter=2),
        line(words.turns(found), 9, INKS.text, spaceAfter=4),
        line(words.title(found), 10, INKS.text, bold=True),
        Image(BytesIO(image), wide, wide * size.height / size.width),
        _table(_cells(found)),
        *(line(said, 7, INKS.quiet, spaceBefore=2) for said in _notes(found)),
    ]


def _notes(found: Found) -> tuple[str, ...]:
    return words.of_the_table(found), words.assumptions(found), words.eligibility(found)


def _cells(found: Found) -> list[tuple[str, ...]]:
    rows = words.rows(found)
    return [tuple(rows[0]), *(tuple(row.values()) for row in rows)]


def _table(rows: Sequence[tuple[str, ...]]) -> Any:  # noqa: ANN401  (reportlab ships no types)
    from reportlab.platypus import Table, TableStyle  # noqa: PLC0415

    cells = [
        [line(cell, 7, INKS.text, bold=not number) for cell in row]
        for number, row in enumerate(rows)
    ]
    first = 0.13
    each = (1 - first) / (len(rows[0]) - 1)
    widths = [WIDE * first] + [WIDE * each] * (len(rows[0]) - 1)
    table = Table(cells, colWidths=widths, spaceBefore=3)
    table.setStyle(
        TableStyle([
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, INKS.line),
            ("TOPPADDING", (0, 0), (-1, -1), 0.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ])
    )  # fmt: skip
    return table


def slide(found: Found, *, day: dt.date | None = None) -> bytes:
    """Return the election as a PPTX file of one slide: sentence, picture, the best choices.

    Source: ours; the notes hold every choice
    """
    from pptx import Presentation  # noqa: PLC0415  (only who exports needs it)
    from pptx.util import Inches, Pt  # noqa: PLC0415

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.title = TITLE
    deck.core_properties.author = "Shared savings simulator"
    page = deck.slides.add_slide(deck.slide_layouts[5])
    title = page.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (0.5, 0.3, 12.3, 1.2))
    title.text_frame.word_wrap = True
    title.text_frame.text = words.headline(found)
    title.text_frame.paragraphs[0].font.size = Pt(22)
    picture = frontier(found, "light")
    drawn = page.shapes.add_picture(
        BytesIO(pictures.png(picture, PIXELS)), Inches(0.5), Inches(1.7), width=Inches(7.2)
    )
    drawn.name = "Choices"
    drawn._element.nvPicPr.cNvPr.set("descr", picture.description)
    box = page.shapes.add_textbox(*map(Inches, (7.9, 1.7, 4.9, 4.6))).text_frame
    box.word_wrap = True
    kept = {words.short(choice) for choice in found.election.kept}
    lines = [words.turns(found)] + [
        f"{row['Choice']}: {row['Expected']} expected, worst of twenty {row['Worst of twenty']}, "
        f"owes in {row['Owes']}"
        for row in words.rows(found)
        if row["Choice"] in kept
    ]
    for number, said in enumerate(lines):
        paragraph = box.paragraphs[0] if not number else box.add_paragraph()
        paragraph.text = said
        paragraph.font.size = Pt(12)
    foot = page.shapes.add_textbox(*map(Inches, (0.5, 7.05, 12.3, 0.3))).text_frame
    foot.text = stamp(day)
    foot.paragraphs[0].font.size = Pt(10)
    every = [" · ".join(row) for row in _cells(found)]
    page.notes_slide.notes_text_frame.text = "\n".join([*every, "", *_notes(found)])
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def workbook(found: Found, *, day: dt.date | None = None) -> bytes:
    """Return the election as an XLSX file: every choice, with what it is worth as a formula.

    Change what a dollar owed hurts, or what the mechanism costs, and it is worth anew.

    Source: ours
    """
    import xlsxwriter  # noqa: PLC0415  (only who exports needs it)

    election, setting = found.election, found.election.setting
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, dollars = book.add_format({"bold": True}), book.add_format({"num_format": "$#,##0"})
        share, rate = (book.add_format({"num_format": each}) for each in ("0.0%", "0.00%"))
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Election")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 12, 15)
        sheet.write_string(0, 0, words.headline(found), bold)
        sheet.write_string(1, 0, "A dollar owed hurts, times")
        sheet.write_number(1, 1, float(setting.hurts))
        sheet.write_string(2, 0, "The mechanism costs a year")
        sheet.write_number(2, 1, float(setting.cost), rate)
        heads = ("Choice", "Minimum", "Paid", "Owed", "Expected", "One in ten below",
                 "One in ten above", "Worst of twenty", "Owes", "No money", "Most owed",
                 "Mechanism this year", "Worth")  # fmt: skip
        for column, head in enumerate(heads):
            sheet.write_string(4, column, head, bold)
        for at, choice in enumerate(election.choices):
            row, line_ = 5 + at, 6 + at
            stands = choice.mechanism.amount if choice.mechanism.before_year == 1 else 0.0
            sheet.write_string(row, 0, words.short(choice))
            sheet.write_number(row, 1, choice.minimum, rate)
            sheet.write_number(row, 2, choice.paid, dollars)
            sheet.write_number(row, 3, choice.owed, dollars)
            sheet.write_formula(row, 4, f"=C{line_}-D{line_}", dollars, choice.expected)
            for column, value in enumerate((choice.low, choice.high, choice.worst), 5):
                sheet.write_number(row, column, value, dollars)
            sheet.write_number(row, 8, choice.chance_of_owing, share)
            sheet.write_number(row, 9, choice.chance_of_nothing, share)
            sheet.write_number(row, 10, choice.most_owed, dollars)
            sheet.write_number(row, 11, stands, dollars)
            worth = f"=C{line_}-$B$2*D{line_}-$B$3*L{line_}"
            sheet.write_formula(row, 12, worth, dollars, choice.worth(setting))
        after = 6 + len(election.choices)
        for number, said in enumerate((words.turns(found), *_notes(found), stamp(day))):
            sheet.merge_range(after + number, 0, after + number, 12, said, wrap)
            sheet.set_row(after + number, 32)
    return file.getvalue()
