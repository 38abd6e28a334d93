"""One Hypothesis strategy per word of the glossary, and whole scenarios made of them."""

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mssp_sim.parameters import LEVELS, TRACKS, rules_in_force
from mssp_sim.scenario import (
    BY_SIZE,
    FIRST_LEVELS,
    Scenario,
    agreement_starts,
    performance_years,
    quantities,
)

ROWS = 3
BY_TYPE, BY_YEAR = (4,), (3,)
BY_YEAR_AND_TYPE = BY_YEAR + BY_TYPE


def contracts(start: dt.date) -> tuple[str, ...]:
    """Return what an agreement of this start can be: a level of today, or a track of before."""
    return LEVELS if start >= FIRST_LEVELS else TRACKS


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


fractions = floats(0, 1)
ratios = floats(0.5, 2)
per_person = floats(1_000, 200_000)
gaps = floats(-50_000, 50_000)
dollars = floats(0, 1e10)
claims = st.booleans()
people = st.integers(1, 500_000).map(float)

# A word means one quantity: what one element of it can be, and the axes it ends in.
BY_WORD: dict[str, tuple[st.SearchStrategy[Any], tuple[int, ...]]] = {
    "adjusted_benchmark": (per_person, BY_TYPE),
    "alternative_counts": (claims, ()),
    "amount": (floats(-1e10, 1e10), ()),
    "assigned_beneficiaries": (people, ()),
    "at_risk_population_met": (claims, ()),
    "benchmark_total": (dollars, ()),
    "benchmark_year_weight": (fractions, BY_YEAR),
    "care_coordination_met": (claims, ()),
    "cost_reduction": (floats(-0.6, 0.6), ()),
    "counted_score": (fractions, ()),
    "deemed": (claims, ()),
    "demographic_ratio": (ratios, ()),
    "disaster_adjustment": (dollars, ()),
    "disaster_share": (fractions, ()),
    "dual_share": (fractions, ()),
    "each_domain_met": (claims, ()),
    "either_standard_met": (claims, ()),
    "elected_rate": (st.sampled_from([np.nan, 0.0, 0.005, 0.01, 0.015, 0.02]), ()),
    "ended_by_cms": (claims, ()),
    "expenditure": (per_person, BY_YEAR_AND_TYPE),
    "expenditure_by3": (per_person, BY_TYPE),
    "expenditure_total": (dollars, ()),
    "gross_savings": (floats(-1e10, 1e10), ()),
    "guardrail_applied": (st.sampled_from([np.nan, 0.0, 1.0]), ()),
    "half_rate": (st.sampled_from([0.0, 0.5]), ()),
    "illness_ratio": (ratios, ()),
    "in_disaster_area": (claims, ()),
    "limit": (dollars, ()),
    "loss_recoupment_limit_benchmark": (fractions, ()),
    "loss_recoupment_limit_revenue": (st.one_of(fractions, st.just(np.inf)), ()),
    "market_share": (fractions, ()),
    "losses_beyond_minimum": (claims, ()),
    "low_revenue": (claims, ()),
    "minimum_loss_rate": (fractions, ()),
    "minimum_savings_rate": (fractions, ()),
    "months_in_program": (st.sampled_from([np.nan, 1.0, 6.0, 7.0, 11.0, 12.0]), ()),
    "national_by3": (per_person, BY_TYPE),
    "national_ratio": (ratios, ()),
    "national_weight": (fractions, ()),
    "net_regional": (gaps, ()),
    "offset_to_negative": (fractions, ()),
    "other_acos_reduction": (floats(-0.6, 0.6), ()),
    "other_acos_share": (fractions, ()),
    "own_ratio": (ratios, ()),
    "own_share": (fractions, ()),
    "participant_revenue": (dollars, ()),
    "patient_experience_met": (claims, ()),
    "performance_year_months": (st.sampled_from([6.0, 12.0, 21.0]), ()),
    "person_year_share": (fractions, BY_TYPE),
    "person_year_share_by3": (fractions, BY_TYPE),
    "person_years_ratio": (floats(0.5, 1), ()),
    "population": (floats(0, 50_000), ()),
    "preventive_health_met": (claims, ()),
    "prior_savings": (floats(0, 50_000), ()),
    "prospective_ratio": (ratios, ()),
    "quality_performance_standard": (fractions, ()),
    "quality_score": (fractions, ()),
    "quality_standard_met": (st.sampled_from([np.nan, 0.0, 1.0]), ()),
    "recalculated_total": (dollars, ()),
    "regional_adjustment": (gaps, BY_TYPE),
    "regional_difference": (gaps, BY_TYPE),
    "regional_ratio": (ratios, ()),
    "regional_demographic_ratio": (ratios, BY_TYPE),
    "regional_risk_ratio": (ratios, BY_TYPE),
    "risk_factor": (ratios, BY_TYPE),
    "risk_ratio": (ratios, BY_TYPE),
    "risk_score": (ratios, BY_YEAR_AND_TYPE),
    "risk_score_by3": (ratios, BY_TYPE),
    "savings_shared": (claims, ()),
    "score_floor": (fractions, ()),
    "shared_loss_rate_ceiling": (floats(0.5, 1), ()),
    "shared_loss_rate_floor": (floats(0, 0.5), ()),
    "sharing_rate": (fractions, ()),
    "standard_met": (claims, ()),
    "trend_to_by3": (ratios, BY_YEAR_AND_TYPE),
    "two_sided": (claims, ()),
    "two_way": (ratios, ()),
    "underserved_share": (fractions, ()),
    "update_factor": (ratios, BY_TYPE),
    "weight": (per_person, BY_TYPE),
}

