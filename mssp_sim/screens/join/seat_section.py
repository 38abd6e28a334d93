"""The phone of one seat: the door, then the question as it stands, and nothing of another seat."""

from typing import Any

import numpy as np
import streamlit as st

from mssp_sim.app import room, session, show
from mssp_sim.charts.decisions import Dot, decisions
from mssp_sim.charts.estimates import Estimated, estimates
from mssp_sim.quantity import BY_SIZE
from mssp_sim.rooms.answers import TOKENS, Value
from mssp_sim.rooms.error import NotFoundError, RoomError
from mssp_sim.rooms.limits import LONGEST_NAME
from mssp_sim.rooms.questions import Lever
from mssp_sim.rooms.room import come_back, join, leave, shown_code
from mssp_sim.rooms.rounds import answer
from mssp_sim.rooms.store import Store
from mssp_sim.rooms.views import Asked, Mine, PhoneView, for_phone
from mssp_sim.screens.join import words
from mssp_sim.words.rooms import amount, letter

SEATS, PLACED, SAID, GONE = "room_seats", "room_placed", "room_said", "room_left"
EVERY = 1.5
"""Seconds between two looks of a phone that waits."""

STEPS = 200
"""Steps of an estimate's axis."""

FINGERS = """<style>
[data-testid=stMainBlockContainer] button { min-height: 48px; }
[data-testid=stMainBlockContainer] [class*=st-key-vote_] button {
  justify-content: flex-start; text-align: left; min-height: 56px;
}
[class*=st-key-vote_] button > div { justify-content: flex-start; width: 100%; }
[class*=st-key-vote_] button p { white-space: normal; overflow-wrap: anywhere; }
</style>"""


def draw() -> None:
    """Put the door or the seat on the page."""
    st.html(room.ALONE + FINGERS)
    code = st.query_params.get(room.ROOM, "")[:LONGEST_NAME]
    token = st.query_params.get(room.SEAT, "") or _seats().get(code, "")
    if not (code and token):
        _door(code)
        return
    if st.query_params.get(room.SEAT) != token:  # Back of the browser has left the seat's address
        st.query_params[room.SEAT] = token
    try:
        store = room.store()
        view = room.found(store, code, lambda: _back(store, code, token))
    except NotFoundError as fault:
        show.sentence(str(fault), owed=False)
        st.button("Join a room", key="join_again", type="primary", on_click=_forget)
    except RoomError as fault:
        show.sentence(str(fault), owed=False)
        room.watch(lambda: room.moment(room.store(), code), (str(fault),), EVERY)
    else:
        _seat(store, view, token)


def _seats() -> dict[str, str]:
    """Return the seats that this visit has taken, by the code of their room."""
    found: dict[str, str] = st.session_state.setdefault(SEATS, {})
    return found


def _door(code: str) -> None:
    show.sentence(words.WELCOME if not code else f"Join room {_read(code)}", owed=False)
    with st.form("join", border=False):
        typed = code
        if not code:
            typed = st.text_input(words.CODE, key="join_code", max_chars=LONGEST_NAME)
        name = st.text_input(words.NAME, key="join_name", max_chars=LONGEST_NAME)
        asked = st.form_submit_button("Join", type="primary", width="stretch", key="join_go")
    said = st.empty()
    show.quiet(words.NO_ACCOUNT)
    if not asked:
        return
    try:
        taken = join(room.store(), typed, name)
    except RoomError as fault:
        said.markdown(f":red[{show.escaped(str(fault))}]")
        return
    _seats()[taken.code] = taken.token
    st.query_params.from_dict({room.ROOM: taken.code, room.SEAT: taken.token})
    st.rerun()


def _read(code: str) -> str:
    return shown_code(code) if code.isalnum() else code


def _forget() -> None:
    _seats().clear()
    st.query_params.clear()


