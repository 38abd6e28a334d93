"""Whatever is opened: the right table, or one clear sentence, and nothing else."""

import gzip
import io
import time
import tracemalloc
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mssp_sim.cms_files import ResultsFileError, read
from mssp_sim.cms_files._columns import BY_TYPE, LEVEL_FLAGS, NAMES, plain
from mssp_sim.cms_files._details import DETAILS, FLAGS, NUMBERS, PERCENTS, TEXTS
from tests.cms_files import synthetic

SIZE = 40
YEARS = (2022, 2023, 2024, 2025)
BASE = {
    year: [list(cells), *(list(row) for row in zip(*cells.values(), strict=True))]
    for year in YEARS
    for cells in [synthetic.cells(year, SIZE)]
}
WANTED = {year: read(io.BytesIO(synthetic.to_bytes(BASE[year]))) for year in YEARS}
KNOWN = {
    plain(name)
    for names in [*NAMES.values(), *BY_TYPE.values(), *LEVEL_FLAGS.values()]
    for name in names
}
BESIDE = {
    plain(name)
    for words in (NUMBERS, PERCENTS, FLAGS, TEXTS)
    for names in words.values()
    for name in names
} - KNOWN
"""Columns no settlement needs: what cannot be read there is missing."""

# Headings whose figures bind one another: exchanged, they cannot both be believed.
BOUND = (
    "N_AB", "Sav_rate", "MinSavPerc", "BnchmkMinExp", "GenSaveLoss", "EarnSaveLoss", "QualScore",
    "UpdatedBnchmk", "ABtotBnchmk", "ABtotExp", "FinalShareRate", "N_AB_Year_PY", "ACO_ID",
    "Current_Start_Date", "Risk_Model", "DisAdj",
)  # fmt: skip
SIZES = ("N_AB", "N_AB_Year_PY", "ABtotBnchmk", "ABtotExp", "UpdatedBnchmk", "MinSavPerc")
NO_NUMBER = (
    "many", "1e308", "-1e308", "1e999", "inf", "-inf", "Infinity", "=cmd()", "=1+1", "@SUM(A1)",
    "+cmd|' /C calc'!A0", "<b>7</b>", "<script>alert(1)</script>", "1_000", "١٢٣", "7,17",
    "1.234.567", "12 34x", "0x1F", "--5", "5-", "9" * 400, "$", "%", "()", "1/0", "P4R?", "½",
)  # fmt: skip
NAMED = (
    "<img src=x onerror=alert(1)>", "=cmd()", "**bold** [link](javascript:alert(1))", "a\tb",
    '"quoted", with comma', "two\nlines", "Ünï & Çö", "$x^2$ :material/home:", "", "名前",
)  # fmt: skip


def outcome(content: bytes | io.BytesIO) -> pd.DataFrame | str:
    """Return the table, or the sentence; everything else is an error of the test."""
    try:
        return read(io.BytesIO(content) if isinstance(content, bytes) else content)
    except ResultsFileError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert sentence.isprintable()
        assert 15 < len(sentence) < 450, sentence
        assert "Traceback" not in sentence
        return sentence


def same(found: pd.DataFrame | str, wanted: pd.DataFrame) -> None:
    assert isinstance(found, pd.DataFrame), found
    assert_frame_equal(found, wanted.reset_index(drop=True), check_dtype=False)


def copy(year: int) -> list[list[str]]:
    return [list(row) for row in BASE[year]]


def place(year: int, name: str) -> int:
    return [plain(heading) for heading in BASE[year][0]].index(plain(name))


def cut(draw, year):
    content = synthetic.to_bytes(BASE[year], year=year)
    found = outcome(content[: draw(st.integers(0, len(content) - 1))])
    if isinstance(found, pd.DataFrame):
        same(found, WANTED[year].iloc[: len(found)])


def cell_lost(draw, year):
    rows = copy(year)
    row = rows[draw(st.integers(1, SIZE))]
    del row[draw(st.integers(0, len(row) - 1))]
    assert isinstance(outcome(synthetic.to_bytes(rows)), str)


