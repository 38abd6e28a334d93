"""A second, slow settlement, to compare the engine with.

Written from the rule texts (rules.md, numbers.md, product.md sections 2 and 3) by another hand
than the engine's. It must never import the engine, nor be changed to agree with it before the
texts have been read again: its only value is that its author did not look.

One ACO, one year, plain numbers. Lists of four are the enrollment types
[ESRD, disabled, aged/dual, aged/non-dual]; tables of three rows are [BY1, BY2, BY3].
Paragraphs are those of 42 CFR Part 425.
Contracts are those of today, from July 2019; only the minimum rate also knows the older tracks.
"""

import datetime
import itertools
import math

TYPES = range(4)
AGED_DUAL = 2
BY3 = 2

# Agreements that started in 2024 or later follow 425.652 to 425.662.
NEW_BENCHMARK_RULES = datetime.date(2024, 1, 1)
POPULATION_ADJUSTMENT_FROM = datetime.date(2025, 1, 1)  # 425.662

# Weights of the benchmark years, 425.601(a)(7) and (e).
FIRST_AGREEMENT_YEAR_WEIGHTS = [0.10, 0.30, 0.60]
LATER_AGREEMENT_YEAR_WEIGHTS = [1 / 3, 1 / 3, 1 / 3]

# Regional adjustment by agreement period: (lower spending, higher spending), 425.601(f), .656.
REGIONAL_WEIGHTS = {
    1: (0.35, 0.15),
    2: (0.50, 0.25),
    3: (0.50, 0.35),
    4: (0.50, 0.50),
    5: (0.50, 0.50),
}
POSITIVE_REGIONAL_CAP = 0.05
NEGATIVE_REGIONAL_CAP_BEFORE_2024 = 0.05
NEGATIVE_REGIONAL_CAP_FROM_2024 = 0.015

# Regional history when the scenario brings no table (product.md 3.1).
DEFAULT_REGIONAL_GROWTH = 0.051

# Two adjustments closer than this, relative to the larger, tie: the rule names no rounding, and
# the last bit of a sum must not choose between an amount by type and a flat one.
ADJUSTMENT_TIE = 1e-9

PRIOR_SAVINGS_SHARE = 0.50  # 425.658
FLAT_ADJUSTMENT_CAP = 0.05  # 425.658, 425.662
UNDERSERVED_THRESHOLD = 0.15  # 425.662

RISK_CAP = 0.03  # 425.605(a)(1)
REGIONAL_RISK_CAP = 0.03  # 425.655(e)(1)

PROSPECTIVE_WEIGHT = 1 / 3  # 425.660
PROSPECTIVE_WEIGHT_2024 = 1 / 6

# Contracts, 425.605(d)(1) and 425.610(d) to (g).
ONE_SIDED_LEVELS = ["1", "A", "B"]
MAXIMUM_RATE = {"A": 0.40, "B": 0.40, "C": 0.50, "D": 0.50, "E": 0.50, "ENHANCED": 0.75}
PAYMENT_LIMIT = {"A": 0.10, "B": 0.10, "C": 0.10, "D": 0.10, "E": 0.10, "ENHANCED": 0.20}
BASIC_LOSS_RATE = 0.30
BASIC_LOSS_LIMIT = {"C": (0.02, 0.01), "D": (0.04, 0.02), "E": (0.08, 0.04)}
ENHANCED_LOSS_LIMIT = 0.15
ENHANCED_LOSS_RATE_FLOOR = 0.40
ENHANCED_LOSS_RATE_CEILING = 0.75
LOW_REVENUE_BELOW = 0.35

# Minimum savings rate by head count, 425.605(b)(1): (people, rate), straight lines between.
SIZE_TABLE = [
    (500, 0.122),
    (999, 0.087),
    (1_000, 0.087),
    (2_999, 0.050),
    (3_000, 0.050),
    (4_999, 0.039),
    (5_000, 0.039),
    (5_999, 0.036),
    (6_000, 0.036),
    (6_999, 0.034),
    (7_000, 0.034),
    (7_999, 0.032),
    (8_000, 0.032),
    (8_999, 0.031),
    (9_000, 0.031),
    (9_999, 0.030),
    (10_000, 0.030),
    (14_999, 0.027),
    (15_000, 0.027),
    (19_999, 0.025),
    (20_000, 0.025),
    (49_999, 0.022),
    (50_000, 0.022),
    (59_999, 0.020),
    (60_000, 0.020),
]
SMALL_ACO_BELOW = 5_000  # 425.110(b)(3)
# "For performance years starting before July 1, 2019, for ACOs with a fixed MSR/MLR, the MSR/MLR
# remains fixed", 425.110(b)(3)(ii), text of December 2024.
SIZE_TABLE_REPLACES_CHOICE_FROM = datetime.date(2019, 7, 1)
# "For agreement periods beginning in 2012 through 2015, the ACO's MSR and MLR are set at
# 2 percent", 425.606(b)(1)(i), text of the end of 2017.
TRACK_2_LAST_YEAR_WITHOUT_CHOICE = 2015
TRACK_2_MINIMUM_WITHOUT_CHOICE = 0.02

