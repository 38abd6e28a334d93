"""How each number of the Luck page is worked out, step by step."""

from mssp_sim.figures import minimum_rate, percent, plain, points
from mssp_sim.screens.luck.words import Odds
from mssp_sim.simulation import Result
from mssp_sim.studies.luck import DRAWS, Outlook, measured
from mssp_sim.trace import Step, ours, trace

Steps = tuple[Step, ...]


def spread(result: Result, odds: Odds, shown: str) -> Steps:
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
        "One year strays", "straight between the measured sizes, in the logarithm of the size",
        f"at {people} people {points(odds.spread, 3)}", shown, odds.spread,
    ))  # fmt: skip


def true_rate(result: Result, odds: Odds) -> Steps:
    """Return where the true savings rate comes from: what the levers make, or the page's own."""
    return (*trace(result).how("savings_rate"), ours(
        "True rate", "what the ACO would save in a year without luck",
        f"{percent(odds.true_rate)} a year", percent(odds.true_rate), odds.true_rate,
    ))  # fmt: skip


def chance(result: Result, odds: Odds, name: str, rate: float, shown: str) -> Steps:
    """Return how a probability comes about: a normal tail between the rule's thresholds."""
    minimum = minimum_rate(float(result.minimum_savings_rate))
    ends = f"from {minimum}" + (f", to {minimum_rate(-float(result.minimum_loss_rate))}"
                                if result.two_sided else "")  # fmt: skip
    return (
        *trace(result).how("minimum_savings_rate"),
        *spread(result, odds, f"±{points(odds.spread)}"),
        ours(name, "part of a normal curve around the true rate on the far side of the minimum",
             f"true rate {percent(rate)}, spread {points(odds.spread, 3)}, money moves {ends}",
             shown),
    )  # fmt: skip


def drawn(found: Outlook, shown: str) -> Steps:
    """Return how the figures of the drawn years come about."""
    return (ours(
        "Drawn years", "each draw of trend, risk, quality and chance goes through the whole rule",
        f"{plain(DRAWS, 0)} draws, the same dice each time", shown, found.mean,
    ),)  # fmt: skip
