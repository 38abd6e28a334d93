"""Every text of every lesson, in every state a reader can be in, on the page that prints it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.app import lesson, show
from mssp_sim.figures import money, percent, whole_dollars
from mssp_sim.learning import (
    Lesson,
    myth_order,
    myths,
    opening_states,
    presets,
    recall,
    story,
    story_order,
)
from mssp_sim.learning import states as named
from mssp_sim.learning.check import Sitting, puzzle, question_order
from mssp_sim.learning.expression import PLACE, Amount, evaluate, written
from mssp_sim.learning.progress import LETTERS
from mssp_sim.learning.states import SettledState
from mssp_sim.learning.trainer import challenge
from mssp_sim.screens.myths.page import NOT_THE_CHARGE, NOT_THE_RULE
from mssp_sim.screens.story.page import RECALLED
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import outcome
from tests import paper
from tests.voice import nonsense

DESK = Scenario(), Scenario(quality_score=0.82)
STATES = opening_states()
FIGURE = re.compile(r"[−+<]*\$\d[\d,.]*\d?M?|[−+]?\d[\d,.]*%")
SENTENCE = 8
"""A text of so many words is no label: it is a sentence and ends as one."""
NAMED = re.compile(
    r"(?:[Ll]evels? (?:[A-E], )*|and )[A-E]\b|(?:^|is )[A-D] ·|42 CFR \S+"
    r"|(?:You bet|Behind) ([A-D])\b"
)
LABELS = {NOT_THE_RULE, NOT_THE_CHARGE}
ELSEWHERE = re.compile(
    r"[^.]* against [^:]*: from .*|Three years of history.*|growth of the target \S+|42 CFR \S+"
)
"""What lines and steps say of themselves: tests/learning/test_lever_line.py holds it."""
KINDS = named.OF_RESULT | named.OF_FLOW | named.OF_CHURN | dict.fromkeys(named.BELIEFS, "")
FIELDS = ("cost_reduction", "regional_growth", "national_growth", "risk_growth", "market_share",
          "regional_level", "quality_score", "minimum_election")  # fmt: skip
RULES = ("sequestration_rate", "risk_growth_cap", "prospective_trend_weight",
         "shared_loss_rate_floor", "shared_loss_rate_ceiling")  # fmt: skip


@dataclass
class Page:
    """What a page says: its texts, what pictures say, their titles, and its rows of figures."""

    texts: list[str]
    titles: list[str]
    rows: list[str]
    places: str

    def everything(self) -> str:
        """Return it in one text."""
        return "\n".join([*self.texts, *self.titles, *self.rows])


def drawn(page: str, places: dict[str, str], **held: object) -> Page:
    titles: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(show, "title", titles.append)
        sheet = paper.draw(page, *DESK, places=places, **held)
    described = [picture.description for picture in sheet.pictures.values()]
    rows = [" | ".join(row.values()) for table in sheet.tables for row in table if "Earned" in row]
    return Page([*sheet.texts, *described], titles, rows, str(places))


def well_said(page: Page, labels: Iterable[str]) -> None:
    """Whole sentences, even brackets, no nonsense, no letter that names nothing."""
    for text in (*page.texts, *page.titles):
        assert not nonsense(text), text
        assert text.count("(") == text.count(")"), text
        assert text.count("“") == text.count("”"), text
        assert not re.search(r"\b[BCD]\b", NAMED.sub("", text)), text
    for text in page.texts:
        if len(text.split()) >= SENTENCE and " · " not in text:
            assert text in labels or re.search(r"[.?!]”?\.?$", text), text


def of_state(state: SettledState) -> frozenset[str]:
    """Return each figure of one settlement, worked out alone, in the digits a text may have."""
    alone = simulate(state.scenario, state.rules)
    assert float(alone.payment) == float(state.result.payment)
    said = " ".join([outcome(alone), curve_title(alone), curve_description(alone)])
    found = set(FIGURE.findall(said))
    for name in (*KINDS, *FIELDS, *RULES):
        try:
            amount = state.amount(name)
        except KeyError:
            continue
        if amount.kind != "text":
            found |= shown(amount)
    return frozenset(found)


def shown(amount: Amount) -> set[str]:
    value = float(amount.value)
    if amount.kind == "money":
        return {money(value), money(-value), whole_dollars(value)}
    if amount.kind == "dollars":
        return {whole_dollars(value)}
    digits = (0, 1, 2)
    return {percent(sign * value, n) for n in digits for sign in (1, -1)}


def figures_agree(page: Page, states: Iterable[SettledState], lessons: Iterable[Any]) -> None:
    """Each figure on the page is one of the settlements of the lesson, or of its own sums."""
    known = set().union(*(of_state(state) for state in states))
    known |= {figure for one in lessons for figure in sums(one)}
    bare = {figure.strip("+−,.") for figure in known}
    for text in (*page.texts, *page.titles, *page.rows):
        for figure in FIGURE.findall(ELSEWHERE.sub("", text)):
            assert figure.strip("+−,.") in bare, (figure, text, page.places)


def sums(one: tuple[Any, Mapping[str, SettledState]]) -> Iterator[str]:
    """Yield the figures of the braces of a lesson, each reckoned from its states."""
    lesson_, around = one
    texts = [getattr(lesson_, field.name) for field in fields(lesson_)]
    for text in map(str, texts):
        for place in PLACE.findall(text):
            expression, _, how = place.partition(":")
            if "." in expression and "'" not in expression:
                yield written(evaluate(expression, around), how.strip())


def of_lesson(one: Lesson) -> list[SettledState]:
    """Return the settlements that a lesson may speak of: its own, and its lever put back."""
    names = {one.before, one.now, *getattr(one, "also", ())}
    names |= set(re.findall(r"\b([a-z_]+)\.", " ".join(PLACE.findall(str(one))))) & set(presets())
    back = {one.lever: STATES[one.before].value(one.lever)} if one.lever else {}
    return [*(STATES[name] for name in sorted(names)), STATES.varied(one.now, **back)]


def draws_the_curve(one: Lesson) -> bool:
    return bool(one.lever) and one.shows == "curve" and getattr(one, "line", "whole") == "whole"


def states_of(number: int, one: Lesson) -> Iterator[tuple[str, int | None, str]]:
    """Yield each state of a lesson as its word, the answer, and its text in a link."""
    before = "_" * number
    yield "before", None, f"{number}"
    if one.options:
        wrong = (one.right + 1) % len(one.options)
        yield "placed", wrong, f"{number}.{before}{LETTERS[wrong]}"
    for option in range(len(one.options)):
        yield "revealed", option, f"{number}.{before}{LETTERS[option].upper()}"
    yield "skipped", None, f"{number}.{before}s"


LESSONS = [
    *(("story", "story", n, story()[n]) for n in story_order()),
    *(("myths", "myth", n, myths()[n]) for n in myth_order()),
]


@pytest.mark.parametrize(
    ("room", "place", "number", "raw"), LESSONS, ids=[f"{one[0]}-{one[3].name}" for one in LESSONS]
)
def test_a_lesson_says_what_is_true_in_every_state(room, place, number, raw):
    one = raw.filled(STATES)
    last = number == story_order()[-1] and room == "story"
    cold = number == story_order()[0] and room == "story"
    told = [one.headline, one.meaning] if room == "story" else [one.saw, one.rule, one.partly]
    replies = [option.reply for option in one.options if option.reply]
    labels = {option.text for option in one.options} | LABELS
    for state, answer, link in states_of(number, raw):
        moves = [{}]
        if state == "revealed" and raw.lever and answer == raw.right:
            back = {f"{place}_value_{number}": STATES[raw.before].value(raw.lever)}
            moves.append({lesson.LEVERS: back})  # back again, with the lever where it began
        for held in moves:
            page = drawn(room, {place: link}, **held)
            said = page.everything()
            well_said(page, labels)
            speaks_of = [*of_lesson(raw), *(STATES[n] for n in ("slip", "good") if last)]
            cold_bet = [(story()[story_order()[0]], STATES)] if last else []
            figures_agree(page, speaks_of, [(raw, STATES), *cold_bet])
            assert ("hidden until" in said) == (state == "before" and not last and not cold), link
            if draws_the_curve(raw) and (state != "before" or last):
                here = STATES[raw.now] if not held and state != "placed" else of_lesson(raw)[-1]
                assert outcome(here.result) in said, link
            open_now = state in ("revealed", "skipped") or last or (cold and state == "placed")
            for text in told:
                kept = cold and state == "skipped" and text == one.headline
                assert (text in said) == (open_now and not kept), (link, text)
            assert [n for n, text in enumerate(replies) if text in said] == (
                [replies.index(one.options[answer].reply)]
                if open_now and not cold and answer not in (None, raw.right)
                else []
            ), link
            assert ("you are right" in said) == (
                state == "revealed" and answer == raw.right and not cold
            ), link
            for found in re.findall(r"You bet ([A-D])\.|You bet ([A-D]),", said):
                assert "".join(found) == LETTERS[answer].upper()


def sittings(number: int) -> Iterator[tuple[int | None, int | None, Sitting]]:
    """Yield a question before its answer, after each, and after each second one."""
    here = Sitting.read("7").going_to(number)
    yield None, None, here
    asked = here.asked(number).question
    for first in range(len(asked.options)):
        yield first, None, here.answering(first)
    missed = here.answering((asked.right + 1) % len(asked.options))
    for second in range(len(asked.options)):
        yield (asked.right + 1) % len(asked.options), second, missed.answering_once_more(second)


@pytest.mark.parametrize("number", question_order(), ids=lambda n: puzzle(n).name)
def test_a_question_says_what_is_true_in_every_state(number):
    for first, second, sitting in sittings(number):
        page = drawn("check", {"quiz": sitting.written()})
        asked, said = [sitting.asked(number)], page.everything()
        if first not in (None, asked[0].question.right):
            asked.append(sitting.asked_once_more(number))
        labels = {option.text for one in asked for option in one.question.options} | LABELS
        well_said(page, labels)
        states = [state for one in asked for state in one.around.values()]
        figures_agree(page, states, [(one.puzzle, one.around) for one in asked])
        assert ("hidden until" in said) == (first is None)
        assert (outcome(asked[0].now.result) in said) == (first is not None)
        answers = zip(asked, (first, second), strict=False)
        for one, chosen in answers:
            assert (one.question.why in said) == (chosen is not None) or len(asked) > 1
            right = chosen == one.question.right
            letter = "" if chosen is None else LETTERS[chosen].upper()
            belief = f"Behind {letter} lies a common belief: “{one.idea(chosen)}”" if letter else ""
            assert not belief or (belief in said) == (not right)


def test_the_questions_to_keep_answer_whatever_was_chosen():
    number = story_order()[-1]
    for right in (True, False):
        chosen = {
            n: q.right if right else (q.right + 1) % len(q.options) for n, q in enumerate(recall())
        }
        page = drawn("story", {"story": str(number)}, **{RECALLED: chosen})
        well_said(page, LABELS | {o.text for q in recall() for o in q.options})
        said = page.everything()
        for n, question in enumerate(recall()):
            answer = question.options[question.right].text
            lead = "Yes." if right else f"The answer: {answer}."
            assert f"{lead} {question.filled(STATES).why}" in said, n


def test_the_challenge_is_told_in_every_state():
    start = STATES[challenge().start].scenario
    moved = ({}, {"quality_score": 0.8}, {"cost_reduction": 0.05, "quality_score": 0.8},
             {"level": "ENHANCED"}, {"regional_growth": 0.06})  # fmt: skip
    results = [challenge().solution(), *(simulate(replace(start, **m)) for m in moved)]
    solved = 0
    for result in results:
        texts = [challenge().words, challenge().read_out(result), *challenge().conditions]
        texts += [check.words for check in challenge().checks(result)]
        for text in texts:
            assert not nonsense(text), text
            assert text[0].isupper(), text
        known = {money(float(result.shared_savings)), f"${float(result.shared_savings):,.0f}",
                 percent(float(result.scenario.cost_reduction)), money(challenge().earn),
                 percent(challenge().most_cut)}  # fmt: skip
        assert set(FIGURE.findall(" ".join(texts))) <= known
        solved += challenge().read_out(result).endswith("solved")
    assert challenge().words.endswith(".")
    assert solved == 1
