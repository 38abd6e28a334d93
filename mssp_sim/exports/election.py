"""The election as a brief, a slide and a workbook: what to sign and when, and every choice."""

import datetime as dt
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from mssp_sim.aco import typed
from mssp_sim.charts.frontier import frontier
from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.brief import line
from mssp_sim.exports.one_page import one_page, ruled, stamp
from mssp_sim.exports.slide import HIGH as SLIDE_HIGH
from mssp_sim.exports.slide import MARGIN as SLIDE_MARGIN
from mssp_sim.exports.slide import WIDE as SLIDE_WIDE
from mssp_sim.exports.slide import (
    empty_deck,
    empty_slide,
    put_picture,
    saved,
    table_cell,
    text_box,
    title_of,
)
from mssp_sim.studies.fair_shares import SPLITS
from mssp_sim.words import election as words
from mssp_sim.words import practices as practice_words
from mssp_sim.words import renewal as renewal_words
from mssp_sim.words.election import Found

PAPER = (792.0, 612.0)
"""US Letter, lying, in points."""

MARGIN = 34.0
WIDE = PAPER[0] - 2 * MARGIN
PIXELS = 640
SLIDE_PIXELS = 520
"""How wide the app would draw the picture of the slide: its labels are read from a distance."""

DRAWN_WIDE = 7.4
"""Inches of the picture on the slide."""

MOST_CHOICES = 9
PICTURE, SMALLER = 0.6, 0.42
"""The picture's part of the width: of a short page, and of one with many rows."""

MANY_ROWS = 14

TITLE = "Medicare shared savings: the next election"
INKS = INK["light"]
MOST_PRACTICES = 8
"""Rows of the table of practices in a brief; the workbook has them all."""


def _title(name: str) -> str:
    return f"{TITLE} of {typed(name)}" if typed(name) else TITLE


def brief(found: Found, *, name: str = "", assumed: str = "", day: dt.date | None = None) -> bytes:
    """Return the election as a PDF of one page.

    Parameters
    ----------
    name : what the reader calls the ACO
    assumed : what no file tells of a loaded ACO, in a sentence
    day : the date on it, today if None

    Source: ours; the sentences, figures and pictures are the app's
    """
    return one_page(_title(name), _flow(found, name, assumed), PAPER, MARGIN, day)


def _flow(found: Found, name: str, assumed: str) -> list[Any]:
    many = len(found.election.choices) + len(
        found.practices[0].practices if found.practices else ()
    )
    wide = WIDE * (PICTURE if many <= MANY_ROWS else SMALLER)
    return [
        line(_title(name), 9, INKS.quiet, bold=True),
        line(words.headline(found), 14, INKS.text, bold=True, lead=18, spaceAfter=2),
        line(words.turns(found), 9, INKS.text, spaceAfter=4),
        line(words.title(found), 10, INKS.text, bold=True),
        pictures.on_paper(frontier(found, "light"), PIXELS, wide, hAlign="LEFT"),
        _table(_cells(words.rows(found))),
        *_practices(found),
        *(line(said, 7, INKS.quiet, spaceBefore=2) for said in _notes(found, assumed)),
    ]


def _practices(found: Found) -> list[Any]:
    """Return the reader's own practices as a table under its finding; nothing without them."""
    if found.practices is None:
        return []
    each, split = found.practices
    rows = practice_words.practice_rows(each, split)
    more = len(rows) - MOST_PRACTICES
    said = practice_words.rest(each, split)
    if more > 0:
        said = f"{more} more stand in the workbook. {said}"
    return [
        line(practice_words.practices_title(each), 9, INKS.text, bold=True, spaceBefore=4),
        _table(_cells(rows[:MOST_PRACTICES])),
        line(said, 7, INKS.quiet, spaceBefore=2),
    ]


def _notes(found: Found, assumed: str) -> tuple[str, ...]:
    said = (
        assumed,
        _renewal(found),
        words.of_the_table(found),
        words.assumptions(found),
        words.eligibility(found),
    )
    return tuple(filter(None, said))


def _renewal(found: Found) -> str:
    return "" if found.renewal is None else renewal_words.renewal(found, *found.renewal)


def _cells(rows: Sequence[Mapping[str, str]]) -> list[tuple[str, ...]]:
    return [tuple(rows[0]), *(tuple(row.values()) for row in rows)]


def _table(rows: Sequence[tuple[str, ...]]) -> Any:  # noqa: ANN401  (reportlab ships no types)
    cells = [
        [line(cell, 7, INKS.text, bold=not number) for cell in row]
        for number, row in enumerate(rows)
    ]
    first = 0.13
    each = (1 - first) / (len(rows[0]) - 1)
    widths = [WIDE * first] + [WIDE * each] * (len(rows[0]) - 1)
    return ruled(cells, widths, (0.5, 0.5), spaceBefore=3, hAlign="LEFT")


