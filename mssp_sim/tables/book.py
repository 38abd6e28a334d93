"""A workbook of many tables: every sheet of it, as rows of texts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from mssp_sim.tables import content as held
from mssp_sim.tables import workbook
from mssp_sim.tables.error import TableError
from mssp_sim.tables.whole import SizeLimits, Source, fetch, name_of


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook that are not empty, by name: rows of texts from row 1 on.

    ``hidden`` are those that Excel does not show.
    """

    file: str
    sheets: dict[str, list[list[str]]]
    hidden: dict[str, list[list[str]]]
    notes: list[str] = field(default_factory=list)


def open_workbook(
    source: Source,
    limits: SizeLimits,
    look: Callable[[str], None] = lambda _: None,
) -> Book:
    """Return every sheet of an XLSX workbook.

    Parameters
    ----------
    source : path or open file, in binary
    limits : how much is held; of rows and columns the door's own limits hold
    look : shown the text of a file that is no workbook, before it is refused

    Raises
    ------
    TableError
        For what is no workbook, is damaged or too large, holds macros, takes values from another
        workbook, or holds a formula without a stored value.

    Source: ours
    """
    file, notes = name_of(source), list[str]()
    content = fetch(source, file, limits)
    if len(content) > limits.size:
        raise TableError(limits.too_large, file=file)
    if isinstance(content, str):
        look(content)
        raise TableError("this is a text, not an Excel workbook (.xlsx)", file=file)
    inside = held.unpacked(content, file, limits.size)
    if not inside.startswith(held.ZIP):
        look(inside.replace(b"\x00", b"").decode("latin-1"))
        held.refuse_no_table(inside, file)
        what = "this is not an Excel workbook (.xlsx)" if inside else "the file is empty"
        raise TableError(what, file=file)
    shown = dict(workbook.sheets(inside, file, notes))
    hidden = dict(workbook.sheets(inside, file, [], hidden=True))
    return Book(file, shown, hidden, notes)
