"""The parts of Attribution: the list that moves, the effect with it, the settlement by cause."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.attribution import (
    STILL,
    Churn,
    ChurnError,
    Flow,
    SettledLists,
    follow,
    inputs,
    read,
    settle_the_list,
    written,
)
from mssp_sim.charts.theme import Picture
from mssp_sim.naming import in_labels
from mssp_sim.result import Result
from mssp_sim.scenario import ScenarioError
from mssp_sim.screens.attribution import words
from mssp_sim.screens.attribution.figures import Movement, bridge, market_share, tiles
from mssp_sim.screens.attribution.pictures import Stack, causes, stacks
from mssp_sim.words.outcome import owes

PLACE, FAULT = "churn", "churn_fault"
SHARES = ("leave", "join", "dropped", "new_clinicians", "relative_cost")
DIGITS = 10


def draw(result: Result, baseline: Result) -> None:
    """Put the page of attribution on the screen."""
    del baseline
    churn, refused = _churn()
    flow = follow(result, churn)
    heads = words.heads(flow)
    movement = Movement(result, churn, flow, heads, words.effects(flow))
    show.register(*movement.figures())
    try:
        settled, fault = settle_the_list(result, churn), ""
    except ScenarioError as unsettled:
        settled, fault = None, "; ".join(map(in_labels, unsettled.faults.values()))
    _top(movement, churn, settled, fault)
    _inputs(churn, flow, settled)
    if refused:
        st.markdown(f":red[{show.escaped(refused)}]")
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(gap="xsmall"):
        pictures = {"people": _people(heads, flow, churn), "effect": _effect(flow)}
    if settled is not None:
        with right, st.container(gap="xsmall"):
            pictures["bridge by cause"] = _bridge(settled)
    _below(result, churn, settled)
    show.data(*pictures.items(), key="attribution_data")
    show.not_advice()


def _churn() -> tuple[Churn, str]:
    """Return the movement of the page, and what is wrong with a link's if it cannot be used.

    The list of a loaded ACO is CMS's final one, and no file tells who moved: it opens still.
    """
    text = session.place(PLACE)
    if text is None:
        return _opens_on(), ""
    try:
        return read(text), ""
    except ChurnError as refused:
        return _opens_on(), words.link_refused("; ".join(refused.faults.values()))


def _opens_on() -> Churn:
    return Churn() if session.aco() is None else replace(Churn(), **STILL)


def _top(movement: Movement, churn: Churn, settled: SettledLists | None, fault: str) -> None:
    """Put the sentence and the tiles on the page."""
    headline = words.headline(movement.flow, prospective=bool(churn.prospective))
    if settled is None:
        show.sentence(headline, owed=False)
        st.markdown(f":red[{show.escaped(words.cannot_settle(fault))}]")
        return
    said = f"{headline} {words.settlement(settled.before, settled.after)}"
    show.sentence(said, owed=owes(settled.after))
    show.tiles(tiles(movement, settled))
    show.register(market_share(movement))


def _inputs(churn: Churn, flow: Flow, settled: SettledLists | None) -> None:
    """Put the page's own levers on it, and what can be done with them."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="churn_actions"
    ):
        key = "churn_prospective"
        st.markdown(f":gray[{inputs()['prospective'].label}]", width="content")
        session.offer(key, bool(churn.prospective))
        st.segmented_control(
            inputs()["prospective"].label,
            list(words.FIXED),
            key=key,
            format_func=words.FIXED.__getitem__,
            required=True,
            label_visibility="collapsed",
            on_change=_moved,
            args=("prospective", key),
        )
        st.button("Example values", key="churn_start", type="tertiary", on_click=_put,
                  args=(Churn(),))  # fmt: skip
        st.button(
            "No movement",
            key="churn_still",
            type="tertiary",
            on_click=_put,
            args=(replace(churn, **STILL),),
        )
        st.button(
            "Use this in the simulator",
            key="churn_use",
            type="tertiary",
            disabled=settled is None,
            help=words.USE,
            on_click=_use,
            args=(flow, churn),
        )
        show.how(key="attribution_how")
    with st.container(gap="xxsmall"):
        for name, place in zip(
            SHARES, st.columns(len(SHARES), vertical_alignment="bottom"), strict=True
        ):
            with place:
                _slider(name, churn)
        show.quiet(words.OURS)


