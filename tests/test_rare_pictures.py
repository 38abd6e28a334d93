"""Marks that few pictures have: one's own estimate, a flat course, the end of a line."""

import numpy as np
import pytest

from mssp_sim.charts.estimates import Estimated, estimates
from mssp_sim.charts.placing import EVERY, LabelSheet
from mssp_sim.screens.five_years import pictures as five_years
from mssp_sim.screens.luck import pictures as luck
from mssp_sim.screens.rule_changes import pictures as rule_changes
from mssp_sim.screens.spending_target import lines_picture
from mssp_sim.studies.rule_changes import GroupChange
from tests.test_pictures import rows, said


@pytest.mark.parametrize(
    ("own", "texts"), [(2.0, ["1", "you: 2", "2"]), (1.0, ["you: 1", "2", "2"]),
                       (3.0, ["1", "2", "2"]), (None, ["1", "2", "2"])],
)  # fmt: skip
def test_ones_own_estimate_is_called_so_once(own, texts):
    found = Estimated([2.0, 1.0, 2.0], (0.0, 4.0), 3.0, lambda value: f"{value:.0f}", own)
    dots = rows(estimates(found, "light", ""), role="dot")
    assert [dot["text"] for dot in dots] == texts
    assert [dot["look"] == "own" for dot in dots] == [text.startswith("you") for text in texts]


def test_a_line_is_kept_clear_up_to_its_end():
    sheet = LabelSheet(400, 300, {})
    sheet.line(np.array([0.0, 30.0, 30.0]), np.array([5.0, 5.0, 45.0]))
    (points,) = sheet.points
    assert points[:, 0].tolist() == [0.0, 5.0]
    assert points[:, -1].tolist() == [30.0, 45.0]
    assert np.hypot(*np.diff(points)).max() <= EVERY + 1e-9


@pytest.mark.parametrize("apart", [0.0, 1.0, 1.5, 40.0])
def test_figures_alike_are_drawn_at_one_height_in_the_middle(apart):
    years = [
        five_years.YearLine("2025", "saved", 10_000 + apart, 10_000, "t", "s", assumed=False),
        five_years.YearLine("2026", "saved", 10_000 + apart, 10_000, "t", "s", assumed=False),
    ]
    drawn = five_years.course(years, None, "", "light", "", ())
    places = {
        look: [dot["y"] for dot in rows(drawn, role="point", look=look)]
        for look in ("target", "spent")
    }
    low, high = five_years.LOW, five_years.HIGH
    ends = (high, low) if apart > five_years.FLAT else ((low + high) / 2,) * 2
    assert places["target"] == pytest.approx([ends[0]] * 2, abs=1e-3)
    assert places["spent"] == pytest.approx([ends[1]] * 2, abs=1e-3)


def test_dollars_without_a_spread_stand_in_the_middle():
    drawn = luck.outlook(luck.Spread(np.zeros(9), 0.0, "", "none", str), "light", "")
    (bar,) = rows(drawn, role="bar")
    assert bar["look"] == "nothing"
    assert bar["text"] == "no money: 100.0 of 100 years"
    assert (bar["x"] + bar["x2"]) / 2 == pytest.approx(50)


def test_a_bar_of_groups_shows_who_gains_and_hatches_who_loses():
    group = GroupChange("ENHANCED", 10, 6, 1, 0.0, 2e6)
    drawn = rule_changes.who({"by contract": [group]}, "light", "")
    bars = {bar["look"]: bar["x2"] - bar["x"] for bar in rows(drawn, role="bar")}
    assert bars["gain"] == pytest.approx(6 * bars["lose"], rel=1e-5)
    assert bars["same"] == pytest.approx(3 * bars["lose"], rel=1e-5)
    hatched = rows(drawn, role="hatch")
    (lost,) = rows(drawn, role="bar", look="lose")
    assert hatched
    assert all(lost["x"] - 1e-3 <= line["x"] <= lost["x2"] + 1e-3 for line in hatched)
    assert all((line["x2"] - line["x"]) * (line["y2"] - line["y"]) <= 0 for line in hatched)
    assert said(drawn, "value") == ["6 of 10 gain, 1 loses: +$2.0M"]


@pytest.mark.parametrize(("here", "end"), [(0.1, "left"), (0.24, "left"), (0.26, "right")])
def test_the_note_on_market_share_stands_on_the_side_with_room(here, end):
    shares = np.linspace(0, 0.5, 51)
    drawn = lines_picture.share(shares, 0.04 + shares / 10, (here, 0.05), "light", "")
    words = [row for name in drawn.datasets for row in rows(drawn, name) if row.get("text")]
    (mine,) = [row for row in words if row["text"].startswith("you: ")]
    assert mine["look"] == f"plain-{end}"
    assert mine["x"] == pytest.approx(100 * here)
