"""One visitor's desk: what changed is by value, undo is whole, nobody else sees it."""

import pytest

from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

UNCHANGED = "Nothing changed against the baseline"


def test_set_and_set_back_leaves_what_changed_as_it_was(visit):
    page = visit()
    start = screen.everything(page)
    for lever in screen.ALWAYS_SEEN:
        screen.move(page, lever, "ArrowRight")
        assert screen.everything(page) != start
        screen.move(page, lever, "ArrowLeft")
        assert screen.everything(page) == start


def test_set_and_set_back_leaves_an_empty_list_empty(visit):
    page = visit()
    screen.press(page, "reset_all")
    assert UNCHANGED in screen.changes(page)
    screen.move(page, "Cost reduction", "ArrowLeft")
    assert "Cost reduction 3.1% → 3.0%" in screen.changes(page)
    screen.move(page, "Cost reduction", "ArrowRight")
    assert UNCHANGED in screen.changes(page)


def test_reset_of_one_lever_goes_to_the_baselines_value(visit):
    page = visit()
    screen.move(page, "Regional trend", "ArrowRight")
    screen.reset(page, "Quality score")
    assert screen.everything(page)[2]["Quality score"] == "82.0"
    screen.press(page, "chip_regional_growth")
    assert UNCHANGED in screen.changes(page)


def test_undo_and_redo_carry_the_address(visit):
    page = visit()
    moments = [screen.everything(page)]
    for step in (
        lambda: screen.move(page, "Cost reduction", "ArrowRight"),
        lambda: screen.choose_contract(page, "C"),
        lambda: screen.press(page, "reset_all"),
        lambda: screen.move(page, "Market share", "ArrowRight"),
        lambda: screen.press(page, "pin"),
        lambda: screen.move(page, "Quality score", "End"),
    ):
        step()
        moments.append(screen.everything(page))
        assert moments[-1] != moments[-2]
    for moment in reversed(moments[:-1]):
        screen.press(page, "undo")
        assert screen.everything(page) == moment
    assert screen.button(page, "undo").is_disabled()
    for moment in moments[1:]:
        screen.press(page, "redo")
        assert screen.everything(page) == moment
    assert screen.button(page, "redo").is_disabled()


def test_two_visitors_do_not_share_a_desk(visit):
    mine, theirs = visit(), visit()
    start = screen.everything(theirs)
    screen.move(mine, "Quality score", "End")
    screen.press(mine, "pin")
    assert screen.everything(theirs) == start
    screen.move(theirs, "Cost reduction", "ArrowRight")
    screen.press(theirs, "undo")
    assert screen.everything(theirs) == start
    assert screen.everything(visit()) == start
    assert screen.values(mine)[0] == "$8.7M"
