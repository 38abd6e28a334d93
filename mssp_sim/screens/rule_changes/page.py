"""The parts of Rule changes: the choice of two rulebooks, what they do to you and to all ACOs."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mssp_sim.app import asked_files, session, show, uploads
from mssp_sim.charts.rule_effects import rule_effects
from mssp_sim.charts.theme import Picture
from mssp_sim.exports.rule_changes import brief
from mssp_sim.parameters import ParameterError
from mssp_sim.provisions import ProvisionError, Provisions, read
from mssp_sim.quantity import agreement_starts
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.screens.rule_changes import acos, words
from mssp_sim.screens.rule_changes.pictures import who
from mssp_sim.studies.rule_changes import RuleChangeError, both, compare_rules, settled_both
from mssp_sim.studies.rulebooks import (
    MINE,
    NO_FILE,
    OWN,
    SHIPPED,
    Choice,
    ChoiceError,
    base_of,
    book_years,
    opening,
    pair_of,
    pairs,
    read_choice,
    rulebooks,
    shipped,
    short_title,
    write_choice,
)
from mssp_sim.studies.rules_on_many import ManyAcos
from mssp_sim.words import rule_changes as own_words
from mssp_sim.words import rules_on_many as all_words
from mssp_sim.words.rule_changes import Names, Own

PLACE = "rulebooks"
MY_FILE, FAULT, TURN, DROPPED = "provisions_file", "provisions_fault", "provisions_turn", "dropped"
KNOWN = "rule_changes_own"
OFFERS, YEAR, FREELY = "rulebooks_offered", "rulebooks_acos", "rulebooks_freely"
FREE = "free"
"""The offer to choose two rulebooks freely."""

FILE_WIDTH, FREE_WIDTH = 430, 170
LARGEST_UPLOAD = 1
"""Megabytes; a provision file has at most a tenth of one."""

CSV, PDF = "text/csv", "application/pdf"
Refused = (RuleChangeError, ProvisionError, ParameterError)


def draw(result: Result, baseline: Result) -> None:
    """Put the page of rule changes on the screen."""
    del baseline
    choice, fault = _choice()
    proposed = acos.file_of(choice, _mine())
    names = own_words.names(choice, proposed)
    own, refused = _own(result.scenario, choice, proposed, names)
    show.sentence(own_words.headline(own) if own else refused, owed=False)
    for said in filter(None, (fault, words.lost_file(choice, _mine()))):
        show.quiet(said)
    beside = _also_proposed(result, choice) if own else []
    if own and own_words.changes_nothing(own):
        for said in beside:
            st.markdown(show.escaped(f"{said} {words.TO_SEE_IT}"))
        beside = []
    tools = _offers(choice)
    if proposed is not None:
        st.markdown(f"**{show.escaped(own_words.file_note(proposed, own))}**")
    tiles = st.empty()
    if own:
        if not acos.loaded(choice.acos):  # your own figures do not wait for the others
            with tiles.container():
                _tiles(own, None)
        assumed = own_words.assumptions(own, proposed)
        mine = own_words.own_rules(own, float(result.payment))
        show.quiet(" ".join(filter(None, (assumed, mine, *beside))))
    drawn = [("effect by provision", _effects(own))] if own else []
    many, why = _on_all(choice)
    if own:
        with tiles.container():
            _tiles(own, many)
    if rows := words.provision_rows(own, many):
        show.title("What differs, and what it moves")
        show.table(rows)
    show.quiet(own_words.SAME_OTHERWISE)
    if many is None:
        show.quiet(why)
    else:
        rests = bool(own and own_words.assumptions(own, proposed))
        drawn += _all_acos(choice, many, names, rests=rests)
    with tools:
        _take(own, many, names, proposed)
    if drawn:
        show.data(*drawn, key="rule_changes_data")
    show.not_advice()


def _also_proposed(result: Result, choice: Choice) -> list[str]:
    """Return what the files that ship would do, where the page opens on the rules in force."""
    found: list[str] = []
    if pair_of(choice) != pair_of(opening(choice.acos)):
        return found
    for key, file in shipped().items():
        pair = pairs()[key]
        laid = rulebooks(Choice(pair.old, pair.new, key, choice.acos), file)
        with suppress(*Refused):
            one, two = settled_both(result.scenario, *laid)
            payments = float(one.payment), float(two.payment)
            found.append(own_words.also_proposed(file.title, pair.new, payments))
    return found


def _mine() -> bytes:
    """Return the provision file that was dropped in this session, nothing without one."""
    found: bytes = st.session_state.get(MY_FILE, b"")
    return found


def _choice() -> tuple[Choice, str]:
    """Return the choice of this session, and why another one is shown."""
    try:
        return read_choice(session.place(PLACE), acos.years()), ""
    except ChoiceError as fault:
        return opening(acos.years()[0]), words.unreadable(str(fault))


def _own(
    scenario: Scenario, choice: Choice, proposed: Provisions | None, names: Names
) -> tuple[Own | None, str]:
    """Return the desk's scenario under both rulebooks, or why it cannot be settled under them."""
    key = (choice, _mine())
    known: tuple[Scenario, tuple[Choice, bytes], Own] | None = st.session_state.get(KNOWN)
    if known is not None and known[0] is scenario and known[1] == key:
        return known[2], ""
    books = rulebooks(choice, proposed)
    try:
        found = compare_rules(scenario, *books)
        own = Own(names, found, *settled_both(scenario, *books), both(scenario, *books))
    except Refused as fault:
        return None, words.refused(fault)
    st.session_state[KNOWN] = (scenario, key, own)
    return own, ""


