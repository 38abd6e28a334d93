"""The slide: one, editable, inside its edges, with the arithmetic in its notes."""

import datetime as dt
import io
import zipfile

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation

from mssp_sim import Scenario, simulate
from mssp_sim.exports.leaflet import Leaflet
from mssp_sim.exports.slide import notes, slide
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.trace import trace
from mssp_sim.words.bridge import bridge_rows
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests.exports.cases import BASELINE, CASES, CROWDED, HOSTILE

DAY = dt.date(2026, 1, 15)
POINT, EMU = 12_700, 914_400
LETTER = 0.52
"""Mean width of a letter against its size: a little more than Calibri's."""


def made(scenario, name=""):
    data = slide(simulate(scenario), simulate(BASELINE), name=name, day=DAY)
    deck = Presentation(io.BytesIO(data))
    (page,) = deck.slides
    return data, deck, page


@pytest.fixture(scope="module")
def slides():
    """Return the slide of each case, made once."""
    return {state: made(s) for state, s in CASES.items()}


def words_of(page):
    texts = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    return "\n".join(texts).replace("\x0b", " ")


def table_of(page):
    (frame,) = [shape for shape in page.shapes if shape.has_table]
    return [[cell.text for cell in row.cells] for row in frame.table.rows]


@pytest.mark.long
@pytest.mark.parametrize("state", CASES)
def test_words_and_table_are_the_app_s(slides, state):
    result, against = simulate(CASES[state]), simulate(BASELINE)
    _, _, page = slides[state]
    text = words_of(page)
    assert page.shapes.title.text_frame.text == outcome(result)
    for tile in four_tiles(result, against):
        for words in (tile.label, tile.shown, tile.note):
            assert words in text
    assert table_of(page) == [[part.label, part.shown] for part in bridge_rows(result)]
    assert f"Rules version {RULES_VERSION}" in text
    assert "Illustrative, not advice" in text


@pytest.mark.long
@pytest.mark.parametrize("state", CASES)
def test_the_notes_end_in_the_figure_of_the_tile(slides, state):
    result = simulate(CASES[state])
    text = slides[state][2].notes_slide.notes_text_frame.text
    key = "shared_losses" if result.gross_savings < 0 else "shared_savings"
    steps = trace(result).how(key)
    for step in steps:
        assert f"{step.name}: " in text
        assert step.value in text
        assert step.section in text


@pytest.mark.long
@pytest.mark.parametrize("state", CASES)
def test_every_shape_is_inside_the_slide_and_holds_its_words(slides, state):
    _, deck, page = slides[state]
    inside(deck, page)


@pytest.mark.long
def test_the_most_words_still_fit():
    _, deck, page = made(CROWDED, HOSTILE)
    inside(deck, page)


def inside(deck, page):
    boxes = []
    for shape in page.shapes:
        assert shape.left >= 0
        assert shape.top >= 0
        height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + height <= deck.slide_height
        boxes.append((shape.name, shape.left, shape.top, shape.width, height))
        if shape.has_text_frame:
            assert needed(shape) <= shape.height * 1.02, shape.text_frame.text
    for number, (name, left, top, width, height) in enumerate(boxes):
        for other, x, y, wide, high in boxes[number + 1 :]:
            apart = left + width <= x or x + wide <= left or top + height <= y or y + high <= top
            assert apart, (name, other)


def needed(shape):
    """Return how high the words of a shape are, about, in EMU."""
    room = shape.width / POINT - 14.4
    high = 0.0
    for paragraph in shape.text_frame.paragraphs:
        (run,) = paragraph.runs
        size = run.font.size.pt
        lines = -(-len(run.text) * size * LETTER // room)
        high += max(lines, 1) * size * 1.2
    return high * POINT


@pytest.mark.long
def test_the_picture_is_light_and_described(slides):
    _, _, page = slides["partial"]
    (picture,) = [shape for shape in page.shapes if shape.shape_type == 13]
    grey = np.asarray(Image.open(io.BytesIO(picture.image.blob)).convert("L"))
    assert np.mean(grey > 225) > 0.8
    assert picture.width / picture.height == pytest.approx(grey.shape[1] / grey.shape[0], rel=0.01)
    alt = picture._element.nvPicPr.cNvPr.get("descr")
    assert "you earn" not in alt
    assert "$8.7M at full quality" in alt


@pytest.mark.long
def test_a_name_is_text_and_nothing_of_it_runs():
    data, _, page = made(Scenario(), HOSTILE)
    assert "Medicare shared savings: =1+1 <b>&amp;</b><img src=x> ../../x 日本" in words_of(page)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            assert not name.startswith(("/", ".."))
            if name.endswith(".rels"):
                assert b"External" not in parts.read(name)


def test_the_notes_hold_what_does_not_fit_the_slide():
    leaflet = Leaflet(simulate(CROWDED), simulate(BASELINE), "", DAY)
    text = notes(leaflet)
    for words, worth in leaflet.changes:
        assert f"{words} {worth}" in text


def test_a_batch_has_no_slide():
    many = simulate(Scenario(quality_score=np.array([0.1, 0.2])))
    with pytest.raises(ValueError, match="hold one scenario"):
        slide(many, simulate(BASELINE))
