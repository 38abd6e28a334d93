"""The figures of This year, each with how it is worked out."""

from collections.abc import Mapping, Sequence
from functools import partial

from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import (
    change,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    whole_dollars,
)
from mssp_sim.screens.this_year.words import PART_NAMES, cut, month_name
from mssp_sim.studies.cash import Cash
from mssp_sim.studies.luck import of_a_hundred, year_spread
from mssp_sim.studies.still_needed import Needed
from mssp_sim.studies.this_year import DRAWS, Booking, FanPoint, Outlook, Projection, measured
from mssp_sim.studies.year_inputs import MONTHS, PARTS, Part, Watched
from mssp_sim.trace import LINES, Step, ours, trace

OF_SAVINGS, OF_LOSSES = (
    frozenset(line.key for line in LINES if line.side == side) for side in ("savings", "losses")
)
"""Steps of the rule that a year on the other side does not go through."""

SHARED = ("payment_before_limit", "charge")
EVERY_STEP = "Every step of the rule"


def tiles(
    projection: Projection, years: Outlook, booked: Booking, watched: Watched
) -> tuple[Figure, Figure, Figure, Figure]:
    """Return the four figures on top."""
    result = projection.result
    dollars = float(result.payment)
    owed = rounded(dollars, 2) < 0
    paid, nothing, owing = of_a_hundred(years.chances)
    else_owing = f", owing {owing}%" if owing else ""
    rate, minimum = projection.savings_rate, float(result.minimum_savings_rate)
    digits = needed_digits(percent, abs(rate), minimum)
    return (
        Figure(
            key="payment", label="You are heading to owe" if owed else "You are heading for",
            shown=money(-dollars if owed else dollars), amount=dollars,
            tone="owed" if owed else "earned" if dollars else "plain",
            note=f"as Q{watched.quarter} points",
            how=partial(_payment_steps, projection, money(-dollars if owed else dollars)),
        ),
        Figure(
            key="chance", label="Chance of a check", shown=f"{paid}%",
            amount=float(years.chances.paid), note=f"no money {nothing}%{else_owing}",
            how=partial(_chance_steps, projection, watched, f"{paid}%"),
        ),
        Figure(
            key="savings_rate", label="Savings rate", term="at settlement",
            shown=percent(rate, digits), amount=rate, note=f"minimum {minimum_rate(minimum)}",
            how=partial(_rate_steps, projection, percent(rate, digits)),
        ),
        _booked(booked.constrained, _safe(booked, watched), watched,
                note=f"average {money(booked.expected)}"),
    )  # fmt: skip


def _safe(booked: Booking, watched: Watched) -> str:
    """Return what the constrained amount is called on top of the page."""
    level = percent(watched.book, 0)
    return f"{level} end no lower" if booked.constrained < 0 else f"Safe to book, {level} sure"


def _booked(dollars: float, label: str, watched: Watched, note: str = "") -> Figure:
    words = (
        f"the highest sum that at least {percent(watched.book, 0)} of the drawn years pay or exceed"
    )
    numbers = f"of {plain(DRAWS, 0)} draws"
    return illustrated(
        "constrained", label, money(dollars), words, numbers, dollars, note=note
    )  # fmt: skip


def _rate_steps(projection: Projection, shown: str) -> tuple[Step, ...]:
    so_far = projection.so_far
    people = plain(projection.person_years, 0)
    target = ours(
        "Target at the settlement",
        "reported target × growth until the settlement × risk that counts × person-years",
        f"{whole_dollars(so_far.target_per_person)} × {plain(projection.target_ratio, 5)} × "
        f"{plain(projection.risk, 5)} × {people}",
        whole_dollars(projection.benchmark_total), projection.benchmark_total,
    )  # fmt: skip
    spent = ours(
        "Spending at the settlement",
        "reported spending × growth until the settlement × person-years",
        f"{whole_dollars(so_far.spending_per_person)} × {plain(projection.own_ratio, 5)} × "
        f"{people}",
        whole_dollars(projection.expenditure_total), projection.expenditure_total,
    )  # fmt: skip
    rate = projection.savings_rate
    last = ours(
        "Savings rate", "1 − spending / target",
        f"1 − {whole_dollars(projection.expenditure_total)} / "
        f"{whole_dollars(projection.benchmark_total)}",
        shown, rate,
    )  # fmt: skip
    return target, spent, last


