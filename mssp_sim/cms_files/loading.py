"""A real ACO as a scenario: what CMS published fills it, what it did not is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd

from mssp_sim.cms_files import published
from mssp_sim.cms_files.reproduction import LOW_REVENUE, agreement_start, elected
from mssp_sim.parameters import Rules, rules_in_force
from mssp_sim.quantity import HALF_YEAR
from mssp_sim.result import full_standard
from mssp_sim.rules import benchmark
from mssp_sim.scenario import (
    BY_SIZE,
    FIRST_LEVELS,
    Scenario,
    ScenarioError,
    performance_years,
)
from mssp_sim.simulation import (
    judge_quality,
    settle,
    settled_person_years,
    spending,
    updated_target,
)
from mssp_sim.target import adjust, years_from_by3
from mssp_sim.units import TYPE_WORDS, Array

BENCHMARK_YEARS = ("by1", "by2", "by3")
SLOWEST, FASTEST = -0.2, 0.3
LOWEST_LEVEL, HIGHEST_LEVEL = -0.6, 1.0
PARTS, NARROWINGS = 100, 6
"""A level is sought between two of so many parts, so many times."""

ROUNDED_DOLLAR = 0.5
"""CMS prints the adjustment in whole dollars."""

SMALLEST_CELL, LARGEST_CELL = 1, 10
"""People CMS hides in a small cell."""

ASSUMED = ("market_share", "market_share_by3", "national_growth", "regional_growth",
           "prospective_trend", "regional_level", "national_expenditure",
           "participant_revenue_share")  # fmt: skip
"""Fields that no results file holds; they stay at the defaults where nothing implies them."""

MARKET_SHARE_RANGE = {"aged_dual": (0.01, 0.26), "aged_non_dual": (0.02, 0.45)}
"""5th and 95th percentile over 333 ACOs, from county files of 2014 and 2018."""

CLOSE = 0.005
"""How near to 1 a calibration is that hides nothing."""

A_CENT = 0.005

SCORE_ROUNDED = 5e-5
"""CMS prints quality scores to four digits."""

LEAST_SHARE = 0.1
"""Where a dollar of target moves the payment by less, it moves it by nothing but noise."""

HALF_A_DOLLAR = 0.5
"""CMS prints target, spending and payment in whole dollars."""


class NotLoadableError(ValueError):
    """An ACO whose file lacks what a scenario needs; says what is missing."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A published ACO as a scenario, with CMS's own figure and what had to be assumed.

    ``filled`` names the columns of hidden small cells that were filled. ``adjustment`` is what
    CMS added to the historical benchmark in dollars a person, None where no file tells.
    ``trend`` is the one rate a year that nation and region together grew by, None where it
    cannot be told. ``regional_levels`` is the regional level that the adjustment implies at the
    weight of the first period and at that of the second, None where a weight cannot give it.
    """

    scenario: Scenario
    name: str
    published: float
    assumed: tuple[str, ...] = ASSUMED
    filled: tuple[str, ...] = ()
    adjustment: float | None = None
    trend: float | None = None
    regional_levels: tuple[float | None, float | None] = (None, None)

    @property
    def calibration_note(self) -> str:
        """What ``benchmark_calibration`` holds, empty where it hides nothing."""
        held = float(self.scenario.benchmark_calibration)
        if abs(held - 1) <= CLOSE:
            return ""
        if self.adjustment is None:
            return (
                f"The target is calibrated by {held:.3f}: the file of this year does not tell "
                "the adjustment in dollars, so that it and the trend are not known."
            )
        return (
            f"The target is calibrated by {held:.3f}: no trend a year within the range of the "
            "simulator gives what CMS printed."
        )


def load(row: Mapping[str, Any] | pd.Series) -> Loaded:
    """Return the scenario that settles to what CMS published for one ACO, as what it did.

    History, size, contract and quality are CMS's. Cost reduction is the ACO's savings rate, and
    its own growth is what would have brought it to the target without that. Where CMS prints
    the adjustment (2022 on), history is scaled to the benchmark before it, the regional level or
    the earlier savings give its dollars, and one trend brings it to the updated benchmark;
    ``benchmark_calibration``, one ratio kept while levers move, holds what is left.

    Hidden small cells are filled: person-years from the total, spending and risk scores from the
    ACO's other years, else from the median ACO of the year.

    Parameters
    ----------
    row : one row of what ``read`` returns

    Raises
    ------
    NotLoadableError
        Names what the row lacks.

    Source: ours
    """
    table = pd.DataFrame([dict(row)])
    history = [f"expenditure_{t}_{y}" for t in TYPE_WORDS for y in BENCHMARK_YEARS]
    if table[history].isna().all(axis=None):
        raise NotLoadableError(
            f"{row['aco_name']} cannot be loaded: no spending by type in this year's file "
            "for its benchmark years."
        )
    table, cells = _fill(table)
    missing = _missing(table)
    if missing:
        raise NotLoadableError(
            f"{row['aco_name']} cannot be loaded: its row lacks {', '.join(missing[:3])}"
            f"{' and more' if len(missing) > 3 else ''}."  # noqa: PLR2004
        )
    try:
        return _loaded(table.iloc[0], table, cells)
    except ScenarioError as fault:
        raise NotLoadableError(f"{row['aco_name']} cannot be loaded: {fault}") from fault


def load_all(frame: pd.DataFrame) -> tuple[tuple[Loaded, ...], tuple[str, ...]]:
    """Return every ACO that can be loaded, in the order of the file, and why the others cannot.

    Parameters
    ----------
    frame : as ``read`` returns it

    Source: ours
    """
    loaded, refused = [], []
    for row in cast(list[Mapping[str, Any]], frame.to_dict("records")):
        try:
            loaded.append(load(row))
        except NotLoadableError as fault:
            refused.append(str(fault))
    return tuple(loaded), tuple(refused)


def _fill(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the row with its hidden small cells filled, and which they were."""
    hidden = _missing(table)
    if not any(column.startswith("person_years_") for column in hidden) and not any(
        "_esrd_" in column for column in hidden
    ):
        return table, ()
    row, filled = table.iloc[0].to_dict(), []
    for year in ("by3", "py"):
        filled += _fill_people(row, year)
    for column in hidden:
        what, _, rest = column.partition("_esrd_")
        if not rest or what not in {"expenditure", "risk_score"}:
            continue
        others = [row[f"{what}_esrd_{y}"] for y in (*BENCHMARK_YEARS, "py")]
        known = [value for value in others if not pd.isna(value) and value > 0]
        value = float(np.mean(known)) if known else medians(int(row["performance_year"]))[column]
        if not np.isnan(value):
            table[column] = value
            filled.append(column)
    for name in filled:
        if name.startswith("person_years_"):
            table[name] = row[name]
    return table, tuple(filled)


