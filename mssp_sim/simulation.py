"""The rule in order, from a scenario to the dollars that move — READ THIS FIRST."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from mssp_sim.parameters import Rules, rules_in_force
from mssp_sim.quantity import PERFORMANCE_YEARS, agreement_years
from mssp_sim.rules import benchmark, corridor, quality, settlement
from mssp_sim.scenario import BY_SIZE, Scenario, benchmark_year_3
from mssp_sim.units import Array, Claim, Dollars, Fraction, Persons, Ratio

ROWS_AT_ONCE = 65_536
"""Rows of a large batch settled together, so that they stay in the processor's cache."""

HISTORY_GROWTH = 1.051
"""What the region grew by in each benchmark year where the scenario holds no regional table."""

ON_TARGET = 1.0
"""Dollars within which spending has met its target."""


class State(StrEnum):
    """What happened, in the order in which one state gives way to the next."""

    GUARDRAIL = "guardrail"
    OVERSPENT_AT_THE_LOSS_LIMIT = "overspent_at_the_loss_limit"
    OVERSPENT_TWO_SIDED = "overspent_two_sided"
    OVERSPENT_ONE_SIDED = "overspent_one_sided"
    OVERSPENT_INSIDE_THE_ZONE = "overspent_inside_the_zone"
    ON_TARGET = "on_target"
    HALF_RATE = "half_rate"
    UNDER_THE_MINIMUM = "under_the_minimum"
    NEITHER_STANDARD = "neither_standard"
    AT_THE_PAYMENT_LIMIT = "at_the_payment_limit"
    PARTIAL = "partial"
    FULL = "full"


STATES = np.array(list(State), object)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What can be added to the historical benchmark, dollars per person-year.

    By enrollment type (last axis): the difference to the region, the regional adjustment and the
    adjustment that applies. The others are over all types.
    """

    regional_difference: Dollars
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What quality makes of a scenario."""

    standard: Fraction
    met: Claim
    deemed: Claim
    final_sharing_rate: Fraction
    shared_loss_rate: Fraction


@dataclass(frozen=True)
class Result:
    """One settlement, or as many as the scenario holds: every field has the batch's shape.

    Dollars are totals unless named per person-year. Owed amounts are positive;
    ``payment`` is what is paid less what is owed.
    """

    scenario: Scenario
    benchmark_total: Dollars
    expenditure_total: Dollars
    gross_savings: Dollars
    minimum_savings_rate: Fraction
    sharing_rate: Fraction
    final_sharing_rate: Fraction
    shared_loss_rate: Fraction
    quality_performance_standard: Fraction
    standard_met: Claim
    deemed: Claim
    two_sided: Claim
    low_revenue: Claim
    guardrail: Claim
    payment_limit_rate: Fraction
    loss_recoupment_limit: Dollars
    shared_savings: Dollars
    shared_losses: Dollars
    forgiven: Dollars
    sequestration: Dollars
    above_limit: Dollars
    lost_at_the_minimum: Dollars
    lost_to_quality: Dollars
    avoidable_by_quality: Dollars
    state_number: Array

    @cached_property
    def target(self) -> Target:
        """The target step by step, by the rules in force: of rows that share a year and a start."""
        (pair,) = self.scenario.years_and_starts()
        return updated_target(self.scenario, rules_in_force(*pair))

    @property
    def person_years(self) -> Persons:
        """Years of assignment the settlement covers."""
        years = settled_person_years(self.scenario)
        return np.broadcast_to(years, self.scenario.shape) if self.scenario.shape else float(years)

    @property
    def performance_payment_limit(self) -> Dollars:
        """The most that can be paid."""
        return self.payment_limit_rate * self.benchmark_total

    @property
    def benchmark(self) -> Dollars:
        """The target per person-year."""
        return self.benchmark_total / self.person_years

    @property
    def savings_rate(self) -> Fraction:
        """Gross savings as a fraction of the target; losses are negative."""
        return self.gross_savings / self.benchmark_total

    @property
    def minimum_loss_rate(self) -> Fraction:
        """The same rate the other way; a one-sided contract owes nothing whatever it is."""
        return self.minimum_savings_rate

    @property
    def medicare_part(self) -> Dollars:
        """What Medicare keeps of the savings, or, negative, bears of the losses: the rest."""
        paid = self.shared_savings + self.sequestration + self.above_limit
        return self.gross_savings + self.shared_losses - paid - self.left_on_the_table

    @property
    def payment(self) -> Dollars:
        """What is paid to the ACO; negative is what it owes."""
        return self.shared_savings - self.shared_losses

    @property
    def left_on_the_table(self) -> Dollars:
        """What the same spending would have earned with full quality and no minimum."""
        return self.lost_at_the_minimum + self.lost_to_quality

    @property
    def state(self) -> Any:  # noqa: ANN401  (a State, or an array of them)
        """What happened."""
        return STATES[self.state_number]

    def __getitem__(self, row: int | tuple[int, ...]) -> "Result":
        """Return one settlement of a batch, as if it had been simulated alone."""
        full = {
            name: np.broadcast_to(getattr(self, name), self.scenario.shape)[row] for name in NUMBERS
        }
        one = self.scenario.flat().rows(
            np.ravel_multi_index(np.atleast_1d(row), self.scenario.shape)
        )
        return Result(one, **{name: value.item() for name, value in full.items()})


