"""The figures of the Five years page: what each shows, and how it is worked out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from mssp_sim.figure import Figure, Tone, of_result
from mssp_sim.figures import MINUS, as_shown, money, percent, plain, rounded, whole_dollars
from mssp_sim.parameters import KNOWN_BY, advance_parameters
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.screens.five_years import words
from mssp_sim.studies.advances import (
    InvestmentPaid,
    Prepaid,
    advance_rules,
    investment_paid,
    newest_rules,
    prepaid,
)
from mssp_sim.studies.agreement import Agreement, Rebased
from mssp_sim.studies.program_cost import Net, ProgramCost, spending_cut
from mssp_sim.trace import Step, ours, trace
from mssp_sim.words.tiles import against_baseline

Steps = tuple[Step, ...]
KINDS = {
    benchmark.NONE: "none",
    benchmark.REGIONAL: "regional",
    benchmark.PRIOR_SAVINGS: "prior savings",
    benchmark.POPULATION: "population",
}


def tiles(five: Agreement, baseline: Agreement) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top."""
    total, before = (float(sum(each.payment)) for each in (five, baseline))
    owed = rounded(total, 2) < 0
    tone: Tone = "owed" if owed else "earned"
    shown = money(abs(total))
    earn = Figure(
        key="payment", label="You owe" if owed else "You earn", term=f"{words.count(five)} years",
        shown=shown, note=against_baseline(as_shown(total, before)), tone=tone, note_tone=tone,
        amount=total, how=partial(_total, five, shown),
    )  # fmt: skip
    return earn, _left_tile(five), _next_tile(five), _taken_tile(five)


def _left_tile(five: Agreement) -> Figure:
    amount = float(five.left_on_the_table)
    short = sum(rounded(year.result.left_on_the_table, 2) > 0 for year in five.years)
    return Figure(
        key="left_on_the_table", label="Left on the table", shown=money(amount), amount=amount,
        note=f"in {short} of {len(five.years)} years" if short else "nothing left",
        note_tone="left" if short else "plain", how=partial(_left, five, money(amount)),
    )  # fmt: skip


def _next_tile(five: Agreement) -> Figure:
    rebased, last = five.rebased, five.years[-1]
    if rebased is None:
        shown = whole_dollars(float(last.result.benchmark))
        return of_result(
            last.result, "benchmark", "Target", shown, term=f"per person in {last.year}",
            note="last year",
        )  # fmt: skip
    lower = rebased.benchmark_without_cut - rebased.benchmark
    note = f"{whole_dollars(abs(lower))} {'lower' if lower > 0 else 'higher'}"
    return Figure(
        key="next_target", label="Next target", term="set anew",
        shown=whole_dollars(rebased.benchmark), amount=rebased.benchmark,
        note="same without a cut" if rounded(lower, 0) == 0 else note,
        how=partial(_next_target, rebased),
    )  # fmt: skip


def _taken_tile(five: Agreement) -> Figure:
    rebased = five.rebased
    if rebased is None or rebased.taken_back is None:
        note = "not modeled" if rebased is None else "nothing was cut"
        return Figure(
            key="taken_back", label="Off your next target", shown="–", note=note,
            how=partial(_nothing_taken, five, "–"),
        )  # fmt: skip
    back, given = percent(rebased.taken_back), rebased.saved < 0
    way = "Added to" if given else "Off"
    return Figure(
        key="taken_back", label=f"{way} your next target", shown=back,
        note=f"of what you {'overspend' if given else 'save'}", amount=float(rebased.taken_back),
        how=partial(_taken_back, rebased, back),
    )  # fmt: skip


def of_the_years(five: Agreement) -> tuple[Figure, ...]:
    """Return each year's target and dollars, and how far the next target is from no cut."""
    found: list[Figure] = []
    rebased = five.rebased
    if rebased is not None and rebased.taken_back is not None:
        apart = abs(rebased.benchmark - rebased.benchmark_without_cut)
        shown = whole_dollars(apart)
        found.append(
            Figure(key="against_no_cut", label="Next target against no cut", shown=shown,
                   amount=apart, how=partial(_against_no_cut, rebased, shown))
        )  # fmt: skip
    for year in five.years:
        r = year.result
        target, dollars = whole_dollars(float(r.benchmark)), money(float(r.payment))
        found.append(of_result(r, "benchmark", f"Target {year.year}", target))
        found.append(of_result(r, "payment", f"Dollars {year.year}", dollars))
    return tuple(found)