def _fill_people(row: dict[Any, Any], year: str) -> list[str]:
    """Fill one year's hidden person-years; with two hidden, one of them is a small cell."""
    names = [f"person_years_{t}_{year}" for t in TYPE_WORDS]
    hidden = [name for name in names if pd.isna(row[name])]
    if not hidden:
        return []
    small, *others = hidden
    middle = (SMALLEST_CELL + LARGEST_CELL) / 2
    if year == "by3":
        # The file has no total of benchmark year 3, so that only one small cell can be filled.
        if others:
            return []
        row[small] = middle
        return hidden
    rest = float(row["person_years"]) - sum(float(row[n]) for n in names if n not in hidden)
    if len(others) > 1:
        return []
    row[small] = min(max(rest, SMALLEST_CELL), LARGEST_CELL) if not others else middle
    if others:
        row[others[0]] = max(rest - middle, SMALLEST_CELL)
    return hidden


@cache
def medians(year: int) -> Mapping[str, float]:
    """Return the year's median over ACOs of spending and risk scores of people with ESRD.

    A year that is not inside takes the medians of the latest.
    """
    columns = [f"{what}_esrd_{y}" for what in ("expenditure", "risk_score")
               for y in (*BENCHMARK_YEARS, "py")]  # fmt: skip
    frame = published.results((*columns, "performance_year"))
    years = frame["performance_year"]
    chosen = frame.loc[years == (year if (years == year).any() else years.max()), columns]
    return {str(name): float(value) for name, value in chosen.median().items()}


