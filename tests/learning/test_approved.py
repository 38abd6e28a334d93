"""Every text of the lessons read whole, every refusal, and figures beside slow ones."""

import datetime as dt
import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.attribution import inputs
from mssp_sim.learning import (
    ContentError,
    ScenarioPreset,
    beliefs,
    check,
    content,
    myth_order,
    myths,
    opening_states,
    presets,
    recall,
    story,
    story_order,
    trainer,
)
from mssp_sim.learning.check import RESULT, Sitting, numbers, puzzle, question_order
from mssp_sim.learning.expression import Amount, ExpressionError, evaluate, fill, holds, written
from mssp_sim.learning.lever_line import lever_line, lever_shown, lever_words, target_steps
from mssp_sim.learning.mastery import SAID, mastery
from mssp_sim.learning.program import program
from mssp_sim.learning.progress import Progress
from mssp_sim.learning.states import BELIEFS, OF_CHURN, OF_FLOW, OF_RESULT
from mssp_sim.parameters import rules_in_force
from mssp_sim.scenario import quantities
from tests.approval import approved

TEST = "tests/learning/test_approved.py"
STATES = opening_states()
LINES = [lesson for lesson in (*story(), *myths()) if lesson.shows in ("ladder", "blend", "cap",
                                                                       "paid")]  # fmt: skip
OLD = {"level": "A", "agreement_start": dt.date(2019, 7, 1), "performance_year": 2022}


def said(one, *names):
    """Return fields of an entry, one a line, those that hold something."""
    return [f"  {name}: {getattr(one, name)}" for name in names if getattr(one, name) != ""]


def answers(question):
    return [
        f"  {'*' if n == question.right else '-'} {option.text} | {option.worth} | {option.reply}"
        for n, option in enumerate(question.options)
    ]


def test_story_and_beliefs_are_approved():
    told = [f"order {story_order()} {myth_order()}"]
    for step in story():
        full = step.filled(STATES)
        told += [f"\n{step.name}, {full.words_before()} of {full.words()} words",
                 *said(full, "title", "text", "question", "wrong_idea", "headline", "meaning",
                       "before", "now", "lever", "shows", "line_before", "line", "ask_at",
                       "puzzle", "belief", "claims"), *answers(full)]  # fmt: skip
        told.append(f"  worth {[full.worth(n, STATES) for n in range(len(full.options))]}")
    for card in myths():
        full = card.filled(STATES)
        told += [f"\n{card.name}",
                 *said(full, "title", "wrong_idea", "question", "clicks", "saw", "rule", "partly",
                       "before", "now", "also", "lever", "shows", "reach", "step", "only_above",
                       "claims"), *answers(full)]  # fmt: skip
        told.append(f"  worth {[full.worth(n, STATES) for n in range(len(full.options))]}")
    for question in recall():
        full = question.filled(STATES)
        told += [f"\nto keep: {full.question} {full.why} {full.claims}", *answers(full)]
    approved("story_and_beliefs", "\n".join(told), TEST)


def test_questions_of_check_yourself_are_approved():
    told = [f"{question_order()} {numbers()}"]
    for number, text in itertools.product(question_order(), ("3", "3r", "once more")):
        sitting = Sitting.read(text if text != "once more" else "3")
        asked = sitting.asked_once_more(number) if text == "once more" else sitting.asked(number)
        full = asked.question
        told += [f"\n{asked.puzzle.name}, {text}: {full.about}",
                 *said(full, "question", "why", "read", "belief"), *answers(full),
                 f"  ideas {full.ideas} {[asked.idea(n) for n in range(len(full.ideas))]}",
                 f"  now {asked.now.title}; before {asked.before.title}",
                 f"  {sorted(asked.around)}"]  # fmt: skip
    approved("check_yourself", "\n".join(told), TEST)


