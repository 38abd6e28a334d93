"""Practices: a table of those in the ACO and of candidates, read, checked and written again."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import IO, Any

from mssp_sim import tables
from mssp_sim.scenario import Scenario
from mssp_sim.tables.cells import number as in_cell
from mssp_sim.tables.written import harmless
from mssp_sim.units import Fraction, Persons

MOST_ROWS = 200
LIMITS = tables.SizeLimits(size=200_000, rows=MOST_ROWS + 20, columns=40)
LONGEST_TEXT = 400
"""Characters of a place in a link."""


class PracticeError(ValueError):
    """A table of practices that cannot be read or cannot be, in one sentence."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice beside the ACO on the desk: ``inside`` it, or a candidate to add.

    ``cost`` and ``risk`` are what its people cost in the benchmark years and their risk score,
    against the ACO's average; ``quality`` is its score, ``share`` its people's share of the
    region, ``cut`` its cost reduction. All but people are fractions; None is the ACO's own.
    """

    name: str
    people: Persons
    cost: Fraction = 1.0
    risk: Fraction = 1.0
    quality: Fraction | None = None
    share: Fraction | None = None
    cut: Fraction | None = None
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as it was read: the practice, or what is wrong with it, and its texts."""

    number: int
    practice: Practice | None
    fault: str = ""
    told: Mapping[str, str] = field(default_factory=dict, compare=False)


HEADINGS = {
    "name": "Practice",
    "people": "People",
    "cost": "Cost against the ACO, %",
    "risk": "Risk against the ACO, %",
    "quality": "Quality score",
    "share": "Share of the region, %",
    "cut": "Cost reduction, %",
    "inside": "In the ACO",
}
"""What the columns of a table are called, by the field."""

REACH = {"people": (1.0, 2e6), "cost": (20.0, 500.0), "risk": (20.0, 500.0),
         "quality": (0.0, 100.0), "share": (0.0, 100.0), "cut": (-60.0, 60.0)}  # fmt: skip
OPTIONAL = ("cost", "risk", "quality", "share", "cut", "inside")
YES, NO = ("yes", "y", "in", "1", "true", "x", ""), ("no", "n", "out", "0", "false")
EXAMPLE = (
    Practice("Lakeside Family Medicine", 6_200.0, 0.96, 1.00, 0.81, 0.014, 0.040),
    Practice("Harbor Internal Medicine", 9_400.0, 1.04, 1.06, 0.74, 0.021, 0.031),
    Practice("Northgate Clinic", 4_800.0, 1.11, 1.00, 0.66, 0.011, 0.005),
    Practice("Valley Primary Care", 5_500.0, 1.00, 0.98, 0.83, 0.012, 0.035, inside=False),
)
"""Made-up practices: what a reader begins from."""


def template() -> bytes:
    """Return a table with headings and made-up practices, as CSV for a spreadsheet.

    Source: ours

    Examples
    --------
    >>> read_table(io.BytesIO(template()))[3].practice.inside
    False
    """
    return written(EXAMPLE)


