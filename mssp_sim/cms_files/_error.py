"""The one error a results file that cannot be read ends in."""

from mssp_sim.tables import TableError, clip

__all__ = ["ResultsFileError", "SeveralYearsError", "clip"]


class ResultsFileError(TableError):
    """A results file, or a part of it, that cannot be read; ``str`` is one plain sentence.

    Source: ours

    Examples
    --------
    >>> print(ResultsFileError("no number", file="a.csv", column="N_AB", row=7, value="many"))
    a.csv, row 7, column N_AB: no number.
    """


class SeveralYearsError(ResultsFileError):
    """A file that holds several performance years, of which one has to be chosen.

    Source: ours

    Examples
    --------
    >>> print(SeveralYearsError((2022, 2023), file="a.csv", column="Year"))
    a.csv, column Year: it holds several years, 2022 and 2023; choose one of them.
    """

    def __init__(
        self, years: tuple[int, ...], *, file: str = "", column: str | None = None
    ) -> None:
        self.years = years
        named = f"{', '.join(map(str, years[:-1]))} and {years[-1]}"
        what = f"it holds several years, {named}; choose one of them"
        super().__init__(what, file=file, column=column)
