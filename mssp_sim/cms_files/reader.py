"""Read a results file of any year: CMS's names and units in, ours out."""

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from mssp_sim.cms_files._cells import PAY_FOR_REPORTING, CmsColumn, Numbers, Rate, is_missing
from mssp_sim.cms_files._checks import check, half_years
from mssp_sim.cms_files._columns import (
    BY_TYPE,
    BY_TYPE_SPAN,
    LEVEL_FLAGS,
    NAMES,
    Columns,
    expect_results,
    plain,
)
from mssp_sim.cms_files._details import details
from mssp_sim.cms_files._error import ResultsFileError, SeveralYearsError
from mssp_sim.cms_files._table import Source, TextTable, open_table, refuse
from mssp_sim.cms_files._year import one_year_of, performance_year

_DOLLARS = "dollars such as 1202919, $1,202,919 or -5179851"
_MOST_DOLLARS = 1e11
_EACH = "dollars per person-year such as 11152"
_MOST_EACH = 5e6
_MOST_PEOPLE = 5e6
_LONGEST_NAME = 300
_LAST_FIRST_YEAR = 2020
"""The last year in which a first year was pay for reporting."""

_SCORE = Rate("a quality score such as 0.9181, 91.81 or 91.81%", 1.0, 1.001)
_MINIMUM = Rate("a minimum savings rate such as 0.0235, 2.35 or 2.35%", 0.3, 0.301, smallest=0.001)
_SHARE = Rate("a sharing rate such as 0.75, 75 or 75%", 1.0, 1.001)
_LOSS_SHARE = Rate("a shared loss rate such as 0.3, 30 or 30%", 1.0, 1.001, mixed=True)

_ACOS = {
    2013: 220, 2014: 333, 2015: 392, 2016: 432, 2017: 472, 2018: 548, 2019: 475, 2020: 513,
    2021: 475, 2022: 482, 2023: 453, 2024: 476,
}  # fmt: skip
"""ACOs in CMS's file of each year; of 2019, in its first part."""

_LEVELS = {
    "1": "1", "track1": "1", "1+": "1+", "1plus": "1+", "track1+": "1+", "track1plus": "1+",
    "2": "2", "track2": "2", "3": "3", "track3": "3",
    "en": "ENHANCED", "enh": "ENHANCED", "enhanced": "ENHANCED",
} | {
    prefix + level.lower(): level
    for prefix in ("", "basic", "level", "basiclevel") for level in "ABCDE"
}  # fmt: skip


def read(path_or_buffer: Source, *, year: int | None = None) -> pd.DataFrame:
    """Return CMS's Performance Year Financial and Quality Results in our words and units.

    Columns and units are recognised by name and by value, in the files of 2013 to 2024 and,
    as far as they keep CMS's names, of later years. Nothing is guessed: figures that
    contradict each other end the reading.

    Parameters
    ----------
    path_or_buffer : path, or an open file, binary or text
    year : which year of a file that holds several; None where it holds one

    Returns
    -------
    one row an ACO, in the file's order; see notes

    Raises
    ------
    ResultsFileError
        One sentence: file, row, column, what stands there and what was expected.
    SeveralYearsError
        The file holds several years and none is chosen; ``years`` are those it holds.

    Notes
    -----
    Money is dollars, rates and scores are fractions, missing is NaN or None. ``payment`` is
    positive where earned, negative where owed. ``savings_rate`` and ``gross_savings`` are worked
    out from benchmark and spending, and have been compared with the printed ones.
    ``disaster_adjustment`` is positive dollars as CMS prints them: for the six-month ACOs of
    2019 (``half_year``) that is the figure of twelve months. ``quality_score`` is 1 where the
    first year only had to report (``first_year``). ``quality_standard_met`` is CMS's flag, or,
    where a file has none, whether the final sharing rate is above zero.

    ``attrs["file"]`` is the file's name, ``attrs["notes"]`` a tuple of sentences on what was
    concluded rather than read.

    Source: ours; the columns are those of CMS's files
    """
    table = one_year_of(open_table(path_or_buffer, expect_results, _known_headings), year)
    columns = Columns(table)
    if not table.rows:
        raise ResultsFileError("it has headings but no ACO below them", file=table.file)
    frame = pd.DataFrame(_settlement(columns) | _by_type(columns))
    frame["half_year"] = half_years(frame)
    start = columns.get("agreement_start")
    starts: list[dt.date | None] = [None] * len(frame) if start is None else start.dates()
    found = performance_year(columns, starts, half_years=bool(frame["half_year"].any()))
    frame["performance_year"] = found
    frame["agreement_start"] = pd.Series(starts, dtype="datetime64[s]")
    frame["first_year"] = _first_year(columns["quality_score"], found)
    frame.loc[frame["first_year"], "quality_score"] = 1.0
    check(frame, columns)
    _count(table, found)
    beside = pd.DataFrame(details(columns))
    frame = pd.concat([frame[[*SETTLEMENT, *BY_TYPE]], beside], axis=1)
    frame.attrs = {"file": table.file, "notes": tuple(table.notes)}
    return frame