def _back(store: Store, code: str, token: str) -> PhoneView:
    """Return what the phone may see; who opens the link of a seat has come back to it."""
    view = for_phone(store, code, token)
    if view.away and not st.session_state.get(GONE):
        come_back(store, code, token)
        view = for_phone(store, code, token)
    return view


def _seat(store: Store, view: PhoneView, token: str) -> None:
    if view.away:
        show.sentence(words.LEFT, owed=False)
        st.button("Come back", key="seat_back", type="primary", on_click=_returns)
        return
    asked = view.asked
    about = f"{words.seat(view.seat, view.name)} · room {shown_code(view.code)}"
    st.markdown(f":gray[{show.escaped(about)}]")
    if asked is None:
        show.sentence(words.IN, owed=False)
        show.quiet(words.STAY)
    else:
        room.timer(asked.seconds_left)
        show.sentence(asked.words, owed=False)
        if view.told is not None or view.played is not None:
            _answered(view, asked)
        if asked.state != "revealed":
            _question(store, view, asked, token)
    st.button("Leave the room", key="seat_leave", type="tertiary", on_click=_leaves,
              args=(store, view.code, token))  # fmt: skip
    here = (asked.number, asked.state, asked.year) if asked else (0, "", 0)
    room.watch(lambda: room.moment(store, view.code)[1:], here, EVERY)


def _leaves(store: Store, code: str, token: str) -> None:
    try:
        leave(store, code, token)
    except RoomError as fault:
        st.session_state[SAID] = str(fault)
    else:
        st.session_state[GONE] = True


def _returns() -> None:
    st.session_state[GONE] = False


def _question(store: Store, view: PhoneView, asked: Asked, token: str) -> None:
    """Put the way to answer on the page; once the trainer has locked, what was answered."""
    asking = _Asking(store, view, asked, token)
    if asked.kind == "vote":
        asking.vote()
    elif asked.kind == "estimate":
        asking.estimate()
    elif asked.kind == "decide":
        asking.decide()
    else:
        asking.autumn()
    if said := st.session_state.pop(SAID, ""):
        st.markdown(f":red[{show.escaped(said)}]")
    if asked.state == "locked":
        show.quiet(words.NONE_GIVEN if view.answer is None else words.WAITS)


