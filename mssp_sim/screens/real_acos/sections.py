"""What stands under one year's results: what was left, peers, causes, the region."""

from functools import lru_cache

import numpy as np
import pandas as pd

from mssp_sim.cms_files import published
from mssp_sim.screens.real_acos import (
    causes_section,
    county_section,
    left_section,
    peers_section,
)


def draw(frame: pd.DataFrame, chosen: int | None) -> None:
    """Put the sections on the page.

    Parameters
    ----------
    frame : one year's rows as ``read`` returns them, with every column
    chosen : the place of the ACO among them; None for the nation alone
    """
    left_section.draw(frame, chosen)
    peers_section.draw(frame, chosen)
    causes_section.draw(frame, chosen)
    county_section.draw(frame, chosen)


def draw_of(aco_id: str, year: int) -> None:
    """Put the sections of an ACO of the results inside on the page."""
    frame = of_year(year)
    found = np.flatnonzero(frame["aco_id"] == aco_id)
    draw(frame, int(found[0]) if len(found) else None)


@lru_cache(maxsize=2)
def of_year(year: int) -> pd.DataFrame:
    """Return one year of the results inside, with every column."""
    return published.results(None, year=year).reset_index(drop=True)
