"""The floor of the quality score in a disaster area: the score on which rows of CMS's files stand.

The rule says the mean score of all ACOs and prints none. The files of 2018 and 2020 mark who
received it, and those rows stand on this score; those of 2017 and 2019 mark nobody.
"""

import numpy as np
import pytest

from mssp_sim.cms_files import published
from mssp_sim.parameters import parameters

FLOOR = "disaster_quality_floor"
ROUNDED = 5e-5
VERSIONS = {
    version.applies_from["performance_year"].year: version
    for version in parameters()[FLOOR].versions
}
BY_FILES = [year for year, v in VERSIONS.items() if v.citation.known_by == "CMS files"]
FROM_THE_STANDARD = {2021: 4, 2022: 39, 2023: 22, 2024: 35}
"""From 2021 the standard of the year is the floor: how many rows CMS marks as on it."""


def scores(year):
    frame = published.results(("performance_year", "quality_score"))
    return frame.loc[frame["performance_year"] == year, "quality_score"].to_numpy(float)


def rows_on(year, score):
    return int(np.sum(np.abs(scores(year) - score) < ROUNDED))


def test_these_are_the_years_that_the_files_tell():
    assert BY_FILES == [2017, 2018, 2019, 2020]
    here = test_the_floor_of_a_disaster_is_the_score_on_which_cms_rows_stand.__name__
    for year in BY_FILES:
        named = VERSIONS[year].citation.proven_by
        assert named == f"tests/cms_files/test_disaster_floor.py::{here}"


@pytest.mark.parametrize("year", BY_FILES)
def test_the_floor_of_a_disaster_is_the_score_on_which_cms_rows_stand(year):
    version = VERSIONS[year]
    assert rows_on(year, version.value) == version.citation.rows
    found, count = np.unique(np.round(scores(year), 4), return_counts=True)
    under_full = found < 1
    most = np.argmax(np.where(under_full, count, 0))
    assert found[most] == pytest.approx(version.value)
    assert np.sort(count[under_full])[-2] < version.citation.rows / 4
    assert rows_on(year, version.value - 0.01) < version.citation.rows / 4


@pytest.mark.parametrize("year", FROM_THE_STANDARD)
def test_from_2021_on_rows_stand_on_the_standard_of_the_year(year):
    standard = next(
        v.value
        for v in parameters()["quality_performance_standard"].versions
        if v.applies_from["performance_year"].year == year
    )
    assert rows_on(year, standard) >= FROM_THE_STANDARD[year]
