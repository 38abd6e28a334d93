"""The rule in order, from a scenario to the dollars that move — READ THIS FIRST.

A scenario gives a spending target (``target.py``). What was spent is settled against it: saved
or overspent, past the minimum or not, quality, share, sequestration, limit. ``result.py`` holds
what is found; ``batching.py`` brings many rows through the same steps.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mssp_sim.batching import by_year_and_start, in_blocks, shaped
from mssp_sim.parameters import Rules
from mssp_sim.quantity import number, number_or_nan
from mssp_sim.result import (
    NUMBERS,
    STATES,
    Result,
    State,
    Verdict,
    first_performance_year,
    full_standard,
    score_of_year,
)
from mssp_sim.rules import benchmark, corridor, quality, settlement
from mssp_sim.scenario import Scenario
from mssp_sim.target import Target, settled_person_years, spending, updated_target
from mssp_sim.units import Array, Claim, Dollars, Fraction

__all__ = [
    "NUMBERS", "ON_TARGET", "STATES", "Result", "State", "Target", "counted_score", "domains_met",
    "elected_minimum", "first_performance_year", "full_standard", "judge_quality", "payoff",
    "score_of_year", "settle",
    "settle_target", "settled_person_years", "simulate", "spending", "updated_target",
]  # fmt: skip

ON_TARGET = 1.0
"""Dollars within which spending has met its target."""


def simulate(scenario: Scenario, rules: Rules | None = None) -> Result:
    """Settle one scenario, or a whole batch of them.

    Parameters
    ----------
    scenario : any shape; a sweep is a scenario with an array in a field
    rules : used for every row; those in force for each performance year and agreement if None

    Raises
    ------
    ParameterError
        Where the rule has no value for a year.

    Source: ours; the order of 42 CFR 425.601-425.610 and 425.652-425.662

    Examples
    --------
    >>> round(simulate(Scenario()).shared_savings)
    6516510
    >>> simulate(Scenario(quality_score=np.array([0.75, 0.82]))).shared_savings.round()
    array([6516510., 8688680.])
    """
    if rules is None:
        return shaped(scenario, by_year_and_start(scenario, _settled))
    return shaped(scenario, in_blocks(scenario, {}, lambda rows: _settled(rows, rules)))


def _settled(scenario: Scenario, rules: Rules) -> dict[str, Any]:
    target = updated_target(scenario, rules)
    people = settled_person_years(scenario)
    return _settled_rows(
        scenario,
        rules,
        benchmark_total=target.benchmark * people,
        expenditure_total=spending(scenario, target) * people,
        two_way_total=target.two_way_benchmark * people,
    )


def _settled_rows(
    scenario: Scenario,
    rules: Rules,
    *,
    benchmark_total: Dollars,
    expenditure_total: Dollars,
    two_way_total: Dollars | None = None,
    guardrail: Claim | None = None,
    disaster_adjustment: Dollars = 0.0,
    participant_revenue: Dollars | None = None,
) -> dict[str, Any]:
    doubted = np.False_ if guardrail is None else guardrail
    side = _side(scenario, rules, benchmark_total, expenditure_total, two_way_total, doubted)
    verdict = judge_quality(scenario, rules)
    paid = _payment(scenario, rules, side, verdict)
    revenue = (
        number(scenario.participant_revenue_share) * expenditure_total
        if participant_revenue is None
        else participant_revenue
    )
    owed = _debt(scenario, rules, side, verdict, revenue, disaster_adjustment)
    at, rate = scenario.level_number, verdict.final_sharing_rate
    return {
        "benchmark_total": side.benchmark_total,
        "expenditure_total": expenditure_total,
        "gross_savings": side.saved,
        "minimum_savings_rate": side.minimum,
        "sharing_rate": rules.sharing_rate[at],
        "final_sharing_rate": _unless(side.half, rate, rate * rules.half_rate[at]),
        "shared_loss_rate": verdict.shared_loss_rate,
        "quality_performance_standard": verdict.standard,
        "domains_met": verdict.domains_met,
        "standard_met": verdict.met,
        "deemed": verdict.deemed,
        "two_sided": side.two_sided,
        "low_revenue": side.low_revenue,
        "guardrail": side.guardrail,
        "in_program_to_the_end": side.in_program,
        **paid,
        **owed,
        "state_number": _first_that_holds(
            side.guardrail,
            side.charged * verdict.shared_loss_rate > owed["loss_recoupment_limit"],
            side.charged > 0,
            ~side.two_sided & (side.saved <= -ON_TARGET),
            side.saved <= -ON_TARGET,
            np.abs(side.saved) < ON_TARGET,
            ~side.in_program,
            side.half,
            ~side.cleared,
            rate <= 0,
            paid["above_limit"] > 0,
            ~verdict.met,
        ),
    }


@dataclass(frozen=True, slots=True)
class _Side:
    """Savings or losses of a year, and whether they count."""

    benchmark_total: Dollars
    saved: Dollars
    minimum: Fraction
    cleared: Claim
    half: Claim
    payable: Dollars
    charged: Dollars
    guardrail: Claim
    in_program: Claim
    two_sided: Claim
    low_revenue: Claim


def _side(
    scenario: Scenario,
    rules: Rules,
    benchmark_total: Dollars,
    expenditure_total: Dollars,
    two_way_total: Dollars | None,
    guardrail: Claim,
) -> _Side:
    """Return savings or losses; the guardrail may put another target in place."""
    s, at = scenario, scenario.level_number
    people = number(s.assigned_beneficiaries)
    two_sided = rules.shared_loss_rate_ceiling[at] > 0
    low_revenue = np.less(s.participant_revenue_share, rules.low_revenue_threshold)
    smallest = rules.minimum_assigned_beneficiaries
    minimum = corridor.minimum_savings_rate(
        people,
        elected_minimum(s, rules),
        two_sided,
        rules.people_for_chosen_minimum,
        rules.minimum_savings_rate,
    )
    saved = settlement.gross_savings(benchmark_total, expenditure_total)
    beyond = corridor.losses_beyond_minimum(saved, benchmark_total, minimum)
    if rules.prospective_trend_guardrail and two_way_total is not None:
        said = number_or_nan(s.guardrail_applied)
        guardrail = benchmark.guardrail_applies(benchmark_total, two_way_total, beyond, said)
        if np.any(guardrail):
            benchmark_total = np.where(guardrail, two_way_total, benchmark_total)
            saved = settlement.gross_savings(benchmark_total, expenditure_total)
            beyond = corridor.losses_beyond_minimum(saved, benchmark_total, minimum)
    in_program = settlement.in_program_to_the_end(
        number_or_nan(s.months_in_program), s.share_of_year * 12, s.ended_by_cms
    )
    payable = _unless(guardrail | ~in_program, np.maximum(saved, 0.0), 0.0)
    cleared = corridor.savings_shared(saved, benchmark_total, minimum)
    half_rate = rules.half_rate[at]
    half = corridor.half_rate_open(payable, cleared, people, low_revenue, half_rate, smallest)
    return _Side(
        benchmark_total=benchmark_total,
        saved=saved,
        minimum=minimum,
        cleared=cleared,
        half=half,
        payable=payable,
        charged=np.where(two_sided & beyond, -saved, 0.0),
        guardrail=guardrail,
        in_program=in_program,
        two_sided=two_sided,
        low_revenue=low_revenue,
    )


def elected_minimum(scenario: Scenario, rules: Rules) -> Fraction:
    """Return the fixed minimum of a two-sided contract, set or chosen; NaN for the table by size.

    Source: 42 CFR 425.605(b)(2), 425.606(b)(1), 425.610(b)(1)
    """
    set_by_rule = rules.minimum_rate_without_choice[scenario.level_number]
    chosen = number_or_nan(scenario.minimum_election)
    return np.where(np.isfinite(set_by_rule), set_by_rule, chosen)


def _payment(scenario: Scenario, rules: Rules, side: _Side, verdict: Verdict) -> dict[str, Dollars]:
    """Return what is paid and what is lost on the way, to the limits, the minimum and quality."""
    at, payable, rate = scenario.level_number, side.payable, verdict.final_sharing_rate
    open_share = side.cleared + side.half * rules.half_rate[at]
    cut, limit_rate = rules.sequestration_rate, rules.performance_payment_limit[at]
    limit = limit_rate * side.benchmark_total
    before_limit = settlement.payment_before_limit(payable, rate * open_share, cut)
    paid = settlement.limited(before_limit, limit)
    at_maximum = settlement.payment_before_limit(payable, rules.sharing_rate[at], cut)
    without_minimum = settlement.limited(at_maximum, limit)
    with_minimum = settlement.limited(at_maximum * open_share, limit)
    return {
        "payment_limit_rate": limit_rate,
        "shared_savings": paid,
        "sequestration": settlement.sequestration(payable, rate * open_share, cut),
        "above_limit": before_limit - paid,
        "lost_at_the_minimum": without_minimum - with_minimum,
        "lost_to_quality": with_minimum - paid,
    }


def _debt(
    scenario: Scenario,
    rules: Rules,
    side: _Side,
    verdict: Verdict,
    participant_revenue: Dollars,
    disaster_adjustment: Dollars,
) -> dict[str, Dollars]:
    """Return what is owed: share, limit, disaster, months; then at the lowest rate of quality."""
    at, share_hit = scenario.level_number, number(scenario.disaster_share)
    limit = settlement.loss_limit(
        side.benchmark_total,
        participant_revenue,
        rules.loss_recoupment_limit_benchmark[at],
        rules.loss_recoupment_limit_revenue[at],
    )
    before_disaster = settlement.limited(side.charged * verdict.shared_loss_rate, limit)
    disaster = bool(np.any(scenario.disaster_share) or np.any(disaster_adjustment))
    forgiven: Dollars = 0.0
    if disaster:
        forgiven = settlement.forgiven(before_disaster, share_hit, disaster_adjustment)
    owed = after_disaster = before_disaster - forgiven
    spared: Dollars = 0.0
    leaves = not np.all(side.in_program)
    if leaves:
        part = _part_owed(scenario, rules)
        owed = after_disaster * part
        spared = after_disaster - owed
    floor = rules.shared_loss_rate_floor[at]
    avoidable: Dollars = 0.0
    if np.any(floor < rules.shared_loss_rate_ceiling[at]):
        at_floor = settlement.limited(side.charged * floor, limit)
        avoidable = after_disaster - at_floor
        if disaster:
            avoidable += settlement.forgiven(at_floor, share_hit, disaster_adjustment)
        if leaves:
            avoidable = avoidable * part
    return {
        "loss_recoupment_limit": limit * side.two_sided,
        "shared_losses": owed,
        "forgiven": forgiven,
        "spared_by_leaving": spared,
        "avoidable_by_quality": avoidable,
    }


def _part_owed(scenario: Scenario, rules: Rules) -> Fraction:
    """Return which part of a year's losses is owed by those who left during it."""
    return settlement.part_of_losses_owed(
        number_or_nan(scenario.months_in_program),
        scenario.share_of_year * 12,
        scenario.ended_by_cms,
        rules.early_leavers_owe_losses,
        rules.months_without_losses,
    )


