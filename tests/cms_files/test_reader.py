"""One table from nine of CMS's files, three later layouts and one that nobody has seen."""

import io
import re
import time
from contextlib import nullcontext

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from mssp_sim.cms_files import ResultsFileError, read
from tests.cms_files import synthetic
from tests.cms_files.published import YEARS, results_file

# Year, ACOs, earned in $m, owed in $m, benchmark in $bn, median of N_AB, met quality in %.
OUTCOMES = [
    (2013, 220, 316, 4.0, 42.5, 11_383, 95.0), (2014, 333, 341, 0.0, 52.9, 11_219, 96.7),
    (2015, 392, 646, 0.0, 73.3, 12_545, 98.2), (2016, 432, 701, 9.3, 81.4, 12_008, 99.1),
    (2017, 472, 799, 18.6, 94.9, 12_156, 99.2), (2018, 548, 984, 17.6, 109.8, 11_688, 99.6),
    (2019, 475, 1_134, 16.1, 92.8, 13_673, 100.0), (2020, 513, 2_284, 0.0, 111.0, 12_723, 100.0),
    (2021, 475, 1_959, 0.0, 113.3, 13_504, 100.0),
]  # fmt: skip
# Year, quality score at p5, p25, p50, p95, without those who only had to report.
SCORES = [
    (2014, 71.78, 82.14, 87.34, 93.11), (2015, 79.31, 89.80, 93.59, 99.10),
    (2016, 85.87, 91.87, 96.05, 100.0), (2017, 81.99, 90.13, 92.67, 100.0),
    (2018, 81.66, 89.61, 93.77, 100.0), (2019, 92.17, 92.17, 93.31, 98.85),
    (2020, 96.87, 96.87, 97.41, 100.0), (2021, 76.16, 85.79, 91.06, 100.0),
]  # fmt: skip
# Year, updated benchmark at p5 and p50, minimum savings rate at p50 and p95, savings rate at p50.
RATES = [
    (2014, 7_836, 9_916, 2.92, 3.87, 0.45), (2015, 8_147, 10_174, 2.85, 3.84, 0.13),
    (2016, 8_284, 10_245, 2.85, 3.79, 0.56), (2017, 8_782, 10_611, 2.83, 3.85, 1.13),
    (2018, 9_166, 10_906, 2.80, 3.77, 1.44), (2019, 9_624, 11_356, 2.69, 3.72, 2.59),
    (2020, 8_916, 10_546, 2.50, 3.79, 3.82), (2021, 9_578, 11_253, 2.46, 3.78, 3.14),
]  # fmt: skip
LEVELS = {
    2013: {"1": 215, "2": 5}, 2014: {"1": 330, "2": 3}, 2015: {"1": 389, "2": 3},
    2016: {"1": 410, "2": 6, "3": 16}, 2017: {"1": 433, "2": 6, "3": 33},
    2018: {"1": 453, "1+": 52, "2": 7, "3": 36}, 2019: {"1": 389, "1+": 47, "2": 7, "3": 32},
    2020: {"1": 133, "1+": 19, "2": 2, "3": 5, "A": 54, "B": 136, "C": 20, "D": 1, "E": 69,
           "ENHANCED": 74},
    2021: {"1": 119, "1+": 17, "2": 2, "3": 5, "A": 18, "B": 143, "C": 30, "D": 1, "E": 69,
           "ENHANCED": 71},
}  # fmt: skip
SETTLEMENT = [
    "aco_id", "aco_name", "performance_year", "level", "agreement_start",
    "assigned_beneficiaries", "person_years", "benchmark_total", "expenditure_total",
    "gross_savings", "savings_rate", "minimum_savings_rate", "payment", "quality_score",
    "quality_standard_met", "alternative_standard_met", "final_sharing_rate",
    "disaster_adjustment", "guardrail", "reduced_sharing", "half_year", "first_year",
]  # fmt: skip
LATER = (2022, 2023, 2024, 2025)


