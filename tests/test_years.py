"""A year without a published value refuses; the last year that settles comes from the files."""

import ast
import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import mssp_sim
from mssp_sim import LEVELS, Scenario, ScenarioError, link, rules_in_force, simulate
from mssp_sim import parameters as rulebook
from mssp_sim.measures import known, measure_set
from mssp_sim.parameters import (
    ParameterError,
    Rules,
    UnpublishedError,
    last_listed_year,
    last_published_year,
    parameters,
    read,
)
from mssp_sim.quantity import (
    OFFERED_YEARS,
    PERFORMANCE_YEARS,
    agreement_starts,
    agreement_years,
    performance_years,
)
from mssp_sim.studies.agreement import YearPlan, agreement
from mssp_sim.studies.moved import moved
from mssp_sim.studies.next_contract import Unusual, may_sign, signing, unusual
from tests import oracle

LAST, LISTED = last_published_year(), last_listed_year()
STANDARD = "quality_performance_standard"
PACKAGE = Path(mssp_sim.__file__).parent
EXCUSED = {
    "prepaid shared savings (from 2026,": "a date of the rule, not the end of what is known",
}

after_the_last = pytest.mark.skipif(
    LAST == LISTED, reason="every value is published for every year listed"
)


def test_the_values_of_today_end_with_the_standard_of_2026():
    assert (LAST, LISTED) == (2026, 2027)
    assert parameters()[STANDARD].known_through == LAST


def test_the_ends_of_the_years_come_from_the_files():
    known_through = [p.known_through for p in parameters().values() if p.known_through]
    assert PERFORMANCE_YEARS[1] == min(known_through)
    assert OFFERED_YEARS[1] == max(known_through)
    assert agreement_starts()[-1] == dt.date(LAST, 1, 1)
    assert agreement_starts(assume_last=True)[-1] == dt.date(LISTED, 1, 1)


@pytest.mark.parametrize("name", [n for n, p in parameters().items() if p.known_through])
def test_one_value_without_its_year_ends_what_settles(monkeypatch, name):
    known = {**parameters(), name: replace(parameters()[name], known_through=LAST - 1)}
    monkeypatch.setattr(rulebook, "parameters", lambda: known)
    assert rulebook.last_published_year.__wrapped__() == LAST - 1
    with pytest.raises(UnpublishedError, match=f"{LAST}'s .* known through {LAST - 1}"):
        rules_in_force.__wrapped__(LAST)


def test_a_published_standard_alone_opens_the_year(monkeypatch):
    through = {**parameters(), STANDARD: replace(parameters()[STANDARD], known_through=LISTED)}
    monkeypatch.setattr(rulebook, "parameters", lambda: through)
    assert rulebook.last_published_year.__wrapped__() == LISTED
    assert rules_in_force.__wrapped__(LISTED).quality_performance_standard == 0.7385


def test_a_year_without_a_value_is_one_sentence():
    with pytest.raises(UnpublishedError) as refused:
        rules_in_force(2027)
    assert str(refused.value) == (
        "2027's quality performance standard is not published yet; known through 2026"
    )


def test_assumed_values_are_those_of_the_last_known_year():
    start = dt.date(2025, 1, 1)
    known, assumed = rules_in_force(LAST, start), rules_in_force(LAST + 3, start, assume_last=True)
    for name in Rules.__slots__:
        if name != "source":
            one, other = getattr(known, name), getattr(assumed, name)
            if isinstance(one, np.ndarray):
                assert np.array_equal(one, other, equal_nan=True), name
            else:
                assert one == other, name


@after_the_last
@pytest.mark.parametrize("start", [s for s in agreement_starts() if LISTED in agreement_years(s)])
def test_a_listed_year_settles_only_where_it_is_assumed(start):
    refused = {"performance_year": LISTED, "agreement_start": start}
    with pytest.raises(ScenarioError) as fault:
        Scenario(**refused)
    assert fault.value.faults == {"performance_year": (
        f"{LISTED}'s quality performance standard is not published yet; known through {LAST}. "
        f"To settle {LISTED}, switch on assume_last_published"
    )}  # fmt: skip
    assert np.isfinite(simulate(Scenario(**refused, assume_last_published=True)).payment)


