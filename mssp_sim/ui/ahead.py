"""What lies ahead of the scenario on the desk, looked up once for each new scenario."""

from collections.abc import Sequence

import streamlit as st

from mssp_sim.decide import cliffs
from mssp_sim.decide.cliffs import MAIN, Ahead
from mssp_sim.decide.levers import ends
from mssp_sim.scenario import Scenario
from mssp_sim.ui import session

KNOWN = "ahead"
STEPS = (*MAIN, "level", "minimum_election", "alternative_standard_met")


def of_desk() -> Ahead:
    """Return the steps of the levers always seen, and the cliffs near them.

    For the cost reduction the whole reach of its slider is searched: how far savings may fall
    is asked of every result.
    """
    now = session.scenario()
    known: tuple[Scenario, Ahead] | None = st.session_state.get(KNOWN)
    if known is None or known[0] is not now:
        windows = {lever: cliffs.near(now, lever) for lever in MAIN}
        windows["cost_reduction"] = ends(now, "cost_reduction")
        known = (now, cliffs.ahead(now, windows, STEPS))
        st.session_state[KNOWN] = known
    return known[1]


def steps_of(fields: Sequence[str]) -> Ahead:
    """Return the next steps of fields, those that are left to the rule excepted."""
    now = session.scenario()
    return cliffs.ahead(now, {}, [f for f in fields if getattr(now, f) is not None])
