"""The ACOs of a year inside, loaded once a process, and two rulebooks on all of them."""

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, cast

from mssp_sim.cms_files import NotLoadableError, load, published
from mssp_sim.provisions import Provisions, read
from mssp_sim.studies.rulebooks import MINE, NO_FILE, Choice, rulebooks, shipped
from mssp_sim.studies.rules_on_many import ComparedAco, LeftOut, ManyAcos, compare_many

COLUMNS = (*published.COLUMNS, "adjustment_applied", "adjustment_category")
"""What loading needs: a row of every column takes a fifth longer."""

YEARS_KEPT, COMPARISONS_KEPT = 3, 24
_one_at_a_time = Lock()
"""Two visitors who ask for one year wait for one loading of it."""


def years() -> tuple[int, ...]:
    """Return the performance years whose ACOs lie inside, the latest first."""
    return tuple(sorted((source.year for source in published.provenance()), reverse=True))


def file_of(choice: Choice, mine: bytes) -> Provisions | None:
    """Return the provision file of a choice; ``mine`` is the content of the reader's own.

    Raises
    ------
    ProvisionError
        Where the reader's own cannot be used.
    """
    if choice.file == MINE and mine:
        return _read(mine)
    return shipped().get(choice.file)


def on_all(choice: Choice, mine: bytes) -> ManyAcos:
    """Return the ACOs of the choice's year under its two rulebooks.

    Raises
    ------
    ProvisionError
        Where the provisions cannot hold together.
    """
    with _one_at_a_time:
        return _compared(choice, mine if choice.file == MINE else b"")


def loaded(year: int) -> bool:
    """Return whether the ACOs of a year are loaded already."""
    return year in _LOADED


_LOADED: dict[int, tuple[tuple[ComparedAco, ...], tuple[LeftOut, ...]]] = {}


@lru_cache(maxsize=COMPARISONS_KEPT)
def _compared(choice: Choice, mine: bytes) -> ManyAcos:
    acos, refused = _acos(choice.acos)
    return compare_many(choice.acos, acos, refused, *rulebooks(choice, file_of(choice, mine)))


def _acos(year: int) -> tuple[tuple[ComparedAco, ...], tuple[LeftOut, ...]]:
    """Return the ACOs of a year as scenarios, and those that cannot be loaded."""
    if year not in _LOADED:
        found: list[ComparedAco] = []
        refused: list[LeftOut] = []
        rows = published.results(COLUMNS, year=year).to_dict("records")
        for row in cast(list[Mapping[str, Any]], rows):
            who = str(row["aco_id"]), str(row["aco_name"])
            try:
                found.append(ComparedAco(*who, load(row).scenario))
            except NotLoadableError as fault:
                refused.append(LeftOut(*who, str(fault)))
        while len(_LOADED) >= YEARS_KEPT:
            _LOADED.pop(next(iter(_LOADED)))
        _LOADED[year] = (tuple(found), tuple(refused))
    return _LOADED[year]


@lru_cache(maxsize=COMPARISONS_KEPT)
def _read(mine: bytes) -> Provisions:
    return read(mine)


__all__ = ["MINE", "NO_FILE", "file_of", "loaded", "on_all", "years"]
