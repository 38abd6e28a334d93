"""Rule changes: what another rulebook does to a scenario, or to many ACOs, and which provision."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from mssp_sim.parameters import CONTRACTS, NOT_PUBLISHED, Rules, parameters, rules_in_force
from mssp_sim.provisions import PROPOSED, Provisions, differing
from mssp_sim.result import Result
from mssp_sim.rules.quality import TOLERANCE
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import simulate
from mssp_sim.studies.levers import as_column, in_a_column
from mssp_sim.studies.moved import shapley
from mssp_sim.units import Array, Dollars

MOST_EXACT = 7
"""Provisions told apart exactly; more are averaged over some orders and their reversals."""

MOST_SETTLED = 160
"""Settlements for those orders, about: all ACOs of a year then take no more than two seconds."""

PROVISIONS: Mapping[str, tuple[str, ...]] = {
    "Weights of the benchmark years": ("benchmark_year_weights",),
    "Regional adjustment": (
        "regional_adjustment_weight", "regional_adjustment_positive_cap",
        "regional_adjustment_negative_cap", "net_negative_adjustment_counts",
        "negative_adjustment_offset",
    ),
    "Prior savings": ("prior_savings_share", "prior_savings_cap"),
    "Population adjustment": ("population_adjustment_cap", "population_adjustment_threshold"),
    "Cap on risk growth": (
        "risk_growth_cap", "risk_growth_capped_in_all", "regional_risk_growth_capped",
    ),
    "Prospective trend": ("prospective_trend_weight", "prospective_trend_guardrail"),
    "Quality": (
        "quality_performance_standard", "alternative_standard_pays",
        "first_year_reporting_counts", "reporting_incentive_counts",
        "score_scales_the_full_share",
    ),
    "Minimum savings rate": (
        "minimum_savings_rate", "minimum_assigned_beneficiaries", "minimum_rate_choices",
        "minimum_rate_without_choice", "people_for_chosen_minimum",
    ),
    "Half a share under the minimum": ("half_rate", "low_revenue_threshold"),
    "Sharing rate and payment limit": ("sharing_rate", "performance_payment_limit"),
    "Shared losses": (
        "shared_loss_rate_floor", "shared_loss_rate_ceiling", "loss_recoupment_limit_benchmark",
        "loss_recoupment_limit_revenue",
    ),
    "Sequestration": ("sequestration_rate",),
}  # fmt: skip
"""Parameters that one provision of the rule brought together; any other stands for itself."""

LENGTH = "agreement_length"
"""The one parameter that no settlement of one year uses."""


class RuleChangeError(ValueError):
    """Two rulebooks that cannot be compared, in one sentence."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of a year and of an agreement start, with provisions on top.

    ``performance_year`` and ``agreement_start`` are each row's own where they are None.
    ``assume_last`` takes the last published values where the year's own are not published.
    """

    performance_year: int | None = None
    agreement_start: dt.date | None = None
    provisions: Provisions | None = None
    assume_last: bool = False

    def rules(self, performance_year: int, agreement_start: dt.date, *, assume: bool) -> Rules:
        """Return the rules this rulebook has for a row of that year and start.

        Raises
        ------
        UnpublishedError
            For a year without its values, unless they are assumed.
        """
        year = performance_year if self.performance_year is None else self.performance_year
        start = agreement_start if self.agreement_start is None else self.agreement_start
        rules = rules_in_force(year, start, self.assume_last or assume)
        return self.provisions.apply(rules, year, start) if self.provisions else rules


@dataclass(frozen=True, slots=True)
class Effect:
    """What one provision moves, dollars of payment a row; ``proposed`` if it is not in force."""

    provision: str
    parameters: tuple[str, ...]
    proposed: bool
    dollars: Dollars


@dataclass(frozen=True, slots=True)
class Comparison:
    """Payments under two rulebooks, of the scenario's shape, and the effects between them.

    The effects sum to ``after`` less ``before``. ``exact`` says that they are averaged over every
    order of the provisions. ``notes`` must stand beside the figures: what is only proposed, and
    what is assumed.
    """

    before: Dollars
    after: Dollars
    effects: tuple[Effect, ...]
    exact: bool
    notes: tuple[str, ...]

    @property
    def change(self) -> Dollars:
        """What the new rulebook adds to the payment, or takes from it."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class GroupChange:
    """How a group of ACOs fares under the new rulebook: how many, dollars in all."""

    group: str
    acos: int
    gain: int
    lose: int
    before: float
    after: float


