"""The figures of Spending target: what each shows, and how it is worked out."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from mssp_sim.figure import Figure, illustrated, of_result
from mssp_sim.figures import change, money, percent, plain, rounded, signed, whole_dollars
from mssp_sim.result import Result
from mssp_sim.rules import benchmark
from mssp_sim.screens.spending_target import words
from mssp_sim.studies.target_split import RegionRisk, Split
from mssp_sim.target import market_share, market_share_in_all
from mssp_sim.trace import Step, ours, trace

BY_RULE = {"history": "historical_benchmark", "target": "benchmark"}
"""Rows of the steps that are lines of the settlement themselves."""


def tiles(result: Result, baseline: Result, parts: Split) -> tuple[Figure, ...]:
    """Return the four tiles: target, total, change, and what only the end of the year tells."""
    before, now = float(baseline.benchmark), float(result.benchmark)
    total = float(result.benchmark_total - baseline.benchmark_total)
    same = rounded(now - before, 0) == 0
    measured = (
        parts.mix,
        parts.risk,
        parts.national,
        parts.regional,
        parts.other_acos,
        parts.own_effect,
    )
    return (
        of_result(
            result, "benchmark", "Target per person", whole_dollars(parts.target),
            term="benchmark",
            note=f"{words.percent_change(parts.target / parts.history - 1)} on history",
        ),
        of_result(
            result, "benchmark_total", "Target in total", money(float(result.benchmark_total)),
            note=f"{plain(parts.person_years, 0)} person-years",
        ),
        illustrated(
            "change", "Change per person", signed(now - before),
            "target now − the baseline's target, per person", f"{_cents(now)} − {_cents(before)}",
            now - before, note="as in the baseline" if same else f"{change(total)} on baseline",
        ),
        illustrated(
            "known_afterwards", "Open until year end", signed(parts.known_afterwards),
            "mix + risk + nation + region + other ACOs + your own effect",
            " + ".join(_cents(part) for part in measured), parts.known_afterwards,
            note="of the target, a person",
        ),
    )  # fmt: skip


def of_the_steps(result: Result, parts: Split) -> tuple[Figure, ...]:
    """Return every row of the steps and of the blend, and the growth they come to."""
    found = []
    for piece in words.pieces(parts, result.scenario):
        rule = BY_RULE.get(piece.key)
        if rule:
            found.append(of_result(result, rule, piece.label, piece.shown))
        else:
            how = partial(_piece, result, parts, piece)
            found.append(
                Figure(key=piece.key, label=piece.label, shown=piece.shown, how=how,
                       amount=piece.dollars)
            )  # fmt: skip
    for part in words.blend(parts):
        product = f"{percent(part.weight, 2)} × {percent(part.trend, 2)}"
        found.append(
            illustrated(part.name, f"{part.name}: weight × trend", words.percent_change(part.part),
                        "weight × growth", product, part.part)
        )  # fmt: skip
    growth, risk = words.percent_change(parts.update), words.percent_change(parts.risk_counted)
    found.append(
        Figure(key="update_factor", label="Growth of the target", shown=growth,
               how=partial(_growth, result, parts), amount=parts.update)
    )  # fmt: skip
    found.append(of_result(result, "risk_factor", "Risk growth that counts, as a rate", risk))
    return tuple(found)


def of_the_region(result: Result, found: RegionRisk | None) -> tuple[Figure, ...]:
    """Return what the cap on the region's risk growth gives back; nothing where there is none."""
    if found is None:
        return ()
    shown = signed(found.given_back)
    return (
        of_result(result, "regional_risk_factor", "Region's growth past its cap",
                  plain(found.factor, 4)),
        Figure(key="given_back", label="Given back by the region's cap", shown=shown,
               amount=found.given_back, how=partial(_given_back, result, found, shown)),
    )  # fmt: skip


def _given_back(result: Result, found: RegionRisk, shown: str) -> tuple[Step, ...]:
    after = float(result.benchmark)
    return (
        *trace(result).how("regional_risk_factor"),
        ours("Given back by the region's cap", "target now − target with the region's risk "
             "unchanged, per person", f"{_cents(after)} − {_cents(after - found.given_back)}",
             shown, found.given_back),
    )  # fmt: skip


