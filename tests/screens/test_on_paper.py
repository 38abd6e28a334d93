"""What every room puts down, in many scenarios: letters, figures by name, pictures drawn.

Each test here is about a kind of thing, wherever it stands; what a sentence has to say in one
scenario is in the tests of its room.
"""

import io
import json
import math
import re

import numpy as np
import pyarrow as pa
import pytest

from mssp_sim import Scenario
from mssp_sim.figures import money, percent, plain, whole_dollars
from mssp_sim.learning.content import myths, story
from mssp_sim.trace import LINES
from tests import paper, random_scenarios
from tests.voice import begins_small, nonsense, shouted

ROOMS = (
    "attribution", "compare", "corridor", "election", "executive", "five_years", "luck", "quality",
    "simulator", "spending_target", "this_year",
)  # fmt: skip
BASELINE = Scenario(quality_score=0.82)
SCENES = [
    {}, {"cost_reduction": -0.04}, {"cost_reduction": 0.019}, {"cost_reduction": 0.24},
    {"level": "A", "cost_reduction": -0.03}, {"level": "ENHANCED", "quality_score": 0.6},
    {"level": "ENHANCED", "cost_reduction": -0.05, "quality_score": 0.9},
    {"market_share": 0.4, "regional_growth": 0.04, "risk_growth": 0.02, "own_effect": True,
     "benchmark_calibration": 1.01},
    {"cost_reduction": -0.03, "prospective_trend": 0.02},
    {"cost_reduction": 0.01, "participant_revenue_share": 0.2, "alternative_standard_met": False},
    *(random_scenarios.fields(np.random.default_rng(seed)) for seed in range(3)),
]  # fmt: skip


LESSONS = ("story", "myth")
PLAIN = ("program", "rules", "glossary")
"""Rooms that show no scenario."""


def pages_of(which):
    """Yield the rooms in one scenario, the lessons before and after the bet, or what is left."""
    if which in LESSONS:
        page, count = {"story": ("story", len(story())), "myth": ("myths", len(myths()))}[which]
        for at in range(count):
            for marks in ("", "_" * at + "b", "_" * at + "A"):
                place = {which: f"{at}.{marks}" if marks else str(at)}
                yield (
                    f"{page} {at} {marks.strip('_')}",
                    paper.draw(page, Scenario(), BASELINE, places=place),
                )
    elif which == "plain":
        for room in PLAIN:
            yield room, paper.draw(room, Scenario(), BASELINE)
    else:
        for room in ROOMS:
            yield room, paper.draw(room, Scenario(**SCENES[which]), BASELINE)


@pytest.fixture(scope="module", params=[*range(len(SCENES)), *LESSONS, "plain"])
def papers(request):
    drawn = dict(pages_of(request.param))
    for page in drawn.values():
        page.figures = [(figure, tuple(figure.how())) for figure in page.figures]
    return drawn


def rows_of(picture):
    for data in picture.datasets.values():
        yield from pa.ipc.open_stream(io.BytesIO(data)).read_all().to_pylist()


def every_text(page):
    yield from page.texts
    for table in page.tables:
        for row in table:
            yield from row
            yield from (cell for cell in row.values() if isinstance(cell, str))
    for picture in page.pictures.values():
        yield picture.description
        yield from (row["text"] for row in rows_of(picture) if row.get("text"))
    for figure, steps in page.figures:
        yield from (figure.label, figure.term, figure.note, figure.shown)
        for step in steps:
            yield from (step.name, step.words, step.numbers, step.value)


def test_every_text_is_plain_words_without_shouting_or_nonsense(papers):
    for room, page in papers.items():
        for text in every_text(page):
            assert not shouted(text), (room, text)
            assert not nonsense(text), (room, text)


def test_titles_labels_and_heads_begin_with_a_capital(papers):
    for room, page in papers.items():
        heads = {head for table in page.tables for row in table for head in row}
        heads |= {figure.label for figure, _ in page.figures}
        heads |= {step.name for _, steps in page.figures for step in steps}
        heads |= {picture.description for picture in page.pictures.values()}
        heads |= {text for text in page.texts if text.endswith(".")}
        for head in heads:
            assert not begins_small(head), (room, head)


# Figures.


