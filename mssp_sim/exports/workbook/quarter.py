"""The sheet Quarter: CMS's steps A to W as live formulas, and on to the settlement that is coming.

Without CMS's reports the steps down to O are not there: it begins with the target as typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.formula import Formula, Range
from mssp_sim.exports.workbook.rulebook import RulebookCells
from mssp_sim.exports.workbook.sheet import SheetWriter, camel
from mssp_sim.quarter import ACPT_WEIGHT, FIRST_PROSPECTIVE, STEPS, QuarterSteps, Step
from mssp_sim.studies.this_year import Booking, Projection
from mssp_sim.units import TYPES

TITLE = "Quarter"
LETTER, LABEL, FIRST = range(3)
ALL = FIRST + len(TYPES)
WORDS = ALL + 1
WIDTHS = (6, 58, 14, 14, 14, 14, 18, 74)
SIZE = "by size"
FROM_REPORT = "from CMS's report: change it"
NUMBER = {
    "dollars": "dollars", "ratio": "ratio", "share": "percent", "rate": "percent",
    "person-years": "count", "people": "count", "text": "answer", "yes": "answer",
}  # fmt: skip
_STEP = {step.letter: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class QuarterOnPaper:
    """What the page of the year that runs goes by.

    ``headline`` is its sentence; ``steps`` are None where no report of CMS's is open;
    ``election`` is the fixed minimum, a fraction, or None for the one by size.
    """

    headline: str
    projection: Projection
    booked: Booking
    steps: QuarterSteps | None = None
    election: float | None = None


@dataclass(frozen=True, slots=True)
class _Ends:
    """Steps P, Q and S: what the settlement that is coming goes by."""

    target: Formula
    spent: Formula
    people: Formula


def write(sheet: SheetWriter, held: QuarterOnPaper, rule: RulebookCells) -> None:
    """Write steps A to W, then the report brought to the year's end, and what to book."""
    so_far = held.projection.so_far
    sheet.text(0, LETTER, f"This year: the report of Q{so_far.quarter}", "title")
    sheet.text(2, LETTER, held.headline, "bold")
    for column, words in enumerate(("Step", "What")):
        sheet.text(4, column, words, "head")
    for column, words in enumerate((*TYPES, "All types"), FIRST):
        sheet.text(4, column, words, "head_right")
    sheet.text(4, WORDS, "In words", "head_in")
    sheet.paper.freeze_panes(5, FIRST)
    sheet.row = 5
    lines = _Lines(sheet)
    target = None if held.steps is None else _by_type(lines, held.steps)
    ends = _ends(lines, held, target)
    minimum = _minimum(lines, held, rule, ends)
    _to_the_settlement(lines, held, ends, minimum)


class _Lines:
    """Lines of the sheet: a step by type or in all, from a value of the report or a formula."""

    def __init__(self, sheet: SheetWriter) -> None:
        self.sheet = sheet

    def heading(self, words: str) -> None:
        self.sheet.band(words, WORDS + 1)
        self.sheet.row += 1

    def given(self, letter: str, values: Sequence[float]) -> Range:
        """Write what a report says by type, as cells to change."""
        step, row = _STEP[letter], self.sheet.row
        cells = [
            self.sheet.value(row, FIRST + at, float(value), NUMBER[step.unit], style="input")
            for at, value in enumerate(values)
        ]
        self._words(step.letter, step.label, FROM_REPORT)
        return self.sheet.beside(cells, row, FIRST, _name(step))

    def found(self, letter: str, formulas: Sequence[Formula]) -> Range:
        """Write a step by type as formulas."""
        step, row = _STEP[letter], self.sheet.row
        cells = [
            self.sheet.formula(row, FIRST + at, formula, NUMBER[step.unit])
            for at, formula in enumerate(formulas)
        ]
        self._words(step.letter, step.label, "")
        return self.sheet.beside(cells, row, FIRST, _name(step))

    def one(
        self, letter: str, label: str, formula: Formula, number: str, *, name: str = "",
        words: str = "", style: str = "plain",
    ) -> Formula:  # fmt: skip
        """Write one value for all types as a formula."""
        row = self.sheet.row
        self._words(letter, label, words, style)
        return self.sheet.formula(row, ALL, formula, number, style=style, name=name)

    def input(
        self, letter: str, label: str, value: float | str, number: str, name: str, words: str
    ) -> Formula:
        """Write one value for all types as a cell to change."""
        row = self.sheet.row
        self._words(letter, label, words)
        return self.sheet.value(row, ALL, value, number, style="input", name=name)

    def fixed(self, label: str, value: float, number: str, words: str) -> None:
        """Write one value that no formula of the sheet moves."""
        self.sheet.value(self.sheet.row, ALL, value, number)
        self._words("", label, words)

    def _words(self, letter: str, label: str, words: str, style: str = "plain") -> None:
        row = self.sheet.row
        self.sheet.text(row, LETTER, letter, "quiet")
        self.sheet.text(row, LABEL, label, style)
        self.sheet.text(row, WORDS, words, "words")
        self.sheet.row += 1


