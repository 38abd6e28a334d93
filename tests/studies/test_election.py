"""Election: cases by hand, closed forms, each draw as the engine settles it, where it turns."""

import datetime as dt
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, simulate
from mssp_sim.parameters import KNOWN_BY, election_parameters
from mssp_sim.quantity import BY_SIZE
from mssp_sim.simulation import settle
from mssp_sim.studies.election import by_contract, choices_of, election, payments
from mssp_sim.studies.luck import percentiles, year_spread
from mssp_sim.studies.repayment import election_rules, repayment
from mssp_sim.studies.true_results import (
    ElectionError,
    Setting,
    read_setting,
    true_results,
    write_setting,
)
from mssp_sim.studies.turning import best_at, steps_of, turning
from tests import random_scenarios

SURE = Setting(trend=0.0, risk=0.0, quality=0.0)
FEW = 500


def random_result(seed, **fields):
    found = random_scenarios.fields(np.random.default_rng(seed))
    return simulate(Scenario(**{**found, **fields}))


def choice(found, level, minimum):
    return next(c for c in found.choices if c.level == level and c.election == minimum)


# Six cases by hand: two contracts by two starts, a practice (test_fair_shares.py), the mechanism.

# 2025: BY3 is 2024 and one year compounds. Target 13,000 x 44,000 = 572,000,000; 3.1% is
# 17,732,000; the score of 75.0 is under 76.70, so the share is the maximum x 0.75:
#   E         17,732,000 x 50% x 0.75 x 98% = 6,516,510
#   ENHANCED  17,732,000 x 75% x 0.75 x 98% = 9,774,765
# 2023: BY3 is 2022 and three years compound, without the prospective trend. History
# 13,000 / 1.051 = 12,369.1722; update 0.1 x 1.06^3 + 0.9 x 1.05^3 = 1.1609641; target
# 14,360.1649 x 44,000 = 631,847,256; spending 13,000 x 1.051^2 x 0.969 x 44,000 = 612,244,987;
# savings 19,602,269:
#   E         19,602,269 x 0.375 x 0.98 = 7,203,834
#   ENHANCED  19,602,269 x 0.5625 x 0.98 = 10,805,751
# Most that can be owed: E the lesser of 4% of the target and 8% of 45% of spending (2025:
# 554,268,000 x 3.6% = 19,953,648; 2023: 612,244,987 x 3.6% = 22,040,820), ENHANCED 15% of
# the target.
BY_HAND = [
    (2025, "E", 6_516_510, 19_953_648),
    (2025, "ENHANCED", 9_774_765, 85_800_000),
    (2023, "E", 7_203_834, 22_040_820),
    (2023, "ENHANCED", 10_805_751, 94_777_088),
]


@pytest.mark.parametrize(("start", "level", "paid", "most"), BY_HAND)
def test_without_doubt_every_year_pays_what_is_worked_out_by_hand(start, level, paid, most):
    result = simulate(Scenario(agreement_start=dt.date(start, 1, 1)))
    known = true_results(result.scenario, SURE, spread=0.0, draws=FEW)
    found = choice(election(result, SURE, results=known), level, 0.02)
    for dollars in (found.expected, found.low, found.high, found.worst):
        assert dollars == pytest.approx(paid, abs=3)
    assert found.most_owed == pytest.approx(most, abs=3)
    assert (found.chance_of_owing, found.chance_of_nothing, found.owed) == (0, 0, 0)


def test_the_repayment_mechanism_by_hand():
    # 0.5% of 554,268,000 is 2,771,340; 1% of the revenue, 45% of that spending, is 2,494,206
    shown = repayment(Scenario(), 554_268_000.0, "ENHANCED")
    assert (shown.of_spending, shown.of_revenue) == pytest.approx((2_771_340, 2_494_206))
    assert shown.amount == pytest.approx(2_494_206)
    assert shown.a_year(0.015) == pytest.approx(37_413.09)
    # before 2022 it was 1% and 2%: the lesser is 1% of spending where revenue is more than half
    old = Scenario(agreement_start=dt.date(2020, 1, 1), performance_year=2020,
                   participant_revenue_share=0.9)  # fmt: skip
    assert repayment(old, 1e8, "E").amount == pytest.approx(1_000_000)


