"""Several reports together: whose they are, and which delivery of each is the latest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mssp_sim.cms_files.reports._error import ReportError
from mssp_sim.cms_files.reports._layout import AEXPU, BNMRK, QEXPU, STLMT, Kind
from mssp_sim.cms_files.reports.reader import Report
from mssp_sim.tables import clip


@dataclass(frozen=True)
class AcoReports:
    """Every report of one ACO: all deliveries are kept, the latest of each is used.

    ``notes`` say which of several deliveries is used and why.
    """

    aco_id: str
    reports: tuple[Report, ...]

    @property
    def aco_name(self) -> str:
        """The ACO's name, where a report says it."""
        return next((r.aco_name for r in reversed(self.reports) if r.aco_name), "")

    @property
    def settlement(self) -> Report | None:
        """The latest settlement report."""
        return self._latest_of(STLMT, max((r.year for r in self.of(STLMT)), default=0))

    @property
    def quarterly(self) -> Report | None:
        """The report of the latest quarter."""
        last = max(((r.year, r.quarter) for r in self.of(QEXPU)), default=None)
        there = [r for r in self.of(QEXPU) if (r.year, r.quarter) == last]
        return latest(there) if there else None

    @property
    def benchmark(self) -> Report | None:
        """The latest historical benchmark for the performance year of the latest quarter."""
        now = self.quarterly
        there = self.of(BNMRK)
        if now is not None:
            there = [r for r in there if r.year in (0, now.year)] or there
        else:
            last = max((r.year for r in there), default=0)
            there = [r for r in there if r.year == last]
        return latest(there) if there else None

    def annual(self, year: int) -> Report | None:
        """Return the latest report on a calendar year, where there is one."""
        return self._latest_of(AEXPU, year)

    def of(self, kind: Kind) -> list[Report]:
        """Return all reports of a kind."""
        return [report for report in self.reports if report.kind == kind]

    def _latest_of(self, kind: Kind, year: int) -> Report | None:
        there = [r for r in self.of(kind) if r.year == year]
        return latest(there) if there else None

    @property
    def notes(self) -> tuple[str, ...]:
        """Which of several deliveries is used, a sentence each."""
        periods = dict.fromkeys((r.kind, r.year, r.quarter) for r in self.reports)
        said = []
        for kind, year, quarter in periods:
            several = [
                r for r in self.reports if (r.kind, r.year, r.quarter) == (kind, year, quarter)
            ]
            if len(several) > 1:
                said.append(_said(several))
        return tuple(said)


def _said(several: Sequence[Report]) -> str:
    used = latest(several)
    name = f"{used.kind} {used.year or ''}{f' Q{used.quarter}' if used.quarter else ''}".strip()
    undated = [r for r in several if r.delivery.day is None]
    if used.delivery.day is None:
        return (
            f"Which of the {len(several)} deliveries of {name} is the newest cannot be told from "
            f"their stamps; {clip(used.file)} is used, which holds the most."
        )
    rest = ""
    if undated:
        names = ", ".join(clip(r.file) for r in undated)
        rest = f"; how recent {names} is, its stamp does not tell"
    return (
        f"Of {len(several)} deliveries of {name} the latest with a day is used: "
        f"{clip(used.file)}, {used.delivery.words}{rest}."
    )


def latest(reports: Sequence[Report]) -> Report:
    """Return the latest of several deliveries of one report.

    A stamp without a day is never the newest. Where no stamp has one, the report that holds the
    most is returned.

    Parameters
    ----------
    reports : at least one, of one kind and period
    """
    dated = [r for r in reports if r.delivery.day is not None]
    if dated:
        return max(dated, key=lambda r: (r.delivery.day, r.delivery.time, r.file))
    return max(reports, key=lambda r: (-len(r.missing), len(r.values), r.file))


def by_aco(reports: Iterable[Report]) -> tuple[AcoReports, ...]:
    """Return the reports grouped by the ACO they are of, in the order of its identifier.

    Raises
    ------
    ReportError
        For a report that does not say whose it is.

    Source: ours
    """
    groups: dict[str, list[Report]] = {}
    for report in reports:
        if not report.aco_id:
            raise ReportError("neither the file nor its name says which ACO it is of",
                              file=report.file)  # fmt: skip
        groups.setdefault(report.aco_id, []).append(report)
    return tuple(
        AcoReports(aco, tuple(sorted(held, key=lambda r: (r.year, r.quarter, r.file))))
        for aco, held in sorted(groups.items())
    )
