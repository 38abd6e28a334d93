"""Points on measures make a score, travel as a short text, and nonsense is refused clearly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssp_sim import measures
from mssp_sim.link import PLACE
from mssp_sim.parameters import KNOWN_BY
from mssp_sim.quantity import PERFORMANCE_YEARS

SET = measures.measure_set(2025)
POINTS = st.one_of(st.just(np.nan), st.integers(10, 100).map(lambda tenths: tenths / 10))


def test_the_good_year_is_49_2_of_60_points_and_the_slip_45():
    good, slip = measures.preset("good", SET), measures.preset("slip", SET)
    assert good.sum() == pytest.approx(49.2)
    assert measures.composite_score(good) == pytest.approx(0.82)  # 49.2 / 60
    assert slip.sum() == pytest.approx(45.0)
    assert measures.composite_score(slip) == pytest.approx(0.75)  # 45 / 60


def test_the_slip_loses_1_4_points_on_each_of_three_measures():
    lost = measures.preset("good", SET) - measures.preset("slip", SET)
    fell = {m.short: round(d, 1) for m, d in zip(SET.measures, lost, strict=True) if d > 0}
    assert fell == {"Diabetes": 1.4, "Depression": 1.4, "Breast cancer screening": 1.4}


@pytest.mark.parametrize(("year", "count", "outcomes"), [(2021, 6, 3), (2025, 6, 3), (2026, 8, 4)])
def test_each_year_has_its_set(year, count, outcomes):
    found = measures.measure_set(year)
    assert len(found.measures) == count
    # 001, 236, 479 and, where it is in the set, 484
    wanted = outcomes if year != 2021 else 4
    assert sum(measure.outcome for measure in found.measures) == wanted


def test_the_six_measures_of_2025_are_those_of_the_year():
    assert {m.number for m in SET.measures} == {"001", "134", "236", "112", "479", "321"}


def test_years_before_2021_have_no_set():
    first, last = PERFORMANCE_YEARS
    without = [y for y in range(first, last + 1) if measures.measure_set(y) is None]
    assert without == list(range(2013, 2021))


def test_every_set_is_dated_and_cited():
    for one in measures.known().sets:
        assert one.citation.known_by in KNOWN_BY
        assert one.citation.section.startswith("42 CFR")
        assert one.citation.url.startswith("https://www.ecfr.gov/")
        assert one.citation.source


def test_a_measure_that_is_not_scored_leaves_both_sides():
    points = np.array([8.0, 7.0, np.nan])
    assert measures.composite_score(points) == pytest.approx(15 / 20)


@settings(max_examples=25)
@given(st.lists(POINTS, min_size=6, max_size=6).filter(lambda p: not np.all(np.isnan(p))))
def test_points_come_back_from_their_text_and_fit_in_a_link(points):
    points = np.array(points)
    text = measures.write(points, SET)
    assert PLACE.fullmatch(text)
    np.testing.assert_allclose(measures.read(text, SET), points)
    assert 0.1 <= measures.composite_score(points) <= 1


@settings(max_examples=25)
@given(st.lists(POINTS, min_size=6, max_size=6).filter(lambda p: not np.all(np.isnan(p))))
def test_one_point_more_never_lowers_the_score(points):
    points = np.array(points)
    more = measures.composite_score(measures.one_point_more(points))
    assert np.all(more >= measures.composite_score(points) - 1e-12)


def test_points_of_another_years_measures_are_passed_over():
    eight = measures.measure_set(2026)
    text = measures.write(measures.preset("slip", eight), eight)
    np.testing.assert_allclose(measures.read(text, SET), measures.preset("slip", SET))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("001-11", r"Diabetes has 11\.0 points; a measure has 1 to 10"),
        ("134-0.5", r"Depression has 0\.5 points; a measure has 1 to 10"),
        ("113-99", r"Colorectal cancer screening has 99\.0 points"),
        ("lots", r"cannot be read at “lots”; they are written 001-8\.2_134-6\.8"),
        ("999-5", "cannot be read at “999-5”"),
        ("001-", "cannot be read at “001-”"),
        ("", "cannot be read at “”"),
        ("001-5_001-6", "Diabetes is given twice. Give each measure once"),
        (
            "001-x_134-x_236-x_112-x_479-x_321-x",
            "None of the 6 measures is scored, so there is no score. Keep at least one",
        ),
        ("9" * 300, "…”"),
    ],
)
def test_points_that_make_no_score_are_refused_with_what_to_do(text, said):
    with pytest.raises(measures.PointsError, match=said):
        measures.read(text, SET)
