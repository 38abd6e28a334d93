"""One ACO's years side by side: what it was measured by, and what kept it from being paid."""

from functools import lru_cache
from typing import Literal, NamedTuple

import pandas as pd

from mssp_sim.cms_files import history, published
from mssp_sim.cms_files.reproduction import agreement_start
from mssp_sim.parameters import rules_in_force

Outcome = Literal["paid", "owed", "minimum", "quality", "overspent", "other"]
Standard = Literal["full", "partial", "none"]

KEPT = 256
"""ACOs that a process remembers: the figures are public, and the same for everyone."""


class OwnYear(NamedTuple):
    """One performance year of an ACO, as CMS published it; rates are fractions.

    ``benchmark`` and ``spending`` are dollars per person, NaN where the year's file tells none.
    ``outcome`` is what came of it: paid, owed, or what kept it from being paid. ``rebased`` says
    that a new agreement began, whose target starts from newer years; ``agreement_began`` is the
    year of its first day, 0 where no file tells. ``quality_standard`` is the year's line for the
    full standard.
    """

    year: int
    name: str
    level: str
    benchmark: float
    spending: float
    savings_rate: float
    minimum_savings_rate: float
    quality_score: float
    quality_standard: float
    standard_met: Standard
    payment: float
    outcome: Outcome
    agreement_began: int
    rebased: bool
    six_months: bool
    by_name: bool


@lru_cache(maxsize=KEPT)
def own_years(aco_id: str) -> tuple[OwnYear, ...]:
    """Return every year of one ACO inside, the first one first; empty for an unknown identifier.

    Source: CMS, Performance Year Financial and Quality Results, 2013 to 2024; what was lost at
    the minimum and to quality is settled again by our rules

    Examples
    --------
    >>> [year.outcome for year in own_years("A1001")][-2:]
    ['paid', 'paid']
    """
    every = published.results()
    joined = history.years_of(aco_id, every)
    if joined.empty:
        return ()
    rows = every[every["aco_id"].isin(set(joined["aco_id"]))].sort_values("performance_year")
    left = history.left(rows)
    starts = agreement_start(rows)
    found: list[OwnYear] = []
    before = None
    each = zip(
        rows.to_dict("records"), left.to_dict("records"), starts, joined["joined_by"], strict=True
    )
    for row, lost, day, joined_by in each:
        year = int(row["performance_year"])
        began = row["agreement_start"]
        benchmark = float(row["benchmark"])
        found.append(
            OwnYear(
                year,
                str(row["aco_name"]),
                str(row["level"]),
                benchmark,
                benchmark * float(row["expenditure_total"]) / float(row["benchmark_total"]),
                float(row["savings_rate"]),
                float(row["minimum_savings_rate"]),
                float(row["quality_score"]),
                float(rules_in_force(year, day).quality_performance_standard),
                _standard(row),
                float(row["payment"]),
                _outcome(row, lost),
                0 if pd.isna(began) else int(began.year),
                before is not None and not pd.isna(began) and began != before,
                bool(row["half_year"]),
                joined_by == history.BY_NAME,
            )
        )
        before = None if pd.isna(began) else began
    return tuple(found)


def _standard(row: dict[object, object]) -> Standard:
    if row["quality_standard_met"]:
        return "full"
    return "partial" if row["alternative_standard_met"] else "none"


def _outcome(row: dict[object, object], lost: dict[object, object]) -> Outcome:
    payment, saved = float(str(row["payment"])), float(str(row["savings_rate"]))
    if payment:
        return "paid" if payment > 0 else "owed"
    if saved <= 0:
        return "overspent"
    if float(str(lost["lost_at_the_minimum"])) >= 1:
        return "minimum"
    return "quality" if float(str(lost["lost_to_quality"])) >= 1 else "other"
