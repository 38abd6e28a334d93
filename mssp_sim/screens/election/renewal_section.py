"""Renew now or wait: each early year against staying, with what eight futures of ten make of it."""

from collections.abc import Callable

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.studies.renewal import Signed, Way, drawn, turning_trend
from mssp_sim.studies.true_results import Setting
from mssp_sim.words import renewal as words
from mssp_sim.words.election import Found

KEY, KNOWN = "election_renew", "election_way"


def draw(found: Found, put: Callable[[str, float], None]) -> None:
    """Put renewal on the page.

    Parameters
    ----------
    put : keeps a part of the setting
    """
    if not found.ways:
        show.quiet("The agreement ends with this year: the next one is signed now anyway.")
        return
    way = _chosen(found, put)
    way, trend = _worked_out(found, way, found.election.setting)
    st.markdown(f"**{show.escaped(words.renewal(found, way, trend))}**")
    show.register(*words.renewal_figures(way, trend))
    show.table(words.ways_rows(found))
    if trend is not None:
        held = session.holds(("regional_growth",))
        st.button(
            f"Put the region at {trend * 100:.1f}%", key="election_trend", type="tertiary",
            help=held or "Moves the lever of the regional trend to where it reverses",
            disabled=bool(held), on_click=session.change, kwargs={"regional_growth": trend},
        )  # fmt: skip
    show.quiet(words.renewal_notes(found, found.sources["early_renewal_begins_next_period"]))


def _chosen(found: Found, put: Callable[[str, float], None]) -> Way:
    by_year = {way.year: way for way in found.ways}
    way = found.way or found.ways[0]
    session.offer(KEY, way.year)
    st.segmented_control(
        "Renew for", list(by_year), key=KEY, required=True, on_change=_take, args=(put,)
    )
    return way


def _take(put: Callable[[str, float], None]) -> None:
    put("renew", float(session.taken(KEY)))


def _worked_out(found: Found, way: Way, setting: Setting) -> tuple[Way, float | None]:
    """Return a way with its futures and its turning point, worked out only when new."""
    choice = found.election.picked
    scenario, signed = found.result.scenario, Signed(choice.level, choice.election)
    return session.once(
        KNOWN,
        (scenario, way.year, signed, setting),
        lambda: (drawn(scenario, way, signed, setting), turning_trend(scenario, way.year, signed)),
    )
