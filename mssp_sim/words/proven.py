"""What is proven on CMS's results, in one line."""

from mssp_sim.cms_files import proven
from mssp_sim.figures import percent


def trust() -> str:
    """Return what the simulator may say of itself.

    Examples
    --------
    >>> trust()
    'The rules settle 5,263 of 5,271 ACO-years 2013 to 2024 as CMS did, to 0.01%.'
    """
    found = proven.match()
    return (
        f"The rules settle {found.within:,} of {found.rows:,} ACO-years {found.first_year} to "
        f"{found.last_year} as CMS did, to {percent(found.relative, 2)}."
    )
