"""A provision file overrides dated values, marked proposed; a hostile one is one sentence."""

import datetime as dt
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import mssp_sim
from mssp_sim import LEVELS, Scenario, rules_in_force, simulate
from mssp_sim.parameters import parameters
from mssp_sim.provisions import (
    LARGEST,
    MOST_DOTS,
    NOT_CHANGED,
    PROPOSED,
    ProvisionError,
    Provisions,
    differing,
    read,
)
from mssp_sim.quantity import agreement_starts, performance_years

PACKAGE = Path(mssp_sim.__file__).parent
START = dt.date(2025, 1, 1)
E = LEVELS.index("E")


def toml(*changes, title="A test"):
    return "\n".join([f'title = "{title}"', *(f"[[changes]]\n{c}" for c in changes)]).encode()


def applied(*changes, year=2025, start=START):
    return read(toml(*changes)).apply(rules_in_force(year, start), year, start)


def test_level_e_at_60_percent_by_hand():
    # numbers.md: 17,732,000 saved; 60% of it, less 2%: 10,426,416.
    rules = applied('parameter = "sharing_rate"\nby_level = { E = 0.60 }')
    assert simulate(Scenario(quality_score=0.82), rules).payment == pytest.approx(10_426_416)
    others = np.delete(rules.sharing_rate, E)
    assert np.array_equal(others, np.delete(rules_in_force(2025).sharing_rate, E), equal_nan=True)
    assert rules.source["sharing_rate"].citation.known == PROPOSED
    assert rules.source["half_rate"] is rules_in_force(2025, START).source["half_rate"]


def test_the_regional_weight_capped_at_35_percent_by_hand():
    # The region 10% dearer: second agreement, half of 10% of the history today; 35% proposed.
    s = Scenario(regional_level=0.1)
    change = """
parameter = "regional_adjustment_weight"
table = { lower_spending = [0.35, 0.35, 0.35, 0.35], higher_spending = [0.15, 0.25, 0.35, 0.50] }
"""
    today = simulate(s).target
    assert today.adjustments.net_regional_adjustment == pytest.approx(
        0.05 * np.vecdot(today.historical_benchmark, s.person_year_share_by3)
    )
    rules = applied(change)
    assert rules.regional_adjustment_weight["lower_spending"].tolist() == [0.35] * 4
    gained = simulate(s).benchmark - simulate(s, rules).benchmark
    assert gained == pytest.approx(0.015 * 13_000)  # 15% of a tenth of the target


def test_a_value_for_2027_is_dated_and_comes_with_its_date():
    change = 'parameter = "quality_performance_standard"\napplies_from = 2027-01-01\nvalue = 0.7127'
    late = rules_in_force(2027, START, assume_last=True)
    assert applied(change).quality_performance_standard == 0.767
    proposed = read(toml(change)).apply(late, 2027, START)
    assert proposed.quality_performance_standard == 0.7127
    assert differing(late, proposed) == ("quality_performance_standard",)


def test_the_later_of_two_dates_counts_whatever_their_order():
    changes = [
        f'parameter = "sequestration_rate"\napplies_from = {year}-01-01\nvalue = {rate}'
        for year, rate in ((2025, 0.04), (2023, 0.03))
    ]
    for order in (changes, changes[::-1]):
        assert applied(*order).sequestration_rate == 0.04
        assert applied(*order, year=2024, start=dt.date(2024, 1, 1)).sequestration_rate == 0.03


def test_a_contract_that_a_start_has_not_stays_without_a_value():
    change = 'parameter = "sharing_rate"\nby_level = { E = 0.6, "1" = 0.55 }'
    old = applied(change, year=2018, start=dt.date(2018, 1, 1)).sharing_rate
    assert np.isnan(old[: len(LEVELS)]).all()
    assert old[len(LEVELS)] == 0.55


def test_changes_of_one_provision_bear_its_name():
    file = read(toml(
        'parameter = "sharing_rate"\nprovision = "Proposed E"\nby_level = { E = 0.6 }',
        'parameter = "performance_payment_limit"\nprovision = "Proposed E"\nby_level = { E = 0.2 }',
        'parameter = "sequestration_rate"\nvalue = 0.03',
    ))  # fmt: skip
    assert file.names == ("Proposed E", "Sequestration")


def test_rates_that_cannot_hold_together_are_refused():
    change = 'parameter = "shared_loss_rate_floor"\nby_level = { E = 0.9 }'
    with pytest.raises(ProvisionError, match="lowest shared loss rate of E is above the highest"):
        applied(change)


