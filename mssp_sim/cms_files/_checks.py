"""What must be true of any settlement, so that a wrong file never gives wrong numbers."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from mssp_sim.cms_files._cells import Numbers
from mssp_sim.cms_files._columns import Columns
from mssp_sim.cms_files._table import refuse
from mssp_sim.parameters import parameters
from mssp_sim.units import TYPE_WORDS

ONE_SIDED = ("1", "A", "B")
CENTS = 2.0
"""Dollars by which two figures may differ that were rounded one by one."""

HALF_YEARS = 2019
"""The year in which some ACOs were settled on six months."""

_WHOLE_PERCENT = 0.0051
"""2019 and 2020 print the final sharing rate in whole percents."""


@cache
def largest_share() -> dict[str, float]:
    """Return the largest sharing rate of each contract, whenever its agreement began."""
    found: dict[str, float] = {}
    for version in parameters()["sharing_rate"].versions:
        if isinstance(version.value, Mapping):
            for contract, share in version.value.items():
                found[contract] = max(found.get(contract, 0.0), float(share))
    return found


def half_years(frame: pd.DataFrame) -> pd.Series:
    """Return which totals are half a year's: benchmark times person-years is twice as much."""
    whole = frame["benchmark"] * frame["person_years"]
    return (frame["benchmark_total"] / whole).between(0.49, 0.51)


def printed_scale(columns: Columns, savings_rate: Numbers) -> tuple[Numbers, float]:
    """Return the printed savings rate as fractions and half a unit of its last digit.

    Its unit, percent or fraction, is the one that fits benchmark and spending.
    """
    column = columns["savings_rate"]
    values, _ = column.printed("a savings rate such as 0.0717 or 7.17%")
    decimals = max(
        (len(c.strip().rstrip("%) ").partition(".")[2]) for c in column.cells), default=0
    )
    off = {scale: np.abs(values * scale - savings_rate) for scale in (1.0, 0.01)}
    given = ~np.isnan(values)
    scale = min(off, key=lambda s: float(np.median(off[s][given])) if given.any() else 0.0)
    return values * scale, max(0.51 * scale * 10.0**-decimals, 1e-6)


def check(frame: pd.DataFrame, columns: Columns) -> None:
    """Raise for the first ACO whose figures contradict each other."""
    _Checks(frame, columns).run()