@after_the_last
def test_the_reference_aco_in_2027_by_hand():
    # Where nation and region grow as the ACO does: 2025 $13,000 a person; two years of 5.1% more:
    # 14,359.813. 3.1% of it saved on 44,000 person-years: 19,586,784.93. 75.0 meets 73.85: 50%,
    # less 2%: 9,597,524.62.
    # As it opens: 1.051^3/3 + 2/3 x (0.1 x 1.06^3 + 0.9 x 1.05^3) = 1.160954617; x 12,369.1722 =
    # 14,360.0476; less 12,369.1722 x 1.051^3 x 0.969; x 44,000 x 0.49: 9,602,582.46.
    year = {"performance_year": 2027, "assume_last_published": True}
    alike = simulate(Scenario(**year, national_growth=0.051, regional_growth=0.051))
    assert alike.benchmark == pytest.approx(14_359.813)
    assert alike.payment == pytest.approx(9_597_524.62, abs=0.01)
    opening = simulate(Scenario(**year))
    assert opening.benchmark == pytest.approx(14_360.0476)
    assert opening.payment == pytest.approx(9_602_582.46, abs=0.01)


@after_the_last
def test_an_agreement_from_2027_by_hand():
    # One year after its benchmark year 3: $13,000; 3.1% on 44,000: 17,732,000; half, less 2%.
    first = Scenario(
        performance_year=2027, agreement_start=dt.date(2027, 1, 1), assume_last_published=True
    )
    assert simulate(first).payment == pytest.approx(8_688_680)
    assert list(performance_years(first.agreement_start)) == []
    assert agreement_years(first.agreement_start) == range(2027, 2032)


@after_the_last
@pytest.mark.parametrize(
    ("given", "payment"),
    [
        # One-sided, the first of at most five years: 17,732,000 x 40% x 98%.
        ({"level": "A"}, 6_950_944),
        # 5,000 in the last benchmark year opens the program; 4,900 in the performance year ask for
        # 3.954% by the table, and 3.1% is saved. The limits for those with fewer than 5,000 in an
        # earlier benchmark year are not known and not applied: 5,000 people, 4,888.89 person-years
        # of the same 44,000 / 45,000: 403 x 4,888.89 = 1,970,222.22 x 49%.
        ({"assigned_beneficiaries": 4_900}, 0),
        ({"assigned_beneficiaries": 5_000, "level": "E", "minimum_election": 0.02}, 965_408.89),
    ],
)
def test_what_is_final_for_agreements_from_2027_by_hand(given, payment):
    year = {"performance_year": 2027, "agreement_start": dt.date(2027, 1, 1)}
    first = Scenario(**year, assume_last_published=True, **given)
    assert simulate(first).payment == pytest.approx(payment, abs=0.01)


@after_the_last
def test_from_2027_one_agreement_at_most_is_one_sided_by_hand():
    # 572,000,000 target. 3.1% saved: 17,732,000 x 40% x 98% at A, x 50% x 98% at E. 3% overspent:
    # 17,160,000, of which A owes nothing and E 30%, under 4% of the target, 22,880,000.
    year = {"performance_year": 2027, "agreement_start": dt.date(2027, 1, 1)}
    for level, saved, overspent in (("A", 6_950_944, 0), ("E", 8_688_680, -5_148_000)):
        paid = [
            simulate(Scenario(
                **year, assume_last_published=True, level=level, cost_reduction=cut
            )).payment
            for cut in (0.031, -0.03)
        ]  # fmt: skip
        assert paid == pytest.approx([saved, overspent], abs=0.01)
    # One agreement on the glide path is behind it: for 2026 the path is open again, for 2027 not.
    behind = {"level": "E", "experienced_with_risk": False, "glide_path_agreements_used": 1}
    before = Scenario(performance_year=2025, agreement_start=dt.date(2022, 1, 1), **behind)
    last = Scenario(performance_year=2026, agreement_start=dt.date(2022, 1, 1), **behind)
    assert may_sign(simulate(before)) == LEVELS
    assert may_sign(simulate(last)) == ("E", "ENHANCED")
    # Five years at A are the first agreement, whole; A in a second one is nothing that is signed.
    first = Scenario(**year, assume_last_published=True, level="A", agreement_period=1)
    stays = agreement(first, YearPlan(levels="stay"))
    assert [y.level for y in stays.years] == ["A"] * int(signing(2027).one_sided_years)
    assert unusual(first) == Unusual.NO
    assert unusual(replace(first, agreement_period=2)) == Unusual.LATE
    earlier = replace(first, agreement_start=dt.date(2026, 1, 1), agreement_period=2)
    assert unusual(earlier) == Unusual.NO


