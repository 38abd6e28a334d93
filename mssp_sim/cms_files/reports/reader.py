"""Read one of the reports CMS sends an ACO: what it is, whose, of when, and every value in it."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from mssp_sim.cms_files.reports import _layout, _people
from mssp_sim.cms_files.reports._error import PeoplesDataError, ReportError
from mssp_sim.cms_files.reports._layout import AEXPU, BNMRK, KIND_WORDS, QEXPU, STLMT, Kind
from mssp_sim.cms_files.reports._sheet import (
    ALL_TYPES,
    NOT_APPLICABLE,
    Sheet,
    Value,
    pairs,
    plain,
    read_sheet,
)
from mssp_sim.figures import date_in_words
from mssp_sim.tables import Book, SizeLimits, Source, TableError, clip, open_workbook
from mssp_sim.tables.cells import day
from mssp_sim.units import Array

LIMITS = SizeLimits(20_000_000, 20_000, 200)
PLAIN_SHEETS = re.compile(r"cover|toc|table of contents|glossary|parameters|notes?|read ?me")
YEARS = range(2012, 2100)
LONGEST_TITLE = 300
_NAME = re.compile(
    r"(?:^|[^A-Za-z0-9])(?:P\.)?(?P<aco>A\d{4,5})\.ACO\.(?P<kind>BNMRK|AEXPU|QEXPU|STLMT)"
    r"(?:\.Y?(?P<year>20\d\d)(?:Q(?P<quarter>[1-4]))?)?",
    re.IGNORECASE | re.ASCII,
)
_STAMP = re.compile(r"\.D(?P<day>\d{6})(?:\.T(?P<time>\d{4,9}))?", re.IGNORECASE | re.ASCII)
_ACO = re.compile(r"(?<![A-Za-z0-9])A\d{4,5}(?![A-Za-z0-9])", re.ASCII)
_PERFORMANCE_YEAR = re.compile(r"performance year\D{0,12}(20\d\d)|\bPY\s?(20\d\d)", re.IGNORECASE)
_CALENDAR_YEAR = re.compile(r"calendar year\D{0,6}(20\d\d)|\bCY\s?(20\d\d)", re.IGNORECASE)
_QUARTER = re.compile(
    r"(20\d\d)\D{0,12}\bq(?:uarter)?\s?([1-4])\b|\bq(?:uarter)?\s?([1-4])\b\D{0,12}(20\d\d)",
    re.IGNORECASE,
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_DAY_IN_WORDS = re.compile(rf"({'|'.join(_MONTHS)})\s+(\d{{1,2}}),?\s+(20\d\d)", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2}/\d{1,2}/\d{2,4}|20\d\d-\d\d-\d\d)")
_LEVEL = re.compile(r"(enhanced)|basic\W*(?:track)?\W*(?:level\W*)?([a-e])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which of several deliveries a report is: the stamp of its name, and its day if it has one.

    A placeholder such as D259999 has no day: how recent it is, is not known.
    """

    stamp: str
    day: dt.date | None
    time: str = ""

    @property
    def words(self) -> str:
        """The delivery as a sentence names it."""
        if self.day:
            return f"delivered {date_in_words(self.day)}"
        return f"stamp {self.stamp} without a day" if self.stamp else "without a stamp"