RULES = rules_in_force(2025)
TABLES: dict[str, Any] = {
    "cap": RULES.prior_savings_cap,
    "early_leavers_owe_losses": RULES.early_leavers_owe_losses,
    "minimum_assigned_beneficiaries": RULES.minimum_assigned_beneficiaries,
    "months_without_losses": RULES.months_without_losses,
    "people_for_chosen_minimum": RULES.people_for_chosen_minimum,
    "population_adjustment_cap": RULES.population_adjustment_cap,
    "population_adjustment_threshold": RULES.population_adjustment_threshold,
    "prospective_trend_weight": RULES.prospective_trend_weight,
    "regional_adjustment_cap": (0.05, 0.015),
    "regional_adjustment_weight": (0.50, 0.25),
    "risk_growth_cap": RULES.risk_growth_cap,
    "schedule": RULES.minimum_savings_rate,
    "score_scales_the_full_share": RULES.score_scales_the_full_share,
    "sequestration_rate": RULES.sequestration_rate,
}


def several(word: str) -> st.SearchStrategy[np.ndarray]:
    """Return a few values of a word, the batch in front of the axes it ends in."""
    element, axes = BY_WORD[word]
    kind = np.bool_ if element is claims else np.float64
    return arrays(kind, (ROWS, *axes), elements=element)


LEVERS = (
    "cost_reduction", "market_share", "market_share_by3", "national_growth", "regional_growth",
    "own_growth", "prospective_trend", "risk_growth", "demographic_growth", "real_illness_share",
    "regional_risk_growth", "regional_demographic_growth",
    "regional_level", "prior_savings_per_person", "underserved_share",
    "participant_revenue_share", "disaster_share", "other_acos_reduction",
)  # fmt: skip


def lever(name: str) -> st.SearchStrategy[float]:
    """Return values over a lever's reach, its default among them."""
    low, high = quantities()[name].slider
    return st.one_of(st.just(getattr(Scenario(), name)), floats(low, high))


def near(table: Any, size: float) -> st.SearchStrategy[np.ndarray]:
    """Return a table with each number moved by up to a part of itself."""
    plain = np.array(table)
    return arrays(np.float64, plain.shape, elements=floats(1 - size, 1 + size)).map(
        lambda factors: plain * factors
    )


@st.composite
def scenarios(draw: st.DrawFn, tables: bool | None = None, **fixed: Any) -> Scenario:  # noqa: FBT001
    """Return one scenario of any contract and year; ``fixed`` fields stay as they are."""
    start = fixed.get("agreement_start") or draw(st.sampled_from(agreement_starts()))
    year = fixed.get("performance_year") or draw(st.sampled_from(performance_years(start)))
    standard = rules_in_force(year, start).quality_performance_standard
    found: dict[str, Any] = {name: draw(lever(name)) for name in LEVERS if name not in fixed}
    found |= {
        "agreement_start": start,
        "performance_year": year,
        "agreement_period": draw(st.integers(1, 5)),
        "level": draw(st.sampled_from(contracts(start))),
        "minimum_election": draw(st.sampled_from([0.0, 0.005, 0.01, 0.015, 0.02, BY_SIZE])),
        "assigned_beneficiaries": draw(
            st.one_of(st.sampled_from([4_999.0, 5_000.0, 45_000.0]), people)
        ),
        "quality_score": draw(st.one_of(st.sampled_from([standard, 0.75, 1.0]), fractions)),
        "quality_standard_met": draw(st.sampled_from([None, None, None, True, False])),
        "alternative_standard_met": draw(claims),
        "reporting_incentive_met": draw(st.sampled_from([False, False, True])),
        "performance_year_months": draw(st.sampled_from([None, None, None, 6, 12, 18, 21])),
        "own_effect": draw(st.sampled_from([False, False, True])),
        "months_in_program": draw(st.sampled_from([None, None, None, 3, 6, 7, 11, 12])),
        "ended_by_cms": draw(st.sampled_from([False, False, False, True])),
        "in_disaster_area": draw(st.sampled_from([False, False, True])),
        "at_risk_population_met": draw(st.sampled_from([True, True, False])),
    } | fixed
    found["other_acos_share"] = draw(floats(0, 1 - found["market_share"]))
    if draw(claims) if tables is None else tables:
        reference = Scenario()
        mix = draw(near(reference.person_year_share, 0.3))
        later = draw(near(mix, 0.2))
        found |= {
            "expenditure": draw(near(reference.expenditure, 0.2)),
            "risk_score": draw(near(reference.risk_score, 0.1)),
            "risk_score_performance_year": draw(near(reference.risk_score_performance_year, 0.1)),
            "person_year_share_by3": mix / mix.sum(),
            "person_year_share": later / later.sum(),
            "national_expenditure": draw(near(reference.national_expenditure, 0.1)),
            "regional_expenditure": draw(near(reference.national_expenditure, 0.2)),
        } | fixed
    return Scenario(**found)
