"""The brief, the slide and the workbook of This year hold what the page says."""

import io

import openpyxl
import pytest
from pptx import Presentation

from mssp_sim import Scenario
from mssp_sim.app import downloads
from mssp_sim.exports import pictures
from tests import paper
from tests.exports.test_brief import text_of

NAME = "<b>Valley</b> & =Care"


@pytest.fixture(scope="module")
def year():
    """Return what the page puts down, and what makes its own files."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            downloads,
            "popover",
            lambda *_, of_page: made.update({label: offer[0] for label, offer in of_page.items()}),
        )
        put_down = paper.draw("this_year", Scenario(quality_score=0.82), Scenario())
    return put_down, made


def headline(put_down):
    return put_down.texts[0]


def test_brief_and_slide_hold_headline_figures_and_findings_of_the_page(year, monkeypatch):
    put_down, made = year
    drawn, png = [], pictures.png

    def smaller(picture, _width):
        drawn.append(picture.description)
        return png(picture, 300, scale=1.0)

    monkeypatch.setattr(pictures, "png", smaller)
    (page,) = Presentation(io.BytesIO(made["Slide"](name=NAME))).slides
    on_slide = "\n".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
    in_brief = text_of(made["Brief"](name=NAME))
    (leaflet,) = made["Brief"].args
    findings = [part.title for part in leaflet.parts]
    shown = [f.shown for f in put_down.figures if f.key in ("payment", "constrained")]
    assert headline(put_down).startswith("At Q2")
    assert len(findings) == 4
    assert set(findings) <= set(put_down.texts)
    for words in (headline(put_down), f"this year: {NAME}", *shown, *findings):
        assert words in on_slide, words
        assert words in in_brief, words
    assert len(drawn) == 4


def test_the_workbook_of_the_page_holds_the_sheet_of_its_report(year):
    put_down, made = year
    book = openpyxl.load_workbook(io.BytesIO(made["Workbook"](name=NAME)), data_only=True)
    assert book["Quarter"]["A3"].value == headline(put_down)
    assert book["Inputs"]["A1"].value == NAME
