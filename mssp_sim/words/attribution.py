"""What a moving list of people does, in sentences: one for each state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from mssp_sim.explanation import NO_MONEY, Part, Tile, Tone, owes, rules_of
from mssp_sim.figures import (
    MILLION,
    MINUS,
    change,
    millions,
    money,
    needed_digits,
    percent,
    plain,
    rounded,
    whole_dollars,
)
from mssp_sim.simulation import Result, State

OURS = (
    "An illustrative model, ours and not CMS's: it does not assign anybody. The start values are "
    "invented; put in your own."
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


def headline(
    january: float, gone: float, came: float, effect_made: float, effect_elsewhere: float,
    *, prospective: bool,
) -> str:  # fmt: skip
    """Return who moved and what went with them, in one sentence.

    Parameters
    ----------
    january, gone, came : people on the list, off it at the end, new on it
    effect_made, effect_elsewhere : dollars; negative where the program raised costs

    Examples
    --------
    >>> headline(45_000, 2_295, 0, 17_732_000, 904_332, prospective=False)
    '2,295 people you managed were not yours at the end: $0.9M of effect went elsewhere.'
    """
    if rounded(gone, 0) > 0:
        was = "was" if plain(gone, 0) == "1" else "were"
        left = "dropped from the list" if prospective else "not yours at the end"
        return f"{people(gone)} you managed {was} {left}{_with_them(effect_made, effect_elsewhere)}"
    if rounded(came, 0) > 0:
        return (
            f"Everyone you managed was still yours at the end{_all(effect_made)}; "
            f"{people(came)} you did not manage stood beside them."
        )
    return (
        f"The list does not move: {people(january)} in January and at the end{_all(effect_made)}."
    )


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
            return f"{NO_MONEY[:-1]}, with or without it."
        return f"It changes no dollar: you {_act(after)} {_amount(after)}."
    now, then = _act(after), _act(before)
    if rounded(after.payment, 2) == 0:
        return f"You {then} nothing instead of {_amount(before)}{_why_nothing(after)}."
    if rounded(before.payment, 2) == 0:
        return f"You {now} {_amount(after)} instead of nothing."
    if now != then:
        doing = "earning" if then == "earn" else "owing"
        return f"You {now} {_amount(after)} instead of {doing} {_amount(before)}."
    if _amount(before) == _amount(after):
        difference = abs(after.payment) - abs(before.payment)
        more = "more" if difference > 0 else "less"
        return f"You still {now} {_amount(after)}, {whole_dollars(abs(difference))} {more}."
    return f"You {now} {_amount(after)} instead of {_amount(before)}."


def _act(result: Result) -> str:
    return "owe" if owes(result) else "earn"


def _amount(result: Result) -> str:
    return money(abs(result.payment))


def _why_nothing(result: Result) -> str:
    if result.state == State.UNDER_THE_MINIMUM:
        digits = needed_digits(percent, result.savings_rate, result.minimum_savings_rate)
        own, least = (
            percent(rate, digits) for rate in (result.savings_rate, result.minimum_savings_rate)
        )
        return f": {own} saved is less than the {least} minimum"
    if result.gross_savings < 0:
        return ": spending is over the target now"
    return ""


def _too_few(after: Result) -> str:
    smallest = rules_of(after).minimum_assigned_beneficiaries
    count = float(after.scenario.assigned_beneficiaries)
    if count >= smallest:
        return ""
    return f" {people(count)} are fewer than the program's {plain(smallest, 0)}."


def below_the_minimum(after: Result) -> str:
    """Return what the program does with an ACO under its smallest size."""
    smallest = plain(rules_of(after).minimum_assigned_beneficiaries, 0)
    general = (
        f"Below {smallest} people the table by size sets the minimum whatever was chosen, half the "
        "share under the minimum is no longer open, and CMS may warn, ask for a plan to grow and, "
        "if it fails, end the agreement."
    )
    if not _too_few(after):
        return general
    count = people(float(after.scenario.assigned_beneficiaries))
    return f"With {count} your minimum is {percent(after.minimum_savings_rate)}. {general}"


def tiles(
    before: Result, after: Result, effect_made: float, effect_paid_for: float
) -> tuple[Tile, Tile, Tile, Tile]:
    """Return the four figures on top."""
    then, now = before.scenario, after.scenario
    digits = needed_digits(percent, float(now.cost_reduction), float(then.cost_reduction))
    digits = min(digits, 2)
    owed = owes(after)
    tone: Tone = "owed" if owed else "earned"
    label, term = ("You owe", "shared losses") if owed else ("You earn", "shared savings")
    cost = rounded(effect_made, 2) < 0
    return (
        Tile(
            "Yours at the end", "assigned beneficiaries", plain(now.assigned_beneficiaries, 0),
            f"{plain(then.assigned_beneficiaries, 0)} in January",
        ),
        Tile(
            "Extra cost that counts" if cost else "Effect that counts", "",
            money(abs(effect_paid_for)), f"of {money(abs(effect_made))} made",
        ),
        Tile(
            "Cut that counts", "cost reduction", percent(float(now.cost_reduction), digits),
            f"{percent(float(then.cost_reduction), digits)} in January",
        ),
        Tile(label, term, _amount(after), _before_note(before, after), tone, tone),
    )  # fmt: skip


def _before_note(before: Result, after: Result) -> str:
    if rounded(before.payment, 2) == rounded(after.payment, 2):
        return "same as before"
    if _act(before) == _act(after) or rounded(before.payment, 2) == 0:
        return f"{_amount(before)} before"
    return f"{'earned' if before.payment > 0 else 'owed'} {_amount(before)} before"


def adding_up(parts: Sequence[float], total: int) -> tuple[int, ...]:
    """Return parts as whole numbers that add to the total: the largest remainders round up.

    Parameters
    ----------
    total : the sum of the parts, rounded by less than one

    Examples
    --------
    >>> adding_up((0.4, 0.4, -0.4, 0.0), 1), adding_up((1.6, 1.6), 3)
    ((1, 0, 0, 0), (2, 1))
    """
    clean = [rounded(part, 6) for part in parts]
    whole = [int(part.to_integral_value(ROUND_FLOOR)) for part in clean]
    ahead = sorted(range(len(clean)), key=lambda n: whole[n] - clean[n])
    for number in ahead[: total - sum(whole)]:
        whole[number] += 1
    return tuple(whole)


def bridge(before: Result, after: Result, causes: Mapping[str, float]) -> tuple[Part, ...]:
    """Return the rows from the settlement of January's list to that of the final one.

    The two ends keep their rounding; the causes between add up as shown.
    """
    tenths = [dollars / MILLION * 10 for dollars in causes.values()]
    total = (millions(after.payment) - millions(before.payment)) * 10
    shown = adding_up(tenths, int(total))
    return (
        Part("January's list", before.payment, money(before.payment), "total"),
        *(
            Part(LABELS[cause], dollars, _tenths(number, dollars), "small")
            for (cause, dollars), number in zip(causes.items(), shown, strict=True)
        ),
        Part("The final list", after.payment, money(after.payment), "total"),
    )


def _tenths(number: int, dollars: float) -> str:
    if number == 0:
        return "$0.0M" if abs(dollars) >= MILLION / 10 else change(dollars)
    return f"{'+' if number > 0 else MINUS}${Decimal(abs(number)) / 10:,.1f}M"


def bridge_title(before: Result, after: Result) -> str:
    """Return the finding of the bridge."""
    difference = after.payment - before.payment
    if rounded(difference, 2) == 0:
        return "The moving list changes no dollar"
    return f"The moving list {'brings' if difference > 0 else 'costs'} {money(abs(difference))}"


def bridge_description(before: Result, after: Result, causes: Mapping[str, float]) -> str:
    """Return the bridge in a sentence or two: its ends, and the cause that weighs most."""
    ends = f"From {_end(before)} to {_end(after)}."
    cause, dollars = max(causes.items(), key=lambda item: abs(item[1]))
    if rounded(dollars, 2) == 0:
        return f"{ends} None of the five causes moves a dollar here."
    return f"{ends} {LABELS[cause]} weighs most: {change(dollars)}. The bars add up."


def _end(result: Result) -> str:
    if rounded(result.payment, 2) == 0:
        return "no payment"
    return f"{_amount(result)} {'owed' if owes(result) else 'earned'}"


def flow_title(counted: str, january: str) -> str:
    """Return the finding of the people's picture."""
    if counted == january:
        return f"All {january} people you managed are yours at the end"
    return f"{counted} of the {january} you managed are yours at the end"


