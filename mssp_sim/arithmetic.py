"""The arithmetic of one settlement: a row for each step, with its paragraph and how it is known."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mssp_sim.explanation import contract
from mssp_sim.figures import percent, plain, score, whole_dollars
from mssp_sim.parameters import KNOWN_BY, Rules, rules_in_force
from mssp_sim.rules import benchmark, settlement
from mssp_sim.simulation import Result, State, Target, updated_target, years_from_by3
from mssp_sim.units import Ratio


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the settlement."""

    name: str
    formula: str
    value: str
    section: str
    known: str


def arithmetic(result: Result) -> tuple[Step, ...]:
    """Return every step from history to payment; the last value is what is paid or owed.

    Source: ours; each step names its paragraph
    """
    (pair,) = result.scenario.years_and_starts()
    rules = rules_in_force(*pair)
    target = updated_target(result.scenario, rules)
    steps = [*_target_steps(result, target, rules), *_quality_steps(result, rules)]
    steps += (
        _loss_steps(result, rules) if result.gross_savings < 0 else _savings_steps(result, rules)
    )
    return tuple(steps)


def _step(name: str, formula: str, value: str, rules: Rules, *parameters: str) -> Step:
    """Return a line cited by its parameters; the least known of them says how it is known."""
    versions = [rules.source[parameter].citation for parameter in parameters]
    recalled = [citation for citation in versions if citation.known_by == "recalled"]
    known = (recalled or versions)[0].known
    sections = dict.fromkeys(c.section.removeprefix("42 CFR ") for c in versions)
    return Step(name, formula, value, ", ".join(sections), known)


def _by_rule(name: str, formula: str, value: str, step: Callable[..., object]) -> Step:
    """Return a line that holds no parameter, cited by the step of the rule that computes it."""
    found = re.search(r"Source: (?:42 CFR )?(.+)", step.__doc__ or "")
    section = found.group(1) if found else ""
    return Step(name, formula, value, section, KNOWN_BY["secondary"])


def _per_person(dollars: float) -> str:
    return f"${plain(dollars, 2)}"


def _one(ratio: Ratio) -> str:
    """Return a ratio that is the same for every enrollment type."""
    return plain(float(np.asarray(ratio)[..., 0]), 4)


def _average(by_type: object, mix: object) -> float:
    return float(np.vecdot(np.broadcast_to(np.asarray(by_type), (4,)), np.asarray(mix)))


def _target_steps(r: Result, t: Target, rules: Rules) -> list[Step]:
    s, years = r.scenario, years_from_by3(r.scenario)
    mix, later = s.person_year_share_by3, s.person_year_share
    history = [_average(row, mix) for row in np.asarray(t.expenditure_history)]
    weights = rules.benchmark_year_weights["first" if s.agreement_period == 1 else "later"]
    blended = _average(t.historical_benchmark, mix)
    adjusted = _average(t.adjusted_benchmark, mix)
    kind = ("none is positive", "regional", "prior savings", "population")[int(t.adjustments.kind)]
    risk = _average(np.asarray(t.adjusted_benchmark) * t.risk_factor, later)
    unrisked = _average(t.adjusted_benchmark, later)
    update = float(np.asarray(t.growth.update_factor)[..., 0])
    prospective = rules.prospective_trend_weight
    blend_words = (
        f"market share {percent(float(s.market_share))} × nation "
        f"{_one(t.growth.national_ratio)} + the rest × region "
        f"{_one(t.growth.regional_ratio)}"
    )
    if prospective:
        blend_words = (
            f"{plain(prospective, 4)} × prospective {_one(t.growth.prospective_ratio)}"
            f" + {plain(1 - prospective, 4)} × ({blend_words})"
        )
    three = " + ".join(
        f"{plain(weight, 4)} × {_per_person(spent)}"
        for weight, spent in zip(weights, history, strict=True)
    )
    steps = [
        _step(
            "Historical benchmark",
            f"{three}, each brought to the money and risk of the last year",
            _per_person(blended), rules, "benchmark_year_weights",
        ),
        _step(
            f"Adjustment ({kind})",
            f"{_per_person(blended)} {'+' if adjusted >= blended else '−'} "
            f"{_per_person(abs(adjusted - blended))}",
            _per_person(adjusted), rules,
            "regional_adjustment_weight", *_adjustment_sources(t, rules),
        ),
        _step(
            "Risk growth that counts",
            f"{_per_person(unrisked)} × {plain(risk / unrisked, 6)}, "
            f"capped at {percent(rules.risk_growth_cap)} "
            f"{'over all types' if rules.risk_growth_capped_in_all else 'a type'}",
            _per_person(risk), rules, "risk_growth_cap", "risk_growth_capped_in_all",
        ),
        _step(
            f"Growth over {years} year{'s' if years > 1 else ''}",
            f"{_per_person(risk)} × {plain(update, 6)}; {blend_words}",
            _per_person(t.benchmark), rules, "prospective_trend_weight",
        ),
    ]  # fmt: skip
    if r.guardrail:
        steps.append(_step(
            "Guardrail",
            "recalculated without the prospective trend",
            _per_person(r.benchmark), rules, "prospective_trend_guardrail",
        ))  # fmt: skip
    steps += [
        _by_rule(
            "Spending target (benchmark)",
            f"{_per_person(r.benchmark)} × {plain(r.person_years, 1)} person-years",
            whole_dollars(r.benchmark_total), benchmark.updated_benchmark,
        ),
        _by_rule(
            "Saved (gross savings)" if r.gross_savings >= 0 else "Overspent (gross losses)",
            f"{whole_dollars(r.benchmark_total)} − {whole_dollars(r.expenditure_total)} spent",
            whole_dollars(r.gross_savings), settlement.gross_savings,
        ),
        _step(
            "Minimum (MSR and MLR)",
            f"{percent(r.minimum_savings_rate, 4)} of target against {percent(r.savings_rate, 4)}",
            whole_dollars(r.minimum_savings_rate * r.benchmark_total), rules,
            "minimum_savings_rate", "minimum_rate_choices",
        ),
    ]  # fmt: skip
    return steps


