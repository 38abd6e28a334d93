"""Workbooks of the shape of CMS's reports, with invented figures and every habit of theirs.

``Dress`` varies what CMS varies from delivery to delivery: spelling, order, footnotes, columns
that only look like the ones wanted, blank quarters, a missing table, a stamp without a day.
"""

import datetime as dt
import io
import random
from dataclasses import dataclass, field

import xlsxwriter

SHORT = ("ESRD", "Disabled", "Aged/dual", "Aged/non-dual")
LONG = ("End Stage Renal Disease", "Disabled", "Aged/Dual", "Aged/Non-Dual")


@dataclass
class Year:
    """An invented quarter: the inputs of steps A to S, by type in CMS's order."""

    aco: str = "A9001"
    name: str = "Invented Valley Care"
    performance_year: int = 2025
    quarter: int = 2
    agreement_year: int = 1
    level: str = "BASIC Level E"
    minimum: str = ""
    period: str = "Second Agreement Period"
    a: list = field(default_factory=lambda: [98_000.0, 12_900.0, 20_300.0, 11_800.0])
    b: list = field(default_factory=lambda: [103_000.5, 13_600.25, 21_400.75, 12_390.125])
    d: list = field(default_factory=lambda: [91_000.0, 12_100.0, 19_500.0, 12_100.0])
    e: list = field(default_factory=lambda: [95_000.5, 12_700.25, 20_650.75, 12_705.375])
    g: list = field(default_factory=lambda: [0.0244, 0.0512, 0.0833, 0.0391])
    g_by3: list = field(default_factory=lambda: [0.0213, 0.0467, 0.0791, 0.0352])
    j: list = field(default_factory=lambda: [1.045, 1.051, 1.049, 1.0525])
    l: list = field(default_factory=lambda: [90_500.75, 12_300.5, 19_900.25, 12_050.875])  # noqa: E741
    n: list = field(default_factory=lambda: [180.25, 3_190.5, 2_486.75, 38_142.5])
    n_by3: list = field(default_factory=lambda: [170.5, 3_100.25, 2_400.0, 37_000.25])
    n_total: float = 44_000.0
    spent: list = field(default_factory=lambda: [93_000.5, 12_500.25, 20_500.75, 12_120.5])
    q: float = 12_980.375
    people: int = 45_000

    @property
    def by3(self):
        """The last benchmark year."""
        return self.performance_year - self.agreement_year


def invented(rng):
    """Return an invented quarter from a seeded generator."""
    year = rng.choice([2024, 2025, 2025, 2026])
    nth = rng.randint(1, min(5, year - 2023))
    people = rng.choice([rng.randint(3_000, 9_000), rng.randint(9_000, 130_000)])
    base = [rng.uniform(70_000, 110_000), rng.uniform(9_000, 15_000),
            rng.uniform(14_000, 23_000), rng.uniform(9_000, 13_000)]  # fmt: skip
    mix = [0.004, 0.073, 0.055, 0.868]
    mix = [m * rng.uniform(0.7, 1.3) for m in mix]
    n_total = people * rng.uniform(0.95, 0.99)
    n = [n_total * m / sum(mix) for m in mix]
    printed = rng.choice([sum(n), round(sum(n), 2), float(round(sum(n)))])
    grown = [x * rng.uniform(1.0, 1.12) for x in base]
    region = [x * rng.uniform(0.85, 1.15) for x in base]
    history = [x * rng.uniform(0.9, 1.1) for x in base]
    spent = [x * rng.uniform(0.97, 1.14) for x in history]
    each = sum(s * x for s, x in zip(spent, n, strict=True)) / sum(n)
    level = rng.choice(["BASIC Level A", "BASIC Level B", "BASIC Level C", "BASIC Level D",
                        "BASIC Level E", "ENHANCED"])  # fmt: skip
    return Year(
        aco=f"A{rng.randint(1000, 9999)}", performance_year=year, quarter=rng.randint(1, 4),
        agreement_year=nth, level=level,
        minimum=rng.choice(["", "0.5%", "1.0%", "2.0%", "Variable"]),
        period=rng.choice(["First Agreement Period", "Second Agreement Period", "3"]),
        a=base, b=grown, d=region, e=[x * rng.uniform(1.0, 1.11) for x in region],
        g=[rng.uniform(0.01, 0.6) for _ in base], g_by3=[rng.uniform(0.01, 0.6) for _ in base],
        j=[rng.uniform(1.0, 1.12) for _ in base], l=history, n=n,
        n_by3=[x * rng.uniform(0.9, 1.1) for x in n], n_total=printed, spent=spent,
        q=rng.choice([each, round(each, 2)]), people=people,
    )  # fmt: skip


