"""One's own ACO on the desk: found by letters, named on every page, and gone without a trace."""

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.app import downloads, frame, my_aco, session
from mssp_sim.app.history import History, Moment
from mssp_sim.cms_files import finding
from mssp_sim.exports import scenario_file
from mssp_sim.figures import money, whole_dollars
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.screens.executive import page as executive
from mssp_sim.words import my_aco as words
from tests import voice
from tests.app.test_pages import opened

PALM_BEACH, SECOND = "A1001", "A1401"
NAVIGATED = [name for pages in frame.PAGES.values() for name in pages]


def moment(app):
    return app.session_state[session.HISTORY].now


def go(app, page):
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def load(app, aco_id):
    """Choose an ACO on the Simulator, from a fresh desk or with another one on it."""
    go(app, "simulator")
    named = moment(app).aco is not None
    popover, key = (my_aco.NAMED, "my_aco_other") if named else (my_aco.FIND, my_aco.FIND_NAME)
    app.session_state[popover] = True
    app.run()
    app.selectbox(key=key).select(finding.choices()[aco_id].text).run()
    assert not app.exception, app.exception
    return app


def load_palm_beach(app):
    load(app, PALM_BEACH)


def load_second(app):
    load(app, SECOND)


def take_a_preset(app):
    go(app, "executive")
    app.button_group(key=executive.PILLS).set_value(executive.PRESETS[-1]).run()


def take_a_lesson(app):
    app.session_state[session.PLACES] |= {"story": "7._______A"}
    go(app, "story").button(key="story_use_7").click().run()
    session_places = app.session_state[session.PLACES]
    app.session_state[session.PLACES] = {k: v for k, v in session_places.items() if k != "story"}


def start_over(app):
    go(app, "simulator")
    app.button(key="start").click().run()


def show_a_card(app):
    go(app, "trainer")
    box = app.selectbox(key="trainer_belief")
    box.select(box.options[0]).run()
    for button in app.button:  # a card that was shown before is revealed already
        if button.key == "reveal":
            button.click().run()


def said(app):
    texts = (*app.main.markdown, *app.sidebar.markdown)
    return [voice.unescaped(text.value) for text in texts]


def shown(app):
    """Return all that a visitor could tell two desks by."""
    go(app, "simulator")
    now = moment(app)
    tiles = [(metric.label, metric.value, metric.delta) for metric in app.metric]
    labels = [app.session_state[key] for key in ("lever_level", "lever_minimum_election")]
    words = [text for text in said(app) if not text.startswith(":gray[New here?")]
    return now.scenario, now.baseline, now.aco, now.kept, words, tiles, labels


def test_from_a_fresh_desk_letters_bring_an_aco_as_cms_settled_it():
    app = load(opened(), PALM_BEACH)
    aco, found = finding.loaded(PALM_BEACH, 2024)
    now = moment(app)
    assert (now.scenario, now.baseline, now.aco) == (found.scenario, found.scenario, aco)
    assert now.scenario.cost_reduction == pytest.approx(0.08891753)
    assert app.metric[0].value == f":blue[{money(found.published)}]".replace("$", "\\$")
    text = " ".join(said(app))
    assert f"CMS paid it {whole_dollars(found.published)}." in text
    assert "Assumed: market share" in text
    assert len(app.session_state[session.HISTORY].past) == 1
    assert not app.session_state[my_aco.FIND]


def test_the_name_stands_on_every_page_of_the_navigation_that_shows_its_figures():
    app = load(opened(), PALM_BEACH)
    for page in NAVIGATED:
        go(app, page)
        labels = [block.label for block in popovers(app)]
        named = sum("PBACO Holding, 2024" in label for label in labels)
        paid = sum("CMS paid it $107,895,330." in text for text in said(app))
        assert named == paid == (page not in frame.OF_THEIR_OWN), page
        if not named:  # none of its figures is there either
            assert not any("107.9" in text or "107,895" in text for text in said(app)), page
    assert set(frame.OF_THEIR_OWN) < set(NAVIGATED)