def _put(choice: Choice, *, free: bool = False) -> None:
    st.session_state[FREELY] = free
    session.put(PLACE, write_choice(choice, acos.years()))


def _offers(choice: Choice) -> DeltaGenerator:
    """Put what can be chosen on the page, and the provision file; return the row it stands in."""
    mine = acos.file_of(choice._replace(file=MINE), _mine()) if _mine() else None
    labels = words.offers(mine, FREE)
    chosen = _offered(choice)
    session.offer(OFFERS, chosen)
    st.pills(
        "Old rules → new rules",
        list(labels),
        key=OFFERS,
        format_func=labels.__getitem__,
        required=True,
        wrap=True,
        on_change=_take_offer,
        args=(choice,),
    )
    tools = st.container(horizontal=True, gap="small", vertical_alignment="center", key="tools")
    with tools:
        _file(choice, mine)
    if chosen == FREE:
        _free(choice, mine)
    return tools


def _offered(choice: Choice) -> str:
    """Return which offer a choice is."""
    if st.session_state.get(FREELY):
        return FREE
    if choice.file == MINE and choice.old == choice.new and _mine():
        return MINE
    return pair_of(choice) or FREE


def _take_offer(choice: Choice) -> None:
    chosen = str(session.taken(OFFERS))
    if chosen == FREE:
        _put(choice, free=True)
    elif chosen == MINE:
        _put_file(choice)
    else:
        pair = pairs()[chosen]
        _put(Choice(pair.old, pair.new, pair.file, choice.acos))


def _put_file(choice: Choice) -> None:
    """Lay the reader's file over the rulebook that all of it reaches."""
    mine = acos.file_of(choice._replace(file=MINE), _mine())
    if mine is not None:
        base = base_of(mine)
        _put(Choice(base, base, MINE, choice.acos))


def _free(choice: Choice, mine: Provisions | None) -> None:
    """Let the reader choose a year and a start for each rulebook, and a file over the new one."""
    starts = agreement_starts(assume_last=True)[::-1]
    listed = (
        ("old", "Old rules: performance year", choice.old, "performance_year", book_years()[::-1]),
        ("old", "Old rules: agreements from", choice.old, "agreement_start", starts),
        ("new", "New rules: performance year", choice.new, "performance_year", book_years()[::-1]),
        ("new", "New rules: agreements from", choice.new, "agreement_start", starts),
    )
    grid = st.grid(len(listed) + 1, min_column_width=FREE_WIDTH)
    for side, label, book, part, values in listed:
        said = partial(words.own_or, what="year" if part == "performance_year" else "start")
        value = getattr(book, part) or OWN
        _select(grid, choice, f"{side}_{part}", label, value, [OWN, *values], said)
    files = {NO_FILE: "nothing"} | {
        key: words.file_label(file.title) for key, file in shipped().items()
    }
    if mine is not None:
        files[MINE] = words.file_label(mine.title)
    file = choice.file if choice.file in files else NO_FILE
    _select(grid, choice, "file", "On top of the new rules", file, list(files), files.__getitem__)


def _select(
    grid: DeltaGenerator,
    choice: Choice,
    name: str,
    label: str,
    value: Any,  # noqa: ANN401
    values: Sequence[Any],
    said: Callable[[Any], str],
) -> None:
    key = f"rulebook_{name}"
    session.offer(key, value)
    grid.selectbox(label, values, key=key, format_func=said, on_change=_choose, args=(choice, name))


def _choose(choice: Choice, name: str) -> None:
    """Change one part of a free choice."""
    value = session.taken(f"rulebook_{name}")
    if name == "file":
        _put(choice._replace(file=value), free=True)
        return
    value = None if value == OWN else value
    side, _, part = name.partition("_")
    old, new = choice.old, choice.new
    if side == "old":
        old = old._replace(**{part: value})
    else:
        new = new._replace(**{part: value})
    _put(choice._replace(old=old, new=new), free=True)


