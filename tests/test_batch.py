"""A portfolio: every row settled as alone, every bad one with its reason, wherever it runs."""

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import Scenario, batch, simulate
from mssp_sim.__main__ import main
from mssp_sim.batch import columns, rejects_of, settle, template
from mssp_sim.exports import scenario_file
from mssp_sim.parameters import RULES_VERSION, last_listed_year
from mssp_sim.scenario import quantities
from mssp_sim.tables.written import harmless
from tests import random_scenarios
from tests.cms_files import synthetic
from tests.conftest import ROOT

DEAR = 30
"""Rows settled one by one beside the portfolio."""


@pytest.fixture
def settled(tmp_path):
    """Return what settles the text of a portfolio: rows of OUT, rows of the rejects."""

    def run(text, base=None, **options):
        portfolio, out = tmp_path / "portfolio.csv", tmp_path / "out.csv"
        portfolio.write_bytes(text if isinstance(text, bytes) else text.encode())
        settle(portfolio, out, base, **options)
        return rows_of(out), rows_of(rejects_of(out))

    return run


def rows_of(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_row_settles_as_the_reference_scenario(settled):
    ((row,), rejects) = settled("quality_score\n0.82\n")
    # 17,732,000 x 50% x 98% = 8,688,680
    assert (row["line"], row["state"], float(row["payment"])) == ("2", "full", 8_688_680)
    assert rejects == []


def test_the_template_settles_as_the_opening_scenario(settled):
    ((row,), rejects) = settled(template())
    assert float(row["payment"]) == 6_516_510
    assert row["name"] == "Opening scenario"
    assert rejects == []


def test_the_template_and_the_dictionary_hold_every_field_of_the_scenario():
    asked = {cell.field for cell in columns.cells().values()}
    assert asked == set(quantities())
    heads = template().splitlines()[0].split(",")
    listed = [row["column"] for row in csv.DictReader(batch.dictionary().splitlines())]
    assert set(heads) <= set(listed)
    assert set(columns.ANSWERS) <= set(listed)


MEANINGS = {
    "Spending target per person-year": lambda r: r.benchmark_total / r.person_years,
    "Spending target": lambda r: r.benchmark * r.person_years,
    "What was spent": lambda r: r.benchmark_total - r.gross_savings,
    "Saved; negative is overspent": lambda r: r.benchmark_total - r.expenditure_total,
    "Earned": lambda r: max(r.payment, 0.0),
    "Owed": lambda r: max(-r.payment, 0.0),
    "Earned less owed": lambda r: r.shared_savings - r.shared_losses,
    "What the same spending would have earned besides": lambda r: r.lost_at_the_minimum
    + r.lost_to_quality,
    "Of that, lost at the minimum": lambda r: r.left_on_the_table - r.lost_to_quality,
    "Of that, lost to quality": lambda r: r.left_on_the_table - r.lost_at_the_minimum,
    "Above the payment limit": lambda r: max(
        r.shared_savings + r.above_limit - r.performance_payment_limit, 0.0
    ),
    "Sequestration": lambda r: r.rules.sequestration_rate
    * (r.shared_savings + r.above_limit + r.sequestration),
    "Medicare's part of the savings; negative is what it bears": lambda r: r.gross_savings
    - r.payment - r.left_on_the_table - r.sequestration - r.above_limit,
    "Saved, as a fraction of the target": lambda r: r.gross_savings / r.benchmark_total,
    "Minimum to get paid": lambda r: r.minimum_loss_rate,
    "Share of the savings": lambda r: r.final_sharing_rate,
    "Share of the losses": lambda r: r.shared_loss_rate,
}  # fmt: skip
"""What the dictionary says of a column of the settlement, and the same as arithmetic."""


def test_the_dictionary_says_of_each_column_what_it_holds():
    listed = {row["column"]: row for row in csv.DictReader(batch.dictionary().splitlines())}
    answers = {name: listed[name] for name in columns.ANSWERS}
    assert [row["meaning"] for row in answers.values()] == list(MEANINGS)
    for seed in range(60):
        result = simulate(Scenario(**random_scenarios.fields(np.random.default_rng(seed))))
        for name, row in answers.items():
            worked_out = float(MEANINGS[row["meaning"]](result))
            nearest = 1e-9 * max(1.0, result.benchmark_total)
            assert float(getattr(result, name)) == pytest.approx(worked_out, abs=nearest), name
    for cell in columns.cells().values():
        words, row = quantities()[cell.field], listed[cell.column]
        assert row["meaning"] == ", ".join([words.label, *cell.where])
        assert (row["field term"], row["where"]) == (words.term, "portfolio")
        low, high = words.allowed or (None, None)
        if words.kind in ("rate", "score"):
            assert f"{low:g}" in row["allowed"].replace("−", "-")
            assert f"{high:g}" in row["allowed"].replace("−", "-")


def test_each_row_of_a_portfolio_settles_as_it_does_alone(settled):
    random = np.random.default_rng(3)
    scenarios = [Scenario(**random_scenarios.fields(random)) for _ in range(DEAR)]
    scenarios += [random_scenarios.by_chance_by_type(seed) for seed in range(DEAR)]
    cells = columns.cells().values()
    lines = [",".join(columns.cells())]
    lines += [",".join(text_of(scenario, cell) for cell in cells) for scenario in scenarios]
    rows, rejects = settled("\n".join(lines))
    assert rejects == []
    for row, scenario in zip(rows, scenarios, strict=True):
        alone = simulate(scenario)
        assert row["state"] == alone.state
        for name in columns.ANSWERS:
            assert float(row[name]) == pytest.approx(getattr(alone, name), abs=0.0051), name


def text_of(scenario, cell):
    value = getattr(scenario, cell.field)
    if value is None:
        return ""
    if cell.place and np.isnan(value[cell.place]):
        return "none"
    return str(value[cell.place]) if cell.place else str(value)


def test_an_empty_cell_is_the_base_and_none_is_nothing(settled):
    base = Scenario(quality_score=0.82, quality_performance_standard=0.9)
    rows, _ = settled(
        "name,quality_score,quality_performance_standard\na,,\n,,none\n,0.95,\n", base
    )
    assert [row["state"] for row in rows] == ["partial", "full", "full"]


def test_part_of_a_table_takes_the_rest_from_the_base(settled):
    rows, _ = settled("expenditure_by3_esrd,cost_reduction\n,0.02\n95000,0.02\n")
    table = np.array(Scenario().expenditure)
    table[2, 0] = 95_000
    alone = simulate(Scenario(expenditure=table, cost_reduction=0.02))
    assert float(rows[1]["benchmark_total"]) == pytest.approx(alone.benchmark_total, abs=0.005)
    assert rows[0]["benchmark_total"] != rows[1]["benchmark_total"]


def test_rows_with_a_regional_table_and_rows_without_share_a_portfolio(settled):
    names = [c for c in columns.cells() if c.startswith("regional_expenditure")]
    full = ",".join(["12000"] * 12)
    lines = [f"{full},a", "," * 12 + "b", "12000" + "," * 12, f"{full},"]
    rows, rejects = settled("\n".join([",".join([*names, "name"]), *lines]))
    table = np.full((3, 4), 12_000.0)
    alone = simulate(Scenario(regional_expenditure=table)).payment
    assert float(rows[0]["payment"]) == pytest.approx(alone, abs=0.005)
    assert [row["payment"] for row in rows[1:]] == ["6516510", rows[0]["payment"]]
    assert [r["reason"] for r in rejects] == [
        "regional_expenditure has 1 of its 12 cells; fill all of them or none"
    ]


BAD = {
    "1.2,E,2025,2025-01-01,0.1,0": "quality_score is 1.2; it goes from 0 to 1",
    "lots,E,2025,2025-01-01,0.1,0": "quality_score is lots; it is a number: it goes from 0 to 1",
    "175%,E,2025,2025-01-01,0.1,0": "quality_score is 1.75; it goes from 0 to 1",
    "0,75;E": "the row has 2 cells and the header 6",
    "nan,E,2025,2025-01-01,0.1,0": "quality_score is nan; it is a number: it goes from 0 to 1",
    "1e999,E,2025,2025-01-01,0.1,0": "quality_score is inf; it goes from 0 to 1",
    "1_0,E,2025,2025-01-01,0.1,0": "quality_score is 1_0; it is a number: it goes from 0 to 1",
    "0.8,Z,2025,2025-01-01,0.1,0": "level is Z; it is one of A, B, C, D, E, ENHANCED",
    "0.8,1,2025,2025-01-01,0.1,0": "level is 1; an agreement that starts on 2025-01-01 has one of",
    "0.8,E,2030,2025-01-01,0.1,0": (
        f"performance_year is 2030; it goes from 2013 to {last_listed_year()}, whole"
    ),
    "0.8,E,2024,2025-01-01,0.1,0": "performance_year is 2024; an agreement that starts on",
    "0.8,E,2023,2024-01-01,0.1,0": (
        "performance_year is 2023; an agreement that starts on 2024-01-01"
    ),
    "0.8,E,2025,today,0.1,0": "agreement_start is today; it is January 1",
    "0.8,E,2025,2025,0.1,0": "agreement_start is 2025; it is January 1",
    "0.8,E,2025,2025-02-01,0.1,0": "agreement_start is 2025-02-01; it is January 1",
    "0.8,E,2025,2025-01-01,0.7,0.4": "market_share and other_acos_share come to 110.0%",
    "0.8,E,2025,2025-01-01,0.1": "the row has 5 cells and the header 6",
    "0.8,E,2025,2025-01-01,0.1,0,9": "the row has 7 cells and the header 6",
    '"0.8,E,2025,2025-01-01,0.1,0': "a quote is not closed on this line",
}
HEAD = "quality_score,level,performance_year,agreement_start,market_share,other_acos_share"
FINE = "0.82,E,2025,2025-01-01,0.1,0"


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_has_the_same_reason_among_good_ones_only(settled, row):
    rows, (reject,) = settled(
        "\n".join([HEAD, FINE, FINE]).encode() + b"\n" + row.encode("latin-1")
    )
    assert len(rows) == 2
    assert reject["line"] == "4"
    assert reject["reason"].startswith(BAD[row])


def test_bad_rows_of_every_kind_are_refused_with_the_reason_and_the_good_ones_are_there(settled):
    lines, wanted = [HEAD.encode()], {}
    for turn in range(1_000):
        row, reason = list(BAD.items())[turn % len(BAD)]
        lines += [FINE.encode(), row.encode("latin-1")]
        wanted[str(len(lines))] = reason
    rows, rejects = settled(b"\n".join(lines))
    assert len(rows) == 1_000
    assert {row["payment"] for row in rows} == {"8688680"}
    assert len(rejects) == 1_000
    for reject in rejects:
        assert reject["reason"].startswith(wanted[reject["line"]])


def test_a_whole_portfolio_of_bad_rows_is_refused_row_by_row(settled):
    rows, rejects = settled("performance_year\n" + "2020\n" * 500)
    assert rows == []
    assert [r["line"] for r in rejects] == [str(n) for n in range(2, 502)]


def test_a_line_of_any_length_takes_no_room_and_the_next_ones_are_settled(settled):
    rows, rejects = settled(f"quality_score\n0.82\n{'9' * 5_000_000}\n0.82\n")
    assert [row["line"] for row in rows] == ["2", "4"]
    assert rejects == [{"line": "3", "reason": "the line is longer than 20,000 bytes", "row": ""}]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_a_mark_of_the_encoding_and_empty_lines_do_not_matter(settled, ends):
    text = ends.join(["name,quality_score", "Lake Care,0.82", "", 'Bay "South",0.75', ""])
    rows, rejects = settled(
        b"\xef\xbb\xbf" + text.replace('Bay "South"', '"Bay ""South"""').encode()
    )
    assert [(row["line"], row["name"]) for row in rows] == [
        ("2", "Lake Care"),
        ("4", 'Bay "South"'),
    ]
    assert rejects == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no header"),
        ("ACO;quality\n", "no header"),
        ("quality_score,qualty\n0.8,1\n", "does not know: qualty. See: python -m mssp_sim"),
        ("quality_score,quality_score\n0.8,1\n", "the column quality_score twice"),
        (b"\xff\xfe\x00", "no header"),
    ],
)
def test_a_portfolio_without_a_usable_header_is_refused_and_nothing_is_written(
    settled, tmp_path, text, said
):
    with pytest.raises(batch.PortfolioError, match=said):
        settled(text)
    assert [path.name for path in tmp_path.iterdir()] == ["portfolio.csv"]


