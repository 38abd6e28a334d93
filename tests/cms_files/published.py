"""Where CMS's own files lie; they are never part of the project."""

import os
from pathlib import Path

import pytest

YEARS = range(2013, 2022)
ROOT = Path(__file__).parents[2]
HOW = (
    "CMS's results files are not here: download “Performance Year Financial and Quality "
    "Results” of 2013 to 2021 from data.cms.gov as mssp_puf_<year>.csv and name the folder in "
    "MSSP_RESULTS_DIR"
)


def folder() -> Path:
    """Return the folder the files should lie in."""
    return Path(os.environ.get("MSSP_RESULTS_DIR") or ROOT.parent / "shared" / "puf")


def results_file(year: int) -> Path:
    """Return the file of one year, or skip; where CI is set a missing file is a failure."""
    file = folder() / f"mssp_puf_{year}.csv"
    if not file.is_file():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW)
    return file
