"""Repayment mechanism: what an ACO must show before it bears risk, when, and what that costs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mssp_sim.parameters import TRACKS, Version, election_parameters
from mssp_sim.quantity import FIRST_LEVELS
from mssp_sim.scenario import Scenario
from mssp_sim.units import Dollars, Fraction, Months

FIRST_WITH_RISK = {"A": 3, "B": 2}
"""The year of the agreement in which the glide path comes to C, by the level it is entered at."""


@dataclass(frozen=True, slots=True)
class ElectionRules:
    """What the rule says of an election; a field a file of ``parameters/election/``.

    A value that agreements of a start do not have is left out of ``source`` and is nothing.
    """

    early_renewal_begins_next_period: bool
    glide_path_agreements_at_most: float
    list_restates_benchmark: bool
    one_sided_years: float
    open_after_the_glide_path: Mapping[str, float]
    open_to_experienced_high_revenue: Mapping[str, float]
    open_to_experienced_low_revenue: Mapping[str, float]
    repayment_months_after: Months
    repayment_of_revenue: Fraction
    repayment_of_spending: Fraction
    repayment_raise: Dollars
    source: Mapping[str, Version]


@cache
def election_rules(agreement_start: dt.date) -> ElectionRules:
    """Return what the rule says of an agreement that begins on a day; of earlier ones the oldest.

    Source: 42 CFR 425.118(b), 425.204(f), 425.600

    Examples
    --------
    >>> election_rules(dt.date(2026, 1, 1)).repayment_of_spending
    0.005
    >>> election_rules(dt.date(2020, 1, 1)).repayment_of_spending
    0.01
    """
    start = max(agreement_start, FIRST_LEVELS)
    source = {
        name: parameter.on({"agreement_start": start})
        for name, parameter in election_parameters().items()
    }
    values = {name: version.value for name, version in source.items()}
    return ElectionRules(**values, source=MappingProxyType(source))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Repayment:
    """A repayment mechanism: both amounts, dollars, of which the lesser is due.

    ``before_year`` says before which year of the agreement it is shown, from 1; None where the
    mechanism is not modeled, in agreements before July 2019.
    """

    of_spending: Dollars
    of_revenue: Dollars
    before_year: int | None
    months_after: Months
    raised_from: Dollars

    @property
    def amount(self) -> Dollars:
        """The lesser of the two."""
        return 0.0 if self.before_year is None else min(self.of_spending, self.of_revenue)

    def a_year(self, cost: Fraction) -> Dollars:
        """Return what it costs in a year in which it stands: nothing before the risk begins."""
        return self.amount * cost if self.before_year == 1 else 0.0


def repayment(scenario: Scenario, spending_total: Dollars, level: str) -> Repayment:
    """Return the repayment mechanism of a contract that is signed next January.

    Parameters
    ----------
    scenario : a single one
    spending_total : dollars; what the assigned people cost in the latest full calendar year

    Source: 42 CFR 425.204(f)

    Examples
    --------
    >>> shown = repayment(Scenario(), 554_268_000.0, "E")
    >>> round(shown.of_spending), round(shown.of_revenue), round(shown.amount)
    (2771340, 2494206, 2494206)
    """
    start = dt.date(int(scenario.performance_year) + 1, 1, 1)
    rules = election_rules(start)
    revenue = spending_total * float(scenario.participant_revenue_share)
    return Repayment(
        of_spending=spending_total * rules.repayment_of_spending,
        of_revenue=revenue * rules.repayment_of_revenue,
        before_year=None if level in TRACKS else FIRST_WITH_RISK.get(level, 1),
        months_after=rules.repayment_months_after,
        raised_from=rules.repayment_raise,
    )