def net_of_cost(after: Net, cost: ProgramCost, results: Sequence[Result]) -> Figure:
    """Return what remains of the years after program cost.

    Parameters
    ----------
    results : the settlements that ``after`` was made of
    """
    amount = float(sum(after.net))
    return Figure(
        key="net", label="Net of program cost", shown=money(amount), amount=amount,
        how=partial(_net, after, cost, tuple(results)),
    )  # fmt: skip


def _total(five: Agreement, shown: str) -> Steps:
    """Return how the dollars of all years add up; what is owed in all counts as such."""
    owed = sum(five.payment) < 0
    name = "Owed over the years, less paid" if owed else "Paid over the years, less owed"
    return _sum(five, name, "payment", shown, sign=-1 if owed else 1)


def _left(five: Agreement, shown: str) -> Steps:
    """Return how what is left on the table adds up."""
    return _sum(five, "Left on the table over the years", "left_on_the_table", shown)


def _sum(five: Agreement, name: str, field: str, shown: str, sign: int = 1) -> Steps:
    each = []
    for year in five.years:
        step = trace(year.result)[field]
        each.append(replace(step, name=f"{step.name}, {year.year}"))
    amounts = [sign * float(getattr(year.result, field)) for year in five.years]
    numbers = " + ".join(map(whole_dollars, amounts)).replace(f"+ {MINUS}", f"{MINUS} ")
    return (*each, ours(name, "the years added", numbers, shown, sum(amounts)))


def _next_target(rebased: Rebased) -> Steps:
    """Return how the next target comes about."""
    r, years = rebased, f"{rebased.rebased_on[0]}–{rebased.rebased_on[-1]}"
    numbers = f"{whole_dollars(r.historical_benchmark)} + {whole_dollars(r.adjustment)}"
    return (
        _rule("Next history", f"spending of {years}, by type, weighted, in the money and risk of "
              "the last year", years, r.historical_benchmark, "425.652(a)"),
        _rule("Regional adjustment", "weight × (region at your risk − you), each type capped",
              f"{percent(r.regional_adjustment_weight, 0)} × ({whole_dollars(r.region)} − "
              f"{whole_dollars(r.historical_benchmark)})", r.regional_adjustment, "425.656"),
        _rule("Prior savings adjustment", f"share × what you saved a person in {years}, capped",
              f"{percent(r.prior_savings_share, 0)} × {whole_dollars(r.mean_savings)}",
              r.prior_savings_adjustment, "425.658"),
        _rule("Population adjustment",
              "(a part of national spending − the higher of the other two) × the share who qualify",
              f"in {r.start.year}", r.population_adjustment, "425.662"),
        _rule("Next target", "history + the highest adjustment, if one is positive",
              f"{numbers} ({KINDS[r.kind]})", r.benchmark, "425.652(a)(9)"),
    )  # fmt: skip


def _taken_back(rebased: Rebased, shown: str) -> Steps:
    """Return how the part of the saving that is taken back comes about."""
    r = rebased
    lower = r.benchmark_without_cut - r.benchmark
    without = ours(
        "Next target without any cut", "the same five years with a cost reduction of 0",
        "cost reduction 0.0% in every year", whole_dollars(r.benchmark_without_cut),
    )  # fmt: skip
    saved = ours(
        "Saved a person", "mean cost reduction of the three years × spending without it",
        f"{percent(r.saved / r.expected)} × {whole_dollars(r.expected)}", whole_dollars(r.saved),
    )  # fmt: skip
    return (*_next_target(r), without, saved, ours(
        "Taken back", "(next target without any cut − next target) / saved a person",
        f"({whole_dollars(r.benchmark_without_cut)} − {whole_dollars(r.benchmark)} = "
        f"{plain(lower, 2)}) / {plain(r.saved, 2)}", shown, float(r.taken_back or 0.0),
    ))  # fmt: skip


def _against_no_cut(rebased: Rebased, shown: str) -> Steps:
    """Return how far the next target is from what it would be without any cut."""
    *before, without, _, _ = _taken_back(rebased, "")
    r, apart = rebased, abs(rebased.benchmark - rebased.benchmark_without_cut)
    return (*before, without, ours(
        "Next target against no cut", "the distance of the two",
        f"{whole_dollars(r.benchmark)} against {whole_dollars(r.benchmark_without_cut)}",
        shown, apart,
    ))  # fmt: skip


