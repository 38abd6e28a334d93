"""Rule changes in words: one sentence for whatever happens, bars that add up, what is proposed."""

import csv
import datetime as dt
import io
import re
from itertools import product

import numpy as np
import pytest

from mssp_sim import Scenario
from mssp_sim.provisions import PROPOSED, ProvisionError, read
from mssp_sim.studies.rule_changes import (
    Rulebook,
    RuleChangeError,
    both,
    compare_rules,
    settled_both,
)
from mssp_sim.studies.rulebooks import MINE, NO_FILE, Book, Choice, pairs, rulebooks, shipped
from mssp_sim.studies.rules_on_many import ComparedAco, LeftOut, compare_many
from mssp_sim.words import rule_changes as words
from mssp_sim.words import rules_on_many as many_words
from tests.random_scenarios import fields
from tests.test_provisions import HOSTILE, toml

BAD = re.compile(r"\b(nan|inf|None)\b|[−-]\$0\.0M|  |\.\.|: \.|,,")
NUMBER = re.compile(r"^([+−]?)\$([\d,]+(?:\.\d)?)(M?)$")
E_60 = toml('parameter = "sharing_rate"\nprovision = "E keeps 60%"\nby_level = { E = 0.60 }')


def own(scenario, choice, proposed=None):
    names = words.names(choice, proposed)
    books = rulebooks(choice, proposed)
    found = compare_rules(scenario, *books)
    return words.Own(names, found, *settled_both(scenario, *books), both(scenario, *books))


def dollars(text):
    sign, digits, millions = NUMBER.match(text.removeprefix("owes ").replace("<", "")).groups()
    value = float(digits.replace(",", "")) * (1e6 if millions else 1)
    return -value if sign == "−" or text.startswith("owes") else value


def choice_of(key):
    pair = pairs()[key]
    return Choice(pair.old, pair.new, pair.file, 2024)


def mine(data=E_60, book=Book()):  # noqa: B008
    return Choice(book, book, MINE, 2024), read(data)


def test_the_opening_says_that_nothing_moves_and_what_is_assumed():
    found = own(Scenario(), choice_of("next"))
    assert words.headline(found) == (
        "Under the rules of 2027 you would earn $8.7M, as under the rules of 2026."
    )
    assert words.picture_title(found) == "No rule that decides your payment differs"
    assert words.assumptions(found, None) == (
        "2027's quality performance standard is not published yet; that of 2026 is assumed."
    )
    assert words.own_rules(found, 6_516_510.0) == (
        "Under the rules of its own year, 2025, this scenario would earn $6.5M."
    )
    assert words.own_rules(found, found.payments[0]) == ""


def test_a_gain_says_from_which_provision():
    found = own(Scenario(regional_level=-0.1), choice_of("starts_2019"))
    assert words.headline(found) == (
        "Under the rules of agreements from 2024 you would earn $6.5M, $6.5M more than under the "
        "rules of agreements from July 2019: all of it from the regional adjustment."
    )


def test_what_is_proposed_says_so_in_each_sentence():
    proposed = shipped()["cms_1848_p"]
    found = own(Scenario(quality_score=0.82), choice_of("cms_1848_p"), proposed)
    assert words.headline(found) == (
        "Under CMS-1848-P (proposed, not in force) you would earn $10.4M, $1.7M more than under "
        "the rules of 2027 for new agreements: all of it from “Level E keeps up to 60%” (proposed)."
    )
    texts = [words.file_note(proposed, found), words.describe(found)]
    texts += [figure.label for figure in words.tiles(found)[1:]]
    texts += [figure.label for figure in words.figures(found)]
    texts += [bar.label for bar in words.bars(found)]
    assert all(PROPOSED in text for text in texts)


def test_a_file_that_reaches_nothing_here_says_where_it_does():
    proposed = shipped()["cms_1848_p"]
    found = own(Scenario(), Choice(Book(2026), Book(2026), "cms_1848_p", 2024), proposed)
    assert words.headline(found) == (
        "CMS-1848-P (proposed, not in force) changes nothing here: you earn $8.7M as before."
    )
    assert words.file_note(proposed, found).endswith(
        "Nothing of it differs from the rules chosen here: it applies to the rules of 2027 "
        "for new agreements."
    )


def test_two_rulebooks_that_are_one_say_so():
    book = Book(2026, dt.date(2024, 1, 1))
    found = own(Scenario(), Choice(book, book, NO_FILE, 2024))
    assert words.headline(found) == "Both rulebooks are the same: choose two that differ."


def test_owing_more_and_less_and_turning_is_said_as_it_is():
    owes = toml('parameter = "shared_loss_rate_floor"\nby_level = { E = 0.1 }',
                'parameter = "shared_loss_rate_ceiling"\nby_level = { E = 0.1 }')  # fmt: skip
    less = own(Scenario(cost_reduction=-0.05), *mine(owes))
    assert "you would owe $" in words.headline(less)
    assert " less than under the rules in force" in words.headline(less)
    gone = own(Scenario(cost_reduction=0.031), *mine(toml(
        'parameter = "sharing_rate"\nby_level = { E = 0.0 }'
    )))  # fmt: skip
    assert "you would earn nothing, $6.5M less than under the rules in force" in words.headline(
        gone
    )


CHOICES = [
    Choice(Book(y1, s1), Book(y2, s2), NO_FILE, 2024)
    for (y1, s1), (y2, s2) in product(
        ((None, None), (2026, None), (2019, dt.date(2019, 7, 1))),
        ((2027, dt.date(2027, 1, 1)), (None, dt.date(2024, 1, 1)), (2022, None)),
    )
]


