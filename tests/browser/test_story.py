"""The story by keyboard alone, its link, and an answer that stays hidden until the bet."""

import re

import pytest
from playwright.sync_api import expect

from mssp_sim.learning import opening_states, story, story_order
from tests.browser import screen, screen_learn

pytestmark = [pytest.mark.browser, pytest.mark.long]

ORDER = story_order()
STEPS = [step.filled(opening_states()) for step in story()]
SIDEWAYS = "document.documentElement.scrollWidth"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_story_is_walked_by_keyboard_alone(visit, width, height):
    page = screen_learn.open_story(visit, width=width, height=height)
    screen_learn.tab_to_the_bet(page)
    for position, at in enumerate(ORDER[:-1]):
        body = page.locator("body").inner_text()
        assert f"step {position} of {len(ORDER) - 1}, {STEPS[at].name}" in body
        page.keyboard.press("Space")
        screen.settle(page)
        screen_learn.press_by_keyboard(page, "Place the bet")
        if STEPS[at].lever:
            lever = "radio" if STEPS[at].lever == "level" else "range"
            assert screen_learn.focused(page).startswith(lever), STEPS[at].name
            screen_learn.press_by_keyboard(page, "Reveal")
        assert screen_learn.focused(page).startswith("button Next:"), STEPS[at].name
        page.keyboard.press("Enter")
        screen.settle(page)
        if position < len(ORDER) - 2:
            assert screen_learn.focused(page).startswith("radio"), STEPS[at].name
        assert page.evaluate(SIDEWAYS) <= width, at
    body = page.locator("body").inner_text()
    assert "$6.5M of $17.7M arrives." in body
    assert screen_learn.story_of(page) == "10.aAAAAAAAAA_A"
    assert "your first bet: $17.7M" in screen.pictures(page).first.text_content()


LEAST_TOUCHED = 44
"""Pixels of what a finger must hit, by WCAG 2.2, 2.5.5."""


@pytest.mark.parametrize(
    "address", ["story?story=4", "story?story=11.___________B", "check?quiz=7"]
)
def test_answers_and_steps_are_large_enough_for_a_finger(visit, address):
    page = screen_learn.visit_page(visit, address, width=390, height=844)
    heights = page.evaluate(screen_learn.TOUCHED)
    assert heights
    assert {name: high for name, high in heights.items() if high < LEAST_TOUCHED} == {}


def test_the_toolbar_of_a_picture_does_not_repeat_its_description(visit):
    page = screen_learn.open_story(visit, "?story=4.____B")
    described = page.locator("[aria-label^='You beat the target']")
    expect(described.first).to_be_attached()
    assert page.evaluate(screen_learn.NAMED_BY_DESCRIPTION, "You beat the target") == 0


def test_task_10_the_slip_starts_with_its_answer_hidden(visit):
    page = visit()
    page.get_by_text("Learn", exact=True).first.click()
    page.get_by_role("menuitem", name="The 45,000-life story").click()
    screen_learn.wait_for_picture(page)
    page.get_by_role("radio", name="4", exact=True).click()
    screen.settle(page)
    assert "step 4 of 11, the slip" in page.locator("body").inner_text()
    held = screen_learn.everything(page)
    for told in (r"(?<!−)\$6\.5M", "left on the table", r"37\.5%", r"12\.5 points"):
        assert not re.search(told, held), told  # −$6.5M is what another point of the line owes
    screen_learn.press_by_keyboard(page, "Skip the bet")
    assert "$2.2M is left on the table" in page.locator("body").inner_text()


def test_the_link_brings_a_colleague_to_the_same_step_with_the_same_bets(visit):
    page = screen_learn.open_story(visit, "?story=4.____B")
    assert "C · $2.2M is left on the table." in page.locator("body").inner_text()
    assert "your bet: $7.9M" in screen.pictures(page).first.text_content()
    assert (
        "B · about $0.7M"
        in page.get_by_role("radio", checked=True)
        .last.locator("xpath=ancestor::label")
        .inner_text()
    )


def test_the_lever_of_a_step_is_live_and_leads_to_the_answer(visit):
    page = screen_learn.open_story(visit, "?story=7._______a")
    lever = screen.lever(page, "Regional trend").last
    lever.focus()
    for _ in range(19):
        page.keyboard.press("ArrowLeft")
    screen.settle(page)
    assert "Nothing: the check is gone." not in page.locator("body").inner_text()
    page.keyboard.press("ArrowLeft")
    screen.settle(page)
    assert "Nothing: the check is gone." in page.locator("body").inner_text()


def test_a_belief_is_tried_in_two_clicks(visit):
    page = screen_learn.visit_page(visit, "myths?myth=1.__")
    screen.press(page, "myth_skip_1")
    screen.press(page, "myth_click0_1")
    assert "you earn $0.0M" in screen.pictures(page).first.text_content()
    screen.press(page, "myth_click1_1")
    assert "you earn $8.7M" in screen.pictures(page).first.text_content()
    page.get_by_text("not the rule").click()
    screen.settle(page)
    assert "not the rule: $3.1M" in screen.pictures(page).first.text_content()
