"""Program cost: what the ACO spends and forgoes for its result, what CMS advanced, what is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies import advances
from mssp_sim.studies.advances import Investment, investment_paid, prepaid, recouped
from mssp_sim.tolerances import SAME_DOLLARS
from mssp_sim.units import Array, Dollars, Fraction

MOST_PER_PERSON, MOST_ADVANCE, MOST_SAVED = 10_000.0, 1e9, 50_000.0
LOOKED_AT = 1_201
"""Cost reductions settled at once on the way to the break-even."""

NARROWER = 3
DIGITS = 12


class ProgramCostError(ValueError):
    """A cost that cannot be read or is not allowed, in one sentence."""


@dataclass(frozen=True, slots=True)
class ProgramCost:
    """What a result takes, and what CMS advances for it: at most one kind of advance.

    Parameters
    ----------
    per_person : dollars a year for each assigned person
    advance : an amount that is known, paid when the agreement begins
    investment : advance investment payments by the rule
    prepaid : prepaid shared savings by the rule, from dollars per person-year saved in BY1 and
        BY2 on average, prorated for growth
    own_revenue : the part of the spending cut that is the ACO's own fee-for-service revenue, as
        of an ACO with a hospital or practices
    own_margin : the part of that revenue that is lost in the end, after the costs that fall with it
    """

    per_person: Dollars = 0.0
    advance: Dollars = 0.0
    investment: Investment | None = None
    prepaid: Dollars | None = None
    own_revenue: Fraction = 0.0
    own_margin: Fraction = 1.0

    def __post_init__(self) -> None:
        paid = self.investment or Investment()
        rules = advances.newest_rules()
        most_a_person = float(np.max(rules.investment_by_score["amount"]))
        for name, value, most in (
            ("per_person", self.per_person, MOST_PER_PERSON),
            ("advance", self.advance, MOST_ADVANCE),
            ("prepaid", self.prepaid, MOST_SAVED),
            ("own_revenue", self.own_revenue, 1),
            ("own_margin", self.own_margin, 1),
            ("amount a quarter", paid.per_person, most_a_person),
            ("people", paid.people, rules.investment_people),
            ("quarters", paid.quarters, rules.investment_quarters),
        ):
            if value is not None and not 0 <= value <= most:
                raise ProgramCostError(f"{name} is {value:g}; it goes from 0 to {most:,.0f}")
        kinds = (self.advance > 0, self.investment is not None, self.prepaid is not None)
        if sum(kinds) > 1:
            raise ProgramCostError(
                "a program cost has one advance: an amount, advance investment payments or "
                "prepaid shared savings"
            )

    def __bool__(self) -> bool:
        return bool(self.per_person or self.own_revenue or self.advanced)

    @property
    def advanced(self) -> bool:
        """Whether CMS advances anything."""
        return bool(self.advance or self.investment or self.prepaid is not None)


@dataclass(frozen=True, slots=True)
class Net:
    """Dollars of one or more years in order: what the settlement moved, and what remains of it.

    ``net`` is ``payment`` + ``advanced`` − ``recouped`` − ``repaid`` − ``cost`` − ``forgone``.
    ``repaid`` is what is left of advances when the ACO leaves, and of prepaid shared savings when
    the agreement ends; ``left_in`` the year (from 0) in which it leaves. ``forgone`` is what the
    cut takes from the ACO's own revenue (negative where spending rose). ``outstanding`` is what is
    still to be taken back after the last year.
    """

    payment: Array
    advanced: Array
    recouped: Array
    repaid: Array
    cost: Array
    forgone: Array
    net: Array
    outstanding: Dollars
    left_in: int | None = None

    @property
    def pays_from(self) -> int | None:
        """The first year (from 0) from which the sum so far is, and stays, not below zero."""
        short = np.flatnonzero(np.cumsum(self.net) < 0)
        first = int(short[-1]) + 1 if len(short) else 0
        return first if first < len(self.net) else None


def read_cost(text: str | None) -> ProgramCost:
    """Return the program cost a short text stands for, as in ``person:95;aip:28,10000,8;own:30``.

    ``aip:`` has amount a person a quarter, people and quarters, each of which may be empty;
    ``own:`` the own part of what is cut and its margin, in percent.

    Raises
    ------
    ProgramCostError
        Says what cannot be read, and what is allowed.

    Source: ours

    Examples
    --------
    >>> read_cost("person:95;advance:500000") == ProgramCost(per_person=95, advance=500_000)
    True
    >>> read_cost("aip:28,,8").investment
    Investment(per_person=28.0, people=None, quarters=8)
    >>> read_cost("person:lots")
    Traceback (most recent call last):
    ...
    mssp_sim.studies.program_cost.ProgramCostError: person is lots; it is a number of dollars
    """
    found: dict[str, Any] = {}
    for part in filter(None, (text or "").split(";")):
        word, _, value = part.partition(":")
        if word in DOLLARS:
            found[DOLLARS[word]] = _number(word, value, "a number of dollars")
        elif word == "aip":
            each, people, quarters = _numbers(word, value, 3)
            if quarters is not None and not quarters.is_integer():
                raise ProgramCostError(f"quarters is {quarters:g}; it is a whole number")
            whole = None if quarters is None else int(quarters)
            found["investment"] = Investment(each, people, whole)
        elif word == "own":
            share, margin = _numbers(word, value, 2)
            found["own_revenue"] = round((share or 0.0) / 100, DIGITS)
            found["own_margin"] = 1.0 if margin is None else round(margin / 100, DIGITS)
        else:
            raise ProgramCostError(
                f"{part[:20]} is not part of a program cost; the parts are "
                f"{', '.join(f'{each}:' for each in (*DOLLARS, 'aip'))} and own:"
            )
    return ProgramCost(**found)


DOLLARS = {"person": "per_person", "advance": "advance", "prepaid": "prepaid"}


def _number(word: str, text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ProgramCostError(f"{word} is {text[:20]}; it is {what}") from None


def _numbers(word: str, text: str, most: int) -> list[float | None]:
    parts = text.split(",")
    if len(parts) > most:
        raise ProgramCostError(f"{word} has {len(parts)} numbers; it has at most {most}")
    given = [_number(word, part, "numbers with commas between") if part else None for part in parts]
    return given + [None] * (most - len(parts))


def write_cost(cost: ProgramCost) -> str | None:
    """Return the text a program cost can be read from again; None for none.

    Source: ours

    Examples
    --------
    >>> write_cost(ProgramCost(95, 500_000))
    'person:95;advance:500000'
    >>> write_cost(ProgramCost(investment=Investment(quarters=4), own_revenue=0.3))
    'aip:,,4;own:30'
    """
    parts = [
        f"{word}:{value:.{DIGITS}g}"
        for word, field in DOLLARS.items()
        if (value := getattr(cost, field)) or (field == "prepaid" and value is not None)
    ]
    if (paid := cost.investment) is not None:
        parts.append(_listed("aip", (paid.per_person, paid.people, paid.quarters)))
    if cost.own_revenue:
        margin = None if cost.own_margin == 1 else cost.own_margin * 100
        parts.append(_listed("own", (cost.own_revenue * 100, margin)))
    return ";".join(parts) or None


def _listed(word: str, values: Sequence[float | None]) -> str:
    texts = ("" if value is None else f"{value:.{DIGITS}g}" for value in values)
    return f"{word}:{','.join(texts).rstrip(',')}"


def net(results: Sequence[Result], cost: ProgramCost, leaves: Array | None = None) -> Net:
    """Return what remains of each year's settlement after program cost and recoupment.

    Parameters
    ----------
    results : settlements of one ACO, year after year, from the agreement's first on
    cost : the same in every year; a settlement of half a year bears half of it
    leaves : whether the ACO leaves in each year; None asks the settlements

    Source: ours; 42 CFR 425.630(g) and 425.640(g) on what is taken back

    Examples
    --------
    >>> year = simulate(Scenario())
    >>> after = net([year], ProgramCost(per_person=100, advance=500_000))
    >>> after.recouped.round(), after.net.round()
    (array([500000.]), array([2016510.]))
    """
    earned = np.array([float(r.shared_savings) for r in results])
    owed = np.array([float(r.shared_losses) for r in results])
    advanced = _advanced(results, cost)
    if leaves is None:
        leaves = np.array([not np.all(r.in_program_to_the_end) for r in results])
    by_rule = cost.investment is not None or cost.prepaid is not None
    leaves = leaves & by_rule
    taken = recouped(advanced, earned, leaves)
    repaid = advances.due(advanced, taken, leaves)
    left = float(np.sum(advanced) - np.sum(taken) - np.sum(repaid))
    if cost.prepaid is not None and advances.covers_the_agreement(results):
        repaid[-1], left = repaid[-1] + left, 0.0
    spent = np.array([
        cost.per_person * float(r.scenario.assigned_beneficiaries) * float(r.scenario.share_of_year)
        for r in results
    ])  # fmt: skip
    forgone = np.array([float(_forgone(r, cost)) for r in results])
    payment = earned - owed
    return Net(
        payment=payment,
        advanced=advanced,
        recouped=taken,
        repaid=repaid,
        cost=spent,
        forgone=forgone,
        net=payment + advanced - taken - repaid - spent - forgone,
        outstanding=left,
        left_in=int(np.argmax(leaves)) if leaves.any() else None,
    )


def _advanced(results: Sequence[Result], cost: ProgramCost) -> Array:
    if cost.investment is not None:
        return investment_paid(cost.investment, results).by_year
    if cost.prepaid is not None:
        return prepaid(cost.prepaid, results).by_year
    paid = np.zeros(len(results))
    paid[0] = cost.advance
    return paid


def spending_cut(result: Result) -> Dollars:
    """Return the spending that a cost reduction took away, of every row; negative where it rose.

    Source: ours; the cost reduction is against what would have been spent without it

    Examples
    --------
    >>> round(float(spending_cut(simulate(Scenario(cost_reduction=0.031)))))
    17732000
    """
    cut = np.asarray(result.scenario.cost_reduction, float)
    return np.asarray(result.expenditure_total) * cut / (1 - cut)


def _forgone(result: Result, cost: ProgramCost) -> Dollars:
    return spending_cut(result) * (cost.own_revenue * cost.own_margin)


def break_even(scenario: Scenario, cost: ProgramCost) -> Fraction | None:
    """Return the least cost reduction whose payment covers what the program takes in the year.

    What the cut takes from the ACO's own revenue counts, so more of a cut can pay for less: every
    cost reduction is looked at, not only the largest.

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
    payment = _paid(scenario, cost, cuts)
    # The payment can reach the cost and fall below it again between two places, or stay below
    # it at the end: where nothing pays, the places around the most are looked at more closely.
    for _ in range(NARROWER):
        if np.any(payment >= wanted - SAME_DOLLARS):
            break
        best = int(np.argmax(payment))
        cuts = np.linspace(cuts[max(best - 1, 0)], cuts[min(best + 1, LOOKED_AT - 1)], LOOKED_AT)
        payment = _paid(scenario, cost, cuts)
    for _ in range(NARROWER):
        pays = payment >= wanted - SAME_DOLLARS
        if not pays.any():
            return None
        enough = int(np.argmax(pays))
        if enough == 0:
            break
        cuts = np.linspace(cuts[enough - 1], cuts[enough], LOOKED_AT)
        payment = _paid(scenario, cost, cuts)
    return float(cuts[int(np.argmax(payment >= wanted - SAME_DOLLARS))])


def _paid(scenario: Scenario, cost: ProgramCost, cuts: Array) -> Array:
    """Return the payment less the revenue forgone at each of some cost reductions, dollars."""
    result = simulate(replace(scenario, cost_reduction=cuts))
    return np.asarray(result.payment - _forgone(result, cost))
