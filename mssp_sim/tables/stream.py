"""A table of any length: its records one after the other, as bytes in UTF-8."""

import codecs
import contextlib
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from mssp_sim.tables import content as held
from mssp_sim.tables.error import TableError
from mssp_sim.tables.layout import HEAD, SEPARATORS, Layout, Score, layout

LONGEST_LINE = 20_000
"""Bytes of one line; a longer one is skipped without being held."""

LONGEST_RECORD = 100_000
"""Bytes of one record, line breaks in quotation marks included."""

LINES_READ = 1_000
MOST_HELD = 50_000_000
"""Bytes of a file that has to be held at once: an archive, a workbook, JSON."""

_ASKED = 1 << 20
_LETTERS = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
"""Letters beyond English in UTF-8; Windows-1252 hardly ever writes such pairs."""

_CLOSED, _OPEN, _BROKEN = range(3)


class Stream:
    """The records of a table below its headings.

    ``headings`` are the cells of the header, ``known`` how many of them the reader knows,
    ``separator`` what stands between cells, ``notes`` sentences on the form of the file.
    """

    def __init__(self, file: BinaryIO, form: Layout, notes: list[str]) -> None:
        self.headings, self.known = form.headings, form.known
        self.separator, self.notes = form.separator, notes
        self._pieces = iter(partial(file.readline, LONGEST_LINE), b"")
        self._ahead: deque[bytes | None] = deque()
        self._opens = form.separator.encode() + b'"'
        self._after = form.separator.encode() + b"\r\n"
        self._cut, self._size = False, 0
        for _ in range(form.at + 1):
            self._record()

    def size(self) -> int:
        """Return how many bytes were read since this was last asked."""
        size, self._size = self._size, 0
        return size

    def block(self, most: int) -> list[bytes | None]:
        """Return some records, at most ``most``; None is one too long to hold."""
        if not self._ahead:
            self._ahead.extend(self._lines(min(most, LINES_READ)))
            if not _quoted(self._ahead):
                plain = list(self._ahead)
                self._ahead.clear()
                return plain
        found: list[bytes | None] = []
        while self._ahead and len(found) < most:
            found.append(self._record())
        return found

    def _lines(self, most: int) -> list[bytes | None]:
        """Return lines, None for one that came in pieces; nothing at the end."""
        while pieces := list(islice(self._pieces, most)):
            self._size += sum(map(len, pieces))
            if not self._cut and max(map(len, pieces)) < LONGEST_LINE:
                return list[bytes | None](pieces)
            lines: list[bytes | None] = []
            for piece in pieces:
                goes_on = len(piece) == LONGEST_LINE and not piece.endswith(b"\n")
                if not self._cut:
                    lines.append(None if goes_on else piece)
                self._cut = goes_on
            if lines:
                return lines
        return []

    def _next(self) -> bytes | None:
        """Return a line; empty at the end."""
        if not self._ahead:
            self._ahead.extend(self._lines(1))
        return self._ahead.popleft() if self._ahead else b""

    def _record(self) -> bytes | None:
        """Return a record; a line whose quotation mark is never closed is one of its own."""
        line = self._next()
        if line is None or b'"' not in line:
            return line
        parts, size = [line], len(line)
        state = self._state(line, within=False)
        while state == _OPEN:
            more = self._next()
            if more:
                parts.append(more)
                size += len(more)
            elif more is None:
                self._ahead.appendleft(None)
            state = self._state(more, within=True) if more and size <= LONGEST_RECORD else _BROKEN
        if state == _BROKEN:
            self._ahead.extendleft(reversed(parts[1:]))
            return line
        return b"".join(parts)

    def _state(self, line: bytes, *, within: bool) -> int:
        """Return whether a quotation mark is open at the end of a line, or used as in no CSV."""
        at = 0
        if not within:
            if line.startswith(b'"'):
                at, within = 1, True
            else:
                at = line.find(self._opens)
                if at < 0:
                    return _CLOSED
                at, within = at + 2, True
        while True:
            at = line.find(b'"', at)
            if at < 0:
                return _OPEN
            after = line[at + 1 : at + 2]
            if after == b'"':
                at += 2
                continue
            if after and after not in self._after:
                return _BROKEN
            at = line.find(self._opens, at + 1)
            if at < 0:
                return _CLOSED
            at += 2


