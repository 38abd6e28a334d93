"""What an ACO and the nation left, in words: sentences, figures, and the rows behind them."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import change, money, percent, plain, score, whole_dollars

PARTIAL = {2019: "2019 is the first of CMS’s two files: ACOs that started in July are not in it."}
READING = (
    "Through quality: what full quality would have paid less what was paid. At the minimum: what "
    "the savings would have paid had there been no minimum. From 2021 the score no longer scales "
    "the share of who meets the standard: only who misses it leaves any through quality; "
    "from 2023 who meets the partial standard alone is paid a share that the score scales."
)
SHOWN = {
    "net_savings": "net savings of Medicare", "paid": "paid to ACOs", "owed": "owed by ACOs",
}  # fmt: skip
LARGEST = ("3", "ENHANCED")
LEAST_SHOWN = 50_000
"""Dollars under which an amount would round to $0.0M."""

Sums = Mapping[str, float]
"""One year of ``history.nation``."""


def own_sentence(row: Mapping[str, Any]) -> str:
    """Return what one ACO left in its year.

    Examples
    --------
    >>> row = {"aco_name": "Lake Care", "level": "E", "payment": 0.0,
    ...        "lost_at_the_minimum": 2.2e6, "lost_to_quality": 0.0, "under_enhanced": 0.0}
    >>> own_sentence(row)
    'Lake Care left $2.2M at the minimum and nothing to quality. ENHANCED would have paid the same.'
    """
    name = row["aco_name"]
    minimum, quality = _amount(row["lost_at_the_minimum"]), _amount(row["lost_to_quality"])
    first = f"{name} left {minimum} at the minimum and {quality} to quality."
    return f"{first} {_against(row)}".rstrip()


def hindsight(row: Mapping[str, Any]) -> str:
    """Return what stands behind the payment under another contract; empty where none is named.

    Examples
    --------
    >>> hindsight({"level": "E", "under_enhanced": 3e6})[:69]
    'Under ENHANCED the year is settled again with the spending, quality a'
    >>> hindsight({"level": "ENHANCED", "under_enhanced": 3e6})
    ''
    """
    if row["level"] in LARGEST or isnan(row["under_enhanced"]):
        return ""
    return (
        f"Under {largest(str(row['level']))} the year is settled again with the spending, quality "
        "and minimum it had. Who signed could not know them, and under another contract might have "
        "done otherwise."
    )


def _amount(dollars: float) -> str:
    return money(dollars) if dollars >= 1 else "nothing"


def _against(row: Mapping[str, Any]) -> str:
    under, contract = row["under_enhanced"], largest(str(row["level"]))
    if isnan(under):  # before 2016 no contract shared as much
        return ""
    if row["level"] in LARGEST:
        return f"Its contract, {contract}, had the largest share there was."
    apart = under - row["payment"]
    if abs(apart) < LEAST_SHOWN:
        return f"{contract} would have paid the same."
    if under < 0:
        return f"Under {contract} it would have owed {money(-under)}."
    more = "more" if apart > 0 else "less"
    return f"{contract} would have paid {money(abs(apart))} {more}."


def largest(level: str) -> str:
    """Return the contract with the largest share at the time of another.

    Examples
    --------
    >>> largest("E"), largest("1+")
    ('ENHANCED', 'Track 3')
    """
    return "ENHANCED" if level in {*"ABCDE", "ENHANCED"} else "Track 3"


def own_figures(row: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Return what one ACO left as figures that answer how."""
    paid = whole_dollars(row["payment"])
    minimum, quality = row["lost_at_the_minimum"], row["lost_to_quality"]
    found = [
        illustrated(
            "lost_at_the_minimum", "It left at the minimum", money(minimum),
            "what full quality would have paid had there been no minimum − what it pays with it",
            f"paid {paid}", minimum,
        ),
        illustrated(
            "lost_to_quality", "It left to quality", money(quality),
            "what full quality would have paid − what was paid", f"paid {paid}", quality,
        ),
    ]  # fmt: skip
    under = row["under_enhanced"]
    if not isnan(under):
        found.append(illustrated(
            "under_enhanced", "Against the largest share", change(under - row["payment"]),
            f"payment under {largest(str(row['level']))} − payment",
            f"{whole_dollars(under)} − {paid}", under - row["payment"],
        ))  # fmt: skip
    return tuple(found)


