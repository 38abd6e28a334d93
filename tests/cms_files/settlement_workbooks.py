"""Settlement workbooks of the layout of 2022 with invented figures, worked out under their letters.

The arithmetic is the report's own, in plain numbers and line by line; it does not know the engine.
"""

import datetime as dt
import random
from dataclasses import dataclass

from tests.cms_files.report_oracle import HIGHEST, LOSS_LIMITS, by_size
from tests.cms_files.report_workbooks import LONG, SHORT, Dress, section, sheet, written

TYPES = range(4)
REGIONAL_WEIGHTS = {1: (0.35, 0.15), 2: (0.5, 0.25), 3: (0.5, 0.35), 4: (0.5, 0.5)}
WEIGHTS = {True: (0.1, 0.3, 0.6), False: (1 / 3, 1 / 3, 1 / 3)}
MONTHS = ("January", "July")


@dataclass
class Settled:
    """An invented ACO of 2022: what a settlement report is given; all else follows from it."""

    aco: str
    start: dt.date
    level: str
    period: int
    regional_period: int
    elected: float | None
    people: int
    person_years: float
    spent_before: list
    risk: list
    national: list
    regional: list
    share_by3: list
    share: list
    mix_by3: list
    mix: list
    spent: list
    score: float
    met: bool
    revenue: float
    year_affected: float
    people_affected: float


def mixed(rng):
    shares = [m * rng.uniform(0.7, 1.3) for m in (0.004, 0.075, 0.056, 0.865)]
    return [m / sum(shares) for m in shares]


def invented(rng, level="E", aim="savings", region="above", *, risky=False):
    """Return an ACO of a contract whose year ends as aimed, in a region above or below it."""
    start = rng.choice([dt.date(2019, 7, 1), dt.date(2020, 1, 1), dt.date(2022, 1, 1)])
    base = [rng.uniform(78_000, 90_000), rng.uniform(10_000, 13_000), rng.uniform(15_500, 19_000),
            rng.uniform(9_300, 11_500)]  # fmt: skip

    def grown(first, low, high):
        table = [first]
        for _ in range(3):
            table.append([x * rng.uniform(low, high) for x in table[-1]])
        return table

    before = grown(base, 1.02, 1.06)[:3]
    level_of_region = {"above": (1.05, 1.15), "far above": (1.3, 1.5), "below": (0.85, 0.95),
                       "far below": (0.5, 0.7)}[region]  # fmt: skip
    risk = [[rng.uniform(0.95, 1.05) for _ in TYPES] for _ in range(4)]
    risk[3] = [r * rng.uniform(1.04, 1.12) if risky else r * rng.uniform(0.97, 1.02)
               for r in risk[2]]  # fmt: skip
    people = rng.choice([rng.randint(2_000, 4_999), rng.randint(5_000, 120_000)])
    made = Settled(
        aco=f"A{rng.randint(1000, 9999)}", start=start, level=level,
        period=rng.randint(1, 4), regional_period=rng.randint(1, 4),
        elected=None if level in "AB" or rng.random() < 0.2
        else rng.choice([0.0, 0.005, 0.01, 0.015, 0.02]),
        people=people, person_years=people * rng.uniform(0.95, 0.99),
        spent_before=before, risk=risk,
        national=grown([x * rng.uniform(0.95, 1.05) for x in base], 1.02, 1.06),
        regional=grown([x * rng.uniform(*level_of_region) for x in base], 1.02, 1.06),
        share_by3=[rng.uniform(0.01, 0.5) for _ in TYPES],
        share=[rng.uniform(0.01, 0.5) for _ in TYPES], mix_by3=mixed(rng), mix=mixed(rng),
        spent=before[2], score=rng.uniform(0.4, 1.0), met=rng.random() < 0.8,
        revenue=0.0, year_affected=rng.choice([0.0, 0.0, 5 / 12]),
        people_affected=rng.choice([0.0, 0.9, 1.0]),
    )  # fmt: skip
    target = lines(made)["T2.H"][4]
    rate = {"savings": (-0.12, -0.03), "big savings": (-0.6, -0.55), "losses": (0.03, 0.08),
            "big losses": (0.5, 0.6), "neither": (-0.002, 0.002)}[aim]  # fmt: skip
    per_person = target * (1 + rng.uniform(*rate))
    factor = per_person / sum(m * x for m, x in zip(made.mix, before[2], strict=True))
    made.spent = [x * factor for x in before[2]]
    made.revenue = per_person * made.person_years * rng.choice([0.05, 0.3, 0.9, 1.6])
    return made