# Quality performance standard by year, 425.512. To 2020 no score is asked (425.502(d)).
QUALITY_STANDARD = {
    2021: 0.6169,
    2022: 0.7063,
    2023: 0.6576,
    2024: 0.7705,
    2025: 0.7670,
    2026: 0.7385,
}
LAST_YEAR_SCORE_SCALES = 2020

# "If the ACO achieves the minimum attainment level for at least one measure in each of the four
# domains", 425.502(d)(2)(iii)(A), text of 2021: for performance years to 2020.
LAST_YEAR_OF_DOMAINS = 2020
DOMAINS = [
    "patient_experience_met",
    "care_coordination_met",
    "preventive_health_met",
    "at_risk_population_met",
]

# "The ACO's minimum quality performance score is set to equal the mean quality performance score
# for all Shared Savings Program ACOs", 425.502(f)(2)(i), for 2017 to 2020; the rule prints no
# score, 96.87 is CMS's of 2020 (results file). From 2021 the year's percentile itself,
# 425.512(c)(2): the quality performance standard.
MEAN_SCORE = {2020: 0.9687}
REPORTING_INCENTIVE_FROM = 2022
ALTERNATIVE_STANDARD_FROM = 2023

# 425.221(b)(2), text of 2019, for performance years from July 2019 on.
MONTHS_OF_A_YEAR = 12
LAST_MONTH_TO_LEAVE_FREE = 6  # "with an effective date of termination after June 30th"

SEQUESTRATION = 0.02
YEARS_WITHOUT_SEQUESTRATION = [2019, 2020]

TOLERANCE = 1e-9
DUST = 1e-12


def weighted(values, shares):
    """Return the sum of values times shares over the four types."""
    return math.fsum(values[t] * shares[t] for t in TYPES)


# ---- Historical benchmark (rules.md 4.1, 4.2) ----


def scaled_expenditure(expenditure, cost_per_person, share_by3):
    """Scale the expenditure table by one number to the asked cost per person in BY3."""
    if cost_per_person is None:
        return [list(row) for row in expenditure]
    factor = cost_per_person / weighted(expenditure[BY3], share_by3)
    return [[dollars * factor for dollars in row] for row in expenditure]


def regional_history_ratios(regional_expenditure):
    """Return Reg[BY3] / Reg[year] for each benchmark year and type."""
    if regional_expenditure is None:
        growth = 1 + DEFAULT_REGIONAL_GROWTH
        return [[growth**2] * 4, [growth] * 4, [1.0] * 4]
    return [
        [regional_expenditure[BY3][t] / regional_expenditure[year][t] for t in TYPES]
        for year in range(3)
    ]


def historical_by_type(
    expenditure, risk_score, national, regional_ratios, market_share_by3, first_agreement
):
    """Return H: each benchmark year brought to BY3 by trend and risk, then weighted.

    `market_share_by3` is a list of four, one national weight per type.
    """
    year_weights = FIRST_AGREEMENT_YEAR_WEIGHTS if first_agreement else LATER_AGREEMENT_YEAR_WEIGHTS
    historical = []
    for t in TYPES:
        total = 0.0
        for year in range(3):
            national_weight = market_share_by3[t]
            national_ratio = national[BY3][t] / national[year][t]
            trend = (
                national_weight * national_ratio + (1 - national_weight) * regional_ratios[year][t]
            )
            risk = risk_score[BY3][t] / risk_score[year][t]
            total += year_weights[year] * expenditure[year][t] * trend * risk
        historical.append(total)
    return historical