def compare_rules(scenario: Scenario, old: Rulebook, new: Rulebook) -> Comparison:
    """Settle a scenario, or a batch, under two rulebooks and split the difference by provision.

    Everything but the rules stays as it is: an agreement keeps its own benchmark years under the
    rules of another start. A claim that the quality standard was met belongs to the standard of
    the row's own year: under another the score decides anew, unless that claim went against it.

    Parameters
    ----------
    scenario : any shape; years and agreement starts may be mixed
    old, new : the rulebooks; ``Rulebook()`` is what is in force for each row

    Raises
    ------
    RuleChangeError
        Where one of the two rulebooks does not know a contract.
    UnpublishedError
        For a year without its values, unless they are assumed.

    Source: ours; the shares are Shapley's

    Examples
    --------
    >>> starts = [Rulebook(agreement_start=dt.date(year, 1, 1)) for year in (2023, 2024)]
    >>> found = compare_rules(Scenario(regional_level=-0.1), *starts)
    >>> [effect.provision for effect in found.effects][:2]
    ['Regional adjustment', 'Prior savings']
    """
    size = int(np.prod(scenario.shape))
    before, after = np.empty(size), np.empty(size)
    effects: dict[str, Effect] = {}
    exact, notes = True, dict[str, None]()
    for chosen, rows, pair in _groups(scenario):
        year, start, assume = pair
        before_rules, after_rules = (book.rules(year, start, assume=assume) for book in (old, new))
        for rules in (before_rules, after_rules):
            _refuse_foreign(rows, rules)
        players = _players(before_rules, after_rules, new.provisions or old.provisions)
        worth = _Worth(rows, before_rules, after_rules, [names for _, names in players])
        every = len(players) <= MOST_EXACT
        exact &= every
        split = _split if every else _sampled
        before[chosen], after[chosen], dollars = split(worth, len(players))
        for (name, names), moved in zip(players, dollars, strict=True):
            marked = any(
                rules.source[n].citation.known == PROPOSED
                for rules in (before_rules, after_rules)
                for n in names
            )
            known = effects.setdefault(name, Effect(name, names, marked, np.zeros(size)))
            known.dollars[chosen] = moved
        for book in (old, new):
            notes |= dict.fromkeys(_notes(book, year, assume=assume))
    order = list(PROVISIONS)
    ranked = sorted(effects, key=lambda n: order.index(n) if n in order else len(order))
    return Comparison(
        before=_shaped(before, scenario.shape),
        after=_shaped(after, scenario.shape),
        effects=tuple(
            replace(effects[name], dollars=_shaped(effects[name].dollars, scenario.shape))
            for name in ranked
        ),
        exact=exact,
        notes=tuple(notes),
    )


def settled_both(scenario: Scenario, old: Rulebook, new: Rulebook) -> tuple[Result, Result]:
    """Return one scenario settled under both rulebooks, as ``compare_rules`` settles it.

    Raises
    ------
    RuleChangeError
        Where one of the two rulebooks does not know its contract.

    Source: ours
    """
    before, after = both(scenario, old, new)
    for rules in (before, after):
        _refuse_foreign(scenario, rules)
    worth = _Worth(scenario, before, after, ())
    return worth.settled(before), worth.settled(after)


def both(scenario: Scenario, old: Rulebook, new: Rulebook) -> tuple[Rules, Rules]:
    """Return the rules that two rulebooks have for one scenario.

    Source: ours
    """
    ((year, start, assume),) = scenario.years_and_starts()
    before, after = (book.rules(year, start, assume=assume) for book in (old, new))
    return before, after


