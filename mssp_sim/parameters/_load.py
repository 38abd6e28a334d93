"""Reads the parameter files: one file a parameter, each value dated and cited."""

import datetime as dt
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mssp_sim.units import Array

LEVELS = ("A", "B", "C", "D", "E", "ENHANCED")
"""The contracts of agreements that began on 2019-07-01 or later."""

TRACKS = ("1", "1+", "2", "3")
"""The contracts of agreements that began before."""

CONTRACTS = (*LEVELS, *TRACKS)
"""Every contract there has been; a contract's number is its place here."""

CLOCKS = ("performance_year", "agreement_start")
KNOWN_BY = {
    "rule": "read in the rule",
    "CMS": "from a CMS document",
    "CMS files": "proven on CMS's results",
    "secondary": "from a secondary source",
    "recalled": "not yet checked",
    "does not apply": "no such rule then",
}
ASKED_OF = {
    "rule": ("quotes", "text_of", "checked_on"),
    "CMS": ("quotes", "document", "version", "page", "checked_on"),
    "CMS files": ("proven_by", "rows"),
    "secondary": ("source",),
    "recalled": ("source",),
    "does not apply": ("source",),
}
MOST_WORDS = 25
DECEMBER = 12
SHAPES = ("value", "by_level", "schedule", "table", "choices")


class ParameterError(Exception):
    """A parameter file, or a question put to one, that cannot be answered."""


NOT_PUBLISHED = "is not published yet"


class UnpublishedError(ParameterError):
    """A performance year for which CMS has not published a value yet, in one sentence."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value comes from, and how well it is known (one of ``KNOWN_BY``).

    ``text_of`` says as of when a section was read, ``follows`` how a value follows from the
    quotes that do not print it, ``proven_by`` which test settles CMS's files by the value and
    ``rows`` how many of their rows come out otherwise with another value.
    """

    section: str
    url: str
    known_by: str
    source: str = ""
    quotes: tuple[str, ...] = ()
    follows: str = ""
    text_of: str = ""
    checked_on: dt.date | None = None
    document: str = ""
    version: str = ""
    page: str = ""
    proven_by: str = ""
    rows: int = 0

    @property
    def known(self) -> str:
        """How the value is known, in the words of the screen, with what proves it counted."""
        known = KNOWN_BY[self.known_by]
        settlements = "settlement" if self.rows == 1 else "settlements"
        return f"{known} ({self.rows:,} {settlements})" if self.rows else known

    @property
    def reference(self) -> str:
        """What was read, and what it says besides its quotes."""
        text = f"text of {self.text_of}" if self.text_of else ""
        document = f"{self.document}, version {self.version}, page {self.page}"
        said = (text, document if self.document else "", self.follows, self.source)
        return "; ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rate that runs along straight lines between given points."""

    at: tuple[float, ...]
    gives: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RateTable:
    """Named rows of numbers under named columns."""

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[float, ...]]

    def __getitem__(self, row: str) -> Array:
        return np.array(self.rows[row])