def test_what_a_trainer_reads_is_approved():
    told = []
    for key, card in trainer.deck().items():
        full = trainer.filled(card)
        now, against = trainer.on_desk(card)
        told += [f"\n{key}: {card.title(STATES)} ({now.name}, {against.name})",
                 *said(full, "question", "why", "debrief", "belief", "on_paper", "beliefs"),
                 *answers(full)]  # fmt: skip
    dare = trainer.challenge()
    told += ["\n" + dare.words, *dare.conditions]
    standard = STATES[dare.start].scenario
    for given in ({}, {"level": "ENHANCED"}, {"cost_reduction": dare.most_cut},
                  {"cost_reduction": dare.most_cut + 0.0001}, {"quality_score": 0.9},
                  {"level": dare.without, "cost_reduction": 0.2, "market_share": 0.3,
                   "regional_growth": 0.01}):  # fmt: skip
        result = simulate(replace(standard, **given))
        told += [f"{given}: {dare.read_out(result)}",
                 *(f"  {one.holds} {one.words}" for one in dare.checks(result))]  # fmt: skip
    told.append(f"solved: {dare.read_out(dare.solution())}")
    kit = trainer.kit()
    told += ["", *kit.goals, *kit.left_out, *map(str, kit.asked), *map(str, kit.rooms)]
    for minutes, plan in trainer.plans().items():
        told += [f"\n{minutes}", *map(str, plan.parts)]
    approved("trainer", "\n".join(told), TEST)


def test_where_a_belief_stands_is_approved():
    card = next(one for one in trainer.deck().values() if one.belief)
    told = []
    for before, now in (
        ({}, {}),
        ({"cost_reduction": 0.0, "level": "B"}, {"quality_score": 0.9}),
        ({"cost_reduction": -0.02, "level": "ENHANCED"}, {"cost_reduction": 0.01}),
        ({}, {"minimum_election": 0.01, "assigned_beneficiaries": 20_000.0, "level": "D"}),
    ):

        class Two(dict):
            def __missing__(self, key, before=before, now=now):
                here = Scenario(**before)
                scenario = replace(here, **now) if key == card.now else here
                return replace(STATES[key], result=simulate(scenario), base=scenario)

        told.append(trainer._stands(card, Two()))
    approved("where_a_belief_stands", "\n".join(told), TEST)


def test_the_program_on_one_page_is_approved():
    told = []
    for given in ({}, {"performance_year": 2026}, OLD,
                  {"level": "1", "agreement_start": dt.date(2018, 1, 1),
                   "performance_year": 2019}):  # fmt: skip
        page = program(simulate(Scenario(**given)))
        told += [f"\n== {given}", page.headline, page.description]
        told += [f"{one.zone} | {one.brief_when} | {one.brief_what} | {one.page}"
                 for one in page.moments]  # fmt: skip
        for title, lines in page.sections.items():
            told += [f"# {title}", *(f"{line.text} [{line.page}]" for line in lines)]
        told += [str(dict(row)) for row in page.contracts]
    approved("program", "\n".join(told), TEST)


def moves_of(lesson):
    """Return places of a lesson's lever: its ends, its middle, and where the lesson ends."""
    low, high = getattr(lesson, "reach", None) or lever_words(lesson.lever).slider
    return low, high, (low + high) / 2, float(STATES[lesson.now].value(lesson.lever))


def test_what_lines_of_levers_say_is_approved():
    told = []
    for lesson in LINES:
        reach = getattr(lesson, "reach", None)
        for place in moves_of(lesson):
            line = lever_line(STATES, lesson, {lesson.lever: place}, reach)
            told += [line.title, f"  {line.description} {line.unit} {line.diagonal}",
                     *(line.words(y) for _, y in (line.before, line.here, line.end))]  # fmt: skip
    for lever in (*quantities(), *inputs()):
        if lever in inputs() or quantities()[lever].slider[1] > quantities()[lever].slider[0]:
            told.append(f"{lever}: {lever_words(lever).label} {lever_shown(lever, STATES['slip'])}")
    for given in ({}, {"regional_level": -0.2}, {"regional_level": 0.1, "market_share": 0.4},
                  {"performance_year": 2026, "own_effect": True, "risk_growth": 0.02}, OLD,
                  {"cost_reduction": 0.0, "benchmark_calibration": 1.02}):  # fmt: skip
        steps = target_steps(simulate(Scenario(**given)))
        told += [f"{given}", *(f"  {s.label} {s.shown} {s.total} {s.counts}" for s in steps)]
    approved("lever_lines", "\n".join(told), TEST)


