"""The engine without the app: ``python -m mssp_sim reproduce [FILE…]`` or ``settle PORTFOLIO``."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssp_sim import batch
from mssp_sim.exports import scenario_file
from mssp_sim.figures import whole_dollars

if TYPE_CHECKING:
    import pandas as pd

FINE, SOME, UNUSABLE, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Return 0 where all is explained or settled, 1 where some is not, 2 for a file that cannot be
    used, 130 when stopped.
    """
    asked = _parser().parse_args(arguments)
    command: Any = asked.run
    found: int = command(asked)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mssp_sim", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reproduce = commands.add_parser(
        "reproduce", help="settle CMS's results files again and compare with what CMS printed"
    )
    reproduce.add_argument("files", nargs="*", type=Path, metavar="FILE",
                           help="a results file; without one, the results inside")  # fmt: skip
    reproduce.add_argument("--csv", type=Path, metavar="OUT", help="write a row for every ACO")
    reproduce.set_defaults(run=_reproduce)
    _add_cms(commands)
    settle = commands.add_parser(
        "settle", help="settle a portfolio: a CSV with one scenario a row, any of its fields"
    )
    settle.add_argument("portfolio", type=Path, metavar="PORTFOLIO", help="a CSV; see dictionary")
    settle.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True,
                        help="the CSV to write; rows refused go to OUT.rejects.csv")  # fmt: skip
    settle.add_argument("--base", type=Path, metavar="SCENARIO",
                        help="a scenario file of the app: what a row does not say")  # fmt: skip
    settle.add_argument("--dask", default="", metavar="ADDRESS",
                        help="settle on the cluster of this Dask scheduler")  # fmt: skip
    settle.set_defaults(run=_settle)
    for name, text, words in (
        ("template", batch.template, "print a portfolio of one row, with every column"),
        ("dictionary", batch.dictionary, "print what each column means and may hold, as CSV"),
    ):
        printed = commands.add_parser(name, help=words)
        printed.add_argument("-o", dest="out", type=Path, metavar="OUT", help="write it to a file")
        printed.set_defaults(run=_print, text=text)
    return parser


def _add_cms(commands: Any) -> None:  # noqa: ANN401  (argparse names no public type)
    cms = commands.add_parser("cms", help="CMS's results of all years, as they ship inside")
    build = cms.add_subparsers(dest="cms_command", required=True).add_parser(
        "build", help="make the file inside from a folder of CMS's results files"
    )
    build.add_argument("folder", type=Path, metavar="FOLDER", help="one CSV file a year")
    build.add_argument("-o", dest="out", type=Path, metavar="OUT", help="write it elsewhere")
    build.set_defaults(run=_build_cms)


def _build_cms(asked: argparse.Namespace) -> int:
    from mssp_sim.results import ResultsFileError, published  # noqa: PLC0415  (as above)

    out = asked.out or published.FILE
    try:
        sources = published.build(asked.folder, out)
    except (ResultsFileError, OSError) as fault:
        return _unusable(fault)
    for source in sources:
        print(f"{source.year}: {_rows(source.rows)}, {source.file}, {source.release}")
    print(f"{_rows(sum(source.rows for source in sources))} written: {out}")
    return FINE


def _reproduce(asked: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415  (the other commands do without)

    from mssp_sim.results import ResultsFileError, published, read, reproduce  # noqa: PLC0415

    try:
        frames = [read(path) for path in asked.files] or [published.results()]
        rows = pd.concat([reproduce(frame) for frame in frames], ignore_index=True)
        if asked.csv:
            rows.to_csv(asked.csv, index=False)
    except (ResultsFileError, OSError) as fault:
        return _unusable(fault)
    print(report(rows))
    for frame in frames:
        for note in frame.attrs.get("notes", ()):
            print(f"{frame.attrs['file']}: {note}", file=sys.stderr)
    return SOME if "unexplained" in set(rows["cause"]) else FINE


def _settle(asked: argparse.Namespace) -> int:
    from tqdm import tqdm  # noqa: PLC0415  (the other commands do without)

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        base = None
        if asked.base:
            opened = scenario_file.opened(asked.base.read_bytes())
            base = opened.scenario
            for notice in opened.notices:
                print(notice, file=sys.stderr)
        size = asked.portfolio.stat().st_size
        with tqdm(total=size, unit="B", unit_scale=True, disable=None) as bar:
            tally = batch.settle(
                asked.portfolio, asked.out, base, dask=asked.dask, progress=bar.update
            )
    except (batch.PortfolioError, scenario_file.ScenarioFileError, OSError) as fault:
        return _unusable(fault)
    except KeyboardInterrupt:
        print(f"Stopped. {asked.out} is as it was before.", file=sys.stderr)
        return STOPPED
    finally:
        signal.signal(signal.SIGTERM, before)
    print(f"{_rows(tally.rows)} settled: {asked.out}")
    if tally.rejects:
        print(f"{_rows(tally.rejects)} refused, with reasons: {batch.rejects_of(asked.out)}")
    return SOME if tally.rejects else FINE


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _print(asked: argparse.Namespace) -> int:
    if not asked.out:
        sys.stdout.write(asked.text())
        return FINE
    try:
        asked.out.write_text(asked.text(), encoding="utf-8")
    except OSError as fault:
        return _unusable(fault)
    return FINE


def _unusable(fault: Exception) -> int:
    print(fault, file=sys.stderr)
    return UNUSABLE


def report(rows: "pd.DataFrame") -> str:
    """Return the match by year and contract, the total, and each exception with its cause."""
    counts = rows.assign(acos=1).groupby(["performance_year", "level"])[["within", "acos"]].sum()
    cells = counts["within"].astype(int).astype(str) + "/" + counts["acos"].astype(str)
    table = cells.unstack("level", fill_value="")
    lines = [
        table.to_string(),
        "",
        f"{int(rows['within'].sum()):,} of {len(rows):,} within 0.01%",
    ]
    for row in rows[~rows["within"]].to_dict("records"):
        cms, ours = whole_dollars(row["published"]), whole_dollars(row["reproduced"])
        who = f"{row['performance_year']} {row['aco_id']} {row['level']}"
        lines.append(f"{who}: CMS {cms}, ours {ours}, {row['cause']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
