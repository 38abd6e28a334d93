"""What the user decides: every quantity once, with its words, its ranges and its default.

Over 500 lines: each field is declared once, here and nowhere else.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from mssp_sim.parameters import (
    CONTRACTS,
    LEVELS,
    TRACKS,
    Rules,
    UnpublishedError,
    rules_in_force,
)
from mssp_sim.quantity import (
    AROUND,
    BY_SIZE,
    BY_TYPE,
    CONTRACT,
    DO,
    FIRST_LEVELS,
    HALF_YEAR,
    OFFERED_YEARS,
    PERFORMANCE_YEARS,
    SIGNED,
    YOURS,
    At,
    Group,
    Kind,
    Quantity,
    ScenarioError,
    accept,
    agreement_starts,
    benchmark_year_3,
    performance_years,
    refined,
    shown,
)
from mssp_sim.units import Array, Field

__all__ = [
    "BY_SIZE", "FIRST_LEVELS", "PERFORMANCE_YEARS", "Kind", "Quantity", "Scenario", "ScenarioError",
    "agreement_starts", "benchmark_year_3", "changed", "opened_with", "performance_years",
    "quantities",
]  # fmt: skip


def quantity(
    default: Any,  # noqa: ANN401  (a field of any kind)
    label: str,
    kind: Kind,
    **words: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Declare a field of the scenario: its default, its label, its kind and its ranges."""
    return field(default=default, metadata={"quantity": Quantity(label, kind, **words)})


def rate(default: float, label: str, term: str, link: str, *, allowed: tuple[float, float],
         slider: tuple[float, float], step: float = 0.001, **words: Any) -> Any:  # noqa: ANN401  # fmt: skip
    """Declare a rate: a fraction in the core, a percent on the screen."""
    return quantity(default, label, "rate", term=term, link=link, allowed=allowed, slider=slider,
                    step=step, **words)  # fmt: skip


def table(
    default: Field,
    label: str,
    *trailing: int,
    allowed: tuple[float, float],
    **words: Any,  # noqa: ANN401
) -> Field:
    """Declare a table: its last axis is the enrollment type, the axis before it the year."""
    return quantity(default, label, "table", trailing=trailing, allowed=allowed, above=True,
                    **words)  # fmt: skip


def refinement(of: str, label: str, term: str, place: int, allowed: tuple[float, float]) -> Field:
    """Declare a table by enrollment type of what another field holds for all types alike."""
    return quantity(None, label, "table", term=term, trailing=(4,), allowed=allowed, optional=True,
                    for_all_types=of, workbook=At(BY_TYPE, place),
                    if_empty="the same for every type, as above")  # fmt: skip


# The reference ACO: $13,000 per person-year in 2025, spread over the types as in the results
# of 2023, and 5.1% a year back to the benchmark years.
_MIX = (0.004, 0.073, 0.055, 0.868)
_SPENDING_2023 = (91_542.0, 11_930.0, 18_220.0, 11_552.0)
_NATIONAL_2022 = (90_392.0, 13_353.0, 20_765.0, 11_610.0)
_GROWTH = 1.051
_TARGET_2025 = 13_000.0


def _back(latest: tuple[float, ...]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(x / _GROWTH**years for x in latest) for years in (2, 1, 0))


_SCALE = _TARGET_2025 / _GROWTH / sum(m * s for m, s in zip(_MIX, _SPENDING_2023, strict=True))
_EXPENDITURE = _back(tuple(spending * _SCALE for spending in _SPENDING_2023))
_NATIONAL = _back(tuple(spending * 1.075**2 for spending in _NATIONAL_2022))
_ONES = ((1.0,) * 4,) * 3

_POSITIVE = (0.0, 1e7)
_SHARE = (0.0, 1.0)
_GROWTH_ALLOWED, _GROWTH_REACH = (-0.2, 0.3), (-0.02, 0.10)


