"""The Luck page in words: headline, tiles, the two hundreds of little years, the dollars."""

from collections.abc import Sequence
from functools import partial

from mssp_sim.figure import Figure
from mssp_sim.figures import minimum_rate, money, needed_digits, percent, plain, points, rounded
from mssp_sim.result import Result
from mssp_sim.studies.luck import DRAWS, Chances, Odds, Outlook, measured, of_a_hundred
from mssp_sim.trace import Step, ours, trace
from mssp_sim.units import Array

HOW_TO_READ = "A mark is a year: filled is paid, hollow no money, a triangle owes."


def headline(result: Result, odds: Odds) -> str:
    """Return what chance alone gives and takes, in one sentence."""
    people = plain(float(result.scenario.assigned_beneficiaries), 0)
    paid, _, owing = of_a_hundred(odds.without)
    first = f"At {people} people luck alone pays in at most {_years(paid)} of 100"
    if result.two_sided:
        first += f" and leaves you owing in at most {owing}"
    own_paid, _, own_owing = of_a_hundred(odds.own)
    rate = _rate(result, odds)
    if odds.true_rate > 0:
        if result.final_sharing_rate <= 0:
            return (
                f"{first}; without a quality standard even a real saving of {rate} is never paid."
            )
        return f"{first}; a real saving of {rate} goes unpaid in {100 - own_paid}."
    if odds.true_rate < 0:
        if not result.two_sided:
            return f"{first}; at {rate} really overspent luck still pays in {own_paid}."
        return f"{first}; at {rate} really overspent you owe in {own_owing}."
    return f"{first}."


def _years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"


def _rate(result: Result, odds: Odds) -> str:
    rate = abs(odds.true_rate)
    digits = needed_digits(percent, rate, float(result.minimum_savings_rate))
    return percent(rate, digits)


def tiles(result: Result, odds: Odds) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top."""
    minimum = f"minimum {minimum_rate(float(result.minimum_savings_rate))}"
    truth = f"{_rate(result, odds)} really {'saved' if odds.true_rate >= 0 else 'overspent'}"
    none, own = odds.without, odds.own
    one_sided = f"no true savings {percent(float(none.owing), 0)}"
    varies = f"±{points(odds.spread)}"

    def chance(label: str, rate: float, value: float, term: str, note: str) -> Figure:
        shown = percent(value)
        how = partial(_chance_steps, result, odds, label, rate, shown)
        return Figure(
            key=label, label=label, term=term, shown=shown, note=note, amount=value, how=how
        )

    return (
        Figure(
            key="spread", label="One year varies", term="luck at most", shown=varies,
            note="at your size", amount=odds.spread,
            how=partial(_spread_steps, result, odds, varies),
        ),
        chance("Paid by luck", 0.0, float(none.paid), "no true savings", minimum),
        chance("Unpaid", odds.true_rate, 1 - float(own.paid), truth, minimum),
        chance("Owing", odds.true_rate, float(own.owing), truth,
               one_sided if result.two_sided else "one-sided"),
    )  # fmt: skip


def true_rate(result: Result, odds: Odds) -> Figure:
    """Return the savings rate without luck."""
    how = partial(_true_rate_steps, result, odds)
    shown = percent(odds.true_rate)
    return Figure(key="true_rate", label="True rate", shown=shown, how=how, amount=odds.true_rate)


def _spread_steps(result: Result, odds: Odds, shown: str) -> tuple[Step, ...]:
    """Return how the spread of one year comes about."""
    known = measured()
    sizes = ", ".join(
        f"{plain(people, 0)}: {percent(value, 2)}"
        for people, value in zip(known.people, known.spread, strict=True)
    )
    table = ours("Measured", "year-to-year spread of real ACOs by size, over the root of two",
                 f"{known.source}; {sizes}", f"{len(known.people)} sizes")  # fmt: skip
    people = plain(float(result.scenario.assigned_beneficiaries), 0)
    return (table, ours(
        "One year varies", "straight between the measured sizes, in the logarithm of the size",
        f"at {people} people {points(odds.spread, 3)}", shown, odds.spread,
    ))  # fmt: skip


def _true_rate_steps(result: Result, odds: Odds) -> tuple[Step, ...]:
    """Return where the true savings rate comes from: what the levers make, or the page's own."""
    return (*trace(result).how("savings_rate"), ours(
        "True rate", "what the ACO would save in a year without luck",
        f"{percent(odds.true_rate)} a year", percent(odds.true_rate), odds.true_rate,
    ))  # fmt: skip


