"""A table that is held at once: from a file of any form to its headings and its records."""

import contextlib
import csv
import io
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias

from mssp_sim.tables import content as held
from mssp_sim.tables.error import TableError, clip
from mssp_sim.tables.layout import HEAD, SEPARATORS, Score, best, filled, layout

Source: TypeAlias = "str | os.PathLike[str] | IO[bytes] | IO[str]"

ON_ITS_SIDE = 8
"""Headings below one another from which a table is taken to stand on its side."""


@dataclass(frozen=True)
class SizeLimits:
    """How much a table may hold: bytes, rows, columns."""

    size: int
    rows: int
    columns: int

    @property
    def too_large(self) -> str:
        """Say that a file has too many bytes."""
        return f"it is larger than {self.size // 1_000_000} MB"


@dataclass(frozen=True)
class Rows:
    """A table's headings and the records below, each with its row as a spreadsheet counts."""

    file: str
    headings: list[str]
    records: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def name_of(source: Source) -> str:
    """Return the file's own name, empty for a buffer without one.

    Source: ours
    """
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    name = getattr(source, "name", "")
    return Path(name).name if isinstance(name, str) else ""


def open_rows(source: Source, score: Score, limits: SizeLimits) -> Rows:
    r"""Return the rows of a table, whatever form its file has.

    The file may be CSV with any of four separators, in UTF-8, UTF-16 or Windows-1252, a sheet of
    an XLSX workbook, a JSON list of records, or one of these in a gzip or ZIP archive. Rows above
    the headings are left out; a table of one record may stand on its side.

    Parameters
    ----------
    source : path or open file
    score : how many of a row's cells are headings the reader knows
    limits : how much is held

    Raises
    ------
    TableError
        Names what the file is instead of a table, or the row where it breaks off.

    Source: ours

    Examples
    --------
    >>> known = lambda cells: len({"a", "b"} & {*cells})
    >>> rows = open_rows(io.StringIO("Title\na;b\n1;2\n"), known, SizeLimits(99, 9, 9))
    >>> rows.headings, list(rows.records)
    (['a', 'b'], [(3, ['1', '2'])])
    """
    file, notes = name_of(source), list[str]()
    content = fetch(source, file, limits)
    rows: Sequence[Sequence[str]] | None = None
    text = ""
    if isinstance(content, bytes):
        inside = held.unpacked(content, file, limits.size)
        held.refuse_no_table(inside, file)
        if inside.startswith(held.ZIP):
            rows = held.rows_of_workbook(inside, file, notes, score)
        else:
            if len(inside) > limits.size:
                raise TableError(limits.too_large, file=file)
            text = held.decoded(inside, file, notes)
    else:
        text = content
    if rows is None:
        text = text.removeprefix("\ufeff")
        if held.is_json(text):
            rows = held.rows_of_json(text, file)
        else:
            held.refuse_no_text(text, file)
            if len(text) > limits.size:
                raise TableError(limits.too_large, file=file)
    if rows is None:
        form = layout(text[:HEAD], score)
        records: Iterator[list[str]] = _records(text, form.separator, file)
    else:
        form = best(rows, score)
        records = map(list, rows)
    if form.known < ON_ITS_SIDE and (turned := _turned(rows, text, score, limits)):
        notes.append("The table stands on its side, headings below one another.")
        form, records = best(turned, score), iter(turned)
    return _below(form.at, form.separator, records, Rows(file, [], iter(()), notes), limits)


def _below(
    at: int, separator: str, records: Iterator[list[str]], rows: Rows, limits: SizeLimits
) -> Rows:
    above = sum(filled(row) for row in itertools.islice(records, at))
    first = next(records, [])
    if len(first) > limits.columns:
        what = f"it has {len(first):,} columns; a table here has at most {limits.columns:,}"
        raise TableError(what, file=rows.file)
    if above:
        rows.notes.append(f"Row {at + 1} holds the headings; what stands above it is left out.")
    if separator != ",":
        rows.notes.append(f"Cells are separated by {SEPARATORS.get(separator, separator)}.")
    headings = [heading.strip().strip("\ufeff") for heading in first]
    numbered = _limited(enumerate(records, at + 2), limits, rows.file)
    return Rows(rows.file, headings, numbered, rows.notes)


def _limited(
    records: Iterator[tuple[int, list[str]]], limits: SizeLimits, file: str
) -> Iterator[tuple[int, list[str]]]:
    for number, record in records:
        if number > limits.rows:
            raise TableError(f"it has more than {limits.rows:,} rows", file=file)
        yield number, record


def fetch(source: Source, file: str, limits: SizeLimits) -> bytes | str:
    """Return what a file holds, one byte more than the limit at most.

    Raises
    ------
    TableError
        Where it cannot be opened.

    Source: ours
    """
    try:
        if isinstance(source, str | os.PathLike):
            with Path(source).open("rb") as stream:
                return stream.read(limits.size + 1)
        if source.seekable():
            source.seek(0)
        return source.read(limits.size + 1)
    except (OSError, ValueError) as trouble:
        why = getattr(trouble, "strerror", None) or clip(str(trouble))
        raise TableError(f"it cannot be opened ({why})", file=file) from None


def _records(text: str, separator: str, file: str) -> Iterator[list[str]]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error:
            what = "the quotation marks do not pair up, so the file is damaged or cut short"
            raise TableError(what, file=file, row=number) from None
        yield record
        number += 1


def _turned(
    rows: Sequence[Sequence[str]] | None, text: str, score: Score, limits: SizeLimits
) -> list[list[str]]:
    """Return a table whose headings stand below one another, turned; else nothing."""
    if rows is not None:
        sides = [rows[: limits.columns]]
    else:
        head = text[:HEAD]
        sides = []
        for separator in SEPARATORS:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
            with contextlib.suppress(csv.Error):
                sides.append(list(itertools.islice(reader, limits.columns)))
    for side in sides:
        if score([row[0] for row in side if row]) >= ON_ITS_SIDE:
            told = [row for row in side if filled(row)]
            return [list(column) for column in itertools.zip_longest(*told, fillvalue="")]
    return []
