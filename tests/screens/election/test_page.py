"""The Election page: its sentence, its lever, what is opened, what a link holds and refuses."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pypdf
import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, simulate
from mssp_sim.app import session
from mssp_sim.exports import election as exports
from mssp_sim.screens.election import page, practices_section, words
from mssp_sim.studies.practices import HEADINGS
from mssp_sim.studies.true_results import Setting

APP = Path(__file__).parents[3] / "app.py"
OPENED = ("election_table", "election_renewal", "election_list", "election_sure")


def opened(*, folded=(), **query):
    app = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    for key in folded:
        app.session_state[key] = True
    app.run().switch_page("pages/election.py").run()
    assert not app.exception, app.exception
    return app


def texts(app):
    return [text.value.replace("\\", "") for text in app.markdown]


def sentence(app):
    (said,) = [text for text in texts(app) if text.startswith("### ")]
    return said.removeprefix("### ")


def test_the_sentence_says_what_to_sign_and_when():
    app = opened()
    said = sentence(app)
    assert said.startswith("Sign ENHANCED with a minimum of 0.0%: $10.8M a year on average")
    assert "Renew for 2026: +$10.6M by 2034 against staying to the end of 2029." in said
    assert any("E never" in text for text in texts(app))
    assert [tile.value for tile in app.metric][-1] == "\\$2.5M"


def test_owing_that_hurts_more_picks_another_minimum_and_the_link_holds_it():
    app = opened()
    app.slider(key="election_hurts").set_value(4.2).run()
    assert sentence(app).startswith("Sign ENHANCED with a minimum of 0.5%")
    assert app.session_state[session.PLACES] == {"election": "hurts:4.2"}
    assert sentence(opened(election="hurts:4.2")) == sentence(app)
    assert sentence(opened(election="hurts:4.2")) == sentence(opened(election="hurts:4.2"))


def test_everything_that_is_folded_opens():
    app = opened(folded=OPENED)
    said = " ".join(texts(app))
    assert "Renewing for 2026 is worth +$10.6M over 2026 to 2034 at the mean result" in said
    assert "it reverses if the region grows 3.2% a year or less (here 5.0%)" in said
    assert "the contract turns to E at a cost reduction of −0.3% or less" in said
    assert "Prospective is worth" in said
    assert "2026 to 2030" in said
    assert "read in the rule, 42 CFR 425.600(f)(3)" in said
    app.button(key="election_trend").click().run()
    assert app.session_state[session.HISTORY].now.scenario.regional_growth == pytest.approx(0.032)
    app.button_group(key="election_renew").set_value(2028).run()
    assert app.session_state[session.PLACES] == {"election": "renew:2028"}


@pytest.mark.parametrize("text", ["hurts:99", "nonsense", "trend:lots"])
def test_a_link_that_cannot_be_used_says_so_and_the_page_stands(text):
    app = opened(election=text)
    assert any("This part of the link could not be used" in each for each in texts(app))
    assert sentence(app) == sentence(opened())


def test_an_agreement_whose_tracks_ended_has_nothing_to_sign():
    app = opened(start="2018-01-01", year="2018", contract="1")
    assert sentence(app).startswith("There is nothing to sign next January")


def test_the_curtain_hides_the_page():
    app = opened(curtain="on")
    assert "Sign" not in sentence(app)


def test_practices_of_a_link_are_settled_and_nonsense_stands_beside_its_row():
    app = opened(folded=("election_practices",), practices="4500,100,100,93,,,1;900,9,,,,,1")
    said = " ".join(texts(app))
    assert "could not be used: practice 2: Cost against the ACO is 9" in said
    app = opened(folded=("election_practices",), practices="4500,100,100,93,,,1")
    # by hand: 5,696,784 without it (test_fair_shares.py)
    assert "| Practice 1 | without it $5.7M | −$0.8M | 40,500 |" in " ".join(texts(app))


def test_an_edit_of_the_table_is_kept_whatever_is_typed():
    told = [{"name": "A", "people": "9"}, {"name": "B", "people": "8"}]
    edit = {"edited_rows": {1: {"People": "many", words.WARNS: "x"}}, "added_rows": [{"People": 7}],
            "deleted_rows": [0]}  # fmt: skip
    found = practices_section.after_edit(told, edit)
    assert found == [{"name": "B", "people": "many"}, {"people": "7"}]
    assert words.heads() == (*HEADINGS.values(), words.WARNS)


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "A"}, {"cost_reduction": -0.03}, {"assigned_beneficiaries": 4_000.0},
        {"level": "ENHANCED", "performance_year": 2025, "agreement_start": dt.date(2022, 1, 1)},
        {"quality_score": 0.2}, {"performance_year": 2023, "agreement_start": dt.date(2019, 7, 1)},
    ],
)  # fmt: skip
def test_every_kind_of_aco_has_a_sentence_of_whole_words(fields, monkeypatch):
    monkeypatch.setattr(page.st, "session_state", {})
    found = page._found(simulate(Scenario(**fields)), Setting())
    said = page.shared_words.headline(found) + page.shared_words.turns(found)
    assert said.startswith("Sign ")
    assert "  " not in said
    assert len(said.split()) < 110


def test_brief_slide_and_workbook_say_what_the_page_says(monkeypatch):
    monkeypatch.setattr(page.st, "session_state", {})
    found = page._found(simulate(Scenario()), Setting(hurts=1.6))
    day = dt.date(2026, 4, 1)
    brief = pypdf.PdfReader(io.BytesIO(page._made(exports.brief, found)))
    assert len(brief.pages) == 1
    said = " ".join(brief.pages[0].extract_text().split())
    assert "Sign ENHANCED with a minimum of 0.0%: $10.8M a year on average" in said
    (slide,) = Presentation(io.BytesIO(exports.slide(found, day=day))).slides
    assert slide.shapes.title.text_frame.text == page.shared_words.headline(found)
    assert "E 2.0%" in slide.notes_slide.notes_text_frame.text
    book = io.BytesIO(exports.workbook(found, day=day))
    sheet = openpyxl.load_workbook(book)["Election"]
    values = openpyxl.load_workbook(book, data_only=True)["Election"]
    assert sheet["M6"].value == "=C6-$B$2*D6-$B$3*L6"
    for row, choice in enumerate(found.election.choices, 6):
        paid, owed, stands = (values.cell(row, at).value for at in (3, 4, 12))
        assert values.cell(row, 13).value == pytest.approx(paid - 1.6 * owed - 0.01 * stands)
        assert values.cell(row, 13).value == pytest.approx(choice.worth(found.election.setting))
