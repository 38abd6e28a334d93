"""The app driven by an assistant: Streamlit's agent interface, asked as a program asks it.

The test is the client: plain JSON-RPC over HTTP, and no model. `assistant_questions.toml` holds
what is asked; each answer on the page is compared with the engine, settled apart.
"""

import asyncio
import json
import re
import tomllib
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.app import assistant, levers
from mssp_sim.parameters import RULES_VERSION
from tests import conftest
from tests.wire import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.long]

QUESTIONS = tomllib.loads((Path(__file__).parent / "assistant_questions.toml").read_text("utf-8"))[
    "questions"
]
MOST_CALLS = 6
CENT = 0.005
COMES_TO = 3
ON = "--server.enableAgentApi=true"


@pytest.fixture(scope="module")
def switched_on(tmp_path_factory):
    with conftest._served(tmp_path_factory.mktemp("assistant") / "log", ON) as address:
        yield address


class Assistant:
    """A client of the interface: one session, its last page, and how often it asked."""

    def __init__(self, address):
        self.address, self.calls, self.page = f"{address}/_stcore/agent/mcp", 0, {}

    def say(self, method, **params):
        """Send one message; return its result."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        asked = urllib.request.Request(
            self.address,
            json.dumps(message).encode(),
            {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(asked, timeout=60) as answer:
            return json.load(answer)["result"]

    def interact(self, **arguments):
        """Call the app once, in one session."""
        if self.page:
            arguments["session_id"] = self.page["session_id"]
        self.calls += 1
        answer = self.say("tools/call", name="interact", arguments=arguments)
        text = answer["content"][0]["text"]
        assert not answer.get("isError"), text
        self.page = json.loads(text)
        assert self.page["status"] == "ready"
        return self

    def elements(self, *nodes):
        """Yield every element of the page, from the top."""
        (node,) = nodes or [self.page["tree"]]
        if isinstance(node, list):
            for part in node:
                yield from self.elements(part)
        elif isinstance(node, dict):
            if "type" in node:
                yield node
            for name, part in node.items():
                if name not in ("props", "data"):
                    yield from self.elements(part)

    def element(self, key):
        """Return the element of a key."""
        return next(found for found in self.elements() if found.get("key") == key)

    def texts(self):
        """Return what the page says, element by element."""
        return [found["props"].get("body", "") for found in self.elements() if found.get("props")]

    def read(self, *, row, table="", column="", sign=1):
        """Return the dollars of a row of the arithmetic, or of a cell of a table of data."""
        if table:
            data = self.element(table)["data"]
            place = [each["name"] for each in data["columns"]].index(column)
            return sign * next(cells[place] for cells in data["preview"]["rows"] if cells[0] == row)
        whole = next(text for text in self.texts() if text.startswith("| Step"))
        for line in whole.splitlines():
            cells = [plain(cell) for cell in line.strip("| ").split(" | ")]
            if cells[0] == row:
                return float(re.sub(r"[$,]", "", cells[COMES_TO]).replace("−", "-"))
        raise AssertionError(f"no row {row!r} in the arithmetic")


def plain(text):
    return re.sub(r"\\(.)", r"\1", text).strip()


def settled(engine, changes):
    return float(getattr(simulate(Scenario(**changes)), engine))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])
def test_a_question_is_answered_to_the_dollar(switched_on, question):
    asked = Assistant(switched_on)
    if "widget_state" in question["calls"][0]:  # a page is read before anything on it is moved
        asked.interact()
    for call in question["calls"]:
        asked.interact(**call)
    expected = settled(question["engine"], question["scenario"])
    if "against" in question:
        expected -= settled(question["engine"], question["against"])
    # the arithmetic shows whole dollars, a table the cents
    nearest = CENT if "table" in question["read"] else 0.5
    assert asked.read(**question["read"]) == pytest.approx(expected, abs=nearest)
    assert asked.calls <= MOST_CALLS


def test_there_are_twenty_five_questions_and_no_two_alike():
    assert len({question["ask"] for question in QUESTIONS}) == 25
    assert len({question["engine"] for question in QUESTIONS}) >= 10


def test_a_page_begins_with_the_version_of_the_rules_and_that_this_is_no_advice(switched_on):
    asked = Assistant(switched_on)
    for page in ("", "executive", "corridor", "story", "trainer", "glossary"):
        asked.interact(page=page)
        first = next(filter(None, asked.texts()))
        assert f"Rules version {RULES_VERSION}. This is education, not advice." in first, page


def test_a_browser_is_not_told_what_an_assistant_is(switched_on):
    async def seen():
        visitor = await Visitor(switched_on).open()
        await visitor.close()
        return str(visitor.shown)

    with ThreadPoolExecutor(1) as apart:  # a browser's test may have a loop running here
        said = apart.submit(lambda: asyncio.run(seen())).result()
    assert "This is education, not advice." in said
    assert assistant.notice()[:20] not in said


def test_an_assistant_moves_every_lever_of_the_rail(switched_on):
    asked = Assistant(switched_on)
    asked.interact().interact(widget_state={"more_around": True, "more_signed": True})
    offered = {action["key"]: action["type"] for action in asked.page["actions"]}
    assert not {kind for kind in offered.values() if "component" in kind}
    sliders = [key for key, kind in offered.items() if kind == "slider"]
    assert {f"lever_{name}" for name in levers.LIVE} <= set(sliders)
    assert len(sliders) > 20
    for key in sliders:
        slider = asked.element(key)
        props = slider["props"]
        up = slider["value"] + props["step"] <= props["max_value"]
        to = round(slider["value"] + (props["step"] if up else -props["step"]), 6)
        asked.interact(widget_state={key: to})
        assert asked.element(key)["value"] == pytest.approx(to), key
    before = asked.page["query_params"]
    asked.interact(trigger={"key": "undo"})
    assert asked.element(key)["value"] == pytest.approx(slider["value"])
    asked.interact(trigger={"key": "redo"})
    assert asked.page["query_params"] == before


def test_its_page_is_a_link_that_a_person_can_open(switched_on):
    asked = Assistant(switched_on).interact()
    asked.interact(widget_state={"lever_cost_reduction": 4.0, "lever_quality_score": 80.0})
    assert asked.page["query_params"] == {
        "v": [str(RULES_VERSION)],
        "cut": ["4"],
        "quality": ["80"],
    }


def test_it_says_at_the_door_what_it_can_do(switched_on):
    asked = Assistant(switched_on)
    met = asked.say("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={})
    assert "untrusted" in met["instructions"]
    tools = {tool["name"] for tool in asked.say("tools/list")["tools"]}
    assert tools == {"interact", "get_data"}
