"""The sheet Checks: the inputs together, the identity, and the app's result beside it all."""

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula, Range
from mssp_sim.exports.workbook.inputs import CHANGED, REFUSED, Inputs
from mssp_sim.exports.workbook.rulebook import RulebookCells
from mssp_sim.exports.workbook.sheet import SheetWriter, camel
from mssp_sim.parameters import LEVELS, RULES_VERSION
from mssp_sim.result import Result
from mssp_sim.tolerances import HALF_CENT, SAME_RATE, SHARES_TO_ONE
from mssp_sim.units import TYPES

TITLE = "Checks"
WIDTHS = (52, 22, 22, 18, 22, 22)
FIGURES = {
    "person_years": ("Person-years", "count"),
    "benchmark": ("Spending target per person-year", "dollars"),
    "benchmark_total": ("Spending target (updated benchmark)", "dollars"),
    "expenditure_total": ("What you spent (expenditures)", "dollars"),
    "gross_savings": ("Saved or overspent (gross savings or losses)", "dollars"),
    "savings_rate": ("Savings rate", "percent"),
    "minimum_savings_rate": ("Minimum to get paid (MSR)", "percent"),
    "sharing_rate": ("Maximum sharing rate", "percent"),
    "final_sharing_rate": ("Your share (final sharing rate)", "percent"),
    "shared_loss_rate": ("Shared loss rate", "percent"),
    "quality_performance_standard": ("Full quality standard", "percent"),
    "performance_payment_limit": ("Payment limit", "dollars"),
    "loss_recoupment_limit": ("Most you can owe", "dollars"),
    "shared_savings": ("You earn (shared savings)", "dollars"),
    "shared_losses": ("You owe (shared losses)", "dollars"),
    "forgiven": ("Forgiven for a disaster", "dollars"),
    "spared_by_leaving": ("Not owed for having left", "dollars"),
    "sequestration": ("Sequestration", "dollars"),
    "above_limit": ("Above the limit", "dollars"),
    "lost_at_the_minimum": ("Lost at the minimum", "dollars"),
    "lost_to_quality": ("Lost to quality", "dollars"),
    "left_on_the_table": ("Left on the table", "dollars"),
    "avoidable_by_quality": ("Avoidable by quality", "dollars"),
    "medicare_part": ("Medicare's part", "dollars"),
    "payment": ("Payment: earned less owed", "dollars"),
}
ANSWERS = {
    "standard_met": "Full standard met?",
    "deemed": "Deemed to meet the standard?",
    "two_sided": "Two-sided contract?",
    "low_revenue": "Low revenue?",
    "guardrail": "Does the guardrail apply?",
    "in_program_to_the_end": "In the program to the end of the year?",
}
OK = "ok"
FIGURE_HEADS = ("This workbook, now", "The app, as exported", "Difference", "The app, baseline")


def inputs_can_settle(sheet: SheetWriter, given: Inputs, rule: RulebookCells) -> Formula:
    """Write what the inputs must fulfil together; return the first fault, empty if none."""
    sheet.text(0, 0, "Checks", "title")
    sheet.text(2, 0, f"Rules version {RULES_VERSION}. Illustrative, not advice.", "quiet")
    sheet.text(4, 0, "Can the inputs be settled?", "head")
    sheet.text(4, 1, "Answer", "head_in")
    first_day = rule["first_day_of_levels"]
    start, year = given["agreement_start"], given["performance_year"]
    of_today = f.place_of(given["level"], rule.contracts) <= float(len(LEVELS))
    begins = f.highest(f.year_of(start), rule["first_performance_year_known"])
    assumed = f.same(given["assume_last_published"], f.YES)
    last = f.when(assumed, rule["last_offered_year"], rule["last_performance_year"])
    ends = f.lowest(f.year_of(start) + rule["agreement_length"] - 1.0, last)
    crowd = f.highest(*given.by_type("market_share")) + given["other_acos_share"]
    tests = {
        "Every input is within what its cell may hold": (
            f.same(f.how_many(given.marks, REFUSED), 0.0),
            "an input is marked 'not allowed'",
        ),
        "Mix of people in benchmark year 3 adds to 100%": (
            _adds_up(given.table["person_year_share_by3"][0]),
            "the mix of people in benchmark year 3 does not add to 100%",
        ),
        "Mix of people in the performance year adds to 100%": (
            _adds_up(given.table["person_year_share"][0]),
            "the mix of people in the performance year does not add to 100%",
        ),
        "Market share and other ACOs come to 100% at most": (
            crowd <= 1 + rule["rate_tolerance"],
            "market share and other ACOs come to more than 100%",
        ),
        "An agreement of that start can have this contract": (
            f.same(of_today, start >= first_day),
            "an agreement of that start cannot have this contract",
        ),
        "The performance year lies in the agreement": (
            f.all_of(year >= begins, year <= ends),
            "the performance year does not lie in the agreement",
        ),
        "The regional table is full or empty": (
            _full_or_empty(given),
            "fill all of the regional table or none of it",
        ),
    }
    sheet.row = 5
    fault: f.Term = ""
    answers = []
    for words, (claim, sentence) in tests.items():
        sheet.text(sheet.row, 0, words)
        answer = sheet.formula(sheet.row, 1, f.when(claim, OK, f"No: {sentence}"), style="in")
        answers.append(answer)
        sheet.row += 1
    for answer in reversed(answers):
        fault = f.when(f.same(answer, OK), fault, answer)
    assert isinstance(fault, Formula)
    sheet.text(sheet.row, 0, "First fault; empty if none", "bold")
    found = sheet.formula(sheet.row, 1, fault, style="wrong", name="InputsFault")
    sheet.row += 2
    return found


