"""The Executive view in words: the trade-off map, the moves worth most, what a goal would take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mssp_sim.figure import Figure
from mssp_sim.figures import (
    MILLION,
    apart_digits,
    as_shown,
    change,
    money,
    more_as_shown,
    needed_digits,
    percent,
    points,
    rounded,
    score,
    whole_dollars,
)
from mssp_sim.naming import contract, value_as_shown
from mssp_sim.quantity import BY_SIZE
from mssp_sim.result import Result
from mssp_sim.studies.goal import Answer, Frontier
from mssp_sim.studies.levers import settled_with
from mssp_sim.studies.moves import Move, Moves
from mssp_sim.studies.next_contract import Unusual
from mssp_sim.tolerances import SAME_RATE
from mssp_sim.trace import Step, ours, trace
from mssp_sim.words.outcome import why_rounded
from mssp_sim.words.tiles import four_tiles

SAME = 0.01
"""Part of the largest move under which another is not worth a line."""

HALF_SHOWN = 0.05 * MILLION
"""Dollars that rounding for the screen may add."""


def three_tiles(result: Result, baseline: Result) -> tuple[Figure, Figure, Figure]:
    """Return the first three of the four tiles, with a note that fits a narrower one."""
    earn, left, saved, *_ = four_tiles(result, baseline)
    note = against_baseline(as_shown(result.payment, baseline.payment))
    return replace(earn, note=note), left, saved


def against_baseline(difference: float) -> str:
    """Return a difference from the baseline in a few words.

    Examples
    --------
    >>> against_baseline(-2_172_170), against_baseline(0)
    ('$2.2M less', 'same as baseline')
    """
    if rounded(difference, 2) == 0:
        return "same as baseline"
    return f"{money(abs(difference))} {'more' if difference > 0 else 'less'}"


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A move as a line of the page: what it is worth, its name, what else to know, its fields.

    ``payment`` is what is paid without it, dollars.
    """

    worth: float
    title: str
    note: str
    fields: Mapping[str, Any]
    payment: float = 0.0

    @property
    def shown(self) -> str:
        """What it is worth, as shown."""
        return change(more_as_shown(self.worth, self.payment))


def worth(line: MoveLine, result: Result) -> Figure:
    """Return what a move is worth: the settlement with it, less the settlement now."""

    def how() -> tuple[Step, ...]:
        after = settled_with(result, **line.fields)
        before, then = float(result.payment), float(after.payment)
        sign = "+" if then > before else ""
        step = ours(
            line.title,
            "the payment with the move less the payment now",
            f"{whole_dollars(then)} − {whole_dollars(before)}",
            sign + whole_dollars(then - before),
            then - before,
        )
        return (*trace(after).how("payment"), step)

    label = f"{line.title}: worth"
    return Figure(
        key="worth", label=label, shown=line.shown, how=how, amount=line.worth,
        why_rounded=why_rounded(line.shown, line.worth),
    )  # fmt: skip


def this_year(moves: Moves, result: Result) -> list[MoveLine]:
    """Return the moves of this year as lines."""
    lines = [_this_year(move, result) for move in moves.this_year]
    apart = sum(line.worth for line in lines if line.title != BOTH)
    return [
        replace(line, note=f"{line.note}; each makes the other worth more")
        if line.title == BOTH and len(lines) == WITH_BOTH and rounded(line.worth - apart, 2) > 0
        else line
        for line in lines
    ]


def _this_year(move: Move, result: Result) -> MoveLine:
    quality, cut = move.fields.get("quality_score"), move.fields.get("cost_reduction")
    own = float(result.scenario.quality_score)
    parts = []
    if quality is not None:
        at_standard = abs(quality - float(result.quality_performance_standard)) < SAME_RATE
        to = f"quality {score(own)} → {score(quality, apart_digits(score, own, quality))}"
        parts.append(to + (", the full standard" if at_standard and cut is None else ""))
    if cut is not None:
        before = float(result.scenario.cost_reduction)
        parts.append(f"cost reduction {percent(before)} → {percent(cut)}")
    title = BOTH
    if cut is None and quality is not None:
        title = f"Raise quality {points(quality - own, apart_digits(score, own, quality))}"
    elif quality is None and cut is not None:
        title = f"Cut cost {points(cut - float(result.scenario.cost_reduction))} more"
    note = " and ".join(parts) + _short_of(move)
    note = note[0].upper() + note[1:]
    return MoveLine(move.worth, title, note, move.fields, float(result.payment))


def _short_of(move: Move) -> str:
    """Say how far a raise stops before the full standard, and what that would be worth."""
    if move.short_of is None:
        return ""
    (standard, worth), reached = move.short_of, move.fields["quality_score"]
    more = points(standard - reached, apart_digits(score, reached, standard))
    return f"; {more} more reach the full standard: {change(worth)}"


def next_election(moves: Moves, result: Result) -> list[MoveLine]:
    """Return the other contracts and minimums as lines; those that come to the same are one."""
    most = max((max(abs(m.worth), abs(m.mirror)) for m in moves.next_election), default=0.0)
    alike: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves.next_election:
        if max(abs(move.worth), abs(move.mirror)) > SAME * most:
            (field,) = move.fields
            alike.setdefault((field, change(move.worth), change(move.mirror)), []).append(move)
    return [_election(field, same, result) for (field, *_), same in alike.items()]


def _election(field: str, same: Sequence[Move], result: Result) -> MoveLine:
    first = same[0]
    names = _listed([_name(field, move.fields[field]) for move in same])
    if field == "level":
        title = f"Sign {names}"
    else:
        of = "of " if names[0].isdigit() else ""
        title = f"Choose a minimum {of}{names}"
    note = _mirror(first.mirror, result)
    return MoveLine(first.worth, title, note, first.fields, float(result.payment))