def negative_offset(dual_share, expenditure_by3, share_by3, risk_score_by3):
    """Return the part of a negative regional amount that is forgiven, from 2024.

    425.656(c)(4), text of the end of 2023: the risk score's weight "is equal to the product of
    the BY3 per capita expenditures for that enrollment type and the BY3 person years", and
    `dual_share` is the "Proportion of the ACO's BY3 assigned beneficiaries that are dually
    eligible".
    """
    dollars = [expenditure_by3[t] * share_by3[t] for t in TYPES]
    mean_risk = weighted(risk_score_by3, dollars) / math.fsum(dollars)
    return min(max(dual_share + mean_risk - 1, 0.0), 1.0)


def regional_adjustment_by_type(difference, national_by3, share_by3, period, negative_cap, offset):
    """Weight by the sign of the net, cap by type, then offset the negative amounts."""
    lower_spending_weight, higher_spending_weight = REGIONAL_WEIGHTS[period]
    if weighted(difference, share_by3) >= 0:
        weight = lower_spending_weight
    else:
        weight = higher_spending_weight
    adjustment = []
    for t in TYPES:
        amount = weight * difference[t]
        amount = min(amount, POSITIVE_REGIONAL_CAP * national_by3[t])
        amount = max(amount, -negative_cap * national_by3[t])
        if amount < 0:
            amount = amount * (1 - offset)
        adjustment.append(amount)
    return adjustment


def prior_savings_adjustment(prior_savings_per_person, mean_national):
    """Return half of the average earlier savings, capped; flat dollars."""
    if prior_savings_per_person <= 0:
        return 0.0
    return min(PRIOR_SAVINGS_SHARE * prior_savings_per_person, FLAT_ADJUSTMENT_CAP * mean_national)


def population_adjustment(
    agreement_start, underserved_share, mean_national, regional_net, prior_savings
):
    """Return the scaler times the underserved share, for starts from 2025; flat dollars.

    425.662(b)(2), text of January 2025: the scaler is "the difference between 5 percent of the
    national per capita expenditure amount [...] and the higher of: the regional adjustment [...];
    the per capita prior savings adjustment".
    """
    if agreement_start < POPULATION_ADJUSTMENT_FROM:
        return 0.0
    if underserved_share < UNDERSERVED_THRESHOLD - TOLERANCE:
        return 0.0
    scaler = FLAT_ADJUSTMENT_CAP * mean_national - max(regional_net, prior_savings, 0.0)
    return scaler * underserved_share


def is_higher(later, earlier):
    """Tell whether the later adjustment is higher by more than a tie."""
    return later - earlier > ADJUSTMENT_TIE * max(abs(later), abs(earlier))


def applied_adjustment(regional, prior_savings, population, share_by3):
    """Return the highest of the three (from 2024), if positive; the earlier wins a tie."""
    chosen, highest = [0.0] * 4, 0.0
    regional_net = weighted(regional, share_by3)
    if regional_net > 0:
        chosen, highest = regional, regional_net
    for flat in (prior_savings, population):
        if is_higher(flat, highest):
            chosen, highest = [flat] * 4, flat
    return chosen


# ---- Update to the performance year (rules.md 4.3) ----


def risk_factors_per_type(ratio):
    """Cap the growth of each type at 3% (starts before 2024)."""
    return [min(ratio[t], 1 + RISK_CAP) for t in TYPES]


def risk_factors_aggregate(ratio, adjusted_benchmark, share_py, demographic_ratio):
    """Cap every type, but only if the dollar-weighted mean passes the bound (from 2024)."""
    dollars = [adjusted_benchmark[t] * share_py[t] for t in TYPES]
    mean_ratio = weighted(ratio, dollars) / math.fsum(dollars)
    bound = demographic_ratio + RISK_CAP
    if mean_ratio > bound:
        return [min(ratio[t], bound) for t in TYPES]
    return list(ratio)


