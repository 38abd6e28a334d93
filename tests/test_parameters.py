"""Every parameter file is complete, dated, cited and used; a bad one is refused clearly."""

import datetime as dt
import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

import mssp_sim
from mssp_sim.parameters import (
    CONTRACTS,
    KNOWN_BY,
    LEVELS,
    ParameterError,
    RateTable,
    Rules,
    Schedule,
    parameters,
    read,
    rules_in_force,
)
from mssp_sim.scenario import FIRST_LEVELS, Scenario, agreement_starts, performance_years
from mssp_sim.simulation import simulate
from tests.strategies import contracts

PACKAGE = Path(mssp_sim.__file__).parent
ALL = list(parameters().values())
VERSIONS = [(parameter, version) for parameter in ALL for version in parameter.versions]

every_parameter = pytest.mark.parametrize("parameter", ALL, ids=lambda p: p.name)
every_version = pytest.mark.parametrize(
    ("parameter", "version"),
    VERSIONS,
    ids=[f"{p.name} from {max(v.applies_from.values())}" for p, v in VERSIONS],
)


def numbers(value):
    if isinstance(value, Schedule):
        return [*value.at, *value.gives]
    if isinstance(value, RateTable):
        return [number for row in value.rows.values() for number in row]
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else [value]


def stands_in(number, quote):
    """Return whether a quote holds a number, as a fraction or as a percentage."""
    as_printed = "|".join(
        rf"(?<![\d.]){re.escape(f'{scaled:,.10g}')}(\.0+)?(?!\.?\d)"
        for scaled in (number, round(number * 100, 10))
    )
    return re.search(as_printed, quote) is not None


def unproved(citation, value):
    """Return what is missing for a value that claims to be read in the rule."""
    if citation.known_by != "rule" or citation.follows:
        return ""
    quoted = " ".join(citation.quotes)
    printed = [n for n in numbers(value) if not isinstance(n, bool) and n not in (0, np.inf)]
    missing = [n for n in printed if not stands_in(n, quoted)]
    return f"the quotes do not hold {missing}" if missing else ""


def test_there_is_a_file_for_every_field_of_the_rules():
    files = {path.stem for path in (PACKAGE / "parameters").glob("*.toml")}
    assert files == {field.name for field in fields(Rules)} - {"source"} == set(parameters())


@every_parameter
def test_a_parameter_says_what_it_is(parameter):
    assert parameter.title[0].isupper()
    assert parameter.unit
    assert parameter.meaning.endswith(".")
    assert parameter.versions


@every_parameter
def test_versions_follow_one_another(parameter):
    dates = [tuple(version.applies_from.values()) for version in parameter.versions]
    assert dates == sorted(set(dates))
    for version in parameter.versions:
        assert tuple(version.applies_from) == parameter.dated_by


@every_parameter
def test_the_rule_has_a_value_in_every_year_of_every_agreement(parameter):
    for start in agreement_starts():
        for year in performance_years(start):
            clocks = {"performance_year": dt.date(year, 1, 1), "agreement_start": start}
            assert parameter.on(clocks).value is not None


@every_parameter
def test_a_parameter_is_used_outside_its_folder(parameter):
    sources = [
        path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
        if "parameters" not in path.relative_to(PACKAGE).parts
    ]
    assert any(re.search(rf"\.{parameter.name}\b", source) for source in sources)


@every_version
def test_a_value_is_cited(parameter, version):
    citation = version.citation
    if parameter.name == "sequestration_rate":
        assert citation.section == "outside 42 CFR Part 425"
        return
    paragraphs = r"42 CFR 425\.\d{2,3}(\([0-9a-zA-Z]+\))*((-|, )\(.+)?"
    assert re.fullmatch(paragraphs, citation.section), parameter
    section = re.match(r"\d+", citation.section.removeprefix("42 CFR 425.")).group()
    assert citation.url == f"https://www.ecfr.gov/current/title-42/section-425.{section}"
    assert citation.known_by in KNOWN_BY


