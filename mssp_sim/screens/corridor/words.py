"""The Corridor page in figures and sentences: when money moves, and how much each way."""

from functools import partial

import numpy as np

from mssp_sim.figure import Figure, of_result
from mssp_sim.figures import (
    SMALLEST_SHOWN,
    change,
    date_in_words,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
    whole_dollars,
)
from mssp_sim.parameters import LEVELS
from mssp_sim.result import Result, State
from mssp_sim.scenario import FIRST_LEVELS, Scenario
from mssp_sim.studies.levers import settled_with
from mssp_sim.studies.stakes import (
    FARTHEST,
    AtStake,
    BySize,
    Stakes,
    contracts_of,
    cushion,
    mirrored,
)
from mssp_sim.tolerances import BESIDE, PART_OF_AMOUNT, SAME_RATE
from mssp_sim.trace import Step, ours, trace
from mssp_sim.words.outcome import owes

FOR_NEW_TO_RISK = ("A", "B")


def headline(found: Stakes) -> str:
    """Return when money moves and how much is at stake each way, in one or two sentences."""
    r, own = found.result, found.own
    if r.state == State.GUARDRAIL:
        return f"The guardrail set the prospective trend aside: {_does(own, r.payment)}."
    if owes(r) or (r.two_sided and own.payment < 0):
        where = f"{_apart(found)} past" if cushion(found) > SAME_RATE else "exactly at"
        return f"You are {where} the minimum: {_does(own, own.payment)}. {_mirror(found)}"
    if r.state == State.ON_TARGET:
        starts = minimum_rate(own.minimum)
        return f"Spending met the target: no money moves until you save {starts}."
    if r.gross_savings < 0:
        if not r.two_sided:
            return f"{own.name} is one-sided: you owe nothing. {_mirror(found)}"
        if own.minimum > -found.savings_rate:
            return (
                f"You are inside the no-money zone, {_apart(found)} or "
                f"{cushion_in_dollars(found)} from owing. {_mirror(found)}"
            )
        why = "you left early" if r.spared_by_leaving else "the loss is forgiven"
        return f"You overspent and owe nothing: {why}. {_mirror(found)}"
    if r.state == State.LEFT_EARLY:
        return f"You saved, but left before the year ended: nothing is paid. {_mirror(found)}"
    if r.state == State.HALF_RATE:
        return (
            f"Half your share is paid under the {minimum_rate(own.minimum)} minimum; "
            f"{_apart(found)} more, {cushion_in_dollars(found)}, and the whole of it is."
        )
    if r.state == State.UNDER_THE_MINIMUM:
        return (
            f"You are {_apart(found)} or {cushion_in_dollars(found)} short of the "
            f"{minimum_rate(own.minimum)} minimum, so nothing is paid. {_mirror(found)}"
        )
    if own.payment < 1:
        return (
            f"You clear the {minimum_rate(own.minimum)} minimum, but without a quality "
            f"standard nothing is paid. {_mirror(found)}"
        )
    if own.minimum == 0:
        return (
            f"With a 0% minimum the first dollar saved counts: you earn {money(own.payment)}. "
            f"{_mirror(found)}"
        )
    return (
        f"You are paid as long as you save {minimum_rate(own.minimum)}: a cushion of "
        f"{_apart(found)}, {cushion_in_dollars(found)}. {_mirror(found)}"
    )


def _mirror(found: Stakes) -> str:
    own, rate = found.own, found.savings_rate
    other = percent(abs(rate))
    if rate > 0:
        return f"Overspend by the same {other} and {_does(own, own.mirror)}."
    return f"Save the same {other} and {_does(own, own.mirror)}."


def _does(row: AtStake, payment: float) -> str:
    """Return what a contract makes of a result, in a few words."""
    if rounded(payment, 2) > 0:
        return f"{row.name} pays {money(payment)}"
    if rounded(payment, 2) < 0:
        return f"you owe {money(-payment)}"
    if not row.two_sided:
        return f"you owe nothing: {row.name} is one-sided"
    return "no money moves"