def _quoted(lines: Iterable[bytes | None]) -> bool:
    try:
        return b'"' in b"".join(lines)  # type: ignore[arg-type]
    except TypeError:
        return True


@contextlib.contextmanager
def open_stream(path: Path, score: Score) -> Iterator[Stream]:
    """Give the records of a table of any length; only what is no plain text is held at once.

    Parameters
    ----------
    path : the file
    score : how many of a row's cells are headings the reader knows

    Raises
    ------
    TableError
        Names what the file is instead of a table.
    OSError
        Where it cannot be opened.

    Source: ours
    """
    notes: list[str] = []
    with io.BufferedReader(io.FileIO(path), HEAD) as file:
        plain = _as_utf8(file, path.name, score, notes)
        head = plain.peek(HEAD)[:HEAD].removeprefix(codecs.BOM_UTF8)
        if b"\x00" in head:
            what = "this is not a text file; expected CSV or an Excel workbook (.xlsx)"
            raise TableError(what, file=path.name)
        form = layout(head.decode(errors="replace"), score)
        if form.at:
            notes.append(f"{path.name}: row {form.at + 1} holds the headings; "
                         "lines are counted from it as line 1.")  # fmt: skip
        if form.separator != ",":
            between = SEPARATORS.get(form.separator, form.separator)
            notes.append(f"{path.name}: cells are separated by {between}.")
        yield Stream(plain, form, notes)


def _as_utf8(
    file: "io.BufferedReader[Any]", name: str, score: Score, notes: list[str]
) -> "io.BufferedReader[Any]":
    """Return the same table as a text in UTF-8 with line feeds."""
    head = file.peek(HEAD)[:HEAD]
    held.refuse_no_table(head, name)
    if head.startswith(held.PACKED):
        content = file.read(MOST_HELD + 1)
        if len(content) > MOST_HELD:
            size = MOST_HELD // 1_000_000
            raise TableError(f"this archive has more than {size} MB; unpack it first", file=name)
        inside = held.unpacked(content, name, MOST_HELD)
        held.refuse_no_table(inside, name)
        if inside.startswith(held.ZIP):
            inside = held.as_utf8(held.rows_of_workbook(inside, name, notes, score))
        return _as_utf8(io.BufferedReader(io.BytesIO(inside), HEAD), name, score, notes)
    if head.startswith(held.MARKS):
        notes.append(f"{name}: this is Unicode text (UTF-16), as Excel writes it.")
        return _recoded(file, "utf-16")
    start = head.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    if start.strip() and b"\x00" not in head:
        held.refuse_no_text(start[:2_000], name)
    if held.is_json(start):
        text = file.read(MOST_HELD).decode("utf-8-sig", errors="replace")
        rows = held.rows_of_json(text, name)
        return io.BufferedReader(io.BytesIO(held.as_utf8(rows)), HEAD)
    if file.seekable() and _is_windows(file):
        notes.append(f"{name}: {held.OLD_LETTERS}")
        return _recoded(file, "cp1252")
    if b"\n" not in head and b"\r" in head:
        return _recoded(file, "utf-8-sig")
    return file


def _is_windows(file: "io.BufferedReader[Any]") -> bool:
    """Return whether a file holds letters that UTF-8 does not explain, and none that it does."""
    decoder, foreign = codecs.getincrementaldecoder("utf-8")(), False
    try:
        while block := file.read(_ASKED):
            if not foreign and block.isascii():
                continue
            foreign = True
            decoder.decode(block)
            if _LETTERS.search(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return not _LETTERS.search(block or b"")
    finally:
        file.seek(0)
    return False


class _Recoded(io.RawIOBase):
    """A text file read as bytes in UTF-8 with line feeds."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._left = text, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._left:
            some = self._text.read(HEAD)
            if not some:
                return 0
            self._left = some.encode()
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _recoded(file: "io.BufferedReader[Any]", encoding: str) -> "io.BufferedReader[Any]":
    text = io.TextIOWrapper(file, encoding, errors="replace", newline=None)
    return io.BufferedReader(_Recoded(text), HEAD)
