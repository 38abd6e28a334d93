"""The parts of the Trainer desk: the room's question and vote, the deck, and the trainer's tools.

While the curtain is down no figure of the desk is in any part of this page.
"""

import math
import time
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from mssp_sim.app import curtain, large, lesson, levers, session, show
from mssp_sim.app.history import History, Moment
from mssp_sim.exports import handout
from mssp_sim.learning import opening_states
from mssp_sim.learning.trainer import (
    CHALLENGE,
    VOTERS,
    Card,
    challenge,
    deck,
    on_desk,
    plans,
    votes,
)
from mssp_sim.result import Result
from mssp_sim.scenario import quantities
from mssp_sim.screens.trainer.pictures import vote
from mssp_sim.words.outcome import outcome

ENDS, MINUTES = "trainer_ends", (1, 2, 3, 5, 10)
NOTES = "trainer_notes"
BEFORE = "trainer_before_reset"
SIMULATOR = "pages/simulator.py"
PDF = "application/pdf"
VOTE_WIDTH = 82
OF_A_ROOM = ("preset", "vote", "curtain", "locked", "story", "myth", "quiz")
"""What a new group begins without."""

ALWAYS_FREE = ("cost_reduction", "quality_score", "alternative_standard_met")


def draw(result: Result) -> None:
    """Put the Trainer desk on the page."""
    card = curtain.shown()
    _deck()
    if card:
        _room(card, result)
    elif session.place("preset") == CHALLENGE:
        _challenge(result)
    else:
        show.sentence("Choose a card: it goes on the desk with its answer hidden.", owed=False)
        show.quiet(
            "A card sets scenario and baseline, one step of Undo. The room votes, then you reveal."
        )
    _tools()
    show.quiet(
        "The curtain is a courtesy, not a secret. Trainees open the same link on their own "
        "devices; screens do not follow each other. This is education, not advice."
    )


