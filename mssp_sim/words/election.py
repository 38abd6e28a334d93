"""Election in words: what to sign and when, where that turns, and every choice as a row.

Over 500 lines: sentences, figures and their steps of one election, which share its choices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from mssp_sim.figure import Figure
from mssp_sim.figures import change, minimum_rate, money, percent, plain, points, whole_dollars
from mssp_sim.naming import alone
from mssp_sim.parameters import Version
from mssp_sim.quantity import BY_SIZE
from mssp_sim.result import Result
from mssp_sim.studies.election import Choice, Election
from mssp_sim.studies.fair_shares import Pool, Shared
from mssp_sim.studies.next_contract import which_rule
from mssp_sim.studies.renewal import Way
from mssp_sim.studies.true_results import DRAWS, MOST
from mssp_sim.trace import Step, ours
from mssp_sim.units import Fraction

YEARS = "in eight years of ten"
FEW = 3
"""Choices worth a look that a picture names."""

NOTHING_TO_SIGN = (
    "There is nothing to sign next January: the rules of the contract on the desk ended, and its "
    "tracks with them. Open an agreement from July 2019 on."
)


@dataclass(frozen=True)
class Found:
    """What the page and what is taken away are made of.

    ``ways`` are the years in which a new agreement can begin early, at the mean result, and
    ``futures`` the best of them with its drawn futures. What follows was worked out where it is
    asked for: ``over`` is what each choice pays over an agreement, in their order, ``renewal`` an
    early year with its futures and the regional trend at which it reverses, ``practices`` the
    reader's own with their pool.
    """

    result: Result
    election: Election
    ways: tuple[Way, ...]
    ends: int
    sources: dict[str, Version]
    over: tuple[float, ...] = ()
    futures: Way | None = None
    renewal: tuple[Way, Fraction | None] | None = None
    practices: tuple[Shared, Pool] | None = None

    @property
    def best_way(self) -> Way | None:
        """The early year that is worth most; None where the agreement ends with this year."""
        return max(self.ways, key=lambda way: way.gain, default=None)

    @property
    def way(self) -> Way | None:
        """The early year that is asked for, else the one worth most; None where there is none."""
        asked = int(self.election.setting.renew)
        return next((way for way in self.ways if way.year == asked), self.best_way)


def short(choice: Choice) -> str:
    """Return a choice with as few letters as tell it apart."""
    minimum = minimum_rate(choice.minimum)
    return f"{alone(choice.level)} {minimum}" + (" by size" if choice.election == BY_SIZE else "")


def named(choice: Choice) -> str:
    """Return a choice in a sentence."""
    minimum = minimum_rate(choice.minimum)
    if choice.election == BY_SIZE:
        return f"{alone(choice.level)} with the minimum by size ({minimum})"
    return f"{alone(choice.level)} with a minimum of {minimum}"


def headline(found: Found) -> str:
    """Return what to sign and when, in one sentence each."""
    best = found.election.picked
    first = (
        f"Sign {named(best)}: {money(best.expected)} a year on average, {money(best.low)} to "
        f"{money(best.high)} {YEARS}."
    )
    return f"{first} {when(found)}"


def when(found: Found) -> str:
    """Return whether to renew early, in one sentence."""
    way = found.best_way
    if way is None:
        return f"The agreement ends with {found.ends}, so there is no earlier renewal to weigh."
    until = f"staying to the end of {found.ends}"
    gain = f"{change(way.gain)} by {way.last} at the mean result{_futures(found.futures)}"
    if way.gain > 0:
        return f"Renewing for {way.year} against {until}: {gain}."
    return (
        f"Do not renew early: {until} is better, and the best early year, {way.year}, is worth "
        f"{gain}."
    )


def _futures(way: Way | None) -> str:
    """Return between what an early renewal lies; empty where no futures were drawn."""
    if way is None or way.low is None or way.high is None:
        return ""
    return f", {change(way.low)} to {change(way.high)} in eight futures of ten"


def turns(found: Found) -> str:
    """Return where the choice turns as owing hurts more, contract and minimum."""
    election = found.election
    start, ways = election.best(1.0), election.turns()
    runs: list[tuple[float, Choice]] = [(1.0, start), *((turn.at, turn.choice) for turn in ways)]
    contracts = [runs[0]]
    for at, choice in runs[1:]:
        if choice.level != contracts[-1][1].level:
            contracts.append((at, choice))
    most = f"{MOST['hurts']:g}"
    never = [level for level in dict.fromkeys(c.level for c in election.choices)
             if level not in {choice.level for _, choice in contracts}]  # fmt: skip
    if len(contracts) == 1:
        said = (
            f"{alone(start.level)} is worth most however much a dollar owed weighs, up to "
            f"{most} times a dollar earned"
        )
    else:
        parts = [
            f"{alone(choice.level)} until a dollar owed weighs {_times(after)} as much as a "
            "dollar earned" if not place else f"{alone(choice.level)} until {_times(after)}"
            for place, ((_, choice), (after, _)) in enumerate(
                pairwise(contracts)
            )
        ]  # fmt: skip
        said = f"Worth most: {'; then '.join(parts)}; then {alone(contracts[-1][1].level)}"
    if never:
        verb = "is" if len(never) == 1 else "are"
        said += f"; {_listed([alone(level) for level in never])} {verb} never worth most"
    within = [
        f"{minimum_rate(choice.minimum)} where a dollar owed weighs {_times(at)} or more"
        for (_, before), (at, choice) in pairwise(runs)
        if choice.level == before.level
    ]
    if within:
        said += f". The better minimum becomes {', '.join(within)}"
    return f"{said}."


def _times(at: float) -> str:
    return f"{plain(at, 1)} times"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def tiles(found: Found) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top, all of what is picked."""
    best, cost = found.election.picked, found.election.setting.cost
    mechanism = best.mechanism
    yearly = f"{whole_dollars(mechanism.a_year(cost))} a year at {percent(cost)}"
    first = mechanism.before_year
    return (
        _drawn(
            found, best, "Expected", "expected",
            f"8 of 10: {money(best.low)} to {money(best.high)}", term="a year",
            tone="earned" if best.expected >= 0 else "owed",
        ),
        _drawn(found, best, "Worst year in 20", "worst", "this or less"),
        _share(
            found, best, "Owes", "chance_of_owing", f"at most {money(best.most_owed)}",
            term="share of years",
        ),
        Figure(
            key="repayment", label="Repayment mechanism", term="set aside",
            shown=money(mechanism.amount), amount=mechanism.amount,
            note=yearly if first == 1 else f"before year {first or '–'}",
            how=partial(_mechanism_steps, found, best),
        ),
    )  # fmt: skip


