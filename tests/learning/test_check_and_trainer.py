"""The questions in every situation, the trainer's cards, the challenge, the PDFs."""

import io
import re
from dataclasses import replace

import numpy as np
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.exports import handout
from mssp_sim.figures import money
from mssp_sim.glossary import words as words_of_the_app
from mssp_sim.learning import ContentError, States, myths, trainer
from mssp_sim.learning.check import RESULT, SEEDS, Sitting, puzzle, puzzles, question_order
from mssp_sim.learning.expression import holds
from mssp_sim.learning.states import opening_states
from mssp_sim.learning.trainer import challenge, deck, filled, on_desk, plans, votes
from mssp_sim.naming import value_as_shown
from mssp_sim.scenario import changed
from mssp_sim.trace import trace
from mssp_sim.words.outcome import outcome
from mssp_sim.words.tiles import four_tiles
from tests.voice import nonsense, shouted

STATES = States()
CARDS = tuple(deck().values())
NUMBERS = question_order()
TYPED = re.compile(r"\{[^{}]*\}")


@given(
    seed=st.integers(1, SEEDS - 1),
    when=st.sampled_from(["first", "again", "once more"]),
    number=st.sampled_from(NUMBERS),
)
@settings(max_examples=25)
def test_every_question_is_true_in_every_situation(seed, when, number):
    sitting = Sitting.read(f"{seed}{'r' if when == 'again' else ''}")
    asked = sitting.asked_once_more(number) if when == "once more" else sitting.asked(number)
    question = asked.question
    assert all(holds(claim, asked.around) for claim in question.claims)
    assert len({option.text for option in question.options}) == len(question.options)
    assert [n for n, idea in enumerate(question.ideas) if not idea] == [question.right]
    for text in (question.question, question.why, *(o.text for o in question.options)):
        assert not re.search(r"[{}]|\b(nan|inf)\b|-\$|\$0\.0M", text), text
    alone = simulate(asked.now.scenario)
    assert alone.payment == asked.now.result.payment


def test_two_are_new_situations_and_a_week_later_all_are():
    fixed = [
        {scenario(seed, again, n) for seed in range(1, 5)}
        for again in (False, True)
        for n in NUMBERS
    ]
    moved = [len(found) > 1 for found in fixed]
    assert sum(moved[: len(NUMBERS)]) == 2
    assert [puzzle(n).new for n in NUMBERS] == moved[: len(NUMBERS)]
    assert all(moved[len(NUMBERS) :])


@pytest.mark.parametrize("number", NUMBERS)
def test_a_missed_question_comes_back_in_another_situation(number):
    for seed in ("1", "7", "41", "8r"):
        sitting = Sitting.read(seed)
        first, second = sitting.asked(number), sitting.asked_once_more(number)
        assert repr(first.now.scenario) != repr(second.now.scenario)
        assert first.question.question != second.question.question
        assert all(holds(claim, second.around) for claim in second.question.claims)


def scenario(seed, again, number):
    return repr(Sitting.read(f"{seed}{'r' if again else ''}").asked(number).now.scenario)


def test_the_same_link_asks_the_same_and_a_week_later_another_situation():
    mine, theirs = Sitting.read("7~3.ab"), Sitting.read("7")
    assert [mine.asked(n).question for n in NUMBERS] == [theirs.asked(n).question for n in NUMBERS]
    later = mine.later()
    assert (later.code, later.answered()) == ("8r", ())
    assert [puzzle(n).name for n in NUMBERS] == [later.asked(n).puzzle.name for n in NUMBERS]
    assert later.asked(2).question.question != mine.asked(2).question.question
    assert Sitting.read(f"{SEEDS - 1}").later().code == "1r"


def test_an_answer_is_kept_through_its_text_and_never_changes():
    here = Sitting.read("12").answering(1).going_to(4).answering(2).going_to(RESULT)
    again = Sitting.read(here.written())
    assert again == here
    assert again.answered() == (0, 4)
    assert again.going_to(0).answering(0) == again.going_to(0)
    right = Sitting.read("12")
    for n in NUMBERS:
        right = right.going_to(n).answering(right.asked(n).question.right)
    assert right.right() == len(NUMBERS)


