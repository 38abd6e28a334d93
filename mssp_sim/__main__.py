"""The engine without the app: ``python -m mssp_sim reproduce FILE…``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mssp_sim.figures import whole_dollars
from mssp_sim.results import ResultsFileError, read, reproduce


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 where all is explained, 1 where it is not, 2 for a bad file."""
    parser = argparse.ArgumentParser(prog="python -m mssp_sim", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "reproduce", help="settle CMS's results files again and compare with what CMS printed"
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a results file")
    command.add_argument("--csv", type=Path, metavar="OUT", help="write a row for every ACO")
    asked = parser.parse_args(arguments)
    try:
        rows = pd.concat([reproduce(read(path)) for path in asked.files], ignore_index=True)
        if asked.csv:
            rows.to_csv(asked.csv, index=False)
    except (ResultsFileError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    print(report(rows))
    return int("unexplained" in set(rows["cause"]))


def report(rows: pd.DataFrame) -> str:
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
