"""The page of real ACOs: CMS's results settled again, one ACO loaded, your place among them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from mssp_sim.aco import Aco, typed
from mssp_sim.app import my_aco, session, show, uploads
from mssp_sim.app.start import TOO_LARGE
from mssp_sim.cms_files import (
    Loaded,
    NotLoadableError,
    ResultsFileError,
    SeveralYearsError,
    load,
    peers,
    published,
    read,
    reproduce,
)
from mssp_sim.figures import money, percent, plain, score, whole_dollars
from mssp_sim.naming import alone
from mssp_sim.result import Result
from mssp_sim.screens.real_acos import its_years, sections, words
from mssp_sim.screens.real_acos.pictures import Place
from mssp_sim.screens.real_acos.pictures import peers as peers_picture
from mssp_sim.simulation import simulate
from mssp_sim.trace import trace
from mssp_sim.words.among_peers import context
from mssp_sim.words.outcome import outcome

MEASURE = "savings_rate"
OPENED, YEAR_OF_FILE = "results_file", "results_year_of_file"
FILE_ENDINGS = ["csv", "tsv", "txt", "xlsx", "json", "zip", "gz"]
FILE_HELP = (
    "Not needed: CMS's results of 2013 to 2024 are inside. For a newer year: data.cms.gov, "
    "dataset “Performance Year Financial and Quality Results” (Medicare Shared Savings Program)."
)
SHOWN_AS: dict[str, Callable[[float], str]] = {
    "savings_rate": percent,
    "quality_score": score,
    "assigned_beneficiaries": lambda value: plain(value, 0),
    "benchmark": lambda value: f"${plain(value, 0)}",
}

WHOLE_DOLLARS_WIDE = 205
"""Pixels that hundreds of millions of whole dollars need in a tile."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A results file of this session: what it was, its rows, and our settlement of each."""

    file: str
    frame: pd.DataFrame
    rows: pd.DataFrame


def draw(result: Result, baseline: Result) -> None:
    """Put the page of real ACOs on the screen."""
    del baseline
    own = session.aco()
    if own is None:
        rank = peers.peers(MEASURE, int(result.scenario.performance_year))
        show.sentence(words.headline(result, rank), owed=False)
        my_aco.find()
    else:
        _own(own)
        its_years.draw(own)
    file = _opened()
    chosen = None if file is None else _choose(file)
    if file is not None and chosen is not None:
        _settlement(file, chosen)
    else:
        _standing(result, "Your scenario" if own is None else own.label)
    opened = file or _inside()
    if file is None and own is not None:
        sections.draw_of(own.aco_id, own.year)
    else:
        sections.draw(opened.frame, chosen)
    _match(opened)


def _own(aco: Aco) -> None:
    """Put the settlement of the ACO on the desk, as it was loaded, beside CMS's figure."""
    found = my_aco.on_desk()
    if found is None:
        return
    st.markdown(f"### {show.escaped(aco.title)}", anchors=False)
    loaded = simulate(found.scenario)
    _figures(found.published, float(loaded.payment), loaded)
    st.markdown(show.escaped(outcome(loaded)))
    folded = st.expander("Its settlement line by line", key="own_lines", on_change="rerun")
    if folded.open:
        with folded:
            show.arithmetic(trace(loaded).steps())


def _opened() -> Opened | None:
    """Return the file of this session, read once; a refused file says why."""
    file = uploads.uploader(
        "CMS results file", type=FILE_ENDINGS, help=FILE_HELP, key="results_upload"
    )
    if file is None:
        st.session_state.pop(OPENED, None)
        return None
    known: tuple[str, Opened | str | tuple[int, ...]] | None = st.session_state.get(OPENED)
    if known is None or known[0] != file.file_id:
        with st.spinner("Settling every ACO again"):
            known = (file.file_id, _read(file))
        st.session_state[OPENED] = known
    if isinstance(known[1], tuple):
        year = st.selectbox("The file holds several years", known[1][::-1], key="results_of_file")
        return _one_year(file, year)
    if isinstance(known[1], str):
        st.markdown(f":red[{show.escaped(known[1])}]")
        return None
    return known[1]


