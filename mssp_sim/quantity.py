"""What one field of a scenario may hold: its words, its ranges, and what it says when refused."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from mssp_sim.parameters import LEVELS, rules_in_force
from mssp_sim.units import Array

BY_SIZE = "size"
"""The minimum election that stands for the table by size; NaN in an array of elections."""

FIRST_START = dt.date(2019, 7, 1)
PERFORMANCE_YEARS = (2020, 2026)
WITHOUT_STARTS = 2021
Kind = Literal[
    "rate", "score", "dollars", "count", "ratio", "year", "date", "choice", "switch", "table"
]


class ScenarioError(ValueError):
    """A scenario that cannot be settled; ``faults`` holds a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("This scenario cannot be settled: " + "; ".join(faults.values()) + ".")


@dataclass(frozen=True, slots=True)
class Quantity:
    """The words and ranges of one field of the scenario.

    ``allowed`` is what the core accepts, ``reach`` what a slider spans, both in core units
    (rates and scores are fractions). ``link`` is the word a link uses, ``trailing`` the shape of
    a table, ``above`` says that the lower end of ``allowed`` is itself refused.
    """

    label: str
    kind: Kind
    term: str = ""
    allowed: tuple[float, float] = (-np.inf, np.inf)
    reach: tuple[float, float] = (0.0, 0.0)
    step: float = 0.0
    link: str = ""
    optional: bool = False
    trailing: tuple[int, ...] = ()
    above: bool = False

    @property
    def whole(self) -> bool:
        """Return whether only a whole number is accepted."""
        return self.kind == "year" or self.step == 1

    @property
    def span(self) -> str:
        """What is allowed, in words."""
        low, high = (f"{end:g}" if self.kind == "year" else f"{end:,g}" for end in self.allowed)
        words = (
            f"it is above {low} and at most {high}"
            if self.above
            else f"it goes from {low} to {high}"
        )
        return words + (", whole" if self.whole else "")


@cache
def agreement_starts() -> tuple[dt.date, ...]:
    """Return every first day an agreement can have."""
    years = [y for y in range(2020, PERFORMANCE_YEARS[1] + 1) if y != WITHOUT_STARTS]
    return (FIRST_START, *(dt.date(year, 1, 1) for year in years))


@cache
def performance_years(agreement_start: dt.date) -> range:
    """Return the whole calendar years of an agreement that can be settled here."""
    first = max(agreement_start.year, PERFORMANCE_YEARS[0])
    length = int(rules_in_force(first, agreement_start).agreement_length)
    return range(first, min(agreement_start.year + length, PERFORMANCE_YEARS[1] + 1))


def benchmark_year_3(agreement_start: dt.date) -> int:
    """Return the last calendar year before the agreement."""
    return agreement_start.year - 1


def frozen(value: Array) -> Array:
    """Return an array nobody can write to through this scenario."""
    copy = np.array(value)
    copy.setflags(write=False)
    return copy


def accept(name: str, value: Any, words: Quantity) -> tuple[Any, str]:  # noqa: ANN401
    """Return the value as the core keeps it, and a sentence if it cannot be accepted."""
    if value is None and words.optional:
        return None, ""
    if name == "minimum_election":
        return _election(value)
    if name == "level":
        return _level(value)
    if words.kind == "date":
        return _date(name, value)
    if words.kind == "switch":
        return _switch(name, value, words)
    return _number(name, value, words)


