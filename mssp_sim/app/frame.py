"""The frame around every page: title, navigation, the levers, then the page."""

from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mssp_sim.app import (
    assistant,
    audit,
    clock,
    curtain,
    focus,
    large,
    levers,
    live,
    my_aco,
    room,
    session,
    show,
    window,
)
from mssp_sim.parameters import NOT_PUBLISHED

PACKAGE = Path(__file__).parents[1]
INSTALLED = PACKAGE / "_app"
"""Where a wheel has the pages; in a checkout they stand beside the package."""

ROOT = INSTALLED if INSTALLED.exists() else PACKAGE.parent
LOGOS = Path(__file__).parent / "logo"
_STYLE = (Path(__file__).parent / "every_page.css").read_text("utf-8")
STYLE = f"<style>{' '.join(_STYLE.split())}</style>"
"""What Streamlit's theme cannot say: no raw data of pictures, contrast themes, phones.

On one line: Streamlit takes the indentation off each line in every run.
"""
DAY = 24 * 60 * 60
RAIL_WIDTH, WIDTH_TOLD = 312, "width_told"
MADE = "pages"
UNTOUCHED = " :/=,.'"
"""Characters of a drawing that may stand in an address as they are."""


PAGES = {
    "": {"simulator": "Simulator", "executive": "Executive view"},
    "Explore": {
        "attribution": "Attribution",
        "spending_target": "Spending target",
        "corridor": "Corridor and contract",
        "quality": "Quality",
    },
    "Decide": {
        "this_year": "This year",
        "compare": "Compare",
        "rule_changes": "Rule changes",
        "election": "Election",
        "five_years": "Five years",
        "luck": "Luck",
        "real_acos": "Real ACOs",
    },
    "Learn": {
        "program": "The program on one page",
        "story": "The 45,000-life story",
        "myths": "Myth lab",
        "check": "Check yourself",
    },
    "Teach": {"trainer": "Trainer desk", "join": "Join a room", "wall": "The wall of a room"},
    "About": {"rules": "Rules and sources", "glossary": "Glossary"},
}
"""Each section with its pages: the file's name in ``pages/``, and what the navigation says."""

MOVED = {"agreement": "five_years", "benchmark": "spending_target"}
"""Addresses that pages had once: each opens the page of today."""

OF_A_ROOM = ("join", "wall")
"""Pages of a live room: no desk, no levers, no link to write, for theirs names a room.

Join is listed only where rooms are on: elsewhere it could but say that they are off. The wall never
is: who is shown one comes from the trainer's own page.
"""

FOLDED = ("executive",)
"""Pages that open with the levers folded away."""

WITHOUT_RAIL = ("program", "story", "myths", "check", "rules", "glossary")
"""Pages that do not show the desk: its levers would move nothing here, and its result tell."""

SHOWS_NO_DESK = (*WITHOUT_RAIL, *OF_A_ROOM, "trainer")
"""Pages that have nothing to hide behind the curtain, or hide it themselves."""


ANSWERS_OTHERWISE = ("attribution", "election", "luck", "rule_changes", "this_year")
"""Pages whose headline is not the Simulator's result: what repeats that says whose it is."""

OF_THEIR_OWN = ("program", "story", "myths", "check", "glossary", *OF_A_ROOM)
"""Pages that settle cases of their own or none: an ACO on the desk is not what they show."""