def regional_risk_factors(
    risk_ratio, demographic_ratio, adjusted_benchmark, share_py, market_share
):
    """Return the factor on each type's regional growth, from 2024 (425.655).

    `risk_ratio` and `demographic_ratio` are the region's scores by type, performance year over
    BY3; `market_share` is by type, in the performance year. 425.655(f)(2)(ii), text of 2024:
    above the cap the factor equals "the growth in regional prospective HCC risk scores for the
    enrollment type [...] divided by the cap".
    """
    # (d)(2): "regionally adjusted historical benchmark expenditures" times person-years.
    dollars = [adjusted_benchmark[t] * share_py[t] for t in TYPES]
    mean_risk = weighted(risk_ratio, dollars) / math.fsum(dollars)
    mean_demographic = weighted(demographic_ratio, dollars) / math.fsum(dollars)
    # (e)(2): the share's weight is person-years alone.
    mean_share = weighted(market_share, share_py) / math.fsum(share_py)
    before_share = mean_demographic + REGIONAL_RISK_CAP
    cap = before_share + mean_share * max(0.0, mean_risk - before_share)
    if mean_risk <= cap + DUST * cap:
        return [1.0] * 4
    return [max(1.0, risk_ratio[t] / cap) for t in TYPES]


def two_way(national_ratio, regional_ratio, market_share):
    """Blend: national by market share, the rest regional."""
    return market_share * national_ratio + (1 - market_share) * regional_ratio


def three_way(two_way_ratio, prospective_ratio, prospective_weight):
    """Blend the two-way trend with the prospective one (ACPT)."""
    return prospective_weight * prospective_ratio + (1 - prospective_weight) * two_way_ratio


def prospective_weight_of(agreement_start, performance_year):
    """Return the weight of the ACPT."""
    if agreement_start < NEW_BENCHMARK_RULES:
        return 0.0
    if performance_year == 2024:
        return PROSPECTIVE_WEIGHT_2024
    return PROSPECTIVE_WEIGHT


def updated_per_person(adjusted_benchmark, risk_factor, update, share_py):
    """Return the updated benchmark per person-year."""
    by_type = [adjusted_benchmark[t] * risk_factor[t] * update[t] for t in TYPES]
    return weighted(by_type, share_py)


# ---- From a scenario to the two benchmarks and the spending ----


def years_from_by3(scenario):
    """Return years from BY3 to the performance year."""
    return scenario["performance_year"] - (scenario["agreement_start"].year - 1)


def own_share_of_region(scenario):
    """Return the part of its own region that the ACO moves, when it is counted."""
    if scenario["own_effect"]:
        return scenario["market_share"]
    return 0.0


def dual_share_by3(scenario):
    """Return the dually eligible share of all BY3 people, or its lower bound if not given."""
    share = scenario["dually_eligible_share_by3"]
    if share is None:
        return scenario["person_year_share_by3"][AGED_DUAL]
    return share


def adjusted_benchmark_by_type(scenario, expenditure):
    """Return R: the historical benchmark with its adjustment."""
    share_by3 = scenario["person_year_share_by3"]
    risk_by3 = scenario["risk_score"][BY3]
    national = scenario["national_expenditure"]
    regional_table = scenario["regional_expenditure"]

    historical = historical_by_type(
        expenditure,
        scenario["risk_score"],
        national,
        regional_history_ratios(regional_table),
        [scenario["market_share_by3"]] * 4,
        scenario["agreement_period"] == 1,
    )

    level = scenario["regional_level"] * (1 - own_share_of_region(scenario))
    if regional_table is None:
        region_for_our_risk = [historical[t] * (1 + level) for t in TYPES]
    else:
        region_for_our_risk = [regional_table[BY3][t] * (1 + level) * risk_by3[t] for t in TYPES]
    difference = [region_for_our_risk[t] - historical[t] for t in TYPES]

    period = scenario["regional_adjustment_period"]
    if period is None:
        period = scenario["agreement_period"]

    if scenario["agreement_start"] < NEW_BENCHMARK_RULES:
        adjustment = regional_adjustment_by_type(
            difference, national[BY3], share_by3, period, NEGATIVE_REGIONAL_CAP_BEFORE_2024, 0.0
        )
    else:
        regional = regional_adjustment_by_type(
            difference,
            national[BY3],
            share_by3,
            period,
            NEGATIVE_REGIONAL_CAP_FROM_2024,
            negative_offset(dual_share_by3(scenario), expenditure[BY3], share_by3, risk_by3),
        )
        mean_national = weighted(national[BY3], share_by3)
        prior_savings = prior_savings_adjustment(
            scenario["prior_savings_per_person"], mean_national
        )
        population = population_adjustment(
            scenario["agreement_start"],
            scenario["underserved_share"],
            mean_national,
            weighted(regional, share_by3),
            prior_savings,
        )
        adjustment = applied_adjustment(regional, prior_savings, population, share_by3)
    return [historical[t] + adjustment[t] for t in TYPES]


