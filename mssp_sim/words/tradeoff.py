"""What the trade-off map says: its finding, where the scenario stands, its description."""

import numpy as np

from mssp_sim.figures import minimum_rate, money, percent, rounded, score
from mssp_sim.naming import contract
from mssp_sim.result import Result
from mssp_sim.studies.tradeoff import Tradeoff
from mssp_sim.tolerances import BESIDE, SAME_RATE


def map_title(found: Tradeoff) -> str:
    """Return the finding of the map: where the payment begins, and what the standard does to it.

    Examples
    --------
    >>> from mssp_sim import Scenario
    >>> from mssp_sim.studies.tradeoff import tradeoff
    >>> map_title(tradeoff(Scenario()))
    'Two cliffs: 2.0% saved starts the payment, 76.7 quality makes it full'
    """
    paid = found.payment
    if paid.max() <= 0:
        return "No saving and no score is paid under these terms"
    minimum = minimum_rate(found.minimum_savings_rate)
    full = score(found.standard)
    begins = (
        paid[-1, found.savings_rate < found.minimum_savings_rate - SAME_RATE].max(initial=0) <= 0
    )
    under, on = _at_the_standard(found)
    if under is None or on is None or rounded(on - under, 2) <= 0:
        if not begins:
            return "The payment grows with savings"
        return f"One cliff: {minimum} saved starts the payment"
    if under <= 0:
        if found.minimum_savings_rate <= 0 or not begins:
            return f"One cliff: {full} quality starts the payment"
        return f"Two cliffs: it takes {minimum} saved and {full} quality to be paid"
    lift = f"{full} quality makes it full"
    if found.minimum_savings_rate <= 0:
        return f"One cliff: every saving pays, {lift}"
    if not begins:
        return f"Two cliffs: {minimum} saved doubles the payment, {lift}"
    return f"Two cliffs: {minimum} saved starts the payment, {lift}"


def _at_the_standard(found: Tradeoff) -> tuple[float | None, float | None]:
    """Return what is paid just under the standard and on it, a little past the minimum."""
    on = int(np.argmin(np.abs(found.quality_score - found.standard)))
    if on == 0 or abs(found.quality_score[on] - found.standard) > BESIDE:
        return None, None
    past = int(np.argmin(np.abs(found.savings_rate - found.minimum_savings_rate - 0.01)))
    return float(found.payment[on - 1, past]), float(found.payment[on, past])


def map_words(found: Tradeoff, result: Result) -> str:
    """Return the map in two sentences: where you are, what is next, what to do."""
    rate, own, _ = found.here
    saved = f"{percent(abs(rate))} {'saved' if rate >= 0 else 'overspent'}"
    where = f"At {saved} and quality {score(own)} {result_in_words(float(result.payment))}"
    full = found.at(rate, found.standard) if own < found.standard <= 1 else result.payment
    if rounded(full - result.payment, 2) > 0:
        would = f"you would owe {money(-full)}" if full < 0 else f"it would be {money(full)}"
        where += f"; at {score(found.standard)} {would}"
    return f"{where}. Click or tap the map to set both."


def result_in_words(payment: float) -> str:
    """Return a payment as what it is for the ACO.

    Examples
    --------
    >>> result_in_words(6_516_510), result_in_words(-5_148_000), result_in_words(0)
    ('you earn $6.5M', 'you owe $5.1M', 'no money changes hands')
    """
    if rounded(payment, 2) == 0:
        return "no money changes hands"
    return f"you owe {money(-payment)}" if payment < 0 else f"you earn {money(payment)}"


def map_description(found: Tradeoff, result: Result) -> str:
    """Return the map for who cannot see it."""
    minimum = minimum_rate(found.minimum_savings_rate)
    zone = f"Under {minimum} saved nothing is earned"
    if found.minimum_loss_rate is None:
        zone += f"; {contract(result.scenario.level)} is one-sided: nothing is ever owed"
    else:
        zone += f"; past {minimum} overspent money is owed"
    return f"{map_title(found)}. {zone}. {map_words(found, result)}"
