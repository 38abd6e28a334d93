"""A provision file: proposed values of the rule in TOML, checked, in place of dated ones."""

import datetime as dt
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from mssp_sim.parameters import (
    CONTRACTS,
    Citation,
    Parameter,
    RateTable,
    Rules,
    Schedule,
    Version,
    parameters,
)
from mssp_sim.quantity import shown
from mssp_sim.tolerances import SHARES_TO_ONE

PROPOSED = "proposed"
LARGEST, MOST_DOTS = 100_000, 200
"""Bytes of a provision file that is read, and dots in a line of it."""

MOST_CHANGES, LONGEST_TEXT, LONGEST_SCHEDULE = 40, 300, 100
NOT_CHANGED = {
    "agreement_length": "it says which years an agreement has, and moves no dollars of one year",
    "minimum_rate_choices": "it says what an ACO can choose, and moves no dollars by itself",
}
"""Parameters that a settlement does not use; why a provision file cannot change them."""

PARTS = ("title", "source", "changes")
SHAPES = ("value", "by_level", "schedule", "table")
OF_A_CHANGE = ("parameter", "provision", "applies_from", *SHAPES)
SECTION = "proposed, not in force"
UNLIMITED = (
    "disaster_quality_floor", "loss_recoupment_limit_revenue", "minimum_rate_without_choice",
)  # fmt: skip
"""Parameters in which inf says that there is none."""

RANGES = {"persons": (1.0, 1_000_000.0), "months": (0.0, 12.0)}
"""What a number may be, by the unit of its parameter; a fraction where the unit is not named."""


class ProvisionError(ValueError):
    """A provision file that cannot be used, in one sentence."""


class ProposedCitation(Citation):
    """Where a proposed value comes from: it is not in force, whoever proposed it."""

    __slots__ = ()

    @property
    def known(self) -> str:
        """The mark of a proposed value on screen and in files."""
        return PROPOSED


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A proposed value of one parameter, from a date on by each clock the file names.

    ``value`` is a number, an answer, a ``Schedule``, a ``RateTable`` as the parameter's own, or for
    some contracts their rates by name. ``provision`` names what moves together.
    """

    parameter: str
    provision: str
    applies_from: Mapping[str, dt.date]
    value: Any

    def reached(self, clocks: Mapping[str, dt.date]) -> bool:
        """Return whether the change applies on these dates."""
        return all(clocks[clock] >= day for clock, day in self.applies_from.items())


@dataclass(frozen=True, slots=True)
class Provisions:
    """What a provision file holds, every part of it proposed."""

    title: str
    source: str
    changes: tuple[ProposedValue, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The provisions, in the order of the file, each once."""
        return tuple(dict.fromkeys(change.provision for change in self.changes))

    def apply(self, rules: Rules, performance_year: int, agreement_start: dt.date) -> Rules:
        """Return the rules with the proposed values, each marked so in ``source``.

        Parameters
        ----------
        rules : those in force for the year and the start
        performance_year, agreement_start : what the dates of the file are compared with

        Raises
        ------
        ProvisionError
            Where the proposed values cannot hold together.

        Source: ours
        """
        clocks = {
            "performance_year": dt.date(performance_year, 1, 1),
            "agreement_start": agreement_start,
        }
        found: dict[str, Any] = {}
        source = dict(rules.source)
        for change in self.changes:
            if change.reached(clocks):
                name = change.parameter
                found[name] = _as_field(found.get(name, getattr(rules, name)), change.value)
                citation = ProposedCitation(SECTION, "", PROPOSED, self.source or self.title)
                value = change.value
                if isinstance(value, Mapping):
                    value = _by_contract(found[name])
                source[name] = Version(change.applies_from, value, citation)
        proposed = replace(rules, **found, source=MappingProxyType(source))
        wrong = proposed.shared_loss_rate_floor > proposed.shared_loss_rate_ceiling
        if np.any(wrong):
            raise ProvisionError(
                f"With these provisions the lowest shared loss rate of "
                f"{CONTRACTS[int(np.argmax(wrong))]} is above the highest; change one of the two."
            )
        return proposed


def _as_field(in_force: Any, value: Any) -> Any:  # noqa: ANN401  (a field of Rules)
    """Return a proposed value as ``Rules`` holds it; contracts not named keep their own."""
    if not isinstance(value, Mapping):
        return value
    by_contract = np.array(in_force)
    for contract, rate in value.items():
        at = CONTRACTS.index(contract)
        if not np.isnan(by_contract[at]):  # a contract that agreements of this start can have
            by_contract[at] = rate
    by_contract.setflags(write=False)
    return by_contract


def _by_contract(rates: Any) -> dict[str, float]:  # noqa: ANN401  (an array)
    return {
        contract: float(rate)
        for contract, rate in zip(CONTRACTS, rates, strict=True)
        if not np.isnan(rate)
    }


