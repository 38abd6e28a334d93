"""The errors a report that cannot be read ends in: one plain sentence each."""

from mssp_sim.tables import TableError


class ReportError(TableError):
    """A report, or a set of them, that cannot be read; ``str`` is one plain sentence.

    Source: ours
    """


class PeoplesDataError(ReportError):
    """A file with people's data, refused at sight: the sentence holds nothing of it.

    Source: ours
    """