def figures(found: Found) -> tuple[Figure, ...]:
    """Return the other figures that the first screen says."""
    best, results = found.election.picked, found.election.results
    listed = [
        _drawn(found, best, "One year of ten is below", "low"),
        _drawn(found, best, "One year of ten is above", "high"),
        Figure(
            key="minimum", label="Its minimum", shown=minimum_rate(best.minimum),
            amount=best.minimum, how=partial(_minimum_steps, best),
        ),
        Figure(
            key="spread", label="A year varies by", shown=points(results.spread, 2),
            amount=results.spread, how=partial(_spread_steps, found),
        ),
        Figure(
            key="most_owed", label="Most that can be owed", shown=money(best.most_owed),
            amount=best.most_owed, how=partial(_most_steps, found, best),
        ),
    ]  # fmt: skip
    listed += [
        Figure(
            key=f"renew_{way.year}", label=f"Renewing for {way.year}", shown=change(way.gain),
            amount=way.gain, how=partial(_way_steps, found, way),
        )
        for way in found.ways
    ]  # fmt: skip
    listed += [
        Figure(
            key=f"turn_{place}", label=f"Turns to {short(turn.choice)}",
            shown=f"{plain(turn.at, 1)}", amount=turn.at,
            how=partial(_turn_steps, found, turn.at, turn.choice),
        )
        for place, turn in enumerate(found.election.turns())
    ]  # fmt: skip
    return tuple(listed)


HEADS = (
    ("expected", "Expected"), ("low", "One in ten below"), ("high", "One in ten above"),
    ("worst", "Worst year in 20"), ("most_owed", "Most owed"),
)  # fmt: skip
SHARES = (("chance_of_owing", "Owes"), ("chance_of_nothing", "No money"))


