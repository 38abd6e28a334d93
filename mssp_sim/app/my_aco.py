"""The user's own ACO: find it, load a year of it, its name on every page, leave it."""

from collections.abc import Sequence

import streamlit as st

from mssp_sim.aco import Aco, Assumed
from mssp_sim.app import cursor, session, show
from mssp_sim.cms_files import Loaded, NotLoadableError, finding
from mssp_sim.cms_files.assumed import share_range, still_assumed
from mssp_sim.simulation import simulate
from mssp_sim.words import my_aco as words

FIND, FIND_NAME, NAMED, SAID = "find_aco", "find_aco_name", "my_aco", "find_aco_said"
FROM_A_FILE = "aco_from_a_file"
COUNTIES = "county_share"
WIDTH = 460
"""Pixels of what opens; a phone takes what it has."""

OF_A_CARD = ("preset", "vote")
"""Places of a trainer's card, which is no longer on the desk when an ACO is."""


def find() -> None:
    """Put "Find your ACO" on the page; the names are sent only while it is open."""
    place = st.popover(
        "Find your ACO",
        icon=":material/search:",
        key=FIND,
        on_change="rerun",
        width="content",
    )
    if place.open:
        with place, st.container(width=WIDTH, gap="small"):
            choose(FIND_NAME)
            cursor.into(FIND_NAME)


def choose(key: str, *, label: str = "Type a name or an identifier") -> None:
    """Put the names of all ACOs on the page: typed letters narrow them, and a choice is loaded."""
    choices = finding.choices()
    st.selectbox(
        label,
        list(choices),
        index=None,
        format_func=lambda aco_id: choices[aco_id].text,
        placeholder="Two letters are enough",
        filter_mode="contains",
        key=key,
        on_change=_chosen,
        args=(key,),
    )
    said = st.session_state.pop(SAID, "")
    if said:
        st.markdown(f":red[{show.escaped(said)}]")


def line() -> None:
    """Put the name of the ACO on the desk over the page, with what CMS does not tell of it."""
    aco = session.aco()
    if aco is None:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="my_aco_line"):
        place = st.popover(
            show.escaped(aco.label),
            icon=":material/apartment:",
            key=NAMED,
            on_change="rerun",
            width="content",
        )
        st.markdown(f":gray[:small[{show.escaped(_told(aco))}]]", width="stretch")
    if place.open:
        with place, st.container(width=WIDTH, gap="small"):
            _more(aco)


def load(aco_id: str, year: int) -> None:
    """Put a year of an ACO inside on the desk as what it did: one entry of undo."""
    try:
        aco, found = finding.loaded(aco_id, year)
    except NotLoadableError as fault:
        st.session_state[SAID] = str(fault)
        return
    put_on_desk(aco, found)


def put_on_desk(aco: Aco | None, found: Loaded) -> None:
    """Put a loaded ACO on the desk, as its own baseline."""
    before = session.history()
    session.adopt(found.scenario, aco=aco)
    if session.history() is before:  # a lock held it back
        return
    if aco is not None and not _inside(aco):
        st.session_state[FROM_A_FILE] = (aco, found)
    for name in OF_A_CARD:
        session.put(name, None)
    for popover in (FIND, NAMED):
        if popover in st.session_state:
            st.session_state[popover] = False


def leave() -> None:
    """Leave the ACO: the desk is what the app opens on."""
    session.back_to_start()


def on_desk() -> Loaded | None:
    """Return how the ACO on the desk was loaded; None where neither it nor its file is here."""
    aco = session.aco()
    if aco is None:
        return None
    try:
        return finding.loaded(aco.aco_id, aco.year)[1]
    except (KeyError, NotLoadableError):
        of, found = st.session_state.get(FROM_A_FILE, (None, None))
        return found if of == aco else None


def _inside(aco: Aco) -> bool:
    choice = finding.choices().get(aco.aco_id)
    return choice is not None and aco.year in choice.years


def as_named(aco: Aco | None) -> Aco | None:
    """Return the ACO-year of a file with the name CMS gives it, where it is inside."""
    try:
        return None if aco is None else finding.loaded(aco.aco_id, aco.year)[0]
    except (KeyError, NotLoadableError):
        return aco


def _chosen(key: str) -> None:
    chosen: str | None = st.session_state[key]
    if chosen is not None:
        load(chosen, finding.choices()[chosen].years[-1])


def assumed() -> Assumed:
    """Return what is still assumed of the ACO on the desk; nothing where none is inside."""
    found = on_desk()
    if found is None:
        return Assumed()
    now = session.scenario()
    fields = still_assumed(found, now)
    share = float(now.market_share)
    said = words.assumed(
        fields, share, trend_known=found.trend is not None, between=_by_county_files()
    )
    return Assumed(fields, said)


def told_by_county_files(aco_id: str, share: tuple[float, float] | None) -> None:
    """Keep the range of an ACO's market share that county files tell, while they are open.

    Parameters
    ----------
    share : fractions, the least and the most; None where the files tell none
    """
    st.session_state[COUNTIES] = (aco_id, share)


def _by_county_files() -> tuple[float, float] | None:
    aco_id, share = st.session_state.get(COUNTIES, ("", None))
    aco = session.aco()
    return share if aco is not None and aco.aco_id == aco_id else None


def _told(aco: Aco) -> str:
    found = on_desk()
    if found is None:
        return words.OWN_FILE
    inside = _inside(aco)
    here = finding.settled_here(aco.aco_id, aco.year) if inside else float(
        simulate(found.scenario).payment
    )  # fmt: skip
    show.register(words.published(aco, found.published, here), last=True)
    held = inside and finding.held_to_revenue(aco.aco_id, aco.year)
    own = "" if inside else words.OWN_FILE
    return " ".join((own, words.settled(found.published, held=held), assumed().said)).strip()


def _more(aco: Aco) -> None:
    """Put the ACO's whole name, its years, another one, and the way out on the popover."""
    st.markdown(f"**{show.escaped(aco.name)}** :gray[{aco.aco_id}]")
    choice = finding.choices().get(aco.aco_id)
    if choice is not None:
        years(choice.years, aco, "my_aco_year")
    found = on_desk()
    if found is not None:
        hit = bool(found.scenario.in_disaster_area)
        note = words.loaded_how(len(found.filled), found.calibration_note, on_the_floor=hit)
        show.quiet(note)
        if "market_share" in assumed().fields:
            show.quiet(words.market_share(*share_range(session.scenario(), _by_county_files())))
    choose("my_aco_other", label="Another ACO")
    st.button("Leave it: back to the start", key="leave_aco", on_click=leave)


def years(all_years: Sequence[int], aco: Aco, key: str) -> None:
    """Let the reader choose another year of the ACO on the desk."""
    offered = [year for year in reversed(all_years) if year >= finding.FIRST_LOADABLE]
    if aco.year not in offered:
        offered.append(aco.year)
    session.offer(key, aco.year)
    st.selectbox("Performance year", offered, key=key, on_change=_year, args=(key, aco.aco_id))


def _year(key: str, aco_id: str) -> None:
    load(aco_id, session.taken(key))
