"""Benchmark: the spending target, from three years of history to the performance year."""

import numpy as np

from mssp_sim.units import Array, Claim, Dollars, Fraction, Persons, Ratio

BY3 = np.s_[..., 2, :]
ROUNDING_DUST = 1e-12
"""Part of the benchmark within which two targets are the same in binary arithmetic."""
EQUAL = 1e-9
"""Part of an adjustment within which two of them are equal."""
NONE, REGIONAL, PRIOR_SAVINGS, POPULATION = range(4)


def blend(national_weight: Fraction, national_ratio: Ratio, regional_ratio: Ratio) -> Ratio:
    """Return one growth ratio from the nation's and the region's.

    The larger the ACO's share of its market, the more of the region's growth is its own doing,
    so its market share is the weight of the nation.

    Parameters
    ----------
    national_weight : fraction; the ACO's market share
    national_ratio, regional_ratio : cumulative growth, later year over earlier year

    Source: 42 CFR 425.601(a)(5)(iv)-(v), 425.652(a)(5) from 2024

    Examples
    --------
    >>> round(blend(0.10, 1.051, 1.031), 4)
    1.033
    """
    return national_weight * national_ratio + (1 - national_weight) * regional_ratio


def historical_benchmark(
    expenditure: Dollars,
    risk_score: Ratio,
    trend_to_by3: Ratio,
    benchmark_year_weight: Fraction,
) -> Dollars:
    """Return three years of spending as one amount in the money and the risk of the last.

    Parameters
    ----------
    expenditure : dollars per person-year, (..., benchmark year, type)
    risk_score : mean risk scores, same shape
    trend_to_by3 : growth from each benchmark year to BY3, same shape
    benchmark_year_weight : (..., benchmark year)

    Returns
    -------
    dollars per person-year in BY3, (..., type)

    Source: 42 CFR 425.601(a), 425.652(a)

    Examples
    --------
    >>> flat = np.full((3, 4), 100.0)
    >>> historical_benchmark(flat, np.ones((3, 4)), np.ones((3, 4)), np.array([0.1, 0.3, 0.6]))
    array([100., 100., 100., 100.])
    """
    risk_to_by3 = risk_score[BY3][..., None, :] / risk_score
    at_by3 = expenditure * risk_to_by3 * trend_to_by3
    return np.sum(at_by3 * np.asarray(benchmark_year_weight)[..., :, None], axis=-2)


def regional_adjustment(
    regional_difference: Dollars,
    person_year_share_by3: Fraction,
    national_by3: Dollars,
    regional_adjustment_weight: tuple[Fraction, Fraction],
    regional_adjustment_cap: tuple[float, float],
) -> Dollars:
    """Return what the gap between the region's cost and the ACO's own adds to its history.

    One sign, that of the gap over all four types, picks the weight for every type; each type is
    then capped on its own.

    Parameters
    ----------
    regional_difference : region minus ACO, dollars per person-year, (..., type)
    person_year_share_by3 : (..., type)
    national_by3 : national spending in BY3, dollars per person-year, (..., type)
    regional_adjustment_weight : for an ACO below its region's cost, and for one above
    regional_adjustment_cap : upper and lower, fraction of national_by3

    Source: 42 CFR 425.601(f), 425.656

    Examples
    --------
    >>> gap, mix, nation = np.full(4, 1000.0), np.full(4, 0.25), np.full(4, 10_000.0)
    >>> regional_adjustment(gap, mix, nation, (0.35, 0.15), (0.05, 0.05))
    array([350., 350., 350., 350.])
    >>> regional_adjustment(-gap, mix, nation, (0.35, 0.15), (0.05, 0.015))
    array([-150., -150., -150., -150.])
    """
    below, above = regional_adjustment_weight
    net = np.vecdot(regional_difference, person_year_share_by3)
    weight = np.asarray(np.where(net >= 0, below, above))[..., None]
    highest, lowest = regional_adjustment_cap
    return np.clip(weight * regional_difference, -lowest * national_by3, highest * national_by3)


