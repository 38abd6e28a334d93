"""Renewal: a new agreement begun early, against staying to the end, over the same calendar years.

What the ACO spends in a calendar year is the same on every way; benchmark years, adjustments, the
cap on risk growth and the years over which growth compounds follow from when an agreement begins.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mssp_sim.parameters import rules_in_force
from mssp_sim.quantity import BY_SIZE, FIRST_LEVELS, agreement_years, by_type, number, refined
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target
from mssp_sim.studies.agreement import GLIDE_PATH, REBASED_ON, YearPlan, levels, period_after
from mssp_sim.studies.election import Choice
from mssp_sim.studies.true_results import Setting, dice, true_results
from mssp_sim.target import (
    expenditure_history,
    growth_beyond_own,
    own_growth,
    own_share,
    regional_difference,
    regional_history,
    settled_person_years,
    trend_to_by3,
    updated_target,
    year_weight,
)
from mssp_sim.units import Array, Dollars, Fraction, Ratio

LENGTH = 5
"""Years of an agreement that begins from 2020 on."""

PATHS = 2_000
REGION_STEP = 0.001


class RenewalError(ValueError):
    """An agreement whose renewal is not modeled, in one sentence."""


@dataclass(frozen=True)
class Ledger:
    """What is the same on every way: spending, risk, nation and region of each calendar year.

    ``scenario`` is one row or a flat batch; ``strays`` is by how much of itself spending is
    lower than expected, by performance year, of the batch's shape.
    """

    scenario: Scenario
    strays: dict[int, Array]

    @property
    def first(self) -> int:
        """The first year of the agreement on the desk."""
        return int(agreement_years(self.scenario.agreement_start)[0])

    def own(self, year: int) -> Dollars:
        """Return what a person-year costs by type: (..., type)."""
        before = year - self.first
        if before < 0:
            return np.asarray(expenditure_history(self.scenario))[..., before, :]
        row = self.scenario.with_columns({"performance_year": year})
        by3, ratio = own_growth(row, np.asarray(expenditure_history(row))[benchmark.BY3])
        kept = (1 - number(row.cost_reduction)) * growth_beyond_own(row)
        return by3 * by_type(ratio * kept * (1 - self.strays.get(year, np.float64(0.0))))

    def risk(self, year: int) -> Ratio:
        """Return the risk scores by type."""
        before = year - self.first
        if before < 0:
            return np.asarray(self.scenario.risk_score)[..., before, :]
        growth = (1 + number(self.scenario.risk_growth)) ** (before + 1)
        return np.asarray(self.scenario.risk_score_performance_year) * by_type(growth)

    def nation(self, year: int) -> Dollars:
        """Return national spending by type."""
        s, before = self.scenario, year - self.first
        if before < 0:
            return np.asarray(s.national_expenditure)[..., before, :]
        growth = (1 + refined(s.national_growth, s.national_growth_by_type)) ** (before + 1)
        return np.asarray(s.national_expenditure)[benchmark.BY3] * growth

    @cached_property
    def _level(self) -> Dollars:
        """The region at average risk in BY3, by type."""
        s = self.scenario
        rules = rules_in_force(self.first, s.agreement_start, assume_last=True)
        history = benchmark.historical_benchmark(
            expenditure_history(s), np.asarray(s.risk_score), trend_to_by3(s), year_weight(s, rules)
        )
        before = np.asarray(s.risk_score)[benchmark.BY3]
        return np.asarray((history + regional_difference(s, history)) / before)

    def region(self, year: int) -> Dollars:
        """Return regional spending at average risk, by type."""
        s, before = self.scenario, year - self.first
        if before < 0:
            return self._level / np.asarray(regional_history(s))[..., before, :]
        grown = (1 + refined(s.regional_growth, s.regional_growth_by_type)) ** (before + 1)
        ratio = benchmark.regional_growth_with_own_effect(
            grown, own_share(s), *(by_type(number(each)) for each in (
                s.cost_reduction, s.other_acos_share, s.other_acos_reduction
            ))
        )  # fmt: skip
        return self._level * ratio


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract as it is signed: its level, and its minimum; each may be an array of rows."""

    level: str | Array
    minimum: float | str | Array


