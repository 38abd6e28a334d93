"""What a moving list of people does, in sentences: one for each state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mssp_sim.attribution import Churn, Flow, SettledLists, inputs
from mssp_sim.figures import (
    adding_up,
    change,
    millions,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    rounded,
    whole_dollars,
)
from mssp_sim.result import Result, State
from mssp_sim.words.outcome import NO_MONEY, owes

OURS = (
    "An illustrative model of this app, not of CMS: it does not assign anybody. The example "
    "values are invented; put in your own."
)
USE = (
    "Sets people, market share and cost reduction to those of the final list, as one step that "
    "Undo reverses. This page then begins from that list, with nobody moving."
)
NEW_PRACTICE = (
    "New clinicians here work under a practice (TIN) already on your list: their people count in "
    "the performance year, not in the benchmark. With a new practice it is different: CMS restates "
    "the benchmark with that practice's people in it. The page does not compute that."
)
LABELS = {
    "list_size": "Size of the list",
    "market_share": "Market share and trend",
    "minimum": "Minimum by size",
    "elsewhere": "Effect gone elsewhere",
    "new_clinicians": "New clinicians",
}
"""What the bridge calls each cause."""

FIXED = {False: "After the year", True: "Before the year"}
"""When the list is fixed: retrospective, or prospective assignment."""

THIRD_STEP_SINCE = 2025
NO_END_PROPOSED_SINCE = 2025
NO_END = "for 2025 on CMS proposed not to end it for size alone; ask CMS what is final"


@dataclass(frozen=True, slots=True)
class Fact:
    """A short text under its heading."""

    head: str
    text: str


def people(count: float) -> str:
    """Return a number of people.

    Examples
    --------
    >>> people(2_295), people(1)
    ('2,295 people', '1 person')
    """
    shown = plain(count, 0)
    return f"{shown} {'person' if shown == '1' else 'people'}"


def heads(flow: Flow) -> dict[str, str]:
    """Return the people of the page as shown: whole, and adding up as shown.

    Examples
    --------
    >>> from mssp_sim.attribution import follow
    >>> from mssp_sim.simulation import simulate
    >>> from mssp_sim.scenario import Scenario
    >>> list(heads(follow(simulate(Scenario()), Churn())).values())
    ['45,000', '42,705', '2,295', '1,800', '1,376', '45,881']
    """
    january, counted, final = (
        int(rounded(float(n), 0)) for n in (flow.january, flow.counted, flow.final)
    )
    joined, new = adding_up((float(flow.joined), float(flow.new)), final - counted)
    shown = {
        "january": january, "counted": counted, "gone": january - counted, "joined": joined,
        "new": new, "final": final,
    }  # fmt: skip
    return {name: plain(count, 0) for name, count in shown.items()}


def headline(flow: Flow, *, prospective: bool) -> str:
    """Return who moved and what went with them, in one sentence.

    Examples
    --------
    >>> from mssp_sim.attribution import follow
    >>> from mssp_sim.simulation import simulate
    >>> from mssp_sim.scenario import Scenario
    >>> headline(follow(simulate(Scenario()), Churn()), prospective=False)
    '2,295 people you managed were not yours at the end: $0.9M of effect went elsewhere.'
    """
    made = float(flow.effect_made)
    shown = heads(flow)
    if shown["gone"] != "0":
        were = "was" if shown["gone"] == "1" else "were"
        how = "dropped from the list" if prospective else "not yours at the end"
        lost = _with_them(made, float(flow.effect_elsewhere))
        return f"{people(float(flow.gone))} you managed {were} {how}{lost}"
    if shown["final"] != shown["january"]:
        return (
            f"Everyone you managed was still yours at the end{_all(made)}; "
            f"{people(float(flow.joined + flow.new))} you did not manage stood beside them."
        )
    return f"The list does not move: {people(float(flow.january))} all year{_all(made)}."


def _with_them(made: float, elsewhere: float) -> str:
    if rounded(made, 2) == 0:
        return "; with no cost reduction, no effect went with them."
    if made < 0:
        return f": {money(-elsewhere)} of the extra cost went elsewhere with them."
    return f": {money(elsewhere)} of effect went elsewhere."


def _all(made: float) -> str:
    if rounded(made, 2) == 0:
        return ", with no effect to count"
    if made < 0:
        return f", and all {money(-made)} of extra cost counts"
    return f", and all {money(made)} of effect counts"


def settlement(before: Result, after: Result) -> str:
    """Return what the movement does to the money, in one sentence; a second one below 5,000."""
    return _money(before, after) + _too_few(after)


def _money(before: Result, after: Result) -> str:
    if rounded(before.payment, 2) == rounded(after.payment, 2):
        if rounded(after.payment, 2) == 0:
            return f"{NO_MONEY[:-1]}, with this movement or without it."
        return f"It changes no dollar: you {act(after)} {amount(after)}."
    now, then = act(after), act(before)
    if rounded(after.payment, 2) == 0:
        return f"You {then} nothing instead of {amount(before)}{_why_nothing(after)}."
    if rounded(before.payment, 2) == 0:
        return f"You {now} {amount(after)} instead of nothing."
    if now != then:
        doing = "earning" if then == "earn" else "owing"
        return f"You {now} {amount(after)} instead of {doing} {amount(before)}."
    if amount(before) == amount(after):
        difference = abs(after.payment) - abs(before.payment)
        more = "more" if difference > 0 else "less"
        return f"You still {now} {amount(after)}, {whole_dollars(abs(difference))} {more}."
    return f"You {now} {amount(after)} instead of {amount(before)}."


def act(result: Result) -> str:
    """Return whether the ACO earns or owes."""
    return "owe" if owes(result) else "earn"


def amount(result: Result) -> str:
    """Return what is earned or owed, without its sign."""
    return money(abs(result.payment))


def _why_nothing(result: Result) -> str:
    rate = abs(result.savings_rate)
    digits = needed_digits(percent, rate, result.minimum_savings_rate)
    own, least = percent(rate, digits), minimum_rate(result.minimum_savings_rate, digits)
    if result.state == State.UNDER_THE_MINIMUM:
        return f": {own} saved is less than the {least} minimum"
    if result.state == State.OVERSPENT_INSIDE_THE_ZONE:
        return f": {own} over the target is less than the {least} at which losses count"
    return ": spending is over the target now" if result.gross_savings < 0 else ""


def _too_few(after: Result) -> str:
    smallest = after.rules.minimum_assigned_beneficiaries
    count = float(after.scenario.assigned_beneficiaries)
    if count >= smallest:
        return ""
    return f" {people(count)} are fewer than the program's {plain(smallest, 0)}."


def below_the_minimum(after: Result) -> str:
    """Return what the program does with an ACO under its smallest size."""
    smallest = plain(after.rules.minimum_assigned_beneficiaries, 0)
    sets = "the table by size sets the minimum whatever was chosen"
    if not after.rules.people_for_chosen_minimum:
        sets = "a fixed minimum stays, which it no longer does in years from July 2019"
    general = (
        f"Below {smallest} people {sets}, half the "
        "share under the minimum is no longer open, and CMS may warn, ask for a plan to grow and, "
        "if it fails, end the agreement"
    )
    proposed = int(after.scenario.performance_year) >= NO_END_PROPOSED_SINCE
    general += f" ({NO_END})." if proposed else "."
    if not _too_few(after):
        return general
    count = people(float(after.scenario.assigned_beneficiaries))
    return f"With {count} your minimum is {minimum_rate(after.minimum_savings_rate)}. {general}"


def bridge_title(settled: SettledLists) -> str:
    """Return the finding of the bridge."""
    if rounded(settled.after.payment - settled.before.payment, 2) == 0:
        return "The moving list changes no dollar"
    before, after = _end(settled.before), _end(settled.after)
    if before == after:
        return f"The list leaves you at {after}"
    return f"The list moves you from {before} to {after}"


def bridge_description(settled: SettledLists) -> str:
    """Return the bridge in a sentence or two: its ends, and the cause that weighs most."""
    cause, dollars = max(settled.causes.items(), key=lambda item: abs(item[1]))
    if rounded(float(dollars), 2) == 0:
        return "No cause moves a dollar here."
    return f"Weighs most: {LABELS[cause].lower()}, {change(float(dollars))}. The bars add up."


def _end(result: Result) -> str:
    if rounded(result.payment, 2) == 0:
        return "no payment"
    return f"{amount(result)} {'owed' if owes(result) else 'earned'}"


def flow_title(shown: Mapping[str, str]) -> str:
    """Return the finding of the people's picture."""
    if shown["gone"] == "0":
        return f"All {shown['january']} people you managed are yours at the end"
    return f"{shown['counted']} of the {shown['january']} you managed are yours at the end"


