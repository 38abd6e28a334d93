"""A small calculator for the workbook's formulas, so that every test run can try them.

It knows the functions that Excel and LibreOffice share and nothing of how the formulas were made:
it reads the text in the cells. LibreOffice itself reckons the same files in the long tests.
"""

import datetime as dt
import io
import math
import operator
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string as column_number

TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<cell>(?:'[^']+'!)?\$?[A-Z]{1,2}\$?\d+(?::\$?[A-Z]{1,2}\$?\d+)?(?![A-Za-z0-9_(]))
    |(?P<number>\d+\.?\d*(?:E[-+]?\d+)?)
    |(?P<name>[A-Za-z][A-Za-z0-9_.]*)
    |(?P<sign><=|>=|<>|[-+*/^&=<>(),])""",
    re.VERBOSE,
)
BINDS = {
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), 1), "&": 2, "+": 3, "-": 3, "*": 4, "/": 4,
    "^": 5,
}  # fmt: skip
NEGATED = 6
WORKS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "^": operator.pow,
}  # fmt: skip
COMPARES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
DAY_0 = dt.date(1899, 12, 30)
Reckon = Callable[["Reckoner"], Any]


class NotAvailableError(Exception):
    """A value that a cell does not have: #N/A."""


class Reckoner:
    """The cells of a workbook, reckoned when they are asked for."""

    def __init__(self, book: Any) -> None:
        self.cells: dict[tuple[str, int, int], Any] = {}
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        self.cells[sheet.title, cell.row, cell.column] = cell.value
        self.names = {}
        for name, defined in book.defined_names.items():
            ((sheet, box),) = defined.destinations
            self.names[name] = boxed(box, sheet)
        self.known: dict[tuple[str, int, int], Any] = {}

    def typed(self, name: str, values: Any) -> None:
        """Type values into the cells of a name, as a reader would; None empties a cell."""
        for place, value in zip(self.names[name], values, strict=True):
            self.cells[place] = value
        self.known.clear()

    def named(self, name: str) -> Any:
        """Return the value of the one cell of a name."""
        (place,) = self.names[name]
        return self.at(place)

    def at(self, place: tuple[str, int, int]) -> Any:
        """Return what a cell comes to, None if it is empty."""
        if place not in self.known:
            held = self.cells.get(place)
            if isinstance(held, str) and held.startswith("="):
                try:
                    held = compiled(held[1:], place[0])(self)
                except NotAvailableError:
                    held = "#N/A"
            self.known[place] = as_held(held)
        return self.known[place]


def as_held(value: Any) -> Any:
    """Return a value as a spreadsheet holds it: a day as its number."""
    if isinstance(value, dt.datetime):
        return float((value.date() - DAY_0).days)
    return value


def boxed(box: str, sheet: str) -> list[tuple[str, int, int]]:
    """Return the places of the cells in a box, row by row."""
    corners = [
        (int(row), column_number(letters))
        for letters, row in re.findall(r"\$?([A-Z]+)\$?(\d+)", box)
    ]
    (top, left), (bottom, right) = corners[0], corners[-1]
    return [(sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]


@cache
def compiled(text: str, sheet: str) -> Reckon:
    """Return what works out a formula of a sheet."""
    tokens = _tokens(text)
    found, rest = _expression([*tokens, ("end", "")], 0, sheet)
    assert rest == [("end", "")], f"{text}: {rest}"
    return found


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found, f"no formula: {text[at:]}"
        yield str(found.lastgroup), found.group()
        at = found.end()


def _expression(tokens: list[Any], above: int, sheet: str) -> tuple[Reckon, list[Any]]:
    (kind, word), rest = tokens[0], tokens[1:]
    left: Reckon
    if word == "-":
        inner, rest = _expression(rest, NEGATED, sheet)
        left = partial(_negated, inner)
    elif word == "(":
        left, rest = _expression(rest, 0, sheet)
        assert rest[0][1] == ")"
        rest = rest[1:]
    elif kind == "name" and rest[0][1] == "(":
        left, rest = _call(word, rest[1:], sheet)
    else:
        left = partial(_simple, kind, word, sheet)
    while BINDS.get(rest[0][1], 0) > above and rest[0][0] == "sign":
        sign = rest[0][1]
        right, rest = _expression(rest[1:], BINDS[sign], sheet)
        left = partial(_both, sign, left, right)
    return left, rest


def _call(name: str, rest: list[Any], sheet: str) -> tuple[Reckon, list[Any]]:
    given = []
    while rest[0][1] != ")":
        one, rest = _expression(rest, 0, sheet)
        given.append(one)
        if rest[0][1] == ",":
            rest = rest[1:]
    return partial(FUNCTIONS[name], *given), rest[1:]


def _simple(kind: str, word: str, sheet: str, book: Reckoner) -> Any:
    if kind == "text":
        return word[1:-1].replace('""', '"')
    if kind == "number":
        return float(word)
    if word in ("TRUE", "FALSE"):
        return word == "TRUE"
    if kind == "cell":
        of, _, box = word.rpartition("!")
        places = boxed(box, of.strip("'") or sheet)
        single = ":" not in box
    else:
        places = book.names[word]
        single = len(places) == 1
    values = [book.at(place) for place in places]
    if "#N/A" in values:
        raise NotAvailableError
    return values[0] if single else values


def _number(value: Any) -> float:
    assert not isinstance(value, str), f"{value!r} is no number"
    return float(value or 0.0)


def _negated(inner: Reckon, book: Reckoner) -> Any:
    value = inner(book)
    return [-_number(v) for v in value] if isinstance(value, list) else -_number(value)


def _both(sign: str, left: Reckon, right: Reckon, book: Reckoner) -> Any:
    one, other = left(book), right(book)
    if isinstance(one, list):
        each = other if isinstance(other, list) else [other] * len(one)
        return [_of_two(sign, a, b) for a, b in zip(one, each, strict=True)]
    return _of_two(sign, one, other)


def _of_two(sign: str, one: Any, other: Any) -> Any:
    if sign == "&":
        return "".join(map(_as_text, (one, other)))
    if sign in ("=", "<>"):
        return _equal(one, other) == (sign == "=")
    if sign in COMPARES:
        if isinstance(one, str) != isinstance(other, str):  # a text is more than any number
            return COMPARES[sign](float(isinstance(one, str)), float(isinstance(other, str)))
        return COMPARES[sign](_number(one), _number(other))
    return WORKS[sign](_number(one), _number(other))


def _as_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.15g}"


