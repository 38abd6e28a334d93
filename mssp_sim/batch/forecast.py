"""A folder of CMS's reports, of many ACOs: the settlement each can expect at the figures so far."""

import codecs
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mssp_sim.cms_files.reports import (
    Expected,
    Report,
    ReportError,
    by_aco,
    expected,
    read_report,
)
from mssp_sim.result import Result
from mssp_sim.simulation import simulate
from mssp_sim.tables.written import harmless

COLUMNS = (
    "aco_id", "aco_name", "performance_year", "quarter", "level", "people", "target_per_person",
    "spending_per_person", "savings_rate", "minimum_savings_rate", "state", "gross_savings",
    "shared_savings", "shared_losses", "payment", "spending_is_of", "assumed", "files", "notes",
)  # fmt: skip
ENDING = ".xlsx"
MOST_FILES = 5_000


@dataclass(frozen=True)
class ForecastTally:
    """What became of a folder: how many ACOs have a row, and a sentence for each refused."""

    acos: int
    files: int
    refused: tuple[str, ...]


def forecast(folder: Path, out: Path) -> ForecastTally:
    """Write a row for every ACO whose reports lie in a folder, flat or in folders of their own.

    The reports are grouped by the ACO that they name, wherever they lie; ``out`` appears when all
    is done. Files of other kinds are left alone.

    Parameters
    ----------
    folder : with BNMRK, AEXPU and QEXPU workbooks
    out : the CSV to write, UTF-8 with a mark by which spreadsheets know it

    Raises
    ------
    ReportError
        Where the folder holds no workbook, or none that can be forecast.
    OSError
        Where a file cannot be read or written.

    Source: ours
    """
    if not folder.is_dir():
        raise ReportError("there is no such folder", file=str(folder))
    if out.is_dir() or not out.parent.is_dir():
        raise ReportError("name a file in a folder that is there", file=str(out))
    paths = sorted(
        path for path in folder.rglob("*")
        if path.suffix.lower() == ENDING and not path.name.startswith(("~$", "."))
        and path.is_file()
    )  # fmt: skip
    if not paths:
        raise ReportError(f"it holds no {ENDING} file", file=str(folder))
    if len(paths) > MOST_FILES:
        what = f"it holds {len(paths):,} workbooks; at most {MOST_FILES:,} are read at once"
        raise ReportError(what, file=str(folder))
    reports, refused = read_all(paths)
    rows = []
    for aco in by_aco(reports):
        try:
            found = expected(aco)
        except ReportError as fault:
            told = str(fault)
            refused.append(told if aco.aco_id in told else f"{aco.aco_id}: {told}")
            continue
        rows.append(_row(found, simulate(found.scenario)))
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(codecs.BOM_UTF8 + _as_csv(rows).encode())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return ForecastTally(len(rows), len(paths), tuple(refused))


def read_all(paths: Iterable[Path]) -> tuple[list[Report], list[str]]:
    """Return the reports that can be read and say whose they are, and why the others cannot."""
    reports, refused = [], []
    for path in paths:
        try:
            report = read_report(path)
            by_aco([report])
        except ReportError as fault:
            refused.append(str(fault))
        else:
            reports.append(report)
    return reports, refused


def _row(found: Expected, result: Result) -> list[str]:
    year = found.year_so_far
    dollars = {
        name: f"{float(getattr(result, name)):.2f}"
        for name in ("gross_savings", "shared_savings", "shared_losses", "payment")
    }
    return [
        found.aco.aco_id, harmless(found.aco.aco_name), str(year.performance_year),
        str(year.quarter), str(found.scenario.level), f"{year.people:.0f}",
        f"{float(result.benchmark):.2f}", f"{year.spending_per_person:.2f}",
        f"{float(result.savings_rate):.9f}", f"{float(result.minimum_savings_rate):.9f}",
        str(result.state), *dollars.values(), year.basis, "; ".join(found.assumed),
        harmless("; ".join(report.file for report in found.used)), harmless(" ".join(found.notes)),
    ]  # fmt: skip


def _as_csv(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()
