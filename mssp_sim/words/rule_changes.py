"""Rule changes in words: old beside new on one scenario, and the effect by provision.

Over 500 lines: sentence, tiles, bars, tables, steps and CSV of one comparison, which share names.
Source of all that is said here: ours.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import numpy as np

from mssp_sim.figure import Figure, Tone
from mssp_sim.figures import (
    MILLION,
    apportioned,
    change,
    money,
    percent,
    rest_in_millions,
    rounded,
    signed,
    whole_dollars,
)
from mssp_sim.naming import alone, begun
from mssp_sim.parameters import Rules, parameters
from mssp_sim.provisions import PROPOSED, Provisions
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.studies.rule_changes import Comparison, Effect, by_group
from mssp_sim.studies.rulebooks import Book, Choice, base_of, short_title
from mssp_sim.tables.written import harmless
from mssp_sim.trace import Step, ours
from mssp_sim.words.rulebook import value_in_words

NOT_IN_FORCE = f"{PROPOSED}, not in force"
CENTS = 2
TENTH, DOLLAR = Decimal("0.1"), Decimal(1)
MOST_NAMED = 2
"""Provisions that the headline names."""

LONGEST_LABEL, LONGEST_SHORT = 40, 18
"""Letters of a label in the picture, wide and narrow."""

SHORT = {
    "Weights of the benchmark years": "Benchmark weights",
    "Regional adjustment": "Regional adj.",
    "Population adjustment": "Population adj.",
    "Minimum savings rate": "Minimum rate",
    "Half a share under the minimum": "Half a share",
    "Sharing rate and payment limit": "Sharing, limit",
}
"""Provisions whose names are too long for a narrow picture."""

BARE = (
    "Prior savings", "Quality", "Half a share under the minimum", "Shared losses", "Sequestration",
)  # fmt: skip
"""Provisions that take no article in a sentence."""

SAME_OTHERWISE = (
    "Everything but the rules stays as it is: people, spending, quality, contract and your own "
    "benchmark years. Where you say yourself that the quality standard was met, that holds for "
    "your own year; under the rules of another year the score decides."
)


class Names(NamedTuple):
    """What two rulebooks are called in a sentence, and the provision file over the new one.

    ``old_label`` and ``new_label`` stand alone, with their short twins for a narrow picture.
    """

    old: str
    new: str
    old_label: str
    new_label: str
    old_short: str
    new_short: str
    file: str = ""

    @property
    def mark(self) -> str:
        """What stands behind a figure of the new rulebook that is not in force."""
        return f" ({PROPOSED})" if self.file else ""


@dataclass(frozen=True, slots=True)
class Own:
    """One scenario under two rulebooks: their names, the comparison, both settlements and rules."""

    names: Names
    found: Comparison
    before: Result
    after: Result
    rules: tuple[Rules, Rules]

    @property
    def payments(self) -> tuple[float, float]:
        """What the scenario is paid less what it owes under the old and the new rulebook."""
        return float(self.found.before), float(self.found.after)


@dataclass(frozen=True, slots=True)
class RuleBar:
    """What one provision moves, for the picture: its words, on a wide and on a narrow screen."""

    label: str
    short: str
    dollars: float
    shown: str
    proposed: bool


def names(choice: Choice, proposed: Provisions | None) -> Names:
    """Return what the two rulebooks of a choice are called.

    Examples
    --------
    >>> names(Choice(Book(2026), Book(2027), "none", 2024), None)[:4]
    ('the rules of 2026', 'the rules of 2027', 'Rules of 2026', 'Rules of 2027')
    """
    old, new = _spoken(choice.old), _spoken(choice.new)
    labels = [begun(text.removeprefix("the ")) for text in (old, new)]
    shorts = [_short_book(book) for book in (choice.old, choice.new)]
    file = ""
    if proposed is not None:
        file = short_title(proposed.title)
        labels[1], shorts[1] = f"With {file}", f"+ {file}"
        new = f"{file} ({NOT_IN_FORCE})"
        if choice.old != choice.new:
            new = f"{_spoken(choice.new)} with {new}"
    return Names(
        old,
        new,
        _cut(labels[0], LONGEST_LABEL),
        f"{_cut(labels[1], LONGEST_LABEL - 11)}{f' ({PROPOSED})' if file else ''}",
        _cut(shorts[0], LONGEST_SHORT),
        _cut(shorts[1], LONGEST_SHORT),
        file,
    )


def _spoken(book: Book) -> str:
    year, start = book
    if start is None:
        return f"the rules of {year}" if year else "the rules in force"
    of = f"{start.year}" if start.month == 1 else f"{start:%B %Y}"
    if year is None:
        return f"the rules of agreements from {of}"
    if year == start.year and start.month == 1:
        return f"the rules of {year} for new agreements"
    return f"the rules of {year} for agreements from {of}"


def _short_book(book: Book) -> str:
    year, start = book
    if start is None:
        return f"Rules of {year}" if year else "In force"
    if year in (None, start.year):
        return f"Starts of {start.year}"
    return f"{year}, starts {start.year}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def moving(effects: Iterable[Effect]) -> list[Effect]:
    """Return the effects of one scenario that move a cent or more, those in force first."""
    found = [effect for effect in effects if rounded(float(effect.dollars), CENTS)]
    return sorted(found, key=lambda effect: effect.proposed)


def headline(own: Own) -> str:
    """Return what the new rulebook does to the scenario, in one sentence."""
    one, two = own.payments
    old, new = own.names.old, own.names.new
    if old == new:
        return "Both rulebooks are the same: choose two that differ."
    same = rounded(two - one, CENTS) == 0
    if same and own.names.file and not any(effect.proposed for effect in own.found.effects):
        return f"{begun(own.names.new)} changes nothing here: you {_earn(two)} as before."
    if same:
        words = f"Under {new} you would {_earn(two)}, as under {old}"
        if moving(own.found.effects):
            words += "; what one provision gives, another takes"
        return f"{words}."
    return f"Under {new} you would {_earn(two)}, {_against(one, two, old)}: {_because(own)}."


def changes_nothing(own: Own) -> bool:
    """Return whether the scenario is paid the same to the cent under both rulebooks."""
    one, two = own.payments
    return rounded(two - one, CENTS) == 0


def _earn(payment: float) -> str:
    cents = rounded(payment, CENTS)
    return (
        f"owe {money(-payment)}" if cents < 0 else f"earn {money(payment) if cents else 'nothing'}"
    )


def _against(one: float, two: float, old: str) -> str:
    much = money(abs(two - one))
    if (one < 0) != (two < 0):
        return f"where under {old} you {_earn(one)}"
    if two < 0:
        return f"{much} {'more' if two < one else 'less'} than under {old}"
    return f"{much} {'more' if two > one else 'less'} than under {old}"


def _because(own: Own) -> str:
    one, two = own.payments
    effects = sorted(moving(own.found.effects), key=lambda e: -abs(float(e.dollars)))
    toward = [e for e in effects if (float(e.dollars) > 0) == (two > one)]
    if len(effects) == 1:
        return f"all of it from {_named(effects[0])}"
    first = toward[:MOST_NAMED]
    worth = shown_by_provision(own)
    words = " and ".join(f"{_named(e)} {worth[e.provision]}" for e in first)
    rest = len(effects) - len(first)
    return f"{words}, and {rest} more" if rest else words


def _named(effect: Effect) -> str:
    """Return a provision inside a sentence; a name from a file stands in quotation marks."""
    if effect.proposed:
        return f"“{_cut(effect.provision, LONGEST_LABEL)}” ({PROPOSED})"
    name = effect.provision[:1].lower() + effect.provision[1:]
    return name if effect.provision in BARE else f"the {name}"


def tiles(own: Own) -> tuple[Figure, ...]:
    """Return the payment under each rulebook, and the difference."""
    (one, two), names = own.payments, own.names
    difference = two - one
    return (
        _payment("payment_before", "Old rules", own, one, own.before, names.old),
        _payment("payment_after", f"New rules{names.mark}", own, two, own.after, names.new),
        Figure(
            key="payment_change",
            label=f"Difference{names.mark}",
            shown=change(difference),
            amount=difference,
            note=_direction(difference),
            tone=_tone(difference),
            how=partial(_how_changed, one, two),
        ),
    )


def _direction(difference: float) -> str:
    if rounded(difference, CENTS) == 0:
        return "the same"
    return "better for you" if difference > 0 else "worse for you"


def _tone(dollars: float) -> Tone:
    cents = rounded(dollars, CENTS)
    return "plain" if cents == 0 else "earned" if cents > 0 else "owed"


def _payment(key: str, label: str, own: Own, dollars: float, r: Result, rules: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        shown=money(dollars),
        amount=dollars,
        note=own.names.old_short if rules is own.names.old else own.names.new_short,
        tone=_tone(dollars),
        how=partial(_how_settled, r, rules, dollars),
    )


def _how_settled(r: Result, rules: str, payment: float) -> tuple[Step, ...]:
    gross = float(r.gross_savings)
    steps = [
        ours(
            "Saved" if gross >= 0 else "Overspent",
            "spending target less what you spent",
            f"{whole_dollars(float(r.benchmark_total))} − "
            f"{whole_dollars(float(r.expenditure_total))}",
            whole_dollars(gross),
            gross,
        ),
        ours(
            "Minimum to get paid",
            "of the spending target",
            f"{percent(float(r.minimum_savings_rate), 2)} × "
            f"{whole_dollars(float(r.benchmark_total))}",
            whole_dollars(float(r.minimum_savings_rate) * float(r.benchmark_total)),
        ),
    ]
    if float(r.shared_savings) > 0:
        words = "saved × your share, less sequestration and what is above the limit"
        numbers = (
            f"{whole_dollars(gross)} × {percent(float(r.final_sharing_rate), 2)} − "
            f"{whole_dollars(float(r.sequestration))} − {whole_dollars(float(r.above_limit))}"
        )
    elif float(r.shared_losses) > 0:
        words = "overspent × loss rate, at most the loss limit, less what a disaster forgives"
        numbers = (
            f"min({whole_dollars(-gross)} × {percent(float(r.shared_loss_rate), 2)}, "
            f"{whole_dollars(float(r.loss_recoupment_limit))}) − "
            f"{whole_dollars(float(r.forgiven))}"
        )
    else:
        words, numbers = "no money moves", "nothing is shared"
    steps.append(ours("Payment", words, numbers, whole_dollars(payment), payment))
    return tuple(
        replace(step, section=begun(rules), known="worked out by these rules") for step in steps
    )


def _how_changed(one: float, two: float) -> tuple[Step, ...]:
    words = "payment under the new rules less payment under the old"
    numbers = f"{whole_dollars(two)} − {whole_dollars(one)}"
    return (ours("Difference", words, numbers, signed(two - one), two - one),)


def bars(own: Own) -> tuple[RuleBar, ...]:
    """Return what each provision moves, as shown: they add up to the difference of the ends."""
    effects = moving(own.found.effects)
    one, two = own.payments
    if _fine(own):
        total = rounded(two, 0) - rounded(one, 0)
        parts = apportioned([float(e.dollars) for e in effects], total, DOLLAR)
        shown = [signed(float(part)) for part in parts]
    else:
        tenths = apportioned(
            [float(e.dollars) / MILLION for e in effects], rest_in_millions(two, one), TENTH
        )
        shown = [change(float(part) * MILLION) if part else "$0.0M" for part in tenths]
    return tuple(
        RuleBar(
            marked(effect, LONGEST_LABEL),
            _cut(SHORT.get(effect.provision, effect.provision), LONGEST_SHORT),
            float(effect.dollars),
            text,
            effect.proposed,
        )
        for effect, text in zip(effects, shown, strict=True)
    )


def marked(effect: Effect, longest: int | None = None) -> str:
    """Return what a provision is called, with the mark of what is only proposed.

    Parameters
    ----------
    longest : letters of it, mark and all; None for as many as it has
    """
    mark = f" ({PROPOSED})" if effect.proposed else ""
    name = effect.provision if longest is None else _cut(effect.provision, longest - len(mark))
    return f"{name}{mark}"


def shown_by_provision(own: Own) -> dict[str, str]:
    """Return what each provision moves for the scenario as the picture shows it."""
    moved = moving(own.found.effects)
    shown = {e.provision: bar.shown for e, bar in zip(moved, bars(own), strict=True)}
    return {e.provision: shown.get(e.provision, "$0.0M") for e in own.found.effects}


def _fine(own: Own) -> bool:
    """Return whether the effects are small enough to be shown to the dollar."""
    effects = moving(own.found.effects)
    return bool(effects) and max(abs(float(e.dollars)) for e in effects) < MILLION


def ends(own: Own) -> tuple[str, str]:
    """Return both payments as the picture shows them, in the unit of its bars."""
    unit = whole_dollars if _fine(own) else money
    one, two = (
        f"owes {unit(-payment)}" if rounded(payment, CENTS) < 0 else unit(payment)
        for payment in own.payments
    )
    return one, two


def describe(own: Own) -> str:
    """Return the picture in words, for who cannot see it."""
    one, two = ends(own)
    parts = ", ".join(f"{bar.label} {bar.shown}" for bar in bars(own))
    moved = parts or "no provision moves your payment"
    return f"From {own.names.old}, {one}, to {own.names.new}, {two}: {moved}."


def picture_title(own: Own) -> str:
    """Return the finding over the picture."""
    count = len(moving(own.found.effects))
    differ = len(own.found.effects)
    if not differ:
        return "No rule that decides your payment differs"
    if not count and differ == 1:
        return "One provision differs and moves nothing for you"
    if not count:
        return f"{differ} provisions differ, and none moves your payment"
    if differ == count:
        return "What moves your payment, provision by provision"
    return f"What moves your payment: {count} of the {differ} provisions that differ"


def split_note(found: Comparison) -> str:
    """Return how the effects were computed."""
    over = "every order" if found.exact else "some orders"
    return (
        f"Each bar is the provision's mean effect over {over} of the provisions, so that none is "
        "favored; the bars add up to the difference."
    )


def figures(own: Own) -> tuple[Figure, ...]:
    """Return what each provision is worth, with the values behind it, for "How?"."""
    return tuple(
        Figure(
            key=bar.label,
            label=bar.label,
            shown=bar.shown,
            amount=bar.dollars,
            how=partial(_how_moved, own, effect),
        )
        for bar, effect in zip(bars(own), moving(own.found.effects), strict=True)
    )


def _how_moved(own: Own, effect: Effect) -> tuple[Step, ...]:
    dollars, count = float(effect.dollars), len(own.found.effects)
    over = "every order" if own.found.exact else "some orders"
    words = f"mean of what the provision adds over {over} of the provisions"
    numbers = f"mean over the orders of {count} provisions"
    if count == 1:
        one, two = own.payments
        words = "the only provision that differs: payment under the new rules less under the old"
        numbers = f"{whole_dollars(two)} − {whole_dollars(one)}"
    last = ours(marked(effect), words, numbers, signed(dollars), dollars)
    return (*(_value_step(name, *own.rules) for name in effect.parameters), last)


def _value_step(name: str, before: Rules, after: Rules) -> Step:
    old, new = _values(name, before, after)
    citation = after.source[name].citation
    step = ours(parameters()[name].title, "value under the old and the new rules", old, new)
    return replace(
        step,
        numbers=f"old {old}, new",
        section=citation.section.removeprefix("42 CFR "),
        known=citation.known,
        checked=citation.known == PROPOSED or citation.known_by != "recalled",
    )


def _values(name: str, before: Rules, after: Rules) -> tuple[str, str]:
    """Return a parameter's value under both rules; of values by contract those that differ."""
    unit = parameters()[name].unit
    one, two = (rules.source[name].value for rules in (before, after))
    if not (isinstance(one, Mapping) and isinstance(two, Mapping) and set(one) == set(two)):
        return value_in_words(one, unit), value_in_words(two, unit)
    differ = [contract for contract in one if one[contract] != two[contract]] or list(one)
    old, new = (
        value_in_words({alone(contract): rates[contract] for contract in differ}, unit)
        for rates in (one, two)
    )
    return old, new


