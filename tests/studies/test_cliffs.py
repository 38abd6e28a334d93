"""The next step and the next cliff: found where the payment turns, and nowhere else."""

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.app.next_steps import CHOICES
from mssp_sim.figures import as_shown, change
from mssp_sim.scenario import quantities
from mssp_sim.studies import cliffs
from mssp_sim.studies.cliffs import MAIN, Ahead, Cliff, ahead, everywhere, near
from mssp_sim.studies.levers import ends, places, value, variants
from mssp_sim.words.next_steps import NO_CLIFF, beside_lever, next_cliff
from tests import random_scenarios

SLIP = Scenario()
FINE = 10
"""Places looked at within a step of a lever, by who knows no state and no flag."""


def cliff(scenario, lever, window, *, upward):
    found = ahead(scenario, {lever: window}).cliff(lever, upward=upward)
    assert found, (lever, window)
    return found


GOLDEN = {
    # What, scenario, lever, where to look, which way, where it is.
    "minimum to get paid": (SLIP, "cost_reduction", (-0.01, 0.05), False, 0.02),
    "full quality standard": (SLIP, "quality_score", (0, 1), True, 0.767),
    # 10% of the target / (37.5% x 98%) = 27.211% saved
    "payment limit": (SLIP, "cost_reduction", (0.0, 0.4), True, 0.10 / (0.375 * 0.98)),
    "minimum before you owe": (
        replace(SLIP, cost_reduction=-0.01), "cost_reduction", (-0.1, 0.0), False, -0.02,
    ),
    # 4% of the target / 30% = 13.333% overspent
    "loss limit": (
        replace(SLIP, cost_reduction=-0.1), "cost_reduction", (-0.3, 0.0), False, -0.04 / 0.3,
    ),
    "cap on risk growth": (SLIP, "risk_growth", (-0.01, 0.08), True, 0.03),
}  # fmt: skip


@pytest.mark.parametrize("what", GOLDEN)
def test_a_known_cliff_is_found_where_it_is(what):
    scenario, lever, window, upward, at = GOLDEN[what]
    found = cliff(scenario, lever, window, upward=upward)
    assert found.what == what
    assert found.at == pytest.approx(at, abs=quantities()[lever].step / 500)
    low, high = sorted((found.at, found.first))
    assert high - low <= quantities()[lever].step * 1.001


def test_the_slip_leads_with_the_quality_standard():
    found = ahead(SLIP, {lever: near(SLIP, lever) for lever in MAIN}, MAIN)
    lead = found.lead(SLIP)
    assert (lead.lever, lead.first, lead.move(SLIP)) == (
        "quality_score", 0.767, pytest.approx(0.017),
    )  # fmt: skip
    # 17,732,000 x 12.5% x 98%
    assert lead.worth == pytest.approx(2_172_170)
    assert found.steps["cost_reduction"].worth == pytest.approx(572_000 * 0.375 * 0.98)


def turn(**given):
    """Return a cliff of the slip's quality, one step up, but for what is given."""
    usual = {
        "lever": "quality_score", "upward": True, "at": 0.75, "first": 0.751, "worth": 1e6,
        "jump": 1e6, "what": "quality",
    }  # fmt: skip
    return Cliff(**(usual | given))


