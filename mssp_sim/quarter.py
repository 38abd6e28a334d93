"""A quarter of the year that runs: CMS's steps A to W from its reports, and a year in plain totals.

The steps are CMS's own estimate of the updated benchmark. They stop where money begins: risk, the
guardrail, quality, shares and limits are the rule's (``simulation.py``).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from mssp_sim.parameters import rules_in_force
from mssp_sim.quantity import BY_SIZE, number_or_nan
from mssp_sim.rules import benchmark, corridor
from mssp_sim.units import Array, Claim, Dollars, Fraction, Persons, Ratio

QUARTERS = range(1, 5)
MONTHS_A_QUARTER = 3
FIRST_PROSPECTIVE = 2024
"""The first start of an agreement whose target follows the prospective trend (ACPT)."""

ACPT_WEIGHT = 1 / 3
"""What CMS's estimate gives the prospective trend; in 2024 the settlement itself gave it half."""

Basis = Literal["last_twelve_months", "year_so_far_annualized"]
LAST_TWELVE_MONTHS: Basis = "last_twelve_months"
YEAR_SO_FAR: Basis = "year_so_far_annualized"


class Step(NamedTuple):
    """One line of CMS's estimate: its letter, its field, its words and its unit."""

    letter: str
    field: str
    label: str
    unit: Literal["dollars", "ratio", "share", "rate", "person-years", "people", "text", "yes"]

    @property
    def by_type(self) -> bool:
        """Whether each enrollment type has its own: down to step O."""
        return self.letter <= "O"


STEPS = (
    Step("A", "national_by3", "National spending per person, benchmark year 3", "dollars"),
    Step("B", "national_now", "National spending per person, now", "dollars"),
    Step("C", "national_ratio", "National growth (B / A)", "ratio"),
    Step("D", "regional_by3", "Regional spending per person, benchmark year 3", "dollars"),
    Step("E", "regional_now", "Regional spending per person, now", "dollars"),
    Step("F", "regional_ratio", "Regional growth (E / D)", "ratio"),
    Step("G", "national_weight", "National weight: the market share", "share"),
    Step("H", "regional_weight", "Regional weight", "share"),
    Step("I", "two_way_update", "Two-way growth (C x G + F x H)", "ratio"),
    Step("J", "prospective_ratio", "Prospective trend (ACPT) since benchmark year 3", "ratio"),
    Step("K", "update_factor", "Growth of the target (2/3 x I + 1/3 x J)", "ratio"),
    Step("L", "historical_benchmark", "Historical benchmark, adjusted", "dollars"),
    Step("M", "updated_by_type", "Target by type (K x L)", "dollars"),
    Step("N", "person_years", "Person-years", "person-years"),
    Step("O", "person_year_share", "Share of person-years (N / N in all)", "share"),
    Step("P", "target_per_person", "Target per person (sum of O x M)", "dollars"),
    Step("Q", "spending_per_person", "Spending per person", "dollars"),
    Step("R", "savings_rate", "Savings rate ((P - Q) / P)", "rate"),
    Step("S", "people", "Assigned people", "people"),
    Step("T", "minimum_is", "Minimum: by size or fixed", "text"),
    Step("U", "minimum_savings_rate", "Minimum savings rate", "rate"),
    Step("V", "below_target", "Spending is below the target (Q < P)", "yes"),
    Step("W", "minimum_reached", "Savings meet or exceed the minimum (R against U)", "yes"),
)  # fmt: skip
"""Every step in CMS's order; a field is one of ``QuarterByType`` or of ``QuarterSteps``."""


