"""Two county files beside an ACO: market share and regional level by hand, as ranges."""

import io
import itertools
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim.app import my_aco
from mssp_sim.cms_files import ResultsFileError, finding, load, published
from mssp_sim.cms_files.counties import read_people, read_spending, region
from mssp_sim.rules.benchmark import BY3
from mssp_sim.screens.real_acos import county_words
from mssp_sim.simulation import simulate
from tests import voice
from tests.screens.real_acos.test_sections import APP, at

TYPES = ("ESRD", "DIS", "AGDU", "AGND")
NEWER = ("Per_Capita_Exp_{}", "Avg_Risk_Score_{}", "Person_Years_{}")
CAPITALS = tuple(name.upper() for name in NEWER)
OLDER_TYPES = ("ESRD", "DISABLED", "AGED/DUAL", "AGED/NON-DUAL")
OLDER = ("Per capita {} expenditures", "Average {} risk score", "{} person years")
COUNTIES = ((10, 120), (10, 490), (33, 120))
"""Two of one state, and a third whose county code is that of the first."""

PEOPLE = np.array([[20, 300, 400, 4_000], [10, 100, 80, 900], [5, 40, 30, 300]], float)
THERE = np.array([[200, 2_000, 5_000, 20_000], [50, 900, 1_000, 9_000], [90, 800, 500, 6_000]])
COST = np.array([[90e3, 12e3, 18e3, 10e3], [80e3, 11e3, 16e3, 9e3], [99e3, 14e3, 21e3, 12e3]])
RISK = np.array([[1.0, 1.1, 1.2, 1.0], [0.9, 1.0, 1.0, 0.95], [1.1, 1.2, 1.3, 1.1]])
BY3_OF_PBACO = 2018


