"""What lies ahead of the scenario on the desk, looked up once for each new scenario."""

from collections.abc import Callable

from mssp_sim.app import session
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.studies import cliffs
from mssp_sim.studies.cliffs import MAIN, Ahead
from mssp_sim.studies.levers import ends

CHOICES = ("level", "minimum_election", "alternative_standard_met")
SEEN = (*MAIN, *CHOICES)


def of_desk() -> Ahead:
    """Return what lies ahead of the levers always seen, over their whole reach."""
    return _once("ahead_of_main", _main)


def of_field(field: str) -> Ahead:
    """Return what lies ahead of one field: of all the rarer ones at once, when first asked."""
    return of_desk() if field in SEEN else _once("ahead_of_rarer", _rarer)


def _main(now: Scenario) -> Ahead:
    return cliffs.ahead(now, {lever: ends(now, lever) for lever in MAIN}, CHOICES, closely=False)


def _rarer(now: Scenario) -> Ahead:
    rarer = {
        name: words
        for name, words in quantities().items()
        if name not in SEEN and getattr(now, name) is not None
    }
    switches = [name for name, words in rarer.items() if words.kind == "switch"]
    windows = {name: ends(now, name) for name, words in rarer.items() if words.step}
    return cliffs.ahead(now, windows, switches, closely=False)


def _once(key: str, look: Callable[[Scenario], Ahead]) -> Ahead:
    now = session.scenario()
    return session.once(key, (now,), lambda: look(now))
