"""Corridor and Quality: both open on every contract and year; the builder writes and is refused."""

import pytest

from mssp_sim import Scenario, measures, simulate
from mssp_sim.app import session
from mssp_sim.app.history import History, Moment
from mssp_sim.figures import money, percent
from mssp_sim.screens.corridor import words as corridor_words
from mssp_sim.screens.quality import words as quality_words
from mssp_sim.studies import quality_scores as studied_scores
from mssp_sim.studies import stakes as studied
from tests.app.test_pages import BASES, opened

PAGES = ("corridor", "quality")
EVERY_DAY = ("2013",)
STATES = (
    {}, {"quality_score": 0.82}, {"cost_reduction": 0.019}, {"cost_reduction": -0.01},
    {"cost_reduction": -0.04}, {"cost_reduction": -0.04, "level": "ENHANCED"}, {"level": "A"},
    {"cost_reduction": -0.03, "level": "B"}, {"cost_reduction": 0.24}, {"agreement_period": 1},
    {"alternative_standard_met": False}, {"minimum_election": 0.0}, BASES["2013"], BASES["2019"],
)  # fmt: skip


def on(page, query=None, scenario=None):
    """Open a page at a link, or with a scenario on the desk."""
    app = opened(query)
    if scenario is not None:
        app.session_state[session.HISTORY] = History(Moment(scenario, session.opening().baseline))
    return app.switch_page(f"pages/{page}.py").run()


def sentence(app):
    (said,) = [text.value for text in app.markdown if text.value.startswith("### ")]
    return said


def test_the_quality_page_opens_on_the_point_that_pays():
    app = on("quality")
    assert not app.exception
    assert "reaching it is worth \\$2.2M" in sentence(app)
    assert [tile.value for tile in app.metric] == ["37.5%", "\\$2.2M", "1.7 points", "2 of 4"]


def test_the_corridor_page_opens_where_spending_is_past_twice_the_target():
    query = {
        "contract": "ENHANCED", "start": "2022-01-01", "year": "2026", "own": "10", "region": "-2",
        "nation": "-2", "risk": "-6", "cut": "-8",
    }  # fmt: skip
    app = on("corridor", query)
    assert not app.exception
    assert [tile.value for tile in app.metric][2:] == ["\\$72.2M", "\\$54.2M"]
    assert "Save the same 162.2% and ENHANCED pays" in sentence(app)


def test_the_corridor_page_opens_on_the_cushion_and_compares_two_contracts():
    app = on("corridor", {"cut": "-4"})
    assert not app.exception
    assert "you owe" in sentence(app)
    titles = [text.value for text in app.markdown if text.value.startswith("#### ")]
    assert "#### At 4.0% overspent E owes \\$6.9M, ENHANCED owes \\$10.0M" in titles


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "base",
    [pytest.param(b, marks=() if b in EVERY_DAY else pytest.mark.long) for b in BASES],
)
def test_every_contract_and_year_opens(page, base):
    app = on(page, scenario=Scenario(**BASES[base]))
    assert not app.exception, (page, base, app.exception)
    assert sentence(app).endswith(".")
    assert len(app.metric) == 4


def test_the_second_contract_is_chosen_on_the_page_and_travels_in_the_link():
    app = on("corridor")
    app.button_group(key="contract_b").set_value("C").run()
    assert app.query_params["contract_b"] in ("C", ["C"])
    titles = [text.value for text in app.markdown if text.value.startswith("#### ")]
    assert any("E and C both earn" in title for title in titles)


def test_the_builder_makes_a_score_that_is_used_as_one_entry():
    app = on("quality")
    before = app.session_state[session.HISTORY]
    app.button(key="preset_good").click().run()
    assert app.session_state[session.HISTORY] == before  # looking is not changing
    app.button(key="use_score").click().run()
    after = app.session_state[session.HISTORY]
    assert after.now.scenario.quality_score == pytest.approx(0.82)
    assert len(after.past) == len(before.past) + 1
    app.button(key="undo").click().run()
    assert app.session_state[session.HISTORY].now.scenario == before.now.scenario


def test_the_builders_points_survive_a_change_of_page_and_travel_in_the_link():
    app = on("quality")
    app.slider(key="points_112").set_value(9.6).run()
    chosen = measures.measure_set(2025)
    points = measures.preset("slip", chosen)
    points[[m.number for m in chosen.measures].index("112")] = 9.6
    wanted = measures.write(points, chosen)
    assert app.query_params["points"] in (wanted, [wanted])
    app = app.switch_page("pages/corridor.py").run().switch_page("pages/quality.py").run()
    assert app.slider(key="points_112").value == 9.6
    again = on("quality", {"points": wanted})
    assert again.slider(key="points_112").value == 9.6


def test_a_score_of_no_measures_is_refused_and_the_last_points_stay():
    app = on("quality", {"points": "001-9_134-x_236-x_112-x_479-x_321-x"})
    everything = [m.number for m in measures.measure_set(2025).measures]
    app.button_group(key="points_unscored").set_value(everything).run()
    assert not app.exception
    assert any("None of the 6 measures is scored" in text.value for text in app.markdown)
    assert app.slider(key="points_001").value == 9.0


@pytest.mark.long
def test_points_of_a_link_that_make_no_score_are_said():
    app = on("quality", {"points": "001-99"})
    assert not app.exception
    assert any("Diabetes has 99.0 points" in text.value for text in app.markdown)
    assert app.slider(key="points_001").value == 6.8


@pytest.mark.long
def test_the_standard_is_tried_and_put_back():
    app = on("quality")
    app.number_input(key="standard_here").set_value(73.85).run()
    assert app.session_state[session.HISTORY].now.scenario.quality_performance_standard == 0.7385
    assert "is met" in sentence(app)
    app.button(key="standard_back").click().run()
    assert app.session_state[session.HISTORY].now.scenario.quality_performance_standard is None


def leads_to(number):
    """Return whether the last line of the arithmetic is the number on the screen."""
    last = number.how()[-1]
    if number.shown == last.value:
        return True
    if number.why_rounded:
        return abs(float(number.shown.strip("$M")) * 1e6 - last.amount) <= 1e5
    rates = (percent(last.amount, digits) for digits in (1, 2))
    return number.shown in {money(last.amount), quality_words.worth(last.amount), *rates}


@pytest.mark.parametrize("state", STATES, ids=str)
def test_every_number_leads_back_to_its_arithmetic(state):
    result = simulate(Scenario(**state))
    stakes, study = studied.stakes(result), studied_scores.study(result)
    listed = [
        *corridor_words.figures_of_headline(stakes), *corridor_words.four_tiles(stakes),
        *corridor_words.contract_figures(stakes), *quality_words.figures_of_headline(study),
        *quality_words.four_tiles(study, result),
    ]  # fmt: skip
    for number in listed:
        assert leads_to(number), (number.label, number.shown, number.how()[-1])
