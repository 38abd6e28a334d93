"""The wall as the projector shows it: under the curtain the question and two counts, no figure."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from mssp_sim.app import large, qr, room, room_shown, show
from mssp_sim.rooms.error import NotFoundError, RoomError
from mssp_sim.rooms.limits import LONGEST_NAME
from mssp_sim.rooms.questions import Decide, Estimate, Question, Vote
from mssp_sim.rooms.room import Room, look, shown_code
from mssp_sim.rooms.rounds import current
from mssp_sim.rooms.store import Rows, Store
from mssp_sim.rooms.views import Asked, Shown, WallView, for_wall
from mssp_sim.screens.wall import words
from mssp_sim.words.rooms import amount, believed, counted, letter

EVERY = 0.8
"""Seconds between two looks of the wall."""

QR_FIRST, QR_BESIDE = 320, 96
PAIR_HEIGHT = 200
"""Of two pictures side by side, before large type draws them twice as large."""

MOST_NAMES = 6
LAST_ROW = """<style>
[data-testid=stMainBlockContainer] { padding-left: 1.25rem; padding-right: 1.25rem; }
.st-key-wall_pair [data-testid=stHorizontalBlock] {
  flex-direction: row !important; flex-wrap: nowrap !important;
}
.st-key-wall_pair [data-testid=stHorizontalBlock] > [data-testid=stColumn] {
  flex: 1 1 0 !important; min-width: 0 !important; width: 50% !important;
}
[data-testid=stMainBlockContainer] p { font-size: 15px; }
[data-testid=stVegaLiteChart] svg { max-width: none !important; }
</style>"""
"""Over large type: columns stay beside one another, and no text is smaller than the others."""


def draw() -> None:
    """Put the wall on the page, or the way to it."""
    st.html(room.ALONE + large.ZOOM + LAST_ROW)
    code = _plain(st.query_params.get(room.ROOM, "")[:LONGEST_NAME])
    if not code:
        _which()
        return
    try:
        store = room.store()
        view = room.found(store, code, lambda: for_wall(store, code), by_code=True)
    except NotFoundError as fault:
        show.sentence(str(fault), owed=False)
        return
    except RoomError as fault:
        show.sentence(str(fault), owed=False)
        room.watch(lambda: room.moment(room.store(), code), (str(fault),), EVERY)
        return
    _wall(view, store)
    asked = view.asked
    here = (asked.number, asked.state, asked.year) if asked else (0, "", 0)
    room.watch(lambda: room.moment(store, code), (view.version, *here), EVERY)


def _which() -> None:
    show.sentence(words.WELCOME, owed=False)
    st.markdown(show.escaped(words.NO_LINK))
    with st.form("wall", border=False):
        code = st.text_input(words.CODE, key="wall_code", max_chars=LONGEST_NAME)
        if st.form_submit_button("Open the wall") and code.strip():
            st.query_params[room.ROOM] = _plain(code)
            st.rerun()


def _plain(code: str) -> str:
    """Return a code as rooms are found by it, however it was typed."""
    return code.upper().replace("-", "").replace(" ", "")


def _wall(view: WallView, store: Store) -> None:
    asked = view.asked
    link = room.link("join", room=view.code)
    if asked is None:
        _first(view, link)
        return
    question = _question(store, view.code) if view.shown is not None else None
    room.timer(asked.seconds_left)
    left, right = st.columns([6, 1], gap="small")
    with left:
        show.sentence(asked.words, owed=False)
        locked = " · locked" if asked.state == "locked" else ""
        said = f"{words.answered(view.answers_in, view.seats_in)}{locked}"
        st.markdown(f":gray[{show.escaped(said)}]")
        if view.shown is not None and question is not None and asked.kind != "vote":
            st.markdown(f"**{show.escaped(room_shown.summary(question, view.shown))}**")
    with right:
        qr.draw(link, f"Join room {shown_code(view.code)}: {link}", QR_BESIDE)
        st.markdown(f"**{shown_code(view.code)}**")
    if view.shown is not None and question is not None:
        _revealed(asked, view.shown, question)
    if asked.state != "revealed":
        _under_the_curtain(asked)


def _first(view: WallView, link: str) -> None:
    left, right = st.columns([1, 1], gap="medium", vertical_alignment="center")
    with left:
        qr.draw(link, f"Join room {shown_code(view.code)}: {link}", QR_FIRST)
    with right:
        show.sentence(words.joined(shown_code(view.code), view.seats_in), owed=False)
        st.markdown(show.escaped(words.SCAN))
        st.markdown(f"Or open **{show.escaped(link.partition('?')[0])}** and type the code.")


def _under_the_curtain(asked: Asked) -> None:
    """Put the choices on the wall, none of which tells the answer."""
    if asked.options:
        lines = [f"**{letter(n)}** · {show.escaped(o)}" for n, o in enumerate(asked.options)]
        st.markdown("  \n".join(lines))
    elif asked.axis is not None:
        low, high = (amount(end, asked.unit or "number") for end in asked.axis)
        st.markdown(f"Between {show.escaped(low)} and {show.escaped(high)}.")
    elif asked.kind == "decide":
        conditions = [f"- {show.escaped(condition)}" for condition in asked.conditions]
        levers = ", ".join(lever.label for lever in asked.levers)
        st.markdown("\n".join([*conditions, f"- These levers move: {show.escaped(levers)}"]))
    else:
        teams = counted(asked.teams, "team", "teams") if asked.teams else "Each seat is a team"
        st.markdown(f"Autumn {asked.year} of 5. {teams}: ten tokens for cost and quality.")


def _question(store: Store, code: str) -> Question | None:
    """Return what was asked once it is revealed: only then may its curve and map be drawn."""

    def work(rows: Rows, here_room: Room) -> Question | None:
        here = current(rows, here_room, store.clock())
        told = here is not None and (not here.under_curtain or here.year > 1)
        return here.question if here is not None and told else None

    return look(store, code, work)


def _revealed(asked: Asked, shown: Shown, question: Question) -> None:
    if isinstance(question, Vote):
        _votes(asked, shown, question)
        return
    if isinstance(question, Decide):
        _decisions(asked, shown, question)
        return
    drawn = room_shown.pictures(question, shown, show.theme())
    for name, picture in drawn:
        show.picture(picture, key=f"{name}_{asked.number}")
    if isinstance(question, Estimate):
        if question.why != words.it_is(question.truth, question.unit):
            st.markdown(show.escaped(question.why))
        _named(
            "Nearest",
            sorted(
                zip(shown.names, shown.estimates, strict=False),
                key=lambda one: abs(one[1] - question.truth),
            ),
            question.unit,
        )
    else:
        _season(shown)


def _decisions(asked: Asked, shown: Shown, question: Decide) -> None:
    """Put curve and map side by side, both within the first screen of a projector."""
    with st.container(key="wall_pair"):
        sides = st.columns([1, 1], gap="small")
    drawn = room_shown.pictures(question, shown, show.theme())
    for side, (name, picture) in zip(sides, drawn, strict=True):
        with side:
            low = replace(picture, spec={**picture.spec, "height": PAIR_HEIGHT})
            show.picture(low, key=f"{name}_{asked.number}")
    st.markdown(show.escaped(words.frontier(question.goal.earn if question.goal else None)))
    _named("Paid most", [(dot.name, dot.payment) for dot in shown.dots[::-1]], "dollars")


def _named(what: str, told: Sequence[tuple[str, float]], unit: str) -> None:
    """Put names on the wall where the trainer shows them."""
    said = [f"{name} {amount(value, unit)}" for name, value in told[:MOST_NAMES] if name]
    if said:
        st.markdown(show.escaped(f"{what}: {' · '.join(said)}"))


def _votes(asked: Asked, shown: Shown, question: Vote) -> None:
    with st.container(key="wall_pair"):
        left, beside = st.columns([1, 1], gap="small")
    with left:
        lines = [
            f"**{letter(n)} · {show.escaped(text)}**"
            if n == question.right
            else f"{letter(n)} · {show.escaped(text)}"
            for n, text in enumerate(question.options)
        ]
        st.markdown("  \n".join(lines))
        st.markdown(show.escaped(question.why))
    with beside:
        for name, picture in room_shown.pictures(question, shown, show.theme()):
            show.picture(picture, key=f"{name}_{asked.number}")
    if shown.believed is not None:
        st.markdown(show.escaped(believed(*shown.believed)))


def _season(shown: Shown) -> None:
    season = shown.season
    if season is None or not season.teams:
        return
    shocks = "; ".join(
        f"{year}: {words.shock(shock.spending, shock.quality)}"
        for year, shock in zip(season.years, season.shocks, strict=True)
    )
    st.markdown(show.escaped(f"What the years brought: {shocks}."))
    show.table([
        {
            "Team": shown.team_names.get(team.team, "") or f"Team {team.team}",
            "Result": amount(float(team.result), "dollars"),
            "Choice": amount(float(team.choice), "dollars"),
            "Luck": amount(float(team.luck), "dollars"),
        }
        for team in season.teams[:MOST_NAMES]
    ])  # fmt: skip