def _deck() -> None:
    cards, states = deck(), opening_states()
    here = session.place("preset")
    own = [key for key, card in cards.items() if not card.belief]
    beliefs = [key for key, card in cards.items() if card.belief]
    session.offer("trainer_card", here if here in own else None)
    st.pills(
        "The deck",
        own,
        key="trainer_card",
        format_func=lambda key: cards[key].title(states),
        on_change=_chosen,
        args=("trainer_card",),
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        session.offer("trainer_belief", here if here in beliefs else None)
        st.selectbox(
            "Or a belief of the myth lab",
            beliefs,
            key="trainer_belief",
            format_func=lambda key: cards[key].title(states),
            placeholder="Choose a belief",
            on_change=_chosen,
            args=("trainer_belief",),
            width=430,
        )
        st.button("Team challenge", key="trainer_challenge", on_click=_start_challenge)
        session.offer("trainer_curtain", session.curtain())
        st.toggle("Curtain", key="trainer_curtain", on_change=_curtain)


def _chosen(key: str) -> None:
    session.taken(key)
    chosen: str | None = st.session_state[key]
    session.put("vote", None)
    session.put("preset", chosen)
    if chosen is None:
        return
    now, against = on_desk(deck()[chosen])
    session.stage(Moment(now.scenario, against.scenario, session.kept()))
    session.put("curtain", "on")


def _curtain() -> None:
    session.taken("trainer_curtain")
    session.put("curtain", "on" if st.session_state["trainer_curtain"] else None)


def _room(card: Card, result: Result) -> None:
    """Put the question before the room, count its vote, and answer when the curtain is up."""
    hidden = session.curtain()
    counts = votes(session.place("vote"), len(card.options))
    show.sentence(card.question, owed=False)
    words, bars = st.columns([1, 1], gap="medium")
    with words:
        curtain.options(card)
        _count(counts)
        if hidden:
            st.button("Reveal", key="reveal", on_click=session.reveal)
        else:
            _answer(card, result)
    with bars:
        if sum(counts):
            _bars(counts, None if hidden else card.right)
        else:
            show.quiet("The vote stands here as bars once the first hand is counted.")
            curtain.changes()


def _count(counts: tuple[int, ...]) -> None:
    row = st.container(horizontal=True, gap="xsmall")
    for number in range(len(counts)):
        key = f"trainer_vote_{number}"
        session.offer(key, counts[number])
        row.number_input(
            lesson.letter(number),
            0,
            VOTERS,
            step=1,
            key=key,
            on_change=_counted,
            args=(number, len(counts)),
            width=VOTE_WIDTH,
        )


def _counted(number: int, options: int) -> None:
    key = f"trainer_vote_{number}"
    session.taken(key)
    counts = list(votes(session.place("vote"), options))
    counts[number] = int(st.session_state[key] or 0)
    session.put("vote", ",".join(map(str, counts)))


def _bars(counts: tuple[int, ...], right: int | None) -> None:
    letters = [lesson.letter(n) for n in range(len(counts))]
    said = ", ".join(f"{letter} {count}" for letter, count in zip(letters, counts, strict=True))
    words = f"{sum(counts)} voted: {said}."
    if right is not None:
        words += f" {letters[right]} is right."
    picture = vote(letters, counts, right, show.theme(), words)
    show.title("The room says")
    show.picture(picture, key="trainer_votes")
    show.quiet(words)


def _answer(card: Card, result: Result) -> None:
    right = f"{lesson.letter(card.right)} · {card.options[card.right].text}"
    now, against = on_desk(card)
    as_dealt = (session.scenario(), session.baseline()) == (now.scenario, against.scenario)
    with st.container(border=True, key="trainer_answer", gap="xsmall"):
        st.markdown(f"**{show.escaped(right)}**")
        st.markdown(show.escaped(card.why))
        if not as_dealt:
            st.markdown(f":gray[The levers have moved since.] {show.escaped(outcome(result))}")
        if card.debrief:
            st.markdown(f":gray[For the room:] {show.escaped(card.debrief)}")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(SIMULATOR, label="Show it on the Simulator", width="content")
        lesson.how(result)


def _start_challenge() -> None:
    start = opening_states()[challenge().start].scenario
    session.stage(Moment(start, start, session.kept()))
    session.lock(challenge().free)
    for name in ("vote", "curtain"):
        session.put(name, None)
    session.put("preset", CHALLENGE)


def _challenge(result: Result) -> None:
    """Put the challenge on the page with each condition, checked against the desk."""
    show.sentence(challenge().words, owed=False)
    if session.curtain():
        st.button("Reveal", key="reveal", on_click=session.reveal)
        return
    checks = challenge().checks(result)
    done = all(check.holds for check in checks)
    with st.container(border=True, key="trainer_checks", gap="xsmall"):
        for check in checks:
            mark = "check_circle" if check.holds else "radio_button_unchecked"
            said = "" if check.holds else " :gray[not yet]"
            st.markdown(f":material/{mark}: {show.escaped(check.words)}{said}")
        held = sum(check.holds for check in checks)
        locked = "Only the levers that are free move." if session.may_move() is not None else ""
        st.markdown(
            "**Solved.** Ask the team what they tried first."
            if done
            else f"**{held} of {len(checks)}** hold. {locked}".strip()
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(SIMULATOR, label="Play it on the Simulator", width="content")
        lesson.how(result)


def _tools() -> None:
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _lock()
    with middle:
        _timer()
        _large()
    with right:
        _group()
    _downloads()
    _notes()
    _link()


def _lock() -> None:
    free = session.may_move()
    session.offer("trainer_lock", free is not None)
    st.toggle("Lock the levers", key="trainer_lock", on_change=_locked)
    if free is None:
        show.quiet("All levers move.")
        return
    session.offer("trainer_free", list(free))
    st.multiselect(
        "These may move",
        [name for name in quantities() if name in {*levers.names(), *free}],
        key="trainer_free",
        format_func=lambda name: quantities()[name].label,
        on_change=_freed,
    )


def _locked() -> None:
    session.taken("trainer_lock")
    session.lock(ALWAYS_FREE if st.session_state["trainer_lock"] else None)


def _freed() -> None:
    session.taken("trainer_free")
    session.lock(st.session_state["trainer_free"])


def _timer() -> None:
    ends: float | None = st.session_state.get(ENDS)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom"):
        st.selectbox(
            "Timer",
            MINUTES,
            index=2,
            key="trainer_minutes",
            format_func=lambda minutes: f"{minutes} min",
            width=110,
        )
        if ends is None:
            st.button("Start", key="trainer_start", on_click=_start_timer)
        else:
            st.button("Stop", key="trainer_stop", on_click=_stop_timer)
    if ends is not None:
        over = time.time() >= ends
        st.fragment(_remaining, run_every=None if over else 1.0)(ends, running=not over)


def _start_timer() -> None:
    st.session_state[ENDS] = time.time() + 60 * st.session_state["trainer_minutes"]


def _stop_timer() -> None:
    st.session_state[ENDS] = None


def _remaining(ends: float, *, running: bool) -> None:
    left = math.ceil(ends - time.time())
    words = f"{left // 60}:{left % 60:02}" if left > 0 else "Time."
    st.markdown(f"# {words}")
    if running and left <= 0:
        st.rerun()


def _large() -> None:
    session.offer("trainer_large", large.on())
    st.toggle("Large type", key="trainer_large", on_change=_enlarged)


def _enlarged() -> None:
    session.taken("trainer_large")
    large.turn(on=st.session_state["trainer_large"])


def _group() -> None:
    """Offer a clean start for the next group, and the way back."""
    st.button(
        "New group",
        key="trainer_reset",
        help="Back to the start: levers, card, votes, curtain, lock, story and quiz. Notes stay.",
        on_click=_reset,
    )
    kept = st.session_state.get(BEFORE)
    if kept and session.history() is kept[1]:
        st.button("Undo the reset", key="trainer_unreset", type="tertiary", on_click=_unreset)


def _reset() -> None:
    before, places = session.history(), {name: session.place(name) for name in OF_A_ROOM}
    session.stage(session.opening())
    for name in OF_A_ROOM:
        session.put(name, None)
    st.session_state[BEFORE] = (before, session.history(), places)
    st.session_state[ENDS] = None


def _unreset() -> None:
    kept: tuple[History, History, Mapping[str, str | None]] = st.session_state.pop(BEFORE)
    before, after, places = kept
    if before is not after:
        session.undo()
    for name, text in places.items():
        session.put(name, text)


def _downloads() -> None:
    """Offer the handout and the guides; each is made when it is asked for."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**On paper**", width="content")
        files = {"Handout": (handout.handout, "handout.pdf")} | {
            f"Guide, {minutes} min": (partial(handout.guide, minutes), f"guide-{minutes}.pdf")
            for minutes in plans()
        }
        for label, (make, file) in files.items():
            st.download_button(
                label, make, file, PDF, key=f"trainer_{file}", on_click="ignore", type="tertiary"
            )


def _notes() -> None:
    """Keep the trainer's notes: folded, in this session only, in no link."""
    folded = st.expander("Private notes", key="trainer_notes_open", on_change="rerun")
    if not folded.open:
        return
    with folded:
        session.offer("trainer_notes_text", st.session_state.get(NOTES, ""))
        st.text_area(
            "Private notes",
            key="trainer_notes_text",
            max_chars=5_000,
            label_visibility="collapsed",
            placeholder="Only here, until this window closes. Not in the link.",
            on_change=_noted,
        )


def _noted() -> None:
    session.taken("trainer_notes_text")
    st.session_state[NOTES] = st.session_state["trainer_notes_text"]


def _link() -> None:
    folded = st.expander("The link for the room", key="trainer_link", on_change="rerun")
    if not folded.open:
        return
    with folded:
        show.quiet("It opens the Simulator as the desk is now, with the same curtain and lock.")
        query = {k: v for k, v in st.query_params.to_dict().items() if k != "vote"}
        start = (st.context.url or "").partition("?")[0].removesuffix("trainer")
        st.code(f"{start}?{urlencode(query)}", language=None)