@pytest.mark.parametrize("lesson", LINES, ids=lambda lesson: lesson.name)
def test_each_point_of_a_lever_s_line_is_a_settlement_of_its_own(lesson):
    reach, end = getattr(lesson, "reach", None), STATES[lesson.now]
    own = {lesson.lever: moves_of(lesson)[1]}
    line = lever_line(STATES, lesson, own, reach)
    here = STATES.varied(lesson.now, **own)
    low, high = reach or lever_words(lesson.lever).slider
    assert (line.x[0], line.x[-1]) == (min(low, line.x[0]), max(high, line.x[-1]))
    assert len(line.x) == len(line.y) >= 121
    for point, state in ((line.before, STATES[lesson.before]), (line.here, here), (line.end, end)):
        assert point[0] == float(state.value(lesson.lever))
        assert point[0] in line.x
    for at in (0, 1, 60, 61, -2, -1):
        x, y = float(line.x[at]), float(line.y[at])
        if lesson.shows == "ladder":
            one = simulate(replace(here.scenario, quality_score=x))
            owes = here.result.gross_savings < 0
            assert y == (one.shared_loss_rate if owes else one.final_sharing_rate)
            assert len(line.walls) == (not owes)
        elif lesson.shows == "paid":
            assert y == pytest.approx(float(STATES.varied(lesson.now, **{lesson.lever: x})
                                            .result.payment))  # fmt: skip
        elif lesson.shows == "blend":
            growth = simulate(replace(here.scenario, market_share=x)).target.growth
            region, nation = (dict(line.levels)[name] for name in ("region", "nation"))
            assert y == pytest.approx(x * nation + (1 - x) * region, abs=0.02)
            assert np.ptp(growth.two_way_update) < 1e-12
        else:
            assert y <= dict(line.levels)["cap"] + 1e-12
            assert line.diagonal
    if lesson.shows == "ladder" and line.walls:
        at = float(here.result.quality_performance_standard)
        assert line.walls == (("full standard", at),)
        assert at in line.x
        below = line.x[np.searchsorted(line.x, at) - 1]
        assert 0 < at - below < 2e-6


