"""Behind the curtain no page, tab, popover, expander or file tells the answer, whatever the card.

The pages come from the navigation, the cards from the deck, what opens from the page itself: what
is added to any of them is walked without a word here.
"""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim import simulate
from mssp_sim.app import frame, session
from mssp_sim.app.history import History, Moment
from mssp_sim.figures import plain, whole_dollars
from mssp_sim.learning.trainer import deck, filled, on_desk
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests import voice

APP = Path(__file__).parents[2] / "app.py"
PAGES = [name for pages in frame.PAGES.values() for name in pages]
CARDS = tuple(deck())
STATES = ("dealt", "moved", "counted")
"""As the card was dealt; a lever moved since; with the votes of the room counted."""

OF_DOLLARS = (
    "shared_savings", "shared_losses", "gross_savings", "left_on_the_table", "medicare_part",
    "lost_to_quality", "lost_at_the_minimum",
)  # fmt: skip
SMALLEST = 1_000


def answers(now, against):
    """Return every way in which a page could tell what a settlement came to."""
    told = set()
    for result in (now, against):
        told |= {tile.shown for tile in four_tiles(result, against)}
        told.add(outcome(result))
        for name in OF_DOLLARS:
            dollars = abs(float(getattr(result, name)))
            if dollars > SMALLEST:
                told |= {whole_dollars(dollars), plain(dollars, 0), f"{dollars:.2f}"}
    return {words for words in told if "$" in words or len(words) > len("37.5%")} - {"$0.0M"}


def to_the_dollar(told):
    """Return what no text holds by chance, of all that could tell an answer."""
    return {words for words in told if not words.endswith("M")}


def opened(card, state):
    """Return a session with a card on the desk and the curtain down."""
    now, against = on_desk(deck()[card])
    scenario = now.scenario
    if state == "moved":
        scenario = replace(scenario, quality_score=0.5, cost_reduction=0.0444)
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.run()
    app.session_state[session.HISTORY] = History(Moment(scenario, against.scenario))
    votes = ",".join("3" * len(deck()[card].options))
    app.session_state[session.PLACES] = {"preset": card, "curtain": "on"} | (
        {"vote": votes} if state == "counted" else {}
    )
    return app, answers(simulate(scenario), against.result)


def parts(node):
    """Yield every block and element under a node of the page."""
    yield node
    for child in getattr(node, "children", {}).values():
        yield from parts(child)


def opens(app):
    """Return what can be opened: by its key, what it is opened with."""
    found = {}
    for root in app._tree.children.values():
        for part in parts(root):
            proto = getattr(part, "proto", None)
            kind = part.type
            if kind in ("expander", "popover", "expandable") and proto is not None:
                key = key_of(proto)
                if key:
                    found[key] = [True]
            elif kind in ("tab_container", "tabs"):
                key = key_of(proto)
                if key:
                    found[key] = [child.label for child in part.children.values()]
    return found


def key_of(proto):
    """Return the key of what opens, from the name that Streamlit gives it in a page."""
    inside = (getattr(proto, field, None) for field in ("expandable", "popover", "tab_container"))
    ids = (getattr(each, "id", "") for each in (proto, *inside))
    return next(filter(None, ids), "").rpartition("-")[2]


def held(app):
    """Return all that a page holds: texts, alt texts, titles, links, names of files, rows."""
    said = []
    for root in app._tree.children.values():
        for part in parts(root):
            proto = getattr(part, "proto", None)
            if proto is None:
                continue
            said.append(str(proto).encode().decode("unicode_escape", "ignore"))
            said += [str(getattr(part, name, "")) for name in ("value", "label", "help")]
            for dataset in getattr(proto, "datasets", ()):
                with pa.ipc.open_stream(dataset.data.data) as stream:
                    said += [str(row) for row in stream.read_all().to_pylist()]
    return voice.unescaped("\n".join([*said, str(dict(app.query_params))]))


def walk(app, name, *, skip=()):
    """Yield what a page holds with nothing open, and with each thing open that opens."""
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, (name, app.exception)
    yield "closed", held(app)
    for key, ways in opens(app).items():
        if key in skip:
            continue
        for way in ways:
            app.session_state[key] = way
            app.run()
            assert not app.exception, (name, key, app.exception)
            yield f"{key}: {way}", held(app)


RAIL = ("more_around", "more_signed")
"""What opens beside every page that shows the desk: looked into on the first of them."""

ON_PAPER = ("program", "story", "myths", "check", "trainer")
"""Pages whose files are of their lessons, or of the trainer: none is of the desk."""


@pytest.mark.long
@pytest.mark.parametrize("card", CARDS)
def test_behind_the_curtain_no_page_tells_the_answer_of_a_card(card):
    asked = filled(deck()[card])
    known = " ".join([asked.question, *(option.text for option in asked.options)])
    for state in STATES:
        app, told = opened(card, state)
        told = {words for words in told if words not in known}
        for name in PAGES:
            lesson = name in frame.WITHOUT_RAIL
            if lesson and name != "rules" and state != "dealt":
                continue  # it knows no desk
            wanted = to_the_dollar(told) if lesson else told
            for where, text in walk(app, name, skip=() if name == PAGES[0] else RAIL):
                assert not sorted(words for words in wanted if words in text), (state, name, where)
            assert name in ON_PAPER or not app.get("download_button"), (state, name)


def test_the_walk_finds_the_answer_where_the_curtain_is_up():
    app, told = opened("slip", "dealt")
    app.session_state[session.PLACES] = {"preset": "slip"}
    found = {
        name: {words for _, text in walk(app, name) for words in told if words in text}
        for name in ("simulator", "rules", "trainer")
    }
    assert {"$6.5M", "$6,516,510", "37.5%"} & found["simulator"] >= {"$6.5M", "$6,516,510"}
    assert "$6,516,510" in found["rules"]
    assert "$6.5M" in found["trainer"]


def test_an_aco_of_another_size_offers_to_become_its_own_baseline():
    app = AppTest.from_file(str(APP), default_timeout=60)
    assert "own_baseline" not in [button.key for button in app.run().button]
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["people"] = "5000"
    app.run().button(key="own_baseline").click().run()
    now = app.session_state[session.HISTORY].now
    assert now.baseline == now.scenario
    assert "own_baseline" not in [button.key for button in app.button]
