"""What a part of a workbook says, before a parser sets memory aside for all it says it holds.

Where the parser gets no memory, the whole process ends, and everybody's session with it.
"""

import re
from xml.parsers.expat import ExpatError, ParserCreate

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.IGNORECASE)
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_COUNT = re.compile(r"[0-9]{1,7}")


class _Reach:
    """Follow rows and cells as they come; one without a place stands after the one before it."""

    def __init__(self) -> None:
        self.rows, self.columns = 1, 1
        self._row, self._column = 0, 0
        self._seen, self._beside = 0, 0
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._beside += 1
            self._column = self._place(attributes["r"]) if "r" in attributes else self._column + 1
            self.columns = max(self.columns, self._column, self._beside)
        elif kind == "row":
            self._seen, self._row = self._seen + 1, self._row + 1
            self._beside, self._column = 0, 0
            if "r" in attributes:
                self._row = _row(attributes["r"])
            self.rows = max(self.rows, self._row, self._seen)
        elif any(key.lower().endswith("count") and not _COUNT.fullmatch(value)
                 for key, value in attributes.items()):  # fmt: skip
            raise ValueError(name)

    def _place(self, place: str) -> int:
        """Return the column of a cell; its row counts where it is another than its row's."""
        letters = place.rstrip("0123456789")
        if letters in self._columns and place[len(letters) :] == str(self._row):
            return self._columns[letters]
        column, row = _read(place)
        self._columns[letters] = column
        self.rows = max(self.rows, row)
        return column


def span(part: bytes) -> tuple[int, int] | None:
    """Return how many rows and columns a part spans from a sheet's first cell on.

    None where it is no XML, a cell stands where no sheet has one, or a count is no count.

    Source: ours

    Examples
    --------
    >>> span(b'<sheetData><row r="7"><c/><c r="D7"/><c/></row></sheetData>')
    (7, 5)
    """
    reach, parser = _Reach(), ParserCreate()
    parser.StartElementHandler = reach.start
    try:
        parser.Parse(part, True)  # noqa: FBT003  (it takes no names)
    except (ExpatError, LookupError, ValueError):
        return None
    return reach.rows, reach.columns


def _row(place: str) -> int:
    if not _ROW.fullmatch(place):
        raise ValueError(place)
    return int(place)


def _read(place: str) -> tuple[int, int]:
    """Return the column and the row of a place, as in B3."""
    found = _PLACE.fullmatch(place)
    if not found:
        raise ValueError(place)
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - 64
    return column, int(found[2])
