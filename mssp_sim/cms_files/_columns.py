"""What CMS calls each quantity, and which columns of a file we know."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mssp_sim.cms_files._cells import CmsColumn
from mssp_sim.cms_files._error import ResultsFileError, clip
from mssp_sim.cms_files._kinds import kind_of
from mssp_sim.cms_files._table import TextTable, refuse
from mssp_sim.units import TYPE_WORDS

YEARS = ("by1", "by2", "by3", "py")

# 2013's headings are sentences; from 2014 on they are short names. Compared without case,
# spaces and signs, so that Sav_rate, Sav_Rate and savrate are one.
NAMES: Mapping[str, tuple[str, ...]] = {
    "aco_id": ("ACO_ID", "ACO_Num", "ACO Identifier"),
    "aco_name": ("ACO_Name",),
    "performance_year": ("Performance_Year", "Year", "PerfYear"),
    "agreement_start": ("Current_Start_Date", "Start_Date"),
    "agreement_period": ("Agreement_Period_Num", "Agreement_Period"),
    "level": ("Current_Track", "Track"),
    "risk_model": ("Risk_Model",),
    "assigned_beneficiaries": ("N_AB", "Total number of assigned beneficiaries"),
    "person_years": ("N_AB_Year_PY", "N_AB_Year", "Total assigned beneficiary person years"),
    "benchmark": ("UpdatedBnchmk", "Updated_Benchmark"),
    "historical_benchmark": ("HistBnchmk", "Historical_Benchmark"),
    "benchmark_total": ("ABtotBnchmk", "Total benchmark expenditures ($)"),
    "expenditure_total": ("ABtotExp", "Total expenditures ($)"),
    "gross_savings": ("BnchmkMinExp", "Total savings/losses ($)"),
    "savings_rate": ("Sav_Rate",),
    "minimum_savings_rate": ("MinSavPerc", "Minimum Savings Rate (%)"),
    "generated": ("GenSaveLoss",),
    "payment": ("EarnSaveLoss",),
    "earned": ("Shared Savings ($)",),
    "owed": ("Shared Losses ($)",),
    "quality_score": ("QualScore", "Quality Score"),
    "quality_standard_met": ("Met_QPS",),
    "alternative_standard_met": ("Met_AltQPS",),
    "sharing_rate": ("MaxShareRate", "QualPerfShare", "Quality Performance Sharing Rate"),
    "final_sharing_rate": ("FinalShareRate", "Final sharing rate"),
    "shared_loss_rate": ("FinalLossRate",),
    "disaster_adjustment": ("DisAdj",),
    "low_revenue": ("Rev_Exp_Cat",),
    "revenue_loss_limit": ("RevLossLimit",),
    "guardrail": ("Guardrail",),
    "reduced_sharing": ("ReducedSS",),
}  # fmt: skip

MEANING = {
    "aco_id": "the ACO's identifier",
    "aco_name": "the ACO's name",
    "level": "the track or level",
    "assigned_beneficiaries": "the assigned beneficiaries",
    "person_years": "the person-years",
    "benchmark_total": "the total benchmark",
    "expenditure_total": "the total spending",
    "minimum_savings_rate": "the minimum savings rate",
    "payment": "what the ACO earned or owes",
    "quality_score": "the quality score",
}
"""The quantities without which no ACO can be settled."""

# 0/1 columns, of which one is 1. Those of the initial agreement (Initial_Track_1) are others.
LEVEL_FLAGS = {
    "1": ("Current_Track_1", "Track1"),
    "1+": ("Current_Track_1_Plus",),
    "2": ("Current_Track_2", "Track2", "Track 2 ACO"),
    "3": ("Current_Track_3", "Track3"),
    "A": ("Current_BASIC_A",),
    "B": ("Current_BASIC_B",),
    "C": ("Current_BASIC_C",),
    "D": ("Current_BASIC_D",),
    "E": ("Current_BASIC_E",),
    "ENHANCED": ("Current_ENHANCED",),
}

_BY_TYPE = {
    "expenditure": ("Per_Capita_Exp_ALL_{}", ("ESRD", "DIS", "AGDU", "AGND")),
    "risk_score": ("CMS_HCC_RiskScore_{}", ("ESRD", "DIS", "AGDU", "AGND")),
    "person_years": ("N_AB_Year_{}", ("ESRD", "DIS", "AGED_Dual", "AGED_NonDual")),
}
_BY_TYPE_2013 = {
    "expenditure": "Total expenditures per assigned {} beneficiary",
    "person_years": "Total number of {} assigned beneficiary person years",
}
_TYPES_2013 = ("ESRD", "DISABLED", "AGED/DUAL", "AGED/NON-DUAL")


class Span(NamedTuple):
    """How a quantity's values can lie."""

    expected: str
    low: float
    high: float


BY_TYPE_SPAN = {
    "expenditure": Span("dollars per person-year such as 12345", 0, 5e6),
    "risk_score": Span("a risk score such as 1.034", 0, 20),
    "person_years": Span("person-years such as 1234", 0, 5e6),
}


