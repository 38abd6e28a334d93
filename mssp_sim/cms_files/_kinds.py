"""What a file is that is not CMS's results, by its headings."""

import re
from collections.abc import Callable, Sequence

_CLAIMS = re.compile(r"clm|claim|eob|desynpufid|linenum|hcpcs|icd\d|ndc")
_PEOPLE = re.compile(r"bene(fici|mbi|hic|id|1st|last|first)|^mbi|medicareid|dateofbirth|^dob$|hicn")

Test = Callable[[set[str]], bool]


def _holding(pattern: str) -> Test:
    known = re.compile(pattern)
    return lambda names: any(known.search(name) for name in names)


def _county_spending(names: set[str]) -> bool:
    county = _holding(r"^county")(names)
    return county and _holding(r"^(percapita|avgriskscore|averageriskscore)")(names)


def _county_people(names: set[str]) -> bool:
    return _holding(r"^county")(names) and _holding(r"^(abpsnyrs|totab)")(names)


_PORTFOLIO = {"qualityscore", "costreduction", "assignedbeneficiaries", "marketshare"}
_CLAIM_FILE = "claims of people, which do not belong here; nothing of it is kept"
KINDS: tuple[tuple[Test, str], ...] = (
    (
        lambda names: len(_PORTFOLIO & names) > 1,
        "a portfolio of scenarios; settle it with mssp-sim settle",
    ),
    (lambda names: sum(bool(_CLAIMS.search(name)) for name in names) > 1, _CLAIM_FILE),
    (
        lambda names: any(_PEOPLE.search(name) for name in names),
        "a list of people, which does not belong here; nothing of it is kept",
    ),
    (_county_spending, "CMS's county file of spending and risk"),
    (_county_people, "CMS's county file of assigned people"),
    (_holding(r"^snf|snfaffiliate|snflbn"), "CMS's list of SNF affiliates"),
    (_holding(r"^parlbn|participant"), "CMS's list of ACO participants"),
    (_holding(r"^acoexec|^acopublicreporting|^acomedicaldirector"), "CMS's list of ACOs"),
    (
        _holding(r"settlement|reconciliation|^(historical|updated)benchmark"),
        "perhaps an ACO's own settlement workbook",
    ),
)
"""In this order: who holds it, and what it is."""


def kind_of(headings: Sequence[str]) -> str:
    """Return what a file is by its headings, compared as ``plain`` gives them; else nothing.

    Examples
    --------
    >>> kind_of(["acoid", "parlbn", "aconame"])
    "CMS's list of ACO participants"
    >>> kind_of(["year", "countyname", "totabpsnyrs"])
    "CMS's county file of assigned people"
    >>> kind_of(["a", "b"])
    ''
    """
    names = {name for name in headings if name}
    return next((kind for test, kind in KINDS if test(names)), "")