def _adjustment_sources(t: Target, rules: Rules) -> tuple[str, ...]:
    if int(t.adjustments.kind) == benchmark.PRIOR_SAVINGS:
        return ("prior_savings_share",)
    if int(t.adjustments.kind) == benchmark.POPULATION:
        return ("population_adjustment_cap",)
    negative = np.any(np.less(t.adjustments.regional_adjustment, 0))
    return ("negative_adjustment_offset",) if negative and rules.negative_adjustment_offset else ()


def _quality_steps(r: Result, rules: Rules) -> list[Step]:
    own = score(float(r.scenario.quality_score), 2)
    standard = score(r.quality_performance_standard, 2)
    verdict = "met" if r.standard_met else "missed"
    words = f"{own} against {standard}: {verdict}"
    if r.scenario.quality_standard_met is not None:
        words = f"{verdict}, as CMS says"
    elif r.deemed:
        words = "deemed met by reporting"
    formula = f"maximum {percent(r.sharing_rate)}"
    if r.final_sharing_rate != r.sharing_rate:
        formula += f" × {plain(r.final_sharing_rate / r.sharing_rate, 4)}"
    return [
        _step(
            "Your share (final sharing rate)", f"{formula}; full standard {words}",
            percent(r.final_sharing_rate, 4), rules,
            "sharing_rate", "quality_performance_standard", "alternative_standard_pays",
        )
    ]  # fmt: skip


def _savings_steps(r: Result, rules: Rules) -> list[Step]:
    paid = r.shared_savings + r.above_limit
    counted = paid + r.sequestration
    saved = whole_dollars(r.gross_savings)
    first = f"{saved} × {percent(r.final_sharing_rate, 4)}, from the first dollar"
    if r.guardrail:
        first = "nothing is earned under the guardrail"
    elif not counted and r.savings_rate < r.minimum_savings_rate:
        first = "the minimum is not reached: nothing is shared"
    limit = r.performance_payment_limit / r.benchmark_total
    return [
        _step(
            "Share of savings", first, whole_dollars(counted), rules, "sharing_rate",
            *(("half_rate",) if r.state == State.HALF_RATE else ()),
        ),
        _step(
            "After sequestration",
            f"{whole_dollars(counted)} × (1 − {percent(rules.sequestration_rate)})",
            whole_dollars(paid), rules, "sequestration_rate",
        ),
        _step(
            "You earn (shared savings)",
            f"{whole_dollars(paid)}, at most {percent(limit)} of target: "
            f"{whole_dollars(r.performance_payment_limit)}",
            whole_dollars(r.shared_savings), rules, "performance_payment_limit",
        ),
    ]  # fmt: skip


def _loss_steps(r: Result, rules: Rules) -> list[Step]:
    before = r.shared_losses + r.forgiven
    charged = -r.gross_savings if before > 0 else 0.0
    formula = f"{whole_dollars(charged)} × {percent(r.shared_loss_rate, 4)}, from the first dollar"
    if not r.two_sided:
        formula = f"{contract(r.scenario.level)} is one-sided"
    elif not charged:
        formula = "the minimum is not reached: nothing is charged"
    steps = [
        _step(
            "Share of losses", formula, whole_dollars(charged * r.shared_loss_rate), rules,
            "shared_loss_rate_floor", "shared_loss_rate_ceiling",
        ),
        _step(
            "After the loss limit",
            f"at most {whole_dollars(r.loss_recoupment_limit)}"
            if r.two_sided
            else "no losses to limit",
            whole_dollars(before), rules,
            "loss_recoupment_limit_benchmark", "loss_recoupment_limit_revenue",
        ),
    ]  # fmt: skip
    steps.append(
        _by_rule(
            "You owe (shared losses)",
            f"{whole_dollars(before)} − {whole_dollars(r.forgiven)} forgiven for a disaster; "
            "no sequestration",
            whole_dollars(r.shared_losses),
            settlement.forgiven,
        )
    )
    return steps
