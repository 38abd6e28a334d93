"""The region's risk growth in words: its cap, what lifts it, and what it gives back."""

from mssp_sim.figures import change, percent, plain, signed
from mssp_sim.scenario import Scenario, benchmark_year_3
from mssp_sim.screens.spending_target.words import ALIKE, percent_change
from mssp_sim.studies.target_split import RegionRisk, Split
from mssp_sim.target import years_from_by3

NO_CAP = (
    "Agreements before 2024 have no cap on the region's risk growth: regional spending is divided "
    "by the region's risk, however much that grows."
)


def title(found: RegionRisk | None) -> str:
    """Return the finding of the region's risk growth."""
    if found is None:
        return "Your region's risk growth has no cap"
    if found.factor - 1 > ALIKE:
        grown, held = percent(found.growth), percent(found.cap)
        return f"Of your region's {grown} risk growth {held} is divided out"
    if abs(found.growth) < ALIKE:
        return "Your region's risk is taken as unchanged"
    if found.growth < 0:
        return f"Your region's falling risk of {percent(-found.growth)} is divided out in full"
    return f"Your region's risk growth of {percent(found.growth)} stays under its cap"


def description(found: RegionRisk | None, parts: Split, scenario: Scenario) -> str:
    """Return the cap, what lifts it, and what it gives back in dollars."""
    if found is None:
        return NO_CAP
    years = years_from_by3(scenario)
    span = f"since {benchmark_year_3(scenario.agreement_start)}"
    aging = (1 + float(scenario.regional_demographic_growth)) ** years - 1
    words = f"The region's spending is divided by its risk; its cap {span} is {percent(found.cap)}"
    reasons = []
    if abs(aging) > ALIKE:
        reasons.append(f"{percent(found.own_cap - aging)} and {percent_change(aging)} demographic")
    if found.cap - found.own_cap > ALIKE:
        share = percent(float(scenario.market_share), 0)
        reasons.append(
            f"{percent(found.own_cap)} lifted by your {share} share, for your people are in it"
        )
    words += f" ({'; '.join(reasons)})." if reasons else "."
    if found.factor - 1 > ALIKE:
        back = found.given_back
        return (
            f"{words} What is past it is given back: regional growth × {plain(found.factor, 4)}, "
            f"{signed(back)} per person, {change(back * parts.person_years)} in all."
        )
    if abs(found.growth) < ALIKE:
        return (
            f"{words} Nothing is given back. Move Region's risk growth (What happens around you, "
            "more) to see what would be."
        )
    return f"{words} Nothing is given back."
