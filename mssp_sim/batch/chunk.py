"""Some lines of a portfolio, settled: the same bytes here and on any other machine."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np

from mssp_sim.batch.columns import ANSWERS, DOLLARS, LINE, NAME, STATE, as_csv, harmless
from mssp_sim.batch.reading import (
    REGIONAL,
    Reasons,
    contradictions,
    misfits,
    read,
    split,
)
from mssp_sim.scenario import Scenario, ScenarioError
from mssp_sim.simulation import STATES, Result, simulate
from mssp_sim.units import Array

LONGEST_LINE = 20_000
"""Bytes of one row; a longer line is refused and skipped without being held."""

ROW_SHOWN = 500
"""Characters of a refused row that stand beside the reason."""

CENTS, RATE_DIGITS = 2, 12
REJECTED = ("line", "reason", "row")


@dataclass(frozen=True, slots=True)
class Plan:
    """How every chunk is settled: the columns in their order, and where the rest comes from."""

    columns: tuple[str, ...]
    base: Scenario

    @property
    def heads(self) -> tuple[str, ...]:
        """The columns of the settlement."""
        named = [NAME] if NAME in self.columns else []
        return (LINE, *named, STATE, *ANSWERS)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of a portfolio from the one numbered ``first`` on; None is one too long to hold.

    ``size`` is how many bytes of the portfolio they are.
    """

    first: int
    lines: tuple[bytes | None, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a chunk comes to: lines of CSV for both files, and how many rows are in each."""

    good: bytes
    refused: bytes
    rows: int
    rejects: int


def settled(plan: Plan, chunk: Chunk) -> Settled:
    """Return a chunk settled.

    Parameters
    ----------
    plan : the portfolio's columns and the base scenario
    chunk : some of its lines

    Source: ours
    """
    numbers, texts, refused = _parsed(plan, chunk)
    good, rows = b"", 0
    if texts:
        columns = dict(zip(plan.columns, zip(*texts, strict=True), strict=True))
        fields, reasons = read(columns, len(texts), plan.base)
        kept, answers = _answers(plan.base, fields, len(texts), reasons)
        refused |= {numbers[row]: reason for row, reason in reasons.items()}
        rows = len(kept)
        names = columns.get(NAME)
        table: dict[str, Array | list[str]] = {LINE: np.array(numbers)[kept]}
        table |= {NAME: [harmless(names[row]) for row in kept]} if names else {}
        good = _bytes({**table, **answers})
    bad = [[str(n), refused[n], _shown(chunk.lines[n - chunk.first])] for n in sorted(refused)]
    return Settled(good, as_csv(bad).encode(), rows, len(bad))


def _parsed(plan: Plan, chunk: Chunk) -> tuple[Sequence[int], list[list[str]], Reasons]:
    """Return the rows that have the cells they should, and why the others have not."""
    wanted = len(plan.columns)
    rows = _plain_rows(chunk)
    if rows and {len(row) for row in rows} == {wanted} and (wanted > 1 or [""] not in rows):
        return range(chunk.first, chunk.first + len(rows)), rows, {}
    numbers: list[int] = []
    texts: list[list[str]] = []
    refused: Reasons = {}
    for number, line in enumerate(chunk.lines, chunk.first):
        if line is None:
            refused[number] = f"the line is longer than {LONGEST_LINE:,} bytes"
            continue
        stripped = line.rstrip(b"\r\n")
        if not stripped:  # an empty line is no row
            continue
        try:
            row = split(stripped.decode())
        except UnicodeDecodeError:
            refused[number] = "the line is not UTF-8 text; save the file as CSV UTF-8"
            continue
        except csv.Error:
            refused[number] = "a quote is not closed on this line; a row is one line"
            continue
        if len(row) != wanted:
            count = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
            refused[number] = f"the row has {count} and the header {wanted}"
            continue
        numbers.append(number)
        texts.append(row)
    return numbers, texts, refused


def _plain_rows(chunk: Chunk) -> list[list[str]]:
    """Return all rows at once where no line is special, else nothing."""
    try:
        text = b"".join(chunk.lines).decode()  # type: ignore[arg-type]
    except (TypeError, UnicodeDecodeError):
        return []
    if '"' in text or "\r" in text.replace("\r\n", "\n"):
        return []
    return [row.split(",") for row in text.replace("\r\n", "\n").removesuffix("\n").split("\n")]


def _answers(
    base: Scenario, fields: dict[str, Array], size: int, reasons: Reasons
) -> tuple[Array, dict[str, Array]]:
    """Return which rows were settled and their figures; the others are added to the reasons."""
    reasons |= misfits(fields, _left(size, reasons), base)
    table = fields.get(REGIONAL, np.zeros((size, 1, 1)))
    apart = np.isnan(table).any(axis=(1, 2))
    figures = {name: np.full(size, np.nan) for name in ANSWERS} | {STATE: np.zeros(size, np.int8)}
    for without in (False, True):
        own = {n: v for n, v in fields.items() if not (without and n == REGIONAL)}
        rows = np.flatnonzero(apart == without)
        rows = rows[~np.isin(rows, list(reasons))]
        while len(rows):
            try:
                batch = replace(base, **{name: values[rows] for name, values in own.items()})
            except ScenarioError as refused:
                found = contradictions(own, rows, base, list(refused.faults))
                if not found:
                    raise
                reasons |= found
                rows = rows[~np.isin(rows, list(found))]
                continue
            _note(simulate(batch), rows, figures)
            break
    kept = _left(size, reasons)
    return kept, {STATE: STATES[figures[STATE][kept]]} | {n: figures[n][kept] for n in ANSWERS}


def _left(size: int, reasons: Reasons) -> Array:
    left = np.ones(size, bool)
    left[list(reasons)] = False
    return np.flatnonzero(left)


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
    text = line.decode(errors="replace").rstrip("\r\n")
    return text if len(text) <= ROW_SHOWN else f"{text[: ROW_SHOWN - 1]}…"
