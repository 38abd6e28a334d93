"""The figures of the attribution page: what each shows, and how it is worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from mssp_sim.attribution import Churn, Flow, SettledLists
from mssp_sim.figure import Figure, of_result
from mssp_sim.figures import (
    MILLION,
    MINUS,
    adding_up,
    change,
    millions,
    money,
    needed_digits,
    percent,
    plain,
    rounded,
    whole_dollars,
)
from mssp_sim.result import Result
from mssp_sim.screens.attribution import words
from mssp_sim.screens.attribution.words import LABELS
from mssp_sim.trace import Step, ours
from mssp_sim.words.outcome import owes

Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """A list that moved, with its people and effects as the page shows them."""

    result: Result
    churn: Churn
    flow: Flow
    heads: Mapping[str, str]
    effects: Mapping[str, str]

    def figures(self) -> tuple[Figure, ...]:
        """Return the people and the effect with the steps to each."""
        heads = (
            ("gone", "Not yours at the end", self.gone),
            ("counted", "Still yours", self.counted),
            ("joined", "Joined", self.joined),
            ("new", "With new clinicians", self.new),
            ("final", "Yours at the end", self.final),
        )
        effects = (
            ("made", "effect_made", "Effect made", self.made),
            ("paid_for", "effect_paid_for", "Effect that counts", self.paid_for),
            ("elsewhere", "effect_elsewhere", "Effect gone elsewhere", self.elsewhere),
        )
        return (
            *(
                Figure(key=key, label=label, shown=self.heads[key], how=how,
                       amount=float(getattr(self.flow, key)))
                for key, label, how in heads
            ),
            *(
                Figure(key=field, label=label, shown=self.effects[key], how=how,
                       amount=float(getattr(self.flow, field)))
                for key, field, label, how in effects
            ),
        )  # fmt: skip

    def gone(self) -> Steps:
        """Return who is off the list at the end."""
        c = self.churn
        share, who = (c.dropped, "dropped") if c.prospective else (c.leave, "leave")
        return (self._heads("gone", "Not yours at the end", f"January's list × {who}",
                            f"{self.heads['january']} × {percent(float(share))}"),)  # fmt: skip

    def counted(self) -> Steps:
        """Return who of January is still counted."""
        return (*self.gone(),
                self._heads("counted", "Still yours", "January's list − not yours at the end",
                            f"{self.heads['january']} − {self.heads['gone']}"))  # fmt: skip

    def joined(self) -> Steps:
        """Return who joined."""
        words = "January's list × join"
        numbers = f"{self.heads['january']} × {percent(float(self.churn.join))}"
        if self.churn.prospective:
            words, numbers = "nobody joins a list fixed before the year", "0"
        return (self._heads("joined", "Joined", words, numbers),)

    def final(self) -> Steps:
        """Return the final list."""
        share = percent(float(self.churn.new_clinicians))
        return (
            *self.counted(), *self.joined(),
            self._heads(
                "final", "Yours at the end",
                "(still yours + joined) / (1 − share with new clinicians)",
                f"({self.heads['counted']} + {self.heads['joined']}) / (1 − {share})",
            ),
        )  # fmt: skip

    def new(self) -> Steps:
        """Return who came with new clinicians."""
        share = percent(float(self.churn.new_clinicians))
        return (*self.final(),
                self._heads("new", "With new clinicians", "yours at the end × their share",
                            f"{self.heads['final']} × {share}"))  # fmt: skip

    def made(self) -> Steps:
        """Return the effect of the program on the January list."""
        f, cut = self.flow, percent(float(self.result.scenario.cost_reduction))
        spent = whole_dollars(self.result.expenditure_total)
        without = ours(
            "Without your work", "what you spent / (1 − cost reduction)",
            f"{spent} / (1 − {cut}) = {whole_dollars(f.expected)}", money(f.expected),
            float(f.expected),
        )  # fmt: skip
        return (without, self._dollars("made", "Effect made", "without your work × cost reduction",
                                       f"{whole_dollars(f.expected)} × {cut}",
                                       f.effect_made))  # fmt: skip

    def paid_for(self) -> Steps:
        """Return the part of the effect on people who are counted."""
        return (*self.counted(), *self.made(), self._dollars(
            "paid_for", "Effect that counts", "effect made × still yours / January's list",
            f"{whole_dollars(self.flow.effect_made)} × {self.heads['counted']} / "
            f"{self.heads['january']}",
            self.flow.effect_paid_for,
        ))  # fmt: skip

    def elsewhere(self) -> Steps:
        """Return the part of the effect on people who are not counted."""
        f = self.flow
        return (*self.paid_for(), self._dollars(
            "elsewhere", "Effect gone elsewhere", "effect made − effect that counts",
            f"{whole_dollars(f.effect_made)} − {whole_dollars(f.effect_paid_for)}",
            f.effect_elsewhere,
        ))  # fmt: skip

    def cut(self, shown: str) -> Steps:
        """Return the cost reduction of the final list."""
        dearer = plain(float(self.churn.relative_cost) - 1, 2)
        cut = percent(float(self.result.scenario.cost_reduction))
        return (*self.new(), ours(
            "Cost cut that counts",
            "(still yours × cost reduction − (their cost − 1) × with new clinicians) / "
            "yours at the end",
            f"({self.heads['counted']} × {cut} − {dearer} × {self.heads['new']}) / "
            f"{self.heads['final']} = {percent(float(self.flow.cost_reduction), 4)}",
            shown, float(self.flow.cost_reduction),
        ))  # fmt: skip

    def market_share(self, shown: str) -> Steps:
        """Return the market share of the final list."""
        share = percent(float(self.result.scenario.market_share))
        return (*self.final(), ours(
            "Market share at the end",
            "market share × yours at the end / January's list, at most what others leave",
            f"{share} × {self.heads['final']} / {self.heads['january']}",
            shown, float(self.flow.market_share),
        ))  # fmt: skip

    def _heads(self, key: str, name: str, words: str, numbers: str) -> Step:
        return ours(name, words, numbers, self.heads[key], float(getattr(self.flow, key)))

    def _dollars(self, key: str, name: str, words: str, numbers: str, dollars: float) -> Step:
        amount = float(dollars)
        return ours(name, words, f"{numbers} = {whole_dollars(amount)}", self.effects[key],
                    abs(amount))  # fmt: skip


def _difference(settled: SettledLists) -> Steps:
    """Return what the movement does to the payment."""
    before, after = settled.before.payment, settled.after.payment
    numbers = f"{whole_dollars(after)} − {whole_dollars(before)} = {whole_dollars(after - before)}"
    words = "paid for the final list − paid for January's list"
    return (ours("The difference", words, numbers, change(after - before), after - before),)


def cause(settled: SettledLists, name: str, shown: str) -> Steps:
    """Return how one bar of the bridge is weighed."""
    (dollars,) = (float(value) for key, value in settled.causes.items() if LABELS[key] == name)
    all_five = settled.after.payment - settled.before.payment
    return (*_difference(settled), ours(
        name,
        "what it changes, averaged over all 120 orders in which the five causes can happen; "
        "rounded so that the bars add up",
        f"{whole_dollars(dollars)} of {whole_dollars(all_five)}", shown, dollars,
    ))  # fmt: skip


def tiles(movement: Movement, settled: SettledLists) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top."""
    after, flow, shown, effect = (
        settled.after, movement.flow, movement.heads, movement.effects,
    )  # fmt: skip
    now, then = (float(r.scenario.cost_reduction) for r in (after, settled.before))
    digits = min(needed_digits(percent, now, then), 2)
    raised, owing = rounded(float(flow.effect_made), 2) < 0, owes(after)
    cut = percent(now, digits)
    paid = of_result(
        after, "shared_losses" if owing else "shared_savings", "You owe" if owing else "You earn",
        words.amount(after), term="shared losses" if owing else "shared savings",
        note=_before_note(settled.before, after), tone="owed" if owing else "earned",
        note_tone="owed" if owing else "earned",
    )  # fmt: skip
    return (
        Figure(
            key="final", label="Yours at the end", term="assigned", shown=shown["final"],
            note=f"{shown['january']} in January", how=movement.final, amount=float(flow.final),
        ),
        Figure(
            key="effect_paid_for",
            label="Extra cost that counts" if raised else "Effect that counts",
            shown=effect["paid_for"], note=f"of {effect['made']} made", how=movement.paid_for,
            amount=float(flow.effect_paid_for),
        ),
        Figure(
            key="cost_reduction", label="Cost cut that counts", shown=cut,
            note=f"{percent(then, digits)} in January", how=partial(movement.cut, cut), amount=now,
        ),
        paid,
    )  # fmt: skip


