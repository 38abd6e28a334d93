"""How a year's spread divides, measured again on CMS's results inside, by another hand."""

import numpy as np
import pandas as pd
import pytest

from mssp_sim.cms_files import published
from mssp_sim.studies.this_year import measured

TYPES = ("esrd", "disabled", "aged_dual", "aged_non_dual")
GROUPS = ((0, 7_500), (7_500, 15_000), (15_000, 30_000), (30_000, 10**9))
CAP = 1.03


@pytest.fixture(scope="module")
def pairs():
    """Return the pairs of years of one agreement: logarithms of growth, year's mean taken away."""
    f = published.results(None)
    f = f[f["performance_year"] >= 2021].copy()

    def table(what, when):
        return f[[f"{what}_{t}_{when}" for t in TYPES]].to_numpy(float)

    years, before = table("person_years", "py"), table("expenditure", "by3")
    ratio = table("risk_score", "py") / table("risk_score", "by3")
    weight = years / years.sum(1, keepdims=True) * before
    mix = weight.sum(1)
    in_all = np.minimum((weight * ratio).sum(1) / mix, CAP)
    by_type = (weight * np.minimum(ratio, CAP)).sum(1) / mix
    new = pd.to_datetime(f["agreement_start"]).dt.year.to_numpy() >= 2024
    f = f[["aco_id", "performance_year", "agreement_start", "assigned_beneficiaries"]].assign(
        mix=np.log(mix), risk=np.log(np.where(new, in_all, by_type)),
        target=np.log(f["benchmark"]), spent=np.log(f["expenditure_total"] / f["person_years"]),
        rate=1 - f["expenditure_total"] / f["benchmark_total"],
    ).dropna()  # fmt: skip
    after = f.assign(performance_year=f["performance_year"] - 1)
    keys = ["aco_id", "performance_year", "agreement_start"]
    both = f.merge(after, on=keys, suffixes=("", "_after"))
    moved = {n: both[f"{n}_after"] - both[n] for n in ("mix", "risk", "target", "spent", "rate")}
    growth = pd.DataFrame({
        "size": both["assigned_beneficiaries"], "year": both["performance_year"],
        "risk": moved["risk"], "rate": moved["rate"],
        "region": moved["target"] - moved["risk"] - moved["mix"],
        "spent": moved["spent"] - moved["mix"],
    })  # fmt: skip
    for name in ("risk", "region", "spent"):
        growth[name] -= growth.groupby("year")[name].transform("mean")
    return growth


def explained(y, *by):
    """Return the part of y that goes with others, by least squares."""
    table = np.column_stack(by)
    return table @ np.linalg.lstsq(table, y, rcond=None)[0]


def test_the_parts_by_size_are_what_the_results_inside_give(pairs):
    assert len(pairs) == 924
    known = measured()
    for at, (low, high) in enumerate(GROUPS):
        group = pairs[(pairs["size"] >= low) & (pairs["size"] < high)]
        region, risk, spent = (group[n].to_numpy() for n in ("region", "risk", "spent"))
        saved = region + risk - spent
        last = risk - explained(risk, region, spent)
        rest = saved - last
        with_region = explained(rest, region)
        whole = saved @ saved
        assert group["size"].median() == known.people[at]
        assert last @ last / whole == pytest.approx(known.risk[at], abs=6e-4)
        assert with_region @ with_region / whole == pytest.approx(known.region[at], abs=6e-4)
        own = rest - with_region
        assert (own @ own + with_region @ with_region + last @ last) / whole == pytest.approx(1)


def test_the_nation_is_what_the_means_of_the_years_differ_by(pairs):
    means = pairs.groupby("year")["rate"].transform("mean")
    between = float(((means - pairs["rate"].mean()) ** 2).mean() / pairs["rate"].var())
    assert between == pytest.approx(measured().nation, abs=6e-4)
