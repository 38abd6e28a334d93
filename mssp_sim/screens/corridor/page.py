"""The Corridor page's parts: four tiles, two contracts overlaid, the minimum by size, all six."""

from dataclasses import replace
from functools import partial

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.payoff import grid, window
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import money, percent, whole_dollars
from mssp_sim.screens.corridor import words as corridor
from mssp_sim.screens.corridor.pictures import Overlay, contracts, minimum_by_size, reach_of
from mssp_sim.screens.corridor.words import AtStake, Stakes
from mssp_sim.simulation import Result, simulate
from mssp_sim.trace import Step, ours, trace
from mssp_sim.words.outcome import owes

PLACE = "contract_b"
PLUS = "plus"
"""How a link writes the + of Track 1+."""


def draw(result: Result, baseline: Result) -> None:  # noqa: ARG001  (a page takes both)
    """Put the Corridor page on the page."""
    stakes = corridor.stakes(result)
    wanted = (session.place(PLACE) or "").replace(PLUS, "+")
    other = corridor.facing(result.scenario, wanted)
    show.sentence(corridor.headline(stakes), owed=owes(result))
    show.tiles(corridor.four_tiles(stakes))
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(gap="xsmall"):
        overlay = _overlay(stakes, other)
    with right, st.container(gap="xsmall"):
        sizes = _sizes(result)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="beside"):
        _choice(stakes, other)
        show.how(numbers, stakes)
    show.title(corridor.table_title(stakes))
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
        payments=corridor.curves(stakes.result, [row.level for row in both], rates),
        reach=reach,
    )
    picture = contracts(drawn, show.theme(), f"{corridor.headline(stakes)} {words}")
    show.picture(picture, key="contracts")
    show.quiet(words)
    return picture


def _sizes(result: Result) -> Picture:
    reach = reach_of(float(result.scenario.assigned_beneficiaries))
    sizes = corridor.minimum_by_size(result, reach)
    show.title(corridor.size_title(result, sizes))
    words = corridor.size_words(result, sizes)
    picture = minimum_by_size(sizes, show.theme(), words)
    show.picture(picture, key="sizes")
    show.quiet(words)
    return picture


def _choice(stakes: Stakes, other: str) -> None:
    """Let the reader choose the contract to hold against the scenario's."""
    session.offer(PLACE, other)
    st.segmented_control(
        f"Hold {stakes.own.name} against",
        [row.level for row in stakes.contracts if row is not stakes.own],
        key=PLACE,
        format_func=corridor.BY_NAME.__getitem__,
        required=True,
        on_change=_chosen,
    )


def _chosen() -> None:
    session.taken(PLACE)
    session.put(PLACE, str(st.session_state[PLACE]).replace("+", PLUS))


def numbers(stakes: Stakes) -> list[show.Number]:
    """Return the tiles and each contract's dollars with the steps that lead to them."""
    how, rate = trace(stakes.result).how, percent(stakes.result.savings_rate)
    minimum, cushion, earn, owe = corridor.four_tiles(stakes)
    own = stakes.own
    found = [
        show.Number(minimum.label, minimum.value, partial(how, "minimum_savings_rate")),
        show.Number(cushion.label, cushion.value, lambda: _gap(stakes, cushion.value)),
        show.Number(
            f"{cushion.label}, in dollars",
            corridor.cushion_in_dollars(stakes),
            lambda: _gap_in_dollars(stakes),
        ),
        show.Number("Saved or overspent, of target", rate, partial(how, "savings_rate")),
        show.Number(earn.label, earn.value, lambda: _far(stakes, own, own.most_earned)),
        show.Number(owe.label, owe.value, lambda: _far(stakes, own, own.most_owed)),
    ]
    for row in stakes.contracts:
        for when, dollars in (("now", row.payment), ("mirror image", row.mirror)):
            shown = money(dollars)
            found.append(show.Number(f"{row.name}, {when}", shown, partial(_at, stakes, row, when)))
        for what, dollars in (("could earn", row.most_earned), ("could owe", row.most_owed)):
            label = f"{row.name}, most you {what}"
            found.append(show.Number(label, money(dollars), partial(_far, stakes, row, dollars)))
    return found


def _gap(stakes: Stakes, shown: str) -> tuple[Step, ...]:
    trail = trace(stakes.result)
    rate, edge = stakes.savings_rate, stakes.own.minimum
    numbers = f"{percent(rate, 2)} against {percent(edge, 2)}"
    if rate < 0 and stakes.own.two_sided:
        numbers = f"{percent(rate, 2)} against {percent(-edge, 2)}"
    words = "savings rate against the nearest edge of the no-money zone"
    line = ours(corridor.cushion_label(stakes), words, numbers, shown)
    return (trail["savings_rate"], trail["minimum_savings_rate"], line)


def _gap_in_dollars(stakes: Stakes) -> tuple[Step, ...]:
    trail = trace(stakes.result)
    apart = corridor.cushion(stakes)
    total = float(stakes.result.benchmark_total)
    line = ours(
        f"{corridor.cushion_label(stakes)}, in dollars",
        "distance to the edge × target",
        f"{percent(apart, 2)} × {whole_dollars(total)}",
        whole_dollars(apart * total),
        apart * total,
    )
    return (*_gap(stakes, percent(apart, 2)), trail["benchmark_total"], line)


def _far(stakes: Stakes, row: AtStake, dollars: float) -> tuple[Step, ...]:
    """Return the most one contract can pay or charge, with the limit that says so."""
    settled = simulate(replace(stakes.result.scenario, level=row.level))
    earned = dollars == row.most_earned
    key = "performance_payment_limit" if earned else "loss_recoupment_limit"
    far = percent(corridor.FARTHEST, 0)
    words = f"payment at {far} saved and full quality" if earned else f"owed at {far} overspent"
    numbers = f"at most {whole_dollars(dollars)}"
    if not earned and not row.two_sided:
        numbers = f"{row.name} is one-sided"
    line = ours("At the far end", words, numbers, whole_dollars(dollars), dollars)
    return (*trace(settled).how(key), line)


def _at(stakes: Stakes, row: AtStake, when: str) -> tuple[Step, ...]:
    """Return the arithmetic of one contract on this spending, or on its mirror image."""
    scenario = stakes.result.scenario
    cut = scenario.cost_reduction
    if when != "now":
        cut = corridor.mirrored(scenario, stakes.savings_rate)
    dollars = row.payment if when == "now" else row.mirror
    if cut is None:
        words = "the settlement at the same distance on the other side of the target"
        numbers = f"at {percent(-stakes.savings_rate, 2)}"
        return (ours(f"{row.name}, {when}", words, numbers, whole_dollars(dollars), dollars),)
    settled = simulate(replace(scenario, level=row.level, cost_reduction=cut))
    return trace(settled).how("payment")
