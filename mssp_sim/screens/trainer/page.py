"""The parts of the Trainer desk: the room's question and vote, the deck, and the trainer's tools.

While the curtain is down no figure of the desk is in any part of this page.
"""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from mssp_sim import charts
from mssp_sim.app import clock, curtain, large, lesson, levers, room, session, show
from mssp_sim.app.history import History, Moment
from mssp_sim.charts.vote import vote
from mssp_sim.exports import handout
from mssp_sim.exports.session_slides import session_slides
from mssp_sim.learning import opening_states
from mssp_sim.learning.trainer import (
    CHALLENGE,
    VOTERS,
    Card,
    challenge,
    deck,
    plans,
    votes,
)
from mssp_sim.result import Result
from mssp_sim.scenario import quantities
from mssp_sim.screens.trainer import words
from mssp_sim.studies.payoff_curve import curve
from mssp_sim.words.curve import curve_description
from mssp_sim.words.outcome import outcome, owes

MINUTES = (1, 2, 3, 5, 10)
NOTES = "trainer_notes"
BEFORE = "trainer_before_reset"
SIMULATOR = "pages/simulator.py"
PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
VOTE_WIDTH = 82
OF_A_ROOM = ("preset", "vote", "curtain", "locked", "until", "story", "myth", "quiz")
"""What a new group begins without."""

ALWAYS_FREE = ("cost_reduction", "quality_score", "alternative_standard_met")


def draw(result: Result, baseline: Result) -> None:
    """Put the Trainer desk on the page, or only what the room sees of it."""
    if curtain.audience():
        _seen_alone(result, baseline)
        return
    card = curtain.shown()
    _deck()
    if card:
        _room(card, result, baseline)
    elif session.place("preset") == CHALLENGE:
        _challenge(result)
    else:
        show.sentence("Choose a card: it goes on the desk with its answer hidden.", owed=False)
        show.quiet(
            "Choosing a card sets the scenario and the baseline; one Undo takes it back. The room "
            "votes, then you reveal."
        )
    _tools()
    _live_room()
    show.quiet(
        "The curtain is a courtesy, not a secret. Trainees open the same link on their own "
        "devices; screens do not follow each other. This is education, not advice."
    )


def run_room() -> None:
    """Put the trainer's page of a live room in place of the desk."""
    from mssp_sim.screens.trainer import room_section  # noqa: PLC0415  (only where rooms are on)

    room_section.run()


def _live_room() -> None:
    """Offer to open a live room; where rooms are off, say how they are turned on."""
    folded = st.expander("Open a room", key="trainer_room", on_change="rerun")
    if not folded.open:
        return
    with folded:
        if not room.on():
            show.quiet(words.OFF)
            return
        from mssp_sim.screens.trainer import room_section  # noqa: PLC0415

        room_section.offer()