def _chance_steps(
    result: Result, odds: Odds, name: str, rate: float, shown: str
) -> tuple[Step, ...]:
    """Return how a probability comes about: a normal tail between the rule's thresholds."""
    minimum = minimum_rate(float(result.minimum_savings_rate))
    ends = f"from {minimum}" + (f", to {minimum_rate(-float(result.minimum_loss_rate))}"
                                if result.two_sided else "")  # fmt: skip
    return (
        *trace(result).how("minimum_savings_rate"),
        *_spread_steps(result, odds, f"±{points(odds.spread)}"),
        ours(name, "part of a normal curve around the true rate on the far side of the minimum",
             f"true rate {percent(rate)}, spread {points(odds.spread, 3)}, money moves {ends}",
             shown),
    )  # fmt: skip


def _drawn_steps(shown: str, amount: float) -> tuple[Step, ...]:
    """Return how the figures of the drawn years come about."""
    return (ours(
        "Drawn years", "each draw of trend, risk, quality and chance goes through the whole rule",
        f"{plain(DRAWS, 0)} draws, the same dice each time", shown, amount,
    ),)  # fmt: skip


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
    return ("No true savings", "No savings"), (f"Yours: {rate} really {truth}", f"Yours: {rate}")


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
        f"One year's savings rate varies by {points(odds.spread)} at this size (one standard "
        f"deviation). It is an upper bound of luck, so the years above are at most: real change is "
        "in it too. "
        f"{source[0].upper()}{source[1:]}."
    )


def two_spreads(odds: Odds) -> str:
    """Return the spread that CMS's minimum implies beside the measured one, and why that counts."""
    paid, *_ = of_a_hundred(odds.without_implied)
    times = f"{plain(odds.spread / odds.implied, 1)} times that"
    return (
        f"CMS's own minimum by size implies {points(odds.implied, 2)}: chance in the claims of an "
        f"average ACO alone. With it luck alone would pay in {_years(paid)} of 100. The measured "
        f"spread is {times}; the page goes by it, because all that moves a year moves an ACO: "
        "its list, its region and its target as well as its claims. What is luck alone lies "
        "between the two."
    )


def implied(odds: Odds) -> Figure:
    """Return the spread that CMS's minimum by size implies."""
    shown = f"±{points(odds.implied, 2)}"
    how = partial(_implied_steps, odds, shown)
    return Figure(key="implied", label="CMS's minimum implies", shown=shown, how=how,
                  amount=odds.implied)  # fmt: skip


def _implied_steps(odds: Odds, shown: str) -> tuple[Step, ...]:
    """Return how the spread behind CMS's minimum comes about."""
    return (ours(
        "CMS's minimum implies",
        "minimum by size / how many standard deviations make a payment by chance that unlikely; "
        "between the sizes and beyond them by one over the root of size",
        "5,000: 3.9% / 1.282 (10%), 20,000: 2.5% / 1.645 (5%), 50,000: 2.2% / 2.326 (1%); "
        "the three probabilities are recalled",
        shown, odds.implied,
    ),)  # fmt: skip


def by_size(
    sizes: Sequence[float],
    spread: Array,
    implied: Array,
    minimum: Array,
    without: Chances,
    own: Chances,
) -> list[dict[str, str]]:
    """Return the chances of every size as rows of a table."""
    return [
        {
            "People": plain(people, 0),
            "One year varies by": points(float(spread[at])),
            "CMS's minimum implies": points(float(implied[at])),
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
        return "without surprises: nothing"
    return f"without surprises: {money(payment)}"


def nothing(found: Outlook) -> str:
    """Return what stands beside the years without money."""
    return f"{percent(float(found.chances.nothing), 0)} no money"


def drawn_figures(found: Outlook) -> tuple[Figure, ...]:
    """Return the figures said of the drawn years."""
    low, high = found.middle
    chances = found.chances
    named = (
        ("Drawn: paid", percent, float(chances.paid)),
        ("Drawn: no money", percent, float(chances.nothing)),
        ("Drawn: owing", percent, float(chances.owing)),
        ("Drawn: mean", money, found.mean),
        ("Drawn: one year in ten is below", money, low),
        ("Drawn: one year in ten is above", money, high),
    )
    return tuple(
        Figure(key=label, label=label, shown=shown(amount), amount=amount,
               how=partial(_drawn_steps, shown(amount), amount))
        for label, shown, amount in named
    )  # fmt: skip


def outlook_title(found: Outlook) -> str:
    """Return the finding of the distribution of dollars."""
    low, high = found.middle
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


def beside_the_hundreds(odds: Odds, found: Outlook) -> str:
    """Return why the drawn years are not those of the two hundreds; empty where they agree."""
    alone, drawn = (percent(float(c.nothing)) for c in (odds.own, found.chances))
    if alone == drawn:
        return ""
    return (
        f"The hundred years of yours and the tiles count luck alone, {alone} without money. These "
        f"dollars add what the sliders below say of trend, risk and quality: {drawn}. This year "
        "starts from a report, Election counts trend and risk inside the luck: their chances "
        "differ again."
    )


def unreadable(fault: str) -> str:
    """Return what the page says of a part of a link it cannot use."""
    return f"This part of the link could not be used: {fault}. The usual uncertainty is used."
