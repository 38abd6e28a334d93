"""The settlement that is coming: from what a quarter's report says to the dollars, with chance.

Over 500 lines: projection, its open parts, draws, fan and booking are one model of one year.
"""

import datetime as dt
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mssp_sim.quarter import LAST_TWELVE_MONTHS, Basis
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import settle
from mssp_sim.studies.luck import Chances, year_spread
from mssp_sim.studies.year_inputs import (
    LATE_BILLS,
    PARTS,
    QUARTERS,
    SEED,
    Part,
    SoFar,
    Watched,
)
from mssp_sim.target import settled_person_years, spending, updated_target, years_from_by3
from mssp_sim.tolerances import SAME_RATE
from mssp_sim.units import Array, Dollars, Fraction, Persons, Ratio

DRAWS, DRAWS_OF_BAND = 100_000, 10_000
"""Ends of the year drawn for the money, and for the band of a quarter that is not the latest."""

SETTLED_AT_ONCE = 20_000
"""Of a settlement only the payment is kept: what else is found must not leave the cache."""

BAND, INNER = 0.8, 0.5
"""Parts of the years that the wide and the narrow band of the fan hold."""

REACH_OF_RISK, RISK_PLACES = 0.12, 481
"""Risk ratios looked at, as far as so much from the expected one."""

INVENTED_SPENDING = {1: 0.991, 2: 1.004, 3: 1.001, 4: 0.9995}
INVENTED_TARGET = {1: 1.004, 2: 0.999, 3: 1.0015, 4: 1.0}
"""What the invented reports say, as a part of how the year ends; ours, to show a year."""


@dataclass(frozen=True, slots=True)
class Growing:
    """How the scenario brings a report to the year's end: the rule's ratios, once a scenario.

    ``own`` and ``two_way`` are ratios a year; ``two_way_share`` is the part of the target before
    risk that nation and region move, ``risk`` what counts of risk growth, ``guardrail`` the
    target without the prospective trend as a ratio to the target.
    """

    own: Ratio
    two_way: Ratio
    two_way_share: Fraction
    risk: Ratio
    guardrail: Ratio
    target_per_person: Dollars
    spending_per_person: Dollars


@lru_cache(maxsize=32)
def growing(scenario: Scenario) -> Growing:
    """Return what a scenario says of growth, risk and the guardrail.

    Parameters
    ----------
    scenario : a single one

    Source: 42 CFR 425.601(b), 425.605(a)(1)-(2), 425.652(b), 425.660
    """
    rules, years = scenario.rules, years_from_by3(scenario)
    target = updated_target(scenario, rules)
    mix = np.asarray(scenario.person_year_share)
    scale = float(scenario.benchmark_calibration)
    update, two_way = target.growth.update_factor, target.growth.two_way_update
    adjusted = np.asarray(target.adjusted_benchmark)
    without_risk = float(benchmark.updated_benchmark(adjusted, 1.0, update, mix)) * scale
    moved = float(benchmark.updated_benchmark(adjusted, 1.0, two_way, mix)) * scale
    flat = float(np.vecdot(adjusted, mix)) * scale
    weight = float(rules.prospective_trend_weight)
    spent = float(spending(scenario, target))
    by3 = float(np.vecdot(np.asarray(target.expenditure_history)[benchmark.BY3], mix))
    full = spent / (1 - float(scenario.cost_reduction))
    return Growing(
        own=(full / by3) ** (1 / years),
        two_way=(moved / flat) ** (1 / years),
        two_way_share=(1 - weight) * moved / without_risk,
        risk=float(target.benchmark) / without_risk,
        guardrail=float(target.two_way_benchmark) / float(target.benchmark),
        target_per_person=float(target.benchmark),
        spending_per_person=spent,
    )


