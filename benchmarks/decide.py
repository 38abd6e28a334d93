"""Measure what the decisions cost on the server: what moved the money, cliffs, goals, the map.

Run ``uv run python -m benchmarks.decide``.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from mssp_sim import Scenario, simulate
from mssp_sim.studies import cliffs
from mssp_sim.studies.cliffs import MAIN
from mssp_sim.studies.goal import frontier, seek
from mssp_sim.studies.levers import ends
from mssp_sim.studies.moved import moved
from mssp_sim.studies.moves import moves
from mssp_sim.studies.tradeoff import tradeoff

TIMES = 20
TWELVE = {
    "cost_reduction": 0.036, "quality_score": 0.70, "regional_growth": 0.044, "level": "ENHANCED",
    "market_share": 0.3, "risk_growth": -0.01, "national_growth": 0.05, "own_growth": 0.052,
    "prospective_trend": 0.049, "regional_level": 0.02, "participant_revenue_share": 0.3,
    "assigned_beneficiaries": 50_000.0,
}  # fmt: skip


def best(work: Callable[[], object]) -> float:
    """Return the milliseconds of the quickest of some runs: what the work itself takes."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1_000


def main() -> None:
    """Print a line for each decision."""
    good, slip = Scenario(quality_score=0.82), Scenario()
    other, result = replace(good, **TWELVE), simulate(slip)
    windows = {lever: cliffs.near(slip, lever) for lever in MAIN}
    windows["cost_reduction"] = ends(slip, "cost_reduction")
    for name, work in {
        "what moved the money, twelve changes": lambda: moved(good, other),
        "next steps and near cliffs of the main levers": lambda: cliffs.ahead(slip, windows, MAIN),
        "cliffs over the whole reach": lambda: cliffs.everywhere(slip),
        "moves worth most": lambda: moves(result),
        "goal on one lever": lambda: seek(slip, "cost_reduction", 9e6),
        "goal along the frontier": lambda: frontier(slip, 9e6),
        "trade-off map": lambda: tradeoff(slip),
    }.items():
        print(f"{name}: {best(work):.1f} ms")


if __name__ == "__main__":
    main()
