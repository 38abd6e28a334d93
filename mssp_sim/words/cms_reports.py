"""What the command says of CMS's reports: what each file is, every line of CMS's beside ours."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mssp_sim.cms_files.reports import ComparedLine, Expected, Report, SettledReport
from mssp_sim.quarter import ACPT_WEIGHT, FIRST_PROSPECTIVE, STEPS
from mssp_sim.result import Result
from mssp_sim.tolerances import HALF_CENT, SHARES_TO_ONE
from mssp_sim.units import TYPES

NOTHING = "-"
_WIDTH, _LABEL = 15, 46
_FORMATS = {
    "dollars": "{:,.2f}", "people": "{:,.2f}", "person-years": "{:,.2f}", "ratio": "{:.6f}",
    "share": "{:.6f}", "rate": "{:.4%}",
}  # fmt: skip
_YES = {True: "yes", False: "no"}
_OUTCOMES = {1.0: "savings", 0.0: "neither", -1.0: "losses"}


@dataclass(frozen=True, slots=True)
class Said:
    """What is printed: the text, how many lines of figures it has, how many of them differ."""

    text: str
    lines: int
    differences: int


def of_file(report: Report) -> str:
    """Return what one file is, and what it was expected to hold and does not."""
    said = [f"{report.file or 'A file without a name'}: {report.what}, {report.aco_id or 'no ACO'}"]
    if report.missing:
        said.append(f"  expected and not found: {', '.join(report.missing)}")
    return "\n".join([*said, *(f"  {note}" for note in report.notes)])


def of_settlement(settled: SettledReport) -> Said:
    """Return every line of CMS's settlement beside ours, each difference with its cause."""
    report = settled.report
    head = [
        f"{report.aco_id} {report.aco_name}".strip() + f": settlement of {report.year}",
        f"{'':4}{'line':<{_LABEL + 6}}{'CMS':>{_WIDTH + 4}}{'ours':>{_WIDTH + 4}}",
    ]
    rows = [_compared(line) for line in settled.lines]
    tail = [f"Expected and not found: {', '.join(settled.missing)}"] if settled.missing else []
    tail += [f"Assumed, as the report does not tell: {', '.join(settled.assumed)}"] * bool(
        settled.assumed
    )
    text = "\n".join([*head, *rows, *tail, *settled.notes])
    return Said(text, len(rows), len(settled.differences))


def _compared(line: ComparedLine) -> str:
    label = f"{line.label}{f', {line.place}' if line.place else ''}"
    cms, ours = (figure(line.unit, value) for value in (line.cms, line.ours))
    cause = f"  {line.cell}: {line.why}" if line.why else ""
    return (
        f"{line.table:<4}{f'[{line.code}]':<6}{label:<{_LABEL}}{cms:>{_WIDTH + 4}}"
        f"{ours:>{_WIDTH + 4}}{cause}"
    )  # fmt: skip


def figure(unit: str, value: float | None) -> str:
    """Return a figure of a report in its unit; a dash where there is none."""
    if value is None or not np.isfinite(value):
        return NOTHING
    if unit == "yes":
        return _YES[bool(value)]
    if unit == "word":
        return _OUTCOMES[value]
    return _FORMATS[unit].format(value)


def of_quarter(expected: Expected, result: Result) -> Said:
    """Return steps A to W of a quarter, and the rest of the rule to the payment."""
    held = expected.steps.quarter
    name = f"{expected.aco.aco_id} {expected.aco.aco_name}".strip()
    head = [
        f"{name}: performance year {held.performance_year}, Q{held.quarter}",
        f"{'':4}{'step':<{_LABEL}}{''.join(f'{kind:>{_WIDTH}}' for kind in TYPES)}",
    ]
    rows = []
    for step in STEPS:
        values = np.atleast_1d(expected.steps.value(step.letter)).tolist()
        cells = "".join(
            f"{value if step.unit == 'text' else figure(step.unit, value):>{_WIDTH}}"
            for value in values
        )
        rows.append(f"{step.letter:<4}{step.label:<{_LABEL}}{cells}")
    target, by_cms = float(result.target.benchmark), float(expected.steps.target_per_person)
    rows += [f"{'':4}{label:<{_LABEL}}{text:>{_WIDTH}}" for label, text in _to_payment(result)]
    apart = abs(target - by_cms) >= HALF_CENT
    causes = [
        f"Our target per person is {target - by_cms:+,.2f} from CMS's estimate: "
        f"{'; '.join(_apart(expected, result))}."
    ] * apart
    assumed = f"Assumed, as no report tells: {', '.join(expected.assumed)}"
    basis = f"Spending is taken as that of the {_BASES[expected.year_so_far.basis]}."
    text = "\n".join([*head, *rows, *causes, assumed, basis, *expected.notes])
    return Said(text, len(rows), int(apart))


_BASES = {
    "last_twelve_months": "last twelve months",
    "year_so_far_annualized": "year so far, annualized",
}


def _to_payment(result: Result) -> Iterable[tuple[str, str]]:
    target, two_way = float(result.target.benchmark), float(result.target.two_way_benchmark)
    yield "Target per person by the rule, risk unchanged", figure("dollars", target)
    guarded = bool(result.guardrail)
    yield (
        "Guardrail: the target without the trend",
        (figure("dollars", two_way) if guarded else NOTHING),
    )
    for label, unit, value in (
        ("Target in all", "dollars", result.benchmark_total),
        ("Spending in all", "dollars", result.expenditure_total),
        ("Savings", "dollars", result.gross_savings),
        ("Savings rate", "rate", result.savings_rate),
        ("Minimum savings rate", "rate", result.minimum_savings_rate),
        ("Quality score", "rate", result.scenario.quality_score),
        ("Final sharing rate", "rate", result.final_sharing_rate),
        ("Payment limit", "dollars", result.performance_payment_limit),
        ("Sequestration", "dollars", result.sequestration),
        ("Shared loss rate", "rate", result.shared_loss_rate if result.two_sided else None),
        ("Loss limit", "dollars", result.loss_recoupment_limit if result.two_sided else None),
        ("Earned", "dollars", result.shared_savings),
        ("Owed", "dollars", result.shared_losses),
        ("Payment at the figures so far", "dollars", result.payment),
    ):
        yield label, figure(unit, None if value is None else float(value))


def _apart(expected: Expected, result: Result) -> list[str]:
    """Return why the rule's target is not CMS's estimate."""
    held, causes = expected.steps.quarter, []
    weight = float(result.rules.prospective_trend_weight)
    if held.agreement_start.year >= FIRST_PROSPECTIVE and abs(weight - ACPT_WEIGHT) > SHARES_TO_ONE:
        causes.append(
            f"the estimate gives the prospective trend one third, the settlement of "
            f"{held.performance_year} {weight:.4f}"
        )
    if abs(float(np.sum(expected.steps.person_year_share)) - 1) > 1e-9:  # noqa: PLR2004
        causes.append("its types do not add up to its total of person-years")
    weights = np.asarray(held.national_weight) + np.asarray(held.regional_weight)
    if np.any(np.abs(weights - 1) > 1e-9):  # noqa: PLR2004
        causes.append("its national and regional weights do not add up to 1")
    return causes or ["the rule puts its steps together otherwise"]
