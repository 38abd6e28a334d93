"""What people believe the rule to be, computed so that it can be compared; none of it pays."""

from mssp_sim.parameters import Rules
from mssp_sim.result import Result
from mssp_sim.units import Dollars

TOP_BAND, MIDDLE_BAND = 0.80, 0.60
"""Where our display bands of quality begin; CMS defines none."""


def only_above_the_minimum(result: Result, rules: Rules) -> Dollars:
    """Return the payment if only what lies above the minimum were shared. Not the rule.

    Dollars; negative is owed.

    Source: ours, to refute

    Examples
    --------
    >>> from mssp_sim import Scenario, rules_in_force, simulate
    >>> good = simulate(Scenario(quality_score=0.82))
    >>> round(only_above_the_minimum(good, rules_in_force(2025)))
    3083080
    """
    beyond = abs(result.gross_savings) - result.minimum_savings_rate * result.benchmark_total
    if beyond <= 0:
        return 0.0
    if result.gross_savings > 0:
        return beyond * result.final_sharing_rate * (1 - rules.sequestration_rate)
    return -beyond * result.shared_loss_rate * result.two_sided


def quality_band(result: Result, rules: Rules) -> int:
    """Return the display band of quality, 0 to 4: a reading aid.

    Source: ours

    Examples
    --------
    >>> from mssp_sim import Scenario, rules_in_force, simulate
    >>> quality_band(simulate(Scenario()), rules_in_force(2025))
    2
    """
    score = float(result.scenario.quality_score)
    if result.standard_met:
        return 4 if score >= TOP_BAND else 3
    if not (rules.alternative_standard_pays and result.scenario.alternative_standard_met):
        return 0
    return 2 if score >= MIDDLE_BAND else 1
