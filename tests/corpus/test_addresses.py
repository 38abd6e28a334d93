"""The addresses of pages that stand in old links still lead to their pages."""

from tests.corpus.test_corpus import ADDRESSES
from tests.wire import Visitor, apart

QUERY = "v=1&contract=B&cut=4"
SAME_SENTENCE = 1
"""The Simulator and the Executive view begin with the same sentence."""


async def visit(server, page):
    visitor = await Visitor(server, QUERY, page).open()
    await visitor.close()
    return visitor


def test_every_old_address_opens_its_page_on_the_scenario_of_the_link(server):
    async def visits():
        return {page: await visit(server, page) for page in sorted(ADDRESSES)}

    found = apart(visits())
    assert [page for page, visitor in found.items() if visitor.lost] == []
    assert {page: v.exceptions() for page, v in found.items() if v.exceptions()} == {}
    said = {visitor.headlines()[0] for visitor in found.values()}
    assert len(said) >= len(ADDRESSES) - SAME_SENTENCE
    for page, visitor in found.items():
        assert "contract=B&cut=4" in visitor.query, page


def test_an_address_that_never_was_is_noticed_here(server):
    assert apart(visit(server, "no_such_page")).lost