@dataclass(frozen=True, slots=True)
class Course:
    """What one way pays: dollars by calendar year and row, and the targets of its agreements."""

    years: tuple[int, ...]
    payment: Array
    results: tuple[Result, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Renewing for one year against staying to the end, at the mean result; dollars in all years.

    ``low`` and ``high`` hold eight ways of ten, where they were drawn; ``turns_at`` is the
    regional trend at which it reverses, None where it nowhere does.
    """

    year: int
    last: int
    gain: Dollars
    low: Dollars | None = None
    high: Dollars | None = None


def window(scenario: Scenario) -> tuple[int, ...]:
    """Return the years for which a new agreement can begin early: none of the first, none after.

    Source: 42 CFR 425.220, 425.224, 425.600(f)(3)

    Examples
    --------
    >>> window(Scenario())
    (2026, 2027, 2028, 2029)
    """
    if scenario.agreement_start < FIRST_LEVELS:
        return ()
    ends = agreement_years(scenario.agreement_start)[-1]
    return tuple(range(int(scenario.performance_year) + 1, ends + 1))


def horizon(scenario: Scenario) -> int:
    """Return the last year of the agreement that follows when one stays to the end."""
    return int(agreement_years(scenario.agreement_start)[-1]) + LENGTH


def course(ledger: Ledger, start: int | None, signed: Signed, last: int) -> Course:
    """Settle the calendar years after the desk's on one way.

    Parameters
    ----------
    start : the year for which a new agreement begins; None to stay to the end
    signed : the contract of every agreement from then on
    last : the last calendar year that is settled

    Raises
    ------
    RenewalError
        Where there are no levels yet.

    Source: ours; each year is 42 CFR 425.601-425.610 and 425.652-425.662
    """
    s = ledger.scenario
    if s.agreement_start < FIRST_LEVELS:
        raise RenewalError("renewing early is modeled for agreements from July 2019 on")
    covered = agreement_years(s.agreement_start)
    first = covered[-1] + 1 if start is None else start
    begins = s.agreement_start
    starts = list(range(first, last + 1, LENGTH))
    usual = dict(zip(covered, levels(s, YearPlan()), strict=True))
    savings: dict[int, Dollars] = {}
    found: dict[int, Result] = {}
    terms = s
    for year in range(ledger.first, last + 1):
        if year in starts:
            terms = _rebased(ledger, terms, year, savings)
            begins = terms.agreement_start
        row = terms.with_columns({
            "performance_year": year,
            "level": _level(signed.level, year - first) if year >= first else usual[year],
            "minimum_election": signed.minimum if year >= first else s.minimum_election,
            "risk_score_performance_year": ledger.risk(year)
            / by_type((1 + number(s.risk_growth)) ** (year - begins.year + 1)),
            "performance_year_months": None,
            "months_in_program": None,
            "ended_by_cms": False,
            "guardrail_applied": None,
            "assume_last_published": True,
        })  # fmt: skip
        rules = rules_in_force(year, begins, assume_last=True)
        target = updated_target(row, rules)
        people = settled_person_years(row)
        spent = np.vecdot(ledger.own(year), np.asarray(s.person_year_share))
        result = settle_target(row, rules, target, spent * people)
        savings[year] = result.gross_savings / people
        found[year] = result
    wanted = tuple(range(int(s.performance_year) + 1, last + 1))
    payment = np.stack(np.broadcast_arrays(*(np.asarray(found[y].payment) for y in wanted)))
    return Course(wanted, payment, tuple(found[y] for y in wanted), tuple(starts))


def _level(level: str | Array, step: int) -> str | Array:
    """Return the level of a year of the new agreement: one step up the glide path a year."""
    if isinstance(level, np.ndarray):
        return np.array([str(_level(str(each), step)) for each in level])
    if level not in GLIDE_PATH:
        return level
    return GLIDE_PATH[min(GLIDE_PATH.index(level) + step, len(GLIDE_PATH) - 1)]


def _rebased(ledger: Ledger, terms: Scenario, year: int, savings: dict[int, Dollars]) -> Scenario:
    """Return the terms of an agreement that begins in a year, rebased on the three before it.

    Source: 42 CFR 425.600(f)(3), 425.652(a), 425.656, 425.658
    """
    s, before = ledger.scenario, range(year - REBASED_ON, year)
    earlier = number(s.prior_savings_per_person)
    kept = [savings.get(each, earlier) for each in before]
    share, by_types = s.market_share, s.market_share_by_type
    return terms.with_columns({
        "agreement_start": dt.date(year, 1, 1),
        "agreement_period": period_after(terms.agreement_period),
        "regional_adjustment_period": period_after(terms.regional_adjustment_period),
        "expenditure": _table([ledger.own(each) for each in before]),
        "cost_per_person": None,
        "risk_score": _table([ledger.risk(each) for each in before]),
        "person_year_share_by3": s.person_year_share,
        "national_expenditure": _table([ledger.nation(each) for each in before]),
        "regional_expenditure": _table([ledger.region(each) for each in before]),
        "regional_level": 0.0,
        "market_share_by3": share,
        "market_share_by3_by_type": by_types,
        "prior_savings_per_person": np.mean(np.broadcast_arrays(*kept), axis=0),
        "benchmark_calibration": 1.0,
        "cost_reduction": 0.0,  # it is in the history by then: no part of the region's growth
        "other_acos_reduction": 0.0,
    })  # fmt: skip


def _table(years: Sequence[Dollars]) -> Array:
    return np.stack(np.broadcast_arrays(*years), axis=-2)


def over_the_agreement(scenario: Scenario, choices: Sequence[Choice]) -> tuple[Dollars, ...]:
    """Return what each choice pays over an agreement that begins next January, at the mean result.

    The glide path is climbed year by year; the target is rebased on the last three years.

    Source: ours

    Examples
    --------
    >>> over_the_agreement(Scenario(agreement_start=dt.date(2018, 1, 1), performance_year=2018,
    ...     level="1"), ())
    ()
    """
    if not choices or scenario.agreement_start < FIRST_LEVELS:
        return ()
    signed = Signed(
        np.array([choice.level for choice in choices]),
        np.array([np.nan if c.election == BY_SIZE else float(c.election) for c in choices]),
    )
    first = int(scenario.performance_year) + 1
    found = course(Ledger(scenario, {}), first, signed, first + LENGTH - 1)
    return tuple(float(each) for each in np.sum(found.payment, axis=0) * np.ones(len(choices)))


def gain(scenario: Scenario, start: int, signed: Signed) -> Dollars:
    """Return what renewing for a year is worth beside staying, at the mean result, in dollars.

    Over the same calendar years, from the one after the desk's to the end of the later
    agreement; a batch gives a gain for each row.

    Source: ours

    Examples
    --------
    >>> round(float(gain(Scenario(), 2027, Signed("E", 0.02))) / 1e6, 1)
    4.7
    """
    ledger, last = Ledger(scenario, {}), horizon(scenario)
    early, stays = (course(ledger, each, signed, last).payment for each in (start, None))
    return np.sum(early, axis=0) - np.sum(stays, axis=0)


def ways(scenario: Scenario, signed: Signed) -> tuple[Way, ...]:
    """Return renewing for each of the years it can be done, against staying, at the mean result.

    Source: ours
    """
    last, ledger = horizon(scenario), Ledger(scenario, {})
    stays = float(np.sum(course(ledger, None, signed, last).payment))
    return tuple(
        Way(year, last, float(np.sum(course(ledger, year, signed, last).payment)) - stays)
        for year in window(scenario)
    )


def drawn(scenario: Scenario, way: Way, signed: Signed, setting: Setting) -> Way:
    """Return a way with what eight of ten drawn futures make of it.

    In a future, trend and risk stray the same way every year, chance anew in each.

    Source: ours
    """
    _, trend, risk, _ = dice()[:, :PATHS]
    results = true_results(scenario, setting, draws=PATHS)
    tied = setting.together * trend + np.sqrt(1 - setting.together**2) * risk
    fields = {
        "national_growth": setting.trend * trend,
        "regional_growth": setting.trend * trend,
        "risk_growth": setting.risk * tied,
    }
    rows = scenario.with_columns({
        name: np.clip(getattr(scenario, name) + stray, *quantities()[name].allowed)
        for name, stray in fields.items()
    }).flat()  # fmt: skip
    years = range(Ledger(scenario, {}).first, way.last + 1)
    chance = np.resize(dice()[0], (len(years), PATHS)) * results.by_chance
    ledger = Ledger(rows, dict(zip(years, chance, strict=True)))
    early, stays = (
        np.sum(course(ledger, each, signed, way.last).payment, axis=0) for each in (way.year, None)
    )
    low, high = np.percentile(early - stays, (10, 90))
    return replace(way, low=float(low), high=float(high))


def turning_trend(scenario: Scenario, start: int, signed: Signed) -> Fraction | None:
    """Return the regional trend, a step of its lever, from which renewing for a year reverses.

    Every step of the lever is settled; of several the nearest to the scenario's own. None where
    the sign is the same over the whole lever.

    Source: ours
    """
    low, high = quantities()["regional_growth"].slider
    steps = np.round(np.arange(low, high + REGION_STEP / 2, REGION_STEP), 6)
    own = float(scenario.regional_growth)
    trends = np.unique(np.append(steps, own))
    rows = scenario.with_columns({"regional_growth": trends, "regional_growth_by_type": None})
    return nearest_turn(trends, np.asarray(gain(rows, start, signed)), own)


def nearest_turn(places: Array, gains: Array, own: float) -> float | None:
    """Return the place nearest to one's own at which a gain has the other sign; None if nowhere.

    Examples
    --------
    >>> nearest_turn(np.array([1.0, 2.0, 3.0, 4.0]), np.array([-1.0, -1.0, 2.0, 2.0]), 3.0)
    2.0
    """
    here = gains[int(np.argmin(np.abs(places - own)))]
    other = places[(gains > 0) != (here > 0)]
    if not len(other):
        return None
    return float(other[int(np.argmin(np.abs(other - own)))])