def row_lost(draw, year):
    rows, at = copy(year), draw(st.integers(SIZE // 2, SIZE))
    del rows[at]
    same(outcome(synthetic.to_bytes(rows)), WANTED[year].drop(index=at - 1))


def row_twice(draw, year):
    rows = copy(year)
    rows.insert(draw(st.integers(1, SIZE)), rows[draw(st.integers(1, SIZE))])
    assert "twice" in outcome(synthetic.to_bytes(rows))


def columns_moved(draw, year):
    order = draw(st.permutations(range(len(BASE[year][0]))))
    same(outcome(synthetic.to_bytes([[row[i] for i in order] for row in BASE[year]])), WANTED[year])


def headings_swapped(draw, year):
    rows = copy(year)
    one, other = (place(year, n) for n in draw(st.permutations(BOUND))[:2])
    rows[0][one], rows[0][other] = rows[0][other], rows[0][one]
    assert isinstance(outcome(synthetic.to_bytes(rows)), str)


def heading_spoilt(draw, year):
    rows, at = copy(year), draw(st.integers(0, len(BASE[year][0]) - 1))
    known = plain(rows[0][at]) in KNOWN | BESIDE
    rows[0][at] = draw(st.sampled_from(["", "x", "=cmd()", "<b>N</b>", "\t", "列"]))
    found = outcome(synthetic.to_bytes(rows))
    if not known:
        same(found, WANTED[year])
    elif isinstance(found, pd.DataFrame):  # a column less, and no other figure changed
        differs = [
            c
            for c in found.columns.drop(list(DETAILS))
            if not found[c].astype(object).equals(WANTED[year][c].astype(object))
        ]
        assert len(differs) <= 1 or plain(BASE[year][0][at]) in {"guardrail", "currentstartdate"}


def size_negative(draw, year):
    rows, name = copy(year), draw(st.sampled_from(SIZES))
    row = rows[draw(st.integers(1, SIZE))]
    at = place(year, name)
    row[at] = draw(st.sampled_from(["-", "\N{MINUS SIGN}", "($"])) + (row[at].lstrip("$") or "1")
    row[at] += ")" if row[at].startswith("($") else ""
    if row[at].strip("-\N{MINUS SIGN}()$%0.") == "":
        row[at] = "-5"
    assert isinstance(outcome(synthetic.to_bytes(rows)), str)


def no_number(draw, year):
    rows, text = copy(year), draw(st.sampled_from(NO_NUMBER))
    at = draw(st.integers(0, len(rows[0]) - 1))
    heading = plain(rows[0][at])
    rows[draw(st.integers(1, SIZE))][at] = text
    found = outcome(synthetic.to_bytes(rows))
    if heading in KNOWN - {"aconame", "riskmodel"}:
        assert isinstance(found, str), (heading, text)
        assert "column" in found
    elif heading in BESIDE:
        assert isinstance(found, pd.DataFrame), found
        same(found.drop(columns=list(DETAILS)), WANTED[year].drop(columns=list(DETAILS)))
    elif heading != "aconame":
        same(found, WANTED[year])


def name_hostile(draw, year):
    rows, name = copy(year), draw(st.sampled_from(NAMED))
    at = draw(st.integers(1, SIZE))
    rows[at][place(year, "ACO_Name")] = name
    wanted = WANTED[year].copy()
    wanted.loc[at - 1, "aco_name"] = name
    same(outcome(synthetic.to_bytes(rows)), wanted)


def packed(draw, year):
    content, out = synthetic.to_bytes(BASE[year]), io.BytesIO()
    if draw(st.booleans()):
        content = gzip.compress(content)
    else:
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("results.csv", content)
        content = out.getvalue()
    file = io.BytesIO(content)
    file.name = "results.csv"
    same(outcome(file), WANTED[year])


def encoded(draw, year):
    encoding = draw(st.sampled_from(
        ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp500"]
    ))  # fmt: skip
    found = outcome(synthetic.to_bytes(BASE[year], encoding=encoding))
    if encoding in {"utf-8-sig", "utf-16", "cp1252"}:
        same(found.drop(columns="aco_name"), WANTED[year].drop(columns="aco_name"))
        assert bool(found.attrs["notes"]) >= (encoding == "cp1252")
    else:
        assert isinstance(found, str)


def byte_changed(draw, year):
    content = bytearray(synthetic.to_bytes(BASE[year], year=year))
    for _ in range(draw(st.integers(1, 20))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    found = outcome(bytes(content))
    if isinstance(found, pd.DataFrame):
        rates = found[["minimum_savings_rate", "quality_score", "final_sharing_rate"]]
        assert rates.stack().between(0, 1).all()
        assert (found["benchmark_total"] > 0).all()


def dressed(draw, year):
    """Try what a spreadsheet does to a file without changing what it says."""
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    blank = draw(st.sampled_from(["", " ", '" "']))
    quote = draw(st.booleans())
    lines = []
    for row in BASE[year]:
        cells = [f" {c} " if c.isdigit() and quote else c for c in row]
        lines.append(",".join('"' + c.replace('"', '""') + '"' for c in cells))
        lines += ["," * (len(row) - 1) if blank else ""]
    text = end.join(lines) + end * draw(st.integers(0, 3))
    same(outcome(text.encode()), WANTED[year])


def noise(draw, _year):
    assert isinstance(outcome(draw(st.binary(max_size=3_000))), str)


def words(draw, _year):
    assert isinstance(outcome(draw(st.text(max_size=3_000)).encode(errors="replace")), str)


MUTATIONS = (
    cut, cell_lost, row_lost, row_twice, columns_moved, headings_swapped, heading_spoilt,
    size_negative, no_number, no_number, name_hostile, packed, encoded, byte_changed, dressed,
    noise, words,
)  # fmt: skip


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data(), st.sampled_from(MUTATIONS), st.sampled_from(YEARS))
def test_a_changed_file_gives_a_sentence_or_the_right_table(data, mutation, year):
    mutation(data.draw, year)


@pytest.mark.parametrize("year", YEARS)
def test_a_file_cut_after_any_line_gives_the_acos_before_it(year):
    rows = BASE[year]
    for kept in (2, 15, SIZE):
        found = outcome(synthetic.to_bytes(rows[: kept + 1]))
        same(found, WANTED[year].iloc[:kept])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n \n", "the file is empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "a web page"),
        (b'{"error": "not found"}', "JSON"),
        (b"PK\x03\x04xl/workbook.xml", "ZIP archive, perhaps an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x00\x01\x02" * 50, "not a text file"),
        (b"ACO_ID\n\x1b[31m\n", "not a text file"),
        (b"\n\n\na,b\n", "this is not CMS's file"),
        (b'ACO_ID,"ACO_Name\n' + b"x" * 200_000, "quotation marks"),
        (b"a," * 5_000, "5,001 columns"),
        (
            b"Year,State_Name,County_Name,Per_Capita_Exp_ESRD\n2024,Alabama,Autauga,9000\n",
            "its columns begin Year, State_Name, County_Name",
        ),
        (
            b"aco_id,par_lbn,aco_name,aco_service_area\nA1001,Clinic,Care,FL\n",
            "this is CMS's list of ACO participants, not CMS's file “Performance Year Financial",
        ),
        (b"ACO_ID,ACO_Name,SNF_LBN\nA1001,Care,Home\n", "CMS's list of SNF affiliates"),
        (
            b"Year,State_Name,County_Name,State_ID,County_ID,Per_Capita_Exp_ESRD,"
            b"Avg_Risk_Score_ESRD,Person_Years_ESRD\n2024,ALABAMA,AUTAUGA,01,000,9,1,2\n",
            "CMS's county file of spending and risk",
        ),
        (
            b"State,County,Per capita AGED/DUAL expenditures\nALABAMA,AUTAUGA,9000\n",
            "CMS's county file of spending and risk",
        ),
        (
            b"Year,ACO_ID,State_Name,County_Name,State_ID,County_ID,AB_Psn_Yrs_ESRD,Tot_AB\n"
            b"2024,A1001,FLORIDA,DADE,10,120,5,100\n",
            "CMS's county file of assigned people",
        ),
        (
            b"CUR_CLM_UNIQ_ID,BENE_MBI_ID,CLM_FROM_DT,CLM_PMT_AMT\n1,1EG4TE5MK73,2024-01-01,9\n",
            "claims of people, which do not belong here; nothing of it is kept",
        ),
        (b"BENE_MBI_ID,BENE_1ST_NAME\n1EG4TE5MK73,Ann\n", "a list of people"),
        (b"aco_id,aco_name,aco_exec_name\nA1001,Care,Ann\n", "CMS's list of ACOs"),
        (b"Final settlement report\nHistorical benchmark,11000\n", "own settlement workbook"),
        (",".join(BASE[2024][0]).encode() + b"\n", "headings but no ACO"),
        (";".join(BASE[2024][0]).encode() + b"\n", "headings but no ACO"),
        ("·".join(BASE[2024][0]).encode() + b"\n", "not CMS's file"),
    ],
)
def test_a_wrong_file_is_called_what_it_is(content, says):
    assert says in outcome(content)


