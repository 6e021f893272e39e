"""`b12labs interpret FILE -o OUT`: every row of a file of laboratory results, with its interpretation."""

from __future__ import annotations

import argparse
import sys
import textwrap
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from b12labs.cli.options import add_reading_options, explaining, reading
from b12labs.cli.parser import add_command
from b12labs.cli.printing import print_json, print_totals, print_written
from b12labs.cli.streams import DASH, standard_input, standard_output
from b12labs.errors import PanelError
from b12labs.text import WIDTH, count_of, printable

if TYPE_CHECKING:
    from b12labs.files.interpreting import FileOutcome

__all__ = ["register"]

EXAMPLE = "--column Years=age"


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "interpret",
        "interpret every row of a file of laboratory results, of any size",
        "b12labs interpret labs.csv",
        "b12labs interpret labs.csv -o interpreted.csv --unit b12=pg/mL",
        "b12labs interpret labs.xlsx --sheet Results -o interpreted.parquet",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="CSV, TSV (also .gz, .zst), Parquet, .xlsx, .ods, a folder or a pattern, or - for standard input; units "
        "in the header, in a column of their own, or in the value",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        help="write the rows with their interpretation to this file: .csv, .tsv (also .gz), .parquet, or - for "
        "standard output",
    )
    parser.add_argument(
        "--problems", type=Path, metavar="FILE.csv", help="write every problem, with its file, row and column, here"
    )
    parser.add_argument("--findings", action="store_true", help="also write a column for each finding")
    parser.add_argument(
        "--certainty",
        action="store_true",
        help="also write whether the status is robust, and which result to repeat if it is not",
    )
    parser.add_argument(
        "--strict", action="store_true", help="stop at the first problem with exit code 2, and write nothing"
    )
    parser.add_argument(
        "--raw-text",
        action="store_true",
        help="leave cells unchanged that a spreadsheet would run as a formula, such as =1+1",
    )
    parser.add_argument("--json", action="store_true", help="the summary, as JSON")
    add_reading_options(parser)
    parser.set_defaults(run=_interpret)


def _interpret(options: argparse.Namespace) -> int:
    if options.output == DASH and options.json:
        raise PanelError(
            "--json: standard output has the rows already. Give -o OUT.csv", code="two_outputs", field="--json"
        )
    options.piped = {"input": DASH in options.file, "output": options.output == DASH}
    with standard_input(options), standard_output(options):
        return _run(options, sys.stderr if options.piped["output"] else sys.stdout)


def _run(options: argparse.Namespace, said: TextIO) -> int:
    from b12labs.cli.progress import Progress
    from b12labs.files.interpreting import interpret_file

    progress = Progress()
    given = options.file if len(options.file) > 1 else options.file[0]
    try:
        done = interpret_file(
            given,
            output=options.output,
            problems=options.problems,
            guideline=options.guideline,
            findings=options.findings,
            certainty=options.certainty,
            raw_text=options.raw_text,
            strict=options.strict,
            progress=progress,
            **reading(options),
            note=lambda said: print(f"b12labs: {printable(said)}", file=sys.stderr),
        )
    except KeyboardInterrupt:
        progress.close()
        more = "; the same command continues from there" if options.output or options.problems else ""
        print(f"b12labs: stopped{more}", file=sys.stderr)
        return 130
    finally:
        progress.close()
    with redirect_stdout(said):
        (_print_summary_as_json if options.json else _print_summary)(done, options)
    return 0


def _print_summary_as_json(done: FileOutcome, options: argparse.Namespace) -> None:
    from b12labs.files.draw_source import DrawSource

    written = {key: str(path) for key, path in (("output", options.output), ("problems", options.problems)) if path}
    about = {
        "input": "standard input" if options.piped["input"] else printable(done.source.name),
        "files": len(done.source.files),
        "guideline": options.guideline,
        "unused_columns": done.unused,
        "doubtful_columns": done.columns.doubtful,
        "written": written,
        "files_not_read": done.source.passed_over,
        "notes": done.source.notes,
        "long_table": done.source.counts.to_dict() if isinstance(done.source, DrawSource) else None,
    }
    print_json({**about, **done.totals.model_dump()})


def _print_summary(done: FileOutcome, options: argparse.Namespace) -> None:
    from b12labs.files.draw_source import DrawSource

    counts = done.source.counts if isinstance(done.source, DrawSource) else None
    what = "draw" if counts else "row"
    name = "standard input" if options.piped["input"] else done.source.name
    print_totals(done.totals, name, options.guideline, done.unused, what)
    if done.unused and not counts:
        print(f"  To use one: --column COLUMN=WHAT, such as {EXAMPLE}")
    for note in done.source.notes:
        print(f"\nNote: {printable(note)}")
    if done.doubtful:
        print("\n" + textwrap.fill(printable(done.doubtful), WIDTH, break_on_hyphens=False))
    if counts:
        print("\n".join(["", *counts.lines()]))
    if done.source.passed_over:
        print(f"\nFiles that are not tables, not read: {printable(', '.join(done.source.passed_over))}")
    if options.output:
        to = "standard output" if options.piped["output"] else str(options.output)
        print_written(to, count_of(done.totals.rows, what))
        if not options.piped["input"]:
            print(f"One {what} in full: {printable(explaining(options))}")
    else:
        print(f"\nNothing was written. Give -o OUT.csv for the {what}s with their interpretation.")
    if options.problems:
        print(f"Every problem with its row: {printable(str(options.problems))}")
