"""The brief: one page, the app's figures, light, and nothing of a name runs."""

import datetime as dt
import io
import re

import numpy as np
import pypdf
import pypdfium2
import pytest
from PIL import Image
from pptx import Presentation

from mssp_sim import Scenario, simulate
from mssp_sim.exports import leaflet, pictures
from mssp_sim.exports.brief import BRIDGE, CURVE, brief
from mssp_sim.exports.leaflet import Leaflet
from mssp_sim.exports.slide import slide
from mssp_sim.exports.typeface import HAN, KANA, SIGNS, drawn, markup
from mssp_sim.figures import change, money
from mssp_sim.naming import value_as_shown
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.scenario import placed, quantities
from mssp_sim.words.bridge import bridge_description, bridge_title
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests.exports.cases import BASELINE, CASES, CROWDED, HOSTILE

DAY = dt.date(2026, 1, 15)


def text_of(data):
    (page,) = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(page.extract_text().split())


def shade(image):
    """Return a page as grey, 0 black to 255 white."""
    return np.asarray(image.convert("L"))


@pytest.fixture(scope="module")
def briefs():
    """Return the brief of each case, made once."""
    against = simulate(BASELINE)
    return {state: brief(simulate(s), against, day=DAY) for state, s in CASES.items()}


@pytest.mark.long
@pytest.mark.parametrize("state", CASES)
def test_the_text_read_back_is_the_app_s(briefs, state):
    result, against = simulate(CASES[state]), simulate(BASELINE)
    assert result.state == state
    text = text_of(briefs[state])
    wanted = [outcome(result), curve_title(result)]
    wanted += [bridge_title(result), bridge_description(result)]
    wanted += [curve_description(result)]
    for tile in four_tiles(result, against):
        wanted += [tile.label, tile.shown, tile.note]
    wanted += [f"Rules version {RULES_VERSION}", "2026-01-15", "Illustrative, not advice"]
    for words in wanted:
        assert words in text, words


@pytest.mark.long
def test_assumptions_and_changes_are_on_it(briefs):
    first = text_of(next(iter(briefs.values())))
    for words in (
        "Contract E",
        "Assigned people 45,000",
        "Regional trend 5.0%",
        "National trend 6.0%",
    ):
        assert words in first
    assert "What changed against the baseline Quality score 82.0 → 75.0 −$2.2M" in first


OTHERWISE = Scenario(
    performance_year=2023, agreement_start=dt.date(2022, 1, 1), level="ENHANCED",
    quality_performance_standard=0.4321, quality_score=0.9, cost_reduction=0.05,
    minimum_election=0.0, agreement_period=1, assigned_beneficiaries=9_000,
    participant_revenue_share=0.2, market_share=0.7, national_growth=0.01, regional_growth=0.02,
    own_growth=0.03, prospective_trend=0.04, risk_growth=0.01, regional_level=0.1,
    alternative_standard_met=False,
)  # fmt: skip


@pytest.mark.parametrize("here", [*CASES.values(), CROWDED, OTHERWISE])
def test_what_a_leaflet_says_of_the_scenario_is_the_scenario_s_and_not_the_baseline_s(here):
    result = simulate(here)
    alone = Leaflet(result, result, "", DAY)
    for baseline in (simulate(OTHERWISE), simulate(BASELINE), simulate(CROWDED)):
        told = Leaflet(result, baseline, "", DAY)
        assert told.assumptions == alone.assumptions
        assert (told.sentence, told.stamp) == (alone.sentence, alone.stamp)
        assert [(tile.shown, tile.note) for tile in told.tiles] == [
            (tile.shown, tile.note) for tile in four_tiles(result, baseline)
        ]
        assert [part.shown for part in told.parts] == [part.shown for part in alone.parts]
    standard = f"{100 * float(result.quality_performance_standard):.1f}"
    written = {label: value for part in alone.assumptions.values() for label, value in part}
    assert written[quantities()["quality_performance_standard"].label] == standard
    for head in leaflet.HEADS.values():
        for name in placed("main", head):
            if name != "quality_performance_standard":
                assert written[quantities()[name].label] == value_as_shown(name, here), name
    assert money(float(result.benchmark_total)) in alone.stamp


def test_changes_of_a_leaflet_go_from_the_baseline_to_the_scenario():
    better, worse = simulate(BASELINE), simulate(Scenario(cost_reduction=0.02))
    for now, before in ((better, worse), (worse, better)):
        told = Leaflet(now, before, "", DAY)
        together = dict(told.changes)["Together"]
        assert together == change(float(now.payment - before.payment))