def known(scenario: Scenario, old: Rulebook, new: Rulebook) -> Array:
    """Return for each row whether both rulebooks know its contract.

    Source: ours
    """
    found = np.ones(int(np.prod(scenario.shape)), bool)
    for chosen, rows, (year, start, assume) in _groups(scenario):
        for book in (old, new):
            found[chosen] &= ~_foreign(rows, book.rules(year, start, assume=assume))
    return found


def stack(scenarios: Sequence[Scenario]) -> Scenario:
    """Return single scenarios as one batch, in their order.

    Raises
    ------
    ValueError
        Where some have a table that others have not.

    Source: ours

    Examples
    --------
    >>> stack([Scenario(), Scenario(level="B")]).level
    array(['E', 'B'], dtype='<U8')
    """
    columns: dict[str, Array] = {}
    for name, words in quantities().items():
        values = [in_a_column(name, getattr(scenario, name)) for scenario in scenarios]
        if all(getattr(scenario, name) is getattr(scenarios[0], name) for scenario in scenarios):
            continue
        if words.trailing:
            if any(value is None for value in values):
                raise ValueError(f"some scenarios have no {name}; give it to all or to none")
            columns[name] = np.stack([np.asarray(value) for value in values])
        elif any(value != values[0] for value in values):
            columns[name] = as_column(values)
    if not columns and len(scenarios) > 1:  # all are the same, and each stays a row
        columns["cost_reduction"] = as_column([one.cost_reduction for one in scenarios])
    return scenarios[0].with_columns(columns)


def by_group(groups: Sequence[str], found: Comparison) -> tuple[GroupChange, ...]:
    """Return who gains and who loses by group, in the order in which the groups first occur.

    Parameters
    ----------
    groups : the group of each row, as its contract or its size
    found : a comparison of one row a scenario

    Source: ours
    """
    labels = np.asarray(groups)
    before, after = np.atleast_1d(found.before), np.atleast_1d(found.after)
    cents = np.round(after - before, 2)
    return tuple(
        GroupChange(
            group=name,
            acos=int(np.sum(labels == name)),
            gain=int(np.sum(cents[labels == name] > 0)),
            lose=int(np.sum(cents[labels == name] < 0)),
            before=float(np.sum(before[labels == name])),
            after=float(np.sum(after[labels == name])),
        )
        for name in dict.fromkeys(groups)
    )


def _groups(scenario: Scenario) -> Iterator[tuple[Array, Scenario, tuple[int, dt.date, bool]]]:
    """Yield the rows of each year and start, with these as plain values."""
    pairs = scenario.years_and_starts()
    named = ("performance_year", "agreement_start", "assume_last_published")
    if not any(map(scenario.batch, named)):
        every = np.arange(int(np.prod(scenario.shape)))
        yield every, scenario.flat() if scenario.shape else scenario, pairs.pop()
        return
    flat = scenario.flat()
    columns = [np.broadcast_to(getattr(flat, name), flat.shape) for name in named]
    columns[1] = columns[1].astype("datetime64[D]")
    for pair in sorted(pairs):
        year, start, assume = pair
        wanted: tuple[Any, ...] = (year, np.datetime64(start), assume)
        same = [np.equal(column, value) for column, value in zip(columns, wanted, strict=True)]
        chosen = np.flatnonzero(np.all(same, axis=0))
        plain: dict[str, Any] = dict(zip(named, pair, strict=True))
        yield chosen, flat.rows(chosen).with_columns(plain), pair


def _foreign(rows: Scenario, rules: Rules) -> Array:
    """Return whether the rules lack the contract of each row."""
    missing: Array = np.isnan(np.asarray(rules.sharing_rate)[rows.level_number])
    return missing


def _refuse_foreign(rows: Scenario, rules: Rules) -> None:
    missing = _foreign(rows, rules)
    if np.any(missing):
        level = CONTRACTS[int(np.broadcast_to(rows.level_number, missing.shape)[missing].flat[0])]
        raise RuleChangeError(
            f"One of the two rulebooks has no contract {level}: agreements that began before July "
            "2019 have other contracts. Choose rulebooks of the same side of that date."
        )