def provisions(own: Own) -> list[tuple[Effect, str]]:
    """Return every provision that differs with its values, old to new."""
    return [(effect, values_in_words(effect, *own.rules)) for effect in own.found.effects]


def values_in_words(effect: Effect, before: Rules, after: Rules) -> str:
    """Return the values of a provision's parameters, old to new."""
    found = []
    for name in effect.parameters:
        title = parameters()[name].title
        colon = "" if title.endswith("?") else ":"
        old, new = _values(name, before, after)
        found.append(f"{title}{colon} {old} → {new}")
    return " · ".join(found)


def assumptions(own: Own, proposed: Provisions | None) -> str:
    """Return what is assumed behind the figures; what is proposed is said by ``file_note``."""
    title = None if proposed is None else f"{proposed.title}: {NOT_IN_FORCE}."
    return " ".join(note for note in own.found.notes if note != title)


def own_rules(own: Own, payment: float) -> str:
    """Return what the scenario comes to under its own rules, where neither rulebook is theirs.

    Parameters
    ----------
    payment : under the rules in force for its year and start
    """
    if any(rounded(payment - other, CENTS) == 0 for other in own.payments):
        return ""
    scenario = own.before.scenario
    return (
        f"Under the rules of its own year, {scenario.performance_year}, this scenario would "
        f"{_earn(payment)}."
    )


