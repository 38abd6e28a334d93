"""What a portfolio's run says, read whole: refusals, notes, borders of chunks, what it counts."""

import csv
import io
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from mssp_sim import Scenario, batch
from mssp_sim.batch import (
    PortfolioError,
    Tally,
    _all,
    _chunks,
    columns,
    dictionary,
    rejects_of,
    settle,
    template,
)
from mssp_sim.batch.chunk import ROW_SHOWN, Chunk, ChunkPlan, settled
from mssp_sim.batch.reading import leaving_out
from mssp_sim.batch.seen import Seen, Some
from mssp_sim.tables.stream import LONGEST_LINE
from tests.approval import approved

TEST = "tests/test_batch_approved.py"
TABLE = [f"regional_expenditure_{year}_{kind}" for year in ("by1", "by2", "by3")
         for kind in ("esrd", "disabled", "aged_dual", "aged_non_dual")]  # fmt: skip

PORTFOLIOS = {
    "numbers in every dress": (
        "name;quality_score;cost_reduction;assigned_beneficiaries;minimum_election\n"
        "A;0,75;3,1%;45.000;size\nB;75%;3.1 %;45,000;2%\nC;;;;\nD;x;y;z;w\n"
        "E;1.5;0.7;0;0.03\nF;82;3.1;2000001;2\n;;;;\nTotal;1;1;1;1\nG;0.8;-0.61;1;none\n"
    ),
    "dates": (
        "agreement_start,performance_year\n1/1/2025,2025\n31/12/2025,2025\n01.07.2019,2025\n"
        "2025-02-01,2025\n2024-01-01,2023\n45658,2025\nnone,2025\n,\n2019-07-01,2025.5\n"
    ),
    "choices": (
        "level,guardrail_applied,own_effect,assume_last_published\nE,none,yes,no\nZ,maybe,none,1\n"
        "e,true,FALSE,true\n1,no,yes,yes\n,,,\nENHANCED,YES,Yes,\n"
    ),
    "shares that do not fit": (
        "market_share,other_acos_share,market_share_by_type_esrd,performance_year,level\n"
        "0.7,0.4,,2025,E\n0.5,0.5,0.6,2025,E\n0.5,0.5,0.5,2025,E\n0.2,0.2,none,2030,1\n"
        "0.7,0.4,,2019,1\n2,3,4,5,6\n"
    ),
    "part of a table": f"name,{','.join(TABLE)}\nA,9000\nB{',9000' * 12}\nC{',' * 12}\n"
    f"D,9000{',' * 11}\nE,9000,x{',' * 10}\n",
    "a mix that is no whole": (
        "person_year_share_esrd,person_year_share_disabled,person_year_share_aged_dual,"
        "person_year_share_aged_non_dual\n0.1,0.2,0.3,0.4\n0.1,0.2,0.3,0.5\n10%,20%,30%,40%\n"
        "1,0,0,0\n0,0,0,0\n"
    ),
    "seven faults": (
        "quality_score,cost_reduction,market_share,national_growth,regional_growth,own_growth,"
        "risk_growth\n9,9,9,9,9,9,9\n9,9,9,9,9,0.05,\n9,9,9,9,9,9,\n"
    ),
    "past the lever": (
        "cost_reduction,assigned_beneficiaries,benchmark_calibration\n0.5,900,2\n-0.5,200000,1\n"
        "0.01,45000,1\n"
    ),
    "points": "cost_reduction,own_growth\n3.1,5\n0.01,5\n-0.3,100\n0,100.5\n2%,0.02\n",
    "one of each": "cost_reduction\n3.1\n0.02\n2%\n",
    "names only": "name\nA\nB\n",
    "a quote": 'name,quality_score\n"A,0.8\nB,0.8\n"C""",0.8\n=cmd(),0.8\n"=x",7\n',
    "rows of other lengths": "name,quality_score\nA\nA,0.8,\nA,0.8,9\n,,9\nSum,1,1\nGrand total,1\n",  # noqa: E501
}
BROKEN = {
    "empty": b"",
    "blank": b"\n\n",
    "no header": b"1,2\n3,4\n",
    "unknown": b"name,luck,,wealth\n1,2\n",
    "many unknown": b"quality_score,a,b,c,d,e,f,g\n",
    "twice": b"name,name\nA,B\n",
    "html": b"<html>",
    "pdf": b"%PDF-1.7",
    "zeros": b"name,quality_score\x00\n",
    "json": b'{"a": 1}',
    "gzip": b"\x1f\x8bxx",
}


