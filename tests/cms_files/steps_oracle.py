"""Steps A to W once more, from the bytes of a delivery, by a hand that read no reader and no page.

Written from the description of the layouts and of CMS's arithmetic alone: it opens the archives
itself, knows no delivery but the latest, and reckons in plain numbers, by type in the order ESRD,
disabled, aged/dual, aged/non-dual.
"""

import io
import re
import zipfile
from xml.etree import ElementTree as Xml

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TYPES = {
    "esrd": 0, "end stage renal disease": 0, "disabled": 1, "aged/dual": 2, "aged/non-dual": 3,
    "total": 4,
}  # fmt: skip
SPENT = "^total expend|expend.*, total$"
# People at the ends of each band of 425.605(b)(1), and the minimum there, in percent.
BANDS = (
    (1, 499, 12.2, 12.2), (500, 999, 12.2, 8.7), (1_000, 2_999, 8.7, 5.0),
    (3_000, 4_999, 5.0, 3.9), (5_000, 5_999, 3.9, 3.6), (6_000, 6_999, 3.6, 3.4),
    (7_000, 7_999, 3.4, 3.2), (8_000, 8_999, 3.2, 3.1), (9_000, 9_999, 3.1, 3.0),
    (10_000, 14_999, 3.0, 2.7), (15_000, 19_999, 2.7, 2.5), (20_000, 49_999, 2.5, 2.2),
    (50_000, 59_999, 2.2, 2.0),
)  # fmt: skip


