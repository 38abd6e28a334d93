"""Fair shares: what the ACO is with and without each practice, and what each is to its payment.

An illustrative model, ours: CMS assigns people one by one. Here a practice brings people, what they
cost, how ill they are and a quality score, and the ACO is their average.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np

from mssp_sim.figures import apportioned
from mssp_sim.quantity import number, number_or_nan
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies.practices import Practice
from mssp_sim.units import Array, Claim, Dollars, Fraction, Persons

EXACT_TO = 10
"""Members up to which every combination is settled: 1,024 of them."""

ORDERS, SEED = 800, 425
"""Orders of joining that are drawn beyond that, each with its reverse."""

REST = "Everyone else"
NOBODY = 0.5
"""People under which there are none."""

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Shared:
    """What each practice is to the payment, in the order of the practices; dollars.

    ``payment`` is the ACO's as it is, ``otherwise`` what it is without a practice that is in it,
    or with a candidate; ``fair`` the fair shares of the members, by the place of each practice,
    nothing for candidates, with ``rest`` that of everyone else. ``error`` is one standard error
    of a share where orders were drawn.
    """

    practices: tuple[Practice, ...]
    payment: Dollars
    otherwise: tuple[Dollars, ...]
    fair: tuple[Dollars, ...]
    rest: Dollars
    error: tuple[Dollars, ...]
    people: tuple[Persons, ...]
    minimum: tuple[Fraction, ...]
    target: tuple[Dollars, ...]

    @property
    def exact(self) -> bool:
        """Whether every combination of members was settled."""
        return not any(self.error)


def _totals(scenario: Scenario, practices: Sequence[Practice]) -> tuple[Array, Claim, Array]:
    """Return what each practice brings: (quantity, practice); who is inside; the ACO's own sums."""
    people = float(scenario.assigned_beneficiaries)
    own = {"quality": float(scenario.quality_score), "cut": float(scenario.cost_reduction)}
    a_person = float(scenario.market_share) / people
    rows = []
    for each in practices:
        n = float(each.people)
        quality = own["quality"] if each.quality is None else each.quality
        cut = own["cut"] if each.cut is None else each.cut
        share = n * a_person if each.share is None else each.share
        rows.append([n, n * each.cost, n * each.risk, n * quality, n * each.cost * cut, share])
    whole = np.array([people, people, people, people * own["quality"], people * own["cut"],
                      float(scenario.market_share)])  # fmt: skip
    sums = np.array(rows, float).T if rows else np.empty((len(whole), 0))
    return sums, np.array([each.inside for each in practices], bool), whole


def combined(scenario: Scenario, practices: Sequence[Practice], members: Claim) -> Scenario:
    """Return the ACO with some of the practices, restated: a scenario for each row of ``members``.

    With every practice that is in it and no candidate it is the scenario itself. Benchmark years
    are restated to the list: spending and risk move in all of them, so a practice that costs
    more than its people are ill lies further above the region.

    Parameters
    ----------
    members : (row, practice); who is in

    Source: ours; 42 CFR 425.118(b)(3) on the list
    """
    sums, inside, whole = _totals(scenario, practices)
    away = inside & ~members
    come = ~inside & members
    moved = sums @ (come.astype(float) - away.astype(float)).T
    people, cost, risk, quality, cut, share = whole[:, None] + moved
    some = people > NOBODY
    n, c = np.where(some, people, 1.0), np.where(some & (cost > 0), cost, 1.0)
    r = np.where(some & (risk > 0), risk, 1.0)
    limits = quantities()
    own_level = number(scenario.regional_level)
    level = own_level + (1 + own_level) * (r / c - 1)
    room = np.maximum(1 - number(scenario.other_acos_share), scenario.market_share)

    def held(name: str, value: Array) -> Array:
        return np.clip(value, *limits[name].allowed)

    columns: dict[str, Any] = {
        "assigned_beneficiaries": held("assigned_beneficiaries", n),
        "quality_score": held("quality_score", quality / n),
        "cost_reduction": held("cost_reduction", cut / c),
        "market_share": np.clip(share, 0.0, room),
        "regional_level": held("regional_level", level),
        "expenditure": np.asarray(scenario.expenditure) * (c / n)[:, None, None],
        "risk_score": np.asarray(scenario.risk_score) * (r / n)[:, None, None],
        "risk_score_performance_year": np.asarray(scenario.risk_score_performance_year)
        * (r / n)[:, None],
        "market_share_by_type": None,
        "cost_per_person": None,
    }
    if scenario.cost_per_person is not None:
        columns["cost_per_person"] = number_or_nan(scenario.cost_per_person) * (c / n)
    if scenario.regional_expenditure is not None:  # it is at average risk: only the level is said
        columns["regional_level"] = np.full(len(n), float(scenario.regional_level))
    return scenario.with_columns(columns)


