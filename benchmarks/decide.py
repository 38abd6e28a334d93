"""Measure what the decisions cost on the server: what moved the money, cliffs, goals, the map.

Run ``uv run python -m benchmarks.decide``.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from mssp_sim import Scenario, simulate
from mssp_sim.simulation import settle
from mssp_sim.studies import cliffs
from mssp_sim.studies.cliffs import MAIN
from mssp_sim.studies.election import choices_of, election
from mssp_sim.studies.fair_shares import shared
from mssp_sim.studies.goal import frontier, seek
from mssp_sim.studies.levers import ends
from mssp_sim.studies.moved import moved
from mssp_sim.studies.moves import moves
from mssp_sim.studies.practices import Practice
from mssp_sim.studies.renewal import Signed, drawn, turning_trend, ways
from mssp_sim.studies.tradeoff import tradeoff
from mssp_sim.studies.true_results import DRAWS, Setting, TrueResults, true_results
from mssp_sim.studies.turning import turning

TIMES = 20
TWELVE = {
    "cost_reduction": 0.036, "quality_score": 0.70, "regional_growth": 0.044, "level": "ENHANCED",
    "market_share": 0.3, "risk_growth": -0.01, "national_growth": 0.05, "own_growth": 0.052,
    "prospective_trend": 0.049, "regional_level": 0.02, "participant_revenue_share": 0.3,
    "assigned_beneficiaries": 50_000.0,
}  # fmt: skip


def election_floor(scenario: Scenario, known: TrueResults) -> object:
    """Settle the draws of one distribution once, under the contract as it stands."""
    row = scenario.with_columns({"quality_score": known.quality_score})
    return settle(
        row, scenario.rules, benchmark_total=known.benchmark_total,
        expenditure_total=known.expenditure_total, two_way_total=known.two_way_total,
    )  # fmt: skip


def best(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time of the quickest of some runs."""
    times = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1_000


def main() -> None:
    """Print a line for each decision."""
    good, slip = Scenario(quality_score=0.82), Scenario()
    other, result = replace(good, **TWELVE), simulate(slip)
    windows = {lever: cliffs.near(slip, lever) for lever in MAIN}
    windows["cost_reduction"] = ends(slip, "cost_reduction")
    everything = simulate(replace(slip, level="A"))
    signed, setting = Signed("ENHANCED", 0.0), Setting()
    (way, *_) = ways(slip, signed)
    thirty = tuple(Practice(f"P{n}", 500.0 + 50 * n, 0.9 + n / 150) for n in range(30))
    one = true_results(slip, setting)
    for name, work in {
        f"election: {len(choices_of(everything))} choices of {DRAWS:,} years": lambda: election(
            everything, setting
        ),
        f"election: {len(choices_of(result))} choices of {DRAWS:,} years": lambda: election(
            result, setting
        ),
        "its floor: the engine settles one choice of them": lambda: election_floor(slip, one),
        "renewal, each early year at the mean result": lambda: ways(slip, signed),
        "renewal, 2,000 futures": lambda: drawn(slip, way, signed, setting),
        "renewal, where it turns": lambda: turning_trend(slip, way.year, signed),
        "where contract and minimum turn on the savings": lambda: turning(result, setting),
        "thirty practices, with and without, fair shares": lambda: shared(result, thirty),
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
