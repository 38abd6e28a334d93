"""Election: every contract and minimum an ACO may sign, over one distribution of true results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mssp_sim.parameters import Rules
from mssp_sim.quantity import BY_SIZE
from mssp_sim.result import Result
from mssp_sim.rules import corridor, settlement
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import elected_minimum, settle
from mssp_sim.studies.luck import percentiles
from mssp_sim.studies.next_contract import may_sign
from mssp_sim.studies.repayment import Repayment, repayment
from mssp_sim.studies.true_results import (
    DRAWS,
    LEAST,
    MOST,
    ROWS_AT_ONCE,
    Setting,
    TrueResults,
    true_results,
)
from mssp_sim.tolerances import SAME_DOLLARS
from mssp_sim.units import Array, Dollars, Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """One contract with one minimum, over a distribution of years; dollars, owed ones negative.

    ``election`` is the minimum as a scenario holds it, ``minimum`` the rate that it comes to.
    ``paid`` and ``owed`` are means over all years, so that ``expected`` = ``paid`` − ``owed``;
    ``low`` and ``high`` hold eight years of ten, ``worst`` is what one year of twenty is under.
    """

    level: str
    election: float | str
    minimum: Fraction
    expected: Dollars
    paid: Dollars
    owed: Dollars
    low: Dollars
    high: Dollars
    worst: Dollars
    chance_of_owing: Fraction
    chance_of_nothing: Fraction
    most_owed: Dollars
    two_sided: bool
    mechanism: Repayment

    def worth(self, setting: Setting) -> Dollars:
        """Return what a year is worth: paid, less what is owed as much as it hurts, less cost."""
        return float(self.paid - setting.hurts * self.owed - self.mechanism.a_year(setting.cost))


class Turn(NamedTuple):
    """Where a choice turns: the place on a lever, and what is chosen beyond it."""

    at: float
    choice: Choice


@dataclass(frozen=True)
class Election:
    """All choices of one ACO over one distribution, in the order of contracts and minimums."""

    choices: tuple[Choice, ...]
    results: TrueResults
    setting: Setting

    @cached_property
    def picked(self) -> Choice:
        """What is worth most to who owes as gladly as the setting says."""
        return self.best(self.setting.hurts)

    def best(self, hurts: float) -> Choice:
        """Return the choice worth most where a dollar owed hurts so much; the first of equals."""
        setting = replace(self.setting, hurts=hurts)
        best = self.choices[0]
        for choice in self.choices[1:]:
            if choice.worth(setting) > best.worth(setting) + SAME_DOLLARS:
                best = choice
        return best

    def beaten(self, choice: Choice) -> bool:
        """Return whether another pays more and is as good in bad years, or the other way round.

        Source: ours
        """
        return any(_better(other, choice, self.setting) for other in self.choices)

    def dominated(self, choice: Choice) -> bool:
        """Return whether a choice is beaten, and at no dislike of owing worth most.

        Source: ours
        """
        return choice not in self._ever_best and self.beaten(choice)

    @cached_property
    def _ever_best(self) -> tuple[Choice, ...]:
        return (self.picked, self.best(LEAST["hurts"]), *(turn.choice for turn in self.turns()))

    @cached_property
    def kept(self) -> tuple[Choice, ...]:
        """The choices that are not dominated, from the safest on."""
        found = [choice for choice in self.choices if not self.dominated(choice)]
        return tuple(sorted(found, key=lambda choice: (-choice.worst, _net(choice, self.setting))))

    @cached_property
    def frontier(self) -> tuple[Choice, ...]:
        """The choices that none beats, from the safest on: each pays more than the one before."""
        return tuple(choice for choice in self.kept if not self.beaten(choice))

    @cached_property
    def by_level(self) -> tuple[Choice, ...]:
        """The choice of each contract that is worth most, in the order of the contracts."""
        found: dict[str, Choice] = {}
        for choice in self.choices:
            best = found.setdefault(choice.level, choice)
            if choice.worth(self.setting) > best.worth(self.setting) + SAME_DOLLARS:
                found[choice.level] = choice
        return tuple(found.values())

    def turns(self) -> tuple[Turn, ...]:
        """Return every place on the lever of owing at which another choice is worth most.

        Worth falls in a straight line with what a dollar owed hurts, at the slope of what is
        owed: from one choice to the next the first crossing of a flatter line is where it turns.

        Source: ours
        """
        alike = replace(self.setting, hurts=LEAST["hurts"])
        at, now, found = LEAST["hurts"], self.best(LEAST["hurts"]), list[Turn]()
        while True:
            crossings = [
                (1.0 + (now.worth(alike) - other.worth(alike)) / (now.owed - other.owed), other)
                for other in self.choices
                if other.owed < now.owed - SAME_DOLLARS
            ]
            ahead = [(max(place, at), other) for place, other in crossings]
            if not ahead:
                return tuple(found)
            place, other = min(ahead, key=lambda each: (each[0], each[1].owed))
            if place > MOST["hurts"]:
                return tuple(found)
            at, now = place, other
            found.append(Turn(at, now))


def _net(choice: Choice, setting: Setting) -> float:
    return float(choice.expected - choice.mechanism.a_year(setting.cost))


def _better(one: Choice, other: Choice, setting: Setting) -> bool:
    gains = (_net(one, setting) - _net(other, setting), one.worst - other.worst)
    return bool(min(gains) >= -SAME_DOLLARS and max(gains) > SAME_DOLLARS)


def choices_of(result: Result) -> tuple[tuple[str, float | str], ...]:
    """Return every contract and minimum that an ACO may sign next: what differs, each once.

    A one-sided contract and an ACO too small to choose have the minimum by size alone.

    Parameters
    ----------
    result : a single one

    Source: 42 CFR 425.600(a)(4), (d), (g), 425.605(b), 425.610(b)

    Examples
    --------
    >>> from mssp_sim import simulate
    >>> len(choices_of(simulate(Scenario()))), choices_of(simulate(Scenario()))[0]
    (12, ('E', 0.0))
    """
    scenario, rules = result.scenario, result.rules
    found: list[tuple[str, float | str]] = []
    for level in may_sign(result):
        row = scenario.with_columns({"level": level})
        free = not np.isfinite(rules.minimum_rate_without_choice[row.level_number])
        large = float(scenario.assigned_beneficiaries) >= rules.people_for_chosen_minimum
        if rules.shared_loss_rate_ceiling[row.level_number] > 0 and free and large:
            found += [(level, rate) for rate in rules.minimum_rate_choices]
        found.append((level, BY_SIZE))
    return tuple(found)


def by_contract(
    choices: Sequence[tuple[str, float | str]],
) -> dict[str, list[float | str]]:
    """Return the minimums of each contract, in order."""
    found: dict[str, list[float | str]] = {}
    for level, chosen in choices:
        found.setdefault(level, []).append(chosen)
    return found


def election(
    result: Result,
    setting: Setting,
    *,
    results: TrueResults | None = None,
    draws: int = DRAWS,
) -> Election:
    """Settle every choice over one distribution of true results.

    The target of a draw does not depend on the contract: it is worked out once. A contract is
    settled once too, without a minimum; a minimum then takes away what it does not let pass.

    Parameters
    ----------
    result : a single one
    results : the distribution, where it is known

    Source: ours; each draw is settled by 42 CFR 425.605 or 425.610

    Examples
    --------
    >>> from mssp_sim import simulate
    >>> found = election(simulate(Scenario()), Setting(), draws=2_000)
    >>> len(found.choices), found.picked.level
    (12, 'ENHANCED')
    """
    scenario, rules = result.scenario, result.rules
    known = results or true_results(scenario, setting, draws=draws)
    found = [
        choice
        for level, chosen in by_contract(choices_of(result)).items()
        for choice in _of_contract(scenario, rules, level, chosen, known)
    ]
    return Election(tuple(found), known, setting)


def payments(
    scenario: Scenario,
    rules: Rules,
    level: str,
    chosen: Sequence[float | str],
    known: TrueResults,
) -> Array:
    """Return what every draw pays with a contract at each of some minimums: (minimum, draw).

    Source: 42 CFR 425.605(b)-(h), 425.610(b)-(g)
    """
    row = scenario.with_columns({"level": level, "minimum_election": 0.0})
    two_sided = bool(rules.shared_loss_rate_ceiling[row.level_number] > 0)
    minimums = [minimum_of(scenario, rules, level, each) for each in chosen]
    draws = len(known.benchmark_total)
    found = np.empty((len(chosen), draws))
    for start in range(0, draws, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        score = known.quality_score
        block = row.with_columns({"quality_score": score[rows] if np.ndim(score) else score})
        settled = settle(
            block,
            _without_minimum(rules) if two_sided else rules,
            benchmark_total=known.benchmark_total[rows],
            expenditure_total=known.expenditure_total[rows],
            two_way_total=known.two_way_total[rows],
        )
        if not two_sided:
            found[:, rows] = settled.payment
            continue
        under = _under_the_minimum(settled, rules)
        saved, total = settled.gross_savings, settled.benchmark_total
        for place, minimum in enumerate(minimums):
            cleared = corridor.savings_shared(saved, total, minimum)
            beyond = corridor.losses_beyond_minimum(saved, total, minimum)
            paid = np.where(cleared, settled.shared_savings, under)
            found[place, rows] = paid - np.where(beyond, settled.shared_losses, 0.0)
    return found


def _without_minimum(rules: Rules) -> Rules:
    """Return rules under which a chosen minimum of nothing holds at every size."""
    none = np.full_like(rules.minimum_rate_without_choice, 0.0)
    return replace(rules, minimum_rate_without_choice=none, people_for_chosen_minimum=0.0)


def _under_the_minimum(settled: Result, rules: Rules) -> Dollars:
    """Return what savings under the minimum are paid: half the rate, where that path is open.

    Source: 42 CFR 425.605(h)
    """
    scenario = settled.scenario
    half = rules.half_rate[scenario.level_number]
    small = float(scenario.assigned_beneficiaries) < rules.minimum_assigned_beneficiaries
    if not half or small or not np.all(settled.low_revenue):
        return 0.0
    before_limit = settled.shared_savings + settled.above_limit
    return settlement.limited(before_limit * half, settled.performance_payment_limit)


def minimum_of(scenario: Scenario, rules: Rules, level: str, election: float | str) -> float:
    """Return the minimum savings rate of a contract and an election, as the engine has it."""
    chosen = np.nan if election == BY_SIZE else float(election)
    row = scenario.with_columns({"level": level, "minimum_election": np.float64(chosen)})
    two_sided = rules.shared_loss_rate_ceiling[row.level_number] > 0
    return float(
        corridor.minimum_savings_rate(
            float(scenario.assigned_beneficiaries),
            elected_minimum(row, rules),
            two_sided,
            rules.people_for_chosen_minimum,
            rules.minimum_savings_rate,
        )
    )


def _of_contract(
    scenario: Scenario,
    rules: Rules,
    level: str,
    chosen: Sequence[float | str],
    known: TrueResults,
) -> list[Choice]:
    """Return the choices of one contract: the draws of each, summed up."""
    drawn = payments(scenario, rules, level, chosen, known)
    row = scenario.with_columns({"level": level})
    two_sided = bool(rules.shared_loss_rate_ceiling[row.level_number] > 0)
    at_most = _most_owed(scenario, rules, level, known)
    mechanism = repayment(scenario, float(np.mean(known.expenditure_total)), level)
    found = []
    for place, each in enumerate(chosen):
        payment = drawn[place]
        owed = float(-np.sum(payment, where=payment < 0)) / len(payment)
        paid = float(np.sum(payment, where=payment > 0)) / len(payment)
        worst, low, high = percentiles(payment, (5, 10, 90))
        found.append(
            Choice(
                level=level,
                election=each,
                minimum=minimum_of(scenario, rules, level, each),
                expected=paid - owed,
                paid=paid,
                owed=owed,
                low=low,
                high=high,
                worst=worst,
                chance_of_owing=np.count_nonzero(payment < 0) / len(payment),
                chance_of_nothing=np.count_nonzero(payment == 0) / len(payment),
                most_owed=at_most,
                two_sided=two_sided,
                mechanism=mechanism,
            )
        )
    return found


def _most_owed(scenario: Scenario, rules: Rules, level: str, known: TrueResults) -> float:
    """Return the most that can be owed: the loss limit at the mean target and spending."""
    at = scenario.with_columns({"level": level}).level_number
    if not rules.shared_loss_rate_ceiling[at] > 0:
        return 0.0
    spent = float(np.mean(known.expenditure_total))
    return float(
        settlement.loss_limit(
            float(np.mean(known.benchmark_total)),
            float(scenario.participant_revenue_share) * spent,
            rules.loss_recoupment_limit_benchmark[at],
            rules.loss_recoupment_limit_revenue[at],
        )
    )
