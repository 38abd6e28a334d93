"""One user's desk: the scenario, the baseline, what was put aside, their history, the link.

The scenario is the single truth. Widgets show it and write to it; they keep no value of their
own. Every change goes through ``commit``, which is what undo, the link and the pages see.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mssp_sim import link
from mssp_sim.aco import Aco
from mssp_sim.app.history import History, Moment
from mssp_sim.cms_files import NotLoadableError, finding
from mssp_sim.naming import in_labels
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, ScenarioError, changed, quantities
from mssp_sim.simulation import simulate

T = TypeVar("T")
HISTORY, NOTICES, FAULTS, PLACES = "history", "notices", "faults", "places"
HELD_BACK = "held_back"
LOCKED, NOTHING_MOVES = "trainer’s lock", "none"
FRAMED, SETTLED, CHANGES, TOLD, RUNS = "framed", "settled", "changes", "told", "runs"
UNDER_WAY = "under_way"
ASIDE = "places_by_aco"
OF_WHOM = (
    "churn", "points", "years", "luck", "costs", "contract_b", "this_year", "election", "practices",
)  # fmt: skip
"""Places that hold what was set for the ACO on the desk: they come and go with it."""

HISTORY_TABLES = ("expenditure", "risk_score", "person_year_share_by3")
"""Fields that no lever moves, by which a scenario is known to be of an ACO."""


@cache
def opening() -> Moment:
    """Return what the app opens on: the slip year, against the good year."""
    return Moment(Scenario(), Scenario(quality_score=0.82))


NO_ACO = ". Used instead: the opening scenario."
"""How the notice of a link ends whose ACO is not there."""

REPLACED, STAGED = "replaced", "staged"
FIRST_RUNS = 2
"""Runs that a session needs to start: the second is caused by the check for live levers."""


def open_session() -> None:
    """Begin a session from its link; later follow where Back and Forward of the browser lead."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    if HISTORY in st.session_state:
        if _came_by_browser() and link.VERSION_KEY in query:
            _follow(query)
        return
    _begin(query)