@every_version
def test_a_value_read_in_the_rule_stands_in_its_quote(parameter, version):
    assert unproved(version.citation, version.value) == "", parameter.name


OTHER_UNITS = ("persons", "years", "months", "yes or no")
SHARES = [(p, v) for p, v in VERSIONS if p.unit not in OTHER_UNITS]


@pytest.mark.parametrize(("parameter", "version"), SHARES)
def test_a_share_lies_between_nothing_and_all(parameter, version):
    given = version.value.gives if isinstance(version.value, Schedule) else numbers(version.value)
    rates = np.array([number for number in given if number != np.inf])
    assert np.all((rates >= 0) & (rates <= 1)), parameter.name


def test_only_the_revenue_limit_of_enhanced_and_of_tracks_2_and_3_is_unlimited():
    unlimited = {
        (parameter.name, level)
        for parameter, version in VERSIONS
        if isinstance(version.value, dict)
        for level, rate in version.value.items()
        if rate == np.inf and parameter.name != "minimum_rate_without_choice"
    }
    assert unlimited == {
        ("loss_recoupment_limit_revenue", level) for level in ("ENHANCED", "2", "3")
    }


def test_the_benchmark_years_weigh_one_together():
    for version in parameters()["benchmark_year_weights"].versions:
        for weights in version.value.rows.values():
            assert sum(weights) == pytest.approx(1, abs=1e-15)


BANDS = [  # 42 CFR 425.604(b) and 425.605(b)(1): from, to, rate at both ends
    (1, 499, 0.122, 0.122), (500, 999, 0.122, 0.087), (1_000, 2_999, 0.087, 0.050),
    (3_000, 4_999, 0.050, 0.039), (5_000, 5_999, 0.039, 0.036), (6_000, 6_999, 0.036, 0.034),
    (7_000, 7_999, 0.034, 0.032), (8_000, 8_999, 0.032, 0.031), (9_000, 9_999, 0.031, 0.030),
    (10_000, 14_999, 0.030, 0.027), (15_000, 19_999, 0.027, 0.025),
    (20_000, 49_999, 0.025, 0.022), (50_000, 59_999, 0.022, 0.020), (60_000, 1e6, 0.020, 0.020),
]  # fmt: skip


@pytest.mark.parametrize("start", agreement_starts())
def test_the_table_by_size_has_its_bounds_whenever_an_agreement_began(start):
    year = performance_years(start)[0]
    level = "1" if start < FIRST_LEVELS else "B"
    for low, high, first, last in BANDS:
        middle = (low + high) / 2
        sizes = np.array([low, middle, high], float)
        found = simulate(
            Scenario(
                agreement_start=start, performance_year=year, level=level,
                assigned_beneficiaries=sizes,
            )
        )  # fmt: skip
        wanted = [first, (first + last) / 2, last]
        assert found.minimum_savings_rate == pytest.approx(wanted, abs=1e-9), (low, high)


OLD_TRACKS = {  # 425.604(d), (e); 425.606(d), (e), (f); 425.610(d), (e), (f): share, limit, losses
    "1": (0.50, 0.10, None), "1+": (0.50, 0.10, (0.30, 0.30)), "2": (0.60, 0.15, (0.40, 0.60)),
    "3": (0.75, 0.20, (0.40, 0.75)),
}  # fmt: skip


@pytest.mark.parametrize("track", OLD_TRACKS)
def test_the_tracks_of_before_july_2019_have_their_shares_and_limits(track):
    share, limit, losses = OLD_TRACKS[track]
    old = Scenario(level=track, agreement_start=dt.date(2018, 1, 1), performance_year=2018)
    saved = simulate(replace(old, quality_score=1.0, cost_reduction=0.5))
    assert saved.final_sharing_rate == pytest.approx(share)
    assert saved.shared_savings == pytest.approx(limit * saved.benchmark_total)
    assert bool(saved.two_sided) == (losses is not None)
    for score, rate in zip((1.0, 0.0), losses or (0.0, 0.0), strict=True):
        lost = simulate(replace(old, quality_score=score, cost_reduction=-0.05))
        assert lost.shared_loss_rate == pytest.approx(rate)


