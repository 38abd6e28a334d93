"""An ACO's years joined, and what every ACO left."""

import pandas as pd
import pytest

from mssp_sim.cms_files import history, published, reproduce

EARLY = ("A00001", "A00002", "A00003")


def years(*rows):
    """Return made-up years: performance year, identifier, name."""
    frame = pd.DataFrame(rows, columns=["performance_year", "aco_id", "aco_name"])
    return frame.assign(**{name: 0.0 for name in history.YEARS if name not in frame})


def test_years_are_joined_by_identifier_and_earlier_ones_by_exact_name():
    frame = years(
        (2016, EARLY[0], "First Care"), (2017, EARLY[0], "First Care, LLC"),
        (2018, "A1001", "First Care, LLC"), (2019, "A1001", "New Name"),
        (2017, EARLY[1], "Second"), (2018, "A1002", "second"),
    )  # fmt: skip
    found = history.years_of("A1001", frame)
    assert found["performance_year"].tolist() == [2016, 2017, 2018, 2019]
    assert found["joined_by"].tolist() == [history.BY_NAME] * 2 + [history.BY_IDENTIFIER] * 2
    back = history.years_of(EARLY[0], frame)
    assert back["performance_year"].tolist() == [2016, 2017, 2018, 2019]
    assert back["joined_by"].tolist() == [history.BY_IDENTIFIER] * 2 + [history.BY_NAME] * 2
    assert history.years_of("A1002", frame)["performance_year"].tolist() == [2018]
    assert history.years_of("A9999", frame).empty


@pytest.mark.parametrize("twin", [(2017, EARLY[2], "Care"), (2019, "A1009", "Care")])
def test_a_name_that_two_acos_carry_joins_nothing(twin):
    frame = years((2017, EARLY[0], "Care"), (2018, "A1001", "Care"), twin)
    found = history.years_of("A1001", frame)
    assert set(found["joined_by"]) == {history.BY_IDENTIFIER}


def test_palm_beach_has_twelve_years():
    found = history.years_of("A1001")
    assert found["performance_year"].tolist() == list(range(2013, 2025))
    assert found["joined_by"].tolist() == [history.BY_NAME] * 5 + [history.BY_IDENTIFIER] * 7


def test_national_figures_are_sums_over_rows():
    rows, frame = history.left(), published.results()
    nation = history.nation(rows)
    for year, part in rows.groupby("performance_year"):
        told = nation.loc[year]
        assert told["acos"] == len(part)
        for what in ("lost_at_the_minimum", "lost_to_quality"):
            assert told[what] == pytest.approx(sum(part[what]))
        paid = frame.loc[frame["performance_year"] == year, "payment"]
        assert told["paid"] - told["owed"] == pytest.approx(paid.sum())
    assert nation["acos"].sum() == 5_271


def test_what_was_left_and_what_was_paid_make_the_full_share():
    """In 2021 all met the standard: who missed the minimum lost his full share, worked out here."""
    frame = published.results(year=2021).reset_index(drop=True)
    rows = history.left(frame)
    largest = frame["level"].map(
        {"1": .5, "1+": .5, "2": .6, "3": .75, "A": .4, "B": .4, "C": .5, "D": .5, "E": .5,
         "ENHANCED": .75})  # fmt: skip
    full = (largest * frame["gross_savings"].clip(lower=0) * 0.98).to_numpy()
    missed = (frame["generated"] == 0).to_numpy()
    assert rows["lost_at_the_minimum"].to_numpy()[missed] == pytest.approx(full[missed], abs=1)
    assert rows["lost_at_the_minimum"].to_numpy()[~missed] == pytest.approx(0, abs=1)
    assert rows["lost_to_quality"].abs().max() < 1


def test_who_met_no_standard_lost_the_whole_share_to_quality():
    frame = published.results(year=2024).reset_index(drop=True)
    rows = history.left(frame)
    neither = ~(frame["quality_standard_met"] | frame["alternative_standard_met"])
    beyond = neither & (frame["savings_rate"] >= frame["minimum_savings_rate"])
    lost = rows.loc[beyond, "lost_to_quality"]
    assert (lost[frame.loc[beyond, "gross_savings"] > 0] > 0).all()
    nation = history.nation(rows)
    assert nation.loc[2024, "lost_to_quality"] == pytest.approx(19_246_800, abs=50_000)
    assert nation.loc[2024, "acos_to_quality"] == 13


@pytest.mark.parametrize(("year", "net"), [(2018, 0.739e9), (2020, 1.86e9), (2021, 1.66e9)])
def test_net_savings_are_those_cms_announced(year, net):
    frame = published.results(year=year)
    kept = frame["gross_savings"].sum() - frame["payment"].sum()
    assert kept == pytest.approx(net, abs=0.005e9)


def test_a_settlement_again_gives_the_paid_figure_that_left_is_added_to():
    frame = published.results(year=2023)
    rows, settled = history.left(frame), reproduce(frame)
    assert rows["payment"].tolist() == settled["published"].tolist()
