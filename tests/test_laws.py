"""Laws that hold for every scenario, and the only places where a small move makes a large jump."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mssp_sim import LEVELS, Scenario, State, rules_in_force, simulate
from mssp_sim.scenario import quantities
from mssp_sim.simulation import NUMBERS, payoff, updated_target
from tests.strategies import LEVERS, contracts, floats, lever, scenarios

CENT = 0.01
PAYMENT_LIMIT = dict.fromkeys((*"ABCDE", "1", "1+"), 0.10) | {
    "ENHANCED": 0.20, "2": 0.15, "3": 0.20,
}  # fmt: skip
MAXIMUM = {
    "A": 0.40, "B": 0.40, "C": 0.50, "D": 0.50, "E": 0.50, "ENHANCED": 0.75,
    "1": 0.50, "1+": 0.50, "2": 0.60, "3": 0.75,
}  # fmt: skip
LOSS_LIMIT = {  # of the target, of revenue
    "A": (0, 0),
    "B": (0, 0),
    "C": (0.01, 0.02),
    "D": (0.02, 0.04),
    "E": (0.04, 0.08),
    "ENHANCED": (0.15, np.inf),
    "1": (0, 0),
    "1+": (0.04, 0.08),
    "2": (0.10, np.inf),
    "3": (0.15, np.inf),
}
LOSS_RATE_MOVES = {"ENHANCED": (0.40, 0.75), "2": (0.40, 0.60), "3": (0.40, 0.75)}
REGIONS_AGREE = dt.date(2023, 1, 1)
looking = settings(max_examples=100)
NEAR = 1e-6
"""How far on either side of a cliff to stand, as a part of the benchmark."""


def accounted(r):
    return (
        r.shared_savings - r.shared_losses + r.sequestration + r.above_limit
        + r.lost_at_the_minimum + r.lost_to_quality + r.medicare_part
    )  # fmt: skip


def kept_after_sequestration(scenario):
    return 1 - scenario.rules.sequestration_rate


# Laws of one settlement.


@looking
@given(scenarios())
def test_every_dollar_is_accounted_for(scenario):
    r = simulate(scenario)
    assert accounted(r) == pytest.approx(r.gross_savings, abs=CENT)
    parts = (
        r.shared_savings, r.shared_losses, r.forgiven, r.sequestration, r.above_limit,
        r.lost_at_the_minimum, r.lost_to_quality, r.avoidable_by_quality,
    )  # fmt: skip
    assert min(parts) >= -CENT
    assert r.shared_savings == 0 or r.shared_losses == 0
    assert r.gross_savings == pytest.approx(r.benchmark_total - r.expenditure_total, abs=CENT)
    if r.gross_savings <= 0:
        assert accounted(r) == pytest.approx(r.medicare_part - r.shared_losses, abs=CENT)
    elif r.state == State.GUARDRAIL:
        assert r.medicare_part == pytest.approx(r.gross_savings, abs=CENT)
    else:
        least = (1 - MAXIMUM[scenario.level]) * r.gross_savings
        assert r.medicare_part >= least - CENT


@looking
@given(scenarios(), floats(-0.5, 0.5))
def test_nothing_is_paid_above_the_payment_limit_nor_owed_beyond_the_loss_limit(scenario, rate):
    r = payoff(scenario, rate)
    assert r.shared_savings <= PAYMENT_LIMIT[scenario.level] * r.benchmark_total + CENT
    of_target, of_revenue = LOSS_LIMIT[scenario.level]
    revenue = scenario.participant_revenue_share * r.expenditure_total
    assert r.shared_losses <= of_target * r.benchmark_total + CENT
    if np.isfinite(of_revenue):
        assert r.shared_losses <= of_revenue * revenue + CENT


@looking
@given(scenarios(), floats(-0.9999, 0.9999))
def test_no_money_moves_inside_the_corridor(scenario, inside):
    minimum = simulate(scenario).minimum_savings_rate
    r = payoff(scenario, minimum * inside)
    if r.state != State.HALF_RATE:
        assert r.payment == 0
        assert r.sequestration == 0


@looking
@given(scenarios(), floats(-0.4, 0))
def test_a_one_sided_aco_never_owes(scenario, rate):
    for level in set(contracts(scenario.agreement_start)) & {"A", "B", "1"}:
        assert payoff(replace(scenario, level=level), rate).payment == 0


# Laws over one lever.


@looking
@given(scenarios(own_effect=False), floats(-0.08, 0.12), floats(0, 0.2))
def test_cutting_more_never_pays_less(scenario, cut, more):
    less, further = simulate(replace(scenario, cost_reduction=np.array([cut, cut + more]))).payment
    assert further >= less - CENT


@looking
@given(scenarios(), floats(0, 1), floats(0, 1))
def test_better_quality_never_pays_less(scenario, one, other):
    both = np.sort([one, other])
    worse, better = simulate(replace(scenario, quality_score=both)).payment
    assert better >= worse - CENT


@looking
@given(scenarios(), floats(0.2, 8))
def test_payments_scale_with_the_dollars(scenario, factor):
    dollars = ("expenditure", "national_expenditure", "regional_expenditure")
    scaled = {
        name: np.multiply(getattr(scenario, name), factor)
        for name in dollars
        if getattr(scenario, name) is not None
    }
    scaled["prior_savings_per_person"] = scenario.prior_savings_per_person * factor
    before, after = simulate(scenario), simulate(replace(scenario, **scaled))
    assert after.payment == pytest.approx(before.payment * factor, rel=1e-9, abs=CENT)
    assert after.benchmark == pytest.approx(before.benchmark * factor, rel=1e-9)


@looking
@given(scenarios(), floats(0.5, 1))
def test_payments_scale_with_the_person_years(scenario, ratio):
    whole = simulate(replace(scenario, person_years_ratio=1.0))
    part = simulate(replace(scenario, person_years_ratio=ratio))
    assert part.payment == pytest.approx(whole.payment * ratio, rel=1e-9, abs=CENT)


# Batches.


def in_a_column(several):
    """Return one batch that holds these scenarios, every field an array."""
    columns = {}
    for name, words in quantities().items():
        values = [getattr(scenario, name) for scenario in several]
        if words.trailing:
            columns[name] = None if values[0] is None else np.stack([np.array(v) for v in values])
        elif words.kind == "date":
            columns[name] = np.array(values, "datetime64[D]")
        elif name == "level":
            columns[name] = np.array(values)
        elif words.optional or name == "minimum_election":
            columns[name] = np.array([np.nan if v in (None, "size") else v for v in values], float)
        else:
            columns[name] = np.array(values)
    return Scenario(**columns)


def same(found, expected):
    for name in NUMBERS:
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-9, abs=CENT)
    assert found.state == expected.state


@settings(max_examples=25)
@given(st.booleans().flatmap(lambda t: st.lists(scenarios(tables=t), min_size=2, max_size=5)))
def test_a_batch_gives_what_its_scenarios_give_alone(several):
    together = simulate(in_a_column(several))
    for row, scenario in enumerate(several):
        alone = simulate(scenario)
        for name in NUMBERS:
            assert getattr(together, name)[row] == pytest.approx(
                getattr(alone, name), rel=1e-9, abs=CENT
            ), name
        assert together.state[row] == alone.state
        same(together[row], alone)


@pytest.mark.parametrize("ends", [(-0.02, 0.10), (0.10, -0.02)], ids=["rising", "falling"])
@pytest.mark.parametrize("name", ["cost_reduction", "own_growth"])
def test_a_large_batch_gives_what_its_rows_give(name, ends):
    column = np.linspace(*ends, 20_001)
    guarded = Scenario(prospective_trend=0.0)
    together = simulate(replace(guarded, **{name: column}))
    for row in (0, 8_191, 16_383, 16_384, 20_000):
        same(together[row], simulate(replace(guarded, **{name: column[row]})))


def test_months_left_open_in_a_batch_are_those_of_its_year():
    first_half = {"agreement_start": dt.date(2019, 7, 1), "performance_year": 2019}
    for fields in (first_half, {}):
        together = simulate(Scenario(performance_year_months=np.array([np.nan, 6, 12]), **fields))
        usual = simulate(Scenario(**fields)).payment
        assert together.payment[0] == pytest.approx(usual)
        assert together.payment[1] == pytest.approx(together.payment[2] / 2)
    assert usual == pytest.approx(together.payment[2])


def test_years_in_an_array_may_all_be_the_same():
    years = np.array([2025, 2025])
    assert simulate(Scenario(performance_year=years)).payment == pytest.approx([6_516_510] * 2)


def test_given_rules_settle_every_row():
    rules = rules_in_force(2025, dt.date(2025, 1, 1))
    rows = simulate(Scenario(quality_score=np.array([0.75, 0.82])), rules).payment
    assert rows == pytest.approx([6_516_510, 8_688_680])


def test_a_sweep_over_two_levers_has_both_axes():
    grid = Scenario(
        cost_reduction=np.linspace(0, 0.1, 5)[:, None],
        quality_score=np.linspace(0.5, 0.9, 3),
        performance_year=np.array([2025, 2026, 2026]),
    )
    together = simulate(grid)
    assert together.payment.shape == (5, 3)
    alone = simulate(Scenario(cost_reduction=0.075, quality_score=0.7, performance_year=2026))
    assert together.payment[3, 1] == pytest.approx(alone.payment, abs=CENT)
    same(together[3, 1], alone)


# The cliffs: the only places where a small move makes a large jump.

STAYS = {"months_in_program": None, "ended_by_cms": False}


@looking
@given(scenarios(quality_standard_met=None, **STAYS))
def test_cliff_the_minimum_savings_rate(scenario):
    minimum = simulate(scenario).minimum_savings_rate
    assume(minimum > 0)
    below, at = (payoff(scenario, minimum * part) for part in (1 - NEAR, 1))
    whole = at.final_sharing_rate * at.gross_savings * kept_after_sequestration(scenario)
    limit = PAYMENT_LIMIT[scenario.level] * at.benchmark_total
    assert at.shared_savings == pytest.approx(min(whole, limit), abs=CENT)
    half = 0.5 * whole if below.state == State.HALF_RATE else 0.0
    assert below.shared_savings == pytest.approx(min(half, limit), rel=2 * NEAR, abs=1)


@looking
@given(scenarios(level="E", agreement_start=REGIONS_AGREE, **STAYS), st.sampled_from(LEVELS[2:]))
def test_cliff_the_minimum_loss_rate(scenario, level):
    scenario = replace(scenario, level=level, disaster_share=0.0)
    minimum = simulate(scenario).minimum_loss_rate
    assume(minimum > 0)
    below, at = (payoff(scenario, -minimum * part) for part in (1 - NEAR, 1))
    of_target, of_revenue = LOSS_LIMIT[level]
    revenue = scenario.participant_revenue_share * at.expenditure_total
    on_revenue = of_revenue * revenue if np.isfinite(of_revenue) else np.inf
    limit = min(of_target * at.benchmark_total, on_revenue)
    assert below.shared_losses == 0
    assert at.shared_losses == pytest.approx(
        min(-at.gross_savings * at.shared_loss_rate, limit), abs=CENT
    )


@looking
@given(floats(0.02, 0.12), st.sampled_from(LEVELS), st.sampled_from([2023, 2024, 2025]))
def test_cliff_the_quality_standard(savings_rate, level, year):
    standard = rules_in_force(year).quality_performance_standard
    scores = standard + np.array([-NEAR, 0])
    scenario = Scenario(
        level=level,
        quality_score=0.5,
        performance_year=year,
        agreement_start=dt.date(2022, 1, 1),
        minimum_election=0.02,
        assigned_beneficiaries=60_000,
    )
    below, at = (payoff(replace(scenario, quality_score=score), savings_rate) for score in scores)
    full = at.gross_savings * MAXIMUM[level] * 0.98
    assert at.shared_savings == pytest.approx(full, abs=CENT)
    assert below.shared_savings == pytest.approx(full * scores[0], abs=CENT)
    assert at.final_sharing_rate - below.final_sharing_rate == pytest.approx(
        MAXIMUM[level] * (1 - standard), abs=2 * NEAR
    )


@looking
@given(
    scenarios(tables=False, in_disaster_area=False, **STAYS), floats(0.025, 0.10), floats(0, 0.7)
)
def test_cliff_the_alternative_standard(scenario, savings_rate, score):
    asked = replace(
        scenario,
        quality_score=score,
        quality_standard_met=False,
        assigned_beneficiaries=60_000,
    )
    missed, met = (
        payoff(replace(asked, alternative_standard_met=answer), savings_rate)
        for answer in (False, True)
    )
    assert missed.shared_savings == 0
    counts = scenario.performance_year >= 2023
    rate = MAXIMUM[scenario.level] * score if counts else 0.0
    whole = met.gross_savings * rate * kept_after_sequestration(scenario)
    assert met.shared_savings == pytest.approx(min(whole, met.performance_payment_limit), abs=CENT)
    if scenario.level in LOSS_RATE_MOVES:
        floor, ceiling = LOSS_RATE_MOVES[scenario.level]
        owes = [
            payoff(replace(asked, alternative_standard_met=answer), -0.03).shared_loss_rate
            for answer in (False, True)
        ]
        eased = np.clip(1 - MAXIMUM[scenario.level] * score, floor, ceiling)
        assert owes == pytest.approx([ceiling, eased if counts else ceiling])


@pytest.mark.parametrize("level", LEVELS[2:])
def test_cliff_five_thousand_people(level):
    scenario = Scenario(level=level, quality_score=0.82, minimum_election=0.005)
    for rate, field in ((0.01, "shared_savings"), (-0.01, "shared_losses")):
        under, at = (
            payoff(replace(scenario, assigned_beneficiaries=people), rate)
            for people in (4_999, 5_000)
        )
        assert under.minimum_savings_rate == pytest.approx(0.039)
        assert at.minimum_savings_rate == 0.005
        assert getattr(under, field) == 0
        assert getattr(at, field) > 0


def test_cliff_five_thousand_people_on_the_half_rate_path():
    scenario = Scenario(level="B", quality_score=0.82, participant_revenue_share=0.30)
    people = np.array([4_999, 5_000])
    r = simulate(replace(scenario, cost_reduction=0.02, assigned_beneficiaries=people))
    assert r.shared_savings == pytest.approx([0, 13_000 * 5_000 * 44 / 45 * 0.02 * 0.20 * 0.98])


@looking
@given(st.sampled_from(LEVELS), floats(0.001, 0.0199), floats(0, 1))
def test_cliff_thirty_five_percent_revenue(level, rate, score):
    scenario = Scenario(level=level, quality_score=score, assigned_beneficiaries=60_000)
    low, high = (
        payoff(replace(scenario, participant_revenue_share=share), rate)
        for share in (0.35 - NEAR, 0.35)
    )
    assert (bool(low.low_revenue), bool(high.low_revenue)) == (True, False)
    assert high.shared_savings == 0
    share = MAXIMUM[level] * (1 if score >= 0.767 - 1e-9 else score)
    half = 0.0 if level == "ENHANCED" else 0.5
    expected = low.gross_savings * share * half * 0.98
    assert low.shared_savings == pytest.approx(expected, abs=CENT)


def level_history(region, **more):
    """Return an ACO whose history is 10,000 for every type and year, beside such a region."""
    flat = np.full((3, 4), 10_000.0)
    equal = {"person_year_share_by3": (0.25,) * 4, "person_year_share": (0.25,) * 4}
    still = dict.fromkeys(
        ("national_growth", "regional_growth", "own_growth", "prospective_trend"), 0.0
    )
    by_year = np.broadcast_to(region, (3, 4))
    return Scenario(**{
        "expenditure": flat, "national_expenditure": flat, "regional_expenditure": by_year,
        **equal, **still, **more,
    })  # fmt: skip


def test_cliff_the_sign_of_the_net_regional_difference_picks_the_weight():
    # Region dearer by 3,000 for one type, cheaper by 1,000 for three: nothing in all. Just above,
    # 50 % of each within 500: (500 - 3 x 500) / 4 = -250; just below, 25 %: (500 - 3 x 250) / 4.
    above, below = (
        simulate(
            level_history(
                np.array([13_000 + tip, 9_000, 9_000, 9_000]),
                performance_year=2023,
                agreement_start=dt.date(2023, 1, 1),
            )
        ).benchmark
        for tip in (0.001, -0.001)
    )
    assert above == pytest.approx(10_000 - 250.0, abs=0.01)
    assert below == pytest.approx(10_000 - 62.5, abs=0.01)


def test_cliff_a_net_negative_regional_adjustment_is_set_aside_from_2024():
    # Two types, half each in BY3: +200 and -200, of which 50 %. In the performance year the first
    # is 80 % of the people: 0.8 x 100 - 0.2 x 100 = 60; with a net below zero there is none.
    mixes = {"person_year_share_by3": (0.5, 0.5, 0, 0), "person_year_share": (0.8, 0.2, 0, 0)}
    above, below = (
        simulate(level_history(np.array([10_200 + tip, 9_800, 10_000, 10_000]), **mixes)).benchmark
        for tip in (0.001, -0.001)
    )
    assert above == pytest.approx(10_060, abs=0.01)
    assert below == pytest.approx(10_000, abs=0.01)


def test_cliff_the_risk_test_over_all_types_from_2024():
    # Half of the dollars grow 6 % in risk, half not at all: 3 % in all, which is allowed. A hair
    # more, and the growing half is held to 3 %: 1.5 % of the target falls away.
    mixes = {"person_year_share_by3": (0.5, 0.5, 0, 0), "person_year_share": (0.5, 0.5, 0, 0)}
    allowed, capped = (
        simulate(
            level_history(
                np.full(4, 10_000.0), risk_score_performance_year=(risk, 1, 1, 1), **mixes
            )
        ).benchmark
        for risk in (1.06 - NEAR, 1.06 + NEAR)
    )
    assert allowed == pytest.approx(10_300, abs=0.01)
    assert capped == pytest.approx(10_150, abs=0.01)


@looking
@given(floats(-0.02, 0.045), st.sampled_from(LEVELS), st.sampled_from([0.01, 0.02, "size"]))
def test_cliff_the_guardrail(prospective, level, election):
    scenario = Scenario(prospective_trend=prospective, level=level, minimum_election=election)
    minimum = simulate(scenario).minimum_loss_rate
    inside, beyond = (payoff(scenario, -minimum * part) for part in (1 - NEAR, 1 + NEAR))
    with_trend = 13_000 / 1.051 * (1 + prospective + 2 * 1.051) / 3 * 44_000
    assert (bool(inside.guardrail), bool(beyond.guardrail)) == (False, True)
    assert inside.benchmark_total == pytest.approx(with_trend)
    assert beyond.benchmark_total == pytest.approx(572e6)
    spent = with_trend * (1 + minimum)
    assert inside.gross_savings == pytest.approx(with_trend - spent, abs=2 * NEAR * 572e6)
    assert beyond.gross_savings == pytest.approx(572e6 - spent, abs=2 * NEAR * 572e6)
    assert inside.payment == 0
    assert beyond.shared_savings == 0
    two_sided = level in LEVELS[2:]
    still_beyond = two_sided and spent - 572e6 >= minimum * 572e6
    assert (beyond.shared_losses > 0) == still_beyond


def test_cliff_the_threshold_of_the_population_adjustment():
    # 15 % of 5 % of 10,000 = 75, from nothing.
    below, at = simulate(
        level_history(np.full(4, 10_000.0), underserved_share=np.array([0.15 - NEAR, 0.15]))
    ).benchmark
    assert (below, at) == pytest.approx((10_000, 10_075))


def test_cliff_the_one_adjustment_that_applies_where_the_mix_of_people_moved():
    # Regional +100 for the first type alone, 50 per person in BY3, against a flat 50 from earlier
    # savings. With 80 % of the people in the first type, the regional one is worth 80.
    mixes = {"person_year_share_by3": (0.5, 0.5, 0, 0), "person_year_share": (0.8, 0.2, 0, 0)}
    flat, regional = simulate(
        level_history(
            np.array([10_200.0, 10_000, 10_000, 10_000]),
            prior_savings_per_person=2 * np.array([50.001, 49.999]),
            **mixes,
        )
    ).benchmark
    assert flat == pytest.approx(10_050, abs=0.01)
    assert regional == pytest.approx(10_080, abs=0.01)


# Everywhere else a small move makes a small difference.


def on_which_side(scenario):
    """Return on which side of every cliff a scenario stands."""
    r = simulate(scenario)
    rules = scenario.rules
    t = updated_target(scenario, rules)
    weight = t.adjusted_benchmark * scenario.person_year_share
    risk = np.vecdot(t.risk_ratio, weight) / weight.sum()
    years = scenario.performance_year - scenario.agreement_start.year + 1
    bound = (1 + scenario.demographic_growth) ** years + rules.risk_growth_cap
    return (
        r.gross_savings >= (r.minimum_savings_rate - 1e-9) * r.benchmark_total,
        -r.gross_savings >= (r.minimum_loss_rate - 1e-9) * r.benchmark_total,
        bool(r.standard_met),
        scenario.assigned_beneficiaries >= 5_000,
        bool(r.low_revenue),
        bool(np.vecdot(t.adjustments.regional_difference, scenario.person_year_share_by3) >= 0),
        bool(np.vecdot(t.adjustments.regional_adjustment, scenario.person_year_share_by3) < 0),
        int(t.adjustments.kind),
        bool(risk > bound),
        bool(r.guardrail),
        scenario.underserved_share >= 0.15 - 1e-9,
    ), r


MOVE = 1e-8
STEEPEST = 30.0
"""Part of the benchmark that the payment can move by for each unit of a lever."""


@looking
@given(scenarios(), st.sampled_from((*LEVERS, "quality_score")), st.data())
def test_between_the_cliffs_a_small_move_makes_a_small_difference(scenario, name, data):
    low, high = quantities()[name].slider
    here = data.draw(st.one_of(st.just(getattr(scenario, name)), floats(low, high)), label=name)
    assume(here + MOVE * (high - low) <= high)
    assume(name != "market_share" or scenario.other_acos_share + here < 0.99)
    unit = high - low
    before, one = on_which_side(replace(scenario, **{name: here}))
    after, other = on_which_side(replace(scenario, **{name: here + MOVE * unit}))
    assume(before == after)
    allowed = STEEPEST * MOVE * unit / (1_000 if "per_person" in name else 1)
    largest = max(one.benchmark_total, one.expenditure_total)
    assert other.payment - one.payment == pytest.approx(0, abs=allowed * largest)


@looking
@given(scenarios(tables=False), lever("cost_reduction"))
def test_one_person_more_makes_a_small_difference_except_at_five_thousand(scenario, cut):
    people = np.array([scenario.assigned_beneficiaries, scenario.assigned_beneficiaries + 1])
    assume(people[0] != 4_999)
    r = simulate(replace(scenario, cost_reduction=cut, assigned_beneficiaries=people))
    assume(r.state[0] == r.state[1])
    each = r.payment / people
    assert each[1] == pytest.approx(each[0], rel=1e-9, abs=CENT)
