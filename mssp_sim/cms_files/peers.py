"""Where a scenario stands among real ACOs: derived distributions that the project ships."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mssp_sim.simulation import Result

MEASURES = {
    "savings_rate": "Savings rate",
    "quality_score": "Quality score",
    "assigned_beneficiaries": "Assigned people",
    "benchmark": "Target per person",
}


@dataclass(frozen=True, slots=True)
class Peers:
    """The spread of one measure in one performance year."""

    measure: str
    year: int
    percentiles: tuple[float, ...]
    values: tuple[float, ...]

    def rank(self, value: float) -> float:
        """Return the share of real ACOs below a value, as a fraction; flat past the known ends.

        Examples
        --------
        >>> round(peers("savings_rate", 2024).rank(0.031), 2)
        0.38
        """
        return float(np.interp(value, self.values, self.percentiles)) / 100


@cache
def _shipped() -> Mapping[str, object]:
    with (Path(__file__).parent / "distributions.toml").open("rb") as file:
        return tomllib.load(file)


def years(measure: str) -> tuple[int, ...]:
    """Return the performance years whose spread is known, oldest first."""
    table = _shipped()[measure]
    assert isinstance(table, dict)
    return tuple(int(key) for key in table if key.isdecimal())


def peers(measure: str, year: int) -> Peers:
    """Return the spread of a measure in a year, or in the nearest year that is known."""
    known = min(years(measure), key=lambda known: (abs(known - year), -known))
    table, percentiles = _shipped()[measure], _shipped()["percentiles"]
    assert isinstance(table, dict)
    assert isinstance(percentiles, list)
    return Peers(measure, known, tuple(percentiles), tuple(table[str(known)]))


def savings_rate_by_contract(year: int) -> tuple[int, Mapping[str, tuple[float, ...]]]:
    """Return the nearest known year, and each contract's ACOs and quartiles of the savings rate.

    Examples
    --------
    >>> year, spread = savings_rate_by_contract(2025)
    >>> year, spread["E"][0]
    (2024, 104)
    """
    tables = _shipped()["savings_rate_by_contract"]
    assert isinstance(tables, dict)
    known = min(map(int, tables), key=lambda known: (abs(known - year), -known))
    return known, {level: tuple(row) for level, row in tables[str(known)].items()}


def source() -> str:
    """Return where the distributions come from."""
    return str(_shipped()["source"])


def standing(result: Result) -> dict[str, float]:
    """Return a settlement's own value of every measure."""
    return {
        "savings_rate": float(result.savings_rate),
        "quality_score": float(result.scenario.quality_score),
        "assigned_beneficiaries": float(result.scenario.assigned_beneficiaries),
        "benchmark": float(result.benchmark),
    }
