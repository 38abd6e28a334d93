"""Made-up results files in the layouts of 2022, 2023, 2024 and of a 2025 nobody has seen.

The ACOs are invented; their settlements follow the rules, so that a reader and a settlement
can both be tried on them. ``acos`` gives the truth, ``written`` the file.
"""

import csv
import io
from functools import cache

import numpy as np
import pandas as pd

from mssp_sim.units import TYPE_WORDS as TYPES

YEARS = ("by1", "by2", "by3", "py")
LEVELS = ("A", "B", "C", "D", "E", "ENHANCED")
LARGEST = {"A": 0.4, "B": 0.4, "C": 0.5, "D": 0.5, "E": 0.5, "ENHANCED": 0.75}
LOSS_LIMIT = {"C": 0.01, "D": 0.02, "E": 0.04, "ENHANCED": 0.15}
MINIMUM_AT = (5_000, 5_999, 6_000, 6_999, 7_000, 7_999, 8_000, 8_999, 9_000, 9_999,
              10_000, 14_999, 15_000, 19_999, 20_000, 49_999, 50_000, 59_999, 60_000)  # fmt: skip
MINIMUM = (3.9, 3.6, 3.6, 3.4, 3.4, 3.2, 3.2, 3.1, 3.1, 3.0, 3.0, 2.7, 2.7, 2.5, 2.5, 2.2, 2.2,
           2.0, 2.0)  # fmt: skip
_DEARNESS = np.array([7.4, 1.05, 1.55, 0.92])
_CMS_TYPES = ("ESRD", "DIS", "AGDU", "AGND")
_CMS_COUNTS = ("ESRD", "DIS", "AGED_Dual", "AGED_NonDual")
HTML = '<b onmouseover="alert(1)">Best</b> & Co.'
FORMULA = '=HYPERLINK("http://x","Care")'


@cache
def acos(year: int, size: int = 60, seed: int = 7) -> pd.DataFrame:
    """Return invented ACOs of one year, settled by the rules, in our words and units.

    The first rows are the cases that need care: see ``_cases``.
    """
    random = np.random.default_rng([seed, year])
    rows = [_aco(year, at, case, random) for at, case in enumerate(_cases(year, size, random))]
    return pd.DataFrame(rows)


def _cases(year: int, size: int, random: np.random.Generator) -> list[dict]:
    cases = [
        {"level": "A", "start": year, "savings_rate": 0.06},
        {"level": "B", "savings_rate": -0.05, "aco_name": HTML},
        {"level": "E", "savings_rate": -0.09, "aco_name": FORMULA},
        {"level": "ENHANCED", "savings_rate": -0.04, "quality_score": 0.5},
        {"level": "C", "savings_rate": -0.03, "disaster": 0.4, "aco_name": "Ärzte, “Nord” AG"},
        {"level": "ENHANCED", "savings_rate": 0.0, "minimum": 0.0},
        {"level": "D", "savings_rate": 0.02, "minimum": 0.02},
        {"level": "ENHANCED", "savings_rate": 0.12, "start": 2019},
    ]
    if year >= 2023:
        cases += [{"level": "E", "savings_rate": 0.07, "alternative": True, "quality_score": 0.44}]
    if year >= 2024:
        cases += [
            {"level": "B", "start": year, "savings_rate": 0.012, "reduced": True},
            {"level": "E", "start": year, "savings_rate": 0.013, "minimum": 0.02, "reduced": True},
            {"level": "E", "start": year, "savings_rate": -0.06, "guardrail": True},
            {"level": "C", "start": year, "savings_rate": 0.05, "guardrail": True},
            {"level": "ENHANCED", "savings_rate": 0.05, "neither": True, "quality_score": 0.3},
            {"level": "B", "start": year, "savings_rate": 0.012, "high_revenue": True},
        ]
    while len(cases) < size:
        cases.append({"level": str(random.choice(LEVELS))})
    return cases[:size]


def _aco(year: int, at: int, case: dict, random: np.random.Generator) -> dict:
    level, n = case["level"], int(random.integers(5_000, 70_000))
    one_sided = level in "AB"
    person_years = int(n * random.uniform(0.95, 0.985))
    each = int(random.integers(9_500, 17_500))
    benchmark = each * person_years
    savings_rate = case.get("savings_rate", random.normal(0.04, 0.04))
    spending = round(benchmark * (1 - savings_rate))
    by_size = round(float(np.interp(n, MINIMUM_AT, MINIMUM)) / 100, 4)
    chosen = case.get("minimum", (0.0, 0.005, 0.01, 0.015, 0.02)[random.integers(5)])
    score = case.get("quality_score", round(random.uniform(0.6, 1.0), 4))
    aco = {
        "aco_id": f"A{1001 + at}",
        "aco_name": case.get("aco_name", f"Example Care {at}, LLC"),
        "performance_year": year,
        "level": level,
        "agreement_start": _start(case.get("start", int(random.choice([2019, 2020, 2022])))),
        "agreement_period": int(random.integers(1, 4)),
        "assigned_beneficiaries": n,
        "person_years": person_years,
        "benchmark": each,
        "historical_benchmark": int(each * random.uniform(0.85, 0.98)),
        "benchmark_total": benchmark,
        "expenditure_total": spending,
        "gross_savings": benchmark - spending,
        "savings_rate": (benchmark - spending) / benchmark,
        "minimum_savings_rate": by_size if one_sided else chosen,
        "quality_score": score,
        "quality_standard_met": not (case.get("alternative") or case.get("neither")),
        "alternative_standard_met": bool(case.get("alternative")),
        "low_revenue": not case.get("high_revenue")
        and bool(case.get("reduced") or random.integers(2)),
        "guardrail": bool(case.get("guardrail")),
        "reduced_sharing": bool(case.get("reduced")),
        "disaster": case.get("disaster", 0.0),
    }
    return aco | _settled(aco) | _by_type(aco, random)


