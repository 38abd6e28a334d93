"""The year that runs in words: headline, fan, what must still happen, booking, cash.

Over 500 lines: the sentences of one page, which share the names of its parts, months and aims.
"""

import calendar
from collections.abc import Mapping, Sequence

from mssp_sim.figures import (
    change,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
)
from mssp_sim.quarter import LAST_TWELVE_MONTHS, MONTHS_A_QUARTER
from mssp_sim.result import Result, State
from mssp_sim.studies.cash import Cash
from mssp_sim.studies.luck import of_a_hundred
from mssp_sim.studies.still_needed import Needed
from mssp_sim.studies.this_year import Booking, FanPoint, Outlook, Projection
from mssp_sim.studies.year_inputs import (
    MONTHS,
    PARTS,
    Part,
    Watched,
)

PART_NAMES: Mapping[Part, str] = {
    "own": "Own spending",
    "region": "Region",
    "nation": "Nation",
    "risk": "Risk scores",
    "late": "Late bills",
}
BASIS_NAMES = {
    "last_twelve_months": "The last twelve months",
    "year_so_far_annualized": "This year so far, as a year",
}
NO_FIGURE = "–"


def fate(
    projection: Projection, years: Outlook, *, is_invented: bool, closed: int | None = None
) -> str:
    """Return where the year is heading, with its chance, in one sentence.

    Parameters
    ----------
    closed : the year that CMS has settled already and that is told anew here; None for none
    """
    result, quarter = projection.result, projection.so_far.quarter
    at = f"At Q{quarter}" + (" of an invented year" if is_invented else "")
    who = "you are"
    if closed is not None:
        at, who = f"A rehearsal: as if {closed} were still at Q{quarter},", "it would be"
    paid, _, owing = of_a_hundred(years.chances)
    check = f"a {paid}% chance of a check"
    dollars = float(result.payment)
    if rounded(dollars, 2) > 0:
        return f"{at} {who} heading for {money(dollars)}, with {check}."
    if rounded(dollars, 2) < 0:
        return f"{at} {who} heading to owe {money(-dollars)}, with a {owing}% chance of owing."
    return f"{at} {who} heading for no money ({why_nothing(projection)}), with {check}."


def closed_note(year: int) -> str:
    """Return why a year that is over is forecast here."""
    return (
        f"{year} is over and settled: what CMS paid stands above. This page tells it again as it "
        "might have looked before it ended, with reports that are made up."
    )


def why_nothing(projection: Projection) -> str:
    """Return why no money moves on the year's projected end."""
    result, rate = projection.result, projection.savings_rate
    if result.state is State.NEITHER_STANDARD:
        return "for neither quality standard is met"
    minimum = float(result.minimum_savings_rate)
    digits = needed_digits(percent, abs(rate), minimum)
    side = "saved" if rate >= 0 else "overspent"
    shown = f"{side} {percent(abs(rate), digits)}"
    if rate < 0 and not result.two_sided:
        return f"{shown} under a contract that owes nothing"
    if rate < minimum:
        return f"{shown} against a minimum of {minimum_rate(minimum, digits)}"
    return shown


def report_note(
    watched: Watched, *, is_invented: bool, names: Sequence[str], of_cms: bool = False
) -> str:
    """Return where the figures of the report come from, and what is assumed of them.

    Parameters
    ----------
    names : of the figures that were typed
    of_cms : are they those of the reports that were opened?
    """
    if of_cms:
        first = "As CMS's reports say, by enrollment type; quality is yours to type."
    elif is_invented:
        first = (
            "Invented reports: made from your levers to show the page. For your own year, type "
            "what your report says."
        )
    elif len(names) == len(TYPED):
        first = "As typed from your report."
    else:
        first = f"As typed: {', '.join(names)}; the rest is of the invented report."
    return f"{first} {basis_note(watched)}"


TYPED = {"people": "people", "spent": "spending", "target": "target", "quality": "quality"}