@pytest.mark.cms_files
@pytest.mark.parametrize(("year", "acos", "earned", "owed", "benchmark", "people", "met"), OUTCOMES)
def test_the_totals_of_each_year_are_cms_s(year, acos, earned, owed, benchmark, people, met):
    frame = read(results_file(year))
    paid = frame["payment"]
    assert len(frame) == acos
    assert set(frame["performance_year"]) == {year}
    assert round(paid[paid > 0].sum() / 1e6) == earned
    assert round(-paid[paid < 0].sum() / 1e6, 1) == pytest.approx(owed)
    assert round(frame["benchmark_total"].sum() / 1e9, 1) == benchmark
    assert int(frame["assigned_beneficiaries"].median()) == people
    assert round(100 * frame["quality_standard_met"].mean(), 1) == met
    assert frame["level"].value_counts().to_dict() == LEVELS[year]


@pytest.mark.cms_files
@pytest.mark.parametrize(("year", "p5", "p25", "p50", "p95"), SCORES)
def test_quality_scores_are_fractions_whatever_the_file_prints(year, p5, p25, p50, p95):
    frame = read(results_file(year))
    found = 100 * frame.loc[~frame["first_year"], "quality_score"]
    told = frame["quality_score"].dropna()
    assert (told == told.round(12)).all()  # no binary noise in a link
    assert found.quantile([0.05, 0.25, 0.5, 0.95]).tolist() == pytest.approx(
        [p5, p25, p50, p95], abs=0.0051
    )


@pytest.mark.cms_files
@pytest.mark.parametrize(("year", "low", "middle", "minimum", "high", "savings"), RATES)
def test_benchmarks_and_rates_lie_where_cms_s_lie(year, low, middle, minimum, high, savings):
    frame = read(results_file(year))
    assert frame["benchmark"].quantile([0.05, 0.5]).tolist() == pytest.approx(
        [low, middle], abs=0.51
    )
    rates = 100 * frame["minimum_savings_rate"].quantile([0.5, 0.95])
    assert rates.tolist() == pytest.approx([minimum, high], abs=0.0051)
    assert 100 * frame["savings_rate"].median() == pytest.approx(savings, abs=0.0051)


@pytest.mark.cms_files
@pytest.mark.parametrize("year", YEARS)
def test_every_settlement_column_is_complete(year):
    frame = read(results_file(year))
    printed = ["generated", "benchmark", "historical_benchmark"] if year > 2013 else []
    complete = frame[SETTLEMENT + printed].notna().all()
    assert complete.all(), list(complete[~complete].index)
    assert frame["sharing_rate"].notna().all() == (year != 2019)
    if year >= 2018:
        assert set(frame["low_revenue"]) == {True, False}
        assert set(frame["revenue_loss_limit"]) == {True, False}
    else:
        assert frame["low_revenue"].isna().all()
    if year >= 2016:
        assert frame["agreement_period"].between(1, 3).all()


@pytest.mark.cms_files
@pytest.mark.parametrize("year", YEARS)
def test_benchmark_year_columns_are_read_by_type(year):
    frame = read(results_file(year))
    assert frame.filter(regex="^risk_score").notna().mean().min() > 0.98
    when = "(by[123]|py)" if year > 2013 else "py"
    assert frame.filter(regex=f"^expenditure_(?!total).*_{when}$").notna().mean().min() > 0.98
    when = "(by3|py)" if year > 2013 else "py"
    assert frame.filter(regex=f"^person_years_.*_{when}$").notna().mean().min() > 0.98


