"""The small language of the lessons: sums and comparisons of named figures, and nothing else.

``slip.shared_savings / 2`` is a figure, ``slip.shared_savings < good.shared_savings`` a claim.
It is read as a tree and walked; nothing is ever run.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

from mssp_sim.figures import money, percent, plain, points, score, whole_dollars
from mssp_sim.tolerances import HALF_CENT, PART_OF_AMOUNT, SAME_RATE

Kind = Literal[
    "money", "dollars", "rate", "score", "points", "count", "year", "number", "text", "claim"
]

PLACE = re.compile(r"\{([^{}]*)\}")
SHARES = ("rate", "score", "points", "number")


class ExpressionError(ValueError):
    """A figure or a claim of a lesson that cannot be read."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure and what it counts, which decides how it is shown."""

    value: Any
    kind: Kind


class Named(Protocol):
    """What figures are asked of: something that knows its own by name."""

    def amount(self, name: str) -> Amount:
        """Return one figure; KeyError if there is none of that name."""
        ...

    def section(self, parameter: str) -> str:
        """Return the paragraph a parameter comes from; KeyError if there is none."""
        ...


def evaluate(text: str, states: Mapping[str, Named]) -> Amount:
    """Return what an expression amounts to.

    Raises
    ------
    ExpressionError
        If it is no sum of known figures.
    """
    found = _walk(_tree(text), text, states)
    if found.kind == "claim":
        raise ExpressionError(f"{text!r} is a claim; a figure is wanted")
    return found


def holds(claim: str, states: Mapping[str, Named]) -> bool:
    """Return whether a comparison is true.

    Raises
    ------
    ExpressionError
        If it is no comparison of known figures.
    """
    found = _walk(_tree(claim), claim, states)
    if found.kind != "claim":
        raise ExpressionError(f"{claim!r} compares nothing; write a < b, a > b or a == b")
    return bool(found.value)


def fill(text: str, states: Mapping[str, Named]) -> str:
    """Return a text with its figures: ``{slip.shared_savings}`` becomes $6.5M.

    After a colon stands the number of digits, ``dollars`` for the whole amount, or ``percent`` for
    a score as the part that it pays.
    """

    def shown(place: re.Match[str]) -> str:
        expression, _, how = place[1].partition(":")
        return written(evaluate(expression, states), how.strip())

    filled = PLACE.sub(shown, text)
    if "{" in filled or "}" in filled:
        raise ExpressionError(f"a brace is left over in {text!r}")
    return " ".join(filled.split())


def written(amount: Amount, how: str = "") -> str:
    """Return a figure by the house rules.

    Examples
    --------
    >>> written(Amount(0.0198, "rate"), "2"), written(Amount(6_516_510, "money"))
    ('1.98%', '$6.5M')
    >>> written(Amount(0.75, "score")), written(Amount(0.75, "score"), "percent")
    ('75.0', '75.0%')
    """
    value, kind = amount.value, amount.kind
    if kind == "text":
        return str(value)
    if how == "dollars":
        return whole_dollars(value)
    if how == "percent" and kind in SHARES:
        return percent(value)
    if how and not how.isdecimal():
        raise ExpressionError(f"{how!r} after a colon; a number of digits or dollars stands there")
    digits = int(how) if how else 1
    if kind == "money":
        return money(value)
    if kind == "dollars":
        return whole_dollars(value)
    if kind == "year":
        return str(int(value))
    if kind == "count":
        return plain(value, int(how or 0))
    return _SHARES[kind](value, digits)


_SHARES: Mapping[str, Callable[[float, int], str]] = {
    "rate": percent,
    "score": score,
    "points": points,
    "number": plain,
}


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as fault:
        raise ExpressionError(f"{text!r} cannot be read: {fault.msg}") from fault


def _same(a: Any, b: Any) -> bool:  # noqa: ANN401
    if isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    large = max(abs(a), abs(b))
    near = HALF_CENT if large > 1_000 else SAME_RATE  # noqa: PLR2004
    return bool(abs(a - b) <= near + PART_OF_AMOUNT * large)


SUMS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
COMPARISONS: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a < b and not _same(a, b),
    ast.Gt: lambda a, b: a > b and not _same(a, b),
    ast.LtE: lambda a, b: a < b or _same(a, b),
    ast.GtE: lambda a, b: a > b or _same(a, b),
    ast.Eq: _same,
    ast.NotEq: lambda a, b: not _same(a, b),
}


def _walk(node: ast.expr, text: str, states: Mapping[str, Named]) -> Amount:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value):
            return Amount(value, "number")
        case ast.Constant(value=str() as value):
            return Amount(value, "text")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _walk(operand, text, states)
            return Amount(-inner.value, inner.kind)
        case ast.Attribute(value=ast.Name(id=state), attr=name):
            return _asked(state, name, text, states)
        case ast.Attribute(
            value=ast.Attribute(value=ast.Name(id=state), attr="section"), attr=name
        ):
            return _asked(state, name, text, states, section=True)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SUMS:
            a, b = _walk(left, text, states), _walk(right, text, states)
            kind = _kind(a.kind, op, b.kind, text)
            return Amount(SUMS[type(op)](a.value, b.value), kind)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            a, b = _walk(left, text, states), _walk(right, text, states)
            return Amount(COMPARISONS[type(op)](a.value, b.value), "claim")
    raise ExpressionError(
        f"{text!r} holds more than figures like slip.shared_savings, numbers, + − * / "
        "and one comparison"
    )


def _asked(
    state: str, name: str, text: str, states: Mapping[str, Named], *, section: bool = False
) -> Amount:
    try:
        asked = states[state]
        return Amount(asked.section(name), "text") if section else asked.amount(name)
    except KeyError as unknown:
        raise ExpressionError(f"{text!r}: there is no {unknown}") from unknown


def _kind(a: Kind, op: ast.operator, b: Kind, text: str) -> Kind:
    """Return what a sum counts: rates less rates are points, dollars by dollars a number."""
    if "text" in (a, b) or "claim" in (a, b):
        raise ExpressionError(f"{text!r} reckons with words")
    if isinstance(op, ast.Add | ast.Sub):
        if a == b:
            apart = isinstance(op, ast.Sub) and a in ("rate", "score")
            return "points" if apart else a
        if "number" in (a, b):
            return b if a == "number" else a
        raise ExpressionError(f"{text!r} adds {a} and {b}")
    if isinstance(op, ast.Div) and a == b:
        return "number"
    if a == "number":
        return b if isinstance(op, ast.Mult) else "number"
    if b in SHARES:
        return a
    return b if a in SHARES and isinstance(op, ast.Mult) else "number"