def results(sheet: SheetWriter, given: Inputs, result: Result, baseline: Result | None) -> None:
    """Write the identity, then the workbook's figures beside the app's own."""
    changed = _identity(sheet, given, result)
    *heads, of_baseline = ["Figure", *FIGURE_HEADS[:3], "Verdict", FIGURE_HEADS[3]]
    if baseline is not None:
        heads.append(of_baseline)
    for column, words in enumerate(heads):
        plain = "head_in" if words == "Verdict" else "head"
        sheet.text(sheet.row, column, words, "head_right" if words in FIGURE_HEADS else plain)
    sheet.row += 1
    verdicts = []
    for field, (words, number) in FIGURES.items():
        row, app = sheet.row, float(getattr(result, field))
        sheet.text(row, 0, words)
        here = sheet.formula(row, 1, _now(field, app), number)
        there = sheet.value(row, 2, app, number)
        apart = sheet.formula(row, 3, here - there, "ratio" if number == "percent" else number)
        near = f.size(apart) < (SAME_RATE if number == "percent" else HALF_CENT)
        verdicts.append(_verdict(sheet, changed, near))
        if baseline is not None:
            sheet.value(row, 5, float(getattr(baseline, field)), number, style="quiet")
        sheet.row += 1
    for field, words in ANSWERS.items():
        row, said = sheet.row, f.YES if getattr(result, field) else f.NO
        sheet.text(row, 0, words)
        here = sheet.formula(row, 1, Formula(camel(field), said), "answer")
        there = sheet.value(row, 2, said, "answer")
        verdicts.append(_verdict(sheet, changed, f.same(here, there)))
        if baseline is not None:
            said = f.YES if getattr(baseline, field) else f.NO
            sheet.value(row, 5, said, "answer", style="quiet")
        sheet.row += 1
    said_of_all = sheet.under(verdicts, sheet.row - len(verdicts), 4)
    sheet.text(sheet.row + 1, 0, "Figures that differ from the app's", "bold")
    sheet.formula(
        sheet.row + 1,
        1,
        f.how_many(said_of_all, "different"),
        "count",
        style="bold",
        name="Differing",
    )
    sheet.paper.freeze_panes(1, 1)


def _identity(sheet: SheetWriter, given: Inputs, result: Result) -> Formula:
    sheet.text(sheet.row, 0, "Do the parts add up to the cent?", "head")
    sheet.text(sheet.row, 1, "Dollars", "head_right")
    sheet.row += 1
    terms = []
    for words, field, sign in (
        ("You earn", "shared_savings", 1.0), ("less: you owe", "shared_losses", -1.0),
        ("Sequestration", "sequestration", 1.0), ("Above the limit", "above_limit", 1.0),
        ("Lost at the minimum", "lost_at_the_minimum", 1.0),
        ("Lost to quality", "lost_to_quality", 1.0), ("Medicare's part", "medicare_part", 1.0),
    ):  # fmt: skip
        value = _now(field, float(getattr(result, field)))
        sheet.text(sheet.row, 0, words)
        signed = value if sign > 0 else -value
        terms.append(sheet.formula(sheet.row, 1, signed, "dollars"))
        sheet.row += 1
    gross = _now("gross_savings", float(result.gross_savings))
    parts = sheet.under(terms, sheet.row - len(terms), 1)
    sheet.text(sheet.row, 0, "Sum of the parts")
    added = sheet.formula(sheet.row, 1, f.total(parts), "dollars", style="result")
    sheet.text(sheet.row + 1, 0, "Saved or overspent (gross savings)")
    whole = sheet.formula(sheet.row + 1, 1, gross, "dollars")
    sheet.text(sheet.row + 2, 0, "The identity holds?", "bold")
    holds = f.yes_if(f.size(added - whole) < HALF_CENT)
    sheet.formula(sheet.row + 2, 1, holds, "answer", style="bold", name="IdentityHolds")
    sheet.text(sheet.row + 4, 0, "Inputs changed since the export")
    changed = sheet.formula(
        sheet.row + 4, 1, f.how_many(given.marks, CHANGED), "count", name="InputsChanged"
    )
    sheet.row += 6
    return changed


def _verdict(sheet: SheetWriter, changed: Formula, near: Formula) -> Formula:
    equal = f.when(near, "equal", "different")
    return sheet.formula(sheet.row, 4, f.when(changed > 0.0, "inputs changed", equal), style="in")


def _now(field: str, value: float) -> Formula:
    """Return the workbook's own figure; one of them is not a cell by itself."""
    if field == "benchmark":
        return Formula("BenchmarkTotal/PersonYears", value, f.MULTIPLIED)
    return Formula(camel(field), value)


def _adds_up(shares: Range) -> Formula:
    return f.size(f.total(shares) - 1.0) <= SHARES_TO_ONE


def _full_or_empty(given: Inputs) -> Formula:
    lines = given.table["regional_expenditure"]
    count = f.filled(lines[0]) + f.filled(lines[1]) + f.filled(lines[2])
    return f.any_of(f.same(count, 0.0), f.same(count, float(len(lines) * len(TYPES))))