def _loaded(row: pd.Series, table: pd.DataFrame, filled: tuple[str, ...]) -> Loaded:
    first, rules = _scenario(row, table)
    applied = row.get("adjustment_applied", np.nan)
    if pd.isna(applied) or pd.isna(row["historical_benchmark"]):
        fitted = _fit(first, row, rules)
        return Loaded(fitted, str(row["aco_name"]), float(row["payment"]), filled=filled)
    adjusted, levels, told = _adjusted(first, row, rules, float(applied))
    trended, trend = _trended(adjusted, row, rules)
    fitted = _fit(trended, row, rules)
    return Loaded(
        fitted,
        str(row["aco_name"]),
        float(row["payment"]),
        tuple(name for name in ASSUMED if name not in told),
        filled,
        float(applied),
        trend,
        levels,
    )


def _adjusted(
    scenario: Scenario, row: pd.Series, rules: Rules, applied: float
) -> tuple[Scenario, tuple[float | None, float | None], tuple[str, ...]]:
    """Return the scenario whose historical benchmark and adjustment are CMS's."""
    mix = np.asarray(scenario.person_year_share_by3)
    before = float(row["historical_benchmark"]) - applied
    ours = float(np.vecdot(updated_target(scenario, rules).historical_benchmark, mix))
    scaled = replace(scenario, expenditure=np.asarray(scenario.expenditure) * (before / ours))
    if str(row.get("adjustment_category")).casefold().startswith("prior"):
        national = np.asarray(scenario.national_expenditure)[-1]
        cap = float(np.vecdot(national, mix)) * rules.prior_savings_cap
        share = float(rules.prior_savings_share)
        each = applied / share if 0 < applied < cap and share > 0 else 0.0
        return replace(scaled, prior_savings_per_person=each), (None, None), ()
    if applied == 0:
        return scaled, (0.0, 0.0), ("regional_level",)
    at = [replace(scaled, regional_adjustment_period=period) for period in (1, 2)]
    first, second = (_level(one, rules, applied) for one in at)
    chosen = first if first is not None else second
    if chosen is None:
        return scaled, (None, None), ()
    period = 1 if first is not None else 2
    found = replace(scaled, regional_level=chosen, regional_adjustment_period=period)
    return found, (first, second), ("regional_level",)


def _level(scenario: Scenario, rules: Rules, applied: float) -> float | None:
    """Return the regional level whose adjustment is the one applied; it grows with the level."""
    mix = np.asarray(scenario.person_year_share_by3)
    historical = updated_target(scenario, rules).historical_benchmark

    def given(levels: Array) -> Array:
        many = scenario.with_columns({"regional_level": levels})
        found: Array = np.vecdot(adjust(many, rules, historical).adjustment, mix)
        return found

    low, high = LOWEST_LEVEL, HIGHEST_LEVEL
    lowest, highest = given(np.array([low, high]))
    if not lowest <= applied <= highest:
        return None
    for _ in range(NARROWINGS):  # many levels at once: one at a time costs five times as much
        levels = np.linspace(low, high, PARTS + 1)
        above = int(np.argmax(given(levels) >= applied)) or 1
        low, high = float(levels[above - 1]), float(levels[above])
    found = float(given(np.array([low, high]))[1])
    return high if abs(found - applied) <= ROUNDED_DOLLAR else None


def _trended(scenario: Scenario, row: pd.Series, rules: Rules) -> tuple[Scenario, float | None]:
    """Return the scenario with the one trend that brings the benchmark to CMS's."""
    years = years_from_by3(scenario)
    target = updated_target(scenario, rules)
    flat = benchmark.updated_benchmark(
        target.adjusted_benchmark, target.risk_factor, np.ones(4),
        np.asarray(scenario.person_year_share),
    )  # fmt: skip
    people = float(settled_person_years(scenario))
    rate = (float(row["benchmark_total"]) / float(flat * people)) ** (1 / years) - 1
    kept = min(max(rate, SLOWEST), FASTEST)
    trended = replace(scenario, national_growth=kept, regional_growth=kept, prospective_trend=kept)
    return trended, rate


