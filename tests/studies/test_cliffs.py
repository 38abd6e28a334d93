"""The next step and the next cliff: found where the payment turns, and nowhere else."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.scenario import quantities
from mssp_sim.studies.cliffs import MAIN, Ahead, Cliff, ahead, everywhere, near
from mssp_sim.studies.levers import ends, value, variants
from mssp_sim.words.next_steps import NO_CLIFF, next_cliff
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


@pytest.mark.parametrize(
    ("worth", "said"),
    [(-99_999, NO_CLIFF), (100_000, "0.1 points more risk growth: +$0.1M")],
)
def test_a_cliff_that_moves_less_than_the_screen_shows_is_none(worth, said):
    small = Cliff(
        lever="risk_growth",
        upward=True,
        at=SLIP.risk_growth,
        first=SLIP.risk_growth + 0.001,
        worth=worth,
        jump=0.0,
        what="cap on risk growth",
    )
    assert next_cliff(Ahead(0.0, {}, (small,)), SLIP) == said


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
    assert steps["minimum_election"].to == 0.015
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