def written(practices: Sequence[Practice]) -> bytes:
    """Return practices as CSV; no cell runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS.values())
    writer.writerows([harmless(cell) for cell in cells(each)] for each in practices)
    return text.getvalue().encode("utf-8-sig")


def cells(practice: Practice) -> list[str]:
    """Return a practice as the cells of its row, in the order of ``HEADINGS``.

    Examples
    --------
    >>> cells(Practice("Lake Care", 900.0, 0.96, quality=0.8))
    ['Lake Care', '900', '96', '100', '80', '', '', 'yes']
    """
    found = []
    for name in HEADINGS:
        value = getattr(practice, name)
        if name == "name":
            found.append(str(value))
        elif name == "inside":
            found.append("yes" if value else "no")
        else:
            scale = 1 if name == "people" else 100
            found.append("" if value is None else f"{round(value * scale, 6):.10g}")
    return found


def read_table(source: "str | Path | IO[bytes] | IO[str]") -> tuple[Row, ...]:
    """Return the rows of a table of practices, each with what is wrong with it.

    Raises
    ------
    TableError, PracticeError
        Where the file is no such table.

    Source: ours
    """
    found = tables.open_rows(source, _known, LIMITS)
    columns = {name: _column(found.headings, name) for name in HEADINGS}
    missing = [HEADINGS[f] for f, at in columns.items() if at is None and f not in OPTIONAL]
    if missing:
        raise PracticeError(f"the table has no column {' and no column '.join(missing)}")
    rows = []
    for place, record in found.records:
        if not any(cell.strip() for cell in record):
            continue
        told = {
            name: record[at].strip() if at is not None and at < len(record) else ""
            for name, at in columns.items()
        }
        rows.append(read_row(place, told))
    if not rows:
        raise PracticeError("the table has headings and no practice")
    if len(rows) > MOST_ROWS:
        raise PracticeError(f"the table has {len(rows)} practices; at most {MOST_ROWS} are read")
    return tuple(rows)


def _plain(heading: str) -> str:
    return "".join(sign for sign in heading.casefold() if sign.isalnum())


def _known(found: Sequence[str]) -> int:
    return sum(any(_plain(cell) == _plain(head) for head in HEADINGS.values()) for cell in found)


def _column(headings: Sequence[str], name: str) -> int | None:
    wanted = (_plain(HEADINGS[name]), name)
    return next((at for at, head in enumerate(headings) if _plain(head) in wanted), None)


def read_row(place: int, told: Mapping[str, str]) -> Row:
    """Return one row: its texts as a practice, or the first thing that is wrong with it.

    Examples
    --------
    >>> read_row(2, {"name": "Lake Care", "people": "many"}).fault
    'People is many; it is a number from 1 to 2,000,000'
    """
    values: dict[str, Any] = {"name": tables.clip(told.get("name", "")) or f"Practice {place}"}
    for name, (low, high) in REACH.items():
        text = told.get(name, "")
        if not text and name in OPTIONAL:
            continue
        found = in_cell(text)
        if found is None or not low <= found.value <= high or math.isnan(found.value):
            said, label = tables.clip(text) or "empty", HEADINGS[name].partition(",")[0]
            reach = f"it is a number from {low:,.0f} to {high:,.0f}"
            return Row(place, None, f"{label} is {said}; {reach}", told)
        values[name] = found.value if name == "people" else round(found.value / 100, 12)
    inside = told.get("inside", "").casefold()
    if inside not in (*YES, *NO):
        return Row(place, None, f"In the ACO is {tables.clip(inside)}; it is yes or no", told)
    values["inside"] = inside in YES
    return Row(place, Practice(**values), told=told)


def checked(scenario: Scenario, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows with what is wrong with them beside the ACO on the desk, and beside each other.

    Source: ours
    """
    people = float(scenario.assigned_beneficiaries)
    known: set[str] = set()
    counted, found = 0.0, []
    for row in rows:
        practice, fault = row.practice, row.fault
        if practice is not None and practice.name.casefold() in known:
            fault = f"{practice.name} stands twice; a practice has one row"
        elif practice is not None and practice.inside:
            if counted + practice.people > people:
                fault = (
                    f"with its {practice.people:,.0f} people the rows come to "
                    f"{counted + practice.people:,.0f}, more than the ACO's {people:,.0f}"
                )
            else:
                counted += practice.people
        if practice is not None:
            known.add(practice.name.casefold())
        found.append(replace(row, fault=fault))
    return tuple(found)


def write_practices(practices: Sequence[Practice]) -> str | None:
    """Return practices as a short text for a link, without their names; None where too long.

    Examples
    --------
    >>> write_practices([Practice("Lake Care", 900.0, 0.96, quality=0.8)])
    '900,96,100,80,,,1'
    """
    rows = [",".join([*cells(each)[1:-1], str(int(each.inside))]) for each in practices]
    text = ";".join(rows)
    return text if 0 < len(text) <= LONGEST_TEXT else None


def read_practices(text: str | None) -> tuple[Practice, ...]:
    """Return the practices of a link, called by their number.

    Raises
    ------
    PracticeError
        Says which cannot be read.

    Source: ours

    Examples
    --------
    >>> read_practices("900,96,100,80,,,1")[0].name
    'Practice 1'
    """
    found = []
    names = [each.name for each in fields(Practice)][1:]
    for place, part in enumerate(filter(None, (text or "").split(";")), 1):
        told = part.split(",")
        if len(told) != len(names):
            raise PracticeError(f"practice {place} has {len(told)} values; it has {len(names)}")
        row = read_row(place, dict(zip(names, told, strict=True)))
        if row.practice is None:
            raise PracticeError(f"practice {place}: {row.fault}")
        found.append(replace(row.practice, name=f"Practice {place}"))
    return tuple(found)
