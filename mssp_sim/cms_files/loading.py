"""A real ACO as a scenario: what CMS published fills it, what it did not is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd

from mssp_sim.cms_files.reproduction import LOW_REVENUE, agreement_start, elected
from mssp_sim.parameters import Rules, rules_in_force
from mssp_sim.quantity import HALF_YEAR
from mssp_sim.scenario import (
    BY_SIZE,
    FIRST_LEVELS,
    Scenario,
    ScenarioError,
    performance_years,
)
from mssp_sim.simulation import settle, settled_person_years, spending, updated_target
from mssp_sim.target import years_from_by3
from mssp_sim.units import TYPE_WORDS

BENCHMARK_YEARS = ("by1", "by2", "by3")
SLOWEST, FASTEST = -0.2, 0.3
ASSUMED = ("market_share", "market_share_by3", "national_growth", "regional_growth",
           "prospective_trend", "regional_level", "national_expenditure",
           "participant_revenue_share")  # fmt: skip
"""Fields that no results file holds; they stay at the defaults."""


class NotLoadableError(ValueError):
    """An ACO whose file lacks what a scenario needs; says what is missing."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A published ACO as a scenario, with CMS's own figure and what had to be assumed."""

    scenario: Scenario
    name: str
    published: float
    assumed: tuple[str, ...] = ASSUMED


def load(row: Mapping[str, Any] | pd.Series) -> Loaded:
    """Return the scenario that settles to what CMS published for one ACO.

    History, size, contract and quality are CMS's. Cost reduction is 0; the ACO's own growth
    brings its history to CMS's spending, and ``benchmark_calibration``, one ratio kept while
    levers move, brings our target to CMS's.

    Parameters
    ----------
    row : one row of what ``read`` returns

    Raises
    ------
    NotLoadableError
        Names the columns that are missing.

    Source: ours
    """
    table = pd.DataFrame([dict(row)])
    missing = [column for column in _needed() if pd.isna(table[column].iloc[0])]
    if missing:
        raise NotLoadableError(
            f"{row['aco_name']} cannot be loaded: its row lacks {', '.join(missing[:3])}"
            f"{' and more' if len(missing) > 3 else ''}."  # noqa: PLR2004
        )
    try:
        scenario = _scenario(row, table)
    except ScenarioError as fault:
        raise NotLoadableError(f"{row['aco_name']} cannot be loaded: {fault}") from fault
    return Loaded(scenario, str(row["aco_name"]), float(row["payment"]))


def _scenario(row: Mapping[str, Any] | pd.Series, table: pd.DataFrame) -> Scenario:
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
        person_years_ratio=float(row["person_years"]) / float(row["assigned_beneficiaries"]),
        performance_year_months=HALF_YEAR if row["half_year"] else None,
        expenditure=_by_year(row, "expenditure"),
        risk_score=_by_year(row, "risk_score"),
        risk_score_performance_year=[float(row[f"risk_score_{t}_py"]) for t in TYPE_WORDS],
        person_year_share_by3=_shares(row, "by3"),
        person_year_share=_shares(row, "py"),
        cost_reduction=0.0,
        quality_score=min(max(float(np.nan_to_num(row["quality_score"])), 0.0), 1.0),
        quality_standard_met=bool(row["quality_standard_met"]),
        alternative_standard_met=bool(row["alternative_standard_met"]),
        participant_revenue_share=_revenue(row, start >= FIRST_LEVELS),
    )
    return _fit(first, row, rules)


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
    flat = replace(scenario, own_growth=0.0)
    target = updated_target(flat, rules)
    ratio = float(row["expenditure_total"]) / float(spending(flat, target) * people)
    growth = min(max(ratio ** (1 / years) - 1, SLOWEST), FASTEST)
    fitted = replace(
        scenario,
        own_growth=growth,
        cost_reduction=1 - ratio / (1 + growth) ** years if growth in (SLOWEST, FASTEST) else 0.0,
        benchmark_calibration=float(row["benchmark_total"]) / float(target.benchmark * people),
    )
    loss = settle(
        fitted,
        rules,
        benchmark_total=float(row["benchmark_total"]),
        expenditure_total=float(row["expenditure_total"]),
    ).shared_losses
    adjustment = float(row["disaster_adjustment"]) * (0.5 if row["half_year"] else 1.0)
    share = min(adjustment / float(loss), 1.0) if loss > 0 else 0.0
    return replace(fitted, disaster_share=share)
