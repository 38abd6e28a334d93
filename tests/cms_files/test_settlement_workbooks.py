"""A settlement workbook comes back line by line, through one scenario and the engine."""

import datetime as dt
import math
import random
from types import SimpleNamespace

import pytest

from mssp_sim.cms_files.reports import STLMT, read_report, settle_report
from mssp_sim.cms_files.reports.settlement import _election
from tests.cms_files import report_workbooks as made
from tests.cms_files import settlement_workbooks as books

EVERYDAY, ALL = 30, 240
FEWEST_LINES = 250


def settled(a, dress=None, change=None):
    name, content = books.stlmt(a, dress, change)
    report = read_report(made.opened(content, name))
    assert report.kind == STLMT
    return settle_report(report)


@pytest.mark.parametrize(
    "seed",
    [pytest.param(s, marks=[] if s < EVERYDAY else pytest.mark.long) for s in range(ALL)],
)
def test_every_line_comes_back_to_the_cent(seed):
    a, rng = books.case(seed)
    found = settled(a, made.Dress(random.Random(rng.random())))
    assert not found.differences, "\n".join(map(str, found.differences[:5]))
    assert found.missing == ()
    assert len(found.lines) >= FEWEST_LINES
    assert found.scenario.benchmark_calibration == 1.0
    assert set(found.assumed) <= {"participant_revenue_share"}
    owed, earned = books.lines(a)["T3.GG"][4], books.lines(a)["T3.Y"][4]
    assert float(found.result.payment) == pytest.approx((earned or 0) - (owed or 0), abs=0.005)


@pytest.mark.parametrize("unit", [1, 100])
@pytest.mark.parametrize("people", [8_000, 45_000])
def test_the_minimum_chosen_is_read_as_a_fraction_and_as_points(people, unit):
    start = dt.date(2022, 1, 1)
    by_size = {8_000: 0.032, 45_000: 0.0225}[people]
    chosen_ones = [(rate, rate) for rate in (0.0, 0.005, 0.01, 0.015, 0.02)]
    for printed, chosen in (*chosen_ones, *((p, "size") for p in (by_size, math.nan, 0.0123))):
        report = SimpleNamespace(year=2022, number=lambda _, at=printed: at * unit)
        assert _election(report, people, "E", start) == chosen
        assert _election(report, people, "A", start) == "size"


def test_the_cases_tried_end_in_every_way_for_every_contract():
    ends, seen = set(), set()
    for seed in range(ALL):
        a, _ = books.case(seed)
        f = books.lines(a)
        ends.add((a.level, f["T3.P"][4]))
        seen |= {
            ("adjustment is negative", f["T1.Q"][3] < 0),
            ("adjustment is at its cap", abs(f["T1.Q"][3]) == f["T1.P"][3]),
            ("risk is capped for one type", any(r == 1.03 for r in f["T2.C"][:4])),
            ("loss is at its limit", f["T3.CC"][4] == f["T3.BB"][4] != None),  # noqa: E711
            ("payment is at its limit", f["T3.Y"][4] == f["T3.W"][4]),
            ("something is taken off for a disaster", bool(f["T3.FF"][4])),
        }
    wanted = {(level, "Savings") for level in books.HIGHEST}
    wanted |= {(level, "Losses") for level in books.HIGHEST if level not in ("A", "B")}
    assert wanted <= ends
    assert len(seen) == 12, seen


@pytest.mark.parametrize(
    ("line", "value", "named"),
    [
        ("T1.Q", lambda f: [x + 1 for x in f["T1.Q"][:4]] + [None], "[O]"),
        ("T2.H", lambda f: [None] * 4 + [f["T2.H"][4] + 2.5], "[F]"),
        ("T3.T", lambda _: [None] * 4 + [0.123], "[Q]"),
        ("T3.Y", lambda f: [None] * 4 + [(f["T3.Y"][4] or 0) + 0.02], "[V]"),
    ],
)
def test_a_difference_is_named_where_it_arises_and_what_follows_from_it_says_so(line, value, named):
    a, _ = books.case(4)
    f = books.lines(a)
    found = settled(a, change={line: value(f)})
    apart = found.differences
    assert {f"{one.table}.{one.code}" for one in apart} == {line}
    assert all("here the two part" in one.why and named in one.why for one in apart)


def test_what_follows_from_an_input_that_was_changed_says_so():
    a, _ = books.case(2)
    f = books.lines(a)
    spent = [*(x + 10 for x in f["T3.C"][:4]), None]
    found = settled(a, change={"T3.C": spent})
    why = {f"{one.table}.{one.code}": one.why for one in found.differences}
    assert "here the two part" in why["T3.E"]
    assert why["T3.G"] == "follows from Spending per person [E]"
    assert all(why.values())