@lru_cache(maxsize=32)
def _counted_risk(scenario: Scenario) -> Array:
    """Return what the rule counts of each shifted risk ratio, beside that of the expected one."""
    shift = np.linspace(-REACH_OF_RISK, REACH_OF_RISK, RISK_PLACES)
    scores = np.asarray(scenario.risk_score_performance_year) * (1 + shift)[:, None]
    moved = replace(scenario, risk_score_performance_year=np.minimum(scores, 20.0))
    found = np.asarray(updated_target(moved, scenario.rules).benchmark)
    return np.asarray(found / found[RISK_PLACES // 2], float)


@dataclass(frozen=True, slots=True)
class YearTotals:
    """A report brought to the year's end: totals in dollars.

    ``own_ratio`` and ``target_ratio`` bring the reported dollars per person-year to those of the
    settlement, before the risk step.
    """

    so_far: SoFar
    scenario: Scenario
    own_ratio: Ratio
    target_ratio: Ratio
    risk: Ratio
    person_years: Persons
    benchmark_total: Dollars
    expenditure_total: Dollars

    @property
    def savings_rate(self) -> float:
        """Savings as a fraction of the target before any guardrail."""
        return float(1 - self.expenditure_total / self.benchmark_total)


@dataclass(frozen=True, slots=True)
class Projection(YearTotals):
    """A report brought to the year's end, and its settlement."""

    two_way_total: Dollars
    result: Result


def ratios(
    scenario: Scenario, quarter: int, basis: Basis, late_bills: Fraction
) -> tuple[float, float]:
    """Return by what reported spending and reported target grow until the settlement.

    Late bills come in, for the nation and the region as for the ACO: the part of the target that
    they move grows with them. Twelve months that end with the quarter are brought forward to the
    year's end by a year's growth for each year between.

    Source: ours

    Examples
    --------
    >>> ratios(Scenario(), 4, "last_twelve_months", 0.0)
    (1.0, 1.0)
    """
    known = growing(scenario)
    ahead = (4 - quarter) / 4 if basis == LAST_TWELVE_MONTHS else 0.0
    own = (1 + late_bills) * known.own**ahead
    two_way = (1 + late_bills) * known.two_way**ahead
    # The reported target holds the part that moves as it stood; what is fixed stays.
    return own, 1 / (1 - known.two_way_share + known.two_way_share / two_way)


def invented(scenario: Scenario, quarter: int, watched: Watched) -> SoFar:
    """Return a report of the scenario's own year, as if told quarter by quarter: invented.

    It strays from the year's end by amounts of ours, and comes to the scenario itself in the end.

    Source: ours
    """
    known = growing(scenario)
    own, target = ratios(scenario, quarter, watched.basis, watched.late_bills)
    spent = known.spending_per_person * INVENTED_SPENDING[quarter] / own
    before_risk = known.target_per_person / known.risk
    return SoFar(
        quarter=quarter,
        people=float(scenario.assigned_beneficiaries),
        spending_per_person=spent,
        target_per_person=before_risk * INVENTED_TARGET[quarter] / target,
        quality=float(scenario.quality_score),
        basis=watched.basis,
    )


def typed(scenario: Scenario, watched: Watched) -> SoFar:
    """Return the invented report with what was typed in its place.

    Source: ours
    """
    given = {
        "people": watched.people,
        "spending_per_person": watched.spent,
        "target_per_person": watched.target,
        "quality": watched.quality,
    }
    found = {name: value for name, value in given.items() if value is not None}
    return replace(invented(scenario, watched.quarter, watched), **found)


def projected(so_far: SoFar, scenario: Scenario, late_bills: Fraction = LATE_BILLS) -> Projection:
    """Return the settlement a report is heading for, by the whole rule.

    Parameters
    ----------
    so_far : of one quarter
    scenario : contract, growth, risk and all else that the report does not say; a single one

    Source: 42 CFR 425.605, 425.610, 425.652; ours: how the months left are brought in

    Examples
    --------
    >>> wanted = Watched(quarter=4)
    >>> report = replace(invented(Scenario(), 4, wanted), quality=0.82)
    >>> round(float(projected(report, Scenario()).result.payment) / 1e6, 1)
    8.8
    """
    totals = _brought(so_far, scenario, late_bills)
    two_way = totals.benchmark_total * growing(scenario).guardrail
    result = settle(
        totals.scenario,
        totals.scenario.rules,
        benchmark_total=totals.benchmark_total,
        expenditure_total=totals.expenditure_total,
        two_way_total=two_way,
    )
    brought = {field.name: getattr(totals, field.name) for field in fields(totals)}
    return Projection(**brought, two_way_total=two_way, result=result)


def _brought(so_far: SoFar, scenario: Scenario, late_bills: Fraction) -> YearTotals:
    known = growing(scenario)
    own, target = ratios(scenario, so_far.quarter, so_far.basis, late_bills)
    settled = replace(scenario, assigned_beneficiaries=so_far.people, quality_score=so_far.quality)
    people = so_far.person_years
    if people is None:
        people = float(settled_person_years(settled))
    return YearTotals(
        so_far=so_far,
        scenario=settled,
        own_ratio=own,
        target_ratio=target,
        risk=known.risk,
        person_years=people,
        benchmark_total=so_far.target_per_person * target * known.risk * people,
        expenditure_total=so_far.spending_per_person * own * people,
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """How the spread of a year divides, by size, with where it comes from."""

    applies_from: dt.date
    people: tuple[float, ...]
    risk: tuple[float, ...]
    region: tuple[float, ...]
    nation: float
    source: str


@cache
def measured() -> Measured:
    """Return the measured division of the spread.

    Source: ours, measured on CMS's results files
    """
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        version: dict[str, Any] = tomllib.load(file)["versions"][-1]
    return Measured(
        applies_from=version["applies_from"],
        people=tuple(version["people"]),
        risk=tuple(version["risk"]),
        region=tuple(version["region"]),
        nation=version["nation"],
        source=version["citation"]["source"],
    )


def year_parts(people: Persons) -> dict[Part, float]:
    """Return what strays in a whole year, part by part: one standard deviation each.

    Their squares add up to the square of the measured spread of the size.

    Source: ours, measured on CMS's results files

    Examples
    --------
    >>> parts = year_parts(45_000)
    >>> {name: round(value * 100, 2) for name, value in parts.items()}
    {'own': 0.9, 'region': 0.43, 'nation': 0.09, 'risk': 1.0}
    >>> round(sum(value**2 for value in parts.values()) ** 0.5 * 100, 3)
    1.413
    """
    known, whole = measured(), float(year_spread(people))
    size, sizes = np.log(people), np.log(known.people)
    risk = float(np.interp(size, sizes, known.risk))
    region = float(np.interp(size, sizes, known.region))
    shares: dict[Part, float] = {
        "own": 1 - risk - region - known.nation,
        "region": region,
        "nation": known.nation,
        "risk": risk,
    }
    return {part: whole * math.sqrt(share) for part, share in shares.items()}


def open_spreads(people: Persons, quarter: int, watched: Watched) -> dict[Part, float]:
    """Return what is still open after a quarter's report, part by part: standard deviations.

    Months to come stray by the root of their share of the year, risk scores in whole until the
    settlement, late bills in proportion to the months reported. Before the year (quarter 0) the
    parts give back the whole spread of a year.

    Source: ours
    """
    reported = quarter / 4
    left = math.sqrt(1 - reported)
    year = year_parts(people)
    found: dict[Part, float] = {
        part: value if part == "risk" else value * left for part, value in year.items()
    }
    found["late"] = watched.late_spread * reported
    return {part: 0.0 if part in watched.off else value for part, value in found.items()}


@lru_cache(maxsize=4)
def _dice(seed: int) -> Array:
    """Return standard normal draws, thrown once a seed: a row a part."""
    dice = np.random.default_rng(seed).standard_normal((len(PARTS), DRAWS))
    dice.setflags(write=False)
    return dice


@lru_cache(maxsize=8)
def _drawn_risk(counted: bytes, spread: float, seed: int) -> Array:
    """Return what counts of each drawn risk ratio; most levers leave it as it was.

    Parameters
    ----------
    counted : the table of ``_counted_risk`` as bytes: what the drawn ratios go by
    """
    shift = np.linspace(-REACH_OF_RISK, REACH_OF_RISK, RISK_PLACES)
    dice = _dice(seed)[PARTS.index("risk")]
    found: Array = np.interp(spread * dice, shift, np.frombuffer(counted))
    found.setflags(write=False)
    return found


@dataclass(frozen=True, slots=True)
class Years:
    """Drawn totals of a year that ends after a report: dollars of target and spending."""

    benchmark_total: Array | float
    expenditure_total: Array | float

    @property
    def savings_rate(self) -> Array:
        """Savings as a fraction of the target before any guardrail."""
        return np.asarray(1 - self.expenditure_total / self.benchmark_total)


def drawn(
    totals: YearTotals, spreads: Mapping[Part, float], seed: int = SEED, draws: int = DRAWS
) -> Years:
    """Return as many ends of a year; what does not stray stays one number.

    Source: ours
    """
    own, region, nation, late = (
        spreads[part] * dice[:draws] if spreads[part] else 0.0
        for part, dice in zip(PARTS, _dice(seed), strict=True)
        if part != "risk"
    )
    target, spent = totals.benchmark_total, totals.expenditure_total
    counted: Array | float = 1.0
    if spreads["risk"]:
        table = _counted_risk(totals.scenario).tobytes()
        counted = _drawn_risk(table, spreads["risk"], seed)[:draws]
    moved = np.multiply(target, np.multiply(np.add(1.0, np.add(region, nation)), counted))
    spent = np.multiply(spent, np.add(1.0, late))
    return Years(moved, np.subtract(spent, np.multiply(target, own)))


@dataclass(frozen=True)
class Outlook:
    """What 100,000 ends of the year pay, dollars; owed ones are negative."""

    payment: Array
    chances: Chances
    savings_rate: Array

    @property
    def mean(self) -> float:
        """The expected value: the average payment."""
        return float(np.mean(self.payment))

    def not_reversed(self, chance: Fraction) -> float:
        """Return the highest amount that at least such a part of the years pays or exceeds.

        Examples
        --------
        >>> Outlook(np.array([4.0, 1.0, 3.0, 2.0]), Chances(1, 0, 0), np.zeros(4)).not_reversed(0.5)
        3.0
        """
        count = len(self.payment)
        return float(self._rising[count - math.ceil(chance * count - SAME_RATE)])

    @cached_property
    def _rising(self) -> Array:
        """The payments in order: sorting many equal ones is quicker than picking one of them."""
        return np.sort(self.payment)


def outlook(projection: Projection, watched: Watched) -> Outlook:
    """Return what the ends of the year pay that are still possible after a report.

    Every end goes through the whole rule. The draws are the same for every scenario and every
    lever, so that two pictures differ by what was changed alone. With every part switched off
    each end is the plain settlement.

    Source: ours
    """
    so_far = projection.so_far
    years = drawn(projection, open_spreads(so_far.people, so_far.quarter, watched), watched.seed)
    total, spent = (
        np.broadcast_to(of, (DRAWS,)) for of in (years.benchmark_total, years.expenditure_total)
    )
    scenario = projection.scenario
    guardrail = projection.two_way_total / projection.benchmark_total
    payment = np.empty(DRAWS)
    for first in range(0, DRAWS, SETTLED_AT_ONCE):
        rows = slice(first, first + SETTLED_AT_ONCE)
        payment[rows] = settle(
            scenario,
            scenario.rules,
            benchmark_total=total[rows],
            expenditure_total=spent[rows],
            two_way_total=total[rows] * guardrail,
        ).payment
    paid, owing = float(np.mean(payment > 0)), float(np.mean(payment < 0))
    return Outlook(payment, Chances(paid, 1 - paid - owing, owing), 1 - spent / total)


@dataclass(frozen=True, slots=True)
class FanPoint:
    """The savings rate a quarter's report points to, and where the year ends then.

    ``reported`` says whether the quarter's report is there; where it is not, the rate is the
    latest report's. ``wide`` holds 80 of 100 years, ``narrow`` 50.
    """

    quarter: int
    reported: bool
    rate: float
    wide: tuple[float, float]
    narrow: tuple[float, float]


def fan(
    reports: Mapping[int, SoFar],
    scenario: Scenario,
    watched: Watched,
    known: Outlook | None = None,
) -> tuple[FanPoint, ...]:
    """Return the projected savings rate by quarter, its band narrowing to the settlement.

    Parameters
    ----------
    reports : by quarter, the latest last; quarters after it get its rate with their own band
    known : the outlook of the latest report, if it was drawn before

    Source: ours
    """
    latest = max(reports)
    brought = {q: _brought(report, scenario, watched.late_bills) for q, report in reports.items()}
    found = []
    for quarter in QUARTERS:
        if quarter < latest and quarter not in reports:
            continue
        here = brought[min(quarter, latest)]
        so_far = here.so_far
        if known is not None and quarter == latest:
            rates = known.savings_rate
        else:
            spreads = open_spreads(so_far.people, quarter, watched)
            rates = drawn(here, spreads, watched.seed, DRAWS_OF_BAND).savings_rate
        low, inner_low, inner_high, high = band(rates)
        found.append(
            FanPoint(
                quarter, quarter in reports, here.savings_rate, (low, high), (inner_low, inner_high)
            )
        )
    return tuple(found)


def band(rates: Array) -> tuple[float, float, float, float]:
    """Return the ends of the wide and of the narrow band: low, inner low, inner high, high."""
    ends = [(1 - BAND) / 2, (1 - INNER) / 2, (1 + INNER) / 2, (1 + BAND) / 2]
    if np.ndim(rates) == 0:
        return (float(rates),) * 4
    low, inner_low, inner_high, high = np.quantile(rates, ends)
    return float(low), float(inner_low), float(inner_high), float(high)


@dataclass(frozen=True, slots=True)
class Booking:
    """Three amounts for the books, dollars; what is owed is negative.

    ``expected`` is the average of all years, ``likely`` the single most likely amount,
    ``constrained`` the highest sum that is not reversed with the chance asked for.
    """

    expected: Dollars
    likely: Dollars
    constrained: Dollars


def booking(projection: Projection, years: Outlook, chance: Fraction) -> Booking:
    """Return what accounting standards would look at before the settlement is known.

    The most likely amount is nothing where no money is the likeliest fate; else it is what the
    projected savings rate pays, or, where that rate has another fate, the nearest that has it.

    Parameters
    ----------
    chance : that what is booked is not reversed, a fraction

    Source: ours; ASC 606-10-32-8 (expected value, most likely amount) and 32-11 (constraint)
    """
    return Booking(years.mean, _likely(projection, years.chances), years.not_reversed(chance))


def _likely(projection: Projection, chances: Chances) -> float:
    most = max(chances.paid, chances.nothing, chances.owing)
    if chances.nothing == most:
        return 0.0
    minimum, rate = float(projection.result.minimum_savings_rate), projection.savings_rate
    rate = max(rate, minimum) if chances.paid == most else min(rate, -minimum)
    return float(at_rates(projection, rate).payment)


def at_rates(projection: Projection, rate: Array | Fraction) -> Result:
    """Return the settlements of the projected target at other savings rates."""
    scenario = projection.scenario
    return settle(
        scenario,
        scenario.rules,
        benchmark_total=projection.benchmark_total,
        expenditure_total=projection.benchmark_total * (1 - np.asarray(rate)),
        two_way_total=projection.two_way_total,
    )
