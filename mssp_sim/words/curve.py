"""What stands over and under the payoff curve."""

from mssp_sim.figures import (
    apart_digits,
    minimum_digits,
    minimum_rate,
    money,
    needed_digits,
    percent,
    points,
    rounded,
    score,
)
from mssp_sim.naming import contract, value_as_shown
from mssp_sim.result import Result, State
from mssp_sim.scenario import changed, quantities
from mssp_sim.tolerances import SAME_RATE
from mssp_sim.words.outcome import against_minimum, lost_as_shown, owes


def curve_title(result: Result) -> str:
    """Return the finding of the payoff curve."""
    r = result
    if r.state == State.GUARDRAIL:
        return "The guardrail set the prospective trend aside"
    if owes(r):
        past = -r.savings_rate - r.minimum_loss_rate
        where = f"{_points(past)} past" if past > SAME_RATE else "On the edge of"
        return f"{where} the cliff: you owe {money(r.shared_losses)}"
    if rounded(r.spared_by_leaving, 2) > 0:
        return "Left so early that no loss is owed"
    if r.state in (State.UNDER_THE_MINIMUM, State.HALF_RATE):
        short = r.minimum_savings_rate - r.savings_rate
        lost = money(lost_as_shown(r)["lost_at_the_minimum"])
        return f"{_points(short)} short of the minimum costs {lost}"
    if rounded(r.lost_to_quality, 2) > 0:
        to_quality = lost_as_shown(r)["lost_to_quality"]
        if r.standard_met:
            return f"A score below 100 costs {money(to_quality)}"
        short = r.quality_performance_standard - float(r.score_of_year)
        if short > 0:
            standard = r.quality_performance_standard
            digits = apart_digits(score, standard, standard - short)
            missing = points(short, digits).replace(" point", " quality point")
            return f"{missing} short costs {money(to_quality)}"
        return f"The missed quality standard costs {money(to_quality)}"
    if r.state == State.LEFT_EARLY:
        return "Out of the program before the year ended: no savings are shared"
    if r.state == State.AT_THE_PAYMENT_LIMIT:
        return f"The limit stops the payment at {money(r.shared_savings)}"
    if r.state == State.OVERSPENT_ONE_SIDED:
        return "One-sided: overspending costs you nothing"
    if r.state == State.ON_TARGET:
        return "Spending met the target"
    if r.payment > 0:
        return f"Full share of every dollar saved: {money(r.shared_savings)}"
    return "Inside the zone no money moves"


def _points(fraction: float) -> str:
    return points(fraction, needed_digits(score, fraction, 0.0))


ONLY_ABOVE = "not only the part above it"


def curve_description(result: Result) -> str:
    """Return the payoff curve in one or two sentences: where you are, what is next to you."""
    r = result
    where = f"{'Saving' if r.gross_savings >= 0 else 'Overspending'} {percent(abs(r.savings_rate))}"
    own = score(float(r.score_of_year))
    if owes(r):
        stopped = r.state == State.OVERSPENT_AT_THE_LOSS_LIMIT
        share = percent(r.shared_loss_rate)
        end = f"up to the limit of {money(r.loss_recoupment_limit)}" if stopped else ONLY_ABOVE
        if not r.minimum_loss_rate:
            upto = f", {end}" if stopped else ""
            return f"With no minimum, every dollar over the target is charged at {share}{upto}."
        edge = minimum_rate(r.minimum_loss_rate)
        return f"Once overspending reaches {edge}, all of it is charged at {share}, {end}."
    if r.state in (State.UNDER_THE_MINIMUM, State.ON_TARGET):
        here, minimum = against_minimum(r, r.savings_rate)
        return f"At {here} nothing is paid; from {minimum} on, every dollar saved counts."
    if r.state == State.HALF_RATE:
        minimum = minimum_rate(r.minimum_savings_rate)
        return f"{where} is under {minimum}: half the share is paid; from {minimum} on, the whole."
    if r.gross_savings < 0:
        if rounded(r.spared_by_leaving, 2) > 0:
            return f"{where} is past the minimum, but you left so early that nothing is charged."
        if r.two_sided:
            edge = minimum_rate(r.minimum_loss_rate)
            return f"{where} is inside the zone; from {edge} on, all of it is charged."
        return (
            f"{contract(r.scenario.level)} is one-sided: the left half of the line stays at zero."
        )
    if r.state == State.LEFT_EARLY:
        return "Who is not in the program on the last day is paid nothing, whatever is saved."
    if r.state == State.GUARDRAIL:
        return "The line is drawn against the target with the prospective trend."
    paid = money(r.shared_savings) if r.shared_savings else "nothing"
    pays = f"{where} pays {paid} at quality {own}"
    cushion = ""
    if r.payment > 0 and r.savings_rate > r.minimum_savings_rate > 0:
        minimum, digits = (
            minimum_rate(r.minimum_savings_rate),
            minimum_digits(r.minimum_savings_rate),
        )
        spare = r.savings_rate - r.minimum_savings_rate
        left = f"a cushion of {points(spare, digits)}, {money(spare * r.benchmark_total)}"
        if rounded(spare * 100, digits) == 0:
            left = "no cushion is left"
        cushion = f" Paid as long as you save {minimum}: {left}."
    if rounded(r.left_on_the_table, 2) > 0:
        full = money(r.shared_savings + r.left_on_the_table)
        return f"{pays} and {full} at full quality (dashed).{cushion}"
    return f"{pays}; nothing is left on the table.{cushion}"


MOST_NAMED = 2


def hollow_dot(result: Result, baseline: Result, *, last_year: bool) -> str:
    """Return what the hollow dot is, if it is not the filled one.

    Parameters
    ----------
    last_year : the baseline is the one that the app opens on

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> good = simulate(Scenario(quality_score=0.82))
    >>> hollow_dot(simulate(Scenario()), good, last_year=True)
    'Hollow dot: baseline (last year), quality 82.0.'
    """
    s = baseline.scenario
    names = [name for name in changed(s, result.scenario) if quantities()[name].kind != "table"]
    if not names:
        return ""
    known = [f"{_short(name)} {value_as_shown(name, s)}".strip() for name in names]
    what = ", ".join(known) if len(known) <= MOST_NAMED else f"{len(known)} values differ"
    whose = "baseline (last year)" if last_year else "baseline"
    off = ""
    if s.level != result.scenario.level:
        off = f"; under {contract(s.level)}, so it lies on neither line"
    return f"Hollow dot: {whose}, {what}{off}."


def _short(name: str) -> str:
    words = quantities()[name]
    return words.label.lower() if words.short is None else words.short
