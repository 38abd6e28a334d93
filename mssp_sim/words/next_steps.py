"""What lies ahead in words: the next change of a lever that matters, and the next cliff."""

import math
from collections.abc import Mapping

from mssp_sim.figures import SMALLEST_SHOWN, change, more_as_shown, plain, points, rounded
from mssp_sim.quantity import BY_SIZE
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.studies.cliffs import Ahead, Cliff, NextPlace
from mssp_sim.studies.no_effect import Why
from mssp_sim.studies.thresholds import Threshold, What
from mssp_sim.tolerances import LAST_DIGIT

MOST_DIGITS_SHOWN = 2
"""Digits of a distance that a reader can still follow."""

NO_CLIFF = "No cliff lies ahead."
HUNDREDTHS = ("rate", "score")
"""Kinds of quantities the screen shows times a hundred."""

UNITS = {
    "assigned_beneficiaries": ("person", "people"), "agreement_period": ("period", "periods"),
    "regional_adjustment_period": ("period", "periods"), "months_in_program": ("month", "months"),
    "performance_year_months": ("month", "months"),
    "glide_path_agreements_used": ("agreement", "agreements"),
}  # fmt: skip
"""What a count counts, one and many."""

BUTTONS = ("choice", "switch")
SHORTER: Mapping[Why, str] = {
    "every minimum is cleared": "any is cleared",
    "past every minimum": "any is passed",
    "under the minimum": "nothing paid",
    "no money moves in the zone": "in the zone",
    "no quality standard is met": "no standard",
    "the guardrail holds": "guardrail",
    "losses count whatever the quality": "owed anyway",
    "the full standard is met": "full is met",
    "CMS has decided": "CMS decides",
    "at the payment limit": "at the limit",
    "at the loss limit": "at the limit",
    "it moves nothing here": "no effect",
}
"""Why a choice or a switch does nothing, where it has less room than a slider."""


def beside_lever(ahead: Ahead, scenario: Scenario, lever: str) -> str:
    """Return the next change of a lever that matters and how far it is, or why there is none.

    Nothing where the lever moves money evenly. Short enough for a rail.

    Examples
    --------
    >>> from mssp_sim.studies.cliffs import ahead as look, near
    >>> s = Scenario()
    >>> found = look(s, {"quality_score": near(s, "quality_score")}, ["level", "minimum_election"])
    >>> beside_lever(found, s, "quality_score"), beside_lever(found, s, "level")
    ('1.7 points more: +$2.2M', 'ENH: +$3.3M')
    >>> beside_lever(found, s, "minimum_election"), beside_lever(found, s, "market_share")
    ('any is cleared', '')
    """
    kind = quantities()[lever].kind
    if lever in ahead.still:
        why = ahead.still[lever]
        return SHORTER.get(why, why) if kind in BUTTONS else f"no effect: {why}"
    cliff = ahead.next_of(scenario, lever)
    if cliff:
        return f"{_distance(cliff, scenario)} {_way(cliff)}: {_worth(cliff, ahead)}"
    step = ahead.steps.get(lever)
    if step is None or kind not in BUTTONS:
        return ""
    return f"{_to(step)}: {_worth(step, ahead)}" if abs(step.worth) >= SMALLEST_SHOWN else ""


def _worth(place: Cliff | NextPlace, ahead: Ahead) -> str:
    return change(more_as_shown(place.worth, ahead.payment))


def _to(step: NextPlace) -> str:
    """Return where the next value of a choice or a switch leads."""
    if step.lever == "minimum_election":
        return step.to if step.to == BY_SIZE else plain(step.to * 100, 1)
    if quantities()[step.lever].kind == "switch":
        return "if so" if step.to else "if not"
    return str(step.to)[:3] if len(str(step.to)) > 3 else str(step.to)  # noqa: PLR2004


def _way(cliff: Cliff) -> str:
    return "more" if cliff.upward else "less"


def _distance(cliff: Cliff, scenario: Scenario) -> str:
    """Return how far a cliff is, with its unit."""
    far, digits = _far(cliff, scenario)
    kind = quantities()[cliff.lever].kind
    if kind in HUNDREDTHS:
        return points(far / 100, digits)
    one, many = UNITS.get(cliff.lever, ("", ""))
    number = f"${plain(far, digits)}" if kind == "dollars" else plain(far, digits)
    return f"{number} {one if number == '1' else many}".strip()


def _far(cliff: Cliff, scenario: Scenario) -> tuple[float, int]:
    """Return how far to go in units of the screen to be past a cliff, and its digits.

    From a value far beside the slider's places, as a loaded ACO has it, the distance is rounded
    up, so that going so far is far enough.
    """
    words = quantities()[cliff.lever]
    scale = 100 if words.kind in HUNDREDTHS else 1
    far = cliff.move(scenario) * scale
    least = 1 if words.step * scale < 1 else 0
    digits = _digits(far, least)
    if digits <= MOST_DIGITS_SHOWN:
        return far, digits
    return math.ceil(far * 10**least) / 10**least, least


def _digits(number: float, least: int) -> int:
    digits = least
    while digits < 4 and abs(round(number, digits) - number) > LAST_DIGIT:  # noqa: PLR2004
        digits += 1
    return digits


NAMES = {"quality_score": "quality"}


def next_cliff(ahead: Ahead, scenario: Scenario) -> str:
    """Return the next cliff, with the words that stand beside its lever too.

    Examples
    --------
    >>> from mssp_sim.studies.cliffs import ahead as look, near
    >>> s = Scenario()
    >>> next_cliff(look(s, {"quality_score": near(s, "quality_score")}), s)
    '1.7 points more quality: +$2.2M'
    """
    cliff = ahead.lead(scenario)
    if cliff is None:
        return NO_CLIFF
    name = NAMES.get(cliff.lever, quantities()[cliff.lever].label.lower())
    return f"{_distance(cliff, scenario)} {_way(cliff)} {name}: {_worth(cliff, ahead)}"


ON_THE_TRACK: Mapping[What, str] = {
    "full quality standard": "standard",
    "cap on risk growth": "cap",
    "cap on the regional adjustment": "cap",
}
"""What a threshold is called under the track of its lever."""


def on_the_track(threshold: Threshold, shown: str) -> tuple[str, str]:
    """Return what a threshold is called under a track, and in full.

    Examples
    --------
    >>> on_the_track(Threshold(0.767, "full quality standard"), "76.7")
    ('standard 76.7', 'full quality standard at 76.7')
    """
    return f"{ON_THE_TRACK[threshold.what]} {shown}", f"{threshold.what} at {shown}"


def not_a_number(label: str, low: str, high: str, now: str) -> str:
    """Return what a lever answers to typed text that it cannot take.

    Examples
    --------
    >>> not_a_number("Quality score", "0.0", "100.0", "75.0")
    'Quality score takes a number from 0.0 to 100.0. It stays at 75.0.'
    """
    return f"{label} takes a number from {low} to {high}. It stays at {now}."


def region_against_nation(scenario: Scenario) -> str:
    """Return which of the two grows faster, and by how much; nothing where they grow alike.

    Examples
    --------
    >>> region_against_nation(Scenario())
    'the nation grows 1.0 points faster'
    """
    apart = float(scenario.national_growth) - float(scenario.regional_growth)
    if rounded(apart * 100, 4) == 0:
        return ""
    faster = "nation" if apart > 0 else "region"
    return (
        f"the {faster} grows {plain(abs(apart) * 100, _digits(abs(apart) * 100, 1))} points faster"
    )