def test_the_second_answer_is_kept_beside_the_first():
    here = Sitting.read("12").going_to(4).answering(1).answering_once_more(2).going_to(9)
    assert here.written() == "12~9.____b~0.____c"
    again = Sitting.read(here.written())
    assert again == here
    assert (again.second.bet(4), again.progress.at) == (2, 9)
    assert again.right_once_more(4) == (again.asked_once_more(4).question.right == 2)
    assert again.right_at(0) is again.right_once_more(0) is None
    assert again.answering_once_more(0).second.bet(9) == 0
    assert again.later().written() == "13r~0"


@pytest.mark.parametrize("text", [None, "", "0", "1000", "x", "7~11", "7~0.zz", "7rr", "٤", "7~~"])
def test_a_quiz_that_cannot_be_read_is_the_first_one_or_unanswered(text):
    sitting = Sitting.read(text)
    assert sitting.answered() == ()
    assert sitting.progress.at == 0


def test_no_figure_is_typed_into_a_question_or_a_card():
    texts = [
        text
        for asked in (*puzzles(), *(card for card in CARDS if not card.belief))
        for text in (asked.question, asked.why, *(o.text for o in asked.options))
    ]
    for text in texts:
        assert not re.search(r"[\d$%]", TYPED.sub("", text)), text


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_a_card_is_true_and_its_question_tells_nothing_the_desk_shows(card):
    assert all(holds(claim, STATES) for claim in card.claims)
    now, against = on_desk(card)
    shown = filled(card)
    asked = " ".join([shown.question, card.title(STATES), *(o.text for o in shown.options)])
    for figure in figures(now.result, against.result):
        assert figure not in asked, figure
    assert 0 <= card.right < len(card.options) <= 4
    assert card.debrief


def figures(result, baseline):
    """Return the dollars and the share that the desk shows."""
    tiles = four_tiles(result, baseline)
    shown = " ".join([outcome(result), *(f"{t.shown} {t.note}" for t in tiles)])
    return set(re.findall(r"\$[\d,.]+M", shown)) - {"$0.0M"}


def test_the_deck_holds_the_story_and_every_belief():
    assert [card.key for card in CARDS if card.belief] == [card.name for card in myths()]
    assert [card.key for card in CARDS][:2] == ["slip", "good"]


def test_the_challenge_can_be_won_and_not_by_cost_alone():
    # 572,000,000 x 3.3% x 50% x 98% = 9,249,240; 3.2% would earn 8,968,960
    found = challenge().solution()
    assert found.shared_savings == pytest.approx(9_249_240)
    assert found.scenario.cost_reduction == 0.033
    assert all(check.holds for check in challenge().checks(found))
    # 572,000,000 x 3.5% x 37.5% x 98% = 7,357,350
    by_cost = simulate(Scenario(cost_reduction=0.035))
    assert by_cost.shared_savings == pytest.approx(7_357_350)
    assert not challenge().checks(by_cost)[0].holds


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({}, 0),
        ({"cost_reduction": 0.036, "quality_score": 0.8}, 1),
        ({"level": "ENHANCED", "quality_score": 0.8}, 2),
        ({"regional_growth": 0.06, "quality_score": 0.8}, 3),
    ],
)
def test_the_challenge_says_which_condition_is_broken(fields, broken):
    checks = challenge().checks(simulate(Scenario(**fields)))
    assert [n for n, check in enumerate(checks) if not check.holds] == [broken]


def test_the_limits_of_the_challenge_themselves_are_inside_it():
    earn, cut = challenge().earn, challenge().most_cut
    beside = {"cost_reduction": 1e-4, "shared_savings": 1.0}
    for name, limit, at_most in (("cost_reduction", cut, True), ("shared_savings", earn, False)):
        for step, wanted in ((-beside[name], at_most), (0.0, True), (beside[name], not at_most)):
            result = simulate(Scenario(quality_score=0.8, cost_reduction=cut))
            if name == "cost_reduction":
                result = simulate(Scenario(quality_score=0.8, cost_reduction=limit + step))
                check = challenge().checks(result)[1]
            else:
                check = challenge().checks(replace(result, shared_savings=limit + step))[0]
            assert check.holds == wanted, (name, step)
    at_the_largest = simulate(Scenario(quality_score=0.8, cost_reduction=cut))
    assert all(check.holds for check in challenge().checks(at_the_largest))
    assert challenge().read_out(at_the_largest) == "Challenge: solved"


