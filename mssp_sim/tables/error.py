"""The one error a table that cannot be read ends in: one sentence a person understands."""

LONGEST = 60
"""Characters of a cell or a name that a sentence repeats."""


def clip(text: str) -> str:
    r"""Return a text from the file as one short line that cannot break the sentence.

    Examples
    --------
    >>> clip("ABtotBnchmk")
    'ABtotBnchmk'
    >>> clip("two\nlines")
    'two lines'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:1_000]).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


class TableError(ValueError):
    """A table, or a part of it, that cannot be read; ``str`` is one plain sentence.

    Parameters
    ----------
    what : the sentence, without the place and without its full stop
    file : name of the file, empty where it has none
    column : heading in the file
    row : as a spreadsheet counts, the headings are row 1
    value : what stands there
    expected : what should stand there

    Source: ours

    Examples
    --------
    >>> print(TableError("no number", file="a.csv", column="N_AB", row=7, value="many"))
    a.csv, row 7, column N_AB: no number.
    """

    def __init__(
        self,
        what: str,
        *,
        file: str = "",
        column: str | None = None,
        row: int | None = None,
        value: str | None = None,
        expected: str | None = None,
    ) -> None:
        self.what = what
        self.file, self.column, self.row = clip(file), column and clip(column), row
        self.value, self.expected = None if value is None else clip(value), expected
        place = [self.file or "The file"]
        place += [f"row {row}"] if row is not None else []
        place += [f"column {self.column}"] if self.column else []
        super().__init__(f"{', '.join(place)}: {what}.")