def over(values, weights):
    return sum(v * w for v, w in zip(values, weights, strict=True))


def lines(a):  # noqa: PLR0915  (one line a letter)
    """Return every line under its table and letter; by type a list of four, the total fifth.

    A table of years is a dict of the year's place.
    """
    years = range(3)
    f = {}
    f["A3.A"], f["A3.C"] = dict(enumerate(a.national)), dict(enumerate(a.regional))
    for name, table in (("A3.B", a.national), ("A3.D", a.regional)):
        f[name] = {y: [table[2][t] / table[y][t] for t in TYPES] for y in years}
        f[name][3] = [table[3][t] / table[2][t] for t in TYPES]
    f["A3.E"] = dict.fromkeys(years, a.share_by3) | {3: a.share}
    f["A3.F"] = {y: [1 - w for w in f["A3.E"][y]] for y in range(4)}
    f["A3.G"] = {
        y: [f["A3.B"][y][t] * f["A3.E"][y][t] + f["A3.D"][y][t] * f["A3.F"][y][t] for t in TYPES]
        for y in range(4)
    }
    f["T1.B"], f["T1.C"] = dict(enumerate(a.spent_before)), dict(enumerate(a.risk[:3]))
    f["T1.D"] = {y: [a.risk[2][t] / a.risk[y][t] for t in TYPES] for y in years}
    f["T1.E"] = {y: f["A3.G"][y] for y in years}
    f["T1.F"] = {
        y: [a.spent_before[y][t] * f["T1.D"][y][t] * f["T1.E"][y][t] for t in TYPES] for y in years
    }
    weights = WEIGHTS[a.period == 1]
    g = [sum(weights[y] * f["T1.F"][y][t] for y in years) for t in TYPES]
    f["T1.G"], f["T1.H"] = [*g, None], [*a.mix_by3, 1.0]
    f["T1.I"] = [None] * 4 + [over(g, a.mix_by3)]
    k = [a.regional[2][t] * a.risk[2][t] for t in TYPES]
    f["T1.J"], f["T1.K"] = [*a.regional[2], None], [*k, None]
    difference = [k[t] - g[t] for t in TYPES]
    overall = over(difference, a.mix_by3)
    f["T1.L"] = [*difference, None]
    f["T1.M"] = [*(difference[t] * a.mix_by3[t] for t in TYPES), overall]
    weight = REGIONAL_WEIGHTS[a.regional_period][0 if overall >= 0 else 1]
    f["T1.N"] = [None] * 4 + [weight]
    before = [weight * difference[t] for t in TYPES]
    cap = [0.05 * a.national[2][t] for t in TYPES]
    after = [max(-cap[t], min(cap[t], before[t])) for t in TYPES]
    r = [g[t] + after[t] for t in TYPES]
    f["T1.O"], f["T1.P"], f["T1.Q"], f["T1.R"] = ([*x, None] for x in (before, cap, after, r))
    f["T1.S"] = [None] * 4 + [over(r, a.mix_by3)]
    ratio = [min(a.risk[3][t] / a.risk[2][t], 1.03) for t in TYPES]
    update = f["A3.G"][3]
    updated = [r[t] * ratio[t] * update[t] for t in TYPES]
    target = over(updated, a.mix)
    f["T2.A"], f["T2.B"] = [*r, None], {2: a.risk[2], 3: a.risk[3]}
    f["T2.C"], f["T2.D"] = [*ratio, None], [*(r[t] * ratio[t] for t in TYPES), None]
    f["T2.E"], f["T2.F"], f["T2.G"] = [*update, None], [*updated, None], [*a.mix, 1.0]
    f["T2.H"] = [None] * 4 + [target]
    per_person = over(a.spent, a.mix)
    spent, total = per_person * a.person_years, target * a.person_years
    difference = total - spent
    two_sided = a.level not in ("A", "B")
    fixed = two_sided and a.elected is not None and a.people >= 5_000
    minimum = a.elected if fixed else by_size(a.people)
    saves = difference > 0 and difference >= minimum * total
    loses = two_sided and difference < 0 and -difference >= minimum * total
    highest = HIGHEST[a.level]
    rate = highest if a.met else 0.0
    share = difference * rate if saves else None
    limit = (0.2 if a.level == "ENHANCED" else 0.1) * total
    cut = 0.02 * share if saves else None
    earned = min(share - cut, limit) if saves else None
    loss_rate = None
    if two_sided:
        loss_rate = 0.3
        if a.level == "ENHANCED":
            loss_rate = max(0.4, min(0.75, 1 - 0.75 * a.score)) if a.met else 0.75
    loss = -difference * loss_rate if loses else None
    loss_limit = None
    if two_sided:
        loss_limit = 0.15 * total
        if a.level in LOSS_LIMITS:
            on_revenue, on_target = LOSS_LIMITS[a.level]
            loss_limit = min(on_revenue * a.revenue, on_target * total)
    limited = min(loss, loss_limit) if loses else None
    spared = limited * a.year_affected * a.people_affected if loses else None
    f["T3.C"], f["T3.D"] = [*a.spent, None], [*a.mix, 1.0]
    single = {
        "A": a.people, "B": a.person_years, "E": per_person, "F": target, "G": spent, "H": total,
        "I": difference, "J": difference if difference > 0 else None,
        "K": -difference if difference < 0 else None, "L": minimum,
        "M": -minimum if two_sided else None, "N": minimum * total,
        "O": -minimum * total if two_sided else None,
        "P": "Savings" if saves else "Losses" if loses else "Neither", "Q": highest,
        "R": a.score, "S": "Yes" if a.met else "No", "T": rate, "U": loss_rate, "V": share,
        "W": limit, "X": -cut if saves else None, "Y": earned, "Z": loss,
        "AA": a.revenue if two_sided else None, "BB": loss_limit, "CC": limited,
        "DD": a.year_affected if two_sided else None,
        "EE": a.people_affected if two_sided else None, "FF": -spared if loses else None,
        "GG": limited - spared if loses else None,
    }  # fmt: skip
    for letter, value in single.items():
        f[f"T3.{letter}"] = [None] * 4 + [value]
    return f