def test_a_miss_by_a_hair_is_told_in_whole_dollars():
    # 572,000,000 x 50% x 98% = 280,280,000 a unit of savings rate; 8,960,000 / that = 3.1968%
    near = simulate(Scenario(quality_score=0.8, cost_reduction=0.03206))
    assert challenge().checks(near)[0].words.startswith("Earns $8,985,7")


def test_a_challenge_nobody_can_win_is_refused():
    with pytest.raises(ContentError, match="cannot be solved"):
        replace(challenge(), earn=20e6).solution()


@pytest.mark.parametrize("minutes", [30, 60, 90])
def test_a_third_of_a_session_is_debrief(minutes):
    parts = plans()[minutes].parts
    assert sum(part.minutes for part in parts) == minutes
    assert sum(part.minutes for part in parts if part.debrief) * 3 == minutes


def test_a_plan_without_debrief_is_refused():
    with pytest.raises(ContentError, match="a third is debrief"):
        trainer._plan({"minutes": 10, "parts": [{"name": "x", "minutes": 10, "doing": "y"}]})


@pytest.mark.parametrize("text", [None, "", "1", "a,b,c", "1,2,3,4,5", "-1,2,3", "1,2,²"])
def test_a_vote_that_cannot_be_read_is_no_vote(text):
    assert votes(text, 3) == (0, 0, 0)


