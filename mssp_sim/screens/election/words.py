"""The Election page in words: renewal, practices, assignment, where it turns on the savings."""

from collections.abc import Mapping, Sequence
from functools import partial

from mssp_sim.figure import Figure
from mssp_sim.figures import change, minimum_rate, money, percent, plain, whole_dollars
from mssp_sim.naming import alone
from mssp_sim.parameters import Version
from mssp_sim.quantity import BY_SIZE
from mssp_sim.studies.election import Choice, Election
from mssp_sim.studies.fair_shares import SPLITS, Pool, Shared
from mssp_sim.studies.luck import Chances, of_a_hundred
from mssp_sim.studies.practices import HEADINGS, Practice
from mssp_sim.studies.renewal import Way
from mssp_sim.studies.turning import SavingsTurn, Turning
from mssp_sim.trace import Step, ours
from mssp_sim.words.election import Found, short

OURS = (
    "Ours, not CMS's assignment: a practice brings people, what they cost, how ill they are and a "
    "score, and the ACO is their average. Benchmark years are restated to the list of participants "
    "once a year ({known}); a practice that costs more than its people are ill lies further above "
    "its region."
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


def renewal(found: Found, way: Way, trend: float | None) -> str:
    """Return what renewing for a year is worth, between what, and where it reverses."""
    span = f"over {int(found.result.scenario.performance_year) + 1} to {way.last}"
    said = f"Renewing for {way.year} is worth {change(way.gain)} {span} at the mean result"
    if way.low is not None and way.high is not None:
        said += f", {change(way.low)} to {change(way.high)} in eight futures of ten"
    if trend is None:
        return f"{said}; it reverses at no regional trend that the lever reaches."
    own = float(found.result.scenario.regional_growth)
    side = "or less" if trend < own else "or more"
    return (
        f"{said}; it reverses if the region grows {percent(trend)} a year {side} "
        f"(here {percent(own)})."
    )


def renewal_notes(found: Found, version: Version) -> str:
    """Return what is compared, and how the rule of it is known."""
    scenario, choice = found.result.scenario, found.election.picked
    return (
        f"Until a new agreement begins you stay with {alone(str(scenario.level))}; from then on "
        f"{short(choice)} holds on both ways, and what you spend in a year is the same. An early "
        "renewal rebases the target on the three years before it, moves on to the next agreement "
        "period (equal weights of benchmark years, weight of the regional adjustment, earlier "
        "savings), starts the cap on risk growth anew and takes the prospective trend in the "
        f"levers for its start. Ending early and renewing at once: {version.citation.known}, "
        f"{version.citation.section}. Years past the published rules have the last published ones."
    )


def renewal_figures(way: Way, trend: float | None) -> tuple[Figure, ...]:
    """Return the figures that the drawn futures and the turning point make."""
    if way.low is None or way.high is None:
        return ()
    listed = [
        Figure(
            key=key, label=label, shown=change(amount), amount=amount,
            how=partial(_one, label, "what one future of ten is beyond; trend and risk stray the "
                        "same way every year of a future, chance anew in each",
                        "2,000 futures, the same dice each time", change(amount), amount),
        )
        for key, label, amount in (
            ("renew_low", "Renewal: one of ten below", way.low),
            ("renew_high", "Renewal: one of ten above", way.high),
        )
    ]  # fmt: skip
    if trend is not None:
        listed.append(
            Figure(
                key="renew_turn", label="Renewal reverses at", shown=percent(trend), amount=trend,
                how=partial(_one, "Renewal reverses at", "the nearest step of the regional trend "
                            "at which an early renewal has the other sign",
                            "both ways settled at every step of the lever", percent(trend), trend),
            )
        )  # fmt: skip
    return tuple(listed)


def _one(name: str, words: str, numbers: str, shown: str, amount: float) -> tuple[Step, ...]:
    return (ours(name, words, numbers, shown, amount),)


def ways_rows(found: Found) -> list[dict[str, str]]:
    """Return each early year as a row, staying first."""
    first = int(found.result.scenario.performance_year) + 1
    rows = [{"New agreement from": f"{found.ends + 1} (stay)", "Against staying": "–"}]
    rows += [
        {"New agreement from": str(way.year), "Against staying": change(way.gain)}
        for way in found.ways
    ]
    span = f"{first} to {found.ways[0].last}" if found.ways else ""
    return [{**row, "Calendar years": span} for row in rows]


def savings_turns(found: Turning, own: float) -> str:
    """Return the cost reductions at which contract and minimum turn, each named."""
    parts = [
        _turn("contract", found.contract, own, lambda turn: alone(turn.level)),
        _turn("minimum", found.minimum, own, _minimum),
    ]
    return f"At what owing hurts you, {'; '.join(parts)}."


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
        Figure(
            key=f"turn_{name}", label=f"The {name} turns at", shown=percent(turn.at),
            amount=turn.at,
            how=partial(_one, f"The {name} turns at", "the nearest step of the cost reduction at "
                        "which another is worth most",
                        "every step of the lever, 1,000 draws each", percent(turn.at), turn.at),
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
                    "Worst of twenty": money(best.worst),
                    "Owes": percent(best.chance_of_owing),
                }
            )
    return rows


