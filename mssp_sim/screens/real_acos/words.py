"""The years of one ACO in words: the story in a sentence, what rebasing did, the table."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isnan

from mssp_sim.cms_files.history import FIRST_OPEN
from mssp_sim.cms_files.own_years import Outcome, OwnYear
from mssp_sim.cms_files.peers import Peers
from mssp_sim.figures import minimum_rate, percent, plain, score, whole_dollars
from mssp_sim.naming import alone
from mssp_sim.result import Result

HEADS = {
    "dollars": "$ a person: target (line), spent (dot)",
    "saved": "Saved (bar), the minimum (dashes), paid in $",
    "quality": "Quality score (dot), the year’s standard (dashes)",
    "contract": "Contract",
}
HEADS_SHORT = {**HEADS, "saved": "Saved (bar), the minimum (dashes), paid in $M"}
NOT_TOLD = "not told"
OWN_FILE_ALONE = "The results inside hold no years of this ACO."
WHY: Mapping[Outcome, str] = {
    "paid": "", "owed": "", "minimum": "under minimum", "quality": "quality",
    "overspent": "over target", "other": "not due",
}  # fmt: skip
WHY_SHORT: Mapping[Outcome, str] = {
    **WHY,
    "minimum": "min.",
    "quality": "qual.",
    "overspent": "over",
    "other": "–",
}
TIMES = {1: "once", 2: "twice"}
STANDARDS = {"full": "full standard", "partial": "partial standard", "none": "neither standard"}


WITHIN = (
    "An ACO counts where the payment that our rules give is within 0.01% of the payment that CMS "
    "published, or within $1.50 of it."
)


def headline(result: Result, spread: Peers) -> str:
    """Return where the scenario's savings rate stands among real ACOs, in one sentence."""
    rate = float(result.savings_rate)
    did = "saves" if rate >= 0 else "overspends"
    behind = f"{percent(spread.rank(rate), 0)} of the real ACOs of {spread.year}"
    return f"Your scenario {did} {percent(abs(rate))}: better than {behind}."


def story(years: Sequence[OwnYear]) -> str:
    """Return an ACO's years in one sentence: how often paid, and what kept it from being paid."""
    count = {kind: sum(year.outcome == kind for year in years) for kind in WHY}
    parts = []
    if count["minimum"]:
        parts.append(f"{_times(count['minimum'])} the minimum kept it from being paid")
    if count["quality"]:
        did = "quality did" if parts else "quality kept it from being paid"
        parts.append(f"{_times(count['quality'])} {did}")
    if count["overspent"]:
        parts.append(f"{_times(count['overspent'])} it spent more than its target")
    if count["owed"]:
        parts.append(f"{_times(count['owed'])} it owed CMS")
    if count["other"]:
        parts.append(f"{_times(count['other'])} nothing was due for another reason")
    tail = f"; {', '.join(parts)}" if parts else ""
    return f"{_paid(count['paid'], len(years))}{tail}."


def _paid(paid: int, years: int) -> str:
    if years == 1:
        return "Paid in its only year" if paid else "Not paid in its only year"
    if paid in (0, years):
        return f"Paid in {'all' if paid else 'none of its'} {years} years"
    return f"Paid in {paid} of {years} years"


def _times(count: int) -> str:
    return TIMES.get(count, f"{count} times")


def rebasing(years: Sequence[OwnYear]) -> str:
    """Return what the target did where a new agreement began; empty where none did."""
    moved = []
    for before, after in pairwise(years):
        if not after.rebased:
            continue
        apart = after.year - before.year > 1
        if apart or isnan(before.benchmark) or isnan(after.benchmark):
            moved.append(f"{after.year}")
        else:
            moved.append(
                f"{after.year} (${plain(before.benchmark, 0)} → ${plain(after.benchmark, 0)})"
            )
    if not moved:
        return ""
    began = "A new agreement" if len(moved) == 1 else "New agreements"
    each = "it" if len(moved) == 1 else "each"
    listed = " and ".join(filter(None, (", ".join(moved[:-1]), moved[-1])))
    return f"{began} began in {listed}: {each} sets the target anew, from newer years."


def gaps(years: Sequence[OwnYear]) -> str:
    """Return which years between the first and the last are not inside; empty if all are."""
    held = {year.year for year in years}
    lacking = [str(year) for year in range(min(held), max(held)) if year not in held]
    return f"No results inside for {', '.join(lacking)}." if lacking else ""


def joined(years: Sequence[OwnYear]) -> str:
    """Return how its earliest years were found, or why the picture begins in 2018."""
    if any(year.by_name for year in years):
        return (
            "* CMS encrypts identifiers up to 2017: these years are joined by the exact name, "
            "which one ACO alone carries."
        )
    if years[0].year == FIRST_OPEN and 0 < years[0].agreement_began < FIRST_OPEN:
        return (
            "It begins in 2018: CMS encrypts identifiers up to 2017, and no earlier one alone "
            "carries this exact name."
        )
    return ""


def under_picture(years: Sequence[OwnYear]) -> str:
    """Return the quiet words under the picture."""
    half = ", ".join(str(year.year) for year in years if year.six_months)
    months = f"{half} is six months." if half else ""
    return " ".join(filter(None, (rebasing(years), gaps(years), months, joined(years))))


def described(years: Sequence[OwnYear]) -> str:
    """Return what the picture shows, for who cannot see it."""
    return f"{story(years)} {under_picture(years)}".strip()


def year_in_words(year: OwnYear) -> dict[str, str]:
    """Return one year as a row of the table."""
    return {
        "Year": f"{year.year}{', six months' if year.six_months else ''}",
        "Contract": alone(year.level),
        "Target per person": _dollars(year.benchmark),
        "Spent per person": _dollars(year.spending),
        "Saved": percent(year.savings_rate),
        "Minimum": minimum_rate(year.minimum_savings_rate),
        "Quality": NOT_TOLD if isnan(year.quality_score) else score(year.quality_score),
        "Standard of the year": score(year.quality_standard),
        "Met": STANDARDS[year.standard_met],
        "Paid": whole_dollars(year.payment),
        "What came of it": OUTCOMES[year.outcome],
        "Joined by": "exact name" if year.by_name else "identifier",
    }


OUTCOMES: Mapping[Outcome, str] = {
    "paid": "paid",
    "owed": "owed",
    "minimum": "lost at the minimum",
    "quality": "lost to quality",
    "overspent": "spent more than the target",
    "other": "nothing due",
}


def _dollars(each: float) -> str:
    return NOT_TOLD if isnan(each) else f"${plain(each, 0)}"