def test_a_portfolio_is_never_overwritten(tmp_path):
    portfolio = tmp_path / "p.csv"
    portfolio.write_text("quality_score\n0.8\n")
    for out in (portfolio, tmp_path / "sub" / ".." / "p.csv"):
        with pytest.raises(batch.PortfolioError, match="would be overwritten"):
            settle(portfolio, out)
    assert portfolio.read_text() == "quality_score\n0.8\n"


def test_no_cell_of_either_file_runs_as_a_formula(settled):
    hostile = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1")
    text = "name,quality_score\n" + "".join(f"{h},0.8\n{h},bad\n" for h in hostile)
    rows, rejects = settled(text)
    assert [row["name"] for row in rows] == [f"'{h}" for h in hostile]
    assert [row["row"] for row in rejects] == [f"'{h},bad" for h in hostile]


def test_a_stop_half_way_leaves_no_half_of_out_and_a_second_run_is_whole(tmp_path, monkeypatch):
    portfolio, out = tmp_path / "p.csv", tmp_path / "out.csv"
    portfolio.write_text("quality_score\n" + "0.82\n" * 100)
    out.write_text("the last one\n")
    monkeypatch.setattr(batch, "ROWS_AT_ONCE", 10)
    done = []

    def stop(size):
        done.append(size)
        if len(done) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        settle(portfolio, out, progress=stop)
    assert out.read_text() == "the last one\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "p.csv"]
    settle(portfolio, out)
    again = out.read_bytes()
    settle(portfolio, out)
    assert out.read_bytes() == again
    assert len(rows_of(out)) == 100


