"""The commands: ``mssp-sim app``, or the engine without the app, such as ``mssp-sim settle``."""

import argparse
import codecs
import errno
import os
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from mssp_sim.scenario import Scenario

FINE, SOME, UNUSABLE, STOPPED = 0, 1, 2, 130
PROGRAM = "mssp-sim"
ABOUT = "The Medicare Shared Savings Program, settled: the app, or the engine without it."


OUT_OF_MEMORY = "There is not enough memory here for this; nothing was written."

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
    used or a package that is missing, 130 when stopped.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console or a file may know few letters
            stream.reconfigure(errors=PLAINER)
    parser = _parser()
    asked, rest = parser.parse_known_args(arguments)
    if rest and asked.command != "app":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    asked.rest = rest
    missing = [package for package in asked.needs if find_spec(package) is None]
    if missing:
        return _unusable(
            f"{PROGRAM} {asked.command} needs {' and '.join(missing)}, not installed here: "
            f"pip install '{PROGRAM}[{asked.extra}]'."
        )
    command: Any = asked.run
    try:
        found: int = command(asked)
    except MemoryError:
        return _unusable(OUT_OF_MEMORY)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=ABOUT)
    commands = parser.add_subparsers(dest="command", required=True)
    app = commands.add_parser(
        "app", help="start the app; options of `streamlit run` may follow, such as --server.port"
    )
    app.set_defaults(run=_app, needs=("streamlit", "altair", "pandas"), extra="app")
    reproduce = commands.add_parser(
        "reproduce", help="settle CMS's results files again and compare with what CMS printed"
    )
    reproduce.add_argument("files", nargs="*", type=Path, metavar="FILE",
                           help="a results file; without one, the results inside")  # fmt: skip
    reproduce.add_argument("--csv", type=Path, metavar="OUT", help="write a row for every ACO")
    reproduce.set_defaults(run=_reproduce, needs=("pandas", "pyarrow"), extra="cms")
    _add_cms(commands)
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
    settle.set_defaults(run=_settle, needs=("pyarrow", "tqdm"), extra="cms")
    compare = commands.add_parser(
        "compare", help="settle a scenario, or a results file, under proposed rules too"
    )
    compare.add_argument("source", nargs="?", type=Path, metavar="SCENARIO.json|RESULTS_FILE",
                         help="a scenario file or CMS's results; else the opening one")  # fmt: skip
    compare.add_argument("--rules", type=Path, metavar="TOML", required=True,
                         help="a provision file: proposed values of the rule")  # fmt: skip
    compare.add_argument("--csv", type=Path, metavar="OUT", help="write a row for every ACO")
    compare.set_defaults(run=_compare, needs=(), extra="cms")
    _add_reports(commands)
    for name, words in (
        ("template", "print a portfolio of one row, with every column"),
        ("dictionary", "print what each column means and may hold, as CSV"),
    ):
        printed = commands.add_parser(name, help=words)
        printed.add_argument("-o", dest="out", type=Path, metavar="OUT", help="write it to a file")
        printed.set_defaults(run=_print, needs=())
    return parser


def _add_cms(commands: Any) -> None:  # noqa: ANN401  (argparse names no public type)
    cms = commands.add_parser("cms", help="CMS's results of all years, as they ship inside")
    build = cms.add_subparsers(dest="cms_command", required=True).add_parser(
        "build", help="make the file inside from a folder of CMS's results files"
    )
    build.add_argument("folder", type=Path, metavar="FOLDER", help="one CSV file a year")
    build.add_argument("-o", dest="out", type=Path, metavar="OUT", help="write it elsewhere")
    build.set_defaults(run=_build_cms, needs=("pandas", "pyarrow"), extra="cms")


def _add_reports(commands: Any) -> None:  # noqa: ANN401  (argparse names no public type)
    needs = ("python_calamine", "pandas")
    reports = commands.add_parser(
        "report", help="read CMS's reports to an ACO: each line of the settlement beside ours"
    )
    reports.add_argument("files", nargs="+", type=Path, metavar="FILE",
                         help="BNMRK, AEXPU, QEXPU or settlement workbooks, together")  # fmt: skip
    reports.set_defaults(run=_report, needs=needs, extra="cms")
    forecast = commands.add_parser(
        "forecast", help="the settlement each ACO can expect, from a folder of CMS's reports"
    )
    forecast.add_argument("folder", type=Path, metavar="FOLDER",
                          help="workbooks of any ACOs, flat or in folders")  # fmt: skip
    forecast.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True,
                          help="the CSV to write: a row for every ACO")  # fmt: skip
    forecast.set_defaults(run=_forecast, needs=needs, extra="cms")


def _report(asked: argparse.Namespace) -> int:
    from mssp_sim.batch.forecast import read_all
    from mssp_sim.cms_files.reports import ReportError, by_aco, expected, settle_report
    from mssp_sim.simulation import simulate
    from mssp_sim.words import cms_reports as words

    reports, refused = read_all(asked.files)
    for sentence in refused:
        print(sentence, file=sys.stderr)
    if not reports:
        return UNUSABLE
    for report in reports:
        print(words.of_file(report))
    lines = differences = 0
    for aco in by_aco(reports):
        said = []
        try:
            if aco.settlement is not None:
                said.append(words.of_settlement(settle_report(aco.settlement)))
            if aco.quarterly is not None or aco.settlement is None:
                found = expected(aco)
                said.append(words.of_quarter(found, simulate(found.scenario)))
        except ReportError as fault:
            refused.append(str(fault))
            print(fault, file=sys.stderr)
        for one in said:
            print("", one.text, sep="\n")
            lines, differences = lines + one.lines, differences + one.differences
    print("", f"{lines:,} lines, {differences:,} differences", sep="\n")
    return SOME if refused or differences else FINE


