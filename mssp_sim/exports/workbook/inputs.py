"""The sheet Inputs: every field of the scenario as a cell to change, with what it may hold."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mssp_sim.aco import Assumed
from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula, Range, Value
from mssp_sim.exports.workbook.sheet import OWED, SheetWriter, camel
from mssp_sim.naming import alone
from mssp_sim.parameters import LEVELS, TRACKS
from mssp_sim.quantity import AROUND, BY_TYPE, DO, SIGNED, Quantity
from mssp_sim.scenario import BY_SIZE, Scenario, placed, quantities
from mssp_sim.units import BENCHMARK_YEARS, TYPES

TITLE = "Inputs"
SIZE = "by size"
CONTRACTS = tuple(alone(level) for level in (*LEVELS, *TRACKS))
"""What the workbook calls each contract, in the order of the parameters."""

LABEL, VALUE, ABOUT, MARK, EXPORTED, BASELINE = 0, 1, 5, 6, 7, 11
WIDTHS = (44, 14, 17, 17, 17, 46, 12, 12, 12, 12, 12, 12, 12, 12, 12)
FIRST_ROW = 6
LISTS = {
    "performance_year": "ListYears",
    "agreement_start": "ListStarts",
    "level": "ListContracts",
    "minimum_election": "ListMinimums",
}
PARTS: Mapping[str, Sequence[str]] = {
    part: placed("workbook", part) for part in (SIGNED, DO, AROUND, BY_TYPE)
}
NUMBER = {
    "rate": "short_percent", "score": "short_percent", "dollars": "dollars", "count": "count",
    "ratio": "ratio", "year": "year", "date": "date", "table": "ratio",
}  # fmt: skip
CHANGED, REFUSED = "changed", "not allowed"
ASSUMED = "assumed, in no file of CMS"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The cells of the scenario: one a field, or a row of four for each line of a table."""

    one: Mapping[str, Formula]
    table: Mapping[str, Sequence[Range]]
    marks: Range

    def __getitem__(self, name: str) -> Formula:
        return self.one[name]

    def by_type(self, name: str) -> list[Formula]:
        """Return a field type by type: the cell of its table, or the field where it is empty."""
        (table,) = self.table[f"{name}_by_type"]
        return [f.when(cell.empty, self.one[name], cell) for cell in table.cells]


def write(
    sheet: SheetWriter,
    scenario: Scenario,
    baseline: Scenario | None,
    name: str,
    assumed: Assumed,
) -> Inputs:
    """Write every field of the scenario, grouped as the levers are; assumed ones are marked."""
    _head(sheet, baseline, name)
    sheet.text(3, VALUE, assumed.said, "quiet_in")
    one: dict[str, Formula] = {}
    table: dict[str, Sequence[Range]] = {}
    marks: dict[int, Formula] = {}
    sheet.row = FIRST_ROW
    for part, fields in PARTS.items():
        _part(sheet, part)
        for field in fields:
            words = quantities()[field]
            before = None if baseline is None else getattr(baseline, field)
            value, first = getattr(scenario, field), sheet.row
            if words.trailing:
                table[field] = _table(sheet, field, value, before, marks)
            else:
                one[field] = _line(sheet, field, value, before, marks)
            if field in assumed.fields:
                beside = ABOUT if words.trailing else VALUE + 1
                sheet.text(first, beside, f"{ASSUMED}; {_about(field, words)}", "quiet_in")
    sheet.paper.print_area(0, 0, sheet.row - 1, MARK)
    sheet.paper.fit_to_pages(1, 1)
    refused = {"type": "cell", "criteria": "==", "value": f'"{REFUSED}"'}
    wrong = refused | {"format": sheet.book.add_format({"font_color": OWED, "bold": True})}
    sheet.paper.conditional_format(FIRST_ROW, MARK, sheet.row - 1, MARK, wrong)
    column = [marks.get(row, Formula("", "")) for row in range(FIRST_ROW, sheet.row)]
    return Inputs(one, table, sheet.under(column, FIRST_ROW, MARK, "InputMarks"))


def answer(sheet: SheetWriter, fault: Formula, cells: Mapping[str, Formula]) -> None:
    """Write what the inputs come to above them, where it stays in sight."""
    for column, (label, cell) in enumerate(cells.items(), VALUE):
        sheet.text(1, column, label, "right")
        sheet.formula(2, column, cell, "whole", style="bold")
    sheet.formula(3, LABEL, f.joined(fault, ""), style="wrong")