def named(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


def spending(year=BY3_OF_PBACO, spelling=NEWER, types=TYPES, name="County spending.csv", **cells):
    heads = ["Year", "State_Name", "County_Name", "State_ID", "County_ID"]
    heads += [form.format(kind) for kind in types for form in spelling]
    if spelling is CAPITALS:
        heads = [head.upper() for head in heads] + ["AVG_DEMOG_SCORE_ESRD"]
    lines = [heads]
    for place, (state, county) in enumerate(COUNTIES):
        values = [str(table[place, kind]) for kind in range(4) for table in (COST, RISK, THERE)]
        line = [str(year), "FLORIDA", "DADE", f"{state:02d}", f"{county:03d}", *values]
        lines.append(line + ["1.0"] * (spelling is CAPITALS))
    for cell, text in cells.items():
        row, column = map(int, cell.split("_")[1:])
        lines[row + 1][5 + column] = text
    return named("\n".join(",".join(line) for line in lines).encode(), name)


def people(year=BY3_OF_PBACO, hidden=(), aco="A1001", name="Assigned by county.csv"):
    heads = ["Year", "ACO_ID", "State_Name", "County_Name", "State_ID", "County_ID"]
    heads += [*(f"AB_Psn_Yrs_{kind}" for kind in TYPES), "Tot_AB_Psn_Yrs", "Tot_AB"]
    lines = [",".join(heads)]
    for place, (state, county) in enumerate(COUNTIES):
        cells = ["*" if (place, kind) in hidden else str(PEOPLE[place, kind]) for kind in range(4)]
        who = f"{year},{aco},FLORIDA,DADE,{state},{county}"
        lines += [f"{who},{','.join(cells)},*,*", f"{year},A9999,X,Y,{state},{county},.,.,.,7,7,7"]
    return named("\n".join(lines).encode(), name)


def pbaco():
    frame, own = at(2024)
    return frame.iloc[own]


def by_hand(weights=PEOPLE):
    """Return market share and the region's cost at a risk score of 1, by type."""
    mix = weights / weights.sum(axis=0)
    return (mix * weights / THERE).sum(axis=0), (mix * COST / RISK).sum(axis=0)


def test_without_a_hidden_cell_share_and_level_are_those_worked_out_by_hand():
    row = pbaco()
    found = region(row, read_spending(spending()), read_people(people()))
    share, cost = by_hand()
    assert found.share == pytest.approx(np.column_stack([share, share]))
    scenario = load(row).scenario
    own = simulate(scenario).target.historical_benchmark
    level = cost * np.asarray(scenario.risk_score)[BY3] / own - 1
    assert found.level == pytest.approx(np.column_stack([level, level]))
    weight = np.asarray(scenario.person_year_share_by3) * own
    assert found.overall == pytest.approx((weight @ level / weight.sum(),) * 2)
    assert (found.counties, found.hidden, found.year) == (3, 0, 2018)
    assert found.implied == load(row).regional_levels


@pytest.mark.parametrize("held", list(itertools.product([1 / 12, 5.0, 10.0], repeat=3)))
def test_whatever_the_hidden_cells_hold_lies_in_the_range(held):
    hidden = ((1, 0), (2, 0), (2, 2))
    found = region(pbaco(), read_spending(spending()), read_people(people(hidden=hidden)))
    weights = PEOPLE.copy()
    for place, people_there in zip(hidden, held, strict=True):
        weights[place] = people_there
    share, cost = by_hand(weights)
    ranges, levels = found.share, found.level + 1
    assert (ranges[:, 0] <= share + 1e-12).all()
    assert (share <= ranges[:, 1] + 1e-12).all()
    scenario = load(pbaco()).scenario
    level = cost * np.asarray(scenario.risk_score)[BY3]
    level /= simulate(scenario).target.historical_benchmark
    assert (levels[:, 0] <= level + 1e-12).all()
    assert (level <= levels[:, 1] + 1e-12).all()
    assert found.hidden == 3
    assert levels[0, 0] < levels[0, 1]
    assert levels[3, 0] == pytest.approx(levels[3, 1])
    ends = {(10.0, 1 / 12): 0, (1 / 12, 10.0): 1}  # the second county is cheaper than the third
    if held[:2] in ends:
        assert levels[0, ends[held[:2]]] == pytest.approx(level[0])


@pytest.mark.parametrize(
    ("spelling", "types"), [(NEWER, TYPES), (CAPITALS, TYPES), (OLDER, OLDER_TYPES)]
)
def test_three_spellings_of_the_headings_are_one(spelling, types):
    wanted = read_spending(spending())
    found = read_spending(spending(spelling=spelling, types=types))
    assert found.rows.equals(wanted.rows)


def test_counties_are_joined_on_their_codes_not_their_names():
    assert read_spending(spending()).rows["county"].tolist() == ["10120", "10490", "33120"]


def test_a_county_whose_spending_is_hidden_is_left_out_for_that_type_alone():
    cell = {"cell_2_0": "*"}
    found = region(pbaco(), read_spending(spending(**cell)), read_people(people()))
    whole = region(pbaco(), read_spending(spending()), read_people(people()))
    assert found.level[0, 0] != pytest.approx(whole.level[0, 0])
    assert found.level[1:] == pytest.approx(whole.level[1:])


def test_the_performance_year_tells_the_share_alone():
    found = region(pbaco(), read_spending(spending(2024)), read_people(people(2024)))
    assert found.level is None
    assert found.implied == (None, None)
    assert county_words.beside_cms(found) == ""
    cells = {row["Region against its own history"] for row in county_words.rows(found)}
    assert cells == {"needs its last benchmark year"}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (spending(2021), people(2021), "needs 2018, its last benchmark year, or 2024"),
        (spending(2018), people(2024), "it is of 2024, but County spending.csv of 2018"),
        (spending(), people(aco="A0002"), "it does not hold PBACO Holding, LLC (A1001)"),
        (spending(name="Offset 2018.csv"), people(name="Calendar 2018.csv"),
         "it is a file of calendar years, the other one of offset"),
        (spending(name="offset.csv"), people(), "which goes by calendar years"),
    ],
)  # fmt: skip
def test_files_that_do_not_belong_are_refused_in_a_sentence(first, second, said):
    assert pbaco()["assignment_type"] == "Retrospective"
    with pytest.raises(ResultsFileError) as refused:
        region(pbaco(), read_spending(first), read_people(second))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("read", "content", "said"),
    [
        (read_spending, people(), "not CMS's county file of spending and risk"),
        (read_people, spending(), "not CMS's county file of assigned people; it lacks ACO_ID"),
        (read_people, named(b"<html></html>", "x.csv"), "a web page"),
        (read_spending, named(spending().getvalue().replace(b",10,", b",ten,"), "x.csv"),
         "expected a year and the SSA codes"),
        (read_spending, named(spending().getvalue() + b"\n" + spending().getvalue().splitlines()[1],
                              "x.csv"), "county 10120 stands in it twice"),
        (read_people, named(people().getvalue().replace(b"2018,A9999", b"2019,A9999"), "x.csv"),
         "expected one year; it holds 2018 and 2019"),
    ],
)  # fmt: skip
def test_a_wrong_county_file_is_refused_in_a_sentence(read, content, said):
    content.seek(0)
    with pytest.raises(ResultsFileError) as refused:
        read(content)
    assert said in str(refused.value)


