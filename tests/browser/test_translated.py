"""A page that a browser translates: what is said follows the levers all the same."""

import pytest

from tests.browser import screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

TRANSLATED = """body => {
    const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT), texts = [];
    while (walk.nextNode()) texts.push(walk.currentNode);
    for (const text of texts) {
        if (!text.data.trim() || text.parentElement.closest('svg, script, style, noscript'))
            continue;
        const whole = document.createElement('font'), inner = document.createElement('font');
        inner.textContent = text.data;
        whole.append(inner);
        text.replaceWith(whole);
    }
}"""
"""What Chrome's translation does to a page, with the words left as they are."""

SAID = """body => [...body.querySelectorAll('p, h1, h2, h3, h4, li, td, th, label')]
    .filter(e => e.checkVisibility() && !e.closest('svg')).map(e => e.innerText.trim())"""


def said_while_it_comes_to_owe(browser, address, between):
    with screen_access.window(browser, address) as page:
        for act in (
            lambda: screen.move(page, "Cost reduction", "Home"),
            lambda: screen.choose_contract(page, "ENH"),
            lambda: screen.move(page, "Cost reduction", "ArrowRight"),
        ):
            between(page)
            act()
        return page.locator("body").evaluate(SAID)


@pytest.mark.parametrize("name", ["", "corridor"])
def test_what_is_said_on_a_translated_page_follows_the_levers(browser, server, name):
    address = f"{server}/{name}"
    plain = said_while_it_comes_to_owe(browser, address, lambda _: None)
    translated = said_while_it_comes_to_owe(
        browser, address, lambda page: page.locator("body").evaluate(TRANSLATED)
    )
    assert translated == plain
