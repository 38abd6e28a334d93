"""The lines of CMS's settlement report: where each stands, what it follows from, its unit."""

from dataclasses import dataclass

from mssp_sim.cms_files.reports._layout import ANY, BY1, BY2, BY3, RESULT, THE_YEAR, Line

_T1 = r"table 1\b(?! ?[a-z]\b).*|(?!table \d).*historical benchmark.*"
_T2 = r"table 2\b.*|(?!table \d).*updated benchmark.*"
_T3 = r"table 3\b.*|(?!table \d).*shared savings.*"
_A3 = r"table a ?3\b.*|(?!table).*trend update.*"
_HISTORY, _RESULT, _ALL = (BY1, BY2, BY3), (RESULT,), (BY1, BY2, BY3, THE_YEAR)
_NOW = _ANY = (THE_YEAR, ANY)


@dataclass(frozen=True, slots=True)
class Compared:
    """A line that is compared: its name (table and letter), its place, its unit, its parents.

    ``size_only`` where CMS may print either sign; ``may_be_blank`` where CMS may leave it out
    although the arithmetic has a figure; ``one_column`` where only one of its columns holds it.
    """

    name: str
    place: Line
    unit: str
    follows: tuple[str, ...] = ()
    size_only: bool = False
    may_be_blank: bool = False

    @property
    def one_column(self) -> bool:
        """Whether a figure stands in one of the line's columns, CMS's copies differ in which."""
        return self.place.columns == (RESULT, BY3)


def _line(name: str, label: str, words: str, columns: tuple[str, ...], unit: str, follows: str = "",
          *, not_words: str = "^$", size_only: bool = False, may_be_blank: bool = False,
          ) -> Compared:  # fmt: skip
    table, _, code = name.partition(".")
    sheet = {"T1": _T1, "T2": _T2, "T3": _T3, "A3": _A3}[table]
    place = Line(name, label, sheet, code, words, columns, not_words=not_words, strict=True)
    return Compared(name, place, unit, tuple(follows.split()), size_only, may_be_blank)


_MIX = r"proportion|share|mix|person ?year"
_MONEY = r"dollar|amount|\$|threshold"