def test_the_two_clocks_are_kept_apart():
    # The weight of the prospective trend follows both: none, a sixth in 2024, then a third.
    late, early = dt.date(2024, 1, 1), dt.date(2023, 1, 1)
    weights = [
        rules_in_force(year, start).prospective_trend_weight
        for year, start in ((2024, early), (2024, late), (2025, late), (2026, early))
    ]
    assert weights == pytest.approx([0, 1 / 6, 1 / 3, 0])


def test_values_by_level_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        rules_in_force(2025).sharing_rate[LEVELS.index("E")] = 0.6


@pytest.mark.parametrize("start", agreement_starts())
def test_a_contract_that_is_not_in_force_has_no_value(start):
    has = [contract in contracts(start) for contract in CONTRACTS]
    rules = rules_in_force(performance_years(start)[0], start)
    by_level = [p.name for p in ALL if isinstance(p.versions[0].value, dict)]
    assert len(by_level) >= 7
    for value in (getattr(rules, name) for name in by_level):
        assert (~np.isnan(value)).tolist() == has


def test_a_year_before_the_first_version_is_refused_with_what_to_do():
    with pytest.raises(ParameterError, match=r"has no value for .*2012-01-01.*first version"):
        rules_in_force(2012)


# A parameter file with one mistake: what is wrong, and what the refusal has to name.

HEAD = """
title = "A rate"
unit = "fraction"
dated_by = ["agreement_start"]
meaning = "What it is."
"""
KNOWN = "\nknown_through = 2026"
BY_YEAR = 'dated_by = ["performance_year"]'
CITATION = """
[versions.citation]
section = "42 CFR 425.605(d)"
url = "https://www.ecfr.gov/current/title-42/section-425.605"
known_by = "secondary"
source = "a test"
"""
GOOD = f"{HEAD}\n[[versions]]\napplies_from = 2019-07-01\nvalue = 0.4\n{CITATION}"


def with_value(line):
    return GOOD.replace("value = 0.4", line)


