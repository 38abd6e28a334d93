"""What one field of a scenario may hold: its words, its ranges, and what it says when refused."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np

from mssp_sim.parameters import (
    CONTRACTS,
    last_listed_year,
    last_published_year,
    rules_in_force,
)
from mssp_sim.tolerances import NOISE
from mssp_sim.units import Array

BY_SIZE = "size"
"""The minimum election that stands for the table by size; NaN in an array of elections."""

FIRST_STARTS = (dt.date(2012, 4, 1), dt.date(2012, 7, 1))
FIRST_LEVELS = dt.date(2019, 7, 1)
"""The first day of agreements with the contracts of today."""

PERFORMANCE_YEARS = (2013, last_published_year())
"""The first and the last performance year that settle by published values alone."""

OFFERED_YEARS = (PERFORMANCE_YEARS[0], last_listed_year())
"""The same, with years that settle only where the last published values are assumed."""

WITHOUT_STARTS = 2021
HALF_YEAR = 6
LONGEST_SHOWN, LONGEST_INT = 40, 10**40
Kind = Literal[
    "rate", "score", "dollars", "count", "ratio", "year", "date", "choice", "switch", "table"
]

Whose = Literal["your actions", "your contract", "outside your control"]
YOURS: Whose = "your actions"
CONTRACT: Whose = "your contract"
OUTSIDE: Whose = "outside your control"

Group = Literal["What you do", "What happens around you", "What you signed", "By enrollment type"]
DO: Group = "What you do"
AROUND: Group = "What happens around you"
SIGNED: Group = "What you signed"
BY_TYPE: Group = "By enrollment type"

NO_SLIDER = (0.0, 0.0)
LAST = 1_000


class At(NamedTuple):
    """A place in a group: fields stand by ``order``, and of one order as they are declared."""

    group: Group
    order: int = LAST


def number(value: Any) -> Any:  # noqa: ANN401
    """Return a field of the scenario as NumPy computes with it: an array, or one number."""
    return value if isinstance(value, np.ndarray) else np.float64(value)


def number_or_nan(value: Any) -> Any:  # noqa: ANN401
    """Return a field as a number; NaN for None and for the election by size."""
    absent = value is None or (isinstance(value, str) and value == BY_SIZE)
    return np.float64(np.nan) if absent else number(value)


def by_type(value: Any) -> Any:  # noqa: ANN401
    """Return a quantity that moves all enrollment types alike, with their axis."""
    return np.asarray(value)[..., None]


def refined(value: Any, table: Any) -> Any:  # noqa: ANN401
    """Return a quantity with the axis of the enrollment types: a table's, else the same for all.

    Parameters
    ----------
    value : what holds where the table has no number
    table : (..., type), NaN where it has none; or None

    Examples
    --------
    >>> refined(0.1, None), refined(0.1, np.array([0.2, np.nan, np.nan, 0.3]))
    (array([0.1]), array([0.2, 0.1, 0.1, 0.3]))
    """
    if table is None:
        return by_type(number(value))
    return np.where(np.isnan(table), by_type(number(value)), table)


class ScenarioError(ValueError):
    """A scenario that cannot be settled; ``faults`` holds a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("This scenario cannot be settled: " + "; ".join(faults.values()) + ".")


@dataclass(frozen=True, slots=True)
class Quantity:
    """The words and ranges of one field of the scenario.

    ``allowed`` is what the core accepts, ``slider`` what a slider spans, both in core units
    (rates and scores are fractions). ``link`` is the word a link uses, ``trailing`` the shape of
    a table, ``above`` says that the lower end of ``allowed`` is itself refused.

    ``whose`` says who decides it, ``short`` what a chip of Compare calls it (None: the label).
    ``rail`` is its place among the levers in sight, ``more`` among those behind "more",
    ``workbook`` among the inputs of the workbook, and ``main`` among the main levers, which a
    brief always names (another field only when it has changed).
    ``if_empty`` says what None stands for. A field without a place says in ``unplaced`` why.

    ``for_all_types`` names the field that a table by enrollment type refines: where the table
    has no number (NaN), for one type or for all, that field holds.
    """

    label: str
    kind: Kind
    term: str = ""
    allowed: tuple[float, float] = (-np.inf, np.inf)
    slider: tuple[float, float] = NO_SLIDER
    step: float = 0.0
    link: str = ""
    optional: bool = False
    trailing: tuple[int, ...] = ()
    above: bool = False
    whose: Whose = OUTSIDE
    short: str | None = None
    main: At | None = None
    rail: At | None = None
    more: At | None = None
    workbook: At | None = None
    if_empty: str = ""
    unplaced: str = ""
    for_all_types: str = ""

    @property
    def whole(self) -> bool:
        """Return whether only a whole number is accepted."""
        return self.kind == "year" or self.step == 1

    @property
    def span(self) -> str:
        """What is allowed, in words."""
        low, high = (f"{end:g}" if self.kind == "year" else f"{end:,.9g}" for end in self.allowed)
        words = (
            f"it is above {low} and at most {high}"
            if self.above
            else f"it goes from {low} to {high}"
        )
        return words + (", whole" if self.whole else "")


