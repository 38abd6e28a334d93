"""Two rulebooks on the ACOs of a year in words: who gains, who loses, by contract and size.

Source of all that is said here: ours.
"""

import csv
import io
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from mssp_sim.figure import Figure
from mssp_sim.figures import change, money, plain, signed, whole_dollars
from mssp_sim.naming import alone
from mssp_sim.parameters import CONTRACTS
from mssp_sim.provisions import PROPOSED
from mssp_sim.studies.rule_changes import Comparison, Effect, GroupChange, by_group
from mssp_sim.studies.rules_on_many import SIZES, ManyAcos, size_group
from mssp_sim.tables.written import harmless
from mssp_sim.trace import Step, ours
from mssp_sim.words.rule_changes import Names, cells, heads, marked

MOST_NAMED = 5
"""ACOs that are named of those that gain most, and of those that lose most."""

FIRST_WITH_ADJUSTMENT = 2022
"""From this year on CMS's file tells what was added to the historical benchmark."""

LOADED = (
    "Illustrative: each ACO is loaded as what it did, and nobody does anything else under other "
    "rules. "
)
TOLD = (
    "Its regional level is what CMS’s adjustment implies; nation, region and prospective trend "
    "are one trend, so that the prospective trend moves next to nothing here. Market share, "
    "national spending and revenue are assumed."
)
NOT_TOLD = (
    "CMS’s file of {year} does not tell its adjustment or trends: regional level, trends, market "
    "share, national spending and revenue are assumed."
)


class Counts(NamedTuple):
    """How many ACOs gain, lose and get the same, and the dollars of those that gain and lose."""

    gain: int
    lose: int
    same: int
    gained: float
    lost: float


class Mover(NamedTuple):
    """One ACO that gains or loses: what, and most of it by which provision."""

    name: str
    level: str
    people: str
    change: float
    mostly: str


def counts(found: Comparison) -> Counts:
    """Return who gains and who loses among all rows."""
    cents = np.round(np.atleast_1d(found.change), 2)
    gain, lose = cents > 0, cents < 0
    return Counts(
        int(gain.sum()), int(lose.sum()), int((cents == 0).sum()),
        float(cents[gain].sum()), float(cents[lose].sum()),
    )  # fmt: skip


def title(many: ManyAcos, names: Names) -> str:
    """Return who gains and who loses, in one sentence."""
    if many.found is None:
        return f"No ACO of {many.year} can be settled under both rulebooks"
    found, total = counts(many.found), len(many.acos)
    whose = f"{total:,} ACO{'' if total == 1 else 's'} of {many.year}"
    mark = f" under what is {PROPOSED}" if names.file else ""
    if not found.gain and not found.lose:
        return f"None of {whose} gains or loses{mark}"
    parts = []
    if found.gain:
        verb = "gains" if found.gain == 1 else "gain"
        parts.append(f"{found.gain:,} {verb} {money(found.gained)}")
    if found.lose:
        verb = "loses" if found.lose == 1 else "lose"
        parts.append(f"{found.lose:,} {verb} {money(-found.lost)}")
    if not found.same:
        return f"Of {whose}, {' and '.join(parts)}{mark}"
    verb = "gets" if found.same == 1 else "get"
    return f"Of {whose}, {', '.join(parts)} and {found.same:,} {verb} the same{mark}"


def anyone(many: ManyAcos) -> bool:
    """Return whether any ACO gains or loses a cent."""
    return many.found is not None and counts(many.found).same < len(many.acos)


def left_out(many: ManyAcos) -> str:
    """Return how many ACOs are not compared and why; nothing where all are."""
    words = []
    if many.not_loaded:
        words.append(
            f"{len(many.not_loaded):,} of {many.all_of_the_year:,} ACOs could not be loaded."
        )
    if many.foreign:
        verb = "has" if len(many.foreign) == 1 else "have"
        words.append(
            f"{len(many.foreign):,} of {many.all_of_the_year:,} {verb} a contract that one of the "
            "two rulebooks does not know."
        )
    return " ".join(words)


def assumed(year: int) -> str:
    """Return what stands behind the ACOs that no file tells."""
    told = year >= FIRST_WITH_ADJUSTMENT
    return LOADED + (TOLD if told else NOT_TOLD.format(year=year))


def tile(many: ManyAcos, names: Names) -> Figure:
    """Return the figure of the ACOs that gain."""
    found = counts(many.found) if many.found else Counts(0, 0, 0, 0.0, 0.0)
    verb = "loses" if found.lose == 1 else "lose"
    return Figure(
        key="acos_that_gain",
        label=f"ACOs that gain{names.mark}",
        shown=f"{found.gain:,} of {len(many.acos):,}",
        amount=float(found.gain),
        note=f"{found.lose:,} {verb}",
        how=partial(_how_counted, many, found),
    )


def figures(many: ManyAcos, names: Names) -> tuple[Figure, ...]:
    """Return what all ACOs gain and lose together, and each provision's part of it."""
    if many.found is None:
        return ()
    found, total = counts(many.found), float(np.sum(many.found.change))
    sums = Figure(
        key="all_acos",
        label=f"All ACOs of {many.year}{names.mark}",
        shown=change(total),
        amount=total,
        how=partial(_how_added, many, found, total),
    )
    effects = (
        Figure(
            key=f"all_acos_{effect.provision}",
            label=f"All ACOs of {many.year}: {marked(effect)}",
            shown=change(of_all(effect)),
            amount=of_all(effect),
            how=partial(_how_summed, many, effect),
        )
        for effect in many.found.effects
    )
    return (sums, *effects)