REFUSED = {
    "sets": lambda: content.entry(
        ScenarioPreset,
        {"name": "a", "title": "t", "set": {"wealth": 1}, "find": {"luck": "1"}},
        "presets.toml",
    ),
    "moves": lambda: content.entry(
        ScenarioPreset, {"name": "a", "title": "t", "churn": {"run": 1, "away": 2}}, "f.toml"
    ),
    "strange": lambda: content.entry(ScenarioPreset, {"colour": 1, "bag": 2}, "f.toml"),
    "missing": lambda: content.entry(content.Question, {"question": "Why?"}, "f.toml"),
    "right": lambda: content.entry(
        content.Question,
        {"question": "Why?", "options": ["a", "b"], "right": 2, "why": "w", "claims": ["1 < 2"]},
        "f.toml",
    ),
    "negative": lambda: content.entry(
        content.Question,
        {"question": "Why?", "options": ["a", "b"], "right": -1, "why": "w", "claims": ["1 < 2"]},
        "f.toml",
    ),
    "nothing": lambda: content.entry(
        content.Question,
        {"question": "Why?", "options": [], "right": 0, "why": "w", "claims": []},
        "f.toml",
    ),
    "also": lambda: content.entry(
        content.Myth, _given(myths()[0], also=["nobody", "no-one"]), "f.toml"
    ),
    "before": lambda: content.entry(content.StoryStep, _given(story()[0], before="x"), "f.toml"),
    "lever": lambda: content.entry(content.StoryStep, _given(story()[0], lever="x"), "f.toml"),
    "reply": lambda: content.entry(
        content.StoryStep,
        _given(story()[0], options=["a", {"text": "b", "reply": "r"}], right=1),
        "f.toml",
    ),
    "like": lambda: check._check(replace(puzzle(0), like="x")),
    "belief": lambda: check._check(replace(puzzle(0), belief="x")),
    "vary": lambda: check._check(replace(puzzle(0), vary={"y": (1,), "x": (2,)})),
    "ideas": lambda: check._check(replace(puzzle(0), ideas=("",) * len(puzzle(0).options))),
    "now": lambda: check._check(replace(puzzle(0), states=({"name": "then"},))),
    "minutes": lambda: trainer._plan({"minutes": 30, "parts": [_part(20), _part(9, debrief=True)]}),
    "debrief": lambda: trainer._plan({"minutes": 30, "parts": [_part(21), _part(9, debrief=True)]}),
    "card": lambda: trainer._plan(
        {"minutes": 30, "parts": [_part(20, card="x"), _part(10, debrief=True, card="a")]}
    ),
    "unsolved": lambda: replace(trainer.challenge(), earn=1e9).solution(),
    "unreadable": lambda: evaluate("slip.", STATES),
    "unknown": lambda: evaluate("slip.wealth", STATES),
    "nobody": lambda: evaluate("nobody.payment", STATES),
    "paragraph": lambda: evaluate("slip.section.wealth", STATES),
    "claim": lambda: evaluate("1 < 2", STATES),
    "no claim": lambda: holds("1 + 2", STATES),
    "code": lambda: evaluate("print(1)", STATES),
    "true": lambda: evaluate("True", STATES),
    "two": lambda: holds("1 < 2 < 3", STATES),
    "words": lambda: evaluate("'a' + 1", STATES),
    "claims": lambda: evaluate("(1 < 2) + 1", STATES),
    "kinds": lambda: evaluate("slip.payment + slip.savings_rate", STATES),
    "how": lambda: written(Amount(1.0, "rate"), "x"),
    "percent": lambda: written(Amount(1.0, "money"), "percent"),
    "brace": lambda: fill("a {slip.payment", STATES),
    "close": lambda: fill("a } b", STATES),
}


OF_PYTHON = r"(?<=cannot be read: ).*|(?<=__init__\(\) missing).*|(?<=f.toml: )Expected .*"
"""What Python says itself, in other words from version to version."""


def _given(entry, **changed):
    return {"name": entry.name, "title": "t", "wrong_idea": "w", "before": "slip", "now": "good",
            "claims": ["1 < 2"], **({"belief": "b", "text": "t", "headline": "h", "meaning": "m"}
            if isinstance(entry, content.StoryStep) else {"clicks": ["a", "b"], "saw": "s",
            "rule": "r", "partly": "p"})} | changed  # fmt: skip


def _part(minutes, **more):
    return {"name": "p", "minutes": minutes, "doing": "d", **more}


def test_each_refusal_of_a_text_is_approved(tmp_path):
    told = []
    for name, refused in REFUSED.items():
        with pytest.raises((ContentError, ExpressionError)) as fault:
            refused()
        said_ = re.sub(OF_PYTHON, "", str(fault.value))
        told.append(f"{name}: {said_}")
    for text in ("[[a]", "x = 1", 'order = ["a", "c"]', 'order = ["a", "b", "b"]', "a = []"):
        (tmp_path / "f.toml").write_text(text)
        for refused in (
            lambda: content.read("f", "a", ScenarioPreset, tmp_path),
            lambda: content.order("f", ["b", "a"], tmp_path),
        ):
            try:
                told.append(f"{text}: {refused()}")
            except ContentError as fault:
                told.append(f"{text}: {re.sub(OF_PYTHON, '', str(fault))}")
            except ValueError:
                told.append(f"{text}: no TOML")
    for broken in ({"now": "nobody"}, {"against": "nobody"}, {"on_paper": ""}, {"beliefs": ["a"]}):
        whole = trainer._file()
        card = {**whole["cards"][0], **broken}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(trainer, "_file", lambda card=card: {"cards": [card]})
            with pytest.raises(ContentError) as refused_:
                trainer.deck.__wrapped__()
        told.append(f"{broken}: {refused_.value}")
    for names, of in ((["x"], "story"), (["b", "a"], "story")):
        steps = [replace(story()[0], belief=name) for name in names]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(content, "read", lambda *_, steps=steps: tuple(steps))
            patch.setattr(content, "myths", lambda: ())
            with pytest.raises(ContentError) as refused_:
                content.story.__wrapped__()
        told.append(f"{of}: {refused_.value}")
    approved("refused_lessons", "\n".join(told), TEST)