def _name(step: Step) -> str:
    return f"Quarter{camel(step.field)}"


def _by_type(lines: _Lines, steps: QuarterSteps) -> Formula:
    """Write steps A to O and return step P, the target per person."""
    quarter = steps.quarter
    lines.heading("CMS's estimate of the target, by enrollment type")
    at = range(len(TYPES))

    def given(letter: str) -> Range:
        return lines.given(letter, np.broadcast_to(steps.value(letter), (len(TYPES),)).tolist())

    a, b = given("A"), given("B")
    c = lines.found("C", [b[t] / a[t] for t in at])
    d, e = given("D"), given("E")
    g_f = lines.found("F", [e[t] / d[t] for t in at])
    g, h = given("G"), given("H")
    i = lines.found("I", [c[t] * g[t] + g_f[t] * h[t] for t in at])
    prospective = quarter.agreement_start.year >= FIRST_PROSPECTIVE
    if prospective:
        j = given("J")
        weight = lines.input(
            "", "Weight of the prospective trend in CMS's estimate", ACPT_WEIGHT, "percent",
            "QuarterTrendWeight", "1/3; in 2024 the settlement itself gave it half",
        )  # fmt: skip
        k = lines.found("K", [(1.0 - weight) * i[t] + weight * j[t] for t in at])
    else:
        k = lines.found("K", [i[t] + 0.0 for t in at])
    level = given("L")
    m = lines.found("M", [k[t] * level[t] for t in at])
    n = given("N")
    total = lines.input(
        "", "Person-years in all", float(np.asarray(quarter.person_years_total)), "count",
        "QuarterPersonYearsTotal", "as CMS prints it: its types need not add up to it",
    )  # fmt: skip
    o = lines.found("O", [n[t] / total for t in at])
    return f.sum_of_products(o, m)


def _ends(lines: _Lines, held: QuarterOnPaper, target: Formula | None) -> _Ends:
    so_far = held.projection.so_far
    lines.heading("Against your spending")
    if target is None:
        p = lines.input(
            "P", _STEP["P"].label, float(so_far.target_per_person), "dollars",
            _name(_STEP["P"]), "as typed, or as invented: open CMS's reports for steps A to O",
        )  # fmt: skip
        spent, people = float(so_far.spending_per_person), float(so_far.people)
    else:
        assert held.steps is not None
        p = lines.one(
            "P", _STEP["P"].label, target, "dollars", name=_name(_STEP["P"]), words="sum of O × M",
            style="bold",
        )  # fmt: skip
        quarter = held.steps.quarter
        spent = float(np.asarray(quarter.spending_per_person))
        people = float(np.asarray(quarter.people))
    where = FROM_REPORT if target is not None else "as typed, or as invented"
    q = lines.input("Q", _STEP["Q"].label, spent, "dollars", _name(_STEP["Q"]), where)
    lines.one("R", _STEP["R"].label, (p - q) / p, "percent", name=_name(_STEP["R"]), style="bold")
    s = lines.input("S", _STEP["S"].label, people, "count", _name(_STEP["S"]), where)
    return _Ends(p, q, s)