def _came_by_browser() -> bool:
    """Return whether this run was asked for by Back or Forward of the browser."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _follow(query: dict[str, list[str]]) -> None:
    """Turn the desk to what an address of this session said: by its own history, if it knows it."""
    texts = {key: values[-1] for key, values in query.items() if key not in link.FOREIGN}
    places = {key: text for key, text in texts.items() if key in link.PLACES}
    told = {key: text for key, text in texts.items() if key not in places}
    steps = history().steps_to(lambda moment: _told_as(moment) == told)
    if steps is None:
        before = history()
        _begin(query)
        st.session_state[HISTORY] = before.commit(history().now, whole=True)
    else:
        _turn_to(history().walk(steps), back=True)
        st.session_state[PLACES] = places


def _told_as(moment: Moment) -> dict[str, str]:
    """Return the address of a moment without places; of one that no link can hold, nothing."""
    told = _start_of(moment)
    try:
        return link.encode(
            moment.scenario,
            moment.baseline,
            told.scenario,
            told.baseline,
            moment.kept,
            {},
            told.aco,
        )
    except ValueError:
        return {}


def _begin(query: dict[str, list[str]]) -> None:
    """Put on the desk what a link says, and say what of it could not be used."""
    named, fault = link.whose(query)
    start, unknown = _loaded(named) if named else (opening(), fault)
    if unknown:  # what the link changes was told against an ACO that is not there
        query = {key: query[key] for key in query if key in (link.VERSION_KEY, *link.FOREIGN)}
        unknown += NO_ACO
    linked = link.decode(query, start.scenario, start.baseline)
    moment = Moment(linked.scenario, linked.baseline, linked.kept, start.aco)
    st.session_state[HISTORY] = History(moment)
    st.session_state[PLACES] = dict(linked.places)
    st.session_state[NOTICES] = (*filter(None, (unknown,)), *linked.notices)
    st.session_state[FAULTS] = {}


def _loaded(named: tuple[str, int]) -> tuple[Moment, str]:
    """Return what an ACO-year inside opens on, or the opening and why not."""
    try:
        aco, found = finding.loaded(*named)
    except KeyError:
        return opening(), f"CMS's results inside hold no {named[0]} in {named[1]}"
    except NotLoadableError as fault:
        return opening(), str(fault).rstrip(".")
    return Moment(found.scenario, found.scenario, aco=aco), ""


def start() -> Moment:
    """Return what the link is told against: the opening, or the ACO inside as it was loaded."""
    return _start_of(history().now)


def _start_of(moment: Moment) -> Moment:
    aco = moment.aco
    return opening() if aco is None else _loaded((aco.aco_id, aco.year))[0]


def history() -> History:
    """Return the history of this session."""
    found: History = st.session_state[HISTORY]
    return found


def scenario() -> Scenario:
    """Return the scenario in the levers."""
    return history().now.scenario


def baseline() -> Scenario:
    """Return the baseline: the scenario that everything is compared with."""
    return history().now.baseline


def results() -> tuple[Result, Result]:
    """Return the scenario and the baseline, settled; each only when it is a new one."""
    now = history().now
    return _settled("scenario", now.scenario), _settled("baseline", now.baseline)


def changes() -> tuple[str, ...]:
    """Return the fields in which the scenario differs from the baseline."""
    now = history().now
    return once(CHANGES, (now,), lambda: changed(now.scenario, now.baseline))


def once(name: str, asked: tuple[Any, ...], work: Callable[[], T]) -> T:
    """Return what ``work`` finds; the last answer is kept until something else is asked."""
    known: tuple[tuple[Any, ...], T] | None = st.session_state.get(name)
    if known is None or known[0] != asked:
        known = st.session_state[name] = (asked, work())
    return known[1]


def _settled(which: str, wanted: Scenario) -> Result:
    known: dict[str, Result] = st.session_state.setdefault(SETTLED, {})
    if which not in known or known[which].scenario is not wanted:
        found = next((result for result in known.values() if result.scenario is wanted), None)
        if which in known:
            known[REPLACED] = known[which]  # most often what the last move left
        known[which] = found or simulate(wanted)
    return known[which]


def before_the_last_move() -> Result | None:
    """Return the scenario that the last move left, settled; None before the first move."""
    if (left := history().left) is None:
        return None
    found = _settled("left", left.scenario)
    st.session_state[SETTLED].pop(REPLACED, None)  # it was kept for this
    return found


def commit(moment: Moment, gesture: str = "", *, whole: bool = False) -> None:
    """Make a moment the present one: one entry of undo, or part of a drag's one entry.

    Nothing moves if a lever that is locked would. A scenario that is taken up ``whole`` is no move.
    """
    said = holds(changed(moment.scenario, scenario())) if place("locked") else ""
    if said:
        st.session_state[HELD_BACK] = said
        st.toast(said)
        return
    _turn_to(history().commit(moment, gesture, whole=whole), back=False)


def stage(moment: Moment) -> None:
    """Make a moment the present one, past every lock: what a trainer puts on the desk."""
    _turn_to(history().commit(moment, whole=True), back=False)
    st.session_state[STAGED] = moment.baseline


def _turn_to(wanted: History, *, back: bool) -> None:
    """Make a history the present one; what was set for an ACO goes with it, and comes back."""
    before, after = history().now.aco, wanted.now.aco
    st.session_state[HISTORY] = wanted
    st.session_state[FAULTS] = {}
    if before == after:
        return
    places, aside = st.session_state[PLACES], st.session_state.setdefault(ASIDE, {})
    aside[before] = {name: places[name] for name in OF_WHOM if name in places}
    others = {name: text for name, text in places.items() if name not in OF_WHOM}
    st.session_state[PLACES] = others | (aside.get(after, {}) if back else {})


def change(*, gesture: str = "", held: bool = False, **fields: Any) -> None:  # noqa: ANN401
    """Change fields of the scenario, or keep the last valid one and say what is wrong.

    Parameters
    ----------
    gesture : the drag that this is a part of
    held : the drag goes on: the address waits for its end, so that it is one entry there too
    """
    st.session_state[UNDER_WAY] = held
    try:
        commit(replace(history().now, scenario=replace(scenario(), **fields)), gesture)
    except ScenarioError as refused:
        said = "; ".join(in_labels(fault) for fault in refused.faults.values())
        st.session_state[FAULTS] = {field: (said, wanted) for field, wanted in fields.items()}
    if not held:
        st.session_state[HISTORY] = history().at_rest()


def fault(name: str) -> tuple[str, Any]:
    """Return what was wrong with the last change of a field, and the value that was wanted."""
    found: tuple[str, Any] = st.session_state[FAULTS].get(name, ("", None))
    return found


def reset(name: str) -> None:
    """Put one field back to the baseline's value."""
    change(**{name: getattr(baseline(), name)})


