"""Figures as the reader sees them: rounded once, halves away from zero, no negative nothing."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssp_sim.figures import (
    MOST_DIGITS,
    change,
    millions,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
    whole_dollars,
)

any_dollars = st.floats(-1e12, 1e12)
any_rate = st.floats(-10, 10)
MONEY = re.compile(r"−?(<\$0\.1M|\$\d{1,3}(,\d{3})*\.\d M)".replace(" ", ""))


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [
        (6_516_510, "$6.5M"),
        (-5_148_000, "−$5.1M"),
        (6_550_000, "$6.6M"),
        (-6_550_000, "−$6.6M"),
        (6_549_999.99, "$6.5M"),
        (572e6, "$572.0M"),
        (1_234_567_890, "$1,234.6M"),
        (99_999.99, "<$0.1M"),
        (0.01, "<$0.1M"),
        (-0.01, "−<$0.1M"),
        (100_000, "$0.1M"),
        (0.004, "$0.0M"),
        (-0.004, "$0.0M"),
        (0, "$0.0M"),
        (-0.0, "$0.0M"),
    ],
)
def test_money_in_millions(dollars, shown):
    assert money(dollars) == shown


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [(2.675, 2, "2.68"), (-2.675, 2, "−2.68"), (0.5, 0, "1"), (-0.5, 0, "−1"), (1.005, 2, "1.01"),
     (0.1 + 0.2, 1, "0.3"), (-0.04, 1, "0.0"), (12_345.65, 1, "12,345.7")],
)  # fmt: skip
def test_halves_go_away_from_zero_after_binary_noise_is_gone(number, digits, shown):
    assert plain(number, digits) == shown


def test_differences_alone_carry_a_plus():
    assert (change(2_172_170), change(-2_172_170)) == ("+$2.2M", "−$2.2M")
    assert change(0) == change(0.001) == change(-0.001) == "$0.0M"
    assert change(50_000) == "+<$0.1M"


def test_rates_scores_and_points():
    assert (percent(0.031), percent(-0.02), percent(0.02249992, 4)) == ("3.1%", "−2.0%", "2.2500%")
    assert (score(0.75), score(0.767, 2)) == ("75.0", "76.70")
    assert (points(0.017), points(-0.01), points(0)) == ("1.7 points", "1.0 point", "0.0 points")
    assert whole_dollars(-6_516_510.5) == "−$6,516,511"


@given(any_dollars)
def test_money_has_one_shape_and_never_a_negative_nothing(dollars):
    shown = money(dollars)
    assert MONEY.fullmatch(shown)
    assert shown != "−$0.0M"
    assert change(dollars).removeprefix("+") == shown


@given(any_dollars)
def test_a_figure_is_never_off_by_more_than_half_its_last_digit(dollars):
    assert abs(millions(dollars) - Decimal(f"{dollars:.10f}") / 1_000_000) <= Decimal("0.0500001")


@given(any_dollars)
def test_gains_and_losses_round_alike(dollars):
    assert millions(-dollars) == -millions(dollars)
    assert money(-dollars).removeprefix("−") == money(dollars).removeprefix("−")


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_number_typed_in_decimals_is_shown_as_typed(scaled, digits):
    exact = Decimal(scaled).scaleb(-digits)
    assert rounded(float(exact), digits) == exact


@given(any_rate, any_rate)
def test_two_rates_that_differ_are_told_apart(one, other):
    digits = needed_digits(percent, one, other)
    assert 1 <= digits <= MOST_DIGITS
    if abs(one - other) > 2e-7:
        assert digits <= 5
        assert percent(one, digits) != percent(other, digits)
    if digits > 1:
        assert percent(one, digits - 1) == percent(other, digits - 1)