class _Known:
    """Gives a scenario, whose fields are slots, room for what is worked out once."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Scenario(_Known):
    """One ACO in one performance year, or many at once: every field may be an array.

    Fields broadcast together. A table has the enrollment types (ESRD, disabled, aged/dual,
    aged/non-dual) on its last axis and, where it has one, the benchmark years BY1 to BY3 on the
    axis before it; axes in front of those belong to the batch. Rates and scores are fractions.
    In an array, NaN stands for None and for ``BY_SIZE``.

    Market share and yearly growth hold for every type alike; a table ``..._by_type`` beside them
    holds them type by type, and the plain field where the table has no number. Four values in
    the plain field are four scenarios.

    Raises
    ------
    ScenarioError
        Names every field that is out of its range, its value and what is allowed.

    Source: ours; the fields are the inputs of 42 CFR 425.600 to 425.662

    Examples
    --------
    >>> Scenario().quality_score
    0.75
    >>> Scenario(quality_score=1.2)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    mssp_sim.quantity.ScenarioError: This scenario cannot be settled: quality_score is 1.2; ...
    """

    # fmt: off
    performance_year: Field = quantity(
        2025, "Performance year", "year", allowed=OFFERED_YEARS, link="year",
        whose=CONTRACT, short="year", main=At(SIGNED, 3), more=At(SIGNED, 2),
        workbook=At(SIGNED, 1))
    assume_last_published: Field = quantity(
        False, "Assume the last published values", "switch",
        term="where the performance year's own are not published yet", link="assume",
        whose=CONTRACT, more=At(SIGNED, 3), workbook=At(SIGNED, 2))
    agreement_start: Field = quantity(
        dt.date(2025, 1, 1), "Agreement start", "date", link="start",
        whose=CONTRACT, short="start", main=At(SIGNED, 4), more=At(SIGNED, 1),
        workbook=At(SIGNED, 3))
    agreement_period: Field = quantity(
        2, "Agreement period", "count", allowed=(1, 5), slider=(1, 5), step=1, link="period",
        whose=CONTRACT, short="period", main=At(SIGNED, 5), more=At(SIGNED, 7),
        workbook=At(SIGNED, 4))
    regional_adjustment_period: Field = quantity(
        None, "Period for the regional adjustment", "count", allowed=(1, 5), slider=(1, 5), step=1,
        link="regional_period", optional=True,
        whose=CONTRACT, more=At(SIGNED, 8), workbook=At(SIGNED, 5),
        if_empty="the agreement period")
    level: Field = quantity("E", "Contract", "choice", term="Track and level", link="contract",
        whose=CONTRACT, short="", main=At(SIGNED, 1), rail=At(SIGNED, 1), workbook=At(SIGNED, 6))
    minimum_election: Field = quantity(
        0.02, "Minimum to get paid", "choice", term="Minimum savings rate (MSR)", link="min",
        whose=CONTRACT, short="minimum", main=At(SIGNED, 2), rail=At(SIGNED, 2),
        workbook=At(SIGNED, 7))
    assigned_beneficiaries: Field = quantity(
        45_000.0, "Assigned people", "count", term="Assigned beneficiaries",
        allowed=(1, 2_000_000), slider=(1_000, 150_000), step=100, link="people",
        whose=CONTRACT, short="people", main=At(SIGNED, 6), more=At(SIGNED, 4),
        workbook=At(SIGNED, 8))
    person_years_ratio: Field = quantity(
        44 / 45, "Person-years for each assigned person", "ratio", allowed=(0.5, 1.0),
        slider=(0.9, 1.0), step=0.001, link="person_years",
        whose=CONTRACT, more=At(SIGNED, 9), workbook=At(SIGNED, 9))
    expenditure: Field = table(
        _EXPENDITURE, "Spending per person-year", 3, 4, allowed=_POSITIVE,
        workbook=At(BY_TYPE, 1))
    cost_per_person: Field = quantity(
        None, "Cost per person before the agreement", "dollars",
        term="Expenditures per person-year in benchmark year 3", allowed=(1_000, 200_000),
        slider=(6_000, 25_000), step=10, link="cost", optional=True,
        whose=CONTRACT, more=At(SIGNED, 5), workbook=At(AROUND, 20),
        if_empty="the table below as it is")
    risk_score: Field = table(
        _ONES, "Risk score in the benchmark years", 3, 4, allowed=(0.0, 20.0),
        workbook=At(BY_TYPE, 2))
    risk_score_performance_year: Field = table(
        (1.0,) * 4, "Risk score in the performance year", 4, allowed=(0.0, 20.0),
        workbook=At(BY_TYPE, 3))
    person_year_share_by3: Field = quantity(
        _MIX, "Mix of people in benchmark year 3", "table", trailing=(4,), allowed=_SHARE,
        workbook=At(BY_TYPE, 4))
    person_year_share: Field = quantity(
        _MIX, "Mix of people in the performance year", "table", trailing=(4,), allowed=_SHARE,
        workbook=At(BY_TYPE, 5))
    national_expenditure: Field = table(
        _NATIONAL, "National spending per person-year", 3, 4, allowed=_POSITIVE,
        workbook=At(BY_TYPE, 6))
    regional_expenditure: Field = table(
        None, "Regional spending per person-year at average risk", 3, 4, allowed=_POSITIVE,
        optional=True,
        workbook=At(BY_TYPE, 7), if_empty="from the cost level")
    cost_reduction: Field = rate(
        0.031, "Cost reduction", "against expected spending", "cut", allowed=(-0.6, 0.6),
        slider=(-0.08, 0.12),
        whose=YOURS, short="cut", main=At(DO, 1), rail=At(DO, 1), workbook=At(DO, 1))
    quality_score: Field = quantity(
        0.75, "Quality score", "score", term="Quality performance score", allowed=_SHARE,
        slider=_SHARE, step=0.001, link="quality",
        whose=YOURS, short="quality", main=At(DO, 2), rail=At(DO, 2), workbook=At(DO, 2))
    quality_performance_standard: Field = quantity(
        None, "Full quality standard", "score", term="Quality performance standard",
        allowed=_SHARE, slider=_SHARE, step=0.0001, link="standard", optional=True,
        short="standard", main=At(DO, 3), more=At(SIGNED, 10), workbook=At(DO, 3),
        if_empty="the year's own")
    quality_standard_met: Field = quantity(
        None, "Full standard met, as CMS says", "switch", link="standard_met", optional=True,
        whose=YOURS, more=At(SIGNED, 11), workbook=At(DO, 4), if_empty="decided by the score")
    alternative_standard_met: Field = quantity(
        True, "Partial standard met", "switch", term="Alternative quality performance standard",
        link="partial",
        whose=YOURS, short="partial standard", main=At(DO, 4), rail=At(DO, 3), workbook=At(DO, 5))
    reporting_incentive_met: Field = quantity(
        False, "Reporting incentive met", "switch", link="incentive",
        whose=YOURS, more=At(SIGNED, 12), workbook=At(DO, 6))
    guardrail_applied: Field = quantity(
        None, "Guardrail applied, as CMS says", "switch", link="guardrail", optional=True,
        whose=CONTRACT, more=At(SIGNED, 13), workbook=At(DO, 7),
        if_empty="decided by the loss; counts in agreements from 2024")
    market_share: Field = rate(
        0.10, "Market share", "in the performance year", "share", allowed=_SHARE,
        slider=(0.01, 0.90), step=0.01,
        short="share", main=At(AROUND, 1), rail=At(AROUND, 1), workbook=At(AROUND, 1))
    market_share_by3: Field = rate(
        0.10, "Market share before the agreement", "in benchmark year 3", "share_before",
        allowed=_SHARE,
        slider=(0.01, 0.90), step=0.01,
        more=At(AROUND, 9), workbook=At(AROUND, 2))
    national_growth: Field = rate(
        0.06, "National trend", "a year, from benchmark year 3", "nation", allowed=_GROWTH_ALLOWED,
        slider=_GROWTH_REACH,
        short="nation", main=At(AROUND, 2), more=At(AROUND, 1), workbook=At(AROUND, 3))
    regional_growth: Field = rate(
        0.05, "Regional trend", "a year, from benchmark year 3", "region", allowed=_GROWTH_ALLOWED,
        slider=_GROWTH_REACH,
        short="region", main=At(AROUND, 3), rail=At(AROUND, 2), workbook=At(AROUND, 4))
    own_growth: Field = rate(
        0.051, "Your expected growth", "a year, before your cost reduction", "own",
        allowed=_GROWTH_ALLOWED, slider=_GROWTH_REACH,
        short="own growth", main=At(AROUND, 4), more=At(AROUND, 3), workbook=At(AROUND, 5))
    prospective_trend: Field = rate(
        0.051, "Prospective trend", "accountable care prospective trend (ACPT), a year", "acpt",
        allowed=_GROWTH_ALLOWED, slider=_GROWTH_REACH,
        main=At(AROUND, 5), more=At(AROUND, 4), workbook=At(AROUND, 6))
    risk_growth: Field = rate(
        0.0, "Risk growth", "a year, from benchmark year 3", "risk", allowed=(-0.2, 0.2),
        slider=(-0.06, 0.08),
        short="risk", main=At(AROUND, 6), rail=At(AROUND, 3), workbook=At(AROUND, 7))
    demographic_growth: Field = rate(
        0.0, "Demographic risk growth", "a year, from benchmark year 3", "demographic",
        allowed=(-0.05, 0.05), slider=(-0.05, 0.05),
        more=At(AROUND, 5), workbook=At(AROUND, 8))
    regional_risk_growth: Field = rate(
        0.0, "Region's risk growth", "a year, from benchmark year 3, every type alike",
        "region_risk", allowed=(-0.2, 0.2), slider=(-0.06, 0.08),
        more=At(AROUND, 6), workbook=At(AROUND, 9))
    regional_demographic_growth: Field = rate(
        0.0, "Region's demographic risk growth", "a year, from benchmark year 3, every type alike",
        "region_demographic", allowed=(-0.05, 0.05), slider=(-0.05, 0.05),
        more=At(AROUND, 7), workbook=At(AROUND, 10))
    real_illness_share: Field = rate(
        0.0, "Risk growth that is real illness", "share of risk growth that costs money", "illness",
        allowed=_SHARE, slider=_SHARE, step=0.01,
        more=At(AROUND, 8), workbook=At(AROUND, 11))
    regional_level: Field = rate(
        0.0, "Regional cost level against yours", "in benchmark year 3, at your risk",
        "regional_level", allowed=(-0.6, 1.0), slider=(-0.30, 0.30),
        short="region's level", main=At(AROUND, 7), more=At(AROUND, 2), workbook=At(AROUND, 12))
    prior_savings_per_person: Field = quantity(
        0.0, "Earlier savings per person", "dollars", term="three years before the agreement",
        allowed=(-50_000, 50_000), slider=(0, 1_500), step=10, link="prior_savings",
        more=At(AROUND, 10), workbook=At(AROUND, 16))
    underserved_share: Field = rate(
        0.0, "Low-income or Medicaid share", "of assigned beneficiaries", "underserved",
        allowed=_SHARE,
        slider=_SHARE, step=0.01,
        more=At(AROUND, 11), workbook=At(AROUND, 17))
    dually_eligible_share_by3: Field = quantity(
        None, "Medicaid share before the agreement", "rate",
        term="dually eligible, of all assigned people in benchmark year 3", allowed=_SHARE,
        slider=_SHARE, step=0.01, link="dual_before", optional=True,
        more=At(AROUND, 12), workbook=At(AROUND, 18),
        if_empty="the aged/dual share of the mix, a lower bound")
    participant_revenue_share: Field = rate(
        0.45, "Participants' revenue", "Medicare revenue from all patients, of your spending",
        "revenue", allowed=(0.0, 10.0), slider=(0.05, 3.0), step=0.01,
        whose=CONTRACT, short="revenue", main=At(SIGNED, 7), more=At(SIGNED, 6),
        workbook=At(SIGNED, 11))
    disaster_share: Field = rate(
        0.0, "Loss forgiven for a disaster", "extreme and uncontrollable circumstances", "disaster",
        allowed=_SHARE, slider=_SHARE, step=0.01,
        more=At(SIGNED, 14), workbook=At(AROUND, 19))
    performance_year_months: Field = quantity(
        None, "Months in the performance year", "count", allowed=(6, 21), slider=(6, 12), step=1,
        link="months", optional=True,
        whose=CONTRACT, more=At(SIGNED, 15), workbook=At(SIGNED, 10),
        if_empty="12, or 6 in the half year of 2019")
    in_disaster_area: Field = quantity(
        False, "In a disaster area", "switch",
        term="20% of the people, or the legal entity", link="disaster_area",
        more=At(SIGNED, 63), workbook=At(AROUND, 63))
    months_in_program: Field = quantity(
        None, "Months in the program", "count", term="of the performance year, where you leave",
        allowed=(1, 21), slider=(1, 12), step=1, link="months_in", optional=True,
        whose=CONTRACT, more=At(SIGNED, 61), workbook=At(SIGNED, 61),
        if_empty="to the last day of the performance year")
    ended_by_cms: Field = quantity(
        False, "Agreement ended by CMS", "switch", term="during the performance year",
        link="ended", whose=CONTRACT, more=At(SIGNED, 62), workbook=At(SIGNED, 62))
    patient_experience_met: Field = quantity(
        True, "Patient experience reached its minimum", "switch",
        term="one measure of the domain, to 2020", link="domain_patients",
        whose=YOURS, more=At(SIGNED, 64), workbook=At(DO, 64))
    care_coordination_met: Field = quantity(
        True, "Care coordination reached its minimum", "switch",
        term="one measure of the domain, to 2020", link="domain_coordination",
        whose=YOURS, more=At(SIGNED, 65), workbook=At(DO, 65))
    preventive_health_met: Field = quantity(
        True, "Preventive health reached its minimum", "switch",
        term="one measure of the domain, to 2020", link="domain_prevention",
        whose=YOURS, more=At(SIGNED, 66), workbook=At(DO, 66))
    at_risk_population_met: Field = quantity(
        True, "At-risk population reached its minimum", "switch",
        term="one measure of the domain, to 2020", link="domain_at_risk",
        whose=YOURS, more=At(SIGNED, 67), workbook=At(DO, 67))
    own_effect: Field = quantity(
        False, "Count my own effect on my region", "switch", link="own_effect",
        more=At(AROUND, 13), workbook=At(AROUND, 13))
    other_acos_share: Field = rate(
        0.0, "Other ACOs in your region", "share of its people", "others", allowed=_SHARE,
        slider=(0.0, 0.9), step=0.01,
        more=At(AROUND, 14), workbook=At(AROUND, 14))
    other_acos_reduction: Field = rate(
        0.0, "Cost reduction of the other ACOs", "against expected spending", "others_cut",
        allowed=(-0.6, 0.6), slider=(-0.08, 0.12),
        more=At(AROUND, 15), workbook=At(AROUND, 15))
    benchmark_calibration: Field = quantity(
        1.0, "Calibration to a published target", "ratio", allowed=(0.05, 20.0), slider=(0.5, 2.0),
        step=0.0001, link="calibration",
        more=At(SIGNED, 16), workbook=At(AROUND, 21))

    # By enrollment type, as CMS's settlement gives it; in the performance year unless said.
    market_share_by_type: Field = refinement(
        "market_share", "Market share by type", "in the performance year", 8, _SHARE)
    market_share_by3_by_type: Field = refinement(
        "market_share_by3", "Market share before the agreement by type", "in benchmark year 3", 9,
        _SHARE)
    national_growth_by_type: Field = refinement(
        "national_growth", "National trend by type", "a year, from benchmark year 3", 10,
        _GROWTH_ALLOWED)
    regional_growth_by_type: Field = refinement(
        "regional_growth", "Regional trend by type", "a year, from benchmark year 3", 11,
        _GROWTH_ALLOWED)
    own_growth_by_type: Field = refinement(
        "own_growth", "Your expected growth by type", "a year, before your cost reduction", 12,
        _GROWTH_ALLOWED)
    prospective_trend_by_type: Field = refinement(
        "prospective_trend", "Prospective trend by type",
        "accountable care prospective trend (ACPT), a year", 13, _GROWTH_ALLOWED)
    regional_risk_growth_by_type: Field = refinement(
        "regional_risk_growth", "Region's risk growth by type", "a year, from benchmark year 3",
        14, (-0.2, 0.2))

    # What the next election offers depends on; no settlement does.
    experienced_with_risk: Field = quantity(
        None, "Experienced with two-sided risk", "switch", link="experienced", optional=True,
        whose=CONTRACT, more=At(SIGNED, 40), workbook=At(SIGNED, 40),
        if_empty="by the contract: yes if it is two-sided")
    glide_path_agreements_used: Field = quantity(
        None, "Agreements on the glide path", "count", term="this one counted", allowed=(0, 5),
        slider=(0, 5), step=1, link="glide_path", optional=True,
        whose=CONTRACT, more=At(SIGNED, 41), workbook=At(SIGNED, 41),
        if_empty="one on A or B, none otherwise")
    # fmt: on

    def __post_init__(self) -> None:
        faults: dict[str, str] = {}
        for name, words in quantities().items():
            given = getattr(self, name)
            accepted = _accepted_defaults()[name]
            if given is _DEFAULTS.get(name, self) or given is accepted:
                object.__setattr__(self, name, accepted)
                continue
            value, fault = accept(name, given, words)
            object.__setattr__(self, name, value)
            if fault:
                faults[name] = fault
        faults = faults or _contradictions(self)
        if faults:
            raise ScenarioError(faults)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and not changed(self, other)

    def __hash__(self) -> int:
        return hash(tuple(_key(getattr(self, name)) for name in quantities()))

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch: () for one scenario."""
        return np.broadcast_shapes(*(
            np.shape(getattr(self, name))[: np.ndim(getattr(self, name)) - len(words.trailing)]
            for name, words in quantities().items()
            if self.batch(name)
        ))  # fmt: skip

    def batch(self, name: str) -> bool:
        """Return whether this field holds more than one scenario's value."""
        value = getattr(self, name)
        return isinstance(value, np.ndarray) and value.ndim > len(quantities()[name].trailing)

    def years_and_starts(self) -> set[tuple[int, dt.date, bool]]:
        """Return what rules go by: performance year, agreement start, whether values are assumed.

        Only those that occur in the rows, each once; ``rules_in_force`` takes them in this order.
        """
        named = ("performance_year", "agreement_start", "assume_last_published")
        if not any(map(self.batch, named)):
            return {(self.performance_year, self.agreement_start, self.assume_last_published)}
        columns = np.broadcast_arrays(
            np.asarray(self.performance_year, np.int64),
            np.asarray(self.agreement_start, "datetime64[D]").astype(np.int64),
            np.asarray(self.assume_last_published, np.int64),
        )
        keys = np.unique(np.stack([column.ravel() for column in columns]), axis=1).T
        return {
            (int(year), np.datetime64(int(day), "D").item(), bool(assume))
            for year, day, assume in keys
        }

    @cached_property
    def rules(self) -> Rules:
        """The rules in force: of rows that share one year and one start.

        Raises
        ------
        ValueError
            Where the rows have several years or starts.
        ParameterError
            Where the rule has no value for the year.
        """
        pairs = self.years_and_starts()
        if len(pairs) > 1:
            message = f"these rows have several years and starts, {sorted(pairs)}; ask for each"
            raise ValueError(message)
        return rules_in_force(*pairs.pop())

    def rows(self, chosen: slice | Array) -> "Scenario":
        """Return some rows of a flat batch; they were checked when it was made."""
        part: Scenario = object.__new__(Scenario)
        for name in quantities():
            value = getattr(self, name)
            object.__setattr__(part, name, value[chosen] if self.batch(name) else value)
        return part

    def with_columns(self, columns: Mapping[str, Any]) -> "Scenario":
        """Return the same with other values in some fields; nothing is checked."""
        batch: Scenario = object.__new__(Scenario)
        for name in quantities():
            object.__setattr__(batch, name, columns.get(name, getattr(self, name)))
        return batch

    def flat(self) -> "Scenario":
        """Return the same batch along one axis; fields that do not vary stay as they are."""
        size = (int(np.prod(self.shape)),)
        line: Scenario = object.__new__(Scenario)
        for name, words in quantities().items():
            value = getattr(self, name)
            if self.batch(name):
                full = np.broadcast_to(value, self.shape + words.trailing)
                value = full.reshape(size + words.trailing)
            object.__setattr__(line, name, value)
        return line

    @property
    def share_of_year(self) -> Field:
        """The months that are settled, as a fraction of twelve."""
        start = np.asarray(self.agreement_start, "datetime64[D]")
        began_in_july = np.equal(start, np.datetime64(FIRST_LEVELS))
        first = began_in_july & np.equal(self.performance_year, FIRST_LEVELS.year)
        usual = np.where(first, HALF_YEAR, 12.0)
        months = self.performance_year_months
        return (usual if months is None else np.where(np.isnan(months), usual, months)) / 12

    @cached_property
    def level_number(self) -> Array:
        """The level's place in ``CONTRACTS``, same shape as ``level``."""
        if isinstance(self.level, str):
            return np.array(CONTRACTS.index(self.level))
        order = np.argsort(CONTRACTS)
        return np.asarray(order[np.searchsorted(CONTRACTS, self.level, sorter=order)])


