"""Who took part, counted from the results that ship with the project."""

import pytest

from mssp_sim.cms_files import published
from mssp_sim.cms_files.taking_part import taking_part


def test_the_acos_of_a_year_and_those_of_the_year_before_that_are_gone():
    last, before = taking_part()[-1], taking_part()[-2]
    ids = [set(published.results(("aco_id",), year=y)["aco_id"]) for y in (before.year, last.year)]
    assert (before.acos, last.acos) == (len(ids[0]), len(ids[1]))
    assert last.gone == len([one for one in ids[0] if one not in ids[1]])
    assert 0 < last.gone < before.acos
    assert taking_part()[0].gone == 0


@pytest.mark.parametrize("year", taking_part()[:1])
def test_the_first_year_of_the_program_comes_first(year):
    assert year.year == 2013