def _scenario(row: Mapping[str, Any] | pd.Series, table: pd.DataFrame) -> tuple[Scenario, Rules]:
    year = int(row["performance_year"])
    start = _start(table, year)
    rules = rules_in_force(year, start)
    first = Scenario(
        performance_year=year,
        agreement_start=start,
        agreement_period=_period(row, year == performance_years(start)[0]),
        level=str(row["level"]),
        minimum_election=_election(table, rules),
        assigned_beneficiaries=float(row["assigned_beneficiaries"]),
        person_years_ratio=_person_years(row) / float(row["assigned_beneficiaries"]),
        performance_year_months=HALF_YEAR if row["half_year"] else None,
        expenditure=_by_year(row, "expenditure"),
        risk_score=_by_year(row, "risk_score"),
        risk_score_performance_year=[float(row[f"risk_score_{t}_py"]) for t in TYPE_WORDS],
        person_year_share_by3=_shares(row, "by3"),
        person_year_share=_shares(row, "py"),
        cost_reduction=0.0,
        quality_score=min(max(float(np.nan_to_num(row["quality_score"])), 0.0), 1.0),
        quality_standard_met=bool(row["quality_standard_met"]),
        guardrail_applied=True if rules.prospective_trend_guardrail and row["guardrail"] else None,
        alternative_standard_met=bool(row["alternative_standard_met"]),
        participant_revenue_share=_revenue(row, start >= FIRST_LEVELS),
    )
    return _by_score(_on_the_floor(first, rules), rules), rules


def _on_the_floor(scenario: Scenario, rules: Rules) -> Scenario:
    """Return an ACO whose score is the year's floor for disasters as one that the floor lifted.

    No file of 2021 on tells whom a disaster touched; four digits meet the floor by chance in
    about one row in 2,500, and dozens of rows a year stand on it.
    """
    floor = float(rules.disaster_quality_floor)
    if np.isinf(floor):
        floor = float(full_standard(scenario, rules))
    if floor == 0 or abs(float(scenario.quality_score) - floor) >= SCORE_ROUNDED:
        return scenario
    return replace(scenario, in_disaster_area=True)


def _by_score(scenario: Scenario, rules: Rules) -> Scenario:
    """Leave the standard to the score where that says what CMS said, so that the score counts."""
    free = replace(scenario, quality_standard_met=None)
    said, derived = judge_quality(scenario, rules), judge_quality(free, rules)
    same = said.met == derived.met and said.final_sharing_rate == derived.final_sharing_rate
    same = same and said.shared_loss_rate == derived.shared_loss_rate and not derived.deemed
    return free if same else scenario


def _missing(table: pd.DataFrame) -> list[str]:
    """Return the columns that a scenario needs and the one row has not."""
    found = table[_needed()].isna().iloc[0]
    return [str(column) for column in found.index[found]]


@cache
def _needed() -> list[str]:
    columns = [f"{what}_{t}_{y}" for what in ("expenditure", "risk_score") for t in TYPE_WORDS
               for y in (*BENCHMARK_YEARS, "py")]  # fmt: skip
    columns += [f"person_years_{t}_{y}" for t in TYPE_WORDS for y in ("by3", "py")]
    return [*columns, "assigned_beneficiaries", "person_years", "benchmark_total"]


def _start(table: pd.DataFrame, year: int) -> Any:  # noqa: ANN401  (a date)
    """Return the first day of the agreement, or one whose years hold this one."""
    known = table["agreement_start"].iloc[0]
    if not pd.isna(known):
        day = cast(pd.Timestamp, known).date()
        historic = table["level"].iloc[0].isdigit() or table["level"].iloc[0] == "1+"
        try:
            if year in performance_years(day) and historic == (day < FIRST_LEVELS):
                return day
        except KeyError:
            pass
    return agreement_start(table.drop(columns="agreement_start")).iloc[0]


def _person_years(row: Mapping[str, Any] | pd.Series) -> float:
    """Return the person-years, within their rounding, that bring CMS's total benchmark each."""
    printed = float(row["person_years"])
    if pd.isna(row["benchmark"]):
        return printed
    whole = float(row["benchmark_total"]) / (0.5 if row["half_year"] else 1.0)
    exact = whole / float(row["benchmark"])
    return min(max(exact, printed - 0.5), printed + 0.5, float(row["assigned_beneficiaries"]))


