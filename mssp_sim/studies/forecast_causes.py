"""Forecast against final: what moved the payment between two settlements of one year, by cause."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Literal

import numpy as np

from mssp_sim.figures import apportioned, rounded
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import settle
from mssp_sim.studies.moved import CENT, shapley
from mssp_sim.units import Array, Dollars, Fraction, Persons, Ratio

Cause = Literal["target", "own spending", "risk", "mix", "quality", "people"]
CAUSES: tuple[Cause, ...] = ("target", "own spending", "risk", "mix", "quality", "people")


@dataclass(frozen=True, eq=False, kw_only=True)
class YearEnd:
    """What a settlement of the year goes by, forecast or final.

    ``target`` and ``spending`` are dollars per person-year, the target before the risk step;
    ``risk`` is what counts of risk growth, ``mix`` the shares of person-years: each by enrollment
    type (..., type), or of one type with a mix of 1. ``two_way`` is the target without the
    prospective trend as a ratio to the target.
    """

    target: Dollars
    spending: Dollars
    risk: Ratio
    mix: Fraction
    quality: Fraction
    people: Persons
    person_years: Persons
    two_way: Ratio = 1.0


@dataclass(frozen=True, slots=True)
class Causes:
    """The payments of forecast and final, and what each cause moved between them: cents."""

    forecast: Decimal
    final: Decimal
    moved: Mapping[Cause, Decimal]


def causes(scenario: Scenario, forecast: YearEnd, final: YearEnd) -> Causes:
    """Return what moved the payment from a forecast to the final settlement.

    A cause is worth its mean over every order in which the causes may come (the Shapley value):
    none comes first, and they sum to the difference to the cent.

    Parameters
    ----------
    scenario : contract and all else that both settlements share; a single one

    Source: ours

    Examples
    --------
    >>> before = YearEnd(target=13_000, spending=12_600, risk=1.0, mix=1.0, quality=0.82,
    ...                  people=45_000, person_years=44_000)
    >>> after = YearEnd(target=12_900, spending=12_600, risk=1.0, mix=1.0, quality=0.75,
    ...                 people=45_000, person_years=44_000)
    >>> found = causes(Scenario(), before, after)
    >>> {name: str(dollars) for name, dollars in found.moved.items() if dollars}
    {'target': '-1886500.00', 'quality': '-1886500.00'}
    >>> sum(found.moved.values()) == found.final - found.forecast
    True
    """
    taken = np.array(list(product((False, True), repeat=len(CAUSES))))[:, ::-1]
    worth = _payments(scenario, forecast, final, taken)
    total = rounded(worth[-1], 2) - rounded(worth[0], 2)
    shares = apportioned([float(share) for share in shapley(worth)], total, CENT)
    moved = dict(zip(CAUSES, shares, strict=True))
    return Causes(rounded(worth[0], 2), rounded(worth[-1], 2), moved)


def _payments(scenario: Scenario, forecast: YearEnd, final: YearEnd, taken: Array) -> Array:
    """Return the payment with each set of causes as in the final settlement."""
    by = dict(zip(CAUSES, taken.T, strict=True))

    def chosen(cause: Cause, name: str) -> Array:
        before, after = (np.asarray(getattr(end, name), float) for end in (forecast, final))
        return np.where(by[cause], after, before)

    def by_type(cause: Cause, name: str) -> Array:
        before, after = (np.atleast_1d(getattr(end, name)) for end in (forecast, final))
        return np.where(by[cause][:, None], after, before)

    mix, years = by_type("mix", "mix"), chosen("people", "person_years")
    target = by_type("target", "target") * by_type("risk", "risk")
    total = np.sum(target * mix, axis=-1) * years
    spent = np.sum(by_type("own spending", "spending") * mix, axis=-1) * years
    settled = replace(
        scenario,
        assigned_beneficiaries=chosen("people", "people"),
        quality_score=chosen("quality", "quality"),
    )
    result = settle(
        settled,
        scenario.rules,
        benchmark_total=total,
        expenditure_total=spent,
        two_way_total=total * chosen("target", "two_way"),
    )
    return np.asarray(result.payment)