def slide(found: Found, *, name: str = "", assumed: str = "", day: dt.date | None = None) -> bytes:
    """Return the election as a PPTX file of one slide: sentence, picture, the best choices.

    Parameters
    ----------
    name, assumed, day : as in ``brief``

    Source: ours; the notes hold every choice, renewal and the reader's own practices
    """
    deck = empty_deck(_title(name))
    page = empty_slide(deck)
    title_of(page, words.headline(found))
    text_box(page, (SLIDE_MARGIN, 0.18, 12.3, 0.3), [(_title(name), 12, INKS.quiet, False)])
    text_box(
        page, (SLIDE_MARGIN, 1.75, DRAWN_WIDE, 0.35), [(words.title(found), 14, INKS.text, True)]
    )
    put_picture(
        page, frontier(found, "light"), SLIDE_PIXELS, "Choices", (SLIDE_MARGIN, 2.15, DRAWN_WIDE)
    )
    lines = [(words.turns(found), 14, INKS.text, False), (_renewal(found), 14, INKS.text, False)]
    if found.practices is not None:
        lines.append((practice_words.practices_title(found.practices[0]), 14, INKS.text, False))
    beside = SLIDE_MARGIN + DRAWN_WIDE + 0.3
    under = _best_choices(page, found, beside)
    box = text_box(page, (beside, under, SLIDE_WIDE - beside - SLIDE_MARGIN, 2.0),
                   [each for each in lines if each[0]])  # fmt: skip
    for paragraph in box.text_frame.paragraphs:
        paragraph.space_after = 76_200
    foot = [(said, 10, INKS.quiet, False) for said in (assumed, stamp(day)) if said]
    text_box(page, (SLIDE_MARGIN, SLIDE_HIGH - 0.25 - 0.17 * len(foot), 12.3, 0.3), foot)
    every = [" · ".join(row) for row in _cells(words.rows(found))]
    if found.practices is not None:
        rows = practice_words.practice_rows(*found.practices)
        every += ["", *(" · ".join(row) for row in _cells(rows))]
        every.append(practice_words.rest(*found.practices))
    page.notes_slide.notes_text_frame.text = "\n".join([*every, "", *_notes(found, assumed)])
    return saved(deck)


def _best_choices(page: Any, found: Found, left: float) -> float:  # noqa: ANN401
    """Put what is worth a look and the best of each contract in a table; return where it ends."""
    from pptx.util import Inches  # noqa: PLC0415

    named = {words.short(choice) for choice in (*found.election.kept, *found.election.by_level)}
    heads = ("Choice", "Expected", "Worst year in 20", "Owes")
    rows = [heads, *(
        tuple(row[head] for head in heads) for row in words.rows(found) if row["Choice"] in named
    )][:MOST_CHOICES]  # fmt: skip
    wide = SLIDE_WIDE - left - SLIDE_MARGIN
    frame = page.shapes.add_table(
        len(rows), len(heads), Inches(left), Inches(1.85), Inches(wide), Inches(0.3 * len(rows))
    )
    frame.name = "Best choices"
    frame.table.horz_banding = frame.table.first_row = False
    parts = (0.37, 0.21, 0.27, 0.15)
    for column, part in zip(frame.table.columns, parts, strict=True):
        column.width = Inches(wide * part)
    picked = words.short(found.election.picked)
    for place, (line_, row) in enumerate(zip(frame.table.rows, rows, strict=True)):
        line_.height = Inches(0.3)
        for at, (cell, said) in enumerate(zip(line_.cells, row, strict=True)):
            look = INKS.quiet if not place else INKS.text
            cell.margin_left = cell.margin_right = Inches(0.05)
            table_cell(cell, said, (12, look, row[0] == picked), right=at > 0)
    return 1.85 + 0.34 * len(rows) + 0.15