def cell_value(field: str, value: Any) -> Value:  # noqa: ANN401  (a field of any kind)
    """Return a field of a scenario as its input cell holds it."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if field == "level":
        return alone(value)
    if value == BY_SIZE:
        return SIZE
    if isinstance(value, bool):
        return f.YES if value else f.NO
    if isinstance(value, dt.date):
        return f.day_number(value.year, value.month, value.day)
    return float(value)


def rows_of(words: Quantity, value: Any) -> Sequence[Sequence[Value]]:  # noqa: ANN401
    """Return the lines of a table as its input cells hold them."""
    lines = len(BENCHMARK_YEARS) if len(words.trailing) > 1 else 1
    if value is None:
        return [[""] * len(TYPES)] * lines
    table = np.reshape(np.asarray(value), (lines, -1))
    return [["" if np.isnan(x) else float(x) for x in line] for line in table]


def line_label(field: str, line: int) -> str:
    """Return what one line of a field is called in column A."""
    words = quantities()[field]
    if len(words.trailing) > 1:
        return f"{words.label}, {BENCHMARK_YEARS[line]}"
    return words.label


def _head(sheet: SheetWriter, baseline: Scenario | None, name: str) -> None:
    sheet.text(0, LABEL, name or "Shared savings settlement", "title")
    sheet.text(
        2,
        LABEL,
        "Change a yellow cell: everything settles.",
        "quiet",
    )
    sheet.text(4, LABEL, "Input", "head")
    for column in range(VALUE, MARK):
        sheet.text(4, column, "", "head")
    sheet.text(4, VALUE, "Value", "head_right")
    sheet.text(4, VALUE + 1, "Field term; what it may hold", "head_in")
    sheet.text(4, MARK, "Mark", "head")
    sheet.text(4, EXPORTED, "As exported", "head_right")
    for column in range(EXPORTED + 1, EXPORTED + len(TYPES)):
        sheet.text(4, column, "", "head")
    if baseline is not None:
        sheet.text(4, BASELINE, "Baseline", "head_right")
        for column in range(BASELINE + 1, BASELINE + len(TYPES)):
            sheet.text(4, column, "", "head")
    sheet.paper.freeze_panes(5, 1)
    sheet.paper.repeat_rows(4)


def _part(sheet: SheetWriter, part: str) -> None:
    by_type = part == BY_TYPE
    sheet.row += by_type
    sheet.band(part, MARK + 1)
    if by_type:
        for column, enrollment in enumerate(TYPES, VALUE):
            sheet.text(sheet.row, column, enrollment, "part_right")
    sheet.row += 1


def _line(
    sheet: SheetWriter,
    field: str,
    value: Any,  # noqa: ANN401
    before: Any,  # noqa: ANN401
    marks: dict[int, Formula],
) -> Formula:
    words, row, number = quantities()[field], sheet.row, _number(field)
    sheet.text(row, LABEL, words.label)
    written = cell_value(field, value)
    cell = sheet.value(row, VALUE, written, number, style="input", name=name_of(field))
    # Over the empty cells beside the value, which only a table fills.
    sheet.text(row, VALUE + 1, _about(field, words), "quiet_in")
    exported = sheet.value(row, EXPORTED, written, number, style="quiet")
    if before is not None:
        sheet.value(row, BASELINE, cell_value(field, before), number, style="quiet")
    allowed = _allowed(field, words, cell)
    # As texts, so that an empty cell and a nought differ.
    differs = f.not_(f.same(f.joined(cell, ""), f.joined(exported, "")))
    _mark(sheet, allowed, differs, marks)
    sheet.paper.data_validation(row, VALUE, row, VALUE, _validation(field, words))
    sheet.row += 1
    return cell


def _table(
    sheet: SheetWriter,
    field: str,
    value: Any,  # noqa: ANN401
    before: Any,  # noqa: ANN401
    marks: dict[int, Formula],
) -> Sequence[Range]:
    words, number = quantities()[field], _number(field)
    earlier = None if before is None else rows_of(words, before)
    lines = []
    for place, values in enumerate(rows_of(words, value)):
        row = sheet.row
        sheet.text(row, LABEL, line_label(field, place))
        about = _about(field, words) if place == 0 else ""
        sheet.text(row, ABOUT, about, "quiet_in")
        cells, exported = [], []
        for column, amount in enumerate(values):
            cells.append(sheet.value(row, VALUE + column, amount, number, style="input"))
            exported.append(sheet.value(row, EXPORTED + column, amount, number, style="quiet"))
            if earlier is not None:
                then = earlier[place][column]
                sheet.value(row, BASELINE + column, then, number, style="quiet")
        year = place if len(words.trailing) > 1 else None
        line = sheet.beside(cells, row, VALUE, name_of(field, year))
        kept = sheet.beside(exported, row, EXPORTED)
        differs = Formula(f"SUMPRODUCT(--({line.text}<>{kept.text}))>0", False, f.COMPARED)  # noqa: FBT003
        _mark(sheet, _line_allowed(words, line), differs, marks)
        last = VALUE + len(values) - 1
        sheet.paper.data_validation(row, VALUE, row, last, _validation(field, words))
        lines.append(line)
        sheet.row += 1
    return lines


def _mark(
    sheet: SheetWriter, allowed: Formula, differs: Formula, marks: dict[int, Formula]
) -> None:
    mark = f.when(allowed, f.when(differs, CHANGED, ""), REFUSED)
    marks[sheet.row] = sheet.formula(sheet.row, MARK, mark, style="quiet")


def name_of(field: str, line: int | None = None) -> str:
    """Return an input's name; where the settlement has the last word, that has the plain name.

    Examples
    --------
    >>> name_of("cost_reduction"), name_of("risk_score", 2)
    ('CostReduction', 'RiskScoreYear3')
    """
    asked = ("quality_performance_standard", "quality_standard_met", "regional_adjustment_period")
    return (
        camel(field)
        + ("Asked" if field in asked else "")
        + (f"Year{line + 1}" if line is not None else "")
    )


def _number(field: str) -> str:
    if field == "minimum_election":
        return "short_percent"
    if field in ("expenditure", "national_expenditure", "regional_expenditure"):
        return "dollars"
    refined = quantities()[field].for_all_types
    if refined or field in ("person_year_share_by3", "person_year_share"):
        return "short_percent"
    return NUMBER.get(quantities()[field].kind, "answer")


def _about(field: str, words: Quantity) -> str:
    span = "choose from the list"
    if field not in LISTS:
        span = "yes or no" if words.kind == "switch" else _span(words)
    empty = f"empty: {words.if_empty}" if words.if_empty else ""
    return "; ".join(part for part in (words.term, span, empty) if part)


def _span(words: Quantity) -> str:
    low, high = words.allowed
    if words.kind in ("rate", "score") or words.for_all_types or words.label.startswith("Mix"):
        return f"{low:.0%} to {high:.0%}".replace("-", "−")
    over = "above " if words.above else ""
    return f"{over}{low:,.12g} to {high:,.12g}".replace("-", "−") + (
        ", whole" if words.whole else ""
    )


def _allowed(field: str, words: Quantity, cell: Formula) -> Formula:
    if field in LISTS:
        # The lists stand on a later sheet; what is exported has been accepted by the scenario.
        return Formula(f"ISNUMBER(MATCH({cell.text},{LISTS[field]},0))", True)  # noqa: FBT003
    if words.kind == "switch":
        good = f.any_of(cell.says_yes, f.same(cell, f.NO))
    else:
        low, high = words.allowed
        number = Formula(f"ISNUMBER({cell.text})", not isinstance(cell.value, str))
        whole = Formula(f"INT({cell.text})={cell.text}", True, f.COMPARED)  # noqa: FBT003
        good = f.all_of(number, cell >= low, cell <= high, *([whole] if words.whole else []))
    if not words.optional:
        return good
    return f.when(cell.empty, Formula("TRUE", True), good)  # noqa: FBT003


def _line_allowed(words: Quantity, line: Range) -> Formula:
    low, high = words.allowed
    least = Formula(f"MIN({line.text})", min(line.numbers))
    most = Formula(f"MAX({line.text})", max(line.numbers))
    count = f.filled(line)
    if words.for_all_types:  # a cell may be empty, for one type or for all
        given = float(sum(cell.value != "" for cell in line.cells))
        not_empty = Formula(f'SUMPRODUCT(--({line.text}<>""))', given)
        return f.all_of(f.same(count, not_empty), least >= low, most <= high)
    good = f.all_of(
        f.same(count, float(len(TYPES))), least > low if words.above else least >= low, most <= high
    )
    if not words.optional:
        return good
    return f.when(f.same(count, 0.0), Formula("TRUE", True), good)  # noqa: FBT003


def _validation(field: str, words: Quantity) -> dict[str, Any]:
    if field in LISTS:
        rule: dict[str, Any] = {"validate": "list", "source": f"={LISTS[field]}"}
    elif words.kind == "switch":
        rule = {"validate": "list", "source": [f.YES, f.NO]}
    else:
        low, high = words.allowed
        rule = {
            "validate": "integer" if words.whole else "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
        }
    return rule | {
        "error_title": "Not allowed",
        "error_message": f"{words.label}: {_about(field, words)}."[:255],
    }
