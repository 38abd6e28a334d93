"""How many of CMS's settlements our rules give: counted by the build, read wherever it is said."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mssp_sim.cms_files.reproduction import reproduce

FILE = Path(__file__).parent / "data" / "aco_results.toml"


class Match(NamedTuple):
    """ACO-years settled again, how many are as CMS settled them, and the years they are of."""

    rows: int
    within: int
    first_year: int
    last_year: int


def counted(frame: pd.DataFrame) -> Match:
    """Settle rows again and return the match.

    Parameters
    ----------
    frame : as ``read`` returns it

    Source: ours
    """
    years = frame["performance_year"]
    within = int(reproduce(frame)["within"].sum())
    return Match(len(frame), within, int(years.min()), int(years.max()))


def write(found: Match, out: Path) -> None:
    """Write the match as TOML."""
    head = "# Written by `mssp-sim cms build`: the results inside, settled again by the rules.\n"
    lines = [f"{name} = {value}\n" for name, value in found._asdict().items()]
    out.write_text(head + "".join(lines), encoding="utf-8")


@cache
def match() -> Match:
    """Return the match of the results inside, without opening them.

    Examples
    --------
    >>> match().rows
    5271
    """
    with FILE.open("rb") as file:
        return Match(**tomllib.load(file))
