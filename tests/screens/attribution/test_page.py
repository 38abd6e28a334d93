"""Attribution opens in every state, keeps its own levers, and writes to the scenario once."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import simulate
from mssp_sim.app import session, show
from mssp_sim.attribution import STILL, Churn, follow, moved, written
from mssp_sim.screens.attribution import page as attribution
from tests import voice

PAGE = str(Path(__file__).parents[3] / "pages" / "attribution.py")
APP = str(Path(__file__).parents[3] / "app.py")
START = (
    r"### 2,295 people you managed were not yours at the end\: \$0.9M of effect went elsewhere. "
    r"You earn \$5.9M instead of \$6.5M."
)


def opened(**query):
    """Open the app at a link, on the page."""
    app = AppTest.from_file(APP, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(PAGE).run()


def sentence(app):
    assert not app.exception, app.exception
    (said,) = [text.value for text in app.markdown if text.value.startswith("### ")]
    return said


def place(app):
    return app.session_state[session.PLACES].get(attribution.PLACE)


def says(app, words):
    return any(voice.unescaped(words) in voice.unescaped(text.value) for text in app.markdown)


def test_the_page_opens_on_the_example_and_says_it_is_ours():
    app = opened()
    assert sentence(app) == START
    assert [tile.value for tile in app.metric] == ["45,881", r"\$16.8M", "2.7%", r":blue[\$5.9M]"]
    assert says(app, "An illustrative model of this app, not of CMS")
    assert says(app, "CMS restates the benchmark with that practice's people in it")
    assert place(app) is None


def test_a_lever_of_the_page_moves_it_and_travels_in_the_link():
    app = opened()
    app.slider(key="churn_leave").set_value(10.0).run()
    assert "4,500 people you managed" in sentence(app)
    assert place(app) == "10,4,2,3,105,after"
    app.run()
    assert app.query_params["churn"] == "10,4,2,3,105,after"
    again = opened(churn="10,4,2,3,105,after")
    assert sentence(again) == sentence(app)
    assert again.slider(key="churn_leave").value == 10.0


@pytest.mark.long
def test_the_levers_survive_a_change_of_page():
    app = opened()
    app.slider(key="churn_new_clinicians").set_value(8.0).run()
    before = sentence(app)
    app.switch_page("pages/simulator.py").run()
    app.switch_page(PAGE).run()
    assert sentence(app) == before
    assert app.slider(key="churn_new_clinicians").value == 8.0


def test_when_the_list_is_fixed_is_a_choice_of_the_page():
    app = opened()
    app.button_group(key="churn_prospective").set_value(True).run()
    assert "900 people you managed were dropped from the list" in sentence(app)
    assert says(app, "visits from October 2023 to September 2024 decide")


def test_standing_still_leaves_the_settlement_and_the_start_comes_back():
    app = opened()
    app.button(key="churn_still").click().run()
    assert "The list does not move" in sentence(app)
    assert place(app) == written(Churn(**STILL))
    app.button(key="churn_start").click().run()
    assert sentence(app) == START
    assert place(app) is None


def test_more_dropped_than_leave_is_explained_beside_and_the_last_valid_list_stays():
    app = opened()
    app.slider(key="churn_dropped").set_value(8.0).run()
    assert sentence(app) == START
    assert says(app, "Dropped is 8.0%; it is part of Leave, 5.1%. The last valid value is kept.")
    assert app.slider(key="churn_dropped").value == 2.0
    app.button(key="churn_fix").click().run()
    assert place(app) == "8,4,8,3,105,after"
    assert not says(app, "The last valid value is kept")


def test_the_final_list_is_written_to_the_scenario_as_one_entry():
    app = opened()
    before = app.session_state[session.HISTORY]
    wanted = moved(before.now.scenario, follow(simulate(before.now.scenario), Churn()))
    app.button(key="churn_use").click().run()
    after = app.session_state[session.HISTORY]
    assert len(after.past) == len(before.past) + 1
    payment = simulate(after.now.scenario).payment
    assert payment == pytest.approx(simulate(wanted).payment, abs=0.005)
    assert "The list does not move" in sentence(app)
    app.button(key="undo").click().run()
    assert app.session_state[session.HISTORY].now == before.now


@pytest.mark.parametrize(
    "text",
    [
        "1,4,2,3,105,after",
        *(
            pytest.param(text, marks=pytest.mark.long)
            for text in ("5.1", "nan,4,2,3,105,after", "99,0,0,0,105,after", "a,b,c,d,e,f")
        ),
    ],
)
def test_a_hostile_place_opens_on_the_start_values_and_says_so(text):
    app = opened(churn=text)
    assert sentence(app) == START
    assert says(app, "The movement in the link cannot be used")


def test_a_list_that_cannot_be_settled_keeps_its_people_and_says_why():
    app = opened(people="1", churn="60,0,2,0,105,after")
    assert "1 person you managed was not yours at the end" in sentence(app)
    assert says(app, "The final list cannot be settled")
    assert app.button(key="churn_use").disabled
    assert not app.metric


@pytest.mark.long
@pytest.mark.parametrize(
    "query",
    [
        {"cut": "-4"},
        {"cut": "0"},
        {"people": "5050"},
        {"contract": "A"},
        {"start": "2017-01-01", "contract": "3", "year": "2018"},
    ],
    ids=str,
)
def test_every_number_of_the_page_ends_in_the_steps_that_lead_to_it(query):
    app = opened(**query)
    sentence(app)
    app.session_state["attribution_how"] = True
    app.run()
    labels = app.selectbox(key="attribution_how_which").options
    assert len(labels) == len(set(labels)) >= 18
    for label in labels:
        app.selectbox(key="attribution_how_which").set_value(label).run()
        assert not app.exception, label
        assert says(app, f"**{show.escaped(label)}"), label
