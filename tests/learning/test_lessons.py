"""Every lesson says what the engine says, under the rules of today and under changed ones."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.figures import money
from mssp_sim.learning import (
    ContentError,
    States,
    content,
    myth_order,
    myths,
    presets,
    recall,
    story,
    story_order,
)
from mssp_sim.learning.check import RESULT, puzzle, question_order
from mssp_sim.learning.expression import ExpressionError, evaluate, fill, holds
from mssp_sim.learning.progress import Progress

STATES = States()
LESSONS = (*story(), *myths())
ASKED = (*LESSONS, *recall())
LEAST_WORDS, MOST_WORDS, MOST_BEFORE = 600, 1_250, 60
INSTRUCTION = 10
"""Words the page itself adds to a step: which lever is unlocked, and how to go on."""


def texts(lesson):
    """Return every text of a lesson as it is written, by name."""
    found = {}
    for field in fields(lesson):
        value = getattr(lesson, field.name)
        if field.name in ("claims", "before", "now", "lever", "ask_at"):
            continue
        if isinstance(value, str):
            found[field.name] = value
        elif isinstance(value, tuple):
            found |= {
                f"{field.name} {n}": getattr(part, "text", part)
                for n, part in enumerate(value)
                if isinstance(getattr(part, "text", part), str) and field.name != "also"
            }
            found |= {
                f"reply {n}": part.reply for n, part in enumerate(value) if hasattr(part, "reply")
            }
    return found


def name(lesson):
    return getattr(lesson, "name", getattr(lesson, "question", ""))


@pytest.mark.parametrize("lesson", ASKED, ids=name)
def test_every_claim_holds(lesson):
    assert lesson.claims
    assert not [claim for claim in lesson.claims if not holds(claim, STATES)]


@pytest.mark.parametrize("lesson", ASKED, ids=name)
def test_no_figure_is_typed_into_a_text(lesson):
    for part, text in texts(lesson).items():
        bare = re.sub(r"\{[^{}]*\}", "", text)
        assert not re.search(r"[\d$%]", bare), (part, bare)


@pytest.mark.parametrize("lesson", ASKED, ids=name)
def test_every_text_is_filled_and_clean(lesson):
    for part, text in texts(lesson.filled(STATES)).items():
        assert not re.search(r"[{}]|\b(nan|inf)\b|-\$|−\$0\.0M", text), (part, text)


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_a_lesson_moves_what_it_says_it_moves(lesson):
    before, now = STATES[lesson.before], STATES[lesson.now]
    if lesson.lever:
        assert before.value(lesson.lever) != now.value(lesson.lever)
    assert lesson.wrong_idea


@pytest.mark.parametrize("lesson", ASKED, ids=name)
def test_the_answers_of_a_bet_differ_in_words(lesson):
    options = [option.text for option in lesson.filled(STATES).options]
    assert len(set(options)) == len(options)


def test_the_story_takes_ten_minutes_of_reading():
    steps = [step.filled(STATES) for step in story()]
    for step in steps:
        assert step.words_before() <= MOST_BEFORE, step.name
    asked = [q.filled(STATES) for q in recall()]
    again = sum(
        len(" ".join([q.question, q.why, *(o.text for o in q.options)]).split()) for q in asked
    )
    total = sum(step.words() for step in steps) + again + INSTRUCTION * (len(steps) - 2)
    assert LEAST_WORDS <= total <= MOST_WORDS


def test_the_story_says_the_figures_of_the_reference_aco():
    said = {step.name: step.filled(STATES) for step in story()}
    assert said["the good year"].headline == "$8.7M: every dollar counts."
    assert said["the slip"].headline == "$2.2M is left on the table."
    assert "50.0% × 75.0% = 37.5%" in said["the slip"].meaning
    assert said["the way back"].headline == "76.7: the standard itself."
    assert said["the hard way"].headline == "$5.9M more."
    assert "$12,852" in said["the weather"].meaning
    assert said["one owner"].headline == "$9.1M: the full share again."
    assert said["the other side"].headline == "$10.0M: more to earn, more to owe."
    assert said["the first bet"].headline == "$6.5M of $17.7M arrives."
    # 45,000 x 5.1%; 2,295 / 45,000 of 17,732,000 is 904,332
    assert said["the moving list"].headline == (
        "42,705: 2,295 people it managed were not its own at the end."
    )
    assert "$0.9M of effect went elsewhere" in said["the moving list"].meaning
    assert "Attribution, target and quality are one system" in said["the first bet"].meaning
    # (17,732,000 - 2% of 572,000,000) x 50% x 98% = 3,083,080
    assert [o.text.partition(":")[0] for o in said["the good year"].options] == [
        "$3.1M", "$8.7M", "$17.7M",
    ]  # fmt: skip


CHANGED = {
    "a higher standard": lambda _: {"quality_performance_standard": 0.80},
    "a higher share": lambda r: {"sharing_rate": r.sharing_rate + 0.1},
    "no sequestration": lambda _: {"sequestration_rate": 0.0},
    "a wider cap on risk": lambda _: {"risk_growth_cap": 0.06},
    "a higher floor of the loss rate": lambda r: {
        "shared_loss_rate_floor": np.maximum(r.shared_loss_rate_floor, 0.5)
    },
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_changed_parameter_changes_a_text_or_fails_a_claim(change):
    other = States(lambda year, start: _changed(rules_in_force(year, start), change))
    moved = [
        name(lesson)
        for lesson in ASKED
        if texts(lesson.filled(other)) != texts(lesson.filled(STATES))
        or any(not holds(claim, other) for claim in lesson.claims)
    ]
    assert moved


def _changed(rules, change):
    return replace(rules, **change(rules))


def test_a_rule_that_bends_the_other_way_fails_the_claim_about_it():
    def flat(year, start):
        return replace(rules_in_force(year, start), risk_growth_cap=0.2)

    cards = {card.name: card for card in myths()}
    claim = "risk_over_cap.shared_savings == risk_at_cap.shared_savings"
    assert claim in cards["better-coding"].claims
    assert not holds(claim, _pinned_presets(flat))


def _pinned_presets(rulebook):
    """Return the states of today's presets, settled by other rules."""
    changed = States(rulebook)
    for preset in presets().values():
        changed._known[preset.name] = changed.settled(STATES[preset.name].base, preset)
    return changed


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_every_state_is_the_engines_own(lesson):
    for preset in {lesson.before, lesson.now, *getattr(lesson, "also", ())}:
        state = STATES[preset]
        alone = simulate(state.scenario)
        assert state.result.payment == alone.payment
        assert fill(f"{{{preset}.shared_savings}}", STATES) == money(alone.shared_savings)


