"""The Rules page is the parameter files; each value has a test that notices when it changes."""

import datetime as dt
import re
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.parameters import KNOWN_BY, RateTable, Schedule, parameters
from mssp_sim.scenario import ScenarioError, agreement_starts, performance_years
from mssp_sim.screens.rules import page
from mssp_sim.screens.rules.limits import limits
from mssp_sim.simulation import settle
from mssp_sim.words.rulebook import confidence, rulebook, value_in_words
from tests.test_golden import QUALITY, cases, check

ROOT = Path(__file__).parents[1]
OPENING = rules_in_force(2025, dt.date(2025, 1, 1))
COVERED = tomllib.loads((ROOT / "mssp_sim" / "covered_by.toml").read_text("utf-8"))
HELD_BY_A_TEST = {"agreement_length", "minimum_rate_choices"}


def shown(which=page.ALL):
    source = OPENING.source
    found = [(entry, page._chosen(entry, source, which)) for entry in rulebook()]
    return page.table([(entry, lines) for entry, lines in found if lines], source)


@pytest.mark.parametrize("case", cases("each_rule"))
def test_a_rule_gives_the_figure_worked_by_hand(case):
    check(case, simulate(Scenario(**({"quality_score": QUALITY["good"]} | case["given"]))))


def test_every_parameter_file_is_on_the_page_with_each_of_its_values():
    rows = shown().replace("\\", "").splitlines()[2:]
    expected = [
        (parameter, version, version is parameter.versions[-1])
        for parameter in sorted(parameters().values(), key=lambda p: p.title.casefold())
        for version in reversed(parameter.versions)
    ]
    for row, (parameter, version, newest) in zip(rows, expected, strict=True):
        citation = version.citation
        title = parameter.title if parameter.title.endswith("?") else f"{parameter.title}."
        assert row.startswith(f"| **{title}** {parameter.meaning}") == newest
        assert value_in_words(version.value, parameter.unit) in row
        assert f"small[{parameter.years(version)}]" in row
        assert f"[{citation.section.removeprefix('42 CFR ')}]({citation.url})" in row
        assert all(f"“{quote}”" in row for quote in citation.quotes)
        assert citation.reference in row
        assert citation.known in row


def test_a_value_from_memory_says_not_yet_checked():
    unchecked = [row for row in shown(page.UNCHECKED).splitlines() if "425." in row]
    assert len(unchecked) == sum(
        version.citation.known_by == "recalled"
        for parameter in parameters().values()
        for version in parameter.versions
    )
    assert all("**not yet checked**" in row for row in unchecked)


def test_yours_are_the_versions_in_force():
    rows = shown(page.YOURS).splitlines()[2:]
    assert len(rows) == len(parameters())
    assert all("**yours**" in row for row in rows)
    assert shown().count("**yours**") == len(parameters())


@pytest.mark.parametrize(("year", "start"), [(2025, "2025-01-01"), (2018, "2018-01-01")])
def test_the_headline_counts_how_each_value_is_known(year, start):
    rules = rules_in_force(year, dt.date.fromisoformat(start))
    count = confidence(rules)
    said = page.headline(rules, year)
    assert sum(count.values()) == len(parameters())
    assert set(count) == set(KNOWN_BY)
    for way, number in count.items():
        words = {"rule": "word for word", "does not apply": "no such rule then"}
        known = words.get(way, KNOWN_BY[way].replace("'", "’"))
        assert (f"{number} " in said and known in said) == bool(number), way


@pytest.mark.parametrize("word", ["425.605", "guardrail", "SEQUESTRATION", "memo", "dually"])
def test_a_rule_is_found_by_its_name_its_paragraph_its_source_and_its_quotes(word):
    found = [entry for entry in rulebook() if entry.holds(word)]
    assert 0 < len(found) < len(rulebook())


