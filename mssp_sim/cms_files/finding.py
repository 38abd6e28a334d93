"""Find an ACO among the results inside: what can be chosen, its years, each as a scenario."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from mssp_sim.aco import Aco, typed, without_entity
from mssp_sim.cms_files import history, published
from mssp_sim.cms_files.history import FIRST_OPEN
from mssp_sim.cms_files.loading import Loaded, NotLoadableError, load
from mssp_sim.cms_files.reproduction import RELATIVE, ROUNDED
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import simulate

FIRST_LOADABLE = 2014
"""The file of 2013 tells no spending by type."""

KEPT = 256
"""Loaded ACO-years that a process remembers: the figures are public, and the same for everyone."""


class AcoChoice(NamedTuple):
    """An ACO that can be chosen: its identifiers, its latest name, earlier ones, its years."""

    aco_id: str
    name: str
    earlier: tuple[str, ...]
    years: tuple[int, ...]
    encrypted: str = ""
    """The identifier of its years up to 2017, where exactly one carries the same exact name."""

    @property
    def text(self) -> str:
        """What is searched and shown: name, identifier, last year, earlier names."""
        last = "" if self.years[-1] == last_year() else f" · until {self.years[-1]}"
        earlier = f" · earlier {', '.join(self.earlier)}" if self.earlier else ""
        return f"{self.name} · {self.aco_id}{last}{earlier}"


@cache
def choices() -> Mapping[str, AcoChoice]:
    """Return every ACO of the results inside by its identifier, the latest first, then by name.

    An encrypted identifier that joins a later one is no choice of its own.

    Source: CMS, Performance Year Financial and Quality Results, 2013 to 2024

    Examples
    --------
    >>> choices()["A1001"].text
    'PBACO Holding, LLC · A1001 · earlier Palm Beach Accountable Care Organization'
    """
    frame = published.results(("aco_id", "aco_name", "performance_year"))
    rows = list(zip(frame["aco_id"], frame["aco_name"], frame["performance_year"], strict=True))
    names: dict[str, list[str]] = defaultdict(list)
    years: dict[str, list[int]] = defaultdict(list)
    carriers: tuple[dict[str, set[str]], dict[str, set[str]]] = (
        defaultdict(set),
        defaultdict(set),
    )
    for aco_id, name, year in rows:
        names[aco_id].append(name)
        years[aco_id].append(int(year))
        carriers[year >= FIRST_OPEN][name].add(aco_id)
    joined = {
        aco_id: other
        for aco_id in names
        if years[aco_id][-1] >= FIRST_OPEN
        and (other := _namesake(names[aco_id], carriers[0], carriers[1]))
    }
    found = [
        AcoChoice(
            aco_id,
            names[aco_id][-1],
            _earlier(names[aco_id], names.get(joined.get(aco_id, ""), [])),
            tuple(sorted([*years[aco_id], *years.get(joined.get(aco_id, ""), [])])),
            joined.get(aco_id, ""),
        )
        for aco_id in names
        if aco_id not in joined.values()
    ]
    found.sort(key=lambda one: (-one.years[-1], one.name.casefold()))
    return {one.aco_id: one for one in found}


def _namesake(names: list[str], early: dict[str, set[str]], late: dict[str, set[str]]) -> str:
    """Return the one early identifier with a name of this ACO, if no other late one has it."""
    own = set(names)
    others = set().union(*(early[name] for name in own if name in early))
    same = set().union(*(late[name] for name in own))
    return others.pop() if len(others) == 1 == len(same) else ""


def _earlier(names: list[str], before: list[str]) -> tuple[str, ...]:
    """Return the earlier names that say something else than the last one, latest first."""
    seen = {without_entity(names[-1]).casefold()}
    found = []
    for name in reversed([*before, *names]):
        plain = without_entity(name)
        if plain.casefold() not in seen:
            seen.add(plain.casefold())
            found.append(plain)
    return tuple(found)


@cache
def last_year() -> int:
    """Return the latest performance year inside."""
    return int(published.results(("performance_year",))["performance_year"].max())


def loaded(aco_id: str, year: int) -> tuple[Aco, Loaded]:
    """Return one year of an ACO inside: which it is, and its scenario.

    Parameters
    ----------
    aco_id : as ``choices`` knows it
    year : a performance year

    Raises
    ------
    KeyError
        If there is no such ACO inside, or it has no such year.
    NotLoadableError
        Names what the year's row lacks.

    Source: ours
    """
    if year not in choices()[aco_id].years:
        raise KeyError(year)
    found = _loaded(aco_id, year)
    if isinstance(found, str):
        raise NotLoadableError(found)
    return found


def scenarios(aco_id: str, years: Sequence[int]) -> dict[int, Scenario]:
    """Return years of an ACO inside as scenarios, those that are paid here what CMS settled.

    Source: ours
    """
    found = {}
    held = choices()[aco_id].years if aco_id in choices() else ()
    for year in sorted(set(years) & set(held)):
        one = _loaded(aco_id, year)
        if isinstance(one, str):
            continue
        near = max(ROUNDED, RELATIVE * abs(one[1].published))
        if abs(settled_here(aco_id, year) - one[1].published) <= near:
            found[year] = one[1].scenario
    return found


@lru_cache(maxsize=KEPT)
def settled_here(aco_id: str, year: int) -> float:
    """Return what an ACO inside is paid here as it was loaded, dollars; negative is owed.

    Source: ours; raises as ``loaded`` does
    """
    _, found = loaded(aco_id, year)
    return float(simulate(found.scenario).payment)


def held_to_revenue(aco_id: str, year: int) -> bool:
    """Return whether CMS took less of an ACO inside than is owed here: no file tells its revenue.

    Source: ours; raises as ``loaded`` does
    """
    _, found = loaded(aco_id, year)
    owed = -settled_here(aco_id, year)
    return found.published < 0 and owed > -found.published * (1 + RELATIVE)


@lru_cache(maxsize=KEPT)
def paid_by_cms(aco_id: str) -> Mapping[int, float]:
    """Return what CMS settled for an ACO inside, dollars by performance year; negative is owed.

    Source: CMS, Performance Year Financial and Quality Results, joined as ``history.years_of``
    """
    own = history.years_of(aco_id)
    years = zip(own["performance_year"], own["payment"], strict=True)
    return {int(year): float(payment) for year, payment in years}


@lru_cache(maxsize=KEPT)
def _loaded(aco_id: str, year: int) -> tuple[Aco, Loaded] | str:
    """Return the ACO-year, or why it cannot be loaded: asked at each run, looked up once."""
    choice = choices()[aco_id]
    frame = published.results(None, year=year)
    row = frame[frame["aco_id"].isin([choice.aco_id, choice.encrypted])].iloc[0]
    try:
        found = load(row)
    except NotLoadableError as fault:
        return str(fault)
    return Aco(aco_id, year, typed(found.name)), found
