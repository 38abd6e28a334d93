"""The one error a results file that cannot be read ends in."""

from mssp_sim.tables import TableError, clip

__all__ = ["ResultsFileError", "clip"]


class ResultsFileError(TableError):
    """A results file, or a part of it, that cannot be read; ``str`` is one plain sentence.

    Source: ours

    Examples
    --------
    >>> print(ResultsFileError("no number", file="a.csv", column="N_AB", row=7, value="many"))
    a.csv, row 7, column N_AB: no number.
    """