def market_share(movement: Movement) -> Figure:
    """Return the market share of the final list."""
    value = float(movement.flow.market_share)
    how = partial(movement.market_share, percent(value))
    return Figure(
        key="market_share", label="Market share at the end", shown=percent(value), how=how,
        amount=value,
    )  # fmt: skip


def _before_note(before: Result, after: Result) -> str:
    if rounded(before.payment, 2) == rounded(after.payment, 2):
        return "same as before"
    if words.act(before) == words.act(after) or rounded(before.payment, 2) == 0:
        return f"{words.amount(before)} before"
    return f"{'earned' if before.payment > 0 else 'owed'} {words.amount(before)} before"


def bridge(settled: SettledLists) -> tuple[Figure, ...]:
    """Return the rows from the settlement of January's list to that of the final one.

    The two ends keep their rounding; the causes between add up as shown.
    """
    before, after = settled.before, settled.after
    dollars = {LABELS[cause]: float(value) for cause, value in settled.causes.items()}
    total = int((millions(after.payment) - millions(before.payment)) * 10)
    shown = adding_up([value * 10 / MILLION for value in dollars.values()], total)
    first, last = (
        of_result(result, "payment", label, money(result.payment), look="total")
        for result, label in ((before, "January's list"), (after, "The final list"))
    )
    causes = (
        Figure(
            key=label, label=label, shown=_tenths(tenths, value), amount=value, look="small",
            how=partial(cause, settled, label, _tenths(tenths, value)),
        )
        for (label, value), tenths in zip(dollars.items(), shown, strict=True)
    )  # fmt: skip
    return (first, *causes, last)


def _tenths(number: int, dollars: float) -> str:
    if number == 0:
        return "$0.0M" if abs(dollars) >= MILLION / 10 else change(dollars)
    return f"{'+' if number > 0 else MINUS}${Decimal(abs(number)) / 10:,.1f}M"
