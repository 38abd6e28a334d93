"""What the page says of CMS's reports: what was read, what no report tells, line by line."""

from collections.abc import Sequence

import numpy as np

from mssp_sim.cms_files.reports import AcoReports, Expected, SettledReport
from mssp_sim.quarter import STEPS
from mssp_sim.scenario import quantities
from mssp_sim.units import TYPES
from mssp_sim.words.cms_reports import figure

OPEN = "Open CMS's reports"
DROP = "Reports of one ACO (XLSX), together"
WHICH = (
    "BNMRK with its AEXPU and the QEXPU of a quarter, or the settlement report. They are read and "
    "let go. A file with people's data is refused."
)


def several(acos: Sequence[AcoReports]) -> str:
    """Return why reports of several ACOs are not opened together."""
    ids = ", ".join(aco.aco_id or "one without an identifier" for aco in acos)
    return f"These reports are of {len(acos)} ACOs ({ids}); open those of one."


def of_quarter(year: Expected) -> tuple[str, ...]:
    """Return what was opened, what no report tells, and what was concluded."""
    so_far = year.year_so_far
    whose = f"{year.aco.aco_id} {year.aco.aco_name}".strip()
    return (
        f"Opened {whose}: Q{so_far.quarter} of {so_far.performance_year} stands on the desk; Undo "
        "brings back what was here.",
        _assumed(year.assumed),
        *year.notes,
    )


def steps_title(year: Expected) -> str:
    """Return what the table of steps is, and whose."""
    so_far = year.year_so_far
    return (
        f"{year.aco.aco_id}, Q{so_far.quarter} of {so_far.performance_year}: CMS's estimate, steps "
        "A to W"
    )


def step_rows(year: Expected) -> tuple[dict[str, str], ...]:
    """Return steps A to W as rows, by enrollment type where they have one."""
    rows = []
    for step in STEPS:
        values = np.atleast_1d(year.steps.value(step.letter)).tolist()
        texts = [str(v) if step.unit == "text" else figure(step.unit, v) for v in values]
        by_type = dict(zip(TYPES, texts, strict=True)) if len(texts) == len(TYPES) else {}
        in_all = "" if by_type else texts[0]
        rows.append(
            {"Step": step.letter, "What": step.label}
            | {kind: by_type.get(kind, "") for kind in TYPES}
            | {"All": in_all}
        )
    return tuple(rows)


def of_settlement(settled: SettledReport) -> tuple[str, ...]:
    """Return what was opened, how it compares, what no line tells."""
    report = settled.report
    return (
        f"Opened {report.aco_id} {report.aco_name}".strip() + f": the settlement of {report.year} "
        "stands on the desk; Undo brings back what was here.",
        compared(settled) + ".",
        _assumed(settled.assumed),
        *settled.notes,
    )


def compared(settled: SettledReport) -> str:
    """Return how many of CMS's lines differ from ours."""
    differ = len(settled.differences)
    return f"{len(settled.lines)} lines of CMS beside ours, {differ or 'no'} differ" + (
        "s" if differ == 1 else ""
    )


def _assumed(fields: Sequence[str]) -> str:
    known = quantities()
    names = [known[field].label.lower() for field in fields if field in known]
    return f"No report tells: {', '.join(names)}." if names else "Nothing is assumed."
