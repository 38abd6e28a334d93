"""The approved words and pictures of every page: what changes without being meant is noticed.

A page is drawn on paper in many scenes. A file under ``approved/`` holds each of its lines once,
with the scenes that show it, and no figure: a digit is written ``#``, for figures are compared
with the engine elsewhere. All that a scene shows, figures with it, is held by a digest, and a
picture by one of what it draws. Whoever changes words or pictures on purpose looks at the page, and
then writes the files anew:

    APPROVE=1 uv run pytest tests/screens/test_approved.py
"""

import hashlib
import io
import json
import math
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pyarrow as pa
import pytest

import mssp_sim
from mssp_sim import Scenario, link, simulate
from mssp_sim.app import room_shown, session
from mssp_sim.app.history import History, Moment
from mssp_sim.charts import Picture
from mssp_sim.charts.tradeoff import tradeoff as map_picture
from mssp_sim.cms_files import finding
from mssp_sim.learning.content import myths, story
from mssp_sim.rooms import rehearsal, rounds
from mssp_sim.rooms import room as rooms
from mssp_sim.rooms.questions import estimate_of, team_challenge, vote_on
from mssp_sim.rooms.record import record
from mssp_sim.rooms.store import Store
from mssp_sim.screens.rule_changes import acos
from mssp_sim.studies.tradeoff import tradeoff
from mssp_sim.trace import LINES
from mssp_sim.words import tradeoff as words
from tests import paper
from tests.approval import ASKED
from tests.voice import agrees

PACKAGE = Path(mssp_sim.__file__).parent
APPROVED = Path(__file__).with_name("approved")
COMMAND = "APPROVE=1 uv run pytest tests/screens/test_approved.py"
SCENES = (APPROVED / "scenes.txt").read_text("utf-8").splitlines()
"""Links that open a scene each; most were drawn by chance and kept for what they alone show."""

BASELINE = Scenario(quality_score=0.82)
LESSONS = {"story": len(story()), "myths": len(myths())}
ONE_SCENE = ("check", "glossary", "join", "program", "rules", "trainer", "wall")
"""Rooms that show no scenario, or one of their own."""

ROOMS = (
    "attribution", "compare", "corridor", "election", "executive", "five_years", "luck", "quality",
    "real_acos", "rule_changes", "simulator", "spending_target", "this_year",
)  # fmt: skip
SLOW = {"election": 4, "rule_changes": 3, "real_acos": 3}
"""Rooms that are drawn in one of so many scenes."""

SLIGHTLY_OFF = 1.000000007
"""Takes figures off the border between two rounded ones, where machines differ."""

OF_THE_TRACE = {line.key for line in LINES}
"""Lines of the settlement, which many pages repeat: tests/test_trace_approved.py holds them."""

WHOLE = re.compile(r"(?<![\d.])\d[\d,]*\d|(?<![\d.])\d")
SECTION = re.compile(r"42 CFR [\w.()]+|\b425\.\d+[\w()]*")


class Said(str):
    """A line of a page as a reader sees it, with its figures."""

    __slots__ = ()