def reset_all() -> None:
    """Put every field back to the baseline's value."""
    commit(replace(history().now, scenario=baseline()))


def pin() -> None:
    """Make the present scenario the baseline."""
    commit(replace(history().now, baseline=scenario()))


def adopt(wanted: Scenario, against: Scenario | None = None, *, aco: Aco | None = None) -> None:
    """Put another scenario on the desk, as its own baseline unless another is given.

    ``aco`` is the ACO-year that it was loaded from; without one, an ACO on the desk is left.
    """
    commit(Moment(wanted, against or wanted, kept(), aco), whole=True)


def aco() -> Aco | None:
    """Return the ACO-year that the desk was loaded from, None where it was not."""
    return history().now.aco


def take_up(wanted: Scenario, *, afresh: bool = False) -> None:
    """Put another scenario into the levers, against the same baseline.

    What begins ``afresh`` leaves a baseline that came with a trainer's card, and was not pinned.
    It is of the ACO on the desk, or of an earlier one, if it has that one's history; else the
    ACO is left, and its baseline with it.
    """
    now, past = history().now, history()
    known = (now, *reversed(past.past), *past.undone)
    of = next((m.aco for m in known if m.aco and _same_history(m.scenario, wanted)), None)
    left = now.aco is not None and of is None and _same_history(now.scenario, now.baseline)
    left |= afresh and now.baseline is st.session_state.get(STAGED)
    against = opening().baseline if left else now.baseline
    commit(Moment(wanted, against, kept(), of), whole=True)


def _same_history(one: Scenario, other: Scenario) -> bool:
    """Return whether two scenarios are of the same ACO and agreement."""
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in HISTORY_TABLES)


def back_to_start() -> None:
    """Put scenario and baseline back to what the app opens on."""
    commit(replace(opening(), kept=kept()), whole=True)


def kept() -> Mapping[str, Scenario]:
    """Return the scenarios put aside to compare, by their letter."""
    return history().now.kept


def keep(letter: str, scenario: Scenario) -> None:
    """Put a scenario aside under a letter of ``link.KEPT``."""
    aside = {**kept(), letter: scenario}
    commit(replace(history().now, kept={k: aside[k] for k in link.KEPT if k in aside}))


def drop(letter: str) -> None:
    """Take a scenario that was put aside away."""
    commit(replace(history().now, kept={k: v for k, v in kept().items() if k != letter}))


def place(name: str) -> str | None:
    """Return what a page remembers under a word of ``link.PLACES``; hostile until it is read."""
    found: str | None = st.session_state[PLACES].get(name)
    return found


def put(name: str, text: str | None) -> None:
    """Remember where the reader is, over pages and in the link; None forgets it."""
    if name not in link.PLACES or (text is not None and not link.PLACE.fullmatch(text)):
        raise ValueError(f"{name}={text} is no place on a page")
    places = {**st.session_state[PLACES], name: text}
    st.session_state[PLACES] = {k: v for k, v in places.items() if v is not None}


def curtain() -> bool:
    """Return whether the figures of the desk wait behind the curtain."""
    return place("curtain") == "on"


def reveal() -> None:
    """Raise the curtain."""
    put("curtain", None)


def may_move() -> tuple[str, ...] | None:
    """Return the levers a lock leaves free; None if there is no lock."""
    text = place("locked")
    if text is None:
        return None
    found = tuple(name for name in quantities() if name in text.split(","))
    return found if found or text == NOTHING_MOVES else None


def lock(free: Sequence[str] | None) -> None:
    """Let only these levers move; None unlocks all."""
    put("locked", None if free is None else ",".join(free) or NOTHING_MOVES)