def assignment_figures(two: Mapping[str, Election]) -> tuple[Figure, ...]:
    """Return the expected payments of both kinds of list as figures."""
    listed = []
    for name, election in two.items():
        for level in dict.fromkeys(choice.level for choice in election.choices):
            of_it = [choice for choice in election.choices if choice.level == level]
            best = max(of_it, key=lambda choice: choice.worth(election.setting))
            for head, amount in (("expected", best.expected), ("worst of twenty", best.worst)):
                label = f"{name}, {short(best)}: {head}"
                listed.append(
                    Figure(
                        key="by_list", label=label, shown=money(amount), amount=amount,
                        how=partial(_one, label, "as on top, with the list at the end of the year",
                                    "100,000 draws", money(amount), amount),
                    )
                )  # fmt: skip
    return tuple(listed)


def assignment_title(two: Mapping[str, Election]) -> str:
    """Return which kind of list is worth more."""
    (one, first), (other, second) = two.items()
    more = first.picked.worth(first.setting) - second.picked.worth(second.setting)
    better = one if more > 0 else other
    return f"{better} is worth {money(abs(more))} more a year"


# Practices.


def practices_title(found: Shared) -> str:
    """Return what matters most: a practice to drop, one to add, or that all pay."""
    gains = [
        (other - found.payment, practice)
        for other, practice in zip(found.otherwise, found.practices, strict=True)
    ]
    if not gains:
        return "No practice stands in the table"
    most, practice = max(gains, key=lambda each: each[0])
    if most <= 0:
        return "Dropping any of them, or adding a candidate, lowers the payment"
    what = "Dropping" if practice.inside else "Adding"
    return f"{what} {practice.name} raises the payment by {money(most)}"


def practice_rows(found: Shared, split: Pool) -> list[dict[str, str]]:
    """Return each practice as a row: with and without it, its share, its parts of the pool."""
    rows = []
    parts = dict(zip(split.members, zip(*(split.by_key[key] for key in SPLITS), strict=True),
                     strict=True))  # fmt: skip
    for at, practice in enumerate(found.practices):
        other = found.otherwise[at]
        error = found.error[at]
        fair = change(found.fair[at]) if practice.inside else "–"
        row = {
            "Practice": practice.name,
            "Dropped or added": f"{'without' if practice.inside else 'with'} it {money(other)}",
            "That moves": change(other - found.payment),
            "People then": plain(found.people[at], 0),
            "Minimum then": minimum_rate(found.minimum[at]),
            "Target then": f"${plain(found.target[at], 0)}",
            "Fair share": fair if not error else f"{fair} ± {money(error)}",
        }
        for key, head in zip(SPLITS, ("Pool by people", "By fair share", "Half and half"),
                             strict=True):  # fmt: skip
            del key
            place = ("Pool by people", "By fair share", "Half and half").index(head)
            row[head] = f"${parts[practice.name][place]:,}" if practice.inside else "–"
        rows.append(row)
    return rows


def rest(found: Shared, split: Pool) -> str:
    """Return the share of everyone else, and that all of it adds up."""
    said = (
        f"Together {money(found.payment)}; everyone who stands in no row has a share of "
        f"{change(found.rest)} and no part of the pool. The pool is ${split.amount:,}; its parts "
        "add up to the cent."
    )
    if not found.exact:
        worst = max(found.error)
        said += (
            f" With so many practices the shares are drawn from orders of joining: one standard "
            f"error is at most {whole_dollars(worst)}."
        )
    return said


def practice_figures(found: Shared) -> tuple[Figure, ...]:
    """Return the figures of the practices."""
    listed = []
    for at, practice in enumerate(found.practices):
        for head, amount, what in (
            ("moves", found.otherwise[at] - found.payment,
             "the payment with the other list − the payment as it is"),
            ("fair share", found.fair[at],
             "what it adds, averaged over every order in which all could have joined"),
            ("payment then", found.otherwise[at], "settled with the list restated"),
        ):  # fmt: skip
            label = f"{practice.name}: {head}"
            signed = head != "payment then"
            shown = change(amount) if signed else money(amount)
            listed.append(
                Figure(
                    key="practice", label=label, shown=shown, amount=amount,
                    how=partial(_one, label, what, _brings(practice), shown, amount),
                )
            )  # fmt: skip
    return tuple(listed)


def _brings(practice: Practice) -> str:
    return (
        f"{plain(practice.people, 0)} people, cost {percent(practice.cost, 0)} and risk "
        f"{percent(practice.risk, 0)} of the ACO's"
    )


def heads() -> Sequence[str]:
    """Return the heads of the table of practices, with what is wrong beside each row."""
    return (*HEADINGS.values(), WARNS)
