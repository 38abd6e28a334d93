"""The page of real ACOs: open CMS's file, see it settled again, load one, find your place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.cms_files import (
    Loaded,
    NotLoadableError,
    ResultsFileError,
    load,
    peers,
    read,
    reproduce,
)
from mssp_sim.figures import money, percent, plain, score, whole_dollars
from mssp_sim.naming import alone
from mssp_sim.result import Result
from mssp_sim.screens.real_acos.pictures import Place
from mssp_sim.screens.real_acos.pictures import peers as peers_picture
from mssp_sim.simulation import simulate
from mssp_sim.trace import trace
from mssp_sim.words.among_peers import context
from mssp_sim.words.outcome import outcome

OPENED = "results_file"
FILE_ENDINGS = ["csv", "tsv", "txt", "xlsx", "json", "zip", "gz"]
FILE_HELP = (
    "CMS publishes one file a performance year: data.cms.gov, dataset “Performance Year Financial "
    "and Quality Results” (Medicare Shared Savings Program), download as CSV."
)
SHOWN_AS: dict[str, Callable[[float], str]] = {
    "savings_rate": percent,
    "quality_score": score,
    "assigned_beneficiaries": lambda value: plain(value, 0),
    "benchmark": lambda value: f"${plain(value, 0)}",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A results file of this session: what it was, its rows, and our settlement of each."""

    file: str
    frame: pd.DataFrame
    rows: pd.DataFrame


def draw(result: Result, baseline: Result) -> None:
    """Put the page of real ACOs on the screen."""
    del baseline
    opened = _opened()
    if opened is None:
        _without_a_file(result)
        return
    _match(opened)
    chosen = _choose(opened)
    if chosen is None:
        _standing(result, "Your scenario")
    else:
        _settlement(opened, chosen)


def _opened() -> Opened | None:
    """Return the file of this session, read once; a refused file says why."""
    file = st.file_uploader(
        "CMS results file", type=FILE_ENDINGS, help=FILE_HELP, key="results_upload"
    )
    if file is None:
        st.session_state.pop(OPENED, None)
        return None
    known: tuple[str, Opened | str] | None = st.session_state.get(OPENED)
    if known is None or known[0] != file.file_id:
        with st.spinner("Settling every ACO again"):
            known = (file.file_id, _read(file))
        st.session_state[OPENED] = known
    if isinstance(known[1], str):
        st.markdown(f":red[{show.escaped(known[1])}]")
        return None
    return known[1]


def _read(file: Any) -> Opened | str:  # noqa: ANN401  (Streamlit's uploaded file)
    try:
        frame = read(file)
        return Opened(str(file.name), frame, reproduce(frame))
    except ResultsFileError as fault:
        return str(fault)


def _without_a_file(result: Result) -> None:
    st.markdown(
        "### Open CMS's file, and every ACO in it is settled again by our rules", anchors=False
    )
    show.quiet(FILE_HELP)
    _standing(result, "Your scenario")


def _match(opened: Opened) -> None:
    """Put the totals, the table by contract and the exceptions on the page."""
    rows = opened.rows
    within, years = int(rows["within"].sum()), sorted(set(rows["performance_year"]))
    title = f"{within:,} of {len(rows):,} ACOs of {', '.join(map(str, years))} within 0.01% of CMS"
    st.markdown(f"### {show.escaped(title)}", anchors=False)
    for note in opened.frame.attrs.get("notes", ()):
        show.quiet(note)
    counts = rows.assign(acos=1).groupby("level")[["within", "acos"]].sum()
    heads = [alone(str(level)) for level in counts.index]
    cells = [f"{int(w)} of {int(n)}" for w, n in zip(counts["within"], counts["acos"], strict=True)]
    show.table([dict(zip(heads, cells, strict=True))])
    missed = rows[~rows["within"]]
    if len(missed):
        with st.expander(f"{len(missed)} not reproduced, with the likely cause"):
            show.table([
                {
                    "ACO": f"{row['aco_id']} {row['aco_name']}",
                    "CMS": whole_dollars(row["published"]),
                    "Ours": whole_dollars(row["reproduced"]),
                    "Cause": str(row["cause"]),
                }
                for row in missed.to_dict("records")
            ])  # fmt: skip


def _choose(opened: Opened) -> int | None:
    names = opened.rows["aco_name"].astype(str) + " · " + opened.rows["aco_id"].astype(str)
    return st.selectbox(
        "Pick an ACO",
        range(len(names)),
        index=None,
        format_func=lambda number: names.iloc[number],
        placeholder="Type a name",
        key="results_aco",
    )


def _settlement(opened: Opened, number: int) -> None:
    """Put one ACO's settlement beside CMS's figure, and offer to load it."""
    row = opened.rows.iloc[number]
    st.markdown(f"#### {show.escaped(str(row['aco_name']))}", anchors=False)
    try:
        loaded = load(opened.frame.iloc[number])
    except NotLoadableError as fault:
        show.quiet(str(fault))
        _figures(row, None)
        return
    result = simulate(loaded.scenario)
    _figures(row, result)
    st.markdown(show.escaped(outcome(result)))
    st.button("Load into the simulator", key="load_aco", on_click=_load, args=(loaded,))
    show.quiet("Assumed, for no file tells them: market share, trends, the region, revenue.")
    with st.expander("Its settlement line by line"):
        show.arithmetic(trace(result).steps())
    _standing(result, str(row["aco_name"]))


def _figures(row: pd.Series, result: Result | None) -> None:
    figures = [
        ("CMS published", whole_dollars(row["published"])),
        ("Our rules give", whole_dollars(row["reproduced"])),
    ]
    if result is not None:
        figures += [
            ("Quality cost it", money(float(result.lost_to_quality))),
            ("The minimum cost it", money(float(result.lost_at_the_minimum))),
        ]
    for (label, value), place in zip(figures, st.columns(len(figures)), strict=True):
        place.metric(label, show.escaped(value), border=True)


def _load(loaded: Loaded) -> None:
    session.adopt(loaded.scenario)
    st.toast(f"{show.escaped(loaded.name)} is in the levers, and is the baseline. Undo goes back.")


def _standing(result: Result, whose: str) -> None:
    """Put the place of a settlement among real ACOs on the page."""
    year = int(result.scenario.performance_year)
    places, known = [], set()
    for measure, value in peers.standing(result).items():
        spread = peers.peers(measure, year)
        known.add(spread.year)
        shown = SHOWN_AS[measure]
        middle = shown(spread.values[spread.percentiles.index(50)])
        places.append(Place(peers.MEASURES[measure], spread.rank(value), shown(value), middle))
    words = context(result)
    show.title(f"{whose} among real ACOs of {max(known)}")
    picture = peers_picture(places, show.theme(), words)
    show.picture(picture, key="peers")
    show.quiet(
        f"{words} Light band: 5% to 95% of ACOs, dark band: the middle half. {peers.source()}."
    )
    with st.expander("Show the data"):
        show.table(list(picture.table()))
        known_year, contracts = peers.savings_rate_by_contract(year)
        st.markdown(f"**Savings rate by contract, {known_year}**")
        show.table([
            {
                "Contract": alone(level),
                "ACOs": plain(acos, 0),
                "A quarter below": percent(low),
                "Half below": percent(middle),
                "Three quarters below": percent(high),
            }
            for level, (acos, low, middle, high) in contracts.items()
        ])  # fmt: skip
