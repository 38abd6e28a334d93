"""The parts of Rules and sources: the values, the settlement's steps, what is left out."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from mssp_sim.app import curtain, frame, session, show
from mssp_sim.figures import money
from mssp_sim.parameters import Rules, Version
from mssp_sim.result import Result
from mssp_sim.screens.rules.limits import limits
from mssp_sim.studies.advances import advance_rules
from mssp_sim.studies.repayment import election_rules
from mssp_sim.studies.uncertain import Uncertain, uncertain
from mssp_sim.trace import trace
from mssp_sim.words.proven import trust
from mssp_sim.words.rulebook import Entry, VersionLine, advances, confidence, elections, rulebook

SEARCH, WHICH = "rules_search", "rules_which"
ALL, YOURS, UNCHECKED = "All versions", "Yours", "Not yet checked"
TABS = ("The values of the rule", "Your settlement step by step", "What is left out")
ADVANCES = "What CMS pays in advance, beside the settlement (Five years, Program cost)"
ELECTION = "What an election asks and brings, beside the settlement (Election)"
HEADS = ("Rule", "Value and when", "Paragraph and how we know")


def draw(result: Result) -> None:
    """Put Rules and sources on the page."""
    rules = result.rules
    show.sentence(headline(rules, int(result.scenario.performance_year)), owed=False)
    show.quiet(trust())
    st.page_link(frame.page_file("rule_changes"), label="What do other rules do to us?")
    show.title("What is not certain")
    st.markdown(not_certain())
    values, steps, left_out = st.tabs(TABS, key="rules_tabs", on_change="rerun")
    if values.open:
        with values:
            _values(result)
    if steps.open:
        with steps:
            _steps(result)
    if left_out.open:
        with left_out:
            _left_out()


def headline(rules: Rules, performance_year: int) -> str:
    """Return how well the values are known that settle a year.

    Examples
    --------
    >>> from mssp_sim.parameters import rules_in_force
    >>> headline(rules_in_force(2025), 2025).split(":")[0]
    '39 values of the rule settle your 2025'
    """
    count = confidence(rules)
    said = {
        "rule": "{} read word for word in the rule",
        "CMS": "{} from a CMS document",
        "CMS files": "{} proven on CMS’s results",
        "secondary": "{} from a secondary source",
        "recalled": "{} not yet checked",
        "does not apply": "{} for which there was no such rule then",
    }
    parts = [words.format(count[way]) for way, words in said.items() if count[way]]
    listed = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"{sum(count.values())} values of the rule settle your {performance_year}: {listed}."


def not_certain() -> str:
    """Return what is not certain as a Markdown list, each with the dollars that it moves."""
    return "\n".join(
        f"- **{show.escaped(item.title)}.** {show.escaped(f'{item.words} {_moves(item)}')}"
        for item in uncertain()
    )


def _moves(item: Uncertain) -> str:
    if not item.opening and not item.median:
        return "It moves nothing on the opening scenario or on a median ACO of 2024."
    opening, median = (
        money(dollars) if dollars else "nothing" for dollars in (item.opening, item.median)
    )
    return f"It moves {opening} on the opening scenario, {median} on a median ACO of 2024."


def _values(result: Result) -> None:
    find, which = st.columns([3, 2], vertical_alignment="center")
    wanted = find.text_input(
        "Find a rule",
        key=SEARCH,
        placeholder="minimum, 425.605, recalled …",
        label_visibility="collapsed",
    )
    chosen = which.segmented_control(
        "Which versions",
        (ALL, YOURS, UNCHECKED),
        default=ALL,
        required=True,
        key=WHICH,
        label_visibility="collapsed",
    )
    s = result.scenario
    paid_in_advance = advance_rules(int(s.performance_year), s.agreement_start).source
    tables = (
        ("", rulebook(), result.rules.source),
        (ADVANCES, advances(), paid_in_advance),
        (ELECTION, elections(), election_rules(s.agreement_start).source),
    )
    nothing = True
    for head, entries, in_force in tables:
        found = [
            (entry, lines)
            for entry in entries
            if entry.holds(wanted or "") and (lines := _chosen(entry, in_force, str(chosen)))
        ]
        if found:
            nothing = False
            if head:
                show.title(head)
            st.markdown(table(found, in_force))
    if nothing:
        show.quiet(f"No value matches “{wanted}”. Try a word of its name, or a paragraph.")


def _chosen(entry: Entry, in_force: Mapping[str, Version], which: str) -> tuple[VersionLine, ...]:
    return tuple(
        line
        for line in reversed(entry.lines)
        if which == ALL
        or (which == YOURS and line.version is in_force.get(entry.name))
        or (which == UNCHECKED and line.citation.known_by == "recalled")
    )


def table(
    found: Iterable[tuple[Entry, Sequence[VersionLine]]], in_force: Mapping[str, Version]
) -> str:
    """Return values as one Markdown table, a row a version, newest first."""
    rows = [HEADS, ("---",) * len(HEADS)]
    for entry, lines in found:
        for number, line in enumerate(lines):
            yours = line.version is in_force.get(entry.name)
            rows.append(_row(entry, line, first=number == 0, yours=yours))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(entry: Entry, line: VersionLine, *, first: bool, yours: bool) -> tuple[str, ...]:
    end = "" if entry.title.endswith("?") else "."
    name = f"**{show.escaped(entry.title)}{end}** {show.escaped(entry.meaning)}"
    value, citation = show.escaped(line.value), line.citation
    known = f"**{line.known}**" if citation.known_by == "recalled" else line.known
    return (
        name if first else "",
        f"{f'**{value}** · **yours**' if yours else value} {_small(line.years)}",
        f"[{show.escaped(citation.section.removeprefix('42 CFR '))}]({citation.url}) · {known} "
        f"{_small(' '.join((*(f'“{quote}”' for quote in citation.quotes), citation.reference)))}",
    )


def _small(text: str) -> str:
    return f":gray[:small[{show.escaped(text)}]]"


def _steps(result: Result) -> None:
    """Put every step of the settlement on the page, in the order in which it is worked out."""
    if session.curtain():
        curtain.waits("The steps would tell the answer")
        return
    steps = show.arithmetic(trace(result).steps())
    show.download(steps, "settlement.csv", "Download the steps")


def _left_out() -> None:
    """Put what the simulator does not do, and where it is simpler, on the page."""
    left, right = st.columns(2, gap="medium")
    for place, head, sentences in (
        (left, "What is not modeled", limits().not_modeled),
        (right, "What is simpler here than in the rule", limits().simplified),
    ):
        with place:
            show.title(head)
            st.markdown("\n".join(f"- {show.escaped(sentence)}" for sentence in sentences))