def test_a_mechanism_stands_before_the_first_year_of_risk():
    years = [repayment(Scenario(), 1e8, level).before_year for level in ("A", "B", "C", "E", "1")]
    assert years == [3, 2, 1, 1, None]
    assert repayment(Scenario(), 1e8, "A").a_year(0.01) == 0
    assert repayment(Scenario(), 1e8, "A").raised_from == 1e6


# Closed forms.


def tail(z):
    return math.erfc(z / math.sqrt(2)) / 2


def density(z):
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


@pytest.mark.parametrize("rate", [0.0, 0.02, 0.031])
def test_with_chance_alone_the_mean_is_that_of_a_normal_curve_cut_at_the_minimum(rate):
    result = simulate(Scenario(cost_reduction=rate))
    found = election(result, SURE)
    total, spread = float(result.benchmark_total), float(year_spread(45_000))
    mean = float(result.savings_rate)
    for level, share, loss in (("E", 0.375, 0.3), ("ENHANCED", 0.5625, 1 - 0.5625)):
        for minimum in (0.0, 0.01, 0.02):
            up, down = (minimum - mean) / spread, (minimum + mean) / spread
            paid = share * 0.98 * total * (mean * tail(up) + spread * density(up))
            owed = loss * total * (-mean * tail(down) + spread * density(down))
            one = choice(found, level, minimum)
            assert one.paid == pytest.approx(paid, abs=4 * 0.5625 * total * spread / 316)
            assert one.owed == pytest.approx(owed, abs=4 * loss * total * spread / 316)
            assert one.chance_of_owing == pytest.approx(tail(down), abs=0.005)


@settings(max_examples=25)
@given(
    trend=st.floats(0, 0.01), risk=st.floats(0, 0.006), together=st.floats(-0.9, 0.9),
    people=st.floats(5_000, 60_000),
)  # fmt: skip
def test_the_parts_give_back_the_observed_spread_and_count_nothing_twice(
    trend, risk, together, people
):
    scenario = Scenario(assigned_beneficiaries=people)
    found = true_results(scenario, Setting(trend=trend, risk=risk, together=together), draws=FEW)
    observed = float(year_spread(people))
    rate = 1 - found.expenditure_total / found.benchmark_total
    if found.of_target < observed:
        assert np.std(rate) == pytest.approx(observed, rel=1e-9)
        # chance is apart from trend and risk, so their squares add up, each part once
        together = np.hypot(found.of_target, found.by_chance)
        assert together == pytest.approx(observed, rel=0.03)
    else:
        assert found.by_chance == 0
        assert found.spread == pytest.approx(found.of_target)


def test_one_year_strays_as_much_late_in_an_agreement_as_early():
    late = Scenario(agreement_start=dt.date(2022, 1, 1))
    early, last = (
        true_results(s, Setting(trend=0.01, risk=0.0), draws=FEW).of_target
        for s in (Scenario(agreement_start=dt.date(2023, 1, 1)), late)
    )
    assert last == pytest.approx(early, rel=0.05)


def test_score_and_savings_are_tied_as_asked():
    found = true_results(Scenario(quality_score=0.5), Setting(quality=0.05, with_quality=0.6))
    rate = 1 - found.expenditure_total / found.benchmark_total
    assert np.corrcoef(rate, found.quality_score)[0, 1] == pytest.approx(0.6, abs=0.005)
    assert np.std(found.quality_score) == pytest.approx(0.05, abs=1e-3)


# Each draw is what the engine settles, contract by contract and minimum by minimum.


def settled_alone(result, known, level, elected):
    scenario = result.scenario
    number = np.nan if elected == BY_SIZE else elected
    row = scenario.with_columns({
        "level": level, "minimum_election": np.full(FEW, number),
        "quality_score": np.broadcast_to(known.quality_score, FEW),
    })  # fmt: skip
    return settle(
        row, scenario.rules, benchmark_total=known.benchmark_total,
        expenditure_total=known.expenditure_total, two_way_total=known.two_way_total,
    ).payment  # fmt: skip


