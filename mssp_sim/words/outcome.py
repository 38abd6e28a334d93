"""What happened, in one sentence: one for each state."""

from mssp_sim.figure import Figure, of_result
from mssp_sim.figures import (
    apart_digits,
    as_shown,
    change,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
    shares_as_shown,
)
from mssp_sim.naming import contract, on_button
from mssp_sim.result import Result, State, first_performance_year
from mssp_sim.tolerances import PART_OF_AMOUNT
from mssp_sim.trace import in_points

NO_MONEY = "No money changes hands."


def outcome(result: Result) -> str:
    """Return what happened, in one sentence; a second one for an ACO under the minimum size."""
    sentence = _SENTENCES[result.state](result)
    people = float(result.scenario.assigned_beneficiaries)
    smallest = result.rules.minimum_assigned_beneficiaries
    if people < smallest:
        fixed = result.two_sided and people >= result.rules.people_for_chosen_minimum
        sets = "your fixed minimum stays" if fixed else "the table by size sets your minimum"
        sentence += (
            f" With {plain(people, 0)} people you are under the program's minimum of "
            f"{plain(smallest, 0)}: {sets}, and CMS may ask for a plan to grow."
        )
    return sentence


def _beat(r: Result) -> str:
    digits = needed_digits(percent, r.savings_rate, r.minimum_savings_rate)
    if r.minimum_savings_rate and percent(r.savings_rate) == percent(r.minimum_savings_rate):
        return f"You beat the target by {percent(r.savings_rate, digits)}"
    return f"You beat the target by {percent(r.savings_rate)}"


def _keep(r: Result) -> str:
    share = f"you keep {percent(r.final_sharing_rate)} of {money(r.gross_savings)}"
    if r.sequestration:
        return f"{share}; after sequestration that is {money(r.shared_savings)}."
    return f"{share}, which is {money(r.shared_savings)}."


def _why_full(r: Result) -> str:
    s = r.scenario
    if s.quality_standard_met is None and r.deemed:
        if bool(first_performance_year(s)):
            return " and, in the first year of a first agreement, reporting quality is enough"
        return " and the reporting incentive meets the quality standard"
    if r.rules.score_scales_the_full_share:
        return f" and your quality score of {score(float(r.score_of_year))} scales your share"
    return " and met the full quality standard"


def _full(r: Result) -> str:
    return f"{_beat(r)}{_why_full(r)}: {_keep(r)}"


def _partial(r: Result) -> str:
    return f"{_beat(r)} but {_missed(r)}, so {_fell(r)}."


def _missed(r: Result) -> str:
    own = float(r.score_of_year)
    short = r.quality_performance_standard - own
    if short <= 0:
        return "CMS says you missed the full quality standard"
    digits = apart_digits(score, own, r.quality_performance_standard)
    return f"missed the full quality standard by {points(short, digits)}"


def _fell(r: Result) -> str:
    digits = needed_digits(percent, r.sharing_rate, r.final_sharing_rate)
    return (
        f"your share fell from {percent(r.sharing_rate, digits)} "
        f"to {percent(r.final_sharing_rate, digits)}"
    )


def _neither(r: Result) -> str:
    saved = f"You saved {money(r.gross_savings)} and earn nothing"
    partial_pays = r.rules.alternative_standard_pays
    if r.standard_met or (r.scenario.alternative_standard_met and partial_pays):
        return f"{saved}: your share goes by the quality score, and the score is 0.0."
    if not r.domains_met and r.scenario.quality_standard_met is None:
        return f"{saved}: in one of the four quality domains no measure reached its minimum."
    if not partial_pays:
        return f"{saved}: the quality standard was not met."
    return f"{saved}: neither quality standard was met."


def _payment_limit(r: Result) -> str:
    limit = r.performance_payment_limit / r.benchmark_total
    quality = _why_full(r) if r.standard_met else f" but {_missed(r)}"
    return (
        f"{_beat(r)}{quality}; the limit of {percent(limit, 0)} of target "
        f"stops it at {money(r.shared_savings)}."
    )


def against_minimum(r: Result, rate: float) -> tuple[str, str]:
    """Return a rate and the minimum with digits enough to tell them apart."""
    digits = needed_digits(percent, rate, r.minimum_savings_rate)
    return percent(rate, digits), minimum_rate(r.minimum_savings_rate, digits)


