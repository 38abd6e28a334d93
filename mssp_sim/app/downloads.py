"""What a reader takes away: brief, slide, workbook, scenario file, pictures, the link."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from mssp_sim.aco import Aco
from mssp_sim.app import asked_files, my_aco, session, show, uploads
from mssp_sim.app.history import Moment
from mssp_sim.charts.theme import Picture
from mssp_sim.exports import scenario_file
from mssp_sim.exports.brief import brief
from mssp_sim.exports.scenario_file import ScenarioFileError
from mssp_sim.exports.slide import slide
from mssp_sim.exports.typeface import SIGNS
from mssp_sim.exports.workbook import workbook
from mssp_sim.result import Result

NAME, FILE, SAID, TURN = "take_name", "take_file", "take_said", "take_turn"
WIDTH = 430
PDF = "application/pdf"
OPEN_XML = "application/vnd.openxmlformats-officedocument"
Offer = tuple[Callable[..., bytes], str, str, str]
"""What makes a file (given a ``name``), the file's name, its type, and what it is."""

USUAL = {
    "Brief": ("brief.pdf", PDF, "One page, PDF"),
    "Slide": (
        "slide.pptx",
        f"{OPEN_XML}.presentationml.presentation",
        "One slide, with the arithmetic in its notes",
    ),
    "Workbook": (
        "workbook.xlsx",
        f"{OPEN_XML}.spreadsheetml.sheet",
        "Live formulas: change an input and it settles again",
    ),
    "Scenario file": (
        "scenario.json",
        "application/json",
        "Scenario, baseline and A, B, C, to open here again",
    ),
}
"""Name, type and what it is, of each file that every page offers."""


def popover(
    result: Result,
    baseline: Result,
    *drawn: tuple[str, Picture],
    of_page: Mapping[str, Offer] | None = None,
) -> None:
    """Put "Take it with you" on the page.

    A file is made when it is asked for, by the click that downloads it. ``drawn`` are the
    page's pictures, by name; ``of_page`` are files of the page that stand for those of the
    settlement, by their labels.
    """
    place = st.popover("Take it with you", key="take", type="tertiary", on_change="rerun")
    if not place.open:
        st.session_state.pop(SAID, None)
        return
    with place, st.container(width=WIDTH, gap="small"):
        st.html(show.ROOMY)
        aco = session.aco()
        st.text_input(
            "Name on it",
            key=NAME,
            max_chars=80,
            placeholder=aco.title if aco else "Your ACO, if you like",
            label_visibility="collapsed",
            on_change="ignore",  # a run that starts between typing and click would part the two
        )
        _files(result, baseline, aco, of_page or {})
        with st.container(horizontal=True, gap="small"):
            for name, picture in drawn:
                show.as_file(name, picture, "take")
        _share()
        _open()
        show.quiet(SIGNS)


def named(typed: str, aco: Aco | None) -> str:
    """Return the name on what is taken away: as typed, else that of the ACO on the desk."""
    return typed or (aco.title if aco else "")


def _files(result: Result, baseline: Result, aco: Aco | None, of_page: Mapping[str, Offer]) -> None:
    kept, name = dict(session.kept()), named(st.session_state.get(NAME) or "", aco)
    now, against = result.scenario, baseline.scenario
    assumed = my_aco.assumed()
    makes: dict[str, Callable[..., bytes]] = {
        "Brief": partial(brief, result, baseline, assumed=assumed),
        "Slide": partial(slide, result, baseline, assumed=assumed),
        "Workbook": partial(workbook, result, baseline, assumed=assumed),
        "Scenario file": partial(scenario_file.save, now, against, kept, aco=aco, assumed=assumed),
    }
    offers = {label: (make, *USUAL[label]) for label, make in makes.items()}
    with st.container(horizontal=True, gap="small"):
        for label, (make, file, kind, words) in (offers | dict(of_page)).items():
            of_this = partial(make, name=name)
            asked_files.offer(
                label, of_this, file, kind, key=f"take_{file}", help=words, look="secondary"
            )


def _share() -> None:
    query = urlencode(st.query_params.to_dict())
    here = (st.context.url or "").partition("?")[0]
    show.quiet("Share: this link opens exactly this screen.")
    st.code(f"{here}?{query}" if query else here, language=None, wrap_lines=False)


def _open() -> None:
    uploads.uploader(
        "Open a scenario file",
        type=["json"],
        key=f"{FILE}_{st.session_state.get(TURN, 0)}",
        on_change=_opened,
        max_upload_size=1,
    )
    wrong, said = st.session_state.get(SAID, ("", ()))
    if wrong:
        st.error(show.escaped(wrong))
    elif said:
        st.info("  \n".join(map(show.escaped, said)))


def _opened() -> None:
    """Put what a file holds on the desk: one entry of undo; a bad file changes nothing."""
    turn = st.session_state.get(TURN, 0)
    file = st.session_state.get(f"{FILE}_{turn}")
    if file is None:
        return
    st.session_state[TURN] = turn + 1
    st.session_state.pop(SAID, None)
    try:
        found = scenario_file.opened(file.getvalue())
    except ScenarioFileError as refused:
        st.session_state[SAID] = (str(refused), ())
        return
    now = session.history().now
    baseline = found.baseline or (found.scenario if now.aco else now.baseline)
    opened = Moment(found.scenario, baseline, found.kept or now.kept, my_aco.as_named(found.aco))
    session.commit(opened, whole=True)
    whose = f" {found.name}" if found.name else ""
    st.session_state[SAID] = (
        "",
        (f"Opened{whose}: Undo brings back what was here.", *found.notices),
    )
