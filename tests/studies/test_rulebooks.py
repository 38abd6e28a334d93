"""Which two rulebooks are compared: offered pairs, a free choice, its word in a link."""

import datetime as dt
from itertools import product

import pytest

from mssp_sim import Scenario, link
from mssp_sim.parameters import last_published_year
from mssp_sim.provisions import read
from mssp_sim.quantity import agreement_starts
from mssp_sim.studies.rule_changes import compare_rules
from mssp_sim.studies.rulebooks import (
    MINE,
    NO_FILE,
    Book,
    Choice,
    ChoiceError,
    base_of,
    book_years,
    opening,
    pair_of,
    pairs,
    read_choice,
    rulebooks,
    shipped,
    short_title,
    write_choice,
)

YEARS = (2024, 2023, 2013)
STARTS = agreement_starts(assume_last=True)
BOOKS = [Book(y, s) for y, s in product((None, 2013, 2027), (None, STARTS[0], STARTS[-1]))]


def test_the_pairs_that_the_page_must_offer_are_there():
    offered = {(pair.old, pair.new, pair.file) for pair in pairs().values()}
    starts = {y: dt.date(y, 7 if y == 2019 else 1, 1) for y in (2019, 2023, 2024)}
    assert (Book(2026), Book(2027), NO_FILE) in offered
    assert (Book(None, starts[2019]), Book(None, starts[2024]), NO_FILE) in offered
    assert (Book(None, starts[2023]), Book(None, starts[2024]), NO_FILE) in offered
    assert set(shipped()) <= {file for _, _, file in offered}
    assert next(iter(pairs())) == pair_of(opening(2024))


@pytest.mark.parametrize("file", [NO_FILE, MINE, *shipped()])
def test_every_choice_travels_in_a_link(file):
    for old, new, year in product(BOOKS, BOOKS, YEARS):
        choice = Choice(old, new, file, year)
        text = write_choice(choice, YEARS)
        assert (text is None) == (choice == opening(2024))
        assert text is None or link.PLACE.fullmatch(text)
        assert read_choice(text, YEARS) == choice


HOSTILE = (
    "", "~", "~~~", "2026", "2026.own~2027.own~none", "2026.own~2027.own~none~2024~1",
    "2012.own~2027.own~none~2024", "2028.own~own.own~none~2024", "own.2021-01-01~own.own~none~2024",
    "own.2024-02-30~own.own~none~2024", "own.own~own.own~../../etc/passwd~2024",
    "own.own~own.own~cms_1848_p.toml~2024", "own.own~own.own~none~2012", "own.own~own.own~none~",
    "own~own~none~2024", "None.None~own.own~none~2024", "2026.own.own~own.own~none~2024",
    "2026.0~own.own~none~2024", "9999999999999.own~own.own~none~2024", "-1.own~own.own~none~2024",
    "２０２６.own~own.own~none~2024", "nan.own~own.own~none~2024", "own.own~own.own~NONE~2024",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_word_is_refused_in_words(text):
    with pytest.raises(ChoiceError) as refused:
        read_choice(text, YEARS)
    assert len(str(refused.value)) < 120


def file(*dates):
    changes = [
        f'[[changes]]\nparameter = "{name}"\nvalue = {value}\n{day}'
        for (name, value), day in zip(
            (("sequestration_rate", 0.03), ("prior_savings_share", 0.6)), dates, strict=True
        )
    ]
    return read("\n".join(['title = "T"', *changes]).encode())


@pytest.mark.parametrize(
    ("dates", "base"),
    [
        (("", ""), Book()),
        (("applies_from = 2026-01-01", ""), Book(2026)),
        (("", "applies_from = 2026-01-01"), Book(2026, dt.date(2026, 1, 1))),
        (("applies_from = 2027-01-01", "applies_from = 2019-06-30"),
         Book(2027, dt.date(2019, 7, 1))),
        (("applies_from = 2090-01-01", "applies_from = 2090-01-01"),
         Book(2027, dt.date(2027, 1, 1))),
        (("applies_from = 1990-01-01", "applies_from = 1990-01-01"),
         Book(2013, dt.date(2012, 4, 1))),
    ],
)  # fmt: skip
def test_a_file_is_laid_over_rules_that_its_dates_reach(dates, base):
    assert base_of(file(*dates)) == base


def test_the_shipped_file_moves_what_it_says():
    pair = pairs()["cms_1848_p"]
    books = rulebooks(Choice(pair.old, pair.new, pair.file, 2024), shipped()["cms_1848_p"])
    found = compare_rules(Scenario(quality_score=0.82), *books)
    assert found.change == pytest.approx(10_426_416 - 8_688_680)
    (effect,) = found.effects
    assert (effect.provision, effect.proposed) == ("Level E keeps up to 60%", True)


def test_what_is_not_published_is_assumed_and_noted_only_where_it_is_used():
    first = opening(2024)
    assert max(book_years()) > last_published_year()
    notes = compare_rules(Scenario(), *rulebooks(first, None)).notes
    assert len(notes) == 1
    assert "2027" in notes[0]
    own = Choice(Book(), Book(2026), NO_FILE, 2024)
    assert compare_rules(Scenario(), *rulebooks(own, None)).notes == ()


@pytest.mark.parametrize(
    ("title", "short"),
    [("A, the rest", "A"), (",x", ",x"), ("y" * 41, "y" * 39 + "…"), ("z" * 40, "z" * 40)],
)
def test_a_title_is_short_in_a_sentence(title, short):
    assert short_title(title) == short


def test_of_two_dates_on_one_clock_the_later_is_reached():
    days = [
        f'[[changes]]\nparameter = "sequestration_rate"\nvalue = 0.0{year % 10}\n'
        f"applies_from = {year}-01-01"
        for year in (2026, 2021)
    ]
    assert base_of(read("\n".join(['title = "T"', *days]).encode())) == Book(2026)
