"""A settlement report on the page: CMS's tables line by line beside ours, and why it came so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mssp_sim.app import downloads, frame, show
from mssp_sim.charts.moved import Moving, moved
from mssp_sim.charts.theme import Picture
from mssp_sim.cms_files.reports import ComparedLine
from mssp_sim.figures import change, money
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.screens.this_year import forecast_words as words
from mssp_sim.screens.this_year.forecast_words import Forecast
from mssp_sim.studies.forecast_causes import CAUSES, Causes
from mssp_sim.words.tiles import four_tiles

KNOWN = "year_settled"


@dataclass(frozen=True)
class Settlement:
    """A settlement that stands on the desk: its scenario, CMS's lines, and the forecast before."""

    scenario: Scenario
    year: int
    lines: tuple[ComparedLine, ...]
    forecast: Forecast | None = None
    causes: Causes | None = None


def here(scenario: Scenario) -> Settlement | None:
    """Return the settlement that stands on the desk; None where the desk has moved on."""
    found: Settlement | None = st.session_state.get(KNOWN)
    return found if found is not None and found.scenario == scenario else None


def headline(found: Settlement, result: Result) -> None:
    """Put on top what the settlement came to and whether its lines agree; then its figures."""
    differ = sum(not line.agrees for line in found.lines)
    payment = float(result.payment)
    show.sentence(
        words.headline(found.year, payment, len(found.lines), differ), owed=payment < 0
    )  # fmt: skip


def draw(found: Settlement, result: Result, baseline: Result, tools: Any) -> None:  # noqa: ANN401
    """Put the settlement on the page under its headline."""
    show.tiles(four_tiles(result, baseline))
    pictures = []
    if found.causes is not None and found.forecast is not None:
        pictures.append(("forecast and settlement", _causes(found.causes, found.forecast.quarter)))
    else:
        show.quiet(
            "Open the year's quarterly reports before it, or together with it, to see what moved "
            "between forecast and settlement."
        )
    _lines(found)
    st.page_link(
        frame.page_file("simulator"), label=":small[Try it in the simulator]",
        icon=":material/arrow_forward:",
    )  # fmt: skip
    with tools:
        downloads.popover(result, baseline, *pictures)
    if pictures:
        show.data(*pictures, key="this_year_data")
    show.not_advice()


def _causes(found: Causes, quarter: int) -> Picture:
    show.title(words.causes_title(found, quarter))
    rows = [
        Moving(f"Forecast at Q{quarter}", f"Q{quarter}", float(found.forecast),
               money(float(found.forecast)), "total"),
        *(
            Moving(words.NAMES[cause], words.NAMES[cause], float(found.moved[cause]),
                   change(float(found.moved[cause])), "change")
            for cause in CAUSES
            if found.moved[cause]
        ),
        Moving("Settlement", "Settled", float(found.final), money(float(found.final)), "total"),
    ]  # fmt: skip
    said = words.causes_words(found)
    picture = moved(rows, show.theme(), f"{words.causes_title(found, quarter)}. {said}")
    show.picture(picture, key="year_causes")
    st.markdown(f":small[{show.escaped(said)}]")
    show.table(words.causes_rows(found, quarter))
    show.register(*words.of_causes(found, quarter))
    return picture


def _lines(found: Settlement) -> None:
    held = [table for table in words.TABLES if any(line.table == table for line in found.lines)]
    show.title("CMS's tables, line by line beside ours")
    for place, table in zip(st.tabs([_tab(table, found.lines) for table in held]), held,
                            strict=True):  # fmt: skip
        with place:
            st.dataframe(
                words.rows_of(table, found.lines, found.forecast), hide_index=True,
                width="stretch", key=f"year_table_{table}",
            )  # fmt: skip


def _tab(table: str, lines: Sequence[ComparedLine]) -> str:
    differ = sum(not line.agrees for line in lines if line.table == table)
    name = words.TABLES[table]
    return f"{name} ({differ} differ)" if differ else name
