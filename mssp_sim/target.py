"""The spending target, step by step: history, adjustments, risk, growth."""

from dataclasses import dataclass

import numpy as np

from mssp_sim.parameters import Rules
from mssp_sim.quantity import by_type, number, number_or_nan, refined
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario, benchmark_year_3
from mssp_sim.units import Array, Dollars, Fraction, Persons, Ratio

AGED_DUAL = 2
"""The place of the aged who also have Medicaid among the enrollment types."""

HISTORY_GROWTH = 1.051
"""What the region grew by in each benchmark year where the scenario holds no regional table."""


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What can be added to the historical benchmark, dollars per person-year.

    By enrollment type (last axis): the difference to the region, the regional adjustment and the
    adjustment that applies. The others are over all types.
    """

    regional_difference: Dollars
    negative_offset: Fraction
    regional_adjustment: Dollars
    net_regional_adjustment: Dollars
    prior_savings_adjustment: Dollars
    population_adjustment: Dollars
    kind: Array
    adjustment: Dollars


@dataclass(frozen=True, slots=True)
class Growth:
    """Ratios from BY3 to the performance year, with an axis for the enrollment types."""

    national_ratio: Ratio
    regional_risk_factor: Ratio
    regional_ratio: Ratio
    prospective_ratio: Ratio
    two_way_update: Ratio
    update_factor: Ratio


@dataclass(frozen=True, slots=True)
class Target:
    """The benchmark on its way, by enrollment type (last axis), dollars per person-year.

    ``benchmark`` and ``two_way_benchmark`` are over all types.
    """

    expenditure_history: Dollars
    trend_to_by3: Ratio
    historical_benchmark: Dollars
    adjustments: Adjustments
    adjusted_benchmark: Dollars
    risk_ratio: Ratio
    risk_factor: Ratio
    growth: Growth
    benchmark: Dollars
    two_way_benchmark: Dollars


def updated_target(scenario: Scenario, rules: Rules) -> Target:
    """Return the spending target, step by step: rows that share one year and one start.

    Source: 42 CFR 425.601 (agreements to 2023), 425.652 (from 2024)
    """
    s = scenario
    history = expenditure_history(s)
    trend = trend_to_by3(s)
    historical = benchmark.historical_benchmark(
        history, np.asarray(s.risk_score), trend, year_weight(s, rules)
    )
    adjustment = adjust(s, rules, historical)
    adjusted = historical + adjustment.adjustment
    risk_ratio, risk = risk_factor(s, rules, adjusted)
    growth = grow(s, rules, adjusted)
    mix, calibration = np.asarray(s.person_year_share), number(s.benchmark_calibration)
    total = benchmark.updated_benchmark(adjusted, risk, growth.update_factor, mix) * calibration
    two_way_total = total
    if rules.prospective_trend_guardrail:
        two_way = growth.two_way_update
        two_way_total = benchmark.updated_benchmark(adjusted, risk, two_way, mix) * calibration
    return Target(
        expenditure_history=history,
        trend_to_by3=trend,
        historical_benchmark=historical,
        adjustments=adjustment,
        adjusted_benchmark=adjusted,
        risk_ratio=risk_ratio,
        risk_factor=risk,
        growth=growth,
        benchmark=total,
        two_way_benchmark=two_way_total,
    )


def years_from_by3(scenario: Scenario) -> int:
    """Return k: the years over which annual rates compound, from BY3 to the performance year."""
    return int(scenario.performance_year) - benchmark_year_3(scenario.agreement_start)


def trend_to_by3(scenario: Scenario) -> Ratio:
    """Return growth from each benchmark year to BY3, nation and region blended.

    Source: 42 CFR 425.601(a)(5)
    """
    national = np.asarray(scenario.national_expenditure)
    national_ratio = national[benchmark.BY3][..., None, :] / national
    share = refined(scenario.market_share_by3, scenario.market_share_by3_by_type)[..., None, :]
    return benchmark.blend(share, national_ratio, regional_history(scenario))


def settled_person_years(scenario: Scenario) -> Persons:
    """Return the person-years a settlement covers: half of them in a half year.

    The rule settles twelve months, limits the payment or the loss, and takes one half; every
    limit is a share of target or revenue, so half the person-years come to the same.

    Source: 42 CFR 425.601(a), 425.609
    """
    s = scenario
    a_year = benchmark.person_years(number(s.assigned_beneficiaries), number(s.person_years_ratio))
    return a_year * s.share_of_year


def year_weight(scenario: Scenario, rules: Rules) -> Fraction:
    """Return the weights of the three benchmark years: a first agreement leans on the last."""
    first = np.equal(scenario.agreement_period, 1)[..., None]
    weights = rules.benchmark_year_weights
    return np.where(first, weights["first"], weights["later"])


def adjust(scenario: Scenario, rules: Rules, historical_benchmark: Dollars) -> Adjustments:
    """Return every adjustment to the historical benchmark, and the one that applies.

    Source: 42 CFR 425.601(f), 425.652(a)(9), 425.656, 425.658, 425.662
    """
    s, by3 = scenario, benchmark.BY3
    mix, risk_score = np.asarray(s.person_year_share_by3), np.asarray(s.risk_score)
    national = np.asarray(s.national_expenditure)[by3]
    difference = regional_difference(s, historical_benchmark)
    regional = benchmark.regional_adjustment(
        difference,
        mix,
        national,
        regional_weights(s, rules),
        (rules.regional_adjustment_positive_cap, rules.regional_adjustment_negative_cap),
    )
    offset: Fraction = np.float64(0.0)
    if rules.negative_adjustment_offset:
        spent = np.asarray(s.expenditure)[by3]
        offset = benchmark.offset_to_negative_adjustment(dual_share(s), risk_score[by3], spent, mix)
        regional = benchmark.soften_negative_adjustment(regional, offset)
    net = np.vecdot(regional, mix)
    prior = benchmark.capped_flat_adjustment(
        number(s.prior_savings_per_person) * rules.prior_savings_share,
        mix,
        national,
        rules.prior_savings_cap,
    )
    population = benchmark.population_adjustment(
        number(s.underserved_share),
        mix,
        national,
        net,
        prior,
        rules.population_adjustment_cap,
        rules.population_adjustment_threshold,
    )
    kind: Array = np.full(np.shape(net), benchmark.REGIONAL)
    adjustment: Dollars = regional
    if not rules.net_negative_adjustment_counts:
        regional = np.where(by_type(net < 0), 0.0, regional)
        net = np.maximum(net, 0.0)
        kind = np.asarray(benchmark.highest_adjustment(net, prior, population))
        flat: Dollars = np.where(kind == benchmark.PRIOR_SAVINGS, prior, population)
        adjustment = np.where(by_type(kind == benchmark.REGIONAL), regional, by_type(flat))
    return Adjustments(difference, offset, regional, net, prior, population, kind, adjustment)


def dual_share(scenario: Scenario) -> Fraction:
    """Return the share of all people assigned in BY3 who also have Medicaid.

    Where the scenario holds none, the aged among them stand in, which is a lower bound.
    """
    known = number_or_nan(scenario.dually_eligible_share_by3)
    aged = np.asarray(scenario.person_year_share_by3)[..., AGED_DUAL]
    return np.where(np.isnan(known), aged, known)


def regional_difference(scenario: Scenario, historical_benchmark: Dollars) -> Dollars:
    """Return the region's cost at the ACO's risk less the ACO's own, by type.

    With its own effect counted, an ACO is part of the region it is compared with.
    """
    s, by3 = scenario, benchmark.BY3
    level = by_type(number(s.regional_level)) * (1 - own_share(s))
    if s.regional_expenditure is None:
        return historical_benchmark * level
    region = np.asarray(s.regional_expenditure)[by3] * np.asarray(s.risk_score)[by3]
    return region * (1 + level) - historical_benchmark


def regional_weights(scenario: Scenario, rules: Rules) -> tuple[Fraction, Fraction]:
    """Return the weight of the regional adjustment for an ACO below its region and above it."""
    period = scenario.regional_adjustment_period
    asked = number_or_nan(period)
    periods = np.where(np.isnan(asked), number(scenario.agreement_period), asked).astype(np.int64)
    weights = rules.regional_adjustment_weight
    nth = np.minimum(periods, len(weights.columns)) - 1
    return weights["lower_spending"][nth], weights["higher_spending"][nth]


def risk_factor(
    scenario: Scenario, rules: Rules, adjusted_benchmark: Dollars
) -> tuple[Ratio, Ratio]:
    """Return the growth of risk scores from BY3 to the performance year, and what counts of it.

    Source: 42 CFR 425.605(a)(1)-(2)
    """
    s, years = scenario, years_from_by3(scenario)
    growth = by_type((1 + number(s.risk_growth)) ** years)
    before = np.asarray(s.risk_score)[benchmark.BY3]
    ratio = np.asarray(s.risk_score_performance_year) / before * growth
    if not rules.risk_growth_capped_in_all:
        return ratio, benchmark.risk_factor_by_type(ratio, rules.risk_growth_cap)
    demographic = (1 + number(s.demographic_growth)) ** years
    weight = adjusted_benchmark * np.asarray(s.person_year_share)
    return ratio, benchmark.risk_factor_in_all(ratio, demographic, weight, rules.risk_growth_cap)


def grow(scenario: Scenario, rules: Rules, adjusted_benchmark: Dollars) -> Growth:
    """Return the growth from BY3 to the performance year: each rate compounds, then they blend.

    Source: 42 CFR 425.601(b), 425.652(b), 425.660
    """
    s, years = scenario, years_from_by3(scenario)
    national = (1 + refined(s.national_growth, s.national_growth_by_type)) ** years
    regional = benchmark.regional_growth_with_own_effect(
        (1 + refined(s.regional_growth, s.regional_growth_by_type)) ** years,
        own_share(s),
        by_type(number(s.cost_reduction)),
        by_type(number(s.other_acos_share)),
        by_type(number(s.other_acos_reduction)),
    )
    factor = region_over_its_cap(s, rules, adjusted_benchmark)
    regional = regional * factor
    prospective = (1 + refined(s.prospective_trend, s.prospective_trend_by_type)) ** years
    two_way = benchmark.blend(market_share(s), national, regional)
    update = benchmark.three_way_blend(two_way, prospective, rules.prospective_trend_weight)
    return Growth(national, factor, regional, prospective, two_way, update)


def region_over_its_cap(scenario: Scenario, rules: Rules, adjusted_benchmark: Dollars) -> Ratio:
    """Return what the region's risk growth past its cap gives back to its growth, by type.

    Source: 42 CFR 425.655
    """
    s, years = scenario, years_from_by3(scenario)
    rates = (
        refined(s.regional_risk_growth, s.regional_risk_growth_by_type),
        by_type(number(s.regional_demographic_growth)),
    )
    if not (rules.regional_risk_growth_capped and any(map(np.any, rates))):
        return np.ones(1)
    risk, demographic = ((1 + rate) ** years * np.ones(4) for rate in rates)
    weight = adjusted_benchmark * np.asarray(s.person_year_share)
    return benchmark.regional_risk_factor(
        risk, demographic, weight, market_share_in_all(s), rules.risk_growth_cap
    )


def market_share(scenario: Scenario) -> Fraction:
    """Return the ACO's share of its region's people in the performance year, with their types."""
    return refined(scenario.market_share, scenario.market_share_by_type)


def market_share_in_all(scenario: Scenario) -> Fraction:
    """Return the market share over all types: their average by person-years.

    Source: 42 CFR 425.655
    """
    if scenario.market_share_by_type is None:
        return number(scenario.market_share)
    return np.vecdot(market_share(scenario), np.asarray(scenario.person_year_share))


def own_share(scenario: Scenario) -> Fraction:
    """Return the ACO's share of its region where its own effect is counted, else nothing."""
    return np.where(by_type(scenario.own_effect), market_share(scenario), 0.0)