def _apart(found: Stakes) -> str:
    """Return how far spending is from the nearest edge of the zone, in points."""
    gap = cushion(found)
    finer = len(minimum_rate(found.own.minimum)) - len(minimum_rate(0.0))
    return points(gap, needed_digits(score, gap, 0.0, 1 + min(finer, 1)))


def cushion_in_dollars(found: Stakes) -> str:
    """Return the same distance in dollars of spending, as shown."""
    return money(cushion(found) * float(found.result.benchmark_total))


def four_tiles(found: Stakes) -> tuple[Figure, Figure, Figure, Figure]:
    """Return minimum, cushion, most you could earn, most you could owe."""
    r, own = found.result, found.own
    total = float(r.benchmark_total)
    rules, at = r.rules, r.scenario.level_number
    note = f"{money(own.minimum * total)} of target" if own.minimum else "from the first dollar"
    earn = f"{percent(float(rules.performance_payment_limit[at]), 0)} of target"
    return (
        of_result(
            r, "minimum_savings_rate", "Minimum to get paid", minimum_rate(own.minimum),
            term="MSR", note=note,
        ),
        _cushion(found),
        Figure(key="most_earned", label="Most you could earn", term="limit",
               shown=money(own.most_earned), note=earn, amount=own.most_earned,
               how=partial(_far, found, own, own.most_earned)),
        Figure(key="most_owed", label="Most you could owe", term="limit",
               shown=money(own.most_owed), note=_most_owed(found), amount=own.most_owed,
               how=partial(_far, found, own, own.most_owed)),
    )  # fmt: skip


def cushion_label(found: Stakes) -> str:
    """Return what the distance to the nearest edge of the zone is called here."""
    r, own, rate = found.result, found.own, found.savings_rate
    if rate < 0 and own.two_sided:
        return "Past the minimum" if -rate >= own.minimum - SAME_RATE else "Room before you owe"
    return (
        "Cushion" if rate >= own.minimum - SAME_RATE and r.gross_savings > 0 else "To the minimum"
    )


def _cushion(found: Stakes) -> Figure:
    return Figure(
        key="cushion", label=cushion_label(found), shown=_apart(found), amount=cushion(found),
        note=f"{cushion_in_dollars(found)} of spending", how=partial(_gap, found, _apart(found)),
    )  # fmt: skip


def _most_owed(found: Stakes) -> str:
    r = found.result
    if not r.two_sided:
        return "one-sided: nothing"
    rules, at = r.rules, r.scenario.level_number
    of_target = float(rules.loss_recoupment_limit_benchmark[at])
    if r.scenario.disaster_share:
        return "after forgiveness"
    if not r.in_program_to_the_end:
        return "for your months"
    if found.own.most_owed >= of_target * float(r.benchmark_total) * (1 - PART_OF_AMOUNT):
        return f"{percent(of_target, 0)} of target"
    return f"{percent(float(rules.loss_recoupment_limit_revenue[at]), 0)} of revenue"


def most_owed_words(found: Stakes) -> str:
    """Return why the most that could be owed is more than this year's limit; empty if it is not."""
    r, most = found.result, found.own.most_owed
    limit = float(r.loss_recoupment_limit)
    at_once = not r.in_program_to_the_end or bool(r.scenario.disaster_share)
    if not r.two_sided or at_once or limit >= most or money(limit) == money(most):
        return ""
    at = r.scenario.level_number
    of_target = float(r.rules.loss_recoupment_limit_benchmark[at])
    if limit >= of_target * float(r.benchmark_total) * (1 - PART_OF_AMOUNT):
        return (
            f"On this year's target the limit on what you owe is {money(limit)}, "
            f"{percent(of_target, 0)} of it. Who overspends by enough is held to the higher "
            "target without the prospective trend (the guardrail), and the limit rises with it: "
            f"{money(most)} is the most you could owe however far you overspend."
        )
    of_revenue = percent(float(r.rules.loss_recoupment_limit_revenue[at]), 0)
    return (
        f"On this year's spending the limit on what you owe is {money(limit)}, {of_revenue} of "
        f"your participants' Medicare revenue. It grows with spending, as their revenue does: "
        f"{money(most)} is the most you could owe however far you overspend. The Election page "
        "compares contracts by the limit at the spending it expects."
    )


