"""The trade-off map on a page: drawn from the scenario, and a click on it sets both levers."""

from functools import lru_cache
from math import isfinite

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.charts.tradeoff import CHOICE
from mssp_sim.charts.tradeoff import tradeoff as drawn
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.studies.tradeoff import Tradeoff, cost_reduction_for, tradeoff
from mssp_sim.words import tradeoff as words

KEY, TURN = "tradeoff", "tradeoff_turn"
"""Counts the clicks taken: the browser tells of a spot clicked again only if it is a new one."""

Place = tuple[float, float, float]


def trade_off(result: Result, baseline: Result) -> Picture:
    """Put the trade-off map on the page, and return it."""
    found = _found(result.scenario)
    show.title(words.map_title(found))
    picture = _picture(
        result.scenario,
        None if baseline.scenario == result.scenario else _place(baseline),
        show.theme(),
        words.map_description(found, result),
        st.session_state.get(TURN, 0),
    )
    st.vega_lite_chart(
        {**picture.spec, "datasets": dict(picture.datasets)},
        key=KEY,
        alt=picture.description,
        width="stretch",
        on_select=lambda: clicked(st.session_state[KEY]),
        selection_mode=[CHOICE],
    )
    show.quiet(words.map_words(found, result))
    return picture


@lru_cache(maxsize=64)
def _found(scenario: Scenario) -> Tradeoff:
    return tradeoff(scenario)


@lru_cache(maxsize=64)
def _picture(
    scenario: Scenario, baseline: Place | None, theme: Theme, description: str, turn: int
) -> Picture:
    return drawn(_found(scenario), baseline, theme, description, turn=turn)


def _place(result: Result) -> Place:
    return float(result.savings_rate), float(result.scenario.quality_score), float(result.payment)


def clicked(event: dict[str, dict[str, list[dict[str, float]]]]) -> None:
    """Set cost and quality to the spot that was clicked, as one change."""
    spots = event["selection"].get(CHOICE, [])
    if not spots:
        return
    rate, score = (float(spots[0].get(axis, float("nan"))) for axis in ("x", "y"))
    if not (isfinite(rate) and isfinite(score)):
        return
    now = session.scenario()
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    cut = cost_reduction_for(now, round(rate / 100, 6))
    session.change(cost_reduction=cut, quality_score=round(score / 100, 6))