def _file(choice: Choice, mine: Provisions | None) -> None:
    """Let the reader drop a provision file, take an example, and remove the file again."""
    place = st.popover("Provision file", key="provisions", type="tertiary", on_change="rerun")
    if not place.open:
        st.session_state.pop(FAULT, None)
        return
    with place, st.container(width=FILE_WIDTH, gap="small"):
        st.html(show.ROOMY)
        st.markdown(show.escaped(words.ABOUT_FILES))
        turn = st.session_state.get(TURN, 0)
        uploads.uploader(
            "Drop a provision file",
            type=["toml"],
            key=f"{DROPPED}_{turn}",
            on_change=_dropped,
            args=(choice,),
            max_upload_size=LARGEST_UPLOAD,
        )
        if st.session_state.get(FAULT):
            st.error(show.escaped(st.session_state[FAULT]))
        elif mine is not None:
            st.info(show.escaped(f"{mine.title}: {own_words.NOT_IN_FORCE}."))
        with st.container(horizontal=True, gap="small"):
            for key, file in shipped().items():
                st.download_button(
                    f"Example: {show.escaped(short_title(file.title))}",
                    (SHIPPED / f"{key}.toml").read_bytes(),
                    f"{key}.toml",
                    "application/toml",
                    key=f"example_{key}",
                    on_click="ignore",
                    type="tertiary",
                )
            if mine is not None:
                st.button(
                    "Remove the file", key="provisions_remove", type="tertiary",
                    on_click=_remove, args=(choice,),
                )  # fmt: skip


def _dropped(choice: Choice) -> None:
    """Put the values of a file on the page; a bad file changes nothing."""
    turn = st.session_state.get(TURN, 0)
    file = st.session_state.get(f"{DROPPED}_{turn}")
    if file is None:
        return
    st.session_state[TURN] = turn + 1
    st.session_state.pop(FAULT, None)
    content = file.getvalue()
    try:
        read(content)
    except ProvisionError as fault:
        st.session_state[FAULT] = str(fault)
        return
    st.session_state[MY_FILE] = content
    _put_file(choice)


def _remove(choice: Choice) -> None:
    st.session_state.pop(MY_FILE, None)
    if choice.file == MINE:
        _put(opening(choice.acos))


def _tiles(own: Own, many: ManyAcos | None) -> None:
    figures = own_words.tiles(own)
    show.tiles((*figures, all_words.tile(many, own.names)) if many else figures)


def _effects(own: Own) -> Picture:
    """Put the bridge from the payment under the old rules to that under the new on the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            show.title(own_words.picture_title(own))
        show.how(key="rule_changes_how")
    show.register(*own_words.figures(own))
    picture = rule_effects(own, show.theme())
    show.picture(picture, key="rule_effects")
    if len(own_words.bars(own)) > 1:
        show.quiet(own_words.split_note(own.found))
    return picture


def _on_all(choice: Choice) -> tuple[ManyAcos | None, str]:
    """Return all ACOs of the year under both rulebooks, or why there is no such comparison."""
    try:
        if acos.loaded(choice.acos):
            return acos.on_all(choice, _mine()), ""
        with st.spinner(words.loading(choice.acos)):
            return acos.on_all(choice, _mine()), ""
    except Refused as fault:
        return None, words.refused(fault)


def _all_acos(
    choice: Choice, many: ManyAcos, names: Names, *, rests: bool
) -> list[tuple[str, Picture]]:
    """Put who gains and who loses on the page; it ``rests`` on values not published yet."""
    drawn: list[tuple[str, Picture]] = []
    head, which = st.columns([4, 1], vertical_alignment="bottom")
    with head:
        show.title(f"{all_words.title(many, names)}{words.IF_UNCHANGED if rests else ''}.")
    with which:
        session.offer(YEAR, choice.acos)
        st.selectbox("ACOs of", acos.years(), key=YEAR, on_change=_choose_year, args=(choice,))
    show.register(*all_words.figures(many, names))
    if many.found is not None and all_words.anyone(many):
        groups = {
            "By contract": all_words.by_contract(many),
            "By people assigned": all_words.by_size(many),
        }
        picture = who(groups, show.theme(), all_words.describe(many, names))
        show.picture(picture, key="who_gains")
        drawn.append(("who gains and loses", picture))
    show.quiet(" ".join(filter(None, (all_words.left_out(many), all_words.assumed(many.year)))))
    for title, gain in (("Gain most", True), ("Lose most", False)):
        if found := all_words.movers(many, gain=gain):
            show.title(title)
            show.table(all_words.mover_rows(found))
    return drawn


def _choose_year(choice: Choice) -> None:
    _put(choice._replace(acos=int(session.taken(YEAR))), free=bool(st.session_state.get(FREELY)))


def _take(
    own: Own | None, many: ManyAcos | None, names: Names, proposed: Provisions | None
) -> None:
    """Offer the brief of this comparison, and every ACO as CSV."""
    asked_files.offer(
        "Brief (PDF)",
        partial(brief, own, many, names, proposed),
        "rule-changes.pdf",
        PDF,
        key="rule_changes_brief",
        help="This comparison on one page",
    )
    if many is not None:
        asked_files.offer(
            f"ACOs of {many.year} (CSV)",
            partial(_csv, many, names),
            f"rule-changes-{many.year}.csv",
            CSV,
            key="rule_changes_csv",
            help="One row an ACO: its payments and what each provision moves",
        )


def _csv(many: ManyAcos, names: Names) -> bytes:
    return all_words.table(many, names).encode("utf-8-sig")