def limit_figures(found: Stakes) -> tuple[Figure, ...]:
    """Return the limit on this year's spending, where the page tells it."""
    if not most_owed_words(found):
        return ()
    shown = money(float(found.result.loss_recoupment_limit))
    label = "Limit on what you owe, this year's spending"
    return (of_result(found.result, "loss_recoupment_limit", label, shown),)


def contract_figures(found: Stakes) -> tuple[Figure, ...]:
    """Return the dollars of every contract: now, on the other side, and at the far ends."""
    figures = []
    there = " ".join(_sides(found)[1])
    for row in found.contracts:
        for when, dollars in (("now", row.payment), (there, row.mirror)):
            figures.append(
                Figure(key=f"{row.level}_{when}", label=f"{row.name}, {when}",
                       shown=money(dollars), how=partial(_at, found, row, when), amount=dollars)
            )  # fmt: skip
        for what, dollars in (("could earn", row.most_earned), ("could owe", row.most_owed)):
            figures.append(
                Figure(key=f"{row.level}_{what}", label=f"{row.name}, most you {what}",
                       shown=money(dollars), how=partial(_far, found, row, dollars),
                       amount=dollars)
            )  # fmt: skip
    return tuple(figures)


def figures_of_headline(found: Stakes) -> tuple[Figure, ...]:
    """Return the numbers of the headline that stand on no tile."""
    r = found.result
    return (
        Figure(key="cushion_in_dollars", label=f"{cushion_label(found)}, in dollars",
               shown=cushion_in_dollars(found), how=partial(_gap_in_dollars, found),
               amount=cushion(found) * float(r.benchmark_total)),
        of_result(r, "savings_rate", "Saved or overspent, of target", percent(r.savings_rate)),
    )  # fmt: skip


def _gap(stakes: Stakes, shown: str) -> tuple[Step, ...]:
    trail = trace(stakes.result)
    rate, edge = stakes.savings_rate, stakes.own.minimum
    numbers = f"{percent(rate, 2)} against {percent(edge, 2)}"
    if rate < 0 and stakes.own.two_sided:
        numbers = f"{percent(rate, 2)} against {percent(-edge, 2)}"
    words = "savings rate against the nearest edge of the no-money zone"
    line = ours(cushion_label(stakes), words, numbers, shown)
    return (trail["savings_rate"], trail["minimum_savings_rate"], line)


def _gap_in_dollars(stakes: Stakes) -> tuple[Step, ...]:
    trail = trace(stakes.result)
    apart = cushion(stakes)
    total = float(stakes.result.benchmark_total)
    line = ours(
        f"{cushion_label(stakes)}, in dollars",
        "distance to the edge × target",
        f"{percent(apart, 2)} × {whole_dollars(total)}",
        whole_dollars(apart * total),
        apart * total,
    )
    return (*_gap(stakes, percent(apart, 2)), trail["benchmark_total"], line)


def _far(stakes: Stakes, row: AtStake, dollars: float) -> tuple[Step, ...]:
    """Return the most one contract can pay or charge, with the limit that says so."""
    settled = settled_with(stakes.result, level=row.level)
    earned = dollars == row.most_earned
    key = "performance_payment_limit" if earned else "loss_recoupment_limit"
    far = percent(FARTHEST, 0)
    words = f"payment at {far} saved and full quality" if earned else f"owed at {far} overspent"
    numbers = f"at most {whole_dollars(dollars)}"
    if not earned and not row.two_sided:
        numbers = f"{row.name} is one-sided"
    line = ours("At the far end", words, numbers, whole_dollars(dollars), dollars)
    return (*trace(settled).how(key), line)


