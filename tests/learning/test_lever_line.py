"""The picture of a lesson's own lever: its line is the engine's, its points are the lesson's."""

from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import simulate
from mssp_sim.charts.by_lever import Drawn, Point, by_lever
from mssp_sim.learning import myths, opening_states, story
from mssp_sim.learning.check import Sitting, question_order
from mssp_sim.learning.lever_line import lever_line, target_steps
from mssp_sim.learning.mastery import mastery
from mssp_sim.learning.progress import Progress

STATES = opening_states()
CARDS = {card.name: card for card in myths()}
LINED = [card for card in (*myths(), *story()) if card.shows not in ("curve", "steps")]


def moved(lesson, which):
    return {lesson.lever: STATES[getattr(lesson, which)].value(lesson.lever)}


@pytest.mark.parametrize("lesson", LINED, ids=lambda lesson: lesson.name)
def test_the_points_of_a_lesson_lie_on_its_line(lesson):
    line = lever_line(STATES, lesson, moved(lesson, "now"), getattr(lesson, "reach", None))
    for x, y in (line.here, line.end):
        at = int(np.argmin(abs(line.x - x)))
        assert line.x[at] == pytest.approx(x, abs=1e-12)
        assert line.y[at] == pytest.approx(y, abs=1e-6)
    assert line.before[0] == STATES[lesson.before].value(lesson.lever)
    assert np.all(np.diff(line.x) > 0)


def test_the_ladder_is_the_share_by_the_engine():
    line = lever_line(STATES, CARDS["small-slip"], {"quality_score": 0.75})
    slip = STATES["slip"].base
    rates = [float(simulate(replace(slip, quality_score=q)).final_sharing_rate) for q in line.x]
    assert line.y == pytest.approx(rates)
    # 50% x 75.0%; the standard itself pays 50%, a hair under it 50% x 76.7%
    assert line.here[1] == pytest.approx(0.375)
    standard = float(slip.quality_performance_standard or 0.767)
    under, at = (line.y[line.x < standard][-1], line.y[line.x >= standard][0])
    assert (under, at) == (pytest.approx(0.3835, abs=1e-5), pytest.approx(0.5))


def test_with_neither_standard_the_ladder_lies_on_the_ground():
    line = lever_line(STATES, CARDS["quality-gate"], moved(CARDS["quality-gate"], "now"))
    assert set(line.y.round(9)) == {0.0, 0.5}


def test_the_cap_bends_and_the_blend_lies_between_its_trends():
    cap = lever_line(STATES, CARDS["better-coding"], moved(CARDS["better-coding"], "now"))
    assert cap.y.max() == pytest.approx(0.03)
    assert cap.y[0] == pytest.approx(cap.x[0])
    blend = lever_line(STATES, CARDS["market-share"], moved(CARDS["market-share"], "now"))
    # 60% x 4% + 40% x 6%
    assert blend.here[1] == pytest.approx(0.048)
    assert dict(blend.levels) == {"region": pytest.approx(0.06), "nation": pytest.approx(0.04)}


def test_the_steps_come_to_the_target_and_what_is_not_counted_stands_beside():
    result = STATES["cheap_region"].result
    steps = target_steps(result)
    history, target = steps[0], steps[-1]
    parts = sum(step.dollars for step in steps[1:-1] if step.counts)
    assert history.dollars + parts == pytest.approx(target.dollars)
    assert target.dollars == pytest.approx(float(result.benchmark))
    assert [step.dollars < 0 for step in steps if not step.counts] == [True]


def test_before_the_bet_the_picture_holds_neither_line_nor_answer():
    points = {"x": np.array([0.0, 1.0]), "y": np.array([0.2, 0.4]), "units": ("percent", "percent")}
    drawn = Drawn(**points, x_name="Lever", y_name="share", before=Point(0, 0.2, "20%"), here=None,
                  ask=1.0, levels=(("cap", 0.4),))  # fmt: skip
    asked = by_lever(drawn, "light", "asked")
    known = by_lever(replace(drawn, here=Point(1, 0.4, "40%")), "light", "known")
    assert [row["Share"] for row in asked.table()] == ["20%"]
    assert [row["Share"] for row in known.table()] == ["20.00%", "40.00%"]
    assert b"cap" not in asked.datasets["marks"]
    assert asked.spec == known.spec


def test_every_belief_stands_as_it_was_answered():
    nothing = Progress.read(None, len(myths())), Sitting.read(None)
    told = Progress.read("4.__A_C", len(story()))  # the minimum missed, the slip right
    found = {myths()[one.number].name: one for one in mastery(told, *nothing)}
    assert len(found) == len(myths())
    assert found["under-the-minimum"].standing == "missed"
    assert (found["small-slip"].standing, found["small-slip"].where) == ("right", ("story",))
    assert found["only-above"].standing == "not asked yet"
    sitting = Sitting.read("7")
    number = question_order()[0]  # after the minimum, and missed
    wrong = (sitting.asked(number).question.right + 1) % 3
    sitting = sitting.going_to(number).answering(wrong)
    right = sitting.asked_once_more(number).question.right
    held = {
        myths()[one.number].name: one
        for one in mastery(told, nothing[0], sitting.answering_once_more(right))
    }
    assert held["under-the-minimum"].standing == "right at last"
    assert held["under-the-minimum"].where == ("story", "question")


def test_a_bet_that_is_not_revealed_is_no_answer_yet():
    told = Progress.read("4.____c", len(story()))
    found = mastery(told, Progress.read(None, len(myths())), Sitting.read(None))
    assert {one.standing for one in found} == {"not asked yet"}