WORDS = {
    "T1": {
        "A1": "Assigned Beneficiaries", "A2": "Assigned Beneficiary Person Years",
        "B": "Per Capita Expenditures", "C": "Risk Score", "D": "Risk Ratio to BY3",
        "E": "Blended Trend Factor", "F": "Trended and Risk Adjusted Expenditures",
        "G": "Weighted Average Expenditures", "H": "Person Year Proportion, BY3",
        "I": "Benchmark before Regional Adjustment", "J": "Regional Expenditures",
        "K": "Regional Expenditures after the ACO's Risk", "L": "Difference",
        "M": "Weighted Difference", "N": "Weight", "O": "Adjustment before the Cap",
        "P": "Cap on the Adjustment", "Q": "Adjustment after the Cap",
        "R": "Regionally Adjusted Historical Benchmark by Type",
        "S": "Regionally Adjusted Historical Benchmark",
    },
    "T2": {
        "A": "Historical Benchmark", "B": "Risk Scores", "C": "Risk Ratio, capped",
        "D": "Risk Adjusted Historical Benchmark", "E": "Update Factor",
        "F": "Updated Benchmark by Type", "G": "Person Year Proportion",
        "H": "Updated Historical Benchmark",
    },
    "T3": {
        "A": "Assigned Beneficiaries", "B": "Person Years", "C": "Per Capita Expenditures by Type",
        "D": "Person Year Proportion", "E": "Per Capita Expenditures",
        "F": "Updated Benchmark per Capita", "G": "Total Expenditures", "H": "Total Benchmark",
        "I": "Total Benchmark Minus Expenditures", "J": "Savings", "K": "Losses",
        "L": "Minimum Savings Rate", "M": "Minimum Loss Rate", "N": "Minimum Savings, dollars",
        "O": "Minimum Losses, dollars", "P": "Outcome", "Q": "Maximum Sharing Rate",
        "R": "Quality Score", "S": "Quality Standard Met", "T": "Final Sharing Rate",
        "U": "Shared Loss Rate", "V": "Shared Savings before the Cap", "W": "Performance Cap",
        "X": "Sequestration", "Y": "Earned Performance Payment",
        "Z": "Shared Losses before the Cap",
        "AA": "Participant Revenue", "BB": "Loss Cap", "CC": "Shared Losses after the Cap",
        "DD": "Share of the Year Affected", "EE": "Share of Beneficiaries Affected",
        "FF": "Adjustment for the Disaster", "GG": "Shared Losses Owed",
    },
    "A3": {
        "A": "National per Capita Expenditures", "B": "National Trend",
        "C": "Regional per Capita Expenditures", "D": "Regional Trend", "E": "National Weight",
        "F": "Regional Weight", "G": "Blended Trend",
    },
}  # fmt: skip


