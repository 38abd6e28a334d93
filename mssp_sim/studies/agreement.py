"""Five years: every year of an agreement, then the target of the next one, rebased on the last.

Over 500 lines: the plan, its text in a link, the years and the rebasing are one model.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from mssp_sim.parameters import LEVELS, rules_in_force
from mssp_sim.quantity import FIRST_LEVELS, PERFORMANCE_YEARS, agreement_years, refined
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target
from mssp_sim.target import (
    Target,
    adjust,
    growth_beyond_own,
    own_growth,
    regional_weights,
    trend_to_by3,
    updated_target,
    year_weight,
    years_from_by3,
)
from mssp_sim.tolerances import SAME_RATE
from mssp_sim.units import TYPES, Array, Dollars, Fraction, Ratio

GLIDE_PATH = LEVELS[:-1]
"""The levels an ACO moves through, one a year."""

MAY_STAY = ("A", "B", "E", "ENHANCED")
"""Levels an ACO can hold for a whole agreement; it passes through the others."""

STAY = "stay"
REBASED_ON, LONGEST = 3, 6
"""Years the next target is made from, and years of the longest agreement with levels."""

SLOW = (1 / 3, 2 / 3)
"""What a program that takes time to work reaches in its first years; all of it from then on."""

AS_PLANNED, WITHOUT_CUT = 0, 1
CELLS = {"cut": "cost_reduction", "quality": "quality_score"}

Past = Mapping[int, Scenario]
"""Earlier years of the agreement as they were settled, by performance year."""

NO_PAST: Past = {}


class PlanError(ValueError):
    """A plan that cannot be read or followed, in one sentence."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What is not the same every year; an empty cell follows the scenario.

    ``levels`` is a level of the glide path to begin on, ``"stay"``, or empty for the usual: an
    ACO in A to D moves up every year, one in E or ENHANCED stays.
    """

    cost_reduction: tuple[float | None, ...] = ()
    quality_score: tuple[float | None, ...] = ()
    slow: bool = False
    levels: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """One performance year: ``assumed`` where its rules are those of the last known year.

    ``of_the_past`` says that it was settled before the scenario's own year, ``as_settled`` that it
    stands here as it was, with nothing typed over it.
    """

    number: int
    year: int
    level: str
    cost_reduction: Fraction
    quality_score: Fraction
    assumed: bool
    risk_ratio: Ratio
    risk_factor: Ratio
    result: Result
    of_the_past: bool = False
    as_settled: bool = False


@dataclass(frozen=True, slots=True)
class Rebased:
    """The next agreement's target, dollars per person-year of the last year of this one.

    ``taken_back`` is the share of the saving that the next target is lower by; None without a
    saving. ``rebased_on`` are the three years it is made from.
    """

    start: dt.date
    rebased_on: tuple[int, ...]
    expected: Dollars
    historical_benchmark: Dollars
    region: Dollars
    regional_adjustment_weight: Fraction
    mean_savings: Dollars
    prior_savings_share: Fraction
    regional_adjustment: Dollars
    prior_savings_adjustment: Dollars
    population_adjustment: Dollars
    kind: int
    adjustment: Dollars
    benchmark: Dollars
    benchmark_without_cut: Dollars
    saved: Dollars
    taken_back: Fraction | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All years of an agreement, and what comes after (None where that is not modeled)."""

    years: tuple[Year, ...]
    rebased: Rebased | None

    @property
    def payment(self) -> Array:
        """Dollars paid, or negative owed, year by year."""
        return np.array([float(year.result.payment) for year in self.years])

    @property
    def left_on_the_table(self) -> Dollars:
        """Dollars the same spending would have earned more, over all years."""
        return sum(float(year.result.left_on_the_table) for year in self.years)