@pytest.mark.parametrize("page", ["trainer", "rules", "luck"])
def test_under_the_curtain_nothing_says_what_cms_paid(page):
    app = load(opened(), PALM_BEACH)
    app.session_state[session.PLACES] |= {"curtain": "on"}
    go(app, page)
    assert not any("CMS paid it" in text for text in said(app))


def test_the_chip_has_the_name_of_its_year():
    app = load(opened(), PALM_BEACH)
    for year, name in ((2023, "Palm Beach, 2023"), (2024, "PBACO Holding, 2024")):
        app.session_state[my_aco.NAMED] = True
        app.run()
        app.selectbox(key="my_aco_year").select(str(year)).run()
        assert name in [block.label for block in popovers(app)]


def test_the_name_opens_on_what_is_assumed_and_its_range():
    app = load(opened(), PALM_BEACH)
    app.session_state[my_aco.NAMED] = True
    app.run()
    text = " ".join(said(app))
    assert "Assumed: market share 10.0% (2% to 45% at most ACOs), growth of region" in text
    assert "Market share is assumed at 10.0%: from 2% to 45% the year would pay the same" in text
    assert "With a region one point faster a year it would change by +$69.9M at 2%" in text
    assert "stands exactly on the year's floor for disasters" in text
    app.session_state[my_aco.NAMED] = False
    app.slider(key="lever_market_share").set_value(20.0).run()
    text = " ".join(said(app))
    assert "Assumed: growth of region against nation, revenue." in text


def test_how_says_how_far_the_settlement_is_from_cms():
    aco, found = finding.loaded(PALM_BEACH, 2016)
    figure = words.published(aco, found.published, finding.settled_here(PALM_BEACH, 2016))
    here, apart, last = figure.how()
    assert (here.value, last.value) == ("$30,539,320.26", "$30,540,508")
    assert apart.value == "−$1,187.74"
    assert "the score and its rates with four digits" in apart.numbers
    exact = words.published(aco, 5.0, 5.0).how()[1]
    assert "the same to the cent" in exact.numbers
    assert "held losses to revenue" in words.published(aco, 0.0, -6e6).how()[1].numbers


def popovers(app):
    found, waiting = [], [app.main]
    while waiting:
        node = waiting.pop()
        waiting += getattr(node, "children", {}).values()
        if getattr(node, "type", "") == "popover":
            found.append(node.proto.popover)
    return found


def test_another_year_is_one_choice_and_one_entry():
    app = load(opened(), PALM_BEACH)
    app.session_state[my_aco.NAMED] = True
    app.run()
    box = app.selectbox(key="my_aco_year")
    assert box.options == [str(year) for year in range(2024, 2013, -1)]
    box.select("2016").run()
    now = moment(app)
    assert now.aco.year == now.scenario.performance_year == 2016
    assert now.aco.name == "Palm Beach Accountable Care Organization, LLC"
    paid = float(simulate(now.scenario).payment)
    assert paid == pytest.approx(30_540_508, rel=1e-4)
    assert len(app.session_state[session.HISTORY].past) == 2


def test_undo_brings_back_what_was_there_and_redo_the_aco():
    app = opened({"cut": "4.2", "quality": "80", "churn": "5,4"})
    before = shown(app)
    places = dict(app.session_state[session.PLACES])
    load(app, PALM_BEACH)
    assert "churn" not in app.session_state[session.PLACES]
    app.button(key="undo").click().run()
    assert shown(app) == before
    assert app.session_state[session.PLACES] == places
    app.button(key="redo").click().run()
    assert moment(app).aco.aco_id == PALM_BEACH
    assert "churn" not in app.session_state[session.PLACES]


def test_what_was_planned_for_an_aco_comes_back_with_it_by_undo():
    app = load(opened(), PALM_BEACH)
    app.session_state[session.PLACES] = {"years": "c3;;;"}
    load(app, SECOND)
    assert app.session_state[session.PLACES] == {}
    app.button(key="undo").click().run()
    assert app.session_state[session.PLACES] == {"years": "c3;;;"}