def _players(
    old: Rules, new: Rules, proposed: Provisions | None
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the provisions that differ, each with its parameters that do."""
    names = [name for name in differing(old, new) if name != LENGTH]
    titles = {name: title for title, group in PROVISIONS.items() for name in group}
    for change in proposed.changes if proposed else ():
        titles[change.parameter] = change.provision
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        title = titles.get(name, parameters()[name].title)
        found[title] = (*found.get(title, ()), name)
    return list(found.items())


class _Worth:
    """The payments of coalitions: their provisions as in the new rulebook, the rest as in the old.

    Under another standard than the rows' own, a claim that it was met is kept only where it goes
    against the score.
    """

    def __init__(
        self, rows: Scenario, old: Rules, new: Rules, players: Sequence[tuple[str, ...]]
    ) -> None:
        self.rows, self.old, self.new, self.players = rows, old, new, players
        ((year, start, _),) = rows.years_and_starts()
        self.standard = rules_in_force(year, start, assume_last=True).quality_performance_standard
        self.size = int(np.prod(rows.shape))
        self.decided = rows
        said = rows.quality_standard_met
        if said is not None and rows.quality_performance_standard is None:
            claim = np.asarray(said, float)
            by_score = np.greater_equal(rows.quality_score, self.standard - TOLERANCE)
            kept = np.where(claim == by_score, np.nan, claim)
            held: Any = kept if kept.ndim else (None if np.isnan(kept) else bool(kept))
            self.decided = rows.with_columns({"quality_standard_met": held})

    def settled(self, rules: Rules) -> Result:
        own = rules.quality_performance_standard == self.standard
        return simulate(self.rows if own else self.decided, rules)

    def __call__(self, members: Collection[int]) -> Array:
        names = [name for member in members for name in self.players[member]]
        rules = replace(self.old, **{name: getattr(self.new, name) for name in names})
        return np.broadcast_to(np.asarray(self.settled(rules).payment, float), (self.size,))


def _split(worth: _Worth, count: int) -> tuple[Array, Array, Array]:
    """Return the payments under the old and the new rulebook, and each provision's share."""
    coalitions = ([i for i in range(count) if members >> i & 1] for members in range(2**count))
    each = np.stack([worth(members) for members in coalitions])
    return each[0], each[-1], shapley(each) if count else np.zeros((0, worth.size))


def _sampled(worth: _Worth, count: int) -> tuple[Array, Array, Array]:
    """Return the same over some orders and their reversals."""
    turns = np.linspace(0, count, min(max(MOST_SETTLED // count, 1), count), endpoint=False)
    orders = [np.roll(np.arange(count), -int(turn)) for turn in turns]
    orders += [order[::-1] for order in orders]
    shares = np.zeros((count, worth.size))
    known: dict[frozenset[int], Array] = {}
    for order in orders:
        steps = [frozenset(order[:n].tolist()) for n in range(count + 1)]
        for members in steps:
            if members not in known:
                known[members] = worth(members)
        for player, (first, then) in zip(order, pairwise(steps), strict=True):
            shares[player] += (known[then] - known[first]) / len(orders)
    return known[frozenset()], known[frozenset(range(count))], shares


def _notes(book: Rulebook, year: int, *, assume: bool) -> Iterator[str]:
    if book.provisions:
        yield f"{book.provisions.title}: {PROPOSED}, not in force."
    if book.assume_last or assume:
        year = year if book.performance_year is None else book.performance_year
        for parameter in parameters().values():
            if not parameter.published(year):
                yield (
                    f"{year}'s {parameter.title[0].lower()}{parameter.title[1:]} {NOT_PUBLISHED}; "
                    f"that of {parameter.known_through} is assumed."
                )


def _shaped(values: Array, shape: tuple[int, ...]) -> Dollars:
    return np.reshape(values, shape) if shape else float(values[0])