def _period(row: Mapping[str, Any] | pd.Series, first_year: bool) -> int:  # noqa: FBT001
    """Return the agreement period; CMS's printed score already says what a first year counts."""
    period = row["agreement_period"]
    known = 2 if pd.isna(period) else int(min(max(period, 1), 5))
    return 2 if known == 1 and first_year else known


def _election(table: pd.DataFrame, rules: Rules) -> float | str:
    people = table["assigned_beneficiaries"].to_numpy(float)
    chosen = elected(table["minimum_savings_rate"].to_numpy(float), people, rules)[0]
    return BY_SIZE if np.isnan(chosen) else float(chosen)


def _by_year(row: Mapping[str, Any] | pd.Series, what: str) -> list[list[float]]:
    return [[float(row[f"{what}_{t}_{y}"]) for t in TYPE_WORDS] for y in BENCHMARK_YEARS]


def _shares(row: Mapping[str, Any] | pd.Series, year: str) -> Any:  # noqa: ANN401
    counts = np.array([float(row[f"person_years_{t}_{year}"]) for t in TYPE_WORDS])
    return counts / counts.sum()


def _revenue(row: Mapping[str, Any] | pd.Series, half_rate_known: bool) -> float:  # noqa: FBT001
    """Return a share of revenue on CMS's side of the low-revenue line.

    Before 2024 only the loss limit asks for it, which no file tells; a high share keeps that
    limit from binding.
    """
    low = bool(row["low_revenue"]) and half_rate_known and bool(row["reduced_sharing"])
    return LOW_REVENUE if low else Scenario().participant_revenue_share * 2


def _fit(scenario: Scenario, row: Mapping[str, Any] | pd.Series, rules: Rules) -> Scenario:
    """Return the scenario with CMS's spending, target and disaster adjustment."""
    years, people = years_from_by3(scenario), settled_person_years(scenario)
    flat = replace(scenario, own_growth=0.0, cost_reduction=0.0)
    target = updated_target(flat, rules)
    each = float(spending(flat, target) * people)
    benchmark_total, spent = float(row["benchmark_total"]), float(row["expenditure_total"])
    growth = min(max((benchmark_total / each) ** (1 / years) - 1, SLOWEST), FASTEST)
    fitted = replace(
        scenario,
        own_growth=growth,
        cost_reduction=1 - spent / (each * (1 + growth) ** years),
        benchmark_calibration=benchmark_total / float(target.benchmark * people),
    )
    loss = settle(
        fitted, rules, benchmark_total=benchmark_total, expenditure_total=spent
    ).shared_losses
    adjustment = float(row["disaster_adjustment"]) * (0.5 if row["half_year"] else 1.0)
    share = min(adjustment / float(loss), 1.0) if loss > 0 else 0.0
    if row["payment"] == 0 and 0 < loss - adjustment <= 2 * HALF_A_DOLLAR:
        share = 1.0  # all of it was forgiven, each figure printed in whole dollars
    return _to_the_dollar(replace(fitted, disaster_share=share), row, rules, benchmark_total, spent)


def _to_the_dollar(
    scenario: Scenario,
    row: Mapping[str, Any] | pd.Series,
    rules: Rules,
    benchmark_total: float,
    spent: float,
) -> Scenario:
    """Return the scenario whose payment is CMS's figure, the target moved within its rounding.

    CMS settles unrounded totals and prints whole dollars of each. What the three roundings cannot
    explain stays as it is.
    """
    published = float(row["payment"])

    def payment(total: float) -> float:
        return float(
            settle(scenario, rules, benchmark_total=total, expenditure_total=spent).payment
        )

    now = payment(benchmark_total)
    slope = payment(benchmark_total + HALF_A_DOLLAR) - now
    slope /= HALF_A_DOLLAR
    if slope < LEAST_SHARE:
        return scenario
    moved = (published - now) / slope
    if abs(moved) > 2 * HALF_A_DOLLAR + HALF_A_DOLLAR / slope:
        return scenario
    exact = benchmark_total + moved
    if abs(payment(exact) - published) >= A_CENT:
        return scenario
    return replace(
        scenario, benchmark_calibration=scenario.benchmark_calibration * (exact / benchmark_total)
    )