def test_each_figure_a_text_may_ask_for_is_the_state_s_own():
    moved = next(p.name for p in presets().values() if p.churn)
    kinds = []
    for name in ("slip", moved):
        state = STATES[name]
        for asked, kind in OF_RESULT.items():
            amount = state.amount(asked)
            of = getattr(state.result, asked)
            assert amount == Amount(str(of) if kind == "text" else float(of), kind)
        for asked, kind in (OF_FLOW | OF_CHURN).items():
            if state.flow is None:
                with pytest.raises(KeyError):
                    state.amount(asked)
                continue
            of = getattr(state.flow if asked in OF_FLOW else state.churn, asked, None)
            of = state.churn.relative_cost - 1 if asked == "dearer" else of
            assert state.amount(asked) == Amount(float(of), kind)
        for asked, (reckon, kind) in BELIEFS.items():
            assert state.amount(asked) == Amount(reckon(state.result, state.rules), kind)
        for asked, words in quantities().items():
            if words.kind not in ("table", "date", "switch") and not words.optional:
                kinds.append(f"{asked} {state.amount(asked).kind}")
                assert state.amount(asked).value == getattr(state.scenario, asked)
        for asked in state.rules.source:
            try:
                kinds.append(f"{asked} {state.amount(asked).kind} {state.section(asked)}")
            except KeyError as fault:
                kinds.append(f"{asked} is no figure {fault}")
    approved("figures_of_texts", "\n".join(dict.fromkeys(kinds)), TEST)


WRITTEN = [
    (value, kind, how)
    for kind in ("money", "dollars", "rate", "score", "points", "count", "year", "number")
    for value in (1_234_567.891, 0.01989, -0.5)
    for how in ("", "0", "3", "dollars", "percent")
]


def test_figures_are_written_by_kind():
    told = []
    for value, kind, how in WRITTEN:
        try:
            told.append(f"{kind} {value} {how}: {written(Amount(value, kind), how)}")
        except ExpressionError as fault:
            told.append(f"{kind} {value} {how}: {fault}")
    made = {"money": 10.0, "rate": 0.5, "score": 0.25, "points": 0.1, "number": 2.0, "text": "a"}
    for (a, one), (b, other), sign in itertools.product(made.items(), made.items(), "+-*/"):
        asked = {"s": _Amounts(a=Amount(one, a), b=Amount(other, b))}
        try:
            found = evaluate(f"s.a {sign} s.b", asked)
            assert found.value == eval(f"{one} {sign} {other}")
            told.append(f"{a} {sign} {b} is {found.kind}")
        except ExpressionError as fault:
            told.append(f"{a} {sign} {b}: {fault}")
    approved("figures_by_kind", "\n".join(told), TEST)


class _Amounts(dict):
    def amount(self, name):
        return self[name]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(1.0, 1.0, True), (2_000.0, 2_000.004, True), (2_000.0, 2_000.1, False), (0.5, 0.51, False),
     (0.5, 0.5 + 1e-12, True), (1_000.0, 999.996, False), (-2_000.0, 2_000.0, False),
     (0.0, 1e-13, True), (-5_000.0, -5_000.004, True)],
)  # fmt: skip
def test_a_claim_is_tried_on_both_sides_and_at_a_tie(a, b, same):
    found = {"s": _Amounts(a=Amount(a, "number"), b=Amount(b, "number"))}
    for one, other in (("a", "b"), ("b", "a")):
        less = found["s"][one].value < found["s"][other].value
        told = {sign: holds(f"s.{one} {sign} s.{other}", found)
                for sign in ("<", ">", "<=", ">=", "==", "!=")}  # fmt: skip
        assert told == {
            "<": less and not same, ">": not less and not same, "<=": less or same,
            ">=": not less or same, "==": same, "!=": not same,
        }  # fmt: skip


