"""Add or drop a practice: a table to edit or open, what each is to the payment, and a pool."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from mssp_sim.app import session, show, uploads
from mssp_sim.naming import begun
from mssp_sim.screens.election import words
from mssp_sim.studies.fair_shares import pool, shared
from mssp_sim.studies.practices import (
    EXAMPLE,
    HEADINGS,
    LONGEST_TEXT,
    Practice,
    PracticeError,
    Row,
    cells,
    checked,
    read_practices,
    read_row,
    read_table,
    template,
    write_practices,
    written,
)
from mssp_sim.tables import TableError
from mssp_sim.words import practices as practice_words
from mssp_sim.words.election import Found

TOLD, FAULT, TURN, KNOWN = "practice_cells", "practice_fault", "practice_turn", "practice_shares"
CSV = "text/csv"
LARGEST_UPLOAD = 1
Put = Callable[[str | None], None]
Texts = Mapping[str, str]


def draw(
    found: Found, text: str | None, put: Put, put_setting: Callable[[str, float], None]
) -> None:
    """Put the practices on the page.

    Parameters
    ----------
    text : the practices of the link
    put, put_setting : keep the practices, and a part of the setting
    """
    told, fault = _told(text)
    rows = _checked(found, told)
    for said in filter(None, (fault, st.session_state.get(FAULT))):
        st.markdown(f":red[{show.escaped(said)}]")
    if st.session_state.get(TOLD) is None and not text:
        show.quiet(words.MADE_UP)
    _editor(told, rows, put)
    _files(rows, put)
    for row in rows:
        if row.fault:
            st.markdown(f":red[Row {row.number}: {show.escaped(row.fault)}.]")
    good = _good(rows)
    if not good:
        show.quiet("No row can be used yet; what is wrong stands beside each.")
        return
    result = found.result
    each = session.once(KNOWN, (result.scenario, good), lambda: shared(result, good))
    show.title(practice_words.practices_title(each))
    share = found.election.setting.pool
    _pool(share, put_setting)
    split = pool(each, each.payment * share)
    show.table(practice_words.practice_rows(each, split))
    show.register(*practice_words.practice_figures(each))
    show.quiet(f"{practice_words.rest(each, split)} {words.ABOUT_FAIR}")
    known = found.sources["list_restates_benchmark"].citation
    show.quiet(words.OURS.format(known=f"{known.known}, {known.section}"))
    if write_practices(good) is None:
        show.quiet(f"So many practices do not fit into a link of {LONGEST_TEXT} signs: keep the "
                   "table as CSV.")  # fmt: skip


def own(found: Found, text: str | None) -> tuple[Practice, ...]:
    """Return the reader's own practices that can be used; none where all are made up."""
    if st.session_state.get(TOLD) is None and not text:
        return ()
    told, fault = _told(text)
    return () if fault else _good(_checked(found, told))


def _checked(found: Found, told: Sequence[Texts]) -> tuple[Row, ...]:
    return checked(found.result.scenario, [read_row(n, row) for n, row in enumerate(told, 1)])


def _good(rows: Sequence[Row]) -> tuple[Practice, ...]:
    return tuple(row.practice for row in rows if row.practice is not None and not row.fault)


def _told(text: str | None) -> tuple[list[Texts], str]:
    """Return the texts of the table: of this session, of the link, or made-up ones."""
    kept: list[Texts] | None = st.session_state.get(TOLD)
    if kept is not None and _written(kept) == text:
        return kept, ""
    try:
        practices = read_practices(text) or EXAMPLE
    except PracticeError as fault:
        return [_texts(each) for each in EXAMPLE], words.unreadable(str(fault))
    return [_texts(each) for each in practices], ""


def _texts(practice: Practice) -> Texts:
    return dict(zip(HEADINGS, cells(practice), strict=True))


def _written(told: Sequence[Texts]) -> str | None:
    practices = [read_row(n, row).practice for n, row in enumerate(told, 1)]
    return write_practices([each for each in practices if each is not None])


def _keep(told: Sequence[Texts], put: Put) -> None:
    st.session_state[TOLD] = list(told)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state.pop(FAULT, None)
    put(_written(told))


def _editor(told: Sequence[Texts], rows: Sequence[Row], put: Put) -> None:
    key = f"practices_{st.session_state.get(TURN, 0)}"
    wrong = any(beside.fault for beside in rows)
    shown = [
        {
            **({words.WARNS: beside.fault} if wrong else {}),
            **{head: row.get(name, "") for name, head in HEADINGS.items()},
        }
        for row, beside in zip(told, rows, strict=True)
    ]
    st.data_editor(
        shown,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={words.WARNS: st.column_config.TextColumn(disabled=True, width="medium")},
        on_change=_edited,
        args=(key, list(told), put),
    )


def _edited(key: str, told: list[Texts], put: Put) -> None:
    _keep(after_edit(told, st.session_state[key]), put)


def after_edit(told: Sequence[Texts], edit: Mapping[str, Any]) -> list[Texts]:
    """Return the texts of the table after an edit as Streamlit tells it.

    Source: ours

    Examples
    --------
    >>> after_edit([{"people": "9"}, {"people": "8"}],
    ...            {"edited_rows": {0: {"People": "7"}}, "deleted_rows": [1]})
    [{'people': '7'}]
    """
    names = {head: name for name, head in HEADINGS.items()}

    def texts(row: Mapping[str, Any]) -> dict[str, str]:
        return {names[head]: "" if value is None else str(value)
                for head, value in row.items() if head in names}  # fmt: skip

    edited = {int(at): texts(row) for at, row in edit.get("edited_rows", {}).items()}
    gone = set(edit.get("deleted_rows", ()))
    kept = [{**row, **edited.get(at, {})} for at, row in enumerate(told) if at not in gone]
    return [*kept, *(texts(row) for row in edit.get("added_rows", ()))]


def _files(rows: Sequence[Row], put: Put) -> None:
    """Offer the template and the table, and take one that the reader has."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.download_button(
            "Template (CSV)", template(), "practices-template.csv", CSV, key="practices_template",
            on_click="ignore", type="tertiary",
        )  # fmt: skip
        st.download_button(
            "This table (CSV)", written([r.practice for r in rows if r.practice]), "practices.csv",
            CSV, key="practices_csv", on_click="ignore", type="tertiary",
        )  # fmt: skip
        place = st.popover("Open a table", key="practices_open", type="tertiary",
                           on_change="rerun")  # fmt: skip
    if not place.open:
        return
    key = f"practices_file_{st.session_state.get(TURN, 0)}"
    with place, st.container(width=420):
        uploads.uploader(
            "CSV or XLSX, with the headings of the template", type=["csv", "xlsx", "txt"], key=key,
            on_change=_dropped, args=(key, put), max_upload_size=LARGEST_UPLOAD,
        )  # fmt: skip


def _dropped(key: str, put: Put) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state.pop(FAULT, None)
    try:
        rows = read_table(file)
    except (TableError, PracticeError) as fault:
        said = str(fault)
        st.session_state[FAULT] = begun(said)
        return
    _keep([dict(row.told) for row in rows], put)


def _pool(share: float, put_setting: Callable[[str, float], None]) -> None:
    key = "practices_pool"
    session.offer(key, round(share * 100, 6))
    st.slider(
        "Part of the payment for clinicians", 0.0, 100.0, step=1.0, format="%.0f%%", key=key,
        on_change=_take, args=(key, put_setting),
    )  # fmt: skip


def _take(key: str, put_setting: Callable[[str, float], None]) -> None:
    put_setting("pool", round(float(session.taken(key)) / 100, 12))