def test_where_the_files_disagree_cms_s_figure_counts():
    found = region(pbaco(), read_spending(spending()), read_people(people()))
    said = county_words.beside_cms(found)
    assert ": they disagree. CMS’s figure is what counts." in said
    low, _ = found.overall
    agreed = county_words.beside_cms(replace(found, implied=(low - 0.004, low - 0.02)))
    assert ": the first agrees. CMS’s figure is what counts." in agreed
    none = county_words.beside_cms(replace(found, implied=(None, None)))
    assert "no regional adjustment to compare it with" in none


def test_the_page_offers_the_files_and_says_what_they_tell():
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/real_acos.py").run()
    app.session_state[my_aco.FIND] = True
    app.run()
    app.selectbox(key=my_aco.FIND_NAME).select(finding.choices()["A1001"].text)
    app.session_state["county"] = True
    app.run()
    assert not app.exception, app.exception
    asked = {one.label: one for one in app.get("file_uploader")}
    asked["County file of spending and risk"].set_value(
        ("spending.csv", spending().getvalue(), "text/csv")
    )
    asked["County file of assigned people"].set_value(
        ("people.csv", people(hidden={(2, 0)}).getvalue(), "text/csv")
    )
    app.run()
    assert not app.exception, app.exception
    said = voice.unescaped(" ".join(one.value for one in app.main.markdown))
    assert "Market share in 2018" in said
    assert "CMS’s figure is what counts." in said
    assert "From 3 counties of 2018" in said
    assert "1 cell is hidden" in said
    # By hand, aged without Medicaid: 4,000 of 20,000, 900 of 9,000 and 300 of 6,000, by the ACO's
    # own people there: (4,000 x .2 + 900 x .1 + 300 x .05) / 5,200 = 17.4%; no cell is hidden.
    app.switch_page("pages/simulator.py").run()
    said = " ".join(one.value for one in app.main.markdown).replace("\\", "")
    assert "market share 10.0% (17.4% by your county files)" in said
    app.session_state[my_aco.NAMED] = True
    app.run()
    app.selectbox(key="my_aco_other").select(finding.choices()["A1401"].text).run()
    said = " ".join(one.value for one in app.main.markdown).replace("\\", "")
    assert "(2% to 45% at most ACOs)" in said


def test_every_aco_of_2024_needs_a_year_that_is_told():
    frame = published.results(None, year=2024).reset_index(drop=True)
    for number in range(0, len(frame), 60):
        with pytest.raises(ResultsFileError, match="needs 20"):
            region(frame.iloc[number], read_spending(spending(2013)), read_people(people(2013)))