def gone_label(shown: Mapping[str, str], *, prospective: bool) -> str:
    """Return what stands over the people who are not counted; nothing if there are none."""
    if shown["gone"] == "0":
        return ""
    return f"{shown['gone']} {'dropped by rule' if prospective else 'left'}"


def came_label(shown: Mapping[str, str]) -> str:
    """Return what stands under the people who came; nothing if nobody did."""
    ways = (("joined", "joined"), ("new", "with new clinicians"))
    return " · ".join(f"{shown[key]} {how}" for key, how in ways if shown[key] != "0")


def flow_description(shown: Mapping[str, str], flow: Flow, churn: Churn) -> str:
    """Return the people's picture in a sentence or two, as shown."""
    came = came_label(shown).replace(" · ", ", ") or "nobody came"
    ends = f"{came}: {shown['final']} at the end."
    if not churn.prospective:
        return f"{gone_label(shown, prospective=False) or 'Nobody left'}; {ends}"
    elsewhere = float(flow.january) * (float(churn.leave) - float(churn.dropped))
    gone = gone_label(shown, prospective=True) or "Nobody was dropped"
    if rounded(elsewhere, 0) == 0:
        return f"{gone}; {ends}"
    return f"{gone}; {people(elsewhere)} seen elsewhere stay on the list; {ends}"


