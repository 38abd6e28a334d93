"""CMS's public results files: one row an ACO, in our words and units."""

from mssp_sim.cms_files._error import ResultsFileError, SeveralYearsError
from mssp_sim.cms_files.loading import Loaded, NotLoadableError, load
from mssp_sim.cms_files.reader import read
from mssp_sim.cms_files.reproduction import reproduce

__all__ = [
    "Loaded", "NotLoadableError", "ResultsFileError", "SeveralYearsError", "load", "read",
    "reproduce",
]  # fmt: skip
