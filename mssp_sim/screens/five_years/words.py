"""The Five years page in words: headline, tiles, what the pictures show, what the program costs."""

from collections.abc import Mapping, Sequence

from mssp_sim.aco import Aco, short_name
from mssp_sim.figures import money, percent, rounded, score, whole_dollars
from mssp_sim.naming import contract
from mssp_sim.parameters import RateTable, advance_parameters
from mssp_sim.quantity import PERFORMANCE_YEARS
from mssp_sim.rules import benchmark
from mssp_sim.studies.advances import AdvanceRules
from mssp_sim.studies.agreement import Agreement, Rebased, Year, YearPlan
from mssp_sim.studies.program_cost import Net, ProgramCost
from mssp_sim.tolerances import SAME_RATE

NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}
ASSUMED, UNKNOWN = "assumed", "–"
SETTLED = "as CMS settled it"
SHORT_ENHANCED = "ENH"


def beside_cms(aco: Aco, five: Agreement, paid: Mapping[int, float]) -> str:
    """Return which years are as CMS settled them, what the others are, and what CMS settled there.

    Parameters
    ----------
    aco : the ACO-year on the desk
    five : the years of the page
    paid : what CMS settled, dollars by year

    Examples
    --------
    >>> from mssp_sim import Scenario
    >>> from mssp_sim.studies.agreement import agreement
    >>> lake = Aco("A1001", 2025, "Lake Care")
    >>> beside_cms(lake, agreement(Scenario()), {2024: 5e6, 2026: 7e6, 2027: -1e6})
    'Every year here is like 2025 of Lake Care. CMS settled $6.0M in all for it in 2026 and 2027.'
    >>> five = agreement(Scenario(performance_year=2026, level="B"), past={2025: Scenario()})
    >>> beside_cms(Aco("A1001", 2026, "Lake Care"), five, {})
    '2025 is as CMS settled it ($6.5M in all); the others are like 2026 of Lake Care.'
    """
    name = short_name(aco.name)
    settled = [year for year in five.years if year.as_settled]
    parts = [f"Every year here is like {aco.year} of {name}."]
    if settled:
        total = money(sum(float(year.result.payment) for year in settled))
        as_it_was = "is as CMS settled it" if len(settled) == 1 else "are as CMS settled them"
        parts = [
            f"{_those([year.year for year in settled])} {as_it_was} ({total} in all); the others "
            f"are like {aco.year} of {name}."
        ]
    lacking = [year.year for year in five.years if year.year < aco.year and not year.of_the_past]
    if lacking:
        parts.append(
            f"For {_those(lacking)} the results inside hold no year of this agreement that these "
            f"rules settle as CMS did: drawn like {aco.year}."
        )
    known = [year.year for year in five.years if year.year > aco.year and year.year in paid]
    if known:
        came_to = money(sum(paid[year] for year in known))
        parts.append(f"CMS settled {came_to} in all for it in {_those(known)}.")
    return " ".join(parts)