def expenditure_history(scenario: Scenario) -> Dollars:
    """Return spending per person-year by benchmark year and type, at the asked cost per person."""
    table = np.asarray(scenario.expenditure)
    if scenario.cost_per_person is None:
        return table
    average = np.vecdot(table[benchmark.BY3], scenario.person_year_share_by3)
    asked = number(scenario.cost_per_person)
    factor = np.where(np.isnan(asked), 1.0, asked / average)
    return table * factor[..., None, None]


def regional_history(scenario: Scenario) -> Ratio:
    """Return the region's growth from each benchmark year to BY3, by type."""
    if scenario.regional_expenditure is None:
        return HISTORY_GROWTH ** np.array([[2.0], [1.0], [0.0]])
    table = np.asarray(scenario.regional_expenditure)
    return table[benchmark.BY3][..., None, :] / table


def spending(scenario: Scenario, target: Target) -> Dollars:
    """Return what a person-year costs in the performance year."""
    s = scenario
    by3, ratio = own_growth(s, np.asarray(target.expenditure_history)[benchmark.BY3])
    return benchmark.performance_year_expenditure(
        by3,
        ratio,
        growth_beyond_own(s),
        number(s.cost_reduction),
        np.asarray(s.person_year_share),
    )


def own_growth(scenario: Scenario, expenditure_by3: Dollars) -> tuple[Dollars, Ratio]:
    """Return spending by type and the growth that all types have in common.

    Where the types grow apart, each has grown already and nothing is left in common.
    """
    s, years = scenario, years_from_by3(scenario)
    if s.own_growth_by_type is None:
        return expenditure_by3, (1 + number(s.own_growth)) ** years
    return expenditure_by3 * (1 + refined(s.own_growth, s.own_growth_by_type)) ** years, 1.0


def over_types(ratio: Ratio, weight: Dollars) -> Ratio:
    """Return a ratio over all types, weighted; the ratio itself where all types have one.

    Parameters
    ----------
    ratio : (..., 1) or (..., type)
    weight : (..., type)
    """
    ratio = np.asarray(ratio)
    if ratio.shape[-1] == 1:
        return ratio[..., 0]
    total = np.sum(weight, axis=-1)
    even = np.mean(ratio, axis=-1)
    mean = np.vecdot(ratio, weight) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, even)


def dollars_that_grow(target: Target, person_year_share: Fraction) -> Dollars:
    """Return the benchmark dollars of each type that the update acts on: what weighs its ratios."""
    return np.asarray(
        target.adjusted_benchmark * target.risk_factor * np.asarray(person_year_share)
    )


def growth_beyond_own(scenario: Scenario) -> Ratio:
    """Return what spending rises by since BY3 besides its expected growth: real illness."""
    s = scenario
    sicker = 1 + number(s.real_illness_share) * number(s.risk_growth)
    return sicker ** years_from_by3(s)
