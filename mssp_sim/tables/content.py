"""What the bytes of a file are, and the text or the rows that are in them."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Sequence

from mssp_sim.tables import archive, workbook
from mssp_sim.tables.error import TableError
from mssp_sim.tables.layout import Score, best

NO_TABLE = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, or one with a password; save it as CSV or XLSX",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file; download the CSV",
    b"Rar!": "a RAR archive; unpack it first",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it first",
    b"BZh": "a bzip2 archive; unpack it first",
    b"\xfd7zXZ": "an xz archive; unpack it first",
    b"RDX": "an R file; write the table from R as CSV",
    b"RDA": "an R file; write the table from R as CSV",
    b"X\n\x00\x00": "an R file; write the table from R as CSV",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
"""Starts of files that hold no table this program opens."""

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Marks of UTF-16, which Excel calls Unicode text."""

PACKED = (b"PK", GZIP)
OLD_LETTERS = "The file is not in UTF-8; letters with accents in names may be wrong."
_WEB_PAGE = ("<!doctype", "<html", "<?xml", "<head", "<body", "<!--")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HEAD = 2_000
FEW_CELLS = 100_000
"""Cells of a JSON table that may be empty in most records; of a larger one a fifth is filled."""


def refuse_no_table(content: bytes, file: str) -> None:
    """Raise where the start of a file is that of something else than a table.

    Source: ours
    """
    for start, kind in NO_TABLE.items():
        if content.startswith(start):
            raise TableError(f"this is {kind}", file=file)


def unpacked(content: bytes, file: str, most: int) -> bytes:
    """Return the one file in a gzip or ZIP archive; a workbook and anything else as it is.

    Parameters
    ----------
    content : the file
    file : its name, for the sentence
    most : bytes that are unpacked at most

    Source: ours
    """
    size = f"unpacks to more than {most // 1_000_000} MB"
    if content.startswith(GZIP):
        try:
            with gzip.open(io.BytesIO(content)) as stream:
                inside = stream.read(most + 1)
        except (OSError, EOFError, zlib.error):
            raise TableError("this is a gzip archive that is damaged", file=file) from None
        what = f"this gzip archive {size}"
    elif content.startswith(b"PK"):
        inside = _from_zip(content, file, most)
        what = f"this ZIP archive {size}"
    else:
        return content
    if len(inside) > most:
        raise TableError(what, file=file)
    if inside.startswith(GZIP) or (inside.startswith(ZIP) and inside is not content):
        raise TableError("this is an archive in an archive; unpack it first", file=file)
    return inside


def _from_zip(content: bytes, file: str, most: int) -> bytes:
    what = "this is a ZIP archive, perhaps an Excel workbook, that is damaged"
    damaged = f"{what} or locked; save the table as CSV"
    with archive.opened(content, damaged, file) as parts:
        names = parts.namelist()
        if workbook.is_workbook(names):
            return content
        if "xl/workbook.bin" in names or "content.xml" in names:
            kind = "a workbook of another kind than .xlsx; save it as CSV or XLSX"
            raise TableError(f"this is {kind}", file=file)
        tables = [
            part
            for part in parts.infolist()
            if not part.is_dir() and not part.filename.startswith(("__MACOSX/", "."))
        ]
        if len(tables) != 1:
            what = f"this is a ZIP archive of {len(tables):,} files; take the table out of it"
            raise TableError(what, file=file)
        with parts.open(tables[0]) as stream:
            return stream.read(most + 1)


def rows_of_workbook(content: bytes, file: str, notes: list[str], score: Score) -> list[list[str]]:
    """Return the rows of the sheet that holds the table.

    Raises
    ------
    TableError
        Where no sheet is filled, or where two hold headings that are known.

    Source: ours
    """
    found = [(best(rows, score).known, name, rows)
             for name, rows in workbook.sheets(content, file, notes)]  # fmt: skip
    known = [name for known, name, _ in found if known]
    if not found:
        raise TableError("this Excel workbook is empty", file=file)
    if len(known) > 1:
        what = f"sheets {known[0]} and {known[1]} both hold a table; keep one of them"
        raise TableError(what, file=file)
    return max(found, key=lambda one: one[0])[2]


def decoded(content: bytes, file: str, notes: list[str]) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252.

    Source: ours
    """
    try:
        if content.startswith(MARKS):
            return content.decode("utf-16")
        if b"\x00" in content[:100_000]:
            raise TableError("this is not a text file; expected a CSV file", file=file)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        what = "this is not a text file in UTF-8; expected a CSV file"
        raise TableError(what, file=file) from None
    notes.append(OLD_LETTERS)
    return text


def is_json(text: str) -> bool:
    """Return whether a text begins as JSON does.

    Source: ours
    """
    return text[:_HEAD].lstrip("\ufeff \t\r\n").startswith(("{", "["))


def refuse_no_text(text: str, file: str) -> None:
    """Raise where a text is empty, a web page, or not for people to read.

    Source: ours
    """
    if not text.strip():
        raise TableError("the file is empty", file=file)
    if text[:_HEAD].lstrip().lower().startswith(_WEB_PAGE):
        what = "this is a web page, not a CSV file; download the file itself"
        raise TableError(what, file=file)
    if found := _CONTROL.search(text):
        what = f"this is not a text file (character {ord(found[0])} stands in it)"
        raise TableError(f"{what}; expected a CSV file", file=file)


def rows_of_json(text: str, file: str) -> list[list[str]]:
    """Return the rows of a JSON list of records, as data.cms.gov's interface answers.

    Source: ours

    Examples
    --------
    >>> rows_of_json('[{"a": "1", "b": null}, {"a": 2.50}]', "")
    [['a', 'b'], ['1', ''], ['2.50', '']]
    """
    expected = "this is JSON, but not a list of records; download the CSV"
    try:
        # Numbers stay as they are written.
        held = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise TableError("this is JSON that is damaged; download the CSV", file=file) from None
    if not isinstance(held, list) or not held or not all(isinstance(one, dict) for one in held):
        raise TableError(expected, file=file)
    headings = list(dict.fromkeys(name for record in held for name in record))
    if len(headings) * len(held) > max(len(text), FEW_CELLS):
        many = f"{len(held):,} records that name {len(headings):,} columns, few of them in each"
        raise TableError(f"this is JSON of {many}; download the CSV", file=file)
    rows = [headings]
    for record in held:
        cells = [record.get(name) for name in headings]
        if any(isinstance(cell, dict | list) for cell in cells):
            raise TableError(expected, file=file)
        rows.append(["" if cell is None else str(cell) for cell in cells])
    return rows


def as_utf8(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8.

    Source: ours
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(errors="replace")
