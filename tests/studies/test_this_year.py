"""The year that runs: parts of chance that add up, a calibrated band, closed forms, the books."""

import math
import time
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.simulation import settle
from mssp_sim.studies.luck import year_spread
from mssp_sim.studies.still_needed import needed
from mssp_sim.studies.this_year import (
    DRAWS,
    band,
    booking,
    drawn,
    fan,
    growing,
    invented,
    open_spreads,
    outlook,
    projected,
    ratios,
    typed,
    year_parts,
)
from mssp_sim.studies.year_inputs import (
    BASES,
    PARTS,
    QUARTERS,
    SoFar,
    ThisYearError,
    Watched,
    read_watched,
    write_watched,
)

ALL_OFF = frozenset(PARTS)
CONTRACTS = [
    {}, {"quality_score": 0.82}, {"cost_reduction": 0.019}, {"cost_reduction": -0.04},
    {"level": "A"}, {"level": "ENHANCED", "cost_reduction": -0.05},
    {"level": "ENHANCED", "cost_reduction": 0.2}, {"assigned_beneficiaries": 4_000.0},
    {"cost_reduction": -0.03, "prospective_trend": 0.02}, {"risk_growth": 0.03},
    {"performance_year": 2023, "agreement_start": "2023-01-01"},
    {"level": "B", "cost_reduction": 0.01, "participant_revenue_share": 0.2},
]  # fmt: skip


def report(quarter=4, **more):
    """Return a report of a year that ends as it stands: nothing grows any more."""
    usual = {
        "people": 45_000, "spending_per_person": 12_600.0, "target_per_person": 13_000.0,
        "quality": 0.82, "basis": "year_so_far_annualized",
    }  # fmt: skip
    return SoFar(quarter=quarter, **usual | more)


@pytest.mark.parametrize("quarter", QUARTERS)
@pytest.mark.parametrize("fields", CONTRACTS)
def test_with_every_part_off_each_year_is_the_plain_settlement(fields, quarter):
    scenario, watched = Scenario(**fields), Watched(quarter=quarter, off=ALL_OFF)
    found = projected(typed(scenario, watched), scenario, watched.late_bills)
    plain = settle(
        found.scenario, scenario.rules, benchmark_total=found.benchmark_total,
        expenditure_total=found.expenditure_total, two_way_total=found.two_way_total,
    )  # fmt: skip
    years = outlook(found, watched)
    assert years.payment.shape == (DRAWS,)
    assert np.abs(years.payment - float(plain.payment)).max() < 0.005
    assert float(plain.payment) == pytest.approx(float(found.result.payment), abs=0.005)


@pytest.mark.parametrize("fields", CONTRACTS)
def test_a_report_that_tells_the_scenarios_own_end_settles_as_the_scenario(fields):
    scenario = Scenario(**fields)
    known, result = growing(scenario), simulate(scenario)
    for quarter in QUARTERS:
        for basis in BASES.values():
            own, target = ratios(scenario, quarter, basis, 0.02)
            told = SoFar(
                quarter=quarter, people=float(scenario.assigned_beneficiaries),
                spending_per_person=known.spending_per_person / own,
                target_per_person=known.target_per_person / known.risk / target,
                quality=float(scenario.quality_score), basis=basis,
            )  # fmt: skip
            found = projected(told, scenario, 0.02)
            assert float(found.result.payment) == pytest.approx(float(result.payment), abs=0.01)
            assert bool(found.result.guardrail) == bool(result.guardrail)


def test_a_report_by_hand():
    # 45,000 x 44/45 = 44,000 person-years; 572,000,000 less 12,600 x 44,000 = 554,400,000 saves
    # 17,600,000 = 3.0769%; half of it, less 2%: 8,624,000
    found = projected(report(), Scenario(), late_bills=0.0)
    assert found.savings_rate == pytest.approx(0.4 / 13)
    assert float(found.result.payment) == pytest.approx(8_624_000)
    # late bills of 1% add 126 to the spending; two thirds of the target move with them
    late = projected(report(), Scenario(), late_bills=0.01)
    assert late.expenditure_total == pytest.approx(12_726 * 44_000)
    share = growing(Scenario()).two_way_share
    moving = 13_000 / (share / 1.01 + 1 - share)
    assert late.benchmark_total == pytest.approx(moving * 44_000)
    assert 0.66 < share < 0.67