MISTAKES = {
    "not TOML": ("title = ", "value"),
    "empty": ("", "dated_by"),
    "no title": (GOOD.replace('title = "A rate"', ""), "title"),
    "no unit": (GOOD.replace('unit = "fraction"', ""), "unit"),
    "no meaning": (GOOD.replace('meaning = "What it is."', ""), "meaning"),
    "no versions": (HEAD, "versions"),
    "an empty list of versions": (f"{HEAD}\nversions = []", "version"),
    "no date": (GOOD.replace("applies_from = 2019-07-01", ""), "applies_from"),
    "a date in quotation marks": (GOOD.replace("2019-07-01", '"2019-07-01"'), "2019-07-01"),
    "a year for a date": (GOOD.replace("2019-07-01", "2019"), "2019"),
    "an unknown clock": (GOOD.replace('"agreement_start"', '"birthday"'), "birthday"),
    "a performance year without its last known one": (
        GOOD.replace('dated_by = ["agreement_start"]', BY_YEAR),
        "known_through",
    ),
    "a last known year beside an agreement's clock": (
        GOOD.replace('dated_by = ["agreement_start"]', 'dated_by = ["agreement_start"]' + KNOWN),
        "known_through",
    ),
    "a last known year before the last version": (
        GOOD.replace('dated_by = ["agreement_start"]', BY_YEAR + KNOWN.replace("2026", "2018")),
        "2019 or later",
    ),
    "a last known year in words": (
        GOOD.replace('dated_by = ["agreement_start"]', BY_YEAR + '\nknown_through = "2026"'),
        "2019 or later",
    ),
    "no clock": (GOOD.replace('["agreement_start"]', "[]"), "dated_by"),
    "a date for another clock": (
        GOOD.replace("2019-07-01", "{ performance_year = 2020-01-01 }"),
        "applies_from",
    ),
    "newest first": (
        GOOD + f"\n[[versions]]\napplies_from = 2018-01-01\nvalue = 0.5\n{CITATION}",
        "order",
    ),
    "the same date twice": (
        GOOD + f"\n[[versions]]\napplies_from = 2019-07-01\nvalue = 0.5\n{CITATION}",
        "order|twice|same",
    ),
    "no value": (with_value(""), "one of value, by_level"),
    "two values": (with_value("value = 0.4\nchoices = [0.4]"), "one of value, by_level"),
    "a value in words": (with_value('value = "forty percent"'), "forty percent"),
    "a value that is no number": (with_value("value = nan"), "nan"),
    "a level forgotten": (with_value("by_level = { A = 0.4, B = 0.4 }"), "by_level names"),
    "a track forgotten": (with_value('by_level = { "1" = 0.5, "2" = 0.6 }'), "by_level names"),
    "levels and tracks in one": (
        with_value('by_level = { A = 0, B = 0, C = 0, D = 0, E = 0, ENHANCED = 0, "1" = 0 }'),
        "by_level names",
    ),
    "a level in words": (
        with_value('by_level = { A = "x", B = 0, C = 0, D = 0, E = 0, ENHANCED = 0 }'),
        "x",
    ),
    "a schedule with a rate too few": (
        with_value("schedule = { at = [1, 2], gives = [0.1] }"),
        "as many rates as points",
    ),
    "a schedule out of order": (
        with_value("schedule = { at = [2, 1], gives = [0.1, 0.2] }"),
        "points rising",
    ),
    "a schedule without rates": (with_value("schedule = { at = [1, 2] }"), "gives"),
    "a ragged table": (
        with_value('table = { columns = ["a", "b"], row = [1] }'),
        "a number for each of its columns",
    ),
    "a table without columns": (with_value("table = { row = [1] }"), "columns"),
    "no citation": (GOOD.replace(CITATION, ""), "citation"),
    "no section": (GOOD.replace('section = "42 CFR 425.605(d)"', ""), "section"),
    "no word on how it is known": (GOOD.replace('known_by = "secondary"', ""), "known_by"),
    "known by hearsay": (GOOD.replace('"secondary"', '"hearsay"'), "hearsay"),
    "an unknown word in the citation": (GOOD.replace("source =", "sauce ="), "sauce"),
}


def test_a_good_file_is_read(tmp_path):
    path = tmp_path / "a_rate.toml"
    path.write_text(GOOD, "utf-8")
    assert read(path).versions[0].value == 0.4


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_bad_file_is_refused_with_its_name_and_the_reason(mistake, tmp_path):
    content, reason = MISTAKES[mistake]
    path = tmp_path / "a_rate.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(ParameterError, match=rf"(?i)a_rate\.toml: .*({reason})"):
        read(path)


READ = 'known_by = "rule"\ntext_of = "2024"\nchecked_on = 2026-11-22\nquote = '
LONG = " ".join(["word"] * 26)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('known_by = "rule"', "names its quotes and text_of and checked_on"),
        ('known_by = "rule"\nquote = "40 percent"', "names its text_of and checked_on"),
        ('known_by = "rule"\nquote = "40 percent"\ntext_of = "2024"', "names its checked_on"),
        ('known_by = "CMS"\nquote = "40 percent"', "its document and version and page and checked"),
        ('known_by = "CMS files"', "names its proven_by and rows"),
        ('known_by = "CMS files"\nproven_by = "a test"', "names its rows"),
        ('known_by = "secondary"', "names its source"),
        ('known_by = "recalled"', "names its source"),
        ('known_by = "does not apply"', "names its source"),
        (f'{READ}"{LONG}"', "at most 25 words"),
        (f'{READ}["40 percent", "{LONG}"]', "at most 25 words"),
    ],
)
def test_a_rank_without_its_proof_is_refused(lines, said, tmp_path):
    path = tmp_path / "a_rate.toml"
    without = GOOD.replace('source = "a test"', "")
    path.write_text(without.replace('known_by = "secondary"', lines), "utf-8")
    with pytest.raises(ParameterError, match=said):
        read(path)