@dataclass(frozen=True)
class Report:
    """One report of CMS, read: immutable, every value with its sheet and cell.

    ``year`` is the performance year, or of AEXPU the calendar year; ``quarter`` is 0 but in
    QEXPU. ``missing`` are lines that such a report should hold and this one does not;
    ``notes`` say what was concluded rather than read.
    """

    kind: Kind
    file: str
    aco_id: str
    aco_name: str
    year: int
    quarter: int
    delivery: Delivery
    sheets: tuple[Sheet, ...]
    parameters: Mapping[str, str]
    cover: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def what(self) -> str:
        """What the report is, in words."""
        of = {AEXPU: f" {self.year}", QEXPU: f" {self.year} Q{self.quarter}"}
        year = of.get(self.kind) or (f" {self.year}" if self.year else "")
        return f"{self.kind} ({KIND_WORDS[self.kind]}){year}, {self.delivery.words}"

    @property
    def values(self) -> tuple[Value, ...]:
        """Every cell under a heading."""
        return tuple(value for sheet in self.sheets for value in sheet.values)

    @property
    def labels(self) -> tuple[tuple[str, str, str], ...]:
        """Every label found: sheet, cell, text."""
        return tuple((s.name, cell, text) for s in self.sheets for cell, text in s.labels)

    @cached_property
    def _lines(self) -> Mapping[str, tuple[Value, ...]]:
        lines = _layout.LINES[self.kind]
        return {line.name: _layout.values_of(line, self.sheets) for line in lines}

    def cells(self, name: str, column: str = r".*") -> tuple[Value, ...]:
        """Return the cells of a line by its name here, of the columns that match."""
        found = self._lines[name]
        return tuple(v for v in found if re.fullmatch(column, plain(v.column)))

    def by_type(self, name: str, column: str = r".*") -> Array:
        """Return a line by enrollment type and in all: five numbers, NaN where there is none.

        Raises
        ------
        ReportError
            Where words stand instead of a number.
        """
        found = np.full(ALL_TYPES + 1, np.nan)
        for value in self.cells(name, column):
            at = ALL_TYPES if value.type is None else value.type
            number = self._number(value)
            if number is not None and np.isnan(found[at]):
                found[at] = number
        return found

    def number(self, name: str) -> float:
        """Return the one number of a line: the total's, else the first; NaN without one.

        Raises
        ------
        ReportError
            Where words stand instead of a number.
        """
        told = {v.type: n for v in reversed(self.cells(name)) if (n := self._number(v)) is not None}
        return told.get(ALL_TYPES, told.get(None, next(reversed(told.values()), np.nan)))

    def _number(self, value: Value) -> float | None:
        if value.number is None and value.text.lower() not in NOT_APPLICABLE:
            what = f"sheet {clip(value.sheet)}, cell {value.cell}: expected a number"
            raise ReportError(what, file=self.file)
        return value.number

    def text(self, name: str) -> str:
        """Return the one text of a line, empty without one."""
        told = (v.text for v in self.cells(name) if v.text.lower() not in NOT_APPLICABLE)
        return next(told, "")

    def parameter(self, *words: str, without: str = "") -> str:
        """Return the first parameter whose key holds all the words, and not one, else nothing."""
        for key, value in self.parameters.items():
            if all(word in key for word in words) and not (without and without in key):
                return value
        return ""

    @property
    def level(self) -> str:
        """The contract: A to E or ENHANCED; empty where the report does not say."""
        found = _LEVEL.search(self.parameter("track"))
        if not found:
            return ""
        return "ENHANCED" if found[1] else found[2].upper()

    @property
    def benchmark_year_3(self) -> int:
        """The last benchmark year, 0 where the report does not say."""
        days = _SPAN.findall(self.parameter("benchmark year 3") or self.parameter("by3"))
        if days and (first := day(days[0])):
            return first.year
        return 0

    @property
    def agreement_start(self) -> dt.date | None:
        """The first day of the agreement, None where the report does not say."""
        said = self.parameter("agreement", "start") or self.cover
        if found := _DAY_IN_WORDS.search(said):
            month = _MONTHS.index(found[1].lower()) + 1
            try:
                return dt.date(int(found[3]), month, int(found[2]))
            except ValueError:
                return None
        return day(said)

    def period(self, *words: str, without: str = "") -> int:
        """Return which agreement period a parameter names, 0 where it does not say."""
        said = self.parameter(*words, without=without).lower()
        ordinals = ("first", "second", "third", "fourth", "fifth")
        for nth, word in enumerate(ordinals, 1):
            if word in said or re.match(rf"\D*{nth}(?:st|nd|rd|th)?\b", said):
                return nth
        return 0


