"""`python -m vton batch`: a table of outfits in, a picture for each row and a table of results out."""

import argparse
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

from vton.console import clock, terminal_line
from vton.schema import InputError, Task
from vton.systems import leading, systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options; the help lists the columns."""
    from vton.catalogue.table import COLUMNS

    columns = "\n".join(f"  {name:<11}{text}" for name, text in COLUMNS.items())
    epilog = (
        "The first line names the columns; paths begin from the table's folder:\n"
        f"{columns}\n\nRun it again to draw what is missing, failed or has changed. The exit code is 1 when rows fail."
    )
    parser = subparsers.add_parser(
        "batch", help="draw a table of outfits", epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", metavar="TABLE", help="CSV (in UTF-8) or Parquet, a row for each picture")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the pictures and results.csv")
    parser.add_argument("--processes", type=int, default=1, metavar="N",
                        help="of one thread and about 1 GB each; the pictures are the same for any N (default 1)")
    parser.add_argument("--psi", type=float, default=0.8, metavar="P", help="truncation 0..2 (default 0.8)")
    parser.add_argument("--checkpoint", metavar="C", help="of the generator: bundled name, folder or Hub id")
    usual = leading(Task.TRY_ON).name
    parser.add_argument("--tryon", choices=systems(Task.TRY_ON), default=usual,
                        help=f"system for rows with a person (default {usual})")
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw, show how far it is, and say which rows failed."""
    out = Path(args.out)
    if out.exists() and not out.is_dir():
        raise InputError(f"--out '{out.name}' is a file: give a folder.")
    from vton.catalogue.drawing import Settings
    from vton.catalogue.run import draw_table
    from vton.catalogue.table import read_table

    table = read_table(Path(args.table))
    if table.unused:
        print(textwrap.shorten(f"not looked at: {', '.join(table.unused)}", 200), file=sys.stderr)
    settings = Settings(str(table.folder), str(out.absolute()), leading(Task.GENERATION).name, args.tryon,
                        args.checkpoint, args.psi)  # fmt: skip
    progress = _Progress()
    results = draw_table(table, settings, args.processes, progress.add)
    progress.end()
    failed = sum(bool(result.error) for result in results)
    print(f"{len(results) - failed} of {len(results)} pictures are in {out}" + (f"; {failed} failed" if failed else ""))
    return 1 if failed else 0


class _Progress:
    """A bar on stderr, and a line for each row that failed; elsewhere than on a terminal the bar comes rarely."""

    def __init__(self) -> None:
        self.started = self.shown = time.monotonic()
        self.rows = 0
        self.every = 0.2 if sys.stderr.isatty() else 30.0
        self.line = ""

    def add(self, result: Any, done: int, total: int) -> None:
        """Tells of one more row."""
        self.rows += 1
        if result.error:
            terminal_line(f"row {result.row} ({result.name}): {result.error}", stays=True)
        now = time.monotonic()
        rate = self.rows / max(now - self.started, 1e-6)
        bar = "#" * (24 * done // total)
        self.line = f"[{bar:<24}] {done}/{total}  {rate:.2f} rows/s  {clock((total - done) / rate)} left"
        if now - self.shown > self.every:
            self.shown = now
            terminal_line(self.line)

    def end(self) -> None:
        """Leaves the last state of the bar, if anything was drawn."""
        if self.rows:
            terminal_line(self.line, stays=True)
