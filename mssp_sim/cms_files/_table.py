"""From a file of any kind to a table of texts, or to the sentence that says why not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mssp_sim.cms_files._error import ResultsFileError
from mssp_sim.tables import Score, SizeLimits, Source, TableError, is_remark, is_total, open_rows

__all__ = ["Source", "TextTable", "open_table", "refuse"]

MOST_BYTES = 10_000_000
MOST_ROWS = 10_000
"""Twelve years in one file are 5,272 rows."""

MOST_COLUMNS = 1_000
LIMITS = SizeLimits(MOST_BYTES, MOST_ROWS, MOST_COLUMNS)


@dataclass(frozen=True)
class TextTable:
    """A file's headings and cells as texts, each row as long as the headings."""

    file: str
    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]
    """The row of each in the file, as a spreadsheet counts."""
    notes: list[str] = field(default_factory=list)


def open_table(source: Source, expect: Callable[[list[str], str], None], score: Score) -> TextTable:
    r"""Return the file's cells; never more than a few times ``MOST_BYTES`` are held.

    Blank rows, totals and footnotes are no rows of the table; the last two are noted.

    Parameters
    ----------
    source : path or open file
    expect : called with headings and file name before any row is read; raises if they are wrong
    score : how many of a row's cells are headings of a results file

    Raises
    ------
    ResultsFileError
        Names what the file is instead of a table, or the row where it breaks off.

    Source: ours

    Examples
    --------
    >>> import io
    >>> known = lambda cells: len({"a", "b"} & {*cells})
    >>> open_table(io.StringIO("a,b\n1,2\n"), lambda headings, file: None, known).rows
    [['1', '2']]
    """
    try:
        opened = open_rows(source, score, LIMITS)
        expect(opened.headings, opened.file)
        table = TextTable(opened.file, opened.headings, [], [], opened.notes)
        for number, record in opened.records:
            _add(table, number, record)
    except ResultsFileError:
        raise
    except TableError as fault:
        raise ResultsFileError(fault.what, file=fault.file, row=fault.row) from None
    return table


def _add(table: TextTable, number: int, record: list[str]) -> None:
    if not any(cell.strip() for cell in record):
        return
    width = len(table.headings)
    for is_kind, kind in ((is_total, "a total"), (lambda row: is_remark(row, width), "a note")):
        if is_kind(record):
            table.notes.append(f"Row {number} is {kind}, not an ACO; it is left out.")
            return
    # A spreadsheet may leave empty columns behind the table, in some rows or in all.
    if len(record) > width and not any(cell.strip() for cell in record[width:]):
        record = record[:width]
    elif len(record) < width and not any(table.headings[len(record) :]):
        record += [""] * (width - len(record))
    if len(record) != width:
        what = (
            f"it has {len(record):,} cells where the headings have {width:,}, "
            "so the file is damaged or cut short"
        )
        raise ResultsFileError(what, file=table.file, row=number)
    table.rows.append(record)
    table.numbers.append(number)


def refuse(table: TextTable, what: str, heading: str | None = None, at: int | None = None,
           **details: Any) -> ResultsFileError:  # noqa: ANN401  # fmt: skip
    """Return the error for a place in the table, ``at`` counting from the first ACO, 0."""
    row = None if at is None else table.numbers[at]
    return ResultsFileError(what, file=table.file, column=heading, row=row, **details)
