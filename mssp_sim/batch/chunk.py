"""Some lines of a portfolio, settled: the same bytes here and on any other machine."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

import numpy as np

from mssp_sim.batch.columns import ANSWERS, DOLLARS, LINE, NAME, STATE, as_csv, cells
from mssp_sim.batch.reading import (
    REGIONAL,
    SHARES,
    TOGETHER,
    Reading,
    Reasons,
    contradictions,
    leaving_out,
    misfits,
    read,
    split,
)
from mssp_sim.batch.seen import POINTS, Seen, Some
from mssp_sim.scenario import Scenario, ScenarioError
from mssp_sim.simulation import STATES, Result, simulate
from mssp_sim.tables import filled, is_total
from mssp_sim.tables.layout import TOTALS
from mssp_sim.tables.stream import LONGEST_LINE
from mssp_sim.tables.written import harmless
from mssp_sim.units import Array

ROW_SHOWN = 500
"""Characters of a refused row that stand beside the reason."""

CENTS, RATE_DIGITS = 2, 12
REJECTED = ("line", "reason", "row")


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """How every chunk is settled: the columns in their order, and where the rest comes from."""

    columns: tuple[str, ...]
    base: Scenario
    separator: str = ","

    @property
    def heads(self) -> tuple[str, ...]:
        """The columns of the settlement."""
        named = [NAME] if NAME in self.columns else []
        return (LINE, *named, STATE, *ANSWERS)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of a portfolio from the one numbered ``first`` on; None is one too long to hold.

    ``size`` is how many bytes of the portfolio they are.
    """

    first: int
    records: tuple[bytes | None, ...]
    size: int


@dataclass(frozen=True, slots=True)
class SettledChunk:
    """What a chunk comes to: lines of CSV for both files, how many records came to what."""

    good: bytes
    refused: bytes
    rows: int
    rejects: int
    blank: int
    totals: int
    seen: Seen


@dataclass
class _Parsed:
    """The rows of a chunk with the cells they should have, and the other records."""

    numbers: Sequence[int] = ()
    texts: list[list[str]] = field(default_factory=list)
    refused: Reasons = field(default_factory=dict)
    blank: int = 0
    totals: int = 0


def settled(plan: ChunkPlan, chunk: Chunk) -> SettledChunk:
    """Return a chunk settled.

    Parameters
    ----------
    plan : the portfolio's columns and the base scenario
    chunk : some of its records

    Source: ours
    """
    parsed = _parsed(plan, chunk)
    numbers, texts, refused = parsed.numbers, parsed.texts, parsed.refused
    good, rows, seen = b"", 0, Seen()
    if texts:
        columns = dict(zip(plan.columns, zip(*texts, strict=True), strict=True))
        found = read(columns, len(texts), plan.base)
        kept, answers = _answers(plan.base, found, len(texts))
        refused |= {numbers[row]: reason for row, reason in found.reasons().items()}
        rows = len(kept)
        names = columns.get(NAME)
        table: dict[str, Array | list[str]] = {LINE: np.array(numbers)[kept]}
        table |= {NAME: [harmless(names[row]) for row in kept]} if names else {}
        good = _bytes({**table, **answers})
        taken = np.zeros(len(texts), bool)
        taken[kept] = True
        seen = _seen(found, taken, numbers)
    bad = [[str(n), refused[n], _shown(chunk.records[n - chunk.first])] for n in sorted(refused)]
    return SettledChunk(
        good, as_csv(bad).encode(), rows, len(bad), parsed.blank, parsed.totals, seen
    )


def _parsed(plan: ChunkPlan, chunk: Chunk) -> _Parsed:
    """Return the rows that have the cells they should, and why the others have not."""
    wanted = len(plan.columns)
    rows = _plain_rows(chunk, plan.separator)
    if rows and {len(row) for row in rows} == {wanted}:
        blank = [at for at, row in enumerate(rows) if not (row[0].strip() or filled(row))]
        numbers: Sequence[int] = range(chunk.first, chunk.first + len(rows))
        if blank:
            left = sorted(set(range(len(rows))).difference(blank))
            numbers, rows = [chunk.first + at for at in left], [rows[at] for at in left]
        return _Parsed(numbers, rows, blank=len(blank))
    counted: list[int] = []
    found = _Parsed(counted)
    for number, record in enumerate(chunk.records, chunk.first):
        row, reason = _row(record, plan.separator, wanted)
        if reason:
            found.refused[number] = reason
        elif not filled(row):
            found.blank += 1
        elif is_total(row):
            found.totals += 1
        elif len(row) != wanted:
            count = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
            found.refused[number] = f"the row has {count} and the header {wanted}"
        else:
            counted.append(number)
            found.texts.append(row)
    return found


