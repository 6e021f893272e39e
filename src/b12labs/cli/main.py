"""The command line: interpret, report, audit, explain, verify, serve; lists of units, codes, guidelines, rules, ..."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from b12labs.cli import (
    audit,
    codes,
    explain,
    guidelines,
    interpret,
    mcp,
    report,
    rules,
    schema,
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0, or 2 where the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("b12labs: stopped", file=sys.stderr)
        return 130
    except (B12LabsError, OSError) as error:
        print(f"b12labs: {printable(str(error))}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="b12labs", description="Interpret vitamin B12, its metabolites, folate and blood counts together."
    )
    parser.add_argument("--version", action="version", version=f"b12labs {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (
        interpret,
        report,
        audit,
        explain,
        verify,
        units,
        guidelines,
        rules,
        schema,
        codes,
        sql,
        serve,
        mcp,
    ):
        command.register(commands)
    return parser