def test_bands_and_what_a_belief_would_pay_at_each_border():
    rules = rules_in_force(2025)
    bands = [
        beliefs.quality_band(simulate(Scenario(quality_score=score, alternative_standard_met=met,
                                               quality_standard_met=full)), rules)
        for score, met, full in [
            (0.80, True, True), (0.7999, True, True), (0.60, True, False), (0.5999, True, False),
            (0.90, False, False), (0.0, True, False), (1.0, False, True), (0.1, False, True),
        ]
    ]  # fmt: skip
    assert bands == [4, 3, 2, 1, 0, 1, 4, 3]
    old = simulate(Scenario(**OLD, quality_standard_met=False, quality_score=0.7))
    assert beliefs.quality_band(old, rules_in_force(2022, OLD["agreement_start"])) == 0
    for fields in ({"cost_reduction": 0.05}, {"cost_reduction": -0.06},
                   {"cost_reduction": -0.06, "level": "A"}, {"cost_reduction": 0.0}):  # fmt: skip
        result = simulate(Scenario(**fields))
        over = abs(result.gross_savings) - result.minimum_savings_rate * result.benchmark_total
        if result.gross_savings > 0:
            wanted = over * result.final_sharing_rate * (1 - rules.sequestration_rate)
        else:
            wanted = -over * result.shared_loss_rate * (fields.get("level") != "A")
        wanted = wanted if over > 0 else 0.0
        assert beliefs.only_above_the_minimum(result, rules) == pytest.approx(float(wanted))


def test_a_belief_stands_as_it_was_answered():
    """Every way to answer it in the three places, beside a plain count."""
    number = next(n for n in question_order() if puzzle(n).belief in
                  {step.belief for step in story() if step.options})  # fmt: skip
    belief = puzzle(number).belief
    at = next(n for n in story_order() if story()[n].belief == belief and story()[n].options)
    card = next(n for n in myth_order() if myths()[n].name == belief)
    empty = Sitting.read("5")
    asked, again = (
        empty.asked(number).question.right,
        empty.asked_once_more(number).question.right,
    )
    others = {n for n in question_order() if puzzle(n).belief == belief}
    for told, tried, first, second in itertools.product((None, True, False), repeat=4):
        if second is not None and first is not False:
            continue
        here = [Progress.read(None, len(lessons)) for lessons in (story(), myths())]
        for n, (place, lesson, right) in enumerate(
            ((at, story()[at], told), (card, myths()[card], tried))
        ):
            if right is not None:
                answer = lesson.right if right else (lesson.right + 1) % len(lesson.options)
                here[n] = here[n].moved(place).placed(answer).shown()
        sitting = empty.going_to(number)
        if first is not None:
            sitting = sitting.answering(asked if first else (asked + 1) % 3)
        if second is not None:
            sitting = sitting.answering_once_more(again if second else (again + 1) % 3)
        given = [right for right in (told, tried, first, second) if right is not None]
        if not given:
            wanted = "not asked yet"
        elif all(given):
            wanted = "right"
        else:
            wanted = "right at last" if given[-1] else "missed"
        held = mastery(*here, sitting)
        assert [one.number for one in held] == list(myth_order())
        mine = next(one for one in held if one.number == card)
        assert mine.standing == wanted
        assert mine.where == tuple(
            where for where, right in (("story", told), ("myth lab", tried), ("question", first))
            if right is not None
        )  # fmt: skip
        assert {one.standing for one in held if one.number != card} == {"not asked yet"}
        assert sitting.answered() == ((number,) if first is not None else ())
        assert (sitting.right_at(number), sitting.right_once_more(number)) == (first, second)
        assert sitting.right() == (first is True)
        assert Sitting.read(sitting.written()) == sitting
    assert number in others
    assert list(SAID.values()) == ["Right", "Right the second time", "Missed", "Not asked yet"]
    before = Progress.read(None, len(story())).moved(at).placed(0)  # a bet that is not revealed
    assert {one.standing for one in mastery(before, Progress.read(None, len(myths())), empty)} == {
        "not asked yet"
    }