def basis_note(watched: Watched) -> str:
    """Return what is assumed of a report's figures, in one sentence."""
    if watched.basis == LAST_TWELVE_MONTHS:
        covers = "taken as the last twelve months, brought forward to the year's end"
    else:
        covers = "taken as this year so far, made a year"
    late = percent(watched.late_bills)
    return f"Spending and target are {covers}, with {late} of late bills: our assumption."


def fan_title(points_of_fan: Sequence[FanPoint], minimum: float) -> str:
    """Return the finding of the fan."""
    latest = max(point.quarter for point in points_of_fan if point.reported)
    here = next(point for point in points_of_fan if point.quarter == latest)
    low, high = here.wide
    rates = f"{percent(low)} and {percent(high)}"
    if here.wide == (here.rate, here.rate):
        return f"Nothing is left to chance: the year ends at {percent(here.rate)}"
    if low >= minimum:
        return f"80% sure: the year ends between {rates}, clear of the minimum"
    if high < minimum:
        return f"80% sure: the year ends between {rates}, short of the minimum"
    return f"80% sure: the year ends between {rates}, on both sides of the minimum"


def fan_description(points_of_fan: Sequence[FanPoint], minimum: float, *, two_sided: bool) -> str:
    """Return the fan in words."""
    said = [
        f"{'Reported' if point.reported else 'Still to come'} Q{point.quarter}: "
        f"{percent(point.rate)}, 80 of 100 years end between {percent(point.wide[0])} and "
        f"{percent(point.wide[1])}"
        for point in points_of_fan
    ]
    zone = f"from {minimum_rate(-minimum)} " if two_sided else "up "
    return f"{'; '.join(said)}. No money moves {zone}to {minimum_rate(minimum)}."


FAN_READS = (
    "The bar at the settlement is where the year may still end: 80 of 100 years in the bar, 50 in "
    "its dark part. A filled dot is a report. The dotted lines close in because each later report "
    "leaves less unknown, not because the end is known today."
)
QUALITY_STANDS = "The score counts as it stands: its own chance is not in the band."
HOW_DIVIDED = (
    "An ACO's savings rate varies from year to year by a measured amount. The first four parts "
    "divide that amount between them, so nothing is counted twice. Spending follows the region, so "
    "the region alone moves the rate little; risk scores are known last. How far late bills vary "
    "is our assumption. Each part can be switched off."
)


def beside_other_pages(projection: Projection) -> str:
    """Return why the chance here is not that of Luck and Election."""
    rate = percent(projection.savings_rate)
    return (
        f"The chance here starts from where the report points, {rate}, with part of the year "
        "known. Luck and Election start from your levers before any of the year is known: their "
        "chances differ."
    )


def month_name(month: int) -> str:
    """Return the name of a month of the year."""
    return calendar.month_name[month]


def month_of(projection_year: int, month: int) -> str:
    """Return a month counted from January of the performance year, with its year.

    Examples
    --------
    >>> month_of(2025, 22), month_of(2025, 12)
    ('October 2026', 'December 2025')
    """
    years, at = divmod(month - 1, MONTHS)
    return f"{month_name(at + 1)} {projection_year + years}"


AIMS = ("no_debt", "minimum", "goal")
"""What a cut can be for, in the order in which a year gets there."""


def aim_of(needs: Sequence[Needed]) -> str:
    """Return the first aim the year has not reached and a cut can: empty where there is none."""
    if not needs:
        return ""
    return next((aim for aim in AIMS if (getattr(needs[0], aim) or 0) > 0), "")


def act_of(aim: str, minimum: float, goal: float) -> str:
    """Return what a cut is for, as a verb and its object."""
    return {
        "no_debt": "owe nothing",
        "minimum": f"clear the {minimum_rate(minimum)} minimum",
        "goal": f"earn {money(goal)}",
    }[aim]


