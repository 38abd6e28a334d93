"""What the page of the program says beside the rule's own text: who takes part, who has left."""

from mssp_sim.cms_files.taking_part import YearOfProgram

CONTRACTS = "The contracts side by side"
ONLY_TOLD = "A line without a link is told here and computed nowhere."
RISES = (
    "From A to E an ACO climbs: two levels without risk, three with it. ENHANCED has the largest "
    "share and the largest risk. Of two limits on what is owed, the smaller one counts."
)


def taking_part(years: tuple[YearOfProgram, ...]) -> str:
    """Return how many ACOs took part in the last year and how many of the year before were gone.

    Examples
    --------
    >>> taking_part((YearOfProgram(2023, 4, 1), YearOfProgram(2024, 5, 2)))[:26]
    'In 2024, 5 ACOs took part.'
    """
    before, last = years[-2:]
    return (
        f"In {last.year}, {last.acos} ACOs took part. Of the {before.acos} ACOs of {before.year}, "
        f"{last.gone} were no longer in CMS's results of {last.year}."
    )
