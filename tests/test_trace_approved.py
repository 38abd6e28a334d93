"""The arithmetic read whole: every line of settlements that reach each branch of the rule."""

import datetime as dt

import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.trace import BY_KEY, LINES, Step, ours, trace
from tests.approval import approved, masked
from tests.test_trace_adds_up import comes_to_its_amount

BY_TYPE = (0.031, -0.0125, 0.0475, 0.062)
SHARES = (0.11, 0.235, 0.38, 0.07)
MIX = (0.005, 0.065, 0.055, 0.875)
RISK = ((0.97, 1.02, 0.99, 0.96), (0.98, 1.01, 1.0, 0.98), (1.01, 1.03, 0.98, 1.02))
REGION = ((82_100.0, 10_900.0, 17_300.0, 9_900.0), (86_000.0, 11_700.0, 18_000.0, 10_300.0),
          (95_900.0, 14_100.0, 20_900.0, 13_900.0))  # fmt: skip
JULY_2019 = dt.date(2019, 7, 1)

SCENARIOS = {
    "as the app opens": {},
    "Track 2 of 2013, whose minimum the rule sets": {
        "agreement_start": dt.date(2013, 1, 1),
        "performance_year": 2014,
        "level": "2",
        "agreement_period": 1,
    },
    "all by type, a sicker region, an own effect": {
        "performance_year": 2026,
        "market_share_by_type": SHARES,
        "market_share_by3_by_type": SHARES,
        "national_growth_by_type": BY_TYPE,
        "regional_growth_by_type": BY_TYPE[::-1],
        "own_growth_by_type": BY_TYPE,
        "prospective_trend_by_type": BY_TYPE,
        "regional_risk_growth_by_type": (0.09, 0.08, 0.07, 0.1),
        "own_effect": True,
        "person_year_share": MIX,
        "risk_score": RISK,
        "risk_score_performance_year": RISK[0],
        "regional_expenditure": REGION,
        "quality_score": 0.8123,
        "quality_performance_standard": 0.7654,
        "prior_savings_per_person": 412.5,
    },
    "what other ACOs cut, a region that grows sicker, prior savings": {
        "performance_year": 2026,
        "level": "ENHANCED",
        "agreement_period": 1,
        "other_acos_share": 0.215,
        "other_acos_reduction": 0.0325,
        "regional_risk_growth": 0.0815,
        "regional_demographic_growth": 0.012,
        "prior_savings_per_person": 512.25,
        "regional_level": -0.0435,
        "cost_reduction": 0.0475,
        "quality_score": 0.75,
        "quality_performance_standard": 0.7,
        "underserved_share": 0.225,
        "dually_eligible_share_by3": 0.1234,
        "risk_score": RISK,
        "demographic_growth": 0.0075,
        "real_illness_share": 0.45,
        "risk_growth": 0.0215,
        "market_share_by3": 0.185,
    },
    "the people who qualify, a sparse region": {
        "underserved_share": 0.4575,
        "regional_level": -0.02,
        "prior_savings_per_person": -20.0,
        "market_share": 0.275,
        "regional_risk_growth": 0.01,
        "cost_reduction": 0.012,
        "level": "D",
        "minimum_election": 0.015,
        "months_in_program": 12.0,
        "quality_score": 0.2,
        "alternative_standard_met": False,
    },
    "under the guardrail, calibrated": {
        "performance_year": 2026,
        "guardrail_applied": True,
        "benchmark_calibration": 1.0125,
        "cost_reduction": 0.004,
        "regional_level": 0.0,
        "prospective_trend": 0.02,
    },
    "one-sided in half a year before 2024": {
        "level": "A",
        "agreement_start": JULY_2019,
        "performance_year": 2019,
        "regional_level": 0.065,
        "performance_year_months": 6,
        "agreement_period": 1,
        "cost_reduction": 0.055,
        "quality_score": 0.9444,
        "minimum_election": "size",
        "assigned_beneficiaries": 7_415.0,
        "in_disaster_area": True,
    },
    "half the rate below the minimum": {
        "level": "C",
        "assigned_beneficiaries": 5_812.0,
        "participant_revenue_share": 0.275,
        "cost_reduction": 0.008,
        "quality_score": 0.7912,
        "minimum_election": "size",
    },
    "domains missed in an old track": {
        "level": "1",
        "agreement_start": dt.date(2018, 1, 1),
        "performance_year": 2018,
        "agreement_period": 1,
        "patient_experience_met": False,
        "at_risk_population_met": False,
        "quality_score": 0.6512,
        "cost_reduction": 0.0625,
        "minimum_election": "size",
    },
    "domains missed in a disaster area": {
        "level": "3",
        "agreement_start": dt.date(2018, 1, 1),
        "performance_year": 2020,
        "agreement_period": 2,
        "care_coordination_met": False,
        "preventive_health_met": False,
        "in_disaster_area": True,
        "cost_reduction": 0.3,
        "quality_score": 0.3512,
    },
    "a first year of reporting": {
        "level": "2",
        "agreement_start": dt.date(2018, 1, 1),
        "performance_year": 2018,
        "agreement_period": 1,
        "quality_score": 0.55,
        "cost_reduction": 0.0815,
        "minimum_election": 0.0,
    },
    "owing on B, CMS says the standard is met": {
        "level": "B",
        "cost_reduction": -0.0325,
        "quality_standard_met": True,
        "quality_score": 0.4321,
        "participant_revenue_share": 0.6543,
        "minimum_election": "size",
    },
    "owing on E past the limit in a disaster": {
        "level": "E",
        "cost_reduction": -0.145,
        "disaster_share": 0.1225,
        "participant_revenue_share": 0.3555,
        "months_in_program": 10.0,
        "in_disaster_area": True,
        "quality_score": 0.1,
    },
    "owing on ENHANCED by quality": {
        "level": "ENHANCED",
        "cost_reduction": -0.0375,
        "quality_score": 0.8765,
        "agreement_period": 1,
        "regional_adjustment_period": 3,
        "prospective_trend": 0.0125,
    },
    "owing on ENHANCED without any standard": {
        "level": "ENHANCED",
        "cost_reduction": -0.0575,
        "quality_score": 0.1,
        "alternative_standard_met": False,
        "months_in_program": 3.0,
    },
    "overspent within the minimum, ended by CMS": {
        "level": "D",
        "cost_reduction": -0.001,
        "ended_by_cms": True,
        "months_in_program": 9.0,
        "prospective_trend": 0.05,
    },
    "overspent on a one-sided contract": {"level": "A", "cost_reduction": -0.0625},
    "saved below the minimum": {"level": "B", "cost_reduction": 0.0015, "minimum_election": "size"},
    "left before the year ended": {"cost_reduction": 0.061, "months_in_program": 7.0},
    "past the payment limit": {
        "cost_reduction": 0.335,
        "level": "C",
        "minimum_election": "size",
        "reporting_incentive_met": True,
        "quality_score": 0.81,
    },
}
TEST = "tests/test_trace_approved.py"


