"""Where a savings rate stands among those of real ACOs, in one line."""

from mssp_sim.cms_files import peers
from mssp_sim.figures import percent
from mssp_sim.result import Result


def context(result: Result) -> str:
    """Return the quiet line that places a savings rate among real ones."""
    spread = peers.peers("savings_rate", int(result.scenario.performance_year))
    rank = spread.rank(float(result.savings_rate))
    rate = percent(float(result.savings_rate))
    lowest, highest = spread.percentiles[0] / 100, spread.percentiles[-1] / 100
    if lowest < rank < highest:
        return f"{rate} is better than {percent(rank, 0)} of ACOs in {spread.year}."
    end, beyond = ("lowest", lowest) if rank <= lowest else ("highest", 1 - highest)
    return f"{rate} is among the {end} {percent(beyond, 0)} of ACOs in {spread.year}."
