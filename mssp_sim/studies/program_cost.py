"""Program cost: what the ACO spends for its result, what CMS advanced, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.tolerances import SAME_DOLLARS
from mssp_sim.units import Array, Dollars, Fraction

MOST_PER_PERSON, MOST_ADVANCE = 10_000.0, 1e9
LOOKED_AT = 241
"""Cost reductions settled at once on the way to the break-even."""

NARROWER = 3


class ProgramCostError(ValueError):
    """A cost that cannot be read or is not allowed, in one sentence."""


@dataclass(frozen=True, slots=True)
class ProgramCost:
    """What a result takes: dollars a year for each assigned person, and dollars CMS advanced.

    The advance is an advance investment payment (AIP) or prepaid shared savings: paid before
    the first settlement, taken back from what is earned later.
    """

    per_person: Dollars = 0.0
    advance: Dollars = 0.0

    def __post_init__(self) -> None:
        limits = {"per_person": MOST_PER_PERSON, "advance": MOST_ADVANCE}
        for name, most in limits.items():
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise ProgramCostError(f"{name} is {value:g}; it goes from 0 to {most:,.0f}")

    def __bool__(self) -> bool:
        return bool(self.per_person or self.advance)


@dataclass(frozen=True, slots=True)
class Net:
    """Dollars of one or more years in order: what the settlement moved, and what remains of it.

    ``net`` is ``payment`` + ``advanced`` − ``recouped`` − ``cost``. ``outstanding`` is what is
    still to be taken back after the last year.
    """

    payment: Array
    advanced: Array
    recouped: Array
    cost: Array
    net: Array
    outstanding: Dollars

    @property
    def pays_from(self) -> int | None:
        """The first year (from 0) from which the sum so far is, and stays, not below zero."""
        short = np.flatnonzero(np.cumsum(self.net) < 0)
        first = int(short[-1]) + 1 if len(short) else 0
        return first if first < len(self.net) else None


def read_cost(text: str | None) -> ProgramCost:
    """Return the program cost a short text stands for, as in ``person:95;advance:500000``.

    Raises
    ------
    ProgramCostError
        Says what cannot be read, and what is allowed.

    Source: ours

    Examples
    --------
    >>> read_cost("person:95;advance:500000")
    ProgramCost(per_person=95.0, advance=500000.0)
    >>> read_cost("person:lots")
    Traceback (most recent call last):
    ...
    mssp_sim.studies.program_cost.ProgramCostError: person is lots; it is a number of dollars
    """
    words = {"person": "per_person", "advance": "advance"}
    found: dict[str, float] = {}
    for part in filter(None, (text or "").split(";")):
        word, _, value = part.partition(":")
        if word not in words:
            raise ProgramCostError(
                f"{part[:20]} is not part of a program cost; the parts are person: and advance:"
            )
        try:
            found[words[word]] = float(value)
        except ValueError:
            raise ProgramCostError(f"{word} is {value[:20]}; it is a number of dollars") from None
    return ProgramCost(**found)


def write_cost(cost: ProgramCost) -> str | None:
    """Return the text a program cost can be read from again; None for none.

    Source: ours

    Examples
    --------
    >>> write_cost(ProgramCost(95, 500_000))
    'person:95;advance:500000'
    """
    parts = [("person", cost.per_person), ("advance", cost.advance)]
    return ";".join(f"{word}:{value:.12g}" for word, value in parts if value) or None


def net(results: Sequence[Result], cost: ProgramCost) -> Net:
    """Return what remains of each year's settlement after program cost and recoupment.

    Parameters
    ----------
    results : settlements of one ACO, year after year
    cost : the same in every year; a settlement of half a year bears half of it

    Source: ours; an advance is recouped from earned savings, 42 CFR 425.630 (recalled)

    Examples
    --------
    >>> year = simulate(Scenario())
    >>> after = net([year], ProgramCost(per_person=100, advance=500_000))
    >>> after.recouped.round(), after.net.round()
    (array([500000.]), array([2016510.]))
    """
    earned = np.array([float(r.shared_savings) for r in results])
    owed = np.array([float(r.shared_losses) for r in results])
    advanced = np.zeros(len(results))
    advanced[0] = cost.advance
    before = np.cumsum(earned) - earned
    recouped = np.clip(cost.advance - before, 0.0, earned)
    spent = np.array([
        cost.per_person * float(r.scenario.assigned_beneficiaries) * float(r.scenario.share_of_year)
        for r in results
    ])  # fmt: skip
    payment = earned - owed
    return Net(
        payment=payment,
        advanced=advanced,
        recouped=recouped,
        cost=spent,
        net=payment + advanced - recouped - spent,
        outstanding=float(cost.advance - np.sum(recouped)),
    )


def break_even(scenario: Scenario, cost: ProgramCost) -> Fraction | None:
    """Return the least cost reduction whose payment covers what the program costs in the year.

    Parameters
    ----------
    scenario : a single one; only its cost reduction is varied, from none to the most allowed
    cost : its advance does not count, for it is paid back

    Returns
    -------
    fraction, the least where the payment reaches the cost more than once; None where no cost
    reduction pays for it

    Source: ours

    Examples
    --------
    >>> round(break_even(Scenario(), ProgramCost(per_person=100)), 4)
    0.0214
    >>> round(break_even(Scenario(), ProgramCost(per_person=10)), 4)
    0.02
    """
    people = float(scenario.assigned_beneficiaries)
    wanted = cost.per_person * people * float(scenario.share_of_year)
    _, high = quantities()["cost_reduction"].allowed
    cuts = np.linspace(0.0, high, LOOKED_AT)
    payment = _paid(scenario, cuts)
    # The payment can reach the cost and fall below it again between two places, or stay below
    # it at the end: where nothing pays, the places around the most are looked at more closely.
    for _ in range(NARROWER):
        if np.any(payment >= wanted - SAME_DOLLARS):
            break
        best = int(np.argmax(payment))
        cuts = np.linspace(cuts[max(best - 1, 0)], cuts[min(best + 1, LOOKED_AT - 1)], LOOKED_AT)
        payment = _paid(scenario, cuts)
    for _ in range(NARROWER):
        pays = payment >= wanted - SAME_DOLLARS
        if not pays.any():
            return None
        enough = int(np.argmax(pays))
        if enough == 0:
            break
        cuts = np.linspace(cuts[enough - 1], cuts[enough], LOOKED_AT)
        payment = _paid(scenario, cuts)
    return float(cuts[int(np.argmax(payment >= wanted - SAME_DOLLARS))])


def _paid(scenario: Scenario, cuts: Array) -> Array:
    """Return the payment at each of some cost reductions, dollars."""
    return np.asarray(simulate(replace(scenario, cost_reduction=cuts)).payment)