@pytest.mark.cms_files
def test_a_row_is_the_row_of_the_file():
    first = read(results_file(2021)).iloc[1]
    assert first["aco_id"] == "A1006"
    assert first["aco_name"].startswith("Hackensack Alliance ACO")
    assert first["agreement_start"] == pd.Timestamp(2019, 7, 1)
    wanted = {
        "level": "B", "agreement_period": 3, "assigned_beneficiaries": 34_878,
        "person_years": 33_979, "benchmark": 13_285, "historical_benchmark": 12_649,
        "benchmark_total": 451_411_182, "expenditure_total": 456_591_034,
        "gross_savings": -5_179_852, "generated": 0, "payment": 0, "sharing_rate": 0.4,
        "expenditure_aged_dual_by1": 15_693, "risk_score_aged_non_dual_py": 0.982,
        "person_years_esrd_by3": 256, "person_years_aged_non_dual_py": 29_578,
    }  # fmt: skip
    assert first[list(wanted)].to_dict() == wanted
    assert first["quality_score"] == pytest.approx(0.9181)
    assert first["minimum_savings_rate"] == pytest.approx(0.0235)


@pytest.mark.cms_files
def test_the_headings_of_2013_are_moved_back_over_their_values():
    first = read(results_file(2013)).iloc[0]
    assert first["expenditure_total"] == 573_516_045.50
    assert first["payment"] == 19_388_729.07
    assert first["assigned_beneficiaries"] == 36_268
    assert first["person_years"] == 29_883.83333
    assert first["person_years_esrd_py"] == 305.75
    assert first["expenditure_esrd_py"] == 82_799.14
    assert first["minimum_savings_rate"] == 0.023373146


@pytest.mark.cms_files
def test_first_years_only_had_to_report():
    counts = {year: int(read(results_file(year))["first_year"].sum()) for year in YEARS}
    assert {year: n for year, n in counts.items() if n} == {2014: 119, 2015: 89}


@pytest.mark.cms_files
def test_half_years_are_found_in_2019_alone():
    counts = {year: int(read(results_file(year))["half_year"].sum()) for year in YEARS}
    assert {year: n for year, n in counts.items() if n} == {2019: 166}


@pytest.mark.cms_files
def test_a_disaster_adjustment_is_positive_dollars():
    frame = read(results_file(2021))
    assert (frame["disaster_adjustment"] > 0).sum() == 15
    assert frame["disaster_adjustment"].min() == 0


@pytest.mark.cms_files
@pytest.mark.parametrize("year", YEARS)
def test_the_year_is_found_without_a_year_column_or_a_name(year):
    table = pd.read_csv(results_file(year), dtype=str, keep_default_na=False)
    table = table.drop(columns=["year", "performance_year"], errors="ignore")
    if year == 2013:
        columns = [c for c in table.columns if not c.startswith("Unnamed")]
        table = table[columns]
    file = io.BytesIO(table.to_csv(index=False).encode())
    assert set(read(file)["performance_year"]) == {year}


@pytest.mark.cms_files
@pytest.mark.parametrize("year", YEARS)
def test_reading_a_year_takes_well_under_a_second(year):
    file = results_file(year)
    read(file)
    start = time.process_time()
    read(file)
    assert time.process_time() - start < 1.0


@pytest.mark.cms_files
def test_a_path_a_buffer_and_a_text_give_the_same_table():
    file = results_file(2020)
    wanted = read(file)
    assert_frame_equal(read(str(file)), wanted)
    assert_frame_equal(read(io.BytesIO(file.read_bytes())), wanted)
    assert_frame_equal(read(io.StringIO(file.read_text("utf-8"))), wanted)
    assert wanted.attrs == {"file": "mssp_puf_2020.csv", "notes": ()}


# The later layouts, on invented ACOs.

ROUNDED = {  # printed with two decimals of a percent
    "minimum_savings_rate": 5.1e-5, "quality_score": 5.1e-5, "final_sharing_rate": 5.1e-5,
    "shared_loss_rate": 5.1e-5,
}  # fmt: skip