def offset_to_negative_adjustment(
    dual_share: Fraction,
    risk_score_by3: Ratio,
    expenditure_by3: Dollars,
    person_year_share_by3: Fraction,
) -> Fraction:
    """Return the part of a negative regional adjustment that a poorer or sicker ACO is spared.

    Parameters
    ----------
    dual_share : of all people assigned in BY3, those who also have Medicaid
    risk_score_by3 : mean risk scores, (..., type); a type weighs by the dollars it spent
    expenditure_by3 : dollars per person-year, (..., type)
    person_year_share_by3 : (..., type)

    Source: 42 CFR 425.656(c)(4)-(5)

    Examples
    --------
    >>> risk, mix = np.array([1.0, 1.2, 1.0, 1.0]), np.array([0.0, 0.25, 0.25, 0.5])
    >>> spent = np.array([90_000.0, 20_000, 20_000, 10_000])
    >>> round(float(offset_to_negative_adjustment(0.30, risk, spent, mix)), 6)
    0.366667
    """
    dollars = expenditure_by3 * person_year_share_by3
    total = np.vecdot(dollars, np.ones(4))
    mean_risk = np.vecdot(risk_score_by3, dollars) / np.where(total > 0, total, 1.0)
    return np.clip(dual_share + mean_risk - 1, 0.0, 1.0)


def soften_negative_adjustment(
    regional_adjustment: Dollars, offset_to_negative: Fraction
) -> Dollars:
    """Return the adjustment with the negative amounts of single types reduced by the offset.

    Parameters
    ----------
    regional_adjustment : dollars per person-year, after weight and cap, (..., type)
    offset_to_negative : fraction

    Source: 42 CFR 425.656(c)(4)

    Examples
    --------
    >>> soften_negative_adjustment(np.array([-100.0, 50, 0, 0]), 0.25)
    array([-75.,  50.,   0.,   0.])
    """
    kept = np.asarray(1 - np.asarray(offset_to_negative))[..., None]
    return np.where(
        np.less(regional_adjustment, 0), regional_adjustment * kept, regional_adjustment
    )


def capped_flat_adjustment(
    amount: Dollars, person_year_share_by3: Fraction, national_by3: Dollars, cap: float
) -> Dollars:
    """Return a flat amount per person, held between nothing and a share of national spending.

    Source: 42 CFR 425.658

    Examples
    --------
    >>> mix, nation = np.full(4, 0.25), np.full(4, 10_000.0)
    >>> [float(capped_flat_adjustment(a, mix, nation, 0.05)) for a in (-80.0, 80.0, 800.0)]
    [0.0, 80.0, 500.0]
    """
    national_average = np.vecdot(national_by3, person_year_share_by3)
    return np.clip(amount, 0.0, cap * national_average)


def population_adjustment(
    underserved_share: Fraction,
    person_year_share_by3: Fraction,
    national_by3: Dollars,
    net_regional: Dollars,
    prior_savings: Dollars,
    population_adjustment_cap: float,
    population_adjustment_threshold: float,
) -> Dollars:
    """Return what a poorer population adds per person, from a threshold on.

    It is a share of what the higher of the other two adjustments leaves under a cap, so it
    wins over them only where they are small.

    Parameters
    ----------
    underserved_share : of the performance year's people, with the low-income subsidy or Medicaid
    national_by3 : national spending in BY3, dollars per person-year, (..., type)
    net_regional, prior_savings : the other two, dollars per person-year over all types
    population_adjustment_cap : fraction of national spending at the ACO's mix

    Source: 42 CFR 425.662(b)

    Examples
    --------
    >>> mix, nation = np.full(4, 0.25), np.full(4, 10_000.0)
    >>> [float(population_adjustment(s, mix, nation, 0, 0, 0.05, 0.15)) for s in (0.14, 0.15, 0.4)]
    [0.0, 75.0, 200.0]
    >>> float(population_adjustment(0.4, mix, nation, -20.0, 100.0, 0.05, 0.15))
    160.0
    """
    national_average = np.vecdot(national_by3, person_year_share_by3)
    higher = np.maximum(np.maximum(net_regional, prior_savings), 0.0)
    left = np.maximum(population_adjustment_cap * national_average - higher, 0.0)
    reached = np.greater_equal(underserved_share, population_adjustment_threshold - 1e-9)
    return np.where(reached, left * underserved_share, 0.0)


