"""The page This year without a browser: it speaks in every contract; its levers move its link."""

import datetime as dt
import re

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario
from mssp_sim.app import session
from mssp_sim.app.history import History, Moment
from mssp_sim.screens.this_year import pictures, words
from mssp_sim.studies.cash import cash
from mssp_sim.studies.program_cost import ProgramCost, net
from mssp_sim.studies.this_year import fan, invented, outlook, projected
from mssp_sim.studies.year_inputs import Watched, read_watched
from tests import voice
from tests.app.test_pages import APP

NOT_A_FIGURE = re.compile(r"\b(nan|inf|None)\b|−\\?\$0\.0M")
GOOD = {"quality_score": 0.82}
SCENARIOS = {
    "E": {},
    "A": {"level": "A", "cost_reduction": -0.03},
    "ENHANCED owing": {"level": "ENHANCED", "cost_reduction": -0.06},
    "neither standard": {"alternative_standard_met": False},
    "risk over the cap": {"risk_growth": 0.04, "real_illness_share": 0.5},
    "C of 2022 in 2024": {"level": "C", "agreement_start": dt.date(2022, 1, 1),
                          "performance_year": 2024},
    "July 2019": {"agreement_start": dt.date(2019, 7, 1), "performance_year": 2019},
    "track 3 of 2016": {"level": "3", "agreement_start": dt.date(2016, 1, 1),
                        "performance_year": 2017},
    "small": {"assigned_beneficiaries": 3_000},
    "last known year": {"agreement_start": dt.date(2026, 1, 1), "performance_year": 2026,
                        "level": "B"},
}  # fmt: skip
EVERY_DAY = ("E", "ENHANCED owing", "neither standard")
TEXTS = (None, "q:4;spent:12700;target:13000;people:45000;quality:82", "q:1;off:own.risk")