def _payment_steps(projection: Projection, shown: str) -> tuple[Step, ...]:
    """Return how the forecast arises: its two totals, what is saved, its share, the payment."""
    lines = _settled(projection)
    told = tuple(line for line in lines if line.key in ("gross_savings", *SHARED))
    last = lines[-1]
    words = f"{last.words}; what lies between stands under “{EVERY_STEP}”"
    return (*_rate_steps(projection, "")[:2], *told,
            ours(last.name, words, last.numbers, shown, last.amount))  # fmt: skip


def every_step(projection: Projection) -> Figure:
    """Return the payment with each line of the rule from the projected totals on."""
    dollars = float(projection.result.payment)
    shown = money(dollars)
    return Figure(key="every_step", label=EVERY_STEP, shown=shown, amount=dollars,
                  how=partial(_every_step, projection, shown))  # fmt: skip


def _every_step(projection: Projection, shown: str) -> tuple[Step, ...]:
    lines = _settled(projection)
    last = lines[-1]
    return (*_rate_steps(projection, percent(projection.savings_rate)), *lines[:-1],
            ours(last.name, last.words, last.numbers, shown, last.amount))  # fmt: skip


def _settled(projection: Projection) -> tuple[Step, ...]:
    """Return the rule's own lines from savings to dollars, those of the year's side."""
    lines = trace(projection.result).how("payment")
    first = [line.key for line in lines].index("expenditure_total") + 1
    dollars = float(projection.result.payment)
    overspent = dollars < 0 or (dollars == 0 and projection.savings_rate < 0)
    other = OF_SAVINGS if overspent else OF_LOSSES
    return tuple(line for line in lines[first:] if line.key not in other)


def _chance_steps(
    projection: Projection, watched: Watched, shown: str, label: str = "Chance of a check",
    kind: str = "is above zero",
) -> tuple[Step, ...]:  # fmt: skip
    on = [PART_NAMES[part].lower() for part in PARTS if part not in watched.off]
    return (
        *_rate_steps(projection, percent(projection.savings_rate)),
        ours(
            label,
            f"part of the drawn years whose settlement, by the whole rule, {kind}",
            f"{plain(DRAWS, 0)} draws; open: {', '.join(on) or 'nothing'}",
            shown,
        ),
    )


def other_chances(projection: Projection, years: Outlook, watched: Watched) -> tuple[Figure, ...]:
    """Return the chances of no money and of owing."""
    _, nothing, owing = of_a_hundred(years.chances)
    return tuple(
        Figure(
            key="chance", label=label, shown=f"{hundredths}%", amount=float(chance),
            how=partial(_chance_steps, projection, watched, f"{hundredths}%", label, kind),
        )
        for label, kind, hundredths, chance in (
            ("Chance of no money", "is zero", nothing, years.chances.nothing),
            ("Chance of owing", "is under zero", owing, years.chances.owing),
        )
    )  # fmt: skip


def parts(
    projection: Projection, spreads: Mapping[Part, float], year: Mapping[Part, float]
) -> tuple[Figure, ...]:
    """Return what each part still strays by, with how the year's spread was divided."""
    people, quarter = projection.so_far.people, projection.so_far.quarter
    whole = float(year_spread(people))
    known = measured()
    reported = f"{quarter} of 4 quarters reported"
    found = []
    for part in PARTS:
        how: tuple[Step, ...]
        shown = f"±{points(spreads[part], 2)}"
        label = f"{PART_NAMES[part]}: still open"
        if part == "late":
            how = (ours(label, "our assumption: spread of late bills × part of the year reported",
                        reported, shown, spreads[part]),)  # fmt: skip
        else:
            share = (year[part] / whole) ** 2
            until = "in whole until the settlement" if part == "risk" else (
                "× the root of the part of the year still open"
            )  # fmt: skip
            how = (
                ours("A year varies", "the measured spread of the size",
                     f"at {plain(people, 0)} people", points(whole, 3), whole),
                ours(f"{PART_NAMES[part]} in a whole year",
                     "its part of the variance, measured; the parts add up to 100%",
                     f"{percent(share)} of it; {known.source}", points(year[part], 3), year[part]),
                ours(label, until, reported, shown, spreads[part]),
            )  # fmt: skip
        found.append(
            Figure(key=part, label=label, shown=shown, amount=spreads[part],
                   how=partial(tuple, how))
        )  # fmt: skip
    return tuple(found)