class _Checks:
    def __init__(self, frame: pd.DataFrame, columns: Columns) -> None:
        self.frame, self.columns = frame, columns
        self.year = int(frame["performance_year"].iloc[0])

    def run(self) -> None:
        with np.errstate(invalid="ignore", divide="ignore"):
            self.identity()
            self.totals()
            self.sizes()
            self.difference()
            self.level()
            self.generated()
            self.payment()
            self.disaster()
            self.types()

    def values(self, word: str) -> Numbers:
        return self.frame[word].to_numpy(float)

    def fail(self, wrong: np.ndarray, word: str, what: Callable[[int], str]) -> None:
        if wrong.any():
            at = int(wrong.argmax())
            column = self.columns.get(word)
            heading = column.heading if column else None
            value = column.cells[at] if column else None
            raise refuse(self.columns.table, what(at), heading, at, value=value)

    def identity(self) -> None:
        ids = self.frame["aco_id"]
        self.fail(
            ids.duplicated().to_numpy(), "aco_id",
            lambda at: f"{ids[at]} stands in the file twice; expected one row for each ACO, "
            "or a column Year where years are stacked",
        )  # fmt: skip

    def difference(self) -> None:
        savings = self.values("gross_savings")
        if (column := self.columns.get("gross_savings")) is not None:
            printed = column.numbers("dollars such as 1202919", -1e11, 1e11, required=False)
            self.fail(
                np.abs(printed - savings) > CENTS, "gross_savings",
                lambda at: f"it says {printed[at]:,.0f}, but benchmark less spending is "
                f"{savings[at]:,.0f}",
            )  # fmt: skip
        if self.columns.get("savings_rate") is not None:
            rate = self.values("savings_rate")
            printed, tolerance = printed_scale(self.columns, rate)
            room = tolerance + CENTS / self.values("benchmark_total")
            self.fail(
                np.abs(printed - rate) > room, "savings_rate",
                lambda at: f"“{self.columns['savings_rate'].cells[at].strip()}” does not fit "
                f"benchmark and spending, which give {rate[at]:.4%}",
            )  # fmt: skip

    def sizes(self) -> None:
        people, years = self.values("assigned_beneficiaries"), self.values("person_years")
        # 2013 settles some ACOs on more than a year and counts fewer person-years a person.
        low = 0.5 if self.year == 2013 else 0.7  # noqa: PLR2004
        self.fail(
            (years > people * 1.001 + 1) | (years < people * low), "person_years",
            lambda at: f"{years[at]:,.0f} person-years do not fit {people[at]:,.0f} assigned "
            "beneficiaries; expected a little less than one each",
        )  # fmt: skip

    def totals(self) -> None:
        each, years = self.values("benchmark"), self.values("person_years")
        total = self.values("benchmark_total")
        share = np.where(self.frame["half_year"], 0.5, 1.0)
        room = 2 * (0.51 / each + 0.51 / years)
        self.fail(
            np.abs(total / (each * years * share) - 1) > room, "benchmark_total",
            lambda at: f"the total benchmark {total[at]:,.0f} is not {each[at]:,.0f} for each of "
            f"{years[at]:,.0f} person-years",
        )  # fmt: skip
        self.fail(
            self.frame["half_year"].to_numpy() & (self.year != HALF_YEARS), "benchmark_total",
            lambda at: f"the total benchmark {total[at]:,.0f} is that of half a year; expected a "
            f"whole one in {self.year}",
        )  # fmt: skip

    def level(self) -> None:
        levels = self.frame["level"]
        largest = levels.map(largest_share()).to_numpy(float)
        printed = self.values("sharing_rate")
        self.fail(
            np.abs(printed - largest) > _WHOLE_PERCENT, "sharing_rate",
            lambda at: f"{printed[at]:.1%} is not the largest sharing rate of {levels[at]}, "
            f"{largest[at]:.0%}",
        )  # fmt: skip
        final = self.values("final_sharing_rate")
        self.fail(
            final > largest + _WHOLE_PERCENT, "final_sharing_rate",
            lambda at: f"{final[at]:.1%} is more than the largest sharing rate of {levels[at]}, "
            f"{largest[at]:.0%}",
        )  # fmt: skip
        one_sided = levels.isin(ONE_SIDED).to_numpy()
        if (column := self.columns.get("risk_model")) is not None:
            sides = [cell.strip().lower().replace("-", " ") for cell in column.cells]
            says = np.array([s == "one sided" for s in sides])
            known = np.array([s in {"one sided", "two sided"} for s in sides])
            self.fail(
                known & (says != one_sided), "risk_model",
                lambda at: f"“{column.cells[at].strip()}” does not fit {levels[at]}",
            )  # fmt: skip
        payment = self.values("payment")
        self.fail(
            one_sided & (payment < 0), "payment",
            lambda at: f"{levels[at]} shares no losses, but {-payment[at]:,.0f} is owed",
        )  # fmt: skip

    def generated(self) -> None:
        savings, generated = self.values("gross_savings"), self.values("generated")
        rule = ~self.frame["guardrail"].to_numpy()
        self.fail(
            rule & (np.abs(generated) > CENTS) & (np.abs(generated - savings) > CENTS),
            "generated",
            lambda at: f"it says {generated[at]:,.0f}; expected 0 or benchmark less spending, "
            f"{savings[at]:,.0f}",
        )  # fmt: skip

    def payment(self) -> None:
        frame, payment, savings = self.frame, self.values("payment"), self.values("gross_savings")
        earner = payment > CENTS
        self.fail(
            (earner & (payment > savings + CENTS))
            | ((payment < -CENTS) & (payment < savings - CENTS)),
            "payment",
            lambda at: f"{payment[at]:,.0f} cannot come from benchmark less spending of "
            f"{savings[at]:,.0f}",
        )  # fmt: skip
        met = (frame["quality_standard_met"] | frame["alternative_standard_met"]).to_numpy()
        self.fail(
            earner & ~met, "payment",
            lambda at: f"{payment[at]:,.0f} is earned though no quality standard was met",
        )  # fmt: skip
        final = self.values("final_sharing_rate")
        most = savings * (final + _WHOLE_PERCENT) + CENTS
        # Less only by sequestration, or where the payment limit (10% or more) holds it.
        least = 0.85 * savings * (final - _WHOLE_PERCENT)
        capped = payment > 0.0999 * self.values("benchmark_total")
        self.fail(
            earner & ((payment > most) | (~capped & (payment < least))), "payment",
            lambda at: f"{payment[at]:,.0f} does not fit savings of {savings[at]:,.0f} shared at "
            f"{final[at]:.1%}",
        )  # fmt: skip
        minimum, rate = self.values("minimum_savings_rate"), self.values("savings_rate")
        # From 2024 some low-revenue ACOs are paid below the minimum; ReducedSS says which.
        sure = self.year < 2024 or self.columns.get("reduced_sharing") is not None  # noqa: PLR2004
        self.fail(
            earner & sure & ~frame["reduced_sharing"].to_numpy() & (rate < minimum - 1e-4),
            "minimum_savings_rate",
            lambda at: f"savings of {rate[at]:.2%} are paid though the minimum is "
            f"{minimum[at]:.2%}",
        )  # fmt: skip

    def disaster(self) -> None:
        taken, savings = self.values("disaster_adjustment"), self.values("gross_savings")
        room = np.where(self.frame["half_year"], 2, 1) * np.abs(savings) + CENTS
        self.fail(
            (taken > 0) & ((savings >= 0) | (taken > room)), "disaster_adjustment",
            lambda at: f"{taken[at]:,.0f} cannot be taken off losses where benchmark less spending "
            f"is {savings[at]:,.0f}",
        )  # fmt: skip

    def types(self) -> None:
        years = [self.values(f"person_years_{kind}_py") for kind in TYPE_WORDS]
        people, sum_ = self.values("person_years"), np.sum(years, axis=0)
        self.fail(
            np.abs(sum_ - people) > 3 + 1e-4 * people, "person_years",
            lambda at: f"it says {people[at]:,.0f}, but the four enrollment types have "
            f"{sum_[at]:,.0f}",
        )  # fmt: skip
        spending = [self.values(f"expenditure_{kind}_py") for kind in TYPE_WORDS]
        total = self.values("expenditure_total") * np.where(self.frame["half_year"], 2, 1)
        sum_spent = np.sum([y * s for y, s in zip(years, spending, strict=True)], axis=0)
        # Person-years by type are whole numbers: half a person in each.
        room = 0.005 * total + 0.6 * np.sum(spending, axis=0)
        # 2013's dollars by type are a year's, its totals up to 21 months'.
        wrong = (np.abs(sum_spent - total) > room) & (self.year > 2013)  # noqa: PLR2004
        self.fail(
            wrong, "expenditure_total",
            lambda at: f"it says {total[at]:,.0f} a year, but the four enrollment types spent "
            f"{sum_spent[at]:,.0f}",
        )  # fmt: skip
