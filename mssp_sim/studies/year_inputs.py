"""What a quarter's report says, and what is chosen on the page of the year that runs."""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

from mssp_sim.quarter import LAST_TWELVE_MONTHS, YEAR_SO_FAR, Basis
from mssp_sim.units import Dollars, Fraction, Persons

SEED = 425
QUARTERS = (1, 2, 3, 4)
MONTHS = 12
BASES = {"twelve": LAST_TWELVE_MONTHS, "year": YEAR_SO_FAR}
"""What spending and target of a report cover, by its word in a link."""

Part = Literal["own", "region", "nation", "risk", "late"]
PARTS: tuple[Part, ...] = ("own", "region", "nation", "risk", "late")
"""What is not known yet: own spending of the months left, three parts of the target, late bills."""

LATE_BILLS = 0.013
"""What CMS itself adds for bills that come later than three months after the year.

Source: CMS, Shared Savings and Losses Specifications, version 11: completion factor of 1.013
"""


class ThisYearError(ValueError):
    """A figure of the year that cannot be read or is not allowed, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What a quarter's report says, in plain totals; dollars are per person-year.

    ``target_per_person`` is CMS's estimate of the updated benchmark (its step P): before the risk
    step and the guardrail. ``quality`` is the score so far. Without ``person_years`` they follow
    the scenario's person-years for each assigned person.
    """

    quarter: int
    people: Persons
    spending_per_person: Dollars
    target_per_person: Dollars
    quality: Fraction
    basis: Basis = LAST_TWELVE_MONTHS
    person_years: Persons | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is chosen and typed on the page; None is what the invented report says.

    Parameters
    ----------
    quarter : of the report, 1 to 4
    people, spent, target : what the report says; dollars per person-year
    quality : the score so far, a fraction
    basis : what spending and target cover
    late_bills : what the reported spending still grows by as late bills come in
    late_spread : how far that may stray, one standard deviation, for a whole year of reports
    off : parts of chance that are switched off
    work : months over which a new intervention grows to its full effect
    goal : dollars to earn; None asks for the minimum only
    reach : the cut of spending that is still held to be possible
    book : the chance that what is booked is not reversed
    check : months after the year's end until the check
    seed : of the draws
    """

    quarter: int = 2
    people: Persons | None = None
    spent: Dollars | None = None
    target: Dollars | None = None
    quality: Fraction | None = None
    basis: Basis = LAST_TWELVE_MONTHS
    late_bills: Fraction = LATE_BILLS
    late_spread: Fraction = 0.005
    off: frozenset[Part] = field(default_factory=frozenset)
    work: float = 3.0
    goal: Dollars | None = None
    reach: Fraction = 0.05
    book: Fraction = 0.8
    check: int = 10
    seed: int = SEED

    def __post_init__(self) -> None:
        for word, rule in _RULES.items():
            value = getattr(self, rule.field)
            if value is None:
                continue
            shown = value * rule.scale
            if not (math.isfinite(shown) and rule.low <= shown <= rule.high):
                raise ThisYearError(
                    f"{word} is {shown:.10g}; it goes from {rule.low:,.10g} to {rule.high:,.10g}"
                )
        unknown = sorted(set(self.off) - set(PARTS))
        if unknown:
            raise ThisYearError(f"{unknown[0][:20]} is no part; the parts are {', '.join(PARTS)}")
        if self.basis not in BASES.values():
            raise ThisYearError(f"basis is {self.basis}; it is one of {', '.join(BASES.values())}")


@dataclass(frozen=True, slots=True)
class _Number:
    """How one number of ``Watched`` is written: its field, its ends in units of the screen."""

    field: str
    low: float
    high: float
    scale: float = 1.0
    whole: bool = False


_RULES = {
    "q": _Number("quarter", 1, 4, whole=True),
    "people": _Number("people", 1, 2_000_000),
    "spent": _Number("spent", 1_000, 200_000),
    "target": _Number("target", 1_000, 200_000),
    "quality": _Number("quality", 0, 100, 100),
    "late": _Number("late_bills", 0, 20, 100),
    "doubt": _Number("late_spread", 0, 10, 100),
    "work": _Number("work", 0, 12),
    "goal": _Number("goal", 0, 1_000, 1e-6),
    "reach": _Number("reach", 0.5, 60, 100),
    "book": _Number("book", 50, 99, 100),
    "check": _Number("check", 4, 24, whole=True),
    "seed": _Number("seed", 0, 999_999, whole=True),
}
BASIS, OFF = "basis", "off"
CENTS = 2


def read_watched(text: str | None) -> Watched:
    """Return what a short text says of the year, as in ``q:3;spent:12700;off:risk.late``.

    Raises
    ------
    ThisYearError
        Says what cannot be read, and what is allowed.

    Source: ours

    Examples
    --------
    >>> found = read_watched("q:3;quality:81.5;off:risk")
    >>> found.quarter, found.quality, sorted(found.off)
    (3, 0.815, ['risk'])
    >>> read_watched("q:9")
    Traceback (most recent call last):
    ...
    mssp_sim.studies.year_inputs.ThisYearError: q is 9; it goes from 1 to 4
    """
    found: dict[str, Any] = {}
    for part in filter(None, (text or "").split(";")):
        word, _, value = part.partition(":")
        if word == OFF:
            found[OFF] = frozenset(filter(None, value.split(".")))
        elif word == BASIS:
            if value not in BASES:
                raise ThisYearError(f"basis is {value[:20]}; it is one of {', '.join(BASES)}")
            found[BASIS] = BASES[value]
        elif word in _RULES:
            found[_RULES[word].field] = _number(word, value)
        else:
            known = ", ".join((*_RULES, BASIS, OFF))
            raise ThisYearError(f"{word[:20]} is no word of this page; the words are {known}")
    return Watched(**found)


def _number(word: str, text: str) -> float | int:
    rule = _RULES[word]
    try:
        value = float(text)
    except ValueError:
        raise ThisYearError(f"{word} is {text[:20]}; it is a number") from None
    if rule.whole:
        if not (math.isfinite(value) and value == int(value)):
            raise ThisYearError(f"{word} is {text[:20]}; it is a whole number")
        return int(value)
    return round(value / rule.scale, 12 if rule.scale >= 1 else CENTS)


def write_watched(watched: Watched) -> str | None:
    """Return the text that ``read_watched`` reads; None for what the page opens on.

    Source: ours

    Examples
    --------
    >>> write_watched(Watched(quarter=3, goal=8e6)), write_watched(Watched())
    ('q:3;goal:8', None)
    """
    usual = Watched()
    parts = [
        f"{word}:{value * rule.scale:.12g}"
        for word, rule in _RULES.items()
        if (value := getattr(watched, rule.field)) != getattr(usual, rule.field)
    ]
    if watched.basis != usual.basis:
        parts.append(f"{BASIS}:{next(w for w, basis in BASES.items() if basis == watched.basis)}")
    if watched.off:
        parts.append(f"{OFF}:{'.'.join(part for part in PARTS if part in watched.off)}")
    return ";".join(parts) or None
