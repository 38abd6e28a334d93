"""Settlement: from savings and rates to the dollars that move."""

import numpy as np

from mssp_sim.units import Claim, Dollars, Fraction, Months

ROUNDING_DUST = 1e-12
"""Part of the benchmark below which savings are the noise of binary arithmetic."""


def gross_savings(benchmark_total: Dollars, expenditure_total: Dollars) -> Dollars:
    """Return benchmark less expenditures: savings, or losses when negative.

    Source: 42 CFR 425.605(a)

    Examples
    --------
    >>> float(gross_savings(572.0, 554.0)), float(gross_savings(572.0, 572.0 + 1e-13))
    (18.0, 0.0)
    """
    difference = np.subtract(benchmark_total, expenditure_total)
    dust = np.less_equal(np.abs(difference), np.multiply(benchmark_total, ROUNDING_DUST))
    return np.where(dust, 0.0, difference)


def sequestration(
    gross_savings: Dollars, sharing_rate: Fraction, sequestration_rate: float
) -> Dollars:
    """Return what the cut across Medicare takes from a share of the savings.

    Source: outside 42 CFR Part 425; CMS methodology specifications

    Examples
    --------
    >>> sequestration(100.0, 0.5, 0.02)
    1.0
    """
    return gross_savings * sharing_rate * sequestration_rate


def payment_before_limit(
    gross_savings: Dollars, sharing_rate: Fraction, sequestration_rate: float
) -> Dollars:
    """Return the share of all the savings, from the first dollar, after sequestration.

    Source: 42 CFR 425.605(d)(1)

    Examples
    --------
    >>> payment_before_limit(100.0, 0.5, 0.02)
    49.0
    """
    return gross_savings * sharing_rate * (1 - sequestration_rate)


def limited(amount: Dollars, limit: Dollars) -> Dollars:
    """Return the amount, no more than the limit.

    Source: 42 CFR 425.605(d)(1), 425.610(e)(2), (g)

    Examples
    --------
    >>> float(limited(49.0, 10.0))
    10.0
    """
    return np.minimum(amount, limit)


def loss_limit(
    benchmark_total: Dollars,
    participant_revenue: Dollars,
    loss_recoupment_limit_benchmark: Fraction,
    loss_recoupment_limit_revenue: Fraction,
) -> Dollars:
    """Return the most the ACO can owe: the smaller of two limits, and never less than nothing.

    Parameters
    ----------
    loss_recoupment_limit_revenue : fraction of participant_revenue; infinite where there is none

    Source: 42 CFR 425.605(d)(1)(iii)-(v)(D), 425.610(g)

    Examples
    --------
    >>> float(loss_limit(572.0, 100.0, 0.04, 0.08)), float(loss_limit(572.0, 0.0, 0.15, np.inf))
    (8.0, 85.8)
    >>> float(loss_limit(572.0, -10.0, 0.15, np.inf)), float(loss_limit(572.0, -10.0, 0.04, 0.08))
    (85.8, 0.0)
    """
    on_benchmark = np.maximum(benchmark_total, 0.0) * loss_recoupment_limit_benchmark
    with np.errstate(
        invalid="ignore"
    ):  # no revenue times no limit is no number: fmin leaves it out
        on_revenue = np.maximum(participant_revenue, 0.0) * loss_recoupment_limit_revenue
    return np.fmin(on_benchmark, on_revenue)


def forgiven(
    amount: Dollars, disaster_share: Fraction, disaster_adjustment: Dollars = 0.0
) -> Dollars:
    """Return the part of a loss, already limited, that a disaster takes away.

    Parameters
    ----------
    disaster_share : share of the year times share of the people affected
    disaster_adjustment : dollars, where CMS says them; never more than the loss

    Source: 42 CFR 425.605(f), 425.610(i)

    Examples
    --------
    >>> round(float(forgiven(1_722_500.0, 0.15 * 0.90)), 2)
    232537.5
    """
    taken_away = amount * disaster_share + disaster_adjustment
    return np.minimum(np.maximum(amount, 0.0), np.maximum(taken_away, 0.0))


def in_program_to_the_end(
    months_in_program: Months, performance_year_months: Months, ended_by_cms: Claim
) -> Claim:
    """Return whether an ACO can share savings: in the program to the year's last day, not ended.

    Parameters
    ----------
    months_in_program : months of the performance year, the one of leaving included; NaN for all
    performance_year_months : 12, or 6 in the half year of 2019
    ended_by_cms : did CMS end the agreement during the year, on whatever day?

    Source: 42 CFR 425.221(b)(1)

    Examples
    --------
    >>> [bool(in_program_to_the_end(months, 12, False)) for months in (np.nan, 12, 11)]
    [True, True, False]
    >>> bool(in_program_to_the_end(np.nan, 12, True))
    False
    """
    left = np.less(months_in_program, performance_year_months)
    return np.logical_not(np.logical_or(left, ended_by_cms))


def part_of_losses_owed(
    months_in_program: Months,
    performance_year_months: Months,
    ended_by_cms: Claim,
    early_leavers_owe_losses: bool,  # noqa: FBT001  (a parameter of the rule)
    months_without_losses: float,
) -> Fraction:
    """Return which part of the year's losses an ACO owes: its months, where it left early.

    Losses are those of the settled months, which in the half year are half of the calendar
    year's: its months in the program out of six of them are those out of twelve of the whole.

    Parameters
    ----------
    months_in_program : months of the performance year, the one of leaving included; NaN for all
    performance_year_months : 12, or 6 in the half year of 2019
    ended_by_cms : did CMS end the agreement? Else the ACO did
    early_leavers_owe_losses : not before July 2019
    months_without_losses : an ACO that leaves by itself in one of these first months owes nothing

    Source: 42 CFR 425.221(b)(2), (b)(3)(ii)

    Examples
    --------
    >>> [float(part_of_losses_owed(months, 12, False, True, 6)) for months in (np.nan, 9, 7, 6)]
    [1.0, 0.75, 0.5833333333333334, 0.0]
    >>> [float(part_of_losses_owed(9, 12, True, owes, 6)) for owes in (True, False)]
    [0.75, 0.0]
    """
    left = np.less(months_in_program, performance_year_months)
    free = np.logical_and(
        np.less_equal(months_in_program, months_without_losses), np.logical_not(ended_by_cms)
    )
    owes = np.logical_and(early_leavers_owe_losses, np.logical_not(free))
    part = np.where(owes, np.divide(months_in_program, performance_year_months), 0.0)
    return np.where(left, part, 1.0)