@cache
def agreement_starts(*, assume_last: bool = False) -> tuple[dt.date, ...]:
    """Return every first day an agreement can have, from published values or assumed ones."""
    first, last = OFFERED_YEARS if assume_last else PERFORMANCE_YEARS
    januaries = [dt.date(y, 1, 1) for y in range(first, last + 1) if y != WITHOUT_STARTS]
    return tuple(sorted((*FIRST_STARTS, *januaries, FIRST_LEVELS)))


@cache
def performance_years(agreement_start: dt.date, *, assume_last: bool = False) -> range:
    """Return the whole calendar years of an agreement that can be settled here.

    With ``assume_last`` those too that only some published values reach.
    """
    last = OFFERED_YEARS[1] if assume_last else PERFORMANCE_YEARS[1]
    covered = agreement_years(agreement_start)
    return range(covered.start, max(min(covered.stop, last + 1), covered.start))


@cache
def agreement_years(agreement_start: dt.date) -> range:
    """Return the whole calendar years of an agreement, whether they can be settled or not.

    Source: 42 CFR 425.200
    """
    first = max(agreement_start.year, PERFORMANCE_YEARS[0])
    length = rules_in_force(first, agreement_start, assume_last=True).agreement_length
    return range(first, agreement_start.year + int(length))


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
    try:
        return _read(name, value, words), ""
    except _RefusedError as refused:
        return value, f"{name} is {shown(refused.part)}; {_wanted(name, words)}"
    except (TypeError, ValueError, OverflowError):
        number = "it is a number: " if words.slider != NO_SLIDER or words.kind == "year" else ""
        return value, f"{name} is {shown(value)}; {number}{_wanted(name, words)}"


