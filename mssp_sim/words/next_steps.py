"""What lies ahead in words: a lever's next step, and the next cliff."""

from mssp_sim.figures import SMALLEST_SHOWN, change, plain, points
from mssp_sim.quantity import BY_SIZE
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.studies.cliffs import Ahead, Cliff, NextPlace
from mssp_sim.tolerances import LAST_DIGIT

NO_CLIFF = "No cliff is near."
HUNDREDTHS = ("rate", "score")
"""Kinds of quantities the screen shows times a hundred."""


def beside_lever(ahead: Ahead, scenario: Scenario, lever: str) -> str:
    """Return what a lever's next step is worth, or a jump that is near; short enough for a rail.

    Examples
    --------
    >>> from mssp_sim.studies.cliffs import ahead as look, near
    >>> s = Scenario()
    >>> found = look(s, {"quality_score": near(s, "quality_score")}, ["quality_score", "level"])
    >>> beside_lever(found, s, "quality_score"), beside_lever(found, s, "level")
    ('1.7 more: +$2.2M', 'ENH: +$3.3M')
    """
    jumps = [c for c in ahead.near(scenario, lever) if abs(c.jump) >= SMALLEST_SHOWN]
    if jumps:
        best = max(jumps, key=lambda cliff: abs(cliff.worth))
        way = "more" if best.upward else "less"
        return f"{_amount(lever, best.move(scenario))} {way}: {change(best.worth)}"
    step = ahead.steps.get(lever)
    return "" if step is None else f"{_to(step, scenario)}: {change(step.worth)}"


def _to(step: NextPlace, scenario: Scenario) -> str:
    """Return where a lever's next step leads."""
    kind = quantities()[step.lever].kind
    if step.lever == "minimum_election":
        return step.to if step.to == BY_SIZE else plain(step.to * 100, 1)
    if kind == "choice":
        return str(step.to)[:3] if len(str(step.to)) > 3 else str(step.to)  # noqa: PLR2004
    if kind == "switch":
        return "on" if step.to else "off"
    far = step.to - float(getattr(scenario, step.lever) or 0)
    return f"next {'+' if far > 0 else '−'}{_amount(step.lever, abs(far))}"


def _amount(lever: str, far: float) -> str:
    """Return a distance in units of the screen, with the digits the slider's step needs."""
    words = quantities()[lever]
    scale = 100 if words.kind in HUNDREDTHS else 1
    digits = 0
    while digits < 4 and abs(round(far * scale, digits) - far * scale) > LAST_DIGIT:  # noqa: PLR2004
        digits += 1
    return plain(far * scale, max(digits, 1 if words.step * scale < 1 else 0))


NAMES = {"quality_score": "quality"}


def next_cliff(ahead: Ahead, scenario: Scenario) -> str:
    """Return the next cliff: the one worth most among those near, else the nearest of the cut.

    One that moves less than the screen shows is none.

    Examples
    --------
    >>> from mssp_sim.studies.cliffs import ahead as look, near
    >>> s = Scenario()
    >>> next_cliff(look(s, {"quality_score": near(s, "quality_score")}), s)
    '1.7 points more quality: +$2.2M'
    """
    cliff = ahead.lead(scenario) or _of_the_cut(ahead, scenario)
    if cliff is None or abs(cliff.worth) < SMALLEST_SHOWN:
        return NO_CLIFF
    name = NAMES.get(cliff.lever, quantities()[cliff.lever].label.lower())
    way = "more" if cliff.upward else "less"
    return f"{points(cliff.move(scenario))} {way} {name}: {change(cliff.worth)}"


def _of_the_cut(ahead: Ahead, scenario: Scenario) -> Cliff | None:
    cliffs = [c for c in ahead.cliffs if c.lever == "cost_reduction"]
    return min(cliffs, key=lambda cliff: cliff.away(scenario), default=None)
