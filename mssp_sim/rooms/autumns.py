"""Five autumns: teams play an agreement year by year, under shocks that are the same for all.

A team has ten tokens each autumn: a token on cost cuts spending by half a point, one on quality
lifts the score by two and a half points from 70. Then the year happens: spending strays by
chance as years of that size do, and so does the score. Both shocks are in tenths of a point, so
that decision and shock together are a cell of the year table of Five years.

Source: ours, where nothing else is said.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from mssp_sim.figures import rounded
from mssp_sim.quantity import number_or_nan
from mssp_sim.rooms.answers import TOKENS, Value
from mssp_sim.rooms.questions import YEARS, Autumns
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies.agreement import YearPlan, agreement, levels, write_plan, years
from mssp_sim.studies.luck import Doubt, year_spread
from mssp_sim.units import Array, Dollars, Fraction

CUT_A_TOKEN = 0.005
LEAST_QUALITY, QUALITY_A_TOKEN = 0.70, 0.025
TENTH = 3
"""Digits of a tenth of a point, as a fraction."""

COMPUTER = 6
"""Tokens the computer puts on cost for a team that has not decided yet; then what it did last."""

CENTS = 2


@dataclass(frozen=True, slots=True)
class Shock:
    """What a year brings beside the decision: spending above what was expected, and the score.

    Fractions; positive spending costs money, a positive score helps.
    """

    spending: Fraction
    quality: Fraction


@dataclass(frozen=True, slots=True)
class TeamResult:
    """One team over the years that are revealed.

    ``tokens`` are those on cost, ``computer`` where the computer played. ``cost_reduction`` and
    ``quality_score`` are what came of decision and shock. Dollars are exact in cents: ``choice``
    is what the same decisions pay in years without shocks, ``luck`` what the shocks changed, and
    both add to ``result``. ``next_target`` and ``taken_back`` are of the rebasing after the fifth
    year, None before.
    """

    team: int
    seats: tuple[int, ...]
    tokens: tuple[int, ...]
    computer: tuple[bool, ...]
    cost_reduction: tuple[Fraction, ...]
    quality_score: tuple[Fraction, ...]
    payments: tuple[Decimal, ...]
    choice: Decimal
    luck: Decimal
    next_target: Dollars | None
    taken_back: Fraction | None

    @property
    def result(self) -> Decimal:
        """Dollars over the years, to the cent."""
        return sum(self.payments, Decimal(0))

    @property
    def plan(self) -> str | None:
        """The year table of Five years that settles the same."""
        return write_plan(YearPlan(self.cost_reduction, self.quality_score))


@dataclass(frozen=True, slots=True)
class Season:
    """The years that are revealed, their shocks, and every team, the best result first."""

    years: tuple[int, ...]
    shocks: tuple[Shock, ...]
    teams: tuple[TeamResult, ...]


def shocks(seed: int, number: int, people: float) -> tuple[Shock, ...]:
    """Return the shocks of five years, drawn once from a room's seed: the same for every team.

    Parameters
    ----------
    seed : of the room
    number : of the round, so that a second play of a room has its own
    people : assigned beneficiaries, whose number decides how far spending strays

    Source: ours; spending as measured on CMS's results files, the score an assumption

    Examples
    --------
    >>> shocks(425, 1, 45_000) == shocks(425, 1, 45_000), shocks(425, 2, 45_000)[0].quality
    (True, -0.019)
    """
    draw = random.Random(f"five autumns {seed} {number}")
    spread, doubt = float(year_spread(people)), Doubt().quality
    return tuple(
        Shock(
            round(draw.gauss(0.0, spread), TENTH) + 0.0, round(draw.gauss(0.0, doubt), TENTH) + 0.0
        )
        for _ in range(YEARS)
    )


def decision(tokens: int) -> tuple[Fraction, Fraction]:
    """Return cost reduction and quality score of so many tokens on cost.

    Examples
    --------
    >>> decision(0), decision(6), decision(10)
    ((0.0, 0.95), (0.03, 0.8), (0.05, 0.7))
    """
    quality = LEAST_QUALITY + (TOKENS - tokens) * QUALITY_A_TOKEN
    return round(tokens * CUT_A_TOKEN, 12), round(quality, 12)


def cell(tokens: int, shock: Shock) -> tuple[Fraction, Fraction]:
    """Return what a decision and the year's shock come to: a row of the year table.

    Examples
    --------
    >>> cell(6, Shock(0.012, -0.02))
    (0.018, 0.78)
    """
    cut, quality = decision(tokens)
    low, high = quantities()["cost_reduction"].allowed
    reached = min(max(round(cut - shock.spending, 12), low), high)
    return reached, min(max(round(quality + shock.quality, 12), 0.0), 1.0)


def teams(question: Autumns, seats: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the seats of each team: one a seat, or in turn by the number of the seat."""
    found: dict[int, list[int]] = {}
    for seat in sorted(seats):
        team = (seat - 1) % question.teams + 1 if question.teams else seat
        found.setdefault(team, []).append(seat)
    return {team: tuple(members) for team, members in sorted(found.items())}