_DEFAULTS = {f.name: f.default for f in fields(Scenario)}


@cache
def _accepted_defaults() -> Mapping[str, Any]:
    return {name: accept(name, _DEFAULTS[name], words)[0] for name, words in quantities().items()}


@cache
def quantities() -> Mapping[str, Quantity]:
    """Return the declaration of every field, by name."""
    return MappingProxyType({f.name: f.metadata["quantity"] for f in fields(Scenario)})


@cache
def placed(where: Literal["rail", "more", "main", "workbook"], group: Group) -> tuple[str, ...]:
    """Return the fields that stand in a group of the rail, "more", a brief or the workbook.

    Source: ours

    Examples
    --------
    >>> placed("rail", DO)
    ('cost_reduction', 'quality_score', 'alternative_standard_met')
    """
    spots = {name: getattr(words, where) for name, words in quantities().items()}
    there = {name: spot.order for name, spot in spots.items() if spot and spot.group == group}
    return tuple(sorted(there, key=there.__getitem__))


_OPENED_WITH: Mapping[int, Mapping[str, Any]] = MappingProxyType({
    2: {"national_growth": 0.051, "regional_growth": 0.051},
})  # fmt: skip
"""By the last version of the rules that opened on them: defaults that are others today."""


def opened_with(version: int) -> dict[str, Any]:
    """Return the defaults of an earlier version of the rules that are others today.

    Source: ours

    Examples
    --------
    >>> opened_with(1), opened_with(3)
    ({'national_growth': 0.051, 'regional_growth': 0.051}, {})
    """
    found: dict[str, Any] = {}
    for last in sorted(_OPENED_WITH, reverse=True):
        if version <= last:
            found |= _OPENED_WITH[last]
    return found


