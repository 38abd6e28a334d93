"""From a file of any kind to a table of texts, or to the sentence that says why not."""

import csv
import io
import itertools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeAlias

from mssp_sim.cms_files._error import ResultsFileError, clip

Source: TypeAlias = "str | os.PathLike[str] | IO[bytes] | IO[str]"

MOST_BYTES = 10_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 1_000

_TOO_LARGE = f"it is larger than {MOST_BYTES // 1_000_000} MB; CMS's are about half a MB"
_NOT_TEXT = {
    b"PK": "a ZIP archive, perhaps an Excel workbook; take the CSV file out of it, or save the "
    "workbook as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save it as CSV",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"PAR1": "a Parquet file; download the CSV",
    b"Rar!": "a RAR archive; unpack it first",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Table:
    """A file's headings and cells as texts, each row as long as the headings."""

    file: str
    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]
    """The row of each in the file; the headings are row 1."""
    notes: list[str] = field(default_factory=list)


def name_of(source: Source) -> str:
    """Return the file's own name, empty for a buffer without one."""
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    name = getattr(source, "name", "")
    return Path(name).name if isinstance(name, str) else ""


def _fetch(source: Source, file: str) -> bytes | str:
    try:
        if isinstance(source, str | os.PathLike):
            with Path(source).open("rb") as stream:
                return stream.read(MOST_BYTES + 1)
        if source.seekable():
            source.seek(0)
        return source.read(MOST_BYTES + 1)
    except (OSError, ValueError) as trouble:
        why = getattr(trouble, "strerror", None) or clip(str(trouble))
        raise ResultsFileError(f"it cannot be opened ({why})", file=file) from None


def _decode(content: bytes, file: str, notes: list[str]) -> str:
    for start, kind in _NOT_TEXT.items():
        if content.startswith(start):
            raise ResultsFileError(f"this is {kind}", file=file)
    if len(content) > MOST_BYTES:
        raise ResultsFileError(_TOO_LARGE, file=file)
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if b"\x00" in content[:100_000]:
            raise ResultsFileError("this is not a text file; expected a CSV file", file=file)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        what = "this is not a text file in UTF-8; expected a CSV file as CMS publishes it"
        raise ResultsFileError(what, file=file) from None
    notes.append("The file is not in UTF-8; letters with accents in names may be wrong.")
    return text


def _text(source: Source, file: str, notes: list[str]) -> str:
    content = _fetch(source, file)
    text = content if isinstance(content, str) else _decode(content, file, notes)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise ResultsFileError("the file is empty", file=file)
    head = text[:2_000].lstrip().lower()
    if head.startswith(("<!doctype", "<html", "<?xml", "<head", "<body", "<!--")):
        what = "this is a web page, not a CSV file; use the download button at data.cms.gov"
        raise ResultsFileError(what, file=file)
    if head.startswith(("{", "[")):
        raise ResultsFileError("this is JSON, not a CSV file; download the CSV", file=file)
    if found := _CONTROL.search(text):
        what = f"this is not a text file (character {ord(found[0])} stands in it)"
        raise ResultsFileError(f"{what}; expected a CSV file", file=file)
    if len(text) > MOST_BYTES:
        raise ResultsFileError(_TOO_LARGE, file=file)
    return text


def _records(text: str, file: str) -> Iterator[list[str]]:
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error:
            what = "the quotation marks do not pair up, so the file is damaged or cut short"
            raise ResultsFileError(what, file=file, row=number) from None
        yield record
        number += 1


def _headings(records: Iterator[list[str]], file: str) -> list[str]:
    first = itertools.islice(records, MOST_ROWS)
    headings: list[str] = next((r for r in first if any(cell.strip() for cell in r)), [])
    if len(headings) > MOST_COLUMNS:
        what = f"it has {len(headings):,} columns; CMS's files have fewer than 200"
        raise ResultsFileError(what, file=file)
    return [heading.strip().strip("\ufeff") for heading in headings]


def open_table(source: Source, expect: Callable[[list[str], str], None]) -> Table:
    r"""Return the file's cells; never more than a few times ``MOST_BYTES`` are held.

    Parameters
    ----------
    source : path or open file
    expect : called with headings and file name before any row is read; raises if they are wrong

    Raises
    ------
    ResultsFileError
        Names what the file is instead of a CSV table, or the row where it breaks off.

    Source: ours

    Examples
    --------
    >>> open_table(io.StringIO("a,b\n1,2\n"), lambda headings, file: None).rows
    [['1', '2']]
    """
    file = name_of(source)
    notes: list[str] = []
    records = _records(_text(source, file, notes), file)
    counted = enumerate(records, 1)
    headings = _headings((record for _, record in counted), file)
    expect(headings, file)
    table = Table(file, headings, [], [], notes)
    for number, record in counted:
        if number > MOST_ROWS:
            what = f"it has more than {MOST_ROWS:,} rows; CMS's files have one for each ACO"
            raise ResultsFileError(what, file=file)
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(headings):
            what = (
                f"it has {len(record):,} cells where the headings have {len(headings):,}, "
                "so the file is damaged or cut short"
            )
            raise ResultsFileError(what, file=file, row=number)
        table.rows.append(record)
        table.numbers.append(number)
    return table


def refuse(table: Table, what: str, heading: str | None = None, at: int | None = None,
           **details: Any) -> ResultsFileError:  # noqa: ANN401  # fmt: skip
    """Return the error for a place in the table, ``at`` counting from the first ACO, 0."""
    row = None if at is None else table.numbers[at]
    return ResultsFileError(what, file=table.file, column=heading, row=row, **details)
