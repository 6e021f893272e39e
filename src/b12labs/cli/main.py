"""The command line: interpret a file or one patient, check both, and list units, guidelines, rules and codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from b12labs.cli import (
    audit,
    codes,
    compare,
    completion,
    differential,
    explain,
    follow_up,
    guidelines,
    interpret,
    mcp,
    one,
    report,
    rules,
    schema,
    screen,
    serve,
    sql,
    units,
    verify,
)
from b12labs.cli.parser import Parser
from b12labs.errors import B12LabsError
from b12labs.text import printable
from b12labs.version import __version__

__all__ = ["main"]

#: In the order of the help: the commands used most come first.
_COMMANDS = (
    *(one, interpret, explain, report, screen, follow_up, differential, compare),
    *(audit, verify, serve, mcp, sql, units, guidelines, rules, codes, schema, completion),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Return 0, or 2 if the input cannot be used."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is None:
        parser.print_help()
        return 0
    try:
        return int(options.run(options))
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("b12labs: stopped", file=sys.stderr)
        return 130
    except (B12LabsError, OSError) as error:
        said = str(error)
        if isinstance(error, OSError) and error.filename:
            said = f"{error.filename}: {error.strerror}"
        print(f"b12labs: {printable(said)}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="b12labs",
        description="Interpret vitamin B12, its metabolites, folate and blood counts together.",
        examples=(
            'b12labs one --b12 "145 pg/mL" --age 67 --sex female',
            "b12labs interpret labs.csv -o interpreted.csv",
            "b12labs COMMAND --help",
        ),
    )
    parser.add_argument("--version", action="version", version=f"b12labs {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for command in _COMMANDS:
        command.register(commands)
    return parser
