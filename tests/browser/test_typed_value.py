"""A value on a live lever is clicked and typed; what the rule has on its reach is marked."""

import pytest
from playwright.sync_api import expect

from tests.browser import screen, screen_access

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def said(lever, part):
    return lever.evaluate(f"input => input.closest('.lever').querySelector('{part}').textContent")


def test_a_value_is_typed_by_click_or_by_keys_and_bad_text_leaves_it(visit):
    page = visit()
    quality = screen.lever(page, "Quality score", live=True)
    page.locator(".lever", has=quality).locator(".value").click()
    page.keyboard.type("76.7")
    page.keyboard.press("Enter")
    screen.settle(page)
    assert quality.get_attribute("aria-valuetext") == "76.7"
    assert "quality=76.7" in screen.address(page)
    assert page.evaluate(screen.FOCUSED) == "Quality score"
    page.keyboard.type("8o")
    page.keyboard.press("Enter")
    assert said(quality, ".refused") == (
        "Quality score takes a number from 0.0 to 100.0. It stays at 76.7."
    )
    page.keyboard.press("Escape")
    assert said(quality, ".refused") == ""
    cost = screen.lever(page, "Cost reduction", live=True)
    cost.focus()
    page.keyboard.type("-20%")
    page.keyboard.press("Tab")
    screen.settle(page)
    assert cost.get_attribute("aria-valuetext") == "−20.0%"
    assert "cut=-20&" in screen.address(page) + "&"
    assert quality.get_attribute("aria-valuetext") == "76.7"


def test_a_track_marks_the_standard_of_the_year_and_the_cap(visit):
    page = visit("?quality=70")
    for link, standard, cap in (("?quality=70", "76.7", "3.0%"), ("?year=2026", "73.85", "1.49%")):
        page.goto(page.url.split("?")[0] + link)
        screen.wait_for_pictures(page)
        quality, risk = (
            screen.lever(page, name, live=True) for name in ("Quality score", "Risk growth")
        )
        assert f"full quality standard at {standard}" in quality.get_attribute("aria-description")
        assert f"cap on risk growth at {cap}" in risk.get_attribute("aria-description")
        left = quality.evaluate(
            "input => input.closest('.lever').querySelector('.ticks i').style.left"
        )
        assert float(left.rstrip("%")) == pytest.approx(float(standard), abs=0.01)


def test_a_phone_reads_the_words_of_the_sentence_and_types_with_its_numbers_and_does_not_zoom_in(
    browser, server
):
    with screen_access.window(browser, server, **PHONE) as page:
        page.get_by_test_id("stMain").get_by_role("button", name="Help").first.tap()
        told = page.get_by_test_id("stTooltipContent")
        expect(told).to_contain_text("Full quality standard: The score from which")
        page.get_by_role("button", name="Change the levers").tap()
        page.wait_for_timeout(800)
        assert "E: up to 50% of savings, owes 30% of losses" in page.inner_text("body")
        cost = screen.lever(page, "Cost reduction", live=True)
        page.locator(".lever", has=cost).locator(".value").tap()
        field = page.locator(".typed:focus")
        assert field.get_attribute("inputmode") == "decimal"
        assert field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
        field.fill("2.5")
        page.locator(".lever", has=cost).get_by_role("button", name="Change the sign").tap()
        field.press("Enter")
        screen.settle(page)
        assert cost.get_attribute("aria-valuetext") == "−2.5%"