def dash(value):
    return "\N{EN DASH}" if value is None else value


def noisy(value, dress):
    """Return a float as a copy of a workbook may hold it: with noise in its last digits."""
    if isinstance(value, float) and dress.chance(0.1):
        return value * (1 + 2e-16)
    return value


def table(dress, f, name, columns, names, *, by_columns=False):
    """Return the sections of one table, in the order of their letters."""
    parts = []
    for letter, words in WORDS[name].items():
        label = f"[{letter}] {words}"
        value = f.get(f"{name}.{letter}")
        width = len(columns)
        if value is None:  # people and person-years of the benchmark years
            parts.append([[label, 11_000.0, 12_000.0, 13_000.0, None]])
        elif isinstance(value, dict):
            at = {y: columns.index(c) for y, c in enumerate(("BY1", "BY2", "BY3", "PY"))
                  if c in columns}  # fmt: skip
            rows = [[None] * width for _ in TYPES]
            for y, four in value.items():
                for t in TYPES:
                    rows[t][at[y]] = noisy(four[t], dress)
            rows = [[dash(cell) for cell in row] for row in rows]
            parts.append(section(dress, label, rows, names, width))
        elif by_columns:
            cells = [dash(v) if v is None else noisy(v, dress) for v in value]
            parts.append([[label, *cells]])
        else:
            blanks = [None] * (width - 1)
            if any(v is not None for v in value[:4]):
                rows = [[*blanks, noisy(v, dress)] for v in value[:4]]
                total = None if value[4] is None else [*blanks, value[4]]
                parts.append(section(dress, label, rows, names, width, total))
            else:
                parts.append([[dress.mark(label).strip(), *blanks, dash(value[4])]])
    return parts