def person_years(scenario):
    """Return the person-years of the performance year."""
    return scenario["assigned_beneficiaries"] * scenario["person_years_ratio"]


def benchmark_totals(scenario, expenditure):
    """Return the updated benchmark in dollars: (the blend of the rules, the two-way blend)."""
    k = years_from_by3(scenario)
    share_py = scenario["person_year_share"]
    adjusted = adjusted_benchmark_by_type(scenario, expenditure)

    risk_ratio = [
        scenario["risk_score_performance_year"][t]
        / scenario["risk_score"][BY3][t]
        * (1 + scenario["risk_growth"]) ** k
        for t in TYPES
    ]
    if scenario["agreement_start"] < NEW_BENCHMARK_RULES:
        risk_factor = risk_factors_per_type(risk_ratio)
        regional_factor = [1.0] * 4
    else:
        demographic_ratio = (1 + scenario["demographic_growth"]) ** k
        risk_factor = risk_factors_aggregate(risk_ratio, adjusted, share_py, demographic_ratio)
        regional_factor = regional_risk_factors(
            [(1 + scenario["regional_risk_growth"]) ** k] * 4,
            [(1 + scenario["regional_demographic_growth"]) ** k] * 4,
            adjusted,
            share_py,
            [scenario["market_share"]] * 4,
        )

    national_ratio = (1 + scenario["national_growth"]) ** k
    savings_in_region = (
        own_share_of_region(scenario) * scenario["cost_reduction"]
        + scenario["other_acos_share"] * scenario["other_acos_reduction"]
    )
    regional_ratio = (1 + scenario["regional_growth"]) ** k * (1 - savings_in_region)
    prospective_ratio = (1 + scenario["prospective_trend"]) ** k
    # 425.652(b)(2)(ii)(C), text of 2024, before the two blends: "Multiply the growth rate [...] by
    # a regional risk score growth cap adjustment factor".
    without_prospective = [
        two_way(national_ratio, regional_ratio * regional_factor[t], scenario["market_share"])
        for t in TYPES
    ]
    prospective_weight = prospective_weight_of(
        scenario["agreement_start"], scenario["performance_year"]
    )
    with_prospective = [
        three_way(ratio, prospective_ratio, prospective_weight) for ratio in without_prospective
    ]

    scale = person_years(scenario) * scenario["benchmark_calibration"]
    totals = []
    for update in (with_prospective, without_prospective):
        per_person = updated_per_person(adjusted, risk_factor, update, share_py)
        totals.append(per_person * scale)
    return totals[0], totals[1]


def expenditure_total_of(scenario, expenditure):
    """Return what the ACO's people cost in the performance year, in dollars."""
    k = years_from_by3(scenario)
    own_growth = (1 + scenario["own_growth"]) ** k
    illness = (1 + scenario["real_illness_share"] * scenario["risk_growth"]) ** k
    kept = 1 - scenario["cost_reduction"]
    by_type = [expenditure[BY3][t] * own_growth * illness * kept for t in TYPES]
    return weighted(by_type, scenario["person_year_share"]) * person_years(scenario)


# ---- Minimum, quality and rates (rules.md 1 to 3) ----


def minimum_by_size(people):
    """Return the variable minimum savings rate."""
    if people <= SIZE_TABLE[0][0]:
        return SIZE_TABLE[0][1]
    for (low, low_rate), (high, high_rate) in itertools.pairwise(SIZE_TABLE):
        if people <= high:
            return (low_rate * (high - people) + high_rate * (people - low)) / (high - low)
    return SIZE_TABLE[-1][1]


def performance_year_begins(agreement_start, performance_year):
    """Return the first day of the performance year: the agreement's, if it begins in the year."""
    return max(agreement_start, datetime.date(performance_year, 1, 1))


def minimum_rate(scenario):
    """Return the minimum savings rate; the minimum loss rate is the same number."""
    level = scenario["level"]
    people = scenario["assigned_beneficiaries"]
    start = scenario["agreement_start"]
    if level == "2" and start.year <= TRACK_2_LAST_YEAR_WITHOUT_CHOICE:
        return TRACK_2_MINIMUM_WITHOUT_CHOICE
    if level in ONE_SIDED_LEVELS or scenario["minimum_election"] == "size":
        return minimum_by_size(people)
    begins = performance_year_begins(start, scenario["performance_year"])
    if people < SMALL_ACO_BELOW and begins >= SIZE_TABLE_REPLACES_CHOICE_FROM:
        return minimum_by_size(people)
    return scenario["minimum_election"]


