"""One table in the forms that spreadsheets and other programs give it."""

import csv
import datetime as dt
import gzip
import io
import json
import zipfile

import xlsxwriter


def text(rows, separator=",", end="\n", encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(rows, *, title=0, second=False, options=None):
    """Return a sheet; what reads as a number is one, as Excel takes it on opening a CSV."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True} | (options or {})) as book:
        sheet = book.add_worksheet("Table")
        percent = book.add_format({"num_format": "0%"})
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                try:
                    sheet.write_number(down + title, across, float(cell))
                except ValueError:
                    try:
                        value = round(float(cell.removesuffix("%")) / 100, 12)
                        sheet.write_number(down + title, across, value, percent)
                    except ValueError:
                        sheet.write_string(down + title, across, cell)
        if second:
            book.add_worksheet("Notes").write_string(0, 0, "made by hand")
    return out.getvalue()


def changed(rows, columns, change):
    """Return the rows with some columns' cells written in another way."""
    places = [rows[0].index(name) for name in columns]
    return [rows[0]] + [
        [change(cell) if at in places and cell else cell for at, cell in enumerate(row)]
        for row in rows[1:]
    ]


def us_date(cell):
    if "/" in cell:
        return cell
    year, month, day = cell.split("-")
    return f"{int(month)}/{int(day)}/{year}"


def day_number(cell):
    month, day, year = map(int, us_date(cell).split("/"))
    return str((dt.date(year, month, day) - dt.date(1899, 12, 30)).days)


def percent(cell):
    return cell if cell.endswith("%") else f"{round(100 * float(cell), 10):.10g}%"


def accounting(cell):
    """Return dollars as the Accounting format prints them into a CSV."""
    value = float(cell.replace("$", "").replace(",", "").replace("(", "-").replace(")", ""))
    if value == 0:
        return " $ -   "
    digits = f"{abs(value):,.17g}" if value != int(value) else f"{abs(value):,.0f}"
    return f" $ ({digits})" if value < 0 else f" $ {digits} "


def total(row):
    """Return a row of sums, as a spreadsheet adds it."""
    return ["Total", *(cell if cell.replace(".", "", 1).isdigit() else "" for cell in row[1:])]


def dressings(rows, dates, rates, dollars):
    """Return the table in each form, by name.

    The first column must hold names. ``dates``, ``rates`` and ``dollars`` are columns; rates
    stand as fractions or with a percent sign.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", text(rows))
    width = len(rows[0])
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return {
        "comma": text(rows),
        "semicolon": text(rows, ";"),
        "tab": text(rows, "\t"),
        "pipe": text(rows, "|"),
        "UTF-8 with BOM": text(rows, encoding="utf-8-sig"),
        "UTF-16": text(rows, "\t", "\r\n", "utf-16"),
        "cp1252": text(rows, encoding="cp1252"),
        "CRLF": text(rows, end="\r\n"),
        "US dates": text(changed(rows, dates, us_date)),
        "Excel day numbers": text(changed(rows, dates, day_number)),
        "80%": text(changed(rows, rates, percent)),
        "Accounting": text(changed(rows, dollars, accounting)),
        "trailing empty columns": text([[*row, "", "", ""] for row in rows]),
        "title and total": text(
            [["Portfolio of 2025"] + [""] * (width - 1), [""] * width, *rows, total(rows[1])]
        ),
        "XLSX": workbook(rows),
        "XLSX with a second sheet": workbook(rows, second=True),
        "sep=": b"sep=;\n" + text(rows, ";"),
        "CR": text(rows, end="\r"),
        "gzip": gzip.compress(text(rows)),
        "zip": packed.getvalue(),
        "JSON": json.dumps(records).encode(),
    }