def highest_adjustment(net_regional: Dollars, prior_savings: Dollars, population: Dollars) -> Array:
    """Return which one adjustment applies: the highest, or none if none is positive.

    Returns
    -------
    NONE, REGIONAL, PRIOR_SAVINGS or POPULATION; of equal amounts the earlier, equal within a
    relative tolerance, so that the last bit does not decide

    Source: 42 CFR 425.652(a)(8), 425.662(c)

    Examples
    --------
    >>> [int(highest_adjustment(*amounts)) for amounts in [(0, 0, 0), (5, 5, 2), (1, 2, 3)]]
    [0, 1, 3]
    >>> int(highest_adjustment(80.0, 0.0, 80.00000000000001))
    1
    """
    highest = np.maximum(np.maximum(net_regional, prior_savings), population)
    enough = highest * (1 - EQUAL)
    which = np.where(
        np.greater_equal(net_regional, enough),
        REGIONAL,
        np.where(np.greater_equal(prior_savings, enough), PRIOR_SAVINGS, POPULATION),
    )
    return np.where(np.greater(highest, 0), which, NONE)


def risk_factor_by_type(risk_ratio: Ratio, risk_growth_cap: float) -> Ratio:
    """Return how far risk scores move the target, each type capped alone; no floor.

    Source: 42 CFR 425.605(a)(1)-(2)

    Examples
    --------
    >>> risk_factor_by_type(np.array([0.9, 1.0, 1.02, 1.2]), 0.03)
    array([0.9 , 1.  , 1.02, 1.03])
    """
    return np.minimum(risk_ratio, 1 + risk_growth_cap)


def risk_factor_in_all(
    risk_ratio: Ratio, demographic_ratio: Ratio, weight: Dollars, risk_growth_cap: float
) -> Ratio:
    """Return how far risk scores move the target, tested over all types together; no floor.

    Only if the growth over all types exceeds the cap plus the demographic growth is any type
    held to that bound.

    Parameters
    ----------
    risk_ratio : performance year over BY3, (..., type)
    demographic_ratio : the same of the demographic score
    weight : benchmark dollars of each type, (..., type)

    Source: 42 CFR 425.605(a)(1)(ii)(A)-(C)

    Examples
    --------
    >>> one_type_fast = np.array([1.2, 1.0, 1.0, 1.0])
    >>> risk_factor_in_all(one_type_fast, 1.0, np.full(4, 0.25), 0.03)
    array([1.03, 1.  , 1.  , 1.  ])
    >>> risk_factor_in_all(one_type_fast, 1.02, np.full(4, 0.25), 0.03)
    array([1.2, 1. , 1. , 1. ])
    """
    bound = np.asarray(demographic_ratio + risk_growth_cap)
    in_all = np.vecdot(risk_ratio, weight) / np.vecdot(weight, np.ones(4))
    capped = np.minimum(risk_ratio, bound[..., None])
    return np.where(np.greater(in_all, bound)[..., None], capped, risk_ratio)


def regional_risk_factor(
    regional_risk_ratio: Ratio,
    regional_demographic_ratio: Ratio,
    weight: Dollars,
    market_share: Fraction,
    risk_growth_cap: float,
) -> Ratio:
    """Return what the region's risk growth past its cap gives back to its spending growth.

    Regional spending is divided by the region's risk score, so a region that records more
    illness grows less. Past a cap that growth is not divided out: the factor multiplies the
    growth of regional spending and never lowers it. A large ACO makes its region's score, so
    the cap rises with its share.

    Parameters
    ----------
    regional_risk_ratio : region's risk score, performance year over BY3, (..., type)
    regional_demographic_ratio : the same of the demographic score, (..., type)
    weight : benchmark dollars of each type, (..., type)
    market_share : of the performance year
    risk_growth_cap : the cap on the ACO's own risk growth

    Source: 42 CFR 425.655, 425.652(b)(2)(ii)(C)

    Examples
    --------
    >>> regional_risk_factor(np.full(4, 1.08), np.ones(4), np.ones(4), 0.1, 0.03).round(6)
    array([1.043478, 1.043478, 1.043478, 1.043478])
    """
    total = np.vecdot(weight, np.ones(4))
    risk = np.vecdot(regional_risk_ratio, weight) / total
    bound = np.vecdot(regional_demographic_ratio, weight) / total + risk_growth_cap
    cap = np.asarray(bound + market_share * np.maximum(risk - bound, 0.0))[..., None]
    over = np.greater(np.asarray(risk)[..., None], cap)
    return np.where(over, np.maximum(regional_risk_ratio / cap, 1.0), 1.0)