@dataclass
class Dress:
    """What one delivery looks like; plain without a generator."""

    rng: random.Random | None = None
    final: bool = True
    stamp: str = "D251015.T1200000"

    def chance(self, p=0.5):
        """Return yes at times; never where it is plain."""
        return self.rng is not None and self.rng.random() < p

    def pick(self, *choices):
        """Return one of several; the first where it is plain."""
        return self.rng.choice(choices) if self.rng else choices[0]

    def mark(self, text):
        """Return a label with what CMS puts around it: indentation, a footnote."""
        text = f"{text} [{self.rng.randint(1, 14)}]" if self.chance(0.3) else text
        return "  " * self.rng.randint(0, 3) + text if self.chance() else text

    def types(self, names):
        """Return the enrollment types in some spelling."""
        cased = self.pick(list, lambda n: [x.upper() for x in n], lambda n: [x.title() for x in n])
        return [self.mark(name) for name in cased(names)]

    def nothing(self):
        """Return what stands for not applicable."""
        return self.pick("-", "\N{EN DASH}", "N/A", "")

    def text(self, value):
        """Return a number as CMS may write it."""
        if value is None or isinstance(value, str):
            return self.nothing() if value is None else value
        return repr(value) if self.chance(0.05) else value


def section(dress, heading, rows, names, width, total=None):
    """Return a heading and a row a type under it."""
    held = [[dress.mark(heading), *[None] * width]] if heading else []
    for name, values in zip(dress.types(names), rows, strict=True):
        held.append([name, *map(dress.text, values)])
    if dress.chance(0.4):  # rows move
        body = held[1:]
        dress.rng.shuffle(body)
        held = [held[0], *body]
    if total is not None:
        held.append([dress.mark("Total"), *map(dress.text, total)])
    return held


def sheet(dress, title, columns, sections, *, banner="", notes=True):
    """Return a sheet: titles, headings, sections, notes; with columns that are no data."""
    rows = [[title], *([["All figures are invented"]] if dress.chance() else []), []]
    headings = ["", *(dress.mark(c).strip() for c in columns)]
    body = [row for part in sections for row in part]
    width = len(headings)
    body = [row + [None] * (width - len(row)) for row in body]
    if dress.chance(0.4):  # an extra column before the others, and one whose heading is blank
        at = dress.rng.randint(1, width)
        headings.insert(at, "Percent Change")
        for row in body:
            row.insert(at, 0.0123 if any(c not in (None, "") for c in row[1:]) else None)
    if dress.chance(0.3):
        headings.append("")
        for row in body:
            row.append(777.0 if any(c not in (None, "") for c in row[1:]) else None)
    if banner:
        rows.append(["", *[None] * max(0, width - 3), banner])
    rows += [headings, *body]
    if notes:
        rows += [[], ["Notes:"], ["[1] Beneficiaries with any month of assignment.", None, 1234.5],
                 ["[L] is not a line here", 1.0, 2.0, 3.0, 4.0]]  # fmt: skip
    return rows


def written(sheets, dress=None, hidden=(), cells=()):
    """Return an XLSX workbook of sheets: lists of rows by name.

    ``cells`` are pairs of a sheet and a function that writes into it besides.
    """
    names = list(sheets)
    if dress is not None and dress.chance(0.3):
        dress.rng.shuffle(names)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        # Without a day of its own a workbook has other bytes, and another length, each second.
        book.set_properties({"created": dt.datetime(2025, 5, 1)})
        for name in names:
            made = book.add_worksheet(name[:31])
            for down, row in enumerate(sheets[name]):
                for across, cell in enumerate(row):
                    if isinstance(cell, str) and cell:
                        made.write_string(down, across, cell)
                    elif cell is not None and cell != "":
                        made.write_number(down, across, cell)
            for where, write in cells:
                if where == name:
                    write(made)
            if name in hidden:
                made.hide()
    return out.getvalue()


def parameters(year, kind):
    y = year.by3
    keys = [
        ["ACO Track", year.level], ["ACO Agreement Period", year.period],
        ["Assignment Methodology", "Retrospective"],
        ["Agreement Period Subject to Regional Adjustment", "First"],
        *([["Minimum Savings Rate (MSR)", year.minimum]] if year.minimum else []),
    ]  # fmt: skip
    if kind != "AEXPU":
        keys += [
            [f"Benchmark Year {n} (BY{n})", f"01/01/{y - 3 + n} - 12/31/{y - 3 + n}"]
            for n in (1, 2, 3)
        ]
    return [["Parameters"], [], *keys]


def cover(year, words):
    return [["Medicare Shared Savings Program"], [words], [f"ACO ID: {year.aco}"],
            [f"ACO Name: {year.name}"]]  # fmt: skip


