"""A formula and its value made in one stroke: what stands in a cell and what it comes to.

Only functions that Excel and LibreOffice share are used, none newer than 2007.
"""

import datetime as dt
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Value: TypeAlias = float | str | bool
COMPARED, ADDED, MULTIPLIED, RAISED, WHOLE = range(5)
"""How tightly the outermost operation of a formula binds; WHOLE needs no brackets."""

YES, NO = "yes", "no"
_FIRST_DAY = 693_594
"""What spreadsheets' day 0 is in Python's count of days."""


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """One value of the workbook: its text without the equals sign, and what it comes to.

    Examples
    --------
    >>> target, spent = Formula("Target", 100.0), Formula("Spent", 97.0)
    >>> rate = (target - spent) / target
    >>> rate.text, rate.value
    ('(Target-Spent)/Target', 0.03)
    """

    text: str
    value: Value
    binds: int = WHOLE

    def __add__(self, other: "Term") -> "Formula":
        return _joined(self, "+", other, operator.add, ADDED)

    def __radd__(self, other: "Term") -> "Formula":
        return _joined(other, "+", self, operator.add, ADDED)

    def __sub__(self, other: "Term") -> "Formula":
        return _joined(self, "-", other, operator.sub, ADDED)

    def __rsub__(self, other: "Term") -> "Formula":
        return _joined(other, "-", self, operator.sub, ADDED)

    def __mul__(self, other: "Term") -> "Formula":
        return _joined(self, "*", other, operator.mul, MULTIPLIED)

    def __truediv__(self, other: "Term") -> "Formula":
        return _joined(self, "/", other, lambda a, b: a / b if b else math.nan, MULTIPLIED)

    def __pow__(self, other: "Term") -> "Formula":
        return _joined(self, "^", other, operator.pow, RAISED)

    def __neg__(self) -> "Formula":
        return Formula("-" + _bracketed(self, WHOLE), -self.number, ADDED)

    def __ge__(self, other: "Term") -> "Formula":
        return _joined(self, ">=", other, operator.ge, COMPARED)

    def __gt__(self, other: "Term") -> "Formula":
        return _joined(self, ">", other, operator.gt, COMPARED)

    def __le__(self, other: "Term") -> "Formula":
        return _joined(self, "<=", other, operator.le, COMPARED)

    def __lt__(self, other: "Term") -> "Formula":
        return _joined(self, "<", other, operator.lt, COMPARED)

    @property
    def number(self) -> float:
        """The value as a number: an empty cell counts as nothing, a word as no number."""
        if isinstance(self.value, str):
            return math.nan if self.value else 0.0
        return float(self.value)

    @property
    def says_yes(self) -> "Formula":
        """Whether a yes-or-no cell says yes."""
        return same(self, YES)

    @property
    def empty(self) -> "Formula":
        """Whether a cell has been left empty."""
        return same(self, "")


Term: TypeAlias = Formula | float | str


@dataclass(frozen=True, slots=True)
class Range:
    """Cells side by side, or one under the other."""

    text: str
    cells: tuple[Formula, ...]

    def __getitem__(self, place: int) -> Formula:
        return self.cells[place]

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values as numbers."""
        return tuple(cell.number for cell in self.cells)


def plain(value: Value) -> Formula:
    """Return a number or a text as it stands in a formula.

    Examples
    --------
    >>> plain(2.0).text, plain(0.5).text, plain("yes").text
    ('2', '0.5', '"yes"')
    """
    if isinstance(value, str):
        return Formula('"' + value.replace('"', '""') + '"', value)
    text = repr(float(value)).removesuffix(".0").upper()
    return Formula(text, value, ADDED if value < 0 else WHOLE)


def when(claim: Formula, then: Term, otherwise: Term) -> Formula:
    """Return one of two values."""
    first, second = _formula(then), _formula(otherwise)
    return Formula(
        f"IF({claim.text},{first.text},{second.text})", first.value if claim.value else second.value
    )


def yes_if(claim: Formula) -> Formula:
    """Return a claim as a reader's yes or no."""
    return when(claim, YES, NO)


def lowest(*terms: Term) -> Formula:
    """Return the smallest of some numbers."""
    return _call("MIN", terms, lambda *numbers: min(numbers))


def highest(*terms: Term) -> Formula:
    """Return the largest of some numbers."""
    return _call("MAX", terms, lambda *numbers: max(numbers))


def between(low: Term, term: Term, high: Term) -> Formula:
    """Return a number held between two others."""
    return highest(low, lowest(high, term))


def size(term: Term) -> Formula:
    """Return a number without its sign."""
    return _call("ABS", [term], abs)


def all_of(*claims: Formula) -> Formula:
    """Return whether every claim holds."""
    return Formula(_listed("AND", claims), all(claim.value for claim in claims))