def read_years(path_or_buffer: Source) -> tuple[pd.DataFrame, ...]:
    """Return every year of a file, one table each, as ``read`` does.

    Source: ours; the columns are those of CMS's files
    """
    try:
        return (read(path_or_buffer),)
    except SeveralYearsError as several:
        return tuple(read(path_or_buffer, year=year) for year in several.years)


_KNOWN = frozenset(
    plain(name)
    for names in (*NAMES.values(), *BY_TYPE.values(), *LEVEL_FLAGS.values()) for name in names
)  # fmt: skip


def _known_headings(cells: Sequence[str]) -> int:
    """Return how many cells are headings of CMS's files."""
    return sum(plain(cell) in _KNOWN for cell in cells if len(cell) < _LONGEST_NAME)


SETTLEMENT = (
    "aco_id", "aco_name", "performance_year", "level", "agreement_start", "agreement_period",
    "assigned_beneficiaries", "person_years", "benchmark", "historical_benchmark",
    "benchmark_total", "expenditure_total", "gross_savings", "savings_rate",
    "minimum_savings_rate", "generated", "payment", "quality_score", "quality_standard_met",
    "alternative_standard_met", "sharing_rate", "final_sharing_rate", "shared_loss_rate",
    "disaster_adjustment", "low_revenue", "revenue_loss_limit", "guardrail", "reduced_sharing",
    "half_year", "first_year",
)  # fmt: skip


def _settlement(columns: Columns) -> dict[str, object]:
    """Return the columns that do not depend on the performance year."""
    size = len(columns.table.rows)
    benchmark = columns["benchmark_total"].numbers(_DOLLARS, 1, _MOST_DOLLARS, required=True)
    spending = columns["expenditure_total"].numbers(_DOLLARS, 1, _MOST_DOLLARS, required=True)
    final = _rate(columns, "final_sharing_rate", _SHARE)
    return {
        "aco_id": _identifiers(columns["aco_id"]),
        "aco_name": _names(columns["aco_name"]),
        "level": _levels(columns),
        "agreement_period": _numbers(columns, "agreement_period", "a number from 1 to 9", 1, 9),
        "assigned_beneficiaries": _people(columns["assigned_beneficiaries"]),
        "person_years": columns["person_years"].numbers(
            "person-years such as 8864", 1, _MOST_PEOPLE, required=True
        ),
        "benchmark": _numbers(columns, "benchmark", _EACH, 1, _MOST_EACH),
        "historical_benchmark": _numbers(columns, "historical_benchmark", _EACH, 1, _MOST_EACH),
        "benchmark_total": benchmark,
        "expenditure_total": spending,
        "gross_savings": benchmark - spending,
        "savings_rate": (benchmark - spending) / benchmark,
        "minimum_savings_rate": _MINIMUM.fractions(columns["minimum_savings_rate"], required=True),
        "generated": _dollars(columns, "generated"),
        "payment": _payment(columns),
        "quality_score": _SCORE.fractions(columns["quality_score"], allow=(PAY_FOR_REPORTING,)),
        "quality_standard_met": _met(columns, final),
        "alternative_standard_met": _claims(columns, "alternative_standard_met"),
        "sharing_rate": _rate(columns, "sharing_rate", _SHARE),
        "final_sharing_rate": final,
        "shared_loss_rate": _rate(columns, "shared_loss_rate", _LOSS_SHARE),
        "disaster_adjustment": _disaster(columns),
        "low_revenue": _low_revenue(columns.get("low_revenue"), size),
        "revenue_loss_limit": _flags(columns, "revenue_loss_limit"),
        "guardrail": _claims(columns, "guardrail"),
        "reduced_sharing": _claims(columns, "reduced_sharing"),
    }


def _by_type(columns: Columns) -> dict[str, Numbers]:
    found = {}
    for word in BY_TYPE:
        span = next(s for quantity, s in BY_TYPE_SPAN.items() if word.startswith(quantity))
        found[word] = _numbers(columns, word, *span)
    return found


def _nothing(columns: Columns) -> Numbers:
    return np.full(len(columns.table.rows), np.nan)


def _numbers(columns: Columns, word: str, expected: str, low: float, high: float) -> Numbers:
    column = columns.get(word)
    if column is None:
        return _nothing(columns)
    return column.numbers(expected, low, high, required=False)


def _dollars(columns: Columns, word: str) -> Numbers:
    return _numbers(columns, word, _DOLLARS, -_MOST_DOLLARS, _MOST_DOLLARS)


def _rate(columns: Columns, word: str, rate: Rate) -> Numbers:
    column = columns.get(word)
    return _nothing(columns) if column is None else rate.fractions(column)


def _flags(columns: Columns, word: str) -> npt.NDArray[np.object_]:
    column = columns.get(word)
    flags = [None] * len(columns.table.rows) if column is None else column.flags()
    return np.array(flags, object)


