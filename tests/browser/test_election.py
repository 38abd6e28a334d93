"""Task: E or ENHANCED, now or next year? Answered from the first screen, by keyboard, at 390."""

import pytest

from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

MOST_WORDS = 250
LEVER = "Weight of a dollar owed"
WATCH = """() => {
    const drawn = () => document.querySelectorAll(
        '[data-testid=stMain] [data-testid=stVegaLiteChart] :is(svg, canvas)').length;
    window.fewest = drawn();
    const look = () => {
        window.fewest = Math.min(window.fewest, drawn());
        requestAnimationFrame(look);
    };
    look();
}"""
"""Counts the pictures that stand in each frame from now on, and keeps the fewest."""
BESIDE = """() => {
    const svg = document.querySelector('[data-testid=stVegaLiteChart] svg');
    const place = e => e.getBoundingClientRect();
    const inside = place(svg), dots = [...svg.querySelectorAll('.mark-symbol path')].map(place);
    const names = [...svg.querySelectorAll('text')].filter(e => /^(ENH|E) ?[^,]*%(, beaten)?$/.test(
        e.textContent)).map(place);
    const apart = (one, other) => Math.max(
        one.left - other.right, other.left - one.right, one.top - other.bottom,
        other.top - one.bottom);
    return names.map(name => [Math.min(...dots.map(dot => apart(name, dot))),
        name.left >= inside.left && name.right <= inside.right]);
}"""
"""Pixels between each name of a choice and the dot next to it, and whether it is whole."""


def names_stand_beside_their_dots(page):
    found = page.evaluate(BESIDE)
    assert len(found) >= 4  # each is drawn twice: its halo, and the letters
    assert all(apart >= 1 and whole for apart, whole in found), found


def test_which_contract_and_now_or_later_is_read_and_asked_by_keyboard_alone(visit):
    page = visit("election")
    names_stand_beside_their_dots(page)
    said = screen.sentence(page)
    assert said.startswith("Sign ENHANCED with a minimum of 0.0%: $10.8M a year on average")
    assert "Renewing for 2026 against staying to the end of 2029: +$10.6M by 2034" in said
    main, _, _ = page.get_by_test_id("stMain").inner_text().partition("Every contract and")
    assert "E is never worth most" in main
    assert len(main.split()) <= MOST_WORDS
    in_sight = page.get_by_test_id("stVegaLiteChart").first.bounding_box()
    assert in_sight["y"] + in_sight["height"] <= 768
    page.get_by_test_id("stMain").focus()
    screen.tab_to(page, LEVER)
    page.evaluate(WATCH)
    page.keyboard.press("End")
    screen.settle(page)
    assert page.evaluate("window.fewest") >= 2  # the old pictures stand until the new are there
    assert screen.sentence(page).startswith("Sign ENHANCED with a minimum of 0.5%")
    phone = visit(f"election?{screen.address(page)}", width=390, height=844)
    assert screen.sentence(phone) == screen.sentence(page)
    names_stand_beside_their_dots(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