def needed_title(needs: Sequence[Needed], minimum: float, goal: float, reach: float = 1.0) -> str:
    """Return what must still happen, as a heading.

    Parameters
    ----------
    reach : the cut that is still held to be possible
    """
    if not needs:
        return "The year is over: no cut reaches it any more"
    first = needs[0]
    if first.minimum is None and not first.no_debt:
        return "No cut of spending brings a check: quality pays nothing"
    aim = aim_of(needs)
    if aim:
        much, month = getattr(first, aim), month_name(first.month)
        act = act_of(aim, minimum, goal)
        if much > reach:
            return f"Out of reach: to {act} takes {cut(much)} less from {month} on"
        return f"To {act}, spend {cut(much)} less from {month} on"
    if first.goal is None:
        return f"No cut of spending earns {money(goal)} under this contract"
    return f"On the way to {money(goal)} with room to spare"


def cut(fraction: float) -> str:
    """Return a needed cut; whatever is more than all of it is said so."""
    return percent(fraction) if fraction < 1 else "more than 100%"


def needed_words(
    needs: Sequence[Needed],
    projection: Projection,
    goal: float,
    watched: Watched,
    *,
    unpaid: int | None = None,
    by_quality: str = "",
) -> str:
    """Return what each month of delay asks for, in sentences.

    Parameters
    ----------
    unpaid : years of 100 that still end without a check; None where that is not said
    by_quality : what reaching the full quality standard would bring; empty for nothing
    """
    if not needs:
        return (
            "What is spent is spent. Late bills, risk scores and quality still move the settlement."
        )
    first, said = needs[0], []
    rate = float(projection.result.minimum_savings_rate)
    if (first.no_debt or 0) > 0:
        said.append(_row(needs, "no_debt", act_of("no_debt", rate, goal), watched))
    if first.minimum is None:
        said.append("Without a quality standard nothing is paid, at any savings rate.")
        return " ".join(said)
    if first.minimum > 0:
        said.append(_row(needs, "minimum", act_of("minimum", rate, goal), watched))
    else:
        said.append(_room(first.minimum, rate, unpaid))
    if watched.goal is None:
        said.append(f"{money(goal)} is the next round sum above the projection: set your own.")
    if first.goal is None:
        said.append(f"{money(goal)} is out of reach under this contract, at any cut.")
    elif first.goal <= 0:
        said.append(f"{money(goal)} is reached as it is.")
    elif first.minimum > 0 and cut(first.goal) == cut(first.minimum):
        said.append(f"That earns {money(goal)} or more.")
    else:
        said.append(_row(needs, "goal", act_of("goal", rate, goal), watched))
    if by_quality:
        said.append(by_quality)
    return " ".join(said)


def _room(cut_needed: float, minimum: float, unpaid: int | None) -> str:
    """Return how far the months left are from missing the minimum."""
    first = f"The report points over the {minimum_rate(minimum)} minimum"
    if cut_needed <= -1:
        said = f"{first}, whatever the months left cost."
    else:
        room = percent(-cut_needed)
        said = f"{first}: the months left may cost {room} more than projected before it is missed."
    if unpaid:
        said += f" Chance alone still misses it in {unpaid} of 100 years."
    return said


def by_quality(projection: Projection, other_payment: float | None) -> str:
    """Return what the full quality standard brings without any cut; empty for nothing."""
    if other_payment is None:
        return ""
    gain = other_payment - float(projection.result.payment)
    if rounded(gain, 2) <= 0:
        return ""
    return f"Without any cut, reaching the full quality standard brings {change(gain)}."


BROKEN = "A broken bar is taller than drawn."


def _row(needs: Sequence[Needed], which: str, act: str, watched: Watched) -> str:
    """Return the cut of the first month and how delay raises it."""
    cuts = [(need.month, getattr(need, which)) for need in needs]
    (month, now), reach = cuts[0], watched.reach
    if now > reach:
        return (
            f"To {act} it takes {cut(now)} less from {month_name(month)} on: more than the "
            f"{percent(reach)} taken as possible."
        )
    beyond = next(((at, much) for at, much in cuts if much > reach), None)
    first = f"To {act} it takes {cut(now)} less from {month_name(month)} on"
    if beyond is None:
        at, much = cuts[-1]
        return f"{first}." if at == month else f"{first}, {cut(much)} from {month_name(at)}."
    at, much = beyond
    return (
        f"{first}; from {month_name(at)} {cut(much)}: more than the {percent(reach)} taken as "
        "possible."
    )


