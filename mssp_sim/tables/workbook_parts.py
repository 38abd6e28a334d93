"""What a part of a workbook says, before a parser sets memory aside for all it says it holds.

Where the parser gets no memory, the whole process ends, and everybody's session with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

LONGEST_FORMAT, MOST_FORMATS = 1_000, 100_000
"""Letters of a number's format and formats of a workbook; Excel has 255 and some 65,000."""

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.IGNORECASE)
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_COUNT = re.compile(r"[0-9]{1,7}")
_TEXTS = re.compile(rb"[<:]si[\s>/]")


@dataclass
class Contents:
    """What a part holds: as a sheet, as the texts that cells share, or both.

    ``rows`` and ``columns`` reach from a sheet's first cell on; ``shared`` are its cells that show
    a shared text, ``lengths`` the bytes of each such text.
    """

    rows: int = 1
    columns: int = 1
    shared: int = 0
    lengths: list[int] = field(default_factory=list)


class _Reader:
    """Follow rows and cells as they come; one without a place stands after the one before it."""

    def __init__(self) -> None:
        self.found = Contents()
        self._row, self._column = 0, 0
        self._seen, self._beside = 0, 0
        self._columns: dict[str, int] = {}
        self._formats, self._named = 0, set[str]()
        self._text: int | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        found, kind = self.found, name.rpartition(":")[2]
        if kind == "c":
            self._beside += 1
            self._column = self._place(attributes["r"]) if "r" in attributes else self._column + 1
            found.columns = max(found.columns, self._column, self._beside)
            found.shared += attributes.get("t") == "s"
        elif kind == "row":
            self._seen, self._row = self._seen + 1, self._row + 1
            self._beside, self._column = 0, 0
            if "r" in attributes:
                self._row = _row(attributes["r"])
            found.rows = max(found.rows, self._row, self._seen)
        else:
            self._other(kind, attributes)

    def _other(self, kind: str, attributes: dict[str, str]) -> None:
        if kind == "si":
            if self._text is not None:
                raise ValueError(kind)
            self._text = 0
        elif kind == "xf":
            self._formats += 1
            if self._formats > MOST_FORMATS:
                raise ValueError(kind)
        for key, value in attributes.items():
            if key.lower().endswith("count") and not _COUNT.fullmatch(value):
                raise ValueError(key)
            if key == "formatCode" and len(value) > LONGEST_FORMAT:
                raise ValueError(key)
            # One part that is shown as many sheets would be read as often.
            if (kind, key) == ("Relationship", "Target"):
                self._once(value.replace("\\", "/").lstrip("/").removeprefix("xl/").lower())
            elif kind == "sheet" and key.rpartition(":")[2] == "id":
                self._once(value)

    def _once(self, name: str) -> None:
        if name in self._named:
            raise ValueError(name)
        self._named.add(name)

    def text(self, letters: str) -> None:
        if self._text is not None:
            self._text += len(letters.encode())

    def end(self, name: str) -> None:
        if self._text is not None and name.rpartition(":")[2] == "si":
            self.found.lengths.append(self._text)
            self._text = None

    def _place(self, place: str) -> int:
        """Return the column of a cell; its row counts where it is another than its row's."""
        letters = place.rstrip("0123456789")
        if letters in self._columns and place[len(letters) :] == str(self._row):
            return self._columns[letters]
        column, row = _read(place)
        self._columns[letters] = column
        self.found.rows = max(self.found.rows, row)
        return column


class _Shared:
    """Add up the shared texts that cells show; an index in another form shows the longest."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self._lengths, self._longest = lengths, max(lengths, default=0)
        self._shows, self._chunks = False, list[str]()
        self.bytes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._shows = attributes.get("t") == "s"
        elif kind != "v":
            self._chunks.append("")
        self._chunks = [] if kind in ("c", "v") else self._chunks

    def text(self, letters: str) -> None:
        self._chunks.append(letters)

    def end(self, name: str) -> None:
        if self._shows and name.rpartition(":")[2] == "v":
            plain = len(self._chunks) == 1 and self._chunks[0].isdecimal()
            place = int(self._chunks[0]) if plain and self._chunks[0].isascii() else -1
            known = 0 <= place < len(self._lengths)
            self.bytes += self._lengths[place] if known else self._longest


def contents(part: bytes) -> Contents | None:
    """Return what a part of a workbook holds; none where it is damaged.

    That is where it is no XML, a cell stands where no sheet has one, a count is no count, or two
    sheets are one part.

    Source: ours

    Examples
    --------
    >>> contents(b'<sheetData><row r="7"><c/><c r="D7"/><c t="s"/></row></sheetData>')
    Contents(rows=7, columns=5, shared=1, lengths=[])
    >>> contents(b"<sst><si><t>Lake </t><t>Care</t></si></sst>").lengths
    [9]
    """
    reader, parser = _Reader(), ParserCreate()
    parser.StartElementHandler = reader.start
    if _TEXTS.search(part):
        parser.EndElementHandler, parser.CharacterDataHandler = reader.end, reader.text
    try:
        parser.Parse(part, True)  # noqa: FBT003  (it takes no names)
    except (ExpatError, LookupError, ValueError):
        return None
    return reader.found


def bytes_shown(part: bytes, lengths: Sequence[int]) -> int:
    """Return how many bytes of shared texts the cells of a sheet show together, at most.

    Parameters
    ----------
    part : a part that ``contents`` has found sound
    lengths : bytes of each shared text

    Source: ours

    Examples
    --------
    >>> bytes_shown(b'<row><c t="s"><v>1</v></c><c t="s"><v>1</v></c><c><v>0</v></c></row>', (9, 5))
    10
    """
    shared, parser = _Shared(lengths), ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = shared.start, shared.end
    parser.CharacterDataHandler = shared.text
    parser.Parse(part, True)  # noqa: FBT003
    return shared.bytes


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