def _start(year: int) -> pd.Timestamp:
    return pd.Timestamp(year, 7 if year == 2019 else 1, 1)


def _settled(aco: dict) -> dict:
    """Settle by the rules in force since 2022, in whole dollars as CMS prints them."""
    level, total, savings = aco["level"], aco["benchmark_total"], aco["gross_savings"]
    share = LARGEST[level] * (0.5 if aco["reduced_sharing"] else 1.0)
    if not aco["quality_standard_met"]:
        share *= aco["quality_score"] if aco["alternative_standard_met"] else 0.0
    share = round(share, 4)
    corridor = aco["minimum_savings_rate"] * total
    saved = savings > 0 and (savings >= corridor or aco["reduced_sharing"])
    lost = level not in "AB" and savings < 0 and -savings >= corridor
    loss_rate = {"ENHANCED": np.clip(1 - 0.75 * aco["quality_score"], 0.4, 0.75)}.get(level, 0.3)
    loss_rate = round(float(loss_rate), 4)
    payment, generated, taken = 0, 0, 0
    if saved and not aco["guardrail"]:
        cap = 0.2 if level == "ENHANCED" else 0.1
        payment, generated = round(min(share * savings * 0.98, cap * total)), savings
    elif lost:
        loss = min(loss_rate * -savings, LOSS_LIMIT[level] * total)
        taken, generated = round(loss * aco["disaster"]), savings
        payment = taken - round(loss)
    return {
        "payment": payment, "generated": generated, "disaster_adjustment": taken,
        "final_sharing_rate": share,
        "shared_loss_rate": np.nan if level in "AB" else loss_rate,
    }  # fmt: skip


def _by_type(aco: dict, random: np.random.Generator) -> dict:
    shares = np.array([0.006, 0.08, 0.06, 0.854]) * random.uniform(0.9, 1.1, 4)
    counts = np.round(shares / shares.sum() * aco["person_years"]).astype(int)
    counts[3] += aco["person_years"] - counts.sum()
    each = _DEARNESS * aco["expenditure_total"] / (counts * _DEARNESS).sum()
    found: dict[str, float] = {}
    for kind, own, count in zip(TYPES, each, counts, strict=True):
        for back, when in zip((5, 4, 3, 0), YEARS, strict=True):
            found[f"expenditure_{kind}_{when}"] = round(float(own) / 1.04**back)
            found[f"risk_score_{kind}_{when}"] = round(float(random.uniform(0.85, 1.15)), 3)
        found[f"person_years_{kind}_by3"] = round(float(count) * random.uniform(0.9, 1.1))
        found[f"person_years_{kind}_py"] = int(count)
    return found


def _percent(sign: str = "%"):
    return lambda x: "-" if pd.isna(x) else f"{100 * x:.2f}{sign}"


def _fraction(x: float) -> str:
    return "" if pd.isna(x) else f"{x:.4f}"


def _whole(x: float) -> str:
    return f"{x:.0f}"


def _fancy(x: float) -> str:
    return f"(${-x:,.0f})" if x < 0 else f"${x:,.0f}"


def _flag(x: object) -> str:
    return "1" if x else "0"


def _loss_rate_2023(x: float) -> str:
    """2023 prints some as text and some as fractions."""
    return "-" if pd.isna(x) else f"{100 * x:.2f}%" if round(x * 1e4) % 3 else f"{x:g}"