@pytest.mark.parametrize(
    "seed", [*range(8), *(pytest.param(n, marks=pytest.mark.long) for n in range(8, 60))]
)
def test_a_draw_pays_what_the_engine_alone_pays(seed):
    result = random_result(seed)
    known = true_results(result.scenario, Setting(trend=0.02), draws=FEW)
    for level, elections in by_contract(choices_of(result)).items():
        together = payments(result.scenario, result.rules, level, elections, known)
        for place, elected in enumerate(elections):
            alone = settled_alone(result, known, level, elected)
            np.testing.assert_allclose(together[place], alone, rtol=1e-12, atol=1e-6)


def test_savings_under_the_minimum_are_paid_at_half_where_that_path_is_open():
    small = Scenario(assigned_beneficiaries=9_000.0, participant_revenue_share=0.2)
    result = simulate(small)
    known = true_results(small, SURE, draws=FEW)
    drawn = payments(small, result.rules, "E", [0.02], known)[0]
    rate = 1 - known.expenditure_total / known.benchmark_total
    under = (rate > 0) & (rate < 0.02)
    # half of 50% x 0.75, less 2%
    wanted = rate * known.benchmark_total * 0.1875 * 0.98
    assert under.any()
    np.testing.assert_allclose(drawn[under], wanted[under])


def test_choices_are_those_one_may_sign_each_once():
    assert len(choices_of(simulate(Scenario(level="A")))) == 2 + 4 * 6
    small = choices_of(simulate(Scenario(assigned_beneficiaries=4_999.0)))
    assert small == (("E", BY_SIZE), ("ENHANCED", BY_SIZE))
    old = Scenario(agreement_start=dt.date(2014, 1, 1), performance_year=2014, level="2")
    assert ("2", BY_SIZE) in choices_of(simulate(old))
    assert ("2", 0.0) not in choices_of(simulate(old))


def test_percentiles_are_numpys():
    values = np.random.default_rng(1).normal(size=997)
    assert percentiles(values, (5, 10, 90)) == pytest.approx(np.percentile(values, (5, 10, 90)))


# Where it turns.


@pytest.mark.parametrize(
    "seed", [*range(6), *(pytest.param(n, marks=pytest.mark.long) for n in range(6, 300))]
)
def test_every_turn_on_the_dislike_of_owing_is_where_a_grid_finds_it(seed):
    found = election(random_result(seed), Setting(), draws=FEW)
    turns = found.turns()
    assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
    for hurts in np.arange(1.05, 5.0, 0.1):
        beyond = [turn.choice for turn in turns if turn.at <= hurts]
        chosen = beyond[-1] if beyond else found.best(1.0)
        setting = replace(found.setting, hurts=float(hurts))
        most = max(each.worth(setting) for each in found.choices)
        assert chosen.worth(setting) == pytest.approx(most, abs=1e-3, rel=1e-9)


def best_by_engine(result, setting, cut):
    """Return what every choice is worth at a cost reduction, each settled by the engine alone."""
    here = result.scenario.with_columns({"cost_reduction": cut})
    known = true_results(here, setting, draws=FEW)
    at_cut = replace(result, scenario=here)
    worth = {}
    for level, elected in choices_of(result):
        paid = settled_alone(at_cut, known, level, elected)
        cost = repayment(here, float(np.mean(known.expenditure_total)), level).a_year(setting.cost)
        kept = np.maximum(paid, 0).mean() + setting.hurts * np.minimum(paid, 0).mean()
        worth[level, elected] = kept - cost
    return worth


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 300))]
)
def test_contract_and_minimum_turn_where_a_grid_search_finds_it(seed):
    """Both sides of each turn are settled again by the engine; so are steps where there is none."""
    result = random_result(seed, assume_last_published=True)
    setting = Setting(hurts=1 + (seed % 20) / 10)
    found = turning(result, setting, draws=FEW)
    own = float(result.scenario.cost_reduction)
    here = found.best[int(np.argmin(np.abs(found.steps - own)))]
    looked_at = set(np.linspace(0, len(found.steps) - 1, 4).astype(int))
    for part, turn in enumerate((found.contract, found.minimum)):
        if turn is None:
            assert {each[part] for each in found.best} == {here[part]}
            continue
        at = int(np.argmin(np.abs(found.steps - turn.at)))
        assert found.best[at][part] != here[part]
        nearer = np.abs(found.steps - own) < abs(turn.at - own) - 1e-9
        assert {found.best[n][part] for n in np.flatnonzero(nearer)} <= {here[part]}
        looked_at |= {at, at + (1 if turn.at < own else -1)}
    for at in sorted(looked_at):
        worth = best_by_engine(result, setting, float(found.steps[at]))
        assert worth[found.best[at]] == pytest.approx(max(worth.values()), abs=0.02, rel=1e-9)


