"""The trainer's page of a live room: ask, lock, reveal, next; only its address holds the key."""

from collections.abc import Callable

import streamlit as st

from mssp_sim.app import asked_files, qr, room, room_shown, show
from mssp_sim.exports.room_sheet import Section, room_sheet
from mssp_sim.learning import opening_states
from mssp_sim.learning.trainer import deck
from mssp_sim.rooms.debrief import debrief
from mssp_sim.rooms.error import NotFoundError, RoomError
from mssp_sim.rooms.limits import LONGEST_MESSAGE
from mssp_sim.rooms.made import NUMBERS, number, own_decision, own_estimate, unlockable
from mssp_sim.rooms.questions import (
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_LEVERS,
    MOST_OPTIONS,
    Autumns,
    Estimate,
    Question,
    Vote,
    estimate_of,
    settled_start,
    team_challenge,
    told,
    vote_on,
)
from mssp_sim.rooms.record import Record, record
from mssp_sim.rooms.rehearsal import answer_simulated, rehearse
from mssp_sim.rooms.room import close_room, open_room, show_names, shown_code
from mssp_sim.rooms.rounds import lock, next_year, reveal, start_round
from mssp_sim.rooms.store import Store
from mssp_sim.rooms.views import TrainerView, for_trainer
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.screens.trainer import room_words, words
from mssp_sim.words.rooms import amount, counted, letter

OPENED, FAULT = "room_opened", "room_fault"
EVERY = 1.0
SECONDS = {"No timer": None, "30 s": 30.0, "1 min": 60.0, "2 min": 120.0, "5 min": 300.0}
KINDS = ("A card", "A belief", "An estimate", "Team challenge", "Five autumns", "My own question")
OWN = ("A vote", "An estimate", "A decision")
FIRST_FREE = ("cost_reduction", "quality_score")
MOST_GOAL = 1_000.0
"""Millions of dollars."""

QR_WIDTH = 190
AUTUMNS = 5


def offer() -> None:
    """Offer to open a room, or to go back to the one that this visit has opened."""
    show.quiet(words.OPEN)
    known: tuple[str, str] | None = st.session_state.get(OPENED)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        asked = st.button("Open a room", key="room_open", type="primary")
        if known:
            code, key = known
            st.page_link(
                room.DESK,
                label=f"Back to room {shown_code(code)}",
                query_params={room.ROOM: code, room.KEY: key},
                width="content",
            )
    if not asked:
        return
    try:
        opened = open_room(room.store())
    except RoomError as fault:
        st.markdown(f":red[{show.escaped(str(fault))}]")
        return
    st.session_state[OPENED] = (opened.code, opened.key)
    st.switch_page(room.DESK, query_params={room.ROOM: opened.code, room.KEY: opened.key})


def run() -> None:
    """Put the trainer's page of the room of the address on the page."""
    st.html(room.ALONE)
    code = st.query_params[room.ROOM][:LONGEST_MESSAGE]
    key = st.query_params[room.KEY][:LONGEST_MESSAGE]
    try:
        store = room.store()
        view = room.found(store, code, lambda: for_trainer(store, code, key))
    except NotFoundError as fault:
        show.sentence(str(fault), owed=False)
        st.session_state.pop(OPENED, None)
        st.page_link(room.DESK, label="Go to the Trainer desk", width="content")
        return
    except RoomError as fault:
        show.sentence(str(fault), owed=False)
        show.quiet(words.WIFI)
        room.watch(lambda: room.moment(room.store(), code), (str(fault),), EVERY)
        return
    st.session_state[OPENED] = (code, key)
    _Desk(store, view, code, key).draw()
    asked = view.wall.asked
    here = (asked.number, asked.state, asked.year) if asked else (0, "", 0)
    if here[1] == "collecting" and any(one.simulated and not one.answered for one in view.seats):
        room.watch(lambda: _guests(store, code, key), (view.wall.version, *here), EVERY)
    else:
        room.watch(lambda: room.moment(store, code), (view.wall.version, *here), EVERY)


