"""The ACO a scenario was loaded from: its short name, and what cannot be one."""

import pytest

from mssp_sim.aco import LONGEST_SHORT, Aco, short_name, typed
from mssp_sim.cms_files.finding import choices


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Palm Beach Accountable Care Organization, LLC", "Palm Beach"),
        ("Accountable Care Coalition of Georgia, LLC.", "Accountable Care Coalition of Georgia"),
        ("Accountable Care Organization of Floyd Medical Center, LLC",
         "ACO of Floyd Medical Center"),
        ("360 ACO", "360 ACO"),
        ("MA-TDC GROUP ACO INC", "MA-TDC GROUP"),
        ("North Jersey Health Alliance, LLC dba Mission Health Coordinated Care LLC",
         "North Jersey Health Alliance"),
        ("LLC", "LLC"),
    ],
)  # fmt: skip
def test_a_name_is_shortened_to_what_tells_it_from_others(name, short):
    assert short_name(name) == short


def test_every_name_inside_has_a_short_one_that_fits():
    for one in choices().values():
        short = short_name(one.name)
        assert 3 <= len(short) <= LONGEST_SHORT, one.name
        assert not short.endswith((",", " of…", " the…", " and…")), short
        assert Aco(one.aco_id, one.years[-1], one.name).title == f"{one.name}, {one.years[-1]}"


@pytest.mark.parametrize("name", ["a\nb", " a", "", "x" * 81, "a\u202eb", "\x00"])
def test_a_name_of_more_than_one_plain_line_is_refused(name):
    assert typed(name) != name or not name
    with pytest.raises(ValueError, match="is not a name of one line"):
        Aco("A1001", 2024, name)