def of_every_choice(found: Found) -> tuple[Figure, ...]:
    """Return the figures of the table of all choices."""
    listed = []
    for choice in found.election.choices:
        for key, head in HEADS[:4]:
            listed.append(_drawn(found, choice, f"{short(choice)}: {head.lower()}", key))
        for key, head in SHARES:
            listed.append(_share(found, choice, f"{short(choice)}: {head.lower()}", key))
        listed.append(
            Figure(
                key="most_owed", label=f"{short(choice)}: most owed", shown=money(choice.most_owed),
                amount=choice.most_owed, how=partial(_most_steps, found, choice),
            )
        )  # fmt: skip
        listed.append(
            Figure(
                key="repayment", label=f"{short(choice)}: mechanism",
                shown=money(choice.mechanism.amount), amount=choice.mechanism.amount,
                how=partial(_mechanism_steps, found, choice),
            )
        )  # fmt: skip
    for choice, dollars in zip(found.election.choices, found.over, strict=False):
        listed.append(
            Figure(
                key="over", label=f"{short(choice)}: over the agreement", shown=money(dollars),
                amount=dollars, how=partial(_over_steps, found, choice, dollars),
            )
        )  # fmt: skip
    return tuple(listed)


def rows(found: Found) -> list[dict[str, str]]:
    """Return every choice as a row of a table."""
    election = found.election
    listed = []
    for place, choice in enumerate(election.choices):
        dominated = election.dominated(choice)
        mark = "picked" if choice is election.picked else "beaten" if dominated else "worth a look"
        row = {"Choice": short(choice), "Stands": mark}
        row |= {
            "Expected": money(choice.expected),
            "Eight years of ten": f"{money(choice.low)} to {money(choice.high)}",
            "Worst year in 20": money(choice.worst),
            "Owes": percent(choice.chance_of_owing),
            "No money": percent(choice.chance_of_nothing),
            "Most owed": money(choice.most_owed),
            "Mechanism": _mechanism(choice),
        }
        if found.over:
            row[f"{_first(found)} to {_first(found) + 4}"] = money(found.over[place])
        listed.append(row)
    return listed


def _mechanism(choice: Choice) -> str:
    """Return the mechanism, and before which year it stands where that is not the first."""
    shown, first = money(choice.mechanism.amount), choice.mechanism.before_year
    return shown if first in (1, None) else f"{shown} from year {first}"


def _first(found: Found) -> int:
    return int(found.result.scenario.performance_year) + 1


def of_the_table(found: Found) -> str:
    """Return what the columns of the table are."""
    mechanism = found.election.picked.mechanism
    return (
        "Expected, worst year in 20 and chances are of a year like the one in the levers; the last "
        f"column is five years of a new agreement from {_first(found)} on at the mean result, with "
        "glide path and the target set anew. Beaten: another choice is as good or better, both on "
        "average and in the worst year in 20, and this one is worth most at no weight of a dollar "
        f"owed. {most_owed_words(found)}The mechanism stands before the year of the "
        "agreement in "
        f"which risk begins, and {plain(mechanism.months_after, 0)} months after the agreement; it "
        f"is raised where it would be {money(mechanism.raised_from)} more."
    )


def describe(found: Found) -> str:
    """Return the picture of the choices in words."""
    election = found.election
    kept = [short(choice) for choice in election.kept]
    return (
        "Every contract and minimum by its expected payment, upwards, and by its worst year in 20, "
        f"to the right. Worth a look: {', '.join(kept)}. Picked: "
        f"{short(election.picked)}."
    )


def title(found: Found) -> str:
    """Return the finding over the picture of the choices."""
    election = found.election
    kept, every = len(election.kept), len(election.choices)
    if kept == 1:
        return f"{short(election.picked)} beats every other choice"
    return f"{kept} of {every} choices are worth a look; {short(election.picked)} is worth most"


def two_limits(found: Found, level: str) -> tuple[float, float, float] | None:
    """Return both limits on what a contract can owe; None where none is of revenue.

    Returns
    -------
    of target, of revenue at the expected spending (dollars), participants' part of spending
    """
    result, rules = found.result, found.result.rules
    at = result.scenario.with_columns({"level": level}).level_number
    on_target = float(rules.loss_recoupment_limit_benchmark[at])
    on_revenue = float(rules.loss_recoupment_limit_revenue[at])
    if not (np.isfinite(on_revenue) and rules.shared_loss_rate_ceiling[at] > 0):
        return None
    known, part = found.election.results, float(result.scenario.participant_revenue_share)
    revenue = part * float(np.mean(known.expenditure_total))
    return on_target * float(np.mean(known.benchmark_total)), on_revenue * revenue, part