def _guests(store: Store, code: str, key: str) -> room.Moment:
    """Let the simulated seats answer whose time has come; their page waits for them."""
    answer_simulated(store, code, key)
    return room.moment(store, code)


def _sheet(title: str, found: Record) -> bytes:
    sections = [
        Section(
            f"{one.number}. {one.question.words}",
            (room_shown.summary(one.question, one.shown),),
            next((each for _, each in room_shown.pictures(one.question, one.shown, "light")), None),
        )
        for one in found.rounds
    ]
    return room_sheet(title, f"{counted(found.seats, 'seat', 'seats')} took part.", sections)


class _Desk:
    """The page of one room, for its trainer."""

    def __init__(self, store: Store, view: TrainerView, code: str, key: str) -> None:
        self.store, self.view, self.code, self.key = store, view, code, key

    def draw(self) -> None:
        wall = self.view.wall
        seats = counted(wall.seats_in, "seat is", "seats are")
        show.sentence(f"Room {shown_code(self.code)}: {seats} in", owed=False)
        left, right = st.columns([5, 2], gap="large")
        with left:
            self.now()
            self.ask()
        with right:
            self.links()
            self.names()
        self.rehearsal()
        self.debrief()
        self.files()
        self.help()

    def do(self, work: Callable[[], object]) -> None:
        """Change the room; what it refuses is said."""
        try:
            work()
        except RoomError as fault:
            st.session_state[FAULT] = str(fault)

    def now(self) -> None:
        """Put the question that is open on the page, with what the trainer does to it."""
        if said := st.session_state.pop(FAULT, ""):
            st.markdown(f":red[{show.escaped(said)}]")
        asked, wall = self.view.wall.asked, self.view.wall
        if asked is None:
            show.quiet(words.FIRST)
            return
        room.timer(asked.seconds_left)
        with st.container(border=True, key="room_now", gap="xsmall"):
            st.markdown(f"**{asked.number}. {show.escaped(asked.words)}**")
            state = words.STATES[asked.state]
            st.markdown(
                f"{wall.answers_in} of {max(wall.seats_in, wall.answers_in)} answered · {state}"
            )
            self.answer()
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                if asked.state == "collecting":
                    st.button("Lock", key="room_lock", on_click=self.do,
                              args=(lambda: lock(self.store, self.code, self.key),))  # fmt: skip
                if asked.state != "revealed":
                    st.button("Reveal", key="room_reveal", type="primary", on_click=self.do,
                              args=(lambda: reveal(self.store, self.code, self.key),))  # fmt: skip
                elif asked.kind == "autumns" and asked.year < AUTUMNS:
                    st.button("Next autumn", key="room_next_year", type="primary",
                              on_click=self.next_year)  # fmt: skip

    def next_year(self) -> None:
        self.do(lambda: next_year(self.store, self.code, self.key, _seconds()))

    def answer(self) -> None:
        """Tell the trainer the answer, which no other page has before Reveal."""
        question = self.view.question
        if isinstance(question, Vote):
            right = f"{letter(question.right)} · {question.options[question.right]}"
            show.quiet(f"Only you see this: {right}")
        elif isinstance(question, Estimate):
            show.quiet(f"Only you see this: {amount(question.truth, question.unit)}")

    def ask(self) -> None:
        """Offer the next question: from the deck, the myths, the challenge, or made here."""
        st.markdown("**Next question**")
        kind = st.pills("Kind", KINDS, key="room_kind", default=KINDS[0], required=True,
                        label_visibility="collapsed")  # fmt: skip
        made = _made(kind or KINDS[0])
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox("Timer", list(SECONDS), key="room_timer", width=120)
            st.button("Ask it", key="room_ask", type="primary", on_click=self.start, args=(made,))

    def start(self, made: Callable[[], Question]) -> None:
        self.do(lambda: start_round(self.store, self.code, self.key, made(), _seconds()))

    def links(self) -> None:
        join = room.link("join", room=self.code)
        qr.draw(join, f"Join room {shown_code(self.code)}: {join}", QR_WIDTH)
        st.markdown(f"### {shown_code(self.code)}", anchors=False)
        st.code(join, language=None, wrap_lines=True)
        wall = room.link("wall", room=self.code)
        st.link_button("Open the wall", wall, help="In a window of its own, for the projector")
        show.quiet(words.YOUR_LINK)

    def names(self) -> None:
        shown = self.view.names_shown
        st.button(
            "Hide the names" if shown else "Show names after Reveal",
            key="room_names",
            type="tertiary",
            on_click=self.do,
            args=(lambda: show_names(self.store, self.code, self.key, shown=not shown),),
        )
        folded = st.expander("Who is in", key="room_who", on_change="rerun")
        if folded.open:
            with folded:
                for seat in self.view.seats:
                    name = f"Seat {seat.number}" + (f", {seat.name}" if seat.name else "")
                    marks = [words.AWAY] * seat.away + [words.SIMULATED] * seat.simulated
                    marks += [words.ANSWERED] * seat.answered
                    st.markdown(show.escaped(" · ".join([name, *marks])))

    def rehearsal(self) -> None:
        """Offer thirty simulated seats, and let those answer that are there."""
        folded = st.expander("Rehearse with thirty simulated seats", key="room_rehearsal",
                             on_change="rerun")  # fmt: skip
        if folded.open:
            with folded:
                show.quiet(words.REHEARSE)
                st.button("Seat thirty guests", key="room_guests", on_click=self.do,
                          args=(lambda: rehearse(self.store, self.code, self.key),))  # fmt: skip

    def debrief(self) -> None:
        """Put on the page what is said at the end: what moved the money, what was hard."""
        folded = st.expander("Debrief", key="room_debrief", on_change="rerun")
        if not folded.open:
            return
        with folded:
            found = debrief(self.store, self.code, self.key)
            if not found.rounds:
                show.quiet(words.NOTHING_YET)
            for one in found.moved:
                st.markdown(show.escaped(room_words.moved_in_room(one)))
            season = self.view.wall.shown.season if self.view.wall.shown else None
            if season is not None and season.teams:
                st.markdown(show.escaped(room_words.luck_against_choice(season)))
            for hard in found.hardest:
                st.markdown(show.escaped(room_words.hard(hard)))
                if hard.recall is not None:
                    st.code(room.link(hard.recall.page, **hard.recall.query), language=None,
                            wrap_lines=True)  # fmt: skip
            if any(hard.recall for hard in found.hardest):
                show.quiet(words.RECALL)

    def files(self) -> None:
        """Offer the room as CSV, as one page, and its pictures; each made of what is revealed."""
        folded = st.expander("Take the room with you", key="room_files", on_change="rerun")
        if not folded.open:
            return
        with folded:
            found = record(self.store, self.code, self.key)
            told = room_shown.rows(found)
            if not told:
                show.quiet(words.NOTHING_YET)
                return
            title = f"Room {shown_code(self.code)}"
            with st.container(horizontal=True, gap="small"):
                show.download(told, f"room-{self.code}.csv", "Answers as CSV")
                asked_files.offer("One page, PDF", lambda: _sheet(title, found),
                                  f"room-{self.code}.pdf", "application/pdf",
                                  key="room_pdf")  # fmt: skip
                for one in found.rounds:
                    drawn = room_shown.pictures(one.question, one.shown, show.theme())
                    for name, picture in drawn:
                        show.as_file(f"{name} {one.number}", picture, "room")

    def help(self) -> None:
        guide = st.expander("The room in five minutes", key="room_guide", on_change="rerun")
        if guide.open:
            with guide:
                lines = [f"- **{when}**: {show.escaped(what)}" for when, what in words.GUIDE]
                st.markdown("\n".join(lines))
                st.markdown(show.escaped(words.WIFI))
        over = st.expander("End the room", key="room_over", on_change="rerun")
        if over.open:
            with over:
                show.quiet(words.END)
                st.button("End the room now", key="room_close", on_click=self.do,
                          args=(lambda: close_room(self.store, self.code, self.key),))  # fmt: skip
        st.page_link(room.DESK, label="Back to the desk", width="content")