def _pays(scenario: Scenario, practices: Sequence[Practice], members: Claim) -> Array:
    """Return what each combination pays; one without people pays nothing."""
    payment = np.asarray(simulate(combined(scenario, practices, members)).payment, float)
    sums, inside, whole = _totals(scenario, practices)
    away = sums[0] @ (inside & ~members).T
    come = sums[0] @ (~inside & members).T
    return np.where(whole[0] - away + come > NOBODY, payment, 0.0)


def shared(result: Result, practices: Sequence[Practice], *, orders: int = ORDERS) -> Shared:
    """Return what each practice is to the payment, and the fair share of each that is in the ACO.

    A fair share is what a member adds, averaged over every order in which all could have joined
    (Shapley). Everyone who stands in no row is one member more. The shares add up to the payment.

    Parameters
    ----------
    result : a single one
    orders : how many are drawn, each with its reverse, where members are too many for all

    Source: ours

    Examples
    --------
    >>> from mssp_sim.studies.practices import EXAMPLE
    >>> found = shared(simulate(Scenario()), EXAMPLE)
    >>> round(sum(found.fair) + found.rest, 6) == round(found.payment, 6)
    True
    """
    scenario, count = result.scenario, len(practices)
    inside = np.array([each.inside for each in practices], bool)
    one_other = np.tile(inside, (count + 1, 1))
    one_other[np.arange(count), np.arange(count)] ^= True
    each = combined(scenario, practices, one_other)
    settled = simulate(each)
    payment = float(result.payment)
    otherwise = _pays(scenario, practices, one_other)[:count]
    fair, rest, error = _fair_shares(scenario, practices, payment, orders)
    return Shared(
        practices=tuple(practices),
        payment=payment,
        otherwise=tuple(map(float, otherwise)),
        fair=fair,
        rest=rest,
        error=error,
        people=tuple(map(float, np.asarray(each.assigned_beneficiaries)[:count])),
        minimum=tuple(map(float, np.asarray(settled.minimum_savings_rate)[:count])),
        target=tuple(map(float, np.asarray(settled.benchmark)[:count])),
    )


def _fair_shares(
    scenario: Scenario, practices: Sequence[Practice], payment: Dollars, orders: int
) -> tuple[tuple[Dollars, ...], Dollars, tuple[Dollars, ...]]:
    """Return the fair shares by practice, that of everyone else, and the errors of the first."""
    members = [at for at, each in enumerate(practices) if each.inside]
    left = float(scenario.assigned_beneficiaries) - sum(practices[at].people for at in members)
    rest = left > NOBODY
    players = len(members) + rest
    if not players:
        return (0.0,) * len(practices), 0.0, (0.0,) * len(practices)

    def value(coalition: Claim) -> Array:
        """Return what coalitions pay: (row, player), everyone else last."""
        full = np.zeros((len(coalition), len(practices)), bool)
        full[:, members] = coalition[:, : len(members)]
        if rest:
            return _without_rest(scenario, practices, full, coalition[:, -1], payment)
        paid = _pays(scenario, practices, full)
        return np.where(coalition.all(axis=1), payment, paid)

    if players <= EXACT_TO:
        found, error = exact_shares(value, players), np.zeros(players)
    else:
        found, error = drawn_shares(value, players, orders)
    by_practice, errors = np.zeros(len(practices)), np.zeros(len(practices))
    by_practice[members], errors[members] = found[: len(members)], error[: len(members)]
    return (
        tuple(map(float, by_practice)),
        float(found[-1]) if rest else 0.0,
        tuple(map(float, errors)),
    )