def follow_a_link(app):
    """Come to another address of the app with Back of the browser, as an open tab does."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "_came_by_browser", lambda: True)
        app.query_params.clear()
        for key, value in {"v": str(RULES_VERSION), "cut": "-2.5", "contract": "B"}.items():
            app.query_params[key] = value
        app.run()
    assert not app.exception, app.exception


ENDS = (load_palm_beach, take_a_preset, load_second, take_a_lesson, start_over, follow_a_link)
STEPS = (*ENDS, show_a_card)
NOT_OF_THE_DESK = ("compare", "preset", "vote")
"""Places of a page, and of a card that goes on: it can be put back as it was dealt."""


def traces(app):
    found = shown(app)
    places = dict(app.session_state[session.PLACES])
    return *found, {name: text for name, text in places.items() if name not in NOT_OF_THE_DESK}


def test_twenty_mixed_ways_leave_no_trace_in_what_comes_next():
    random = np.random.default_rng(20)
    alone = {}
    for end in ENDS:
        fresh = opened()
        end(fresh)
        alone[end] = traces(fresh)
    app = opened()
    for number in range(20):
        end = ENDS[number % len(ENDS)]
        before = [STEPS[at] for at in random.choice(len(STEPS), 2) if STEPS[at] is not end]
        for step in before:
            step(app)
        end(app)
        assert traces(app) == alone[end], [step.__name__ for step in (*before, end)]


def test_a_trainers_card_leaves_no_trace_in_the_aco_that_is_loaded_after_it():
    fresh = load(opened(), PALM_BEACH)
    app = opened()
    show_a_card(app)
    load(app, PALM_BEACH)
    assert shown(app) == shown(fresh)
    assert not {"preset", "vote"} & set(app.session_state[session.PLACES])


def test_an_aco_that_is_loaded_again_begins_anew():
    app = load(opened(), PALM_BEACH)
    app.session_state[session.PLACES] = {"years": "c3;;;"}
    start_over(app)
    load(app, PALM_BEACH)
    assert app.session_state[session.PLACES] == {}


def test_a_lock_holds_an_aco_back_with_its_name_and_keeps_the_card():
    app = opened({"locked": "quality_score", "preset": "challenge"})
    load(app, PALM_BEACH)
    assert app.session_state[session.PLACES]["preset"] == "challenge"
    assert moment(app).aco is None
    assert moment(app).scenario == Scenario()


def test_levers_that_move_keep_the_name_and_a_kept_scenario_its_own():
    app = load(opened(), PALM_BEACH)
    palm_beach = moment(app)
    app.slider(key="lever_quality_score").set_value(82.0).run()
    assert moment(app).aco == palm_beach.aco
    load(app, SECOND)
    kept = Moment(moment(app).scenario, moment(app).baseline, {"A": palm_beach.scenario},
                  moment(app).aco)  # fmt: skip
    app.session_state[session.HISTORY] = app.session_state[session.HISTORY].commit(kept)
    go(app, "compare").button(key="load_A").click().run()
    assert moment(app).aco == palm_beach.aco


def test_a_link_of_an_aco_opens_it_with_what_was_moved():
    app = opened({"v": str(RULES_VERSION), "aco": "A1001.2024", "quality": "80"})
    assert not app.session_state[session.NOTICES]
    now, (aco, found) = moment(app), finding.loaded(PALM_BEACH, 2024)
    assert (now.aco, now.baseline) == (aco, found.scenario)
    assert now.scenario.quality_score == 0.8
    assert now.scenario.assigned_beneficiaries == found.scenario.assigned_beneficiaries


@pytest.mark.parametrize("aco", ["A1001.2012", "A9999.2024", "<b>x</b>", "A1001", "=cmd()", ""])
def test_a_link_of_an_aco_that_is_not_there_opens_on_the_opening_and_says_so(aco):
    app = opened({"aco": aco, "quality": "80"})
    assert not app.exception
    assert moment(app) == session.opening()
    (notice,) = app.session_state[session.NOTICES]
    assert notice.endswith("Used instead: the opening scenario.")
    go(app, "real_acos")
    assert any("Used instead: the opening scenario." in text for text in said(app))


def test_a_year_that_cannot_be_loaded_says_why_and_changes_nothing():
    choice = next(one for one in finding.choices().values() if one.years == (2013,))
    app = opened()
    app.session_state[my_aco.FIND] = True
    app.run()
    app.selectbox(key=my_aco.FIND_NAME).select(choice.text).run()
    assert moment(app) == session.opening()
    assert "no spending by type in this year's file" in " ".join(said(app))


@pytest.mark.parametrize("aco_id", [PALM_BEACH, SECOND, "A2024"])
def test_real_acos_opens_on_the_aco_of_the_desk_with_its_years(aco_id):
    app = go(load(opened(), aco_id), "real_acos")
    aco, found = finding.loaded(aco_id, finding.choices()[aco_id].years[-1])
    text = " ".join(said(app))
    assert f"### {aco.title}" in text
    assert app.metric[0].value == whole_dollars(found.published).replace("$", "\\$")
    assert "Paid in" in text or "paid in" in text


def test_on_real_acos_an_aco_is_found_and_loaded():
    app = go(opened(), "real_acos")
    app.session_state[my_aco.FIND] = True
    app.run()
    app.selectbox(key=my_aco.FIND_NAME).select(finding.choices()[SECOND].text).run()
    assert not app.exception
    assert moment(app).aco.aco_id == SECOND


def test_a_hostile_name_from_a_file_is_text():
    app = opened()
    hostile = "<b>x</b> [a](javascript:x) :red[y] $1$ :material/home:"
    now = session.Moment(Scenario(), Scenario(), {}, session.Aco("A5999", 2024, hostile))
    app.session_state[session.HISTORY] = History(now)
    go(app, "simulator")
    (label,) = (block.label for block in popovers(app) if "x" in block.label and "b" in block.label)
    for part in ("<b>", "[a]", " :red[", "$1"):
        assert part not in label


@pytest.mark.parametrize("page", ["simulator", "real_acos"])
def test_names_are_sent_only_where_somebody_asks(page):
    app = go(opened(), page)
    assert not [box for box in app.selectbox if len(box.options) > 100]


def take(app):
    """Open "Take it with you" on the Simulator."""
    go(app, "simulator")
    app.session_state["take"] = True
    return app.run()


def test_what_is_taken_away_carries_the_name_unless_another_is_typed():
    app = take(load(opened(), PALM_BEACH))
    field = app.text_input(key=downloads.NAME)
    assert (field.value, field.placeholder) == ("", "PBACO Holding, LLC, 2024")
    assert downloads.named(field.value, moment(app).aco) == "PBACO Holding, LLC, 2024"
    assert downloads.named("Board, May", moment(app).aco) == "Board, May"
    field.set_value("Board, May").run()
    app.session_state["take"] = False
    app.run()
    take(load(app, SECOND))
    assert app.text_input(key=downloads.NAME).value == ""


def open_file(app, data):
    take(app)
    (uploader,) = (one for one in app.file_uploader if one.key.startswith(downloads.FILE))
    uploader.upload("s.json", data, "application/json")
    app.run()
    assert not app.exception, app.exception
    return app


def test_a_scenario_file_brings_its_aco_and_one_without_leaves_it():
    app = load(opened(), PALM_BEACH)
    now = moment(app)
    mine = scenario_file.save(now.scenario, now.baseline, aco=now.aco)
    plain = scenario_file.save(Scenario(), Scenario(quality_score=0.82))
    assert moment(open_file(app, plain)) == session.opening()
    assert moment(open_file(app, mine)).aco == now.aco
    assert moment(app).scenario == now.scenario


def test_cms_name_wins_over_the_name_of_a_file():
    aco = session.Aco(PALM_BEACH, 2024, "Somebody Else")
    app = open_file(opened(), scenario_file.save(Scenario(), aco=aco))
    assert moment(app).aco.name == "PBACO Holding, LLC"