NUMBERS = tuple(field.name for field in fields(Result) if field.name != "scenario")


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
    if rules is not None:
        return _batch(scenario, rules)
    pairs = scenario.years_and_starts()
    named = ("performance_year", "agreement_start", "assume_last_published")
    if not any(map(scenario.batch, named)):
        return _batch(scenario, rules_in_force(*pairs.pop()))
    flat = scenario.flat()
    assumed = np.broadcast_to(np.asarray(flat.assume_last_published, bool), flat.shape)
    years = np.broadcast_to(np.asarray(flat.performance_year), flat.shape)
    starts = np.broadcast_to(np.asarray(flat.agreement_start, "datetime64[D]"), flat.shape)
    found: dict[str, Any] = {name: np.empty(flat.shape, _dtype(name)) for name in NUMBERS}
    for year, start, assume in pairs:
        rows = np.flatnonzero(
            (years == year) & (starts == np.datetime64(start)) & (assumed == assume)
        )
        group = _of_one_rulebook(flat.rows(rows), year, start, assume)
        part = _batch(group, rules_in_force(year, start, assume))
        for name, values in found.items():
            values[rows] = getattr(part, name)
    return _shaped(scenario, found)


def _of_one_rulebook(scenario: Scenario, year: int, start: dt.date, assume: bool) -> Scenario:  # noqa: FBT001
    """Return rows that share what the rules go by with plain values of it."""
    object.__setattr__(scenario, "assume_last_published", assume)
    object.__setattr__(scenario, "performance_year", year)
    object.__setattr__(scenario, "agreement_start", start)
    return scenario


def _batch(scenario: Scenario, rules: Rules) -> Result:
    found = _in_blocks(scenario, {}, lambda rows: _settled(rows, rules))
    return _shaped(scenario, found)


