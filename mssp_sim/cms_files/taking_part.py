"""How many ACOs took part in each year, and how many of the year before were gone."""

from functools import cache
from typing import NamedTuple

from mssp_sim.cms_files import published


class YearOfProgram(NamedTuple):
    """A performance year: ACOs in CMS's results, and those of the year before that are not."""

    year: int
    acos: int
    gone: int


@cache
def taking_part() -> tuple[YearOfProgram, ...]:
    """Return every year of the results inside; an ACO is known by its number.

    Source: CMS, Performance Year Financial and Quality Results, 2013 to 2024

    Examples
    --------
    >>> taking_part()[-1].year, taking_part()[-1].acos
    (2024, 476)
    """
    rows = published.results(("aco_id", "performance_year"))
    years, before = [], set[str]()
    for year in sorted(set(rows["performance_year"])):
        now = set(rows["aco_id"][rows["performance_year"] == year])
        years.append(YearOfProgram(int(year), len(now), len(before - now)))
        before = now
    return tuple(years)