def settle(
    scenario: Scenario,
    rules: Rules,
    *,
    benchmark_total: Dollars,
    expenditure_total: Dollars,
    two_way_total: Dollars | None = None,
    guardrail: Claim | None = None,
    disaster_adjustment: Dollars = 0.0,
    participant_revenue: Dollars | None = None,
) -> Result:
    """Settle a known target against known spending, in the order of the rule.

    Parameters
    ----------
    scenario : contract, size, quality and revenue are read from it
    benchmark_total, expenditure_total : dollars, of the scenario's shape; any for a single one
    two_way_total : the target without the prospective trend, for the guardrail; None for none
    guardrail : was benchmark_total already recalculated, as CMS says?
    disaster_adjustment : dollars taken off the losses, beside the scenario's disaster share
    participant_revenue : dollars; the scenario's share of the spending if None

    Source: 42 CFR 425.605, 425.610
    """
    totals = {
        "benchmark_total": benchmark_total,
        "expenditure_total": expenditure_total,
        "two_way_total": two_way_total,
        "guardrail": guardrail,
        "disaster_adjustment": disaster_adjustment,
        "participant_revenue": participant_revenue,
    }
    return Result(
        scenario,
        **in_blocks(scenario, totals, lambda rows, **block: _settled_rows(rows, rules, **block)),
    )


