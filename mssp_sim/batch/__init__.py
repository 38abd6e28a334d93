"""A portfolio: one scenario a row, settled in chunks, from a table of any form to CSV.

Each chunk of records is settled by ``settled``, here or on a Dask cluster, so that a portfolio of
any size takes the memory of a few chunks and gives the same bytes wherever it runs.
"""

import codecs
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mssp_sim.batch.chunk import REJECTED, Chunk, ChunkPlan, SettledChunk, settled
from mssp_sim.batch.columns import NAME, cells, dictionary, template
from mssp_sim.batch.seen import Seen
from mssp_sim.quantity import shown
from mssp_sim.scenario import Scenario
from mssp_sim.tables import Stream, TableError, open_stream

__all__ = ["PortfolioError", "Tally", "dictionary", "rejects_of", "settle", "template"]

ROWS_AT_ONCE, BYTES_AT_ONCE = 50_000, 32_000_000
MOST_NAMED = 5
HINT = "See: python -m mssp_sim dictionary."


class PortfolioError(ValueError):
    """A portfolio that cannot be settled at all; the message is for the reader."""


@dataclass
class Tally:
    """What became of the records below the header, and what is to be said about them.

    ``rows`` were settled, ``rejects`` refused; ``blank`` and ``totals`` were skipped. ``notes``
    are sentences on the form of the file and on its cells.
    """

    rows: int = 0
    rejects: int = 0
    blank: int = 0
    totals: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        """How many records are no rows."""
        return self.blank + self.totals

    @property
    def records(self) -> int:
        """How many records stand below the header."""
        return self.rows + self.rejects + self.skipped


def settle(
    portfolio: Path,
    out: Path,
    base: Scenario | None = None,
    *,
    dask: str = "",
    progress: Callable[[int], object] = lambda _: None,
) -> Tally:
    """Settle a portfolio into ``out``; rows that cannot be settled go to ``rejects_of(out)``.

    Both files appear when all is settled, not before.

    Parameters
    ----------
    portfolio : a table with a header; each row one scenario, rates and scores as fractions or as
        percent with a sign. CSV with any separator in UTF-8, UTF-16 or Windows-1252, or XLSX
    out : the CSV to write, with the line of the portfolio in its first column; commas, and a mark
        by which spreadsheets know UTF-8
    base : gives what a column or a cell does not; the opening scenario if None
    dask : the address of a Dask scheduler that settles the chunks; empty: this process does
    progress : told the bytes of each chunk that is done

    Raises
    ------
    PortfolioError
        For a file without a usable header, or one that would be overwritten.
    OSError
        Where a file cannot be read or written.

    Source: ours
    """
    if out.is_dir():
        raise PortfolioError(f"{out} is a folder; name a file in it after -o.")
    wanted = (out, rejects_of(out))
    _places(portfolio, wanted)
    parts = [path.with_name(f"{path.name}.part") for path in wanted]
    tally, seen = Tally(), Seen()
    try:
        with open_stream(portfolio, _score) as stream:
            columns = _header(stream, portfolio.name)
            plan = ChunkPlan(columns, base or Scenario(), stream.separator)
            progress(stream.size())
            with parts[0].open("wb") as good, parts[1].open("wb") as refused:
                good.write(codecs.BOM_UTF8 + ",".join(plan.heads).encode() + b"\n")
                refused.write(codecs.BOM_UTF8 + ",".join(REJECTED).encode() + b"\n")
                for chunk, done in _all(plan, _chunks(stream), dask):
                    good.write(done.good)
                    refused.write(done.refused)
                    tally.rows += done.rows
                    tally.rejects += done.rejects
                    tally.blank += done.blank
                    tally.totals += done.totals
                    seen.add(done.seen)
                    progress(chunk.size)
        for part, path in reversed(list(zip(parts, wanted, strict=True))):
            part.replace(path)
    except TableError as fault:
        raise PortfolioError(str(fault)) from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    tally.notes = [*stream.notes, *seen.sentences(base, settled=tally.rows > 0)]
    return tally


def _places(portfolio: Path, wanted: Sequence[Path]) -> None:
    """Raise where a file cannot be what it should be, before anything is read."""
    if portfolio.resolve() in {path.resolve() for path in wanted}:
        raise PortfolioError(f"{portfolio} would be overwritten; name another file after -o.")
    out = wanted[0]
    if not portfolio.exists():
        raise PortfolioError(f"There is no file {portfolio}.")
    if portfolio.is_dir():
        raise PortfolioError(f"{portfolio} is a folder; name the portfolio in it.")
    if not out.parent.is_dir():
        raise PortfolioError(f"There is no folder {out.parent} for {out.name}; make it first.")


def rejects_of(out: Path) -> Path:
    """Return where the rows go that cannot be settled.

    Source: ours

    Examples
    --------
    >>> rejects_of(Path("settled.csv")).name
    'settled.rejects.csv'
    """
    return out.with_name(f"{out.stem}.rejects.csv")


def _known() -> set[str]:
    return {NAME, *cells()}


def _score(row: Sequence[str]) -> int:
    """Return how many cells are columns of a portfolio."""
    return len(_known().intersection(cell.strip() for cell in row))


def _header(stream: Stream, whose: str) -> tuple[str, ...]:
    """Return the columns of a portfolio; a name nobody knows is no reason to guess."""
    names = list(stream.headings)
    while names and not names[-1]:  # a spreadsheet may leave empty columns behind the table
        names.pop()
    if not stream.known:
        raise PortfolioError(f"{whose} has no header with a column this program knows. {HINT}")
    known = _known()
    unknown = [name for name in names if name not in known]
    if unknown:
        said = ", ".join(shown(name) or "(no name)" for name in unknown[:MOST_NAMED])
        raise PortfolioError(f"{whose} has columns this program does not know: {said}. {HINT}")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise PortfolioError(f"{whose} has the column {twice[0]} twice; remove one of the two.")
    return tuple(names)


def _chunks(stream: Stream) -> Iterator[Chunk]:
    """Return the records after the header in chunks, none of which holds much."""
    number, size = 2, 0
    records: list[bytes | None] = []
    while some := stream.block(ROWS_AT_ONCE):
        records += some
        size += stream.size()
        if len(records) >= ROWS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield Chunk(number, tuple(records), size)
            number, size, records = number + len(records), 0, []
    if records:
        yield Chunk(number, tuple(records), size)


def _all(
    plan: ChunkPlan, chunks: Iterator[Chunk], dask: str
) -> Iterator[tuple[Chunk, SettledChunk]]:
    """Return every chunk settled, in the order of the file."""
    if not dask:
        yield from ((chunk, settled(plan, chunk)) for chunk in chunks)
        return
    try:
        from distributed import Client  # noqa: PLC0415  (an optional extra)
    except ImportError:
        raise PortfolioError("Dask is not installed here: pip install 'mssp-sim[dask]'.") from None
    with Client(dask) as client:  # type: ignore[no-untyped-call]
        at_once = 2 * max(1, len(client.nthreads()))
        waiting: deque[tuple[Chunk, Any]] = deque()
        for chunk in chunks:
            waiting.append((chunk, client.submit(settled, plan, chunk, pure=False)))
            if len(waiting) == at_once:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
