"""`b12labs report FILE -o report.html`: a one-page report on a whole file of laboratory results."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

from b12labs.cli.options import add_reading_options, reading
from b12labs.cli.parser import add_command
from b12labs.cli.printing import print_totals, print_written
from b12labs.cli.streams import standard_input
from b12labs.errors import B12LabsError

__all__ = ["register"]

ENDINGS = (".html", ".htm")


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "report",
        "one page on a whole file: counts, findings, the most urgent rows, and the quality of the data",
        "b12labs report labs.csv -o report.html",
    )
    parser.add_argument("file", type=Path, nargs="+", help="as for interpret")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE.html", help="write the page to this file, which needs no other file"
    )
    parser.add_argument(
        "--identifier",
        metavar="COLUMN",
        help="a column that names the rows; without it, the page has only their numbers",
    )
    parser.add_argument("--json", action="store_true", help="everything on the page, as JSON")
    add_reading_options(parser)
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    with standard_input(options):
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    from b12labs.cli.progress import Progress
    from b12labs.cohort_report import report_file

    output: Path | None = options.output
    if output is None and not options.json:
        raise B12LabsError(
            "report: expected an output, got none. Give -o REPORT.html for the page, or --json for its content",
            code="no_output",
            field="--output",
        )
    if output and output.suffix.lower() not in ENDINGS:
        raise B12LabsError(
            f"-o: expected a name that ends in .html, got {str(output)!r}. The report is a web page",
            code="unknown_ending",
            field="--output",
        )
    if output and not output.parent.is_dir():
        raise B12LabsError(
            f"-o {output}: the folder {output.parent} does not exist. Create it first",
            code="no_such_folder",
            field="--output",
        )
    given = options.file if len(options.file) > 1 else options.file[0]
    if output and output.resolve() in {path.resolve() for path in _files(given, options)}:
        raise B12LabsError(
            f"-o {output}: this is one of the input files. Name another file", code="output_is_input", field="--output"
        )
    progress = Progress()
    try:
        report = report_file(
            given, guideline=options.guideline, identifier=options.identifier, progress=progress, **reading(options)
        )
    finally:
        progress.close()
    if output:
        _write(output, report.to_html())
    if options.json:
        print(report.model_dump_json(indent=2))
        return 0
    print_totals(report.totals, report.input, report.guideline, tuple(report.unused_columns), report.what)
    assert output
    print_written(str(output), f"{output.stat().st_size / 1000:,.0f} kB")
    return 0


def _files(given: Any, options: argparse.Namespace) -> list[Path]:
    from b12labs.files.sources import find_source

    return find_source(given, encoding=options.encoding, skip_lines=options.skip_lines, sheet=options.sheet).files


def _write(path: Path, page: str) -> None:
    """Write the page whole or not at all: an earlier page stays until the new one is complete."""
    umask = os.umask(0)
    os.umask(umask)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(page)
            file.close()
            Path(file.name).chmod(0o666 & ~umask)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