def text_of(path):
    return path.read_bytes().decode("utf-8-sig")


def test_refusals_and_notes_of_a_run_are_approved(tmp_path):
    told, portfolio, out = [], tmp_path / "p.csv", tmp_path / "out.csv"
    for name, text in PORTFOLIOS.items():
        for base in (None, Scenario(cost_reduction=0.05))[: 2 if "name" in name else 1]:
            portfolio.write_text(text, "utf-8")
            tally = settle(portfolio, out, base)
            told += [f"\n== {name}, {'the opening' if base is None else 'a base'}",
                     f"{tally.rows} {tally.rejects} {tally.blank} {tally.totals} {tally.skipped}",
                     *tally.notes, text_of(rejects_of(out))]  # fmt: skip
            if base is None:
                rows = [line.split(",")[:4] for line in text_of(out).splitlines()]
                told += [" | ".join(row) for row in rows]
    for name, content in BROKEN.items():
        portfolio.write_bytes(content)
        with pytest.raises(PortfolioError) as refused:
            settle(portfolio, out)
        told.append(f"{name}: {refused.value}")
    for args in ((portfolio, portfolio), (tmp_path / "out.rejects.csv", out), (portfolio, tmp_path),
                 (tmp_path / "no.csv", out), (tmp_path, out),
                 (portfolio, tmp_path / "no" / "out.csv")):  # fmt: skip
        with pytest.raises(PortfolioError) as refused:
            settle(*args)
        told.append(str(refused.value).replace(str(tmp_path), "FOLDER"))
    approved("portfolio", "\n".join(told), TEST)


def test_a_stop_leaves_no_part(tmp_path):
    assert not list(tmp_path.iterdir())
    (tmp_path / "p.csv").write_text("luck\n1\n")
    with pytest.raises(PortfolioError):
        settle(tmp_path / "p.csv", tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_template_and_dictionary_are_approved():
    approved("dictionary", f"{dictionary()}\n{template()}", TEST)
    cells = columns.cells()
    told = [f"{name} {cell.field} {cell.place} {cell.where} {cell.may_be_percent}"
            for name, cell in cells.items()]  # fmt: skip
    approved("columns", "\n".join(told), TEST)


class Blocks:
    """A stream of blocks of records, each with its size."""

    def __init__(self, *blocks):
        self.blocks, self.sizes, self.asked = list(blocks), 0, []

    def block(self, most):  # noqa: D102
        self.asked.append(most)
        if not self.blocks:
            return []
        records = self.blocks.pop(0)
        self.sizes += sum(map(len, records))
        return records

    def size(self):  # noqa: D102
        size, self.sizes = self.sizes, 0
        return size


@pytest.mark.parametrize(
    ("rows", "size", "blocks", "wanted"),
    [
        (3, 99, [2, 1, 1], [(2, 3, 3), (5, 1, 1)]),
        (3, 99, [2, 2], [(2, 4, 4)]),
        (99, 3, [2, 1, 2], [(2, 3, 3), (5, 2, 2)]),
        (99, 3, [3, 3], [(2, 3, 3), (5, 3, 3)]),
        (2, 2, [], []),
        (4, 4, [3], [(2, 3, 3)]),
    ],
)
def test_a_chunk_ends_where_it_holds_enough(monkeypatch, rows, size, blocks, wanted):
    monkeypatch.setattr(batch, "ROWS_AT_ONCE", rows)
    monkeypatch.setattr(batch, "BYTES_AT_ONCE", size)
    stream = Blocks(*([b"x"] * n for n in blocks))
    found = list(_chunks(stream))
    assert [(chunk.first, len(chunk.records), chunk.size) for chunk in found] == wanted
    assert set(stream.asked) == {rows}


@pytest.mark.parametrize("threads", [0, 1, 2, 3])
def test_dask_holds_twice_as_many_chunks_as_it_has_threads(monkeypatch, threads):
    open_at_once, most = [0], [0]

    class Client:
        def __init__(self, address):
            assert address == "tcp://here"

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def nthreads(self):
            return dict.fromkeys(range(threads), 4)

        def submit(self, work, *given, pure):
            assert pure is False
            open_at_once[0] += 1
            most[0] = max(most[0], open_at_once[0])

            def result():
                open_at_once[0] -= 1
                return work(*given)

            return types.SimpleNamespace(result=result)

    monkeypatch.setitem(sys.modules, "distributed", types.SimpleNamespace(Client=Client))
    plan = ChunkPlan(("quality_score",), Scenario())
    chunks = [Chunk(n, (b"0.8",), 3) for n in range(2, 11)]
    done = list(_all(plan, iter(chunks), "tcp://here"))
    assert [chunk.first for chunk, _ in done] == list(range(2, 11))
    assert [one.good for _, one in done] == [settled(plan, chunk).good for chunk in chunks]
    assert most[0] == 2 * max(1, threads)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PortfolioError, match=r"^Dask is not installed here: pip install 'mssp-sim"):
        list(_all(plan, iter(chunks), "tcp://here"))


