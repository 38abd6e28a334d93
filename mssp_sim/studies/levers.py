"""Levers as decisions see them: whose they are, the places of a slider, many variants at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mssp_sim.quantity import BY_SIZE, OUTSIDE, YOURS, Whose
from mssp_sim.quantity import CONTRACT as OF_THE_CONTRACT
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.target import market_share
from mssp_sim.tolerances import NOISE, PART_OF_STEP
from mssp_sim.units import Array

GROUPS: tuple[Whose, ...] = (YOURS, OF_THE_CONTRACT, OUTSIDE)

RULEBOOK = (
    "performance_year", "agreement_start", "agreement_period", "regional_adjustment_period",
    "assume_last_published",
)  # fmt: skip
CONTRACT = ("level", "minimum_election")

SHARES = {"market_share": "other_acos_share", "other_acos_share": "market_share"}
"""Fields that share the region's people: together they are at most all of them."""


def group(field: str) -> Whose:
    """Return whose a field is: what the ACO does, what it signed, or what happens to it.

    Source: ours

    Examples
    --------
    >>> group("quality_score"), group("level"), group("risk_growth")
    ('your actions', 'your contract', 'outside your control')
    """
    return quantities()[field].whose


def settled_with(result: Result, **fields: Any) -> Result:  # noqa: ANN401  (values of any field)
    """Return the settlement of the same scenario with some fields changed.

    Source: ours
    """
    return simulate(replace(result.scenario, **fields))


def ends(scenario: Scenario, lever: str) -> tuple[float, float]:
    """Return the ends of a lever's slider, in core units; a value beyond them moves the end.

    Source: ours

    Examples
    --------
    >>> ends(Scenario(cost_reduction=0.2), "cost_reduction")
    (-0.08, 0.2)
    """
    low, high = quantities()[lever].slider
    now = value(scenario, lever)
    low, high = min(low, now), max(high, now)
    if lever in SHARES:
        high = max(now, min(high, room(scenario, lever)))
    return low, high


def room(scenario: Scenario, lever: str) -> float:
    """Return what the other field of ``SHARES`` leaves of the region's people.

    Source: ours

    Examples
    --------
    >>> room(Scenario(market_share_by_type=[0.1, 0.3, 0.1, 0.1]), "other_acos_share")
    0.7
    """
    other = SHARES[lever]
    taken = market_share(scenario) if other == "market_share" else getattr(scenario, other)
    return 1 - float(np.max(taken))


def value(scenario: Scenario, lever: str) -> float:
    """Return a lever's value in core units; NaN where the scenario leaves it to the rule."""
    now = getattr(scenario, lever)
    return float("nan") if now is None else float(now)


def places(scenario: Scenario, lever: str, low: float, high: float) -> Array:
    """Return the places of a lever between two values: the steps of its slider, and its own.

    Source: ours

    Examples
    --------
    >>> places(Scenario(cost_reduction=0.0205), "cost_reduction", 0.019, 0.022)
    array([0.019 , 0.02  , 0.0205, 0.021 , 0.022 ])
    """
    step, now = quantities()[lever].step, value(scenario, lever)
    first, last = np.ceil(low / step - PART_OF_STEP), np.floor(high / step + PART_OF_STEP)
    grid = np.round(np.arange(first, last + 1) * step, 12)
    grid = np.clip(grid, low, high) + 0.0  # no negative zero
    if np.isnan(now) or np.any(np.abs(grid - now) < NOISE):
        return grid
    return np.sort(np.append(grid, now))


def variants(
    scenario: Scenario, changes: Sequence[tuple[str, Any]], *, accepted: bool = False
) -> Scenario:
    """Return a batch of scenarios, each this one with a single field changed.

    Parameters
    ----------
    scenario : a single one
    changes : field and its values, one row each; rows stand in the order given
    accepted : every value is a place of its slider or beside one, and need not be checked again

    Source: ours

    Examples
    --------
    >>> rows = variants(Scenario(), [("quality_score", [0.8, 0.9]), ("level", ["B"])])
    >>> rows.quality_score, rows.level
    (array([0.8 , 0.9 , 0.75]), array(['E', 'E', 'B'], dtype='<U8'))
    """
    size = sum(len(values) for _, values in changes)
    columns: dict[str, Array] = {}
    start = 0
    for field, values in changes:
        plain = isinstance(values, np.ndarray)
        new = values if plain else as_column([in_a_column(field, value) for value in values])
        column = columns[field] if field in columns else full(scenario, field, size)
        columns[field] = column.astype(np.result_type(column, new), copy=False)  # None is a NaN
        columns[field][start : start + len(values)] = new
        start += len(values)
    return scenario.with_columns(columns) if accepted else replace(scenario, **columns)


def full(scenario: Scenario, field: str, size: int) -> Array:
    """Return a column that holds a scenario's value of a field in every row."""
    one = as_column([in_a_column(field, getattr(scenario, field))])
    return np.broadcast_to(one, (size, *one.shape[1:])).copy()


def in_a_column(field: str, value: Any) -> Any:  # noqa: ANN401  (a field of any kind)
    """Return a field's value as it can stand in a column: no table by type is one without numbers.

    Source: ours
    """
    words = quantities()[field]
    if value is None and words.for_all_types:
        return np.full(words.trailing, np.nan)
    return value


def as_column(values: Any) -> Array:  # noqa: ANN401  (values of any field)
    """Return values as an array a scenario accepts: NaN stands for None and for by size.

    Examples
    --------
    >>> as_column([None, 0.8]), as_column(["size", 0.02]), as_column(["E", "ENHANCED"])
    (array([nan, 0.8]), array([ nan, 0.02]), array(['E', 'ENHANCED'], dtype='<U8'))
    """
    if isinstance(values, np.ndarray):
        return values
    if any(v is None or (isinstance(v, str) and v == BY_SIZE) for v in values):
        return np.array([np.nan if v is None or v == BY_SIZE else float(v) for v in values])
    if isinstance(values[0], str):
        return np.array(values, "U8")
    if hasattr(values[0], "year"):
        return np.array(values, "datetime64[D]")
    return np.array(values)