def test_a_quote_of_25_words_is_read(tmp_path):
    path = tmp_path / "a_rate.toml"
    quote = " ".join(["word"] * 25)
    path.write_text(GOOD.replace('known_by = "secondary"', f'{READ}"{quote}"'), "utf-8")
    (version,) = read(path).versions
    assert version.citation.quotes == (quote,)


@pytest.mark.parametrize(
    ("quote", "missing"),
    [
        ('"45 percent"', "do not hold"),
        ('"140 or 40.5 percent"', "do not hold"),
        ('"40 percent"', ""),
        ('"a factor of 0.4."', ""),
        ('["45 percent", "40 percent"]', ""),
        ('"45 percent"\nfollows = "45 less 5"', ""),
    ],
)
def test_a_claim_to_have_read_the_rule_is_held_to_its_quotes(quote, missing, tmp_path):
    path = tmp_path / "a_rate.toml"
    path.write_text(GOOD.replace('known_by = "secondary"', READ + quote), "utf-8")
    (version,) = read(path).versions
    found = unproved(version.citation, version.value)
    assert missing in found
    assert bool(missing) == bool(found)


def test_what_was_read_is_named_with_its_date_or_its_page(tmp_path):
    path = tmp_path / "a_rate.toml"
    lines = f'{READ}"40 percent"\nfollows = "as printed"'
    path.write_text(GOOD.replace('known_by = "secondary"', lines), "utf-8")
    assert read(path).versions[0].citation.reference == "text of 2024; as printed; a test"
    page = 'known_by = "CMS"\ndocument = "CMS, X"\nversion = "11"\npage = "45"\nquote = "q"'
    path.write_text(
        GOOD.replace('known_by = "secondary"', f"{page}\nchecked_on = 2026-11-22"), "utf-8"
    )
    citation = read(path).versions[0].citation
    assert (citation.known, citation.reference) == (
        "from a CMS document", "CMS, X, version 11, page 45; a test",
    )  # fmt: skip


# How well each version is known, as the regulation's text, CMS's documents and files have it.

RANKS = tomllib.loads((Path(__file__).parent / "ranks.toml").read_text("utf-8"))


@every_version
def test_every_version_is_at_its_true_rank(parameter, version):
    expected = RANKS[parameter.name]
    day = max(version.applies_from.values()).isoformat()
    assert version.citation.known_by == expected[day]
    assert len(expected) == len(parameter.versions)


def test_at_least_75_versions_are_proven():
    ranks = [version.citation.known_by for _, version in VERSIONS]
    assert sum(rank not in ("secondary", "recalled") for rank in ranks) >= 75


# What is read, what it says of itself, and the words of its refusals.

LEVEL_RATES = "by_level = { A = 0.1, B = 0.2, C = 0.3, D = 0.4, E = 0.5, ENHANCED = inf }"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("value = 3", 3.0),
        ("value = true", True),
        ("choices = [0, 0.5]", (0.0, 0.5)),
        ("schedule = { at = [1, 2], gives = [0.3, 0.1] }", Schedule((1.0, 2.0), (0.3, 0.1))),
        ('table = { columns = ["a", "b"], row = [1, 2] }', RateTable(("a", "b"), {"row": (1, 2)})),
        (LEVEL_RATES, {"A": 0.1, "B": 0.2, "C": 0.3, "D": 0.4, "E": 0.5, "ENHANCED": np.inf}),
    ],
)
def test_each_shape_of_a_value_is_read(line, value, tmp_path):
    path = tmp_path / "a_rate.toml"
    path.write_text(with_value(line), "utf-8")
    found = read(path)
    assert (found.name, found.dated_by) == ("a_rate", ("agreement_start",))
    assert (found.title, found.unit, found.meaning) == ("A rate", "fraction", "What it is.")
    assert found.versions[0].value == value
    assert type(found.versions[0].value) is type(value)


