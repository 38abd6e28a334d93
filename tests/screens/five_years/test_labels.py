"""The labels of the first year stand clear of both lines and of one another."""

import itertools

import numpy as np
import pytest

from mssp_sim import Scenario
from mssp_sim.charts.placing import Box
from mssp_sim.screens.five_years import page, pictures, words
from mssp_sim.studies.agreement import agreement
from tests.screens.corridor.test_labels import meet
from tests.test_pictures import rows

SCENARIOS = {
    "opening": {},
    "overspent": {"cost_reduction": -0.04},
    "falling": dict.fromkeys(
        ("regional_growth", "national_growth", "own_growth", "prospective_trend"), -0.02
    ),
    "falling and overspent": {"cost_reduction": -0.03, "regional_growth": -0.02},
    "steep": {"regional_growth": 0.10, "own_growth": 0.10, "national_growth": 0.10},
    "no cut": {"cost_reduction": 0.0},
}
LETTER, HALF_LINE = 6.8, 6.5


@pytest.mark.parametrize("wide", [pictures.PIXELS_WIDE, 358])
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_labels_of_the_first_year_stand_clear(name, wide):
    five = agreement(Scenario(**SCENARIOS[name]))
    years = [page._course_of(year) for year in five.years]
    drawn = pictures.course(years, page._next_of(five), "assumed", "light", "", ())
    per_x, per_y = (len(years) + 1) / wide, 100 / pictures.HEIGHT
    letter = LETTER * (12 / 13.5 if wide < 400 else 1)
    labels = {}
    for row in rows(drawn, role="text"):
        if row["x"] > 1 or row["look"] == "note":
            continue
        x = row["x"] / per_x + pictures.BESIDE.get(row["look"], 0)
        half, y = len(row["short"]) * letter / 2, row["y"] / per_y
        labels[row["short"]] = Box(x - half, x + half, y - HALF_LINE, y + HALF_LINE)
    assert {"target", "spent", years[0].target_shown, years[0].spent_shown} <= set(labels)
    touching = [
        (a, b) for a, b in itertools.combinations(labels, 2) if meet(labels[a], labels[b])
    ]  # fmt: skip
    assert not touching
    assert all(box.high <= pictures.HEIGHT for box in labels.values())
    for look in ("target", "spent"):
        line = rows(drawn, role="line", look=look)
        at = np.linspace(0.5, 2.5, 200)
        y = np.interp(at, [r["x"] for r in line], [r["y"] for r in line]) / per_y
        own = (look, years[0].target_shown if look == "target" else years[0].spent_shown)
        for label in own:
            box, x = labels[label], at / per_x
            under = (x > box.left) & (x < box.right) & (y > box.low) & (y < box.high)
            assert not under.any(), (look, label)
    assert words.course_title(five)


def test_what_is_assumed_is_written_beside_the_first_years_labels():
    note = [row for row in pictures._assumed([True] * 3, "assumed: all") if row["role"] == "text"]
    assert [row["x"] for row in note] == [1.08]
    later = pictures._assumed([False, False, True], "assumed: all")
    assert [row["x"] for row in later if row["role"] == "text"] == [2.08]
