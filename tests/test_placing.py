"""Labels of the payoff curve: each has room, whatever the scenario."""

import importlib
from dataclasses import replace

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.charts import payoff
from mssp_sim.charts.placing import LabelSheet, Spot
from mssp_sim.studies.payoff_curve import curve

ENDS = {"a": ("left", False), "b": ("right", True)}
STATES = {
    "the slip": {},
    "on the cliff": {"cost_reduction": 0.02},
    "a low score": {"quality_score": 0.2},
    "ENHANCED": {"level": "ENHANCED"},
    "overspent": {"cost_reduction": -0.03},
    "overspent more": {"cost_reduction": -0.04},
    "half the share": {"cost_reduction": 0.019, "participant_revenue_share": 0.2, "level": "B"},
    "at the limit": {"cost_reduction": 0.25, "quality_score": 0.82},
    "nothing": {"cost_reduction": 0.0},
    "one-sided": {"level": "A"},
    "large savings": {"cost_reduction": 0.12},
}


def test_the_first_place_is_taken_where_it_is_free_and_the_next_where_it_is_not():
    sheet = LabelSheet(400, 300, ENDS)
    first, second = Spot("a", 100, 100, ("words",)), Spot("a", 100, 140, ("words",))
    assert sheet.put([first, second]) == first
    assert sheet.put([first, second]) == second


@pytest.mark.parametrize("x", [-30, 390])
def test_a_place_outside_is_the_last_choice(x):
    sheet = LabelSheet(400, 300, ENDS)
    inside = Spot("b", 200, 20, ("words",))
    assert sheet.put([Spot("a", x, 100, ("words",)), inside]) == inside


def test_a_line_and_a_dot_are_kept_clear():
    sheet = LabelSheet(400, 300, ENDS)
    sheet.line([0, 400], [100, 100])
    sheet.dot(120, 150, 9)
    free = Spot("a", 100, 200, ("words",))
    assert sheet.put([Spot("a", 100, at, ("words",)) for at in (100, 150)] + [free]) == free


@pytest.mark.parametrize("state", STATES)
def test_no_label_lies_on_another_or_on_the_dot(monkeypatch, state):
    sheets = []
    module = importlib.import_module("mssp_sim.charts.payoff")
    made = lambda *given: sheets.append(LabelSheet(*given)) or sheets[-1]  # noqa: E731
    monkeypatch.setattr(module, "LabelSheet", made)
    scenario = Scenario(**STATES[state])
    baseline = simulate(replace(Scenario(), quality_score=0.82))
    payoff(curve(simulate(scenario), baseline, limits=False), "light", "")
    own_dot, _, *labels = sheets[0].boxes
    for number, box in enumerate(labels):
        for other in (own_dot, *labels[:number]):
            across = min(box.right, other.right) - max(box.left, other.left)
            down = min(box.high, other.high) - max(box.low, other.low)
            assert across <= 0 or down <= 0, (box, other)