def forms(amount):
    """Return every way the house shows an amount; a ratio may stand as its growth."""
    size = abs(amount)
    return {
        money(size), whole_dollars(size), *(percent(size, digits) for digits in range(5)),
        *(plain(size, digits) for digits in range(5)),
        *(f"{plain(size, digits)} points" for digits in (1, 2)),
        *(f"{plain(size * 100, digits)}{unit}" for digits in (1, 2) for unit in ("", " points")),
        percent(abs(size - 1)),
    }  # fmt: skip


OUTLINED = ("lost", "small", "medicare", "not_counted")
"""What a picture draws as a part that is missing carries a minus whatever its sign."""

DOLLARS = re.compile(r"^(?:owes |earns )?(−|\+)?(<?\$[\d,.]+(?:M|B)?)$")
A_TENTH = 100_000
"""What a bar may be off where the bars add up as shown."""


def test_a_figure_shows_its_amount_and_its_last_step_comes_to_it(papers):
    for room, page in papers.items():
        for figure, steps in page.figures:
            last = steps[-1]
            where = (room, figure.label, figure.shown, figure.amount, last.value, last.amount)
            if not math.isnan(figure.amount) and not math.isnan(last.amount):
                growth = abs(figure.amount + 1 - last.amount)  # a factor may stand as its growth
                assert min(abs(abs(figure.amount) - abs(last.amount)), growth) <= 0.011, where
            found = DOLLARS.match(figure.shown)
            bare = found[2] if found else figure.shown.lstrip("−+")
            if figure.why_rounded or (room in ("attribution", "compare") and found):
                size = float(bare.strip("<$M").replace(",", "")) * 1e6
                assert abs(size - abs(last.amount)) <= A_TENTH, where
            elif room != "attribution" and figure.shown != last.value:
                assert bare in forms(last.amount), where
            if found and figure.amount == figure.amount and figure.look not in OUTLINED:
                if found[1] == "−":
                    assert figure.amount < 0, where
                if found[1] == "+":
                    assert figure.amount > 0, where


def test_a_figure_knows_its_amount_unless_only_the_arithmetic_does(papers):
    lines = {line.key for line in LINES}
    for room, page in papers.items():
        for figure, _ in page.figures:
            if math.isnan(figure.amount):
                assert figure.key in lines or figure.key.startswith("Drawn: "), (room, figure.label)


def test_each_step_to_a_figure_has_its_words_its_value_and_its_paragraph(papers):
    for room, page in papers.items():
        for figure, steps in page.figures:
            for step in steps:
                assert all((step.name, step.words, step.value, step.section)), (room, figure.label)


# Pictures.


def painted(picture):
    """Return by role which looks its layers know; none where a layer serves any look."""
    known = {}
    for layer in picture.spec["layer"]:
        written = json.dumps(layer)
        for role in re.findall(r"datum\.role === '([\w-]+)'", written):
            looks = [set(json.loads(found)) for found in looks_in(layer) if '"' in found]
            known.setdefault(role, []).extend(looks)
    return known


def looks_in(part):
    if isinstance(part, dict):
        for value in part.values():
            yield from looks_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from looks_in(value)
    elif isinstance(part, str):
        yield from re.findall(r"\((\{[^}]*\})\)\[datum\.look\]", part)


def test_each_mark_has_a_layer_that_draws_it_and_a_place(papers):
    for room, page in papers.items():
        for name, picture in page.pictures.items():
            known = painted(picture)
            for row in rows_of(picture):
                where = (room, name, row)
                for channel in ("x", "x2", "y", "y2"):
                    assert row.get(channel) is None or math.isfinite(row[channel]), where
                if "role" in row:
                    assert row["role"] in known, where
                    looks = known[row["role"]]
                    assert not looks or any(row["look"] in each for each in looks), where
                if row.get("role") == "text":
                    assert row["text"], where


def test_a_picture_has_a_table_of_what_it_shows(papers):
    for room, page in papers.items():
        for name, picture in page.pictures.items():
            table = picture.table()
            assert table, (room, name)
            for row in table:
                assert row.keys() == table[0].keys(), (room, name)
                assert all(str(cell) for cell in row.values()), (room, name, row)
            assert picture.description, (room, name)


DAY_FIRST = re.compile(
    r"\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b(?! of)"
)


def test_no_room_writes_the_day_before_the_month(papers):
    for room, page in papers.items():
        pictures = [picture.description for picture in page.pictures.values()]
        found = DAY_FIRST.search("\n".join((page.said(), str(page.tables), *pictures)))
        assert not found, (room, found)