def cells(year: int, size: int = 60) -> dict[str, list[str]]:
    """Return the file's columns as texts, in the file's order."""
    truth, random = acos(year, size), np.random.default_rng(year)
    rate = {2022: _percent(), 2023: _percent(), 2024: _percent(""), 2025: _fraction}[year]
    money = _fancy if year == 2025 else _whole
    date = {2024: "{0.month}/{0.day}/{0.year}", 2025: "{0:%Y-%m-%d}"}.get(year, "{0:%m/%d/%Y}")
    form = {
        "ACO_ID": ("aco_id", str), "ACO_Name": ("aco_name", str),
        "Agreement_Period_Num": ("agreement_period", _whole),
        "Current_Start_Date": ("agreement_start", date.format),
        "Current_Track": ("level", lambda x: "EN" if x == "ENHANCED" else x),
        "Risk_Model": ("level", lambda x: "One-Sided" if x in "AB" else "Two-Sided"),
        "Rev_Exp_Cat": ("low_revenue", lambda x: "Low Revenue" if x else "High Revenue"),
        "N_AB": ("assigned_beneficiaries", _whole),
        "Sav_rate": ("savings_rate", rate), "MinSavPerc": ("minimum_savings_rate", rate),
        "BnchmkMinExp": ("gross_savings", money), "GenSaveLoss": ("generated", money),
        "DisAdj": ("disaster_adjustment", lambda x: money(-x) if x else ""),
        "EarnSaveLoss": ("payment", money), "Met_QPS": ("quality_standard_met", _flag),
        "QualScore": ("quality_score", rate), "FinalShareRate": ("final_sharing_rate", rate),
        "UpdatedBnchmk": ("benchmark", money), "HistBnchmk": ("historical_benchmark", money),
        "ABtotBnchmk": ("benchmark_total", money), "ABtotExp": ("expenditure_total", money),
        "N_AB_Year_PY": ("person_years", _whole),
    }  # fmt: skip
    if year >= 2023:
        loss_rate = _loss_rate_2023 if year == 2023 else rate
        form |= {"Met_AltQPS": ("alternative_standard_met", _flag),
                 "FinalLossRate": ("shared_loss_rate", loss_rate)}  # fmt: skip
    for kind, name, counted in zip(TYPES, _CMS_TYPES, _CMS_COUNTS, strict=True):
        for when in YEARS:
            end = when.upper()
            form[f"Per_Capita_Exp_ALL_{name}_{end}"] = (f"expenditure_{kind}_{when}", money)
            form[f"CMS_HCC_RiskScore_{name}_{end}"] = (f"risk_score_{kind}_{when}", "{:g}".format)
        for when in ("by3", "py"):
            form[f"N_AB_Year_{counted}_{when.upper()}"] = (f"person_years_{kind}_{when}", _whole)
    found = {cms: [write(x) for x in truth[word]] for cms, (word, write) in form.items()}
    if year >= 2024:
        plain = truth["agreement_start"].dt.year < 2024
        found["Guardrail"] = [
            "-" if old else _flag(x) for old, x in zip(plain, truth["guardrail"], strict=True)
        ]
        found["ReducedSS"] = [_flag(x) for x in truth["reduced_sharing"]]
        found["Met_40pctl"] = found["Met_QPS"]
        found["AIPRecoup"] = ["-"] * size
    if year == 2022:
        found["Prorate_Shared_Losses"] = ["0"] * size
    if year == 2025:
        found = _rearranged(found, truth["level"].tolist(), random)
    found["N_Ben_Race_Native"] = ["*" if x < 0.3 else "17" for x in random.random(size)]
    found["Measure_479"] = [f"{x:.4f}" for x in random.random(size)]
    return found


def _rearranged(
    found: dict[str, list[str]], levels: list[str], random: np.random.Generator
) -> dict[str, list[str]]:
    """Make the 2025 nobody has seen: 0/1 tracks again, new columns, another order and case."""
    del found["Current_Track"]
    for level in LEVELS:
        name = "Current_ENHANCED" if level == "ENHANCED" else f"Current_BASIC_{level}"
        found[name] = [_flag(level == x) for x in levels]
    found["Prepaid_Shared_Savings"] = ["$1,000"] * len(levels)
    found["Remarks, if any"] = ['said "yes",\nthen no'] * len(levels)
    found["ABtotBnchmk_Prior_Year"] = ["n/a"] * len(levels)
    names = list(found)
    random.shuffle(names)
    return {(n.upper() if len(n) % 2 else n.lower()): found[n] for n in names}


def to_bytes(
    columns: dict[str, list[str]] | list[list[str]], *, year: int = 2024, encoding: str = "utf-8"
) -> bytes:
    """Return a CSV file with the line ends of its year, from columns or from rows."""
    rows = (
        [list(columns), *zip(*columns.values(), strict=True)]
        if isinstance(columns, dict)
        else columns
    )
    out = io.StringIO()
    csv.writer(out, lineterminator="\n" if year == 2022 else "\r\n").writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def written(year: int, size: int = 60) -> io.BytesIO:
    """Return the file of one year; 2025 has a byte-order mark."""
    encoding = "utf-8-sig" if year == 2025 else "utf-8"
    return io.BytesIO(to_bytes(cells(year, size), year=year, encoding=encoding))


def stacked(years: tuple[int, ...], size: int = 20) -> list[list[str]]:
    """Return years one below the other, as a spreadsheet stacks them: missing columns are blank."""
    records = [
        {"Year": str(year)} | dict(zip(columns, row, strict=True))
        for year in years
        for columns in [cells(year, size)]
        for row in zip(*columns.values(), strict=True)
    ]
    names = list(dict.fromkeys(name for record in records for name in record))
    return [names, *([record.get(name, "") for name in names] for record in records)]