def _forecast(asked: argparse.Namespace) -> int:
    from mssp_sim.batch.forecast import forecast
    from mssp_sim.cms_files.reports import ReportError

    try:
        tally = forecast(asked.folder, asked.out)
    except (ReportError, OSError) as fault:
        return _unusable(fault)
    for sentence in tally.refused:
        print(sentence, file=sys.stderr)
    print(f"{_rows(tally.acos)} written, one an ACO, from {tally.files:,} workbooks: {asked.out}")
    return SOME if tally.refused else FINE


def _build_cms(asked: argparse.Namespace) -> int:
    from mssp_sim.cms_files import ResultsFileError, published

    out = asked.out or published.FILE
    try:
        sources = published.build(asked.folder, out)
    except (ResultsFileError, OSError) as fault:
        return _unusable(fault)
    for source in sources:
        print(f"{source.year}: {_rows(source.rows)}, {source.file}, {source.release}")
    print(f"{_rows(sum(source.rows for source in sources))} written: {out}")
    return FINE


def _app(asked: argparse.Namespace) -> int:
    from streamlit.web import cli

    package = Path(__file__).parent
    installed = package / "_app"
    folder = installed if installed.exists() else package.parent
    cli.main(["run", str(folder / "app.py"), *asked.rest], standalone_mode=False)
    return FINE


def _reproduce(asked: argparse.Namespace) -> int:
    import pandas as pd

    from mssp_sim.cms_files import ResultsFileError, published, reproduce
    from mssp_sim.cms_files.reader import read_years

    try:
        if asked.csv and not asked.csv.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(asked.csv))
        frames = [frame for path in asked.files for frame in read_years(path)]
        frames = frames or [published.results()]
        rows = pd.concat([reproduce(frame) for frame in frames], ignore_index=True)
        if asked.csv:
            _put(asked.csv, codecs.BOM_UTF8.decode() + rows.to_csv(index=False))
    except (ResultsFileError, OSError) as fault:
        return _unusable(fault)
    print(report(rows))
    for frame in frames:
        for note in frame.attrs.get("notes", ()):
            print(f"{frame.attrs['file']}: {note}", file=sys.stderr)
    return SOME if "unexplained" in set(rows["cause"]) else FINE


def _settle(asked: argparse.Namespace) -> int:
    from tqdm import tqdm

    from mssp_sim import batch
    from mssp_sim.exports import scenario_file

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


def _compare(asked: argparse.Namespace) -> int:
    from mssp_sim import provisions
    from mssp_sim.studies import rule_changes
    from mssp_sim.words import rule_changes as words

    try:
        proposed = provisions.read(asked.rules.read_bytes())
        rows, refused = _acos(asked.source)
        found = rule_changes.compare_rules(
            rule_changes.stack([scenario for _, scenario in rows]),
            rule_changes.Rulebook(),
            rule_changes.Rulebook(provisions=proposed),
        )
        if asked.csv:
            _put(asked.csv, words.table(rows, found))
    except (ValueError, OSError) as fault:
        return _unusable(fault)
    print(words.report(found, [str(scenario.level) for _, scenario in rows], len(refused)))
    return SOME if refused else FINE


def _acos(source: Path | None) -> tuple[list[tuple[str, "Scenario"]], tuple[str, ...]]:
    """Return what a comparison settles, each with its name, and why others cannot be."""
    from mssp_sim.exports import scenario_file
    from mssp_sim.scenario import Scenario

    if source is None or source.suffix.lower() == ".json":
        opened = scenario_file.opened(source.read_bytes()) if source else None
        for notice in opened.notices if opened else ():
            print(notice, file=sys.stderr)
        return [(opened.name or str(source), opened.scenario)] if opened else [
            ("the opening scenario", Scenario())
        ], ()  # fmt: skip
    from mssp_sim.cms_files import read
    from mssp_sim.cms_files.loading import load_all

    loaded, refused = load_all(read(source))
    if not loaded:
        raise ValueError(f"None of the {len(refused)} ACOs of {source} can be loaded: {refused[0]}")
    return [(aco.name, aco.scenario) for aco in loaded], refused


def _print(asked: argparse.Namespace) -> int:
    from mssp_sim import batch

    text = batch.template() if asked.command == "template" else batch.dictionary()
    if not asked.out:
        sys.stdout.write(text)
        return FINE
    try:
        _put(asked.out, text)
    except OSError as fault:
        return _unusable(fault)
    return FINE


def _put(out: Path, text: str) -> None:
    """Write a file whole; where that fails, what stood there stays."""
    if out.exists() and not out.is_file():  # a pipe or a device; a folder says so itself
        out.write_text(text, encoding="utf-8")
        return
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(out)
    except OSError as fault:
        fault.filename = str(out)
        raise
    finally:
        part.unlink(missing_ok=True)


def _unusable(fault: Exception | str) -> int:
    print(_sentence(fault) if isinstance(fault, OSError) else fault, file=sys.stderr)
    return UNUSABLE


def _sentence(fault: OSError) -> str:
    if not fault.filename:
        return f"Nothing was written: {(fault.strerror or str(fault)).lower()}."
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
    from mssp_sim.figures import whole_dollars

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
