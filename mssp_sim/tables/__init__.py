"""One front door for tables that other people made: whatever the form, rows of texts."""

from mssp_sim.tables.book import Book, open_workbook
from mssp_sim.tables.error import TableError, clip
from mssp_sim.tables.layout import Layout, Score, filled, is_remark, is_total, layout
from mssp_sim.tables.stream import Stream, open_stream
from mssp_sim.tables.whole import Rows, SizeLimits, Source, open_rows

__all__ = [
    "Book",
    "Layout",
    "Rows",
    "Score",
    "SizeLimits",
    "Source",
    "Stream",
    "TableError",
    "clip",
    "filled",
    "is_remark",
    "is_total",
    "layout",
    "open_rows",
    "open_stream",
    "open_workbook",
]
