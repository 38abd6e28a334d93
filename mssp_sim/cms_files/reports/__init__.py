"""The reports CMS sends an ACO during the year and after it: read, never kept."""

from mssp_sim.cms_files.reports._error import PeoplesDataError, ReportError
from mssp_sim.cms_files.reports._layout import AEXPU, BNMRK, QEXPU, STLMT
from mssp_sim.cms_files.reports.deliveries import AcoReports, by_aco, latest
from mssp_sim.cms_files.reports.expected import Expected, expected
from mssp_sim.cms_files.reports.reader import Delivery, Report, read_report
from mssp_sim.cms_files.reports.settlement import ComparedLine, SettledReport, settle_report

__all__ = [
    "AEXPU", "BNMRK", "QEXPU", "STLMT", "AcoReports", "ComparedLine", "Delivery", "Expected",
    "PeoplesDataError", "Report", "ReportError", "SettledReport", "by_aco", "expected", "latest",
    "read_report", "settle_report",
]  # fmt: skip
