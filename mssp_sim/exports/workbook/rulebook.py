"""The sheet Parameters: every version of every value of the rule, and the one in force."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula, Range, Value
from mssp_sim.exports.workbook.inputs import CONTRACTS, LISTS, SIZE, Inputs
from mssp_sim.exports.workbook.sheet import SheetWriter, camel
from mssp_sim.parameters import CONTRACTS as CONTRACT_KEYS
from mssp_sim.parameters import Parameter, RateTable, Schedule, Version, parameters
from mssp_sim.quantity import (
    FIRST_LEVELS,
    HALF_YEAR,
    OFFERED_YEARS,
    PERFORMANCE_YEARS,
    agreement_starts,
)
from mssp_sim.rules import benchmark, corridor, quality
from mssp_sim.simulation import ON_TARGET
from mssp_sim.target import HISTORY_GROWTH

TITLE = "Parameters"
IN_FORCE, NONE, NOT_SETTLED = "in force", "none", "–"
NAME, NOW, YEARS, STARTS, SECTION, KNOWN, FIRST = range(7)
CLOCKS = {"performance_year": YEARS, "agreement_start": STARTS}
SOURCE = FIRST + len(CONTRACTS)
WIDTHS = (46, 11, 13, 13, 28, 22, *([10.5] * len(CONTRACTS)), 70)
RENAMED = {
    "performance_payment_limit": "PaymentLimitRate",
    "quality_performance_standard": "QualityPerformanceStandardOfYear",
}
OURS = {
    "region_history_growth": (
        "Region's growth a year, where no table is given",
        HISTORY_GROWTH, "ratio",
    ),
    "first_day_of_levels": (
        "First agreement with the contracts A to ENHANCED",
        f.day_number(FIRST_LEVELS.year, FIRST_LEVELS.month, FIRST_LEVELS.day), "date",
    ),
    "half_year_months": ("Months in the half year that began that day", float(HALF_YEAR), "count"),
    "last_performance_year": ("Last performance year known here", PERFORMANCE_YEARS[1], "year"),
    "last_offered_year": (
        "Last year that settles by assumed values", OFFERED_YEARS[1], "year",
    ),
    "first_performance_year_known": (
        "First performance year known here", PERFORMANCE_YEARS[0], "year",
    ),
    "on_target": ("Dollars within which spending has met its target", ON_TARGET, "dollars"),
    "rate_tolerance": (
        "Part of the target a minimum may be missed by",
        corridor.TOLERANCE, "answer",
    ),
    "score_tolerance": ("The same for a quality score", quality.TOLERANCE, "answer"),
    "equal_adjustments": (
        "Part within which two adjustments are equal",
        benchmark.EQUAL, "answer",
    ),
    "rounding_dust": (
        "Part of the target that is binary noise",
        benchmark.ROUNDING_DUST, "answer",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RulebookCells:
    """The cells of the values in force, by the name of their parameter; and the lists."""

    one: Mapping[str, Formula]
    many: Mapping[str, Range]
    contracts: Range

    def __getitem__(self, name: str) -> Formula:
        return self.one[name]

    def row(self, name: str) -> Range:
        """Return a value in force that is a row of numbers."""
        return self.many[name]


def write(sheet: SheetWriter, inputs: Inputs) -> RulebookCells:
    """Write every parameter with its history, then what is ours, then the lists."""
    _head(sheet)
    clocks = {
        YEARS: f.highest(f.january(inputs["performance_year"]), inputs["agreement_start"]),
        STARTS: inputs["agreement_start"],
    }
    one: dict[str, Formula] = {}
    many: dict[str, Range] = {}
    contracts = Range(LISTS["level"], tuple(Formula("", name) for name in CONTRACTS))
    writer = _Writer(sheet, clocks, f.place_of(inputs["level"], contracts), one, many)
    for parameter in parameters().values():
        writer.parameter(parameter)
    _ours(sheet, one)
    _lists(sheet)
    sheet.paper.print_area(0, 0, sheet.row, SOURCE - 1)
    return RulebookCells(one, many, contracts)


@dataclass(frozen=True, slots=True)
class _Writer:
    sheet: SheetWriter
    clocks: Mapping[int, Formula]
    contract_place: Formula
    one: dict[str, Formula]
    many: dict[str, Range]

    def parameter(self, parameter: Parameter) -> None:
        """Write one parameter; a table is written as one block for each of its rows."""
        first = parameter.versions[0].value
        if isinstance(first, RateTable):
            for row in first.rows:
                tables = [v.value for v in parameter.versions]
                values = [t[row].tolist() for t in tables if isinstance(t, RateTable)]
                title = f"{parameter.title}: {row.replace('_', ' ')}"
                self._block(parameter, f"{parameter.name}_{row}", title, first.columns, values)
        elif isinstance(first, Schedule):
            self._schedule(parameter)
        elif isinstance(first, Mapping):
            by_contract = [_by_contract(v) for v in parameter.versions]
            self._block(parameter, parameter.name, parameter.title, CONTRACTS, by_contract)
            place = self.contract_place
            found = f.cell_at(self.many[parameter.name], place)
            missing = f.same(found, NOT_SETTLED)
            self._now(parameter.name, f.when(missing, f.not_available(), found))
        elif isinstance(first, tuple):
            heads = [""] * len(first)
            held = [v.value for v in parameter.versions]
            choices = [list(value) if isinstance(value, tuple) else [] for value in held]
            self._block(parameter, parameter.name, parameter.title, heads, choices)
        else:
            single = [[_single(v)] for v in parameter.versions]
            self._block(parameter, parameter.name, parameter.title, ("Value",), single)
            self._now(parameter.name, self.many[parameter.name][0])

    def _block(
        self,
        parameter: Parameter,
        name: str,
        title: str,
        heads: Sequence[str],
        values: Sequence[Sequence[Value]],
    ) -> None:
        """Write a title, what is in force, and every version under it."""
        sheet, top = self.sheet, self.sheet.row
        number = _number(parameter)
        _title(sheet, title, parameter, heads)
        cells = [
            [
                sheet.value(top + 2 + i, FIRST + j, value, number, style="quiet")
                for j, value in enumerate(row)
            ]
            for i, row in enumerate(values)
        ]
        place = self._versions(parameter, top + 1)
        now = []
        for j in range(len(heads)):
            column = sheet.under([row[j] for row in cells], top + 2, FIRST + j)
            picked = f.cell_at(column, place)
            now.append(sheet.formula(top + 1, FIRST + j, picked, number, style="bold"))
        known = camel(name) + "InForce"
        self.many[name] = sheet.beside(now, top + 1, FIRST, known)
        sheet.row = top + 3 + len(values)

    def _versions(self, parameter: Parameter, top: int) -> Formula:
        """Write what is in force on one line, the versions below it; return the place in force."""
        sheet, count = self.sheet, len(parameter.versions)
        flags: list[Formula] = [Formula("", "")] * count
        written: dict[int, list[Formula]] = {}
        for i in reversed(range(count)):
            version, row = parameter.versions[i], top + 1 + i
            reached = []
            for clock in parameter.dated_by:
                column, day = CLOCKS[clock], version.applies_from[clock]
                start = f.day_number(day.year, day.month, day.day)
                cell = sheet.value(row, column, start, "date", style="quiet")
                written.setdefault(column, []).insert(0, cell)
                reached.append(self.clocks[column] >= cell)
            if i < count - 1:
                later = sheet.under(flags[i + 1 :], row + 1, NOW)
                reached.append(f.same(f.how_many(later, IN_FORCE), 0.0))
            claim = f.all_of(*reached) if len(reached) > 1 else reached[0]
            flag = f.when(claim, IN_FORCE, "")
            flags[i] = sheet.formula(row, NOW, flag, "answer", style="quiet")
            sheet.text(row, NAME, f"    {_version_words(version)}", "quiet")
            cited = version.citation
            texts = (cited.section, cited.known, cited.reference)
            for column, words in zip((SECTION, KNOWN, SOURCE), texts, strict=True):
                cell = sheet.value(row, column, words, style="quiet_in")
                written.setdefault(column, []).insert(0, cell)
        place = f.place_of(IN_FORCE, sheet.under(flags, top + 1, NOW))
        for column, cells in written.items():
            picked = f.cell_at(sheet.under(cells, top + 1, column), place)
            dated = column in self.clocks
            look = ("date", "plain") if dated else ("text", "in")
            sheet.formula(top, column, picked, look[0], style=look[1])
        sheet.text(top, NAME, "    in force for the inputs")
        return place

    def _now(self, name: str, formula: Formula) -> None:
        """Write the one value in force beside the title of the block just written."""
        parameter = parameters()[name]
        top = self.sheet.row - 2 - len(parameter.versions)
        self.one[name] = self.sheet.formula(
            top, NOW, formula, _number(parameter), style="bold", name=RENAMED.get(name, camel(name))
        )

    def _schedule(self, parameter: Parameter) -> None:
        """Write a schedule down the page: what is in force, and each version beside it."""
        sheet, top = self.sheet, self.sheet.row
        _title(sheet, parameter.title, parameter, ())
        place = self._versions(parameter, top + 1)
        schedules = [v.value for v in parameter.versions if isinstance(v.value, Schedule)]
        longest = max(len(schedule.at) for schedule in schedules)
        row = top + 3 + len(schedules)
        sheet.text(row, NAME, "    from this many people on, and the rate there", "quiet")
        now: tuple[list[Formula], list[Formula]] = ([], [])
        for point in range(longest):
            line = row + 1 + point
            for side, (number, column) in enumerate((("count", YEARS), ("percent", STARTS))):
                cells = []
                for version, schedule in enumerate(schedules):
                    held = (schedule.at, schedule.gives)[side]
                    value = held[min(point, len(held) - 1)]
                    beside = FIRST + 2 * version + side
                    cells.append(sheet.value(line, beside, value, number, style="quiet"))
                chosen = f.one_of(place, *cells)
                now[side].append(sheet.formula(line, column, chosen, number, style="bold"))
        self.many["size"] = sheet.under(now[0], row + 1, YEARS, "MinimumBySizePeople")
        self.many["rate"] = sheet.under(now[1], row + 1, STARTS, "MinimumBySizeRate")
        sheet.row = row + longest + 2


def _head(sheet: SheetWriter) -> None:
    sheet.text(0, NAME, "Parameters of the rule (42 CFR Part 425)", "title")
    sheet.text(
        2,
        NAME,
        "Every version is here; the inputs choose the one in force. Nothing on this sheet needs a "
        "change.",
        "quiet",
    )
    heads = (
        "Parameter", "In force", "For performance years from", "For agreements from",
        "Paragraph", "How it is known", "Values",
    )  # fmt: skip
    for column in range(FIRST + 1, SOURCE):
        sheet.text(4, column, "", "head")
    for column, words in enumerate(heads):
        right = column in (NOW, YEARS, STARTS, FIRST)
        sheet.text(4, column, words, "head_right" if right else "head_in" if column else "head")
    sheet.text(4, SOURCE, "Source", "head_in")
    sheet.paper.set_row(4, 30)
    sheet.paper.freeze_panes(5, 2)
    sheet.paper.repeat_rows(4)
    sheet.row = 6


def _title(sheet: SheetWriter, title: str, parameter: Parameter, heads: Sequence[str]) -> None:
    sheet.band(title, SOURCE + 1)
    sheet.text(sheet.row, SECTION, parameter.unit, "part_in")
    for column, words in enumerate(heads, FIRST):
        sheet.text(sheet.row, column, words, "part_right")


def _version_words(version: Version) -> str:
    return "from " + " and ".join(
        f"{'agreements of' if clock == 'agreement_start' else 'performance year'} "
        f"{day.year if (day.month, day.day) == (1, 1) else day.isoformat()}"
        for clock, day in version.applies_from.items()
    )


def _by_contract(version: Version) -> list[Value]:
    held = version.value
    rates = [held.get(key) for key in CONTRACT_KEYS] if isinstance(held, Mapping) else []
    return [NOT_SETTLED if rate is None else NONE if math.isinf(rate) else rate for rate in rates]


def _single(version: Version) -> Value:
    value = version.value
    if isinstance(value, bool):
        return f.YES if value else f.NO
    if value == math.inf:
        return NONE
    return float(value) if isinstance(value, float) else NOT_SETTLED


def _number(parameter: Parameter) -> str:
    if parameter.unit in ("years", "persons", "months"):
        return "count"
    return "answer" if parameter.unit == "yes or no" else "short_percent"


def _ours(sheet: SheetWriter, one: dict[str, Formula]) -> None:
    sheet.band("Of the model, not of the rule", SOURCE + 1)
    for name, (words, value, number) in OURS.items():
        sheet.row += 1
        sheet.text(sheet.row, NAME, f"    {words}")
        one[name] = sheet.value(sheet.row, NOW, value, number, style="bold", name=camel(name))
        sheet.text(sheet.row, SECTION, "ours", "quiet_in")
    sheet.row += 2


def _lists(sheet: SheetWriter) -> None:
    sheet.band("What the lists of the input cells offer", SOURCE + 1)
    years: list[Any] = list(range(OFFERED_YEARS[0], OFFERED_YEARS[1] + 1))
    choices = parameters()["minimum_rate_choices"].versions[-1].value
    minimums = [*(choices if isinstance(choices, tuple) else ()), SIZE]
    lists: Mapping[str, tuple[int, str, Sequence[Any]]] = {
        "level": (NOW, "answer", CONTRACTS),
        "performance_year": (YEARS, "year", years),
        "agreement_start": (
            STARTS,
            "date",
            [
                f.day_number(day.year, day.month, day.day)
                for day in agreement_starts(assume_last=True)
            ],
        ),
        "minimum_election": (SECTION, "short_percent", minimums),
    }
    for field, (column, number, values) in lists.items():
        cells = [
            sheet.value(
                sheet.row + 1 + i, column, v if isinstance(v, str) else float(v), number,
                style="quiet",
            )
            for i, v in enumerate(values)
        ]  # fmt: skip
        sheet.under(cells, sheet.row + 1, column, LISTS[field])
    sheet.row += 1 + max(len(values) for _, _, values in lists.values())
