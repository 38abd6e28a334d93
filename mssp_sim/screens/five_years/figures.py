"""The figures of the Five years page: what each shows, and how it is worked out."""

from dataclasses import replace
from functools import partial

from mssp_sim.figure import Figure, Tone, of_result
from mssp_sim.figures import MINUS, as_shown, money, percent, plain, rounded, whole_dollars
from mssp_sim.parameters import KNOWN_BY
from mssp_sim.rules import benchmark
from mssp_sim.screens.five_years import words
from mssp_sim.studies.agreement import Agreement, Rebased
from mssp_sim.studies.program_cost import Net, ProgramCost
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
        key="next_target", label="Next target", term="rebased",
        shown=whole_dollars(rebased.benchmark), amount=rebased.benchmark,
        note="same without a cut" if rounded(lower, 0) == 0 else note,
        how=partial(_next_target, rebased),
    )  # fmt: skip


def _taken_tile(five: Agreement) -> Figure:
    rebased, term = five.rebased, "at rebasing"
    if rebased is None or rebased.taken_back is None:
        note = "not modelled" if rebased is None else "nothing was cut"
        return Figure(
            key="taken_back", label="Taken back", term=term, shown="–", note=note,
            how=partial(_nothing_taken, five, "–"),
        )  # fmt: skip
    back, given = percent(rebased.taken_back), rebased.saved < 0
    return Figure(
        key="taken_back", label="Given back" if given else "Taken back", term=term, shown=back,
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


def net_of_cost(after: Net, cost: ProgramCost) -> Figure:
    """Return what remains of the years after program cost."""
    amount = float(sum(after.net))
    return Figure(
        key="net", label="Net of program cost", shown=money(amount), amount=amount,
        how=partial(_net, after, cost),
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
        why = "how CMS rebased agreements of that time is not modelled"
    else:
        why = "a cost reduction of 0 in the years it is rebased on leaves nothing to take back"
    return (ours("Taken back", why, "none", shown),)


def _net(after: Net, cost: ProgramCost) -> Steps:
    """Return how what remains after program cost comes about."""
    gross, advanced, recouped, spent = (
        float(sum(part)) for part in (after.payment, after.advanced, after.recouped, after.cost)
    )
    return (
        ours("Gross", "paid over the years, less owed", "all years", whole_dollars(gross)),
        ours("Program cost", "dollars a person × assigned people × years",
             f"{whole_dollars(cost.per_person)} a person", whole_dollars(spent)),
        ours("Advance", "paid before the first settlement", "as you gave it",
             whole_dollars(advanced)),
        ours("Recouped", "taken from what is earned until the advance is back",
             f"at most {whole_dollars(cost.advance)}", whole_dollars(recouped)),
        ours("Net", "gross + advance − recouped − program cost",
             f"{whole_dollars(gross)} + {whole_dollars(advanced)} − {whole_dollars(recouped)} − "
             f"{whole_dollars(spent)}", money(float(sum(after.net))), float(sum(after.net))),
    )  # fmt: skip


def _rule(name: str, words: str, numbers: str, dollars: float, section: str) -> Step:
    return Step(
        key="", name=name, words=words, numbers=numbers, value=whole_dollars(dollars),
        amount=float(dollars), section=section, years="", known=KNOWN_BY["secondary"],
        checked=True,
    )  # fmt: skip
