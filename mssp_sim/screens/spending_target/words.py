"""The Spending target page in words: headline, tiles, the steps as shown, a title a picture."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mssp_sim.figures import (
    change,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    signed,
    whole_dollars,
)
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.scenario import Scenario, benchmark_year_3
from mssp_sim.studies.target_split import Split, Swept
from mssp_sim.target import market_share_in_all, years_from_by3

Look = Literal["year", "total", "part", "not_counted"]
ALIKE = 1e-9
"""Fractions within which two trends, or two targets, are one."""

SMALLEST = 1e-6
"""Dollars a person under which a part is the noise of binary arithmetic."""

TRENDS = ("national", "regional", "prospective")
KINDS = {
    benchmark.NONE: "no adjustment",
    benchmark.REGIONAL: "regional adjustment",
    benchmark.PRIOR_SAVINGS: "prior-savings adjustment",
    benchmark.POPULATION: "population adjustment",
}
NOT_CHEAPNESS = (
    "The region is the yardstick: the target is not adjusted for whether the region "
    "itself costs more or less than the nation."
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of the steps: dollars per person, as text, and how its bar looks.

    ``thickness`` is a fraction of a row: the weight of a benchmark year shows in it.
    """

    key: str
    label: str
    short: str
    dollars: float
    shown: str
    look: Look
    thickness: float = 1.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """One part of the blended trend: weight and trend as fractions."""

    name: str
    weight: float
    trend: float

    @property
    def part(self) -> float:
        """What this trend adds to the blend."""
        return self.weight * self.trend


def headline(parts: Split) -> str:
    """Return where the target comes from, in one sentence."""
    grown = plain_change(parts.update)
    counted = adjustment_in_words(parts)
    if rounded(parts.adjustment, 0):
        counted = f"{signed(parts.adjustment)} {counted}"
    words = (
        f"Your target is {whole_dollars(parts.target)} per person: "
        f"{whole_dollars(parts.history)} of your own history, {counted}"
    )
    if abs(parts.risk_counted) > ALIKE:
        return f"{words}, {grown} and {percent_change(parts.risk_counted)} for risk."
    return f"{words} and {grown}."


def heads_and_years(result: Result) -> str:
    """Return why people and person-years differ; nothing where they show alike."""
    people = plain(float(result.scenario.assigned_beneficiaries), 0)
    years = plain(float(result.person_years), 0)
    if people == years:
        return ""
    return f"{people} people make {years} person-years: each counts for the months assigned."


def adjustment_in_words(parts: Split) -> str:
    """Return which adjustment the target has."""
    return KINDS[parts.kind] if rounded(parts.adjustment, 0) else KINDS[benchmark.NONE]


def plain_change(update: float) -> str:
    """Return growth in words."""
    if abs(update) < ALIKE:
        return "no growth"
    return f"{percent(abs(update))} {'growth' if update > 0 else 'less for falling costs'}"


def percent_change(fraction: float) -> str:
    """Return a change of a rate with its sign, in percent.

    Examples
    --------
    >>> percent_change(0.03), percent_change(-0.02), percent_change(0.0)
    ('+3.0%', '−2.0%', '0.0%')
    """
    return ("+" if rounded(fraction * 100, 1) > 0 else "") + percent(fraction)