def read_report(path_or_buffer: Source) -> Report:
    """Return one report of CMS, recognised by what it holds.

    Formulas are not run, nothing is fetched, and a file with people's data is refused at sight.

    Parameters
    ----------
    path_or_buffer : path, or an open file in binary

    Raises
    ------
    PeoplesDataError
        The file may hold people's data; the sentence says nothing of it.
    ReportError
        One sentence: what the file is instead, or what cannot be read.

    Source: ours; the layouts are those of CMS's reports
    """
    book, fault = _opened(path_or_buffer)
    if fault or book is None:
        raise fault or ReportError("it cannot be read")
    file = book.file
    sheets = tuple(
        read_sheet(name, rows, file)
        for name, rows in book.sheets.items()
        if not PLAIN_SHEETS.fullmatch(plain(name))
    )
    cover = "\n".join(
        cell for name, rows in book.sheets.items() if plain(name) == "cover"
        for row in rows[:60] for cell in row if cell.strip()
    )[:5_000]  # fmt: skip
    parameters: dict[str, str] = {}
    for name, rows in book.sheets.items():
        if plain(name) == "parameters":
            parameters |= pairs(rows)
    notes = list(book.notes)
    kind = _kind(sheets, file, notes)
    head = " ".join([cover, *(t for s in sheets for t in s.titles[:8] if len(t) < LONGEST_TITLE)])
    told = _NAME.search(file)
    aco_id = _aco_id(cover, head, told, parameters, notes)
    year, quarter = _when(kind, head, told, parameters, sheets, notes)
    if kind in (AEXPU, QEXPU, STLMT) and year not in YEARS:
        raise ReportError(f"this is a {kind} report, but nothing in it says of which year",
                          file=file)  # fmt: skip
    if kind == QEXPU and not quarter:
        raise ReportError("this is a QEXPU report, but nothing in it says of which quarter",
                          file=file)  # fmt: skip
    delivery = _delivery(file)
    if delivery.day is None and (made := day(parameters.get("date produced", ""))):
        delivery = Delivery(delivery.stamp, made)
    return Report(
        kind, file, aco_id, _aco_name(cover, parameters), year, quarter, delivery, sheets,
        MappingProxyType(parameters), cover, tuple(_layout.missing(kind, sheets)), tuple(notes),
    )  # fmt: skip


def _opened(source: Source) -> tuple[Book | None, ReportError | None]:
    """Return the workbook, or the error to raise: one that drags nothing of the file along."""
    try:
        book = open_workbook(source, LIMITS, lambda text: _look(text, source))
        _people.refuse_by_name(book.file)
        for part in (book.sheets, book.hidden):
            for name, rows in part.items():
                _people.refuse_rows([[name], *rows], book.file)
    except PeoplesDataError as fault:
        return None, PeoplesDataError(fault.what, file=_people.safe_name(fault.file))
    except TableError as fault:
        if _people.has_identifier(fault.what):
            return None, _people.refusal(fault.file, _people.IDENTIFIER)
        try:
            _people.refuse_by_name(fault.file)
        except PeoplesDataError as seen:
            return None, PeoplesDataError(seen.what, file=seen.file)
        return None, ReportError(
            fault.what, file=_people.safe_name(fault.file), row=fault.row, column=fault.column
        )
    except MemoryError:
        return None, ReportError("there is too little memory left for this workbook")
    except (RecursionError, OverflowError):
        return None, ReportError("this Excel workbook is damaged")
    if _people.has_identifier(book.file):
        book = Book(_people.HIDDEN_NAME, book.sheets, book.hidden, book.notes)
    return book, None


def _look(text: str, source: Source) -> None:
    name = str(getattr(source, "name", source))
    _people.refuse_text(text, re.split(r"[\\/]", name)[-1])