def cells_of(content):
    """Return each sheet of a workbook as its rows of cells, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = []
        if "xl/sharedStrings.xml" in book.namelist():
            held = Xml.fromstring(book.read("xl/sharedStrings.xml"))
            texts = ["".join(part.text or "" for part in entry.iter(MAIN + "t")) for entry in held]
        listed = Xml.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")
        sheets = {}
        for number, entry in enumerate(listed, 1):
            rows = []
            page = Xml.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            for row in page.iter(MAIN + "row"):
                while len(rows) < int(row.get("r")):
                    rows.append({})
                for cell in row:
                    held = cell.find(MAIN + "v")
                    if held is not None:
                        across = 0
                        for letter in re.match("[A-Z]+", cell.get("r")).group():
                            across = across * 26 + ord(letter) - 64
                        rows[-1][across] = (
                            texts[int(held.text)] if cell.get("t") == "s" else float(held.text)
                        )
            sheets[entry.get("name")] = rows
        return sheets


def plain(label):
    return re.sub(r"\s*\[\d+\]$", "", str(label).strip())


def number(cell):
    if isinstance(cell, float):
        return cell
    text = str(cell).strip()
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


class Table:
    """A sheet as (section, row of it, heading) to numbers."""

    def __init__(self, rows):
        at = next(k for k, r in enumerate(rows) if sum(c != 1 and r[c] != "" for c in r) > 1)
        self.columns = {plain(text): c for c, text in rows[at].items() if c > 1}
        self.sections, self.single, now = {}, {}, None
        for row in rows[at + 1 :]:
            label = plain(row.get(1, ""))
            if label.lower().startswith("note"):
                break
            if not label:
                continue
            values = {h: row[c] for h, c in self.columns.items() if row.get(c, "") != ""}
            kind = TYPES.get(label.lower())
            if kind is not None and now is not None:
                self.sections[now][kind] = {h: number(v) for h, v in values.items()}
            else:
                now = label
                self.sections[now] = {}
                self.single[label] = {h: number(v) for h, v in values.items()}

    def find(self, words):
        """Return the one section whose heading has a pattern."""
        (name,) = [name for name in self.sections if re.search(words, name, re.IGNORECASE)]
        return self.sections[name]


def four(section, column):
    return [section[kind][column] for kind in range(4)]


def latest(section, columns):
    """Return by type the last of some columns in which the section has a number."""
    held = [c for c in columns if any(section[k].get(c) is not None for k in range(4))]
    return four(section, held[-1])


def newest(files, family):
    """Return the name of the delivery of a family with the latest day."""
    named = [name for name in files if f".ACO.{family}." in name]
    return max(named, key=lambda name: re.search(r"\.D(\d{6})\.T", name).group(1))


def rate(people):
    """Return the minimum by size."""
    for low, high, at_low, at_high in BANDS:
        if people <= high:
            return (at_low * (high - people) + at_high * (people - low)) / (high - low) / 100
    return 0.02


def read(files, opening_minimum):
    """Return steps A to W of the files of one ACO, and the performance year, by letter.

    ``opening_minimum`` is the fixed rate of an ACO that bears risk where no report gives one.
    """
    bnmrk = cells_of(files[newest(files, "BNMRK")])
    quarterly = newest(files, "QEXPU")
    qexpu = cells_of(files[quarterly])
    told = {plain(r.get(1, "")): str(r.get(2, "")) for r in bnmrk["Parameters"]}
    by3 = int(re.search(r"\d{4}", told["Benchmark Year 3 (BY3)"]).group())
    aexpu = cells_of(files[newest(files, f"AEXPU.Y{by3}")])
    performance_year = int(re.search(r"\.(\d{4})Q\d\.", quarterly).group(1))

    first, nation = Table(qexpu["Table_1-Aggregate_EU_Report"]), "National Assignable FFS"
    region = Table(qexpu["Table_2-Regional_Expenditures"])
    before = Table(aexpu["Table_1-Aggregate_EU_Report"])

    def national(table):
        twelve = f"{nation} 12-Month"
        return four(table.find(SPENT), twelve if twelve in table.columns else nation)

    quarters = ("Q1", "Q2", "Q3", "Q4")
    x = {
        "A": national(before), "B": national(first),
        "D": four(region.find("regional expend"), "Benchmark Year 3"),
        "E": latest(region.find("regional expend"), quarters),
        "G": latest(region.find("national weight"), quarters),
        "H": latest(region.find("regional weight"), quarters),
        "J": four(Table(bnmrk["Table 6 - ACPT"]).find(r"^\[F\]"), f"PY{performance_year - by3}"),
        "L": four(Table(bnmrk["Table 1 - Historical Benchmark"]).find(r"^\[L\]"), "Benchmark"),
        "N": four(first.find("person.years"), "ACO-Specific"),
        "Q": first.find(SPENT)[4]["ACO-Specific"],
        "S": first.single["Total Assigned Beneficiaries"]["ACO-Specific"],
    }  # fmt: skip
    everyone = first.find("person.years")[4]["ACO-Specific"]
    x["C"] = [b / a for a, b in zip(x["A"], x["B"], strict=True)]
    x["F"] = [e / d for d, e in zip(x["D"], x["E"], strict=True)]
    x["I"] = [x["C"][k] * x["G"][k] + x["F"][k] * x["H"][k] for k in range(4)]
    x["K"] = [2 / 3 * x["I"][k] + 1 / 3 * x["J"][k] for k in range(4)]
    x["M"] = [x["K"][k] * x["L"][k] for k in range(4)]
    x["O"] = [each / everyone for each in x["N"]]
    x["P"] = sum(x["O"][k] * x["M"][k] for k in range(4))
    x["R"] = (x["P"] - x["Q"]) / x["P"]
    chosen = told.get("Minimum Savings Rate (MSR)", "")
    one_sided = told["ACO Track"] in ("BASIC Level A", "BASIC Level B")
    is_fixed = not one_sided and chosen != "Variable" and x["S"] >= 5_000
    fixed = number(chosen) if chosen.endswith("%") else opening_minimum
    x["T"] = "fixed" if is_fixed else "by size"
    x["U"] = fixed if is_fixed else rate(x["S"])
    x["V"] = x["Q"] < x["P"]
    x["W"] = x["R"] >= x["U"]
    return x | {"year": performance_year}