def stlmt(a, dress=None, change=None):
    """Return a settlement workbook: its name and its bytes.

    ``change`` maps a table's letter to its line, to print something else than what follows.
    """
    dress = dress or Dress()
    f = lines(a) | (change or {})
    level = a.level if a.level == "ENHANCED" else f"BASIC Level {a.level}"
    ordinal = ("First", "Second", "Third", "Fourth")
    by3 = a.start.year - 1
    years = [
        [f"Benchmark Year {n} (BY{n})", f"01/01/{by3 - 3 + n} - 12/31/{by3 - 3 + n}"]
        for n in (1, 2, 3)
    ]
    lower, higher = REGIONAL_WEIGHTS[a.regional_period]
    first = a.period == 1
    names = dress.pick(SHORT, LONG)
    by_columns = dress.chance(0.4)
    third = ["ESRD", "Disabled", "Aged/Dual", "Aged/Non-Dual", "Total"] if by_columns else ["PY"]
    if not by_columns:
        third = [dress.pick("Performance Year", "PY2022", "PY")]
    update = ["BY3", "PY"]
    sheets = {
        "Cover": [["Medicare Shared Savings Program"], ["Financial Reconciliation Report"],
                  [f"ACO ID: {a.aco}"], ["ACO Name: Invented Valley Care"],
                  ["Performance Year 2022"],
                  [f"Agreement start date: {a.start:%B} {a.start.day}, {a.start.year}"]],
        "TOC": [["Table 1 - Historical Benchmark"]],
        "Parameters": [
            ["Parameters"], ["Performance Year", "01/01/2022 - 12/31/2022"], *years,
            ["Claims Completion Factor", 1.013], ["Date Produced", "2023-08-15"],
            ["ACO Track", level], ["ACO Agreement Period", ordinal[a.period - 1]],
            ["Agreement Period Subject to Regional Adjustment", ordinal[a.regional_period - 1]],
            ["Assignment Methodology", "Retrospective"],
            *([[f"Weight of Benchmark Year {n}", "1/3" if not first else (0.1, 0.3, 0.6)[n - 1]]
               for n in (1, 2, 3)]),
            ["Weight of the Regional Adjustment, higher spending", higher],
            ["Weight of the Regional Adjustment, lower spending", lower],
        ],
        "Table 1 - Historical Benchmark": sheet(
            dress, "Table 1", ["BY1", "BY2", "BY3", "Benchmark"],
            table(dress, f, "T1", ["BY1", "BY2", "BY3", "Benchmark"], names)),
        "Table 2 - Updated Benchmark": sheet(
            dress, "Table 2", update, table(dress, f, "T2", update, names)),
        "Table 3 - Shared Savings Losses": sheet(
            dress, "Table 3", third, table(dress, f, "T3", third, names, by_columns=by_columns)),
        "Table A1 - Risk": [["Table A1"], ["", "BY3", "PY"], ["ESRD", 1.0, 1.1]],
        "Table A3 - Trend & Update": sheet(
            dress, "Table A3", ["BY1", "BY2", "BY3", "PY"],
            table(dress, f, "A3", ["BY1", "BY2", "BY3", "PY"], names)),
        "Table A4 - MSR": [["Table A4"], ["People", "Low", "High"], ["5,000-5,999", 0.036, 0.039]],
    }  # fmt: skip
    if dress.chance(0.4):  # somebody's notes in columns far to the right
        for name in ("Table 2 - Updated Benchmark", "Table 3 - Shared Savings Losses"):
            for row in sheets[name][4:9]:
                row.extend([None] * (14 - len(row)))
                row.extend(["see my note", 12.0])
    return f"P.{a.aco}.ACO.STLMT.Y2022.{dress.stamp}.xlsx", written(sheets, dress)


def case(seed):
    """Return an invented ACO: contracts, outcomes, regions and risk in turn."""
    rng = random.Random(seed)
    level = ("A", "B", "C", "D", "E", "ENHANCED")[seed % 6]
    aim = ("savings", "losses", "big losses", "neither", "big savings")[seed // 6 % 5]
    region = ("above", "below", "far above", "far below")[seed // 30 % 4]
    return invented(rng, level, aim, region, risky=rng.random() < 0.5), rng