def _in_blocks(
    scenario: Scenario, totals: dict[str, Any], work: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """Return what ``work`` finds for all rows, a block of them at a time.

    A quantity that is the same in every row stays one number until a block says otherwise.
    """
    shape = np.broadcast_shapes(scenario.shape, *map(np.shape, totals.values()))
    size = int(np.prod(shape))
    if size <= ROWS_AT_ONCE:
        return work(scenario, **totals)
    flat = scenario.flat()
    arrays: dict[str, Array] = {
        n: np.broadcast_to(t, shape).ravel() for n, t in totals.items() if np.ndim(t)
    }
    found: dict[str, Any] = {}
    for start in range(0, size, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = totals | {name: array[rows] for name, array in arrays.items()}
        for name, values in work(flat.rows(rows), **block).items():
            handed = arrays.get(name)
            known = found.get(name, handed)
            if handed is not None and known is handed:
                if values is block[name]:  # handed through as it came: no copy
                    found[name] = handed
                    continue
                known = found[name] = np.array(handed)
            if known is None:
                found[name] = np.empty(size, _dtype(name)) if np.ndim(values) else values
            elif np.ndim(known) == 0 and np.any(values != known):
                found[name] = np.full(size, known, _dtype(name))
            if np.ndim(found[name]):
                found[name][rows] = values
    return {n: np.reshape(v, shape) if np.ndim(v) else v for n, v in found.items()}


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


def _shaped(scenario: Scenario, found: dict[str, Any]) -> Result:
    shape = scenario.shape
    if shape == ():
        return Result(scenario, **{name: np.asarray(v).item() for name, v in found.items()})
    flat = (int(np.prod(shape)),)
    return Result(
        scenario,
        **{
            name: np.reshape(v, shape) if np.shape(v) == flat else np.broadcast_to(v, shape)
            for name, v in found.items()
        },
    )


def _dtype(name: str) -> type:
    if name == "state_number":
        return np.int8
    claims = ("standard_met", "deemed", "two_sided", "low_revenue", "guardrail")
    return np.bool_ if name in claims else np.float64


def _(value: Any) -> Any:  # noqa: ANN401
    """Return a field of the scenario as NumPy reckons with it."""
    return value if isinstance(value, np.ndarray) else np.float64(value)


def _by_type(value: Any) -> Any:  # noqa: ANN401
    """Return a quantity that moves all enrollment types alike, with their axis."""
    return np.asarray(value)[..., None]


def _or_nan(value: Any) -> Any:  # noqa: ANN401
    return (
        np.float64(np.nan)
        if value is None or (isinstance(value, str) and value == BY_SIZE)
        else _(value)
    )


def years_from_by3(scenario: Scenario) -> int:
    """Return k: the years over which annual rates compound, from BY3 to the performance year."""
    return int(scenario.performance_year) - benchmark_year_3(scenario.agreement_start)


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
    growth = grow(s, rules)
    mix, calibration = np.asarray(s.person_year_share), _(s.benchmark_calibration)
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


def trend_to_by3(scenario: Scenario) -> Ratio:
    """Return growth from each benchmark year to BY3, nation and region blended.

    Source: 42 CFR 425.601(a)(5)
    """
    national = np.asarray(scenario.national_expenditure)
    national_ratio = national[benchmark.BY3][..., None, :] / national
    share = _by_type(_by_type(scenario.market_share_by3))
    return benchmark.blend(share, national_ratio, regional_history(scenario))


def settled_person_years(scenario: Scenario) -> Persons:
    """Return the person-years a settlement covers: half of them in a half year."""
    s = scenario
    a_year = benchmark.person_years(_(s.assigned_beneficiaries), _(s.person_years_ratio))
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
    if rules.negative_adjustment_offset:
        mean_risk = np.vecdot(risk_score[by3], mix)
        regional = benchmark.soften_negative_adjustment(regional, mix, mean_risk)
    net = np.vecdot(regional, mix)
    prior = benchmark.capped_flat_adjustment(
        _(s.prior_savings_per_person) * rules.prior_savings_share,
        mix,
        national,
        rules.prior_savings_cap,
    )
    population = benchmark.population_adjustment(
        _(s.underserved_share),
        mix,
        national,
        rules.population_adjustment_cap,
        rules.population_adjustment_threshold,
    )
    kind: Array = np.full(np.shape(net), benchmark.REGIONAL)
    adjustment: Dollars = regional
    if not rules.net_negative_adjustment_counts:
        regional = np.where(_by_type(net < 0), 0.0, regional)
        net = np.maximum(net, 0.0)
        kind = np.asarray(benchmark.highest_adjustment(net, prior, population))
        flat: Dollars = np.where(kind == benchmark.PRIOR_SAVINGS, prior, population)
        adjustment = np.where(_by_type(kind == benchmark.REGIONAL), regional, _by_type(flat))
    return Adjustments(difference, regional, net, prior, population, kind, adjustment)


def regional_difference(scenario: Scenario, historical_benchmark: Dollars) -> Dollars:
    """Return the region's cost at the ACO's risk less the ACO's own, by type.

    With its own effect counted, an ACO is part of the region it is compared with.
    """
    s, by3 = scenario, benchmark.BY3
    level = _by_type(_(s.regional_level) * (1 - own_share(s)))
    if s.regional_expenditure is None:
        return historical_benchmark * level
    region = np.asarray(s.regional_expenditure)[by3] * np.asarray(s.risk_score)[by3]
    return region * (1 + level) - historical_benchmark


def regional_weights(scenario: Scenario, rules: Rules) -> tuple[Fraction, Fraction]:
    """Return the weight of the regional adjustment for an ACO below its region and above it."""
    period = scenario.regional_adjustment_period
    asked = _or_nan(period)
    periods = np.where(np.isnan(asked), _(scenario.agreement_period), asked).astype(np.int64)
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
    growth = _by_type((1 + _(s.risk_growth)) ** years)
    before = np.asarray(s.risk_score)[benchmark.BY3]
    ratio = np.asarray(s.risk_score_performance_year) / before * growth
    if not rules.risk_growth_capped_in_all:
        return ratio, benchmark.risk_factor_by_type(ratio, rules.risk_growth_cap)
    demographic = (1 + _(s.demographic_growth)) ** years
    weight = adjusted_benchmark * np.asarray(s.person_year_share)
    return ratio, benchmark.risk_factor_in_all(ratio, demographic, weight, rules.risk_growth_cap)


def grow(scenario: Scenario, rules: Rules) -> Growth:
    """Return the growth from BY3 to the performance year: each rate compounds, then they blend.

    Source: 42 CFR 425.601(b), 425.652(b), 425.660
    """
    s, years = scenario, years_from_by3(scenario)
    national = _by_type((1 + _(s.national_growth)) ** years)
    regional = _by_type(
        benchmark.regional_growth_with_own_effect(
            (1 + _(s.regional_growth)) ** years,
            own_share(s),
            _(s.cost_reduction),
            _(s.other_acos_share),
            _(s.other_acos_reduction),
        )
    )
    prospective = _by_type((1 + _(s.prospective_trend)) ** years)
    two_way = benchmark.blend(_by_type(s.market_share), national, regional)
    update = benchmark.three_way_blend(two_way, prospective, rules.prospective_trend_weight)
    return Growth(national, regional, prospective, two_way, update)


def own_share(scenario: Scenario) -> Fraction:
    """Return the ACO's share of its region where its own effect is counted, else nothing."""
    return np.where(scenario.own_effect, scenario.market_share, 0.0)


def expenditure_history(scenario: Scenario) -> Dollars:
    """Return spending per person-year by benchmark year and type, at the asked cost per person."""
    table = np.asarray(scenario.expenditure)
    if scenario.cost_per_person is None:
        return table
    average = np.vecdot(table[benchmark.BY3], scenario.person_year_share_by3)
    asked = _(scenario.cost_per_person)
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
    s, years = scenario, years_from_by3(scenario)
    return benchmark.performance_year_expenditure(
        np.asarray(target.expenditure_history)[benchmark.BY3],
        (1 + _(s.own_growth)) ** years,
        (1 + _(s.real_illness_share) * _(s.risk_growth)) ** years,
        _(s.cost_reduction),
        np.asarray(s.person_year_share),
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
        "recalculated": guardrail,
        "disaster_adjustment": disaster_adjustment,
        "participant_revenue": participant_revenue,
    }
    return Result(
        scenario,
        **_in_blocks(scenario, totals, lambda rows, **block: _settled_rows(rows, rules, **block)),
    )


def _settled_rows(
    scenario: Scenario,
    rules: Rules,
    *,
    benchmark_total: Dollars,
    expenditure_total: Dollars,
    two_way_total: Dollars | None = None,
    recalculated: Claim | None = None,
    disaster_adjustment: Dollars = 0.0,
    participant_revenue: Dollars | None = None,
) -> dict[str, Any]:
    s, at = scenario, scenario.level_number
    people = _(s.assigned_beneficiaries)
    two_sided = rules.shared_loss_rate_ceiling[at] > 0
    low_revenue = np.less(s.participant_revenue_share, rules.low_revenue_threshold)
    msr = corridor.minimum_savings_rate(
        people,
        _or_nan(s.minimum_election),
        two_sided,
        rules.minimum_assigned_beneficiaries,
        rules.minimum_savings_rate,
    )

    # Savings or losses; the guardrail may put another target in place.
    saved = settlement.gross_savings(benchmark_total, expenditure_total)
    beyond = corridor.losses_beyond_minimum(saved, benchmark_total, msr)
    guardrail: Claim = np.False_ if recalculated is None else recalculated
    if rules.prospective_trend_guardrail and two_way_total is not None:
        guardrail = benchmark.guardrail_applies(benchmark_total, two_way_total, beyond)
        if np.any(guardrail):
            benchmark_total = np.where(guardrail, two_way_total, benchmark_total)
            saved = settlement.gross_savings(benchmark_total, expenditure_total)
            beyond = corridor.losses_beyond_minimum(saved, benchmark_total, msr)
    payable = _unless(guardrail, np.maximum(saved, 0.0), 0.0)
    cleared = corridor.savings_shared(saved, benchmark_total, msr)
    half = corridor.half_rate_open(
        payable,
        cleared,
        people,
        low_revenue,
        rules.half_rate[at],
        rules.minimum_assigned_beneficiaries,
    )
    open_share = cleared + half * rules.half_rate[at]
    verdict = judge_quality(s, rules)
    maximum, rate = rules.sharing_rate[at], verdict.final_sharing_rate

    # Savings: share, sequestration, limit; then the same with full quality and no minimum.
    cut = rules.sequestration_rate
    limit_rate = rules.performance_payment_limit[at]
    payment_limit = limit_rate * benchmark_total
    before_limit = settlement.payment_before_limit(payable, rate * open_share, cut)
    paid = settlement.limited(before_limit, payment_limit)
    at_maximum = settlement.payment_before_limit(payable, maximum, cut)
    without_minimum = settlement.limited(at_maximum, payment_limit)
    with_minimum = settlement.limited(at_maximum * open_share, payment_limit)
    sequestered = settlement.sequestration(payable, rate * open_share, cut)
    above_limit = before_limit - paid
    lost_at_the_minimum = without_minimum - with_minimum
    lost_to_quality = with_minimum - paid

    # Losses: share, limit, disaster; then the same at the lowest rate quality can bring.
    limit = settlement.loss_limit(
        benchmark_total,
        _(s.participant_revenue_share) * expenditure_total
        if participant_revenue is None
        else participant_revenue,
        rules.loss_recoupment_limit_benchmark[at],
        rules.loss_recoupment_limit_revenue[at],
    )
    charged = (two_sided & beyond) * -saved
    charge = charged * verdict.shared_loss_rate
    owed_before = settlement.limited(charge, limit)
    disaster = bool(np.any(s.disaster_share) or np.any(disaster_adjustment))
    forgiven: Dollars = 0.0
    if disaster:
        forgiven = settlement.forgiven(owed_before, _(s.disaster_share), disaster_adjustment)
    owed = owed_before - forgiven
    floor = rules.shared_loss_rate_floor[at]
    avoidable: Dollars = 0.0
    if np.any(floor < rules.shared_loss_rate_ceiling[at]):
        at_floor = settlement.limited(charged * floor, limit)
        avoidable = owed - at_floor
        if disaster:
            avoidable += settlement.forgiven(at_floor, _(s.disaster_share), disaster_adjustment)

    state = _first_that_holds(
        guardrail,
        charge > limit,
        charged > 0,
        ~two_sided & (saved <= -ON_TARGET),
        saved <= -ON_TARGET,
        np.abs(saved) < ON_TARGET,
        half,
        ~cleared,
        rate <= 0,
        above_limit > 0,
        ~verdict.met,
    )
    return {
        "benchmark_total": benchmark_total,
        "expenditure_total": expenditure_total,
        "gross_savings": saved,
        "minimum_savings_rate": msr,
        "sharing_rate": maximum,
        "final_sharing_rate": _unless(half, rate, rate * rules.half_rate[at]),
        "shared_loss_rate": verdict.shared_loss_rate,
        "quality_performance_standard": verdict.standard,
        "standard_met": verdict.met,
        "deemed": verdict.deemed,
        "two_sided": two_sided,
        "low_revenue": low_revenue,
        "guardrail": guardrail,
        "payment_limit_rate": limit_rate,
        "loss_recoupment_limit": limit * two_sided,
        "shared_savings": paid,
        "shared_losses": owed,
        "forgiven": forgiven,
        "sequestration": sequestered,
        "above_limit": above_limit,
        "lost_at_the_minimum": lost_at_the_minimum,
        "lost_to_quality": lost_to_quality,
        "avoidable_by_quality": avoidable,
        "state_number": state,
    }


def judge_quality(scenario: Scenario, rules: Rules) -> Verdict:
    """Return whether the standards are met, and the rates that follow.

    Source: 42 CFR 425.512(a), 425.605(d)(1), 425.610(d), (f)
    """
    s, at = scenario, scenario.level_number
    own = _or_nan(s.quality_performance_standard)
    standard = np.where(np.isnan(own), rules.quality_performance_standard, own)
    said = _or_nan(s.quality_standard_met)
    first_year = first_performance_year(s) & rules.first_year_reporting_counts
    incentive = np.asarray(s.reporting_incentive_met, np.bool_) & rules.reporting_incentive_counts
    deemed = (first_year | incentive) & np.isnan(said)
    met = quality.standard_met(_(s.quality_score), standard, deemed, said)
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
    return Verdict(standard, met, deemed, rate, loss_rate)


def counted_score(scenario: Scenario, rules: Rules, standard_met: Claim) -> Fraction:
    """Return the quality score, or 1 where reporting alone counts as that.

    Source: 42 CFR 425.502(a)(1)
    """
    first_year = first_performance_year(scenario) & rules.first_year_reporting_counts
    counts_in_full = first_year & standard_met & rules.score_scales_the_full_share
    counted: Fraction = _unless(counts_in_full, _(scenario.quality_score), 1.0)
    return counted


def first_performance_year(scenario: Scenario) -> Claim:
    """Return whether this is the first performance year of an ACO's first agreement.

    The program began in 2012, so whoever was settled for 2013 was in it.

    Source: 42 CFR 425.502(a)(1), 425.512(a)(2)
    """
    year = int(scenario.performance_year)
    first = year == agreement_years(scenario.agreement_start)[0]
    return (np.equal(scenario.agreement_period, 1) | (year == PERFORMANCE_YEARS[0])) & first


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
    (pair,) = scenario.years_and_starts()
    rules = rules_in_force(*pair)
    target = target or updated_target(scenario, rules)
    people = settled_person_years(scenario)
    total = target.benchmark * people
    return settle(
        scenario,
        rules,
        benchmark_total=total,
        expenditure_total=total * (1 - np.asarray(savings_rate)),
        two_way_total=target.two_way_benchmark * people,
    )