def _under_minimum(r: Result) -> str:
    own, minimum = against_minimum(r, r.savings_rate)
    return (
        f"You saved {money(r.gross_savings)} ({own}), less than the {minimum} minimum. {NO_MONEY}"
    )


def _left_early(r: Result) -> str:
    saved = f"You saved {money(r.gross_savings)}, but"
    if r.scenario.ended_by_cms:
        return f"{saved} CMS ended the agreement during the year: no savings are shared."
    return f"{saved} left before the year ended: no savings are shared."


def _half_rate(r: Result) -> str:
    own, minimum = against_minimum(r, r.savings_rate)
    start = f"You saved {money(r.gross_savings)} ({own}), less than the {minimum} minimum"
    if r.final_sharing_rate <= 0:
        return f"{start}; half a share is open to you, but no quality standard was met."
    return (
        f"{start}; as a low-revenue ACO you still keep half your share, "
        f"{percent(r.final_sharing_rate)}: {money(r.shared_savings)}."
    )


def _on_target(_: Result) -> str:
    return f"Your spending met the target to the dollar. {NO_MONEY}"


def _inside(r: Result) -> str:
    own, minimum = against_minimum(r, -r.savings_rate)
    return (
        f"You overspent by {money(-r.gross_savings)} ({own}), less than the {minimum} "
        f"at which losses count. {NO_MONEY}"
    )


def _one_sided(r: Result) -> str:
    return (
        f"You overspent by {money(-r.gross_savings)} ({percent(-r.savings_rate)}). "
        f"{contract(r.scenario.level)} is one-sided: you owe nothing."
    )


def _two_sided(r: Result) -> str:
    own, minimum = against_minimum(r, -r.savings_rate)
    past = f"You overspent by {own}. From {minimum} on the charge counts from the first dollar: "
    return past + _owe(r)


def _owe(r: Result) -> str:
    if rounded(r.spared_by_leaving, 2) > 0:
        return _owe_part(r)
    if not r.forgiven:
        return f"you owe {money(r.shared_losses)}."
    if rounded(r.shared_losses, 2) == 0:
        return f"{money(r.forgiven)}, all of it forgiven for the disaster."
    return f"you owe {money(r.shared_losses)} after {money(r.forgiven)} forgiven for the disaster."


def _owe_part(r: Result) -> str:
    """Say what is owed by an ACO that left: its months in the program, or nothing."""
    whole = f"{money(r.shared_losses + r.spared_by_leaving)} for the whole year"
    if r.forgiven:
        whole += f", after {money(r.forgiven)} forgiven for the disaster"
    if rounded(r.shared_losses, 2) == 0:
        return f"{whole}, but you left so early that you owe nothing."
    months = plain(float(r.scenario.months_in_program), 0)
    of_year = plain(float(r.scenario.share_of_year * 12), 0)
    return f"{whole}; for {months} of {of_year} months you owe {money(r.shared_losses)}."


def _loss_limit(r: Result) -> str:
    on_benchmark, on_revenue = (
        float(limit[r.scenario.level_number])
        for limit in (
            r.rules.loss_recoupment_limit_benchmark,
            r.rules.loss_recoupment_limit_revenue,
        )
    )
    whose = f"{percent(on_benchmark, 0)} of target"
    if r.loss_recoupment_limit < on_benchmark * r.benchmark_total * (1 - PART_OF_AMOUNT):
        whose = f"{percent(on_revenue, 0)} of your participants' revenue"
    own, _ = against_minimum(r, -r.savings_rate)
    return (
        f"You overspent by {own}; the limit of {whose} "
        f"stops the charge at {money(r.loss_recoupment_limit)}: {_owe(r)}"
    )


def _guardrail(r: Result) -> str:
    start = "The prospective trend alone would have cost you. Recalculated without it, "
    if r.gross_savings >= 0:
        return f"{start}you saved {money(r.gross_savings)}: you owe nothing and earn nothing."
    if rounded(r.shared_losses + r.forgiven + r.spared_by_leaving, 2) == 0:
        return f"{start}you overspent by {percent(-r.savings_rate)}: you owe nothing."
    return f"{start}you still overspent by {percent(-r.savings_rate)}: {_owe(r)}"