@dataclass(frozen=True, eq=False, kw_only=True)
class QuarterByType:
    """What a quarter's reports say of the target and of the spending, by enrollment type.

    A field by type is (..., type): ESRD, disabled, aged/dual, aged/non-dual. Spending is dollars
    per person-year. ``prospective_ratio`` is NaN where the agreement has no prospective trend or
    the report lacks it. ``person_years_total`` is CMS's printed total, which its own types need
    not add up to. ``agreement_year`` counts from 1.
    """

    performance_year: int
    quarter: int
    agreement_year: int
    national_by3: Dollars
    national_now: Dollars
    regional_by3: Dollars
    regional_now: Dollars
    national_weight: Fraction
    regional_weight: Fraction
    prospective_ratio: Ratio
    historical_benchmark: Dollars
    person_years: Persons
    person_years_total: Persons
    spending_per_person: Dollars
    people: Persons

    @property
    def agreement_start(self) -> dt.date:
        """The first day of the agreement, as its year tells: an agreement begins in January."""
        return dt.date(self.performance_year - self.agreement_year + 1, 1, 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class QuarterSteps:
    """CMS's steps C to W, each under its name; by type (..., type) down to ``person_year_share``.

    ``minimum_is`` says whether the minimum is the one "by size" or a "fixed" one.
    """

    quarter: QuarterByType
    national_ratio: Ratio
    regional_ratio: Ratio
    two_way_update: Ratio
    update_factor: Ratio
    updated_by_type: Dollars
    person_year_share: Fraction
    target_per_person: Dollars
    savings_rate: Fraction
    minimum_is: Array
    minimum_savings_rate: Fraction
    below_target: Claim
    minimum_reached: Claim

    def value(self, letter: str) -> Array:
        """Return what a step comes to, by its letter from A to W."""
        (field,) = (step.field for step in STEPS if step.letter == letter)
        return np.asarray(getattr(self if hasattr(self, field) else self.quarter, field))


@dataclass(frozen=True, kw_only=True)
class YearSoFar:
    """A year that runs, in plain totals: as it is typed, or as a quarter's reports say it.

    ``spending_per_person`` and ``target_per_person`` are dollars per person-year; what the
    spending covers is ``basis``, assumed unless a report tells. ``target_per_person`` is CMS's
    estimate, step P: before the risk step and the guardrail. ``market_share`` and the growth
    rates a year since benchmark year 3 are by enrollment type, or None where nothing tells them.

    Examples
    --------
    >>> YearSoFar(performance_year=2025, quarter=2, people=45_000, spending_per_person=12_700,
    ...           target_per_person=13_000, person_years=44_000).months
    6
    """

    performance_year: int
    quarter: int
    people: float
    spending_per_person: float
    target_per_person: float
    person_years: float
    basis: Basis = LAST_TWELVE_MONTHS
    market_share: tuple[float, ...] | None = None
    national_growth: tuple[float, ...] | None = None
    regional_growth: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if self.quarter not in QUARTERS:
            raise ValueError(f"quarter is {self.quarter}; it is one of 1, 2, 3 and 4")

    @property
    def months(self) -> int:
        """The months of the year that the quarter's report covers."""
        return MONTHS_A_QUARTER * self.quarter

    @property
    def savings_rate(self) -> float:
        """Savings as a fraction of the target."""
        return (self.target_per_person - self.spending_per_person) / self.target_per_person


def steps(
    quarter: QuarterByType,
    minimum_election: float | str = BY_SIZE,
    *,
    two_sided: bool = True,
    prospective_weight: float | None = None,
) -> QuarterSteps:
    """Return CMS's estimate of the updated benchmark, steps C to W.

    Parameters
    ----------
    quarter : steps A, B, D, E, G, H, J, L, N, Q and S
    minimum_election : the fixed minimum an ACO chose, a fraction, or by size
    two_sided : does the contract owe losses? Without them the minimum is the one by size
    prospective_weight : of J in K; CMS's own 1/3 for agreements from 2024 on and else 0

    Source: CMS's estimate in its quarterly reports; 42 CFR 425.601(b), 425.652(b), 425.605(b)

    Examples
    --------
    >>> four = lambda *first: np.array([*first, 0.0, 0.0])
    >>> found = steps(QuarterByType(
    ...     performance_year=2025, quarter=1, agreement_year=1,
    ...     national_by3=four(100, 400) + 1e-99, national_now=four(125, 440),
    ...     regional_by3=four(200, 50) + 1e-99, regional_now=four(220, 45),
    ...     national_weight=four(0.25, 0.5), regional_weight=four(0.75, 0.5),
    ...     prospective_ratio=four(1.0625, 1.25), historical_benchmark=four(1000, 2000),
    ...     person_years=four(30, 50), person_years_total=200,
    ...     spending_per_person=700, people=210))
    >>> found.update_factor[:2].round(6), found.updated_by_type[:2].round(4)
    (array([1.1125  , 1.083333]), array([1112.5   , 2166.6667]))
    >>> round(float(found.target_per_person), 4)
    708.5417
    """
    q = quarter
    national = np.divide(q.national_now, q.national_by3)
    regional = np.divide(q.regional_now, q.regional_by3)
    two_way = np.multiply(national, q.national_weight) + np.multiply(regional, q.regional_weight)
    weight = prospective_weight
    if weight is None:
        weight = ACPT_WEIGHT if q.agreement_start.year >= FIRST_PROSPECTIVE else 0.0
    update = benchmark.three_way_blend(two_way, q.prospective_ratio, weight) if weight else two_way
    updated = update * q.historical_benchmark
    share = np.divide(q.person_years, np.asarray(q.person_years_total)[..., None])
    target = np.vecdot(share, updated)
    savings_rate = (target - q.spending_per_person) / target
    rules = rules_in_force(q.performance_year, q.agreement_start, assume_last=True)
    chosen = number_or_nan(minimum_election)
    minimum = corridor.minimum_savings_rate(
        q.people, chosen, two_sided, rules.people_for_chosen_minimum, rules.minimum_savings_rate
    )
    fixed = two_sided & ~np.isnan(chosen) & np.greater_equal(
        q.people, rules.people_for_chosen_minimum
    )  # fmt: skip
    return QuarterSteps(
        quarter=q,
        national_ratio=national,
        regional_ratio=regional,
        two_way_update=two_way,
        update_factor=update,
        updated_by_type=updated,
        person_year_share=share,
        target_per_person=target,
        savings_rate=savings_rate,
        minimum_is=np.where(fixed, "fixed", "by size"),
        minimum_savings_rate=minimum,
        below_target=np.less(q.spending_per_person, target),
        minimum_reached=corridor.savings_shared(savings_rate, 1.0, minimum),
    )