def _seconds() -> float | None:
    return SECONDS[st.session_state.get("room_timer", "No timer")]


def _made(kind: str) -> Callable[[], Question]:
    """Put what a kind of question needs on the page; return what makes it at the click."""
    cards, states = deck(), opening_states()
    own = [key for key, card in cards.items() if not card.belief]
    beliefs = [key for key, card in cards.items() if card.belief]

    def choose(label: str, keys: list[str]) -> str:
        return st.selectbox(
            label, keys, key=f"room_{label}", format_func=lambda key: cards[key].title(states)
        )

    if kind == KINDS[0]:
        card = choose("Card", own)
        return lambda: vote_on(card)
    if kind == KINDS[1]:
        belief = choose("Belief", beliefs)
        return lambda: vote_on(belief)
    if kind == KINDS[2]:
        estimated = choose("Scenario", own)
        return lambda: estimate_of(estimated)
    if kind == KINDS[3]:
        live = st.toggle("Phones show their own number while they decide", key="room_live",
                         value=True)  # fmt: skip
        show.quiet(team_challenge().words)
        return lambda: team_challenge(live=live)
    if kind == KINDS[4]:
        teams = st.number_input("Teams; 0 for one a seat", 0, 40, 0, key="room_teams", width=180)
        show.quiet(words.AUTUMNS)
        start = opening_states()["slip"].scenario
        return lambda: Autumns(words=words.AUTUMNS_ASKED, start=start, teams=int(teams))
    of = st.segmented_control("It asks for", OWN, key="room_own_kind", default=OWN[0],
                              required=True)  # fmt: skip
    asked = st.text_input("Question", key="room_own", max_chars=LONGEST_QUESTION)
    if of == OWN[0]:
        return _own_vote(asked)
    start = states[cards[choose("Scenario", own)].now].scenario
    return _own_estimate(asked, start) if of == OWN[1] else _own_decision(asked, start)


