"""Which two rulebooks are compared: the pairs that are offered, a free choice, its word in a link.

A choice may be laid over by a provision file: one that ships, or the reader's own, whose content no
link holds.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from mssp_sim import parameters
from mssp_sim.parameters import last_listed_year, last_published_year
from mssp_sim.provisions import PROPOSED, Provisions, read
from mssp_sim.quantity import FIRST_LEVELS, PERFORMANCE_YEARS, agreement_starts
from mssp_sim.studies.rule_changes import Rulebook

Known = TypeVar("Known", int, dt.date)

SHIPPED = Path(parameters.__file__).parent / "proposed"
NO_FILE, MINE = "none", "mine"
OWN = "own"
"""How a link writes that a row keeps its own year or start."""

PARTS, LONGEST_TITLE = 4, 40
BETWEEN = "~"
"""What stands between the parts of a choice in a link."""


class ChoiceError(ValueError):
    """A choice of rulebooks that a link cannot mean, in one sentence."""


class Book(NamedTuple):
    """The rules of a year and of agreements of one start; None leaves each row its own."""

    performance_year: int | None = None
    agreement_start: dt.date | None = None


class Choice(NamedTuple):
    """Two rulebooks, the provision file on top of the new one, and the year of the ACOs."""

    old: Book
    new: Book
    file: str
    acos: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rulebooks that are offered under a name; ``file`` ships with the app."""

    label: str
    old: Book
    new: Book
    file: str = NO_FILE


@cache
def pairs() -> Mapping[str, Pair]:
    """Return the pairs that are offered, by their key; the first is the one a page opens on.

    Source: ours
    """
    last, listed = last_published_year(), last_listed_year()
    found = {
        "next": Pair(f"{last} → {listed}", Book(last), Book(listed)),
        "starts_2024": Pair(
            "Agreements from 2023 → 2024",
            Book(None, dt.date(2023, 1, 1)),
            Book(None, dt.date(2024, 1, 1)),
        ),
        "starts_2019": Pair(
            "Agreements from 2019 → 2024", Book(None, FIRST_LEVELS), Book(None, dt.date(2024, 1, 1))
        ),
    }
    for key, proposed in shipped().items():
        base = base_of(proposed)
        year = f" for {base.performance_year}" if base.performance_year else ""
        label = f"{PROPOSED.capitalize()}{year}: {short_title(proposed.title)}"
        found[key] = Pair(label, base, base, key)
    return found


def short_title(title: str) -> str:
    """Return what a provision file is called in a sentence: its title up to the first comma.

    Source: ours

    Examples
    --------
    >>> short_title("CMS-1848-P, the proposed rule for 2027")
    'CMS-1848-P'
    """
    head = title.partition(",")[0].strip() or title
    return head if len(head) <= LONGEST_TITLE else f"{head[: LONGEST_TITLE - 1].rstrip()}…"


@cache
def shipped() -> Mapping[str, Provisions]:
    """Return the provision files that ship, by the name of their file.

    Source: what was proposed and published
    """
    return {path.stem: read(path.read_bytes()) for path in sorted(SHIPPED.glob("*.toml"))}


def base_of(proposed: Provisions) -> Book:
    """Return the rulebook that every change of a file reaches; a row's own where it has no date.

    Source: ours

    Examples
    --------
    >>> base_of(shipped()["cms_1848_p"])
    Book(performance_year=2027, agreement_start=datetime.date(2027, 1, 1))
    """
    days: dict[str, dt.date] = {}
    for change in proposed.changes:
        for clock, day in change.applies_from.items():
            days[clock] = max(days.get(clock, day), day)
    start = _offered_start(days.get("agreement_start"))
    year = days["performance_year"].year if "performance_year" in days else None
    if start:
        year = max(year or 0, start.year)
    years = book_years()
    return Book(min(max(year, years[0]), years[-1]) if year else None, start)


def _offered_start(day: dt.date | None) -> dt.date | None:
    """Return the first start that is offered on or after a day, else the last before it."""
    if day is None:
        return None
    starts = agreement_starts(assume_last=True)
    return next((start for start in starts if start >= day), starts[-1])


def opening(acos: int) -> Choice:
    """Return the choice a page opens on, with the ACOs of a year."""
    first = next(iter(pairs().values()))
    return Choice(first.old, first.new, first.file, acos)


def pair_of(choice: Choice) -> str | None:
    """Return the key of the offered pair that a choice is, None for any other."""
    wanted = choice[:3]
    return next((k for k, p in pairs().items() if (p.old, p.new, p.file) == wanted), None)


def rulebooks(choice: Choice, proposed: Provisions | None) -> tuple[Rulebook, Rulebook]:
    """Return the two rulebooks of a choice; values not published are assumed, and noted.

    Parameters
    ----------
    proposed : the content of the choice's file, None without one

    Source: ours
    """
    old, new = (Rulebook(*book, assume_last=any(book)) for book in (choice.old, choice.new))
    if proposed is None:
        return old, new
    return old, Rulebook(*choice.new, provisions=proposed, assume_last=new.assume_last)


def write_choice(choice: Choice, years: Sequence[int]) -> str | None:
    """Return a choice as the word of a link, None for the one a page opens on.

    Source: ours

    Examples
    --------
    >>> books = Book(None, dt.date(2023, 1, 1)), Book(2027, dt.date(2024, 1, 1))
    >>> write_choice(Choice(*books, "cms_1848_p", 2024), (2023, 2024))
    'own.2023-01-01~2027.2024-01-01~cms_1848_p~2024'
    """
    if choice == opening(max(years)):
        return None
    books = (".".join(str(part or OWN) for part in book) for book in (choice.old, choice.new))
    return BETWEEN.join((*books, choice.file, str(choice.acos)))


def read_choice(text: str | None, years: Sequence[int]) -> Choice:
    """Return the choice a link means.

    Parameters
    ----------
    text : what the link says, hostile until it is read
    years : the years whose ACOs can be chosen

    Raises
    ------
    ChoiceError
        With one sentence.

    Source: ours

    Examples
    --------
    >>> read_choice("2026.own~2027.own~none~2019", (2019, 2024)) == opening(2019)
    True
    """
    if text is None:
        return opening(max(years))
    parts = text.split(BETWEEN)
    if len(parts) != PARTS:
        raise ChoiceError("it does not say two rulebooks, a provision file and a year of ACOs")
    old, new, file, acos = parts
    if file not in (NO_FILE, MINE, *shipped()):
        raise ChoiceError("it names a provision file that is not there")
    return Choice(_book(old), _book(new), file, _one_of(years, acos, "a year of ACOs"))


def book_years() -> range:
    """Return the performance years a rulebook can be of.

    Source: ours
    """
    return range(PERFORMANCE_YEARS[0], last_listed_year() + 1)


def _book(text: str) -> Book:
    year, _, start = text.partition(".")
    starts = agreement_starts(assume_last=True)
    return Book(
        None if year == OWN else _one_of(book_years(), year, "a performance year"),
        None if start == OWN else _one_of(starts, start, "an agreement start"),
    )


def _one_of(known: Sequence[Known], text: str, what: str) -> Known:
    found = next((value for value in known if str(value) == text), None)
    if found is None:
        raise ChoiceError(f"it names {what} that is not there")
    return found