def most_owed_words(found: Found) -> str:
    """Return which limit makes the most that can be owed, where revenue holds it down."""
    for level in dict.fromkeys(choice.level for choice in found.election.choices):
        limits = two_limits(found, level)
        if limits is not None and limits[1] < limits[0]:
            of_target, of_revenue, part = limits
            return (
                f"Most owed is the smaller of two limits: under {alone(level)} {money(of_revenue)} "
                f"of the participants' revenue ({percent(part, 0)} of the expected spending), not "
                f"{money(of_target)} of the target. Revenue is taken as a part of spending: where "
                "spending runs far over, as in the worst case of the page Corridor, it grows until "
                "the target's limit is the smaller. "
            )
    return ""


def assumptions(found: Found) -> str:
    """Return what a year strays by, and that nothing is counted twice."""
    results, setting = found.election.results, found.election.setting
    said = (
        f"A year varies by {points(results.spread, 2)} (one standard deviation), as real ACOs of "
        f"this size do: {points(results.of_target, 2)} from trend (±{points(setting.trend)}) and "
        f"risk (±{points(setting.risk)}), the rest, {points(results.by_chance, 2)}, is chance in "
        f"spending. The score varies by {points(setting.quality)}."
    )
    if results.of_target > results.observed:
        said += (
            f" Trend and risk alone vary further here than the {points(results.observed, 2)} that "
            "real ACOs are seen to."
        )
    return said


def eligibility(found: Found) -> str:
    """Return which contracts may be signed and how that is known."""
    scenario = found.result.scenario
    year = _first(found)
    levels = _listed([alone(x) for x in dict.fromkeys(c.level for c in found.election.choices)])
    version = found.sources["one_sided_years"]
    years = plain(float(version.value), 0)  # type: ignore[arg-type]
    low = bool(np.asarray(found.result.low_revenue))
    rule = found.sources[which_rule(scenario, low_revenue=low)].citation
    said = (
        f"For {year} this ACO may sign {levels}: by its experience with risk "
        f"({'as said' if scenario.experienced_with_risk is not None else 'taken from its contract'}"
        f"), its revenue and its agreements on the glide path ({rule.known}, {rule.section}). "
        f"At most {years} years without risk ({version.citation.known})."
    )
    if alone(str(scenario.level)) not in levels:
        said += f" {alone(str(scenario.level))} is not among them."
    return said


# How each figure comes about.


def _drawn(
    found: Found, choice: Choice, label: str, key: str, note: str = "", *, term: str = "",
    tone: str = "",
) -> Figure:  # fmt: skip
    amount = float(getattr(choice, key))
    return Figure(
        key=key, label=label, shown=money(amount), amount=amount, note=note, term=term,
        tone=tone or ("owed" if amount < 0 else "plain"),  # type: ignore[arg-type]
        how=partial(_drawn_steps, found, choice, label, key),
    )  # fmt: skip


WHAT = {
    "expected": "mean over all draws: what is paid less what is owed",
    "low": "the payment that one draw of ten is under",
    "high": "the payment that one draw of ten is over",
    "worst": "the payment that one draw of twenty is under",
}


def _drawn_steps(found: Found, choice: Choice, label: str, key: str) -> tuple[Step, ...]:
    amount = float(getattr(choice, key))
    numbers = f"{plain(DRAWS, 0)} draws, the same dice each time, under {named(choice)}"
    if key == "expected":
        numbers = f"{money(choice.paid)} paid − {money(choice.owed)} owed; {numbers}"
    return (
        *_spread_steps(found),
        ours(label, WHAT[key], numbers, money(amount), amount),
    )


def _spread_steps(found: Found) -> tuple[Step, ...]:
    r = found.election.results
    return (
        ours("Observed", "what one year of real ACOs of this size varies by (Luck)",
             "measured by size", points(r.observed, 2), r.observed),
        ours("From the target", "what trend and risk make of the savings rate, through the rule",
             f"±{points(found.election.setting.trend)} of trend, "
             f"±{points(found.election.setting.risk)} of risk",
             points(r.of_target, 2), r.of_target),
        ours("By chance", "what is left, so that both together vary as observed",
             f"{points(r.observed, 2)} and {points(r.of_target, 2)}", points(r.by_chance, 2),
             r.by_chance),
        ours("A year varies by", "both together, in the draws", "chance and target",
             points(r.spread, 2), r.spread),
    )  # fmt: skip


