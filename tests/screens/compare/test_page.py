"""Compare: what stands in the columns, what it says, and that nothing put aside is lost."""

from dataclasses import replace
from decimal import Decimal

import pytest

from mssp_sim import Scenario
from mssp_sim.app import session
from mssp_sim.figures import millions
from mssp_sim.simulation import simulate
from mssp_sim.studies.moved import moved
from mssp_sim.words import compare as words
from mssp_sim.words.compare import Column
from tests import voice
from tests.app.test_pages import opened

GOOD, SLIP = Scenario(quality_score=0.82), Scenario()


def on_compare(query=None):
    app = opened(query)
    app.switch_page("pages/compare.py").run()
    assert not app.exception, app.exception
    return app


def headline(app):
    (said,) = [text.value for text in app.markdown if text.value.startswith("### ")]
    return voice.unescaped(said.removeprefix("### "))


def click(app, key):
    app.button(key=key).click().run()
    assert not app.exception, app.exception


def kept(app):
    return dict(app.session_state[session.HISTORY].now.kept)


def test_the_opening_compares_the_storys_two_years():
    app = on_compare()
    assert headline(app) == (
        "This scenario earns $2.2M less than the baseline: all of it from your actions."
    )
    click(app, "compare_story")
    assert kept(app) == {"A": GOOD, "B": SLIP}
    assert headline(app) == (
        "The slip year earns $2.2M less than the good year: all of it from your actions."
    )


def test_with_nothing_changed_there_is_nothing_to_compare_but_an_offer():
    app = on_compare({"quality": "82"})
    assert "Nothing to compare yet" in headline(app)
    click(app, "compare_contracts")
    # 4% of 572,000,000 = 22,880,000: x 30% = 6,864,000; ENHANCED at 82: x 40% = 9,152,000
    assert headline(app).startswith("Contract ENHANCED owes $2.3M more than contract E:")


def test_putting_aside_and_removing_can_be_undone_and_travels_in_the_link():
    app = on_compare()
    click(app, "keep_Now")
    assert kept(app) == {"A": SLIP}
    assert headline(app).startswith("The slip year earns $2.2M less than the baseline")
    assert "a" in app.query_params
    click(app, "drop_A")
    assert kept(app) == {}
    click(app, "undo")
    assert kept(app) == {"A": SLIP}
    again = opened(dict(app.query_params))
    assert kept(again) == {"A": SLIP}


def heads(app):
    return [text.value.split("**")[1] for text in app.markdown if text.value.startswith("**")
            and "**] " in f"{text.value} "]  # fmt: skip


def test_columns_are_named_by_what_differs_or_a_number_and_now_stays():
    app = on_compare({"cut": "4"})
    better = Scenario(cost_reduction=0.04)
    sides = {"A": better, "B": Scenario(cost_reduction=0.04, level="D"), "C": GOOD}
    for letter, aside in sides.items():
        now = app.session_state[session.HISTORY]
        moment = replace(now.now, kept={**now.now.kept, letter: aside})
        app.session_state[session.HISTORY] = now.commit(moment)
        app.run()
        assert not app.exception, app.exception
    assert heads(app) == ["Scenario 1", "Scenario 2", "Good year"]
    app.slider(key="lever_quality_score").set_value(90.0).run()
    assert heads(app) == ["Scenario 1", "Scenario 2", "Good year", "Now"]
    click(app, "drop_C")
    assert heads(app) == ["Contract E", "Contract D", "Now"]
    assert "Keep" in [button.label for button in app.button]


def test_what_was_put_aside_goes_back_into_the_levers():
    app = on_compare()
    click(app, "compare_story")
    click(app, "load_A")
    assert app.session_state[session.HISTORY].now.scenario == GOOD
    assert kept(app) == {"A": GOOD, "B": SLIP}


def test_each_column_can_be_the_one_the_money_moved_to():
    app = on_compare({"cut": "4", "contract": "ENHANCED"})
    click(app, "compare_story")
    app.button_group(key="compare_with").set_value("Now").run()
    assert not app.exception, app.exception
    assert headline(app).startswith("This scenario earns")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (GOOD, GOOD, "B and A come to the same: $8.7M."),
        (
            GOOD,
            Scenario(cost_reduction=-0.04),
            "B owes $6.9M where A earns $8.7M: all of it from your actions.",
        ),
        (
            Scenario(cost_reduction=0.01),
            Scenario(cost_reduction=-0.04),
            "B owes $6.9M where A owes nothing: all of it from your actions.",
        ),
        (
            Scenario(cost_reduction=-0.04),
            Scenario(cost_reduction=-0.04, level="ENHANCED"),
            "B owes $3.1M more than A: all of it from your contract.",
        ),
        (
            GOOD,
            Scenario(quality_score=0.84, cost_reduction=0.036, regional_growth=0.043,
                     level="ENHANCED"),
            "B earns $4.8M more than A: your contract (+$4.4M) and your actions (+$1.8M) "
            "outweighed what is outside your control (−$1.4M).",
        ),
    ],
)  # fmt: skip
def test_the_headline_says_which_is_better_and_why(first, second, said):
    columns = [Column("A", simulate(first), "A"), Column("B", simulate(second), "B")]
    assert words.headline(columns, columns[1], moved(first, second)) == said


def test_the_bars_add_up_as_shown():
    after = Scenario(
        quality_score=0.71, cost_reduction=0.0365, regional_growth=0.047, market_share=0.23,
        risk_growth=0.004, level="ENHANCED", minimum_election="size",
    )  # fmt: skip
    what = moved(GOOD, after)
    shown = [bar.shown for bar in words.bars(what, GOOD, after)]
    tenths = [Decimal(text.replace("$", "").replace("M", "").replace("−", "-")) for text in shown]
    assert sum(tenths) == millions(what.after) - millions(what.before)
    assert len(shown) == 6
