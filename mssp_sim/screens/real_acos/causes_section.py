"""The causes CMS's figures show: one ACO's benchmark on its way, and what no file tells of it."""

import pandas as pd

from mssp_sim.app import show
from mssp_sim.cms_files import NotLoadableError
from mssp_sim.cms_files.causes import causes
from mssp_sim.screens.real_acos import causes_words as words
from mssp_sim.screens.real_acos.causes_picture import ladder

PICTURE = "causes of the target"


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
        found = causes(frame.iloc[chosen])
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