class _Asking:
    """One question on a phone: its widgets show what is kept, and send what is meant."""

    def __init__(self, store: Store, view: PhoneView, asked: Asked, token: str) -> None:
        self.store, self.view, self.asked, self.token = store, view, asked, token
        self.open = asked.state == "collecting"
        self.of = f"{view.code}_{asked.number}_{asked.year}"

    def send(self, given: Value) -> None:
        """Send an answer; what the room refuses is said, and what it keeps is shown."""
        self.keeps(given)

    def keeps(self, given: Value) -> bool:
        """Send an answer; return whether it is kept, and let the page say why not."""
        asked = self.asked
        try:
            answer(self.store, self.view.code, self.token, asked.number, asked.year, given)
        except RoomError as fault:
            st.session_state[SAID] = str(fault)
            return False
        return True

    def vote(self) -> None:
        own = self.view.answer
        for option, text in enumerate(self.asked.options):
            st.button(
                f"**{letter(option)}** · {show.escaped(text)}",
                key=f"vote_{self.of}_{option}",
                type="primary" if own == option else "secondary",
                width="stretch",
                disabled=not self.open,
                on_click=self.send,
                args=(option,),
            )
        if self.open and isinstance(own, int):
            show.quiet(words.voted(own))

    def estimate(self) -> None:
        low, high = self.asked.axis or (0.0, 1.0)
        unit = self.asked.unit or "number"
        own = self.view.answer
        first = float(own) if isinstance(own, int | float) else (low + high) / 2
        value = self._number("Your estimate", "estimate", low, high, (high - low) / STEPS, first,
                             unit)  # fmt: skip
        st.markdown(f"## {show.escaped(amount(value, unit))}", anchors=False)
        self._send_button(value, sent=own == value)

    def decide(self) -> None:
        st.markdown("\n".join(f"- {show.escaped(one)}" for one in self.asked.conditions))
        found = self.view.live
        if found is not None:
            label, amount_of = words.got(found.payment)
            st.metric(label, show.escaped(amount_of), border=True)
            show.quiet(words.place(found.savings_rate, found.quality_score))
            if found.curve is not None:
                _own_curve(found, self.asked)
        own = self.view.answer if isinstance(self.view.answer, dict) else {}
        decided = {
            lever.field: self._lever(lever, own.get(lever.field, lever.start))
            for lever in self.asked.levers
        }
        kept = {name: value for name, value in decided.items() if value is not None}
        if self.asked.live and self.view.answer is not None:
            if self.open:
                show.quiet(f"It is in. {words.MAY_CHANGE}")
            return
        self._send_button(kept, sent=own == kept)
        if not self.asked.live:
            show.quiet(words.WITHOUT_NUMBER)

    def autumn(self) -> None:
        own = self.view.answer
        first = own if isinstance(own, int) else TOKENS // 2
        key = f"tokens_{self.of}"
        value = int(_placed(key, first))
        session.offer(key, value)
        st.slider("Tokens on cost", 0, TOKENS, key=key, on_change=_put, args=(key,),
                  disabled=not self.open)  # fmt: skip
        st.markdown(f"**{words.tokens(value, TOKENS)}**")
        self._send_button(value, sent=own == value)

    def _send_button(self, value: Value, *, sent: bool) -> None:
        if not self.open:
            return
        st.button(
            "Sent" if sent else "Send",
            key=f"send_{self.of}",
            type="primary",
            width="stretch",
            disabled=sent,
            on_click=self.send,
            args=(value,),
        )
        show.quiet(f"It is in. {words.MAY_CHANGE}" if sent else words.NOT_SENT)

    def _lever(self, lever: Lever, first: Any) -> Any:  # noqa: ANN401
        key = f"lever_{self.of}_{lever.field}"
        if lever.choices:
            value = _placed(key, first)
            session.offer(key, value)
            st.segmented_control(
                lever.label, lever.choices, key=key, required=True, on_change=self._moved,
                args=(key, lever.field, None), disabled=not self.open,
                format_func=_choice,
            )  # fmt: skip
            return value
        unit = {"rate": "percent", "score": "points"}.get(lever.kind, "number")
        start = lever.low if first is None else float(first)
        found = self._number(lever.label, lever.field, lever.low, lever.high, lever.step, start,
                             unit, lever=lever.field)  # fmt: skip
        return None if first is None and key not in _all_placed() else found

    def _number(
        self, label: str, name: str, low: float, high: float, step: float, first: float, unit: str,
        lever: str = "",
    ) -> float:  # fmt: skip
        """Put a slider in units of the screen on the page; return where it is, in core units."""
        scale = {"dollars": 1e-6, "percent": 100.0, "points": 100.0}.get(unit, 1.0)
        key = f"lever_{self.of}_{name}"
        value = float(_placed(key, first))
        session.offer(key, round(min(max(value, low), high) * scale, 6))
        st.slider(
            f"{label}, $M" if unit == "dollars" else label,
            round(low * scale, 6),
            round(high * scale, 6),
            step=round(step * scale, 6),
            format="%.1f%%" if unit == "percent" else "%,.0f" if unit == "number" else "%.1f",
            key=key,
            on_change=self._moved,
            args=(key, lever, scale),
            disabled=not self.open,
        )
        return value

    def _moved(self, key: str, lever: str, scale: float | None) -> None:
        """Take where a finger has put a widget; a lever that shows its number sends it too."""
        value = session.taken(key)
        value = round(value / scale, 12) if scale else value
        _all_placed()[key] = value
        if lever and self.asked.live:
            own = self.view.answer if isinstance(self.view.answer, dict) else {}
            if not self.keeps({**own, lever: value}):
                del _all_placed()[key]  # the lever goes back to what is kept