@pytest.mark.parametrize("year", LATER)
def test_later_layouts_are_read_as_they_are_meant(year):
    truth, frame = synthetic.acos(year), read(synthetic.written(year))
    for word in frame.columns.intersection(truth.columns):
        if word == "shared_loss_rate" and year == 2022:
            assert frame[word].isna().all()
        elif word in {"aco_id", "aco_name", "level", "agreement_start"}:
            assert frame[word].tolist() == truth[word].tolist(), word
        else:
            wanted, found = truth[word].to_numpy(float), frame[word].to_numpy(float)
            np.testing.assert_allclose(
                found, wanted, rtol=1e-12, atol=ROUNDED.get(word, 0), err_msg=word
            )
    assert frame["sharing_rate"].isna().all()
    assert not frame["first_year"].any()
    missing = set(truth.columns) - set(frame.columns)
    assert missing == {"disaster"}


@pytest.mark.parametrize("year", LATER)
def test_the_cases_that_need_care_are_in_the_later_layouts(year):
    frame = read(synthetic.written(year))
    assert frame["alternative_standard_met"].any() == (year >= 2023)
    assert frame["guardrail"].any() == frame["reduced_sharing"].any() == (year >= 2024)
    assert (frame["payment"] < 0).any()
    assert (frame["disaster_adjustment"] > 0).any()
    assert synthetic.HTML in set(frame["aco_name"])
    assert synthetic.FORMULA in set(frame["aco_name"])


def test_a_shared_loss_rate_may_be_text_fraction_or_percent():
    columns = synthetic.cells(2023)
    wanted = read(io.BytesIO(synthetic.to_bytes(columns)))["shared_loss_rate"]
    printed = set(columns["FinalLossRate"])
    assert "-" in printed
    assert any("%" in p for p in printed)
    assert any(re.fullmatch(r"0\.\d+", p) for p in printed)
    assert wanted.dropna().between(0.3, 0.75).all()
    as_percent = ["-" if np.isnan(x) else f"{100 * x:.4f}" for x in wanted]
    found = read(io.BytesIO(synthetic.to_bytes(columns | {"FinalLossRate": as_percent})))
    assert found["shared_loss_rate"].to_numpy() == pytest.approx(wanted.to_numpy(), nan_ok=True)


def test_a_year_of_2025_comes_from_the_agreements_that_start_in_it():
    frame = read(synthetic.written(2025))
    assert set(frame["performance_year"]) == {2025}


def changed(name: str, at: int, value: str, year: int = 2024) -> io.BytesIO:
    columns = synthetic.cells(year)
    columns[name] = [*columns[name][:at], value, *columns[name][at + 1 :]]
    return io.BytesIO(synthetic.to_bytes(columns, year=year))


@pytest.mark.parametrize(
    ("rooms", "fits"), [(-1.3, False), (-0.7, True), (0.7, True), (1.3, False)]
)
def test_the_spending_by_type_has_the_room_of_its_own_row_alone(rooms, fits):
    at, truth = 20, synthetic.acos(2024)
    one = truth.iloc[at]
    spent = [one[f"expenditure_{kind}_py"] for kind in synthetic.TYPES]
    years = [one[f"person_years_{kind}_py"] for kind in synthetic.TYPES]
    room = 0.005 * one["expenditure_total"] + 0.6 * sum(spent)
    off = np.dot(years, spent) - one["expenditure_total"]
    cell = f"{spent[3] + (rooms * room - off) / years[3]:.0f}"
    file = changed("Per_Capita_Exp_ALL_AGND_PY", at, cell)
    with nullcontext() if fits else pytest.raises(ResultsFileError, match="four enrollment types"):
        read(file)


def test_the_files_name_is_the_last_hint_and_says_so():
    columns = synthetic.cells(2025) | {"current_start_date": ["2022-01-01"] * 60}
    columns.pop("CURRENT_START_DATE", None)
    file = io.BytesIO(synthetic.to_bytes(columns))
    file.name = "results_2025.csv"
    frame = read(file)
    assert set(frame["performance_year"]) == {2025}
    assert "from the file's name" in " ".join(frame.attrs["notes"])