def read_plan(text: str | None, length: int = 5) -> YearPlan:
    """Return the plan a short text stands for.

    Parameters
    ----------
    text : parts split by semicolons, cells in percent or points of 100; None for no plan
    length : years of the agreement; cells past it are left out, missing ones are empty

    Raises
    ------
    PlanError
        Says what cannot be read, and what is allowed.

    Source: ours

    Examples
    --------
    >>> read_plan("slow;from:B;cut:1,,,,4.5").cost_reduction
    (0.01, None, None, None, 0.045)
    >>> read_plan("cut:1,2,300,,")
    Traceback (most recent call last):
    ...
    mssp_sim.studies.agreement.PlanError: cut of year 3 is 300; it goes from -60 to 60
    """
    fields: dict[str, Any] = {}
    for part in filter(None, (text or "").split(";")):
        word, _, rest = part.partition(":")
        if part == "slow":
            fields["slow"] = True
        elif word == "from":
            fields["levels"] = _read_levels(rest)
        elif word in CELLS:
            fields[CELLS[word]] = _read_cells(word, rest, length)
        else:
            raise PlanError(f"{part[:20]} is not part of a plan; the parts are slow, from:, "
                            f"{', '.join(f'{word}:' for word in CELLS)}")  # fmt: skip
    return YearPlan(**fields)


def _read_levels(text: str) -> str:
    if text not in (STAY, *GLIDE_PATH):
        raise PlanError(
            f"from:{text[:20]} is no level to begin on; it is one of "
            f"{', '.join(GLIDE_PATH)} or {STAY}"
        )
    return text


def _read_cells(word: str, text: str, length: int) -> tuple[float | None, ...]:
    cells = text.split(",")
    if len(cells) > LONGEST:
        raise PlanError(f"{word} has {len(cells)} years; an agreement has at most {LONGEST}")
    low, high = (end * 100 for end in quantities()[CELLS[word]].allowed)
    found: list[float | None] = []
    for number, cell in enumerate(cells, 1):
        try:
            value = float(cell) if cell else None
        except ValueError:
            raise PlanError(f"{word} of year {number} is {cell[:20]}; it is a number") from None
        if value is not None and not low <= value <= high:
            raise PlanError(
                f"{word} of year {number} is {cell[:20]}; it goes from {low:g} to {high:g}"
            )
        found.append(None if value is None else round(value / 100, 12))
    return tuple((found + [None] * length)[:length])


def write_plan(plan: YearPlan) -> str | None:
    """Return the text a plan can be read from again; None for the plan that changes nothing.

    Source: ours

    Examples
    --------
    >>> write_plan(YearPlan(slow=True, levels="B", cost_reduction=(0.01, None, None, None, 0.045)))
    'slow;from:B;cut:1,,,,4.5'
    """
    parts = ["slow"] if plan.slow else []
    if plan.levels:
        parts.append(f"from:{plan.levels}")
    for word, field in CELLS.items():
        cells = getattr(plan, field)
        if any(cell is not None for cell in cells):
            texts = ("" if cell is None else f"{cell * 100:.6g}" for cell in cells)
            parts.append(f"{word}:{','.join(texts)}")
    return ";".join(parts) or None


def years(scenario: Scenario) -> tuple[int, ...]:
    """Return the performance years of a single scenario's agreement, known or not.

    Source: 42 CFR 425.200

    Examples
    --------
    >>> years(Scenario())
    (2025, 2026, 2027, 2028, 2029)
    """
    return tuple(agreement_years(scenario.agreement_start))


def past_of(scenario: Scenario, known: Past) -> dict[int, Scenario]:
    """Return which years, of those that are known, lie in the past of a scenario's agreement.

    Source: ours

    Examples
    --------
    >>> second = Scenario(performance_year=2026, level="B")
    >>> sorted(past_of(second, {year: Scenario() for year in (2024, 2025, 2026)}))
    [2025]
    """
    covered = years(scenario)
    return {
        year: one
        for year, one in known.items()
        if year in covered
        and year < scenario.performance_year
        and one.agreement_start == scenario.agreement_start
    }


def levels(scenario: Scenario, plan: YearPlan, past: Past = NO_PAST) -> tuple[str, ...]:
    """Return the level of each year; in the scenario's own year it is the scenario's.

    Years of the past have the level they were settled under.

    Raises
    ------
    PlanError
        Where the rule does not let the contract do that.

    Source: 42 CFR 425.600(a)(4)

    Examples
    --------
    >>> levels(Scenario(), YearPlan(levels="B"))
    ('B', 'C', 'D', 'E', 'E')
    >>> levels(Scenario(level="B", performance_year=2026), YearPlan())
    ('A', 'B', 'C', 'D', 'E')
    """
    covered = years(scenario)
    usual = _levels(scenario, plan, covered)
    return tuple(
        str(past[year].level) if year in past else level
        for year, level in zip(covered, usual, strict=True)
    )