def test_of_several_turns_the_nearest_counts():
    found = turning(simulate(Scenario()), Setting(), draws=FEW)
    between = [each for step, each in zip(found.steps, found.best, strict=True)
               if found.contract.at < step <= 0.031]  # fmt: skip
    assert {level for level, _ in between} == {"ENHANCED"}
    assert len(between) < 50
    assert found.contract.level == "E"


def test_the_steps_are_those_of_the_lever_and_one_s_own():
    steps = steps_of(Scenario(cost_reduction=0.0314))
    assert 0.0314 in steps
    assert len(steps) == 202
    assert len(steps_of(Scenario())) == 201
    assert best_at(simulate(Scenario()), Setting(), np.array([0.09]), FEW)[0][0] == "ENHANCED"


def net(choice, found):
    return choice.expected - choice.mechanism.a_year(found.setting.cost)


def test_whatever_owing_hurts_the_pick_is_worth_a_look_and_the_frontier_rises():
    begun = {"level": "A", "agreement_start": dt.date(2025, 1, 1), "performance_year": 2025}
    for seed in range(6):
        found = election(random_result(seed, **begun), Setting(hurts=1.7), draws=FEW)
        assert {found.picked, *(turn.choice for turn in found.turns())} <= set(found.kept)
        safe = [choice.worst for choice in found.frontier]
        pays = [net(choice, found) for choice in found.frontier]
        assert safe == sorted(safe, reverse=True)
        assert pays == sorted(pays)
        gone = [choice for choice in found.choices if choice not in found.frontier]
        for one in gone:
            assert any(
                other.worst >= one.worst and net(other, found) >= net(one, found)
                for other in found.frontier
            )


# The words of a link, and the files of the rule.


@given(hurts=st.sampled_from([1.0, 1.6, 5.0]), trend=st.sampled_from([0.0, 0.005, 0.03]))
def test_a_setting_is_read_as_it_was_written(hurts, trend):
    setting = Setting(hurts=hurts, trend=trend)
    assert read_setting(write_setting(setting)) == setting


@pytest.mark.parametrize(
    "text", ["hurts:0.5", "nothing:1", "trend:lots", "quality:nan", "cost:1e9"]
)
def test_a_setting_that_cannot_be_is_refused_in_a_sentence(text):
    with pytest.raises(ElectionError, match=r"it (goes|is)|is no part"):
        read_setting(text)


@pytest.mark.parametrize("parameter", election_parameters().values(), ids=lambda p: p.name)
def test_each_rule_of_an_election_is_cited_and_says_how_it_is_known(parameter):
    for version in parameter.versions:
        citation = version.citation
        assert re.fullmatch(r"42 CFR 425\.\d{3}(\([0-9a-zA-Z]+\))*", citation.section)
        section = re.match(r"\d+", citation.section.removeprefix("42 CFR 425.")).group()
        assert citation.url == f"https://www.ecfr.gov/current/title-42/section-425.{section}"
        assert citation.known_by in KNOWN_BY
        assert citation.known_by != "recalled"  # else the page says so beside the number


def test_the_rules_of_an_election_by_start():
    old, new, next_ = (election_rules(dt.date(y, 1, 1)) for y in (2020, 2024, 2027))
    assert (old.repayment_of_spending, old.repayment_of_revenue) == (0.01, 0.02)
    assert (new.repayment_of_spending, new.repayment_of_revenue) == (0.005, 0.01)
    assert (new.one_sided_years, next_.one_sided_years) == (7, 5)
    assert [r.glide_path_agreements_at_most for r in (old, new, next_)] == [2, 2, 1]
    open_to = [
        "".join(level[:2] for level, is_open in found.items() if is_open)
        for rules in (old, new, next_)
        for found in (rules.open_to_experienced_high_revenue, rules.open_after_the_glide_path,
                      rules.open_to_experienced_low_revenue)
    ]  # fmt: skip
    assert open_to == ["EN", "EN", "EEN"] + ["EEN"] * 6
    assert new.early_renewal_begins_next_period
    assert new.list_restates_benchmark