def read(data: bytes) -> Provisions:
    """Return what a provision file holds, or refuse it as a whole.

    Parameters
    ----------
    data : the bytes of a TOML file with ``title``, ``source`` and ``[[changes]]``

    Raises
    ------
    ProvisionError
        With one sentence: what is wrong, and what to do.

    Source: ours

    Examples
    --------
    >>> text = b'''
    ... title = "Level E keeps more"
    ... [[changes]]
    ... parameter = "sharing_rate"
    ... by_level = { E = 0.60 }
    ... '''
    >>> read(text).names
    ('Maximum sharing rate',)
    """
    content = _content(data)
    _refuse_unknown(content, PARTS, "The file")
    title = _text(content.get("title", ""), "title")
    if not title:
        raise ProvisionError('The file has no title; begin with title = "…".')
    entries = content.get("changes")
    if not isinstance(entries, list) or not entries:
        raise ProvisionError("The file changes nothing; give at least one [[changes]].")
    if len(entries) > MOST_CHANGES:
        raise ProvisionError(
            f"The file has {len(entries)} changes and may have {MOST_CHANGES}; split it."
        )
    changes = tuple(_change(entry, number) for number, entry in enumerate(entries, 1))
    keys = [(change.parameter, tuple(change.applies_from.items())) for change in changes]
    twice = next((key[0] for key in keys if keys.count(key) > 1), None)
    if twice:
        raise ProvisionError(f"{twice} is changed twice from the same date; keep one of the two.")
    ordered = sorted(changes, key=lambda change: tuple(sorted(change.applies_from.items())))
    return Provisions(title, _text(content.get("source", ""), "source"), tuple(ordered))


