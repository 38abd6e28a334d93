"""Corridor: how far from the benchmark spending must be before money moves."""

import numpy as np

from mssp_sim.parameters import Schedule
from mssp_sim.units import Claim, Dollars, Fraction, Persons

TOLERANCE = 1e-9
"""Part of the benchmark by which binary arithmetic may miss a threshold that is met."""


def minimum_savings_rate(
    assigned_beneficiaries: Persons,
    elected_rate: Fraction,
    two_sided: Claim,
    people_for_chosen_minimum: float,
    schedule: Schedule,
) -> Fraction:
    """Return the share of the benchmark that savings must reach to be shared.

    A small ACO's spending swings by chance, so the bar falls as the ACO grows, along straight
    lines between the points of the rule's table, flat past its ends. A two-sided ACO may choose
    a fixed rate instead, which from July 2019 on holds only from the program's minimum size on.

    Parameters
    ----------
    assigned_beneficiaries : persons (head count, not person-years)
    elected_rate : fraction; NaN for the table by size
    two_sided : does the contract owe losses?
    people_for_chosen_minimum : with fewer persons the table takes the fixed rate's place
    schedule : the table in force

    Source: 42 CFR 425.605(b)(1)-(2), 425.610(b)(1), 425.110(b)(3)(ii)-(iii)

    Examples
    --------
    >>> table = Schedule(at=(5_000, 10_000), gives=(0.04, 0.03))
    >>> float(minimum_savings_rate(7_500, 0.01, False, 5_000, table))
    0.035
    >>> minimum_savings_rate(np.array([4_000, 7_500]), 0.01, True, 5_000, table)
    array([0.04, 0.01])
    """
    by_size = np.interp(assigned_beneficiaries, schedule.at, schedule.gives)
    fixed = np.logical_and(
        np.logical_and(two_sided, ~np.isnan(elected_rate)),
        np.greater_equal(assigned_beneficiaries, people_for_chosen_minimum),
    )
    return np.where(fixed, elected_rate, by_size)


def savings_shared(
    gross_savings: Dollars, benchmark_total: Dollars, minimum_savings_rate: Fraction
) -> Claim:
    """Return whether savings reach the minimum: all of them are shared then, else none.

    Source: 42 CFR 425.605(b), (d)

    Examples
    --------
    >>> [bool(savings_shared(savings, 100.0, 0.02)) for savings in (-3.0, 1.9, 2.0)]
    [False, False, True]
    """
    reached = np.greater_equal(
        gross_savings, np.multiply(benchmark_total, minimum_savings_rate - TOLERANCE)
    )
    return np.logical_and(reached, np.greater(gross_savings, 0))


def losses_beyond_minimum(
    gross_savings: Dollars, benchmark_total: Dollars, minimum_loss_rate: Fraction
) -> Claim:
    """Return whether losses reach the minimum loss rate.

    Source: 42 CFR 425.605(b)(2), 425.610(b)(2)

    Examples
    --------
    >>> [bool(losses_beyond_minimum(savings, 100.0, 0.02)) for savings in (-1.9, -2.0, 3.0)]
    [False, True, False]
    """
    reached = np.greater_equal(
        np.negative(gross_savings), np.multiply(benchmark_total, minimum_loss_rate - TOLERANCE)
    )
    return np.logical_and(reached, np.less(gross_savings, 0))


def half_rate_open(
    gross_savings: Dollars,
    savings_shared: Claim,
    assigned_beneficiaries: Persons,
    low_revenue: Claim,
    half_rate: Fraction,
    minimum_assigned_beneficiaries: float,
) -> Claim:
    """Return whether savings under the minimum are shared at half the rate.

    Parameters
    ----------
    half_rate : fraction of the rate for this contract and agreement; 0 where there is no such path

    Source: 42 CFR 425.605(h)

    Examples
    --------
    >>> bool(half_rate_open(1.0, False, 6_000, True, 0.5, 5_000))
    True
    >>> bool(half_rate_open(1.0, False, 6_000, False, 0.5, 5_000))
    False
    """
    eligible = np.logical_and(low_revenue, np.greater(half_rate, 0))
    large_enough = np.greater_equal(assigned_beneficiaries, minimum_assigned_beneficiaries)
    under_minimum = np.logical_and(np.greater(gross_savings, 0), np.logical_not(savings_shared))
    return np.logical_and(np.logical_and(eligible, large_enough), under_minimum)