def _share(
    found: Found, choice: Choice, label: str, key: str, note: str = "", *, term: str = ""
) -> Figure:
    amount = float(getattr(choice, key))
    return Figure(
        key=key, label=label, term=term, shown=percent(amount), amount=amount, note=note,
        how=partial(_share_steps, found, choice, label, amount),
    )  # fmt: skip


def _share_steps(found: Found, choice: Choice, label: str, amount: Fraction) -> tuple[Step, ...]:
    what, under = "draws that end so, of all draws", f"under {named(choice)}"
    return (*_spread_steps(found), ours(label, what, under, percent(amount), amount))


def _minimum_steps(choice: Choice) -> tuple[Step, ...]:
    return (
        ours("Its minimum", "the minimum of the choice that is picked",
             "by size" if choice.election == BY_SIZE else "as chosen",
             minimum_rate(choice.minimum), choice.minimum),
    )  # fmt: skip


def _most_steps(found: Found, choice: Choice) -> tuple[Step, ...]:
    shown = money(choice.most_owed)
    limits = two_limits(found, choice.level)
    numbers = f"{alone(choice.level)}, target {money(float(found.result.benchmark_total))}"
    if limits is not None:
        numbers += (
            f": {whole_dollars(limits[0])} of target, {whole_dollars(limits[1])} of revenue "
            f"({percent(limits[2], 0)} of the expected spending)"
        )
    return (
        ours("Most that can be owed",
             "the loss limit at the mean target and spending: a part of the target or of the "
             "participants' revenue, whichever is less",
             numbers, shown, choice.most_owed),
    )  # fmt: skip


def _of_the_rule(version: Version, name: str, words: str, numbers: str, dollars: float) -> Step:
    citation = version.citation
    return Step(
        key="", name=name, words=words, numbers=numbers, value=whole_dollars(dollars),
        amount=dollars, section=citation.section, years="", known=citation.known,
        checked=citation.known_by != "recalled",
    )  # fmt: skip


def _mechanism_steps(found: Found, choice: Choice) -> tuple[Step, ...]:
    m = choice.mechanism
    spending, revenue = (
        found.sources[name] for name in ("repayment_of_spending", "repayment_of_revenue")
    )
    parts = [percent(float(version.value), 1) for version in (spending, revenue)]  # type: ignore[arg-type]
    return (
        _of_the_rule(spending, "Of spending", "a part of the assigned people's spending",
                     f"{parts[0]} of it", m.of_spending),
        _of_the_rule(revenue, "Of revenue", "a part of the participants' revenue",
                     f"{parts[1]} of it", m.of_revenue),
        ours("Repayment mechanism", "the lesser of the two",
             f"{whole_dollars(m.of_spending)} and {whole_dollars(m.of_revenue)}",
             money(m.amount), m.amount),
    )  # fmt: skip


def _way_steps(found: Found, way: Way) -> tuple[Step, ...]:
    choice = found.election.picked
    rule = found.sources["early_renewal_begins_next_period"].citation
    return (
        Step(
            key="", name="A new agreement", words="the next agreement period begins, and the "
            "target is set anew from the three years before it", numbers=f"from {way.year}",
            value=str(way.year), amount=float(way.year), section=rule.section, years="",
            known=rule.known, checked=rule.known_by != "recalled",
        ),
        ours(f"Renewing for {way.year}",
             "payments of all years with an early renewal − those of staying to the end, at the "
             "mean result",
             f"{_first(found)} to {way.last}, then {named(choice)}", change(way.gain), way.gain),
    )  # fmt: skip


def _turn_steps(found: Found, at: float, choice: Choice) -> tuple[Step, ...]:
    del found
    return (
        ours(f"Turns to {short(choice)}",
             "where paid − owed × the weight of a dollar owed − the mechanism's cost is the same "
             "for both",
             f"{money(choice.paid)} paid, {money(choice.owed)} owed under {short(choice)}",
             plain(at, 1), at),
    )  # fmt: skip


def _over_steps(found: Found, choice: Choice, dollars: float) -> tuple[Step, ...]:
    first = _first(found)
    return (
        ours("Over the agreement", "five years at the mean result, glide path climbed, target "
             "set anew from the last three years", f"{first} to {first + 4}, {named(choice)}",
             money(dollars), dollars),
    )  # fmt: skip