def _at(stakes: Stakes, row: AtStake, when: str) -> tuple[Step, ...]:
    """Return the arithmetic of one contract on this spending, or on its other side."""
    scenario = stakes.result.scenario
    cut = scenario.cost_reduction
    if when != "now":
        cut = mirrored(scenario, stakes.savings_rate)
    dollars = row.payment if when == "now" else row.mirror
    if cut is None:
        words = "the settlement at the same distance on the other side of the target"
        numbers = f"at {percent(-stakes.savings_rate, 2)}"
        return (ours(f"{row.name}, {when}", words, numbers, whole_dollars(dollars), dollars),)
    settled = settled_with(stakes.result, level=row.level, cost_reduction=cut)
    return trace(settled).how("payment")


def overlay_title(found: Stakes, other: str) -> str:
    """Return the finding of the two curves."""
    own, facing_it = found.own, found[other]
    saved = found.savings_rate > 0
    if abs(own.payment - facing_it.payment) < 1:
        both = f"{own.name} and {facing_it.name} both"
        if abs(own.payment) < 1:
            return f"On this result {both} {'pay' if saved else 'charge'} nothing"
        verb = "earn" if own.payment > 0 else "owe"
        return f"On this result {both} {verb} {money(abs(own.payment))}"
    first, second = (_short(row, row.payment, saved=saved) for row in (own, facing_it))
    if rounded(found.savings_rate * 100, 1) == 0:
        return f"On this result: {first}, {second}"
    side = "saved" if saved else "overspent"
    return f"At {percent(abs(found.savings_rate))} {side} {first}, {second}"


def _short(row: AtStake, payment: float, *, saved: bool) -> str:
    if rounded(payment, 2) < 0:
        return f"{row.name} owes {money(-payment)}"
    if rounded(payment, 2) > 0:
        return f"{row.name} earns {money(payment)}"
    return f"{row.name} {'earns' if saved else 'owes'} nothing"


def overlay_words(found: Stakes, other: str) -> str:
    """Return the two curves in sentences: now, on the other side, and which half is flat."""
    own, facing_it, rate = found.own, found[other], found.savings_rate
    sides = ("saved", "overspent") if rate >= 0 else ("overspent", "saved")
    size = percent(abs(rate))
    now, then = (
        f"at {size} {side} {_short(own, a, saved=side == sides[rate < 0])} and "
        f"{_short(facing_it, b, saved=side == sides[rate < 0])}"
        for side, a, b in (
            (sides[0], own.payment, facing_it.payment),
            (sides[1], own.mirror, facing_it.mirror),
        )
    )
    flat = [row.name for row in (own, facing_it) if not row.two_sided]
    one_sided = ""
    if flat:
        verb = "is" if len(flat) == 1 else "are"
        one_sided = f" {' and '.join(flat)} {verb} one-sided: flat at zero on the left."
    return f"{now[0].upper()}{now[1:]}; {then}.{one_sided}"


def rows(found: Stakes) -> list[dict[str, str]]:
    """Return all contracts at this result and at the same miss on the other side, as a table."""
    here, there = _sides(found)
    own = found.own
    return [
        {
            "Contract": f"{row.name} (yours)" if row is own else f"{row.name}{_for_whom(row)}",
            f"{' '.join(here)} (now)": in_table(row, row.payment),
            f"If {' '.join(there)}": in_table(row, row.mirror),
            "Most you could owe": money(row.most_owed) if row.two_sided else "one-sided",
            "Most you could earn": money(row.most_earned),
            "Minimum": minimum_rate(row.minimum),
            f"Versus {own.name}, now": "–" if row is own else _against(row.payment - own.payment),
            f"Versus {own.name}, if {there[1]}": "–"
            if row is own
            else _against(row.mirror - own.mirror),
        }
        for row in found.contracts
    ]


def _for_whom(row: AtStake) -> str:
    return ", if new to risk" if row.level in FOR_NEW_TO_RISK else ""


def _against(dollars: float) -> str:
    """Return a difference in a cell; one too small to show is said in words."""
    if 0 < abs(rounded(dollars, 2)) < SMALLEST_SHOWN:
        return f"{money(abs(dollars)).replace('<', 'under ')} {'more' if dollars > 0 else 'less'}"
    return change(dollars)


