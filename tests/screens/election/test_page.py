"""The Election page: its sentence, its lever, what is opened, what a link holds and refuses."""

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pypdf
import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, simulate
from mssp_sim.app import session
from mssp_sim.charts.frontier import frontier
from mssp_sim.exports import election as exports
from mssp_sim.exports import pictures
from mssp_sim.screens.election import (
    assignment_section,
    page,
    practices_section,
    renewal_section,
    words,
)
from mssp_sim.studies.practices import Practice
from mssp_sim.studies.true_results import Setting
from tests import voice
from tests.app.test_how import as_text, asked
from tests.exports.reckoner import formulas_hold

APP = Path(__file__).parents[3] / "app.py"
IN_ROWS = re.compile(r"\$[\d,.]+M|(?<=\| )\d[\d.]*%(?= \|)")
"""Dollars, and shares of years; a choice is named by its minimum."""
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
    return [voice.unescaped(text.value) for text in app.markdown]


def sentence(app):
    (said,) = [text for text in texts(app) if text.startswith("### ")]
    return said.removeprefix("### ")


def test_the_sentence_says_what_to_sign_and_when():
    app = opened()
    said = sentence(app)
    assert said.startswith("Sign ENHANCED with a minimum of 0.0%: $10.8M a year on average")
    assert (
        "Renewing for 2026 against staying to the end of 2029: +$10.6M by 2034 at the mean" in said
    )
    assert "−$1.8M to +$38.4M in eight futures of ten" in said
    assert any("E is never worth most" in text for text in texts(app))
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
    assert "under E $20.0M of the participants' revenue" in said
    assert "not $22.9M of the target" in said
    assert "2026 to 2030" in said
    assert "read in the rule, 42 CFR 425.600(f)(3)" in said
    known = {as_text(figure.shown) for figure in asked(app)}
    rows = [row for text in texts(app) if text.startswith("| ") for row in text.splitlines()[2:]]
    wanted = {number for row in rows for number in IN_ROWS.findall(row)}
    wanted |= {number for text in texts(app) if "is worth $" in text
               for number in IN_ROWS.findall(text)}  # fmt: skip
    assert len(wanted) > 40
    assert wanted - known == set()
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


def found_for(monkeypatch, setting):
    monkeypatch.setattr(page.st, "session_state", {})
    return page._found(simulate(Scenario()), setting)


def test_what_is_folded_is_worked_out_when_it_is_opened_and_not_before(monkeypatch):
    asked = []

    def told(module, name):
        usual = getattr(module, name)

        def working(*given, **named):
            asked.append(name)
            return usual(*given, **named)

        monkeypatch.setattr(module, name, working)

    told(renewal_section, "drawn")
    told(renewal_section, "turning_trend")
    told(assignment_section, "election")
    told(practices_section, "shared")
    told(page, "over_the_agreement")
    told(page, "turning")
    opened()
    assert asked == []
    opened(folded=(*OPENED, "election_practices"))
    assert set(asked) == {
        "drawn", "turning_trend", "election", "shared", "over_the_agreement", "turning"
    }  # fmt: skip


def test_the_same_link_has_the_same_picture_to_the_byte(monkeypatch):
    one, other = (
        pictures.svg(frontier(found_for(monkeypatch, Setting(hurts=1.6)), "light"), 640)
        for _ in range(2)
    )
    assert one == other
    moved = frontier(found_for(monkeypatch, Setting(hurts=4.2)), "light")
    assert pictures.svg(moved, 640) != one


PRACTICES = (
    Practice("=Lake Care", 4_500.0, quality=0.93),
    Practice("Hill", 6_000.0, cost=1.2),
    Practice("Far", 3_000.0, inside=False),
)


def test_brief_slide_and_workbook_say_what_the_page_says(monkeypatch):
    found = found_for(monkeypatch, Setting(hurts=1.6))
    named = {"name": "Palm Beach", "assumed": "Assumed: market share 10.0%."}
    made = {make: page.made(make, found, PRACTICES, **named)
            for make in (exports.brief, exports.slide, exports.workbook)}  # fmt: skip
    brief = pypdf.PdfReader(io.BytesIO(made[exports.brief]))
    assert len(brief.pages) == 1
    said = " ".join(brief.pages[0].extract_text().split())
    (slide,) = Presentation(io.BytesIO(made[exports.slide])).slides
    notes = slide.notes_slide.notes_text_frame.text
    headline = page.shared_words.headline(found)
    assert slide.shapes.title.text_frame.text == headline
    for text in (said, f"{headline} {notes}"):
        assert "Sign ENHANCED with a minimum of 0.0%: $10.8M a year on average" in text
        assert "Renewing for 2026 is worth +$10.6M over 2026 to 2034 at the mean result" in text
        assert "it reverses if the region grows 3.2% a year or less (here 5.0%)" in text
        assert "=Lake Care" in text
        assert "without it $5.7M" in text
        assert "E 2.0%" in text
        assert "Assumed: market share 10.0%." in text
    assert "the next election of Palm Beach" in said
    assert any("Palm Beach" in shape.text_frame.text for shape in slide.shapes
               if shape.has_text_frame)  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(made[exports.workbook]))["Election"]
    book = openpyxl.load_workbook(io.BytesIO(made[exports.workbook]), data_only=True)
    values = book["Election"]
    assert sheet["M6"].value == "=C6-$B$2*D6-$B$3*L6"
    assert formulas_hold(made[exports.workbook]) == 2 * len(found.election.choices) + 7
    for row, choice in enumerate(found.election.choices, 6):
        paid, owed, stands = (values.cell(row, at).value for at in (3, 4, 12))
        assert values.cell(row, 13).value == pytest.approx(paid - 1.6 * owed - 0.01 * stands)
        assert values.cell(row, 13).value == pytest.approx(choice.worth(found.election.setting))
    assert [row[0].value for row in book["Renewal"].iter_rows(2, 5)] == [2026, 2027, 2028, 2029]
    assert book["Renewal"]["B2"].value == pytest.approx(found.ways[0].gain)
    practices = book["Practices"]
    assert [practices.cell(2, at).value for at in (1, 2, 3)] == ["=Lake Care", "yes", 4_500]
    assert practices["D2"].value == pytest.approx(5_696_784, abs=3)  # by hand: test_fair_shares.py
    fair = [practices.cell(row, 6).value or 0 for row in range(2, 6)]
    assert sum(fair) == pytest.approx(practices["F6"].value, abs=1e-6)
    assert practices["F6"].value == pytest.approx(float(found.result.payment))
    for column in "GHI":
        parts = [practices[f"{column}{row}"].value or 0 for row in range(2, 6)]
        assert sum(parts) == pytest.approx(practices[f"{column}6"].value, abs=1e-6)


def test_the_files_of_the_page_are_offered_under_take_it_with_you():
    app = opened(folded=("take",))
    labels = [button.label for button in app.get("download_button")]
    assert labels[:4] == ["Brief", "Slide", "Workbook", "Scenario file"]
    for ending in ("pdf", "pptx", "xlsx"):
        assert f"asked_take_election.{ending}" in app.session_state
    assert labels.count("Brief") == 1  # the page's own, in place of the settlement's
