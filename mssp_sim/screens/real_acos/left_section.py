"""What it left: one ACO's year, and the nation's years as a picture that a board quotes."""

from typing import Any, cast

import pandas as pd
import streamlit as st

from mssp_sim.app import show
from mssp_sim.cms_files import history
from mssp_sim.figures import money
from mssp_sim.parameters import rules_in_force
from mssp_sim.screens.real_acos import left_words as words
from mssp_sim.screens.real_acos.left_picture import Left, board

PICTURE = "sums by year"


def draw(frame: pd.DataFrame, chosen: int | None) -> None:
    """Put what the chosen ACO left, and what all left in each year, on the page.

    Parameters
    ----------
    frame : one year's rows as ``read`` returns them
    chosen : the place of the ACO among them; None for the nation alone
    """
    if chosen is not None:
        rows = history.left(frame.iloc[[chosen]].reset_index(drop=True))
        own = cast("dict[str, Any]", rows.iloc[0].to_dict())
        show.title("What it left")
        show.register(*words.own_figures(own))
        st.markdown(show.escaped(words.own_sentence(own)))
        if words.hindsight(own):
            show.quiet(words.hindsight(own))
    _nation(frame)


def _nation(frame: pd.DataFrame) -> None:
    year = int(frame["performance_year"].iloc[0])
    sums = cast("dict[int, dict[str, float]]", history.nation(_rows(frame)).to_dict("index"))
    sentence = words.board_sentence(year, sums[year])
    show.title(sentence)
    show.register(*words.board_figures(year, sums[year]))
    show.how(key="real_acos_how")
    years = [
        Left(
            each,
            of["lost_to_quality"],
            of["lost_at_the_minimum"],
            f"{money(of['lost_to_quality'])} quality · {money(of['lost_at_the_minimum'])} minimum",
            f"{money(of['lost_to_quality'])} · {money(of['lost_at_the_minimum'])}",
        )
        for each, of in sums.items()
    ]
    picture = board(years, year, show.theme(), sentence, lambda: words.board_rows(sums))
    show.picture(picture, key="left_by_year")
    few = _few(frame, year, int(sums[year]["acos_to_quality"]))
    if few:
        show.quiet(few)
    show.quiet(
        " ".join(("Orange: through quality. Gray: at the minimum.", words.READING,
                  *words.PARTIAL.values()))
    )  # fmt: skip
    show.data((PICTURE, picture), key="left_data")
    folded = st.expander("Beside what CMS announced", key="announced", on_change="rerun")
    if folded.open:
        with folded:
            lines = words.announced_lines(history.beside_announced())
            st.markdown("\n".join(f"- {show.escaped(line)}" for line in lines))


def _few(frame: pd.DataFrame, year: int, left: int) -> str:
    """Return why so few left any through quality; empty where no score was below the standard."""
    rules = rules_in_force(year)
    if rules.score_scales_the_full_share:
        return ""
    standard = float(rules.quality_performance_standard)
    below = frame["quality_score"] < standard
    met = below & frame["quality_standard_met"].astype(bool)
    return words.why_so_few(standard, int(below.sum()), int(met.sum()), left) if met.any() else ""


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what every ACO left in all years; a year that is not inside comes from the frame."""
    inside = history.left_inside()
    new = frame[~frame["performance_year"].isin(inside["performance_year"])]
    return inside if new.empty else pd.concat([inside, history.left(new)], ignore_index=True)
