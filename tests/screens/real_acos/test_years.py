"""Its years: the story in a sentence, the picture, the table behind it."""

import io
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from mssp_sim.cms_files.finding import choices
from mssp_sim.cms_files.own_years import OwnYear, own_years
from mssp_sim.exports import pictures
from mssp_sim.screens.real_acos import words
from mssp_sim.screens.real_acos.years_picture import HEIGHT, years_picture

NAN = float("nan")


def year(number, outcome="paid", **other):
    paid = {"paid": 1_250_000.0, "owed": -400_000.0}.get(outcome, 0.0)
    saved = {"overspent": -0.01, "owed": -0.05, "minimum": 0.01}.get(outcome, 0.04)
    usual = {
        "name": "Lake Care", "level": "E", "benchmark": 10_000.0 + number, "spending": 9_600.0,
        "savings_rate": saved, "minimum_savings_rate": 0.02, "quality_score": 0.8,
        "quality_standard": 0.77, "standard_met": "none" if outcome == "quality" else "full",
        "payment": paid, "outcome": outcome, "agreement_began": 2017, "rebased": False,
        "six_months": False, "by_name": False,
    }  # fmt: skip
    return OwnYear(year=number, **usual | other)


def story(*outcomes):
    return words.story([year(2013 + n, outcome) for n, outcome in enumerate(outcomes)])


def test_the_story_counts_what_kept_it_from_being_paid():
    nine = ["paid"] * 6 + ["minimum"] * 2 + ["quality"]
    assert story(*nine) == (
        "Paid in 6 of 9 years; twice the minimum kept it from being paid, once quality did."
    )
    assert story("paid", "paid") == "Paid in all 2 years."
    assert story("paid") == "Paid in its only year."
    assert story("quality") == ("Not paid in its only year; once quality kept it from being paid.")
    assert story("overspent", "owed", "owed", "other", *["minimum"] * 3) == (
        "Paid in none of its 7 years; 3 times the minimum kept it from being paid, once it spent "
        "more than its target, twice it owed CMS, once nothing was due for another reason."
    )


def test_rebasing_is_told_with_the_target_before_and_after():
    years = [year(2015), year(2016, rebased=True), year(2017), year(2018, rebased=True)]
    apart = [year(2016), year(2020, rebased=True)]
    assert words.rebasing(apart).startswith("A new agreement began in 2020: it sets")
    assert words.gaps(apart) == "No results inside for 2017, 2018, 2019."
    assert words.gaps(years) == ""
    assert words.rebasing(years) == (
        "New agreements began in 2016 ($12,015 → $12,016) and 2018 ($12,017 → $12,018): each "
        "sets the target anew, from newer years."
    )
    assert words.rebasing([year(2015)]) == ""
    (one,) = [words.rebasing([year(2015, benchmark=NAN), year(2016, rebased=True)])]
    assert one.startswith("A new agreement began in 2016: it sets")


def test_years_joined_by_name_are_marked_and_a_picture_that_begins_in_2018_says_why():
    assert words.joined([year(2017, by_name=True), year(2018)]) == (
        "* CMS encrypts identifiers up to 2017: these years are joined by the exact name, which "
        "one ACO alone carries."
    )
    assert words.joined([year(2018), year(2019)]) == (
        "It begins in 2018: CMS encrypts identifiers up to 2017, and no earlier one alone carries "
        "this exact name."
    )
    assert words.joined([year(2018, agreement_began=2018)]) == ""
    assert words.joined([year(2020)]) == ""


def drawn(years):
    picture = years_picture(years, "light", "said")
    rows = pa.ipc.open_stream(picture.datasets["marks"]).read_all().to_pylist()
    return rows, picture


@pytest.mark.parametrize(
    ("kind", "payment", "wide", "narrow"),
    [("paid", 1.3e6, "$1.3M", "1.3"), ("owed", -4e5, "−$0.4M", "−0.4"),
     ("minimum", 0.0, "$0.0M", "0"), ("paid", 12_345_678.0, "$12.3M", "12.3"),
     ("owed", -12_345_678.0, "−$12.3M", "−12.3")],
)  # fmt: skip
def test_a_narrow_picture_says_the_same_millions(kind, payment, wide, narrow):
    seen, _ = drawn([year(2020, kind, payment=payment)])
    assert [row["short"] for row in seen if row["text"] == wide] == [narrow]


@pytest.mark.parametrize("aco_id", [*tuple(choices())[::150], "A1001", "A4638"])
def test_every_mark_of_a_real_aco_lies_on_the_sheet(aco_id):
    years = own_years(aco_id)
    seen, picture = drawn(years)
    for row in seen:
        assert 0 <= row["x"] <= len(years), row
        assert 0 <= row["y"] <= HEIGHT, row
        assert row["y2"] is None or 0 <= row["y2"] <= HEIGHT, row
    assert not any("nan" in str(row["text"]) for row in seen)
    assert len(picture.table()) == len(years)
    assert not any("nan" in cell for row in picture.table() for cell in row.values())


def test_what_came_of_a_year_is_seen_without_its_color():
    kinds = ("paid", "owed", "minimum", "quality", "overspent", "other")
    seen, _ = drawn([year(2015 + n, kind) for n, kind in enumerate(kinds)])
    texts = [row["text"] for row in seen if row["role"] == "text"]
    for words_said in ("$1.3M", "−$0.4M", "under minimum", "quality", "over target", "not due"):
        assert words_said in texts, words_said
    assert any(row["role"] == "owed-hatch" for row in seen)


def test_a_new_agreement_is_a_line_between_its_years():
    seen, _ = drawn([year(2015), year(2016, rebased=True)])
    assert [row["x"] for row in seen if row["role"] == "new"] == [1.0]


def test_who_can_owe_sees_the_minimum_on_both_sides():
    for level, lines in (("E", 2), ("1", 1)):
        rows, _ = drawn([year(2022, "overspent", level=level)])
        assert sum(row["role"] == "minimum" for row in rows) == lines + 1  # and quality's


def test_a_picture_is_built_once_for_as_many_years():
    _, one = drawn([year(2015), year(2016)])
    _, other = drawn([year(2020), year(2021, "owed")])
    assert one.spec is other.spec


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_is_drawn_and_the_words_of_neighbors_stand_apart(theme):
    years = [year(2013 + n, "minimum") for n in range(12)]
    picture = years_picture(years, theme, "")
    image = Image.open(io.BytesIO(pictures.png(picture, 900, scale=1, theme=theme)))
    assert image.height == pytest.approx(HEIGHT, abs=20)
    drawn = np.asarray(image.convert("L"), float)
    assert np.mean(np.abs(drawn - drawn[0, 0]) > 40) > 0.01
    stream = pa.ipc.open_stream(picture.datasets["marks"]).read_all().to_pylist()
    why = [row["y"] for row in stream if row["text"] == "under minimum"]
    assert len(why) == 12
    assert all(abs(a - b) > 10 for a, b in pairwise(why))