def any_of(*claims: Formula) -> Formula:
    """Return whether one claim holds at least."""
    return Formula(_listed("OR", claims), any(claim.value for claim in claims))


def not_(claim: Formula) -> Formula:
    """Return whether a claim does not hold."""
    return Formula(f"NOT({claim.text})", not claim.value)


def same(left: Term, right: Term) -> Formula:
    """Return whether two values are equal."""
    one, other = _formula(left), _formula(right)
    text = f"{_bracketed(one, ADDED)}={_bracketed(other, ADDED)}"
    return Formula(text, one.value == other.value, COMPARED)


def joined(*terms: Term) -> Formula:
    """Return texts one after the other."""
    parts = [_formula(term) for term in terms]
    text = "&".join(_bracketed(part, ADDED) for part in parts)
    return Formula(text, "".join(str(part.value) for part in parts), ADDED)


def total(cells: Range) -> Formula:
    """Return the sum of some cells."""
    return Formula(f"SUM({cells.text})", math.fsum(cells.numbers))


def sum_of_products(left: Range, right: Range) -> Formula:
    """Return the sum of the products of cells that stand at the same place."""
    value = math.fsum(a * b for a, b in zip(left.numbers, right.numbers, strict=True))
    return Formula(f"SUMPRODUCT({left.text},{right.text})", value)


def filled(cells: Range) -> Formula:
    """Return how many cells hold a number."""
    numbers = [c for c in cells.cells if not isinstance(c.value, str)]
    return Formula(f"COUNT({cells.text})", float(len(numbers)))


def how_many(cells: Range, words: str) -> Formula:
    """Return how many cells say these words."""
    text = f"COUNTIF({cells.text},{plain(words).text})"
    return Formula(text, float(sum(cell.value == words for cell in cells.cells)))


def place_of(value: Term, cells: Range) -> Formula:
    """Return where a value stands among cells, counted from 1."""
    sought = _formula(value)
    found = [cell.value for cell in cells.cells].index(sought.value) + 1
    return Formula(f"MATCH({sought.text},{cells.text},0)", float(found))


def last_at_most(value: Formula, rising: Range) -> Formula:
    """Return where the last cell that is not above a value stands, counted from 1."""
    place = sum(number <= value.number for number in rising.numbers)
    return Formula(f"MATCH({value.text},{rising.text},1)", float(place))


def cell_at(cells: Range, place: Term) -> Formula:
    """Return the cell at a place, counted from 1."""
    at = _formula(place)
    return Formula(f"INDEX({cells.text},{at.text})", cells[int(at.number) - 1].value)


def one_of(place: Formula, *terms: Term) -> Formula:
    """Return the term at a place, counted from 1."""
    parts = [_formula(term) for term in terms]
    text = f"CHOOSE({','.join([place.text, *(part.text for part in parts)])})"
    return Formula(text, parts[int(place.number) - 1].value)


def january(year: Formula) -> Formula:
    """Return the first day of a year, as spreadsheets count days."""
    return Formula(f"DATE({year.text},1,1)", day_number(int(year.number), 1, 1))


def year_of(day: Formula) -> Formula:
    """Return the calendar year of a day."""
    return Formula(
        f"YEAR({day.text})", float(dt.date.fromordinal(int(day.number) + _FIRST_DAY).year)
    )


def day_number(year: int, month: int, day: int) -> float:
    """Return a day as spreadsheets count days.

    Examples
    --------
    >>> day_number(2025, 1, 1)
    45658.0
    """
    return float(dt.date(year, month, day).toordinal() - _FIRST_DAY)


def not_available() -> Formula:
    """Return the value of a cell that has none."""
    return Formula("NA()", "#N/A")


def _formula(term: Term) -> Formula:
    return term if isinstance(term, Formula) else plain(term)


def _bracketed(formula: Formula, at_least: int) -> str:
    return formula.text if formula.binds >= at_least else f"({formula.text})"


def _joined(
    left: Term, sign: str, right: Term, work: Callable[[float, float], Any], binds: int
) -> Formula:
    one, other = _formula(left), _formula(right)
    # What stands left may bind as loosely as the sign itself, but for a power and a comparison.
    loosest = binds + 1 if binds in (RAISED, COMPARED) else binds
    text = f"{_bracketed(one, loosest)}{sign}{_bracketed(other, binds + 1)}"
    return Formula(text, work(one.number, other.number), binds)


def _call(name: str, terms: Sequence[Term], work: Callable[..., float]) -> Formula:
    parts = [_formula(term) for term in terms]
    return Formula(_listed(name, parts), work(*(part.number for part in parts)))


def _listed(name: str, terms: Sequence[Formula]) -> str:
    return f"{name}({','.join(term.text for term in terms)})"