def _minimum(
    lines: _Lines, held: QuarterOnPaper, rule: RulebookCells, ends: _Ends
) -> Formula:  # fmt: skip
    """Write steps T to W and return the minimum."""
    chosen = lines.input(
        "", "Fixed minimum, or by size", SIZE if held.election is None else held.election,
        "percent", "QuarterMinimumElection", f"a rate, or '{SIZE}'; one-sided contracts: by size",
    )  # fmt: skip
    enough = rule["people_for_chosen_minimum"]
    fixed = f.all_of(f.not_(f.same(chosen, SIZE)), ends.people >= enough)
    lines.one(
        "T", _STEP["T"].label, f.when(fixed, "fixed", SIZE), "answer", name=_name(_STEP["T"]),
        words="a fixed one counts from 5,000 people on",
    )  # fmt: skip
    sizes, rates = rule.row("size"), rule.row("rate")
    band = lines.one(
        "", "Band of the table by size", f.last_at_most(ends.people, sizes), "count",
        words="the table by size on Parameters",
    )  # fmt: skip
    upper = f.lowest(band + 1.0, float(len(sizes.cells)))
    low, high = f.cell_at(sizes, band), f.cell_at(sizes, upper)
    at_low, at_high = f.cell_at(rates, band), f.cell_at(rates, upper)
    between = at_low + (at_high - at_low) * (ends.people - low) / (high - low)
    by_size = lines.one(
        "", "Minimum by size", f.when(f.same(low, high), at_low, between), "percent",
        words="along a straight line between the two ends, by head count",
    )  # fmt: skip
    minimum = lines.one(
        "U", _STEP["U"].label, f.when(fixed, chosen, by_size), "percent", name=_name(_STEP["U"])
    )
    below = f.yes_if(ends.spent < ends.target)
    lines.one("V", _STEP["V"].label, below, "answer", name=_name(_STEP["V"]))
    saved = (ends.target - ends.spent) / ends.target
    reached = f.yes_if(f.all_of(saved > 0.0, saved >= minimum - rule["rate_tolerance"]))
    lines.one(
        "W", _STEP["W"].label, reached, "answer", name=_name(_STEP["W"]),
        words="the rule pays what meets or exceeds the minimum",
    )  # fmt: skip
    return minimum


def _to_the_settlement(lines: _Lines, held: QuarterOnPaper, ends: _Ends, minimum: Formula) -> None:
    projection, booked = held.projection, held.booked
    lines.heading("On to the settlement that is coming")
    grows, cost, risk = (
        lines.input("", label, float(value), "ratio", name, words)
        for label, value, name, words in (
            ("The target grows until the settlement by", projection.target_ratio,
             "QuarterTargetRatio", "late bills and the months left, for nation and region"),
            ("Your spending grows until then by", projection.own_ratio, "QuarterOwnRatio",
             "late bills and the months left"),
            ("Risk growth that counts", projection.risk, "QuarterRisk",
             "no quarterly report tells it: as your levers say"),
        )
    )  # fmt: skip
    years = lines.input(
        "", "Person-years of the year", float(projection.person_years), "count",
        "QuarterPersonYearsSettled", "",
    )  # fmt: skip
    target = lines.one(
        "", "Target in all", ends.target * grows * risk * years, "dollars",
        name="QuarterTargetInAll", words="target per person × growth × risk × person-years",
    )  # fmt: skip
    spent = lines.one(
        "", "Spending in all", ends.spent * cost * years, "dollars", name="QuarterSpendingInAll",
        words="spending per person × growth × person-years",
    )  # fmt: skip
    lines.one("", "Saved (+) or overspent (−)", target - spent, "dollars")
    lines.one(
        "", "Savings rate the year is heading for", (target - spent) / target, "percent",
        name="QuarterSavingsRateSettled", style="bold",
    )  # fmt: skip
    lines.one("", "Against the minimum", minimum + 0.0, "percent")
    lines.heading("What the app makes of it, as exported: these do not move with the cells above")
    lines.fixed("Payment the year is heading for", float(projection.result.payment), "dollars",
                "the whole rule: quality, share, limits, sequestration")  # fmt: skip
    lines.fixed("Expected value", float(booked.expected), "dollars", "average of 100,000 ends")
    lines.fixed("Most likely amount", float(booked.likely), "dollars", "")
    lines.fixed("Constrained amount to book", float(booked.constrained), "dollars",
                "for your accountant, not advice")  # fmt: skip