BOTH_CLOCKS = (
    GOOD.replace('["agreement_start"]', '["performance_year", "agreement_start"]' + KNOWN)
    .replace("2019-07-01", "{ performance_year = 2020-01-01, agreement_start = 2019-07-01 }")
)  # fmt: skip
LATER = (
    "\n[[versions]]\nvalue = 0.5\n"
    "applies_from = { performance_year = 2024-01-01, agreement_start = 2019-07-01 }\n" + CITATION
)


def test_a_version_may_follow_both_clocks_and_says_when_it_is_asked_too_early(tmp_path):
    path = tmp_path / "a_rate.toml"
    path.write_text(BOTH_CLOCKS + LATER, "utf-8")
    found = read(path)
    assert found.dated_by == ("performance_year", "agreement_start")
    assert found.years(found.versions[0]) == (
        "performance years 2020 to 2023, agreements from July 2019"
    )
    day = dt.date(2024, 1, 1)
    assert found.on({"performance_year": day, "agreement_start": day}).value == 0.5
    early = {"performance_year": dt.date(2019, 1, 1), "agreement_start": dt.date(2018, 1, 1)}
    with pytest.raises(ParameterError) as refused:
        found.on(early)
    assert str(refused.value) == (
        "a_rate has no value for performance_year 2019-01-01 and agreement_start 2018-01-01: its "
        "first version applies from 2020-01-01 and 2019-07-01 (42 CFR 425.605(d)). Add an earlier "
        "[[versions]] to parameters/a_rate.toml, or ask for a later year."
    )


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("an empty list of versions", "versions is empty; a parameter has at least one version"),
        ("newest first",
         "versions are not in order, oldest first, each date once (same date?)"),
        ("a schedule out of order",
         "a schedule has as many rates as points, the points rising"),
        ("a ragged table", "a table has a number for each of its columns in every row"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wanted(mistake, said, tmp_path):
    path = tmp_path / "a_rate.toml"
    path.write_text(MISTAKES[mistake][0], "utf-8")
    with pytest.raises(ParameterError) as refused:
        read(path)
    assert str(refused.value) == f"a_rate.toml: {said}"


@pytest.mark.parametrize(
    ("clock", "days", "periods"),
    [
        ("performance_year", ("2020-01-01", "2021-01-01", "2024-01-01"),
         ("performance year 2020", "performance years 2021 to 2023",
          "performance years from 2024")),
        ("agreement_start", ("2012-04-01", "2019-07-01", "2024-01-01"),
         ("agreements from April 2012 to June 2019", "agreements from July 2019 to 2023",
          "agreements from 2024")),
    ],
)  # fmt: skip
def test_a_version_says_for_which_years_it_holds(clock, days, periods, tmp_path):
    path = tmp_path / "a_rate.toml"
    versions = [f"\n[[versions]]\napplies_from = {day}\nvalue = 0.4\n{CITATION}" for day in days]
    head = HEAD.replace('dated_by = ["agreement_start"]', f'dated_by = ["{clock}"]')
    known = KNOWN if clock == "performance_year" else ""
    path.write_text(head + known + "".join(versions), "utf-8")
    found = read(path)
    assert tuple(map(found.years, found.versions)) == periods


def test_the_rules_are_put_together_anew_from_the_files():
    fresh = rules_in_force.__wrapped__(2025, dt.date(2024, 1, 1))
    assert fresh.sharing_rate[:6].tolist() == [0.4, 0.4, 0.5, 0.5, 0.5, 0.75]
    assert np.isnan(fresh.sharing_rate[6:]).all()
    assert not fresh.sharing_rate.flags.writeable
    assert fresh.quality_performance_standard == 0.767
    assert fresh.source["sharing_rate"].citation.section.startswith("42 CFR 425.6")
    assert rules_in_force.__wrapped__(2025).source == rules_in_force(2025).source