def _read(file: Any, year: int | None = None) -> Opened | str | tuple[int, ...]:  # noqa: ANN401
    """Return the file's rows, the sentence that says why not, or the years to choose from."""
    try:
        frame = read(file, year=year)
        return Opened(str(file.name), frame, reproduce(frame))
    except SeveralYearsError as several:
        return several.years
    except ResultsFileError as fault:
        return str(fault)
    except MemoryError:
        return TOO_LARGE


def _one_year(file: Any, year: int) -> Opened | None:  # noqa: ANN401  (Streamlit's uploaded file)
    """Return one year of a file that holds several; the last one read is kept."""
    known: tuple[str, int, Any] | None = st.session_state.get(YEAR_OF_FILE)
    if known is None or known[:2] != (file.file_id, year):
        with st.spinner("Settling every ACO again"):
            known = (file.file_id, year, _read(file, year))
        st.session_state[YEAR_OF_FILE] = known
    if isinstance(known[2], Opened):
        return known[2]
    st.markdown(f":red[{show.escaped(str(known[2]))}]")
    return None


def _inside() -> Opened:
    """Return the results inside of the year that the reader chose, settled again."""
    years = [source.year for source in published.provenance()][::-1]
    own = session.aco()
    at = years.index(own.year) if own and own.year in years else 0
    key = f"results_year_{own.year}" if own else "results_year"
    year = st.selectbox("CMS's results of performance year", years, at, key=key)
    return _settled_inside(year)


@lru_cache(maxsize=4)
def _settled_inside(year: int) -> Opened:
    frame = sections.of_year(year)
    return Opened(f"CMS's results of {year}", frame, reproduce(frame))


def _match(opened: Opened) -> None:
    """Put the totals, the table by contract and the exceptions on the page."""
    rows = opened.rows
    within, years = int(rows["within"].sum()), sorted(set(rows["performance_year"]))
    title = f"{within:,} of {len(rows):,} ACOs of {', '.join(map(str, years))} within 0.01% of CMS"
    st.markdown(f"### {show.escaped(title)}", anchors=False)
    show.quiet(words.WITHIN)
    for note in opened.frame.attrs.get("notes", ()):
        show.quiet(note)
    counts = rows.assign(acos=1).groupby("level")[["within", "acos"]].sum()
    show.table([
        {"Contract": alone(str(level)), "Within 0.01%": plain(near, 0), "ACOs": plain(acos, 0)}
        for level, near, acos in zip(counts.index, counts["within"], counts["acos"], strict=True)
    ])  # fmt: skip
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
        _figures(row["published"], row["reproduced"], None)
        return
    result = simulate(loaded.scenario)
    _figures(row["published"], row["reproduced"], result)
    st.markdown(show.escaped(outcome(result)))
    st.button("Load into the simulator", key="load_aco", on_click=_load, args=(row, loaded))
    show.quiet(
        "Its cost reduction is its savings rate; one trend brings the target to CMS's figure. "
        "Assumed, for no file tells them: market share, the region, revenue."
    )
    if loaded.filled:
        count = len(loaded.filled)
        show.quiet(
            f"CMS hides small cells: {count} of this ACO's {'is' if count == 1 else 'are'} filled."
        )
    with st.expander("Its settlement line by line"):
        show.arithmetic(trace(result).steps())
    _standing(result, str(row["aco_name"]))


def _figures(published: float, reproduced: float, result: Result | None) -> None:
    figures = [
        ("CMS published", whole_dollars(published)),
        ("Our rules give", whole_dollars(reproduced)),
    ]
    if result is not None:
        figures += [
            ("Quality cost it", money(float(result.lost_to_quality))),
            ("The minimum cost it", money(float(result.lost_at_the_minimum))),
        ]
    grid = st.grid(len(figures), min_column_width=WHOLE_DOLLARS_WIDE)
    for label, value in figures:
        grid.metric(label, show.escaped(value), border=True)


def _load(row: pd.Series, loaded: Loaded) -> None:
    try:
        aco = Aco(str(row["aco_id"]), int(row["performance_year"]), typed(loaded.name))
    except ValueError:  # a copy of CMS's file may lack the name or the identifier
        aco = None
    my_aco.put_on_desk(aco, loaded)
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
    said = context(result)
    show.title(f"{whose} among real ACOs of {max(known)}")
    picture = peers_picture(places, show.theme(), said)
    show.picture(picture, key="peers")
    show.quiet(
        f"{said} Light band: 5% to 95% of ACOs, dark band: the middle half. {peers.source()}."
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
