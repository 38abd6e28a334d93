"""Peers that are peers: whom one ACO is compared with, its place, and what one percent is worth."""

import pandas as pd
import streamlit as st

from mssp_sim.app import show
from mssp_sim.cms_files import peer_group
from mssp_sim.screens.real_acos import peers_words as words
from mssp_sim.screens.real_acos.peers_picture import Strip, strips

CHOICE = "peers_by"
AT_FIRST = ("revenue_category", "assignment_type")
PICTURE = "peers"


def draw(frame: pd.DataFrame, chosen: int | None) -> None:
    """Put one ACO's place among its peers on the page; nothing where none is chosen.

    Parameters
    ----------
    frame : one year's rows as ``read`` returns them
    chosen : the place of the ACO among them
    """
    if chosen is None:
        return
    row = frame.iloc[chosen]
    heading = st.empty()
    picked = st.pills(
        "Its peers",
        list(peer_group.CRITERIA),
        selection_mode="multi",
        default=AT_FIRST,
        format_func=lambda column: peer_group.CRITERIA[column][0],
        key=CHOICE,
    )
    known = peer_group.told(row)
    used = [column for column in peer_group.CRITERIA if column in picked and column in known]
    peers = peer_group.peers_of(frame, chosen, used)
    labels = [peer_group.CRITERIA[column][0] for column in used]
    who = words.who(len(peers), labels, int(row["performance_year"]))
    show.quiet(f"{who} {_not_told(picked, known)}")
    standings = peer_group.standings(row, peers)
    name = str(row["aco_name"])
    finding = words.finding(name, standings)
    heading.markdown(f"#### {show.escaped(finding)}", anchors=False)
    if standings:
        _picture(name, peers, standings, f"{finding}. {who}")
    _worth(row, standings)


def _not_told(picked: list[str], known: tuple[str, ...]) -> str:
    missing = [peer_group.CRITERIA[column][0].lower() for column in picked if column not in known]
    return f"This year’s file does not tell: {', '.join(missing)}." if missing else ""


def _picture(
    name: str, peers: pd.DataFrame, standings: tuple[peer_group.Standing, ...], description: str
) -> None:
    names = peers["aco_name"].astype(str).tolist()
    measures = [
        Strip(
            words.place(one),
            words.short_place(one),
            one.value,
            words.shown(one.measure, one.value),
            one.values,
            one.middle,
            [words.shown_or_blank(one.measure, value) for value in one.values],
        )
        for one in standings
    ]
    picture = strips(
        name,
        names,
        measures,
        show.theme(),
        f"{description} {'. '.join(map(words.place, standings))}.",
        lambda: words.peer_rows(names, standings, name),
    )
    show.picture(picture, key="peers_strips")
    show.quiet(words.NOT_ADJUSTED)
    show.data((PICTURE, picture), key="peers_data")


def _worth(row: pd.Series, standings: tuple[peer_group.Standing, ...]) -> None:
    worths = peer_group.worth_of_one_percent(row)
    show.register(*words.figures(standings, worths))
    if sentence := words.worth_sentence(worths):
        st.markdown(f"**{show.escaped(sentence)}**")
    if worths:
        with st.expander("What one percent of each service is worth"):
            show.table(words.worth_rows(worths))