def flow_description(shown: Mapping[str, str], *, prospective: bool) -> str:
    """Return the people's picture in one sentence, as shown."""
    left = f"{shown['gone']} {'were dropped by rule' if prospective else 'left'}"
    joined = f"{shown['joined']} joined, {shown['new']} came with new clinicians"
    if prospective:
        joined = (
            f"nobody joins a list fixed before the year, {shown['new']} came with new clinicians"
        )
    return f"{left}; {joined}: {shown['final']} at the end."


def effect_title(effect_made: float, effect_paid_for: float) -> str:
    """Return the finding of the effect's picture."""
    if rounded(effect_made, 2) == 0:
        return "No cost reduction, so no effect to count"
    what = "of extra cost" if effect_made < 0 else "of effect"
    paid, made = money(abs(effect_paid_for)), money(abs(effect_made))
    if paid == made:
        return f"{made} {what}, on people you are paid for"
    return f"{paid} of {made} {what} fell on people you are paid for"


def effect_description(effect_made: float, effect_elsewhere: float) -> str:
    """Return the effect's picture in one sentence, as shown."""
    if rounded(effect_made, 2) == 0:
        return "Move the cost reduction to see where its effect lands."
    made, gone = millions(abs(effect_made)), millions(abs(effect_elsewhere))
    return f"${made - gone:,}M paid for + ${gone:,}M gone elsewhere = ${made:,}M made."


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
            "Someone seen by a physician of yours is yours if your primary care clinicians "
            "(physicians, nurse practitioners, physician assistants) give them more primary care, "
            "in allowed charges, than anyone else's.",
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
            "A person can name their clinician on Medicare's site by 30 September before the year. "
            "That overrides all visits, both ways.",
        ),
        Fact(
            "What moves it",
            "Being easy to reach, annual visits, a visit this year: whoever is not seen this year "
            "goes to whoever sees them. In words only: not modelled.",
        ),
    )