def _own_estimate(asked: str, start: Scenario) -> Callable[[], Question]:
    result = settled_start(start)
    key = st.selectbox("Number", list(NUMBERS), key="room_own_number",
                       format_func=lambda key: number(result, key).label)  # fmt: skip
    show.quiet(f"Phones read before the question: {told(start)}")
    return lambda: own_estimate(asked, start, key)


def _own_decision(asked: str, start: Scenario) -> Callable[[], Question]:
    free = st.multiselect("Levers to unlock", unlockable(), FIRST_FREE, key="room_own_free",
                          max_selections=MOST_LEVERS,
                          format_func=lambda name: quantities()[name].label)  # fmt: skip
    earn = st.number_input("Earn at least, $M; 0 for no goal", 0.0, MOST_GOAL, 0.0, 0.5,
                           key="room_own_goal", width=240)  # fmt: skip
    return lambda: own_decision(asked, start, free, earn * 1e6)


def _own_vote(asked: str) -> Callable[[], Question]:
    given = [
        st.text_input(f"Answer {letter(n)}", key=f"room_own_{n}", max_chars=LONGEST_OPTION)
        for n in range(MOST_OPTIONS)
    ]
    options = tuple(text for text in given if text.strip())
    right = st.selectbox("Right is", range(max(len(options), 1)), key="room_own_right",
                         format_func=letter, width=120)  # fmt: skip
    return lambda: Vote(words=asked, options=options, right=int(right))