def test_chunks_of_any_size_give_the_same_bytes(tmp_path, monkeypatch):
    portfolio = tmp_path / "p.csv"
    portfolio.write_text(random_portfolio(400))
    found = set()
    for size in (50_000, 37):
        monkeypatch.setattr(batch, "ROWS_AT_ONCE", size)
        out = tmp_path / f"{size}.csv"
        settle(portfolio, out)
        found.add((out.read_bytes(), rejects_of(out).read_bytes()))
    assert len(found) == 1


def random_portfolio(rows):
    """Return rows over contracts, years and levers, some of them bad."""
    draw = np.random.default_rng(rows)
    text = ["name,level,performance_year,agreement_start,cost_reduction,quality_score,market_share"]
    levels = draw.choice([*"ABCDE", "ENHANCED"], rows)
    cut, score, share = draw.uniform(-0.1, 0.12, rows), draw.random(rows), draw.random(rows)
    years = draw.integers(2024, 2027, rows)
    for n in range(rows):
        scored = 7.5 if n % 97 == 5 else score[n]
        text.append(
            f"ACO {n},{levels[n]},{years[n]},2024-01-01,{cut[n]:.4f},{scored:.4f},{share[n]:.3f}"
        )
    return "\n".join(text) + "\n"


def test_the_command_says_by_its_exit_code_whether_all_was_settled(tmp_path, capsys):
    good, mixed = tmp_path / "good.csv", tmp_path / "mixed.csv"
    good.write_text("quality_score\n0.82\n")
    mixed.write_text("quality_score\n0.82\n82\n")
    out = tmp_path / "out.csv"
    assert main(["settle", str(good), "-o", str(out)]) == 0
    assert "1 row settled" in capsys.readouterr().out
    assert main(["settle", str(mixed), "-o", str(out)]) == 1
    assert "1 row refused, with reasons:" in capsys.readouterr().out
    assert main(["settle", str(tmp_path / "none.csv"), "-o", str(out)]) == 2
    assert "none.csv" in capsys.readouterr().err
    base = tmp_path / "base.json"
    base.write_text("{}")
    assert main(["settle", str(good), "-o", str(out), "--base", str(base)]) == 2
    assert "not a scenario file" in capsys.readouterr().err