def flow_rows(shown: Mapping[str, str], flow: Flow) -> tuple[dict[str, str | float], ...]:
    """Return the table behind the people's picture."""
    labels = {
        "january": "January's list", "gone": "Not yours at the end", "counted": "Still yours",
        "joined": "Joined", "new": "With new clinicians", "final": "Yours at the end",
    }  # fmt: skip
    return tuple(
        {"People": label, "As shown": shown[key], "Unrounded": round(float(getattr(flow, key)), 4)}
        for key, label in labels.items()
    )


def effects(flow: Flow) -> dict[str, str]:
    """Return the effect as shown: what counts takes the rounding, so that the parts add up.

    Examples
    --------
    >>> from mssp_sim.attribution import follow
    >>> from mssp_sim.simulation import simulate
    >>> from mssp_sim.scenario import Scenario
    >>> effects(follow(simulate(Scenario()), Churn(prospective=True)))
    {'made': '$17.7M', 'paid_for': '$17.3M', 'elsewhere': '$0.4M'}
    """
    made, paid_for, gone = (
        abs(float(part)) for part in (flow.effect_made, flow.effect_paid_for, flow.effect_elsewhere)
    )
    rest = f"${millions(made) - millions(gone):,}M"
    return {
        "made": money(made),
        "paid_for": rest if rounded(gone, 2) and rest != "$0.0M" else money(paid_for),
        "elsewhere": money(gone),
    }


def effect_title(flow: Flow) -> str:
    """Return the finding of the effect's picture."""
    made, shown = float(flow.effect_made), effects(flow)
    if rounded(made, 2) == 0:
        return "No cost reduction, so no effect to count"
    what = "of extra cost" if made < 0 else "of effect"
    if rounded(float(flow.effect_elsewhere), 2) == 0:
        return f"All {shown['made']} {what} lands on people you are paid for"
    return f"{shown['paid_for']} of {shown['made']} {what} lands on people you are paid for"


def effect_inside(flow: Flow) -> str:
    """Return what stands in the effect's bar."""
    if rounded(float(flow.effect_made), 2) == 0:
        return ""
    return f"{effects(flow)['paid_for']} on people you are paid for"


def effect_over(flow: Flow) -> str:
    """Return what stands over the effect that is not counted; nothing if there is none."""
    if rounded(float(flow.effect_elsewhere), 2) == 0:
        return ""
    return f"{effects(flow)['elsewhere']} gone elsewhere"


def effect_description(flow: Flow) -> str:
    """Return the effect's picture in one sentence, as shown."""
    if rounded(float(flow.effect_made), 2) == 0:
        return "Move the cost reduction to see where its effect lands."
    shown = effects(flow)
    return (
        f"{shown['paid_for']} on people you are paid for + {shown['elsewhere']} gone elsewhere "
        f"= {shown['made']} made."
    )


def effect_rows(flow: Flow) -> tuple[dict[str, str | float], ...]:
    """Return the table behind the effect's picture."""
    shown = effects(flow)
    rows = {
        "Effect made": (shown["made"], flow.effect_made),
        "Effect that counts": (shown["paid_for"], flow.effect_paid_for),
        "Effect gone elsewhere": (shown["elsewhere"], flow.effect_elsewhere),
    }
    return tuple(
        {"Effect": label, "As shown": text, "Dollars": round(float(dollars), 2)}
        for label, (text, dollars) in rows.items()
    )