def is_first_year_of_first_agreement(scenario):
    """Tell whether this is the first performance year of a first agreement."""
    begins = scenario["agreement_start"].year
    return scenario["agreement_period"] == 1 and scenario["performance_year"] == begins


def quality_standard(scenario):
    """Return the score that is asked: the scenario's own, or the year's; none to 2020."""
    standard = scenario["quality_performance_standard"]
    if standard is None:
        return QUALITY_STANDARD.get(scenario["performance_year"], 0.0)
    return standard


def quality_score(scenario):
    """Return the quality score; in a disaster area the higher of it and the year's floor.

    425.502(f)(2)(ii): "the higher of the ACO's quality performance score or the mean quality
    performance score for all Shared Savings Program ACOs"; 425.512(c)(3) has the same with the
    percentile.
    """
    score = scenario["quality_score"]
    if not scenario["in_disaster_area"]:
        return score
    year = scenario["performance_year"]
    floor = MEAN_SCORE[year] if year in MEAN_SCORE else quality_standard(scenario)
    return max(score, floor)


def domains_are_met(scenario):
    """Tell whether each domain has a measure at its minimum, or a disaster takes their place.

    425.502(f), text of 2021: in an affected area CMS calculates the score by that paragraph
    "instead of the methodology specified in paragraphs (a) through (e)", the domains' included.
    """
    if scenario["performance_year"] > LAST_YEAR_OF_DOMAINS or scenario["in_disaster_area"]:
        return True
    return all(scenario[domain] for domain in DOMAINS)


def meets_quality_standard(scenario):
    """Tell whether the full quality performance standard is met, by any route."""
    if scenario["quality_standard_met"] is not None:
        return scenario["quality_standard_met"]
    year = scenario["performance_year"]
    reached = quality_score(scenario) >= quality_standard(scenario) - TOLERANCE
    if reached and domains_are_met(scenario):
        return True
    if scenario["reporting_incentive_met"] and year >= REPORTING_INCENTIVE_FROM:
        return True
    return is_first_year_of_first_agreement(scenario)


def meets_only_alternative(scenario):
    """Tell whether the alternative standard is what the ACO is paid by."""
    return (
        not meets_quality_standard(scenario)
        and scenario["performance_year"] >= ALTERNATIVE_STANDARD_FROM
        and scenario["alternative_standard_met"]
    )


def score_that_counts(scenario):
    """Return the quality score; up to 2020 a first-year reporter counts as 100%."""
    if (
        scenario["performance_year"] <= LAST_YEAR_SCORE_SCALES
        and is_first_year_of_first_agreement(scenario)
        and meets_quality_standard(scenario)
    ):
        return 1.0
    return quality_score(scenario)


def sharing_rate_by_quality(scenario):
    """Return the sharing rate that quality gives, before any halving."""
    maximum = MAXIMUM_RATE[scenario["level"]]
    if meets_quality_standard(scenario):
        if scenario["performance_year"] <= LAST_YEAR_SCORE_SCALES:
            return maximum * score_that_counts(scenario)
        return maximum
    if meets_only_alternative(scenario):
        return maximum * quality_score(scenario)
    return 0.0


def loss_rate(scenario):
    """Return the shared loss rate."""
    level = scenario["level"]
    if level in ONE_SIDED_LEVELS:
        return 0.0
    if level != "ENHANCED":
        return BASIC_LOSS_RATE
    if not meets_quality_standard(scenario) and not meets_only_alternative(scenario):
        return ENHANCED_LOSS_RATE_CEILING
    rate = 1 - MAXIMUM_RATE["ENHANCED"] * score_that_counts(scenario)
    return min(max(rate, ENHANCED_LOSS_RATE_FLOOR), ENHANCED_LOSS_RATE_CEILING)


def loss_limit(level, participant_revenue, benchmark):
    """Return the most a two-sided ACO can owe, before the disaster relief."""
    if level == "ENHANCED":
        return ENHANCED_LOSS_LIMIT * benchmark
    revenue_part, benchmark_part = BASIC_LOSS_LIMIT[level]
    return min(revenue_part * participant_revenue, benchmark_part * benchmark)


# ---- Settlement (rules.md 5, product.md 2) ----