def test_a_batch_mixes_published_and_assumed_years():
    years, assumed = np.array([2025, 2026, 2027]), np.array([False, True, True])
    batch = simulate(Scenario(performance_year=years, assume_last_published=assumed))
    for row, year in enumerate(years):
        alone = simulate(Scenario(performance_year=int(year), assume_last_published=True))
        assert batch.payment[row] == alone.payment
        assert batch[row].payment == alone.payment
    with pytest.raises(ScenarioError, match="2027's quality performance standard"):
        Scenario(performance_year=years, assume_last_published=np.array([True, True, False]))


def test_assuming_changes_nothing_where_all_is_published():
    for start in agreement_starts():
        for year in performance_years(start):
            assert rules_in_force(year, start) == rules_in_force(year, start)
            plain, assumed = (rules_in_force(year, start, flag).source for flag in (False, True))
            assert plain == assumed


def test_five_years_says_which_years_it_assumes():
    assert [(y.year, y.assumed) for y in agreement(Scenario()).years] == [
        (year, year > LAST) for year in range(2025, 2030)
    ]


def test_the_way_to_an_assumed_year_is_one_change_of_the_rulebook():
    later = Scenario(performance_year=2027, assume_last_published=True, cost_reduction=0.04)
    what = moved(Scenario(), later)
    assert [change.why for change in what.changes] == ["", "rulebook"]
    assert sum(change.dollars for change in what.changes) == pytest.approx(
        what.after - what.before, abs=1e-6
    )


@pytest.mark.parametrize("start", ["", "2027-01-01"])
def test_a_link_to_an_unpublished_year_is_one_sentence(start):
    query = {"year": ["2027"]} | ({"start": [start]} if start else {})
    linked = link.decode(query, Scenario(), Scenario())
    assert linked.scenario == Scenario()
    (said,) = linked.notices
    assert said.startswith("2027's quality performance standard is not published yet; known ")
    assert "switch on Assume the last published values" in said
    assumed = link.decode({**query, "assume": ["yes"]}, Scenario(), Scenario())
    assert assumed.notices == ()
    assert assumed.scenario.performance_year == 2027


def test_the_oracle_knows_the_same_standards():
    assert max(oracle.QUALITY_STANDARD) == LAST
    for year, standard in oracle.QUALITY_STANDARD.items():
        assert rules_in_force(year).quality_performance_standard == standard


def test_every_year_from_2021_on_has_the_measures_of_its_own_list():
    assert len(measure_set(2027).measures) == 9
    assert known().sets[-1].applies_from.year == LISTED


def literals(source):
    """Return numbers and texts of a module's code, its docstrings apart."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node.value


def typed_years(source):
    """Return what a module says of the last years without asking the files."""
    later = [str(year) for year in range(LAST, LISTED + 2)]
    return [
        value
        for value in literals(source)
        if any(year in str(value) for year in later)
        and not any(words in str(value) for words in EXCUSED)
    ]


def test_no_module_types_the_last_year():
    found = {
        str(path.relative_to(PACKAGE)): typed_years(path.read_text("utf-8"))
        for path in PACKAGE.rglob("*.py")
    }
    assert {name: values for name, values in found.items() if values} == {}


def test_a_typed_year_is_found():
    assert typed_years(f'"""Since {LAST}."""\nEND = {LAST}\nSAID = "to {LISTED}"\n') == [
        LAST, f"to {LISTED}"
    ]  # fmt: skip


def test_a_value_that_is_new_each_year_is_known_only_with_a_version_of_that_year(tmp_path):
    source = (PACKAGE / "parameters" / f"{STANDARD}.toml").read_text("utf-8")
    path = tmp_path / f"{STANDARD}.toml"
    path.write_text(source.replace(f"known_through = {LAST}", f"known_through = {LAST + 1}"))
    with pytest.raises(ParameterError, match="needs a version for each year that it is known for"):
        read(path)