def _kind(sheets: Sequence[Sheet], file: str, notes: list[str]) -> Kind:
    """Return which report it is, by what its sheets hold; the name decides only between equals."""
    named = _NAME.search(file)
    said = named["kind"].upper() if named else ""
    share = {
        kind: sum(bool(_layout.values_of(line, sheets)) for line in lines) / len(lines)
        for kind, lines in _layout.LINES.items()
    }
    quarters = share[QEXPU] and any(
        re.fullmatch(_layout.quarter(n), plain(c)) for n in range(1, 5) for s in sheets
        for c in s.columns
    )  # fmt: skip
    half = 0.5
    found: Kind | None = None
    if share[STLMT] > half:
        found = STLMT
    elif share[BNMRK] and (share[QEXPU] < half or said == BNMRK):
        found = BNMRK
    elif quarters or (share[QEXPU] >= half and said != AEXPU and _said_quarter(sheets, said)):
        found = QEXPU
    elif share[AEXPU]:
        found = AEXPU
    elif share[STLMT] and said == STLMT:
        found = STLMT
    if found is None:
        what = (
            "this is none of the reports that are read here: the historical benchmark (BNMRK), "
            "expenditure and utilization of a year (AEXPU) or of a quarter (QEXPU), the settlement"
        )
        raise ReportError(what, file=file)
    if said and said != found:
        notes.append(f"Its name says {said}; what it holds is {found}.")
    return found


def _said_quarter(sheets: Sequence[Sheet], said: str) -> bool:
    titles = " ".join(t for s in sheets for t in s.titles[:8])
    return said == QEXPU or _QUARTER.search(titles) is not None


def _aco_id(
    cover: str, head: str, told: re.Match[str] | None, parameters: Mapping[str, str],
    notes: list[str],
) -> str:  # fmt: skip
    inside = _ACO.search(" ".join([cover, *parameters.values()])) or _ACO.search(head)
    named = told["aco"].upper() if told else ""
    if inside and named and inside[0] != named:
        notes.append(f"Its name says {named}; inside stands {inside[0]}, which is taken.")
    return inside[0] if inside else named


def _aco_name(cover: str, parameters: Mapping[str, str]) -> str:
    for key, value in parameters.items():
        if re.fullmatch(r"aco(?: legal(?: entity)?)? name", key):
            return value[:200]
    found = re.search(r"ACO (?:Legal )?(?:Entity )?Name:?\s+([^\n]{2,120})", cover)
    return found[1].strip() if found else ""


def _when(
    kind: Kind, head: str, told: re.Match[str] | None, parameters: Mapping[str, str],
    sheets: Sequence[Sheet], notes: list[str],
) -> tuple[int, int]:  # fmt: skip
    """Return year and quarter: what stands inside, else what the name says."""
    named = int(told["year"]) if told and told["year"] else 0
    named_quarter = int(told["quarter"]) if told and told["quarter"] else 0
    inside = quarter = 0
    if kind == QEXPU:
        if found := _QUARTER.search(head):
            inside, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        elif found := _PERFORMANCE_YEAR.search(head):
            inside = int(found[1] or found[2])
    elif kind == AEXPU:
        if found := _CALENDAR_YEAR.search(head):
            inside = int(found[1] or found[2])
    else:
        said = next((v for k, v in parameters.items() if k.startswith("performance year")), "")
        if found := re.search(r"20\d\d", said):
            inside = int(found[0])
        elif found := _PERFORMANCE_YEAR.search(head):
            inside = int(found[1] or found[2])
    for mine, its, what in ((inside, named, "year"), (quarter, named_quarter, "quarter")):
        if mine and its and mine != its:
            notes.append(f"Its name says {what} {its}; inside stands {mine}, which is taken.")
    if kind == QEXPU and not (quarter or named_quarter):
        quarter = _last_quarter(sheets)
    return inside or named, quarter or named_quarter


def _last_quarter(sheets: Sequence[Sheet]) -> int:
    """Return the last quarter that any regional figure is given for."""
    line = next(one for one in _layout.LINES[QEXPU] if one.name == "regional")
    told = _layout.values_of(line, sheets)
    quarters = [
        n for n in range(1, 5) for v in told
        if v.number is not None and re.fullmatch(_layout.quarter(n), plain(v.column))
    ]  # fmt: skip
    return max(quarters, default=0)


def _delivery(file: str) -> Delivery:
    found = _STAMP.search(file)
    if not found:
        return Delivery("", None)
    digits = found["day"]
    stamp = f"D{digits}" + (f".T{found['time']}" if found["time"] else "")
    try:
        return Delivery(
            stamp, dt.date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])),
            found["time"] or "",
        )  # fmt: skip
    except ValueError:
        return Delivery(stamp, None)
