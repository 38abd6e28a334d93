"""The moves worth most: what can still be done this year, and what the next election offers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mssp_sim.quantity import BY_SIZE
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import settle_target, simulate
from mssp_sim.studies.levers import as_column, places
from mssp_sim.studies.next_contract import Unusual, may_sign, unusual
from mssp_sim.target import settled_person_years
from mssp_sim.tolerances import SAME_DOLLARS
from mssp_sim.units import Array

MOST_QUALITY, MOST_COST = 0.05, 0.005
"""How much better a year may still become: quality points and cost reduction, as fractions."""
JUST_SHORT = 0.01
"""Quality points before the standard, as a fraction, where a move says that it stops short."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move: the fields it sets, and what it is worth on this result, in dollars.

    ``mirror`` is what it is worth at the mirror image of this result (as much overspent as
    saved, or the other way round); 0 for moves of this year, which change the result itself.
    ``short_of`` is, of a move that stops just before the full quality standard, that standard
    and what reaching it would be worth.
    """

    fields: Mapping[str, Any]
    worth: float
    mirror: float = 0.0
    short_of: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """The two lists, each with the move worth most first.

    ``unusual`` says why such an ACO would not sign the contract it has.
    """

    this_year: tuple[Move, ...]
    next_election: tuple[Move, ...]
    unusual: Unusual = Unusual.NO


def moves(result: Result) -> Moves:
    """Return the moves worth most.

    This year: the smallest rise of quality, up to five points, that earns as much as any of
    them; the same of cost, up to half a point; both together. At the next election: each
    other contract that it may sign, and each other minimum of this contract, with its mirror.
    A move that
    changes nothing either way is left out.

    Source: ours

    Examples
    --------
    >>> found = moves(simulate(Scenario()))
    >>> for move in found.this_year:
    ...     print(move.fields, round(move.worth))
    {'quality_score': 0.767, 'cost_reduction': 0.036} 3573570
    {'quality_score': 0.767} 2172170
    {'cost_reduction': 0.036} 1051050
    >>> best = found.next_election[0]
    >>> best.fields, round(best.worth), round(best.mirror)
    ({'level': 'ENHANCED'}, 3258255, -2438150)
    """
    return Moves(_this_year(result), _next_election(result), unusual(result.scenario))


def _this_year(result: Result) -> tuple[Move, ...]:
    """Return the moves of this year, from one grid of quality against cost."""
    s = result.scenario
    scores = _rises(s, "quality_score", MOST_QUALITY, float(result.quality_performance_standard))
    cuts = _rises(s, "cost_reduction", MOST_COST)
    every = np.meshgrid(scores, cuts, indexing="ij")
    grid = replace(s, quality_score=every[0], cost_reduction=every[1])
    worth = np.asarray(simulate(grid).payment) - result.payment
    found: dict[tuple[int, int], None] = {}
    for part in (worth[:, :1], worth[:1, :], worth):
        enough = part >= part.max() - SAME_DOLLARS
        found[int(np.argmax(enough.any(axis=1))), int(np.argmax(enough.any(axis=0)))] = None
    moves = [
        Move(
            {
                field: float(values[at])
                for field, values, at in (
                    ("quality_score", scores, row), ("cost_reduction", cuts, column)
                )
                if at
            },
            float(worth[row, column]),
        )
        for row, column in found
        if worth[row, column] > SAME_DOLLARS
    ]  # fmt: skip
    moves = [_or_short(move, result) for move in moves]
    return tuple(sorted(moves, key=lambda move: -move.worth))


def _or_short(move: Move, result: Result) -> Move:
    """Return a move of quality with the standard that it stops just short of, if it does."""
    standard = float(result.quality_performance_standard)
    reached = move.fields.get("quality_score")
    if reached is None or not reached < standard <= reached + JUST_SHORT:
        return move
    there = simulate(replace(result.scenario, **{**move.fields, "quality_score": standard}))
    worth = float(there.payment - result.payment)
    return replace(move, short_of=(standard, worth)) if worth > move.worth else move


def _rises(scenario: Scenario, lever: str, most: float, *exact: float) -> Array:
    """Return the lever's value, then its places up to so much higher, and exact ones between."""
    now = float(getattr(scenario, lever))
    high = min(round(now + most, 12), quantities()[lever].allowed[1])
    grid = places(scenario, lever, now, high)
    return np.unique([now, *grid, *(value for value in exact if now < value <= high)])


def _next_election(result: Result) -> tuple[Move, ...]:
    """Return the other contracts and minimums, each on this result and on its mirror image."""
    s = result.scenario
    rules = s.rules
    contracts = [contract for contract in may_sign(result) if contract != s.level]
    minimums = [
        m for m in (*rules.minimum_rate_choices, BY_SIZE)
        if m != s.minimum_election and result.two_sided
    ]  # fmt: skip
    asked: list[dict[str, Any]] = [
        {},
        *({"level": contract} for contract in contracts),
        *({"minimum_election": minimum} for minimum in minimums),
    ]
    levels = as_column([move.get("level", s.level) for move in asked])
    elected = as_column([move.get("minimum_election", s.minimum_election) for move in asked])
    rows = replace(s, level=_twice(levels), minimum_election=_twice(elected))
    target = result.target
    total = target.benchmark * settled_person_years(s)
    spent = np.array([result.expenditure_total, 2 * total - result.expenditure_total])
    settled = settle_target(rows, rules, target, spent)
    payment = np.asarray(settled.payment)
    worth = payment - payment[0]
    return tuple(
        Move(fields, float(here), float(mirror))
        for fields, (here, mirror) in sorted(
            zip(asked, worth, strict=True), key=lambda move: tuple(-move[1])
        )
        if max(abs(here), abs(mirror)) > SAME_DOLLARS
    )


def _twice(column: Array) -> Array:
    """Return a column for this result and the same for its mirror image."""
    return np.stack([column, column], axis=1)
