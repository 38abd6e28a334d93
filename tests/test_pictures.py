"""What a picture is drawn from is the result: each bar, dot and line is a figure of that name."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.charts import moved as moved_picture
from mssp_sim.charts.bridge import bridge
from mssp_sim.charts.payoff import payoff as payoff_picture
from mssp_sim.charts.theme import INK
from mssp_sim.charts.tradeoff import tradeoff as map_picture
from mssp_sim.figures import money, percent
from mssp_sim.screens.compare.pictures import Mini, minis
from mssp_sim.screens.corridor import pictures as corridor
from mssp_sim.screens.five_years import pictures as five_years
from mssp_sim.screens.luck import pictures as luck
from mssp_sim.screens.quality import pictures as quality
from mssp_sim.screens.spending_target import blend_picture
from mssp_sim.screens.spending_target import words as target_words
from mssp_sim.simulation import payoff
from mssp_sim.studies.agreement import agreement
from mssp_sim.studies.luck import Chances, Doubt, of_a_hundred, outlook
from mssp_sim.studies.payoff_curve import curve, grid, window
from mssp_sim.studies.program_cost import ProgramCost, net
from mssp_sim.studies.quality_scores import study
from mssp_sim.studies.stakes import curves, minimum_by_size, stakes
from mssp_sim.studies.target_split import split
from mssp_sim.studies.tradeoff import tradeoff
from mssp_sim.words.bridge import bridge_rows

CUTS = (0.031, 0.06, 0.019, 0.0, -0.01, -0.04, -0.2)
LEVELS = ("A", "E", "ENHANCED")
HERE = [Scenario(level=level, cost_reduction=cut) for level in LEVELS for cut in CUTS]
SINGLE = 1e-6
"""Arrow holds single precision."""


def near(value):
    return pytest.approx(value, rel=SINGLE, abs=1e-5)


def rows(picture, name="marks", **wanted):
    """Return the rows of a dataset that have these values."""
    table = pa.ipc.open_stream(io.BytesIO(picture.datasets[name])).read_all().to_pylist()
    return [row for row in table if all(row[key] == value for key, value in wanted.items())]


def said(picture, look):
    return [row["text"] for row in rows(picture, role="text", look=look)]


def looks(picture, role, prop="fill"):
    """Return what each look of a role is painted with, as the specification says it."""
    (layer,) = (
        layer
        for layer in picture.spec["layer"]
        if any(f"'{role}'" in step.get("filter", "") for step in layer.get("transform", ()))
        and prop in layer["mark"]
    )
    return json.loads(re.fullmatch(r"\((.*)\)\[datum\.look\]", layer["mark"][prop]["expr"])[1])


# One colour, one meaning.


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_earned_and_what_is_owed_have_their_colours_in_every_picture(theme):
    ink = INK[theme]
    result = simulate(Scenario(level="ENHANCED"))
    losing = simulate(Scenario(level="ENHANCED", cost_reduction=-0.04))
    five = agreement(Scenario())
    drawn_years = outlook(Scenario(), Doubt())
    painted = [
        looks(payoff_picture(curve(result, losing), theme, ""), "dot"),
        looks(bridge(bridge_rows(result), theme, ""), "bar"),
        looks(moved(theme, 1.0, -2.0), "bar"),
        looks(mini(result, losing, theme), "dot"),
        looks(quality.ladder(study(result), losing, "loss", theme, ""), "dot"),
        looks(quality.value_of_points(study(result), theme, ""), "bar"),
        looks(overlay(result, "A", theme), "dot"),
        looks(dollars(five, five, None, theme), "room"),
        looks(luck.hundreds([hundred(0.2, 0.3)] * 2, theme, ""), "year"),
        looks(spread(drawn_years, 0.0, theme), "bar"),
    ]
    meant = {
        **dict.fromkeys(("earned", "earning", "gained", "paid", "now"), ink.earned),
        **dict.fromkeys(("owed", "owing"), ink.owed),
        **dict.fromkeys(("baseline", "first", "total"), ink.background),
    }
    for picture in painted:
        for look, colour in picture.items():
            assert colour == meant.get(look, colour), look
    assert painted[2]["lost"] == ink.background  # lost in a change: outlined and hatched
    assert painted[1]["lost"] == ink.left


# What moved the money.


def moved(theme, *changes):
    row = moved_picture.Moving
    ends = [row("a", "a", 5.0, "$5.0M", "total"), row("b", "b", 5.0 + sum(changes), "", "total")]
    between = [row(f"c{at}", "c", worth, f"{worth}", "change") for at, worth in enumerate(changes)]
    return moved_picture.moved([ends[0], *between, ends[1]], theme, "")


def test_a_gain_is_drawn_as_a_gain_and_a_loss_is_hatched():
    changes = (3.0, -4.0, 1.0, -9.0)
    drawn = moved("light", *changes)
    bars = rows(drawn, role="bar")
    wanted = ["gained" if change > 0 else "lost" for change in changes]
    assert [bar["look"] for bar in bars] == ["total", *wanted, "total"]
    zero = rows(drawn, role="zero")[0]["x"]
    unit = (bars[0]["x2"] - zero) / 5.0
    reached = 5.0
    for bar, change in zip(bars[1:-1], changes, strict=True):
        low, high = sorted((reached, reached + change))
        assert [bar["x"], bar["x2"]] == near([zero + low * unit, zero + high * unit])
        hatched = [r for r in rows(drawn, role="hatch") if bar["y"] <= r["y"] <= bar["y2"]]
        assert bool(hatched) == (change < 0)
        reached += change


# The payoff curve, large and small.


@pytest.mark.parametrize("here", HERE)
def test_the_dots_and_the_line_of_the_curve_are_what_is_settled(here):
    result = simulate(here)
    for baseline in map(simulate, (Scenario(), Scenario(cost_reduction=-0.045), here)):
        line = curve(result, baseline)
        drawn = payoff_picture(line, "light", "")
        dots = {row["look"]: (row["x"], row["y"]) for row in rows(drawn, role="dot")}
        payment = float(result.payment)
        now = "owing" if payment < 0 else "earning" if payment > 0 else "nothing"
        assert dots.pop(now) == near((float(result.savings_rate) * 100, payment / 1e6))
        if dots:
            at = (float(baseline.savings_rate) * 100, float(baseline.payment) / 1e6)
            assert dots == {"baseline": near(at)}
        else:
            assert baseline.payment == result.payment
        label = f"owe {money(-payment)}" if payment < 0 else f"earn {money(payment)}"
        assert [r["text"] for r in rows(drawn, role="text") if r["look"].startswith("here")] == [
            f"you {label}"
        ]
        for row in rows(drawn, "hover")[::25]:
            assert row["y"] * 1e6 == pytest.approx(
                float(payoff(here, row["x"] / 100).payment), rel=1e-5, abs=1
            )
        for row in rows(drawn, "curve"):
            side = {"earned": 1, "owed": -1, "quiet": -1, "zone": 0}[row["tone"]]
            assert row["y"] == 0 or np.sign(row["y"]) == side
            assert row["tone"] != ("quiet" if payment < 0 else "owed")
        if rows(drawn, role="zone"):
            (zone,) = rows(drawn, role="zone")
            minimum = float(result.minimum_savings_rate) * 100
            low = -minimum if result.two_sided else line.reach[0] * 100
            ends = [max(low, line.reach[0] * 100), min(minimum, line.reach[1] * 100)]
            assert [zone["x"], zone["x2"]] == near(ends)
        if result.left_on_the_table >= 1:
            (bracket,) = rows(drawn, role="bracket")
            paid = max(payment, 0) / 1e6
            full = paid + float(result.left_on_the_table) / 1e6
            assert [bracket["y"], bracket["y2"]] == near([paid, full])


def mini(result, first, theme="light"):
    rates = grid(window(float(result.savings_rate), float(first.savings_rate)))
    full = replace(result.scenario, quality_score=1.0, quality_standard_met=True)
    (drawn,) = minis(
        [
            Mini(
                savings_rate=rates,
                payment=np.asarray(payoff(result.scenario, rates).payment),
                payment_at_full_quality=np.asarray(payoff(full, rates).payment),
                here=(float(result.savings_rate), float(result.payment)),
                first=(float(first.savings_rate), float(first.payment)),
                minimum_savings_rate=float(result.minimum_savings_rate),
                minimum_loss_rate=float(result.minimum_loss_rate) if result.two_sided else None,
            )
        ],
        theme,
        [""],
    )
    return drawn


@pytest.mark.parametrize("here", HERE)
def test_the_dots_of_a_small_curve_are_the_two_results(here):
    result = simulate(here)
    for first in map(simulate, (Scenario(), Scenario(cost_reduction=-0.045))):
        dots = {row["look"]: (row["x"], row["y"]) for row in rows(mini(result, first), role="dot")}
        now = "owing" if result.payment < 0 else "now"
        assert dots == {
            "first": near((float(first.savings_rate) * 100, float(first.payment) / 1e6)),
            now: near((float(result.savings_rate) * 100, float(result.payment) / 1e6)),
        }


@pytest.mark.parametrize("here", HERE)
def test_the_bars_of_the_bridge_are_as_long_as_their_dollars(here):
    result = simulate(here)
    parts = bridge_rows(result)
    drawn = bridge(parts, "light", "")
    largest = max(abs(part.amount) for part in parts)
    by_middle = {round((bar["y"] + bar["y2"]) / 2, 2): bar for bar in rows(drawn, role="bar")}
    unit = None
    for at, part in enumerate(parts):
        bar = by_middle.get(at + 0.5)
        if bar is None:
            assert abs(part.amount) <= 1e-6 * largest
            continue
        assert bar["look"] == part.look
        length = bar["x2"] - bar["x"]
        unit = unit or length / abs(part.amount)
        assert length == pytest.approx(abs(part.amount) * unit, rel=1e-3, abs=1e-4)
    values = [r["text"] for r in rows(drawn, role="text") if r["look"].startswith("value")]
    assert values == [part.shown for part in parts]


@pytest.mark.parametrize("here", HERE)
def test_the_dot_on_the_map_is_the_scenario(here):
    result = simulate(here)
    found = tradeoff(here)
    assert found.here == near((float(result.savings_rate), 0.75, float(result.payment)))
    (dot,) = rows(map_picture(found, None, "light", ""), role="dot")
    assert (dot["x"], dot["y"]) == near((float(result.savings_rate) * 100, 75.0))


# Quality.


@pytest.mark.parametrize("cut", [0.031, -0.04])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("before", [0.4, 0.75, 0.9])
def test_the_dots_of_a_ladder_are_the_rates_of_the_two_results(level, cut, before):
    result = simulate(Scenario(level=level, cost_reduction=cut, quality_score=0.82))
    baseline = simulate(Scenario(level=level, cost_reduction=cut, quality_score=before))
    found = study(result)
    for which, name in (("share", "final_sharing_rate"), ("loss", "shared_loss_rate")):
        drawn = quality.ladder(found, baseline, which, "light", "")
        dots = {row["look"]: (row["x"], row["y"]) for row in rows(drawn, role="dot")}
        owing = which == "loss" and result.payment < 0
        assert dots == {
            "baseline": near((before * 100, float(getattr(baseline, name)) * 100)),
            "owing" if owing else "own": near((82.0, float(getattr(result, name)) * 100)),
        }
        line = rows(drawn, "lines", look="own")
        settled = simulate(
            replace(result.scenario, quality_score=np.array([row["x"] / 100 for row in line]))
        )
        beside = np.abs(np.array([row["x"] for row in line]) - 76.7) > 0.01
        drawn_rates = np.array([row["y"] for row in line])
        rates = np.broadcast_to(getattr(settled, name), drawn_rates.shape) * 100
        assert drawn_rates[beside] == pytest.approx(rates[beside], abs=1e-3)
    drawn = quality.value_of_points(found, "light", "")
    for bar in rows(drawn, role="bar"):
        start = int(bar["x"])
        scores = np.array([start, start + 1]) / 100
        low, high = simulate(replace(result.scenario, quality_score=scores)).payment
        assert bar["y2"] * 1e6 == pytest.approx(high - low, rel=1e-4, abs=1)
        assert bar["look"] == ("owed" if result.payment < 0 else "earned")


# The corridor.


def overlay(result, other, theme="light"):
    found = stakes(result)
    rate = found.savings_rate
    reach = window(rate, -rate)
    rates = grid(reach, *(s * row.minimum for row in found.contracts for s in (1, -1)))
    levels = [found.own.level, other]
    drawn = corridor.Overlay(found, other, rates, curves(result, levels, rates), reach)
    return corridor.contracts(drawn, theme, "")


@pytest.mark.parametrize("here", [s for s in HERE if abs(s.cost_reduction) > 0.001])
def test_the_dots_of_two_contracts_are_their_payments_here_and_on_the_other_side(here):
    result = simulate(here)
    other = "ENHANCED" if here.level != "ENHANCED" else "B"
    drawn = overlay(result, other)
    rate = float(result.savings_rate)
    theirs = replace(here, level=other)
    payment = float(result.payment)
    now = "earning" if payment > 0 else "owing" if payment < 0 else "nothing"
    wanted = {
        (now, rate): here, ("mirror", -rate): here,
        ("other-now", rate): theirs, ("other-mirror", -rate): theirs,
    }  # fmt: skip
    dots = {row["look"]: (row["x"], row["y"]) for row in rows(drawn, role="dot")}
    assert dots == {
        look: near((at * 100, float(payoff(whose, at).payment) / 1e6))
        for (look, at), whose in wanted.items()
    }
    zones = rows(drawn, role="zone")
    assert all(zone["x2"] <= float(result.minimum_savings_rate) * 100 + 1e-4 for zone in zones)
    for row in rows(drawn, "hover")[::20]:
        for column, whose in (("y", here), ("other", theirs)):
            exact = float(payoff(whose, row["x"] / 100).payment)
            assert row[column] * 1e6 == pytest.approx(exact, rel=1e-4, abs=100)


@pytest.mark.parametrize("people", [700.0, 8_238.0, 45_000.0, 400_000.0])
@pytest.mark.parametrize("level", ["A", "E"])
def test_the_dot_of_the_minimum_is_that_of_the_settlement(people, level):
    result = simulate(Scenario(assigned_beneficiaries=people, level=level))
    sizes = minimum_by_size(result, corridor.reach_of(people))
    drawn = corridor.minimum_by_size(sizes, "light", "")
    (dot,) = rows(drawn, role="dot")
    assert (dot["x"], dot["y"]) == near((people, float(result.minimum_savings_rate) * 100))
    for whose, scenario in (
        ("yours", result.scenario),
        ("table", replace(result.scenario, minimum_election="size")),
    ):
        for row in rows(drawn, "lines", whose=whose)[::7]:
            there = simulate(replace(scenario, assigned_beneficiaries=row["x"]))
            assert row["y"] == pytest.approx(float(there.minimum_savings_rate) * 100, abs=1e-4)


# Luck.


def hundred(paid, owing):
    found = Chances(paid, 1 - paid - owing, owing)
    return luck.Hundred("name", "n", *of_a_hundred(found), "counts")


@pytest.mark.parametrize(("paid", "owing"), [(0.078, 0.0785), (0.7, 0.01), (0.0, 0.6), (0.5, 0.0)])
def test_a_hundred_marks_are_the_years_they_count(paid, owing):
    drawn = luck.hundreds([hundred(paid, owing), hundred(owing, paid)], "light", "")
    marks = rows(drawn, role="year")
    assert len(marks) == 200
    for half, (left, right) in ((marks[:100], (paid, owing)), (marks[100:], (owing, paid))):
        counted = [sum(m["look"] == look for m in half) for look in ("paid", "nothing", "owing")]
        assert counted == list(of_a_hundred(Chances(left, 1 - left - right, right)))
    assert max(m["x"] for m in marks[:100]) < min(m["x"] for m in marks[100:])


def spread(found, here, theme="light"):
    drawn = luck.Spread(found.payment, here, money(here), "none", money)
    return luck.outlook(drawn, theme, "")


@pytest.mark.parametrize(
    "fields",
    [{}, {"cost_reduction": -0.02}, {"cost_reduction": -0.05}, {"level": "A"},
     {"level": "ENHANCED", "minimum_election": 0.0}, {"cost_reduction": 0.08}],
)  # fmt: skip
def test_the_bars_of_the_drawn_years_hold_the_years_of_their_side(fields):
    found = outlook(Scenario(**fields), Doubt())
    drawn = spread(found, float(simulate(Scenario(**fields)).payment))
    bars = rows(drawn, role="bar")
    in_all = sum(bar["y2"] - bar["y"] for bar in bars)
    drawn_share = dict.fromkeys(("paid", "nothing", "owing"), 0.0)
    for bar in bars:
        drawn_share[bar["look"]] += (bar["y2"] - bar["y"]) / in_all * 100
    for look, share in drawn_share.items():
        exact = 100 * float(getattr(found.chances, look))
        assert share == pytest.approx(exact, abs=0.01), look
    kinds = [bar["look"] for bar in sorted(bars, key=lambda bar: bar["x"])]
    order = {"owing": 0, "nothing": 1, "paid": 2}
    assert [order[kind] for kind in kinds if kind != "nothing"] == sorted(
        order[kind] for kind in kinds if kind != "nothing"
    )


def test_the_last_bar_of_what_is_owed_ends_at_nothing_and_is_owed():
    payment = np.repeat([-3e6, -1e5, 0.0, 1e5, 4e6], 20)
    drawn = luck.outlook(luck.Spread(payment, 0.0, "", "", money), "light", "")
    bars = sorted(rows(drawn, role="bar"), key=lambda bar: bar["x"])
    assert [bar["look"] for bar in bars if bar["look"] != "nothing"] == ["owing"] * 2 + ["paid"] * 2


# Five years.


def dollars(five, before, after, theme="light"):
    bars = [
        five_years.Paid(
            name=str(year.year), under=year.level, dollars=float(year.result.payment),
            shown=money(float(year.result.payment)), baseline=float(before.payment[at]),
            baseline_shown=money(float(before.payment[at])),
            net=None if after is None else float(after.net[at]),
            net_shown="" if after is None else money(float(after.net[at])), assumed=year.assumed,
        )
        for at, year in enumerate(five.years)
    ]  # fmt: skip
    return five_years.dollars(bars, "assumed: later", theme, "")


@pytest.mark.parametrize("cut", [0.031, 0.01, -0.04])
def test_bars_dots_and_net_marks_of_five_years_stand_at_their_dollars(cut):
    five, before = (agreement(Scenario(cost_reduction=c)) for c in (cut, 0.05))
    after = net([y.result for y in five.years], ProgramCost(per_person=60, advance=4e6))
    drawn = dollars(five, before, after)
    zero = rows(drawn, role="zero")[0]["y"]
    dots = rows(drawn, role="point", look="baseline")
    unit = (dots[0]["y"] - zero) / float(before.payment[0])
    places = {
        "baseline": ([dot["y"] for dot in dots], before.payment),
        "net": ([mark["y"] for mark in rows(drawn, role="net")], after.net),
    }
    for name, (drawn_at, amounts) in places.items():
        assert drawn_at == near([zero + float(amount) * unit for amount in amounts]), name
    bars = {round((bar["x"] + bar["x2"]) / 2 - 0.5): bar for bar in rows(drawn, role="room")}
    for at, amount in enumerate(five.payment):
        if not amount:
            assert at not in bars
            continue
        bar = bars[at]
        assert bar["look"] == ("owed" if amount < 0 else "earned")
        ends = sorted((zero, zero + float(amount) * unit))
        assert [bar["y"], bar["y2"]] == near(ends)
    assert said(drawn, "paid") == [money(float(amount)) for amount in five.payment]


@pytest.mark.parametrize("fields", [{}, {"cost_reduction": -0.04}, {"own_growth": 0.06}])
def test_targets_spending_and_the_next_target_stand_at_their_dollars(fields):
    five = agreement(Scenario(**fields))
    spent = [float(y.result.expenditure_total / y.result.person_years) for y in five.years]
    targets = [float(y.result.benchmark) for y in five.years]
    years = [
        five_years.YearLine(str(y.year), "saved 1%", t, s, f"t{t:.0f}", f"s{s:.0f}", y.assumed)
        for y, t, s in zip(five.years, targets, spent, strict=True)
    ]
    rebased = five.rebased
    following = five_years.Next(
        "next", rebased.benchmark, rebased.benchmark_without_cut, spent[-1], "with", "without"
    )
    drawn = five_years.course(years, following, "assumed: later", "light", "", ())
    places = {
        look: [row["y"] for row in rows(drawn, role="point", look=look)]
        for look in ("target", "spent")
    }
    known = [*targets, *spent]
    unit = (places["target"][0] - places["spent"][0]) / (targets[0] - spent[0])

    def at(figure):
        return places["target"][0] + (figure - targets[0]) * unit

    drawn_at = [*places["target"], *places["spent"]]
    assert drawn_at == pytest.approx([at(figure) for figure in known], abs=1e-3)
    (taken,) = rows(drawn, role="room", look="taken")
    ends = sorted(map(at, (rebased.benchmark, rebased.benchmark_without_cut)))
    assert [taken["y"], taken["y2"]] == pytest.approx(ends, abs=1e-3)
    (guide,) = rows(drawn, role="guide")
    assert guide["y2"] == pytest.approx(at(rebased.benchmark_without_cut), abs=1e-3)
    (room,) = rows(drawn, role="room", look="room")
    assert [room["y"], room["y2"]] == pytest.approx(
        [at(spent[-1]), at(rebased.benchmark)], abs=1e-3
    )
    assert len(rows(drawn, role="band")) == any(y.assumed for y in five.years)


# The spending target.


@pytest.mark.parametrize("share", [0.1, 0.6])
@pytest.mark.parametrize("own_effect", [False, True])
def test_the_blend_writes_weight_times_trend_and_adds_up_to_the_update(share, own_effect):
    here = Scenario(
        market_share=share, own_effect=own_effect, regional_growth=0.03, national_growth=0.06
    )
    result = simulate(here)
    parts = target_words.blend(split(result))
    drawn = blend_picture.blend(parts, "light", "")
    growth = result.target.growth
    ratios = (growth.national_ratio, growth.regional_ratio, growth.prospective_ratio)
    trends = [float(np.asarray(ratio).ravel()[0]) - 1 for ratio in ratios]
    third = float(result.rules.prospective_trend_weight)
    weights = [(1 - third) * share, (1 - third) * (1 - share), third]
    signed = target_words.percent_change
    assert said(drawn, "sum") == [
        f"{percent(w)} × {percent(t)}" for w, t in zip(weights, trends, strict=True)
    ]
    assert said(drawn, "value") == [signed(w * t) for w, t in zip(weights, trends, strict=True)]
    update = float(np.asarray(growth.update_factor).ravel()[0]) - 1
    assert said(drawn, "value-total") == [signed(update)]
    across = [row for row in rows(drawn, role="bar") if row["y2"] < 1]
    assert [row["x2"] - row["x"] for row in across] == near([w * 100 for w in weights])
    table = [row["Weight × growth"] for row in drawn.table()]
    assert table == [percent(w * t, 2) for w, t in zip(weights, trends, strict=True)]
