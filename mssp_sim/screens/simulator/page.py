"""The Simulator's parts: sentence, tiles, curve, bridge, what changed, the arithmetic."""

from collections.abc import Sequence

import streamlit as st

from mssp_sim import charts
from mssp_sim.app import downloads, frame, my_aco, next_steps, session, show
from mssp_sim.app.tradeoff import trade_off
from mssp_sim.charts.theme import Picture
from mssp_sim.link import OTHER_VERSION
from mssp_sim.result import Result
from mssp_sim.studies.moved import moved
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.trace import trace
from mssp_sim.words import compare
from mssp_sim.words import next_steps as words_ahead
from mssp_sim.words.among_peers import context
from mssp_sim.words.bridge import (
    bridge_description,
    bridge_rows,
    bridge_title,
)
from mssp_sim.words.curve import curve_description, curve_title, hollow_dot
from mssp_sim.words.outcome import figures_of_sentence, outcome, owes
from mssp_sim.words.proven import trust
from mssp_sim.words.tiles import four_tiles

MOST_CHIPS = 2
FAIR_SHARES = (
    "Each has its fair share, its mean effect over every order of the changes: they add up. "
    "Putting one back alone may move more or less."
)
DOORS, DOORS_LINE = "doors_closed", "doors"
OFFERED, LIMITS = "doors_offered", "limits"
"""Whether the run before offered the doors, and a widget that is known while the page stays.

Doors stay until one is taken: a line that went with the first move would pull the page up.
"""
MOST_NOTICES = 3
ANOTHER_SIZE = 0.5
"""Part of the spending target by which a baseline is of another ACO than the one in the levers."""

MOVED = "moved"


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
    """Name the ACO on the desk, or offer to find one; a newcomer is offered three more ways.

    They stay until they are closed: what goes with the first move makes the page jump.
    """
    if session.aco() is not None:
        my_aco.line()
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=DOORS_LINE):
        my_aco.find()
        stayed = st.session_state.pop(OFFERED, False) and LIMITS in st.session_state
        at_home = bool(session.history().past) or session.linked()
        if (at_home and not stayed) or st.session_state.get(DOORS):
            return
        st.markdown(":gray[New here?]", width="content")
        st.session_state[OFFERED] = True
        st.button("Play with it", key="play", type="tertiary", on_click=_close_doors)
        st.page_link(frame.page_file("story"), label="Follow the story", width="content")
        st.page_link(frame.page_file("trainer"), label="Teach a group", width="content")
        show.icon_button(
            "close", "Close this line", "doors_close", type="tertiary",
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
            st.markdown(f"**{_headed(found)}**", width="content")
            st.button("Close", key="dismiss", type="tertiary", on_click=session.dismiss_notices)
        _listed(found[:MOST_NOTICES])
        if len(found) > MOST_NOTICES:
            with st.popover(f"{len(found) - MOST_NOTICES} more", type="tertiary", key="notices"):
                _listed(found[MOST_NOTICES:])


def _headed(notices: Sequence[str]) -> str:
    if all(notice.startswith(OTHER_VERSION) for notice in notices):
        return "The rules have changed since this link was made"
    return "Not all of this link could be used"


def _listed(notices: Sequence[str]) -> None:
    st.markdown("\n".join(f"- :small[{show.escaped(notice)}]" for notice in notices))


def _curve(result: Result, baseline: Result) -> Picture:
    show.title(curve_title(result))
    last_year = session.baseline() == session.opening().baseline
    hollow = hollow_dot(result, baseline, last_year=last_year)
    words = f"{curve_description(result)} {hollow}".strip()
    limits = bool(st.session_state.get(LIMITS, False))
    picture = charts.payoff(
        curve(result, baseline, limits=limits),
        show.theme(),
        f"{outcome(result)} {words}",
    )
    show.picture(picture, key="payoff")
    show.quiet(words)
    if abs(baseline.benchmark_total / result.benchmark_total - 1) > ANOTHER_SIZE:
        st.button(
            "Another size than the baseline: make this ACO its own baseline",
            key="own_baseline",
            type="tertiary",
            on_click=session.pin,
        )
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
    """Put a chip for each change against the baseline, with what it moved."""
    names = session.changes()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="changed"):
        if names:
            st.markdown(":gray[Changed]", width="content")
            if len(names) > MOST_CHIPS:
                popover = st.popover(f"{len(names)} changes", key="chips", on_change="rerun")
                if popover.open:
                    with popover:
                        st.html(show.ROOMY)
                        _chips(result, baseline)
                        show.quiet(FAIR_SHARES)
            else:
                _chips(result, baseline)
            st.button("Reset all", key="reset_all", type="tertiary", on_click=session.reset_all)
        else:
            st.markdown(":gray[Nothing changed against the baseline]", width="content")
        st.toggle("Show the limits", key=LIMITS)
        show.how()
        downloads.popover(result, baseline, *drawn)
        _last_move(result)
        ahead = words_ahead.next_cliff(next_steps.of_desk(), session.scenario())
        st.markdown(f":small[:material/flag: **Next cliff** {show.apart(ahead)}]", width="content")


def _last_move(result: Result) -> None:
    """Say what the last move did, also where it led back to the baseline."""
    before = session.before_the_last_move()
    words = compare.last_move(before, result) if before else ""
    if words:
        st.markdown(f":small[:material/east: **Your move** {show.apart(words)}]", width="content")


def _chips(result: Result, baseline: Result) -> None:
    """Put a button for each change: its fair share of the difference, and a way back."""
    first, now = baseline.scenario, result.scenario
    what = session.once(MOVED, (first, now), lambda: moved(first, now))
    bars = compare.bars(what, first, now)
    show.register(*compare.shares(what, bars))
    for bar in bars:
        st.button(
            show.escaped(compare.chip(bar, first, now)),
            icon=":material/close:",
            icon_position="right",
            key=f"chip_{bar.fields[0]}",
            help="Put it back to the baseline" + f". {FAIR_SHARES}" * (len(bars) > 1),
            on_click=session.change,
            kwargs={name: getattr(first, name) for name in bar.fields},
        )


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
        f"{context(result)} {trust()} This is education, not advice. "
        "National spending and trends are estimates."
    )
