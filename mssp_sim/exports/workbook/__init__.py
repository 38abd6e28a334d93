"""The settlement as a workbook with live formulas: change an input cell and it settles again.

Three tables in the order of CMS's settlement report, beside inputs, parameters and checks. Every
formula carries the value it had when it was written.
"""

from io import BytesIO

from mssp_sim.aco import NOTHING_ASSUMED, Assumed
from mssp_sim.exports.workbook import (
    checks,
    historical,
    inputs,
    quarter,
    rulebook,
    settled,
    updated,
)
from mssp_sim.exports.workbook.quarter import QuarterOnPaper
from mssp_sim.exports.workbook.sheet import SheetWriter
from mssp_sim.exports.workbook.steps import Steps
from mssp_sim.parameters import RULES_VERSION
from mssp_sim.result import Result

__all__ = ["QuarterOnPaper", "workbook"]


def workbook(
    result: Result,
    baseline: Result | None = None,
    *,
    name: str = "",
    assumed: Assumed = NOTHING_ASSUMED,
    this_year: QuarterOnPaper | None = None,
) -> bytes:
    """Return one settlement as an XLSX file whose formulas compute as the engine does.

    Parameters
    ----------
    result : of one scenario, as ``simulate`` gives it
    baseline : another, whose inputs and figures stand beside
    name : what the reader calls it; always text, whatever it begins with
    assumed : what no file tells of a loaded ACO: its inputs are marked
    this_year : the report the year goes by: it gets a sheet of its own

    Raises
    ------
    ValueError
        For a batch of scenarios.

    Source: ours; the order of 42 CFR 425.601-425.610 and 425.652-425.662
    """
    import xlsxwriter  # noqa: PLC0415  (only who exports needs it)

    if result.scenario.shape:
        raise ValueError(
            f"A workbook holds one scenario; this result holds {result.scenario.shape}. "
            "Pick one: result[row]."
        )
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({
            "title": "Shared savings settlement",
            "comments": f"Rules version {RULES_VERSION}. Illustrative, not advice.",
        })  # fmt: skip
        book.set_calc_mode("auto")
        given = SheetWriter(book, inputs.TITLE, inputs.WIDTHS)
        rule = SheetWriter(book, rulebook.TITLE, rulebook.WIDTHS)
        first = Steps(book, historical.TITLE, 1, by_type=True)
        second = Steps(book, updated.TITLE, 2, by_type=True)
        third = Steps(book, settled.TITLE, 3, by_type=False)
        last = SheetWriter(book, checks.TITLE, checks.WIDTHS)
        year = this_year and SheetWriter(book, quarter.TITLE, quarter.WIDTHS)

        before = baseline.scenario if baseline else None
        fields = inputs.write(given, result.scenario, before, name, assumed)
        rules = rulebook.write(rule, fields)
        fault = checks.inputs_can_settle(last, fields, rules)
        history = historical.write(first, fields, rules, settles=fault.empty)
        target = updated.write(second, fields, rules, history)
        moved = settled.write(third, fields, rules, target)
        checks.results(last, fields, result, baseline)
        inputs.answer(given, fault, moved)
        if year and this_year:
            quarter.write(year, this_year, rules)
            year.paper.activate()
    return file.getvalue()
