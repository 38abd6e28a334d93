"""The Corridor page's parts: four tiles, two contracts overlaid, the minimum by size, all six."""

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.theme import Picture
from mssp_sim.naming import alone
from mssp_sim.result import Result
from mssp_sim.screens.corridor import words as corridor
from mssp_sim.screens.corridor.pictures import Overlay, contracts, minimum_by_size, reach_of
from mssp_sim.studies.payoff_curve import grid, window
from mssp_sim.studies.stakes import Stakes, curves, facing
from mssp_sim.studies.stakes import minimum_by_size as sizes_of
from mssp_sim.studies.stakes import stakes as stakes_of
from mssp_sim.words.outcome import owes

PLACE = "contract_b"
PLUS = "plus"
"""How a link writes the + of Track 1+."""


def draw(result: Result, baseline: Result) -> None:  # noqa: ARG001  (a page takes both)
    """Put the Corridor page on the page."""
    stakes = stakes_of(result)
    wanted = (session.place(PLACE) or "").replace(PLUS, "+")
    other = facing(result.scenario, wanted)
    show.sentence(
        corridor.headline(stakes), owed=owes(result), figures=corridor.figures_of_headline(stakes)
    )
    show.tiles(corridor.four_tiles(stakes))
    if limited := corridor.most_owed_words(stakes):
        show.register(*corridor.limit_figures(stakes))
        show.quiet(limited)
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(gap="xsmall"):
        overlay = _overlay(stakes, other)
    with right, st.container(gap="xsmall"):
        sizes = _sizes(result)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="beside"):
        _choice(stakes, other)
        show.how()
    show.title(corridor.table_title(stakes))
    show.register(*corridor.contract_figures(stakes))
    show.table(corridor.rows(stakes))
    show.quiet(corridor.not_here(result.scenario))
    show.data(("two contracts", overlay), ("minimum by size", sizes))


def _overlay(stakes: Stakes, other: str) -> Picture:
    show.title(corridor.overlay_title(stakes, other))
    words = corridor.overlay_words(stakes, other)
    rate = stakes.savings_rate
    reach = window(rate, -rate)
    both = (stakes.own, stakes[other])
    edges = {edge for row in both for edge in (row.minimum, -row.minimum)}
    rates = grid(reach, *edges)
    drawn = Overlay(
        stakes=stakes,
        other=other,
        savings_rate=rates,
        payments=curves(stakes.result, [row.level for row in both], rates),
        reach=reach,
    )
    picture = contracts(drawn, show.theme(), f"{corridor.headline(stakes)} {words}")
    show.picture(picture, key="contracts")
    show.quiet(words)
    return picture


def _sizes(result: Result) -> Picture:
    reach = reach_of(float(result.scenario.assigned_beneficiaries))
    sizes = sizes_of(result, reach)
    show.title(corridor.size_title(result, sizes))
    words = corridor.size_words(result, sizes)
    picture = minimum_by_size(sizes, show.theme(), words)
    show.picture(picture, key="sizes")
    show.quiet(words)
    return picture


def _choice(stakes: Stakes, other: str) -> None:
    """Let the reader choose the contract to compare with the scenario's."""
    session.offer(PLACE, other)
    st.segmented_control(
        f"Compare {stakes.own.name} with",
        [row.level for row in stakes.contracts if row is not stakes.own],
        key=PLACE,
        format_func=alone,
        required=True,
        on_change=_chosen,
    )


def _chosen() -> None:
    session.put(PLACE, str(session.taken(PLACE)).replace("+", PLUS))