LINES = (
    _line("A3.A", "National per capita", "national.*per capita", _ALL, "dollars"),
    _line("A3.B", "National trend", "national.*(?:trend|growth|factor)", _ALL, "ratio", "A3.A"),
    _line("A3.C", "Regional per capita", "regional.*per capita", _ALL, "dollars"),
    _line("A3.D", "Regional trend", "regional.*(?:trend|growth|factor)", _ALL, "ratio", "A3.C"),
    _line("A3.E", "National weight", "national.*weight", _ALL, "ratio"),
    _line("A3.F", "Regional weight", "regional.*weight", _ALL, "ratio", "A3.E"),
    _line("A3.G", "Blended trend", "blend", _ALL, "ratio", "A3.B A3.D A3.E A3.F"),
    _line("T1.B", "Per capita spending", "per capita|expenditures", _HISTORY, "dollars"),
    _line("T1.C", "Risk score", r"risk scores?\b", _HISTORY, "ratio", not_words="ratio|region"),
    _line("T1.D", "Risk ratio to BY3", "risk.*ratio|ratio.*risk", _HISTORY, "ratio", "T1.C"),
    _line("T1.E", "Blended trend", "trend|growth", _HISTORY, "ratio", "A3.G"),
    _line("T1.F", "Trended spending", "trended|adjusted.*expend", _HISTORY, "dollars",
          "T1.B T1.D T1.E"),
    _line("T1.G", "Weighted history", "weighted", _RESULT, "dollars", "T1.F",
          not_words="difference"),
    _line("T1.H", "Mix by type in BY3", _MIX, (RESULT, BY3), "ratio", not_words="capita"),
    _line("T1.I", "Benchmark before the regional adjustment", "benchmark", _RESULT, "dollars",
          "T1.G T1.H"),
    _line("T1.J", "Region per capita", "region", _RESULT, "dollars", "A3.C"),
    _line("T1.K", "Region at the ACO's risk", "region", _RESULT, "dollars", "T1.J T1.C"),
    _line("T1.L", "Region less history", "difference", _RESULT, "dollars", "T1.K T1.G"),
    _line("T1.M", "Weighted difference", "weighted.*difference|difference", _RESULT, "dollars",
          "T1.L T1.H"),
    _line("T1.N", "Weight of the regional adjustment", "weight", _RESULT, "ratio", "T1.M"),
    _line("T1.O", "Adjustment before the cap", "adjustment", _RESULT, "dollars", "T1.L T1.N"),
    _line("T1.P", "Cap of the adjustment", r"\bcap|limit", _RESULT, "dollars", "A3.A",
          size_only=True),
    _line("T1.Q", "Adjustment after the cap", "adjustment", _RESULT, "dollars", "T1.O T1.P"),
    _line("T1.R", "Adjusted benchmark by type", "benchmark", _RESULT, "dollars", "T1.G T1.Q"),
    _line("T1.S", "Adjusted benchmark", "benchmark", _RESULT, "dollars", "T1.R T1.H"),
    _line("T2.A", "Historical benchmark by type", "benchmark", _NOW, "dollars", "T1.R"),
    _line("T2.B", "Risk score", r"risk scores?\b", (BY3, THE_YEAR), "ratio", "T1.C",
          not_words="ratio"),
    _line("T2.C", "Risk ratio with the cap", "ratio|risk", _NOW, "ratio", "T2.B"),
    _line("T2.D", "Benchmark after risk", "risk", _NOW, "dollars", "T2.A T2.C"),
    _line("T2.E", "Update factor", "update", _NOW, "ratio", "A3.G"),
    _line("T2.F", "Updated benchmark by type", "updated", _NOW, "dollars", "T2.D T2.E"),
    _line("T2.G", "Mix by type", _MIX, _NOW, "ratio"),
    _line("T2.H", "Updated benchmark", "updated", _NOW, "dollars", "T2.F T2.G"),
    _line("T3.A", "Assigned people", "assigned benef", _ANY, "people"),
    _line("T3.B", "Person-years", r"person ?years", _ANY, "people",
          not_words="proportion|share|mix"),
    _line("T3.C", "Spending by type", "per capita|expend", _ANY, "dollars"),
    _line("T3.D", "Mix by type", _MIX, _ANY, "ratio", "T2.G"),
    _line("T3.E", "Spending per person", "per capita|expend", _ANY, "dollars", "T3.C T3.D"),
    _line("T3.F", "Target per person", "benchmark", _ANY, "dollars", "T2.H"),
    _line("T3.G", "Total spent", "expend", _ANY, "dollars", "T3.E T3.B"),
    _line("T3.H", "Total target", "benchmark", _ANY, "dollars", "T3.F T3.B"),
    _line("T3.I", "Target less spending", "difference|benchmark", _ANY, "dollars", "T3.G T3.H"),
    _line("T3.J", "Savings", "saving", _ANY, "dollars", "T3.I"),
    _line("T3.K", "Losses", "loss", _ANY, "dollars", "T3.I", size_only=True),
    _line("T3.L", "Minimum savings rate", "minimum savings rate|msr", _ANY, "rate", "T3.A",
          not_words=_MONEY),
    _line("T3.M", "Minimum loss rate", "minimum loss rate|mlr", _ANY, "rate", "T3.L",
          not_words=_MONEY, size_only=True),
    _line("T3.N", "Minimum savings", "minimum savings|msr", _ANY, "dollars", "T3.L T3.H"),
    _line("T3.O", "Minimum losses", "minimum loss|mlr", _ANY, "dollars", "T3.M T3.H",
          size_only=True),
    _line("T3.P", "Outcome", "outcome|eligib|result|saving", _ANY, "word", "T3.I T3.N T3.O"),
    _line("T3.Q", "Highest sharing rate", "max|sharing rate", _ANY, "rate", may_be_blank=True),
    _line("T3.R", "Quality score", "quality.*score", _ANY, "rate"),
    _line("T3.S", "Quality standard met", "standard", _ANY, "yes", "T3.R"),
    _line("T3.T", "Final sharing rate", "final sharing rate|sharing rate", _ANY, "rate",
          "T3.Q T3.R T3.S", may_be_blank=True),
    _line("T3.U", "Shared loss rate", "loss rate", _ANY, "rate", "T3.R T3.S",
          not_words="minimum|mlr", may_be_blank=True),
    _line("T3.V", "Share of the savings", "shared savings|savings", _ANY, "dollars",
          "T3.I T3.P T3.T"),
    _line("T3.W", "Payment limit", r"\bcap|limit", _ANY, "dollars", "T3.H", may_be_blank=True),
    _line("T3.X", "Sequestration", "sequest", _ANY, "dollars", "T3.V", size_only=True),
    _line("T3.Y", "Earned", "earned|performance payment", _ANY, "dollars", "T3.V T3.W T3.X"),
    _line("T3.Z", "Share of the losses", "loss", _ANY, "dollars", "T3.I T3.P T3.U",
          size_only=True),
    _line("T3.AA", "Participants' revenue", "revenue", _ANY, "dollars", not_words=r"limit|\bcap",
          may_be_blank=True),
    _line("T3.BB", "Loss limit", r"\bcap|limit", _ANY, "dollars", "T3.AA T3.H", size_only=True,
          may_be_blank=True),
    _line("T3.CC", "Losses after the limit", "loss", _ANY, "dollars", "T3.Z T3.BB",
          size_only=True),
    _line("T3.FF", "Taken off for a disaster", "adjust|reduc|disaster", _ANY, "dollars",
          "T3.CC", size_only=True),
    _line("T3.GG", "Owed", "owed|loss", _ANY, "dollars", "T3.CC T3.FF", size_only=True),
)  # fmt: skip
"""In the order in which one follows from another."""