def needed_rows(needs: Sequence[Needed], goal: float) -> list[dict[str, str]]:
    """Return what each month asks for, as rows of a table."""

    def shown(fraction: float | None) -> str:
        if fraction is None:
            return "never"
        return cut(fraction) if fraction > 0 else "reached"

    return [
        {
            "Begun in": month_name(need.month),
            "Months of full effect": plain(need.effective_months, 1),
            **({"To owe nothing": shown(need.no_debt)} if need.no_debt is not None else {}),
            "To clear the minimum": shown(need.minimum),
            f"To earn {money(goal)}": shown(need.goal),
        }
        for need in needs
    ]


def known_title(quarter: int) -> str:
    """Return the heading of what is known."""
    months = MONTHS_A_QUARTER * quarter
    return f"At Q{quarter} you know {months} of 12 months, and not yet what the target comes to"


def known_rows(
    result: Result, watched: Watched, spreads: Mapping[Part, float]
) -> list[dict[str, str]]:
    """Return each input of the settlement with the day it becomes known."""
    year, quarter = int(result.scenario.performance_year), watched.quarter
    after = year + 1
    june = 2  # the quarter in which the benchmark's second delivery comes

    def row(what: str, when: str, *, known: bool, part: Part | None = None, now: str = "") -> Row:
        strays = NO_FIGURE
        if part is not None:
            strays = "switched off" if part in watched.off else f"±{points(spreads[part], 2)}"
            if known:
                strays = NO_FIGURE
        return {
            "Input": what,
            "Known from": when,
            f"At Q{quarter}": now or ("known" if known else "open"),
            "May move your savings rate by": strays,
        }

    over = quarter == len(range(0, MONTHS, MONTHS_A_QUARTER))
    months = MONTHS_A_QUARTER * quarter
    rows = [
        row("Historical benchmark", f"March {year}, final in October", known=quarter >= june,
            now="known" if quarter > june else "preliminary"),
        row("Your own spending", f"December 31, {year}", known=over, part="own",
            now=f"{months} of 12 months"),
        row("Region's growth", f"December 31, {year}", known=over, part="region",
            now=f"{months} of 12 months"),
        row("Nation's growth", f"December 31, {year}", known=over, part="nation",
            now=f"{months} of 12 months"),
        row("Your list of people", f"January {year} if prospective, else the end of {year}",
            known=over, now="final" if over else "final if prospective"),
        row("Late bills", f"March 31, {after}", known=False, part="late"),
        row("Risk scores", f"settlement, summer {after}", known=False, part="risk"),
        row("Quality score", f"reported in spring {after}, known in summer", known=False),
    ]  # fmt: skip
    if float(result.rules.prospective_trend_weight):
        start = result.scenario.agreement_start.year
        rows.insert(1, row("Prospective trend (ACPT)", f"January {start}", known=True))
    return rows


Row = dict[str, str]


def quality_words(projection: Projection, other_payment: float | None) -> str:
    """Return what the quality so far means for the money.

    Parameters
    ----------
    other_payment : what the projected year pays at the full standard; None where it is met
    """
    result = projection.result
    now, line = projection.so_far.quality, float(result.quality_performance_standard)
    if result.deemed:
        return "Reporting is enough this year: the score itself does not move the money."
    if result.standard_met:
        return f"{score(now)} meets the full standard of {score(line, 2)}."
    digits = needed_digits(score, now, line)
    short = points(line - now, digits)
    first = f"{score(now, digits)} is {short} under the full standard of {score(line, 2)}"
    if other_payment is None:
        return f"{first}."
    gain = other_payment - float(result.payment)
    if rounded(gain, 2) == 0:
        return f"{first}; on this year's end that moves no money."
    return f"{first}: reaching it moves {change(gain)}."


