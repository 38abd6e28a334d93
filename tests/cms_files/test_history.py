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


SHARES = {"A": 0.4, "B": 0.4, "C": 0.5, "D": 0.5, "E": 0.5, "ENHANCED": 0.75}


def test_enhanced_would_have_paid_its_larger_share():
    """In 2021 all met the standard and no loss was taken: the whole difference is the share."""
    frame = published.results(year=2021).reset_index(drop=True)
    rows = history.left(frame)
    new = frame["level"].isin(SHARES)
    paid = rows["payment"].clip(lower=0) * 0.75 / frame["level"].map(SHARES)
    within_limit = rows["under_enhanced"] < 0.2 * frame["benchmark_total"]
    chosen = new & within_limit & (rows["payment"] > 0)
    assert chosen.sum() > 150
    assert rows.loc[chosen, "under_enhanced"].to_numpy() == pytest.approx(
        paid[chosen].to_numpy(), rel=2e-4
    )
    assert (rows["under_enhanced"] >= 0).all()  # every loss of 2021 was waived


def test_who_has_the_largest_share_is_paid_what_cms_paid():
    rows = history.left_inside()
    largest = rows["level"].isin(["3", "ENHANCED"]) & (rows["performance_year"] >= 2016)
    assert (rows.loc[largest, "under_enhanced"] == rows.loc[largest, "payment"]).all()


def test_before_2016_no_contract_shared_as_much():
    rows = history.left_inside()
    told = rows["under_enhanced"].notna()
    assert sorted(set(rows.loc[~told, "performance_year"])) == [2013, 2014, 2015]


def test_one_sided_losses_would_have_been_owed():
    frame = published.results(year=2024).reset_index(drop=True)
    rows = history.left(frame)
    lost = frame["level"].isin(["A", "B"]) & (
        frame["savings_rate"] < -frame["minimum_savings_rate"]
    )
    assert lost.sum() >= 3
    assert (rows.loc[lost, "under_enhanced"] < 0).all()
    nation = history.nation(rows).loc[2024]
    apart = rows["under_enhanced"] - rows["payment"]
    assert nation["more_in_enhanced"] == pytest.approx(sum(one for one in apart if one > 0))
    assert nation["less_in_enhanced"] == pytest.approx(-sum(one for one in apart if one < 0))


def test_what_cms_announced_is_near_the_sum_over_its_rows():
    found = history.beside_announced()
    assert {figure["year"] for figure, _ in found} == {2018, 2020, 2021, 2022, 2023, 2024}
    for figure, ours in found:
        assert ours == pytest.approx(figure["dollars"], rel=0.025), figure
        assert str(figure.get("read", "CMS")).strip()