def gross_savings_of(benchmark, spent):
    """Return benchmark minus spending, free of rounding dust."""
    gross = benchmark - spent
    if abs(gross) <= DUST * benchmark:
        return 0.0
    return gross


def clears_the_minimum(gross, minimum, benchmark):
    """Tell whether there are savings at or over the minimum."""
    return gross > 0 and gross >= minimum * benchmark - TOLERANCE * benchmark


def reaches_the_loss_minimum(gross, minimum, benchmark):
    """Tell whether there are losses at or over the minimum."""
    return gross < 0 and abs(gross) >= minimum * benchmark - TOLERANCE * benchmark


def is_on_the_half_rate_path(scenario, gross, minimum, benchmark):
    """Tell whether 425.605(h) applies, whatever the quality."""
    return (
        scenario["agreement_start"] >= NEW_BENCHMARK_RULES
        and scenario["level"] != "ENHANCED"
        and scenario["participant_revenue_share"] < LOW_REVENUE_BELOW
        and scenario["assigned_beneficiaries"] >= SMALL_ACO_BELOW
        and gross > 0
        and not clears_the_minimum(gross, minimum, benchmark)
    )


def pay_out(gross, rate, sequestration_rate, limit_dollars):
    """Return (paid, sequestration, above the limit): sequestration first, then the limit."""
    share = gross * rate
    sequestration = share * sequestration_rate
    after_sequestration = share - sequestration
    paid = min(after_sequestration, limit_dollars)
    return paid, sequestration, after_sequestration - paid


def charge(gross, rate, limit_dollars, disaster_share):
    """Return what is owed: from the first dollar, the limit, then the disaster relief."""
    return min(abs(gross) * rate, limit_dollars) * (1 - disaster_share)


NO_SAVINGS = {
    "shared_savings": 0.0,
    "sequestration": 0.0,
    "above_limit": 0.0,
    "lost_at_the_minimum": 0.0,
    "lost_to_quality": 0.0,
}


def settle_savings(scenario, gross, benchmark, *, cleared, half_rate):
    """Name every dollar of the ACO's side of a positive result (product.md 2)."""
    level = scenario["level"]
    maximum = MAXIMUM_RATE[level]
    by_quality = sharing_rate_by_quality(scenario)
    limit_dollars = PAYMENT_LIMIT[level] * benchmark
    sequestration_rate = SEQUESTRATION
    if scenario["performance_year"] in YEARS_WITHOUT_SEQUESTRATION:
        sequestration_rate = 0.0

    full, _, _ = pay_out(gross, maximum, sequestration_rate, limit_dollars)
    if cleared:
        portion = 1.0
    elif half_rate:
        portion = 0.5
    else:
        portion = 0.0
    at_maximum_rate, _, _ = pay_out(gross, maximum * portion, sequestration_rate, limit_dollars)
    paid, sequestration, above_limit = pay_out(
        gross, by_quality * portion, sequestration_rate, limit_dollars
    )
    return {
        "shared_savings": paid,
        "sequestration": sequestration,
        "above_limit": above_limit,
        "lost_at_the_minimum": full - at_maximum_rate,
        "lost_to_quality": at_maximum_rate - paid,
    }


def stays_to_the_end(scenario):
    """Tell whether the ACO is in the program to the last day of the year, and not ended by CMS.

    425.221(b)(1): savings are shared only with an effective date of "the last calendar day of
    the performance year"; an ACO that CMS ends "is not eligible to receive shared savings".
    """
    months = scenario["months_in_program"]
    return (months is None or months >= MONTHS_OF_A_YEAR) and not scenario["ended_by_cms"]


def part_of_losses_owed(scenario):
    """Return the part of a year's losses that an ACO which leaves during it still owes.

    425.221(b)(2)(iii)(A): multiplied by "the number of months of participation in the program
    during the performance year, including the month in which the termination was effective,
    divided by 12".
    """
    months = scenario["months_in_program"]
    if months is None or months >= MONTHS_OF_A_YEAR:
        return 1.0
    if not scenario["ended_by_cms"] and months <= LAST_MONTH_TO_LEAVE_FREE:
        return 0.0
    return months / MONTHS_OF_A_YEAR


