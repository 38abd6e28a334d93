"""What stands on one line wherever the line ends: an amount with its sign."""

import pytest

from tests.browser import screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.also_in_firefox]

NARROW = """[data-testid=stMarkdownContainer] :is(p, h3, td, li) {
    width: 1px !important; overflow-wrap: normal !important; word-break: normal !important;
}"""
"""Every line ends wherever a line may end."""

PARTED = """page => {
    const found = [], range = document.createRange();
    const top = (node, at) => {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().top;
    };
    let signs = 0;
    for (const block of page.querySelectorAll('[data-testid=stMarkdownContainer]')) {
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), texts = [];
        while (walk.nextNode()) texts.push(walk.currentNode);
        const letters = texts.flatMap(node => [...node.data].map((each, at) => [node, at, each]));
        letters.forEach(([node, at, each], place) => {
            const next = letters[place + 1];
            if (!next || !/[−+$<\\d]/.test(each) || !/[$\\d%M]/.test(next[2])) return;
            if (/[−+]/.test(each)) signs += 1;
            if (top(next[0], next[1]) > top(node, at) + 3)
                found.push(block.innerText.slice(0, 60));
        });
    }
    return [signs, found];
}"""


def test_no_sign_is_parted_from_its_dollars_at_the_end_of_a_line(browser, server):
    with screen_access.window(browser, f"{server}/?cut=-4&contract=ENHANCED") as page:
        page.add_style_tag(content=NARROW)
        signs, parted = page.locator("body").evaluate(PARTED)
    assert signs > 3
    assert parted == []
