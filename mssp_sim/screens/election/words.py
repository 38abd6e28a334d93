"""The Election page in words: a hundred years, both kinds of list, where savings turn it."""

from collections.abc import Mapping

from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import minimum_rate, money, percent, plain
from mssp_sim.naming import alone
from mssp_sim.quantity import BY_SIZE
from mssp_sim.studies.election import Choice, Election
from mssp_sim.studies.luck import Chances, of_a_hundred
from mssp_sim.studies.turning import SavingsTurn, Turning
from mssp_sim.words.election import short

OURS = (
    "Our model, not CMS's assignment: a practice brings people, what they cost, how ill they are "
    "and a score, and the ACO is their average. Benchmark years are restated to the list of "
    "participants once a year ({known}); a practice that costs more than its people are ill lies "
    "further above its region."
)
ABOUT_FAIR = (
    "A fair share is what a practice adds to the payment, averaged over every order in which all "
    "could have joined; the shares add up to it."
)
MADE_UP = "These practices are made up: change them, or open your own table."
ASSIGNED = (
    "By the model of the page Attribution ({churn}), at the end of the year: who leaves or joins "
    "moves the list that is retrospective, and who is dropped the one that is prospective. An ACO "
    "chooses anew every year, and the benchmark is restated to the choice."
)
WARNS = "What is wrong"
HOW_TO_READ = "A circle is BASIC, a diamond ENHANCED; faint ones are beaten by another."
MARKS = "Filled is paid, hollow no money, a triangle owes."
BESIDE_LUCK = (
    "Trend and risk are part of the spread that real ACOs show here; Luck adds them to it, so its "
    "chances differ."
)


ON_TOP = "as on top, with the list at the end of the year"


def unreadable(fault: str) -> str:
    """Return what the page says of a part of a link it cannot use."""
    return f"This part of the link could not be used: {fault}. The usual values are used."


def hundred_of(choice: Choice) -> tuple[int, int, int]:
    """Return paid, nothing and owing in whole years of a hundred."""
    owing, nothing = choice.chance_of_owing, choice.chance_of_nothing
    return of_a_hundred(Chances(1 - nothing - owing, nothing, owing))


def counts(choice: Choice) -> str:
    """Return a hundred years in words."""
    paid, nothing, owing = hundred_of(choice)
    return f"{paid} paid · {nothing} nothing · {owing} owe"


def hundred_title(choice: Choice) -> str:
    """Return what stands over the hundred years."""
    return f"A hundred years under {short(choice)}"


def hundred_description(choice: Choice) -> str:
    """Return the hundred years in a sentence."""
    return f"Each mark is one year of a hundred under {short(choice)}: {counts(choice)}."


def savings_turns(found: Turning, own: float) -> str:
    """Return the cost reductions at which contract and minimum turn, each named."""
    parts = [
        _turn("contract", found.contract, own, lambda turn: alone(turn.level)),
        _turn("minimum", found.minimum, own, _minimum),
    ]
    return f"At the weight you give a dollar owed, {'; '.join(parts)}."


def _minimum(turn: SavingsTurn) -> str:
    if turn.election == BY_SIZE:
        return f"{alone(turn.level)} by size"
    return f"{alone(turn.level)} {minimum_rate(float(turn.election))}"


def _turn(what: str, turn: SavingsTurn | None, own: float, said: object) -> str:
    if turn is None:
        return f"the {what} turns at no cost reduction of the lever"
    side = "or less" if turn.at < own else "or more"
    name = said(turn)  # type: ignore[operator]
    return f"the {what} turns to {name} at a cost reduction of {percent(turn.at)} {side}"


def turn_figures(found: Turning) -> tuple[Figure, ...]:
    """Return the two turning points as figures."""
    return tuple(
        illustrated(
            f"turn_{name}", f"The {name} turns at", percent(turn.at),
            "the nearest step of the cost reduction at which another is worth most",
            "every step of the lever, 1,000 draws each", turn.at,
        )
        for name, turn in (("contract", found.contract), ("minimum", found.minimum))
        if turn is not None
    )  # fmt: skip


def by_assignment(two: Mapping[str, Election], people: Mapping[str, float]) -> list[dict[str, str]]:
    """Return what is worth most of each contract with each kind of list, as rows."""
    rows = []
    for name, election in two.items():
        for level in dict.fromkeys(choice.level for choice in election.choices):
            of_it = [choice for choice in election.choices if choice.level == level]
            best = max(of_it, key=lambda choice: choice.worth(election.setting))
            rows.append(
                {
                    "List": name,
                    "People at the end": plain(people[name], 0),
                    "Choice": short(best),
                    "Expected": money(best.expected),
                    "Worst year in 20": money(best.worst),
                    "Owes": percent(best.chance_of_owing),
                }
            )
    return rows


def assignment_figures(
    two: Mapping[str, Election], people: Mapping[str, float]
) -> tuple[Figure, ...]:
    """Return what both kinds of list come to as figures."""
    better, more = _better(two)
    listed = [
        illustrated(
            "by_list", f"{better}: worth more a year", money(more),
            "what the choice worth most is worth with one kind of list − with the other, at the "
            "weight of a dollar owed",
            " and ".join(f"{name} {short(each.picked)}" for name, each in two.items()), more,
        ),
    ]  # fmt: skip
    for name, election in two.items():
        listed.append(
            illustrated("people", f"{name}: people at the end", plain(people[name], 0),
                        "by the model of the page Attribution", "who stays, and who joins",
                        people[name])
        )  # fmt: skip
        for level in dict.fromkeys(choice.level for choice in election.choices):
            of_it = [choice for choice in election.choices if choice.level == level]
            best = max(of_it, key=lambda choice: choice.worth(election.setting))
            for head, words, shown, amount in (
                ("expected", ON_TOP, money(best.expected), best.expected),
                ("worst year in 20", ON_TOP, money(best.worst), best.worst),
                ("owes", "draws that end so, of all draws", percent(best.chance_of_owing),
                 best.chance_of_owing),
            ):  # fmt: skip
                label = f"{name}, {short(best)}: {head}"
                listed.append(illustrated("by_list", label, shown, words, "100,000 draws", amount))
    return tuple(listed)


def assignment_title(two: Mapping[str, Election]) -> str:
    """Return which kind of list is worth more."""
    better, more = _better(two)
    return f"{better} is worth {money(more)} more a year"


def _better(two: Mapping[str, Election]) -> tuple[str, float]:
    (one, first), (other, second) = two.items()
    more = first.picked.worth(first.setting) - second.picked.worth(second.setting)
    return (one if more > 0 else other), abs(more)
