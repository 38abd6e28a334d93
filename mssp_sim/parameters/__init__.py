"""The values of the rule: one TOML file each, dated by one or two clocks, cited by paragraph."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

import numpy as np

from mssp_sim.parameters._load import (
    CONTRACTS,
    KNOWN_BY,
    LEVELS,
    NOT_PUBLISHED,
    TRACKS,
    Citation,
    Parameter,
    ParameterError,
    RateTable,
    Schedule,
    UnpublishedError,
    Version,
    advance_parameters,
    election_parameters,
    parameters,
    read,
)
from mssp_sim.units import Array

__all__ = [
    "CONTRACTS",
    "KNOWN_BY",
    "LEVELS",
    "NOT_PUBLISHED",
    "RULES_VERSION",
    "TRACKS",
    "Citation",
    "Parameter",
    "ParameterError",
    "RateTable",
    "Rules",
    "Schedule",
    "UnpublishedError",
    "Version",
    "advance_parameters",
    "election_parameters",
    "last_listed_year",
    "last_published_year",
    "parameters",
    "read",
    "rules_in_force",
]

RULES_VERSION = 3
"""Raised when a parameter, a default or a formula changes what an old link shows."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule in force for one performance year of one agreement; a field a parameter file.

    Rates are fractions. A value by level is an array in the order of ``CONTRACTS``, NaN for the
    contracts that agreements of that start cannot have.
    """

    agreement_length: float
    alternative_standard_pays: bool
    benchmark_year_weights: RateTable
    disaster_quality_floor: float
    domain_minimums_count: bool
    early_leavers_owe_losses: bool
    first_year_reporting_counts: bool
    half_rate: Array
    loss_recoupment_limit_benchmark: Array
    loss_recoupment_limit_revenue: Array
    low_revenue_threshold: float
    minimum_assigned_beneficiaries: float
    minimum_rate_choices: tuple[float, ...]
    minimum_rate_without_choice: Array
    minimum_savings_rate: Schedule
    months_without_losses: float
    negative_adjustment_offset: bool
    net_negative_adjustment_counts: bool
    people_for_chosen_minimum: float
    performance_payment_limit: Array
    population_adjustment_cap: float
    population_adjustment_threshold: float
    prior_savings_cap: float
    prior_savings_share: float
    prospective_trend_guardrail: bool
    prospective_trend_weight: float
    quality_performance_standard: float
    regional_adjustment_negative_cap: float
    regional_adjustment_positive_cap: float
    regional_adjustment_weight: RateTable
    regional_risk_growth_capped: bool
    reporting_incentive_counts: bool
    risk_growth_cap: float
    risk_growth_capped_in_all: bool
    score_scales_the_full_share: bool
    sequestration_rate: float
    shared_loss_rate_ceiling: Array
    shared_loss_rate_floor: Array
    sharing_rate: Array
    source: Mapping[str, Version]


@cache
def last_published_year() -> int:
    """Return the last performance year for which every value is published.

    Examples
    --------
    >>> last_published_year() <= last_listed_year()
    True
    """
    return min(_known_through())


@cache
def last_listed_year() -> int:
    """Return the last performance year for which any value is published."""
    return max(_known_through())


def _known_through() -> list[int]:
    return [p.known_through for p in parameters().values() if p.known_through is not None]


@cache
def rules_in_force(
    performance_year: int,
    agreement_start: dt.date | None = None,
    assume_last: bool = False,  # noqa: FBT001, FBT002  (the third of a scenario's years_and_starts)
) -> Rules:
    """Return the rules for one performance year of the agreement that began on a day.

    A performance year begins in January, or with an agreement that begins later in that year.

    Parameters
    ----------
    performance_year : calendar year
    agreement_start : first day of the agreement; 1 January of the year if not given
    assume_last : take the last published values for a year whose own are not published

    Raises
    ------
    UnpublishedError
        After the last published value of a parameter, unless ``assume_last``.
    ParameterError
        Before the first version of a parameter.

    Examples
    --------
    >>> rules_in_force(2025).quality_performance_standard
    0.767
    >>> float(rules_in_force(2025).sharing_rate[LEVELS.index("E")])
    0.5
    """
    january = dt.date(performance_year, 1, 1)
    start = agreement_start or january
    begins = start if start.year == performance_year else january
    clocks = {"performance_year": begins, "agreement_start": start}
    source = {
        name: parameter.on(clocks, assume_last=assume_last)
        for name, parameter in parameters().items()
    }
    values = {name: _as_field(version) for name, version in source.items()}
    wanted = {field.name for field in fields(Rules)} - {"source"}
    if wanted != set(values):
        raise ParameterError(f"files and Rules differ: {sorted(wanted ^ set(values))}")
    return Rules(**values, source=MappingProxyType(source))  # type: ignore[arg-type]


def _as_field(version: Version) -> object:
    value = version.value
    if isinstance(value, dict):
        by_level = np.array([value.get(contract, np.nan) for contract in CONTRACTS])
        by_level.setflags(write=False)
        return by_level
    return value
