"""Every page opens, and no lever, pushed as far as it goes, leaves it without its one sentence."""

import datetime as dt
import operator
import re
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import Scenario, simulate
from mssp_sim.app import levers, session, show
from mssp_sim.app.history import History, Moment
from mssp_sim.figures import as_shown, millions
from mssp_sim.parameters import LEVELS, RULES_VERSION, TRACKS
from mssp_sim.quantity import PERFORMANCE_YEARS
from mssp_sim.scenario import agreement_starts, performance_years
from mssp_sim.trace import DOMAINS
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import against_baseline
from tests import voice

APP = Path(__file__).parents[2] / "app.py"
FIGURE = re.compile(r"(:\w+\[)?(\\\$[\d,]+\.\dM|\\<\\\$0\.1M|\d+\.\d%)\]?")
CHOOSE_AMONG_WHAT_FITS = ("lever_agreement_start", "lever_performance_year")
POPOVERS = ("more_around", "more_signed")
FIRST_YEAR, LAST_YEAR = PERFORMANCE_YEARS


def fitting_start(year):
    return max(start for start in agreement_starts() if year in performance_years(start))


def of_year(year, level=None):
    start = fitting_start(year)
    level = level or levers.FITTING[levers.contracts(start)]
    return {"performance_year": year, "agreement_start": start, "level": level}


BASES = {
    **{level: {"level": level} for level in LEVELS},
    **{f"track {track}": of_year(2018, track) for track in TRACKS},
    **{str(year): of_year(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)},
}
EVERY_DAY = {"A", "E", "ENHANCED", "2019", "2023"}