class _RefusedError(Exception):
    """A part of a value, the worst of it, that cannot be accepted."""

    def __init__(self, part: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.part = part


def _read(name: str, value: Any, words: Quantity) -> Any:  # noqa: ANN401
    """Return a value as the core keeps it."""
    if name == "minimum_election":
        return _election(value, _elections())
    if name == "level":
        return _level(value)
    if words.kind == "date":
        return _date(value)
    if words.kind == "switch":
        return _switch(value, optional=words.optional)
    return _numbers(value, words)


def _wanted(name: str, words: Quantity) -> str:
    """Return what a field accepts, in words."""
    if name == "minimum_election":
        return f"it is one of {', '.join(f'{rate:g}' for rate in _elections())} or {BY_SIZE!r}"
    if name == "level":
        return f"it is one of {', '.join(CONTRACTS)}"
    if words.kind == "date":
        return f"it is {_starts_in_words()}"
    if words.kind == "switch":
        return "it is True or False"
    if words.for_all_types:
        return f"{words.span}; a table ends in {words.trailing} (enrollment types)"
    if words.trailing:
        return f"{words.span}; a table ends in {words.trailing} (benchmark years, enrollment types)"
    return words.span


@cache
def _starts_in_words() -> str:
    """Return every first day an agreement can have, in words."""
    starts = agreement_starts(assume_last=True)
    years = [day.year for day in starts if (day.month, day.day) == (1, 1)]
    firsts = [year for year in years if year - 1 not in years]
    lasts = [year for year in years if year + 1 not in years]
    runs = [f"of {first} to {last}" for first, last in zip(firsts, lasts, strict=True)]
    *others, other = (str(day) for day in starts if (day.month, day.day) != (1, 1))
    return f"January 1 {' or '.join(runs)}, or {', '.join(others)} or {other}"


@cache
def _elections() -> tuple[float, ...]:
    """Return the minimum rates an ACO can choose."""
    return rules_in_force(PERFORMANCE_YEARS[1]).minimum_rate_choices


def _numbers(value: Any, words: Quantity) -> Any:  # noqa: ANN401
    low, high = words.allowed
    if isinstance(value, float | int) and not isinstance(value, bool) and not words.trailing:
        good = low <= value <= high and not (words.above and value == low)
        if not good or (words.whole and value != int(value)):
            raise _RefusedError(value)
        return int(value) if words.kind == "year" else float(value)
    array = np.asarray(value)
    if array.dtype.kind == "O" and words.optional and array.ndim:
        array = np.array([np.nan if v is None else v for v in array.flat]).reshape(array.shape)
    if array.dtype.kind not in "iuf":
        raise TypeError
    array = array.astype(np.float64)
    if array.shape[max(array.ndim - len(words.trailing), 0) :] != words.trailing:
        raise _RefusedError(f"of the shape {array.shape}")
    accepted = (array > low if words.above else array >= low) & (array <= high)
    if words.whole:
        accepted = accepted & (array == np.rint(array))
    if words.optional and array.ndim and (words.for_all_types or not words.trailing):
        accepted = accepted | np.isnan(array)
    if not np.all(accepted):
        raise _RefusedError(array[~accepted].flat[0])
    if array.ndim == 0:
        return int(array) if words.kind == "year" else float(array)
    if words.for_all_types and array.ndim == len(words.trailing) and np.isnan(array).all():
        return None
    return frozen(array)


def _level(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str) and value in CONTRACTS:
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "UO":
        raise TypeError
    if array.dtype.kind == "U":
        good = np.isin(array.ravel(), CONTRACTS)
    else:
        good = np.array([isinstance(v, str) and v in CONTRACTS for v in array.flat], bool)
    if not good.all():
        raise _RefusedError(array.ravel()[~good][0])
    return str(array) if array.ndim == 0 else frozen(array.astype("U8"))


def _election(value: Any, choices: tuple[float, ...]) -> Any:  # noqa: ANN401
    if isinstance(value, str | float) and value in (BY_SIZE, *choices):
        return value
    if value is None or isinstance(value, bool | str):
        raise TypeError
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        array = value.astype(np.float64)
    else:
        flat = [np.nan if v == BY_SIZE else v for v in np.asarray(value, object).flat]
        if any(isinstance(v, bool | str) or v is None for v in flat):
            raise TypeError
        array = np.array(flat, np.float64).reshape(np.shape(value))
    nearest = np.min(np.abs(np.expand_dims(array, -1) - np.array(choices)), axis=-1)
    good = np.less(nearest, NOISE) | (np.isnan(array) & (array.ndim > 0))
    if not np.all(good):
        raise _RefusedError(array[~good].flat[0])
    return float(array) if array.ndim == 0 else frozen(array)


def _date(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        if value not in agreement_starts(assume_last=True):
            raise _RefusedError(value)
        return value
    if value is None or np.asarray(value).dtype.kind in "iufb":
        raise TypeError
    array = np.asarray(value, "datetime64[D]")
    good = np.isin(array, np.array(agreement_starts(assume_last=True), "datetime64[D]"))
    if not np.all(good):
        raise _RefusedError(array[~good].flat[0])
    return array.item() if array.ndim == 0 else frozen(array)


def _switch(value: Any, *, optional: bool) -> Any:  # noqa: ANN401
    if isinstance(value, bool):
        return value
    array = np.asarray(value)
    if optional and array.ndim and array.dtype.kind in "Of":
        known = [np.nan if v is None else float(v) for v in array.flat]
        if not all(v in (0, 1) or np.isnan(v) for v in known):
            raise TypeError
        return frozen(np.array(known).reshape(array.shape))
    if array.dtype.kind != "b":
        raise TypeError
    return bool(array) if array.ndim == 0 else frozen(array)


def shown(value: Any) -> str:  # noqa: ANN401
    """Return a refused value, short enough for a sentence."""
    if isinstance(value, int) and abs(value) >= LONGEST_INT:
        return f"a whole number of {value.bit_length()} bits"
    text = f"{value:.12g}" if isinstance(value, float | np.floating) else str(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