def test_twelve_months_are_brought_forward_by_a_years_growth_for_the_quarters_between():
    scenario = Scenario(own_growth=0.08, national_growth=0.08, regional_growth=0.08)
    own, target = ratios(scenario, 2, "last_twelve_months", 0.0)
    assert own == pytest.approx(1.08**0.5)
    share = growing(scenario).two_way_share
    assert target == pytest.approx(1 / (1 - share + share / 1.08**0.5))
    assert ratios(scenario, 2, "year_so_far_annualized", 0.0) == pytest.approx((1.0, 1.0))


# The parts of chance


@settings(max_examples=60)
@given(people=st.floats(500, 1_000_000))
def test_the_parts_give_back_the_measured_spread_of_a_year_at_every_size(people):
    parts = year_parts(people)
    assert all(value >= 0 for value in parts.values())
    whole = math.sqrt(sum(value**2 for value in parts.values()))
    assert whole == pytest.approx(float(year_spread(people)), rel=1e-12)
    before = open_spreads(people, 0, Watched())
    assert math.hypot(*before.values()) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_off_strays_by_nothing_and_leaves_the_others(part):
    every = open_spreads(45_000, 2, Watched())
    without = open_spreads(45_000, 2, Watched(off=frozenset({part})))
    assert every[part] > 0
    assert without == every | {part: 0.0}


def test_months_to_come_stray_by_the_root_of_their_share_and_risk_until_the_end():
    year = year_parts(30_000)
    for quarter, root in ((1, math.sqrt(3) / 2), (2, math.sqrt(0.5)), (3, 0.5), (4, 0.0)):
        left = open_spreads(30_000, quarter, Watched(late_spread=0.008))
        for part in ("own", "region", "nation"):
            assert left[part] == pytest.approx(year[part] * root)
        assert left["risk"] == year["risk"]
        assert left["late"] == pytest.approx(0.002 * quarter)


@pytest.mark.parametrize("cut", [0.015, 0.031, -0.03])
@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_chance_of_a_check_is_the_closed_form(quarter, cut):
    """Without the risk part, which the rule caps, the sum of the parts is one normal."""
    scenario = Scenario(cost_reduction=cut, quality_score=0.82)
    watched = Watched(quarter=quarter, off=frozenset({"risk"}))
    found = projected(typed(scenario, watched), scenario, watched.late_bills)
    years, left = outlook(found, watched), open_spreads(45_000, quarter, watched)
    rate, minimum = found.savings_rate, 0.02

    def beyond(edge):
        target = (1 - edge) * math.hypot(left["region"], left["nation"])
        spread = math.hypot(left["own"], (1 - rate) * left["late"], target)
        return 1 - NormalDist().cdf((edge - rate) / spread)

    assert years.chances.paid == pytest.approx(beyond(minimum), abs=0.006)
    assert years.chances.owing == pytest.approx(1 - beyond(-minimum), abs=0.006)
    total = years.chances.paid + years.chances.nothing + years.chances.owing
    assert total == pytest.approx(1.0)


def test_risk_that_the_rule_does_not_count_moves_no_target():
    """At the cap more risk adds nothing, less takes away: the band reaches down only."""
    scenario = Scenario(risk_growth=0.05)
    watched = Watched(quarter=4, off=ALL_OFF - {"risk"})
    found = projected(invented(scenario, 4, watched), scenario)
    years = drawn(found, open_spreads(45_000, 4, watched))
    assert np.max(years.benchmark_total) <= found.benchmark_total * (1 + 1e-12)
    free = Scenario(risk_growth=-0.02)
    found = projected(invented(free, 4, watched), free)
    years = drawn(found, open_spreads(45_000, 4, watched))
    assert np.std(years.benchmark_total) / found.benchmark_total == pytest.approx(0.01, rel=0.02)