def settle_target(
    scenario: Scenario,
    rules: Rules,
    target: Target,
    expenditure_total: Dollars | None = None,
) -> Result:
    """Settle a target that was worked out before, one for all rows or one for each.

    Parameters
    ----------
    scenario : contract, size, quality and revenue are read from it
    target : of this scenario, or of one that differs from it in none of the target's inputs
    expenditure_total : dollars; what the scenario expects to spend if None

    Source: ours
    """
    people = settled_person_years(scenario)
    spent = expenditure_total
    return settle(
        scenario,
        rules,
        benchmark_total=target.benchmark * people,
        expenditure_total=spending(scenario, target) * people if spent is None else spent,
        two_way_total=target.two_way_benchmark * people,
    )


def payoff(scenario: Scenario, savings_rate: Fraction, target: Target | None = None) -> Result:
    """Settle one scenario at other savings rates against its own target: the payoff curve.

    Parameters
    ----------
    scenario : a single one
    savings_rate : fraction of the target before any guardrail, any shape
    target : the scenario's, if it is known

    Source: ours

    Examples
    --------
    >>> payoff(Scenario(), np.array([-0.03, 0.019, 0.031])).payment.round()
    array([-5148000.,        0.,  6516510.])
    """
    rules = scenario.rules
    target = target or updated_target(scenario, rules)
    total = target.benchmark * settled_person_years(scenario)
    return settle_target(scenario, rules, target, total * (1 - np.asarray(savings_rate)))


