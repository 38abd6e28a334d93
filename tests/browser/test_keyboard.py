"""The keyboard alone does what the mouse does."""

import pytest

from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.also_in_firefox
def test_tasks_1_and_2_by_keyboard(visit):
    page = visit()
    assert screen.values(page)[:2] == ["$6.5M", "$2.2M"]
    screen.tab_to(page, "Quality score")
    page.keyboard.press("End")
    screen.settle(page)
    assert screen.values(page)[:2] == ["$8.7M", "$0.0M"]


def test_task_7_by_keyboard(visit):
    page = visit()
    screen.tab_to(page, "Cost reduction")
    page.keyboard.press("ArrowRight")
    screen.settle(page)
    screen.tab_to(page, "Pin")
    page.keyboard.press("Enter")
    screen.settle(page)
    screen.tab_to(page, "Regional trend")
    page.keyboard.press("ArrowRight")
    screen.settle(page)
    colleague = visit("?" + screen.address(page))
    assert screen.everything(colleague) == screen.everything(page)
    assert "Regional trend 5.0% → 5.1%" in screen.changes(colleague)


@pytest.mark.also_in_firefox
def test_the_focus_stays_on_a_lever_while_the_numbers_move(visit):
    page = visit()
    screen.tab_to(page, "Cost reduction")
    for value in ("3.2%", "3.3%", "3.4%"):
        page.keyboard.press("ArrowRight")
        screen.settle(page)
        assert screen.everything(page)[2]["Cost reduction"] == value


def test_levers_come_before_the_page_in_the_order_of_the_keyboard(visit):
    page = visit()
    for lever in screen.ALWAYS_SEEN:
        screen.tab_to(page, lever)
    screen.tab_to(page, "Back to start")
