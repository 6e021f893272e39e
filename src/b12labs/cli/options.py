"""The options of every command that reads an input: how it is read."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import Any

from b12labs.errors import PanelError
from b12labs.limits.default import DEFAULT_GUIDELINE

__all__ = ["add_reading_options", "explaining", "pairs", "reading"]


def add_reading_options(parser: argparse.ArgumentParser, *, guideline: bool = True, long_table: bool = True) -> None:
    """Add the options for reading the input; `guideline` and `long_table` add theirs."""
    if guideline:
        parser.add_argument(
            "--guideline",
            default=DEFAULT_GUIDELINE,
            help="a guideline of 'b12labs guidelines', or a guideline file, OWN.toml; default: nice-ng239",
        )
    parser.add_argument(
        "--unit", action="append", default=[], metavar="ANALYTE=UNIT", help="the unit of results that have none"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=WHAT",
        help="the meaning of a column, if its name is not known: LBXB12=b12, Kode=test",
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="SITE.toml",
        help="a file with all of these: names, columns, units, codes; see docs/tables.md",
    )
    parser.add_argument(
        "--decimal",
        choices=[".", ","],
        metavar="SIGN",
        help="the decimal sign of the file's numbers; default: the mapping's, or a point",
    )
    parser.add_argument("--encoding", metavar="NAME", help="the encoding of a CSV, if it is not UTF-8: cp1252, utf-16")
    parser.add_argument(
        "--skip-lines", type=int, default=0, metavar="N", help="the number of lines above the header of a CSV"
    )
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a spreadsheet to read")
    if not long_table:
        parser.set_defaults(window=None, preliminary=False)
        return
    parser.add_argument(
        "--window",
        type=float,
        metavar="HOURS",
        help="the length of a draw in a long table; default: the mapping's, or 24",
    )
    parser.add_argument(
        "--preliminary", action="store_true", help="use preliminary results of a long table if there is no final one"
    )


def reading(options: argparse.Namespace) -> dict[str, Any]:
    """Return the reading options as arguments of `interpret_file` and `read_row`."""
    from b12labs.site_mapping.file import read_mapping

    return {
        "columns": pairs(options.column, "--column"),
        "units": pairs(options.unit, "--unit"),
        "decimal": options.decimal,
        "mapping": read_mapping(options.mapping) if options.mapping else None,
        "window_hours": options.window,
        "use_preliminary": options.preliminary,
        "encoding": options.encoding,
        "skip_lines": options.skip_lines,
        "sheet": options.sheet,
    }


def explaining(options: argparse.Namespace) -> str:
    """Return the command that explains one of the rows that were interpreted."""
    given = [
        *map(str, options.file),
        *(["--guideline", options.guideline] if options.guideline != DEFAULT_GUIDELINE else []),
    ]
    for option in ("unit", "column"):
        given += [part for pair in getattr(options, option) for part in (f"--{option}", pair)]
    given += ["--skip-lines", str(options.skip_lines)] if options.skip_lines else []
    for option in ("mapping", "decimal", "window", "encoding", "sheet"):
        given += [f"--{option}", str(getattr(options, option))] if getattr(options, option) is not None else []
    return f"b12labs explain {shlex.join(given + ['--preliminary'] * options.preliminary)} --row N"


def pairs(given: list[str], option: str) -> dict[str, str]:
    """Return each NAME=VALUE as an entry of a dictionary."""
    found = {}
    for pair in given:
        name, equals, value = pair.rpartition("=")
        if not equals or not name or not value:
            raise PanelError(f"{option}: expected NAME=VALUE, got {pair!r}", code="unreadable_option", field=option)
        found[name] = value
    return found