SHIPPED = sorted((PACKAGE / "parameters" / "proposed").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_proposal_that_is_shipped_is_read_and_changes_no_year_that_settles(path):
    file = read(path.read_bytes())
    assert file.source
    for start in agreement_starts():
        for year in performance_years(start):
            rules = rules_in_force(year, start)
            assert differing(rules, file.apply(rules, year, start)) == ()


def test_level_e_of_2027_as_proposed_by_hand():
    # An agreement from 2027, one year after benchmark year 3: 17,732,000 saved as in 2025; 60%,
    # less 2%: 10,426,416. In force: 50%, less 2%: 8,688,680.
    (path,) = [path for path in SHIPPED if path.stem == "cms_1848_p"]
    start = dt.date(2027, 1, 1)
    s = Scenario(performance_year=2027, agreement_start=start, assume_last_published=True)
    rules = read(path.read_bytes()).apply(
        rules_in_force(2027, start, assume_last=True), 2027, start
    )
    assert simulate(s).payment == pytest.approx(8_688_680)
    assert simulate(s, rules).payment == pytest.approx(10_426_416)


VALUES = (
    "1.5", "-0.1", "nan", "inf", "-inf", "true", '"0.5"', "[]", "[0.5]", "{}", "{ E = 2 }",
    "{ Z = 0.5 }", '{ E = "x" }', "2027-01-01", "9" * 400, "1e999", "0.5", "{ E = 0.5 }",
    "{ at = [1], gives = [0.1, 0.2] }", "{ at = [2, 1], gives = [0.1, 0.2] }",
    "{ at = [], gives = [] }", "{ first = [0.5, 0.5, 0.5], later = [0.2, 0.3, 0.5] }",
    "{ E = inf }", "false", "0", "1", "{ A = 1.0, E = 0 }", "{ at = [1, 9], gives = [0.1, 0] }",
)  # fmt: skip
NAMES = ("sharing_rate", "minimum_savings_rate", "benchmark_year_weights", "half_rate",
         "quality_performance_standard", "prospective_trend_guardrail")  # fmt: skip
SHAPES = ("value", "by_level", "schedule", "table")
GOOD = 'parameter = "sequestration_rate"\nvalue = 0.03'
BROKEN = (
    b"", b"\xff\xfe", b"title =", b"title = 1", b'title = "x"', b'title = ""\n[[changes]]',
    b'title = "x"\nchanges = 3', b'title = "x"\nchanges = [1]', b'title = "x"\nchanges = []',
    b'title = "x"\n[changes]\na = 1', b"[" * 20_000, b'title = "x"\nx = ' + b"[" * 5_000,
    b"x" * (LARGEST + 1), toml(GOOD, GOOD), toml(*[GOOD] * 41), toml(GOOD) + b"\nextra = 1",
    toml(GOOD, title="x" * 301), toml(GOOD, title="\\u0007"), toml('parameter = "nothing"'),
    toml("parameter = 3\nvalue = 1"), toml("value = 1"), toml('parameter = "sequestration_rate"'),
    toml(GOOD + "\nby_level = { E = 1 }"), toml(GOOD + "\nprovision = 3"),
    toml(GOOD + "\napplies_from = 2027"), toml(GOOD + '\napplies_from = "2027-01-01"'),
    toml(GOOD + "\napplies_from = 2027-01-01T00:00:00"),
    toml(GOOD + "\napplies_from = { agreement_start = 2027-01-01 }"),
    toml(GOOD + "\napplies_from = { birthday = 2027-01-01 }"),
    toml('parameter = "agreement_length"\nvalue = 3'),
    toml('parameter = "minimum_rate_choices"\nvalue = 3'),
    toml('parameter = "minimum_assigned_beneficiaries"\nvalue = 0'),
    b"a." * 49_000 + b"a = 1", b"[" + b"a." * 49_000 + b"a]",
    b'x = { "a".' + b"a." * 40_000 + b"a = 1 }",
    toml('parameter = "../../etc/passwd"\nvalue = 0'), b"\x00", "title = \u202e".encode(),
)  # fmt: skip
HOSTILE = [
    *BROKEN,
    *(
        toml(f'parameter = "{name}"\n{shape} = {value}')
        for name, shape, value in product(NAMES, SHAPES, VALUES)
    ),
]


@pytest.mark.parametrize("parts", [MOST_DOTS, MOST_DOTS + 1])
def test_a_key_of_very_many_parts_is_refused_before_it_is_read(parts):
    said = f"^Line 2 has more than {MOST_DOTS} dots; shorten it[.]$"
    with pytest.raises(ProvisionError, match=said if parts > MOST_DOTS else "has 'a', which"):
        read(b"\n" + b"a." * parts + b"a = 1\n")


def test_there_are_200_hostile_files():
    assert len(HOSTILE) >= 200


def test_a_hostile_file_is_one_sentence_or_a_right_run():
    runs = 0
    for data in HOSTILE:
        try:
            rules = read(data).apply(rules_in_force(2025, START), 2025, START)
        except ProvisionError as fault:
            said = str(fault)
            assert said.endswith("."), said
            assert "\n" not in said, said
            assert len(said) < 400, said
            continue
        runs += 1
        for level in LEVELS:
            paid = simulate(Scenario(level=level), rules).payment
            assert math.isfinite(paid), data
    assert 10 <= runs <= 60, runs


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_file_is_refused(data):
    with pytest.raises(ProvisionError):
        read(data)


@pytest.mark.parametrize("name", [n for n in parameters() if n not in NOT_CHANGED])
def test_every_other_parameter_can_be_given_as_it_is_and_changes_nothing(name):
    rules = rules_in_force(2025, START)
    value = (
        parameters()[name]
        .on({"performance_year": dt.date(2025, 1, 1), "agreement_start": START})
        .value
    )
    file = read(toml(f'parameter = "{name}"\n{written(value)}'))
    assert isinstance(file, Provisions)
    assert differing(rules, file.apply(rules, 2025, START)) == ()


def written(value):
    """Return a value of the rule as a provision file gives it."""
    if hasattr(value, "gives"):
        return f"schedule = {{ at = {list(value.at)}, gives = {list(value.gives)} }}"
    if hasattr(value, "rows"):
        return f"table = {{ {', '.join(f'{k} = {list(v)}' for k, v in value.rows.items())} }}"
    if isinstance(value, dict):
        return f"by_level = {{ {', '.join(f'{k} = {v}' for k, v in value.items())} }}"
    return f"value = {str(value).lower()}"
