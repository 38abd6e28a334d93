"""Which decisions of a room nobody outdid: as much paid for no more cut and no more quality."""

from collections.abc import Sequence

from mssp_sim.rooms.views import Dot
from mssp_sim.units import Fraction


def least_effort(dots: Sequence[Dot]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return the frontier of a room: savings rates and scores, from the least saved to the most.

    A decision is on it where no other earns as much with no more saved and no more quality, one of
    the two less; of equal ones the first stands for all. What earns nothing is not on it.

    Source: ours

    Examples
    --------
    >>> one, two = Dot(0.03, 0.8, 6e6, True), Dot(0.04, 0.9, 6e6, True)
    >>> least_effort((one, two, Dot(0.05, 0.9, 9e6, True)))
    ((0.03, 0.8), (0.05, 0.9))
    """
    found = {
        (dot.savings_rate, dot.quality_score)
        for dot in dots
        if dot.payment > 0 and not any(_outdoes(other, dot) for other in dots)
    }
    return tuple(sorted(found))


def _outdoes(other: Dot, dot: Dot) -> bool:
    effort = (other.savings_rate, other.quality_score)
    own = (dot.savings_rate, dot.quality_score)
    less = effort[0] <= own[0] and effort[1] <= own[1] and effort != own
    return less and other.payment >= dot.payment
