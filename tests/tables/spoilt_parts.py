"""Workbooks whose parts are spoilt by chance, opened one after the other in a process of its own.

Where the parser asks for more memory than there is, its process ends; so no test opens them itself.
"""

import datetime as dt
import io
import re
import sys
import zipfile

import numpy as np
import xlsxwriter

from mssp_sim.tables import TableError
from mssp_sim.tables.workbook import sheets

PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml",
         "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels")  # fmt: skip
STRANGE = (
    *(b"-1", b"0", b"9" * 20, b"4294967295", b"1e400", b"nan", b"2958466", b"-700000", b""),
    *(b"A0", b"ZZZZZZZ1", b"A1048577", b"A0:XFD1048576", b"&#0;", b"&#xD800;", b"&lt;", b"\xff"),
    *(b"utf-16", b"xl/workbook.xml", b"../../x", b"d", b"e", b"s", b"str", b"rId1"),
)
KINDS, OFTEN = ("attribute", "text", "bytes", "cut", "twice"), (0.5, 0.2, 0.1, 0.1, 0.1)


def workbook() -> dict[str, bytes]:
    """Return the parts of a small workbook that holds a cell of each kind."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "mm/dd/yyyy"})
        sheet = made.add_worksheet("S")
        for row in range(4):
            sheet.write(row, 0, f"text {row}")
            sheet.write(row, 1, 3.25 * row)
            sheet.write_datetime(row, 2, dt.datetime(2025, 1, 1 + row), day)
            sheet.write_boolean(row, 3, boolean=True)
            sheet.write_formula(row, 4, "=1+1", None, 2)
        sheet.write(5, 0, "#N/A")
        sheet.merge_range(6, 0, 6, 2, "m")
        made.add_worksheet("T").write(0, 0, 1)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoilt(parts: dict[str, bytes], random: np.random.Generator) -> bytes:
    """Return the workbook with a few values and stretches of its parts replaced."""
    held = dict(parts)
    for _ in range(random.integers(1, 4)):
        name = PARTS[random.choice(len(PARTS), p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05])]
        part, strange = held[name], STRANGE[random.integers(len(STRANGE))]
        start, end = sorted(random.integers(0, len(part) + 1, 2))
        kind = random.choice(
            ["attribute", "text", "bytes", "cut", "twice"], p=[0.5, 0.2, 0.1, 0.1, 0.1]
        )
        if kind in ("attribute", "text"):
            found = list(re.finditer(rb'"[^"<]*"' if kind == "attribute" else rb">[^<]+<", part))
            one = found[random.integers(len(found))] if found else None
            if one:
                held[name] = part[: one.start() + 1] + strange + part[one.end() - 1 :]
        elif kind == "bytes":
            held[name] = part[:start] + strange + part[start + 1 :]
        else:
            held[name] = part[:start] + part[end:] if kind == "cut" else part[:end] + part[start:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in held.items():
            archive.writestr(name, part)
    return out.getvalue()


def main(seed: int, count: int) -> None:
    """Open so many workbooks; print how many were read and how many refused in a sentence."""
    parts, random, read = workbook(), np.random.default_rng(seed), 0
    for _ in range(count):
        content = spoilt(parts, random)
        try:
            list(sheets(content, "b.xlsx", []))
            read += 1
        except TableError:
            continue
    print(read, count - read)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
