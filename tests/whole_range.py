"""Scenarios by chance over the whole allowed range of every field, far from any real ACO."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np

from mssp_sim.parameters import LEVELS, TRACKS, rules_in_force
from mssp_sim.quantity import BY_SIZE, Quantity
from mssp_sim.scenario import (
    FIRST_LEVELS,
    Scenario,
    agreement_starts,
    performance_years,
    quantities,
)

AT_AN_END, LEFT_OUT = 0.05, 0.3
"""Parts of the values that stand on an end of their range, and of the optional that are none."""

OF_ONE_YEAR = 4
"""Single scenarios that are drawn together, with one start and one year."""

APART = ("performance_year", "agreement_start", "assume_last_published", "level")
MIXES = ("person_year_share_by3", "person_year_share")


def batch(seed: int, rows: int) -> Scenario:
    """Return rows of one agreement start and performance year, every other field by chance."""
    random = np.random.default_rng(seed)
    start: dt.date = random.choice(np.array(agreement_starts(assume_last=True), object))
    year = int(random.choice(performance_years(start, assume_last=True)))
    levels = LEVELS if start >= FIRST_LEVELS else TRACKS
    found: dict[str, Any] = {
        "performance_year": year, "agreement_start": start, "assume_last_published": True,
        "level": random.choice(levels, rows),
    }  # fmt: skip
    for name, words in quantities().items():
        if name not in APART:
            found[name] = _values(random, name, words, rows)
    room = 1 - found["market_share"]
    if found["market_share_by_type"] is not None:
        by_type = found["market_share_by_type"]
        held = np.where(np.isnan(by_type), found["market_share"][:, None], by_type)
        room = 1 - held.max(axis=-1)
    found["other_acos_share"] = room * random.choice([0.0, 0.5, 1.0], rows)
    return Scenario(**found)


def singles(seed: int, rows: int) -> Iterator[Scenario]:
    """Yield single scenarios by chance; a few in a row have one start and one year."""
    for first in range(0, rows, OF_ONE_YEAR):
        together = batch(seed * 1_000_003 + first, OF_ONE_YEAR)
        for row in range(min(OF_ONE_YEAR, rows - first)):
            yield _single(together, row)


def _single(scenario: Scenario, row: int) -> Scenario:
    fields: dict[str, Any] = {}
    for name in quantities():
        value = getattr(scenario, name)
        if not scenario.batch(name):
            fields[name] = value
            continue
        one = value[row]
        if isinstance(one, np.ndarray):
            fields[name] = one
        elif name == "minimum_election":
            fields[name] = BY_SIZE if np.isnan(one) else float(one)
        elif quantities()[name].kind == "switch":
            fields[name] = None if np.isnan(float(one)) else bool(one)
        elif quantities()[name].optional and np.isnan(one):
            fields[name] = None
        else:
            fields[name] = one.item()
    return Scenario(**fields)


def _values(random: np.random.Generator, name: str, words: Quantity, rows: int) -> Any:
    if name == "minimum_election":
        choices = rules_in_force(2024).minimum_rate_choices
        return random.choice([*choices, np.nan], rows)
    if name in MIXES:
        return _mix(random, rows)
    if words.kind == "switch":
        said = random.integers(2, size=rows)
        if not words.optional:
            return said.astype(bool)
        return np.where(random.random(rows) < LEFT_OUT, np.nan, said)
    if words.kind == "table":
        return _table(random, words, rows)
    low, high = words.allowed
    values = _within(random, low, high, (rows,))
    if words.whole:
        values = np.round(values)
    if words.optional:
        values = np.where(random.random(rows) < LEFT_OUT, np.nan, values)
    return values


def _within(
    random: np.random.Generator, low: float, high: float, shape: tuple[int, ...]
) -> np.ndarray[Any, Any]:
    values = random.uniform(low, high, shape)
    end = np.where(random.random(shape) < 0.5, low, high)
    return np.where(random.random(shape) < AT_AN_END, end, values)


def _table(random: np.random.Generator, words: Quantity, rows: int) -> Any:
    shape, (low, high) = (rows, *words.trailing), words.allowed
    if words.optional and random.random() < LEFT_OUT:
        return None
    if not words.above:
        values = _within(random, low, high, shape)
        gaps = random.random(shape) < LEFT_OUT
        return np.where(gaps, np.nan, values) if words.for_all_types else values
    if random.random() < 0.5:
        return high - random.uniform(low, high, shape)  # above the lower end, up to the upper
    return high * 10 ** random.uniform(-6, 0, shape)


def _mix(random: np.random.Generator, rows: int) -> np.ndarray[Any, Any]:
    shares = random.dirichlet([0.5] * 4, rows)
    alone = np.eye(4)[random.integers(4, size=rows)]
    return np.where(random.random((rows, 1)) < AT_AN_END, alone, shares)