def of_all(effect: Effect) -> float:
    """Return what a provision moves for all rows together, dollars."""
    return float(np.sum(effect.dollars))


def moves(effect: Effect) -> bool:
    """Return whether a provision moves any row by a cent."""
    return bool(np.any(np.round(effect.dollars, 2)))


def _how_counted(many: ManyAcos, found: Counts) -> tuple[Step, ...]:
    words = "ACOs whose payment is a cent or more larger under the new rules"
    numbers = f"{found.gain:,} gain, {found.lose:,} lose, {found.same:,} get the same"
    shown = f"{found.gain:,} of {len(many.acos):,}"
    return (ours("ACOs that gain", words, numbers, shown, float(found.gain)),)


def _how_added(many: ManyAcos, found: Counts, total: float) -> tuple[Step, ...]:
    words = f"payments of {len(many.acos):,} ACOs under the new rules less those under the old"
    numbers = f"{whole_dollars(found.gained)} gained − {whole_dollars(-found.lost)} lost"
    return (ours("All ACOs together", words, numbers, signed(total), total),)


def _how_summed(many: ManyAcos, effect: Effect) -> tuple[Step, ...]:
    words = "the provision’s mean effect over the orders of the provisions, added over all ACOs"
    dollars = of_all(effect)
    numbers = f"sum over {len(many.acos):,} ACOs"
    return (ours(marked(effect), words, numbers, signed(dollars), dollars),)


def by_contract(many: ManyAcos) -> tuple[GroupChange, ...]:
    """Return who gains and who loses by contract, in the order of the contracts."""
    return _grouped(many, [str(aco.scenario.level) for aco in many.acos], CONTRACTS)


def by_size(many: ManyAcos) -> tuple[GroupChange, ...]:
    """Return who gains and who loses by assigned people, the smallest first."""
    people = [float(aco.scenario.assigned_beneficiaries) for aco in many.acos]
    order = [size_group(size) for size in (0, *SIZES)]
    return _grouped(many, [size_group(one) for one in people], order)


def _grouped(
    many: ManyAcos, groups: Sequence[str], order: Sequence[str]
) -> tuple[GroupChange, ...]:
    if many.found is None:
        return ()
    found = by_group(groups, many.found)
    return tuple(sorted(found, key=lambda one: order.index(one.group)))


def rows(groups: Sequence[GroupChange], head: str) -> list[dict[str, str]]:
    """Return groups as rows of a table."""
    return [
        {
            head: alone(one.group),
            "ACOs": plain(one.acos, 0),
            "Gain": plain(one.gain, 0),
            "Lose": plain(one.lose, 0),
            "Together": change(one.after - one.before),
        }
        for one in groups
    ]


def movers(many: ManyAcos, *, gain: bool) -> tuple[Mover, ...]:
    """Return the ACOs that gain most, or those that lose most."""
    if many.found is None:
        return ()
    cents = np.round(np.atleast_1d(many.found.change), 2)
    order = np.argsort(-cents if gain else cents, kind="stable")[:MOST_NAMED]
    return tuple(
        Mover(
            many.acos[row].name,
            alone(str(many.acos[row].scenario.level)),
            plain(float(many.acos[row].scenario.assigned_beneficiaries), 0),
            float(cents[row]),
            _mostly(many.found, int(row), float(cents[row])),
        )
        for row in order
        if (cents[row] > 0 if gain else cents[row] < 0)
    )


def _mostly(found: Comparison, row: int, moved: float) -> str:
    """Return the provision that moved most in the direction of the change."""
    most = max(found.effects, key=lambda e: float(np.atleast_1d(e.dollars)[row]) * np.sign(moved))
    return marked(most)


def mover_rows(found: Sequence[Mover]) -> list[dict[str, str]]:
    """Return ACOs that gain or lose most as rows of a table."""
    return [
        {
            "ACO": one.name,
            "Contract": one.level,
            "People": one.people,
            "Difference": change(one.change),
            "Mostly by": one.mostly,
        }
        for one in found
    ]


def describe(many: ManyAcos, names: Names) -> str:
    """Return the picture of the groups in words, for who cannot see it."""
    groups = (*by_contract(many), *by_size(many))
    parts = ", ".join(
        f"{alone(one.group)}: {one.gain} gain and {one.lose} lose of {one.acos}" for one in groups
    )
    return f"{title(many, names)}. {parts}."


def table(many: ManyAcos, names: Names) -> str:
    """Return every ACO of the year as CSV: its payments and effects, or why it is left out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    effects = heads(many.found) if many.found else ["payment_before", "payment_after", "change"]
    first = ["aco_id", "name", "contract", "people", "rules_before", "rules_after"]
    writer.writerow([*first, *map(harmless, effects), "mostly_by", "left_out"])
    compared = [(row, aco, many.found) for row, aco in enumerate(many.acos) if many.found]
    for row, aco, found in compared:
        moved = float(np.round(np.atleast_1d(found.change)[row], 2))
        mostly = _mostly(found, row, moved) if moved else ""
        line = [
            aco.aco_id, aco.name, str(aco.scenario.level),
            f"{float(aco.scenario.assigned_beneficiaries):.0f}", names.old, names.new,
        ]  # fmt: skip
        writer.writerow([*map(harmless, line), *cells(found, row), harmless(mostly), ""])
    for gone in (*many.not_loaded, *many.foreign):
        line = [gone.aco_id, gone.name, "", "", names.old, names.new]
        blank = [""] * (len(effects) + 1)
        writer.writerow([*map(harmless, line), *blank, harmless(gone.why)])
    return out.getvalue()