_SENTENCES = {
    State.GUARDRAIL: _guardrail,
    State.OVERSPENT_AT_THE_LOSS_LIMIT: _loss_limit,
    State.OVERSPENT_TWO_SIDED: _two_sided,
    State.OVERSPENT_ONE_SIDED: _one_sided,
    State.OVERSPENT_INSIDE_THE_ZONE: _inside,
    State.ON_TARGET: _on_target,
    State.LEFT_EARLY: _left_early,
    State.HALF_RATE: _half_rate,
    State.UNDER_THE_MINIMUM: _under_minimum,
    State.NEITHER_STANDARD: _neither,
    State.AT_THE_PAYMENT_LIMIT: _payment_limit,
    State.PARTIAL: _partial,
    State.FULL: _full,
}


def owes(result: Result) -> bool:
    """Return whether the ACO pays Medicare."""
    return rounded(result.shared_losses, 2) > 0


AS_THE_PAYMENTS = " so that the payment and what is added to it add up as shown"


def why_rounded(shown: str, dollars: float) -> str:
    """Return why an amount is shown otherwise than it rounds; nothing where it is not."""
    return "" if shown.lstrip("+−") == money(abs(dollars)) else AS_THE_PAYMENTS


def lost_as_shown(result: Result) -> dict[str, float]:
    """Return what was lost at the minimum and to quality, in dollars, as both are shown.

    With what is earned they come to the full payment as it is shown, so that a hint, what is
    left on the table and the change that follows agree.
    """
    r = result
    full = r.shared_savings + r.left_on_the_table
    parts = float(r.lost_at_the_minimum), float(r.lost_to_quality)
    names = "lost_at_the_minimum", "lost_to_quality"
    return dict(zip(names, shares_as_shown(parts, full, r.shared_savings), strict=True))


def lever_against_outcome(result: Result) -> str:
    """Return a sentence when the cut and the savings rate differ, else nothing."""
    cut = float(result.scenario.cost_reduction)
    if percent(cut) == percent(result.savings_rate):
        return ""
    own, _ = against_minimum(result, result.savings_rate)
    return f"You cut {percent(cut)}; against the new target that is {own}."


def contract_line(result: Result) -> str:
    """Return what a contract means, in one line.

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> contract_line(simulate(Scenario())), contract_line(simulate(Scenario(level="A")))
    ('E: up to 50% of savings, owes 30% of losses', 'A: up to 40% of savings, owes no losses')
    """
    name = on_button(str(result.scenario.level))
    owed = "owes no losses"
    if result.two_sided:
        rate = float(result.shared_loss_rate)
        owed = f"owes {percent(rate, _needed(rate))} of losses"
    best = float(result.sharing_rate)
    return f"{name}: up to {percent(best, _needed(best))} of savings, {owed}"


def _needed(rate: float) -> int:
    """Return the digits a rate needs as a percent: none where it is a whole one."""
    return 0 if percent(rate).endswith(".0%") else 1


def read_out(result: Result, baseline: Result) -> tuple[str, str]:
    """Return the mini read-out of the rail: the result, and its distance from the baseline."""
    earn = (
        f"You owe {money(result.shared_losses)}"
        if owes(result)
        else f"You earn {money(result.shared_savings)}"
    )
    difference = as_shown(result.payment, baseline.payment)
    if rounded(difference, 2) == 0:
        return earn, "same as baseline"
    return earn, f"{change(difference)} against baseline"


def of_simulator(earn: str) -> str:
    """Return the result of the levers for a page whose headline is another answer.

    Examples
    --------
    >>> of_simulator("You earn $6.5M")
    'Simulator: you earn $6.5M'
    """
    return f"Simulator: {earn[:1].lower()}{earn[1:]}"


def figures_of_sentence(result: Result) -> tuple[Figure, ...]:
    """Return the figures of the outcome sentence that are on no tile and in no row of the bridge.

    The sentence has as many digits as it needs, the steps all of them.
    """
    r = result
    short = float(r.score_of_year) - r.quality_performance_standard
    return (
        of_result(r, "savings_rate", "Saved or overspent, of target", percent(r.savings_rate)),
        of_result(r, "minimum_savings_rate", "Minimum", minimum_rate(r.minimum_savings_rate)),
        of_result(r, "sharing_rate", "Highest share", percent(r.sharing_rate)),
        of_result(r, "final_sharing_rate", "Share after quality", percent(r.final_sharing_rate)),
        of_result(r, "quality_gap", "Score against the full standard", in_points(short)),
    )