def _row(record: bytes | None, separator: str, wanted: int) -> tuple[list[str], str]:
    """Return the cells of a record, and why it has none that can be read."""
    if record is None:
        return [], f"the line is longer than {LONGEST_LINE:,} bytes"
    try:
        row = split(record.decode().rstrip("\r\n"), separator)
    except UnicodeDecodeError:
        return [], "the line is not UTF-8 text; save the file as CSV UTF-8"
    except csv.Error:
        return [], "a quote is not closed on this line, nor in those after it"
    # A spreadsheet may leave empty columns behind the table.
    return (row if filled(row[wanted:]) else row[:wanted]), ""


def _plain_rows(chunk: Chunk, separator: str) -> list[list[str]]:
    """Return all rows at once where no line is special, else nothing."""
    try:
        text = b"".join(chunk.records).decode()  # type: ignore[arg-type]
    except (TypeError, UnicodeDecodeError):
        return []
    if (
        '"' in text
        or "\r" in text.replace("\r\n", "\n")
        or any(word in text.lower() for word in TOTALS)
    ):
        return []
    text = text.replace("\r\n", "\n").removesuffix("\n")
    return [row.split(separator) for row in text.split("\n")]


def _seen(found: Reading, settled_rows: Array, numbers: Sequence[int]) -> Seen:
    """Return what a run says about the cells of the rows, which were settled or not."""
    seen = Seen(given=found.given)
    for column, values in found.values.items():
        cell, filled_cells = cells()[column], found.filled[column]
        low, high = cell.words.slider
        taken = settled_rows & filled_cells
        noted = {}
        if low != high:
            noted["beyond"] = taken & ((values < low) | (values > high))
        if cell.may_be_percent:
            size, most = np.abs(values), max(map(abs, cell.words.allowed))
            signed = np.zeros(len(values), bool)
            signed[found.signed[column]] = True
            noted["signed"] = signed & filled_cells
            noted["fractions"] = taken & ~signed & (values != 0)
            noted["points"] = filled_cells & ~signed & (size > most) & (size <= POINTS)
        for kind, where in noted.items():
            rows = np.flatnonzero(where)
            if len(rows):
                some = Some(len(rows), int(numbers[rows[0]]), float(values[rows[0]]))
                getattr(seen, kind)[column] = some
    return seen


def _answers(base: Scenario, found: Reading, size: int) -> tuple[Array, dict[str, Array]]:
    """Return which rows were settled and their figures; the faults of the others are added."""
    fields, every = found.fields, np.arange(size)
    unknown = found.doubted.get(TOGETHER[0], set())
    found.refuse(misfits(fields, found.sure(every, TOGETHER[1:]), base, unknown))
    refused = np.array(sorted(found.faults), np.intp)
    for names in SHARES if len(refused) else ():
        if any(name in fields for name in names):
            found.refuse(contradictions(fields, found.sure(refused, names), base, names[:1]))
    reasons = found.faults
    table = fields.get(REGIONAL, np.zeros((size, 1, 1)))
    apart = np.isnan(table).any(axis=(1, 2))
    figures = {name: np.full(size, np.nan) for name in ANSWERS} | {STATE: np.zeros(size, np.int8)}
    for without in (False, True):
        own = {n: v for n, v in fields.items() if not (without and n == REGIONAL)}
        rows = np.flatnonzero(apart == without)
        rows = leaving_out(rows, reasons)
        while len(rows):
            try:
                batch = replace(base, **{name: values[rows] for name, values in own.items()})
            except ScenarioError as fault:
                wrong = contradictions(own, rows, base, list(fault.faults))
                if not wrong:
                    raise
                found.refuse(wrong)
                rows = leaving_out(rows, wrong)
                continue
            _note(simulate(batch), rows, figures)
            break
    kept = leaving_out(every, reasons)
    return kept, {STATE: STATES[figures[STATE][kept]]} | {n: figures[n][kept] for n in ANSWERS}


def _note(result: Result, rows: Array, figures: dict[str, Array]) -> None:
    figures[STATE][rows] = result.state_number
    for name in ANSWERS:
        digits = CENTS if name in DOLLARS else RATE_DIGITS
        figures[name][rows] = np.round(getattr(result, name), digits) + 0.0  # no negative zero


def _bytes(columns: dict[str, Array | list[str]]) -> bytes:
    import pyarrow as pa  # noqa: PLC0415  (only who settles a portfolio needs it)
    import pyarrow.csv  # noqa: PLC0415

    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    sink = BytesIO()
    pa.csv.write_csv(table, sink, pa.csv.WriteOptions(include_header=False))
    return sink.getvalue()


def _shown(line: bytes | None) -> str:
    if line is None:
        return ""
    text = line.decode(errors="replace").rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= ROW_SHOWN else f"{text[: ROW_SHOWN - 1]}…"