@pytest.mark.parametrize("seed", [1, 998, 999])
def test_a_week_later_has_the_next_seed_and_no_answer(seed):
    later = Sitting.read(f"{seed}~1.ab").later()
    assert (later.seed, later.again, later.progress.marks.strip("_")) == (seed % 999 + 1, True, "")
    assert later.code == f"{seed % 999 + 1}r"
    assert puzzle(RESULT - 1) is check.puzzles()[RESULT - 1]
    assert puzzle(RESULT + 1) is check.puzzles()[RESULT]


@pytest.mark.parametrize(
    ("text", "at", "marks"),
    [("3", 3, "____"), ("4", 0, "____"), ("3.abcd", 3, "abcd"), ("3.abcda", 0, "____"),
     ("0.S", 0, "____"), ("1._s", 1, "_s__"), ("03", 3, "____"), ("123", 0, "____"),
     ("", 0, "____"),
     ("1.", 1, "____"), ("-1", 0, "____"), ("1.e", 0, "____")],
)  # fmt: skip
def test_a_place_in_a_link_is_read_or_is_the_start(text, at, marks):
    found = Progress.read(text, 4)
    assert (found.at, found.marks) == (at, marks)


@pytest.mark.parametrize(
    ("mark", "bet", "placed", "revealed", "written_"),
    [("_", None, False, False, "1"), ("a", 0, True, False, "1._a"), ("D", 3, True, True, "1._D"),
     ("s", None, True, True, "1._s")],
)  # fmt: skip
def test_a_mark_says_what_was_done(mark, bet, placed, revealed, written_):
    here = Progress(1, f"_{mark}__")
    assert (here.bet(1), here.placed_at(1), here.revealed(1)) == (bet, placed, revealed)
    assert here.written() == written_
    after = {"_": "b", "a": "a", "D": "D", "s": "s"}[mark]
    assert here.placed(1).marks == f"_{after}__"
    skipped = {"_": "s", "a": "a", "D": "D", "s": "s"}[mark]
    assert here.skipped().marks == f"_{skipped}__"
    shown = {"_": "s", "a": "A", "D": "D", "s": "s"}[mark]
    assert here.shown().marks == f"_{shown}__"


@pytest.mark.parametrize(
    ("text", "options", "counts"),
    [("1,2", 2, (1, 2)), ("999,1000", 2, (999, 999)), ("12345,0", 2, (999, 0)), ("1,", 2, (0, 0)),
     (None, 3, (0, 0, 0)), ("1,2,3", 2, (0, 0)), ("0", 1, (0,))],
)  # fmt: skip
def test_votes_are_counts_up_to_a_room_full(text, options, counts):
    assert trainer.votes(text, options) == counts


def test_the_challenge_is_won_by_the_smallest_cut_and_told_to_the_dollar():
    dare = trainer.challenge()
    start = STATES[dare.start]
    standard = float(start.result.quality_performance_standard)
    enough = []
    for tenth in range(round(dare.most_cut * 1000) + 1):
        one = simulate(replace(start.scenario, quality_score=standard, cost_reduction=tenth / 1000))
        if one.shared_savings >= dare.earn - 0.005:
            enough.append(tenth / 1000)
    solution = dare.solution().scenario
    assert (solution.cost_reduction, solution.quality_score) == (enough[0], standard)
    exactly = replace(dare, earn=float(dare.solution().shared_savings))
    assert exactly.solution().scenario.cost_reduction == enough[0]
    assert exactly.checks(dare.solution())[0].holds
    assert not replace(exactly, earn=exactly.earn + 0.01).checks(dare.solution())[0].holds
    cut = replace(start.scenario, cost_reduction=dare.most_cut)
    assert dare.checks(simulate(cut))[1].holds
    assert not dare.checks(simulate(replace(cut, cost_reduction=dare.most_cut + 1e-6)))[1].holds
    edge = [(8_950_000.4, 9e6), (9e6, 9e6), (1.0, 9e6), (9.01e6, 9e6)]
    assert [trainer._beside(*one) for one in edge] == ["$8,950,000", "$9.0M", "<$0.1M", "$9.0M"]
