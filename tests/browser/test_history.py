"""Back and Forward of the browser: one entry a change or page, in step with the page's own undo."""

import pytest

from tests.browser import screen
from tests.browser.test_live import COST, drag

pytestmark = [pytest.mark.browser, pytest.mark.long]


def entries(page):
    return page.evaluate("history.length")


def back(page):
    page.go_back()
    screen.settle(page)


def go(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()
    screen.settle(page)


def test_n_moves_and_n_backs_end_where_one_began(visit):
    page = visit("?v=3&quality=80")
    moments, first = [screen.everything(page)], entries(page)
    for move in (
        lambda: screen.move(page, "Cost reduction", "ArrowRight"),
        lambda: drag(page, COST, 3.2, 6.0, 1.0, 4.0),
        lambda: screen.choose_contract(page, "C"),
        lambda: screen.press(page, "undo"),
        lambda: screen.press(page, "pin"),
        lambda: screen.move(page, "Quality score", "End"),
    ):
        move()
        screen.settle(page)
        moments.append(screen.everything(page))
        assert entries(page) == first + len(moments) - 1
    for moment in reversed(moments[:-1]):
        back(page)
        assert screen.everything(page) == moment
    for moment in moments[1:]:
        page.go_forward()
        screen.settle(page)
        assert screen.everything(page) == moment
    assert entries(page) == first + len(moments) - 1


def test_back_is_what_undo_of_the_page_does(visit):
    page = visit()
    start = screen.everything(page)
    screen.move(page, "Quality score", "ArrowRight")
    moved = screen.everything(page)
    back(page)
    assert screen.everything(page) == start
    assert screen.button(page, "undo").is_disabled()
    screen.press(page, "redo")
    assert screen.everything(page) == moved
    assert screen.button(page, "redo").is_disabled()
    back(page)
    page.go_back()  # no more of ours: the reader leaves
    assert page.url == "about:blank"


def test_a_drag_that_comes_home_and_a_held_key_leave_what_they_did(visit):
    page = visit()
    first = entries(page)
    drag(page, COST, 3.1, 9.0, 3.1)
    screen.settle(page)
    assert (entries(page), screen.button(page, "undo").is_disabled()) == (first, True)
    screen.lever(page, "Quality score").focus()
    for _ in range(8):
        page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    screen.settle(page)
    assert entries(page) <= first + 2  # the first press, and the hold after it
    back(page)


def test_a_page_is_one_entry_and_a_link_to_it_carries_the_desk(visit):
    page = visit()
    first = entries(page)
    screen.move(page, "Quality score", "End")
    go(page, "Executive view")
    assert entries(page) == first + 2
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Simulator", exact=True).first.click(modifiers=["Control"])
    screen.wait_for_pictures(opened.value)
    assert screen.values(opened.value)[0] == "$8.7M"
    back(page)
    assert screen.values(page)[0] == "$8.7M"
    back(page)
    assert screen.values(page)[0] == "$6.5M"


def test_back_after_a_reload_opens_what_the_address_says(visit):
    page = visit()
    start = screen.everything(page)
    screen.move(page, "Quality score", "ArrowRight")
    page.reload()
    screen.wait_for_pictures(page)
    back(page)
    assert screen.everything(page) == start