def workbook(
    found: Found, *, name: str = "", assumed: str = "", day: dt.date | None = None
) -> bytes:
    """Return the election as an XLSX file: every choice, with what it is worth as a formula.

    Change the weight of a dollar owed, or what the mechanism costs, and it is worth anew. Renewal
    and the reader's own practices have sheets of their own.

    Parameters
    ----------
    name, assumed, day : as in ``brief``

    Source: ours
    """
    import xlsxwriter  # noqa: PLC0415  (only who exports needs it)

    election, setting = found.election, found.election.setting
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, dollars = book.add_format({"bold": True}), book.add_format({"num_format": "$#,##0"})
        share, rate = (book.add_format({"num_format": each}) for each in ("0.0%", "0.00%"))
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        book.set_properties({"title": _title(name)})
        sheet = book.add_worksheet("Election")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 12, 15)
        sheet.write_string(0, 0, words.headline(found), bold)
        sheet.write_string(1, 0, "Weight of a dollar owed")
        sheet.write_number(1, 1, float(setting.hurts))
        sheet.write_string(2, 0, "The mechanism costs a year")
        sheet.write_number(2, 1, float(setting.cost), rate)
        heads = ("Choice", "Minimum", "Paid", "Owed", "Expected", "One in ten below",
                 "One in ten above", "Worst year in 20", "Owes", "No money", "Most owed",
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
        said_of_all = (typed(name), words.turns(found), *_notes(found, assumed), stamp(day))
        for number, said in enumerate(filter(None, said_of_all)):
            sheet.merge_range(after + number, 0, after + number, 12, "", wrap)
            sheet.write_string(after + number, 0, said, wrap)
            sheet.set_row(after + number, 32)
        _renewal_sheet(book, found, bold, dollars, wrap)
        _practices_sheet(book, found, bold, dollars, wrap)
    return file.getvalue()


def _renewal_sheet(book: Any, found: Found, bold: Any, dollars: Any, wrap: Any) -> None:  # noqa: ANN401
    """Put every early year against staying on a sheet of its own."""
    if not found.ways:
        return
    sheet = book.add_worksheet("Renewal")
    sheet.set_column(0, 3, 24)
    heads = ("New agreement from", "Against staying", "One in ten below", "One in ten above")
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    looked_at = found.renewal[0] if found.renewal else None
    for row, way in enumerate(found.ways, 1):
        sheet.write_number(row, 0, way.year)
        sheet.write_number(row, 1, way.gain, dollars)
        if looked_at is not None and way.year == looked_at.year:
            for column, value in enumerate((looked_at.low, looked_at.high), 2):
                sheet.write_number(row, column, float(value or 0.0), dollars)
    notes = renewal_words.renewal_notes(found, found.sources["early_renewal_begins_next_period"])
    for row, said in enumerate(filter(None, (_renewal(found), notes)), len(found.ways) + 2):
        sheet.merge_range(row, 0, row, 3, "", wrap)
        sheet.write_string(row, 0, said, wrap)
        sheet.set_row(row, 120)


def _practices_sheet(book: Any, found: Found, bold: Any, dollars: Any, wrap: Any) -> None:  # noqa: ANN401
    """Put the reader's own practices on a sheet of their own, with sums that can be checked."""
    if found.practices is None:
        return
    each, split = found.practices
    cents = book.add_format({"num_format": "$#,##0.00"})
    sheet = book.add_worksheet("Practices")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 8, 17)
    heads = ("Practice", "In the ACO", "People", "Payment dropped or added", "That moves",
             "Fair share", *practice_words.POOLS)  # fmt: skip
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    last = len(each.practices) + 2
    parts = {member: at for at, member in enumerate(split.members)}
    for at, practice in enumerate(each.practices):
        row = at + 1
        sheet.write_string(row, 0, practice.name)
        sheet.write_string(row, 1, "yes" if practice.inside else "no")
        sheet.write_number(row, 2, practice.people)
        sheet.write_number(row, 3, each.otherwise[at], dollars)
        moves = each.otherwise[at] - each.payment
        sheet.write_formula(row, 4, f"=D{row + 1}-D{last + 1}", dollars, moves)
        if practice.inside:
            sheet.write_number(row, 5, each.fair[at], cents)
            for column, key in enumerate(SPLITS, 6):
                part = float(split.by_key[key][parts[practice.name]])
                sheet.write_number(row, column, part, cents)
    sheet.write_string(last - 1, 0, "Everyone else")
    sheet.write_number(last - 1, 5, each.rest, cents)
    sheet.write_string(last, 0, "Together")
    sheet.write_number(last, 3, each.payment, dollars)
    sheet.write_formula(last, 5, f"=SUM(F2:F{last})", cents, each.payment)
    for column in range(6, 9):
        letter = "ABCDEFGHI"[column]
        sheet.write_formula(last, column, f"=SUM({letter}2:{letter}{last})", cents,
                            float(split.amount))  # fmt: skip
    sheet.merge_range(last + 2, 0, last + 2, 8, "", wrap)
    sheet.write_string(last + 2, 0, practice_words.rest(each, split), wrap)
    sheet.set_row(last + 2, 48)
