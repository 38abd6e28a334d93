"""How a sheet of CMS's reports reads: headings, sections under codes, rows by enrollment type."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mssp_sim.cms_files.reports._error import ReportError
from mssp_sim.tables import clip
from mssp_sim.tables.cells import number

ALL_TYPES = 4
"""The place of the total among the enrollment types."""

LARGEST = 1e13
"""No dollar, person or ratio of one ACO's reports is larger."""

PERCENT = 100
NOT_APPLICABLE = {
    "",
    "-",
    "\N{EN DASH}",
    "\N{EM DASH}",
    "\N{MINUS SIGN}",
    "n/a",
    "na",
    "none",
    "*",
    "**",
    "<11",
    "< 11",
    ".",
}
_CODE = re.compile(r"\[\s*([A-Za-z]{1,2}[0-9]?)\s*\]\s*(.*)", re.DOTALL)
LONGEST_FOOTNOTE = 200
_FOOTNOTE = re.compile(r"(?:\s*\[\s*[0-9]{1,2}(?:\s*,\s*[0-9]{1,2})*\s*\])+\s*$")
_FRACTION = re.compile(r"\s*([0-9]{1,4})\s*/\s*([0-9]{1,4})\s*")
_TYPES = {
    "esrd": 0, "endstagerenaldisease": 0, "endstagerenaldiseaseesrd": 0, "disabled": 1,
    "ageddual": 2, "ageddualeligible": 2, "agednondual": 3, "agednondualeligible": 3,
    "total": ALL_TYPES, "all": ALL_TYPES, "overall": ALL_TYPES, "alltypes": ALL_TYPES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One cell under a heading: where it stands, what it is called, and its text and number.

    ``code`` and ``section`` are of the section it stands in; ``type`` is the enrollment type's
    place, 4 for the total, None where the row or the heading names none. ``number`` is None
    where the cell holds none: not applicable, not yet reported, or words.
    """

    sheet: str
    cell: str
    code: str
    section: str
    label: str
    type: int | None
    column: str
    text: str
    number: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet read: its titles, its headings, the labels found, and every value under a heading."""

    name: str
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    values: tuple[Value, ...]


def plain(text: str) -> str:
    """Return a label or a name of a sheet in small letters and digits, single spaces between.

    Examples
    --------
    >>> plain("Table_1-Aggregate_EU_Report"), plain(" Person Years [12]")
    ('table 1 aggregate eu report', 'person years')
    """
    return re.sub(r"[^a-z0-9]+", " ", unmarked(text).lower()).strip()


def unmarked(text: str) -> str:
    """Return a label without its footnote marks and indentation."""
    # The search takes time with the square of what it looks through.
    end = _FOOTNOTE.sub("", text[-LONGEST_FOOTNOTE:])
    return " ".join((text[:-LONGEST_FOOTNOTE] + end).split())


def type_of(label: str) -> int | None:
    """Return the place of an enrollment type, however it is spelled; 4 for the total.

    Examples
    --------
    >>> type_of("  Aged/Non-Dual [2]"), type_of("End Stage Renal Disease"), type_of("Inpatient")
    (3, 0, None)
    """
    return _TYPES.get(re.sub(r"[^a-z]+", "", unmarked(label).lower()))


def read_number(text: str, file: str, sheet: str, cell: str) -> float | None:
    """Return the number a cell holds, percent as a fraction; None where it holds none.

    Raises
    ------
    ReportError
        For a number no report can hold.

    Examples
    --------
    >>> [read_number(t, "", "", "") for t in ("12.5%", "1/4", "–", "Yes", "$1,250")]
    [0.125, 0.25, None, None, 1250.0]
    """
    bare = text.strip()
    if bare.lower() in NOT_APPLICABLE:
        return None
    if fraction := _FRACTION.fullmatch(bare):
        return int(fraction[1]) / int(fraction[2]) if int(fraction[2]) else None
    found = number(unmarked(bare))
    if found is None:
        return None
    value = found.value / PERCENT if found.percent else found.value
    if not abs(value) <= LARGEST:
        what = f"sheet {clip(sheet)}, cell {cell}: no amount, rate or count of one ACO is so large"
        raise ReportError(what, file=file)
    return value


def address(row: int, column: int) -> str:
    """Return a cell as a spreadsheet names it; row and column count from 0.

    Examples
    --------
    >>> address(0, 0), address(9, 27)
    ('A1', 'AB10')
    """
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_sheet(name: str, rows: Sequence[Sequence[str]], file: str) -> Sheet:
    """Return a sheet read by CMS's habits.

    Labels stand in the first column and values to its right, under a row of headings; a label
    without values opens a section, and so does a coded row; from the first note on nothing
    counts, nor in a column without a heading.

    Parameters
    ----------
    name : of the sheet
    rows : of texts, from row 1 on
    file : the workbook's name, for the sentence

    Raises
    ------
    ReportError
        For a number no report can hold.

    Source: ours; the habits are those of CMS's reports
    """
    head = _headings_at(rows)
    columns = {}
    if head is not None:
        columns = {at: unmarked(c) for at, c in enumerate(rows[head]) if at and c.strip()}
        columns = _without_strays(columns)
    first = 0 if head is None else head + 1
    titles = tuple(unmarked(c) for row in rows[:first] for c in row if c.strip())
    types: dict[int, int | None] = {at: type_of(heading) for at, heading in columns.items()}
    across = sum(found is not None for found in types.values()) > 1
    if not columns:
        columns, types = {1: ""}, {1: None}
    code = section = ""
    labels: list[tuple[str, str]] = []
    values: list[Value] = []
    for down, row in enumerate(rows[first:], first):
        label = unmarked(row[0]) if row else ""
        if re.match(r"notes?\b", label, re.IGNORECASE):
            break
        cells = [(at, row[at]) for at in columns if at < len(row) and row[at].strip()]
        coded = _CODE.match(label)
        if label:
            labels.append((address(down, 0), label))
        kind = type_of(coded[2] if coded else label)
        if coded:
            code, section = coded[1].upper(), coded[2].strip()
        elif label and not cells and kind is None:
            code, section = "", label
        if not label:
            continue
        named_row = coded[2].strip() if coded else label
        for at, text in cells:
            its_type = types[at] if across else None
            heading = "" if its_type is not None else columns[at]
            cell = address(down, at)
            read = read_number(text, file, name, cell)
            its_type = kind if its_type is None else its_type
            values.append(
                Value(name, cell, code, section, named_row, its_type, heading, text.strip(), read)
            )
    named = tuple(columns.values())
    return Sheet(name, titles, named, tuple(labels), tuple(values))


def _headings_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the row of the headings; a banner of one cell above them is none."""
    single = None
    for down, row in enumerate(rows):
        filled = [cell for cell in row[1:] if cell.strip()]
        label = row[0].strip() if row else ""
        numbers = [cell for cell in filled if number(cell) is not None]
        data = bool(_CODE.match(label)) or (numbers and type_of(label) is not None)
        if data:
            return single
        if len(filled) > 1 and not (label and numbers):
            return down
        if len(filled) == 1 and not numbers:
            single = down
    return single


def _without_strays(columns: dict[int, str]) -> dict[int, str]:
    """Leave out what stands right of a gap of blank headings: notes, not data."""
    kept: dict[int, str] = {}
    last = 0
    for at, heading in columns.items():
        if at - last > 3 and kept:  # noqa: PLR2004  (a column or two may be left blank)
            break
        kept[at] = heading
        last = at
    return kept


def pairs(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return a sheet of keys and values: the key in the first column, its value beside it."""
    found: dict[str, str] = {}
    for row in rows:
        told = [cell.strip() for cell in row[1:] if cell.strip()]
        if row and row[0].strip() and told:
            found.setdefault(plain(row[0]), told[0])
    return found