def _without_rest(
    scenario: Scenario, practices: Sequence[Practice], full: Claim, with_rest: Claim, payment: float
) -> Array:
    """Return what coalitions pay that may lack everyone who stands in no row."""
    sums, inside, whole = _totals(scenario, practices)
    beside = whole - sums @ inside.astype(float)
    people = max(beside[0], 1.0)
    other = Practice(
        REST,
        people,
        cost=max(beside[1] / people, 0.01),
        risk=max(beside[2] / people, 0.01),
        quality=beside[3] / people,
        share=max(beside[5], 0.0),
        cut=beside[4] / max(beside[1], 1e-9),
    )
    paid = _pays(scenario, (*practices, other), np.column_stack([full, with_rest]))
    as_it_is = with_rest & (full == inside).all(axis=1)
    return np.where(as_it_is, payment, paid)


def exact_shares(value: Callable[[Claim], Array], players: int) -> Array:
    """Return the fair share of each player from every combination of them.

    Parameters
    ----------
    value : what combinations are worth: (combination, player) of who is in

    Source: ours; L. S. Shapley, A value for n-person games, 1953

    Examples
    --------
    >>> exact_shares(lambda s: s.sum(axis=1) * 3.0 + s.all(axis=1) * 1.0, 2)
    array([3.5, 3.5])
    """
    happened = np.arange(2**players)[:, None] >> np.arange(players) & 1 == 1
    worth = value(happened)
    worth = worth - worth[0]
    size = happened.sum(axis=1)
    found = np.empty(players)
    for at in range(players):
        without = np.flatnonzero(~happened[:, at])
        weight = _weights(players)[size[without]]
        found[at] = np.sum(weight * (worth[without | 1 << at] - worth[without]))
    return _adding_up(found, float(worth[-1]))


@cache
def _weights(players: int) -> Array:
    f = math.factorial
    return np.array([f(k) * f(players - 1 - k) / f(players) for k in range(players)])


def drawn_shares(value: Callable[[Claim], Array], players: int, orders: int) -> tuple[Array, Array]:
    """Return the fair shares from orders that are drawn, and one standard error of each.

    An order comes with its reverse, which halves what chance leaves and more.

    Source: ours; J. Castro and others, Polynomial calculation of the Shapley value, 2009
    """
    dice = np.random.default_rng(SEED)
    forth = np.argsort(dice.random((max(orders // 2, 2), players)), axis=1)
    joined = np.stack([forth, forth[:, ::-1]])
    place = np.argsort(joined, axis=-1)
    steps = np.arange(players + 1)
    there = place[:, :, None, :] < steps[:, None]
    flat = there.reshape(-1, players)
    packed = np.packbits(flat, axis=1)
    _, firsts, back = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    worth = value(flat[firsts])[back.ravel()].reshape(*place.shape[:2], players + 1)
    added = np.diff(worth, axis=-1)
    by_player = np.mean(np.take_along_axis(added, place, axis=-1), axis=0)
    error = np.std(by_player, axis=0, ddof=1) / math.sqrt(len(by_player))
    total = float(worth[0, 0, -1] - worth[0, 0, 0])
    return _adding_up(np.mean(by_player, axis=0), total), error


def _adding_up(found: Array, total: float) -> Array:
    """Return shares whose sum is the total: binary noise goes to the largest."""
    found = found.copy()
    found[int(np.argmax(np.abs(found)))] += total - math.fsum(found)
    return found


SPLITS = ("people", "fair", "half")


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool for clinicians: dollars and cents of each member by three keys, which add up."""

    amount: Decimal
    members: tuple[str, ...]
    by_key: dict[str, tuple[Decimal, ...]]


def pool(found: Shared, amount: Dollars) -> Pool:
    """Return a pool split by people, by fair share, and half and half, to the cent.

    A fair share below nothing takes nothing out. Who stands in no row has no part of it.

    Source: ours; the method of the largest remainder
    """
    members = [(p.name, p.people, f) for p, f in zip(found.practices, found.fair, strict=True)
               if p.inside]  # fmt: skip
    total = Decimal(f"{max(amount, 0.0):.2f}")
    counted = sum(people for _, people, _ in members)
    good = sum(max(share, 0.0) for *_, share in members)
    by_people = [people / counted if counted else 0.0 for _, people, _ in members]
    by_fair = [max(share, 0.0) / good if good else part
               for (*_, share), part in zip(members, by_people, strict=True)]  # fmt: skip
    half = [(one + two) / 2 for one, two in zip(by_people, by_fair, strict=True)]
    split = {
        key: apportioned([part * float(total) for part in parts], total, CENT)
        for key, parts in zip(SPLITS, (by_people, by_fair, half), strict=True)
    }
    return Pool(total, tuple(name for name, *_ in members), split)
