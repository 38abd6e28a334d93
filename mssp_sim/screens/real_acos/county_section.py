"""County files, optional: an ACO's market share and regional level from two files of CMS."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from mssp_sim.app import my_aco, session, show, uploads
from mssp_sim.app.start import TOO_LARGE
from mssp_sim.cms_files import NotLoadableError, ResultsFileError, counties
from mssp_sim.screens.real_acos import county_words as words

FILE_ENDINGS = ["csv", "tsv", "txt", "xlsx", "json", "zip", "gz"]
FILES: dict[str, tuple[str, Callable[[Any], counties.Counties]]] = {
    "county_spending": ("County file of spending and risk", counties.read_spending),
    "county_people": ("County file of assigned people", counties.read_people),
}


def draw(frame: pd.DataFrame, chosen: int | None) -> None:
    """Offer to open two county files beside an ACO, and put what they tell on the page.

    Parameters
    ----------
    frame : one year's rows as ``read`` returns them
    chosen : the place of the ACO among them; nothing is offered where it is None
    """
    if chosen is None:
        return
    folded = st.expander("Its region, from county files of yours", key="county", on_change="rerun")
    if not folded.open:
        return
    with folded:
        show.quiet(words.WHICH)
        spending, people = (_opened(key) for key in FILES)
        aco_id = str(frame.iloc[chosen]["aco_id"])
        my_aco.told_by_county_files(aco_id, None)
        if spending is None or people is None:
            return
        try:
            found = counties.region(frame.iloc[chosen], spending, people)
        except (ResultsFileError, NotLoadableError) as fault:
            _refused(str(fault))
            return
        my_aco.told_by_county_files(aco_id, _of_most_people(found))
        show.table(words.rows(found))
        if beside := words.beside_cms(found):
            st.markdown(show.escaped(beside))
        show.quiet(words.basis(found, spending.assignment or people.assignment))


def _of_most_people(found: counties.Region) -> tuple[float, float] | None:
    """Return the range of the market share among people aged without Medicaid, who are most."""
    low, high = map(float, found.share[-1])
    return None if low != low or high != high else (low, high)  # noqa: PLR0124  (not a number)


def _opened(key: str) -> counties.Counties | None:
    """Return a county file of this session, read once; a refused file says why."""
    label, read = FILES[key]
    file = uploads.uploader(label, type=FILE_ENDINGS, key=f"{key}_upload")
    if file is None:
        st.session_state.pop(key, None)
        return None

    def content() -> counties.Counties | str:
        try:
            return read(file)
        except ResultsFileError as fault:
            return str(fault)
        except MemoryError:
            return TOO_LARGE

    found = session.once(key, (file.file_id,), content)
    if isinstance(found, str):
        _refused(found)
        return None
    return found


def _refused(why: str) -> None:
    st.markdown(f":red[{show.escaped(why)}]")