@pytest.mark.parametrize(
    "text",
    ["good", "good.wealth", "nobody.shared_savings", "good.payment()", "__import__('os')",
     "good.__class__", "[1]", "1 if good else 2", "good.shared_savings + good.savings_rate",
     "good.section.wealth", "good.state + 1", "True", "good.payment ** 2", "a <", ""],
)  # fmt: skip
def test_an_expression_that_is_no_sum_of_figures_is_refused(text):
    with pytest.raises(ExpressionError):
        evaluate(text, STATES)


def test_a_figure_is_no_claim_and_a_claim_no_figure():
    with pytest.raises(ExpressionError, match="compares nothing"):
        holds("good.payment", STATES)
    with pytest.raises(ExpressionError, match="a figure is wanted"):
        evaluate("good.payment > 0", STATES)
    with pytest.raises(ExpressionError, match="a brace is left over"):
        fill("{good.payment", STATES)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "x", "colour": "blue"}, "has colour"),
        ({"name": "x"}, "missing"),
        ({"before": "nobody"}, "names nobody"),
        ({"right": 7}, "right is 7"),
        ({"claims": []}, "claims nothing"),
        ({"lever": "wealth"}, "lever is wealth"),
        ({"options": ["a", "b"]}, "each wrong answer has a reply"),
        ({"right": 1}, "each wrong answer has a reply"),
    ],
)
def test_a_lesson_that_is_not_well_formed_is_refused_by_name(given, said):
    whole = {
        "name": "x", "title": "t", "wrong_idea": "w", "question": "q", "belief": "january",
        "options": ["a", {"text": "b", "reply": "r"}], "right": 0,
        "before": "good", "now": "slip", "lever": "quality_score",
        "claims": ["1 < 2"], "text": "t", "headline": "h", "meaning": "m",
    }  # fmt: skip
    only = given if "name" in given else whole | given
    with pytest.raises(ContentError, match=said):
        content.entry(content.StoryStep, only, "story.toml")


