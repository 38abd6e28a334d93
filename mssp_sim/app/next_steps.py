"""What lies ahead of the scenario on the desk, looked up once for each new scenario."""

from collections.abc import Callable

import streamlit as st

from mssp_sim.app import session
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.studies import cliffs
from mssp_sim.studies.cliffs import MAIN, Ahead
from mssp_sim.studies.levers import ends

STEPS = (*MAIN, "level", "minimum_election", "alternative_standard_met")


def of_desk() -> Ahead:
    """Return the steps of the levers always seen, and the cliffs near them.

    For the cost reduction the whole reach of its slider is searched: how far savings may fall
    is asked of every result.
    """
    return _once("ahead", _main)


def of_field(field: str) -> Ahead:
    """Return what lies ahead of one field: of all the rarer ones at once, when first asked."""
    seen = of_desk()
    return seen if field in STEPS else _once("ahead_rarer", _rarer)


def _main(now: Scenario) -> Ahead:
    windows = {lever: cliffs.near(now, lever) for lever in MAIN}
    windows["cost_reduction"] = ends(now, "cost_reduction")
    return cliffs.ahead(now, windows, STEPS)


def _rarer(now: Scenario) -> Ahead:
    fields = [
        name
        for name, words in quantities().items()
        if (words.step or words.kind == "switch")
        and name not in STEPS
        and getattr(now, name) is not None
    ]
    return cliffs.ahead(now, {}, fields)


def _once(key: str, look: Callable[[Scenario], Ahead]) -> Ahead:
    now = session.scenario()
    known: tuple[Scenario, Ahead] | None = st.session_state.get(key)
    if known is None or known[0] is not now:
        known = (now, look(now))
        st.session_state[key] = known
    return known[1]
