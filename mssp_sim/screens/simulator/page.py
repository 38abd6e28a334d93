"""The Simulator's parts: sentence, tiles, curve, bridge, what changed, the arithmetic."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from mssp_sim import charts
from mssp_sim.app import downloads, frame, my_aco, next_steps, session, show
from mssp_sim.app.tradeoff import trade_off
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import change
from mssp_sim.naming import change_in_words
from mssp_sim.result import Result
from mssp_sim.simulation import simulate
from mssp_sim.studies.levers import variants
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.trace import trace
from mssp_sim.words import next_steps as words_ahead
from mssp_sim.words.among_peers import context
from mssp_sim.words.bridge import (
    bridge_description,
    bridge_rows,
    bridge_title,
)
from mssp_sim.words.curve import curve_description, curve_title
from mssp_sim.words.outcome import figures_of_sentence, outcome, owes
from mssp_sim.words.tiles import four_tiles

MOST_CHIPS = 2
EACH_ALONE = "Each is worth this with the others as they are; they need not add up."
DOORS, DOORS_LINE = "doors_closed", "doors"
MOST_NOTICES = 3


def draw(result: Result, baseline: Result) -> None:
    """Put the Simulator on the page."""
    _notices()
    with st.container(gap="xsmall"):  # all of it on the first screen, with the doors above it
        _doors()
        show.sentence(outcome(result), owed=owes(result), figures=figures_of_sentence(result))
        show.tiles(four_tiles(result, baseline))
        curve_place, bridge_place = st.columns([3, 2], gap="medium")
        with curve_place, st.container(gap="xxsmall"):
            payoff_picture = _curve(result, baseline)
        with bridge_place, st.container(gap="xxsmall"):
            bridge_picture = _bridge(result)
        _what_changed(
            result, baseline, ("payoff curve", payoff_picture), ("dollar bridge", bridge_picture)
        )
    _under_the_fold(result, baseline, payoff_picture, bridge_picture)


def _doors() -> None:
    """Name the ACO on the desk, or offer to find one; a newcomer is offered three more ways."""
    if session.aco() is not None:
        my_aco.line()
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=DOORS_LINE):
        my_aco.find()
        if session.history().past or st.session_state.get(DOORS) or session.linked():
            return
        st.markdown(":gray[New here?]", width="content")
        st.button("Play with it", key="play", type="tertiary", on_click=_close_doors)
        st.page_link(frame.page_file("story"), label="Follow the story (10 min)", width="content")
        st.page_link(frame.page_file("trainer"), label="Teach a group", width="content")
        st.button(
            ":material/close:", key="doors_close", type="tertiary", help="Close this line",
            width=show.ICON_WIDTH, on_click=_close_doors,
        )  # fmt: skip


def _close_doors() -> None:
    st.session_state[DOORS] = True


def _notices() -> None:
    found = session.notices()
    if not found:
        return
    with st.container(border=True, key="link_notice", gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown("**Not all of this link could be used**", width="content")
            st.button("Close", key="dismiss", type="tertiary", on_click=session.dismiss_notices)
        _listed(found[:MOST_NOTICES])
        if len(found) > MOST_NOTICES:
            with st.popover(f"{len(found) - MOST_NOTICES} more", type="tertiary", key="notices"):
                _listed(found[MOST_NOTICES:])


def _listed(notices: Sequence[str]) -> None:
    st.markdown("\n".join(f"- :small[{show.escaped(notice)}]" for notice in notices))


def _curve(result: Result, baseline: Result) -> Picture:
    show.title(curve_title(result))
    words = curve_description(result)
    limits = bool(st.session_state.get("limits", False))
    picture = charts.payoff(
        curve(result, baseline, limits=limits),
        show.theme(),
        f"{outcome(result)} {words}",
    )
    show.picture(picture, key="payoff")
    show.quiet(words)
    return picture


def _bridge(result: Result) -> Picture:
    show.title(bridge_title(result))
    words = bridge_description(result)
    rows = bridge_rows(result)
    show.register(*rows)
    picture = charts.bridge(rows, show.theme(), words)
    show.picture(picture, key="bridge")
    show.quiet(words)
    return picture


def _what_changed(result: Result, baseline: Result, *drawn: tuple[str, Picture]) -> None:
    """Put a chip for each change against the baseline, with what it is worth here."""
    names = session.changes()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="changed"):
        if names:
            st.markdown(":gray[Changed]", width="content")
            if len(names) > MOST_CHIPS:
                popover = st.popover(f"{len(names)} changes", key="chips", on_change="rerun")
                if popover.open:
                    with popover:
                        st.html(show.ROOMY)
                        _chips(names, result)
                        show.quiet(EACH_ALONE)
            else:
                _chips(names, result)
            st.button("Reset all", key="reset_all", type="tertiary", on_click=session.reset_all)
        else:
            st.markdown(":gray[Nothing changed against the baseline]", width="content")
        st.toggle("Show the limits", key="limits")
        show.how()
        downloads.popover(result, baseline, *drawn)
        _next_cliff()


def _next_cliff() -> None:
    """Say where the payment turns next."""
    words = words_ahead.next_cliff(next_steps.of_desk(), session.scenario())
    st.markdown(f":small[:material/flag: **Next cliff** {show.escaped(words)}]", width="content")


def _chips(names: Sequence[str], result: Result) -> None:
    """Put a button for each change: what it is worth, and a way back."""
    scenario, baseline = session.scenario(), session.baseline()
    for name, worth in zip(names, _worths(names, result), strict=True):
        words = change_in_words(name, scenario, baseline)
        st.button(
            show.escaped(f"{words}: {worth}") + " :material/close:",
            key=f"chip_{name}",
            help="Put it back to the baseline" + f". {EACH_ALONE}" * (len(names) > 1),
            on_click=session.reset,
            args=(name,),
        )


def _worths(names: Sequence[str], result: Result) -> list[str]:
    """Return what each change is worth, the others staying as they are."""
    if len(names) == 1:
        return [change(result.payment - session.results()[1].payment)]
    back = {name: getattr(session.baseline(), name) for name in names}
    try:  # in one run of the engine
        without = simulate(variants(session.scenario(), [(n, [v]) for n, v in back.items()]))
    except ValueError:
        return [_worth(one, back[one], result) for one in names]
    return [change(result.payment - float(paid)) for paid in without.payment]


def _worth(name: str, back: Any, result: Result) -> str:  # noqa: ANN401  (a value of the field)
    try:
        without = simulate(replace(session.scenario(), **{name: back}))
    except ValueError:
        return "only together with the others"
    return change(result.payment - without.payment)


def _under_the_fold(result: Result, baseline: Result, *pictures: Picture) -> None:
    folded = st.expander("Show the arithmetic", key="arithmetic", on_change="rerun")
    if folded.open:
        with folded:
            rows = show.arithmetic(trace(result).steps())
            show.download(rows, "arithmetic.csv", "Download the arithmetic")
    mapped = st.expander("Trade-off map", key="tradeoff_map", on_change="rerun")
    if mapped.open:
        with mapped:
            trade_off(result, baseline)
    show.data(*zip(("payoff curve", "dollar bridge"), pictures, strict=True))
    show.quiet(
        f"{context(result)} This is education, not advice. "
        "National spending and trends are estimates."
    )
