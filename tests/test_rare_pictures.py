"""Marks that few pictures have: one's own estimate, a flat course, the end of a line."""

import numpy as np
import pytest

from mssp_sim.charts.decisions import Dot, decisions
from mssp_sim.charts.estimates import Estimated, estimates
from mssp_sim.charts.placing import EVERY, LabelSheet
from mssp_sim.charts.tradeoff import _start
from mssp_sim.figures import money, percent
from mssp_sim.screens.five_years import pictures as five_years
from mssp_sim.screens.luck import pictures as luck
from mssp_sim.screens.real_acos import causes_picture
from mssp_sim.screens.real_acos.causes_words import ShownCause
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


def test_ones_own_dot_says_what_it_earns_on_the_side_with_room():
    rates, payment = np.linspace(-0.05, 0.05, 11), np.linspace(-5e6, 5e6, 11)
    for rate, look in ((-0.04, "own"), (0.04, "own-left")):
        dots = [Dot(rate, 1e8 * rate, met=None, name="North", own=True), Dot(0.0, 0.0, met=True)]
        drawn = decisions(rates, payment, dots, "light", "")
        assert said(drawn, look) == [f"you {money(1e8 * rate)}"]
        told = [row["text"] for row in rows(drawn, role="dot")]
        assert told == [
            "a seat: 0.0% saved, $0.0M",
            f"North: {percent(rate)} saved, {money(1e8 * rate)}",
        ]
        (mine,) = rows(drawn, role="dot", look="own")
        (label,) = rows(drawn, role="text", look=look)
        assert (label["x"] > mine["x"]) == (look == "own")


def test_an_estimate_beyond_the_axis_stands_at_its_end():
    found = Estimated([-3.0, 9.0], (0.0, 4.0), 9.0, str)
    drawn = estimates(found, "light", "")
    (axis,) = rows(drawn, role="axis")
    assert sorted(dot["x"] for dot in rows(drawn, role="dot")) == pytest.approx(
        [axis["x"], axis["x2"]], abs=1
    )
    (truth,) = rows(drawn, role="truth")
    assert truth["x"] == pytest.approx(axis["x2"])


def test_a_row_that_pays_the_same_past_its_cliff_starts_at_the_cliff():
    rates = np.array([0.0, 0.01, 0.02, 0.03])
    paid = np.array([[0.0, 0.0, 5e6, 5e6], [0.0, 0.0, 1e6, 2e6], [0.0, 0.0, 0.0, 0.0],
                     [0.0, 0.0, 4e6, 5e6]])  # fmt: skip
    assert _start(rates, paid) == pytest.approx([0.02, 0.01, np.nan, 0.01], nan_ok=True)


@pytest.mark.parametrize(
    ("dollars", "look"), [(0.5, "part"), (0.0, "part"), (-0.5, "down"), (40.0, "part")]
)
def test_a_cause_points_down_where_it_takes(monkeypatch, dollars, look):
    seen = []
    monkeypatch.setattr(causes_picture, "waterfall", lambda bars, *_, **__: seen.extend(bars))
    ends = ("total", 100.0), ("part", dollars), ("total", 100.0 + dollars)
    causes = [ShownCause("c", "c", amount, "worked out", look) for look, amount in ends]
    causes_picture.ladder(causes, "light", "")
    assert [bar.look for bar in seen] == ["total", look, "total"]