def _those(years: Sequence[int]) -> str:
    """Return years in a few words: two by name, more from the first to the last."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:  # noqa: PLR2004
        return f"{years[0]} to {years[-1]}"
    return " and ".join(filter(None, (", ".join(map(str, years[:-1])), str(years[-1]))))


def name(year: Year) -> str:
    """Return what stands under a year; one that is as CMS settled it says so."""
    return f"{year.year}, CMS" if year.as_settled else str(year.year)


def short(year: Year) -> str:
    """Return the same where there is little room."""
    return f"{year.year}*" if year.as_settled else str(year.year)


def headline(five: Agreement) -> str:
    """Return what the agreement pays and what the next target takes back, in one sentence."""
    total = float(sum(five.payment))
    paid = "no money changes hands"
    if rounded(total, 2):
        paid = f"you {'owe' if total < 0 else 'earn'} {money(abs(total))}"
        if any(five.payment < 0) and any(five.payment > 0):
            paid += " in all"
    return f"Over {count(five)} years {paid}; {_then(five.rebased)}."


def count(five: Agreement) -> str:
    """Return how many years the agreement has, in a word."""
    return NUMBERS.get(len(five.years), str(len(five.years)))


def _then(rebased: Rebased | None) -> str:
    if rebased is None:
        return "how CMS set the next target at that time is not modeled"
    if rebased.taken_back is None:
        return (
            "with no cut the next target loses nothing: it is "
            f"{whole_dollars(rebased.benchmark)} a person"
        )
    back = percent(rebased.taken_back)
    if rebased.saved < 0:
        lift = rebased.benchmark - rebased.benchmark_without_cut
        if rounded(lift, 0) <= 0:
            return "your overspending does not raise the next target"
        return f"your next target will be higher by {whole_dollars(lift)} a person"
    if rebased.taken_back < 0.0005:  # noqa: PLR2004  (shows as nothing)
        return "your next target is as high as if you had saved nothing"
    return f"{back} of what you save comes off your next target"


def course_title(five: Agreement) -> str:
    """Return the finding of the picture of targets and spending."""
    rebased = five.rebased
    if rebased is None:
        return "Target and spending per person, year by year"
    if rebased.saved > 0 and rebased.taken_back and rounded(rebased.saved, 0):
        lower = rebased.benchmark_without_cut - rebased.benchmark
        saved = whole_dollars(rebased.saved)
        return f"Of {saved} saved a person, the next target loses {whole_dollars(lower)}"
    return f"The next target starts at {whole_dollars(rebased.benchmark)} a person"


def course_description(five: Agreement) -> str:
    """Return targets and spending in a sentence or two."""
    first, last = five.years[0], five.years[-1]
    figures = [f"{whole_dollars(spent(year))} of {_target(year)}" for year in (first, last)]
    words = f"Spent per person: {figures[0]} in {first.year}, {figures[1]} in {last.year}."
    if five.rebased is None:
        return words
    return f"{words} {adjustment(five.rebased)}"


def spent(year: Year) -> float:
    """Return what a person-year cost."""
    return float(year.result.expenditure_total / year.result.person_years)


def saved(year: Year) -> str:
    """Return a year's savings rate in a word or two."""
    rate = float(year.result.savings_rate)
    return f"{'saved' if rate >= 0 else 'over'} {percent(abs(rate))}"


def _target(year: Year) -> str:
    return whole_dollars(float(year.result.benchmark))


def adjustment(rebased: Rebased) -> str:
    """Return how the next target comes about, and which adjustment wins."""
    years = rebased.rebased_on
    start = (
        "The next target is set anew from your own last three years (rebasing): "
        f"{whole_dollars(rebased.historical_benchmark)} from {years[0]}–{years[-1]}"
    )
    offers = {
        "regional": rebased.regional_adjustment,
        "prior savings": rebased.prior_savings_adjustment,
        "population": rebased.population_adjustment,
    }
    names = {
        benchmark.REGIONAL: "regional",
        benchmark.PRIOR_SAVINGS: "prior savings",
        benchmark.POPULATION: "population",
    }
    if rebased.kind == benchmark.NONE or rounded(rebased.adjustment, 0) == 0:
        return f"{start}; no adjustment is added."
    won = names[rebased.kind]
    beaten = [
        f"{name} {whole_dollars(offers[name])}"
        for name in offers
        if name != won and rounded(offers[name], 0) > 0
    ]
    sign = "+ " if rebased.adjustment > 0 else "− "
    beats = f", more than {' and '.join(beaten)}" if beaten else ""
    return f"{start} {sign}{whole_dollars(abs(rebased.adjustment))} {won} adjustment{beats}."


def dollars_title(five: Agreement) -> str:
    """Return the finding of the picture of dollars."""
    paid = sum(rounded(amount, 2) > 0 for amount in five.payment)
    owing = sum(rounded(amount, 2) < 0 for amount in five.payment)
    words = f"Paid in {paid} of {len(five.years)} years"
    return f"{words}, owing in {owing}" if owing else words


def dollars_description(five: Agreement) -> str:
    """Return the dollars of each year in one sentence."""
    each = [f"{year.year} {money(float(year.result.payment))}" for year in five.years]
    return f"Dollars a year: {', '.join(each)}."


def notes(five: Agreement) -> tuple[str, ...]:
    """Return what a reader must know of the years: what is assumed, what a cap holds."""
    found = []
    left = [year.year for year in five.years if not year.result.in_program_to_the_end]
    if left:
        found.append(f"You leave in {left[0]}: the other years are as if you stayed.")
    later = [year.year for year in five.years if year.assumed]
    if later:
        found.append(
            f"{_span(later)}: rules not known yet; those of {PERFORMANCE_YEARS[1]} are {ASSUMED}."
        )
    capped = [year for year in five.years if year.risk_ratio > year.risk_factor + SAME_RATE]
    if capped:
        last = capped[-1]
        found.append(
            f"From {capped[0].year} on the cap on risk growth holds: by {last.year} scores have "
            f"{'grown' if last.risk_ratio >= 1 else 'changed by'} "
            f"{percent(last.risk_ratio - 1)} since before the agreement, "
            f"{percent(last.risk_factor - 1)} counts."
        )
    return tuple(found)


