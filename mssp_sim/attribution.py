"""The people an ACO is responsible for when its list moves: an illustrative model, ours, not CMS's.

The rule of assignment (42 CFR 425.400 to 425.402) is not computed here. What is: how many of the
people managed since January are counted at the end, and what their movement does to the money.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np

from mssp_sim.quantity import Quantity, accept, shown
from mssp_sim.scenario import Scenario, quantities, quantity, rate
from mssp_sim.simulation import Result, simulate
from mssp_sim.units import Array, Dollars, Field, Fraction, Persons

AFTER, BEFORE = "after", "before"
"""When the list is fixed, as a text says it: after the year, or before it."""

LARGEST_TEXT = 60


class ChurnError(ValueError):
    """A movement of the list that cannot be; ``faults`` holds a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("This movement of the list cannot be: " + "; ".join(faults.values()) + ".")


@dataclass(frozen=True, kw_only=True)
class Churn:
    """How a list of assigned people moves in one year: every field may be an array.

    ``leave`` and ``join`` are shares of the January list; ``dropped`` is the share of it that the
    rules of a list fixed before the year take off, among those who leave; ``new_clinicians`` is
    the share of the *final* list that came with clinicians who joined a practice already on the
    list; ``relative_cost`` is what those people cost against the January list's expected cost.

    Raises
    ------
    ChurnError
        Names every field that is out of its range, its value and what is allowed.

    Source: ours, illustrative

    Examples
    --------
    >>> Churn().leave
    0.051
    >>> Churn(leave=0.01)
    Traceback (most recent call last):
    ...
    mssp_sim.attribution.ChurnError: This movement of the list cannot be: dropped is 0.02; it is \
at most leave, 0.01.
    """

    # fmt: off
    leave: Field = rate(
        0.051, "Leave", "of the January list: most of their primary care is elsewhere now", "",
        allowed=(0.0, 0.9), slider=(0.0, 0.30))
    join: Field = rate(
        0.04, "Join", "against the January list: most of their primary care is with you now", "",
        allowed=(0.0, 1.0), slider=(0.0, 0.30))
    dropped: Field = rate(
        0.02, "Dropped", "of the January list, if it is fixed before the year: died, moved abroad, "
        "lost Part A or B, or took a Medicare Advantage plan", "",
        allowed=(0.0, 0.9), slider=(0.0, 0.10))
    new_clinicians: Field = rate(
        0.03, "New clinicians", "their people, of the final list, under a practice already on "
        "your list", "", allowed=(0.0, 0.5), slider=(0.0, 0.30))
    relative_cost: Field = quantity(
        1.05, "Their cost", "ratio", term="expected cost of the new clinicians' people against "
        "yours", allowed=(0.5, 2.0), slider=(0.7, 1.5), step=0.01)
    prospective: Field = quantity(
        False, "The list is fixed", "switch", term="prospective, or retrospective assignment")  # noqa: FBT003
    # fmt: on

    def __post_init__(self) -> None:
        faults: dict[str, str] = {}
        for name, words in inputs().items():
            value, fault = accept(name, getattr(self, name), words)
            object.__setattr__(self, name, value)
            if fault:
                faults[name] = fault
        faults = faults or self._contradictions()
        if faults:
            raise ChurnError(faults)

    def _contradictions(self) -> dict[str, str]:
        every = {name: getattr(self, name) for name in inputs()}
        try:
            np.broadcast_shapes(*map(np.shape, every.values()))
        except ValueError:
            shapes = {name: np.shape(value) for name, value in every.items() if np.ndim(value)}
            return {"shape": f"the arrays do not fit together: {shapes}; give them one shape"}
        dropped, leave = np.broadcast_arrays(self.dropped, self.leave)
        over = dropped > leave
        if not np.any(over):
            return {}
        dropped, leave = dropped[over][0], leave[over][0]
        return {"dropped": f"dropped is {shown(dropped)}; it is at most leave, {shown(leave)}"}


@cache
def inputs() -> Mapping[str, Quantity]:
    """Return the declaration of every field of a movement, by name."""
    return {f.name: f.metadata["quantity"] for f in fields(Churn)}


STILL = {"leave": 0.0, "join": 0.0, "dropped": 0.0, "new_clinicians": 0.0}
"""The fields of a list nobody leaves and nobody joins."""