def _number(name: str, value: Any, words: Quantity) -> tuple[Any, str]:  # noqa: ANN401
    low, high = words.allowed
    if isinstance(value, float | int) and not isinstance(value, bool) and not words.trailing:
        whole = not words.whole or value == int(value) if low <= value <= high else False
        if whole:
            return (int(value) if words.kind == "year" else float(value)), ""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O" and words.optional:
            array = np.array([np.nan if v is None else v for v in array.flat]).reshape(array.shape)
        if array.dtype.kind not in "iuf":
            raise TypeError
        array = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return value, f"{name} is {shown(value)}; it is a number: {words.span}"
    if words.trailing and array.shape[array.ndim - len(words.trailing) :] != words.trailing:
        return value, (
            f"{name} has the shape {array.shape}; a table ends in {words.trailing} "
            "(benchmark years, enrollment types)"
        )
    good = (array > low if words.above else array >= low) & (array <= high)
    if words.optional and array.ndim and not words.trailing:
        good = good | np.isnan(array)
    if words.whole:
        good = good & ((array == np.rint(array)) | np.isnan(array))
    if not np.all(good):
        worst = array[~good].flat[0]
        return value, f"{name} is {shown(worst)}; {words.span}"
    if array.ndim == 0:
        return (int(array) if words.kind == "year" else float(array)), ""
    return frozen(array), ""


def _level(value: Any) -> tuple[Any, str]:  # noqa: ANN401
    if isinstance(value, str) and value in LEVELS:
        return value, ""
    array = np.asarray(value)
    good = np.isin(array, LEVELS) if array.dtype.kind in "UO" else np.zeros(array.shape, bool)
    if not np.all(good):
        worst = array[~good].flat[0]
        return value, f"level is {shown(worst)}; it is one of {', '.join(LEVELS)}"
    return (str(array) if array.ndim == 0 else frozen(array.astype("U8"))), ""


def _election(value: Any) -> tuple[Any, str]:  # noqa: ANN401
    choices = rules_in_force(PERFORMANCE_YEARS[1]).minimum_rate_choices
    wanted = f"it is one of {', '.join(f'{c:g}' for c in choices)} or {BY_SIZE!r}"
    if value in (BY_SIZE, *choices) if isinstance(value, str | float) else False:
        return value, ""
    try:
        flat = [np.nan if v == BY_SIZE else v for v in np.asarray(value, object).flat]
        if any(isinstance(v, bool | str) for v in flat):
            raise TypeError
        array = np.array(flat, np.float64).reshape(np.shape(value))
    except (TypeError, ValueError):
        return value, f"minimum_election is {shown(value)}; {wanted}"
    good = np.isnan(array) if array.ndim else np.zeros((), bool)
    for choice in choices:
        good = good | (np.abs(array - choice) < 1e-12)  # noqa: PLR2004
    if not np.all(good):
        return value, f"minimum_election is {shown(array[~good].flat[0])}; {wanted}"
    return (float(array) if array.ndim == 0 else frozen(array)), ""


def _date(name: str, value: Any) -> tuple[Any, str]:  # noqa: ANN401
    if value in agreement_starts() if isinstance(value, dt.date) else False:
        return value, ""
    starts = np.array(agreement_starts(), "datetime64[D]")
    wanted = "it is 2019-07-01 or 1 January of 2020 or of 2022 to 2026"
    try:
        array = np.asarray(value, "datetime64[D]")
        if np.asarray(value).dtype.kind in "iuf":
            raise TypeError
    except (TypeError, ValueError):
        return value, f"{name} is {shown(value)}; {wanted}"
    good = np.isin(array, starts)
    if not np.all(good):
        return value, f"{name} is {shown(array[~good].flat[0])}; {wanted}"
    return (array.item() if array.ndim == 0 else frozen(array)), ""


def _switch(name: str, value: Any, words: Quantity) -> tuple[Any, str]:  # noqa: ANN401
    if isinstance(value, bool):
        return value, ""
    array = np.asarray(value)
    if words.optional and array.dtype.kind in "Of":
        known = [None if v is None or v != v else v for v in array.flat]  # noqa: PLR0124
        if all(v is None or v in (0, 1) for v in known):
            numbers = np.array([np.nan if v is None else float(v) for v in known])
            return frozen(numbers.reshape(array.shape)), ""
    if array.dtype.kind != "b":
        return value, f"{name} is {shown(value)}; it is True or False"
    return (bool(array) if array.ndim == 0 else frozen(array)), ""


def shown(value: Any) -> str:  # noqa: ANN401
    """Return a refused value, short enough for a sentence."""
    text = f"{value:.12g}" if isinstance(value, float | np.floating) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004
