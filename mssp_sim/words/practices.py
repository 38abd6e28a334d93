"""Practices in words: each one with and without, its fair share, and its parts of the pool."""

from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import change, minimum_rate, money, percent, plain, whole_dollars
from mssp_sim.studies.fair_shares import SPLITS, Pool, Shared

POOLS = ("Pool by people", "By fair share", "Half and half")
"""What the ways to split a pool are called, in the order of ``SPLITS``."""


def practices_title(found: Shared) -> str:
    """Return what matters most: a practice to drop, one to add, or that all pay."""
    gains = [
        (other - found.payment, practice)
        for other, practice in zip(found.otherwise, found.practices, strict=True)
    ]
    if not gains:
        return "No practice stands in the table"
    most, practice = max(gains, key=lambda each: each[0])
    if most <= 0:
        return "Dropping any of them, or adding a candidate, lowers the payment"
    what = "Dropping" if practice.inside else "Adding"
    return f"{what} {practice.name} raises the payment by {money(most)}"


def practice_rows(found: Shared, split: Pool) -> list[dict[str, str]]:
    """Return each practice as a row: with and without it, its share, its parts of the pool."""
    rows = []
    parts = dict(zip(split.members, zip(*(split.by_key[key] for key in SPLITS), strict=True),
                     strict=True))  # fmt: skip
    for at, practice in enumerate(found.practices):
        other = found.otherwise[at]
        error = found.error[at]
        fair = change(found.fair[at]) if practice.inside else "–"
        row = {
            "Practice": practice.name,
            "Dropped or added": f"{'without' if practice.inside else 'with'} it {money(other)}",
            "That moves": change(other - found.payment),
            "People then": plain(found.people[at], 0),
            "Minimum then": minimum_rate(found.minimum[at]),
            "Target then": f"${plain(found.target[at], 0)}",
            "Fair share": fair if not error else f"{fair} ± {money(error)}",
        }
        for place, head in enumerate(POOLS):
            row[head] = f"${parts[practice.name][place]:,}" if practice.inside else "–"
        rows.append(row)
    return rows


def rest(found: Shared, split: Pool) -> str:
    """Return the share of everyone else, and that all of it adds up."""
    said = (
        f"Together {money(found.payment)}; everyone who stands in no row has a share of "
        f"{change(found.rest)} and no part of the pool. The pool is ${split.amount:,}; its parts "
        "add up to the cent."
    )
    if not found.exact:
        worst = max(found.error)
        said += (
            f" With so many practices the shares are drawn from orders of joining: one standard "
            f"error is at most {whole_dollars(worst)}."
        )
    return said


def practice_figures(found: Shared) -> tuple[Figure, ...]:
    """Return the figures of the practices."""
    listed = []
    for at, practice in enumerate(found.practices):
        numbers = (
            f"{plain(practice.people, 0)} people, cost {percent(practice.cost, 0)} and risk "
            f"{percent(practice.risk, 0)} of the ACO's"
        )
        for head, amount, what in (
            ("moves", found.otherwise[at] - found.payment,
             "the payment with the other list − the payment as it is"),
            ("fair share", found.fair[at],
             "what it adds, averaged over every order in which all could have joined"),
            ("payment then", found.otherwise[at], "settled with the list restated"),
        ):  # fmt: skip
            label = f"{practice.name}: {head}"
            shown = money(amount) if head == "payment then" else change(amount)
            listed.append(illustrated("practice", label, shown, what, numbers, amount))
    return tuple(listed)
