"""CMS's public results files: one row an ACO, in our words and units."""

from mssp_sim.results._error import ResultsFileError
from mssp_sim.results.loading import Loaded, NotLoadableError, load
from mssp_sim.results.reader import read
from mssp_sim.results.reproduction import reproduce

__all__ = ["Loaded", "NotLoadableError", "ResultsFileError", "load", "read", "reproduce"]
