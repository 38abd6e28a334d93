"""Five years and Luck without a browser: they speak in every contract; cells are edited."""

import datetime as dt
import re

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario
from mssp_sim.app import session
from mssp_sim.app.history import History, Moment
from tests.app.test_pages import APP

NOT_A_FIGURE = re.compile(r"\b(nan|inf|None)\b|−\\?\$0\.0M")
EVERY_DAY = ("E", "A")
SCENARIOS = {
    "E": {},
    "A": {"level": "A"},
    "ENHANCED owing": {"level": "ENHANCED", "cost_reduction": -0.06},
    "no cut": {"cost_reduction": 0.0},
    "risk over the cap": {"risk_growth": 0.04, "real_illness_share": 0.5},
    "own effect": {"own_effect": True, "market_share": 0.5},
    "C of 2022 in 2024": {"level": "C", "agreement_start": dt.date(2022, 1, 1),
                          "performance_year": 2024},
    "July 2019": {"agreement_start": dt.date(2019, 7, 1), "performance_year": 2019},
    "track 3 of 2016": {"level": "3", "agreement_start": dt.date(2016, 1, 1),
                        "performance_year": 2017},
    "small": {"assigned_beneficiaries": 3_000},
    "neither standard": {"alternative_standard_met": False},
    "starts in the last known year": {"agreement_start": dt.date(2026, 1, 1),
                                      "performance_year": 2026, "level": "B"},
}  # fmt: skip


def opened(page, places=None, **fields):
    """Open a page on a scenario, with what a link would have remembered."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    start = Moment(Scenario(**fields), session.opening().baseline)
    app.session_state[session.HISTORY] = History(start)
    app.session_state[session.PLACES] = places or {}
    return app.switch_page(f"pages/{page}.py").run()


def said(app):
    assert not app.exception, app.exception
    text = " ".join(element.value for element in app.main.markdown)
    return text.replace("\\", "")


def values(app):
    return [tile.value.replace("\\", "") for tile in app.metric]


def places(app):
    return app.session_state[session.PLACES]


@pytest.mark.parametrize("page", ["five_years", "luck"])
@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in EVERY_DAY else pytest.mark.long) for n in SCENARIOS]
)
def test_both_pages_speak_in_every_contract_and_year(page, name):
    app = opened(page, **SCENARIOS[name])
    text = said(app)
    assert text.count("### ") - text.count("#### ") == 1, text
    assert len(app.metric) == 4
    figures = " ".join(values(app)) + text
    assert not NOT_A_FIGURE.search(figures), NOT_A_FIGURE.search(figures)
    for chart in app.get("vega_lite_chart"):
        assert chart.proto.alt.strip()


def test_five_years_open_on_what_rebasing_takes_back():
    app = opened("five_years", national_growth=0.051, regional_growth=0.051)
    # 6,516,510 + 9,131,803 + 9,597,525 + 10,086,998 + 10,601,435 = 45,934,271
    assert (
        "### Over five years you earn $45.9M; 50.0% of what you save comes off your next target"
        in said(app)
    )
    assert values(app) == [":blue[$45.9M]", "$2.2M", "$15,616", "50.0%"]
    assert "$246 regional adjustment, more than prior savings $234" in said(app)
    assert "2027–2029: rules not known yet; those of 2026 are assumed." in said(app)


def test_a_cell_that_is_typed_moves_its_year_only_and_can_be_taken_back():
    app = opened("five_years")
    app.number_input(key="years_cut_2").set_value(1.0).run()
    assert places(app) == {"years": "cut:,1,,,"}
    assert "Paid in 4 of 5 years" in said(app)
    app.slider(key="lever_cost_reduction").set_value(4.0).run()
    cuts = [app.number_input(key=f"years_cut_{year}").value for year in range(1, 6)]
    assert cuts == [4.0, 1.0, 4.0, 4.0, 4.0]
    app.button(key="years_alike").click().run()
    assert places(app) == {}
    assert app.number_input(key="years_cut_2").value == 4.0


@pytest.mark.long
def test_pace_contract_and_program_cost_are_remembered():
    app = opened("five_years", {"costs": "person:100;advance:1000000"})
    assert "program cost ($100 a person a year) + $1.0M advanced − $1.0M recouped" in said(app)
    app.toggle(key="years_slow").set_value(True).run()
    assert app.number_input(key="years_cut_1").value == pytest.approx(1.033333)
    app.selectbox(key="years_levels").set_value("B").run()
    assert places(app)["years"] == "slow;from:B"
    app.switch_page("pages/simulator.py").run()
    app.switch_page("pages/five_years.py").run()
    assert app.toggle(key="years_slow").value is True


@pytest.mark.long
@pytest.mark.parametrize(
    ("page", "remembered", "notice"),
    [
        ("five_years", {"years": "cut:1,x"}, "cut of year 2 is x; it is a number"),
        ("five_years", {"costs": "gift:1"}, "gift:1 is not part of a program cost"),
        ("luck", {"luck": "trend:99"}, "trend is 99; it goes from 0 to 5 points"),
    ],
)
def test_a_hostile_place_is_named_and_left_out(page, remembered, notice):
    text = said(opened(page, remembered))
    assert "This part of the link could not be used" in text
    assert notice in text


def test_luck_opens_on_how_often_chance_pays_and_robs():
    app = opened("luck")
    assert (
        "### At 45,000 people luck alone pays in at most 8 years of 100 and leaves you owing in at "
        "most 8; "
        "a real saving of 3.1% goes unpaid in 22." in said(app)
    )
    assert values(app) == ["±1.4 points", "7.8%", "21.8%", "0.0%"]
    assert "an upper bound of luck" in said(app)


def test_the_size_slider_is_the_scenarios_assigned_people():
    app = opened("luck", level="A")
    app.slider(key="luck_people").set_value(9_000.0).run()
    assert app.session_state[session.HISTORY].now.scenario.assigned_beneficiaries == 9_000
    assert "At 9,000 people luck alone pays in at most 9 years of 100;" in said(app)


@pytest.mark.long
def test_doubt_is_remembered_in_the_link():
    app = opened("luck")
    app.slider(key="luck_trend").set_value(0.0).run()
    assert places(app) == {"luck": "trend:0"}