def test_the_command_takes_what_a_row_does_not_say_from_a_scenario_file(tmp_path):
    base, portfolio, out = (tmp_path / name for name in ("base.json", "p.csv", "out.csv"))
    base.write_bytes(scenario_file.save(Scenario(level="ENHANCED", cost_reduction=-0.04)))
    portfolio.write_text("quality_score\n0.75\n")
    assert main(["settle", str(portfolio), "-o", str(out), "--base", str(base)]) == 0
    # task 5: overspending 4% on ENHANCED at quality 75 owes $10.0M
    assert float(rows_of(out)[0]["shared_losses"]) == pytest.approx(
        simulate(Scenario(level="ENHANCED", cost_reduction=-0.04)).shared_losses, abs=0.005
    )


def test_template_and_dictionary_are_printed_or_written(tmp_path, capsys):
    assert main(["template"]) == 0
    assert capsys.readouterr().out == template()
    assert main(["dictionary", "-o", str(tmp_path / "d.csv")]) == 0
    assert (tmp_path / "d.csv").read_text(encoding="utf-8") == batch.dictionary()


@pytest.mark.long
def test_a_portfolio_takes_the_memory_of_a_few_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "ROWS_AT_ONCE", 2_000)
    peaks = []
    for chunks in (3, 12):
        portfolio = tmp_path / f"{chunks}.csv"
        portfolio.write_text(random_portfolio(2_000 * chunks))
        settle(portfolio, tmp_path / "out.csv")
        tracemalloc.start()
        settle(portfolio, tmp_path / "out.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


@pytest.mark.long
def test_a_run_killed_half_way_leaves_no_out_and_a_second_gives_the_same(tmp_path):
    portfolio, out = tmp_path / "p.csv", tmp_path / "out.csv"
    portfolio.write_text(random_portfolio(150_000))
    command = [sys.executable, "-m", "mssp_sim", "settle", str(portfolio), "-o", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        part = out.with_name("out.csv.part")
        end = time.monotonic() + 120
        while not (part.exists() and part.stat().st_size > 1_000_000):
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert not out.exists()
    whole = tmp_path / "whole.csv"
    settle(portfolio, whole)
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 1
    assert out.read_bytes() == whole.read_bytes()
    assert rejects_of(out).read_bytes() == rejects_of(whole).read_bytes()
    assert not part.exists()


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(batch, "ROWS_AT_ONCE", 500)
    portfolio, here, there = (tmp_path / name for name in ("p.csv", "here.csv", "there.csv"))
    portfolio.write_text(random_portfolio(5_000))
    settle(portfolio, here)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        settle(portfolio, there, dask=cluster.scheduler_address)
    assert here.read_bytes() == there.read_bytes()
    assert rejects_of(here).read_bytes() == rejects_of(there).read_bytes()
    assert len(rows_of(rejects_of(here))) > 0


# Rows that are no rows.


def test_a_row_without_a_filled_cell_is_skipped_and_counted(tmp_path):
    portfolio, out = tmp_path / "p.csv", tmp_path / "out.csv"
    portfolio.write_text("name,quality_score\n,\nLake,0.82\n\n  , \nTotal,0.82\nBay,82\n")
    tally = settle(portfolio, out)
    assert (tally.rows, tally.rejects, tally.blank, tally.totals) == (1, 1, 3, 1)
    assert tally.records == 6
    assert [(row["line"], row["name"]) for row in rows_of(out)] == [("3", "Lake")]
    assert [row["line"] for row in rows_of(rejects_of(out))] == ["7"]


def test_a_line_break_in_quotes_belongs_to_its_record(settled):
    rows, rejects = settled('name,quality_score\n"A\nB",0.82\n"C, ""D""\r\n\r\nE",0.82\nF,0.82\n')
    assert [(row["line"], row["name"]) for row in rows] == [
        ("2", "A\nB"), ("3", 'C, "D"\r\n\r\nE'), ("4", "F"),
    ]  # fmt: skip
    assert rejects == []


def test_a_quote_that_is_never_closed_takes_no_other_row_with_it(settled):
    rows, rejects = settled('name,quality_score\n"A,0.82\n' + "B,0.82\n" * 30_000)
    assert len(rows) == 30_000
    (reject,) = rejects
    assert (reject["line"], reject["row"]) == ("2", '"A,0.82')
    assert reject["reason"].startswith("a quote is not closed")


def test_a_quote_inside_a_cell_is_a_letter(settled):
    rows, rejects = settled('name,quality_score\n5" pipe,0.82\nB,0.82\n')
    assert [row["name"] for row in rows] == ['5" pipe', "B"]
    assert rejects == []


NAMES = st.text(st.sampled_from('aB,";\n\r\t é\N{MINUS SIGN}'), max_size=8)
KINDS = ("good", "bad", "blank", "empty", "total", "short")


def written(records, end):
    """Return a portfolio of records of some kinds, and how many of each."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator=end)
    rows.writerow(["name", "quality_score", "cost_reduction"])
    for kind, name, score in records:
        if kind == "empty":
            out.write(end)
        elif kind == "short":
            rows.writerow([f"x{name}"])
        else:
            cells = {
                "good": [f"x{name}", f"{score}", "0.02"], "bad": [f"x{name}", "82", ""],
                "blank": ["", " ", ""], "total": ["Total", "82", ""],
            }[kind]  # fmt: skip
            rows.writerow(cells)
    return out.getvalue(), {kind: sum(k == kind for k, _, _ in records) for kind in KINDS}


RECORDS = st.lists(
    st.tuples(st.sampled_from(KINDS), NAMES, st.sampled_from(["0.82", "0.75", "81%"])), max_size=25
)


@settings(max_examples=150, deadline=None)
@given(RECORDS, st.sampled_from(["\n", "\r\n"]), st.sampled_from([1, 2, 3, 7, 50_000]))
def test_settled_refused_and_skipped_come_to_the_records_whatever_the_chunks(records, end, size):
    text, counts = written(records, end)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "ROWS_AT_ONCE", size)
        portfolio, out = Path(folder) / "p.csv", Path(folder) / "out.csv"
        portfolio.write_bytes(text.encode())
        tally = settle(portfolio, out)
        rows, rejects = rows_of(out), rows_of(rejects_of(out))
    assert tally.records == len(records) == tally.rows + tally.rejects + tally.skipped
    assert (tally.rows, tally.rejects) == (len(rows), len(rejects))
    assert tally.rows == counts["good"]
    assert tally.rejects == counts["bad"] + counts["short"]
    assert tally.blank == counts["blank"] + counts["empty"]
    assert tally.totals == counts["total"]
    # blank rows and line breaks leave what is settled as it is, row by row
    wanted = [(f"x{name}", score) for kind, name, score in records if kind == "good"]
    for row, (name, score) in zip(rows, wanted, strict=True):
        assert row["name"].replace("\r\n", "\n") == harmless(name).replace("\r\n", "\n")
        value = float(score.rstrip("%")) / (100 if "%" in score else 1)
        alone = simulate(Scenario(quality_score=value, cost_reduction=0.02)).payment
        assert float(row["payment"]) == pytest.approx(alone, abs=0.005)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_records_across_the_borders_of_chunks_settle_on_dask_as_here(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    random = np.random.default_rng(5)
    kinds = random.choice(KINDS, 400)
    records = [(kind, 'a\n"b\r\n,c' * int(n), "0.82") for n, kind in enumerate(kinds)]
    records = [(kind, name[: n % 23], score) for n, (kind, name, score) in enumerate(records)]
    text, counts = written(records, "\n")
    portfolio, here, there = (tmp_path / name for name in ("p.csv", "here.csv", "there.csv"))
    portfolio.write_bytes(text.encode())
    settle(portfolio, here)
    monkeypatch.setattr(batch, "ROWS_AT_ONCE", 7)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        tally = settle(portfolio, there, dask=cluster.scheduler_address)
    assert here.read_bytes() == there.read_bytes()
    assert rejects_of(here).read_bytes() == rejects_of(there).read_bytes()
    assert tally.records == 400
    assert tally.blank == counts["blank"] + counts["empty"]


# What a run says.

ANEW = (
    f" Since version {RULES_VERSION} of the rules it has national_growth 0.06 (0.051 before) and "
    "regional_growth 0.05 (0.051 before)."
)


def said(tmp_path, text):
    portfolio = tmp_path / "p.csv"
    portfolio.write_text(text)
    return settle(portfolio, tmp_path / "out.csv").notes


def test_a_portfolio_of_names_is_told_that_all_else_is_the_opening_scenario(tmp_path):
    every = len(columns.cells())
    assert said(tmp_path, "name\nLake\nBay\n") == [
        f"All {every} columns came from the opening scenario: no row says more than a name, "
        f"so all are settled alike.{ANEW}"
    ]
    assert said(tmp_path, "name,quality_score,level\nLake,0.82,\n") == [
        f"{every - 1} of {every} columns came from the opening scenario.{ANEW}"
    ]


def test_defaults_that_the_last_version_changed_are_named_where_they_are_used(tmp_path):
    (note,) = said(tmp_path, "national_growth,quality_score\n0.051,0.82\n")
    assert note.endswith("it has regional_growth 0.05 (0.051 before).")
    (note,) = said(tmp_path, "national_growth,regional_growth\n0.051,0.051\n")
    assert note.endswith("columns came from the opening scenario.")
    portfolio = tmp_path / "p.csv"
    portfolio.write_text("quality_score\n0.82\n")
    (note,) = settle(portfolio, tmp_path / "out.csv", Scenario()).notes
    assert note.endswith("columns came from the scenario given as base.")


def test_a_column_in_percent_is_said_to_be(tmp_path):
    notes = said(tmp_path, "cost_reduction\n3.1\n0.5\n-0.3\n")
    assert notes[1] == (
        "cost_reduction seems to be in percent: 1 value (3.1 in line 2) cannot be a fraction. "
        "Its other 2 values (such as 0.5 in line 3) were settled as fractions (50%). "
        "Write 3.1 percent as 0.031 or as 3.1%."
    )
    assert notes[2] == (
        "cost_reduction goes past its lever, -0.08 to 0.12, in 2 values (such as 0.5 in line 3)."
    )


def test_a_column_of_fractions_is_not_said_to_be_in_percent(tmp_path):
    notes = said(tmp_path, "cost_reduction,quality_score,participant_revenue_share\n0.03,1,2.5\n")
    assert len(notes) == 1


def test_cells_with_a_percent_sign_among_others_are_said(tmp_path):
    (_, note, _) = said(tmp_path, "cost_reduction\n3.1%\n0.5\n")
    assert note == (
        "cost_reduction has a percent sign in 1 value (0.031 in line 2); its other 1 value "
        "(0.5 in line 3) was settled as a fraction (50%)."
    )


def test_what_is_said_does_not_depend_on_the_chunks(tmp_path, monkeypatch):
    text = "name,cost_reduction,level\n" + "a,0.5,E\nb,3.1,\nc,2%,\nd,0.01,\n" * 5
    whole = said(tmp_path, text)
    monkeypatch.setattr(batch, "ROWS_AT_ONCE", 3)
    assert said(tmp_path, text) == whole
    assert "5 values (such as 3.1 in line 3)" in whole[1]


@pytest.mark.parametrize(
    ("column", "text", "field", "value"),
    [
        ("cost_reduction", "3.1%", "cost_reduction", 0.031),
        ("cost_reduction", "(2%)", "cost_reduction", -0.02),
        ("quality_score", " 82 % ", "quality_score", 0.82),
        ("minimum_election", "1.5%", "minimum_election", 0.015),
        ("assigned_beneficiaries", '"12,000"', "assigned_beneficiaries", 12_000.0),
        ("cost_per_person", '" $ 12,000.50 "', "cost_per_person", 12_000.5),
        ("prior_savings_per_person", " $ -   ", "prior_savings_per_person", 0.0),
    ],
)
def test_a_number_is_read_as_a_spreadsheet_prints_it(settled, column, text, field, value):
    ((row,), rejects) = settled(f"{column}\n{text}\n")
    assert rejects == []
    wanted = simulate(Scenario(**{field: value}))
    assert float(row["payment"]) == pytest.approx(wanted.payment, abs=0.005)
    assert float(row["benchmark_total"]) == pytest.approx(wanted.benchmark_total, abs=0.005)


def test_dollars_are_no_percent(settled):
    _, (reject,) = settled("cost_per_person\n3%\n")
    assert reject["reason"].startswith("cost_per_person is 3%; it is a number")


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("82,Z,2025,2025-01-01,0.1,0", ["quality_score is 82", "level is Z"]),
        ("82,1,2025,2025-01-01,0.1,0", ["quality_score is 82", "level is 1; an agreement"]),
        ("0.8,1,2020,2025-01-01,0.1,0", ["performance_year is 2020", "level is 1; an agreement"]),
        ("0.8,1,2030,2025-01-01,0.1,0", ["performance_year is 2030", "level is 1; an agreement"]),
        ("0.8,E,2025,2025-01-01,0.7,1.4", ["other_acos_share is 1.4"]),
        ("0.8,Z,2025,2025-01-01,0.7,0.4", ["level is Z", "come to 110.0%"]),
        ("0.8,E,2020,2025-01-01,0.7,0.4", ["performance_year is 2020", "come to 110.0%"]),
        ("x,Z,y,z,2,3", ["quality_score is x", "level is Z", "performance_year is y",
                         "agreement_start is z", "market_share is 2", "and 1 more"]),
    ],
)  # fmt: skip
def test_a_row_with_two_faults_names_both(settled, row, faults):
    rows, (reject,) = settled(f"{HEAD}\n{FINE}\n{row}\n")
    assert len(rows) == 1
    parts = reject["reason"]
    for fault in faults:
        assert fault in parts
    assert parts.count(" is ") + parts.count("come to") - parts.count("it is") <= 2 * len(faults)


def test_both_files_open_with_their_accents_and_the_separator_is_said(tmp_path, capsys):
    portfolio, out = tmp_path / "p.csv", tmp_path / "out.csv"
    portfolio.write_text("name,quality_score\nClínica,0.82\nBaía,82\n", encoding="utf-8")
    assert main(["settle", str(portfolio), "-o", str(out)]) == 1
    for path in (out, rejects_of(out)):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "(UTF-8, cells separated by commas)" in capsys.readouterr().out


def test_the_command_says_what_it_skipped(tmp_path, capsys):
    portfolio, out = tmp_path / "p.csv", tmp_path / "out.csv"
    portfolio.write_text("name,quality_score\nLake,0.82\n,\nTotal,0.82\n")
    assert main(["settle", str(portfolio), "-o", str(out)]) == 0
    told = capsys.readouterr().out
    assert "1 row skipped: blank" in told
    assert "1 row skipped: with a total" in told
    assert "columns came from the opening scenario" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["settle", "none.csv", "-o", "out.csv"], "There is no file none.csv."),
        (["settle", "none/p.csv", "-o", "out.csv"], "There is no file none/p.csv."),
        (["settle", ".", "-o", "out.csv"], ". is a folder; name the portfolio in it."),
        (["settle", "p.csv", "-o", "none/out.csv"],
         "There is no folder none for out.csv; make it first."),
        (["settle", "p.csv", "-o", "."], ". is a folder; name a file in it after -o."),
        (["settle", "p.csv", "-o", "o.csv", "--base", "b.json"], "There is no file b.json."),
        (["settle", "p.csv", "-o", "o.csv", "--base", "none/b.json"], "There is no folder none"),
        (["template", "-o", "none/t.csv"], "There is no folder none for t.csv; make it first."),
        (["dictionary", "-o", "."], ". is a folder; name a file in it."),
        (["reproduce", "none.csv"], "none.csv: it cannot be opened (No such file or directory)."),
        (["reproduce", "r.csv", "--csv", "none/r.csv"], "There is no folder none"),
    ],
)  # fmt: skip
def test_a_missing_file_or_folder_is_a_sentence(arguments, says, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("quality_score\n0.82\n")
    Path("r.csv").write_bytes(synthetic.written(2024).getvalue())
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.err.startswith(says)
    assert "Errno" not in told.err + told.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.csv", "r.csv"]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_each_command_ends_as_documented_whatever_letters_its_output_knows(encoding, tmp_path):
    (tmp_path / "p.csv").write_text("name,cost_reduction\nÄrzte,−0.02\nBaía 名,0.02\n", "utf-8")
    (tmp_path / "名.csv").write_text("name\n\N{MINUS SIGN}\n", "utf-8")
    results = synthetic.cells(2024, 20)
    (tmp_path / "r.csv").write_bytes(synthetic.to_bytes(results))
    owed = [n for n, cell in enumerate(results["EarnSaveLoss"]) if cell.startswith("-")]
    results["EarnSaveLoss"][owed[0]] = "-1"
    results["Rev_Exp_Cat"][owed[0]] = "High Revenue"  # no limit on revenue explains it
    results["GenSaveLoss"][owed[0]] = results["BnchmkMinExp"][owed[0]]
    (tmp_path / "off.csv").write_bytes(synthetic.to_bytes(results))
    for arguments, status in (
        (["template"], 0), (["dictionary"], 0), (["--help"], 0), (["settle", "--help"], 0),
        (["settle", "p.csv", "-o", "o.csv"], 0), (["settle", "名.csv", "-o", "−.csv"], 0),
        (["settle", "none−.csv", "-o", "o.csv"], 2),
        (["reproduce", "r.csv"], 0), (["reproduce", "off.csv"], 1), (["reproduce", "名.csv"], 2),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "mssp_sim", *arguments],
            cwd=tmp_path, check=False, capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        told = (done.stdout + done.stderr).decode(encoding)
        assert "Traceback" not in told, (arguments, told)
        assert done.returncode == status, (arguments, told)
        assert "\\u" not in told


def test_a_refused_row_names_its_second_fault_whichever_field_bears_it(settled):
    half = 0.6
    for names in (("other_acos_share", "market_share"), ("market_share", "other_acos_share")):
        _, (reject,) = settled(f"{names[0]},{names[1]},quality_score\n{half},{half},7\n")
        assert "quality_score" in reject["reason"]
        assert "other_acos_share" in reject["reason"]
