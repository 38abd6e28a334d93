"""The results inside are CMS's files, row by row, and our rules settle them as CMS did."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mssp_sim.__main__ import main
from mssp_sim.cms_files import proven, published, read, reproduce, reproduction
from tests.cms_files.published import results_file
from tests.cms_files.synthetic import written

YEARS = range(2013, 2025)
LIMITED_BY_REVENUE = {
    (2019, "A2392"), (2021, "A1515"), (2021, "A2820"), (2021, "A4627"),
    (2022, "A1070"), (2023, "A1241"), (2023, "A4627"), (2023, "A5293"),
}  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_the_data_inside_are_the_files_row_by_row(year):
    source = results_file(year)
    inside = published.results(None, year=year).reset_index(drop=True)
    pd.testing.assert_frame_equal(inside, read(source), check_dtype=False)
    (told,) = [one for one in published.provenance() if one.year == year]
    assert told.file == source.name
    assert told.rows == len(inside)
    assert told.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()


def test_building_again_gives_the_same_table(tmp_path):
    folder = results_file(2024).parent
    assert main(["cms", "build", str(folder), "-o", str(tmp_path / "again.parquet")]) == 0
    import pyarrow.parquet as pq  # noqa: PLC0415

    again, inside = pq.read_table(tmp_path / "again.parquet"), pq.read_table(published.FILE)
    assert again.equals(inside, check_metadata=True)
    assert (tmp_path / "again.toml").read_text("utf-8") == proven.FILE.read_text("utf-8")


def test_two_files_of_one_year_are_refused(tmp_path, capsys):
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_bytes(written(2024).getvalue())
    assert main(["cms", "build", str(tmp_path), "-o", str(tmp_path / "out.parquet")]) == 2
    assert "another file is of 2024 too" in capsys.readouterr().err


def test_losses_limited_by_revenue_are_known_by_hand():
    # 1,000,000 spent over a target of 100,000,000. 30% of it is 300,000; a limit of 8% of revenue
    # puts 200,000 of losses at a revenue of 2,500,000, which is 2.4% of 105,000,000 spent.
    row = {
        "gross_savings": -1e6, "disaster_adjustment": 0.0, "half_year": False, "payment": -2e5,
        "expenditure_total": 105e6, "low_revenue": True, "revenue_loss_limit": True,
    }  # fmt: skip
    rows_of = [
        ({}, 0.08, True),
        ({"revenue_loss_limit": None}, 0.08, True),
        ({"revenue_loss_limit": False}, 0.08, False),
        ({"low_revenue": False}, 0.08, False),
        ({"low_revenue": None}, 0.08, False),
        ({}, np.nan, False),
        ({"payment": -299_990.0}, 0.08, True),
        ({"payment": -300_000.0}, 0.08, False),
        # 200,000 and 150,000 taken off for disasters are 350,000; of half a year 275,000.
        ({"disaster_adjustment": 150e3}, 0.08, False),
        ({"disaster_adjustment": 150e3, "half_year": True}, 0.08, True),
        # 35% of 7,200,000 spent at 8% is 201,600; of 7,100,000 it is 198,800.
        ({"expenditure_total": 7.2e6}, 0.08, True),
        ({"expenditure_total": 7.1e6}, 0.08, False),
    ]
    frame = pd.DataFrame([row | change for change, _, _ in rows_of])
    limits = np.array([limit for _, limit, _ in rows_of])
    found = reproduction.limited_by_revenue(frame, limits)
    assert found.tolist() == [limited for _, _, limited in rows_of]


def test_the_data_inside_settle_as_cms_settled_them():
    rows = reproduce(published.results())
    assert len(rows) == 5_271
    assert rows["within"].sum() >= 5_263
    missed = rows[~rows["within"]]
    assert set(zip(missed["performance_year"], missed["aco_id"], strict=True)) == LIMITED_BY_REVENUE
    assert set(missed["cause"]) == {reproduction.REVENUE_LIMIT}


def test_reproduce_without_a_file_tells_the_match_by_year_and_contract(capsys):
    assert main(["reproduce"]) == 0
    told = capsys.readouterr().out
    assert "5,263 of 5,271 within 0.01%" in told
    table = told.split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in table if line.startswith("20")] == list(map(str, YEARS))
    assert "unexplained" not in told


def test_a_flag_that_says_no_is_no_cause():
    frame = published.results()
    frame["revenue_loss_limit"] = False
    rows = reproduce(frame)
    assert set(rows.loc[~rows["within"], "cause"]) == {reproduction.UNEXPLAINED}


def test_losses_that_imply_a_high_revenue_stay_unexplained():
    frame = published.results(year=2023).reset_index(drop=True)
    at = frame.index[frame["aco_id"] == "A5293"][0]
    frame.loc[at, "expenditure_total"] /= 10
    frame.loc[at, "benchmark_total"] = frame.loc[at, "expenditure_total"] - 5e6
    frame.loc[at, "gross_savings"] = -5e6
    assert reproduce(frame)["cause"][at] == reproduction.UNEXPLAINED


def test_the_corrected_file_of_2022_is_of_2022(tmp_path):
    heading, rest = results_file(2022).read_text(encoding="utf-8").split("\n", 1)
    corrected = tmp_path / "corrected.csv"
    heading = heading.replace("Prorate_Shared_Losses", "Impact_Mid_Year_Termination")
    corrected.write_text(f"{heading}\n{rest}", encoding="utf-8")
    frame = read(corrected)
    assert set(frame["performance_year"]) == {2022}
    assert reproduce(frame)["within"].sum() == 481


def test_what_cms_printed_of_the_adjustment_is_kept():
    frame = published.results(("performance_year", "adjustment_applied", "adjustment_category",
                               "regional_adjustment", "prior_savings_adjustment"))  # fmt: skip
    told = frame.groupby("performance_year")["adjustment_applied"].count()
    assert told[[2022, 2023, 2024]].tolist() == [482, 453, 476]
    assert told.loc[:2021].sum() == 0
    counts = frame["adjustment_category"].value_counts()
    assert counts.to_dict() == {
        "Regional Adjustment": 439, "Prior Savings Adjustment": 18, "No Adjustment": 19,
    }  # fmt: skip
    prior = frame[frame["adjustment_category"] == "Prior Savings Adjustment"]
    assert prior["adjustment_applied"].equals(prior["prior_savings_adjustment"])


def test_spending_by_service_and_reporting_are_read():
    frame = published.results(None, year=2024)
    raw = pd.read_csv(results_file(2024), dtype=str)
    assert frame["spending_skilled_nursing"].tolist() == raw["CapAnn_SNF"].astype(float).tolist()
    assert frame["reported_web_interface"].tolist() == (raw["Report_WI"] == "1").tolist()
    measure = pd.to_numeric(raw["QualityID_134_MedicareCQM"], errors="coerce")
    assert frame["qualityid_134_medicarecqm"].tolist() == pytest.approx(
        measure.tolist(), nan_ok=True
    )
    assert set(frame["assignment_type"]) == {"Prospective", "Retrospective"}


def test_a_search_answers_within_a_tenth_of_a_second():
    began = time.perf_counter()
    found = published.search("ca")
    assert time.perf_counter() - began < 0.5  # with the file's first opening
    began = time.perf_counter()
    assert published.search("caravan")
    assert time.perf_counter() - began < 0.1
    assert len(found) == 20
    assert {"ca"} == {"ca" for one in found if "ca" in f"{one.aco_name} {one.aco_id}".casefold()}
    assert published.search("A1001")[0].aco_id == "A1001"


def test_the_file_inside_is_small_and_carries_no_raw_name():
    assert published.FILE.stat().st_size < 2_500_000
    assert published.FILE.name == "aco_results.parquet"


def test_the_core_does_not_open_it():
    code = "import sys, mssp_sim.simulation; print('pyarrow' in sys.modules)"
    root = Path(__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize("year", [2013, 2019, 2024])
def test_the_rows_of_one_year_are_those_of_all_years(year):
    every = published.results(("performance_year", "aco_id", "payment"))
    wanted = every[every["performance_year"] == year].reset_index(drop=True)
    found = published.results(("performance_year", "aco_id", "payment"), year=year)
    pd.testing.assert_frame_equal(found, wanted)
