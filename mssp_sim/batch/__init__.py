"""A portfolio: one scenario a row, settled in chunks, from CSV to CSV.

Each chunk of lines is settled by ``settled``, here or on a Dask cluster, so that a portfolio of
any size takes the memory of a few chunks and gives the same bytes wherever it runs.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from mssp_sim.batch.chunk import LONGEST_LINE, REJECTED, Chunk, Plan, Settled, settled
from mssp_sim.batch.columns import NAME, cells, dictionary, template
from mssp_sim.batch.reading import split
from mssp_sim.quantity import shown
from mssp_sim.scenario import Scenario

__all__ = ["PortfolioError", "Tally", "dictionary", "rejects_of", "settle", "template"]

ROWS_AT_ONCE, BYTES_AT_ONCE = 50_000, 32_000_000
LINES_READ = 1_000
"""Lines read before it is asked whether a chunk is full."""

MOST_NAMED = 5
HINT = "See: python -m mssp_sim dictionary."


class PortfolioError(ValueError):
    """A portfolio that cannot be settled at all; the message is for the reader."""


@dataclass
class Tally:
    """How many rows were settled and how many refused."""

    rows: int = 0
    rejects: int = 0


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
    portfolio : CSV with a header; each row one scenario, rates and scores as fractions
    out : the CSV to write, with the line of the portfolio in its first column
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
    wanted = (out, rejects_of(out))
    if portfolio.resolve() in {path.resolve() for path in wanted}:
        raise PortfolioError(f"{portfolio} would be overwritten; name another file after -o.")
    parts = [path.with_name(f"{path.name}.part") for path in wanted]
    tally = Tally()
    with portfolio.open("rb") as file:
        plan = Plan(_header(file, portfolio.name), base or Scenario())
        progress(file.tell())
        try:
            with parts[0].open("wb") as good, parts[1].open("wb") as refused:
                good.write(",".join(plan.heads).encode() + b"\n")
                refused.write(",".join(REJECTED).encode() + b"\n")
                for chunk, done in _all(plan, _chunks(file), dask):
                    good.write(done.good)
                    refused.write(done.refused)
                    tally.rows += done.rows
                    tally.rejects += done.rejects
                    progress(chunk.size)
            for part, path in reversed(list(zip(parts, wanted, strict=True))):
                part.replace(path)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
    return tally


def rejects_of(out: Path) -> Path:
    """Return where the rows go that cannot be settled.

    Source: ours

    Examples
    --------
    >>> rejects_of(Path("settled.csv")).name
    'settled.rejects.csv'
    """
    return out.with_name(f"{out.stem}.rejects.csv")


def _header(file: BinaryIO, whose: str) -> tuple[str, ...]:
    """Return the columns of a portfolio; a name nobody knows is no reason to guess."""
    try:
        line = file.readline(LONGEST_LINE).decode("utf-8-sig")
        names = [name.strip() for name in split(line.rstrip("\r\n"))]
    except (UnicodeDecodeError, csv.Error):
        names = []
    known = {NAME, *cells()}
    if not set(names) & known:
        raise PortfolioError(f"{whose} has no header with a column this program knows. {HINT}")
    unknown = [name for name in names if name not in known]
    if unknown:
        said = ", ".join(shown(name) or "(no name)" for name in unknown[:MOST_NAMED])
        raise PortfolioError(f"{whose} has columns this program does not know: {said}. {HINT}")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise PortfolioError(f"{whose} has the column {twice[0]} twice; remove one of the two.")
    return tuple(names)


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    """Return the lines after the header in chunks, none of which holds much."""
    pieces = iter(partial(file.readline, LONGEST_LINE), b"")
    number, size, cut = 2, 0, False
    lines: list[bytes | None] = []
    while some := list(islice(pieces, min(LINES_READ, ROWS_AT_ONCE))):
        size += sum(map(len, some))
        if cut or max(map(len, some)) == LONGEST_LINE:
            whole, cut = _whole(some, cut=cut)
            lines += whole
        else:
            lines += some
        if len(lines) >= ROWS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield Chunk(number, tuple(lines), size)
            number, size, lines = number + len(lines), 0, []
    if size:
        yield Chunk(number, tuple(lines), size)


def _whole(pieces: list[bytes], *, cut: bool) -> tuple[list[bytes | None], bool]:
    """Return lines, None for one that came in pieces, and whether the last goes on."""
    lines: list[bytes | None] = []
    for piece in pieces:
        goes_on = len(piece) == LONGEST_LINE and not piece.endswith(b"\n")
        if not cut:
            lines.append(None if goes_on else piece)
        cut = goes_on
    return lines, cut


def _all(plan: Plan, chunks: Iterator[Chunk], dask: str) -> Iterator[tuple[Chunk, Settled]]:
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
