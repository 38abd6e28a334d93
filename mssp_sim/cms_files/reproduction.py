"""CMS's own settlements, settled again by our rules."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd

from mssp_sim.cms_files._error import ResultsFileError, clip
from mssp_sim.cms_files.proven import Match
from mssp_sim.parameters import CONTRACTS, TRACKS, Rules, rules_in_force
from mssp_sim.scenario import FIRST_LEVELS, Scenario, agreement_starts, performance_years
from mssp_sim.simulation import Result, settle

RELATIVE, ROUNDED = 1e-4, 1.5
"""A row is within 0.01 percent, or within $1.50 because both sides are rounded to dollars."""

REVENUE_LIMIT = "revenue-based loss limit"
UNEXPLAINED = "unexplained"
COLUMNS = (
    "aco_id", "aco_name", "performance_year", "level", "published", "reproduced", "difference",
    "relative_difference", "within", "cause", "generated_published", "generated",
)  # fmt: skip
LOW_REVENUE, HIGH_REVENUE = 0.2, 1.0
"""Stand-ins for a revenue no file gives: only the side of the 35 percent line is known."""

LOSS_RATE, LOW_REVENUE_LINE = 0.30, 0.35
"""The loss rate of Track 1+ and BASIC, and the revenue share that divides low from high."""

UNKNOWN_REVENUE = 1e15
"""Dollars at which the loss limit on revenue never binds."""


def reproduce(frame: pd.DataFrame) -> pd.DataFrame:
    """Return CMS's settlement of every ACO beside ours.

    Ours uses benchmark, spending, size, contract, choice of minimum, quality, whether the
    standards were met, and the disaster adjustment; never CMS's generated savings nor its
    printed final rate.

    Parameters
    ----------
    frame : as ``read`` returns it; years may be mixed

    Returns
    -------
    one row an ACO, in the same order, with ``COLUMNS``

    Source: ours
    """
    reproduced = np.full(len(frame), np.nan)
    generated = np.full(len(frame), np.nan)
    revenue_limit = np.full(len(frame), np.nan)
    for rows, result in each_settled(frame):
        part = frame.iloc[rows]
        reproduced[rows] = result.payment
        generated[rows] = _generated(result, part)
        ((year, start, _),) = result.scenario.years_and_starts()
        contracts = [CONTRACTS.index(level) for level in part["level"]]
        limits = rules_in_force(year, start).loss_recoupment_limit_revenue
        revenue_limit[rows] = np.asarray(limits)[contracts]
    limited = limited_by_revenue(frame, revenue_limit)
    return _compared(frame, reproduced, generated, limited)


def counted(frame: pd.DataFrame) -> Match:
    """Settle rows again and return how many are as CMS settled them.

    Parameters
    ----------
    frame : as ``read`` returns it

    Source: ours
    """
    years = frame["performance_year"]
    within = int(reproduce(frame)["within"].sum())
    return Match(len(frame), within, RELATIVE, int(years.min()), int(years.max()))


def each_settled(frame: pd.DataFrame) -> Iterator[tuple[Any, Result]]:
    """Yield the settlement of every year and start of agreement, with the rows it is of.

    Parameters
    ----------
    frame : as ``read`` returns it; years may be mixed
    """
    starts = agreement_start(frame)
    groups = frame.groupby([frame["performance_year"], starts], sort=False).indices
    for key, rows in groups.items():
        year, start = cast(tuple[int, dt.date], key)
        rules = rules_in_force(int(year), start)
        yield rows, settled(frame.iloc[rows], int(year), start, rules)


def limited_by_revenue(frame: pd.DataFrame, revenue_limit: Any) -> Any:  # noqa: ANN401  (arrays)
    """Return whether the limit on the participants' revenue explains the losses CMS printed.

    The losses before the disaster adjustment must lie below the loss rate of the contract, and
    must imply a revenue below the line of low revenue. Where CMS prints that the limit does not
    apply, it does not; where the file has no such column, that is unknown.

    Parameters
    ----------
    frame : rows as ``read`` returns them
    revenue_limit : one a row, the limit as a share of revenue; NaN where there is none

    Source: ours; 42 CFR 425.605(d)(1)(iii) to (v)
    """
    loss = np.maximum(-frame["gross_savings"].to_numpy(float), 0.0)
    taken = frame["disaster_adjustment"].to_numpy(float)
    taken = taken * np.where(frame["half_year"].to_numpy(bool), 0.5, 1.0)
    before = -frame["payment"].to_numpy(float) + taken
    share = np.divide(
        before,
        revenue_limit * frame["expenditure_total"].to_numpy(float),
        out=np.full(len(frame), np.nan),
        where=revenue_limit > 0,
    )
    low = np.array([flag is True for flag in frame["low_revenue"]])
    possible = np.array([flag is not False for flag in frame["revenue_loss_limit"]])
    smaller = before < LOSS_RATE * loss - ROUNDED
    return low & possible & smaller & (share < LOW_REVENUE_LINE)


def agreement_start(frame: pd.DataFrame) -> pd.Series:
    """Return the first day of each agreement; where a file has none, one with the same rules."""
    known = (
        frame["agreement_start"] if "agreement_start" in frame else pd.Series(pd.NaT, frame.index)
    )
    rows = zip(frame["performance_year"].astype(int), frame["level"], known, strict=True)
    return pd.Series(
        [_start(year, level, None if pd.isna(day) else day.date()) for year, level, day in rows],
        frame.index,
    )


@cache
def _start(year: int, level: str, known: dt.date | None) -> dt.date:
    possible = [
        start
        for start in agreement_starts()
        if (start < FIRST_LEVELS) == (level in TRACKS) and year in performance_years(start)
    ]
    if not possible:
        raise ResultsFileError(
            f"contract {clip(level)} in performance year {year} is none these rules know"
        )
    if level in TRACKS:
        return possible[-1]
    return known if known in possible else possible[0]


def settled(frame: pd.DataFrame, year: int, start: dt.date, rules: Rules) -> Result:
    """Settle the rows of one performance year whose agreements follow the same rules.

    Parameters
    ----------
    frame : rows as ``read`` returns them
    year, start : what the rules go by
    """
    scenario = scenario_of(frame, year, start, rules)
    half = frame["half_year"].to_numpy(bool)
    return settle(
        scenario,
        rules,
        benchmark_total=frame["benchmark_total"].to_numpy(float),
        expenditure_total=frame["expenditure_total"].to_numpy(float),
        guardrail=frame["guardrail"].to_numpy(bool),
        disaster_adjustment=frame["disaster_adjustment"].to_numpy(float) * np.where(half, 0.5, 1.0),
        participant_revenue=UNKNOWN_REVENUE,
    )


def scenario_of(frame: pd.DataFrame, year: int, start: dt.date, rules: Rules) -> Scenario:
    """Return what settlement reads from a scenario: contract, size, minimum, quality, revenue."""
    people = frame["assigned_beneficiaries"].to_numpy(float)
    low = frame["low_revenue"].fillna(value=False).to_numpy(bool)
    score = frame["quality_score"].to_numpy(float)
    return Scenario(
        performance_year=year,
        agreement_start=start,
        agreement_period=2,
        level=frame["level"].to_numpy(str),
        minimum_election=elected(frame["minimum_savings_rate"].to_numpy(float), people, rules),
        assigned_beneficiaries=people,
        quality_score=np.clip(np.where(np.isnan(score), 0.0, score), 0.0, 1.0),
        quality_standard_met=frame["quality_standard_met"].to_numpy(bool),
        alternative_standard_met=frame["alternative_standard_met"].to_numpy(bool),
        participant_revenue_share=np.where(low, LOW_REVENUE, HIGH_REVENUE),
    )


def elected(printed: Any, people: Any, rules: Rules) -> Any:  # noqa: ANN401  (arrays)
    """Return the choice of minimum behind a printed rate; NaN for the table by size.

    A printed rate may be rounded to two decimals of a percent.
    """
    table = np.interp(people, rules.minimum_savings_rate.at, rules.minimum_savings_rate.gives)
    choices = np.array(rules.minimum_rate_choices)
    nearest = choices[np.argmin(np.abs(printed[:, None] - choices), axis=1)]
    chosen = np.abs(printed - nearest) < np.abs(printed - table) - 1e-12
    return np.where(chosen, nearest, np.nan)


def _generated(result: Result, frame: pd.DataFrame) -> Any:  # noqa: ANN401  (an array)
    """Return savings or losses beyond the minimum as CMS prints them."""
    saved = np.asarray(result.gross_savings)
    minimum = np.asarray(result.minimum_savings_rate) * result.benchmark_total
    beyond = np.abs(saved) >= minimum - 1e-9 * np.asarray(result.benchmark_total)
    shown = (saved > 0) | np.asarray(result.two_sided)
    shown |= frame["performance_year"].isin([2018, 2019]).to_numpy()
    shown &= (saved < 0) | ~np.asarray(result.guardrail)  # a saving that appears does not count
    reduced = np.asarray(result.state == "half_rate")
    return np.where((beyond & shown) | reduced, saved, 0.0)


def _compared(
    frame: pd.DataFrame,
    reproduced: Any,  # noqa: ANN401
    generated: Any,  # noqa: ANN401
    limited: Any,  # noqa: ANN401
) -> pd.DataFrame:
    published = frame["payment"].to_numpy(float)
    difference = reproduced - published
    scale = np.maximum(np.abs(published), np.abs(reproduced))
    relative = np.divide(difference, scale, out=np.zeros(len(frame)), where=scale > 0)
    within = (np.abs(difference) <= ROUNDED) | (np.abs(relative) <= RELATIVE)
    gentler = (frame["gross_savings"].to_numpy(float) < 0) & (reproduced < published)
    cause = np.where(gentler & limited, REVENUE_LIMIT, UNEXPLAINED)
    return pd.DataFrame(
        {
            "aco_id": frame["aco_id"].to_numpy(),
            "aco_name": frame["aco_name"].to_numpy(),
            "performance_year": frame["performance_year"].to_numpy(int),
            "level": frame["level"].to_numpy(),
            "published": published,
            "reproduced": reproduced,
            "difference": difference,
            "relative_difference": relative,
            "within": within,
            "cause": np.where(within, "", cause),
            "generated_published": frame["generated"].to_numpy(float),
            "generated": generated,
        },
        columns=list(COLUMNS),
    )
