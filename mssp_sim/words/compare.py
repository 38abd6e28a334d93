"""Compare in words: columns, what differs, which is better, and what moved the money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mssp_sim.figure import Figure, of_result
from mssp_sim.figures import (
    as_shown,
    change,
    money,
    percent,
    rounded,
    shares_as_shown,
    whole_dollars,
)
from mssp_sim.naming import (
    begun,
    change_in_words,
    contract,
    numbered,
    on_button,
    table_change,
    value_as_shown,
)
from mssp_sim.quantity import BY_SIZE, Whose
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, changed, quantities
from mssp_sim.studies.levers import GROUPS
from mssp_sim.studies.moved import Change, Moved
from mssp_sim.trace import Step, ours

ALWAYS_SHOWN = ("cost_reduction", "quality_score", "regional_growth", "level")
MOST_SHOWN = 6
"""Values under a column before the rest is counted."""

BASELINE, NOW = "Baseline", "Now"
SLIP, GOOD = "Slip year", "Good year"
IN_A_SENTENCE = {
    BASELINE: "the baseline", NOW: "this scenario", SLIP: "the slip year", GOOD: "the good year",
}  # fmt: skip

MOST_IN_A_NAME, LONGEST_NAME = 2, 32
"""Differences, and characters, that a column can be named by; beyond them it has a number."""

SO_THAT_THEY_ADD_UP = " so that the shares add up as shown"


@dataclass(frozen=True, slots=True)
class Column:
    """One scenario to compare: its name, what it comes to, and its letter if it was put aside."""

    name: str
    result: Result
    letter: str = ""

    @property
    def scenario(self) -> Scenario:
        """Its scenario."""
        return self.result.scenario

    @property
    def spoken(self) -> str:
        """Its name inside a sentence."""
        if self.name in IN_A_SENTENCE or not self.name[1:2].islower():
            return IN_A_SENTENCE.get(self.name, self.name)
        return self.name[0].lower() + self.name[1:]

    @property
    def payment(self) -> float:
        """What it is paid less what it owes, dollars."""
        return float(self.result.payment)


def names(
    kept: Mapping[str, Scenario], baseline: Scenario, known: Mapping[str, Scenario]
) -> dict[str, str]:
    """Return what each scenario put aside is called: as it is known, by what differs, or a number.

    Parameters
    ----------
    kept : the scenarios put aside, by letter; one alone is told apart from the baseline
    known : scenarios that have a name of their own

    Examples
    --------
    >>> names({"A": Scenario(), "B": Scenario(level="ENHANCED")}, Scenario(), {})
    {'A': 'Contract E', 'B': 'Contract ENHANCED'}
    """
    first, *others = kept.values() if len(kept) > 1 else (*kept.values(), baseline)
    differ = {name for one in others for name in changed(one, first)}
    by_difference = [name for name in quantities() if name in differ]
    found = {}
    for letter, scenario in kept.items():
        own = next((name for name, one in known.items() if one == scenario), "")
        found[letter] = own or _by_what_differs(by_difference, scenario)
    given = list(found.values())
    return {
        letter: name if name and given.count(name) == 1 else begun(numbered(letter))
        for letter, name in found.items()
    }


def _by_what_differs(fields: Sequence[str], scenario: Scenario) -> str:
    """Return the values of these fields as a name; nothing where they are too many or too long."""
    if len(fields) > MOST_IN_A_NAME or any(quantities()[n].kind == "table" for n in fields):
        return ""
    name = begun(", ".join(_named_value(field, scenario) for field in fields))
    return name if len(name) <= LONGEST_NAME else ""


def _named_value(name: str, scenario: Scenario) -> str:
    if name == "level":
        return contract(scenario.level)
    return _value(name, scenario)


def paid(dollars: float) -> str:
    """Return a payment as shown over a column.

    Examples
    --------
    >>> paid(6_516_510), paid(-6_864_000)
    ('$6.5M', 'owes $6.9M')
    """
    return f"owes {money(-dollars)}" if rounded(dollars, 2) < 0 else money(dollars)


def values(column: Column, columns: Sequence[Column]) -> list[tuple[str, bool]]:
    """Return what a column holds, and whether it differs from the first column.

    The main levers are always there; then what differs between any two columns.
    """
    first = columns[0].scenario
    differ = [n for other in columns[1:] for n in changed(other.scenario, first)]
    names = [*ALWAYS_SHOWN, *(n for n in quantities() if n in differ and n not in ALWAYS_SHOWN)]
    own = set(changed(column.scenario, first))
    shown, rest = names[:MOST_SHOWN], names[MOST_SHOWN:]
    found = [(_value(name, column.scenario), name in own) for name in shown]
    if rest:
        found.append((f"{len(rest)} more", any(name in own for name in rest)))
    return found


def _value(name: str, scenario: Scenario) -> str:
    if name == "level":
        return on_button(scenario.level)
    words = quantities()[name]
    short = words.label.lower() if words.short is None else words.short
    return f"{short} {value_as_shown(name, scenario)}"


def headline(columns: Sequence[Column], other: Column, moved: Moved) -> str:
    """Return what the comparison comes to, and which group of changes made it so."""
    first = columns[0]
    if rounded(other.payment - first.payment, 2) == 0:
        same = f"{other.spoken} and {first.spoken} come to the same: {paid(first.payment)}"
        if any(rounded(part.dollars, 2) for part in moved.changes):
            return begun(f"{same}; what one change gave, another took.")
        return begun(f"{same}.")
    return begun(f"{_difference(first, other)}: {_because(moved)}.")


def _difference(first: Column, other: Column) -> str:
    one, two = first.payment, other.payment
    much = money(abs(as_shown(two, one)))
    if one >= 0 > two:
        earns = f"earns {money(one)}" if one else "owes nothing"
        return f"{other.spoken} owes {money(-two)} where {first.spoken} {earns}"
    if two >= 0 > one:
        earns = f"earns {money(two)}" if two else "owes nothing"
        return f"{other.spoken} {earns} where {first.spoken} owes {money(-one)}"
    if one < 0:
        return f"{other.spoken} owes {much} {'more' if two < one else 'less'} than {first.spoken}"
    return f"{other.spoken} earns {much} {'more' if two > one else 'less'} than {first.spoken}"


WHOSE: Mapping[Whose, str] = {
    "your actions": "your actions",
    "your contract": "your contract",
    "outside your control": "what is outside your control",
}


def _because(moved: Moved) -> str:
    shares = _shares(moved)
    worth = {
        name: sum(s for part, s in zip(moved.changes, shares, strict=True) if part.group == name)
        for name in GROUPS
        if rounded(moved.of(name), 2)
    }
    total = moved.after - moved.before
    toward = [name for name in worth if (worth[name] > 0) == (total > 0)]
    against = [name for name in worth if name not in toward]
    toward.sort(key=lambda name: -abs(worth[name]))
    words = " and ".join(f"{WHOSE[name]} ({change(worth[name])})" for name in toward)
    if not against:
        return f"all of it from {WHOSE[toward[0]]}" if len(toward) == 1 else words
    others = " and ".join(f"{WHOSE[name]} ({change(worth[name])})" for name in against)
    return f"{words} outweighed {others}"


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """One bar of what moved the money: its words, on a wide and a narrow screen, and its fields."""

    label: str
    short: str
    group: Whose
    dollars: float
    shown: str
    fields: tuple[str, ...] = ()


def bars(moved: Moved, first: Scenario, other: Scenario) -> tuple[ChangeBar, ...]:
    """Return the bars, as shown: they add up to the difference of what is shown at both ends."""
    return tuple(
        ChangeBar(*_names(part, first, other), part.group, part.dollars, change(shown), part.fields)
        for part, shown in zip(moved.changes, _shares(moved), strict=True)
    )


def _shares(moved: Moved) -> tuple[float, ...]:
    parts = [part.dollars for part in moved.changes]
    return shares_as_shown(parts, moved.after, moved.before)


def chip(bar: ChangeBar, first: Scenario, other: Scenario) -> str:
    """Return a change and what it moved, short enough for a chip.

    Examples
    --------
    >>> from mssp_sim.studies.moved import moved
    >>> good, slip = Scenario(quality_score=0.82), Scenario()
    >>> [chip(bar, good, slip) for bar in bars(moved(good, slip), good, slip)]
    ['Quality 82.0 → 75.0: −$2.2M']
    """
    alone = len(bar.fields) == 1
    words = change_in_words(bar.fields[0], other, first) if alone else bar.label
    return f"{words}: {bar.shown}"


def last_move(before: Result, after: Result) -> str:
    """Return what the last move changed, and what it did to the payment; nothing if it did nothing.

    Examples
    --------
    >>> from mssp_sim.simulation import simulate
    >>> last_move(simulate(Scenario()), simulate(Scenario(quality_score=0.8)))
    'Quality 75.0 → 80.0: +$2.2M'
    """
    names = changed(after.scenario, before.scenario)
    if not names:
        return ""
    what = f"{len(names)} changes"
    if len(names) == 1:
        what = change_in_words(names[0], after.scenario, before.scenario)
    dollars = as_shown(after.payment, before.payment)
    return f"{what}: {change(dollars) if rounded(dollars, 2) else 'no dollar moved'}"


def _names(part: Change, first: Scenario, other: Scenario) -> tuple[str, str]:
    if part.why == "many":
        together = f"{len(part.fields)} changes {_whose(part.group)}, together"
        return together, f"{len(part.fields)} changes"
    if part.why == "only together" and "level" in part.fields:
        return "Agreement and contract, together", "Agreement, contract"
    if part.why == "rulebook":
        years = "performance_year" in part.fields
        name = "performance_year" if years else "agreement_start"
        words = f"{value_as_shown(name, first)} → {value_as_shown(name, other)}"
        return f"Rulebook {words}", f"Rules {words}"
    if part.why == "contract":
        words = f"{_contract(first)} → {_contract(other)}"
        return f"Contract and minimum {words}", words
    if part.why == "only together":
        return " and ".join(quantities()[n].label for n in part.fields), "Shares of the region"
    (name,) = part.fields
    if quantities()[name].kind == "table":
        return table_change(name, other, first), quantities()[name].label[:18]
    label, short = quantities()[name].label, quantities()[name].short
    short = label if short is None else short
    words = f"{value_as_shown(name, first)} → {value_as_shown(name, other)}"
    return f"{label} {words}", begun(f"{short[:12]} {words}".strip())


def _whose(group: Whose) -> str:
    return group if group.startswith("outside") else f"of {group}"


def _contract(scenario: Scenario) -> str:
    minimum = value_as_shown("minimum_election", scenario)
    return f"{scenario.level}, {'size' if scenario.minimum_election == BY_SIZE else minimum}"


def notes(moved: Moved) -> str:
    """Return how the bars were computed, and which changes could not be told apart."""
    words = (
        "Each bar is the change's mean effect over every order of the changes, so that none is "
        "favored; the bars add up to the difference to the cent."
    )
    if any(part.why == "many" for part in moved.changes):
        words += " There are too many changes to tell all apart: those of a group move together."
    if any(part.why == "only together" for part in moved.changes):
        words += " Changes that no valid scenario can hold one without the other move together."
    return words


def describe(names: tuple[str, str], moved: Moved, bars: Sequence[ChangeBar]) -> str:
    """Return the bridge in words, for who cannot see it."""
    first, other = names
    parts = ", ".join(f"{bar.label} {bar.shown}" for bar in bars)
    return (
        f"From {first}, {paid(moved.before)}, to {other}, {paid(moved.after)}: "
        f"{parts or 'nothing changed'}."
    )


def describe_curves(columns: Sequence[Column]) -> str:
    """Return where the dots are on the curves."""
    return (
        "; ".join(
            f"{column.name}: {_rate(column.result)}, {paid(column.payment)}" for column in columns
        )
        + "."
    )


def _rate(result: Result) -> str:
    rate = float(result.savings_rate)
    return f"{'overspent' if rate < 0 else 'saved'} {percent(abs(rate))}"


def figures(
    columns: Sequence[Column], what: Moved, bars: Sequence[ChangeBar]
) -> tuple[Figure, ...]:
    """Return each column's payment, what each change is worth, and the sums of the groups."""
    totals = (
        of_result(column.result, "payment", f"{column.name}: payment", paid(column.payment))
        for column in columns
    )
    shown = dict.fromkeys(GROUPS, 0.0)
    for part, share in zip(what.changes, _shares(what), strict=True):
        shown[part.group] += share
    sums = (
        Figure(
            key=label,
            label=label,
            shown=change(as_said),
            amount=dollars,
            how=partial(_how_added, label, bars, dollars),
            why_rounded="" if change(as_said) == change(dollars) else SO_THAT_THEY_ADD_UP,
        )
        for label, dollars, as_said in (
            ("In all", what.after - what.before, as_shown(what.after, what.before)),
            *((f"All of {name}", what.of(name), shown[name]) for name in GROUPS),
        )
    )
    return (*totals, *shares(what, bars), *sums)  # fmt: skip


