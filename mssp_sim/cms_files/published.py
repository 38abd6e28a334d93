"""CMS's results of all years, as they ship with the project: made from CMS's files, read lazily."""

import ctypes
import hashlib
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from mssp_sim.cms_files import proven
from mssp_sim.cms_files._columns import BY_TYPE
from mssp_sim.cms_files._details import DETAILS, FLAGS, TEXTS
from mssp_sim.cms_files._error import ResultsFileError
from mssp_sim.cms_files.reader import SETTLEMENT, read
from mssp_sim.cms_files.reproduction import counted

if TYPE_CHECKING:
    import pyarrow as pa

FILE = Path(__file__).parent / "data" / "aco_results.parquet"
COLUMNS = (*SETTLEMENT, *BY_TYPE)
"""What settling and loading an ACO need; the rest is read where it is asked for."""

_NULLABLE = {
    *FLAGS, *TEXTS, "regional_adjustment_positive", "low_revenue", "revenue_loss_limit",
}  # fmt: skip
"""Yes, no or not told; a text or None."""

_PROVENANCE = b"provenance"
_RELEASES = {
    2013: "CMS's file",
    2014: "CMS's file, first edition",
    2015: "CMS's file, saved again by its holder",
    2016: "CMS's file, saved again by its holder; savings rates of 4 decimals",
    2017: "CMS's file, saved again by its holder; savings rates of 4 decimals",
    2019: "rebuilt from CMS's interface: part 1 of 2, without the ACOs that started in July 2019",
    2021: "CMS's file, first release",
    2022: "CMS's file, first edition",
    2024: "CMS's file, first edition",
}


class Provenance(NamedTuple):
    """Where the rows of one year come from."""

    file: str
    year: int
    release: str
    sha256: str
    rows: int


def build(folder: Path, out: Path = FILE) -> tuple[Provenance, ...]:
    """Write every results file of a folder into one Parquet file, and return what it holds.

    Beside it, as TOML, go the counts of what the rules settle as CMS did.

    Parameters
    ----------
    folder : holds the CSV files, one a year
    out : the Parquet file

    Raises
    ------
    ResultsFileError
        A file cannot be read, two are of the same year, or there is none.

    Source: ours
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  (half a second that only a reader pays)

    table = built(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, out, compression="zstd", compression_level=19, version="2.6")
    proven.write(counted(_as_read(table.to_pandas())), out.with_suffix(".toml"))
    return _provenance(table.schema.metadata)


def built(folder: Path) -> "pa.Table":
    """Return the table that ``build`` writes."""
    import pyarrow as pa  # noqa: PLC0415  (as above)

    frames: dict[int, pd.DataFrame] = {}
    sources: list[Provenance] = []
    for path in sorted(folder.glob("*.csv")):
        frame = read(path)
        year = int(frame["performance_year"].iloc[0])
        if year in frames:
            raise ResultsFileError(f"another file is of {year} too", file=path.name)
        frames[year] = frame
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        release = _RELEASES.get(year, "CMS's file")
        sources.append(Provenance(path.name, year, release, digest, len(frame)))
    if not frames:
        raise ResultsFileError(f"{folder} holds no CSV file")
    frame = pd.concat([frames[year] for year in sorted(frames)], ignore_index=True)
    sources.sort(key=lambda source: source.year)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    text = json.dumps([source._asdict() for source in sources])
    return table.replace_schema_metadata({_PROVENANCE: text.encode()})


def provenance() -> tuple[Provenance, ...]:
    """Return where the rows of each year inside come from."""
    import pyarrow.parquet as pq  # noqa: PLC0415  (as above)

    return _provenance(pq.read_schema(FILE).metadata)


def _provenance(metadata: dict[bytes, bytes]) -> tuple[Provenance, ...]:
    return tuple(Provenance(**source) for source in json.loads(metadata[_PROVENANCE]))


def results(columns: Sequence[str] | None = COLUMNS, *, year: int | None = None) -> pd.DataFrame:
    """Return the results inside, or some columns, or one year of them.

    Parameters
    ----------
    columns : as ``read`` names them; None for every column
    year : None for all

    Returns
    -------
    as ``read`` returns it: one row an ACO and year, by year and in CMS's order

    Source: CMS, Performance Year Financial and Quality Results, 2013 to 2024

    Examples
    --------
    >>> len(results(("aco_id",))), len(results(("aco_id",), year=2024))
    (5271, 476)
    """
    import pyarrow as pa  # noqa: PLC0415  (as above)
    import pyarrow.parquet as pq  # noqa: PLC0415

    chosen = None if columns is None else list(columns)
    usual, plain = pa.default_memory_pool(), pa.system_memory_pool()
    pa.set_memory_pool(plain)  # Arrow's own keeps three times the frame after it is read
    try:
        with pq.ParquetFile(FILE) as file:  # pq.read_table loads five megabytes of program more
            table = file.read(columns=chosen, use_threads=False)
            if year is not None:
                years = file.read(columns=["performance_year"], use_threads=False)[0].to_numpy()
                first, last = np.searchsorted(years, [year, year + 1])
                table = table.slice(int(first), int(last - first))
        frame: pd.DataFrame = table.to_pandas()
    finally:
        pa.set_memory_pool(usual)
    del table
    found = _as_read(frame)
    del frame
    plain.release_unused()
    _give_back()
    return found


def _give_back() -> None:
    """Give the system the memory that many small columns took, where the C library keeps it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def _as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the types of ``read`` where Parquet's are others."""
    for name in frame.select_dtypes("datetime").columns:
        frame[name] = frame[name].astype("datetime64[s]")
    for name in _NULLABLE & set(frame.columns):
        values = frame[name].astype(object)
        frame[name] = values.where(values.notna(), None)
    return frame


class Found(NamedTuple):
    """An ACO whose name or identifier fits what somebody types."""

    aco_id: str
    aco_name: str
    performance_year: int
    """The latest year."""


@cache
def _index() -> tuple[tuple[str, Found], ...]:
    frame = results(("aco_id", "aco_name", "performance_year"))
    latest = frame.drop_duplicates("aco_id", keep="last")
    rows = zip(latest["aco_id"], latest["aco_name"], latest["performance_year"], strict=True)
    found = [Found(str(i), str(n), int(y)) for i, n, y in rows]
    found.sort(key=lambda one: (-one.performance_year, one.aco_name.casefold()))
    once = frame.drop_duplicates(["aco_id", "aco_name"])
    earlier = once.groupby("aco_id")["aco_name"].agg("\n".join)
    return tuple((f"\n{one.aco_id}\n{earlier[one.aco_id]}".casefold(), one) for one in found)


def search(text: str, limit: int = 20) -> tuple[Found, ...]:
    """Return the ACOs whose names or identifier hold every word typed, the latest first.

    The names are those of all years, the one returned is the latest.

    A name that begins with the text comes before one that only holds it.

    Examples
    --------
    >>> search("palm be")[0].aco_id
    'A1001'
    >>> search("  ")
    ()
    """
    words = text.casefold().split()
    if not words:
        return ()
    start = " ".join(words)
    fits = [(key, one) for key, one in _index() if all(word in key for word in words)]
    fits.sort(key=lambda pair: f"\n{start}" not in pair[0])
    return tuple(one for _, one in fits[:limit])


__all__ = ["COLUMNS", "DETAILS", "FILE", "Found", "Provenance", "build", "built", "provenance",
           "results", "search"]  # fmt: skip