def test_a_name_of_another_year_is_noted_and_not_believed():
    file = synthetic.written(2023)
    file.name = "2021.csv"
    frame = read(file)
    assert set(frame["performance_year"]) == {2023}
    assert "name says 2021" in " ".join(frame.attrs["notes"])


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("QualScore", "9O.5", "“9O.5” cannot be read; expected a quality score"),
        ("QualScore", "0.77", "cannot both be in the same unit"),
        ("QualScore", "P4R", "2024 had no pay for reporting"),
        ("N_AB", "-9091", "expected a whole number of people"),
        ("N_AB", "9091.5", "expected a whole number of people"),
        ("ABtotBnchmk", "1e308", "expected dollars"),
        ("ABtotBnchmk", "123,45", "expected dollars"),
        ("ABtotExp", "", "nothing stands here; expected dollars"),
        ("BnchmkMinExp", "1", "benchmark less spending is"),
        ("Sav_rate", "71.00", "does not fit benchmark and spending"),
        ("Current_Track", "F", "expected a level A to E, EN"),
        ("Current_Start_Date", "13/32/2019", "expected a date"),
        ("Current_Start_Date", "1/1/2031", "expected a start from 2012 to 2024"),
        ("Rev_Exp_Cat", "Medium", "expected High Revenue or Low Revenue"),
        ("Met_QPS", "2", "expected 1 or 0"),
        ("ACO_ID", "=cmd()", "expected an identifier"),
        ("ACO_ID", "A1001", "stands in the file twice"),
        ("CMS_HCC_RiskScore_DIS_BY2", "103.4", "expected a risk score"),
        ("Risk_Model", "One-Sided", "does not fit"),
        ("UpdatedBnchmk", "1234567", "person-years"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(name, value, says):
    with pytest.raises(ResultsFileError, match=re.escape(says)) as caught:
        read(changed(name, 3, value))
    assert "row 5" in str(caught.value) or "cannot both" in str(caught.value)


def test_the_error_carries_its_parts():
    file = changed("QualScore", 3, "9O.5")
    file.name = "year.csv"
    with pytest.raises(ResultsFileError) as caught:
        read(file)
    error = caught.value
    assert (error.file, error.column, error.row) == ("year.csv", "QualScore", 5)
    assert error.value == "9O.5"
    assert str(error) == (
        "year.csv, row 5, column QualScore: “9O.5” cannot be read; "
        "expected a quality score such as 0.9181, 91.81 or 91.81%."
    )


def test_a_score_in_two_units_carries_what_was_expected():
    with pytest.raises(ResultsFileError) as caught:
        read(changed("QualScore", 3, "0.77"))
    error = caught.value
    assert (error.column, error.row, error.value) == ("QualScore", 5, "0.77")
    assert error.expected == "a quality score such as 0.9181, 91.81 or 91.81%"


def test_a_missing_column_is_asked_for_by_its_name():
    columns = synthetic.cells(2024)
    del columns["ABtotExp"], columns["N_AB"]
    with pytest.raises(
        ResultsFileError, match=r"assigned beneficiaries \(N_AB\) and for the total"
    ):
        read(io.BytesIO(synthetic.to_bytes(columns)))


def test_two_columns_of_one_meaning_must_agree():
    columns = synthetic.cells(2024)
    same = columns | {"Performance_Year": ["2024"] * 60, "Year": ["2024"] * 60}
    assert set(read(io.BytesIO(synthetic.to_bytes(same)))["performance_year"]) == {2024}
    other = same | {"Year": ["2023"] * 60}
    with pytest.raises(ResultsFileError, match="means the same"):
        read(io.BytesIO(synthetic.to_bytes(other)))


def test_one_file_holds_one_year():
    columns = synthetic.cells(2024) | {"Performance_Year": ["2024"] * 59 + ["2025"]}
    with pytest.raises(ResultsFileError, match="choose one of them"):
        read(io.BytesIO(synthetic.to_bytes(columns)))