def opened(query=None, *, popovers=()):
    """Open the app at a link, with these popovers of the rail open."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in (query or {}).items():
        app.query_params[key] = value
    for popover in popovers:  # empty until opened
        app.session_state[popover] = True
    return app.run()


def shows_one_sentence_and_four_figures(app, about):
    assert not app.exception, (about, app.exception)
    said = [voice.as_read(text.value) for text in app.markdown if text.value.startswith("### ")]
    moment = app.session_state[session.HISTORY].now
    result = simulate(moment.scenario)
    assert said == [f"### {outcome(result)}"], about
    assert said[0].endswith("."), about
    tiles = [(tile.label, tile.value, tile.delta) for tile in app.metric]
    assert len(tiles) == 4, about
    for tile in tiles:
        assert FIGURE.fullmatch(tile[1]), (about, tile)
    words = " ".join([said[0], *(text for tile in tiles for text in tile)])
    assert not re.search(r"\b(nan|inf|None)\b|[−-]\\\$0\.0M", words), (about, words)


def levers_of(app):
    """Return the levers on the page that can be pushed, by their key."""
    kinds = (app.slider, app.number_input, app.toggle, app.selectbox, app.button_group)
    return {
        widget.key: widget
        for kind in kinds
        for widget in kind
        if (widget.key or "").startswith(("lever_", "typed_")) and not widget.disabled
    }


def field(key):
    return key.partition("_")[2]


def ends(widget, scenario):
    """Return both ends of a lever; of a choice, its first and its last."""
    if widget.type in ("slider", "number_input"):
        return widget.min, widget.max
    choices = {
        "agreement_start": agreement_starts(),
        "performance_year": performance_years(scenario.agreement_start),
        "level": levers.contracts(scenario.agreement_start),
        "minimum_election": tuple(levers.ELECTIONS),
        **dict.fromkeys(levers.AS_GIVEN, (None, True, False)),
    }.get(field(widget.key), (False, True))
    return choices[0], choices[-1]


def test_the_app_opens_on_the_slip_year():
    app = opened()
    shows_one_sentence_and_four_figures(app, "opening")
    assert app.session_state[session.HISTORY].now == session.opening()
    assert app.metric[0].value == ":blue[\\$6.5M]"


def test_every_field_with_a_lever_can_be_pushed():
    app = opened(popovers=POPOVERS)
    found = {field(key) for key in levers_of(app)}
    assert set(levers.names()) - found == set(DOMAINS)  # asked until 2020 only
    of_2018 = Scenario(performance_year=2018, agreement_start=dt.date(2018, 1, 1), level="3")
    app.session_state[session.HISTORY] = History(Moment(of_2018, session.opening().baseline))
    app.run()
    assert set(DOMAINS) <= {field(key) for key in levers_of(app)}


@pytest.mark.parametrize(
    "base",
    [pytest.param(b, marks=() if b in EVERY_DAY else pytest.mark.long) for b in BASES],
)
def test_every_lever_goes_to_both_ends(base):
    start = Scenario(**BASES[base])
    desk = History(Moment(start, session.opening().baseline))
    app = opened(popovers=POPOVERS)
    app.session_state[session.HISTORY] = desk
    app.run()
    shows_one_sentence_and_four_figures(app, base)
    for key in levers_of(app):
        for which in (0, 1):
            # Each push starts anew: what one lever does is not hidden by the last one.
            app.session_state[session.HISTORY] = desk
            if key not in levers_of(app) or key in CHOOSE_AMONG_WHAT_FITS:
                app.run()
            widget = levers_of(app)[key]
            end = ends(widget, start)[which]
            widget.set_value(end).run()
            about = (base, key, end)
            shows_one_sentence_and_four_figures(app, about)
            assert not app.session_state[session.FAULTS], about
            shown = levers_of(app)[key].value
            assert shown == (pytest.approx(end) if isinstance(end, float) else end), about


def test_what_cannot_hold_together_keeps_the_last_valid_result():
    app = opened(popovers=POPOVERS)
    app.slider(key="lever_market_share").set_value(90.0).run()
    before = app.session_state[session.HISTORY]
    app.slider(key="lever_other_acos_share").set_value(50.0).run()
    assert app.session_state[session.HISTORY] == before
    shows_one_sentence_and_four_figures(app, "two shares of 140%")
    (said,) = [text.value for text in app.markdown if "last valid value is kept" in text.value]
    assert "together they are at most 100" in said
    assert app.slider(key="lever_other_acos_share").value == 0.0
    app.slider(key="lever_other_acos_share").set_value(10.0).run()
    assert not [text for text in app.markdown if "last valid value is kept" in text.value]
    assert app.session_state[session.HISTORY].now.scenario.other_acos_share == 0.1


BAD_LINKS = (
    "cut=", "cut=lots", "cut=nan", "cut=-inf", "cut=1e999", "cut=60.1", "cut=0x1", "quality=-1",
    "quality=101", "share=1e9", "people=0", "people=2.5e6", "people=-45000", "person_years=0",
    "cost=0", "contract=F", "contract=", "contract=e", "min=0.3", "min=lots", "year=1999",
    "year=2025.5", "year=2021", "start=2021-01-01", "start=yesterday", "start=2025-13-01",
    "period=0", "period=1.5", "own_effect=maybe", "calibration=0", "v=0", "v=99", "v=-1", "v=",
    "tables=eJw", "tables=!!", "baseline=AAAA", "colour=blue", "<b>=1", "constructor=1",
    "tables=" + "A" * 5000, "quality=" + "9" * 500,
)  # fmt: skip


@pytest.mark.parametrize("link", BAD_LINKS, ids=lambda link: link[:20])
def test_a_bad_link_opens_with_a_notice_and_the_start_instead(link):
    key, _, value = link.partition("=")
    app = opened({key: value})
    shows_one_sentence_and_four_figures(app, link)
    assert app.session_state[session.HISTORY].now == session.opening()
    assert any("Not all of this link could be used" in text.value for text in app.markdown)
    app.run()  # the first run leaves the address to the script that a browser hears after it
    assert app.query_params == {"v": str(RULES_VERSION)}


def test_a_link_of_an_older_version_is_headed_as_what_it_is():
    headings = {
        str(RULES_VERSION - 1): "**The rules have changed since this link was made**",
        "99": "**Not all of this link could be used**",
    }
    for version, heading in headings.items():
        assert heading in [text.value for text in opened({"v": version}).markdown], version


def test_two_values_that_cannot_both_be_true_open_with_a_notice():
    app = opened({"share": "90", "others": "90"})
    shows_one_sentence_and_four_figures(app, "two shares of 180%")
    assert app.session_state[session.HISTORY].now == session.opening()
    assert any("Not all of this link could be used" in text.value for text in app.markdown)


def test_chips_add_up_to_the_tile_also_where_each_alone_would_not():
    app = opened({"v": str(RULES_VERSION), "quality": "60", "standard_met": "yes", "cut": "3.6"})
    app.session_state["chips"] = True
    app.run()
    moment = app.session_state[session.HISTORY].now
    names = ("cost_reduction", "quality_score", "quality_standard_met")
    shown = [voice.as_read(app.button(f"chip_{name}").label) for name in names]
    tenths = [Decimal(re.search(r"([+−])\$([\d.]+)M", text)[2]) for text in shown]
    signs = [-1 if "−" in text else 1 for text in shown]
    after, before = (simulate(s).payment for s in (moment.scenario, moment.baseline))
    assert sum(map(operator.mul, signs, tenths)) == millions(after) - millions(before)
    assert show.escaped(against_baseline(as_shown(after, before))) in {m.delta for m in app.metric}


def test_a_line_says_what_the_last_move_did_also_back_at_the_baseline():
    app = opened()
    assert not says(app, "Your move")
    app.slider(key="lever_quality_score").set_value(80.0).run()
    assert says(app, "**Your move** Quality 75.0 → 80.0: +$2.2M")
    app.slider(key="lever_quality_score").set_value(82.0).run()
    assert says(app, "Nothing changed against the baseline")
    assert says(app, "**Your move** Quality 80.0 → 82.0: no dollar moved")
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert says(app, "**Your move** Quality 80.0 → 75.0: −$2.2M")


def says(app, words):
    return any(words in voice.as_read(text.value) for text in app.markdown)
