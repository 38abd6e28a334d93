"""An axis that steps on: its picture is not built anew, and no other picture moves with it."""

import copy
from dataclasses import replace

import pytest

from mssp_sim import Scenario, charts, simulate
from mssp_sim.studies.payoff_curve import curve

SMALL, LARGE = Scenario(), Scenario(assigned_beneficiaries=90_000, cost_reduction=0.09)


def drawn(scenario, theme="light"):
    result = simulate(scenario)
    baseline = simulate(replace(scenario, quality_score=0.82))
    return charts.payoff(curve(result, baseline, limits=False), theme, "").spec


def axis(spec, channel):
    return spec["layer"][0]["encoding"][channel]


def test_the_ends_follow_the_savings_and_the_size_of_the_target():
    small, large = drawn(SMALL), drawn(LARGE)
    assert axis(small, "x")["scale"]["domain"] == [-5, pytest.approx(8.2, abs=1)]
    assert axis(large, "x")["scale"]["domain"][0] == -10
    assert axis(large, "y")["scale"]["domain"][1] > 1.9 * axis(small, "y")["scale"]["domain"][1]
    for spec in (small, large):
        low, high = axis(spec, "x")["scale"]["domain"]
        ticks = axis(spec, "x")["axis"]["values"]
        assert len(ticks) >= 4
        assert all(low <= tick <= high for tick in ticks)


def test_another_axis_shares_all_the_rest_and_leaves_the_first_as_it_was():
    small = drawn(SMALL)
    before = copy.deepcopy(small)
    large = drawn(LARGE)
    assert small == before
    assert all(a is b for a, b in zip(small["layer"][1:], large["layer"][1:], strict=True))
    assert small["config"] is large["config"]