Value = bool | float | tuple[float, ...] | Mapping[str, float] | Schedule | RateTable


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a parameter, from a date on by each clock it follows."""

    applies_from: Mapping[str, dt.date]
    value: Value
    citation: Citation

    def in_force(self, clocks: Mapping[str, dt.date]) -> bool:
        """Return whether every clock this version follows has reached its date."""
        return all(clocks[clock] >= day for clock, day in self.applies_from.items())


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the rule with its history.

    ``known_through`` is the last performance year for which the value is published; None for a
    value that agreements keep from their start.
    """

    name: str
    title: str
    unit: str
    dated_by: tuple[str, ...]
    meaning: str
    versions: tuple[Version, ...]
    known_through: int | None = None

    def published(self, performance_year: int) -> bool:
        """Return whether the value of a performance year is published, or follows no such clock."""
        return self.known_through is None or performance_year <= self.known_through

    def on(self, clocks: Mapping[str, dt.date], *, assume_last: bool = False) -> Version:
        """Return the version in force on these dates.

        Parameters
        ----------
        clocks : a day for each clock
        assume_last : take the last published value for later performance years

        Raises
        ------
        UnpublishedError
            After ``known_through``, unless ``assume_last``.
        ParameterError
            Before the first version.
        """
        year = clocks["performance_year"].year if self.known_through else 0
        if not assume_last and not self.published(year):
            raise UnpublishedError(
                f"{year}'s {self.title[0].lower()}{self.title[1:]} {NOT_PUBLISHED}; "
                f"known through {self.known_through}"
            )
        for version in reversed(self.versions):
            if version.in_force(clocks):
                return version
        first = self.versions[0]
        asked = " and ".join(f"{clock} {clocks[clock]}" for clock in self.dated_by)
        starts = " and ".join(str(day) for day in first.applies_from.values())
        raise ParameterError(
            f"{self.name} has no value for {asked}: its first version applies from {starts} "
            f"({first.citation.section}). Add an earlier [[versions]] to "
            f"parameters/{self.name}.toml, or ask for a later year."
        )

    def years(self, version: Version) -> str:
        """Return in words for which years or agreements a version holds.

        Examples
        --------
        >>> cap = parameters()["risk_growth_capped_in_all"]
        >>> cap.years(cap.versions[-1])
        'agreements from 2024'
        """
        later = self.versions[self.versions.index(version) + 1 :]
        return ", ".join(
            _period(clock, day, min((d for d in dates if d > day), default=None))
            for clock, day in version.applies_from.items()
            for dates in [[other.applies_from[clock] for other in later]]
        )


def _period(clock: str, first: dt.date, following: dt.date | None) -> str:
    """Return one clock's period in words, up to the day before the following version."""
    if clock == "performance_year":
        if first.month > 1:
            return f"performance years that begin from {_month(first)}"
        if following and following.month > 1:
            return f"performance years that begin before {_month(following)}"
        last = following.year - 1 if following else None
        if last == first.year:
            return f"performance year {last}"
        return f"performance years {f'{first.year} to {last}' if last else f'from {first.year}'}"
    start = _month(first)
    if following is None:
        return f"agreements from {start}"
    last_day = following - dt.timedelta(days=1)
    end = str(last_day.year) if last_day.month == DECEMBER else f"{last_day:%B %Y}"
    return f"agreements from {start} to {end}"


