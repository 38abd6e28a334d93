"""Advances: what CMS pays before the first settlement, by the rule, and what a scenario lacks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from mssp_sim.parameters import LEVELS, RateTable, Version, advance_parameters
from mssp_sim.quantity import agreement_years
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.units import Array, Dollars, Fraction, Persons

QUARTERS_A_YEAR = 4
HIGHEST_SCORE, UNKNOWN_SCORE = 100, 50
"""Scores of a person with Medicaid or the low-income subsidy, and of one of unknown address."""

BY2 = np.s_[..., 1, :]


@dataclass(frozen=True, slots=True)
class AdvanceRules:
    """What the rule pays in advance; a field a file of ``parameters/advances/``."""

    investment_by_score: RateTable
    investment_once: Dollars
    investment_people: Persons
    investment_quarters: float
    prepaid_cap: Fraction
    prepaid_share: Fraction
    source: Mapping[str, Version]


@dataclass(frozen=True, slots=True)
class Investment:
    """Advance investment payments: dollars a person a quarter, people counted, quarters paid.

    ``per_person`` is the average over the people counted. None takes what the scenario says:
    its low-income or Medicaid people at the highest score, the others at that of an unknown
    address, and as many people as it has, up to the most.
    """

    per_person: Dollars | None = None
    people: Persons | None = None
    quarters: int | None = None


@dataclass(frozen=True, slots=True)
class InvestmentPaid:
    """What an ``Investment`` comes to: the operands, dollars a quarter, and dollars by year."""

    once: Dollars
    per_person: Dollars
    people: Persons
    quarters: int
    a_quarter: Dollars
    by_year: Array


@dataclass(frozen=True, slots=True)
class Prepaid:
    """Prepaid shared savings: dollars per person-year of the limit and the multiplier, by year."""

    mean_savings: Dollars
    of_savings: Array
    limit: Array
    multiplier: Array
    by_year: Array


@cache
def advance_rules(performance_year: int, agreement_start: dt.date) -> AdvanceRules:
    """Return what is paid in advance in a performance year; later years have the last values.

    Source: 42 CFR 425.630, 425.640

    Examples
    --------
    >>> advance_rules(2025, dt.date(2025, 1, 1)).investment_once
    250000.0
    >>> advance_rules(2023, dt.date(2023, 1, 1)).investment_once
    0.0
    """
    clocks = {
        "performance_year": dt.date(performance_year, 12, 31),
        "agreement_start": agreement_start,
    }
    source = {
        name: parameter.on(clocks, assume_last=True)
        for name, parameter in advance_parameters().items()
    }
    values = {name: version.value for name, version in source.items()}
    return AdvanceRules(**values, source=MappingProxyType(source))  # type: ignore[arg-type]


def newest_rules() -> AdvanceRules:
    """Return the newest values that are known, of whatever year.

    Source: 42 CFR 425.630, 425.640
    """
    days = [
        day
        for parameter in advance_parameters().values()
        for day in parameter.versions[-1].applies_from.values()
    ]
    return advance_rules(max(days).year, max(days))


def amount_for_score(score: Array | float, rules: AdvanceRules) -> Array:
    """Return dollars a quarter for a person of a risk factors-based score, 1 to 100.

    Source: 42 CFR 425.630(f)(2)(iii)

    Examples
    --------
    >>> amount_for_score(np.array([24, 25, 50, 100]), newest_rules())
    array([ 0., 20., 28., 45.])
    """
    scale = rules.investment_by_score
    lowest = np.array([float(column.split("-")[0]) for column in scale.columns])
    band = np.searchsorted(lowest, np.asarray(score, float), side="right") - 1
    return np.asarray(scale["amount"], float)[np.maximum(band, 0)]


def usual_amount(scenario: Scenario, rules: AdvanceRules, people: Persons) -> Dollars:
    """Return the average amount a quarter of the people counted, as the scenario describes them.

    Source: 42 CFR 425.630(f)(2)(ii); ours: everyone else is taken at the score of an unknown
    address

    Examples
    --------
    >>> usual_amount(Scenario(underserved_share=0.1), newest_rules(), 9_000)
    36.5
    """
    highest, other = amount_for_score(np.array([HIGHEST_SCORE, UNKNOWN_SCORE]), rules)
    underserved = float(scenario.underserved_share) * float(scenario.assigned_beneficiaries)
    share = min(underserved / people, 1.0) if people else 0.0
    return float(other + share * (highest - other))


def investment_paid(wanted: Investment, results: Sequence[Result]) -> InvestmentPaid:
    """Return what advance investment payments come to in each year of an agreement.

    Once when the agreement begins, then quarter by quarter: four in each of the first years.

    Parameters
    ----------
    results : settlements of one ACO, from the agreement's first year on

    Source: 42 CFR 425.630(f)
    """
    first = results[0].scenario
    rules = _rules_of(first)
    assigned = float(first.assigned_beneficiaries)
    people = min(assigned if wanted.people is None else wanted.people, rules.investment_people)
    each = wanted.per_person
    if each is None:
        each = usual_amount(first, rules, people)
    most = int(rules.investment_quarters)
    quarters = most if wanted.quarters is None else min(wanted.quarters, most)
    left = quarters - QUARTERS_A_YEAR * np.arange(len(results))
    in_year = np.clip(left, 0, QUARTERS_A_YEAR)
    by_year = each * people * in_year.astype(float)
    by_year[0] += rules.investment_once
    once = rules.investment_once
    return InvestmentPaid(once, each, people, quarters, each * people, by_year)


def prepaid(mean_savings: Dollars, results: Sequence[Result]) -> Prepaid:
    """Return what prepaid shared savings come to in each year of an agreement.

    Parameters
    ----------
    mean_savings : dollars per person-year saved in BY1 and BY2 on average, prorated for growth
    results : settlements of one ACO, from the agreement's first year on

    Source: 42 CFR 425.640(f); ours: national spending in BY2 is weighted by the ACO's own mix
    """
    rules = [_rules_of(result.scenario) for result in results]
    of_savings = np.array([max(mean_savings, 0.0) * each.prepaid_share for each in rules])
    limit = np.array([
        each.prepaid_cap * _national_by2(result.scenario)
        for each, result in zip(rules, results, strict=True)
    ])  # fmt: skip
    multiplier = np.minimum(of_savings, limit)
    people = np.array([float(result.person_years) for result in results])
    return Prepaid(mean_savings, of_savings, limit, multiplier, multiplier * people)


def recouped(advanced: Array, earned: Array, leaves: Array | None = None) -> Array:
    """Return what is taken back of advances in each year: never more than that year earns.

    Parameters
    ----------
    advanced, earned : dollars by year; a year's advance is taken back from that year on
    leaves : the years in which the ACO leaves: what is left then is due at once, and carried on
        to no later year

    Source: 42 CFR 425.630(g)(1) and (3), 425.640(g)(1)

    Examples
    --------
    >>> recouped(np.array([5.0, 3.0, 0.0]), np.array([2.0, 0.0, 9.0]))
    array([2., 0., 6.])
    """
    taken, balance = np.zeros(len(advanced)), 0.0
    for at, (more, most) in enumerate(zip(advanced, earned, strict=True)):
        balance += more
        taken[at] = min(balance, most)
        balance -= taken[at]
        if leaves is not None and leaves[at]:
            balance = 0.0
    return taken


def due(advanced: Array, taken: Array, leaves: Array) -> Array:
    """Return what must be paid back of advances in the years in which an ACO leaves: what is left.

    Ours: what has been taken back is not due again, and an ACO that leaves enters no new agreement
    at once, which would carry the balance on.

    Parameters
    ----------
    advanced, taken : dollars by year
    leaves : the years in which the ACO or CMS ends the agreement

    Source: 42 CFR 425.630(g)(4) and (6), 425.640(g)(4)

    Examples
    --------
    >>> leaves = np.array([False, True, False])
    >>> due(np.array([5.0, 3.0, 0.0]), np.array([2.0, 0.0, 0.0]), leaves)
    array([0., 6., 0.])
    """
    paid, balance = np.zeros(len(advanced)), 0.0
    for at, more in enumerate(advanced - taken):
        balance += more
        if leaves[at]:
            paid[at], balance = balance, 0.0
    return paid


def covers_the_agreement(results: Sequence[Result]) -> bool:
    """Return whether the settlements reach to the last year of the agreement.

    Source: 42 CFR 425.200
    """
    return len(results) == len(agreement_years(results[0].scenario.agreement_start))


def lacking_for_investment(results: Sequence[Result]) -> tuple[str, ...]:
    """Return what a scenario lacks to be given advance investment payments.

    Among "start", "new", "level" and "revenue"; inexperience with risk no scenario says.

    Source: 42 CFR 425.630(b)

    Examples
    --------
    >>> from mssp_sim import simulate
    >>> lacking_for_investment([simulate(Scenario())])
    ('new', 'level', 'revenue')
    """
    first = results[0].scenario
    if not _rules_of(first).investment_once:
        return ("start",)
    allowed = (LEVELS[:1], LEVELS[:2])
    levels = [str(result.scenario.level) for result in results]
    on_the_path = all(
        level in (allowed[at] if at < len(allowed) else LEVELS[:-1])
        for at, level in enumerate(levels)
    )
    found = {
        "new": float(first.agreement_period) == 1,
        "level": on_the_path,
        "revenue": bool(results[0].low_revenue),
    }
    return tuple(name for name, holds in found.items() if not holds)


def lacking_for_prepaid(results: Sequence[Result]) -> tuple[str, ...]:
    """Return what a scenario lacks to be given prepaid shared savings.

    Among "start", "renewing", "level" and "history" (no positive prior savings adjustment); the
    repayment mechanism and what is still owed no scenario says.

    Source: 42 CFR 425.640(b)

    Examples
    --------
    >>> from mssp_sim import simulate
    >>> lacking_for_prepaid([simulate(Scenario(performance_year=2026))])
    ('history',)
    """
    first, last = results[0], results[-1].scenario
    if not _rules_of(last).prepaid_share:
        return ("start",)
    found = {
        "renewing": float(first.scenario.agreement_period) > 1,
        "level": not any(str(result.scenario.level) in LEVELS[:2] for result in results),
        "history": bool(np.all(first.scenario.prior_savings_per_person > 0)),
    }
    return tuple(name for name, holds in found.items() if not holds)


def _rules_of(scenario: Scenario) -> AdvanceRules:
    return advance_rules(int(scenario.performance_year), scenario.agreement_start)


def _national_by2(scenario: Scenario) -> Dollars:
    national = np.asarray(scenario.national_expenditure)[BY2]
    return float(np.vecdot(national, np.asarray(scenario.person_year_share_by3)))