def both_lists(settled: SettledLists) -> tuple[dict[str, str], ...]:
    """Return January's list beside the final one: from its size to the dollars."""
    lines: dict[str, Callable[[Result], str]] = {
        "Assigned people": lambda r: plain(r.scenario.assigned_beneficiaries, 0),
        "Person-years": lambda r: plain(r.person_years, 0),
        "Market share": lambda r: percent(r.scenario.market_share),
        "Spending target per person": lambda r: f"${plain(r.benchmark, 0)}",
        "Cost reduction": lambda r: percent(r.scenario.cost_reduction, 2),
        "Minimum to get paid": lambda r: percent(r.minimum_savings_rate, 2),
        "Saved or overspent": lambda r: f"{money(r.gross_savings)} ({percent(r.savings_rate, 2)})",
        "Paid to you, less owed": lambda r: money(r.payment),
    }
    return tuple(
        {"": label, "January's list": line(settled.before), "The final list": line(settled.after)}
        for label, line in lines.items()
    )


def idle(name: str, *, prospective: bool) -> str:
    """Return why a lever of the page moves nothing now; nothing if it moves something."""
    if prospective:
        return {"leave": "still count", "join": "nobody can"}.get(name, "")
    return "only before" if name == "dropped" else ""


def too_many_dropped(*, dropped: float, leave: float) -> str:
    """Return what is wrong when more people are dropped than leave."""
    labels = inputs()
    return (
        f"{labels['dropped'].label} is {percent(dropped)}; it is part of {labels['leave'].label}, "
        f"{percent(leave)}. The last valid value is kept."
    )


def make_room(churn: Churn) -> str:
    """Return what a button says that brings both in line."""
    return f"Make both {percent(float(churn.leave))}"


def link_refused(faults: str) -> str:
    """Return what is said of a link whose movement cannot be used."""
    return f"The movement in the link cannot be used: {faults}. The start values are used."


def cannot_settle(faults: str) -> str:
    """Return what is said of a final list that no scenario can hold."""
    return (
        f"The final list cannot be settled: {faults}. Fewer new clinicians, people nearer to your "
        "cost, or a smaller movement bring it back."
    )


def timing(year: int, level: str, *, prospective: bool) -> str:
    """Return when the list is fixed, and who decides that."""
    if prospective:
        when = (
            f"Before the year (prospective): visits from October {year - 2} to September "
            f"{year - 1} decide. The list can then only shrink: nobody joins, and who goes "
            "elsewhere for care still counts as yours."
        )
    else:
        when = (
            f"After the year (retrospective): the list is redrawn each quarter and final on the "
            f"visits of {year}. Who is seen elsewhere leaves it, who is seen by you joins."
        )
    only = {"1": "Track 1 was always fixed after the year.",
            "3": "Track 3 was always fixed before the year."}.get(level)  # fmt: skip
    return f"{when} {only or 'The ACO chooses, each year; CMS then restates the benchmark.'}"


def assignment(year: int) -> tuple[Fact, ...]:
    """Return how a person is assigned, in the order of the rule, and what moves it.

    Source: 42 CFR 425.400-425.402
    """
    third = "" if year >= THIRD_STEP_SINCE else f", not yet in {year}"
    return (
        Fact(
            "1 · Most primary care",
            "Whoever a physician of yours has seen is yours if your primary care clinicians bill "
            "more of their primary care than anyone else's do (plurality of allowed charges).",
        ),
        Fact(
            "2 · Else specialists",
            "Only if no primary care clinician anywhere saw them: the same count among certain "
            "specialists.",
        ),
        Fact(
            f"3 · Over two years (from {THIRD_STEP_SINCE}{third})",
            "Seen this year only by a nurse practitioner or physician assistant of yours, and by a "
            "physician of yours within 24 months: the count runs over the 24 months.",
        ),
        Fact(
            "Or their own choice",
            "A person can name their clinician on Medicare's site by September 30 before the year. "
            "That overrides all visits, both ways.",
        ),
        Fact(
            "What moves it",
            "Being easy to reach, annual visits, a visit this year: whoever is not seen this year "
            "goes to whoever sees them. In words only: not modeled.",
        ),
    )