def name_of(year, kind, dress):
    of = {"AEXPU": f".Y{year.by3}", "QEXPU": f".{year.performance_year}Q{year.quarter}"}
    return f"P.{year.aco}.ACO.{kind}{of.get(kind, '')}.{dress.stamp}.xlsx"


def bnmrk(year, dress=None):
    """Return the historical benchmark: its name and its bytes."""
    dress = dress or Dress()
    names = SHORT
    by = ["BY1", "BY2", "BY3", "Benchmark"]
    total = sum(year.n_by3)
    body = [
        section(dress, "[A1] Assigned Beneficiaries", [[1.0, 2.0, 3.0, None]] * 4, names, 4),
        [["[A2] Person Years", 5_622.0, 5_778.0, total, None],
         *section(dress, "", [[x * 0.97, x * 0.99, x, None] for x in year.n_by3], names, 4)],
        [["Expenditures", *[None] * 4]],
        section(dress, "[B] Per Capita Expenditures",
                [[x * 0.91, x * 0.95, x, None] for x in year.l], names, 4),
        section(dress, "[K] Regional Adjustment", [[None, None, None, 12.5]] * 4, names, 4),
        section(dress, dress.pick("[L] Historical Benchmark", "[L] Benchmark after Adjustment",
                                  "[L] Rebased figure, by type"),
                [[None, None, None, x] for x in year.l], names, 4),
        section(dress, "[M] Historical Benchmark, all types", [[None, None, None, 1.0]] * 4,
                names, 4),
    ]  # fmt: skip
    trend = [
        section(dress, "[A] National per Capita Expenditures",
                [[x * 0.9, x * 0.95, x] for x in year.a], names, 3),
        section(dress, "[B] National Trend", [[1.1, 1.05, 1.0]] * 4, names, 3),
    ]  # fmt: skip
    sheets = {
        "Cover": cover(year, f"Historical Benchmark Report, Performance Year "
                             f"{year.performance_year}"),
        "TOC": [["Table 1 - Historical Benchmark"], ["Table 6 - ACPT"]],
        "Parameters": parameters(year, "BNMRK"),
        "Table 1 - Historical Benchmark": sheet(dress, "Table 1. Historical Benchmark", by, body),
        "Table 1A - Regional Adjustment": sheet(
            dress, "Table 1A. Regional Adjustment", by,
            [section(dress, "[L] Cap on the adjustment", [[9.0, 9.0, 9.0, 9.0]] * 4, names, 4)]),
        "Table 2 - Trend Factor": sheet(dress, "Table 2. Trend", by[:3], trend),
        "Glossary": [["Term", "Meaning"], ["Beneficiary", "A person assigned to an ACO, who has "
                                           "a Medicare Beneficiary Identifier (MBI)"]],
    }  # fmt: skip
    if dress.final:
        years = ["BY3", *(f"PY{n}" for n in range(1, 6))]

        def path(values):
            return [
                [1.0, *(v if n == year.agreement_year else 1 + 0.03 * n for n in range(1, 6))]
                for v in values
            ]

        two = ["ESRD", "Aged/Disabled"]
        acpt = [
            [["[A] USPCC", *[None] * 6], [two[0], 9e4, 9e4, 9e4, 9e4, 9e4, 9e4],
             [two[1], 1e4, 1e4, 1e4, 1e4, 1e4, 1e4]],
            section(dress, "[E] Weighted amount", [[9.0] * 6] * 4, names, 6),
            section(dress, dress.pick("[F] ACPT ratio to BY3", "[F] Cumulative growth"),
                    path(year.j), names, 6),
        ]  # fmt: skip
        sheets["Table 6 - ACPT"] = sheet(
            dress, "Table 6. ACPT", years, acpt, banner="Performance Year"
        )
    return name_of(year, "BNMRK", dress), written(sheets, dress)


