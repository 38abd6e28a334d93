"""Two rulebooks on every ACO of a year: who is compared, who is left out and why, how large."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from mssp_sim.scenario import Scenario
from mssp_sim.studies.rule_changes import Comparison, Rulebook, compare_rules, known, stack

SIZES = (5_000, 10_000, 20_000, 50_000)


class ComparedAco(NamedTuple):
    """A real ACO as a scenario, with its identifier and name."""

    aco_id: str
    name: str
    scenario: Scenario


class LeftOut(NamedTuple):
    """A real ACO that is not compared, and why in one sentence."""

    aco_id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ManyAcos:
    """Two rulebooks on the ACOs of a year: ``found`` has a row for each of ``acos``.

    ``not_loaded`` lack what a scenario needs, ``foreign`` have a contract that one of the two
    rulebooks does not know. ``found`` is None where no ACO is left.
    """

    year: int
    acos: tuple[ComparedAco, ...]
    found: Comparison | None
    not_loaded: tuple[LeftOut, ...]
    foreign: tuple[LeftOut, ...]

    @property
    def all_of_the_year(self) -> int:
        """How many ACOs CMS's file of the year has."""
        return len(self.acos) + len(self.not_loaded) + len(self.foreign)


def compare_many(
    year: int,
    acos: Sequence[ComparedAco],
    not_loaded: Sequence[LeftOut],
    old: Rulebook,
    new: Rulebook,
) -> ManyAcos:
    """Settle the ACOs of a year under two rulebooks; those that cannot be are named.

    Parameters
    ----------
    acos : each of one row
    not_loaded : those of the year that are no scenario

    Source: ours
    """
    if not acos:
        return ManyAcos(year, (), None, tuple(not_loaded), ())
    understood = known(stack([aco.scenario for aco in acos]), old, new)
    left = tuple(aco for aco, fits in zip(acos, understood, strict=True) if fits)
    foreign = tuple(
        LeftOut(
            aco.aco_id,
            aco.name,
            f"One of the two rulebooks has no contract {aco.scenario.level}.",
        )
        for aco, fits in zip(acos, understood, strict=True)
        if not fits
    )
    found = None
    if left:
        found = compare_rules(stack([aco.scenario for aco in left]), old, new)
    return ManyAcos(year, left, found, tuple(not_loaded), foreign)


def size_group(people: float) -> str:
    """Return the group of sizes that a number of assigned people belongs to.

    Source: ours

    Examples
    --------
    >>> size_group(4_999), size_group(5_000), size_group(80_000)
    ('under 5,000', '5,000 to 9,999', '50,000 and more')
    """
    if people < SIZES[0]:
        return f"under {SIZES[0]:,}"
    for low, high in pairwise(SIZES):
        if people < high:
            return f"{low:,} to {high - 1:,}"
    return f"{SIZES[-1]:,} and more"
