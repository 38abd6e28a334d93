"""What must still happen this year: the cut of spending that is needed, by the month it begins."""

from dataclasses import dataclass

import numpy as np

from mssp_sim.quarter import MONTHS_A_QUARTER
from mssp_sim.studies.this_year import Projection, at_rates
from mssp_sim.studies.year_inputs import MONTHS
from mssp_sim.tolerances import SAME_DOLLARS
from mssp_sim.units import Dollars, Fraction

HIGHEST_RATE, LOOKED_AT, NARROWER = 0.6, 1_201, 3


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes from one month on: cuts of the months' spending, fractions.

    ``no_debt`` ends what is owed, ``minimum`` clears the minimum, ``goal`` reaches the sum asked
    for. None where no cut does, or nothing is owed; zero or less where the year is there already.
    """

    month: int
    effective_months: float
    no_debt: Fraction | None
    minimum: Fraction | None
    goal: Fraction | None


def effective_months(month: int, work: float) -> float:
    """Return the months of full effect that an intervention still has, begun in a month.

    Its effect grows evenly over the months it takes to work, and holds until the year's end.

    Parameters
    ----------
    month : 1 to 12, in which it begins
    work : months until its full effect

    Source: ours

    Examples
    --------
    >>> effective_months(7, 3), effective_months(10, 3), effective_months(12, 3)
    (4.5, 1.5, 0.16666666666666666)
    """
    left = MONTHS + 1 - month
    if left >= work:
        return left - work / 2
    return left**2 / (2 * work)


def rate_that_pays(projection: Projection, goal: Dollars) -> Fraction | None:
    """Return the least savings rate whose payment reaches a sum; None where none does.

    Parameters
    ----------
    goal : dollars, above zero; of anything above zero, give the least that counts

    Source: ours
    """
    rates = np.linspace(0.0, HIGHEST_RATE, LOOKED_AT)
    for narrower in range(NARROWER + 1):
        reached = np.asarray(at_rates(projection, rates).payment) >= goal - SAME_DOLLARS
        if not reached.any():
            return None
        first = int(np.argmax(reached))
        if first == 0 or narrower == NARROWER:
            return float(rates[first])
        rates = np.linspace(rates[first - 1], rates[first], LOOKED_AT)
    return None


def rate_of_minimum(projection: Projection) -> Fraction | None:
    """Return the savings rate at which money is first paid; None where quality pays nothing.

    The rule pays what meets or exceeds the minimum.

    Source: 42 CFR 425.605(b), 425.610(b)
    """
    minimum = float(projection.result.minimum_savings_rate)
    at = at_rates(projection, max(minimum, SAME_DOLLARS))
    if bool(at.guardrail) or float(at.payment) <= 0:
        return None
    return minimum


def needed(projection: Projection, work: float, goal: Dollars | None = None) -> tuple[Needed, ...]:
    """Return what each month of delay asks for, from the first month that is not reported.

    A cut is a part of the spending of the months in which it works in full; the target stays as
    it is projected.

    Parameters
    ----------
    work : months until a new intervention has its full effect
    goal : dollars; None for the minimum alone

    Returns
    -------
    nothing where no month is left

    Source: ours
    """
    result = projection.result
    owes = float(result.payment) < 0
    wanted = (
        -float(result.minimum_savings_rate) if owes else None,
        rate_of_minimum(projection),
        None if goal is None else rate_that_pays(projection, goal),
    )
    found = []
    for month in range(MONTHS_A_QUARTER * projection.so_far.quarter + 1, MONTHS + 1):
        effective = effective_months(month, work)
        cuts = (_cut(projection, rate, effective) for rate in wanted)
        found.append(Needed(month, effective, *cuts))
    return tuple(found)


def _cut(projection: Projection, rate: Fraction | None, effective: float) -> Fraction | None:
    if rate is None:
        return None
    short = projection.expenditure_total - projection.benchmark_total * (1 - rate)
    return short / (projection.expenditure_total / MONTHS * effective)
