"""Every lever, one line each, in the order they stand on every page.

Over 500 lines: the rail and what each kind of lever needs to be drawn, live or not.
"""

import datetime as dt
from collections.abc import Callable
from itertools import groupby
from math import isfinite
from typing import Any

import streamlit as st

from mssp_sim.app import live, next_steps, session, show
from mssp_sim.figures import date_in_words, percent, plain
from mssp_sim.learning.trainer import CHALLENGE, challenge
from mssp_sim.link import PERCENT
from mssp_sim.naming import on_button, value_as_shown
from mssp_sim.parameters import LEVELS, TRACKS
from mssp_sim.quantity import AROUND, BY_SIZE, DO, NO_SLIDER, SIGNED
from mssp_sim.result import Result
from mssp_sim.scenario import (
    FIRST_LEVELS,
    agreement_starts,
    benchmark_year_3,
    performance_years,
    placed,
    quantities,
)
from mssp_sim.studies.levers import room as room_for
from mssp_sim.studies.next_contract import glide_path_agreements
from mssp_sim.studies.thresholds import thresholds
from mssp_sim.target import dual_share, updated_target
from mssp_sim.trace import DOMAINS
from mssp_sim.words import next_steps as words_ahead
from mssp_sim.words.outcome import contract_line, lever_against_outcome, of_simulator, read_out

APART = ("performance_year", "assume_last_published", "agreement_start")
"""Fields of "What you signed" that stand above the others, as one choice of the rules."""
MORE_AROUND = placed("more", AROUND)
MORE_SIGNED = tuple(name for name in placed("more", SIGNED) if name not in APART)
DRAGGED = {
    group: tuple(name for name in placed("rail", group) if quantities()[name].slider != NO_SLIDER)
    for group in (DO, AROUND)
}
"""The sliders in sight, by group."""
TYPED = (*DRAGGED[DO], *DRAGGED[AROUND])
LEVER_WIDTH, RAIL = 224, 254
"""Pixels of a slider without and with room for its reset mark, so that no track ever moves."""

LIVE = tuple(
    name for name in (*TYPED, *MORE_AROUND, *MORE_SIGNED) if quantities()[name].slider != NO_SLIDER
)
"""The levers that speak while they are dragged, and that a swipe past them does not move."""

BY_TYPE = {words.for_all_types: name for name, words in quantities().items() if words.for_all_types}
"""The table by enrollment type that a lever's field has beside it."""

ELECTIONS = {0.0: "0", 0.005: ".5", 0.01: "1", 0.015: "1.5", 0.02: "2", BY_SIZE: "size"}
AS_GIVEN = {
    "quality_standard_met": ("Full quality standard met", "by score"),
    "guardrail_applied": ("Guardrail applied", "by rule"),
    "experienced_with_risk": ("Experienced with two-sided risk", "by contract"),
}
"""Claims that may be settled elsewhere: what they are called here, and what decides if not."""


def rail(result: Result, baseline: Result, *, own: bool = False) -> None:
    """Draw the levers in the sidebar, in three groups, with the read-out at their foot.

    Parameters
    ----------
    own : whether the page's headline is another answer than the Simulator's
    """
    with st.sidebar, st.container(gap="xxsmall"):
        st.markdown(f":gray[**{DO}**]")
        together("do", *DRAGGED[DO])
        _partial_standard(result)
        _headed(AROUND, "around", _more_around)
        together("around", *DRAGGED[AROUND])
        _headed(SIGNED, "signed", _more_signed, "level", note=_note("level"))
        _contract(result)
        _minimum(result)
        _foot(result, baseline, own=own)
        live.probe()


def together(group: str, *names: str) -> None:
    """Draw levers under one another: live ones as one element, the browser's own one by one."""
    if not live.alive():
        for name in names:
            lever(name)
        return
    live.levers(group, [_live(name) for name in names], RAIL)
    for name in names:
        _fault(name)


