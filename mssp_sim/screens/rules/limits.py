"""What the simulator leaves out, and where it is simpler than the rule: one list for all."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mssp_sim.parameters import last_listed_year, last_published_year

SOURCE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sentences, each complete: what is left out, and what is simpler here."""

    not_modeled: tuple[str, ...]
    simplified: tuple[str, ...]


@cache
def limits() -> Limits:
    """Return what the simulator leaves out and what it simplifies.

    Source: ours

    Examples
    --------
    >>> limits().not_modeled[-1].startswith(f"Performance years after {last_published_year()}:")
    True
    """
    content = tomllib.loads(SOURCE.read_text("utf-8"))
    years = {
        "last_published_year": last_published_year(),
        "last_listed_year": last_listed_year(),
    }
    return Limits(
        tuple(sentence.format(**years) for sentence in content["not_modeled"]),
        tuple(content["simplified"]),
    )
