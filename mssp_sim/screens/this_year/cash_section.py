"""Cash by month until the check: program cost, advances, and what the settlement brings."""

from dataclasses import replace
from typing import Any

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.figures import money, whole_dollars
from mssp_sim.screens.this_year import figures, words
from mssp_sim.screens.this_year import pictures as charts
from mssp_sim.screens.this_year.shown import Shown, drawn_as
from mssp_sim.studies.cash import cash, year_of_agreement
from mssp_sim.studies.program_cost import (
    MOST_PER_PERSON,
    ProgramCost,
    ProgramCostError,
    read_cost,
    write_cost,
)
from mssp_sim.studies.this_year import Projection
from mssp_sim.studies.year_inputs import Watched, write_watched

PLACE, COSTS = "this_year", "costs"


def draw(projection: Projection, watched: Watched) -> Shown:
    """Put the cash of the year on the page, month by month until the check."""
    result = projection.result
    year = int(result.scenario.performance_year)
    cost = _cost()
    flows = cash(result, cost, watched.check)
    title = words.cash_title(flows, year)
    show.title(title)
    rows = words.cash_rows(flows, year)
    said = words.cash_words(flows, year_of_agreement(result.scenario), with_cost=bool(cost))
    drawn = [
        charts.Flow(
            str(row["Month"]), float(flows.by_month[at]), float(flows.so_far[at]),
            f"{row['Month']}: {whole_dollars(float(flows.by_month[at]))}, "
            f"so far {whole_dollars(float(flows.so_far[at]))}",
            float(flows.payment[at]),
        )
        for at, row in enumerate(rows)
    ]  # fmt: skip
    end = money(float(flows.so_far[-1]))
    shown = drawn_as(title, said, lambda theme: charts.cash(
        drawn, theme, f"{title}. {said}", rows, f"net {end}"))  # fmt: skip
    show.picture(shown.picture, key="year_cash")
    show.register(*figures.of_cash(flows))
    show.quiet(said)
    of_cost, of_check = st.columns(2, gap="medium", vertical_alignment="bottom")
    with of_cost:
        session.offer("year_cost", round(float(cost.per_person), 4))
        st.number_input(
            "Program cost, $ a person a year", 0.0, MOST_PER_PERSON, step=10.0,
            format="%0.9g", key="year_cost",
            help="The same as on the Five years page, where advances are set too.",
            on_change=_put_cost, args=(cost,),
        )  # fmt: skip
    with of_check:
        session.offer("year_check", watched.check)
        st.slider(
            "The check comes so many months after the year", 4, 24, key="year_check",
            on_change=_check, args=(watched,),
        )  # fmt: skip
    return shown


def _put_cost(cost: ProgramCost) -> None:
    given: Any = session.taken("year_cost")
    if given is not None:
        session.put(COSTS, write_cost(replace(cost, per_person=float(given))))


def _check(watched: Watched) -> None:
    changed = replace(watched, check=int(session.taken("year_check")))
    session.put(PLACE, write_watched(changed))


def _cost() -> ProgramCost:
    """Return the program cost of Five years; what cannot be read there is none here."""
    try:
        return read_cost(session.place(COSTS))
    except ProgramCostError:
        return ProgramCost()
