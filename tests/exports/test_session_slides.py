"""The slides of a session: native text, inside their slides, answers behind their questions."""

import io

import pytest
from pptx import Presentation

from mssp_sim.exports.session_slides import session_slides
from mssp_sim.learning.trainer import deck, filled, kit, plans

POINT = 12_700
LETTER = 0.56
"""How wide a letter of Arial is, about, as a part of its size."""


@pytest.mark.parametrize("minutes", [30, pytest.param(60, marks=pytest.mark.long), 90])
def test_a_session_has_its_questions_its_answers_and_what_wrong_ones_mean(minutes):
    slides = list(Presentation(io.BytesIO(session_slides(minutes))).slides)
    said = [[s.text_frame.text for s in page.shapes if s.has_text_frame] for page in slides]
    whole = "\n".join(text for page in said for text in page)
    for text in (*kit().goals, *kit().left_out):
        assert text in whole
    cards = [filled(deck()[part.card]) for part in plans()[minutes].parts if part.card]
    for card in cards:
        asked = card.on_paper
        at = next(n for n, texts in enumerate(said) if asked in texts)
        for option in card.options:
            assert option.text in said[at][1]
        assert card.why not in "\n".join(text for page in said[: at + 1] for text in page)
        assert card.options[card.right].text in said[at + 1][0]
        assert card.why in said[at + 1]
        notes = slides[at + 1].notes_slide.notes_text_frame.text
        assert all(belief in notes for belief in card.beliefs)
        (picture,) = (shape for shape in slides[at + 1].shapes if shape.shape_type == 13)
        assert picture._element.nvPicPr.cNvPr.get("descr")
        assert card.debrief in whole


def test_no_text_runs_out_of_its_box_or_its_slide():
    shown = Presentation(io.BytesIO(session_slides(90)))
    for page in shown.slides:
        for shape in page.shapes:
            assert shape.left + shape.width <= shown.slide_width
            assert shape.top + shape.height <= shown.slide_height
            if shape.has_text_frame:
                assert needed(shape) <= shape.height / POINT, shape.text_frame.text


def needed(shape):
    """Return how high the words of a box are, about, in points."""
    room, high = shape.width / POINT - 14.4, 7.2
    for paragraph in shape.text_frame.paragraphs:
        for run in paragraph.runs:
            size = run.font.size.pt
            high += max(-(-len(run.text) * size * LETTER // room), 1) * size * 1.2 + 8
    return high - 8
