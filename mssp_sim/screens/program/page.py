"""The parts of The program on one page: what it is, a year on a line, then short lists."""

import streamlit as st

from mssp_sim.app import frame, show
from mssp_sim.cms_files import taking_part
from mssp_sim.learning.program import Program, ProgramLine, program
from mssp_sim.result import Result
from mssp_sim.screens.program import words
from mssp_sim.screens.program.pictures import Stop, year_line

NOT_MODELED = "not modeled"
WITHIN = "year"
FIRST = 2
"""How many sections come before the year: what the program is, and why."""


def draw(result: Result) -> None:
    """Put the program on the page."""
    said = program(result)
    show.sentence(said.headline, owed=False)
    sections = list(said.sections.items())
    show.quiet(words.ONLY_TOLD)
    _side_by_side(sections[:FIRST])
    _line(said)
    if said.contracts:
        show.title(words.CONTRACTS)
        show.table(said.contracts)
        if any(row["Contract"] == "E" for row in said.contracts):
            show.quiet(words.RISES)
    counted = words.taking_part(taking_part.taking_part())
    taking = ("Who takes part", (ProgramLine(counted, "real_acos"),))
    _side_by_side([*sections[FIRST:], taking])


def _side_by_side(sections: list[tuple[str, tuple[ProgramLine, ...]]]) -> None:
    places = st.columns(2, gap="medium")
    for number, (heading, lines) in enumerate(sections):
        with places[number % 2]:
            _section(heading, lines)


def _line(said: Program) -> None:
    year = [number for number, moment in enumerate(said.moments) if moment.zone == WITHIN]
    stops = [
        Stop(
            moment.zone,
            moment.when,
            moment.what,
            moment.brief_when,
            moment.brief_what,
            title(moment.page),
        )
        for moment in said.moments
    ]
    picture = year_line(stops, WITHIN, max(year), show.theme(), said.description)
    show.title("A year on a line: what is known when")
    show.picture(picture, key="year_line")
    show.quiet("Tinted: the year itself. Dashed: no fixed day.")
    pages = dict.fromkeys(moment.page for moment in said.moments if moment.page)
    with st.container(
        horizontal=True, gap="xxsmall", vertical_alignment="center", key="line_links"
    ):
        st.markdown(":gray[:small[Modeled here:]]", width="content")
        for name in pages:
            _link(name, title(name))
    show.data(("year on a line", picture), key="program_data")


def _section(heading: str, lines: tuple[ProgramLine, ...]) -> None:
    show.title(heading)
    for line in lines:
        with st.container(gap=None):
            st.markdown(show.escaped(line.text))
            if line.page:
                _link(line.page, f"Modeled here: {title(line.page)}")


def _link(name: str, words: str) -> None:
    st.page_link(frame.page_file(name), label=f":small[{words}]", icon=":material/arrow_forward:")


def title(name: str) -> str:
    """Return a page's title; nothing modeled has none.

    Examples
    --------
    >>> title("corridor"), title("")
    ('Corridor and contract', 'not modeled')
    """
    titles = {page: words for pages in frame.PAGES.values() for page, words in pages.items()}
    return titles.get(name, NOT_MODELED)