def regional_growth_with_own_effect(
    regional_ratio: Ratio,
    own_share: Fraction,
    cost_reduction: Fraction,
    other_acos_share: Fraction,
    other_acos_reduction: Fraction,
) -> Ratio:
    """Return the region's growth after what the ACO and its neighbours cut from it.

    Source: ours; 42 CFR 425.601(a)(5) counts an ACO's own patients in its region

    Examples
    --------
    >>> round(regional_growth_with_own_effect(1.05, 0.5, 0.04, 0.0, 0.0), 4)
    1.029
    """
    return regional_ratio * (
        1 - own_share * cost_reduction - other_acos_share * other_acos_reduction
    )


def three_way_blend(
    two_way: Ratio, prospective_ratio: Ratio, prospective_trend_weight: Fraction
) -> Ratio:
    """Return the update with the part that was fixed when the agreement began.

    Source: 42 CFR 425.652(b), 425.660

    Examples
    --------
    >>> three_way_blend(1.09, 1.06, 1 / 3)
    1.08
    """
    return prospective_trend_weight * prospective_ratio + (1 - prospective_trend_weight) * two_way


def updated_benchmark(
    adjusted_benchmark: Dollars,
    risk_factor: Ratio,
    update_factor: Ratio,
    person_year_share: Fraction,
) -> Dollars:
    """Return the target per person-year: each type updated, then weighted by its people.

    Parameters
    ----------
    adjusted_benchmark, risk_factor, update_factor, person_year_share : (..., type)

    Source: 42 CFR 425.601(b), 425.652(b)

    Examples
    --------
    >>> float(updated_benchmark(np.full(4, 100.0), 1.25, 1.5, np.full(4, 0.25)))
    187.5
    """
    return np.vecdot(adjusted_benchmark * risk_factor * update_factor, person_year_share)


def performance_year_expenditure(
    expenditure_by3: Dollars,
    own_ratio: Ratio,
    illness_ratio: Ratio,
    cost_reduction: Fraction,
    person_year_share: Fraction,
) -> Dollars:
    """Return what a person-year costs: last year's history, grown, sicker, less the cut.

    Parameters
    ----------
    expenditure_by3 : dollars per person-year, (..., type)
    own_ratio, illness_ratio : cumulative growth from BY3
    cost_reduction : a level against that year's expected spending; it does not compound
    person_year_share : (..., type)

    Source: ours; what 42 CFR 425.605(a) compares with the benchmark

    Examples
    --------
    >>> float(performance_year_expenditure(np.full(4, 100.0), 1.05, 1.0, 0.10, np.full(4, 0.25)))
    94.5
    """
    average = np.vecdot(expenditure_by3, person_year_share)
    return average * own_ratio * illness_ratio * (1 - cost_reduction)


def person_years(assigned_beneficiaries: Persons, person_years_ratio: Ratio) -> Persons:
    """Return years of assignment: people weigh by the months they were there.

    Source: 42 CFR 425.601(a)

    Examples
    --------
    >>> person_years(45_000.0, 44 / 45)
    44000.0
    """
    return assigned_beneficiaries * person_years_ratio


def guardrail_applies(
    benchmark_total: Dollars,
    recalculated_total: Dollars,
    losses_beyond_minimum: Claim,
    guardrail_applied: Fraction,
) -> Claim:
    """Return whether the target without the prospective trend replaces the one with it.

    Parameters
    ----------
    benchmark_total : with the prospective trend
    recalculated_total : without it
    losses_beyond_minimum : is the loss with it at or past the minimum loss rate?
    guardrail_applied : 1 or 0 as CMS says it; NaN to derive it

    Source: 42 CFR 425.652(b)(5)

    Examples
    --------
    >>> [bool(guardrail_applies(500.0, other, True, np.nan)) for other in (520.0, 490.0)]
    [True, False]
    >>> bool(guardrail_applies(500.0, 500.0, False, 1.0))
    True
    """
    higher = np.greater(recalculated_total, np.multiply(benchmark_total, 1 + ROUNDING_DUST))
    derived = np.logical_and(losses_beyond_minimum, higher)
    return np.where(np.isnan(guardrail_applied), derived, np.equal(guardrail_applied, 1))
