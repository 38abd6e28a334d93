"""How many of CMS's settlements our rules give: counted by the build, read wherever it is said."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "data" / "aco_results.toml"


class Match(NamedTuple):
    """ACO-years settled again, how many are as CMS settled them, how near, and their years."""

    rows: int
    within: int
    relative: float
    first_year: int
    last_year: int


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
