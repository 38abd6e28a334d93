"""People's data, known at sight: the shape of a Medicare identifier, the columns of a list."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from mssp_sim.cms_files.reports._error import PeoplesDataError

LONGEST_HEADING = 60
_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
_DASH = r"[ \-\u2010-\u2015\u2212._]?"
_SHAPE = (
    f"[1-9]{_LETTER}{_EITHER}[0-9]{_DASH}{_LETTER}{_EITHER}[0-9]{_DASH}{_LETTER}{_LETTER}[0-9][0-9]"
)
_IDENTIFIER = re.compile(f"(?<![0-9A-Za-z]){_SHAPE}(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)
_ANYWHERE = re.compile(_SHAPE, re.IGNORECASE | re.ASCII)
"""In a file of fixed columns nothing stands between an identifier and its neighbors."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_HEADING = re.compile(
    r"(?:(?:current|previous|prior|original|medicare|the) )*"
    r"(?:(?:bene|beneficiary|patient|member|person)s? )?"
    r"(?:mbis?|hics?|hicns?|hic num|ssn|social security|dob|mrn"
    r"|(?:date of )?birth(?: date| dt| day)?"
    r"|(?:bene|beneficiary|patient|member)s? (?:id|identifier)"
    r"|(?:bene|beneficiary|patient|member)s? (?:first|last|middle|1st|mid|full)? ?name"
    r"|medicare beneficiary identifier|health insurance claim|death (?:date|dt)|date of death)"
    r"(?: (?:id|ids|no|num|number|identifier|identifiers|claim number|code|date|dt|mbi|hicn?))*"
)
_FILE = re.compile(
    r"(?<![a-z])(?:cclf[0-9a-z]*|beur|aasr|baip|bnex|qassgn|aalr|qalr|halr|calr|bene[-_ ]?list)"
    r"(?![a-z])",
    re.IGNORECASE,
)
IDENTIFIER = "a value of the shape of a Medicare beneficiary identifier"
COLUMN = "a column of a list of people"
NAME = "its name is that of a file with claims or lists of people"
HIDDEN_NAME = "a file"


def has_identifier(text: str) -> bool:
    """Return whether a text holds a value of the shape of a Medicare beneficiary identifier.

    Source: CMS, the Medicare beneficiary identifier's format

    Examples
    --------
    >>> has_identifier("1EG4-TE5-MK73"), has_identifier("moved: 1eg4te5mk73."), has_identifier("1")
    (True, True, False)
    """
    if len(text) < 11:  # noqa: PLR2004  (the places of an identifier)
        return False
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)) if not text.isascii() else text
    return _IDENTIFIER.search(plain) is not None


def safe_name(file: str) -> str:
    """Return a file's name, or nothing of it where it holds an identifier itself."""
    return HIDDEN_NAME if has_identifier(file) else file


def refuse_by_name(file: str) -> None:
    """Raise for a file whose name is that of claims or a list of people.

    Examples
    --------
    >>> refuse_by_name("P.A1234.ACO.CCLF8.D250101.T0000000")
    Traceback (most recent call last):
    ...
    mssp_sim.cms_files.reports._error.PeoplesDataError: P.A1234.ACO.CCLF8.D250101.T0000000: this \
file may hold people's data (its name is that of a file with claims or lists of people); it was \
not read and nothing of it is kept.
    """
    if _FILE.search(file):
        raise refusal(file, NAME)


def refuse_text(text: str, file: str) -> None:
    """Raise where a text that is no workbook holds an identifier or a column of people."""
    if _ANYWHERE.search(text):
        raise refusal(file, IDENTIFIER)
    first = text[:4_000].splitlines()[:3]
    if any(_is_heading(cell) for line in first for cell in re.split(r"[,;|\t]", line)):
        raise refusal(file, COLUMN)


def refuse_rows(rows: Iterable[Sequence[str]], file: str) -> None:
    """Raise where a sheet holds an identifier, or a row of headings names a column of people.

    Parameters
    ----------
    rows : of texts
    file : the workbook's name, for the sentence
    """
    for row in rows:
        told = [cell for cell in row if cell]
        if any(map(has_identifier, told)) or has_identifier("".join(told)):
            raise refusal(file, IDENTIFIER)
        if all(len(cell) <= LONGEST_HEADING for cell in told) and any(map(_is_heading, told)):
            raise refusal(file, COLUMN)


def refusal(file: str, why: str) -> PeoplesDataError:
    """Return the error that says what was seen and nothing of what stands there."""
    what = f"this file may hold people's data ({why}); it was not read and nothing of it is kept"
    return PeoplesDataError(what, file=safe_name(file))


def _is_heading(cell: str) -> bool:
    words = re.sub(r"[^a-z0-9]+", " ", re.sub("['’]", "", cell.strip().lower())).strip()
    return bool(words) and len(cell) <= LONGEST_HEADING and _HEADING.fullmatch(words) is not None