def rows_by_hand(plan, records):
    """Return what becomes of records, one after the other: its words, or its cells."""
    found = []
    for record in records:
        cells = None if record is None else record.decode().rstrip("\r\n").split(plan.separator)
        if cells is None:
            found.append("long")
        elif not any(cell.strip() for cell in cells):
            found.append("blank")
        elif cells[0].strip().lower() in ("total", "sum", "grand total"):
            found.append("total")
        elif (
            len(cells) != len(plan.columns) and any(c.strip() for c in cells[len(plan.columns) :])
        ) or len(cells) < len(plan.columns):
            found.append("other")
        else:
            found.append("row")
    return found


def test_a_chunk_counts_its_records_as_one_after_the_other():
    plan = ChunkPlan(("name", "quality_score"), Scenario())
    kinds = [b"A,0.8\n", b",\n", b"\n", b"Total,1\n", b"A\n", b"A,0.8,\r\n", b"A,0.8,9\n", None,
             b"A,0.7\r\n", b" , \n", b"Sum,2,\n"]  # fmt: skip
    random = np.random.default_rng(3)
    for size in (1, 2, 3, 11):
        for _ in range(12):
            records = tuple(kinds[at] for at in random.integers(len(kinds), size=size))
            done, wanted = settled(plan, Chunk(7, records, 1)), rows_by_hand(plan, records)
            assert done.rows == wanted.count("row")
            assert done.rejects == wanted.count("other") + wanted.count("long")
            assert (done.blank, done.totals) == (wanted.count("blank"), wanted.count("total"))
            lines = [line.split(",")[0] for line in done.good.decode().splitlines()]
            assert lines == [str(7 + at) for at, kind in enumerate(wanted) if kind == "row"]
            refused = [line.split(",")[0] for line in done.refused.decode().splitlines()]
            assert refused == [str(7 + at) for at, kind in enumerate(wanted)
                               if kind in ("other", "long")]  # fmt: skip
            if None in records:
                assert f"the line is longer than {LONGEST_LINE:,} bytes" in done.refused.decode()


@pytest.mark.parametrize("length", [ROW_SHOWN - 1, ROW_SHOWN, ROW_SHOWN + 1])
def test_a_refused_row_is_shown_to_a_length(length):
    plan = ChunkPlan(("name", "quality_score"), Scenario())
    record = b"x" * (length - 2) + b",9"
    (line,) = settled(plan, Chunk(2, (record + b"\r\n",), 1)).refused.decode().splitlines()
    ((_, _, shown),) = csv.reader([line])
    assert len(shown) == min(length, ROW_SHOWN)
    assert shown.endswith("…") == (length > ROW_SHOWN)


def test_rows_are_left_out_in_their_order():
    rows = np.array([5, 2, 9, 0])
    for out in ([], [2], [9, 5], [0, 2, 5, 9], [12], [1]):
        assert leaving_out(rows, out).tolist() == [row for row in rows if row not in out]
    assert leaving_out(np.array([], int), [1]).tolist() == []


def test_what_was_seen_adds_up_over_chunks():
    def seen(n):
        return Seen({f"c{n % 2}"}, *({"a": Some(n, 10 * n, 0.5 * n)} for _ in range(4)))

    both = seen(1)
    both.add(seen(2))
    both.add(Seen(beyond={"b": Some(3, 4, 5.0)}))
    for kind in ("points", "signed", "fractions"):
        assert getattr(both, kind) == {"a": Some(3, 10, 0.5)}
    assert both.beyond == {"a": Some(3, 10, 0.5), "b": Some(3, 4, 5.0)}
    assert both.given == {"c0", "c1"}
    tally = Tally(1, 2, 3, 4)
    assert (tally.skipped, tally.records, tally.notes) == (7, 10, [])
    assert rejects_of(Path("a/b.txt")) == Path("a/b.rejects.csv")
    assert io.StringIO(template()).readline().startswith("name,performance_year")
