"""Times the engine: ``uv run python benchmarks/engine.py``.

Every time is the median of seven runs, in processor time: what neighbours on the machine take
is not counted, though they still slow its memory. The plain loop is ``tests/oracle.py``, one
scenario after another in scalar Python, timed on a few thousand and scaled to the million.
"""

import io
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from mssp_sim import Scenario, rules_in_force, simulate  # noqa: E402
from mssp_sim.cms_files import read, reproduce  # noqa: E402
from mssp_sim.scenario import quantities  # noqa: E402
from mssp_sim.simulation import settle  # noqa: E402
from tests import oracle  # noqa: E402
from tests.cms_files import synthetic  # noqa: E402

RUNS = 7
ROWS = 1_000_000
NUMBERS = np.random.default_rng(0).random(ROWS)
LOOPED = 3_000
CALLS = 200
ACOS = 500
LEVERS = (
    "cost_reduction", "quality_score", "market_share", "national_growth", "regional_growth",
    "own_growth", "prospective_trend", "risk_growth", "regional_level",
    "participant_revenue_share",
)  # fmt: skip
SETTLED = ("quality_score", "assigned_beneficiaries", "participant_revenue_share")


def median(run: Callable[[], Any], prepare: Callable[[], Any] = lambda: None) -> float:
    """Return the median seconds of seven runs, after one that does not count."""
    taken = []
    for _ in range(RUNS + 1):
        prepare()
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return statistics.median(taken[1:])


def drawn(names: tuple[str, ...], random: np.random.Generator) -> dict[str, Any]:
    """Return a million values of each lever, over the reach of its slider."""
    return {name: random.uniform(*quantities()[name].slider, ROWS) for name in names}


def plain(values: dict[str, Any], row: int) -> dict[str, Any]:
    """Return one row as the plain loop reads it: numbers and lists."""
    given = {field.name: getattr(Scenario(), field.name) for field in fields(Scenario)}
    given |= {name: column[row] for name, column in values.items()}
    return {
        name: value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        for name, value in given.items()
    }


def passes() -> np.ndarray:
    """Make three passes over a million numbers, each into a new array: the memory floor."""
    doubled = NUMBERS * 2.0
    raised = doubled + 1.0
    return raised - NUMBERS


def against_floor(run: Callable[[], Any]) -> tuple[float, float]:
    """Return the median seconds of a run, and of the memory floor taken in turns with it."""
    floors: list[float] = []

    def floor() -> None:
        began = time.process_time()
        passes()
        floors.append(time.process_time() - began)

    return median(run, floor), statistics.median(floors[1:])


def settlement(random: np.random.Generator) -> tuple[float, float, float]:
    """Time a million settlements against known totals: ours, the floor, the plain loop."""
    values = drawn(SETTLED, random)
    benchmark = random.uniform(1e8, 1e9, ROWS)
    spent = benchmark * (1 - random.uniform(*quantities()["cost_reduction"].reach, ROWS))
    scenario, rules = Scenario(**values), rules_in_force(2025)
    ours, floor = against_floor(
        lambda: settle(scenario, rules, benchmark_total=benchmark, expenditure_total=spent)
    )
    rows = [(plain(values, row), float(benchmark[row]), float(spent[row])) for row in range(LOOPED)]
    loop = median(lambda: [oracle.settle_dollars(*row) for row in rows])
    return ours, floor, loop * ROWS / LOOPED


def chain(random: np.random.Generator) -> tuple[float, float, float, float]:
    """Time a million full settlements: ours, the floor, the plain loop, checking the input."""
    values = drawn(LEVERS, random)
    checked = median(lambda: Scenario(**values))
    scenario = Scenario(**values)
    ours, floor = against_floor(lambda: simulate(scenario))
    rows = [plain(values, row) for row in range(LOOPED)]
    loop = median(lambda: [oracle.settle(row) for row in rows])
    return ours, floor, loop * ROWS / LOOPED, checked


def machine() -> str:
    """Say what the times were taken on."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"NumPy {np.__version__}{load}"
    )


def shown(seconds: float) -> str:
    """Return a time in the unit a person would choose."""
    if seconds >= 1:
        return f"{seconds:,.1f} s"
    return f"{seconds * 1e3:,.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:,.0f} µs"


def main() -> None:
    """Print the table, and what the targets make of it."""
    print(f"{machine()}; processor time, median of {RUNS} runs\n")
    random = np.random.default_rng(0)
    one = median(lambda: [simulate(Scenario(cost_reduction=0.03)) for _ in range(CALLS)]) / CALLS
    settled, settled_floor, settled_loop = settlement(random)
    chained, chained_floor, chained_loop, checked = chain(random)
    file = synthetic.to_bytes(synthetic.cells(2024, ACOS))
    opened = median(lambda: read(io.BytesIO(file)))
    table = read(io.BytesIO(file))
    settled_again = median(lambda: reproduce(table))
    floor = statistics.mean([settled_floor, chained_floor])
    print("| what | time | times the floor | plain loop takes |\n|---|---|---|---|")
    for what, seconds, over_floor, loop in (
        ("Memory floor: three passes over a million numbers", floor, "1", ""),
        (
            "A million settlements of known totals",
            settled,
            f"{settled / settled_floor:.0f}",
            f"{shown(settled_loop)}, {settled_loop / settled:.0f} times as long",
        ),
        (
            "A million times the full chain, ten levers varied",
            chained,
            f"{chained / chained_floor:.0f}",
            f"{shown(chained_loop)}, {chained_loop / chained:.0f} times as long",
        ),
        ("- checking its ten million inputs, once, before", checked, "", ""),
        ("One scenario made and simulated", one, "", ""),
        (f"Reading a results file of {ACOS} ACOs", opened, "", ""),
        ("Settling all of them again", settled_again, "", ""),
    ):
        print(f"| {what} | {shown(seconds)} | {over_floor} | {loop} |")
    print()
    for what, measured, wanted in (
        ("settlement over the floor", settled / settled_floor, 20),
        ("full chain over the floor", chained / chained_floor, 100),
        ("settlement as a part of the plain loop, %", settled / settled_loop * 100, 2),
        ("full chain as a part of the plain loop, %", chained / chained_loop * 100, 2),
    ):
        verdict = "met" if measured <= wanted else "MISSED"
        print(f"{what}: {measured:.1f} (at most {wanted}) {verdict}")


if __name__ == "__main__":
    main()