def test_a_path_that_is_no_file_gets_a_sentence(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ResultsFileError, match="cannot be opened"):
            read(path)


@pytest.mark.parametrize("kind", ["bytes", "letters", "blank lines", "commas", "rows"])
def test_fifty_megabytes_of_noise_end_soon_and_small(kind, tmp_path):
    file, size = tmp_path / "noise.csv", 50_000_000
    row = b",".join(b"%d" % i for i in range(len(BASE[2024][0]))) + b"\n"
    content = {
        "bytes": lambda: np.random.default_rng(1).bytes(size),
        "letters": lambda: b"noise " * (size // 6),
        "blank lines": lambda: b"a\n" + b"\n" * size,
        "commas": lambda: b"," * size,
        "rows": lambda: ",".join(BASE[2024][0]).encode() + b"\n" + row * (size // len(row)),
    }[kind]()
    file.write_bytes(content)
    del content
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(ResultsFileError):
        read(file)
    seconds, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 1.0
    assert most < 60_000_000


@pytest.mark.parametrize("kind", ["blank lines", "rows", "wide", "letters"])
def test_noise_just_under_the_limit_ends_soon_too(kind):
    size = 9_900_000
    row = b",".join(b"%d" % (i + 1) for i in range(len(BASE[2024][0]))) + b"\n"
    content = {
        "blank lines": b"a\n" + b"\n" * size,
        "rows": ",".join(BASE[2024][0]).encode() + b"\n" + row * (size // len(row)),
        "wide": b"," * size,
        "letters": b"noise " * (size // 6),
    }[kind]
    start = time.process_time()
    assert isinstance(outcome(content), str)
    assert time.process_time() - start < 3.0


def test_a_buffer_read_before_is_read_from_its_start():
    file = synthetic.written(2024, SIZE)
    file.read()
    same(outcome(file), WANTED[2024])


def test_a_stream_that_breaks_gets_a_sentence():
    class Broken(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, _buffer):
            raise OSError(5, "Input/output error")

    with pytest.raises(ResultsFileError, match="Input/output error"):
        read(Broken())