def settle_losses(scenario, gross, benchmark, spent):
    """Return (owed, owed less owed at the 40% floor, whether the loss limit binds)."""
    level = scenario["level"]
    rate = loss_rate(scenario)
    most = loss_limit(level, scenario["participant_revenue_share"] * spent, benchmark)
    disaster_share = scenario["disaster_share"]
    part = part_of_losses_owed(scenario)
    owed = charge(gross, rate, most, disaster_share) * part
    avoidable = 0.0
    if level == "ENHANCED":
        at_floor = charge(gross, ENHANCED_LOSS_RATE_FLOOR, most, disaster_share) * part
        avoidable = owed - at_floor
    return owed, avoidable, abs(gross) * rate > most


def settle_dollars(scenario, benchmark, spent, *, under_guardrail=False):
    """Settle a known benchmark and a known spending, both in dollars."""
    two_sided = scenario["level"] not in ONE_SIDED_LEVELS
    minimum = minimum_rate(scenario)
    gross = gross_savings_of(benchmark, spent)

    cleared = clears_the_minimum(gross, minimum, benchmark)
    shares_savings = not under_guardrail and stays_to_the_end(scenario)
    half_rate = shares_savings and is_on_the_half_rate_path(scenario, gross, minimum, benchmark)
    rate = sharing_rate_by_quality(scenario)
    if half_rate:
        rate = rate / 2

    savings = NO_SAVINGS
    if gross > 0 and shares_savings:
        savings = settle_savings(scenario, gross, benchmark, cleared=cleared, half_rate=half_rate)

    owed, avoidable, at_the_loss_limit = 0.0, 0.0, False
    charged = two_sided and reaches_the_loss_minimum(gross, minimum, benchmark)
    if charged:
        owed, avoidable, at_the_loss_limit = settle_losses(scenario, gross, benchmark, spent)

    # The first that holds.
    states = [
        ("guardrail", under_guardrail),
        ("overspent_at_the_loss_limit", charged and at_the_loss_limit),
        ("overspent_two_sided", charged),
        ("overspent_one_sided", not two_sided and gross <= -1),
        ("overspent_inside_the_zone", gross <= -1),
        ("on_target", abs(gross) < 1),
        ("left_early", not stays_to_the_end(scenario)),
        ("half_rate", half_rate),
        ("under_the_minimum", not cleared),
        ("neither_standard", rate == 0),
        ("at_the_payment_limit", savings["above_limit"] > 0),
        ("partial", meets_only_alternative(scenario)),
        ("full", True),
    ]
    state = next(name for name, holds in states if holds)

    return {
        "benchmark_total": benchmark,
        "expenditure_total": spent,
        "gross_savings": gross,
        "savings_rate": gross / benchmark,
        "minimum_savings_rate": minimum,
        "minimum_loss_rate": minimum,
        "final_sharing_rate": rate,
        "shared_loss_rate": loss_rate(scenario),
        **savings,
        "shared_losses": owed,
        "payment": savings["shared_savings"] - owed,
        "medicare_part": gross - math.fsum(savings.values()) + owed,
        "left_on_the_table": savings["lost_at_the_minimum"] + savings["lost_to_quality"],
        "avoidable_by_quality": avoidable,
        "state": state,
    }


def guardrail_applies(scenario, benchmark, benchmark_two_way, spent):
    """Tell whether a loss is recalculated with the two-way blend (from 2024)."""
    if scenario["agreement_start"] < NEW_BENCHMARK_RULES:
        return False
    minimum = minimum_rate(scenario)
    gross = gross_savings_of(benchmark, spent)
    if not reaches_the_loss_minimum(gross, minimum, benchmark):
        return False
    gross_two_way = gross_savings_of(benchmark_two_way, spent)
    # Equal trends give equal benchmarks up to rounding dust, which is no smaller loss.
    return gross_two_way - gross > DUST * benchmark


def settle(scenario):
    """Settle one scenario."""
    expenditure = scaled_expenditure(
        scenario["expenditure"], scenario["cost_per_person"], scenario["person_year_share_by3"]
    )
    spent = expenditure_total_of(scenario, expenditure)
    benchmark, benchmark_two_way = benchmark_totals(scenario, expenditure)
    decided = scenario["guardrail_applied"]
    if decided is None or scenario["agreement_start"] < NEW_BENCHMARK_RULES:
        decided = guardrail_applies(scenario, benchmark, benchmark_two_way, spent)
    if decided:
        return settle_dollars(scenario, benchmark_two_way, spent, under_guardrail=True)
    return settle_dollars(scenario, benchmark, spent)