def _nothing_taken(five: Agreement, shown: str) -> Steps:
    """Return why there is no share that is taken back."""
    if five.rebased is None:
        why = "how CMS set the next target at that time is not modeled"
    else:
        why = "a cost reduction of 0 in the years it is made from leaves nothing to take back"
    return (ours("Taken back", why, "none", shown),)


def _net(after: Net, cost: ProgramCost, results: tuple[Result, ...]) -> Steps:
    """Return how what remains after program cost comes about."""
    gross, advanced, taken, repaid, spent, forgone = (
        float(sum(part)) for part in (
            after.payment, after.advanced, after.recouped, after.repaid, after.cost, after.forgone,
        )
    )  # fmt: skip
    found: list[Step] = [
        ours("Gross", "paid over the years, less owed", "all years", whole_dollars(gross), gross),
        ours("Program cost", "dollars a person × assigned people × years",
             f"{whole_dollars(cost.per_person)} a person", whole_dollars(spent), spent),
    ]  # fmt: skip
    formula, numbers = "gross", whole_dollars(gross)
    if cost.own_revenue:
        found += _own_revenue(cost, results, forgone)
    if cost.advanced:
        found += _advanced(cost, results, advanced)
        found.append(_recouped(cost, advanced, taken))
        formula += " + advance − recouped"
        numbers += f" + {whole_dollars(advanced)} − {whole_dollars(taken)}"
    if after.left_in is not None:
        section = "425.640(g)(4)" if cost.prepaid is not None else "425.630(g)(4), (6)"
        found.append(_read("Due when you leave", "what is left of the advance, due within 90 days",
                           f"{whole_dollars(advanced)} − {whole_dollars(taken)}",
                           repaid, section))  # fmt: skip
        formula += " − due when you leave"
        numbers += f" − {whole_dollars(repaid)}"
    elif cost.prepaid is not None:
        found.append(_read("Due at the end", "what the years did not earn back, due when the "
                           "agreement ends", f"{whole_dollars(advanced)} − {whole_dollars(taken)}",
                           repaid, "425.640(g)(3)"))  # fmt: skip
        formula += " − due at the end"
        numbers += f" − {whole_dollars(repaid)}"
    formula += " − program cost"
    numbers += f" − {whole_dollars(spent)}"
    if cost.own_revenue:
        formula += " − own revenue lost"
        numbers += f" − {whole_dollars(forgone)}"
    total = float(sum(after.net))
    numbers = numbers.replace(f"− {MINUS}", "+ ")
    return (*found, ours("Net", formula, numbers, money(total), total))


def _own_revenue(cost: ProgramCost, results: tuple[Result, ...], forgone: float) -> Steps:
    """Return what a cut takes from the ACO's own fee-for-service revenue: the user's shares."""
    cuts = [float(spending_cut(result)) for result in results]
    share, margin = (percent(x, words.whole(x)) for x in (cost.own_revenue, cost.own_margin))
    numbers = " + ".join(map(whole_dollars, cuts)).replace(f"+ {MINUS}", f"{MINUS} ")
    return (
        ours("Spending cut", "what the years would have cost without the cut − what they cost",
             numbers, whole_dollars(sum(cuts)), sum(cuts)),
        ours("Own revenue lost", "spending cut × the part that is your own revenue × the part of "
             "it that is lost in the end, both as you gave them",
             f"{whole_dollars(sum(cuts))} × {share} × {margin}", whole_dollars(forgone), forgone),
    )  # fmt: skip


def _advanced(cost: ProgramCost, results: tuple[Result, ...], advanced: float) -> Steps:
    """Return what CMS advances: by the rule, or an amount that is known."""
    if cost.investment is not None:
        return _investment(investment_paid(cost.investment, results), results, advanced)
    if cost.prepaid is not None:
        return _prepaid(prepaid(cost.prepaid, results), results, advanced)
    return (ours("Advance", "paid before the first settlement", "as you gave it",
                 whole_dollars(advanced), advanced),)  # fmt: skip