def plain(heading: str) -> str:
    """Return a heading as it is compared: letters and digits only.

    Examples
    --------
    >>> plain("Current_Track_1_Plus"), plain("Total savings/losses ($)")
    ('currenttrack1plus', 'totalsavingslosses')
    """
    return re.sub(r"[^a-z0-9]", "", heading.lower().replace("+", "plus"))


def by_type() -> dict[str, tuple[str, ...]]:
    """Return CMS's names of the quantities by enrollment type and year."""
    found: dict[str, tuple[str, ...]] = {}
    for quantity, (form, types) in _BY_TYPE.items():
        for our_type, its_type, old_type in zip(TYPE_WORDS, types, _TYPES_2013, strict=True):
            for year in YEARS:
                names = [f"{form.format(its_type)}_{year}"]
                if year == "py" and quantity in _BY_TYPE_2013:
                    names += [_BY_TYPE_2013[quantity].format(old_type)]
                if year == "py" and quantity == "person_years":
                    names += [form.format(its_type)]  # 2014 has no suffix for its own year
                found[f"{quantity}_{our_type}_{year}"] = tuple(names)
    return found


BY_TYPE = by_type()


def _in_step(headings: list[str]) -> list[str]:
    """Return 2013's headings moved back over their own values.

    CMS left out "Total expenditures" after the benchmark and has one label too many later, so
    that all labels between stand one column too far left.
    """
    names = [plain(heading) for heading in headings]
    first, extra = (
        "totalbenchmarkexpenditures",
        "totalperformanceyearspendingperassignedbeneficiary",
    )
    if "totalexpenditures" in names or first not in names or extra not in names:
        return headings
    start, end = names.index(first) + 1, names.index(extra)
    if end < start:
        return headings
    return [*headings[:start], "Total expenditures ($)", *headings[start:end], *headings[end + 1 :]]


def expect_results(headings: list[str], file: str) -> None:
    """Raise where the headings are those of another file altogether.

    Raises
    ------
    ResultsFileError
        Where fewer than half of the quantities a settlement needs have a column.

    Source: ours
    """
    known = {plain(heading) for heading in headings}
    held = [word for word in MEANING if not known.isdisjoint(map(plain, NAMES[word]))]
    if len(held) < len(MEANING) // 2:
        shown = ", ".join(clip(h) or "(blank)" for h in headings[:3]) or "with nothing"
        kind = kind_of([plain(heading) for heading in headings])
        what = (
            f"this is {f'{kind}, ' if kind else ''}not CMS's file “Performance Year Financial and "
            f"Quality Results”; its columns begin {shown}"
        )
        raise ResultsFileError(what, file=file)


class Columns:
    """The columns of a file that carry quantities we know, by our words."""

    def __init__(self, table: TextTable) -> None:
        self.table = table
        self._places: dict[str, list[int]] = {}
        self.headings = _in_step(table.headings)
        for place, heading in enumerate(self.headings):
            self._places.setdefault(plain(heading), []).append(place)
        self._columns: dict[str, CmsColumn] = {}
        for word, names in {**NAMES, **BY_TYPE}.items():
            self._recognise(word, names)
        self.level_flags = self._level_flags()
        self._check_complete()

    def has(self, *names: str) -> bool:
        """Return whether the file has a column of one of CMS's names."""
        return any(plain(name) in self._places for name in names)

    def get(self, word: str) -> CmsColumn | None:
        """Return the column of a quantity, None where the file has none."""
        return self._columns.get(word)

    def __getitem__(self, word: str) -> CmsColumn:
        return self._columns[word]

    def _column(self, name: str) -> CmsColumn | None:
        places = self._places.get(plain(name), [])
        if not places:
            return None
        heading = self.headings[places[0]]
        cells = [row[places[0]] for row in self.table.rows]
        if any([row[place] for row in self.table.rows] != cells for place in places[1:]):
            what = "two columns of this name hold different values; expected one"
            raise refuse(self.table, what, heading)
        return CmsColumn(self.table, heading, cells)

    def _recognise(self, word: str, names: tuple[str, ...]) -> None:
        found = [column for name in names if (column := self._column(name)) is not None]
        if not found:
            return
        for other in found[1:]:
            if other.cells != found[0].cells:
                what = f"it differs from column {clip(found[0].heading)}, which means the same"
                raise refuse(self.table, what, other.heading)
        self._columns[word] = found[0]

    def _level_flags(self) -> dict[str, CmsColumn]:
        found = {}
        for level, names in LEVEL_FLAGS.items():
            for name in names:
                if (column := self._column(name)) is not None:
                    found[level] = column
        return found

    def _check_complete(self) -> None:
        held = set(self._columns)
        if "earned" in held and "owed" in held:
            held.add("payment")
        if self.level_flags:
            held.add("level")
        if {"quality_standard_met", "final_sharing_rate"}.isdisjoint(held):
            held.discard("quality_score")
        missing = [word for word in MEANING if word not in held]
        if not missing:
            return
        wanted = [f"{MEANING[word]} ({' or '.join(_asked(word))})" for word in missing]
        what = f"it has no column for {' and for '.join(wanted)}"
        raise ResultsFileError(what, file=self.table.file)


def _asked(word: str) -> tuple[str, ...]:
    if word == "quality_score":
        return ("QualScore, with Met_QPS", "FinalShareRate")
    return NAMES[word][:1]