def pieces(parts: Split, scenario: Scenario) -> tuple[Piece, ...]:
    """Return the rows of the steps: the dollars add up as shown.

    The largest trend takes the rounding, so that the other rows keep theirs. A row that only
    some scenarios have is left out where it is nothing; the others stay in their place.
    """
    last = benchmark_year_3(scenario.agreement_start)
    rows = [
        Piece(
            f"by{number + 1}",
            f"{last - 2 + number}, weight {percent(weight)}",
            f"{last - 2 + number} × {percent(weight, 0)}",
            amount,
            whole_dollars(amount),
            "year",
            weight,
        )
        for number, (amount, weight) in enumerate(zip(parts.by_year, parts.weights, strict=True))
    ]
    rows.append(_total("history", "Your history", parts.history))
    nation, region, fixed = parts.trend_weights
    steps: list[tuple[str, str, str, float, bool]] = [
        ("adjustment", KINDS[parts.kind].capitalize(), "Adjustment", parts.adjustment, True),
        ("mix", "Change in the mix of people", "Mix of people", parts.mix, False),
        ("national", f"National part, {percent(nation)}", "Nation", parts.national, True),
        ("regional", f"Regional part, {percent(region)}", "Region", parts.regional, True),
        ("other_acos", "Other ACOs in your region", "Other ACOs", parts.other_acos, False),
        ("own_effect", "Your effect on your region", "Your effect", parts.own_effect, False),
        (
            "prospective",
            f"Prospective part, {percent(fixed)}",
            "Prospective",
            parts.prospective,
            True,
        ),
        ("risk", "Risk growth that counts", "Risk counted", parts.risk, True),
        (
            "calibration",
            "Calibration to CMS's figure",
            "Calibration",
            parts.calibration,
            False,
        ),
    ]
    beside = {
        "adjustment": Piece(
            "adjustment_not_counted",
            "Adjustment not counted",
            "Not counted",
            parts.adjustment_not_counted,
            signed(parts.adjustment_not_counted),
            "not_counted",
        ),
        "risk": Piece(
            "risk_not_counted",
            "Risk over the cap: no effect",
            "Over the cap",
            parts.risk_not_counted,
            signed(parts.risk_not_counted),
            "not_counted",
        ),
    }
    trends = {key: dollars for key, _, _, dollars, _ in steps if key in TRENDS}
    takes = max(TRENDS, key=lambda key: abs(trends[key]))
    shown = {key: rounded(dollars, 0) for key, _, _, dollars, _ in steps}
    shown[takes] += rounded(parts.target, 0) - rounded(parts.history, 0) - sum(shown.values())
    for key, label, short, dollars, always in steps:
        if always or abs(dollars) > SMALLEST:
            rows.append(Piece(key, label, short, dollars, signed(float(shown[key])), "part"))
        if key in beside and (key == "risk" or rounded(beside[key].dollars, 0)):
            rows.append(beside[key])
    rows.append(_total("target", "Spending target", parts.target))
    return tuple(rows)


def _total(key: str, label: str, dollars: float) -> Piece:
    return Piece(key, label, label, dollars, whole_dollars(dollars), "total")


def steps_title(parts: Split, result: Result) -> str:
    """Return the finding of the steps."""
    if result.guardrail:
        return "The guardrail set the prospective trend aside"
    if abs(parts.target / parts.history - 1) < ALIKE:
        return "Your target is your own history, unchanged"
    risen = parts.target - parts.history
    return f"From {whole_dollars(parts.history)} of history, {signed(risen)} to the target"


def steps_description(parts: Split) -> str:
    """Return the steps in two sentences: the adjustment with its cap, and the yardstick."""
    return f"{adjustment_note(parts)} {NOT_CHEAPNESS}"


def adjustment_note(parts: Split) -> str:
    """Return how the adjustment came about, and what its cap did."""
    left_out = rounded(parts.adjustment_not_counted, 0)
    if parts.kind == benchmark.PRIOR_SAVINGS:
        capped = f"; its cap leaves out {whole_dollars(float(left_out))}" if left_out else ""
        return f"Your earlier savings add {whole_dollars(parts.adjustment)} per person{capped}."
    if parts.kind == benchmark.POPULATION:
        return f"Your low-income or Medicaid share adds {whole_dollars(parts.adjustment)} a person."
    gap = parts.regional_difference
    if rounded(gap, 0) == 0:
        return "The region costs what you cost: there is nothing to adjust."
    side = "more" if gap > 0 else "less"
    words = (
        f"At your risk the region costs {whole_dollars(abs(gap))} {side} per person than you; "
        f"{percent(parts.regional_weight, 0)} of that is {signed(gap * parts.regional_weight)}"
    )
    if parts.kind == benchmark.NONE:
        return f"{words}, and a reduction in sum does not count: it is set to $0."
    if left_out:
        return f"{words}, and the caps hold it at {signed(parts.adjustment)}."
    return f"{words}, within the caps."


def blend(parts: Split) -> tuple[Weighed, ...]:
    """Return the three trends with their weights: they add up to the update."""
    names = ("Nation", "Region", "Prospective (ACPT)")
    rows = zip(names, parts.trend_weights, parts.trends, strict=True)
    return tuple(Weighed(*row) for row in rows)


def blend_title(parts: Split) -> str:
    """Return the finding of the blend."""
    region = parts.trend_weights[1]
    return f"{percent(region, 0)} of your trend is your region's"


