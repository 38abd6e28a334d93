"""Many rows at once: in blocks that fit the processor's cache, by year and agreement start."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mssp_sim.parameters import Rules, rules_in_force
from mssp_sim.result import NUMBERS, Result
from mssp_sim.scenario import Scenario
from mssp_sim.units import Array

ROWS_AT_ONCE = 65_536
"""Rows of a large batch settled together, so that they stay in the processor's cache."""

CLAIMS = (
    "standard_met", "deemed", "two_sided", "low_revenue", "guardrail", "in_program_to_the_end",
    "domains_met",
)  # fmt: skip


def by_year_and_start(
    scenario: Scenario, work: Callable[[Scenario, Rules], dict[str, Any]]
) -> dict[str, Any]:
    """Return what ``work`` finds, given the rows of each year and start with their rules."""
    named = ("performance_year", "agreement_start", "assume_last_published")
    if not any(map(scenario.batch, named)):
        return in_blocks(scenario, {}, lambda rows: work(rows, scenario.rules))
    flat = scenario.flat()
    years = np.broadcast_to(np.asarray(flat.performance_year), flat.shape)
    starts = np.broadcast_to(np.asarray(flat.agreement_start, "datetime64[D]"), flat.shape)
    assumed = np.broadcast_to(np.asarray(flat.assume_last_published, bool), flat.shape)
    found: dict[str, Any] = {name: np.empty(flat.shape, _dtype(name)) for name in NUMBERS}
    for year, start, assume in scenario.years_and_starts():
        chosen = np.flatnonzero(
            (years == year) & (starts == np.datetime64(start)) & (assumed == assume)
        )
        plain = dict(zip(named, (year, start, assume), strict=True))
        group, rules = flat.rows(chosen).with_columns(plain), rules_in_force(year, start, assume)
        part = in_blocks(group, {}, lambda rows, rules=rules: work(rows, rules))
        for name, values in found.items():
            values[chosen] = part[name]
    return found


def in_blocks(
    scenario: Scenario, totals: dict[str, Any], work: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """Return what ``work`` finds for all rows, a block of them at a time.

    A quantity that is the same in every row stays one number until a block says otherwise.
    """
    shape = np.broadcast_shapes(scenario.shape, *map(np.shape, totals.values()))
    size = int(np.prod(shape))
    if size <= ROWS_AT_ONCE:
        return work(scenario, **totals)
    flat = scenario.flat()
    arrays: dict[str, Array] = {
        n: np.broadcast_to(t, shape).ravel() for n, t in totals.items() if np.ndim(t)
    }
    found: dict[str, Any] = {}
    for start in range(0, size, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        block = totals | {name: array[rows] for name, array in arrays.items()}
        for name, values in work(flat.rows(rows), **block).items():
            handed = arrays.get(name)
            known = found.get(name, handed)
            if handed is not None and known is handed:
                if values is block[name]:  # handed through as it came: no copy
                    found[name] = handed
                    continue
                known = found[name] = np.array(handed)
            if known is None:
                found[name] = np.empty(size, _dtype(name)) if np.ndim(values) else values
            elif np.ndim(known) == 0 and np.any(values != known):
                found[name] = np.full(size, known, _dtype(name))
            if np.ndim(found[name]):
                found[name][rows] = values
    return {n: np.reshape(v, shape) if np.ndim(v) else v for n, v in found.items()}


def shaped(scenario: Scenario, found: dict[str, Any]) -> Result:
    """Return what was found for a scenario as its result, every field of the batch's shape."""
    shape = scenario.shape
    if shape == ():
        return Result(scenario, **{name: np.asarray(v).item() for name, v in found.items()})
    flat = (int(np.prod(shape)),)
    return Result(
        scenario,
        **{
            name: np.reshape(v, shape) if np.shape(v) == flat else np.broadcast_to(v, shape)
            for name, v in found.items()
        },
    )


def _dtype(name: str) -> type:
    if name == "state_number":
        return np.int8
    return np.bool_ if name in CLAIMS else np.float64
