"""The engine without the app: ``python -m mssp_sim reproduce FILE…`` or ``settle PORTFOLIO``."""

import argparse
import codecs
import errno
import os
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


PLAINER = "plainer"
LETTERS = str.maketrans({
    "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"', "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MULTIPLICATION SIGN}": "x",
    "\N{NO-BREAK SPACE}": " ",
})  # fmt: skip
"""What stands for a sign that the encoding of the output has not."""


def _plainer(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    text = fault.object[fault.start : fault.end].translate(LETTERS)
    return text.encode("ascii", "replace").decode(), fault.end


codecs.register_error(PLAINER, _plainer)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Return 0 where all is explained or settled, 1 where some is not, 2 for a file that cannot be
    used, 130 when stopped.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console or a file may know few letters
            stream.reconfigure(errors=PLAINER)
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
    reproduce.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a results file")
    reproduce.add_argument("--csv", type=Path, metavar="OUT", help="write a row for every ACO")
    reproduce.set_defaults(run=_reproduce)
    settle = commands.add_parser(
        "settle", help="settle a portfolio: a table with one scenario a row, any of its fields"
    )
    settle.add_argument(
        "portfolio", type=Path, metavar="PORTFOLIO", help="CSV or XLSX; see dictionary"
    )
    settle.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True,
                        help="the CSV to write; refused rows: *.rejects.csv beside it")  # fmt: skip
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


def _reproduce(asked: argparse.Namespace) -> int:
    import pandas as pd  # noqa: PLC0415  (the other commands do without)

    from mssp_sim.results import ResultsFileError, read, reproduce  # noqa: PLC0415

    try:
        if asked.csv and not asked.csv.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(asked.csv))
        rows = pd.concat([reproduce(read(path)) for path in asked.files], ignore_index=True)
        if asked.csv:
            rows.to_csv(asked.csv, index=False, encoding="utf-8-sig")
    except (ResultsFileError, OSError) as fault:
        return _unusable(fault)
    print(report(rows))
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
        size = asked.portfolio.stat().st_size if asked.portfolio.is_file() else None
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
    print(f"{_rows(tally.rows)} settled: {asked.out} (UTF-8, cells separated by commas)")
    if tally.rejects:
        print(f"{_rows(tally.rejects)} refused, with reasons: {batch.rejects_of(asked.out)}")
    for count, kind in ((tally.blank, "blank"), (tally.totals, "with a total")):
        if count:
            print(f"{_rows(count)} skipped: {kind}")
    for note in tally.notes:
        print(note)
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
    print(_sentence(fault) if isinstance(fault, OSError) else fault, file=sys.stderr)
    return UNUSABLE


def _sentence(fault: OSError) -> str:
    if not fault.filename:
        return f"{fault.strerror or fault}."
    path = Path(fault.filename)
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} for {path.name}; make it first."
    if path.is_dir():
        return f"{path} is a folder; name a file in it."
    if isinstance(fault, FileNotFoundError):
        return f"There is no file {path}."
    return f"{path} cannot be used: {(fault.strerror or str(fault)).lower()}."


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