def blend_description(parts: Split, scenario: Scenario) -> str:
    """Return the blend in two sentences: its weights, and when each part is known."""
    nation, _, fixed = parts.trend_weights
    over = _over(scenario)
    words = (
        f"The nation counts by your market share{', of the rest' if fixed else ''}: "
        f"{percent(float(market_share_in_all(scenario)), 0)}"
        + (f" of {percent(1 - fixed, 0)} is {percent(nation)}" if fixed else "")
        + f". Together {percent_change(parts.update)}{over}."
    )
    if fixed:
        return f"{words} Only the prospective part is fixed when the agreement starts."
    return f"{words} Nothing of it is known before the year has ended."


def _over(scenario: Scenario) -> str:
    years = years_from_by3(scenario)
    return f" over {years} years" if years > 1 else ""


@dataclass(frozen=True, slots=True)
class Lean:
    """What more market share does: trend (a fraction) and dollars a person for some points."""

    share: float
    more: float
    trend: float
    target: float


def lean(swept: Swept, share: float) -> Lean:
    """Return what ten points more share do, or ten fewer at the end of the scale."""
    step = 0.1 if share + 0.1 <= float(swept.at[-1]) + ALIKE else -0.1
    ends = np.array([share, share + step])
    trend = float(np.diff(np.interp(ends, swept.at, swept.growth)).item())
    target = float(np.diff(np.interp(ends, swept.at, swept.target)).item())
    return Lean(share, step, trend, target)


def share_title(found: Lean) -> str:
    """Return whether a larger share helps: it flips where region and nation change places."""
    up = found.trend * (1 if found.more > 0 else -1)
    if abs(up) < ALIKE:
        return "A larger share makes no difference"
    return f"A larger share {'raises' if up > 0 else 'lowers'} your target"


def share_description(found: Lean, parts: Split, scenario: Scenario) -> str:
    """Return why, and what it is worth in dollars."""
    nation, region, _ = parts.trends
    digits = needed_digits(percent, nation, region)
    over = _over(scenario)
    whose = "Your region"
    if scenario.own_effect and scenario.cost_reduction:
        saves = float(scenario.cost_reduction) > 0
        whose += f", {'slowed by your own savings' if saves else 'raised by your own spending'},"
    if abs(region - nation) < ALIKE:
        words = f"{whose} and the nation grow alike, {percent(nation, digits)}{over}"
    else:
        faster = "faster" if region > nation else "slower"
        words = (
            f"{whose} grows {faster} ({percent(region, digits)}) than the nation "
            f"({percent(nation, digits)}){over}, and a larger share lets the nation count more"
        )
    if abs(found.trend) < ALIKE:
        return f"{words}: whatever your share, the blend is the same."
    moved = "more" if found.more > 0 else "less"
    worth = f"{signed(found.target)} per person, {change(found.target * parts.person_years)} in all"
    small = abs(found.trend) < 0.0005  # noqa: PLR2004
    trend = f"{points(found.trend, 2 if small else 1)} {'more' if found.trend > 0 else 'less'}"
    return f"{words}. Ten points {moved} share: {trend} trend, {worth}."


def risk_title(parts: Split) -> str:
    """Return the finding of risk growth."""
    grown, counted, bound = parts.risk_growth, parts.risk_counted, parts.risk_bound
    if grown - counted > ALIKE:
        return f"Of {percent(grown)} risk growth, {percent(counted)} counts"
    if grown < -ALIKE:
        return f"Falling risk lowers your target by {percent(-grown)}: no floor"
    if grown > ALIKE:
        return f"Risk growth of {percent(grown)} counts in full"
    return f"Risk growth counts up to {percent(bound)}; there is no floor"