def locked_among(names: Sequence[str]) -> tuple[str, ...]:
    """Return which of these levers may not move."""
    free = may_move()
    return () if free is None else tuple(name for name in names if name not in free)


def holds(names: Iterable[str]) -> str:
    """Return which of the levers that a button would move the lock holds; empty for none."""
    labels = ", ".join(quantities()[name].label for name in locked_among(tuple(names)))
    return f"{LOCKED[0].upper()}{LOCKED[1:]}: {labels}" if labels else ""


def locked(name: str) -> bool:
    """Return whether a lever may not move."""
    return bool(locked_among((name,)))


def held_back() -> str:
    """Return what the lock has held back in this run, and forget it; empty for nothing."""
    said: str = st.session_state.pop(HELD_BACK, "")
    return f"{said}. Nothing was changed." if said else ""


def undo() -> None:
    """Take the last change back."""
    _turn_to(history().undo(), back=True)


def redo() -> None:
    """Make the change that was taken back again."""
    _turn_to(history().redo(), back=True)


def notices() -> tuple[str, ...]:
    """Return what the link that opened this session could not keep."""
    found: tuple[str, ...] = st.session_state[NOTICES]
    return found


def dismiss_notices() -> None:
    """Take the notices of the link away."""
    st.session_state[NOTICES] = ()


def linked() -> bool:
    """Return whether the desk is not the opening one: a link or a move has changed it."""
    return history().now != opening()


def write_link() -> None:
    """Keep the address of the page a link to what is on it.

    While a drag goes on it waits. So does the first run of a session: the script that keeps the
    browser's history to one entry a page is heard after it.
    """
    if st.session_state.pop(UNDER_WAY, False) or not st.session_state.get(RUNS):
        return
    told = start()
    try:
        query = link.encode(
            scenario(),
            baseline(),
            told.scenario,
            told.baseline,
            kept(),
            st.session_state[PLACES],
            told.aco,
        )
    except ValueError as too_long:
        st.session_state[NOTICES] = (f"This screen does not fit in a link: {too_long}",)
        return
    wanted = {**query, **{k: v for k, v in st.query_params.items() if k in link.FOREIGN}}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def offer(key: str, value: Any) -> None:  # noqa: ANN401
    """Let a widget show a value.

    A run that is cut short may lose what it told the browser, so a value counts as delivered
    only when a run that offered it has come to its end.
    """
    offered, delivered = _told()
    if key not in st.session_state or delivered.get(key, _NEVER) != value:
        st.session_state[key] = value
    offered[key] = value


def taken(key: str) -> Any:  # noqa: ANN401  (whatever the widget holds)
    """Return the value of a widget that the browser sent; it is not sent back."""
    value = _told()[1][key] = st.session_state[key]
    return value


def end_frame() -> None:
    """Note that this run came to its end: what it offered is delivered.

    While a session begins, a browser may draw a widget only after the next run has replaced
    what the first one told it; the first runs therefore all repeat their values.
    """
    offered, delivered = _told()
    delivered.clear()
    if not starting():
        delivered.update(offered)
    st.session_state[RUNS] = st.session_state.get(RUNS, 0) + 1
    offered.clear()


def starting() -> bool:
    """Return whether the browser may not have drawn what an earlier run of this session sent."""
    runs: int = st.session_state.get(RUNS, 0)
    return runs < FIRST_RUNS


_NEVER = object()


def _told() -> tuple[dict[str, Any], dict[str, Any]]:
    found: tuple[dict[str, Any], dict[str, Any]] = st.session_state.setdefault(TOLD, ({}, {}))
    return found


def begin_frame() -> None:
    """Note that the frame is drawn in this run: a page may rely on it."""
    st.session_state[FRAMED] = True


def current(draw_frame: Callable[[], None]) -> tuple[Scenario, Scenario]:
    """Return scenario and baseline for a page."""
    within(draw_frame)
    return scenario(), baseline()


def within(draw_frame: Callable[[], None]) -> None:
    """See that a page stands in its frame.

    Streamlit runs a page of a folder named ``pages/`` without the frame on the very first
    request after a server start; the page then draws the frame, which runs the page again.
    """
    if not st.session_state.pop(FRAMED, False):
        draw_frame()
        st.stop()