def lever(name: str) -> None:
    """Draw one lever: its name, its slider, and a reset mark if it was changed.

    Every slider of the app is drawn here or in ``together``, so that its kind is decided in one
    place.
    """
    if name in LIVE and live.alive():
        together(name, name)
        return
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        if quantities()[name].kind == "switch":
            _toggle(name)
        else:
            _slider(name)
        _reset_mark(name)
    _fault(name)


def _live(name: str) -> live.Lever:
    shown, ends, step = _place(name)
    locked = session.locked(name)
    words = quantities()[name]
    low, high = _allowed(name)
    prefix, unit = "$" if words.kind == "dollars" else "", "%" if words.kind == "rate" else ""
    rare = name in (*MORE_AROUND, *MORE_SIGNED)
    return live.Lever(
        name=name,
        label=_label(name),
        note=_note(name),
        under=_under(name),
        value=shown,
        ends=ends,
        step=step,
        unit=unit,
        prefix=prefix,
        about=words.term if rare else "",
        allowed=(min(low, ends[0]), max(high, ends[1])),
        ticks=_ticks(name, ends, step, prefix, unit),
        moved=lambda move: _change(name, move.value, move.gesture, held=move.held),
        disabled=locked,
        reset=_reset_words(name) if name in session.changes() and not locked else "",
        put_back=lambda: session.reset(name),
    )


def _ticks(
    name: str, ends: tuple[float, float], step: float, prefix: str, unit: str
) -> tuple[live.Tick, ...]:
    """Return the marks of a lever's track: what the rule has on its reach."""
    if session.curtain():
        return ()
    scale = 100 if quantities()[name].kind in PERCENT else 1
    found = []
    for threshold in thresholds(session.results()[0], name):
        at = round(threshold.at * scale, 6)
        if ends[0] <= at <= ends[1]:
            shown = live.written(at, step, prefix, unit)
            found.append(live.Tick(at, *words_ahead.on_the_track(threshold, shown)))
    return tuple(found)


def _allowed(name: str) -> tuple[float, float]:
    """Return between which values a field may be typed, in units of the screen."""
    words = quantities()[name]
    scale = 100 if words.kind in PERCENT else 1
    low, high = (float(round(end * scale, 6)) for end in words.allowed)
    if name in SHARES:
        high = round(100 * room_for(session.scenario(), name), 6)
    return low, high


def _slider(name: str) -> None:
    words, (shown, ends, step) = quantities()[name], _place(name)
    key = _offer(name, shown)
    st.slider(
        f"**{_label(name)}**{_grey('; '.join(filter(None, (_note(name), _under(name)))))}",
        *ends,
        step=step,
        format=_format(name, step),
        key=key,
        on_change=_commit,
        args=(name, key),
        help=words.term if name in (*MORE_AROUND, *MORE_SIGNED) and words.term else None,
        width=LEVER_WIDTH,
        disabled=session.locked(name),
    )


def _place(name: str) -> tuple[float, tuple[float, float], float]:
    """Return where a slider stands, its ends and its step, in units of the screen."""
    words, value = quantities()[name], _shown(name)
    scale = 100 if words.kind in PERCENT else 1
    low, high = (float(round(end * scale, 6)) for end in words.slider)
    shown = float(value if value is not None else _as_given(name))
    return shown, (min(low, shown), max(high, shown)), float(round(words.step * scale, 6))


def _shown(name: str) -> Any:  # noqa: ANN401  (whatever the field holds)
    """Return the value of a field in the units of the screen."""
    value = getattr(session.scenario(), name)
    if isinstance(value, float) and quantities()[name].kind in PERCENT:
        return round(value * 100, 10)
    return value


