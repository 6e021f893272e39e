"""`b12labs sql --column COLUMN=WHAT ...`: the rules as one SQL statement."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.options import pairs
from b12labs.cli.parser import add_command
from b12labs.limits.default import DEFAULT_GUIDELINE

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "sql",
        "the rules as one SQL statement, to run in your database",
        "b12labs sql --column b12_result=b12 --unit b12=pg/mL > rules.sql",
    )
    add = parser.add_argument
    add(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=WHAT",
        help="the meaning of a column: b12_result=b12, op=b12_bound",
    )
    add("--unit", action="append", default=[], metavar="ANALYTE=UNIT", help="the unit of a whole column of results")
    add("--guideline", default=DEFAULT_GUIDELINE, help="of 'b12labs guidelines', or OWN.toml; default: nice-ng239")
    add("--dialect", default="duckdb", help="tested: duckdb, postgres, spark; or another that sqlglot writes")
    add("--finding", action="append", default=[], metavar="CODE", help="a finding to write as a column; or 'all'")
    add("--table", default="labs", help="the table or view to read; default: labs")
    add(
        "--keep", action="append", default=[], metavar="COLUMN", help="a column to keep, written first, such as the key"
    )
    add("--mapping", metavar="SITE.toml", help="the site's units, operators and words; see docs/tables.md")
    parser.set_defaults(run=_sql)


def _sql(options: argparse.Namespace) -> int:
    from b12labs.integrations.sql.making import to_sql

    statement = to_sql(
        columns=pairs(options.column, "--column"),
        units=pairs(options.unit, "--unit"),
        guideline=options.guideline,
        dialect=options.dialect,
        findings=True if options.finding == ["all"] else options.finding,
        table=options.table,
        keep=options.keep,
        mapping=options.mapping,
    )
    print(statement, end="")
    return 0
