"""The program on one page: its texts, with the figures of the rule in force filled in."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mssp_sim.naming import alone
from mssp_sim.parameters import CONTRACTS, Rules, parameters
from mssp_sim.result import Result
from mssp_sim.words.rulebook import value_in_words

SOURCE = Path(__file__).with_suffix(".toml")
LAW = {"law_year": "2010", "law_section": "3022"}
"""The Patient Protection and Affordable Care Act: it made the program, in section 1899 of the
Social Security Act."""

BENCHMARK_YEARS = 3


@dataclass(frozen=True, slots=True)
class PointOfYear:
    """A point of the year, in full and in brief; ``page`` is where it is modeled, if it is."""

    zone: str
    when: str
    what: str
    brief_when: str
    brief_what: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """One sentence or two, and the page where that is modeled, if it is."""

    text: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """All that the page says; ``contracts`` are the rows of a table, one a contract."""

    headline: str
    moments: tuple[PointOfYear, ...]
    sections: Mapping[str, tuple[ProgramLine, ...]]
    contracts: tuple[Mapping[str, str], ...]

    @property
    def description(self) -> str:
        """The year in words, for who cannot see the line."""
        said = [f"{moment.when}: {moment.what}" for moment in self.moments]
        return f"A year on a line, from top to bottom. {' '.join(said)}"


def program(result: Result) -> Program:
    """Return the page's texts for the year and the agreement of a settlement.

    Source: ours; the figures are those of the parameter files

    Examples
    --------
    >>> from mssp_sim import Scenario, simulate
    >>> program(simulate(Scenario())).moments[0].when
    'Until September 30, 2024'
    """
    content, figures = _content(), _figures(result)
    weight = result.rules.prospective_trend_weight
    known = content["part_before" if weight else "all_later"].format_map(figures)
    return Program(
        headline=content["headline"].format_map({**figures, "known_in_advance": known}),
        moments=tuple(_moment(entry, figures) for entry in content["moments"]),
        sections={
            section["title"]: tuple(
                ProgramLine(line["text"].format_map(figures), line.get("page", ""))
                for line in section["lines"]
            )
            for section in content["sections"]
        },
        contracts=_contracts(result),
    )


@cache
def _content() -> Mapping[str, Any]:
    return tomllib.loads(SOURCE.read_text("utf-8"))


def _moment(entry: Mapping[str, Any], figures: Mapping[str, str]) -> PointOfYear:
    texts = [entry["when"], entry["what"], *entry["brief"]]
    when, what, brief_when, brief_what = (text.format_map(figures) for text in texts)
    return PointOfYear(entry["zone"], when, what, brief_when, brief_what, entry.get("page", ""))


def _figures(result: Result) -> dict[str, str]:
    """Return every figure a text may name: the years, and the values of the rule in force."""
    year = int(result.scenario.performance_year)
    years = {"before": str(year - 1), "year": str(year), "after": str(year + 1)}
    return years | LAW | _of_the_agreement(result.rules) | _of_the_rule(result.rules)


def _of_the_agreement(rules: Rules) -> dict[str, str]:
    """Return how long the agreements before were, and what lies between the ends of this one."""
    versions: Any = parameters()["agreement_length"].versions
    longer = versions[-1].applies_from["agreement_start"].year
    usual = min(float(version.value) for version in versions)
    own = rules.source["agreement_length"]
    said = f"; before {longer} it was {usual:.0f}" if own == versions[-1] else ""
    apart = int(rules.agreement_length) + BENCHMARK_YEARS - 1
    return {"it_was_shorter": said, "years_apart": str(apart)}


def _contracts(result: Result) -> tuple[Mapping[str, str], ...]:
    """Return the contracts side by side: what each shares of a saving, and what it may owe."""
    rules = result.rules
    value: dict[str, Any] = {name: version.value for name, version in rules.source.items()}
    levels = [level for level in value["sharing_rate"] if level in CONTRACTS]

    def told(name: str, level: str) -> str:
        return value_in_words(value[name][level], parameters()[name].unit)

    return tuple(
        {
            "Contract": alone(level),
            "Share of savings, up to": told("sharing_rate", level),
            "Earns at most (of the target)": told("performance_payment_limit", level),
            "Share of losses owed": _owes(level, told),
            "Owes at most": _most_owed(level, told),
        }
        for level in levels
    )


def _owes(level: str, told: Callable[[str, str], str]) -> str:
    low, high = (told(f"shared_loss_rate_{end}", level) for end in ("floor", "ceiling"))
    if high == NOTHING:
        return "nothing"
    return low if low == high else f"{low} to {high}, by quality"


def _most_owed(level: str, told: Callable[[str, str], str]) -> str:
    of_target, of_revenue = (
        told(f"loss_recoupment_limit_{of}", level) for of in ("benchmark", "revenue")
    )
    if of_target == NOTHING:
        return "nothing"
    target = f"{of_target} of the target"
    return target if of_revenue == "no limit" else f"{of_revenue} of revenue or {target}"


NOTHING = "0%"


def _of_the_rule(rules: Rules) -> dict[str, str]:
    figures = {}
    for name, version in rules.source.items():
        unit = parameters()[name].unit
        figures[name] = value_in_words(version.value, unit)
        if isinstance(version.value, Mapping):
            rates = [float(rate) for rate in version.value.values()]
            figures[f"{name}_lowest"] = value_in_words(min(rates), unit)
            figures[f"{name}_highest"] = value_in_words(max(rates), unit)
    return figures