def typed(name: str) -> None:
    """Draw a field for an exact value: allowed to leave the slider's ends, not the rule's."""
    words, value = quantities()[name], _shown(name)
    scale = 100 if words.kind in PERCENT else 1
    key = _offer(name, float(value if value is not None else _as_given(name)), "typed")
    low, high = _allowed(name)
    step = float(round(words.step * scale, 6))
    st.number_input(
        _label(name) + (", %" if words.kind == "rate" else ""),
        low,
        high,
        step=step,
        format="%0.6g",
        key=key,
        on_change=_commit,
        args=(name, key),
        disabled=session.locked(name),
    )


def _offer(name: str, value: Any, kind: str = "lever") -> str:  # noqa: ANN401
    """Let a widget show the scenario's value; return its key."""
    key = f"{kind}_{name}"
    session.offer(key, value)
    return key


def _commit(name: str, key: str) -> None:
    _change(name, session.taken(key))


def _change(name: str, value: Any, gesture: str = "", *, held: bool = False) -> None:  # noqa: ANN401
    """Write a value, in units of the screen, to the scenario."""
    words = quantities()[name]
    if value is None and not words.optional:
        return
    if isinstance(value, float) and words.kind in PERCENT:
        value = round(value / 100, 12)
    session.change(gesture=gesture, held=held, **{name: value})


def _label(name: str) -> str:
    if name == "cost_per_person":
        year = benchmark_year_3(session.scenario().agreement_start)
        return f"Cost per person in {year}"
    return quantities()[name].label


def _format(name: str, step: float) -> str:
    words = quantities()[name]
    if words.kind == "rate":
        return "%.0f%%" if step >= 1 else "%.1f%%"
    if words.kind == "score":
        return "%.1f" if step >= 0.1 else "%.2f"  # noqa: PLR2004
    if words.kind == "dollars":
        return "$%,.0f"
    return "%,.0f" if words.kind == "count" else "%.3f"


def _note(name: str) -> str:
    """Return the grey note of a lever: its next change that matters, or why it has no effect."""
    if session.locked(name):
        return session.LOCKED
    if session.curtain():
        return ""
    if name in BY_TYPE and getattr(session.scenario(), BY_TYPE[name]) is not None:
        return "held by type"
    return words_ahead.beside_lever(next_steps.of_field(name), session.scenario(), name)


def _under(name: str) -> str:
    """Return what stands under a lever: beside the market share, why it matters."""
    if name != "market_share" or session.curtain():
        return ""
    return words_ahead.region_against_nation(session.scenario())


def _grey(note: str) -> str:
    """Return a note for a label: a screen reader is given the source of those."""
    return f" :gray[:small[· {show.literal(note)}]]" if note else ""


def _as_given(name: str) -> float:
    """Return what an optional field that is not set amounts to, in units of the screen."""
    s = session.scenario()
    rules = s.rules
    if name == "quality_performance_standard":
        return round(rules.quality_performance_standard * 100, 6)
    if name == "cost_per_person":
        history = updated_target(s, rules).expenditure_history
        return round(float(history[2] @ s.person_year_share_by3), 2)
    if name == "dually_eligible_share_by3":
        return round(float(dual_share(s)) * 100, 6)
    if name in ("performance_year_months", "months_in_program"):
        return float(s.share_of_year * 12)
    if name == "glide_path_agreements_used":
        return float(glide_path_agreements(s))
    return float(s.agreement_period)


def _reset_words(name: str) -> str:
    before = value_as_shown(name, session.baseline())
    return f"Reset {quantities()[name].label} to the baseline's {before}"


def _reset_mark(name: str) -> None:
    if name in session.changes() and not session.locked(name):
        show.icon_button(
            "settings_backup_restore",
            _reset_words(name),
            f"reset_{name}",
            type="tertiary",
            width=show.ICON_WIDTH,
            on_click=session.reset,
            args=(name,),
        )


def _toggle(name: str) -> None:
    key = _offer(name, bool(getattr(session.scenario(), name)))
    label = quantities()[name].label + _grey(_note(name))
    idle = name in DOMAINS and not session.scenario().rules.domain_minimums_count
    locked = session.locked(name) or idle
    st.toggle(label, key=key, on_change=_commit, args=(name, key), disabled=locked)