def board_sentence(year: int, sums: Sums) -> str:
    """Return what a board would quote of one year.

    Examples
    --------
    >>> board_sentence(2024, {"acos": 9, "acos_to_quality": 1, "lost_to_quality": 2e6,
    ...                       "acos_at_the_minimum": 2, "lost_at_the_minimum": 9.9e6})
    'In 2024, 1 of 9 ACOs left $2.0M on the table through quality; 2 left $9.9M at the minimum.'
    """
    quality, minimum = int(sums["acos_to_quality"]), int(sums["acos_at_the_minimum"])
    acos = plain(sums["acos"], 0)
    through = money(sums["lost_to_quality"])
    first = (
        f"In {year}, {quality:,} of {acos} ACOs left {through} on the table through quality"
        if quality else f"In {year}, none of {acos} ACOs left money on the table through quality"
    )  # fmt: skip
    return f"{first}; {minimum:,} left {money(sums['lost_at_the_minimum'])} at the minimum."


def why_so_few(standard: float, below: int, met: int, left: int) -> str:
    """Return why fewer ACOs left any through quality than scored under the standard.

    Parameters
    ----------
    standard : the score of the year, a fraction
    below : ACOs that scored under it
    met : of these, who met it in another way
    left : ACOs that left any

    Examples
    --------
    >>> why_so_few(0.7705, 86, 57, 13)[:72]
    '86 scored under the standard of 77.05, but 57 of them met it as new ACOs'
    """
    missed = below - met
    return (
        f"{below:,} scored under the standard of {score(standard, 2)}, but {met:,} of them met it "
        "as new ACOs or by reporting electronic measures. Of the "
        f"{missed:,} that missed it, {left:,} would have been paid more at the standard."
    )


def board_figures(year: int, sums: Sums) -> tuple[Figure, ...]:
    """Return a year's sums as figures that answer how."""
    kinds = {
        "lost_to_quality": ("through quality", "acos_to_quality",
                            "sum over the ACOs of what full quality would have paid less what was"),
        "lost_at_the_minimum": ("at the minimum", "acos_at_the_minimum",
                                "sum over the ACOs of what the minimum took from full quality"),
    }  # fmt: skip
    return tuple(
        illustrated(
            f"nation_{key}", f"All ACOs left {where}", money(sums[key]), words,
            f"{int(sums[count]):,} of {plain(sums['acos'], 0)} ACOs of {year} left any", sums[key],
        )
        for key, (where, count, words) in kinds.items()
    )  # fmt: skip


def board_rows(nation: Mapping[int, Sums]) -> tuple[dict[str, str], ...]:
    """Return the table behind the picture, a row a year; dollars to the dollar."""
    return tuple(
        {
            "Year": str(year),
            "ACOs": plain(sums["acos"], 0),
            "Paid": whole_dollars(sums["paid"]),
            "ACOs paid": plain(sums["acos_paid"], 0),
            "Owed": whole_dollars(sums["owed"]),
            "ACOs owing": plain(sums["acos_owed"], 0),
            "Left through quality": whole_dollars(sums["lost_to_quality"]),
            "ACOs that left it there": plain(sums["acos_to_quality"], 0),
            "Left at the minimum": whole_dollars(sums["lost_at_the_minimum"]),
            "ACOs that left it at the minimum": plain(sums["acos_at_the_minimum"], 0),
            "ENHANCED would have paid more": whole_dollars(sums["more_in_enhanced"]),
            "ACOs it would have paid more": plain(sums["acos_more_in_enhanced"], 0),
            "ENHANCED would have paid less or taken": whole_dollars(sums["less_in_enhanced"]),
            "ACOs it would have paid less": plain(sums["acos_less_in_enhanced"], 0),
        }
        for year, sums in nation.items()
    )


def announced_lines(figures: Sequence[tuple[Mapping[str, object], float]]) -> tuple[str, ...]:
    """Return what CMS announced beside the sums over its rows, with the gap between them.

    Examples
    --------
    >>> figure = {"year": 2018, "what": "paid", "dollars": 2e6, "told": "$2M", "read": "A paper"}
    >>> announced_lines([(figure, 2_100_000.0)])
    ('2018, paid to ACOs: CMS announced $2M, the rows come to $2.1M, +5.0%. Read in: A paper.',)
    """
    return tuple(
        f"{one['year']}, {SHOWN[str(one['what'])]}: CMS announced {one['told']}, the rows come to "
        f"{money(ours)}, {_gap(float(str(one['dollars'])), ours)}. "
        + (f"Read in: {one['read']}." if "read" in one else "Recalled, not looked up.")
        for one, ours in figures
    )


def _gap(told: float, ours: float) -> str:
    share = ours / told - 1
    return f"{'+' if share > 0 else ''}{percent(share)}"