def judge_quality(scenario: Scenario, rules: Rules) -> Verdict:
    """Return whether the standards are met, and the rates that follow.

    Source: 42 CFR 425.512(a), 425.605(d)(1), 425.610(d), (f)
    """
    s, at = scenario, scenario.level_number
    standard = full_standard(s, rules)
    said = number_or_nan(s.quality_standard_met)
    first_year = first_performance_year(s) & rules.first_year_reporting_counts
    incentive = np.asarray(s.reporting_incentive_met, np.bool_) & rules.reporting_incentive_counts
    deemed = (first_year | incentive) & np.isnan(said)
    domains = domains_met(s, rules)
    met = quality.standard_met(score_of_year(s, rules), standard, domains, deemed, said)
    alternative = np.asarray(s.alternative_standard_met, np.bool_)
    alternative = alternative & rules.alternative_standard_pays
    score = counted_score(s, rules, met)
    rate = quality.final_sharing_rate(
        rules.sharing_rate[at], score, met, alternative, rules.score_scales_the_full_share
    )
    floor, ceiling = rules.shared_loss_rate_floor[at], rules.shared_loss_rate_ceiling[at]
    loss_rate: Fraction = ceiling
    if np.any(floor < ceiling):
        loss_rate = quality.shared_loss_rate(
            rules.sharing_rate[at], score, met | alternative, floor, ceiling
        )
    return Verdict(standard, domains, met, deemed, rate, loss_rate)


def counted_score(scenario: Scenario, rules: Rules, standard_met: Claim) -> Fraction:
    """Return the quality score of the year, or 1 where reporting alone counts as that.

    Source: 42 CFR 425.502(a)(1)
    """
    first_year = first_performance_year(scenario) & rules.first_year_reporting_counts
    counts_in_full = first_year & standard_met & rules.score_scales_the_full_share
    counted: Fraction = _unless(counts_in_full, score_of_year(scenario, rules), 1.0)
    return counted


def domains_met(scenario: Scenario, rules: Rules) -> Claim:
    """Return whether the domains stand in the way of nothing: met, not asked, or a disaster.

    Source: 42 CFR 425.502(d)(2)(iii), (f)
    """
    s = scenario
    if not rules.domain_minimums_count:
        return np.True_
    met = quality.each_domain_met(
        s.patient_experience_met,
        s.care_coordination_met,
        s.preventive_health_met,
        s.at_risk_population_met,
    )
    return met | (np.asarray(s.in_disaster_area) & (rules.disaster_quality_floor > 0))


def _unless(claim: Claim, usual: Any, instead: Any) -> Any:  # noqa: ANN401
    """Return the usual, or what stands instead where the claim holds; no copy if it never does."""
    return np.where(claim, instead, usual) if np.any(claim) else usual


def _first_that_holds(*claims: Claim) -> Array:
    """Return the number of the first claim that holds; one past the last if none does."""
    shape = np.broadcast_shapes(*map(np.shape, claims))
    none_yet, number = np.ones(shape, np.bool_), np.zeros(shape, np.int8)
    for claim in claims:
        none_yet &= np.logical_not(claim)
        number += none_yet
    return number