def _levels(scenario: Scenario, plan: YearPlan, covered: Sequence[int]) -> tuple[str, ...]:
    """Return the level of each year as the scenario's own year leads to it."""
    level, length = str(scenario.level), len(covered)
    if plan.levels == STAY and level in GLIDE_PATH and level not in MAY_STAY:
        raise PlanError(
            f"an ACO in {level} moves up every year; only {', '.join(MAY_STAY)} can be held"
        )
    if scenario.agreement_start < FIRST_LEVELS:
        if plan.levels not in ("", STAY):
            raise PlanError("there is no glide path in agreements before July 2019")
        return (level,) * length
    if plan.levels == STAY or (level not in GLIDE_PATH and not plan.levels):
        return (level,) * length
    first, own = (
        (plan.levels, 0) if plan.levels else (level, covered.index(int(scenario.performance_year)))
    )
    steps = np.arange(length) - own + GLIDE_PATH.index(first)
    return tuple(GLIDE_PATH[step] for step in np.clip(steps, 0, len(GLIDE_PATH) - 1))


def cells(
    scenario: Scenario, plan: YearPlan, past: Past = NO_PAST
) -> tuple[tuple[float, float], ...]:
    """Return cost reduction and quality score of each year.

    Source: ours

    Examples
    --------
    >>> [round(cut, 4) for cut, _ in cells(Scenario(), YearPlan(slow=True))]
    [0.0103, 0.0207, 0.031, 0.031, 0.031]
    """
    found = []
    for at, year in enumerate(years(scenario)):
        slow = plan.slow and at < len(SLOW) and year not in past
        of, reached = past.get(year, scenario), SLOW[at] if slow else 1.0
        cut = _cell(plan.cost_reduction, at, float(of.cost_reduction) * reached)
        found.append((cut, _cell(plan.quality_score, at, float(of.quality_score))))
    return tuple(found)


def with_cell(
    plan: YearPlan,
    scenario: Scenario,
    word: str,
    at: int,
    value: Fraction | None,
    past: Past = NO_PAST,
) -> YearPlan:
    """Return the plan with one year's own value; none where the year has that value anyway.

    Parameters
    ----------
    word : "cut" or "quality"
    at : place of the year, from 0
    value : fraction; None to follow the scenario again
    past : earlier years as they were settled

    Source: ours

    Examples
    --------
    >>> with_cell(YearPlan(), Scenario(), "cut", 1, 0.02).cost_reduction
    (None, 0.02, None, None, None)
    >>> write_plan(with_cell(YearPlan(), Scenario(), "cut", 1, 0.031)) is None
    True
    """
    given = list(getattr(plan, CELLS[word])) or [None] * len(years(scenario))
    given[at] = None
    usual = cells(scenario, _with(plan, word, given), past)[at][list(CELLS).index(word)]
    if value is not None and abs(value - usual) > SAME_RATE:
        given[at] = round(value, 12)
    return _with(plan, word, given)


def _with(plan: YearPlan, word: str, given: Sequence[float | None]) -> YearPlan:
    if word == "cut":
        return replace(plan, cost_reduction=tuple(given))
    return replace(plan, quality_score=tuple(given))


def _cell(given: Sequence[float | None], at: int, usual: float) -> float:
    value = given[at] if at < len(given) else None
    return usual if value is None else value