@pytest.fixture(scope="module")
def lines():
    """Return each settlement's lines, by the name of its scenario."""
    return {name: trace(simulate(Scenario(**given))) for name, given in SCENARIOS.items()}


def test_what_each_line_is_called_is_approved():
    told = [
        f"{line.key}: {line.name}\n  {line.words}\n  needs {', '.join(line.needs) or 'nothing'}"
        f"; reads {', '.join(line.reads) or 'nothing'}; {line.side}"
        for line in LINES
    ]
    approved("trace_lines", "\n".join(told), TEST)


def test_what_each_line_says_is_approved(lines):
    """Each line is written where it first stands, and after that by the name of the place."""
    told, first = [], {}
    for name, trace_of in lines.items():
        told.append(f"\n== {name}")
        again = {}
        for line in LINES:
            step = trace_of[line.key]
            known = f"{step.known}{'' if step.checked else ', unchecked'}"
            said = (
                f"{step.key}: {step.numbers}\n    = {step.value}"
                f" [{step.section}; {step.years}; {known}]"
            )
            if (place := first.setdefault(masked(said), name)) == name:
                told.append(said)
            else:
                again.setdefault(place, []).append(line.key)
        shown = {step.key for step in trace_of.steps()}
        told.append(f"of the other side: {' '.join(k for k in BY_KEY if k not in shown)}")
        told += [f"as in “{place}”: {' '.join(keys)}" for place, keys in again.items()]
    approved("trace", "\n".join(told), TEST)


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_each_line_says_comes_to_its_amount(lines, name):
    trace_of = lines[name]
    for line in LINES:
        comes_to_its_amount(trace_of.result, trace_of[line.key])


def test_months_are_those_of_the_year_and_a_line_of_ours_is_an_illustration(lines):
    told = {name: lines[name]["in_program_to_the_end"].numbers for name in SCENARIOS}
    assert told["as the app opens"] == "all 12 months"
    assert told["one-sided in half a year before 2024"] == "all 6 months"
    assert told["owing on E past the limit in a disaster"] == "10 of 12 months"
    assert told["overspent within the minimum, ended by CMS"] == "9 of 12 months, ended by CMS"
    assert ours("Lost", "list × leave", "45 × 5%", "2.25", 2.25) == Step(
        "", "Lost", "list × leave", "45 × 5%", "2.25", 2.25, "ours, illustrative", "",
        "an illustration", checked=True,
    )  # fmt: skip
