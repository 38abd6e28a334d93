"""The Luck page in words: headline, tiles, the two hundreds of little years, the dollars."""

from collections.abc import Sequence
from dataclasses import dataclass

from mssp_sim.figures import minimum_rate, money, needed_digits, percent, plain, points, rounded
from mssp_sim.simulation import Result
from mssp_sim.studies.luck import Chances, Outlook, measured, of_a_hundred
from mssp_sim.units import Array
from mssp_sim.words.tiles import Tile

HOW_TO_READ = "A mark is a year: filled is paid, hollow no money, a triangle owes."


@dataclass(frozen=True, slots=True)
class Odds:
    """What chance does to this ACO: without true savings, and with the rate it really has."""

    spread: float
    true_rate: float
    without: Chances
    own: Chances


def headline(result: Result, odds: Odds) -> str:
    """Return what chance alone gives and takes, in one sentence."""
    people = plain(float(result.scenario.assigned_beneficiaries), 0)
    paid, _, owing = of_a_hundred(odds.without)
    first = f"At {people} people luck alone pays in {_years(paid)} of 100"
    if result.two_sided:
        first += f" and leaves you owing in {owing}"
    own_paid, _, own_owing = of_a_hundred(odds.own)
    rate = _rate(result, odds)
    if odds.true_rate > 0:
        if result.final_sharing_rate <= 0:
            return f"{first}; without a quality standard even a true {rate} is never paid."
        return f"{first}; a true {rate} goes unpaid in {100 - own_paid}."
    if odds.true_rate < 0:
        if not result.two_sided:
            return f"{first}; truly overspending {rate}, luck still pays in {own_paid}."
        return f"{first}; truly overspending {rate}, you owe in {own_owing}."
    return f"{first}."


def _years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"


def _rate(result: Result, odds: Odds) -> str:
    rate = abs(odds.true_rate)
    digits = needed_digits(percent, rate, float(result.minimum_savings_rate))
    return percent(rate, digits)


def tiles(result: Result, odds: Odds) -> tuple[Tile, Tile, Tile, Tile]:
    """Return the four figures on top."""
    minimum = minimum_rate(float(result.minimum_savings_rate))
    rate = _rate(result, odds)
    truth = "saving" if odds.true_rate >= 0 else "overspending"
    missed = 1 - float(odds.own.paid)
    owing = float(odds.own.owing)
    return (
        Tile("One year strays", "by luck", f"±{points(odds.spread)}", "at your size"),
        Tile("Paid by luck", "no true savings", percent(float(odds.without.paid)),
             f"minimum {minimum}", "plain", "plain"),
        Tile("Unpaid", f"true {rate} {truth}", percent(missed), f"minimum {minimum}"),
        Tile("Owing", f"true {rate} {truth}", percent(owing),
             "no true savings " + percent(float(odds.without.owing), 0)
             if result.two_sided else "one-sided"),
    )  # fmt: skip


def hundreds_title(odds: Odds) -> str:
    """Return the finding of the two hundreds."""
    paid, _, owing = of_a_hundred(odds.without)
    if odds.true_rate <= 0:
        return f"No true savings: {paid} of 100 years paid, {owing} owing"
    return f"{paid} paid by luck, {100 - of_a_hundred(odds.own)[0]} missed in spite of savings"


def panel_names(result: Result, odds: Odds) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return what stands over the two hundreds, long and short."""
    rate = _rate(result, odds)
    truth = "saved" if odds.true_rate >= 0 else "overspent"
    return ("No true savings", "No savings"), (f"Yours: a true {rate} {truth}", f"Yours: {rate}")


def counts(found: Chances) -> str:
    """Return a hundred years in words.

    Examples
    --------
    >>> counts(Chances(0.078, 0.8435, 0.0785))
    '8 paid · 84 nothing · 8 owe'
    """
    paid, nothing, owing = of_a_hundred(found)
    return f"{paid} paid · {nothing} nothing · {owing} owe"


def hundreds_description(result: Result, odds: Odds) -> str:
    """Return the two hundreds in a sentence."""
    names = [name for name, _ in panel_names(result, odds)]
    return (
        f"Each mark is one year of a hundred. {names[0]}: {counts(odds.without)}. "
        f"{names[1]}: {counts(odds.own)}."
    )


def bound(odds: Odds) -> str:
    """Return how the spread is known, and that it is at most luck."""
    source = measured().source
    return (
        f"One year's savings rate strays by {points(odds.spread)} at this size (one standard "
        f"deviation). It is an upper bound of luck: real change is in it too. "
        f"{source[0].upper()}{source[1:]}."
    )


def by_size(
    sizes: Sequence[float], spread: Array, minimum: Array, without: Chances, own: Chances
) -> list[dict[str, str]]:
    """Return the chances of every size as rows of a table."""
    return [
        {
            "People": plain(people, 0),
            "One year strays by": points(float(spread[at])),
            "Minimum": percent(float(minimum[at])),
            "Paid by luck": percent(float(without.paid[at])),
            "Owing by bad luck": percent(float(without.owing[at])),
            "Yours unpaid": percent(1 - float(own.paid[at])),
            "Yours owing": percent(float(own.owing[at])),
        }
        for at, people in enumerate(sizes)
    ]


def here(result: Result) -> str:
    """Return what stands at this scenario's own dollars."""
    payment = float(result.payment)
    if rounded(payment, 2) == 0:
        return "without doubt: nothing"
    return f"without doubt {money(payment)}"


def nothing(found: Outlook) -> str:
    """Return what stands beside the years without money."""
    return f"{percent(float(found.chances.nothing), 0)} no money"


def drawn_figures(found: Outlook) -> dict[str, str]:
    """Return the figures said of the drawn years, by their label."""
    low, high = found.percentile(10, 90)
    return {
        "Drawn: paid": percent(float(found.chances.paid)),
        "Drawn: no money": percent(float(found.chances.nothing)),
        "Drawn: owing": percent(float(found.chances.owing)),
        "Drawn: mean": money(found.mean),
        "Drawn: one year in ten is below": money(low),
        "Drawn: one year in ten is above": money(high),
    }


def outlook_title(found: Outlook) -> str:
    """Return the finding of the distribution of dollars."""
    low, high = found.percentile(10, 90)
    if rounded(low, 0) == 0 and rounded(high, 0) == 0:
        return "Eight years of ten end without money"
    return f"Eight years of ten: {money(low)} to {money(high)}"


def outlook_description(found: Outlook) -> str:
    """Return the distribution of dollars in a sentence."""
    c = found.chances
    return (
        f"Of 100,000 drawn years {percent(float(c.paid))} are paid, {percent(float(c.nothing))} "
        f"end without money, {percent(float(c.owing))} owe; the mean is {money(found.mean)}."
    )


def unreadable(fault: str) -> str:
    """Return what the page says of a part of a link it cannot use."""
    return f"This part of the link could not be used: {fault}. The usual doubts are used."