def _month(day: dt.date) -> str:
    return str(day.year) if day.month == 1 else f"{day:%B %Y}"


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return every parameter by name, as the files beside this one hold them."""
    return _folder(Path(__file__).parent)


@cache
def advance_parameters() -> Mapping[str, Parameter]:
    """Return every value of what CMS pays in advance, by name: no settlement reads them."""
    return _folder(Path(__file__).parent / "advances")


@cache
def election_parameters() -> Mapping[str, Parameter]:
    """Return every value of what an election asks and brings, by name: no settlement reads them."""
    return _folder(Path(__file__).parent / "election")


def _folder(folder: Path) -> Mapping[str, Parameter]:
    return {path.stem: read(path) for path in sorted(folder.glob("*.toml"))}


def read(path: Path) -> Parameter:
    """Read one parameter file and refuse it, with its name, if it is not well formed."""
    with path.open("rb") as file:
        try:
            content = tomllib.load(file)
            return _parameter(path.stem, content)
        except (tomllib.TOMLDecodeError, ParameterError, KeyError, TypeError, ValueError) as fault:
            raise ParameterError(f"{path.name}: {fault}") from fault


def _parameter(name: str, content: dict[str, Any]) -> Parameter:
    dated_by = tuple(content["dated_by"])
    if not dated_by or not set(dated_by) <= set(CLOCKS):
        raise ParameterError(f"dated_by is {dated_by}; it names one or both of {CLOCKS}")
    versions = tuple(_version(entry, dated_by) for entry in content["versions"])
    if not versions:
        raise ParameterError("versions is empty; a parameter has at least one version")
    dates = [tuple(version.applies_from.values()) for version in versions]
    if dates != sorted(set(dates)):
        raise ParameterError("versions are not in order, oldest first, each date once (same date?)")
    known_through = content.get("known_through")
    if ("performance_year" in dated_by) != (known_through is not None):
        raise ParameterError(
            "known_through, the last performance year whose value is published, stands in a file "
            "dated by performance_year and in no other"
        )
    if known_through is not None:
        first = versions[-1].applies_from["performance_year"].year
        if not isinstance(known_through, int) or known_through < first:
            raise ParameterError(
                f"known_through is {known_through!r}, but the last version is of {first}; "
                f"it is a year, {first} or later"
            )
        if content.get("new_each_year") and known_through != first:
            raise ParameterError(
                f"known_through is {known_through}, but the last version is of {first}; a value "
                "that is new each year needs a version for each year that it is known for"
            )
    return Parameter(
        name=name,
        title=content["title"],
        unit=content["unit"],
        dated_by=dated_by,
        meaning=" ".join(content["meaning"].split()),
        versions=versions,
        known_through=known_through,
    )


def _version(entry: dict[str, Any], dated_by: tuple[str, ...]) -> Version:
    day = entry["applies_from"]
    applies_from = day if isinstance(day, dict) else dict.fromkeys(dated_by, day)
    wrong = [d for d in applies_from.values() if not isinstance(d, dt.date)]
    if wrong:
        raise ParameterError(f"applies_from is {wrong[0]!r}; a date stands plain, as 2019-07-01")
    if tuple(applies_from) != dated_by:
        raise ParameterError(f"applies_from {day} does not follow dated_by {dated_by}")
    shapes = [shape for shape in SHAPES if shape in entry]
    if len(shapes) != 1:
        raise ParameterError(f"a version has one of {', '.join(SHAPES)}; this one has {shapes}")
    return Version(applies_from, _value(shapes[0], entry[shapes[0]]), _citation(entry["citation"]))


def _citation(entry: dict[str, Any]) -> Citation:
    quote = entry.pop("quote", [])
    citation = Citation(**entry, quotes=(quote,) if isinstance(quote, str) else tuple(quote))
    rank = citation.known_by
    if rank not in KNOWN_BY:
        raise ParameterError(f"known_by is {rank!r}; it is one of {list(KNOWN_BY)}")
    missing = [name for name in ASKED_OF[rank] if not getattr(citation, name)]
    if missing:
        raise ParameterError(f"a value known by {rank!r} names its {' and '.join(missing)}")
    long = [quote for quote in citation.quotes if len(quote.split()) > MOST_WORDS]
    if long:
        raise ParameterError(f"a quote has at most {MOST_WORDS} words; {long[0]!r} has more")
    return citation


def _value(shape: str, given: Any) -> Value:  # noqa: ANN401  (whatever TOML holds)
    if shape == "by_level":
        if tuple(given) not in (LEVELS, TRACKS):
            raise ParameterError(
                f"by_level names {list(given)}; it names {list(LEVELS)} or {list(TRACKS)}"
            )
        return {level: float(rate) for level, rate in given.items()}
    if shape == "schedule":
        at, gives = tuple(map(float, given["at"])), tuple(map(float, given["gives"]))
        if len(at) != len(gives) or list(at) != sorted(set(at)):
            raise ParameterError("a schedule has as many rates as points, the points rising")
        return Schedule(at, gives)
    if shape == "table":
        columns = tuple(given["columns"])
        rows = {row: tuple(v) for row, v in given.items() if row != "columns"}
        if any(len(row) != len(columns) for row in rows.values()):
            raise ParameterError("a table has a number for each of its columns in every row")
        return RateTable(columns, rows)
    if shape == "choices":
        return tuple(map(float, given))
    if isinstance(given, bool):
        return given
    if not isinstance(given, int | float) or math.isnan(given):
        raise ParameterError(f"value is {given!r}; it is a number, true or false")
    return float(given)
