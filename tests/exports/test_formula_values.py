"""A formula's value is what its text comes to, at exact ties and on either side of them."""

import io

import pytest
import xlsxwriter

from mssp_sim.exports.workbook import formula as f
from mssp_sim.exports.workbook.sheet import SheetWriter
from tests.exports.reckoner import formulas_hold

TIES = (-1.0, 0.0, 4.0, 5.0, 6.0, 9.0)


def formulas(x, five, word, row, other):
    """Return formulas of every kind over a cell ``x`` beside one that holds 5."""
    yield from (x >= five, x > five, x <= five, x < five, f.same(x, five), f.not_(f.same(x, five)))
    yield from (x + five, 1 + x, x - five, 1 - x, x * five, x / five, five**2.0, -x)
    yield from (x - (five - 1), x / (five * 2), -(x + five), (x + five) * 2.0, (x >= five).empty)
    yield from (f.lowest(x, five), f.highest(x, five, 0.0), f.between(4.0, x, five), f.size(x))
    yield from (f.same(f.same(x, five), x > five), f.same(x >= five, f.same(five, x)))
    yield f.same(f.joined(word, "a"), f.joined("yes", "a"))
    yield f.when(x >= five, "yes", "no")
    yield f.yes_if(f.all_of(x >= five, x > 5.0))
    yield f.yes_if(f.any_of(x >= five, x < 0.0))
    yield from (word.says_yes, word.empty, f.same(word, 'a "word"'), f.joined(word, "; ", word))
    yield from (f.total(other), f.sum_of_products(other, other))
    yield from (f.filled(row), f.how_many(row, "yes"), f.how_many(row, "no"))
    yield from (f.place_of(five, row), f.last_at_most(f.highest(x, 0.0), other))
    yield from (f.cell_at(row, 2.0), f.one_of(f.lowest(2.0, f.highest(x, 1.0)), "one", "two"))
    yield from (f.january(f.Formula("2024", 2024.0)), f.year_of(f.plain(45_658.0)))


@pytest.mark.parametrize("word", ["yes", "", 'a "word"'])
def test_the_value_of_each_formula_is_what_its_text_comes_to(word):
    file, count = io.BytesIO(), 0
    with xlsxwriter.Workbook(file) as book:
        sheet = SheetWriter(book, "Ties", [10.0])
        for at, x in enumerate(TIES):
            top = 3 * at
            cells = [sheet.value(top, column, value) for column, value in
                     enumerate((x, 5.0, word))]  # fmt: skip
            row = [sheet.value(top + 1, column, value) for column, value in
                   enumerate((0.0, 5.0, "yes"))]  # fmt: skip
            other = [sheet.value(top + 2, column, value) for column, value in
                     enumerate((0.0, 5.0, 9.0))]  # fmt: skip
            ranges = sheet.beside(row, top + 1, 0), sheet.beside(other, top + 2, 0)
            for column, formula in enumerate(formulas(*cells, *ranges), 4):
                sheet.formula(top, column, formula)
                count += 1
    assert formulas_hold(file.getvalue()) == count