def _own_curve(found: Mine, asked: Asked) -> None:
    """Put what the own ACO would be paid at each savings rate on the page, and where it is."""
    assert found.curve is not None
    rates, paid = (np.array(column) for column in found.curve)
    dots = [Dot(found.savings_rate, found.payment, name="you", own=True)]
    said = words.place(found.savings_rate, found.quality_score)
    show.picture(
        decisions(rates, paid, dots, show.theme(), f"The payoff curve of your ACO. {said}"),
        key=f"own_{asked.number}",
    )


def _choice(choice: Any) -> str:  # noqa: ANN401
    if isinstance(choice, bool):
        return "Yes" if choice else "No"
    if choice == BY_SIZE:
        return "by size"
    if isinstance(choice, float):
        return amount(choice, "percent")
    return str(choice)


def _all_placed() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault(PLACED, {})
    return found


def _placed(key: str, first: Any) -> Any:  # noqa: ANN401
    """Return where a finger has put a widget in this visit, or where it begins."""
    return _all_placed().get(key, first)


def _put(key: str) -> None:
    _all_placed()[key] = session.taken(key)


def _answered(view: PhoneView, asked: Asked) -> None:
    """Put "you" on the page, which is for after Reveal."""
    told, own = view.told, view.answer
    if asked.kind == "vote" and told is not None and told.right is not None:
        said = words.right_answer(asked.options, told.right, own if isinstance(own, int) else None)
        st.markdown(f"**{show.escaped(said)}**")
        st.markdown(show.escaped(told.why))
    elif asked.kind == "estimate" and told is not None and told.truth is not None:
        unit = asked.unit or "number"
        mine = float(own) if isinstance(own, int | float) else None
        said = words.beside_the_truth(told.truth, mine, unit)
        st.markdown(f"**{show.escaped(said)}**")
        found = Estimated(
            () if mine is None else (mine,), asked.axis or (0.0, 1.0), told.truth,
            lambda value: amount(value, unit), mine,
        )  # fmt: skip
        show.picture(estimates(found, show.theme(), said), key=f"own_{asked.number}")
    elif asked.kind == "decide" and told is not None:
        _decided(view, asked)
    elif view.played is not None:
        _played(view)


def _decided(view: PhoneView, asked: Asked) -> None:
    told = view.told
    assert told is not None
    mine = told.mine
    said = "You did not answer: this is what the ACO gets."
    dots: list[Dot] = []
    if mine is not None:
        label, amount_of = words.got(mine.payment)
        st.metric(label, show.escaped(amount_of), border=True)
        said = (
            f"{words.met_or_missed(told.good, asked.conditions)} "
            f"{words.place(mine.savings_rate, mine.quality_score)}"
        )
        dots = [Dot(mine.savings_rate, mine.payment, told.good, "you", own=True)]
    st.markdown(f"**{show.escaped(said)}**")
    if told.curve is not None:
        rates, paid = (np.array(column) for column in told.curve)
        show.picture(
            decisions(rates, paid, dots, show.theme(), f"The payoff curve. {said}"),
            key=f"own_{asked.number}",
        )


def _played(view: PhoneView) -> None:
    """Put the autumns that are over on the page, with what the own team made of them."""
    played = view.played
    if played is None or played.own is None or not played.years:
        return
    show.table([
        {
            "Year": str(year),
            "On cost": f"{own.tokens[nth]}{' (computer)' if own.computer[nth] else ''}",
            "Spending by luck": amount(shock[0], "percent"),
            "You get": amount(float(own.payments[nth]), "dollars"),
        }
        for own in (played.own,)
        for nth, (year, shock) in enumerate(zip(played.years, played.shocks, strict=True))
    ])  # fmt: skip
    result, luck, choice = played.own.result, played.own.luck, played.own.choice
    said = (
        f"So far {amount(float(result), 'dollars')}: choice {amount(float(choice), 'dollars')}, "
        f"luck {amount(float(luck), 'dollars')}."
    )
    st.markdown(f"**{show.escaped(said)}**")
