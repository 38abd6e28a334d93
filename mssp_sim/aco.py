"""Which real ACO a scenario was loaded from: identifier, name, year; checked when it is read."""

import re
from dataclasses import dataclass

from mssp_sim.quantity import OFFERED_YEARS, shown

LONGEST_NAME = 80
LONGEST_SHORT = 37
"""Characters of a name that has to stand beside a sentence."""

TELLING = 5
"""Characters that a name keeps at least when its usual ending is left out."""

ENTITY = re.compile(
    r"[\s,]+(l\.?l\.?c|p\.?l\.?l\.?c|l\.?l\.?p|inc|incorporated|corp|corporation|ltd|lp|pc|p\.c|pa|"
    r"p\.a|co|company)\.?$",
    re.IGNORECASE,
)
OTHER_NAME = re.compile(r"\s+(dba|d/b/a)\s.*$", re.IGNORECASE)
SPELLED_OUT = re.compile(r"\baccountable care organization\b", re.IGNORECASE)
HANGING = re.compile(r"(\s+(of|the|and|for|in|at|&|-))+$", re.IGNORECASE)
USUAL_ENDING = re.compile(r"[\s,]+(aco|accountable care)$", re.IGNORECASE)

_ID = re.compile(r"A[0-9]{4,5}", re.ASCII)
_WRITTEN = re.compile(r"(A[0-9]{4,5})\.([0-9]{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Aco:
    """The ACO-year whose published results a scenario was loaded from.

    Raises
    ------
    ValueError
        If the identifier, the year or the name cannot be one.

    Source: ours

    Examples
    --------
    >>> Aco("A1001", 2024, "Palm Beach Accountable Care Organization, LLC").label
    'Palm Beach, 2024'
    """

    aco_id: str
    year: int
    name: str

    def __post_init__(self) -> None:
        first, last = OFFERED_YEARS
        if not (isinstance(self.aco_id, str) and _ID.fullmatch(self.aco_id)):
            raise ValueError(f"{shown(self.aco_id)} is not the identifier of an ACO")
        if type(self.year) is not int or not first <= self.year <= last:
            raise ValueError(f"{shown(self.year)} is not a year from {first} to {last}")
        if not (isinstance(self.name, str) and typed(self.name) == self.name != ""):
            raise ValueError(f"{shown(self.name)} is not a name of one line")

    @property
    def label(self) -> str:
        """The short name and the year, to stand beside a sentence."""
        return f"{short_name(self.name)}, {self.year}"

    @property
    def title(self) -> str:
        """The whole name and the year, for what is taken away."""
        return f"{self.name}, {self.year}"

    @property
    def written(self) -> str:
        """The ACO-year in a link.

        Examples
        --------
        >>> Aco("A1001", 2024, "Palm Beach").written
        'A1001.2024'
        """
        return f"{self.aco_id}.{self.year}"


@dataclass(frozen=True, slots=True)
class Assumed:
    """What no file of CMS tells of a loaded ACO: names of its fields, and the words that say so."""

    fields: tuple[str, ...] = ()
    said: str = ""


NOTHING_ASSUMED = Assumed()


def read_written(text: str) -> tuple[str, int] | None:
    """Return identifier and year as a link writes them, or None.

    Examples
    --------
    >>> read_written("A1001.2024"), read_written("A1001.2024.1")
    (('A1001', 2024), None)
    """
    found = _WRITTEN.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def short_name(name: str) -> str:
    """Return a name without the kind of its company, short enough to stand beside a sentence.

    Examples
    --------
    >>> short_name("Palm Beach Accountable Care Organization, LLC")
    'Palm Beach'
    >>> short_name("NRH ACO LLC"), short_name("Novant Health Accountable Care Organization I, LLC")
    ('NRH ACO', 'Novant Health ACO I')
    """
    found = without_entity(OTHER_NAME.sub("", typed(name)))
    found = SPELLED_OUT.sub("ACO", found)
    plain = USUAL_ENDING.sub("", found)
    if len(plain) >= TELLING:
        found = plain
    if len(found) <= LONGEST_SHORT:
        return found
    cut = found[:LONGEST_SHORT].rpartition(" ")[0] or found[: LONGEST_SHORT - 1]
    return HANGING.sub("", cut).rstrip(" ,&-/") + "…"


def without_entity(name: str) -> str:
    """Return a name without the kind of its company.

    Examples
    --------
    >>> without_entity("MA-TDC GROUP ACO INC"), without_entity("Care Partners ACO, L.L.C.")
    ('MA-TDC GROUP ACO', 'Care Partners ACO')
    """
    while (plain := ENTITY.sub("", name).rstrip(" ,")) not in ("", name):
        name = plain
    return name


def typed(text: str) -> str:
    r"""Return what a reader typed as one plain line: no control character, no surprise length.

    Examples
    --------
    >>> typed("  Lake\x00 \n Care ")
    'Lake Care'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"