def read(pdf):
    """Return the text of each page, spaces made plain."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_the_answers_have_the_apps_figures_and_the_pages_their_numbers():
    pages = read(handout.answers())
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page
    text = " ".join(pages)
    for tile in four_tiles(simulate(Scenario()), simulate(Scenario(quality_score=0.82))):
        assert f"{tile.label} {tile.shown}" in text
    assert "$6,649,500 − $132,990 = $6,516,510" in text


def test_no_answer_stands_before_its_bet():
    """Words of each answer, beyond those of the question and the choices, are on no page before."""
    text = " ".join(read(handout.handout("https://example.org/")))
    cards = [filled(deck()[key]) for key in handout.ASKED]
    asked = " ".join(f"{c.on_paper} {' '.join(o.text for o in c.options)}" for c in cards)
    asked += challenge().words
    for card in cards:
        assert card.why not in text
        for figure in re.findall(r"[$\d][\d,.]*[\dM%]", card.why):
            assert figure in asked or figure not in text, (card.key, figure)
        for belief in card.beliefs:
            assert not belief or belief not in text
    for key in handout.WORDS:
        assert words_of_the_app()[key].meaning not in text, key
    for tile in four_tiles(simulate(Scenario()), simulate(Scenario(quality_score=0.82))):
        assert tile.shown not in text


def test_each_bet_on_paper_names_the_values_it_is_about():
    for key in handout.ASKED:
        card = filled(deck()[key])
        now, against = on_desk(card)
        assert card.on_paper, key
        moved = changed(now.scenario, against.scenario)
        for name in set(moved) & {"quality_score", "regional_growth"}:
            for scenario in (now.scenario, against.scenario):
                assert value_as_shown(name, scenario) in card.on_paper, (key, name)
    assert "82.0" in filled(deck()["good"]).on_paper
    assert "4.0% over" in filled(deck()["overspent_enhanced"]).on_paper


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_each_card_has_its_question_on_paper_and_tells_no_answer_there(card):
    asked = filled(card)
    assert asked.on_paper.endswith("?")
    assert len(asked.on_paper.split()) <= 90
    assert "{" not in asked.on_paper
    if card.belief:
        now, against = on_desk(card)
        for result in (now.result, against.result):
            for dollars in (result.shared_savings, result.shared_losses):
                assert float(dollars) == 0 or money(float(dollars)) not in asked.on_paper


def test_the_handout_has_a_name_line_a_picture_and_the_address():
    data = handout.handout("https://example.org/mssp/")
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert len(pages[0].images) == 1
    text = " ".join(read(data))
    assert "Name ___" in text
    assert "https://example.org/mssp/" in text
    assert "Try it" not in " ".join(read(handout.handout()))


def test_a_guide_has_goals_beliefs_questions_limits_and_rooms():
    text = " ".join(read(handout.guide(60)))
    needed = trainer.kit()
    assert len(needed.asked) == 5
    for words in (*needed.goals, *needed.left_out, *sum((*needed.asked, *needed.rooms), ())):
        assert " ".join(words.split()) in text, words
    for key in ("good", "under_minimum", "slip", "weather"):
        for belief in deck()[key].beliefs:
            assert belief in text


def test_every_wrong_answer_of_a_card_has_what_it_means():
    for card in CARDS:
        if not card.belief:
            assert [n for n, said in enumerate(card.beliefs) if not said] == [card.right]
            assert len(card.beliefs) == len(card.options)


@pytest.mark.parametrize("minutes", [30, 60, 90])
def test_a_guide_has_its_plan_its_answers_and_the_apps_figures(minutes):
    pages = read(handout.guide(minutes))
    whole = " ".join(pages)
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page
    for part in plans()[minutes].parts:
        assert part.name in whole
        if part.card:
            card = filled(deck()[part.card])
            assert card.question in whole
            assert card.why in whole
            assert card.debrief in whole
    assert outcome(simulate(Scenario())) in whole
    if minutes > 30:
        assert money(challenge().solution().shared_savings) in whole


def in_order(text, items):
    at = 0
    for item in (" ".join(item.split()) for item in items):
        found = text.find(item, at)
        assert found >= 0, f"{item!r} is not behind {text[max(0, at - 60) : at]!r}"
        at = found + len(item)


def settled_words():
    slip = opening_states()["slip"]
    last = trace(slip.result).how("shared_savings")[-1]
    yield outcome(slip.result)
    for tile in four_tiles(slip.result, opening_states()["good"].result):
        yield f"{tile.label} {tile.shown} {tile.note}"
    yield f"{last.name}: {last.words}: {last.numbers} = {last.value}"


def test_the_handout_holds_everything_in_its_order():
    text = " ".join(read(handout.handout()))
    cards = [filled(deck()[key]) for key in handout.ASKED]
    options = ["ABCD"[n] + " " + o.text for card in cards for n, o in enumerate(card.options)]
    in_order(text, ["The 45,000-life ACO", "Performance year 2025", "Spending target $572.0M",
                    "Full quality standard 76.7", "Your bets", "Mark one letter each",
                    *options, "The team challenge", challenge().words])  # fmt: skip
    in_order(text, [f"{n}. {card.on_paper}" for n, card in enumerate(cards, 1)])
    after = " ".join(read(handout.answers()))
    right = [f"{n}. {'ABCD'[c.right]}: {c.options[c.right].text}" for n, c in enumerate(cards, 1)]
    in_order(after, ["After the session", *right, "What the slip year came to", *settled_words(),
                     "The words", "One thing I will look up on Monday"])  # fmt: skip
    in_order(after, [card.why for card in cards])
    for said in (text, after):
        assert not shouted(said)
        assert not nonsense(said)


def test_a_guide_holds_everything_in_its_order():
    text, plan = " ".join(read(handout.guide(60))), plans()[60]
    debrief = sum(part.minutes for part in plan.parts if part.debrief)
    at = np.cumsum([0, *(part.minutes for part in plan.parts)])
    clock = [f"{minutes // 60}:{minutes % 60:02}" for minutes in at]
    states = opening_states()
    in_order(text, [
        "Facilitator guide: 60 minutes",
        f"{60 - debrief} minutes of bets and trying, {debrief} of debrief.",
        "From Part Takes Card on the desk",
        *(f"{begins} {part.name} {part.minutes} min"
          + (f" {states[part.card].title}" if part.card else "")
          for begins, part in zip(clock, plan.parts, strict=False)),
        "Before they come",
        *(f"{begins} to {ends} · {part.name}"
          for begins, ends, part in zip(clock[:-1], clock[1:], plan.parts, strict=True)),
        "The ACO", *settled_words(),
    ])  # fmt: skip
    solution = challenge().solution()
    assert f"earn {money(float(solution.shared_savings))}" in text
    assert f"a cut of {value_as_shown('cost_reduction', solution.scenario)}" in text
    for part in plan.parts:
        if part.card:
            card = filled(deck()[part.card])
            assert f"Answer {'ABCD'[card.right]}: {card.options[card.right].text}" in text
    assert not shouted(text)
    assert not nonsense(text)
