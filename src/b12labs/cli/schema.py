"""`b12labs schema NAME`: the JSON Schema of a panel, or of an interpretation, whole or compact."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    says = "the JSON Schema of a panel, or of an interpretation"
    parser = add_command(commands, "schema", says, "b12labs schema", "b12labs schema panel > panel.json")
    parser.add_argument(
        "name",
        nargs="?",
        choices=["panel", "interpretation", "compact_interpretation"],
        help="without it, the schemas are listed",
    )
    parser.set_defaults(run=_schema)


def _schema(options: argparse.Namespace) -> int:
    from b12labs.schemas import NAMES, as_json, schema

    if options.name is None:
        for name in NAMES:
            print(f"{name:<24}{schema(name)['$id']}")
        return 0
    print(as_json(options.name), end="")
    return 0
