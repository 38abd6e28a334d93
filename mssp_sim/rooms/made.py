"""Rounds made on the spot: a number of a scenario to estimate, levers to decide with."""

import math
from collections.abc import Mapping, Sequence

from mssp_sim.figure import Figure, of_result
from mssp_sim.result import Result
from mssp_sim.rooms.questions import (
    Decide,
    Estimate,
    Goal,
    QuestionError,
    Unit,
    ends_of_dollars,
    settled_start,
    steerable,
    told,
)
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.words.rooms import amount

NUMBERS: Mapping[str, tuple[Unit, tuple[float, float] | None]] = {
    "payment": ("dollars", None),
    "gross_savings": ("dollars", None),
    "savings_rate": ("percent", (-0.10, 0.10)),
    "minimum_savings_rate": ("percent", (0.0, 0.05)),
    "final_sharing_rate": ("percent", (0.0, 1.0)),
    "left_on_the_table": ("dollars", None),
}
"""What may be asked for, by line of the trace: its unit, and an axis that does not tell it.

An axis of dollars goes by the size of the spending target, as far down as up.
"""


def number(result: Result, key: str) -> Figure:
    """Return a number of a settlement that may be asked for, by its name in the rule.

    Raises
    ------
    QuestionError
        Where no such number may be asked for.

    Examples
    --------
    >>> from mssp_sim import simulate
    >>> found = number(simulate(Scenario()), "final_sharing_rate")
    >>> found.label, found.shown
    ('Your share (final sharing rate)', '37.5%')
    """
    if key not in NUMBERS:
        raise QuestionError("Choose the number that is asked for.")
    unit, _ = NUMBERS[key]
    found = of_result(result, key, "", amount(float(getattr(result, key)), unit))
    return of_result(result, key, found.how()[-1].name, found.shown)


def own_estimate(words: str, start: Scenario, key: str) -> Estimate:
    """Return a question of a trainer's own for a number of a scenario, with how it comes about.

    Parameters
    ----------
    words : what was typed; what the ACO does is said before it
    key : a line of ``NUMBERS``

    Raises
    ------
    QuestionError
        Where it cannot be asked, in one sentence.

    Examples
    --------
    >>> asked = own_estimate("How much is left?", Scenario(), "left_on_the_table")
    >>> round(asked.truth), asked.low, asked.high
    (2172170, -20000000.0, 20000000.0)
    >>> asked.why
    'It is $2.2M: lost at the minimum + lost to quality, $0 + $2,172,170.'
    """
    if not words.strip():
        raise QuestionError("The question is empty.")
    result = settled_start(start)
    found = number(result, key)
    if not math.isfinite(found.amount):
        raise QuestionError("This scenario has no such number.")
    unit, axis = NUMBERS[key]
    low, high = axis or ends_of_dollars(result, found.amount)
    while not low <= found.amount <= high:
        low, high = 2 * low, 2 * high
    last = found.how()[-1]
    return Estimate(
        words=f"{told(start)} {words.strip()}",
        low=low,
        high=high,
        truth=found.amount,
        unit=unit,
        why=f"It is {found.shown}: {last.words}, {last.numbers}.",
    )


def own_decision(
    words: str, start: Scenario, free: Sequence[str], earn: float, *, live: bool = True
) -> Decide:
    """Return a decision of a trainer's own.

    Parameters
    ----------
    free : the levers that are unlocked
    earn : dollars of the goal; 0 for none

    Raises
    ------
    QuestionError
        Where it cannot be asked, in one sentence.

    Examples
    --------
    >>> own_decision("Earn more.", Scenario(), ("cost_reduction",), 8e6).goal.conditions
    ('Earn at least $8.0M',)
    """
    goal = Goal(earn=earn) if earn > 0 else None
    return Decide(words=words.strip(), start=start, free=tuple(free), goal=goal, live=live)


def unlockable() -> tuple[str, ...]:
    """Return the levers that a trainer may unlock: those of the rail that a phone can move."""
    return tuple(name for name, one in quantities().items() if one.rail and steerable(name))