def of_fan(points_of_fan: Sequence[FanPoint], minimum: float) -> tuple[Figure, ...]:
    """Return the ends of the fan's band, and its rates."""
    found = []
    for point in points_of_fan:
        for name, value in (
            ("rate", point.rate), ("lower end", point.wide[0]), ("upper end", point.wide[1])
        ):  # fmt: skip
            label, shown = f"Q{point.quarter}: {name}", percent(value)
            words = (
                "1 − spending / target, as the report points to" if name == "rate"
                else "the rate that 10 of 100 drawn years end below, or above"
            )  # fmt: skip
            found.append(illustrated("fan", label, shown, words, f"at Q{point.quarter}", value))
    step = ours("Minimum", "of the contract and the size", "", minimum_rate(minimum), minimum)
    found.append(
        Figure(key="minimum", label="Minimum at the settlement", shown=minimum_rate(minimum),
               amount=minimum, how=partial(tuple, (step,)))
    )  # fmt: skip
    return tuple(found)


def of_needs(needs: Sequence[Needed], projection: Projection, goal: float) -> tuple[Figure, ...]:
    """Return the cuts that are needed, month by month."""
    spent = projection.expenditure_total / MONTHS
    found = []
    for need in needs:
        asked = (
            ("no debt", need.no_debt), ("the minimum", need.minimum), (money(goal), need.goal)
        )  # fmt: skip
        for what, value in asked:
            if value is None or value <= 0:
                continue
            found.append(illustrated(
                "needed", f"For {what}, from {month_name(need.month)}", cut(value),
                "dollars still missing / (a month's spending × months of full effect)",
                f"{whole_dollars(value * spent * need.effective_months)} / "
                f"({whole_dollars(spent)} × {plain(need.effective_months, 2)})",
                value,
            ))  # fmt: skip
    words = "typed, or the next round sum above the projection"
    found.append(illustrated("goal", "Sum asked for", money(goal), words, money(goal), goal))
    return tuple(found)


def at_the_line(projection: Projection, payment: float) -> Figure:
    """Return what reaching the full quality standard moves on the projected year."""
    now = float(projection.result.payment)
    gain = payment - now
    step = ours("At the full standard", "payment at the full standard − payment as projected",
                f"{whole_dollars(payment)} − {whole_dollars(now)}", change(gain), gain)  # fmt: skip
    return Figure(key="at_standard", label="Reaching the full standard", shown=change(gain),
                  amount=gain, how=partial(tuple, (step,)))  # fmt: skip


def of_booking(projection: Projection, booked: Booking, watched: Watched) -> tuple[Figure, ...]:
    """Return the three amounts of what to book."""
    return (
        illustrated(
            "expected", "Expected value", money(booked.expected),
            "the average payment of all drawn years", f"{plain(DRAWS, 0)} draws",
            booked.expected, note="the average",
        ),
        illustrated(
            "likely", "Most likely amount", money(booked.likely),
            "nothing where no money is the likeliest; else what the projected rate pays, or the "
            "nearest rate of the likeliest kind",
            f"projected rate {percent(projection.savings_rate)}", booked.likely,
            note="likeliest of all",
        ),
        _booked(booked.constrained, "Safe to book", watched, note=_how_sure(booked, watched)),
    )  # fmt: skip


def _how_sure(booked: Booking, watched: Watched) -> str:
    level = percent(watched.book, 0)
    nothing = rounded(booked.constrained, 2) == 0
    return f"no sum is {level} sure" if nothing else f"{level} sure"


def of_cash(flows: Cash) -> tuple[Figure, ...]:
    """Return the figures of the cash by month."""
    parts_of = {
        "payment": float(flows.payment.sum()), "advances": float(flows.advanced.sum()),
        "taken back": float(flows.recouped.sum() + flows.repaid.sum()),
        "program cost": float(flows.cost.sum()), "own revenue": float(flows.forgone.sum()),
    }  # fmt: skip
    numbers = ", ".join(f"{name} {whole_dollars(value)}" for name, value in parts_of.items())
    net = ours("Net of the year", "the sum of all months", numbers, whole_dollars(flows.net),
               flows.net)  # fmt: skip
    return (
        Figure(key="net", label="Net of the year", shown=money(flows.net),
               amount=flows.net, how=partial(tuple, (net,))),
        illustrated("carried", "Yours to carry", money(-flows.lowest),
                    "the lowest sum of the months so far, turned round",
                    f"over {len(flows.so_far)} months", -flows.lowest),
    )  # fmt: skip
