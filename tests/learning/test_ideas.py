"""The table of the ideas that are taught: each place is opened, and the words of it are there."""

import re
from functools import cache
from pathlib import Path

import pytest

from mssp_sim import Scenario
from mssp_sim.learning import myths, opening_states, story
from mssp_sim.learning.check import Sitting, puzzle, question_order
from mssp_sim.learning.trainer import deck, filled
from tests import paper, voice

TABLE = Path(__file__).parents[2] / "docs" / "ideas.md"
ROW = re.compile(r"^\| (\d+) \| .+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
IDEAS = ROW.findall(TABLE.read_text("utf-8"))
BASELINE = Scenario(quality_score=0.82)


@cache
def shown(where):
    """Return every word of a place: of a lesson, as it stands when its answer is known."""
    kind, _, name = where.partition(":")
    places = {}
    if kind in ("story", "belief"):
        names = [lesson.name for lesson in (story() if kind == "story" else myths())]
        at = names.index(name)
        places = {"story" if kind == "story" else "myth": f"{at}.{'_' * at}s"}
        kind = "story" if kind == "story" else "myths"
    page = paper.draw(kind, Scenario(), BASELINE, places=places)
    said = [*page.texts, *(picture.description for picture in page.pictures.values())]
    for row in (row for table in page.tables for row in table):
        said += [*row, *map(str, row.values())]
    return voice.unescaped(" ".join(said))


def test_all_ideas_have_a_place():
    assert [int(number) for number, _, _ in IDEAS] == list(range(1, 53))


@pytest.mark.parametrize(("number", "where", "words"), IDEAS, ids=[n for n, _, _ in IDEAS])
def test_the_place_of_an_idea_says_it(number, where, words):
    assert words.casefold() in shown(where.strip()).casefold(), number


def test_the_gate_and_the_list_have_a_question_and_a_card():
    asked = {puzzle(n).name: Sitting.read("7").asked(n).question for n in question_order()}
    assert "gate before it is a scale" in asked["gate"].why
    assert "effect went elsewhere" in asked["moved-list"].why
    assert "nothing is shared" in filled(deck()["below_both"]).why
    assert "effect went elsewhere" in filled(deck()["list_moved"]).why
    assert {"my-patients", "new-clinicians", "quality-gate"} < set(deck())
    assert opening_states()["below_both"].result.payment == 0