def opened(text=None, **fields):
    """Open the page on a scenario, with what a link would have remembered."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    start = Moment(Scenario(**fields), session.opening().baseline)
    app.session_state[session.HISTORY] = History(start)
    app.session_state[session.PLACES] = {} if text is None else {"this_year": text}
    return app.switch_page("pages/this_year.py").run()


def said(app):
    assert not app.exception, app.exception
    return voice.unescaped(" ".join(element.value for element in app.main.markdown))


def headline(app):
    (found,) = (e.value for e in app.main.markdown if e.value.startswith("### "))
    return voice.unescaped(found).removeprefix("### ")


def marks_of(picture):
    return pa.ipc.open_stream(picture.datasets["marks"]).read_all().to_pylist()


def remembered(app):
    return read_watched(app.session_state[session.PLACES].get("this_year"))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in EVERY_DAY else pytest.mark.long) for n in SCENARIOS]
)
def test_the_page_speaks_in_every_contract_and_year(name, text):
    app = opened(text, **SCENARIOS[name])
    spoken = said(app)
    assert spoken.count("### ") - spoken.count("#### ") == 1
    figures = " ".join(tile.value for tile in app.metric) + spoken
    assert not NOT_A_FIGURE.search(figures), NOT_A_FIGURE.search(figures)
    assert len(app.metric) == 4 + 3
    for chart in app.get("vega_lite_chart"):
        assert chart.proto.alt.strip()


def test_without_files_it_opens_on_an_invented_year_and_says_so():
    app = opened(**GOOD)
    assert headline(app).startswith("At Q2 of an invented year you are heading for $7.")
    assert "Invented reports" in said(app)
    read_out = " ".join(one.value for one in app.sidebar.markdown).replace("\\", "")
    assert "**Simulator: you earn $8.7M**" in read_out
    typed = opened("spent:12600", **GOOD)
    assert "invented year" not in headline(typed)
    assert "As typed: spending; the rest is of the invented report." in said(typed)


def test_a_settled_year_is_told_as_a_rehearsal():
    scenario = Scenario(**GOOD)
    found = projected(invented(scenario, 2, Watched()), scenario)
    years = outlook(found, Watched())
    told = words.fate(found, years, is_invented=True, closed=2024)
    assert told.startswith("A rehearsal: as if 2024 were still at Q2, it would be heading for $7.")
    assert "you are" not in told


def test_the_fan_ends_in_a_bar_as_wide_as_the_chance_of_today_and_not_in_a_point():
    scenario, watched = Scenario(**GOOD), Watched()
    points = fan({q: invented(scenario, q, watched) for q in (1, 2)}, scenario, watched)
    names = ("minimum", "no money moves")
    marks = marks_of(pictures.fan(points, 0.02, names, "light", "", two_sided=True))
    (bar,) = [mark for mark in marks if mark["role"] == "bar-wide"]
    at_q2 = [mark for mark in marks if mark["role"] == "wide"][-1]
    assert (bar["y"], bar["y2"]) == (at_q2["y"], at_q2["y2"])
    assert bar["y2"] - bar["y"] > 10
    low, high = (f"{100 * rate:.1f}%" for rate in points[1].wide)
    assert [mark["text"] for mark in marks if mark["look"] == "end"] == [low, high]


def test_a_bar_that_is_cut_off_is_broken():
    months = [pictures.Asked("July", "Jul", 0.1, ""), pictures.Asked("December", "Dec", 0.6, "")]
    marks = marks_of(pictures.needed(months, 0.05, "possible", "light", "", ()))
    assert [mark["x2"] > 1 for mark in marks if mark["role"] == "break"] == [True, True]


def test_each_lever_of_the_page_is_in_its_link_and_moves_what_it_is_for():
    app = opened(**GOOD)
    before = said(app)
    app.slider(key="year_work").set_value(6.0).run()
    assert remembered(app).work == 6.0
    after = said(app)
    assert re.findall(r"it takes ([\d.]+)%", after) > re.findall(r"it takes ([\d.]+)%", before)
    assert headline(app) in before
    app.number_input(key="year_goal").set_value(12.0).run()
    assert remembered(app).goal == 12e6
    assert "earn $12.0M" in said(app)
    app.slider(key="year_book").set_value(95.0).run()
    assert remembered(app).book == 0.95
    app.slider(key="year_check").set_value(8).run()
    assert "August 2026" in said(app)
    app.number_input(key="year_cost").set_value(96.0).run()
    assert app.session_state[session.PLACES]["costs"] == "person:96"
    assert "$4.3M is yours to carry" in said(app)


def test_the_cash_of_the_page_adds_up_to_its_net():
    scenario, watched = Scenario(**GOOD), Watched()
    result = projected(invented(scenario, 2, watched), scenario).result
    cost = ProgramCost(per_person=95.37, advance=123_456.78, own_revenue=0.3)
    flows = cash(result, cost, watched.check)
    assert float(flows.by_month.sum()) == pytest.approx(float(net([result], cost).net[0]), abs=5e-3)
    rows = words.cash_rows(flows, 2025)
    every = sum(
        value for row in rows for name, value in row.items() if name not in ("Month", "Sum so far")
    )
    assert every == pytest.approx(flows.net, abs=5e-3)
    assert rows[-1]["Sum so far"] == pytest.approx(flows.net, abs=5e-3)


def test_a_link_that_cannot_be_read_is_named_and_the_page_is_there():
    app = opened("q:9")
    assert "q is 9; it goes from 1 to 4. Until then the usual figures are shown." in said(app)
    assert headline(app).startswith("At Q2")


def test_behind_the_curtain_nothing_of_the_page_is_there():
    app = opened()
    app.session_state[session.PLACES] = {"curtain": "on", "this_year": "q:3"}
    app.run()
    assert not app.exception
    assert not app.main.metric
    assert not app.get("vega_lite_chart")
    assert "heading for" not in said(app)


def test_the_score_of_the_measures_can_be_used():
    app = opened()
    app.session_state[session.PLACES] = {"points": "001-10_134-10_236-10_112-10_479-10_321-10"}
    app.run()
    app.button(key="year_measures").click().run()
    assert remembered(app).quality == 1.0
    assert "100.0 meets the full standard of 76.70." in said(app)


def test_a_move_of_time_to_work_draws_no_year_anew():
    app = opened(**GOOD)
    drawn = app.session_state["year_drawn"]
    app.slider(key="year_work").set_value(1.0).run()
    assert app.session_state["year_drawn"] is drawn
    app.number_input(key="year_reach").set_value(7.0).run()
    assert app.session_state["year_drawn"] is drawn
