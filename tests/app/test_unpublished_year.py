"""A year without its values: offered, refused in one sentence, settled once it is assumed."""

import datetime as dt
import re

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario
from mssp_sim.app import frame, session
from mssp_sim.app.history import History, Moment
from mssp_sim.parameters import last_listed_year, last_published_year
from tests.app.test_pages import APP, POPOVERS, opened

LAST, LISTED = last_published_year(), last_listed_year()
PAGES = sorted(path.stem for path in (APP.parent / "pages").glob("*.py"))
BROKEN = re.compile(r"\b(nan|inf|None)\b")
ASSUMED = {
    "an agreement of 2025": Scenario(performance_year=LISTED, assume_last_published=True),
    "an agreement of the year": Scenario(
        performance_year=LISTED, agreement_start=dt.date(LISTED, 1, 1), level="B",
        agreement_period=1, assume_last_published=True,
    ),
}  # fmt: skip

pytestmark = pytest.mark.skipif(LAST == LISTED, reason="every listed year has its values")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ASSUMED)
def test_every_page_speaks_of_an_assumed_year(page, name):
    app = AppTest.from_file(str(APP), default_timeout=60)
    for popover in POPOVERS:
        app.session_state[popover] = True
    app.run()
    app.session_state[session.HISTORY] = History(Moment(ASSUMED[name], session.opening().baseline))
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    figures = " ".join(tile.value for tile in app.metric)
    assert not BROKEN.search(figures), figures


def said(app):
    return [text.value for text in app.markdown if "not published yet" in text.value]


def test_the_year_is_offered_and_answers_with_one_sentence_until_it_is_assumed():
    app = opened(popovers=POPOVERS)
    box = app.selectbox(key="lever_performance_year")
    assert box.options[-1] == str(LISTED)
    box.set_value(LISTED).run()
    assert not app.exception
    (sentence,) = said(app)
    assert sentence.startswith(f":red[{LISTED}'s quality performance standard is not published yet")
    assert "switch on Assume the last published values" in sentence
    assert app.session_state[session.HISTORY].now == session.opening()
    app.toggle(key="lever_assume_last_published").set_value(True).run()
    app.selectbox(key="lever_performance_year").set_value(LISTED).run()
    assert not app.exception
    assert said(app) == []
    assert app.session_state[session.HISTORY].now.scenario.performance_year == LISTED
    app.toggle(key="lever_assume_last_published").set_value(False).run()
    assert not app.exception
    assert len(said(app)) == 1
    assert app.session_state[session.HISTORY].now.scenario.performance_year == LISTED


@pytest.mark.parametrize("page", sorted(set(PAGES) - set(frame.OF_A_ROOM)))
def test_a_link_to_the_year_opens_every_page_with_one_sentence(page):
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["year"] = str(LISTED)
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    assert app.session_state[session.HISTORY].now == session.opening()
    sentence = f"{LISTED}'s quality performance standard is not published yet; known through {LAST}"
    assert any(sentence in text.value for text in app.markdown)
