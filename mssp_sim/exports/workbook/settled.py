"""Table 3: from target and spending to the dollars that move, in the order of the rule.

Over 500 lines: one sheet, a numbered line a step; cut in two its references would cross files.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula
from mssp_sim.exports.workbook.inputs import SIZE, Inputs
from mssp_sim.exports.workbook.rulebook import NONE, RulebookCells
from mssp_sim.exports.workbook.steps import Steps
from mssp_sim.exports.workbook.updated import TargetCells
from mssp_sim.result import State
from mssp_sim.rules import benchmark, corridor, quality, settlement

TITLE = "Table 3 Savings and losses"


@dataclass(frozen=True, slots=True)
class Totals:
    """Target, spending and what lies between them, dollars."""

    benchmark: Formula
    spent: Formula
    gross: Formula
    minimum: Formula
    beyond: Formula
    guardrail: Formula
    months: Formula


@dataclass(frozen=True, slots=True)
class QualityCells:
    """What quality makes of the rates."""

    met: Formula
    rate: Formula
    loss_rate: Formula


def write(
    sheet: Steps, given: Inputs, rule: RulebookCells, target: TargetCells
) -> Mapping[str, Formula]:
    """Write every step of the settlement; return the dollars that a reader looks for first."""
    sheet.head(
        "Table 3: Shared savings and losses",
        "Dollars of the performance year, one line a step; what is paid and owed in bold.",
    )
    two_sided = rule["shared_loss_rate_ceiling"] > 0.0
    totals = _totals(sheet, given, rule, target, two_sided)
    verdict = _quality(sheet, given, rule)
    paths = _paths(sheet, given, rule, totals)
    gone = _savings(sheet, rule, totals, verdict, paths)
    owed, at_limit, charged = _losses(sheet, given, rule, totals, verdict, two_sided)
    _where(sheet, totals, gone, owed)
    gross, on_target = totals.gross, rule["on_target"]
    chain = (
        (totals.guardrail.says_yes, State.GUARDRAIL),
        (at_limit, State.OVERSPENT_AT_THE_LOSS_LIMIT),
        (charged > 0.0, State.OVERSPENT_TWO_SIDED),
        (
            f.all_of(f.not_(two_sided), gross <= -on_target),
            State.OVERSPENT_ONE_SIDED,
        ),
        (gross <= -on_target, State.OVERSPENT_INSIDE_THE_ZONE),
        (f.size(gross) < on_target, State.ON_TARGET),
        (f.same(paths.stays, f.NO), State.LEFT_EARLY),
        (paths.half.says_yes, State.HALF_RATE),
        (f.same(paths.cleared, f.NO), State.UNDER_THE_MINIMUM),
        (verdict.rate <= 0.0, State.NEITHER_STANDARD),
        (gone["above"] > 0.0, State.AT_THE_PAYMENT_LIMIT),
        (f.same(verdict.met, f.NO), State.PARTIAL),
    )
    state: f.Term = State.FULL.value.replace("_", " ")
    for claim, name in reversed(chain):
        state = f.when(claim, name.value.replace("_", " "), state)
    assert isinstance(state, Formula)
    sheet.line("What happened", state, "answer", name="State", words="the first that holds")
    return {
        "You earn": gone["paid"],
        "You owe": owed,
        "Left on the table": gone["left"],
        "Saved or overspent": gross,
    }


@dataclass(frozen=True, slots=True)
class Paths:
    """Which part of the share is open, and whether the ACO is there on the last day."""

    stays: Formula
    payable: Formula
    cleared: Formula
    half: Formula
    open_share: Formula


def _totals(
    sheet: Steps,
    given: Inputs,
    rule: RulebookCells,
    target: TargetCells,
    two_sided: Formula,
) -> Totals:
    sheet.heading("Target and spending")
    start = given["agreement_start"]
    july = f.all_of(
        f.same(start, rule["first_day_of_levels"]),
        f.same(given["performance_year"], f.year_of(rule["first_day_of_levels"])),
    )
    months = sheet.line(
        "Months that are settled",
        f.when(
            given["performance_year_months"].empty,
            f.when(july, rule["half_year_months"], 12.0),
            given["performance_year_months"],
        ),
        "count",
        words="12, or 6 in the half year of 2019",
        source="425.601(a)",
    )
    people = sheet.line(
        "Person-years",
        given["assigned_beneficiaries"] * given["person_years_ratio"] * months / 12.0,
        "count",
        name="PersonYears",
        words="assigned people × person-years each × months / 12",
        source=benchmark.person_years,
    )
    before = sheet.line(
        "Spending target",
        target.benchmark * people,
        name="BenchmarkBeforeGuardrail",
        words="updated benchmark (Table 2) × person-years",
        source=benchmark.updated_benchmark,
    )
    average = sheet.line(
        "Spending per person-year",
        f.sum_of_products(target.own_spending, given.table["person_year_share"][0])
        * (1 + given["real_illness_share"] * given["risk_growth"]) ** target.years
        * (1 - given["cost_reduction"]),
        words="grown spending (Table 2) × real illness × (1 − cost reduction)",
        source=benchmark.performance_year_expenditure,
    )
    spent = sheet.line(
        "What you spent (expenditures)",
        average * people,
        name="ExpenditureTotal",
        words="spending per person-year × person-years",
        source="425.605(a)",
    )
    dust = rule["rounding_dust"]

    def gap(of: Formula) -> Formula:
        return f.when(f.size(of - spent) <= of * dust, 0.0, of - spent)

    first = sheet.line(
        "Saved (+) or overspent (−), before any guardrail",
        gap(before),
        name="GrossBeforeGuardrail",
        words="target − spending",
        source=settlement.gross_savings,
    )
    minimum = _minimum(sheet, given, rule, two_sided)
    least = minimum - rule["rate_tolerance"]
    beyond = sheet.answer(
        "Loss at or past the minimum loss rate?",
        f.all_of(-first >= before * least, first < 0.0),
        words="overspent ≥ target × minimum",
        source=corridor.losses_beyond_minimum,
    )
    recalculated = sheet.line(
        "Target without the prospective trend",
        target.two_way * people,
        words="Table 2 × person-years",
        source=benchmark.guardrail_applies,
    )
    said = given["guardrail_applied"]
    guardrail = sheet.answer(
        "Does the guardrail apply?",
        f.all_of(
            rule["prospective_trend_guardrail"].says_yes,
            f.when(
                said.empty,
                f.all_of(beyond.says_yes, recalculated > before * (1 + dust)),
                said.says_yes,
            ),
        ),
        name="Guardrail",
        words="from 2024: such a loss, and a higher target without the trend; or as CMS says",
        source=benchmark.guardrail_applies,
    )
    settled = sheet.line(
        "Spending target settled against (benchmark)",
        f.when(guardrail.says_yes, recalculated, before),
        name="BenchmarkTotal",
        words="recalculated under the guardrail, else as it was",
        source=benchmark.updated_benchmark,
        style="bold",
    )
    gross = sheet.line(
        "Saved (+) or overspent (−): gross savings",
        f.when(guardrail.says_yes, gap(settled), first),
        name="GrossSavings",
        words="target − spending",
        source=settlement.gross_savings,
        style="bold",
    )
    sheet.line(
        "Savings rate",
        gross / settled,
        "percent",
        name="SavingsRate",
        words="gross savings / target",
        source=settlement.gross_savings,
    )
    again = sheet.answer(
        "Loss at or past the minimum, as settled?",
        f.all_of(-gross >= settled * least, gross < 0.0),
        words="the same test on the target settled against",
        source=corridor.losses_beyond_minimum,
    )
    return Totals(settled, spent, gross, minimum, again, guardrail, months)


def _minimum(sheet: Steps, given: Inputs, rule: RulebookCells, two_sided: Formula) -> Formula:
    sheet.heading("Minimum savings and loss rate")
    people = given["assigned_beneficiaries"]
    sizes, rates = rule.row("size"), rule.row("rate")
    words = "the table by size on Parameters"
    band = sheet.line(
        "Band of the table by size", f.last_at_most(people, sizes), "count", words=words,
        source="425.605(b)(1)",
    )  # fmt: skip
    upper = sheet.line(
        "The point after it",
        f.lowest(band + 1.0, float(len(sizes.cells))),
        "count",
        words="the last point stays the last",
        source="425.605(b)(1)",
    )
    low, high = f.cell_at(sizes, band), f.cell_at(sizes, upper)
    at_low = sheet.line(
        "Rate at the band's lower end", f.cell_at(rates, band), "percent", words=words,
        source="425.605(b)(1)",
    )  # fmt: skip
    at_high = sheet.line(
        "Rate at its upper end", f.cell_at(rates, upper), "percent", words=words,
        source="425.605(b)(1)",
    )  # fmt: skip
    by_size = sheet.line(
        "Minimum by size",
        f.when(
            f.same(band, upper),
            at_low,
            at_low + (at_high - at_low) * (people - low) / (high - low),
        ),
        "percent",
        name="MinimumBySize",
        words="along a straight line between the two ends, by head count",
        source="425.605(b)(1)",
    )
    set_by_rule = rule["minimum_rate_without_choice"]
    chosen = sheet.line(
        "Fixed minimum",
        f.when(f.same(set_by_rule, NONE), given["minimum_election"], set_by_rule),
        "short_percent",
        words="as the rule sets it for the contract, else as chosen",
        source="425.605(b)(2), 425.606(b)(1)",
    )
    fixed = f.all_of(
        two_sided,
        f.not_(f.same(chosen, SIZE)),
        people >= rule["people_for_chosen_minimum"],
    )
    return sheet.line(
        "Minimum to get paid, or before you owe (MSR, MLR)",
        f.when(fixed, chosen, by_size),
        "percent",
        name="MinimumSavingsRate",
        words="fixed, if two-sided and large enough; else by size",
        source=corridor.minimum_savings_rate,
        style="bold",
    )


def _quality(sheet: Steps, given: Inputs, rule: RulebookCells) -> QualityCells:
    sheet.heading("Quality")
    said = given["quality_standard_met"]
    asked = given["quality_performance_standard"]
    standard = sheet.line(
        "Full quality standard",
        f.when(asked.empty, rule["quality_performance_standard"], asked),
        "percent",
        name="QualityPerformanceStandard",
        words="of the performance year, unless you set one",
        source=quality.standard_met,
    )
    floor, hit = rule["disaster_quality_floor"], given["in_disaster_area"].says_yes
    score = sheet.line(
        "Quality score of the year",
        f.when(
            hit,
            f.highest(given["quality_score"], f.when(f.same(floor, NONE), standard, floor)),
            given["quality_score"],
        ),
        "percent",
        name="ScoreOfYear",
        words="your score; in a disaster area not under the floor, from 2021 the standard",
        source=quality.floored_score,
    )
    each = (
        "patient_experience_met", "care_coordination_met", "preventive_health_met",
        "at_risk_population_met",
    )  # fmt: skip
    spared = f.all_of(hit, f.any_of(f.same(floor, NONE), floor > 0.0))
    domains = sheet.answer(
        "Each domain at its minimum?",
        f.any_of(
            f.same(rule["domain_minimums_count"], f.NO),
            spared,
            f.all_of(*(given[name].says_yes for name in each)),
        ),
        name="DomainsMet",
        words="to 2020 one measure of each of the four; no disaster area needs it",
        source=quality.each_domain_met,
    )
    year = given["performance_year"]
    begins = f.highest(f.year_of(given["agreement_start"]), rule["first_performance_year_known"])
    first = sheet.answer(
        "First year of a first agreement, reporting is enough?",
        f.all_of(
            f.any_of(
                f.same(given["agreement_period"], 1.0),
                f.same(year, rule["first_performance_year_known"]),
            ),
            f.same(year, begins),
            rule["first_year_reporting_counts"].says_yes,
        ),
        name="FirstYear",
        words="first agreement, and its first performance year (2013: everybody’s)",
        source="425.502(a)(1), 425.512(a)(2)",
    )
    incentive = f.all_of(
        given["reporting_incentive_met"].says_yes, rule["reporting_incentive_counts"].says_yes
    )
    deemed = sheet.answer(
        "Deemed to meet the standard?",
        f.all_of(f.any_of(first.says_yes, incentive), said.empty),
        name="Deemed",
        words="first year or reporting incentive, unless CMS's verdict is given",
        source="425.512(a)",
    )
    reached = f.any_of(
        deemed.says_yes,
        f.all_of(score >= standard - rule["score_tolerance"], domains.says_yes),
    )
    met = sheet.answer(
        "Full standard met?",
        f.when(said.empty, reached, said.says_yes),
        name="StandardMet",
        words="as CMS says, or deemed, or score ≥ standard and the domains met",
        source=quality.standard_met,
    )
    partial = sheet.answer(
        "Partial (alternative) standard counts?",
        f.all_of(
            given["alternative_standard_met"].says_yes,
            rule["alternative_standard_pays"].says_yes,
        ),
        name="AlternativeCounts",
        words="met, in a year that knows it",
        source="425.512(a)(4)(ii)",
    )
    scales = rule["score_scales_the_full_share"].says_yes
    counted = sheet.line(
        "Score that scales",
        f.when(f.all_of(first.says_yes, met.says_yes, scales), 1.0, score),
        "percent",
        words="the score; 100% where reporting alone counts (to 2020)",
        source="425.502(a)(1)",
    )
    maximum = rule["sharing_rate"]
    full = f.when(scales, maximum * counted, maximum)
    rate = sheet.line(
        "Share by quality",
        f.when(met.says_yes, full, f.when(partial.says_yes, maximum * counted, 0.0)),
        "percent",
        name="ShareByQuality",
        words="maximum if the full standard is met; × score if only the partial one; else 0",
        source=quality.final_sharing_rate,
    )
    loss_rate = sheet.line(
        "Shared loss rate",
        f.when(
            f.any_of(met.says_yes, partial.says_yes),
            f.highest(
                rule["shared_loss_rate_floor"],
                f.lowest(rule["shared_loss_rate_ceiling"], 1 - maximum * counted),
            ),
            rule["shared_loss_rate_ceiling"],
        ),
        "percent",
        name="SharedLossRate",
        words="1 − maximum × score between lowest and highest; one fixed rate on C to E",
        source=quality.shared_loss_rate,
    )
    return QualityCells(met, rate, loss_rate)


def _paths(sheet: Steps, given: Inputs, rule: RulebookCells, totals: Totals) -> Paths:
    sheet.heading("Is the saving shared?")
    gross, minimum = totals.gross, totals.minimum
    left = given["months_in_program"]
    stays = sheet.answer(
        "In the program to the end of the year?",
        f.all_of(
            f.same(given["ended_by_cms"], f.NO),
            f.any_of(left.empty, left >= totals.months),
        ),
        name="InProgramToTheEnd",
        words="months in the program reach the year’s, and CMS did not end the agreement",
        source=settlement.in_program_to_the_end,
    )
    free = f.all_of(f.same(totals.guardrail, f.NO), stays.says_yes)
    payable = sheet.line(
        "Saving that can be shared",
        f.when(free, f.highest(gross, 0.0), 0.0),
        words="gross savings; nothing under the guardrail, nor for whoever left",
        source="425.605(d)(1), 425.221(b)(1)",
    )
    least = minimum - rule["rate_tolerance"]
    cleared = sheet.answer(
        "Minimum reached?",
        f.all_of(free, gross > 0.0, gross >= totals.benchmark * least),
        name="Cleared",
        words="gross savings ≥ target × minimum: exactly the minimum counts",
        source=corridor.savings_shared,
    )
    low = sheet.answer(
        "Low revenue?",
        given["participant_revenue_share"] < rule["low_revenue_threshold"],
        name="LowRevenue",
        words="participants' revenue under the threshold share of spending",
        source="425.20",
    )
    half_rate = rule["half_rate"]
    half = sheet.answer(
        "Half-rate path open?",
        f.all_of(
            low.says_yes,
            half_rate > 0.0,
            given["assigned_beneficiaries"] >= rule["minimum_assigned_beneficiaries"],
            payable > 0.0,
            f.same(cleared, f.NO),
        ),
        name="HalfRatePath",
        words="BASIC from 2024, low revenue, large enough, saved less than the minimum",
        source=corridor.half_rate_open,
    )
    open_share = sheet.line(
        "Part of the share that is open",
        f.when(cleared.says_yes, 1.0, f.when(half.says_yes, half_rate, 0.0)),
        "short_percent",
        name="OpenShare",
        words="all of it, half of it, or none",
        source=corridor.half_rate_open,
    )
    return Paths(stays, payable, cleared, half, open_share)


def _savings(
    sheet: Steps, rule: RulebookCells, totals: Totals, verdict: QualityCells, paths: Paths
) -> dict[str, Formula]:
    sheet.heading("Shared savings")
    sheet.line(
        "Your share (final sharing rate)",
        f.when(paths.half.says_yes, verdict.rate * rule["half_rate"], verdict.rate),
        "percent",
        name="FinalSharingRate",
        words="share by quality, halved on the half-rate path",
        source=quality.final_sharing_rate,
        style="bold",
    )
    shared = sheet.line(
        "Share of savings",
        paths.payable * (verdict.rate * paths.open_share),
        name="ShareOfSavings",
        words="all of the saving × share: from the first dollar, not the part above the minimum",
        source=settlement.payment_before_limit,
    )
    sequestered = sheet.line(
        "Sequestration",
        shared * rule["sequestration_rate"],
        name="Sequestration",
        words="share of savings × sequestration, before the limit",
        source=settlement.sequestration,
    )
    kept = 1 - rule["sequestration_rate"]
    after = sheet.line(
        "After sequestration",
        shared * kept,
        name="AfterSequestration",
        words="share of savings × (1 − sequestration)",
        source=settlement.payment_before_limit,
    )
    limit = sheet.line(
        "Payment limit",
        rule["performance_payment_limit"] * totals.benchmark,
        name="PerformancePaymentLimit",
        words="limit × target",
        source="425.605(d)(1), 425.610(e)(2)",
    )
    paid = sheet.line(
        "You earn (shared savings)",
        f.lowest(after, limit),
        name="SharedSavings",
        words="no more than the limit",
        source=settlement.limited,
        style="result",
    )
    above = sheet.line(
        "Above the limit",
        after - paid,
        name="AboveLimit",
        words="what the limit takes",
        source=settlement.limited,
    )
    sheet.heading("Left on the table (ours)")
    most = sheet.line(
        "At the maximum rate, before the limit",
        paths.payable * rule["sharing_rate"] * kept,
        words="the same saving with full quality",
    )
    full = sheet.line(
        "Full payment", f.lowest(most, limit), name="FullPayment", words="no more than the limit"
    )
    with_minimum = sheet.line(
        "Full payment with the minimum as it stands",
        f.lowest(most * paths.open_share, limit),
        words="nothing, or half, where the minimum is not reached",
    )
    at_minimum = sheet.line(
        "Lost at the minimum",
        full - with_minimum,
        name="LostAtTheMinimum",
        words="full payment − with the minimum",
    )
    to_quality = sheet.line(
        "Lost to quality",
        with_minimum - paid,
        name="LostToQuality",
        words="with the minimum − paid",
    )
    left = sheet.line(
        "Left on the table",
        at_minimum + to_quality,
        name="LeftOnTheTable",
        words="forgone at the same spending",
        style="result",
    )
    return {"paid": paid, "sequestered": sequestered, "above": above, "left": left}


def _losses(
    sheet: Steps,
    given: Inputs,
    rule: RulebookCells,
    totals: Totals,
    verdict: QualityCells,
    two_sided: Formula,
) -> tuple[Formula, Formula, Formula]:
    sheet.heading("Shared losses")
    sides = sheet.answer(
        "Two-sided contract?",
        two_sided,
        name="TwoSided",
        words="its shared loss rate is above 0",
        source="425.600(a)",
    )
    charged = sheet.line(
        "Loss that is charged",
        f.when(f.all_of(sides.says_yes, totals.beyond.says_yes), -totals.gross, 0.0),
        words="all of the loss once it reaches the minimum: from the first dollar",
        source=corridor.losses_beyond_minimum,
    )
    charge = sheet.line(
        "Share of losses",
        charged * verdict.loss_rate,
        words="loss × shared loss rate; no sequestration",
        source=quality.shared_loss_rate,
    )
    on_benchmark = sheet.line(
        "Limit on the target",
        totals.benchmark * rule["loss_recoupment_limit_benchmark"],
        words="limit × target",
        source=settlement.loss_limit,
    )
    revenue = sheet.line(
        "Participants' revenue",
        given["participant_revenue_share"] * totals.spent,
        name="ParticipantRevenue",
        words="share × what you spent",
        source=settlement.loss_limit,
    )
    revenue_limit = rule["loss_recoupment_limit_revenue"]
    on_revenue = f.when(f.same(revenue_limit, NONE), on_benchmark, revenue * revenue_limit)
    limit = sheet.line(
        "Loss limit",
        f.lowest(on_benchmark, on_revenue),
        words="the smaller of the two; ENHANCED has none on revenue",
        source=settlement.loss_limit,
    )
    sheet.line(
        "Most you can owe",
        f.when(sides.says_yes, limit, 0.0),
        name="LossRecoupmentLimit",
        words="nothing on a one-sided contract",
        source=settlement.loss_limit,
    )
    limited = sheet.line(
        "After the limit",
        f.lowest(charge, limit),
        words="no more than the limit",
        source=settlement.limited,
    )
    disaster = given["disaster_share"]
    forgiven = sheet.line(
        "Forgiven for a disaster",
        f.lowest(limited, limited * disaster),
        name="Forgiven",
        words="share of the year × share of the people, after the limit",
        source=settlement.forgiven,
    )
    left = given["months_in_program"]
    free = f.any_of(
        f.same(rule["early_leavers_owe_losses"], f.NO),
        f.all_of(f.same(given["ended_by_cms"], f.NO), left <= rule["months_without_losses"]),
    )
    part = sheet.line(
        "Part of the year’s losses that is owed",
        f.when(
            f.any_of(left.empty, left >= totals.months),
            1.0,
            f.when(free, 0.0, left / totals.months),
        ),
        "percent",
        words="all; where you left, months in the program / months of the year, or nothing",
        source=settlement.part_of_losses_owed,
    )
    spared = sheet.line(
        "Not owed for having left",
        (limited - forgiven) * (1 - part),
        name="SparedByLeaving",
        words="the rest of the loss",
        source=settlement.part_of_losses_owed,
    )
    owed = sheet.line(
        "You owe (shared losses)",
        limited - forgiven - spared,
        name="SharedLosses",
        words="after limit, disaster and leaving",
        source="425.605(d), 425.610(f)-(g)",
        style="result",
    )
    at_floor = sheet.line(
        "Owed at the lowest loss rate",
        f.lowest(charged * rule["shared_loss_rate_floor"], limit) * (1 - disaster) * part,
        words="the same loss with the best quality",
    )
    sheet.line(
        "Avoidable by quality",
        owed - at_floor,
        name="AvoidableByQuality",
        words="owed − owed at the lowest rate (ENHANCED); beside the identity, not in it",
    )
    return owed, charge > limit, charged


def _where(sheet: Steps, totals: Totals, gone: dict[str, Formula], owed: Formula) -> None:
    sheet.heading("Where the money went (ours)")
    sheet.line(
        "Medicare's part",
        totals.gross + owed - gone["paid"] - gone["sequestered"] - gone["above"] - gone["left"],
        name="MedicarePart",
        words="what Medicare keeps or, negative, bears: the rest",
    )
    sheet.line(
        "Payment: earned less owed",
        gone["paid"] - owed,
        name="Payment",
        words="positive is paid to the ACO, negative is owed to CMS",
        style="result",
    )