def told_of(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines without their figures, and a digest of them with their figures."""
    read = list(lines)
    yield from (masked(line) if isinstance(line, Said) else line for line in read)
    yield f"with its figures {digest([line for line in read if isinstance(line, Said)])}"


def masked(text: str) -> str:
    """Return a text without its figures: # for what stands before the point, and for each decimal.

    The numbers of the rule's sections stay.
    """
    kept = SECTION.findall(text)
    parts = [re.sub(r"\d", "#", WHOLE.sub("#", part)) for part in SECTION.split(text)]
    return "".join(a + b for a, b in zip(parts, [*kept, ""], strict=True)).replace("\n", " / ")


def digest(what: object) -> str:
    """Return a few letters that stand for what is drawn."""
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:10]


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value * SLIGHTLY_OFF:.4g}" if math.isfinite(value) else str(value)
    return value


def lines_of_picture(name: str, picture: Picture) -> Iterator[str]:
    yield Said(f"picture {name}: {picture.description}")
    spec = json.loads(json.dumps(picture.spec), parse_float=lambda text: _short(float(text)))
    yield f"picture {name} is drawn as {digest(spec)}"
    for which, data in picture.datasets.items():
        rows = pa.ipc.open_stream(io.BytesIO(data)).read_all().to_pylist()
        shown = [{key: _short(value) for key, value in row.items()} for row in rows]
        yield f"picture {name} has {which} {digest(shown)}"
        yield from (Said(f"mark of {name}: {row['text']}") for row in rows if row.get("text"))
    yield from lines_of_table(f"cells of {name}", picture.table())


def lines_of_table(name: str, rows: Any) -> Iterator[str]:
    for row in rows:
        yield Said(f"{name}: " + " | ".join(f"{head} = {cell}" for head, cell in row.items()))


def lines_of(page: paper.Paper) -> Iterator[str]:
    """Yield all that a page shows, a line each."""
    yield from (Said(f"says: {text}") for text in page.texts)
    yield from (Said(f"cells: {row}") for text in page.cells for row in text.splitlines())
    for table in page.tables:
        yield from lines_of_table("table", table)
    for name, picture in page.pictures.items():
        yield from lines_of_picture(name, picture)
    for figure in page.figures:
        told = (figure.key, figure.label, figure.term, figure.shown, _sign(figure.amount),
                figure.note, figure.tone, figure.note_tone, figure.look,
                figure.why_rounded)  # fmt: skip
        yield Said("figure: " + " · ".join(told))
        steps = figure.how()
        off = 3 if figure.why_rounded or "takes the rounding" in steps[-1].numbers else 1
        assert agrees(figure.shown, figure.amount, off), (figure.key, figure.shown, figure.amount)
        for step in steps:
            assert agrees(step.value, step.amount, off), (step.name, step.value, step.amount)
            if step.key in OF_THE_TRACE:
                continue
            told = (step.name, step.words, step.numbers, step.value, step.section, step.known)
            yield Said(f"steps of {figure.key}: " + " = ".join(told))


def _sign(amount: float) -> str:
    return "no amount" if math.isnan(amount) else ("zero", "more", "less")[int(np.sign(amount))]


# Scenes.


def opened(scene: str) -> tuple[Moment, Mapping[str, str]]:
    """Return what a link puts on the desk, and what its pages remember."""
    query = parse_qs(scene, keep_blank_values=True)
    named, _ = link.whose(query)
    start, against, aco = Scenario(), BASELINE, None
    if named:
        aco, found = finding.loaded(*named)
        start = against = found.scenario
    linked = link.decode(query, start, against)
    return Moment(linked.scenario, linked.baseline, linked.kept, aco), linked.places


def drawn(room: str, scene: str) -> Iterator[str]:
    """Yield the lines of a room in a scene."""
    moment, places = opened(scene)
    held = {session.HISTORY: History(moment)}
    yield from told_of(
        lines_of(
            paper.draw(
                room, moment.scenario, moment.baseline, all_open=True, places=dict(places), **held
            )
        )
    )


def lessons(room: str) -> Iterator[str]:
    """Yield a link for each step of a lesson: before the bet, after a wrong or a right one."""
    for at in range(LESSONS[room]):
        for marks in ("", "_" * at + "b", "_" * at + "A"):
            yield f"{'story' if room == 'story' else 'myth'}={at}" + (f".{marks}" if marks else "")


def scenes_of(room: str) -> list[str]:
    """Return the links that a room is drawn at."""
    if room in LESSONS:
        return list(lessons(room))
    return SCENES[:1] if room in ONE_SCENE else SCENES[:: SLOW.get(room, 1)]


def shown_in(room: str) -> str:
    """Return each line of a room with the numbers of the scenes that show it."""
    found: dict[str, list[int]] = {}
    scenes = scenes_of(room)
    for number, scene in enumerate(scenes):
        for line in dict.fromkeys(drawn(room, scene)):
            found.setdefault(line, []).append(number)
    return "".join(f"{_told(numbers, len(scenes))} {line}\n" for line, numbers in found.items())


def _told(numbers: list[int], of: int) -> str:
    return "all" if len(numbers) == of else ",".join(map(str, numbers))


@pytest.fixture(autouse=True)
def _nobody_came_before(monkeypatch):
    """Forget what a test before has loaded: who comes first reads that it takes a while."""
    monkeypatch.setattr(acos, "_LOADED", {})
    acos._compared.cache_clear()


@pytest.mark.parametrize("name", [*ROOMS, *ONE_SCENE, *LESSONS])
def test_a_room_shows_what_was_approved(name):
    compared(name, shown_in(name))


def compared(name: str, now: str) -> None:
    """Compare what is shown with what is approved under a name."""
    file = APPROVED / f"{name}.txt"
    if ASKED:
        file.write_text(now, "utf-8")
    assert file.exists(), f"nothing is approved of {name}; look at the page, then: {COMMAND}"
    before, after = (text.splitlines() for text in (file.read_text("utf-8"), now))
    gone = [line for line in before if line not in set(after)]
    new = [line for line in after if line not in set(before)]
    assert gone == new == [], (
        f"{name} shows otherwise than approved.\nGone: {gone[:5]}\nNew: {new[:5]}\n"
        f"If that is meant, look at the page, then: {COMMAND}"
    )


# Pictures that no page draws by itself.


def of_the_map() -> Iterator[str]:
    """Yield the lines of the trade-off map in every fourth scene."""
    for scene in SCENES[::4]:
        moment, _ = opened(scene)
        result, baseline = simulate(moment.scenario), simulate(moment.baseline)
        place = (float(baseline.savings_rate), float(moment.baseline.quality_score),
                 float(baseline.payment))  # fmt: skip
        found = tradeoff(moment.scenario)
        yield Said(f"title: {words.map_title(found)} {words.map_words(found, result)}")
        said = words.map_description(found, result)
        yield from lines_of_picture("map", map_picture(found, place, "light", said))


def of_a_room(store: Store) -> Iterator[str]:
    """Yield the lines of the pictures of a vote, an estimate and a decision, for twelve seats."""
    made = rooms.open_room(store)
    seats = [rooms.join(store, made.code, f"Team {number}") for number in range(12)]
    for number, question in enumerate((vote_on("slip"), estimate_of("slip"), team_challenge()), 1):
        rounds.start_round(store, made.code, made.key, question)
        for at, seat in enumerate(seats):
            given = rehearsal.simulated_answer(question, random.Random(at))
            rounds.answer(store, made.code, seat.token, number, 0, given)
        rounds.reveal(store, made.code, made.key)
    for one in record(store, made.code, made.key).rounds:
        for name, picture in room_shown.pictures(one.question, one.shown, "light"):
            yield from lines_of_picture(name, picture)


def test_the_map_shows_what_was_approved():
    compared("the_map", "\n".join(told_of(of_the_map())) + "\n")


def test_the_pictures_of_a_room_show_what_was_approved(store):
    compared("a_live_room", "\n".join(told_of(of_a_room(store))) + "\n")


def test_every_room_is_approved():
    pages = {file.parent.name for file in (PACKAGE / "screens").glob("*/page.py")}
    assert pages == {*ROOMS, *ONE_SCENE, *LESSONS}
    assert {file.stem for file in APPROVED.glob("*.txt")} == pages | {
        "scenes",
        "the_map",
        "a_live_room",
    }