@pytest.mark.parametrize("seed", range(6))
def test_any_scenario_gives_one_sentence_and_bars_that_add_up_as_shown(seed):
    scenario = Scenario(**fields(np.random.default_rng(seed)))
    for choice in CHOICES:
        found = own(scenario, choice)
        said = [words.headline(found), words.describe(found), f"{words.picture_title(found)}."]
        for text in said:
            assert text.endswith("."), text
            assert not BAD.search(text), text
        one, two = map(dollars, words.ends(found))
        total = sum(dollars(bar.shown) for bar in words.bars(found))
        if "<" not in "".join(words.ends(found)):
            assert total == pytest.approx(two - one, abs=1), (seed, choice)
        for figure in (*words.tiles(found), *words.figures(found)):
            assert figure.how()[-1].amount == pytest.approx(figure.amount, abs=0.01)
            assert not BAD.search(" ".join(step.numbers for step in figure.how()))


def test_both_ends_are_what_the_comparison_pays():
    for seed, choice in product(range(8), CHOICES):
        found = own(Scenario(**fields(np.random.default_rng(seed))), choice)
        assert float(found.before.payment) == pytest.approx(found.payments[0], abs=1e-6)
        assert float(found.after.payment) == pytest.approx(found.payments[1], abs=1e-6)


def test_a_hostile_file_is_one_sentence_or_is_marked_as_proposed():
    runs, refused = 0, []
    for data in HOSTILE:
        try:
            found = own(Scenario(), *mine(data))
        except ProvisionError as fault:
            refused.append(str(fault))
            continue
        runs += 1
        text = words.headline(found)
        assert text.endswith(".")
        assert f"({PROPOSED}, not in force)" in text
        assert not BAD.search(text)
    assert runs >= 10
    assert all(said.endswith(".") for said in refused)


# All ACOs.


def many(*scenarios, old=None, new=None, refused=()):
    acos = [ComparedAco(f"A{at}", f"=ACO {at}", scenario) for at, scenario in enumerate(scenarios)]
    books = (old or Rulebook(), new or Rulebook(provisions=read(E_60)))
    return compare_many(2024, acos, refused, *books)


NAMES = words.names(*mine())


@pytest.mark.parametrize(
    ("scenarios", "said"),
    [
        ((Scenario(),), "Of 1 ACO of 2024, 1 gains $1.3M under what is proposed"),
        ((Scenario(level="B"),), "None of 1 ACO of 2024 gains or loses under what is proposed"),
        ((Scenario(), Scenario(), Scenario(level="A")),
         "Of 3 ACOs of 2024, 2 gain $2.6M and 1 gets the same under what is proposed"),
        ((), "No ACO of 2024 can be settled under both rulebooks"),
    ],
)  # fmt: skip
def test_who_gains_is_said(scenarios, said):
    assert many_words.title(many(*scenarios), NAMES) == said


def test_groups_and_movers_hold_everybody():
    levels = ("A", "E", "E", "ENHANCED")
    found = many(*(Scenario(level=level, assigned_beneficiaries=n) for level, n in
                   zip(levels, (4_000, 6_000, 60_000, 9_000), strict=True)))  # fmt: skip
    for groups in (many_words.by_contract(found), many_words.by_size(found)):
        assert sum(group.acos for group in groups) == 4
    assert [group.group for group in many_words.by_contract(found)] == ["A", "E", "ENHANCED"]
    assert [group.group for group in many_words.by_size(found)] == [
        "under 5,000", "5,000 to 9,999", "50,000 and more",
    ]  # fmt: skip
    first, *rest = many_words.movers(found, gain=True)
    assert (first.people, first.mostly) == ("60,000", "E keeps 60% (proposed)")
    assert all(one.change <= first.change for one in rest)
    assert many_words.movers(found, gain=False) == ()


def test_the_table_has_every_aco_once_and_no_cell_runs():
    hostile = toml(
        'parameter = "sharing_rate"\nprovision = "=HYPERLINK(1)"\nby_level = { E = 0.60 }',
        title="=cmd()",
    )
    gone = LeftOut("@A9", "+Nine", "-It lacks something.")
    found = many(Scenario(), Scenario(level="B"), new=Rulebook(provisions=read(hostile)),
                 refused=(gone,))  # fmt: skip
    text = many_words.table(found, words.names(*mine(hostile)))
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 4
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "@")), cell
        assert not cell.startswith("-") or float(cell), cell
    heads = rows[0]
    assert "'=HYPERLINK(1) (proposed)" in heads
    assert all(PROPOSED in row[heads.index("rules_after")] for row in rows[1:])
    assert rows[1][heads.index("change")] == "1303302.00"
    assert rows[3][heads.index("left_out")] == "'-It lacks something."


def test_a_foreign_contract_is_refused_in_one_sentence():
    choice = Choice(Book(), Book(None, dt.date(2016, 1, 1)), NO_FILE, 2024)
    with pytest.raises(RuleChangeError) as refused:
        own(Scenario(), choice)
    assert str(refused.value).endswith(".")


def test_where_no_aco_can_be_compared_the_table_says_why_under_the_same_heads():
    gone = LeftOut("A1", "Nine", "It lacks something.")
    heads, row = csv.reader(io.StringIO(many_words.table(many(refused=(gone,)), NAMES)))
    assert heads[6:] == ["payment_before", "payment_after", "change", "mostly_by", "left_out"]
    assert row == ["A1", "Nine", "", "", NAMES.old, NAMES.new, *[""] * 4, "It lacks something."]
