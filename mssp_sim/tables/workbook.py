"""The one door for XLSX: values of cells as texts; nothing of a workbook runs or is fetched.

The parts that hold values are unpacked within a limit, looked at, and handed to the parser in a
plain archive of their own, so that neither a swelling archive nor a macro gets past this module.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from mssp_sim.tables import archive
from mssp_sim.tables.error import TableError, clip
from mssp_sim.tables.workbook_parts import Contents, bytes_shown, contents

MOST_UNPACKED, MOST_TEXTS = 50_000_000, 100_000_000
MOST_CELLS = 1_500_000
MOST_PARTS = 2_000
MARK = 3
"""Bytes of a mark that UTF-8 may begin with; the declaration of XML stands there."""

MOST_TAGS = 2_000_000
"""Tags, or attributes, of a part that is no sheet."""

_KEPT = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|xl/(?:workbook|styles|sharedstrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{0,9})([0-9]{1,9})[\"']")
_ERROR = re.compile(rb"(<(?:[\w.-]+:)?c\b[^<>]*\s)t\s*=\s*(?:\"e\"|'e')")
_FORMULA = re.compile(
    rb"<(?:[\w.-]+:)?c\b([^<]*)>\s*<(?:[\w.-]+:)?f\b[^<]*(?:</(?:[\w.-]+:)?f>)?"
    rb"(?:\s*<(?:[\w.-]+:)?v\b[^<>]*>([^<]*)<)?"
)


def is_workbook(names: list[str]) -> bool:
    """Return whether the names in an archive are those of an XLSX workbook.

    Source: ours
    """
    return any(name.lower() == "xl/workbook.xml" for name in names)


def sheets(
    content: bytes, file: str, notes: list[str], *, hidden: bool = False
) -> Iterator[tuple[str, list[list[str]]]]:
    """Return each visible sheet that is not empty: its name and its rows, from row 1 on.

    Parameters
    ----------
    content : the workbook
    file : its name, for the sentence
    notes : told how many cells hold formulas whose stored values are taken
    hidden : the sheets that Excel does not show, and those alone

    Raises
    ------
    TableError
        For a workbook that is damaged, too large, holds macros, takes values from another
        workbook, or holds a formula without a stored value.

    Source: ours
    """
    from python_calamine import (  # noqa: PLC0415  (only who opens a workbook needs it)
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    plain, cells = _plain(content, file, notes), 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(plain))
        for sheet in book.sheets_metadata:
            seen = sheet.visible == SheetVisibleEnum.Visible
            if seen != hidden and sheet.typ == SheetTypeEnum.WorkSheet:
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                cells += len(rows) * len(rows[0]) if rows else 0
                if cells > MOST_CELLS:
                    what = f"the sheets of this workbook have more than {MOST_CELLS:,} cells"
                    raise TableError(what, file=file)
                if rows:
                    yield sheet.name, [[_text(cell) for cell in row] for row in rows]
    except TableError:
        raise
    except BaseException as fault:
        # Where the parser panics it raises what no handler of exceptions sees.
        panic = type(fault).__name__ == "PanicException"
        if not panic and not isinstance(fault, CalamineError | OSError | ValueError):
            raise
        raise TableError(
            f"this Excel workbook is damaged ({clip(str(fault))})", file=file
        ) from None


def _text(cell: Any) -> str:  # noqa: ANN401  (whatever a cell holds)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _plain(content: bytes, file: str, notes: list[str]) -> bytes:
    """Return the workbook's values alone, unpacked, after looking at them."""
    parts = _parts(content, file)
    formulas, found = 0, dict[str, Contents]()
    for name, part in parts.items():
        sheet = name.lower().startswith("xl/worksheets/")
        # However cells are written, each has attributes and tags, which are quick to count.
        tags = part.count(b"<")
        if sheet and max(part.count(b"<c "), part.count(b"=") / 4, tags / 5) > MOST_CELLS:
            what = f"a sheet of this workbook has more than {MOST_CELLS:,} cells"
            raise TableError(what, file=file)
        # Excel writes no comments, entities, instructions; what they could hide is not looked for.
        crowded = not sheet and max(tags, part.count(b"=")) > MOST_TAGS
        hidden = b"<!" in part or b"\x00" in part or part.rfind(b"<?") > MARK
        held = None if crowded or hidden else contents(part)
        if held is None:
            raise TableError(f"this Excel workbook is damaged (in {clip(name)})", file=file)
        # A part may be two things at once: what is no sheet by its name is looked at as one too.
        if held.columns * held.rows > MOST_CELLS:
            what = f"a sheet of this workbook spans {held.rows:,} rows and {held.columns:,} columns"
            raise TableError(f"{what}; delete what stands far from the table", file=file)
        formulas += _formulas(part, file)
        found[name] = held
    _refuse_long_texts(parts, found, file)
    if formulas:
        one = formulas == 1
        notes.append(
            f"{formulas:,} cell{' holds a formula' if one else 's hold formulas'}; "
            f"the value{'' if one else 's'} stored with {'it is' if one else 'them are'} read."
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as plain:
        for name, part in parts.items():
            # The parser reads an error of Excel as an empty cell: here it stays what it says.
            plain.writestr(name, _ERROR.sub(rb'\1t="str"', part))
    return out.getvalue()


def _parts(content: bytes, file: str) -> dict[str, bytes]:
    damaged = "this Excel workbook is damaged or cut short"
    with archive.opened(content, damaged, file) as parts:
        held = parts.infolist()
        for part in held:
            name = part.filename.lower()
            if name.endswith("vbaproject.bin") or "macrosheets/" in name:
                what = "this workbook holds macros; save it as an Excel workbook (.xlsx)"
                raise TableError(what, file=file)
            if "externallinks/" in name:
                what = "this workbook takes values from another one; save it with values only"
                raise TableError(what, file=file)
        kept = [part for part in held if _KEPT.fullmatch(part.filename)]
        if len({part.filename.lower() for part in kept}) < len(kept):
            raise TableError(damaged, file=file)
        if sum(part.file_size for part in kept) > MOST_UNPACKED or len(held) > MOST_PARTS:
            size = MOST_UNPACKED // 1_000_000
            raise TableError(f"this workbook unpacks to more than {size} MB", file=file)
        # Never more than a part's stated size is unpacked, whatever its archive holds.
        return {part.filename: parts.read(part) for part in kept}


def _refuse_long_texts(parts: dict[str, bytes], found: dict[str, Contents], file: str) -> None:
    """Raise where cells share long texts: the parser copies them into each cell."""
    holders = [held.lengths for held in found.values() if held.lengths]
    longest = max(map(max, holders), default=0)
    texts = longest * sum(held.shared for held in found.values())
    if texts > MOST_TEXTS and len(holders) == 1 and 0 not in holders[0]:
        texts = sum(bytes_shown(parts[name], holders[0]) for name in found if found[name].shared)
    if texts > MOST_TEXTS:
        size = MOST_TEXTS // 1_000_000
        raise TableError(f"the texts of this workbook unpack to more than {size} MB", file=file)


def _formulas(sheet: bytes, file: str) -> int:
    """Return how many cells hold formulas; raise for one whose value cannot be trusted."""
    found = 0
    for formula in _FORMULA.finditer(sheet):
        found += 1
        if not formula[2] and b'"str"' not in formula[1]:
            place = _PLACE.search(b" " + formula[1])
            cell = b"".join(place.groups()).decode() if place else "?"
            what = f"cell {cell} holds a formula without a stored value; open the workbook in "
            raise TableError(f"{what}Excel and save it, or paste the values", file=file)
    return found
