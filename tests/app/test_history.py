"""The history of a desk: a drag that comes home, and the way to a moment."""

from dataclasses import replace

from mssp_sim import Scenario
from mssp_sim.app.history import History, Moment

START = Moment(Scenario(), Scenario())


def moved(cut):
    return replace(START, scenario=Scenario(cost_reduction=cut))


def test_a_drag_that_comes_home_leaves_no_entry():
    there = History(START).commit(moved(0.05), "one")
    home = there.commit(START, "one").at_rest()
    assert (home.past, home.now) == ((), START)
    assert there.at_rest() == there
    assert History(START).commit(moved(0.05)).commit(START).at_rest().past != ()


def test_the_nearest_of_equal_moments_is_walked_to():
    whole = History(START)
    for cut in (0.04, 0.05, 0.04, 0.06):
        whole = whole.commit(moved(cut))
    back = whole.undo().undo()  # now 5%, with 4% before it and after it
    assert back.steps_to(lambda moment: moment == moved(0.04)) == -1
    assert back.steps_to(lambda moment: moment == moved(0.06)) == 2
    assert back.steps_to(lambda moment: moment == moved(0.09)) is None
    assert back.walk(2) == whole
    assert back.walk(-2).now == START
