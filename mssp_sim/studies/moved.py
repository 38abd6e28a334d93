"""What moved the money between two scenarios: a share for each change, whatever the order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any, Literal

import numpy as np

from mssp_sim.figures import apportioned, rounded
from mssp_sim.parameters import TRACKS
from mssp_sim.quantity import Whose, refined
from mssp_sim.scenario import Scenario, changed
from mssp_sim.simulation import simulate
from mssp_sim.studies.levers import CONTRACT, GROUPS, RULEBOOK, SHARES, full, group
from mssp_sim.tolerances import SAME_RATE
from mssp_sim.units import Array

MOST_EXACT = 12
"""Changes told apart exactly: 2 to this power scenarios in one batch."""

CENT = Decimal("0.01")

Why = Literal["", "rulebook", "contract", "only together", "many"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one change moved, dollars of payment.

    Several ``fields`` moved together for a reason ``why``: they are one rulebook, one contract,
    no valid scenario has one without the other, or there were too many to tell apart.
    """

    fields: tuple[str, ...]
    group: Whose
    dollars: float
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The payments of two scenarios and the changes between them, in the order of the groups."""

    before: float
    after: float
    changes: tuple[Change, ...]

    def of(self, group: Whose) -> float:
        """Return what the changes of one group moved, dollars."""
        return sum(change.dollars for change in self.changes if change.group == group)

    def in_cents(self) -> tuple[Decimal, ...]:
        """Return the changes' dollars, rounded so that they sum to the difference to the cent."""
        total = rounded(self.after, 2) - rounded(self.before, 2)
        return apportioned([change.dollars for change in self.changes], total, CENT)


def moved(before: Scenario, after: Scenario) -> Moved:
    """Return what each change between two scenarios moved.

    A change alone is worth one thing before another and a different thing after it. Its share
    here is its mean worth over every order of the changes (the Shapley value), so no order is
    favoured and the shares sum to the whole difference. Up to ``MOST_EXACT`` changes are told
    apart exactly, in one batch; beyond that the changes of the largest group move together,
    then those of the next.

    Source: ours

    Examples
    --------
    >>> what = moved(Scenario(quality_score=0.82), Scenario(cost_reduction=0.04))
    >>> [(change.fields, round(change.dollars)) for change in what.changes]
    [(('cost_reduction',), 2207205), (('quality_score',), -2487485)]
    >>> round(what.after - what.before) == round(sum(c.dollars for c in what.changes))
    True
    """
    players = _players(before, after)
    payment = _payments(before, after, [fields for fields, _ in players])
    shares = shapley(payment)
    return Moved(
        before=float(payment[0]),
        after=float(payment[-1]),
        changes=tuple(
            Change(fields, group(fields[0]), float(share), why)
            for (fields, why), share in zip(players, shares, strict=True)
        ),
    )


def shapley(worth: Array) -> Array:
    """Return each player's mean worth over every order in which the players may come.

    Parameters
    ----------
    worth : what each coalition is worth, 2^n of them on the first axis; bit i of its place says
        player i is in it. Further axes are games of their own.

    Source: Shapley (1953), A value for n-person games

    Examples
    --------
    >>> shapley(np.array([0.0, 10.0, 20.0, 50.0]))
    array([20., 30.])
    """
    count = len(worth).bit_length() - 1
    coalition = np.arange(len(worth))
    size = np.bitwise_count(coalition)
    orders = np.array([1 / (count * math.comb(count - 1, k)) for k in range(count)])
    shares = np.empty((count, *worth.shape[1:]))
    for player in range(count):
        without = coalition[(coalition >> player) & 1 == 0]
        gained = worth[without | (1 << player)] - worth[without]
        shares[player] = np.tensordot(orders[size[without]], gained, axes=1)
    return shares


def _players(before: Scenario, after: Scenario) -> list[tuple[tuple[str, ...], Why]]:
    """Return the fields that changed, those that can only move together as one."""
    players: list[tuple[tuple[str, ...], Why]] = [
        ((field,), "") for field in changed(after, before)
    ]
    players = _merged(players, RULEBOOK, "rulebook")
    players = _merged(players, CONTRACT, "contract")
    if (before.level in TRACKS) != (after.level in TRACKS):
        players = _merged(players, (*RULEBOOK, *CONTRACT), "only together")
    shares = (*SHARES, "market_share_by_type")
    if any(fields[0] in shares for fields, _ in players) and _crowded(before, after):
        players = _merged(players, shares, "only together")
    while len(players) > MOST_EXACT:
        whose = [group(fields[0]) for fields, _ in players]
        largest = max(GROUPS, key=whose.count)
        together = tuple(f for fields, _ in players for f in fields if group(f) == largest)
        players = _merged(players, together, "many")
    return sorted(players, key=lambda player: GROUPS.index(group(player[0][0])))


def _merged(
    players: Sequence[tuple[tuple[str, ...], Why]], fields: tuple[str, ...], why: Why
) -> list[tuple[tuple[str, ...], Why]]:
    """Return the players with those that hold any of these fields as one, in the first's place."""
    held = [player for player in players if set(player[0]) & set(fields)]
    if len(held) < 2:  # noqa: PLR2004
        return list(players)
    one = (tuple(field for names, _ in held for field in names), why)
    return [one if p == held[0] else p for p in players if p == held[0] or p not in held]


def _crowded(before: Scenario, after: Scenario) -> bool:
    """Return whether the ACO of one scenario and the others of the other overfill the region."""
    shares = ("market_share", "market_share_by_type", "other_acos_share")
    for mix in product((before, after), repeat=len(shares)):
        own, by_type, others = (getattr(s, name) for s, name in zip(mix, shares, strict=True))
        if float(np.max(refined(own, by_type))) + float(others) > 1 + SAME_RATE:
            return True
    return False


def _payments(before: Scenario, after: Scenario, players: Sequence[tuple[str, ...]]) -> Array:
    """Return the payment of every coalition: its players' fields as after, the rest as before."""
    coalition = np.arange(2 ** len(players))
    inside = {
        field: (coalition >> number) & 1 == 1
        for number, fields in enumerate(players)
        for field in fields
    }
    # A table that is there in one scenario and not in the other cannot stand in one array.
    one_is_none = (before.regional_expenditure is None) != (after.regional_expenditure is None)
    torn = [f for f in inside if f == "regional_expenditure" and one_is_none]
    blocks = [np.ones(len(coalition), bool)]
    for field in torn:
        blocks = [inside[field], ~inside[field]]
    payment = np.empty(len(coalition))
    for rows in blocks:
        columns: dict[str, Any] = {}
        fixed: dict[str, Any] = {}
        for field, chosen in inside.items():
            if field in torn:
                fixed[field] = getattr(after if chosen[rows][0] else before, field)
            else:
                both = np.concatenate([full(before, field, 1), full(after, field, 1)])
                columns[field] = both[chosen[rows].astype(np.int64)]
        payment[rows] = simulate(replace(before, **fixed, **columns)).payment
    return payment
