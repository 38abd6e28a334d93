"""How far a year strays, its savings rate by size and its score: measured again on CMS's rows."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mssp_sim.cms_files import published
from mssp_sim.studies import luck, true_results
from mssp_sim.studies.true_results import Setting, measured_scores

SIZES = (0, 5_000, 7_500, 10_000, 15_000, 20_000, 50_000, 10**9)


def committed(module):
    """Return the last version of a parameter as it is committed, every number of it."""
    return tomllib.loads(Path(module.__file__).with_suffix(".toml").read_text("utf-8"))["versions"][
        -1
    ]


@pytest.fixture(scope="module")
def pairs():
    """Return every pair of years of the same ACO from 2021 on: changes of rate and score."""
    f = published.results(None)
    f = f[f["performance_year"] >= 2021]
    f = f.assign(rate=1 - f["expenditure_total"] / f["benchmark_total"])
    f = f[["aco_id", "performance_year", "assigned_beneficiaries", "rate", "quality_score"]]
    after = f.assign(performance_year=f["performance_year"] - 1)
    both = f.merge(after, on=["aco_id", "performance_year"], suffixes=("", "_after"))
    return pd.DataFrame({
        "year": both["performance_year"],
        "size": both["assigned_beneficiaries"],
        "rate": 100 * (both["rate_after"] - both["rate"]),
        "score": 100 * (both["quality_score_after"] - both["quality_score"]),
    })  # fmt: skip


def test_the_score_strays_and_goes_with_the_savings_as_committed(pairs):
    known = committed(true_results)
    for taken, end in (([], ""), (["year"], "_without_the_move")):
        moved = pairs[["score", "rate"]]
        if taken:
            moved = moved - pairs.groupby(taken)[["score", "rate"]].transform("mean")
        spread, tied = moved["score"].std() / 2**0.5, np.corrcoef(moved.T)[0, 1]
        assert spread == pytest.approx(known[f"quality{end}"], abs=0.051)
        assert tied == pytest.approx(known[f"with_savings{end}"], abs=0.005)
    assert Setting().quality == measured_scores().quality == known["quality"] / 100
    assert Setting().with_quality == measured_scores().with_savings == known["with_savings"]


def test_the_savings_rate_strays_by_size_as_committed(pairs):
    known = committed(luck)
    assert len(pairs) == 1_238
    assert f"{len(pairs):,} pairs" in known["citation"]["source"]
    groups = pairs.groupby(pd.cut(pairs["size"], SIZES), observed=True)
    assert groups["rate"].std().tolist() == pytest.approx(known["year_to_year"], abs=0.051)
    middle = np.exp(np.log(pairs["size"]).groupby(pd.cut(pairs["size"], SIZES)).mean())
    assert middle.tolist() == pytest.approx(known["people"], rel=0.1)
    halved = [points / 2**0.5 for points in known["year_to_year"]]
    assert known["value"] == pytest.approx(halved, abs=0.0051)
