"""What a settlement finds: its state, its dollars, and the target behind them."""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from mssp_sim.parameters import Rules
from mssp_sim.quantity import PERFORMANCE_YEARS, agreement_years, number, number_or_nan
from mssp_sim.rules import quality
from mssp_sim.scenario import Scenario
from mssp_sim.target import Target, settled_person_years, updated_target
from mssp_sim.units import Array, Claim, Dollars, Fraction, Persons


class State(StrEnum):
    """What happened, in the order in which one state gives way to the next."""

    GUARDRAIL = "guardrail"
    OVERSPENT_AT_THE_LOSS_LIMIT = "overspent_at_the_loss_limit"
    OVERSPENT_TWO_SIDED = "overspent_two_sided"
    OVERSPENT_ONE_SIDED = "overspent_one_sided"
    OVERSPENT_INSIDE_THE_ZONE = "overspent_inside_the_zone"
    ON_TARGET = "on_target"
    LEFT_EARLY = "left_early"
    HALF_RATE = "half_rate"
    UNDER_THE_MINIMUM = "under_the_minimum"
    NEITHER_STANDARD = "neither_standard"
    AT_THE_PAYMENT_LIMIT = "at_the_payment_limit"
    PARTIAL = "partial"
    FULL = "full"


STATES = np.array(list(State), object)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the quality standard is met, and the rates that follow."""

    standard: Fraction
    domains_met: Claim
    met: Claim
    deemed: Claim
    final_sharing_rate: Fraction
    shared_loss_rate: Fraction


@dataclass(frozen=True)
class Result:
    """One settlement, or as many as the scenario holds: every field has the batch's shape.

    Dollars are totals unless named per person-year. Owed amounts are positive;
    ``payment`` is what is paid less what is owed.
    """

    scenario: Scenario
    benchmark_total: Dollars
    expenditure_total: Dollars
    gross_savings: Dollars
    minimum_savings_rate: Fraction
    sharing_rate: Fraction
    final_sharing_rate: Fraction
    shared_loss_rate: Fraction
    quality_performance_standard: Fraction
    domains_met: Claim
    standard_met: Claim
    deemed: Claim
    two_sided: Claim
    low_revenue: Claim
    guardrail: Claim
    in_program_to_the_end: Claim
    payment_limit_rate: Fraction
    loss_recoupment_limit: Dollars
    shared_savings: Dollars
    shared_losses: Dollars
    forgiven: Dollars
    spared_by_leaving: Dollars
    sequestration: Dollars
    above_limit: Dollars
    lost_at_the_minimum: Dollars
    lost_to_quality: Dollars
    avoidable_by_quality: Dollars
    state_number: Array

    @property
    def rules(self) -> Rules:
        """The rules in force: of rows that share one year and one start."""
        return self.scenario.rules

    @cached_property
    def target(self) -> Target:
        """The target step by step, by the rules in force: of rows that share a year and a start."""
        return updated_target(self.scenario, self.rules)

    @property
    def person_years(self) -> Persons:
        """Years of assignment the settlement covers."""
        years = settled_person_years(self.scenario)
        return np.broadcast_to(years, self.scenario.shape) if self.scenario.shape else float(years)

    @property
    def performance_payment_limit(self) -> Dollars:
        """The most that can be paid."""
        return self.payment_limit_rate * self.benchmark_total

    @property
    def benchmark(self) -> Dollars:
        """The target per person-year."""
        return self.benchmark_total / self.person_years

    @property
    def savings_rate(self) -> Fraction:
        """Gross savings as a fraction of the target; losses are negative."""
        return self.gross_savings / self.benchmark_total

    @property
    def minimum_loss_rate(self) -> Fraction:
        """Equal to the minimum savings rate, applied to losses; unused by one-sided contracts."""
        return self.minimum_savings_rate

    @property
    def medicare_part(self) -> Dollars:
        """What Medicare keeps of the savings, or, negative, bears of the losses: the rest."""
        paid = self.shared_savings + self.sequestration + self.above_limit
        return self.gross_savings + self.shared_losses - paid - self.left_on_the_table

    @property
    def payment(self) -> Dollars:
        """What is paid to the ACO; negative is what it owes."""
        return self.shared_savings - self.shared_losses

    @property
    def left_on_the_table(self) -> Dollars:
        """What the same spending would have earned with full quality and no minimum."""
        return self.lost_at_the_minimum + self.lost_to_quality

    @property
    def score_of_year(self) -> Fraction:
        """The quality score, in a disaster area at least the floor: of one year and start."""
        return score_of_year(self.scenario, self.rules)

    @property
    def state(self) -> Any:  # noqa: ANN401  (a State, or an array of them)
        """What happened."""
        return STATES[self.state_number]

    def __getitem__(self, row: int | tuple[int, ...]) -> "Result":
        """Return one settlement of a batch, as if it had been simulated alone."""
        full = {
            name: np.broadcast_to(getattr(self, name), self.scenario.shape)[row] for name in NUMBERS
        }
        one = self.scenario.flat().rows(
            np.ravel_multi_index(np.atleast_1d(row), self.scenario.shape)
        )
        return Result(one, **{name: value.item() for name, value in full.items()})


NUMBERS = tuple(field.name for field in fields(Result) if field.name != "scenario")


def first_performance_year(scenario: Scenario) -> Claim:
    """Return whether this is the first performance year of an ACO's first agreement.

    The program began in 2012, so whoever was settled for 2013 was in it.

    Source: 42 CFR 425.502(a)(1), 425.512(a)(2)
    """
    year = int(scenario.performance_year)
    first = year == agreement_years(scenario.agreement_start)[0]
    return (np.equal(scenario.agreement_period, 1) | (year == PERFORMANCE_YEARS[0])) & first


def score_of_year(scenario: Scenario, rules: Rules) -> Fraction:
    """Return the quality score; in a disaster area it is not under the floor of the year.

    Source: 42 CFR 425.502(f)(2), 425.512(c)(2)-(3)
    """
    score: Fraction = number(scenario.quality_score)
    if not np.any(scenario.in_disaster_area):
        return score
    floor: Fraction = rules.disaster_quality_floor
    if np.isinf(floor):
        floor = full_standard(scenario, rules)
    return quality.floored_score(score, floor, scenario.in_disaster_area)


def full_standard(scenario: Scenario, rules: Rules) -> Fraction:
    """Return the score at which the full standard is met: the scenario's own, or the year's."""
    own = number_or_nan(scenario.quality_performance_standard)
    return np.where(np.isnan(own), rules.quality_performance_standard, own)