def _equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return (one or "") == (other or "") or one == 0.0 or other == 0.0
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return _as_text(one) == _as_text(other)  # to 15 digits, as spreadsheets compare


def _all(given: Any, book: Reckoner) -> list[Any]:
    found: list[Any] = []
    for each in given:
        value = each(book)
        found += value if isinstance(value, list) else [value]
    return found


def _if(claim: Reckon, then: Reckon, otherwise: Reckon, book: Reckoner) -> Any:
    return (then if claim(book) else otherwise)(book)


def _numbers(work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any) -> Any:
        values = _all(given[:-1], given[-1])
        return work([_number(v) for v in values if v is not None and not isinstance(v, str)])

    return run


def _match(*given: Any) -> float:
    sought, among, how, book = given
    value, cells = sought(book), among(book)
    if how(book):
        return float(sum(_number(cell) <= _number(value) for cell in cells))
    for at, cell in enumerate(cells, 1):
        if _equal(cell, value):
            return float(at)
    raise NotAvailableError


def _is_number(one: Reckon, book: Reckoner) -> bool:
    try:
        value = one(book)
    except NotAvailableError:
        return False
    return isinstance(value, int | float) and not isinstance(value, bool)


def _products(*given: Any) -> float:
    *sides, book = given
    columns = [[_number(v) for v in side(book)] for side in sides]
    return math.fsum(math.prod(row) for row in zip(*columns, strict=True))


def _not_available(_book: Reckoner) -> Any:
    raise NotAvailableError


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "IF": _if,
    "AND": lambda *given: all(_all(given[:-1], given[-1])),
    "OR": lambda *given: any(_all(given[:-1], given[-1])),
    "NOT": lambda one, book: not one(book),
    "ABS": lambda one, book: abs(_number(one(book))),
    "INT": lambda one, book: float(math.floor(_number(one(book)))),
    "MIN": _numbers(lambda numbers: min(numbers, default=0.0)),
    "MAX": _numbers(lambda numbers: max(numbers, default=0.0)),
    "SUM": _numbers(math.fsum),
    "COUNT": _numbers(lambda numbers: float(len(numbers))),
    "COUNTIF": lambda cells, words, book: float(
        sum(_equal(cell, words(book)) for cell in cells(book))
    ),
    "SUMPRODUCT": _products,
    "INDEX": lambda cells, at, book: cells(book)[int(at(book)) - 1],
    "CHOOSE": lambda at, *given: given[int(at(given[-1])) - 1](given[-1]),
    "MATCH": _match,
    "ISNUMBER": _is_number,
    "NA": _not_available,
    "DATE": lambda *given: float(
        (dt.date(*(int(one(given[-1])) for one in given[:-1])) - DAY_0).days
    ),
    "YEAR": lambda day, book: float((DAY_0 + dt.timedelta(_number(day(book)))).year),
}


def formulas_hold(content: bytes) -> int:
    """Check that each formula of a workbook comes to the value it carries; return how many."""
    carried = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    book, formulas = Reckoner(openpyxl.load_workbook(io.BytesIO(content))), 0
    for (title, row, column), held in book.cells.items():
        if not (isinstance(held, str) and held.startswith("=")):
            continue
        cell = carried[title].cell(row, column)
        if cell.data_type == "s" and cell.value == held:
            continue  # a text that only looks like a formula
        formulas += 1
        known, found = as_held(cell.value), book.at((title, row, column))
        if isinstance(known, int | float) and not isinstance(known, bool):
            slack = 1e-5 if "$" in cell.number_format else 1e-9
            assert math.isclose(known, found, rel_tol=1e-11, abs_tol=slack), (title, row, held)
        else:
            assert (known or "") == (found or ""), (title, row, held)
    return formulas
