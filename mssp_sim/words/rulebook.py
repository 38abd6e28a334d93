"""The parameter files as a table for readers: each value in words, with its years and source.

Source of the words: ours; of a value, the paragraph that its line names.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from mssp_sim.figures import date_in_words, percent, plain, score, whole_dollars
from mssp_sim.parameters import (
    KNOWN_BY,
    TRACKS,
    Citation,
    Parameter,
    RateTable,
    Rules,
    Schedule,
    Version,
    advance_parameters,
    election_parameters,
    parameters,
)
from mssp_sim.tolerances import SAME_RATE

MOST_DIGITS = 2
OPEN_OR_NOT = "open or not"
"""The unit of what a contract is to an ACO that elects."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a value: in words, from when to when, and how it is known."""

    version: Version
    value: str
    years: str

    @property
    def citation(self) -> Citation:
        """Where the value comes from."""
        return self.version.citation

    @property
    def known(self) -> str:
        """How the value is known, with the day it was compared with the rule, if it was."""
        day = self.citation.checked_on
        return f"{self.citation.known}, {date_in_words(day)}" if day else self.citation.known


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the rule with its history."""

    name: str
    title: str
    meaning: str
    lines: tuple[VersionLine, ...]

    def holds(self, wanted: str) -> bool:
        """Return whether a text occurs in the words, paragraphs or sources, whatever its case."""
        said = [self.name, self.title, self.meaning]
        for line in self.lines:
            said += [line.value, line.years, line.citation.section, line.known]
            said += [line.citation.reference, *line.citation.quotes]
        return wanted.strip().casefold() in " · ".join(said).casefold()


@cache
def rulebook() -> tuple[Entry, ...]:
    """Return every parameter file in words, in alphabetical order of the titles.

    Examples
    --------
    >>> (entry,) = [entry for entry in rulebook() if entry.name == "sharing_rate"]
    >>> entry.lines[-1].years, entry.lines[-1].value
    ('agreements from July 2019', 'A, B 40% · C, D, E 50% · ENHANCED 75%')
    """
    return _entries(parameters())


@cache
def advances() -> tuple[Entry, ...]:
    """Return every value of what CMS pays in advance, in words: no settlement reads them.

    Source: 42 CFR 425.630, 425.640

    Examples
    --------
    >>> (entry,) = [entry for entry in advances() if entry.name == "investment_by_score"]
    >>> entry.lines[-1].value
    'amount: 1-24 $0, 25-34 $20, 35-44 $24, 45-54 $28, 55-64 $32, 65-74 $36, 75-84 $40, 85-100 $45'
    """
    return _entries(advance_parameters())


@cache
def elections() -> tuple[Entry, ...]:
    """Return every value of what an election asks and brings, in words: no settlement reads them.

    Source: 42 CFR 425.118, 425.204(f), 425.600

    Examples
    --------
    >>> (entry,) = [entry for entry in elections() if entry.name == "repayment_of_spending"]
    >>> [line.value for line in entry.lines]
    ['1%', '0.5%']
    """
    return _entries(election_parameters())


def _entries(found: Mapping[str, Parameter]) -> tuple[Entry, ...]:
    entries = [
        Entry(name, parameter.title, parameter.meaning, _lines(parameter))
        for name, parameter in found.items()
    ]
    return tuple(sorted(entries, key=lambda entry: entry.title.casefold()))


def confidence(rules: Rules) -> Mapping[str, int]:
    """Return how many of the values in force are known in each way, by the key of ``KNOWN_BY``."""
    known = [version.citation.known_by for version in rules.source.values()]
    return {way: known.count(way) for way in KNOWN_BY}


def _lines(parameter: Parameter) -> tuple[VersionLine, ...]:
    return tuple(
        VersionLine(
            version, value_in_words(version.value, parameter.unit), parameter.years(version)
        )
        for version in parameter.versions
    )


def value_in_words(value: object, unit: str) -> str:
    """Return a value of the rule as a reader says it.

    Examples
    --------
    >>> value_in_words(0.05, "fraction of spending"), value_in_words(5_000.0, "persons")
    ('5%', '5,000')
    >>> value_in_words(0.767, "quality score, as a fraction"), value_in_words(True, "yes or no")
    ('76.70 of 100', 'yes')
    >>> value_in_words(math.inf, "fraction of revenue")
    'no limit'
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == math.inf and unit.startswith("quality score"):
        return "the year's full standard"
    if unit == "months":
        return plain(float(value), 0)  # type: ignore[arg-type]
    if isinstance(value, Schedule):
        return _points(value)
    if isinstance(value, RateTable):
        rows = (
            ", ".join(
                f"{column} {_number(x, unit)}" for column, x in zip(value.columns, row, strict=True)
            )
            for row in value.rows.values()
        )
        return " · ".join(
            f"{name.replace('_', ' ')}: {row}" for name, row in zip(value.rows, rows, strict=True)
        )
    if isinstance(value, Mapping):
        return " · ".join(_by_contract(value, unit))
    if isinstance(value, tuple):
        return ", ".join(_number(choice, unit) for choice in value)
    return _number(float(value), unit)  # type: ignore[arg-type]


def _number(number: float, unit: str) -> str:
    if math.isinf(number):
        return "no limit"
    if unit.startswith("dollars"):
        return whole_dollars(number)
    if unit == OPEN_OR_NOT:
        return "open" if number else "not open"
    if unit in ("persons", "years", "quarters", "agreements"):
        return plain(number, 0)
    if unit.startswith("quality score"):
        return f"{score(number, 2)} of 100"
    whole = (
        d for d in range(MOST_DIGITS + 1) if abs(round(number * 100, d) - number * 100) < SAME_RATE
    )
    return percent(number, next(whole, 1))


def _by_contract(rates: Mapping[str, float], unit: str) -> Iterable[str]:
    track = "Track " if tuple(rates) == TRACKS else ""
    for rate, contracts in groupby(rates, key=rates.__getitem__):
        yield f"{track}{', '.join(contracts)} {_number(rate, unit)}"


def _points(schedule: Schedule) -> str:
    """Return the last point of each rate: between them the schedule runs along straight lines."""
    last = dict(zip(schedule.gives, schedule.at, strict=True))
    (first, up_to), *between, (lowest, onward) = last.items()
    inner = ", ".join(f"{percent(rate)} at {plain(at, 0)}" for rate, at in between)
    return (
        f"{percent(first)} up to {plain(up_to, 0)}, {inner}, {percent(lowest)} from "
        f"{plain(onward, 0)}; straight lines between"
    )