def _span(years: list[int]) -> str:
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def path(levels: tuple[str, ...]) -> str:
    """Return how the contract moves over the years."""
    if len(set(levels)) == 1:
        return f"{contract(levels[0])} in every year"
    return " → ".join(levels)


def dollars_note(five: Agreement, *, with_net: bool) -> str:
    """Return how to read the bars, and what they come to."""
    settled = any(year.as_settled for year in five.years)
    alike = "the baseline; CMS and * mark what CMS settled" if settled else (
        "the baseline, every year alike"
    )  # fmt: skip
    words = f"Added up: {money(float(sum(five.payment)))}. Hollow dots: {alike}."
    return f"{words} Bold marks: net of program cost." if with_net else words


def cut_label(year: Year) -> str:
    """Return the label of a year's cost reduction."""
    return f"Cut {year.year}, %"


def quality_label(year: Year) -> str:
    """Return the label of a year's quality score."""
    return f"Quality {year.year}"


def costs(after: Net, cost: ProgramCost, years: tuple[int, ...], even: float | None) -> str:
    """Return what remains after the program is paid for, in a few sentences."""
    gross, taken, forgone = (
        float(sum(part)) for part in (after.payment, after.recouped, after.forgone)
    )
    words = f"Net {money(float(sum(after.net)))} over the years: {money(gross)} gross"
    if cost.per_person:
        spent = money(float(sum(after.cost)))
        words += f" − {spent} program cost ({whole_dollars(cost.per_person)} a person a year)"
    if cost.own_revenue:
        words += f" {_own_revenue(forgone, cost)}"
    if cost.advanced:
        words += f" + {money(float(sum(after.advanced)))} advanced − {money(taken)} recouped"
    if rounded(float(sum(after.repaid)), 2) > 0:
        when = "the agreement ends" if after.left_in is None else "you leave"
        words += f" − {money(float(sum(after.repaid)))} due when {when}"
    words += "."
    if rounded(after.outstanding, 2) > 0:
        words += f" {money(after.outstanding)} of the advance is still to be taken back"
        words += ", from what later years and agreements earn." if cost.investment else "."
    if cost.own_revenue:
        words += " How much of the cut is your own revenue is your figure: CMS publishes none."
    if cost.per_person or cost.own_revenue:
        if after.pays_from is None:
            words += " The program does not pay for itself in this agreement."
        else:
            words += f" Counted up, it pays for itself from {years[after.pays_from]} on."
    if not cost.per_person:
        return words
    if even is None:
        return f"{words} No cost reduction alone would pay for it this year."
    return f"{words} This year it breaks even at a cost reduction of {percent(even, 2)}."


def _own_revenue(forgone: float, cost: ProgramCost) -> str:
    """Return what the cut takes from the ACO's own revenue, or a rise of spending adds to it."""
    share = percent(cost.own_revenue, whole(cost.own_revenue))
    lost = ""
    if cost.own_margin != 1:
        lost = f", {percent(cost.own_margin, whole(cost.own_margin))} of that in the end"
    if rounded(forgone, 2) < 0:
        return f"+ {money(-forgone)} more revenue of your own ({share} of what you overspend{lost})"
    return f"− {money(forgone)} less revenue of your own ({share} of what you cut{lost})"


def whole(fraction: float) -> int:
    """Return the digits that a percentage typed by hand needs.

    Examples
    --------
    >>> whole(0.3), whole(0.125)
    (0, 1)
    """
    return 0 if abs(fraction * 100 - round(fraction * 100)) < SAME_RATE else 1


ADVANCES = {
    "none": "No advance from CMS",
    "investment": "Advance investment payments",
    "prepaid": "Prepaid shared savings",
    "amount": "An amount you know",
}

WANTED = {
    "investment": "a first agreement, low revenue, level A in the first year, A or B in the second "
    "and BASIC after",
    "prepaid": "a renewed agreement, level C or higher and earlier savings",
}
LACKING = {
    "new": "a first agreement",
    "revenue": "low revenue",
    "level": "the levels",
    "renewing": "a renewed agreement",
    "history": "earlier savings",
}