def test_no_name_of_a_test_is_on_the_page():
    said = shown()
    named = set(COVERED.values())
    named |= {line.citation.proven_by for entry in rulebook() for line in entry.lines}
    assert not [name for name in named - {""} if name in said.replace("\\", "")]
    assert "tests/" not in said.replace("\\", "")
    assert ".toml" not in said.replace("\\", "")


def test_the_readme_counts_how_the_values_are_known_as_the_files_do():
    count = Counter(v.citation.known_by for p in parameters().values() for v in p.versions)
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert (
        f"Of {sum(count.values())} versions {count['rule']} were read in the rule, "
        f"{count['CMS']} in a CMS document, {count['CMS files']} are proven on CMS's results, "
        f"{count['does not apply']} only say that there was no such rule then, "
        f"{count['secondary']} come from a secondary source and {count['recalled']} are not yet "
        "checked."
    ) in readme


# Each value is held by a case: with another value it must fail.


def other(value):
    """Return the same kind of value, noticeably different."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Schedule):
        return Schedule(value.at, tuple(rate * 1.13 for rate in value.gives))
    if isinstance(value, RateTable):
        rows = {name: tuple(x * 1.13 + 0.01 for x in row) for name, row in value.rows.items()}
        return RateTable(value.columns, rows)
    if isinstance(value, np.ndarray):
        return np.where(value == 0, 0.3, value * 0.5)
    return value * 0.87 + 0.01


def settled(case, file, name):
    """Settle a golden case with one rule changed."""
    scenario = Scenario(**(
        case["given"] if file == "cms_examples" else
        {"quality_score": QUALITY[case.get("base", "good")]} | case["given"]
    ))  # fmt: skip
    rules = scenario.rules
    rules = replace(rules, **{name: other(getattr(rules, name))})
    if file == "cms_examples":
        totals = {key: case[key] for key in ("benchmark_total", "expenditure_total")}
        return settle(scenario, rules, **totals)
    return simulate(scenario, rules)


@pytest.mark.parametrize("entry", rulebook(), ids=lambda entry: entry.name)
def test_the_case_that_is_said_to_hold_a_value_fails_when_the_value_changes(entry):
    file, _, wanted = COVERED[entry.name].partition(": ")
    if entry.name in HELD_BY_A_TEST:
        function = f"def test_{wanted.replace(' ', '_')}("
        assert function in (ROOT / file).read_text("utf-8")
        return
    stem = file.removesuffix(".toml")
    (case,) = [case.values[0] for case in cases(stem) if case.values[0]["name"] == wanted]
    with pytest.raises(AssertionError):
        check(case, settled(case, stem, entry.name))


def test_every_value_has_its_test_and_no_other():
    assert set(COVERED) == set(parameters())


def test_a_year_outside_the_agreement_is_refused():
    for start in agreement_starts():
        past = performance_years(start, assume_last=True)[-1] + 1
        level = "E" if start >= dt.date(2019, 7, 1) else "1"
        with pytest.raises(ScenarioError, match=f"performance_year is {past}|it goes from"):
            Scenario(performance_year=past, agreement_start=start, level=level)
    assert len(performance_years(dt.date(2019, 7, 1))) == 6
    assert len(performance_years(dt.date(2020, 1, 1))) == 5


def test_a_minimum_that_is_not_offered_is_refused():
    with pytest.raises(ScenarioError, match=re.escape("0, 0.005, 0.01, 0.015, 0.02 or 'size'")):
        Scenario(minimum_election=0.012)


# What is left out is one list.


def test_the_readme_leaves_out_what_the_rules_page_leaves_out():
    readme = (ROOT / "README.md").read_text("utf-8")
    section = re.search(r"## What is not modeled\n\n(.*?)\n\n(?=[^- ])", readme, re.DOTALL)
    assert section
    said = [" ".join(point.split()) for point in re.split(r"^- ", section[1], flags=re.M)[1:]]
    assert said == list(limits().not_modeled), (
        "paste mssp_sim/screens/rules/limits.toml into the README"
    )


def test_a_limit_is_a_sentence():
    for sentence in (*limits().not_modeled, *limits().simplified):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