def aggregate(dress, year, own, national, people, n, n_total):
    """Return table 1 of AEXPU and QEXPU."""
    columns = ["ACO-Specific", "All MSSP ACOs", "National Assignable FFS"]
    decoy = dress.chance(0.4)
    if decoy:
        columns.append("National Assignable FFS 12-Month")
    elif dress.chance(0.4):
        columns[2] = "National Assignable FFS 12-Month"

    def row(its, nation):
        values = [its, 1e4, nation]
        if decoy:
            values = [its, 1e4, 4_321.0, nation]
        return values

    k = len(columns)
    mean = sum(x * m for x, m in zip(own, n, strict=True)) / sum(n)
    first = [
        [dress.mark("Total Assigned Beneficiaries"), people, 9e6, *[None] * (k - 2)],
        [dress.mark("Number of ACOs"), dress.nothing(), 476, *[None] * (k - 2)],
    ]
    parts = [
        section(dress, dress.pick("Total Expenditures per Capita",
                                  "Total Expenditures per Assigned Beneficiary",
                                  "Per Capita Expenditures, Total"),
                [row(o, x) for o, x in zip(own, national, strict=True)], LONG, k,
                row(year.q if n is year.n else mean, 1e4)),
        section(dress, dress.pick("Person-Years", "Person Years"),
                [row(x, 1e6) for x in n], LONG, k, row(n_total, 1e7)),
        [["Component Expenditures per Assigned Beneficiary", *[None] * k],
         ["Inpatient", *row(3_300.0, 3_200.0)], ["Skilled Nursing Facility", *row(900.0, 850.0)]],
        [["Transition of Care/Care Coordination Utilization", *[None] * k],
         ["30-Day All-Cause Readmissions per 1,000", *row(160.0, 165.0)]],
    ]  # fmt: skip
    if dress.chance(0.3):  # sections move
        parts[0], parts[1] = parts[1], parts[0]
    return columns, [first, *parts]


def aexpu(year, dress=None):
    """Return the year's expenditure and utilization for benchmark year 3."""
    dress = dress or Dress()
    columns, body = aggregate(dress, year, year.l, year.a, 40_000, year.n_by3, sum(year.n_by3))
    title = f"Aggregate Expenditure/Utilization, Calendar Year {year.by3}"
    sheets = {
        "Cover": cover(year, f"Annual report, Calendar Year {year.by3}"),
        "Table_1-Aggregate_EU_Report": sheet(dress, title, columns, body),
        "Table_1A-Aggregate_EU_No_COVID": sheet(
            dress, "Without episodes", columns,
            aggregate(dress, year, year.spent, [1.0] * 4, 3, year.n_by3, 9.0)[1]),
        "Table_4-Exp_Truncation": [["Table 4"], ["", "Threshold", "People"], ["ESRD", 5e5, 12]],
    }  # fmt: skip
    # The columns of the two tables are drawn apart: keep the decoy out of the one not read.
    sheets["Table_1A-Aggregate_EU_No_COVID"] = [["Table 1A"], ["", "ACO-Specific", "Other"],
                                                ["Total Expenditures per Capita"],
                                                ["Disabled", 1.0, 2.0]]  # fmt: skip
    return name_of(year, "AEXPU", dress), written(sheets, dress)


def qexpu(year, dress=None):
    """Return the quarter's expenditure and utilization."""
    dress = dress or Dress()
    columns, body = aggregate(dress, year, year.spent, year.b, year.people, year.n, year.n_total)
    quarters = ["Benchmark Year 3", "Q1", "Q2", "Q3", "Q4"]

    def path(before, now):
        blank = dress.pick("", None)
        return [
            [first, *(last * (1 - 0.01 * (year.quarter - k)) if k < year.quarter else last
                      if k == year.quarter else blank for k in range(1, 5))]
            for first, last in zip(before, now, strict=True)
        ]  # fmt: skip

    region = [
        section(dress, "Regional Expenditures ($)", path(year.d, year.e), SHORT, 5),
        section(dress, "National Weight", path(year.g_by3, year.g), SHORT, 5),
        section(dress, "Regional Weight", path([1 - x for x in year.g_by3],
                                               [1 - x for x in year.g]), SHORT, 5),
    ]  # fmt: skip
    if dress.chance(0.3):
        dress.rng.shuffle(region)
    when = dress.pick(f"Quarter {year.quarter}, {year.performance_year}",
                      f"{year.performance_year} Q{year.quarter}")  # fmt: skip
    sheets = {
        "Cover": cover(year, f"Quarterly report, {when}"),
        "Parameters": parameters(year, "QEXPU"),
        "Table_1-Aggregate_EU_Report": sheet(dress, f"Table 1. Aggregate, {when}", columns, body),
        "Table_2-Regional_Expenditures": sheet(dress, "Table 2. Region", quarters, region),
        "Table_3-SNF": [["Table 3"], ["", "ACO", "", "National"], ["", "Stays", "Days", "Stays"],
                        ["SNF 1", 12, 33, 44]],
    }  # fmt: skip
    return name_of(year, "QEXPU", dress), written(sheets, dress)


def delivery(year, dress=None):
    """Return the files of one quarter by name: BNMRK, AEXPU of benchmark year 3, QEXPU."""
    return dict(make(year, dress) for make in (bnmrk, aexpu, qexpu))


def opened(content, name=""):
    """Return bytes as an open file with a name."""
    file = io.BytesIO(content)
    file.name = name
    return file
