"""What it left, its peers and the causes: their figures are those of the rows."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mssp_sim.app import my_aco
from mssp_sim.cms_files import NotLoadableError, finding, history, peer_group, published
from mssp_sim.cms_files.causes import PROSPECTIVE, TOGETHER, causes
from mssp_sim.screens.real_acos import (
    causes_picture,
    causes_words,
    left_words,
    peers_picture,
    peers_words,
)
from tests.cms_files import synthetic

APP = Path(__file__).parents[3] / "app.py"
PBACO = "A1001"


@cache
def results(year):
    return published.results(None, year=year).reset_index(drop=True)


def at(year, aco_id=PBACO):
    frame = results(year)
    return frame, int(np.flatnonzero(frame["aco_id"] == aco_id)[0])


# What it left.


def test_what_a_board_quotes_of_2024():
    sums = history.nation(history.left_inside()).to_dict("index")
    assert left_words.board_sentence(2024, sums[2024]) == (
        "In 2024, 13 of 476 ACOs left $19.2M on the table through quality; "
        "74 left $89.9M at the minimum."
    )
    assert left_words.board_sentence(2022, sums[2022]).startswith(
        "In 2022, none of 482 ACOs left money on the table through quality;"
    )
    rows = left_words.board_rows(sums)
    assert [row["Year"] for row in rows] == [str(year) for year in range(2013, 2025)]
    assert rows[-1]["Left through quality"] == "$19,246,800"
    for figure in left_words.board_figures(2024, sums[2024]):
        assert figure.how()[-1].value == figure.shown


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "Lake left nothing at the minimum and nothing to quality."),
        ({"under_enhanced": 3e6}, "ENHANCED would have paid $3.0M more."),
        ({"under_enhanced": -3e6}, "Under ENHANCED it would have owed $3.0M."),
        ({"payment": -4e6, "under_enhanced": -3e6}, "Under ENHANCED it would have owed $3.0M."),
        ({"level": "1", "under_enhanced": 3e6}, "Track 3 would have paid $3.0M more."),
        ({"level": "3", "under_enhanced": 0.0}, "Its contract, Track 3, had the largest share"),
        ({"lost_at_the_minimum": 4e4}, "left <$0.1M at the minimum"),
    ],
)
def test_what_one_aco_left_is_said_in_each_state(row, said):
    usual = {
        "aco_name": "Lake", "level": "E", "payment": 0.0, "lost_at_the_minimum": 0.0,
        "lost_to_quality": 0.0, "under_enhanced": float("nan"),
    }  # fmt: skip
    assert said in left_words.own_sentence(usual | row)
    assert len(left_words.own_figures(usual | row)) == (3 if "under_enhanced" in row else 2)


def test_the_gap_to_what_cms_announced_is_stated():
    lines = left_words.announced_lines(history.beside_announced())
    (owed,) = [line for line in lines if "owed by ACOs" in line]
    assert owed.startswith(
        "2024, owed by ACOs: CMS announced $20.3 million, the rows come to $20.0M, −1.6%. Read in: "
    )
    recalled = [line[:4] for line in lines if line.endswith("Recalled, not looked up.")]
    assert recalled == ["2018", "2021"]


# Peers.


def test_peers_pass_each_condition_and_the_aco_is_not_among_them():
    frame, own = at(2024)
    row = frame.iloc[own]
    peers = peer_group.peers_of(frame, own, tuple(peer_group.CRITERIA))
    everyone = peer_group.peers_of(frame, own, ())
    assert PBACO not in set(everyone["aco_id"])
    assert len(everyone) == len(frame) - 1
    kept = [
        other["aco_id"] for other in frame.to_dict("records")
        if other["aco_id"] != PBACO and other["level"] == row["level"]
        and 0.5 <= other["assigned_beneficiaries"] / row["assigned_beneficiaries"] <= 2
        and other["revenue_category"] == row["revenue_category"]
        and other["assignment_type"] == row["assignment_type"]
        and abs(other["dual_share"] - row["dual_share"]) <= 0.05
    ]  # fmt: skip
    assert peers["aco_id"].tolist() == kept


def test_a_condition_that_the_file_does_not_tell_takes_nobody_off():
    frame, own = results(2014), 5
    assert set(peer_group.told(frame.iloc[own])) == {"level", "assigned_beneficiaries"}
    assert len(peer_group.peers_of(frame, own, ("dual_share",))) == len(frame) - 1


def test_a_place_is_counted_over_the_peers_that_are_told():
    frame, own = at(2024)
    peers = peer_group.peers_of(frame, own, ("revenue_category",))
    found = {one.measure: one for one in peer_group.standings(frame.iloc[own], peers)}
    assert set(found) == set(peer_group.MEASURES)
    one = found["spending_skilled_nursing"]
    values = peers["spending_skilled_nursing"].dropna().tolist()
    mine = frame["spending_skilled_nursing"][own]
    assert one.below == pytest.approx(sum(value < mine for value in values) / len(values))
    assert one.middle == pytest.approx(np.median(values))


def test_a_score_that_all_share_has_no_place():
    frame = results(2013)
    measures = {one.measure for one in peer_group.standings(frame.iloc[0], frame[1:2])}
    assert "quality_score" not in measures
    assert "spending_outpatient" not in measures


def test_one_percent_of_a_service_is_worth_its_share():
    """PBACO keeps 75% after 2% sequestration of each dollar, above any minimum."""
    frame, own = at(2024)
    row = frame.iloc[own]
    worths = {one.service: one for one in peer_group.worth_of_one_percent(row)}
    saved = 0.01 * row["spending_skilled_nursing"] * row["person_years"]
    assert worths["skilled_nursing"].saved == pytest.approx(saved)
    assert worths["skilled_nursing"].worth == pytest.approx(saved * 0.75 * 0.98)
    told = list(worths.values())
    assert len(told) == len(peer_group.SERVICES)


def test_one_percent_may_be_worth_nothing_or_a_cliff():
    frame = results(2024)
    under = np.flatnonzero((frame["savings_rate"] < 0) & (frame["level"] == "A"))
    worths = peer_group.worth_of_one_percent(frame.iloc[int(under[0])])
    assert {one.worth for one in worths} == {0.0}
    assert "worth nothing" in peers_words.worth_sentence(worths)
    assert peer_group.worth_of_one_percent(results(2013).iloc[0]) == ()


def test_half_a_year_has_half_the_dollars():
    frame = results(2019)
    row = frame.iloc[int(np.flatnonzero(frame["half_year"])[0])]
    found = peer_group.worth_of_one_percent(row)[0]
    assert found.saved == pytest.approx(0.005 * row["spending_inpatient"] * row["person_years"])


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        ("savings_rate", 0.05, "better than 67% of peers"),
        ("savings_rate", 0.00, "lower than every peer"),
        ("spending_hospice", 0.00, "less than every peer"),
        ("spending_hospice", 0.09, "more than every peer"),
        ("spending_hospice", 0.05, "less than 33% of peers"),
    ],
)
def test_a_place_is_said_with_its_sense(measure, value, said):
    values = np.array([0.01, 0.02, np.nan, 0.06])
    row = pd.Series(dict.fromkeys(peer_group.MEASURES, np.nan) | {measure: value})
    peers = pd.DataFrame(dict.fromkeys(peer_group.MEASURES, values))
    (one,) = peer_group.standings(row, peers)
    assert said in peers_words.place(one)


def test_each_dot_names_its_aco_and_the_table_lists_all():
    frame, own = at(2024)
    peers = peer_group.peers_of(frame, own, ("level", "revenue_category"))
    standings = peer_group.standings(frame.iloc[own], peers)
    names = peers["aco_name"].tolist()
    rows = peers_words.peer_rows(names, standings, "PBACO")
    assert [row["ACO"] for row in rows] == ["PBACO", *names]
    assert rows[1]["Savings rate"] == peers_words.shown("savings_rate", standings[0].values[0])
    measures = [
        peers_picture.Strip("", "", one.value, "", one.values, one.middle, ["x"] * len(one.values))
        for one in standings
    ]
    picture = peers_picture.strips("PBACO", names, measures, "light", "", lambda: rows)
    dots = [
        row for row in peers_picture._strip(0, measures[0], "PBACO", names) if row["role"] == "peer"
    ]
    assert sorted(dot["name"] for dot in dots) == sorted(names)
    low, high = peers_picture.LEFT, peers_picture.RIGHT
    assert all(low <= dot["x"] <= high for dot in dots)
    named = [layer for layer in picture.spec["layer"] if "tooltip" in layer["encoding"]]
    assert [one["encoding"]["tooltip"][0]["field"] for one in named] == ["name", "name"]


# The causes.


@pytest.mark.parametrize("year", [2016, 2019, 2021, 2022, 2023, 2024])
def test_the_causes_add_up_to_what_cms_prints(year):
    frame = results(year)
    for number in range(0, len(frame), 45):
        row = frame.iloc[number]
        found = causes(row)
        assert found.historical == row["historical_benchmark"]
        assert found.updated == row["benchmark"]
        parts = (found.mix or 0) + (found.risk or 0) + found.growth
        assert found.historical + parts == pytest.approx(found.updated)
        if year >= 2022:
            assert found.adjustment == row["adjustment_applied"]
            assert found.before + found.adjustment == found.historical
        bars = causes_words.bars(found)
        spans = causes_picture.spans(bars)
        for one, before in zip(spans[1:], spans, strict=False):
            assert one[0] in (0.0, before[1])
        last = next(n for n, bar in enumerate(bars) if bar.label == "Updated benchmark")
        assert spans[last - 1][1] == pytest.approx(found.updated)


def test_mix_and_risk_are_worked_out_from_cms_s_columns():
    """By hand for one ACO: history by type is unknown, so only signs and the cap are checked."""
    frame, own = at(2024)
    row, found = frame.iloc[own].copy(), causes(frame.iloc[own])
    for kind in ("esrd", "disabled", "aged_dual", "aged_non_dual"):
        row[f"risk_score_{kind}_py"] *= 0.9
    lower = causes(row)
    assert lower.risk < found.risk
    assert lower.mix == pytest.approx(found.mix, rel=1e-6)
    assert lower.growth > found.growth
    for kind in ("esrd", "disabled", "aged_dual", "aged_non_dual"):
        row[f"risk_score_{kind}_py"] = 1.5 * frame.iloc[own][f"risk_score_{kind}_by3"]
    higher = causes(row)
    # Risk may move the target up by 3% and demographic growth, whatever the scores say.
    assert 0 < higher.risk < 0.06 * found.historical
    assert higher.held_back > 0.4 * found.historical
    assert "cap on risk growth took" in causes_words.held_back(higher)


def test_what_no_file_tells_is_named():
    early, late = causes(results(2016).iloc[0]), causes(results(2024).iloc[0])
    assert early.mix is None
    assert early.adjustment is None
    assert TOGETHER in early.not_known
    assert TOGETHER not in late.not_known
    frame = results(2024)
    new = frame[frame["agreement_start"].dt.year == 2024]
    assert PROSPECTIVE in causes(new.iloc[0]).not_known
    assert PROSPECTIVE not in causes(frame.iloc[at(2024)[1]]).not_known
    assert "Not known from CMS’s file: " in causes_words.not_known(early)


def test_2013_says_that_its_file_has_no_spending_by_type():
    with pytest.raises(NotLoadableError, match="no spending by type in this year's file"):
        causes(results(2013).iloc[0])


# The page.


def opened(aco_id=None):
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/real_acos.py").run()
    if aco_id:
        app.session_state[my_aco.FIND] = True
        app.run()
        app.selectbox(key=my_aco.FIND_NAME).select(finding.choices()[aco_id].text).run()
    assert not app.exception, app.exception
    return " ".join(one.value for one in app.main.markdown).replace("\\", "")


def test_the_page_tells_the_nation_at_once_and_an_aco_when_it_is_chosen():
    alone = opened()
    assert "In 2024, 13 of 476 ACOs left $19.2M on the table through quality" in alone
    assert "Not known from CMS’s file" not in alone
    chosen = opened(PBACO)
    for words in (
        "Its contract, ENHANCED, had the largest share there was.", "of its peers",
        "One percent of skilled nursing spending is $", "Not known from CMS’s file",
    ):  # fmt: skip
        assert words in chosen


def test_the_page_of_2013_says_what_is_missing():
    def page():
        from mssp_sim.screens.real_acos import sections  # noqa: PLC0415

        sections.draw(sections.of_year(2013), 0)

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception, app.exception
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "no spending by type in this year's file" in said
    assert "This year’s file does not tell: same revenue category, same assignment." in said


def uploaded(content, name, *, year=None, aco=None):
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/real_acos.py").run()
    (place,) = app.get("file_uploader")
    place.set_value((name, content, "text/csv"))
    app.run()
    if year:
        app.selectbox(key="results_of_file").set_value(year).run()
    if aco is not None:
        app.selectbox(key="results_aco").set_value(aco).run()
    assert not app.exception, app.exception
    return app, " ".join(one.value for one in app.main.markdown).replace("\\", "")


def test_a_year_nobody_has_seen_joins_the_nation_and_says_what_it_lacks():
    _, said = uploaded(synthetic.written(2025).getvalue(), "results 2025.csv", aco=3)
    assert "In 2025, " in said
    assert " of 60 ACOs left " in said
    assert "59 peers in 2025: all other ACOs." not in said  # revenue is told there
    assert "This year’s file does not tell: same assignment." in said
    assert "One percent of" not in said
    assert "Not known from CMS’s file" in said


def test_an_aco_of_a_file_of_ones_own_says_what_is_assumed_while_the_file_is_known():
    app, _ = uploaded(synthetic.written(2025).getvalue(), "results 2025.csv", aco=3)
    app.button(key="load_aco").click().run()
    app.switch_page("pages/simulator.py").run()
    assert not app.exception, app.exception
    said = " ".join(one.value for one in app.main.markdown).replace("\\", "")
    assert "From a file of your own." in said
    assert "Assumed: market share 10.0% (2% to 45% at most ACOs)" in said
    assert my_aco.FROM_A_FILE in app.session_state


def test_several_years_in_a_file_are_offered_and_one_is_shown():
    rows = synthetic.stacked((2023, 2024), 20)
    app, said = uploaded(synthetic.to_bytes(rows), "both.csv")
    assert app.selectbox(key="results_of_file").options == ["2024", "2023"]
    assert "20 of 20 ACOs of 2024 within 0.01% of CMS" in said
    _, said = uploaded(synthetic.to_bytes(rows), "both.csv", year=2023)
    assert "19 of 20 ACOs of 2023 within 0.01% of CMS" in said


def test_an_aco_of_the_results_inside_has_its_sections_by_identifier_and_year():
    def page():
        from mssp_sim.screens.real_acos import sections  # noqa: PLC0415

        sections.draw_of("A1001", 2023)

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception, app.exception
    said = " ".join(one.value for one in app.main.markdown).replace("\\", "")
    assert "Palm Beach Accountable Care Organization left " in said
    assert "In 2023, none of 453 ACOs left money on the table through quality" in said