def agreement(scenario: Scenario, plan: YearPlan | None = None, past: Past = NO_PAST) -> Agreement:
    """Settle every year of an agreement, and rebase the next one on its last three.

    Years whose values are not published yet have the last published ones: ``Year.assumed``.

    Parameters
    ----------
    scenario : a single one; its levers hold in every year unless the plan says otherwise
    plan : what is not the same every year
    past : earlier years of the agreement as they were settled, which no lever moves

    Raises
    ------
    PlanError
        Where the plan does not fit the contract.

    Source: ours; each year is 42 CFR 425.601-425.610 and 425.652-425.662

    Examples
    --------
    >>> five = agreement(Scenario(national_growth=0.051, regional_growth=0.051))
    >>> [round(float(year.result.payment)) for year in five.years][:2]
    [6516510, 9131803]
    >>> round(five.rebased.benchmark, 2), round(five.rebased.taken_back, 3)
    (15616.0, 0.5)
    """
    found, settled = [], []
    plan = plan or YearPlan()
    for number, (row, drawn) in enumerate(_rows(scenario, plan, past), 1):
        rules = rules_in_force(row.performance_year, row.agreement_start, row.assume_last_published)
        target = updated_target(row, rules)
        result = settle_target(row, rules, target)
        around = (row, target) if row is drawn else (drawn, updated_target(drawn, rules))
        settled.append(_Settled(row, target, result, *around))
        before = past.get(int(row.performance_year))
        weight = np.asarray(target.adjusted_benchmark * row.person_year_share)
        found.append(
            Year(
                number=number,
                year=int(row.performance_year),
                level=str(row.level),
                cost_reduction=float(row.cost_reduction[AS_PLANNED]),
                quality_score=float(row.quality_score),
                assumed=int(row.performance_year) > PERFORMANCE_YEARS[1],
                risk_ratio=_mean(target.risk_ratio, weight),
                risk_factor=_mean(target.risk_factor, weight),
                result=result[AS_PLANNED],
                of_the_past=before is not None,
                as_settled=before is not None and _untouched(row, before),
            )
        )
    rebased = None
    if scenario.agreement_start >= FIRST_LEVELS:
        rebased = _rebase(settled[-REBASED_ON:])
    return Agreement(tuple(found), rebased)


class _Settled(NamedTuple):
    """One year on its way: both rows, as planned and without the cut.

    ``drawn`` is the year as the scenario draws it, which a year of the past is not: nation and
    region go on from year to year as they do there.
    """

    row: Scenario
    target: Target
    result: Result
    drawn: Scenario
    drawn_target: Target


def _untouched(row: Scenario, before: Scenario) -> bool:
    cut = float(np.asarray(row.cost_reduction)[AS_PLANNED])
    return bool(cut == before.cost_reduction and row.quality_score == before.quality_score)


def _rows(scenario: Scenario, plan: YearPlan, past: Past) -> Iterator[tuple[Scenario, Scenario]]:
    """Yield each year, and the same as the scenario draws it where it was settled otherwise.

    Both hold two rows: as planned, and with no cost reduction in any year.
    """
    steps = zip(
        years(scenario), levels(scenario, plan, past), cells(scenario, plan, past), strict=True
    )
    for year, level, (cut, score) in steps:
        own = year == scenario.performance_year
        both = np.array([cut, 0.0])
        drawn = _taken_on_trust(
            scenario,
            performance_year=year,
            level=level,
            cost_reduction=both,
            quality_score=score,
            performance_year_months=scenario.performance_year_months if own else None,
            months_in_program=scenario.months_in_program if own else None,
            ended_by_cms=scenario.ended_by_cms if own else False,
            assume_last_published=True,
        )
        row = drawn
        if year in past:
            row = _taken_on_trust(past[year], cost_reduction=both, quality_score=score)
        yield row, drawn


def _taken_on_trust(scenario: Scenario, **fields: Any) -> Scenario:  # noqa: ANN401
    """Return a scenario with fields no lever could hold: years to come, history made here."""
    return scenario.flat().with_columns(fields)


def _mean(ratio: Ratio, weight: Dollars) -> float:
    return float(np.sum(ratio * weight) / np.sum(weight))


