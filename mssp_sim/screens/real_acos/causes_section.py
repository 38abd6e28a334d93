"""The causes CMS's figures show: one ACO's benchmark on its way, and what no file tells of it."""

import pandas as pd
import streamlit as st

from mssp_sim.app import show
from mssp_sim.cms_files import NotLoadableError
from mssp_sim.cms_files.causes import Causes, causes
from mssp_sim.screens.real_acos import causes_words as words
from mssp_sim.screens.real_acos.causes_picture import ladder

PICTURE, KEPT = "causes of the target", "causes_kept"


def draw(frame: pd.DataFrame, chosen: int | None) -> None:
    """Put the way from an ACO's history to its target on the page; nothing where none is chosen.

    Parameters
    ----------
    frame : one year's rows as ``read`` returns them
    chosen : the place of the ACO among them
    """
    if chosen is None:
        return
    try:
        found = _found(frame, chosen)
    except NotLoadableError as fault:
        show.title("The causes of its target")
        show.quiet(str(fault))
        return
    bars, finding = words.bars(found), words.finding(found)
    show.title(finding)
    show.register(*words.figures(bars, found))
    picture = ladder(bars, show.theme(), f"{finding}. {words.not_known(found)}")
    show.picture(picture, key="causes")
    show.quiet(" ".join(filter(None, (words.held_back(found), words.not_known(found)))))
    show.data((PICTURE, picture), key="causes_data")


def _found(frame: pd.DataFrame, chosen: int) -> Causes:
    """Return the causes, worked out once while the same ACO is shown: a lever moves none."""
    kept: tuple[pd.DataFrame, int, Causes] | None = st.session_state.get(KEPT)
    if kept is None or kept[0] is not frame or kept[1] != chosen:
        kept = (frame, chosen, causes(frame.iloc[chosen]))
        st.session_state[KEPT] = kept
    return kept[2]