@pytest.mark.long
@pytest.mark.parametrize("state", CASES)
def test_it_is_one_light_page_with_nothing_over_its_edge(briefs, state):
    pdf = pypdfium2.PdfDocument(briefs[state])
    assert len(pdf) == 1
    grey = shade(pdf[0].render(scale=1).to_pil())
    assert np.mean(grey > 250) > 0.7
    edge = 18
    for side in (grey[:edge], grey[-edge:], grey[:, :edge], grey[:, -edge:]):
        assert side.min() == 255


@pytest.mark.long
def test_nearly_every_field_moved_still_fits_one_page():
    data = brief(simulate(CROWDED), simulate(BASELINE), name=HOSTILE, day=DAY)
    text = text_of(data)
    for words in ("Calibration to a published target 1.010", "Other ACOs in your region 20.0%"):
        assert words in text
    assert "Together −$" in text
    grey = shade(pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil())
    assert grey[-18:].min() == 255


@pytest.mark.long
def test_a_name_is_text_and_nothing_of_it_runs():
    data = brief(simulate(Scenario()), simulate(BASELINE), name=HOSTILE, day=DAY)
    assert "Medicare shared savings: =1+1 <b>&amp;</b><img src=x> ../../x" in text_of(data)
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data
    assert b"/URI" not in data


def test_a_batch_has_no_brief():
    many = simulate(Scenario(quality_score=np.array([0.1, 0.2])))
    with pytest.raises(ValueError, match="hold one scenario"):
        brief(many, simulate(BASELINE))


def test_changes_add_up_as_shown():
    leaflet = Leaflet(simulate(CROWDED), simulate(BASELINE), "", DAY)
    tenths = [
        round(float(re.sub(r"[+$M]", "", worth).replace("−", "-")) * 10)
        for _, worth in leaflet.changes
    ]
    assert sum(tenths[:-1]) == tenths[-1]


@pytest.mark.long
@pytest.mark.parametrize("state", CASES)
def test_no_label_of_a_picture_is_cut_off(state):
    leaflet = Leaflet(simulate(CASES[state]), simulate(BASELINE), "", DAY)
    for picture, width in ((leaflet.curve(), CURVE), (leaflet.bridge(), BRIDGE)):
        image = pictures.png(picture, width, scale=1)
        grey = shade(Image.open(io.BytesIO(image)))
        assert grey[:, :2].min() == 255
        assert grey[:, -2:].min() == 255
        assert grey.shape[1] == width


def test_a_picture_as_svg_names_its_colours():
    leaflet = Leaflet(simulate(Scenario()), simulate(BASELINE), "", DAY)
    text = pictures.svg(leaflet.bridge(), BRIDGE).decode()
    assert "currentColor" not in text
    assert "−$2.2M" in text
    assert "#0072B2" in text


NAMES = ("Łódź Świętokrzyska", "ʻOhana Health", "Ωμέγα Υγεία", "Северная Клиника", "Šťastný Őrség")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_keeps_its_letters_and_each_is_drawn(name):
    assert drawn(name) == name
    text = text_of(brief(simulate(Scenario()), simulate(BASELINE), name=name, day=DAY))
    assert f"Medicare shared savings: {name}" in text


def test_signs_of_east_asia_are_named_in_a_typeface_of_the_reader_and_others_left_out():
    assert drawn("a → b 日 − é 🏥") == "a → b 日 − é"
    assert markup("日本") == f'<font name="{HAN}">日本</font>'
    assert markup("ひ東") == f'<font name="{KANA}">ひ東</font>'
    assert "?" not in drawn("日本 ひらがな 한국 🏥 عربي")


def test_an_east_asian_name_reads_back_from_brief_and_slide_and_what_cannot_is_said_before(
    monkeypatch,
):
    image = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(image, "PNG")
    monkeypatch.setattr(pictures, "png", lambda *_given, **_more: image.getvalue())
    name = "华西医院 ひらがな 한국 ACO"
    results = simulate(Scenario()), simulate(BASELINE)
    brief_read = text_of(brief(*results, name=f"{name} 🏥", day=DAY))
    (page,) = Presentation(io.BytesIO(slide(*results, name=name, day=DAY))).slides
    slide_read = "\n".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
    for text in (brief_read, slide_read):
        assert f"Medicare shared savings: {name}" in text
        assert not re.search("[?\ufffd\u25a1]", text)
    for word in ("Chinese, Japanese and Korean", "left blank", "left out of the brief"):
        assert word in SIGNS


def test_words_and_pictures_have_one_typeface():
    data = brief(simulate(Scenario()), simulate(BASELINE), day=DAY)
    (page,) = pypdf.PdfReader(io.BytesIO(data)).pages
    fonts = {str(f.get_object()["/BaseFont"]) for f in page["/Resources"]["/Font"].values()}
    assert {f.rpartition("+")[2].partition("-")[0] for f in fonts} <= {
        "LiberationSans",
        "/Helvetica",
    }
    assert pictures.FONT == "Liberation Sans"