def _claims(columns: Columns, word: str) -> npt.NDArray[np.bool_]:
    """Return a flag that is no where the file does not print it."""
    return np.array([flag is True for flag in _flags(columns, word)], bool)


def _identifiers(column: CmsColumn) -> list[str]:
    for at, cell in enumerate(column.cells):
        if re.fullmatch(r"[A-Za-z]{1,4}\d{3,8}", cell.strip(), re.ASCII) is None:
            raise column.unreadable(at, "an identifier such as A1001")
    return [cell.strip() for cell in column.cells]


def _names(column: CmsColumn) -> list[str]:
    for at, cell in enumerate(column.cells):
        if len(cell) > _LONGEST_NAME:
            raise column.unreadable(at, f"a name of at most {_LONGEST_NAME} characters")
    return list(column.cells)


def _people(column: CmsColumn) -> Numbers:
    expected = "a whole number of people such as 9091"
    people = column.numbers(expected, 1, _MOST_PEOPLE, required=True)
    broken = people != np.round(people)
    if broken.any():
        raise column.unreadable(int(broken.argmax()), expected)
    return people


def _levels(columns: Columns) -> list[str]:
    flags = {level: column.flags() for level, column in columns.level_flags.items()}
    if list(flags) == ["2"]:  # 2013 marks Track 2; every other ACO was in Track 1
        flags["1"] = [None if is_two is None else not is_two for is_two in flags["2"]]
    found = []
    column = columns.get("level")
    for at in range(len(columns.table.rows)):
        marked = [level for level, marks in flags.items() if marks[at]]
        if column is not None:
            name = re.sub(r"[\s_-]", "", column.cells[at].lower())
            if name not in _LEVELS:
                raise column.unreadable(at, "a level A to E, EN, or a track 1, 1+, 2 or 3")
            marked = sorted({*marked, _LEVELS[name]})
        if len(marked) != 1:
            what = f"it is marked {' and '.join(marked)}" if marked else "no track is marked"
            heading = next(iter(columns.level_flags.values())).heading
            what += "; expected exactly one of the track columns to be 1"
            raise refuse(columns.table, what, heading, at)
        found.append(marked[0])
    return found


def _payment(columns: Columns) -> Numbers:
    column = columns.get("payment")
    if column is not None:
        return column.numbers(_DOLLARS, -_MOST_DOLLARS, _MOST_DOLLARS, required=True)
    earned = columns["earned"].numbers(_DOLLARS, 0, _MOST_DOLLARS, required=True)
    owed = columns["owed"].numbers(_DOLLARS, -_MOST_DOLLARS, 0, required=False)
    return earned + np.nan_to_num(owed)


def _disaster(columns: Columns) -> Numbers:
    column = columns.get("disaster_adjustment")
    printed = np.nan_to_num(_dollars(columns, "disaster_adjustment"))
    if column is not None and (printed > 0).any() and (printed < 0).any():
        raise column.unreadable(int((printed > 0).argmax()), "one sign throughout the column")
    return np.abs(printed)


def _met(columns: Columns, final: Numbers) -> npt.NDArray[np.bool_]:
    column = columns.get("quality_standard_met")
    flags = _flags(columns, "quality_standard_met")
    for at, flag in enumerate(flags):
        if flag is None:
            if np.isnan(final[at]):
                source = column or columns["final_sharing_rate"]
                raise source.unreadable(at, "whether the quality standard was met")
            flags[at] = final[at] > 0
    return flags.astype(bool)


def _low_revenue(column: CmsColumn | None, size: int) -> npt.NDArray[np.object_]:
    if column is None:
        return np.array([None] * size, object)
    known = {"low revenue": True, "low": True, "high revenue": False, "high": False}
    found: list[bool | None] = []
    for at, cell in enumerate(column.cells):
        text = " ".join(cell.lower().replace("-", " ").split())
        if text not in known and not is_missing(cell):
            raise column.unreadable(at, "High Revenue or Low Revenue")
        found.append(known.get(text))
    return np.array(found, object)


def _first_year(column: CmsColumn, year: int) -> npt.NDArray[np.bool_]:
    """Return who only had to report: the file says P4R, or, to 2020, prints no score."""
    told = np.array([cell.strip().lower() == PAY_FOR_REPORTING for cell in column.cells])
    if year > _LAST_FIRST_YEAR and told.any():
        expected = f"a quality score; {year} had no pay for reporting"
        raise column.unreadable(int(told.argmax()), expected)
    blank = np.array([is_missing(cell) for cell in column.cells])
    return told | (blank & (year <= _LAST_FIRST_YEAR))


def _count(table: TextTable, year: int) -> None:
    usual = _ACOS.get(year)
    if usual is not None and len(table.rows) < usual:
        table.notes.append(
            f"The file holds {len(table.rows):,} of the {usual:,} ACOs in CMS's file of {year}."
        )
