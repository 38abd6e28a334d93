"""Task: E or ENHANCED, now or next year? Answered from the first screen, by keyboard, at 390."""

import pytest

from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

MOST_WORDS = 250
LEVER = "A dollar owed hurts, times a dollar earned"
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


def test_which_contract_and_now_or_later_is_read_and_asked_by_keyboard_alone(visit):
    page = visit("election")
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
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
