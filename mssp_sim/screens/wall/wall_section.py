"""The wall as the projector shows it: under the curtain the question and two counts, no figure."""

import streamlit as st

from mssp_sim.app import large, qr, room, show
from mssp_sim.charts.decisions import Dot, decisions, on_the_map
from mssp_sim.charts.estimates import Estimated, estimates
from mssp_sim.charts.tradeoff import tradeoff
from mssp_sim.charts.vote import vote
from mssp_sim.rooms.error import RoomError
from mssp_sim.rooms.frontier import least_effort
from mssp_sim.rooms.limits import LONGEST_NAME
from mssp_sim.rooms.questions import Decide, Question
from mssp_sim.rooms.room import Room, look, shown_code
from mssp_sim.rooms.rounds import current
from mssp_sim.rooms.settled import curve_of, map_of
from mssp_sim.rooms.store import Rows, Store
from mssp_sim.rooms.views import Asked, Shown, WallView, for_wall
from mssp_sim.screens.wall import words
from mssp_sim.words.rooms import amount, counted, letter

EVERY = 1.0
"""Seconds between two looks of the wall."""

QR_FIRST, QR_BESIDE = 220, 96
MOST_NAMES = 6
LAST_ROW = """<style>
[data-testid=stMainBlockContainer] { padding-left: 1.25rem; padding-right: 1.25rem; }
[data-testid=stColumn]:has([data-testid=stVegaLiteChart]) {
  flex: 1 1 0 !important; min-width: 0 !important;
}
[data-testid=stMainBlockContainer] p { font-size: 15px; }
</style>"""
"""Over large type: columns stay beside one another, and no text is smaller than the others."""


def draw() -> None:
    """Put the wall on the page, or the way to it."""
    st.html(room.ALONE + large.ZOOM + LAST_ROW)
    code = st.query_params.get(room.ROOM, "")[:LONGEST_NAME]
    if not code:
        _which()
        return
    try:
        store = room.store()
        view = for_wall(store, code)
    except RoomError as fault:
        show.sentence(str(fault), owed=False)
        room.watch(lambda: room.moment(store, code), (str(fault),), EVERY)
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
            st.query_params[room.ROOM] = code.strip().upper().replace("-", "").replace(" ", "")
            st.rerun()


def _wall(view: WallView, store: Store) -> None:
    asked = view.asked
    link = room.link("join", room=view.code)
    if asked is None:
        _first(view, link)
        return
    room.timer(asked.seconds_left)
    left, right = st.columns([6, 1], gap="small")
    with left:
        show.sentence(asked.words, owed=False)
        _counts(view, asked)
    with right:
        qr.draw(link, f"Join room {shown_code(view.code)}: {link}", QR_BESIDE)
        st.markdown(f"**{shown_code(view.code)}**")
    if view.shown is not None:
        _revealed(asked, view.shown, _question(store, view.code))
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


def _counts(view: WallView, asked: Asked) -> None:
    state = {"collecting": "", "locked": " · locked", "revealed": ""}[asked.state]
    said = f"{words.answered(view.answers_in, view.seats_in)}{state}"
    st.markdown(f":gray[{show.escaped(said)}]")


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
        return None if here is None or here.under_curtain else here.question

    return look(store, code, work)


def _revealed(asked: Asked, shown: Shown, question: Question | None) -> None:
    if asked.kind == "vote":
        _votes(asked, shown)
    elif asked.kind == "estimate":
        _estimates(asked, shown)
    elif isinstance(question, Decide):
        _decisions(asked, shown, question)
    else:
        _season(shown)


def _votes(asked: Asked, shown: Shown) -> None:
    right = shown.right
    assert right is not None
    letters = [letter(n) for n in range(len(asked.options))]
    counts = shown.counts or (0,) * len(letters)
    said = ", ".join(f"{one} {count}" for one, count in zip(letters, counts, strict=True))
    left, beside = st.columns([1, 1], gap="medium")
    with left:
        lines = [
            f"**{one} · {show.escaped(text)}**" if n == right else f"{one} · {show.escaped(text)}"
            for n, (one, text) in enumerate(zip(letters, asked.options, strict=True))
        ]
        st.markdown("  \n".join(lines))
        st.markdown(show.escaped(shown.why))
    with beside:
        picture = vote(letters, counts, right, show.theme(), f"{said}. {letters[right]} is right.")
        show.picture(picture, key=f"wall_{asked.number}")
    if shown.believed is not None:
        st.markdown(show.escaped(words.believed(*shown.believed)))


def _estimates(asked: Asked, shown: Shown) -> None:
    unit, truth = asked.unit or "number", shown.truth
    assert truth is not None
    said = words.NOBODY
    if shown.median is not None and shown.middle_half is not None:
        said = words.spread(shown.median, shown.middle_half, unit)
    found = Estimated(shown.estimates, asked.axis or (0.0, 1.0), truth,
                      lambda value: amount(value, unit))  # fmt: skip
    words_of = f"It is {amount(truth, unit)}. {said}"
    show.picture(estimates(found, show.theme(), words_of), key=f"wall_{asked.number}")
    st.markdown(f"**{show.escaped(said)}** {show.escaped(shown.why)}")
    if shown.names:
        near = sorted(zip(shown.estimates, shown.names, strict=True),
                      key=lambda one: abs(one[0] - truth))[:MOST_NAMES]  # fmt: skip
        named = " · ".join(f"{name} {amount(value, unit)}" for value, name in near)
        st.markdown(show.escaped(f"Nearest: {named}"))


def _decisions(asked: Asked, shown: Shown, question: Decide) -> None:
    curve = curve_of(question)
    dots = [Dot(dot.savings_rate, dot.payment, dot.met, dot.name) for dot in shown.dots]
    said = words.met(shown.met or 0, len(dots))
    if shown.median is not None and shown.middle_half is not None:
        said += f" {words.spread(shown.median, shown.middle_half, 'dollars')}"
    st.markdown(f"**{show.escaped(said)}**")
    left, right = st.columns([1, 1], gap="medium")
    with left:
        picture = decisions(curve.savings_rate, curve.payment, dots, show.theme(), said)
        show.picture(picture, key=f"wall_{asked.number}")
    with right:
        drawn = tradeoff(map_of(question), None, show.theme(), said)
        places = [(dot, of.quality_score) for dot, of in zip(dots, shown.dots, strict=True)]
        picture = on_the_map(drawn, places, least_effort(shown.dots))
        show.picture(picture, key=f"map_{asked.number}")
    if any(dot.name for dot in shown.dots):
        best = " · ".join(
            f"{dot.name} {amount(dot.payment, 'dollars')}" for dot in shown.dots[::-1][:MOST_NAMES]
        )
        st.markdown(show.escaped(f"Paid most: {best}"))


def _season(shown: Shown) -> None:
    season = shown.season
    if season is None or not season.teams:
        st.markdown(words.NOBODY)
        return
    shocks = "; ".join(
        f"{year}: spending {amount(shock.spending, 'percent')}, quality "
        f"{amount(shock.quality, 'points')}"
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
        for team in season.teams[:10]
    ])  # fmt: skip