def _name(field: str, value: Any) -> str:  # noqa: ANN401  (a contract or a rate)
    if field == "level":
        return str(value)
    return "by size" if value == BY_SIZE else percent(value)


def _listed(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _mirror(dollars: float, result: Result) -> str:
    """Return what a contract is worth on the same miss on the other side of the target."""
    saved = result.gross_savings >= 0
    where = "the same overspending" if saved else "the same savings"
    if rounded(dollars, 2) == 0:
        return f"no difference on {where}"
    much = money(abs(dollars))
    if saved:
        return f"on {where} it owes {much} {'less' if dollars > 0 else 'more'}"
    return f"on {where} it earns {much} {'more' if dollars > 0 else 'less'}"


BOTH, WITH_BOTH = "Both together", 3


NO_MOVE = "Five quality points or half a point of cost would not change the payment."
NO_ELECTION = (
    "No contract you may sign, and no minimum, changes this result or the same distance on the "
    "other side of the target."
)
NO_GAIN = "No contract you may sign, and no minimum, would pay more on this result."
PAYS_LESS = (
    "These pay less on this result. Under each stands what it would do on the other side of the "
    "target."
)


def by_what_they_pay(lines: Sequence[MoveLine]) -> tuple[list[MoveLine], list[MoveLine]]:
    """Return the lines that pay as much or more on this result, and those that pay less.

    Examples
    --------
    >>> gain, loss = (MoveLine(dollars, "Sign E", "", {}) for dollars in (2e6, -36e6))
    >>> [len(found) for found in by_what_they_pay([gain, loss, loss])]
    [1, 2]
    """
    losing = [line for line in lines if rounded(line.worth, 2) < 0]
    return [line for line in lines if line not in losing], losing


UNUSUAL = {
    Unusual.EXPERIENCED: "an ACO experienced with risk signs E or ENHANCED",
    Unusual.USED_UP: "an ACO that has used up its glide path signs E or ENHANCED",
    Unusual.LATE: "this late in its life an ACO usually signs E or ENHANCED",
}
"""What the rule has such an ACO sign (42 CFR 425.600), by what is unusual in its contract."""


def contract_note(moves: Moves, result: Result) -> str:
    """Return what is unusual in the contract of this ACO; nothing where nothing is."""
    if not moves.unusual:
        return ""
    return (
        f"{contract(result.scenario.level)} is unusual here: {UNUSUAL[moves.unusual]}. CMS's files "
        "hold such ACOs, and it settles like any other."
    )


def least(goal: float) -> float:
    """Return the fewest dollars that the screen shows as a goal of so many.

    Examples
    --------
    >>> least(8_700_000)
    8650000.0
    """
    return goal - HALF_SHOWN


def one_lever(answer: Answer, result: Result) -> str:
    """Return what one lever would take to earn a goal, or the most it can do."""
    name = LEVERS[answer.lever]
    if answer.to is None:
        best = _shown(answer.lever, answer.best, result)
        if rounded(answer.most - result.payment, 2) <= 0:
            return f"{name} alone: it cannot. Nothing on that lever pays more than now."
        return f"{name} alone: it cannot. The most is {money(answer.most)}, at {best}."
    now = value_as_shown(answer.lever, result.scenario)
    to = _shown(answer.lever, answer.to, result)
    return f"{name} alone: {to} instead of {now}, which comes to {paid(answer.payment)}."


LEVERS = {"cost_reduction": "Cost", "quality_score": "Quality"}


def paid(dollars: float) -> str:
    """Return a payment inside a sentence."""
    return f"{money(-dollars)} owed" if rounded(dollars, 2) < 0 else money(dollars)


def _shown(lever: str, value: float, result: Result) -> str:
    now = float(getattr(result.scenario, lever))
    text = score if lever == "quality_score" else percent
    return text(value, needed_digits(text, value, now))


def together(frontier: Frontier, result: Result) -> dict[str, float]:
    """Return the levers to move for the smallest cut that earns a goal, at the lowest such score.

    Only scores that are not below the scenario's own are looked at; nothing if none does.
    """
    own = {field: float(getattr(result.scenario, field)) for field in LEVERS}
    allowed = frontier.quality_score >= own["quality_score"] - SAME_RATE
    cuts = np.where(allowed, frontier.cost_reduction, np.nan)
    if np.all(np.isnan(cuts)):
        return {}
    at = int(np.nanargmin(cuts))
    found = {
        "quality_score": float(frontier.quality_score[at]),
        "cost_reduction": float(cuts[at]),
    }
    return {field: value for field, value in found.items() if abs(value - own[field]) > SAME_RATE}


def both_levers(fields: Mapping[str, float], payment: float, result: Result) -> str:
    """Return what cost and quality together would take."""
    to = _shown("quality_score", fields["quality_score"], result)
    cut = _shown("cost_reduction", fields["cost_reduction"], result)
    return f"Both: quality {to} and a cost reduction of {cut} come to {paid(payment)}."


def never(most: float) -> str:
    """Return that no cost and no quality earns so much under this contract."""
    return f"Not with this contract: the most it can pay is {money(most)}."


def first_goal(result: Result) -> float:
    """Return the goal to begin with, in dollars: the full check, or a million more."""
    if rounded(result.left_on_the_table, 2) > 0:
        full = result.shared_savings + result.left_on_the_table
    else:
        full = max(result.payment, 0.0) + MILLION
    return float(rounded(full / MILLION, 1)) * MILLION


def already(result: Result, goal: float) -> bool:
    """Return whether the scenario earns the goal as it is."""
    return bool(result.payment >= least(goal))
