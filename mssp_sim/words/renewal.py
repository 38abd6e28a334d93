"""Renewal in words: what an early one is worth, between what, and where it reverses."""

from mssp_sim.figure import Figure, illustrated
from mssp_sim.figures import change, percent
from mssp_sim.naming import alone
from mssp_sim.parameters import Version
from mssp_sim.studies.renewal import Way
from mssp_sim.words.election import Found, short


def renewal(found: Found, way: Way, trend: float | None) -> str:
    """Return what renewing for a year is worth, between what, and where it reverses."""
    span = f"over {int(found.result.scenario.performance_year) + 1} to {way.last}"
    said = f"Renewing for {way.year} is worth {change(way.gain)} {span} at the mean result"
    if way.low is not None and way.high is not None:
        said += f", {change(way.low)} to {change(way.high)} in eight futures of ten"
    if trend is None:
        return f"{said}; it reverses at no regional trend that the lever reaches."
    own = float(found.result.scenario.regional_growth)
    side = "or less" if trend < own else "or more"
    return (
        f"{said}; it reverses if the region grows {percent(trend)} a year {side} "
        f"(here {percent(own)})."
    )


def renewal_notes(found: Found, version: Version) -> str:
    """Return what is compared, and how the rule of it is known."""
    scenario, choice = found.result.scenario, found.election.picked
    return (
        f"Until a new agreement begins you stay with {alone(str(scenario.level))}; from then on "
        f"{short(choice)} holds on both ways, and what you spend in a year is the same. An early "
        "renewal sets the target anew from the three years before it (rebasing), moves on to the "
        "next agreement period (equal weights of benchmark years, weight of the regional "
        "adjustment, earlier savings), starts the cap on risk growth anew and takes the "
        "prospective trend in the "
        f"levers for its start. Ending early and renewing at once: {version.citation.known}, "
        f"{version.citation.section}. Years past the published rules have the last published ones."
    )


def renewal_figures(way: Way, trend: float | None) -> tuple[Figure, ...]:
    """Return the figures that the drawn futures and the turning point make."""
    if way.low is None or way.high is None:
        return ()
    listed = [
        illustrated(
            key, label, change(amount),
            "what one future of ten is beyond; trend and risk vary the same way every year of a "
            "future, chance anew in each",
            "2,000 futures, the same dice each time", amount,
        )
        for key, label, amount in (
            ("renew_low", "Renewal: one of ten below", way.low),
            ("renew_high", "Renewal: one of ten above", way.high),
        )
    ]  # fmt: skip
    if trend is not None:
        listed.append(
            illustrated(
                "renew_turn", "Renewal reverses at", percent(trend),
                "the nearest step of the regional trend at which an early renewal has the other "
                "sign",
                "both ways settled at every step of the lever", trend,
            )
        )  # fmt: skip
    return tuple(listed)


def ways_rows(found: Found) -> list[dict[str, str]]:
    """Return each early year as a row, staying first."""
    first = int(found.result.scenario.performance_year) + 1
    rows = [{"New agreement from": f"{found.ends + 1} (stay)", "Against staying": "–"}]
    rows += [
        {"New agreement from": str(way.year), "Against staying": change(way.gain)}
        for way in found.ways
    ]
    span = f"{first} to {found.ways[0].last}" if found.ways else ""
    return [{**row, "Calendar years": span} for row in rows]