def began(kind: str) -> str:
    """Return since when the rule has an advance, for a scenario of before."""
    year, start = _since(kind)
    since = f"in {year}, in agreements from {start}" if year else f"with agreements of {start}"
    return f"{ADVANCES[kind]} began {since}: none is counted."


def advance_help() -> str:
    """Return who may have which advance."""
    _, investment = _since("investment")
    prepaid, _ = _since("prepaid")
    return (
        f"Advance investment payments (AIP): agreements from {investment}, low revenue, new and "
        f"inexperienced. Prepaid shared savings: from {prepaid}, a history of earning. Both are "
        "taken back from what you earn later, after the settlement."
    )


def _since(kind: str) -> tuple[int | None, int]:
    """Return the first performance year of an advance, if it has one, and its first agreements."""
    name = {"investment": "investment_once", "prepaid": "prepaid_share"}[kind]
    first = advance_parameters()[name].versions[-1].applies_from
    year = first.get("performance_year")
    return (year.year if year else None), first["agreement_start"].year


def prepaid_help(rules: AdvanceRules) -> str:
    """Return what is asked for, and what of it the rule prepays."""
    return (
        "Dollars per person-year, the mean of the first two years of the benchmark (BY1 and BY2), "
        f"prorated where your list has grown since. {percent(rules.prepaid_share, 0)} of it is "
        f"prepaid, at most {percent(rules.prepaid_cap, 0)} of national spending."
    )


def scale_help(scale: RateTable) -> str:
    """Return the scale of advance investment payments, and who has which score."""
    bands = zip(scale.columns, scale["amount"], strict=True)
    each = ", ".join(f"{band.replace('-', '–')} ${amount:g}" for band, amount in bands)
    return (
        f"By score: {each}. People with Medicaid or the low-income subsidy have 100, others the "
        "deprivation rank of their home address, 50 where it is unknown. Until you type one it is "
        "worked out from your low-income share, the others at 50."
    )


def kind_of(cost: ProgramCost) -> str:
    """Return which advance a program cost has: a key of ``ADVANCES``."""
    if cost.investment is not None:
        return "investment"
    if cost.prepaid is not None:
        return "prepaid"
    return "amount" if cost.advance else "none"


def lacking(kind: str, lacks: tuple[str, ...]) -> str:
    """Return what the rule asks for that this scenario does not have; nothing if it has all."""
    if "start" in lacks:
        return began(kind)
    if not lacks:
        return ""
    listed = " and ".join(filter(None, (", ".join(LACKING[x] for x in lacks[:-1]),
                                        LACKING[lacks[-1]])))  # fmt: skip
    return (
        f"{ADVANCES[kind]} need {WANTED[kind]}; this scenario lacks {listed}. They are counted as "
        "if you had them."
    )


def unreadable(fault: str) -> str:
    """Return what a page says of a part of a link it cannot use."""
    return f"This part of the link could not be used: {fault}. The levers' values are used."


def rows(five: Agreement) -> tuple[dict[str, str], ...]:
    """Return the years as rows of a table."""
    so_far = five.payment.cumsum()
    return tuple(_row(year, float(sum_)) for year, sum_ in zip(five.years, so_far, strict=True))


def _row(year: Year, paid_so_far: float) -> dict[str, str]:
    r = year.result
    return {
        "Year": f"PY{year.number} {year.year}",
        "Rules": SETTLED if year.as_settled else ASSUMED if year.assumed else "known",
        "Contract": year.level,
        "Cost reduction": percent(year.cost_reduction),
        "Quality": score(year.quality_score),
        "Target per person": _target(year),
        "Spent per person": whole_dollars(spent(year)),
        "Saved": percent(float(r.savings_rate)),
        "Risk growth, counted": f"{percent(year.risk_ratio - 1)}, {percent(year.risk_factor - 1)}",
        "Dollars": money(float(r.payment)),
        "So far": money(paid_so_far),
    }


def plan_in_words(plan: YearPlan, five: Agreement) -> str:
    """Return what is not the same every year, in a few words."""
    if plan.slow:
        return "The cut takes time to work: 33%, 67%, then all of it."
    if any(cell is not None for cell in (*plan.cost_reduction, *plan.quality_score)):
        return "Years you typed keep their value; the others follow the levers."
    past = any(year.of_the_past for year in five.years)
    which = "Every year after those that CMS settled" if past else "Every year"
    return f"{which} follows the levers until you type another value."