def _sides(found: Stakes) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return this result and the same miss on the other side: how much, and which way."""
    size = percent(abs(found.savings_rate))
    saved, overspent = (size, "saved"), (size, "overspent")
    return (saved, overspent) if found.savings_rate >= 0 else (overspent, saved)


def in_table(row: AtStake, payment: float) -> str:
    """Return a payment in a cell: what is earned, or what is owed."""
    if rounded(payment, 2) < 0:
        return f"owes {money(-payment)}"
    if rounded(payment, 2) > 0:
        return f"earns {money(payment)}"
    return "nothing" if row.two_sided else "nothing, one-sided"


def table_title(found: Stakes) -> str:
    """Return the finding of the table: which contract is best each way."""
    best = max(found.contracts, key=lambda row: row.payment)
    worst = min(found.contracts, key=lambda row: row.mirror)
    if found.savings_rate < 0:
        best = max(found.contracts, key=lambda row: row.mirror)
        worst = min(found.contracts, key=lambda row: row.payment)
    swing = (
        (best.payment, worst.mirror) if found.savings_rate >= 0 else (best.mirror, worst.payment)
    )
    if rounded(swing[0], 2) <= 0 and rounded(swing[1], 2) >= 0:
        return "Under no contract does money move, here or as far on the other side of the target"
    earns = f"{best.name} earns most, {money(swing[0])}" * (rounded(swing[0], 2) > 0)
    owing = f"owes most, {money(-swing[1])}" * (rounded(swing[1], 2) < 0)
    if earns and owing:
        whose = "it also" if best is worst else worst.name
        return f"{earns}; the same distance overspent {whose} {owing}"
    return earns or f"{worst.name} {owing}"


def not_here(scenario: Scenario) -> str:
    """Return which contracts this agreement cannot have, and why.

    Source: 42 CFR 425.600(a)

    Examples
    --------
    >>> not_here(Scenario())[:66]
    'Tracks 1, 1+, 2 and 3 are not offered: they belong to agreements t'
    """
    day = date_in_words(FIRST_LEVELS)
    if contracts_of(scenario) == LEVELS:
        return (
            f"Tracks 1, 1+, 2 and 3 are not offered: they belong to agreements that began before "
            f"{day}. A and B are for ACOs new to risk; an ACO with experience has E or ENHANCED."
        )
    return (
        f"Levels A to E and ENHANCED are not offered: they belong to agreements that begin on "
        f"{day} or later. Track 1+ began in 2018 and Track 3 in 2016; they are settled here in "
        "any year of an old agreement."
    )


def size_title(result: Result, sizes: BySize) -> str:
    """Return the finding of the minimum by size."""
    by_table = float(np.interp(sizes.own_people, sizes.people, sizes.by_table))
    yours = minimum_rate(sizes.own_minimum)
    if sizes.chosen:
        if abs(by_table - sizes.own_minimum) < BESIDE:
            return f"You chose {yours}, the same as your size gives"
        return f"You chose {yours}; your size would give {minimum_rate(by_table)}"
    smallest = result.rules.people_for_chosen_minimum
    if result.two_sided and sizes.own_people < smallest:
        return f"Under {plain(smallest, 0)} people your size decides: {yours}"
    return f"Your size gives {yours}"


def size_words(result: Result, sizes: BySize) -> str:
    """Return the minimum by size in a sentence."""
    people = plain(sizes.own_people, 0)
    where = f"At {people} people your minimum is {minimum_rate(sizes.own_minimum)}"
    falls = "the larger the ACO, the less of its savings can be luck, and the lower the minimum"
    if not result.two_sided:
        return f"{where}; {falls}. One-sided contracts cannot choose."
    if sizes.chosen:
        fewest = plain(result.rules.people_for_chosen_minimum, 0)
        return f"{where}, by choice; {falls}. With fewer than {fewest} people nobody can choose."
    return f"{where}, by size; {falls}."
