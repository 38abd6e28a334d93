"""Nothing of one visitor stays in the process where the next one could find it."""

import gc
import sys
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType, ModuleType

import pytest

from mssp_sim import Scenario
from mssp_sim.app import session
from tests.app.test_pages import opened

MARKS = (0.0123457, 0.0456789)
"""Cost reductions that only our two visitors have."""
PAGES = ("simulator", "corridor", "compare", "real_acos")
MUTABLE = (dict, list, set, bytearray)


def modules():
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name.partition(".")[0] == "mssp_sim" and isinstance(module, ModuleType)
    ]


def held_by(start):
    """Return every object that can be reached from one, but not through a cache by value."""
    seen, waiting = {}, [start]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, ModuleType | CodeType | _lru_cache_wrapper):
            continue
        seen[id(thing)] = thing
        if isinstance(thing, FunctionType):  # its globals are a module, which has its own turn
            waiting += [thing.__defaults__, thing.__kwdefaults__, thing.__closure__, vars(thing)]
        elif not (isinstance(thing, type) and not thing.__module__.startswith("mssp_sim")):
            waiting += gc.get_referents(thing)
    return seen.values()


def mutable():
    return {
        f"{module.__name__}.{name}": repr(thing)
        for module in modules()
        for name, thing in vars(module).items()
        if isinstance(thing, MUTABLE) and not name.startswith("__")
    }


def visit(mark):
    """Come as a visitor of one's own, change something, look at a few pages."""
    app = opened()
    desk = app.session_state[session.HISTORY]
    mine = desk.commit(
        session.Moment(Scenario(cost_reduction=mark), desk.now.scenario, {"A": desk.now.scenario})
    )
    app.session_state[session.HISTORY] = mine
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
    return app


@pytest.mark.long
def test_no_module_keeps_what_a_visitor_did():
    opened()  # what is built once a process is built
    visit(0.03)
    before = mutable()
    here = [visit(mark) for mark in MARKS]
    assert mutable() == before
    found = [
        f"{module.__name__}.{name} holds {thing.cost_reduction}"
        for module in modules()
        for name, kept in vars(module).items()
        if not name.startswith("__")
        for thing in held_by(kept)
        if isinstance(thing, Scenario) and thing.cost_reduction in MARKS
    ]
    assert not found
    for app, mark in zip(here, MARKS, strict=True):
        assert app.session_state[session.HISTORY].now.scenario.cost_reduction == mark


def test_a_scenario_cannot_be_changed_by_who_else_holds_it():
    one = Scenario()
    tables = [getattr(one, name) for name in Scenario.__dataclass_fields__]
    assert all(not table.flags.writeable for table in tables if hasattr(table, "flags"))
