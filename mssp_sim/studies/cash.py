"""Cash by month until the check: program cost, advances, what is taken back, the settlement."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mssp_sim.quantity import agreement_years
from mssp_sim.quarter import MONTHS_A_QUARTER
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.studies.advances import (
    QUARTERS_A_YEAR,
    advance_rules,
    investment_paid,
)
from mssp_sim.studies.program_cost import ProgramCost, net
from mssp_sim.studies.year_inputs import MONTHS
from mssp_sim.units import Array, Dollars

MONTHS_TO_REPAY = 3
"""Whoever owes pays within 90 days of being told."""

FLOWS = ("advanced", "cost", "forgone", "payment", "recouped", "repaid")


@dataclass(frozen=True, slots=True)
class Cash:
    """Dollars by month, from January of the performance year; what goes out is negative.

    ``net`` is the page's net of the year: payment + advanced − recouped − repaid − cost −
    forgone. The months of all flows sum to it. ``check`` is the month in which the settlement is
    paid or repaid, counted from January of the performance year, which is 1.
    """

    advanced: Array
    cost: Array
    forgone: Array
    payment: Array
    recouped: Array
    repaid: Array
    net: Dollars
    check: int
    outstanding: Dollars

    @property
    def by_month(self) -> Array:
        """What comes in less what goes out, each month."""
        return np.asarray(np.sum([getattr(self, flow) for flow in FLOWS], axis=0))

    @property
    def so_far(self) -> Array:
        """The sum up to each month."""
        return np.cumsum(self.by_month)

    @property
    def lowest(self) -> Dollars:
        """The lowest sum before the settlement, zero at most: what must be carried until then."""
        return float(np.min(self.so_far[: self.check - 1], initial=0.0))


def year_of_agreement(scenario: Scenario) -> int:
    """Return which year of its agreement a performance year is, from 1."""
    years = agreement_years(scenario.agreement_start)
    return years.index(int(scenario.performance_year)) + 1


def cash(result: Result, cost: ProgramCost, months_to_check: int) -> Cash:
    """Return the cash of one performance year by month until its check, or its repayment.

    The program costs the same every month of the year, and so does what the cut takes from own
    revenue. Advances come when the year begins and quarter by quarter; what is taken back of
    them is taken from the check. Years of the agreement before this one are taken to be like it.

    Parameters
    ----------
    result : of the year, settled or projected
    months_to_check : from the year's end to the month of the check

    Source: ours; 42 CFR 425.605(e), 425.610(h) on the 90 days, 425.630 on advances
    """
    number = year_of_agreement(result.scenario)
    years: Sequence[Result] = [result] * number
    at = number - 1
    leaves = np.zeros(number, bool)
    leaves[at] = not np.all(result.in_program_to_the_end)
    after = net(years, cost, leaves)
    check = MONTHS + months_to_check
    payment = float(after.payment[at])
    settled = check if payment >= 0 else check + MONTHS_TO_REPAY
    length = max(settled, check)
    year = np.arange(1, length + 1) <= MONTHS
    flows = {
        "advanced": _advanced(result, cost, float(after.advanced[at]), number, length),
        "cost": _evenly(-float(after.cost[at]), year),
        "forgone": _evenly(-float(after.forgone[at]), year),
        "payment": _in_month(payment, settled, length),
        "recouped": _in_month(-float(after.recouped[at]), check, length),
        "repaid": _in_month(-float(after.repaid[at]), length, length),
    }
    return Cash(
        **flows, net=float(after.net[at]), check=settled, outstanding=float(after.outstanding)
    )


def _in_month(dollars: float, month: int, length: int) -> Array:
    found = np.zeros(length)
    found[month - 1] = dollars
    return found


def _evenly(dollars: float, months: Array) -> Array:
    """Return dollars in equal parts of the months that are true; the last takes the rounding."""
    found = np.where(months, np.round(dollars / max(int(np.sum(months)), 1), 2), 0.0)
    last = int(np.flatnonzero(months)[-1])
    found[last] += dollars - float(np.sum(found))
    return found


def _advanced(result: Result, cost: ProgramCost, dollars: float, number: int, length: int) -> Array:
    """Return a year's advances by month: once in January of the first year, the rest quarterly."""
    found = np.zeros(length)
    if not dollars:
        return found
    if cost.investment is not None:
        scenario = result.scenario
        rules = advance_rules(int(scenario.performance_year), scenario.agreement_start)
        once = rules.investment_once if number == 1 else 0.0
        paid = investment_paid(cost.investment, [result] * number)
        quarters = min(paid.quarters - QUARTERS_A_YEAR * (number - 1), QUARTERS_A_YEAR)
        found[: MONTHS_A_QUARTER * quarters : MONTHS_A_QUARTER] = paid.a_quarter
        found[0] += once
    elif cost.prepaid is not None:
        found[:MONTHS:MONTHS_A_QUARTER] = dollars / QUARTERS_A_YEAR
    else:
        found[0] = dollars
    found[0] += dollars - float(np.sum(found))
    return found
