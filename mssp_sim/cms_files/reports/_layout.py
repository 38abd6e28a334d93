"""What each report is expected to hold, and how a line of it is found: by code, and by words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mssp_sim.cms_files.reports._sheet import Sheet, Value, plain

Kind = Literal["BNMRK", "AEXPU", "QEXPU", "STLMT"]
BNMRK: Kind = "BNMRK"
AEXPU: Kind = "AEXPU"
QEXPU: Kind = "QEXPU"
STLMT: Kind = "STLMT"
KIND_WORDS = {
    BNMRK: "historical benchmark",
    AEXPU: "expenditure and utilization of a year",
    QEXPU: "expenditure and utilization of a quarter",
    STLMT: "settlement (financial reconciliation)",
}

BY1, BY2, BY3 = (rf"by ?{n}\b.*|benchmark year {n}\b.*" for n in (1, 2, 3))
RESULT = r"(?:historical )?benchmark(?! year)\b.*"
ACO = r"(?:your )?aco(?: specific)?|aco specific.*"
NATION_12_MONTHS = r"national assignable.*12 month.*"
NATION = r"national assignable(?!.*12 month).*"
THE_YEAR = r"py|performance year.*|py ?20\d\d.*|20\d\d"
ANY = r".*"


def agreement_year(nth: int) -> str:
    """Return the heading of the nth performance year of an agreement."""
    return rf"py ?{nth}\b(?!\d).*|performance year {nth}\b.*"


def quarter(nth: int) -> str:
    """Return the heading of a quarter."""
    return rf"(?:20\d\d )?q(?:uarter)? ?{nth}\b.*"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report: its name here, its table, code and words, and its columns in CMS's order.

    ``words`` and ``not_words`` are looked for in the label of its section; a line of a report
    that gives codes (``code``) is found by the code, whatever the words, unless ``strict``: then
    words that are another line's do not count. ``columns`` are tried in turn where ``first``.
    """

    name: str
    label: str
    table: str
    code: str
    words: str
    columns: tuple[str, ...]
    by_type: bool = False
    needed: bool = True
    not_words: str = "^$"
    strict: bool = False


_HISTORY = r"table 1\b(?! ?[a-z]\b).*|(?!table \d).*historical benchmark.*"
_ACPT = r"table 6\b.*|.*acpt.*"
_TREND = r"table 2\b(?! ?[a-z]\b).*trend.*"
_AGGREGATE = r"table 1\b(?! ?a\b).*|(?!table \d).*aggregate.*"
_REGION = r"table 2\b.*|.*regional expenditures.*"
_UPDATED = r"table 2\b.*|.*updated benchmark.*"
_SETTLED = r"table 3\b.*|.*shared savings.*"
_UPDATE = r"table a ?3\b.*|.*trend update.*"
_YEARS, _HERE = (BY1, BY2, BY3), (THE_YEAR, ANY)
_SPENT = r"expenditures?.*(?:per|capita)|per capita.*expenditures?"
_PARTS = r"component|truncat|regional|inpatient|snf|physician|home health|hospice"


_AGGREGATES = (
    Line("spending", "Total expenditures per capita", _AGGREGATE, "", _SPENT, (ACO,), by_type=True,
         not_words=_PARTS),
    Line("national", "Total expenditures per capita, national", _AGGREGATE, "", _SPENT,
         (NATION_12_MONTHS, NATION), by_type=True, not_words=_PARTS),
    Line("person_years", "Person-years", _AGGREGATE, "", r"person ?years", (ACO,), by_type=True,
         not_words="expenditure"),
    Line("people", "Total assigned beneficiaries", _AGGREGATE, "",
         r"(?:total )?(?:number of )?assigned beneficiaries", (ACO,), not_words="per assigned"),
)  # fmt: skip

