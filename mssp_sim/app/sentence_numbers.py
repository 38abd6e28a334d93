"""The figures of the outcome sentence, with how each is worked out."""

from functools import partial

from mssp_sim.app import show
from mssp_sim.figures import minimum_rate, percent
from mssp_sim.simulation import Result
from mssp_sim.trace import in_points, trace


def of_the_sentence(result: Result) -> list[show.Number]:
    """Return the figures of the outcome sentence that are on no tile and in no row of the bridge.

    The sentence has as many digits as it needs, the arithmetic all of them.
    """
    r, how = result, trace(result).how
    short = float(r.scenario.quality_score) - r.quality_performance_standard
    return [
        show.Number(label, text, partial(how, key))
        for label, text, key in (
            ("Saved or overspent, of target", percent(r.savings_rate), "savings_rate"),
            ("Minimum", minimum_rate(r.minimum_savings_rate), "minimum_savings_rate"),
            ("Highest share", percent(r.sharing_rate), "sharing_rate"),
            ("Share after quality", percent(r.final_sharing_rate), "final_sharing_rate"),
            ("Score against the full standard", in_points(short), "quality_gap"),
        )
    ]
