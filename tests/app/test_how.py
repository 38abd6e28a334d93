"""Every tile of every page can be asked how it came about, and the answer ends with the tile."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario
from mssp_sim.app import frame, session, show
from mssp_sim.app.history import History, Moment
from mssp_sim.figures import money, percent, plain, whole_dollars
from tests import voice
from tests.app.test_pages import APP, BASES

FIGURES = [
    name
    for section in ("", "Explore", "Decide")
    for name in frame.PAGES[section]
    if name != "real_acos"  # its tiles are CMS's figures beside ours, each settled line by line
]
ROUNDING = 7 * 50_000
"""What seven rows of a bridge, each rounded to $0.1M, can be off."""
HOSTS = ("E", "A", "ENHANCED", "2022")


def as_text(shown):
    """Return a figure without colour, Markdown or sign."""
    plain_text = re.sub(r":\w+\[(.*)\]", r"\1", shown).replace("\\", "")
    return plain_text.lstrip("−+")


def forms(amount):
    """Return every way the house shows an amount; a ratio may stand as its growth."""
    size = abs(amount)
    return {
        money(size), whole_dollars(size), *(percent(size, digits) for digits in range(5)),
        *(plain(size, digits) for digits in range(5)),
        *(f"{plain(size, digits)} points" for digits in (1, 2)), percent(abs(size - 1)),
    }  # fmt: skip


def asked(app):
    """Return what the page of the last run can be asked."""
    page = app.session_state[show.PAGE]
    assert page.popover is not None, "the page has no How?"
    return [*page.figures.values(), *page.sentence.values()]


def opened_at(page, scenario):
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.session_state[session.HISTORY] = History(Moment(scenario, session.opening().baseline))
    return app.switch_page(f"pages/{page}.py")


@pytest.mark.parametrize(
    "base", [pytest.param(b, marks=() if b == "E" else pytest.mark.long) for b in HOSTS]
)
@pytest.mark.parametrize("page", FIGURES)
def test_every_tile_says_how(page, base):
    app = opened_at(page, Scenario(**BASES[base])).run()
    assert not app.exception, app.exception
    figures = asked(app)
    for number in figures:
        last = number.how()[-1]
        if number.why_rounded:
            dollars = float(as_text(number.shown).strip("−+$M").replace(",", "")) * 1e6
            assert "add up" in number.why_rounded
            assert abs(dollars - abs(last.amount)) <= ROUNDING, (page, number.label)
            continue
        assert number.shown == last.value or as_text(number.shown) in forms(last.amount), (
            page, number.label, number.shown, last.value, last.amount,
        )  # fmt: skip
    can_be_asked = {as_text(number.shown) for number in figures}
    assert {as_text(tile.value) for tile in app.metric} <= can_be_asked


def test_an_answer_whose_operands_are_rounded_says_so():
    app = opened_at("simulator", Scenario(**BASES["E"]))
    app.session_state["how"] = True
    app.run()
    assert not app.exception, app.exception
    assert any("computed unrounded; what is written here is rounded" in text.value
               for text in app.markdown)  # fmt: skip


IN_TEXT = re.compile(r"\$[\d,.]+\d(?:M|B)?|\d[\d,]*(?:\.\d+)?%|\d+(?:\.\d+)? points?")
MONEY = re.compile(r"(?<![+−])(?<![+−]<)(?<!under )\$[\d,.]+\d(?:M|B)?")
"""Dollars that are no difference: what two cells make is not asked again."""
STATES = {
    "host": {},
    "loss": {"cost_reduction": -0.04},
    "zero": {"cost_reduction": 0.019},
    "far": {"market_share": 0.4, "regional_growth": 0.04, "risk_growth": 0.02},
}


@pytest.mark.long
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("page", FIGURES)
def test_every_figure_of_a_headline_and_of_a_table_says_how(page, state):
    app = opened_at(page, Scenario(**BASES["E"] | STATES[state])).run()
    figures = asked(app)
    known = {as_text(number.shown) for number in figures}
    for number in figures:
        last = number.how()[-1]
        known |= {as_text(last.value)} | (
            forms(last.amount) if last.amount == last.amount else set()
        )
    texts = [voice.unescaped(text.value) for text in app.markdown]
    headlines = [text for text in texts if text.startswith("### ")]
    assert headlines
    wanted = {found for text in headlines for found in IN_TEXT.findall(text)}
    tables = [text for text in texts if text.startswith("| ")]
    wanted |= {found for text in tables for found in MONEY.findall(text)}
    assert wanted - known == set(), (page, state)