def risk_description(parts: Split, scenario: Scenario, *, in_all: bool) -> str:
    """Return the cap, how it is tested, and what it costs here."""
    years = years_from_by3(scenario)
    first = benchmark_year_3(scenario.agreement_start)
    span = f"since {first}" + (f", {years} years together" if years > 1 else "")
    how = "each enrollment type is capped alone"
    if in_all:
        how = "tested over all four types together"
        grown = parts.risk_bound - ((1 + float(scenario.demographic_growth)) ** years - 1)
        if abs(parts.risk_bound - grown) > ALIKE:
            aging = percent_change(parts.risk_bound - grown)
            how += f", {percent(grown)} and {aging} demographic growth"
    words = f"The cap is {percent(parts.risk_bound)} {span}; {how}."
    if parts.risk_not_counted > 0.5:  # noqa: PLR2004
        lost = parts.risk_not_counted * parts.person_years
        return (
            f"{words} Over it nothing counts: {whole_dollars(parts.risk_not_counted)} per person, "
            f"{money(lost)} in all, before the trend."
        )
    if parts.risk < -0.5:  # noqa: PLR2004
        lost = -parts.risk * parts.person_years
        return (
            f"{words} Falling scores are not held: {whole_dollars(-parts.risk)} per person, "
            f"{money(lost)} in all, before the trend."
        )
    return f"{words} Falling scores count in full."


def drag_title(drag: float, *, counted: bool) -> str:
    """Return the finding of the ACO's own effect on its region."""
    if rounded(drag, 0) == 0:
        return "Your own cost reduction leaves your target alone"
    would = "" if counted else "would "
    if drag > 0:
        verb = "adds" if counted else "would add"
        return f"Your extra spending {verb} {whole_dollars(drag)} per person to your target"
    return f"Your savings {would}take {whole_dollars(-drag)} per person off your target"


def drag_description(
    drag: float, worst: float, parts: Split, scenario: Scenario, *, adjustment: float
) -> str:
    """Return the drag in dollars, where it is worst, and what becomes of the adjustment.

    Parameters
    ----------
    drag, worst : dollars a person at the present share, and at half the region
    adjustment : what counting yourself adds to the regional adjustment, dollars a person
    """
    share, cut = float(market_share_in_all(scenario)), float(scenario.cost_reduction)
    if rounded(worst, 0) == 0:
        return "Without a cost reduction of your own there is nothing to feel."
    kept = 1 - parts.trend_weights[2]
    what, moves, extreme = "a cut", "slows", "Worst"
    if cut < 0:
        what, moves, extreme = "extra spending", "raises", "Most"
    words = (
        f"With {percent(share, 0)} of the region {what} of {percent(abs(cut))} {moves} the region "
        f"by {percent(share * abs(cut), 2)}; {percent((1 - share) * kept, 0)} of that reaches "
        f"you, {change(drag * parts.person_years)} in all. {extreme} at half the region: "
        f"{change(worst * parts.person_years)}."
    )
    if abs(rounded(adjustment, 0)) > 0:
        words += (
            f" You are also part of the region you are compared with: the adjustment moves by "
            f"{signed(adjustment)} per person."
        )
    return words


@dataclass(frozen=True, slots=True)
class TargetEffect:
    """One thing that moves a target: its name, its state here, dollars a person as shown."""

    key: str
    name: str
    here: str
    shown: str


def effects(parts: Split, scenario: Scenario, drag: float, lean_: Lean) -> tuple[TargetEffect, ...]:
    """Return the six effects that move a target, each with its dollars a person now."""
    others = float(scenario.other_acos_share)
    return (
        TargetEffect(
            "share",
            "Market share sets the blend",
            f"nation {percent(parts.trend_weights[0])}, region {percent(parts.trend_weights[1])}; "
            f"ten points {'more' if lean_.more > 0 else 'less'} share",
            signed(lean_.target),
        ),
        TargetEffect(
            "adjustment",
            "Comparison with the region, capped",
            f"{adjustment_in_words(parts)}; not counted {signed(parts.adjustment_not_counted)}",
            signed(parts.adjustment),
        ),
        TargetEffect(
            "risk",
            "Risk growth: a cap, no floor",
            f"cap {percent(parts.risk_bound)}; over it {signed(parts.risk_not_counted)}",
            signed(parts.risk),
        ),
        TargetEffect(
            "afterwards",
            "Trend known only after the year",
            "nation, region and risk are measured at year end",
            signed(parts.known_afterwards),
        ),
        TargetEffect(
            "other_acos",
            "A region with many ACOs",
            f"others hold {percent(others, 0)} and cut "
            f"{percent(float(scenario.other_acos_reduction))}",
            signed(parts.other_acos),
        ),
        TargetEffect(
            "own_effect",
            "Your own savings slow your region",
            "counted" if scenario.own_effect else "not counted now; if it were",
            signed(drag),
        ),
    )
