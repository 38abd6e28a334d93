"""The Executive view's parts: three tiles, the trade-off map, the moves worth most, a goal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from mssp_sim.app import downloads, session, show
from mssp_sim.app.tradeoff import trade_off
from mssp_sim.charts.theme import Picture
from mssp_sim.figures import MILLION
from mssp_sim.learning.states import opening_states
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, changed
from mssp_sim.screens.executive import words
from mssp_sim.screens.executive.words import MoveLine
from mssp_sim.simulation import simulate
from mssp_sim.studies.goal import Answer, Frontier, frontier, seek
from mssp_sim.studies.moves import Moves, moves
from mssp_sim.words.outcome import figures_of_sentence, outcome, owes
from mssp_sim.words.tradeoff import result_in_words

HELD_PRESETS = "Presets that move a locked lever wait for your trainer."
PRESETS = ("slip", "good", "weather", "as_it_was", "next_year", "overspent")
PILLS, GOAL = "executive_presets", "goal"
WORTH_WIDTH, MOST_LINES = 76, 3


def draw(result: Result, baseline: Result) -> None:
    """Put the Executive view on the page."""
    show.sentence(outcome(result), owed=owes(result), figures=figures_of_sentence(result))
    found = _moves(result.scenario)
    lists = words.this_year(found, result), words.next_election(found, result)
    show.register(*(words.worth(line, result) for lines in lists for line in lines))
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar")
    left, right = st.columns([3, 4], gap="medium")
    with left, st.container(gap="small"):
        _tiles(result, baseline)
        _list("This year", "now", lists[0], words.NO_MOVE)
        moving, losing = words.by_what_they_pay(lists[1])
        otherwise = words.NO_GAIN if losing else words.NO_ELECTION
        _list("When you next choose a contract", "later", moving, otherwise, losing)
        if note := words.contract_note(found, result):
            show.quiet(note)
        _goal(result)
    with right, st.container(gap="xxsmall"):
        picture = trade_off(result, baseline)
        show.data(("trade-off map", picture))
    with bar:
        _bar(result, baseline, picture)


@lru_cache(maxsize=64)
def _moves(scenario: Scenario) -> Moves:
    return moves(simulate(scenario))


def _bar(result: Result, baseline: Result, picture: Picture) -> None:
    """Draw the presets, and what can be done with the whole screen."""
    _presets()
    st.space("stretch")
    show.how()
    downloads.popover(result, baseline, ("trade-off map", picture))
    show.icon_button(
        "undo",
        "Undo",
        "executive_undo",
        type="tertiary",
        width=show.ICON_WIDTH,
        disabled=not session.history().past,
        on_click=session.undo,
    )


def _presets() -> None:
    states = opening_states()
    now = session.scenario()
    held = {name: session.holds(changed(states[name].scenario, now)) for name in PRESETS}
    names = {name: states[name].title for name in PRESETS if not held[name]}
    if any(held.values()):
        show.quiet(HELD_PRESETS)
    if not names:
        return
    shown = next((name for name in PRESETS if states[name].scenario == now), None)
    session.offer(PILLS, shown)
    st.markdown(":gray[Load an example]", width="content")
    st.pills(
        "Load an example",
        list(names),
        key=PILLS,
        format_func=names.__getitem__,
        label_visibility="collapsed",
        on_change=_chosen,
        width="content",
    )


def _chosen() -> None:
    name = session.taken(PILLS)
    if name is not None:
        wanted = opening_states()[name].scenario
        session.take_up(wanted, afresh=True)


def _tiles(result: Result, baseline: Result) -> None:
    pair, third = st.columns([2, 1], gap="xsmall")
    spots = (*pair.columns(2, gap="xsmall", wrap=False), third)
    for tile, spot in zip(words.three_tiles(result, baseline), spots, strict=True):
        show.tile(tile, spot, with_term=False)


def _list(
    title: str,
    key: str,
    lines: Sequence[MoveLine],
    otherwise: str,
    losing: Sequence[MoveLine] = (),
) -> None:
    """Draw a list of moves; what has no room, and what would pay less, waits behind a button."""
    shown, rest = lines[:MOST_LINES], lines[MOST_LINES:]
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show.title(title)
            if rest:
                with st.popover(f"{len(rest)} more", key=f"more_{key}", type="tertiary"):
                    _lines(rest, key, len(shown))
            if losing:
                with st.popover(
                    f"{len(losing)} that {'pays' if len(losing) == 1 else 'pay'} less",
                    key=f"less_{key}",
                    type="tertiary",
                ):
                    show.quiet(words.PAYS_LESS)
                    _lines(losing, key, len(lines))
        if not lines:
            show.quiet(otherwise)
        _lines(shown, key, 0)


def _lines(lines: Sequence[MoveLine], key: str, first: int) -> None:
    for number, line in enumerate(lines, first):
        _line(line, f"try_{key}_{number}")


def _line(line: MoveLine, key: str) -> None:
    """Draw a move: what it is worth, what it is, a button that makes it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        worth = show.escaped(line.shown)
        colour = "blue" if line.worth > 0 else "gray"
        st.markdown(f":{colour}[**{worth}**]", width=WORTH_WIDTH)
        note = show.escaped(line.note)
        st.markdown(f"**{show.escaped(line.title)}**  \n:gray[:small[{note}]]", width="stretch")
        held = session.holds(line.fields)
        st.button(
            "Try it", key=key, help=held or line.title, disabled=bool(held),
            on_click=session.change, kwargs=dict(line.fields),
        )  # fmt: skip


def _goal(result: Result) -> None:
    """Ask for a goal, and say what it would take."""
    folded = st.expander("What would it take to earn more?", key="goal_open", on_change="rerun")
    if not folded.open:
        return
    with folded, st.container(gap="xsmall"):
        goal = MILLION * st.number_input(
            "Goal, million dollars",
            min_value=0.0,
            value=words.first_goal(result) / MILLION,
            step=0.5,
            format="%.1f",
            key=GOAL,
        )
        if words.already(result, goal):
            show.quiet(f"As it is, {result_in_words(float(result.payment))}.")
            return
        _answers(result, words.least(goal))


def _answers(result: Result, goal: float) -> None:
    scenario = result.scenario
    whole = _frontier(scenario, goal)
    answers = [_seek(scenario, lever, goal) for lever in words.LEVERS]
    if not whole.reachable and all(answer.to is None for answer in answers):
        show.quiet(words.never(whole.most))
        return
    for answer in answers:
        fields = {} if answer.to is None else {answer.lever: answer.to}
        _answer(words.one_lever(answer, result), fields, f"use_{answer.lever}")
    both = words.together(whole, result)
    if len(both) > 1:
        payment = float(simulate(replace(scenario, **both)).payment)
        _answer(words.both_levers(both, payment, result), both, "use_both")


def _answer(text: str, fields: Mapping[str, Any], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[{show.escaped(text)}]", width="stretch")
        if fields:
            held = session.holds(fields)
            st.button("Use this", key=key, help=held or None, disabled=bool(held),
                      on_click=session.change, kwargs=dict(fields))  # fmt: skip


@lru_cache(maxsize=64)
def _seek(scenario: Scenario, lever: str, goal: float) -> Answer:
    return seek(scenario, lever, goal)


@lru_cache(maxsize=32)
def _frontier(scenario: Scenario, goal: float) -> Frontier:
    return frontier(scenario, goal)
