"""What CMS pays in advance by the rule: amounts by hand, when they are paid, how taken back."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.parameters import KNOWN_BY, RateTable, advance_parameters, parameters
from mssp_sim.studies import advances
from mssp_sim.studies.advances import (
    Investment,
    advance_rules,
    amount_for_score,
    investment_paid,
    lacking_for_investment,
    lacking_for_prepaid,
    newest_rules,
    prepaid,
    recouped,
    usual_amount,
)
from mssp_sim.studies.agreement import YearPlan, agreement

EVERY = [(p, v) for p in advance_parameters().values() for v in p.versions]
NEW = Scenario(level="A", agreement_period=1, participant_revenue_share=0.2, quality_score=0.82)
RENEWED = Scenario(
    agreement_start=dt.date(2026, 1, 1), performance_year=2026, prior_savings_per_person=300.0
)  # fmt: skip


def years_of(scenario, plan=None):
    return [year.result for year in agreement(scenario, plan or YearPlan(levels="")).years]


# The parameter files.


@pytest.mark.parametrize("version", [v for _, v in EVERY], ids=[p.name for p, _ in EVERY])
def test_each_amount_is_cited_and_stands_in_its_quote(version):
    citation = version.citation
    assert re.fullmatch(r"42 CFR 425\.6[34]0(\([0-9a-zA-Z]+\))*(-\(v\))?", citation.section)
    section = re.match(r"\d+", citation.section.removeprefix("42 CFR 425.")).group()
    assert citation.url == f"https://www.ecfr.gov/current/title-42/section-425.{section}"
    assert citation.known_by in KNOWN_BY
    value = version.value
    numbers = value["amount"].tolist() if isinstance(value, RateTable) else [value]
    if citation.known_by == "does not apply":
        assert set(numbers) == {0}
        return
    assert citation.known_by == "rule"
    if not citation.follows:
        quoted = " ".join(citation.quotes)
        shown = [f"{n:,.0f}" if n >= 1 or not n else f"{n * 100:.0f} percent" for n in numbers]
        assert all(re.search(rf"(?<![\d,]){each}(?![\d,])", quoted) for each in shown), shown


def test_the_amounts_are_those_of_425_630_and_425_640():
    rules = newest_rules()
    assert (rules.investment_once, rules.investment_quarters) == (250_000, 8)
    assert rules.investment_people == 10_000
    assert rules.prepaid_share == pytest.approx(2 / 3 * 0.5, abs=1e-15)
    assert rules.prepaid_cap == 0.05
    assert not set(advance_parameters()) & set(parameters())


def test_before_their_first_day_there_is_nothing():
    early = advance_rules(2023, dt.date(2023, 1, 1))
    assert (early.investment_once, early.investment_quarters, early.prepaid_share) == (0, 0, 0)
    first = advance_rules(2024, dt.date(2024, 1, 1))
    assert (first.investment_once, first.prepaid_share) == (250_000, 0)
    assert advance_rules(2025, dt.date(2025, 1, 1)).prepaid_share == 0
    assert advance_rules(2026, dt.date(2025, 1, 1)).prepaid_cap == 0.05
    assert advance_rules(2026, dt.date(2024, 1, 1)).prepaid_cap == 0
    assert advance_rules(2030, dt.date(2026, 1, 1)).prepaid_cap == 0.05


# Advance investment payments, by hand.

BANDS = [  # 42 CFR 425.630(f)(2)(iii)
    (1, 24, 0), (25, 34, 20), (35, 44, 24), (45, 54, 28), (55, 64, 32), (65, 74, 36),
    (75, 84, 40), (85, 100, 45),
]  # fmt: skip


@pytest.mark.parametrize(("low", "high", "dollars"), BANDS)
def test_a_score_is_paid_by_its_band_at_both_ends(low, high, dollars):
    assert amount_for_score(np.array([low, high]), newest_rules()).tolist() == [dollars, dollars]


def test_the_payments_of_an_aco_of_12_000_people_worked_by_hand():
    # Of 12,000 people the 10,000 of the highest scores count: 4,000 with Medicaid (score 100),
    # 3,000 of score 60, 3,000 of score 30: 4,000 x 45 + 3,000 x 32 + 3,000 x 20 = 336,000 a
    # quarter, 33.60 a person. Four quarters and 250,000 in the first year: 1,594,000; four
    # quarters in the second: 1,344,000.
    scores = np.repeat([100, 60, 30], [4_000, 3_000, 3_000])
    each = float(np.mean(amount_for_score(scores, newest_rules())))
    assert each == pytest.approx(33.6)
    results = years_of(replace(NEW, assigned_beneficiaries=12_000.0))
    paid = investment_paid(Investment(each), results)
    assert (paid.people, paid.quarters) == (10_000, 8)
    assert paid.a_quarter == pytest.approx(336_000)
    assert paid.by_year.tolist() == pytest.approx([1_594_000, 1_344_000, 0, 0, 0])


@pytest.mark.parametrize(
    ("quarters", "wanted"),
    [(0, [250_000, 0]), (3, [1_090_000, 0]), (4, [1_370_000, 0]), (5, [1_370_000, 280_000])],
)
def test_quarters_are_paid_four_a_year_and_the_first_sum_in_any_case(quarters, wanted):
    # 28 x 10,000 = 280,000 a quarter
    paid = investment_paid(Investment(28.0, 10_000, quarters), years_of(NEW))
    assert paid.by_year[:2].tolist() == pytest.approx(wanted)


def test_a_small_aco_is_paid_for_its_own_people():
    results = years_of(replace(NEW, assigned_beneficiaries=6_000.0))
    assert investment_paid(Investment(40.0), results).a_quarter == pytest.approx(240_000)


def test_the_usual_amount_counts_low_income_people_among_the_10_000_first():
    # 30,000 people, 20% of low income: 6,000 of the 10,000 counted: .6 x 45 + .4 x 28 = 38.20
    here = replace(NEW, assigned_beneficiaries=30_000.0, underserved_share=0.2)
    assert usual_amount(here, newest_rules(), 10_000) == pytest.approx(38.2)
    # 50%: all 10,000
    here = replace(here, underserved_share=0.5)
    assert usual_amount(here, newest_rules(), 10_000) == pytest.approx(45)
    assert investment_paid(Investment(), years_of(here)).per_person == pytest.approx(45)


# Prepaid shared savings, by hand.


def test_prepaid_savings_worked_by_hand():
    # 600 and 300 saved a person in BY1 and BY2, prorated by 0.9: 450 x .9 = 405 on average;
    # half is 202.50, two thirds of that 135. A year pays four quarters of 1/4 x 135 x 44,000
    # person-years = 5,940,000.
    results = years_of(RENEWED)
    paid = prepaid(405.0, results)
    assert paid.of_savings.tolist() == pytest.approx([135] * 5)
    assert float(results[0].person_years) == pytest.approx(44_000)
    assert paid.by_year.tolist() == pytest.approx([5_940_000] * 5)


def test_prepaid_savings_stop_at_5_percent_of_national_spending_in_by2():
    table = np.tile([80_000.0, 12_000.0, 20_000.0, 10_000.0], (3, 1))
    table[1] += 1_000.0
    mix = (0.01, 0.09, 0.10, 0.80)
    here = replace(RENEWED, national_expenditure=table, person_year_share_by3=mix)
    # 81,000 x .01 + 13,000 x .09 + 21,000 x .1 + 11,000 x .8 = 12,880; 5% = 644 < 3,000 / 3
    paid = prepaid(3_000.0, years_of(here))
    assert paid.limit.tolist() == pytest.approx([644] * 5)
    assert paid.multiplier.tolist() == pytest.approx([644] * 5)
    assert prepaid(1_931.0, years_of(here)).multiplier[0] == pytest.approx(1_931 / 3)


def test_an_agreement_of_2025_is_prepaid_from_2026_on():
    paid = prepaid(405.0, years_of(Scenario()))
    assert (paid.by_year > 0).tolist() == [False, True, True, True, True]


# Taken back.


def test_what_is_taken_back_never_passes_what_a_year_earns_and_the_rest_is_carried():
    # Paid 1,594 and 1,344; earned 500, 0, 2,000, 3,000: 500 taken, 1,094 carried; 2,438 owed
    # after the second; 2,000 taken, 438 carried; 438 taken.
    taken = recouped(np.array([1_594.0, 1_344, 0, 0]), np.array([500.0, 0, 2_000, 3_000]))
    assert taken.tolist() == pytest.approx([500, 0, 2_000, 438])


def test_an_advance_is_not_taken_back_before_it_is_paid():
    assert recouped(np.array([0.0, 10]), np.array([50.0, 4])).tolist() == [0, 4]


# What a scenario lacks.


def test_what_a_scenario_lacks_for_advance_investment_payments():
    assert lacking_for_investment(years_of(NEW, YearPlan(levels="stay"))) == ()
    assert lacking_for_investment(years_of(NEW)) == ()
    for change, lacks in (
        ({"agreement_period": 2}, ("new",)),
        ({"level": "B"}, ("level",)),
        ({"level": "ENHANCED"}, ("level",)),
        ({"participant_revenue_share": 0.35}, ("revenue",)),
        ({"agreement_start": dt.date(2023, 1, 1), "performance_year": 2023}, ("start",)),
    ):
        assert lacking_for_investment(years_of(replace(NEW, **change))) == lacks, change
    third = [simulate(replace(NEW, level=level)) for level in ("A", "A", "C")]
    assert lacking_for_investment(third) == ()
    second = [simulate(replace(NEW, level=level)) for level in ("A", "C", "D")]
    assert lacking_for_investment(second) == ("level",)


def test_what_a_scenario_lacks_for_prepaid_shared_savings():
    assert lacking_for_prepaid(years_of(RENEWED)) == ()
    for change, lacks in (
        ({"agreement_period": 1}, ("renewing",)),
        ({"level": "A"}, ("level",)),
        ({"prior_savings_per_person": 0.0}, ("history",)),
        ({"agreement_start": dt.date(2024, 1, 1), "performance_year": 2026}, ("start",)),
    ):
        assert lacking_for_prepaid(years_of(replace(RENEWED, **change))) == lacks, change
    assert advances.covers_the_agreement(years_of(RENEWED))
    assert not advances.covers_the_agreement(years_of(RENEWED)[:4])