LINES: dict[Kind, tuple[Line, ...]] = {
    BNMRK: (
        Line("historical_benchmark", "Historical benchmark after the adjustment", _HISTORY, "L",
             r"benchmark", (RESULT,), by_type=True),
        Line("people", "Assigned beneficiaries", _HISTORY, "A1", r"assigned benef", (BY3,),
             needed=False),
        Line("person_years", "Person-years", _HISTORY, "A2", r"person ?years", (BY3,), by_type=True,
             needed=False),
        Line("acpt", "ACPT as a ratio to benchmark year 3", _ACPT, "F", r"ratio|acpt|trend",
             tuple(agreement_year(n) for n in range(1, 6)), by_type=True),
        Line("national_by_year", "National per capita", _TREND, "A", r"national.*per capita",
             _YEARS, by_type=True, needed=False),
    ),
    AEXPU: tuple(line for line in _AGGREGATES if line.name == "national"),
    QEXPU: (
        *_AGGREGATES,
        Line("regional", "Regional Expenditures ($)", _REGION, "", r"regional expenditures?",
             (BY3, *map(quarter, range(1, 5))), by_type=True),
        Line("national_weight", "National Weight", _REGION, "", r"national weight",
             (BY3, *map(quarter, range(1, 5))), by_type=True),
        Line("regional_weight", "Regional Weight", _REGION, "", r"regional weight",
             (BY3, *map(quarter, range(1, 5))), by_type=True),
    ),
    STLMT: (
        Line("spending_history", "Per capita expenditures", _HISTORY, "B",
             r"per capita|expenditures", _YEARS, by_type=True, strict=True),
        Line("risk_history", "Risk score", _HISTORY, "C", r"risk scores?\b", _YEARS, by_type=True,
             not_words="ratio|region", strict=True),
        Line("mix_by3", "Mix by type in benchmark year 3", _HISTORY, "H",
             r"proportion|share|mix|person ?year", (RESULT, BY3), by_type=True, strict=True),
        Line("risk_scores", "Risk scores, BY3 and PY", _UPDATED, "B", r"risk scores?\b",
             (BY3, THE_YEAR), by_type=True, not_words="ratio", strict=True),
        Line("mix", "Mix by type in the performance year", _UPDATED, "G",
             r"proportion|share|mix|person ?year", _HERE, by_type=True, strict=True),
        Line("national_history", "National per capita", _UPDATE, "A", r"national.*per capita",
             (*_YEARS, THE_YEAR), by_type=True, strict=True),
        Line("regional_history", "Regional per capita", _UPDATE, "C", r"regional.*per capita",
             (*_YEARS, THE_YEAR), by_type=True, strict=True),
        Line("national_weight", "National weight", _UPDATE, "E", r"national.*weight",
             (BY3, THE_YEAR), by_type=True, strict=True),
        Line("spending_by_type", "Per capita expenditures by type", _SETTLED, "C",
             r"per capita", _HERE, by_type=True, strict=True),
        Line("settled_people", "Assigned beneficiaries", _SETTLED, "A", r"assigned benef", _HERE,
             strict=True),
        Line("settled_person_years", "Person-years", _SETTLED, "B", r"person ?years", _HERE,
             not_words="proportion|share|mix", strict=True),
        Line("minimum", "Minimum savings rate", _SETTLED, "L", r"minimum savings rate|msr",
             _HERE, not_words=r"dollar|\$|threshold|amount", strict=True),
        Line("score", "Quality score", _SETTLED, "R", r"quality.*score", _HERE, strict=True),
        Line("standard_met", "Quality standard met", _SETTLED, "S", r"standard", _HERE,
             strict=True),
        Line("final_rate", "Final sharing rate", _SETTLED, "T", r"final sharing rate", _HERE,
             needed=False, strict=True),
        Line("revenue", "Revenue of the participants", _SETTLED, "AA", r"revenue", _HERE,
             needed=False, not_words="limit|cap", strict=True),
        Line("year_affected", "Share of the year affected", _SETTLED, "DD",
             r"year.*affected|affected.*year|months", _HERE, needed=False, strict=True),
        Line("people_affected", "Share of the people affected", _SETTLED, "EE",
             r"(?:beneficiaries|people).*affected|affected.*(?:beneficiaries|people)|resid",
             _HERE, needed=False, strict=True),
    ),
}  # fmt: skip


def values_of(line: Line, sheets: Sequence[Sheet]) -> tuple[Value, ...]:
    """Return the cells of a line, in the order of its columns: of the right table alone.

    Where no table of its name has it, another one that has both its code and its words counts.
    """
    named = [s for s in sheets if re.fullmatch(line.table, plain(s.name))]
    for sheet in named:
        if found := _in_sheet(line, sheet, by_code_alone=not line.strict):
            return found
    elsewhere = [
        found for sheet in sheets if sheet not in named
        if (found := _in_sheet(line, sheet, by_code_alone=False, both=bool(line.code)))
    ]  # fmt: skip
    return elsewhere[0] if len(elsewhere) == 1 else ()


def _in_sheet(
    line: Line, sheet: Sheet, *, by_code_alone: bool, both: bool = False
) -> tuple[Value, ...]:
    columns = _columns_of(line, sheet)
    if not columns:
        return ()
    coded = [v for v in sheet.values if line.code and v.code == line.code]
    worded = [v for v in sheet.values if _worded(line, v)]
    if both or (line.strict and any(_worded(line, v) for v in coded)):
        chosen = [v for v in coded if _worded(line, v)]
    elif by_code_alone and coded:
        chosen = coded
    else:
        chosen = worded or (coded if line.strict and not worded else [])
    kept = _one_section(chosen)
    found = []
    for column in columns:
        found += [
            v for v in kept if v.column == column and (v.type is not None or not line.by_type)
        ]
    return tuple(found)


def _worded(line: Line, value: Value) -> bool:
    text = plain(value.section if value.type is not None or value.code else value.label)
    return (
        re.search(line.words, text) is not None
        and re.search(line.not_words, text) is None
    )  # fmt: skip


def _one_section(values: Sequence[Value]) -> list[Value]:
    """Return the values of the first section among them: a total one before the others."""
    sections = list(dict.fromkeys((v.code, v.section) for v in values))
    if len(sections) > 1:
        types = {s: len({v.type for v in values if (v.code, v.section) == s}) for s in sections}
        sections.sort(key=lambda s: (-types[s], "total" not in s[1].lower()))
    return [v for v in values if (v.code, v.section) == sections[0]] if sections else []


def _columns_of(line: Line, sheet: Sheet) -> list[str]:
    """Return the headings of a line's columns, each the best that the sheet has."""
    if any(v.column == "" for v in sheet.values):
        return [""]
    if ANY in line.columns and not any(_matching(c, sheet) for c in line.columns if c != ANY):
        return [next(iter(sheet.columns), "")]
    found = []
    for column in line.columns:
        headings = _matching(column, sheet) if column != ANY else []
        found += headings[:1]
    return found


def _matching(column: str, sheet: Sheet) -> list[str]:
    """Return the headings that match, the shortest first: decoys say more."""
    there = [c for c in sheet.columns if re.fullmatch(column, plain(c))]
    return sorted(there, key=lambda heading: len(plain(heading)))


def missing(kind: Kind, sheets: Sequence[Sheet]) -> Iterator[str]:
    """Yield the lines a report of this kind should hold and does not, in words."""
    for line in LINES[kind]:
        found = values_of(line, sheets)
        if line.needed and not any(v.number is not None or v.text for v in found):
            code = f" [{line.code}]" if line.code else ""
            yield f"{line.label}{code}"
