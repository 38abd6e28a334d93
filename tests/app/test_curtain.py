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


def dollars_of(now, against):
    """Return what only the arithmetic of these two settlements holds: dollars to the dollar."""
    return {words for words in answers(now, against) if not words.endswith("M")}


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
    return app, answers(simulate(scenario), against.result), dollars_of(now.result, against.result)


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
    ids = [getattr(proto, "id", "")]
    for field in ("expandable", "popover", "tab_container"):
        ids.append(getattr(getattr(proto, field, None), "id", ""))
    found = next((each for each in ids if each), "")
    return found.rpartition("-")[2]


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
    return "\n".join(said).replace("\\", "")


def walk(app, name):
    """Yield what a page holds with nothing open, and with each thing open that opens."""
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, (name, app.exception)
    yield "closed", held(app)
    for key, ways in opens(app).items():
        for way in ways:
            app.session_state[key] = way
            app.run()
            assert not app.exception, (name, key, app.exception)
            yield f"{key}: {way}", held(app)


def told_on(app, names, told):
    """Return where a page tells what it should not."""
    return [
        (name, where, sorted(words for words in told if words in text))
        for name in names
        for where, text in walk(app, name)
        if any(words in text for words in told)
    ]


@pytest.mark.long
@pytest.mark.parametrize("card", CARDS)
def test_behind_the_curtain_no_page_tells_the_answer_of_a_card(card):
    asked = filled(deck()[card])
    known = " ".join([asked.question, *(option.text for option in asked.options)])
    for state in STATES:
        app, told, exact = opened(card, state)
        told = {words for words in told if words not in known}
        desk = [name for name in PAGES if name not in frame.LESSONS]
        assert told_on(app, desk, told) == [], state
        assert told_on(app, frame.LESSONS, exact) == [], state