def _rebase(settled: Sequence[_Settled]) -> Rebased:
    """Return the next agreement's target, from the last three years of this one.

    Source: 42 CFR 425.601, 425.652, 425.656, 425.658
    """
    rows = [year.row for year in settled]
    last = rows[-1]
    start = dt.date(int(last.performance_year) + 1, 1, 1)
    rules = rules_in_force(start.year, start, assume_last=True)
    savings = np.mean(
        [one.result.gross_savings / one.result.person_years for one in settled], axis=0
    )
    following = _taken_on_trust(
        last,
        performance_year=start.year,
        agreement_start=start,
        agreement_period=period_after(last.agreement_period),
        regional_adjustment_period=period_after(last.regional_adjustment_period),
        expenditure=np.stack([_own(one.row, one.target) for one in settled], axis=-2),
        cost_per_person=None,
        risk_score=np.stack([_risk_score(row) for row in rows], axis=-2),
        person_year_share_by3=last.person_year_share,
        national_expenditure=np.stack([_nation(one.drawn) for one in settled], axis=-2),
        regional_expenditure=np.stack(
            [_region(one.drawn, one.drawn_target) for one in settled], axis=-2
        ),
        regional_level=0.0,
        market_share_by3=last.market_share,
        market_share_by3_by_type=last.market_share_by_type,
        prior_savings_per_person=savings,
        benchmark_calibration=1.0,
    )
    history = benchmark.historical_benchmark(
        following.expenditure,
        following.risk_score,
        trend_to_by3(following),
        year_weight(following, rules),
    )
    found = adjust(following, rules, history)
    mix = np.asarray(last.person_year_share)
    total = np.vecdot(history + found.adjustment, mix)
    spent = settled[-1].result.expenditure_total / settled[-1].result.person_years
    expected = float(spent[WITHOUT_CUT])
    cut = float(np.mean([row.cost_reduction[AS_PLANNED] for row in rows]))
    lower = float(total[WITHOUT_CUT] - total[AS_PLANNED])
    net = np.broadcast_to(np.vecdot(found.adjustment, mix), total.shape)
    region = np.vecdot(history + found.regional_difference, mix)
    below, above = regional_weights(following, rules)
    return Rebased(
        start=start,
        rebased_on=tuple(int(row.performance_year) for row in rows),
        expected=expected,
        historical_benchmark=float(np.vecdot(history, mix)[AS_PLANNED]),
        region=float(np.broadcast_to(region, total.shape)[AS_PLANNED]),
        regional_adjustment_weight=float(
            below if np.vecdot(found.regional_difference, mix)[AS_PLANNED] >= 0 else above
        ),
        mean_savings=float(savings[AS_PLANNED]),
        prior_savings_share=float(rules.prior_savings_share),
        regional_adjustment=float(found.net_regional_adjustment[AS_PLANNED]),
        prior_savings_adjustment=float(found.prior_savings_adjustment[AS_PLANNED]),
        population_adjustment=float(
            np.broadcast_to(found.population_adjustment, total.shape)[AS_PLANNED]
        ),
        kind=int(np.broadcast_to(found.kind, total.shape)[AS_PLANNED]),
        adjustment=float(net[AS_PLANNED]),
        benchmark=float(total[AS_PLANNED]),
        benchmark_without_cut=float(total[WITHOUT_CUT]),
        saved=cut * expected,
        taken_back=lower / (cut * expected) if cut else None,
    )


def period_after(period: float | None) -> float | None:
    """Return the number of the period after this one, as far as periods are counted."""
    last = quantities()["agreement_period"].allowed[1]
    return None if period is None else min(period + 1, last)


def _own(row: Scenario, target: Target) -> Dollars:
    """Return what a person-year costs by enrollment type, in the year of a row."""
    by3, ratio = own_growth(row, np.asarray(target.expenditure_history)[benchmark.BY3])
    return benchmark.performance_year_expenditure(
        by3[..., None, :],
        ratio,
        growth_beyond_own(row),
        np.asarray(row.cost_reduction)[..., None],
        np.eye(len(TYPES)),
    )


def _risk_score(row: Scenario) -> Ratio:
    growth = (1 + row.risk_growth) ** years_from_by3(row)
    return np.asarray(row.risk_score_performance_year) * growth


def _nation(row: Scenario) -> Dollars:
    rate = refined(row.national_growth, row.national_growth_by_type)
    growth = (1 + rate) ** years_from_by3(row)
    return np.asarray(row.national_expenditure)[benchmark.BY3] * growth


def _region(row: Scenario, target: Target) -> Dollars:
    """Return the region's level at average risk: that of BY3, grown as its spending grew.

    Source: ours; the regional level of the others goes on growing
    """
    level = target.adjustments.regional_difference + target.historical_benchmark
    before = np.asarray(row.risk_score)[benchmark.BY3]
    spent = target.growth.regional_ratio / target.growth.regional_risk_factor
    return np.asarray(level / before * spent)
