"""What is taken away says what the app says: each item by name, in order, in the app's letters."""

import datetime as dt
import io
import re

import openpyxl
import pypdf
import pytest
from pptx import Presentation

from mssp_sim import simulate
from mssp_sim.exports.brief import brief
from mssp_sim.exports.leaflet import Leaflet
from mssp_sim.exports.slide import slide
from mssp_sim.exports.typeface import drawn
from mssp_sim.exports.workbook import workbook
from mssp_sim.exports.workbook.checks import FIGURES
from mssp_sim.exports.workbook.sheet import NUMBERS, camel
from mssp_sim.figures import whole_dollars
from mssp_sim.trace import trace
from mssp_sim.words.bridge import bridge_description, bridge_title
from mssp_sim.words.curve import curve_description, curve_title
from tests.exports.cases import BASELINE, CROWDED
from tests.voice import begins_small, nonsense, shouted

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def told():
    return Leaflet(simulate(CROWDED), simulate(BASELINE), "North Star", DAY)


def in_order(text, items):
    at = 0
    for item in filter(None, items):
        found = text.find(item, at)
        assert found >= 0, f"{item!r} is not behind {text[max(0, at - 60) : at]!r}"
        at = found + len(item)


def of_tiles(told):
    for tile in told.tiles:
        term = f" ({tile.term})" if tile.term else ""
        yield from (tile.label + term, tile.shown, tile.note)


def test_a_brief_is_the_leaflet_in_its_order(told):
    pdf = pypdf.PdfReader(io.BytesIO(brief(told.result, told.baseline, name=told.name, day=DAY)))
    (page,) = pdf.pages
    text = " ".join(page.extract_text().split())
    result = told.result
    in_order(text, [told.title, told.sentence, *of_tiles(told)])
    in_order(text, [curve_title(result), curve_description(result)])
    in_order(text, [bridge_title(result), bridge_description(result)])
    for head, rows in told.assumptions.items():
        in_order(text, [head, *(f"{label} {value}" for label, value in rows)])
    changes = (drawn(" ".join(filter(None, change))) for change in told.changes)
    in_order(text, ["What changed against the baseline", *changes])
    assert text.endswith(told.stamp)
    assert (pdf.metadata.title, pdf.metadata.subject) == (told.title, told.sentence)
    assert not shouted(text)
    assert not nonsense(text)


def test_a_slide_is_the_leaflet_and_its_notes_the_arithmetic(told):
    made = slide(told.result, told.baseline, name=told.name, day=DAY)
    (page,) = Presentation(io.BytesIO(made)).slides
    boxes = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    text = " ".join("\n".join(boxes).split())
    assert page.shapes.title.text_frame.text == told.sentence
    in_order(text, [told.sentence, told.title, *of_tiles(told), curve_title(told.result)])
    assert told.stamp in text
    (table,) = (shape.table for shape in page.shapes if shape.has_table)
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [[part.label, part.shown] for part in told.parts]
    notes = page.notes_slide.notes_text_frame.text
    key = "shared_losses" if told.result.gross_savings < 0 else "shared_savings"
    steps = [
        f"{step.name}: {step.words} = {step.numbers} = {step.value} ({step.section})"
        for step in trace(told.result).how(key)
    ]
    parts = [f"{part.label}: {whole_dollars(part.amount)}" for part in told.parts]
    changes = [" ".join(filter(None, change)) for change in told.changes]
    rest = [
        f"{head}: " + "; ".join(f"{label} {value}" for label, value in rows)
        for head, rows in told.assumptions.items()
    ]
    assert notes.split("\n") == [
        told.sentence, "", "The arithmetic, step by step:", *steps,
        "", "Where every dollar went:", *parts,
        "", "What changed against the baseline:", *changes,
        *(line for each in rest for line in ("", each)), "", told.stamp,
    ]  # fmt: skip
    for words in (text, notes.replace("\n", " ¶ ").replace("¶  ¶", "¶")):
        assert not shouted(words)
        assert not nonsense(words)


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(
        io.BytesIO(workbook(simulate(CROWDED), simulate(BASELINE))), data_only=True
    )


def test_texts_of_a_workbook_are_in_the_apps_letters(book):
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            for text in (cell for cell in row if isinstance(cell, str)):
                where = (sheet.title, text)
                assert not shouted(text), where
                assert not re.search(r"\b(nan|inf|None)\b", text), where
    for title in book.sheetnames[2:]:
        labels = 0 if title == "Checks" else 1
        for row in book[title].iter_rows(min_row=5, values_only=True):
            if isinstance(row[labels], str):
                allowed = row[labels].startswith("less: ")
                assert allowed or not begins_small(row[labels]), (title, row[labels])


def test_names_of_cells_are_words_run_together(book):
    for name in book.defined_names:
        assert re.fullmatch(r"(?:[A-Z][a-z]+|A|(?<=[a-z])BY3|By3|Year\d|\d)+", name), name


def test_a_named_figure_has_its_unit_wherever_it_stands(book):
    for field, (_, kind) in FIGURES.items():
        if field == "benchmark":
            continue
        ((sheet, box),) = book.defined_names[camel(field)].destinations
        form = book[sheet][box.replace("$", "")].number_format
        for sign in "$%":
            assert (sign in form) == (sign in NUMBERS[kind]), field


def test_a_rate_of_a_table_is_a_percentage_and_an_amount_is_in_dollars(book):
    """What the label of a step calls it is how it is shown."""
    meant = {
        "percent": r"\brates?\b|\bshares?\b|standard$",
        "answer": r"\?$",
        "dollars": r"^(Spending|Historical|History|Saved|You earn|You owe|Sequestration|Above)",
    }
    seen = dict.fromkeys(meant, 0)
    for title in book.sheetnames[2:5]:
        for row in book[title].iter_rows(min_row=6):
            label, *cells = [row[1].value, *row[2:-2]]
            for kind, pattern in meant.items():
                if label and re.search(pattern, label):
                    seen[kind] += 1
                    for cell in cells:
                        form, value = cell.number_format, cell.value
                        if kind == "answer":
                            assert value in ("yes", "no", None), (title, label)
                        elif kind == "dollars" and isinstance(value, float):
                            assert "$" in form or value < 3, (title, label, form)
                        elif isinstance(value, float):
                            assert "%" in form or "$" in form or value > 3, (title, label, form)
    assert all(seen.values())