def changed(scenario: Scenario, baseline: Scenario) -> tuple[str, ...]:
    """Return the names of the fields whose values differ."""
    return tuple(
        name
        for name in quantities()
        if (one := getattr(scenario, name)) is not (other := getattr(baseline, name))
        and _key(one) != _key(other)
    )


def _key(value: Any) -> Any:  # noqa: ANN401
    """Make a value comparable and hashable."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes() if value.dtype != object else tuple(value.flat)
    return value


def _contradictions(s: Scenario) -> dict[str, str]:
    """Return a sentence for each set of fields that cannot hold together."""
    faults: dict[str, str] = {}
    try:
        _ = s.shape
    except ValueError:
        shapes = {n: np.shape(getattr(s, n)) for n in quantities() if s.batch(n)}
        return {"shape": f"the arrays do not fit together: {shapes}; give them one shape"}
    for name in ("person_year_share_by3", "person_year_share"):
        total = np.sum(getattr(s, name), axis=-1)
        if np.any(np.abs(total - 1) > 1e-6):  # noqa: PLR2004
            off = np.asarray(total)[np.abs(total - 1) > 1e-6].flat[0]  # noqa: PLR2004
            faults[name] = f"{name} sums to {shown(off)}; the four shares sum to 1"
    shares = np.max(refined(s.market_share, s.market_share_by_type), axis=-1)
    crowd = np.add(shares, s.other_acos_share)
    if np.any(crowd > 1 + 1e-9):
        faults["other_acos_share"] = (
            f"market_share and other_acos_share come to {float(np.max(crowd)):.1%}; "
            "together they are at most 100%"
        )
    faults |= _misplaced_year(s) or _foreign_contract(s)
    return faults


def _foreign_contract(s: Scenario) -> dict[str, str]:
    """Return a sentence if a contract is not one that agreements of that start can have."""
    starts = np.asarray(s.agreement_start, "datetime64[D]")
    track, before = s.level_number >= len(LEVELS), starts < np.datetime64(FIRST_LEVELS)
    foreign = np.atleast_1d(track != before)
    if not foreign.any():
        return {}
    worst = np.broadcast_to(s.level_number, foreign.shape)[foreign][0]
    start = np.broadcast_to(starts, foreign.shape)[foreign][0]
    has = TRACKS if start < np.datetime64(FIRST_LEVELS) else LEVELS
    return {"level": (
        f"level is {CONTRACTS[worst]}; an agreement that starts on {start} "
        f"has one of {', '.join(has)}"
    )}  # fmt: skip


def _misplaced_year(s: Scenario) -> dict[str, str]:
    """Return a sentence for a year outside its agreement, or one with unpublished values."""
    for year, start, assume in sorted(s.years_and_starts()):
        span = performance_years(start, assume_last=True)
        if year not in span:
            span = performance_years(start, assume_last=assume) or span
            return {"performance_year": (
                f"performance_year is {year}; an agreement that starts on {start} "
                f"has the performance years {span[0]} to {span[-1]}"
            )}  # fmt: skip
        try:
            rules_in_force(year, start, assume)
        except UnpublishedError as unpublished:
            return {"performance_year": (
                f"{unpublished}. To settle {year}, switch on assume_last_published"
            )}  # fmt: skip
    return {}