def _seen_alone(result: Result, baseline: Result) -> None:
    """Put only what the room sees on the page: no deck, no tool, no note."""
    trainee = curtain.audience() == curtain.TRAINEE
    card = curtain.shown()
    if card:
        _asked(card, result, baseline, counting=False)
    elif session.place("preset") == CHALLENGE:
        show.sentence(challenge().words, owed=False)
        if session.curtain():
            curtain.conditions()
        else:
            curtain.checks(result, titled=True)
    else:
        show.sentence("The first card comes in a moment.", owed=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if session.curtain():
            if trainee:
                show.quiet(curtain.WAIT)
            else:
                st.button("Reveal", key="reveal", on_click=session.reveal)
        st.button(
            "I am the trainer" if trainee else "Back to the desk",
            key="trainer_back",
            type="tertiary",
            on_click=session.put,
            args=("audience", None),
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
    chosen: str | None = session.taken(key)
    session.put("vote", None)
    session.put("preset", chosen)
    if chosen is None:
        return
    curtain.deal()
    session.put("curtain", "on")


def _curtain() -> None:
    session.put("curtain", "on" if session.taken("trainer_curtain") else None)


def _room(card: Card, result: Result, baseline: Result) -> None:
    """Put the card before the room with what the trainer does with it."""
    _asked(card, result, baseline, counting=True)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if session.curtain():
            st.button("Reveal", key="reveal", on_click=session.reveal)
        else:
            st.page_link(SIMULATOR, label="Show it on the Simulator", width="content")
            lesson.how(result)
        st.button(
            "Only what the room sees",
            key="trainer_alone",
            type="tertiary",
            help="Without deck, levers, tools and notes. A small button brings them back.",
            on_click=session.put,
            args=("audience", curtain.SCREEN),
        )


def _asked(card: Card, result: Result, baseline: Result, *, counting: bool) -> None:
    """Put question, vote, answer and picture on the page; where ``counting``, to count it."""
    hidden = session.curtain()
    counts = votes(session.place("vote"), len(card.options))
    show.sentence(card.question, owed=False)
    words, pictures = st.columns([1, 1], gap="medium")
    with words:
        curtain.options(card)
        if counting:
            _count(counts)
        curtain.since_dealt(card, answered=not hidden)
        if sum(counts):
            _bars(counts, None if hidden else card.right)
        elif counting and hidden:
            show.quiet("The vote stands here as bars once the first hand is counted.")
    with pictures:
        if hidden:
            curtain.changes()
        else:
            _answer(card, result)
            _curve(result, baseline)


def _curve(result: Result, baseline: Result) -> None:
    """Put the payoff curve beside the answer."""
    words = curve_description(result)
    show.title(lesson.title(baseline, result))
    picture = charts.payoff(curve(result, baseline), show.theme(), f"{outcome(result)} {words}")
    show.picture(picture, key="trainer_curve")
    show.quiet(words)


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
    counts = list(votes(session.place("vote"), options))
    counts[number] = int(session.taken(key) or 0)
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
    with st.container(border=True, key="trainer_answer", gap="xsmall"):
        st.markdown(f"**{show.escaped(right)}**")
        st.markdown(show.escaped(card.why))
        if curtain.moved_since(card):
            words = f"As the levers stand now: {outcome(result)}"
            st.markdown(f"{':red' if owes(result) else ':gray'}[{show.escaped(words)}]")
        if card.debrief and not curtain.audience():
            st.markdown(f":gray[For the room:] {show.escaped(card.debrief)}")


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
        curtain.conditions()
        st.button("Reveal", key="reveal", on_click=session.reveal)
        return
    curtain.checks(result, titled=True)
    held = sum(check.holds for check in challenge().checks(result))
    if session.may_move() is not None:
        show.quiet(f"{held} of {len(challenge().conditions)} hold. Only the free levers move.")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(SIMULATOR, label="Play it on the Simulator", width="content")
        lesson.how(result)


def _tools() -> None:
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _lock()
    with middle:
        _timer()
        session.offer("trainer_large", large.on())
        st.toggle("Large type", key="trainer_large", on_change=_enlarged)
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
    session.lock(ALWAYS_FREE if session.taken("trainer_lock") else None)


def _freed() -> None:
    session.lock(session.taken("trainer_free"))


def _timer() -> None:
    """Start and stop the timer; the corner of every page shows it."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom"):
        st.selectbox(
            "Timer",
            MINUTES,
            index=2,
            key="trainer_minutes",
            format_func=lambda minutes: f"{minutes} min",
            width=110,
        )
        if clock.ends() is None:
            st.button("Start", key="trainer_start", on_click=_start_timer)
        else:
            st.button("Stop", key="trainer_stop", on_click=clock.stop)


def _start_timer() -> None:
    clock.start(st.session_state["trainer_minutes"])


def _enlarged() -> None:
    large.turn(on=session.taken("trainer_large"))


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


def _unreset() -> None:
    kept: tuple[History, History, Mapping[str, str | None]] = st.session_state.pop(BEFORE)
    before, after, places = kept
    if before is not after:
        session.undo()
    for name, text in places.items():
        session.put(name, text)


def _downloads() -> None:
    """Offer handout, answers, guides and slides; each is made when it is asked for."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**To give out and to show**", width="content")
        address = (st.context.url or "").partition("?")[0].removesuffix("trainer")
        files: dict[str, tuple[Callable[[], bytes], str]] = {
            "Handout": (partial(handout.handout, address), "handout.pdf"),
            "Answers": (handout.answers, "answers.pdf"),
        }
        for minutes in plans():
            files[f"Guide, {minutes} min"] = partial(handout.guide, minutes), f"guide-{minutes}.pdf"
        for minutes in plans():
            slides = partial(session_slides, minutes)
            files[f"Slides, {minutes} min"] = slides, f"slides-{minutes}.pptx"
        for label, (make, file) in files.items():
            kind = PDF if file.endswith("pdf") else PPTX
            st.download_button(
                label, make, file, kind, key=f"trainer_{file}", on_click="ignore", type="tertiary"
            )


def _notes() -> None:
    """Keep the trainer's notes: folded, in this session only, in no link."""
    folded = st.expander("Private notes", key="trainer_notes_open", on_change="rerun")
    if not folded.open:
        return
    with folded:
        show.quiet(
            "They are in no link and on no other screen, and a reload or a closed window loses "
            "them: keep a file of what you need."
        )
        session.offer("trainer_notes_text", st.session_state.get(NOTES, ""))
        text = st.text_area(
            "Private notes",
            key="trainer_notes_text",
            max_chars=5_000,
            label_visibility="collapsed",
            placeholder="What you want to say, and when",
            on_change=_noted,
        )
        st.download_button(
            "Keep them as a file", text or "", "notes.txt", "text/plain", key="trainer_notes_file",
            on_click="ignore", type="tertiary", disabled=not text,
        )  # fmt: skip


def _noted() -> None:
    st.session_state[NOTES] = session.taken("trainer_notes_text")


def _link() -> None:
    folded = st.expander("The links for the room", key="trainer_link", on_change="rerun")
    if not folded.open:
        return
    told = st.query_params.to_dict()
    start = (st.context.url or "").partition("?")[0].removesuffix("trainer")
    own = {k: v for k, v in told.items() if k not in ("vote", "audience")}
    theirs = own | {"audience": curtain.TRAINEE}
    up = {k: v for k, v in theirs.items() if k != "curtain"}
    with folded:
        if session.curtain():
            show.quiet(
                "Before you reveal: the Simulator as the desk is now, with its curtain and lock. "
                "It has no Reveal."
            )
            st.code(f"{start}?{urlencode(theirs)}", language=None)
        show.quiet("When you have revealed: the same with its figures.")
        st.code(f"{start}?{urlencode(up)}", language=None)
        show.quiet("For a second window on the projector: only what the room sees.")
        alone = {k: v for k, v in told.items() if k != "audience"} | {"audience": curtain.SCREEN}
        st.code(f"{start}trainer?{urlencode(alone)}", language=None)
