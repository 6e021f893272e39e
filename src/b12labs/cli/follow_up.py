"""`b12labs follow-up draws.csv`: one patient's draws over time, and whether treatment works."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from b12labs.cli.options import add_reading_options, reading
from b12labs.cli.parser import add_command
from b12labs.cli.printing import print_answer
from b12labs.errors import ColumnError

if TYPE_CHECKING:
    from b12labs.inputs.panel import Panel

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "follow-up",
        "one patient's draws over time: real changes, and whether treatment works",
        "b12labs follow-up draws.csv --started 2026-01-06 --route intramuscular",
    )
    parser.add_argument("file", type=Path, help="a table as for interpret, one row per draw, with a date column")
    parser.add_argument("--date", default="date", metavar="COLUMN", help="the date column; default: date")
    parser.add_argument("--started", metavar="DATE", help="the start of treatment; default: the day of the first draw")
    parser.add_argument(
        "--route",
        choices=["intramuscular", "oral"],
        help="the route of B12; default: from the medicines of the last draw",
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    add_reading_options(parser, long_table=False)
    parser.set_defaults(run=_follow_up)


def _follow_up(options: argparse.Namespace) -> int:
    from b12labs.over_time.follow_up import follow_up

    found = follow_up(
        list(_draws(options)),
        treatment_started=options.started,
        route=options.route,
        guideline=options.guideline,
        errors="report",
    )
    print_answer(found, as_json=options.json)
    return 0


def _draws(options: argparse.Namespace) -> Iterator[tuple[str, Panel]]:
    """Yield the date and the panel of every row."""
    from b12labs.files.chunks import row_of
    from b12labs.files.interpreting import recognized, values_at
    from b12labs.files.options import PART_ROWS, FileReading
    from b12labs.files.sources import find_source
    from b12labs.site_mapping.headers import not_there
    from b12labs.site_mapping.panels import read_panel

    how = FileReading(**reading(options))
    source = find_source(options.file, **how.layout)
    if options.date not in source.columns:
        said = f"--date: {not_there(options.date, source.columns)}"
        raise ColumnError(said, code="unknown_column", field="--date")
    found = recognized(source, how)
    for chunk in source.chunks(PART_ROWS):
        for place in range(chunk.rows):
            when = row_of(chunk, place, [options.date])[options.date]
            yield when, read_panel(values_at(found, chunk, place), decimal=how.decimal_sign, report=True)