def also_proposed(title: str, base: Book, payments: tuple[float, float]) -> str:
    """Return what a file that ships would do, beside the rules that are in force."""
    one, two = payments
    what = f"{short_title(title)} ({NOT_IN_FORCE})"
    if rounded(two - one, CENTS) == 0:
        return f"{what} would change nothing for you."
    verb = "add" if two > one else "take"
    link = "to" if two > one else "from"
    return f"{what} would {verb} {money(abs(two - one))} {link} your payment under {_spoken(base)}."


def file_note(proposed: Provisions, own: Own | None) -> str:
    """Return what a provision file is, and whether it reaches the rulebook it is laid over."""
    source = f" Source: {proposed.source}." if proposed.source else ""
    words = f"{proposed.title}: {NOT_IN_FORCE}.{source}"
    if own is not None and not any(effect.proposed for effect in own.found.effects):
        base = base_of(proposed)
        reach = f": it applies to {_spoken(base)}" if any(base) else ""
        words += f" Nothing of it differs from the rules chosen here{reach}."
    return words


def report(found: Comparison, levels: Sequence[str], left_out: int) -> str:
    """Return a comparison as lines of text; what is only proposed or assumed stands first.

    Parameters
    ----------
    found : a comparison
    levels : the contract of each row
    left_out : ACOs of the file that could not be loaded
    """
    change = np.atleast_1d(found.change)
    lines = list(found.notes)
    lines += [
        f"Payment under the rules of today: {whole_dollars(float(np.sum(found.before)))}",
        f"Payment under the other rules: {whole_dollars(float(np.sum(found.after)))}",
        f"Difference: {whole_dollars(float(np.sum(change)))}",
    ]
    if not np.any(change):
        lines.append(
            "Nothing moves: the other values begin later than these years and agreement starts, "
            "or none of them decides here."
        )
    for effect in found.effects:
        mark = f" ({PROPOSED})" if effect.proposed else ""
        lines.append(f"  {effect.provision}{mark}: {whole_dollars(float(np.sum(effect.dollars)))}")
    if not found.exact:
        lines.append("The split by provision is averaged over some orders, not over all.")
    if len(levels) > 1:
        lines += [
            f"{group.group}: {group.acos} ACOs, {group.gain} gain, {group.lose} lose, "
            f"{whole_dollars(group.after - group.before)}"
            for group in sorted(by_group(levels, found), key=lambda group: group.group)
        ]
    if left_out:
        lines.append(f"{left_out} of {left_out + len(levels)} ACOs could not be loaded.")
    return "\n".join(lines)


def table(rows: Sequence[tuple[str, Scenario]], found: Comparison) -> str:
    """Return a comparison as CSV: a row a scenario, its payments and the effect of each provision.

    Parameters
    ----------
    rows : each scenario with its name
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    first = ("name", "contract", "performance_year")
    writer.writerow([*first, *(harmless(head) for head in heads(found))])
    for row, (name, scenario) in enumerate(rows):
        contract, year = str(scenario.level), str(int(scenario.performance_year))
        writer.writerow([harmless(name), contract, year, *cells(found, row)])
    return out.getvalue()


def heads(found: Comparison) -> list[str]:
    """Return the heads of the columns that ``cells`` fills; what is proposed says so."""
    return [
        "payment_before", "payment_after", "change",
        *map(marked, found.effects),
    ]  # fmt: skip


def cells(found: Comparison, row: int) -> list[str]:
    """Return one row's payments and effects, dollars to the cent."""
    columns = (found.before, found.after, found.change, *(e.dollars for e in found.effects))
    return [f"{np.atleast_1d(column)[row]:.2f}" for column in columns]