@pytest.mark.parametrize(
    "text", [None, "", "11", "99", "4.x", "4.____________", "-1", "4.b.b", "٤", "4;drop"]
)
def test_progress_that_cannot_be_read_is_the_start(text):
    assert Progress.read(text, 11) == Progress(0, "_" * 11)


def test_progress_keeps_every_bet_through_its_text():
    here = Progress.read(None, 11).placed(2).shown().moved(3).placed(0).moved(10).skipped()
    again = Progress.read(here.written(), 11)
    assert again == here
    assert [again.bet(at) for at in (0, 3, 10)] == [2, 0, None]
    assert [again.revealed(at) for at in (0, 1, 3, 10)] == [True, False, False, True]
    assert again.moved(0).placed(1) == again.moved(0)  # a bet is kept


def test_the_opening_is_the_slip():
    assert STATES["slip"].scenario == Scenario()


NUMBERED = {
    "story": (
        story_order, lambda n: story()[n].name,
        ["the opening bet", "the target", "the minimum", "the good year", "the slip",
         "the way back", "the hard way", "the weather", "one owner", "the other side",
         "the first bet"],
    ),
    "myth": (
        myth_order, lambda n: myths()[n].name,
        ["under-the-minimum", "only-above", "quality-scales", "small-slip", "market-share",
         "better-coding", "caps-protect", "cheaper-region", "losses-cost", "losses-above",
         "enhanced-better", "quality-only-savings", "any-size", "no-minimum", "twice-the-savings",
         "january", "unpaid-half"],
    ),
    "quiz": (
        question_order, lambda n: puzzle(n).name,
        ["near-miss", "first-dollar", "slip", "above-the-line", "weather", "market-share",
         "overspent", "contract"],
    ),
}  # fmt: skip
"""What each number of a link meant on the first day, by its place in the link."""


@pytest.mark.parametrize("place", NUMBERED)
def test_a_number_of_an_old_link_still_means_the_same(place):
    order, named, names = NUMBERED[place]
    assert [named(number) for number in range(len(names))] == names
    assert set(order()) == set(range(len(order()) + (place == "quiz"))) - (
        {RESULT} if place == "quiz" else set()
    )


def test_an_order_that_leaves_one_out_is_refused(tmp_path):
    (tmp_path / "rows.toml").write_text('order = ["b", "a"]\n')
    assert content.order("rows", ["a", "b"], tmp_path) == (1, 0)
    with pytest.raises(ContentError, match="differ by c"):
        content.order("rows", ["a", "b", "c"], tmp_path)
    (tmp_path / "rows.toml").write_text('order = ["b", "a", "a"]\n')
    with pytest.raises(ContentError, match="a name twice"):
        content.order("rows", ["a", "b"], tmp_path)


def test_every_question_is_a_whole_sentence():
    cut = [name(lesson) for lesson in ASKED if lesson.options and lesson.question[-1] != "?"]
    assert not cut


REPLIES = [lesson for lesson in LESSONS if lesson.options]


@pytest.mark.parametrize("lesson", REPLIES, ids=name)
def test_each_wrong_answer_is_answered_by_itself(lesson):
    said = [option.reply for option in lesson.filled(STATES).options if option.reply]
    assert len(said) == len(lesson.options) - 1 == len(set(said))
    assert all(text[0].isupper() and text[-1] in ".?!" for text in said)
