"""Which performance year a file is of: what its columns and its dates allow."""

import datetime as dt
import re
from collections import Counter

from mssp_sim.cms_files._cells import CmsColumn
from mssp_sim.cms_files._columns import NAMES, Columns, plain
from mssp_sim.cms_files._error import ResultsFileError, SeveralYearsError, clip
from mssp_sim.cms_files._table import TextTable, refuse

FIRST, LAST = 2013, 2040

_SINCE = {
    2024: ("Met_40pctl", "Guardrail", "ReducedSS", "FinalAdjCat"),
    2023: ("Met_AltQPS", "FinalLossRate"),
    2022: ("Current_Track", "Prorate_Shared_Losses", "Impact_Mid_Year_Termination"),
    2021: ("MaxShareRate", "Report_WI", "Recvd30p", "Assign_Type"),
    2019: ("Current_BASIC_A", "Current_ENHANCED", "Risk_Model"),
    2018: ("RevLossLimit", "Rev_Exp_Cat", "Current_Track_1_Plus"),
    2017: ("DisAdj", "RegTrndUpdt"),
    2016: ("Current_Track_1", "Met_QPS", "Current_Start_Date"),
    2015: ("N_AB_Year_PY",),
    2014: ("GenSaveLoss", "UpdatedBnchmk"),
}
"""Columns by the year that had them first: the file is of that year or later."""

_UNTIL = {
    2013: ("Total benchmark expenditures ($)",),
    2014: ("N_AB_Year",),
    2015: ("Track1", "Track2"),
    2018: ("Initial_Track_1",),
    2020: ("QualPerfShare", "RecvdMean"),
    2021: ("Current_Track_1", "Current_BASIC_A"),
}
"""Columns by the year that had them last; the file is of that year or earlier."""

_WITHOUT = {
    2016: ("DisAdj", "RegTrndUpdt"),
    2017: ("RevLossLimit", "Rev_Exp_Cat"),
    2022: ("Met_AltQPS",),
    2023: ("Met_40pctl",),
}
"""Columns every later file has: without them the file is of that year or earlier."""

_COHORT = 0.01
"""Share of the ACOs that must start in a year before it counts as a year of starts."""

_PERFORMANCE_YEAR = re.compile(r"(?:PY ?)?(20\d\d)(?:\.0)?", re.ASCII)
_FEW = 10
"""ACOs in a file so small that one alone may start in a year; else one date may be a slip."""


def performance_year(columns: Columns, starts: list[dt.date | None], *, half_years: bool) -> int:
    """Return the year the file reports.

    A year column decides. Else the columns and the agreements' latest start leave, in all of
    CMS's files to 2024, one year; where they leave several, the file's name may choose, and a
    note says so.

    Source: ours; the columns are those of CMS's files
    """
    since = max((y for y, names in _SINCE.items() if columns.has(*names)), default=FIRST)
    printed = _printed(columns, since)
    year = printed or _found_out(columns, starts, since, half_years=half_years)
    table = columns.table
    named = _named(table.file)
    if len(named) == 1 and year not in named:
        table.notes.append(
            f"The file's name says {min(named)}, but its columns and dates are of {year}."
        )
    for at, start in enumerate(starts):
        if start is not None and not FIRST - 1 <= start.year <= year:
            what = (
                f"the agreement starts on {start:%m/%d/%Y}; expected a start from 2012 to "
                f"{year}, the performance year"
            )
            raise refuse(table, what, columns["agreement_start"].heading, at)
    return year


def _named(file: str) -> set[int]:
    return {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", file, re.ASCII)}


def _printed(columns: Columns, since: int) -> int | None:
    column = columns.get("performance_year")
    if column is None:
        return None
    first = _years(column)[0] if column.cells else None
    if first is not None and first < since:
        what = f"it says {first}, but CMS's files have other columns of this file since {since}"
        raise refuse(columns.table, what, column.heading)
    return first


def _years(column: CmsColumn) -> list[int]:
    return [_year(column, at) for at in range(len(column.cells))]


def _year(column: CmsColumn, at: int) -> int:
    found = _PERFORMANCE_YEAR.fullmatch(column.cells[at].strip())
    if found is None or not FIRST <= int(found[1]) <= LAST:
        raise column.unreadable(at, "a performance year such as 2021")
    return int(found[1])


def one_year_of(table: TextTable, year: int | None) -> TextTable:
    """Return the rows of one year of a table that may hold several, without its empty columns.

    Years stacked into one file leave the columns empty that a year's own file does not have.

    Parameters
    ----------
    table : as ``open_table`` returns it
    year : None where the table has to be of one year

    Raises
    ------
    SeveralYearsError
        Several years are stacked and none is chosen; holds them.
    ResultsFileError
        The year chosen is none of the table's.
    """
    names = set(map(plain, NAMES["performance_year"]))
    place = next((at for at, name in enumerate(table.headings) if plain(name) in names), None)
    if place is None or not table.rows:
        return table
    heading = table.headings[place]
    years = _years(CmsColumn(table, heading, [row[place] for row in table.rows]))
    held = tuple(sorted(set(years)))
    if year is None and len(held) == 1:
        return table
    if year is None:
        raise SeveralYearsError(held, file=table.file, column=heading)
    if year not in held:
        what = f"it holds no row of {year}"
        raise ResultsFileError(what, file=table.file, column=heading)
    rows = [row for row, of in zip(table.rows, years, strict=True) if of == year]
    kept = [at for at in range(len(table.headings)) if any(row[at].strip() for row in rows)]
    return TextTable(
        table.file,
        [table.headings[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        [number for number, of in zip(table.numbers, years, strict=True) if of == year],
        table.notes,
    )


def _found_out(
    columns: Columns, starts: list[dt.date | None], since: int, *, half_years: bool
) -> int:
    table = columns.table
    known = Counter(start.year for start in starts if start is not None)
    least = max(_COHORT * len(starts), 1 if len(starts) < _FEW else 2)
    cohorts = [y for y, acos in known.items() if acos >= least]
    latest = max(cohorts, default=FIRST)
    until = min((y for y, names in _UNTIL.items() if columns.has(*names)), default=LAST)
    if until < since:
        until = LAST  # an old heading came back: what a later year brought counts more
    if until < latest:
        what = (
            f"its columns are of {until} or earlier, but agreements start in {latest}, "
            "so its year is not clear"
        )
        raise ResultsFileError(what, file=table.file)
    lower = max(since, latest)
    absent = [y for y, names in _WITHOUT.items() if y >= lower and not columns.has(*names)]
    upper = min([until, *absent])
    if half_years and lower <= 2019 <= upper:  # noqa: PLR2004  (only 2019 had six-month years)
        return 2019
    # Since 2022 agreements start every January, so the latest start is the year.
    if lower == upper or (upper == LAST and latest == lower):
        return lower
    fitting = sorted(y for y in _named(table.file) if lower <= y <= upper)
    if len(fitting) == 1:
        table.notes.append(
            f"Taken as performance year {fitting[0]} from the file's name, {clip(table.file)}; "
            f"its columns fit {lower} to {upper if upper < LAST else 'today'}."
        )
        return fitting[0]
    why = "agreements start in it" if latest == lower else "some columns appear in it"
    table.notes.append(
        f"Taken as performance year {lower}, the earliest the file can be of, because {why}."
    )
    return lower
