"""What is taken away of a real ACO: its name, its figures, and which inputs are assumed."""

import json
from dataclasses import replace
from io import BytesIO

import openpyxl
import pypdf
import pytest
from pptx import Presentation

from mssp_sim import simulate
from mssp_sim.aco import NOTHING_ASSUMED, Assumed
from mssp_sim.cms_files import finding
from mssp_sim.cms_files.assumed import still_assumed
from mssp_sim.exports import scenario_file
from mssp_sim.exports.brief import brief
from mssp_sim.exports.slide import slide
from mssp_sim.exports.workbook import workbook
from mssp_sim.words import my_aco as words

PALM_BEACH = "A1001"
ON_TRACK_1, NOW = 2014, 2024


def taken(year, **changes):
    aco, found = finding.loaded(PALM_BEACH, year)
    scenario = replace(found.scenario, **changes)
    fields = still_assumed(found, scenario)
    share = float(scenario.market_share)
    said = words.assumed(fields, share, trend_known=found.trend is not None)
    return aco, simulate(scenario), simulate(found.scenario), Assumed(fields, said)


def text_of_brief(data):
    (page,) = pypdf.PdfReader(BytesIO(data)).pages
    return " ".join(page.extract_text().split())


def texts_of_slide(data):
    (page,) = Presentation(BytesIO(data)).slides
    shown = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    return " ".join(shown), page.notes_slide.notes_text_frame.text


def inputs_of_workbook(data):
    sheet = openpyxl.load_workbook(BytesIO(data))["Inputs"]
    return [[str(cell) for cell in row if cell is not None] for row in sheet.values]


@pytest.mark.parametrize("year", [ON_TRACK_1, NOW])
def test_what_is_assumed_is_marked_wherever_it_is_shown(year):
    aco, result, baseline, assumed = taken(year)
    asked = {"name": aco.title, "assumed": assumed}
    page = text_of_brief(brief(result, baseline, **asked))
    shown, notes = texts_of_slide(slide(result, baseline, **asked))
    for text in (page, notes):
        assert "Market share 10.0%, assumed" in text
        assert "Regional trend" in text
        assert "Participants' revenue 90.0%, assumed" in text
        assert "Cost reduction" in text
        assert f"Performance year {year}" in text
        assert f"Performance year {year}, assumed" not in text
    for text in (page, shown, notes):
        assert assumed.said in " ".join(text.split())
        assert "edited" not in text
    rows = inputs_of_workbook(workbook(result, baseline, **asked))
    assert any(assumed.said in row for row in rows)
    marked = {row[0] for row in rows if any(cell.startswith("assumed, in no") for cell in row)}
    assert {"Market share", "Regional trend", "Participants' revenue"} <= marked
    assert not {"Cost reduction", "Quality score", "Assigned people"} & marked
    file = json.loads(scenario_file.save(result.scenario, aco=aco, assumed=assumed))
    assert file["aco"]["assumed"] == list(assumed.fields)
    assert "market_share" in file["aco"]["assumed"]


def test_a_track_has_its_name_and_tables_their_figures():
    aco, result, baseline, assumed = taken(ON_TRACK_1)
    page = text_of_brief(brief(result, baseline, name=aco.title, assumed=assumed))
    assert "Contract Track 1" in page
    assert "Contract 1" not in page
    spent = [f"${dollars:,.0f}" for dollars in result.scenario.expenditure[2]]
    assert f"BY3 {', '.join(spent)}" in page


def test_what_the_reader_has_set_is_assumed_no_more():
    aco, result, baseline, assumed = taken(NOW, market_share=0.2)
    page = text_of_brief(brief(result, baseline, name=aco.title, assumed=assumed))
    assert "Market share 20.0%" in page
    assert "Market share 20.0%, assumed" not in page
    assert "market share" not in assumed.said


def test_a_table_that_changed_says_what_from_and_to():
    _, found = finding.loaded(PALM_BEACH, NOW)
    spent = found.scenario.expenditure.copy()
    spent[0, 0] = 90_000
    _, result, baseline, _ = taken(NOW, expenditure=spent)
    page = text_of_brief(brief(result, baseline))
    assert "Spending per person-year BY1 ESRD $79,141 → $90,000" in page


def test_a_file_that_marks_what_is_assumed_opens_and_a_false_mark_is_refused():
    aco, result, _, assumed = taken(NOW)
    data = scenario_file.save(result.scenario, aco=aco, assumed=assumed)
    assert scenario_file.opened(data).aco == aco
    assert scenario_file.opened(scenario_file.save(result.scenario, aco=aco)).aco == aco
    content = json.loads(data)
    for bad in ("market_share", ["market"], [["market_share"]], 3):
        content["aco"]["assumed"] = bad
        with pytest.raises(scenario_file.ScenarioFileError, match="is no list of fields"):
            scenario_file.opened(json.dumps(content).encode())


def test_without_a_real_aco_nothing_is_called_assumed():
    result = simulate(finding.loaded(PALM_BEACH, NOW)[1].scenario)
    assert "assumed" not in text_of_brief(brief(result, result))
    assert NOTHING_ASSUMED.said == ""