def shares(what: Moved, bars: Sequence[ChangeBar]) -> tuple[Figure, ...]:
    """Return what each change is worth."""
    return tuple(
        Figure(
            key=bar.label,
            label=bar.label,
            shown=bar.shown,
            amount=bar.dollars,
            how=partial(_how_moved, bar, float(exact), len(bars)),
            why_rounded="" if bar.shown == change(bar.dollars) else SO_THAT_THEY_ADD_UP,
        )
        for bar, exact in zip(bars, what.in_cents(), strict=True)
    )


def _how_added(label: str, bars: Sequence[ChangeBar], dollars: float) -> tuple[Step, ...]:
    own = [bar for bar in bars if label == "In all" or bar.group in label]
    added = " ".join(("+ " if bar.dollars >= 0 else "− ") + money(abs(bar.dollars)) for bar in own)
    shown = ("+" if dollars > 0 else "") + whole_dollars(dollars)
    words = "what each change is worth, added"
    return (ours(label, words, added or "no change", shown, dollars),)


def _how_moved(bar: ChangeBar, dollars: float, count: int) -> tuple[Step, ...]:
    shown = ("+" if dollars > 0 else "") + whole_dollars(dollars)
    return (
        ours(
            bar.label,
            "mean of what the change adds over every order of the changes",
            f"mean over the orders of {count} change{'s' if count > 1 else ''}, "
            f"{2**count:,} settlements",
            shown,
            dollars,
        ),
    )