def tokens_of(
    members: Sequence[int], given: Mapping[int, Mapping[int, Value]], last: int
) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """Return a team's tokens on cost in each year up to the last, and where the computer played.

    A team decides by the lower median of its seats. Where none answered, the computer does
    again what the team did last, or puts ``COMPUTER`` tokens on cost in the first year.

    Parameters
    ----------
    given : answers by year, then by seat

    Examples
    --------
    >>> tokens_of((1, 2, 3), {1: {1: 4, 2: 8, 3: 5}, 3: {2: 9}}, 3)
    ((5, 5, 9), (False, True, False))
    """
    tokens, computer, before = [], [], COMPUTER
    for year in range(1, last + 1):
        said = sorted(
            int(value)
            for seat, value in given.get(year, {}).items()
            if seat in members and isinstance(value, int)
        )
        before = said[(len(said) - 1) // 2] if said else before
        tokens.append(before)
        computer.append(not said)
    return tuple(tokens), tuple(computer)


def season(
    question: Autumns,
    drawn: Sequence[Shock],
    seats: Sequence[int],
    given: Mapping[int, Mapping[int, Value]],
    last: int,
) -> Season:
    """Return every team over the years up to the last, all settled in one array call.

    Parameters
    ----------
    drawn : the shocks of five years
    seats : the seats that play
    given : answers by year, then by seat
    last : years that are revealed, 0 to 5

    Source: ours; each year is settled by the rule, as on Five years
    """
    covered = years(question.start)[:last]
    shared = tuple(drawn[:last])
    members = teams(question, seats)
    if not last or not members:
        return Season(covered, shared, ())
    played = {team: tokens_of(of, given, last) for team, of in members.items()}
    cells = np.array([
        [
            [cell(token, shock) for token, shock in zip(tokens, shared, strict=True)],
            [decision(token) for token in tokens],
        ]
        for tokens, _ in played.values()
    ])  # fmt: skip
    paid = _payments(question.start, cells)
    found = [
        _team(question.start, team, members[team], *played[team], cells[place, 0], paid[place])
        for place, team in enumerate(members)
    ]
    return Season(covered, shared, tuple(sorted(found, key=lambda one: -one.result)))


def _team(
    start: Scenario,
    team: int,
    seats: tuple[int, ...],
    tokens: tuple[int, ...],
    computer: tuple[bool, ...],
    cells: Array,
    paid: Array,
) -> TeamResult:
    with_shocks = tuple(rounded(float(dollars), CENTS) for dollars in paid[0])
    quiet = sum((rounded(float(dollars), CENTS) for dollars in paid[1]), Decimal(0))
    cuts, scores = (tuple(map(float, column)) for column in cells.T)
    rebased = None
    if len(tokens) == YEARS:
        rebased = _rebased(start, YearPlan(cuts, scores))
    return TeamResult(
        team=team,
        seats=seats,
        tokens=tokens,
        computer=computer,
        cost_reduction=cuts,
        quality_score=scores,
        payments=with_shocks,
        choice=quiet,
        luck=sum(with_shocks, Decimal(0)) - quiet,
        next_target=rebased[0] if rebased else None,
        taken_back=rebased[1] if rebased else None,
    )


def _payments(start: Scenario, cells: Array) -> Array:
    """Return dollars by team, shocks or none, and year; cells hold cut and score on a last axis."""
    shape = cells.shape[:-1]
    last = shape[-1]
    covered = np.array(years(start)[:last])
    level = np.array(levels(start, YearPlan())[:last], "U8")
    own = covered == start.performance_year

    def every(row: Array) -> Array:
        return np.broadcast_to(row, shape).ravel()

    columns: dict[str, Any] = {
        "performance_year": every(covered),
        "level": every(level),
        "cost_reduction": cells[..., 0].ravel(),
        "quality_score": cells[..., 1].ravel(),
        "assume_last_published": True,
        "ended_by_cms": every(own & bool(start.ended_by_cms)),
    }
    for field in ("performance_year_months", "months_in_program"):
        months = getattr(start, field)
        if months is not None:
            columns[field] = every(np.where(own, number_or_nan(months), np.nan))
    batch = start.with_columns(columns)
    return np.asarray(simulate(batch).payment, np.float64).reshape(shape)


@lru_cache(maxsize=512)
def _rebased(start: Scenario, plan: YearPlan) -> tuple[Dollars, Fraction | None] | None:
    found = agreement(start, plan).rebased
    return (float(found.benchmark), found.taken_back) if found else None