def _content(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise ProvisionError(
            f"The file has {len(data):,} bytes and a provision file at most {LARGEST:,}."
        )
    # Python's reader takes time with the square of a key's parts, a.b.c, which stand in one line.
    for number, line in enumerate(data.splitlines(), 1):
        if line.count(b".") > MOST_DOTS:
            raise ProvisionError(f"Line {number:,} has more than {MOST_DOTS} dots; shorten it.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ProvisionError("The file is not text in UTF-8; save it so.") from None
    except (ValueError, RecursionError) as fault:
        said = shown(str(fault).split("\n")[0]) if isinstance(fault, ValueError) else "too deep"
        raise ProvisionError(f"The file cannot be read as TOML: {said}.") from None


def _refuse_unknown(content: Mapping[str, Any], known: tuple[str, ...], whose: str) -> None:
    unknown = next((key for key in content if key not in known), None)
    if unknown is not None:
        raise ProvisionError(
            f"{whose} has {shown(unknown)!r}, which means nothing here; it may have "
            f"{', '.join(known)}."
        )


def _text(given: Any, what: str) -> str:  # noqa: ANN401  (whatever TOML holds)
    if not isinstance(given, str) or len(given) > LONGEST_TEXT or not given.isprintable():
        raise ProvisionError(f"{what} is one line of text, at most {LONGEST_TEXT} characters.")
    return given.strip()


def _change(entry: Any, number: int) -> ProposedValue:  # noqa: ANN401
    whose = f"Change {number}"
    if not isinstance(entry, dict):
        raise ProvisionError(f"{whose} is no table; write it as [[changes]] with its lines below.")
    _refuse_unknown(entry, OF_A_CHANGE, whose)
    name = entry.get("parameter")
    if not isinstance(name, str) or name not in parameters():
        raise ProvisionError(
            f"{whose} names the parameter {shown(name)}, and there is none of that name; "
            "the Rules page and the folder parameters list them."
        )
    if name in NOT_CHANGED:
        raise ProvisionError(f"{whose}: {name} cannot be changed here; {NOT_CHANGED[name]}.")
    parameter = parameters()[name]
    shapes = [shape for shape in SHAPES if shape in entry]
    if len(shapes) != 1:
        raise ProvisionError(f"{whose} to {name} has one of {', '.join(SHAPES)}; give one.")
    return ProposedValue(
        parameter=name,
        provision=_text(entry.get("provision", ""), f"{whose}: provision") or parameter.title,
        applies_from=_dates(entry.get("applies_from", {}), parameter, whose),
        value=_value(parameter, shapes[0], entry[shapes[0]], whose),
    )


def _dates(given: Any, parameter: Parameter, whose: str) -> Mapping[str, dt.date]:  # noqa: ANN401
    days = given if isinstance(given, dict) else dict.fromkeys(parameter.dated_by, given)
    for clock, day in days.items():
        if clock not in parameter.dated_by:
            raise ProvisionError(
                f"{whose}: applies_from follows {shown(clock)}, and {parameter.name} is dated by "
                f"{' and '.join(parameter.dated_by)}."
            )
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            raise ProvisionError(
                f"{whose}: applies_from is {shown(day)}; a date stands plain, as 2019-07-01."
            )
    return MappingProxyType(dict(sorted(days.items())))


def _value(parameter: Parameter, shape: str, given: Any, whose: str) -> Any:  # noqa: ANN401
    """Return a proposed value, of the shape the parameter's own values have."""
    own = parameter.versions[-1].value
    wanted = {Schedule: "schedule", RateTable: "table", dict: "by_level"}.get(type(own), "value")
    if shape != wanted:
        raise ProvisionError(f"{whose}: {parameter.name} is given as {wanted}, not as {shape}.")
    whose = f"{whose}: {parameter.name}"
    if isinstance(own, Schedule):
        return _schedule(given, whose)
    if isinstance(own, RateTable):
        return _table(own, given, whose, sums=parameter.name == "benchmark_year_weights")
    if isinstance(own, Mapping):
        return _levels(parameter, given, whose)
    if isinstance(own, bool):
        if not isinstance(given, bool):
            raise ProvisionError(f"{whose} is {shown(given)}; it is true or false.")
        return given
    if parameter.name in UNLIMITED and given == math.inf:
        return math.inf
    return _number(given, whose, RANGES.get(parameter.unit, (0.0, 1.0)))


def _number(given: Any, whose: str, ends: tuple[float, float] = (0.0, 1.0)) -> float:  # noqa: ANN401
    low, high = ends
    good = isinstance(given, int | float) and not isinstance(given, bool)
    if not good or not low <= given <= high:
        raise ProvisionError(
            f"{whose} is {shown(given)}; it is a number from {low:,.9g} to {high:,.9g}."
        )
    return float(given)


def _levels(parameter: Parameter, given: Any, whose: str) -> Mapping[str, float]:  # noqa: ANN401
    if not isinstance(given, dict) or not given or not set(given) <= set(CONTRACTS):
        raise ProvisionError(f"{whose}: by_level names some of {', '.join(CONTRACTS)}.")
    unlimited = parameter.name in UNLIMITED
    return {
        contract: math.inf
        if unlimited and isinstance(rate, float) and rate == math.inf
        else _number(rate, f"{whose} of {contract}")
        for contract, rate in given.items()
    }


def _schedule(given: Any, whose: str) -> Schedule:  # noqa: ANN401
    if not isinstance(given, dict) or set(given) != {"at", "gives"}:
        raise ProvisionError(f"{whose}: a schedule has the lists at and gives.")
    at, gives = given["at"], given["gives"]
    if not (isinstance(at, list) and isinstance(gives, list) and len(at) == len(gives)):
        raise ProvisionError(f"{whose}: a schedule has as many rates as points.")
    if not 0 < len(at) <= LONGEST_SCHEDULE:
        raise ProvisionError(f"{whose}: a schedule has 1 to {LONGEST_SCHEDULE} points.")
    points = tuple(_number(n, f"{whose}: a point", (0.0, 10_000_000.0)) for n in at)
    if list(points) != sorted(set(points)):
        raise ProvisionError(f"{whose}: the points of a schedule rise.")
    return Schedule(points, tuple(_number(rate, f"{whose}: a rate") for rate in gives))


def _table(own: RateTable, given: Any, whose: str, *, sums: bool) -> RateTable:  # noqa: ANN401
    if not isinstance(given, dict) or set(given) != set(own.rows):
        raise ProvisionError(f"{whose}: the table has the rows {', '.join(own.rows)}.")
    rows = {}
    for row in own.rows:
        numbers = given[row]
        if not isinstance(numbers, list) or len(numbers) != len(own.columns):
            raise ProvisionError(
                f"{whose}: {row} has {len(own.columns)} numbers, for {', '.join(own.columns)}."
            )
        rows[row] = tuple(_number(n, f"{whose}: {row}") for n in numbers)
        if sums and abs(math.fsum(rows[row]) - 1) > SHARES_TO_ONE:
            raise ProvisionError(f"{whose}: the weights of {row} add to 1.")
    return RateTable(own.columns, rows)


def differing(before: Rules, after: Rules) -> tuple[str, ...]:
    """Return the parameters whose values differ between two rulebooks.

    Source: ours

    Examples
    --------
    >>> from mssp_sim.parameters import rules_in_force
    >>> differing(rules_in_force(2026), rules_in_force(2027, assume_last=True))
    ()
    """
    names = [field.name for field in fields(Rules) if field.name != "source"]
    return tuple(name for name in names if not _same(getattr(before, name), getattr(after, name)))


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401  (a field of Rules)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=True)
    return cast(bool, one == other)
