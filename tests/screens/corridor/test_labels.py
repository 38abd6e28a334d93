"""No label of the two contracts runs into another: far overspent, on target, wide and narrow."""

import datetime as dt
import itertools

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.charts.placing import Box
from mssp_sim.screens.corridor import pictures as corridor
from mssp_sim.studies.payoff_curve import grid, window
from mssp_sim.studies.stakes import curves, stakes
from tests.test_pictures import rows

FAR = {
    "agreement_start": dt.date(2022, 1, 1), "performance_year": 2026, "regional_growth": -0.02,
    "national_growth": -0.02, "risk_growth": -0.06, "cost_reduction": -0.08,
}  # fmt: skip
SCENARIOS = {
    "overspent past 100%": {"level": "ENHANCED", "own_growth": 0.051, **FAR},
    "overspent by 162%": {"level": "ENHANCED", "own_growth": 0.10, **FAR},
    "in E past 100%": {"level": "E", **FAR},
    "far saved": {"level": "ENHANCED", "cost_reduction": 0.45},
    "opening": {},
    "owing": {"level": "ENHANCED", "cost_reduction": -0.06},
    "nearly on target": {"cost_reduction": 0.004},
}
WIDE, NARROW = corridor.PIXELS_WIDE, 284
LETTER, HALF_LINE = 6.6, 7.0


def overlay(fields, other):
    found = stakes(simulate(Scenario(**fields)))
    rate = found.savings_rate
    reach = window(rate, -rate)
    rates = grid(reach, *(s * row.minimum for row in found.contracts for s in (1, -1)))
    levels = [found.own.level, other]
    return corridor.Overlay(found, other, rates, curves(found.result, levels, rates), reach)


def boxes(drawn, wide):
    """Return what each label covers, in pixels."""
    low, high = (end * 100 for end in drawn.reach)
    right = high + (high - low) * corridor.LABEL_ROOM
    bottom, top = corridor._scale(drawn)
    per_x, per_y = (right - low) / wide, (top - bottom) / corridor.PIXELS_HIGH
    column = "text" if wide == WIDE else "short"
    found = {}
    for row in rows(corridor.contracts(drawn, "light", ""), role="text"):
        x, y = (row["x"] - low) / per_x, (row["y"] - bottom) / per_y
        length = len(row[column]) * LETTER
        hangs = corridor.ENDS[row["look"]][1]
        left = {"left": x, "right": x - length, "center": x - length / 2}[hangs]
        found[f"{row['look']} {row[column]} {x:.0f}"] = Box(
            left, left + length, y - HALF_LINE, y + HALF_LINE
        )
    return found


def meet(one, other):
    return (
        min(one.right, other.right) > max(one.left, other.left)
        and min(one.high, other.high) > max(one.low, other.low)
    )  # fmt: skip


@pytest.mark.parametrize("wide", [WIDE, NARROW])
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_label_runs_into_another(name, wide):
    fields = SCENARIOS[name]
    other = "E" if fields.get("level") == "ENHANCED" else "ENHANCED"
    found = boxes(overlay(fields, other), wide)
    assert len(found) >= 4
    touching = [
        (a, b) for a, b in itertools.combinations(found, 2) if meet(found[a], found[b])
    ]  # fmt: skip
    assert not touching
