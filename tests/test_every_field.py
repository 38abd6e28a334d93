"""A field is declared once, and stands wherever a reader looks for it."""

import re

import pytest

from mssp_sim.app import levers
from mssp_sim.batch.columns import cells
from mssp_sim.exports.workbook import inputs
from mssp_sim.glossary import words
from mssp_sim.quantity import AROUND, BY_TYPE, DO, SIGNED, At, Quantity
from mssp_sim.scenario import placed, quantities

GROUPS = (DO, AROUND, SIGNED, BY_TYPE)


def missing(name: str, field: Quantity) -> list[str]:
    """Return a sentence for each place where a field should stand and does not."""
    if field.unplaced:
        return []
    found = []
    if not (field.rail or field.more or field.trailing):
        found.append(f"{name} stands on no lever and is no table: give it rail= or more=")
    if not field.workbook:
        found.append(f"{name} stands in no part of the workbook: give it workbook=")
    if not (field.link or field.trailing):
        found.append(f"{name} has no word in a link: give it link=")
    if name not in words():
        found.append(f"{name} is not in the glossary: give it an entry in glossary.toml")
    return found


@pytest.mark.parametrize("name", quantities())
def test_a_field_stands_on_a_lever_or_in_a_table_and_in_the_workbook(name):
    said = missing(name, quantities()[name])
    assert not said, "; ".join(said) + "; or say in unplaced= why it stands nowhere"


def test_a_field_that_stands_nowhere_is_named_unless_it_says_why():
    nowhere = Quantity("Nowhere", "rate")
    assert [line.split(" ")[0] for line in missing("nowhere", nowhere)] == ["nowhere"] * 4
    assert missing("nowhere", Quantity("Nowhere", "rate", unplaced="only a test has it")) == []
    seen = Quantity("Seen", "rate", more=At(AROUND), link="seen")
    assert ["workbook" in line for line in missing("cost_reduction", seen)] == [True]


def test_what_is_declared_is_what_is_drawn_written_and_read():
    drawn = levers.names()
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {n for n, field in quantities().items() if field.rail or field.more}
    written = [name for part in inputs.PARTS.values() for name in part]
    assert len(written) == len(set(written))
    assert set(written) == {n for n, field in quantities().items() if field.workbook}
    assert {cell.field for cell in cells().values()} == set(quantities())


@pytest.mark.parametrize("where", ["rail", "more", "main", "workbook"])
@pytest.mark.parametrize("group", GROUPS)
def test_no_two_fields_claim_one_place(where, group):
    orders = [getattr(quantities()[name], where).order for name in placed(where, group)]
    assert len(orders) == len(set(orders))
    assert orders == sorted(orders)


def test_a_field_has_one_lever_at_most_and_one_word_of_a_link():
    assert not [n for n, field in quantities().items() if field.rail and field.more]
    links = [field.link for field in quantities().values() if field.link]
    assert len(links) == len(set(links))
    assert all(re.fullmatch("[a-z_]+", link) for link in links)