def _investment(paid: InvestmentPaid, results: tuple[Result, ...], advanced: float) -> Steps:
    """Return advance investment payments: once, then quarter by quarter."""
    each, quarters = f"${plain(paid.per_person, 2)}", f"{paid.quarters}"
    scale = newest_rules().investment_by_score
    bands = zip(scale.columns, scale["amount"], strict=True)
    said = ", ".join(f"{band}: {whole_dollars(amount)}" for band, amount in bands)
    return (
        _by_the_rule("Paid once", "when the agreement begins", "", paid.once, "investment_once",
                     results[0]),
        _by_the_rule("A person a quarter", f"the average by score of the people counted ({said})",
                     "as you gave it or, where you gave none, by the low-income share",
                     paid.per_person, "investment_by_score", results[0], each),
        _by_the_rule("A quarter", "amount a person × people counted, those of the highest scores",
                     f"{each} × {plain(paid.people, 0)}", paid.a_quarter, "investment_people",
                     results[0]),
        _by_the_rule("Advance", "paid once + quarters × a quarter, at most four a year",
                     f"{whole_dollars(paid.once)} + {quarters} × {whole_dollars(paid.a_quarter)}",
                     advanced, "investment_quarters", results[0]),
    )  # fmt: skip


def _prepaid(paid: Prepaid, results: tuple[Result, ...], advanced: float) -> Steps:
    """Return prepaid shared savings: the multiplier, and what it comes to over the years."""
    last = results[-1]
    rules = advance_rules(int(last.scenario.performance_year), last.scenario.agreement_start)
    share, cap = rules.prepaid_share, rules.prepaid_cap
    by_savings, limit, each = (
        f"${plain(float(part[-1]), 2)}" for part in (paid.of_savings, paid.limit, paid.multiplier)
    )
    numbers = " + ".join(map(whole_dollars, paid.by_year))
    return (
        _by_the_rule("By earlier savings", "a third (two thirds of half) of what a person-year "
                     "saved in BY1 and BY2", f"{percent(share, 2)} × "
                     f"${plain(paid.mean_savings, 2)}", float(paid.of_savings[-1]),
                     "prepaid_share", last, by_savings),
        _by_the_rule("Limit", "a part of national spending in BY2, by your mix of people",
                     f"{percent(cap, 0)} × ${plain(float(paid.limit[-1]) / (cap or 1), 2)}",
                     float(paid.limit[-1]), "prepaid_cap", last, limit),
        _read("Multiplier", "the smaller of the two", f"{by_savings} or {limit}",
              float(paid.multiplier[-1]), "425.640(f)(2)(v)", each),
        _read("Advance", "multiplier × person-years, a quarter of it each quarter, year by year",
              numbers, advanced, "425.640(f)(4)"),
    )  # fmt: skip


def _recouped(cost: ProgramCost, advanced: float, taken: float) -> Step:
    """Return what is taken back: by the rule never more than a year earns."""
    name, formula = "Recouped", "what each year earns, until the advance is back"
    numbers = f"at most {whole_dollars(advanced)}"
    if cost.prepaid is not None:
        return _read(name, formula, numbers, taken, "425.640(g)(1)")
    return _read(name, f"{formula}; the rest is carried", numbers, taken, "425.630(g)(1), (3)")


def _by_the_rule(
    name: str, formula: str, numbers: str, amount: float, value: str, result: Result,
    shown: str = "",
) -> Step:  # fmt: skip
    """Return a step that reads a value of the advances, with how that value is known."""
    scenario = result.scenario
    rules = advance_rules(int(scenario.performance_year), scenario.agreement_start)
    version = rules.source[value]
    return Step(
        key="", name=name, words=formula, numbers=numbers, value=shown or whole_dollars(amount),
        amount=amount, section=version.citation.section.removeprefix("42 CFR "),
        years=advance_parameters()[value].years(version), known=version.citation.known,
        checked=True,
    )  # fmt: skip


def _read(
    name: str, formula: str, numbers: str, amount: float, section: str, shown: str = "",
    known: str = "rule",
) -> Step:  # fmt: skip
    return Step(
        key="", name=name, words=formula, numbers=numbers, value=shown or whole_dollars(amount),
        amount=float(amount), section=section, years="", known=KNOWN_BY[known], checked=True,
    )  # fmt: skip


_rule = partial(_read, known="secondary")