def of_the_effects(
    result: Result,
    parts: Split,
    effects: Sequence[words.TargetEffect],
    drag: float,
    lean: words.Lean,
) -> tuple[Figure, ...]:
    """Return the six effects: those that are rows of the steps lead there."""
    by_key = {piece.key: piece for piece in words.pieces(parts, result.scenario)}
    found = []
    for effect in effects:
        piece = by_key.get(effect.key)
        if piece is not None and piece.shown == effect.shown:
            how = partial(_piece, result, parts, piece)
            found.append(
                Figure(key=effect.key, label=effect.name, shown=effect.shown, how=how,
                       amount=piece.dollars)
            )  # fmt: skip
            continue
        formula, figures, amount = _effect(result, parts, effect.key, drag, lean)
        found.append(illustrated(effect.key, effect.name, effect.shown, formula, figures, amount))
    return tuple(found)


def _growth(result: Result, parts: Split) -> tuple[Step, ...]:
    """Return the growth of the target that settled: under the guardrail not that of the blend."""
    steps = trace(result).how("update_factor")
    if not result.guardrail:
        return steps
    counted = (part for part in words.blend(parts) if part.weight)
    sums = " + ".join(f"{percent(part.weight, 2)} × {percent(part.trend, 2)}" for part in counted)
    growth = words.percent_change(parts.update)
    formula = "weight × growth, the prospective trend set aside"
    return (*steps, ours("Growth under the guardrail", formula, sums, growth, parts.update))


def _piece(result: Result, parts: Split, piece: words.Piece) -> tuple[Step, ...]:
    """Return how one step to the target is worked out: the lines of the rule, then the part."""
    formula, figures, after = _FORMULAS[piece.key.rstrip("123")](parts, piece)
    before = trace(result).how(after) if after else ()
    if piece.shown != signed(piece.dollars) and piece.look == "part":
        figures += f" = {_cents(piece.dollars)}; it takes the rounding of the others"
    return (*before, ours(piece.label, formula, figures, piece.shown, piece.dollars))


def _cents(dollars: float) -> str:
    return f"${plain(dollars, 2)}" if dollars >= 0 else f"−${plain(-dollars, 2)}"


Formula = tuple[str, str, str]


def _year(p: Split, piece: words.Piece) -> Formula:
    weight = percent(p.weights[int(piece.key[-1]) - 1])
    formula = "spending of the year × growth and risk to the last benchmark year"
    return formula, f"{_cents(piece.dollars)} per person; its weight is {weight}", "trend_to_by3"


def _adjustment(p: Split, _: words.Piece) -> Formula:
    figures = f"{_cents(p.history + p.adjustment)} − {_cents(p.history)}"
    return "adjusted benchmark − historical benchmark", figures, "adjusted_benchmark"


def _adjustment_not_counted(p: Split, _: words.Piece) -> Formula:
    formula = "the adjustment before caps and floors − what counts"
    gap = f"{percent(p.regional_weight, 0)} × {_cents(p.regional_difference)}"
    if p.kind in (benchmark.PRIOR_SAVINGS, benchmark.POPULATION):
        gap = _cents(p.adjustment + p.adjustment_not_counted)
    return formula, f"{gap} − {_cents(p.adjustment)}", "adjusted_benchmark"


def _mix(p: Split, piece: words.Piece) -> Formula:
    start = p.history + p.adjustment
    formula = "adjusted benchmark by type at this year's people − at those of the last year"
    return formula, f"{_cents(start + piece.dollars)} − {_cents(start)}", "adjusted_benchmark"


def _trend(number: int) -> Callable[[Split, words.Piece], Formula]:
    def write(p: Split, _: words.Piece) -> Formula:
        base = _cents(_base(p))
        growth = p.trends[number]
        if number == 1:
            cut = (p.other_acos + p.own_effect) / (_base(p) * p.trend_weights[1] or 1.0)
            growth -= cut
        figures = f"{base} × {percent(p.trend_weights[number], 2)} × {percent(growth, 2)}"
        return "adjusted benchmark with its risk × weight × growth", figures, "risk_factor"

    return write


