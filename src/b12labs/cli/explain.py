"""`b12labs explain FILE --row N`: the full report on one row."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from b12labs.cli.options import add_reading_options, reading
from b12labs.cli.parser import add_command
from b12labs.cli.showing import add_showing_options, show, show_comparison
from b12labs.cli.streams import standard_input

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "explain",
        "the full report on one row",
        "b12labs explain labs.csv --row 1",
        "b12labs explain labs.csv --row 1 --brief",
        "b12labs explain labs.csv --row 1 --compare --certainty",
    )
    parser.add_argument("file", type=Path, nargs="+", help="as for interpret")
    parser.add_argument(
        "--row",
        type=int,
        required=True,
        help="1 is the first row under the header; in a long table, the first draw written",
    )
    add_showing_options(parser)
    parser.add_argument("--compare", action="store_true", help="also show the conclusion of every other guideline")
    add_reading_options(parser)
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    with standard_input(options):
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    from b12labs.files.interpreting import read_row
    from b12labs.patient.interpretation import interpret

    row = read_row(options.file, options.row, **reading(options))
    how = {"guideline": options.guideline, "decimal": row.decimal, "errors": "report"}
    compared = None
    if options.compare:
        from b12labs.patient.comparison import compare_guidelines

        compared = compare_guidelines(**row.values, **how)
        if not options.certainty:
            show_comparison(compared, as_json=options.json)
            return 0
    result = interpret(**row.values, **how, formulary=options.formulary)
    show(result.model_copy(update={"problems": (*result.problems, *row.problems)}), options, compared)
    return 0