def booking_title(booked: Booking, watched: Watched) -> str:
    """Return what to book, as a heading."""
    level = percent(watched.book, 0)
    if rounded(booked.constrained, 2) > 0:
        return f"What to book: {money(booked.constrained)} is {level} sure"
    if rounded(booked.constrained, 2) < 0:
        return f"Nothing to book: at {level} the year may end owing {money(-booked.constrained)}"
    return f"Nothing to book: no check is {level} sure"


def booking_amounts(booked: Booking) -> str:
    """Return the three amounts in one sentence."""
    safe = f"{money(booked.constrained)} is" if rounded(booked.constrained, 2) > 0 else "nothing is"
    return (
        f"Expected value {money(booked.expected)}, most likely amount {money(booked.likely)}; "
        f"{safe} safe to book."
    )


def booking_words(watched: Watched) -> str:
    """Return the three amounts in plain English."""
    level = percent(watched.book, 0)
    return (
        "Money that hangs on something still open may be booked early, by one of two estimates: "
        "the average of all outcomes (expected value), or the single most likely outcome. Of "
        "either only so much that it will probably not have to be taken back (the constraint): "
        f"here the highest sum that {level} of the years that may still come pay or exceed. The "
        "words are those of ASC 606; the level is for you and your accountant to choose. Not "
        "advice."
    )


def cash_title(flows: Cash, year: int) -> str:
    """Return the finding of the cash by month."""
    ends = "The check comes" if rounded(float(flows.payment.sum()), 2) > 0 else "It is settled"
    if rounded(float(flows.payment.sum()), 2) < 0:
        ends = "You pay"
    when = f"{ends} in {month_of(year, flows.check)}"
    if rounded(flows.lowest, 2) < 0:
        return f"{when}; until then {money(-flows.lowest)} is yours to carry"
    return when


def cash_words(flows: Cash, number: int, *, with_cost: bool) -> str:
    """Return the cash by month in words: what it adds up to, and what is assumed.

    Parameters
    ----------
    number : of the year in its agreement
    """
    said = [f"The months add up to a net of {money(flows.net)}."]
    if not with_cost:
        said.append("What the program costs you is not in it yet.")
    if number > 1 and rounded(float(flows.advanced.sum() + flows.recouped.sum()), 2):
        said.append("Earlier years of the agreement are taken to be like this one.")
    if rounded(flows.outstanding, 2) > 0:
        said.append(f"{money(flows.outstanding)} of the advances is still to be paid back.")
    if rounded(float(flows.payment.sum()), 2) < 0:
        said.append("What is owed is due within 90 days of being told.")
    said.append("The month of the check is our assumption; CMS settles in the summer after.")
    return " ".join(said)


def cash_rows(flows: Cash, year: int) -> list[dict[str, object]]:
    """Return the cash by month as rows of a table, dollars."""
    return [
        {
            "Month": month_of(year, at + 1),
            "Advances": float(flows.advanced[at]),
            "Program cost": float(flows.cost[at]),
            "Own revenue forgone": float(flows.forgone[at]),
            "Settlement": float(flows.payment[at]),
            "Taken back": float(flows.recouped[at] + flows.repaid[at]),
            "Sum so far": float(flows.so_far[at]),
        }
        for at in range(len(flows.so_far))
    ]


def unreadable(fault: str) -> str:
    """Return what is shown instead of a link's words that cannot be read."""
    return f"{fault}. Until then the usual figures are shown."


def part_pill(part: Part, spreads: Mapping[Part, float], watched: Watched) -> str:
    """Return the name of a part with what it still strays by."""
    name = PART_NAMES[part]
    return name if part in watched.off else f"{name} ±{points(spreads[part], 2)}"


def parts_on(watched: Watched) -> list[Part]:
    """Return the parts of chance that count."""
    return [part for part in PARTS if part not in watched.off]
