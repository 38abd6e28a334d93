"""Spending target without a browser: it speaks in every state, and its tables are edited."""

import json
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, simulate
from mssp_sim.app import session
from mssp_sim.app.history import History, Moment
from mssp_sim.figure import Figure
from mssp_sim.figures import MINUS
from mssp_sim.screens.spending_target import figures, words
from mssp_sim.studies.target_split import by_share, own_drag, split
from tests import voice

APP = Path(__file__).parents[3] / "app.py"


def opened(*, tables=False, **fields):
    """Open the page on a scenario, with the tables unfolded if asked."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    start = Moment(Scenario(**fields), session.opening().baseline)
    app.session_state[session.HISTORY] = History(start)
    app.switch_page("pages/spending_target.py")
    if tables:
        app.session_state["by_type"] = True
    return app.run()


def said(app):
    assert not app.exception, app.exception
    text = " ".join(element.value for element in app.main.markdown)
    return voice.unescaped(text)


def scenario(app):
    return app.session_state[session.HISTORY].now.scenario


def type_in(app, name, cells):
    """Type into a table as the browser does: every cell typed since the table was drawn."""
    (editor,) = [e for e in app.dataframe if f"sheet_{name}_" in e.proto.id]
    edits = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=editor.proto.id, string_value=json.dumps(edits)))
    return app._run(states)


def test_the_page_opens_on_the_reference_target():
    app = opened()
    assert "### Your target is $13,000 per person: $12,369 of your own history" in said(app)
    assert [tile.value.replace("\\", "") for tile in app.metric] == [
        "$13,000", "$572.0M", "$0", "+$421",
    ]  # fmt: skip


def test_shares_typed_by_type_settle_and_the_lever_says_that_they_are_held_by_type():
    app = opened(tables=True, regional_growth=0.04)
    assert "held by type" not in str(app.sidebar)
    app = type_in(app, "market_share_by_type", {"3": {"Market share": 40.0}})
    assert scenario(app).market_share_by_type[3] == 0.4
    wanted = simulate(Scenario(regional_growth=0.04, market_share_by_type=(None, None, None, 0.4)))
    assert app.metric[0].value.replace("\\", "") == f"${round(float(wanted.benchmark)):,}"
    assert "held by type" in str(app.sidebar)


def test_the_share_headline_flips_when_region_and_nation_change_places():
    app = opened(regional_growth=0.06, national_growth=0.04)
    assert "A larger share lowers your target" in said(app)
    app.slider(key="lever_regional_growth").set_value(3.0).run()
    assert "A larger share raises your target" in said(app)
    app.slider(key="lever_regional_growth").set_value(4.0).run()
    assert "A larger share makes no difference" in said(app)


def test_the_toggle_counts_the_own_effect_and_undo_takes_it_back():
    app = opened()
    assert "Your savings would take $24 per person off your target" in said(app)
    app.toggle(key="page_own_effect").set_value(True).run()
    assert "Your savings take $24 per person off your target" in said(app)
    assert scenario(app).own_effect is True
    app.button(key="undo").click().run()
    assert scenario(app).own_effect is False
    assert app.toggle(key="page_own_effect").value is False


def test_an_edited_table_is_settled_and_nonsense_keeps_the_last_valid_result():
    app = type_in(opened(tables=True), "expenditure", {"3": {"2024": 12_500}})
    assert scenario(app).expenditure[2, 3] == 12_500
    target = float(simulate(scenario(app)).benchmark)
    assert words.whole_dollars(target) in said(app)
    for cells, wrong in (
        ({"0": {"2023": -1}}, f"ESRD 2023 is {MINUS}$1"),
        ({"0": {"2023": None}}, "ESRD 2023 is empty"),
    ):
        before = scenario(app)
        app = type_in(app, "expenditure", cells)
        text = said(app)
        assert scenario(app) is before
        assert f"Spending per person-year, {wrong}" in text
        assert "The last valid result is kept." in text
        assert words.whole_dollars(target) in text
    app.button(key="discard_expenditure").click().run()
    assert "is empty" not in said(app)


def test_a_mix_that_does_not_sum_waits_for_its_second_cell():
    app = opened(tables=True)
    app = type_in(app, "person_year_share_by3", {"0": {"2025": 1.4}})
    assert "The mix of 2025 sums to 101.00%" in said(app)
    assert scenario(app) == Scenario()
    app = type_in(app, "person_year_share_by3", {"0": {"2025": 1.4}, "3": {"2025": 85.8}})
    assert scenario(app).person_year_share == pytest.approx([0.014, 0.073, 0.055, 0.858])
    assert "Change in the mix of people" not in said(app)
    app.button(key="undo").click().run()
    assert scenario(app) == Scenario()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"regional_level": 0.2, "risk_growth": 0.05, "own_effect": True, "market_share": 0.3,
         "other_acos_share": 0.2, "other_acos_reduction": 0.03},
        {"prior_savings_per_person": 400.0, "risk_growth": -0.03, "benchmark_calibration": 1.01},
    ],
    ids=["opening", "everything at once", "earlier savings, calibrated"],
)  # fmt: skip
def test_every_figure_can_be_worked_out_and_the_last_line_is_the_figure(fields):
    result = simulate(Scenario(**fields))
    baseline = simulate(session.opening().baseline)
    parts, share = split(result), float(result.scenario.market_share)
    drag = float(own_drag(result, share))
    lean = words.lean(by_share(result, [0.01, share, 0.8]), share)
    effects = words.effects(parts, result.scenario, drag, lean)
    numbers = [
        *figures.tiles(result, baseline, parts), *figures.of_the_steps(result, parts),
        *figures.of_the_effects(result, parts, effects, drag, lean),
    ]  # fmt: skip
    assert len({number.label for number in numbers}) == len(numbers)
    assert isinstance(numbers[0], Figure)
    for number in numbers:
        last = number.how()[-1]
        exact = {words.whole_dollars(last.amount), words.money(last.amount)}
        exact.add(words.percent_change(last.amount - 1))
        assert number.shown == last.value or number.shown in exact, number.label
