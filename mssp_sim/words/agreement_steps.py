"""How each number of the Five years page is worked out, step by step."""

from dataclasses import replace

from mssp_sim.decide.agreement import Agreement, Rebased, Year
from mssp_sim.decide.program_cost import Net, ProgramCost
from mssp_sim.figures import MINUS, money, percent, plain, whole_dollars
from mssp_sim.parameters import KNOWN_BY
from mssp_sim.rules import benchmark
from mssp_sim.trace import Step, ours, trace

Steps = tuple[Step, ...]
KINDS = {
    benchmark.NONE: "none",
    benchmark.REGIONAL: "regional",
    benchmark.PRIOR_SAVINGS: "prior savings",
    benchmark.POPULATION: "population",
}


def total(five: Agreement, shown: str) -> Steps:
    """Return how the dollars of all years add up; what is owed in all counts as such."""
    owed = sum(five.payment) < 0
    name = "Owed over the years, less paid" if owed else "Paid over the years, less owed"
    return _sum(five, name, "payment", shown, sign=-1 if owed else 1)


def left(five: Agreement, shown: str) -> Steps:
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


def paid(year: Year) -> Steps:
    """Return the rule's own steps to one year's dollars."""
    return trace(year.result).how("payment")


def target(year: Year) -> Steps:
    """Return the rule's own steps to one year's target per person."""
    return trace(year.result).how("benchmark")


def next_target(rebased: Rebased) -> Steps:
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


def taken_back(rebased: Rebased, shown: str) -> Steps:
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
    return (*next_target(r), without, saved, ours(
        "Taken back", "(next target without any cut − next target) / saved a person",
        f"({whole_dollars(r.benchmark_without_cut)} − {whole_dollars(r.benchmark)} = "
        f"{plain(lower, 2)}) / {plain(r.saved, 2)}", shown, float(r.taken_back or 0.0),
    ))  # fmt: skip


def against_no_cut(rebased: Rebased, shown: str) -> Steps:
    """Return how far the next target is from what it would be without any cut."""
    *before, without, _, _ = taken_back(rebased, "")
    r, apart = rebased, abs(rebased.benchmark - rebased.benchmark_without_cut)
    return (*before, without, ours(
        "Next target against no cut", "the distance of the two",
        f"{whole_dollars(r.benchmark)} against {whole_dollars(r.benchmark_without_cut)}",
        shown, apart,
    ))  # fmt: skip


def nothing_taken(five: Agreement, shown: str) -> Steps:
    """Return why there is no share that is taken back."""
    if five.rebased is None:
        why = "how CMS rebased agreements of that time is not modelled"
    else:
        why = "a cost reduction of 0 in the years it is rebased on leaves nothing to take back"
    return (ours("Taken back", why, "none", shown),)


def net(after: Net, cost: ProgramCost) -> Steps:
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