def _slider(name: str, churn: Churn) -> None:
    about, key = inputs()[name], f"churn_{name}"
    value = round(float(getattr(churn, name)) * 100, 6)
    step = about.step * 100
    low, high = (float(round(end * 100, 6)) for end in about.slider)
    session.offer(key, value)
    reason = words.idle(name, prospective=bool(churn.prospective))
    st.slider(
        f"**{about.label}**" + (f" :gray[:small[· {reason}]]" if reason else ""),
        min(low, value),
        max(high, value),
        step=round(step, 6),
        format="%.0f%%" if step >= 1 else "%.1f%%",
        key=key,
        help=about.term,
        on_change=_moved,
        args=(name, key),
    )
    known: tuple[str, str, Churn] | None = st.session_state.get(FAULT)
    if known is not None and known[0] == name:
        st.markdown(f":red[:small[{show.escaped(known[1])}]]")
        st.button(
            words.make_room(known[2]), key="churn_fix", type="tertiary", on_click=_put,
            args=(known[2],),
        )  # fmt: skip


def _moved(name: str, key: str) -> None:
    """Keep what a lever of the page says, or the last valid movement and why."""
    value = session.taken(key)
    if isinstance(value, float):
        value = round(value / 100, DIGITS)
    now, _ = _churn()
    try:
        _put(replace(now, **{name: value}))
    except ChurnError:
        # Only who is dropped can be at odds with who leaves: the other one gives way.
        other = "leave" if name == "dropped" else "dropped"
        said = words.too_many_dropped(**{name: value, other: getattr(now, other)})
        st.session_state[FAULT] = (name, said, replace(now, **{name: value, other: value}))


def _put(churn: Churn | None) -> None:
    st.session_state.pop(FAULT, None)
    session.put(PLACE, None if churn is None or churn == _opens_on() else written(churn))


def _use(flow: Flow, churn: Churn) -> None:
    """Write the final list to the scenario; from there on it is the list of January."""
    session.change(
        assigned_beneficiaries=round(float(flow.final), 6),
        market_share=round(float(flow.market_share), 12),
        cost_reduction=round(float(flow.cost_reduction), 12),
    )
    _put(replace(churn, **STILL))


def _people(heads: Mapping[str, str], flow: Flow, churn: Churn) -> Picture:
    prospective = bool(churn.prospective)
    show.title(words.flow_title(heads))
    said = words.flow_description(heads, flow, churn)
    start = Stack(
        "January",
        heads["january"],
        (("yours", float(flow.counted)), ("gone", float(flow.gone))),
        f"{heads['counted']} still yours at the end",
        over=words.gone_label(heads, prospective=prospective),
    )
    end = Stack(
        "At the end",
        heads["final"],
        (("yours", float(flow.counted)), ("joined", float(flow.joined)), ("new", float(flow.new))),
        f"{heads['counted']}",
        under=words.came_label(heads),
    )
    picture = stacks((start, end), words.flow_rows(heads, flow), show.theme(), said)
    show.picture(picture, key="people")
    show.quiet(said)
    return picture


def _effect(flow: Flow) -> Picture:
    show.title(words.effect_title(flow))
    said = words.effect_description(flow)
    kept, gone = (abs(float(part)) for part in (flow.effect_paid_for, flow.effect_elsewhere))
    bar = Stack(
        "Effect",
        words.effects(flow)["made"],
        (("yours", kept), ("gone", gone)),
        words.effect_inside(flow),
        over=words.effect_over(flow),
    )
    picture = stacks((bar,), words.effect_rows(flow), show.theme(), said)
    show.picture(picture, key="effect")
    show.quiet(said)
    return picture


def _bridge(settled: SettledLists) -> Picture:
    show.title(words.bridge_title(settled))
    said = words.bridge_description(settled)
    bars = bridge(settled)
    show.register(*(replace(bar, label=f"Bridge: {bar.label}") for bar in bars))
    picture = causes(bars, show.theme(), said)
    show.picture(picture, key="causes")
    show.quiet(said)
    return picture


def _below(result: Result, churn: Churn, settled: SettledLists | None) -> None:
    """Put what the rule says under the pictures: how people are assigned, and what follows."""
    s, prospective = result.scenario, bool(churn.prospective)
    show.title("How people come to be on the list")
    show.quiet(words.timing(int(s.performance_year), str(s.level), prospective=prospective))
    facts = words.assignment(int(s.performance_year))
    for fact, place in zip(facts, st.columns(len(facts), gap="small"), strict=True):
        place.markdown(f":small[**{show.escaped(fact.head)}**  \n{show.escaped(fact.text)}]")
    show.quiet(words.NEW_PRACTICE)
    show.quiet(words.below_the_minimum(settled.after if settled else result))
    if settled is None:
        return
    table = st.expander("January's list beside the final one", key="lists", on_change="rerun")
    if table.open:
        with table:
            show.table(words.both_lists(settled))