YEARS = 20_000


@pytest.mark.long
@pytest.mark.parametrize("people", [9_000, 45_000])
def test_the_band_is_calibrated_at_every_quarter(people):
    """20,000 years by another hand, quarter by quarter; the page's band from each report."""
    chance = np.random.default_rng(7)
    scenario, watched = Scenario(assigned_beneficiaries=people), Watched()
    sd = year_parts(people)
    start = 0.025  # of the target, before the year
    steps = {p: chance.normal(0, sd[p] / 2, (YEARS, 4)) for p in ("own", "region", "nation")}
    spent = (1 - start) - np.cumsum(steps["own"], axis=1)
    target = 1 + np.cumsum(steps["region"] + steps["nation"], axis=1)
    risk = np.minimum(1 + chance.normal(0, sd["risk"], YEARS), 1.03)  # capped: 3% over BY3
    final = 1 - spent[:, -1] / (target[:, -1] * risk)
    for quarter in QUARTERS:
        # What a report says strays by the late bills of the months that it covers.
        late = 1 + chance.normal(0, watched.late_spread * quarter / 4, YEARS)
        told = 1 - spent[:, quarter - 1] / target[:, quarter - 1] / late
        low, high = ends_of_band(scenario, people, quarter, told)
        inside = np.mean((final >= low) & (final <= high))
        assert 0.79 <= inside <= 0.81, (quarter, inside)


def ends_of_band(scenario, people, quarter, told):
    """Return the band's ends at many reported rates, from what the page draws at some of them."""
    grid = np.linspace(told.min(), told.max(), 9)
    found = []
    for rate in grid:
        made = projected(
            report(quarter, people=people, spending_per_person=13_000 * (1 - rate)),
            scenario, late_bills=0.0,
        )  # fmt: skip
        assert made.savings_rate == pytest.approx(rate)
        rates = drawn(made, open_spreads(people, quarter, Watched())).savings_rate
        low, _, _, high = band(rates)
        found.append((low, high))
    low, high = np.transpose(found)
    return np.interp(told, grid, low), np.interp(told, grid, high)


def test_the_fan_narrows_from_report_to_report_and_its_inner_band_lies_inside():
    scenario, watched = Scenario(), Watched(quarter=2)
    told = {q: invented(scenario, q, watched) for q in (1, 2)}
    points = fan(told, scenario, watched)
    assert [(p.quarter, p.reported) for p in points] == [
        (1, True),
        (2, True),
        (3, False),
        (4, False),
    ]
    widths = [p.wide[1] - p.wide[0] for p in points]
    assert widths == sorted(widths, reverse=True)
    for p in points:
        assert p.wide[0] < p.narrow[0] < p.rate < p.narrow[1] < p.wide[1]
    assert points[1].rate == points[2].rate == points[3].rate != points[0].rate


def test_the_same_seed_draws_the_same_years_and_another_draws_others():
    scenario = Scenario()
    one, again, other = (Watched(seed=seed) for seed in (7, 7, 8))
    found = projected(typed(scenario, one), scenario)
    assert np.array_equal(outlook(found, one).payment, outlook(found, again).payment)
    assert not np.array_equal(outlook(found, one).payment, outlook(found, other).payment)


# What to book


def test_the_books_by_hand():
    scenario = Scenario(quality_score=0.82)
    watched = Watched(quarter=4)
    found = projected(report(), scenario, late_bills=0.0)
    years = outlook(found, watched)
    booked = booking(found, years, 0.8)
    assert booked.expected == pytest.approx(years.payment.mean())
    assert booked.likely == pytest.approx(8_624_000)
    assert np.mean(years.payment >= booked.constrained) >= 0.8
    above = np.min(years.payment[years.payment > booked.constrained])
    assert np.mean(years.payment >= above) < 0.8