def _base(p: Split) -> float:
    return p.history + p.adjustment + p.mix + p.risk


def _less_growth(p: Split, piece: words.Piece) -> Formula:
    lost = piece.dollars / (_base(p) * p.trend_weights[1] or 1.0)
    figures = f"{_cents(_base(p))} × {percent(p.trend_weights[1], 2)} × {percent(lost, 3)}"
    return "adjusted benchmark with its risk × regional weight × growth lost", figures, ""


def _risk(p: Split, _: words.Piece) -> Formula:
    start = p.history + p.adjustment + p.mix
    figures = f"{_cents(start)} × {percent(p.risk_counted, 2)}"
    return "adjusted benchmark × risk growth that counts", figures, "risk_factor"


def _risk_not_counted(p: Split, _: words.Piece) -> Formula:
    start = p.history + p.adjustment + p.mix
    figures = f"{_cents(start)} × ({percent(p.risk_growth, 2)} − {percent(p.risk_counted, 2)})"
    return "adjusted benchmark × risk growth over the cap", figures, "risk_factor"


def _calibration(p: Split, piece: words.Piece) -> Formula:
    figures = f"{_cents(p.target)} − {_cents(p.target - piece.dollars)}"
    return "target as CMS published it − target of the steps above", figures, ""


_FORMULAS: dict[str, Callable[[Split, words.Piece], Formula]] = {
    "by": _year,
    "adjustment": _adjustment,
    "adjustment_not_counted": _adjustment_not_counted,
    "mix": _mix,
    "national": _trend(0),
    "regional": _trend(1),
    "other_acos": _less_growth,
    "own_effect": _less_growth,
    "prospective": _trend(2),
    "risk": _risk,
    "risk_not_counted": _risk_not_counted,
    "calibration": _calibration,
}


def _effect(
    result: Result, parts: Split, key: str, drag: float, lean: words.Lean
) -> tuple[str, str, float]:
    s = result.scenario
    if key == "share":
        figures = (
            f"share {percent(lean.share)} → {percent(lean.share + lean.more)}: "
            f"{percent(lean.trend, 3)} of trend"
        )
        return "target at the other share − target now, settled again", figures, lean.target
    if key == "own_effect":
        own = float(market_share_in_all(s))
        share, cut, rest = percent(own), percent(float(s.cost_reduction)), percent(1 - own)
        kept = percent(1 - parts.trend_weights[2], 2)
        if _types_differ(result):
            figures = f"type by type: share {share}, cut {cut}, weight of the blend {kept}"
        else:
            region = (1 + parts.trends[1]) / _slowed(result)
            figures = f"−{_cents(_base(parts))} × {region:.6f} × {kept} × {rest} × {share} × {cut}"
        if s.benchmark_calibration != 1:
            figures += f" × {float(s.benchmark_calibration):.6f} (calibrated to CMS's figure)"
        formula = (
            "adjusted benchmark with its risk × region's growth × weight of the two-way blend × "
            "(1 − share) × share × cost reduction"
        )
        return formula, figures, drag
    if key == "other_acos":
        return "no other ACOs that cut", "nothing", parts.other_acos
    measured = parts.known_afterwards
    start = whole_dollars(parts.target)
    return "mix + risk + nation + region, with ACOs' effects", f"part of {start}", measured


def _types_differ(result: Result) -> bool:
    """Return whether share or growth of the region are held type by type."""
    growth = result.target.growth
    return max(np.size(market_share(result.scenario)), np.size(growth.regional_ratio)) > 1


def _slowed(result: Result) -> float:
    """Return what the cuts of ACOs leave of the region's growth."""
    s = result.scenario
    own = float(market_share_in_all(s)) if s.own_effect else 0.0
    others = float(s.other_acos_share) * float(s.other_acos_reduction)
    return 1 - own * float(s.cost_reduction) - others