SHARES = {"market_share": "other_acos_share", "other_acos_share": "market_share"}
"""Fields that share the region's people: each leaves the other only so much room."""


def _fault(name: str) -> None:
    """Say beside the lever what cannot be, and offer what would make it possible."""
    said, wanted = session.fault(name)
    if not said:
        return
    st.markdown(f":red[{show.escaped(said)}. The last valid value is kept.]")
    if name in SHARES:
        other, room = SHARES[name], round(1 - float(wanted), 12)
        st.button(
            f"Make room: {quantities()[other].label} {percent(room)}",
            key=f"fix_{name}",
            on_click=session.change,
            kwargs={name: wanted, other: room},
        )


def _partial_standard(result: Result) -> None:
    """Draw the partial standard, where it can matter; else say why it does not."""
    if session.curtain():
        lever("alternative_standard_met")
    elif result.standard_met:
        st.markdown(":gray[:small[Full quality standard met]]")
    elif not result.rules.alternative_standard_pays:
        st.markdown(f":gray[:small[No partial standard in {result.scenario.performance_year}]]")
    else:
        lever("alternative_standard_met")


def _headed(text: str, name: str, more: Callable[[], None], *marked: str, note: str = "") -> None:
    row = st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="xxsmall",
    )
    with row:
        words = f" :gray[:small[· {show.escaped(note)}]]" if note else ""
        st.markdown(f":gray[**{text}**]{words}", width="content")
        for field in marked:
            _reset_mark(field)
        popover = st.popover("more", type="tertiary", key=f"more_{name}", on_change="rerun")
    if popover.open:
        with popover, st.container(width=268, gap="xsmall"):
            st.html(show.ROOMY)
            more()


def _more_around() -> None:
    _listed(*MORE_AROUND)
    _typed_all(*TYPED, *MORE_AROUND)


def _more_signed() -> None:
    _agreement()
    _listed(*MORE_SIGNED)
    _typed_all(*MORE_SIGNED)


def _listed(*names: str) -> None:
    """Draw fields under one another: neighbors that can be live as one element."""
    for can_be_live, run in groupby(names, LIVE.__contains__):
        if can_be_live:
            first, *others = run
            together(first, first, *others)
            continue
        for name in run:
            (_as_cms_says if name in AS_GIVEN else lever)(name)


def _typed_all(*names: str) -> None:
    st.markdown(":gray[**Type exact values**]")
    for name in names:
        if quantities()[name].kind != "switch":
            typed(name)


def _agreement() -> None:
    """Draw the rules in force: when the agreement started, and the year that is settled."""
    s = session.scenario()
    key = _offer("agreement_start", s.agreement_start)
    st.selectbox(
        "Agreement start",
        agreement_starts(assume_last=True),
        key=key,
        format_func=date_in_words,
        on_change=_commit_start,
        disabled=session.locked("agreement_start"),
    )
    key = _offer("performance_year", s.performance_year)
    st.selectbox(
        "Performance year",
        list(performance_years(s.agreement_start, assume_last=True)),
        key=key,
        on_change=_commit,
        args=("performance_year", key),
        disabled=session.locked("performance_year"),
    )
    _fault("performance_year")
    st.page_link("pages/rule_changes.py", label="What do other rules do to us?")
    lever("assume_last_published")


def _commit_start() -> None:
    start: dt.date = session.taken("lever_agreement_start")
    years = performance_years(start, assume_last=True)
    now = session.scenario()
    year = min(max(int(now.performance_year), years[0]), years[-1])
    level = now.level if now.level in contracts(start) else FITTING[contracts(start)]
    session.change(agreement_start=start, performance_year=year, level=level)


FITTING = {LEVELS: "E", TRACKS: "1"}
"""The contract an agreement gets when its start moves to a day whose agreements lack its own."""