@pytest.mark.parametrize(("rate", "likely"), [
    (0.012, 0.0),  # no money is likeliest
    (0.0201, 0.0201 * 572e6 * 0.5 * 0.98),  # paid, as the projected rate pays
    (-0.04, -0.04 * 572e6 * 0.3),
])  # fmt: skip
def test_the_most_likely_amount_is_of_the_likeliest_kind(rate, likely):
    found = projected(
        report(3, spending_per_person=13_000 * (1 - rate)), Scenario(), late_bills=0.0
    )
    booked = booking(found, outlook(found, Watched(quarter=3, off=frozenset({"risk"}))), 0.8)
    assert booked.likely == pytest.approx(likely, rel=1e-9)


def test_a_small_minimum_whose_rate_has_another_kind_takes_the_nearest_paid():
    scenario = Scenario(minimum_election=0.005)
    found = projected(report(1, spending_per_person=13_000 * (1 - 0.0049)), scenario, 0.0)
    years = outlook(found, Watched(quarter=1))
    assert years.chances.paid > max(years.chances.nothing, years.chances.owing)
    booked = booking(found, years, 0.8)
    assert booked.likely == pytest.approx(0.005 * 572e6 * 0.5 * 0.98, rel=1e-6)


# What is typed


@settings(max_examples=80)
@given(
    quarter=st.sampled_from(QUARTERS),
    people=st.none() | st.integers(1, 2_000_000),
    spent=st.none() | st.integers(1_000, 200_000),
    quality=st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 1000),
    basis=st.sampled_from(list(BASES.values())),
    off=st.frozensets(st.sampled_from(PARTS)),
    work=st.sampled_from([0.0, 0.5, 3.0, 12.0]),
    goal=st.none() | st.integers(0, 900).map(lambda tenths: tenths * 1e5),
    seed=st.integers(0, 999_999),
)
def test_what_is_written_reads_back(**fields):
    watched = Watched(**fields)
    text = write_watched(watched)
    assert read_watched(text) == watched
    assert text is None or set(text) <= set("0123456789abcdefghijklmnopqrstuvwxyz_.,:;~-e+")


@pytest.mark.parametrize(("text", "says"), [
    ("q:5", "q is 5; it goes from 1 to 4"), ("q:2.5", "it is a whole number"),
    ("spent:lots", "spent is lots; it is a number"), ("spent:nan", "spent is nan"),
    ("target:1e308", "goes from 1,000 to 200,000"), ("late:-1", "it goes from 0 to 20"),
    ("off:weather", "weather is no part"), ("basis:week", "basis is week"),
    ("x", "x is no word of this page"), ("book:100", "it goes from 50 to 99"),
    ("people:0", "it goes from 1 to 2,000,000"), ("quality:101", "it goes from 0 to 100"),
    ("seed:1e9", "seed is 1000000000"), ("q:inf", "it is a whole number"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence(text, says):
    with pytest.raises(ThisYearError, match=r"^[^\n]{1,140}$") as refused:
        read_watched(text)
    assert says in str(refused.value)


def test_a_move_of_a_lever_takes_at_most_60_ms_of_the_server():
    scenario, took = Scenario(), []
    for at in range(6):
        watched = Watched(spent=12_700.0 + at)
        begun = time.thread_time()
        so_far = typed(scenario, watched)
        found = projected(so_far, scenario, watched.late_bills)
        years = outlook(found, watched)
        fan({watched.quarter: so_far}, scenario, watched, years)
        booking(found, years, watched.book)
        needed(found, watched.work, 9e6)
        took.append(time.thread_time() - begun)
    assert min(took) < 0.060, took


def test_what_is_typed_stands_in_place_of_the_invented_report():
    scenario = Scenario()
    watched = Watched(people=20_000, spent=12_000.0, quality=0.9)
    found, made = typed(scenario, watched), invented(scenario, 2, watched)
    assert (found.people, found.spending_per_person, found.quality) == (20_000, 12_000.0, 0.9)
    assert found.target_per_person == made.target_per_person
    assert replace(found, people=made.people, spending_per_person=made.spending_per_person,
                   quality=made.quality) == made  # fmt: skip