COUNTS = {
    "a jump": ({}, True),
    "a jump that does not show": ({"worth": 99_999, "jump": 99_999}, False),
    "a jump against what the move is worth": ({"jump": -1e6}, False),
    "a bend": ({"jump": 0.0}, False),
    "where growth stops": ({"jump": 0.0, "stops": True, "first": 0.8}, True),
    "where growth stops, an ordinary step away": ({"jump": 0.0, "stops": True}, False),
    "where a loss stops": ({"jump": 0.0, "stops": True, "first": 0.7, "worth": -1e6}, False),
    "more risk growth": ({"lever": "risk_growth", "at": 0.0, "first": 0.001}, False),
    "more demographic growth": ({"lever": "demographic_growth", "first": 0.001}, False),
    "less risk growth": (
        {"lever": "risk_growth", "upward": False, "first": -0.001, "worth": -1e6, "jump": -1e6},
        True,
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_cliff_counts_where_it_shows_and_is_no_ordinary_step_and_no_growth_of_risk(name):
    given, counts = COUNTS[name]
    assert turn(**given).counts(SLIP) == counts


def test_ones_own_levers_come_first_and_from_nothing_the_way_up():
    own = turn(worth=-2e5, jump=-2e5)
    others = turn(lever="regional_growth", at=0.05, first=0.049, worth=-9e6, jump=-9e6)
    assert Ahead(5e6, {}, (), (others, own)).lead(SLIP) == own
    up = turn(lever="cost_reduction", at=0.04, first=0.05, worth=2e5, jump=2e5)
    down = turn(upward=False, first=0.74, worth=-9e6, jump=-9e6)
    assert Ahead(0.0, {}, (), (down, up)).lead(SLIP) == up
    assert Ahead(5e6, {}, (), (down, up)).lead(SLIP) == down
    assert next_cliff(Ahead(5e6, {}, ()), SLIP) == NO_CLIFF


SAID = {
    # 4.1% overspent owes 572,000,000 x 4.1% x 30% = 7,035,600; at 1.9% nothing
    "overspent 4.1%, quality 76.7": (
        {"cost_reduction": -0.041, "quality_score": 0.767},
        "2.2 points more cost reduction: +$7.0M", "2.2 points more: +$7.0M",
    ),
    # ENHANCED at 75: 4% x 572,000,000 x (1 - 75% x 75%) = 10,010,000
    "ENHANCED, overspent 4%": (
        {"cost_reduction": -0.04, "level": "ENHANCED"},
        "2.1 points more cost reduction: +$10.0M", "2.1 points more: +$10.0M",
    ),
    # 2.0% x 572,000,000 x 37.5% x 98% = 4,204,200
    "1.96% saved": (
        {"cost_reduction": 0.0196},
        "0.04 points more cost reduction: +$4.2M", "0.04 points more: +$4.2M",
    ),
    "quality 50, neither standard": (
        {"quality_score": 0.5, "alternative_standard_met": False},
        "26.7 points more quality: +$8.7M", "26.7 points more: +$8.7M",
    ),
    "nothing done": (
        {"cost_reduction": 0.0},
        "2.0 points more cost reduction: +$4.2M", "2.0 points more: +$4.2M",
    ),
    "the good year": (
        {"quality_score": 0.82},
        "1.2 points less cost reduction: −$8.7M", "1.2 points less: −$8.7M",
    ),
    "the slip": ({}, "1.7 points more quality: +$2.2M", "1.7 points more: +$2.2M"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_page_and_rail_name_the_same_cliff(name):
    fields, page, rail = SAID[name]
    scenario = Scenario(**fields)
    found = of_desk(scenario)
    assert next_cliff(found, scenario) == page
    assert beside_lever(found, scenario, found.lead(scenario).lever) == rail


WHY = {
    ("market_share", "no effect: region and nation grow alike"): {"national_growth": 0.05},
    ("risk_growth", "no effect: already over the cap"): {
        "risk_score_performance_year": np.full(4, 1.4)
    },
    ("regional_growth", "no effect: one-sided"): {"level": "A", "cost_reduction": -0.08},
    ("quality_score", "no effect: under the minimum"): {"cost_reduction": 0.01},
    ("quality_score", "no effect: no money moves in the zone"): {"cost_reduction": 0.0},
    ("quality_score", "no effect: losses count whatever the quality"): {"cost_reduction": -0.04},
    ("quality_score", "no effect: met by reporting"): {"reporting_incentive_met": True},
    ("quality_score", "no effect: CMS has decided"): {"quality_standard_met": True},
    ("market_share", "no effect: no quality standard is met"): {
        "quality_score": 0.5, "alternative_standard_met": False
    },
    # 8% of revenue, which is 30% of spending: the target plays no part
    ("market_share", "no effect: at the loss limit"): {
        "cost_reduction": -0.3, "participant_revenue_share": 0.3
    },
    ("quality_score", "no effect: at the payment limit"): {
        "cost_reduction": 0.4, "reporting_incentive_met": True
    },
    ("minimum_election", "any is cleared"): {},
    ("minimum_election", "any is passed"): {"cost_reduction": -0.04},
    ("alternative_standard_met", "full is met"): {"quality_score": 0.82},
}  # fmt: skip


@pytest.mark.parametrize(("lever", "said"), WHY)
def test_a_lever_whose_whole_reach_moves_nothing_says_why(lever, said):
    scenario = Scenario(**WHY[lever, said])
    assert beside_lever(of_desk(scenario), scenario, lever) == said


def of_desk(scenario):
    """Look ahead as the app does."""
    return ahead(scenario, {lever: ends(scenario, lever) for lever in MAIN}, CHOICES, closely=False)


TINY = re.compile(r"<|\$0\.0M")
AT_ONCE, STATES = 40, 2_000


def reach(scenario, lever):
    """Return the payment over the whole reach of a lever, at each place of its slider."""
    grid = places(scenario, lever, *ends(scenario, lever))
    return grid, np.asarray(simulate(variants(scenario, [(lever, grid)])).payment)


def hints_hold(seed):
    scenario = Scenario(**random_scenarios.fields(np.random.default_rng(seed)))
    found = of_desk(scenario)
    now = float(simulate(scenario).payment)
    for lever in (*MAIN, *CHOICES):
        said = beside_lever(found, scenario, lever)
        about = (seed, lever, said)
        assert not TINY.search(said), about
        if lever in CHOICES:
            continue
        grid, payment = reach(scenario, lever)
        still = np.ptp(payment) < 1
        assert still == said.startswith("no effect: "), about
        if not said or still:
            continue
        far, way, worth = re.fullmatch(r"([\d.,]+) points? (more|less): (.+)", said).groups()
        assert not (lever == "risk_growth" and way == "more" and worth.startswith("+")), about
        side = 1 if way == "more" else -1
        at = value(scenario, lever) + float(far) / 100 * side
        # A long distance is rounded up: the place is the last one that it reaches.
        row = int(np.argmin(np.abs(grid - at) + 9 * (side * (grid - at) > 1e-6)))
        digits = len(far.partition(".")[2])
        assert 0 <= side * (at - grid[row]) + 1e-6 < 0.01 / 10**digits, about
        assert change(as_shown(payment[row], now)) == worth, about
        assert_no_ordinary_step(lever, grid, payment, row, scenario, about)
    said = next_cliff(found, scenario)
    if said != NO_CLIFF:
        lead = found.lead(scenario)
        rail = beside_lever(found, scenario, lead.lever)
        assert rail.rpartition(": ")[2] == said.rpartition(": ")[2]
        assert rail.split()[0] == said.split()[0]


def assert_no_ordinary_step(lever, grid, payment, row, scenario, about):
    """Demand a jump before the place, or a slope that ends there after more than a step."""
    now = int(np.argmin(np.abs(grid - value(scenario, lever))))
    before = row - 1 if row > now else row + 1
    beyond = 2 * row - before
    leap = abs(payment[row] - payment[before])
    around = [2 * before - row, before, row, beyond]
    inside = [at for at in around if 0 <= at < len(grid)]
    slopes = [abs(payment[b] - payment[a]) for a, b in pairwise(inside) if {a, b} != {before, row}]
    jumps = leap > 50_000 and leap > 1.4 * min(slopes, default=0)
    stops = abs(row - now) > 1 and (not 0 <= beyond < len(grid) or slopes[-1] < 0.05 * leap + 1)
    assert jumps or stops, (about, leap, slopes)


@pytest.mark.parametrize("ten", range(0, AT_ONCE, 10))
def test_hints_say_something_or_why_not(ten):
    for seed in range(ten, ten + 10):
        hints_hold(seed)


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(0, STATES, 100))
def test_hints_say_something_or_why_not_in_two_thousand_states(hundred):
    for seed in range(hundred, hundred + 100):
        hints_hold(seed)


def test_the_cushion_of_the_slip_is_one_point_one_down_to_the_minimum():
    below = cliff(SLIP, "cost_reduction", ends(SLIP, "cost_reduction"), upward=False)
    assert below.away(SLIP) == pytest.approx(0.011)
    assert below.worth == pytest.approx(-6_516_510)
    assert below.jump == pytest.approx(-572_000_000 * 0.02 * 0.375 * 0.98)


def test_quality_is_no_cliff_where_nothing_is_paid_or_owed():
    inside = replace(SLIP, cost_reduction=0.01)
    assert everywhere(inside, ["quality_score"]).cliffs == ()


def test_the_share_of_losses_stops_moving_at_eighty_on_enhanced():
    losing = replace(SLIP, cost_reduction=-0.04, level="ENHANCED")
    found = cliff(losing, "quality_score", (0, 1), upward=True)
    # 1 - 75% x 80% = 40%, the floor
    assert (found.what, found.first) == ("your share of losses", pytest.approx(0.8))


def test_a_step_without_room_is_none_and_one_at_the_end_goes_back():
    crowded = Scenario(market_share=1.0)
    assert "other_acos_share" not in ahead(crowded, {}, ["other_acos_share"]).steps
    assert ahead(Scenario(quality_score=1.0), {}, ["quality_score"]).steps[
        "quality_score"
    ].to == pytest.approx(0.999)


def test_the_next_contract_and_minimum_are_valued_too():
    steps = ahead(SLIP, {}, ["level", "minimum_election", "alternative_standard_met"]).steps
    assert (steps["level"].to, round(steps["level"].worth)) == ("ENHANCED", 3_258_255)
    assert "minimum_election" in ahead(SLIP, {}, ["minimum_election"]).still
    little = ahead(Scenario(cost_reduction=0.008), {}, ["minimum_election"]).steps
    # 0.8% saved: at 1.5% and 1.0% nothing yet; at 0.5% 572,000,000 x 0.8% x 37.5% x 98%
    assert little["minimum_election"].to == 0.005
    assert round(little["minimum_election"].worth) == 1_681_680
    assert round(steps["alternative_standard_met"].worth) == -6_516_510
    track = Scenario(performance_year=2018, agreement_start=dt.date(2018, 1, 1), level="2")
    assert ahead(track, {}, ["level"]).steps["level"].to == "3"


def turns_seen(scenario, lever):
    """Return where the payment clearly turns, from a fine sweep of payments and nothing else."""
    low, high = ends(scenario, lever)
    step = quantities()[lever].step / FINE
    grid = np.arange(np.ceil(low / step + 1e-6), np.floor(high / step - 1e-6) + 1) * step
    payment = np.asarray(simulate(variants(scenario, [(lever, grid)])).payment)
    rise = np.diff(payment)
    bend = np.abs(np.diff(rise))
    steepest = np.maximum(np.abs(rise[1:]), np.abs(rise[:-1]))
    clear = bend > 0.01 * steepest + 0.02 * np.median(np.abs(rise)) + 10
    return grid[1:-1][clear], step


def really_turns(scenario, found):
    """Look at the payment alone, right beside a cliff."""
    step = quantities()[found.lever].step
    low, high = quantities()[found.lever].allowed
    sides = found.at + np.array([-6e-3, -2e-3, 2e-3, 6e-3]) * step
    sides = sides[(sides >= low) & (sides <= high)]
    payment = np.asarray(simulate(variants(scenario, [(found.lever, sides)])).payment)
    slope = np.diff(payment) / np.diff(sides)
    return np.ptp(slope) > 0.0005 * np.max(np.abs(slope)) + 1


def search(seed):
    random = np.random.default_rng(seed)
    scenario = Scenario(**random_scenarios.fields(random))
    found = everywhere(scenario)
    for lever in MAIN:
        now = value(scenario, lever)
        turns, step = turns_seen(scenario, lever)
        for upward in (True, False):
            beyond = turns[turns > now + 2 * step] if upward else turns[turns < now - 2 * step]
            nearest = found.cliff(lever, upward=upward)
            about = (seed, lever, upward, nearest, beyond)
            if len(beyond):
                first = beyond.min() if upward else beyond.max()
                assert nearest, about
                assert abs(nearest.at - now) <= abs(first - now) + 2 * step, about
            if nearest:
                assert really_turns(scenario, nearest), about


@pytest.mark.parametrize("seed", range(12))
def test_cliffs_are_where_the_payment_turns(seed):
    search(seed)


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(1, 6))
def test_cliffs_are_where_the_payment_turns_in_five_hundred_scenarios(hundred):
    for seed in range(100 * hundred, 100 * (hundred + 1)):
        search(seed)


@pytest.mark.parametrize(
    ("flag", "what"),
    [(cliffs._MET, "full quality standard"), (cliffs._PAYMENT_LIMIT, "payment limit"),
     (cliffs._OWES, "minimum before you owe"), (cliffs._LOSS_LIMIT, "loss limit"),
     (cliffs._ON_REVENUE, "loss limit"), (cliffs._SCORE_FLOOR, "quality"),
     (cliffs._LOWEST_RATE, "your share of losses"), (cliffs._HIGHEST_RATE, "your share of losses"),
     (cliffs._RISK_CAP, "cap on risk growth"), (cliffs._RISK_CAP << 3, "cap on risk growth"),
     (cliffs._KIND, "adjustment of the target"), (0, "adjustment of the target")],
)  # fmt: skip
def test_each_side_that_changes_names_its_cliff(flag, what):
    assert cliffs._what_flag(flag) == what


def test_of_several_sides_the_one_nearest_to_the_money_names_the_cliff():
    assert cliffs._what_flag(cliffs._MET | cliffs._LOSS_LIMIT | 1) == "full quality standard"
    assert cliffs._what_flag(cliffs._OWES | cliffs._LOSS_LIMIT) == "minimum before you owe"
    assert cliffs._what_flag(cliffs._LOSS_LIMIT | cliffs._HIGHEST_RATE) == "loss limit"