def draw() -> None:
    """Draw the frame and run the page that was asked for."""
    page = st.navigation(_pages(), position="top")
    if page.url_path in OF_A_ROOM or room.runs(page.url_path):
        _of_a_room(page)
        return
    session.open_session()
    if page.url_path in MOVED:
        page.run()  # it goes on to the page of today
    folded = page.url_path in FOLDED
    if folded and not st.session_state.get(WIDTH_TOLD):  # told again it would unfold them
        st.set_page_config(initial_sidebar_state=RAIL_WIDTH)
    st.session_state[WIDTH_TOLD] = True
    st.set_page_config(
        page_title="Shared savings simulator",
        page_icon=_drawing("icon"),
        layout="wide",
        initial_sidebar_state="collapsed" if folded else RAIL_WIDTH,
    )
    st.logo(_drawing(show.theme()), size="medium", icon_image=_drawing("icon"))
    alone = page.url_path == "trainer" and curtain.audience() == curtain.SCREEN
    railed = page.url_path not in WITHOUT_RAIL and not alone
    own = page.url_path in ANSWERS_OTHERWISE
    result, baseline = session.results()
    if railed:
        levers.rail(result, baseline, own=own)
    session.write_link()
    audit.page(page.url_path)
    st.html(STYLE)
    assistant.draw()
    window.draw(result, baseline, levers=railed, own=own)
    large.draw()
    clock.draw()
    if page.url_path:  # the Simulator lists every notice of the link
        _not_what_was_asked()
    if session.curtain() and page.url_path not in SHOWS_NO_DESK:
        curtain.held_back()
        curtain.page()
    else:
        session.begin_frame()
        show.begin_page()
        if _names_the_aco(page.url_path):
            my_aco.line()
        if page.url_path not in SHOWS_NO_DESK:
            curtain.over_the_page(result)
        else:
            curtain.held_back()
        page.run()
        show.end_page()
    focus.draw()
    _asks_again()
    session.end_frame()
    live.drawn()


def _asks_again() -> None:
    """Let a browser that is connected again ask for the page at once.

    It does so where a part of the page is drawn again and again: this part, which is empty. Else
    its first move would only begin the new session, and be lost.
    """
    st.fragment(lambda: None, run_every=DAY)()


def _of_a_room(page: StreamlitPage) -> None:
    """Run a page of a live room, with nothing around it that a phone would have to wait for."""
    narrow = page.url_path == "join"
    st.set_page_config(
        page_title=page.title,
        page_icon=_drawing("icon"),
        layout="centered" if narrow else "wide",
        initial_sidebar_state="collapsed",
    )
    audit.page(page.url_path)
    st.html(STYLE)
    session.begin_frame()
    show.begin_page()
    page.run()
    show.end_page()
    _asks_again()
    session.end_frame()


def _names_the_aco(address: str) -> bool:
    """Return whether the frame names the ACO on the desk: wherever its figures are, but in sight.

    The Simulator, whose address is empty, has room for it beside its sentence.
    """
    return address not in ("", *OF_THEIR_OWN) and not session.curtain()


def _not_what_was_asked() -> None:
    """Say that a link's year has no values yet, or its ACO is not inside: another is shown."""
    for notice in session.notices():
        if NOT_PUBLISHED in notice or notice.endswith(session.NO_ACO):
            st.markdown(f":red[{show.escaped(notice)}]")


@cache
def _drawing(name: str) -> str:
    """Return a drawing as an address that holds it, so that no run reads its file again."""
    content = (LOGOS / f"{name}.svg").read_text("utf-8").strip()
    return f"data:image/svg+xml,{quote(content, safe=UNTOUCHED)}"


def _pages() -> dict[str, list[StreamlitPage]]:
    """Return the pages by section, made once a session: making them costs more than a chart."""
    if MADE not in st.session_state:
        st.session_state[MADE] = {
            section: [
                st.Page(
                    page_file(name),
                    title=title,
                    default=name == "simulator",
                    visibility="visible" if listed(name) else "hidden",
                )
                for name, title in pages.items()
                if page_file(name).exists()
            ]
            for section, pages in PAGES.items()
        }
        st.session_state[MADE][""] += [
            st.Page(
                partial(st.switch_page, page_file(name)),
                title=name,
                url_path=address,
                visibility="hidden",
            )
            for address, name in MOVED.items()
        ]
    made: dict[str, list[StreamlitPage]] = st.session_state[MADE]
    return made


def listed(name: str) -> bool:
    """Return whether the navigation shows a page."""
    return name not in OF_A_ROOM or (name == "join" and room.on())


def page_file(name: str) -> Path:
    """Return the file of a page."""
    return ROOT / "pages" / f"{name}.py"
