"""What the simulator leaves out, and where it is simpler than the rule: one list for all."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sentences, each complete: what is left out, and what is simpler here."""

    not_modelled: tuple[str, ...]
    simplified: tuple[str, ...]


@cache
def limits() -> Limits:
    """Return what the simulator leaves out and what it simplifies.

    Source: ours

    Examples
    --------
    >>> limits().not_modelled[-1]
    'Performance years after 2026: no values yet.'
    """
    content = tomllib.loads(SOURCE.read_text("utf-8"))
    return Limits(tuple(content["not_modelled"]), tuple(content["simplified"]))