def contracts(start: dt.date) -> tuple[str, ...]:
    """Return the contracts an agreement of this start can have."""
    return LEVELS if start >= FIRST_LEVELS else TRACKS


def _as_cms_says(name: str) -> None:
    key = _offer(name, getattr(session.scenario(), name))
    label, usual = AS_GIVEN[name]
    words = {None: usual, True: "yes", False: "no"}
    st.segmented_control(
        label,
        list(words),
        key=key,
        format_func=words.__getitem__,
        required=False,
        on_change=_commit,
        args=(name, key),
        disabled=session.locked(name),
    )


def _contract(result: Result) -> None:
    """Draw the contracts, and under them what the chosen one means."""
    key = _offer("level", session.scenario().level)
    st.segmented_control(
        "Contract",
        contracts(session.scenario().agreement_start),
        key=key,
        format_func=on_button,
        required=True,
        label_visibility="collapsed",
        on_change=_commit,
        args=("level", key),
        disabled=session.locked("level"),
    )
    if not session.curtain():
        show.quiet(contract_line(result))


def _minimum(result: Result) -> None:
    """Draw the minimum election; a contract it does not apply to keeps it, with the reason."""
    name = "minimum_election"
    key = _offer(name, session.scenario().minimum_election)
    rules = result.rules
    smallest = rules.people_for_chosen_minimum
    set_by_rule = float(rules.minimum_rate_without_choice[result.scenario.level_number])
    label, chosen = f"Minimum to get paid, %{_grey(_note(name))}", False
    if not result.two_sided:
        label = "One-sided contracts use the size table"
    elif isfinite(set_by_rule):
        label = f"The rule sets {percent(set_by_rule)}: no choice here"
    elif float(result.scenario.assigned_beneficiaries) < smallest:
        label = f"Under {plain(smallest, 0)} people the size table rules"
    else:
        chosen = True
    disabled = not chosen or session.locked(name)
    apart = disabled or name in session.changes()  # the label of a disabled control is too faint
    if apart:
        with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
            st.markdown(f":small[{label}]", width="content")
            _reset_mark(name)
    st.segmented_control(
        label,
        list(ELECTIONS),
        key=key,
        format_func=ELECTIONS.__getitem__,
        required=True,
        disabled=disabled,
        label_visibility="collapsed" if apart else "visible",
        on_change=_commit,
        args=(name, key),
    )


def _foot(result: Result, baseline: Result, *, own: bool) -> None:
    if session.curtain():
        show.quiet("The figures wait behind the curtain.")
    else:
        _read_out(result, baseline, own=own)
    past = session.history()
    with st.container(horizontal=True, gap="xxsmall", wrap=False):
        show.icon_button(
            "undo",
            "Undo",
            "undo",
            disabled=not past.past,
            on_click=session.undo,
        )
        show.icon_button(
            "redo",
            "Redo",
            "redo",
            disabled=not past.undone,
            on_click=session.redo,
        )
        st.button("Back to start", key="start", on_click=session.back_to_start)
        st.button("Pin", key="pin", help="Make this the baseline", on_click=session.pin)


def _read_out(result: Result, baseline: Result, *, own: bool) -> None:
    earn, distance = read_out(result, baseline)
    beside = f" :gray[:small[{show.escaped(distance)}]]"
    if own:
        earn, beside = of_simulator(earn), ""
    st.markdown(f"**{show.escaped(earn)}**{beside}")
    differs = lever_against_outcome(result)
    if differs:
        show.quiet(differs)
    if session.place("preset") == CHALLENGE:
        show.quiet(challenge().read_out(result))


def names() -> tuple[str, ...]:
    """Return every field that has a lever."""
    groups = [(where, group) for where in ("rail", "more") for group in (DO, AROUND, SIGNED)]
    return tuple(name for where, group in groups for name in placed(where, group))