def written(churn: Churn) -> str:
    """Return a movement as a short text in units of the screen, for a link.

    Examples
    --------
    >>> written(Churn())
    '5.1,4,2,3,105,after'
    """
    rates = (churn.leave, churn.join, churn.dropped, churn.new_clinicians, churn.relative_cost)
    shares = [f"{round(Decimal(repr(float(r))) * 100, 6).normalize():f}" for r in rates]
    return ",".join([*shares, BEFORE if churn.prospective else AFTER])


_TEXT = re.compile(rf"(?:[0-9]{{1,3}}(?:\.[0-9]{{1,6}})?,){{5}}(?:{AFTER}|{BEFORE})", re.ASCII)


def read(text: str) -> Churn:
    """Return the movement a text holds.

    Raises
    ------
    ChurnError
        If the text is no movement, or one that cannot be.

    Examples
    --------
    >>> read("5.1,4,2,3,105,before") == Churn(prospective=True)
    True
    """
    if len(text) > LARGEST_TEXT or not _TEXT.fullmatch(text):
        wanted = f"it is five numbers and the word {AFTER} or {BEFORE}, as in 5.1,4,2,3,105,after"
        raise ChurnError({"text": f"it is given as {shown(text)}; {wanted}"})
    *shares, fixed = text.split(",")
    leave, join, dropped, new, cost = (float(Decimal(share).scaleb(-2)) for share in shares)
    return Churn(
        leave=leave, join=join, dropped=dropped, new_clinicians=new, relative_cost=cost,
        prospective=fixed == BEFORE,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """Where the people of January went, and the effect of the program with them.

    People are heads, effects dollars of the year. ``cost_reduction`` and ``market_share`` are
    those of the final list.
    """

    january: Persons
    counted: Persons
    joined: Persons
    new: Persons
    final: Persons
    expected: Dollars
    effect_made: Dollars
    effect_paid_for: Dollars
    cost_reduction: Fraction
    market_share: Fraction

    @property
    def gone(self) -> Persons:
        """People of the January list who are not counted at the end."""
        return self.january - self.counted

    @property
    def effect_elsewhere(self) -> Dollars:
        """The effect on people who are not counted at the end."""
        return self.effect_made - self.effect_paid_for


def follow(result: Result, churn: Churn) -> Flow:
    """Return where the people and the effect of a settled scenario's program went.

    The list of January is the scenario's, and its cost reduction is on everyone of it, all year.

    Parameters
    ----------
    result : the scenario as it stands, settled; churn and scenario broadcast together

    Source: ours, illustrative

    Examples
    --------
    >>> flow = follow(simulate(Scenario()), Churn(new_clinicians=0))
    >>> round(flow.gone), round(flow.final), round(flow.effect_elsewhere)
    (2295, 44505, 904332)
    """
    s = result.scenario
    january, cut = _array(s.assigned_beneficiaries), _array(s.cost_reduction)
    expected = result.expenditure_total / (1 - cut)
    after_the_year = np.where(churn.prospective, 0.0, 1.0)
    gone: Fraction = np.where(churn.prospective, churn.dropped, churn.leave)
    stay = 1 - gone
    counted, joined = january * stay, january * churn.join * after_the_year
    final = (counted + joined) / (1 - _array(churn.new_clinicians))
    room = np.maximum(1 - _array(s.other_acos_share), s.market_share)
    return Flow(
        january=january,
        counted=counted,
        joined=joined,
        new=churn.new_clinicians * final,
        final=final,
        expected=expected,
        effect_made=expected * cut,
        effect_paid_for=expected * cut * stay,
        cost_reduction=cut * (counted / final) - _dearer(churn),
        market_share=np.minimum(s.market_share * (final / january), room),
    )


def _array(value: Any) -> Any:  # noqa: ANN401
    return np.asarray(value, np.float64)[()]


def _dearer(churn: Churn) -> Fraction:
    """Return what the new clinicians' people add to the cost of the list, as a share of it."""
    return (_array(churn.relative_cost) - 1) * churn.new_clinicians


def moved(scenario: Scenario, flow: Flow) -> Scenario:
    """Return the scenario at the end of the year: the final list, and what came with it.

    Raises
    ------
    ScenarioError
        If the final list is none that can be settled.

    Source: ours, illustrative
    """
    return replace(
        scenario,
        assigned_beneficiaries=flow.final,
        market_share=flow.market_share,
        market_share_by_type=_shares_by_type(scenario, flow.market_share),
        cost_reduction=flow.cost_reduction,
    )


def _shares_by_type(scenario: Scenario, share: Fraction) -> Any:  # noqa: ANN401  (a table or None)
    """Return market shares by type that have moved as the market share of all has."""
    table = scenario.market_share_by_type
    if table is None:
        return None
    before = _array(scenario.market_share)
    moved = np.where(before > 0, share / np.where(before > 0, before, 1.0), 1.0)
    room = np.maximum(1 - _array(scenario.other_acos_share)[..., None], table)
    return np.minimum(np.asarray(table) * moved[..., None], room)


class Cause(StrEnum):
    """What a moving list does to the settlement, in the order of the bridge."""

    LIST_SIZE = "list_size"
    MARKET_SHARE = "market_share"
    MINIMUM = "minimum"
    ELSEWHERE = "elsewhere"
    NEW_CLINICIANS = "new_clinicians"


@dataclass(frozen=True, slots=True)
class SettledLists:
    """The settlement with the list of January, with the final one, and the way between them.

    ``causes`` are dollars of payment; together they are the difference.
    """

    before: Result
    after: Result
    causes: Mapping[Cause, Dollars]


def settle_the_list(result: Result, churn: Churn) -> SettledLists:
    """Settle the final list, and say which cause moved the money by how much.

    Each cause is its average over every order in which the five can happen, so that none is
    favoured. The list's size moves target and spending, the minimum goes by heads, the market share
    sets the trend; the effect that went elsewhere and what came with new clinicians move the cut.

    Raises
    ------
    ScenarioError
        If the final list is none that can be settled.

    Source: ours, illustrative

    Examples
    --------
    >>> alike = Scenario(national_growth=0.051, regional_growth=0.051)
    >>> settled = settle_the_list(simulate(alike), Churn(new_clinicians=0))
    >>> round(settled.after.payment), round(settled.causes[Cause.ELSEWHERE])
    (6184168, -332342)
    """
    s, flow = result.scenario, follow(result, churn)
    after = simulate(moved(s, flow))
    shape = np.broadcast_shapes(*(np.shape(getattr(flow, f.name)) for f in fields(Flow)))
    happened = _every_combination().reshape(len(Cause), -1, *(1,) * len(shape))
    size, share, minimum, elsewhere, new = happened
    people = np.where(size, flow.counted + flow.joined, flow.january)
    people = people / np.where(new, 1 - _array(churn.new_clinicians), 1.0)
    managed = np.where(elsewhere, flow.counted, flow.january)
    cut = s.cost_reduction * (managed / people) - np.where(new, _dearer(churn), 0.0)
    heads = np.where(minimum, flow.final, flow.january)
    # Between the two ends a cut may pass what a scenario may hold: it stops there.
    rows = replace(
        s,
        assigned_beneficiaries=heads,
        market_share=np.where(share, flow.market_share, s.market_share),
        market_share_by_type=_shares_by_type(s, np.where(share, flow.market_share, s.market_share)),
        cost_reduction=np.clip(cut, *quantities()["cost_reduction"].allowed),
    )
    payment = simulate(rows).payment * (people / heads)
    parts = np.tensordot(_weights(), payment, axes=1)
    causes = {cause: parts[number][()] for number, cause in enumerate(Cause)}
    return SettledLists(result, after, causes)


@cache
def _every_combination() -> Array:
    """Return which causes have happened in each of the 32 combinations, a row a cause."""
    count = len(Cause)
    found: Array = np.arange(2**count)[None, :] >> np.arange(count)[:, None] & 1 == 1
    return found


@cache
def _weights() -> Array:
    """Return by how much each combination counts for each cause: its mean over all orders."""
    happened = _every_combination()
    count, others = len(happened), np.sum(happened, axis=0) - happened
    orders = np.array([
        math.factorial(k) * math.factorial(count - 1 - k) / math.factorial(count)
        for k in range(count)
    ])  # fmt: skip
    found: Array = np.where(happened, 1.0, -1.0) * orders[others]
    return found
